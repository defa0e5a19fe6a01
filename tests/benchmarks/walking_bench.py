"""How fast walks to the offices are found, beside networkx and shapely, which a user would take.

`python -m tests.benchmarks.walking_bench [--points N] [--write-readme]`. On the demo's paths, and on an invented city
of some 40,000 stretches of path with 30 offices. What networkx finds is compared with what is answered here, and a
difference fails the bench.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from typing import Annotated, Any, NamedTuple

import networkx as nx
import numpy as np
import pandas as pd
import shapely
import typer

import geo_lookup
from geo_lookup import Finder
from geo_lookup.bulk.points import Columns, points_of_frame
from geo_lookup.bulk.walking_columns import WalkingAnswers
from geo_lookup.walking.access import PathIndex
from geo_lookup.walking.network import Metres, Network, Paths, paths_of
from geo_lookup.walking.office_walks import OfficeWalks
from geo_lookup.walking.walking import Walkable, Walking
from tests.benchmarks.bulk_bench import everywhere
from tests.benchmarks.readme_table import write_table
from tests.walking import oracle

SEED = 20261126
ONE_BY_ONE = 20_000
PEER_POINTS = 100_000
COMPARED = 2_000
BLOCKS = 142
BLOCK_M = 80.0
OFFICES = 30
ROUNDS = 5


class Row(NamedTuple):
    """A line of the table."""

    what: str
    measured: str
    beside: str = ""


def main(
    points: Annotated[int, typer.Option(help="How many points are asked at once.")] = 1_000_000,
    write_readme: Annotated[bool, typer.Option(help="Write the table into the README.")] = False,
) -> None:
    """Measure, and print the table."""
    lines = [
        "| | measured | beside |",
        "|---|---|---|",
        *(f"| {' | '.join(row)} |" for row in (*_demo(points), *_invented(points))),
    ]
    print("\n".join(lines))
    if write_readme:
        write_table("bench-walking", lines)


def _demo(count: int) -> Iterator[Row]:
    """One point and many, in degrees, by the doors that people use."""
    finder = geo_lookup.load()
    walking = finder.edition.walking
    if walking is None:
        raise RuntimeError("the demo has no paths.")
    paths = walking.__reduce__()[1]
    made = _seconds(lambda: Walking(*paths).prepared())
    stretches = int(paths[0].line[-1]) + 1
    yield Row(
        f"demo: all made that walks need, {stretches:,} stretches, {len(paths[1])} offices", f"{made * 1e3:.0f} ms"
    )
    walking.prepared()
    lons, lats = everywhere(finder, max(count, ONE_BY_ONE))
    places = list(zip(lons[:ONE_BY_ONE].tolist(), lats[:ONE_BY_ONE].tolist(), strict=True))
    start = time.perf_counter()
    for lon, lat in places:
        finder.walks(lon=lon, lat=lat)
    one = (time.perf_counter() - start) / len(places)
    yield Row("demo: one point in degrees, the whole answer", f"{one * 1e6:.0f} µs", "goal ≤ 1 ms")
    frame = pd.DataFrame({"lon": lons[:count], "lat": lats[:count]})
    yield _columns(finder, frame)
    whole = _seconds(lambda: finder.assign(frame, walking=True))
    without = _seconds(lambda: finder.assign(frame))
    yield Row(
        "demo: `assign(DataFrame, walking=True)`, all columns", f"{whole:.2f} s", f"without walking {without:.2f} s"
    )


def _columns(finder: Finder, frame: pd.DataFrame) -> Row:
    asked = points_of_frame(frame, Columns())
    seconds = _seconds(lambda: WalkingAnswers(finder.edition).columns(asked))
    return Row(
        f"demo: the columns of walking alone, {len(frame):,} points in degrees", f"{seconds:.2f} s", "goal ≤ 2 s"
    )


def _invented(count: int) -> Iterator[Row]:
    """Precomputation and many points on a network as a city's, in metres, beside networkx and shapely."""
    lines, offices = _invented_city()
    paths = paths_of(np.array(lines, dtype=object))
    network = Network(paths)
    index = PathIndex(network)
    accesses = [index.one(*office) for office in offices]
    made = _seconds(lambda: OfficeWalks(Network(paths), accesses))
    theirs = _seconds(lambda: _networkx(lines, offices), rounds=1)
    what = f"invented city, {len(lines):,} stretches: walks from {OFFICES} offices to {network.nodes:,} nodes"
    yield Row(what, f"{made:.2f} s", f"networkx, graph and Dijkstra: {theirs:.1f} s, {theirs / made:.0f} times as long")
    segments = len(network.segments.length)
    indexed = _seconds(lambda: PathIndex(network), rounds=3)
    yield Row(f"invented city: index of the paths made, {segments:,} segments", f"{indexed:.2f} s")
    walkable = Walkable(index, OfficeWalks(network, accesses))
    points = np.random.default_rng(SEED).uniform(0, BLOCKS * BLOCK_M, (count, 2)).T
    many = _seconds(lambda: walkable.walks.nearest(walkable.paths.many(*points)))
    few = points[:, :PEER_POINTS]
    snapped = _seconds(lambda: _snapped(lines, few), rounds=1) / PEER_POINTS * count
    _compare(lines, offices, points[:, :COMPARED], walkable)
    yield Row(
        f"invented city: nearest office of {count:,} points, one thread",
        f"{many:.2f} s",
        f"shapely, to the nearest segment alone: {snapped:.1f} s, {snapped / many:.0f} times as long",
    )


def _invented_city() -> tuple[list[shapely.LineString], list[tuple[float, float]]]:
    """Streets between crossings that lie about a block apart, one corner in the middle of each; some are missing."""
    random = np.random.default_rng(SEED)
    crossings = np.stack(np.meshgrid(np.arange(BLOCKS + 1), np.arange(BLOCKS + 1)), axis=-1) * BLOCK_M
    crossings += random.uniform(-25, 25, crossings.shape)
    lines = []
    for ends in ((crossings[:, :-1], crossings[:, 1:]), (crossings[:-1], crossings[1:])):
        begins, finishes = (end.reshape(-1, 2) for end in ends)
        middles = (begins + finishes) / 2 + random.uniform(-8, 8, begins.shape)
        kept = random.random(len(begins)) < 0.97
        lines += [shapely.LineString(one) for one in np.stack([begins, middles, finishes], axis=1)[kept]]
    return lines, [(x, y) for x, y in random.uniform(0, BLOCKS * BLOCK_M, (OFFICES, 2)).tolist()]


def _networkx(lines: list[shapely.LineString], offices: list[tuple[float, float]]) -> list[dict[Any, float]]:
    """The metres from the crossing nearest to each office to every other, as networkx finds them."""
    graph = nx.Graph()
    graph.add_weighted_edges_from((line.coords[0], line.coords[-1], line.length) for line in lines)
    nodes = np.array(list(graph.nodes))
    nearest = [tuple(nodes[((nodes - place) ** 2).sum(axis=1).argmin()].tolist()) for place in offices]
    return [nx.single_source_dijkstra_path_length(graph, node) for node in nearest]


def _snapped(lines: list[shapely.LineString], points: Metres) -> Any:
    """The nearest segment of each point, by shapely's tree."""
    paths = Network(Paths(*shapely.get_coordinates(lines, return_index=True))).segments
    tree = shapely.STRtree(shapely.linestrings(paths.ends.reshape(-1, 2, 2)))
    return tree.query_nearest(shapely.points(*points), all_matches=False, return_distance=True)


def _compare(
    lines: list[shapely.LineString], offices: list[tuple[float, float]], points: Metres, walkable: Walkable
) -> None:
    """Raise where the shortest walk is another one than that of brute force."""
    found = walkable.walks.nearest(walkable.paths.many(*points)).metres
    expected = [min(one.values()) if one else np.nan for one in oracle.walks(lines, offices, points.T.tolist())]
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-4)


def _seconds(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The seconds that some work takes, the median of some rounds."""
    measured = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        measured.append(time.perf_counter() - start)
    return statistics.median(measured)


if __name__ == "__main__":
    typer.run(main)
