"""Named places with the answers they must get, at every door: library, command line, HTTP, frames.

Points are longitude and latitude. Answers are those of the demo edition on 2026-11-23.
"""

from __future__ import annotations

from typing import NamedTuple


class Place(NamedTuple):
    """A point, and what must be said about it."""

    lon: float
    lat: float
    outcome: str
    neighbourhood: str | None = None
    district: str | None = None
    manager: str | None = None
    contact: str | None = None
    reason: str | None = None
    special_area: str | None = None


def assigned(lon: float, lat: float, neighbourhood: str, district: str, manager: str) -> Place:
    return Place(lon, lat, "assigned", neighbourhood, district, manager, manager, "manager")


PLACES = {
    "the town hall square": assigned(
        5.4988, 50.9656, "Genk-Centrum", "Genk-Centrum", "Wijkmanager Genk-Centrum"
    ),
    "the centre, north of it": assigned(
        5.505, 50.975, "Genk-Centrum-Noord", "Genk-Centrum", "Wijkmanager Genk-Centrum"
    ),
    "an estate in the north": assigned(5.513, 51.013, "Zwartberg-Noord", "Genk-Noord", "Wijkmanager Genk-Noord"),
    "the mine of Waterschei": assigned(5.513, 50.994, "Waterschei-Zuid", "Genk-Oost", "Wijkmanager Genk-Oost"),
    "the planetarium": assigned(5.535, 50.960, "Kattevenne-Molenblook", "Genk-Oost", "Wijkmanager Genk-Oost"),
    "the mine of Winterslag": assigned(5.481, 50.973, "Winterslag 1", "Genk-West", "Wijkmanager Genk-West"),
    "the open-air museum": assigned(
        5.410, 50.961, "Bokrijk", "Boxbergheide-Bokrijk", "Wijkmanager Boxbergheide-Bokrijk"
    ),
    "one manager for two districts: the one": assigned(
        5.518, 50.952, "Langerlo", "Kolderbos-Langerlo", "Wijkmanager Genk-Zuid"
    ),
    "one manager for two districts: the other": assigned(
        5.531, 50.930, "Nieuw Sledderlo", "Genk-Zuid", "Wijkmanager Genk-Zuid"
    ),
    "a vacant district with a cover": Place(
        5.472, 50.952, "vacant", "Oud-Termien", "Genk-Midden", None, "Wijkmanager Genk-Centrum", "cover"
    ),
    "the trailer site, in one district": Place(
        5.468, 50.9847, "assigned", "Winterslag 2 en 4", "Genk-West",
        "Wijkmanager Horensberg", "Wijkmanager Horensberg", "manager", "Horensberg",
    ),
    "the trailer site, in the other district": Place(
        5.468, 50.9855, "assigned", "Industrieterrein Genk-Noord", "Genk-Noord",
        "Wijkmanager Horensberg", "Wijkmanager Horensberg", "manager", "Horensberg",
    ),
    "the next town": Place(5.34, 50.93, "outside"),
    "the capital": Place(4.3517, 50.8466, "outside"),
    "the other side of the ocean": Place(-74.006, 40.7128, "outside"),
}  # fmt: skip

TEXTS = (
    "Stadsplein 1", "112 noordln, B-3600 Genk", "Europalaan", "Kerkstraat", "Horensberg 3", "Noordlaan 9998",
    "Noordlaan 112, Hasselt", "Noordlaan 112, Maastricht", "nergens 1", "50.965, 5.5", "229465 184466",
    "-5.5, 50.9",
)  # fmt: skip
"""Texts of every outcome, asked at every door."""
