"""Good editions spoilt by Hypothesis, one fault at a time: that fault is found, and nothing else.

Whatever is spoilt, the sound city itself has no finding.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.quality.sound_city import DISTRICTS, ON, OUTLINE, STREET, SoundCity
from tests.toy_city import CORNER, NEIGHBOURHOODS, SIDE, square

X, Y = CORNER
FEW = settings(max_examples=10)
NEIGHBOURHOOD_IDS = st.sampled_from(sorted(NEIGHBOURHOODS))
BARE = SoundCity(street=())


def metres(least: float, most: float) -> st.SearchStrategy[float]:
    return st.floats(least, most).map(lambda value: round(value, 3))


def test_nothing_is_found_in_a_sound_city() -> None:
    assert SoundCity().findings() == ()
    assert BARE.findings() == ()
    assert SoundCity(drawn=False).findings() == (), "districts and city are made of the neighbourhoods then"


@FEW
@given(
    area_id=NEIGHBOURHOOD_IDS, east=metres(150, 600), north=metres(150, 600), wide=metres(2, 200), drawn=st.booleans()
)
def test_a_hole_is_a_gap_of_its_size(area_id: str, east: float, north: float, wide: float, drawn: bool) -> None:
    shape = NEIGHBOURHOODS[area_id][2]
    west, south, *_ = shape.bounds
    hole = shapely.box(west + east, south + north, west + east + wide, south + north + 100)
    (found,) = replace(BARE, drawn=drawn).with_neighbourhood(area_id, shape.difference(hole)).findings()
    assert (found.level, found.rule) == ("warning", "gap")
    assert f"({area_id})" in found.message
    assert found.shape is not None
    assert abs(found.shape.area - hole.area) < 1


@FEW
@given(wide=metres(0.05, 0.9), long=metres(60, 800))
def test_a_narrow_hole_is_a_sliver(wide: float, long: float) -> None:
    hole = shapely.box(X + 50, Y + 50, X + 50 + wide, Y + 50 + long)
    assert BARE.with_neighbourhood("a2", square(0, 0).difference(hole)).rules() == [("warning", "sliver-gap")]


@FEW
@given(north=metres(0, 0.0009), column=st.sampled_from([0, 1]))
def test_what_rounding_leaves_is_no_finding(north: float, column: int) -> None:
    name = "ab"[column]
    shape = shapely.box(X + column * SIDE, Y + SIDE + north, X + (column + 1) * SIDE, Y + 2 * SIDE)
    rules = {rule for _, rule in BARE.with_neighbourhood(f"{name}1", shape).rules()}
    assert rules <= {"edges"}, "less than a square metre is neither gap nor overlap"


@FEW
@given(by=metres(1.5, 400), name=st.sampled_from("ab"))
def test_a_neighbourhood_drawn_over_another_overlaps_it(by: float, name: str) -> None:
    column = "ab".index(name)
    shape = shapely.box(X + column * SIDE, Y + SIDE - by, X + (column + 1) * SIDE, Y + 2 * SIDE)
    (found,) = BARE.with_neighbourhood(f"{name}1", shape).findings()
    assert (found.level, found.rule) == ("error", "overlap")
    assert f"({name}1)" in found.message
    assert f"({name}2)" in found.message
    assert f"{by * SIDE:,.0f} m²" in found.message
    assert found.shape is not None
    assert abs(found.shape.area - by * SIDE) < 0.01


@FEW
@given(by=metres(0.02, 0.9))
def test_a_border_drawn_twice_is_a_sliver(by: float) -> None:
    shape = shapely.box(X, Y + SIDE - by, X + SIDE, Y + 2 * SIDE)
    assert BARE.with_neighbourhood("a1", shape).rules() == [("warning", "sliver-overlap")]


@FEW
@given(along=metres(1, SIDE - 1), upwards=st.booleans())
def test_a_corner_that_the_neighbour_lacks_is_a_warning_alone(along: float, upwards: bool) -> None:
    corner = (X + along, Y + SIDE)
    column, row = (0, 1) if upwards else (0, 0)
    ring = shapely.get_coordinates(square(column, row)).tolist()
    place = next(
        number for number in range(1, 5) if ring[number - 1][1] == ring[number][1] == Y + SIDE
    )  # the edge along the border between a1 and a2
    shape = shapely.Polygon([*ring[:place], corner, *ring[place:]])
    (found,) = BARE.with_neighbourhood("a1" if upwards else "a2", shape).findings()
    assert (found.level, found.rule) == ("warning", "edges")
    assert found.shape is not None
    assert found.shape.distance(shapely.Point(corner)) < 0.001


@FEW
@given(away=metres(1100, 20_000), size=metres(10, 300), area_id=NEIGHBOURHOOD_IDS)
def test_a_part_far_away_is_found_and_one_near_by_is_not(away: float, size: float, area_id: str) -> None:
    def with_part(distance: float) -> SoundCity:
        part = shapely.box(X - distance - size, Y + 500, X - distance, Y + 500 + size)
        undrawn = replace(BARE, drawn=False)
        return undrawn.with_neighbourhood(area_id, shapely.union(NEIGHBOURHOODS[area_id][2], part))

    (found,) = with_part(away).findings()
    assert (found.level, found.rule) == ("warning", "far-part")
    assert f"({area_id})" in found.message
    assert f"{away:,.0f} m away" in found.message
    assert (with_part(900).findings() == ()) == (area_id in ("a1", "a2")), "it is 1,900 m from the others' district"


@FEW
@given(by=st.one_of(metres(0.2, 499), metres(501, 900)))
def test_a_neighbourhood_across_its_district_is_named_with_its_square_metres(by: float) -> None:
    districts = {
        "A": ("District A", "", shapely.box(X, Y, X + SIDE - by, Y + 2 * SIDE)),
        "B": ("District B", "", shapely.box(X + SIDE - by, Y, X + 2 * SIDE, Y + 2 * SIDE)),
    }
    findings = replace(BARE, districts=districts).findings()
    expected = ("warning", "across-districts") if by < 500 else ("error", "outside-district")
    assert [(one.level, one.rule) for one in findings] == [expected, expected]
    for one, area_id in zip(findings, ("a1", "a2"), strict=True):
        assert f"({area_id})" in one.message
        assert f"by {by * SIDE:,.0f} m²" in one.message
        assert f"{by * SIDE:,.0f} m² in 'District B' (B)" in one.message


@FEW
@given(by=metres(0.2, 400))
def test_a_neighbourhood_outside_the_drawn_city_is_named(by: float) -> None:
    outline = shapely.box(X, Y, X + 2 * SIDE - by, Y + 2 * SIDE)
    offices = BARE.with_table("offices", "5.4978,50.9445", "5.4837,50.9535")  # so that no office lies outside too
    findings = replace(offices, outline=outline).findings()
    assert [(one.level, one.rule) for one in findings] == [("warning", "outside-city")] * 2
    assert ["(b1)" in findings[0].message, "(b2)" in findings[1].message] == [True, True]


DAYS = st.dates(date(2020, 1, 2), date(2035, 1, 1))


@FEW
@given(ends=DAYS)
def test_an_assignment_that_ends_without_a_successor_is_found(ends: date) -> None:
    (found,) = BARE.with_table(
        "assignments", "A,wijkmanager,ann,,2020-01-01,", f"A,wijkmanager,ann,,2020-01-01,{ends}"
    ).findings()
    assert (found.level, found.rule, found.row, found.field) == ("warning", "no-successor", 2, "valid_to")
    assert str(ends) in found.message


@FEW
@given(ends=DAYS, gap=st.integers(0, 900))
def test_a_successor_must_follow_on_the_day_or_have_begun_by_now(ends: date, gap: int) -> None:
    begins = ends + timedelta(gap)
    rows = f"A,wijkmanager,ann,,2020-01-01,{ends}\nA,wijkmanager,bob,,{begins},"
    findings = BARE.with_table("assignments", "A,wijkmanager,ann,,2020-01-01,", rows).findings()
    assert [one.rule for one in findings] == ([] if gap == 0 or begins <= ON else ["no-successor"])
    assert all(f"nothing follows before {begins}" in one.message for one in findings)


@FEW
@given(begins=st.dates(date(2026, 11, 20), date(2030, 1, 1)))
def test_who_begins_later_leaves_the_area_without_a_manager_until_then(begins: date) -> None:
    findings = BARE.with_table(
        "assignments", "A,wijkmanager,ann,,2020-01-01", f"A,wijkmanager,ann,,{begins}"
    ).findings()
    assert [one.rule for one in findings] == ([] if begins <= ON else ["no-manager"])
    assert all(f"before {begins}" in one.message for one in findings)


@FEW
@given(east=st.floats(0.001, 0.06), north=st.floats(-0.03, 0.03))
def test_an_office_outside_the_city_is_found(east: float, north: float) -> None:
    # Both offices stay within the country; the other one lies in the city.
    lon, lat = f"{5.5128 + east:.4f}", f"{50.9445 + north:.4f}"
    (found,) = BARE.with_table("offices", "5.4978,50.9445", f"{lon},{lat}").findings()
    assert (found.level, found.rule, found.row) == ("warning", "office-outside-city", 3)


@FEW
@given(houses=st.sets(st.sampled_from(range(20)), min_size=1, max_size=19), away=metres(3100, 4900))
def test_addresses_outside_are_one_finding_with_their_number(houses: set[int], away: float) -> None:
    street = tuple((n, x, y + away * (n - 1 in houses)) for n, x, y in STREET)
    (found,) = replace(BARE, street=street).findings()
    assert (found.level, found.rule) == ("warning", "address-outside-city")
    assert f"{len(houses)} of 20 addresses ({len(houses) / 20:.2%})" in found.message
    assert f"{min(houses) + 1:03}" in found.message


@FEW
@given(house=st.sampled_from(range(3, 17)))
def test_addresses_in_a_gap_are_found_with_it(house: int) -> None:
    number, x, y = STREET[house]
    area_id, row = ("a1", 1) if y > Y + SIDE else ("a2", 0)
    if y == Y + SIDE:  # on the border itself either answers
        return
    hole = shapely.Point(x, y).buffer(4)
    spoilt = replace(BARE, street=STREET).with_neighbourhood(area_id, square(0, row).difference(hole))
    gap, lost = spoilt.findings()
    assert (gap.rule, lost.rule) == ("gap", "address-uncovered")
    assert lost.message.endswith(f": {number:03}.")
    assert lost.shape is not None
    assert lost.shape.distance(shapely.Point(x, y)) < 0.001


@FEW
@given(number=st.integers(3, 7), by=metres(0.5, 14))
def test_a_house_that_its_border_cuts_off_from_both_its_neighbours_is_found(number: int, by: float) -> None:
    def street(beyond: float) -> tuple[tuple[int, float, float], ...]:
        return tuple((n, X + 20.0 * n, Y + SIDE + (beyond if n == number else -20)) for n in range(1, 10))

    (found,) = replace(BARE, street=street(by)).findings()
    assert (found.level, found.rule) == ("warning", "street-split")
    assert f"{number:03}" in found.message
    assert replace(BARE, street=street(30)).findings() == (), "farther than the margin it lies there for good"


@FEW
@given(first=st.integers(2, 19))
def test_a_street_that_runs_through_two_neighbourhoods_is_no_finding(first: int) -> None:
    street = tuple((n, X + 20.0 * n, Y + SIDE + (10 if n >= first else -10)) for n in range(1, 21))
    assert replace(BARE, street=street).findings() == ()


def test_the_sound_city_is_drawn_as_it_says() -> None:
    assert shapely.union_all([shape for _, _, shape in DISTRICTS.values()]).equals(OUTLINE)
