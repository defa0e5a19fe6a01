"""What an edition was made of, as hashes: of files, and of tables in a database."""

from __future__ import annotations

import hashlib
from pathlib import Path

from geo_lookup.errors import EditionError, SourceError
from geo_lookup.loading.database import hash_table
from geo_lookup.manifest import MANIFEST, AddressSource, Manifest, Source, files_of
from geo_lookup.model import Finding
from geo_lookup.seal import hash_file


def hash_source(source: Source | AddressSource, folder: Path) -> str:
    """The hashes of the files that a source is made of, or of the table; files that are missing count as ''.

    Raises `EditionError` where a database cannot be read.
    """
    if source.driver == "PostGIS":
        try:
            return hash_table(source.path)
        except SourceError as error:
            raise EditionError(str(folder), [Finding("error", "database", source.path, error.message)]) from None
    return " ".join(hash_file(path) if path.is_file() else "" for path in files_of(source, folder))


def fingerprint(folder: Path, manifest: Manifest) -> str:
    """The SHA-256 of the manifest and of everything it names."""
    hashes = [hash_file(folder / MANIFEST), *(hash_source(source, folder) for source in manifest.sources())]
    return hashlib.sha256("\n".join(hashes).encode()).hexdigest()
