"""`/ogc`: the paths of OGC API - Features.

Features are in memory, but turning and writing many takes a while: so these are plain functions, which FastAPI runs
beside the event loop.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import partial
from http import HTTPStatus
from typing import Any

from anyio.to_thread import run_sync
from fastapi import APIRouter, HTTPException, Request, Response

from geo_lookup import Finder
from geo_lookup.edition import Edition
from service.dependencies import LiveFinder
from service.ogc import documents
from service.ogc.collections import COLLECTIONS, Collection
from service.ogc.crs_references import references
from service.ogc.downloads import FORMATS, file_name, write_file
from service.ogc.layers import edition_of, layer_of
from service.ogc.links import GEOJSON, JSON, OPENAPI, SCHEMA, Place, place_of
from service.ogc.negotiation import send_json, wants_html
from service.ogc.openapi import openapi
from service.ogc.pages import page
from service.ogc.parameters import (
    MOST_FEATURES,
    USUAL_LIMIT,
    known,
    read_box,
    read_count,
    read_crs,
    read_day,
    read_filters,
)
from service.responses import has_already, tagged

router = APIRouter(prefix="/ogc", include_in_schema=False)  # it has an OpenAPI document of its own

ITEMS = ("f", "limit", "offset", "bbox", "bbox-crs", "datetime", "crs")
"""The parameters of a page of features, beside the properties of the collection."""

Describe = Callable[[Place, bool], documents.Document]
"""Makes the document of a resource; the flag says that a page shows it."""


@router.get("")
@router.get("/")
def landing(request: Request, finder: LiveFinder) -> Response:
    """Where everything begins."""
    known(request, "f")
    return _send(request, finder, (), "landing.html", partial(documents.landing, finder))


@router.get("/conformance")
def conformance(request: Request, finder: LiveFinder) -> Response:
    """The classes of requirements that are met."""
    known(request, "f")
    return _send(request, finder, ("conformance",), "conformance.html", documents.conformance)


@router.get("/api")
def api(request: Request, finder: LiveFinder) -> Response:
    """The API as OpenAPI 3.0, or as a page that reads it."""
    known(request, "f")
    return _send(request, finder, ("api",), "api.html", partial(openapi, finder), media_type=OPENAPI)


@router.get("/collections")
def collections(request: Request, finder: LiveFinder) -> Response:
    """The list of collections."""
    known(request, "f")
    return _send(request, finder, ("collections",), "collections.html", partial(documents.collections, finder))


@router.get("/collections/{collection_id}")
def collection(request: Request, finder: LiveFinder, collection_id: str) -> Response:
    """One collection."""
    known(request, "f")
    one = _collection(collection_id)
    described = partial(documents.collection, one, finder)
    return _send(request, finder, ("collections", one.id), "collection.html", described, collection=one)


@router.get("/collections/{collection_id}/queryables")
def queryables(request: Request, finder: LiveFinder, collection_id: str) -> Response:
    """The properties that a collection's features can be filtered by."""
    known(request, "f")
    one = _collection(collection_id)
    steps = ("collections", one.id, "queryables")
    described = partial(documents.queryables, one)
    return _send(request, finder, steps, "queryables.html", described, media_type=SCHEMA, collection=one)


@router.get("/collections/{collection_id}/items")
def items(request: Request, finder: LiveFinder, collection_id: str) -> Response:
    """The features of a collection, page by page."""
    one = _collection(collection_id)
    given = known(request, *ITEMS, *(each.name for each in one.properties))
    on, edition = _asked_day(finder, given)
    offered = references(edition or finder.editions[0])
    crs = read_crs(given.get("crs"), "crs", offered)
    box = read_box(given.get("bbox"), read_crs(given.get("bbox-crs"), "bbox-crs", offered))
    limit = min(read_count(given.get("limit"), "limit", USUAL_LIMIT, 1), MOST_FEATURES)
    offset = read_count(given.get("offset"), "offset", 0, 0)
    wanted = read_filters(given, one.properties)
    layer = layer_of(edition, one, on).matching(wanted, one.lists, box)
    described = partial(documents.features, layer, limit, offset, crs)
    names = {"collection": one, "on": on, "offset": offset, "datetime": given.get("datetime")}
    steps = ("collections", one.id, "items")
    response = _send(request, finder, steps, "items.html", described, media_type=GEOJSON, stamped=_now(), **names)
    response.headers["Content-Crs"] = f"<{crs.uri}>"
    return response


@router.get("/collections/{collection_id}/items/{feature_id:path}")
def item(request: Request, finder: LiveFinder, collection_id: str, feature_id: str) -> Response:
    """One feature."""
    one = _collection(collection_id)
    given = known(request, "f", "datetime", "crs")
    on, edition = _asked_day(finder, given)
    crs = read_crs(given.get("crs"), "crs", references(edition or finder.editions[0]))
    layer = layer_of(edition, one, on).matching({"id": feature_id}, one.lists, None)
    if not layer.attributes:
        raise HTTPException(HTTPStatus.NOT_FOUND, "There is no feature of this id in the collection on that day.")
    described = partial(documents.feature, one, layer, crs)
    steps = ("collections", one.id, "items", feature_id)
    response = _send(request, finder, steps, "item.html", described, media_type=GEOJSON, collection=one, on=on)
    response.headers["Content-Crs"] = f"<{crs.uri}>"
    return response


@router.get("/downloads/{collection_id}.{ending}")
async def download(request: Request, finder: LiveFinder, collection_id: str, ending: str) -> Response:
    """A whole collection as a file. One is written at a time."""
    one = _collection(collection_id)
    if ending not in FORMATS:
        raise HTTPException(HTTPStatus.NOT_FOUND, f"Files end in {', '.join(FORMATS)}.")
    on, edition = _asked_day(finder, known(request, "datetime"))
    if edition is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, "There is no edition on that day yet, and so no file.")
    headers = tagged(edition, f"{one.id}.{ending} {on}".encode())
    headers["Content-Disposition"] = f'attachment; filename="{file_name(edition, one, ending)}"'
    if has_already(request, headers):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    content = await run_sync(partial(_file, edition, one, on, ending), limiter=request.app.state.downloads)
    return Response(content, media_type=FORMATS[ending].media_type, headers=headers)


def _file(edition: Edition, one: Collection, on: date, ending: str) -> bytes:
    return write_file(layer_of(edition, one, on), one, ending, edition.manifest.metric_crs)


def _send(
    request: Request,
    finder: Finder,
    steps: tuple[str, ...],
    template: str,
    describe: Describe,
    *,
    media_type: str = JSON,
    stamped: dict[str, Any] | None = None,
    **names: Any,
) -> Response:
    """A resource as JSON with whole links, or as a page with its own; `names` are for the page alone."""
    html = wants_html(request, media_type)
    place = place_of(request, *steps, whole=not html)
    document = describe(place, html)
    if html:
        return page(request, template, finder, place=place, document=document, **names)
    return send_json(request, document, finder.edition, media_type, stamped=stamped)


def _collection(collection_id: str) -> Collection:
    if collection_id not in COLLECTIONS:
        raise HTTPException(HTTPStatus.NOT_FOUND, f"The collections are {', '.join(COLLECTIONS)}.")
    return COLLECTIONS[collection_id]


def _asked_day(finder: Finder, given: Mapping[str, str]) -> tuple[date, Edition | None]:
    """The day that is asked for, and the edition that is in force on it."""
    on = read_day(given.get("datetime"), finder.day(), finder.editions[0].manifest.zone)
    return on, edition_of(finder, on)


def _now() -> dict[str, str]:
    return {"timeStamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
