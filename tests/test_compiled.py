"""What is compiled answers to the bit what numpy does; and it is compiled when that pays, and anew when it changes."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numba
import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from geo_lookup import Finder, compiled
from geo_lookup.cell_points import ASK, LOOK_UP
from geo_lookup.compiled import Loop
from geo_lookup.crs import LONLAT, transform
from tests.test_area_index import anywhere, near_borders

Work = Callable[[], Any]
Both = Callable[[Work], tuple[Any, Any]]

NO_POINTS = [(np.nan, 51.0), (5.5, np.nan), (0.0, 0.0), (180.0, -90.0)]
ABSURD = [(np.inf, 51.0), (5.5, -np.inf), (1e300, 1e300), (-1e300, 51.0)]
"""What is found to be nowhere before anything is measured from it."""


@pytest.fixture
def both(monkeypatch: pytest.MonkeyPatch) -> Both:
    """Does some work with numpy, and again with machine code."""

    def do(work: Work) -> tuple[Any, Any]:
        monkeypatch.setattr(compiled, "COMPILE_FROM", np.inf)
        by_numpy = work()
        monkeypatch.setattr(compiled, "COMPILE_FROM", 0)
        return by_numpy, work()

    return do


@pytest.fixture(params=["demo", "genk", "flanders"])
def finder(request: pytest.FixtureRequest) -> Finder:
    chosen: Finder = request.getfixturevalue(request.param)
    return chosen


def metres(finder: Finder) -> NDArray[np.float64]:
    areas = finder.edition.neighbourhoods.areas
    few = (
        near_borders(areas, 8_000) if len(areas) < 100 else np.empty((0, 2))
    )  # of thousands it would take long to draw them
    return np.concatenate([anywhere(areas, 20_000), few, NO_POINTS])


def degrees(finder: Finder) -> NDArray[np.float64]:
    crs = finder.edition.manifest.metric_crs
    xs, ys = metres(finder)[: -len(NO_POINTS)].T
    return np.concatenate([np.column_stack(transform(xs, ys, crs, LONLAT)), NO_POINTS])


@pytest.mark.parametrize("crs", ["metric", LONLAT])
def test_points_are_in_the_same_areas(finder: Finder, both: Both, crs: str | int) -> None:
    index = finder.edition.neighbourhoods
    points, locate = (degrees, index.locate_degrees) if crs == LONLAT else (metres, index.locate)
    columns = np.concatenate([points(finder), ABSURD]).T
    np.testing.assert_array_equal(*both(lambda: locate(*columns)))
    table = index.table(LONLAT if crs == LONLAT else finder.edition.manifest.metric_crs)
    by_numpy, by_machine = both(lambda: table.look_up(*columns))
    sure = (by_numpy != ASK) & (by_machine != ASK)  # right beside an edge either may be careful
    np.testing.assert_array_equal(by_numpy[sure], by_machine[sure])
    assert np.mean(by_machine[:20_000] == ASK) < 0.001


def test_borders_are_as_far(genk: Finder, both: Both) -> None:
    genk.prepare()
    points = metres(genk).T
    np.testing.assert_array_equal(*both(lambda: genk.edition.neighbourhoods.nearly_border_distances(*points)))


def test_offices_are_as_far(finder: Finder, both: Both) -> None:
    by_numpy, by_machine = both(lambda: finder.edition.offices.nearest(*degrees(finder).T))
    np.testing.assert_array_equal(by_numpy.positions, by_machine.positions)
    for one, other in zip(by_numpy[1:], by_machine[1:], strict=True):  # numpy takes other sums with far points in it
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-8)


@pytest.mark.parametrize("crs", ["metric", LONLAT])
def test_points_are_transformed_alike(finder: Finder, both: Both, crs: str | int) -> None:
    xs, ys = (degrees if crs == LONLAT else metres)(finder).T
    epsg = LONLAT if crs == LONLAT else finder.edition.manifest.metric_crs
    for by_numpy, by_machine in zip(*both(lambda: finder.edition.surroundings.locate(xs, ys, epsg)), strict=True):
        np.testing.assert_array_equal(by_numpy, by_machine)


def test_frames_are_answered_alike(finder: Finder, both: Both) -> None:
    frame = pd.DataFrame(degrees(finder), columns=["lon", "lat"])
    frame.loc[::1000, "lat"] = np.nan
    by_numpy, by_machine = both(lambda: finder.assign(frame, threads=2))
    pd.testing.assert_frame_equal(by_numpy, by_machine, check_exact=True)


def test_columns_of_any_make_are_read(demo: Finder, both: Both) -> None:
    points = degrees(demo)
    index = demo.edition.neighbourhoods
    expected, contiguous = both(lambda: index.locate_degrees(*np.ascontiguousarray(points.T)))
    _, strided = both(lambda: index.locate_degrees(points[:, 0], points[:, 1]))
    points.flags.writeable = False
    _, locked = both(lambda: index.locate_degrees(points[:, 0], points[:, 1]))
    for found in (contiguous, strided, locked):
        np.testing.assert_array_equal(found, expected)
    assert len(LOOK_UP._compiled.signatures) <= 3  # type: ignore[union-attr]  # one for each kind of table


def test_a_loop_is_compiled_once_it_has_been_asked_about_many_points(monkeypatch: pytest.MonkeyPatch) -> None:
    loop = Loop(_double)
    monkeypatch.setattr(compiled, "COMPILE_FROM", 1_000)
    assert loop.machine_code(999) is None
    machine_code = loop.machine_code(1)
    assert machine_code is not None
    found = np.empty(3)
    machine_code(found, np.arange(3.0))
    assert found.tolist() == [0, 2, 4]


@pytest.fixture
def asked_again(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whether numba is there is asked anew."""
    monkeypatch.setattr(compiled, "COMPILE_FROM", 0)
    compiled.is_installed.cache_clear()
    yield
    compiled.is_installed.cache_clear()


@pytest.mark.usefixtures("asked_again")
def test_without_numba_numpy_does_it_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numba", None)
    assert Loop(_double).machine_code(10) is None


@pytest.mark.usefixtures("asked_again")
def test_with_a_numba_that_does_not_compile_numpy_does_it_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numba.config, "DISABLE_JIT", 1)
    assert Loop(_double).machine_code(10) is None


@pytest.mark.usefixtures("asked_again")
def test_a_numba_that_cannot_be_imported_is_warned_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "numba.py").write_text("raise ImportError('Numba needs another NumPy')")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "numba")
    with pytest.warns(RuntimeWarning, match="numba cannot be imported .Numba needs another NumPy.; numpy does it all"):
        assert Loop(_double).machine_code(10) is None
    assert Loop(_double).machine_code(10) is None


@pytest.mark.parametrize("ending", ["nbi", "nbc"])
def test_a_loop_that_is_damaged_on_disk_is_compiled_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    monkeypatch.setattr(compiled, "COMPILE_FROM", 0)
    (tmp_path / "loops.py").write_text("def each(found):\n    found[0] = 8\n")
    for _ in range(2):
        found = np.empty(1)
        Loop(_module(tmp_path / "loops.py").each).machine_code(1)(found)  # type: ignore[misc]  # it is compiled
        assert found == [8]
        for path in tmp_path.rglob(f"*.{ending}"):
            path.write_bytes(path.read_bytes()[:10])


def test_a_loop_is_compiled_anew_when_a_step_in_another_file_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiled, "COMPILE_FROM", 0)
    steps, loops = tmp_path / "steps.py", tmp_path / "loops.py"
    loops.write_text("def each(found, xs):\n    for point in range(len(xs)):\n        found[point] = step(xs[point])\n")
    for written, expected in (("FACTOR = 3\ndef step(x): return x * FACTOR", 6), ("def step(x): return x + 5", 7)):
        steps.write_text(written)
        loop = Loop(_module(loops).each, _module(steps).step)
        found = np.empty(1)
        loop.machine_code(1)(found, np.array([2.0]))  # type: ignore[misc]  # it is compiled
        assert found == [expected]
        assert list(tmp_path.rglob("*.nbi"))


def _double(found: NDArray[np.float64], xs: NDArray[np.float64]) -> None:
    for point in range(len(xs)):
        found[point] = 2 * xs[point]


def _module(path: Path) -> ModuleType:
    """A file as a module, read as it is now."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    sys.dont_write_bytecode, before = True, sys.dont_write_bytecode
    try:
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = before
    return module
