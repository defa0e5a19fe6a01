# ruff: noqa: E501 - a table is read along its rows
"""A wrong edition is refused whole, and every fault is named with its file, its row and its field."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import shapely

import geo_lookup
from geo_lookup import EditionError
from geo_lookup.model import Finding
from tests.toy_city import MANIFEST, NEIGHBOURHOODS, SPECIAL_AREAS, TABLES, geojson, square, write_toy_city

BOW_TIE = shapely.from_wkt("POLYGON((228000 183000,229000 184000,229000 183000,228000 184000,228000 183000))")


def areas(**changes: tuple[str, str, shapely.Geometry | None]) -> str:
    return geojson(NEIGHBOURHOODS | changes)


def table(name: str, *lines: str) -> dict[str, str]:
    return {name: TABLES[f"{name}.csv"] + "".join(f"{line}\n" for line in lines)}


def manifest(old: str, new: str) -> dict[str, str]:
    assert old in MANIFEST
    return {"manifest": MANIFEST.replace(old, new)}


def refused(folder: Path, **files: Any) -> tuple[Finding, ...]:
    with pytest.raises(EditionError) as error:
        geo_lookup.load(write_toy_city(folder, **files))
    for finding in error.value.findings:
        assert str(finding) in str(error.value)
    return error.value.findings


LAYER = "neighbourhoods.geojson"
FAULTS: dict[str, tuple[dict[str, Any], str, int | None, str | None, str]] = {
    "an invalid geometry": ({"neighbourhoods": areas(a1=("A", "A", BOW_TIE))}, LAYER, 1, None, "Self-intersection"),
    "an empty geometry": (
        {"neighbourhoods": areas(a2=("A", "A", shapely.Polygon()))}, LAYER, 2, None, "missing or empty"),
    "a missing geometry": ({"neighbourhoods": areas(a2=("A", "A", None))}, LAYER, 2, None, "missing or empty"),
    "a line": (
        {"neighbourhoods": areas(b1=("B", "B", square(1, 1).exterior))}, LAYER, 3, None, "must be a polygon"),
    "a feature in another CRS": (
        {"neighbourhoods": areas(b1=("B", "B", shapely.box(729462, 684475, 729562, 684575)))},
        LAYER, 3, None, "lies outside the area where EPSG:31370 is used"),
    "a layer in another CRS than stated": (
        manifest('path = "neighbourhoods.geojson"\ncrs = 31370', 'path = "neighbourhoods.geojson"\ncrs = 3812'),
        LAYER, None, None, "every feature lies outside the area"),
    "a layer without a feature": ({"neighbourhoods": geojson({})}, LAYER, None, None, "no feature"),
    "a field that is not there": (
        manifest('parent = "district"', 'parent = "deel"'), LAYER, None, None, "no field deel; it has"),
    "an empty name": ({"neighbourhoods": areas(a2=("", "A", square(0, 0)))}, LAYER, 2, "name", "must not be empty"),
    "an empty parent": ({"neighbourhoods": areas(a2=("A", "", square(0, 0)))}, LAYER, 2, "district", "not be empty"),
    "an id used by two kinds of area": (
        {"special_areas": geojson(SPECIAL_AREAS | {"a1": ("S", "", square(0, 0))})}, "manifest.toml", None, "layers", "'a1' stands for"),
    "a duplicate manager": (table("managers", "ann,Ann 2,,,"), "managers.csv", 6, "id", "stands here twice"),
    "a duplicate office": (
        table("offices", "o1,Again,wijkbureau,,5.49,50.95,,,,"), "offices.csv", 4, "id", "stands here twice"),
    "an assignment to an unknown area": (
        table("assignments", "Z,wijkmanager,ann,,,"), "assignments.csv", 8, "area_id", "there is no area 'Z'"),
    "an assignment to an unknown area, in a column of another name": (
        {"assignments": TABLES["assignments.csv"].replace("area_id", "gebied") + "Z,wijkmanager,ann,,,\n",
         **manifest('path = "assignments.csv"', 'path = "assignments.csv"\ncolumns = { area_id = "gebied" }')},
        "assignments.csv", 8, "gebied", "there is no area 'Z'"),
    "an assignment to an unknown manager": (
        table("assignments", "b1,wijkmanager,zoe,,,"), "assignments.csv", 8, "manager_id", "there is no manager 'zoe'"),
    "an unknown cover": (
        table("assignments", "b1,wijkmanager,,zoe,,"), "assignments.csv", 8, "cover_id", "there is no manager 'zoe'"),
    "overlapping assignments for one role": (
        table("assignments", "A,wijkmanager,bob,,2026-01-01,"), "assignments.csv", 8, "valid_from", "overlaps row 2"),
    "an assignment that ends before it begins": (
        table("assignments", "a1,x,bob,,2026-01-01,2026-01-01"), "assignments.csv", 8, "valid_to", "it ends"),
    "a date that does not exist": (
        table("assignments", "a1,x,bob,,2026-02-30,"), "assignments.csv", 8, "valid_from", "a date must be written as"),
    "a date the other way round": (
        table("assignments", "a1,x,bob,,23-11-2026,"), "assignments.csv", 8, "valid_from", "a date must be written as"),
    "a timestamp for a date": (
        table("assignments", "a1,x,bob,,1763856000,"), "assignments.csv", 8, "valid_from", "a date must be written as"),
    "an empty role": (table("assignments", "a1,,bob,,,"), "assignments.csv", 8, "role", "must not be empty"),
    "bad opening hours": (
        table("offices", "o3,O,wijkbureau,,5.49,50.95,ma-vr 9-12,,,"),
        "offices.csv", 4, "opening_hours", "hours cannot be read from character 1 on"),
    "an office in the sea": (
        table("offices", "o3,O,wijkbureau,,50.95,5.49,,,,"), "offices.csv", 4, "lon", "the office lies outside"),
    "a number with a comma": (
        table("offices", 'o3,O,wijkbureau,,"5,49",50.95,,,,'), "offices.csv", 4, "lon", "with a decimal point"),
    "an office for an unknown district": (
        table("offices", "o3,O,wijkbureau,,5.49,50.95,,,,A;Z"), "offices.csv", 4, "district_ids", "no area 'Z'"),
    "a service in an unknown area": (table("services", "Z,x"), "services.csv", 7, "area_id", "no area 'Z'"),
    "an override to an unknown area": (table("overrides", "008,Z,,,"), "overrides.csv", 3, "area_id", "no area 'Z'"),
    "two overrides for an address": (
        table("overrides", "007,a1,2025-01-01,,"), "overrides.csv", 3, "valid_from", "overlaps row 2"),
    "a closing day of an unknown office": (
        table("closing_days", "2026-12-31,o9,"), "closing_days.csv", 3, "office_id", "there is no office 'o9'"),
    "a column that is missing": (
        {"managers": "id;name\nann;Ann\n"}, "managers.csv", 1, None, "no column id, name; with delimiter ',' it reads 'id;name'"),
    "assignments without managers": (
        {"assignments": TABLES["assignments.csv"].replace("manager_id", "mngr_id")}, "assignments.csv", 1, None, "no column manager_id"),
    "a row that is too long": (table("services", "A,x,y"), "services.csv", 7, None, "3 cells and the header 2"),
    "an open quote": (table("services", 'A,"x'), "services.csv", 7, None, "this is no CSV"),
    "another encoding": (
        {"managers": TABLES["managers.csv"].replace("Ann,", "Anné,").encode("cp1252")},
        "managers.csv", 2, None, "this is not utf-8-sig; state `encoding`"),
    "an unknown key": (manifest('city = "Toy"', 'city = "Toy"\ncty = 1'), "manifest.toml", None, "cty", "no such key"),
    "a missing key": (manifest('city = "Toy"\n', ""), "manifest.toml", None, "city", "must be stated"),
    "an unknown CRS": (
        manifest("crs = 31370\nparent", "crs = 1\nparent"), "manifest.toml", None, "layers.neighbourhoods.crs", "EPSG"),
    "a metric CRS in degrees": (
        manifest('city = "Toy"', 'city = "Toy"\nmetric_crs = 4326'), "manifest.toml", None, "metric_crs", "in metres"),
    "a metric CRS that stretches": (
        manifest('city = "Toy"', 'city = "Toy"\nmetric_crs = 3857'), "manifest.toml", None, "metric_crs", "0.63 m on the ground"),
    "a country without known holidays": (
        manifest('city = "Toy"', 'city = "Toy"\ncountry = "XX"'), "manifest.toml", None, "country", "holidays of this"),
    "a time zone that is no place's": (
        manifest('city = "Toy"', 'city = "Toy"\ntimezone = "localtime"'), "manifest.toml", None, "timezone", "IANA"),
    "an unknown encoding": (
        manifest('path = "managers.csv"', 'path = "managers.csv"\nencoding = "undefined"'),
        "manifest.toml", None, "tables.managers.encoding", "no encoding"),
    "a switch that is no truth": (
        manifest('city = "Toy"', 'city = "Toy"\ndemo = "off"'), "manifest.toml", None, "demo", "valid boolean"),
    "a margin that is a truth": (
        manifest('city = "Toy"', 'city = "Toy"\nborder_margin_m = true'), "manifest.toml", None, "border_margin_m", "valid number"),
    "a moment for a day": (
        manifest("valid_from = 2020-01-01", "valid_from = 2020-01-01T00:00:00Z"), "manifest.toml", None, "valid_from", "without quotes and without a time"),
    "a number for a name": (
        manifest('id = "toy-1"', "id = 2026"), "manifest.toml", None, "id", "in quotes"),
    "a workbook for a table": (
        manifest('path = "services.csv"', 'path = "services.xlsx"'), "services.xlsx", None, None, "FlatGeobuf, CSV, or save a workbook"),
    "a manifest without end": ({"manifest": "a = " + "[" * 3000}, "manifest.toml", None, None, "this is no TOML"),
    "a closing day of the year 26": (
        table("closing_days", "0026-12-31,o1,"), "closing_days.csv", 3, "date", "in 1900 or later"),
    "school holidays": (
        table("offices", "o3,O,wijkbureau,,5.49,50.95,Mo-Fr 09:00-12:00; SH off,,,"),
        "offices.csv", 4, "opening_hours", "school holidays"),
    "an unknown time zone": (
        manifest('city = "Toy"', 'city = "Toy"\ntimezone = "Mars"'), "manifest.toml", None, "timezone", "IANA"),
    "a manifest that is no TOML": ({"manifest": "id = "}, "manifest.toml", None, None, "this is no TOML"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_refused_by_its_file_row_and_field(tmp_path: Path, fault: str) -> None:
    files, file, row, field, message = FAULTS[fault]
    findings = refused(tmp_path, **files)
    assert [(one.file, one.row, one.field, one.level) for one in findings] == [(file, row, field, "error")]
    assert message in findings[0].message


def test_a_duplicate_id_in_a_layer_is_refused(tmp_path: Path) -> None:
    text = areas().replace('"id": "a2"', '"id": "a1"')
    findings = refused(tmp_path, neighbourhoods=text)
    assert [(one.rule, one.row, one.field) for one in findings] == [("duplicate-id", 2, "id")]


def test_every_fault_is_in_one_message(tmp_path: Path) -> None:
    findings = refused(
        tmp_path,
        neighbourhoods=areas(a1=("A-North", "A", BOW_TIE)),
        **table("managers", "ann,Again,,,"),
        **table("assignments", "Z,wijkmanager,zoe,,2026-02-01,2026-01-01"),
        **table("offices", "o3,O,wijkbureau,,5.49,50.95,never,,,"),
    )
    assert {(one.file, one.row) for one in findings} == {
        ("neighbourhoods.geojson", 1),
        ("managers.csv", 6),
        ("assignments.csv", 8),
        ("offices.csv", 4),
    }
    assert len(findings) == 6


def test_one_fault_is_not_reported_again_where_others_rely_on_it(tmp_path: Path) -> None:
    findings = refused(tmp_path, managers=TABLES["managers.csv"].replace("ann,Ann", "ann,"))
    assert [(one.file, one.row, one.field) for one in findings] == [("managers.csv", 2, "name")]
    findings = refused(tmp_path, neighbourhoods=b"nothing")
    assert [one.file for one in findings] == ["neighbourhoods.geojson"]


@pytest.mark.parametrize("current", [None, "", "nowhere", "../toy", "."])
def test_a_folder_without_an_edition_says_what_to_give(tmp_path: Path, current: str | None) -> None:
    write_toy_city(tmp_path / "toy")
    (tmp_path / "published").mkdir()
    if current is not None:
        (tmp_path / "published" / "current").write_text(current)
    with pytest.raises(EditionError, match=r"manifest\.toml"):
        geo_lookup.load(tmp_path / "published")


def test_a_published_folder_stands_for_its_current_edition(tmp_path: Path) -> None:
    write_toy_city(tmp_path / "2026-11")
    (tmp_path / "current").write_text("2026-11\n")
    assert geo_lookup.load(tmp_path).edition.fingerprint == geo_lookup.load(tmp_path / "2026-11").edition.fingerprint


OUTLINE = MANIFEST.replace(
    "[layers.special_areas]", '[layers.city]\npath = "city.geojson"\ncrs = 31370\n[layers.special_areas]'
)


@pytest.mark.parametrize(
    ("outline", "message"),
    [(None, "holds no feature"), (shapely.box(100000, 182000, 101000, 183000), "holds none of its neighbourhoods")],
)
def test_an_outline_that_is_not_the_citys_is_refused(
    tmp_path: Path, outline: shapely.Geometry | None, message: str
) -> None:
    (tmp_path / "city.geojson").write_text(geojson({"c": ("Toy", "", outline)} if outline else {}))
    findings = refused(tmp_path, manifest=OUTLINE)
    assert [(one.file, message in one.message) for one in findings] == [("city.geojson", True)]


def test_a_role_that_nobody_has_is_a_warning(tmp_path: Path) -> None:
    text = TABLES["assignments.csv"].replace(",wijkmanager,", ",Wijkmanager,")
    (warning,) = geo_lookup.load(write_toy_city(tmp_path, assignments=text)).edition.warnings
    assert "the roles are Wijkmanager, " in warning.message


def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_toy_city(tmp_path)

    def forbidden(*_: object, **__: object) -> bytes:
        raise PermissionError(13, "Permission denied", "managers.csv")

    monkeypatch.setattr(Path, "read_bytes", forbidden)
    with pytest.raises(EditionError, match=r"managers\.csv: it cannot be read: Permission denied"):
        geo_lookup.load(tmp_path)


BY_TABLE = MANIFEST.replace('parent = "district"\n', "").replace(
    "[tables.managers]", '[tables.districts]\npath = "districts.csv"\n[tables.managers]'
)


@pytest.mark.parametrize(
    ("rows", "place", "message"),
    [
        (["a1,A", "a2,A", "b1,B", "b2,B", "zz,B"], 6, "there is no neighbourhood 'zz'"),
        (["a1,A", "a2,A", "b1,B", "b2,B", "b2,A"], 6, "'b2' is given a district twice"),
        (["a1,A", "a2,A", "b1,B"], None, "'B-South' (b2) is given no district"),
        (["a1,A", "a2,A", "b1,B", ",B", "b2,B"], 5, "no neighbourhood is named"),
        (["a1,A", "a2,A", "b1,B", "b2,"], 5, "this cell must not be empty"),
    ],
)
def test_a_table_gives_each_neighbourhood_one_district(
    tmp_path: Path, rows: list[str], place: int | None, message: str
) -> None:
    (tmp_path / "districts.csv").write_text("\n".join(["neighbourhood_id,district_id", *rows]))
    first = refused(tmp_path, manifest=BY_TABLE)[0]
    assert (first.file, first.row) == ("districts.csv", place)
    assert message in first.message


def test_a_district_goes_by_one_name(tmp_path: Path) -> None:
    text = MANIFEST.replace('parent = "district"', 'parent = "district"\nparent_name = "name"')
    assert {one.rule for one in refused(tmp_path, manifest=text)} == {"district-name"}


def test_the_table_is_blamed_for_a_district_that_was_not_drawn(tmp_path: Path) -> None:
    (tmp_path / "districts.csv").write_text("neighbourhood_id,district_id\na1,A\na2,A\nb1,B\nb2,Q\n")
    (tmp_path / "drawn.geojson").write_text(geojson({"A": ("A", "", square(0, 0)), "B": ("B", "", square(1, 0))}))
    text = BY_TABLE.replace(
        "[layers.special_areas]", '[layers.districts]\npath = "drawn.geojson"\ncrs = 31370\n[layers.special_areas]'
    )
    (finding,) = refused(tmp_path, manifest=text)
    assert (finding.file, finding.row) == ("districts.csv", 5)
    assert "'Q' of 'B-South'" in finding.message


def test_districts_that_nothing_names_are_one_fault(tmp_path: Path) -> None:
    (tmp_path / "drawn.geojson").write_text(geojson({"A": ("A", "", square(0, 0)), "B": ("B", "", square(1, 0))}))
    drawn = '[layers.districts]\npath = "drawn.geojson"\ncrs = 31370\n[layers.special_areas]'
    text = MANIFEST.replace('parent = "district"\n', "").replace("[layers.special_areas]", drawn)
    (finding,) = refused(tmp_path, manifest=text)
    assert "name the field in `parent`" in finding.message


def test_a_neighbourhood_without_a_district_hides_no_other_fault(tmp_path: Path) -> None:
    (tmp_path / "districts.csv").write_text("neighbourhood_id,district_id\na1,A\na2,A\nb1,B\n")
    findings = refused(tmp_path, manifest=BY_TABLE, **table("assignments", "Z,wijkmanager,ann,,,"))
    assert [(one.file, one.row) for one in findings] == [("districts.csv", None), ("assignments.csv", 8)]


def test_an_empty_name_is_one_fault(tmp_path: Path) -> None:
    findings = refused(tmp_path, neighbourhoods=areas(a1=("", "A", square(0, 1))))
    assert [(one.file, one.row, one.field) for one in findings] == [("neighbourhoods.geojson", 1, "name")]


def test_what_gdal_remarks_on_is_a_warning(tmp_path: Path) -> None:
    open_ring = geojson(NEIGHBOURHOODS).replace("000.0]]]", "000.5]]]", 1)
    with pytest.raises(EditionError) as error:
        geo_lookup.load(write_toy_city(tmp_path, neighbourhoods=open_ring))
    assert "ring" in str(error.value).lower()
