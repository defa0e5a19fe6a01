"""The ways in which one street name is written: joined or split, shortened, with first names as initials or left out.

A spelling is a *stem*, the letters and digits of a name run together, and a *type* ('straat', 'laan', 'rue'). Names
of the register and words of a question go through the same functions, so that they meet whatever form they came in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, product
from typing import NamedTuple

from geo_lookup.addresses.normalise import Token, fold, tokenise
from geo_lookup.addresses.vocabulary import (
    DISTINGUISHING,
    LAST_WORD_TYPES,
    NUMBER_WORDS,
    ORDINAL_WORDS,
    PARTICLES,
    PREFIX_TYPES,
    ROMAN_NUMERALS,
    SUFFIX_TYPES,
    TITLES,
)

INITIAL_COST = 0.01
"""What a first name that is only an initial takes off the score of a match."""

OMITTED_COST = 0.03
"""What a first name, title or article that is left out takes off."""

GLUED_ST_COST = 0.04
"""What a glued 'st' takes off that is read as 'straat': 'Kerkst.', but then 'Herfst' too."""

MISSPELT_TYPE_COST = 0.05
"""What a type with a letter wrong takes off ('Stationsstarat')."""

SHORTEST_STEM = 4
"""A stem from which a word was left out has at least so many letters, or it says too little."""

MOST_READINGS = 12
"""How many readings of short forms in one name are tried."""

TYPES = ("", *SUFFIX_TYPES, *PREFIX_TYPES)
"""Every type; '' stands for a name without one."""

_SHORT_SUFFIXES = {short: kind for kind, shorts in SUFFIX_TYPES.items() for short in shorts}
_SHORT_PREFIXES = {short: kind for kind, shorts in PREFIX_TYPES.items() for short in shorts}
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def _misspellings(word: str) -> set[str]:
    """The word with one letter left out or swapped with the next; of longer ones, with one replaced or added too."""
    cuts = [(word[:position], word[position:]) for position in range(len(word) + 1)]
    found = {a + b[1:] for a, b in cuts if b} | {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    if len(word) > 3:
        found |= {a + letter + b[1:] for a, b in cuts if b for letter in _LETTERS}
        found |= {a + letter + b for a, b in cuts for letter in _LETTERS}
    return {one for one in found if len(one) > 2} - set(SUFFIX_TYPES) - set(_SHORT_SUFFIXES)


_MISSPELT_TYPES = {
    wrong: kind for kind in ("weg", "laan", "plein", "dreef", "steenweg", "straat") for wrong in _misspellings(kind)
}
_OUR_LADY = re.compile(r"^(onzelievevrouwe?|olvrouwe?|olv)")
_NUMBER_WORD = re.compile(f"^({'|'.join(sorted((w for w in NUMBER_WORDS if len(w) > 3), key=len, reverse=True))})")


def whole(stem: str, kind: str) -> str:
    """Stem and type run together in the order of the type's language."""
    return f"{kind}{stem}" if kind in PREFIX_TYPES else f"{stem}{kind}"


class Spelling(NamedTuple):
    """A way to write a name: its stem, its type, and what it costs to take the one for the other."""

    stem: str
    type: str
    cost: float = 0.0

    @property
    def full(self) -> str:
        """Stem and type run together in the order of the type's language."""
        return whole(self.stem, self.type)


def words_of(name: str) -> list[str]:
    """The words of a street name in the register, folded; marks between them don't count."""
    return words(tokenise(fold(name)))


def words(tokens: Iterable[Token]) -> list[str]:
    """The words and numbers among tokens."""
    return [token.text for token in tokens if token.kind != "mark"]


def spellings_of_name(name: str) -> list[Spelling]:
    """Every way in which a name of the register is expected to be written, each once, at its lowest cost."""
    found: dict[tuple[str, str], float] = {}
    for readings in _readings(_with_number_apart(words_of(name))):
        for written in _with_numbers(readings):
            for shortened, cost in _shortened(_with_type_joined(written)):
                stem, kind = _split(shortened)
                if cost >= OMITTED_COST and len(stem) < SHORTEST_STEM:
                    continue
                if kind == "steenweg":  # 'IJzersteen', with 'weg' alone left off
                    found.setdefault((f"{stem}steen", "weg"), cost)
                for form in (stem, _NUMBER_WORD.sub(lambda match: str(NUMBER_WORDS[match[0]]), stem)):
                    found[form, kind] = min(cost, found.get((form, kind), cost))
    return [Spelling(stem, kind, cost) for (stem, kind), cost in found.items()]


def spellings_asked(asked: Sequence[str]) -> list[Spelling]:
    """The spellings that words of a question may stand for, the likeliest first.

    Each is there with its type, and once more whole, for 'Kerkhof' may be the Kerkhofstraat.
    """
    found: dict[Spelling, None] = {}
    for reading in _readings(list(asked)):
        stem, kind = _split(reading)
        found[Spelling(stem, kind)] = None
        joined = "".join(reading)
        for short, long in _SHORT_SUFFIXES.items():
            if joined.endswith(short) and len(joined) - len(short) >= 3:
                found[Spelling(_stem(joined.removesuffix(short)), long)] = None
        if joined.endswith("st") and len(joined) >= 5:
            found[Spelling(_stem(joined.removesuffix("st")), "straat", GLUED_ST_COST)] = None
        found[Spelling(_stem(joined), "")] = None
        if not kind:
            for length in range(3, min(10, len(joined) - 1)):
                if (meant := _MISSPELT_TYPES.get(joined[-length:])) is not None:
                    found[Spelling(_stem(joined[:-length]), meant, MISSPELT_TYPE_COST)] = None
    return list(found)


def has_type(asked: Sequence[str]) -> bool:
    """Whether words of a question end or begin with a type, however short."""
    return any(spelling.type and not spelling.cost for spelling in spellings_asked(asked))


def _readings(names: list[str]) -> Iterator[list[str]]:
    """What short forms among the words may stand for, the words as they are last."""
    if not names:
        return
    *leading, last = names  # a title stands before a name, never last: 'Ter Kap' is no Kapelaan
    options: list[tuple[str, ...]] = [*(TITLES.get(word, (word,)) for word in leading), (last,)]
    first = names[0]
    if len(names) > 1 and (last in LAST_WORD_TYPES or last in _SHORT_SUFFIXES):
        options[-1] = (_SHORT_SUFFIXES.get(last) or LAST_WORD_TYPES[last], *options[-1])
    if len(names) > 1 and first in _SHORT_PREFIXES:
        options[0] = (*options[0], _SHORT_PREFIXES[first])
    seen = set()
    for chosen in [*islice(product(*options), MOST_READINGS), tuple(names)]:
        reading = " ".join(chosen).split()
        if tuple(reading) not in seen:
            seen.add(tuple(reading))
            yield reading


def _with_number_apart(names: list[str]) -> list[str]:
    """Words whose last one is a number and a type run together, 'IIIlaan', with the two apart."""
    for kind in SUFFIX_TYPES if names else ():
        stem = names[-1].removesuffix(kind)
        if stem != names[-1] and (stem in ROMAN_NUMERALS or stem.isdecimal()):
            return [*names[:-1], stem, kind]
    return names


def _with_numbers(names: list[str]) -> Iterator[list[str]]:
    """The words, and once more with each number written otherwise: '14', 'veertien'; 'iii', '3', 'derde'."""
    yield names
    for position, word in enumerate(names):
        for other in _other_numbers(word):
            yield [*names[:position], *other.split(), *names[position + 1 :]]


def _other_numbers(word: str) -> Iterator[str]:
    number = NUMBER_WORDS.get(word) or ROMAN_NUMERALS.get(word) or ORDINAL_WORDS.get(word)
    if number is None and word.isdecimal() and len(word) < 3:
        number = int(word)
    if number is None:
        return
    yield str(number)
    yield from (other for other, value in NUMBER_WORDS.items() if value == number and other != word)
    ordinals = [other for other, value in ORDINAL_WORDS.items() if value == number]
    if word not in NUMBER_WORDS:
        yield from (form for other in ordinals for form in (other, f"de {other}", f"{number}e", f"{number}de"))
        yield from (f"{number}ste" for _ in ordinals if number == 1)
        yield from (other for other, value in ROMAN_NUMERALS.items() if value == number and other != word)


def _with_type_joined(names: list[str]) -> list[str]:
    """Names whose last word is only a type: it belongs to the word before."""
    if len(names) > 1 and names[-1] in SUFFIX_TYPES:
        return [*names[:-2], names[-2] + names[-1]]
    return names


def _shortened(names: list[str]) -> Iterator[tuple[list[str], float]]:
    """The words with what stands before the last one as it is, as an initial, or left out."""
    french = names[:1] if names and names[0] in PREFIX_TYPES else []
    rest = names[len(french) :]
    yield names, 0.0
    if len(rest) < 2:
        return
    *leading, last = rest
    fixed, leading = leading[:-3], leading[-3:]
    for kept in product(*map(_options, leading)):
        cost = sum(
            OMITTED_COST if not one else INITIAL_COST * (one != word) for one, word in zip(kept, leading, strict=True)
        )
        chosen = [*fixed, *kept]
        if _may_be_left_out([*fixed, *leading], chosen):
            yield [*french, *filter(None, chosen), last], cost
    if fixed and not DISTINGUISHING & {fixed[0]}:
        yield [*french, last], OMITTED_COST * 2


def _options(word: str) -> tuple[str, ...]:
    if word in DISTINGUISHING or word.isdecimal():
        return (word,)
    return (word, "") if word in PARTICLES or len(word) == 1 else (word, word[0], "")


def _may_be_left_out(names: list[str], chosen: list[str]) -> bool:
    """A particle is left out only together with whatever stands before it."""
    before = True
    for word, kept in zip(names, chosen, strict=True):
        if word in PARTICLES and not kept and not before:
            return False
        before = before and not kept
    return True


def _split(names: list[str]) -> tuple[str, str]:
    """Stem and type of words: a French type stands first, a Dutch or German one is how the name ends."""
    if len(names) > 1 and names[0] in PREFIX_TYPES:
        return _stem("".join(names[1:])), names[0]
    joined = "".join(names)
    for kind in SUFFIX_TYPES:
        if joined.endswith(kind) and len(joined) - len(kind) >= 2:
            return _stem(joined.removesuffix(kind)), kind
    return _stem(joined), ""


def _stem(joined: str) -> str:
    return _OUR_LADY.sub("olv", joined)
