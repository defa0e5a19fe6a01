"""What the overview tells of each district: who answers there, its neighbourhoods, offices, services and projects."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from geo_lookup.answer import Contact
from geo_lookup.attributes import shares_ground
from geo_lookup.edition import Edition
from geo_lookup.model import Area, AreaKind, Manager, Office
from geo_lookup.resolution import Responsibility, resolve


@dataclass(frozen=True, slots=True)
class AreaView:
    """An area with who answers for it on the day; `own` says that it is not simply the district's."""

    area: Area
    responsibility: Responsibility
    own: bool


@dataclass(frozen=True, slots=True)
class DistrictView:
    """A district, or what lies in none, and everything that is known of it on a day."""

    area: Area
    contact: Contact
    vacant: bool
    manager: Manager | None
    neighbourhoods: tuple[AreaView, ...]
    special_areas: tuple[AreaView, ...]
    offices: tuple[Office, ...]
    services: tuple[str, ...]
    projects: tuple[str, ...]


def districts(edition: Edition, on: date) -> list[DistrictView]:
    """Every district, ordered by name. A city without districts is one itself."""
    found = edition.areas_of(AreaKind.DISTRICT) or edition.areas_of(AreaKind.CITY)
    return sorted((district_view(edition, area, on) for area in found), key=lambda view: view.area.name)


def district_view(edition: Edition, district: Area, on: date) -> DistrictView:
    """Everything about one district."""
    responsibility = _responsibility(edition, (district,), on)
    manager = responsibility.manager
    members = [
        area
        for area in edition.areas_of(AreaKind.NEIGHBOURHOOD)
        if area.parent_id == district.id or district.kind is AreaKind.CITY
    ]
    specials = [area for area in edition.areas_of(AreaKind.SPECIAL_AREA) if shares_ground(area, district)]
    return DistrictView(
        area=district,
        contact=responsibility.contact,
        vacant=manager is None,
        manager=edition.posts.managers[manager.id] if manager else None,
        neighbourhoods=_views(edition, members, district, responsibility, on),
        special_areas=_views(edition, specials, district, responsibility, on),
        offices=edition.serving_offices.get(district.id, ()),
        services=edition.services.get(district.id, ()),
        projects=edition.projects.get(district.id, ()),
    )


def _responsibility(edition: Edition, areas: tuple[Area, ...], on: date) -> Responsibility:
    return resolve([*(area.id for area in areas), edition.manifest.city_id], edition.posts, on)


def _views(
    edition: Edition, areas: list[Area], district: Area, usual: Responsibility, on: date
) -> tuple[AreaView, ...]:
    views = []
    for area in sorted(areas, key=lambda area: area.name):
        here = _responsibility(edition, (area, district), on)
        views.append(AreaView(area, here, here.contact != usual.contact))
    return tuple(views)
