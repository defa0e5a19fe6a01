"""Which areas' people and offices answer for an area."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from geo_lookup.loading.sources import EditionTables
from geo_lookup.model import Area, AreaKind
from geo_lookup.quality.layers import areas_of


def responsible(tables: EditionTables, area_id: str) -> list[str]:
    """The ids of an area, of its district and of the city, whichever there are, the most particular first."""
    area = tables.areas.get(area_id)
    ids = [area_id, area.parent_id if area else None, tables.manifest.city_id]
    return list(dict.fromkeys(one for one in ids if one is not None))


def whole_districts(tables: EditionTables, areas: Iterable[Area]) -> Iterator[Area]:
    """Areas, with a district in place of its neighbourhoods where all of them are among them."""
    left = {area.id: area for area in areas}
    for district in areas_of(tables, AreaKind.DISTRICT):
        members = {one.id for one in areas_of(tables, AreaKind.NEIGHBOURHOOD) if one.parent_id == district.id}
        if members and members <= left.keys():
            yield district
            left = {area_id: area for area_id, area in left.items() if area_id not in members}
    yield from left.values()
