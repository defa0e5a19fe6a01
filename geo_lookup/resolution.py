"""Who answers for a place on a day: the pure rule.

Areas are tried from the most particular to the most general, and for each role the first assignment that
holds decides, be it a manager or a vacancy: address override, special area, neighbourhood, district, city.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from geo_lookup.answer import Contact, ManagerInCharge
from geo_lookup.model import Assignment, Manager


@dataclass(frozen=True, slots=True)
class Posts:
    """The people of an edition: managers by id, assignments by area, and the role that residents ask for."""

    managers: Mapping[str, Manager]
    assignments: Mapping[str, Sequence[Assignment]]
    main_role: str
    city_id: str
    service: Contact


@dataclass(frozen=True, slots=True)
class Responsibility:
    """Who answers by role, the main role first and the city's roles last, and whom to turn to."""

    managers: tuple[ManagerInCharge, ...]
    contact: Contact
    vacant: bool


def resolve(areas: Iterable[str], posts: Posts, on: date) -> Responsibility:
    """Find who answers for a place on a day.

    `areas` are the ids of the areas there, the most particular first. Where no assignment for the main role
    holds on the day it is vacant too, and the service is the contact.
    """
    decided: dict[str, Assignment] = {}
    for area_id in areas:
        for assignment in posts.assignments.get(area_id, ()):
            if assignment.holds(on):
                decided.setdefault(assignment.role, assignment)
    main = decided.get(posts.main_role)
    held = [one for one in sorted(decided.values(), key=lambda one: _rank(one, posts)) if one.manager_id]
    return Responsibility(
        managers=tuple(_in_charge(posts.managers[one.manager_id], one.role) for one in held if one.manager_id),
        contact=_contact(main, posts),
        vacant=main is None or main.manager_id is None,
    )


def _rank(assignment: Assignment, posts: Posts) -> tuple[bool, bool, str]:
    return assignment.role != posts.main_role, assignment.area_id == posts.city_id, assignment.role


def _in_charge(manager: Manager, role: str) -> ManagerInCharge:
    return ManagerInCharge(manager.id, manager.name, role, manager.email, manager.phone)


def _contact(main: Assignment | None, posts: Posts) -> Contact:
    if main is not None and main.manager_id is not None:
        manager = posts.managers[main.manager_id]
        return Contact(manager.name, manager.email, manager.phone, "manager")
    if main is not None and main.cover_id is not None:
        cover = posts.managers[main.cover_id]
        return Contact(cover.name, cover.email, cover.phone, "cover")
    return posts.service
