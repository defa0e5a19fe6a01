"""Where points around a city are in space: a few polynomials in place of sines, cosines and roots.

Places on the ellipsoid lie on circles of latitude, whose radius depends on the latitude alone, as their height along
the axis does. How far east a place is, and how far a circle bends away, depend on the longitude and the radius. Each
of these is a polynomial over the ground around a city, off by less than 10 nm.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from geo_lookup.coordinates import Box
from geo_lookup.polynomials import Coefficients, Column, Number, fitted, polynomial

# The WGS 84 ellipsoid (EPSG:7030).
SEMI_MAJOR_AXIS_M = 6_378_137.0
FLATTENING = 1 / 298.257223563
ECCENTRICITY_SQUARED = FLATTENING * (2 - FLATTENING)

ERROR_M = 1e-8
"""How far off a polynomial may be."""

Space = tuple[Column, Column, Column]
"""Metres from the middle of the ground: east, outwards from the axis of the Earth, and along it to the north."""


class LocalSpace(NamedTuple):
    """The polynomials over a box, by the powers of what runs from -1 to 1 over it, or of its square.

    `lon` and `lat` are the middle, whose circle of latitude has a `radius` and lies at a `height` along the axis.
    `outwards` and `north` are by latitude; `east` and `bent` by the square of the longitude, for a circle with a radius
    of one: how far east per part of the way, and how much less far outwards per square of it.
    """

    lon: float
    lat: float
    per_lon: float
    per_lat: float
    radius: float
    height: float
    outwards: Coefficients
    north: Coefficients
    east: Coefficients
    bent: Coefficients


def local_space(box: Box) -> LocalSpace:
    """Fit the polynomials over a box: west, south, east and north in degrees."""
    west, south, east, north = box
    lon, lat, across, up = (west + east) / 2, (south + north) / 2, (east - west) / 2, (north - south) / 2
    radius, height = (float(metres) for metres in _circle(lat))
    half = np.radians(across)

    def angle(square: Column) -> Column:
        angles: Column = half * np.sqrt(square)
        return angles

    return LocalSpace(
        lon, lat, 1 / across, 1 / up, radius, height,
        fitted(lambda part: _circle(lat + part * up)[0] - radius, -1, ERROR_M),
        fitted(lambda part: _circle(lat + part * up)[1] - height, -1, ERROR_M),
        fitted(lambda square: np.sin(angle(square)) / np.sqrt(square), 0, ERROR_M / SEMI_MAJOR_AXIS_M),
        fitted(lambda square: 2 * np.sin(angle(square) / 2) ** 2 / square, 0, ERROR_M / SEMI_MAJOR_AXIS_M),
    )  # fmt: skip


def place(space: LocalSpace, lon: Number, lat: Number) -> tuple[Number, Number, Number]:
    """Place one point of the box in space, or a column of them; where others come out means nothing."""
    part = (lat - space.lat) * space.per_lat
    outwards, north = polynomial(space.outwards, part), polynomial(space.north, part)
    part = (lon - space.lon) * space.per_lon
    square = part * part
    radius = outwards + space.radius
    part *= radius
    part *= polynomial(space.east, square)
    bent = polynomial(space.bent, square)
    bent *= square
    bent *= radius
    outwards -= bent
    return part, outwards, north


def place_anywhere(space: LocalSpace, lons: Column, lats: Column) -> Space:
    """Place points in the same space wherever they are, without polynomials."""
    radius, height = _circle(lats)
    angle = np.radians(lons - space.lon)
    return radius * np.sin(angle), radius * np.cos(angle) - space.radius, height - space.height


def _circle(latitude: Column | float) -> tuple[Column, Column]:
    """The radius of a circle of latitude, and how far along the axis it lies (EPSG method 9602)."""
    sine, cosine = np.sin(np.radians(latitude)), np.cos(np.radians(latitude))
    across = SEMI_MAJOR_AXIS_M / np.sqrt(1 - ECCENTRICITY_SQUARED * sine * sine)
    return across * cosine, across * sine * (1 - ECCENTRICITY_SQUARED)
