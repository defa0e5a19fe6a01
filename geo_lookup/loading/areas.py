"""Layers into areas: neighbourhoods, districts, special areas and the city, in the metric CRS."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import shapely
from shapely.geometry.base import BaseGeometry

from geo_lookup.loading.districts import DistrictMember, check_parents, dissolved, with_districts
from geo_lookup.loading.features import Feature, Layer, read_features, read_outline, union
from geo_lookup.loading.tables import read_table
from geo_lookup.manifest import MANIFEST, Manifest, Source
from geo_lookup.model import Area, AreaKind, Finding


class Areas(NamedTuple):
    """The areas of an edition by id, ordered by id; not `complete` where a layer or table could not be read."""

    by_id: dict[str, Area]
    complete: bool


def read_areas(manifest: Manifest, folder: Path, findings: list[Finding]) -> Areas:
    """Read every area of an edition; faults are noted in `findings`.

    An area whose geometry cannot be used is there without one, so that what names it is not taken for a
    fault too.
    """
    layers, metric_crs = manifest.layers, manifest.metric_crs
    neighbourhoods = read_features(layers.neighbourhoods, folder, metric_crs, findings)
    members = read_table(manifest.tables.districts, folder, DistrictMember, findings)
    features = neighbourhoods.features
    if manifest.tables.districts is not None and neighbourhoods.readable and members.readable:
        features = with_districts(features, members, manifest.tables.districts.path, findings)
    if layers.districts is not None:
        districts = read_features(layers.districts, folder, metric_crs, findings)
        if districts.readable and neighbourhoods.readable and members.readable:
            check_parents(layers.neighbourhoods, features, districts.features, findings)
    else:
        districts = Layer(dissolved(layers.neighbourhoods, features, findings))
    special_areas = Layer([])
    if layers.special_areas is not None:
        special_areas = read_features(layers.special_areas, folder, metric_crs, findings)
    if layers.city is not None:
        outline = read_outline(layers.city, folder, metric_crs, findings)
        _check_outline(layers.city, outline, features, findings)
    else:
        outline = _without_holes(union(one.geometry for one in features))
    areas = [
        *_areas(AreaKind.NEIGHBOURHOOD, features),
        *_areas(AreaKind.DISTRICT, districts.features),
        *_areas(AreaKind.SPECIAL_AREA, special_areas.features),
        *_areas(AreaKind.CITY, [Feature(1, manifest.city_id, manifest.city, None, None, outline)]),
    ]
    complete = all(part.readable for part in (neighbourhoods, members, districts, special_areas))
    return Areas(_by_id(areas, findings), complete)


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
