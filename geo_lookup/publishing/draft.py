"""An edition that is being written: its areas, its tables, its addresses, and what is found in looking at them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from geo_lookup.addresses.book import AddressBook
from geo_lookup.checks import check_tables
from geo_lookup.edition import EditionFiles
from geo_lookup.errors import EditionError, SourceError
from geo_lookup.loading.addresses import import_edition_addresses, left_out, matcher_of
from geo_lookup.loading.areas import Areas, read_areas
from geo_lookup.loading.sources import EditionTables, read_tables
from geo_lookup.manifest import AddressSource, Manifest, read_manifest
from geo_lookup.model import Finding
from geo_lookup.publishing.normalising import ADDRESSES, LAYERS, write_areas, write_manifest, write_paths, write_tables
from geo_lookup.quality.inspection import ADDRESS_RULES, AREA_RULES, Known, inspection_of
from geo_lookup.reports.findings_report import findings_html, findings_json, read_findings
from geo_lookup.seal import check_seal, hash_file, sealed_hashes


@dataclass(frozen=True)
class Draft:
    """An edition that is being written: its source, its own folder and id, and what was found so far."""

    manifest: Manifest
    folder: Path
    made: Path
    edition_id: str
    findings: list[Finding]

    def write(self, taken: Mapping[str, Path]) -> None:
        """Write every file but the seal; what is `taken` from earlier editions is not read from the source again."""
        areas = self._take_areas(taken["areas"]) if "areas" in taken else self._read_areas()
        tables = read_tables(self.manifest, self.folder, self.findings, areas)
        self.findings.extend(check_tables(tables))
        if any(finding.level == "error" for finding in self.findings):
            return
        write_tables(tables, self.made)
        write_paths(tables.paths, self.made)
        if self.manifest.tables.addresses is not None:
            if "addresses" in taken:
                _take_over(taken["addresses"], [ADDRESSES], self.made)
                self.findings.extend(self._told(taken["addresses"], {"addresses"}) or ())
            else:
                self._write_addresses(tables, self.manifest.tables.addresses)
        write_manifest(self.manifest, self.edition_id, self.made)
        self._inspect(tables, taken)

    def refuse(self, accept_warnings: bool) -> None:
        """Raise `EditionError` where there are errors, or warnings that nobody has accepted."""
        if any(finding.level == "error" for finding in self.findings) or (self.findings and not accept_warnings):
            raise EditionError(str(self.folder), self.findings)

    def _inspect(self, tables: EditionTables, taken: Mapping[str, Path]) -> None:
        """Look at everything as `geo-lookup check` does, and write what was found beside the edition."""
        written = self.made / ADDRESSES
        addresses = matcher_of(tables, AddressBook(written), self.findings) if written.is_file() else None
        files = EditionFiles(self.folder, self.manifest, tables, addresses, self.findings)
        today = datetime.now(UTC).astimezone(self.manifest.zone).date()
        inspection = inspection_of(files, today, self._known(taken))
        self.findings[:] = inspection.findings
        (self.made / "report.html").write_text(findings_html(inspection), encoding="utf-8")
        report = json.dumps(findings_json(inspection), ensure_ascii=False, indent=1)
        (self.made / "report.json").write_text(report + "\n", encoding="utf-8")

    def _known(self, taken: Mapping[str, Path]) -> Known:
        """What the reports of earlier editions tell of what was taken over from them."""

        areas, addresses = taken.get("areas"), taken.get("addresses")
        return Known(
            self._told(areas, AREA_RULES), self._told(addresses, ADDRESS_RULES) if areas == addresses else None
        )

    def _told(self, earlier: Path | None, rules: Collection[str]) -> list[Finding] | None:
        report = None if earlier is None else earlier / "report.json"
        if report is None or not report.is_file():
            return None
        return read_findings(report, rules, self.manifest.metric_crs)

    def _read_areas(self) -> Areas:
        areas = read_areas(self.manifest, self.folder, self.findings)
        if not any(finding.level == "error" for finding in self.findings):
            write_areas(areas.by_id.values(), self.manifest.metric_crs, self.made)
        return areas

    def _take_areas(self, earlier: Path) -> Areas:
        names = [f"{name}.gpkg" for name in LAYERS if (earlier / f"{name}.gpkg").is_file()]
        _take_over(earlier, names, self.made)
        write_manifest(self.manifest, self.edition_id, self.made)
        return read_areas(read_manifest(self.made), self.made, self.findings)

    def _write_addresses(self, tables: EditionTables, source: AddressSource) -> None:
        if source.driver == "SQLite":
            shutil.copyfile(self.folder / source.path, self.made / ADDRESSES)
            return
        try:
            report = import_edition_addresses(tables, self.folder, self.made / ADDRESSES, None)
            self.findings.extend(left_out(report, source.path))
        except SourceError as error:
            self.findings.append(Finding("error", "addresses", source.path, error.message, error.row))


def _take_over(earlier: Path, names: Iterable[str], folder: Path) -> None:
    """Copy files of a sealed edition into another one; raises `EditionError` where one is damaged.

    They are copied, not linked, so that what befalls the one edition does not befall the other.
    """
    hashes = sealed_hashes(earlier)
    for name in names:
        shutil.copyfile(earlier / name, folder / name)
        if hash_file(folder / name) != hashes.get(name):
            check_seal(earlier)
