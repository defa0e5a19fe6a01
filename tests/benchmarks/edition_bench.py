"""How long editions take to be checked, compared and published: the demo, the real Genk and all Flanders.

`python -m tests.benchmarks.edition_bench [--write-readme]`. The real layers are those of ../shared/data.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from geo_lookup.comparison.comparison import compare
from geo_lookup.edition import open_edition
from geo_lookup.publishing.publishing import publish
from geo_lookup.quality.inspection import inspect
from tests.benchmarks.in_turns import in_turns
from tests.benchmarks.readme_table import at_most, write_table
from tests.real_editions import REAL_DATA, ROOT, maaseik_addresses, real_edition, real_flanders_2024, real_genk_2024

ROUNDS = 3


class Row(NamedTuple):
    """A line of the table."""

    what: str
    measured: str
    goal: str = ""


def main(
    write_readme: Annotated[bool, typer.Option(help="Write the table into the README.")] = False,
) -> None:
    """Measure, and print the table."""
    if not REAL_DATA.is_dir():
        raise SystemExit("the real layers are not on this machine.")
    with tempfile.TemporaryDirectory() as name:
        measured = [*_checked_and_compared(Path(name)), *_published(Path(name))]
    lines = ["| | measured | goal |", "|---|---|---|", *(f"| {' | '.join(row)} |" for row in measured)]
    print("\n".join(lines))
    if write_readme:
        write_table("bench-editions", lines)


def _checked_and_compared(folder: Path) -> Iterator[Row]:
    """Of Genk and of Flanders the editions of 2024 and 2025; addresses are those of the arrondissement of Maaseik."""
    genk, genk_2024, flanders, flanders_2024 = (_made(folder / f"real-{number}") for number in range(4))
    real_edition("genk/2025", "genk", genk)
    real_genk_2024(genk_2024)
    real_edition("flanders/2025", "flanders", flanders)
    real_flanders_2024(flanders_2024)
    addresses = maaseik_addresses(folder)
    of_genk, of_flanders, genk_moved, flanders_moved = in_turns(
        ROUNDS,
        lambda: inspect(genk),
        lambda: inspect(flanders),
        lambda: compare(open_edition(genk_2024), open_edition(genk)),
        lambda: compare(open_edition(flanders_2024), open_edition(flanders), addresses=addresses),
    )
    yield Row("`check` of the real Genk, 30 neighbourhoods", f"{of_genk.median:.2f} s")
    yield Row(
        "`check` of all Flanders, 2,767 neighbourhoods",
        f"{of_flanders.median:.1f} s",
        at_most(of_flanders.median, 60, " s"),
    )
    yield Row("`compare` of Genk 2024 and 2025, with reading them", f"{genk_moved.median:.2f} s")
    yield Row("the same of all Flanders, with 103,323 addresses", f"{flanders_moved.median:.1f} s")


def _published(folder: Path) -> Iterator[Row]:
    """The demo published anew, and after a change of its people alone, in this process and as a command."""
    source, target = folder / "demo", folder / "published"
    shutil.copytree(ROOT / "boundaries" / "genk-demo" / "2026-11", source)
    publish(source, target, accept_warnings=True)
    command = [str(Path(sys.executable).with_name("geo-lookup")), "publish", str(source), "--to", str(target)]

    def anew() -> None:
        publish(source, _made(Path(tempfile.mkdtemp(dir=folder)) / "published"), accept_warnings=True)

    def people() -> None:
        _change_people(source)
        publish(source, target, accept_warnings=True)

    def as_a_command() -> None:
        _change_people(source)
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        told = subprocess.run([*command, "--accept-warnings"], capture_output=True, check=True, env=environment)
        if b"published" not in told.stdout + told.stderr:
            raise SystemExit("the change of people was not published.")

    whole, changed, by_command = (taken.median for taken in in_turns(ROUNDS, anew, people, as_a_command))
    yield Row("`publish` of the demo", f"{whole:.2f} s")
    yield Row("the same after a change of its people alone", f"{changed:.2f} s", at_most(changed, 2, " s"))
    yield Row("the same, the whole command", f"{by_command:.2f} s", at_most(by_command, 2, " s"))


def _change_people(source: Path) -> None:
    """Give the first manager another telephone number, one higher each time."""
    table = source / "managers.csv"
    header, first, *rest = table.read_text("utf-8").splitlines(keepends=True)
    cells = first.rstrip("\n").split(",")
    number = header.rstrip("\n").split(",").index("phone")
    cells[number] = f"{cells[number][:-2]}{(int(cells[number][-2:]) + 1) % 100:02d}"
    table.write_text("".join([header, ",".join(cells) + "\n", *rest]), "utf-8")


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


if __name__ == "__main__":
    typer.run(main)
