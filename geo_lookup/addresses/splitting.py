"""Which words of a reading are the street, and what do the other words say?

The choice is the one that explains most: a street that the register has, and beside it places, and as few words as
can be that nobody can explain. A street that is only like what was asked never overrules a place elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import NamedTuple

from geo_lookup.addresses.book import AddressBook
from geo_lookup.addresses.places import LONGEST_NAME, Named, Places, elsewhere_named, municipalities_named
from geo_lookup.addresses.readings import Reading
from geo_lookup.addresses.street_index import Pool
from geo_lookup.addresses.street_names import has_type, spellings_asked, words_of
from geo_lookup.addresses.stretches import Spans, Stretch, covered, likely_streets, possible_streets, says_nothing
from geo_lookup.addresses.vocabulary import BUILDINGS

CLAIM = 0.75
"""A match with a lower score is none."""

CERTAIN = 0.97
"""From here on a street is written as it is in the register, or in one of its usual ways."""

UNEXPLAINED_COST = 0.06
"""What a word that says nothing takes off."""

CROWDED_COST = 0.05
"""What it takes off more, once, that such words stand right before the street: they may be its own, misspelt."""

PARTED_COST = 0.12
"""The same where they stand between the street and its number: 'Kleine Zilverstaart 6' is not the Kleine Steenweg."""

FRAGMENT_COST = 0.12
"""The same for words beside a street of which only a part was written: 'Schiepse Bos 6' is not the Boslaan."""

UNEXPLAINED_NUMBER_COST = 0.3
"""What a number that belongs to nothing takes off; but where a postcode comes, a long one is a misspelt postcode."""

SHORTEST_POSTCODE = 3

MOST_STRETCHES = 24
"""How many stretches of words are looked up as a street."""


class Split(NamedTuple):
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

    @property
    def best(self) -> float:
        """The score of the likeliest name by itself; 0 where there is no name."""
        return max(self.names.values(), default=0.0)


class Splitter:
    """Splits readings into a street and the rest, by what an address book and the places around it know."""

    def __init__(self, book: AddressBook, places: Places) -> None:
        self.book = book
        self.places = places

    def split(self, reading: Reading, *, misspelt: bool) -> Split:
        """The choice of words for the street that explains a reading best; without names where no street is found.

        `misspelt` tells whether streets that are only like the words are tried.
        """
        spans = [self._spans(run.words) for run in reading.runs]
        everywhere = [named for found in spans for named in found.values()]
        pool = self.pool([*everywhere, *self.postcodes(reading)])
        best = Split({}, 0.0, tuple(everywhere))
        for stretch in islice(possible_streets(reading.runs, spans), MOST_STRETCHES):
            names = self.book.index.exact(spellings_asked(_words(reading, stretch)), pool)
            if _is_place(reading, spans, stretch):  # 'Hasselt' is not short for the Hasseltweg
                names = {name: score for name, score in names.items() if score >= 1.0}
            best = max(best, _explained(reading, spans, stretch, names), key=lambda split: split.score)
            if best.score >= CERTAIN:
                return best
        if not misspelt or (best.best >= CERTAIN and not best.crowded):
            return best
        return self._misspelt(reading, spans, pool, best)

    def _misspelt(self, reading: Reading, spans: Sequence[Spans], pool: Pool | None, best: Split) -> Split:
        """The same for a street that is misspelt, tried for the likeliest stretches of words alone."""
        if pool is None and len(self.book.municipalities) > 1:
            pool = self.pool(self.places_like_ends(reading))
        elsewhere = bool(elsewhere_named(best.named))
        ours = bool(municipalities_named(best.named))
        for stretch in likely_streets(reading.runs, spans):
            places = [] if ours else _places_elsewhere(reading, spans, stretch)
            if _is_ours(reading, spans, stretch) or _is_place(reading, spans, stretch) or (elsewhere and not places):
                continue
            names = self.book.index.similar(spellings_asked(_words(reading, stretch)), pool, least=CLAIM)
            names = {name: score for name, score in names.items() if self._has_words(name, places)}
            found = _explained(reading, spans, stretch, names)
            if not elsewhere or not found.unexplained:
                best = max(best, found, key=lambda split: split.score)
            if best.score >= CLAIM and not best.unexplained and not elsewhere_named(best.named):
                break  # a word that names a place elsewhere may yet be one of the street's: 'chroot donk 52'
        return best

    def _has_words(self, name: int, places: Sequence[str]) -> bool:
        """Whether words of a street begin with the names of places: else it is like a street with a place after it."""
        if not places:
            return True
        own = words_of(self.book.street(int(self.book.streets_named(name)[0])).names.within("nl"))
        return all(any(word.startswith(place) for word in own) for place in places)

    def _spans(self, words: tuple[str, ...]) -> Spans:
        """The places that words name. Where only some do, all of them may be a misspelt one: 'Oued-Heverlee'."""
        spans = self.places.spans(words)
        others = covered(words, 0, len(words), spans)[1] if spans and 1 < len(words) <= LONGEST_NAME else []
        whole = None if all(map(says_nothing, others)) else self.places.like(words)
        return spans if whole is None else {(0, len(words)): whole}

    def pool(self, named: Iterable[Named]) -> Pool | None:
        """The names of streets that occur in the municipalities that are named; None where that is no restriction."""
        municipalities = municipalities_named(named)
        if not municipalities or len(self.book.municipalities) == 1:
            return None
        return self.book.pool_of_municipalities(tuple(sorted(municipalities)))

    def postcodes(self, reading: Reading) -> list[Named]:
        """What the postcodes of a reading name."""
        return [named for code in reading.postcodes if (named := self.places.postcode(code)) is not None]

    def places_guessed(self, split: Split, reading: Reading) -> list[Named]:
        """The places that words may name, misspelt; only where none is named right."""
        if reading.postcodes or municipalities_named(split.named) or elsewhere_named(split.named):
            return []
        if not split.names:
            return self.places_like_ends(reading)
        return [named for words in split.unexplained if (named := self._like(words)) is not None]

    def places_like_ends(self, reading: Reading) -> list[Named]:
        """The same where no street tells which words are left: the last and the first words of each run."""
        for run in reversed(reading.runs):
            for words in [run.words] if run.after_number else [run.words[-1:], run.words[:1]]:
                named = self._like(words)
                if named is not None and (named.home or run.after_number or len(run.words) == 1):
                    return [named]  # 'André Dumontlaan 67' is not in Angre
        return []

    def _like(self, words: tuple[str, ...]) -> Named | None:
        for part in dict.fromkeys((words, words[-1:], words[:1])):
            if (named := self.places.like(part)) is not None:
                return named
        return None


def _words(reading: Reading, stretch: Stretch) -> tuple[str, ...]:
    return reading.runs[stretch.run].words[stretch.start : stretch.stop]


def _is_place(reading: Reading, spans: Sequence[Spans], stretch: Stretch) -> bool:
    """Whether words belong to a place that stands by itself: without a number, or beside other words."""
    others = [named for run, found in enumerate(spans) if run != stretch.run for named in found.values()]
    street = reading.number is not None and (len(spans) == 1 or bool(municipalities_named(others)))
    return not street and (0, len(reading.runs[stretch.run].words)) in spans[stretch.run]


def _is_ours(reading: Reading, spans: Sequence[Spans], stretch: Stretch) -> bool:
    """Whether words are, as they stand, the name of a place of ours."""
    words = reading.runs[stretch.run].words
    named, others = covered(words, 0, len(words), spans[stretch.run])
    return any(one.home for one in named) and all(word.isdecimal() for word in others)


def _places_elsewhere(reading: Reading, spans: Sequence[Spans], stretch: Stretch) -> list[str]:
    """The first words of the places elsewhere that a stretch names."""
    return [
        reading.runs[stretch.run].words[first]
        for (first, last), named in spans[stretch.run].items()
        if named.elsewhere and stretch.start <= first and last <= stretch.stop
    ]


def _cost(word: str, *, after_number: bool) -> float:
    postcode = after_number and len(word) >= SHORTEST_POSTCODE
    return UNEXPLAINED_NUMBER_COST if word.isdecimal() and not postcode else UNEXPLAINED_COST


def _is_municipality_elsewhere(named: Named | None) -> bool:
    return named is not None and bool(named.elsewhere) and not named.home and not named.is_part_elsewhere


def _explained(reading: Reading, spans: Sequence[Spans], street: Stretch, names: dict[int, float]) -> Split:
    """What the words beside a street say, and what those that say nothing cost; score 0 where no name is given."""
    if not names:
        return Split({}, 0.0)
    named: list[Named] = []
    unexplained: list[tuple[str, ...]] = []
    doubtful = crowded = False
    cost = 0.0
    for position, run in enumerate(reading.runs):
        own = position == street.run
        start, stop = (street.start, street.stop) if own else (0, 0)
        for first, last in ((0, start), (stop, len(run.words))):
            places, others = covered(run.words, first, last, spans[position])
            rest = [word for word in others if not says_nothing(word)]
            before = position < street.run or (own and last == start)
            building = not BUILDINGS.isdisjoint(others)  # 'residentie De Linde'
            surname = before and rest[:1] == list(run.words[first : first + 1])  # 'Jan Berg, Noordlaan 112'
            named.extend(place for place in places if not ((surname or building) and place.is_part_elsewhere))
            if rest:
                unexplained.extend([] if building else [tuple(others)])
                cost += sum(_cost(word, after_number=run.after_number and not before) for word in rest)
                cost += CROWDED_COST * (own and before)
                cost += PARTED_COST * (own and not before and not run.after_number and reading.number is not None)
                crowded |= own
                doubtful |= not (before or building) and any(len(word) > 2 for word in rest)
    if municipalities_named(named) and not all(place.home for place in named):  # beside ours, a place elsewhere is none
        ours = [{span: place for span, place in found.items() if place.home} for found in spans]
        return _explained(reading, ours, street, names)
    best = max(names.values())
    if reading.number is not None and best < 1.0:  # 'Hasselt 20' may be the Hasseltweg
        doubtful |= _is_municipality_elsewhere(spans[street.run].get((street.start, street.stop)))
    if crowded and best <= CERTAIN and not has_type(_words(reading, street)):
        cost += FRAGMENT_COST
    return Split(names, best - cost, tuple(named), tuple(unexplained), doubtful, crowded)
