"""Suggestions while typing: streets, then numbers, boxes last; and the search agrees with each of them."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_lookup import Finder, RequestError
from geo_lookup.addresses.matching import Matcher
from geo_lookup.addresses.suggesting import Completion, complete


def shown(completions: list[Completion]) -> list[str]:
    return [(one.address or one.street).label().removesuffix(", 3600 Genk") for one in completions]


@pytest.mark.parametrize(
    ("rule", "text", "first"),
    [
        ("from the first letter", "n", "Noordlaan"),
        ("a beginning", "noordl", "Noordlaan"),
        ("the beginning of a type", "stationsst", "Stationsstraat"),
        ("a short form inside", "st j", "Sint-Jan-Baptistplein"),
        ("a word inside the name", "doren", "Emiel Van Dorenlaan"),
        ("a first name as its initial", "e van do", "Emiel Van Dorenlaan"),
        ("a number in the name", "14 sep", "Veertien Septemberlaan"),
        ("a number in the name as a word", "veertien s", "Veertien Septemberlaan"),
        ("a misspelt beginning", "statoins", "Stationsstraat"),
        ("a beginning by ear", "kokeri", "Cockerillplaats"),
        ("the city first", "Genk, noordl", "Noordlaan"),
        ("the postcode first", "3600 noor", "Noordlaan"),
        ("a street that begins as a city does", "hassel", "Hasseltweg"),
        ("a street that is a city and a type", "hasselt", "Hasseltweg"),
        ("a street in full", "noordlaan", "Noordlaan"),
        ("a number", "noordlaan 1", "Noordlaan 1"),
        ("the number before the street", "112 noordlaan", "Noordlaan 112"),
        ("a misspelt street with a number", "nordlaan 112", "Noordlaan 112"),
        ("a place that is being typed", "noordlaan 112 wint", "Noordlaan 112"),
        ("a number that is not known", "noordlaan 9999", "Noordlaan 131"),
        ("a box", "noordlaan 112 bus 2", "Noordlaan 112 bus 2"),
    ],
)
def test_what_is_meant_comes_first(matcher: Matcher, rule: str, text: str, first: str) -> None:
    assert shown(complete(matcher, text, 8))[:1] == [first], rule


def test_a_street_that_is_clear_is_followed_by_its_numbers(matcher: Matcher) -> None:
    assert shown(complete(matcher, "noordlaan ", 6)) == [
        "Noordlaan",
        "Noordlaan 1",
        "Noordlaan 2",
        "Noordlaan 12",
        "Noordlaan 66A",
        "Noordlaan 110",
    ]


def test_a_number_is_followed_by_those_that_begin_so_and_by_its_boxes_last(matcher: Matcher) -> None:
    assert shown(complete(matcher, "noordlaan 1", 9)) == [
        "Noordlaan 1",
        "Noordlaan 12",
        "Noordlaan 110",
        "Noordlaan 112",
        "Noordlaan 114",
        "Noordlaan 131",
        "Noordlaan 150",
    ]
    assert shown(complete(matcher, "noordlaan 112", 9)) == [
        "Noordlaan 112",
        "Noordlaan 112 bus 1",
        "Noordlaan 112 bus 2",
    ]


@pytest.mark.parametrize(
    "text", ["", " ", "?", "Noordlaan 112, Hasselt", "Noordlaan, 3500 Hasselt", "x" * 400, "qqqqqqq"]
)
def test_nothing_is_suggested_for_what_is_nothing_of_ours(matcher: Matcher, text: str) -> None:
    assert complete(matcher, text, 8) == []


def test_a_search_for_each_label_finds_that_very_address(demo: Finder) -> None:
    """Over every address of the demo, two streets of one name and all boxes among them."""
    book = demo.edition.addresses.book if demo.edition.addresses else None
    assert book is not None
    streets = [book.street(number).id for number in range(len(book.street_sizes))]
    checked = Counter[str]()
    for street_id in streets:
        for suggestion in demo.numbers(street_id) or ():
            address = demo.find(suggestion.label).address
            assert address is not None, suggestion.label
            assert (address.id, address.precision) == (suggestion.address_id, "exact"), suggestion.label
            checked["box" if suggestion.box else "house"] += 1
    assert checked["house"] + checked["box"] == book.addresses
    assert checked["box"] > 50


@pytest.mark.parametrize("text", ["noordl", "europal", "kerk", "kerkstraat 11", "stadspl", "hors", "thor park 8", "h"])
def test_whatever_is_suggested_is_understood_by_the_search(demo: Finder, text: str) -> None:
    suggestions = demo.suggest(text, 20)
    assert suggestions
    for one in suggestions:
        answer = demo.find(one.label)
        if one.type == "house":
            assert answer.address is not None
            assert answer.address.id == one.address_id
        else:
            assert answer.outcome in ("assigned", "vacant", "ambiguous")
            assert one.street in answer.summary


@given(st.integers(0, 6000), st.booleans())
def test_a_text_that_the_search_answers_is_its_own_first_suggestion(demo: Finder, position: int, lower: bool) -> None:
    book = demo.edition.addresses.book if demo.edition.addresses else None
    assert book is not None
    address = book.by_id(f"demo-{position % 6000 + 1:05}")
    if address is None or address.street.homonym:
        return
    text = f"{address.street.names.nl} {address.house_number}" + (f" bus {address.box}" if address.box else "")
    found = demo.find(text.lower() if lower else text).address
    first = demo.suggest(text.lower() if lower else text, 1)[0]
    assert found is not None
    assert found.id == first.address_id


def test_scores_of_suggestions_never_rise_by_kind(demo: Finder) -> None:
    found = demo.suggest("noordlaan 11", 10)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert all(0 <= one.score <= 1 for one in found)
    assert {one.match for one in found} <= {"exact", "beginning", "similar"}


@pytest.mark.parametrize("limit", [0, 51, -1, True, "8", None])
def test_a_limit_out_of_range_is_a_bad_request(demo: Finder, limit: object) -> None:
    with pytest.raises(RequestError, match="limit"):
        demo.suggest("noord", limit)  # type: ignore[arg-type]


@given(st.text(max_size=40))
def test_whatever_is_typed_gets_suggestions_or_none(demo: Finder, text: str) -> None:
    assert len(demo.suggest(text, 5)) <= 5
