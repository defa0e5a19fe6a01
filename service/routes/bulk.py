"""`/v1/find/bulk`: many rows at once, in CSV, Arrow or JSON; the answers come back in the same format."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from http import HTTPStatus
from typing import Annotated

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Header, HTTPException, Query, Request
from fastapi.responses import StreamingResponse

from geo_lookup.reading import read_whole_number
from service.dependencies import LiveFinder, accept, each_once
from service.problems import documented

PATH = "/v1/find/bulk"

CSV = "text/csv"
JSON = "application/json"
ARROW = "application/vnd.apache.arrow.stream"

router = APIRouter(tags=["find"], dependencies=[Depends(each_once), accept("crs", "on")])

BODY = {
    "required": True,
    "content": {
        CSV: {"schema": {"type": "string"}, "example": "lon,lat\n5.505,50.975\n"},
        JSON: {
            "schema": {"oneOf": [{"type": "array", "items": {"type": "object"}}, {"type": "object"}]},
            "examples": {
                "rows": {"value": [{"lon": 5.505, "lat": 50.975}, {"q": "Noordlaan 112"}]},
                "columns": {"value": {"lon": [5.505, 5.472], "lat": [50.975, 50.952]}},
            },
        },
        ARROW: {"schema": {"type": "string", "format": "binary"}},
    },
}


@router.post(
    PATH,
    summary="Who answers for each of many rows?",
    response_class=StreamingResponse,
    openapi_extra={"requestBody": BODY},
    responses={
        HTTPStatus.OK: {"content": {CSV: {}, JSON: {}, ARROW: {}}, "description": "The same rows, with their answers."},
        **documented(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            HTTPStatus.UNPROCESSABLE_ENTITY,
            HTTPStatus.SERVICE_UNAVAILABLE,
        ),
    },
)
async def find_bulk(
    request: Request,
    finder: LiveFinder,
    content_type: Annotated[str, Header(include_in_schema=False)] = "",
    content_encoding: Annotated[str, Header(include_in_schema=False)] = "identity",
    crs: Annotated[str | None, Query(description="EPSG code of columns x and y, such as 31370.")] = None,
    on: Annotated[str | None, Query(description="The day to answer for, as 2026-11-23; today if left out.")] = None,
) -> StreamingResponse:
    """Answer rows that have `lon` and `lat`, `x` and `y` (with `crs`), or `address`: row for row, in their order.

    What is wrong with a row stands in its `error`. JSON may be a list of rows, each asked in its own way (also by `q`
    or `address_id`), or an object of columns.
    """
    from service.bulk_formats import BulkAnswers  # with pyarrow and numpy's parts for it

    media_type = content_type.partition(";")[0].strip().lower()
    if media_type not in (CSV, JSON, ARROW):
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"The body must be {CSV}, {JSON} or {ARROW}.")
    if content_encoding.strip().lower() not in ("", "identity"):
        raise HTTPException(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "The body must come as it is, without a Content-Encoding."
        )
    answers = BulkAnswers(finder, on, None if crs is None else read_whole_number(crs, "crs"))
    ways = {CSV: answers.csv, JSON: answers.json, ARROW: answers.arrow}
    parts = ways[media_type](await request.body())
    limiter: CapacityLimiter = request.app.state.bulk_work
    first = await _next(parts, limiter)  # what is wrong with the body as a whole shows before anything is sent
    return StreamingResponse(
        _stream(first, parts, limiter), media_type=media_type, headers={"Cache-Control": "private, no-store"}
    )


async def _next(parts: Iterator[bytes], limiter: CapacityLimiter) -> bytes | None:
    """Make the next part in a thread, one at a time for all requests, so that single look-ups go on meanwhile."""
    return await run_sync(next, parts, None, limiter=limiter)


async def _stream(first: bytes | None, parts: Iterator[bytes], limiter: CapacityLimiter) -> AsyncIterator[bytes]:
    part = first
    while part is not None:
        yield part
        part = await _next(parts, limiter)
