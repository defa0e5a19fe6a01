"""One look at an edition: everything that loading notices, and everything that only quality checks do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from shapely.geometry.base import BaseGeometry

from geo_lookup.edition import EditionFiles, read_edition
from geo_lookup.errors import EditionError
from geo_lookup.loading.sources import EditionTables
from geo_lookup.manifest import AddressSource, TableSource
from geo_lookup.model import AreaKind, Finding
from geo_lookup.quality.addressing import check_addresses
from geo_lookup.quality.coverage import check_coverage
from geo_lookup.quality.far_parts import check_far_parts
from geo_lookup.quality.hierarchy import check_hierarchy
from geo_lookup.quality.layers import all_usable, areas_of
from geo_lookup.quality.offices import check_offices
from geo_lookup.quality.paths import check_paths
from geo_lookup.quality.positions import check_positions
from geo_lookup.quality.staffing import check_staffing

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

AREA_RULES = frozenset(
    ["across-districts", "edges", "far-part", "gap", "outside-city", "outside-district", "overlap", "sliver-gap",
     "sliver-overlap", "spelling"]
)  # fmt: skip
"""The rules about areas alone."""

ADDRESS_RULES = frozenset(
    ["address-ids", "address-outside-city", "address-uncovered", "addresses-elsewhere", "street-split"]
)
"""The rules about addresses and the areas they lie in."""


FINDING_COLUMNS = ("level", "rule", "file", "row", "field", "message", "remedy")
"""What is told of a finding in a frame, besides where it lies."""


class Known(NamedTuple):
    """What is known already of the areas, and of the addresses in them; None where it has to be looked for."""

    areas: Sequence[Finding] | None
    addresses: Sequence[Finding] | None


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

    def to_frame(self) -> GeoDataFrame:
        """The findings as a GeoDataFrame in the metric CRS, errors first.

        Columns are `level`, `rule`, `file`, `row`, `field`, `message`, `remedy`, and `geometry`: where a finding lies,
        None where it lies nowhere.
        """
        import geopandas
        import pandas as pd

        rows = [[getattr(finding, name) for name in FINDING_COLUMNS] for finding in self.findings]
        frame = pd.DataFrame(rows, columns=list(FINDING_COLUMNS), dtype=object)
        kinds = {name: "Int64" if name == "row" else "str" for name in FINDING_COLUMNS}
        shapes = [finding.shape for finding in self.findings]
        return geopandas.GeoDataFrame(frame.astype(kinds), geometry=shapes, crs=self.metric_crs)


def inspect(path: str | Path, *, on: date | None = None) -> Inspection:
    """Look at the edition of a folder, be it the edition's own or a published one; nothing is raised for its faults.

    `on` is the day from which on people are looked for, today in the city if left out.
    """
    try:
        files = read_edition(path)
    except EditionError as error:
        return Inspection(None, str(path), _errors_first(error.findings))
    return inspection_of(files, on or datetime.now(files.manifest.zone).date())


def inspection_of(files: EditionFiles, on: date, known: Known | None = None) -> Inspection:
    """Look at what was read of an edition, together with what was noticed in reading it, and what is known before."""
    manifest = files.manifest
    findings = [*files.findings, *quality_findings(files, on, known)]
    areas = [
        (one.name, one.geometry) for one in areas_of(files.tables, AreaKind.NEIGHBOURHOOD) if one.geometry is not None
    ]
    return Inspection(manifest.id, manifest.title, _errors_first(findings), tuple(areas), manifest.metric_crs)


def quality_findings(files: EditionFiles, on: date, known: Known | None = None) -> Iterator[Finding]:
    """What only quality checks find; whatever could not be read is not looked at, so that a fault is told of once.

    What is `known` of areas and addresses that did not change is told again, and not looked for.
    """
    known = known or Known(None, None)
    tables, sources = files.tables, files.manifest.tables
    faulty = {finding.file for finding in files.findings if finding.level == "error"}

    def sound(source: TableSource | AddressSource | None) -> bool:
        return source is not None and source.path not in faulty

    yield from check_positions(tables, offices=sound(sources.offices))
    yield from known.areas if known.areas is not None else _check_areas(tables, files.folder)
    complete = all(all_usable(tables, kind) for kind in AreaKind)
    if complete and sound(sources.assignments):
        yield from check_staffing(tables, on)
    if complete and sound(sources.offices):
        yield from check_offices(tables)
    yield from check_paths(tables, offices=sound(sources.offices))
    if known.addresses is not None:
        yield from known.addresses
    elif complete and files.addresses is not None and sound(sources.addresses):
        yield from check_addresses(tables, files.addresses.book)


def _check_areas(tables: EditionTables, folder: Path) -> Iterator[Finding]:
    yield from check_coverage(tables)
    yield from check_far_parts(tables)
    yield from check_hierarchy(tables, folder)


def _errors_first(findings: list[Finding] | tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda finding: finding.level != "error"))
