"""Files in, files out: every row answered, in bounded memory, with nothing half-written."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo_lookup.answer import Answer
from geo_lookup.bulk.columns import Answers
from geo_lookup.bulk.plain import LONLAT_POINTS, point_column, with_crs
from geo_lookup.bulk.points import NAMED_BY_DEFAULT, Columns, geometry_column
from geo_lookup.bulk.rows import ERROR, Asked, answer_rows, how_asked, locate_rows
from geo_lookup.bulk.sources import Part, open_source
from geo_lookup.bulk.targets import EXCEL, Style, format_of, holds_geometries, replacing
from geo_lookup.bulk.workers import processors
from geo_lookup.errors import RequestError
from geo_lookup.finder import Finder

Progress = Callable[[int, int, str], None]
"""Told how much is read, of how much (0 where that is not known), and whether rows or bytes are counted."""


@dataclass
class Report:
    """What became of the rows of a file.

    `outcomes` and `errors` count rows by outcome and by what is wrong with them; `near_borders` are those within the
    edition's margin of a border. `asked_by` says what rows were asked by, `encoding` how a CSV was read.
    """

    rows: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    near_borders: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    asked_by: str = ""
    encoding: str | None = None

    def add(self, other: Report) -> None:
        """Count the rows of another part."""
        self.rows += other.rows
        self.outcomes.update(other.outcomes)
        self.near_borders += other.near_borders
        self.errors.update(other.errors)

    def lines(self) -> list[str]:
        """The report in sentences."""
        told = [f"{self.rows:,} rows, asked by {self.asked_by}."]
        if self.encoding == "cp1252":
            told.append("The file is not UTF-8; it was read as Windows-1252, and what is written is UTF-8.")
        told.extend(f"{count:,} {outcome}" for outcome, count in self.outcomes.most_common())
        told.append(f"{self.near_borders:,} near a border")
        told.extend(f"{count:,} not answered: {reason}" for reason, count in self.errors.most_common(10))
        if len(self.errors) > 10:
            told.append(f"{sum(count for _, count in self.errors.most_common()[10:]):,} not answered for other reasons")
        return told


def answer_file(
    finder: Finder,
    source: str | Path,
    target: str | Path,
    *,
    columns: Columns = NAMED_BY_DEFAULT,
    address: Sequence[str] = (),
    layer: str | None = None,
    on: date | str | None = None,
    excel: bool = False,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Report:
    """Answer every row of a file and write them all, with the answers, to another: CSV, Parquet, GeoJSON, GPKG, Arrow.

    The formats are those of the names. Rows are asked by the columns that are named, or else by their geometries, by
    `lon` and `lat`, or by an address; the order is kept, and what is wrong with a row stands in its column `error`.
    `address` names the columns that make an address. `excel` writes CSV as Excel in Belgium opens it.

    `target` is replaced when everything is written, or not at all. Raises `SourceError` where the source cannot be
    read, `FrameError` where it cannot be told where its points are, `OSError` where the target cannot be written.
    """
    source, target = Path(source), Path(target)
    written = format_of(target)
    if excel and target.suffix.lower() != ".csv":
        raise RequestError("only CSV is written for Excel; let the name of the file to write end in .csv.")
    if target.exists() and source.exists() and target.samefile(source):
        raise RequestError("the file that is written must be another than the one that is read.")
    day = finder.day(on)
    answers = Answers(finder.edition_on(day), day)
    with ExitStack() as files:
        opened = open_source(source, layer, files)
        asked = how_asked(opened.schema, columns, address)
        if columns.name_none and columns.crs is not None:
            opened = opened._replace(schema=with_crs(opened.schema, columns.crs))
        adds_points = holds_geometries(target) and geometry_column(opened.schema) is None
        work = _Work(finder, answers, asked, opened.schema, adds_points)
        report = Report(asked_by=asked.described)
        style = EXCEL if excel else Style()
        if opened.dialect is not None:
            report.encoding = opened.dialect.encoding
            if not excel and target.suffix.lower() == ".csv":
                begins = opened.dialect.begins or (EXCEL.begins if report.encoding == "cp1252" else b"")
                style = Style(opened.dialect.delimiter, begins=begins)

        def told(part: Part) -> None:
            if progress is not None:
                progress(part.done, opened.size, opened.unit)

        draft = files.enter_context(replacing(target))
        schema = work.schema()

        def answer(part: Part) -> _Answered:
            table = work.answer(part).cast(schema)
            return _Answered(part, written.encode(table, style), work.count(table))

        answered = _in_order(answer, opened.parts, threads or processors(), told)
        files.enter_context(closing(answered))  # before the source is closed
        written.write(draft, schema, _counted(answered, report), style)
    return report


class _Answered(NamedTuple):
    """A part of a file, its rows with their answers as they are written, and what became of them."""

    part: Part
    rows: Any
    report: Report


class _Work:
    """What is done with each part of a file."""

    def __init__(self, finder: Finder, answers: Answers, asked: Asked, source: pa.Schema, adds_points: bool) -> None:
        self._source = source
        self._finder = finder
        self._answers = answers
        self._asked = asked
        self._adds_points = adds_points

    def schema(self) -> pa.Schema:
        """The columns that are written."""
        return self.answer(Part(self._source.empty_table(), pa.nulls(0, pa.string()), 0)).schema

    def answer(self, part: Part) -> pa.Table:
        """The rows of a part with their answers."""
        table = part.table.cast(self._source)
        added = answer_rows(self._answers, table, self._asked, self._find, faults=part.faults)
        for name, column in added.items():
            table = table.append_column(name, column)
        if self._adds_points:
            table = table.append_column(LONLAT_POINTS, self._points(part, table))
        return table

    def count(self, table: pa.Table) -> Report:
        """What became of the rows of a part."""
        near = pc.less_equal(table["border_distance_m"], self._answers.edition.manifest.border_margin_m)
        outcomes, errors = (_counts(table[name]) for name in ("outcome", ERROR))
        return Report(len(table), outcomes, pc.sum(near).as_py() or 0, errors)

    def _find(self, text: str) -> Answer:
        return self._finder.find(text, on=self._answers.on, offices=1)

    def _points(self, part: Part, answered: pa.Table) -> pa.Array:
        if self._asked.coordinates is None:
            lons, lats = (answered[name].to_numpy() for name in ("matched_lon", "matched_lat"))
        else:
            located = locate_rows(self._answers, part.table, self._asked.coordinates, part.faults)
            lons, lats, _, _ = self._answers.edition.surroundings.locate(*located.points)
        return point_column(np.round(lons, 9), np.round(lats, 9))


def _in_order(
    work: Callable[[Part], _Answered], parts: Iterator[Part], threads: int, told: Callable[[Part], None]
) -> Generator[_Answered, None, None]:
    """Work on parts in several threads, while another reads ahead and whoever asks writes; the order is kept.

    Never are more than a few parts under way.
    """
    waiting: deque[Future[_Answered]] = deque()
    with ThreadPoolExecutor(1) as reader, ThreadPoolExecutor(threads) as workers:
        coming: Future[Part | None] | None = reader.submit(next, parts, None)
        try:
            while coming is not None or waiting:
                while coming is not None and len(waiting) <= 2 * threads:
                    part = coming.result()
                    coming = None if part is None else reader.submit(next, parts, None)
                    if part is not None:
                        waiting.append(workers.submit(work, part))
                if waiting:
                    answered = waiting.popleft().result()
                    yield answered
                    told(answered.part)
        finally:
            for future in waiting:
                future.cancel()


def _counted(answered: Iterator[_Answered], report: Report) -> Iterator[Any]:
    """The rows alone; what became of them is added to a report."""
    for one in answered:
        report.add(one.report)
        yield one.rows


def _counts(column: pa.ChunkedArray) -> Counter[str]:
    """How often each text is there."""
    texts = column.drop_null().combine_chunks()
    if not pa.types.is_dictionary(texts.type):
        texts = texts.dictionary_encode()
    counts = np.bincount(texts.indices, minlength=len(texts.dictionary))
    return +Counter(dict(zip(texts.dictionary.to_pylist(), counts.tolist(), strict=True)))
