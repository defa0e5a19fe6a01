"""A page around what it shows: its language, its links, its headers."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.responses import HTMLResponse

from geo_lookup import EditionError, Finder
from geo_lookup.manifest import Manifest
from service.dependencies import finder_of
from service.web.answers import Setting, language_of, tell
from service.web.rendering import render_html


def page(
    request: Request, template: str, path: str, finder: Finder | None, status: int = HTTPStatus.OK, **names: Any
) -> Response:
    """A page from its template; `path` is where it stands, `finder` None while the service is down."""
    setting = setting_of(request)
    language = setting.language
    site = finder.edition.manifest if finder else None

    def language_query(code: str) -> str:
        return urlencode([*((name, value) for name, value in request.query_params.items() if name != "lang"),
                          ("lang", code)])  # fmt: skip

    html = render_html(
        template, language,
        root=setting.root,
        path=path,
        site=site,
        public_url=request.app.state.settings.public_url,
        base_map=setting.base_map,
        language_query=language_query,
        **({"about": about(site, language) if site else None} | names),
    )  # fmt: skip
    return html_response(html, language, status)


def html_response(html: str, language: str, status: int) -> Response:
    """HTML, which caches ask for again each time: an answer tells where somebody is."""
    caching = "private, no-cache" if status == HTTPStatus.OK else "no-store"
    headers = {"Content-Language": language, "Cache-Control": caching, "Vary": "Accept"}
    return HTMLResponse(html, status_code=status, headers=headers)


def setting_of(request: Request, language: object = None) -> Setting:
    """Where and how a request is answered; the language is the one that is given, or else that of its URL."""
    code = language_of(request.query_params.get("lang") if language is None else language)
    return Setting(root_of(request), code, request.app.state.settings.tiles())


def answer_html(request: Request, fields: Mapping[str, Any], finder: Finder) -> Response:
    """The answer to posted fields as a piece of HTML, for the pages' own scripts."""
    setting = setting_of(request, fields.get("lang", ""))
    told = tell(finder, {name: value for name, value in fields.items() if name != "lang"}, setting)
    return html_response(told.html, setting.language, told.status)


def live(request: Request) -> Finder | None:
    """The finder of the live edition, None while there is none."""
    try:
        return finder_of(request)
    except EditionError:
        return None


def root_of(request: Request) -> str:
    """The path under which the service is mounted, '' at the top of a host."""
    return str(request.scope.get("root_path", "")).rstrip("/")


def about(site: Manifest, language: str) -> dict[str, Any] | None:
    """What the edition says of the job, in the language or the nearest one it has."""
    spoken = next((one for one in (language, *site.languages, *site.about) if one in site.about), None)
    if spoken is None:
        return None
    return {"language": spoken, "paragraphs": [part for part in site.about[spoken].split("\n\n") if part.strip()]}
