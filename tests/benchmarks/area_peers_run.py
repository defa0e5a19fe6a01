"""The peers of the area bench, each asked to join the same points to the same polygons.

All of them are given metres: between two corners a border is straight there, as it is for geo-lookup. What a package
prepares of the polygons is not timed; joining points that it has not seen before is.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import geopandas
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo_lookup.model import Area
from tests.benchmarks.postgis_peer import PostgisMissingError, postgis

PACKAGES = ["duckdb==1.5.5", "duckdb-extension-spatial==1.5.5", "sedonadb==0.5.0", "pyarrow==26.0.1"]
WITHIN = "ST_Within(p.shape, a.shape)"
TIMES = 7
"""The fastest of so many times counts."""

Coordinates = NDArray[np.float64]
Positions = NDArray[np.int64]


class LeftOutError(Exception):
    """A peer is not to be had on this machine."""


class Joined(NamedTuple):
    """The seconds that a peer took at its fastest, and its pairs of a point and an area by their positions."""

    seconds: float
    points: Positions
    areas: Positions


class Question(NamedTuple):
    """Points and areas to join, and a folder to do so in."""

    areas: tuple[Area, ...]
    xs: Coordinates
    ys: Coordinates
    folder: Path

    @property
    def polygons(self) -> NDArray[np.object_]:
        return np.array([area.geometry for area in self.areas], dtype=object)


class Peer(NamedTuple):
    """A way to join points to areas, and how many points it does in some seconds."""

    name: str
    points: int
    join: Callable[[Question], Joined]


def _sjoin(predicate: str) -> Callable[[Question], Joined]:
    def join(question: Question) -> Joined:
        areas = geopandas.GeoDataFrame(geometry=question.polygons)
        areas.sindex.query(question.polygons[:1])
        seconds = []
        for _ in range(TIMES):
            shapes = geopandas.points_from_xy(question.xs, question.ys)
            points = geopandas.GeoDataFrame(geometry=shapes)
            start = time.perf_counter()
            joined = geopandas.sjoin(points, areas, predicate=predicate)
            seconds.append(time.perf_counter() - start)
        return Joined(min(seconds), joined.index.to_numpy(), joined["index_right"].to_numpy(dtype=np.int64))

    return join


def _prepared(question: Question) -> Joined:
    """What is written by hand: for each polygon the points in its box, and which of them it contains."""
    polygons, (xs, ys) = question.polygons, (question.xs, question.ys)
    shapely.prepare(polygons)
    boxes = shapely.bounds(polygons).tolist()
    seconds = []
    for _ in range(TIMES):
        start = time.perf_counter()
        found = []
        for polygon, (west, south, east, north) in zip(polygons, boxes, strict=True):
            inside = np.flatnonzero((xs >= west) & (xs <= east) & (ys >= south) & (ys <= north))
            found.append(inside[shapely.contains_xy(polygon, xs[inside], ys[inside])])
        seconds.append(time.perf_counter() - start)
    return Joined(min(seconds), np.concatenate(found), np.repeat(np.arange(len(found)), list(map(len, found))))


def _elsewhere(name: str, condition: str) -> Callable[[Question], Joined]:
    """A peer of `area_peers`, run by the Python of its environment."""

    def join(question: Question) -> Joined:
        folder = question.folder
        _polygons(question, hexadecimal=False).to_parquet(folder / "polygons.parquet")
        _points(question).to_parquet(folder / "points.parquet")
        script = str(Path(__file__).with_name("area_peers.py"))
        done = subprocess.run(
            [_environment(folder), script, name, folder, condition, str(TIMES)],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{name} failed: {done.stderr[-2000:]}")
        pairs = pd.read_parquet(folder / "pairs.parquet")
        return Joined(
            json.loads(done.stdout.splitlines()[-1]), pairs["n"].to_numpy(np.int64), pairs["id"].to_numpy(np.int64)
        )

    return join


def _postgis(question: Question) -> Joined:
    folder = question.folder
    try:
        with postgis(folder) as database:
            _polygons(question, hexadecimal=True).to_csv(folder / "polygons.csv", index=False, header=False)
            _points(question).to_csv(folder / "points.csv", index=False, header=False)
            database.load(folder)
            seconds = min(database.join() for _ in range(TIMES))
            database.write_pairs(folder / "postgis.csv")
    except PostgisMissingError as missing:
        raise LeftOutError(str(missing)) from missing
    pairs = pd.read_csv(folder / "postgis.csv")
    return Joined(seconds, pairs["n"].to_numpy(np.int64), pairs["id"].to_numpy(np.int64))


def _polygons(question: Question, *, hexadecimal: bool) -> pd.DataFrame:
    shapes = shapely.to_wkb(question.polygons, hex=hexadecimal)
    return pd.DataFrame({"id": np.arange(len(shapes)), "wkb": shapes})


def _points(question: Question) -> pd.DataFrame:
    return pd.DataFrame({"n": np.arange(len(question.xs)), "x": question.xs, "y": question.ys})


def _environment(folder: Path) -> Path:
    """The Python of the environment that holds the packages; it is made if it is not yet there."""
    environment = folder / "area-environment"
    python = environment / "bin" / "python"
    done = environment / "packages.json"
    if not done.exists() or json.loads(done.read_text()) != PACKAGES:
        shutil.rmtree(environment, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", environment], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
        done.write_text(json.dumps(PACKAGES))
    return python


PEERS = [
    Peer("geopandas.sjoin, `within`", 1_000_000, _sjoin("within")),
    Peer("geopandas.sjoin, `intersects`, its default", 200_000, _sjoin("intersects")),
    Peer("prepared shapely polygons, each asked for the points in its box", 5_000_000, _prepared),
    Peer("SedonaDB, `ST_Within`", 5_000_000, _elsewhere("sedonadb", WITHIN)),
    Peer("DuckDB spatial, `ST_Within`", 300_000, _elsewhere("duckdb", WITHIN)),
    Peer("DuckDB spatial, `ST_DWithin` of 0", 1_000_000, _elsewhere("duckdb", "ST_DWithin(p.shape, a.shape, 0)")),
    Peer("PostGIS, `ST_Within`, both tables indexed before", 1_000_000, _postgis),
]
