"""Columns of answers as Parquet holds them, made in a small part of the time that Arrow takes for them.

An answer is a text of a dictionary or a number, or it is missing. Of texts the places in their dictionary are written,
in as many bits as it takes; numbers are written as they are. They are not compressed, which would save a sixth of the
file; and where rows lie in no order, the least and the greatest of them would rule nothing out.
Source: https://github.com/apache/parquet-format (README, Encodings.md, parquet.thrift)
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geo_lookup.bulk.columns import COLUMNS
from geo_lookup.bulk.thrift import BINARY, I32, I64, LIST, STRUCT, Struct, write_number, write_struct

TOTAL_UNCOMPRESSED_SIZE, TOTAL_COMPRESSED_SIZE, DATA_PAGE_OFFSET, DICTIONARY_PAGE_OFFSET = 6, 7, 9, 11
"""Fields of the metadata of a column."""

_DOUBLE, _BYTE_ARRAY = 5, 6
_PLAIN, _RLE, _RLE_DICTIONARY = 0, 3, 8
_DATA_PAGE, _DICTIONARY_PAGE = 0, 2
_UNCOMPRESSED = 0

Bytes: TypeAlias = bytes | memoryview
"""A piece of a file."""


class Chunk(NamedTuple):
    """A column of a row group: its pages in pieces, and its metadata, which says how far into them each page begins."""

    pages: list[Bytes]
    metadata: Struct


def answer_chunks(table: pa.Table) -> list[Chunk]:
    """The columns of answers of a table as they stand in a file."""
    chunks: list[Chunk] = []
    page: list[Bytes] = []
    last: pa.Array | None = None
    for name in COLUMNS:
        column = table[name].combine_chunks()
        if last is None or not _are_coded_alike(column, last):
            page = _data_page(column)
        chunks.append(_chunk(name, column, page))
        last = column
    return chunks


def _are_coded_alike(column: pa.Array, other: pa.Array) -> bool:
    """Whether two columns differ in their dictionaries alone, as the ids of areas and their names do."""
    return (
        pa.types.is_dictionary(column.type)
        and column.type == other.type
        and len(column.dictionary) == len(other.dictionary)
        and column.offset == other.offset
        and all(map(_are_alike, column.buffers(), other.buffers()))
    )


def _are_alike(buffer: pa.Buffer | None, other: pa.Buffer | None) -> bool:
    return buffer is other if buffer is None or other is None else bool(buffer.equals(other))


def _chunk(name: str, column: pa.Array, page: list[Bytes]) -> Chunk:
    """A column whose data page is there."""
    size = _size(page)
    metadata: Struct = {
        1: (I32, _DOUBLE),
        2: (LIST, (I32, [_PLAIN, _RLE])),
        3: (LIST, (BINARY, [name.encode()])),
        4: (I32, _UNCOMPRESSED),
        5: (I64, len(column)),
        TOTAL_UNCOMPRESSED_SIZE: (I64, size),
        TOTAL_COMPRESSED_SIZE: (I64, size),
        DATA_PAGE_OFFSET: (I64, 0),
    }
    if not pa.types.is_dictionary(column.type):
        return Chunk(page, metadata)
    texts = _dictionary_page(column.dictionary)
    begin = _size(texts)
    pages = [(_DICTIONARY_PAGE, _PLAIN), (_DATA_PAGE, _RLE_DICTIONARY)]
    metadata |= {
        1: (I32, _BYTE_ARRAY),
        2: (LIST, (I32, [_PLAIN, _RLE, _RLE_DICTIONARY])),
        TOTAL_UNCOMPRESSED_SIZE: (I64, begin + size),
        TOTAL_COMPRESSED_SIZE: (I64, begin + size),
        DATA_PAGE_OFFSET: (I64, begin),
        DICTIONARY_PAGE_OFFSET: (I64, 0),
        13: (LIST, (STRUCT, [{1: (I32, kind), 2: (I32, encoding), 3: (I32, 1)} for kind, encoding in pages])),
    }
    return Chunk([*texts, *page], metadata)


def _data_page(column: pa.Array) -> list[Bytes]:
    """Which rows of a column are there, and what they hold."""
    present = _present(column)
    levels = _run(present, 1)
    values: list[Bytes]
    if pa.types.is_dictionary(column.type):
        width = _bits(len(column.dictionary))
        values = [bytes([width]), *_run(_values(column.indices, present), width)]
        encoding = _RLE_DICTIONARY
    else:
        values = [_values(column, present).data]
        encoding = _PLAIN
    header = {1: (I32, len(column)), 2: (I32, encoding), 3: (I32, _RLE), 4: (I32, _RLE)}
    return _page(_DATA_PAGE, {5: (STRUCT, header)}, [_size(levels).to_bytes(4, "little"), *levels, *values])


def _dictionary_page(texts: pa.StringArray) -> list[Bytes]:
    """The texts of a dictionary, each after its length in four bytes."""
    lengths = pc.binary_length(texts).buffers()[1]
    before = pa.FixedSizeBinaryArray.from_buffers(pa.binary(4), len(texts), [None, lengths]).cast(pa.binary())
    _, ends, content = pc.binary_join_element_wise(before, texts.cast(pa.binary()), b"").buffers()
    content = content.slice(0, np.frombuffer(ends, dtype=np.int32)[len(texts)])
    return _page(_DICTIONARY_PAGE, {7: (STRUCT, {1: (I32, len(texts)), 2: (I32, _PLAIN)})}, [memoryview(content)])


def _page(kind: int, header: Struct, content: list[Bytes]) -> list[Bytes]:
    size = _size(content)
    return [write_struct({1: (I32, kind), 2: (I32, size), 3: (I32, size), **header}), *content]


def _size(pieces: list[Bytes]) -> int:
    return sum(memoryview(piece).nbytes for piece in pieces)


def _present(column: pa.Array) -> NDArray[np.bool_]:
    """Which rows of a column are not missing."""
    if not column.null_count:
        return np.ones(len(column), dtype=bool)
    bits = np.frombuffer(column.buffers()[0], dtype=np.uint8)
    return np.unpackbits(bits, count=column.offset + len(column), bitorder="little")[column.offset :].view(bool)


def _values(column: pa.Array, present: NDArray[np.bool_]) -> NDArray[Any]:
    """The numbers of a column without those that are missing. Arrow's `drop_null` takes four times as long."""
    values = np.frombuffer(column.buffers()[1], dtype=column.type.to_pandas_dtype())
    values = values[column.offset : column.offset + len(column)]
    return values.take(np.flatnonzero(present)) if column.null_count else values


def _bits(count: int) -> int:
    """In how many bits one of so many texts is told from the others: more than 8 are whole bytes."""
    bits = max(count - 1, 1).bit_length()
    return bits if bits <= 8 else 16 if bits <= 16 else 32


def _run(values: NDArray[Any], width: int) -> list[Bytes]:
    """Numbers of so many bits, as one that is repeated or all side by side (RLE/bit-packing hybrid)."""
    if not len(values):
        return []
    if (values == values[0]).all():
        return [write_number(len(values) << 1), int(values[0]).to_bytes(-(-width // 8), "little")]
    return [write_number(-(-len(values) // 8) << 1 | 1), _side_by_side(values, width).data]


def _side_by_side(values: NDArray[Any], width: int) -> NDArray[Any]:
    """Numbers of so many bits without gaps, the lowest bit first, and zeros so that their count is one of eights."""
    if width == 1:
        return np.packbits(values, bitorder="little")
    packed = np.zeros(-(-len(values) // 8) * 8, dtype=f"<u{max(width // 8, 1)}")
    packed[: len(values)] = values
    if width % 8 == 0:
        return packed
    for bits, two in ((8, "<u2"), (16, "<u4"), (32, "<u8")):  # two numbers become one, and again, and again
        pairs = packed.view(two)
        packed = (pairs & (1 << bits) - 1) | (pairs >> bits << width * bits // 8)
    return np.ascontiguousarray(packed.view(np.uint8).reshape(-1, 8)[:, :width])
