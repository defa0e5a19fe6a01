"""An invented register of addresses in the layout of BeSt Address, of any size and always the same.

Municipalities and postcodes are Belgium's; names of streets are put together from the words that Flemish street names
are made of, in about the proportions in which they occur: nature, trades and places with a type, persons with and
without first name or title, saints, kings, dates, names without a type. No position is real.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from geo_lookup.addresses.gazetteer import gazetteer_rows

SEED = 20261125
EASTINGS, NORTHINGS = (40_000, 245_000), (160_000, 235_000)  # where municipalities lie, Lambert 72
HEADER = ["EPSG:31370_x", "EPSG:31370_y", "address_id", "box_number", "house_number", "municipality_id",
          "municipality_name_nl", "postcode", "postname_nl", "street_id", "streetname_nl", "status"]  # fmt: skip

TYPES = (
    ["straat"] * 55 + ["laan"] * 17 + ["weg"] * 12 + ["plein"] * 4 + ["dreef"] * 3 + ["steenweg", "baan", "pad", "hof"]
)

NATURE = """Abeel Acacia Akker Anjer Appel Arend Beek Berg Berk Beuk Bieze Bloem Boom Bos Braam Brem Broek Brug
Buizerd Ceder Dal Dennen Distel Dorp Duif Eekhoorn Egel Eik Els Ekster Erica Es Fazant Fruit Gaai Ganzen Gers
Goudvink Gras Groen Haag Haan Hazelaar Heide Hei Hert Hoeve Hommel Hop Hulst Iep Iris Jasmijn Kapel Kastanje Kerk
Kers Kievit Klaver Klei Klooster Koekoek Koren Kraai Krekel Kriek Lariks Leeuwerik Lelie Linde Lisdodde Lijster Maan
Mei Merel Mees Molen Mos Mus Narcis Notelaar Olm Orchidee Oever Patrijs Pijnboom Populier Putten Raaf Ree Reiger
Rode Roos Rozen Schaap School Seringen Sparren Specht Spreeuw Steen Tarwe Tulp Uil Vaart Valk Varen Veld Vijver Vink
Vlas Vlinder Vogel Vos Water Weide Wilgen Winter Wolf Zand Zavel Zilver Zomer Zon Zwaan Zwaluw""".split()

TRADES = """Abdij Arbeiders Bakkers Bergbeklimmers Boeren Boogschutters Brouwers Dekens Fabriek Gemeente Gilde
Glasblazers Graaf Hertogen Hoefsmid Industrie Jagers Kasteel Keizer Kolen Koopvaardij Kruisheren Kuipers Leerlooiers
Markt Mijnwerkers Molenaars Nijverheid Ontvoogdings Pastorie Pottenbakkers Ridder Schacht Scheper Schippers
Schuttershof Smeden Spoorweg Stad Stadion Station Stations Steenbakkers Toekomst Turfstekers Vrijheid Wagenmakers
Wevers Zandgroeve Zusters""".split()

FIRST_NAMES = """Albert Alfons Anna August Camille Constant Cyriel Désiré Edmond Emiel Ernest Eugène Felix Ferdinand
Frans Gaston Georges Gerard Gustaaf Hendrik Henri Hubert Isidoor Jan Jef Jozef Jules Karel Leo Lode Lodewijk Louis
Maria Maurits Michel Modest Oscar Paul Peter Philomène Pieter Prosper Remi René Robert Rosa Stijn Theo Valère Victor
Willem""".split()

FAMILY_STARTS = """Aerts Baert Beeck Bert Bex Bloem Bosm Brae Brouw Buyt Claess Coen Corn Craen Daen Deck Dier
Driess Duyst Engel Evra Fran Geer Gie Gijs Goeth Goov Hae Heyl Hoeyb Huysm Jansse Kell Kenn Lae Lamb Leem Loos Lut
Maes Mert Meyn Moo Nelis Neve Nulle Op Paes Peet Pel Piet Plas Quint Rae Renk Roel Rutt Schep Sleep Sme Staess Stev
Theun Tiel Truy Ulen Vaes Vanhee Vlieg Vrank Wae Wijn Will Wout Xhonn Ys Zeev""".split()

FAMILY_ENDS = """aert ckx dael donck els en ens ers eyn geert haeghe hoven huys iers inckx ings kens laer lants
lemans lens les maeckers mans meers moens nckens poel raedt rechts rmans roeck selaers smans steen sters straeten t
tens ters velde voort wijck winckel zele""".split()

PARTICLES = ["Van ", "Van den ", "Van der ", "De ", "Vande", "Ver", "", "", "", "", "", ""]
TITLES = "Burgemeester Pastoor Dokter Kapelaan Kanunnik Gouverneur Monseigneur Notaris Meester".split()
SAINTS = """Amandus Anna Antonius Augustinus Barbara Bavo Catharina Cecilia Christoffel Eligius Elisabeth Franciscus
Gerardus Godelieve Gummarus Hubertus Isidorus Jan Job Jozef Lambertus Lodewijk Lucia Lutgardis Maarten Martinus
Michiel Niklaas Odilia Oda Paulus Pieter Quintinus Rita Rochus Theresia Trudo Ursula Vincentius Willibrordus""".split()
KINGS = ["Koning Albert", "Koning Boudewijn", "Koningin Astrid", "Koningin Elisabeth", "Leopold II", "Leopold III",
         "Prins Karel"]  # fmt: skip
DATES = ["11 November", "8 Mei", "14 September", "1 Mei", "21 Juli", "4 September"]
PLAIN_STARTS = "Aan Achter Bovenste Den Groot Hoge Klein Lange Oud Ter Onder Op".split()
PLAIN_ENDS = """Bampt Beemden Berkel Blook Bremenberg Broekkant Donk Eikelaar Einde Gaard Goor Hei Heuvel Hoek Holt
Hoogte Horst Kamp Kant Kouter Laer Ledematen Lo Meersen Molenheide Nieuwland Opglabbeek Poort Rijt Schans Schom Slag
Termien Veen Ven Winning Zijp""".split()
LEADING = ["Oude", "Nieuwe", "Kleine", "Grote", "Lange", "Korte"]


class Size(NamedTuple):
    """How large a register is: its municipalities with NIS code, name and postcodes, and what each has on average."""

    municipalities: Sequence[tuple[str, str, Sequence[str]]]
    streets_each: int
    houses_each: int


def genk_size() -> Size:
    """One municipality of 1,200 streets, about 40,000 addresses."""
    return Size([("71016", "Genk", ["3600"])], streets_each=1_200, houses_each=31)


def flanders_size() -> Size:
    """Every municipality of Flanders, 77,000 streets, about 3.9 million addresses."""
    flemish = [
        (row["nis"], row["names"].split(";")[0], row["postcodes"].split(";"))
        for row in gazetteer_rows()
        if row["kind"] == "municipality"
        and (row["nis"][0] in "347" or row["nis"][:2] in ("11", "12", "13", "23", "24"))
    ]
    return Size(flemish, streets_each=round(77_000 / len(flemish)), houses_each=47)


def write_register(size: Size, path: Path) -> None:
    """Write a register of a size as a file of BeSt."""
    chance = random.Random(SEED)
    street = address = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for nis, municipality, postcodes in size.municipalities:
            names: dict[str, None] = {}
            while len(names) < size.streets_each:
                names[invented_name(chance)] = None
            easting, northing = chance.uniform(*EASTINGS), chance.uniform(*NORTHINGS)
            for name in names:
                street += 1
                x, y = easting + chance.uniform(-3000, 3000), northing + chance.uniform(-3000, 3000)
                postcode = chance.choice(postcodes)
                for step, (number, box) in enumerate(_houses(size.houses_each, chance)):
                    address += 1
                    writer.writerow(
                        [f"{x + step * 7:.2f}", f"{y + step % 2 * 14:.2f}", address, box, number, nis, municipality,
                         postcode, municipality, street, name, "current"]
                    )  # fmt: skip


def _houses(average: int, chance: random.Random) -> Iterator[tuple[str, str]]:
    """The house numbers of a street with their boxes: numbers with gaps, some letters and ranges."""
    number = 0
    for _ in range(chance.randint(average // 4, average * 7 // 4)):
        number += chance.choice([1, 1, 2, 2, 3])
        kind = chance.random()
        if kind < 0.01:
            yield f"{number}-{number + 2}", ""
            number += 2
        elif kind < 0.06:
            yield f"{number}{chance.choice('ABC')}", ""
        elif kind < 0.96:
            yield str(number), ""
        else:
            yield from ((str(number), str(box)) for box in range(1, chance.randint(3, 6)))


def invented_name(chance: random.Random) -> str:
    """One name of a street."""
    kind = chance.random()
    if kind < 0.30:
        return chance.choice(NATURE) + chance.choice(["", "", "", "en", "s"]) + chance.choice(TYPES)
    if kind < 0.48:
        return chance.choice(NATURE) + chance.choice(NATURE).lower() + chance.choice(TYPES)
    if kind < 0.58:
        return chance.choice(TRADES) + chance.choice(TYPES)
    if kind < 0.72:
        return f"{chance.choice(FIRST_NAMES)} {_family_name(chance)}{chance.choice(TYPES)}"
    if kind < 0.78:
        return f"{chance.choice(TITLES)} {_family_name(chance)}{chance.choice(TYPES)}"
    if kind < 0.84:
        return f"Sint-{chance.choice(SAINTS)}{chance.choice(TYPES)}"
    if kind < 0.86:
        return f"{chance.choice([*KINGS, *DATES])}{chance.choice(['laan', 'straat', 'plein'])}"
    if kind < 0.91:
        return f"{chance.choice(LEADING)} {chance.choice(NATURE)}{chance.choice(TYPES)}"
    return f"{chance.choice(PLAIN_STARTS)} {chance.choice(PLAIN_ENDS)}"


def _family_name(chance: random.Random) -> str:
    return chance.choice(PARTICLES) + chance.choice(FAMILY_STARTS) + chance.choice(FAMILY_ENDS)
