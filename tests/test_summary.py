# ruff: noqa: E501 - sentences and tables are read along their rows
"""An answer in one sentence, to be read aloud."""

from __future__ import annotations

from pathlib import Path

import pytest

import geo_lookup
from geo_lookup import Finder
from geo_lookup.languages import LANGUAGES
from tests.toy_city import MANIFEST, MIDDLE, TABLES, write_toy_city


@pytest.mark.parametrize(
    ("lang", "words"),
    [("nl", "de wijk Genk-Centrum-Noord"), ("fr", "le quartier"), ("en", "the neighbourhood"),
     ("tr", "mahallesi"), ("it", "quartiere")],
)  # fmt: skip
def test_the_summary_is_one_sentence_in_the_language_asked_for(demo: Finder, lang: str, words: str) -> None:
    summary = demo.find(lon=5.505, lat=50.975, lang=lang).summary
    assert words in summary
    assert "Wijkmanager Genk-Centrum" in summary
    assert "+32 89 00 00 01" in summary
    assert summary.endswith(".")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_summary_says_vacancies_doubts_and_what_lies_elsewhere(toy: Finder, lang: str) -> None:
    def summary(x: float, y: float) -> str:
        return toy.find(x=x, y=y, crs=31370, lang=lang).summary

    assert {"tr": "boş"}.get(lang, "vacant") in summary(229500, 183500)
    assert "B-North" in summary(228990, 183500), "the neighbour is named"
    assert "Site" in summary(MIDDLE[0] + 105, MIDDLE[1] + 50), "a special area begins near by"
    assert "Site" not in summary(MIDDLE[0] + 120, MIDDLE[1] + 50)
    assert summary(MIDDLE[0] - 80, MIDDLE[1] - 80).count(";") == 1, "well inside a special area there is no doubt"
    assert summary(MIDDLE[0] - 95, MIDDLE[1] - 80).count(";") == 2, "near its border there is"
    assert "Toy" in summary(227000, 183500), "outside"


def test_the_sentence_gives_each_border_its_own_distance(toy: Finder) -> None:
    summary = toy.find(x=228986.5, y=182002.5, crs=31370, lang="en").summary
    assert "the city of Toy is within 3 metres" in summary
    assert "the border with B-South is within 14 metres" in summary
    assert "within 1 metre " in toy.find(x=228999.5, y=182500, crs=31370, lang="en").summary


SENTENCES = {
    "assigned": (228500, 183500, {
        "nl": "Hier bent u in de wijk A-North, stadsdeel A; uw wijkmanager is Ann, telefoon +32 89 00 00 01.",
        "fr": "Vous êtes ici dans le quartier A-North, district A; votre gestionnaire de quartier est Ann, "
              "téléphone +32 89 00 00 01.",
        "en": "This is the neighbourhood A-North, district A; your neighbourhood manager is Ann, phone +32 89 00 00 01.",
    }),
    "vacant": (229500, 183500, {
        "nl": "Hier bent u in de wijk B-North, stadsdeel B; de post van wijkmanager is vacant; Ann neemt waar, "
              "telefoon +32 89 00 00 01.",
        "fr": "Vous êtes ici dans le quartier B-North, district B; le poste de gestionnaire de quartier est vacant; "
              "Ann assure l'intérim, téléphone +32 89 00 00 01.",
        "en": "This is the neighbourhood B-North, district B; the post of neighbourhood manager is vacant; "
              "Ann stands in, phone +32 89 00 00 01.",
    }),
    "same": (228300, 183010.5, {
        "nl": "Hier bent u in de wijk A-North, stadsdeel A; uw wijkmanager is Ann, telefoon +32 89 00 00 01; de grens "
              "met A-South ligt binnen 11 meter, maar daar geldt hetzelfde aanspreekpunt.",
        "fr": "Vous êtes ici dans le quartier A-North, district A; votre gestionnaire de quartier est Ann, téléphone "
              "+32 89 00 00 01; la limite avec A-South est à moins de 11 mètres, mais l'interlocuteur y est le même.",
        "en": "This is the neighbourhood A-North, district A; your neighbourhood manager is Ann, phone +32 89 00 00 01; "
              "the border with A-South is within 11 metres, but the contact there is the same.",
    }),
    "other": (228999.5, 182500, {
        "nl": "Hier bent u in de wijk A-South, stadsdeel A; uw wijkmanager is Ann, telefoon +32 89 00 00 01; let op, de "
              "grens met B-South ligt binnen 1 meter en daar geldt een ander aanspreekpunt.",
        "fr": "Vous êtes ici dans le quartier A-South, district A; votre gestionnaire de quartier est Ann, téléphone "
              "+32 89 00 00 01; attention, la limite avec B-South est à moins de 1 mètre et l'interlocuteur y est un "
              "autre.",
        "en": "This is the neighbourhood A-South, district A; your neighbourhood manager is Ann, phone +32 89 00 00 01; "
              "note that the border with B-South is within 1 metre and the contact there is another.",
    }),
    "other post, same contact": (228999.5, 183500, {
        "nl": "Hier bent u in de wijk A-North, stadsdeel A; uw wijkmanager is Ann, telefoon +32 89 00 00 01; de grens "
              "met B-North ligt binnen 1 meter, maar daar geldt hetzelfde aanspreekpunt.",
        "fr": "Vous êtes ici dans le quartier A-North, district A; votre gestionnaire de quartier est Ann, téléphone "
              "+32 89 00 00 01; la limite avec B-North est à moins de 1 mètre, mais l'interlocuteur y est le même.",
        "en": "This is the neighbourhood A-North, district A; your neighbourhood manager is Ann, phone +32 89 00 00 01; "
              "the border with B-North is within 1 metre, but the contact there is the same.",
    }),
    "outside": (226000, 183500, {
        "nl": "Dit punt ligt buiten Toy.",
        "fr": "Ce point se trouve en dehors de Toy.",
        "en": "This point lies outside Toy.",
    }),
}  # fmt: skip


@pytest.mark.parametrize(("what", "lang"), [(what, lang) for what in SENTENCES for lang in ("nl", "fr", "en")])
def test_the_sentence_to_read_aloud(toy: Finder, what: str, lang: str) -> None:
    x, y, sentences = SENTENCES[what]
    assert toy.find(x=x, y=y, crs=31370, lang=lang).summary == sentences[lang]


def test_the_sentence_gives_an_address_for_mail_where_there_is_no_phone(tmp_path: Path) -> None:
    text = TABLES["managers.csv"].replace("ann@example.org,+32 89 00 00 01", "ann@example.org,")
    summary = geo_lookup.load(write_toy_city(tmp_path, managers=text)).find(x=228500, y=183500, crs=31370).summary
    assert summary.endswith("uw wijkmanager is Ann, e-mail ann@example.org.")


def test_a_city_with_another_word_for_its_managers_hears_that_word(tmp_path: Path) -> None:
    assignments = TABLES["assignments.csv"].replace(",wijkmanager,", ",concierge,")
    edition = write_toy_city(tmp_path, manifest='manager_role = "concierge"\n' + MANIFEST, assignments=assignments)
    assert "uw concierge is Ann" in geo_lookup.load(edition).find(x=228500, y=183500, crs=31370).summary


def test_a_special_area_without_a_manager_of_its_own_is_no_doubt(tmp_path: Path) -> None:
    text = TABLES["assignments.csv"].replace("s,wijkmanager,sue,,2020-01-01,\n", "")
    finder = geo_lookup.load(write_toy_city(tmp_path, assignments=text))
    for x in (MIDDLE[0] - 95, MIDDLE[0] - 105):
        assert "Site, " not in finder.find(x=x, y=MIDDLE[1] - 50, crs=31370, lang="en").summary.split(";", 1)[1]
