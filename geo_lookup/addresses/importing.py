"""From a file of addresses to an address book: streamed, in bounded memory, complete or not at all.

Rows are written to the file as they are read and put in order by SQLite at the end, so that four million of them
take no more memory than their streets do. What is left out is counted, and said.
"""

from __future__ import annotations

import contextlib
import errno
import math
import os
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np

from geo_lookup.addresses.book import FORMAT, SCHEMA
from geo_lookup.addresses.house_numbers import HouseNumber, read_registered, registered_text
from geo_lookup.addresses.normalise import fold
from geo_lookup.addresses.records import Municipality, Names, PostalArea
from geo_lookup.addresses.source import Progress, SourceRow, read_source
from geo_lookup.addresses.street_index import build_street_index, index_to_parts
from geo_lookup.addresses.street_names import words_of
from geo_lookup.coordinates import in_area_of_use
from geo_lookup.crs import LONLAT, reference_system
from geo_lookup.errors import CoordinateError, SourceError
from geo_lookup.manifest import AddressSource
from geo_lookup.reading import read_number

SQLITE = b"SQLite format 3\x00"
"""How a file of SQLite begins (https://www.sqlite.org/fileformat.html)."""

BATCH = 20_000
LARGEST_CACHE = 10_000
"""Streets and postal areas of so many rows are remembered: those of one street mostly stand together."""

STANDING = {"": 0, "current": 0, "reserved": 1, "proposed": 1}
"""Which of two rows for one address goes first: what is in use before what is planned."""

_STAGING = """
CREATE TEMP TABLE staging (street INTEGER, number INTEGER, suffix TEXT, box TEXT, standing INTEGER, id TEXT,
                      range_end INTEGER, house_number TEXT, box_number TEXT, postal INTEGER, x REAL, y REAL);
"""

_UNDER_OTHER_POSTCODES = """
SELECT coalesce(sum(codes - 1), 0) FROM (
    SELECT count(DISTINCT postal) AS codes FROM staging GROUP BY street, number, suffix, box, standing, id
)
"""
"""How many addresses are taken for others, as in a city where two villages have a Kerkstraat each."""


@dataclass
class ImportReport:
    """What became of the rows of a file of addresses.

    `left_out` counts the rows that are not in the book, by reason; `from_degrees` those whose coordinates had to be
    taken from rounded degrees. `crs` is the EPSG code of the book.
    """

    crs: int = LONLAT
    rows: int = 0
    addresses: int = 0
    streets: int = 0
    municipalities: int = 0
    from_degrees: int = 0
    left_out: Counter[str] = field(default_factory=Counter)

    def lines(self) -> list[str]:
        """The report in sentences."""
        told = [
            f"{self.rows:,} rows read; {self.addresses:,} addresses in {self.streets:,} streets of "
            f"{self.municipalities:,} municipalities, in EPSG:{self.crs}."
        ]
        if self.from_degrees:
            told.append(f"{self.from_degrees:,} of them have rounded degrees alone.")
        told.extend(f"{count:,} rows left out: {reason}." for reason, count in self.left_out.most_common())
        return told


def import_addresses(
    source: AddressSource | str | Path,
    target: Path,
    *,
    folder: Path = Path(),
    home: Municipality | None = None,
    aliases: Iterable[tuple[str, str]] = (),
    progress: Progress | None = None,
) -> ImportReport:
    """Write the address book of a file of addresses; `target` is replaced only when everything is written.

    `source` is a BeSt file, or says how another is read; its path is relative to `folder`. `home` is the
    municipality of rows that name none. `aliases` are pairs of a street, by its id or its name, and another name for
    it. Raises `SourceError` where the file cannot be read, no address is left of it, or another file than an address
    book would be replaced; `OSError` where the target cannot be written.
    """
    if not isinstance(source, AddressSource):
        source = AddressSource(path=str(source))
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    if target.is_file() and not _begins(target, SQLITE):
        raise SourceError(f"{target} is there already, and no address book; give another name.")
    target.parent.mkdir(parents=True, exist_ok=True)
    draft.touch()
    try:
        with contextlib.closing(sqlite3.connect(draft, isolation_level=None)) as database:
            database.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA temp_store=FILE;")
            database.executescript(SCHEMA + _STAGING)
            database.execute("BEGIN")
            report = _Import(database, home or Municipality("", Names())).run(source, folder, aliases, progress)
            database.execute("COMMIT")
        with draft.open("rb+") as file:
            os.fsync(file.fileno())
        draft.replace(target)
    except sqlite3.OperationalError as error:  # the disk is full
        raise OSError(errno.EIO, str(error), str(target)) from None
    finally:
        draft.unlink(missing_ok=True)
    return report


def _begins(path: Path, start: bytes) -> bool:
    with path.open("rb") as file:
        return file.read(len(start)) == start


class _Import:
    """One import under way: the streets, municipalities and postal areas met so far."""

    def __init__(self, database: sqlite3.Connection, home: Municipality) -> None:
        self.database = database
        self.home = home
        self.report = ImportReport()
        self.streets: dict[tuple[int, str], tuple[int, Names]] = {}
        self.municipalities: dict[Municipality, int] = {}
        self.postal_areas: dict[PostalArea, int] = {}
        self.wanted: dict[Municipality, bool] = {}

    def run(
        self, source: AddressSource, folder: Path, aliases: Iterable[tuple[str, str]], progress: Progress | None
    ) -> ImportReport:
        crs, rows = read_source(source, folder, progress)
        try:
            self.report.crs = reference_system(crs).epsg
        except CoordinateError as error:
            raise SourceError(str(error), 1) from None
        accepted = self._accepted(rows, source)
        insert = f"INSERT INTO staging VALUES ({', '.join('?' * 12)})"  # noqa: S608 - only placeholders
        while batch := list(islice(accepted, BATCH)):
            self.database.executemany(insert, self._with_points_in_range(batch))
        self._put_in_order()
        if not self.report.addresses:
            raise SourceError(" ".join(["no address is left of it:", *self.report.lines()]))
        self._write_names(list(aliases))
        meta = {"format": FORMAT, "crs": crs, "addresses": self.report.addresses, "source": Path(source.path).name}
        self.database.executemany("INSERT INTO meta VALUES (?, ?)", [(key, str(value)) for key, value in meta.items()])
        return self.report

    def _accepted(self, rows: Iterable[SourceRow], source: AddressSource) -> Iterator[list[Any]]:
        """The rows that go into the book, as they are staged; the others are counted."""
        wanted = {fold(name).strip() for name in source.municipalities}
        statuses = {"", *source.statuses}
        street, area = lru_cache(maxsize=LARGEST_CACHE)(self._street), lru_cache(maxsize=LARGEST_CACHE)(self._postal)
        for row in rows:
            self.report.rows += 1
            reason = self._reason_to_leave_out(row, statuses, wanted)
            point = self._point(row) if reason is None else None
            if point is None:
                self.report.left_out[reason or "no coordinates"] += 1
                continue
            number = read_registered(row.house_number, row.box_number)
            if number is None:
                number = HouseNumber(0, "".join(filter(str.isalnum, fold(row.house_number))))
            shown = "" if registered_text(number) == row.house_number else row.house_number
            address_id = row.address_id or " ".join(
                filter(None, (row.street_id or row.street.within("nl"), row.house_number, row.box_number))
            )
            yield [street(row.municipality, row.street_id, row.street), number.number, number.suffix, number.box,
                   STANDING.get(row.status, 1), address_id, number.range_end, shown, row.box_number,
                   area(row.postal_area), *point]  # fmt: skip

    def _reason_to_leave_out(self, row: SourceRow, statuses: set[str], wanted: set[str]) -> str | None:
        if row.status not in statuses:
            return f"status {row.status}"
        if wanted and not self._is_wanted(row.municipality, wanted):
            return "another municipality"
        if not (row.streetname_nl or row.streetname_fr or row.streetname_de):
            return "no street name"
        return None if row.house_number else "no house number"

    def _is_wanted(self, municipality: Municipality, wanted: set[str]) -> bool:
        known = self.wanted.get(municipality)
        if known is None:
            names = {fold(name) for name in (municipality.nis, *municipality.names.every())}
            known = self.wanted[municipality] = bool(names & wanted)
        return known

    def _point(self, row: SourceRow) -> tuple[float, float] | None:
        """The point of a row in the book's CRS; 0 stands for 'not known' in BeSt."""
        point = _numbers(row.x, row.y)
        if point is None and (degrees := _numbers(row.lon, row.lat)) is not None:
            self.report.from_degrees += 1
            x, y = reference_system(self.report.crs).from_lonlat(*degrees)
            point = (x, y) if math.isfinite(x) and math.isfinite(y) else None
        return point

    def _with_points_in_range(self, batch: list[list[Any]]) -> list[list[Any]]:
        """The rows whose point lies where the CRS is used; the others are counted."""
        points = np.array([row[-2:] for row in batch], dtype=np.float64)
        lon, lat = reference_system(self.report.crs).to_lonlat(*points.T)
        inside = in_area_of_use(lon, lat, self.report.crs, margin=0.0)
        outside = len(batch) - int(inside.sum())
        if outside:
            self.report.left_out[f"coordinates outside the area where EPSG:{self.report.crs} is used"] += outside
        return [row for row, kept in zip(batch, inside.tolist(), strict=True) if kept]

    def _street(self, municipality: Municipality, street_id: str, names: Names) -> int:
        named = municipality if municipality.nis or municipality.names.every() else self.home
        key = (self.municipalities.setdefault(named, len(self.municipalities)), street_id or names.within("nl"))
        return self.streets.setdefault(key, (len(self.streets), names))[0]

    def _postal(self, area: PostalArea) -> int:
        return self.postal_areas.setdefault(area, len(self.postal_areas))

    def _put_in_order(self) -> None:
        """Move the staged rows into the table of addresses, in its order, each address once."""
        (staged,) = self.database.execute("SELECT count(*) FROM staging").fetchone()
        self.database.execute(
            "INSERT OR IGNORE INTO address SELECT * FROM staging ORDER BY street, number, suffix, box, standing, id"
        )
        (kept,) = self.database.execute("SELECT count(*) FROM address").fetchone()
        if staged > kept:
            (elsewhere,) = self.database.execute(_UNDER_OTHER_POSTCODES).fetchone()
            self.report.left_out["the same address a second time"] += staged - kept - elsewhere
            self.report.left_out[
                "the same number of a street of the same name under another postcode; map `address_id` "
                "or `street_id`, by which they differ"
            ] += elsewhere
            self.report.left_out = +self.report.left_out  # without what is 0
        self.report.addresses = kept
        self.database.execute("DROP TABLE staging")
        self.database.execute("CREATE INDEX address_by_id ON address (id)")

    def _write_names(self, aliases: list[tuple[str, str]]) -> None:
        """Write streets, municipalities and postal areas, and the index over all names."""
        known = {number: (key, names) for key, (number, names) in self.streets.items()}
        folded = {number: [_folded(name) for name in names.every()] for number, (_, names) in known.items()}
        called = Counter((key[0], name) for number, (key, _) in known.items() for name in folded[number])
        streets: list[tuple[int, tuple[int, str], Names]] = []
        sizes: dict[int, int] = {}
        rows: list[tuple[Any, ...]] = []
        every = self.database.execute("SELECT street, postal, x, y FROM address ORDER BY street, number, suffix, box")
        for number, addresses in groupby(every, key=itemgetter(0)):
            _, postal, xs, ys = zip(*addresses, strict=True)
            key, names = known[number]
            middle = (len(xs) - 1) // 2
            radius = max(math.dist((x, y), (xs[middle], ys[middle])) for x, y in zip(xs, ys, strict=True))
            homonym = any(called[key[0], name] > 1 for name in folded[number])
            commonest = Counter(postal).most_common(1)[0][0]
            rows.append((number, key[1], key[0], commonest, *names, xs[middle], ys[middle], radius, homonym))
            streets.append((number, key, names))
            sizes[number] = len(xs)
        self.report.streets = len(streets)
        self.report.municipalities = len({key[0] for _, key, _ in streets})
        tables: dict[str, list[tuple[Any, ...]]] = {
            "street": rows,
            "municipality": [(number, one.nis, *one.names) for one, number in self.municipalities.items()],
            "postal": [(number, one.postcode, *one.names) for one, number in self.postal_areas.items()],
            "part": list(_index_parts(streets, sizes, len(self.streets), aliases).items()),
        }
        for table, content in tables.items():
            placeholders = ", ".join("?" * len(content[0]))
            self.database.executemany(f"INSERT INTO {table} VALUES ({placeholders})", content)  # noqa: S608 - fixed names


def _folded(name: str) -> str:
    return "".join(words_of(name))


def _index_parts(
    streets: list[tuple[int, tuple[int, str], Names]],
    sizes: Mapping[int, int],
    count: int,
    aliases: list[tuple[str, str]],
) -> dict[str, bytes]:
    """The index over the names of streets, and which streets have each name."""
    others: dict[str, list[str]] = {}
    for street, alias in aliases:
        others.setdefault(street, []).append(alias)
    known = {one for _, (_, street_id), names in streets for one in (street_id, *names.every())}
    if unknown := sorted(others.keys() - known):
        raise SourceError(f"there is no street '{unknown[0]}' to which another name could be given.")
    having: dict[str, tuple[str, dict[int, None]]] = {}
    for number, (_, street_id), names in streets:
        for named in (*names.every(), *(alias for one in (street_id, *names.every()) for alias in others.get(one, ()))):
            having.setdefault(" ".join(words_of(named)), (named, {}))[1][number] = None
    members = [list(numbers) for _, numbers in having.values()]
    municipality = np.full(count, -1, dtype=np.int32)
    for number, (of, _), _ in streets:
        municipality[number] = of
    arrays = {
        "name_offsets": np.cumsum([0, *map(len, members)]),
        "name_streets": [number for numbers in members for number in numbers],
        "name_sizes": [sum(sizes[number] for number in numbers) for numbers in members],
        "street_municipality": municipality,
        "street_sizes": [sizes.get(number, 0) for number in range(count)],
    }
    index = build_street_index(name for name, _ in having.values())
    return index_to_parts(index) | {
        name: np.asarray(values, dtype=np.int32).tobytes() for name, values in arrays.items()
    }


def _numbers(first: str, second: str) -> tuple[float, float] | None:
    """Two coordinates; None where they are empty, no numbers, or the 0 that stands for 'not known'."""
    try:
        pair = (read_number(first.replace(",", ".")), read_number(second.replace(",", ".")))
    except CoordinateError:
        return None
    return pair if all(pair) and all(map(math.isfinite, pair)) else None
