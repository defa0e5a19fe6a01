# ruff: noqa: E501 - a table is read along its rows
"""Each rule, by a table of small changes to the sound city."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely

from geo_lookup.crs import reference_system
from geo_lookup.edition import read_edition
from geo_lookup.model import Finding
from geo_lookup.quality.coverage import check_edges
from geo_lookup.quality.inspection import inspect
from geo_lookup.quality.wording import MOST, listed, not_too_many, square_metres
from tests.quality.sound_city import DISTRICTS, OUTLINE, STREET, SoundCity, written
from tests.toy_city import CORNER, SIDE, square

X, Y = CORNER
BARE = SoundCity(street=())
B_VACANT = "B,wijkmanager,,ann,2020-01-01,\n"
SPECIAL = "s,wijkmanager,sue,,2020-01-01,\n"
A_DISTRICT = "A,wijkmanager,ann,,2020-01-01,\n"


def lonlat(x: float, y: float) -> str:
    return "{:.6f},{:.6f}".format(*reference_system(31370).to_lonlat(x, y))


STAFF: dict[str, tuple[SoundCity, list[tuple[str, str]]]] = {
    "a district without a manager is said once, not for each neighbourhood": (
        BARE.with_table("assignments", A_DISTRICT, ""), [("no-manager", "'District A' (A)")]),
    "a neighbourhood whose neighbour has a manager of its own is named itself": (
        BARE.with_table("assignments", A_DISTRICT, "a1,wijkmanager,ann,,2020-01-01,\n"), [("no-manager", "'A-South' (a2)")]),
    "a special area without a manager": (
        BARE.with_table("assignments", SPECIAL, ""), [("no-manager", "'Site' (s)")]),
    "the city's own manager answers everywhere": (
        BARE.with_table("assignments", A_DISTRICT, "toy,wijkmanager,ann,,2020-01-01,\n").with_table("assignments", SPECIAL, ""), []),
    "a vacancy is no lack of a manager, but of a cover": (
        BARE.with_table("assignments", B_VACANT, "B,wijkmanager,,,2020-01-01,\n"), [("vacancy-without-cover", "'District B' (B)")]),
    "a vacancy to come needs a cover too": (
        BARE.with_table("assignments", A_DISTRICT, "A,wijkmanager,ann,,2020-01-01,2027-06-01\nA,wijkmanager,,,2027-06-01,\n"),
        [("vacancy-without-cover", "'District A' (A)")]),
    "a vacancy that is over needs none": (
        BARE.with_table("assignments", A_DISTRICT, "A,wijkmanager,,,2019-01-01,2020-01-01\n" + A_DISTRICT), []),
    "when a neighbourhood's own manager leaves, its district's follows": (
        BARE.with_table("assignments", "b2,wijkmanager,bob,,2024-01-01,2027-01-01", "b2,wijkmanager,bob,,2024-01-01,2026-01-01"), []),
    "other roles need a successor as well": (
        BARE.with_table("assignments", "A,buurtopbouwwerk,bob,,2020-01-01,", "A,buurtopbouwwerk,bob,,2020-01-01,2027-01-01"),
        [("no-successor", "'buurtopbouwwerk'")]),
    "who left without a successor is told of once, not as a lack of a manager too": (
        BARE.with_table("assignments", A_DISTRICT, "A,wijkmanager,ann,,2020-01-01,2026-01-01\n"), [("no-successor", "ended on 2026-01-01")]),
    "an edition that assigns nobody is not asked": (
        replace(BARE, tables=BARE.tables | {"assignments.csv": BARE.tables["assignments.csv"].splitlines()[0] + "\n"}), []),
    "a role that is spelt otherwise is said once": (
        replace(BARE, manifest=BARE.manifest.replace('city = "Toy"', 'city = "Toy"\nmanager_role = "manager"')),
        [("role", "no assignment is for 'manager'")]),
    "a district that no office serves": (
        BARE.with_table("offices", "089000100,,A", "089000100,,"), [("no-office", "'District A' (A)")]),
    "a neighbourhood that no office serves": (
        BARE.with_table("offices", "089000100,,A", "089000100,,a1"), [("no-office", "'A-South' (a2)")]),
    "offices that serve no area in particular serve all": (
        BARE.with_table("offices", "089000100,,A", "089000100,,").with_table("offices", ",,,B;s", ",,,"), []),
    "a manager whom nobody can reach": (
        BARE.with_table("managers", "sue@example.org,+32 89 00 00 03", ","), [("no-contact", "'Sue' (sue) has neither phone nor email")]),
    "a cover whom nobody can reach": (
        BARE.with_table("managers", "bob,Bob,bob@example.org,089000002", "bob,Bob,bob@example.org,089000002,nl\neve,Eve,,")
            .with_table("assignments", B_VACANT, B_VACANT.replace("ann", "eve")), [("no-contact", "'Eve' (eve)")]),
    "one who has no post any more need not be reached": (
        BARE.with_table("managers", "bob,Bob,bob@example.org,089000002", "bob,Bob,bob@example.org,089000002,nl\neve,Eve,,")
            .with_table("assignments", A_DISTRICT, "A,wijkmanager,eve,,2019-01-01,2020-01-01\n" + A_DISTRICT), []),
    "a city whose own service nobody can reach": (
        replace(BARE, manifest=BARE.manifest.replace('phone = "+32 89 00 00 99"\n', "")), [("no-contact", "'Town hall' has neither")]),
    "an office without hours": (
        BARE.with_table("offices", "Mo-Fr 09:00-12:00", ""), [("no-hours", "'Office A' (o1)")]),
    "an office farther across is not": (
        BARE.with_table("offices", "5.4978,50.9445", lonlat(X + 2 * SIDE + 20, Y + 500)),
        [("office-outside-city", "'Office B' (o2) lies 20 m outside Toy")]),
    "an office just across the border is within the margin": (
        BARE.with_table("offices", "5.4978,50.9445", lonlat(X + 2 * SIDE + 10, Y + 500)), []),
}  # fmt: skip


@pytest.mark.parametrize("case", STAFF)
def test_people_and_offices(case: str) -> None:
    city, expected = STAFF[case]
    findings = city.findings()
    assert [(one.level, one.rule) for one in findings] == [("warning", rule) for rule, _ in expected]
    for one, (_, words) in zip(findings, expected, strict=True):
        assert words in one.message


def renamed(area_id: str, name: str) -> SoundCity:
    return BARE.with_neighbourhood(area_id, BARE.neighbourhoods[area_id][2], name)


@pytest.mark.parametrize(
    ("name", "alike"), [("A North", True), ("a-nörth", True), ("A-North", False), ("A-Nord", False)]
)
def test_two_neighbourhoods_that_differ_by_a_hyphen_alone_are_named(name: str, alike: bool) -> None:
    assert renamed("a2", name).rules() == ([("warning", "spelling")] if alike else [])


DISTRICT_TABLE = '[tables.districts]\npath = "districts.csv"\n'


def with_district_table(*rows: str) -> SoundCity:
    head = "neighbourhood_id,neighbourhood_name,district_id,district_name"
    table = "\n".join([head, *rows, ""])
    return replace(BARE, manifest=BARE.manifest + DISTRICT_TABLE, tables=BARE.tables | {"districts.csv": table})


SPELT = ("a1,A-North,A,District A", "a2,A-South,A,District A", "b1,B-North,B,District B", "b2,B-South,B,District B")


def test_a_table_that_spells_as_the_layer_does_is_no_finding() -> None:
    assert with_district_table(*SPELT).findings() == ()


def test_a_neighbourhood_spelt_differently_in_a_table_is_named_with_its_place() -> None:
    (found,) = with_district_table(SPELT[0], "a2,A South,A,District A", *SPELT[2:]).findings()
    assert (found.level, found.rule, found.file, found.row) == ("warning", "spelling", "districts.csv", 3)
    assert found.field == "neighbourhood_name"
    assert "'A South' is called 'A-South' (a2)" in found.message


def test_a_district_spelt_differently_in_a_table_is_named() -> None:
    (found,) = with_district_table(*SPELT[:3], "b2,B-South,B,District-B").findings()
    assert (found.rule, found.row, found.field) == ("spelling", 5, "district_name")


def test_a_name_that_is_the_only_key_and_is_spelt_differently_is_an_error_that_says_how_it_is_spelt() -> None:
    findings = with_district_table(SPELT[0], ",A South,A,District A", *SPELT[2:]).findings()
    (spelling,) = [one for one in findings if one.rule == "spelling"]
    assert (spelling.level, spelling.row) == ("error", 3)
    assert "'A South' is spelt 'A-South' in the layer" in spelling.message


def test_a_parents_name_in_the_layer_that_differs_from_the_districts_layer_is_named() -> None:
    manifest = BARE.manifest.replace('parent = "district"', 'parent = "district"\nparent_name = "district"')
    findings = replace(BARE, manifest=manifest).findings()
    assert [(one.rule, one.row) for one in findings] == [("spelling", row) for row in (1, 2, 3, 4)]
    assert "'A' is called 'District A' (A) in districts.geojson" in findings[0].message


SWAPPED = {area_id: (name, parent, shapely.transform(shape, lambda xy: xy[:, ::-1]))
           for area_id, (name, parent, shape) in BARE.neighbourhoods.items()}  # fmt: skip


def test_a_layer_with_its_axes_swapped_within_the_country_is_known_by_its_offices() -> None:
    city = replace(BARE, neighbourhoods=SWAPPED, special_areas={"s": BARE.special_areas["s"]}, drawn=False)
    (found,) = [one for one in city.findings() if one.level == "error"]
    assert found.rule == "offices-elsewhere"
    assert found.remedy == "They would lie together if the layers were in EPSG:31370 with x and y swapped."


def test_a_layer_with_its_axes_swapped_is_known_by_its_addresses_too() -> None:
    no_offices = BARE.tables | {
        "offices.csv": BARE.tables["offices.csv"].splitlines()[0] + "\n",
        "closing_days.csv": "date,office_id,reason\n",
    }
    city = replace(SoundCity(), neighbourhoods=SWAPPED, tables=no_offices, drawn=False)
    (found,) = [one for one in city.findings() if one.level == "error"]
    assert found.rule == "addresses-elsewhere"
    assert found.remedy == "They would lie together if the layers were in EPSG:31370 with x and y swapped."


@pytest.mark.parametrize(("x", "y"), [(30_000, 240_000), (150_000, 255_000), (10_000, 100_000)])
def test_a_city_in_the_sea_or_across_the_border_is_an_error(x: float, y: float) -> None:
    def moved(shape: shapely.Geometry) -> shapely.Geometry:
        return shapely.transform(shape, lambda xy: xy + np.array([x - X, y - Y]))

    areas = {area_id: (name, parent, moved(shape)) for area_id, (name, parent, shape) in BARE.neighbourhoods.items()}
    special = {area_id: (name, parent, moved(shape)) for area_id, (name, parent, shape) in BARE.special_areas.items()}
    no_offices = BARE.tables | {
        "offices.csv": BARE.tables["offices.csv"].splitlines()[0] + "\n",
        "closing_days.csv": "date,office_id,reason\n",
    }
    city = replace(BARE, neighbourhoods=areas, special_areas=special, drawn=False, tables=no_offices)
    assert city.rules() == [("error", "position")]


def test_drawn_districts_and_special_areas_must_not_overlap_either() -> None:
    wide = shapely.box(X, Y, X + SIDE + 50, Y + 2 * SIDE)
    findings = replace(BARE, districts=DISTRICTS | {"A": ("District A", "", wide)}).findings()
    assert [(one.level, one.rule, one.file) for one in findings] == [("error", "overlap", "districts.geojson")]
    twice = BARE.special_areas | {"t": ("Other", "", BARE.special_areas["s"][2])}
    assignments = BARE.with_table("assignments", SPECIAL, SPECIAL + "t,wijkmanager,sue,,2020-01-01,\n")
    findings = replace(assignments, special_areas=twice).findings()
    assert [(one.level, one.rule, one.file) for one in findings] == [("error", "overlap", "special_areas.geojson")]


def test_an_outline_wider_than_the_neighbourhoods_shows_what_they_leave_uncovered() -> None:
    (found,) = replace(BARE, outline=shapely.box(X, Y, X + 2 * SIDE, Y + 2 * SIDE + 80)).findings()
    assert (found.level, found.rule) == ("warning", "gap")
    assert "160,000 m²" in found.message
    assert "'A-North' (a1) and 'B-North' (b1)" in found.message


@pytest.mark.parametrize("drawn", [True, False])
def test_a_special_area_lies_in_the_city_be_its_outline_drawn_or_not(drawn: bool) -> None:
    away = {"s": ("Site", "", shapely.box(X + 9 * SIDE, Y, X + 9 * SIDE + 20, Y + 20))}
    findings = replace(BARE, special_areas=away, drawn=drawn).findings()
    assert [(one.level, one.rule, one.file) for one in findings] == [
        ("warning", "outside-city", "special_areas.geojson")
    ]


def test_an_outline_that_differs_by_millimetres_is_no_finding() -> None:
    assert replace(BARE, outline=shapely.box(X, Y, X + 2 * SIDE, Y + 2 * SIDE + 0.005)).findings() == ()


def test_one_office_far_away_is_that_offices_fault() -> None:
    header, first, _ = BARE.tables["offices.csv"].splitlines()
    alone = BARE.tables | {
        "offices.csv": "\n".join([header, first.replace("5.4837", "5.7").replace(",,A", ",,A;B"), ""])
    }
    assert replace(BARE, tables=alone).rules() == [("warning", "office-outside-city")]


def test_edges_that_a_gap_explains_are_not_told_again() -> None:
    city = BARE.with_neighbourhood("b1", shapely.box(X + SIDE, Y + SIDE + 5, X + 2 * SIDE, Y + 2 * SIDE))
    with written(city) as folder:
        assert list(check_edges(read_edition(folder).tables)), "they differ"
    assert city.rules() == [("warning", "gap")]


def test_addresses_of_other_municipalities_may_lie_elsewhere() -> None:
    with written(SoundCity()) as folder:
        addresses = folder / "addresses.csv"
        addresses.write_text(addresses.read_text() + f"{X - 3000},{Y},900,,1,71998,Elsewhere,3500,s2,Road,current\n")
        assert read_edition(folder).addresses is not None
        assert inspect(folder).findings == ()
        addresses.write_text(addresses.read_text().replace("71998,Elsewhere", "71999,Toy"))
        assert [one.rule for one in inspect(folder).findings] == ["address-outside-city"]


def test_an_id_stands_for_one_address() -> None:
    with written(SoundCity()) as folder:
        addresses = folder / "addresses.csv"
        addresses.write_text(addresses.read_text() + f"{X - 3000},{Y},007,,1,71998,Elsewhere,3500,s2,Road,current\n")
        (found,) = inspect(folder).findings
        assert (found.level, found.rule, found.file) == ("warning", "address-ids", "addresses.csv")
        assert found.message == "ids stand for more than one address, 1 in all: 007."


def test_an_override_answers_for_an_address_outside() -> None:
    street = (*STREET, (21, X - 3000, Y))
    assert replace(SoundCity(), street=street).rules() == [("warning", "address-outside-city")]
    overridden = SoundCity().tables | {"overrides.csv": "address_id,area_id,valid_from,valid_to,reason\n021,a1,,,\n"}
    assert replace(SoundCity(), street=street, tables=overridden).findings() == ()


def test_of_many_findings_of_a_rule_the_last_are_told_together() -> None:
    many = [Finding("warning", "gap", "f", f"{number}.", shape=shapely.Point(number, 0)) for number in range(MOST + 3)]
    told = list(not_too_many([*many, Finding("error", "x", "f", "x.")]))
    assert [one.message for one in told[MOST:]] == ["and 3 more like the ones before.", "x."]
    shape = told[MOST].shape
    assert shape is not None
    assert shape.bounds == (MOST, 0, MOST + 2, 0)
    assert list(not_too_many(many[:MOST])) == many[:MOST]


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], ""),
        (["A"], "A"),
        (["A", "B"], "A and B"),
        (list("ABCDE"), "A, B, C, D and E"),
        (list("ABCDEFG"), "A, B, C, D and 3 others"),
    ],
)
def test_names_in_a_sentence(names: list[str], said: str) -> None:
    assert listed(names) == said


def test_square_metres_are_exact_where_they_are_few() -> None:
    assert [square_metres(value) for value in (1.23, 9.96, 10.4, 12345.6)] == [
        "1.2 m²",
        "10.0 m²",
        "10 m²",
        "12,346 m²",
    ]


def test_the_squares_of_the_toy_city_fill_its_outline(tmp_path: Path) -> None:
    assert shapely.union_all([square(column, row) for column in (0, 1) for row in (0, 1)]).equals(OUTLINE)
    assert (SoundCity().write(tmp_path) / "addresses.csv").is_file()
