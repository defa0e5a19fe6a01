"""The things an edition is made of: plain, frozen, without input or output.

Geometries are in the edition's metric CRS. Periods are half-open, [valid_from, valid_to); an end that is
None is open. Ids compare as text, and are unique over all kinds of area.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:  # shapely takes a tenth of a second, which whoever only imports geo_lookup does not wait for
    from shapely.geometry.base import BaseGeometry


class AreaKind(StrEnum):
    """The kinds of area, from the one a resident names to the city as a whole."""

    NEIGHBOURHOOD = "neighbourhood"
    DISTRICT = "district"
    SPECIAL_AREA = "special_area"
    CITY = "city"


@dataclass(frozen=True, slots=True)
class Area:
    """A neighbourhood, a district, a special area or the city.

    `geometry` is a polygon or a multipolygon; None only while faults are gathered, never in an edition.
    """

    id: str
    name: str
    kind: AreaKind
    parent_id: str | None
    geometry: BaseGeometry | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Manager:
    """A person who can be put in charge. `languages` are the ones the person can be spoken to in."""

    id: str
    name: str
    email: str | None = None
    phone: str | None = None
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Days from `valid_from` up to, but without, `valid_to`."""

    valid_from: date | None = None
    valid_to: date | None = None

    def holds(self, on: date) -> bool:
        """Tell whether the day lies in the period."""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on < self.valid_to)

    def overlaps(self, other: Period) -> bool:
        """Tell whether a day lies in both periods."""
        begins = max(self.valid_from or date.min, other.valid_from or date.min)
        return begins < min(self.valid_to or date.max, other.valid_to or date.max)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment(Period):
    """A manager for an area and a role; without a manager it is a vacancy, which a cover may look after."""

    area_id: str
    role: str
    manager_id: str | None = field(default=None, metadata={"column": "required"})
    cover_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """A place where residents are received.

    `opening_hours` is written in the OpenStreetMap syntax, None where it is not known; `district_ids` are
    the areas it serves.
    """

    id: str
    name: str
    kind: str
    lon: float
    lat: float
    address: str | None = None
    opening_hours: str | None = None
    phone: str | None = None
    email: str | None = None
    district_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingDay:
    """A day on which one office, or every office, stays closed."""

    date: date
    office_id: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Something that is offered in an area."""

    area_id: str
    service: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A named project that runs in an area."""

    area_id: str
    project: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Override(Period):
    """One address for which another area answers than the one it lies in."""

    address_id: str
    area_id: str
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StreetAlias:
    """Another name for a street, such as the one it had before; `street` is its id or its name in the register."""

    street: str
    alias: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Something noticed in the files of an edition, with its place and how to mend it.

    `row` is the line of a text file as an editor shows it, or the position of a feature counted from 1. `shape` is
    where it lies, in the metric CRS, and `remedy` how to mend it, where the message does not say it already.
    """

    level: Literal["error", "warning"]
    rule: str
    file: str
    message: str
    row: int | None = None
    field: str | None = None
    remedy: str | None = None
    shape: BaseGeometry | None = None

    def __str__(self) -> str:
        row = None if self.row is None else f"row {self.row}"
        place = ", ".join(part for part in (self.file, row, self.field) if part)
        return f"{place}: {self.message}" + (f" {self.remedy}" if self.remedy else "")
