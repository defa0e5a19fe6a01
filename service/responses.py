"""JSON bytes with an ETag that is bound to the edition."""

from __future__ import annotations

import hashlib
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
) -> Response:
    """Send content as JSON, or 304 where the client has it already.

    The ETag is made of the edition's fingerprint and the content. Caches must ask again each time, and shared
    ones may keep nothing: an answer tells where somebody is.
    """
    body = orjson.dumps(content)
    tag = f'"{edition.fingerprint[:16]}-{hashlib.sha256(body).hexdigest()[:16]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if language:
        headers["Content-Language"] = language
    if request.method == "GET" and _matches(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)


def _matches(condition: str, tag: str) -> bool:
    candidates = [candidate.strip().removeprefix("W/") for candidate in condition.split(",")]
    return tag in candidates or condition.strip() == "*"
