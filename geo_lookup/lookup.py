"""From a point to everything that is known about it: one way for one point, for a frame and for a server.

A look-up has two halves. Where the point lies (`Place`) takes the indexes; what follows from that on a day
(`Decision`) does not depend on the point any more, only on the areas, and so is the same for all points
between the same borders.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from geo_lookup.answer import (
    Contact,
    ManagerInCharge,
    NearbyOffice,
    Outcome,
    Reference,
    changed,
)
from geo_lookup.area_index import Metres
from geo_lookup.cell_points import OUTSIDE
from geo_lookup.edition import Edition
from geo_lookup.model import Area, AreaKind
from geo_lookup.opening_hours import open_state
from geo_lookup.place_index import Place
from geo_lookup.resolution import resolve
from geo_lookup.rounding import rounded

MOST_DECISIONS = 100_000
"""How many decisions are kept: all places of a region on some days."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows for every point of a place on a day; `manager` is the one in the main role.

    `said` is where `summary.summarise` keeps the sentence that says it, by language.
    """

    outcome: Outcome
    neighbourhood: Reference | None
    district: Reference | None
    special_area: Reference | None
    managers: tuple[ManagerInCharge, ...]
    manager: ManagerInCharge | None
    contact: Contact | None
    assigned_office: Reference | None
    services: tuple[str, ...]
    projects: tuple[str, ...]
    said: dict[str, str] = field(default_factory=dict, compare=False, repr=False)


def places(edition: Edition, xs: Metres, ys: Metres) -> list[Place]:
    """Find where points of the metric CRS lie."""
    return [edition.places.place(number) for number in edition.places.numbers(xs, ys).tolist()]


def decide(edition: Edition, where: Place, on: date) -> Decision:
    """Draw everything that follows from a place on a day; what was drawn lately is kept."""
    known = edition.decisions.get((where, on))
    if known is None:
        if len(edition.decisions) >= MOST_DECISIONS:
            edition.decisions.clear()
        known = edition.decisions[where, on] = _decide(edition, where, on)
    return known


def _decide(edition: Edition, where: Place, on: date) -> Decision:
    neighbourhood, special_area, district = _areas(edition, where)
    inside = where.in_city or special_area is not None or where.override is not None
    areas = [where.override] if where.override else []
    areas += [area.id for area in (special_area, neighbourhood, district) if area and area.id != where.override]
    areas += [edition.manifest.city_id] if inside else []
    responsibility = resolve(areas, edition.posts, on)
    if neighbourhood is None and special_area is None:
        outcome = Outcome.UNCOVERED if inside else Outcome.OUTSIDE
    else:
        outcome = Outcome.VACANT if responsibility.manager is None else Outcome.ASSIGNED
    serving = [office for area_id in areas for office in edition.serving_offices.get(area_id, ())]
    return Decision(
        outcome=outcome,
        neighbourhood=_reference(neighbourhood),
        district=_reference(district),
        special_area=_reference(special_area),
        managers=responsibility.managers,
        manager=responsibility.manager,
        contact=responsibility.contact if inside else None,
        assigned_office=Reference(serving[0].id, serving[0].name) if serving else None,
        services=_together(areas, edition.services),
        projects=_together(areas, edition.projects),
    )


def _areas(edition: Edition, where: Place) -> tuple[Area | None, Area | None, Area | None]:
    """The neighbourhood, special area and district of a place; an override takes the place of its own kind."""
    neighbourhood = _at(edition.neighbourhoods.areas, where.neighbourhood)
    special_area = _at(edition.special_areas.areas, where.special_area)
    override = edition.areas[where.override] if where.override else None
    if override is not None:
        special_area = override if override.kind is AreaKind.SPECIAL_AREA else None
        neighbourhood = override if override.kind is AreaKind.NEIGHBOURHOOD else neighbourhood
    district = edition.areas[neighbourhood.parent_id] if neighbourhood and neighbourhood.parent_id else None
    if override is not None and override.kind is AreaKind.DISTRICT:
        district = override
    return neighbourhood, special_area, district


def describe_offices(edition: Edition, lon: float, lat: float, count: int, now: datetime) -> tuple[NearbyOffice, ...]:
    """Describe the `count` offices nearest to a point in degrees, and whether they are open at the moment `now`.

    Of offices equally far the first in the table comes first.
    """
    moment = now.astimezone(UTC)  # moments of two time zones take long to compare
    described = edition.described_offices
    nearest = []
    for position, metres in edition.offices.nearest_few(lon, lat, count):
        known = described.get(position)
        if known is None or not known[0] <= moment < known[1]:
            known = described[position] = _describe_office(edition, position, moment)
        nearest.append(changed(known[2], distance_m=rounded(metres)))
    return tuple(nearest)


def _describe_office(edition: Edition, position: int, moment: datetime) -> tuple[datetime, datetime, NearbyOffice]:
    """An office without its distance, and from when to when it is as described."""
    office = edition.offices.offices[position]
    state = open_state(edition.timetables.get(office.id), moment)
    described = NearbyOffice(
        id=office.id,
        name=office.name,
        kind=office.kind,
        address=office.address,
        lon=office.lon,
        lat=office.lat,
        distance_m=math.nan,
        open_now=state.open_now,
        opening_hours=office.opening_hours,
        next_change=state.next_change,
    )
    return state.since, state.until, described


def _at(areas: tuple[Area, ...], position: int) -> Area | None:
    return None if position == OUTSIDE else areas[position]


def _reference(area: Area | None) -> Reference | None:
    return None if area is None else Reference(area.id, area.name)


def _together(areas: Iterable[str], table: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """What is listed for any of the areas, the most particular first, each thing once."""
    return tuple(dict.fromkeys(item for area_id in areas for item in table.get(area_id, ())))
