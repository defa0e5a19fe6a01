# ruff: noqa: E501 - a table is read along its rows
"""The map is sound XML whatever it is given, north up, and nothing on it is too small to be seen."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo_lookup.reports.map import RING, Mark, svg_map
from tests.toy_city import NEIGHBOURHOODS, square

AREAS = [(name, shape) for name, _, shape in NEIGHBOURHOODS.values()]
SVG = "{http://www.w3.org/2000/svg}"


def drawn(*marks: Mark, width: int = 900) -> ET.Element:
    return ET.fromstring(svg_map(AREAS, marks, width=width))  # noqa: S314 - it is our own


def corners(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"[ML]([-\d.e]+) ([-\d.e]+)", path)]


def test_each_area_is_drawn_with_its_name_north_up() -> None:
    paths = {path[0].text: corners(path.attrib["d"]) for path in drawn().iter(f"{SVG}path")}
    assert list(paths) == [name for name, _ in AREAS]
    assert max(y for _, y in paths["A-North"]) <= min(y for _, y in paths["A-South"])
    assert max(x for x, _ in paths["A-North"]) <= min(x for x, _ in paths["B-North"])
    assert all(0 <= x <= 900 and 0 <= y <= 900 for path in paths.values() for x, y in path)


def test_the_scale_is_the_same_in_both_directions() -> None:
    (path,) = [corners(one.attrib["d"]) for one in drawn().iter(f"{SVG}path") if one[0].text == "A-North"]
    xs, ys = zip(*path, strict=True)
    assert max(xs) - min(xs) == pytest.approx(max(ys) - min(ys), abs=0.05)


@given(name=st.text(), label=st.text(), mark_id=st.text(min_size=1), level=st.text(min_size=1))
def test_whatever_a_text_holds_it_is_only_text(name: str, label: str, mark_id: str, level: str) -> None:
    svg = svg_map([(f"<b>{name}", square(0, 0))], [Mark(f'"{mark_id}', f"]]><script>{label}", square(0, 0), level)])
    root = ET.fromstring(svg)  # noqa: S314 - it is our own
    assert [one.tag for one in root.iter()].count(f"{SVG}path") == 2
    assert not list(root.iter(f"{SVG}script"))
    assert {one.tag.removeprefix(SVG) for one in root.iter()} == {"svg", "style", "path", "title", "g"}


@pytest.mark.parametrize(
    "shape",
    [shapely.Point(228500, 183500), shapely.box(228500, 183500, 228500.2, 183502), shapely.LineString([(228500, 183500), (228503, 183500)])],
    ids=["point", "sliver", "line"],
)  # fmt: skip
def test_what_is_too_small_to_be_seen_gets_a_ring_around_it(shape: shapely.Geometry) -> None:
    (circle,) = drawn(Mark("m", "small", shape, "error")).iter(f"{SVG}circle")
    assert float(circle.attrib["r"]) == RING
    x, y = float(circle.attrib["cx"]), float(circle.attrib["cy"])
    (path,) = [corners(one.attrib["d"]) for one in drawn().iter(f"{SVG}path") if one[0].text == "A-North"]
    middle = [sum(values) / len(values) for values in zip(*path[:4], strict=True)]
    assert [x, y] == pytest.approx(middle, abs=2)


def test_what_can_be_seen_gets_none() -> None:
    assert not list(drawn(Mark("m", "large", square(0, 0), "error")).iter(f"{SVG}circle"))


def test_each_point_of_several_is_seen() -> None:
    points = shapely.MultiPoint([(228100, 182100), (229900, 183900)])
    assert len(list(drawn(Mark("m", "points", points, "warning")).iter(f"{SVG}circle"))) == 2


def test_a_mark_is_a_group_with_its_id_level_label_and_box() -> None:
    mixed = shapely.GeometryCollection([square(0, 0), shapely.LineString([(228000, 182000), (230000, 184000)])])
    (group,) = drawn(Mark("m-1", "two & more", mixed, "error")).iter(f"{SVG}g")
    assert (group.attrib["id"], group.attrib["class"], group[0].text) == ("m-1", "mark error", "two & more")
    assert [one.attrib["class"] for one in group.iter(f"{SVG}path")] == ["face", "line"]
    x, y, wide, high = map(float, group.attrib["data-box"].split())
    root = drawn(Mark("m-1", "", mixed, "error"))
    assert wide / high == pytest.approx(float(root.attrib["width"]) / float(root.attrib["height"]), rel=0.01)
    assert x <= 450 <= x + wide
    assert y <= 450 <= y + high


def test_the_box_of_a_small_mark_is_its_surroundings() -> None:
    (group,) = drawn(Mark("m", "", shapely.Point(228500, 183500), "error")).iter(f"{SVG}g")
    x, y, wide, high = map(float, group.attrib["data-box"].split())
    (circle,) = group.iter(f"{SVG}circle")
    assert wide < 100
    assert (x + wide / 2, y + high / 2) == pytest.approx(
        (float(circle.attrib["cx"]), float(circle.attrib["cy"])), abs=0.1
    )


def test_lines_are_simplified_to_what_the_picture_can_show() -> None:
    round_area = shapely.Point(0, 0).buffer(50_000, quad_segs=10_000)
    assert len(svg_map([("round", round_area)], [])) < 10_000
    wavy = shapely.Point(0, 0).buffer(5, quad_segs=100)
    svg = svg_map([("round", round_area)], [Mark("m", "", wavy, "error")])
    (face,) = re.findall(r'class="face" d="([^"]+)"', svg)
    assert len(corners(face)) > 20, "a mark keeps its own shape, to be looked at from near by"


def test_nothing_to_draw_is_an_empty_map() -> None:
    svg = svg_map([("empty", shapely.Polygon())], [Mark("m", "", shapely.Point(), "error")], width=300)
    root = ET.fromstring(svg)  # noqa: S314 - it is our own
    assert root.attrib["width"] == "300"
    assert [one.tag for one in root] == [f"{SVG}style"]


@pytest.mark.parametrize("shape", [shapely.box(0, 0, 10, 100_000), shapely.box(0, 0, 100_000, 10)])
def test_a_map_is_never_far_longer_than_wide_nor_flat(shape: shapely.Geometry) -> None:
    root = ET.fromstring(svg_map([("long", shape)], []))  # noqa: S314 - it is our own
    assert 0.25 * 900 <= float(root.attrib["height"]) <= 2 * 900 + 1
