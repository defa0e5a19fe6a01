"""What a page says beyond the answer itself: offices with the hours of a week, what to ask, plain text to copy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from geo_lookup.answer import Answer, NearbyOffice, Outcome
from geo_lookup.edition import Edition
from geo_lookup.lookup import describe_offices
from geo_lookup.model import Office
from geo_lookup.opening_hours import OpeningDay, opening_days
from geo_lookup.summary import USUAL_ROLE

Translate = Callable[[str], str]


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
        if near.id in shown:
            hours = edition.timetables.get(near.id)
            week = tuple(opening_days(hours, today)) if hours else ()
            views.append(OfficeView(near, by_id[near.id], assigned is not None and near.id == assigned.id, week))
    return sorted(views, key=lambda view: not view.assigned)  # the others stay in the order of their distance


def question(answer: Answer, translate: Translate) -> str | None:
    """What to ask whoever wants to know, where the answer leaves a doubt; None where it leaves none."""
    if answer.outcome is Outcome.AMBIGUOUS:
        street = answer.address is not None
        return translate("Which house number is it?") if street else translate("Which of these addresses is it?")
    if answer.outcome is Outcome.UNKNOWN_ADDRESS:
        if answer.candidates:
            return translate("Is it one of these?")
        return translate("How is the street spelt, and in which municipality does it lie?")
    border = answer.border
    if border and border.uncertain and border.same_manager is False and answer.neighbourhood:
        names = [answer.neighbourhood.name, *(one.neighbourhood.name for one in border.neighbours)]
        either = translate("or")
        places = f" {either} ".join(dict.fromkeys(names))
        return translate("On which side is the front door: {places}?").format(places=places)
    if answer.address and answer.address.precision not in (None, "exact", "street"):
        return translate("Is this the right address: {label}?").format(label=answer.address.label)
    return None


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
