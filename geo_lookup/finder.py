"""The façade: an edition loaded in memory, ready to answer."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from datetime import UTC, date, datetime
from numbers import Integral
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo_lookup.answer import Answer, Suggestion
from geo_lookup.answering import Circumstances, answer_address, answer_point, answer_text
from geo_lookup.area_index import Positions
from geo_lookup.coordinates import locate
from geo_lookup.crs import LONLAT
from geo_lookup.edition import Edition, open_edition
from geo_lookup.errors import DateError, RequestError
from geo_lookup.languages import check_language
from geo_lookup.misreadings import check_points, read_point
from geo_lookup.model import AreaKind
from geo_lookup.publishing.published_folder import editions_in_force
from geo_lookup.reading import read_date
from geo_lookup.suggestions import numbers_of_street, suggest

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

MOST_OFFICES = 10
MOST_SUGGESTIONS = 50

Frame = TypeVar("Frame")

Clock = Callable[[], datetime]
"""Tells the present moment, with a time zone."""


def _now() -> datetime:
    return datetime.now(UTC)


def bundled_edition() -> Path:
    """The published folder of the demo edition: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parent
    installed = package / "boundaries" / "genk-demo"
    return installed if installed.is_dir() else package.parent / "boundaries" / "genk-demo"


def load(path: str | Path | None = None, *, on: date | str | None = None) -> Finder:
    """Load an edition: the bundled demo, or that of a folder (an edition's own or a published one).

    A published folder may hold editions that are in force one after the other: each day is answered with its own.
    `on` is the day for which the finder answers unless a question names another; by default today, in the
    edition's time zone. Raises `EditionError` with every fault where the files make no edition.
    """
    folder = bundled_edition() if path is None else Path(path)
    return Finder([open_edition(one) for one in editions_in_force(folder)], on=on)


class Finder:
    """Answers questions about one edition, or about several that are in force one after the other.

    Read-only, safe to share between threads.
    """

    def __init__(
        self, editions: Edition | Sequence[Edition], *, on: date | str | None = None, clock: Clock = _now
    ) -> None:
        given = [editions] if isinstance(editions, Edition) else editions
        self.editions = tuple(sorted(given, key=lambda edition: edition.manifest.valid_from))
        self._on = None if on is None else read_date(on)
        self._clock = clock

    def __repr__(self) -> str:
        return f"<Finder of edition {', '.join(edition.manifest.id for edition in self.editions)}>"

    @property
    def edition(self) -> Edition:
        """The edition that is in force on the finder's day; the first one where that is a day before all of them."""
        return self.editions[0] if len(self.editions) == 1 else self._in_force(self.day()) or self.editions[0]

    def edition_on(self, day: date) -> Edition:
        """The edition that is in force on a day; raises `DateError` for a day before the first one."""
        edition = self._in_force(day)
        if edition is None:
            first = self.editions[0].manifest
            raise DateError(f"the first edition, {first.id}, holds from {first.valid_from} on; ask for a later day.")
        return edition

    def _in_force(self, day: date) -> Edition | None:
        return next((one for one in reversed(self.editions) if one.manifest.valid_from <= day), None)

    def prepare(self) -> None:
        """Make at once the tables and grids that are else made on the way: what a server does before it answers."""
        for edition in self.editions:
            for index in (edition.neighbourhoods, edition.special_areas, edition.city):
                index.prepare()

    def find(
        self,
        text: str | None = None,
        *,
        lon: float | None = None,
        lat: float | None = None,
        x: float | None = None,
        y: float | None = None,
        crs: int | None = None,
        address_id: str | None = None,
        on: date | str | None = None,
        offices: int = 3,
        lang: str = "nl",
    ) -> Answer:
        """Find who answers for an address or a point.

        One place is asked for in one way: `text` (an address as people write it, or coordinates), longitude and
        latitude in degrees, x and y in the CRS `crs`, or the `address_id` of the register. `on` is the day to answer
        for, `offices` how many of the nearest offices to name (1 to 10), `lang` the language of the summary.

        A point on a shared border belongs to the neighbourhood with the lowest id; a point in no neighbourhood is an
        answer too (`outside` or `uncovered`), and so is a text that fits no address (`unknown_address`), or several
        with different answers (`ambiguous`, with `candidates`).

        Raises `CoordinateError` with the likely reading for coordinates that are swapped or in another CRS,
        `DateError` for a date that cannot be read or lies before the first edition, `RequestError` where not exactly
        one place is asked for, where the text is empty or has more than 300 characters, or where the edition has no
        addresses.

        Examples:
            >>> load(on="2026-11-23").find(lon=5.505, lat=50.975).district.name
            'Genk-Centrum'
            >>> load(on="2026-11-23").find("112 noordln").address.label
            'Noordlaan 112, 3600 Genk'
        """
        asked = {"text": text, "lon": lon, "lat": lat, "x": x, "y": y, "crs": crs, "address_id": address_id}
        given = {name for name, value in asked.items() if value is not None}
        how = Circumstances(
            self.day(on), _between(offices, "offices", MOST_OFFICES), check_language(lang), self._clock()
        )
        edition = self.edition_on(how.on)
        territory = edition.territory
        if given == {"lon", "lat"}:
            return answer_point(edition, read_point(lon, lat, LONLAT, territory), how)
        if given == {"x", "y", "crs"}:
            return answer_point(edition, read_point(x, y, _whole(crs, "crs"), territory), how)
        if given == {"address_id"}:
            return answer_address(edition, _id(address_id, "address_id"), how)
        if given == {"text"}:
            return answer_text(edition, _text(text, "the address"), how)
        raise RequestError("ask for exactly one place: a text, lon and lat, or x, y and crs, or an address_id.")

    def suggest(self, text: str, limit: int = 8, *, lang: str = "nl", on: date | str | None = None) -> list[Suggestion]:
        """Suggest what a text that is being typed may become: streets, then numbers once a street is clear, boxes last.

        At most `limit` (1 to 50), the likeliest first; `find` understands each label as that very address. None for an
        empty text and for coordinates. Raises `RequestError` where the edition has no addresses.

        Examples:
            >>> [one.label for one in load().suggest("europal", limit=1)]
            ['Europalaan, 3600 Genk']
        """
        most = _between(limit, "limit", MOST_SUGGESTIONS)
        day = self.day(on)
        return suggest(self.edition_on(day), _text(text, "the address"), most, check_language(lang), day)

    def numbers(self, street_id: str, *, lang: str = "nl", on: date | str | None = None) -> list[Suggestion] | None:
        """Every address of a street by the street's id, ordered by number, letter and box; None where there is none."""
        day = self.day(on)
        return numbers_of_street(self.edition_on(day), _id(street_id, "street_id"), check_language(lang), day)

    def assign(
        self,
        frame: Frame,
        *,
        lon: Hashable | None = None,
        lat: Hashable | None = None,
        x: Hashable | None = None,
        y: Hashable | None = None,
        crs: int | None = None,
        on: date | str | None = None,
        threads: int | None = None,
    ) -> Frame:
        """Add to each row of a frame what `find` answers for its point: one row out for each row in.

        Points are the geometries of a GeoDataFrame or GeoSeries, or of an Arrow table (GeoParquet, GeoArrow), in
        whatever CRS they state; or the columns that `lon` and `lat` name (by default those called so), or `x` and `y`
        with `crs`. A DataFrame comes back as a DataFrame, with index and order kept, and a table or record batch of
        pyarrow, or another that speaks its C stream interface, as one of pyarrow. A row without a point gets empty
        columns. The columns are those of `bulk.columns.COLUMNS`, texts as categories; `office` is the nearest one,
        `manager` the one in the main role. `threads` work at a time, by default one for each processor.

        Raises `FrameError` where the points cannot be found or a column is there already, `CoordinateError`
        where a row is one that `find` refuses: such a row refuses the whole frame.
        """
        from geo_lookup.bulk import frames  # with pandas and pyarrow, which takes half a second
        from geo_lookup.bulk.points import Columns

        columns = Columns(lon, lat, x, y, None if crs is None else _whole(crs, "crs"))
        day = self.day(on)
        assigned: Frame = frames.assign(self.edition_on(day), frame, columns, day, threads)
        return assigned

    def locate(self, lons: ArrayLike, lats: ArrayLike, *, crs: int = LONLAT) -> Positions:
        """Find positions in `areas("neighbourhood")` for arrays of coordinates, -1 outside; NaN is outside.

        Positions are 16-bit integers, 32-bit ones from 32,767 neighbourhoods on.
        """
        xs, ys = _numbers(lons), _numbers(lats)
        if xs.ndim != 1 or xs.shape != ys.shape:
            raise RequestError("locate takes two one-dimensional arrays of the same length.")
        epsg, edition = _whole(crs, "crs"), self.edition
        check_points(xs, ys, epsg, edition.territory)
        if epsg == LONLAT:  # nothing to transform
            return edition.neighbourhoods.locate_degrees(xs, ys)
        points = locate(xs, ys, epsg, edition.territory)
        return edition.neighbourhoods.locate(points.x, points.y)

    def areas(self, kind: str = "neighbourhood") -> GeoDataFrame:
        """The areas of a kind (neighbourhood, district, special_area or city) as a GeoDataFrame.

        Columns are `id`, `name`, `parent_id` and `geometry`, in the metric CRS, ordered by id.
        """
        if kind not in tuple(AreaKind):
            raise RequestError(f"kind must be one of {', '.join(AreaKind)}.")
        from geo_lookup.bulk.frames import areas_frame

        return areas_frame(self.edition, AreaKind(kind))

    def day(self, on: date | str | None = None) -> date:
        """The day that is answered for: the one that is named, else the finder's, else today in the edition's zone."""
        if on is not None:
            return read_date(on)
        return self._on or self._clock().astimezone(self.editions[0].manifest.zone).date()


def _whole(value: object, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise RequestError(f"{name} must be a whole number.")
    return int(value)


def _between(value: object, name: str, most: int) -> int:
    number = _whole(value, name)
    if not 1 <= number <= most:
        raise RequestError(f"{name} must be a whole number from 1 to {most}.")
    return number


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise RequestError(f"{name} must be text.")
    return value


def _id(value: object, name: str) -> str:
    """An id as text that can be written; half of a character pair, as JSON may hold it, is none."""
    text = _text(value, name)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise RequestError(f"{name} must be text in Unicode.") from None
    return text


def _numbers(values: ArrayLike) -> NDArray[np.float64]:
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise RequestError("locate takes arrays of numbers.") from None
