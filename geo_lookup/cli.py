"""The command `geo-lookup`. Results go to stdout, messages to stderr.

Exit codes: 0 done, 1 the data has findings of level error, 2 wrong use.
"""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

import geo_lookup
from geo_lookup.answer import Answer
from geo_lookup.cli_editions import check_command, compare_command, publish_command, rollback_command
from geo_lookup.cli_walking import network_command, walk_command
from geo_lookup.errors import EditionError, RequestError, SourceError
from geo_lookup.model import Finding
from geo_lookup.reading import read_number, read_whole_number

if TYPE_CHECKING:
    from geo_lookup.addresses.importing import ImportReport
    from geo_lookup.addresses.source import Progress as Told

# A command imports what it needs itself: whoever asks for help or mistypes an option does not wait for that.

DATA_HAS_ERRORS = 1
WRONG_USE = 2

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__, rich_markup_mode=None
)

# Numbers are taken as text, so that they are read as strictly as over HTTP and an error does not repeat them.
Edition = Annotated[Path | None, typer.Option(help="Folder of an edition, or a published one; the demo if left out.")]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON instead of a table.")]


@app.callback()
def commands() -> None:
    """Where is this, who is in charge there, and where is the nearest office?"""


@app.command()
def find(
    text: Annotated[list[str] | None, typer.Argument(help="An address as people write it, or coordinates.")] = None,
    lon: Annotated[str | None, typer.Option(help="Longitude in degrees (WGS 84).")] = None,
    lat: Annotated[str | None, typer.Option(help="Latitude in degrees (WGS 84).")] = None,
    x: Annotated[str | None, typer.Option(help="Easting in the CRS of --crs.")] = None,
    y: Annotated[str | None, typer.Option(help="Northing in the CRS of --crs.")] = None,
    crs: Annotated[str | None, typer.Option(help="EPSG code: 31370 (Lambert 72), 3812 (Lambert 2008), …")] = None,
    on: Annotated[str | None, typer.Option(help="Day to answer for, as 2026-11-23; today if left out.")] = None,
    offices: Annotated[str, typer.Option(help="How many of the nearest offices to name, 1 to 10.")] = "3",
    lang: Annotated[str, typer.Option(help="Language of the summary: nl, fr, en, tr or it.")] = "nl",
    edition: Edition = None,
    as_json: AsJson = False,
) -> None:
    """Find who answers for an address or a point, and the offices nearest to it."""
    try:
        coordinates = [None if value is None else read_number(value) for value in (lon, lat, x, y)]
        answer = geo_lookup.load(edition).find(
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
        typer.echo(json.dumps(answer.to_dict(), ensure_ascii=False, indent=2))
    else:
        console = Console()
        console.print(Text(answer.summary), end="\n\n", soft_wrap=True)
        console.print(_table(answer))


@app.command()
def bulk(
    source: Annotated[Path, typer.Argument(metavar="IN", help="A file of .csv, .parquet, .geojson, .gpkg or .arrow.")],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="The file to write, of one of the same formats.")],
    lon: Annotated[str | None, typer.Option(help="Name of the column of longitudes (WGS 84).")] = None,
    lat: Annotated[str | None, typer.Option(help="Name of the column of latitudes (WGS 84).")] = None,
    x: Annotated[str | None, typer.Option(help="Name of the column of eastings in the CRS of --crs.")] = None,
    y: Annotated[str | None, typer.Option(help="Name of the column of northings in the CRS of --crs.")] = None,
    crs: Annotated[str | None, typer.Option(help="EPSG code: 31370 (Lambert 72), 3812 (Lambert 2008), …")] = None,
    address: Annotated[
        str | None, typer.Option(help="Names of the columns that make an address, as straat,nummer,gemeente.")
    ] = None,
    layer: Annotated[str | None, typer.Option(help="Which layer of a GeoPackage to read.")] = None,
    on: Annotated[str | None, typer.Option(help="Day to answer for, as 2026-11-23; today if left out.")] = None,
    excel: Annotated[bool, typer.Option("--excel", help="Write CSV as Excel in Belgium opens it.")] = False,
    threads: Annotated[int | None, typer.Option(min=1, help="As many as there are processors if left out.")] = None,
    edition: Edition = None,
) -> None:
    """Answer every row of a file: by its coordinates or geometry, or by its address.

    Columns are taken by their names (lon and lat, or x and y with --crs, or address), unless named. The rows of OUT are
    those of IN in their order, with the answers; what is wrong with a row stands in its column error.
    """
    from geo_lookup.bulk.files import answer_file
    from geo_lookup.bulk.points import Columns

    with _progress(source.name) as told:
        try:
            report = answer_file(
                geo_lookup.load(edition),
                source,
                target,
                columns=Columns(lon, lat, x, y, None if crs is None else read_whole_number(crs, "crs")),
                address=[name.strip() for name in address.split(",") if name.strip()] if address else (),
                layer=layer,
                on=on,
                excel=excel,
                threads=threads,
                progress=told,
            )
        except SourceError as error:
            raise _stop(f"{source}: {error}", DATA_HAS_ERRORS) from None
        except EditionError as error:
            raise _stop(str(error), DATA_HAS_ERRORS) from None
        except RequestError as error:
            raise _stop(str(error), WRONG_USE) from None
        except OSError as error:
            raise _stop(f"{error.filename or target}: {error.strerror or error}.", DATA_HAS_ERRORS) from None
    for line in report.lines():
        typer.echo(line, err=True)


@app.command(name="import-addresses")
def import_command(
    source: Annotated[Path, typer.Argument(help="A BeSt file (.csv or .zip), or an edition whose manifest names one.")],
    target: Annotated[Path, typer.Argument(help="The address book to write, such as addresses.sqlite.")],
    municipality: Annotated[
        list[str] | None, typer.Option(help="Take this one alone (NIS code or name); may be given several times.")
    ] = None,
) -> None:
    """Make an address book of a file of addresses, once, so that no start has to read it again."""
    with _progress(source.name) as told:
        try:
            report = _import(source, target, municipality or [], told)
        except (SourceError, EditionError) as error:
            row = f", row {error.row}" if isinstance(error, SourceError) and error.row else ""
            raise _stop(f"{source}{row}: {error}", DATA_HAS_ERRORS) from None
        except OSError as error:
            raise _stop(f"{error.filename}: {error.strerror}.", DATA_HAS_ERRORS) from None
    for line in report.lines():
        typer.echo(line, err=True)


@contextmanager
def _progress(name: str) -> Iterator[Callable[..., None]]:
    """A bar on a terminal, with the rate and what is left, for who tells how much of what is done, in which unit."""
    columns = (TextColumn("{task.description}"), BarColumn(), _Done(), TimeRemainingColumn(elapsed_when_finished=True))
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(name, total=None, unit="rows")

        def told(done: int, size: int, unit: str = "bytes") -> None:
            progress.update(task, completed=done, total=size or None, unit=unit)

        yield told


class _Done(ProgressColumn):
    """How much is done, and how fast."""

    def render(self, task: Task) -> Text:
        """As '1,000,000 rows, 250,000 rows/s', or in megabytes."""
        numbers = (task.completed, task.speed or 0)
        if task.fields["unit"] == "bytes":
            done, rate = (f"{number / 1e6:,.1f} MB" for number in numbers)
        else:
            done, rate = (f"{number:,.0f} {task.fields['unit']}" for number in numbers)
        return Text(f"{done}, {rate}/s")


def _import(source: Path, target: Path, municipalities: list[str], told: Told) -> ImportReport:
    from geo_lookup.addresses.importing import import_addresses
    from geo_lookup.loading.addresses import import_edition_addresses
    from geo_lookup.loading.sources import read_tables
    from geo_lookup.manifest import AddressSource, edition_folder, read_manifest

    if not source.is_dir():
        best = AddressSource(path=str(source.resolve()), municipalities=tuple(municipalities))
        return import_addresses(best, target, progress=told)
    if municipalities:
        raise SourceError("an edition says itself which municipalities are taken; state `municipalities` there.")
    folder = edition_folder(source)
    findings: list[Finding] = []
    tables = read_tables(read_manifest(folder), folder, findings)
    if any(finding.level == "error" for finding in findings):
        raise EditionError(str(folder), findings)
    return import_edition_addresses(tables, folder, target, told)


app.command("check")(check_command)
app.command("publish")(publish_command)
app.command("rollback")(rollback_command)
app.command("compare")(compare_command)
app.command("network")(network_command)
app.command("walk")(walk_command)


def main() -> None:
    """Run the command. Being told to end is an error like others, so that nothing half-written is left."""
    for name in ("SIGTERM", "SIGHUP"):  # the second when a connection breaks off; it is ignored under nohup
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, lambda told, _: sys.exit(128 + told))
    app()


def _stop(message: str, code: int) -> typer.Exit:
    typer.echo(message, err=True)
    return typer.Exit(code)


def _table(answer: Answer) -> Table:
    """An answer for people; every value is plain text, whatever it contains."""
    table = Table.grid(padding=(0, 2))

    def row(name: str, *values: str | None) -> None:
        said = " · ".join(value for value in values if value)
        if said:
            table.add_row(Text(name, style="dim"), Text(said))

    if answer.address:
        row("address", answer.address.label, answer.address.precision)
    row("outcome", answer.outcome, answer.on.isoformat())
    for name, area in (
        ("neighbourhood", answer.neighbourhood),
        ("district", answer.district),
        ("special area", answer.special_area),
    ):
        row(name, area.name if area else None)
    for manager in answer.managers:
        row(manager.role, manager.name, manager.phone, manager.email)
    if answer.contact:
        row(f"contact ({answer.contact.reason})", answer.contact.name, answer.contact.phone, answer.contact.email)
    row("assigned office", answer.offices.assigned.name if answer.offices.assigned else None)
    for office in answer.offices.nearest:
        state = {True: "open now", False: "closed now", None: None}[office.open_now]
        row("near by", office.name, f"{office.distance_m:.0f} m", office.address, office.opening_hours, state)
    for candidate in answer.candidates:
        areas = (candidate.special_area, candidate.neighbourhood, candidate.district)
        contact = candidate.contact.name if candidate.contact else None
        row("candidate", candidate.address.label, candidate.numbers, *(area.name for area in areas if area), contact)
    row("services", ", ".join(answer.services))
    row("projects", ", ".join(answer.projects))
    row("edition", answer.edition.id, "demo" if answer.edition.demo else None, answer.edition.attribution)
    return table
