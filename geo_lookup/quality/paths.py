"""Can people walk to the offices, by the paths that the edition has?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely
from numpy.typing import NDArray

from geo_lookup.crs import LONLAT, transform
from geo_lookup.loading.sources import EditionTables
from geo_lookup.manifest import Source
from geo_lookup.model import AreaKind, Finding
from geo_lookup.quality.layers import areas_of
from geo_lookup.quality.offices import place_of
from geo_lookup.quality.positions import AWAY_M, likely_reading
from geo_lookup.quality.wording import not_too_many
from geo_lookup.walking.access import MOST_M
from geo_lookup.walking.network import JOINED_M, LARGEST, Network, paths_of

MOST_APART = 0.05
"""The share of the paths' length that may lie apart from the largest component without a word."""


def check_paths(tables: EditionTables, *, offices: bool) -> Iterator[Finding]:
    """Check the paths, and whether they lead to the offices where those could be read; without paths, nothing."""
    source = tables.manifest.layers.paths
    if source is None or tables.paths is None:
        return
    lines = tables.paths.geometry.to_numpy()
    elsewhere = list(check_paths_at_city(tables, source, lines))
    if elsewhere:
        yield from elsewhere
        return
    network = Network(paths_of(lines))
    yield from check_connection(source, network, lines)
    yield from check_joints(source, network, lines)
    if offices:
        yield from not_too_many(check_access(tables, network, lines))


def check_paths_at_city(tables: EditionTables, source: Source, lines: NDArray[np.object_]) -> Iterator[Finding]:
    """Some path lies in the city or near it; where all lie far away, a CRS is wrong, and no more is said of them."""
    cities = shapely.union_all([one.geometry for one in areas_of(tables, AreaKind.CITY)])
    if (shapely.distance(cities, lines) > AWAY_M).all():  # which no distance to nothing is
        message = f"no path lies within {AWAY_M / 1000:g} km of {tables.manifest.city}."
        xs, ys = shapely.get_coordinates(lines).T
        lons, lats = transform(xs, ys, tables.manifest.metric_crs, LONLAT)
        remedy = likely_reading(tables, lons, lats) or "Compare the CRSs that are stated with the files."
        shape = shapely.union_all(lines)
        yield Finding("error", "paths-elsewhere", source.path, message, None, None, remedy, shape)


def check_connection(source: Source, network: Network, lines: NDArray[np.object_]) -> Iterator[Finding]:
    """Nearly all of the paths hang together: lines that don't end where others do are no network."""
    metres = network.component_metres
    apart = float(metres[LARGEST + 1 :].sum())
    whole = apart + float(metres[LARGEST])
    if whole > 0 and apart > MOST_APART * whole:
        count = len(metres) - 1
        share = f"{apart / whole:.0%} of the paths, {apart / 1000:,.1f} km in {count:,} parts"
        message = f"{share}, are not joined to the rest."
        remedy = "Lines meet where their ends do, within a millimetre: cut them at junctions, and let their ends snap."
        rest = shapely.multilinestrings(list(lines[network.components != LARGEST]))
        yield Finding("warning", "paths-apart", source.path, message, None, None, remedy, rest)


def check_joints(source: Source, network: Network, lines: NDArray[np.object_]) -> Iterator[Finding]:
    """No line ends on the middle of another one: they do not meet there, and people would walk round."""
    first, last, _ = network.stretches
    nodes, at = np.unique(np.concatenate([first, last]), return_index=True)
    places = np.concatenate([shapely.get_point(lines, 0), shapely.get_point(lines, -1)])[at]
    place, line = shapely.STRtree(lines).query(places, predicate="dwithin", distance=JOINED_M)
    apart = (nodes[place] != first[line]) & (nodes[place] != last[line])
    ends = np.unique(place[apart])
    if len(ends):
        message = f"{len(ends):,} ends of paths lie on another path without meeting it, so that people walk round."
        remedy = "Cut the other line there, so that it ends there too."
        yield Finding(
            "warning", "paths-unjoined", source.path, message, None, None, remedy, shapely.union_all(places[ends])
        )


def check_access(tables: EditionTables, network: Network, lines: NDArray[np.object_]) -> Iterator[Finding]:
    """Each office lies at a path of the largest component."""
    source = tables.manifest.tables.offices
    if source is None:
        return
    tree = shapely.STRtree(lines)
    for number, office in tables.offices.rows:
        place = place_of(office, tables.manifest.metric_crs)
        if place is None:  # which was said when the offices were checked
            continue
        who, nearest = f"'{office.name}' ({office.id})", tree.query_nearest(place, max_distance=MOST_M)
        if not len(nearest):
            message = f"{who} lies more than {MOST_M:.0f} m from every path, so that nobody walks there."
            remedy = "Draw the path that leads to it, or mend its coordinates."
            yield Finding("warning", "office-without-path", source.path, message, number, None, remedy, place)
        elif network.components[nearest.min()] != LARGEST:
            message = f"{who} lies at a path that is not joined to most others, so that few can walk there."
            remedy = "Draw what joins it to the rest; lines meet where their ends do."
            yield Finding("warning", "office-apart", source.path, message, number, None, remedy, place)
