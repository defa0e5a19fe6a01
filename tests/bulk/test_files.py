"""`geo-lookup bulk`: files of every format, row for row, with bad rows marked in their place."""

from __future__ import annotations

import csv
import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from pyarrow import ipc
from typer.testing import CliRunner

from geo_lookup import Finder, FrameError, RequestError, SourceError
from geo_lookup.bulk import csv_text, sources
from geo_lookup.bulk.columns import COLUMNS
from geo_lookup.bulk.files import answer_file
from geo_lookup.bulk.points import Columns
from geo_lookup.cli import app
from tests.bulk.test_assign import plain, points
from tests.conftest import DAY
from tests.places import PLACES, TEXTS

FORMATS = ("csv", "parquet", "arrow", "geojson", "gpkg")


def write_points(path: Path, crs: int = 4326) -> Path:
    """The points of the tests of frames in a file, with geometries where the format has them, else lon and lat."""
    series = points()
    frame = pd.DataFrame({"number": [f"{number:03}" for number in range(len(series))]})
    if path.suffix in (".geojson", ".gpkg"):
        geopandas.GeoDataFrame(frame, geometry=series).to_crs(crs).to_file(path)
        return path
    frame = frame.assign(lon=series.x, lat=series.y)
    if path.suffix == ".csv":
        frame.to_csv(path, index=False)
    elif path.suffix == ".parquet":
        frame.to_parquet(path, index=False)
    else:
        with ipc.new_file(str(path), pa.Schema.from_pandas(frame, preserve_index=False)) as writer:
            writer.write_table(pa.Table.from_pandas(frame, preserve_index=False))
    return path


def read_back(path: Path) -> pd.DataFrame:
    if path.suffix == ".csv":
        return pd.read_csv(path, dtype={"number": str})
    if path.suffix == ".parquet":
        return pd.read_parquet(path)
    if path.suffix == ".arrow":
        with ipc.open_file(str(path)) as reader:
            frame: pd.DataFrame = reader.read_pandas()
        return frame
    written: pd.DataFrame = geopandas.read_file(path)
    return written


@pytest.mark.parametrize("source", FORMATS)
@pytest.mark.parametrize("target", FORMATS)
def test_every_format_goes_into_every_other_row_for_row(
    demo: Finder, tmp_path: Path, source: str, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "ROWS", 70)  # several parts, of which each thread works on some
    monkeypatch.setattr(sources, "BLOCK", 3_000)
    written = tmp_path / f"out.{target}"
    report = answer_file(demo, write_points(tmp_path / f"in.{source}"), written)
    frame = read_back(written)
    assert frame["number"].tolist() == [f"{number:03}" for number in range(300)]
    assert plain(frame) == plain(demo.assign(points()))
    assert frame["error"].isna().all()
    assert report.rows == 300
    assert sum(report.outcomes.values()) == 300
    if isinstance(frame, geopandas.GeoDataFrame):
        assert frame.crs == 4326
        assert shapely.distance(frame.geometry.to_numpy(), points().to_numpy()).max() < 1e-8


def test_ones_own_columns_stay_small_in_parquet_nested_ones_too(demo: Finder, tmp_path: Path) -> None:
    own = {"lon": [5.505] * 1_000, "lat": [50.975] * 1_000, "note": ["as before"] * 1_000, "tags": [["a", "b"]] * 1_000}
    pq.write_table(pa.table(own), tmp_path / "in.parquet")
    answer_file(demo, tmp_path / "in.parquet", tmp_path / "out.parquet")
    written = pq.ParquetFile(tmp_path / "out.parquet")
    group = written.metadata.row_group(0)
    columns = {column.path_in_schema: column for column in map(group.column, range(group.num_columns))}
    assert {columns[name].compression for name in ("lon", "lat", "note", "tags.list.element", "error")} == {"SNAPPY"}
    assert "RLE_DICTIONARY" in columns["tags.list.element"].encodings
    assert written.read().select(list(own)).to_pydict() == own


@pytest.mark.parametrize("name", ["in.gpkg", "in.parquet"])
def test_geometries_keep_their_crs(demo: Finder, tmp_path: Path, name: str) -> None:
    frame = geopandas.GeoDataFrame({"number": range(300)}, geometry=points()).to_crs(31370)
    source = tmp_path / name
    frame.to_file(source) if source.suffix == ".gpkg" else frame.to_parquet(source)
    for target in (tmp_path / "out.gpkg", tmp_path / "out.parquet"):
        answer_file(demo, source, target)
        written = geopandas.read_file(target) if target.suffix == ".gpkg" else geopandas.read_parquet(target)
        assert written.crs == 31370
        assert plain(written) == plain(demo.assign(frame))
        assert (written.geometry.to_numpy() == frame.geometry.to_numpy()).all()
    answer_file(demo, source, tmp_path / "out.geojson")
    assert "crs" not in json.loads((tmp_path / "out.geojson").read_text())  # RFC 7946
    in_degrees = geopandas.read_file(tmp_path / "out.geojson").geometry.to_numpy()
    assert shapely.distance(in_degrees, points().to_numpy()).max() < 1e-8
    answer_file(demo, source, tmp_path / "out.csv")
    assert "POINT (2" in (tmp_path / "out.csv").read_text()


def answered(finder: Finder, folder: Path, content: bytes, **options: Any) -> list[dict[str, str]]:
    """The rows of a CSV file with their answers; what is written is UTF-8."""
    source, target = folder / "in.csv", folder / "out.csv"
    source.write_bytes(content)
    answer_file(finder, source, target, **options)
    text = target.read_text("utf-8-sig")
    delimiter = next(mark for mark in ";\t," if mark in text.splitlines()[0])
    return list(csv.DictReader(text.splitlines(), delimiter=delimiter))


CSV: dict[str, tuple[bytes, dict[str, Any]]] = {
    "commas": (b"lon,lat,naam\n5.505,50.975,Jos\xc3\xa9\n", {}),
    "semicolons": (b"lon;lat;naam\r\n5.505;50.975;Jos\xc3\xa9\r\n", {}),
    "tabs": (b"lon\tlat\tnaam\n5.505\t50.975\tJos\xc3\xa9", {}),
    "a mark of UTF-8": (b"\xef\xbb\xbflon,lat,naam\n5.505,50.975,Jos\xc3\xa9\n", {}),
    "Windows-1252": (b"lon;lat;naam\n5.505;50.975;Jos\xe9\n", {}),
    "decimal commas": (b"lon;lat;naam\n5,505;50,975;Jos\xc3\xa9\n", {}),
    "quoted decimal commas": (b'lon,lat,naam\n"5,505","50,975",Jos\xc3\xa9\n', {}),
    "spaces": (b"lon, lat ,naam\n 5.505 ,50.975 ,Jos\xc3\xa9\n", {}),
    "quoted names": (b'"lon","lat","naam"\n"5.505","50.975","Jos\xc3\xa9"\n', {}),
    "other names": (b"lengte,breedte,naam\n5.505,50.975,Jos\xc3\xa9\n", {"columns": Columns("lengte", "breedte")}),
    "Lambert 72": (b"x,y,naam\n229801,185580,Jos\xc3\xa9\n", {"columns": Columns(crs=31370)}),
    "Lambert 2008, named": (b"E;N;naam\n729798,1;685589;Jos\xc3\xa9\n", {"columns": Columns(x="E", y="N", crs=3812)}),
    "what Excel says": (b"sep=;\r\nlon;lat;naam\r\n5,505;50,975;Jos\xc3\xa9\r\n", {}),
    "empty lines before": (b"\n\nlon,lat,naam\n5.505,50.975,Jos\xc3\xa9\n", {}),
    "a name on two lines": (b'lon,lat,naam,"op\nmerking"\n5.505,50.975,Jos\xc3\xa9,\n', {}),
    "an address": (b"adres,naam\n\"Noordlaan 112, Genk\",Jos\xc3\xa9\n", {}),
    "an address in parts": (b"straat,nr,bus,naam\nNoordlaan,112,,Jos\xc3\xa9\n", {"address": ["straat", "nr", "bus"]}),
}  # fmt: skip


@pytest.mark.parametrize("way", CSV)
def test_csv_is_read_however_it_is_written(demo: Finder, tmp_path: Path, way: str) -> None:
    content, options = CSV[way]
    (row,) = answered(demo, tmp_path, content, **options)
    district = "Genk-West" if "address" in way else "Genk-Centrum"
    assert (row["naam"], row["district"], row["outcome"], row["error"]) == ("José", district, "assigned", "")


def test_bad_rows_are_marked_in_their_place(demo: Finder, tmp_path: Path) -> None:
    content = (
        b"id;lat;lon;naam\n1;50,975;5,505;\"a;b\"\n2;x;5,5;=1+1\n3;;;\n4;50,9\n5;5,505;50,975;\n"
        b"6;50,952;5,472;a;b;c\n7;nan;5,5;\n\n8;1.050,9;5,5;\n9;50,952;5,472;\"on\ntwo lines\"\n10;--inf;5,5;\n"
    )  # fmt: skip
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(content)
    report = answer_file(demo, source, target)
    with target.open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert [(row["id"], row["outcome"], row["error"]) for row in rows] == [
        ("1", "assigned", ""),
        ("2", "", "a coordinate must be a number, such as 5.505 or 5,505."),
        ("3", "", "the row has no coordinates."),
        ("4", "", "the row has 2 cells, and the header 4"),
        ("5", "", "as sent, this lies far from Genk; latitude and longitude look swapped."),
        ("6", "", "the row has 6 cells, and the header 4"),
        ("7", "", "a coordinate must be a number, such as 5.505 or 5,505."),
        ("8", "", "a coordinate must be a number, such as 5.505 or 5,505."),
        ("9", "vacant", ""),
        ("10", "", "a coordinate must be a number, such as 5.505 or 5,505."),
    ]
    assert [rows[number]["naam"] for number in (0, 1, 5, 8)] == ["a;b", "'=1+1", "a;b;c", "on\ntwo lines"]
    assert (report.rows, sum(report.errors.values())) == (10, 8)


def test_rows_asked_by_address_get_what_find_answers(demo: Finder, tmp_path: Path) -> None:
    table = pa.table({"address": [*TEXTS, None, "x" * 301]})
    pq.write_table(table, tmp_path / "in.parquet")
    answer_file(demo, tmp_path / "in.parquet", tmp_path / "out.parquet", on=DAY)
    rows = pq.read_table(tmp_path / "out.parquet").to_pylist()
    for text, row in zip(TEXTS, rows, strict=False):
        answer = demo.find(text, on=DAY)
        assert row["outcome"] == answer.outcome
        assert row["neighbourhood"] == (answer.neighbourhood and answer.neighbourhood.name)
        assert row["matched_address"] == (answer.address and answer.address.label)
        assert row["precision"] == (answer.address and answer.address.precision)
        assert row["matched_lon"] == (answer.point and answer.point.lon)
        assert row["office_distance_m"] == (answer.offices.nearest[0].distance_m if answer.point else None)
    assert [row["error"] for row in rows[-2:]] == [
        "the address is empty; give a street and a house number.",
        "an address has at most 300 characters.",
    ]


def test_the_named_places_get_their_answers_in_a_file(demo: Finder, tmp_path: Path) -> None:
    places = PLACES.values()
    text = "lon,lat\n" + "".join(f"{one.lon},{one.lat}\n" for one in places)
    rows = answered(demo, tmp_path, text.encode(), on=DAY)
    assert [row["outcome"] for row in rows] == [one.outcome for one in places]
    assert [row["manager"] for row in rows] == [one.manager or "" for one in places]
    assert [row["special_area_id"] != "" for row in rows] == [one.special_area is not None for one in places]


HARMFUL = ("=1+1", "@SUM(A1)", "-cmd|' /C calc'!A0", "+1+cmd", "\t=1", "=HYPERLINK(1)")
HARMLESS = ("-5.5", "+32 89 65 43 21", "5", "a=b", "", "-", "+3.5e-7", "'t Heike")


def test_what_a_spreadsheet_would_run_is_defused(demo: Finder, tmp_path: Path) -> None:
    table = pa.table({"=naam": [*HARMFUL, *HARMLESS]})
    count = len(table)
    table = table.append_column("lon", pa.array([5.5] * count)).append_column("lat", pa.array([50.97] * count))
    pq.write_table(table, tmp_path / "in.parquet")
    answer_file(demo, tmp_path / "in.parquet", tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["'=naam"] for row in rows] == [*(f"'{text}" for text in HARMFUL), *HARMLESS]


def test_csv_for_excel_in_belgium(demo: Finder, tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text("lon,lat,bedrag\n5.505,50.975,12.5\n")
    answer_file(demo, source, tmp_path / "out.csv", excel=True)
    content = (tmp_path / "out.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbflon;lat;bedrag;")
    assert b"5,505;50,975;12,5;" in content
    assert b"1384,71" in content


REFUSED: dict[str, tuple[str, bytes, dict[str, Any], type[Exception], str]] = {
    "another format": ("in.xlsx", b"PK", {}, RequestError, "must end in .csv, .parquet"),
    "a missing file": ("", b"", {}, SourceError, "no such file"),
    "an empty file": ("in.csv", b"", {}, SourceError, "it is empty"),
    "UTF-16": ("in.csv", "lon,lat\n".encode("utf-16"), {}, SourceError, "UTF-16"),
    "UTF-16 without a mark": ("in.csv", "lon,lat\n".encode("utf-16-le"), {}, SourceError, "UTF-16"),
    "lines of old": ("in.csv", b"lon,lat\r5.5,50.9\r", {}, SourceError, "CR alone"),
    "a quotation mark": ("in.csv", b'lon,lat,t\n5.5,50.9,"a\n5.5,50.9,b\n', {}, SourceError, "not closed again"),
    "a layer of CSV": ("in.csv", b"lon,lat\n", {"layer": "a"}, RequestError, "only a GeoPackage has layers"),
    "no parquet": ("in.parquet", b"lon,lat\n5,6\n", {}, SourceError, "cannot be read"),
    "no arrow": ("in.arrow", b"lon,lat\n5,6\n", {}, SourceError, "cannot be read"),
    "a VRT": ("in.geojson", b"<OGRVRTDataSource/>", {}, SourceError, "no GeoJSON file"),
    "no coordinates": ("in.csv", b"a,b\n1,2\n", {}, FrameError, "no columns lon and lat"),
    "a column twice": ("in.csv", b"lon,lat,lat\n1,2,3\n", {}, FrameError, "more than one column lat"),
    "a column of ours": ("in.csv", b"lon,lat,district\n1,2,3\n", {}, FrameError, "already: district"),
    "two ways at once": ("in.csv", b"lon,lat,q\n1,2,3\n", {"address": ["q"], "columns": Columns("lon", "lat")},
                         FrameError, "not by both"),
    "no such column": ("in.csv", b"lon,lat,q\n1,2,3\n", {"address": ["adres"]}, FrameError, "no column adres"),
    "a day": ("in.csv", b"lon,lat\n1,2\n", {"on": "23/11/2026"}, RequestError, "a date must be"),
}  # fmt: skip


@pytest.mark.parametrize("fault", REFUSED)
def test_a_file_that_cannot_be_answered_leaves_nothing_behind(demo: Finder, tmp_path: Path, fault: str) -> None:
    name, content, options, error, message = REFUSED[fault]
    source, target = tmp_path / (name or "in.csv"), tmp_path / "out.csv"
    if name:
        source.write_bytes(content)
    target.write_text("the file of yesterday")
    with pytest.raises(error) as refused:
        answer_file(demo, source, target, **options)
    assert message in str(refused.value)
    assert target.read_text() == "the file of yesterday"
    assert {path.name for path in tmp_path.iterdir()} == {"out.csv", *([name] if name else [])}


def test_of_several_layers_of_a_geopackage_one_must_be_named(demo: Finder, tmp_path: Path) -> None:
    source = tmp_path / "in.gpkg"
    for layer in ("visits", "clients"):
        points = geopandas.GeoDataFrame({"of": [layer]}, geometry=geopandas.points_from_xy([5.505], [50.975]), crs=4326)
        points.to_file(source, layer=layer)
    with pytest.raises(SourceError, match="state which layer to read; it holds 'visits', 'clients'"):
        answer_file(demo, source, tmp_path / "out.csv")
    with pytest.raises(SourceError, match="there is no layer 'people'; it holds"):
        answer_file(demo, source, tmp_path / "out.csv", layer="people")
    answer_file(demo, source, tmp_path / "out.csv", layer="clients")
    assert "clients" in (tmp_path / "out.csv").read_text()


def test_the_source_is_never_overwritten(demo: Finder, tmp_path: Path) -> None:
    source = write_points(tmp_path / "in.csv")
    with pytest.raises(RequestError, match="another than the one that is read"):
        answer_file(demo, source, tmp_path / ".." / tmp_path.name / "in.csv")
    with pytest.raises(RequestError, match="must end in"):
        answer_file(demo, source, tmp_path / "out.shp")
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(RequestError, match="is a folder"):
        answer_file(demo, source, tmp_path / "folder.csv")
    with pytest.raises(RequestError, match="only CSV is written for Excel"):
        answer_file(demo, source, tmp_path / "out.gpkg", excel=True)


def test_a_link_is_written_through_and_a_folder_is_made(demo: Finder, tmp_path: Path) -> None:
    source = write_points(tmp_path / "in.csv")
    (tmp_path / "link.csv").symlink_to(tmp_path / "new" / "real.csv")
    answer_file(demo, source, tmp_path / "link.csv")
    assert (tmp_path / "link.csv").is_symlink()
    assert len(read_back(tmp_path / "new" / "real.csv")) == 300


def test_a_fault_in_the_middle_leaves_no_half_file(demo: Finder, tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_bytes(b'lon,lat,naam\n5.505,50.975,"' + b"x\n" * csv_text.LONGEST_ROW)
    with pytest.raises(SourceError, match="not closed again"):
        answer_file(demo, source, tmp_path / "out.geojson")
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("target", ["out.csv", "out.gpkg"])
def test_an_interrupted_run_leaves_no_half_file(tmp_path: Path, number: signal.Signals, target: str) -> None:
    pq.write_table(pa.table({"q": ["Noordlaan 112"] * 200_000}), tmp_path / "in.parquet")
    command = [sys.executable, "-m", "geo_lookup", "bulk", str(tmp_path / "in.parquet"), str(tmp_path / target)]
    run = subprocess.Popen(command, stderr=subprocess.PIPE)
    deadline = time.monotonic() + 60
    while len(list(tmp_path.iterdir())) < 2 and time.monotonic() < deadline:
        assert run.poll() is None
    run.send_signal(number)
    run.communicate(timeout=60)
    assert run.returncode != 0
    assert [path.name for path in tmp_path.iterdir()] == ["in.parquet"]


LIMITED = """
import resource, runpy, sys
most = int(sys.argv.pop(1))
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
runpy.run_module("geo_lookup", run_name="__main__")
"""
"""The command where files have no room to grow."""


@pytest.mark.parametrize(
    ("room", "said"), [(0.6, "GDAL cannot write these rows as GPKG"), (0.99, "no room for the spatial index")]
)
def test_a_geopackage_without_room_is_no_half_one(demo: Finder, tmp_path: Path, room: float, said: str) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.gpkg"
    source.write_text("lon,lat\n" + "5.505,50.975\n" * 20_000)  # more than the demo's addresses need
    answer_file(demo, source, target)
    most = str(int(target.stat().st_size * room))
    target.unlink()
    command = [sys.executable, "-c", LIMITED, most, "bulk", str(source), str(target)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode != 0
    assert said in run.stderr
    assert list(tmp_path.iterdir()) == [source]


def test_a_file_that_only_some_may_read_stays_so(demo: Finder, tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    target.touch(mode=0o600)
    answer_file(demo, write_points(tmp_path / "in.csv"), target)
    assert target.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("marks", ['5" pipe', '5" pipe,"a ""b""\n c"'])
def test_a_mark_in_the_middle_of_a_cell_is_a_sign_like_others(
    demo: Finder, tmp_path: Path, marks: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "BLOCK", 300)
    rows = "".join(f'{number},5.505,50.975,"two\nlines {number}"\n' for number in range(100))
    text = f"n,lon,lat,t\nfirst,5.505,50.975,{marks.split(',')[0]}\n{rows}"
    answered(demo, tmp_path, text.encode())
    with (tmp_path / "out.csv").open(newline="") as file:
        read = list(csv.DictReader(file))
    assert [row["n"] for row in read] == ["first", *map(str, range(100))]
    assert {row["error"] for row in read} == {""}


def test_geometries_that_state_no_crs_are_written_in_the_one_that_is_said(demo: Finder, tmp_path: Path) -> None:
    frame = geopandas.GeoDataFrame(geometry=points().to_crs(3812).to_numpy())
    frame.to_parquet(tmp_path / "in.parquet")
    for name in ("out.parquet", "out.gpkg", "out.geojson"):
        answer_file(demo, tmp_path / "in.parquet", tmp_path / name, columns=Columns(crs=3812))
    assert geopandas.read_parquet(tmp_path / "out.parquet").crs == 3812
    assert geopandas.read_file(tmp_path / "out.gpkg").crs == 3812
    in_degrees = geopandas.read_file(tmp_path / "out.geojson").geometry.to_numpy()
    assert shapely.distance(in_degrees, points().to_numpy()).max() < 1e-8


def test_other_geometries_ids_and_heights_are_kept(demo: Finder, tmp_path: Path) -> None:
    shapes = [shapely.Point(229801, 185580, 70), shapely.box(229000, 185000, 229100, 185100), shapely.Point(1, 1)]
    frame = geopandas.GeoDataFrame({"n": [1, 2, 3]}, geometry=shapes, crs=31370, index=[10, 20, 30])
    frame.to_file(tmp_path / "in.gpkg", index=False)
    answer_file(demo, tmp_path / "in.gpkg", tmp_path / "out.geojson")
    written = geopandas.read_file(tmp_path / "out.geojson")
    assert written.geometry[0].z == 70
    assert written["fid"].tolist() == [1, 2, 3]
    assert written["error"].notna().tolist() == [False, True, False]
    assert written.geometry[1].geom_type == "Polygon"
    answer_file(demo, tmp_path / "in.gpkg", tmp_path / "out.gpkg")
    assert geopandas.read_file(tmp_path / "out.gpkg").geometry[1].equals(shapes[1])


def test_a_place_nowhere_on_earth_is_left_out_of_geojson_and_its_row_is_marked(demo: Finder, tmp_path: Path) -> None:
    feature = '{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":%s}}'
    features = ",".join(feature % place for place in ("[5.505,50.975]", "[229801,185580]"))
    (tmp_path / "in.geojson").write_text(f'{{"type":"FeatureCollection","features":[{features}]}}')
    answer_file(demo, tmp_path / "in.geojson", tmp_path / "out.geojson")
    written = geopandas.read_file(tmp_path / "out.geojson")
    assert written.geometry.isna().tolist() == [False, True]
    assert "Lambert 72" in written["error"][1]


def test_geoarrow_and_dictionaries_are_written_plain(demo: Finder, tmp_path: Path) -> None:
    table = pa.table(geopandas.GeoDataFrame(geometry=points()).to_arrow(geometry_encoding="geoarrow"))
    halves = [pa.array(["a"] * 150).dictionary_encode(), pa.array(["b"] * 150).dictionary_encode()]
    table = table.append_column("d", pa.chunked_array(halves))
    with ipc.new_stream(str(tmp_path / "in.arrow"), table.schema) as writer:
        writer.write_table(table, max_chunksize=150)
    for name in FORMATS:
        answer_file(demo, tmp_path / "in.arrow", tmp_path / f"out.{name}")
        frame = read_back(tmp_path / f"out.{name}")
        assert frame["d"].tolist() == ["a"] * 150 + ["b"] * 150
        assert plain(frame) == plain(demo.assign(points()))
    assert geopandas.read_parquet(tmp_path / "out.parquet").crs == 4326


def test_the_command_tells_what_became_of_the_rows(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text("lon,lat\n5.505,50.975\n5.472,50.952\n5.34,50.93\nx,y\n")
    done = CliRunner().invoke(app, ["bulk", str(source), str(tmp_path / "out.csv"), "--on", DAY])
    assert (done.exit_code, done.stdout) == (0, "")
    assert "4 rows, asked by the coordinates in lon and lat (EPSG:4326)." in done.stderr
    for line in ("1 assigned", "1 vacant", "1 outside", "1 not answered: a coordinate must be a number"):
        assert line in done.stderr
    wrong = CliRunner().invoke(app, ["bulk", str(source), str(tmp_path / "out.csv"), "--lon", "l", "--lat", "b"])
    assert wrong.exit_code == 2
    assert "no column l" in wrong.stderr
    missing = CliRunner().invoke(app, ["bulk", str(tmp_path / "none.csv"), str(tmp_path / "out.csv")])
    assert missing.exit_code == 1


@pytest.mark.parametrize(("name", "unit"), [("in.csv", "bytes"), ("in.parquet", "rows")])
def test_progress_runs_to_the_end(
    demo: Finder, tmp_path: Path, name: str, unit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "ROWS", 70)
    monkeypatch.setattr(sources, "BLOCK", 3_000)
    source = write_points(tmp_path / name)
    told: list[tuple[int, int, str]] = []
    answer_file(demo, source, tmp_path / "out.csv", progress=lambda *one: told.append(one))
    size = source.stat().st_size if unit == "bytes" else 300
    assert len(told) > 3
    assert [done for done, _, _ in told] == sorted({done for done, _, _ in told})
    assert told[-1] == (size, size, unit)


def test_blocks_end_between_rows() -> None:
    assert csv_text.end_of_rows(b'a,b\n"x\ny",1\n"z\n', ",") == 12
    assert csv_text.end_of_rows(b"a,b", ",") == 0
    assert csv_text.end_of_rows(b"a,b\nc,d\ne", ",", first=True) == 4
    assert csv_text.end_of_rows(b'"a\nb",c\nd', ",", first=True) == 8
    assert csv_text.end_of_rows(b'5" pipe,b\n"x\ny",1\n"z\n', ",") == 18
    assert csv_text.end_of_rows(b'"a ""b""\n c",1\nd', ",") == 15


def test_arrow_goes_in_and_arrow_comes_out(demo: Finder) -> None:
    series = points()
    expected = demo.assign(series)
    table = pa.table({"n": range(300), "lon": series.x, "lat": series.y})
    assert demo.assign(table).schema.names == ["n", "lon", "lat", *COLUMNS]
    assert plain(demo.assign(table).to_pandas()) == plain(expected)
    batch = demo.assign(table.to_batches()[0])
    assert isinstance(batch, pa.RecordBatch)
    assert pa.types.is_dictionary(batch.schema.field("neighbourhood").type)
    stream = pa.RecordBatchReader.from_batches(table.schema, table.to_batches(100))
    assert demo.assign(stream).equals(demo.assign(table))
    assert expected["neighbourhood"].dtype == "category"
    lambert = series.to_crs(31370)
    for encoding in ("WKB", "geoarrow"):
        arrow = pa.table(geopandas.GeoDataFrame(geometry=lambert).to_arrow(geometry_encoding=encoding))
        assert plain(demo.assign(arrow).to_pandas()) == plain(demo.assign(lambert))
    empty = demo.assign(table.slice(0, 0))
    assert len(empty) == 0
    assert empty.schema == demo.assign(table).schema


@pytest.mark.parametrize("rows", [slice(0, 0), slice(0, 1)])
def test_an_empty_file_has_its_columns_all_the_same(demo: Finder, tmp_path: Path, rows: slice) -> None:
    for name in FORMATS:
        frame = geopandas.GeoDataFrame({"lon": points().x, "lat": points().y}, geometry=points())[rows]
        source, target = tmp_path / "in.parquet", tmp_path / f"out.{name}"
        frame.to_parquet(source)
        answer_file(demo, source, target)
        written = read_back(target)
        assert len(written) == len(frame)
        assert name == "geojson" or list(COLUMNS) == [one for one in written.columns if one in COLUMNS]


def test_a_geometry_that_is_no_point_is_marked(demo: Finder, tmp_path: Path) -> None:
    shapes = [shapely.Point(5.505, 50.975), shapely.box(5.4, 50.9, 5.5, 51.0), None, shapely.Point()]
    geopandas.GeoDataFrame(geometry=shapes, crs=4326).to_parquet(tmp_path / "in.parquet")
    answer_file(demo, tmp_path / "in.parquet", tmp_path / "out.parquet")
    written = pq.read_table(tmp_path / "out.parquet")
    none = "the row has no coordinates."
    assert written["error"].to_pylist() == [None, "the geometry is no point.", none, none]
    assert written["outcome"].to_pylist() == ["assigned", None, None, None]
    with pytest.raises(FrameError, match="no points"):
        demo.assign(pq.read_table(tmp_path / "in.parquet"))


def test_numbers_and_text_are_the_same_numbers(demo: Finder, tmp_path: Path) -> None:
    series = points()
    as_text = pa.table({"lon": [repr(x) for x in series.x], "lat": [repr(y) for y in series.y]})
    pq.write_table(as_text, tmp_path / "in.parquet")
    answer_file(demo, tmp_path / "in.parquet", tmp_path / "out.parquet")
    assert plain(read_back(tmp_path / "out.parquet")) == plain(demo.assign(series))
    assert np.isnan(read_back(tmp_path / "out.parquet")["border_distance_m"]).sum() == 0


def test_types_that_a_format_does_not_hold_are_written_as_the_nearest_or_refused(demo: Finder, tmp_path: Path) -> None:
    large = 617_700_169_958_293_503  # a cell of H3
    table = pa.table({
        "lon": [5.505], "lat": [50.975], "view": pa.array(["a"], pa.string_view()), "none": pa.nulls(1),
        "bytes": pa.array([b"\xff"], pa.binary_view()), "large": pa.array([large], pa.uint64()),
    })  # fmt: skip

    def write(given: pa.Table) -> Path:
        with ipc.new_file(str(tmp_path / "in.arrow"), given.schema) as writer:
            writer.write_table(given)
        return tmp_path / "in.arrow"

    for name in ("gpkg", "geojson"):
        answer_file(demo, write(table), tmp_path / f"out.{name}")
        (row,) = geopandas.read_file(tmp_path / f"out.{name}").to_dict("records")
        assert (row["view"], row["large"]) == ("a", large)
        assert pd.isna(row["none"])
        too_large = table.set_column(5, "large", pa.array([2**64 - 1], pa.uint64()))
        with pytest.raises(FrameError, match="larger than GDAL writes"):
            answer_file(demo, write(too_large), tmp_path / f"out.{name}")
    runs = pa.RunEndEncodedArray.from_arrays(pa.array([1], pa.int32()), pa.array(["a"]))
    with pytest.raises(FrameError, match=r"cannot be written as Parquet.*run_end_encoded"):
        answer_file(demo, write(table.append_column("runs", runs)), tmp_path / "out.parquet")


def test_metadata_of_a_column_that_was_renamed_is_left_out(demo: Finder, tmp_path: Path) -> None:
    table = pa.table(geopandas.GeoDataFrame(geometry=points()).to_arrow())
    geo = {"version": "1.1.0", "primary_column": "geom", "columns": {"geom": {"encoding": "WKB"}}}
    table = table.replace_schema_metadata({"geo": json.dumps(geo)})
    pq.write_table(table, tmp_path / "in.parquet")
    answer_file(demo, tmp_path / "in.parquet", tmp_path / "out.parquet")
    written = geopandas.read_parquet(tmp_path / "out.parquet")
    assert written.crs == 4326
    assert plain(written) == plain(demo.assign(points()))


@pytest.mark.parametrize("ids", [[70, 7], ["x", "y"], [None, None], [0, 5]])
def test_ids_of_geojson_are_kept_numbers_too(demo: Finder, tmp_path: Path, ids: list[Any]) -> None:
    place = {"type": "Point", "coordinates": [5.505, 50.975]}
    features = [
        {"type": "Feature", "properties": {"n": 1}, "geometry": place} | ({} if one is None else {"id": one})
        for one in ids
    ]
    (tmp_path / "in.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    for name in FORMATS:
        answer_file(demo, tmp_path / "in.geojson", tmp_path / f"out.{name}")
        if name != "geojson":
            kept = read_back(tmp_path / f"out.{name}").drop(
                columns=["n", *COLUMNS, "error", "geometry"], errors="ignore"
            )
            assert kept.to_numpy().T.tolist() == ([] if ids == [None, None] else [ids])
    written = json.loads((tmp_path / "out.geojson").read_text())["features"]
    assert [one.get("id", one["properties"].get("id")) for one in written] == ids
