"""A city of four square neighbourhoods, written to disk as an edition that tests can spoil.

::

    184000 +----+----+      a1, a2: district A (manager Ann)
           | a1 | b1 |      b1, b2: district B (vacant, covered by Ann; b2 has a manager of its own, Bob)
    183000 +----+----+      s: a special area across all four corners (manager Sue)
           | a2 | b2 |
    182000 +----+----+
         228000   230000    (EPSG:31370)
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import shapely

CORNER = (228000.0, 182000.0)
SIDE = 1000.0

MANIFEST = """\
id = "toy-1"
city = "Toy"
city_id = "toy"
title = "A city of four squares"
licence = "CC0-1.0"
attribution = "nobody"
valid_from = 2020-01-01

[contact]
name = "Town hall"
phone = "+32 89 00 00 99"

[layers.neighbourhoods]
path = "neighbourhoods.geojson"
crs = 31370
parent = "district"

[layers.special_areas]
path = "special_areas.geojson"
crs = 31370

[tables.managers]
path = "managers.csv"
[tables.assignments]
path = "assignments.csv"
[tables.offices]
path = "offices.csv"
[tables.services]
path = "services.csv"
[tables.overrides]
path = "overrides.csv"
[tables.closing_days]
path = "closing_days.csv"
"""

TABLES = {
    "managers.csv": """\
id,name,email,phone,languages
ann,Ann,ann@example.org,+32 89 00 00 01,nl;fr
bob,Bob,bob@example.org,089000002,nl
sue,Sue,sue@example.org,+32 89 00 00 03,nl
cit,Cit,cit@example.org,,nl
""",
    "assignments.csv": """\
area_id,role,manager_id,cover_id,valid_from,valid_to
A,wijkmanager,ann,,2020-01-01,
B,wijkmanager,,ann,2020-01-01,
b2,wijkmanager,bob,,2024-01-01,2027-01-01
s,wijkmanager,sue,,2020-01-01,
toy,burgerbudget,cit,,2020-01-01,
A,buurtopbouwwerk,bob,,2020-01-01,
""",
    "offices.csv": """\
id,name,kind,address,lon,lat,opening_hours,phone,email,district_ids
o1,Office A,wijkbureau,"Square 1, Toy",5.4837,50.9535,Mo-Fr 09:00-12:00,089000100,,A
o2,Office B,wijkcentrum,"Square 2, Toy",5.4978,50.9445,,,,B;s
""",
    "services.csv": "area_id,service\nA,basic\nB,basic\na1,extra\ntoy,basic\ntoy,budget\n",
    "overrides.csv": "address_id,area_id,valid_from,valid_to,reason\n007,b2,2020-01-01,,moved\n",
    "closing_days.csv": "date,office_id,reason\n2026-12-24,,Christmas Eve\n",
}


def square(column: int, row: int) -> shapely.Polygon:
    """The square in a column from the west and a row from the south."""
    x, y = CORNER[0] + column * SIDE, CORNER[1] + row * SIDE
    return shapely.box(x, y, x + SIDE, y + SIDE)


NEIGHBOURHOODS = {
    "a1": ("A-North", "A", square(0, 1)),
    "a2": ("A-South", "A", square(0, 0)),
    "b1": ("B-North", "B", square(1, 1)),
    "b2": ("B-South", "B", square(1, 0)),
}
MIDDLE = (CORNER[0] + SIDE, CORNER[1] + SIDE)
SPECIAL_AREAS = {"s": ("Site", "", shapely.box(MIDDLE[0] - 100, MIDDLE[1] - 100, MIDDLE[0] + 100, MIDDLE[1] + 100))}


def geojson(areas: Mapping[str, tuple[str, str, shapely.Geometry | None]]) -> str:
    """Areas as a GeoJSON file, in EPSG:31370 without saying so (the manifest says it)."""
    features = [
        {
            "type": "Feature",
            "properties": {"id": area_id, "name": name, "district": district},
            "geometry": None if shape is None else json.loads(shapely.to_geojson(shape)),
        }
        for area_id, (name, district, shape) in areas.items()
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


def write_toy_city(folder: Path, **files: Any) -> Path:
    """Write the edition; `files` replaces files by their stem, e.g. ``managers="id,name\\n"`` or ``manifest=…``."""
    stems = {Path(name).stem: name for name in TABLES}
    texts = {
        "manifest.toml": MANIFEST,
        "neighbourhoods.geojson": geojson(NEIGHBOURHOODS),
        "special_areas.geojson": geojson(SPECIAL_AREAS),
        **TABLES,
    }
    stems |= {Path(name).stem: name for name in texts}
    for stem, text in files.items():
        texts[stems[stem]] = text
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        content = text if isinstance(text, bytes) else text.encode()
        (folder / name).write_bytes(content)
    return folder
