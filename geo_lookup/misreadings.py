"""Are these numbers a point, and in the CRS they are said to be in?

Swapped axes and coordinates of another CRS transform without an error, and land far away. So numbers that
do not lie in the city are read the other ways they could have been meant, and where such a reading brings
them home, or at least to the region, the sentence names it. A point that simply lies elsewhere in the world is no
fault. Each point is judged by itself: its company makes no difference.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo_lookup.coordinates import (
    FAMILIAR,
    Column,
    Located,
    Territory,
    all_in_box,
    in_area_of_use,
    in_box,
    locate,
    locate_one,
    must_be_finite,
    read_as,
    read_finite,
)
from geo_lookup.crs import LONLAT, reference_system
from geo_lookup.errors import CoordinateError

FINE = -1
"""Stands where a point has no fault."""


class Faults(NamedTuple):
    """What is wrong with points: for each the position of its sentence in `sentences`, or `FINE`."""

    of_point: NDArray[np.int8]
    sentences: tuple[str, ...]


class _Reading(NamedTuple):
    """A way in which coordinates may have been meant."""

    epsg: int
    swapped: bool

    def degrees(self, xs: Column, ys: Column) -> tuple[Column, Column]:
        return read_as(self.epsg, *((ys, xs) if self.swapped else (xs, ys)))

    def describe(self, sent_as: int) -> str:
        name = FAMILIAR.get(self.epsg, reference_system(self.epsg).name)
        if self.epsg == sent_as:
            geographic = reference_system(self.epsg).geographic
            return "latitude and longitude look swapped" if geographic else "x and y look swapped"
        how = " with the axes swapped" if self.swapped else ""
        return f"these look like {name}{how} (EPSG:{self.epsg})"


def read_point(x: object, y: object, crs: int, territory: Territory) -> Located[float]:
    """Locate one pair of coordinates, or raise `CoordinateError` with what is wrong with it."""
    x, y = read_finite(x, crs), read_finite(y, crs)
    if in_box(x, y, territory.box_in(crs)):  # at home there is nothing to doubt
        return locate_one(x, y, crs, territory)
    xs, ys = np.array([x]), np.array([y])
    faults = find_faults(xs, ys, crs, territory)
    if faults.sentences:
        raise CoordinateError(faults.sentences[0])
    return Located(*(float(column[0]) for column in locate(xs, ys, crs, territory)))


def check_points(xs: Column, ys: Column, crs: int, territory: Territory) -> None:
    """Raise `CoordinateError` where any point has a fault. A point with a NaN is missing, which is none."""
    of_point, sentences = find_faults(xs, ys, crs, territory)
    faulty = np.flatnonzero(of_point != FINE)
    if not len(faulty):
        return
    first, sentence = faulty[0], sentences[of_point[faulty[0]]]
    count = int((~(np.isnan(xs) | np.isnan(ys))).sum())
    if len(faulty) < count:
        sentence = f"{len(faulty)} of {count} points, the first in row {first} counted from 0: {sentence}"
    raise CoordinateError(sentence)


def find_faults(xs: Column, ys: Column, crs: int, territory: Territory) -> Faults:
    """Find what is wrong with each point. One with a NaN is missing, which is no fault."""
    of_point = np.full(len(xs), FINE, dtype=np.int8)
    sentences: list[str] = []
    home = territory.box_in(crs)
    if all_in_box(xs, ys, home):
        return Faults(of_point, ())

    def note(faulty: NDArray[np.int64], sentence: str) -> None:
        if len(faulty):
            of_point[faulty] = len(sentences)
            sentences.append(sentence)

    missing = np.isnan(xs) | np.isnan(ys)
    note(np.flatnonzero(~missing & ~(np.isfinite(xs) & np.isfinite(ys))), must_be_finite(crs))
    away = np.flatnonzero(~missing & (of_point == FINE) & ~in_box(xs, ys, home))
    lon, lat = read_as(crs, xs[away], ys[away])
    out_of_range = ~in_area_of_use(lon, lat, crs)
    readings = _likely_readings(xs[away], ys[away], lon, lat, crs, territory)
    for number, reading in enumerate([*_readings(crs, territory), None]):
        meant = readings == number if reading else out_of_range & (readings == FINE)
        likely = f"; {reading.describe(crs)}." if reading else "."
        note(away[meant & out_of_range], _out_of_range(crs) + likely)
        note(away[meant & ~out_of_range], f"as sent, this lies far from {territory.city}{likely}")
    return Faults(of_point, tuple(sentences))


def _likely_readings(
    xs: Column, ys: Column, lon: Column, lat: Column, crs: int, territory: Territory
) -> NDArray[np.int8]:
    """For each point the number of the reading that it was likely meant in, if not as sent, or else `FINE`.

    That is the first that brings it to the city; but where the city is large, a point that as sent lies in the
    region is believed. Else it is the first that brings a point from elsewhere to the region.
    """
    found = np.full(len(xs), FINE, dtype=np.int8)
    elsewhere = ~in_area_of_use(lon, lat, territory.metric_crs, margin=0.0)
    readings = list(_readings(crs, territory))
    for asked, target in ((elsewhere | territory.compact, "city"), (elsewhere, "region")):
        for number, reading in enumerate(readings):
            left = np.flatnonzero(asked & (found == FINE))
            there = reading.degrees(xs[left], ys[left])
            if target == "city":
                comes = in_box(*there, territory.box)
            else:
                comes = in_area_of_use(*there, territory.metric_crs, margin=0.0)
            found[left[comes]] = number
    return found


def _readings(crs: int, territory: Territory) -> Iterator[_Reading]:
    others = [epsg for epsg in {**FAMILIAR, territory.metric_crs: ""} if epsg != crs]
    yield _Reading(crs, swapped=True)
    yield from (_Reading(epsg, swapped) for swapped in (False, True) for epsg in others)


def _out_of_range(crs: int) -> str:
    if crs == LONLAT:
        return "longitude must lie between -180 and 180 and latitude between -90 and 90"
    return f"these coordinates lie outside the area where EPSG:{crs} is used"
