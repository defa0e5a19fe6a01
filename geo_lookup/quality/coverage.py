"""Do the areas cover the city once? Gaps, overlaps, and edges that don't match."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo_lookup.loading.sources import EditionTables
from geo_lookup.model import Area, AreaKind, Finding
from geo_lookup.quality.flaws import Flaw, find_gaps, find_overlaps
from geo_lookup.quality.layers import areas_of, layer_file
from geo_lookup.quality.wording import called, listed, not_too_many, square_metres

TOUCH_M = 0.05
"""What lies so near touches."""


def check_coverage(tables: EditionTables) -> Iterator[Finding]:
    """Check every layer that is drawn, and how its areas meet."""
    kinds = [AreaKind.NEIGHBOURHOOD, AreaKind.SPECIAL_AREA]
    kinds += [AreaKind.DISTRICT] if tables.manifest.layers.districts else []
    gaps = find_gaps(tables)
    explained = [gap.shape for gap in gaps]
    for kind in kinds:
        overlaps = list(find_overlaps(areas_of(tables, kind)))
        overlaps.sort(key=lambda pair: (pair[2].sliver, -pair[2].area_m2))
        yield from not_too_many(_overlap(tables, kind, *pair) for pair in overlaps)
        if kind is AreaKind.NEIGHBOURHOOD:
            explained += [flaw.shape for _, _, flaw in overlaps]
    yield from not_too_many(_gap(tables, gap) for gap in sorted(gaps, key=lambda gap: gap.sliver))
    yield from check_edges(tables, explained)


def check_edges(tables: EditionTables, explained: Iterable[BaseGeometry] = ()) -> Iterator[Finding]:
    """Neighbours have the same corners along their border, other than where `explained` says why not."""
    areas = areas_of(tables, AreaKind.NEIGHBOURHOOD)
    edges, owners = shapely.get_parts(_edges_that_differ(areas), return_index=True)
    flaws = shapely.STRtree(list(explained))
    near = flaws.query(edges, predicate="dwithin", distance=TOUCH_M)[0]
    left = np.setdiff1d(np.arange(len(edges)), near)
    if len(left):
        names = [called(areas[position]) for position in np.unique(owners[left])]
        metres = shapely.length(shapely.union_all(edges[left]))
        message = (
            f"the borders of {listed(names)} do not have the same corners as those of their neighbours, "
            f"along {metres:,.0f} m."
        )
        remedy = (
            "Answers are the same, but hairlines show when borders are simplified; give both the same corners, in QGIS "
            "with 'Snap geometries to layer'."
        )
        file = layer_file(tables, AreaKind.NEIGHBOURHOOD)
        yield Finding("warning", "edges", file, message, remedy=remedy, shape=shapely.union_all(edges[left]))


def _edges_that_differ(areas: list[Area]) -> list[BaseGeometry]:
    """For each area the edges that no neighbour has, though it touches or crosses them there; cut at every corner."""
    lines = shapely.coverage_invalid_edges(np.array([area.geometry for area in areas], dtype=object))
    cut = []
    for line in lines:
        corners, part = shapely.get_coordinates(shapely.get_parts(line), return_index=True)
        follows = part[:-1] == part[1:]
        ends = np.stack([corners[:-1], corners[1:]], axis=1)[follows]
        cut.append(shapely.multilinestrings(shapely.linestrings(ends)))
    return cut


def _overlap(tables: EditionTables, kind: AreaKind, first: Area, second: Area, flaw: Flaw) -> Finding:
    file = layer_file(tables, kind)
    names, size = f"{called(first)} and {called(second)}", square_metres(flaw.area_m2)
    remedy = f"Give the ground to one of them; until then it counts as {first.id}, the lower id."
    if flaw.sliver:
        message = f"{names} overlap by a sliver {flaw.width_m:.2f} m wide, {size}."
        return Finding("warning", "sliver-overlap", file, message, remedy=remedy, shape=flaw.shape)
    return Finding("error", "overlap", file, f"{names} overlap by {size}.", remedy=remedy, shape=flaw.shape)


def _gap(tables: EditionTables, gap: Flaw) -> Finding:
    """A gap is a warning, however wide: answers there say that the place is uncovered, and a city may mean that."""
    file, size = layer_file(tables, AreaKind.NEIGHBOURHOOD), square_metres(gap.area_m2)
    areas = areas_of(tables, AreaKind.NEIGHBOURHOOD)
    beside = listed([called(one) for one in areas if shapely.dwithin(one.geometry, gap.shape, TOUCH_M)])
    where = f"no neighbourhood, beside {beside}" if beside else "no neighbourhood"
    remedy = "If it is the city's, give it to a neighbourhood; until then answers say 'uncovered' there."
    if gap.sliver:
        message = f"a sliver {gap.width_m:.2f} m wide, {size}, lies in {where}."
        return Finding("warning", "sliver-gap", file, message, remedy=remedy, shape=gap.shape)
    return Finding("warning", "gap", file, f"{size} of the city lie in {where}.", remedy=remedy, shape=gap.shape)
