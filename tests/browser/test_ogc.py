"""The pages of /ogc in a browser: their maps, on a narrow phone, and names that would run."""

from __future__ import annotations

import pytest

from tests.browser.conftest import HOSTILE, Open, playwright

expect = playwright.expect

PAGES = ("/ogc", "/ogc/conformance", "/ogc/collections", "/ogc/collections/offices",
         "/ogc/collections/districts/queryables", "/ogc/collections/neighbourhoods/items",
         "/ogc/collections/offices/items/wijkbureau-genk-oost")  # fmt: skip


@pytest.mark.parametrize(
    ("path", "shape", "count"),
    [
        ("/collections/neighbourhoods/items?limit=7", "path.area", 7),
        ("/collections/offices/items", "path.office", 10),
        ("/collections/districts/items/stadsdeel-genk-west", "path.area", 1),
    ],
)
def test_a_map_shows_the_features_of_the_page(open_page: Open, service: str, path: str, shape: str, count: int) -> None:
    page = open_page(f"{service}/ogc{path}")
    page.locator("details[data-features] > summary").click()
    expect(page.locator(shape)).to_have_count(count)
    assert all(one.get_attribute("aria-label") for one in page.locator(shape).all())


def test_a_name_that_would_run_is_only_shown(open_page: Open, hostile: str) -> None:
    page = open_page(f"{hostile}/ogc/collections/neighbourhoods/items")
    page.locator("details[data-features] > summary").click()
    expect(page.locator("path.area")).to_have_count(4)
    page.locator("path.area").first.hover()
    expect(page.get_by_role("tooltip")).to_contain_text(HOSTILE)
    assert page.title() != "run"


@pytest.mark.parametrize("path", PAGES)
def test_only_tables_scroll_sideways(open_page: Open, service: str, path: str) -> None:
    page = open_page(f"{service}{path}", width=320)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_table_is_scrolled_by_keyboard(open_page: Open, service: str) -> None:
    page = open_page(f"{service}/ogc/collections/neighbourhoods/items", width=500)
    table = page.get_by_role("region", name="Features", exact=True)
    table.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('.scroll').scrollLeft > 0")
