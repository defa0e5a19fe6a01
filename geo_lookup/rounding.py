"""Distances rounded to the centimetre: in the same way for one as for many, by whichever way they were measured."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geo_lookup.compiled import Loop, read_only

SURE_M = 3e-7
"""What is measured by a quick way is off by less than this: by less than half of it, as `surroundings` knows."""


def rounded(metres: float) -> float:
    """Round one distance to the centimetre, halves to even as numpy does."""
    return round(metres * 100) / 100 if metres == metres else metres


def all_rounded(metres: NDArray[np.float64]) -> NDArray[np.float64]:
    """Round many distances to the centimetre."""
    return np.round(metres, 2)


def may_round_otherwise(metres: float) -> bool:
    """Tell whether a distance lies so near the middle between two centimetres that an error could round it otherwise.

    Such a distance has to be measured exactly; one that is not a number, too.
    """
    return not abs(metres * 100 % 1 - 0.5) >= 100 * SURE_M


def round_all(metres: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Many distances rounded to the centimetre, and which of them may round otherwise; those that are no number do."""
    compiled = ROUND.machine_code(len(metres))
    if compiled is not None:
        whole, unsure = np.empty(len(metres)), np.empty(len(metres), dtype=np.bool_)
        compiled(whole, unsure, read_only(metres))
        return whole, unsure
    off = metres * 100
    whole = np.rint(off)
    off -= whole
    sure: NDArray[np.bool_] = np.abs(off, out=off) <= 0.5 - 100 * SURE_M
    whole /= 100
    return whole, ~sure


def _round(whole: NDArray[np.float64], unsure: NDArray[np.bool_], metres: NDArray[np.float64]) -> None:
    for point in range(len(metres)):
        off = metres[point] * 100
        nearest = np.rint(off)
        whole[point] = nearest / 100
        unsure[point] = not np.abs(off - nearest) <= 0.5 - 100 * SURE_M


ROUND = Loop(_round)
"""Writes distances rounded, and which of them may round otherwise."""
