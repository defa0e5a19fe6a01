"""The commands of `geo-lookup` that are about walking: make a network of paths, ask for walks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

import geo_lookup
from geo_lookup.errors import CoordinateError, EditionError, RequestError, SourceError
from geo_lookup.reading import read_number, read_whole_number

if TYPE_CHECKING:
    from geo_lookup.walking.answer import Walks

DATA_HAS_ERRORS = 1
WRONG_USE = 2


def network_command(
    source: Annotated[Path, typer.Argument(metavar="IMPORT", help="A file of OpenStreetMap, as genk.osm.pbf.")],
    to: Annotated[Path, typer.Option(help="The GeoPackage to write, such as paths.gpkg.")],
    crs: Annotated[str, typer.Option(help="EPSG code of its CRS, in metres: that of the edition.")] = "31370",
) -> None:
    """Make a network of paths of a file of OpenStreetMap, for the layer `paths` of an edition; nothing is fetched."""
    from geo_lookup.walking.importing import import_network

    console = Console(stderr=True)
    try:
        with console.status(source.name) as status:
            report = import_network(
                source, to, _metric(crs), lambda step: status.update(Text(f"{source.name}: {step}"))
            )
    except RequestError as error:
        raise _stop(str(error), WRONG_USE) from None
    except SourceError as error:
        raise _stop(f"{source}: {error}", DATA_HAS_ERRORS) from None
    except OSError as error:
        raise _stop(f"{to}: {error.strerror or error}.", DATA_HAS_ERRORS) from None
    for line in report.lines():
        typer.echo(line, err=True)


def walk_command(
    text: Annotated[list[str] | None, typer.Argument(help="An address as people write it, or coordinates.")] = None,
    lon: Annotated[str | None, typer.Option(help="Longitude in degrees (WGS 84).")] = None,
    lat: Annotated[str | None, typer.Option(help="Latitude in degrees (WGS 84).")] = None,
    x: Annotated[str | None, typer.Option(help="Easting in the CRS of --crs.")] = None,
    y: Annotated[str | None, typer.Option(help="Northing in the CRS of --crs.")] = None,
    crs: Annotated[str | None, typer.Option(help="EPSG code: 31370 (Lambert 72), 3812 (Lambert 2008), …")] = None,
    on: Annotated[str | None, typer.Option(help="Day to answer for, as 2026-11-23; today if left out.")] = None,
    offices: Annotated[str, typer.Option(help="How many of the nearest offices to name, 1 to 10.")] = "3",
    lang: Annotated[str, typer.Option(help="Language of the address: nl, fr, en, tr or it.")] = "nl",
    edition: Annotated[
        Path | None, typer.Option(help="Folder of an edition, or a published one; the demo if left out.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON instead of a table.")] = False,
) -> None:
    """Find the offices nearest on foot to an address or a point, with metres and minutes."""
    try:
        coordinates = [None if value is None else read_number(value) for value in (lon, lat, x, y)]
        walks = geo_lookup.load(edition).walks(
            " ".join(text) if text else None,
            lon=coordinates[0],
            lat=coordinates[1],
            x=coordinates[2],
            y=coordinates[3],
            crs=None if crs is None else read_whole_number(crs, "crs"),
            on=on,
            offices=read_whole_number(offices, "offices"),
            lang=lang,
        )
    except RequestError as error:
        raise _stop(str(error), WRONG_USE) from None
    except EditionError as error:
        raise _stop(str(error), DATA_HAS_ERRORS) from None
    if as_json:
        typer.echo(json.dumps(walks.to_dict(), ensure_ascii=False, indent=2))
    else:
        Console().print(_table(walks))


def _metric(code: str) -> int:
    from geo_lookup.crs import reference_system

    system = reference_system(read_whole_number(code, "crs"))
    if not system.metric:
        raise CoordinateError(f"EPSG:{system.epsg} does not measure in metres; 31370 (Lambert 72) does.")
    return system.epsg


def _table(walks: Walks) -> Table:
    """The walks for people; every value is plain text, whatever it contains."""
    table = Table.grid(padding=(0, 2))

    def row(name: str, *values: str | None) -> None:
        table.add_row(Text(name, style="dim"), Text(" · ".join(value for value in values if value)))

    if walks.address:
        row("address", walks.address.label, walks.address.precision)
    row("outcome", walks.outcome, walks.on.isoformat())
    for one in walks.offices:
        straight = f"{one.distance_m:,.0f} m straight ahead"
        row("on foot", one.name, f"{one.walking_distance_m:,.0f} m", f"{one.walking_minutes} min", straight)
    if walks.path_distance_m is not None:
        row("nearest path", f"{walks.path_distance_m:.0f} m away")
    for candidate in walks.candidates:
        row("candidate", candidate.address.label, candidate.numbers)
    row("edition", walks.edition.id, "demo" if walks.edition.demo else None, walks.edition.attribution)
    return table


def _stop(message: str, code: int) -> typer.Exit:
    typer.echo(message, err=True)
    return typer.Exit(code)
