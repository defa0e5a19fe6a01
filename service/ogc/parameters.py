"""The parameters of requests, read strictly: one that is not known or makes no sense is a 400, as the standard wants.

Messages never repeat what was sent.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from http import HTTPStatus
from typing import NamedTuple
from zoneinfo import ZoneInfo

import shapely
from fastapi import HTTPException, Request

from geo_lookup import RequestError
from geo_lookup.reading import read_date, read_number
from service.ogc.collections import Property
from service.ogc.crs_references import CRS84, CrsReference

USUAL_LIMIT = 10
MOST_FEATURES = 1000

MOST = 10**9
"""What a greater number is read as."""

_DATE_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}):([0-5]\d|60)(\.\d+)?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)
_BOOLEANS = {"true": True, "false": False, "1": True, "0": False}  # GDAL asks with numbers
_OPEN = ("", "..")


class Box(NamedTuple):
    """A box of a CRS, x east and y north, in the parts that a box across the antimeridian has."""

    epsg: int
    parts: tuple[shapely.Geometry, ...]


def bad(detail: str) -> HTTPException:
    """What is raised where a parameter cannot be read."""
    return HTTPException(HTTPStatus.BAD_REQUEST, detail)


def known(request: Request, *names: str) -> Mapping[str, str]:
    """The parameters of a request, each given once, none but these."""
    given = request.query_params
    if len(given.multi_items()) > len(given):
        raise bad("A parameter is given more than once; give each once.")
    if not set(given) <= set(names):
        raise bad(f"A parameter is not known here; those that are: {', '.join(names)}.")
    return given


def read_count(text: str | None, name: str, usual: int, least: int) -> int:
    """Read a whole number from `least` on, however large; `usual` where none is given."""
    if text is None:
        return usual
    digits = text.lstrip("0")
    number = int(digits or 0) if re.fullmatch(r"\d{0,9}", digits, re.ASCII) else MOST
    if re.fullmatch(r"\d+", text, re.ASCII) is None or number < least:
        raise bad(f"{name} must be a whole number from {least} on.")
    return number


def read_filters(given: Mapping[str, str], properties: Iterable[Property]) -> dict[str, str | bool]:
    """Read the values that properties must have."""
    wanted: dict[str, str | bool] = {}
    for one in properties:
        if one.name not in given:
            continue
        value = given[one.name]
        if one.type == "boolean" and value not in _BOOLEANS:
            raise bad(f"{one.name} must be true or false.")
        wanted[one.name] = _BOOLEANS[value] if one.type == "boolean" else value
    return wanted


def read_crs(text: str | None, name: str, offered: Mapping[str, CrsReference]) -> CrsReference:
    """Read the URI of a CRS; CRS84 where none is given."""
    if text is None:
        return CRS84
    if text not in offered:
        raise bad(f"{name} must be one of {', '.join(offered)}.")
    return offered[text]


FARTHEST = 1e9
"""No coordinate of a place on Earth is farther out, in whatever CRS. A map that is zoomed out may ask beyond it."""


def read_box(text: str | None, crs: CrsReference) -> Box | None:
    """Read a box of four numbers, or of six, whose heights are left alone: the axes in the order of the CRS.

    West of a box in degrees may be greater than east: it then lies across the antimeridian.
    """
    if text is None:
        return None
    try:
        numbers = [read_number(part) for part in text.split(",")]
    except RequestError:
        numbers = []
    if len(numbers) not in (4, 6) or not all(map(math.isfinite, numbers)):
        raise bad("bbox must be four numbers with commas between them, or six with heights, such as 5.4,50.9,5.6,51.0.")
    numbers = [min(max(number, -FARTHEST), FARTHEST) for number in numbers]  # beyond this sums overflow
    half = len(numbers) // 2
    (x0, y0), (x1, y1) = (lower := numbers[:2]), (upper := numbers[half : half + 2])
    if crs.north_first:
        (y0, x0), (y1, x1) = lower, upper
    if y0 > y1 or (x0 > x1 and not crs.geographic):
        raise bad("bbox must name its lower corner before its upper one, with the axes in the order of its CRS.")
    sides = [(x0, x1)] if x0 <= x1 else [(x0, 180.0), (-180.0, x1)]
    return Box(crs.epsg, tuple(_rectangle(west, y0, east, y1) for west, east in sides))


def read_day(text: str | None, today: date, zone: ZoneInfo) -> date:
    """Read the day that a moment or an interval of RFC 3339 asks for: in an interval the one that is nearest to today.

    Either end of an interval may be open, '..' or nothing. Moments are turned into days of the edition's zone.
    """
    if text is None:
        return today
    begins, slash, ends = text.partition("/")
    if not slash:
        return _moment(text, zone)
    first = date.min if begins in _OPEN else _moment(begins, zone)
    last = date.max if ends in _OPEN else _moment(ends, zone)
    if first > last:
        raise bad("datetime must begin before it ends.")
    return min(max(first, today), last)


def _moment(text: str, zone: ZoneInfo) -> date:
    try:
        parts = _DATE_TIME.fullmatch(text)
        if parts is None:
            return read_date(text)
        day, minute, second, _, offset = parts.groups()
        moment = datetime.fromisoformat(f"{day}T{minute}:{min(second, '59')}{offset.upper()}")
    except (RequestError, ValueError):
        raise bad(
            "datetime must be a day or a moment, such as 2026-11-23 or 2026-11-23T09:00:00Z, or two of them with a "
            "slash between, of which one may be '..'."
        ) from None
    try:
        return moment.astimezone(zone).date()
    except OverflowError:  # the last moment that a date can hold, which means an open end
        return moment.date()


def _rectangle(west: float, south: float, east: float, north: float) -> shapely.Geometry:
    """A box, which may be a line or a point."""
    return shapely.MultiPoint([(west, south), (west, north), (east, north), (east, south)]).convex_hull
