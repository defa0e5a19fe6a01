"""`/v1/find`: an address or a point goes in, the answer comes out."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from geo_lookup import Answer, Finder
from service.dependencies import LiveFinder, each_once, finder_of
from service.problems import documented
from service.questions import PARAMETERS, POSTED, Question, answer_question, posted_fields, read_question
from service.responses import answer_with
from service.web.pages import answer_html

HTML = "text/html"

router = APIRouter(
    prefix="/v1",
    tags=["find"],
    responses={
        HTTPStatus.OK: {"model": Answer},
        **documented(HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.SERVICE_UNAVAILABLE),
    },
)


@router.get("/find", summary="Who answers for an address or a point?", openapi_extra={"parameters": PARAMETERS})
async def find(request: Request) -> Response:
    """Answer for a text, an address' id, longitude and latitude, or `x`, `y` and `crs`.

    Every outcome is a 200, a bad request a 422.
    """
    # The parameters are read here, at once: as FastAPI's they would take longer than the answer does.
    await each_once(request)
    return _answer(request, read_question(request.query_params), finder_of(request))


@router.post(
    "/find",
    summary="Who answers for an address or a point? Asked in a body, which no proxy logs.",
    openapi_extra=POSTED,
)
async def find_posted(request: Request, finder: LiveFinder) -> Response:
    """Answer as `GET /v1/find` does, for the same fields in a JSON object.

    Who accepts nothing but `text/html` gets the answer as the pages show it, a piece of HTML.
    """
    fields = await posted_fields(request)
    if request.headers.get("accept") == HTML:
        return answer_html(request, fields, finder)
    return _answer(request, read_question(fields), finder)


def _answer(request: Request, question: Question, finder: Finder) -> Response:
    answer = answer_question(finder, question)
    return answer_with(request, answer, finder.edition_on(answer.on), language=question.lang)
