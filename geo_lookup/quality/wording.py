"""How findings speak: of areas, of square metres, and of many of a kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

import shapely

from geo_lookup.model import Area, Finding

MOST = 25
"""How many findings of one rule are listed one by one."""

MOST_NAMES = 5
"""How many names a sentence lists."""


def square_metres(area_m2: float) -> str:
    """As '12,345 m²', or '3.4 m²' where it is small."""
    return f"{area_m2:,.1f} m²" if area_m2 < 10 else f"{area_m2:,.0f} m²"


def called(area: Area) -> str:
    """An area by its name and id, as "'Kolderbos' (wijk-kolderbos)"."""
    return f"'{area.name}' ({area.id})"


def listed(names: Sequence[str], most: int = MOST_NAMES) -> str:
    """Names in a sentence, as 'A, B and C' or 'A, B and 12 others'."""
    shown = list(names) if len(names) <= most else [*names[: most - 1], f"{len(names) - most + 1} others"]
    return " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1]))) if shown else ""


def not_too_many(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Findings, the first `MOST` of a rule and a level that follow each other; the rest of them as one."""
    for _, group in groupby(findings, key=lambda one: (one.rule, one.level)):
        same = list(group)
        yield from same[:MOST]
        if rest := same[MOST:]:
            shapes = [one.shape for one in rest if one.shape is not None]
            message = f"and {len(rest):,} more like the ones before."
            shape = shapely.GeometryCollection(shapes) if shapes else None
            yield replace(rest[0], message=message, row=None, field=None, shape=shape)
