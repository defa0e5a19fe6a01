"""Thrift's compact protocol, in which Parquet says what its files and pages hold.

A struct is a dictionary: for the number of each field that is there, its type and its value. So whoever reads one
keeps what it does not know.
Source: https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
"""

from __future__ import annotations

import struct
from typing import Any

TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, MAP, STRUCT = range(1, 13)
"""The types of values. The first two are values themselves."""

Struct = dict[int, tuple[int, Any]]
"""A struct: type and value of each field, by its number.

The value of a list is the type of its members and these; that of a struct may be bytes, written already.
"""


def write_number(value: int) -> bytes:
    """A number of at least 0: seven bits a byte, the lowest first, as Parquet's levels have them too."""
    content = bytearray()
    while value > 0x7F:
        content.append(value & 0x7F | 0x80)
        value >>= 7
    content.append(value)
    return bytes(content)


def write_struct(fields: Struct) -> bytes:
    """A struct as bytes."""
    content, last = bytearray(), 0
    for number, (kind, value) in sorted(fields.items()):
        step = number - last
        content += bytes([step << 4 | kind]) if step < 16 else bytes([kind]) + _write_signed(number)
        content += b"" if kind in (TRUE, FALSE) else _write(kind, value)
        last = number
    content.append(0)
    return bytes(content)


def read_struct(content: bytes) -> Struct:
    """The struct that bytes begin with."""
    return _Reader(content).struct()


def _write_signed(value: int) -> bytes:
    return write_number(value << 1 if value >= 0 else (-value << 1) - 1)


def _write(kind: int, value: Any) -> bytes:
    if kind in (I16, I32, I64):
        return _write_signed(value)
    if kind == BINARY:
        return b"".join((write_number(len(value)), value))
    if kind == STRUCT:
        return value if isinstance(value, bytes) else write_struct(value)
    if kind in (LIST, SET):
        of, members = value
        count = len(members)
        begin = bytes([count << 4 | of]) if count < 15 else bytes([15 << 4 | of]) + write_number(count)
        return begin + b"".join([_write(of, member) for member in members])
    if kind == DOUBLE:
        return struct.pack("<d", value)
    if kind in (TRUE, FALSE, BYTE):
        return bytes([value])
    raise ValueError(f"no value of type {kind} is written.")


class _Reader:
    """Reads values one after the other."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._place = 0

    def struct(self) -> Struct:
        fields: Struct = {}
        number = 0
        while begin := self._bytes(1)[0]:
            step, kind = begin >> 4, begin & 15
            number = number + step if step else self._signed()
            fields[number] = kind, None if kind in (TRUE, FALSE) else self._value(kind)
        return fields

    def _bytes(self, count: int) -> bytes:
        self._place += count
        return self._content[self._place - count : self._place]

    def _number(self) -> int:
        value = shift = 0
        while (byte := self._bytes(1)[0]) > 0x7F:
            value |= (byte & 0x7F) << shift
            shift += 7
        return value | byte << shift

    def _signed(self) -> int:
        value = self._number()
        return value >> 1 ^ -(value & 1)

    def _value(self, kind: int) -> Any:
        if kind in (I16, I32, I64):
            return self._signed()
        if kind == BINARY:
            return self._bytes(self._number())
        if kind == STRUCT:
            return self.struct()
        if kind in (LIST, SET):
            begin = self._bytes(1)[0]
            count, of = begin >> 4, begin & 15
            return of, [self._value(of) for _ in range(self._number() if count == 15 else count)]
        if kind == DOUBLE:
            return struct.unpack("<d", self._bytes(8))[0]
        if kind in (TRUE, FALSE, BYTE):
            return self._bytes(1)[0]
        raise ValueError(f"no value of type {kind} is read.")
