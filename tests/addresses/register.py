"""A small register in BeSt's layout, with streets that show one rule each, to be imported by the tests."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

HEADER = (
    "EPSG:31370_x", "EPSG:31370_y", "EPSG:4326_lat", "EPSG:4326_lon", "address_id", "box_number", "house_number",
    "municipality_id", "municipality_name_de", "municipality_name_fr", "municipality_name_nl", "postcode",
    "postname_fr", "postname_nl", "street_id", "streetname_de", "streetname_fr", "streetname_nl", "region_code",
    "status",
)  # fmt: skip

GENK = {"municipality_id": "71016", "municipality_name_nl": "Genk", "municipality_name_fr": "Genk", "postcode": "3600"}

STREETS: Mapping[str, str] = {
    "Noordlaan": "1 2 12 66A 110 112 112/1 112/2 114 131 150",
    "Stationsstraat": "1 3 5 8 10A 10B 12 14bis 21-23 30/0101 30/0102 30/gelijkvloers 40_1 40_2",
    "Kerkstraat": "1 2 3 4 5",
    "Kerkplein": "2 4",
    "Emiel Van Dorenlaan": "1 5 9 12",
    "Onze-Lieve-Vrouwstraat": "3 4",
    "Sint-Jan-Baptistplein": "1 2",
    "Veertien Septemberlaan": "3 14",
    "Leopold III-laan": "3 5",
    "Koning Boudewijnlaan": "7",
    "Koningin Astridlaan": "7",
    "Burgemeester Gerard Bijnenslaan": "8",
    "Pastoor Raeymaekersstraat": "6",
    "Dr. Loriersstraat": "2",
    "Professor Van Overstraetenlaan": "4",
    "Nieuwe Kuilenweg": "20",
    "Thor Park": "8000 8300",
    "Weg naar As": "12 20",
    "Hasseltweg": "12 100",
    "Hasseltsesteenweg": "4",
    "Max L'Hoeststraat": "11",
    "De Wilgen": "3",
    "Oude Heide": "6",
    "Heidestraat": "6",
    "Mie": "1",
    "Mee": "1",
    "Cockerillplaats": "3",
    "Evence Coppéelaan": "10",
    "Vlakveldstraat": "9",
    "Berkenlaan": "4",
    "Istanbulstraat": "2",
    "Zandstraat": "15",
    "Rue de la Loi": "16",
    "Ter Hoek": "11",
    "Boomstraat": "16",
    "Steenweg": "6",
    "Kleine Steenweg": "6",
    "Kleine Zilverstraat": "6",
    "Zilverweg": "4",
    "Oude Zilverweg": "4",
    "Ter Kamp": "18",
    "Lange Einde": "7",
    "Groot Donk": "52",
    "Groot Hei": "16",
    "Donkstraat": "1",
    "Lange Hei": "7",
    "Dalplein": "28",
}
"""The numbers of each street; '112/1' is box 1 of number 112, '40_1' a number with a second one."""


def rows(streets: Mapping[str, str] = STREETS, **fields: str) -> list[dict[str, str]]:
    """The addresses of streets as BeSt has them, each 10 m east of the one before, from (228200, 183200) on."""
    made: list[dict[str, str]] = []
    for street_number, (street, numbers) in enumerate(streets.items()):
        for number in numbers.split():
            house_number, _, box = number.partition("/")
            x, y = 228200 + 10 * len(made) % 1500, 183200 + street_number
            made.append(
                dict.fromkeys(HEADER, "")
                | {"EPSG:31370_x": f"{x:.5f}", "EPSG:31370_y": f"{y:.5f}", "address_id": f"a{len(made)}"}
                | {"house_number": house_number, "box_number": box, "streetname_nl": street, "status": "current"}
                | {"street_id": f"s{street_number}", "region_code": "BE-VLG"}
                | GENK
                | fields
            )
    return made


def write_register(path: Path, made: Iterable[Mapping[str, str]] | None = None) -> Path:
    """Write rows as a BeSt CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, HEADER, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows() if made is None else made)
    return path
