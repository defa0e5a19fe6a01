"""Templates into pages: one environment for each language, with everything escaped that comes from data."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from geo_lookup.languages import LANGUAGES, translations
from service.web import formats

WEB = Path(__file__).parent
LOCALE = WEB / "locale"

FORMATS = (formats.distance, formats.day, formats.short_day, formats.clock, formats.language_names)
"""What a template may write in its language, as filters."""


@cache
def environment(language: str) -> Environment:
    """The templates in a language. A name that is not given is an error, not an empty place."""
    made = Environment(
        loader=FileSystemLoader(WEB / "templates"),
        autoescape=select_autoescape(["html"], default=False),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.install_gettext_translations(translations(LOCALE, language), newstyle=True)  # type: ignore[attr-defined]
    made.filters.update({form.__name__: partial(form, language=language) for form in FORMATS})
    made.filters.update(phone_link=formats.phone_link, mail_link=formats.mail_link, query=query)
    made.globals.update(language=language, languages=LANGUAGES)
    return made


def query(fields: Mapping[str, str | None]) -> str:
    """Fields as the query of a link, without those that are empty."""
    return urlencode({name: value for name, value in fields.items() if value})


def render_html(template: str, language: str, **names: Any) -> Markup:
    """A template of HTML in a language; whatever it is given is escaped."""
    return Markup(render_text(template, language, **names))  # noqa: S704 - the environment escapes


def render_text(template: str, language: str, **names: Any) -> str:
    """A template in a language; in one that is no HTML nothing is escaped."""
    return environment(language).get_template(template).render(**names)
