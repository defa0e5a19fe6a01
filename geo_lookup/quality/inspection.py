"""One look at an edition: everything that loading notices, and everything that only quality checks do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from shapely.geometry.base import BaseGeometry

from geo_lookup.edition import EditionFiles, read_edition
from geo_lookup.errors import EditionError
from geo_lookup.manifest import AddressSource, TableSource
from geo_lookup.model import AreaKind, Finding
from geo_lookup.quality.addressing import check_addresses
from geo_lookup.quality.coverage import check_coverage
from geo_lookup.quality.far_parts import check_far_parts
from geo_lookup.quality.hierarchy import check_hierarchy
from geo_lookup.quality.layers import all_usable, areas_of
from geo_lookup.quality.offices import check_offices
from geo_lookup.quality.positions import check_positions
from geo_lookup.quality.staffing import check_staffing


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was found in an edition, errors first.

    `id` and `metric_crs` are None, and there are no areas, where not even the manifest could be read; `title` is then
    the path. `areas` are the neighbourhoods by name, in the metric CRS.
    """

    id: str | None
    title: str
    findings: tuple[Finding, ...]
    areas: tuple[tuple[str, BaseGeometry], ...] = ()
    metric_crs: int | None = None

    @property
    def errors(self) -> int:
        """How many findings are errors: with one of them there is no edition."""
        return sum(finding.level == "error" for finding in self.findings)

    @property
    def warnings(self) -> int:
        """How many findings are warnings."""
        return len(self.findings) - self.errors


def inspect(path: str | Path, *, on: date | None = None) -> Inspection:
    """Look at the edition of a folder, be it the edition's own or a published one; nothing is raised for its faults.

    `on` is the day from which on people are looked for, today in the city if left out.
    """
    try:
        files = read_edition(path)
    except EditionError as error:
        return Inspection(None, str(path), _errors_first(error.findings))
    return inspection_of(files, on or datetime.now(files.manifest.zone).date())


def inspection_of(files: EditionFiles, on: date) -> Inspection:
    """Look at what was read of an edition, together with what was noticed in reading it."""
    manifest = files.manifest
    findings = [*files.findings, *quality_findings(files, on)]
    areas = [
        (one.name, one.geometry) for one in areas_of(files.tables, AreaKind.NEIGHBOURHOOD) if one.geometry is not None
    ]
    return Inspection(manifest.id, manifest.title, _errors_first(findings), tuple(areas), manifest.metric_crs)


def quality_findings(files: EditionFiles, on: date) -> Iterator[Finding]:
    """What only quality checks find; whatever could not be read is not looked at, so that a fault is told of once."""
    tables, sources = files.tables, files.manifest.tables
    faulty = {finding.file for finding in files.findings if finding.level == "error"}

    def sound(source: TableSource | AddressSource | None) -> bool:
        return source is not None and source.path not in faulty

    yield from check_positions(tables, offices=sound(sources.offices))
    yield from check_coverage(tables)
    yield from check_far_parts(tables)
    yield from check_hierarchy(tables, files.folder)
    complete = all(all_usable(tables, kind) for kind in AreaKind)
    if complete and sound(sources.assignments):
        yield from check_staffing(tables, on)
    if complete and sound(sources.offices):
        yield from check_offices(tables)
    if complete and files.addresses is not None and sound(sources.addresses):
        yield from check_addresses(tables, files.addresses.book)


def _errors_first(findings: list[Finding] | tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda finding: finding.level != "error"))
