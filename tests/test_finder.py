"""The promises about an answer, each under its own name."""

from __future__ import annotations

import json
import pickle
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError, fields
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

import geo_lookup
from geo_lookup import Finder
from geo_lookup.crs import transform
from tests.places import PLACES, Place
from tests.toy_city import MANIFEST, MIDDLE, TABLES, geojson, write_toy_city

CONTRACT = {
    "outcome": str, "on": str, "point": {"lon": float, "lat": float}, "address": None,
    "neighbourhood": {"id": str, "name": str}, "district": {"id": str, "name": str}, "special_area": None,
    "managers": [{"id": str, "name": str, "role": str, "email": str, "phone": str}],
    "contact": {"name": str, "email": str, "phone": str, "reason": str},
    "offices": {
        "assigned": {"id": str, "name": str},
        "nearest": [{
            "id": str, "name": str, "kind": str, "address": str, "lon": float, "lat": float, "distance_m": float,
            "open_now": bool, "opening_hours": str, "next_change": str,
        }],
    },
    "services": [str], "projects": [str],
    "border": {
        "distance_m": float, "uncertain": bool, "same_manager": None,
        "neighbours": [],
    },
    "candidates": [], "summary": str,
    "edition": {"id": str, "city": str, "demo": bool, "attribution": str},
}  # fmt: skip


def shape(value: Any) -> Any:
    """The keys and types of JSON; a list by its first item."""
    if isinstance(value, dict):
        return {key: shape(item) for key, item in value.items()}
    if isinstance(value, list):
        return [shape(item) for item in value[:1]]
    return None if value is None else type(value)


def test_an_answer_has_the_shape_of_the_contract(demo: Finder) -> None:
    answer = demo.find(lon=5.505, lat=50.975).to_dict()
    assert shape(answer) == CONTRACT
    assert list(answer) == list(CONTRACT)
    assert json.loads(json.dumps(answer, allow_nan=False)) == answer


def test_keys_that_do_not_apply_are_null_or_empty_and_never_absent(demo: Finder) -> None:
    answer = demo.find(lon=5.34, lat=50.93).to_dict()
    assert list(answer) == list(CONTRACT)
    for key in ("address", "neighbourhood", "district", "special_area", "contact"):
        assert answer[key] is None
    for key in ("managers", "services", "projects", "candidates"):
        assert answer[key] == []


@pytest.mark.parametrize(
    ("name", "epsg"),
    [(name, epsg) for name in PLACES for epsg in (4326, 31370, 3812) if epsg == 4326 or "ocean" not in name],
)
def test_a_named_place_gets_its_answer_in_each_crs(demo: Finder, name: str, epsg: int) -> None:
    place = PLACES[name]
    x, y = transform(place.lon, place.lat, 4326, epsg)
    answer = demo.find(lon=x, lat=y) if epsg == 4326 else demo.find(x=x, y=y, crs=epsg)
    assert said(answer) == place._replace(lon=answer.point.lon, lat=answer.point.lat)  # type: ignore[union-attr]
    assert answer.point.lon == pytest.approx(place.lon, abs=1e-8)  # type: ignore[union-attr]


def said(answer: geo_lookup.Answer) -> Place:
    main = [one.name for one in answer.managers if one.role == "wijkmanager"]
    assert answer.point is not None
    return Place(
        answer.point.lon,
        answer.point.lat,
        answer.outcome.value,
        answer.neighbourhood.name if answer.neighbourhood else None,
        answer.district.name if answer.district else None,
        main[0] if main else None,
        answer.contact.name if answer.contact else None,
        answer.contact.reason if answer.contact else None,
        answer.special_area.name if answer.special_area else None,
    )


def test_an_answer_names_its_edition_and_its_day(demo: Finder) -> None:
    answer = demo.find(lon=5.505, lat=50.975, on="2027-03-01")
    assert answer.on == date(2027, 3, 1)
    assert answer.edition.demo is True
    assert answer.edition.id == demo.edition.manifest.id
    assert "demo" in answer.edition.attribution


@pytest.mark.parametrize(
    ("on", "outcome", "contact", "reason"),
    [
        ("2017-12-31", "vacant", "Gebiedsgerichte Werking (demo)", "service"),
        ("2018-01-01", "assigned", "Wijkmanager Genk-West", "manager"),
        ("2021-11-30", "assigned", "Wijkmanager Genk-West", "manager"),
        ("2021-12-01", "vacant", "Wijkmanager Genk-Centrum", "cover"),
        ("2026-11-23", "vacant", "Wijkmanager Genk-Centrum", "cover"),
    ],
)
def test_past_assignments_answer_for_their_days(demo: Finder, on: str, outcome: str, contact: str, reason: str) -> None:
    answer = demo.find(lon=5.472, lat=50.952, on=on)
    assert answer.contact is not None
    assert (answer.outcome, answer.contact.name, answer.contact.reason) == (outcome, contact, reason)
    assert answer.district is not None, "a vacancy is said, and the district is still answered"


def test_a_future_assignment_answers_from_its_first_day(demo: Finder) -> None:
    before, after = (demo.find(lon=5.41, lat=50.961, on=on).contact for on in ("2027-12-31", date(2028, 1, 1)))
    assert before is not None
    assert after is not None
    assert (before.name, after.name) == ("Wijkmanager Boxbergheide-Bokrijk", "Wijkmanager Genk-West")


def test_today_is_the_day_in_brussels(demo: Finder) -> None:
    late = Finder(demo.edition, clock=lambda: datetime(2026, 11, 23, 23, 30, tzinfo=UTC))
    assert late.find(lon=5.505, lat=50.975).on == date(2026, 11, 24)


def test_open_now_is_about_the_present_moment_in_brussels(demo: Finder) -> None:
    morning = Finder(demo.edition, clock=lambda: datetime(2026, 11, 23, 8, 30, tzinfo=UTC))
    office = morning.find(lon=5.494, lat=50.962, offices=1).offices.nearest[0]
    assert office.open_now is True
    assert office.next_change is not None
    assert office.next_change.isoformat() == "2026-11-23T12:00:00+01:00"


def test_an_office_is_open_or_closed_at_each_moment_whatever_was_asked_before(demo: Finder) -> None:
    moments = iter(
        datetime.fromisoformat(moment)
        for moment in ("2026-11-23T08:30Z", "2026-11-23T22:00Z", "2026-11-23T08:30Z", "2026-11-24T03:00Z")
    )
    finder = Finder(demo.edition, clock=lambda: next(moments))
    told = [finder.find(lon=5.505, lat=50.975).offices.nearest[0].open_now for _ in range(4)]
    assert told == [True, False, True, False]


@pytest.mark.parametrize(
    ("day", "open_now", "reason"),
    [
        (23, [True, True], "an ordinary day"),
        (24, [False, False], "a closing day of every office"),
        (29, [False, True], "a closing day of one office"),
        (25, [False, False], "a public holiday"),
    ],
)
def test_offices_keep_the_editions_closing_days(tmp_path: Path, day: int, open_now: list[bool], reason: str) -> None:
    edition = write_toy_city(
        tmp_path,
        offices=TABLES["offices.csv"].replace("5.4978,50.9445,,", "5.4978,50.9445,Mo-Fr 08:00-17:00,"),
        closing_days=TABLES["closing_days.csv"] + "2026-12-29,o1,painting\n",
    )
    clock = datetime(2026, 12, day, 9, 0, tzinfo=UTC)
    finder = Finder(geo_lookup.load(edition).edition, clock=lambda: clock)
    offices = finder.find(x=228500, y=183500, crs=31370).offices.nearest
    assert [office.open_now for office in offices] == open_now, reason


def test_the_neighbourhoods_manager_comes_first_and_city_wide_roles_last(demo: Finder) -> None:
    roles = [one.role for one in demo.find(lon=5.505, lat=50.975).managers]
    assert roles == ["wijkmanager", "coördinator burgerbudgetten"]


def test_a_neighbourhoods_own_assignment_goes_before_its_districts(toy: Finder) -> None:
    of_b1, of_b2 = (toy.find(x=229500, y=y, crs=31370) for y in (183500, 182500))
    assert (of_b1.outcome, of_b2.outcome) == ("vacant", "assigned")
    assert [one.name for one in of_b2.managers] == ["Bob", "Cit"]
    assert toy.find(x=229500, y=182500, crs=31370, on="2027-01-01").outcome == "vacant"


def test_a_special_area_goes_before_the_neighbourhood(toy: Finder) -> None:
    answer = toy.find(x=MIDDLE[0] + 50, y=MIDDLE[1] - 50, crs=31370)
    assert answer.managers[0].name == "Sue"
    assert answer.neighbourhood is not None
    assert answer.neighbourhood.id == "b2"
    assert answer.special_area is not None
    assert answer.special_area.id == "s"


def test_assigned_and_nearest_office_are_two_things(demo: Finder) -> None:
    offices = demo.find(lon=5.449, lat=50.972).offices
    assert offices.assigned is not None
    assert offices.assigned.name == "Wijkbureau Boxbergheide-Bokrijk"
    assert offices.nearest[0].name == "Buurthuis Boxbergheide"


@pytest.mark.parametrize("count", [1, 3, 10])
def test_as_many_offices_as_asked_for(demo: Finder, count: int) -> None:
    assert len(demo.find(lon=5.505, lat=50.975, offices=count).offices.nearest) == count


def test_services_and_projects_are_those_of_the_place(demo: Finder, toy: Finder) -> None:
    answer = demo.find(lon=5.541, lat=50.968)
    assert {"buurtopbouwwerk", "straathoekwerk"} <= set(answer.services)
    assert answer.projects == ("Wijkmoestuin De Mijnlamp", "Burgerbudget 2027")
    assert toy.find(x=228500, y=183500, crs=31370).services == ("extra", "basic", "budget"), "each once"


def test_a_finder_can_be_sent_to_another_process(demo: Finder) -> None:
    sent = pickle.loads(pickle.dumps(demo))  # noqa: S301 - our own bytes
    assert sent.find(lon=5.505, lat=50.975, on="2026-11-23") == demo.find(lon=5.505, lat=50.975)


def test_an_answer_is_a_frozen_record_however_it_was_made(demo: Finder) -> None:
    answer = demo.find(lon=5.505, lat=50.975)
    for part in (answer, answer.offices.nearest[0]):
        names = [field.name for field in fields(part)]
        assert list(vars(part)) == names, "JSON has them in this order"
        assert part == type(part)(**vars(part)) == pickle.loads(pickle.dumps(part))  # noqa: S301 - our own bytes
        with pytest.raises(FrozenInstanceError):
            setattr(part, names[0], None)


def test_threads_share_a_finder(demo: Finder) -> None:
    lons, lats = np.full(50_000, 5.505), np.full(50_000, 50.975)
    with ThreadPoolExecutor(4) as threads:
        located = list(threads.map(lambda _: demo.locate(lons, lats), range(16)))
    assert {int(position) for positions in located for position in positions} == {int(located[0][0])}


def test_a_special_area_answers_where_no_neighbourhood_does(tmp_path: Path) -> None:
    site = {"s": ("Site", "", shapely.box(231000, 183000, 231100, 183100))}
    answer = geo_lookup.load(write_toy_city(tmp_path, special_areas=geojson(site))).find(x=231050, y=183050, crs=31370)
    assert (answer.outcome, answer.managers[0].name, answer.neighbourhood) == ("assigned", "Sue", None)


def test_an_edition_that_is_no_demo_says_so(toy: Finder) -> None:
    assert toy.find(x=228500, y=183500, crs=31370).edition.demo is False


def test_days_and_hours_are_those_of_the_editions_time_zone_and_country(tmp_path: Path) -> None:
    text = 'timezone = "America/New_York"\ncountry = "US"\n' + MANIFEST
    edition = geo_lookup.load(write_toy_city(tmp_path, manifest=text)).edition
    late = Finder(edition, clock=lambda: datetime(2026, 11, 24, 3, 0, tzinfo=UTC)).find(x=228500, y=183500, crs=31370)
    assert late.on == date(2026, 11, 23)
    thanksgiving = Finder(edition, clock=lambda: datetime(2026, 11, 26, 15, 0, tzinfo=UTC))
    assert thanksgiving.find(x=228500, y=183500, crs=31370).offices.nearest[0].open_now is False
