"""From a question to the walks that answer it: for a point, an address by its id, or a text, as `answering` has them.

Walks differ from house to house, so a text has them only where everything that it may mean lies in one place.
"""

from __future__ import annotations

from collections.abc import Sequence

from geo_lookup.address_answers import Placed, describe_address, describe_candidates, place_addresses, point_of
from geo_lookup.addresses.houses import Precision
from geo_lookup.addresses.matching import Candidate as MatchedAddress
from geo_lookup.addresses.matching import MatchKind, TextMatch
from geo_lookup.answer import AddressReference, Answer, Candidate
from geo_lookup.answering import Circumstances, answer_address, answer_text, matcher_of, place_match
from geo_lookup.coordinates import Located
from geo_lookup.coordinates_text import read_coordinates
from geo_lookup.edition import Edition
from geo_lookup.errors import RequestError
from geo_lookup.misreadings import read_point
from geo_lookup.rounding import rounded
from geo_lookup.walking.answer import OfficeWalk, WalkOutcome, Walks, minutes
from geo_lookup.walking.walking import Walkable


def walkable(edition: Edition) -> Walkable:
    """The network of an edition; raises `RequestError` where it has no layer of paths."""
    if edition.walking is None:
        raise RequestError(
            f"the edition {edition.manifest.id} has no paths to walk along: its manifest names no layers.paths, which "
            "geo-lookup network makes."
        )
    return edition.walking.prepared()


def walk_point(edition: Edition, located: Located[float], asked: Circumstances) -> Walks:
    """The walks from a point."""
    return _walk(edition, located, None, asked)


def walk_address(edition: Edition, address_id: str, asked: Circumstances) -> Walks:
    """The walks from an address of the register by its id; `unknown_address` where there is none called so."""
    walkable(edition)
    address = matcher_of(edition).book.by_id(address_id)
    if address is None:
        return _as_answered(edition, answer_address(edition, address_id, asked), asked)
    matched = MatchedAddress(address, Precision.EXACT, 1.0)
    (placed,) = place_addresses(edition, [matched], asked.on)
    return _walk_placed(edition, placed, TextMatch(MatchKind.ADDRESS), asked)


def walk_text(edition: Edition, text: str, asked: Circumstances) -> Walks:
    """The walks from what a text means: coordinates, or an address."""
    walkable(edition)
    if (coordinates := read_coordinates(text, edition.territory)) is not None:
        x, y, crs = coordinates
        return walk_point(edition, read_point(x, y, crs, edition.territory), asked)
    match = matcher_of(edition).match(text)
    if match.kind not in (MatchKind.ADDRESS, MatchKind.STREET):
        return _as_answered(edition, answer_text(edition, text, asked), asked)
    placed = place_match(edition, match, asked)
    if len({one.located for one in placed}) == 1:
        return _walk_placed(edition, placed[0], match, asked)
    candidates = describe_candidates(_apart(placed, match), asked.language)
    return _nowhere(edition, WalkOutcome.AMBIGUOUS, None, candidates, asked)


def _apart(placed: Sequence[Placed], match: TextMatch) -> list[list[Placed]]:
    """Addresses in groups: those in one place, or in one street, for which the same people answer."""
    groups: dict[object, list[Placed]] = {}
    for one in placed:
        where = one.matched.address.street.number if match.kind is MatchKind.STREET else one.located
        groups.setdefault((where, one.decision), []).append(one)
    return list(groups.values())


def _walk_placed(edition: Edition, placed: Placed, match: TextMatch, asked: Circumstances) -> Walks:
    return _walk(edition, placed.located, describe_address(placed.matched, match, asked.language), asked)


def _walk(edition: Edition, located: Located[float], address: AddressReference | None, asked: Circumstances) -> Walks:
    paths, walks = walkable(edition)
    access = paths.one(located.x, located.y)
    few = [] if access is None else walks.few(access, asked.offices)
    found = WalkOutcome.REACHED if few else WalkOutcome.NO_PATH if access is None else WalkOutcome.NO_ROUTE
    return Walks(
        outcome=found,
        on=asked.on,
        point=point_of(located),
        address=address,
        path_distance_m=None if access is None else rounded(access.straight),
        offices=_describe(edition, located, few),
        candidates=(),
        edition=edition.reference,
    )


def _describe(edition: Edition, located: Located[float], few: list[tuple[int, float]]) -> tuple[OfficeWalk, ...]:
    offices = edition.offices.offices
    straight = dict(edition.offices.nearest_few(located.lon, located.lat, len(offices))) if few else {}
    described = []
    for position, walked in few:
        office, metres = offices[position], rounded(walked)
        described.append(OfficeWalk(office.id, office.name, metres, minutes(metres), rounded(straight[position])))
    return tuple(described)


def _as_answered(edition: Edition, answer: Answer, asked: Circumstances) -> Walks:
    """What a text that is no address here comes to, as `find` says it."""
    return _nowhere(edition, WalkOutcome(answer.outcome.value), answer.address, answer.candidates, asked)


def _nowhere(
    edition: Edition,
    outcome: WalkOutcome,
    address: AddressReference | None,
    candidates: tuple[Candidate, ...],
    asked: Circumstances,
) -> Walks:
    """An answer without a point."""
    return Walks(outcome, asked.on, None, address, None, (), candidates, edition.reference)
