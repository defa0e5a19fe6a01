"""Draw the demo edition: a schematic Genk, always the same to the byte.

    python boundaries/draw_genk_demo.py [--to FOLDER]

The neighbourhoods are the Voronoi cells of their approximate centres, cut off at an outline drawn by hand.
Every straight border between two corners is then made a little jagged, once, and the cells are put together
again from the borders: so neighbours share each vertex, without gap or overlap. People, offices, streets and
projects are invented, the addresses in demo_addresses.py, the paths in demo_paths.py. Whatever looks random is
a hash, of a border's end points or a street's name, and the projection is spelled out, so nothing hangs on a
clock, a locale or the grid files of a machine.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

if __name__ == "__main__":
    sys.path.append(str(Path(__file__).parents[1]))  # a script is given its own folder only, not the project

from boundaries.demo_addresses import DrawnStreet, address_rows, draw_streets, hashed
from boundaries.demo_paths import draw_paths

EDITION = "2026-11"
CITY_ID = "genk"
COORDINATOR_ID = "coordinator-burgerbudgetten"
DECIMALS = 7  # of a degree: about 1 cm
SNAP_M = 0.01  # the grid on which straight borders meet; what machines differ in lies far below it
PIECE_M = 75.0  # a border is cut in pieces no longer than this
SHIFT_M = 8.0  # how far a vertex may move along its border
WAVES = ((700.0, 12.0), (290.0, 6.0))  # the bends of a border: wavelength and height in metres
ROUGHNESS_M = 6.0  # how far a vertex may move sideways on top of the bends
TAPER_M = 200.0  # over this distance from a corner bends grow to their height: borders that meet don't cross
LONGEST_EDGE_M = 100.0

# EPSG:31370 (Belgian Lambert 72), tied to longitude and latitude by EPSG:15929, which needs no grid file.
LAMBERT_72 = """
+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step +proj=push +v_3
+step +proj=cart +ellps=WGS84 +step +inv +proj=helmert +x=-106.8686 +y=52.2978 +z=-103.7239
+rx=-0.3366 +ry=0.457 +rz=-1.8422 +s=-1.2747 +convention=coordinate_frame +step +inv +proj=cart +ellps=intl
+step +proj=pop +v_3 +step +proj=lcc +lat_0=90 +lon_0=4.36748666666667 +lat_1=51.1666672333333
+lat_2=49.8333339 +x_0=150000.013 +y_0=5400088.438 +ellps=intl
"""
PROJECTION = Transformer.from_pipeline(" ".join(LAMBERT_72.split()))

OUTLINE = (
    (5.385, 50.960), (5.425, 50.975), (5.430, 50.983), (5.495, 51.020), (5.528, 51.018), (5.545, 51.003),
    (5.565, 50.990), (5.595, 50.977), (5.563, 50.963), (5.553, 50.962), (5.546, 50.943), (5.543, 50.924),
    (5.528, 50.915), (5.508, 50.913), (5.490, 50.916), (5.470, 50.931), (5.452, 50.940), (5.430, 50.950),
    (5.415, 50.944), (5.395, 50.954),
)  # fmt: skip
HORENSBERG = (
    (5.4660, 50.9844), (5.4669, 50.9840), (5.4681, 50.9842), (5.4691, 50.9840), (5.4700, 50.9845),
    (5.4702, 50.9852), (5.4697, 50.9857), (5.4686, 50.9859), (5.4675, 50.9857), (5.4664, 50.9858),
    (5.4658, 50.9851),
)  # fmt: skip

# The neighbourhoods of each district: name, longitude and latitude of the centre.
NEIGHBOURHOODS = {
    "Genk-Centrum": (
        ("Genk-Centrum", 5.494, 50.962), ("Genk-Centrum-Noord", 5.504, 50.975), ("Vlakveld", 5.500, 50.958),
    ),
    "Genk-Noord": (
        ("Driehoeven", 5.489, 51.000), ("Hoevenzavel", 5.501, 50.999), ("Nieuw-Driehoeven", 5.492, 51.007),
        ("Industrieterrein Genk-Noord", 5.462, 50.994), ("Nieuwe Kempen", 5.489, 51.014),
        ("Zwartberg-Noord", 5.513, 51.013), ("Zwartberg-Zuid", 5.503, 51.007),
    ),
    "Genk-Oost": (
        ("Bret", 5.529, 50.978), ("Gelieren", 5.541, 50.968), ("Kattevenne-Molenblook", 5.535, 50.960),
        ("Nieuw-Texas", 5.540, 51.002), ("Oud-Waterschei", 5.569, 50.978),
        ("Waterschei-Noord", 5.521, 51.001), ("Waterschei-Zuid", 5.513, 50.994),
    ),
    "Genk-West": (
        ("Oud-Winterslag", 5.488, 50.988), ("Winterslag 1", 5.481, 50.973),
        ("Winterslag 2 en 4", 5.467, 50.975),
    ),
    "Boxbergheide-Bokrijk": (
        ("Bokrijk", 5.410, 50.961), ("Boxbergheide", 5.449, 50.972), ("Hasseltweg", 5.463, 50.964),
    ),
    "Genk-Midden": (("Nieuw-Termien", 5.486, 50.958), ("Oud-Termien", 5.472, 50.952)),
    "Kolderbos-Langerlo": (("Kolderbos", 5.505, 50.953), ("Langerlo", 5.518, 50.952)),
    "Genk-Zuid": (
        ("Industrieterrein Genk-Zuid", 5.491, 50.934), ("Nieuw Sledderlo", 5.531, 50.930),
        ("Oud-Sledderlo", 5.531, 50.937),
    ),
}  # fmt: skip

# The places that managers take their names from, and the languages each manager speaks.
MANAGERS = {
    "Genk-Centrum": "nl;fr;en", "Genk-Noord": "nl;fr;en;tr", "Genk-Oost": "nl;en;it",
    "Genk-West": "nl;fr;en;it", "Boxbergheide-Bokrijk": "nl;fr;en", "Genk-Zuid": "nl;en;tr",
    "Horensberg": "nl;fr",
}  # fmt: skip

# Area, manager, cover, valid_from, valid_to.
ASSIGNMENTS = (
    ("stadsdeel-genk-centrum", "manager-genk-centrum", "", "2019-01-01", ""),
    ("stadsdeel-genk-noord", "manager-genk-noord", "", "2019-01-01", ""),
    ("stadsdeel-genk-oost", "manager-genk-oost", "", "2019-01-01", ""),
    ("stadsdeel-genk-west", "manager-genk-west", "", "2018-01-01", ""),
    ("stadsdeel-boxbergheide-bokrijk", "manager-boxbergheide-bokrijk", "", "2019-01-01", "2028-01-01"),
    ("stadsdeel-boxbergheide-bokrijk", "manager-genk-west", "", "2028-01-01", ""),
    ("stadsdeel-genk-midden", "manager-genk-west", "", "2018-01-01", "2021-12-01"),
    ("stadsdeel-genk-midden", "", "manager-genk-centrum", "2021-12-01", ""),
    ("stadsdeel-kolderbos-langerlo", "manager-genk-zuid", "", "2019-01-01", ""),
    ("stadsdeel-genk-zuid", "manager-genk-zuid", "", "2019-01-01", ""),
    ("terrein-horensberg", "manager-horensberg", "", "2019-01-01", ""),
)

# Name (its first word is the kind), street, longitude, latitude, opening hours, the districts it serves.
# The one of Boxbergheide-Bokrijk lies in Winterslag: an assigned office need not be the nearest.
OFFICES = (
    ("Wijkbureau Genk-Centrum", "Schetsplein 1", 5.4952, 50.9642,
     "Mo-Fr 09:00-12:00, Tu,Th 13:30-17:00", "Genk-Centrum;Genk-Midden"),
    ("Wijkbureau Genk-Noord", "Passerstraat 14", 5.5040, 51.0058,
     "Mo-Fr 09:00-12:00, Tu 13:30-17:00", "Genk-Noord"),
    ("Wijkbureau Genk-Oost", "Tekenlaan 27", 5.5228, 50.9968,
     "Mo-Fr 08:30-12:00, We 13:30-18:00", "Genk-Oost"),
    ("Wijkbureau Genk-West", "Potloodstraat 8", 5.4866, 50.9853,
     "Mo-Th 09:00-12:00, Mo 13:30-17:00", "Genk-West"),
    ("Wijkbureau Boxbergheide-Bokrijk", "Kladweg 3", 5.4792, 50.9712,
     'Mo-Fr 09:00-12:00, We 13:00-16:00 "enkel op afspraak"', "Boxbergheide-Bokrijk"),
    ("Wijkbureau en buurthuis Sledderlo", "Linealenweg 41", 5.5305, 50.9346,
     "Mo-Fr 09:00-12:00, We 13:30-17:00", "Genk-Zuid;Kolderbos-Langerlo"),
    ("Wijkcentrum Waterschei", "Inktstraat 60", 5.5178, 50.9925,
     "Tu-Fr 13:30-21:00; Sa 10:00-13:00", "Genk-Oost;Genk-Noord"),
    ("Wijkcentrum en buurthuis Kolderbos", "Gompad 5", 5.5062, 50.9521,
     "Mo,We,Fr 13:00-17:00", "Kolderbos-Langerlo"),
    ("Wijkcentrum en buurthuis Zwartberg", "Kleurpotlodenlaan 19", 5.5112, 51.0112,
     "Tu-Fr 13:00-20:00; Sa 09:30-12:30", "Genk-Noord"),
    ("Buurthuis Boxbergheide", "Vouwbladstraat 22", 5.4478, 50.9713,
     "Mo-Th 13:00-17:00; Sa 10:00-12:00", "Boxbergheide-Bokrijk"),
    ("Buurthuis Termien", "Plattegrondstraat 11", 5.4748, 50.9536, "", "Genk-Midden"),
)  # fmt: skip

CLOSING_DAYS = (
    ("2026-12-24", "", "kerstavond"),
    ("2026-12-26", "", "brugdag na Kerstmis"),
    ("2026-12-28", "wijkbureau-en-buurthuis-sledderlo", "schilderwerken"),
    ("2026-12-31", "", "oudejaarsdag"),
    ("2027-01-02", "", "brugdag na Nieuwjaar"),
    ("2027-05-07", "", "brugdag na Hemelvaart"),
)

BASIC_SERVICES = ("aanspreekpunt voor bewoners", "wijkoverleg", "burgerbudget", "meldingen openbaar domein")
EXTRA_SERVICES = (
    ("stadsdeel-genk-noord", "buurtopbouwwerk"),
    ("stadsdeel-genk-noord", "gemeenschapswachten"),
    ("stadsdeel-genk-oost", "buurtopbouwwerk"),
    ("stadsdeel-genk-oost", "straathoekwerk"),
    ("stadsdeel-genk-west", "straathoekwerk"),
    ("stadsdeel-genk-centrum", "gemeenschapswachten"),
    ("stadsdeel-kolderbos-langerlo", "buurtopbouwwerk"),
    ("stadsdeel-genk-zuid", "buurtopbouwwerk"),
    ("stadsdeel-genk-zuid", "straathoekwerk"),
    ("terrein-horensberg", "aanspreekpunt voor woonwagenbewoners"),
    ("terrein-horensberg", "standplaatsbeheer"),
)

PROJECTS = (
    ("stadsdeel-genk-centrum", "Plein vol groen"),
    ("stadsdeel-genk-noord", "Tuinwijk in kleur"),
    ("stadsdeel-genk-noord", "Samen naar school"),
    ("stadsdeel-genk-oost", "Wijkmoestuin De Mijnlamp"),
    ("stadsdeel-boxbergheide-bokrijk", "Speelweefsel Boxbergheide"),
    ("stadsdeel-genk-zuid", "Sledderlo wandelt"),
    ("genk", "Burgerbudget 2027"),
)

OVERRIDES = (
    ("demo-00001", "wijk-winterslag-1", "2026-01-01", "", "de voordeur ligt over de wijkgrens"),
    ("demo-00002", "wijk-kolderbos", "2026-01-01", "2027-01-01", "hoort tijdens wegenwerken bij de overkant"),
)

MANIFEST = '''\
# A schematic Genk to try the service with; drawn by boundaries/draw_genk_demo.py, so change it there.
id = "genk-demo-2026-11"
city = "Genk"
city_id = "genk"  # under this id the city as a whole stands in the tables
title = "Genk, schematisch (demo)"
demo = true
languages = ["nl", "fr", "en"]
metric_crs = 31370
country = "BE"
timezone = "Europe/Brussels"
licence = "CC0-1.0"
attribution = "Schematische demotekening: niet de officiële grenzen van Genk, geen echte personen of bureaus."
valid_from = 2015-01-01
border_margin_m = 15.0
manager_role = "wijkmanager"

[contact]
name = "Gebiedsgerichte Werking (demo)"
email = "gebiedsgerichtewerking@example.org"
phone = "+32 89 00 00 00"
address = "Stadsplein 1, 3600 Genk"

[about]  # what the person in charge does for a resident, an empty line between paragraphs
nl = """
De wijkmanager is uw aanspreekpunt in de wijk: iemand die de straten kent, luistert en u bij de juiste dienst brengt.

U kunt er terecht met een vraag, een klacht of een idee over uw straat of buurt, voor wijkoverleg en voor
burgerbudgetten.
"""
fr = """
Le gestionnaire de quartier est votre interlocuteur : il connaît les rues, écoute et vous oriente vers le bon service.

Adressez-vous à lui pour une question, une plainte ou une idée sur votre rue, les réunions de quartier et les
budgets citoyens.
"""
en = """
The neighbourhood manager is your point of contact: someone who knows the streets, listens, and finds the
right service for you.

Turn to them with a question, a complaint or an idea about your street, for neighbourhood meetings and for
citizens' budgets.
"""
tr = """
Mahalle yöneticisi sizin başvuru noktanızdır: sokakları tanır, sizi dinler ve doğru hizmete yönlendirir.

Sokağınızla ilgili bir soru, şikâyet veya fikir için, mahalle toplantıları ve yurttaş bütçeleri için ona
başvurabilirsiniz.
"""
it = """
Il responsabile di quartiere è il Suo punto di contatto: conosce le strade, ascolta e La indirizza al servizio giusto.

Si rivolga a lui per una domanda, un reclamo o un'idea sulla Sua via, per le riunioni di quartiere e i bilanci
dei cittadini.
"""

[layers.neighbourhoods]  # districts are dissolved from these
path = "neighbourhoods.geojson"
format = "GeoJSON"
id = "id"
name = "name"
parent = "district_id"
parent_name = "district"

[layers.special_areas]
path = "special_areas.geojson"
format = "GeoJSON"
id = "id"
name = "name"

[layers.paths]  # the lines that people may walk along
path = "paths.geojson"
format = "GeoJSON"
'''

Row = tuple[Any, ...]
Feature = tuple[dict[str, str], Any]
Place = tuple[float, float]
Coordinates = NDArray[np.float64]


def write_demo(folder: Path) -> None:
    """Write the published folder of the demo: `current`, and the edition it names.

    Raises `ValueError` where the drawing is not what an edition needs, before anything is written.
    """
    for name, text in demo_files().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())


def demo_files() -> dict[str, str]:
    """Make the text of every file of the published folder, by its path in there."""
    neighbourhoods = list(_neighbourhood_features())
    streets = _streets(neighbourhoods)
    tables = {name: _csv(rows) for name, rows in _tables(streets)}
    city = shapely.transform(shapely.union_all([cell for _, cell in neighbourhoods]), _to_metres)
    paths = [(fields, shapely.LineString(_to_degrees(line))) for fields, line in draw_paths(streets, city)]
    manifest = MANIFEST + "".join(f'\n[tables.{name}]\npath = "{name}.csv"\n' for name in tables)
    special_area = {"id": "terrein-horensberg", "name": "Horensberg"}, shapely.Polygon(HORENSBERG)
    return {
        "current": f"{EDITION}\n",
        f"{EDITION}/manifest.toml": manifest,
        f"{EDITION}/neighbourhoods.geojson": _geojson(neighbourhoods),
        f"{EDITION}/special_areas.geojson": _geojson([special_area]),
        f"{EDITION}/paths.geojson": _geojson(paths),
        **{f"{EDITION}/{name}.csv": text for name, text in tables.items()},
    }


def _neighbourhood_features() -> Iterator[Feature]:
    """The fields and the polygon of each neighbourhood, ordered by id."""
    members = sorted(
        (_slug("wijk", name), name, district, (lon, lat))
        for district, neighbourhoods in NEIGHBOURHOODS.items()
        for name, lon, lat in neighbourhoods
    )
    cells = draw_cells([centre for *_, centre in members], OUTLINE)
    for (identifier, name, district, _), cell in zip(members, cells, strict=True):
        parent = {"district_id": _slug("stadsdeel", district), "district": district}
        yield {"id": identifier, "name": name, **parent}, cell


def draw_cells(centres: Iterable[Place], outline: Iterable[Place]) -> list[Any]:
    """Draw one polygon around each centre, in the order of the centres; together they fill the outline.

    All coordinates are longitudes and latitudes (EPSG:4326); those of the polygons are rounded, so that
    what is checked is what is written. Raises `ValueError` where the polygons are not a sound coverage.
    """
    places = list(centres)
    borders = [_to_degrees(_jagged(start, end)) for start, end in _straight_borders(places, list(outline))]
    faces = shapely.get_parts(shapely.polygonize([shapely.LineString(border) for border in borders]))
    faces = shapely.orient_polygons(shapely.normalize(faces))
    around, inside = shapely.STRtree(faces).query(shapely.points(places), predicate="within")
    if not len(faces) == len(places) == len(set(inside.tolist())) == len(set(around.tolist())):
        raise ValueError("each centre must have one face of its own; move centres or outline a little")
    cells = list(faces[inside[np.argsort(around)]])
    _check(cells)
    return cells


def _straight_borders(centres: list[Place], outline: list[Place]) -> list[Coordinates]:
    """The straight borders from corner to corner, as arrays of two points in metres; each runs eastwards."""
    city = shapely.Polygon(_to_metres(outline))
    points = shapely.MultiPoint(_to_metres(centres))
    ridges = shapely.voronoi_polygons(points, extend_to=city, only_edges=True)
    network = shapely.union(shapely.intersection(ridges, city), city.exterior, grid_size=SNAP_M)
    lines = [shapely.get_coordinates(line).tolist() for line in shapely.get_parts(network)]
    borders = {tuple(sorted(map(tuple, ends))) for line in lines for ends in pairwise(line)}
    return [np.array(ends) for ends in sorted(borders)]


def _jagged(start: Coordinates, end: Coordinates) -> Coordinates:
    """Bend a straight border between its two corners, which stay in place; all in metres."""
    length = float(np.hypot(*(end - start)))
    pieces = max(1, int(np.ceil(length / PIECE_M)))
    key = " ".join(f"{value:.0f}" for value in (*start, *end))

    inner = np.arange(1, pieces)
    along = inner * length / pieces + SHIFT_M * hashed(f"{key} along", inner)
    sideways = ROUGHNESS_M * hashed(f"{key} sideways", inner)
    for wavelength, height in WAVES:
        phase = np.pi * hashed(f"{key} {wavelength}", [0])
        sideways += height * np.sin(2 * np.pi * along / wavelength + phase)
    sideways *= np.minimum(1, np.minimum(along, length - along) / TAPER_M)

    ahead = (end - start) / length
    left = np.array([-ahead[1], ahead[0]])
    return np.vstack([start, start + np.outer(along, ahead) + np.outer(sideways, left), end])


def _check(cells: list[Any]) -> None:
    """Raise `ValueError` unless the cells, in degrees, are valid and fill one area without gap or overlap."""
    city = shapely.union_all(cells)
    faults = {
        "a polygon is not valid": not shapely.is_valid(cells).all(),
        "there is an overlap, or a border whose vertices differ": not shapely.coverage_is_valid(cells),
        "the city is not in one piece": city.geom_type != "Polygon" or len(city.interiors) > 0,
        f"an edge is longer than {LONGEST_EDGE_M:g} m": max(map(_longest_edge, cells)) > LONGEST_EDGE_M,
    }
    if any(faults.values()):
        raise ValueError("; ".join(fault for fault, found in faults.items() if found))


def _longest_edge(cell: Any) -> float:
    ring = _to_metres(shapely.get_coordinates(cell))
    return float(np.hypot(*np.diff(ring, axis=0).T).max())


def _to_metres(lonlat: Any) -> Coordinates:
    return np.column_stack(PROJECTION.transform(*np.array(lonlat).T))


def _to_degrees(xy: Coordinates) -> Coordinates:
    x, y = xy.T
    return np.round(np.column_stack(PROJECTION.transform(x, y, direction="INVERSE")), DECIMALS)


def _streets(neighbourhoods: list[Feature]) -> list[DrawnStreet]:
    cells = {fields["name"]: cell for fields, cell in neighbourhoods}
    at = {street: (lon, lat) for _, street, lon, lat, *_ in OFFICES}
    return draw_streets(cells, shapely.Polygon(HORENSBERG), at, PROJECTION)


def _tables(streets: Sequence[DrawnStreet]) -> Iterator[tuple[str, Sequence[Row]]]:
    """Each table by name, with its header as the first row."""
    in_charge = [(area, "wijkmanager", *rest) for area, *rest in ASSIGNMENTS]
    city_wide = (CITY_ID, "coördinator burgerbudgetten", COORDINATOR_ID, "", "2019-01-01", "")
    districts = [_slug("stadsdeel", district) for district in NEIGHBOURHOODS]
    basic = [(district, service) for district in districts for service in BASIC_SERVICES]
    yield "managers", [("id", "name", "email", "phone", "languages"), *_managers()]
    header = ("area_id", "role", "manager_id", "cover_id", "valid_from", "valid_to")
    yield "assignments", [header, *in_charge, city_wide]
    yield "offices", list(_offices())
    yield "closing_days", [("date", "office_id", "reason"), *CLOSING_DAYS]
    yield "services", [("area_id", "service"), *basic, *EXTRA_SERVICES]
    yield "projects", [("area_id", "project"), *PROJECTS]
    yield "overrides", [("address_id", "area_id", "valid_from", "valid_to", "reason"), *OVERRIDES]
    yield "addresses", address_rows(streets, PROJECTION)


def _managers() -> Iterator[Row]:
    people = [
        (_slug("manager", place), f"Wijkmanager {place}", f"wijkmanager.{_slug(place)}", languages)
        for place, languages in MANAGERS.items()
    ]
    people.append((COORDINATOR_ID, "Coördinator burgerbudgetten", "coordinator.burgerbudgetten", "nl;fr;en"))
    for number, (identifier, name, mailbox, languages) in enumerate(people, 1):
        yield identifier, name, f"{mailbox}@example.org", f"+32 89 00 00 {number:02}", languages


def _offices() -> Iterator[Row]:
    yield "id", "name", "kind", "address", "lon", "lat", "opening_hours", "phone", "email", "district_ids"
    for number, (name, street, lon, lat, hours, districts) in enumerate(OFFICES, 1):
        kind, *_, place = name.lower().split()
        served = ";".join(_slug("stadsdeel", district) for district in districts.split(";"))
        phone, email = f"+32 89 00 01 {number:02}", f"{kind}.{place}@example.org"
        yield _slug(name), name, kind, f"{street}, 3600 Genk", lon, lat, hours, phone, email, served


def _slug(*words: str) -> str:
    return "-".join(words).lower().replace(" ", "-")


def _csv(rows: Iterable[Row]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _geojson(features: Iterable[Feature]) -> str:
    """A FeatureCollection (RFC 7946) with one feature a line, so that a difference can be read."""
    lines = []
    for fields, polygon in features:
        feature = {"type": "Feature", "properties": fields, "geometry": polygon.__geo_interface__}
        lines.append(json.dumps(feature, ensure_ascii=False))
    text = ",\n".join(lines)
    return f'{{"type": "FeatureCollection", "features": [\n{text}\n]}}\n'


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Write the demo edition, a schematic Genk.")
    beside = Path(__file__).with_name("genk-demo")
    parser.add_argument(
        "--to",
        type=Path,
        default=beside,
        metavar="DIR",
        help="the published folder to write; genk-demo beside this script if left out",
    )
    write_demo(parser.parse_args().to)
