"""What a notebook shows of an answer: its card, where nothing of it can run, and its repr."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from geo_lookup import Answer, Finder
from geo_lookup.answer import Contact
from tests.places import PLACES

HOSTILE = "<script>alert(1)</script>\"'&<img src=x onerror=alert(1)>"


class Tags(HTMLParser):
    """The tags and the text of HTML; a closing tag that closes nothing is an error."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.text = ""
        self.addresses: list[str] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.open.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("name", PLACES)
def test_a_card_tells_who_answers_and_where(demo: Finder, name: str) -> None:
    place = PLACES[name]
    answer = demo.find(lon=place.lon, lat=place.lat, lang="en")
    card = Tags(answer._repr_html_())
    told = [answer.neighbourhood, answer.district, answer.special_area, answer.contact, *answer.managers]
    assert all(one.name in card.text for one in told if one)
    assert answer.edition.attribution in card.text
    neighbours = answer.border.neighbours if answer.border else ()
    assert all(neighbour.neighbourhood.name in card.text for neighbour in neighbours)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Europalaan", "More than one address may be meant"),
        ("Plattegrondstraat 11", "The post is vacant."),
        ("Noordlaan 112, Hasselt", "outside the city"),
        ("Noordlaan 9999", "No such address is known."),
    ],
)
def test_a_card_says_the_doubt(demo: Finder, text: str, says: str) -> None:
    answer = demo.find(text, lang="en")
    card = Tags(answer._repr_html_())
    assert says in card.text
    assert all(one.address.label in card.text for one in answer.candidates)


def hostile(answer: Answer) -> Answer:
    assert answer.neighbourhood is not None
    return replace(
        answer,
        summary=HOSTILE,
        neighbourhood=replace(answer.neighbourhood, name=HOSTILE),
        contact=Contact(HOSTILE, HOSTILE, HOSTILE, "manager"),
        services=(HOSTILE,),
        edition=replace(answer.edition, attribution=HOSTILE),
    )


def test_nothing_in_a_card_runs_or_is_fetched(demo: Finder) -> None:
    card = Tags(hostile(demo.find("Noordlaan 112"))._repr_html_())
    assert {"script", "img", "link", "style", "iframe"}.isdisjoint(card.tags)
    assert all(address.startswith(("tel:", "mailto:")) for address in card.addresses)
    assert card.text.count(HOSTILE) >= 4


def test_the_repr_fits_a_line_and_names_what_matters(demo: Finder) -> None:
    assert repr(demo.find("Noordlaan 112")) == (
        "<Answer assigned on 2026-11-23: Noordlaan 112, 3600 Genk; Winterslag 2 en 4; Genk-West; "
        "Wijkmanager Genk-West (manager)>"
    )
    assert repr(demo.find("Europalaan")) == "<Answer ambiguous on 2026-11-23: Europalaan, 3600 Genk; 2 candidates>"
    assert repr(demo.find(lon=5.34, lat=50.93)) == "<Answer outside on 2026-11-23>"
