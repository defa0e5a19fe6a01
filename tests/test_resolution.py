"""Precedence, vacancies, covers and dates."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from geo_lookup.answer import Contact
from geo_lookup.model import Assignment, Manager
from geo_lookup.resolution import Posts, Responsibility, resolve

ON = date(2026, 11, 23)
LEVELS = ("override", "special", "neighbourhood", "district", "city")
SERVICE = Contact("Town hall", None, "1", "service")


def posts(*assignments: Assignment) -> Posts:
    by_area: dict[str, list[Assignment]] = {}
    for one in assignments:
        by_area.setdefault(one.area_id, []).append(one)
    names = {one.manager_id for one in assignments} | {one.cover_id for one in assignments}
    managers = {name: Manager(id=name, name=name.title(), phone=name) for name in names if name}
    return Posts(managers, by_area, "wijkmanager", "city", SERVICE)


def post(area_id: str, manager_id: str | None, role: str = "wijkmanager", **period: date | str | None) -> Assignment:
    return Assignment(area_id=area_id, role=role, manager_id=manager_id, **period)  # type: ignore[arg-type]


def resolved(*assignments: Assignment, areas: tuple[str, ...] = LEVELS, on: date = ON) -> Responsibility:
    return resolve(areas, posts(*assignments), on)


@given(st.permutations(LEVELS), st.integers(1, len(LEVELS)))
def test_the_most_particular_area_with_an_assignment_decides(order: list[str], count: int) -> None:
    held = order[:count]
    answer = resolved(*(post(area, f"manager of {area}") for area in held))
    assert answer.manager is not None
    assert answer.manager.id == f"manager of {min(held, key=LEVELS.index)}"
    assert answer.contact.reason == "manager"


def test_a_vacancy_is_an_assignment_too_and_hides_nobody_behind_it() -> None:
    answer = resolved(post("neighbourhood", None, cover_id="ann"), post("district", "bob"))
    assert answer.manager is None
    assert answer.managers == ()
    assert answer.contact == Contact("Ann", None, "ann", "cover")


def test_a_vacancy_without_a_cover_is_answered_with_the_service() -> None:
    assert resolved(post("district", None)).contact == SERVICE


def test_no_assignment_at_all_is_a_vacancy() -> None:
    assert resolved() == Responsibility((), None, SERVICE)


def test_a_cover_is_not_asked_for_while_there_is_a_manager() -> None:
    assert resolved(post("district", "bob", cover_id="ann")).contact.name == "Bob"


def test_the_main_role_comes_first_and_the_city_last() -> None:
    answer = resolved(
        post("city", "cit", role="aaa"), post("district", "dis", role="zzz"), post("special", "spe", role="bbb"),
        post("district", "ann"),
    )  # fmt: skip
    assert [one.role for one in answer.managers] == ["wijkmanager", "bbb", "zzz", "aaa"]


def test_each_role_is_decided_on_its_own() -> None:
    answer = resolved(post("special", "sue"), post("district", "ann"), post("district", "bob", role="outreach"))
    assert [one.name for one in answer.managers] == ["Sue", "Bob"]


dates = st.dates(date(2020, 1, 1), date(2030, 1, 1))
periods = st.tuples(st.none() | dates, st.none() | dates)


@given(periods, dates)
def test_a_period_holds_from_its_first_day_and_no_longer_on_its_last(
    period: tuple[date | None, date | None], on: date
) -> None:
    begins, ends = period
    holds = (begins is None or begins <= on) and (ends is None or on < ends)
    answer = resolved(post("district", "ann", valid_from=begins, valid_to=ends), on=on)
    assert (answer.manager is not None) == holds


@given(periods, periods)
def test_periods_overlap_where_a_day_lies_in_both(
    one: tuple[date | None, date | None], other: tuple[date | None, date | None]
) -> None:
    first, second = (post("d", "m", valid_from=begins, valid_to=ends) for begins, ends in (one, other))
    candidates = {day or date(2019, 1, 1) for day in (*one, *other)} | {date(2019, 1, 1), date(2031, 1, 1)}
    days = {candidate + timedelta(shift) for candidate in candidates for shift in (-1, 0)}
    assert first.overlaps(second) == any(first.holds(day) and second.holds(day) for day in days)


@given(dates, st.lists(dates, min_size=1, max_size=6, unique=True).map(sorted))
def test_of_managers_in_succession_exactly_one_answers(on: date, changes: list[date]) -> None:
    starts, ends = [None, *changes], [*changes, None]
    row = [
        post("district", f"m{n}", valid_from=a, valid_to=b) for n, (a, b) in enumerate(zip(starts, ends, strict=True))
    ]
    answer = resolved(*row, on=on)
    assert answer.manager is not None
    assert answer.manager.id == f"m{sum(change <= on for change in changes)}"
