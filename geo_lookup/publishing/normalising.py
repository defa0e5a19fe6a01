"""Writes an edition in one form, whatever its sources were: GeoPackage in one CRS, CSV in UTF-8, an address book.

What is written is read back with the same answers: geometries are stored as they are held in memory, bit for bit.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

import tomli_w
from geopandas import GeoDataFrame

from geo_lookup.geopackage import write_layer
from geo_lookup.loading.sources import EditionTables
from geo_lookup.loading.tables import LIST_SEPARATOR, Table
from geo_lookup.manifest import MANIFEST, Manifest
from geo_lookup.model import Area, AreaKind

LAYERS = {
    "neighbourhoods": AreaKind.NEIGHBOURHOOD,
    "districts": AreaKind.DISTRICT,
    "special_areas": AreaKind.SPECIAL_AREA,
    "city": AreaKind.CITY,
}
"""The layers of a published edition, and the kind of area each holds; each is a file of its own."""

TABLES = ("managers", "assignments", "offices", "closing_days", "services", "projects", "overrides")
"""The tables that are written anew with every edition."""

ADDRESSES = "addresses.sqlite"

PATHS = "paths.gpkg"

PATH_FIELDS = ("osm_id", "highway", "name", "length_m", "component")
"""What is kept of paths besides their lines, where it is there."""


def write_areas(areas: Iterable[Area], metric_crs: int, folder: Path) -> None:
    """Write a GeoPackage for each kind of area that there is."""
    by_kind: dict[AreaKind, list[Area]] = {}
    for area in areas:
        by_kind.setdefault(area.kind, []).append(area)
    districts = {area.id: area.name for area in by_kind.get(AreaKind.DISTRICT, [])}
    for name, kind in LAYERS.items():
        if kind in by_kind:
            frame = GeoDataFrame(
                {
                    "id": [area.id for area in by_kind[kind]],
                    "name": [area.name for area in by_kind[kind]],
                    "district_id": [area.parent_id for area in by_kind[kind]],
                    "district": [districts.get(area.parent_id or "") for area in by_kind[kind]],
                },
                geometry=[area.geometry for area in by_kind[kind]],
                crs=metric_crs,
            )
            write_layer(frame, folder / f"{name}.gpkg", name)


def write_paths(paths: GeoDataFrame | None, folder: Path) -> None:
    """Write the paths where there are some, one line a row."""
    if paths is not None:
        kept = [name for name in PATH_FIELDS if name in paths.columns]
        write_layer(paths[[*kept, "geometry"]], folder / PATHS, Path(PATHS).stem)


def write_tables(tables: EditionTables, folder: Path) -> None:
    """Write every table that the edition has a row of, with the columns that the records have."""
    for name in TABLES:
        table = getattr(tables, name)
        if table.rows:
            _write_table(table, folder / f"{name}.csv")


def write_manifest(manifest: Manifest, edition_id: str, folder: Path) -> None:
    """Write the manifest of a normalised edition: what the source's says, and the files that are there now."""
    said = manifest.model_dump(mode="python", exclude={"layers", "tables"}, exclude_none=True)
    said |= {"id": edition_id, "languages": list(manifest.languages)}
    said["layers"] = {name: _layer(name) for name in LAYERS if (folder / f"{name}.gpkg").is_file()}
    if (folder / "districts.gpkg").is_file():
        said["layers"]["neighbourhoods"] |= {"parent": "district_id", "parent_name": "district"}
    if (folder / PATHS).is_file():
        said["layers"]["paths"] = {"path": PATHS, "layer": Path(PATHS).stem}
    said["tables"] = {name: {"path": f"{name}.csv"} for name in TABLES if (folder / f"{name}.csv").is_file()}
    if (folder / ADDRESSES).is_file():
        said["tables"]["addresses"] = {"path": ADDRESSES}
    (folder / MANIFEST).write_text(tomli_w.dumps(said), encoding="utf-8")


def _layer(name: str) -> dict[str, str]:
    source = {"path": f"{name}.gpkg", "layer": name}
    return source if name == "city" else source | {"id": "id", "name": "name"}


def _write_table(table: Table[Any], path: Path) -> None:
    names = [field.name for field in fields(table.rows[0].record)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        writer.writerows(_cells(table, names))


def _cells(table: Table[Any], names: list[str]) -> Iterator[list[str]]:
    for row in table.rows:
        yield [_cell(getattr(row.record, name)) for name in names]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return LIST_SEPARATOR.join(value)
    return value.isoformat() if isinstance(value, date) else str(value)
