"""Does an office serve every area, and does it say when it is open?"""

from __future__ import annotations

from collections.abc import Iterator

import shapely
from shapely.geometry.base import BaseGeometry

from geo_lookup.coordinates import in_area_of_use
from geo_lookup.crs import LONLAT, transform
from geo_lookup.loading.sources import EditionTables
from geo_lookup.manifest import TableSource
from geo_lookup.model import AreaKind, Finding, Office
from geo_lookup.quality.layers import areas_of
from geo_lookup.quality.responsibility import responsible, whole_districts
from geo_lookup.quality.wording import called, not_too_many


def check_offices(tables: EditionTables) -> Iterator[Finding]:
    """Check the offices; an edition without any is not asked."""
    source = tables.manifest.tables.offices
    if source is not None:
        yield from not_too_many(check_serving_offices(tables, source))
        yield from not_too_many(check_hours(tables, source))


def check_serving_offices(tables: EditionTables, source: TableSource) -> Iterator[Finding]:
    """Each neighbourhood is served by an office, itself or by its district, where any area is."""
    served = {area_id for row in tables.offices.rows for area_id in row.record.district_ids}
    if served:
        neighbourhoods = areas_of(tables, AreaKind.NEIGHBOURHOOD)
        lacking = [one for one in neighbourhoods if served.isdisjoint(responsible(tables, one.id))]
        for area in whole_districts(tables, lacking):
            message = f"no office serves {called(area)}."
            remedy = "Name the area among the `district_ids` of one; until then only the nearest ones are answered."
            yield Finding("warning", "no-office", source.path, message, None, None, remedy, area.geometry)


def check_hours(tables: EditionTables, source: TableSource) -> Iterator[Finding]:
    """Each office says when it is open."""
    column = source.columns.get("opening_hours", "opening_hours")
    for number, office in tables.offices.rows:
        if not office.opening_hours:
            message = f"'{office.name}' ({office.id}) states no opening hours."
            remedy = "Write them in the OpenStreetMap syntax, such as 'Mo-Fr 09:00-12:00'."
            place = place_of(office, tables.manifest.metric_crs)
            yield Finding("warning", "no-hours", source.path, message, number, column, remedy, place)


def place_of(office: Office, metric_crs: int) -> BaseGeometry | None:
    """Where an office is, in the metric CRS; None where that CRS is of no use."""
    if not in_area_of_use(office.lon, office.lat, metric_crs):
        return None
    point: BaseGeometry = shapely.Point(transform(office.lon, office.lat, LONLAT, metric_crs))
    return point
