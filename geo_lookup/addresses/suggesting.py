"""What may be meant while somebody types: streets first, then the numbers of a street that is clear, boxes last.

A text that is complete already comes first as what the search makes of it, so the two never disagree.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from geo_lookup.addresses.house_numbers import LARGEST_NUMBER, HouseNumber
from geo_lookup.addresses.houses import COSTS, Precision
from geo_lookup.addresses.matching import ELSEWHERE_SCORE, NOTHING, Matcher, MatchKind, TextMatch
from geo_lookup.addresses.normalise import LONGEST_TEXT, fold
from geo_lookup.addresses.places import municipalities_named
from geo_lookup.addresses.readings import Reading, read_text
from geo_lookup.addresses.records import Address, Street
from geo_lookup.addresses.splitting import CERTAIN
from geo_lookup.addresses.street_names import spellings_asked

BEGINNING_COST = 0.05
"""What a name that is not yet written to its end takes off the score."""

MOST_DIGITS = 4
"""How many digits a house number that is being typed may get."""

_NO_HOUSE = (MatchKind.NOTHING, MatchKind.ELSEWHERE, MatchKind.STREET)


class Completion(NamedTuple):
    """A street, or one of its addresses, that a text may become; `match` is that of a `Suggestion`."""

    street: Street
    address: Address | None
    score: float
    match: Literal["exact", "beginning", "similar"]


def complete(matcher: Matcher, text: str, most: int) -> list[Completion]:
    """At most so many completions of a text, the likeliest first, each once; none for an empty one."""
    if not fold(text).strip() or len(text) > LONGEST_TEXT:
        return []
    found: dict[tuple[int, str | None], Completion] = {}
    for one in _every(matcher, text, most):
        found.setdefault((one.street.number, one.address.id if one.address else None), one)
        if len(found) >= most:
            break
    return list(found.values())


def _every(matcher: Matcher, text: str, most: int) -> Iterator[Completion]:
    *with_number, without = read_text(text, matcher.places.by_postcode.__contains__)
    match = _match_with_number(matcher, text, with_number) if with_number else NOTHING
    if match.kind not in _NO_HOUSE and match.asked is not None:
        yield from _houses_found(match)
        for street, score in _streets_of(match):
            yield from _numbers(matcher, street, match.asked, score, most)
    elif match.score < ELSEWHERE_SCORE:
        yield from _streets(matcher, text, without, most)


def _match_with_number(matcher: Matcher, text: str, readings: Sequence[Reading]) -> TextMatch:
    """What a text with a number means; where it means nothing, without its last word: a place being typed."""
    match = matcher.match(text)
    begun = text.rsplit(maxsplit=1)
    typing_place = any(reading.runs and reading.runs[-1].after_number for reading in readings)
    if match.kind in _NO_HOUSE and match.score < ELSEWHERE_SCORE and typing_place and len(begun) > 1:
        return matcher.match(begun[0])
    return match


def _streets(matcher: Matcher, text: str, reading: Reading, most: int) -> Iterator[Completion]:
    """The street that is written in full, those that begin so, those that are like it; numbers of the one in full."""
    match = matcher.match(text, misspelt=False)
    if match.kind is MatchKind.ELSEWHERE and (len(reading.runs) > 1 or reading.postcodes):
        return
    clear = match.kind is MatchKind.STREET and match.score + COSTS[Precision.STREET] >= CERTAIN
    found = [Completion(street, None, score, "exact") for street, score in _streets_of(match)] if clear else []
    found.extend(_beginning(matcher, reading, most))
    if not found:
        found = [Completion(street, None, score, "similar") for street, score in _streets_of(matcher.match(text))]
    yield from found
    if clear and len(_streets_of(match)) == 1:
        for address in matcher.book.houses_between(found[0].street.number, 1, LARGEST_NUMBER, most):
            yield Completion(found[0].street, address, found[0].score - BEGINNING_COST, "beginning")


def _streets_of(match: TextMatch) -> list[tuple[Street, float]]:
    of_houses = {one.address.street.number: (one.address.street, one.score) for one in match.candidates}
    return list(match.streets or of_houses.values())


def _houses_found(match: TextMatch) -> Iterator[Completion]:
    """The houses that the search finds; one of which only the boxes are known comes as its first box."""
    seen = set()
    for one in match.candidates:
        house = (one.address.street.number, one.address.number._replace(box=""))
        asked_box = match.asked is not None and match.asked.box
        if asked_box or house not in seen:
            seen.add(house)
            exact = one.precision is Precision.EXACT and match.kind is MatchKind.ADDRESS and one.score >= CERTAIN
            yield Completion(one.address.street, one.address, one.score, "exact" if exact else "similar")


def _numbers(matcher: Matcher, street: Street, asked: HouseNumber, score: float, most: int) -> Iterator[Completion]:
    """The house with its letters, then longer numbers that begin so, then the boxes of the house."""
    here = matcher.book.in_house(street.number, asked.number)
    own = [one for one in here if not asked.suffix or one.number.suffix.startswith(asked.suffix)]
    seen = set()
    for address in own:
        if address.number.suffix not in seen:
            seen.add(address.number.suffix)
            yield Completion(street, address, score - BEGINNING_COST, "beginning")
    if not asked.suffix and not asked.box:
        for digits in range(1, MOST_DIGITS + 1 - len(str(asked.number))):
            lowest = asked.number * 10**digits
            for address in matcher.book.houses_between(street.number, lowest, lowest + 10**digits - 1, most):
                yield Completion(street, address, score - BEGINNING_COST, "beginning")
    for address in own:
        if address.number.box and address.number.box.startswith(asked.box):
            yield Completion(street, address, score - BEGINNING_COST, "beginning")


def _beginning(matcher: Matcher, reading: Reading, most: int) -> Iterator[Completion]:
    """Streets whose name begins as what was typed, and where these are few, those that begin nearly so."""
    if not reading.runs:
        return
    book, places = matcher.book, matcher.places
    words = reading.runs[-1].words
    named = [found for run in reading.runs[:-1] for found in places.spans(run.words).values()]
    spans = places.spans(words)
    named.extend(found for (start, _), found in spans.items() if start == 0 and len(words) > 1)
    pool = matcher.splitter.pool(named)
    asked = spellings_asked(words)
    names = book.index.beginning(asked, book.name_sizes, most * 2, pool)
    for skipped in sorted({stop for start, stop in spans if start == 0 and stop < len(words)}):
        for name, score in book.index.beginning(spellings_asked(words[skipped:]), book.name_sizes, most, pool).items():
            names.setdefault(name, score)
    begun = frozenset(names)
    if len(names) < most and sum(map(len, words)) >= 4:
        for name, score in book.index.like_beginning(asked, book.name_sizes, most, pool).items():
            names.setdefault(name, score)
    municipalities = municipalities_named(named)
    ranked = sorted(names, key=lambda name: (-round(names[name], 2), -int(book.name_sizes[name])))
    for name in ranked:
        for street in matcher.streets(name, municipalities):
            match: Literal["beginning", "similar"] = "beginning" if name in begun else "similar"
            yield Completion(book.street(street), None, names[name] - BEGINNING_COST, match)
