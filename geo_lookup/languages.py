"""The languages that people are spoken to in, and what is said in each.

English stands in the code. What the others say stands in catalogues in gettext's format, `locale/nl.po` and so on,
beside the code that speaks; they are read as they are, so nothing has to be compiled.
"""

from __future__ import annotations

from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from geo_lookup.errors import RequestError

LANGUAGES = {"nl": "Nederlands", "fr": "Français", "en": "English", "tr": "Türkçe", "it": "Italiano"}
"""The languages by their codes, each with what it calls itself, the usual one first."""

SOURCE = "en"
"""The language that the code is written in, which needs no catalogue."""


def check_language(language: object) -> str:
    """Return the language if people are spoken to in it; raises `RequestError`."""
    if not isinstance(language, str) or language not in LANGUAGES:
        raise RequestError(f"lang must be one of {', '.join(LANGUAGES)}.")
    return language


def to_translate(text: str) -> str:
    """Mark a text for the catalogues where it stands, to be translated where it is said."""
    return text


@cache
def translations(folder: Path, language: str) -> NullTranslations:
    """What is said in a language, by the English for it, from the catalogue `<language>.po` of a folder."""
    if language == SOURCE:
        return NullTranslations()
    from babel.messages.mofile import write_mo  # a tenth of a second, for those alone whom somebody listens to
    from babel.messages.pofile import read_po

    with (folder / f"{language}.po").open("rb") as file:
        catalogue = read_po(file, locale=language, abort_invalid=True)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)
