"""What a GIS shows beside a shape: the attributes of a whole area and of an office on a day.

A look-up answers for a point, a row of a layer for a whole area. So an area has what a look-up answers at all of
its points that lie in no area more particular, and nothing where these differ, as in a special area without a manager
of its own that lies in two districts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import TypeVar

import shapely

from geo_lookup.cell_points import OUTSIDE
from geo_lookup.edition import Edition
from geo_lookup.lookup import Decision, decide
from geo_lookup.model import Area, AreaKind, Office
from geo_lookup.place_index import Place

SHARED_GROUND = 1.0
"""Square metres from which on two areas share ground, and not only a border."""

Attributes = dict[str, str | bool | None]
"""By their names. Several texts in one stand with semicolons between them."""

Shared = TypeVar("Shared")


def area_attributes(edition: Edition, kind: AreaKind, on: date) -> list[tuple[Area, Attributes]]:
    """The areas of a kind, ordered by id: who answers for each on a day, in the main role, and which office serves it.

    `vacant` tells that nobody is in charge. Then the contact is the cover or the city's service, as `contact_reason`
    says. A neighbourhood and a special area name the district that they lie in.
    """
    places = _PLACES[kind](edition)
    return [
        (area, _attributes(edition, area, [decide(edition, place, on) for place in within])) for area, within in places
    ]


def office_attributes(edition: Edition, office: Office) -> Attributes:
    """An office's own fields, and the areas that it serves by their ids and their names."""
    return {
        "id": office.id,
        "name": office.name,
        "kind": office.kind,
        "address": office.address,
        "opening_hours": office.opening_hours,
        "phone": office.phone,
        "email": office.email,
        "district_ids": _together(office.district_ids),
        "districts": _together(edition.areas[area_id].name for area_id in office.district_ids),
        "edition": edition.manifest.id,
    }


def shares_ground(area: Area, other: Area) -> bool:
    """Whether two areas share ground, not only a border."""
    if not shapely.intersects(area.geometry, other.geometry):
        return False
    return bool(shapely.area(shapely.intersection(area.geometry, other.geometry)) > SHARED_GROUND)


def _attributes(edition: Edition, area: Area, decisions: Sequence[Decision]) -> Attributes:
    manager = _same(decisions, lambda one: one.manager)
    contact = _same(decisions, lambda one: one.contact)
    office = _same(decisions, lambda one: one.assigned_office)
    district = _same(decisions, lambda one: one.district)
    within = {"district_id": _told(district, "id"), "district": _told(district, "name")}
    return {
        "id": area.id,
        "name": area.name,
        **({} if area.kind is AreaKind.DISTRICT else within),
        "manager_id": _told(manager, "id"),
        "manager": _told(manager, "name"),
        "manager_email": _told(manager, "email"),
        "manager_phone": _told(manager, "phone"),
        "vacant": all(one.manager is None for one in decisions),
        "contact": _told(contact, "name"),
        "contact_email": _told(contact, "email"),
        "contact_phone": _told(contact, "phone"),
        "contact_reason": _told(contact, "reason"),
        "office_id": _told(office, "id"),
        "office": _told(office, "name"),
        "edition": edition.manifest.id,
    }


def _in_neighbourhoods(edition: Edition) -> Iterator[tuple[Area, list[Place]]]:
    for position, area in enumerate(edition.neighbourhoods.areas):
        yield area, [Place(position, OUTSIDE, True)]


def _in_districts(edition: Edition) -> Iterator[tuple[Area, list[Place]]]:
    for area in edition.areas_of(AreaKind.DISTRICT):
        yield area, [Place(OUTSIDE, OUTSIDE, True, override=area.id)]


def _in_special_areas(edition: Edition) -> Iterator[tuple[Area, list[Place]]]:
    for special, area in enumerate(edition.special_areas.areas):
        below = [at for at, other in enumerate(edition.neighbourhoods.areas) if shares_ground(area, other)]
        yield area, [Place(at, special, True) for at in below or [OUTSIDE]]


_PLACES: dict[AreaKind, Callable[[Edition], Iterator[tuple[Area, list[Place]]]]] = {
    AreaKind.NEIGHBOURHOOD: _in_neighbourhoods,
    AreaKind.DISTRICT: _in_districts,
    AreaKind.SPECIAL_AREA: _in_special_areas,
}
"""The places of which each area of a kind consists, but for what lies in more particular areas."""


def _same(decisions: Iterable[Decision], told: Callable[[Decision], Shared]) -> Shared | None:
    first, *others = map(told, decisions)
    return first if all(other == first for other in others) else None


def _told(one: object, field: str) -> str | None:
    text: str | None = None if one is None else getattr(one, field)
    return text


def _together(texts: Iterable[str]) -> str | None:
    return ";".join(texts) or None
