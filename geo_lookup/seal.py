"""The seal of an edition: the SHA-256 of each of its files, in the form that `sha256sum --check` reads."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from geo_lookup.errors import EditionError
from geo_lookup.model import Finding

SEAL = "SHA256SUMS"
"""The file that holds the hashes."""


def hash_file(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_seal(folder: Path) -> None:
    """Seal an edition: every file in its folder, as it is now."""
    names = sorted(path.name for path in folder.iterdir() if path.name != SEAL)
    (folder / SEAL).write_text("".join(f"{hash_file(folder / name)}  {name}\n" for name in names), encoding="utf-8")


def check_seal(folder: Path) -> None:
    """Raise `EditionError` where a sealed edition is not what it was when it was sealed; one without a seal passes."""
    if (folder / SEAL).is_file():
        findings = list(_broken(folder))
        if findings:
            raise EditionError(str(folder), findings)


def sealed_hashes(folder: Path) -> dict[str, str]:
    """The hashes that a seal states, by file name; none where there is no seal."""
    path = folder / SEAL
    if not path.is_file():
        return {}
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    return {name: stated for stated, _, name in (line.partition("  ") for line in lines)}


def _broken(folder: Path) -> Iterator[Finding]:
    hashes = sealed_hashes(folder)
    if "manifest.toml" not in hashes:
        yield Finding("error", "seal", SEAL, "it does not name the manifest; publish the edition anew.")
    for name, stated in hashes.items():
        path = folder / name
        if Path(name).name != name or not path.is_file():
            yield Finding("error", "seal", name or SEAL, "it is sealed, and it is not there; publish the edition anew.")
        elif hash_file(path) != stated:
            message = "it is not what it was when it was published; publish the edition anew, or roll back."
            yield Finding("error", "seal", name, message)
