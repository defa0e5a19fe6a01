"""Nearness to a border is part of the answer."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely

import geo_lookup
from geo_lookup import Finder
from tests.toy_city import CORNER, MANIFEST, NEIGHBOURHOODS, SIDE, geojson, write_toy_city


@pytest.mark.parametrize(
    ("why", "x", "y", "distance", "same", "neighbours"),
    [
        ("far from any border", 228500.0, 182500.0, 500.0, None, []),
        ("near a border within a district", 228300.0, 183010.0, 10.0, True, ["a2"]),
        ("near a border with another district", 228990.0, 183500.0, 10.0, False, ["b1"]),
        ("near a border between two managers", 229300.0, 183005.0, 5.0, False, ["b2"]),
        ("near a corner, where a special area covers all", 229004.0, 183003.0, 3.0, True, ["a1", "a2", "b2"]),
        ("within the margin once rounded", 228984.997, 182500.0, 15.0, False, ["b2"]),
        ("just within the margin", 228985.01, 182500.0, 14.99, False, ["b2"]),
        ("where a special area on this side ends at the border", 228995.0, 183050.0, 5.0, True, ["b1"]),
        ("near the edge of the city", 228010.0, 182500.0, 10.0, None, []),
        ("outside, near the edge of the city", 227990.0, 182500.0, 10.0, False, ["a2"]),
    ],
)
def test_nearness_to_a_border_is_part_of_the_answer(
    toy: Finder, why: str, x: float, y: float, distance: float, same: bool | None, neighbours: list[str]
) -> None:
    border = toy.find(x=x, y=y, crs=31370).border
    assert border is not None
    assert border.distance_m == pytest.approx(distance, abs=0.011), why
    assert border.uncertain == (distance <= 15), why
    assert border.same_manager is same, why
    assert [one.neighbourhood.id for one in border.neighbours] == neighbours, why


def test_where_areas_overlap_what_lies_beyond_a_border_is_named(tmp_path: Path) -> None:
    x, y = CORNER
    wider = NEIGHBOURHOODS | {"b1": ("B-North", "B", shapely.box(x + 900, y + 1000, x + 2000, y + 2000))}
    overlapping = geo_lookup.load(write_toy_city(tmp_path, neighbourhoods=geojson(wider)))
    answer = overlapping.find(x=x + 995, y=y + 1700, crs=31370)  # in both; the ground beyond a1 is all of b1's
    assert answer.neighbourhood is not None
    assert answer.border is not None
    assert (answer.neighbourhood.id, answer.border.distance_m, answer.border.same_manager) == ("a1", 5.0, False)
    assert [one.neighbourhood.id for one in answer.border.neighbours] == ["b1"]
    assert "B-North" in answer.summary


def test_the_margin_is_the_editions(tmp_path: Path) -> None:
    wide = geo_lookup.load(write_toy_city(tmp_path, manifest="border_margin_m = 600\n" + MANIFEST))
    border = wide.find(x=228500, y=183500, crs=31370).border
    assert border is not None
    assert (border.uncertain, len(border.neighbours)) == (True, 2)


@pytest.mark.parametrize(
    ("x", "y", "same", "across"),
    [
        (228995.0, 183500.0, False, ["cit"]),  # the site ends at the border: beyond it nobody is in charge
        (228505.0, 183005.0, True, ["ann", "bob", "cit"]),  # far from the site
    ],
)
def test_a_special_area_on_this_side_of_a_border_does_not_count_beyond_it(
    tmp_path: Path, x: float, y: float, same: bool, across: list[str]
) -> None:
    site = {"s": ("Site", "", shapely.box(228900, 183400, 229000, 183600))}
    border = geo_lookup.load(write_toy_city(tmp_path, special_areas=geojson(site))).find(x=x, y=y, crs=31370).border
    assert border is not None
    assert border.same_manager is same
    assert [one.id for one in border.neighbours[0].managers] == across


def test_a_special_area_that_covers_a_part_of_what_lies_beyond_leaves_the_doubt(tmp_path: Path) -> None:
    site = {"s": ("Site", "", shapely.box(228900, 183400, 229005, 183600))}
    border = geo_lookup.load(write_toy_city(tmp_path, special_areas=geojson(site))).find(
        x=228995, y=183500, crs=31370
    ).border  # fmt: skip
    assert border is not None
    assert border.same_manager is False


def test_two_vacancies_are_the_same_where_they_share_a_contact(tmp_path: Path) -> None:
    vacant = "area_id,role,manager_id,cover_id,valid_from,valid_to\nA,wijkmanager,,ann,,\nB,wijkmanager,,{},,\n"
    for cover, same in (("ann", True), ("bob", False), ("", False)):
        edition = write_toy_city(tmp_path, assignments=vacant.format(cover))
        border = geo_lookup.load(edition).find(x=228995, y=183700, crs=31370).border
        assert border is not None
        assert border.same_manager is same


def test_the_other_side_of_a_border_is_answered_for_the_same_day(toy: Finder) -> None:
    managers = []
    for on in ("2026-12-31", "2027-01-01"):
        border = toy.find(x=228995, y=182300, crs=31370, on=on).border
        assert border is not None
        managers.append([one.id for one in border.neighbours[0].managers])
    assert managers == [["bob", "cit"], ["cit"]]


def test_the_margin_itself_is_within_the_margin(toy: Finder) -> None:
    for x, uncertain in ((228985.0, True), (228984.99, False)):
        border = toy.find(x=x, y=183700, crs=31370).border
        assert border is not None
        assert (border.uncertain, len(border.neighbours)) == (uncertain, int(uncertain))


@pytest.mark.parametrize("inward", [0.0, 300.0])
@pytest.mark.parametrize("metres", [3.0, 14.0, 16.0, 200.0])
def test_the_edge_of_the_city_is_told_wherever_it_runs(tmp_path: Path, inward: float, metres: float) -> None:
    """Its own outline may leave a part of a neighbourhood outside, so that no border of one is near."""
    low, high = (CORNER[axis] + inward for axis in (0, 1)), (CORNER[axis] + 2 * SIDE for axis in (0, 1))
    outline = shapely.box(*low, *high)
    layer = '[layers.city]\npath = "city.geojson"\ncrs = 31370\n[layers.special_areas]'
    folder = write_toy_city(tmp_path, manifest=MANIFEST.replace("[layers.special_areas]", layer))
    (folder / "city.geojson").write_text(geojson({"toy": ("Toy", "", outline)}))
    answer = geo_lookup.load(folder).find(x=CORNER[0] + inward + metres, y=CORNER[1] + 700, crs=31370, lang="en")
    assert ("the border of the city of Toy is within" in answer.summary) == (metres <= 15)
