"""In which form a resource is sent: as JSON, or as a page for people. `f` decides, or else the header Accept."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any

from fastapi import HTTPException, Request, Response

from geo_lookup.edition import Edition
from service.ogc.links import HTML, JSON
from service.ogc.parameters import bad
from service.responses import answer_with


def wants_html(request: Request, media_type: str = JSON) -> bool:
    """Whether a page is asked for, of a resource whose other form has a media type.

    Where both are as welcome the one is sent that Accept names, or else JSON. Raises a 400 for an `f` that is not
    known, and a 406 where Accept takes neither.
    """
    form = request.query_params.get("f")
    if form is not None:
        if form not in ("json", "html"):
            raise bad("f must be json or html.")
        return form == "html"
    accept = request.headers.get("accept", "").strip() or "*/*"
    as_json, as_html = max(_welcome(accept, media_type), _welcome(accept, JSON)), _welcome(accept, HTML)
    if not as_json[0] and not as_html[0]:
        raise HTTPException(HTTPStatus.NOT_ACCEPTABLE, f"There is {media_type} and text/html here.")
    return as_html > as_json


def send_json(
    request: Request, content: Any, edition: Edition, media_type: str = JSON, *, stamped: dict[str, Any] | None = None
) -> Response:
    """JSON with an ETag that is bound to the edition; `answer_with` tells of `stamped`."""
    response = answer_with(request, content, edition, media_type=media_type, stamped=stamped)
    response.headers["Vary"] = "Accept"
    return response


def _welcome(accept: str, media_type: str) -> tuple[float, int]:
    """How welcome a media type is from 0 to 1, and how closely Accept names it (RFC 9110, 12.5.1)."""
    wanted = media_type.partition(";")[0]
    ranges = {wanted: 2, f"{wanted.partition('/')[0]}/*": 1, "*/*": 0}
    found = (0.0, -1)
    for one in accept.lower().split(","):
        name, *parameters = (part.strip() for part in one.split(";"))
        if name in ranges and ranges[name] >= found[1]:
            weights = [part[2:] for part in parameters if re.fullmatch(r"q=(0(\.\d*)?|1(\.0*)?)", part, re.ASCII)]
            found = float(weights[-1]) if weights else 1.0, ranges[name]
    return found
