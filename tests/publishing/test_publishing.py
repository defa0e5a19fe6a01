"""Publishing: complete or not at all, refused where it should be, and the same answers afterwards."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import random
import shutil
import sqlite3
import time
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pytest

import geo_lookup
from geo_lookup import EditionError
from geo_lookup.edition import open_edition
from geo_lookup.publishing import draft, publishing
from geo_lookup.publishing.published_folder import alone, in_force, lineage, live, read_publication, roll_back
from geo_lookup.publishing.publishing import publish
from geo_lookup.seal import SEAL, check_seal
from tests.conftest import DAY
from tests.places import PLACES
from tests.real_editions import ROOT, real_edition
from tests.toy_city import MANIFEST, NEIGHBOURHOODS, TABLES, geojson, square, write_toy_city

DEMO = ROOT / "boundaries" / "genk-demo" / "2026-11"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_toy_city(tmp_path / "source")


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "published"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def rules(error: EditionError) -> set[str]:
    return {finding.rule for finding in error.findings}


def test_the_published_demo_answers_as_its_source_does(tmp_path: Path, demo: geo_lookup.Finder) -> None:
    publish(DEMO, tmp_path, accept_warnings=True)
    published = geo_lookup.load(tmp_path, on=DAY)
    asked: list[dict[str, Any]] = [{"lon": place.lon, "lat": place.lat} for place in PLACES.values()]
    asked += [{"text": text} for text in ("112 noordln", "Europalaan", "Noordlaan 9999", "Noordlaan 112, Hasselt")]
    asked += [{"address_id": "demo-00001"}]
    for one in asked:
        ours, theirs = published.find(**one).to_dict(), demo.find(**one).to_dict()
        assert ours == theirs, one


def test_the_published_real_genk_answers_as_its_source_does(tmp_path: Path, genk: geo_lookup.Finder) -> None:
    (tmp_path / "source").mkdir()
    publish(real_edition("genk/2025", "genk", tmp_path / "source"), tmp_path / "published", accept_warnings=True)
    published = geo_lookup.load(tmp_path / "published", on=DAY)
    west, south, east, north = genk.areas("city").to_crs(4326).total_bounds
    chance = np.random.default_rng(6)
    lons, lats = chance.uniform(west, east, 200_000), chance.uniform(south, north, 200_000)
    assert (published.locate(lons, lats) == genk.locate(lons, lats)).all()
    for kind in ("neighbourhood", "district", "city"):
        ours, theirs = published.areas(kind), genk.areas(kind)
        assert ours.drop(columns="geometry").equals(theirs.drop(columns="geometry"))
        assert ours.geometry.geom_equals_identical(theirs.geometry).all()


def test_what_is_published_is_in_one_form_and_sealed(source: Path, target: Path) -> None:
    publish(source, target, accept_warnings=True)
    edition = target / "toy-1"
    assert (target / "current").read_text() == "toy-1\n"
    names = {path.name for path in edition.iterdir()}
    assert {"manifest.toml", "neighbourhoods.gpkg", "districts.gpkg", "city.gpkg", "managers.csv", SEAL} <= names
    assert not [name for name in names if name.endswith(".geojson")]
    assert {"report.html", "report.json"} <= names
    check_seal(edition)
    listed = {line.split("  ")[1] for line in (edition / SEAL).read_text().splitlines()}
    assert listed == names - {SEAL}


def test_the_same_source_makes_the_same_files(source: Path, tmp_path: Path) -> None:
    for name in ("one", "other"):
        publish(source, tmp_path / name, accept_warnings=True)
    seals = [(tmp_path / name / "toy-1" / SEAL).read_text().splitlines() for name in ("one", "other")]
    different = {line.split("  ")[1] for line in set(seals[0]) ^ set(seals[1])}
    assert different <= {"publication.json"}, "which tells the time"


def test_nothing_new_is_published_where_nothing_changed(source: Path, target: Path) -> None:
    publish(source, target, accept_warnings=True)
    again = publish(source, target, accept_warnings=True)
    assert again.unchanged
    assert lineage(target) == ["toy-1"]


def test_a_change_of_people_reads_no_layer_again(source: Path, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(source, target, accept_warnings=True)
    (source / "neighbourhoods.geojson").touch()
    edit(source / "assignments.csv", "b2,wijkmanager,bob", "b2,wijkmanager,sue")
    monkeypatch.setattr(draft, "write_areas", None)  # would fail
    published = publish(source, target, accept_warnings=True)
    assert published.edition_id == "toy-1-r2"
    assert "areas" in published.taken_over
    answer = geo_lookup.load(target, on=DAY).find(x=229500, y=182500, crs=31370)
    assert answer.contact is not None
    assert answer.contact.name == "Sue"
    assert answer.edition.id == "toy-1-r2"


def test_a_change_of_boundaries_reads_them(source: Path, target: Path) -> None:
    publish(source, target, accept_warnings=True)
    areas = {**NEIGHBOURHOODS, "c1": ("C-New", "B", square(2, 0))}
    (source / "neighbourhoods.geojson").write_text(geojson(areas))
    assert publish(source, target, accept_warnings=True).taken_over == ("addresses",)
    assert "c1" in open_edition(target).areas


def squares(name: str) -> geopandas.GeoDataFrame:
    """The four squares as a layer, the first of them under another name."""
    rows = [(area_id, name if area_id == "a1" else area_id, *rest) for area_id, (_, *rest) in NEIGHBOURHOODS.items()]
    return geopandas.GeoDataFrame(rows, columns=["id", "name", "district", "geometry"], crs=31370)


def test_a_change_in_any_part_of_a_shapefile_is_seen(source: Path, target: Path) -> None:
    edit(source / "manifest.toml", '"neighbourhoods.geojson"', '"WIJKEN.SHP"')
    for name in ("Old", "New"):
        squares(name).to_file(source / "drawn.shp")
        for part in list(source.glob("drawn.*")):
            part.rename(
                source / f"WIJKEN{part.suffix.upper()}"
            )  # as older programs name them; the names are in the DBF
        publish(source, target, accept_warnings=True)
        assert open_edition(target).areas["a1"].name == name


def test_a_change_that_a_program_keeps_beside_a_geopackage_is_seen(source: Path, target: Path) -> None:
    edit(source / "manifest.toml", '"neighbourhoods.geojson"', '"wijken.gpkg"')
    squares("Old").to_file(source / "wijken.gpkg", SPATIAL_INDEX="NO")  # whose triggers call functions of GDAL
    publish(source, target, accept_warnings=True)
    with contextlib.closing(sqlite3.connect(source / "wijken.gpkg", isolation_level=None)) as editor:  # as QGIS does
        editor.execute("PRAGMA journal_mode=WAL")
        publish(source, target, accept_warnings=True)
        assert publish(source, target, accept_warnings=True).unchanged
        editor.execute("UPDATE wijken SET name = 'New' WHERE id = 'a1'")
        publish(source, target, accept_warnings=True)
        assert open_edition(target).areas["a1"].name == "New"


def test_errors_are_refused_and_what_was_live_stays(source: Path, target: Path) -> None:
    publish(source, target, accept_warnings=True)
    before = sorted(target.iterdir())
    edit(source / "assignments.csv", "b2,wijkmanager,bob", "b2,wijkmanager,nobody")
    with pytest.raises(EditionError) as refused:
        publish(source, target, accept_warnings=True)
    assert "unknown-manager" in rules(refused.value)
    assert sorted(target.iterdir()) == before
    assert live(target) == "toy-1"


def test_warnings_are_taken_only_when_told_to(source: Path, target: Path) -> None:
    (source / "managers.csv").write_text(TABLES["managers.csv"].replace("languages", "tongues"))
    with pytest.raises(EditionError) as refused:
        publish(source, target)
    assert {finding.level for finding in refused.value.findings} == {"warning"}
    assert live(target) is None
    assert publish(source, target, accept_warnings=True).findings


@pytest.mark.parametrize("edition_id", ["../evil", "a/b", ".hidden", "current", "é"])
def test_an_id_that_is_no_name_of_a_folder_is_refused(source: Path, target: Path, edition_id: str) -> None:
    edit(source / "manifest.toml", 'id = "toy-1"', f'id = "{edition_id}"')
    with pytest.raises(EditionError) as refused:
        publish(source, target, accept_warnings=True)
    assert rules(refused.value) == {"edition-id"}


STEPS: list[tuple[object, str]] = [
    (draft, "write_areas"), (draft, "write_tables"), (draft, "write_manifest"),
    (publishing, "write_publication"), (publishing, "write_seal"), (publishing, "_sync"), (publishing, "open_edition"),
    (publishing, "switch"), (Path, "rename"), (os, "fsync"),
]  # fmt: skip


@pytest.mark.parametrize(("where", "step"), STEPS, ids=[step for _, step in STEPS])
def test_a_full_disk_at_any_step_leaves_what_was_live(
    source: Path, target: Path, monkeypatch: pytest.MonkeyPatch, where: object, step: str
) -> None:
    publish(source, target, accept_warnings=True)
    edit(source / "neighbourhoods.geojson", "A-North", "A-Nord")

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(where, step, full)
    with pytest.raises(OSError, match="No space"):
        publish(source, target, accept_warnings=True)
    monkeypatch.undo()
    assert open_edition(target).manifest.id == "toy-1"
    assert not list(target.glob(".publishing-*"))
    publish(source, target, accept_warnings=True)
    assert open_edition(target).areas["a1"].name == "A-Nord"


def _publish_for_ever(source: Path, target: Path, names: list[str]) -> None:
    for name in names:
        edit(source / "neighbourhoods.geojson", "A-North", name)
        publish(source, target, accept_warnings=True, keep=3)
        edit(source / "neighbourhoods.geojson", name, "A-North")


def test_killed_at_100_moments_there_is_never_half_an_edition(tmp_path: Path) -> None:
    """Each run publishes one edition after another, and is killed (SIGKILL) at a moment of chance."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["geo_lookup.publishing.publishing", "tests.publishing.test_publishing"])
    moments = random.Random(6)  # noqa: S311 - the same moments each time
    target = tmp_path / "published"
    publish(write_toy_city(tmp_path / "first"), target, accept_warnings=True)

    def starting(number: int, editions: int) -> tuple[Path, BaseProcess]:
        source = write_toy_city(tmp_path / f"source-{number}")
        names = [f"Name {number} {each}" for each in range(editions)]
        process = context.Process(target=_publish_for_ever, args=(source, target, names))
        process.start()
        return source, process

    starting(-2, 1)[1].join()  # what processes are made from is made by now
    begun = time.monotonic()
    starting(-1, 2)[1].join()
    two_editions = time.monotonic() - begun  # on this machine, as busy as it is
    lives = set()
    for number in range(100):
        source, process = starting(number, 50)
        time.sleep(moments.uniform(0, 1.2 * two_editions))
        process.kill()
        process.join()
        assert process.exitcode == -9
        lives.add(open_edition(target).manifest.id)  # whole, and sealed
        shutil.rmtree(source)
    assert len(lives) > 20, "many of them got as far as a new edition"
    publish(write_toy_city(tmp_path / "last"), target, accept_warnings=True)
    assert not list(target.glob(".publishing-*")), "what was left is cleared away"


DAMAGES: dict[str, Callable[[Path], object]] = {
    "a bit of a layer": lambda folder: _flip(folder / "neighbourhoods.gpkg"),
    "a table": lambda folder: (folder / "managers.csv").write_text("id,name\nann,Eve\n"),
    "a table that is gone": lambda folder: (folder / "offices.csv").unlink(),
    "the manifest": lambda folder: edit(folder / "manifest.toml", "demo = false", "demo = true"),
    "the seal": lambda folder: (folder / SEAL).write_text(""),
}


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.unlink()
    path.write_bytes(content)


@pytest.mark.parametrize("damage", DAMAGES)
def test_an_edition_that_was_damaged_is_refused(source: Path, target: Path, damage: str) -> None:
    publish(source, target, accept_warnings=True)
    DAMAGES[damage](target / "toy-1")
    with pytest.raises(EditionError) as refused:
        open_edition(target)
    assert "seal" in rules(refused.value)


def test_a_damaged_file_is_not_taken_over_and_blocks_no_repair(source: Path, target: Path) -> None:
    publish(source, target, accept_warnings=True)
    _flip(target / "toy-1" / "city.gpkg")
    again = publish(source, target, accept_warnings=True)
    assert (again.edition_id, again.unchanged, again.taken_over) == ("toy-1-r2", False, ())
    assert open_edition(target).manifest.id == "toy-1-r2"
    assert lineage(target) == ["toy-1-r2"], "the damaged one answers no day any more"


@pytest.mark.parametrize("lost", ["manifest.toml", "publication.json", "everything", "current"])
def test_a_folder_whose_live_edition_is_lost_can_be_published_in(source: Path, target: Path, lost: str) -> None:
    publish(source, target, accept_warnings=True)
    revise(source, target, "Bea")
    if lost == "everything":
        shutil.rmtree(target / "toy-1-r2")
    elif lost == "current":
        (target / "current").write_text("../nothing")
    else:
        (target / "toy-1-r2" / lost).write_text('{"earlier": 5}')
    revise(source, target, "Ben")
    assert "toy-1" in lineage(target)
    contact = geo_lookup.load(target, on=DAY).find(x=229500, y=182500, crs=31370).contact
    assert contact is not None
    assert contact.name == "Ben"


def test_an_edition_that_was_altered_is_not_published_anew(source: Path, target: Path, tmp_path: Path) -> None:
    publish(source, target, accept_warnings=True)
    edit(target / "toy-1" / "managers.csv", "Ann", "Mallory")
    with pytest.raises(EditionError) as refused:
        publish(target, tmp_path / "other", accept_warnings=True)
    assert rules(refused.value) == {"seal"}


def test_a_damaged_edition_of_another_time_is_left_out(source: Path, target: Path) -> None:
    publish(source, target, accept_warnings=True)
    _flip(target / "toy-1" / "city.gpkg")
    (source / "manifest.toml").write_text(MANIFEST.replace('"toy-1"', '"toy-2"').replace("2020-01-01", "2024-01-01"))
    publish(source, target, accept_warnings=True)
    assert list(in_force(target).values()) == ["toy-2"]
    assert geo_lookup.load(target, on=DAY).edition.manifest.id == "toy-2"


def test_a_folder_holds_one_city(source: Path, target: Path) -> None:
    publish(source, target, accept_warnings=True)
    edit(source / "manifest.toml", 'city_id = "toy"', 'city_id = "else"')
    for name in ("assignments.csv", "services.csv"):
        edit(source / name, "toy,", "else,")
    with pytest.raises(EditionError) as refused:
        publish(source, target, accept_warnings=True)
    assert "other-city" in rules(refused.value)


def test_an_edition_is_no_folder_to_publish_in(source: Path) -> None:
    with pytest.raises(EditionError) as refused:
        publish(source, source, accept_warnings=True)
    assert rules(refused.value) == {"target"}
    assert not (source / "current").exists()
    assert not (source / ".lock").exists()


def test_a_rollback_passes_over_what_is_damaged(source: Path, target: Path) -> None:
    first, second, _ = (revise(source, target, name) for name in ("Bob", "Bea", "Ben"))
    _flip(target / second / "city.gpkg")
    assert roll_back(target) == first


def test_a_rollback_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(EditionError, match="no published folder"):
        roll_back(tmp_path / "nothing")
    assert not (tmp_path / "nothing").exists()


def revise(source: Path, target: Path, name: str) -> str:
    managers = source / "managers.csv"
    managers.write_text(TABLES["managers.csv"].replace("Bob", name))
    return publish(source, target, accept_warnings=True, keep=3).edition_id


def test_a_rollback_leads_to_what_was_live_before(source: Path, target: Path) -> None:
    first, second, third = (revise(source, target, name) for name in ("Bob", "Bea", "Ben"))
    assert live(target) == third
    assert roll_back(target) == second
    assert roll_back(target) == first
    with pytest.raises(EditionError, match="no earlier edition"):
        roll_back(target)
    assert live(target) == first
    assert lineage(target) == [first]
    fourth = revise(source, target, "Bill")
    assert lineage(target) == [fourth, first], "what was rolled back does not come back"
    assert fourth not in (second, third)


def test_the_last_editions_stay_and_so_do_those_that_days_are_answered_with(source: Path, target: Path) -> None:
    manifest = source / "manifest.toml"
    manifest.write_text(MANIFEST.replace('id = "toy-1"', 'id = "old"').replace("2020-01-01", "2010-01-01"))
    publish(source, target, accept_warnings=True, keep=3)
    manifest.write_text(MANIFEST)
    for number in range(6):
        revise(source, target, f"Bob {number}")
    assert lineage(target) == ["toy-1-r6", "toy-1-r5", "toy-1-r4", "old"]
    assert list(in_force(target).values()) == ["old", "toy-1-r6"]
    assert {path.name for path in target.iterdir() if path.is_dir()} == set(lineage(target))


def test_two_do_not_publish_at_once(source: Path, target: Path) -> None:
    with alone(target), pytest.raises(EditionError, match="another process is publishing"):
        publish(source, target, accept_warnings=True)


def test_an_edition_remembers_how_it_was_made(source: Path, target: Path) -> None:
    publish(source, target, accept_warnings=True)
    revise(source, target, "Bea")
    publication = read_publication(target / "toy-1-r2")
    assert publication is not None
    assert (publication.source_id, publication.earlier) == ("toy-1", ["toy-1"])


def test_what_was_found_of_areas_that_did_not_change_is_told_again(source: Path, target: Path) -> None:
    areas = {**NEIGHBOURHOODS, "a2": ("A-South", "A", square(0, 0).difference(square(0, 0).buffer(-400)))}
    (source / "neighbourhoods.geojson").write_text(geojson(areas))
    first = publish(source, target, accept_warnings=True)
    (source / "managers.csv").write_text(TABLES["managers.csv"].replace("Bob", "Bea"))
    second = publish(source, target, accept_warnings=True)
    assert "areas" in second.taken_over
    found = [[(one.rule, one.message, one.remedy) for one in each.findings] for each in (first, second)]
    assert "gap" in {rule for rule, _, _ in found[0]}
    assert sorted(found[0]) == sorted(found[1])
    shapes = [[one.shape for one in each.findings if one.rule == "gap"] for each in (first, second)]
    for before, after in zip(*shapes, strict=True):
        assert before is not None
        assert after is not None
        assert before.hausdorff_distance(after) < 0.02
