"""Is an office open now, and when does that change?

Hours are written in the OpenStreetMap syntax and read by opening-hours-py, which knows the public holidays of
a country. An office is closed on those, unless its own hours say what happens on a public holiday (PH), and on
the edition's closing days.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from opening_hours import (  # type: ignore[attr-defined]  # the package's stub leaves the errors out
    OpeningHours,
    ParserError,
    State,
    UnknownCountryError,
)

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

HORIZON_DAYS = 400
"""How far ahead the next change is looked for: hours that have run out would be searched to the year 9999."""


@dataclass(frozen=True, slots=True, eq=False)
class Timetable:
    """The hours of one office: the expression with its closing days, by whose clock, holidays and sun it holds.

    It is equal to itself alone, so that what is kept of it is found without reading it.
    """

    expression: str
    timezone: str
    country: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class OpenState:
    """Whether an office is open, and when that changes.

    `open_now` is None where it depends (the hours carry a comment, such as 'by appointment'). `next_change`
    is None where nothing changes within `HORIZON_DAYS`. All of this holds at moments from `since` up to, but without,
    `until`, which are in UTC.
    """

    open_now: bool | None
    next_change: datetime | None
    since: datetime
    until: datetime


def check_country(country: str) -> bool:
    """Tell whether the public holidays of a country are known."""
    try:
        OpeningHours("24/7", country=country)
    except UnknownCountryError:
        return False
    return True


def check_expression(expression: str) -> str | None:
    """Say what is wrong with an opening-hours expression; None where it can be read."""
    try:
        OpeningHours(expression)
    except ParserError as error:
        position = re.search(r"--> \d+:(\d+)", str(error))
        where = f" from character {position[1]} on" if position else ""
        return (
            f"these hours cannot be read{where}; write them in the OpenStreetMap syntax, such as "
            "'Mo-Fr 09:00-12:00, We 13:00-16:00'."
        )
    if _names(expression, "SH"):
        return "school holidays (SH) are not known here; write their dates instead."
    return None


def timetable(
    expression: str, closing_days: Iterable[date], *, timezone: str, country: str, lon: float, lat: float
) -> Timetable:
    """Put an office's own hours, the public holidays and its closing days into one timetable."""
    own_hours = re.sub(r"\s*\|\|\s*(off|closed)\s*$", "", expression.strip().rstrip(";"))  # says nothing, and misleads
    rules = [own_hours]
    if not _names(expression, "PH"):
        rules.append("PH off")
    rules.extend(closing_rule(day) for day in sorted(set(closing_days)))
    return Timetable("; ".join(rules), timezone, country, lon, lat)


def closing_rule(day: date) -> str:
    """The rule that closes an office on a day; years before 1900 cannot be said in the syntax."""
    return f"{day.year:04} {MONTHS[day.month - 1]} {day.day:02} off"


def open_state(hours: Timetable | None, now: datetime) -> OpenState:
    """Tell whether an office is open at a moment (with a time zone), and when that changes next.

    Without hours neither is known.
    """
    open_now, next_change = (None, None) if hours is None else _state(hours, now)
    since = now.astimezone(UTC)
    until = since + timedelta(days=1) if next_change is None else next_change.astimezone(UTC)
    return OpenState(open_now, next_change, since, until)


def _state(hours: Timetable, now: datetime) -> tuple[bool | None, datetime | None]:
    stretches = _compiled(hours).intervals(now.astimezone(ZoneInfo(hours.timezone)))
    state = _openness(next(stretches))
    for stretch in stretches:
        start, end, *_ = stretch
        if _openness(stretch) != state:
            return state, start
        if end is None or start - now > timedelta(HORIZON_DAYS):
            break
    return state, None


@dataclass(frozen=True, slots=True)
class OpeningDay:
    """One day and when an office is open on it: from, till, and what the hours say of it ('by appointment').

    What runs past midnight stands on the day on which it begins, unless it lasts a day or longer.
    """

    day: date
    stretches: tuple[tuple[time, time, str], ...]


def opening_days(hours: Timetable, first: date, count: int = 7) -> list[OpeningDay]:
    """Tell when an office is open on each of `count` days from `first` on, holidays and closing days included."""
    zone = ZoneInfo(hours.timezone)
    days = [first + timedelta(number) for number in range(count)]
    begin, end = datetime.combine(days[0], time(), zone), datetime.combine(days[-1] + timedelta(1), time(), zone)
    found: dict[date, list[tuple[time, time, str]]] = {day: [] for day in days}
    for start, stop, state, comment in _compiled(hours).intervals(begin, end):
        if state != State.CLOSED:
            for one_start, one_stop in _by_day(max(start, begin), stop or end):
                found[one_start.date()].append((one_start.time(), one_stop.time(), comment))
    return [OpeningDay(day, tuple(stretches)) for day, stretches in found.items()]


def _by_day(start: datetime, stop: datetime) -> Iterator[tuple[datetime, datetime]]:
    """A stretch, cut at each midnight where it lasts a day or longer."""
    while stop - start >= timedelta(1):
        midnight = datetime.combine(start.date() + timedelta(1), time(), start.tzinfo)
        yield start, midnight
        start = midnight
    if start < stop:
        yield start, stop


def _names(expression: str, holidays: str) -> bool:
    """Tell whether hours speak of public (PH) or school (SH) holidays, outside their comments."""
    return re.search(rf"\b{holidays}\b", re.sub(r'"[^"]*"', "", expression)) is not None


@lru_cache(maxsize=1024)
def _compiled(hours: Timetable) -> OpeningHours:
    return OpeningHours(
        hours.expression,
        timezone=ZoneInfo(hours.timezone),
        country=hours.country,
        coords=(hours.lat, hours.lon),
        max_interval_days=HORIZON_DAYS,
    )


def _openness(stretch: tuple[datetime, datetime | None, State, str]) -> bool | None:
    """True, False, or None where a comment says that being open depends on something."""
    _, _, state, comment = stretch
    if state == State.CLOSED:
        return False
    return None if comment or state == State.UNKNOWN else True
