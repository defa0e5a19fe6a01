"""Managers, offices, services, and who is in charge where: the toy city with one table changed at a time."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from geo_lookup.comparison.comparison import Comparison, compare
from tests.comparison.side_by_side import neighbourhoods, toy_edition
from tests.toy_city import MANIFEST, TABLES, square

ON = date(2026, 11, 23)
MANAGERS, ASSIGNMENTS, OFFICES, SERVICES = (
    TABLES[f"{name}.csv"] for name in ("managers", "assignments", "offices", "services")
)


def compared(folder: Path, on: date = ON, **files: Any) -> Comparison:
    """The toy city compared with itself with some files changed."""
    return compare(toy_edition(folder / "before"), toy_edition(folder / "after", **files), on=on)


def told(c: Comparison) -> list[tuple[object, ...]]:
    return [
        (one.role, one.before and one.before.id, one.after and one.after.id,
         one.area_after and one.area_after.id, pytest.approx(one.hectares))
        for one in c.handovers
    ]  # fmt: skip


def test_identical_editions_do_not_differ(tmp_path: Path) -> None:
    c = compared(tmp_path)
    assert not c.differs
    assert not c.people.differs
    assert c.to_dict()["differs"] is False


def test_managers_come_go_and_change(tmp_path: Path) -> None:
    managers = MANAGERS.replace("cit,Cit,", "new,New,").replace("+32 89 00 00 01", "+32 89 00 00 09")
    people = compared(tmp_path, managers=managers, assignments=ASSIGNMENTS.replace(",cit,", ",new,")).people
    assert [one.id for one in people.came] == ["new"]
    assert [one.id for one in people.went] == ["cit"]
    (change,) = people.changed
    assert (change.record.id, [(one.field, one.before, one.after) for one in change.fields]) == (
        "ann", [("phone", "+32 89 00 00 01", "+32 89 00 00 09")],
    )  # fmt: skip


def test_a_manager_with_another_id_is_the_same_person(tmp_path: Path) -> None:
    c = compared(tmp_path, managers=MANAGERS.replace("ann,Ann", "m1,ANN"), assignments=ASSIGNMENTS.replace("ann", "m1"))
    assert (c.people.came, c.people.went) == ((), ())
    assert {one.field for one in c.people.changed[0].fields} == {"id", "name"}
    assert not c.handovers


def test_another_manager_of_a_district_is_told_for_its_ground_without_the_special_area(tmp_path: Path) -> None:
    c = compared(tmp_path, assignments=ASSIGNMENTS.replace("A,wijkmanager,ann", "A,wijkmanager,bob"))
    assert told(c) == [("wijkmanager", "ann", "bob", "a1", 99.0), ("wijkmanager", "ann", "bob", "a2", 99.0)]
    assert all(one.whole for one in c.handovers)


def test_the_manager_of_a_special_area_is_told_for_its_ground(tmp_path: Path) -> None:
    c = compared(tmp_path, assignments=ASSIGNMENTS.replace("s,wijkmanager,sue", "s,wijkmanager,bob"))
    assert told(c) == [("wijkmanager", "sue", "bob", "s", 4.0)]


def test_a_special_area_given_up_falls_to_its_neighbourhoods(tmp_path: Path) -> None:
    manifest = MANIFEST.replace('[layers.special_areas]\npath = "special_areas.geojson"\ncrs = 31370\n', "")
    c = compared(
        tmp_path,
        manifest=manifest,
        assignments=ASSIGNMENTS.replace("s,wijkmanager,sue,,2020-01-01,\n", ""),
        offices=OFFICES.replace("B;s", "B"),
    )
    assert c.special_areas.changes[0].fate == "vanished"
    main = [one for one in c.handovers if one.role == "wijkmanager"]
    assert {(one.after.id if one.after else None): one.hectares for one in main if one.after} == {
        "ann": pytest.approx(1), "bob": pytest.approx(1),
    }  # fmt: skip


def test_vacancies_begin_and_end(tmp_path: Path) -> None:
    c = compared(
        tmp_path, assignments=ASSIGNMENTS.replace("A,wijkmanager,ann,", "A,wijkmanager,,bob").replace(
            "B,wijkmanager,,ann", "B,wijkmanager,ann,"),
    )  # fmt: skip
    assert {(one.area_after.id, one.before and one.before.id, one.after and one.after.id)
            for one in c.handovers if one.area_after} == {
        ("a1", "ann", None), ("a2", "ann", None), ("b1", None, "ann"),
    }  # fmt: skip


def test_an_area_is_vacant_where_most_of_it_is(tmp_path: Path) -> None:
    """Ground that comes from a vacant area ends no vacancy in the area that it goes to."""
    strip = square(1, 1).intersection(square(0, 1).buffer(100, join_style="mitre"))
    shifted = neighbourhoods(
        {
            "a1": ("A-North", "A", square(0, 1).union(strip)),
            "b1": ("B-North", "B", square(1, 1).difference(strip)),
        }
    )
    c = compared(tmp_path / "1", neighbourhoods=shifted)
    assert ("b1", "a1") in {(one.area_before.id, one.area_after.id) for one in c.handovers
                            if one.area_before and one.area_after and one.role == c.main_role}  # fmt: skip
    assert (c.vacancies_begun, c.vacancies_ended) == ((), ())
    c = compared(
        tmp_path / "2",
        neighbourhoods=shifted,
        assignments=ASSIGNMENTS.replace("A,wijkmanager,ann,", "A,wijkmanager,,bob"),
    )
    assert [one.id for one in c.vacancies_begun] == ["a1", "a2"]
    assert c.vacancies_ended == ()
    c = compared(
        tmp_path / "3",
        neighbourhoods=shifted,
        assignments=ASSIGNMENTS.replace("B,wijkmanager,,ann", "B,wijkmanager,bob,"),
    )
    assert [one.id for one in c.vacancies_ended] == ["b1"]


def test_another_cover_of_a_vacancy_is_told(tmp_path: Path) -> None:
    c = compared(tmp_path, assignments=ASSIGNMENTS.replace("B,wijkmanager,,ann", "B,wijkmanager,,bob"))
    (one,) = c.handovers
    assert (one.before, one.after, one.contact_before, one.contact_after) == (None, None, "Ann", "Bob")


def test_people_are_compared_on_the_day_that_is_asked(tmp_path: Path) -> None:
    assignments = ASSIGNMENTS.replace("2024-01-01,2027-01-01", "2024-01-01,2028-01-01")
    assert not compared(tmp_path / "1", assignments=assignments).handovers
    c = compared(tmp_path / "2", on=date(2027, 6, 1), assignments=assignments)
    assert told(c) == [("wijkmanager", None, "bob", "b2", 99.0)]


def test_the_day_is_the_first_of_the_edition_after_unless_that_is_past(tmp_path: Path) -> None:
    before = toy_edition(tmp_path / "before")
    future = toy_edition(tmp_path / "after", valid_from="2999-01-01")
    assert compare(before, future).on == date(2999, 1, 1)
    assert date(2025, 1, 1) < compare(future, before).on < date(2999, 1, 1)


def test_ground_that_moves_to_another_district_has_another_manager(tmp_path: Path) -> None:
    c = compared(tmp_path, neighbourhoods=neighbourhoods({"a1": ("A-North", "B", square(0, 1))}))
    (change,) = [one for one in c.neighbourhoods.changes if one.changes]
    assert (change.after[0].id, change.new_parent) == ("a1", True)
    assert told(c)[0] == ("wijkmanager", "ann", None, "a1", 99.0)
    assert c.districts.moved == pytest.approx(100)


def test_moved_parts_name_the_managers(tmp_path: Path) -> None:
    west, east = square(0, 0).union(square(1, 0)), None
    c = compared(
        tmp_path,
        neighbourhoods=neighbourhoods({"a2": ("A-South", "A", west), "b2": east}),
        assignments=ASSIGNMENTS.replace("b2,wijkmanager,bob,,2024-01-01,2027-01-01\n", ""),
        overrides="address_id,area_id,valid_from,valid_to,reason\n",
    )
    moves = {one.before.id: one for one in c.neighbourhoods.moves if one.before}
    assert moves["b2"].reason == "merged"
    assert [one and one.id for one in (moves["b2"].manager_before, moves["b2"].manager_after)] == ["bob", "ann"]


def test_offices_open_close_move_and_change_hours(tmp_path: Path) -> None:
    offices = (
        OFFICES.replace("o2,Office B", "o3,Office C")
        .replace("5.4837", "5.4851")
        .replace("Mo-Fr 09:00-12:00", "Mo-Th 09:00-12:00")
    )
    people = compared(tmp_path, offices=offices).people
    assert [one.id for one in people.offices_opened] == ["o3"]
    assert [one.id for one in people.offices_closed] == ["o2"]
    (change,) = people.offices_changed
    assert change.moved_m == pytest.approx(98.3, abs=0.5)
    assert [(one.field, one.after) for one in change.fields] == [("opening_hours", "Mo-Th 09:00-12:00")]


def test_services_follow_an_area_that_has_another_id(tmp_path: Path) -> None:
    recoded = neighbourhoods({"a1": None, "z1": ("A-North", "A", square(0, 1))})
    services = SERVICES.replace("a1,extra", "z1,extra")
    assert not compared(tmp_path / "1", neighbourhoods=recoded, services=services).people.differs
    people = compared(tmp_path / "2", services=SERVICES.replace("a1,extra", "a1,other")).people
    assert [(one.area.id, one.what) for one in people.services_begun] == [("a1", "other")]
    assert [(one.area.id, one.what) for one in people.services_ended] == [("a1", "extra")]


def test_the_services_own_contact_is_compared(tmp_path: Path) -> None:
    c = compared(tmp_path, manifest=MANIFEST.replace("+32 89 00 00 99", "+32 89 00 00 98"))
    assert [(one.field, one.after) for one in c.people.contact] == [("phone", "+32 89 00 00 98")]
