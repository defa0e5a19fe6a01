"""A map as inline SVG: areas, and marks on them where there is something to see.

It is drawn in the metric CRS with north up, styled by itself (light and dark), and asks for nothing from elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

PAD = 14.0
"""Pixels left free on each side."""

DETAIL = 4.0
"""How many times a reader may enlarge the map before lines look simplified."""

SMALL = 14.0
"""A mark with less than so many pixels on its longer side gets a ring around it."""

RING = 9.0
"""The radius of that ring in pixels."""

FLATTEST = 0.25
"""The least height of a map, as a share of its width."""

TALLEST = 2.0

AREAL = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)

STYLE = """
.geo-map{max-width:100%;height:auto;background:var(--map-ground,#fbfaf7)}
.geo-map path,.geo-map circle{vector-effect:non-scaling-stroke;stroke-linejoin:round}
.geo-map .area{fill:var(--map-area,#e9e6dd);stroke:var(--map-border,#8a8577);stroke-width:.8}
.geo-map .area:hover{fill:var(--map-hover,#dcd7c8)}
.geo-map .mark{stroke:var(--map-mark,#24569b);fill:var(--map-mark,#24569b);stroke-width:2;fill-opacity:.4}
.geo-map .mark .line,.geo-map .mark circle{fill:none}
.geo-map .mark.error{stroke:var(--map-error,#b3160e);fill:var(--map-error,#b3160e)}
.geo-map .mark.warning{stroke:var(--map-warning,#a85a00);fill:var(--map-warning,#a85a00);stroke-dasharray:5 2}
.geo-map .mark:target,.geo-map .mark.chosen{stroke-width:4;fill-opacity:.7}
@media (prefers-color-scheme:dark){.geo-map{background:var(--map-ground,#17191c)}
.geo-map .area{fill:var(--map-area,#2a2d31);stroke:var(--map-border,#80868d)}
.geo-map .area:hover{fill:var(--map-hover,#363a40)}
.geo-map .mark{stroke:var(--map-mark,#8ab4f8);fill:var(--map-mark,#8ab4f8)}
.geo-map .mark.error{stroke:var(--map-error,#ff8a80);fill:var(--map-error,#ff8a80)}
.geo-map .mark.warning{stroke:var(--map-warning,#ffb74d);fill:var(--map-warning,#ffb74d)}}
""".strip()


class Mark(NamedTuple):
    """Something to see on a map: `geometry` in the metric CRS, `level` as the class of its style, such as 'error'.

    `id` is the id of its element, unique on the page, `label` what is read when it is pointed at.
    """

    id: str
    label: str
    geometry: BaseGeometry
    level: str


class _View(NamedTuple):
    """The part of the world that is drawn: its north-western corner in metres, pixels a metre, size in pixels."""

    west: float
    north: float
    scale: float
    width: int
    height: int

    def pixels(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """Where metres are in the picture; y grows downwards."""
        return np.column_stack([(xy[:, 0] - self.west) * self.scale, (self.north - xy[:, 1]) * self.scale])


def svg_map(areas: Sequence[tuple[str, BaseGeometry]], marks: Sequence[Mark], *, width: int = 900) -> str:
    """Draw areas by name, and marks over them, as an SVG element `width` pixels wide.

    Everything is in one metric CRS. Lines are simplified to what can be seen; a mark that would hardly be, gets a
    ring. Each mark is a group with its id, and `data-box` is the part of the viewBox (x, y, width, height) to
    enlarge for it. Empty geometries are left out.
    """
    drawn = [(name, shape) for name, shape in areas if not _is_empty(shape)]
    marked = [mark for mark in marks if not _is_empty(mark.geometry)]
    view = _view([shape for _, shape in drawn] + [mark.geometry for mark in marked], width)
    parts = [
        f'<svg class="geo-map" xmlns="http://www.w3.org/2000/svg" role="img" aria-label="Map" '
        f'viewBox="0 0 {view.width} {view.height}" width="{view.width}" height="{view.height}">',
        f"<style>{STYLE}</style>",
        *(_area(name, shape, view) for name, shape in drawn),
        *(_mark(mark, view) for mark in marked),
        "</svg>",
    ]
    return "\n".join(parts)


def _is_empty(shape: BaseGeometry | None) -> bool:
    return shape is None or shape.is_empty or not np.isfinite(shape.bounds).all()


def _view(shapes: list[BaseGeometry], width: int) -> _View:
    if not shapes:
        return _View(0, 0, 1, width, round(width * FLATTEST))
    west, south, east, north = shapely.total_bounds(shapes).tolist()
    inner = width - 2 * PAD
    scale = min(inner / max(east - west, 1.0), (width * TALLEST - 2 * PAD) / max(north - south, 1.0))
    height = max(width * FLATTEST, (north - south) * scale + 2 * PAD)
    left = west - (width / scale - (east - west)) / 2
    top = north + (height / scale - (north - south)) / 2
    return _View(left, top, scale, width, round(height))


def _area(name: str, shape: BaseGeometry, view: _View) -> str:
    path = _path(shapely.simplify(shape, 0.5 / view.scale / DETAIL), view)
    return f'<path class="area" d="{path}"><title>{text(name)}</title></path>'


def _mark(mark: Mark, view: _View) -> str:
    inner = "".join(_symbols(mark.geometry, view))
    box = " ".join(f"{number:.2f}" for number in _box(mark.geometry, view))
    level = re.sub(r"[^\w-]", "-", mark.level)
    return f'<g id="{text(mark.id)}" class="mark {level}" data-box="{box}"><title>{text(mark.label)}</title>{inner}</g>'


def _symbols(shape: BaseGeometry, view: _View) -> Iterator[str]:
    """The shape as it is, each kind of geometry in its way, and a ring if it is hardly to be seen."""
    west, south, east, north = shape.bounds
    size = max(east - west, north - south)
    for part in _simple_parts(shape):
        if shapely.get_type_id(part) != shapely.GeometryType.POINT:
            kind = "face" if shapely.get_type_id(part) in AREAL else "line"
            fine = shapely.simplify(part, min(0.5 / view.scale / DETAIL, size / 1000))
            yield f'<path class="{kind}" d="{_path(fine, view)}"/>'
        if shapely.get_type_id(part) == shapely.GeometryType.POINT and size * view.scale >= SMALL:
            yield _ring(part, view)
    if size * view.scale < SMALL:
        yield _ring(shapely.point_on_surface(shape), view)


def _simple_parts(shape: BaseGeometry) -> list[BaseGeometry]:
    """The points, lines and polygons that a shape is made of."""
    if shapely.get_type_id(shape) < shapely.GeometryType.MULTIPOINT:
        return [shape]
    return [simple for part in shapely.get_parts(shape) for simple in _simple_parts(part)]


def _ring(point: BaseGeometry, view: _View) -> str:
    ((x, y),) = view.pixels(shapely.get_coordinates(point)).tolist()
    return f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{RING:g}"/>'


def _box(shape: BaseGeometry, view: _View) -> tuple[float, float, float, float]:
    """What to show for a mark: its surroundings, three times as wide, but never so near that nothing else is seen."""
    west, south, east, north = shape.bounds
    ((left, top), (right, bottom)) = view.pixels(np.array([[west, north], [east, south]])).tolist()
    wide = min(max(3 * (right - left), 3 * (bottom - top) * view.width / view.height, 60.0), float(view.width))
    high = wide * view.height / view.width
    return (left + right - wide) / 2, (top + bottom - high) / 2, wide, high


def _path(shape: BaseGeometry, view: _View) -> str:
    """Lines and rings as the `d` of a path."""
    lines = shapely.get_parts(shape)
    if shapely.get_type_id(shape) in AREAL:
        lines = shapely.get_rings(lines)
    corners, line = shapely.get_coordinates(lines, return_index=True)
    pixels = np.round(view.pixels(corners), 2)
    ends = np.searchsorted(line, np.arange(len(lines) + 1))
    close = "Z" if shapely.get_type_id(shape) in AREAL else ""
    return "".join(
        "M" + "L".join(f"{x:g} {y:g}" for x, y in pixels[start:end].tolist()) + close
        for start, end in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True)
    )


def text(value: str) -> str:
    """A text as it may stand in SVG or HTML, in an element or a quoted attribute; control characters are left out."""
    return escape(re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]", "", value), quote=True)
