"""What the live edition holds: its areas, its offices, and the edition itself."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response

from geo_lookup.geojson import area_feature, feature_collection, office_feature
from geo_lookup.model import AreaKind
from service.dependencies import LiveFinder, accept, each_once
from service.problems import documented
from service.responses import GeoJSON, answer_with

router = APIRouter(
    prefix="/v1",
    tags=["data"],
    dependencies=[Depends(each_once)],
    responses=documented(HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.SERVICE_UNAVAILABLE),
)

# These write large documents, so they are plain functions, which FastAPI runs beside the event loop.


@router.get("/areas", summary="Areas as GeoJSON", response_class=GeoJSON, dependencies=[accept("kind")])
def areas(
    request: Request,
    finder: LiveFinder,
    kind: Annotated[AreaKind | None, Query(description="Which areas; all of them if left out.")] = None,
) -> Response:
    """The areas of one kind, or all, as a FeatureCollection (RFC 7946), ordered by id."""
    edition = finder.edition
    chosen = edition.areas.values() if kind is None else edition.areas_of(kind)
    features = (area_feature(area, edition.manifest.metric_crs) for area in chosen)
    return answer_with(request, feature_collection(features), edition, media_type=GeoJSON.media_type)


@router.get(
    "/areas/{area_id:path}",
    summary="One area as GeoJSON",
    response_class=GeoJSON,
    dependencies=[accept()],
    responses=documented(HTTPStatus.NOT_FOUND),
)
def area(request: Request, finder: LiveFinder, area_id: str) -> Response:
    """One area as a Feature (RFC 7946)."""
    edition = finder.edition
    if area_id not in edition.areas:
        raise HTTPException(HTTPStatus.NOT_FOUND, "There is no area of this id; /v1/areas lists them.")
    feature = area_feature(edition.areas[area_id], edition.manifest.metric_crs)
    return answer_with(request, feature, edition, media_type=GeoJSON.media_type)


@router.get("/offices", summary="Offices as GeoJSON", response_class=GeoJSON, dependencies=[accept()])
def offices(request: Request, finder: LiveFinder) -> Response:
    """All offices as a FeatureCollection of points, in the order of their table."""
    features = (office_feature(office) for office in finder.edition.offices.offices)
    return answer_with(request, feature_collection(features), finder.edition, media_type=GeoJSON.media_type)


@router.get("/editions", summary="Editions", dependencies=[accept()])
def editions(request: Request, finder: LiveFinder) -> Response:
    """The editions that are served; `live` marks the one that answers."""
    names = {"id", "city", "title", "demo", "languages", "metric_crs", "licence", "attribution", "valid_from"}
    described = [
        edition.manifest.model_dump(include=names, mode="json")
        | {"fingerprint": edition.fingerprint, "live": edition is finder.edition}
        for edition in finder.editions
    ]
    return answer_with(request, {"editions": described}, finder.edition)
