"""How fast the exact area index is beside its peers, and whether they all answer the same.

`make bench` runs it and writes the table into the README. Figures of two machines are not to be compared; those of
one run are. A peer that answers otherwise than the index makes the bench fail.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Annotated, NamedTuple

import numpy as np
import typer
from numpy.typing import NDArray

from geo_lookup import compiled
from geo_lookup.area_index import AreaIndex
from geo_lookup.cell_points import ASK, OUTSIDE
from geo_lookup.crs import LONLAT
from geo_lookup.model import Area
from tests.benchmarks.area_layers import LAMBERT_72, Points, city, described, flanders, points_in, region
from tests.benchmarks.area_peers_run import PEERS, TIMES, Joined, LeftOutError, Peer, Question
from tests.benchmarks.bare_gather import cell_numbers, gather, number_and_gather
from tests.benchmarks.either_way import by_numba, by_numpy
from tests.benchmarks.in_turns import Taken, in_turns
from tests.benchmarks.readme_table import at_least, at_most, write_table

ONE_BY_ONE = 200_000
"""How many points are asked one at a time."""

ONE_GOAL_NS = 1_000

BORDER_M = 0.002
"""So near a border the rule of the index, by which neighbours share 1 mm, may answer otherwise than a peer."""

Answers = NDArray[np.signedinteger]


class Row(NamedTuple):
    """A line of the table."""

    what: str
    measured: str
    compared: str = ""


def main(
    points: Annotated[int, typer.Option(help="How many points.")] = 10_000_000,
    write_readme: Annotated[bool, typer.Option(help="Write the table into the README.")] = False,
    folder: Annotated[Path | None, typer.Option(help="Keep what is made for the bench here.")] = None,
) -> None:
    """Measure, and print the table."""
    with tempfile.TemporaryDirectory() as temporary:
        Path(temporary).chmod(0o711)  # PostGIS, which does not run as root, has a folder in it
        place = (folder or Path(temporary)).resolve()
        place.mkdir(parents=True, exist_ok=True)
        rows, differences = _measure(points, place)
    lines = _table(rows)
    print("\n".join(lines))
    if differences:
        raise SystemExit("\n".join(differences))
    if write_readme:
        write_table("bench", lines)


def _measure(count: int, place: Path) -> tuple[list[Row], list[str]]:
    index, build = _built(city())
    points = points_in(index, count)
    rows = _city(index, points)
    differences = _not_as_in_metres("the city", index, points)
    for peer in PEERS:
        rows.append(_peer(peer, index, points, place, differences))
    more = [
        ("neighbourhoods of Flanders", flanders(), 4.0, None),
        ("invented region", region(), 6.0, 15.0),
    ]
    builds = [_build_row(f"the city: {described(index.areas)}", index, build, 0.3)]
    for title, areas, slower, longest in more:
        if not areas:
            rows.append(Row(f"geo-lookup, {title}", "–", "left out: the file is not on this machine"))
            continue
        index_of_more, build = _built(areas)
        name = f"{title}: {described(areas)}"
        rows.append(_layer_row(name, index_of_more, index, points, slower, differences))
        builds.append(_build_row(name, index_of_more, build, longest))
    return [*rows, *_one_by_one(index, points), *builds], differences


def _city(index: AreaIndex, points: Points) -> list[Row]:
    """Our own speed with one thread and with two, beside that of bare looks into the table."""
    count, columns = len(points.xs), (points.lons, points.lats)
    table = index.table(LONLAT)
    ready = cell_numbers(table, *columns)
    _HALVES[:] = [
        partial(index.locate_degrees, *half) for half in zip(*(np.array_split(one, 2) for one in columns), strict=True)
    ]
    with ProcessPoolExecutor(2, get_context("fork")) as processes, ThreadPoolExecutor(2) as threads:
        degrees, metres, two, apart, numba, numba_two, numba_apart, bare, numbered = in_turns(
            TIMES,
            by_numpy(lambda: index.locate_degrees(*columns)),
            by_numpy(lambda: index.locate(points.xs, points.ys)),
            by_numpy(lambda: _halves(threads, np.inf)),
            by_numpy(lambda: _halves(processes, np.inf)),
            by_numba(lambda: index.locate_degrees(*columns)),
            by_numba(lambda: _halves(threads, 0)),
            by_numba(lambda: _halves(processes, 0)),
            lambda: gather(table, ready),
            lambda: number_and_gather(table, *columns),
        )
    what = f"**geo-lookup, degrees**, {count:,} points, {described(index.areas)}"
    gathered = f"{_at_most(degrees.beside(bare), 6)}; with numba {_at_most(numba.beside(bare), 6)}"

    def row(name: str, taken: Taken, compared: str) -> Row:
        return Row(name, f"{taken.each(count):.1f}", compared)

    def two_row(name: str, one: Taken, both: Taken, processes: Taken) -> Row:
        limit = f"two processes, which share nothing, {one.beside(processes):.2f}"
        return row(name, both, f"{_at_least(one.beside(both), 1.6)}; {limit}")

    return [
        row(what, degrees, "1"),
        row("geo-lookup, metres (what the peers are compared with)", metres, f"ratio {metres.beside(degrees):.2f}"),
        two_row("geo-lookup, degrees, two threads", degrees, two, apart),
        row("geo-lookup, degrees, with numba", numba, f"ratio {numba.beside(degrees):.2f}"),
        two_row("the same, two threads", numba, numba_two, numba_apart),
        row("bare gather from its table, cell numbers ready", bare, gathered),
        row("the same, cell numbers computed", numbered, f"ratio {degrees.beside(numbered):.2f}"),
    ]


_HALVES: list[Callable[[], object]] = []
"""The work on each half of the points; a process that is forked has it too."""


def _half(number: int, compile_from: float) -> None:
    compiled.COMPILE_FROM = compile_from  # which another process is not told otherwise
    _HALVES[number]()


def _halves(workers: Executor, compile_from: float) -> None:
    list(workers.map(_half, range(2), [compile_from, compile_from]))


def _peer(peer: Peer, index: AreaIndex, points: Points, place: Path, differences: list[str]) -> Row:
    count = min(peer.points, len(points.xs))
    question = Question(index.areas, points.xs[:count], points.ys[:count], place)
    try:
        joined = peer.join(question)
    except LeftOutError as left_out:
        return Row(peer.name, "–", f"left out: {left_out}")
    wrong, at_border = _compared(index, question, joined)
    if len(wrong):
        differences.append(f"{peer.name}: {len(wrong):,} points differ: {wrong[:20].tolist()}")
    nanoseconds = joined.seconds / count * 1e9
    borders = f"; {at_border:,} otherwise, within 2 mm of a border" if at_border else ""
    (ours,) = in_turns(TIMES, by_numpy(lambda: index.locate(points.xs, points.ys)))
    compared = f"{nanoseconds / (ours.fastest / len(points.xs) * 1e9):,.0f} times as long"
    return Row(f"{peer.name}, {count:,} points", f"{nanoseconds:,.0f}", f"{compared}{borders}")


def _compared(index: AreaIndex, question: Question, joined: Joined) -> tuple[Answers, int]:
    """Which points a peer answers otherwise than the index, and how many more it does so right beside a border."""
    ours = index.locate(question.xs, question.ys)
    theirs = np.full(len(ours), OUTSIDE)
    theirs[joined.points] = joined.areas
    several = np.bincount(joined.points, minlength=len(ours)) > 1
    other = np.flatnonzero((ours != theirs) | several)
    at_border = index.border_distances(question.xs[other], question.ys[other]) <= BORDER_M
    return other[~at_border], int(at_border.sum())


def _layer_row(
    name: str, index: AreaIndex, city_index: AreaIndex, in_city: Points, slower: float, differences: list[str]
) -> Row:
    points = points_in(index, len(in_city.xs))
    here, there, here_compiled, there_compiled = in_turns(
        TIMES,
        by_numpy(lambda: index.locate_degrees(points.lons, points.lats)),
        by_numpy(lambda: city_index.locate_degrees(in_city.lons, in_city.lats)),
        by_numba(lambda: index.locate_degrees(points.lons, points.lats)),
        by_numba(lambda: city_index.locate_degrees(in_city.lons, in_city.lats)),
    )
    differences += _not_as_in_metres(name, index, points)
    count, share = len(points.xs), len(in_city.xs) / len(points.xs)
    by_loops = _at_most(here_compiled.beside(there_compiled, share), slower)
    return Row(
        f"geo-lookup, degrees, {count:,} points, {name}",
        f"{here.each(count):.1f}; with numba {here_compiled.each(count):.1f}",
        f"{_at_most(here.beside(there, share), slower)}; with numba {by_loops}",
    )


def _not_as_in_metres(name: str, index: AreaIndex, points: Points) -> list[str]:
    """Points whose answers in degrees and in metres are not the same."""
    other = np.flatnonzero(index.locate_degrees(points.lons, points.lats) != index.locate(points.xs, points.ys))
    return [f"{name}: {len(other):,} points differ in degrees: {other[:20].tolist()}"] if len(other) else []


def _one_by_one(index: AreaIndex, points: Points) -> list[Row]:
    """Points asked one at a time: all of them, those that the table answers, and those right beside a border."""
    table = index.table(LONLAT)
    pairs = list(zip(points.lons[:ONE_BY_ONE].tolist(), points.lats[:ONE_BY_ONE].tolist(), strict=True))
    beside = [pair for pair in pairs if table.look_up_one(*pair) == ASK]
    clear = [pair for pair in pairs if table.look_up_one(*pair) != ASK]

    def ids(chosen: list[tuple[float, float]]) -> list[str | None]:
        locate, areas = index.locate_one, index.areas
        found = (locate(lon, lat) for lon, lat in chosen)
        return [None if position == OUTSIDE else areas[position].id for position in found]

    asked = (pairs, clear, beside)
    taken = in_turns(TIMES, *(partial(ids, some) for some in asked))
    mean, of_clear, of_beside = (seconds.each(len(some)) for seconds, some in zip(taken, asked, strict=True))
    what = f"geo-lookup, one point in degrees to the id of its area, mean of {len(pairs):,}"
    fastest = taken[0].fastest / len(pairs) * 1e9
    return [
        Row(what, f"{mean:,.0f}, the fastest of {TIMES} rounds {fastest:,.0f}", at_most(mean, ONE_GOAL_NS)),
        Row(f"of these {len(clear):,} that the table answers", f"{of_clear:,.0f}"),
        Row(f"of these {len(beside):,} right beside a border, asked exactly", f"{of_beside:,.0f}"),
    ]


def _build_row(name: str, index: AreaIndex, seconds: float, longest: float | None) -> Row:
    goal = "" if longest is None else f" ({at_most(seconds, longest, ' s')})"
    memory = index.table(LONLAT).memory / 1e6
    return Row(f"index and table of degrees made, {name}", f"{seconds:.2f} s{goal}", f"table of {memory:.0f} MB")


def _built(areas: list[Area]) -> tuple[AreaIndex, float]:
    """An index with its table of degrees, and the seconds that making both took."""

    def build() -> AreaIndex:
        index = AreaIndex(areas, LAMBERT_72)
        index.table(LONLAT)
        return index

    return build(), in_turns(3, build)[0].median


def _at_most(ratio: float, goal: float) -> str:
    return f"ratio {ratio:.2f} ({at_most(ratio, goal)})"


def _at_least(ratio: float, goal: float) -> str:
    return f"{ratio:.2f} times as fast ({at_least(ratio, goal)})"


def _table(rows: list[Row]) -> list[str]:
    head = ["| | ns a point | beside geo-lookup |", "|---|---|---|"]
    return [*head, *(f"| {row.what} | {row.measured} | {row.compared} |" for row in rows)]


if __name__ == "__main__":
    typer.run(main)
