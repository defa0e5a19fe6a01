"""How fast frames, files, HTTP and Spark are answered, beside what the formats and other packages take by themselves.

`make bench` runs it and writes the table into the README. Points lie all over the demo's city. What geopandas joins
is compared with what is answered here, and a difference fails the bench.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, NamedTuple

import geopandas
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
import typer

import geo_lookup
from geo_lookup import Finder
from geo_lookup.crs import reference_system
from tests.benchmarks.either_way import by_numba, by_numpy
from tests.benchmarks.http_bench import bulk_rows, single_row
from tests.benchmarks.in_turns import in_turns
from tests.benchmarks.readme_table import at_least, at_most, write_table

SEED = 20261125
PEER_POINTS = 200_000
FEW_POINTS = 20_000
ROUNDS = 5


class Row(NamedTuple):
    """A line of the table."""

    what: str
    measured: str
    compared: str = ""


def main(
    points: Annotated[int, typer.Option(help="How many points frames hold.")] = 1_000_000,
    rows: Annotated[int, typer.Option(help="How many rows the file holds.")] = 50_000_000,
    write_readme: Annotated[bool, typer.Option(help="Write the table into the README.")] = False,
) -> None:
    """Measure, and print the table."""
    finder = geo_lookup.load()
    finder.prepare()
    with tempfile.TemporaryDirectory() as folder:
        one = _one(finder)  # as in a process of its own, that has not filled its memory yet
        measured = [*_frames(finder, points), one, single_row(), *bulk_rows(finder)]
        measured += [*_files(finder, rows, Path(folder)), *_spark(finder, rows // 25, Path(folder)), *_starting()]
    lines = [
        "| | measured | beside |",
        "|---|---|---|",
        *(f"| {' | '.join(row)} |" for row in map(Row._make, measured)),
    ]
    print("\n".join(lines))
    if write_readme:
        write_table("bench-bulk", lines)


def everywhere(finder: Finder, count: int) -> tuple[np.typing.NDArray[np.float64], np.typing.NDArray[np.float64]]:
    """Longitudes and latitudes all over a city, always the same."""
    areas = finder.edition.neighbourhoods.areas
    west, south, east, north = shapely.total_bounds([area.geometry for area in areas])
    metres = np.random.default_rng(SEED).uniform((west, south), (east, north), (count, 2))
    lons, lats = reference_system(finder.edition.manifest.metric_crs).to_lonlat(*metres.T)
    return lons, lats


def _frames(finder: Finder, count: int) -> list[Row]:
    lons, lats = everywhere(finder, count)
    frame = geopandas.GeoDataFrame({"n": np.arange(count)}, geometry=geopandas.points_from_xy(lons, lats), crs=4326)
    columns = pd.DataFrame({"lon": lons, "lat": lats})
    table = pa.table({"lon": lons, "lat": lats})
    tables = {"DataFrame": columns, "pyarrow.Table": table}
    some, few = frame.iloc[:PEER_POINTS], frame.iloc[:FEW_POINTS]
    expected = finder.assign(some)["neighbourhood_id"]
    joins = {predicate: _join(finder, some, predicate) for predicate in ("within", "intersects")}
    for join in joins.values():
        _compare(join(), expected, finder, some)
    ways = (("with numpy alone", by_numpy), ("with numba", by_numba))
    ours: list[Callable[[], object]] = []
    for _, way in ways:
        ours += [way(lambda: finder.assign(frame)), way(lambda: finder.assign(frame, threads=1))]
        ours += [way(partial(finder.assign, table)) for table in tables.values()]
    taken = in_turns(ROUNDS, *ours, *joins.values(), lambda: _by_hand(finder, few))
    rows, speeds = [], {}
    for (name, _), (two, one, *others) in zip(ways, (taken[:4], taken[4:8]), strict=True):
        compared = f"with one thread {one.each(count):.0f} ns, ratio {one.beside(two):.2f}"
        what = f"`assign(GeoDataFrame)`, {count:,} points, all columns, {name}"
        rows.append(Row(what, f"{two.each(count):.0f} ns a point", compared))
        rows += [
            Row(f"`assign({kind})`, {name}", f"{of_kind.each(count):.0f} ns")
            for kind, of_kind in zip(tables, others, strict=True)
        ]
        speeds[name] = two
    by_hand = "the same columns with geopandas: sjoin, merge, sjoin_nearest, distance to the nearest border"
    peers = [*((f"geopandas.sjoin, `{name}`, and merge", len(some), 10) for name in joins), (by_hand, len(few), 0)]
    for (what, points, goal), seconds in zip(peers, taken[8:], strict=True):
        beside = []
        for name, two in speeds.items():
            ratio = seconds.beside(two, count / points)
            reached = f" ({at_least(ratio, goal)})" if goal else ""
            beside.append(f"{ratio:.1f} times as long as {name}{reached}")
        rows.append(Row(what, f"{seconds.each(points):,.0f} ns", ", ".join(beside)))
    return rows


def _join(finder: Finder, points: geopandas.GeoDataFrame, predicate: str) -> Callable[[], pd.DataFrame]:
    areas = finder.areas("neighbourhood").to_crs(4326)
    names = finder.areas("district")[["id", "name"]].rename(columns={"id": "parent_id", "name": "district"})

    def join() -> pd.DataFrame:
        found = geopandas.sjoin(points, areas, how="left", predicate=predicate)
        merged: pd.DataFrame = found.merge(names, on="parent_id", how="left")
        return merged

    return join


def _compare(joined: pd.DataFrame, expected: pd.Series[str], finder: Finder, points: geopandas.GeoDataFrame) -> None:
    """Fail where a point has another area, unless it lies so near a border that the rule, or a bent edge, decides."""
    found = joined.drop_duplicates("n").set_index("n")["id"].reindex(points["n"])
    differs = (found.fillna("").to_numpy() != expected.astype("str").fillna("").to_numpy()).nonzero()[0]
    metres = points.iloc[differs].to_crs(finder.edition.manifest.metric_crs)
    distances = finder.edition.neighbourhoods.border_distances(
        metres.geometry.x.to_numpy(), metres.geometry.y.to_numpy()
    )
    if (distances > 0.1).any():
        raise SystemExit(f"{(distances > 0.1).sum()} points differ from what geopandas joins.")


def _by_hand(finder: Finder, points: geopandas.GeoDataFrame) -> geopandas.GeoDataFrame:
    """What somebody would write for the same columns, in the metric CRS because they hold distances."""
    metres = points.to_crs(finder.edition.manifest.metric_crs)
    offices = finder.edition.offices.offices
    places = geopandas.points_from_xy([one.lon for one in offices], [one.lat for one in offices], crs=4326)
    near = geopandas.GeoDataFrame({"office": [one.name for one in offices]}, geometry=places).to_crs(metres.crs)
    areas = finder.areas("neighbourhood")
    found = metres.sjoin(areas, how="left", predicate="within").drop(columns="index_right")
    found = found.sjoin_nearest(near, how="left", distance_col="office_distance_m")
    borders = geopandas.GeoDataFrame(geometry=areas.boundary)
    found = found.drop(columns="index_right").sjoin_nearest(borders, how="left", distance_col="border_distance_m")
    return found.drop_duplicates("n")


def _one(finder: Finder) -> Row:
    lons, lats = (column.tolist() for column in everywhere(finder, 2_000))

    def find_each() -> None:
        for lon, lat in zip(lons, lats, strict=True):
            finder.find(lon=lon, lat=lat)

    (taken,) = in_turns(21, find_each)
    median, fastest = (seconds / len(lons) * 1e6 for seconds in (taken.median, taken.fastest))
    measured = f"{median:.0f} µs, the fastest of 21 rounds {fastest:.0f} µs"
    return Row("`find` by coordinates, the whole answer", measured, at_most(median, 60, " µs"))


def _files(finder: Finder, count: int, folder: Path) -> list[Row]:
    """The command on a file of points, in a process of its own; beside reading and writing the same columns alone."""
    source, target = folder / "points.parquet", folder / "answered.parquet"
    with pq.ParquetWriter(
        source, pa.schema({"lon": pa.float64(), "lat": pa.float64()}), use_dictionary=False
    ) as writer:
        lons, lats = everywhere(finder, 1_000_000)
        for _ in range(count // 1_000_000):
            writer.write_table(pa.table({"lon": lons, "lat": lats}))
    seconds, kilobytes = _command(source, target, "numpy.inf")
    compiled, more_kilobytes = _command(source, target, "compiled.COMPILE_FROM")
    start = time.perf_counter()
    written = pq.ParquetFile(target)
    texts = [field.name for field in written.schema_arrow if not pa.types.is_floating(field.type)]
    with pq.ParquetWriter(folder / "again.parquet", written.schema_arrow, use_dictionary=texts) as writer:
        for batch in written.iter_batches(131_072):
            writer.write_batch(batch)
    again = time.perf_counter() - start
    return [
        Row(f"`geo-lookup bulk`, Parquet to Parquet, {count:,} rows, with numpy alone",
            f"{count / seconds / 1e6:.2f} M rows/s", at_least(count / seconds / 1e6, 3, " M")),
        Row("the same with numba, compiled on the way", f"{count / compiled / 1e6:.2f} M rows/s",
            at_least(count / compiled / 1e6, 3, " M")),
        Row("their memory, at most", f"{kilobytes / 1024:.0f} and {more_kilobytes / 1024:.0f} MB",
            at_most(max(kilobytes, more_kilobytes) / 1024, 1_000, " MB")),
        Row("reading and writing what it wrote, without answering, one thread", f"{count / again / 1e6:.2f} M rows/s"),
    ]  # fmt: skip


def _command(source: Path, target: Path, compile_from: str) -> tuple[float, float]:
    """The seconds and the kilobytes that the command takes for a file, in a process of its own."""
    code = (
        "import numpy, re, sys, time; from geo_lookup import compiled; from geo_lookup.cli import app\n"
        f"compiled.COMPILE_FROM = {compile_from}; start = time.perf_counter()\n"
        "try: app(['bulk', *sys.argv[1:]])\n"
        "except SystemExit as end: assert not end.code\n"
        "print(time.perf_counter() - start, *re.findall(r'VmHWM:\\s*(\\d+)', open('/proc/self/status').read()))"
    )  # not `ru_maxrss`, which begins with what the process that starts this one takes
    command = [sys.executable, "-c", code, str(source), str(target)]
    output = subprocess.check_output(command, stderr=subprocess.DEVNULL, text=True)
    seconds, kilobytes = map(float, output.split())
    return seconds, kilobytes


def _spark(finder: Finder, count: int, folder: Path) -> list[Row]:
    """The same file on Spark with two workers on this machine; left out where Spark or Java is not there."""
    try:
        from tests.benchmarks.spark_bench import rows_a_second
    except ImportError:
        return [Row("Spark", "–", "left out: the extra [spark] is not installed")]
    rate = rows_a_second(finder, count, folder / "points.parquet", folder / "spark.parquet")
    return [Row(f"Spark, `local[2]`, Parquet to Parquet, {count:,} rows", f"{rate / 1e6:.2f} M rows/s")]


def _starting() -> list[Row]:
    # As for everybody, modules are compiled at the first start and not again.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

    def seconds(code: str) -> float:
        timed = f"import time; start = time.perf_counter()\n{code}\nprint(time.perf_counter() - start)"
        command = [sys.executable, "-c", timed]
        taken = [float(subprocess.check_output(command, env=environment, text=True)) for _ in range(ROUNDS + 1)]
        return statistics.median(taken[1:])

    pandas, ours, finder = map(
        seconds, ("import geopandas", "import geo_lookup", "import geo_lookup; geo_lookup.load()")
    )
    return [
        Row("`import geo_lookup`", f"{ours:.2f} s", at_most(ours, 0.3, " s")),
        Row("a finder of the demo, from the start", f"{finder:.2f} s",
            f"{at_most(finder, 1, ' s')}; `import geopandas` alone takes {pandas:.2f} s"),
    ]  # fmt: skip


if __name__ == "__main__":
    typer.run(main)
