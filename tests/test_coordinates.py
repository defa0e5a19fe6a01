"""Numbers that are no point, or not in the CRS they are said to be in, and how the error names the likely reading."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

import geo_lookup
from geo_lookup import CoordinateError, DateError, Finder, GeoLookupError, RequestError

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
    ({"x": 5.505, "y": 50.975, "crs": 4277}, "outside the area where EPSG:4277 is used; " + DEGREES),  # of Britain
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
    ({"text": " "}, "the address is empty"),
    ({"text": "x" * 301}, "an address has at most 300 characters"),
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


def test_a_crs_that_is_not_used_in_the_city_is_refused_alone_and_in_a_frame(demo: Finder) -> None:
    x, y = 19247689.468, 13683512.402  # what EPSG:6549, of Ohio, makes of a place in Genk, and does not take back
    for ask in (
        lambda: demo.find(x=x, y=y, crs=6549),
        lambda: demo.assign(pd.DataFrame({"x": [x], "y": [y]}), crs=6549),
        lambda: demo.locate([x], [y], crs=6549),
    ):
        with pytest.raises(CoordinateError, match="outside the area where EPSG:6549 is used"):
            ask()


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


@pytest.mark.parametrize(("x", "y"), [(185500, 128500), (235500, 147500), (154500, 121500)])
def test_a_place_beyond_a_large_area_is_not_taken_for_its_mirror_image(flanders: Finder, x: float, y: float) -> None:
    assert flanders.find(x=x, y=y, crs=31370).outcome == "outside", "Namur, Liège and Charleroi are no Flemish towns"
