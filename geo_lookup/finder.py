"""The façade: an edition loaded in memory, ready to answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo_lookup import frames
from geo_lookup.answer import Answer, EditionReference, Point
from geo_lookup.coordinates import read_point, read_points
from geo_lookup.crs import LONLAT
from geo_lookup.edition import Edition, open_edition
from geo_lookup.errors import RequestError
from geo_lookup.lookup import decide, describe_border, describe_offices, place, special_areas_nearby, to_metres
from geo_lookup.model import AreaKind
from geo_lookup.reading import read_date
from geo_lookup.summary import check_language, summarise

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame, GeoSeries

MOST_OFFICES = 10

Clock = Callable[[], datetime]
"""Tells the present moment, with a time zone."""


def bundled_edition() -> Path:
    """The published folder of the demo edition: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parent
    installed = package / "boundaries" / "genk-demo"
    return installed if installed.is_dir() else package.parent / "boundaries" / "genk-demo"


def load(path: str | Path | None = None, *, on: date | str | None = None) -> Finder:
    """Load an edition: the bundled demo, or that of a folder (an edition's own or a published one).

    `on` is the day for which the finder answers unless a question names another; by default today, in the
    edition's time zone. Raises `EditionError` with every fault where the files make no edition.
    """
    return Finder(open_edition(bundled_edition() if path is None else path), on=on)


class Finder:
    """Answers questions about one edition. Read-only, safe to share between threads."""

    def __init__(
        self, edition: Edition, *, on: date | str | None = None, clock: Clock = lambda: datetime.now(UTC)
    ) -> None:
        self.edition = edition
        self._on = None if on is None else read_date(on)
        self._clock = clock

    def __repr__(self) -> str:
        return f"<Finder of edition {self.edition.manifest.id}>"

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
        """Find who answers for a point: longitude and latitude in degrees, or x and y in the CRS `crs`.

        `on` is the day to answer for, `offices` how many of the nearest offices to name (1 to 10), `lang`
        the language of the summary. A point on a shared border belongs to the neighbourhood with the lowest
        id; a point in no neighbourhood is an answer too (`outside` or `uncovered`).

        Raises `CoordinateError` with the likely reading for coordinates that are swapped or in another CRS,
        `DateError` for a date that cannot be read, `RequestError` where not exactly one place is asked for.

        >>> load(on="2026-11-23").find(lon=5.505, lat=50.975).district.name
        'Genk-Centrum'
        """
        lon, lat = self._point(text, lon, lat, x, y, crs, address_id)
        day = self._day(on)
        if isinstance(offices, bool) or not 1 <= offices <= MOST_OFFICES:
            raise RequestError(f"offices must be a whole number from 1 to {MOST_OFFICES}.")
        return self._answer(lon, lat, day, offices, check_language(lang))

    def assign(
        self,
        frame: GeoDataFrame | GeoSeries | pd.DataFrame,
        *,
        lon: str | None = None,
        lat: str | None = None,
        x: str | None = None,
        y: str | None = None,
        crs: int | None = None,
        on: date | str | None = None,
    ) -> pd.DataFrame:
        """Add to each row of a frame what `find` answers for its point: one row out for each row in.

        Points are the geometries of a GeoDataFrame or GeoSeries, in whatever CRS it states; or the columns of
        a DataFrame that `lon` and `lat` name (by default those called so), or `x` and `y` with `crs`. Index
        and order are kept; a row without a point gets empty columns. The columns are those of
        `frames.COLUMNS`; `office` is the nearest one, `manager` the one in the main role.

        Raises `FrameError` where the points cannot be found or a column is there already, `CoordinateError`
        where the points are swapped or in another CRS.
        """
        return frames.assign(self.edition, frame, frames.Columns(lon, lat, x, y, crs), self._day(on))

    def locate(self, lons: ArrayLike, lats: ArrayLike, *, crs: int = LONLAT) -> NDArray[np.int64]:
        """Find positions in `areas("neighbourhood")` for arrays of coordinates, -1 outside; NaN is outside."""
        xs, ys = (np.atleast_1d(np.asarray(values, dtype=np.float64)) for values in (lons, lats))
        if xs.shape != ys.shape or xs.ndim != 1:
            raise RequestError("locate takes two one-dimensional arrays of the same length.")
        return self.edition.neighbourhoods.locate(
            *to_metres(self.edition, *read_points(xs, ys, crs, self.edition.territory))
        )

    def areas(self, kind: str = "neighbourhood") -> GeoDataFrame:
        """The areas of a kind (neighbourhood, district, special_area or city) as a GeoDataFrame.

        Columns are `id`, `name`, `parent_id` and `geometry`, in the metric CRS, ordered by id.
        """
        if kind not in tuple(AreaKind):
            raise RequestError(f"kind must be one of {', '.join(AreaKind)}.")
        return frames.areas_frame(self.edition, AreaKind(kind))

    def _point(
        self,
        text: str | None,
        lon: float | None,
        lat: float | None,
        x: float | None,
        y: float | None,
        crs: int | None,
        address_id: str | None,
    ) -> tuple[float, float]:
        given = {
            name
            for name, value in {
                "text": text,
                "lon": lon,
                "lat": lat,
                "x": x,
                "y": y,
                "crs": crs,
                "address_id": address_id,
            }.items()
            if value is not None
        }
        if given == {"lon", "lat"}:
            return read_point(lon, lat, LONLAT, self.edition.territory)
        if given == {"x", "y", "crs"}:
            if not isinstance(crs, int):
                raise RequestError("crs must be an EPSG code, a whole number such as 31370.")
            return read_point(x, y, crs, self.edition.territory)
        if given in ({"text"}, {"address_id"}):
            raise RequestError(f"the edition {self.edition.manifest.id} holds no addresses; ask by lon and lat.")
        raise RequestError("ask for exactly one place: lon and lat, or x, y and crs.")

    def _day(self, on: date | str | None) -> date:
        if on is not None:
            return read_date(on)
        return self._on or self._clock().astimezone(self.edition.manifest.zone).date()

    def _answer(self, lon: float, lat: float, on: date, offices: int, language: str) -> Answer:
        edition, manifest = self.edition, self.edition.manifest
        x, y = (float(values[0]) for values in to_metres(edition, np.array([lon]), np.array([lat])))
        where = place(edition, x, y)
        decision = decide(edition, where, on)
        border = describe_border(edition, x, y, decision, where, on)
        return Answer(
            outcome=decision.outcome,
            on=on,
            point=Point(round(lon, 9), round(lat, 9)),
            address=None,
            neighbourhood=decision.neighbourhood,
            district=decision.district,
            special_area=decision.special_area,
            managers=decision.managers,
            contact=decision.contact,
            offices=describe_offices(
                edition, lon, lat, decision.assigned_office, offices, self._clock().astimezone(manifest.zone)
            ),
            services=decision.services,
            projects=decision.projects,
            border=border,
            candidates=(),
            summary=summarise(decision, border, special_areas_nearby(edition, x, y, where), manifest, language),
            edition=EditionReference(manifest.id, manifest.city, manifest.demo, manifest.attribution),
        )
