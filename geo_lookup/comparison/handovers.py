"""Where another person is in charge than before, role by role, and where vacancies begin or end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from geo_lookup.answer import Reference
from geo_lookup.comparison.grounds import Cut
from geo_lookup.comparison.matching import spelt_alike
from geo_lookup.comparison.overlay import NONE, Overlay
from geo_lookup.edition import Edition
from geo_lookup.lookup import Decision, decide
from geo_lookup.resolution import resolve

M2_PER_HA = 10_000.0

SLACK = 1e-4
"""The share of an area that may be missing from the whole of it, which slivers are."""


@dataclass(frozen=True, slots=True)
class Handover:
    """Ground where somebody else is in charge in a role, `before` and `after`; None is a vacancy.

    The areas are the special area or else the neighbourhood that the ground lies in; None is ground in neither, for
    which nobody is. `share` is how much of the area that it lies in now the ground is, from 0 to 1. Where the main
    role stays vacant, `contact_before` and `contact_after` tell whom to turn to; else they are None.
    """

    role: str
    before: Reference | None
    after: Reference | None
    area_before: Reference | None
    area_after: Reference | None
    hectares: float
    share: float
    contact_before: str | None = None
    contact_after: str | None = None

    @property
    def whole(self) -> bool:
        """Whether it is all of the area that it lies in now."""
        return self.share >= 1 - SLACK


class _Key(NamedTuple):
    """What a handover says but for its size."""

    role: str
    before: Reference | None
    after: Reference | None
    area_before: Reference | None
    area_after: Reference | None
    contact_before: str | None = None
    contact_after: str | None = None


def compare_charge(
    before: Edition, after: Edition, cuts: tuple[Cut, Cut], laid: Overlay, on: date, same: Mapping[str, str]
) -> tuple[Handover, ...]:
    """Find where another person is in charge on a day, from the largest ground on.

    `laid` is the overlay of the ground of both editions as it is cut; `same` are by their ids of before the ids that
    managers have now.
    """
    was = [_in_charge(decide(before, place, on), before, after.posts.main_role) for place in cuts[0].places]
    is_now = [_in_charge(decide(after, place, on), after, after.posts.main_role) for place in cuts[1].places]
    hectares: defaultdict[_Key, float] = defaultdict(float)
    for i, j, shape in zip(laid.before.tolist(), laid.after.tolist(), laid.shapes, strict=True):
        if shape is not None:
            old, new = NOBODY if i == NONE else was[i], NOBODY if j == NONE else is_now[j]
            for key in _handovers(old, new, after.posts.main_role, same):
                hectares[key] += shape.area / M2_PER_HA
    sizes: defaultdict[Reference | None, float] = defaultdict(float)
    for one, shape in zip(is_now, cuts[1].shapes, strict=True):
        sizes[one.area] += shape.area / M2_PER_HA
    found = [
        Handover(**key._asdict(), hectares=size, share=size / sizes[key.area_after] if key.area_after else 0.0)
        for key, size in hectares.items()
    ]
    return tuple(sorted(found, key=lambda one: (one.role != after.posts.main_role, one.role, -one.hectares)))


def vacancies(handovers: Iterable[Handover], role: str) -> tuple[tuple[Reference, ...], tuple[Reference, ...]]:
    """The areas in most of which a vacancy begins in a role, and those in most of which one ends, ordered by id."""
    begun: defaultdict[Reference, float] = defaultdict(float)
    ended: defaultdict[Reference, float] = defaultdict(float)
    for one in handovers:
        if one.role == role and one.area_before and one.area_after and (one.before is None) != (one.after is None):
            (begun if one.after is None else ended)[one.area_after] += one.share
    begin, end = (
        sorted((area for area in side if side[area] > 0.5), key=lambda one: one.id) for side in (begun, ended)
    )
    return tuple(begin), tuple(end)


class _InCharge(NamedTuple):
    """Who is in charge of a place by role, in which area, and whom to turn to instead."""

    by_role: Mapping[str, Reference | None]
    area: Reference | None
    contact: str | None


NOBODY = _InCharge({}, None, None)
"""Stands for ground in no area."""


def _in_charge(decision: Decision, edition: Edition, main_role: str) -> _InCharge:
    """Who is in charge; the main role is there where it is vacant too, and is called as it is now."""
    by_role: dict[str, Reference | None] = {main_role: None}
    for one in decision.managers:
        role = main_role if one.role == edition.posts.main_role else one.role
        by_role[role] = Reference(one.id, one.name)
    contact = decision.contact.name if decision.contact else None
    return _InCharge(by_role, decision.special_area or decision.neighbourhood, contact)


def _handovers(was: _InCharge, is_now: _InCharge, main_role: str, same: Mapping[str, str]) -> Iterator[_Key]:
    for role in sorted(was.by_role.keys() | is_now.by_role):
        old, new = was.by_role.get(role), is_now.by_role.get(role)
        if (old and same.get(old.id, old.id)) != (new and new.id):
            yield _Key(role, old, new, was.area, is_now.area)
        elif role == main_role and old is None and None not in (was.area, is_now.area) and _differ(was, is_now):
            yield _Key(role, None, None, was.area, is_now.area, was.contact, is_now.contact)


def _differ(was: _InCharge, is_now: _InCharge) -> bool:
    """Whether somebody else is the contact; one whose name is spelt otherwise is not."""
    return not spelt_alike(was.contact or "", is_now.contact or "")


def manager_of(edition: Edition, area_id: str, on: date) -> Reference | None:
    """The manager in the main role of an area as such on a day; None for a vacancy."""
    area = edition.areas[area_id]
    chain = [one for one in (area.id, area.parent_id, edition.manifest.city_id) if one]
    manager = resolve(chain, edition.posts, on).manager
    return None if manager is None else Reference(manager.id, manager.name)
