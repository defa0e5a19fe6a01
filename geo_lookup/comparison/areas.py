"""What becomes of the areas of one kind, and how much ground goes from which to which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from shapely.geometry.base import BaseGeometry

from geo_lookup.answer import Reference
from geo_lookup.comparison.layers import (
    FATES,
    REASONS,
    AreaChange,
    AreaVersion,
    Fate,
    LayerComparison,
    Move,
    NameChange,
    Reason,
)
from geo_lookup.comparison.matching import Pair, link, spelt_alike
from geo_lookup.comparison.overlay import NONE, Overlay
from geo_lookup.model import Area, AreaKind

M2_PER_HA = 10_000.0

Successors = Mapping[str, tuple[str, ...]]
"""The ids of the areas in which each area of the edition before goes on."""


def compare_layer(
    kind: AreaKind,
    before: Sequence[Area],
    after: Sequence[Area],
    laid: Overlay,
    parents: Successors | None = None,
) -> LayerComparison:
    """Compare areas of one kind, each set ordered by id, by an overlay of their polygons in this order.

    `parents` are the successors of the districts; without them no area is said to lie in another district.
    """
    links = link(laid, [area.id for area in before], [area.id for area in after])
    fates = _fates(links, len(before), len(after))
    work = _Layer(before, after, laid, {pair: fate for fate, pairs in fates for pair in pairs}, parents)
    moves = sorted(work.moves(), key=lambda one: (REASONS.index(one.reason), -one.hectares))
    sums = {reason: sum((one.hectares for one in moves if one.reason == reason), 0.0) for reason in REASONS}
    shared = float(laid.square_metres[(laid.before != NONE) & (laid.after != NONE)].sum()) / M2_PER_HA
    apart = [pair not in links for pair in work.pairs()]
    after_ids = {area.id: number for number, area in enumerate(after)}
    return LayerComparison(
        kind=kind,
        changes=tuple(sorted((work.change(fate, pairs) for fate, pairs in fates), key=_place)),
        moves=tuple(moves),
        reused_ids=tuple(
            one.id for i, one in enumerate(before) if one.id in after_ids and (i, after_ids[one.id]) not in links
        ),
        shared=shared,
        moved=sums["moved"],
        moved_share=sums["moved"] / shared if shared else 0.0,
        gained=sums["gained"],
        lost=sums["lost"],
        slivers=float(laid.slivers[apart].sum()) / M2_PER_HA,
        sliver_count=int(laid.sliver_counts[apart].sum()),
        successors=_successors(before, after, links),
    )


def _place(change: AreaChange) -> tuple[int, str]:
    return FATES.index(change.fate), (change.before or change.after)[0].id


def _successors(before: Sequence[Area], after: Sequence[Area], links: frozenset[Pair]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {area.id: [] for area in before}
    for i, j in sorted(links):
        found[before[i].id].append(after[j].id)
    return {area_id: tuple(ids) for area_id, ids in found.items()}


def _fates(links: frozenset[Pair], count_before: int, count_after: int) -> list[tuple[Fate, list[Pair]]]:
    """What becomes of each area, with the pairs of which it comes; `NONE` stands where there is no other."""
    of_before: defaultdict[int, list[Pair]] = defaultdict(list)
    of_after: defaultdict[int, list[Pair]] = defaultdict(list)
    for i, j in sorted(links):
        of_before[i].append((i, j))
        of_after[j].append((i, j))
    fates: list[tuple[Fate, list[Pair]]] = [("split", pairs) for pairs in of_before.values() if len(pairs) > 1]
    fates += [("merged", pairs) for pairs in of_after.values() if len(pairs) > 1]
    fates += [("kept", [(i, j)]) for i, j in sorted(links) if len(of_before[i]) == 1 and len(of_after[j]) == 1]
    fates += [("vanished", [(i, NONE)]) for i in range(count_before) if i not in of_before]
    fates += [("appeared", [(NONE, j)]) for j in range(count_after) if j not in of_after]
    return fates


class _Layer:
    """The areas of both editions, their overlay, and what becomes of which pair."""

    def __init__(
        self,
        before: Sequence[Area],
        after: Sequence[Area],
        laid: Overlay,
        fates: Mapping[Pair, Fate],
        parents: Successors | None,
    ) -> None:
        self._before, self._after, self._laid = before, after, laid
        self._fates = fates
        self._parents = parents
        self._common = dict(zip(self.pairs(), laid.square_metres.tolist(), strict=True))
        drawn = [pair for pair, _ in self._solid() if self._reason(pair) not in ("split", "merged")]
        self._redrawn_before, self._redrawn_after = ({pair[side] for pair in drawn} for side in (0, 1))

    def pairs(self) -> list[Pair]:
        """The positions of the areas of each piece."""
        return list(zip(self._laid.before.tolist(), self._laid.after.tolist(), strict=True))

    def moves(self) -> Iterator[Move]:
        """Every piece of ground that lies in another area than before."""
        for (i, j), shape in self._solid():
            reason = self._reason((i, j))
            if reason is not None:
                yield Move(
                    reason,
                    _reference(self._before, i),
                    _reference(self._after, j),
                    float(shape.area) / M2_PER_HA,
                    float(shape.area / self._laid.sizes_before[i]) if i != NONE else None,
                    float(shape.area / self._laid.sizes_after[j]) if j != NONE else None,
                    shape,
                )

    def change(self, fate: Fate, pairs: Sequence[Pair]) -> AreaChange:
        """What becomes of the areas of some pairs."""
        olds, news = sorted({i for i, _ in pairs} - {NONE}), sorted({j for _, j in pairs} - {NONE})
        old = tuple(_version(self._before[i], self._laid.sizes_before[i]) for i in olds)
        new = tuple(_version(self._after[j], self._laid.sizes_after[j]) for j in news)
        shared = sum((self._common[pair] for pair in pairs if NONE not in pair), 0.0) / M2_PER_HA
        if fate != "kept":
            return AreaChange(fate, old, new, shared)
        return AreaChange(
            fate,
            old,
            new,
            shared,
            name_change=_name_change(old[0].name, new[0].name),
            recoded=old[0].id != new[0].id,
            new_parent=self._lies_elsewhere(old[0].parent_id, new[0].parent_id),
            new_border=olds[0] in self._redrawn_before or news[0] in self._redrawn_after,
        )

    def _solid(self) -> Iterator[tuple[Pair, BaseGeometry]]:
        """The pieces that are more than slivers and in another area, with their shapes."""
        for pair, shape in zip(self.pairs(), self._laid.shapes, strict=True):
            if shape is not None and self._reason(pair) is not None:
                yield pair, shape

    def _reason(self, pair: Pair) -> Reason | None:
        if NONE in pair:
            return "gained" if pair[0] == NONE else "lost"
        fate = self._fates.get(pair)
        return "moved" if fate is None else None if fate == "kept" else "split" if fate == "split" else "merged"

    def _lies_elsewhere(self, parent: str | None, new_parent: str | None) -> bool:
        known = self._parents is not None and parent is not None and new_parent is not None
        return known and new_parent not in (self._parents or {}).get(parent or "", ())


def _name_change(old: str, new: str) -> NameChange | None:
    if old == new:
        return None
    return "respelt" if spelt_alike(old, new) else "renamed"


def _version(area: Area, square_metres: float) -> AreaVersion:
    return AreaVersion(area.id, area.name, area.parent_id, float(square_metres) / M2_PER_HA)


def _reference(areas: Sequence[Area], position: int) -> Reference | None:
    return None if position == NONE else Reference(areas[position].id, areas[position].name)
