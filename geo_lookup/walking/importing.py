"""A network of paths out of a file of OpenStreetMap: a layer of lines, which a GIS shows and mends, and a report.

One line a stretch, from junction to junction, ordered by way and along it: `osm_id`, `highway`, `name`, `length_m`, and
`component`, 0 for what hangs together with the greatest length, 1 for the next.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely

from geo_lookup.errors import SourceError
from geo_lookup.geopackage import write_layer
from geo_lookup.walking.network import LARGEST, Metres, Network, Paths
from geo_lookup.walking.osm import Stretch, read_nodes, read_ways, stretches_of

LAYER = "paths"
SUFFIX = ".gpkg"

MOST_LISTED = 12
"""How many reasons and how many components a report lists one by one."""

Step = Callable[[str], None]
"""Is told what is done now."""


@dataclass(frozen=True, slots=True)
class NetworkReport:
    """What came of an import: ways read, those left out by reason, barriers, stretches, and metres by component."""

    ways: int
    left_out: tuple[tuple[str, int], ...]
    one_way: int
    barriers: int
    missing_nodes: int
    stretches: int
    component_m: tuple[float, ...]

    def lines(self) -> Iterator[str]:
        """The report as lines of text."""
        left_out, whole = sum(count for _, count in self.left_out), sum(self.component_m)
        yield f"ways walked {self.ways:,}, left out {left_out:,}"
        for reason, count in self.left_out[:MOST_LISTED]:
            yield f"  {count:,} with {reason}"
        rest = self.left_out[MOST_LISTED:]
        if rest:
            yield f"  {sum(count for _, count in rest):,} for {len(rest):,} other reasons"
        if self.one_way:
            yield f"one-way on foot, taken both ways: {self.one_way:,}"
        if self.barriers:
            yield f"barriers that stop walkers, where ways are cut: {self.barriers:,}"
        if self.missing_nodes:
            yield f"nodes that the file lacks, where ways are cut: {self.missing_nodes:,}"
        yield f"stretches {self.stretches:,}, {whole / 1000:,.1f} km in {len(self.component_m):,} components"
        yield f"  the largest {self.component_m[LARGEST] / 1000:,.1f} km, {self.component_m[LARGEST] / whole:.1%}"
        for metres in self.component_m[1:MOST_LISTED]:
            yield f"  apart from it {metres / 1000:,.2f} km, {metres / whole:.2%}"
        if rest_m := self.component_m[MOST_LISTED:]:
            yield f"  and {len(rest_m):,} smaller ones, {sum(rest_m) / 1000:,.2f} km"


def import_network(source: Path, target: Path, crs: int, step: Step = lambda _: None) -> NetworkReport:
    """Write the network of a file of OpenStreetMap as a GeoPackage in `crs`, which must be in metres.

    Raises `SourceError` where the source cannot be read or holds no path, and `OSError` where the target cannot be
    written; the target is there when all of it is written, or stays what it was.
    """
    if target.suffix.lower() != SUFFIX:
        raise SourceError(f"a network is written as a GeoPackage; name it *{SUFFIX}.")
    step("reading the ways")
    ways = read_ways(source)
    step("reading their nodes")
    nodes = read_nodes(source, ways.walked, crs)
    stretches = list(stretches_of(ways.walked, nodes))
    if not stretches:
        raise SourceError("it holds no way that people may walk.")
    step("putting the network together")
    network = Network(_paths(stretches))
    components = network.components
    step("writing it")
    _write(stretches, network.stretches.length, components.tolist(), target, crs)
    wanted = {node for way in ways.walked for node in way.nodes}
    return NetworkReport(
        ways=len(ways.walked),
        left_out=tuple(ways.left_out.most_common()),
        one_way=ways.one_way,
        barriers=len(nodes.stops),
        missing_nodes=len(wanted - nodes.places.keys()),
        stretches=len(stretches),
        component_m=tuple(network.component_metres.tolist()),
    )


def _paths(stretches: list[Stretch]) -> Paths:
    counts = [len(one.corners) for one in stretches]
    return Paths(np.concatenate([one.corners for one in stretches]), np.repeat(np.arange(len(stretches)), counts))


def _write(stretches: list[Stretch], lengths: Metres, components: list[int], target: Path, crs: int) -> None:
    import geopandas

    frame = geopandas.GeoDataFrame(
        {
            "osm_id": [one.way.id for one in stretches],
            "highway": [one.way.highway for one in stretches],
            "name": [one.way.name or None for one in stretches],
            "length_m": lengths.round(2),
            "component": components,
        },
        geometry=[shapely.linestrings(one.corners) for one in stretches],
        crs=crs,
    )
    if not target.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, "there is no such folder", str(target.parent))
    unfinished = target.with_name(f".{target.stem}.unfinished{SUFFIX}")
    try:
        unfinished.unlink(missing_ok=True)  # of an import that was killed
        write_layer(frame, unfinished, LAYER)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
