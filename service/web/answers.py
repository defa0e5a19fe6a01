"""An answer as HTML: the one way from a question to what a person reads, on the page, at the desk and in the widget."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, NamedTuple

from fastapi.exceptions import RequestValidationError
from markupsafe import Markup

from geo_lookup import Answer, CoordinateError, DateError, Finder, RequestError
from geo_lookup.languages import LANGUAGES, translations
from service.questions import answer_question, read_question
from service.settings import BaseMap
from service.web.answer_view import heading, offices_of, question
from service.web.rendering import LOCALE, render_html, render_text


class Setting(NamedTuple):
    """Where an answer is shown: the path before every link, the language, and the map that lies under others."""

    root: str
    language: str
    base_map: BaseMap


class Told(NamedTuple):
    """What a person reads, its status, and the title of a page that holds it."""

    html: Markup
    status: HTTPStatus
    title: str


def language_of(code: object) -> str:
    """The language that is asked for, or the usual one where it is none of ours."""
    return code if isinstance(code, str) and code in LANGUAGES else next(iter(LANGUAGES))


def tell(finder: Finder, asked: Mapping[str, Any], setting: Setting) -> Told:
    """Answer the fields of a question in words; where they make none, say what is wrong with them."""
    try:
        answer = answer_question(finder, read_question({**asked, "lang": setting.language}))
    except (RequestError, RequestValidationError) as error:
        return tell_trouble(_trouble(finder, asked, error), finder, setting)
    return _tell_answer(finder, answer, asked, setting)


def tell_trouble(trouble: str, finder: Finder | None, setting: Setting) -> Told:
    """Say what is wrong, or that the service is down."""
    site = finder.edition.manifest if finder else None
    html = render_html("trouble.html", setting.language, trouble=trouble, site=site)
    down = trouble == "unreachable"
    status = HTTPStatus.SERVICE_UNAVAILABLE if down else HTTPStatus.UNPROCESSABLE_ENTITY
    gettext = translations(LOCALE, setting.language).gettext
    return Told(html, status, gettext("The service cannot be reached") if down else gettext("Not understood"))


def _trouble(finder: Finder, asked: Mapping[str, Any], error: Exception) -> str:
    if isinstance(error, CoordinateError) or (isinstance(error, RequestValidationError) and "q" not in asked):
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
    names = {
        "answer": answer,
        "heading": heading(answer, edition.manifest.manager_role, gettext),
        "question": question(answer, gettext),
        "offices": offices_of(answer, edition, now),
        "spoken": managers[answer.managers[0].id].languages if in_charge else (),
        "site": edition.manifest,
        "today": now.astimezone(edition.manifest.zone).date(),
        "asked": {"on": asked.get("on")},
        "root": setting.root,
        "base_map": setting.base_map,
    }
    plain = render_text("answer.txt", setting.language, **names)
    html = render_html("answer.html", setting.language, plain=plain, **names)
    return Told(html, HTTPStatus.OK, answer.address.label if answer.address else str(names["heading"]))
