"""Do the tables of an edition fit together? One function a check, from tables to findings.

Ids are looked up in another table only where that one could be read; every id that it states counts as known,
even on a row with a fault of its own, so that one fault is reported once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any

import shapely

from geo_lookup.border_cells import MOST_EDGES
from geo_lookup.coordinates import in_area_of_use, outside_area_of_use
from geo_lookup.crs import reference_system
from geo_lookup.loading.sources import EditionTables
from geo_lookup.loading.tables import Row
from geo_lookup.manifest import MANIFEST, TableSource
from geo_lookup.model import Finding
from geo_lookup.opening_hours import check_expression, closing_rule

WORST_SCALE = 0.01
"""How far a metre of the metric CRS may be off."""


def check_tables(tables: EditionTables) -> Iterator[Finding]:
    """Run every check."""
    for check in (
        check_metric_crs,
        check_size,
        check_duplicate_ids,
        check_periods,
        check_overlapping_periods,
        check_opening_hours,
        check_office_places,
        check_roles,
        check_area_ids,
        check_manager_ids,
        check_office_ids,
    ):
        yield from check(tables)


def check_metric_crs(tables: EditionTables) -> Iterator[Finding]:
    """A metre of the metric CRS is a metre on the ground, give or take 1 %; Web Mercator's is not."""
    metric_crs = tables.manifest.metric_crs
    area = next((area for area in tables.areas.values() if area.geometry is not None), None)
    if area is not None and area.geometry is not None and not area.geometry.is_empty:
        system, centre = reference_system(metric_crs), area.geometry.centroid
        scale = system.scale(*system.to_lonlat(centre.x, centre.y))
        if abs(scale - 1) > WORST_SCALE:
            message = (
                f"a metre of EPSG:{metric_crs} is {1 / scale:.2f} m on the ground here; take another, such as 31370."
            )
            yield Finding("error", "metric-crs", MANIFEST, message, field="metric_crs")


def check_size(tables: EditionTables) -> Iterator[Finding]:
    """The index over a layer fits into memory: an edge takes about 200 bytes there."""
    corners = sum(shapely.get_num_coordinates(area.geometry) for area in tables.areas.values())
    if corners > MOST_EDGES:
        message = (
            f"the areas have {corners:,} corners and an index holds {MOST_EDGES:,} at most; simplify the layers, to a "
            "metre say (shapely.coverage_simplify keeps neighbours together)."
        )
        yield Finding("error", "size", MANIFEST, message)


def check_duplicate_ids(tables: EditionTables) -> Iterator[Finding]:
    """An id stands for one manager or one office."""
    for name in ("managers", "offices"):
        seen: set[str] = set()
        for row in _rows(tables, name):
            if row.record.id in seen:
                yield _fault(tables, name, row, "id", "duplicate-id", f"the id '{row.record.id}' stands here twice.")
            seen.add(row.record.id)


def check_periods(tables: EditionTables) -> Iterator[Finding]:
    """A period ends after it begins."""
    for name in ("assignments", "overrides"):
        for row in _rows(tables, name):
            begins, ends = row.record.valid_from, row.record.valid_to
            if begins and ends and ends <= begins:
                message = (
                    f"it ends ({ends}) before its first day ({begins}) is over; valid_to is the first day without it."
                )
                yield _fault(tables, name, row, "valid_to", "period", message)


def check_overlapping_periods(tables: EditionTables) -> Iterator[Finding]:
    """On a day one assignment holds for an area and a role, and one override for an address."""
    for name, fields in (("assignments", ("area_id", "role")), ("overrides", ("address_id",))):
        earlier: dict[tuple[str, ...], list[Row[Any]]] = defaultdict(list)
        for row in _rows(tables, name):
            key = tuple(getattr(row.record, field) for field in fields)
            for other in earlier[key]:
                if row.record.overlaps(other.record):
                    message = f"for {' and '.join(map(repr, key))} it overlaps row {other.number} in time."
                    yield _fault(tables, name, row, "valid_from", "overlapping-periods", message)
            earlier[key].append(row)


def check_roles(tables: EditionTables) -> Iterator[Finding]:
    """Somebody is assigned to the role that residents ask for; if nobody is, it may be spelt otherwise."""
    roles = {row.record.role for row in tables.assignments.rows}
    if roles and tables.manifest.manager_role not in roles:
        message = f"no assignment is for '{tables.manifest.manager_role}'; the roles are {', '.join(sorted(roles))}."
        yield Finding("warning", "role", MANIFEST, message, field="manager_role")


def check_opening_hours(tables: EditionTables) -> Iterator[Finding]:
    """Opening hours and closing days can be read."""
    for row in tables.offices.rows:
        hours = row.record.opening_hours
        message = check_expression(hours) if hours else None
        if message:
            yield _fault(tables, "offices", row, "opening_hours", "opening-hours", message)
    for closing in tables.closing_days.rows:
        if check_expression(closing_rule(closing.record.date)):
            yield _fault(tables, "closing_days", closing, "date", "date", "a closing day lies in 1900 or later.")


def check_office_places(tables: EditionTables) -> Iterator[Finding]:
    """Offices lie where the metric CRS is used: neither swapped nor in the sea."""
    metric_crs = tables.manifest.metric_crs
    for row in tables.offices.rows:
        if not in_area_of_use(row.record.lon, row.record.lat, metric_crs):
            message = f"the office {outside_area_of_use(metric_crs)}"
            yield _fault(tables, "offices", row, "lon", "coordinates", message)


def check_area_ids(tables: EditionTables) -> Iterator[Finding]:
    """Whatever names an area names one that there is."""
    if not tables.all_areas:
        return
    for name in ("assignments", "services", "projects", "overrides"):
        yield from _unknown(tables, name, "area_id", tables.areas, "area")
    for row in tables.offices.rows:
        for area_id in row.record.district_ids:
            if area_id not in tables.areas:
                message = f"there is no area '{area_id}'."
                yield _fault(tables, "offices", row, "district_ids", "unknown-area", message)


def check_manager_ids(tables: EditionTables) -> Iterator[Finding]:
    """Whoever is assigned or covers stands among the managers."""
    if tables.managers.readable:
        yield from _unknown(tables, "assignments", "manager_id", tables.managers.ids, "manager")
        yield from _unknown(tables, "assignments", "cover_id", tables.managers.ids, "manager")


def check_office_ids(tables: EditionTables) -> Iterator[Finding]:
    """An office that has a closing day stands among the offices."""
    if tables.offices.readable:
        yield from _unknown(tables, "closing_days", "office_id", tables.offices.ids, "office")


def _unknown(tables: EditionTables, name: str, field: str, known: Collection[str], what: str) -> Iterator[Finding]:
    for row in _rows(tables, name):
        value = getattr(row.record, field)
        if value is not None and value not in known:
            yield _fault(tables, name, row, field, f"unknown-{what}", f"there is no {what} '{value}'.")


def _rows(tables: EditionTables, name: str) -> list[Row[Any]]:
    rows: list[Row[Any]] = getattr(tables, name).rows
    return rows


def _fault(tables: EditionTables, name: str, row: Row[Any], field: str, rule: str, message: str) -> Finding:
    source: TableSource = getattr(tables.manifest.tables, name)
    return Finding("error", rule, source.path, message, row.number, source.columns.get(field, field))
