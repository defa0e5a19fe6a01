"""What comes out: an answer and its parts, in the shape in which it is sent.

Names are those of the JSON. What does not apply is None or empty, never left out. Nothing here has slots: `made` makes
it at once so, and orjson writes it in a third of the time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal, ParamSpec, TypeVar

from geo_lookup.answer_card import answer_card

Fields = ParamSpec("Fields")
Part = TypeVar("Part")


class Outcome(StrEnum):
    """What a look-up comes to. None of these is an error."""

    ASSIGNED = "assigned"
    """There is a manager in the main role."""

    VACANT = "vacant"
    """There is none; the contact is the cover, or else the city's service."""

    AMBIGUOUS = "ambiguous"
    """A text fits several addresses with different answers."""

    OUTSIDE = "outside"
    """The place is not in the city."""

    UNCOVERED = "uncovered"
    """The place is in the city, but in a gap between its neighbourhoods."""

    UNKNOWN_ADDRESS = "unknown_address"
    """The edition has no such address."""


@dataclass(frozen=True)
class Point:
    """Longitude and latitude in degrees on WGS 84."""

    lon: float
    lat: float


@dataclass(frozen=True)
class Reference:
    """Something of the edition, by its id and its name."""

    id: str
    name: str


@dataclass(frozen=True)
class AddressReference:
    """The address that was understood: its id in the register, as it is written, and how precisely it was met.

    A street alone has no id. For an address elsewhere `label` is the municipality, and `precision` None. The
    precisions are those of `addresses.houses.Precision`.
    """

    id: str | None
    label: str
    precision: str | None


@dataclass(frozen=True)
class ManagerInCharge:
    """A manager who answers for the point, in a role."""

    id: str
    name: str
    role: str
    email: str | None
    phone: str | None


@dataclass(frozen=True)
class Contact:
    """Whom to turn to: the manager, the one who covers a vacancy, or the city's service."""

    name: str
    email: str | None
    phone: str | None
    reason: Literal["manager", "cover", "service"]


@dataclass(frozen=True)
class NearbyOffice:
    """An office with its distance in true metres, and whether it is open at the moment of asking.

    `open_now` is None where the hours are not known, or where being open depends on something that the
    hours say in words. `next_change` is None where nothing changes any more.
    """

    id: str
    name: str
    kind: str
    address: str | None
    lon: float
    lat: float
    distance_m: float
    open_now: bool | None
    opening_hours: str | None
    next_change: datetime | None


@dataclass(frozen=True)
class Offices:
    """The office that serves the area, and the offices nearest to the point, nearest first."""

    assigned: Reference | None
    nearest: tuple[NearbyOffice, ...]


@dataclass(frozen=True)
class Neighbour:
    """A neighbourhood on the other side of a nearby border, and who answers for it."""

    neighbourhood: Reference
    district: Reference | None
    managers: tuple[ManagerInCharge, ...]


@dataclass(frozen=True)
class Border:
    """How near the point lies to a border of a neighbourhood.

    `distance_m` is None where the metric CRS cannot measure. `uncertain` says that it is within the edition's
    margin. `same_manager` says whether all `neighbours` have the manager of the point itself; None where
    there is no neighbour.
    """

    distance_m: float | None
    uncertain: bool
    same_manager: bool | None
    neighbours: tuple[Neighbour, ...]


@dataclass(frozen=True)
class Candidate:
    """One of the addresses that a text may mean, and what differs from one to the other.

    A candidate may stand for a part of a street: `numbers` then are its house numbers, each range on one side of the
    street, and the id and the point are those of the first of them. `score` runs from 0 to 1.
    """

    address: AddressReference
    numbers: str | None
    point: Point
    outcome: Outcome
    neighbourhood: Reference | None
    district: Reference | None
    special_area: Reference | None
    managers: tuple[ManagerInCharge, ...]
    contact: Contact | None
    score: float


@dataclass(frozen=True)
class EditionReference:
    """The edition that answered."""

    id: str
    city: str
    demo: bool
    attribution: str


@dataclass(frozen=True, repr=False)
class Answer:
    """Everything that is known about a point, or an address, on a day.

    `on` is the day that is answered for. `managers` are all who answer for the place, the one in the main role first,
    those of the whole city last; `contact` is whom to turn to. `services` and `projects` are those of the place and
    of whatever it belongs to. `border` says how near another neighbourhood is. `summary` is all of it in a sentence,
    to be read aloud.

    Where a text may mean several addresses with different answers (`ambiguous`), `candidates` lists them, and only
    what is the same for all of them is filled in. For an address that is not known (`unknown_address`) they are what
    may have been meant. A notebook shows it as a card.
    """

    outcome: Outcome
    on: date
    point: Point | None
    address: AddressReference | None
    neighbourhood: Reference | None
    district: Reference | None
    special_area: Reference | None
    managers: tuple[ManagerInCharge, ...]
    contact: Contact | None
    offices: Offices
    services: tuple[str, ...]
    projects: tuple[str, ...]
    border: Border | None
    candidates: tuple[Candidate, ...]
    summary: str
    edition: EditionReference

    def to_dict(self) -> dict[str, Any]:
        """The answer as plain JSON values: dates and moments in ISO 8601, tuples as lists."""
        return asdict(self, dict_factory=plain)

    def __repr__(self) -> str:
        parts = [self.address.label] if self.address else []
        parts += [area.name for area in (self.special_area, self.neighbourhood, self.district) if area]
        parts += [f"{self.contact.name} ({self.contact.reason})"] if self.contact else []
        parts += [f"{len(self.candidates)} candidates"] if self.candidates else []
        told = "; ".join(parts)
        return f"<Answer {self.outcome.value} on {self.on}{': ' if told else ''}{told}>"

    def _repr_html_(self) -> str:
        """The answer as Jupyter shows it."""
        return answer_card(self.to_dict())


@dataclass(frozen=True)
class Suggestion:
    """A street, or an address in it, that a text which is being typed may become.

    `lon` and `lat` are in degrees; those of a street are of the address in its middle, and `accuracy_m` tells how far
    the others lie from it. `match` is `exact` where the text is it already, `beginning` where it begins so, `similar`
    where it is only like it. `score` runs from 0 to 1.
    """

    type: Literal["street", "house"]
    label: str
    street: str
    street_id: str
    housenumber: str | None
    box: str | None
    postcode: str | None
    city: str | None
    address_id: str | None
    lon: float
    lat: float
    accuracy_m: int
    match: Literal["exact", "beginning", "similar"]
    score: float


def made(kind: Callable[Fields, Part], /, *_: Fields.args, **fields: Fields.kwargs) -> Part:
    """Make an answer or a part of one, of all of its fields by name and in their order.

    It is what calling the class makes, in a third of the time: there each field is set past the lock of a frozen class.
    That pays where there are many of them.
    """
    return _of_fields(kind, fields)


def changed(part: Part, /, **fields: object) -> Part:
    """A part of an answer with other values in some of its fields: what `dataclasses.replace` makes, as quickly."""
    values = vars(part).copy()
    values.update(fields)
    return _of_fields(type(part), values)


def _of_fields(kind: Callable[..., Part], fields: dict[str, Any]) -> Part:
    part: Part = object.__new__(kind)  # type: ignore[arg-type]  # it is a class, which only mypy cannot know
    object.__setattr__(part, "__dict__", fields)
    return part


def plain(items: list[tuple[str, Any]]) -> dict[str, Any]:
    """The fields of a dataclass as JSON values; what `asdict` takes as its `dict_factory`."""
    return {name: _plain_value(value) for name, value in items}


def _plain_value(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    return list(value) if isinstance(value, tuple) else value
