"""Addresses while typing, and the numbers of a street: GeoJSON in the shape of geocodejson.

The shape is that of https://github.com/geocoders/geocodejson-spec (0.1.0); what was asked is not repeated in it.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from geo_lookup.answer import Suggestion
from geo_lookup.edition import Edition
from geo_lookup.geojson import suggestion_collection
from service.dependencies import LiveFinder, accept, each_once
from service.problems import documented
from service.questions import WholeNumber
from service.responses import GeoJSON, answer_with

router = APIRouter(
    prefix="/v1",
    tags=["addresses"],
    dependencies=[Depends(each_once)],
    responses=documented(HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.SERVICE_UNAVAILABLE),
)


class Typing(BaseModel):
    """What has been typed so far, and how many suggestions are wanted."""

    model_config = ConfigDict(extra="forbid")

    q: str = Field(description="The beginning of an address; the search starts at its first letter.")
    limit: Annotated[int, WholeNumber] = Field(8, description="How many suggestions at most, 1 to 50.")
    on: str | None = Field(None, description="The day for which areas are named, as 2026-11-23; today if left out.")
    lang: str = Field("nl", description="The language of street names, where they have several: nl, fr, en, tr or it.")


@router.get("/addresses", summary="Suggestions while typing", response_class=GeoJSON)
async def addresses(request: Request, typed: Annotated[Typing, Query()], finder: LiveFinder) -> Response:
    """Streets first, then the numbers of a street that is clear, boxes last; `/v1/find` understands each label."""
    found = finder.suggest(typed.q, typed.limit, lang=typed.lang, on=typed.on)
    return _answer(request, found, finder.edition_on(finder.day(typed.on)), typed.lang)


@router.get(
    "/streets/{street_id:path}/numbers",
    summary="The addresses of a street",
    response_class=GeoJSON,
    dependencies=[accept("lang", "on")],
    responses=documented(HTTPStatus.NOT_FOUND),
)
def numbers(
    request: Request,
    finder: LiveFinder,
    street_id: str,
    lang: Annotated[str, Query(description="The language of street names: nl, fr, en, tr or it.")] = "nl",
    on: Annotated[str | None, Query(description="The day for which areas are named.")] = None,
) -> Response:
    """Every address of a street, ordered by number, letter and box."""
    found = finder.numbers(street_id, lang=lang, on=on)
    if found is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, "There is no street of this id; /v1/addresses suggests streets.")
    return _answer(request, found, finder.edition_on(finder.day(on)), lang)


def _answer(request: Request, found: list[Suggestion], edition: Edition, language: str) -> Response:
    content = suggestion_collection(found, edition.manifest)
    return answer_with(request, content, edition, media_type=GeoJSON.media_type, language=language)
