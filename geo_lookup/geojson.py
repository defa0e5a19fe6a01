"""Areas, offices and suggestions as GeoJSON (RFC 7946): longitude, latitude; exterior rings counter-clockwise."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo_lookup.answer import Suggestion
from geo_lookup.crs import LONLAT, transform
from geo_lookup.manifest import Manifest
from geo_lookup.model import Area, Office

DECIMALS = 7
"""Of a degree: about 1 cm."""


def in_degrees(shape: BaseGeometry | None, metric_crs: int) -> BaseGeometry:
    """A shape of the metric CRS as it stands in GeoJSON."""
    return shapely.orient_polygons(in_crs(shape, metric_crs, LONLAT, DECIMALS))


def in_crs(shapes: Any, source: int, target: int, decimals: int | None = None) -> Any:
    """Turn the coordinates of a shape, or of an array of shapes, from one CRS into another, x east and y north.

    They are rounded to a number of decimals, where one is given.
    """

    def turn(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        turned = np.column_stack(transform(xy[:, 0], xy[:, 1], source, target))
        return turned if decimals is None else np.round(turned, decimals)

    return shapely.transform(shapes, turn)


def area_feature(area: Area, metric_crs: int) -> dict[str, Any]:
    """An area as a Feature with `id`, `name`, `kind` and `parent_id` as properties."""
    polygon = in_degrees(area.geometry, metric_crs)
    return {
        "type": "Feature",
        "id": area.id,
        "bbox": list(polygon.bounds),
        "geometry": polygon.__geo_interface__,
        "properties": {"id": area.id, "name": area.name, "kind": area.kind.value, "parent_id": area.parent_id},
    }


def office_feature(office: Office) -> dict[str, Any]:
    """An office as a Feature with its own fields as properties."""
    return {
        "type": "Feature",
        "id": office.id,
        "geometry": {"type": "Point", "coordinates": [office.lon, office.lat]},
        "properties": asdict(office),
    }


def feature_collection(features: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Features as a FeatureCollection."""
    return {"type": "FeatureCollection", "features": list(features)}


def suggestion_collection(suggestions: Iterable[Suggestion], manifest: Manifest) -> dict[str, Any]:
    """Suggestions as a FeatureCollection in the shape of geocodejson, without the query."""
    about = {"version": "0.1.0", "licence": manifest.licence, "attribution": manifest.attribution}
    return feature_collection(map(_suggestion_feature, suggestions)) | {"geocoding": about}


def _suggestion_feature(one: Suggestion) -> dict[str, Any]:
    geocoding = {
        "type": one.type,
        "label": one.label,
        "name": one.street if one.type == "street" else None,
        "housenumber": one.housenumber,
        "street": one.street,
        "postcode": one.postcode,
        "city": one.city,
        "accuracy": one.accuracy_m,
    }
    properties = {
        "geocoding": geocoding,
        "address_id": one.address_id,
        "street_id": one.street_id,
        "box": one.box,
        "match": one.match,
        "score": one.score,
    }
    geometry = {"type": "Point", "coordinates": [one.lon, one.lat]}
    return {"type": "Feature", "properties": properties, "geometry": geometry}
