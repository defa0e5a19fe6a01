"""The features of a layer of areas: their ids, names and parents beside their polygons."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import shapely
from shapely.geometry.base import BaseGeometry

from geo_lookup.loading.files import read_layer
from geo_lookup.loading.polygons import read_polygons
from geo_lookup.manifest import LayerSource, Source
from geo_lookup.model import Finding
from geo_lookup.reading import read_text


class Feature(NamedTuple):
    """One feature of a layer: its position counted from 1, its fields, and its polygon in the metric CRS.

    `geometry` is None where a finding says that it cannot be used. `parent_place` is the file, row and field
    that name the parent, where that is not the feature itself.
    """

    row: int
    id: str
    name: str
    parent_id: str | None
    parent_name: str | None
    geometry: BaseGeometry | None
    parent_place: tuple[str, int, str | None] | None = None


class Layer(NamedTuple):
    """The features of a layer that have an id; not `readable` if the file as a whole was refused."""

    features: list[Feature]
    readable: bool = True


def read_features(source: LayerSource, folder: Path, metric_crs: int, findings: list[Finding]) -> Layer:
    """Read the features of a layer. One with a fault in its geometry, name or parent is noted, and kept for its id."""

    def fault(rule: str, message: str, row: int | None = None, field: str | None = None) -> None:
        findings.append(Finding("error", rule, source.path, message, row, field))

    frame = read_layer(source, folder, findings)
    if frame is None:
        return Layer([], readable=False)
    if frame.empty:
        fault("layer", "the layer holds no feature.")
        return Layer([], readable=False)
    names = (source.id, source.name, source.parent, source.parent_name)
    missing = [name for name in names if name and name not in frame.columns]
    if missing:
        has = ", ".join(map(str, frame.columns.drop(frame.geometry.name)))
        fault("layer", f"the layer has no field {', '.join(missing)}; it has {has}.")
        return Layer([], readable=False)
    features: dict[str, Feature] = {}
    polygons = read_polygons(source.path, frame, metric_crs, findings)
    columns = [[None] * len(frame) if name is None else frame[name] for name in names]
    for row, (polygon, *values) in enumerate(zip(polygons, *columns, strict=True), 1):
        area_id, name, parent_id, parent_name = map(read_text, values)
        for field, text in ((source.id, area_id), (source.name, name), (source.parent, parent_id)):
            if field and not text:
                fault("layer", "this field must not be empty.", row, field)
        if area_id in features:
            fault("duplicate-id", f"the id '{area_id}' stands here twice.", row, source.id)
        elif area_id:
            features[area_id] = Feature(row, area_id, name, parent_id or None, parent_name or None, polygon)
    return Layer(list(features.values()))


def read_outline(source: Source, folder: Path, metric_crs: int, findings: list[Finding]) -> BaseGeometry:
    """The polygons of a layer as one; empty, and a finding, where it holds none."""
    frame = read_layer(source, folder, findings)
    if frame is not None and frame.empty:
        findings.append(Finding("error", "layer", source.path, "the layer holds no feature."))
    return union([] if frame is None else read_polygons(source.path, frame, metric_crs, findings))


def union(polygons: Iterable[BaseGeometry | None]) -> BaseGeometry:
    """Polygons as one; those that could not be used are left out."""
    return shapely.union_all([polygon for polygon in polygons if polygon is not None])
