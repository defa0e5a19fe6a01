"""The toy city with everything that makes an edition sound: drawn districts and outline, hours, addresses.

Tests spoil one thing of it. Nothing is found in it as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import shapely

from geo_lookup.model import Finding
from geo_lookup.quality.inspection import Inspection, inspect
from tests.toy_city import CORNER, MANIFEST, NEIGHBOURHOODS, SIDE, SPECIAL_AREAS, TABLES, geojson

ON = date(2026, 11, 23)
X, Y = CORNER

DISTRICTS = {
    "A": ("District A", "", shapely.box(X, Y, X + SIDE, Y + 2 * SIDE)),
    "B": ("District B", "", shapely.box(X + SIDE, Y, X + 2 * SIDE, Y + 2 * SIDE)),
}
OUTLINE = shapely.box(X, Y, X + 2 * SIDE, Y + 2 * SIDE)

DRAWN = """
[layers.districts]
path = "districts.geojson"
crs = 31370
[layers.city]
path = "city.geojson"
crs = 31370
"""
ADDRESSED = """
[tables.addresses]
path = "addresses.csv"
"""
BEST = (
    "EPSG:31370_x,EPSG:31370_y,address_id,box_number,house_number,municipality_id,municipality_name_nl,postcode,"
    "street_id,streetname_nl,status"
)

Places = tuple[tuple[int, float, float], ...]
STREET: Places = tuple((number, X + 300, Y + 900 + 10 * number) for number in range(1, 21))
"""House numbers 1 to 20 of a street that runs north through a2 and a1, with where they are."""


@dataclass(frozen=True)
class SoundCity:
    """What its files are made of; `replace` it to spoil it."""

    neighbourhoods: dict[str, tuple[str, str, Any]] = field(default_factory=lambda: dict(NEIGHBOURHOODS))
    districts: dict[str, tuple[str, str, Any]] = field(default_factory=lambda: dict(DISTRICTS))
    special_areas: dict[str, tuple[str, str, Any]] = field(default_factory=lambda: dict(SPECIAL_AREAS))
    outline: Any = OUTLINE
    drawn: bool = True
    street: Places = STREET
    tables: dict[str, str] = field(
        default_factory=lambda: {
            **TABLES,
            "offices.csv": TABLES["offices.csv"].replace("5.4978,50.9445,,", "5.4978,50.9445,Mo-Fr 13:00-17:00,"),
            "overrides.csv": TABLES["overrides.csv"].splitlines()[0] + "\n",
        }
    )
    manifest: str = MANIFEST

    def with_neighbourhood(self, area_id: str, shape: shapely.Geometry, name: str | None = None) -> SoundCity:
        """The city with another outline of a neighbourhood."""
        old = self.neighbourhoods[area_id]
        return replace(self, neighbourhoods=self.neighbourhoods | {area_id: (name or old[0], old[1], shape)})

    def with_table(self, name: str, old: str, new: str) -> SoundCity:
        """The city with something else in a table."""
        text = self.tables[f"{name}.csv"]
        assert text.count(old) == 1, f"{old!r} is to stand in {name} once"
        return replace(self, tables=self.tables | {f"{name}.csv": text.replace(old, new)})

    def write(self, folder: Path) -> Path:
        """Write its files."""
        layers = {"neighbourhoods": self.neighbourhoods, "special_areas": self.special_areas}
        manifest = self.manifest + (ADDRESSED if self.street else "")
        if self.drawn:
            layers |= {"districts": self.districts, "city": {"toy": ("Toy", "", self.outline)}}
            manifest += DRAWN
        files = {f"{name}.geojson": geojson(areas) for name, areas in layers.items()} | self.tables
        houses = [f"{x},{y},{number:03},,{number},71999,Toy,3600,s1,Street,current" for number, x, y in self.street]
        files |= {"manifest.toml": manifest, "addresses.csv": "\n".join([BEST, *houses, ""])}
        for name, text in files.items():
            (folder / name).write_text(text)
        return folder

    def inspect(self) -> Inspection:
        """What is found in it."""
        with written(self) as folder:
            return inspect(folder, on=ON)

    def findings(self) -> tuple[Finding, ...]:
        """The same, without the rest."""
        return self.inspect().findings

    def rules(self) -> list[tuple[str, str]]:
        """Level and rule of each finding."""
        return [(one.level, one.rule) for one in self.findings()]


@contextmanager
def written(city: SoundCity) -> Iterator[Path]:
    """The city on disk for a while: Hypothesis has no use for pytest's folders."""
    with TemporaryDirectory() as folder:
        yield city.write(Path(folder))
