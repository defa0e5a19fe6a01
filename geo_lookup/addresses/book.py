"""The address book of an edition: one SQLite file, opened read-only, shared by threads and processes.

Street names are indexed in memory (`street_index`), numbers are looked up in the file, whose pages the operating
system keeps and shares. `importing` writes it.
"""

from __future__ import annotations

import sqlite3
import threading
import weakref
from collections.abc import Iterable
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray

from geo_lookup.addresses.house_numbers import WIDEST_RANGE, HouseNumber, registered_text
from geo_lookup.addresses.records import Address, Municipality, Names, PostalArea, Street
from geo_lookup.addresses.street_index import Pool, index_from_parts
from geo_lookup.errors import EditionError, SourceError
from geo_lookup.model import Finding

FORMAT = "geo-lookup addresses 1"
"""What the file calls itself; another version is refused."""

SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE municipality (number INTEGER PRIMARY KEY, nis TEXT, nl TEXT, fr TEXT, de TEXT);
CREATE TABLE postal (number INTEGER PRIMARY KEY, postcode TEXT, nl TEXT, fr TEXT, de TEXT);
CREATE TABLE street (number INTEGER PRIMARY KEY, id TEXT, municipality INTEGER, postal INTEGER,
                     nl TEXT, fr TEXT, de TEXT, x REAL, y REAL, radius REAL, homonym INTEGER);
CREATE TABLE address (street INTEGER, number INTEGER, suffix TEXT, box TEXT, standing INTEGER, id TEXT,
                      range_end INTEGER, house_number TEXT, box_number TEXT, postal INTEGER, x REAL, y REAL,
                      PRIMARY KEY (street, number, suffix, box, standing, id)) WITHOUT ROWID;
CREATE TABLE part (name TEXT PRIMARY KEY, content BLOB NOT NULL) WITHOUT ROWID;
"""

_COLUMNS = "street, number, suffix, box, id, range_end, house_number, box_number, postal, x, y"


class AddressPoints(NamedTuple):
    """Every address in columns, street by street, the numbers of each in their order.

    `streets` and `numbers` are the numbers of the street and of the house, `xs` and `ys` in the book's CRS.
    """

    ids: list[str]
    streets: NDArray[np.int64]
    numbers: NDArray[np.int64]
    xs: NDArray[np.float64]
    ys: NDArray[np.float64]

    def take(self, positions: NDArray[np.int64]) -> AddressPoints:
        """Those at some positions, in their order."""
        columns = (self.streets[positions], self.numbers[positions], self.xs[positions], self.ys[positions])
        return AddressPoints([self.ids[position] for position in positions.tolist()], *columns)


class AddressBook:
    """The addresses of one edition. Read-only, safe to share between threads; `close()` ends its use."""

    def __init__(self, source: Path | bytes) -> None:
        """Open a file, or the content of one, which is then kept in memory.

        Raises `SourceError` where it is no address book, or one of another version.
        """
        self.path = source if isinstance(source, Path) else None
        self._lock = threading.Lock()
        try:
            self._connection = _connected(source)
            self.close = weakref.finalize(self, self._connection.close)
            self.meta = dict(self._rows("SELECT key, value FROM meta"))
            if self.meta.get("format") != FORMAT:
                raise SourceError("it is an address book of another version; import the addresses again.")
            self._open()
        except (sqlite3.Error, KeyError, ValueError, EditionError):
            message = "it is no address book, or a damaged one; make one with geo-lookup import-addresses."
            raise SourceError(message) from None
        self.street = lru_cache(maxsize=4096)(self._street)
        self.pool_of_municipalities = lru_cache(maxsize=512)(self._pool_of_municipalities)

    def _open(self) -> None:
        parts = dict(self._rows("SELECT name, content FROM part"))
        self.index = index_from_parts(parts)
        self.municipalities = [
            Municipality(nis, Names(*names))
            for nis, *names in self._rows("SELECT nis, nl, fr, de FROM municipality ORDER BY number")
        ]
        self.postal_areas = [
            PostalArea(postcode, Names(*names))
            for postcode, *names in self._rows("SELECT postcode, nl, fr, de FROM postal ORDER BY number")
        ]
        self._name_offsets = np.frombuffer(parts["name_offsets"], dtype=np.int32)
        self._name_streets = np.frombuffer(parts["name_streets"], dtype=np.int32)
        self._street_municipality = np.frombuffer(parts["street_municipality"], dtype=np.int32)
        self.street_sizes = np.frombuffer(parts["street_sizes"], dtype=np.int32)
        self.name_sizes = np.frombuffer(parts["name_sizes"], dtype=np.int32)

    def __repr__(self) -> str:
        return f"<AddressBook of {self.addresses} addresses in {len(self.street_sizes)} streets>"

    def __reduce__(self) -> tuple[type[AddressBook], tuple[Path | bytes]]:
        return AddressBook, (self.path or self._connection.serialize(),)

    @property
    def crs(self) -> int:
        """The EPSG code of the CRS that addresses are in."""
        return int(self.meta["crs"])

    @property
    def addresses(self) -> int:
        """How many addresses there are."""
        return int(self.meta["addresses"])

    def streets_named(self, name: int) -> NDArray[np.int32]:
        """The numbers of the streets that have a name, by the name's number in the index."""
        streets: NDArray[np.int32] = self._name_streets[self._name_offsets[name] : self._name_offsets[name + 1]]
        return streets

    def municipality_of(self, street: int) -> int:
        """The number of a street's municipality."""
        return int(self._street_municipality[street])

    def municipalities_of_postal_areas(self) -> dict[int, frozenset[int]]:
        """The numbers of the municipalities that have streets in each postal area."""
        found: dict[int, set[int]] = {}
        for postal, municipality in self._rows("SELECT DISTINCT postal, municipality FROM street"):
            found.setdefault(postal, set()).add(municipality)
        return {postal: frozenset(municipalities) for postal, municipalities in found.items()}

    def in_house(self, street: int, number: int) -> list[Address]:
        """Every address of a street with a number, whatever its letter and box, in the order of the book."""
        return self._addresses("WHERE street = ? AND number = ?", (street, number))

    def in_range(self, street: int, number: int) -> list[Address]:
        """Every address whose range of numbers holds a number."""
        condition = "WHERE street = ? AND number BETWEEN ? AND ? AND range_end >= ?"
        return self._addresses(condition, (street, number - WIDEST_RANGE, number - 1, number))

    def in_street(self, street: int) -> list[Address]:
        """Every address of a street, ordered by number, letter and box."""
        return self._addresses("WHERE street = ?", (street,))

    def numbers(self, street: int) -> list[int]:
        """The different numbers of a street, the lowest first."""
        return [number for (number,) in self._rows("SELECT DISTINCT number FROM address WHERE street = ?", (street,))]

    def houses_between(self, street: int, lowest: int, highest: int, most: int) -> list[Address]:
        """The first houses of a street between two numbers, each letter once, boxes left aside."""
        columns = _COLUMNS.replace("box,", "min(box) AS box,", 1)
        condition = (
            "WHERE street = ? AND number BETWEEN ? AND ? GROUP BY number, suffix ORDER BY number, suffix LIMIT ?"
        )
        return self._addresses(condition, (street, lowest, highest, most), columns)

    def points(self) -> AddressPoints:
        """Where every address is."""
        rows = self._rows(
            "SELECT id, street, number, x, y FROM address ORDER BY street, number, suffix, box, standing, id"
        )
        ids, *columns = zip(*rows, strict=True) if rows else ((), (), (), (), ())
        streets, numbers = (np.array(column, dtype=np.int64) for column in columns[:2])
        xs, ys = (np.array(column, dtype=np.float64) for column in columns[2:])
        return AddressPoints(list(ids), streets, numbers, xs, ys)

    def by_id(self, address_id: str) -> Address | None:
        """The address that the register calls so; None where there is none."""
        found = self._addresses("WHERE id = ? LIMIT 1", (address_id,))
        return found[0] if found else None

    def shared_ids(self) -> list[str]:
        """The ids by which several addresses go, in their order; there should be none."""
        houses = "SELECT DISTINCT id, street, number, suffix, box FROM address"
        return [one for (one,) in self._rows(f"SELECT id FROM ({houses}) GROUP BY id HAVING count(*) > 1 ORDER BY id")]  # noqa: S608 - no input

    def street_by_id(self, street_id: str) -> Street | None:
        """The street that the register calls so; None where there is none."""
        numbers = [number for (number,) in self._rows("SELECT number FROM street WHERE id = ?", (street_id,))]
        return self.street(numbers[0]) if numbers else None

    def _street(self, number: int) -> Street:
        sql = "SELECT id, municipality, postal, x, y, radius, homonym, nl, fr, de FROM street WHERE number = ?"
        street_id, municipality, postal, x, y, radius, homonym, *names = next(iter(self._rows(sql, (int(number),))))
        return Street(
            int(number),
            street_id,
            Names(*names),
            self.municipalities[municipality],
            self.postal_areas[postal],
            x,
            y,
            radius,
            bool(homonym),
        )

    def _pool_of_municipalities(self, municipalities: tuple[int, ...]) -> Pool:
        """The names that occur in some municipalities."""
        inside = np.isin(self._street_municipality[self._name_streets], municipalities)
        pool = np.zeros(len(self._name_offsets) - 1, dtype=bool)
        pool[np.searchsorted(self._name_offsets, np.flatnonzero(inside), side="right") - 1] = True
        return self.index.pool(pool)

    def _addresses(self, condition: str, values: Iterable[Any], columns: str = _COLUMNS) -> list[Address]:
        sql = f"SELECT {columns} FROM address {condition}"  # noqa: S608 - conditions stand in this class alone
        return [self._address(*row) for row in self._rows(sql, values)]

    def _address(
        self,
        street: int,
        number: int,
        suffix: str,
        box: str,
        address_id: str,
        range_end: int | None,
        house_number: str,
        box_number: str,
        postal: int,
        x: float,
        y: float,
    ) -> Address:
        read = HouseNumber(number, suffix, range_end, box)
        return Address(
            address_id,
            self.street(street),
            read,
            house_number or registered_text(read),
            box_number,
            self.postal_areas[postal],
            x,
            y,
        )

    def _rows(self, sql: str, values: Iterable[Any] = ()) -> list[Any]:
        """What the file holds; raises `EditionError` where it is damaged, which may show long after it was opened."""
        try:
            with self._lock, closing(self._connection.execute(sql, tuple(values))) as cursor:
                return cursor.fetchall()
        except sqlite3.ProgrammingError:  # it is closed
            raise
        except sqlite3.DatabaseError:
            name = self.path.name if self.path else "addresses"
            finding = Finding("error", "addresses", name, "the address book is damaged; import the addresses again.")
            raise EditionError(str(self.path or name), [finding]) from None


def _connected(source: Path | bytes) -> sqlite3.Connection:
    if isinstance(source, Path):
        address = f"file:{quote(str(source.resolve()))}?mode=ro&immutable=1"
        return sqlite3.connect(address, uri=True, check_same_thread=False)
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    connection.deserialize(source)
    connection.execute("PRAGMA query_only = true")
    return connection
