"""How many addresses get another neighbourhood, district or manager, and from which to which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from geo_lookup.answer import Reference
from geo_lookup.bulk.columns import Answers, Points
from geo_lookup.bulk.points import Columns
from geo_lookup.comparison.address_points import of_book, of_table
from geo_lookup.coordinates import locate
from geo_lookup.edition import Edition
from geo_lookup.lookup import Decision, decide, places

Successors = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Change:
    """How many addresses go from one to another; None is outside, and of managers a vacancy too.

    `follows` says that the area goes on in the other, of which it is a part after a split or a merger.
    """

    before: Reference | None
    after: Reference | None
    addresses: int
    follows: bool = False


@dataclass(frozen=True, slots=True)
class AddressComparison:
    """What becomes of addresses, the largest changes first.

    `count` is how many were compared, `unread` how many rows of the table have no point that could be.
    """

    source: str
    count: int
    unread: int
    neighbourhoods: tuple[Change, ...]
    districts: tuple[Change, ...]
    managers: tuple[Change, ...]

    @property
    def differs(self) -> bool:
        """Whether any address changes."""
        return bool(self.neighbourhoods or self.districts or self.managers)


def total(changes: tuple[Change, ...], *, follows: bool = False) -> int:
    """How many addresses change, or only follow a split or a merger of their area."""
    return sum(one.addresses for one in changes if one.follows == follows)


class Followed(NamedTuple):
    """In what each neighbourhood, district and manager of before goes on, by id."""

    neighbourhoods: Successors
    districts: Successors
    managers: Mapping[str, str]


def compare_addresses(
    before: Edition, after: Edition, on: date, followed: Followed, table: Path | None, columns: Columns
) -> AddressComparison | None:
    """Compare the addresses of a table, or else of the edition after, or before; None where there are none at all.

    An address of an edition answers by its override, where it has one. Raises `SourceError` where the table cannot be
    read, `FrameError` where it has no columns of coordinates.
    """
    if table is None and before.addresses is None and after.addresses is None:
        return None
    answers = [_Answers(edition, on) for edition in (before, after)]
    counts: dict[str, Counter[Pair]] = {kind: Counter() for kind in KINDS}
    count = unread = 0
    for ids, points in of_table(after, table, columns, on) if table is not None else of_book(before, after):
        there = ~(np.isnan(points.xs) | np.isnan(points.ys))
        count += int(there.sum())
        unread += int((~there).sum())
        old, new = (one.ids(points, ids) for one in answers)
        for kind, counter in counts.items():
            _count(old[kind], new[kind], counter)
    same = {one: (other,) for one, other in followed.managers.items()}
    changes = (
        tuple(_changes(counts[kind], successors, _names(before, kind), _names(after, kind)))
        for kind, successors in zip(KINDS, (followed.neighbourhoods, followed.districts, same), strict=True)
    )
    return AddressComparison(table.name if table is not None else "the address book", count, unread, *changes)


KINDS = ("neighbourhood", "district", "manager")

Pair = tuple[str | None, str | None]
"""Ids before and after, None where there is none."""


class _Answers:
    """Answers addresses of one edition with the ids that are compared."""

    def __init__(self, edition: Edition, on: date) -> None:
        self._edition, self._on = edition, on
        self._answers = Answers(edition, on)

    def ids(self, points: Points, address_ids: Sequence[str]) -> dict[str, pa.DictionaryArray]:
        """The ids of the neighbourhood, district and manager of each point."""
        columns = self._answers.columns(points)
        found = {kind: columns[f"{kind}_id"].combine_chunks() for kind in KINDS}
        decisions = dict(self._overridden(points, address_ids))
        if not decisions:
            return found
        return {kind: _with(column, kind, decisions) for kind, column in found.items()}

    def _overridden(self, points: Points, address_ids: Sequence[str]) -> Iterator[tuple[int, Decision]]:
        for row, address_id in enumerate(address_ids):
            for override in self._edition.overrides.get(address_id, ()):
                if override.holds(self._on):
                    located = locate(*points.part(np.array([row])), self._edition.territory)
                    (where,) = places(self._edition, located.x, located.y)
                    yield row, decide(self._edition, where._replace(override=override.area_id), self._on)
                    break


def _with(column: pa.DictionaryArray, kind: str, decisions: Mapping[int, Decision]) -> pa.DictionaryArray:
    """A column in which the rows of some decisions say what these do."""
    codes = column.indices.fill_null(-1).to_numpy(zero_copy_only=False).copy()
    known = {text: code for code, text in enumerate(column.dictionary.to_pylist())}
    for row, decision in decisions.items():
        codes[row] = known[getattr(decision, kind).id] if getattr(decision, kind) else -1
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), column.dictionary)


def _count(old: pa.DictionaryArray, new: pa.DictionaryArray, counter: Counter[Pair]) -> None:
    """Count the pairs of two columns of ids."""
    before, after = ([*column.dictionary.to_pylist(), None] for column in (old, new))
    first, second = (column.indices.fill_null(-1).to_numpy().astype(np.int64) for column in (old, new))
    keys, counts = np.unique((first + 1) * (len(after) + 1) + second + 1, return_counts=True)
    for key, count in zip(keys.tolist(), counts.tolist(), strict=True):
        i, j = divmod(key, len(after) + 1)
        counter[before[i - 1], after[j - 1]] += count


def _changes(
    counts: Counter[Pair], successors: Successors, old_names: Mapping[str, str], new_names: Mapping[str, str]
) -> Iterator[Change]:
    """The pairs that are not the same, the largest first."""
    merged = Counter(one for ids in successors.values() for one in ids)
    for (old, new), count in sorted(counts.items(), key=lambda item: (-item[1], *(one or "" for one in item[0]))):
        ids = () if old is None else successors.get(old, (old,))
        goes_on = new is not None and new in ids
        if (old or new) and not (goes_on and len(ids) == 1 and merged[new or ""] <= 1):
            yield Change(_reference(old, old_names), _reference(new, new_names), count, follows=goes_on)


def _names(edition: Edition, kind: str) -> dict[str, str]:
    named = edition.posts.managers if kind == "manager" else edition.areas
    return {one.id: one.name for one in named.values()}


def _reference(one: str | None, names: Mapping[str, str]) -> Reference | None:
    return None if one is None else Reference(one, names[one])
