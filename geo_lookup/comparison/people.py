"""Who and what changed: managers, offices, services, projects and the service's own contact."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from geo_lookup.answer import Reference
from geo_lookup.comparison.records import FieldChange, RecordChange, changed_fields, pair_up, reference
from geo_lookup.crs import geodesic_distances
from geo_lookup.edition import Edition
from geo_lookup.model import Manager, Office

MANAGER_FIELDS = ("id", "name", "email", "phone", "languages")
OFFICE_FIELDS = ("id", "name", "kind", "address", "opening_hours", "phone", "email", "district_ids")
CONTACT_FIELDS = ("name", "email", "phone", "address")

MOVED_M = 1.0
"""How far an office must go to have moved; less is a coordinate written otherwise."""

Successors = Mapping[str, tuple[str, ...]]
Managers = list[tuple[Manager | None, Manager | None]]


@dataclass(frozen=True, slots=True)
class OfficeChange:
    """An office that is in both editions, with what changed, and how many true metres it moved; 0 where it did not."""

    record: Reference
    fields: tuple[FieldChange, ...]
    moved_m: float


@dataclass(frozen=True, slots=True)
class Offer:
    """A service or a project in an area."""

    area: Reference
    what: str


@dataclass(frozen=True, slots=True)
class PeopleComparison:
    """Managers who came, went or can be reached otherwise, and the same of offices, services and projects.

    `contact` is what changed in how the city's own service is reached.
    """

    came: tuple[Reference, ...]
    went: tuple[Reference, ...]
    changed: tuple[RecordChange, ...]
    offices_opened: tuple[Reference, ...]
    offices_closed: tuple[Reference, ...]
    offices_changed: tuple[OfficeChange, ...]
    services_begun: tuple[Offer, ...]
    services_ended: tuple[Offer, ...]
    projects_begun: tuple[Offer, ...]
    projects_ended: tuple[Offer, ...]
    contact: tuple[FieldChange, ...]

    @property
    def differs(self) -> bool:
        """Whether anything is not as it was."""
        return any(getattr(self, name) for name in self.__dataclass_fields__)


def pair_managers(before: Edition, after: Edition) -> Managers:
    """The managers of both editions, each as they were and as they are."""
    return pair_up(before.posts.managers.values(), after.posts.managers.values())


def compare_people(before: Edition, after: Edition, managers: Managers, successors: Successors) -> PeopleComparison:
    """Compare everything but areas; `successors` are the ids of the areas in which each area goes on.

    So an office that served an area which has another code now, still serves it, and so with services and projects.
    """
    offices = pair_up(before.offices.offices, after.offices.offices)
    services = _offers(before, after, before.services, after.services, successors)
    projects = _offers(before, after, before.projects, after.projects, successors)
    return PeopleComparison(
        came=tuple(reference(new) for old, new in managers if new and not old),
        went=tuple(reference(old) for old, new in managers if old and not new),
        changed=tuple(_changed_managers(managers)),
        offices_opened=tuple(reference(new) for old, new in offices if new and not old),
        offices_closed=tuple(reference(old) for old, new in offices if old and not new),
        offices_changed=tuple(_changed_offices(offices, successors)),
        services_begun=services[0],
        services_ended=services[1],
        projects_begun=projects[0],
        projects_ended=projects[1],
        contact=changed_fields(before.manifest.contact, after.manifest.contact, CONTACT_FIELDS),
    )


def _changed_managers(managers: Managers) -> Iterable[RecordChange]:
    for old, new in managers:
        if old and new and (fields := changed_fields(old, new, MANAGER_FIELDS)):
            yield RecordChange(reference(new), fields)


def _changed_offices(
    offices: Iterable[tuple[Office | None, Office | None]], successors: Successors
) -> Iterable[OfficeChange]:
    for old, new in offices:
        if old and new:
            followed = tuple(one for area_id in old.district_ids for one in successors.get(area_id, (area_id,)))
            fields = changed_fields(replace(old, district_ids=tuple(dict.fromkeys(followed))), new, OFFICE_FIELDS)
            metres = float(geodesic_distances(*_place(old), new.lon, new.lat)[0])
            moved = metres if metres >= MOVED_M else 0.0
            if fields or moved:
                yield OfficeChange(reference(new), fields, moved)


def _place(office: Office) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return np.array([office.lon]), np.array([office.lat])


def _offers(
    before: Edition,
    after: Edition,
    old: Mapping[str, Sequence[str]],
    new: Mapping[str, Sequence[str]],
    successors: Successors,
) -> tuple[tuple[Offer, ...], tuple[Offer, ...]]:
    """What begins and what ends: something that is offered in every area in which one goes on does not end."""
    now = {(area_id, what) for area_id, offered in new.items() for what in offered}
    then = {(area_id, what) for area_id, offered in old.items() for what in offered}
    followed = {(one, what) for area_id, what in then for one in successors.get(area_id, (area_id,))}
    begun = _named(now - followed, after)
    ended = [
        *_named((pair for pair in followed - now if pair[0] in after.areas), after),
        *_named((pair for pair in then if not successors.get(pair[0], (pair[0],))), before),
    ]
    return tuple(begun), tuple(ended)


def _named(pairs: Iterable[tuple[str, str]], edition: Edition) -> list[Offer]:
    return [Offer(reference(edition.areas[area_id]), what) for area_id, what in sorted(pairs)]
