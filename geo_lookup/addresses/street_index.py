"""Street names in memory: which ones is this, which are like it, which begin so.

Every spelling of every name is one row of parallel columns, ordered by stem, so that equal stems and stems with
the same beginning lie together. For names that are misspelt there is, for each pair of letters as it sounds, the
list of rows that hold it; rows that share many pairs with what was asked are then measured exactly, by the
distance of optimal string alignment (insert, delete, replace, swap neighbours).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from geo_lookup.addresses.sound import sound
from geo_lookup.addresses.street_names import TYPES, Spelling, spellings_of_name, whole
from geo_lookup.addresses.vocabulary import PREFIX_TYPES

TYPE_OMITTED_COST = 0.03
"""What a type that was left out takes off the score ('Stations' for 'Stationsstraat')."""

TYPE_ADDED_COST = 0.08
"""What a type takes off that the name has not."""

OTHER_TYPE_COST = 0.14
"""What another type takes off ('Europastraat' for 'Europalaan')."""

SOUND_COST = 0.03
"""What a name takes off that is spelt otherwise but sounds the same."""

FIRST_LETTER_COST = 0.1
"""What a name takes off more that begins with another sound: 'Kerselaarstraat' is not the Perelaarstraat."""

HEARD_LETTER_COST = 0.001
"""What each letter of such a name takes off that is another: of two that sound the same, the nearer one comes first."""

EDIT_COST = 0.9
"""What one letter takes off, divided by the length of the name's stem and two more."""

NEAR_ROWS = 64
"""How many rows that share most pairs of letters are measured exactly."""

MOST_RANKED = 2_000
"""Among how many rows those are chosen."""

FEWEST_PAIRS = 2
"""A name shares so many pairs of letters with what was asked, or it is not like it."""

TYPE_PAIRS = 4
"""What was asked may be longer than a stem by so many pairs for its type, which is misspelt too."""

_SYMBOLS = "abcdefghijklmnopqrstuvwxyz0123456789OUYEQ'^$"
_CODE = {symbol: code for code, symbol in enumerate(_SYMBOLS)}
_OTHER = len(_SYMBOLS)
_BASE = len(_SYMBOLS) + 1
_TYPE_LENGTHS = np.array([len(kind) for kind in TYPES])
_TYPE_SOUNDS = {kind: sound(kind) for kind in TYPES}
_TYPE_NUMBER = {kind: number for number, kind in enumerate(TYPES)}

SHORTEST_LIKE = 4
"""Shorter names are not like others: they are the same or not."""

LEAST_LIKE = 0.8
"""A name that only begins nearly as was typed scores no less."""


class Pool(NamedTuple):
    """The names among which is searched: for each name whether it is in, and the rows of those that are."""

    names: NDArray[np.bool_]
    rows: NDArray[np.int64]


def type_cost(asked: str, found: str) -> float:
    """What the type of a name takes off when another, or none, was asked for."""
    if asked == found:
        return 0.0
    if not asked:
        return TYPE_OMITTED_COST
    return OTHER_TYPE_COST if found else TYPE_ADDED_COST


def worth_measuring(asked: Sequence[Spelling]) -> list[Spelling]:
    """The spellings for which names that are like them are sought: those whose type is sure, or else all of them."""
    sure = [one for one in asked if one.type and not one.cost] or asked
    return [one for one in sure if len(one.full) >= SHORTEST_LIKE and not one.stem.isdecimal()]


@dataclass(frozen=True)
class StreetIndex:
    """Spellings of street names in columns, ordered by stem; `names` holds the number of the name of each row.

    `offsets` and `postings` list, for each pair of letters, the rows whose stem sounds so. `wholes` are the stems with
    their types, `whole_sounds` the same by sound. Read-only.
    """

    stems: list[str]
    sounds: list[str]
    types: NDArray[np.uint8]
    costs: NDArray[np.float32]
    names: NDArray[np.int32]
    offsets: NDArray[np.int32]
    postings: NDArray[np.integer]
    wholes: list[str] = field(init=False, repr=False)
    whole_sounds: list[str] = field(init=False, repr=False)
    _lengths: NDArray[np.int32] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        kinds = [TYPES[kind] for kind in self.types.tolist()]
        derived = {
            "wholes": [whole(*one) for one in zip(self.stems, kinds, strict=True)],
            "whole_sounds": [_heard(*one) for one in zip(self.sounds, kinds, strict=True)],
            "_lengths": np.array([len(stem) for stem in self.stems], dtype=np.int32),
            "postings": self.postings.astype(np.intp),  # as numpy counts them, without a copy each time
        }
        for name, value in derived.items():
            object.__setattr__(self, name, value)

    def exact(self, asked: Sequence[Spelling], pool: Pool | None = None) -> dict[int, float]:
        """The names that are written like one of the spellings, with their scores (1.0 is the name itself)."""
        found: dict[int, float] = {}
        for spelling in asked:
            for row in range(*self._equal(spelling.stem)):
                name = int(self.names[row])
                if pool is None or pool.names[name]:
                    type_off = type_cost(spelling.type, TYPES[self.types[row]])
                    score = 1.0 - spelling.cost - float(self.costs[row]) - type_off
                    found[name] = max(score, found.get(name, 0.0))
        return found

    def similar(self, asked: Sequence[Spelling], pool: Pool | None = None, least: float = 0.0) -> dict[int, float]:
        """The names like one of the spellings, with their scores: what is misspelt, or spelt as it sounds.

        Names that score less than `least` are left out. A number is never a letter too many, or another number
        misspelt: 'Noordlaan 11' is not like the Noordlaan.
        """
        found: dict[int, float] = {}
        for spelling in worth_measuring(asked):
            rows = self._near(sound(spelling.stem), pool)
            if digits := _digits(spelling.stem):
                rows = np.array([row for row in rows if _digits(self.stems[row]) == digits], dtype=np.int64)
            if not len(rows):
                continue
            scores = self._measured(spelling, rows) - self.costs[rows] - spelling.cost
            for row in np.flatnonzero(scores >= least):
                name = int(self.names[rows[row]])
                found[name] = max(float(scores[row]), found.get(name, 0.0))
        return found

    def beginning(
        self, asked: Sequence[Spelling], sizes: NDArray[np.int32], most: int, pool: Pool | None = None
    ) -> dict[int, float]:
        """The names with a spelling that begins so, with their scores; at most about `most`, the largest of them.

        `sizes` tells how many addresses each name has. The end of what was asked may be the beginning of a type.
        """
        found: dict[int, float] = {}
        for spelling in asked:
            full = spelling.full
            rows = np.arange(bisect_left(self.stems, full), self._end(full))
            for cut in range(len(full) - 1, max(len(full) - 9, 1), -1):
                equal = range(*self._equal(full[:cut]))
                kept = [row for row in equal if TYPES[self.types[row]].startswith(full[cut:])]
                rows = np.concatenate((rows, np.array(kept, dtype=np.int64))) if kept else rows
            self._keep_largest(found, rows, 1.0 - self.costs[rows], sizes, most, pool)
        return found

    def like_beginning(
        self, asked: Sequence[Spelling], sizes: NDArray[np.int32], most: int, pool: Pool | None = None
    ) -> dict[int, float]:
        """The names with a spelling that begins nearly so, or sounds so, with their scores."""
        found: dict[int, float] = {}
        for spelling in asked[:1]:
            text, heard = spelling.full, sound(spelling.full)
            rows = self._near(heard, pool)
            if len(rows):
                spelt = [self.wholes[row][: len(text)] for row in rows]
                sounding = [self.whole_sounds[row][: len(heard)] for row in rows]
                by_letter = _distances(text, spelt) / (len(text) + 2)
                by_sound = _distances(heard, sounding) / (len(heard) + 2)
                costs = np.minimum(by_letter, by_sound) * EDIT_COST
                scores = 1.0 - SOUND_COST - costs - self.costs[rows]
                self._keep_largest(found, rows[scores >= LEAST_LIKE], scores[scores >= LEAST_LIKE], sizes, most, pool)
        return found

    def _keep_largest(
        self,
        found: dict[int, float],
        rows: NDArray[np.int64],
        scores: NDArray[np.floating],
        sizes: NDArray[np.int32],
        most: int,
        pool: Pool | None,
    ) -> None:
        """Note the names of rows with their scores, those with the best score and most addresses, in `found`."""
        names = self.names[rows]
        if pool is not None:
            inside = pool.names[names]
            rows, names, scores = rows[inside], names[inside], scores[inside]
        rank = -scores * 1e9 - sizes[names]
        order = np.argpartition(rank, most)[:most] if len(rows) > most else range(len(rows))
        for one in order:
            name = int(names[one])
            found[name] = max(float(scores[one]), found.get(name, 0.0))

    def pool(self, names: NDArray[np.bool_]) -> Pool:
        """A pool of names, which are given by whether each is in it."""
        return Pool(names, np.flatnonzero(names[self.names]))

    def _equal(self, stem: str) -> tuple[int, int]:
        start = bisect_left(self.stems, stem)
        return start, bisect_right(self.stems, stem, lo=start)

    def _end(self, stem: str) -> int:
        return bisect_left(self.stems, stem + "\U0010ffff")

    def _near(self, sounding: str, pool: Pool | None) -> NDArray[np.int64]:
        """The rows that share most pairs of letters with a sound, in relation to how many both have."""
        codes = _pairs(sounding)
        lists = [self.postings[self.offsets[code] : self.offsets[code + 1]] for code in codes]
        shared = np.bincount(np.concatenate(lists), minlength=len(self.stems))
        if pool is not None:
            shared = shared[pool.rows]
        fewest = max(1, min(len(codes) // 3, FEWEST_PAIRS))
        having = np.cumsum(np.bincount(shared)[::-1])[::-1]  # how many rows share so many pairs, or more
        while fewest + 1 < len(having) and having[fewest] > MOST_RANKED:
            fewest += 1
        chosen = np.flatnonzero(shared >= fewest)
        rows, shared = (chosen if pool is None else pool.rows[chosen]), shared[chosen]
        if len(rows) > NEAR_ROWS:
            lengths = self._lengths[rows]
            alike = shared / (lengths + np.minimum(len(codes), lengths + TYPE_PAIRS))
            rows = rows[np.argpartition(-alike, NEAR_ROWS)[:NEAR_ROWS]]
        return rows

    def _measured(self, spelling: Spelling, rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """The score of rows, types and all: as it is spelt or as it sounds, whole or stem against stem."""

        def far(asked: str, texts: list[str]) -> NDArray[np.int32]:
            return _distances(asked, [texts[row] for row in numbers])

        numbers, kinds = rows.tolist(), self.types[rows]
        lengths = self._lengths[rows] + 2
        # Where no type was recognised in what was asked, some of its letters are those of a type that is misspelt.
        whole_lengths = lengths if spelling.type else lengths + _TYPE_LENGTHS[kinds] // 2
        omitted = np.array([type_cost(spelling.type, kind) for kind in TYPES])[kinds]
        heard = sound(spelling.stem)
        whole_off, stem_off = far(spelling.full, self.wholes), far(spelling.stem, self.stems)
        whole_heard_off = far(_heard(heard, spelling.type), self.whole_sounds)
        ways = (
            whole_off * EDIT_COST / whole_lengths,
            stem_off * EDIT_COST / lengths + omitted,
            whole_heard_off * EDIT_COST / lengths + SOUND_COST + whole_off * HEARD_LETTER_COST,
            far(heard, self.sounds) * EDIT_COST / lengths + SOUND_COST + stem_off * HEARD_LETTER_COST + omitted,
        )
        other_start = np.array([not self.sounds[row].startswith(heard[:1]) for row in numbers])
        scores: NDArray[np.float64] = 1.0 - np.minimum.reduce(ways) - other_start * FIRST_LETTER_COST
        return scores


def _heard(stem: str, kind: str) -> str:
    """A stem that is given as it sounds, with its type as that sounds; a letter that both share is heard once."""
    first, last = (_TYPE_SOUNDS[kind], stem) if kind in PREFIX_TYPES else (stem, _TYPE_SOUNDS[kind])
    return first + (last[1:] if first[-1:] == last[:1] else last)


def _digits(text: str) -> str:
    return "".join(filter(str.isdecimal, text))


def _distances(text: str, others: Sequence[str]) -> NDArray[np.int32]:
    distances: NDArray[np.int32] = cdist([text], others, scorer=OSA.distance, dtype=np.int32)[0]
    return distances


def _pairs(text: str) -> list[int]:
    """The codes of the pairs of neighbouring letters in a text, with its beginning and end, each once."""
    codes = [_CODE.get(symbol, _OTHER) for symbol in f"^{text}$"]
    return list({first * _BASE + second for first, second in pairwise(codes)})


def build_street_index(names: Iterable[str]) -> StreetIndex:
    """Index street names; the number of a name is its position."""
    rows = sorted(
        (spelling.stem, _TYPE_NUMBER[spelling.type], spelling.cost, number)
        for number, name in enumerate(names)
        for spelling in spellings_of_name(name)
        if spelling.stem
    )
    sounds = [sound(stem) for stem, *_ in rows]
    postings: list[list[int]] = [[] for _ in range(_BASE * _BASE)]
    for row, heard in enumerate(sounds):
        for code in _pairs(heard):
            postings[code].append(row)
    counts = np.array([0, *map(len, postings)])
    return StreetIndex(
        stems=[stem for stem, *_ in rows],
        sounds=sounds,
        types=np.array([kind for _, kind, _, _ in rows], dtype=np.uint8),
        costs=np.array([cost for _, _, cost, _ in rows], dtype=np.float32),
        names=np.array([number for *_, number in rows], dtype=np.int32),
        offsets=np.cumsum(counts).astype(np.int32),
        postings=np.array([row for rows_of in postings for row in rows_of], dtype=np.int32),
    )


def index_to_parts(index: StreetIndex) -> dict[str, bytes]:
    """The columns of an index as bytes, to be kept in a file."""
    return {
        "stems": "\n".join(index.stems).encode(),
        "sounds": "\n".join(index.sounds).encode(),
        **{name: getattr(index, name).astype(dtype).tobytes() for name, dtype in _ARRAYS.items()},
    }


def index_from_parts(parts: Mapping[str, bytes]) -> StreetIndex:
    """The index that `index_to_parts` kept."""
    arrays = {name: np.frombuffer(parts[name], dtype=dtype) for name, dtype in _ARRAYS.items()}
    return StreetIndex(stems=_lines(parts["stems"]), sounds=_lines(parts["sounds"]), **arrays)


_ARRAYS = {"types": np.uint8, "costs": np.float32, "names": np.int32, "offsets": np.int32, "postings": np.int32}


def _lines(content: bytes) -> list[str]:
    return content.decode().split("\n") if content else []
