"""The edition that is live: loaded at the start, followed when another one is published, replaced in one step.

A request takes the finder once and keeps it, so that it is answered from one edition however often that changes. An
edition that is refused replaces nothing: what answers goes on answering, and /readyz says what was refused, and why.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from anyio.to_thread import run_sync

from geo_lookup import EditionError, Finder, load
from geo_lookup.manifest import CURRENT
from geo_lookup.model import Finding

logger = logging.getLogger("geo_lookup.service")


@dataclass(frozen=True, slots=True)
class Refusal:
    """An edition that was not taken: its name in the published folder, and every reason."""

    edition: str
    reasons: tuple[str, ...]


class LiveEdition:
    """The finder that answers, or the reason why there is none; `refused` is the last edition that was not taken.

    `loads` and `refusals` count how often an edition was taken, or not.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.refused: Refusal | None = None
        self.loads = self.refusals = 0
        self._live: Finder | EditionError = EditionError("", [Finding("error", "starting", "", "It is being loaded.")])
        self._seen: object = None
        self._changed = asyncio.Event()

    @property
    def finder(self) -> Finder:
        """The finder that answers; raises the `EditionError` that kept the first one from loading."""
        if isinstance(self._live, EditionError):
            # One of its own for each request: an error that is raised again and again holds the frames of every time.
            raise EditionError(self._live.place, self._live.findings)
        return self._live

    async def reload(self) -> None:
        """Load what is live on disk beside what answers, and let it answer if it can be trusted."""
        self._seen = self._signature()
        try:
            finder = await run_sync(_load, self.path)
        except EditionError as error:
            self._refuse(error)
            return
        self._live, self.refused = finder, None
        self.loads += 1
        logger.info("edition %s is live", finder.edition.manifest.id)
        for finding in (finding for edition in finder.editions for finding in edition.warnings):
            logger.warning("%s", finding)
        del finder
        await run_sync(gc.collect)  # what answered before is let go at once, not some day

    @contextlib.asynccontextmanager
    async def followed(self, seconds: float) -> AsyncIterator[None]:
        """Look every so many seconds, and at SIGHUP, whether another edition is live on disk, as long as this lasts."""
        loop = asyncio.get_running_loop()
        with contextlib.suppress(ValueError, RuntimeError, NotImplementedError):  # a thread that gets no signals
            loop.add_signal_handler(signal.SIGHUP, self._changed.set)
        following = asyncio.create_task(self._follow(seconds))
        try:
            yield
        finally:
            following.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await following
            with contextlib.suppress(ValueError, RuntimeError, NotImplementedError):
                loop.remove_signal_handler(signal.SIGHUP)

    async def _follow(self, seconds: float) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), seconds)
            told = self._changed.is_set()
            self._changed.clear()
            if told or self._signature() != self._seen:
                try:
                    await self.reload()
                except Exception as error:  # noqa: BLE001 - whatever it is, what answers goes on answering
                    self._refuse(EditionError(self._name(), [Finding("error", "loading", "", type(error).__name__)]))

    def _refuse(self, error: EditionError) -> None:
        place = Path(error.place)  # of editions in force together it may be another than the current one
        name = place.name if place.parent == self.path else self._name()
        self.refused = Refusal(name, tuple(map(str, error.findings)))
        self.refusals += 1
        logger.error("%s", error)
        if isinstance(self._live, EditionError):
            self._live = error

    def _signature(self) -> object:
        """What tells that another edition is live: the file `current`, which is replaced each time."""
        current = self._current()
        try:
            found = current.stat() if current else None
        except OSError:
            return None
        return (found.st_ino, found.st_mtime_ns, found.st_size) if found else None

    def _name(self) -> str:
        current = self._current()
        try:
            return current.read_text(encoding="utf-8", errors="replace").strip()[:100] if current else ""
        except OSError:
            return ""

    def _current(self) -> Path | None:
        return self.path / CURRENT if self.path is not None else None


def _load(path: Path | None) -> Finder:
    finder = load(path)
    finder.prepare()
    return finder
