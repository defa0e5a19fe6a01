"""Coordinates inside a text: '50.965, 5.5', 'N 50,965 E 5,5', '229465 184466', 50°57'54"N 5°30'0"E.

People write latitude first, programs longitude; letters and the city tell which is which. Which CRS metres are in is
told by where they lie: those of Lambert 72 and Lambert 2008 don't overlap in Belgium.
"""

from __future__ import annotations

import re
import unicodedata

from geo_lookup.coordinates import FAMILIAR, Territory, in_area_of_use, in_box
from geo_lookup.crs import LONLAT, reference_system

_NUMBER = r"[+-]?\d{1,7}(?:[.,]\d{1,15})?"
_NAME = r"(?:lat|latitude|breedte|lon|lng|long|longitude|lengte|[nsewoxy])"


def _part(position: int) -> str:
    before = rf"(?:(?P<before{position}>{_NAME})\s*[:=]?\s*)?"
    return rf"{before}(?P<number{position}>{_NUMBER})\s*°?\s*(?P<after{position}>[nsewo])?"


_PAIR = re.compile(rf"[(\[]?\s*{_part(1)}\s*[\s,;]\s*{_part(2)}\s*[)\]]?", re.IGNORECASE)
_SEXAGESIMAL = r"(\d{1,3})°\s*(\d{1,2})['’′]\s*(?:(\d{1,2}(?:[.,]\d+)?)(?:\"|''|′′|”))?\s*([nsewo])"
_SEXAGESIMALS = re.compile(rf"\s*{_SEXAGESIMAL}\s*[\s,;]?\s*{_SEXAGESIMAL}\s*", re.IGNORECASE)

SMALLEST_METRES = 10_000
"""Whole numbers below this are house numbers and postcodes, not metres of a CRS."""


def read_coordinates(text: str, territory: Territory) -> tuple[float, float, int] | None:
    """The x, y and EPSG code of the point that a text is; None where it is no pair of coordinates."""
    text = unicodedata.normalize("NFKC", text).replace("º", "°")
    if (match := _SEXAGESIMALS.fullmatch(text)) is not None:
        return _from_sexagesimals(match)
    match = _PAIR.fullmatch(text.strip())
    if match is None:
        return None
    pair = [float(match[f"number{position}"].replace(",", ".")) for position in (1, 2)]
    names = [(match[f"before{position}"] or match[f"after{position}"] or "").lower()[:2] for position in (1, 2)]
    decimals = all(re.search(r"[.,]", match[f"number{position}"]) for position in (1, 2))
    if all(abs(value) >= SMALLEST_METRES for value in pair):
        return _metres(pair[1], pair[0], territory) if names == ["y", "x"] else _metres(pair[0], pair[1], territory)
    if not (decimals or all(names) or "°" in text) or max(map(abs, pair)) > 180:
        return None
    return (*_degrees(pair, names, territory), LONLAT)


def _degrees(pair: list[float], names: list[str], territory: Territory) -> tuple[float, float]:
    """Longitude and latitude: as letters say, else in the order that brings them home, else latitude first."""
    first, second = pair
    signed = [
        -value if name[:1] in ("s", "w") and value > 0 else value for value, name in zip(pair, names, strict=True)
    ]
    if names[0][:2] in ("la", "br", "n", "s") or names[1][:2] in ("lo", "ln", "le", "e", "o", "w"):
        return signed[1], signed[0]
    if names[0][:2] in ("lo", "ln", "le", "e", "o", "w") or names[1][:2] in ("la", "br", "n", "s"):
        return signed[0], signed[1]
    for home in (True, False):
        for lon, lat in ((second, first), (first, second)):
            if in_box(lon, lat, territory.box) if home else in_area_of_use(lon, lat, territory.metric_crs):
                return lon, lat
    return second, first


def _from_sexagesimals(match: re.Match[str]) -> tuple[float, float, int]:
    found = {}
    for degrees, minutes, seconds, letter in (match.groups()[:4], match.groups()[4:]):
        value = int(degrees) + int(minutes) / 60 + float((seconds or "0").replace(",", ".")) / 3600
        axis = "lat" if letter.lower() in "ns" else "lon"
        found[axis] = -value if letter.lower() in "sw" else value
    return found.get("lon", 0.0), found.get("lat", 0.0), LONLAT


def _metres(x: float, y: float, territory: Territory) -> tuple[float, float, int]:
    """The CRS in which metres lie in the city, else where it is used; the edition's own where they lie in none."""
    systems = dict.fromkeys([territory.metric_crs, *(epsg for epsg in FAMILIAR if epsg != LONLAT)])
    for home in (True, False):
        for epsg in systems:
            west, south, east, north = reference_system(epsg).extent
            if west <= x <= east and south <= y <= north:
                lon, lat = reference_system(epsg).to_lonlat(x, y)
                if in_box(lon, lat, territory.box) if home else in_area_of_use(lon, lat, territory.metric_crs, 0.0):
                    return x, y, epsg
    return x, y, territory.metric_crs
