"""What a whole area answers is what a look-up answers in it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely

import geo_lookup
from geo_lookup import Finder
from geo_lookup.attributes import Attributes, area_attributes, office_attributes, shares_ground
from geo_lookup.model import Area, AreaKind
from tests.toy_city import MANIFEST, SPECIAL_AREAS, TABLES, geojson, square, write_toy_city

ON = date(2026, 11, 23)


def attributes(finder: Finder, kind: str) -> dict[str, Attributes]:
    return {area.id: told for area, told in area_attributes(finder.edition, AreaKind(kind), ON)}


def told_by_a_look_up(finder: Finder, point: Any) -> Attributes:
    """The same attributes out of an answer for a point of the metric CRS."""
    crs = finder.edition.manifest.metric_crs
    answer = finder.find(x=point.x, y=point.y, crs=crs, on=ON)
    manager: Any = next((one for one in answer.managers if one.role == finder.edition.manifest.manager_role), None)
    contact: Any = answer.contact
    office: Any = answer.offices.assigned
    district: Any = answer.district
    return {
        "district_id": district and district.id, "district": district and district.name,
        "manager_id": manager and manager.id, "manager": manager and manager.name,
        "manager_email": manager and manager.email, "manager_phone": manager and manager.phone,
        "vacant": answer.outcome == "vacant",
        "contact": contact.name, "contact_email": contact.email,
        "contact_phone": contact.phone, "contact_reason": contact.reason,
        "office_id": office and office.id, "office": office and office.name,
        "edition": answer.edition.id,
    }  # fmt: skip


@pytest.mark.parametrize("city", ["demo", "toy"])
def test_a_neighbourhood_answers_what_its_points_do(city: str, request: pytest.FixtureRequest) -> None:
    finder: Finder = request.getfixturevalue(city)
    specials = shapely.union_all([area.geometry for area in finder.edition.areas_of(AreaKind.SPECIAL_AREA)])
    told = attributes(finder, "neighbourhood")
    assert list(told) == finder.areas("neighbourhood")["id"].tolist()
    for area in finder.edition.areas_of(AreaKind.NEIGHBOURHOOD):
        point = shapely.difference(area.geometry, specials).representative_point()
        assert told[area.id] == {"id": area.id, "name": area.name, **told_by_a_look_up(finder, point)}


@pytest.mark.parametrize("city", ["demo", "toy"])
def test_a_special_area_answers_what_its_points_do_and_nothing_where_they_differ(
    city: str, request: pytest.FixtureRequest
) -> None:
    finder: Finder = request.getfixturevalue(city)
    for area in finder.edition.areas_of(AreaKind.SPECIAL_AREA):
        inside = [
            told_by_a_look_up(finder, shapely.intersection(area.geometry, other.geometry).representative_point())
            for other in finder.edition.areas_of(AreaKind.NEIGHBOURHOOD)
            if shares_ground(area, other)
        ]
        assert len(inside) > 1
        for name, value in attributes(finder, "special_area")[area.id].items():
            if name not in ("id", "name"):
                assert value == (inside[0][name] if len({one[name] for one in inside}) == 1 else None), name


def test_a_special_area_without_a_manager_of_its_own_takes_what_it_lies_in(tmp_path: Path) -> None:
    without = TABLES["assignments.csv"].replace("s,wijkmanager,sue,,2020-01-01,\n", "")
    areas = {
        "s": SPECIAL_AREAS["s"],
        "t": ("In a1 alone", "", shapely.buffer(square(0, 1).centroid, 50)),
        "u": ("Along both", "", shapely.box(229000 - 50, 183000, 229000, 183500)),
    }
    finder = geo_lookup.load(write_toy_city(tmp_path, assignments=without, special_areas=geojson(areas)))
    told = attributes(finder, "special_area")
    assert (told["s"]["manager"], told["s"]["contact"], told["s"]["district"], told["s"]["vacant"]) == (
        None, None, None, False,
    )  # fmt: skip
    for only_in_a in ("t", "u"):
        assert (told[only_in_a]["manager"], told[only_in_a]["district_id"]) == ("Ann", "A")


def test_a_district_answers_with_its_own_assignment_not_that_of_its_parts(toy: Finder) -> None:
    told = attributes(toy, "district")
    assert list(told) == ["A", "B"]
    assert "district_id" not in told["A"]
    assert (told["A"]["manager"], told["A"]["vacant"], told["A"]["contact_reason"]) == ("Ann", False, "manager")
    assert (told["B"]["manager"], told["B"]["vacant"], told["B"]["contact_reason"]) == (None, True, "cover")
    assert (told["A"]["office"], told["B"]["office"]) == ("Office A", "Office B")


def test_an_office_names_the_areas_that_it_serves(toy: Finder) -> None:
    first, second = (office_attributes(toy.edition, office) for office in toy.edition.offices.offices)
    assert (first["district_ids"], first["districts"]) == ("A", "A")
    assert (second["district_ids"], second["districts"]) == ("B;s", "B;Site")
    assert second["opening_hours"] is None


def test_a_shared_border_is_no_shared_ground() -> None:
    a, b = (Area(name, name, AreaKind.NEIGHBOURHOOD, None, square(at, 0)) for at, name in enumerate("ab"))
    assert not shares_ground(a, b)
    assert shares_ground(a, a)


def test_the_day_decides_who_is_in_charge(toy: Finder) -> None:
    told = {
        year: {
            area.id: one["manager"]
            for area, one in area_attributes(toy.edition, AreaKind.NEIGHBOURHOOD, date(year, 6, 1))
        }
        for year in (2023, 2026, 2027)
    }
    assert [told[year]["b2"] for year in told] == [None, "Bob", None]


def test_every_edition_may_lack_districts(tmp_path: Path) -> None:
    manifest = MANIFEST.replace('parent = "district"\n', "").replace('[tables.offices]\npath = "offices.csv"\n', "")
    manifest = manifest.replace('[tables.closing_days]\npath = "closing_days.csv"\n', "")
    only_city = "area_id,role,manager_id,cover_id,valid_from,valid_to\ntoy,wijkmanager,cit,,,\n"
    services = "area_id,service\n"
    folder = write_toy_city(tmp_path, manifest=manifest, assignments=only_city, services=services)
    finder = geo_lookup.load(folder)
    assert attributes(finder, "district") == {}
    assert {one["manager"] for one in attributes(finder, "neighbourhood").values()} == {"Cit"}
    assert {one["office_id"] for one in attributes(finder, "neighbourhood").values()} == {None}
