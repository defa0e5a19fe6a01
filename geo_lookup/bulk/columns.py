"""The answers for columns of points, as columns: what depends on the place alone is decided once for each place.

Columns are Arrow's. Those of text are dictionaries over all that the edition knows, the same for every part of a
file, so that parts can be put together and pandas makes categories of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geo_lookup.answer import Answer, Outcome
from geo_lookup.bulk.workers import processors, workers
from geo_lookup.cell_grid import narrowed
from geo_lookup.coordinates import Column, Located, locate
from geo_lookup.crs import LONLAT
from geo_lookup.edition import Edition
from geo_lookup.lookup import Decision, decide
from geo_lookup.model import AreaKind
from geo_lookup.rounding import SURE_M, round_all, rounded

COLUMNS = (
    "neighbourhood_id",
    "neighbourhood",
    "district_id",
    "district",
    "special_area_id",
    "manager_id",
    "manager",
    "office_id",
    "office",
    "office_distance_m",
    "border_distance_m",
    "outcome",
)
"""What is answered for each point, in this order: the office is the nearest one, the manager the one in the main role.
"""

ROWS = 262_144
"""How many points a thread works on at a time."""

FEWEST_ROWS = 16_384
"""With fewer, another thread is not worth its while."""

_MISSING = -1
_UNDECIDED = 0
_NO_POINT = -1
"""What stands for the number of a place where there is no point."""


class Points(NamedTuple):
    """Columns of coordinates of a CRS; NaN where there is no point."""

    xs: Column
    ys: Column
    crs: int

    def part(self, rows: slice | NDArray[np.int64]) -> Points:
        """Some of the points."""
        return Points(self.xs[rows], self.ys[rows], self.crs)


class Answers:
    """Answers columns of points of one edition for one day. Safe to share between threads.

    Which places occurred and what was decided for them is kept, so one of these serves all parts of a file.
    """

    def __init__(self, edition: Edition, on: date) -> None:
        self.edition = edition
        self.on = on
        texts = _texts(edition)
        offices = edition.offices.offices
        self._dictionaries = {name: Dictionary(texts[name]) for name in COLUMNS if name in texts}
        self._of_office = {
            "office_id": self._dictionaries["office_id"].texts([*(office.id for office in offices), None]),
            "office": self._dictionaries["office"].texts([*(office.name for office in offices), None]),
        }
        self._numbers = np.zeros(edition.places.count + 1, dtype=np.intp)  # of which only what is used takes memory
        self._decided: list[Decision | None] = [None]
        self._of_place = self._of_places()
        self._deciding = Lock()

    def __reduce__(self) -> tuple[Any, ...]:
        return Answers, (self.edition, self.on)

    @property
    def schema(self) -> pa.Schema:
        """The columns that are answered, in the order in which they are."""
        return pa.schema([(name, column.type) for name, column in self.columns(_no_points(), threads=1).items()])

    def columns(self, points: Points, threads: int | None = None) -> dict[str, pa.ChunkedArray]:
        """Answer each point: the columns of `assign`, in their order; all of them missing where a point is.

        `threads` work on it at a time, by default as many as there are processors for this process.
        """
        return in_parts(points, self._part, threads)

    def of_answers(self, found: Sequence[Answer | None]) -> dict[str, pa.Array]:
        """Whole answers as the same columns; all of them missing where an answer is None."""
        main_role = self.edition.posts.main_role

        def row(answer: Answer | None) -> list[Any]:
            if answer is None:
                return [None] * len(COLUMNS)
            places = (answer.neighbourhood, answer.district)
            managers = [one for one in answer.managers if one.role == main_role]
            office = answer.offices.nearest[0] if answer.offices.nearest else None
            return [
                *(value for place in places for value in ((place.id, place.name) if place else (None, None))),
                answer.special_area.id if answer.special_area else None,
                *((managers[0].id, managers[0].name) if managers else (None, None)),
                *((office.id, office.name, office.distance_m) if office else (None, None, None)),
                answer.border.distance_m if answer.border else None,
                answer.outcome.value,
            ]

        rows = [row(answer) for answer in found]
        columns = zip(COLUMNS, zip(*rows, strict=True) if rows else [()] * len(COLUMNS), strict=True)
        return {
            name: self._dictionaries[name].array(values)
            if name in self._dictionaries
            else pa.array(values, type=pa.float64())
            for name, values in columns
        }

    def _part(self, points: Points) -> dict[str, pa.Array]:
        located = self.edition.surroundings.locate(*points)
        of_row, of_place = self._places(points, located)
        positions, office_distances = self._offices(points, located)
        columns: dict[str, pa.Array] = {**take(of_place, of_row), **take(self._of_office, positions.astype(np.intp))}
        columns["office_distance_m"] = number_column(office_distances)
        columns["border_distance_m"] = number_column(self._borders(points, located))
        return {name: columns[name] for name in COLUMNS}

    def _places(self, points: Points, located: Located[Column]) -> tuple[NDArray[np.intp], dict[str, _Texts]]:
        """For each point the number of its place, and what is answered for the places that are known, by number."""
        index = self.edition.places
        places = index.numbers_of_degrees(*points[:2]) if points.crs == LONLAT else index.numbers(located.x, located.y)
        places[np.isnan(points.xs)] = _NO_POINT
        numbers = self._numbers.take(places, mode="wrap")
        new = np.flatnonzero(numbers == _UNDECIDED)
        if len(new):
            self._decide(np.unique(places[new]).tolist())
            numbers[new] = self._numbers.take(places[new], mode="wrap")
        return numbers, self._of_place

    def _decide(self, places: list[int]) -> None:
        """Decide what is answered for places, and give the decisions numbers."""
        with self._deciding:
            new = [place for place in places if self._numbers[place] == _UNDECIDED]
            first = len(self._decided)
            for place in new:
                if place == _NO_POINT:
                    self._decided.append(None)
                else:
                    self._decided.append(decide(self.edition, self.edition.places.place(place), self.on))
            self._of_place = self._of_places()
            self._numbers[new] = range(first, len(self._decided))

    def _of_places(self) -> dict[str, _Texts]:
        """The texts of all places that are decided, by their numbers."""
        return {
            name: self._dictionaries[name].texts([text(decision) for decision in self._decided])
            for name, text in TEXTS.items()
        }

    def _offices(self, points: Points, located: Located[Column]) -> tuple[NDArray[np.int32], Column]:
        """The nearest offices, and their distances rounded; what is not sure is measured as for one point."""
        offices = self.edition.offices
        positions, distances, ahead = offices.nearest(located.lon, located.lat)
        distances, unsure = round_all(distances)
        rows = np.flatnonzero((unsure | (ahead < SURE_M)) & (positions >= 0))
        exact = locate(*points.part(rows), self.edition.territory)
        for row, lon, lat in zip(rows.tolist(), exact.lon.tolist(), exact.lat.tolist(), strict=True):
            ((positions[row], metres),) = offices.nearest_few(lon, lat, 1)
            distances[row] = rounded(metres)
        return positions, distances

    def _borders(self, points: Points, located: Located[Column]) -> Column:
        """The distances to the nearest borders, rounded."""
        neighbourhoods = self.edition.neighbourhoods
        distances, unsure = round_all(neighbourhoods.nearly_border_distances(located.x, located.y))
        rows = np.flatnonzero(unsure & ~np.isnan(located.x))
        exact = locate(*points.part(rows), self.edition.territory)
        distances[rows], _ = round_all(neighbourhoods.border_distances(exact.x, exact.y))
        return distances


def in_parts(
    points: Points, answer: Callable[[Points], dict[str, pa.Array]], threads: int | None
) -> dict[str, pa.ChunkedArray]:
    """Answer parts of the points, `threads` of them at a time; where a coordinate is missing the point is."""
    count = len(points.xs)
    missing = np.isnan(points.xs) | np.isnan(points.ys)
    if missing.any():
        xs, ys = (np.where(missing, np.nan, values) for values in (points.xs, points.ys))
        points = Points(xs, ys, points.crs)
    wanted = threads or processors()
    size = min(max(-(-count // wanted), FEWEST_ROWS), ROWS)
    parts = [points.part(slice(start, start + size)) for start in range(0, max(count, 1), size)]
    # Fewer parts are answered by some of these threads: others for each number of parts would add up.
    answered = list((workers(wanted).map if min(wanted, len(parts)) > 1 else map)(answer, parts))
    return {name: pa.chunked_array([part[name] for part in answered]) for name in answered[0]}


class _Texts(NamedTuple):
    """Texts by number: their codes in a dictionary, -1 where one is missing, which are there, and the dictionary."""

    codes: NDArray[np.signedinteger]
    present: bytes
    dictionary: pa.Array


def take(columns: Mapping[str, _Texts], numbers: NDArray[np.intp]) -> dict[str, pa.DictionaryArray]:
    """The texts of these numbers in each column; -1 is the last. This is Arrow's `take`, in a fifth of the time.

    Which are there is found once for all columns in which the same are.
    """
    bits: dict[bytes, pa.Buffer] = {}
    taken = {}
    for name, (codes, present, dictionary) in columns.items():
        of_row = codes.take(numbers, mode="wrap")
        if present not in bits:
            bits[present] = pa.py_buffer(np.packbits(of_row != _MISSING, bitorder="little"))
        buffers = [bits[present], pa.py_buffer(of_row)]
        indices = pa.Array.from_buffers(pa.from_numpy_dtype(of_row.dtype), len(of_row), buffers)
        taken[name] = pa.DictionaryArray.from_arrays(indices, dictionary, safe=False)
    return taken


class Dictionary:
    """All texts that a column may hold, each once."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._codes = {text: code for code, text in enumerate(dict.fromkeys(texts))}
        self._dictionary = pa.array(list(self._codes), type=pa.string())

    def texts(self, texts: Iterable[str | None]) -> _Texts:
        """Some of the texts by numbers of their own, in their order."""
        listed = [_MISSING if text is None else self._codes[text] for text in texts]
        codes = narrowed(np.array(listed, dtype=np.int32), len(self._codes) - 1)
        return _Texts(codes, (codes != _MISSING).tobytes(), self._dictionary)

    def array(self, texts: Sequence[str | None]) -> pa.DictionaryArray:
        """A column of texts."""
        return take({"": self.texts(texts)}, np.arange(len(texts)))[""]


def _texts(edition: Edition) -> dict[str, list[str]]:
    """Every text that each column may hold."""
    areas = {kind: edition.areas_of(kind) for kind in AreaKind}
    managers, offices = edition.posts.managers.values(), edition.offices.offices
    return {
        "neighbourhood_id": [area.id for area in areas[AreaKind.NEIGHBOURHOOD]],
        "neighbourhood": [area.name for area in areas[AreaKind.NEIGHBOURHOOD]],
        "district_id": [area.id for area in areas[AreaKind.DISTRICT]],
        "district": [area.name for area in areas[AreaKind.DISTRICT]],
        "special_area_id": [area.id for area in areas[AreaKind.SPECIAL_AREA]],
        "manager_id": [manager.id for manager in managers],
        "manager": [manager.name for manager in managers],
        "office_id": [office.id for office in offices],
        "office": [office.name for office in offices],
        "outcome": [outcome.value for outcome in Outcome],
    }


TEXTS: dict[str, Callable[[Decision | None], str | None]] = {
    "neighbourhood_id": lambda decision: getattr(decision and decision.neighbourhood, "id", None),
    "neighbourhood": lambda decision: getattr(decision and decision.neighbourhood, "name", None),
    "district_id": lambda decision: getattr(decision and decision.district, "id", None),
    "district": lambda decision: getattr(decision and decision.district, "name", None),
    "special_area_id": lambda decision: getattr(decision and decision.special_area, "id", None),
    "manager_id": lambda decision: getattr(decision and decision.manager, "id", None),
    "manager": lambda decision: getattr(decision and decision.manager, "name", None),
    "outcome": lambda decision: decision.outcome.value if decision else None,
}
"""What the columns that depend on the place alone say about a decision."""


def number_column(column: Column) -> pa.Array:
    """Numbers as a column, missing where they are NaN."""
    present = ~np.isnan(column)
    buffers = [None if present.all() else pa.py_buffer(np.packbits(present, bitorder="little")), pa.py_buffer(column)]
    return pa.Array.from_buffers(pa.float64(), len(column), buffers)


def _no_points() -> Points:
    return Points(np.empty(0), np.empty(0), LONLAT)
