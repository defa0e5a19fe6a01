"""The resources as pages for people, in English, out of the very documents that programs read."""

from __future__ import annotations

from typing import Any

from fastapi import Request, Response

from geo_lookup import Finder
from service.web.pages import html_response, root_of
from service.web.rendering import render_html

LANGUAGE = "en"


def page(request: Request, template: str, finder: Finder, **names: Any) -> Response:
    """A page from one of the templates of the folder `ogc`."""
    settings = request.app.state.settings
    html = render_html(
        f"ogc/{template}", LANGUAGE,
        root=root_of(request),
        path=request.url.path,
        site=finder.edition.manifest,
        public_url=None,  # no link to itself in other languages
        base_map=settings.tiles(),
        **names,
    )  # fmt: skip
    return html_response(html, LANGUAGE, 200)
