"""Parquet files of answers: several threads encode row groups, and another puts them into the file one after the other.

Arrow encodes the columns that are not answers, as a small file; where its pages begin is told anew when they are put
into the large one. It says of the large one what its columns are, too.
Source: https://github.com/apache/parquet-format (README, parquet.thrift)
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from inspect import signature
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from geo_lookup.bulk.columns import COLUMNS
from geo_lookup.bulk.parquet_columns import (
    DATA_PAGE_OFFSET,
    DICTIONARY_PAGE_OFFSET,
    TOTAL_COMPRESSED_SIZE,
    TOTAL_UNCOMPRESSED_SIZE,
    Chunk,
    answer_chunks,
)
from geo_lookup.bulk.thrift import I64, LIST, STRUCT, Struct, read_struct, write_struct

BETWEEN_SYNCS = 64 * 1024 * 1024
"""After how many bytes they are sent to the disk, while more are made; at the end all would have to be waited for."""

_MAGIC = b"PAR1"
_FILE_ROWS, _FILE_ROW_GROUPS = 3, 4
_GROUP_COLUMNS = 1
_COLUMN_METADATA = 3
_BEGINS = (DATA_PAGE_OFFSET, DICTIONARY_PAGE_OFFSET)
_LIMITS_ROWS_OF_PAGES = "max_rows_per_page" in signature(pq.ParquetWriter.__init__).parameters


class RowGroup(NamedTuple):
    """Rows as they stand in a file, column by column."""

    rows: int
    chunks: list[Chunk]


def row_group(table: pa.Table) -> RowGroup:
    """Encode rows and their answers, which stand side by side."""
    begin = table.schema.get_field_index(COLUMNS[0])
    after = range(begin + len(COLUMNS), table.num_columns)
    others = _chunks(table.select([*range(begin), *after]))
    end = len(others) - len(after)  # a column before may be nested, and so be several chunks
    return RowGroup(len(table), [*others[:end], *answer_chunks(table), *others[end:]])


def write_file(path: Path, schema: pa.Schema, groups: Iterator[RowGroup]) -> None:
    """Write row groups with the columns of a schema."""
    footer = _footer(_small_file(schema.empty_table()))
    placed: list[bytes] = []
    rows = 0
    with path.open("wb") as file, ThreadPoolExecutor(1) as disk:
        file.write(_MAGIC)
        syncs: list[Future[None]] = []
        for group in groups:
            begin = file.tell()
            placed.append(write_struct(_placed(group, begin)))
            rows += group.rows
            for chunk in group.chunks:
                file.writelines(chunk.pages)
            if begin > (len(syncs) + 1) * BETWEEN_SYNCS:
                syncs.append(disk.submit(os.fsync, file.fileno()))
        end = write_struct(footer | {_FILE_ROWS: (I64, rows), _FILE_ROW_GROUPS: (LIST, (STRUCT, placed))})
        file.write(end + len(end).to_bytes(4, "little") + _MAGIC)
        for sync in syncs:
            sync.result()


def _placed(group: RowGroup, begin: int) -> Struct:
    """What a file says of a row group that begins here."""
    columns, end = [], begin
    for chunk in group.chunks:
        columns.append({2: (I64, 0), _COLUMN_METADATA: (STRUCT, _moved(chunk.metadata, end))})
        end += chunk.metadata[TOTAL_COMPRESSED_SIZE][1]
    uncompressed = sum(chunk.metadata[TOTAL_UNCOMPRESSED_SIZE][1] for chunk in group.chunks)
    return {
        _GROUP_COLUMNS: (LIST, (STRUCT, columns)),
        2: (I64, uncompressed),
        3: (I64, group.rows),
        5: (I64, begin),
        6: (I64, end - begin),
    }


def _moved(metadata: Struct, distance: int) -> Struct:
    return metadata | {field: (I64, metadata[field][1] + distance) for field in _BEGINS if field in metadata}


def _chunks(table: pa.Table) -> list[Chunk]:
    """The columns of a table as Arrow encodes them: texts by their places in a dictionary, all of it compressed."""
    # Without these, newer Arrow makes pages of 20,000 rows, in half as much time again.
    large = {"max_rows_per_page": len(table), "write_batch_size": len(table)} if _LIMITS_ROWS_OF_PAGES else {}
    content = _small_file(table, row_group_size=len(table), use_dictionary=_texts(table.schema), **large)
    _, (group,) = _footer(content)[_FILE_ROW_GROUPS][1]
    chunks = []
    for column in group[_GROUP_COLUMNS][1][1]:
        _, metadata = column[_COLUMN_METADATA]
        begin = min(metadata[field][1] for field in _BEGINS if field in metadata)
        pages = content.slice(begin, metadata[TOTAL_COMPRESSED_SIZE][1])
        chunks.append(Chunk([memoryview(pages)], _moved(metadata, -begin)))
    return chunks


def _texts(schema: pa.Schema) -> list[str]:
    """The columns of a file that hold something else than floating-point numbers; a nested one is several."""
    columns = pq.ParquetFile(pa.BufferReader(_small_file(schema.empty_table()))).schema
    numbers = ("DOUBLE", "FLOAT")
    return [column.path for column in map(columns.column, range(len(columns))) if column.physical_type not in numbers]


def _small_file(table: pa.Table, **options: Any) -> pa.Buffer:
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, **options)
    return sink.getvalue()


def _footer(content: pa.Buffer) -> Struct:
    """What a file says of itself."""
    length = int.from_bytes(content[-8:-4], "little")
    return read_struct(bytes(content[-8 - length : -8]))
