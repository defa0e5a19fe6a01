"""What readers get: text, JSON, one HTML file, and a layer that is there whole or not at all."""

from __future__ import annotations

import json
import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import geopandas
import pytest
import shapely

from geo_lookup.comparison.comparison import Comparison, compare
from geo_lookup.errors import RequestError
from geo_lookup.reports import comparison_report
from geo_lookup.reports.comparison_report import comparison_html, comparison_text, write_moved_parts
from tests.comparison.side_by_side import neighbourhoods, toy_edition
from tests.toy_city import CORNER, TABLES, square

NASTY = '<script>alert("x")</script> & co'
ON = date(2026, 11, 23)


@pytest.fixture
def redrawn(tmp_path: Path) -> Comparison:
    """15 ha go from b1 to a1, b2 gets a nasty name, Ann another telephone."""
    strip = square(1, 1).intersection(shapely.box(CORNER[0], CORNER[1], CORNER[0] + 1150, CORNER[1] + 2000))
    layer = neighbourhoods(
        {
            "a1": ("A-North", "A", square(0, 1).union(strip)),
            "b1": ("B-North", "B", square(1, 1).difference(strip)),
            "b2": (NASTY, "B", square(1, 0)),
        }
    )
    managers = TABLES["managers.csv"].replace("+32 89 00 00 01", "+32 89 00 00 77")
    before = toy_edition(tmp_path / "before")
    return compare(before, toy_edition(tmp_path / "after", neighbourhoods=layer, managers=managers), on=ON)


@pytest.fixture
def unchanged(tmp_path: Path) -> Comparison:
    return compare(toy_edition(tmp_path / "before"), toy_edition(tmp_path / "after"), on=ON)


def test_identical_editions_say_that_nothing_changes(unchanged: Comparison, tmp_path: Path) -> None:
    assert "Nothing changes." in comparison_text(unchanged)
    assert "Nothing changes." in comparison_html(unchanged)
    assert "Neighbourhoods" not in comparison_text(unchanged)
    write_moved_parts(unchanged, tmp_path / "none.gpkg")
    assert len(geopandas.read_file(tmp_path / "none.gpkg")) == 0


@pytest.mark.parametrize(
    "sentence",
    [
        "Neighbourhoods: 4 kept (1 renamed, 2 with another border).",
        "15.0 ha (3.8 %) of their ground goes from one to another.",
        "15.0 ha from B-North to A-North, 15.0 % of it; nobody -> Ann",
        "On 2026-11-23 somebody else is in charge of",
        "Other roles change hands: buurtopbouwwerk.",
        "wijkmanager: nobody -> Ann: 14.0 ha of A-North",
        "Ann: phone +32 89 00 00 01 -> +32 89 00 00 77",
        "No addresses were compared",
        "Special areas: 1 kept as they are.",
    ],
)
def test_the_text_says(redrawn: Comparison, sentence: str) -> None:
    assert sentence in comparison_text(redrawn)


def test_the_text_says_where_the_ground_of_an_area_that_is_gone_went(tmp_path: Path) -> None:
    x, y = CORNER
    west, middle, east = (shapely.box(x + a, y + 1000, x + b, y + 2000) for a, b in ((0, 400), (400, 600), (600, 1000)))
    layer = neighbourhoods(
        {
            "a1": None,
            "a2": ("A-South", "A", square(0, 0).union(west)),
            "b1": ("B-North", "B", square(1, 1).union(east)),
            "c": ("Strip", "A", middle.union(shapely.box(x - 900, y, x, y + 1000))),
        }
    )
    after = toy_edition(tmp_path / "after", neighbourhoods=layer, services="area_id,service\n")
    text = comparison_text(compare(toy_edition(tmp_path / "before"), after, on=ON))
    assert "A-North (100.0 ha) is gone, 40.0 % of it to " in text
    assert "Strip (110.0 ha) is new, 81.8 % of it from outside" in text


def test_the_shortest_account_comes_first(redrawn: Comparison) -> None:
    paragraphs = comparison_text(redrawn).split("\n\n")
    assert paragraphs[1].startswith("Neighbourhoods: 4 kept")
    assert paragraphs[2].startswith("Neighbourhoods\n")


def test_json_is_finite_and_in_a_stable_order(redrawn: Comparison) -> None:
    told = redrawn.to_dict()
    text = json.dumps(told, allow_nan=False)
    assert json.dumps(redrawn.to_dict(), allow_nan=False) == text
    assert json.loads(text) == told
    (move,) = told["neighbourhoods"]["moves"]
    assert move["hectares"] == 15.0
    assert move["before"] == {"id": "b1", "name": "B-North"}
    assert told["on"] == "2026-11-23"
    assert "geometry" not in text


class _Page(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name in ("href", "src", "action", "data"):
                self.links.append(value or "")
            if name == "id":
                self.ids.add(value or "")


def test_the_page_is_one_file_that_runs_nothing_and_fetches_nothing(redrawn: Comparison) -> None:
    html = comparison_html(redrawn)
    page = _Page(html)
    assert NASTY not in html
    assert "&lt;script&gt;" in html
    assert not {"script", "link", "img", "iframe", "object"} & set(page.tags)
    assert page.links
    assert {link.removeprefix("#") for link in page.links} <= page.ids
    assert not re.search(r"url\(|@import", html)
    assert "prefers-color-scheme:dark" in html


def test_each_moved_part_is_on_the_map(redrawn: Comparison) -> None:
    html = comparison_html(redrawn)
    assert 'id="part-1" class="mark moved"' in html
    assert '<a href="#part-1">B-North</a>' in html


def test_a_page_of_many_parts_says_what_it_leaves_out(redrawn: Comparison, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparison_report, "MOST_PARTS", 0)
    assert "part-1" not in comparison_html(redrawn)
    assert "15.0 ha (3.8 %)" in comparison_html(redrawn)


def test_the_moved_parts_are_a_layer(redrawn: Comparison, tmp_path: Path) -> None:
    write_moved_parts(redrawn, tmp_path / "moved.gpkg")
    frame = geopandas.read_file(tmp_path / "moved.gpkg", layer="moved_parts")
    assert frame.crs.to_epsg() == 31370
    assert list(frame["kind"]) == ["neighbourhood", "district"]
    first = frame.iloc[0]
    assert (first["from_id"], first["from_name"], first["to_id"], first["to_name"]) == (
        "b1",
        "B-North",
        "a1",
        "A-North",
    )
    assert first["hectares"] == pytest.approx(15)
    assert first.geometry.area == pytest.approx(150_000)
    assert (first["manager_before"], first["manager_after"]) == (None, "Ann")


def test_the_moved_parts_are_a_frame_too(redrawn: Comparison, unchanged: Comparison) -> None:
    parts = redrawn.moved_parts()
    first = parts.iloc[0]
    assert (first["kind"], first["from_name"], first["to_name"]) == ("neighbourhood", "B-North", "A-North")
    assert first["hectares"] == pytest.approx(first.geometry.area / 10_000)
    nothing = unchanged.moved_parts()
    assert (len(nothing), nothing.crs, list(nothing.columns)) == (0, parts.crs, list(parts.columns))


def test_a_layer_that_cannot_be_written_leaves_the_old_one(
    redrawn: Comparison, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "moved.gpkg"
    target.write_text("the old one")

    def fails(_: object, path: Path, **__: object) -> None:
        path.write_text("half of it")
        raise OSError("no space left")

    monkeypatch.setattr(geopandas.GeoDataFrame, "to_file", fails)
    with pytest.raises(OSError, match="no space"):
        write_moved_parts(redrawn, target)
    assert target.read_text() == "the old one"
    assert [one.name for one in tmp_path.iterdir() if "moved" in one.name] == ["moved.gpkg"]


def test_another_format_is_refused(redrawn: Comparison, tmp_path: Path) -> None:
    with pytest.raises(RequestError, match=r"\.gpkg"):
        write_moved_parts(redrawn, tmp_path / "moved.shp")
