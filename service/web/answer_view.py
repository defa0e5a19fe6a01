"""What a page says beyond the answer itself: offices with the hours of a week, what to ask, plain text to copy."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from geo_lookup.address_answers import override_of
from geo_lookup.addresses.normalise import fold
from geo_lookup.answer import AddressReference, Answer, Contact, NearbyOffice, Outcome
from geo_lookup.borders import describe_border
from geo_lookup.crs import LONLAT
from geo_lookup.edition import Edition
from geo_lookup.lookup import decide, describe_offices
from geo_lookup.misreadings import read_point
from geo_lookup.model import Office
from geo_lookup.opening_hours import OpeningDay, opening_days
from geo_lookup.summary import USUAL_ROLE

Translate = Callable[[str], str]


FAR_M = 20_000
"""From here on an office is no help: whoever asks for a place so far outside is not told of ours."""


@dataclass(frozen=True, slots=True)
class DoubtView:
    """A border within so many whole metres, of a kind as in `borders.Doubt`, and who is to be called beyond it."""

    kind: str
    name: str
    metres: int
    contacts: tuple[Contact, ...]


@dataclass(frozen=True, slots=True)
class OfficeView:
    """An office near by, how it is reached, and its hours of the coming week; `assigned` serves the district."""

    near: NearbyOffice
    office: Office
    assigned: bool
    week: tuple[OpeningDay, ...]


def offices_of(answer: Answer, edition: Edition, now: datetime) -> list[OfficeView]:
    """The assigned office of an answer first, wherever it lies, then the nearest ones that the answer names."""
    if answer.point is None:
        return []
    assigned = answer.offices.assigned
    shown = {office.id for office in answer.offices.nearest} | ({assigned.id} if assigned else set())
    every = describe_offices(edition, answer.point.lon, answer.point.lat, len(edition.offices.offices), now)
    by_id = {office.id: office for office in edition.offices.offices}
    today = now.astimezone(edition.manifest.zone).date()
    views = []
    for near in every:
        if near.id in shown and (near.distance_m < FAR_M or answer.outcome is not Outcome.OUTSIDE):
            hours = edition.timetables.get(near.id)
            week = tuple(opening_days(hours, today)) if hours else ()
            views.append(OfficeView(near, by_id[near.id], assigned is not None and near.id == assigned.id, week))
    return sorted(views, key=lambda view: not view.assigned)  # the others stay in the order of their distance


def doubts_of(answer: Answer, edition: Edition) -> list[DoubtView]:
    """The borders within the margin, the nearest first, each with whom to call beyond it."""
    if answer.point is None:
        return []
    point = read_point(answer.point.lon, answer.point.lat, LONLAT, edition.territory)
    of_register = answer.address.id if answer.address else None
    override = override_of(edition, of_register, answer.on) if of_register else None
    where = edition.places.locate_one(point)._replace(override=override)
    _, doubts = describe_border(edition, point.x, point.y, decide(edition, where, answer.on), where, answer.on)
    return [
        DoubtView(
            kind=doubt.kind,
            name=doubt.name,
            metres=math.floor(doubt.distance_m) + 1,
            contacts=tuple(dict.fromkeys(one.contact for one in doubt.beyond if one.contact)),
        )
        for doubt in doubts
    ]


def question(answer: Answer, doubts: Sequence[DoubtView], typed: str | None, translate: Translate) -> str | None:
    """What to ask whoever wants to know, where the answer leaves a doubt; None where it leaves none.

    `typed` is the text that was understood: a street that is not called as it was typed is worth a question.
    """
    if answer.outcome is Outcome.AMBIGUOUS:
        street = answer.address is not None
        return translate("Which house number is it?") if street else translate("Which of these addresses is it?")
    if answer.outcome is Outcome.UNKNOWN_ADDRESS:
        if answer.candidates:
            return translate("Is it one of these?")
        return translate("How is the street spelt, and in which municipality does it lie?")
    here = answer.special_area or answer.neighbourhood
    others = [doubt.name for doubt in doubts if doubt.kind in ("other", "special")]
    if here and others:
        either = translate("or")
        places = f" {either} ".join(dict.fromkeys([here.name, *others]))
        return translate("On which side is the front door: {places}?").format(places=places)
    if here and any(doubt.kind == "leaving" for doubt in doubts):
        return translate("Does the front door lie in {place}?").format(place=here.name)
    if answer.address and answer.address.precision and not _as_typed(answer.address, typed):
        return translate("Is this the right address: {label}?").format(label=answer.address.label)
    return None


def _as_typed(address: AddressReference, typed: str | None) -> bool:
    """Whether an address was met precisely, and its street is called as it was typed."""
    if address.precision not in ("exact", "street"):
        return False
    named = set(fold(address.label.rpartition(",")[0] or address.label).split())
    return typed is None or named <= set(fold(typed).split())


def heading(answer: Answer, role: str, translate: Translate) -> str:
    """The heading over an answer: each outcome in words of its own."""
    city = answer.edition.city
    if answer.outcome is Outcome.AMBIGUOUS:
        return translate("Which one do you mean?")
    if answer.outcome is Outcome.OUTSIDE:
        if answer.address and answer.address.precision is None:
            return translate("In {place}, outside {city}").format(place=answer.address.label, city=city)
        return translate("Outside {city}").format(city=city)
    if answer.outcome is Outcome.UNCOVERED:
        return translate("In {city}, but in no neighbourhood").format(city=city)
    if answer.outcome is Outcome.UNKNOWN_ADDRESS:
        return translate("This address is not known")
    return translate("Your neighbourhood manager") if role == USUAL_ROLE else translate("Your contact")
