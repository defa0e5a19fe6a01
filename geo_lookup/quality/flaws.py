"""Ground that belongs to no area, or to several.

What rounding leaves between neighbours is no flaw: less than `NOISE_M2`, or narrower than `NOISE_WIDTH_M`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo_lookup.loading.sources import EditionTables
from geo_lookup.model import Area, AreaKind
from geo_lookup.quality.layers import all_usable, areas_of

NOISE_M2 = 1.0
NOISE_WIDTH_M = 0.01
"""About what the seventh decimal of a degree says."""

SLIVER_WIDTH_M = 1.0
"""What is narrower comes of drawing the same border twice, not of two claims to the same ground."""


class Flaw(NamedTuple):
    """The faces of a flaw, how much it is together, and the mean width of the widest face."""

    shape: BaseGeometry
    area_m2: float
    width_m: float

    @property
    def sliver(self) -> bool:
        """Whether it is so narrow that only a border was drawn twice."""
        return self.width_m < SLIVER_WIDTH_M


def flaw_of(shape: BaseGeometry) -> Flaw | None:
    """The faces of a shape that are more than noise; None where there are none."""
    faces = shapely.get_parts(shape)
    faces = faces[shapely.area(faces) >= NOISE_M2]
    widths = 2 * shapely.area(faces) / shapely.length(faces)  # a strip of length l has a perimeter of about 2 l
    faces, widths = faces[widths >= NOISE_WIDTH_M], widths[widths >= NOISE_WIDTH_M]
    if not len(faces):
        return None
    whole = faces[0] if len(faces) == 1 else shapely.union_all(faces)
    return Flaw(whole, float(whole.area), float(widths.max()))


def find_overlaps(areas: Sequence[Area]) -> Iterator[tuple[Area, Area, Flaw]]:
    """Every two areas of a layer that claim the same ground, ordered by their ids."""
    shapes = np.array([area.geometry for area in areas], dtype=object)
    firsts, seconds = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = np.column_stack([firsts, seconds])[firsts < seconds]
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    common = shapely.intersection(shapes[pairs[:, 0]], shapes[pairs[:, 1]])
    for (first, second), shape in zip(pairs.tolist(), common, strict=True):
        if flaw := flaw_of(shape):
            yield areas[first], areas[second], flaw


def find_gaps(tables: EditionTables) -> list[Flaw]:
    """Ground of the city in no neighbourhood, the largest first; none where a neighbourhood could not be read.

    The city is its outline where one is drawn, or else what its neighbourhoods enclose.
    """
    city = areas_of(tables, AreaKind.CITY)
    if not city or not all_usable(tables, AreaKind.NEIGHBOURHOOD):
        return []
    covered = shapely.union_all([one.geometry for one in areas_of(tables, AreaKind.NEIGHBOURHOOD)])
    if not shapely.intersects(city[0].geometry, covered):  # which was said when the outline was read
        return []
    parts = shapely.get_parts(shapely.difference(city[0].geometry, covered))
    return sorted(filter(None, map(flaw_of, parts)), key=lambda gap: -gap.area_m2)
