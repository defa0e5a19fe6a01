"""How a text may be read: which number is the house's, which a postcode, and which words belong together.

Nothing is decided here. A text with two numbers has several readings, and what the register knows tells which one
was meant: '14 septemberlaan 3', '112 Noordlaan', 'Thor Park 8300', '3600 Genk, Noordlaan 112'.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from geo_lookup.addresses.house_numbers import HouseNumber, box_apart, read_asked
from geo_lookup.addresses.normalise import Token, fold, tokenise
from geo_lookup.addresses.vocabulary import BOX_WORDS, COUNTRY, NUMBER_SIGNS

MOST_TOKENS = 40
"""Longer texts are read up to here: no address has more words."""

_BOUNDARIES = frozenset([",", ";", "(", ")", "\n"])

IsPostcode = Callable[[str], bool]


class Run(NamedTuple):
    """Words that stand together, and whether the house number stands before them."""

    words: tuple[str, ...]
    after_number: bool


class Reading(NamedTuple):
    """One way to read a text. `number_is_postcode` says that its house number could be a postcode too."""

    number: HouseNumber | None
    postcodes: tuple[str, ...]
    runs: tuple[Run, ...]
    number_is_postcode: bool = False


def read_text(text: str, is_postcode: IsPostcode) -> list[Reading]:
    """Every reading of a text, the likeliest first; one at least, and the last one has no house number."""
    tokens = _without_country(tokenise(fold(text))[:MOST_TOKENS])
    options = []
    for position, token in enumerate(tokens):
        if token.kind != "number" or _belongs_to_word(tokens, position):
            continue
        street_before = any(one.kind == "word" and one.text not in NUMBER_SIGNS for one in tokens[:position])
        if (read := read_asked(tokens, position, street_before=street_before)) is not None:
            known = _is_postcode(token, is_postcode)
            options.append(((known, not street_before, position), position, *read))
    inner = {one for _, start, _, end in options for one in range(start + 1, end)}  # a box, the end of a range
    readings = []
    for rank, start, number, end in sorted(options, key=lambda option: option[0]):
        if start in inner:
            continue
        box, elsewhere = ("", range(0)) if number.box else box_apart(tokens, end)
        taken = frozenset([*range(start, end), *elsewhere])
        asked = number._replace(box=number.box or box)
        readings.append(_reading(tokens, asked, start, taken, is_postcode, number_is_postcode=rank[0]))
    return [*readings, _reading(tokens, None, len(tokens), frozenset(), is_postcode)]


def _belongs_to_word(tokens: Sequence[Token], position: int) -> bool:
    """Whether a number is part of the word before it, as in 'bus3' or 'N75'; 'Kerkstraat1' and 'nr.1' are a house's."""
    before = tokens[position - 1] if position else None
    if before is None or before.kind != "word" or not tokens[position].glued:
        return False
    return before.text in BOX_WORDS or (len(before.text) < 3 and not before.dotted and before.text not in NUMBER_SIGNS)


def _is_postcode(token: Token, is_postcode: IsPostcode) -> bool:
    return token.kind == "number" and len(token.text) == 4 and is_postcode(token.text)


def _without_country(tokens: list[Token]) -> list[Token]:
    """Tokens without the country, which is only left in where nothing else is."""
    kept = [token for token in tokens if token.text not in COUNTRY]
    return kept if any(token.kind != "mark" for token in kept) else tokens


def _reading(
    tokens: Sequence[Token],
    number: HouseNumber | None,
    start: int,
    taken: frozenset[int],
    is_postcode: IsPostcode,
    *,
    number_is_postcode: bool = False,
) -> Reading:
    """A reading whose house number begins at `start` and is made of the tokens in `taken`.

    What else is a postcode is one, the rest falls into runs.
    """
    runs: list[list[str]] = [[]]
    postcodes: list[str] = []
    first_after = None
    for position, token in enumerate(tokens):
        if position == start:
            runs.append([])
            first_after = len(runs) - 1
        if position in taken or _announces_number(tokens, position):
            continue
        if token.text in _BOUNDARIES or (token.kind == "mark" and not token.glued):
            runs.append([])
        elif _is_postcode(token, is_postcode) and not (postcodes and number is None):
            postcodes.append(token.text)
            if runs[-1] and runs[-1][-1] in ("b", "be"):  # 'B-3600'
                runs[-1].pop()
            runs.append([])
        elif token.kind != "mark":
            runs[-1].append(token.text)
    return Reading(
        number,
        tuple(postcodes),
        tuple(
            Run(tuple(run), first_after is not None and position >= first_after)
            for position, run in enumerate(runs)
            if run
        ),
        number_is_postcode,
    )


def _announces_number(tokens: Sequence[Token], position: int) -> bool:
    """'nr' before a number means nothing, nor does 'bus' that no box follows."""
    if position + 1 >= len(tokens):
        return tokens[position].text in BOX_WORDS and position > 0 and len(tokens[position].text) > 1
    return tokens[position].text in NUMBER_SIGNS and tokens[position + 1].kind == "number"
