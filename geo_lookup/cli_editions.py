"""The commands of `geo-lookup` that are about editions: check one, publish it, go back, compare two."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from geo_lookup.errors import EditionError, RequestError, SourceError
from geo_lookup.model import Finding
from geo_lookup.publishing import KEEP
from geo_lookup.reading import read_date

DATA_HAS_ERRORS = 1
WRONG_USE = 2

AsJson = Annotated[bool, typer.Option("--json", help="Write JSON instead of text.")]

PublishedFolder = Annotated[Path, typer.Argument(help="The published folder, which holds editions and `current`.")]


def check_command(
    path: Annotated[Path, typer.Argument(help="Folder of an edition, or a published one.")],
    as_json: AsJson = False,
    html: Annotated[Path | None, typer.Option(help="Write a report with a map to this file.")] = None,
) -> None:
    """Look for whatever is wrong with an edition, or may be, and tell each with its place and how to mend it."""
    from geo_lookup.quality.inspection import inspect
    from geo_lookup.reports.findings_report import findings_html, findings_json

    inspection = inspect(path)
    if html is not None:
        _write(html, findings_html(inspection))
    if as_json:
        typer.echo(json.dumps(findings_json(inspection), ensure_ascii=False))
    else:
        _list(inspection.findings)
        typer.echo(f"{path}: errors {inspection.errors}, warnings {inspection.warnings}.", err=True)
    if inspection.errors:
        raise typer.Exit(DATA_HAS_ERRORS)


def compare_command(
    before: Annotated[Path, typer.Argument(help="Folder of the edition that is, or a published one.")],
    after: Annotated[Path, typer.Argument(help="Folder of the edition that may come.")],
    addresses: Annotated[
        Path | None, typer.Option(help="Addresses to count: a table with coordinates; the edition's own if left out.")
    ] = None,
    on: Annotated[str | None, typer.Option(help="Day for which people are compared, as 2026-11-23.")] = None,
    as_json: AsJson = False,
    html: Annotated[Path | None, typer.Option(help="Write a report with a map to this file.")] = None,
    moved: Annotated[Path | None, typer.Option(help="Write the moved parts to this GeoPackage.")] = None,
) -> None:
    """Tell what changes from one edition to another: areas, ground, addresses, people, offices."""
    from geo_lookup.comparison.comparison import compare
    from geo_lookup.edition import open_edition
    from geo_lookup.reports.comparison_report import comparison_html, comparison_text, write_moved_parts

    try:
        day = None if on is None else read_date(on)
        comparison = compare(open_edition(before), open_edition(after), on=day, addresses=addresses)
        if html is not None:
            _write(html, comparison_html(comparison))
        if moved is not None:
            write_moved_parts(comparison, moved)
    except RequestError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(WRONG_USE) from None
    except (EditionError, SourceError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(DATA_HAS_ERRORS) from None
    except OSError as error:  # a report says so itself
        typer.echo(f"{moved or error.filename}: {error.strerror or error}.", err=True)
        raise typer.Exit(DATA_HAS_ERRORS) from None
    if as_json:
        typer.echo(json.dumps(comparison.to_dict(), ensure_ascii=False))
    else:
        typer.echo(printable(comparison_text(comparison)))


def publish_command(
    source: Annotated[Path, typer.Argument(help="Folder of the edition: a manifest.toml and the files it names.")],
    to: Annotated[Path, typer.Option(help="The published folder; it is made if it is not there.")],
    accept_warnings: Annotated[
        bool, typer.Option("--accept-warnings", help="Publish though there are warnings; errors are always refused.")
    ] = False,
    keep: Annotated[
        int, typer.Option(min=1, help="How many editions stay, besides those that days are still answered with.")
    ] = KEEP,
) -> None:
    """Check an edition, write it in one form beside the others, and make it live in one step."""
    from geo_lookup.publishing.published_folder import in_force
    from geo_lookup.publishing.publishing import publish

    try:
        published = publish(source, to, accept_warnings=accept_warnings, keep=keep)
    except EditionError as error:
        _list(error.findings)
        errors = sum(finding.level == "error" for finding in error.findings)
        advice = "" if errors else " Publish with --accept-warnings if they are as they should be."
        message = f"{source} is not published: errors {errors}, warnings {len(error.findings) - errors}.{advice}"
        typer.echo(message, err=True)
        raise typer.Exit(DATA_HAS_ERRORS) from None
    except OSError as error:
        typer.echo(f"{error.filename or to}: {error.strerror or error}. What was live stays so.", err=True)
        raise typer.Exit(DATA_HAS_ERRORS) from None
    _list(published.findings, err=True)
    typer.echo(published.edition_id)
    if published.unchanged:
        typer.echo("Nothing has changed; this edition is live already.", err=True)
        return
    taken = f" Taken over unread: {', '.join(published.taken_over)}." if published.taken_over else ""
    removed = f" Removed: {', '.join(published.removed)}." if published.removed else ""
    periods = list(in_force(to).items())
    spans = [
        f"{name} from {first}{f' to {periods[number + 1][0] - timedelta(1)}' if number + 1 < len(periods) else ' on'}"
        for number, (first, name) in enumerate(periods)
    ]
    typer.echo(f"Live in {to}; days are answered by {', '.join(spans)}.{taken}{removed}", err=True)


def rollback_command(folder: PublishedFolder) -> None:
    """Make the edition live again that was so before the one that is; the later one stays where it is."""
    from geo_lookup.publishing.published_folder import roll_back

    try:
        typer.echo(roll_back(folder))
    except EditionError as error:
        _list(error.findings, err=True)
        raise typer.Exit(DATA_HAS_ERRORS) from None
    except OSError as error:
        typer.echo(f"{error.filename or folder}: {error.strerror or error}.", err=True)
        raise typer.Exit(DATA_HAS_ERRORS) from None


def _list(findings: Iterable[Finding], *, err: bool = False) -> None:
    for finding in findings:
        typer.echo(printable(f"{finding.level}: {finding}"), err=err)


def printable(text: str) -> str:
    """A text without what would command a terminal; lines stay lines."""
    return "".join(letter if letter.isprintable() or letter == "\n" else "\N{REPLACEMENT CHARACTER}" for letter in text)


def _write(path: Path, text: str) -> None:
    """Write a file, complete or not at all."""
    if path.is_dir() or not path.name:
        typer.echo(f"{path}: this is a folder; name a file.", err=True)
        raise typer.Exit(WRONG_USE)
    beside = path.with_name(f".{path.name}.unfinished")
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        typer.echo(f"{path}: {error.strerror}.", err=True)
        raise typer.Exit(DATA_HAS_ERRORS) from None
