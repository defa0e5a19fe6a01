"""The pages that people read. Each works whole without JavaScript; a parameter that is not known is left alone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse
from markupsafe import Markup

from geo_lookup import DateError, Finder
from geo_lookup.edition import Edition
from geo_lookup.languages import LANGUAGES, translations
from geo_lookup.model import AreaKind
from geo_lookup.opening_hours import opening_days
from geo_lookup.resolution import resolve
from service.questions import Question
from service.web.answers import Told, tell, tell_trouble
from service.web.district_view import district_view, districts
from service.web.pages import live, page, root_of, setting_of
from service.web.rendering import LOCALE, render_html, render_text

router = APIRouter(include_in_schema=False)

DRAWN_UP = date(2026, 11, 26)
"""When the accessibility statement was made; make it anew when the pages change."""

PLACE = ("q", "lon", "lat", "x", "y", "crs", "address_id")
"""The fields that name a place."""


@router.get("/")
async def search(request: Request) -> Response:
    """The search, and the answer where the URL asks for one."""
    return _search_page(request, "search.html", "/")


@router.get("/desk")
async def desk(request: Request) -> Response:
    """The search for whoever has a caller on the line."""
    return _search_page(request, "desk.html", "/desk")


@router.get("/widget")
async def widget(request: Request) -> Response:
    """The search alone: what a frame shows, and what the custom element is made of."""
    return _search_page(request, "widget.html", "/widget")


@router.get("/overview")
def overview(request: Request) -> Response:
    """Every district on one page."""
    finder = live(request)
    if finder is None:
        return _down(request)
    on, edition = _asked_day(finder, request)
    whole = resolve([edition.manifest.city_id], edition.posts, on)
    names: dict[str, Any] = {
        "single": False,
        "districts": districts(edition, on),
        "city_managers": [one for one in whole.managers if one.role != edition.manifest.manager_role],
        "city_services": edition.services.get(edition.manifest.city_id, ()),
        "city_projects": edition.projects.get(edition.manifest.city_id, ()),
    }
    return page(request, "overview.html", "/overview", finder, on=on, weeks=_weeks(edition), **names)


@router.get("/overview/{district_id:path}")
def district(request: Request, district_id: str) -> Response:
    """One district."""
    finder = live(request)
    if finder is None:
        return _down(request)
    on, edition = _asked_day(finder, request)
    area = edition.areas.get(district_id)
    kind = AreaKind.DISTRICT if edition.areas_of(AreaKind.DISTRICT) else AreaKind.CITY
    if area is None or area.kind is not kind:
        return page(request, "message.html", request.url.path, finder, HTTPStatus.NOT_FOUND, missing=True)
    view = [district_view(edition, area, on)]
    path = f"/overview/{district_id}"
    return page(request, "overview.html", path, finder, single=True, districts=view, on=on, weeks=_weeks(edition))


@router.get("/accessibility")
async def accessibility(request: Request) -> Response:
    """How accessible the pages are (toegankelijkheidsverklaring)."""
    return page(request, "accessibility.html", "/accessibility", live(request), drawn_up=DRAWN_UP)


@router.get("/privacy")
async def privacy(request: Request) -> Response:
    """What is kept of people: nothing."""
    return page(request, "privacy.html", "/privacy", live(request))


@router.get("/widget-example")
async def widget_example(request: Request) -> Response:
    """A page of somebody else that carries the widget twice, to copy from."""
    return page(request, "widget_example.html", "/widget-example", live(request))


@router.get("/widget.js")
async def widget_script() -> Response:
    """The module that defines the custom element, with the one sentence that it says when the service is away."""
    said = {code: translations(LOCALE, code).gettext("The service cannot be reached now") for code in LANGUAGES}
    script = render_text("widget.js.txt", "en", said=said)
    headers = {"Cache-Control": "no-cache"}
    return PlainTextResponse(script, media_type="text/javascript", headers=headers)


@router.get("/docs")
async def docs(request: Request) -> Response:
    """The documentation of the API, without anything from another host."""
    return HTMLResponse(render_html("docs.html", "en", root=root_of(request)))


@router.get("/robots.txt")
async def robots() -> Response:
    """What search engines need not read."""
    return PlainTextResponse("User-agent: *\nDisallow: /v1/\nDisallow: /desk\n")


def _search_page(request: Request, template: str, path: str) -> Response:
    finder = live(request)
    if finder is None:
        return _down(request)
    setting = setting_of(request)._replace(page=path)
    given = request.query_params.multi_items()
    fields = {name: value for name, value in given if name in Question.model_fields or name == "numbers"}
    asked = {name: value for name, value in fields.items() if name != "lang" and (value or name == "q")}
    repeated = [name for name, _ in given if name in asked]
    told = Told(Markup(""), HTTPStatus.OK, "")
    if len(repeated) > len(asked):
        told = tell_trouble("request", finder, setting)
    elif asked.keys() & set(PLACE):
        told = tell(finder, asked, setting)
    edition = finder.edition
    return page(
        request, template, path, finder, told.status,
        asked={"q": " ".join((asked.get("q") or told.label).split()), "on": asked.get("on")},  # a field has one line
        first=finder.editions[0].manifest.valid_from,
        result=told.html,
        answered_title=told.title,
        addresses=edition.addresses is not None,
        example="Stadsplein 1",
        action=path,
        desk=template == "desk.html",
        autofocus=template == "desk.html",
    )  # fmt: skip


def _down(request: Request) -> Response:
    return page(request, "message.html", request.url.path, None, HTTPStatus.SERVICE_UNAVAILABLE, missing=False)


def _asked_day(finder: Finder, request: Request) -> tuple[date, Edition]:
    """The day that the URL names and its edition, or today where it names none that can be answered."""
    try:
        day = finder.day(request.query_params.get("on"))
        return day, finder.edition_on(day)
    except DateError:
        return finder.day(), finder.edition


def _weeks(edition: Edition) -> dict[str, Any]:
    today = datetime.now(UTC).astimezone(edition.manifest.zone).date()
    timetables = edition.timetables
    return {
        office.id: opening_days(timetables[office.id], today) if office.id in timetables else None
        for office in edition.offices.offices
    }
