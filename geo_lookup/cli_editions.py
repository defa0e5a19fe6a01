"""The commands of `geo-lookup` that are about editions: check one, publish it, go back, compare two."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from geo_lookup.errors import EditionError
from geo_lookup.publishing.published_folder import roll_back
from geo_lookup.publishing.publishing import KEEP, publish

DATA_HAS_ERRORS = 1

PublishedFolder = Annotated[Path, typer.Argument(help="The published folder, which holds editions and `current`.")]


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
    try:
        published = publish(source, to, accept_warnings=accept_warnings, keep=keep)
    except EditionError as error:
        for finding in error.findings:
            typer.echo(f"{finding.level}: {finding}")
        errors = sum(finding.level == "error" for finding in error.findings)
        advice = "" if errors else " Publish with --accept-warnings if they are as they should be."
        message = f"{source} is not published: errors {errors}, warnings {len(error.findings) - errors}.{advice}"
        typer.echo(message, err=True)
        raise typer.Exit(DATA_HAS_ERRORS) from None
    except OSError as error:
        typer.echo(f"{error.filename or to}: {error.strerror}. Nothing is published.", err=True)
        raise typer.Exit(DATA_HAS_ERRORS) from None
    for finding in published.findings:
        typer.echo(f"{finding.level}: {finding}")
    typer.echo(published.edition_id)
    if published.unchanged:
        typer.echo("Nothing has changed; this edition is live already.", err=True)
        return
    taken = f" Taken over unread: {', '.join(published.taken_over)}." if published.taken_over else ""
    removed = f" Removed: {', '.join(published.removed)}." if published.removed else ""
    typer.echo(f"Live in {to}.{taken}{removed}", err=True)


def rollback_command(folder: PublishedFolder) -> None:
    """Make the edition live again that was so before the one that is; the later one stays where it is."""
    try:
        typer.echo(roll_back(folder))
    except EditionError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(DATA_HAS_ERRORS) from None
