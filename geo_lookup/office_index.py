"""Points to offices, by true distance.

Points and offices are placed in space on the WGS 84 ellipsoid; the length of the chord between two of them,
bent back to an arc, is within 1 cm of the geodesic up to 100 km, and needs no projection. Farther away the
order of the offices is still right, and the distance is taken from the geodesic.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from geo_lookup.crs import geodesic_distances
from geo_lookup.model import Office

# The WGS 84 ellipsoid (EPSG:7030), and the mean radius of its axes.
SEMI_MAJOR_AXIS_M = 6_378_137.0
FLATTENING = 1 / 298.257223563
MEAN_RADIUS_M = 6_371_008.8

FAR_M = 100_000
"""Beyond this a distance is measured along the geodesic itself."""

CHUNK = 65_536
"""How many points are worked on at a time, so that what is in between stays in the cache."""

Degrees = NDArray[np.float64]


class OfficeIndex:
    """Measures from points to offices. Read-only, safe to share between threads."""

    def __init__(self, offices: Sequence[Office]) -> None:
        self.offices = tuple(offices)
        self._places = _in_space(
            np.array([office.lon for office in self.offices], dtype=np.float64),
            np.array([office.lat for office in self.offices], dtype=np.float64),
        )

    def distances(self, lon: float, lat: float) -> NDArray[np.float64]:
        """Measure from one point, in degrees, to each office, in metres."""
        metres = _arc(self._places - _in_space(np.array([lon]), np.array([lat])))
        for position in np.flatnonzero(metres > FAR_M):
            office = self.offices[position]
            metres[position] = geodesic_distances(np.array([lon]), np.array([lat]), office.lon, office.lat)[0]
        return metres

    def nearest(self, lons: Degrees, lats: Degrees) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Find for each point the position in `offices` of the nearest one, and its distance in metres.

        Of offices equally far the first in the table wins. Where there is no office or no point the
        position is -1 and the distance NaN.
        """
        positions = np.full(len(lons), -1, dtype=np.int64)
        distances = np.full(len(lons), np.nan)
        for start in range(0, len(lons), CHUNK) if self.offices else ():
            part = slice(start, start + CHUNK)
            places = _in_space(lons[part], lats[part])
            best = np.full(places.shape[1], np.inf)
            for position in range(len(self.offices)):
                distance = _arc(places - self._places[:, position, None])
                nearer = distance < best
                positions[part][nearer] = position
                best[nearer] = distance[nearer]
            distances[part] = np.where(np.isfinite(best), best, np.nan)
        for position, office in enumerate(self.offices):
            far = (positions == position) & (distances > FAR_M)
            distances[far] = geodesic_distances(lons[far], lats[far], office.lon, office.lat)
        return positions, distances


def _in_space(lons: Degrees, lats: Degrees) -> NDArray[np.float64]:
    """Earth-centred coordinates in metres, shape (3, n), of points on the ellipsoid (EPSG method 9602)."""
    eccentricity_squared = FLATTENING * (2 - FLATTENING)
    longitude, latitude = np.radians(lons), np.radians(lats)
    across = SEMI_MAJOR_AXIS_M / np.sqrt(1 - eccentricity_squared * np.sin(latitude) ** 2)
    return np.stack(
        [
            across * np.cos(latitude) * np.cos(longitude),
            across * np.cos(latitude) * np.sin(longitude),
            across * (1 - eccentricity_squared) * np.sin(latitude),
        ]
    )


def _arc(differences: NDArray[np.float64]) -> NDArray[np.float64]:
    chord = np.sqrt((differences**2).sum(axis=0))
    arc: NDArray[np.float64] = 2 * MEAN_RADIUS_M * np.arcsin(np.minimum(chord / (2 * MEAN_RADIUS_M), 1))
    return arc
