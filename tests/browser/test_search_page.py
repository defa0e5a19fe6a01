"""The search page as people use it: by keyboard, without JavaScript, on a bad line, while the service is down."""

from __future__ import annotations

import re
from typing import Any

import pytest

from service.settings import Settings
from tests.browser.conftest import Open, playwright
from tests.serving import serving

expect = playwright.expect


def type_address(page: Any, text: str) -> Any:
    field = page.get_by_role("combobox", name="Adres of coördinaten")
    field.fill("")
    field.press_sequentially(text)
    return field


OUTCOMES = [
    ("assigned", "q=Noordlaan+112", "Uw wijkmanager", "Wijkmanager Genk-West"),
    ("vacant", "q=Europalaan+45", "Uw wijkmanager", "Vacature"),
    ("ambiguous", "q=Europalaan", "Welk adres bedoelt u?", "47-95, 54-96"),
    ("outside", "q=Noordlaan+112,+Hasselt", "In Hasselt, buiten Genk", "Hasselt"),
    ("outside", "lon=5.34&lat=50.93", "Buiten Genk", "buiten Genk"),
    ("unknown_address", "q=Noordlaan+9999", "Dit adres is niet gekend", "Noordlaan"),
    ("unknown_address", "q=Xyzzystraat+1", "Dit adres is niet gekend", "niet gekend in Genk"),
    ("empty", "q=", "Er is niets ingevuld", "straat en een huisnummer"),
    ("coordinates", "lon=50.975&lat=5.505", "Deze coördinaten begrijpen we niet", "omgewisseld"),
    ("date", "q=Noordlaan+112&on=2026-02-30", "Deze datum begrijpen we niet", "jaar-maand-dag"),
    ("request", f"q={'a' * 301}", "Dit begrijpen we niet", "300 tekens"),
]


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize(("outcome", "query", "heading", "words"), OUTCOMES)
def test_every_outcome_has_its_own_words_with_and_without_javascript(
    open_page: Open, service: str, outcome: str, query: str, heading: str, words: str, javascript: bool
) -> None:
    page = open_page(f"{service}/?{query}", javascript=javascript)
    page.provoked.append("422")  # the page itself is one
    article = page.locator("article.answer")
    assert article.get_attribute("data-outcome") == outcome
    expect(article.get_by_role("heading", level=2)).to_have_text(heading)
    expect(article).to_contain_text(words)


def test_without_javascript_one_searches_chooses_and_sees_the_hours(open_page: Open, service: str) -> None:
    page = open_page(service, javascript=False)
    page.get_by_role("textbox", name="Adres of coördinaten").fill("Europalaan")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{service}/?q=Europalaan")
    page.get_by_role("link", name=re.compile("Europalaan 47-95")).click()
    expect(page.locator("article")).to_contain_text("Wijkmanager Genk-Centrum")
    expect(page.get_by_role("link", name="Bel +32 89 00 00 01")).to_have_attribute("href", "tel:+3289000001")
    expect(page.get_by_role("link", name=re.compile("Schrijf naar wijkmanager.genk-centrum"))).to_be_visible()
    page.get_by_text("Openingsuren van de komende week").first.click()
    expect(page.locator(".week[open] dt")).to_have_count(7)


def test_the_combobox_follows_its_contract(open_page: Open, service: str) -> None:
    page = open_page(service)
    field = type_address(page, "noordl")
    options = page.get_by_role("option")
    expect(options.first).to_have_text(re.compile("^Noordlaan"))
    expect(field).to_have_attribute("aria-expanded", "true")
    assert field.get_attribute("aria-autocomplete") == "list"
    listbox = page.locator(f"#{field.get_attribute('aria-controls')}")
    expect(listbox).to_have_role("listbox")
    assert field.get_attribute("aria-activedescendant") is None, "nothing is chosen for people"

    field.press("ArrowDown")
    first = page.locator("[aria-selected=true]")
    assert field.get_attribute("aria-activedescendant") == first.get_attribute("id")
    field.press("ArrowUp")
    expect(page.locator("[aria-selected=true]")).to_have_text("Mijn adres staat niet in de lijst")
    field.press("ArrowDown")
    expect(page.locator("[aria-selected=true]")).to_have_text(re.compile("^Noordlaan"))
    expect(field).to_be_focused()
    expect(field).to_have_value("noordl")

    field.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).to_have_value("noordl")
    expect(field).to_be_focused()
    for key, start in (("Home", 0), ("End", 6), ("ArrowLeft", 5)):
        field.press(key)
        assert field.evaluate("field => field.selectionStart") == start, "native keys stay the browser's own"


def test_an_address_is_found_by_keyboard_alone(open_page: Open, service: str) -> None:
    page = open_page(service)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Naar de inhoud")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("noordlaan 11")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    chosen = page.locator("[aria-selected=true]").inner_text()
    page.keyboard.press("Enter")
    expect(page.locator("article h2")).to_be_focused()
    expect(page.locator("article")).to_contain_text(chosen)
    expect(page.get_by_role("combobox")).to_have_value(chosen)
    expect(page.locator("[data-status]")).to_contain_text(chosen)


@pytest.mark.parametrize(
    ("asked", "choice", "heading", "phone"),
    [
        ("?q=Xyzzystraat+1", None, "Uw wijkmanager", "Bel +32 89 00 00 04"),
        ("?q=Europalaan&lang=tr", "Europalaan 47-95", "Mahalle yöneticiniz", "+32 89 00 00 01"),
    ],
)
def test_on_a_small_phone_an_answer_shows_whom_to_call_at_once(
    open_page: Open, service: str, asked: str, choice: str | None, heading: str, phone: str
) -> None:
    page = open_page(f"{service}/{asked}", width=360, height=640, has_touch=True)
    if choice:
        page.get_by_role("link", name=re.compile(choice)).tap()
    else:
        type_address(page, "Noordlaan 112").press("Enter")
    expect(page.get_by_role("heading", name=heading, exact=True)).to_be_focused()
    expect(page.get_by_role("heading", name=heading, exact=True)).to_be_in_viewport(ratio=1)
    expect(page.locator(".card").get_by_role("link", name=phone)).to_be_in_viewport(ratio=1)


def test_enter_sends_what_was_typed_where_nothing_is_chosen(open_page: Open, service: str) -> None:
    page = open_page(service)
    field = type_address(page, "112 noordln, B-3600 Gnek")
    field.press("Enter")
    expect(page.locator("article")).to_contain_text("Noordlaan 112, 3600 Genk")


def test_an_address_that_is_not_in_the_list(open_page: Open, service: str) -> None:
    page = open_page(service)
    field = type_address(page, "qqqqq")
    expect(page.get_by_role("option")).to_have_text(["Mijn adres staat niet in de lijst"])
    field.press("ArrowDown")
    field.press("Enter")
    expect(page.get_by_text("Voeg de postcode of de gemeente toe.", exact=True)).to_be_visible()
    expect(page.locator("[data-status]")).to_contain_text("Voeg de postcode of de gemeente toe.")
    expect(field).to_be_focused()


def test_a_late_suggestion_never_wins(open_page: Open, service: str) -> None:
    page = open_page(service)
    held: list[Any] = []

    def hold_the_first(route: Any) -> None:
        if "q=europ&" in route.request.url:
            held.append(route)
        else:
            route.continue_()

    page.route("**/v1/addresses*", hold_the_first)
    field = page.get_by_role("combobox")
    field.fill("europ")
    field.fill("noordl")
    expect(page.get_by_role("option").first).to_have_text(re.compile("Noordlaan"))
    for route in held:
        route.fulfill(json={"features": [{"properties": {"geocoding": {"label": "too late"}}}]})
    page.wait_for_timeout(200)
    expect(page.get_by_role("option").first).to_have_text(re.compile("Noordlaan"))
    assert held


def test_a_late_answer_never_wins(open_page: Open, service: str) -> None:
    page = open_page(service)
    held: list[Any] = []

    def hold_the_first(route: Any) -> None:
        if "Noordlaan" in route.request.post_data:
            held.append(route)
        else:
            route.continue_()

    page.route("**/v1/find", hold_the_first)
    field = page.get_by_role("combobox")
    field.fill("Noordlaan 112")
    field.press("Enter")
    field.fill("Europalaan 45")
    field.press("Enter")
    expect(page.locator("article")).to_contain_text("Europalaan 45")
    for route in held:
        route.fulfill(content_type="text/html", body="<article><h2>too late</h2></article>")
    page.wait_for_timeout(200)
    expect(page.locator("article")).to_contain_text("Europalaan 45")
    assert held


def test_suggestions_that_come_after_the_answer_open_nothing(open_page: Open, service: str) -> None:
    page = open_page(service)
    held: list[Any] = []
    page.route("**/v1/addresses*", lambda route: held.append(route))
    field = page.get_by_role("combobox")
    field.fill("Noordlaan 112")
    field.press("Enter")
    expect(page.locator("article")).to_contain_text("Noordlaan 112")
    for route in held:
        route.fulfill(json={"features": [{"properties": {"geocoding": {"label": "too late"}}}]})
    page.wait_for_timeout(200)
    expect(page.get_by_role("listbox")).to_be_hidden()
    assert held


def test_a_resident_is_asked_what_an_agent_is_told_to_ask(open_page: Open, service: str) -> None:
    asked = "Welk huisnummer is het?"
    for path, said in (("/", asked), ("/widget", asked), ("/desk", f"Vraag dit: {asked}")):
        page = open_page(f"{service}{path}?q=Europalaan")
        expect(page.locator(".question")).to_have_text(said, use_inner_text=True)


def test_whoever_knows_the_neighbourhood_alone_finds_it_in_the_overview(open_page: Open, service: str) -> None:
    page = open_page(f"{service}/?q=Sledderlo")
    page.locator("article").get_by_role("link", name="Alle stadsdelen, wijken en wijkmanagers").click()
    expect(page.get_by_role("main")).to_contain_text("Sledderlo")


def test_back_and_forward_bring_the_answers_back(open_page: Open, service: str) -> None:
    page = open_page(service)
    for text in ("Noordlaan 112", "Europalaan 45"):
        type_address(page, text).press("Enter")
        expect(page.locator("article")).to_contain_text(text)
    expect(page).to_have_url(f"{service}/?q=Europalaan+45")
    expect(page).to_have_title(re.compile("^Europalaan 45.* – Genk$"))
    page.go_back()
    expect(page.locator("article")).to_contain_text("Noordlaan 112")
    expect(page.get_by_role("combobox")).to_have_value("Noordlaan 112, 3600 Genk")
    page.go_back()
    expect(page.locator("article")).to_have_count(0)
    expect(page).to_have_title("Wie is jouw wijkmanager? – Genk")
    expect(page.get_by_role("heading", name="Wat een wijkmanager voor u doet")).to_be_visible()
    expect(page.get_by_role("link", name="Français")).to_have_attribute("href", "?lang=fr")
    page.go_forward()
    expect(page.locator("article")).to_contain_text("Noordlaan 112")
    page.reload()
    expect(page.locator("article")).to_contain_text("Noordlaan 112")


def test_a_choice_is_made_without_a_new_page_and_can_be_shared(open_page: Open, service: str) -> None:
    page = open_page(f"{service}/?q=Europalaan")
    page.evaluate("window.same = true")
    page.get_by_role("link", name=re.compile("Europalaan 1-45")).click()
    expect(page.locator("article")).to_have_attribute("data-outcome", "vacant")
    assert page.evaluate("window.same"), "no new page"
    shared = open_page(page.url)
    expect(shared.locator("article")).to_have_attribute("data-outcome", "vacant")


def test_a_choice_of_numbers_says_what_it_is_of(open_page: Open, service: str) -> None:
    for javascript in (True, False):
        page = open_page(f"{service}/?q=Europalaan", javascript=javascript)
        page.get_by_role("link", name=re.compile("Europalaan 1-45")).click()
        expect(page.locator("article .notice")).to_contain_text("U koos de nummers 1-45, 2-50.")
        expect(page.locator("article .notice")).to_contain_text("die van Europalaan 1, 3600 Genk")
        expect(page.locator("[name=q]")).to_have_value("Europalaan 1, 3600 Genk")


def test_a_jump_on_the_page_is_no_step_in_the_history(open_page: Open, service: str) -> None:
    page = open_page(service)
    page.get_by_role("combobox").fill("Noordlaan")
    page.get_by_role("link", name="Naar de inhoud").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox")).to_have_value("Noordlaan")


def test_near_a_border_it_is_told_whom_to_call_on_each_side(open_page: Open, service: str) -> None:
    page = open_page(f"{service}/?q=Grenspaalweg+1")
    sides = page.get_by_role("region", name="Dicht bij een grens").get_by_role("listitem")
    expect(sides.first).to_contain_text("Vlakveld")
    expect(sides.nth(1)).to_contain_text(re.compile(r"Kolderbos, binnen \d+ m: .*\+32 89"))
    covered = open_page(f"{service}/?q=Europalaan+47")
    side = covered.get_by_role("region", name="Dicht bij een grens").get_by_role("listitem").nth(1)
    expect(side).to_contain_text(re.compile(r"Nieuw-Termien, binnen \d+ m: daar geldt hetzelfde aanspreekpunt"))


def test_an_answer_of_another_day_says_so_and_leads_to_today(open_page: Open, service: str) -> None:
    for javascript in (True, False):
        page = open_page(f"{service}/?q=Europalaan+45&on=2021-01-01", javascript=javascript)
        expect(page.locator("article .card")).to_contain_text("Wijkmanager Genk-West")
        page.get_by_role("link", name="Zoek voor vandaag").click()
        expect(page.locator("article .card")).to_contain_text("Vacature")
        expect(page.locator("article .notice")).to_have_count(0)


def test_what_is_not_of_the_service_is_no_answer(open_page: Open, service: str) -> None:
    page = open_page(service)
    page.route("**/v1/find", lambda route: route.fulfill(
        status=502, content_type="text/html", body="<article><h2>nginx</h2></article>"))  # fmt: skip
    page.get_by_role("combobox").fill("Noordlaan 112")
    page.keyboard.press("Enter")
    expect(page.locator("article")).to_have_attribute("data-outcome", "unreachable")
    page.provoked.append("502")


def test_coordinates_are_not_answered_with_no_suggestions(open_page: Open, service: str) -> None:
    page = open_page(service)
    page.get_by_role("combobox").fill("50.9656, 5.4988")
    page.wait_for_timeout(200)
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(page.locator("[data-status]")).to_have_text("")
    page.keyboard.press("Enter")
    expect(page.locator("article")).to_have_attribute("data-outcome", "assigned")


def test_the_language_changes_and_the_answer_stays(open_page: Open, service: str) -> None:
    page = open_page(service)
    type_address(page, "Noordlaan 112").press("Enter")
    expect(page.locator("article")).to_be_visible()
    page.get_by_role("link", name="Türkçe").click()
    expect(page.locator("html")).to_have_attribute("lang", "tr")
    expect(page.locator("article")).to_contain_text("mahallesi")


def test_while_the_service_is_away_the_page_says_so_in_its_own_words(open_page: Open, service: str) -> None:
    page = open_page(service)
    page.route("**/v1/**", lambda route: route.abort())
    field = type_address(page, "Noordlaan 112")
    field.press("Enter")
    expect(page.locator("article")).to_have_attribute("data-outcome", "unreachable")
    expect(page.locator("article")).to_contain_text("Dat ligt aan ons, niet aan u.")
    expect(page.locator("article")).to_contain_text("+32 89 00 00 00")
    expect(page.locator("[data-status]")).to_contain_text("Dat ligt aan ons")
    expect(field).to_have_value("Noordlaan 112")
    page.unroute("**/v1/**")
    field.press("Enter")
    expect(page.locator("article")).to_contain_text("Wijkmanager Genk-West")
    page.provoked.append("ERR_FAILED")


def test_without_an_edition_every_page_says_that_the_service_is_down(open_page: Open, down: str) -> None:
    for path in ("/", "/?q=Noordlaan+112", "/overview", "/desk"):
        page = open_page(f"{down}{path}", javascript=False)
        page.provoked.append("503")
        expect(page.get_by_role("heading", name="De dienst is nu niet bereikbaar")).to_be_visible()


def test_names_that_would_run_are_shown_as_text_everywhere(open_page: Open, hostile: str) -> None:
    for path in ("/?lon=5.487&lat=50.955", "/overview", "/overview/A", "/desk?lon=5.487&lat=50.955", "/privacy"):
        page = open_page(f"{hostile}{path}")
        if "lon" in path or "overview" in path:
            page.locator("details[data-map] summary").click()
            expect(page.locator(".leaflet-pane path.area:not(.site)")).to_have_count(4)
            expect(page.locator(".area-name").first).to_contain_text("<img")
            page.locator("path.office").first.hover(force=True)
            expect(page.locator(".leaflet-tooltip:not(.area-name)")).to_contain_text("<img")
        expect(page.locator("body")).to_contain_text("<img src=x onerror")
        assert page.locator("img[src=x]").count() == 0
        assert page.title() != "run"


def test_the_map_is_loaded_only_when_it_is_shown_and_names_what_is_on_it(open_page: Open, service: str) -> None:
    page = open_page(f"{service}/?q=Noordlaan+112")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_load_state("networkidle")
    assert not any("leaflet" in url for url in asked)
    page.get_by_text("Toon op de kaart").press("Enter")
    region = page.get_by_role("region", name="Toon op de kaart")
    expect(region.get_by_role("button", name="Inzoomen")).to_be_visible()
    expect(region.get_by_role("button", name="Uitzoomen")).to_be_visible()
    expect(region.get_by_role("img", name=re.compile("^Wijk: "))).to_have_count(30)
    expect(region.get_by_role("img", name=re.compile("^Bureau: "))).to_have_count(11)
    expect(region.get_by_role("img", name="De gevraagde plaats")).to_have_count(1)
    expect(region).to_contain_text("Schematische demotekening")
    assert any("leaflet" in url for url in asked)
    region.focus()
    for _ in range(4):
        page.keyboard.press("Tab")
    assert not page.evaluate("document.querySelector('.canvas').contains(document.activeElement)"), "no trap"


def test_a_base_map_is_asked_for_when_the_map_is_shown_and_not_before(open_page: Open) -> None:
    tiles: list[str] = []

    def draw_tile(route: Any) -> None:
        tiles.append(route.request.url)
        route.fulfill(body="<svg xmlns='http://www.w3.org/2000/svg' width='256'/>", content_type="image/svg+xml")

    template = "https://tiles.example/{z}/{x}/{y}.png"
    with serving(Settings(edition=None, base_map=template, base_map_attribution="<b>GRB</b>")) as url:
        page = open_page("about:blank", allowed=(url.split("/")[2], "tiles.example"))
        page.route("https://tiles.example/**", draw_tile)
        page.goto(f"{url}/?q=Noordlaan+112")
        page.wait_for_load_state("networkidle")
        assert tiles == []
        page.get_by_text("Toon op de kaart").click()
        expect(page.locator("img.leaflet-tile-loaded").first).to_be_attached()
        expect(page.get_by_role("region", name="Toon op de kaart")).to_contain_text("<b>GRB</b>")
        assert tiles


def test_a_map_that_cannot_be_loaded_says_so(open_page: Open, service: str) -> None:
    page = open_page(f"{service}/overview")
    page.route("**/leaflet*", lambda route: route.abort())
    page.get_by_text("Kaart van alle stadsdelen").click()
    expect(page.get_by_text("De kaart kan nu niet worden geladen.")).to_be_visible()
    page.provoked.append("ERR_FAILED")
