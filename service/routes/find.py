"""`/v1/find`: an address or a point goes in, the answer comes out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any, NoReturn

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from geo_lookup import Answer, Finder, RequestError
from geo_lookup.reading import read_number, read_whole_number
from service.dependencies import LiveFinder, each_once, finder_of
from service.problems import documented
from service.responses import answer_with

router = APIRouter(
    prefix="/v1",
    tags=["find"],
    responses={
        HTTPStatus.OK: {"model": Answer},
        **documented(HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.SERVICE_UNAVAILABLE),
    },
)


def _number(value: object) -> object:
    """Read text strictly ('5_5' is no number); anything else is judged where coordinates are."""
    try:
        return read_number(value) if isinstance(value, str) else _no_boolean(value)
    except RequestError as error:
        raise ValueError(str(error)) from None


def _whole_number(value: object) -> object:
    try:
        return read_whole_number(value, "this") if isinstance(value, str) else _no_boolean(value)
    except RequestError as error:
        raise ValueError(str(error)) from None


def _no_boolean(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("this must be a number.")  # noqa: TRY004 - pydantic takes a ValueError
    return value


Coordinate = Annotated[float | None, BeforeValidator(_number)]
WholeNumber = BeforeValidator(_whole_number)


class Question(BaseModel):
    """One place, named in one of four ways, and how to answer. An address can be posted, so that no URL holds it."""

    model_config = ConfigDict(extra="forbid")

    q: str | None = Field(None, description="An address as people write it, or coordinates as text.")
    lon: Coordinate = Field(None, description="Longitude in degrees (WGS 84), with `lat`.")
    lat: Coordinate = Field(None, description="Latitude in degrees (WGS 84), with `lon`.")
    x: Coordinate = Field(None, description="Easting in the CRS `crs`, with `y`.")
    y: Coordinate = Field(None, description="Northing in the CRS `crs`, with `x`.")
    crs: Annotated[int | None, WholeNumber] = Field(None, description="EPSG code of `x` and `y`, such as 31370.")
    address_id: str | None = Field(None, description="The id of an address in the register.")
    on: str | None = Field(None, description="The day to answer for, as 2026-11-23; today if left out.")
    offices: Annotated[int, WholeNumber] = Field(3, description="How many of the nearest offices to name, 1 to 10.")
    lang: str = Field("nl", description="The language of the summary: nl, fr, en, tr or it.")


PARAMETERS = [
    {"name": name, "in": "query", "required": False, "description": schema.pop("description"), "schema": schema}
    for name, schema in Question.model_json_schema()["properties"].items()
]


@router.get("/find", summary="Who answers for an address or a point?", openapi_extra={"parameters": PARAMETERS})
async def find(request: Request) -> Response:
    """Answer for a text, an address' id, longitude and latitude, or `x`, `y` and `crs`.

    Every outcome is a 200, a bad request a 422.
    """
    # The parameters are read here, at once: as FastAPI's they would take longer than the answer does.
    await each_once(request)
    return _answer(request, _question(request.query_params), finder_of(request))


@router.post(
    "/find",
    summary="Who answers for an address or a point? Asked in a body, which no proxy logs.",
    openapi_extra={
        "requestBody": {"required": True, "content": {"application/json": {"schema": Question.model_json_schema()}}}
    },
)
async def find_posted(request: Request, finder: LiveFinder) -> Response:
    """Answer as `GET /v1/find` does, for the same fields in a JSON object."""
    if request.query_params:
        raise RequestError("ask in the body or in the URL, not in both.")
    try:
        fields = json.loads(await request.body(), object_pairs_hook=_fields_once, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        raise RequestError("the body must be one JSON object (RFC 8259), each field given once.")
    return _answer(request, _question(fields), finder)


def _question(fields: Mapping[str, Any]) -> Question:
    try:
        return Question.model_validate(dict(fields))
    except ValidationError as error:
        raise RequestValidationError(error.errors(include_input=False, include_url=False)) from None


def _answer(request: Request, question: Question, finder: Finder) -> Response:
    asked = dict(question)
    answer = finder.find(asked.pop("q"), **asked)
    return answer_with(request, answer, finder.edition, language=question.lang)


def _fields_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("a field is given more than once")
    return fields


def _no_constant(_: str) -> NoReturn:
    raise ValueError("NaN and Infinity are no JSON")
