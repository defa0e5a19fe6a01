"""The widget on the page of somebody else: another host, another style, a policy of its own."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.request import Request, urlopen

import pytest

from tests.browser.conftest import Open, playwright

expect = playwright.expect


class Host(BaseHTTPRequestHandler):
    """The page of somebody else."""

    def __init__(self, html: str, policy: str, *arguments: Any) -> None:
        self.html, self.policy = html, policy
        super().__init__(*arguments)

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/" else 204)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", self.policy)
        self.end_headers()
        if self.path == "/":
            self.wfile.write(self.html.encode())

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def hosting(service: str, body: str) -> Iterator[str]:
    html = f"""<!doctype html><html lang="nl"><head><title>Elders</title><link rel="icon" href="data:,">
      <script type="module" src="{service}/widget.js"></script></head><body><h1>Elders</h1>{body}</body></html>"""
    policy = f"default-src 'none'; img-src data:; frame-src {service}; " + "; ".join(
        f"{kind}-src {service}" for kind in ("script", "style", "connect")
    )
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Host, html, policy))
    server.block_on_close = False  # a browser keeps its connections
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def two(service: str) -> Iterator[str]:
    """A page with two widgets, in two languages."""
    with hosting(service, '<wijkmanager-zoeker lang="nl"></wijkmanager-zoeker>'
                          '<wijkmanager-zoeker lang="fr"></wijkmanager-zoeker>') as url:  # fmt: skip
        yield url


def host_of(url: str) -> str:
    return url.split("/")[2]


def test_two_widgets_on_one_page_answer_each_for_itself(open_page: Open, service: str, two: str) -> None:
    page = open_page(two, allowed=(host_of(service),))
    first, second = page.locator("wijkmanager-zoeker").first, page.locator("wijkmanager-zoeker").last
    first.get_by_role("combobox", name="Adres of coördinaten").fill("noordl")
    expect(first.get_by_role("option").first).to_contain_text("Noordlaan")
    expect(second.get_by_role("option")).to_have_count(0)
    first.get_by_role("combobox").fill("Noordlaan 112")
    page.keyboard.press("Enter")
    expect(first.locator("article")).to_contain_text("Wijkmanager Genk-West")
    second.get_by_role("combobox").fill("Europalaan 45")
    page.keyboard.press("Enter")
    expect(second.locator("article")).to_contain_text("le poste de gestionnaire de quartier est vacant")
    expect(first.locator("article")).to_contain_text("Wijkmanager Genk-West")
    expect(first.locator("article")).to_have_css("display", "block")
    expect(first).to_contain_text("Demo.")
    assert page.url == f"{two}/"
    assert page.context.cookies() == []


def test_a_choice_and_the_map_stay_inside_the_widget(open_page: Open, service: str, two: str) -> None:
    page = open_page(two, allowed=(host_of(service),))
    widget = page.locator("wijkmanager-zoeker").first
    widget.get_by_role("combobox").fill("Europalaan")
    page.keyboard.press("Enter")
    widget.get_by_role("link", name=re.compile("47-95")).click()
    expect(widget.locator("article")).to_have_attribute("data-outcome", "assigned")
    assert page.url == f"{two}/"
    link = widget.get_by_role("link", name="Genk-Centrum", exact=True)
    expect(link).to_have_attribute("href", f"{service}/overview/stadsdeel-genk-centrum")
    widget.get_by_text("Toon op de kaart").click()
    expect(widget.locator("path.area")).to_have_count(31)


def test_its_style_is_its_own_but_for_the_properties_that_a_page_sets(open_page: Open, service: str) -> None:
    page = open_page(f"{service}/widget-example")
    plain, themed = page.locator("wijkmanager-zoeker").first, page.locator("wijkmanager-zoeker").last
    expect(plain.get_by_role("button", name="Zoeken")).to_have_css("background-color", "rgb(18, 80, 107)")
    expect(themed.get_by_role("button", name="Search")).to_have_css("background-color", "rgb(122, 31, 92)")
    expect(themed.get_by_role("button", name="Search")).to_have_css("border-radius", "0px")


def test_while_the_service_is_away_it_says_so_and_shows_what_the_page_put_inside(open_page: Open, service: str) -> None:
    with hosting(service, '<wijkmanager-zoeker lang="tr"><a href="/">Bel 089</a></wijkmanager-zoeker>') as url:
        page = open_page("about:blank", allowed=(host_of(service), host_of(url)))
        page.route("**/widget?*", lambda route: route.abort())
        page.goto(url)
        expect(page.get_by_role("link", name="Bel 089")).to_be_visible()
        expect(page.locator("wijkmanager-zoeker p")).to_have_attribute("lang", "tr")
        page.unroute("**/widget?*")
        page.locator("wijkmanager-zoeker").evaluate("widget => { const place = widget.parentNode; widget.remove(); "
                                                    "place.append(widget); }")  # fmt: skip
        expect(page.locator("wijkmanager-zoeker").get_by_role("combobox")).to_be_visible()
        page.provoked.append("ERR_FAILED")


def test_its_language_can_change(open_page: Open, service: str, two: str) -> None:
    page = open_page(two, allowed=(host_of(service),))
    widget = page.locator("wijkmanager-zoeker").first
    expect(widget.get_by_role("button", name="Zoeken")).to_be_visible()
    widget.get_by_role("combobox").fill("Noordlaan 112")
    widget.evaluate("widget => { widget.lang = 'it'; }")
    expect(widget.get_by_role("button", name="Cerca")).to_be_visible()
    expect(widget.get_by_role("combobox")).to_have_value("Noordlaan 112")


def test_the_widget_alone_may_be_framed(open_page: Open, service: str) -> None:
    frames = f'<iframe title="a" src="{service}/widget"></iframe><iframe title="b" src="{service}/"></iframe>'
    with hosting(service, frames) as url:
        page = open_page("about:blank", allowed=(host_of(service), host_of(url)))
        page.provoked.append("frame-ancestors")
        with page.expect_console_message(lambda said: "frame-ancestors" in said.text):
            page.goto(url)
        expect(page.frame_locator("iframe[title=a]").get_by_role("combobox")).to_be_visible()
        expect(page.frame_locator("iframe[title=b]").get_by_role("combobox")).to_have_count(0)


def test_all_that_it_loads_is_under_20_kb_gzipped_without_the_map(open_page: Open, service: str, two: str) -> None:
    page = open_page("about:blank", allowed=(host_of(service), host_of(two)))
    sizes: dict[str, int] = {}
    page.on("response", lambda response: sizes.setdefault(response.url, 0))
    page.goto(two)
    expect(page.locator("wijkmanager-zoeker").first.get_by_role("combobox")).to_be_visible()
    page.wait_for_load_state("networkidle")
    for url in sizes:
        if url.startswith(service):
            sizes[url] = len(gzip.compress(urlopen(Request(url)).read()))  # noqa: S310 - our own
    assert any(url.endswith("/widget.js") for url in sizes)
    assert any(url.endswith("/style.css") for url in sizes)
    assert sum(sizes.values()) < 20_000, sizes
