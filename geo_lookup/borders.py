"""How near a point lies to a border, and what would hold on the other side of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import shapely

from geo_lookup.answer import Border, Neighbour, Reference, made
from geo_lookup.cell_points import OUTSIDE
from geo_lookup.edition import Edition
from geo_lookup.lookup import Decision, decide
from geo_lookup.place_index import Place

SLIVER_M2 = 0.01
"""What is smaller than this comes of computing with borders, not of drawing them."""

BEYOND_M = 1.0
"""How much farther than the margin is looked, so that a border just within it has ground behind it."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A border within the margin: its distance in metres, what lies beyond it, and how the contact differs there.

    `same` and `other` tell whether somebody else is to be called in a neighbourhood; `special` is a special area where
    that is so, `leaving` the border of the one that the point lies in; `city` is the edge of the city. `beyond` is what
    may hold there, the usual answer first; nothing beyond the city.
    """

    kind: Literal["same", "other", "special", "leaving", "city"]
    distance_m: float
    name: str
    beyond: tuple[Decision, ...] = ()


def describe_border(
    edition: Edition, x: float, y: float, here: Decision, where: Place, on: date
) -> tuple[Border, list[Doubt]]:
    """Tell how near a point of the metric CRS lies to a border, and who answers on the other side.

    Neighbours are ordered by id, doubts by distance. Two vacancies count as the same manager where they share
    a contact.
    """
    distance = edition.neighbourhoods.border_distance(x, y)
    if distance != distance:
        return Border(None, False, None, ()), []
    if where.override:  # somebody has decided for this address: no border nearby puts that in doubt
        return Border(distance, False, None, ()), []
    margin = edition.manifest.border_margin_m
    near = distance <= margin
    neighbours, same_manager, doubts = _beyond(edition, x, y, here, where, on, distance) if near else ((), None, [])
    border = made(Border, distance_m=distance, uncertain=near, same_manager=same_manager, neighbours=neighbours)
    doubts += _doubts_of_special_areas(edition, x, y, here, where, on)
    inside = where.neighbourhood != OUTSIDE and edition.inner_neighbourhoods[where.neighbourhood]
    if where.in_city and (near or not inside):
        edges = edition.city.nearby_borders(x, y, margin).values()
        doubts += [Doubt("city", edge, edition.manifest.city) for edge in sorted(edges)[:1]]
    if doubts:
        doubts.sort(key=lambda doubt: doubt.distance_m)
    return border, doubts


def _beyond(
    edition: Edition, x: float, y: float, here: Decision, where: Place, on: date, distance: float
) -> tuple[tuple[Neighbour, ...], bool | None, list[Doubt]]:
    """The neighbours of a point so near a border, whether they have its manager, and the doubts there are for each."""
    margin = edition.manifest.border_margin_m
    nearby = edition.neighbourhoods.nearby_borders(x, y, margin)
    if nearby.keys() <= {where.neighbourhood}:
        # Either nothing is beyond, or where areas overlap one whose own border is farther away.
        nearby = dict.fromkeys(edition.neighbourhoods.near(x, y, margin), distance)
    neighbours: list[Neighbour] = []
    doubts: list[Doubt] = []
    same_manager = True
    for position, metres in nearby.items():
        if position != where.neighbourhood:
            area = edition.neighbourhoods.areas[position]
            across = _across(edition, x, y, position, on)
            neighbours.append(Neighbour(Reference(area.id, area.name), across[0].district, across[0].managers))
            same_manager = same_manager and all(_same(here, one) for one in across)
            kind: Literal["same", "other"] = "same" if all(_same_contact(here, one) for one in across) else "other"
            doubts.append(Doubt(kind, metres, area.name, tuple(across)))
    return tuple(neighbours), same_manager if doubts else None, doubts


def _across(edition: Edition, x: float, y: float, position: int, on: date) -> list[Decision]:
    """What may hold in a neighbourhood near a point, the usual answer first.

    A special area that covers all of the ground there answers alone; where it covers a part, both may.
    """
    margin = edition.manifest.border_margin_m
    special_areas = edition.special_areas.near(x, y, margin + BEYOND_M)
    holds: list[Place] = []
    if special_areas:
        disc = shapely.buffer(shapely.points((x, y)), margin + BEYOND_M)
        ground = shapely.intersection(edition.neighbourhoods.areas[position].geometry, disc)
        for special in special_areas:
            geometry = edition.special_areas.areas[special].geometry
            if shapely.area(shapely.intersection(ground, geometry)) > SLIVER_M2:
                holds.append(Place(position, special, in_city=True))
                ground = shapely.difference(ground, geometry)
        if holds and shapely.area(ground) <= SLIVER_M2:
            return [decide(edition, one, on) for one in holds]
    return [decide(edition, one, on) for one in (Place(position, OUTSIDE, in_city=True), *holds)]


def _doubts_of_special_areas(
    edition: Edition, x: float, y: float, here: Decision, where: Place, on: date
) -> list[Doubt]:
    """The borders of special areas beyond which the contact is another."""
    margin = edition.manifest.border_margin_m
    doubts: list[Doubt] = []
    for special, distance in edition.special_areas.nearby_borders(x, y, margin).items():
        leaving = special == where.special_area
        beyond = decide(edition, where._replace(special_area=OUTSIDE if leaving else special), on)
        if not _same_contact(here, beyond):
            name = edition.special_areas.areas[special].name
            doubts.append(Doubt("leaving" if leaving else "special", distance, name, (beyond,)))
    return doubts


def _same(one: Decision, other: Decision) -> bool:
    return (one.manager, one.contact) == (other.manager, other.contact)


def _same_contact(one: Decision, other: Decision) -> bool:
    """Whether the same person, or service, is to be called: one who stands in may be the manager next door."""
    called = [(who.name, who.phone, who.email) if who else None for who in (one.contact, other.contact)]
    return called[0] == called[1]
