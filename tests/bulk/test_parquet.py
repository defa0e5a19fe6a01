"""Parquet files of answers: what several programs read is what was answered, whatever there is to encode."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from numpy.typing import NDArray

from geo_lookup.bulk.columns import COLUMNS
from geo_lookup.bulk.parquet_files import row_group, write_file
from geo_lookup.bulk.thrift import (
    BINARY,
    BYTE,
    DOUBLE,
    FALSE,
    I16,
    I32,
    I64,
    LIST,
    STRUCT,
    TRUE,
    Struct,
    read_struct,
    write_struct,
)

NUMBERS = ("office_distance_m", "border_distance_m")

MISSING: dict[str, Callable[[int], NDArray[np.bool_]]] = {
    "none": lambda rows: np.zeros(rows, dtype=bool),
    "all": lambda rows: np.ones(rows, dtype=bool),
    "some": lambda rows: np.arange(rows) % 3 == 1,
}


def rows(count: int, texts: int, missing: str) -> pa.Table:
    """Rows with answers out of a dictionary of so many texts, between columns of their own and what is wrong."""
    random = np.random.default_rng(count + texts)
    dictionary = pa.array([f"tekst {number} é" for number in range(texts)])
    kind = np.int16 if texts < np.iinfo(np.int16).max else np.int32
    table = pa.table({"naam": [["a", f"{number}"] for number in range(count)], "lon": random.normal(size=count)})
    for name in COLUMNS:
        absent = MISSING[missing](count)
        if name in NUMBERS:
            column = pa.array(random.normal(size=count), mask=absent)
        else:
            codes = pa.array(random.integers(texts, size=count, dtype=kind), mask=absent)
            column = pa.DictionaryArray.from_arrays(codes, dictionary)
        table = table.append_column(name, column)
    return table.append_column("error", pa.array(["wrong" if number % 7 == 0 else None for number in range(count)]))


def written(path: Path, *tables: pa.Table) -> Path:
    write_file(path, tables[0].schema, map(row_group, tables))
    return path


@pytest.mark.parametrize("missing", MISSING)
@pytest.mark.parametrize("texts", [1, 2, 3, 8, 9, 31, 100, 256, 257, 70_000])
@pytest.mark.parametrize("count", [1, 7, 8, 1_001])
def test_what_is_read_is_what_was_written(tmp_path: Path, count: int, texts: int, missing: str) -> None:
    table = rows(count, texts, missing)
    path = written(tmp_path / "out.parquet", table)
    read = pq.read_table(path)
    read.validate(full=True)
    assert read.equals(table)


def test_duckdb_reads_it_too(tmp_path: Path) -> None:
    for texts, missing in product([1, 2, 9, 100, 257, 70_000], MISSING):
        tables = [rows(count, texts, missing) for count in (1, 1_001, 8)]
        path = written(tmp_path / "out.parquet", *tables)
        read = duckdb.read_parquet(str(path)).to_arrow_table()
        assert read.to_pylist() == pa.concat_tables(tables).to_pylist()


def test_row_groups_stand_one_after_the_other(tmp_path: Path) -> None:
    tables = [rows(count, 40, missing) for count, missing in ((100, "some"), (1, "all"), (999, "none"), (50, "some"))]
    path = written(tmp_path / "out.parquet", *tables)
    file = pq.ParquetFile(path)
    assert file.metadata.num_rows == 1_150
    assert [file.read_row_group(number).to_pylist() for number in (3, 1, 0, 2)] == [
        tables[number].to_pylist() for number in (3, 1, 0, 2)
    ]


def test_columns_that_are_coded_alike_keep_their_own_texts_and_gaps(tmp_path: Path) -> None:
    table = rows(100, 5, "some")
    codes = table["district_id"].combine_chunks().indices
    for name, some, texts in (
        ("district", codes, ["a", "b", "c", "d", "e"]),
        ("manager_id", codes.fill_null(0), ["a", "b", "c", "d", "e"]),
        ("manager", codes, ["a", "b", "c", "d", "e"]),
        ("office_id", codes, [f"{number}" for number in range(20)]),
    ):
        column = pa.DictionaryArray.from_arrays(some, pa.array(texts))
        table = table.set_column(table.schema.get_field_index(name), name, column)
    assert pq.read_table(written(tmp_path / "out.parquet", table)).equals(table)


def test_a_part_of_a_larger_column_is_written_alone(tmp_path: Path) -> None:
    table = rows(100, 40, "some").slice(13, 50)
    assert pq.read_table(written(tmp_path / "out.parquet", table)).to_pylist() == table.to_pylist()


def test_what_thrift_says_is_kept_though_it_is_not_understood() -> None:
    said: Struct = {
        1: (I32, -1),
        2: (TRUE, None),
        3: (FALSE, None),
        20: (I64, 2**62),
        21: (I64, -(2**63)),
        22: (I16, 300),
        23: (BYTE, 7),
        24: (DOUBLE, 0.1),
        300: (BINARY, b"x" * 200),
        301: (LIST, (I32, list(range(-20, 20)))),
        302: (LIST, (STRUCT, [{1: (BINARY, b"")}, {}])),
        303: (LIST, (TRUE, [1, 2])),
        304: (STRUCT, {5: (STRUCT, {})}),
    }
    assert read_struct(write_struct(said)) == said
