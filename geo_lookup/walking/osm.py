"""Reads the ways that people may walk from a file of OpenStreetMap, as stretches from junction to junction.

Nothing but a node that ways share joins them. So bridges, tunnels and the floors of a building cross what lies under
them without joining it, whatever `layer` and `level` say, and so does a way that merely runs across another.

At a node that stops walkers each way is cut: its ends stay `GAP_M` away, so that no two of them meet there.
Squares that are mapped as relations are left out; the ways around them are read where they are paths themselves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo_lookup.coordinates import in_area_of_use
from geo_lookup.crs import LONLAT, transform
from geo_lookup.errors import SourceError
from geo_lookup.walking.osm_rules import NOT_TAGGED, one_way_for_walkers, stops_walkers, why_not_walked

FORMATS = (".osm.pbf", ".osm", ".osm.xml", ".osm.gz", ".osm.bz2")
"""The ends of names by which a file of OpenStreetMap is known."""

GAP_M = 0.1
"""How far from a barrier a way ends that it cuts; half a segment where that is shorter."""

KEYS = ("highway", "railway", "public_transport", "man_made")
"""What a way must be tagged with to be looked at."""


class Way(NamedTuple):
    """A way that people may walk: its id, its class, its name, and its nodes in order."""

    id: int
    highway: str
    name: str
    nodes: tuple[int, ...]


class Stretch(NamedTuple):
    """A part of a way from one junction to the next, shape (n, 2), in the CRS that was asked for."""

    way: Way
    corners: NDArray[np.float64]


@dataclass
class Ways:
    """What was read of a file: the ways that are walked, how many are not and why, and how many are one-way on foot."""

    walked: list[Way] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    one_way: int = 0


class Nodes(NamedTuple):
    """The places of nodes in some CRS, by id, and those that stop walkers; nodes that the file lacks are missing."""

    places: dict[int, tuple[float, float]]
    stops: set[int]


def read_ways(path: Path) -> Ways:
    """Read every way of a file; raises `SourceError` where it is none of OpenStreetMap, or pyosmium is not there."""
    osmium = _osmium()
    if not path.is_file():
        raise SourceError("there is no such file.")
    if not path.name.lower().endswith(FORMATS):
        raise SourceError(f"a file of OpenStreetMap must be named *{', *'.join(FORMATS)}.")
    ways = Ways()
    try:
        tagged = osmium.FileProcessor(str(path), osmium.osm.WAY).with_filter(osmium.filter.KeyFilter(*KEYS))
        for way in tagged:
            _read_way(way, ways)
    except RuntimeError as error:
        raise SourceError(
            f"it cannot be read as OpenStreetMap: {str(error).replace(str(path), path.name).rstrip('.')}."
        ) from None
    ways.walked.sort()
    return ways


def _read_way(way: Any, ways: Ways) -> None:
    tags = {tag.k: tag.v for tag in way.tags}
    reason = why_not_walked(tags)
    if reason == NOT_TAGGED:
        return
    if reason is not None:
        ways.left_out[reason] += 1
        return
    ways.one_way += one_way_for_walkers(tags)
    highway = tags.get("highway") or tags.get("man_made") or "platform"
    ways.walked.append(Way(way.id, highway, tags.get("name", ""), tuple(node.ref for node in way.nodes)))


def read_nodes(path: Path, ways: Iterable[Way], crs: int) -> Nodes:
    """Read the nodes of ways from the file they come from, with their places in `crs`.

    Raises `SourceError` as `read_ways` does, and where one lies outside the area in which that CRS is used.
    """
    osmium = _osmium()
    wanted = {node for way in ways for node in way.nodes}
    ids, degrees, stops = [], [], set()
    try:
        for node in osmium.FileProcessor(str(path), osmium.osm.NODE).with_filter(osmium.filter.IdFilter(wanted)):
            if node.location.valid():
                ids.append(node.id)
                degrees.append((node.location.lon, node.location.lat))
            if "barrier" in node.tags and stops_walkers({tag.k: tag.v for tag in node.tags}):
                stops.add(node.id)
    except RuntimeError as error:
        raise SourceError(
            f"it cannot be read as OpenStreetMap: {str(error).replace(str(path), path.name).rstrip('.')}."
        ) from None
    lons, lats = np.array(degrees, dtype=np.float64).reshape(-1, 2).T
    if not in_area_of_use(lons, lats, crs).all():
        raise SourceError(f"it holds paths outside the area where EPSG:{crs} is used; state another CRS.")
    xs, ys = transform(lons, lats, LONLAT, crs)
    return Nodes(dict(zip(ids, zip(xs.tolist(), ys.tolist(), strict=True), strict=True)), stops)


def stretches_of(ways: Iterable[Way], nodes: Nodes) -> Iterator[Stretch]:
    """Cut ways at each junction, at each node that stops walkers, and where nodes are missing from the file."""
    ways = list(ways)
    visits = Counter(node for way in ways for node in _present(way, nodes))
    for way in ways:
        for part in _parts(way, nodes):
            ends = [0, *(n for n in range(1, len(part) - 1) if visits[part[n]] > 1 or part[n] in nodes.stops)]
            for begin, end in pairwise([*ends, len(part) - 1]):
                corners = _corners(part[begin : end + 1], nodes)
                if len(corners) > 1:
                    yield Stretch(way, corners)


def _present(way: Way, nodes: Nodes) -> Iterator[int]:
    """The nodes of a way that the file has, one that is listed twice in a row once."""
    for part in _parts(way, nodes):
        yield from part


def _parts(way: Way, nodes: Nodes) -> Iterator[list[int]]:
    """The runs of nodes that the file has: an extract may lack some of a way across its edge."""
    part: list[int] = []
    for node in way.nodes:
        if node not in nodes.places:
            yield from [part] if len(part) > 1 else []
            part = []
        elif not part or part[-1] != node:
            part.append(node)
    yield from [part] if len(part) > 1 else []


def _corners(part: list[int], nodes: Nodes) -> NDArray[np.float64]:
    """The places of nodes, each once in a row; an end that stops walkers is moved back."""
    corners: NDArray[np.float64] = np.array([nodes.places[node] for node in part])
    corners = corners[np.append(True, (np.diff(corners, axis=0) != 0).any(axis=1))]
    if len(corners) > 1:
        original = corners.copy()
        for end, inner in ((0, 1), (-1, -2)):
            if part[end] in nodes.stops:
                way = original[inner] - original[end]
                corners[end] += way * min(GAP_M / float(np.hypot(*way)), 0.5)
    return corners


def _osmium() -> Any:
    try:
        import osmium
    except ImportError:
        message = "files of OpenStreetMap need pyosmium: pip install 'geo-lookup[network]', and do it again."
        raise SourceError(message) from None
    return osmium
