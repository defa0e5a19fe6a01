"""Publishes an edition: checked, written beside the others, read back, and only then made live.

Whatever goes wrong on the way, be it an error, a full disk or the end of the process, the edition that was live stays
so and nothing half-written is ever called an edition. What did not change since the last one is not read again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from geo_lookup.addresses.book import AddressBook
from geo_lookup.checks import check_tables
from geo_lookup.edition import EditionFiles, open_edition
from geo_lookup.errors import EditionError, SourceError
from geo_lookup.loading.addresses import import_edition_addresses, left_out, matcher_of
from geo_lookup.loading.areas import Areas, read_areas
from geo_lookup.loading.hashes import hash_source
from geo_lookup.loading.sources import EditionTables, read_tables
from geo_lookup.manifest import CURRENT, MANIFEST, AddressSource, Manifest, edition_folder, read_manifest
from geo_lookup.model import Finding
from geo_lookup.publishing.normalising import ADDRESSES, LAYERS, write_areas, write_manifest, write_tables
from geo_lookup.publishing.published_folder import (
    KEEP,
    UNFINISHED,
    Publication,
    alone,
    lineage,
    prune,
    read_publication,
    switch,
    sync_folder,
    write_publication,
)
from geo_lookup.quality.inspection import ADDRESS_RULES, AREA_RULES, Known, inspection_of
from geo_lookup.reports.findings_report import findings_html, findings_json, read_findings
from geo_lookup.seal import check_seal, hash_file, sealed_hashes, write_seal

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
"""The ids that can be the name of a folder everywhere."""


@dataclass(frozen=True, slots=True)
class Published:
    """What came of a publication: the edition that is live now, what was taken over, and what was removed.

    `unchanged` says that nothing differs from the edition that was live, so that there is no new one.
    """

    edition_id: str
    unchanged: bool
    taken_over: tuple[str, ...]
    removed: tuple[str, ...]
    findings: tuple[Finding, ...]


def sources_of(manifest: Manifest, folder: Path) -> dict[str, str]:
    """What the areas, the addresses and the tables of a source are made of, each as one hash."""
    layers, tables = manifest.layers, manifest.tables
    areas = [layers.neighbourhoods, layers.districts, layers.special_areas, layers.city, tables.districts]
    addresses = [tables.addresses, tables.street_aliases]
    people = [getattr(tables, name) for name in type(tables).model_fields if getattr(tables, name) not in addresses]
    said = manifest.model_dump(mode="json", exclude={"layers", "tables"})
    return {
        "areas": _hash_of(areas, folder, [manifest.metric_crs, manifest.city, manifest.city_id]),
        "addresses": _hash_of(addresses, folder, [manifest.city, manifest.city_id]),
        "tables": _hash_of(people, folder, said),
    }


def _hash_of(sources: Iterable[Any], folder: Path, said: object) -> str:
    digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode())
    for source in sources:
        digest.update(b"-" if source is None else source.model_dump_json().encode())
        if source is not None:
            digest.update(hash_source(source, folder).encode())
    return digest.hexdigest()


def publish(source: Path, target: Path, *, accept_warnings: bool = False, keep: int = KEEP) -> Published:
    """Publish the edition of a folder in `target`, and make it live.

    Raises `EditionError` where its files have errors, or warnings that are not accepted, and `OSError` where they
    cannot be written; what was live then stays so. `keep` is how many editions stay, besides those that days are
    still answered with.
    """
    folder = edition_folder(source)
    manifest = read_manifest(folder)
    with alone(target):
        known = {name: read_publication(target / name) for name in lineage(target)}
        sources = sources_of(manifest, folder)
        newest = next(iter(known.values()), None)
        earlier = [*known][:1] + (newest.earlier if newest else [])
        if newest is not None and newest.sources == sources:
            return Published(next(iter(known)), True, tuple(sources), (), ())
        edition_id = free_name(target, manifest.id, earlier)
        with _unfinished(target, edition_id) as made:
            draft = _Draft(manifest, folder, made, edition_id, [])
            taken = {part: name for part in ("areas", "addresses") if (name := _made_of(known, part, sources[part]))}
            draft.write({part: target / name for part, name in taken.items()})
            draft.refuse(accept_warnings)
            moment = datetime.now(UTC).isoformat(timespec="seconds")
            write_publication(Publication(moment, manifest.id, earlier, sources), made)
            write_seal(made)
            _sync(made)
            open_edition(made)  # what cannot be read back is never live
            made.rename(target / edition_id)
        sync_folder(target)
        switch(target, edition_id)
        return Published(edition_id, False, tuple(taken), tuple(prune(target, keep)), tuple(draft.findings))


def _made_of(known: Mapping[str, Publication | None], part: str, hashed: str) -> str | None:
    """The latest edition whose areas, or addresses, were made of the same files."""
    return next((name for name, one in known.items() if one is not None and one.sources.get(part) == hashed), None)


@dataclass(frozen=True)
class _Draft:
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
        if self.manifest.tables.addresses is not None:
            if "addresses" in taken:
                _take_over(taken["addresses"], [ADDRESSES], self.made)
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

        def told(part: str, rules: Collection[str]) -> list[Finding] | None:
            report = taken[part] / "report.json" if part in taken else None
            if report is None or not report.is_file():
                return None
            return read_findings(report, rules, self.manifest.metric_crs)

        same = taken.get("areas") == taken.get("addresses")
        return Known(told("areas", AREA_RULES), told("addresses", ADDRESS_RULES) if same else None)

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


@contextlib.contextmanager
def _unfinished(target: Path, name: str) -> Iterator[Path]:
    """A folder beside the editions, which is gone in the end unless it was renamed to one."""
    folder = target / f"{UNFINISHED}{name}"
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def free_name(target: Path, edition_id: str, taken: Iterable[str]) -> str:
    """The id under which an edition is published: its own, or the next revision of it.

    An id that an edition had (`taken`) is never given again, even where that edition is gone: answers name it.
    """
    if NAME.fullmatch(edition_id) is None or edition_id == CURRENT:
        message = "the id must be a name of letters, digits, dots and hyphens, such as 'genk-2026'."
        raise EditionError(str(target), [Finding("error", "edition-id", MANIFEST, message, field="id")])
    names = {*taken, *(path.name for path in target.iterdir())}
    revisions = [re.fullmatch(rf"{re.escape(edition_id)}(?:-r(\d{{1,9}}))?", name) for name in names]
    last = max((int(found[1] or 1) for found in revisions if found), default=0)
    return f"{edition_id}-r{last + 1}" if last else edition_id


def _take_over(earlier: Path, names: Iterable[str], folder: Path) -> None:
    """Put files of a sealed edition into another one, as they are; raises `EditionError` where one is damaged."""
    hashes = sealed_hashes(earlier)
    for name in names:
        if hash_file(earlier / name) != hashes.get(name):
            check_seal(earlier)
        try:
            os.link(earlier / name, folder / name)
        except OSError:  # another file system, or one without links
            shutil.copy2(earlier / name, folder / name)


def _sync(folder: Path) -> None:
    for path in folder.iterdir():
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    sync_folder(folder)
