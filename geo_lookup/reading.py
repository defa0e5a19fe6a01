"""Numbers and dates out of text, strictly, and the same at every door.

Python's own `float` reads '5_5' and 'nan', and other readers take a timestamp for a date.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from datetime import date, datetime

from geo_lookup.errors import CoordinateError, DateError, RequestError

_NO_FINITE_NUMBER = re.compile(r"[+-]?(nan|inf|infinity)", re.ASCII | re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def read_text(value: object) -> str:
    """The text of a cell or field: '' where nothing is stated, '7' for a number that a format stores as 7.0.

    Composed Unicode (NFC), so that an accent typed in two ways is the same id.
    """
    if value is None or value != value:
        return ""
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    return unicodedata.normalize("NFC", text).strip()


def text_encoding(stated: str | None) -> str:
    """The encoding in which a CSV is read: UTF-8 if none is stated, and the mark that may begin it is no text."""
    return "utf-8-sig" if stated is None or codecs.lookup(stated).name == "utf-8" else stated


def read_number(text: str) -> float:
    """Read a decimal number with a point, such as '5.505'; raises `CoordinateError`.

    Words for what is no finite number are read as such: they get the error that a number like that gets.
    """
    stripped = text.strip()
    if _NUMBER.fullmatch(stripped) is None and _NO_FINITE_NUMBER.fullmatch(stripped) is None:
        raise CoordinateError("a coordinate must be a number with a decimal point, such as 5.505.")
    return float(text)


def read_whole_number(text: str, name: str) -> int:
    """Read a whole number without a sign, such as an EPSG code; raises `RequestError` with the number's name."""
    if re.fullmatch(r"\d{1,9}", text.strip(), re.ASCII) is None:
        raise RequestError(f"{name} must be a whole number.")
    return int(text)


def read_date(value: date | str) -> date:
    """Read an ISO date, such as '2026-11-23'; raises `DateError`.

    A date is returned as it is, and a moment without a time zone, such as pandas has for a day, as its date.
    """
    if isinstance(value, str) and _DATE.fullmatch(value.strip()):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            pass
    elif type(value) is date:
        return value
    elif isinstance(value, datetime) and value == value and value.tzinfo is None:  # NaT is not
        return value.date()
    raise DateError("a date must be written as year-month-day and exist, such as 2026-11-23.")
