"""Is the city where it should be? Wrong and swapped CRSs that loading takes for right ones.

Loading refuses what lies far outside the area where the metric CRS is used. What remains is a city in the sea or
across the border, and layers, offices and addresses that do not lie together: one of them is in another CRS than said.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo_lookup.coordinates import FAMILIAR, Column, in_box
from geo_lookup.crs import LONLAT, reference_system
from geo_lookup.edition import territory_of
from geo_lookup.loading.sources import EditionTables
from geo_lookup.manifest import Manifest
from geo_lookup.misreadings import find_faults
from geo_lookup.model import AreaKind, Finding
from geo_lookup.quality.layers import areas_of, layer_file
from geo_lookup.quality.offices import place_of
from geo_lookup.quality.wording import not_too_many

AWAY_M = 5000.0
"""How far from the city something lies that is no part of it, rather than just across its border."""

# Drawn by hand along the border, with a margin of some 10 km, so that no city of the country is left out.
COUNTRIES = {
    "BE": (
        (2.40, 51.13), (3.35, 51.47), (3.60, 51.33), (3.90, 51.33), (4.15, 51.50), (4.45, 51.58), (5.10, 51.58),
        (5.60, 51.37), (6.00, 51.20), (5.88, 50.95), (6.15, 50.80), (6.40, 50.60), (6.52, 50.30), (6.25, 50.02),
        (6.00, 49.90), (6.02, 49.50), (5.40, 49.40), (4.80, 49.68), (4.70, 49.90), (4.10, 49.87), (3.95, 50.23),
        (3.50, 50.32), (3.10, 50.50), (2.95, 50.62), (2.50, 50.75), (2.40, 51.13),
    ),
}  # fmt: skip
"""Where the cities of a country can lie: longitudes and latitudes. Other countries have the area of the metric CRS."""

NATIONAL = {31370: "BE", 3812: "BE"}
"""The metric CRSs that are made for one country alone."""


def check_positions(tables: EditionTables, *, offices: bool = True) -> Iterator[Finding]:
    """Check where the city lies, and, unless their table has faults already, whether its offices lie there."""
    city = next(iter(areas_of(tables, AreaKind.CITY)), None)
    if city is not None and city.geometry is not None:
        yield from check_country(tables, city.geometry)
        if offices:
            yield from not_too_many(check_offices_in_city(tables, city.geometry))


def check_country(tables: EditionTables, city: BaseGeometry) -> Iterator[Finding]:
    """The city lies in its country, neither in the sea nor across the border."""
    manifest = tables.manifest
    lon, lat = reference_system(manifest.metric_crs).to_lonlat(city.centroid.x, city.centroid.y)
    if not _country(tables.manifest).contains(shapely.Point(lon, lat)):
        message = (
            f"{manifest.city} comes to lie in the sea or in another country: longitude {lon:.2f}, latitude {lat:.2f}."
        )
        remedy = "The layer's CRS is another one than stated, or its axes are swapped; else mend `country`."
        file = layer_file(tables, AreaKind.NEIGHBOURHOOD)
        yield Finding("error", "position", file, message, None, None, remedy, city)


def _country(manifest: Manifest) -> BaseGeometry:
    """The country that the manifest states, or that its metric CRS is made for; else where that CRS is used."""
    country = manifest.country if "country" in manifest.model_fields_set else NATIONAL.get(manifest.metric_crs)
    outline = COUNTRIES.get(country or "")
    return shapely.Polygon(outline) if outline else shapely.box(*reference_system(manifest.metric_crs).bounds)


def check_offices_in_city(tables: EditionTables, city: BaseGeometry) -> Iterator[Finding]:
    """Offices lie in the city. Where all lie far from it, not they but a CRS is wrong, which is said once."""
    source, manifest = tables.manifest.tables.offices, tables.manifest
    places = [(row, place) for row in tables.offices.rows if (place := place_of(row.record, manifest.metric_crs))]
    if source is None or not places:
        return
    distances = shapely.distance(city, [place for _, place in places])
    points = np.array([[row.record.lon, row.record.lat] for row, _ in places]).T
    if len(places) > 1 and (distances > AWAY_M).all():
        message = f"no office lies within {AWAY_M / 1000:g} km of {manifest.city}."
        remedy = likely_reading(tables, *points) or "Compare the CRSs that are stated with the files."
        shape = shapely.union_all([place for _, place in places])
        yield Finding("error", "offices-elsewhere", source.path, message, None, None, remedy, shape)
        return
    for (row, place), distance in zip(places, distances.tolist(), strict=True):
        if distance > manifest.border_margin_m:
            message = f"'{row.record.name}' ({row.record.id}) lies {distance:,.0f} m outside {manifest.city}."
            likely = likely_reading(tables, np.array([row.record.lon]), np.array([row.record.lat]))
            remedy = likely or "Mend its coordinates, unless that is where it is."
            yield Finding("warning", "office-outside-city", source.path, message, row.number, "lon", remedy, place)


def likely_reading(tables: EditionTables, lons: Column, lats: Column) -> str | None:
    """What is likely wrong where points that belong to the city lie far away: with the points, or with the layers."""
    territory = territory_of(tables.manifest, [one for one in tables.areas.values() if one.geometry is not None])
    faults = find_faults(lons, lats, LONLAT, territory)
    meant = {faults.sentences[position].split("; ", 1)[-1] for position in faults.of_point.tolist() if position >= 0}
    if len(meant) == 1 and "look" in (said := meant.pop()):
        return f"{said[0].upper()}{said[1:]}"
    west, south, east, north = shapely.total_bounds([one.geometry for one in areas_of(tables, AreaKind.NEIGHBOURHOOD)])
    xs, ys = np.array([west, east]), np.array([south, north])
    metric_crs = tables.manifest.metric_crs
    for epsg, swapped in [(metric_crs, True), *((one, swap) for one in FAMILIAR for swap in (False, True))]:
        x, y = (ys, xs) if swapped else (xs, ys)
        system = reference_system(epsg)
        if in_box(x, y, system.extent).all():
            (left, right), (bottom, top) = system.to_lonlat(x, y)
            near = in_box(lons, lats, (left - 0.1, bottom - 0.1, right + 0.1, top + 0.1))
            if near.mean() > 0.5:
                how = f"EPSG:{epsg}{' with x and y swapped' if swapped else ''}"
                return f"They would lie together if the layers were in {how}."
    return None
