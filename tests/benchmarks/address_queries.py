"""Addresses as people write them, made from those of a register: always the same for one register.

Each kind of query changes an address in one way; the last one in several. A query that could as well mean another
street of the municipality, because that one is written just as nearly so, is not asked: no search could know.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from geo_lookup.addresses.book import AddressBook
from geo_lookup.addresses.gazetteer import gazetteer_rows
from geo_lookup.addresses.normalise import fold
from geo_lookup.addresses.records import Address, Street

SEED = 71016
SHORT_TYPES = {"straat": ["str.", "str", "st."], "steenweg": ["stwg", "stwg.", "steenwg."], "laan": ["ln", "ln."],
               "plein": ["pl.", "pln"], "weg": ["wg", "wg."]}  # fmt: skip
TYPES = ["straat", "steenweg", "laan", "plein", "weg", "dreef", "baan", "pad", "hof"]
SHORT_WORDS = {"burgemeester": ["Burg.", "burg"], "pastoor": ["Past.", "past"], "dokter": ["Dr.", "dr"],
               "kapelaan": ["Kap."], "kanunnik": ["Kan."], "gouverneur": ["Gouv."], "monseigneur": ["Mgr.", "mgr"],
               "notaris": ["Not."], "koning": ["Kon."], "koningin": ["Kon."], "sint": ["St", "St.", "st"],
               "nieuwe": ["Nwe", "Nwe."], "professor": ["Prof."]}  # fmt: skip
HEARD = [("ij", "ei"), ("ei", "ij"), ("ou", "au"), ("au", "ou"), ("k", "c"), ("c", "k"), ("ck", "k"), ("kx", "x"),
         ("g", "ch"), ("ch", "g"), ("gh", "g"), ("ph", "f"), ("f", "ph"), ("v", "f"), ("z", "s"), ("ae", "aa"),
         ("aa", "ae"), ("dt", "d"), ("dt", "t"), ("th", "t"), ("t", "th"), ("y", "ij"), ("qu", "kw"), ("uy", "ui"),
         ("ss", "s"), ("ll", "l"), ("nn", "n"), ("rr", "r"), ("mm", "m"), ("tt", "t"), ("l", "ll"),
         ("m", "mm")]  # fmt: skip
"""What is heard the same in Flanders, and written otherwise."""

LOCAL_PLACES = ["Winterslag", "Waterschei", "Zwartberg", "Kolderbos", "Boxbergheide", "Bokrijk", "Sledderlo"]
FOREIGN_STREETS = ["Rue de la Gare", "Grote Markt", "Kortrijksestraat"]
NEIGHBOURHOOD = "with a neighbourhood"
LONG_ENOUGH_FOR_TWO = 12

Change = Callable[[Street, random.Random], str | None]


class Query(NamedTuple):
    """A query and what is right: the street and number of the register, or the municipality (NIS) elsewhere."""

    kind: str
    text: str
    street_id: str = ""
    number: int = 0
    suffix: str = ""
    elsewhere: str = ""


class QueryMaker:
    """Makes queries from the addresses of a book; `always_municipality` where a street alone would say too little."""

    def __init__(self, book: AddressBook, *, always_municipality: bool) -> None:
        self.book = book
        self.always_municipality = always_municipality
        self.neighbours: dict[str, list[str]] = {}
        for number in range(len(book.street_sizes)):
            street = book.street(number)
            self.neighbours.setdefault(street.municipality.nis, []).append(_letters(_name(street)))

    def queries(self, each: int) -> list[Query]:
        """So many queries of each kind about addresses of the book."""
        kinds = [kind for kind in KINDS if kind != NEIGHBOURHOOD or not self.always_municipality]
        return [query for kind in kinds for query in self._of_kind(kind, each)]

    def elsewhere(self, count: int) -> list[Query]:
        """Addresses in other municipalities of Belgium, four in five in a street that the book has too."""
        chance = random.Random(f"{SEED} elsewhere")
        home = {one.nis for one in self.book.municipalities}
        ours = {_letters(name) for row in gazetteer_rows() if row["nis"] in home for name in row["names"].split(";")}
        rows = [row for row in gazetteer_rows() if row["nis"] not in home]
        municipalities = [row for row in rows if row["kind"] == "municipality"]
        found: list[Query] = []
        while len(found) < count:
            row = chance.choice(rows if chance.random() < 0.4 else municipalities)
            name = chance.choice(row["names"].split(";"))
            street, number = chance.choice(FOREIGN_STREETS), chance.randint(1, 150)
            if chance.random() < 0.8:
                street = _name(self.book.street(chance.randrange(len(self.book.street_sizes))))
            if _letters(name) not in ours:
                text = _placed(f"{street} {number}", name, chance.choice([*row["postcodes"].split(";"), ""]), chance)
                found.append(Query("elsewhere", text, elsewhere=row["nis"]))
        return found

    def keystrokes(self, count: int) -> Iterator[str]:
        """Everything that stands in the box while so many addresses are typed."""
        for query in self._of_kind("exact", count):
            yield from (query.text[:length] for length in range(1, len(query.text) + 1))

    def _of_kind(self, kind: str, count: int) -> Iterator[Query]:
        chance = random.Random(f"{SEED} {kind}")
        made = 0
        for _ in range(count * 200):  # a register may have no street of a kind
            if made == count:
                return
            street = self.book.street(chance.randrange(len(self.book.street_sizes)))
            name = KINDS[kind](street, chance)
            if name is not None and not street.homonym and self._is_told_apart(kind, name, street):
                house = chance.choice(self.book.in_street(street.number))
                made += 1
                yield Query(
                    kind, self._text(name, house, kind, chance), street.id, house.number.number, house.number.suffix
                )

    def _is_told_apart(self, kind: str, name: str, street: Street) -> bool:
        """Whether what is asked is nearer to its own street than to any other of the municipality."""
        asked, own = _letters(name), _letters(_name(street))
        others = [other for other in self.neighbours[street.municipality.nis] if other != own]
        if kind == "suffix-less":
            return asked not in {re.sub(f"({'|'.join(TYPES)})$", "", other) for other in others} | set(others)
        if kind == "half-remembered":
            return not any(other.endswith(asked[1:]) for other in others)
        if kind in ("misspelt", "misspelt twice", "spoken", "mixed"):
            most = OSA.distance(asked, own)
            return bool((cdist([asked], others, scorer=OSA.distance, score_cutoff=most) > most).all())
        return True

    def _text(self, name: str, house: Address, kind: str, chance: random.Random) -> str:
        municipality, postcode = house.street.municipality.names.nl, house.street.postal.postcode
        if kind == NEIGHBOURHOOD:
            return f"{name} {house.house_number}{chance.choice([' ', ', '])}{chance.choice(LOCAL_PLACES)}"
        if kind in ("swapped", "mixed"):
            return _swapped(name, house.house_number, municipality, postcode, chance)
        if self.always_municipality or chance.random() < 0.5:
            return f"{name} {house.house_number}, {chance.choice([f'{postcode} ', ''])}{municipality}"
        return f"{name} {house.house_number}"


def _name(street: Street) -> str:
    return street.names.within("nl")


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", fold(text))


def _swapped(name: str, number: str, municipality: str, postcode: str, chance: random.Random) -> str:
    return chance.choice([
        f"{number} {name}, {municipality}", f"{municipality} {name} {number}",
        f"{name}, {number}, {postcode} {municipality}", f"{postcode} {municipality}, {name} {number}",
        f"B-{postcode} {municipality} {name} {number}",
        f"{name.upper()} {number} {municipality.upper()}", f"{municipality}, {name} nr. {number}",
        f"{postcode} {name} {number}",
    ])  # fmt: skip


def _placed(house: str, place: str, postcode: str, chance: random.Random) -> str:
    """An address in a place, with its postcode where it has one, in some order."""
    town = f"{postcode} {place}".strip()
    return chance.choice([
        f"{house}, {town}", f"{house} {town}", f"{house} {place}", f"{house}, {place}", f"{town}, {house}",
        f"{place} {house}", f"{house} in {place}", f"{house}, {town}, België", f"{house} {town}".upper(),
        f"{house}, {place.replace('-', ' ')}",
    ])  # fmt: skip


def _exact(street: Street, _: random.Random) -> str:
    return _name(street)


def _abbreviated(street: Street, chance: random.Random) -> str | None:
    """With the title or the type written short, or both; None where there is nothing to shorten."""
    name = _name(street)
    words = re.split(r"([ -])", name)
    words[0] = chance.choice(SHORT_WORDS.get(words[0].lower(), [words[0]]))
    joined = "".join(words)
    for kind, shorts in SHORT_TYPES.items():
        if joined.endswith(kind) and not joined.endswith(f" {kind}"):
            joined = joined.removesuffix(kind) + chance.choice(shorts)
            break
    return joined if joined != name else None


def _half_remembered(street: Street, chance: random.Random) -> str | None:
    """With the first name as an initial or left out; None where the name has none."""
    first, _, rest = _name(street).partition(" ")
    person = re.fullmatch(r"[A-Z][a-zé]+", first) and re.match(r"[A-Z]", rest) and first.lower() not in SHORT_WORDS
    if not person or len(rest) < 8 or first in ("Oude", "Nieuwe", "Kleine", "Grote", "Lange", "Korte"):
        return None
    return chance.choice([f"{first[0]}. {rest}", f"{first[0]} {rest}", rest])


def _misspelt(street: Street, chance: random.Random) -> str | None:
    name = _name(street)
    return _with_slip(name, chance) if len(name) >= 5 else None


def _misspelt_twice(street: Street, chance: random.Random) -> str | None:
    name = _name(street)
    return _with_slip(_with_slip(name, chance), chance) if len(name) >= LONG_ENOUGH_FOR_TWO else None


def _with_slip(name: str, chance: random.Random) -> str:
    """One letter wrong, missing, too many, or swapped with the next; never the first."""
    position = chance.randrange(1, len(name) - 1)
    before, letter, after = name[:position], name[position], name[position + 1 :]
    other = chance.choice("abcdefghijklmnopqrstuvwxyz")
    return before + chance.choice([other + after, after, other + letter + after, after[0] + letter + after[1:]])


def _spoken(street: Street, chance: random.Random) -> str | None:
    """As it is heard, in one or two places; None where nothing in it can be misheard."""
    name = _name(street).lower()
    for _ in range(chance.choice([1, 1, 2])):
        places = [(written, heard) for written, heard in HEARD if written in name]
        if places:
            written, heard = chance.choice(places)
            position = chance.choice([match.start() for match in re.finditer(written, name)])
            name = name[:position] + heard + name[position + len(written) :]
    return name if name != _name(street).lower() else None


def _split(street: Street, chance: random.Random) -> str | None:
    """The compound in two words, or the words in one."""
    name = _name(street)
    ways = [f"{name.removesuffix(kind)} {kind}" for kind in TYPES if name.endswith(kind) and name.lower() != kind]
    if " " in name or "-" in name:
        ways += ["".join(re.split("[ -]", name)), name.replace("-", " ").replace(" ", "-", 1)]
    ways = [one for one in ways if one != name]
    return chance.choice(ways) if ways else None


def _suffixless(street: Street, _: random.Random) -> str | None:
    name = _name(street)
    stems = [name.removesuffix(kind).rstrip(" -") for kind in TYPES if name.endswith(kind)]
    return stems[0] if stems and len(stems[0]) >= 4 else None


def _mixed(street: Street, chance: random.Random) -> str | None:
    """A slip, beside what the order of the words does, and half of the time a type that is written short."""
    name = _misspelt(street, chance)
    if name is not None and chance.random() < 0.5:
        for kind, shorts in SHORT_TYPES.items():
            if name.endswith(kind):
                return name.removesuffix(kind) + shorts[0]
    return name


KINDS: dict[str, Change] = {
    "exact": _exact,
    "abbreviated": _abbreviated,
    "half-remembered": _half_remembered,
    "misspelt": _misspelt,
    "misspelt twice": _misspelt_twice,
    "spoken": _spoken,
    "split or joined": _split,
    "suffix-less": _suffixless,
    "swapped": _exact,
    "mixed": _mixed,
    NEIGHBOURHOOD: _exact,
}
"""How each kind of query changes a street's name."""
