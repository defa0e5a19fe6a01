"""The notebooks run from a clean checkout, on the demo and on real boundaries, and are committed without outputs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest

import geo_lookup
from tests.real_editions import real_edition, real_genk_2024

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
NAMES = ["01_one_address", "02_whole_file", "03_check_a_layer", "04_compare_editions", "05_workload"]

OF_THE_DEMO = """
[tables.offices]
path = "offices.csv"

[tables.addresses]
path = "addresses.csv"

[layers.paths]
path = "paths.geojson"
"""


def run(names: list[str], **environment: str) -> None:
    """Run notebooks one by one, with the paths they take from the environment."""
    taken = {name: value for name, value in os.environ.items() if not name.startswith("GEO_LOOKUP_")}
    command = [sys.executable, "-m", "pytest", "--nbmake", "--nbmake-timeout=300", "-p", "no:cacheprovider", "-q"]
    files = [f"notebooks/{name}.ipynb" for name in names]
    path = os.pathsep.join(filter(None, [str(ROOT), taken.get("PYTHONPATH", "")]))
    done = subprocess.run(
        [*command, *files], cwd=ROOT, env={**taken, "PYTHONPATH": path, **environment}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout
    assert f"{len(names)} passed" in done.stdout


def test_there_is_a_notebook_for_each_thing_an_analyst_does() -> None:
    assert [path.stem for path in NOTEBOOKS] == NAMES


def test_the_notebooks_run_on_the_demo() -> None:
    run(NAMES)


def test_the_notebooks_run_on_the_real_genk(tmp_path: Path) -> None:
    demo = ROOT / "boundaries" / "genk-demo" / "2026-11"
    after, before = tmp_path / "after", tmp_path / "before"
    after.mkdir()
    before.mkdir()
    for folder in (real_edition("genk/2025", "genk", after), real_genk_2024(before)):
        offices = pd.read_csv(demo / "offices.csv", dtype="str")
        offices.assign(district_ids=None).to_csv(folder / "offices.csv", index=False)
        for name in ("addresses.csv", "paths.geojson"):
            (folder / name).write_bytes((demo / name).read_bytes())
        with (folder / "manifest.toml").open("a") as manifest:
            manifest.write(OF_THE_DEMO)
        assert geo_lookup.load(folder).walks("Stadsplein 1").outcome == "reached", "or notebook 05 has nothing to tell"
    run([name for name in NAMES if name != "04_compare_editions"], GEO_LOOKUP_EDITION=str(after))
    run(["04_compare_editions"], GEO_LOOKUP_EDITION=str(before), GEO_LOOKUP_AFTER=str(after))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_committed_clean(path: Path) -> None:
    notebook: Any = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)
    assert notebook.cells[0].source.startswith("# ")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_figure_is_labelled_and_says_whose_data_it_shows(path: Path) -> None:
    notebook: Any = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    figures = [source for source in code if "plt.subplots" in source]
    maps = [source for source in code if ".explore(" in source]
    assert figures
    assert all(re.search(r"title=\S|set\(title", source) for source in figures)
    assert maps
    assert all("xlabel=" in source and "annotate(" in source and "attribution" in source for source in figures)
    for source in maps:  # what is drawn on a map that is there already stands under its credit
        drawn, added = source.count(".explore("), len(re.findall(r"\bm=", source))
        assert source.count("attr=credit") == drawn - added
