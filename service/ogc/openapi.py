"""The API as OpenAPI 3.0: what clients read to learn the greatest limit, the CRSs and the properties to filter by."""

from __future__ import annotations

from typing import Any

from geo_lookup import Finder
from service.ogc.collections import COLLECTIONS, Collection
from service.ogc.crs_references import CRS84, references
from service.ogc.downloads import FORMATS
from service.ogc.links import GEOJSON, HTML, JSON, OPENAPI, SCHEMA, Place
from service.ogc.parameters import MOST_FEATURES, USUAL_LIMIT

Document = dict[str, Any]

WHEN = (
    "The day to answer for: a day or a moment, or an interval with a slash between, of which one end may be '..'. A "
    "collection is what the edition in force on that day holds, with the people in charge then; in an interval on the "
    "day nearest to today. Without it that is today. Before the first edition there are no features."
)
BOX = (
    "Only features whose shapes share at least a point with this box: four numbers, or six, whose heights are left "
    "alone. In degrees west may be greater than east: the box then lies across the antimeridian."
)


def openapi(finder: Finder, place: Place, html: bool) -> Document:
    """The whole document; for the page that reads it only where it stands."""
    if html:
        return {"href": place.url(f="json")}
    about = finder.edition.manifest
    crs = list(references(finder.edition))
    return {
        "openapi": "3.0.3",
        "info": {
            "title": f"Neighbourhood managers of {about.city}: OGC API - Features",
            "version": about.id,
            "description": f"{about.title}. {about.attribution}",
            "license": {"name": about.licence},
        },
        "servers": [{"url": place.base}],
        "tags": [{"name": "about"}, *({"name": one.id, "description": one.description} for one in _all())],
        "paths": _paths(),
        "components": {
            "parameters": _parameters(crs),
            "responses": _responses(),
            "schemas": {"problem": _PROBLEM, "links": _LINKS, "features": _FEATURES, "feature": _FEATURE},
        },
    }


def _all() -> list[Collection]:
    return list(COLLECTIONS.values())


def _paths() -> Document:
    paths = {
        "/": _get("landing", "The landing page", "about", JSON),
        "/api": _get("api", "This document", "about", OPENAPI),
        "/conformance": _get("conformance", "What this conforms to", "about", JSON),
        "/collections": _get("collections", "The collections", "about", JSON),
    }
    for one in _all():
        paths |= _paths_of(one)
    return paths


def _paths_of(one: Collection) -> Document:
    own, name = f"/collections/{one.id}", one.id
    properties = [_property(each.name, each.title, each.type) for each in one.properties]
    items = [_use(name) for name in ("limit", "offset", "bbox", "bbox-crs", "datetime", "crs")]
    feature_id = {"name": "featureId", "in": "path", "required": True, "schema": {"type": "string"}}
    files = {
        f"/downloads/{name}.{ending}": _get(
            f"{name}-{ending}", form.title, name, form.media_type, [_use("datetime")], page=False, missing=True
        )
        for ending, form in FORMATS.items()
    }
    return {
        own: _get(name, one.title, name, JSON),
        f"{own}/queryables": _get(f"{name}-queryables", "The properties to filter by", name, SCHEMA),
        f"{own}/items": _get(f"{name}-items", f"{one.title}, page by page", name, GEOJSON, [*items, *properties]),
        f"{own}/items/{{featureId}}": _get(
            f"{name}-item", "One feature", name, GEOJSON, [feature_id, _use("datetime"), _use("crs")], missing=True
        ),
        **files,
    }


def _get(
    operation: str,
    summary: str,
    tag: str,
    media_type: str,
    parameters: list[Document] | None = None,
    *,
    page: bool = True,
    missing: bool = False,
) -> Document:
    """A path that can be read; `page` says that there is one for people, `missing` that there may be nothing."""
    content = {media_type: {"schema": _schema(operation, media_type)}}
    if page:
        content[HTML] = {"schema": {"type": "string"}}
    headers = {"Content-Crs": {"description": "The CRS of the shapes.", "schema": {"type": "string"}}}
    spatial = {"headers": headers} if media_type == GEOJSON and page else {}
    wrong = ["400", "503", *(["404"] if missing else []), *(["406"] if page else [])]
    return {
        "get": {
            "operationId": operation,
            "summary": summary,
            "tags": [tag],
            "parameters": [*(parameters or []), *([_use("f")] if page else [])],
            "responses": {
                "200": {"description": summary, "content": content, **spatial},
                **{status: {"$ref": f"#/components/responses/{status}"} for status in sorted(wrong)},
            },
        }
    }


def _schema(operation: str, media_type: str) -> Document:
    if media_type == GEOJSON:
        return {"$ref": f"#/components/schemas/{'feature' if operation.endswith('-item') else 'features'}"}
    if media_type in (JSON, OPENAPI, SCHEMA):
        return {"type": "object"}
    return {"type": "string", "format": "binary"}


def _use(name: str) -> Document:
    return {"$ref": f"#/components/parameters/{name}"}


def _property(name: str, title: str, kind: str) -> Document:
    several = " Matches where one of its texts is the value." if kind == "list" else ""
    schema = {"type": "boolean" if kind == "boolean" else "string"}
    return _parameter(name, f"{title}. Only features of which it is the value.{several}", schema)


def _parameter(name: str, description: str, schema: Document) -> Document:
    """A parameter of a query, which may be left out; lists have commas between their items."""
    return {
        "name": name, "in": "query", "description": description, "required": False, "schema": schema,
        "style": "form", "explode": False,
    }  # fmt: skip


def _parameters(crs: list[str]) -> Document:
    of_crs = {"type": "string", "format": "uri", "enum": crs, "default": CRS84.uri}
    limit = {"type": "integer", "minimum": 1, "maximum": MOST_FEATURES, "default": USUAL_LIMIT}
    four_or_six = {
        "type": "array",
        "items": {"type": "number"},
        "oneOf": [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}],
    }
    return {
        "f": _parameter("f", "The form, before the header Accept.", {"type": "string", "enum": ["json", "html"]}),
        "limit": _parameter("limit", "How many features a page holds; more than the maximum are the maximum.", limit),
        "offset": _parameter("offset", "How many features come before.", {"type": "integer", "minimum": 0}),
        "bbox": _parameter("bbox", BOX, four_or_six),
        "bbox-crs": _parameter("bbox-crs", "The CRS of the box, whose order of axes it takes.", of_crs),
        "crs": _parameter("crs", "The CRS of the answer, whose order of axes it takes.", of_crs),
        "datetime": _parameter("datetime", WHEN, {"type": "string"}),
    }


def _responses() -> Document:
    said = {
        "400": "A parameter is not known, or makes no sense",
        "404": "There is no such feature",
        "406": "There is no form that the header Accept takes",
        "503": "No edition is loaded",
    }
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/problem"}}}
    return {status: {"description": words, "content": content} for status, words in said.items()}


_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"}, "title": {"type": "string"},
        "status": {"type": "integer"}, "detail": {"type": "string"},
    },
}  # fmt: skip

_LINKS = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["href", "rel"],
        "properties": {name: {"type": "string"} for name in ("href", "rel", "type", "title")},
    },
}

_FEATURE = {
    "type": "object",
    "required": ["type", "id", "geometry", "properties"],
    "properties": {
        "type": {"type": "string", "enum": ["Feature"]},
        "id": {"type": "string"},
        "geometry": {"type": "object"},
        "properties": {"type": "object"},
        "links": {"$ref": "#/components/schemas/links"},
    },
}

_FEATURES = {
    "type": "object",
    "required": ["type", "features"],
    "properties": {
        "type": {"type": "string", "enum": ["FeatureCollection"]},
        "features": {"type": "array", "items": {"$ref": "#/components/schemas/feature"}},
        "links": {"$ref": "#/components/schemas/links"},
        "timeStamp": {"type": "string", "format": "date-time"},
        "numberMatched": {"type": "integer", "minimum": 0},
        "numberReturned": {"type": "integer", "minimum": 0},
    },
}
