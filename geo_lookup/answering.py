"""From a question to its answer: a point, an address by its id, or a text, each by one way.

What a text means is decided by the addresses (`addresses.matching`), what follows from a place by `lookup`. Here the
two come together: several addresses with one answer are answered, with different ones they are listed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, NamedTuple, TypeVar

from geo_lookup.address_answers import (
    Placed,
    agreeing,
    describe_address,
    describe_candidates,
    place_addresses,
    point_of,
    within_areas,
)
from geo_lookup.addresses.houses import Precision
from geo_lookup.addresses.matching import Candidate as MatchedAddress
from geo_lookup.addresses.matching import Matcher, MatchKind, TextMatch
from geo_lookup.answer import AddressReference, Answer, Candidate, Offices, Outcome, made
from geo_lookup.borders import describe_border
from geo_lookup.coordinates import Located
from geo_lookup.coordinates_text import read_coordinates
from geo_lookup.edition import Edition
from geo_lookup.errors import RequestError
from geo_lookup.lookup import Decision, decide, describe_offices
from geo_lookup.misreadings import read_point
from geo_lookup.place_index import Place
from geo_lookup.summary import summarise, summarise_choice, summarise_elsewhere, summarise_unknown

Part = TypeVar("Part")


class Circumstances(NamedTuple):
    """The day to answer for, how many offices to name, the language of the summary, and the present moment."""

    on: date
    offices: int
    language: str
    now: datetime


def answer_point(edition: Edition, located: Located[float], asked: Circumstances) -> Answer:
    """Answer for a point."""
    where = edition.places.locate_one(located)
    return _answer_place(edition, located, where, decide(edition, where, asked.on), None, asked)


def answer_address(edition: Edition, address_id: str, asked: Circumstances) -> Answer:
    """Answer for an address of the register by its id; `unknown_address` where there is none that is called so."""
    address = matcher_of(edition).book.by_id(address_id)
    if address is None:
        return _unknown(edition, TextMatch(MatchKind.NOTHING), asked)
    matched = MatchedAddress(address, Precision.EXACT, 1.0)
    return _answer_placed(
        edition, place_addresses(edition, [matched], asked.on)[0], TextMatch(MatchKind.ADDRESS), asked
    )


def answer_text(edition: Edition, text: str, asked: Circumstances) -> Answer:
    """Answer for what a text means: coordinates, an address, a street, or a place elsewhere."""
    if (coordinates := read_coordinates(text, edition.territory)) is not None:
        x, y, crs = coordinates
        return answer_point(edition, read_point(x, y, crs, edition.territory), asked)
    match = matcher_of(edition).match(text)
    if match.kind is MatchKind.ELSEWHERE:
        return _elsewhere(edition, match, asked)
    if match.kind not in (MatchKind.ADDRESS, MatchKind.STREET):
        return _unknown(edition, match, asked)
    placed = place_match(edition, match, asked)
    groups = agreeing(placed)
    if len(groups) > 1:
        return _ambiguous(edition, groups, asked)
    middle = len(placed) // 2 if match.kind is MatchKind.STREET else 0
    return _answer_placed(edition, placed[middle], match, asked)


def place_match(edition: Edition, match: TextMatch, asked: Circumstances) -> list[Placed]:
    """The candidates of a match with their places, those in areas that the text names where there are some."""
    placed = place_addresses(edition, matcher_of(edition).candidates(match), asked.on)
    return within_areas(placed, match.areas, whole_streets=bool(match.streets))


def matcher_of(edition: Edition) -> Matcher:
    """What finds the addresses of an edition; raises `RequestError` where it has none."""
    if edition.addresses is None:
        raise RequestError(f"the edition {edition.manifest.id} holds no addresses; ask by lon and lat.")
    return edition.addresses


def _answer_placed(edition: Edition, placed: Placed, match: TextMatch, asked: Circumstances) -> Answer:
    address = describe_address(placed.matched, match, asked.language)
    return _answer_place(edition, placed.located, placed.place, placed.decision, address, asked)


def _answer_place(
    edition: Edition,
    located: Located[float],
    where: Place,
    decision: Decision,
    address: AddressReference | None,
    asked: Circumstances,
) -> Answer:
    border, doubts = describe_border(edition, located.x, located.y, decision, where, asked.on)
    nearest = describe_offices(edition, located.lon, located.lat, asked.offices, asked.now)
    return made(
        Answer,
        outcome=decision.outcome,
        on=asked.on,
        point=point_of(located),
        address=address,
        neighbourhood=decision.neighbourhood,
        district=decision.district,
        special_area=decision.special_area,
        managers=decision.managers,
        contact=decision.contact,
        offices=made(Offices, assigned=decision.assigned_office, nearest=nearest),
        services=decision.services,
        projects=decision.projects,
        border=border,
        candidates=(),
        summary=summarise(decision, doubts, edition.manifest, asked.language, address),
        edition=edition.reference,
    )


def _elsewhere(edition: Edition, match: TextMatch, asked: Circumstances) -> Answer:
    places = " / ".join(dict.fromkeys(one.municipality for one in match.elsewhere))
    summary = summarise_elsewhere(places, edition.manifest, asked.language)
    return replace(_nothing(edition, Outcome.OUTSIDE, summary, asked), address=AddressReference(None, places, None))


def _unknown(edition: Edition, match: TextMatch, asked: Circumstances) -> Answer:
    """An address that is not known, with what may have been meant."""
    placed = place_match(edition, match, asked)
    if match.kind is MatchKind.UNKNOWN_NUMBER and match.asked is not None:  # each is offered, whether they agree or not
        number = match.asked.number
        groups = [[one] for one in sorted(placed, key=lambda one: abs(one.matched.address.number.number - number))]
    else:
        groups = agreeing(placed)
    candidates = describe_candidates(groups, asked.language)
    street = placed[0].matched.address.street.names.within(asked.language) if placed else ""
    summary = summarise_unknown(str(match.kind), street, candidates, edition.manifest, asked.language)
    answer = _nothing(edition, Outcome.UNKNOWN_ADDRESS, summary, asked)
    nearest = candidates[0].address if match.kind is MatchKind.UNKNOWN_NUMBER and candidates else None
    return replace(answer, address=nearest, candidates=candidates)


def _ambiguous(edition: Edition, groups: Sequence[Sequence[Placed]], asked: Circumstances) -> Answer:
    """Addresses with different answers: each is listed, and what they share is filled in."""
    candidates = describe_candidates(groups, asked.language)
    streets = {one.matched.address.street.number for group in groups for one in group}
    of_street = len(streets) == 1 and candidates[0].address.precision == Precision.STREET
    first = groups[0][0]
    address = describe_address(first.matched, TextMatch(MatchKind.STREET), asked.language) if of_street else None
    contact = _shared(candidates, lambda one: one.contact)
    street = first.matched.address.street.names.within(asked.language) if of_street else None
    summary = summarise_choice(street, candidates, contact, asked.language)
    return replace(
        _nothing(edition, Outcome.AMBIGUOUS, summary, asked),
        address=address,
        neighbourhood=_shared(candidates, lambda one: one.neighbourhood),
        district=_shared(candidates, lambda one: one.district),
        special_area=_shared(candidates, lambda one: one.special_area),
        managers=_shared(candidates, lambda one: one.managers) or (),
        contact=contact,
        candidates=candidates,
    )


def _shared(candidates: Sequence[Candidate], part: Callable[[Candidate], Part]) -> Part | None:
    """A part of the candidates' answers where it is the same for all, else None."""
    first = part(candidates[0])
    return first if all(part(one) == first for one in candidates) else None


def _nothing(edition: Edition, outcome: Outcome, summary: str, asked: Circumstances) -> Answer:
    """An answer without a point."""
    empty: dict[str, Any] = dict.fromkeys(
        ("point", "address", "neighbourhood", "district", "special_area", "contact", "border")
    )
    return Answer(
        outcome=outcome,
        on=asked.on,
        managers=(),
        offices=Offices(None, ()),
        services=(),
        projects=(),
        candidates=(),
        summary=summary,
        edition=edition.reference,
        **empty,
    )
