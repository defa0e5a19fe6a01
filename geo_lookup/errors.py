"""Everything that goes wrong, as one small tree:

    GeoLookupError
    ├── RequestError             a request that cannot be answered: mend the request
    │   ├── CoordinateError      numbers that are no point, or not in the CRS they are said to be in
    │   ├── DateError            a date that cannot be read
    │   └── FrameError           a frame whose points cannot be found
    ├── EditionError             files that make no edition: mend the files; `findings` lists every fault
    └── SourceError              one file that is not what it should be

Messages name what was read and what to do. Messages of a `RequestError` never repeat what a person
asked for, so that they may be shown and logged.
"""

from __future__ import annotations

from collections.abc import Sequence

from geo_lookup.model import Finding


class GeoLookupError(Exception):
    """The base of every error that geo-lookup raises on purpose."""


class RequestError(GeoLookupError):
    """A request that cannot be answered as it stands."""


class CoordinateError(RequestError):
    """Numbers that are no point, or that do not lie in the CRS they are said to be in."""


class DateError(RequestError):
    """A date that cannot be read."""


class FrameError(RequestError):
    """A frame whose points cannot be found, or whose columns would be overwritten."""


class EditionError(GeoLookupError):
    """Files that make no edition. `findings` holds every fault that was found, in the order of reading."""

    def __init__(self, place: str, findings: Sequence[Finding]) -> None:
        self.place = place
        self.findings = tuple(findings)
        super().__init__(place, self.findings)

    def __str__(self) -> str:
        faults = sum(finding.level == "error" for finding in self.findings)
        count = f"{faults} fault{'s' if faults != 1 else ''}"
        return "\n".join([f"{self.place} is no edition: {count}.", *(f"  {one}" for one in self.findings)])


class SourceError(GeoLookupError):
    """One file that is not what it should be: why, and from which row on where that is known."""

    def __init__(self, message: str, row: int | None = None) -> None:
        self.message = message
        self.row = row
        super().__init__(message)
