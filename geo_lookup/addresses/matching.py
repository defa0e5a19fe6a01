"""From a text to the addresses it may mean: the one way that a search, a suggestion and a file of addresses take.

A text is read in every sensible way (`readings`). In each, some words are the street and the rest has to be explained:
by a place that is ours, by one elsewhere, or not at all. The reading with the best score wins. A place elsewhere is
never overruled by a street that happens to exist here.

Scores run from 0 to 1 and fall with everything that differs: a first name left out, a letter wrong, a word that nobody
can explain, a box that is not known. Below `CLAIM` nothing is claimed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice
from typing import NamedTuple

from geo_lookup.addresses.book import AddressBook
from geo_lookup.addresses.gazetteer import Place
from geo_lookup.addresses.house_numbers import HouseNumber
from geo_lookup.addresses.houses import COSTS, Houses, Precision, find_houses
from geo_lookup.addresses.normalise import check_length
from geo_lookup.addresses.places import LONGEST_NAME, Named, Places
from geo_lookup.addresses.readings import Reading, Run, read_text
from geo_lookup.addresses.records import Address, Street
from geo_lookup.addresses.street_index import Pool
from geo_lookup.addresses.street_names import spellings_asked, words_of
from geo_lookup.addresses.vocabulary import BOX_WORDS, FLOOR_WORDS, GROUND_FLOOR, NOISE

CLAIM = 0.75
"""A match with a lower score is none."""

CERTAIN = 0.97
"""From here on a street is written as it is in the register, or in one of its usual ways."""

CLOSE = 0.06
"""Streets this much below the best are tried too where that is not certain: their numbers tell which is meant."""

TIE = 0.02
"""Candidates this much below the best are as good."""

UNEXPLAINED_COST = 0.06
"""What a word that says nothing takes off."""

UNEXPLAINED_NUMBER_COST = 0.3
"""What a number that belongs to nothing takes off."""

ELSEWHERE_SCORE = 0.95
"""The score of a place elsewhere that is named, and below, of one that is misspelt."""

GUESSED_ELSEWHERE_SCORE = 0.85

MOST_STRETCHES = 24
MOST_STREETS = 24
MOST_NAMES = 6


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


class _Split(NamedTuple):
    """One choice of the words that are the street: its names with their scores, and what the other words say.

    `named` are the places in the other words. `unexplained` are the words that name nothing, by the stretch they stand
    in; `doubtful` says that some stand where a place is expected, `crowded` that some stand in the street's own run.
    """

    names: dict[int, float]
    score: float
    named: tuple[Named, ...] = ()
    unexplained: tuple[tuple[str, ...], ...] = ()
    doubtful: bool = False
    crowded: bool = False


_SAYS_NOTHING = NOISE | FLOOR_WORDS | GROUND_FLOOR | BOX_WORDS


class Matcher:
    """Matches texts with the addresses of one edition. Read-only, safe to share between threads."""

    def __init__(self, book: AddressBook, places: Places) -> None:
        self.book = book
        self.places = places

    def match(self, text: str, *, misspelt: bool = True) -> TextMatch:
        """Find what a text means; raises `RequestError` where it is empty or longer than an address can be.

        `misspelt` tells whether streets that are only like what was asked are tried.
        """
        best = NOTHING
        for reading in read_text(check_length(text), self.places.by_postcode.__contains__):
            whole = reading.number is None
            if (whole or reading.number_is_postcode) and best.kind in (MatchKind.ADDRESS, MatchKind.UNKNOWN_NUMBER):
                break  # a house number that fits is one, and another one is a postcode
            found = self._matched(reading, misspelt and not (whole and best.kind is MatchKind.UNKNOWN_PLACE))
            if found.score > best.score:
                best = found
            if best.score >= ELSEWHERE_SCORE and best.kind is not MatchKind.UNKNOWN_PLACE:
                break
        return best

    def candidates(self, match: TextMatch) -> tuple[Candidate, ...]:
        """The candidates of a match; of a street, each of its addresses, in their order."""
        return match.candidates or tuple(
            Candidate(address, Precision.STREET, score)
            for street, score in match.streets
            for address in self.book.in_street(street.number)
        )

    def _matched(self, reading: Reading, misspelt: bool) -> TextMatch:
        split = self._split(reading, misspelt)
        postcodes = [named for code in reading.postcodes if (named := self.places.postcode(code))]
        guessed = self._guessed(split, reading)
        if elsewhere := _elsewhere(split.named, postcodes):
            if not reading.number_is_postcode or split.named:
                return TextMatch(MatchKind.ELSEWHERE, ELSEWHERE_SCORE, elsewhere=elsewhere)
        elif elsewhere := _elsewhere(guessed):
            return TextMatch(MatchKind.ELSEWHERE, GUESSED_ELSEWHERE_SCORE, elsewhere=elsewhere)
        told = [*split.named, *guessed]
        found = self._addresses(split, reading, _municipalities(told) or _municipalities(postcodes))
        areas = frozenset(area for one in told for area in one.areas)
        kind = found.kind
        if split.doubtful and kind is not MatchKind.NOTHING and not (guessed or postcodes or _municipalities(told)):
            kind = MatchKind.UNKNOWN_PLACE
        return replace(found, kind=kind, asked=reading.number, areas=areas)

    # Which words are the street

    def _split(self, reading: Reading, misspelt: bool) -> _Split:
        """The choice of words for the street that explains the text best."""
        spans = [self._spans(run.words) for run in reading.runs]
        postcodes = [named for code in reading.postcodes if (named := self.places.postcode(code))]
        pool = self.pool([*(named for found in spans for named in found.values()), *postcodes])
        best = _Split({}, 0.0, tuple(named for found in spans for named in found.values()))
        stretches = list(_stretches(reading.runs, spans))
        for stretch in stretches[:MOST_STRETCHES]:
            run, start, stop = stretch
            words = reading.runs[run].words[start:stop]
            if all(word in _SAYS_NOTHING or word.isdecimal() for word in words):
                continue
            names = self.book.index.exact(spellings_asked(words), pool)
            if _is_place_alone(reading, spans, run):  # 'Hasselt' is not short for the Hasseltweg
                names = {name: score for name, score in names.items() if score >= 1.0}
            if names:
                found = self._explained(reading, spans, stretch, names)
                best = max(best, found, key=lambda split: split.score)
                if best.score >= CERTAIN:
                    return best
        certain = bool(best.names) and max(best.names.values()) >= CERTAIN and not best.crowded
        return self._misspelt(reading, spans, stretches, pool, best) if misspelt and not certain else best

    def _misspelt(
        self,
        reading: Reading,
        spans: list[dict[tuple[int, int], Named]],
        stretches: list[tuple[int, int, int]],
        pool: Pool | None,
        best: _Split,
    ) -> _Split:
        """The same for a street that is misspelt, tried for the likeliest stretches of words alone."""
        if pool is None and len(self.book.municipalities) > 1:
            pool = self.pool(self._guessed_anywhere(reading))
        elsewhere = bool(_elsewhere(best.named))
        for stretch in _likeliest(reading.runs, stretches):
            run, start, stop = stretch
            within = {span: named for span, named in spans[run].items() if start <= span[0] and span[1] <= stop}
            if _is_place_alone(reading, spans, run):
                continue
            if elsewhere and not any(named.elsewhere for named in within.values()):
                continue  # a place elsewhere is named, which no street that is only like this one overrules
            words = reading.runs[run].words[start:stop]
            names = self.book.index.similar(spellings_asked(words), pool, least=CLAIM)
            places = [reading.runs[run].words[first] for (first, _), named in within.items() if named.elsewhere]
            names = {name: score for name, score in names.items() if self._has_words(name, places)}
            if names:
                found = self._explained(reading, spans, stretch, names)
                if not elsewhere or not found.unexplained:
                    best = max(best, found, key=lambda split: split.score)
                if best.score >= CLAIM and not best.unexplained:
                    break
        return best

    def _has_words(self, name: int, places: list[str]) -> bool:
        """Whether words of a street begin with the names of places: else it is like a street with a place after it."""
        if not places:
            return True
        own = words_of(self.book.street(int(self.book.streets_named(name)[0])).names.within("nl"))
        return all(any(word.startswith(place) for word in own) for place in places)

    def _explained(
        self,
        reading: Reading,
        spans: list[dict[tuple[int, int], Named]],
        stretch: tuple[int, int, int],
        names: dict[int, float],
    ) -> _Split:
        """What the words beside a street say, and what the words that say nothing cost."""
        street_run, start, stop = stretch
        named: list[Named] = []
        unexplained: list[tuple[str, ...]] = []
        doubtful = crowded = False
        cost = 0.0
        for position, run in enumerate(reading.runs):
            cut = (start, stop) if position == street_run else (0, 0)
            for first, last in ((0, cut[0]), (cut[1], len(run.words))):
                places, others = _covered(run.words, first, last, spans[position])
                named.extend(places)
                rest = [word for word in others if word not in _SAYS_NOTHING and len(word) > 1]
                if rest:
                    unexplained.append(tuple(others))
                    cost += sum(UNEXPLAINED_NUMBER_COST if word.isdecimal() else UNEXPLAINED_COST for word in rest)
                    after = position > street_run or (position == street_run and first >= stop)
                    crowded |= position == street_run
                    doubtful |= after and any(len(word) > 2 and word.isalpha() for word in rest)
        return _Split(names, max(names.values()) - cost, tuple(named), tuple(unexplained), doubtful, crowded)

    # Which place is named

    def _spans(self, words: tuple[str, ...]) -> dict[tuple[int, int], Named]:
        """The places that words name. Where only some do, all of them may be a misspelt one: 'Oued-Heverlee'."""
        spans = self.places.spans(words)
        others = _covered(words, 0, len(words), spans)[1] if spans and 1 < len(words) <= LONGEST_NAME else []
        partly = any(word not in _SAYS_NOTHING for word in others)
        whole = self.places.like(words) if partly else None
        return spans if whole is None else {(0, len(words)): whole}

    def pool(self, named: Iterable[Named]) -> Pool | None:
        """The names of streets that occur in the municipalities that are named; None where that is no restriction."""
        municipalities = _municipalities(named)
        if not municipalities or len(self.book.municipalities) == 1:
            return None
        return self.book.pool_of_municipalities(tuple(sorted(municipalities)))

    def _guessed(self, split: _Split, reading: Reading) -> list[Named]:
        """The places that words may name, misspelt; only where none is named right."""
        if reading.postcodes or _municipalities(split.named) or any(named.elsewhere for named in split.named):
            return []
        if not split.names:
            return self._guessed_anywhere(reading)
        return [named for words in split.unexplained if (named := self._like(words)) is not None]

    def _guessed_anywhere(self, reading: Reading) -> list[Named]:
        """The same where no street is found to tell which words are left: the last and the first words of each run."""
        found: list[Named] = []
        for run in reversed(reading.runs):
            ends = [run.words] if run.after_number else [run.words[-1:], run.words[:1]]
            found.extend(named for words in ends if (named := self._like(words)) is not None)
        return found[:1]

    def _like(self, words: tuple[str, ...]) -> Named | None:
        for part in dict.fromkeys((words, words[-1:], words[:1])):
            if (named := self.places.like(part)) is not None:
                return named
        return None

    # Which addresses these are

    def _addresses(self, split: _Split, reading: Reading, municipalities: frozenset[int]) -> TextMatch:
        if split.score < CLAIM:
            return NOTHING
        best = max(split.names.values())
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
        self, split: _Split, names: list[int], municipalities: frozenset[int], postcodes: tuple[str, ...]
    ) -> TextMatch:
        """The streets that were asked without a number: those that are as good as the best."""
        best = max(split.names.values())
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


def _stretches(runs: tuple[Run, ...], spans: list[dict[tuple[int, int], Named]]) -> Iterator[tuple[int, int, int]]:
    """Stretches of words that may be a street, the likeliest first: a run without the places at its ends, then a
    whole run, then every part of one, the longest first."""
    whole = [(position, 0, len(run.words)) for position, run in enumerate(runs)]
    cores = [_core(position, run, spans[position]) for position, run in enumerate(runs)]
    parts = [
        (position, start, stop)
        for position, run in enumerate(runs)
        for start in range(min(len(run.words), 12))
        for stop in range(start + 1, min(len(run.words), 12) + 1)
    ]
    parts.sort(key=lambda part: part[1] - part[2])
    yield from dict.fromkeys(one for one in [*cores, *whole, *parts] if one[1] < one[2])


def _is_place_alone(reading: Reading, spans: list[dict[tuple[int, int], Named]], run: int) -> bool:
    return reading.number is None and (0, len(reading.runs[run].words)) in spans[run]


def _core(position: int, run: Run, spans: dict[tuple[int, int], Named]) -> tuple[int, int, int]:
    start, stop = 0, len(run.words)
    changed = True
    while changed and start < stop:
        changed = False
        for first, last in sorted(spans, key=lambda span: span[0] - span[1]):
            if first == start and last <= stop:
                start, changed = last, True
            elif last == stop and first >= start:
                stop, changed = first, True
    return position, start, stop


def _likeliest(runs: tuple[Run, ...], stretches: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """The stretches that are worth a search for misspelt streets: cores and whole runs, and these without a word."""
    chosen: dict[tuple[int, int, int], None] = {}
    for position, start, stop in stretches[: 2 * len(runs)]:
        if not runs[position].after_number or not any(not run.after_number for run in runs):
            chosen[position, start, stop] = None
    for position, start, stop in list(chosen):
        if stop - start > 1:
            chosen[position, start, stop - 1] = None
            chosen[position, start + 1, stop] = None
    return list(chosen)[:6]


def _covered(
    words: tuple[str, ...], first: int, last: int, spans: dict[tuple[int, int], Named]
) -> tuple[list[Named], list[str]]:
    """The places named by words in a stretch, the longest names first, and the other words."""
    named: list[Named] = []
    rest: list[str] = []
    position = first
    while position < last:
        stops = [stop for start, stop in spans if start == position and stop <= last]
        if stops:
            named.append(spans[position, max(stops)])
            position = max(stops)
        else:
            rest.append(words[position])
            position += 1
    return named, rest


def _municipalities(named: Iterable[Named]) -> frozenset[int]:
    return frozenset(number for one in named for number in one.municipalities)


def _elsewhere(*sources: Iterable[Named]) -> tuple[Place, ...]:
    """The places elsewhere that a text names. Names go before postcodes, and what is ours before what is not."""
    for named in map(list, sources):
        if _municipalities(named):
            return ()
        if places := tuple(dict.fromkeys(place for one in named for place in one.elsewhere)):
            return places
    return ()
