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
    """Who answers by role, the main role first and the city's roles last, and whom to turn to.

    `manager` is the one in the main role; None is a vacancy.
    """

    managers: tuple[ManagerInCharge, ...]
    manager: ManagerInCharge | None
    contact: Contact


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
    managers = tuple(
        _in_charge(posts.managers[one.manager_id], one.role)
        for one in sorted(decided.values(), key=lambda one: _rank(one, posts))
        if one.manager_id is not None
    )
    manager = next((one for one in managers if one.role == posts.main_role), None)
    return Responsibility(managers, manager, _contact(manager, decided.get(posts.main_role), posts))


def _rank(assignment: Assignment, posts: Posts) -> tuple[bool, bool, str]:
    return assignment.role != posts.main_role, assignment.area_id == posts.city_id, assignment.role


def _in_charge(manager: Manager, role: str) -> ManagerInCharge:
    return ManagerInCharge(manager.id, manager.name, role, manager.email, manager.phone)


def _contact(manager: ManagerInCharge | None, assignment: Assignment | None, posts: Posts) -> Contact:
    if manager is not None:
        return Contact(manager.name, manager.email, manager.phone, "manager")
    if assignment is not None and assignment.cover_id is not None:
        cover = posts.managers[assignment.cover_id]
        return Contact(cover.name, cover.email, cover.phone, "cover")
    return posts.service
