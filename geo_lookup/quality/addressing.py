"""Does every address lie in an area, and do the houses of a street that stand together have one answer?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geo_lookup.addresses.book import AddressBook, AddressPoints
from geo_lookup.area_index import AreaIndex
from geo_lookup.cell_points import OUTSIDE
from geo_lookup.crs import LONLAT, transform
from geo_lookup.loading.sources import EditionTables
from geo_lookup.model import AreaKind, Finding
from geo_lookup.quality.layers import areas_of
from geo_lookup.quality.positions import AWAY_M, likely_reading
from geo_lookup.quality.wording import listed

MOST_POINTS = 2000
"""How many of the addresses are drawn."""


class Located(NamedTuple):
    """The addresses of the city in the metric CRS, and the position of each one's neighbourhood."""

    points: AddressPoints
    layer: AreaIndex
    neighbourhoods: NDArray[np.int32]
    answered: NDArray[np.bool_]


def check_addresses(tables: EditionTables, book: AddressBook) -> Iterator[Finding]:
    """Check the addresses of the city; those of other municipalities in the same book may lie where they do."""
    yield from check_address_ids(tables, book)
    located = locate_addresses(tables, book)
    if len(located.points.ids):
        yield from check_addresses_in_areas(tables, located)
        yield from check_streets(tables, book, located)


def check_address_ids(tables: EditionTables, book: AddressBook) -> Iterator[Finding]:
    """An id stands for one address, which an override and a question by id rely on.

    Where a file has none they are made of the street and the number, which several municipalities may share.
    """
    source, shared = tables.manifest.tables.addresses, book.shared_ids()
    if source is not None and shared:
        message = f"ids stand for more than one address, {len(shared):,} in all: {listed(shared)}."
        remedy = (
            "Map `address_id` to a column of ids, or `street_id`; until then an override of one is one of them all."
        )
        yield Finding("warning", "address-ids", source.path, message, remedy=remedy)


def locate_addresses(tables: EditionTables, book: AddressBook) -> Located:
    """Locate the addresses of the city by the rule that answers are given by."""
    manifest = tables.manifest
    points = book.points()
    home = [
        number
        for number, one in enumerate(book.municipalities)
        if manifest.city_id == one.nis or manifest.city in one.names
    ]
    if home:
        municipalities = np.array([book.municipality_of(street) for street in range(len(book.street_sizes))])
        kept = np.flatnonzero(np.isin(municipalities, home)[points.streets])
        points = points.take(kept)
    xs, ys = transform(points.xs, points.ys, book.crs, manifest.metric_crs)
    points = points._replace(xs=xs, ys=ys)
    index = AreaIndex(areas_of(tables, AreaKind.NEIGHBOURHOOD), manifest.metric_crs)
    special_areas = AreaIndex(areas_of(tables, AreaKind.SPECIAL_AREA), manifest.metric_crs)
    neighbourhoods = index.locate(xs, ys)
    overridden = np.isin(points.ids, [row.record.address_id for row in tables.overrides.rows])
    answered = (neighbourhoods != OUTSIDE) | (special_areas.locate(xs, ys) != OUTSIDE) | overridden
    return Located(points, index, neighbourhoods, answered)


def check_addresses_in_areas(tables: EditionTables, located: Located) -> Iterator[Finding]:
    """Each address lies in a neighbourhood or a special area, or has an override."""
    source, points = tables.manifest.tables.addresses, located.points
    lost = np.flatnonzero(~located.answered)
    if source is None or not len(lost):
        return
    places = shapely.points(points.xs[lost], points.ys[lost])
    city = next(iter(areas_of(tables, AreaKind.CITY)))
    distances = shapely.distance(city.geometry, places)
    if len(lost) == len(points.ids) and (distances > AWAY_M).all():
        message = f"no address lies within {AWAY_M / 1000:g} km of {tables.manifest.city}."
        lons, lats = transform(points.xs, points.ys, tables.manifest.metric_crs, LONLAT)
        remedy = likely_reading(tables, lons, lats) or "Compare the CRSs that are stated with the files."
        yield Finding("error", "addresses-elsewhere", source.path, message, None, None, remedy, _drawn(places))
        return
    for here, rule, where in (
        (distances == 0, "address-uncovered", "in the city, but in no area"),
        (distances > 0, "address-outside-city", f"outside {tables.manifest.city}"),
    ):
        if here.any():
            ids = [points.ids[position] for position in lost[here].tolist()]
            share = len(ids) / len(points.ids)
            percent = f"{share:.2%}" if share >= 0.0001 else "under 0.01%"
            verb = "lies" if len(ids) == 1 else "lie"
            message = f"{len(ids):,} of {len(points.ids):,} addresses ({percent}) {verb} {where}: {listed(ids)}."
            remedy = "Close the gap in the layer, mend their coordinates, or give them an override."
            yield Finding("warning", rule, source.path, message, None, None, remedy, _drawn(places[here]))


def check_streets(tables: EditionTables, book: AddressBook, located: Located) -> Iterator[Finding]:
    """No house stands apart from those on both sides of it by a border that it is nearer to than the edition's margin.

    A street that runs through several areas is none; one whose border cuts out single houses is: the border, or the
    point of the address, is likely off by some metres.
    """
    source = tables.manifest.tables.addresses
    apart = _apart(tables, located)
    if source is None or not len(apart):
        return
    points = located.points
    streets = np.unique(points.streets[apart]).tolist()
    houses = [f"{book.street(street).names.within('nl')} ({_ids(points, apart, street)})" for street in streets]
    message = (
        f"{len(apart):,} houses in {len(streets):,} streets lie in another area than the houses on both sides of them, "
        f"by less than {tables.manifest.border_margin_m:g} m: {listed(houses)}."
    )
    remedy = "Move the border behind the houses, mend the points, or give them an override."
    shape = _drawn(shapely.points(points.xs[apart], points.ys[apart]))
    yield Finding("warning", "street-split", source.path, message, None, None, remedy, shape)


def _ids(points: AddressPoints, positions: NDArray[np.int64], street: int) -> str:
    return listed([points.ids[one] for one in positions.tolist() if points.streets[one] == street], 3)


def _apart(tables: EditionTables, located: Located) -> NDArray[np.int64]:
    """The positions of houses that stand apart, of each number the first; odd and even numbers are two sides."""
    points, areas = located.points, located.neighbourhoods
    overridden = np.isin(points.ids, [row.record.address_id for row in tables.overrides.rows])
    known = np.flatnonzero((areas != OUTSIDE) & ~overridden)
    order = known[np.lexsort((points.numbers[known], points.numbers[known] % 2, points.streets[known]))]
    side = np.stack([points.streets[order], points.numbers[order] % 2, points.numbers[order]])
    first = np.append(True, (np.diff(side) != 0).any(axis=0))[: len(order)]
    order, side = order[first], side[:2, first]
    same_side = (side[:, :-2] == side[:, 2:]).all(axis=0)
    before, here, after = areas[order[:-2]], areas[order[1:-1]], areas[order[2:]]
    apart = order[1:-1][same_side & (before == after) & (before != here)]
    distances = located.layer.border_distances(points.xs[apart], points.ys[apart])
    near: NDArray[np.int64] = apart[distances < tables.manifest.border_margin_m]
    return near


def _drawn(places: NDArray[np.object_]) -> shapely.Geometry:
    return shapely.multipoints(places[:: len(places) // MOST_POINTS + 1])
