"""What an edition knows of walking: its paths, and what is made of them when somebody first asks."""

from __future__ import annotations

import threading
from typing import Any, NamedTuple

from geo_lookup.walking.access import PathIndex
from geo_lookup.walking.network import Metres, Network, Paths
from geo_lookup.walking.office_walks import OfficeWalks


class Walkable(NamedTuple):
    """The index of the paths, and the walks from them to the offices, by the offices' positions."""

    paths: PathIndex
    walks: OfficeWalks


class Walking:
    """The paths of an edition and the places of its offices, both in the metric CRS.

    Read-only, safe to share between threads. The network is made at the first call, and not pickled.
    """

    def __init__(self, paths: Paths, office_xs: Metres, office_ys: Metres) -> None:
        self._given = paths, office_xs, office_ys
        self._made: Walkable | None = None
        self._making = threading.Lock()

    def __reduce__(self) -> tuple[Any, ...]:
        return Walking, self._given

    def prepared(self) -> Walkable:
        """The network with the walks to all offices; made at the first call."""
        if self._made is None:
            with self._making:
                if self._made is None:
                    self._made = _made_of(*self._given)
        return self._made


def _made_of(paths: Paths, office_xs: Metres, office_ys: Metres) -> Walkable:
    network = Network(paths)
    index = PathIndex(network)
    offices = [index.one(x, y) for x, y in zip(office_xs.tolist(), office_ys.tolist(), strict=True)]
    return Walkable(index, OfficeWalks(network, offices))
