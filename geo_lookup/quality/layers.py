"""The areas of an edition layer by layer, for whoever looks for flaws in them."""

from __future__ import annotations

from geo_lookup.loading.sources import EditionTables
from geo_lookup.manifest import Source
from geo_lookup.model import Area, AreaKind


def areas_of(tables: EditionTables, kind: AreaKind) -> list[Area]:
    """The areas of a kind that have a geometry, ordered by id."""
    areas = (one for one in tables.areas.values() if one.kind is kind)
    return [one for one in areas if one.geometry is not None and not one.geometry.is_empty]


def all_usable(tables: EditionTables, kind: AreaKind) -> bool:
    """Whether the layers could be read, and every area of the kind has a geometry."""
    return tables.all_areas and len(areas_of(tables, kind)) == sum(one.kind is kind for one in tables.areas.values())


def layer_file(tables: EditionTables, kind: AreaKind) -> str:
    """The file that the areas of a kind come from; those that are made of neighbourhoods, from theirs."""
    layers = tables.manifest.layers
    sources: dict[AreaKind, Source | None] = {
        AreaKind.DISTRICT: layers.districts,
        AreaKind.SPECIAL_AREA: layers.special_areas,
        AreaKind.CITY: layers.city,
    }
    return (sources.get(kind) or layers.neighbourhoods).path
