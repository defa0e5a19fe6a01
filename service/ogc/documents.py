"""What the resources say of themselves: the landing page, conformance, collections, queryables, pages of features.

Each is written once, as JSON. A page for people shows the same (`html`), with links of its own.
"""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

import shapely

from geo_lookup import Finder
from geo_lookup.crs import LONLAT
from geo_lookup.geojson import feature_collection
from geo_lookup.manifest import Manifest
from service.ogc.collections import COLLECTIONS, Collection
from service.ogc.crs_references import CRS84, CrsReference, references
from service.ogc.downloads import FORMATS
from service.ogc.geojson_features import features_of
from service.ogc.layers import Layer, layer_of
from service.ogc.links import GEOJSON, HTML, JSON, OPENAPI, QUERYABLES, SCHEMA, Place, link, own_links

Document = dict[str, Any]

CONFORMANCE = tuple(
    f"http://www.opengis.net/spec/ogcapi-features-{part}/conf/{name}"
    for part, name in (
        ("1/1.0", "core"), ("1/1.0", "geojson"), ("1/1.0", "html"), ("1/1.0", "oas30"), ("2/1.0", "crs"),
        ("3/1.0", "queryables"), ("3/1.0", "queryables-query-parameters"),
    )
)  # fmt: skip
"""The classes of requirements that are met; CONFORMANCE.md names the test of each."""

DEMO = "Demo: the boundaries are drawn, the people and the offices are invented; call nobody."


def landing(finder: Finder, place: Place, html: bool) -> Document:
    """Where everything begins."""
    about = finder.edition.manifest
    return {
        "title": f"Neighbourhood managers of {about.city}",
        "description": _described(about, f"{about.title}: areas, who answers for them, and their offices."),
        "attribution": about.attribution,
        "links": [
            *own_links(place, JSON, html=html),
            link("service-desc", place.beside("api").url(f="json"), OPENAPI, "The API, as OpenAPI 3.0"),
            link("service-doc", place.beside("api").url(f="html"), HTML, "The API, for people"),
            *_both("conformance", place.beside("conformance"), JSON, "What this conforms to"),
            *_both("data", place.beside("collections"), JSON, "The collections"),
            license_link(place, about),
        ],
    }


def conformance(place: Place, html: bool) -> Document:
    """The classes of requirements that are met."""
    return {"links": own_links(place, JSON, html=html), "conformsTo": list(CONFORMANCE)}


def collections(finder: Finder, place: Place, html: bool) -> Document:
    """The list of collections."""
    about = finder.edition.manifest
    return {
        "description": _described(about, f"{about.title}."),
        "attribution": about.attribution,
        "links": [*own_links(place, JSON, html=html), license_link(place, about)],
        "crs": list(references(finder.edition)),
        "collections": [
            collection(one, finder, place.beside("collections", one.id), html) for one in COLLECTIONS.values()
        ],
    }


def collection(one: Collection, finder: Finder, place: Place, html: bool) -> Document:
    """One collection, as it is on the finder's day."""
    edition = finder.edition
    about = edition.manifest
    layer = layer_of(edition, one, finder.day())
    items = place.beside("collections", one.id, "items")
    queryables_place = place.beside("collections", one.id, "queryables")
    return {
        "id": one.id,
        "title": f"{one.title} of {about.city}",
        "description": _described(about, one.description),
        "attribution": about.attribution,
        "itemType": "feature",
        "extent": {
            "spatial": {"bbox": [_bounds(layer, finder)], "crs": CRS84.uri},
            "temporal": {"interval": [[_first_moment(finder), None]]},
        },
        "crs": list(references(edition)),
        "storageCrs": layer.storage.uri,
        "links": [
            *own_links(place, JSON, html=html),
            *_both("items", items, GEOJSON, "The features"),
            *_both(QUERYABLES, queryables_place, SCHEMA, "The properties to filter by"),
            *(
                link("enclosure", place.beside("downloads", f"{one.id}.{ending}").url(), form.media_type, form.title)
                for ending, form in FORMATS.items()
            ),
            license_link(place, about),
        ],
    }


def queryables(one: Collection, place: Place, _: bool) -> Document:
    """The properties that features can be filtered by, as JSON Schema."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": Place(place.base, place.path).url(),
        "type": "object",
        "title": one.title,
        "properties": {
            "geometry": {"x-ogc-role": "primary-geometry", "format": f"geometry-{one.geometry}"},
            **{
                each.name: {"title": each.title, "type": "boolean" if each.type == "boolean" else "string"}
                | ({"x-ogc-role": "id"} if each.name == "id" else {})
                for each in one.properties
            },
        },
        "additionalProperties": False,
    }


def features(layer: Layer, limit: int, offset: int, crs: CrsReference, place: Place, html: bool) -> Document:
    """One page of features, with links to the ones before and after it."""
    matched = len(layer.attributes)
    page = layer.part(offset, limit)
    own = own_links(place, GEOJSON, html=html)
    kind = HTML if html else GEOJSON
    if offset + limit < matched:
        own.append(link("next", place.url(offset=offset + limit, limit=limit), kind, "The next page"))
    if offset > 0:
        own.append(link("prev", place.url(offset=max(offset - limit, 0) or None, limit=limit), kind, "The page before"))
    return feature_collection(features_of(page, crs)) | {
        "links": own,
        "numberMatched": matched,
        "numberReturned": len(page.attributes),
    }


def feature(one: Collection, layer: Layer, crs: CrsReference, place: Place, html: bool) -> Document:
    """The one feature of a layer, with its links."""
    (found,) = features_of(layer, crs)
    of = place.beside("collections", one.id)
    return found | {"links": [*own_links(place, GEOJSON, html=html), *_both("collection", of, JSON, one.title)]}


def license_link(place: Place, about: Manifest) -> Document:
    """The licence of an edition: its address where it is one, or else where it stands on the landing page."""
    known = about.licence.startswith(("https://", "http://"))
    href = about.licence if known else f"{place.beside().url(f='html')}#licence"
    return link("license", href, HTML, about.licence)


def _both(rel: str, place: Place, media_type: str, title: str) -> list[dict[str, str]]:
    """A resource in its two forms."""
    return [
        link(rel, place.url(f="json"), media_type, title),
        link(rel, place.url(f="html"), HTML, f"{title}, as a page"),
    ]


def _described(about: Manifest, description: str) -> str:
    return f"{description} {DEMO}" if about.demo else description


def _bounds(layer: Layer, finder: Finder) -> list[float]:
    """West, south, east, north of the features in degrees; of the city where there are none."""
    if not len(layer.shapes):
        return [float(side) for side in finder.edition.territory.box]
    bounds = shapely.total_bounds(layer.shapes_in(LONLAT))  # rounded they are those of the rounded shapes
    return [float(side) for side in bounds.round(CRS84.decimals)]


def _first_moment(finder: Finder) -> str:
    """The moment from which on the first edition holds."""
    first = finder.editions[0].manifest
    begins = datetime.combine(first.valid_from, time(), first.zone).astimezone(UTC)
    return begins.isoformat().replace("+00:00", "Z")
