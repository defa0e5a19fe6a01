"""The same answers on Apache Spark, with real worker processes, as on one machine."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from geo_lookup import Finder, FrameError, RequestError
from geo_lookup.bulk.columns import COLUMNS
from geo_lookup.bulk.files import answer_file
from geo_lookup.crs import reference_system
from geo_lookup.finder import bundled_edition
from tests.bulk.test_assign import plain
from tests.conftest import DAY
from tests.documents import blocks
from tests.places import PLACES
from tests.test_area_index import anywhere, near_borders
from tests.test_documentation import README

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning")
pytest.importorskip("pyspark", reason="Spark is tested where the extra [spark] is installed")


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    if shutil.which("java") is None:
        pytest.skip("Spark is tested where there is Java")
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    builder = builder.config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1")
    session = builder.config("spark.sql.execution.arrow.maxRecordsPerBatch", "500").getOrCreate()
    yield session
    session.stop()


def test_rows_get_what_one_machine_answers(demo: Finder, spark: SparkSession) -> None:
    from geo_lookup.bulk.spark import assign

    areas = demo.edition.neighbourhoods.areas
    metres = np.concatenate([near_borders(areas, 2_000), anywhere(areas, 1_000)])
    lons, lats = reference_system(31370).to_lonlat(*metres.T)
    frame = pd.DataFrame({"number": range(len(lons)), "lon": lons, "lat": lats, "x": metres[:, 0], "y": metres[:, 1]})
    many = spark.createDataFrame(frame).repartition(5)
    ways: tuple[dict[str, Any], ...] = ({}, {"x": "x", "y": "y", "crs": 31370})
    for names in ways:
        rows = assign(many, demo, **names).toArrow().to_pandas().sort_values("number")
        assert list(rows.columns) == [*frame.columns, *COLUMNS, "error"]
        assert plain(rows) == plain(demo.assign(frame, **names))
        assert rows["error"].isna().all()
        assert rows[frame.columns].reset_index(drop=True).equals(frame)


def test_spark_reads_the_parquet_that_the_command_writes(demo: Finder, spark: SparkSession, tmp_path: Path) -> None:
    lons, lats = reference_system(31370).to_lonlat(*anywhere(demo.edition.neighbourhoods.areas, 1_000).T)
    frame = pd.DataFrame({"lon": [*lons, 0.0], "lat": [*lats, 0.0]})
    frame.to_parquet(tmp_path / "in.parquet", row_group_size=300)
    answer_file(demo, tmp_path / "in.parquet", tmp_path / "out.parquet")
    expected = pd.read_parquet(tmp_path / "out.parquet")
    for vectorised in ("true", "false"):
        spark.conf.set("spark.sql.parquet.enableVectorizedReader", vectorised)
        rows = spark.read.parquet(str(tmp_path / "out.parquet")).toArrow().to_pandas()
        assert list(rows.columns) == list(expected.columns)
        assert plain(rows) == plain(expected)
        assert rows["error"].notna().tolist() == expected["error"].notna().tolist()


def test_the_named_places_get_their_answers_on_a_cluster(spark: SparkSession) -> None:
    from geo_lookup.bulk.spark import assign

    places = list(PLACES.values())
    frame = pd.DataFrame({"n": range(len(places)), "b": [one.lat for one in places], "l": [one.lon for one in places]})
    rows = assign(spark.createDataFrame(frame), lon="l", lat="b", on=DAY).orderBy("n").collect()
    assert [row["outcome"] for row in rows] == [one.outcome for one in places]
    assert [row["neighbourhood"] for row in rows] == [one.neighbourhood for one in places]
    assert [row["manager"] for row in rows] == [one.manager for one in places]


def test_the_example_of_the_readme_runs(spark: SparkSession, tmp_path: Path) -> None:
    (example,) = (block for block in blocks(README, "python") if "spark.assign" in block)
    pd.DataFrame({"lon": [5.505], "lat": [50.975]}).to_parquet(tmp_path / "points.parquet")
    for name, path in (
        ("points.parquet", tmp_path / "points.parquet"),
        ("answered.parquet", tmp_path / "answered.parquet"),
        ("/srv/editions/genk", bundled_edition()),
    ):
        example = example.replace(f'"{name}"', repr(str(path)))
    exec(example, {})  # noqa: S102
    assert spark.read.parquet(str(tmp_path / "answered.parquet")).collect()[0]["outcome"] == "assigned"


def test_a_bad_row_is_marked_and_stops_no_other(demo: Finder, spark: SparkSession) -> None:
    from geo_lookup.bulk.spark import assign

    rows: list[tuple[Any, Any]] = [("5.505", "50.975"), ("x", "50"), (None, "50"), ("50.975", "5.505")]
    answered = assign(spark.createDataFrame(rows, "lon string, lat string"), demo).collect()
    assert [row["outcome"] for row in answered] == ["assigned", None, None, None]
    errors = [row["error"] for row in answered]
    assert errors[0] is None
    for error, word in zip(errors[1:], ("must be a number", "no coordinates", "swapped"), strict=True):
        assert word in error


def test_a_frame_without_coordinates_is_refused_before_any_work(demo: Finder, spark: SparkSession) -> None:
    from geo_lookup.bulk.spark import assign

    with pytest.raises(FrameError, match="no column lat"):
        assign(spark.createDataFrame([(1.0,)], "lon double"), demo)
    with pytest.raises(RequestError, match="answers coordinates"):
        assign(spark.createDataFrame([("Noordlaan 112",)], "address string"), demo)
    with pytest.raises(FrameError, match="already: outcome"):
        assign(spark.createDataFrame([(1.0, 1.0, 1)], "lon double, lat double, Outcome int"), demo)


def test_columns_of_any_type_and_name_are_kept(demo: Finder, spark: SparkSession) -> None:
    from geo_lookup.bulk.spark import assign

    values = (
        "timestamp'2026-01-01 12:00:00'", "timestamp_ntz'2026-01-01 12:00:00'", "date'2026-01-01'", "X'ff'", "1.5BD",
        "map('k', 1)", "array(named_struct('x', 1))", "interval 1 day", "null",
    )  # fmt: skip
    columns = ", ".join(f"{value} AS `a.{number}`" for number, value in enumerate(values))
    given = spark.sql(f"SELECT 5.505D AS lon, 50.975D AS lat, {columns}, 1 AS twice, 'b' AS twice")
    answered = assign(given, demo)
    assert answered.schema.fields[: len(given.columns)] == given.schema.fields
    (row,), (expected,) = answered.collect(), given.collect()
    assert row[: len(given.columns)] == tuple(expected)
    assert row["outcome"] == "assigned"
