"""Ways of OpenStreetMap: who may walk where, where they meet, and what is written of them."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import osmium
import pytest
import shapely
from typer.testing import CliRunner

from geo_lookup.cli import app
from geo_lookup.crs import LONLAT, transform
from geo_lookup.errors import SourceError
from geo_lookup.walking import importing
from geo_lookup.walking.importing import NetworkReport, import_network
from geo_lookup.walking.network import Network, paths_of
from geo_lookup.walking.osm_rules import one_way_for_walkers, stops_walkers, why_not_walked

Ways = Mapping[int, tuple[str, str]]
"""Ways by id: their nodes as 'a b c', and their tags as 'key=value key=value'."""


def tags(text: str) -> dict[str, str]:
    return dict(one.split("=", 1) for one in text.split())


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("highway=residential", None),
        ("highway=residential oneway=yes", None),
        ("highway=steps", None),
        ("highway=cycleway", None),
        ("highway=corridor indoor=yes level=1", None),
        ("highway=pedestrian area=yes", None),
        ("highway=platform", None),
        ("railway=platform", None),
        ("public_transport=platform", None),
        ("man_made=pier", None),
        ("highway=path informal=yes", None),
        ("highway=service access=customers", None),
        ("highway=service access=destination", None),
        ("highway=primary sidewalk=no", None),
        ("highway=secondary sidewalk=separate", None),
        ("highway=secondary foot=use_sidepath", "foot=use_sidepath"),
        ("highway=residential foot=no", "foot=no"),
        ("highway=service access=private", "access=private"),
        ("highway=service access=private foot=yes", None),
        ("highway=path access=no foot=permissive", None),
        ("highway=path access=no bicycle=yes", "access=no"),
        ("highway=track access=agricultural", "access=agricultural"),
        ("highway=track access=forestry foot=designated", None),
        ("highway=footway foot=private", "foot=private"),
        ("highway=path foot=discouraged", None),
        ("highway=trunk", "highway=trunk"),
        ("highway=trunk sidewalk=right", None),
        ("highway=trunk sidewalk:left=yes", None),
        ("highway=trunk foot=yes", None),
        ("highway=bridleway", "highway=bridleway"),
        ("highway=bridleway foot=yes", None),
        ("highway=primary motorroad=yes", "motorroad=yes"),
        ("highway=primary motorroad=yes foot=yes", None),
        ("highway=motorway", "highway=motorway"),
        ("highway=motorway foot=yes", "highway=motorway"),
        ("highway=construction construction=footway foot=yes", "highway=construction"),
        ("highway=proposed", "highway=proposed"),
        ("highway=raceway", "highway=raceway"),
        ("route=ferry foot=yes", "no highway"),
        ("railway=rail", "no highway"),
        ("barrier=hedge", "no highway"),
    ],
)
def test_a_way_is_walked_or_not(said: str, reason: str | None) -> None:
    assert why_not_walked(tags(said)) == reason


@pytest.mark.parametrize(
    ("said", "stops"),
    [
        ("barrier=gate", False),
        ("barrier=gate access=private", True),
        ("barrier=gate access=private foot=yes", False),
        ("barrier=gate foot=no", True),
        ("barrier=gate locked=yes", True),
        ("barrier=gate locked=yes foot=permissive", False),
        ("barrier=bollard motor_vehicle=no", False),
        ("barrier=cycle_barrier bicycle=no", False),
        ("barrier=stile", False),
        ("barrier=entrance", False),
        ("barrier=kerb", False),
        ("barrier=wall", True),
        ("barrier=fence", True),
        ("barrier=fence foot=yes", False),
        ("highway=crossing access=no", False),
        ("access=no", False),
    ],
)
def test_a_node_stops_walkers_or_not(said: str, stops: bool) -> None:
    assert stops_walkers(tags(said)) is stops


@pytest.mark.parametrize(
    ("said", "one_way"),
    [("oneway=yes", False), ("oneway:foot=yes", True), ("oneway:foot=no", False), ("foot:backward=no", True)],
)
def test_one_way_on_foot_is_told_from_one_way(said: str, one_way: bool) -> None:
    assert one_way_for_walkers(tags(said)) is one_way


PLACES = {name: (5.50 + 0.001 * column, 50.96 + 0.001 * row)
          for row, names in enumerate(("abcde", "fghij", "klmno")) for column, name in enumerate(names)}  # fmt: skip
"""Nodes by letter, in three rows from south to north: about 70 m from one to the next, 111 m to the one above."""


def write_osm(path: Path, ways: Ways, nodes: Mapping[str, str] | None = None, lacking: str = "") -> Path:
    """A file of OpenStreetMap with ways over the nodes of `PLACES`, some of which have tags, and some it lacks."""
    writer = osmium.SimpleWriter(str(path))
    for number, (name, place) in enumerate(PLACES.items(), 1):
        if name not in lacking:
            tagged = tags((nodes or {}).get(name, ""))
            writer.add_node(osmium.osm.mutable.Node(id=number, location=place, tags=tagged))
    ids = {name: number for number, name in enumerate(PLACES, 1)}
    for number, (named, said) in ways.items():
        refs = [ids[name] for name in named.split()]
        writer.add_way(osmium.osm.mutable.Way(id=number, nodes=refs, tags=tags(said)))
    writer.close()
    return path


def imported(
    folder: Path, ways: Ways, *, crs: int = 31370, **rest: Any
) -> tuple[NetworkReport, geopandas.GeoDataFrame]:
    report = import_network(write_osm(folder / "a.osm.pbf", ways, **rest), folder / "paths.gpkg", crs)
    return report, geopandas.read_file(folder / "paths.gpkg")


def letters(frame: geopandas.GeoDataFrame) -> list[str]:
    """The corners of each line by the letters of the nodes at them; '.' where there is none."""
    lons, lats = np.array(list(PLACES.values())).T
    points = shapely.points(*transform(lons, lats, LONLAT, frame.crs.to_epsg()))
    names = list(PLACES)

    def letter(corner: tuple[float, float]) -> str:
        distances = shapely.distance(points, shapely.Point(corner))
        return names[int(distances.argmin())] if distances.min() < 0.02 else "."

    return ["".join(map(letter, line.coords)) for line in frame.geometry]


def components(frame: geopandas.GeoDataFrame) -> int:
    return int(frame["component"].nunique())


@pytest.mark.parametrize(
    ("rule", "ways", "rest", "lines", "parts"),
    [
        ("a way is one stretch where nothing meets it", {1: ("a b c", "highway=path")}, {}, ["abc"], 1),
        ("ways meet in nodes that they share", {1: ("f g h", "highway=path"), 2: ("b g l", "highway=steps")}, {},
         ["fg", "gh", "bg", "gl"], 1),
        ("a bridge shares no node with what it crosses",
         {1: ("f h", "highway=path"), 2: ("b l", "highway=footway bridge=yes layer=1")}, {}, ["fh", "bl"], 2),
        ("what may not be walked joins nothing", {1: ("a b c", "highway=path"), 2: ("b g", "highway=motorway")}, {},
         ["abc"], 1),
        ("a way that passes a node twice is cut there", {1: ("a b g f b c", "highway=path")}, {},
         ["ab", "bgfb", "bc"], 1),
        ("a square is walked along its edge", {1: ("a b g f a", "highway=pedestrian area=yes")}, {}, ["abgfa"], 1),
        ("gates are passed", {1: ("a b c", "highway=path")}, {"nodes": {"b": "barrier=gate"}}, ["abc"], 1),
        ("a closed gate cuts the way", {1: ("a b c", "highway=path")}, {"nodes": {"b": "barrier=gate access=private"}},
         ["a.", ".c"], 2),
        ("it cuts all ways that meet in it", {1: ("f g h", "highway=path"), 2: ("b g l", "highway=path")},
         {"nodes": {"g": "barrier=gate foot=no"}}, ["f.", ".h", "b.", ".l"], 4),
        ("a way is cut where the file lacks nodes", {1: ("a b c d e", "highway=path")}, {"lacking": "c"},
         ["ab", "de"], 2),
        ("a single node left of a way is none", {1: ("a b c", "highway=path"), 2: ("f g", "highway=path")},
         {"lacking": "b"}, ["fg"], 1),
        ("a node that stands twice in a row is one", {1: ("a b b c", "highway=path")}, {}, ["abc"], 1),
        ("ways come in the order of their ids", {7: ("a b", "highway=path"), 3: ("b c", "highway=path")}, {},
         ["bc", "ab"], 1),
    ],
)  # fmt: skip
def test_ways_become_stretches(
    tmp_path: Path, rule: str, ways: Ways, rest: dict[str, Any], lines: list[str], parts: int
) -> None:
    _, frame = imported(tmp_path, ways, **rest)
    assert letters(frame) == lines, rule
    assert components(frame) == parts, rule
    network = Network(paths_of(frame.geometry.to_numpy()))
    assert network.components.tolist() == frame["component"].tolist(), "what is read back hangs together as written"


def test_ends_at_a_closed_gate_keep_apart_by_twice_a_decimetre(tmp_path: Path) -> None:
    _, frame = imported(tmp_path, {1: ("a b c", "highway=path")}, nodes={"b": "barrier=gate foot=no"})
    one, other = frame.geometry
    assert shapely.distance(one, other) == pytest.approx(2 * 0.1, abs=1e-6)


def test_the_layer_says_of_each_stretch_what_it_is(tmp_path: Path) -> None:
    ways = {5: ("a b", "highway=residential name=Dorp"), 6: ("b c", "railway=platform"), 9: ("k l", "highway=path")}
    report, frame = imported(tmp_path, ways, crs=3812)
    assert frame.crs.to_epsg() == 3812
    fields = frame.drop(columns="geometry").astype(object)
    assert fields.where(fields.notna(), None).to_dict("list") == {
        "osm_id": [5, 6, 9],
        "highway": ["residential", "platform", "path"],
        "name": ["Dorp", None, None],
        "length_m": frame.length.round(2).tolist(),
        "component": [0, 0, 1],
    }
    assert sum(report.component_m) == pytest.approx(frame.length.sum())


def test_the_report_counts_what_was_left_out_and_why(tmp_path: Path) -> None:
    ways = {
        1: ("a b c", "highway=path"), 2: ("f g", "highway=service access=private"), 3: ("g h", "highway=motorway"),
        4: ("c h", "highway=path oneway:foot=yes"), 5: ("k l m", "highway=path"), 6: ("m n", "railway=rail"),
        7: ("h i", "highway=service access=private"),
    }  # fmt: skip
    report, _ = imported(tmp_path, ways, nodes={"b": "barrier=wall"}, lacking="m")
    assert list(report.lines()) == [
        "ways walked 3, left out 3",
        "  2 with access=private",
        "  1 with highway=motorway",
        "one-way on foot, taken both ways: 1",
        "barriers that stop walkers, where ways are cut: 1",
        "nodes that the file lacks, where ways are cut: 1",
        "stretches 4, 0.3 km in 3 components",
        "  the largest 0.2 km, 56.4%",
        "  apart from it 0.07 km, 21.83%",
        "  apart from it 0.07 km, 21.80%",
    ]


def test_the_same_file_makes_the_same_bytes(tmp_path: Path) -> None:
    source = write_osm(tmp_path / "a.osm.pbf", {1: ("a b c", "highway=path")})
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        import_network(source, tmp_path / name / "paths.gpkg", 31370)
    assert (tmp_path / "one" / "paths.gpkg").read_bytes() == (tmp_path / "other" / "paths.gpkg").read_bytes()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.osm.pbf", None, "there is no such file."),
        ("a.geojson", b"{}", "a file of OpenStreetMap must be named *.osm.pbf, *.osm, *.osm.xml, *.osm.gz, *.osm.bz2."),
        ("a.osm.pbf", b"no pbf at all", "it cannot be read as OpenStreetMap: "),
        ("a.osm", b"<osm version='0.6'></osm>", "it holds no way that people may walk."),
        ("a.osm", b"<html></html>", "it cannot be read as OpenStreetMap: "),
    ],
)
def test_what_is_no_network_is_refused_and_nothing_is_written(
    tmp_path: Path, name: str, content: bytes | None, message: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    (tmp_path / "paths.gpkg").write_bytes(b"what was there")
    with pytest.raises(SourceError) as error:
        import_network(tmp_path / name, tmp_path / "paths.gpkg", 31370)
    assert str(error.value).startswith(message)
    assert str(tmp_path) not in str(error.value)
    assert (tmp_path / "paths.gpkg").read_bytes() == b"what was there"
    assert_nothing_else(tmp_path, {name, "paths.gpkg"})


def assert_nothing_else(folder: Path, names: Iterable[str]) -> None:
    assert {path.name for path in folder.iterdir()} <= set(names)


def test_an_import_that_is_ended_leaves_what_was_there(tmp_path: Path) -> None:
    source = write_osm(tmp_path / "a.osm.pbf", {1: ("a b c", "highway=path")})
    (tmp_path / "paths.gpkg").write_bytes(b"what was there")
    program = (
        "import os, signal, sys\n"
        "from geo_lookup import cli\n"
        "from geo_lookup.walking import importing\n"
        "def written(frame, path, layer):\n"
        "    path.write_bytes(b'half')\n"
        "    os.kill(os.getpid(), signal.SIGTERM)\n"
        "importing.write_layer = written\n"
        f"sys.argv = ['geo-lookup', 'network', {str(source)!r}, '--to', {str(tmp_path / 'paths.gpkg')!r}]\n"
        "cli.main()\n"
    )
    run = subprocess.run([sys.executable, "-c", program], cwd=Path(__file__).parents[2], capture_output=True, text=True)
    assert run.returncode == 128 + signal.SIGTERM, run.stderr
    assert (tmp_path / "paths.gpkg").read_bytes() == b"what was there"
    assert_nothing_else(tmp_path, {"a.osm.pbf", "paths.gpkg"})


def test_a_full_disk_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: object, path: Path, __: str) -> None:
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(importing, "write_layer", full)
    source = write_osm(tmp_path / "a.osm.pbf", {1: ("a b c", "highway=path")})
    result = CliRunner().invoke(app, ["network", str(source), "--to", str(tmp_path / "paths.gpkg")])
    assert (result.exit_code, "No space left on device" in result.stderr) == (1, True)
    assert_nothing_else(tmp_path, {"a.osm.pbf"})


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        (["--to", "paths.gpkg"], 0, "ways walked 1, left out 0"),
        (["--to", "paths.gpkg", "--crs", "4326"], 2, "EPSG:4326 does not measure in metres; 31370 (Lambert 72) does."),
        (["--to", "paths.gpkg", "--crs", "2056"], 1, "outside the area where EPSG:2056 is used; state another CRS."),
        (["--to", "paths.gpkg", "--crs", "x"], 2, "crs must be a whole number."),
        (["--to", "paths.geojson"], 1, "a network is written as a GeoPackage; name it *.gpkg."),
        (["--to", "nowhere/paths.gpkg"], 1, "nowhere/paths.gpkg: there is no such folder."),
        (["--to", "folder.gpkg"], 1, "folder.gpkg: Is a directory."),
        ([], 2, "Missing option '--to'"),
    ],
)
def test_the_command_says_what_it_did_or_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], code: int, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    write_osm(tmp_path / "a.osm.pbf", {1: ("a b c", "highway=path")})
    (tmp_path / "folder.gpkg").mkdir()
    result = CliRunner().invoke(app, ["network", "a.osm.pbf", *options])
    assert result.exit_code == code
    assert message in result.stderr
    assert result.stdout == ""
    assert (tmp_path / "paths.gpkg").exists() is (code == 0)


def test_without_pyosmium_the_error_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = write_osm(tmp_path / "a.osm.pbf", {1: ("a b c", "highway=path")})
    monkeypatch.setitem(sys.modules, "osmium", None)
    result = CliRunner().invoke(app, ["network", str(source), "--to", str(tmp_path / "paths.gpkg")])
    assert (result.exit_code, "pip install 'geo-lookup[network]'" in result.stderr) == (1, True)
