"""geo-lookup: a point goes in; the neighbourhood, the district, the person in charge and the nearest office come out.

>>> import geo_lookup
>>> finder = geo_lookup.load(on="2026-11-23")
>>> answer = finder.find(lon=5.505, lat=50.975)
>>> answer.neighbourhood.name, answer.district.name, answer.contact.name
('Genk-Centrum-Noord', 'Genk-Centrum', 'Wijkmanager Genk-Centrum')
"""

from typing import TYPE_CHECKING, Any

from geo_lookup.answer import Answer, Outcome
from geo_lookup.collector import collector_at_rest
from geo_lookup.errors import (
    CoordinateError,
    DateError,
    EditionError,
    FrameError,
    GeoLookupError,
    RequestError,
    SourceError,
)

if TYPE_CHECKING:
    from geo_lookup.finder import Finder, load

__all__ = [
    "Answer",
    "CoordinateError",
    "DateError",
    "EditionError",
    "Finder",
    "FrameError",
    "GeoLookupError",
    "Outcome",
    "RequestError",
    "SourceError",
    "load",
]


def __getattr__(name: str) -> Any:
    """Import the finder, and with it numpy, shapely and pyproj, only when it is asked for."""
    if name in ("Finder", "load"):
        with collector_at_rest():
            from geo_lookup import finder
        return getattr(finder, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
