# ruff: noqa: E501 - sentences and tables are read along their rows
"""The promises of the contract about an answer, each under its own name."""

from __future__ import annotations

import json
import math
import pickle
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

import geo_lookup
from geo_lookup import CoordinateError, DateError, Finder, GeoLookupError, RequestError
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


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Finder:
    return geo_lookup.load(write_toy_city(tmp_path_factory.mktemp("toy")), on="2026-11-23")


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


@pytest.mark.parametrize(
    ("why", "x", "y", "distance", "same", "neighbours"),
    [
        ("far from any border", 228500.0, 182500.0, 500.0, None, []),
        ("near a border within a district", 228300.0, 183010.0, 10.0, True, ["a2"]),
        ("near a border with another district", 228990.0, 183500.0, 10.0, False, ["b1"]),
        ("near a border between two managers", 229300.0, 183005.0, 5.0, False, ["b2"]),
        ("near a corner, where a special area covers all", 229004.0, 183003.0, 3.0, True, ["a1", "a2", "b2"]),
        ("just within the margin", 228985.01, 182500.0, 14.99, False, ["b2"]),
        ("where a special area on this side ends at the border", 228995.0, 183050.0, 5.0, True, ["b1"]),
        ("near the edge of the city", 228010.0, 182500.0, 10.0, None, []),
        ("outside, near the edge of the city", 227990.0, 182500.0, 10.0, False, ["a2"]),
    ],
)
def test_nearness_to_a_border_is_part_of_the_answer(
    toy: Finder, why: str, x: float, y: float, distance: float, same: bool | None, neighbours: list[str]
) -> None:
    border = toy.find(x=x, y=y, crs=31370).border
    assert border is not None
    assert border.distance_m == pytest.approx(distance, abs=0.011), why
    assert border.uncertain == (distance <= 15), why
    assert border.same_manager is same, why
    assert [one.neighbourhood.id for one in border.neighbours] == neighbours, why


def test_the_margin_is_the_editions(tmp_path: Path) -> None:
    wide = geo_lookup.load(write_toy_city(tmp_path, manifest="border_margin_m = 600\n" + MANIFEST))
    border = wide.find(x=228500, y=183500, crs=31370).border
    assert border is not None
    assert (border.uncertain, len(border.neighbours)) == (True, 2)


@pytest.mark.parametrize(
    ("lang", "words"), [("nl", "de wijk Genk-Centrum-Noord"), ("fr", "le quartier"), ("en", "the neighbourhood")]
)  # fmt: skip
def test_the_summary_is_one_sentence_in_the_language_asked_for(demo: Finder, lang: str, words: str) -> None:
    summary = demo.find(lon=5.505, lat=50.975, lang=lang).summary
    assert words in summary
    assert "Wijkmanager Genk-Centrum" in summary
    assert "+32 89 00 00 01" in summary
    assert summary.endswith(".")


@pytest.mark.parametrize("lang", ["nl", "fr", "en"])
def test_the_summary_says_vacancies_doubts_and_what_lies_elsewhere(toy: Finder, lang: str) -> None:
    def summary(x: float, y: float) -> str:
        return toy.find(x=x, y=y, crs=31370, lang=lang).summary

    assert "vacant" in summary(229500, 183500)
    assert "B-North" in summary(228990, 183500), "the neighbour is named"
    assert "Site" in summary(MIDDLE[0] + 105, MIDDLE[1] + 50), "a special area begins near by"
    assert "Site" not in summary(MIDDLE[0] + 120, MIDDLE[1] + 50)
    assert summary(MIDDLE[0] - 80, MIDDLE[1] - 80).count(";") == 1, "well inside a special area there is no doubt"
    assert summary(MIDDLE[0] - 95, MIDDLE[1] - 80).count(";") == 2, "near its border there is"
    assert "Toy" in summary(227000, 183500), "outside"


SWAPPED = "latitude and longitude look swapped"
LAMBERT_72 = "these look like Lambert 72 (EPSG:31370)"
LAMBERT_2008 = "these look like Lambert 2008 (EPSG:3812)"
DEGREES = "these look like longitude and latitude (EPSG:4326)"
FINITE = "must be finite numbers"
MISREADINGS: list[tuple[dict[str, Any], str]] = [
    ({"lon": 50.965, "lat": 5.5}, SWAPPED),
    ({"lon": 50.8466, "lat": 4.3517}, SWAPPED),  # Brussels is not in Genk, but in Belgium
    ({"lon": 229465, "lat": 184466}, LAMBERT_72),
    ({"lon": 729462, "lat": 684475}, LAMBERT_2008),
    ({"lon": 612257.2, "lat": 6616863.5}, "these look like Web Mercator (EPSG:3857)"),
    ({"x": 229465, "y": 184466, "crs": 3812}, LAMBERT_72),
    ({"x": 729462, "y": 684475, "crs": 31370}, LAMBERT_2008),
    ({"x": 5.5, "y": 50.965, "crs": 31370}, DEGREES),
    ({"x": 50.965, "y": 5.5, "crs": 31370}, "these look like longitude and latitude with the axes swapped"),
    ({"x": 184466, "y": 229465, "crs": 31370}, "x and y look swapped"),
    ({"x": 184466, "y": 229465, "crs": 4326}, "these look like Lambert 72 with the axes swapped"),
    ({"x": 50.965, "y": 5.5, "crs": 4326}, SWAPPED),
    ({"lon": math.nan, "lat": 50.965}, FINITE),
    ({"lon": 5.5, "lat": math.inf}, FINITE),
    ({"x": -math.inf, "y": 184466, "crs": 31370}, FINITE),
    ({"lon": 1e300, "lat": 50.965}, "longitude must lie between"),
    ({"lon": 5.5, "lat": 90.1}, "longitude must lie between"),
    ({"x": 1e300, "y": 1e300, "crs": 31370}, "outside the area where EPSG:31370 is used"),
    ({"x": 612800 + 40075016.685578488, "y": 6617000, "crs": 3857}, "outside the area where EPSG:3857 is used"),
    ({"x": 229465, "y": 184466, "crs": 1}, "crs must be an EPSG code"),
    ({"x": 229465, "y": 184466, "crs": 5773}, "not a horizontal"),
]
NO_NUMBERS: list[tuple[dict[str, Any], str]] = [
    ({"lon": 10**400, "lat": 50.965}, FINITE),
    ({"lon": 5.5, "lat": 50.9, "offices": "3"}, "offices must be a whole number"),
    ({"lon": 5.5, "lat": 50.9, "offices": None}, "offices must be a whole number"),
    ({"lon": 5.5, "lat": 50.9, "lang": ["nl"]}, "lang must be one of"),
    ({"lon": True, "lat": 50.965}, FINITE),
    ({"lon": "5.5", "lat": 50.965}, FINITE),
    ({"lon": None, "lat": 50.965}, "exactly one place"),
    ({}, "exactly one place"),
    ({"x": 229465, "y": 184466}, "exactly one place"),
    ({"lon": 5.5, "lat": 50.9, "crs": 4326}, "exactly one place"),
    ({"lon": 5.5, "lat": 50.9, "x": 229465, "y": 184466, "crs": 31370}, "exactly one place"),
    ({"x": 229465, "y": 184466, "crs": "31370"}, "crs must be a whole number"),
    ({"lon": 5.5, "lat": 50.9, "offices": 0}, "offices must be a whole number from 1 to 10"),
    ({"lon": 5.5, "lat": 50.9, "offices": 11}, "offices must be a whole number from 1 to 10"),
    ({"lon": 5.5, "lat": 50.9, "lang": "xx"}, "lang must be one of nl, fr, en"),
    ({"lon": 5.5, "lat": 50.9, "on": "23/11/2026"}, "a date must be written as"),
    ({"lon": 5.5, "lat": 50.9, "on": "2026-02-30"}, "a date must be written as"),
    ({"address_id": "1"}, "holds no addresses"),
]


@pytest.mark.parametrize(("asked", "message"), MISREADINGS + NO_NUMBERS)
def test_a_bad_request_is_an_error_that_names_the_likely_reading(
    demo: Finder, asked: dict[str, Any], message: str
) -> None:
    with pytest.raises(RequestError) as error:
        demo.find(**asked)
    assert message in str(error.value)


@pytest.mark.parametrize("asked", [asked for asked, _ in MISREADINGS])
def test_a_misread_coordinate_is_a_coordinate_error(demo: Finder, asked: dict[str, Any]) -> None:
    with pytest.raises(CoordinateError):
        demo.find(**asked)


@pytest.mark.parametrize(
    ("lon", "lat"), [(5.34, 50.93), (5.69, 50.85), (6.3, 51.7), (2.35, 48.86), (-74.0, 40.7), (0, -90), (180, 90)]
)
def test_a_point_elsewhere_in_the_world_is_outside_and_no_error(demo: Finder, lon: float, lat: float) -> None:
    answer = demo.find(lon=lon, lat=lat)
    assert answer.outcome == "outside"
    assert answer.border is not None
    in_belgium_or_near = 1.5 <= lon <= 7.4 and 48.5 <= lat <= 52.5
    assert (answer.border.distance_m is not None) == in_belgium_or_near, (
        "where the metric CRS measures nothing, it says so"
    )
    json.dumps(answer.to_dict(), allow_nan=False)


def test_a_date_is_read_strictly() -> None:
    for on in ("", "2026-11-23T00:00", "20261123", "1763856000", "2026-11-23 ; --", datetime(2026, 1, 1, tzinfo=UTC)):
        with pytest.raises(DateError):
            geo_lookup.load(on=on)


numbers = st.floats(allow_nan=True, allow_infinity=True) | st.integers(-(10**6), 10**6)


@given(numbers, numbers, st.sampled_from([4326, 31370, 3812, 3857]))
def test_whatever_numbers_are_sent_there_is_an_answer_or_a_clear_error(
    demo: Finder, x: float, y: float, crs: int
) -> None:
    try:
        answer = demo.find(x=x, y=y, crs=crs)
    except GeoLookupError as error:
        refusal = str(error)
        assert not any(repr(number) in refusal for number in (x, y) if len(repr(number)) > 5)
    else:
        json.dumps(answer.to_dict(), allow_nan=False)


@pytest.mark.parametrize(
    ("x", "y", "same", "across"),
    [
        (228995.0, 183500.0, False, ["cit"]),  # the site ends at the border: beyond it nobody is in charge
        (228505.0, 183005.0, True, ["ann", "bob", "cit"]),  # far from the site
    ],
)
def test_a_special_area_on_this_side_of_a_border_does_not_count_beyond_it(
    tmp_path: Path, x: float, y: float, same: bool, across: list[str]
) -> None:
    site = {"s": ("Site", "", shapely.box(228900, 183400, 229000, 183600))}
    border = geo_lookup.load(write_toy_city(tmp_path, special_areas=geojson(site))).find(x=x, y=y, crs=31370).border
    assert border is not None
    assert border.same_manager is same
    assert [one.id for one in border.neighbours[0].managers] == across


def test_a_special_area_that_covers_a_part_of_what_lies_beyond_leaves_the_doubt(tmp_path: Path) -> None:
    site = {"s": ("Site", "", shapely.box(228900, 183400, 229005, 183600))}
    border = geo_lookup.load(write_toy_city(tmp_path, special_areas=geojson(site))).find(
        x=228995, y=183500, crs=31370
    ).border  # fmt: skip
    assert border is not None
    assert border.same_manager is False


def test_the_sentence_gives_each_border_its_own_distance(toy: Finder) -> None:
    summary = toy.find(x=228986.5, y=183997.5, crs=31370, lang="en").summary
    assert "the city of Toy is within 3 metres" in summary
    assert "the border with B-North is within 14 metres" in summary
    assert "within 1 metre " in toy.find(x=228999.5, y=183500, crs=31370, lang="en").summary


def test_a_point_in_the_metric_crs_is_not_moved_on_its_way(demo: Finder) -> None:
    areas = demo.edition.neighbourhoods.areas
    outline = shapely.get_coordinates(shapely.boundary(demo.areas("city").geometry.iloc[0]))
    middles = (outline[:-1] + outline[1:]) / 2
    along = outline[1:] - outline[:-1]
    outwards = np.column_stack([along[:, 1], -along[:, 0]]) / np.hypot(*along.T)[:, None]
    for metres, inside in ((0.0009, True), (0.0011, False)):
        points = shapely.points(middles + outwards * metres)
        away = np.min([shapely.distance(area.geometry, points) for area in areas], axis=0)
        points = points[np.abs(away - metres) < 1e-6]  # the ring may run either way round
        if not len(points):
            points = shapely.points(middles - outwards * metres)
        located = demo.locate(shapely.get_x(points), shapely.get_y(points), crs=31370)
        assert ((located >= 0) == inside).all()


def test_a_finder_can_be_sent_to_another_process(demo: Finder) -> None:
    sent = pickle.loads(pickle.dumps(demo))  # noqa: S301 - our own bytes
    assert sent.find(lon=5.505, lat=50.975, on="2026-11-23") == demo.find(lon=5.505, lat=50.975)


def test_threads_share_a_finder(demo: Finder) -> None:
    lons, lats = np.full(50_000, 5.505), np.full(50_000, 50.975)
    with ThreadPoolExecutor(4) as threads:
        located = list(threads.map(lambda _: demo.locate(lons, lats), range(16)))
    assert {int(position) for positions in located for position in positions} == {int(located[0][0])}


SENTENCES = {
    "assigned": (228500, 183500, {
        "nl": "Hier bent u in de wijk A-North, stadsdeel A; uw wijkmanager is Ann, telefoon +32 89 00 00 01.",
        "fr": "Vous êtes ici dans le quartier A-North, district A; votre gestionnaire de quartier est Ann, "
              "téléphone +32 89 00 00 01.",
        "en": "This is the neighbourhood A-North, district A; your neighbourhood manager is Ann, phone +32 89 00 00 01.",
    }),
    "vacant": (229500, 183500, {
        "nl": "Hier bent u in de wijk B-North, stadsdeel B; de post van wijkmanager is vacant; Ann neemt waar, "
              "telefoon +32 89 00 00 01.",
        "fr": "Vous êtes ici dans le quartier B-North, district B; le poste de gestionnaire de quartier est vacant; "
              "Ann assure l'intérim, téléphone +32 89 00 00 01.",
        "en": "This is the neighbourhood B-North, district B; the post of neighbourhood manager is vacant; "
              "Ann stands in, phone +32 89 00 00 01.",
    }),
    "same": (228300, 183010.5, {
        "nl": "Hier bent u in de wijk A-North, stadsdeel A; uw wijkmanager is Ann, telefoon +32 89 00 00 01; de grens "
              "met A-South ligt binnen 11 meter, maar daar geldt hetzelfde aanspreekpunt.",
        "fr": "Vous êtes ici dans le quartier A-North, district A; votre gestionnaire de quartier est Ann, téléphone "
              "+32 89 00 00 01; la limite avec A-South est à moins de 11 mètres, mais l'interlocuteur y est le même.",
        "en": "This is the neighbourhood A-North, district A; your neighbourhood manager is Ann, phone +32 89 00 00 01; "
              "the border with A-South is within 11 metres, but the contact there is the same.",
    }),
    "other": (228999.5, 183500, {
        "nl": "Hier bent u in de wijk A-North, stadsdeel A; uw wijkmanager is Ann, telefoon +32 89 00 00 01; let op, de "
              "grens met B-North ligt binnen 1 meter en daar geldt een ander aanspreekpunt.",
        "fr": "Vous êtes ici dans le quartier A-North, district A; votre gestionnaire de quartier est Ann, téléphone "
              "+32 89 00 00 01; attention, la limite avec B-North est à moins de 1 mètre et l'interlocuteur y est un "
              "autre.",
        "en": "This is the neighbourhood A-North, district A; your neighbourhood manager is Ann, phone +32 89 00 00 01; "
              "note that the border with B-North is within 1 metre and the contact there is another.",
    }),
    "outside": (226000, 183500, {
        "nl": "Dit punt ligt buiten Toy.",
        "fr": "Ce point se trouve en dehors de Toy.",
        "en": "This point lies outside Toy.",
    }),
}  # fmt: skip


@pytest.mark.parametrize(("what", "lang"), [(what, lang) for what in SENTENCES for lang in ("nl", "fr", "en")])
def test_the_sentence_to_read_aloud(toy: Finder, what: str, lang: str) -> None:
    x, y, sentences = SENTENCES[what]
    assert toy.find(x=x, y=y, crs=31370, lang=lang).summary == sentences[lang]


def test_the_sentence_gives_an_address_for_mail_where_there_is_no_phone(tmp_path: Path) -> None:
    text = TABLES["managers.csv"].replace("ann@example.org,+32 89 00 00 01", "ann@example.org,")
    summary = geo_lookup.load(write_toy_city(tmp_path, managers=text)).find(x=228500, y=183500, crs=31370).summary
    assert summary.endswith("uw wijkmanager is Ann, e-mail ann@example.org.")


def test_a_city_with_another_word_for_its_managers_hears_that_word(tmp_path: Path) -> None:
    assignments = TABLES["assignments.csv"].replace(",wijkmanager,", ",concierge,")
    edition = write_toy_city(tmp_path, manifest='manager_role = "concierge"\n' + MANIFEST, assignments=assignments)
    assert "uw concierge is Ann" in geo_lookup.load(edition).find(x=228500, y=183500, crs=31370).summary


def test_two_vacancies_are_the_same_where_they_share_a_contact(tmp_path: Path) -> None:
    vacant = "area_id,role,manager_id,cover_id,valid_from,valid_to\nA,wijkmanager,,ann,,\nB,wijkmanager,,{},,\n"
    for cover, same in (("ann", True), ("bob", False), ("", False)):
        edition = write_toy_city(tmp_path, assignments=vacant.format(cover))
        border = geo_lookup.load(edition).find(x=228995, y=183700, crs=31370).border
        assert border is not None
        assert border.same_manager is same


def test_the_other_side_of_a_border_is_answered_for_the_same_day(toy: Finder) -> None:
    managers = []
    for on in ("2026-12-31", "2027-01-01"):
        border = toy.find(x=228995, y=182300, crs=31370, on=on).border
        assert border is not None
        managers.append([one.id for one in border.neighbours[0].managers])
    assert managers == [["bob", "cit"], ["cit"]]


def test_the_margin_itself_is_within_the_margin(toy: Finder) -> None:
    for x, uncertain in ((228985.0, True), (228984.99, False)):
        border = toy.find(x=x, y=183700, crs=31370).border
        assert border is not None
        assert (border.uncertain, len(border.neighbours)) == (uncertain, int(uncertain))


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


@pytest.mark.parametrize(("x", "y"), [(185500, 128500), (235500, 147500), (154500, 121500)])
def test_a_place_beyond_a_large_area_is_not_taken_for_its_mirror_image(flanders: Finder, x: float, y: float) -> None:
    assert flanders.find(x=x, y=y, crs=31370).outcome == "outside", "Namur, Liège and Charleroi are no Flemish towns"


def test_a_special_area_without_a_manager_of_its_own_is_no_doubt(tmp_path: Path) -> None:
    text = TABLES["assignments.csv"].replace("s,wijkmanager,sue,,2020-01-01,\n", "")
    finder = geo_lookup.load(write_toy_city(tmp_path, assignments=text))
    for x in (MIDDLE[0] - 95, MIDDLE[0] - 105):
        assert "Site, " not in finder.find(x=x, y=MIDDLE[1] - 50, crs=31370, lang="en").summary.split(";", 1)[1]
