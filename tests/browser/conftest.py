"""A real browser, a real service, and the rule that a page says nothing on its console and asks no other host."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from service.settings import Settings
from tests.serving import serving
from tests.toy_city import MANIFEST, NEIGHBOURHOODS, TABLES, geojson, write_toy_city

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed: make test-browser")
CHROMIUM = shutil.which("chromium")
LEAFLET = Path(__file__).parents[2] / "service" / "web" / "node_modules" / "leaflet"

HOSTILE = "<img src=x onerror=document.title='run'>"
"""A name that would run, were it ever read as HTML."""


@pytest.fixture(scope="session")
def service() -> Iterator[str]:
    """The service with the demo."""
    with serving(Settings(edition=None)) as url:
        yield url


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service whose every name would run, were it read as HTML."""
    manifest = MANIFEST.replace('title = "A city of four squares"', f'title = "{HOSTILE}"')
    manifest = manifest.replace('attribution = "nobody"', f'attribution = "{HOSTILE}"').replace("Town hall", HOSTILE)
    manifest = manifest.replace("[layers.neigh", f'[about]\nnl = "{HOSTILE}"\n\n[layers.neigh', 1)
    areas = {key: (f"{name}{HOSTILE}", parent, shape) for key, (name, parent, shape) in NEIGHBOURHOODS.items()}
    tables = {
        "managers": TABLES["managers.csv"].replace("Ann,", f"{HOSTILE},").replace("+32 89 00 00 01", HOSTILE),
        "offices": TABLES["offices.csv"].replace("Office A", HOSTILE).replace("089000100", HOSTILE),
        "services": TABLES["services.csv"].replace("basic", HOSTILE),
    }
    folder = write_toy_city(
        tmp_path_factory.mktemp("hostile"), manifest=manifest, neighbourhoods=geojson(areas), **tables
    )
    with serving(Settings(edition=folder)) as url:
        yield url


@pytest.fixture(scope="session")
def down(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service without an edition."""
    with serving(Settings(edition=tmp_path_factory.mktemp("empty"))) as url:
        yield url


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Debian's chromium."""
    if CHROMIUM is None:
        pytest.skip("there is no chromium: apt-get install chromium")
    if not LEAFLET.is_dir():
        pytest.skip("the map is not installed: make setup")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


Open = Callable[..., Any]


@pytest.fixture
def open_page(chromium: Any) -> Iterator[Open]:
    """Opens pages: ``open_page(url, javascript=…, width=…)``; whatever goes wrong in one fails the test.

    Pages of the hosts in `allowed` may be asked for things too. A test adds to `page.provoked` a word of what it
    provokes, which the browser may tell of later than of what is seen.
    """
    contexts, watched = [], []

    def opener(url: str, *, allowed: tuple[str, ...] = (), width: int = 1000, height: int = 800,
               javascript: bool = True, **options: Any) -> Any:  # fmt: skip
        context = chromium.new_context(
            viewport={"width": width, "height": height}, java_script_enabled=javascript, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        troubles: list[str] = []
        page.troubles, page.provoked = troubles, []
        watched.append((troubles, page.provoked))
        hosts = (*allowed, *url.split("/")[2:3])
        page.on("console", lambda said: troubles.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("request", lambda request: troubles.append(request.url) if not _allowed(request.url, hosts) else None)
        page.goto(url)
        return page

    yield opener
    for context in contexts:
        context.close()
    assert [
        trouble
        for troubles, provoked in watched
        for trouble in troubles
        if not any(word in trouble for word in provoked)
    ] == []


def _allowed(url: str, hosts: tuple[str, ...]) -> bool:
    return url.startswith(("data:", "blob:", "about:")) or url.split("/")[2] in hosts
