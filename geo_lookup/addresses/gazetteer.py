"""Which municipality is meant: every municipality of Belgium, its parts and postcodes, of today and of before.

The table stands in belgium.csv; BELGIUM.md names its sources. An address elsewhere is recognised by it.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from geo_lookup.addresses.normalise import fold, tokenise
from geo_lookup.addresses.street_names import words

_SAINTS = {"st": "sint", "saint": "sint", "sankt": "sint", "sinte": "sint", "ste": "sainte"}


class Place(NamedTuple):
    """A name and the municipality it stands for, by the NIS code and the name of today; or it is a part of that."""

    name: str
    nis: str
    municipality: str
    is_part: bool = False


def place_key(names: Iterable[str]) -> str:
    """The words of a place's name run together; each word for saint is one."""
    return "".join(_SAINTS.get(word, word) for word in names)


def key_of_name(name: str) -> str:
    """The key of a place's name as it is written."""
    return place_key(words(tokenise(fold(name))))


@dataclass(frozen=True)
class Gazetteer:
    """Places by the key of their names, and by their postcodes; one key or postcode may stand for several."""

    by_name: Mapping[str, tuple[Place, ...]]
    by_postcode: Mapping[str, tuple[Place, ...]]

    def named(self, names: Sequence[str]) -> tuple[Place, ...]:
        """The places that words are the name of; none where they are none."""
        return self.by_name.get(place_key(names), ())


def gazetteer_rows() -> list[dict[str, str]]:
    """The rows of belgium.csv; BELGIUM.md tells what its columns mean."""
    table = files("geo_lookup.addresses").joinpath("belgium.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(table.splitlines()))


@lru_cache(maxsize=1)
def belgium() -> Gazetteer:
    """The gazetteer of Belgium."""
    rows = gazetteer_rows()
    today = {row["nis"]: row["names"].split(";")[0] for row in rows if row["kind"] == "municipality"}
    by_name: defaultdict[str, dict[Place, None]] = defaultdict(dict)
    by_postcode: defaultdict[str, dict[Place, None]] = defaultdict(dict)
    for row in rows:
        for name in row["names"].split(";"):
            by_name[key_of_name(name)][Place(name, row["nis"], today[row["nis"]], row["kind"] == "part")] = None
        if row["kind"] == "municipality":
            for postcode in filter(None, row["postcodes"].split(";")):
                by_postcode[postcode][Place(today[row["nis"]], row["nis"], today[row["nis"]])] = None
    return Gazetteer(
        {key: tuple(places) for key, places in by_name.items()},
        {postcode: tuple(places) for postcode, places in by_postcode.items()},
    )
