"""Two editions of a city compared: all that a reader wants to know before one takes the other's place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shapely.geometry.base import BaseGeometry

from geo_lookup.answer import Reference
from geo_lookup.bulk.points import NAMED_BY_DEFAULT, Columns
from geo_lookup.comparison.addresses import AddressComparison, Followed, compare_addresses
from geo_lookup.comparison.areas import compare_layer
from geo_lookup.comparison.grounds import Cut, Grounds, cut, grounds_of, lay, outlines
from geo_lookup.comparison.handovers import Handover, compare_charge, manager_of, vacancies
from geo_lookup.comparison.layers import LayerComparison, Move
from geo_lookup.comparison.people import PeopleComparison, compare_people, pair_managers
from geo_lookup.comparison.records import identities
from geo_lookup.edition import Edition
from geo_lookup.model import AreaKind

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

DECIMALS = 6
"""How many decimals numbers have as JSON: a hectare's are a hundredth of a square metre."""


@dataclass(frozen=True, slots=True)
class EditionSide:
    """One of the editions."""

    id: str
    city: str
    title: str
    valid_from: date
    fingerprint: str


@dataclass(frozen=True)
class Comparison:
    """What differs from one edition to another.

    `on` is the day on which the people in charge are compared. `handovers` is ground where another person is in
    charge then, in whatever role, of which `main_role` is the one that residents ask for; `vacancies_begun` and
    `vacancies_ended` are the areas in most of which that is so in the main role.

    `addresses` is None where neither edition has any and no table was given. Geometries are in the CRS `crs`, the
    metric one of the edition after; `map_areas` are its neighbourhoods by name, to draw a map with.
    """

    before: EditionSide
    after: EditionSide
    on: date
    crs: int
    neighbourhoods: LayerComparison
    districts: LayerComparison
    special_areas: LayerComparison
    main_role: str
    handovers: tuple[Handover, ...]
    vacancies_begun: tuple[Reference, ...]
    vacancies_ended: tuple[Reference, ...]
    people: PeopleComparison
    addresses: AddressComparison | None
    map_areas: tuple[tuple[str, BaseGeometry], ...]

    @property
    def layers(self) -> tuple[LayerComparison, ...]:
        """The comparison of each kind of area."""
        return self.neighbourhoods, self.districts, self.special_areas

    @property
    def differs(self) -> bool:
        """Whether anything that is compared differs."""
        addresses = self.addresses is not None and self.addresses.differs
        return bool(self.handovers) or addresses or self.people.differs or any(one.differs for one in self.layers)

    def to_dict(self) -> dict[str, Any]:
        """The comparison as plain JSON values, without geometries: the moved parts are written as a layer instead."""
        told: dict[str, Any] = _plain(self)
        return {"differs": self.differs, **told}

    def moved_parts(self) -> GeoDataFrame:
        """The ground that lies in another area than before, of all kinds of area, as a GeoDataFrame.

        Columns are `kind`, `reason`, the ids and names of the areas `from` and `to`, `hectares`, the managers before
        and after, and `geometry`, in the metric CRS of the edition after. Layer by layer, in the order of `moves`.
        """
        import geopandas
        import pandas as pd

        moves = [(layer.kind, move) for layer in self.layers for move in layer.moves]
        rows = [_moved_part(kind, move) for kind, move in moves]
        frame = pd.DataFrame(rows, columns=list(MOVED_COLUMNS), dtype=object)
        frame = frame.astype({name: "float64" if name == "hectares" else "str" for name in MOVED_COLUMNS})
        return geopandas.GeoDataFrame(frame, geometry=[move.geometry for _, move in moves], crs=self.crs)


def compare(
    before: Edition,
    after: Edition,
    *,
    on: date | None = None,
    addresses: Path | None = None,
    columns: Columns = NAMED_BY_DEFAULT,
) -> Comparison:
    """Compare two editions, areas by their ground and everything else by id and name.

    `on` is the day on which the people in charge are compared: by default the day on which the edition after would
    take over, which is its first one, or today where that is past. `addresses` is a table with columns of coordinates,
    which `columns` names where they are not called `lon` and `lat`; without it the addresses of the edition after
    count, or else those of the one before.

    Raises `SourceError` or `FrameError` where that table cannot be read or has no coordinates.
    """
    day = on or max(after.manifest.valid_from, datetime.now(UTC).astimezone(after.manifest.zone).date())
    managers = pair_managers(before, after)
    same = identities(managers)
    crs = after.manifest.metric_crs
    grounds = {kind: (grounds_of(before, kind, crs), grounds_of(after, kind, crs)) for kind in COMPARED}
    neighbourhoods = grounds[AreaKind.NEIGHBOURHOOD]
    laid = lay(*neighbourhoods)
    districts = _layer(AreaKind.DISTRICT, grounds)
    areas = compare_layer(
        AreaKind.NEIGHBOURHOOD, neighbourhoods[0].areas, neighbourhoods[1].areas, laid, districts.successors
    )
    special_areas = _layer(AreaKind.SPECIAL_AREA, grounds)
    cuts = _cuts(grounds)
    is_cut = any(side.areas for side in grounds[AreaKind.SPECIAL_AREA])
    city = {before.manifest.city_id: (after.manifest.city_id,)}
    successors = {**areas.successors, **districts.successors, **special_areas.successors, **city}
    handovers = compare_charge(before, after, cuts, lay(*cuts) if is_cut else laid, day, same)
    begun, ended = vacancies(handovers, after.posts.main_role)
    followed = Followed(areas.successors, districts.successors, same)
    return Comparison(
        before=_side(before),
        after=_side(after),
        on=day,
        crs=crs,
        neighbourhoods=_with_managers(areas, before, after, day),
        districts=_with_managers(districts, before, after, day),
        special_areas=_with_managers(special_areas, before, after, day),
        main_role=after.posts.main_role,
        handovers=handovers,
        vacancies_begun=begun,
        vacancies_ended=ended,
        people=compare_people(before, after, managers, successors),
        addresses=compare_addresses(before, after, day, followed, addresses, columns),
        map_areas=outlines(neighbourhoods[1]),
    )


COMPARED = (AreaKind.NEIGHBOURHOOD, AreaKind.DISTRICT, AreaKind.SPECIAL_AREA)
"""The kinds of area that are compared; the city's outline shows in the ground that neighbourhoods gain or lose."""

BothGrounds = Mapping[AreaKind, tuple[Grounds, Grounds]]


MOVED_COLUMNS = (
    "kind", "reason", "from_id", "from_name", "to_id", "to_name", "hectares",
    "manager_before_id", "manager_before", "manager_after_id", "manager_after",
)  # fmt: skip
"""What is told of a moved part in a frame, besides its geometry."""


def _moved_part(kind: AreaKind, move: Move) -> tuple[object, ...]:
    before, after = _id_and_name(move.before), _id_and_name(move.after)
    managers = *_id_and_name(move.manager_before), *_id_and_name(move.manager_after)
    return kind.value, move.reason, *before, *after, move.hectares, *managers


def _id_and_name(one: Reference | None) -> tuple[str | None, str | None]:
    return (None, None) if one is None else (one.id, one.name)


def _layer(kind: AreaKind, grounds: BothGrounds) -> LayerComparison:
    old, new = grounds[kind]
    return compare_layer(kind, old.areas, new.areas, lay(old, new))


def _cuts(grounds: BothGrounds) -> tuple[Cut, Cut]:
    sides = zip(grounds[AreaKind.NEIGHBOURHOOD], grounds[AreaKind.SPECIAL_AREA], strict=True)
    old, new = (cut(neighbourhoods, special_areas) for neighbourhoods, special_areas in sides)
    return old, new


def _with_managers(layer: LayerComparison, before: Edition, after: Edition, on: date) -> LayerComparison:
    def told(move: Move) -> Move:
        old, new = _manager(before, move.before, on), _manager(after, move.after, on)
        return replace(move, manager_before=old, manager_after=new)

    return replace(layer, moves=tuple(told(move) for move in layer.moves))


def _manager(edition: Edition, area: Reference | None, on: date) -> Reference | None:
    return None if area is None else manager_of(edition, area.id, on)


def _side(edition: Edition) -> EditionSide:
    manifest = edition.manifest
    return EditionSide(manifest.id, manifest.city, manifest.title, manifest.valid_from, edition.fingerprint)


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        told = [field.name for field in fields(value) if field.name not in ("geometry", "map_areas", "successors")]
        return {name: _plain(getattr(value, name)) for name in told}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, float):
        return round(value, DECIMALS)
    return value.isoformat() if isinstance(value, date) else value
