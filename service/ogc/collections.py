"""The four collections: what their features are, and which properties these have."""

from __future__ import annotations

from typing import Literal, NamedTuple

from geo_lookup.model import AreaKind


class Property(NamedTuple):
    """A property of features; one that is a `list` holds texts with semicolons between them."""

    name: str
    title: str
    type: Literal["string", "boolean", "list"] = "string"


class Collection(NamedTuple):
    """A collection by its id; `kind` is that of its areas, None for the offices."""

    id: str
    title: str
    description: str
    kind: AreaKind | None
    properties: tuple[Property, ...]

    @property
    def lists(self) -> frozenset[str]:
        """The names of the properties that hold several texts."""
        return frozenset(one.name for one in self.properties if one.type == "list")

    @property
    def geometry(self) -> str:
        """What the shape of a feature is, as OGC's schemas have it."""
        return "point" if self.kind is None else "multipolygon"


_ITSELF = (Property("id", "The id, unique over all kinds of area"), Property("name", "The name"))
_DISTRICT = (Property("district_id", "The district that it lies in"), Property("district", "Its name"))
_ANSWERS = (
    Property("manager_id", "The manager in charge"),
    Property("manager", "The manager's name"),
    Property("manager_email", "The manager's public e-mail address"),
    Property("manager_phone", "The manager's public telephone number"),
    Property("vacant", "Whether nobody is in charge", "boolean"),
    Property("contact", "Whom to turn to: the manager, the cover of a vacancy, or the city's service"),
    Property("contact_email", "The contact's e-mail address"),
    Property("contact_phone", "The contact's telephone number"),
    Property("contact_reason", "Why the contact is the one: manager, cover or service"),
    Property("office_id", "The office that serves the area"),
    Property("office", "The office's name"),
)
_EDITION = (Property("edition", "The edition that this is of"),)
_OFFICE = (
    Property("id", "The id of the office"),
    Property("name", "The name"),
    Property("kind", "What kind of office it is"),
    Property("address", "The address"),
    Property("opening_hours", "When it is open, in OpenStreetMap's syntax"),
    Property("phone", "The telephone number"),
    Property("email", "The e-mail address"),
    Property("district_ids", "The areas that it serves", "list"),
    Property("districts", "Their names", "list"),
)

COLLECTIONS = {
    one.id: one
    for one in (
        Collection(
            "neighbourhoods",
            "Neighbourhoods",
            "Neighbourhoods (wijken) with the manager in charge, the contact and the office that serves them.",
            AreaKind.NEIGHBOURHOOD,
            (*_ITSELF, *_DISTRICT, *_ANSWERS, *_EDITION),
        ),
        Collection(
            "districts",
            "Districts",
            "Districts (stadsdelen) with the manager in charge, the contact and the office that serves them.",
            AreaKind.DISTRICT,
            (*_ITSELF, *_ANSWERS, *_EDITION),
        ),
        Collection(
            "special-areas",
            "Special areas",
            "Areas with a manager of their own inside or across neighbourhoods. "
            "What differs between the districts that one lies in is left empty.",
            AreaKind.SPECIAL_AREA,
            (*_ITSELF, *_DISTRICT, *_ANSWERS, *_EDITION),
        ),
        Collection(
            "offices",
            "Offices",
            "Offices where residents are received, with the areas that they serve.",
            None,
            (*_OFFICE, *_EDITION),
        ),
    )
}
"""The collections by their ids, in the order in which they are listed."""
