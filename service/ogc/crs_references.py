"""CRSs as OGC names them: by a URI, and with the axes in the order that the CRS itself states.

Elsewhere here x is always east. EPSG:4326 is latitude before longitude, CRS84 the same the other way round.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geo_lookup.crs import LONLAT, reference_system
from geo_lookup.edition import Edition
from geo_lookup.geojson import in_crs

LAMBERT_72, LAMBERT_2008 = 31370, 3812


class CrsReference(NamedTuple):
    """A CRS by its URI and its EPSG code; `north_first` tells that its coordinates are written north before east."""

    uri: str
    epsg: int
    north_first: bool
    geographic: bool

    @property
    def decimals(self) -> int:
        """The decimals of coordinates that are sent: of a tenth of a millimetre."""
        return 9 if self.geographic else 4


CRS84 = CrsReference("http://www.opengis.net/def/crs/OGC/1.3/CRS84", LONLAT, north_first=False, geographic=True)
"""Longitude and latitude on WGS 84: what is answered where no CRS is asked for."""


def epsg_reference(epsg: int) -> CrsReference:
    """A CRS of EPSG."""
    system = reference_system(epsg)
    uri = f"http://www.opengis.net/def/crs/EPSG/0/{epsg}"
    return CrsReference(uri, epsg, system.north_first, system.geographic)


def references(edition: Edition) -> dict[str, CrsReference]:
    """The CRSs that an edition is served in, by their URIs, CRS84 first."""
    codes = dict.fromkeys((LONLAT, LAMBERT_72, LAMBERT_2008, edition.manifest.metric_crs))
    return {one.uri: one for one in (CRS84, *map(epsg_reference, codes))}


def storage_reference(crs: int) -> CrsReference:
    """The CRS in which features are kept, under the URI with which they need no swap."""
    return CRS84 if crs == LONLAT else epsg_reference(crs)


def drawn(shapes: NDArray[np.object_], source: int, target: CrsReference) -> NDArray[np.object_]:
    """Shapes as they are sent in a CRS, out of another: rounded, exterior rings counter-clockwise on the map."""
    turned: NDArray[np.object_] = shapely.orient_polygons(in_crs(shapes, source, target.epsg, target.decimals))
    if target.north_first:
        turned = shapely.transform(turned, lambda xy: xy[:, ::-1])
    return turned
