"""What the register of addresses holds: municipalities, postal areas, streets, addresses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from geo_lookup.addresses.house_numbers import HouseNumber

LANGUAGES = ("nl", "fr", "de")
"""The languages in which the register has names, in the order in which one stands in for another."""


class Names(NamedTuple):
    """A name in the languages of the register; '' where it has none."""

    nl: str = ""
    fr: str = ""
    de: str = ""

    def within(self, language: str) -> str:
        """The name in a language, or else in the first one there is."""
        preferred = getattr(self, language) if language in LANGUAGES else ""
        return str(preferred) or next(filter(None, self), "")

    def every(self) -> tuple[str, ...]:
        """Each different name once."""
        return tuple(dict.fromkeys(filter(None, self)))


class Municipality(NamedTuple):
    """A municipality by its NIS code; '' where the source states none."""

    nis: str
    names: Names


class PostalArea(NamedTuple):
    """A postcode with the names it has in the register."""

    postcode: str
    names: Names


@dataclass(frozen=True, slots=True)
class Street:
    """A street: `number` is its position in the address book, `id` what the register calls it.

    `x` and `y` are those of the address in its middle, in the address book's CRS, and `radius_m` is how far from there
    the farthest lies. `homonym` says that another street of the municipality is called so too.
    """

    number: int
    id: str
    names: Names
    municipality: Municipality
    postal: PostalArea
    x: float
    y: float
    radius_m: float
    homonym: bool

    def place(self, language: str = "nl") -> str:
        """Postcode and municipality, as they stand at the end of a label."""
        return f"{self.postal.postcode} {self.municipality.names.within(language)}".strip()

    def label(self, language: str = "nl") -> str:
        """The street with its place, as 'Noordlaan, 3600 Genk'."""
        return ", ".join(filter(None, (self.names.within(language), self.place(language))))


@dataclass(frozen=True, slots=True)
class Address:
    """An address of the register. `house_number` and `box` are as it writes them, `number` as they compare.

    `x` and `y` are in the address book's CRS.
    """

    id: str
    street: Street
    number: HouseNumber
    house_number: str
    box: str
    postal: PostalArea
    x: float
    y: float

    def label(self, language: str = "nl", *, with_box: bool = True) -> str:
        """The address as it is written on a letter: 'Noordlaan 112 bus 3, 3600 Genk'."""
        box_word = {"fr": "boîte", "de": "Bfk."}.get(language, "bus")
        box = f" {box_word} {self.box}" if self.box and with_box else ""
        place = f"{self.postal.postcode} {self.street.municipality.names.within(language)}".strip()
        return ", ".join(filter(None, (f"{self.street.names.within(language)} {self.house_number}{box}", place)))
