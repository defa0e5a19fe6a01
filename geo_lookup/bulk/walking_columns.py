"""The walks for columns of points, as columns beside those of `columns`: the office that is nearest on foot.

Points are located exactly, as one point is, and every sum of lengths is exact: so these are the answers of one point
to the last bit.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from geo_lookup.border_grid import NOWHERE
from geo_lookup.bulk.columns import Dictionary, Points, in_parts, number_column
from geo_lookup.coordinates import locate
from geo_lookup.edition import Edition
from geo_lookup.rounding import all_rounded
from geo_lookup.walking.answer import WalkOutcome, Walks, all_minutes
from geo_lookup.walking.answering import walkable

WALKING_COLUMNS = (
    "walking_office_id",
    "walking_office",
    "walking_distance_m",
    "walking_minutes",
    "walking",
)
"""What is answered for each point, in this order: the office with the shortest walk, and what came of asking for one.
"""

OUTCOMES = tuple(WalkOutcome)
REACHED, NO_ROUTE, NO_PATH = map(OUTCOMES.index, (WalkOutcome.REACHED, WalkOutcome.NO_ROUTE, WalkOutcome.NO_PATH))
"""What a point may come to; the others are a text's."""


class WalkingAnswers:
    """Answers columns of points of one edition. Safe to share between threads.

    Raises `RequestError` where the edition has no paths.
    """

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self._walkable = walkable(edition)
        offices = edition.offices.offices
        self._ids = Dictionary(office.id for office in offices).texts([*(office.id for office in offices), None])
        self._names = Dictionary(office.name for office in offices).texts([*(office.name for office in offices), None])
        self._outcomes = Dictionary(OUTCOMES).texts([*OUTCOMES, None])

    def columns(self, points: Points, threads: int | None = None) -> dict[str, pa.ChunkedArray]:
        """Answer each point: the columns that walking adds to `assign`, in their order; missing where a point is."""
        return in_parts(points, self._part, threads)

    def of_walks(self, found: Sequence[Walks | None]) -> dict[str, pa.ChunkedArray]:
        """The same columns for walks that are found already; all of them missing where there are none to speak of."""
        first = [walks.offices[0] if walks and walks.offices else None for walks in found]
        by_id = {office.id: position for position, office in enumerate(self.edition.offices.offices)}
        positions = np.array([by_id[one.id] if one else -1 for one in first], dtype=np.int32)
        outcomes = np.array([OUTCOMES.index(one.outcome) if one else -1 for one in found], dtype=np.int32)
        metres = np.array([one.walking_distance_m if one else np.nan for one in first])
        minutes = np.array([one.walking_minutes if one else np.nan for one in first], dtype=np.float64)
        columns = {
            "walking_office_id": self._ids.take(positions),
            "walking_office": self._names.take(positions),
            "walking_distance_m": number_column(metres),
            "walking_minutes": number_column(minutes),
            "walking": self._outcomes.take(outcomes),
        }
        return {name: pa.chunked_array([column]) for name, column in columns.items()}

    def _part(self, points: Points) -> dict[str, pa.Array]:
        located = locate(*points, self.edition.territory)
        paths, walks = self._walkable
        accesses = paths.many(located.x, located.y)
        positions, metres = walks.nearest(accesses)
        rounded = all_rounded(metres)
        outcome = np.where(accesses.stretch == NOWHERE, NO_PATH, np.where(positions < 0, NO_ROUTE, REACHED)).astype(
            np.int32
        )
        outcome[np.isnan(points.xs)] = -1
        return {
            "walking_office_id": self._ids.take(positions),
            "walking_office": self._names.take(positions),
            "walking_distance_m": number_column(rounded),
            "walking_minutes": number_column(all_minutes(rounded)),
            "walking": self._outcomes.take(outcome),
        }
