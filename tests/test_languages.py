"""Each language says everything, and nothing that nobody asks for any more."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from geo_lookup.languages import LANGUAGES, SOURCE

ROOT = Path(__file__).parent.parent
SPEAKERS = {
    "geo_lookup": [("**.py", "python")],
    "service": [("web/node_modules/**", "ignore"), ("**.py", "python"), ("web/templates/**", "jinja2")],
}
"""What speaks, and where it does: the files, and how each is read."""
FOLDERS = {"geo_lookup": "locale", "service": "web/locale"}
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "to_translate": None, "translate": None}


def said_in_code(speaker: str) -> Catalog:
    catalogue = Catalog()
    options = {"web/templates/**": {"trimmed": "true", "silent": "false"}}
    found = extract_from_dir(ROOT / speaker, SPEAKERS[speaker], options, KEYWORDS)
    for _, _, message, _, context in found:
        catalogue.add(message, context=context)
    return catalogue


def path_of(speaker: str, language: str) -> Path:
    return ROOT / speaker / FOLDERS[speaker] / f"{language}.po"


def said_in(speaker: str, language: str) -> Catalog:
    with path_of(speaker, language).open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def texts(message: object) -> list[str]:
    return [message] if isinstance(message, str) else list(message)  # type: ignore[call-overload]


def placeholders(text: str) -> list[str]:
    return sorted(set(re.findall(r"\{\w+\}|%\(\w+\)s", text)))


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != SOURCE])
@pytest.mark.parametrize("speaker", SPEAKERS)
def test_no_text_is_missing_or_left_over(speaker: str, language: str) -> None:
    in_code = {message.id for message in said_in_code(speaker) if message.id}
    catalogue = said_in(speaker, language)
    translated = {message.id for message in catalogue if message.id}
    assert in_code
    assert in_code - translated == set(), "missing"
    assert translated - in_code == set(), "left over"
    for message in catalogue:
        assert not message.fuzzy, message.id
        assert all(texts(message.string)), message.id


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != SOURCE])
@pytest.mark.parametrize("speaker", SPEAKERS)
def test_a_translation_fills_in_what_the_english_does(speaker: str, language: str) -> None:
    for message in said_in(speaker, language):
        if message.id:
            expected = {tuple(placeholders(text)) for text in texts(message.id)}
            assert {tuple(placeholders(text)) for text in texts(message.string)} == expected, message.id


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != SOURCE])
def test_a_thing_is_called_the_same_with_and_without_its_name(language: str) -> None:
    said = {str(message.id): str(message.string) for message in said_in("service", language) if message.id}
    named = [text.removesuffix(": {name}") for text in said if text.endswith(": {name}")]
    assert {"Site", "Neighbourhood"} <= set(named)
    for thing in (one for one in named if one in said):
        assert said[f"{thing}: {{name}}"].startswith(said[thing]), thing


def test_on_a_page_in_french_no_line_begins_with_a_mark() -> None:
    assert [message.string for message in said_in("service", "fr") if re.search(r" [:;?!»]", str(message.string))] == []
