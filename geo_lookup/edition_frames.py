"""What an edition holds, as frames of GeoPandas and pandas: its areas, offices, addresses, and who is in charge.

Geometries are in the edition's metric CRS. Texts are of the dtype `str`, missing ones NaN, so that a column is the same
whether or not a city fills it in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import shapely

from geo_lookup.crs import LONLAT, transform
from geo_lookup.edition import Edition
from geo_lookup.errors import RequestError
from geo_lookup.model import Area, AreaKind, Assignment

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame

OFFICE_COLUMNS = ("id", "name", "kind", "address", "opening_hours", "phone", "email", "district_ids")

POST_COLUMNS = (
    "area_id", "area", "kind", "role", "manager_id", "manager", "email", "phone", "languages",
    "cover_id", "cover", "vacant", "valid_from", "valid_to",
)  # fmt: skip

ADDRESS_COLUMNS = ("id", "street_id", "street", "house_number", "box", "postcode", "municipality")

_MOMENTS = ("valid_from", "valid_to")


def areas_frame(edition: Edition, kind: AreaKind) -> GeoDataFrame:
    """The areas of a kind, ordered by id: `id`, `name`, `parent_id` and `geometry`."""
    areas = edition.areas_of(kind)
    rows = [(area.id, area.name, area.parent_id) for area in areas]
    return _layer(_frame(("id", "name", "parent_id"), rows), [area.geometry for area in areas], edition)


def offices_frame(edition: Edition) -> GeoDataFrame:
    """The offices in the order of their table; of the districts that one serves the ids, with semicolons between."""
    offices = edition.offices.offices
    rows = [tuple(_text(getattr(office, name)) for name in OFFICE_COLUMNS) for office in offices]
    places = [transform(office.lon, office.lat, LONLAT, edition.manifest.metric_crs) for office in offices]
    return _layer(_frame(OFFICE_COLUMNS, rows), [shapely.Point(place) for place in places], edition)


def addresses_frame(edition: Edition) -> GeoDataFrame:
    """The addresses street by street, in the order of their numbers; raises `RequestError` where there are none.

    Names are in the first language of the edition that the register has them in.
    """
    import geopandas

    if edition.addresses is None:
        raise RequestError("this edition has no addresses; its manifest names none.")
    book, language = edition.addresses.book, edition.manifest.languages[0]
    addresses = [one for street in range(len(book.street_sizes)) for one in book.in_street(street)]
    rows = [
        (
            one.id,
            one.street.id,
            one.street.names.within(language),
            one.house_number,
            one.box or None,
            one.postal.postcode or None,
            one.street.municipality.names.within(language) or None,
        )
        for one in addresses
    ]
    points = geopandas.points_from_xy([one.x for one in addresses], [one.y for one in addresses])
    frame = geopandas.GeoDataFrame(_frame(ADDRESS_COLUMNS, rows), geometry=points, crs=book.crs)
    frame.geometry = geopandas.points_from_xy(
        *transform(frame.geometry.x.to_numpy(), frame.geometry.y.to_numpy(), book.crs, edition.manifest.metric_crs),
        crs=edition.manifest.metric_crs,
    )
    return frame


def managers_frame(edition: Edition, on: date) -> DataFrame:
    """Who is in charge on a day, one row for each area and role that has a post then, ordered by both.

    These are the posts as the edition states them, of districts, special areas, single neighbourhoods and the city: who
    answers at a place follows from those of all areas there. A vacancy is a row without a manager, `vacant` is true,
    and `cover` is who stands in. A period without an end has no `valid_to`, which is the first day on which it does not
    hold any more.
    """
    import pandas as pd

    held = [one for assignments in edition.posts.assignments.values() for one in assignments if one.holds(on)]
    held.sort(key=lambda one: (one.area_id, one.role))
    frame = _frame(POST_COLUMNS, [_post(edition, one) for one in held])
    frame["vacant"] = frame["vacant"].astype(bool)
    for name in _MOMENTS:
        frame[name] = pd.to_datetime(frame[name])
    return frame


def _post(edition: Edition, one: Assignment) -> tuple[Any, ...]:
    area: Area = edition.areas[one.area_id]
    people = edition.posts.managers
    manager = None if one.manager_id is None else people[one.manager_id]
    cover = None if one.cover_id is None else people[one.cover_id]
    reached = manager or cover
    return (
        area.id,
        area.name,
        area.kind.value,
        one.role,
        manager and manager.id,
        manager and manager.name,
        reached and reached.email,
        reached and reached.phone,
        reached and _text(reached.languages),
        cover and cover.id,
        cover and cover.name,
        manager is None,
        one.valid_from,
        one.valid_to,
    )


def _frame(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> DataFrame:
    """Rows as a frame whose columns of texts are texts even where all of them are empty."""
    import pandas as pd

    frame = pd.DataFrame(list(rows), columns=list(names), dtype=object)
    return frame.astype({name: "str" for name in names if name not in ("vacant", *_MOMENTS)})


def _layer(frame: DataFrame, geometry: Sequence[Any], edition: Edition) -> GeoDataFrame:
    import geopandas

    return geopandas.GeoDataFrame(frame, geometry=geometry, crs=edition.manifest.metric_crs)


def _text(value: str | tuple[str, ...] | None) -> str | None:
    return ";".join(value) or None if isinstance(value, tuple) else value
