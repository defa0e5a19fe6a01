"""The façade: an edition loaded in memory, ready to answer."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import UTC, date, datetime
from numbers import Integral
from pathlib import Path
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo_lookup.answer import Answer, Suggestion
from geo_lookup.answering import Circumstances, answer_address, answer_point, answer_text
from geo_lookup.area_index import Positions
from geo_lookup.collector import collector_at_rest
from geo_lookup.coordinates import Located, locate
from geo_lookup.crs import LONLAT
from geo_lookup.edition import Edition, open_edition
from geo_lookup.errors import DateError, FrameError, RequestError
from geo_lookup.languages import check_language
from geo_lookup.misreadings import check_points, read_point
from geo_lookup.model import AreaKind
from geo_lookup.publishing.published_folder import editions_in_force
from geo_lookup.reading import read_date
from geo_lookup.suggestions import numbers_of_street, suggest
from geo_lookup.walking.answer import Walks
from geo_lookup.walking.answering import walk_address, walk_point, walk_text

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame

MOST_OFFICES = 10
MOST_SUGGESTIONS = 50

Frame = TypeVar("Frame")
Result = TypeVar("Result")

Clock = Callable[[], datetime]
"""Tells the present moment, with a time zone."""

Asked = tuple[str | None, float | None, float | None, float | None, float | None, int | None, str | None]
"""How a place is named: its text, longitude and latitude, x, y and CRS, or the id of an address."""


class Ways(NamedTuple, Generic[Result]):
    """How a question is answered, whichever of the ways to name a place it takes."""

    point: Callable[[Edition, Located[float], Circumstances], Result]
    address: Callable[[Edition, str, Circumstances], Result]
    text: Callable[[Edition, str, Circumstances], Result]


FIND = Ways(answer_point, answer_address, answer_text)
WALK = Ways(walk_point, walk_address, walk_text)


def _now() -> datetime:
    return datetime.now(UTC)


def bundled_edition() -> Path:
    """The published folder of the demo edition: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parent
    installed = package / "boundaries" / "genk-demo"
    return installed if installed.is_dir() else package.parent / "boundaries" / "genk-demo"


@collector_at_rest()
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
        for edition in reversed(self.editions):
            if edition.manifest.valid_from <= day:
                return edition
        return None

    @collector_at_rest()
    def prepare(self) -> None:
        """Make at once what is else made on the way, such as tables and grids: what a server does before it answers."""
        for edition in self.editions:
            edition.neighbourhoods.prepare()
            for index in (edition.special_areas, edition.city):
                index.prepare(borders=False)  # to these only points are measured that lie at the edge of the city
            edition.places.prepare()
            if edition.walking is not None:
                edition.walking.prepared()
            if edition.addresses is not None:
                _ = edition.addresses.splitter

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
        return self._ask(FIND, (text, lon, lat, x, y, crs, address_id), on, offices, lang)

    def walks(
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
    ) -> Walks:
        """Find the offices nearest on foot, along the edition's paths, with metres and minutes.

        A place is asked for as in `find`. At most `offices` are named (1 to 10), and only those that can be reached; of
        walks equally long that to the first office in the table comes first. A point more than 200 m from every path
        has none (`no_path`), nor has one whose path leads to no office (`no_route`); a text that fits addresses in
        several places is `ambiguous`, with `candidates`.

        Raises what `find` does, and `RequestError` where the edition has no paths.

        Examples:
            >>> walks = load(on="2026-11-23").walks("Stadsplein 1", offices=1)
            >>> walks.outcome, walks.offices[0].name
            (<WalkOutcome.REACHED: 'reached'>, 'Wijkbureau Genk-Centrum')
        """
        return self._ask(WALK, (text, lon, lat, x, y, crs, address_id), on, offices, lang)

    def _ask(self, ways: Ways[Result], asked: Asked, on: date | str | None, offices: int, lang: str) -> Result:
        now = self._clock()
        day = self._day(on, now)
        how = Circumstances(day, _between(offices, "offices", MOST_OFFICES), check_language(lang), now)
        edition = self.edition_on(day)
        match asked:
            case None, lon, lat, None, None, None, None if lon is not None and lat is not None:
                return ways.point(edition, read_point(lon, lat, LONLAT, edition.territory), how)
            case None, None, None, x, y, crs, None if x is not None and y is not None and crs is not None:
                return ways.point(edition, read_point(x, y, _whole(crs, "crs"), edition.territory), how)
            case None, None, None, None, None, None, address_id if address_id is not None:
                return ways.address(edition, _id(address_id, "address_id"), how)
            case text, None, None, None, None, None, None if text is not None:
                return ways.text(edition, _text(text, "the address"), how)
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
        address: Hashable | Sequence[Hashable] | None = None,
        on: date | str | None = None,
        threads: int | None = None,
        walking: bool = False,
    ) -> Frame:
        """Add to each row of a frame what `find` answers for its point: one row out for each row in.

        Points are the geometries of a GeoDataFrame or GeoSeries, or of an Arrow table (GeoParquet, GeoArrow), in
        whatever CRS they state; or the columns that `lon` and `lat` name (by default those called so), or `x` and `y`
        with `crs`. A DataFrame comes back as a DataFrame, with index and order kept, and a table or record batch of
        pyarrow, or another that speaks its C stream interface, as one of pyarrow. A row without a point gets empty
        columns. The columns are those of `bulk.columns.COLUMNS`, texts as categories; `office` is the nearest one,
        `manager` the one in the main role. `threads` work at a time, by default one for each processor. With `walking`
        those of `bulk.walking_columns.WALKING_COLUMNS` follow: the office nearest on foot, as `walks` finds it.

        `address` names the column of addresses, or those that make one, such as `["street", "number", "city"]`: each
        row gets what `find` answers for that text. Besides the others, `matched_address_id`, `matched_address`,
        `precision`, `matched_lon` and `matched_lat` tell what was understood, and `error` what is wrong with a row.

        Raises `FrameError` where the points cannot be found or a column is there already, `CoordinateError`
        where a row has coordinates that `find` refuses: such a row refuses the whole frame. `RequestError` for
        `threads` below 1, and with `walking` where the edition has no paths.
        """
        from geo_lookup.bulk import frames  # with pandas and pyarrow, which takes half a second
        from geo_lookup.bulk.points import NAMED_BY_DEFAULT, Columns

        columns = Columns(lon, lat, x, y, None if crs is None else _whole(crs, "crs"))
        if threads is not None and _whole(threads, "threads") < 1:
            raise RequestError("threads must be a whole number from 1 on.")
        day = self.day(on)
        edition = self.edition_on(day)
        if address is not None:
            if columns != NAMED_BY_DEFAULT:
                raise FrameError("ask by coordinates or by an address, not by both.")
            several = isinstance(address, Iterable) and not isinstance(address, str)
            parts: list[Hashable] = list(address) if several else [address]  # type: ignore[call-overload]

            def find(text: str) -> Answer:
                return self.find(text, on=day, offices=1)

            def walk(text: str) -> Walks:
                return self.walks(text, on=day, offices=1)

            by_address: Frame = frames.assign_addresses(edition, frame, parts, day, find, walk if walking else None)
            return by_address
        assigned: Frame = frames.assign(edition, frame, columns, day, threads, walking=walking)
        return assigned

    def locate(self, lons: ArrayLike, lats: ArrayLike, *, crs: int = LONLAT) -> Positions:
        """Find positions in `areas("neighbourhood")` for arrays of coordinates, -1 outside.

        NaN is outside, and so is what is masked. Positions are 16-bit integers, 32-bit ones from 32,767 neighbourhoods
        on.
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
        from geo_lookup.edition_frames import areas_frame

        return areas_frame(self.edition, AreaKind(kind))

    def offices(self) -> GeoDataFrame:
        """The offices as a GeoDataFrame of points in the metric CRS, in the order of their table.

        Columns are `id`, `name`, `kind`, `address`, `opening_hours`, `phone`, `email`, `district_ids` (with semicolons
        between them) and `geometry`.
        """
        from geo_lookup.edition_frames import offices_frame

        return offices_frame(self.edition)

    def managers(self, on: date | str | None = None) -> DataFrame:
        """The posts and who holds them on a day, as a DataFrame with one row for each area and role.

        Columns are `area_id`, `area`, `kind`, `role`, `manager_id`, `manager`, `email`, `phone`, `languages`,
        `cover_id`, `cover`, `vacant`, `valid_from` and `valid_to`. A vacancy is a row without a manager; `email`,
        `phone` and `languages` are then those of the cover, where there is one. `valid_to` is the first day on which
        the post is held no more. Raises `DateError` as `find` does.
        """
        from geo_lookup.edition_frames import managers_frame

        day = self.day(on)
        return managers_frame(self.edition_on(day), day)

    def addresses(self) -> GeoDataFrame:
        """The addresses of the edition as a GeoDataFrame of points in the metric CRS, street by street.

        Columns are `id`, `street_id`, `street`, `house_number`, `box`, `postcode`, `municipality` and `geometry`; names
        are in the edition's first language. Raises `RequestError` where the edition has no addresses.
        """
        from geo_lookup.edition_frames import addresses_frame

        return addresses_frame(self.edition)

    def day(self, on: date | str | None = None) -> date:
        """The day that is answered for: the one that is named, else the finder's, else today in the edition's zone."""
        return self._day(on, self._clock())

    def _day(self, on: date | str | None, now: datetime) -> date:
        if on is not None:
            return read_date(on)
        return self._on or now.astimezone(self.editions[0].manifest.zone).date()


def _whole(value: object, name: str) -> int:
    if type(value) is int:
        return value
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
    """Numbers as floats, NaN where one is missing or masked; text, truth values and moments are no numbers."""
    try:
        given = values if isinstance(values, np.ndarray) else np.asarray(values)
        of_any_kind = given.dtype.kind == "O" and not any(isinstance(one, str | bytes | bool) for one in given.flat)
        if given.dtype.kind not in "iuf" and not of_any_kind:
            raise TypeError
        if isinstance(given, np.ma.MaskedArray):
            values = np.ma.filled(given.astype(np.float64), np.nan)
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise RequestError("locate takes arrays of numbers.") from None
