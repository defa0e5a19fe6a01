"""Links between the resources: whole ones for programs, such as begin with the service's path on its own pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import quote, urlencode

from fastapi import Request

from service.web.pages import root_of

JSON, HTML = "application/json", "text/html"
GEOJSON = "application/geo+json"
SCHEMA = "application/schema+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
"""The media types of what there is."""

USUAL_PORTS = {"http": 80, "https": 443}

QUERYABLES = "http://www.opengis.net/def/rel/ogc/1.0/queryables"

Query = Iterable[tuple[str, str]]
Link = dict[str, str]


class Place(NamedTuple):
    """Where a resource is: all up to /ogc, its own path from there, and the query that it was asked by."""

    base: str
    path: str = ""
    query: tuple[tuple[str, str], ...] = ()

    def url(self, **changed: object) -> str:
        """Its address, with some of the parameters changed; one that is None is left out."""
        kept = [(name, value) for name, value in self.query if name not in changed]
        query = urlencode([*kept, *((name, value) for name, value in changed.items() if value is not None)])
        return f"{self.base}{self.path}{'?' if query else ''}{query}"

    def beside(self, *steps: str) -> Place:
        """Another resource, by the steps of its path."""
        return Place(self.base, "".join(f"/{quote(step, safe='')}" for step in steps))


def place_of(request: Request, *steps: str, whole: bool) -> Place:
    """Where a resource is that was asked for, by the steps of its path; `whole` says whether with scheme and host.

    These come from the setting `public_url`, or else from the socket that took the request, and never from a header
    that whoever asks could set to have links lead elsewhere. (Whether it is https a proxy on this machine may say.)
    """
    base = public_address(request) if whole else root_of(request)
    return Place(f"{base}/ogc").beside(*steps)._replace(query=tuple(request.query_params.items()))


def public_address(request: Request) -> str:
    """What comes before the path of every page."""
    public_url: str | None = request.app.state.settings.public_url
    if public_url:
        return public_url
    host, port = request.scope.get("server") or ("", None)
    if port is None:  # a socket with a name and no address
        return root_of(request)
    scheme = "https" if request.scope["scheme"] == "https" else "http"
    shown = "" if port == USUAL_PORTS.get(scheme) else f":{port}"
    return f"{scheme}://{f'[{host}]' if ':' in host else host}{shown}{root_of(request)}"


def link(rel: str, href: str, media_type: str, title: str, **more: str) -> Link:
    """A link as OGC writes it."""
    return {"rel": rel, "href": href, "type": media_type, "title": title, **more}


def own_links(place: Place, media_type: str, *, html: bool) -> list[Link]:
    """The links of a resource to itself and to its other form."""
    if html:
        return [
            link("self", place.url(), HTML, "As a page"),
            link("alternate", place.url(f="json"), media_type, "As JSON"),
        ]
    return [link("self", place.url(), media_type, "As JSON"), link("alternate", place.url(f="html"), HTML, "As a page")]
