"""A comparison to keep and to pass on: as text, as one HTML file with a map, and the moved parts as a layer."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import jinja2
import markupsafe

from geo_lookup.bulk.targets import replacing
from geo_lookup.comparison.comparison import Comparison
from geo_lookup.comparison.layers import Move
from geo_lookup.errors import RequestError
from geo_lookup.reports.comparison_headlines import headlines, hectares, percent
from geo_lookup.reports.comparison_text import comparison_text, sections
from geo_lookup.reports.map import Mark, svg_map

__all__ = ["comparison_html", "comparison_text", "write_moved_parts"]

MOST_PARTS = 300
"""How many moved parts the page shows, the largest first: a page of thousands is read by nobody."""

MOST_LINES = 200

LAYER = "moved_parts"
"""The layer that is written."""


class Row(NamedTuple):
    """A moved part as the page tells it; `id` is that of its mark on the map."""

    id: str
    before: str
    after: str
    size: str
    share: str
    reason: str
    managers: str


def comparison_html(c: Comparison) -> str:
    """Tell what differs as one HTML file with a map of the moved parts, which asks for nothing from elsewhere."""
    moves = sorted(c.neighbourhoods.moves, key=lambda move: -move.hectares)
    shown = moves[:MOST_PARTS]
    rows = [_row(number, move) for number, move in enumerate(shown)]
    marks = [
        Mark(row.id, f"{row.size}: {row.before} → {row.after}", move.geometry, move.reason)
        for row, move in zip(rows, shown, strict=True)
    ]
    page: str = _template().render(
        c=c,
        headlines=headlines(c),
        sections=list(sections(c)),
        rows=rows,
        left_out=len(moves) - len(shown),
        most=MOST_LINES,
        map=markupsafe.Markup(svg_map(c.map_areas, marks)),  # noqa: S704 - svg_map escapes what it is given
    )
    return page


def write_moved_parts(c: Comparison, path: Path) -> None:
    """Write the moved parts (`Comparison.moved_parts`) as a GeoPackage, in the metric CRS of the edition after.

    It is there whole or not at all. Raises `RequestError` for a name that does not end in .gpkg, and
    `OSError` where it cannot be written.
    """
    if path.suffix.lower() != ".gpkg":
        raise RequestError("the moved parts are written as a GeoPackage; let the name of the file end in .gpkg.")
    with replacing(path) as draft:
        c.moved_parts().to_file(draft, driver="GPKG", layer=LAYER, geometry_type="MultiPolygon")


def _row(number: int, move: Move) -> Row:
    before, after = (area.name if area else "none" for area in (move.before, move.after))
    old, new = (manager.name if manager else "vacant" for manager in (move.manager_before, move.manager_after))
    managers = old if old == new else f"{old} → {new}"
    if move.before is None or move.after is None:
        managers = new if move.after else old
    size, share = hectares(move.hectares), percent(move.share_of_before)
    return Row(f"part-{number + 1}", before, after, size, share, move.reason, managers)


@lru_cache(maxsize=1)
def _template() -> jinja2.Template:
    source = Path(__file__).with_name("comparison.html").read_text(encoding="utf-8")
    return jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined).from_string(source)
