"""Places in space by polynomials, against sines and roots."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from geo_lookup.local_space import ERROR_M, local_space, place, place_anywhere
from geo_lookup.polynomials import fitted, polynomial

west = st.floats(-179, 170)
south = st.floats(-80, 70)
size = st.floats(0.05, 5)


@given(west, south, size, size)
def test_over_a_box_polynomials_place_points_where_they_are(
    west: float, south: float, width: float, height: float
) -> None:
    space = local_space((west, south, west + width, south + height))
    lons, lats = np.random.default_rng(1).uniform((west, south), (west + width, south + height), (500, 2)).T
    for one, other in zip(place(space, lons, lats), place_anywhere(space, lons, lats), strict=True):
        assert np.abs(one - other).max() < 3 * ERROR_M
    for number in range(3):
        assert place(space, lons[number], lats[number]) == tuple(axis[number] for axis in place(space, lons, lats))


def test_distances_in_local_space_are_those_between_places_on_the_ellipsoid() -> None:
    space = local_space((5.3, 50.8, 5.7, 51.1))
    to_space = Transformer.from_crs(4979, 4978, always_xy=True)
    lons, lats = np.array([5.4, 5.69, -70.0, 5.5]), np.array([50.9, 51.09, -33.0, 90.0])
    own = np.stack(place_anywhere(space, lons, lats))
    known = np.stack(to_space.transform(lons, lats, np.zeros(4)))
    for one in range(4):
        expected = np.linalg.norm(known - known[:, [one]], axis=0)
        assert np.linalg.norm(own - own[:, [one]], axis=0) == pytest.approx(expected, abs=1e-7)


@pytest.mark.parametrize("low", [-1, 0])
def test_a_polynomial_has_as_few_terms_as_will_do(low: int) -> None:
    at = np.linspace(low, 1, 77)
    assert polynomial(fitted(lambda part: 3 - 2 * part, low, 1e-12), at) == pytest.approx(3 - 2 * at, abs=1e-12)
    assert len(fitted(lambda part: 3 - 2 * part, low, 1e-12)) == 2
    found = fitted(np.exp, low, 1e-10)
    assert np.abs(polynomial(found, at) - np.exp(at)).max() < 2e-10
    assert np.abs(polynomial(fitted(np.exp, low, 1e-4), at) - np.exp(at)).max() > 1e-10
