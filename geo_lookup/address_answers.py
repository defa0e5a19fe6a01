"""Addresses into answers: who answers for each, and whether those that a text may mean agree.

Every level of the answer counts: addresses agree when their neighbourhood, district, special area, people, offices and
services are the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from geo_lookup.addresses.houses import Precision
from geo_lookup.addresses.matching import Candidate as MatchedAddress
from geo_lookup.addresses.matching import TextMatch
from geo_lookup.answer import AddressReference, Candidate, Point, Reference, made
from geo_lookup.coordinates import Located, locate
from geo_lookup.edition import Edition
from geo_lookup.lookup import Decision, decide, places
from geo_lookup.place_index import Place

MOST_CANDIDATES = 24
"""How many candidates an answer lists."""


class Placed(NamedTuple):
    """A matched address with its point, its place, and what follows from it on the day."""

    matched: MatchedAddress
    located: Located[float]
    place: Place
    decision: Decision


def place_addresses(edition: Edition, matched: Sequence[MatchedAddress], on: date) -> list[Placed]:
    """Find the place of each address and what holds there on a day; overrides go before the place it lies in."""
    if edition.addresses is None or not matched:
        return []
    xs = np.array([one.address.x for one in matched])
    ys = np.array([one.address.y for one in matched])
    points = locate(xs, ys, edition.addresses.book.crs, edition.territory)
    occurring = places(edition, points.x, points.y)
    decisions: dict[Place, Decision] = {}
    placed = []
    for position, one in enumerate(matched):
        where = occurring[position]._replace(override=override_of(edition, one.address.id, on))
        if where not in decisions:
            decisions[where] = decide(edition, where, on)
        located = Located(*(float(column[position]) for column in points))
        placed.append(Placed(one, located, where, decisions[where]))
    return placed


def override_of(edition: Edition, address_id: str, on: date) -> str | None:
    """The id of the area that answers for an address on a day instead of the one it lies in; None where none does."""
    return next((one.area_id for one in edition.overrides.get(address_id, ()) if one.holds(on)), None)


def agreeing(placed: Iterable[Placed]) -> list[list[Placed]]:
    """Addresses in groups that have the same answer, in the order in which they come."""
    groups: dict[Decision, list[Placed]] = {}
    for one in placed:
        groups.setdefault(one.decision, []).append(one)
    return list(groups.values())


def within_areas(placed: list[Placed], areas: frozenset[str], *, whole_streets: bool) -> list[Placed]:
    """Those of the addresses that lie in areas which the text named; all of them where none does.

    Of `whole_streets` none is cut short: a street is in if one of its addresses is.
    """
    named = [one for one in placed if areas & {area.id for area in _areas(one.decision)}]
    if whole_streets:
        streets = {one.matched.address.street.number for one in named}
        named = [one for one in placed if one.matched.address.street.number in streets]
    return named or placed


def _areas(decision: Decision) -> Iterable[Reference]:
    return filter(None, (decision.neighbourhood, decision.district, decision.special_area))


def describe_address(matched: MatchedAddress, match: TextMatch, language: str) -> AddressReference:
    """The address that answers; a street is called by its name, a house that was asked without a box by its number."""
    address, precision = matched.address, matched.precision
    if precision is Precision.STREET:
        return AddressReference(None, address.street.label(language), str(precision))
    asked_box = match.asked is None or bool(match.asked.box) or bool(match.asked.suffix)
    with_box = asked_box and precision is not Precision.BOX_DROPPED
    return AddressReference(address.id, address.label(language, with_box=with_box), str(precision))


def describe_candidates(groups: Sequence[Sequence[Placed]], language: str) -> tuple[Candidate, ...]:
    """One candidate for each group of addresses; a part of a street says which numbers it is."""
    by_street: dict[int, list[Placed]] = {}
    for group in groups:
        for one in group:
            by_street.setdefault(one.matched.address.street.number, []).append(one)
    return tuple(_candidate(group, by_street, language) for group in groups[:MOST_CANDIDATES])


def _candidate(group: Sequence[Placed], by_street: Mapping[int, list[Placed]], language: str) -> Candidate:
    first = group[0]
    address, precision, score = first.matched
    if precision is Precision.STREET:
        numbers = number_ranges(group, by_street[address.street.number])
        reference = AddressReference(address.id, address.street.label(language), str(precision))
    else:
        numbers = address.house_number
        reference = AddressReference(address.id, address.label(language, with_box=len(group) == 1), str(precision))
    decision = first.decision
    return Candidate(
        address=reference,
        numbers=numbers,
        point=point_of(first.located),
        outcome=decision.outcome,
        neighbourhood=decision.neighbourhood,
        district=decision.district,
        special_area=decision.special_area,
        managers=decision.managers,
        contact=decision.contact,
        score=score,
    )


def number_ranges(group: Iterable[Placed], street: Iterable[Placed]) -> str:
    """The numbers of a part of a street as ranges, each on one side: '1-57, 2-44'.

    A range ends where a number on the same side of the street belongs to another part.
    """
    mine = {one.matched.address.number.number for one in group}
    every = sorted({one.matched.address.number.number for one in street})
    told = []
    for side in (1, 0):
        begun: list[int] = []
        for number in [*(one for one in every if one % 2 == side), None]:
            if number in mine:
                begun.append(number or 0)
            elif begun:
                told.append(f"{begun[0]}-{begun[-1]}" if len(begun) > 1 else str(begun[0]))
                begun = []
    return ", ".join(told)


def point_of(located: Located[float]) -> Point:
    """A point as an answer states it."""
    return made(Point, lon=round(located.lon, 9), lat=round(located.lat, 9))
