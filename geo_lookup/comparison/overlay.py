"""Two sets of areas laid over each other: how much of each lies in which of the others.

Where areas of one set overlap, the ground belongs to the one with the lowest id, as it does in an answer. What is too
small or too thin to be anybody's intention is a sliver: borders that were drawn anew, or simplified in another way.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geo_lookup.crs import transform

NONE = -1
"""The position that stands for ground in no area of a set."""

SMALLEST_M2 = 1.0
"""A part with less than so many square metres is a sliver."""

THINNEST_M = 0.1
"""A part into which no disc of this diameter fits is a sliver."""

LONGEST_EDGE_M = 100.0
"""Longer edges are drawn in pieces in another CRS, where they bend."""

NOISE_M2 = 1e-3
"""What areas that are added up may differ by."""

Shapes = NDArray[np.object_]
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Overlay:
    """Pieces of ground: the positions `before` and `after` of the areas each lies in, `NONE` where it lies in none.

    `square_metres` is a piece as a whole, `slivers` how much of that is slivers and `sliver_counts` how many those are;
    `shapes` are the pieces without their slivers, None where nothing is left. `sizes_before` and `sizes_after` are the
    square metres of the areas, of overlapping ones without what is another's. Pieces are ordered by position.
    """

    before: NDArray[np.int64]
    after: NDArray[np.int64]
    square_metres: Numbers
    slivers: Numbers
    sliver_counts: NDArray[np.int64]
    shapes: Shapes
    sizes_before: Numbers
    sizes_after: Numbers


def overlay(before: Shapes, after: Shapes) -> Overlay:
    """Lay two sets of areas over each other; areas of one set must not overlap, for which `disjoint` sees."""
    first, second = shapely.STRtree(after).query(before, predicate="intersects")
    pieces = shapely.intersection(before[first], after[second])
    lost, lost_pieces = _left_over(before, after, first, second, pieces)
    gained, gained_pieces = _left_over(after, before, second, first, pieces)
    none_lost, none_gained = np.full(len(lost), NONE), np.full(len(gained), NONE)
    positions = np.concatenate([first, lost, none_gained]), np.concatenate([second, none_lost, gained])
    together = np.concatenate([pieces, lost_pieces, gained_pieces])
    there = np.flatnonzero(shapely.area(together) > 0)  # areas that only touch have no ground in common
    order = there[np.lexsort([column[there] for column in reversed(positions)])]
    together = together[order]
    shapes, slivers, counts = _without_slivers(together)
    return Overlay(
        before=positions[0][order],
        after=positions[1][order],
        square_metres=shapely.area(together),
        slivers=slivers,
        sliver_counts=counts,
        shapes=shapes,
        sizes_before=shapely.area(before),
        sizes_after=shapely.area(after),
    )


def disjoint(whole: Shapes) -> Shapes:
    """Polygons ordered by the ids of their areas, each without what lies in an earlier one."""
    later, earlier = shapely.STRtree(whole).query(whole, predicate="intersects")
    ordered = earlier < later
    later, earlier = later[ordered], earlier[ordered]
    overlapping = shapely.relate_pattern(whole[earlier], whole[later], "2********")
    result = whole.copy()
    for position in np.unique(later[overlapping]):
        others = whole[earlier[overlapping & (later == position)]]
        result[position] = shapely.difference(whole[position], shapely.union_all(others))
    return result


def in_crs(shapes: Shapes, source: int, target: int) -> Shapes:
    """Polygons of one CRS in another."""
    if source == target:
        return shapes
    pieces = shapely.segmentize(shapes, LONGEST_EDGE_M)
    moved: Shapes = shapely.transform(pieces, lambda x, y: transform(x, y, source, target), interleaved=False)
    # Rounding can make a ring touch itself, and an overlay of such a ring is refused.
    return np.where(shapely.is_valid(moved), moved, shapely.make_valid(moved))


def _left_over(
    shapes: Shapes, others: Shapes, of_piece: NDArray[np.int64], other: NDArray[np.int64], pieces: Shapes
) -> tuple[NDArray[np.int64], Shapes]:
    """What of each area lies in none of the other set; looked for where its pieces do not add up to it."""
    covered = np.bincount(of_piece, shapely.area(pieces), minlength=len(shapes))
    positions = np.flatnonzero(shapely.area(shapes) - covered > NOISE_M2)
    around = [shapely.union_all(others[other[of_piece == position]]) for position in positions]
    return positions, shapely.difference(shapes[positions], np.array(around, dtype=object))


def _without_slivers(pieces: Shapes) -> tuple[Shapes, Numbers, NDArray[np.int64]]:
    parts, of_piece = shapely.get_parts(pieces, return_index=True)
    areal = shapely.get_dimensions(parts) == 2
    parts, of_piece = parts[areal], of_piece[areal]
    sizes = shapely.area(parts)
    sliver = sizes < SMALLEST_M2
    # Twice the area by the perimeter is at most the diameter of the largest disc inside: only then need one be sought.
    maybe = np.flatnonzero(~sliver & (2 * sizes < THINNEST_M * shapely.length(parts)))
    sliver[maybe] = shapely.is_empty(shapely.buffer(parts[maybe], -THINNEST_M / 2))
    shapes: Shapes = np.full(len(pieces), None, dtype=object)
    shapely.multipolygons(parts[~sliver], indices=of_piece[~sliver], out=shapes)
    sums = np.bincount(of_piece[sliver], sizes[sliver], minlength=len(pieces)).astype(np.float64)
    return shapes, sums, np.bincount(of_piece[sliver], minlength=len(pieces)).astype(np.int64)
