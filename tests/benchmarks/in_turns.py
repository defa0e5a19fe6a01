"""Works that are compared take turns, so that a busy moment of the machine hits all of them."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from typing import NamedTuple


class Taken(NamedTuple):
    """The seconds that some work took in each round."""

    rounds: list[float]

    @property
    def median(self) -> float:
        """The seconds it takes."""
        return statistics.median(self.rounds)

    @property
    def fastest(self) -> float:
        """The seconds it takes on a quiet machine."""
        return min(self.rounds)

    def each(self, count: int) -> float:
        """Nanoseconds for one of so many points."""
        return self.median / max(count, 1) * 1e9

    def beside(self, other: Taken, share: float = 1.0) -> float:
        """How many times as long as another work it takes, of which a `share` was done: the median of the rounds."""
        return share * statistics.median(one / two for one, two in zip(self.rounds, other.rounds, strict=True))


def in_turns(rounds: int, *works: Callable[[], object]) -> list[Taken]:
    """Do each work once in each round."""
    taken = [Taken([]) for _ in works]
    for _ in range(rounds):
        for work, of_work in zip(works, taken, strict=True):
            gc.collect()
            start = time.perf_counter()
            work()
            of_work.rounds.append(time.perf_counter() - start)
    return taken
