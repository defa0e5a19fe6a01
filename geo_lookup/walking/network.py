"""Lines on a map as a network: stretches of path, and the nodes in which they meet.

Two stretches meet where their ends lie within `JOINED_M` of each other, and nowhere else: a bridge crosses the path
under it without joining it, since neither ends there. A path may be walked in both directions.

Every length is a whole number of `STEP_M`, a power of two. So sums of lengths are exact, in whatever order they are
made: the same distance comes out for one point as for a million, on every machine, and two ways that are equally long
are so to the last bit.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

JOINED_M = 0.001
"""How near each other ends of stretches lie that are one node: what rounding leaves of a shared coordinate."""

STEP_M = 2.0**-26
"""Of what every length is a multiple: 15 nanometres. Sums are exact up to 134,000 km (2 to the power of 53 steps)."""

LARGEST = 0
"""The number of the component with the greatest length."""

Metres = NDArray[np.float64]
Numbers = NDArray[np.int64]


class Paths(NamedTuple):
    """The corners of all lines, shape (n, 2), in metres of the metric CRS, and which line each is of, in order."""

    corners: Metres
    line: Numbers


def paths_of(lines: NDArray[np.object_]) -> Paths:
    """The corners of LineStrings."""
    return Paths(*shapely.get_coordinates(lines, return_index=True))


class Segments(NamedTuple):
    """The straight segments of all stretches.

    `ends`, shape (n, 4), are x and y of one end and of the other. Each is of a `stretch`, `begins` so many metres after
    that one's first end, and has a `length`; none is without.
    """

    ends: Metres
    stretch: Numbers
    begins: Metres
    length: Metres


class Stretches(NamedTuple):
    """From node to node: the numbers of the nodes at both ends, and the metres between them."""

    first: Numbers
    last: Numbers
    length: Metres


class Edges(NamedTuple):
    """Ways from one node to another in one direction, and their metres."""

    begins: Numbers
    ends: Numbers
    length: Metres


def in_steps(metres: Metres) -> Metres:
    """Round lengths to whole steps."""
    return np.round(metres / STEP_M) * STEP_M


def in_steps_one(metres: float) -> float:
    """Round one length in the same way."""
    return round(metres / STEP_M) * STEP_M


class Network:
    """Stretches of path, one for each line, in their order. Read-only."""

    def __init__(self, paths: Paths) -> None:
        corners, line = paths
        count = int(line[-1]) + 1 if len(line) else 0
        ways = corners[1:] - corners[:-1]
        length = in_steps(np.sqrt(ways[:, 0] ** 2 + ways[:, 1] ** 2))
        real = (line[:-1] == line[1:]) & (length > 0)
        ends = np.hstack([corners[:-1], corners[1:]])[real]
        stretch, length = line[:-1][real], length[real]
        whole: Metres = np.bincount(stretch, weights=length, minlength=count).astype(np.float64)
        before = np.cumsum(length) - length  # exact, as every sum of lengths is
        begins = before - (np.cumsum(whole) - whole)[stretch]
        self.segments = Segments(ends, stretch, begins, length)
        firsts = np.searchsorted(line, np.arange(count))
        lasts = np.searchsorted(line, np.arange(count), side="right") - 1
        nodes = _joined(np.concatenate([corners[firsts], corners[lasts]]))
        self.stretches = Stretches(nodes[:count], nodes[count:], whole)
        self.nodes = int(nodes.max()) + 1 if count else 0

    @property
    def edges(self) -> Edges:
        """Every stretch in both directions; one that comes back to its node leads nowhere."""
        first, last, length = self.stretches
        return Edges(np.concatenate([first, last]), np.concatenate([last, first]), np.concatenate([length, length]))

    @cached_property
    def component_of_node(self) -> Numbers:
        """The component of each node: within one every node can be reached. `LARGEST` is the longest, and so on."""
        from scipy.sparse.csgraph import connected_components

        count, labels = connected_components(graph_of(self.edges, self.nodes), directed=False)
        metres = np.bincount(labels[self.stretches.first], weights=self.stretches.length, minlength=count)
        rank = np.empty(count, dtype=np.int64)
        rank[np.argsort(-metres, kind="stable")] = np.arange(count)
        of_node: Numbers = rank[labels]
        return of_node

    @property
    def components(self) -> Numbers:
        """The component of each stretch."""
        return self.component_of_node[self.stretches.first]

    @property
    def component_metres(self) -> Metres:
        """The metres of path in each component, the longest first."""
        return np.bincount(self.components, weights=self.stretches.length).astype(np.float64)


def graph_of(edges: Edges, nodes: int) -> csr_array[Any]:
    """Edges as a sparse matrix of scipy, in which of several between two nodes the shortest counts."""
    from scipy.sparse import csr_array

    order = np.lexsort((edges.length, edges.ends, edges.begins))
    begins, ends, length = (values[order] for values in edges)
    new = (np.diff(begins, prepend=-1) != 0) | (np.diff(ends, prepend=-1) != 0)  # scipy would add them up
    real = new & (begins != ends)
    return csr_array((length[real], (begins[real], ends[real])), shape=(nodes, nodes))


def _joined(places: Metres) -> Numbers:
    """The node of each place; those within `JOINED_M`, from one to the next, are one node."""
    distinct, of_place = np.unique(places, axis=0, return_inverse=True)
    points = shapely.points(distinct)
    one, other = shapely.STRtree(points).query(points, predicate="dwithin", distance=JOINED_M)
    if len(one) == len(points):  # none but each itself
        return of_place.ravel().astype(np.int64)
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    near = csr_array((np.ones(len(one)), (one, other)), shape=(len(points), len(points)))
    of_distinct: Numbers = connected_components(near, directed=False)[1].astype(np.int64)
    return of_distinct[of_place.ravel()]
