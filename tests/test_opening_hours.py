# ruff: noqa: E501 - a table is read along its rows
from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from geo_lookup.opening_hours import Timetable, check_expression, open_state, opening_days, timetable

BRUSSELS = ZoneInfo("Europe/Brussels")
OFFICE = "Mo-Fr 09:00-12:00; We 13:00-16:00"


def hours_of(expression: str, *closing_days: date) -> Timetable:
    return timetable(expression, closing_days, timezone="Europe/Brussels", country="BE", lon=5.5, lat=50.96)


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=BRUSSELS)


@pytest.mark.parametrize(
    ("why", "expression", "now", "open_now", "next_change"),
    [
        ("an ordinary morning", OFFICE, "2026-11-23T09:30", True, "2026-11-23T12:00"),
        ("the minute it opens", OFFICE, "2026-11-23T09:00", True, "2026-11-23T12:00"),
        ("the minute it closes", OFFICE, "2026-11-23T12:00", False, "2026-11-24T09:00"),
        ("after hours before a weekend", OFFICE, "2026-11-27T13:00", False, "2026-11-30T09:00"),
        ("Christmas is a holiday", OFFICE, "2026-12-25T10:00", False, "2026-12-28T09:00"),
        ("the national holiday", OFFICE, "2027-07-21T10:00", False, "2027-07-22T09:00"),
        ("Easter Monday moves", OFFICE, "2027-03-29T10:00", False, "2027-03-30T09:00"),
        ("a closing day of the edition", OFFICE, "2026-12-24T10:00", False, "2026-12-28T09:00"),
        ("its own word on holidays counts", "Mo-Fr 09:00-12:00; PH 10:00-11:00", "2026-12-25T10:30", True, "2026-12-25T11:00"),
        ("summer time begins", "Su 00:00-06:00", "2026-03-29T01:30", True, "2026-03-29T06:00"),
        ("always", "24/7; PH open", "2026-11-23T10:00", True, "2026-12-24T00:00"),
        ("never again", "2020 Mo-Fr 09:00-12:00", "2026-11-23T10:00", False, None),
        ("a summer that is over", "2026 Jul 01-Aug 31 Mo-Fr 09:00-12:00", "2026-11-23T10:00", False, None),
        ("always by appointment", '24/7 "op afspraak"; PH open "op afspraak"', "2027-01-05T10:00", None, None),
        ("closed otherwise, as is said", "Mo-Fr 09:00-12:00 || off", "2026-11-25T20:00", False, "2026-11-26T09:00"),
        ("a holiday in a comment", 'Mo-Fr 09:00-12:00 "niet op PH"', "2027-07-21T10:00", False, "2027-07-22T09:00"),
        ("by the sun of its place", "sunrise-sunset", "2026-11-23T16:50", False, "2026-11-24T08:08"),
        ("by appointment", 'Mo-Fr 09:00-12:00 "op afspraak"', "2026-11-23T10:00", None, "2026-11-23T12:00"),
        ("closed for a reason said", 'Mo-Fr 09:00-12:00; 2026 Nov 24 off "verlof"', "2026-11-23T13:00", False, "2026-11-25T09:00"),
    ],
)  # fmt: skip
def test_an_office_is_open(why: str, expression: str, now: str, open_now: bool | None, next_change: str | None) -> None:
    hours = hours_of(expression, date(2026, 12, 24))
    state = open_state(hours, at(now))
    assert state.open_now is open_now, why
    assert state.next_change == (at(next_change) if next_change else None), why


@pytest.mark.parametrize("moment", ["2026-11-23T08:30+00:00", "2026-11-23T03:30-05:00"])
def test_now_is_the_same_moment_in_any_time_zone(moment: str) -> None:
    hours = hours_of(OFFICE)
    assert open_state(hours, datetime.fromisoformat(moment)).open_now is True


@pytest.mark.parametrize("expression", ["ma-vr 9-12", "op afspraak", "Mo-Fr 25:00-27:00", "Mo-Fr 09:00-"])
def test_hours_that_cannot_be_read_are_named_with_an_example(expression: str) -> None:
    message = check_expression(expression)
    assert message is not None
    assert "Mo-Fr 09:00-12:00" in message


def test_school_holidays_are_not_known_and_refused() -> None:
    assert "school holidays" in str(check_expression("Mo-Fr 09:00-12:00; SH off"))
    assert check_expression('Mo-Fr 09:00-12:00 "not in the SH"') is None


@pytest.mark.parametrize(
    ("why", "expression", "closing", "first", "expected"),
    [
        ("an ordinary week, two stretches on a Wednesday", OFFICE, [], "2026-11-23",
         ["09:00-12:00", "09:00-12:00", "13:00-16:00", "09:00-12:00", "09:00-12:00", "", ""]),
        ("Christmas, and the day before it", OFFICE, [date(2026, 12, 24)], "2026-12-23", ["13:00-16:00", "", ""]),
        ("past midnight", "Fr 20:00-02:00", [], "2026-11-27", ["20:00-02:00", ""]),
        ("all the time", "24/7 || off", [], "2026-11-28", ["00:00-00:00", "00:00-00:00"]),
        ("what the hours say in words", 'Mo 09:00-12:00 "op afspraak"', [], "2026-11-23", ["09:00-12:00 op afspraak"]),
        ("the day on which the clocks go back", "Su 01:00-04:00", [], "2026-10-25", ["01:00-04:00"]),
    ],
)  # fmt: skip
def test_the_hours_of_days_to_come(
    why: str, expression: str, closing: list[date], first: str, expected: list[str]
) -> None:
    days = opening_days(hours_of(expression, *closing), date.fromisoformat(first), len(expected))
    told = [" ".join(f"{a:%H:%M}-{b:%H:%M} {comment}".strip() for a, b, comment in day.stretches) for day in days]
    assert told == expected, why
    assert [(one.day - days[0].day).days for one in days] == list(range(len(days)))
