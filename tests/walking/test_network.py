"""Walks along networks of lines, beside the same by brute force."""

from __future__ import annotations

import copy
import pickle
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st

from geo_lookup.walking.access import MOST_M, PathIndex
from geo_lookup.walking.network import STEP_M, Network, paths_of
from geo_lookup.walking.office_walks import OfficeWalks
from geo_lookup.walking.walking import Walkable, Walking
from tests.walking import oracle

Place = tuple[float, float]


def line(*corners: Place) -> shapely.LineString:
    return shapely.LineString(corners)


def network_of(*lines: shapely.LineString) -> Network:
    return Network(paths_of(np.array(lines, dtype=object)))


def walkable(lines: list[shapely.LineString], offices: list[Place]) -> Walkable:
    network = network_of(*lines)
    index = PathIndex(network)
    return Walkable(index, OfficeWalks(network, [index.one(*office) for office in offices]))


def walked(made: Walkable, x: float, y: float) -> list[tuple[int, float]] | None:
    """All walks from a point, the shortest first; None where no path is near."""
    access = made.paths.one(x, y)
    return None if access is None else made.walks.few(access, 99)


SQUARE = [line((0, 0), (100, 0)), line((100, 0), (100, 100)), line((100, 100), (0, 100)), line((0, 100), (0, 0))]
BRIDGE = [line((0, 0), (300, 0)), line((150, -150), (150, 150))]


@pytest.mark.parametrize(
    ("rule", "lines", "office", "point", "metres"),
    [
        ("straight to the path, along it, straight to the office", [line((0, 0), (300, 0))], (250, 20), (50, 30), 250),
        ("by the shorter way round", SQUARE, (100, 50), (50, 0), 100),
        ("by the other end of the stretch", SQUARE, (0, 50), (10, 0), 60),
        ("on the same stretch, without going to its end", [line((0, 0), (90, 0))], (60, 5), (40, 0), 25),
        ("on a stretch that comes back to its node", [line((0, 0), (90, 0), (90, 90), (0, 0))], (90, 45), (0, 0), 135),
        ("at the office", SQUARE, (100, 0), (100, 0), 0),
        ("past the end of a path, from its end", [line((0, 0), (90, 0))], (0, 0), (93, 4), 95),
        ("of two ways between nodes the shorter", [*SQUARE, line((0, 0), (50, 9), (100, 0))], (150, 0), (0, -9), 159),
        ("a bridge does not join what it crosses", BRIDGE, (300, 0), (150, 140), None),
        ("ends 0.1 mm apart meet", [line((0, 0), (50, 0)), line((50.0001, 0), (90, 0))], (90, 0), (9, 0), 81),
        ("ends a centimetre apart don't", [line((0, 0), (50, 0)), line((50.01, 0), (90, 0))], (90, 0), (9, 0), None),
        ("an end amid a line meets none", [line((0, 0), (80, 0)), line((40, 0), (40, 80))], (0, 0), (40, 9), None),
        ("a line without length does no harm", [line((0, 0), (0, 0)), line((0, 0), (9, 0))], (9, 0), (1, 0), 8),
    ],
)  # fmt: skip
def test_a_walk_goes(
    rule: str, lines: list[shapely.LineString], office: Place, point: Place, metres: float | None
) -> None:
    found = walked(walkable(lines, [office]), *point)
    assert found is not None
    assert dict(found) == pytest.approx({} if metres is None else {0: metres}, abs=0.001), rule


@pytest.mark.parametrize(
    ("metres", "near"), [(MOST_M - 0.001, True), (MOST_M, True), (MOST_M + 0.001, False), (9999, False)]
)
def test_a_path_is_near_within_200_m(metres: float, near: bool) -> None:
    made = walkable([line((0, 0), (90, 0))], [(0, 0)])
    assert (walked(made, 45, metres) is not None) is near
    assert (made.paths.many(np.array([45.0]), np.array([metres])).stretch[0] >= 0) == near


def test_an_office_without_a_path_is_never_reached() -> None:
    made = walkable([line((0, 0), (90, 0))], [(45, 500), (90, 0), (np.inf, np.inf)])
    assert walked(made, 0, 0) == [(1, 90)]


def test_without_offices_and_without_paths_there_are_no_walks() -> None:
    xs = np.zeros(2)
    for lines, offices in (([line((0, 0), (90, 0))], []), ([line((0, 0), (0, 0))], [(0.0, 0.0)])):
        made = walkable(lines, offices)
        assert not walked(made, 0, 0)
        positions, metres = made.walks.nearest(made.paths.many(xs, xs))
        assert (positions == -1).all()
        assert np.isnan(metres).all()


def test_of_walks_equally_long_that_to_the_first_office_is_taken() -> None:
    lines = [line((0.1, 0), (50.1, 0)), line((50.1, 0), (100.1, 0)), line((0.1, 0), (0.1, 7))]
    for offices in ([(100.1, 0.0), (0.1, 0.0)], [(0.1, 0.0), (100.1, 0.0)]):
        made = walkable(lines, offices)
        assert [number for number, _ in walked(made, 50.1, 3) or ()] == [0, 1]
        assert made.walks.nearest(made.paths.many(np.array([50.1]), np.array([3.0]))).positions == [0]


def test_of_segments_equally_near_the_first_is_taken() -> None:
    for lines in (BRIDGE, BRIDGE[::-1]):
        index = PathIndex(network_of(*lines))
        for x, y in ((150, 0), (160, 10), (140, -10)):
            access = index.one(x, y)
            assert access is not None
            assert access.stretch == 0
            assert index.many(np.array([x]), np.array([y])).stretch == [0]


def test_the_longest_component_is_the_first() -> None:
    network = network_of(line((0, 0), (10, 0)), line((50, 0), (90, 0)), line((90, 0), (90, 5)), line((10, 0), (10, 7)))
    assert network.components.tolist() == [1, 0, 0, 1]
    assert network.component_metres.tolist() == [45, 17]


def test_lengths_are_whole_steps_so_that_sums_are_exact() -> None:
    random = np.random.default_rng(5)
    corners = random.uniform(0, 3000, (400, 2))
    segments = network_of(
        *(line(*pair) for pair in zip(corners[:-1].tolist(), corners[1:].tolist(), strict=True))
    ).segments
    steps = segments.length / STEP_M
    assert (steps == steps.round()).all()
    assert sum(segments.length.tolist()) == sum(segments.length.tolist()[::-1]) == segments.length.sum()


corner = st.tuples(st.integers(0, 6), st.integers(0, 6))
drawn_lines = st.lists(st.lists(corner, min_size=2, max_size=5), min_size=1, max_size=25)


def once_each(drawn: list[list[tuple[int, int]]]) -> list[list[tuple[int, int]]]:
    """The same lines, broken where they would run along a segment a second time: nobody can tell the two apart."""
    seen: set[frozenset[tuple[int, int]]] = set()
    kept: list[list[tuple[int, int]]] = []
    for corners in drawn:
        part = corners[:1]
        for one, other in pairwise(corners):
            if one == other or frozenset((one, other)) in seen:
                kept.append(part)
                part = [other]
            else:
                seen.add(frozenset((one, other)))
                part.append(other)
        kept.append(part)
    return [part for part in kept if len(part) > 1]


@given(drawn_lines, st.lists(corner, max_size=5), st.integers(0, 99))
def test_any_network_gives_the_walks_of_brute_force_one_by_one_and_together(
    drawn: list[list[tuple[int, int]]], offices: list[tuple[int, int]], seed: int
) -> None:
    random = np.random.default_rng(seed)
    bend = random.uniform(-30, 30, (7, 7, 2))  # so that places are seldom equally near to two lines
    lines = [shapely.LineString([np.array(one) * 170.0 + bend[one] for one in corners]) for corners in once_each(drawn)]
    places = [tuple((np.array(one) * 170.0 + random.uniform(-90, 90, 2)).tolist()) for one in offices]
    points = random.uniform(-300, 1300, (60, 2))
    assume(lines and not any(oracle.doubtful(lines, place) for place in places))
    made = walkable(lines, places)
    nearest = made.walks.nearest(made.paths.many(*points.T))
    for number, expected in enumerate(oracle.walks(lines, places, points.tolist())):
        found = walked(made, *points[number].tolist())
        if expected is None or found is None:
            assert expected is None
            assert found is None
        elif not oracle.doubtful(lines, points[number].tolist()):
            assert dict(found) == pytest.approx(expected, abs=1e-5)
            assert found == sorted(found, key=lambda one: (one[1], one[0]))
        first = found[0] if found else (-1, np.nan)
        assert nearest.positions[number] == first[0]
        np.testing.assert_equal(nearest.metres[number], first[1])


@given(drawn_lines, st.lists(corner, min_size=1, max_size=5))
def test_at_corners_and_on_lines_one_point_has_the_very_answer_of_many(
    drawn: list[list[tuple[int, int]]], offices: list[tuple[int, int]]
) -> None:
    lines = [line(*((x * 17.0, y * 17.0) for x, y in corners)) for corners in drawn]
    made = walkable(lines, [(x * 17.0, y * 17.0) for x, y in offices])
    steps = np.linspace(0, 6 * 17, 13)
    xs, ys = (grid.ravel() for grid in np.meshgrid(steps, steps))
    nearest = made.walks.nearest(made.paths.many(xs, ys))
    for number, (x, y) in enumerate(zip(xs.tolist(), ys.tolist(), strict=True)):
        found = walked(made, x, y)
        first = found[0] if found else (-1, np.nan)
        np.testing.assert_equal((nearest.positions[number], nearest.metres[number]), first)


def test_it_is_made_once_whoever_asks_first_and_is_not_pickled() -> None:
    walking = Walking(paths_of(np.array(SQUARE, dtype=object)), np.array([100.0]), np.array([50.0]))
    with ThreadPoolExecutor(8) as pool:
        made = {id(one) for one in pool.map(lambda _: walking.prepared(), range(64))}
    assert len(made) == 1
    for other in (pickle.loads(pickle.dumps(walking)), copy.deepcopy(walking)):  # noqa: S301 - our own
        assert walked(other.prepared(), 50, 0) == walked(walking.prepared(), 50, 0) == [(0, 100)]
