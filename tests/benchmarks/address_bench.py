"""How right, how fast and how large the address search is, on invented registers, beside addok.

`make bench-addresses` runs it and writes the table into the README. Figures of two machines are not to be compared;
those of one run are.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from geo_lookup.addresses.book import AddressBook
from geo_lookup.addresses.house_numbers import read_registered
from geo_lookup.addresses.importing import import_addresses
from geo_lookup.addresses.matching import Matcher, MatchKind, TextMatch
from geo_lookup.addresses.suggesting import complete
from tests.benchmarks.addok_peer import PeerAnswer, addok
from tests.benchmarks.address_queries import LOCAL_PLACES, Query, QueryMaker
from tests.benchmarks.invented_register import Size, flanders_size, genk_size, write_register
from tests.benchmarks.readme_table import write_table

SIZES: dict[str, Callable[[], Size]] = {"Genk": genk_size, "Flanders": flanders_size}
PEER_CLAIM = 0.5
"""addok knows no score below which nothing is claimed; one half is what its users take."""

MEMORY_SCRIPT = """
import sys, time
from pathlib import Path
from geo_lookup.addresses.book import AddressBook
from geo_lookup.addresses.matching import Matcher
start = time.perf_counter()
book = AddressBook(Path(sys.argv[1]))
matcher = Matcher(book, {})
matcher.splitter
opened = time.perf_counter() - start
for text in sys.stdin.read().splitlines():
    matcher.match(text)
status = Path("/proc/self/status").read_text()
print(opened, int(status.split("VmRSS:")[1].split()[0]) / 1000)
"""


@dataclass
class Column:
    """What was measured of one search at one size."""

    addresses: str = ""
    right: dict[str, float] = field(default_factory=dict)
    refused: str = ""
    query_ms: str = ""
    keystroke_ms: str = ""
    memory_mb: str = ""
    open_s: str = ""
    prepared_s: str = ""


def main(
    sizes: Annotated[list[str], typer.Option("--size", help="Genk, Flanders, or both.")] = list(SIZES),  # noqa: B006
    each: Annotated[int, typer.Option(help="How many queries of each kind.")] = 1_000,
    register: Annotated[Path | None, typer.Option(help="A BeSt file of your own, instead of an invented one.")] = None,
    misses: Annotated[Path | None, typer.Option(help="Write every wrong answer to this file.")] = None,
    with_addok: Annotated[bool, typer.Option(help="Measure addok too; needs redis-server.")] = True,
    write_readme: Annotated[bool, typer.Option(help="Write the table into the README.")] = False,
    folder: Annotated[Path | None, typer.Option(help="Keep what is made for the bench here.")] = None,
) -> None:
    """Measure, and print the table."""
    columns: dict[str, Column] = {}
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as temporary:
        for size in [register.stem] if register else sizes:
            place = (folder or Path(temporary)).resolve() / size
            place.mkdir(parents=True, exist_ok=True)
            _measure(size, register, place, each, columns, wrong, with_addok=with_addok)
    table = "\n".join(_table(columns))
    print(table)
    if misses is not None:
        misses.write_text("".join(f"{line}\n" for line in wrong), "utf-8")
    if write_readme:
        write_table("bench-addresses", [table])


def _measure(
    size: str, register: Path | None, place: Path, each: int, columns: dict[str, Column], wrong: list[str], *,
    with_addok: bool,
) -> None:  # fmt: skip
    ours = columns[f"geo-lookup, {size}"] = Column()
    source, path = register or place / "best.csv", place / "addresses.sqlite"
    if register is None:
        write_register(SIZES[size](), source)
    start = time.perf_counter()
    import_addresses(source, path)
    ours.prepared_s = f"{time.perf_counter() - start:.0f} s"
    book = AddressBook(path)
    alone = len(book.municipalities) == 1
    maker = QueryMaker(book, always_municipality=not alone)
    local, elsewhere = maker.queries(each), maker.elsewhere(each * 4) if alone else []
    keystrokes = list(maker.keystrokes(max(each // 10, 10)))
    ours.addresses = f"{book.addresses:,}"
    matcher = Matcher(book, {name: name for name in LOCAL_PLACES} if alone else {})
    _measure_ours(matcher, ours, local, elsewhere, keystrokes, wrong)
    ours.open_s, ours.memory_mb = _opened(path, [query.text for query in local])
    if with_addok:
        theirs = columns[f"addok, {size}"] = Column(addresses=ours.addresses)
        _measure_addok(book, place, theirs, local, elsewhere, keystrokes)


def _measure_ours(
    matcher: Matcher,
    column: Column,
    local: list[Query],
    elsewhere: list[Query],
    keystrokes: list[str],
    wrong: list[str],
) -> None:
    right: list[tuple[str, bool]] = []
    times = []
    refused = 0
    for query in [*local, *elsewhere]:
        start = time.perf_counter()
        match = matcher.match(query.text)
        times.append((time.perf_counter() - start) * 1000)
        right.append((query.kind, _is_right(match, query)))
        refused += match.kind is MatchKind.ELSEWHERE and not query.elsewhere
        if not right[-1][1]:
            wrong.append(f"{query.kind}: {query.text!r} gives {_told(match)}, not {_wanted(matcher.book, query)}")
    typed = []
    for text in keystrokes:
        start = time.perf_counter()
        list(complete(matcher, text, 8))
        typed.append((time.perf_counter() - start) * 1000)
    _fill(column, right, times, typed)
    column.refused = f"{refused:,} of {len(local):,}"


def _measure_addok(
    book: AddressBook, place: Path, column: Column, local: list[Query], elsewhere: list[Query], keystrokes: list[str]
) -> None:
    with addok(place / "addok", place.parent / "addok-environment") as peer:
        column.prepared_s = f"{peer.load(book):.0f} s"
        queries = [*local, *elsewhere]
        answers = peer.answers([query.text for query in queries])
        right = [
            (query.kind, _peer_is_right(*one))
            for query, one in zip(queries, zip(queries, answers, strict=True), strict=True)
        ]
        typed = peer.answers(keystrokes, typing=True)
        _fill(column, right, [one.milliseconds for one in answers], [one.milliseconds for one in typed])
        column.memory_mb = f"{peer.memory_mb():.0f} MB"


def _is_right(match: TextMatch, query: Query) -> bool:
    if query.elsewhere:
        return match.kind is MatchKind.ELSEWHERE and query.elsewhere in {place.nis for place in match.elsewhere}
    if match.kind is not MatchKind.ADDRESS:
        return False
    first = match.candidates[0].address
    return (first.street.id, first.number.number, first.number.suffix) == (query.street_id, query.number, query.suffix)


def _peer_is_right(query: Query, answer: PeerAnswer) -> bool:
    if query.elsewhere:
        return answer.score < PEER_CLAIM
    number = read_registered(answer.house_number, "")
    return answer.street_id == query.street_id and number is not None and number[:2] == (query.number, query.suffix)


def _fill(column: Column, right: Iterable[tuple[str, bool]], times: Sequence[float], typed: Sequence[float]) -> None:
    asked, hit = Counter[str](), Counter[str]()
    for kind, is_right in right:
        asked[kind] += 1
        hit[kind] += is_right
    column.right = {kind: hit[kind] / count for kind, count in asked.items()}
    here = asked.keys() - {"elsewhere"}
    column.right["all of these"] = sum(hit[kind] for kind in here) / sum(asked[kind] for kind in here)
    column.query_ms = " / ".join(f"{value:.2f}" for value in np.percentile(times, [50, 99])) + " ms"
    column.keystroke_ms = f"{np.percentile(typed, 99):.2f} ms"


def _opened(path: Path, texts: Sequence[str]) -> tuple[str, str]:
    """Seconds to open and resident megabytes of a fresh process that has answered queries."""
    command = [sys.executable, "-c", MEMORY_SCRIPT, str(path)]
    done = subprocess.run(command, input="\n".join(texts), capture_output=True, text=True, check=True)
    opened, memory = map(float, done.stdout.split())
    return f"{opened:.2f} s", f"{memory:.0f} MB"


def _told(match: TextMatch) -> str:
    named = [place.municipality for place in match.elsewhere] or [one.address.label() for one in match.candidates[:2]]
    return json.dumps([match.kind, round(match.score, 2), *named], ensure_ascii=False)


def _wanted(book: AddressBook, query: Query) -> str:
    street = book.street_by_id(query.street_id)
    return f"{street.label()}: {query.number}{query.suffix}" if street else query.elsewhere


def _table(columns: dict[str, Column]) -> list[str]:
    kinds = list(dict.fromkeys(kind for column in columns.values() for kind in column.right))
    kinds.sort(key=["all of these", "elsewhere"].__contains__)

    def row(title: str, cell: Callable[[Column], Any]) -> str:
        return f"| {title} | " + " | ".join(str(cell(column) or "–") for column in columns.values()) + " |"

    def share(kind: str) -> Callable[[Column], str]:
        return lambda column: f"{column.right[kind]:.1%}" if kind in column.right else ""

    titles = {"elsewhere": "an address elsewhere is not answered here", "all of these": "all of these"}
    return [
        "| | " + " | ".join(columns) + " |",
        "|---|" + "---|" * len(columns),
        row("addresses", lambda column: column.addresses),
        *(row(titles.get(kind, f"right at rank 1: {kind}"), share(kind)) for kind in kinds),
        row("addresses here refused", lambda column: column.refused),
        row("one query, p50 / p99", lambda column: column.query_ms),
        row("one keystroke, p99", lambda column: column.keystroke_ms),
        row("memory", lambda column: column.memory_mb),
        row("time to open", lambda column: column.open_s),
        row("time to import", lambda column: column.prepared_s),
    ]


if __name__ == "__main__":
    typer.run(main)
