"""An inspection tells of everything, once, errors first, and never fails for what it finds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import shapely

import geo_lookup
from geo_lookup import EditionError
from geo_lookup.quality.inspection import inspect
from tests.quality.sound_city import ON, SoundCity
from tests.toy_city import square

BARE = SoundCity(street=())
BOW_TIE = shapely.from_wkt("POLYGON((228000 183000,229000 184000,229000 183000,228000 184000,228000 183000))")


def test_an_inspection_says_what_it_looked_at(tmp_path: Path) -> None:
    found = inspect(SoundCity().write(tmp_path), on=ON)
    assert (found.id, found.title, found.metric_crs) == ("toy-1", "A city of four squares", 31370)
    assert [name for name, _ in found.areas] == ["A-North", "A-South", "B-North", "B-South"]
    assert found.areas[1][1].equals(square(0, 0))
    assert (found.errors, found.warnings) == (0, 0)


def test_the_bundled_demo_has_one_finding_and_it_is_true() -> None:
    demo = Path(geo_lookup.__file__).parent.parent / "boundaries" / "genk-demo"
    (found,) = inspect(demo, on=ON).findings
    assert (found.level, found.rule, found.field) == ("warning", "no-hours", "opening_hours")
    assert "Buurthuis Termien" in found.message


def test_errors_come_first_and_those_of_loading_are_among_them() -> None:
    spoilt = BARE.with_neighbourhood("a1", shapely.box(228000, 182900, 229000, 184000))
    spoilt = spoilt.with_table("assignments", "B,wijkmanager,,ann", "B,wijkmanager,,").with_table(
        "services", "A,basic", "Z,basic"
    )
    found = spoilt.inspect()
    assert [(one.level, one.rule) for one in found.findings] == [
        ("error", "unknown-area"),
        ("error", "overlap"),
        ("warning", "vacancy-without-cover"),
    ]
    assert (found.errors, found.warnings) == (2, 1)


def test_a_polygon_that_cannot_be_used_is_told_of_once_with_its_place() -> None:
    (found,) = BARE.with_neighbourhood("a1", BOW_TIE).findings()
    assert (found.level, found.rule, found.row) == ("error", "geometry", 1)
    assert found.shape is not None
    assert found.shape.distance(shapely.Point(228500, 183500)) < 0.001


def test_a_table_with_faults_is_not_asked_for_what_it_lacks() -> None:
    assert BARE.with_table("assignments", "A,wijkmanager,ann,,2020-01-01", "A,wijkmanager,ann,,2020-13-01").rules() == [
        ("error", "table")
    ]
    assert BARE.with_table("offices", "5.4837,50.9535", "50.9535,5.4837").rules() == [("error", "coordinates")]


@pytest.mark.parametrize("manifest", ["id = ", "id = 'x'"])
def test_without_a_manifest_the_findings_are_all_there_is(tmp_path: Path, manifest: str) -> None:
    BARE.write(tmp_path)
    (tmp_path / "manifest.toml").write_text(manifest)
    found = inspect(tmp_path)
    assert (found.id, found.title, found.areas, found.metric_crs) == (None, str(tmp_path), (), None)
    assert found.errors == len(found.findings) > 0
    with pytest.raises(EditionError) as error:
        geo_lookup.load(tmp_path)
    assert error.value.findings == found.findings


def test_a_folder_that_is_not_there_is_a_finding_too(tmp_path: Path) -> None:
    (found,) = inspect(tmp_path / "nowhere").findings
    assert found.rule == "no-edition"


def test_quality_is_not_asked_for_at_load(tmp_path: Path) -> None:
    spoilt = BARE.with_neighbourhood("a1", shapely.box(228000, 182900, 229000, 184000))
    assert spoilt.rules() == [("error", "overlap")]
    assert geo_lookup.load(spoilt.write(tmp_path)).edition.warnings == ()


def test_the_day_decides_what_is_over(tmp_path: Path) -> None:
    folder = BARE.with_table("assignments", "B,wijkmanager,,ann,2020-01-01,", "B,wijkmanager,,ann,2030-01-01,").write(
        tmp_path
    )
    today, later = (inspect(folder, on=ON.replace(year=year)).findings for year in (2026, 2031))
    assert [one.rule for one in today] == ["no-manager", "no-successor"]
    assert [one.rule for one in later] == []


def test_a_layer_that_is_missing_is_one_finding(tmp_path: Path) -> None:
    replace(BARE, drawn=False).write(tmp_path)
    (tmp_path / "neighbourhoods.geojson").unlink()
    assert [one.rule for one in inspect(tmp_path, on=ON).findings] == ["layer"]


def test_the_findings_are_a_layer_to_look_at_in_a_notebook() -> None:
    found = BARE.with_neighbourhood("a1", shapely.box(228000, 182900, 229000, 184000)).inspect()
    frame = found.to_frame()
    assert frame["rule"].tolist() == [one.rule for one in found.findings]
    assert frame["message"].tolist() == [one.message for one in found.findings]
    assert (str(frame["row"].dtype), frame.crs.to_epsg()) == ("Int64", 31370)
    overlap = frame[frame["rule"] == "overlap"].geometry.iloc[0]
    assert overlap.area == pytest.approx(100_000)


def test_no_findings_are_a_layer_without_rows(tmp_path: Path) -> None:
    frame = inspect(SoundCity().write(tmp_path), on=ON).to_frame()
    assert (len(frame), "geometry" in frame.columns, frame.crs.to_epsg()) == (0, True, 31370)


def test_findings_of_an_edition_that_cannot_be_read_are_a_frame_too(tmp_path: Path) -> None:
    frame = inspect(tmp_path / "nothing").to_frame()
    assert (frame["level"].tolist(), frame.crs) == (["error"], None)
