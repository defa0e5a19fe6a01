"""`/v1/walk`: an address or a point goes in, the offices nearest on foot come out."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from geo_lookup import Finder
from geo_lookup.walking.answer import Walks
from service.dependencies import LiveFinder, each_once
from service.problems import documented
from service.questions import PARAMETERS, POSTED, Question, posted_fields, read_question
from service.responses import answer_with

router = APIRouter(
    prefix="/v1",
    tags=["walk"],
    responses={
        HTTPStatus.OK: {"model": Walks},
        **documented(HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.SERVICE_UNAVAILABLE),
    },
)


@router.get("/walk", summary="Which offices are nearest on foot?", openapi_extra={"parameters": PARAMETERS})
async def walk(request: Request, finder: LiveFinder) -> Response:
    """Answer for a text, an address' id, longitude and latitude, or `x`, `y` and `crs`.

    Every outcome is a 200, a bad request a 422; so is one to an edition without paths.
    """
    await each_once(request)
    return _answer(request, read_question(request.query_params), finder)


@router.post(
    "/walk", summary="Which offices are nearest on foot? Asked in a body, which no proxy logs.", openapi_extra=POSTED
)
async def walk_posted(request: Request, finder: LiveFinder) -> Response:
    """Answer as `GET /v1/walk` does, for the same fields in a JSON object."""
    return _answer(request, read_question(await posted_fields(request)), finder)


def _answer(request: Request, question: Question, finder: Finder) -> Response:
    asked = dict(question)
    walks = finder.walks(asked.pop("q"), **asked)
    return answer_with(request, walks, finder.edition_on(walks.on), language=question.lang)
