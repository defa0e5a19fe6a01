"""An edition in memory: read whole, checked whole, frozen.

`open_edition` is the only way to one. It refuses files with any fault, with all of their faults in one
error, so that an edition that exists can be relied on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import shapely

from geo_lookup.addresses.matching import Matcher
from geo_lookup.answer import Contact, EditionReference
from geo_lookup.area_index import AreaIndex
from geo_lookup.checks import check_tables
from geo_lookup.coordinates import Territory
from geo_lookup.crs import reference_system
from geo_lookup.errors import EditionError
from geo_lookup.loading.addresses import open_addresses
from geo_lookup.loading.hashes import fingerprint
from geo_lookup.loading.sources import EditionTables, read_tables
from geo_lookup.loading.tables import Table
from geo_lookup.manifest import Manifest, edition_folder, read_manifest
from geo_lookup.model import Area, AreaKind, Finding, Office, Override
from geo_lookup.office_index import OfficeIndex
from geo_lookup.opening_hours import Timetable, timetable
from geo_lookup.place_index import PlaceIndex
from geo_lookup.resolution import Posts
from geo_lookup.seal import check_seal
from geo_lookup.surroundings import Surroundings
from geo_lookup.walking.network import paths_of
from geo_lookup.walking.walking import Walking

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

SLACK = 0.001
"""Degrees, about 100 m, by which the box around a city is widened."""

Record = TypeVar("Record", bound="DataclassInstance")
Value = TypeVar("Value")


@dataclass(frozen=True, eq=False)
class Edition:
    """One immutable, validated set of boundaries, people and offices, with the indexes over it; equal to itself alone.

    `fingerprint` is the SHA-256 of everything it was made of. `services`, `projects` and `serving_offices`
    are by area id, in the order of their tables; `timetables` are by office id, `overrides` by address id.
    `addresses` and `walking` are None where the edition has no addresses or no paths. `decisions` is where
    `lookup.decide` keeps what it has drawn, and `described_offices`, by position, where `lookup.describe_offices` keeps
    what holds until an office opens or closes.
    """

    manifest: Manifest
    fingerprint: str
    warnings: tuple[Finding, ...]
    areas: Mapping[str, Area]
    posts: Posts
    services: Mapping[str, tuple[str, ...]]
    projects: Mapping[str, tuple[str, ...]]
    serving_offices: Mapping[str, tuple[Office, ...]]
    timetables: Mapping[str, Timetable]
    overrides: Mapping[str, tuple[Override, ...]]
    addresses: Matcher | None
    neighbourhoods: AreaIndex
    special_areas: AreaIndex
    city: AreaIndex
    offices: OfficeIndex
    surroundings: Surroundings
    walking: Walking | None
    decisions: dict[tuple[Any, date], Any] = field(default_factory=dict, repr=False)
    described_offices: dict[int, Any] = field(default_factory=dict, repr=False)

    @cached_property
    def reference(self) -> EditionReference:
        """The edition as an answer names it."""
        manifest = self.manifest
        return EditionReference(manifest.id, manifest.city, manifest.demo, manifest.attribution)

    @cached_property
    def places(self) -> PlaceIndex:
        """What finds where points lie in all layers at once."""
        return PlaceIndex(self.neighbourhoods, self.special_areas, self.city)

    @property
    def territory(self) -> Territory:
        """Where the edition's coordinates are expected."""
        return self.surroundings.territory

    @cached_property
    def inner_neighbourhoods(self) -> tuple[bool, ...]:
        """Which neighbourhoods lie wholly in the city: in one, nobody is nearer to its edge than to a border."""
        city = shapely.union_all([area.geometry for area in self.city.areas])
        shapely.prepare(city)
        return tuple(shapely.covers(city, [area.geometry for area in self.neighbourhoods.areas]).tolist())

    def areas_of(self, kind: AreaKind) -> tuple[Area, ...]:
        """The areas of one kind, ordered by id."""
        return tuple(area for area in self.areas.values() if area.kind == kind)


@dataclass(frozen=True, slots=True)
class EditionFiles:
    """The files of an edition, read and checked one against the other; `findings` is what was noticed on the way."""

    folder: Path
    manifest: Manifest
    tables: EditionTables
    addresses: Matcher | None
    findings: list[Finding]


def open_edition(path: str | Path) -> Edition:
    """Read the edition of a folder, be it the edition's own or a published one.

    Raises `EditionError` with every fault in its files, and where they are not what they were when it was sealed.
    """
    files = read_edition(path)
    if any(finding.level == "error" for finding in files.findings):
        raise EditionError(str(files.folder), files.findings)
    with _unreadable(path):
        return _assemble(files.tables, files.addresses, fingerprint(files.folder, files.manifest), files.findings)


def read_edition(path: str | Path) -> EditionFiles:
    """Read every file of an edition, and note what is wrong with them.

    Raises `EditionError` only where there is no edition to speak of: no manifest that can be read, or a broken seal.
    """
    with _unreadable(path):
        folder = edition_folder(Path(path))
        check_seal(folder)
        manifest = read_manifest(folder)
        findings: list[Finding] = []
        tables = read_tables(manifest, folder, findings)
        findings.extend(check_tables(tables))
        return EditionFiles(folder, manifest, tables, open_addresses(tables, folder, findings), findings)


@contextmanager
def _unreadable(path: str | Path) -> Iterator[None]:
    """What the operating system refuses to read is a fault like others."""
    try:
        yield
    except OSError as error:
        message = f"it cannot be read: {error.strerror}."
        raise EditionError(str(path), [Finding("error", "file", str(error.filename), message)]) from None


def _assemble(tables: EditionTables, addresses: Matcher | None, hashed: str, warnings: Iterable[Finding]) -> Edition:
    manifest, areas = tables.manifest, tables.areas
    offices = _records(tables.offices)
    surroundings = Surroundings(territory_of(manifest, areas.values()))

    def index(kind: AreaKind) -> AreaIndex:
        return AreaIndex((area for area in areas.values() if area.kind == kind), manifest.metric_crs)

    return Edition(
        manifest=manifest,
        fingerprint=hashed,
        warnings=tuple(warnings),
        areas=areas,
        posts=_posts(tables),
        services=_grouped((one.area_id, one.service) for one in _records(tables.services)),
        projects=_grouped((one.area_id, one.project) for one in _records(tables.projects)),
        serving_offices=_grouped((area_id, one) for one in offices for area_id in one.district_ids),
        timetables=_timetables(tables),
        overrides=_grouped((one.address_id, one) for one in _records(tables.overrides)),
        addresses=addresses,
        neighbourhoods=index(AreaKind.NEIGHBOURHOOD),
        special_areas=index(AreaKind.SPECIAL_AREA),
        city=index(AreaKind.CITY),
        offices=OfficeIndex(offices, surroundings.box),
        surroundings=surroundings,
        walking=_walking(tables, offices),
    )


def _walking(tables: EditionTables, offices: tuple[Office, ...]) -> Walking | None:
    """The paths with the offices beside them, in the metric CRS; nothing is made of them yet."""
    if tables.paths is None:
        return None
    degrees = np.array([(office.lon, office.lat) for office in offices], dtype=np.float64).reshape(-1, 2)
    xs, ys = reference_system(tables.manifest.metric_crs).from_lonlat(*degrees.T)
    return Walking(paths_of(tables.paths.geometry.to_numpy()), xs, ys)


def _posts(tables: EditionTables) -> Posts:
    manifest = tables.manifest
    contact = manifest.contact
    return Posts(
        managers={one.id: one for one in _records(tables.managers)},
        assignments=_grouped((one.area_id, one) for one in _records(tables.assignments)),
        main_role=manifest.manager_role,
        city_id=manifest.city_id,
        service=Contact(contact.name, contact.email, contact.phone, "service"),
    )


def _timetables(tables: EditionTables) -> dict[str, Timetable]:
    closing_days = _records(tables.closing_days)
    return {
        office.id: timetable(
            office.opening_hours,
            [day.date for day in closing_days if day.office_id in (None, office.id)],
            timezone=tables.manifest.timezone,
            country=tables.manifest.country,
            lon=office.lon,
            lat=office.lat,
        )
        for office in _records(tables.offices)
        if office.opening_hours
    }


def territory_of(manifest: Manifest, areas: Iterable[Area]) -> Territory:
    """The box around the city, a little widened because edges that are straight in one CRS bend in another."""
    west, south, east, north = shapely.total_bounds([area.geometry for area in areas])
    xs, ys = np.meshgrid(np.linspace(west, east, 25), np.linspace(south, north, 25))
    lons, lats = reference_system(manifest.metric_crs).to_lonlat(xs.ravel(), ys.ravel())
    box = (lons.min() - SLACK, lats.min() - SLACK, lons.max() + SLACK, lats.max() + SLACK)
    return Territory(manifest.city, (box[0], box[1], box[2], box[3]), manifest.metric_crs)


def _records(table: Table[Record]) -> tuple[Record, ...]:
    return tuple(row.record for row in table.rows)


def _grouped(pairs: Iterable[tuple[str, Value]]) -> dict[str, tuple[Value, ...]]:
    groups: defaultdict[str, list[Value]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return {key: tuple(values) for key, values in groups.items()}
