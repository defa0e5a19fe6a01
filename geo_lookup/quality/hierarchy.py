"""Do areas lie within those that they belong to, and is each called by one name?"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import shapely

from geo_lookup.loading.districts import DistrictMember
from geo_lookup.loading.features import read_features
from geo_lookup.loading.sources import EditionTables
from geo_lookup.loading.tables import read_table
from geo_lookup.model import Area, AreaKind, Finding
from geo_lookup.quality.layers import all_usable, areas_of, layer_file
from geo_lookup.quality.wording import called, listed, not_too_many, square_metres
from geo_lookup.spelling import loosely

OUTSIDE_M2 = 100.0
"""So much may lie outside: layers of two sources never agree to the metre."""


def check_hierarchy(tables: EditionTables, folder: Path) -> Iterator[Finding]:
    """Check where areas lie, and what they are called."""
    yield from not_too_many(check_districts_hold_neighbourhoods(tables))
    yield from not_too_many(check_city_holds_areas(tables))
    yield from not_too_many(check_spelling(tables, folder))


def check_districts_hold_neighbourhoods(tables: EditionTables) -> Iterator[Finding]:
    """A neighbourhood lies in its district where districts are drawn; in one of them where its own is not known."""
    if tables.manifest.layers.districts is None:
        return
    districts = areas_of(tables, AreaKind.DISTRICT)
    for one in areas_of(tables, AreaKind.NEIGHBOURHOOD):
        shares = shapely.area(shapely.intersection(one.geometry, [district.geometry for district in districts]))
        parts = {district.id: share for district, share in zip(districts, shares.tolist(), strict=True)}
        home = one.parent_id if one.parent_id in parts else max(parts, key=parts.__getitem__, default=None)
        if home is not None and one.geometry is not None:
            outside = one.geometry.difference(tables.areas[home].geometry)
            if outside.area > OUTSIDE_M2:
                elsewhere = {tables.areas[key]: m2 for key, m2 in parts.items() if key != home and m2 > OUTSIDE_M2}
                yield _across(tables, one, tables.areas[home], outside, elsewhere)


def _across(
    tables: EditionTables, one: Area, home: Area, outside: shapely.Geometry, elsewhere: dict[Area, float]
) -> Finding:
    """Half of it or more outside is an error: its district, or its place, is wrong."""
    file = layer_file(tables, AreaKind.NEIGHBOURHOOD)
    where = listed([f"{square_metres(m2)} in {called(area)}" for area, m2 in elsewhere.items()])
    where = f": {where}" if where else ""
    mostly = one.geometry is not None and outside.area >= one.geometry.area / 2
    message = f"{called(one)} lies outside its district {called(home)} by {square_metres(outside.area)}{where}."
    if mostly:
        remedy = "Give it the district in which it lies, or mend its outline."
        return Finding("error", "outside-district", file, message, remedy=remedy, shape=outside)
    remedy = "Answers there name the district that it is given; split it where another one is meant."
    return Finding("warning", "across-districts", file, message, remedy=remedy, shape=outside)


def check_city_holds_areas(tables: EditionTables) -> Iterator[Finding]:
    """Special areas lie in the city, and where its outline is drawn neighbourhoods too."""
    city = areas_of(tables, AreaKind.CITY)
    drawn = tables.manifest.layers.city is not None
    if not city or not (drawn or all_usable(tables, AreaKind.NEIGHBOURHOOD)):
        return
    for kind in (AreaKind.NEIGHBOURHOOD, AreaKind.SPECIAL_AREA) if drawn else (AreaKind.SPECIAL_AREA,):
        for one in areas_of(tables, kind):
            outside = shapely.difference(one.geometry, city[0].geometry)
            if outside.area > OUTSIDE_M2:
                message = f"{called(one)} lies outside the city by {square_metres(outside.area)}."
                remedy = "Mend its outline or the city's; until then answers there are given as if it lay inside."
                yield Finding(
                    "warning", "outside-city", layer_file(tables, kind), message, remedy=remedy, shape=outside
                )


def check_spelling(tables: EditionTables, folder: Path) -> Iterator[Finding]:
    """An area has one name, in layers and tables alike; no two of a kind differ by a hyphen or an accent alone."""
    for kind in (AreaKind.NEIGHBOURHOOD, AreaKind.DISTRICT, AreaKind.SPECIAL_AREA):
        areas = sorted(areas_of(tables, kind), key=lambda one: loosely(one.name))
        for one, other in pairwise(areas):
            if one.name != other.name and loosely(one.name) == loosely(other.name):
                message = f"{called(one)} and {called(other)} are spelt almost alike; are they the same?"
                shape = shapely.union_all([one.geometry, other.geometry])
                yield Finding("warning", "spelling", layer_file(tables, kind), message, shape=shape)
    for file, row, field, area_id, name in _names_elsewhere(tables, folder):
        area = tables.areas.get(area_id)
        if area is not None and name != area.name:
            message = f"'{name}' is called {called(area)} in {layer_file(tables, area.kind)}."
            remedy = "Write both in the same way; the layer's is what people see."
            yield Finding("warning", "spelling", file, message, row, field, remedy, area.geometry)


def _names_elsewhere(tables: EditionTables, folder: Path) -> Iterator[tuple[str, int, str | None, str, str]]:
    """Names beside the ids of areas that have a name of their own: file, row, field, id and name.

    What is wrong with the files themselves was noted when they were read for good.
    """
    manifest, source = tables.manifest, tables.manifest.tables.districts
    drawn = manifest.layers.districts is not None
    if source is not None:
        for row, member in read_table(source, folder, DistrictMember, []).rows:
            if member.neighbourhood_id and member.neighbourhood_name:
                field = source.columns.get("neighbourhood_name", "neighbourhood_name")
                yield source.path, row, field, member.neighbourhood_id, member.neighbourhood_name
            if drawn and member.district_name:
                field = source.columns.get("district_name", "district_name")
                yield source.path, row, field, member.district_id, member.district_name
    layer = manifest.layers.neighbourhoods
    if drawn and layer.parent_name:
        for one in read_features(layer, folder, manifest.metric_crs, []).features:
            if one.parent_id and one.parent_name:
                yield layer.path, one.row, layer.parent_name, one.parent_id, one.parent_name
