"""In and around a city, transformations of coordinates are as smooth as a polynomial, and ten times as slow.

So for columns of millions a polynomial stands in for them: it is fitted to the transformation, compared with it, and
not used where it is off by more than a tenth of a micrometre. Whoever needs more asks `coordinates.locate`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.polynomial import chebyshev
from numpy.typing import NDArray

from geo_lookup.compiled import BLOCK, Loop, read_only
from geo_lookup.coordinates import Box, Column, Located, Territory, all_in_box, box_around, in_box, locate
from geo_lookup.crs import LONLAT, reference_system

AROUND_DEGREES = 0.07
"""How far around the city's box the polynomials are good, about 5 km."""

ERROR_M = 1e-7
"""How far off a polynomial may be."""

DEGREE_M = 111_200.0
"""About how long a degree of latitude is."""

DEGREES = range(3, 11)
"""The degrees that a polynomial may have; of all terms together."""

CHUNK = 32_768
"""How many points are worked on at a time, so that what is in between stays in the cache."""

Transform = Callable[[Column, Column], tuple[Column, Column]]
Coefficients = NDArray[np.float64]


class Surroundings:
    """Locates columns of points in and around a city. Read-only, safe to share between threads.

    `box` is that ground: west, south, east and north in degrees.
    """

    def __init__(self, territory: Territory) -> None:
        west, south, east, north = territory.box
        around = AROUND_DEGREES
        box = (max(west - around, -180), max(south - around, -90), min(east + around, 180), min(north + around, 90))
        metric = reference_system(territory.metric_crs)
        self.territory = territory
        self.box = box
        self._boxes = {LONLAT: box, territory.metric_crs: box_around(box, territory.metric_crs)}
        self._to_metres = Polynomials(metric.from_lonlat, box, ERROR_M)
        self._to_degrees = Polynomials(metric.to_lonlat, self._boxes[territory.metric_crs], ERROR_M / DEGREE_M)

    def locate(self, xs: Column, ys: Column, crs: int) -> Located[Column]:
        """Locate coordinates as `coordinates.locate` does, a tenth of a micrometre off at most.

        What was sent in degrees, or in the metric CRS, stays as it is.
        """
        polynomials = self._to_metres if crs == LONLAT else self._to_degrees
        if crs not in self._boxes or not polynomials.good:
            return locate(xs, ys, crs, self.territory)
        inside = in_box(xs, ys, self._boxes[crs]) if not all_in_box(xs, ys, self._boxes[crs]) else None
        if inside is None:
            made = polynomials(xs, ys)
            return Located(xs, ys, *made) if crs == LONLAT else Located(*made, xs, ys)
        columns = [np.empty(len(xs)) for _ in Located._fields]
        for rows, located in (
            (inside, self.locate(xs[inside], ys[inside], crs)),
            (~inside, locate(xs[~inside], ys[~inside], crs, self.territory)),
        ):
            for column, values in zip(columns, located, strict=True):
                column[rows] = values
        return Located(*columns)


class Polynomials:
    """Two polynomials of two variables in place of a transformation, over a box; `good` tells whether they are."""

    def __init__(self, transform: Transform, box: Box, error: float) -> None:
        """Fit polynomials of the lowest degree that is nowhere off by more than `error`, in the units that come out."""
        west, south, east, north = box
        self._middle = (west + east) / 2, (south + north) / 2
        self._reach = (east - west) / 2, (north - south) / 2
        steps = np.linspace(-1, 1, 33)
        us, vs = (grid.ravel() for grid in np.meshgrid(steps, steps))
        wanted = transform(*self._places(us, vs))
        for degree in DEGREES:
            self._coefficients = np.stack([_in_powers(values) for values in self._fitted(transform, degree)])
            made = self(*self._places(us, vs))
            self.good = all(bool(np.abs(one - other).max() <= error) for one, other in zip(made, wanted, strict=True))
            if self.good:
                break

    def __call__(self, xs: Column, ys: Column) -> tuple[Column, Column]:
        """Transform points of the box."""
        made = np.empty((2, len(xs)))
        compiled = EVALUATE.machine_code(len(xs))
        if compiled is not None:
            compiled(made, read_only(xs), read_only(ys), *self._middle, *self._reach, self._coefficients)
            return made[0], made[1]
        us, vs, inner = np.empty((3, min(CHUNK, len(xs))))
        for start in range(0, len(xs), CHUNK):
            part = slice(start, start + CHUNK)
            count = len(xs[part])
            for values, middle, reach, scaled in zip((xs, ys), self._middle, self._reach, (us, vs), strict=True):
                np.subtract(values[part], middle, out=scaled[:count])
                np.divide(scaled[:count], reach, out=scaled[:count])
            for values, coefficients in zip(made, self._coefficients, strict=True):
                _horner(coefficients, us[:count], vs[:count], inner[:count], values[part])
        return made[0], made[1]

    def _places(self, us: Column, vs: Column) -> tuple[Column, Column]:
        """Places of the box, which runs from -1 to 1 in each direction."""
        return self._middle[0] + us * self._reach[0], self._middle[1] + vs * self._reach[1]

    def _fitted(self, transform: Transform, degree: int) -> list[Coefficients]:
        """Chebyshev coefficients for u and v, out of the values at Chebyshev's points, where errors stay small."""
        points = chebyshev.chebpts1(degree + 1)
        us, vs = np.meshgrid(points, points, indexing="ij")
        values = transform(*self._places(us.ravel(), vs.ravel()))
        inverse = np.linalg.inv(chebyshev.chebvander(points, degree))
        return [inverse @ one.reshape(us.shape) @ inverse.T for one in values]


def _horner(coefficients: Coefficients, us: Column, vs: Column, inner: Column, value: Column) -> None:
    """The values of a polynomial, written into `value`, by Horner's scheme; `inner` is room to work in."""
    last = len(coefficients) - 1
    value[:] = coefficients[last, 0]
    for power in range(last - 1, -1, -1):
        np.multiply(value, us, out=value)
        inner[:] = coefficients[power, last - power]
        for coefficient in coefficients[power, : last - power][::-1]:
            np.multiply(inner, vs, out=inner)
            np.add(inner, coefficient, out=inner)
        np.add(value, inner, out=value)


def _evaluate(
    made: NDArray[np.float64], xs: Column, ys: Column,
    middle_x: float, middle_y: float, reach_x: float, reach_y: float, coefficients: NDArray[np.float64],
) -> None:  # fmt: skip
    """Write the values of both polynomials at points, by the sums of `_horner`."""
    us, vs, inner = np.empty(BLOCK), np.empty(BLOCK), np.empty(BLOCK)
    last = coefficients.shape[1] - 1
    for start in range(0, len(xs), BLOCK):
        some_x, some_y = xs[start : start + BLOCK], ys[start : start + BLOCK]
        for point in range(len(some_x)):
            us[point], vs[point] = (some_x[point] - middle_x) / reach_x, (some_y[point] - middle_y) / reach_y
        for axis in range(2):
            value = made[axis, start : start + BLOCK]
            value[:] = coefficients[axis, last, 0]
            for power in range(last - 1, -1, -1):
                inner[:] = coefficients[axis, power, last - power]
                for other in range(last - power - 1, -1, -1):
                    coefficient = coefficients[axis, power, other]
                    for point in range(len(value)):
                        inner[point] = inner[point] * vs[point] + coefficient
                for point in range(len(value)):
                    value[point] = value[point] * us[point] + inner[point]


EVALUATE = Loop(_evaluate)
"""Writes the values of two polynomials at points."""


def _in_powers(coefficients: Coefficients) -> Coefficients:
    """Coefficients of the powers of u (rows) and of v, out of Chebyshev's; terms of a higher degree are left out."""
    count = len(coefficients)
    kept = np.where(np.add.outer(np.arange(count), np.arange(count)) < count, coefficients, 0.0)
    to_powers = np.zeros((count, count))
    for degree in range(count):
        to_powers[degree, : degree + 1] = chebyshev.cheb2poly(np.eye(count)[degree, : degree + 1])
    powers: Coefficients = to_powers.T @ kept @ to_powers
    return powers
