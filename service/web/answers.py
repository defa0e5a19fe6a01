"""An answer as HTML: the one way from a question to what a person reads, on the page, at the desk and in the widget."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, NamedTuple

from fastapi.exceptions import RequestValidationError
from markupsafe import Markup

from geo_lookup import Answer, CoordinateError, DateError, Finder, Outcome, RequestError
from geo_lookup.languages import LANGUAGES, translations
from service.questions import answer_question, read_question
from service.settings import BaseMap
from service.web.answer_view import doubts_of, heading, offices_of, question
from service.web.rendering import LOCALE, render_html, render_text


class Setting(NamedTuple):
    """Where an answer is shown: the path before every link, the language, the map that lies under others, the page."""

    root: str
    language: str
    base_map: BaseMap
    page: str = "/"


class Told(NamedTuple):
    """What a person reads, its status, the title of a page that holds it, and the address that was understood."""

    html: Markup
    status: HTTPStatus
    title: str
    label: str = ""


def language_of(code: object) -> str:
    """The language that is asked for, or the usual one where it is none of ours."""
    primary = code.strip().lower().partition("-")[0] if isinstance(code, str) else ""
    return primary if primary in LANGUAGES else next(iter(LANGUAGES))


def tell(finder: Finder, asked: Mapping[str, Any], setting: Setting) -> Told:
    """Answer the fields of a question in words; where they make none, say what is wrong with them.

    `numbers` beside the fields are those of the part of a street that was chosen, of which the id is the first.
    """
    fields = {name: value for name, value in asked.items() if name != "numbers"}
    try:
        answer = answer_question(finder, read_question({**fields, "lang": setting.language}))
    except (RequestError, RequestValidationError) as error:
        return tell_trouble(_trouble(finder, fields, error), finder, setting)
    return _tell_answer(finder, answer, asked, setting)


def tell_trouble(trouble: str, finder: Finder | None, setting: Setting) -> Told:
    """Say what is wrong, or that the service is down."""
    site = finder.edition.manifest if finder else None
    first = finder.editions[0].manifest.valid_from if finder else None
    html = render_html("trouble.html", setting.language, trouble=trouble, site=site, first=first)
    down = trouble == "unreachable"
    status = HTTPStatus.SERVICE_UNAVAILABLE if down else HTTPStatus.UNPROCESSABLE_ENTITY
    gettext = translations(LOCALE, setting.language).gettext
    return Told(html, status, gettext("The service cannot be reached") if down else gettext("Not understood"))


def _trouble(finder: Finder, asked: Mapping[str, Any], error: Exception) -> str:
    if isinstance(error, CoordinateError) or asked.keys() & {"lon", "lat", "x", "y", "crs"}:
        return "coordinates"
    if isinstance(error, DateError):
        return "date"
    if not str(asked.get("q", "x")).strip():
        return "empty"
    return "no-addresses" if finder.edition.addresses is None else "request"


def _tell_answer(finder: Finder, answer: Answer, asked: Mapping[str, Any], setting: Setting) -> Told:
    edition, now = finder.edition_on(answer.on), datetime.now(UTC)
    gettext = translations(LOCALE, setting.language).gettext
    managers = edition.posts.managers
    in_charge = answer.managers and answer.contact and answer.contact.reason == "manager"
    doubts = doubts_of(answer, edition)
    headline = heading(answer, edition.manifest.manager_role, gettext)
    known = answer.address is not None and answer.outcome is not Outcome.OUTSIDE
    names = {
        "answer": answer,
        "heading": headline,
        "title": answer.address.label if answer.address and known else headline,
        "label": answer.address.label if answer.address and answer.point else "",
        "doubts": doubts,
        "question": question(answer, doubts, asked.get("q"), gettext),
        "offices": offices_of(answer, edition, now),
        "spoken": managers[answer.managers[0].id].languages if in_charge else (),
        "site": edition.manifest,
        "today": now.astimezone(edition.manifest.zone).date(),
        "asked": {"on": asked.get("on"), "numbers": _numbers(asked.get("numbers"))},
        "root": setting.root,
        "page": setting.page,
        "base_map": setting.base_map,
    }
    plain = render_text("answer.txt", setting.language, **names)
    html = render_html("answer.html", setting.language, plain=plain, **names)
    return Told(html, HTTPStatus.OK, str(names["title"]), str(names["label"]))


def _numbers(text: object) -> str | None:
    """Ranges of house numbers, such as '1-45, 2-50'; nothing else is shown of what a link may carry."""
    return text if isinstance(text, str) and re.fullmatch(r"[\d, -]{1,200}", text) else None
