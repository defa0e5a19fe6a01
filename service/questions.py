"""A question as it is asked over HTTP: one place, named in one of four ways, and how to answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any, NoReturn

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from geo_lookup import Answer, Finder, RequestError
from geo_lookup.reading import read_number, read_whole_number


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
"""The fields of a question as parameters of a URL, for OpenAPI."""

POSTED: dict[str, Any] = {
    "requestBody": {"required": True, "content": {"application/json": {"schema": Question.model_json_schema()}}}
}
"""A question as a body, for OpenAPI."""


async def posted_fields(request: Request) -> dict[str, Any]:
    """The fields of a question that is posted; raises `RequestError` where the body is no object of JSON."""
    if request.query_params:
        raise RequestError("ask in the body or in the URL, not in both.")
    try:
        fields = json.loads(await request.body(), object_pairs_hook=_fields_once, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        raise RequestError("the body must be one JSON object (RFC 8259), each field given once.")
    return fields


def _fields_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("a field is given more than once")
    return fields


def _no_constant(_: str) -> NoReturn:
    raise ValueError("NaN and Infinity are no JSON")


def read_question(fields: Mapping[str, Any]) -> Question:
    """Read a question from the fields of a request; raises `RequestValidationError` without what was sent."""
    try:
        return Question.model_validate(dict(fields))
    except ValidationError as error:
        raise RequestValidationError(error.errors(include_input=False, include_url=False)) from None


def answer_question(finder: Finder, question: Question) -> Answer:
    """The answer to a question."""
    asked = dict(question)
    return finder.find(asked.pop("q"), **asked)
