"""What becomes of areas: a table of redrawn toy cities, and a brute-force count of cells beside the overlay."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.affinity import translate

from geo_lookup.comparison.areas import compare_layer
from geo_lookup.comparison.layers import LayerComparison
from geo_lookup.comparison.matching import spelt_alike
from geo_lookup.comparison.overlay import in_crs, overlay
from geo_lookup.model import AreaKind
from tests.comparison.side_by_side import TOY, Layer, areas, compare_layers, fates, flows, shapes
from tests.toy_city import CORNER, square

WEST, SOUTH = CORNER


def box(x1: float, y1: float, x2: float, y2: float) -> shapely.Polygon:
    """A box in metres from the city's corner."""
    return shapely.box(WEST + x1, SOUTH + y1, WEST + x2, SOUTH + y2)


def changed(**areas: tuple[str, shapely.Geometry] | None) -> Layer:
    return {one: area for one, area in {**TOY, **areas}.items() if area is not None}


CASES: dict[str, tuple[Layer, list[tuple[str, str, str]], dict[tuple[str | None, str | None], float]]] = {
    "split in two": (
        changed(a1=("West", box(0, 1000, 300, 2000)), a3=("East", box(300, 1000, 1000, 2000))),
        [("split", "a1", "a1 a3")],
        {("a1", "a1"): 30.0, ("a1", "a3"): 70.0},
    ),
    "split in three under other ids": (
        changed(a1=None, x=("X", box(0, 1000, 333, 2000)), y=("Y", box(333, 1000, 666, 2000)),
                z=("Z", box(666, 1000, 1000, 2000))),
        [("split", "a1", "x y z")],
        {("a1", "x"): 33.3, ("a1", "y"): 33.3, ("a1", "z"): 33.4},
    ),
    "two merged": (
        changed(a1=None, a2=("A", box(0, 0, 1000, 2000))),
        [("merged", "a1 a2", "a2")],
        {("a1", "a2"): 100.0, ("a2", "a2"): 100.0},
    ),
    "a small one swallowed": (
        changed(a1=None, b1=("B-North", box(0, 1000, 2000, 2000))),
        [("merged", "a1 b1", "b1")],
        {("a1", "b1"): 100.0, ("b1", "b1"): 100.0},
    ),
    "renamed": (changed(a1=("Uptown", square(0, 1))), [("kept", "a1", "a1")], {}),
    "recoded": (changed(a1=None, q=("A-North", square(0, 1))), [("kept", "a1", "q")], {}),
    "a border 7 m further east": (
        changed(a1=("A-North", box(0, 1000, 1007, 2000)), b1=("B-North", box(1007, 1000, 2000, 2000))),
        [("kept", "a1", "a1"), ("kept", "b1", "b1")],
        {("b1", "a1"): 0.7},
    ),
    "a border 0.15 m further east": (
        changed(a1=("A-North", box(0, 1000, 1000.15, 2000)), b1=("B-North", box(1000.15, 1000, 2000, 2000))),
        [("kept", "a1", "a1"), ("kept", "b1", "b1")],
        {("b1", "a1"): 0.015},
    ),
    "a border 0.09 m further east is a sliver": (
        changed(a1=("A-North", box(0, 1000, 1000.09, 2000)), b1=("B-North", box(1000.09, 1000, 2000, 2000))), [], {},
    ),
    "a new one on ground that was in none": (
        changed(c=("New", square(2, 0))), [("appeared", "", "c")], {(None, "c"): 100.0},
    ),
    "one given up": (changed(a1=None), [("vanished", "a1", "")], {("a1", None): 100.0}),
    "one divided among three": (
        changed(a1=None, a2=("A-South", shapely.union_all([square(0, 0), box(0, 1000, 400, 2000)])),
                b1=("B-North", shapely.union_all([square(1, 1), box(600, 1000, 1000, 2000)])),
                b2=("B-South", shapely.union_all([square(1, 0), box(400, 1000, 600, 2000)]))),
        [("vanished", "a1", ""), ("kept", "a2", "a2"), ("kept", "b1", "b1"), ("kept", "b2", "b2")],
        {("a1", "a2"): 40.0, ("a1", "b1"): 40.0, ("a1", "b2"): 20.0},
    ),
    "a new one out of three": (
        changed(a1=("A-North", box(0, 1100, 1000, 2000)), a2=("A-South", box(0, 0, 1000, 900)),
                b1=("B-North", box(1100, 1000, 2000, 2000)), n=("Heart", box(0, 900, 1000, 1100).union(
                    box(1000, 1000, 1100, 2000)))),
        [("appeared", "", "n"), ("kept", "a1", "a1"), ("kept", "a2", "a2"), ("kept", "b1", "b1")],
        {("a1", "n"): 10.0, ("a2", "n"): 10.0, ("b1", "n"): 10.0},
    ),
    "the larger half is given away": (  # most of a1 goes to b1; yet a1 is still there, and b1 is b1
        changed(a1=("A-North", box(0, 1000, 400, 2000)), b1=("B-North", box(400, 1000, 2000, 2000))),
        [("kept", "a1", "a1"), ("kept", "b1", "b1")],
        {("a1", "b1"): 60.0},
    ),
    "two exchange their ids": (
        changed(a1=("A-North", square(1, 1)), b1=("B-North", square(0, 1))),
        [("kept", "a1", "b1"), ("kept", "b1", "a1")],
        {},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_redrawn_city_is_told_as_it_was_redrawn(case: str) -> None:
    after, told, moved = CASES[case]
    compared = compare_layers(TOY, after)
    assert sorted(fates(compared)) == sorted(told)
    assert flows(compared) == pytest.approx(moved, abs=1e-6)
    besides = [one for one in compared.moves if one.reason == "moved"]
    assert compared.moved == pytest.approx(sum(one.hectares for one in besides))
    assert compared.moved_share == pytest.approx(compared.moved / compared.shared)


def test_the_same_city_does_not_differ() -> None:
    compared = compare_layers(TOY, TOY)
    assert not compared.differs
    assert (compared.moved, compared.gained, compared.lost, compared.slivers) == (0, 0, 0, 0)
    assert compared.shared == pytest.approx(400)


def test_a_sliver_is_left_aside_and_summed_up() -> None:
    after, _, _ = CASES["a border 0.09 m further east is a sliver"]
    compared = compare_layers(TOY, after)
    assert compared.sliver_count == 1
    assert compared.slivers * 10_000 == pytest.approx(90)


def test_a_speck_of_less_than_a_square_metre_is_a_sliver_however_round() -> None:
    speck = box(999.1, 1500, 1000, 1500.9)
    compared = compare_layers(
        TOY, changed(a1=("A-North", square(0, 1).difference(speck)), b1=("B-North", square(1, 1).union(speck)))
    )
    assert not compared.moves
    assert compared.slivers * 10_000 == pytest.approx(0.81)


def test_a_field_at_the_end_of_a_thin_strip_is_no_sliver() -> None:
    field = box(980, 1980, 1000, 2000).union(box(999.999, 1000, 1000, 2000))
    compared = compare_layers(
        TOY, changed(a1=("A-North", square(0, 1).difference(field)), b1=("B-North", square(1, 1).union(field)))
    )
    assert flows(compared)["a1", "b1"] * 10_000 == pytest.approx(field.area, abs=0.01)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Nieuwe-Kempen", "Nieuwe Kempen", True),
        ("NIEUWE KEMPEN", "Nieuwekempen", True),
        ("Hé-Wijk", "he wijk", True),
        ("Winterslag 1", "Winterslag 2", False),
        ("Nieuwe Kempen", "Oude Kempen", False),
    ],
)
def test_a_name_spelt_otherwise_is_no_other_name(one: str, other: str, alike: bool) -> None:
    assert spelt_alike(one, other) == alike
    compared = compare_layers({"1": (one, square(0, 0))}, {"1": (other, square(0, 0))})
    assert compared.changes[0].name_change == ("respelt" if alike else "renamed")


def test_ids_that_mean_other_ground_are_named() -> None:
    compared = compare_layers(TOY, CASES["two exchange their ids"][0])
    assert compared.reused_ids == ("a1", "b1")
    assert compared.successors["a1"] == ("b1",)


def test_ground_of_two_overlapping_areas_belongs_to_the_lower_id() -> None:
    overlapping = changed(b1=("B-North", box(900, 1000, 2000, 2000)))
    assert not compare_layers(overlapping, overlapping).differs
    assert not compare_layers(TOY, overlapping).moves
    assert flows(compare_layers(overlapping, changed(a1=("A-North", box(0, 1000, 900, 2000)),
                                                     b1=("B-North", box(900, 1000, 2000, 2000))))) == {
        ("a1", "b1"): pytest.approx(10)
    }  # fmt: skip


def test_another_crs_makes_no_other_city() -> None:
    old = areas(TOY)
    there_and_back = in_crs(in_crs(shapes(old), 31370, 3812), 3812, 31370)
    laid = overlay(shapes(old), there_and_back)
    assert not compare_layer(AreaKind.NEIGHBOURHOOD, old, old, laid).differs
    unmoved = overlay(shapes(old), in_crs(shapes(old), 31370, 3812))
    assert compare_layer(AreaKind.NEIGHBOURHOOD, old, old, unmoved).shared == 0


GRID = 5
labels = st.lists(st.integers(0, 4), min_size=GRID * GRID, max_size=GRID * GRID)


def layer_of(cells: list[int], prefix: str) -> Layer:
    """Areas of cells of a hectare; 0 is ground in no area."""
    grid = np.array(cells).reshape(GRID, GRID)

    def shape(label: int) -> shapely.Geometry:
        return shapely.union_all(
            [translate(box(0, 0, 100, 100), 100 * x, 100 * y) for y, x in np.argwhere(grid == label)]
        )

    return {f"{prefix}{label}": (f"{prefix}{label}", shape(label)) for label in sorted(set(cells) - {0})}


@given(labels, labels)
def test_hectares_are_those_of_the_cells_counted_one_by_one(old: list[int], new: list[int]) -> None:
    """The oracle: cells are counted, without geometry, tree or overlay."""
    compared = compare_layers(layer_of(old, "o"), layer_of(new, "n"))
    counts = Counter((f"o{i}" if i else None, f"n{j}" if j else None) for i, j in zip(old, new, strict=True) if i or j)
    kept = {(one.before[0].id, one.after[0].id) for one in compared.changes if one.fate == "kept"}
    assert flows(compared) == pytest.approx({pair: n for pair, n in counts.items() if pair not in kept})
    assert compared.shared == pytest.approx(sum(n for (i, j), n in counts.items() if i and j))
    check_links(compared, counts)


def check_links(compared: LayerComparison, counts: Counter[tuple[str | None, str | None]]) -> None:
    """Links are stars of pairs that share more than half of either; no pair that could be added is left out."""
    size_before, size_after = Counter[str](), Counter[str]()
    for (i, j), n in counts.items():
        size_before[i or ""] += n
        size_after[j or ""] += n
    links = {(i, j) for i, ids in compared.successors.items() for j in ids}
    of_before, of_after = Counter(i for i, _ in links), Counter(j for _, j in links)
    for (i, j), n in counts.items():
        if i and j:
            half = 2 * n > min(size_before[i], size_after[j])
            assert (i, j) not in links or (half and 1 in (of_before[i], of_after[j]))
            assert (i, j) in links or not half or of_before[i] or of_after[j]
    linked = {i for i, _ in links}, {j for _, j in links}
    assert {one.before[0].id for one in compared.changes if one.fate == "vanished"} == {*size_before} - {""} - linked[0]
    assert {one.after[0].id for one in compared.changes if one.fate == "appeared"} == {*size_after} - {""} - linked[1]


@given(labels, labels)
def test_the_way_back_is_the_same_way(old: list[int], new: list[int]) -> None:
    before, after = layer_of(old, "o"), layer_of(new, "n")
    there, back = compare_layers(before, after), compare_layers(after, before)
    assert flows(there) == pytest.approx({(j, i): ha for (i, j), ha in flows(back).items()})
    assert (there.moved, there.gained, there.lost) == pytest.approx((back.moved, back.lost, back.gained))


@given(labels, st.floats(-1000, 1000), st.floats(-1000, 1000))
def test_nothing_moves_where_nothing_is_drawn_anew(cells: list[int], x: float, y: float) -> None:
    layer = {one: (name, translate(shape, x, y)) for one, (name, shape) in layer_of(cells, "o").items()}
    assert not compare_layers(layer, layer).differs
