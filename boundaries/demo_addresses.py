"""Invent the addresses of the demo edition, in the layout of BeSt Address: always the same to the byte.

A street is a gently bending line with odd numbers on its left and even ones on its right. It is drawn once, and then
turned and moved until it lies where it has to and far enough from other streets. No list of real streets stands
behind it: some names are known in Genk, most are invented, and no number or position is real. What looks random is
the hash of the street's name; positions are rounded to the centimetre, far above what machines differ in.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

SPECIAL_AREA = "Horensberg"
LOWEST, MOST = 14, 72  # what the highest house number of a street lies between, where nothing else is said
SHORT = 6  # the larger this is, the more streets are short
HOLES = 0.2  # the share of numbers that are missing
GAP_M, GAP_SPREAD_M = 14.0, 4.0  # between houses on one side of a street: 10 to 18 m along the street
DEPTH_M, DEPTH_SPREAD_M = 8.5, 2.5  # between a house and the middle of its street: 6 to 11 m
STEP_M, BEND = 40.0, 0.12  # after each step a street bends by so much (radians) at most
CLEARANCE_M = 30.0  # between a street and the border of its neighbourhood: its houses are beyond the margin of doubt
HOUSE_CLEARANCE_M = 1.0  # between a house and any border: more than the rounding of its degrees
SPACING_M = 45.0  # between two streets
JITTER = 0.15  # how far (radians) a street may stray from the grid of its neighbourhood
LEAST_SHARE = 0.3  # of the houses of a street that crosses a border: at least so many lie on each side
ATTEMPTS = 3000
EVERY_PROPOSED = 16  # in every sixteenth street the last house is still to be built

# Houses at a place that is known. Each office is at the address that is said of it, too.
PLACED = {"Stadsplein 1": (5.4988, 50.9656)}

# Houses so many metres from a border: the neighbourhood it lies in, and the one that is near. The first two are
# demo-00001 and demo-00002, of which an override says that the other neighbourhood answers.
AT_BORDER = (
    ("Schuttingstraat 1", "Winterslag 2 en 4", "Winterslag 1", 5.0),
    ("Grenspaalweg 2", "Vlakveld", "Kolderbos", 4.0),  # another district, with another manager
    ("Haagscheiding 1", "Bret", "Gelieren", 2.0),  # in one district
)  # fmt: skip

# Streets that cross a border between two neighbourhoods.
CROSSING = (
    ("Europalaan", "Genk-Centrum", "Nieuw-Termien"),  # from here on two districts: one manager, and a vacancy
    ("Weg naar As", "Genk-Centrum-Noord", "Bret"),
    ("Weg naar Zwartberg", "Driehoeven", "Oud-Winterslag"),
    ("Maaslandsteenweg", "Langerlo", "Oud-Sledderlo"),  # both have the same manager
    (SPECIAL_AREA, f"Winterslag 2 en 4, {SPECIAL_AREA}", f"Industrieterrein Genk-Noord, {SPECIAL_AREA}"),
    ("Koningin Astridlaan", "Genk-Centrum", "Vlakveld"),  # from here on one district
    ("Evence Coppéelaan", "Oud-Winterslag", "Winterslag 1"),
)  # fmt: skip

# Streets that lie in one neighbourhood. Kerkstraat is there twice, and Mie and Mee are two streets.
STREETS = {
    "Genk-Centrum": "Sint-Martinusplein, Burgemeester Gerard Bijnenslaan, Gouverneur Alex Galopinstraat, "
        "Dr. Loriersstraat, Pastoor Raeymaekersstraat, Leopold III-laan, Lakenwevershof, Postiljonstraat, "
        "Raadsherenpad, Fanfarepark",
    "Genk-Centrum-Noord": "Onze-Lieve-Vrouwstraat, Koning Boudewijnlaan, Klokkenmakersstraat, Torenvalkdreef, "
        "Hagebeukhof, Sint-Godelievestraat, Wijngaardheide, Kruidtuinpad, Violierenstraat, Notelarenpark, "
        "Orgelbouwersweg",
    "Vlakveld": "Sint-Jan-Baptistplein, Vlakdries, Bosuilstraat, Madeliefjespad, Dokter Nulensstraat, "
        "Kruisboogschuttersweg, Gagelbampt, Tuinmanshof, Perelaarstraat",
    "Driehoeven": "Hoefsmidstraat, Ploegijzerweg, Roggeveldstraat, Leeuwerikendreef, Sint-Isidoorplein, "
        "Korenschoofpad, Graanschuurhof, Driesprongbaan, Boekweitlaan, Haverdries",
    "Hoevenzavel": "Zavelkuilweg, Stuifzandpad, Korhaanstraat, Bremstruikdreef, Jozef Vaesenstraat, Sint-Rochuslaan, "
        "Leemputten, Struikheipark, Konijnenbergweg",
    "Nieuw-Driehoeven": "Ganzenbloemstraat, Klaprooshof, Wikkepad, Luzernestraat, Lijsterbesdreef, "
        "Sint-Amandusstraat, Hooiwagenlaan, Dorsvloerplein, Vlasakkerweg, Zeisenmakersstraat",
    "Industrieterrein Genk-Noord": "Lasserslaan, Turbineweg, Containerbaan, Hoogspanningspad, Draaibankstraat, "
        "Smeltovenlaan",
    "Nieuwe Kempen": "Kempenlandlaan, Heidebijenstraat, Wulpenweg, Jeneverbespad, Schaapskooiplein, "
        "Turfstekersstraat, Sint-Hubertusdreef, Nachtzwaluwhof, Moerzijp",
    "Zwartberg-Noord": "Koolhouwersstraat, Schachtbokplein, Ophaalmachinelaan, Porionstraat, Mijnlampweg, "
        "Sint-Barbarapark, Terrilpad, Schietmeestershof, Galerijstraat, Kompelplein, Gaston Vreysenlaan",
    "Zwartberg-Zuid": "Kerkstraat, Lampisterijstraat, Badzaaldreef, Stuttershof, Kolenwasserijweg, Sint-Ritaplein, "
        "Tuinwijkpad, Wagonstraat, Jan Habexlaan",
    "Bret": "Nieuwe Kuilenweg, Vossenholpad, Ekstersdreef, Heiknuterstraat, Dennenappelhof, Trien Bijloosstraat, "
        "Zandloperlaan, Kamperfoeliestraat, Kruisbesweg, Sint-Odiliastraat",
    "Gelieren": "Mie, Emiel Van Dorenlaan, Gelierdries, Schildersezelpad, Kapelaan Moorsstraat, Beemdgrasstraat, "
        "Kasteelwijer, Spinnewielhof, Mandenvlechtersweg, Wolfsbergdreef, Sint-Wendelinusplein",
    "Kattevenne-Molenblook": "Kattevennen, Sterrenkijkerslaan, Planetenpad, Molenradstraat, Meulenblook, "
        "Komeetstraat, Maalderijhof, Visotterweg, Libellenbampt, Zonnewijzerplein, Melkwegpark",
    "Nieuw-Texas": "Texasbaan, Wildebrempad, Jachthoornlaan, Houthakkersstraat, Vliegdennenweg, Boswachtershof, "
        "Eikvarendreef, Sint-Eligiusstraat, Reegeitpad, Mathieu Ceyssenslaan, Asserbergsteenweg",
    "Oud-Waterschei": "Maaseikerbaan, Mee, Oude Heide, Waterscheidingsweg, Bronbeekstraat, Ossenbampt, Veldkapelpad, "
        "Herdershof, Smidsdries, Sint-Quirinusstraat, Lambert Vrolixstraat, Turfvendreef",
    "Waterschei-Noord": "Thor Park, Guillaume Lambertlaan, Onderaardlaan, Mijnpaardstraat, Ventilatorweg, "
        "Schachtwachterspad, Steenstortdreef, Kolenmijnershof, Sint-Leonarduspark",
    "Waterschei-Zuid": "Veertien Septemberlaan, Max L'Hoeststraat, Voetballersplein, Duivenmelkersstraat, Kantineweg, "
        "Elzenzijp, Ingenieur Dewandrelaan, Garibaldistraat, Polenhof, Slovenendreef, Volkstuinpad",
    "Oud-Winterslag": "Kerkstraat, Citélaan, Schoolmeesterspad, Winterkoningstraat, IJsvogelweg, "
        "Pierre Hoydonckxdreef, Sint-Benedictusplein, Vorstbampt, Hulsthaaghof, Sneeuwbesstraat, Beekzijp",
    "Winterslag 1": "C-Mine, Spoorwachtersstraat, Elektricienslaan, Lorenhof, Kalkovenweg, Marmerslijperspad, "
        "Trommelstraat, Sint-Genovevadreef, Koelmansplein",
    "Winterslag 2 en 4": "Noordlaan, Westschachtweg, Compressorstraat, Sint-Vincentiuspark, Houtstapelpad, "
        "Antracietlaan, Kolenzeefstraat, Cokesovenhof, Vonkenweg",
    "Bokrijk": "De Wilgen, Hooimijtpad, Bokkenrijdersweg, Karperwijer, Kloosterschuurlaan, Rietdekkersstraat, "
        "Domeinbaan, Sint-Gerlachusplein, Rozenbottelhof, Galgenwijer",
    "Boxbergheide": "Rozenkranslaan, Gaspeldoornstraat, Kwartelweg, Heidebrandpad, Patrijzenlaan, "
        "Sint-Pancratiusplein, Plaggenstekersweg, Wielewaalhof, Boomkruiperstraat, Boompieperdreef, Berkenzwampad, "
        "Vuursteenlaan",
    "Hasseltweg": "Hasseltweg, Herbergierstraat, Pachthofweg, Diligencepad, Tolhuislaan, Sint-Christoffelplein, "
        "Zwaluwstaartstraat, Wagenmakersdreef, Vlierbloesemstraat, Hoefblook",
    "Nieuw-Termien": "Professor Van Overstraetenlaan, Kersenpitstraat, Appelboomhof, Imkersweg, Termiendries, "
        "Sint-Lutgardislaan, Meikeverstraat, Goudvinkdreef, Pastorietuinpad",
    "Oud-Termien": "Sint-Dympnaplein, Waterlelielaan, Lisdoddestraat, Snoekwijer, Rietzijp, Beverburchtweg, "
        "Wasvrouwenstraat, Hopveldhof, Mattenbieslaan, Kalmoesdreef, Blauwe Reigerstraat",
    "Kolderbos": "Woudloperslaan, Bosanemoonstraat, Eekhoornweg, Dassenburchtpad, Sint-Egidiusplein, Hazelmuishof, "
        "Paddenstoelstraat, Varenpark, Mispelboomlaan",
    "Langerlo": "Lange Bampt, Sluiswachtersweg, Binnenschipperslaan, Jaagpaddreef, Schippershof, Brugmeesterstraat, "
        "Aalscholverstraat, Sint-Servatiusplein, Meerpaalweg, Baggerpad",
    "Industrieterrein Genk-Zuid": "Walserijlaan, Hoogovenbaan, Kraanmachinistenweg, Staalplaatstraat, Dokwerkersweg, "
        "Plaatwerkerspad, Montagehallaan",
    "Nieuw Sledderlo": "Sleedoornplein, Anatoliëlaan, Siciliëstraat, Kastanjebolsterweg, Speelbosdreef, Merelnestpad, "
        "Zandhagedishof, Lieven Creemersstraat, Koekoeksbloemstraat, Sint-Marcellinusweg, Grasdakpark",
    "Oud-Sledderlo": "Sledderblook, Kapeldries, Landweerweg, Schaapsdrift, Veenwortelstraat, Dokter Opsteynlaan, "
        "Sint-Corneliushof, Wevershuispad, Bakhuisstraat, Ezelinnendreef, Nachtegaalbampt",
}  # fmt: skip

# All numbers of a street, or its highest one, where they are not left to chance.
NUMBERS: dict[str, Sequence[int]] = {
    SPECIAL_AREA: range(1, 25),
    "Stadsplein": range(1, 15),
    "Thor Park": (8000, 8010, 8045, 8100, 8200, 8300, 8310),
    "C-Mine": (1, 2, 3, 5, 8, 10, 12, 17, 20, 25, 30, 33, 41, 46, 50, 55, 60, 64, 70, 73, 80, 87, 92, 99, 100),
}
HIGHEST = {"Noordlaan": 150, "Europalaan": 96, "Weg naar As": 68, "Weg naar Zwartberg": 64, "Maaslandsteenweg": 54,
           "Koningin Astridlaan": 48, "Evence Coppéelaan": 44, "Hasseltweg": 70, "Maaseikerbaan": 68}  # fmt: skip

# Houses that are there whatever chance says: plain ones, ones with a suffix, and ranges, which stand for all they span.
HOUSES = (
    "Noordlaan 112", "Hasseltweg 12A", "Hasseltweg 12B", "Hasseltweg 66A", "Maaseikerbaan 66A", "Maaseikerbaan 45bis",
    "Noordlaan 8A", "Noordlaan 8B", "Noordlaan 8C", "Weg naar As 30A", "Weg naar As 31bis", "Europalaan 40A",
    "Europalaan 40B", "Koning Boudewijnlaan 5A", "Onze-Lieve-Vrouwstraat 7bis", "Mie 4A", "Kattevennen 10A",
    "Oude Heide 9bis", "Jan Habexlaan 3A", "Jan Habexlaan 3B", "Lisdoddestraat 6A", "Emiel Van Dorenlaan 11A",
    "Rozenkranslaan 2bis", "Sluiswachtersweg 5A", "Sluiswachtersweg 5B", "Texasbaan 7A",
    "Stadsplein 11-13", "Europalaan 21-23", "Hasseltweg 41-45", "Noordlaan 60-62", "Maaseikerbaan 16-20",
    "Weg naar Zwartberg 9-11", "Leopold III-laan 2-4", "Containerbaan 6-10", "Turbineweg 3-7", "Mijnlampweg 5-7",
)  # fmt: skip
ABSENT = ("Hasseltweg 66", "Maaseikerbaan 66")
RETIRED = ("Noordlaan 97", "Weg naar As 14", "Kapeldries 8", "Walserijlaan 4", "Sint-Ritaplein 5")

# Houses with boxes, which take turns in how these are numbered. Every second house has a row without a box, too.
BOXES = ("1 2 3 4", "0101 0102 0201 0202 0301 0302", "A B C", "gelijkvloers 1 2 3", "1 2 3 4 5 6 7 8 9 10")
APARTMENTS = (
    "Stadsplein 3", "Stadsplein 6", "Europalaan 12", "Europalaan 34", "Europalaan 55", "Sint-Martinusplein 4",
    "Noordlaan 24", "Noordlaan 112", "Hasseltweg 20", "Hasseltweg 37", "Weg naar As 9", "Weg naar Zwartberg 22",
    "Koningin Astridlaan 15", "Koning Boudewijnlaan 8", "Leopold III-laan 7", "Dr. Loriersstraat 10", "Kompelplein 2",
    "Voetballersplein 6", "Evence Coppéelaan 17", "Sint-Jan-Baptistplein 3", "Mispelboomlaan 11", "Maaslandsteenweg 28",
    "Sleedoornplein 9", "Anatoliëlaan 5", "Maaseikerbaan 33",
)  # fmt: skip

Place = tuple[float, float]
Coordinates = NDArray[np.float64]
Row = tuple[str, ...]


class Street(NamedTuple):
    """A street to be drawn: the regions it lies in, its houses in order, and where it must lie.

    The house `held` is at `at`, in metres, or `inset` metres within the first region from the border with the
    second. Without such a house the middle of the street is on the border of its two regions, or anywhere in its one.
    """

    name: str
    regions: tuple[str, ...]
    houses: list[str]
    held: str = ""
    at: Coordinates | None = None
    inset: float = 0.0


class DrawnStreet(NamedTuple):
    """A street that has found its place: its houses in their order, and its line from corner to corner, in metres."""

    street: Street
    points: Coordinates
    line: Coordinates


def draw_streets(
    neighbourhoods: Mapping[str, Any], special_area: Any, offices: Mapping[str, Place], projection: Transformer
) -> list[DrawnStreet]:
    """Draw the streets and their houses, ordered by name and region.

    The polygons of the neighbourhoods, by name, and of the special area are in degrees; `offices` holds longitude and
    latitude by address ('Schetsplein 1'), and `projection` leads from degrees to metres in EPSG:31370. Raises
    `ValueError` where a street finds no place with every house strictly inside its neighbourhoods.
    """

    def to_metres(lonlat: Coordinates) -> Coordinates:
        return np.column_stack(projection.transform(*lonlat.T))

    cells = {name: shapely.transform(cell, to_metres) for name, cell in neighbourhoods.items()}
    regions = dict(_regions(cells, shapely.transform(special_area, to_metres)))
    known = {**PLACED, **offices}
    at = dict(zip(known, to_metres(np.array(list(known.values()))), strict=True))

    lines: list[Any] = []
    drawn = []
    for street in _streets(at, regions):
        points = _place(street, regions, lines)
        drawn.append(DrawnStreet(street, points, shapely.get_coordinates(lines[-1])))
    return sorted(drawn, key=lambda one: one.street[:2])


def hashed(key: str, numbers: Iterable[int]) -> Coordinates:
    """A number from -1 to 1 for each number: random to look at, the same on every machine."""
    digests = [hashlib.sha256(f"{key} {number}".encode()).digest() for number in numbers]
    return np.array([int.from_bytes(digest[:6], "big") for digest in digests]) / 2.0**47 - 1


def _regions(cells: Mapping[str, Any], special: Any) -> Iterator[tuple[str, Any]]:
    """Each neighbourhood without the special area, and what each has of it; so streets lie in the one or the other."""
    for name, cell in cells.items():
        yield name, shapely.difference(cell, special)
        if shapely.intersects(cell, special):
            yield f"{name}, {SPECIAL_AREA}", shapely.intersection(cell, special)


def _streets(at: Mapping[str, Coordinates], regions: Mapping[str, Any]) -> Iterator[Street]:
    """Every street in the order in which they are drawn: those that are tied to a place go first."""
    for house, place in at.items():
        name, held = _split(house)
        region = next((one for one, ground in regions.items() if shapely.contains_xy(ground, *place)), None)
        if region is None:
            raise ValueError(f"{house} lies in no neighbourhood")
        yield Street(name, (region,), _houses(name, region, held), held, at=place)
    for house, region, other, inset in AT_BORDER:
        name, held = _split(house)
        yield Street(name, (region, other), _houses(name, region, held), held, inset=inset)
    for name, *both in CROSSING:
        yield Street(name, tuple(both), _houses(name, both[0]))
    for region, names in STREETS.items():
        for name in names.split(", "):
            yield Street(name, (region,), _houses(name, region))


def _houses(name: str, region: str, *held: str) -> list[str]:
    """The house numbers of a street in order: by chance with holes, and those that are stated at the top."""
    stated = {house for street, house in map(_split, (*HOUSES, *RETIRED, *APARTMENTS)) if street == name} | {*held}
    plain = set(NUMBERS.get(name, ()))
    if not plain:
        chance = (hashed(f"{name} {region} highest", [0])[0] + 1) / 2
        by_chance = int(LOWEST + (MOST - LOWEST) * chance**SHORT)
        highest = max(HIGHEST.get(name, by_chance), *map(_number, stated), 0)
        chances = (hashed(f"{name} {region} kept", range(1, highest + 1)) + 1) / 2
        plain = {*(np.flatnonzero(chances > HOLES) + 1).tolist(), highest}
    ranges = (map(int, house.split("-")) for house in stated if "-" in house)
    plain -= {number for first, last in ranges for number in range(first, last + 1, 2)}
    absent = {house for street, house in map(_split, ABSENT) if street == name}
    return sorted({*map(str, plain), *stated} - absent, key=lambda house: (_number(house), house))


def _split(address: str) -> tuple[str, str]:
    """The street and the house number of 'Weg naar As 30A'."""
    name, house = address.rsplit(" ", 1)
    return name, house


def _number(house: str) -> int:
    """The number that a house number begins with."""
    return int(re.split(r"\D", house, maxsplit=1)[0])


def _shape(street: Street) -> tuple[Coordinates, Coordinates]:
    """The line of a street and its houses, in metres from its middle or from the house that is held."""
    key, count = f"{street.name} {street.regions[0]}", range(len(street.houses))
    odd = np.array([_number(house) % 2 == 1 for house in street.houses])
    along = GAP_M + GAP_SPREAD_M * hashed(f"{key} gap", count)
    for side in (odd, ~odd):
        along[side] = np.cumsum(along[side])
    sideways = np.where(odd, 1, -1) * (DEPTH_M + DEPTH_SPREAD_M * hashed(f"{key} depth", count))

    steps = int(along.max() // STEP_M) + 1
    heading = np.cumsum(BEND * hashed(f"{key} bend", range(steps)))
    ahead = np.column_stack([np.cos(heading), np.sin(heading)])
    left = ahead[:, ::-1] * (-1, 1)
    line = np.vstack([np.zeros(2), np.cumsum(STEP_M * ahead, axis=0)])
    step = (along // STEP_M).astype(int)
    houses = line[step] + (along - step * STEP_M)[:, None] * ahead[step] + sideways[:, None] * left[step]
    origin = houses[street.houses.index(street.held)] if street.held else line[len(line) // 2]
    return line - origin, houses - origin


def _place(street: Street, regions: Mapping[str, Any], lines: list[Any]) -> Coordinates:
    """Turn and move a street until it fits among the lines that are there, and add its own: its houses, to the cm."""
    line, houses = _shape(street)
    grounds = [regions[name] for name in (street.regions[:1] if street.inset else street.regions)]
    rooms, edge = shapely.buffer(grounds, -HOUSE_CLEARANCE_M), shapely.boundary(shapely.union_all(grounds))
    grid = np.pi / 4 * hashed(f"{street.regions[0]} grid", [0])[0]
    for attempt in range(ATTEMPTS):
        angle = grid + np.pi / 2 * attempt + JITTER * hashed(f"{street.name} {attempt} turn", [0])[0]
        turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        middle = _spot(street, regions, attempt)
        moved = shapely.LineString(line @ turn + middle)
        points: Coordinates = np.round(houses @ turn + middle, 2)
        inside = [shapely.contains_xy(room, points) for room in rooms]
        if (
            np.any(inside, axis=0).all()
            and min(map(np.mean, inside)) > LEAST_SHARE
            and (street.inset or shapely.distance(moved, edge) >= CLEARANCE_M)
            and min(shapely.distance(moved, lines), default=SPACING_M) >= SPACING_M
        ):
            lines.append(moved)
            return points
    raise ValueError(f"{street.name} finds no place in {' and '.join(street.regions)}")


def _spot(street: Street, regions: Mapping[str, Any], attempt: int) -> Coordinates:
    """Where the house that is held, or the middle of the street, is put in an attempt."""
    if street.at is not None:
        return street.at
    one, other = regions[street.regions[0]], regions[street.regions[-1]]
    chance = (hashed(f"{street.name} {street.regions[0]} {attempt} spot", range(2)) + 1) / 2
    if len(street.regions) == 1:
        low, high = np.reshape(shapely.bounds(one), (2, 2))
        return np.asarray(low + chance * (high - low))
    shared = set(map(tuple, shapely.get_coordinates(other).tolist()))
    edges = [ends for ends in pairwise(map(tuple, shapely.get_coordinates(one).tolist())) if shared.issuperset(ends)]
    start, end = np.array(edges[int(chance[0] * len(edges))])
    spot = start + chance[1] * (end - start)
    aside = np.array([start[1] - end[1], end[0] - start[0]]) * street.inset / np.hypot(*(end - start))
    return np.asarray(spot + aside if shapely.contains_xy(one, *(spot + aside)) else spot - aside)


def address_rows(drawn: Sequence[DrawnStreet], projection: Transformer) -> list[Row]:
    """A row for each address under their header: those of `AT_BORDER` first, then street by street."""
    first = [house for house, *_ in AT_BORDER]
    entries: list[tuple[int, dict[str, str]]] = []
    for number, (street, points, _) in enumerate(drawn, 1):
        for house, (x, y) in zip(street.houses, points.tolist(), strict=True):
            address = f"{street.name} {house}"
            proposed = number % EVERY_PROPOSED == 0 and house == street.houses[-1]
            status = "retired" if address in RETIRED else "proposed" if proposed else "current"
            lon, lat = projection.transform(x, y, direction="INVERSE")
            fields = _fields(x, y, lon, lat, house, f"demo-s{number:03}", street.name, status)
            place = first.index(address) if address in first else len(first)
            entries.extend((place, {**fields, "box_number": box}) for box in _boxes(address))
    entries.sort(key=lambda entry: entry[0])
    rows = [tuple({**fields, "address_id": f"demo-{row:05}"}.values()) for row, (_, fields) in enumerate(entries, 1)]
    return [tuple(entries[0][1]), *rows]


def _fields(
    x: float, y: float, lon: float, lat: float, house: str, street_id: str, street: str, status: str
) -> dict[str, str]:
    """The columns of BeSt in its order, without the id of the address and its box."""
    return {
        "EPSG:31370_x": f"{x:.5f}", "EPSG:31370_y": f"{y:.5f}", "EPSG:4326_lat": f"{lat:.5f}",
        "EPSG:4326_lon": f"{lon:.5f}", "address_id": "", "box_number": "", "house_number": house,
        "municipality_id": "71016", "municipality_name_de": "", "municipality_name_fr": "Genk",
        "municipality_name_nl": "Genk", "postcode": "3600", "postname_fr": "Genk", "postname_nl": "Genk",
        "street_id": street_id, "streetname_de": "", "streetname_fr": "", "streetname_nl": street,
        "region_code": "BE-VLG", "status": status,
    }  # fmt: skip


def _boxes(address: str) -> list[str]:
    """The boxes of a house, '' standing for the house itself."""
    if address not in APARTMENTS:
        return [""]
    number = APARTMENTS.index(address)
    boxes = BOXES[number % len(BOXES)].split()
    return boxes if number % 2 else ["", *boxes]
