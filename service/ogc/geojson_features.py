"""Features as GeoJSON, in whatever CRS: RFC 7946 where that is CRS84, and else as Part 2 of the standard has it."""

from __future__ import annotations

from typing import Any

from geo_lookup.geojson import feature_collection
from service.ogc.crs_references import CRS84, CrsReference, drawn
from service.ogc.layers import Layer


def features_of(layer: Layer, crs: CrsReference) -> list[dict[str, Any]]:
    """Every feature of a layer with its properties, its shape in a CRS."""
    shapes = drawn(layer.shapes, layer.crs, crs)
    return [
        {"type": "Feature", "id": told["id"], "geometry": shape.__geo_interface__, "properties": told}
        for told, shape in zip(layer.attributes, shapes, strict=True)
    ]


def whole_geojson(layer: Layer) -> dict[str, Any]:
    """Every feature in longitude and latitude."""
    return feature_collection(features_of(layer, CRS84))
