"""Which area of one edition goes on in which of another: by the ground they share, whatever they are called.

Two areas are linked where more than half of either lies in the other. Links form stars: one to one (an area is kept),
one to several (it is split), several to one (they are merged). Where links would chain areas together beyond that, the
pairs that are most alike come first, and what a refused link would have carried counts as ground that moved.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from geo_lookup.comparison.overlay import NONE, Overlay
from geo_lookup.spelling import loosely

DECIMALS = 9
"""Shares are compared to so many decimals, so that the order of additions decides nothing."""

Pair = tuple[int, int]


def link(laid: Overlay, before_ids: Sequence[str], after_ids: Sequence[str]) -> frozenset[Pair]:
    """Link the areas of an overlay; pairs of positions. The same is found with the sets exchanged."""
    ranked = sorted((-likeness, *_tie(before_ids[i], after_ids[j]), (i, j)) for likeness, (i, j) in _candidates(laid))
    return frozenset(_stars(pair for *_, pair in ranked))


def spelt_alike(one: str, other: str) -> bool:
    """Tell whether two names differ at most in case, hyphens, spaces, apostrophes and accents."""
    return loosely(one) == loosely(other)


def _candidates(laid: Overlay) -> Iterable[tuple[float, Pair]]:
    """The pairs of which one lies in the other for more than half, with the share that they have in common."""
    pairs = zip(laid.before.tolist(), laid.after.tolist(), laid.square_metres.tolist(), strict=True)
    for i, j, common in pairs:
        if NONE not in (i, j):
            one, other = float(laid.sizes_before[i]), float(laid.sizes_after[j])
            if round(common / min(one, other), DECIMALS) > 0.5:
                yield round(common / (one + other - common), DECIMALS), (i, j)


def _tie(before_id: str, after_id: str) -> tuple[bool, str, str]:
    """Of pairs that are as alike, those with one code come first."""
    return before_id != after_id, min(before_id, after_id), max(before_id, after_id)


def _stars(pairs: Iterable[Pair]) -> Iterable[Pair]:
    of_before: defaultdict[int, list[int]] = defaultdict(list)
    of_after: defaultdict[int, list[int]] = defaultdict(list)
    for i, j in pairs:
        before_is_free, after_is_free = not of_before[i], not of_after[j]
        is_leaf_of = before_is_free and all(len(of_before[other]) == 1 for other in of_after[j])
        is_centre_of = after_is_free and all(len(of_after[other]) == 1 for other in of_before[i])
        if is_leaf_of or is_centre_of:
            of_before[i].append(j)
            of_after[j].append(i)
            yield i, j
