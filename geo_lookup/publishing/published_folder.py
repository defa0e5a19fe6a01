"""A published folder: its editions side by side, and `current`, which names the one that is live.

Nothing in an edition changes once it is there. What is live changes in one step, by renaming a file; one process at a
time may change a folder. Each edition remembers which ones were live before it, which is where a rollback leads.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

from geo_lookup.errors import EditionError
from geo_lookup.manifest import CURRENT, MANIFEST, edition_folder, read_manifest
from geo_lookup.model import Finding
from geo_lookup.seal import check_seal

RECORD = "publication.json"
"""What an edition remembers of how it was made."""

UNFINISHED = ".publishing-"
"""How the name of a folder begins in which an edition is being written."""


@dataclass(frozen=True, slots=True)
class Publication:
    """How an edition was made: when, from which edition of the source, after which ones, and from what.

    `earlier` are those that were live before it, the latest first, be they still there or not. `sources` are the
    hashes of what its areas and its addresses were made of: where they are the same for the next edition, its files
    are taken over as they are.
    """

    published: str
    source_id: str
    earlier: list[str]
    sources: dict[str, str] = field(default_factory=dict)


def read_publication(folder: Path) -> Publication | None:
    """What an edition remembers; None for one that was put into its folder by hand."""
    path = folder / RECORD
    if not path.is_file():
        return None
    try:
        return _publications().validate_python(json.loads(path.read_text(encoding="utf-8")))
    except ValueError:
        finding = Finding("error", "publication", RECORD, "it cannot be read; publish the edition anew.")
        raise EditionError(str(folder), [finding]) from None


@cache
def _publications() -> TypeAdapter[Publication]:
    return TypeAdapter(Publication)


def write_publication(publication: Publication, folder: Path) -> None:
    """Write what an edition remembers."""
    (folder / RECORD).write_text(json.dumps(asdict(publication), indent=1) + "\n", encoding="utf-8")


def live(folder: Path) -> str | None:
    """The name of the edition that is live; None in a folder without one."""
    return edition_folder(folder).name if (folder / CURRENT).is_file() else None


def live_name(folder: Path) -> str:
    """What `current` says, be there such an edition or not."""
    current = folder / CURRENT
    return current.read_text(encoding="utf-8", errors="replace").strip() if current.is_file() else ""


def lineage(folder: Path) -> list[str]:
    """The live edition, and those that were live before it, the latest first, as far as they are still there."""
    name = live(folder)
    if name is None:
        return []
    publication = read_publication(folder / name)
    earlier = publication.earlier if publication else []
    return [name, *(one for one in earlier if Path(one).name == one and (folder / one / MANIFEST).is_file())]


def in_force(folder: Path) -> dict[date, str]:
    """The edition that holds from each first day on, the earliest first: of several for one day the latest published.

    Only editions of the lineage count, so that one that was rolled back is gone.
    """
    found: dict[date, str] = {}
    for name in lineage(folder):
        found.setdefault(read_manifest(folder / name).valid_from, name)
    return dict(sorted(found.items()))


def editions_in_force(path: Path) -> list[Path]:
    """The folders of the editions that are meant by an edition's folder, or by a published one, the earliest first."""
    if (path / MANIFEST).is_file() or not (path / CURRENT).is_file():
        return [path]
    edition_folder(path)  # raises where the live one is not there
    return [path / name for name in in_force(path).values()]


def switch(folder: Path, name: str) -> None:
    """Make an edition live, in one step: a reader sees the one before or this one."""
    beside = folder / f".{CURRENT}"
    with beside.open("w", encoding="utf-8") as file:
        file.write(f"{name}\n")
        file.flush()
        os.fsync(file.fileno())
    beside.replace(folder / CURRENT)
    sync_folder(folder)


def roll_back(folder: Path) -> str:
    """Make the edition live that was so before the live one, and return its name.

    One that is not what it was when it was published is passed over. Raises `EditionError` where there is none.
    """
    if not (folder / CURRENT).is_file():
        message = f"this is no published folder: there is no file '{CURRENT}' in it."
        raise EditionError(str(folder), [Finding("error", "rollback", str(folder), message)])
    with alone(folder):
        name = next((name for name in lineage(folder)[1:] if is_sound(folder / name)), None)
        if name is None:
            message = "there is no earlier edition to go back to."
            raise EditionError(str(folder), [Finding("error", "rollback", CURRENT, message)])
        switch(folder, name)
        return name


def is_sound(edition: Path) -> bool:
    """Whether an edition is there, and what it was when it was published."""
    try:
        check_seal(edition)
        read_publication(edition)
    except EditionError:
        return False
    return (edition / MANIFEST).is_file()


def history(folder: Path) -> list[str]:
    """What was live, the latest first; where the live one is lost, what is sound in the order of publication."""
    name = live_name(folder)
    if name and Path(name).name == name and is_sound(folder / name):
        return lineage(folder)
    found = [path for path in folder.iterdir() if path.is_dir() and is_sound(path)]
    moments = {path.name: publication.published for path in found if (publication := read_publication(path))}
    return sorted(moments, key=lambda one: moments[one], reverse=True)


def prune(folder: Path, keep: int) -> list[str]:
    """Remove editions that no day is answered with any more, but for the `keep` latest of the lineage.

    Editions that were put there by hand, or are no part of the lineage, stay.
    """
    needed = set(in_force(folder).values())
    removed = [name for name in lineage(folder)[keep:] if name not in needed]
    for name in removed:
        doomed = folder / f"{UNFINISHED}{name}"
        (folder / name).rename(doomed)
        shutil.rmtree(doomed)
    return removed


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep every other process from changing the folder, and clear away what one that was killed has left."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            message = "another process is publishing here; try again when it is done."
            raise EditionError(str(folder), [Finding("error", "locked", str(folder), message)]) from None
        for left in folder.glob(f"{UNFINISHED}*"):
            shutil.rmtree(left) if left.is_dir() and not left.is_symlink() else left.unlink()
        yield


def sync_folder(folder: Path) -> None:
    """See that the names in a folder are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
