"""JSON bytes with an ETag that is bound to the edition."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import orjson
from fastapi import Request, Response

from geo_lookup.edition import Edition


class GeoJSON(Response):
    """A response whose media type is that of GeoJSON (RFC 7946)."""

    media_type = "application/geo+json"


def answer_with(
    request: Request,
    content: Any,
    edition: Edition,
    *,
    media_type: str = "application/json",
    language: str | None = None,
    stamped: dict[str, Any] | None = None,
) -> Response:
    """Send content as JSON, or 304 where the client has it already.

    The ETag is made of the edition's fingerprint and the content, without what is `stamped` on an object at its end,
    such as the time. Caches must ask again each time, and shared
    ones may keep nothing: an answer tells where somebody is.
    """
    body = orjson.dumps(content)
    headers = tagged(edition, body)
    if language:
        headers["Content-Language"] = language
    if has_already(request, headers):
        return Response(status_code=304, headers=headers)
    if stamped:
        body = body[:-1] + b"," + orjson.dumps(stamped)[1:]
    return Response(body, media_type=media_type, headers=headers)


def tagged(edition: Edition, content: bytes) -> dict[str, str]:
    """The headers that tell caches of what an edition answers, by its content or whatever else determines it."""
    tag = f'"{edition.fingerprint[:16]}-{hashlib.sha256(content).hexdigest()[:16]}"'
    return {"ETag": tag, "Cache-Control": "private, no-cache"}


def has_already(request: Request, headers: Mapping[str, str]) -> bool:
    """Whether the client has what these headers tell of."""
    condition = request.headers.get("if-none-match", "")
    candidates = [candidate.strip().removeprefix("W/") for candidate in condition.split(",")]
    return request.method == "GET" and (headers["ETag"] in candidates or condition.strip() == "*")
