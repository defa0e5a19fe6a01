from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from geo_lookup import Finder
from geo_lookup.model import Office
from geo_lookup.office_index import OfficeIndex

GEOD = Geod(ellps="WGS84")


def office(number: int, lon: float, lat: float) -> Office:
    return Office(id=f"o{number}", name="", kind="", lon=lon, lat=lat)


places = st.tuples(st.floats(4.9, 6.1), st.floats(50.5, 51.4))


@given(st.lists(places, min_size=1, max_size=8), st.lists(places, min_size=1, max_size=20))
def test_the_nearest_office_is_the_one_with_the_shortest_geodesic(
    offices: list[tuple[float, float]], points: list[tuple[float, float]]
) -> None:
    index = OfficeIndex([office(number, *place) for number, place in enumerate(offices)])
    lons, lats = np.array(points).T
    positions, distances, _ = index.nearest(lons, lats)
    for point, position, distance in zip(points, positions, distances, strict=True):
        geodesics = [GEOD.inv(*point, *place)[2] for place in offices]
        assert distance == pytest.approx(min(geodesics), abs=0.01)
        assert geodesics[position] == pytest.approx(min(geodesics), abs=0.02)
        few = index.nearest_few(*point, len(offices))
        assert [metres for _, metres in few] == pytest.approx(sorted(geodesics), abs=0.01)
        assert few[0][0] == position or geodesics[few[0][0]] == pytest.approx(min(geodesics), abs=0.02)


def test_of_offices_equally_far_the_first_in_the_table_wins() -> None:
    index = OfficeIndex([office(number, 5.5, 50.9) for number in range(3)])
    assert index.nearest(np.array([5.4]), np.array([50.9]))[0].tolist() == [0]
    assert [position for position, _ in index.nearest_few(5.4, 50.9, 2)] == [0, 1]


def test_without_offices_or_without_a_point_there_is_no_nearest_office() -> None:
    for index, lon in ((OfficeIndex([]), 5.5), (OfficeIndex([office(1, 5.5, 50.9)]), np.nan)):
        positions, distances, _ = index.nearest(np.array([lon]), np.array([50.9]))
        assert positions.tolist() == [-1]
        assert np.isnan(distances).all()


def test_distances_are_metres_on_the_ground_and_not_on_the_map(demo: Finder) -> None:
    answer = demo.find(lon=5.41, lat=50.961, offices=10)
    assert answer.offices.nearest
    for one in answer.offices.nearest:
        assert one.distance_m == pytest.approx(GEOD.inv(5.41, 50.961, one.lon, one.lat)[2], abs=0.02)
    assert list(answer.offices.nearest) == sorted(answer.offices.nearest, key=lambda one: one.distance_m)


def test_more_points_than_are_worked_on_at_a_time() -> None:
    index = OfficeIndex([office(0, 5.0, 51.0), office(1, 6.0, 51.0)])
    lons = np.tile([5.1, 5.9, 5.9], 50_000)
    positions, distances, _ = index.nearest(lons, np.full(len(lons), 51.0))
    assert (positions == np.tile([0, 1, 1], 50_000)).all()
    assert distances == pytest.approx(GEOD.inv(5.1, 51.0, 5.0, 51.0)[2], abs=0.01)


@given(
    st.lists(places, min_size=1, max_size=8, unique=True),
    st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=1, max_size=20),
)
def test_one_point_and_many_have_the_same_nearest_office_wherever_they_are(
    offices: list[tuple[float, float]], points: list[tuple[float, float]]
) -> None:
    index = OfficeIndex([office(number, *place) for number, place in enumerate(offices)], (5.3, 50.8, 5.7, 51.1))
    lons, lats = np.array(points).T
    found = index.nearest(lons, lats)
    for row, point in enumerate(points):
        ((position, metres), *_) = index.nearest_few(*point, 1)
        assert found.distances[row] == pytest.approx(metres, abs=1e-6)
        tied = abs(index.nearest_few(*point, 2)[-1][1] - metres) < 1e-6
        assert found.positions[row] == position or tied


@pytest.mark.parametrize(("lon", "lat"), [(-74.0, 40.7), (151.2, -33.9), (0.0, 90.0)])
def test_distances_stay_true_around_the_world(lon: float, lat: float) -> None:
    index = OfficeIndex([office(0, 5.5, 50.96)])
    expected = GEOD.inv(lon, lat, 5.5, 50.96)[2]
    assert index.nearest_few(lon, lat, 1)[0][1] == pytest.approx(expected, abs=0.01)
    assert index.nearest(np.array([lon]), np.array([lat]))[1][0] == pytest.approx(expected, abs=0.01)
