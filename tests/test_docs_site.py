"""The site of the guide and the reference is built without a warning, whole, and asks no other host for anything."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import typer

import geo_lookup
from geo_lookup.cli import app
from service.app import create_app
from service.settings import Settings

pytest.importorskip("mkdocs", reason="the site is built where MkDocs is installed: make docs")

ROOT = Path(__file__).parent.parent

FETCHED = {"action", "data", "poster", "src", "srcset"}
"""The attributes whose addresses a browser fetches by itself, or sends a form to."""

SOURCE = 'data-md-component="source"'
DORMANT = {
    "https://unpkg.com/mermaid@11/dist/mermaid.min.js": 'class="mermaid"',
    "https://unpkg.com/resize-observer-polyfill": None,
    "https://${e}/api/v4/projects/${encodeURIComponent(t)}": SOURCE,
    "https://api.github.com/repos/${e}/${t}": SOURCE,
    "https://api.github.com/users/${e}": SOURCE,
}
"""What the theme's scripts fetch elsewhere: each only for an element that no page has, or on browsers before 2020."""


class Page(HTMLParser):
    """A page of the site: its ids, its links, and every address that a browser fetches for it."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.text = path.read_text(encoding="utf-8")
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.feed(self.text)
        self.fetched += addresses_of_style(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.ids |= {given[name] for name in ("id", "name") if name in given}
        self.fetched += [value for name, value in given.items() if name in FETCHED]
        if "href" in given:
            (self.links if tag == "a" else self.fetched).append(given["href"])
        if given.get("http-equiv", "").lower() == "refresh":
            self.fetched.append(given["content"].partition("=")[2])


class Site:
    """A site on disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def pages(self) -> dict[Path, Page]:
        return {path: Page(path) for path in self.folder.rglob("*.html")}

    def page(self, name: str) -> Page:
        return self.pages[self.folder / name]

    def target(self, page: Page, link: str) -> tuple[Path, str]:
        """The file that a link leads to, and the place in it."""
        parts = urlsplit(link)
        path = unquote(parts.path)
        if not path:
            return page.path, parts.fragment
        folder = self.folder if path.startswith("/") else page.path.parent
        target = (folder / path.lstrip("/")).resolve()
        return (target / "index.html" if target.is_dir() else target), unquote(parts.fragment)


def addresses_of_style(text: str) -> list[str]:
    """What a style sheet, or a style in a page, fetches."""
    return re.findall(r"url\(\s*['\"]?([^'\")]+)", text) + re.findall(r"@import\s+['\"]([^'\"]+)", text)


def elsewhere(address: str) -> bool:
    parts = urlsplit(address.strip())
    return bool(parts.netloc) or parts.scheme not in ("", "data")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    folder = tmp_path_factory.mktemp("docs").resolve() / "site"
    build = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    run = subprocess.run(build, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert (run.returncode, run.stdout) == (0, "")
    return Site(folder)


def test_every_public_name_is_in_the_reference(site: Site) -> None:
    ids = {one for page in site.pages.values() for one in page.ids}
    for name in geo_lookup.__all__:
        public = getattr(geo_lookup, name)
        assert {f"geo_lookup.{name}", f"{public.__module__}.{name}"} & ids, name


def test_every_command_and_option_is_on_the_page_of_the_command_line(site: Site) -> None:
    page = site.page("reference/command-line.html")
    group = typer.main.get_command(app)
    assert isinstance(group, typer.core.TyperGroup)
    for name, command in group.commands.items():
        assert name in page.ids
        for option in (one for parameter in command.params for one in parameter.opts if one.startswith("--")):
            assert f"<code>{option}" in page.text, f"{name} {option}"


def test_every_route_is_on_the_page_of_http(site: Site) -> None:
    page = site.page("reference/http.html")
    for methods in create_app(Settings(edition=None)).openapi()["paths"].values():
        for route in methods.values():
            assert route["operationId"] in page.ids


def test_pages_fetch_nothing_from_another_host(site: Site) -> None:
    fetched = [(page.path.name, one) for page in site.pages.values() for one in page.fetched]
    assert any(one.endswith(".css") for _, one in fetched)
    assert [one for one in fetched if elsewhere(one[1])] == []


def test_style_sheets_fetch_nothing_from_another_host(site: Site) -> None:
    sheets = {path.name: addresses_of_style(path.read_text(encoding="utf-8")) for path in site.folder.rglob("*.css")}
    assert sheets
    assert {name: found for name, found in sheets.items() if any(map(elsewhere, found))} == {}


def test_scripts_fetch_nothing_from_another_host_for_any_page(site: Site) -> None:
    scripts = "\n".join(path.read_text(encoding="utf-8") for path in site.folder.rglob("*.js"))
    assert set(re.findall(r"[\"'`](https?://[^\"'`\s]*)", scripts)) == set(DORMANT)
    for element in filter(None, DORMANT.values()):
        assert [page.path.name for page in site.pages.values() if element in page.text] == []


def broken(site: Site) -> Iterator[tuple[str, str]]:
    """Links within the site that lead nowhere."""
    for page in site.pages.values():
        for link in page.links:
            if not elsewhere(link):
                path, place = site.target(page, link)
                there = path.is_file() and (not place or path not in site.pages or place in site.pages[path].ids)
                if not there:
                    yield str(page.path.relative_to(site.folder)), link


def test_every_link_within_the_site_leads_somewhere(site: Site) -> None:
    assert list(broken(site)) == []


def test_no_page_names_a_folder_of_the_machine_that_built_it(site: Site) -> None:
    assert [page.path.name for page in site.pages.values() if str(ROOT) in page.text] == []


@pytest.mark.parametrize(
    ("markup", "fetched"),
    [
        ('<script src="https://cdn.example/a.js"></script>', "https://cdn.example/a.js"),
        ('<link rel="preconnect" href="https://fonts.example">', "https://fonts.example"),
        ('<img src="//cdn.example/a.png">', "//cdn.example/a.png"),
        ("<style>p { background: url('https://cdn.example/a.png') }</style>", "https://cdn.example/a.png"),
        ('<style>@import "https://cdn.example/a.css";</style>', "https://cdn.example/a.css"),
        ('<meta http-equiv="refresh" content="0; url=https://cdn.example/">', "https://cdn.example/"),
    ],
)
def test_whatever_a_browser_would_fetch_is_noticed(tmp_path: Path, markup: str, fetched: str) -> None:
    (tmp_path / "page.html").write_text(markup)
    page = Page(tmp_path / "page.html")
    assert page.fetched == [fetched]
    assert elsewhere(fetched)
