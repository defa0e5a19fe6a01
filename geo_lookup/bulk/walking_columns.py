"""The walks for columns of points, as columns beside those of `columns`: the office that is nearest on foot.

Points are located exactly, as one point is, and every sum of lengths is exact: so these are the answers of one point
to the last bit.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geo_lookup.border_grid import NOWHERE
from geo_lookup.bulk.columns import Dictionary, Points, in_parts, number_column, take
from geo_lookup.coordinates import Column, locate
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
        texts = {"walking_office_id": [one.id for one in offices], "walking_office": [one.name for one in offices]}
        self._of_office = {name: Dictionary(known).texts([*known, None]) for name, known in texts.items()}
        self._outcomes = {"walking": Dictionary(OUTCOMES).texts([*OUTCOMES, None])}

    def columns(self, points: Points, threads: int | None = None) -> dict[str, pa.ChunkedArray]:
        """Answer each point: the columns that walking adds to `assign`, in their order; missing where a point is."""
        return in_parts(points, self._part, threads)

    def of_walks(self, found: Sequence[Walks | None]) -> dict[str, pa.ChunkedArray]:
        """The same columns for walks that are found already; all of them missing where there are none to speak of."""
        first = [walks.offices[0] if walks and walks.offices else None for walks in found]
        by_id = {office.id: position for position, office in enumerate(self.edition.offices.offices)}
        positions = np.array([by_id[one.id] if one else -1 for one in first], dtype=np.intp)
        outcomes = np.array([OUTCOMES.index(one.outcome) if one else -1 for one in found], dtype=np.intp)
        metres = np.array([one.walking_distance_m if one else np.nan for one in first])
        minutes = np.array([one.walking_minutes if one else np.nan for one in first], dtype=np.float64)
        columns = self._columns(positions, metres, minutes, outcomes)
        return {name: pa.chunked_array([column]) for name, column in columns.items()}

    def _part(self, points: Points) -> dict[str, pa.Array]:
        located = locate(*points, self.edition.territory)
        paths, walks = self._walkable
        accesses = paths.many(located.x, located.y)
        positions, metres = walks.nearest(accesses)
        rounded = all_rounded(metres)
        outcomes = np.where(accesses.stretch == NOWHERE, NO_PATH, np.where(positions < 0, NO_ROUTE, REACHED))
        outcomes[np.isnan(points.xs)] = -1
        return self._columns(positions.astype(np.intp), rounded, all_minutes(rounded), outcomes.astype(np.intp))

    def _columns(
        self, positions: NDArray[np.intp], metres: Column, minutes: Column, outcomes: NDArray[np.intp]
    ) -> dict[str, pa.Array]:
        """The columns by the positions of offices and of outcomes, -1 where there is none."""
        return {
            **take(self._of_office, positions),
            "walking_distance_m": number_column(metres),
            "walking_minutes": number_column(minutes),
            **take(self._outcomes, outcomes),
        }
