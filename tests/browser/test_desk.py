"""The desk: hands on the keyboard, a caller on the line."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.browser.conftest import Open, playwright

expect = playwright.expect


@pytest.fixture
def desk(open_page: Open, service: str) -> Any:
    page = open_page(f"{service}/desk", permissions=["clipboard-read", "clipboard-write"])
    expect(page.get_by_role("combobox")).to_be_focused()
    return page


def test_the_sentence_is_seen_once_and_what_is_told_beside_it_too(desk: Any) -> None:
    status = desk.locator("[data-status]")
    desk.keyboard.type("Noordlaan 112")
    desk.keyboard.press("Enter")
    expect(status).to_contain_text("Noordlaan 112, 3600 Genk")
    assert status.evaluate("one => one.offsetHeight") <= 1, "it is heard, and stands in the answer"
    desk.keyboard.press("F2")
    expect(status).to_have_text("Gekopieerd")
    assert status.evaluate("one => one.offsetHeight") > 10


@pytest.mark.parametrize("typed", ["noortlan 112", "nordlaan 112", "europpalaan 45"])
def test_a_misspelt_address_takes_at_most_12_keys_beyond_its_own(desk: Any, typed: str) -> None:
    desk.evaluate("window.keys = 0; addEventListener('keydown', () => window.keys++, true)")
    desk.keyboard.type(typed)
    expect(desk.get_by_role("option").nth(1)).to_be_visible()
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Enter")
    expect(desk.locator("article [data-summary]")).to_contain_text(re.compile(r"^(Noordlaan 112|Europalaan 45)\b"))
    desk.keyboard.press("F2")
    expect(desk.locator("[data-status]")).to_have_text("Gekopieerd")
    assert desk.evaluate("window.keys") - len(typed) <= 12


def test_the_sentence_to_read_aloud_comes_first_and_the_next_caller_can_be_typed(desk: Any) -> None:
    desk.keyboard.type("Noordlaan 112")
    desk.keyboard.press("Enter")
    summary = desk.locator("article [data-summary]")
    expect(summary).to_have_text(re.compile(r"^Noordlaan 112, 3600 Genk ligt in de wijk Winterslag 2 en 4.*00 04\.$"))
    assert summary.bounding_box()["y"] < desk.locator("article .card").bounding_box()["y"]
    expect(desk.get_by_role("combobox")).to_be_focused()
    expect(desk.get_by_role("combobox")).to_have_value("Noordlaan 112, 3600 Genk")
    desk.keyboard.type("Europalaan 45")
    expect(desk.get_by_role("combobox")).to_have_value("Europalaan 45")


@pytest.mark.parametrize(
    ("typed", "question"),
    [
        ("Europalaan", "Welk huisnummer is het?"),
        ("Grenspaalweg 1", "Aan welke kant ligt de voordeur: Vlakveld of Kolderbos?"),
        ("nordlaan 112", "Is dit het juiste adres: Noordlaan 112, 3600 Genk?"),
        ("Noordlaan 9999", "Is het een van deze?"),
        ("Xyzzystraat 1", "Hoe schrijft u de straat, en in welke gemeente ligt ze?"),
    ],
)
def test_a_doubt_comes_with_the_question_to_ask(desk: Any, typed: str, question: str) -> None:
    desk.keyboard.type(typed)
    desk.keyboard.press("Enter")
    expect(desk.locator("[data-question]")).to_have_text(question)


def test_a_choice_is_made_with_the_arrows(desk: Any) -> None:
    desk.keyboard.type("Europalaan")
    desk.keyboard.press("Enter")
    expect(desk.locator("[data-address-id]")).to_have_count(2)
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("ArrowUp")
    desk.keyboard.press("ArrowDown")
    expect(desk.get_by_role("link", name=re.compile("47-95"))).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk.locator("article")).to_have_attribute("data-outcome", "assigned")
    expect(desk.get_by_role("combobox")).to_be_focused()


def test_one_key_copies_the_answer_as_plain_text(desk: Any) -> None:
    desk.keyboard.type("Europalaan 45")
    desk.keyboard.press("Enter")
    expect(desk.locator("article")).to_be_visible()
    desk.keyboard.press("F2")
    expect(desk.locator("[data-status]")).to_have_text("Gekopieerd")
    copied = desk.evaluate("navigator.clipboard.readText()")
    for words in ("Europalaan 45, 3600 Genk ligt in", "+32 89 00 00 01", "Vacature", "Wijkbureau Genk-Centrum"):
        assert words in copied
    assert "<" not in copied
    assert "\n\n\n" not in copied


def test_another_day_can_be_asked_for(desk: Any) -> None:
    desk.keyboard.press("F8")
    expect(desk.get_by_label("Op de dag")).to_be_focused()
    desk.get_by_label("Op de dag").fill("2021-01-01")
    desk.get_by_role("combobox").focus()
    desk.keyboard.type("Europalaan 45")
    desk.keyboard.press("Enter")
    expect(desk.locator("article .card")).to_contain_text("Wijkmanager Genk-West")
    expect(desk.locator("article")).to_contain_text("Geldt op vrijdag 1 januari 2021.")


def test_the_next_caller_is_answered_for_today(desk: Any) -> None:
    desk.get_by_label("Op de dag").fill("2021-01-01")
    desk.get_by_role("combobox").focus()
    desk.keyboard.type("Europalaan 45")
    desk.keyboard.press("Enter")
    expect(desk.locator("article .notice")).to_contain_text("Dit is het antwoord voor vrijdag 1 januari 2021.")
    desk.keyboard.press("F4")
    expect(desk.get_by_label("Op de dag")).to_have_value("")
    desk.keyboard.type("Noordlaan 112")
    desk.keyboard.press("Enter")
    expect(desk.locator("article [data-summary]")).to_contain_text("Noordlaan 112")
    expect(desk.locator("article .notice")).to_have_count(0)
    desk.keyboard.press("F9")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Enter")
    expect(desk.locator("article [data-summary]")).to_contain_text("Europalaan 45")
    expect(desk.get_by_label("Op de dag")).to_have_value("2021-01-01")


def test_where_there_is_nothing_to_copy_it_says_so(desk: Any) -> None:
    desk.keyboard.press("F2")
    expect(desk.locator("[data-status]")).to_have_text("Er is nog niets om te kopiëren")
    expect(desk.locator("[data-status]")).to_be_visible()


def test_recent_look_ups_stay_in_the_tab_and_nowhere_else(desk: Any) -> None:
    for address in ("Noordlaan 112", "Europalaan 45"):
        desk.keyboard.press("F4")
        desk.keyboard.type(address)
        desk.keyboard.press("Enter")
        expect(desk.locator("article [data-summary]")).to_contain_text(address)
    recent = desk.get_by_role("complementary", name="Laatste opzoekingen")
    expect(recent.get_by_role("button")).to_have_text(["Europalaan 45, 3600 Genk", "Noordlaan 112, 3600 Genk"])
    desk.keyboard.press("F9")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Enter")
    expect(desk.locator("article [data-summary]")).to_contain_text("Noordlaan 112")
    assert desk.url.endswith("/desk"), "no address in the URL"
    assert desk.evaluate("localStorage.length + sessionStorage.length + document.cookie.length") == 0
    desk.reload()
    expect(desk.get_by_role("complementary", name="Laatste opzoekingen")).to_have_count(0)


def test_suggestions_come_within_50_ms_of_a_keystroke(desk: Any) -> None:
    desk.evaluate(
        """() => {
            window.waits = [];
            const list = document.querySelector('[role=listbox]');
            let typed = 0;
            document.querySelector('[name=q]').addEventListener('input', () => { typed = performance.now(); }, true);
            new MutationObserver(() => window.waits.push(performance.now() - typed)).observe(list, {childList: true});
        }"""
    )
    medians = []
    for _ in range(3):  # a busy machine is no fault of the desk
        desk.evaluate("window.waits.length = 0")
        for count, letter in enumerate("europalaan", start=1):
            desk.keyboard.press(letter)
            while desk.evaluate("window.waits.length") < count:
                desk.wait_for_timeout(5)
        medians.append(sorted(desk.evaluate("window.waits"))[4])
        desk.keyboard.press("F4")
    assert min(medians) < 50
