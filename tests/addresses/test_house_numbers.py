"""House numbers as the register and as people write them."""

from __future__ import annotations

import pytest

from geo_lookup.addresses.house_numbers import HouseNumber, box_key, read_asked, read_registered
from geo_lookup.addresses.normalise import fold, tokenise


@pytest.mark.parametrize(
    ("house_number", "box", "read"),
    [
        ("12", "", HouseNumber(12)),
        ("005", "", HouseNumber(5)),
        ("12A", "", HouseNumber(12, "a")),
        ("12 a", "", HouseNumber(12, "a")),
        ("12-A", "", HouseNumber(12, "a")),
        ("12bis", "", HouseNumber(12, "bis")),
        ("21-23", "", HouseNumber(21, "", 23)),
        ("21-23A", "", HouseNumber(21, "", 23)),
        ("12_1", "", HouseNumber(12, "-1")),
        ("12/1", "", HouseNumber(12, "-1")),
        ("12", "0003", HouseNumber(12, "", None, "3")),
        ("12", "3.01", HouseNumber(12, "", None, "301")),
        ("12", "RDC", HouseNumber(12, "", None, "gelijkvloers")),
        ("\uff11\uff12", "", HouseNumber(12)),
        ("zonder nummer", "", None),
        ("", "", None),
    ],
)
def test_a_number_of_the_register_is_read(house_number: str, box: str, read: HouseNumber | None) -> None:
    assert read_registered(house_number, box) == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("12", HouseNumber(12)),
        ("12a", HouseNumber(12, "a")),
        ("12 A", HouseNumber(12, "a")),
        ("12bis", HouseNumber(12, "bis")),
        ("12 ter", HouseNumber(12, "ter")),
        ("21-23", HouseNumber(21, "", 23)),
        ("21 - 23", HouseNumber(21, "", 23)),
        ("21/23", HouseNumber(21, "", None, "23")),
        ("12-3", HouseNumber(12, "", None, "3")),
        ("12/3", HouseNumber(12, "", None, "3")),
        ("12 / 3", HouseNumber(12, "", None, "3")),
        ("12a/3", HouseNumber(12, "a", None, "3")),
        ("12 bus 3", HouseNumber(12, "", None, "3")),
        ("12 bus nr. 3", HouseNumber(12, "", None, "3")),
        ("12bus3", HouseNumber(12, "", None, "3")),
        ("12 b3", HouseNumber(12, "", None, "3")),
        ("12b3", HouseNumber(12, "", None, "3")),
        ("12 b", HouseNumber(12, "b")),
        ("12 bus B", HouseNumber(12, "", None, "b")),
        ("12 bte A1", HouseNumber(12, "", None, "a1")),
        ("12 app. 3.01", HouseNumber(12, "", None, "301")),
        ("12 gelijkvloers", HouseNumber(12, "", None, "gelijkvloers")),
        ("12, 2e verdieping", HouseNumber(12, "", None, "2")),
        ("12 2de verd.", HouseNumber(12, "", None, "2")),
        ("12 verdieping 2", HouseNumber(12, "", None, "2")),
        ("123456", None),
        ("12 septemberlaan", None),
        ("12septemberlaan", None),
        ("12, 3600", None),
        ("12 - 3600", None),
    ],
)
def test_a_number_that_people_write_is_read(text: str, read: HouseNumber | None) -> None:
    tokens = tokenise(fold(text))
    number, end = read_asked(tokens, 0, street_before=True) or (None, 0)
    assert (number if end == len(tokens) else None) == read


@pytest.mark.parametrize(
    ("one", "other"), [("0101", "101"), ("A1", "a1"), ("3/01", "3.01"), ("glvl", "gelijkvloers"), ("0", "00")]
)
def test_boxes_compare_without_zeros_marks_and_case(one: str, other: str) -> None:
    assert box_key(one) == box_key(other)


def test_different_boxes_differ() -> None:
    assert len({box_key(box) for box in ("1", "10", "A", "1A", "A1", "gelijkvloers")}) == 6
