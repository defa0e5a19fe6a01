"""What is fast in bulk, against what is exact: distances to borders and offices, coordinates, whole columns."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo_lookup import Finder
from geo_lookup.area_index import AreaIndex
from geo_lookup.border_grid import EQUAL_M2, NOWHERE, BorderGrid
from geo_lookup.bulk.columns import COLUMNS, ROWS, Answers, Points
from geo_lookup.coordinates import locate
from geo_lookup.crs import reference_system
from geo_lookup.surroundings import ERROR_M
from tests.bulk.test_assign import row_of
from tests.conftest import DAY
from tests.test_area_index import anywhere, near_borders

corners = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=2, max_size=30, unique=True)


@given(corners, st.integers(0, 99))
def test_the_grid_measures_to_the_nearest_of_any_edges(places: list[tuple[int, int]], seed: int) -> None:
    line = np.array(places, dtype=np.float64) * 100
    ends = np.hstack([line[:-1], line[1:]])
    random = np.random.default_rng(seed)
    points = np.concatenate([random.uniform(-6000, 7000, (200, 2)), random.uniform(0, 1200, (200, 2)), line])
    expected = shapely.distance(shapely.multilinestrings(ends.reshape(-1, 2, 2)), shapely.points(points))
    grid = BorderGrid(ends)
    measured = grid.distances(*points.T)
    one_by_one = [grid.distance(x, y) for x, y in points.tolist()]
    np.testing.assert_allclose(one_by_one, measured, rtol=0, atol=1e-9)
    beyond = np.isnan(measured)
    assert (np.abs(points[beyond] - line.mean(axis=0)).max(axis=1) > 4000).all()
    assert np.abs(measured[~beyond] - expected[~beyond]).max(initial=0) < 1e-8
    nearest = grid.nearest(*points.T)
    np.testing.assert_allclose(nearest.distances**2, measured**2, rtol=0, atol=2 * EQUAL_M2)
    np.testing.assert_array_equal([grid.nearest_one(x, y) for x, y in points.tolist()], np.transpose(nearest))
    assert (nearest.edges[beyond] == NOWHERE).all()
    told, parts = ends[nearest.edges[~beyond]], nearest.parts[~beyond, None]
    there = told[:, :2] + parts * (told[:, 2:] - told[:, :2])
    assert np.abs(np.hypot(*(there - points[~beyond]).T) - nearest.distances[~beyond]).max(initial=0) < 1e-8
    to_edges = shapely.distance(shapely.linestrings(ends.reshape(-1, 1, 2, 2)), shapely.points(points[~beyond]))
    first = (to_edges.reshape(len(ends), -1) <= measured[~beyond] + 1e-10).argmax(axis=0)
    assert (nearest.edges[~beyond] <= first).all()


def test_the_grid_agrees_with_the_tree_on_real_borders(genk: Finder) -> None:
    index = AreaIndex(genk.edition.neighbourhoods.areas, 31370)
    points = np.concatenate([anywhere(index.areas, 20_000), near_borders(index.areas, 4_000), [[np.nan, 1], [0, 0]]])
    exact = index.border_distances(*points.T)
    assert not np.isnan(exact[:-2]).any()
    for _ in range(3):  # by the tree, and when many have been measured by the grid
        quick = index.nearly_border_distances(*points.T)
        assert np.nanmax(np.abs(quick - exact)) < 1e-7
    assert np.isnan(quick[-2:]).all()


@pytest.mark.parametrize("crs", [4326, 31370])
def test_in_and_around_the_city_polynomials_stand_for_transformations(demo: Finder, flanders: Finder, crs: int) -> None:
    for finder in (demo, flanders):
        surroundings, territory = finder.edition.surroundings, finder.edition.territory
        west, south, east, north = surroundings.box
        random = np.random.default_rng(3)
        lons, lats = random.uniform((west - 0.1, south - 0.1), (east + 0.1, north + 0.1), (20_000, 2)).T
        xs, ys = reference_system(crs).from_lonlat(lons, lats)
        xs[:2], ys[1:3] = (np.nan, 7e6), np.nan
        exact, quick = locate(xs, ys, crs, territory), surroundings.locate(xs, ys, crs)
        for name, scale in (("x", 1), ("y", 1), ("lon", 111_200), ("lat", 111_200)):
            one, other = getattr(exact, name), getattr(quick, name)
            assert (np.isnan(one) == np.isnan(other)).all(), name
            with np.errstate(invalid="ignore"):
                assert np.nanmax(np.abs(one - other)) * scale < 2 * ERROR_M, name


@pytest.mark.parametrize("crs", [4326, 31370, 3812])
def test_columns_are_what_find_answers_also_near_borders(demo: Finder, crs: int) -> None:
    areas = demo.edition.neighbourhoods.areas
    places = np.concatenate([near_borders(areas, 150), anywhere(areas, 150)])
    lons, lats = reference_system(31370).to_lonlat(*places.T)
    xs, ys = reference_system(crs).from_lonlat(lons, lats)
    answers = Answers(demo.edition, date.fromisoformat(DAY))
    expected = [row_of(demo, x, y, crs) for x, y in zip(xs.tolist(), ys.tolist(), strict=True)]
    for _ in range(2):
        table = pa.table(answers.columns(Points(xs, ys, crs)))
        assert table.column_names == list(COLUMNS)
        assert table.to_pylist() == expected
        answers.edition.neighbourhoods.nearly_border_distances(np.zeros(100_000), np.zeros(100_000))


def test_distances_are_rounded_as_one_by_one(demo: Finder) -> None:
    """A tenth of a micrometre decides about one row in fifty thousand; those are measured exactly."""
    areas = demo.edition.neighbourhoods.areas
    places = np.tile(anywhere(areas, 50_000), (4, 1))
    lons, lats = reference_system(31370).to_lonlat(*places.T)
    for points in (Points(lons, lats, 4326), Points(places[:, 0], places[:, 1], 31370)):
        columns = Answers(demo.edition, date.fromisoformat(DAY)).columns(points)
        exact = locate(*points, demo.edition.territory)
        borders = demo.edition.neighbourhoods.border_distances(exact.x[:50_000], exact.y[:50_000])
        assert (columns["border_distance_m"].to_numpy()[-50_000:] == np.round(borders, 2)).all()
        offices = demo.edition.offices
        some = range(0, 50_000, 25)
        one_by_one = [offices.nearest_few(exact.lon[row], exact.lat[row], 1)[0] for row in some]
        nearest = [offices.offices[position].id for position, _ in one_by_one]
        assert [columns["office_id"][row].as_py() for row in some] == nearest
        metres = columns["office_distance_m"].to_numpy()[list(some)]
        assert (metres == np.round([metres for _, metres in one_by_one], 2)).all()


@pytest.mark.parametrize("count", [0, 1, ROWS, 2 * ROWS + 1])
def test_rows_keep_their_order_over_parts_and_threads(demo: Finder, count: int) -> None:
    lons = np.resize([5.505, 5.472, 5.34, np.nan], count)
    lats = np.resize([50.975, 50.952, 50.93, 50.93], count)
    answers = Answers(demo.edition, date.fromisoformat(DAY))
    for threads in (1, 3, None):
        columns = answers.columns(Points(lons, lats, 4326), threads)
        expected = np.resize(np.array(["assigned", "vacant", "outside", None], dtype=object), count)
        assert columns["outcome"].to_pylist() == expected.tolist()
        assert pa.schema([(name, column.type) for name, column in columns.items()]) == answers.schema
