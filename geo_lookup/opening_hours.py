"""Is an office open now, and when does that change?

Hours are written in the OpenStreetMap syntax and read by opening-hours-py, which knows the public holidays of
a country. An office is closed on those, unless its own hours say what happens on a public holiday (PH), and on
the edition's closing days.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import islice
from zoneinfo import ZoneInfo

from opening_hours import OpeningHours, ParserError, State  # type: ignore[attr-defined]  # the package's stub leaves it out

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

HORIZON = 500
"""How many stretches of time are looked through for the next change."""


@dataclass(frozen=True, slots=True)
class Timetable:
    """The hours of one office: the expression with its closing days, where and by whose holidays it holds."""

    expression: str
    timezone: str
    country: str


@dataclass(frozen=True, slots=True)
class OpenState:
    """Whether an office is open, and when that changes.

    `open_now` is None where it depends (the hours carry a comment, such as 'by appointment'). `next_change`
    is None where nothing changes any more.
    """

    open_now: bool | None
    next_change: datetime | None


def check_expression(expression: str, country: str) -> str | None:
    """Say what is wrong with an opening-hours expression; None where it can be read."""
    try:
        OpeningHours(expression, country=country)
    except ParserError as error:
        position = re.search(r"--> \d+:(\d+)", str(error))
        where = f" from character {position[1]} on" if position else ""
        return (
            f"these hours cannot be read{where}; write them in the OpenStreetMap syntax, such as "
            "'Mo-Fr 09:00-12:00; We 13:00-16:00'."
        )
    return None


def timetable(expression: str, closing_days: Iterable[date], timezone: str, country: str) -> Timetable:
    """Put an office's own hours, the public holidays and its closing days into one timetable."""
    rules = [expression.strip().rstrip(";")]
    if not re.search(r"\bPH\b", expression):
        rules.append("PH off")
    rules.extend(f"{day.year} {MONTHS[day.month - 1]} {day.day:02} off" for day in sorted(set(closing_days)))
    return Timetable("; ".join(rules), timezone, country)


def open_state(hours: Timetable, now: datetime) -> OpenState:
    """Tell whether an office is open at a moment (with a time zone), and when that changes next."""
    stretches = _compiled(hours).intervals(now.astimezone(ZoneInfo(hours.timezone)))
    first = _openness(next(stretches))
    return OpenState(first, next((one[0] for one in islice(stretches, HORIZON) if _openness(one) != first), None))


@lru_cache(maxsize=1024)
def _compiled(hours: Timetable) -> OpeningHours:
    return OpeningHours(hours.expression, timezone=ZoneInfo(hours.timezone), country=hours.country)


def _openness(stretch: tuple[datetime, datetime | None, State, str]) -> bool | None:
    """True, False, or None where a comment says that being open depends on something."""
    _, _, state, comment = stretch
    if state == State.CLOSED:
        return False
    return None if comment or state == State.UNKNOWN else True
