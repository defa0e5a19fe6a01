"""A collection on a day: the edition that is in force then, and who is in charge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import shapely
from numpy.typing import NDArray

from geo_lookup import DateError, Finder
from geo_lookup.attributes import Attributes, area_attributes, office_attributes
from geo_lookup.crs import LONLAT
from geo_lookup.edition import Edition
from geo_lookup.geojson import in_crs
from service.ogc.collections import Collection
from service.ogc.crs_references import CrsReference, storage_reference
from service.ogc.parameters import Box


@dataclass(frozen=True)
class Layer:
    """The features of a collection: areas ordered by id, offices in the order of their table.

    `shapes` holds their geometries in the EPSG code `crs`, one for each of `attributes`: points for offices, and for
    areas multipolygons, also where they have one part.
    """

    attributes: tuple[Attributes, ...]
    shapes: NDArray[np.object_]
    crs: int
    _turned: dict[int, NDArray[np.object_]] = field(default_factory=dict, compare=False, repr=False)

    def shapes_in(self, epsg: int) -> NDArray[np.object_]:
        """The shapes in another CRS; kept, so that the next one who asks has them at once."""
        if epsg not in self._turned:
            self._turned[epsg] = in_crs(self.shapes, self.crs, epsg)
        return self._turned[epsg]

    @property
    def storage(self) -> CrsReference:
        """The CRS of the shapes."""
        return storage_reference(self.crs)

    def part(self, offset: int, limit: int) -> Layer:
        """At most `limit` features from a position on."""
        return self.taking(np.arange(len(self.attributes))[offset : offset + limit])

    def taking(self, positions: NDArray[np.intp]) -> Layer:
        """The features at some positions, in this order."""
        return Layer(tuple(self.attributes[at] for at in positions), self.shapes[positions], self.crs)

    def matching(self, wanted: Mapping[str, str | bool], lists: frozenset[str], box: Box | None) -> Layer:
        """The features that have these values, and whose shapes share at least a point with a box.

        One of the `lists` has a value where that is one of its texts. A box is compared in its own CRS.
        """
        if not wanted and box is None:
            return self
        kept = np.array([_has(one, wanted, lists) for one in self.attributes], dtype=bool)
        if box is not None:
            turned = self.shapes_in(box.epsg)
            kept &= np.any([shapely.intersects(turned, part) for part in box.parts], axis=0)
        return self.taking(np.flatnonzero(kept))


def edition_of(finder: Finder, on: date) -> Edition | None:
    """The edition in force on a day; None before the first one."""
    try:
        return finder.edition_on(on)
    except DateError:
        return None


def layer_of(edition: Edition | None, collection: Collection, on: date) -> Layer:
    """The features of a collection on a day; none where there is no edition. Those asked for lately are kept."""
    if edition is None:
        return _draw(None, collection, on)
    kept = _kept.setdefault(edition, {})
    layer = kept.get((collection.id, on))
    if layer is None:
        if len(kept) >= MOST_LAYERS:
            kept.clear()
        layer = kept[collection.id, on] = _draw(edition, collection, on)
    return layer


_kept: WeakKeyDictionary[Edition, dict[tuple[str, date], Layer]] = WeakKeyDictionary()
"""Layers of the editions that are in memory: clients ask for them page by page, and box by box."""

MOST_LAYERS = 12


def _draw(edition: Edition | None, collection: Collection, on: date) -> Layer:
    rows: list[tuple[Attributes, Any]] = []
    if edition is not None and collection.kind is None:
        rows = [(office_attributes(edition, one), shapely.Point(one.lon, one.lat)) for one in edition.offices.offices]
    elif edition is not None and collection.kind is not None:
        rows = [(told, _in_parts(area.geometry)) for area, told in area_attributes(edition, collection.kind, on)]
    shapes = np.empty(len(rows), dtype=object)
    shapes[:] = [shape for _, shape in rows]
    kept_in = LONLAT if edition is None or collection.kind is None else edition.manifest.metric_crs
    return Layer(tuple(attributes for attributes, _ in rows), shapes, kept_in)


def _in_parts(shape: Any) -> shapely.MultiPolygon:
    """A shape as a multipolygon: clients take the type of the first page for that of all."""
    return shapely.MultiPolygon(shapely.get_parts(shape).tolist())


def _has(attributes: Attributes, wanted: Mapping[str, str | bool], lists: frozenset[str]) -> bool:
    for name, value in wanted.items():
        held = attributes[name]
        if held != value and not (name in lists and isinstance(held, str) and value in held.split(";")):
            return False
    return True
