"""Polynomials that stand in for smooth functions, where these take long: of one number, and of two.

Coefficients are tuples, because compiled loops then know how many there are, and take a third of the time or less.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numpy as np
from numpy.polynomial import Chebyshev, Polynomial, chebyshev
from numpy.typing import NDArray

from geo_lookup.compiled import CHUNK, Loop, read_only

DEGREES = range(3, 11)
"""The degrees that polynomials of two numbers may have; of all terms together."""

MOST_TERMS = 24
"""How many terms a polynomial of one number may have."""

Column = NDArray[np.float64]
Box = tuple[float, float, float, float]
Transform = Callable[[Column, Column], tuple[Column, Column]]

Number = TypeVar("Number", float, Column)

Coefficients = tuple[float, ...]
"""By the powers of a number, two at least."""

Surface = tuple[Coefficients, ...]
"""By the powers of one number, each by those of another."""


def polynomial(coefficients: Coefficients, at: Number) -> Number:
    """The value of a polynomial, by Horner's scheme."""
    value = coefficients[-1] * at
    value += coefficients[-2]
    for power in range(len(coefficients) - 3, -1, -1):
        value *= at
        value += coefficients[power]
    return value


def surface(coefficients: Surface, u: Number, v: Number) -> Number:
    """The value of a polynomial of two numbers."""
    value = polynomial(coefficients[-1], v)
    for power in range(len(coefficients) - 2, -1, -1):
        value *= u
        value += polynomial(coefficients[power], v)
    return value


def fitted(function: Callable[[Column], Column], low: float, error: float) -> Coefficients:
    """The shortest polynomial that is nowhere between `low` and 1 off by more than `error`, by Chebyshev's points.

    Where none is, the one with most terms; even over the whole Earth that places points to 0.2 micrometres.
    """
    tried = np.linspace(low, 1, 101)[1:]
    wanted = function(tried)
    for terms in range(2, MOST_TERMS):
        found: Polynomial = Chebyshev.interpolate(function, terms - 1, domain=[low, 1]).convert(
            kind=Polynomial, domain=[-1, 1], window=[-1, 1]
        )
        if np.abs(found(tried) - wanted).max() <= error:
            break
    return tuple(found.coef.tolist())


class Polynomials:
    """Two polynomials of two numbers in place of a transformation, over a box; `good` tells whether they are."""

    def __init__(self, transform: Transform, box: Box, error: float) -> None:
        """Fit polynomials of the lowest degree that is nowhere off by more than `error`, in the units that come out."""
        west, south, east, north = box
        self._middle = (west + east) / 2, (south + north) / 2
        self._reach = (east - west) / 2, (north - south) / 2
        steps = np.linspace(-1, 1, 33)
        us, vs = (grid.ravel() for grid in np.meshgrid(steps, steps))
        wanted = transform(*self._places(us, vs))
        for degree in DEGREES:
            powers = [_in_powers(values) for values in self._fitted(transform, degree)]
            self._surfaces = [_rows(values, triangular=True) for values in powers]
            self._whole = [_rows(values, triangular=False) for values in powers]
            made = [surface(one, us, vs) for one in self._surfaces]
            self.good = all(bool(np.abs(one - other).max() <= error) for one, other in zip(made, wanted, strict=True))
            if self.good:
                break

    def __call__(self, xs: Column, ys: Column) -> tuple[Column, Column]:
        """Transform points of the box."""
        made = np.empty((2, len(xs)))
        compiled = EVALUATE.machine_code(len(xs))
        if compiled is not None:
            compiled(made, read_only(xs), read_only(ys), *self._middle, *self._reach, *self._whole)
            return made[0], made[1]
        for start in range(0, len(xs), CHUNK):
            part = slice(start, start + CHUNK)
            us, vs = (
                (values[part] - middle) / reach
                for values, middle, reach in zip((xs, ys), self._middle, self._reach, strict=True)
            )
            for values, coefficients in zip(made, self._surfaces, strict=True):
                values[part] = surface(coefficients, us, vs)
        return made[0], made[1]

    def _places(self, us: Column, vs: Column) -> tuple[Column, Column]:
        """Places of the box, which runs from -1 to 1 in each direction."""
        return self._middle[0] + us * self._reach[0], self._middle[1] + vs * self._reach[1]

    def _fitted(self, transform: Transform, degree: int) -> list[Column]:
        """Chebyshev coefficients for u and v, out of the values at Chebyshev's points, where errors stay small."""
        points = chebyshev.chebpts1(degree + 1)
        us, vs = np.meshgrid(points, points, indexing="ij")
        values = transform(*self._places(us.ravel(), vs.ravel()))
        inverse = np.linalg.inv(chebyshev.chebvander(points, degree))
        return [inverse @ one.reshape(us.shape) @ inverse.T for one in values]


def _in_powers(coefficients: Column) -> Column:
    """Column of the powers of u (rows) and of v, out of Chebyshev's; terms of a higher degree are left out."""
    count = len(coefficients)
    kept = np.where(np.add.outer(np.arange(count), np.arange(count)) < count, coefficients, 0.0)
    to_powers = np.zeros((count, count))
    for degree in range(count):
        to_powers[degree, : degree + 1] = chebyshev.cheb2poly(np.eye(count)[degree, : degree + 1])
    powers: Column = to_powers.T @ kept @ to_powers
    return powers


def _rows(powers: Column, *, triangular: bool) -> Surface:
    """Coefficients by rows: of the terms that there are, two at least, or of all, for loops that are compiled."""
    count = len(powers)
    lengths = [max(count - row, 2) if triangular else count for row in range(count)]
    return tuple(tuple(row[:length].tolist()) for row, length in zip(powers, lengths, strict=True))


def _evaluate(
    made: Column, xs: Column, ys: Column,
    middle_x: float, middle_y: float, reach_x: float, reach_y: float, first: Surface, second: Surface,
) -> None:  # fmt: skip
    """Write the values of both polynomials at points."""
    for point in range(len(xs)):
        u, v = (xs[point] - middle_x) / reach_x, (ys[point] - middle_y) / reach_y
        made[0, point], made[1, point] = surface(first, u, v), surface(second, u, v)


EVALUATE = Loop(_evaluate, polynomial, surface)
"""Writes the values of two polynomials at points."""
