"""What a stream of Arrow says about itself, read before it is unpacked: how many rows, and whether compressed.

A few bytes may stand for billions of rows, compressed or of a type without values. Arrow unpacks them before it can be
asked, so the few fields that tell are read here, as Arrow's Message.fbs and the format of FlatBuffers lay them out.
"""

from __future__ import annotations

import struct
from typing import NamedTuple

import pyarrow as pa
from pyarrow import ipc

from geo_lookup import RequestError

DICTIONARY, BATCH = 2, 3
"""The kinds of message that hold rows, in the union MessageHeader."""

MOST_ROWS = 2_000_000


class _Table(NamedTuple):
    """A table of FlatBuffers: where it stands among the bytes."""

    content: bytes
    place: int

    def field(self, number: int) -> int:
        """Where a field stands; 0 where it is left out."""
        (back,) = struct.unpack_from("<i", self.content, self.place)
        virtual = self.place - back
        (size,) = struct.unpack_from("<H", self.content, virtual)
        if 4 + 2 * number >= size:
            return 0
        (offset,) = struct.unpack_from("<H", self.content, virtual + 4 + 2 * number)
        return self.place + offset if offset else 0

    def table(self, number: int) -> _Table | None:
        place = self.field(number)
        return _Table(self.content, place + struct.unpack_from("<I", self.content, place)[0]) if place else None


def check_stream(body: bytes) -> None:
    """Raise `RequestError` where a stream is compressed, or says that it holds more than `MOST_ROWS` rows.

    Raises `pyarrow.ArrowInvalid` where it is no stream.
    """
    rows = 0
    for message in ipc.MessageReader.open_stream(pa.py_buffer(body)):
        try:
            rows += _rows(message.metadata.to_pybytes())
        except (struct.error, IndexError):
            raise pa.ArrowInvalid("a message cannot be read") from None
        if rows > MOST_ROWS:
            raise RequestError(
                f"a body may hold at most {MOST_ROWS} rows; the command geo-lookup bulk takes files of any size."
            )


def _rows(metadata: bytes) -> int:
    root = _Table(metadata, struct.unpack_from("<I", metadata)[0])
    kind_place, header = root.field(1), root.table(2)
    kind = metadata[kind_place] if kind_place else 0
    if kind == DICTIONARY and header is not None:
        header = header.table(1)
    if kind not in (DICTIONARY, BATCH) or header is None:
        return 0
    if header.field(3):
        raise RequestError("the stream is compressed; send it uncompressed.")
    length = header.field(0)
    return max(int(struct.unpack_from("<q", metadata, length)[0]), 0) if length else 0
