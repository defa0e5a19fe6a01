"""From a narrow phone to paper: nothing is cut off, nothing depends on colour."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.browser.conftest import Open, playwright

expect = playwright.expect

PATHS = ("/", "/?q=Europalaan+45", "/?q=Europalaan", "/desk?q=Noordlaan+112", "/overview",
         "/overview/stadsdeel-genk-noord", "/privacy", "/accessibility", "/widget")  # fmt: skip

TOO_WIDE = """() => [...document.querySelectorAll('body *')]
    .filter((element) => element.getBoundingClientRect().right > innerWidth + 1
        && getComputedStyle(element).position !== 'absolute' && !element.closest('pre')
        && !element.matches('.canvas *'))
    .map((element) => element.outerHTML.slice(0, 120))"""
"""What reaches past the right edge; code scrolls by itself, and a map cuts off what it holds."""


def fits(page: Any) -> bool:
    assert page.evaluate(TOO_WIDE) == []
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("width", "height", "scale"),
    [(320, 640, 1), (320, 256, 4), (390, 844, 1), (2200, 1200, 1)],
    ids=["320 px", "400 % of 1280 by 1024", "phone", "wide"],
)
def test_nothing_scrolls_sideways(
    open_page: Open, service: str, path: str, width: int, height: int, scale: int
) -> None:
    page = open_page(f"{service}{path}", width=width, height=height, device_scale_factor=scale)
    page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })")
    assert fits(page)


def test_text_can_be_twice_as_large_and_further_apart(open_page: Open, service: str) -> None:
    """WCAG 1.4.4 and 1.4.12."""
    page = open_page(f"{service}/?q=Europalaan+45", width=400)
    page.evaluate(
        """() => {
            const style = new CSSStyleSheet();
            style.replaceSync('html { font-size: 200%; } * { line-height: 1.5 !important; letter-spacing: .12em '
                + '!important; word-spacing: .16em !important; } p { margin-bottom: 2em !important; }');
            document.adoptedStyleSheets = [style];
        }"""
    )
    assert fits(page)


def test_in_forced_colours_what_is_chosen_can_be_seen(open_page: Open, service: str) -> None:
    page = open_page(service, forced_colors="active")
    page.get_by_role("combobox").fill("noordl")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    colours = page.get_by_role("option").evaluate_all(
        "options => options.map((option) => getComputedStyle(option).backgroundColor)"
    )
    assert colours[0] not in colours[1:]


def test_targets_are_large_enough_for_a_thumb(open_page: Open, service: str) -> None:
    """WCAG 2.5.8: 24 by 24 pixels, outside of sentences."""
    page = open_page(f"{service}/?q=Europalaan", width=390)
    small = page.evaluate(
        """() => [...document.querySelectorAll('a, button, input, summary')]
            .filter((one) => one.getClientRects().length && !one.classList.contains('skip') && one.type !== 'hidden')
            .filter((one) => one.getBoundingClientRect().height < 24 || one.getBoundingClientRect().width < 24)
            .map((one) => one.outerHTML)"""
    )
    assert small == []


def test_a_page_prints_its_answer_and_not_its_search(open_page: Open, service: str) -> None:
    page = open_page(f"{service}/?q=Noordlaan+112")
    page.emulate_media(media="print")
    expect(page.get_by_role("search")).to_be_hidden()
    expect(page.locator("article .card")).to_be_visible()
    expect(page.locator(".week dl").first).to_be_visible()
    overview = open_page(f"{service}/overview")
    overview.emulate_media(media="print")
    expect(overview.locator("section.district")).to_have_count(9)
    pages = len(re.findall(rb"/Type\s*/Page\b", overview.pdf(format="A4")))
    assert pages <= 14
