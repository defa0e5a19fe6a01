"""Walks by brute force: every segment is measured with shapely, every line is cut, and networkx finds the way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

import networkx as nx
import numpy as np
import shapely

MOST_M = 200.0

Place = tuple[float, float]


def doubtful(lines: Sequence[shapely.LineString], place: Place) -> bool:
    """Whether two places that no node joins are equally near, so that rounding may choose either."""
    point = shapely.Point(place)
    nearest = min(line.distance(point) for line in lines)
    found = set()
    for number, line in enumerate(lines):
        before = 0.0
        for ends in pairwise(line.coords):
            segment = shapely.LineString(ends)
            if segment.distance(point) < nearest + 1e-7:
                along = before + segment.project(point)
                node = line.coords[0] if along < 1e-6 else line.coords[-1] if along > line.length - 1e-6 else None
                found.add(node or (number, round(along, 4)))
            before += segment.length
    return len(found) > 1


def walks(
    lines: Sequence[shapely.LineString], offices: Sequence[Place], points: Sequence[Place]
) -> list[dict[int, float] | None]:
    """The metres from each point to every office that can be reached, by position; None where no path is near.

    Lines meet where their ends are the same. Points and offices are put on the lines as nodes of their own.
    """
    segments = [(number, *ends) for number, line in enumerate(lines) for ends in pairwise(line.coords)]
    shapes = shapely.linestrings([ends for _, *ends in segments])
    own = np.array([number for number, *_ in segments])
    before = np.concatenate([np.cumsum([0, *shapely.length(shapes[own == one])])[:-1] for one in range(len(lines))])
    graph = nx.Graph()
    on_line: defaultdict[int, list[tuple[float, object]]] = defaultdict(list)
    straight: dict[object, float] = {}
    named = [(("office", n), place) for n, place in enumerate(offices)]
    named += [(("point", n), place) for n, place in enumerate(points)]
    for name, place in named:
        graph.add_node(name)
        point = shapely.Point(place)
        distances = shapely.distance(shapes, point)
        nearest = int(distances.argmin())
        if distances[nearest] <= MOST_M:
            along = before[nearest] + shapely.line_locate_point(shapes[nearest], point)
            on_line[int(own[nearest])].append((float(along), name))
            straight[name] = float(distances[nearest])
    for number, line in enumerate(lines):
        ends = [(0.0, line.coords[0]), *sorted(on_line[number], key=lambda one: one[0]), (line.length, line.coords[-1])]
        for (begin, one), (end, other) in pairwise(ends):
            known = graph.get_edge_data(one, other, {"weight": np.inf})["weight"]
            graph.add_edge(one, other, weight=min(known, max(end - begin, 0.0)))
    found: list[dict[int, float] | None] = [{} if ("point", n) in straight else None for n in range(len(points))]
    for number in range(len(offices)):
        office = ("office", number)
        if office in straight:
            for name, metres in nx.single_source_dijkstra_path_length(graph, office).items():
                if name[0] == "point":
                    walked = found[name[1]]
                    assert walked is not None
                    walked[number] = straight[office] + metres + straight[name]
    return found
