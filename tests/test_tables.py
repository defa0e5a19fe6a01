"""Tables as cities deliver them."""

from __future__ import annotations

from pathlib import Path

import pytest

import geo_lookup
from geo_lookup import Finder
from tests.toy_city import MANIFEST, TABLES, write_toy_city

MANAGERS = TABLES["managers.csv"]


def manager(finder: Finder, name: str) -> tuple[str | None, str | None, tuple[str, ...]]:
    person = finder.edition.posts.managers[name]
    return person.email, person.phone, person.languages


def test_leading_zeros_and_the_plus_of_a_phone_number_stay(tmp_path: Path) -> None:
    finder = geo_lookup.load(write_toy_city(tmp_path))
    assert manager(finder, "ann") == ("ann@example.org", "+32 89 00 00 01", ("nl", "fr"))
    assert manager(finder, "bob")[1] == "089000002"
    assert list(finder.edition.overrides) == ["007"]


@pytest.mark.parametrize(
    ("why", "content", "options"),
    [
        ("with a byte order mark", MANAGERS.encode("utf-8-sig"), ""),
        ("with a byte order mark, in UTF-8 as stated", MANAGERS.encode("utf-8-sig"), '\nencoding = "UTF-8"'),
        ("with Windows line ends", MANAGERS.replace("\n", "\r\n").encode(), ""),
        ("without a last line end", MANAGERS.rstrip().encode(), ""),
        ("with empty lines and spaces", MANAGERS.replace(",", " , ").replace("\n", "\n\n").encode(), ""),
        ("with a semicolon", MANAGERS.replace(";", "|").replace(",", ";").replace("nl|fr", '"nl;fr"').encode(),
         '\ndelimiter = ";"'),
        ("with columns and rows that a spreadsheet left empty",
         (MANAGERS.replace("\n", ",,\n") + ",,,,,,\n").encode(), ""),
        ("in cp1252", MANAGERS.replace("Bob", "Böb").encode("cp1252"), '\nencoding = "cp1252"'),
        ("with columns of its own", MANAGERS.replace("id,name,email", "code,naam,mail").encode(),
         '\ncolumns = { id = "code", name = "naam", email = "mail" }'),
        ("with columns in another order and one too many",
         b"phone,x,id,email,languages,name\n+32 89 00 00 01,x,ann,ann@example.org,nl;fr,Ann\n"
         b",x,bob,,,Bob\n,x,sue,,,Sue\n,x,cit,,,Cit\n", ""),
    ],
)  # fmt: skip
def test_a_table_is_read(tmp_path: Path, why: str, content: bytes, options: str) -> None:
    text = MANIFEST.replace('path = "managers.csv"', 'path = "managers.csv"' + options)
    finder = geo_lookup.load(write_toy_city(tmp_path, managers=content, manifest=text))
    assert manager(finder, "ann") == ("ann@example.org", "+32 89 00 00 01", ("nl", "fr")), why


def test_utf8_that_is_read_as_something_else_is_a_warning(tmp_path: Path) -> None:
    text = MANIFEST.replace('path = "managers.csv"', 'path = "managers.csv"\nencoding = "cp1252"')
    for content, warned in ((MANAGERS, False), (MANAGERS.replace("Bob", "Böb"), True)):
        warnings = geo_lookup.load(write_toy_city(tmp_path, managers=content, manifest=text)).edition.warnings
        assert [one.file for one in warnings if "this is UTF-8" in one.message] == ["managers.csv"] * warned


def test_a_manifest_may_leave_every_table_out(tmp_path: Path) -> None:
    finder = geo_lookup.load(write_toy_city(tmp_path, manifest=MANIFEST.split("[tables.managers]")[0]))
    answer = finder.find(x=228500, y=183500, crs=31370)
    assert answer.outcome == "vacant"
    assert answer.offices.assigned is None
    assert answer.offices.nearest == ()


def test_an_accent_typed_in_two_ways_is_the_same_id(tmp_path: Path) -> None:
    composed, decomposed = "\u00e9", "e\u0301"
    tables = {
        "managers": MANAGERS.replace("ann,", f"{composed},"),
        "assignments": TABLES["assignments.csv"]
        .replace(",ann,", f",{decomposed},")
        .replace(",,ann,", f",,{composed},"),
    }
    answer = geo_lookup.load(write_toy_city(tmp_path, **tables)).find(x=228500, y=183500, crs=31370)
    assert answer.outcome == "assigned"


@pytest.mark.parametrize(
    ("table", "column"),
    [("assignments", "cover_id"), ("offices", "district_ids"), ("managers", "phone"), ("closing_days", "office_id")],
)
def test_a_column_that_is_missing_is_a_warning_for_it_may_be_misspelt(tmp_path: Path, table: str, column: str) -> None:
    text = TABLES[f"{table}.csv"].replace(column, f"{column}x", 1)
    (warning,) = geo_lookup.load(write_toy_city(tmp_path, **{table: text})).edition.warnings
    assert (warning.file, warning.row) == (f"{table}.csv", 1)
    assert f"there is no column {column};" in warning.message
