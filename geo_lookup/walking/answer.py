"""What comes out: the walks from a place to the offices, in the shape in which they are sent.

Names are those of the JSON. What does not apply is None or empty, never left out.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo_lookup.answer import AddressReference, Candidate, EditionReference, Point, plain

METRES_AN_HOUR = 5000
"""How fast people walk: 5 km/h, as OSRM's foot profile has it (`walking_speed`, profiles/foot.lua)."""


class WalkOutcome(StrEnum):
    """What asking for walks comes to. None of these is an error.

    `no_path`: the point lies too far from every path. `no_route`: no office can be reached from the path it lies at.
    The last three are a text's, as they are of an `Outcome`; a text is `ambiguous` where it fits addresses in several
    places.
    """

    REACHED = "reached"
    NO_PATH = "no_path"
    NO_ROUTE = "no_route"
    AMBIGUOUS = "ambiguous"
    OUTSIDE = "outside"
    UNKNOWN_ADDRESS = "unknown_address"


@dataclass(frozen=True, slots=True)
class OfficeWalk:
    """An office that can be reached on foot: metres along the paths, whole minutes, and true metres straight ahead.

    Metres along paths are those of the metric CRS, which in Lambert 72 are true to 1 in 10,000. Minutes are rounded
    up, so that who has so many is there in time.
    """

    id: str
    name: str
    walking_distance_m: float
    walking_minutes: int
    distance_m: float


@dataclass(frozen=True, slots=True)
class Walks:
    """The offices nearest on foot, the nearest first, and how far the nearest path is from the point.

    `path_distance_m` is None where there is no point or no path within reach; it is part of every walk. Where there is
    no walk `offices` is empty, and `outcome` says why; `candidates` are then the addresses that a text may mean.
    """

    outcome: WalkOutcome
    on: date
    point: Point | None
    address: AddressReference | None
    path_distance_m: float | None
    offices: tuple[OfficeWalk, ...]
    candidates: tuple[Candidate, ...]
    edition: EditionReference

    def to_dict(self) -> dict[str, Any]:
        """The walks as plain JSON values: dates in ISO 8601, tuples as lists."""
        return asdict(self, dict_factory=plain)


def minutes(metres: float) -> int:
    """Whole minutes, rounded up, that a walk of so many metres takes; a whole centimetre more is a minute more."""
    return math.ceil(metres * 60 / METRES_AN_HOUR)


def all_minutes(metres: NDArray[np.float64]) -> NDArray[np.float64]:
    """The same for many walks; NaN where there is none."""
    return np.ceil(metres * 60 / METRES_AN_HOUR)
