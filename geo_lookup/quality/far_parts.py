"""Does every part of a district, or of the city, lie with the rest of it?"""

from __future__ import annotations

from collections.abc import Iterator

import shapely
from shapely.geometry.base import BaseGeometry

from geo_lookup.loading.sources import EditionTables
from geo_lookup.model import Area, AreaKind, Finding
from geo_lookup.quality.layers import areas_of, layer_file
from geo_lookup.quality.wording import called, listed, not_too_many, square_metres

FAR_M = 1000.0
"""How far from the rest of its district or city a part must lie to be remarkable."""


def check_far_parts(tables: EditionTables) -> Iterator[Finding]:
    """No part of a district, or of the city, lies far from the rest of it. A part is told of once."""
    told: list[BaseGeometry] = []
    findings = []
    for kind in (AreaKind.CITY, AreaKind.DISTRICT):
        for area in areas_of(tables, kind):
            for part, distance in _far_parts(area.geometry):
                if not any(part.intersects(other) for other in told):
                    told.append(part)
                    findings.append(_far_part(tables, area, part, distance))
    yield from not_too_many(findings)


def _far_parts(shape: BaseGeometry | None) -> Iterator[tuple[BaseGeometry, float]]:
    """Groups of parts farther than `FAR_M` from all others, but for the largest, and how far they are."""
    parts = shapely.get_parts(shape)
    if len(parts) < 2:
        return
    surroundings = shapely.get_parts(shapely.union_all(shapely.buffer(parts, FAR_M / 2)))
    groups = [shapely.union_all(parts[shapely.intersects(parts, around)]) for around in surroundings]
    for group in sorted(groups, key=shapely.area)[:-1]:
        yield group, min(shapely.distance(group, other) for other in groups if other is not group)


def _far_part(tables: EditionTables, area: Area, part: BaseGeometry, distance: float) -> Finding:
    neighbourhoods = areas_of(tables, AreaKind.NEIGHBOURHOOD)
    inside = listed([called(one) for one in neighbourhoods if shapely.relate_pattern(one.geometry, part, "2********")])
    what = f"a part of {called(area)}, {square_metres(part.area)}{f' of {inside}' if inside else ''},"
    return Finding(
        "warning",
        "far-part",
        layer_file(tables, area.kind),
        f"{what} lies {distance:,.0f} m away from the rest.",
        remedy="If it is no exclave, it was drawn astray, or its neighbourhood is given the wrong district.",
        shape=part,
    )
