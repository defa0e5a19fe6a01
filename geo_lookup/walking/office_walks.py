"""From any place on the paths to the offices: walks from each office to every node, measured once and looked up.

A walk goes straight from the point to the nearest path, along the paths, and straight to the office, which meets the
paths in the same way. It may leave its stretch by either end, or stay on it where the office lies on the same one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo_lookup.border_grid import NOWHERE
from geo_lookup.walking.access import Access, Accesses
from geo_lookup.walking.network import Edges, Metres, Network, Numbers, graph_of

NO_OFFICE = -1
"""The position of no office at all."""


class NearestWalks(NamedTuple):
    """For each point the position of the office with the shortest walk, and its metres.

    `NO_OFFICE` and NaN where no office can be reached.
    """

    positions: NDArray[np.int32]
    metres: Metres


class OfficeWalks:
    """The walks from every node to every office. Read-only; takes eight bytes for each node and office."""

    def __init__(self, network: Network, accesses: Sequence[Access | None]) -> None:
        """Measure from offices, by where each meets the paths; one that is None cannot be reached."""
        self._stretches = network.stretches
        self._metres = np.full((len(accesses), network.nodes), np.inf)
        self._on_stretch: dict[int, list[tuple[int, float, float]]] = defaultdict(list)
        reached = [(number, access) for number, access in enumerate(accesses) if access is not None]
        for number, access in reached:
            self._on_stretch[access.stretch].append((number, access.along, access.straight))
        if reached:
            self._metres[[number for number, _ in reached]] = _from_offices(network, [access for _, access in reached])
        self._has_office = np.zeros(len(network.stretches.length), dtype=bool)
        self._has_office[list(self._on_stretch)] = True
        offices, nodes = self._metres.shape
        self._nearest = self._metres.argmin(axis=0) if offices else np.zeros(nodes, dtype=np.int64)
        self._nearest_metres = self._metres.min(axis=0, initial=np.inf)

    def few(self, access: Access, count: int) -> list[tuple[int, float]]:
        """List the `count` offices with the shortest walks from one point, and their metres.

        Only those that can be reached; of walks equally long that to the first office in the table comes first.
        """
        stretch, along, straight = access
        first, last, length = (values[stretch] for values in self._stretches)
        metres = np.minimum(self._metres[:, first] + along, self._metres[:, last] + (length - along))
        for number, own_along, own_straight in self._on_stretch.get(stretch, ()):
            metres[number] = min(metres[number], abs(along - own_along) + own_straight)
        metres += straight
        order = np.argsort(metres, kind="stable")[:count]
        return [(number, float(metres[number])) for number in order.tolist() if metres[number] < np.inf]

    def nearest(self, accesses: Accesses) -> NearestWalks:
        """Find the office with the shortest walk of each point: the first that `few` lists."""
        stretch = np.where(accesses.stretch == NOWHERE, 0, accesses.stretch)
        if not len(self._metres) or not len(self._has_office):
            return NearestWalks(np.full(len(stretch), NO_OFFICE, dtype=np.int32), np.full(len(stretch), np.nan))
        first, last = self._stretches.first.take(stretch), self._stretches.last.take(stretch)
        length = self._stretches.length.take(stretch)
        metres = self._nearest_metres.take(first) + accesses.along
        by_last = self._nearest_metres.take(last) + (length - accesses.along)
        positions, of_last = self._nearest.take(first), self._nearest.take(last)
        _shorter(metres, positions, by_last, of_last, slice(None))
        self._on_same_stretch(stretch, accesses.along, metres, positions)
        metres += accesses.straight
        reached = (accesses.stretch != NOWHERE) & (metres < np.inf)
        found = np.where(reached, positions, NO_OFFICE).astype(np.int32)
        return NearestWalks(found, np.where(reached, metres, np.nan))

    def _on_same_stretch(self, stretch: Numbers, along: Metres, metres: Metres, positions: Numbers) -> None:
        """Shorten the walks to offices that lie on the stretch of the point itself."""
        rows = np.flatnonzero(self._has_office.take(stretch))
        rows = rows[np.argsort(stretch[rows], kind="stable")]
        begins = np.flatnonzero(np.diff(stretch[rows], prepend=-1))
        for part in np.split(rows, begins[1:]) if len(rows) else ():
            for number, own_along, own_straight in self._on_stretch[int(stretch[part[0]])]:
                staying = np.abs(along[part] - own_along) + own_straight
                _shorter(metres, positions, staying, np.full(len(part), number), part)


def _shorter(metres: Metres, positions: Numbers, others: Metres, of_others: Numbers, rows: slice | Numbers) -> None:
    """Take the other walk where it is shorter, or as long and to an office before."""
    mine, of_mine = metres[rows], positions[rows]
    better = (others < mine) | ((others == mine) & (of_others < of_mine))
    metres[rows] = np.where(better, others, mine)
    positions[rows] = np.where(better, of_others, of_mine)


def _from_offices(network: Network, accesses: Sequence[Access]) -> Metres:
    """The metres from each office to every node: Dijkstra's algorithm, from a node of its own for each office.

    Ways lead from that node to both ends of the office's stretch, but none back, so that nobody walks through it.
    """
    from scipy.sparse.csgraph import dijkstra

    stretch = np.array([access.stretch for access in accesses])
    along = np.array([access.along for access in accesses])
    first, last, length = (values[stretch] for values in network.stretches)
    own = network.nodes + np.arange(len(accesses))
    edges = Edges(
        *(
            np.concatenate(parts)
            for parts in zip(network.edges, Edges(own, first, along), Edges(own, last, length - along), strict=True)
        )
    )
    metres: Metres = dijkstra(graph_of(edges, network.nodes + len(accesses)), indices=own)[:, : network.nodes]
    metres += np.array([access.straight for access in accesses])[:, None]
    return metres
