"""The addresses of an edition: its address book opened, or made and kept in memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from geo_lookup.addresses.book import AddressBook
from geo_lookup.addresses.importing import ImportReport, import_addresses
from geo_lookup.addresses.matching import Matcher
from geo_lookup.addresses.records import Municipality, Names
from geo_lookup.addresses.source import Progress
from geo_lookup.errors import SourceError
from geo_lookup.loading.sources import EditionTables
from geo_lookup.manifest import MANIFEST, AddressSource
from geo_lookup.model import AreaKind, Finding

MANY = 200_000
"""A file with more addresses is worth importing once, instead of at every start."""


def open_addresses(tables: EditionTables, folder: Path, findings: list[Finding]) -> Matcher | None:
    """Open the addresses that a manifest names; None where it names none, or where they cannot be used.

    What is wrong with them, and what of them is left out unforeseen, is noted in `findings`.
    """
    source = tables.manifest.tables.addresses
    if source is None:
        return None
    try:
        return matcher_of(tables, _open(tables, source, folder, findings), findings)
    except SourceError as error:
        findings.append(Finding("error", "addresses", source.path, error.message, error.row))
        return None


def matcher_of(tables: EditionTables, book: AddressBook, findings: list[Finding]) -> Matcher:
    """Put an edition's addresses together with its areas; overrides of addresses that are not there are noted."""
    for row in tables.overrides.rows:
        if book.by_id(row.record.address_id) is None:
            file = tables.manifest.tables.overrides.path if tables.manifest.tables.overrides else MANIFEST
            message = f"there is no address '{row.record.address_id}'."
            findings.append(Finding("warning", "unknown-address", file, message, row.number, "address_id"))
    names = {area.id: area.name for area in tables.areas.values() if area.kind is not AreaKind.CITY}
    return Matcher(book, names)


def import_edition_addresses(
    tables: EditionTables, folder: Path, target: Path, progress: Progress | None
) -> ImportReport:
    """Make the address book of an edition whose manifest names a file of addresses.

    Raises `SourceError` where it names none, or where the file cannot be read.
    """
    manifest = tables.manifest
    source = manifest.tables.addresses
    if source is None or source.driver == "SQLite":
        raise SourceError("the manifest names no file of addresses to import; give `addresses` under [tables].")
    aliases = [(row.record.street, row.record.alias) for row in tables.street_aliases.rows]
    home = Municipality(manifest.city_id if manifest.city_id.isdecimal() else "", Names(manifest.city))
    return import_addresses(source, target, folder=folder, home=home, aliases=aliases, progress=progress)


def left_out(report: ImportReport, file: str) -> Iterator[Finding]:
    """The rows of a file of addresses that are left out, other than those that were to be."""
    for reason, count in report.left_out.items():
        if not reason.startswith(("status ", "another municipality")):
            yield Finding("warning", "addresses", file, f"{count} rows are left out: {reason}.")


def _open(tables: EditionTables, source: AddressSource, folder: Path, findings: list[Finding]) -> AddressBook:
    if source.driver == "SQLite":
        if not (folder / source.path).is_file():
            raise SourceError("there is no such file.")
        if tables.street_aliases.rows:
            raise SourceError("an address book holds its aliases; import addresses and street_aliases together.")
        return AddressBook(folder / source.path)
    with TemporaryDirectory(prefix="geo-lookup-") as temporary:
        target = Path(temporary) / "addresses.sqlite"
        report = import_edition_addresses(tables, folder, target, None)
        content = target.read_bytes()
    findings.extend(left_out(report, source.path))
    if report.addresses > MANY:
        message = (
            f"{report.addresses} addresses are imported at every start; import them once with geo-lookup "
            "import-addresses, and name the address book it makes."
        )
        findings.append(Finding("warning", "addresses", source.path, message))
    return AddressBook(content)
