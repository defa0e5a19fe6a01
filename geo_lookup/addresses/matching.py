"""From a text to the addresses it may mean: the one way that a search, a suggestion and a file of addresses take.

A text is read in every sensible way (`readings`). In each, some words are the street (`splitting`), and the rest names
a place that is ours, one elsewhere, or nothing. The reading with the best score wins. A place elsewhere is never
overruled by a street that happens to exist here.

Scores run from 0 to 1 and fall with everything that differs: a first name left out, a letter wrong, a word that nobody
can explain, a box that is not known. Below `CLAIM` nothing is claimed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from geo_lookup.addresses.book import AddressBook
from geo_lookup.addresses.gazetteer import Place
from geo_lookup.addresses.house_numbers import HouseNumber
from geo_lookup.addresses.houses import COSTS, Houses, Precision, find_houses
from geo_lookup.addresses.normalise import check_length
from geo_lookup.addresses.places import Places, elsewhere_named, municipalities_named, places_of
from geo_lookup.addresses.readings import Reading, read_text
from geo_lookup.addresses.records import Address, Street
from geo_lookup.addresses.splitting import CERTAIN, CLAIM, Split, Splitter

CLOSE = 0.06
"""Streets this much below the best are tried too where that is not certain: their numbers tell which is meant."""

TIE = 0.02
"""Candidates this much below the best are as good."""

ELSEWHERE_SCORE = 0.95
"""The score of a place elsewhere that is named, and below, of one that is misspelt."""

GUESSED_ELSEWHERE_SCORE = 0.85

MOST_STREETS = 24
"""How many streets of one name are told apart."""

MOST_NAMES = 6
"""How many names that are as good as each other are looked into."""


class MatchKind(StrEnum):
    """What became of a text."""

    ADDRESS = "address"
    STREET = "street"
    UNKNOWN_NUMBER = "unknown_number"
    UNKNOWN_PLACE = "unknown_place"
    ELSEWHERE = "elsewhere"
    NOTHING = "nothing"


class Candidate(NamedTuple):
    """An address that a text may mean, how precisely, and with which score."""

    address: Address
    precision: Precision
    score: float


@dataclass(frozen=True, slots=True)
class TextMatch:
    """What a text may mean.

    `candidates` are as good as each other; for a number that is not known they are the ones beside it, the nearest
    first; where words stand in the place of a municipality that nobody knows, they are what it would be here. Where no
    number was asked there are `streets` with their scores instead; `Matcher.candidates` lists their addresses.
    `areas` are the edition's areas that the text names, `elsewhere` the places in other municipalities. `asked` is the
    house number as it was read.
    """

    kind: MatchKind
    score: float = 0.0
    candidates: tuple[Candidate, ...] = ()
    streets: tuple[tuple[Street, float], ...] = ()
    asked: HouseNumber | None = None
    areas: frozenset[str] = frozenset()
    elsewhere: tuple[Place, ...] = ()


NOTHING = TextMatch(MatchKind.NOTHING)


class Matcher:
    """Matches texts with the addresses of one edition. Read-only, safe to share between threads.

    What is known of places, among them all of Belgium, is put together at the first text.
    """

    def __init__(self, book: AddressBook, areas: Mapping[str, str]) -> None:
        """Match with a book, and with the areas of its edition: their names by id."""
        self.book = book
        self.areas = areas

    @cached_property
    def places(self) -> Places:
        """The places that a text may name."""
        return places_of(self.book, self.areas)

    @cached_property
    def splitter(self) -> Splitter:
        """What splits a text into a street and the rest."""
        return Splitter(self.book, self.places)

    def match(self, text: str, *, misspelt: bool = True) -> TextMatch:
        """Find what a text means; raises `RequestError` where it is empty or longer than an address can be.

        `misspelt` tells whether streets that are only like what was asked are tried.
        """
        best = NOTHING
        readings = read_text(check_length(text), self.places.by_postcode.__contains__)
        for reading in readings:
            whole = reading.number is None
            if (whole or reading.number_is_postcode) and best.kind in (MatchKind.ADDRESS, MatchKind.UNKNOWN_NUMBER):
                break  # a house number that fits is one, and another one is a postcode
            found = self._matched(reading, misspelt and not (whole and best.kind is MatchKind.UNKNOWN_PLACE))
            if found.score > best.score:
                best = found
            if best.score >= ELSEWHERE_SCORE and best.kind is not MatchKind.UNKNOWN_PLACE:
                break
        return self._or_whole_street(best, readings[-1])

    def _or_whole_street(self, best: TextMatch, whole: Reading) -> TextMatch:
        """The street whose name begins with what was taken for a house number, where that is written better.

        '14 Septemberlaan' is the Veertien Septemberlaan, and not its number 14.
        """
        fits = best.kind in (MatchKind.ADDRESS, MatchKind.UNKNOWN_NUMBER)
        if not fits or best.score >= 1.0 or not any(run.words[0].isdecimal() for run in whole.runs):
            return best
        street = self._matched(whole, misspelt=False)
        better = street.kind is MatchKind.STREET and street.score + COSTS[Precision.STREET] > best.score
        return street if better else best

    def candidates(self, match: TextMatch) -> tuple[Candidate, ...]:
        """The candidates of a match; of a street, each of its addresses, in their order."""
        return match.candidates or tuple(
            Candidate(address, Precision.STREET, score)
            for street, score in match.streets
            for address in self.book.in_street(street.number)
        )

    def _matched(self, reading: Reading, misspelt: bool) -> TextMatch:
        split = self.splitter.split(reading, misspelt=misspelt)
        postcodes = self.splitter.postcodes(reading)
        guessed = self.splitter.places_guessed(split, reading)
        if elsewhere := elsewhere_named(split.named, postcodes):
            if not reading.number_is_postcode or split.named:
                return TextMatch(MatchKind.ELSEWHERE, ELSEWHERE_SCORE, elsewhere=elsewhere)
        elif elsewhere := elsewhere_named(guessed):
            return TextMatch(MatchKind.ELSEWHERE, GUESSED_ELSEWHERE_SCORE, elsewhere=elsewhere)
        told = [*split.named, *guessed]
        municipalities = municipalities_named(told) or municipalities_named(postcodes)
        found = self._addresses(split, reading, municipalities)
        areas = frozenset(area for one in told for area in one.areas)
        kind = found.kind
        if split.doubtful and kind is not MatchKind.NOTHING and not (guessed or municipalities):
            kind = MatchKind.UNKNOWN_PLACE
        return replace(found, kind=kind, asked=reading.number, areas=areas)

    def _addresses(self, split: Split, reading: Reading, municipalities: frozenset[int]) -> TextMatch:
        if split.score < CLAIM:
            return NOTHING
        best = split.best
        least = best - (TIE if best >= CERTAIN else CLOSE)
        names = sorted(
            (name for name, score in split.names.items() if score >= least), key=lambda name: -split.names[name]
        )
        if reading.number is None:
            return self._whole_streets(split, names[:MOST_NAMES], municipalities, reading.postcodes)
        found = [
            (split.score - best + split.names[name], find_houses(self.book, street, reading.number))
            for name in names[:MOST_NAMES]
            for street in self.streets(name, municipalities)
        ]
        known = [(score, houses) for score, houses in found if houses.precision is not Precision.NEAREST_NUMBER]
        if found and not known and reading.number_is_postcode:
            return NOTHING
        return _best(known or found, reading.postcodes)

    def _whole_streets(
        self, split: Split, names: list[int], municipalities: frozenset[int], postcodes: tuple[str, ...]
    ) -> TextMatch:
        """The streets that were asked without a number: those that are as good as the best."""
        best = split.best
        score = split.score - COSTS[Precision.STREET]
        streets = [
            (self.book.street(street), round(score, 4))
            for name in names
            if split.names[name] >= best - TIE
            for street in self.streets(name, municipalities)
        ]
        streets = [one for one in streets if one[0].postal.postcode in postcodes] or streets
        return TextMatch(MatchKind.STREET, score, streets=tuple(streets)) if streets else NOTHING

    def streets(self, name: int, municipalities: frozenset[int]) -> Iterator[int]:
        """The streets that have a name, in some municipalities if any are given; not more than can be told apart."""
        streets = self.book.streets_named(name).tolist()
        inside = (one for one in streets if not municipalities or self.book.municipality_of(one) in municipalities)
        return islice(inside, MOST_STREETS)


def _best(found: list[tuple[float, Houses]], postcodes: tuple[str, ...]) -> TextMatch:
    """The candidates that are as good as the best one; of these, those with the postcode that was asked, if any."""
    scored = [(score - COSTS[houses.precision], houses) for score, houses in found if houses.addresses]
    if not scored:
        return NOTHING
    best = max(score for score, _ in scored)
    kept = sorted((one for one in scored if one[0] >= best - TIE), key=lambda one: -one[0])
    candidates = tuple(
        Candidate(address, houses.precision, round(score, 4)) for score, houses in kept for address in houses.addresses
    )
    candidates = tuple(one for one in candidates if one.address.postal.postcode in postcodes) or candidates
    unknown = kept[0][1].precision is Precision.NEAREST_NUMBER
    return TextMatch(MatchKind.UNKNOWN_NUMBER if unknown else MatchKind.ADDRESS, best, candidates)
