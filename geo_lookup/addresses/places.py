"""Which words of a question name a place, and whether it is ours: the municipalities of the address book, the areas
of the edition, and every other municipality of Belgium.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from geo_lookup.addresses.book import AddressBook
from geo_lookup.addresses.gazetteer import Place, belgium, key_of_name, place_key
from geo_lookup.addresses.street_names import words_of
from geo_lookup.addresses.vocabulary import NOISE, PREFIX_TYPES, SUFFIX_TYPES

LONGEST_NAME = 5
"""How many words the name of a place has at most."""

SHORTEST_GUESS = 4
"""Shorter words are not taken for a misspelt place of ours."""

SHORTEST_GUESS_ELSEWHERE = 5
"""Shorter words are not taken for a misspelt municipality elsewhere."""

SHORTEST_PART_GUESSED = 8
"""Nor these for a part of one."""

_COMMON = frozenset([
    "noord", "zuid", "oost", "west", "centrum", "nieuw", "nieuwe", "oud", "oude", "industrieterrein", "industrie",
    "terrein", "wijk", "dorp", "stad", "klein", "groot",
])  # fmt: skip
"""Words in the names of areas that name no area by themselves."""


class Named(NamedTuple):
    """What words name: municipalities of the book (by number), areas of the edition (by id), or places elsewhere."""

    municipalities: frozenset[int] = frozenset()
    areas: frozenset[str] = frozenset()
    elsewhere: tuple[Place, ...] = ()

    @property
    def home(self) -> bool:
        """Whether what is named is ours."""
        return bool(self.municipalities or self.areas)

    @property
    def is_part_elsewhere(self) -> bool:
        """Whether only parts of other municipalities are named, many of which are surnames too: 'Jan Berg'."""
        return not self.home and all(place.is_part for place in self.elsewhere)


_NOTHING = Named()


@dataclass(frozen=True)
class Places:
    """Names and postcodes of places, ours first: a name that is ours is never taken for one elsewhere."""

    by_name: Mapping[str, Named]
    by_postcode: Mapping[str, Named]
    _keys: list[str] = field(repr=False)
    _lengths: NDArray[np.int64] = field(repr=False)

    def named(self, names: Sequence[str]) -> Named | None:
        """What words name, spelt right; None where they name nothing."""
        return self.by_name.get(place_key(names))

    def postcode(self, postcode: str) -> Named | None:
        """The municipalities of a postcode; None where it is not known."""
        return self.by_postcode.get(postcode)

    def like(self, names: Sequence[str]) -> Named | None:
        """What misspelt words may name: the nearest names, ours before others; None where none is near."""
        key = place_key(names)
        is_street = names[-1] in SUFFIX_TYPES or names[0] in PREFIX_TYPES
        if len(key) < SHORTEST_GUESS or key.isdecimal() or is_street or NOISE.issuperset(names):
            return None
        most = 1 if len(key) < 8 else 2
        near = np.flatnonzero(np.abs(self._lengths - len(key)) <= most)
        distances = cdist([key], [self._keys[one] for one in near], scorer=OSA.distance, score_cutoff=most)[0]
        least = int(distances.min(initial=most + 1))
        if least > most:
            return None
        nearest = {name: self.by_name[name] for name in (self._keys[one] for one in near[distances == least])}
        found = [named for named in nearest.values() if named.home] or [
            named for name, named in nearest.items() if name[0] == key[0] and _may_be_guessed(named, key)
        ]
        return _together(found) if found else None

    def spans(self, names: Sequence[str]) -> dict[tuple[int, int], Named]:
        """Every stretch of words that names a place, by its first word and the one after its last."""
        found = {}
        for start in range(len(names)):
            for stop in range(start + 1, min(start + LONGEST_NAME, len(names)) + 1):
                if (named := self.named(names[start:stop])) is not None and not _within_street(names, start, stop):
                    found[start, stop] = named
        return found


def _within_street(names: Sequence[str], start: int, stop: int) -> bool:
    """Whether words stand where only the name of a street can: 'Sint-Jan plein', 'rue de l'Église'."""
    before = [name for name in names[:start] if name not in ("de", "du", "des", "la")]
    return bool(before and before[-1] in PREFIX_TYPES) or (stop < len(names) and names[stop] in SUFFIX_TYPES)


def _may_be_guessed(named: Named, key: str) -> bool:
    """Whether a misspelt word is long enough to stand for a place elsewhere; common words are like many a village."""
    return len(key) >= (SHORTEST_PART_GUESSED if named.is_part_elsewhere else SHORTEST_GUESS_ELSEWHERE)


def _together(named: Iterable[Named]) -> Named:
    every = list(named)
    return Named(
        frozenset().union(*(one.municipalities for one in every)),
        frozenset().union(*(one.areas for one in every)),
        tuple(dict.fromkeys(place for one in every for place in one.elsewhere)),
    )


def places_of(book: AddressBook, areas: Mapping[str, str]) -> Places:
    """The places that an address book and the areas of its edition (their names by id) know, and all of Belgium."""
    gazetteer = belgium()
    numbers = _numbers_by_nis(book)
    by_name = {key: _split(places, numbers) for key, places in gazetteer.by_name.items() if key not in NOISE}
    by_postcode = {postcode: _split(places, numbers) for postcode, places in gazetteer.by_postcode.items()}
    for number, municipality in enumerate(book.municipalities):
        _add_names(by_name, municipality.names.every(), Named(frozenset([number])))
    for postal, municipalities in book.municipalities_of_postal_areas().items():
        area = book.postal_areas[postal]
        _add(by_postcode, area.postcode, Named(municipalities))
        _add_names(by_name, area.names.every(), Named(municipalities))
    for area_id, name in areas.items():
        whole, parts = key_of_name(name), _telling_words(name)
        for key in {whole, *parts}:
            known = by_name.get(key, _NOTHING)
            if not known.elsewhere and (key == whole or not known.municipalities):
                _add(by_name, key, Named(areas=frozenset([area_id])))
    by_name.pop("", None)
    by_postcode.pop("", None)
    keys = list(by_name)
    return Places(by_name, by_postcode, keys, np.array([len(key) for key in keys]))


def _numbers_by_nis(book: AddressBook) -> dict[str, set[int]]:
    """The numbers that municipalities have in the book, by their NIS codes; by their names where the book has none."""
    numbers: dict[str, set[int]] = {}
    for number, municipality in enumerate(book.municipalities):
        codes = {municipality.nis} - {""}
        for name in municipality.names.every() if not codes else ():
            codes.update(place.nis for place in belgium().by_name.get(key_of_name(name), ()))
        for code in codes:
            numbers.setdefault(code, set()).add(number)
    return numbers


def _split(places: Iterable[Place], numbers: Mapping[str, set[int]]) -> Named:
    places = tuple(places)
    ours = frozenset(number for place in places for number in numbers.get(place.nis, ()))
    return Named(municipalities=ours) if ours else Named(elsewhere=places)


def _add_names(table: dict[str, Named], names: Iterable[str], named: Named) -> None:
    for name in names:
        _add(table, key_of_name(name), named)


def _add(table: dict[str, Named], key: str, named: Named) -> None:
    """Add what is ours to a table, where it takes the place of what is elsewhere."""
    known = table.get(key)
    table[key] = _together([known, named]) if known is not None and known.home else named


def _telling_words(name: str) -> set[str]:
    """The words of an area's name that stand for it by themselves."""
    return {word for word in words_of(name) if len(word) >= SHORTEST_GUESS and word not in _COMMON}


def municipalities_named(named: Iterable[Named]) -> frozenset[int]:
    """The municipalities of ours that are named."""
    return frozenset(number for one in named for number in one.municipalities)


def elsewhere_named(*sources: Iterable[Named]) -> tuple[Place, ...]:
    """The places elsewhere that are named; none where what is named there, or in a source before it, is ours.

    Give names before postcodes: a name goes before a number that is easily wrong.
    """
    for named in map(list, sources):
        if municipalities_named(named):
            return ()
        if places := tuple(dict.fromkeys(place for one in named for place in one.elsewhere)):
            return places
    return ()
