"""A comparison to keep and to pass on: as text, as one HTML file with a map, and the moved parts as a layer."""

from __future__ import annotations

from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import jinja2
import markupsafe

from geo_lookup.answer import Reference
from geo_lookup.bulk.targets import replacing
from geo_lookup.comparison.comparison import Comparison
from geo_lookup.comparison.layers import Move
from geo_lookup.errors import RequestError
from geo_lookup.model import AreaKind
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
    """Write the moved parts of all kinds of area as a GeoPackage, in the metric CRS of the edition after.

    Its columns are `kind`, `reason`, the ids and names of the areas `from` and `to`, `hectares`, and the managers
    before and after. It is there whole or not at all. Raises `RequestError` for a name that does not end in .gpkg, and
    `OSError` where it cannot be written.
    """
    import geopandas

    if path.suffix.lower() != ".gpkg":
        raise RequestError("the moved parts are written as a GeoPackage; let the name of the file end in .gpkg.")
    parts = list(chain.from_iterable(((layer.kind, move) for move in layer.moves) for layer in c.layers))
    columns = [_columns(kind, move) for kind, move in parts]
    frame = geopandas.GeoDataFrame(
        {name: [row[number] for row in columns] for number, name in enumerate(COLUMNS)},
        geometry=[move.geometry for _, move in parts],
        crs=c.crs,
    ).astype({name: "float64" if name == "hectares" else "str" for name in COLUMNS})
    with replacing(path) as draft:
        frame.to_file(draft, driver="GPKG", layer=LAYER, geometry_type="MultiPolygon")


COLUMNS = (
    "kind", "reason", "from_id", "from_name", "to_id", "to_name", "hectares",
    "manager_before_id", "manager_before", "manager_after_id", "manager_after",
)  # fmt: skip


def _columns(kind: AreaKind, move: Move) -> tuple[object, ...]:
    return (
        kind.value,
        move.reason,
        *_id_and_name(move.before),
        *_id_and_name(move.after),
        move.hectares,
        *_id_and_name(move.manager_before),
        *_id_and_name(move.manager_after),
    )


def _id_and_name(one: Reference | None) -> tuple[str | None, str | None]:
    return (None, None) if one is None else (one.id, one.name)


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
