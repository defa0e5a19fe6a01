"""House numbers: '12', '12A', '12 bis', '21-23', '12/3', '12 bus 3', '12, 2e verdieping', asked and registered.

The same few parts serve both: the number, what follows it (a letter, 'bis', a second number), the end of a range,
and the box. Letters compare without case, boxes without leading zeros and marks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from geo_lookup.addresses.normalise import Token, fold
from geo_lookup.addresses.vocabulary import (
    BOX_WORDS,
    FLOOR_WORDS,
    GROUND_FLOOR,
    LETTER_SUFFIXES,
    NUMBER_SIGNS,
    ORDINAL_WORDS,
)

LARGEST_NUMBER = 99_999
"""What is larger is no house number: five digits are what the register has at most."""

WIDEST_RANGE = 100
"""How many numbers '21-23' may span and still be a range, not a number with a box."""

GROUND = "gelijkvloers"
"""The box that the ground floor is, whatever it is called."""

_RANGE_MARKS = frozenset(["-", "tot", "a", "/", "+"])
_ORDINALS = frozenset(["e", "de", "ste", "er", "eme", "ieme"])


class HouseNumber(NamedTuple):
    """A number in a street. `suffix` is a letter in lower case, 'bis', or '-1' for a second number; '' for none.

    `range_end` is the last number of a range, `box` the box as `box_key` writes it; '' and None where there is none.
    """

    number: int
    suffix: str = ""
    range_end: int | None = None
    box: str = ""


def box_key(text: str) -> str:
    """A box as it compares: letters and digits alone, without leading zeros; each word for ground floor is one."""
    kept = "".join(character for character in fold(text) if character.isalnum())
    if kept in GROUND_FLOOR:
        return GROUND
    return re.sub(r"^0+(?=\d)", "", kept)


def read_registered(house_number: str, box_number: str = "") -> HouseNumber | None:
    """Read a house number of the register, with its box; None where it does not begin with a number."""
    if len(house_number) <= 5 and house_number.isascii() and house_number.isdecimal():  # nine of ten are
        return HouseNumber(int(house_number), "", None, box_key(box_number) if box_number else "")
    text = fold(house_number).strip()
    match = re.fullmatch(r"(\d{1,5})\s*(.*)", text, re.DOTALL)
    if match is None:
        return None
    number, rest = int(match[1]), match[2].strip()
    ends = re.fullmatch(r"[-/]\s*(\d{1,5})\s*[a-z]?", rest)
    if ends and rest.startswith("-") and number < int(ends[1]) <= number + WIDEST_RANGE:
        return HouseNumber(number, "", int(ends[1]), box_key(box_number))
    if ends:
        return HouseNumber(number, f"-{int(ends[1])}", None, box_key(box_number))
    return HouseNumber(
        number, "".join(character for character in rest if character.isalnum()), None, box_key(box_number)
    )


def read_asked(tokens: Sequence[Token], start: int, *, street_before: bool) -> tuple[HouseNumber, int] | None:
    """Read the house number that begins at a token, and tell where it ends; None where none begins there.

    `street_before` tells whether words stand before it: only then is a single letter after a space its own, and not
    the initial of a street that follows.
    """
    if tokens[start].kind != "number" or int(tokens[start].text) > LARGEST_NUMBER:
        return None
    number, suffix, range_end, box = int(tokens[start].text), "", None, ""
    end = start + 1
    here = _at(tokens, end)
    if here and here.kind == "word" and here.glued:
        if len(here.text) > 1 and here.text not in LETTER_SUFFIXES | BOX_WORDS:
            return None  # '14septemberlaan', '2de'
        after = _at(tokens, end + 1)
        if here.text in BOX_WORDS and after and after.kind == "number":
            pass  # '12b3', '12bus3': the box is read below
        elif after and after.kind == "word" and after.glued:
            return None
        else:
            suffix, end = here.text, end + 1
    elif here and ((here.text in LETTER_SUFFIXES and street_before) or _is_lone_letter(tokens, end, street_before)):
        suffix, end = here.text, end + 1
    range_end, end = _range(tokens, end, number)
    box, end = _box(tokens, end)
    if not box and street_before:
        box, end = _floor(tokens, end)
    return HouseNumber(number, suffix, range_end, box), end


def box_apart(tokens: Sequence[Token], after: int) -> tuple[str, range]:
    """A box that is told apart from its house number ('Stadsplein 1, 3600 Genk, bus 2'), and the tokens that are it."""
    for position in range(after, len(tokens)):
        if tokens[position].text in BOX_WORDS and len(tokens[position].text) > 1:
            box, end = _box(tokens, position)
            if box:
                return box, range(position, end)
    return "", range(0)


def _at(tokens: Sequence[Token], position: int) -> Token | None:
    return tokens[position] if position < len(tokens) else None


def _is_lone_letter(tokens: Sequence[Token], position: int, street_before: bool) -> bool:
    token, after = tokens[position], _at(tokens, position + 1)
    if token.kind != "word" or len(token.text) != 1 or token.dotted:
        return False
    if token.text in ("a", "b") and after and (after.kind == "number" or after.text == "-"):
        return False  # '5 à 7' is a range, '12 b 3' a box, '12 b-3600' a postcode
    return street_before or after is None or after.kind == "mark"


def _range(tokens: Sequence[Token], position: int, number: int) -> tuple[int | None, int]:
    """'-23' after 21; '-3' after 12 is a box, and left to be read as one."""
    mark, last = _at(tokens, position), _at(tokens, position + 1)
    if mark and last and mark.text in _RANGE_MARKS and last.kind == "number" and len(last.text) <= 5:
        after = _at(tokens, position + 2)
        joined = after is not None and after.kind == "word" and after.glued and len(after.text) > 1
        if mark.text != "/" and number < int(last.text) <= number + WIDEST_RANGE and not joined:
            return int(last.text), position + (3 if after and after.kind == "word" and after.glued else 2)
    return None, position


def _box(tokens: Sequence[Token], position: int) -> tuple[str, int]:
    """'/3', '-3', 'bus 3', ', bus A', 'b3', 'app. 2.01', 'gelijkvloers'; '' where there is none."""
    start = position
    here = _at(tokens, position)
    while here and here.text in (",", "(") and position == start:
        position += 1
        here = _at(tokens, position)
    if here is None:
        return "", start
    if here.text in GROUND_FLOOR:
        return GROUND, position + 1
    announced = here.kind == "word" and here.text in BOX_WORDS and not _is_country_code(tokens, position)
    if not announced and (here.text not in ("/", "-", "+") or position != start):
        return "", start
    position += 1
    if announced and (sign := _at(tokens, position)) and (sign.text in NUMBER_SIGNS or sign.text in ("-", "/")):
        position += 1
    return _box_value(tokens, position, start, announced)


def _is_country_code(tokens: Sequence[Token], position: int) -> bool:
    """Whether the 'b' at a position belongs to a postcode: 'B-3600', 'B 3600'."""
    rest = tokens[position + 1 : position + 3]
    if rest and rest[0].text == "-":
        rest = rest[1:]
    return tokens[position].text == "b" and bool(rest) and rest[0].kind == "number" and len(rest[0].text) == 4


def _box_value(tokens: Sequence[Token], position: int, start: int, announced: bool) -> tuple[str, int]:
    value = _at(tokens, position)
    if value is None or value.kind == "mark":
        return "", start
    if value.kind == "word" and not announced and len(value.text) > 2:
        return "", start
    if value.kind == "word" and announced and len(value.text) > 3 and value.text not in GROUND_FLOOR:
        return "", start
    if not announced and value.kind == "number" and len(value.text) == 4 and tokens[position - 1].text != "/":
        return "", start  # '12 - 3600': a postcode
    parts, position = [value.text], position + 1
    while (more := _at(tokens, position)) and _continues(tokens, position, more):
        parts.append("" if more.kind == "mark" else more.text)
        position += 1
    return box_key("".join(parts)), position


def _continues(tokens: Sequence[Token], position: int, token: Token) -> bool:
    """Whether a token belongs to the box before it: glued letters and digits, '2.01', '3/1'."""
    before = tokens[position - 1]
    if token.kind == "mark":
        after = _at(tokens, position + 1)
        return token.text in ("/", "-") and token.glued and after is not None and after.glued and after.kind != "mark"
    if before.dotted and token.kind == "number" and before.kind == "number":
        return True
    return token.glued and (len(token.text) <= 2 or token.kind == "number")


def _floor(tokens: Sequence[Token], position: int) -> tuple[str, int]:
    """'2e verdieping', 'verdieping 2', 'eerste verdieping': a floor counts as a box of that number."""
    start = position
    if (here := _at(tokens, position)) and here.text == ",":
        position += 1
    window = [token.text for token in tokens[position : position + 4]]
    for length in (1, 2, 3):
        ordinal = all(word in _ORDINALS for word in window[1:length])
        if len(window) > length and window[length] in FLOOR_WORDS and window[0].isdecimal() and ordinal:
            return window[0], position + length + 1
    after = _at(tokens, position + 2)
    if len(window) > 1 and window[0].isdecimal() and window[1] in _ORDINALS and (after is None or after.kind == "mark"):
        return window[0], position + 2  # 'Kerkstraat 7, 1ste'
    if len(window) > 1 and window[0] in ORDINAL_WORDS and window[1] in FLOOR_WORDS:
        return str(ORDINAL_WORDS[window[0]]), position + 2
    if len(window) > 1 and window[0] in FLOOR_WORDS and window[1].isdecimal():
        return window[1], position + 2
    return "", start


def registered_text(number: HouseNumber) -> str:
    """A house number without its box, as a label shows it where the register has no text of its own."""
    if number.range_end is not None:
        return f"{number.number}-{number.range_end}"
    return f"{number.number}{number.suffix if len(number.suffix) > 1 else number.suffix.upper()}"
