# ruff: noqa: E501 - a table is read along its rows
"""The report is one file that asks for nothing, in which each finding stands and can be seen."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest
import shapely

from geo_lookup.crs import reference_system
from geo_lookup.model import Finding
from geo_lookup.quality.inspection import Inspection
from geo_lookup.reports.findings_report import findings_html, findings_json
from tests.quality.sound_city import SoundCity
from tests.toy_city import CORNER, SIDE, square

NASTY = '<img src=x onerror="alert(1)">&\'"</script>'


class Page(HTMLParser):
    """The elements of a page with their attributes, and the text of each table cell."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.cells: list[str] = []
        self._in_cell = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag == "td":
            self.cells.append("")
            self._in_cell = True

    def handle_endtag(self, tag: str) -> None:
        self._in_cell = self._in_cell and tag != "td"

    def handle_data(self, data: str) -> None:
        if self._in_cell:
            self.cells[-1] += data

    def ids(self, tag: str) -> list[str]:
        return [str(attributes["id"]) for name, attributes in self.elements if name == tag and "id" in attributes]


@pytest.fixture(scope="module")
def spoilt() -> Inspection:
    """An overlap, a vacancy without a cover, and a service in an area that there is not."""
    x, y = CORNER
    city = SoundCity(street=()).with_neighbourhood("a1", shapely.box(x, y + SIDE - 100, x + SIDE, y + 2 * SIDE))
    city = city.with_table("assignments", "B,wijkmanager,,ann", "B,wijkmanager,,")
    return city.with_table("services", "A,basic", "Z,basic").inspect()


@pytest.fixture(scope="module")
def nasty(spoilt: Inspection) -> Inspection:
    finding = Finding("error", NASTY, NASTY, NASTY, 7, NASTY, NASTY, square(0, 0))
    return replace(spoilt, id=NASTY, title=NASTY, findings=(finding,), areas=((NASTY, square(0, 0)),))


def test_each_finding_is_a_row_with_its_level_rule_place_message_and_remedy(spoilt: Inspection) -> None:
    page = Page(findings_html(spoilt))
    rows = [page.cells[start : start + 6] for start in range(0, len(page.cells), 6)]
    assert len(rows) == 3
    for number, (row, one) in enumerate(zip(rows, spoilt.findings, strict=True), 1):
        assert row[:3] == [str(number), one.level, one.rule]
        assert one.file in row[3]
        assert row[4:] == [one.message, one.remedy or ""]
    assert rows[0][3] == "services.csv, row 2, area_id"


def test_each_finding_with_a_place_is_on_the_map_and_linked_to_it(spoilt: Inspection) -> None:
    page = Page(findings_html(spoilt))
    placed = [number for number, one in enumerate(spoilt.findings, 1) if one.shape is not None]
    assert placed == [2, 3]
    assert sorted(page.ids("g")) == [f"mark-{number}" for number in placed]
    links = [attributes["href"] for tag, attributes in page.elements if tag == "a"]
    assert links == [f"#mark-{number}" for number in placed]
    assert page.ids("tr") == ["finding-1", "finding-2", "finding-3"]


def test_nothing_is_asked_for_from_elsewhere(nasty: Inspection) -> None:
    html = findings_html(nasty)
    page = Page(html)
    for tag, attributes in page.elements:
        assert tag not in ("link", "img", "iframe", "object", "image", "use")
        assert not {"src", "srcset", "action", "data", "style"} & attributes.keys()
        assert (attributes.get("href") or "#").startswith("#")
        assert not [name for name in attributes if name.startswith("on")]
    assert re.findall(r"https?://[^\"]+", html) == ["http://www.w3.org/2000/svg"]
    assert "url(" not in html
    assert "@import" not in html


def test_what_data_says_is_only_text(nasty: Inspection) -> None:
    html = findings_html(nasty)
    assert "<img" not in html
    assert html.count("</script>") == html.count("<script>") == 1
    page = Page(html)
    assert [NASTY in cell for cell in page.cells] == [False, False, True, True, True, True]


def test_small_marks_lie_on_top_of_large_ones(spoilt: Inspection) -> None:
    small, large = (Finding("error", "x", "f", "m", shape=shape) for shape in (shapely.Point(*CORNER), square(0, 0)))
    assert Page(findings_html(replace(spoilt, findings=(small, large)))).ids("g") == ["mark-2", "mark-1"]


def test_a_sound_edition_has_a_map_and_says_that_nothing_was_found() -> None:
    html = findings_html(SoundCity(street=()).inspect())
    assert "No finding." in html
    assert "0 errors, 0 warnings" in html
    assert "<svg" in html
    assert "<table" not in html


def test_counts_are_said_as_people_say_them(spoilt: Inspection) -> None:
    assert "2 errors, 1 warning</title>" in findings_html(spoilt)


def test_where_not_even_the_manifest_can_be_read_there_is_no_map() -> None:
    html = findings_html(Inspection(None, "/some/path", (Finding("error", "no-edition", "manifest.toml", "none."),)))
    assert "<svg" not in html
    assert "<script" not in html
    assert "none." in html


def test_the_json_says_the_same_and_where_it_lies_in_degrees(spoilt: Inspection) -> None:
    told = json.loads(json.dumps(findings_json(spoilt), allow_nan=False))
    assert (told["edition"], told["title"], told["errors"], told["warnings"]) == ("toy-1", spoilt.title, 2, 1)
    keys = ["level", "rule", "file", "row", "field", "message", "remedy", "geometry"]
    assert [list(one) for one in told["findings"]] == [keys] * 3
    for one, finding in zip(told["findings"], spoilt.findings, strict=True):
        assert [one[key] for key in keys[:-1]] == [getattr(finding, key) for key in keys[:-1]]
    unplaced, overlap, _ = (one["geometry"] for one in told["findings"])
    assert unplaced is None
    assert overlap["type"] == "Polygon"
    ring = shapely.LinearRing(overlap["coordinates"][0])
    assert ring.is_ccw, "as RFC 7946 wants it"
    xs, ys = np.array([CORNER[0], CORNER[0] + SIDE]), np.array([CORNER[1] + SIDE - 100, CORNER[1] + SIDE])
    (west, east), (south, north) = reference_system(31370).to_lonlat(xs, ys)
    assert ring.bounds == pytest.approx((west, south, east, north), abs=0.0002)


@pytest.mark.parametrize(
    "shape",
    [shapely.Point(*CORNER), shapely.MultiPoint([CORNER]), shapely.LineString([CORNER, (229000, 183000)]), shapely.GeometryCollection([square(0, 0), shapely.Point(*CORNER)])],
)  # fmt: skip
def test_every_kind_of_place_can_be_told(spoilt: Inspection, shape: Any) -> None:
    finding = Finding("error", "x", "f", "m", shape=shape)
    geometry = findings_json(replace(spoilt, findings=(finding,)))["findings"][0]["geometry"]
    west, south, east, north = shapely.geometry.shape(json.loads(json.dumps(geometry))).bounds
    assert 5.4 < west <= east < 5.6
    assert 50.9 < south <= north < 51
    assert Page(findings_html(replace(spoilt, findings=(finding,)))).ids("g") == ["mark-1"]
