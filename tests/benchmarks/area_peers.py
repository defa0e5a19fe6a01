"""Points to polygons with packages that geo-lookup does not use, in an environment of their own.

Run by the Python of that environment with the name of a package, a folder, the condition of the join, and how many
times to do it; it knows nothing of geo-lookup. Reads polygons.parquet (id, wkb) and points.parquet (n, x, y) of the
folder, and prints the seconds that the fastest join took; its pairs go to pairs.parquet. The tables are read, and
their geometries made, before the time is taken.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

JOIN = "SELECT p.n AS n, a.id AS id FROM points p JOIN areas a ON "


def duckdb(folder: Path, join: str) -> Callable[[], Any]:
    import duckdb as package
    import duckdb_extension_spatial as spatial

    connection = package.connect()
    connection.execute("SET threads = 1")
    (extension,) = Path(spatial.__path__[0]).glob("extensions/*/spatial.duckdb_extension")
    connection.load_extension(str(extension))
    polygons = f"SELECT id, ST_GeomFromWKB(wkb) AS shape FROM '{folder}/polygons.parquet'"  # noqa: S608
    points = f"SELECT n, ST_Point(x, y) AS shape FROM '{folder}/points.parquet'"  # noqa: S608
    connection.execute(f"CREATE TABLE areas AS {polygons}")
    connection.execute(f"CREATE TABLE points AS {points}")
    return lambda: connection.execute(join).to_arrow_table()


def sedonadb(folder: Path, join: str) -> Callable[[], Any]:
    import sedonadb as package

    session = package.connect()
    session.sql("SET datafusion.execution.target_partitions = 1").execute()
    session.read_parquet(f"{folder}/polygons.parquet").to_view("raw_areas")
    session.read_parquet(f"{folder}/points.parquet").to_view("raw_points")
    session.sql("SELECT id, ST_GeomFromWKB(wkb) AS shape FROM raw_areas").to_memtable().to_view("areas")
    session.sql("SELECT n, ST_Point(x, y) AS shape FROM raw_points").to_memtable().to_view("points")
    return lambda: pa.table(session.sql(join))


def main() -> None:
    name, folder, condition, times = sys.argv[1:]
    join = {"duckdb": duckdb, "sedonadb": sedonadb}[name](Path(folder), JOIN + condition)
    seconds = []
    for _ in range(int(times)):
        start = time.perf_counter()
        pairs = join()
        seconds.append(time.perf_counter() - start)
    pq.write_table(pa.table({"n": pairs["n"], "id": pairs["id"]}), f"{folder}/pairs.parquet")
    print(json.dumps(min(seconds)))


main()
