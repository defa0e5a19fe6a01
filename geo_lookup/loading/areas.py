"""Layers into areas: neighbourhoods, districts, special areas and the city, in the metric CRS."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import shapely
from shapely.geometry.base import BaseGeometry

from geo_lookup.loading.districts import check_parents, dissolved, with_districts
from geo_lookup.loading.features import Feature, read_features, read_outline, union
from geo_lookup.manifest import MANIFEST, Manifest, Source
from geo_lookup.model import Area, AreaKind, Finding


def read_areas(manifest: Manifest, folder: Path, findings: list[Finding]) -> dict[str, Area]:
    """Read every area of an edition, by id and ordered by id; faults are noted in `findings`.

    An area whose geometry cannot be used is there without one, so that what names it is not taken for a
    fault too.
    """
    layers, tables = manifest.layers, manifest.tables
    neighbourhoods = read_features(layers.neighbourhoods, folder, manifest.metric_crs, findings)
    if tables.districts is not None:
        neighbourhoods = with_districts(neighbourhoods, tables.districts, folder, findings)
    if layers.districts is not None:
        districts = read_features(layers.districts, folder, manifest.metric_crs, findings)
        check_parents(layers.neighbourhoods, neighbourhoods, districts, findings)
    else:
        districts = dissolved(layers.neighbourhoods, neighbourhoods, findings)
    special_areas: list[Feature] = []
    if layers.special_areas is not None:
        special_areas = read_features(layers.special_areas, folder, manifest.metric_crs, findings)
    if layers.city is not None:
        outline = read_outline(layers.city, folder, manifest.metric_crs, findings)
        _check_outline(layers.city, outline, neighbourhoods, findings)
    else:
        outline = _without_holes(union(one.geometry for one in neighbourhoods))
    city = Feature(1, manifest.city_id, manifest.city, None, None, outline)
    areas = [
        *_areas(AreaKind.NEIGHBOURHOOD, neighbourhoods),
        *_areas(AreaKind.DISTRICT, districts),
        *_areas(AreaKind.SPECIAL_AREA, special_areas),
        *_areas(AreaKind.CITY, [city]),
    ]
    return _by_id(areas, findings)


def _areas(kind: AreaKind, features: Iterable[Feature]) -> list[Area]:
    return [Area(one.id, one.name, kind, one.parent_id, one.geometry) for one in features]


def _by_id(areas: Iterable[Area], findings: list[Finding]) -> dict[str, Area]:
    by_id: dict[str, Area] = {}
    for area in sorted(areas, key=lambda area: area.id):
        other = by_id.setdefault(area.id, area)
        if other is not area:
            message = f"the id '{area.id}' stands for a {other.kind} and for a {area.kind}; each area needs its own."
            findings.append(Finding("error", "duplicate-id", MANIFEST, message, field="layers"))
    return by_id


def _check_outline(
    source: Source, outline: BaseGeometry, neighbourhoods: Iterable[Feature], findings: list[Finding]
) -> None:
    parts = [one.geometry for one in neighbourhoods if one.geometry is not None]
    if parts and not shapely.is_empty(outline) and not shapely.intersects(outline, parts).any():
        message = "the outline of the city holds none of its neighbourhoods; is its CRS right?"
        findings.append(Finding("error", "outline", source.path, message))


def _without_holes(polygons: BaseGeometry) -> BaseGeometry:
    """A gap that neighbourhoods enclose lies in the city."""
    return union(shapely.polygons(shapely.get_exterior_ring(shapely.get_parts(polygons))))
