"""Distances, days, moments, telephone numbers: as a language writes them, and as a link needs them."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from urllib.parse import quote

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_decimal

REGIONS = {"nl": "nl_BE", "fr": "fr_BE", "en": "en_GB", "tr": "tr_TR", "it": "it_IT"}
"""The forms that dates and numbers take for each language."""


def distance(metres: float, language: str) -> str:
    """A distance: whole metres below 10, tens of them below a kilometre, then kilometres with one decimal."""
    whole = round(metres) if metres < 10 else round(metres, -1)
    if whole < 1000:
        return f"{format_decimal(whole, locale=REGIONS[language])}\u00a0m"
    return f"{format_decimal(round(metres / 1000, 1), format='#,##0.0', locale=REGIONS[language])}\u00a0km"


def day(value: date, language: str) -> str:
    """A day in full: 'maandag 23 november 2026'."""
    return format_date(value, "full", locale=REGIONS[language])


def short_day(value: date, language: str) -> str:
    """A day without its year: 'maandag 23 november'."""
    return format_skeleton("MMMMEEEEd", datetime.combine(value, time()), locale=REGIONS[language])


def clock(value: time | datetime, language: str) -> str:
    """The time on the clock, as it stands in the value itself: '09:00'."""
    return format_time(value.replace(tzinfo=None) if isinstance(value, datetime) else value, "short",
                       locale=REGIONS[language])  # fmt: skip


def language_names(codes: tuple[str, ...], language: str) -> list[str]:
    """What languages are called; a code that is not known stays as it is."""
    names = Locale.parse(REGIONS[language]).languages
    return [names.get(code, code) for code in codes]


def phone_link(phone: str) -> str | None:
    """The link that calls a number; None where the text is no single number, which is then only shown."""
    digits = re.sub(r"\(0\)|[\s./()\-\u00a0]", "", phone)
    return f"tel:{digits}" if re.fullmatch(r"\+?\d{3,15}", digits) else None


def mail_link(email: str) -> str | None:
    """The link that writes to an address; None where the text is none, which is then only shown."""
    return f"mailto:{quote(email, safe='@.+-_')}" if re.fullmatch(r"[^\s@<>\"?&,;:]+@[^\s@<>\"?&,;:]+", email) else None
