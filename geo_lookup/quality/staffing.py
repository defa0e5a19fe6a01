"""Does somebody answer for every area, today and later on?

Nothing here is an error: answers stay right, they name the vacancy or the service. What is over is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from geo_lookup.loading.sources import EditionTables
from geo_lookup.loading.tables import Row
from geo_lookup.manifest import MANIFEST, TableSource
from geo_lookup.model import AreaKind, Assignment, Finding
from geo_lookup.quality.layers import areas_of
from geo_lookup.quality.responsibility import responsible, whole_districts
from geo_lookup.quality.wording import called, not_too_many


def check_staffing(tables: EditionTables, on: date) -> Iterator[Finding]:
    """Check who is in charge from a day on; an edition that assigns nobody is not asked."""
    source = tables.manifest.tables.assignments
    if source is not None and tables.assignments.rows:
        yield from not_too_many(check_contacts(tables, on))
        yield from not_too_many(check_managers(tables, source, on))
        yield from not_too_many(check_covers(tables, source, on))
        yield from not_too_many(check_successors(tables, source, on))


def check_managers(tables: EditionTables, source: TableSource, on: date) -> Iterator[Finding]:
    """Every neighbourhood and special area has a manager or a stated vacancy, of its own, its district or the city.

    Where the last assignment has run out `check_successors` says so.
    """
    role = tables.manifest.manager_role
    known: dict[str, list[Assignment]] = {}
    for row in tables.assignments.rows:
        if row.record.role == role:
            known.setdefault(row.record.area_id, []).append(row.record)
    if not known:  # the role itself is spelt otherwise, which was said
        return
    lacking = [
        area
        for kind in (AreaKind.NEIGHBOURHOOD, AreaKind.SPECIAL_AREA)
        for area in areas_of(tables, kind)
        if not any(_begun(one, on) for area_id in responsible(tables, area.id) for one in known.get(area_id, ()))
    ]
    for area in whole_districts(tables, lacking):
        begins = [
            one.valid_from
            for area_id in responsible(tables, area.id)
            for one in known.get(area_id, ())
            if one.valid_from
        ]
        until = f" before {min(begins)}" if begins else ""
        message = f"nobody is assigned to {called(area)} as '{role}'{until}."
        remedy = "Assign somebody, or state the vacancy and who covers it; until then the service answers."
        yield Finding("warning", "no-manager", source.path, message, None, None, remedy, area.geometry)


def _begun(one: Assignment, on: date) -> bool:
    return one.valid_from is None or one.valid_from <= on


def check_covers(tables: EditionTables, source: TableSource, on: date) -> Iterator[Finding]:
    """Somebody covers each vacancy, today's and those to come."""
    for row in tables.assignments.rows:
        one = row.record
        if one.manager_id is None and one.cover_id is None and (one.valid_to is None or one.valid_to > on):
            message = f"the post of '{one.role}' for {_name(tables, one.area_id)} is vacant, and nobody covers it."
            remedy = "Name a cover; until then the service answers."
            yield _finding(tables, source, row, "vacancy-without-cover", "cover_id", message, remedy)


def check_contacts(tables: EditionTables, on: date) -> Iterator[Finding]:
    """Whoever answers from a day on can be reached: who holds a post or covers a vacancy, and the city's service."""
    remedy = "State one of them; until then answers name somebody whom a resident cannot reach."
    service, source = tables.manifest.contact, tables.manifest.tables.managers
    if not (service.phone or service.email):
        message = f"'{service.name}' has neither phone nor email."
        yield Finding("warning", "no-contact", MANIFEST, message, None, "contact", remedy)
    in_charge = {
        one.manager_id or one.cover_id
        for one in (row.record for row in tables.assignments.rows)
        if one.valid_to is None or one.valid_to > on
    }
    for number, manager in tables.managers.rows:
        if source is not None and manager.id in in_charge and not (manager.phone or manager.email):
            message = f"'{manager.name}' ({manager.id}) has neither phone nor email."
            yield Finding("warning", "no-contact", source.path, message, number, None, remedy)


def check_successors(tables: EditionTables, source: TableSource, on: date) -> Iterator[Finding]:
    """When an assignment ends another one follows the same day, for the area or for one that it belongs to."""
    followers: dict[tuple[str, str], list[Assignment]] = {}
    for row in tables.assignments.rows:
        followers.setdefault((row.record.area_id, row.record.role), []).append(row.record)
    for row in tables.assignments.rows:
        one, ends = row.record, row.record.valid_to
        others = [
            other
            for area_id in responsible(tables, one.area_id)
            for other in followers.get((area_id, one.role), ())
            if other is not one
        ]
        if ends is None or any(other.holds(ends) for other in others):
            continue
        later = [other.valid_from for other in others if other.valid_from and other.valid_from > ends]
        if later and min(later) <= on:  # it was mended since
            continue
        when = f"{'ended' if ends <= on else 'ends'} on {ends}"
        until = f" before {min(later)}" if later else ""
        message = f"the assignment of '{one.role}' for {_name(tables, one.area_id)} {when}, and nothing follows{until}."
        remedy = "Add who follows, or the vacancy with its cover."
        yield _finding(tables, source, row, "no-successor", "valid_to", message, remedy)


def _name(tables: EditionTables, area_id: str) -> str:
    area = tables.areas.get(area_id)
    return called(area) if area else f"'{area_id}'"


def _finding(
    tables: EditionTables,
    source: TableSource,
    row: Row[Assignment],
    rule: str,
    field: str,
    message: str,
    remedy: str,
) -> Finding:
    area = tables.areas.get(row.record.area_id)
    column = source.columns.get(field, field)
    return Finding("warning", rule, source.path, message, row.number, column, remedy, area.geometry if area else None)
