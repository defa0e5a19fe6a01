"""The manifest of an edition: what it says, and which files it names.

Sources differ in the manifest, never in code: each layer and each table is a TOML table with a `path`,
relative to the manifest's folder, and with what is needed to read it. `boundaries/README.md` tells what
every field means.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from geo_lookup.crs import reference_system
from geo_lookup.errors import CoordinateError, EditionError
from geo_lookup.model import Finding
from geo_lookup.opening_hours import check_country

MANIFEST = "manifest.toml"
CURRENT = "current"
"""The file of a published folder that names the edition that is live."""

LayerFormat = Literal["GPKG", "GeoJSON", "ESRI Shapefile", "Parquet", "FlatGeobuf"]
"""The formats of layers, by the names of their GDAL drivers."""

SourceFormat = LayerFormat | Literal["CSV", "PostGIS"]
"""Where layers and tables may come from; in PostGIS a `path` is the name of a table."""

FORMATS: dict[str, LayerFormat | Literal["CSV"]] = {
    ".csv": "CSV",
    ".fgb": "FlatGeobuf",
    ".geojson": "GeoJSON",
    ".gpkg": "GPKG",
    ".json": "GeoJSON",
    ".parquet": "Parquet",
    ".shp": "ESRI Shapefile",
}
"""The format that a file's name stands for, where the manifest states none."""

SHAPEFILE_PARTS = (".dbf", ".shx", ".prj", ".cpg")


def _known_crs(epsg: int) -> int:
    try:
        reference_system(epsg)
    except CoordinateError as error:
        raise ValueError(str(error)) from None
    return epsg


def _metric_crs(epsg: int) -> int:
    if not reference_system(_known_crs(epsg)).metric:
        raise ValueError(f"EPSG:{epsg} does not measure in metres; 31370 (Lambert 72) does.")
    return epsg


def _known_encoding(name: str) -> str:
    try:
        b"a".decode(name)
    except (LookupError, ValueError):
        raise ValueError("this is no encoding; 'utf-8' and 'cp1252' are.") from None
    return name


def _known_country(code: str) -> str:
    if not check_country(code):
        raise ValueError("the public holidays of this country are not known; 'BE' is one that is.")
    return code


@cache
def _listed_timezones() -> frozenset[str]:
    return frozenset(files("tzdata").joinpath("zones").read_text(encoding="utf-8").split())


def _known_timezone(name: str) -> str:
    # What is listed is asked first: to look for all that this machine has takes a twentieth of a second.
    if ("/" not in name and name != "UTC") or (name not in _listed_timezones() and name not in available_timezones()):
        raise ValueError("this is no time zone of the IANA database; 'Europe/Brussels' is one.")
    return name


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Crs = Annotated[int, Field(strict=True), AfterValidator(_known_crs)]


class Part(BaseModel):
    """Base of everything in a manifest: unknown keys are faults, nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(Part):
    """One file: where it is and how to read it.

    `format` is taken from the file's name where it is not stated. `layer` names the layer in a file that
    holds several. `crs` is the EPSG code of a file that states none; `encoding` that of a CSV or Shapefile.
    """

    path: Text
    format: SourceFormat | None = None
    layer: str | None = None
    encoding: Annotated[str, AfterValidator(_known_encoding)] | None = None
    crs: Crs | None = None

    @property
    def driver(self) -> SourceFormat | None:
        """The stated format, or the one that the file's name stands for; None where neither is known."""
        return self.format or FORMATS.get(Path(self.path).suffix.lower())


class LayerSource(Source):
    """A layer of areas, and which of its fields hold the id, the name, the parent's id and name."""

    id: Text = "id"
    name: Text = "name"
    parent: Text | None = None
    parent_name: Text | None = None


class TableSource(Source):
    """A table. `columns` maps the names that the records have to those of the file, where they differ."""

    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    columns: dict[Text, Text] = {}


class AddressSource(Part):
    """Where the addresses come from: an address book, a BeSt file (also zipped), or a table whose columns are mapped.

    `municipalities` (NIS codes or names) are the ones that are taken, all of them where there are none; `statuses`
    the states of an address that are. `columns` maps the names that BeSt has to those of the file, `crs` is the
    EPSG code of its `x` and `y`.
    """

    path: Text
    format: Literal["SQLite", "CSV", "Parquet"] | None = None
    encoding: Annotated[str, AfterValidator(_known_encoding)] | None = None
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    crs: Crs | None = None
    municipalities: tuple[Text, ...] = ()
    statuses: tuple[Text, ...] = ("current", "proposed", "reserved")
    columns: dict[Text, Text] = {}

    @property
    def driver(self) -> Literal["SQLite", "CSV", "Parquet"]:
        """The stated format, or the one that the file's name stands for; a zip holds a CSV."""
        known: dict[str, Literal["SQLite", "CSV", "Parquet"]] = {".sqlite": "SQLite", ".parquet": "Parquet"}
        return self.format or known.get(Path(self.path).suffix.lower(), "CSV")


class Layers(Part):
    """The layers of an edition; districts that have none are dissolved from the neighbourhoods.

    `paths` are the lines that people may walk along.
    """

    neighbourhoods: LayerSource
    districts: LayerSource | None = None
    special_areas: LayerSource | None = None
    city: Source | None = None
    paths: Source | None = None


class Tables(Part):
    """The tables of an edition; `districts` names the district of each neighbourhood, where no field does."""

    districts: TableSource | None = None
    managers: TableSource | None = None
    assignments: TableSource | None = None
    offices: TableSource | None = None
    closing_days: TableSource | None = None
    services: TableSource | None = None
    projects: TableSource | None = None
    overrides: TableSource | None = None
    addresses: AddressSource | None = None
    street_aliases: TableSource | None = None


class ServiceContact(Part):
    """The contact of the city's own service, which answers where no manager does."""

    name: Text
    email: str | None = None
    phone: str | None = None
    address: str | None = None


class Manifest(Part):
    """What a manifest.toml says about its edition.

    `about` tells by language what the person in charge does for a resident; an empty line parts paragraphs.
    """

    id: Text
    city: Text
    city_id: Text = "city"
    title: Text
    demo: Annotated[bool, Field(strict=True)] = False
    languages: tuple[Text, ...] = ("nl",)
    metric_crs: Annotated[int, Field(strict=True), AfterValidator(_metric_crs)] = 31370
    country: Annotated[str, AfterValidator(_known_country)] = "BE"
    timezone: Annotated[str, AfterValidator(_known_timezone)] = "Europe/Brussels"
    licence: Text
    attribution: Text
    valid_from: Annotated[date, Field(strict=True)]
    border_margin_m: Annotated[float, Field(strict=True, ge=0, le=1000, allow_inf_nan=False)] = 15.0
    manager_role: Text = "wijkmanager"
    contact: ServiceContact
    about: dict[Text, Text] = {}
    layers: Layers
    tables: Tables = Tables()

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone in which offices open and days begin."""
        return ZoneInfo(self.timezone)

    def sources(self) -> Iterator[Source | AddressSource]:
        """Every file that the manifest names, in the manifest's order."""
        for part in (self.layers, self.tables):
            for name in type(part).model_fields:
                if (source := getattr(part, name)) is not None:
                    yield source


SAID = {
    "date_type": "this must be a day, without quotes and without a time, such as 2026-01-01.",
    "extra_forbidden": "there is no such key here; it may be misspelt.",
    "missing": "this must be stated.",
    "string_type": "this must be text, in quotes.",
}
"""What is said of a fault, by its name in pydantic (https://docs.pydantic.dev/latest/errors/validation_errors/)."""


def edition_folder(path: Path) -> Path:
    """Find the folder of the edition that is meant by an edition's folder or by a published one.

    Raises `EditionError` where there is neither a manifest nor a `current` that names an edition.
    """
    if (path / MANIFEST).is_file():
        return path
    current = path / CURRENT
    if not current.is_file():
        message = f"there is neither a {MANIFEST} nor a file '{CURRENT}' that names an edition; give the folder of one."
        raise EditionError(str(path), [Finding("error", "no-edition", str(path), message)])
    name = current.read_text(encoding="utf-8", errors="replace").strip()
    if Path(name).name != name or name == ".." or not (path / name / MANIFEST).is_file():
        message = f"it names '{name}', and there is no {name}/{MANIFEST} beside it."
        raise EditionError(str(path), [Finding("error", "no-edition", CURRENT, message)])
    return path / name


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of an edition's folder; raises `EditionError` with every fault in it."""
    try:
        text = (folder / MANIFEST).read_text(encoding="utf-8-sig")
        return Manifest.model_validate(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        findings = [Finding("error", "manifest", MANIFEST, f"this is no TOML in UTF-8: {error}")]
    except ValidationError as error:
        findings = [
            Finding(
                "error",
                "manifest",
                MANIFEST,
                _message(fault["type"], fault["msg"]),
                field=".".join(map(str, fault["loc"])),
            )
            for fault in error.errors()
        ]
    raise EditionError(str(folder), findings)


def _message(kind: str, text: str) -> str:
    """What pydantic says, as a sentence of ours."""
    if kind in SAID:
        return SAID[kind]
    said = text.removeprefix("Value error, ").rstrip(".")
    return f"{said[0].lower()}{said[1:]}." if said.startswith("Input") else f"{said}."


def files_of(source: Source | AddressSource, folder: Path) -> Iterator[Path]:
    """The files that a source is made of; a Shapefile has several, a table in PostGIS none.

    A GeoPackage has a second one while a program that changed it, such as QGIS, still has it open: its journal.
    """
    if source.driver == "PostGIS":
        return
    path = folder / source.path
    yield path
    if source.driver == "ESRI Shapefile":
        beside = {other.suffix.lower(): other for other in path.parent.glob("*") if other.stem == path.stem}
        yield from (beside.get(part, path.with_suffix(part)) for part in SHAPEFILE_PARTS)
    journal = path.with_name(f"{path.name}-wal")
    if source.driver == "GPKG" and journal.is_file() and journal.stat().st_size:
        yield journal
