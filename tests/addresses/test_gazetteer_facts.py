"""The table of Belgian places against the lists that it was made from."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import Any, NamedTuple

import pytest

from geo_lookup.addresses.normalise import fold
from tests.real_editions import real_data


class Row(NamedTuple):
    kind: str
    nis: str
    names: list[str]
    postcodes: list[str]


TABLE = files("geo_lookup.addresses").joinpath("belgium.csv").read_text(encoding="utf-8")
ROWS = [
    Row(kind, nis, names.split(";"), [code for code in postcodes.split(";") if code])
    for kind, nis, names, postcodes in list(csv.reader(TABLE.splitlines()))[1:]
]

SUCCESSORS = {
    "11007": "11002",  # Borsbeek
    "11056": "46030",  # Zwijndrecht
    "23023": "23106",  # Galmaarden
    "23024": "23106",  # Gooik
    "23032": "23106",  # Herne
    "37007": "37022",  # Meulebeke
    "37012": "37021",  # Ruiselede
    "37015": "37022",  # Tielt
    "37018": "37021",  # Wingene
    "44012": "44086",  # De Pinte
    "44034": "44087",  # Lochristi
    "44040": "44088",  # Melle
    "44043": "44088",  # Merelbeke
    "44045": "46029",  # Moerbeke
    "44048": "44086",  # Nazareth
    "44073": "44087",  # Wachtebeke
    "46003": "46030",  # Beveren
    "46013": "46030",  # Kruibeke
    "46014": "46029",  # Lokeren
    "71022": "71072",  # Hasselt
    "71057": "71071",  # Tessenderlo
    "71069": "71071",  # Ham
    "73006": "73110",  # Bilzen
    "73009": "73111",  # Borgloon
    "73032": "73110",  # Hoeselt
    "73040": "71072",  # Kortessem
    "73083": "73111",  # Tongeren
    "82003": "82039",  # Bastogne
    "82005": "82039",  # Bertogne
}
MERGED_IN_2019 = {
    "Neerpelt": "72043",
    "Overpelt": "72043",
    "Meeuwen-Gruitrode": "72042",
    "Opglabbeek": "72042",
    "Puurs": "12041",
    "Sint-Amands": "12041",
    "Knesselare": "44084",
    "Nevele": "44083",
    "Kruishoutem": "45068",
    "Zingem": "45068",
    "Lovendegem": "44085",
    "Waarschoot": "44085",
    "Zomergem": "44085",
}
IN_OTHER_LANGUAGES = {
    "Antwerpen": ["Anvers"],
    "Brussel": ["Bruxelles", "Brüssel"],
    "Mechelen": ["Malines", "Mecheln"],
    "Leuven": ["Louvain", "Löwen"],
    "Brugge": ["Bruges", "Brügge"],
    "Gent": ["Gand"],
    "Kortrijk": ["Courtrai"],
    "Liège": ["Luik", "Lüttich"],
    "Namur": ["Namen"],
    "Mons": ["Bergen"],
    "Tournai": ["Doornik"],
    "Braine-le-Comte": ["'s-Gravenbrakel"],
    "Arlon": ["Aarlen", "Arel"],
    "Bastogne": ["Bastenaken"],
    "Waimes": ["Weismes"],
    "Amel": ["Amblève"],
    "Büllingen": ["Bullange"],
    "Bütgenbach": ["Butgenbach"],
    "Eupen": [],
    "Kelmis": ["La Calamine"],
    "Lontzen": [],
    "Raeren": [],
    "Sankt Vith": ["Saint-Vith", "St. Vith"],
    "Burg-Reuland": [],
}
PARTS = {
    "Laeken": "21004",
    "Haren": "21004",
    "Neder-Over-Heembeek": "21004",
    "Louvain-la-Neuve": "25121",
    "Marcinelle": "52011",
    "Jemappes": "53053",
    "Templeuve": "57081",
    "Jupille-sur-Meuse": "62063",
    "Rocourt": "62063",
    "Fouron-le-Comte": "73109",
    "Wardin": "82039",
    "Jambes": "92094",
    "Wépion": "92094",
    "Linkeroever": "11002",
    "Kiewit": "71072",
    "Godsheide": "71072",
}

Fact = tuple[str, str]
"""A name, or a postcode, and the NIS code of the municipality of today."""


def plain(name: str) -> str:
    """The letters of a name: how capitals, accents, dashes and apostrophes are written says nothing."""
    return "".join(filter(str.isalnum, fold(name)))


TODAY = {row.nis for row in ROWS if row.kind == "municipality"}
NAMED = {(plain(name), row.nis) for row in ROWS for name in row.names}
POSTCODES = {(code, row.nis) for row in ROWS if row.kind == "municipality" for code in row.postcodes}


def read(name: str) -> Any:
    return json.loads(real_data(f"gazetteer/{name}.json").read_text(encoding="utf-8"))


def names_of_today() -> Iterator[Fact]:
    for one in read("municipalities"):
        yield from ((name, one["id"]) for name in one["name"].values())
    for one in read("gemeenten"):
        if one["status"] == "inGebruik":
            yield from ((each["naam"], one["niscode"]) for each in one["namen"])


def names_of_before() -> Iterator[Fact]:
    for one in read("gemeenten"):
        if one["status"] == "gehistoreerd":
            yield from ((each["naam"], SUCCESSORS[one["niscode"]]) for each in one["namen"])


def names_of_parts() -> Iterator[Fact]:
    return ((one["naam"], one["gemeente_niscode"]) for one in read("deelgemeenten"))


@pytest.mark.parametrize(
    ("facts", "at_least"), [(names_of_today, 2 * 565), (names_of_before, 29), (names_of_parts, 1132)]
)
def test_every_name_of_the_lists_stands_for_its_municipality(
    facts: Callable[[], Iterator[Fact]], at_least: int
) -> None:
    expected = list(facts())
    assert len(expected) >= at_least
    assert [(name, nis) for name, nis in expected if (plain(name), nis) not in NAMED] == []


def test_every_postcode_leads_to_its_municipalities_and_to_no_other() -> None:
    assert {(one["postalCode"], one["municipality"]) for one in read("postal-codes")} == POSTCODES


def test_the_municipalities_are_those_of_today() -> None:
    assert {one["id"] for one in read("municipalities")} == TODAY
    assert len(TODAY) == 565


def test_what_was_merged_stands_for_what_it_became() -> None:
    for name, nis in MERGED_IN_2019.items():
        assert (plain(name), nis) in NAMED, name


@pytest.mark.parametrize("name", IN_OTHER_LANGUAGES)
def test_a_municipality_is_known_by_its_names_in_other_languages(name: str) -> None:
    (row,) = [row for row in ROWS if row.kind == "municipality" and row.names[0] == name]
    assert set(IN_OTHER_LANGUAGES[name]) <= set(row.names)


@pytest.mark.parametrize(("name", "nis"), PARTS.items(), ids=PARTS)
def test_a_part_lies_in_its_municipality(name: str, nis: str) -> None:
    assert (plain(name), nis) in {(plain(each), row.nis) for row in ROWS if row.kind == "part" for each in row.names}


@pytest.mark.parametrize("word", ["heer", "alle", "on", "my", "mark", "roy", "dave", "barry", "born", "thys"])
def test_a_village_called_like_a_word_or_a_person_is_left_out(word: str) -> None:
    assert [nis for name, nis in NAMED if name == word] == []


def test_every_row_lies_in_a_municipality_of_today() -> None:
    assert TABLE.startswith("kind,nis,names,postcodes\n")
    assert {row.kind for row in ROWS} == {"municipality", "historic", "part"}
    assert [row for row in ROWS if row.nis not in TODAY] == []


def test_no_part_or_former_municipality_is_called_what_its_municipality_is() -> None:
    own = {(row.nis, plain(name)) for row in ROWS if row.kind == "municipality" for name in row.names}
    others = {(row.nis, plain(name)) for row in ROWS if row.kind != "municipality" for name in row.names}
    assert own & others == set()


def test_no_name_stands_twice_for_the_same() -> None:
    named = Counter((row.kind, row.nis, name) for row in ROWS for name in row.names)
    assert [one for one, times in named.items() if times > 1] == []
    municipalities = Counter(row.nis for row in ROWS if row.kind == "municipality")
    assert max(municipalities.values()) == 1


def test_names_and_postcodes_are_tidy() -> None:
    for row in ROWS:
        assert all(name and name == " ".join(name.split()) and "’" not in name for name in row.names), row
        assert all(re.fullmatch(r"[1-9]\d{3}", code) for code in row.postcodes), row
        assert row.postcodes == sorted(set(row.postcodes)), row


def test_the_postcode_of_a_part_is_one_of_its_municipality() -> None:
    assert [row for row in ROWS for code in row.postcodes if (code, row.nis) not in POSTCODES] == []


def test_rows_stand_in_order_so_that_changes_read_well() -> None:
    kinds = ["municipality", "historic", "part"]
    assert sorted(ROWS, key=lambda row: (kinds.index(row.kind), row.nis, row.names[0])) == ROWS
