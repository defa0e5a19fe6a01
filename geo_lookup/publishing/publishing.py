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
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from geo_lookup.edition import open_edition
from geo_lookup.errors import EditionError
from geo_lookup.loading.hashes import hash_source
from geo_lookup.manifest import CURRENT, MANIFEST, Manifest, edition_folder, read_manifest
from geo_lookup.model import Finding
from geo_lookup.publishing import KEEP
from geo_lookup.publishing.draft import Draft
from geo_lookup.publishing.published_folder import (
    UNFINISHED,
    Publication,
    alone,
    history,
    is_sound,
    live_name,
    prune,
    read_publication,
    switch,
    sync_folder,
    write_publication,
)
from geo_lookup.seal import check_seal, write_seal

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
    """What the areas, the addresses and the tables of a source are made of, each as one hash; paths go with tables."""
    layers, tables = manifest.layers, manifest.tables
    areas = [layers.neighbourhoods, layers.districts, layers.special_areas, layers.city, tables.districts]
    addresses = [tables.addresses, tables.street_aliases]
    people = [getattr(tables, name) for name in type(tables).model_fields if getattr(tables, name) not in addresses]
    people += [] if layers.paths is None else [layers.paths]
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
    check_seal(folder)
    manifest = read_manifest(folder)
    if (target / MANIFEST).exists():
        message = "this is an edition itself; name another folder to publish in."
        raise EditionError(str(target), [Finding("error", "target", str(target), message)])
    with alone(target):
        names = history(target)
        known = {name: read_publication(target / name) for name in names if is_sound(target / name)}
        sources = sources_of(manifest, folder)
        newest = next(iter(known.values()), None)
        if newest is not None and newest.sources == sources and live_name(target) == next(iter(known)):
            return Published(next(iter(known)), True, tuple(sources), (), ())
        gone = [one for publication in known.values() if publication for one in publication.earlier]
        earlier = list(dict.fromkeys([*known, *(one for one in gone if one not in names)]))
        edition_id = free_name(target, manifest.id, [*names, *earlier])
        with _unfinished(target, edition_id) as made:
            draft = Draft(manifest, folder, made, edition_id, [*_misfits(manifest, target, names, known)])
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


def _misfits(
    manifest: Manifest, target: Path, names: Iterable[str], known: Mapping[str, Publication | None]
) -> Iterator[Finding]:
    """What does not fit among the editions that are there: one of another city, and those that are damaged."""
    for name in names:
        if name not in known:
            message = "it is not what it was when it was published, so it answers no day any more."
            yield Finding("warning", "damaged-edition", name, message)
    if known:
        other = read_manifest(target / next(iter(known)))
        if (other.city_id, other.timezone) != (manifest.city_id, manifest.timezone):
            message = f"the editions in {target} are of {other.city} ({other.city_id}); publish in a folder of its own."
            yield Finding("error", "other-city", MANIFEST, message, field="city_id")


def _made_of(known: Mapping[str, Publication | None], part: str, hashed: str) -> str | None:
    """The latest edition whose areas, or addresses, were made of the same files."""
    return next((name for name, one in known.items() if one is not None and one.sources.get(part) == hashed), None)


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


def _sync(folder: Path) -> None:
    for path in folder.iterdir():
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    sync_folder(folder)
