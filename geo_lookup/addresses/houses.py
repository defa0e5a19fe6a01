"""Which addresses of a street a house number stands for, and how precisely it was met."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from geo_lookup.addresses.book import AddressBook
from geo_lookup.addresses.house_numbers import HouseNumber
from geo_lookup.addresses.records import Address

NUMBERS_BESIDE = 2
"""How many numbers are offered below and above one that is not known."""


class Precision(StrEnum):
    """How an address that was found differs from what was asked.

    `exact`: not at all. `box_dropped`: the house is known, the box or floor is not. `letter_relaxed`: the number is
    known with another letter, or only with one. `range_first`: the number of a range, or a range for a number in it.
    `nearest_number`: the number is not known, this one is beside it. `street`: no number was asked.
    """

    EXACT = "exact"
    BOX_DROPPED = "box_dropped"
    LETTER_RELAXED = "letter_relaxed"
    RANGE_FIRST = "range_first"
    NEAREST_NUMBER = "nearest_number"
    STREET = "street"


COSTS = {
    Precision.EXACT: 0.0,
    Precision.BOX_DROPPED: 0.01,
    Precision.RANGE_FIRST: 0.01,
    Precision.LETTER_RELAXED: 0.02,
    Precision.STREET: 0.05,
    Precision.NEAREST_NUMBER: 0.1,
}
"""What a precision takes off the score of a match."""


class Houses(NamedTuple):
    """Addresses that a number stands for; several where it has boxes, or letters that were not asked for."""

    precision: Precision
    addresses: Sequence[Address]


def find_houses(book: AddressBook, street: int, asked: HouseNumber) -> Houses:
    """Find the addresses that a number stands for in a street, be they as precise as they can.

    For a number that is not known, these are the addresses beside it.
    """
    here = book.in_house(street, asked.number)
    for precision, chosen in _ways(here, asked):
        if chosen:
            return Houses(precision, chosen)
    covering = book.in_range(street, asked.number)
    if covering:
        return Houses(Precision.RANGE_FIRST, _same_house(covering))
    return Houses(Precision.NEAREST_NUMBER, _beside(book, street, asked.number))


def _ways(here: Sequence[Address], asked: HouseNumber) -> Iterable[tuple[Precision, Sequence[Address]]]:
    """The addresses with the number, by the ways in which they may be meant, the most precise first."""

    def those(condition: Callable[[HouseNumber], bool]) -> list[Address]:
        return [one for one in here if condition(one.number)]

    suffix, box = asked.suffix, asked.box
    if asked.range_end is not None:
        yield Precision.EXACT, those(lambda n: (n.range_end, n.box) == (asked.range_end, box))
        range_itself = _same_house(those(lambda n: n.range_end == asked.range_end))
        yield Precision.BOX_DROPPED if box else Precision.EXACT, range_itself
        second = str(asked.range_end)
        yield Precision.EXACT, those(lambda n: n.suffix == f"-{second}" or (not n.suffix and n.box == second))
        yield Precision.RANGE_FIRST, _same_house(those(lambda n: not n.suffix))
        yield Precision.RANGE_FIRST, _same_house(here)
        return
    yield Precision.EXACT, those(lambda n: (n.suffix, n.range_end, n.box) == (suffix, None, box))
    if box:
        other = f"-{box}" if box.isdecimal() else box
        yield Precision.EXACT, those(lambda n: not suffix and n.suffix == other and not n.box)
        yield Precision.EXACT, those(lambda n: not suffix and n.range_end is not None and str(n.range_end) == box)
    elif suffix:
        yield Precision.EXACT, those(lambda n: not n.suffix and n.box == suffix.lstrip("-"))
    whole = those(lambda n: n.suffix == suffix and n.range_end is None)
    yield Precision.EXACT if not box else Precision.BOX_DROPPED, _same_house(whole)
    yield Precision.LETTER_RELAXED, _same_house(those(lambda n: not n.suffix and n.range_end is None))
    yield Precision.RANGE_FIRST, _same_house(those(lambda n: n.range_end is not None))
    yield Precision.LETTER_RELAXED, here


def _same_house(addresses: list[Address] | Sequence[Address]) -> Sequence[Address]:
    """The house itself where the register has it, besides its boxes; else all of its boxes."""
    return [one for one in addresses if not one.number.box] or addresses


def _beside(book: AddressBook, street: int, number: int) -> list[Address]:
    """The first address of each of the numbers next to one that is not known, those on its side of the street first."""
    numbers = [one for one in book.numbers(street) if one > 0]
    own_side = [one for one in numbers if one % 2 == number % 2] or numbers
    below = [one for one in own_side if one < number][-NUMBERS_BESIDE:]
    above = [one for one in own_side if one > number][:NUMBERS_BESIDE]
    nearest = sorted([*below, *above], key=lambda one: (abs(one - number), one))
    return [_same_house(book.in_house(street, one))[0] for one in nearest]
