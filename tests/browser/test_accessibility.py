"""Everybody can use the pages: axe on every page and state, and what axe does not see."""

from __future__ import annotations

import re
from typing import Any

import pytest

from geo_lookup.languages import LANGUAGES
from tests.browser.conftest import Open, playwright

expect = playwright.expect
axe_of = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is missing: make test-browser")

PAGES = ("/", "/desk", "/overview", "/overview/stadsdeel-genk-midden", "/accessibility", "/privacy", "/widget",
         "/widget-example", "/overview/nothing", "/ogc", "/ogc/collections", "/ogc/collections/offices",
         "/ogc/collections/neighbourhoods/items", "/ogc/collections/offices/items/wijkbureau-genk-oost")  # fmt: skip
STATES = ("q=Noordlaan+112", "q=Europalaan+45", "q=Grenspaalweg+1", "q=Europalaan",
          "q=Noordlaan+9999", "q=Noordlaan+112,+Hasselt", "q=",
          "lon=50.975&lat=5.505", "lon=5.468&lat=50.9847")  # fmt: skip
ENGLISH = re.compile(
    r"\b(the|and|your|this|search|neighbourhood|language|skip|closed|house|with|from|copy)\b", re.IGNORECASE
)
"""Words that no other of our languages has."""


def violations(page: Any) -> list[str]:
    before = list(page.troubles)
    found = axe_of.Axe().run(page).response["violations"]
    page.troubles[:] = before  # axe itself tries a style that the policy forbids
    return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


def settle(page: Any) -> None:
    """Errors of a page that is itself a 4xx are no surprise."""
    page.provoked += ["422", "404"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_no_page_violates_what_axe_knows(open_page: Open, service: str, path: str, scheme: str) -> None:
    page = open_page(f"{service}{path}", color_scheme=scheme)
    page.wait_for_load_state("networkidle")
    settle(page)
    assert violations(page) == []


@pytest.mark.parametrize("page_path", ["/", "/desk"])
@pytest.mark.parametrize("state", STATES)
def test_no_state_violates_what_axe_knows(open_page: Open, service: str, page_path: str, state: str) -> None:
    page = open_page(f"{service}{page_path}?{state}")
    settle(page)
    page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })")
    page.wait_for_load_state("networkidle")
    assert violations(page) == []


def test_an_open_list_violates_nothing(open_page: Open, service: str) -> None:
    page = open_page(service)
    page.get_by_role("combobox").fill("noordl")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    assert violations(page) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_violates_nothing(open_page: Open, service: str, language: str) -> None:
    page = open_page(f"{service}/?q=Grenspaalweg+1&on=2027-01-01&lang={language}")
    expect(page.locator("html")).to_have_attribute("lang", language)
    assert violations(page) == []


NAMES = """() => {
    const own = (element) => element.closest('[lang]').lang;
    const texts = [document.title];
    const language = document.documentElement.lang;
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const parent = walker.currentNode.parentElement;
        if (own(parent) === language && !parent.closest('script, style')) texts.push(walker.currentNode.data);
    }
    for (const element of document.querySelectorAll('[aria-label], [title], [alt], [placeholder]')) {
        if (own(element) !== language) continue;
        for (const name of ['aria-label', 'title', 'alt', 'placeholder']) texts.push(element.getAttribute(name) ?? '');
    }
    for (const element of document.querySelectorAll('*')) texts.push(...Object.values(element.dataset ?? {}));
    for (const template of document.querySelectorAll('template')) texts.push(template.content.textContent);
    return texts;
}"""


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
@pytest.mark.parametrize(
    "path",
    [
        "/?q=Grenspaalweg+1",
        "/?q=Europalaan+45&on=2027-01-01",
        "/?q=Noordlaan+9999",
        "/?",
        "/desk?",
        "/overview?",
        "/widget?",
    ],
)
def test_nothing_english_is_left_on_a_page_in_another_language(
    open_page: Open, service: str, path: str, language: str
) -> None:
    page = open_page(f"{service}{path}&lang={language}")
    for closed in page.locator("details[data-map] > summary").all():
        closed.click()
        expect(page.locator("path.area")).to_have_count(31)
    left = [text for text in page.evaluate(NAMES) if ENGLISH.search(text)]
    assert left == []


@pytest.mark.parametrize("path", ["/?q=Europalaan+45", "/desk", "/overview", "/widget"])
def test_every_control_has_a_name(open_page: Open, service: str, path: str) -> None:
    page = open_page(f"{service}{path}")
    for closed in page.locator("details[data-map] > summary").all():
        closed.click()
        expect(page.locator("path.area")).to_have_count(31)
    for role in ("link", "button", "combobox", "textbox", "option", "img", "region", "navigation", "listbox"):
        nameless = page.get_by_role(role, name=re.compile(r"^\s*$"), include_hidden=False)
        assert nameless.count() == 0, role


def test_live_regions_announce(open_page: Open, service: str) -> None:
    page = open_page(f"{service}/?lang=fr")
    status = page.get_by_role("status").first
    field = page.get_by_role("combobox")
    field.fill("noordl")
    expect(status).to_have_text(re.compile(r"\d$"))
    field.fill("Noordlaan 112")
    field.press("Enter")
    expect(status).to_contain_text("Noordlaan 112, 3600 Genk se trouve dans")
    field.fill("Xyzzystraat 1")
    field.press("Enter")
    expect(status).to_contain_text("n'est pas connue à Genk")
