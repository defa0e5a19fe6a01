"""Where points lie in all layers at once, against each layer on its own."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo_lookup import Finder
from geo_lookup.area_index import AreaIndex
from geo_lookup.coordinates import Located, locate
from geo_lookup.crs import LONLAT, transform
from geo_lookup.model import Area, AreaKind
from geo_lookup.place_index import MANY, Place, PlaceIndex
from tests.test_area_index import NOISE_M, Points, anywhere, by_loop, hulls, limit_margin, near_borders

LAYERS = (AreaKind.NEIGHBOURHOOD, AreaKind.SPECIAL_AREA, AreaKind.CITY)
NOWHERE = Place(-1, -1, in_city=False)


def place_by_loop(layers: list[tuple[Area, ...]], points: Points) -> list[Place]:
    """Where points lie, by a loop over the polygons of each layer; a neighbourhood lies in the city."""
    neighbourhoods, special_areas, city = (by_loop(areas, points).tolist() for areas in layers)
    return [
        Place(neighbourhood, special_area, neighbourhood >= 0 or in_city >= 0)
        for neighbourhood, special_area, in_city in zip(neighbourhoods, special_areas, city, strict=True)
    ]


@pytest.mark.parametrize("name", ["toy", "demo", "genk"])
@pytest.mark.parametrize("crs", [31370, LONLAT])
def test_a_point_lies_where_a_loop_over_each_layer_finds_it(
    request: pytest.FixtureRequest, name: str, crs: int
) -> None:
    finder: Finder = request.getfixturevalue(name)
    edition = finder.edition
    layers = [edition.neighbourhoods.areas, edition.special_areas.areas, edition.city.areas]
    everything = tuple(area for areas in layers for area in areas)
    points = np.concatenate([anywhere(everything, MANY), near_borders(everything, 4_000)])
    points = points[limit_margin(everything, points) > (1e-9 if crs == 31370 else NOISE_M)]
    places = PlaceIndex(edition.neighbourhoods, edition.special_areas, edition.city)
    find = places.numbers_of_degrees if crs == LONLAT else places.numbers
    xs, ys = transform(points[:, 0].copy(), points[:, 1].copy(), 31370, crs)
    expected = place_by_loop(layers, points)
    for rows in (slice(100), slice(None), slice(200)):  # few, by layer; many, by the table; few, by it again
        assert [places.place(number) for number in find(xs[rows], ys[rows]).tolist()] == expected[rows]


def test_one_point_lies_where_many_do(demo: Finder) -> None:
    edition = demo.edition
    xs, ys = near_borders(edition.neighbourhoods.areas, 400).T.copy()
    lons, lats = transform(xs, ys, 31370, LONLAT)
    numbers = edition.places.numbers_of_degrees(np.resize(lons, MANY), np.resize(lats, MANY))[: len(lons)]
    together = [edition.places.place(number) for number in numbers.tolist()]
    points = np.transpose(locate(lons, lats, LONLAT, edition.territory)).tolist()
    before = PlaceIndex(edition.neighbourhoods, edition.special_areas, edition.city)  # it has no table yet
    for places in (before, edition.places):
        assert [places.locate_one(Located(*point)) for point in points] == together
    assert edition.places.locate_one(Located(0.0, 0.0, np.nan, np.nan)) == NOWHERE


@given(*[st.lists(hulls.filter(lambda hull: hull.geom_type == "Polygon"), max_size=3)] * 3, st.integers(0, 99))
def test_layers_may_lie_in_any_way(
    neighbourhoods: list[shapely.Polygon], special_areas: list[shapely.Polygon], city: list[shapely.Polygon], seed: int
) -> None:
    layers = [
        tuple(Area("abc"[n], "", kind, None, shape) for n, shape in enumerate(shapes))
        for kind, shapes in zip(LAYERS, (neighbourhoods, special_areas, city), strict=True)
    ]
    everything = tuple(area for areas in layers for area in areas)
    random = np.random.default_rng(seed)
    points = np.concatenate(
        [random.uniform(-10, 310, (200, 2)), shapely.get_coordinates([a.geometry for a in everything])]
    )
    points = points[limit_margin(everything, points) > 1e-9] if everything else points
    expected = place_by_loop(layers, points)
    places = PlaceIndex(*(AreaIndex(areas) for areas in layers))
    filled = np.resize(points, (MANY, 2))  # so many that a table is made
    assert [places.place(one) for one in places.numbers(*filled.T)[: len(points)].tolist()] == expected


def test_places_that_fill_no_cell_have_large_numbers_too() -> None:
    """So many areas of a metre that a number may be beyond 16 bits, where none in the table is."""
    corners = np.arange(140.0) * 3
    layers = [
        tuple(Area(f"{n:03}", "", kind, None, shapely.box(x, 0, x + 1, 1)) for n, x in enumerate(corners.tolist()))
        for kind in LAYERS
    ]
    places = PlaceIndex(*(AreaIndex(areas) for areas in layers))
    assert places.count > np.iinfo(np.int16).max
    numbers = places.numbers(np.resize(corners + 0.5, MANY), np.full(MANY, 0.5))[: len(corners)]
    assert [places.place(number) for number in numbers.tolist()] == [Place(n, n, in_city=True) for n in range(140)]


@pytest.mark.parametrize("degrees", [False, True])
def test_what_is_no_point_lies_nowhere(demo: Finder, *, degrees: bool) -> None:
    places = demo.edition.places
    odd = np.array([(np.nan, 51.0), (5.5, np.nan), (np.inf, 51.0), (5.5, -np.inf), (1e300, 1e300), (0.0, 0.0)])
    xs, ys = np.resize(odd, (MANY, 2)).T
    numbers = (places.numbers_of_degrees if degrees else places.numbers)(xs, ys)
    assert {places.place(number) for number in numbers.tolist()} == {NOWHERE}


def test_each_place_has_a_number_of_its_own(demo: Finder) -> None:
    places = demo.edition.places
    assert len({places.place(number) for number in range(places.count)}) == places.count
    assert places.place(0) == NOWHERE


def test_a_pickled_index_finds_the_same(demo: Finder) -> None:
    points = anywhere(demo.edition.neighbourhoods.areas, MANY).T
    expected = demo.edition.places.numbers(*points)
    sent = pickle.loads(pickle.dumps(demo.edition.places))  # noqa: S301 - our own
    np.testing.assert_array_equal(sent.numbers(*points), expected)
