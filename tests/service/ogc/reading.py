"""Reads what /ogc serves, as a simple client does."""

from __future__ import annotations

from typing import Any

from fastapi.testclient import TestClient

IDS = ("neighbourhoods", "districts", "special-areas", "offices")
KINDS = {"neighbourhoods": "neighbourhood", "districts": "district", "special-areas": "special_area"}
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
ON = "2026-11-23"


def get(client: TestClient, path: str, /, **parameters: Any) -> Any:
    """The JSON at a path under /ogc, or at the address of a link; `bbox_crs` is the parameter bbox-crs."""
    given = {name.replace("_", "-") if name == "bbox_crs" else name: value for name, value in parameters.items()}
    response = client.get(path if "://" in path else f"/ogc{path}", params=given or None)
    assert response.status_code == 200, response.text
    return response.json()


def items(client: TestClient, collection_id: str, **parameters: Any) -> Any:
    """One page of features, and as many as there may be."""
    return get(client, f"/collections/{collection_id}/items", **{"limit": 1000, **parameters})


def ids(page: Any) -> list[str]:
    return [feature["id"] for feature in page["features"]]


def linked(document: Any, rel: str, media_type: str | None = None) -> list[str]:
    """The addresses of the links of a relation."""
    return [one["href"] for one in document["links"] if one["rel"] == rel and media_type in (None, one.get("type"))]
