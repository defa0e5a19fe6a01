"""The ground of an edition, cut so that all of a piece has one answer: neighbourhoods, cut along special areas."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from shapely.geometry.base import BaseGeometry

from geo_lookup.cell_points import OUTSIDE
from geo_lookup.comparison.overlay import NONE, Overlay, Shapes, disjoint, in_crs, overlay
from geo_lookup.edition import Edition
from geo_lookup.model import Area, AreaKind
from geo_lookup.place_index import Place


@dataclass(frozen=True, slots=True)
class Grounds:
    """The areas of a kind, ordered by id, and their polygons in a CRS, of overlapping ones without what is another's.

    A position is the one that the areas have in the edition's own index.
    """

    areas: tuple[Area, ...]
    shapes: Shapes


def grounds_of(edition: Edition, kind: AreaKind, crs: int) -> Grounds:
    """The areas of a kind with their polygons in `crs`."""
    areas = tuple(sorted(edition.areas_of(kind), key=lambda area: area.id))
    return Grounds(areas, disjoint(in_crs(_array([area.geometry for area in areas]), edition.manifest.metric_crs, crs)))


@dataclass(frozen=True, slots=True)
class Cut:
    """Pieces of ground that do not overlap, and the place of each."""

    places: tuple[Place, ...]
    shapes: Shapes


def cut(neighbourhoods: Grounds, special_areas: Grounds) -> Cut:
    """Cut neighbourhoods along special areas; a special area may also lie in none."""
    pieces = list(_cut(overlay(neighbourhoods.shapes, special_areas.shapes), neighbourhoods.shapes))
    return Cut(tuple(place for place, _ in pieces), _array([shape for _, shape in pieces]))


def _cut(laid: Overlay, neighbourhoods: Shapes) -> Iterator[tuple[Place, object]]:
    specially = set(laid.before[(laid.before != NONE) & (laid.after != NONE)].tolist())
    for number, shape in enumerate(neighbourhoods):
        if number not in specially:
            yield Place(number, OUTSIDE, True), shape
    for i, j, shape in zip(laid.before.tolist(), laid.after.tolist(), laid.shapes, strict=True):
        if shape is not None and (j != NONE or i in specially):
            yield Place(i if i != NONE else OUTSIDE, j if j != NONE else OUTSIDE, True), shape


def _array(shapes: Sequence[object]) -> Shapes:
    array = np.empty(len(shapes), dtype=object)
    array[:] = shapes
    return array


def lay(before: Cut | Grounds, after: Cut | Grounds) -> Overlay:
    """Lay the ground of two editions over each other."""
    return overlay(before.shapes, after.shapes)


def outlines(grounds: Grounds) -> tuple[tuple[str, BaseGeometry], ...]:
    """The names of the areas, and where they are."""
    return tuple((area.name, shape) for area, shape in zip(grounds.areas, grounds.shapes, strict=True))
