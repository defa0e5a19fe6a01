"""The wheel, the lock file and the time it takes to import."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
import venv
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_the_library_and_the_demo_edition_only(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    folders = {name.split("/")[0] for name in names}
    assert folders == {"geo_lookup", f"geo_lookup-{wheel.name.split('-')[1]}.dist-info"}
    data = {name for name in names if "/boundaries/" in name}
    assert {name.split("/")[2] for name in data} == {"genk-demo"}
    assert "geo_lookup/boundaries/genk-demo/current" in data
    assert "geo_lookup/boundaries/genk-demo/2026-11/manifest.toml" in data
    assert "geo_lookup/py.typed" in names


def test_installed_into_an_empty_environment_it_answers_from_any_directory(wheel: Path, tmp_path: Path) -> None:
    environment = tmp_path / "environment"
    venv.create(environment)
    (packages,) = environment.glob("lib/python*/site-packages")
    zipfile.ZipFile(wheel).extractall(packages)
    # Its requirements come from the environment of the tests, by a path that does not lead to the checkout.
    requirements = next(path for path in sys.path if path.endswith("site-packages"))
    question = (
        f"import sys; sys.path.append({requirements!r}); import geo_lookup; print(geo_lookup.__file__);"
        "print(geo_lookup.load().find(lon=5.505, lat=50.975).neighbourhood.name)"
    )
    python = environment / "bin" / "python"
    run = subprocess.run([python, "-I", "-c", question], cwd=tmp_path, capture_output=True, text=True, check=True)
    where, name = run.stdout.splitlines()
    assert Path(where).is_relative_to(environment)
    assert name == "Genk-Centrum-Noord"


@pytest.mark.parametrize("module", ["geo_lookup", "geo_lookup.cli"])
def test_importing_takes_no_heavy_package_along(module: str) -> None:
    heavy = ["geopandas", "pandas", "pyarrow", "pyogrio", "numpy", "shapely", "pyproj", "pydantic", "fastapi"]
    question = f"import sys, {module}; print([name for name in {heavy} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", question], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


@pytest.mark.parametrize("enabled", [True, False])
def test_loading_leaves_the_collector_of_garbage_as_it_was(enabled: bool) -> None:
    start = "gc.enable()" if enabled else "gc.disable()"
    question = f"import gc; {start}; import geo_lookup; geo_lookup.load(); print(gc.isenabled())"
    run = subprocess.run([sys.executable, "-c", question], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == str(enabled)


def test_the_lock_file_pins_every_package_by_hash_and_names_no_registry() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    pins = re.findall(r"^([\w.\[\]-]+)==", lock, re.MULTILINE)
    assert len(pins) > 30
    assert lock.count("--hash=sha256:") > len(pins)
    assert not re.search(r"https?://|--index-url|--find-links", lock)


def test_every_requirement_is_locked() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    required = re.findall(r'^  "([\w-]+)(?:\[\w+\])?>=', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert len(required) > 20
    for name in required:
        assert re.search(rf"^{name}(\[\w+\])?==", lock, re.MULTILINE), name


def test_ci_runs_the_command_of_the_readme() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    commands = [line for line in script.read_text().splitlines() if line and not line.startswith("#")]
    assert commands[-2:] == ["CI=true make test", "CI=true make test-browser"]


@pytest.mark.parametrize(
    ("package", "extras"),
    [
        ("geo_lookup", ()),
        ("geo_lookup/bulk/spark.py", ("spark",)),
        ("geo_lookup/compiled.py", ("compiled",)),
        ("geo_lookup/loading/database.py", ("postgis",)),
        ("service", ("service",)),
    ],
)
def test_whatever_is_imported_is_a_declared_requirement(package: str, extras: tuple[str, ...]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = [*project["dependencies"], *(one for extra in extras for one in project["optional-dependencies"][extra])]
    names = {re.split(r"[\[>=;]", one)[0].lower().replace("_", "-") for one in declared}
    paths = [ROOT / package] if package.endswith(".py") else (ROOT / package).rglob("*.py")
    alone = [
        ROOT / "geo_lookup" / one for one in ("bulk/spark.py", "compiled.py", "loading/database.py", "walking/osm.py")
    ]  # of extras
    trees = [ast.parse(path.read_text()) for path in paths if path not in alone or package.endswith(".py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    imported = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    imported |= {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    known = packages_distributions()
    modules = (
        {name.split(".")[0] for name in imported}
        - set(sys.stdlib_module_names)
        - {"geo_lookup", "service", "_typeshed"}
    )
    # _typeshed is there for type checkers only, and imported for nothing else.
    carried = {"starlette": "fastapi", "anyio": "fastapi"}  # fastapi is made of these and always brings them
    missing = {
        one
        for one in modules
        if not names & {*(n.lower().replace("_", "-") for n in known.get(one, [one])), carried.get(one)}
    }
    assert missing == set()
