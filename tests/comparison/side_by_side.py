"""Two cities side by side: areas by id as (name, shape), and editions of the toy city."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from shapely.geometry.base import BaseGeometry

from geo_lookup.comparison.areas import compare_layer
from geo_lookup.comparison.layers import LayerComparison
from geo_lookup.comparison.overlay import Shapes, disjoint, overlay
from geo_lookup.edition import Edition, open_edition
from geo_lookup.model import Area, AreaKind
from tests.toy_city import MANIFEST, NEIGHBOURHOODS, geojson, write_toy_city

Layer = Mapping[str, tuple[str, BaseGeometry]]

TOY: dict[str, tuple[str, BaseGeometry]] = {
    area_id: (name, shape) for area_id, (name, _, shape) in NEIGHBOURHOODS.items()
}
"""The four squares, each of 100 ha."""


def areas(layer: Layer) -> tuple[Area, ...]:
    """The areas of a layer, ordered by id."""
    return tuple(Area(one, name, AreaKind.NEIGHBOURHOOD, None, shape) for one, (name, shape) in sorted(layer.items()))


def shapes(layer: tuple[Area, ...]) -> Shapes:
    array = np.empty(len(layer), dtype=object)
    array[:] = [area.geometry for area in layer]
    return disjoint(array)


def compare_layers(before: Layer, after: Layer) -> LayerComparison:
    old, new = areas(before), areas(after)
    return compare_layer(AreaKind.NEIGHBOURHOOD, old, new, overlay(shapes(old), shapes(new)))


def fates(compared: LayerComparison) -> list[tuple[str, str, str]]:
    """What becomes of the areas that do not stay as they are."""
    return [
        (one.fate, " ".join(area.id for area in one.before), " ".join(area.id for area in one.after))
        for one in compared.changes
        if one.changes
    ]


def flows(compared: LayerComparison) -> dict[tuple[str | None, str | None], float]:
    """Hectares that lie in another area, from which to which."""
    return {
        (one.before.id if one.before else None, one.after.id if one.after else None): one.hectares
        for one in compared.moves
    }


def toy_edition(folder: Path, valid_from: str = "2020-01-01", **files: Any) -> Edition:
    """An edition of the toy city."""
    manifest = files.pop("manifest", MANIFEST).replace("2020-01-01", valid_from)
    return open_edition(write_toy_city(folder, manifest=manifest, **files))


def neighbourhoods(changed: Mapping[str, tuple[str, str, BaseGeometry] | None]) -> str:
    """The toy city's neighbourhoods as a file, with some of them changed, or gone."""
    return geojson({one: area for one, area in {**NEIGHBOURHOODS, **changed}.items() if area is not None})
