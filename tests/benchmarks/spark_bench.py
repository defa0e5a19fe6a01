"""How fast Spark answers with two workers on one machine, the start of Spark left out."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from pyspark.sql import SparkSession

from geo_lookup import Finder
from geo_lookup.bulk.spark import assign


def rows_a_second(finder: Finder, count: int, source: Path, target: Path) -> float:
    """Answer the first rows of a Parquet file of points and write them to another, once to warm up and once timed."""
    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    builder = builder.config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1")
    spark = builder.config("spark.sql.execution.arrow.maxRecordsPerBatch", "131072").getOrCreate()
    try:
        points = spark.read.parquet(str(source)).limit(count).repartition(8).cache()
        points.count()
        for _ in range(2):
            start = time.perf_counter()
            assign(points, finder).write.mode("overwrite").parquet(str(target))
            seconds = time.perf_counter() - start
    finally:
        spark.stop()
    return count / seconds
