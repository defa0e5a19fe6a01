"""Errors as `application/problem+json` (RFC 9457). None repeats what was asked, none may be cached."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.routing import compile_path

from geo_lookup.errors import CoordinateError, DateError, EditionError, RequestError

KINDS: dict[type[Exception], str] = {
    CoordinateError: "coordinates",
    DateError: "date",
    RequestError: "request",
    RequestValidationError: "request",
}
"""What the `type` of a problem ends in, so that programs can tell problems apart."""


class Problem(BaseModel):
    """What went wrong, as RFC 9457 lays it out; `type` tells programs which kind of problem it is."""

    type: str
    title: str
    status: int
    detail: str


def documented(*statuses: HTTPStatus) -> dict[int | str, dict[str, Any]]:
    """The problems that a route may answer with, for its OpenAPI document."""
    content = {"application/problem+json": {"schema": Problem.model_json_schema()}}
    return {int(status): {"description": status.phrase, "content": content} for status in statuses}


def problem(status: int, detail: str, kind: str | None = None, headers: dict[str, str] | None = None) -> Response:
    """One problem; without a kind its type is 'about:blank' and the status says it all."""
    body = Problem(
        type=f"urn:geo-lookup:problem:{kind}" if kind else "about:blank",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
    )
    return Response(
        body.model_dump_json(),
        status_code=status,
        media_type="application/problem+json",
        headers={**(headers or {}), "Cache-Control": "no-store"},
    )


def add_problem_handlers(app: FastAPI) -> None:
    """Make every error of an app a problem."""
    app.add_exception_handler(RequestError, _request_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(EditionError, _edition_error)
    app.add_exception_handler(HTTPException, _http_error)


def _request_error(_: Request, error: Exception) -> Response:
    kind = next(KINDS[base] for base in type(error).__mro__ if base in KINDS)
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, str(error), kind)


def _edition_error(_: Request, error: Exception) -> Response:
    """Say every reason why there is no edition, without the folder in which it was looked for."""
    assert isinstance(error, EditionError)  # noqa: S101 - tells the type checker what Starlette passes
    return problem(
        HTTPStatus.SERVICE_UNAVAILABLE, "No edition is loaded. " + " ".join(map(str, error.findings)), "edition"
    )


def _validation_error(_: Request, error: Exception) -> Response:
    """Name the field that is wrong, unless it is one that the request invented."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - tells the type checker what Starlette passes
    details = dict.fromkeys(_fault(fault) for fault in error.errors())
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, " ".join(details), KINDS[RequestValidationError])


def _fault(fault: Any) -> str:
    if fault["type"] == "extra_forbidden":
        return "A field is not known here; /docs lists those that are."
    message = fault["msg"].removeprefix("Value error, ").rstrip(".")
    place = fault["loc"][-1] if fault["loc"] else "body"
    return f"{place}: {message}."


def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - tells the type checker what Starlette passes
    details = {
        HTTPStatus.NOT_FOUND: "There is nothing here; /docs lists what there is.",
        HTTPStatus.METHOD_NOT_ALLOWED: "This is not done with this method; the header Allow names those that are.",
    }
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(_allowed(request, headers.get("Allow", "GET")))
    detail = error.detail if error.detail != HTTPStatus(error.status_code).phrase else ""
    status = HTTPStatus(error.status_code)
    return problem(status, detail or details.get(status, status.description), headers=headers)


def _allowed(request: Request, stated: str) -> list[str]:
    """The methods of every route to the path that was asked for, not only the first; whoever may GET may HEAD."""
    methods = {method.strip() for method in stated.split(",")}
    for template, operations in request.app.openapi()["paths"].items():
        if compile_path(template)[0].match(request.url.path):
            methods.update(method.upper() for method in operations)
    return sorted(methods | ({"HEAD"} if "GET" in methods else set()))
