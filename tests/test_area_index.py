"""The index against a loop over all polygons, and against itself in three CRSs."""

from __future__ import annotations

import pickle
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from geo_lookup import Finder
from geo_lookup.area_index import AreaIndex
from geo_lookup.cell_points import ASK
from geo_lookup.crs import LONLAT, transform
from geo_lookup.model import Area, AreaKind
from geo_lookup.rounding import rounded

OFFSETS_M = (0.0, 1e-9, 1e-6, 1e-4, 0.0005, 0.0009, 0.0011, 0.002, 0.01, 0.1, 1.0)
LIMIT_M = 0.001
"""Areas within this of a point match, says the contract."""

NOISE_M = 0.00043
"""What a point moves on its way from Lambert 72 to degrees and back (tests/test_crs.py)."""

Points = NDArray[np.float64]


def by_loop(areas: tuple[Area, ...], points: Points) -> NDArray[np.int64]:
    """Rule 1 as one would write it: every polygon in the order of ids, the first within 1 mm wins."""
    found = np.full(len(points), -1)
    for position in reversed(range(len(areas))):
        found[shapely.distance(areas[position].geometry, shapely.points(points)) <= LIMIT_M] = position
    return found


def limit_margin(areas: tuple[Area, ...], points: Points) -> NDArray[np.float64]:
    """How far the nearest of each point's distances to the areas lies from the limit of 1 mm."""
    distances = np.stack([shapely.distance(area.geometry, shapely.points(points)) for area in areas])
    margins: NDArray[np.float64] = np.abs(distances - LIMIT_M).min(axis=0)
    return margins


def near_borders(areas: tuple[Area, ...], count: int) -> Points:
    """Points on vertices and on edges, and beside them in random directions."""
    random = np.random.default_rng(20261123)
    lines = shapely.get_parts([shapely.boundary(area.geometry) for area in areas])
    vertices = shapely.get_coordinates(lines)
    on_edges = shapely.get_coordinates(
        shapely.line_interpolate_point(lines, random.random((count // 8, 1)), normalized=True)
    )
    places = np.concatenate([random.choice(vertices, count // 2), random.choice(on_edges, count // 2)])
    angles = random.uniform(0, 2 * np.pi, len(places))
    steps = random.choice(OFFSETS_M, len(places))
    moved: Points = places + np.column_stack([np.cos(angles), np.sin(angles)]) * steps[:, None]
    return moved


def anywhere(areas: tuple[Area, ...], count: int) -> Points:
    west, south, east, north = shapely.total_bounds([area.geometry for area in areas])
    random = np.random.default_rng(20261124)
    return random.uniform((west - 500, south - 500), (east + 500, north + 500), (count, 2))


@pytest.fixture(params=["demo", "genk"])
def finder(request: pytest.FixtureRequest) -> Finder:
    chosen: Finder = request.getfixturevalue(request.param)
    return chosen


@pytest.mark.parametrize("draw", [near_borders, anywhere])
def test_the_index_agrees_with_a_loop_over_all_polygons(finder: Finder, draw: Callable[..., Points]) -> None:
    index = finder.edition.neighbourhoods
    points = draw(index.areas, 4000)
    assert (index.locate(*points.T) == by_loop(index.areas, points)).all()


def test_the_index_agrees_with_a_loop_over_all_of_flanders(flanders: Finder) -> None:
    index = flanders.edition.neighbourhoods
    points = np.concatenate([near_borders(index.areas, 300), anywhere(index.areas, 100)])
    assert (index.locate(*points.T) == by_loop(index.areas, points)).all()


@pytest.mark.parametrize("draw", [near_borders, anywhere])
@pytest.mark.parametrize("epsg", [4326, 31370, 3812])
def test_a_point_gets_the_same_neighbourhood_in_each_crs(
    finder: Finder, draw: Callable[..., Points], epsg: int
) -> None:
    areas = finder.edition.neighbourhoods.areas
    points = draw(areas, 2000)
    points = points[limit_margin(areas, points) > NOISE_M]
    expected = by_loop(areas, points)
    sent = transform(points[:, 0].copy(), points[:, 1].copy(), 31370, epsg)
    assert (finder.locate(*sent, crs=epsg) == expected).all()


def test_alone_or_in_a_batch_a_point_gets_the_same_neighbourhood(finder: Finder) -> None:
    areas = finder.edition.neighbourhoods.areas
    points = near_borders(areas, 400)
    lons, lats = transform(points[:, 0].copy(), points[:, 1].copy(), 31370, 4326)
    together = finder.locate(lons, lats)
    for lon, lat, position in zip(lons, lats, together, strict=True):
        neighbourhood = finder.find(lon=float(lon), lat=float(lat)).neighbourhood
        assert (neighbourhood.id if neighbourhood else None) == (areas[position].id if position >= 0 else None)


@pytest.mark.parametrize("epsg", [4326, 31370, 3812])
def test_flanders_gets_the_same_neighbourhoods_in_each_crs(flanders: Finder, epsg: int) -> None:
    areas = flanders.edition.neighbourhoods.areas
    points = np.concatenate([near_borders(areas, 150), anywhere(areas, 50)])
    points = points[limit_margin(areas, points) > NOISE_M]
    sent = transform(points[:, 0].copy(), points[:, 1].copy(), 31370, epsg)
    assert (flanders.locate(*sent, crs=epsg) == by_loop(areas, points)).all()


@pytest.mark.parametrize("epsg", [4326, 31370, 3812])
def test_find_and_assign_agree_on_borders_and_beside_them(finder: Finder, epsg: int) -> None:
    points = near_borders(finder.edition.neighbourhoods.areas, 120)
    xs, ys = transform(points[:, 0].copy(), points[:, 1].copy(), 31370, epsg)
    assigned = finder.assign(pd.DataFrame({"x": xs, "y": ys}), crs=epsg)
    for x, y, row in zip(xs, ys, assigned.to_dict("records"), strict=True):
        answer = finder.find(x=float(x), y=float(y), crs=epsg)
        assert answer.border is not None
        assert row["outcome"] == answer.outcome
        assert row["border_distance_m"] == answer.border.distance_m
        if answer.neighbourhood:
            assert row["neighbourhood_id"] == answer.neighbourhood.id


def test_every_inner_vertex_of_genk_has_exactly_one_neighbourhood(genk: Finder) -> None:
    index = genk.edition.neighbourhoods
    vertices = np.unique(shapely.get_coordinates([area.geometry for area in index.areas]), axis=0)
    assert (index.locate(*vertices.T) == by_loop(index.areas, vertices)).all()
    assert (index.locate(*vertices.T) >= 0).all()


def test_on_a_shared_border_the_lowest_id_wins_whatever_the_order_of_the_layer() -> None:
    left, right = shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)
    for one, other in (("10", "9"), ("9", "10"), ("a", "B")):
        areas = [
            Area(one, "", AreaKind.NEIGHBOURHOOD, None, left),
            Area(other, "", AreaKind.NEIGHBOURHOOD, None, right),
        ]
        for order in (areas, areas[::-1]):
            index = AreaIndex(order)
            position = index.locate(np.array([1.0]), np.array([0.5]))[0]
            assert index.areas[position].id == min(one, other), "ids compare as text"


@pytest.mark.parametrize("x", [np.nan, np.inf, -np.inf])
def test_what_is_no_point_is_outside(demo: Finder, x: float) -> None:
    index = demo.edition.neighbourhoods
    assert index.locate(np.array([x, 229465.0]), np.array([184466.0, x])).tolist() == [-1, -1]
    assert np.isnan(index.border_distances(np.array([x]), np.array([184466.0]))).all()


def test_the_distance_to_a_border_is_that_to_the_nearest_of_all_borders(finder: Finder) -> None:
    index = finder.edition.neighbourhoods
    points = np.concatenate([near_borders(index.areas, 200), anywhere(index.areas, 200)])
    borders = shapely.union_all([shapely.boundary(area.geometry) for area in index.areas])
    assert index.border_distances(*points.T) == pytest.approx(
        shapely.distance(borders, shapely.points(points)), abs=1e-6
    )


@pytest.mark.parametrize("within", [0.5, 15.0, 130.0])
def test_the_borders_nearby_are_those_of_all_areas_that_a_loop_finds(finder: Finder, within: float) -> None:
    index = finder.edition.neighbourhoods
    borders = [shapely.boundary(area.geometry) for area in index.areas]
    for x, y in [*near_borders(index.areas, 400), *anywhere(index.areas, 200)]:
        distances = shapely.distance(borders, shapely.points(x, y)).tolist()
        nearby = {position: rounded(metres) for position, metres in enumerate(distances) if rounded(metres) <= within}
        assert index.nearby_borders(x, y, within) == nearby
        assert list(index.nearby_borders(x, y, within)) == list(nearby)


def test_an_index_without_areas_answers_outside() -> None:
    empty = AreaIndex([])
    assert empty.locate(np.array([1.0]), np.array([1.0])).tolist() == [-1]
    assert np.isnan(empty.border_distances(np.array([1.0]), np.array([1.0]))).all()


metres = st.integers(0, 300_000).map(lambda millimetres: millimetres / 1000)
hulls = st.lists(st.tuples(metres, metres), min_size=3, max_size=7).map(
    lambda corners: shapely.MultiPoint(corners).convex_hull
)
layers = st.lists(hulls.filter(lambda hull: hull.geom_type == "Polygon"), min_size=1, max_size=6)


@given(layers, st.lists(st.tuples(metres, metres), max_size=20), st.sampled_from(OFFSETS_M))
def test_overlapping_areas_of_any_shape_are_found_as_a_loop_finds_them(
    polygons: list[shapely.Polygon], places: list[tuple[float, float]], offset: float
) -> None:
    names = "dbface"
    index = AreaIndex(Area(names[n], "", AreaKind.NEIGHBOURHOOD, None, one) for n, one in enumerate(polygons))
    corners = shapely.get_coordinates(polygons)
    points = np.concatenate([np.array(places).reshape(-1, 2), corners, corners + offset, corners - [offset, 0]])
    points = points[limit_margin(index.areas, points) > 1e-9]  # there the last digit of a distance decides
    assert (index.locate(*points.T) == by_loop(index.areas, points)).all()


@pytest.mark.parametrize("crs", [31370, 4326])
def test_only_points_right_beside_a_border_are_asked_exactly(finder: Finder, crs: int) -> None:
    index = finder.edition.neighbourhoods
    points = np.concatenate([anywhere(index.areas, 20_000), near_borders(index.areas, 2_000)])
    asked = index.table(crs).look_up(*transform(points[:, 0].copy(), points[:, 1].copy(), 31370, crs)) == ASK
    assert asked[:20_000].mean() < 0.001
    assert asked[index.border_distances(*points.T) < 0.004].all()
    assert index.border_distances(*points[asked].T).max() < 0.008


def test_one_point_is_looked_up_as_many_are(finder: Finder) -> None:
    index = finder.edition.neighbourhoods
    points = np.concatenate([anywhere(index.areas, 500), near_borders(index.areas, 500)])
    lons, lats = transform(points[:, 0].copy(), points[:, 1].copy(), 31370, 4326)
    together = index.locate_degrees(lons, lats).tolist()
    assert [index.locate_one(lon, lat) for lon, lat in zip(lons.tolist(), lats.tolist(), strict=True)] == together
    assert index.locate_one(np.nan, 50.9) == index.locate_one(np.inf, 50.9) == index.locate_one(0.0, 0.0) == -1


def test_many_areas_that_meet_in_one_cell_are_told_apart() -> None:
    """A fan of twenty slices: more than a cell keeps by bits, so that its middle is asked exactly."""
    angles = np.linspace(0, 2 * np.pi, 21)
    rim = np.column_stack([np.cos(angles), np.sin(angles)]) * 300 + 1000
    areas = [
        Area(f"{n:02}", "", AreaKind.NEIGHBOURHOOD, None, shapely.Polygon([(1000, 1000), rim[n], rim[n + 1]]))
        for n in range(20)
    ]
    index = AreaIndex(areas)
    points = np.random.default_rng(1).uniform(690, 1310, (4000, 2))
    points = np.concatenate([points, np.random.default_rng(2).normal(1000, 4, (2000, 2))])
    assert (index.locate(*points.T) == by_loop(index.areas, points)).all()


@pytest.mark.parametrize("crs", [31370, LONLAT])
def test_areas_that_fill_no_square_of_a_cell_are_found_however_many_they_are(crs: int) -> None:
    shapes = [shapely.box(228_000 + 3 * n, 183_000, 228_001 + 3 * n, 183_001) for n in range(140)]
    index = AreaIndex(
        (Area(f"{n:03}", "", AreaKind.NEIGHBOURHOOD, None, shape) for n, shape in enumerate(shapes)), 31370
    )
    points = shapely.get_coordinates(shapely.centroid(shapes))
    xs, ys = transform(points[:, 0].copy(), points[:, 1].copy(), 31370, crs)
    found = index.locate_degrees(xs, ys) if crs == LONLAT else index.locate(xs, ys)
    assert found.tolist() == list(range(140))


def test_a_pickled_index_is_small_and_the_same(demo: Finder) -> None:
    index = demo.edition.neighbourhoods
    points = anywhere(index.areas, 1000)
    expected = index.locate(*points.T)
    sent = pickle.dumps(index)
    assert len(sent) < 300_000
    assert (pickle.loads(sent).locate(*points.T) == expected).all()  # noqa: S301 - our own
