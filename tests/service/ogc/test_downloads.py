"""Whole collections as files, which GDAL, pandas and spreadsheets open."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas
import pyogrio
import pytest
import shapely
from fastapi.testclient import TestClient

from geo_lookup import Finder
from service.ogc import downloads
from tests.real_editions import real_edition
from tests.service.ogc.reading import IDS, items
from tests.service.ogc.test_features import shapes_in
from tests.service.test_find import is_problem
from tests.toy_city import MANIFEST, TABLES, write_toy_city

MEDIA_TYPES = {
    "gpkg": "application/geopackage+sqlite3",
    "fgb": "application/vnd.flatgeobuf",
    "geojson": "application/geo+json",
    "csv": "text/csv; charset=utf-8",
}
BINARY = ("gpkg", "fgb")


def download(client: TestClient, name: str, folder: Path) -> Path:
    """A file as a browser keeps it."""
    response = client.get(f"/ogc/downloads/{name}")
    assert response.status_code == 200, response.text
    (kept,) = re.findall(r'^attachment; filename="([A-Za-z0-9.-]+)"$', response.headers["content-disposition"])
    path = folder / str(kept)
    path.write_bytes(response.content)
    return path


@pytest.mark.parametrize("ending", MEDIA_TYPES)
@pytest.mark.parametrize("collection_id", IDS)
def test_a_file_says_what_it_is_and_of_which_city_and_edition(
    client: TestClient, collection_id: str, ending: str
) -> None:
    response = client.get(f"/ogc/downloads/{collection_id}.{ending}")
    assert response.headers["content-type"] == MEDIA_TYPES[ending]
    name = f"Genk-{collection_id}-genk-demo-2026-11.{ending}"
    assert response.headers["content-disposition"] == f'attachment; filename="{name}"'


@pytest.mark.parametrize("ending", BINARY)
@pytest.mark.parametrize("collection_id", IDS)
def test_gdal_opens_each_in_the_metric_crs_with_every_feature_and_property(
    client: TestClient, demo: Finder, tmp_path: Path, collection_id: str, ending: str
) -> None:
    path = download(client, f"{collection_id}.{ending}", tmp_path)
    assert pyogrio.list_layers(path).tolist() == [
        [collection_id, "Point" if collection_id == "offices" else "MultiPolygon"]
    ]
    frame = geopandas.read_file(path, engine="pyogrio").set_index("id", drop=False)
    assert frame.crs.to_epsg() == 31370
    expected = shapes_in(demo, collection_id, 31370)
    assert set(frame.index) == set(expected)
    for feature in items(client, collection_id)["features"]:
        row = frame.loc[feature["id"]]
        assert shapely.hausdorff_distance(row.geometry, expected[feature["id"]]) < 1e-6
        told = {name: None if value != value else value for name, value in row.drop("geometry").items()}
        assert told == feature["properties"]


@pytest.mark.parametrize("ending", BINARY)
def test_gdal_of_debian_opens_them_too(client: TestClient, tmp_path: Path, ending: str) -> None:
    if shutil.which("ogrinfo") is None:
        pytest.skip("there is no ogrinfo: apt-get install gdal-bin")
    path = download(client, f"neighbourhoods.{ending}", tmp_path)
    told = subprocess.run(["ogrinfo", "-al", "-so", path], capture_output=True, text=True, check=True)
    assert "Feature Count: 30" in told.stdout
    assert "Geometry: Multi Polygon" in told.stdout
    assert 'ID["EPSG",31370]' in told.stdout
    assert "vacant: Integer(Boolean)" in told.stdout
    assert told.stderr == ""


@pytest.mark.parametrize("collection_id", IDS)
def test_geojson_holds_the_features_of_the_pages(client: TestClient, tmp_path: Path, collection_id: str) -> None:
    collection = json.loads(download(client, f"{collection_id}.geojson", tmp_path).read_bytes())
    assert collection == {"type": "FeatureCollection", "features": items(client, collection_id)["features"]}


@pytest.mark.parametrize("collection_id", IDS)
def test_csv_has_a_row_for_each_feature_and_its_place_in_degrees(
    client: TestClient, tmp_path: Path, collection_id: str
) -> None:
    text = download(client, f"{collection_id}.csv", tmp_path).read_bytes().decode("utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    features = items(client, collection_id)["features"]
    for row, feature in zip(rows, features, strict=True):
        shape = shapely.geometry.shape(feature["geometry"])
        if collection_id == "offices":
            assert (float(row.pop("lon")), float(row.pop("lat"))) == (shape.x, shape.y)
        else:
            assert shapely.hausdorff_distance(shapely.from_wkt(row.pop("geometry")), shape) < 1e-9
        assert row == {name: as_cell(value) for name, value in feature["properties"].items()}


def as_cell(value: Any) -> str:
    return {None: "", True: "true", False: "false"}.get(value, str(value))


def test_a_formula_does_not_run_in_a_spreadsheet(tmp_path: Path, client_of: Callable[[Path], TestClient]) -> None:
    offices = TABLES["offices.csv"].replace("Office A", '=HYPERLINK("x")').replace("Office B", "@SUM(1)")
    client = client_of(write_toy_city(tmp_path, offices=offices.replace('=HYPERLINK("x")', '"=HYPERLINK(""x"")"')))
    rows = list(csv.DictReader(io.StringIO(client.get("/ogc/downloads/offices.csv").text)))
    assert [row["name"] for row in rows] == ['\'=HYPERLINK("x")', "'@SUM(1)"]
    assert [row["phone"] for row in rows] == ["089000100", ""], "zeros in front stay"
    assert items(client, "offices")["features"][0]["properties"]["name"] == '=HYPERLINK("x")'


@pytest.mark.parametrize("city", ["Genk/../..", 'Gen"k\r\nX: y', "Sint-Niklaas Waas", "Wörth", "日本"])
def test_a_file_name_is_plain_whatever_the_city_is_called(
    tmp_path: Path, client_of: Callable[[Path], TestClient], city: str
) -> None:
    manifest = MANIFEST.replace('city = "Toy"', f"city = {json.dumps(city)}")
    client = client_of(write_toy_city(tmp_path, manifest=manifest))
    assert download(client, "districts.csv", tmp_path).name.endswith("districts-toy-1.csv")


@pytest.mark.parametrize("ending", MEDIA_TYPES)
def test_the_real_genk_has_files_even_of_what_it_has_none_of(
    tmp_path: Path, client_of: Callable[[Path], TestClient], genk: Finder, ending: str
) -> None:
    folder = tmp_path / "edition"
    folder.mkdir()
    client = client_of(real_edition("genk/2025", "genk", folder))
    for collection_id in IDS:
        path = download(client, f"{collection_id}.{ending}", tmp_path)
        expected = shapes_in(genk, collection_id, 31370)
        if ending == "csv":
            assert len(path.read_text().splitlines()) == 1 + len(expected)
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # a layer without features has no extent to tell
            assert len(geopandas.read_file(path, engine="pyogrio")) == len(expected)


def test_a_file_is_of_the_day_that_is_asked_for(toy_client: TestClient) -> None:
    managers = {}
    for day in ("2023-06-01", "2026-06-01"):
        text = toy_client.get(f"/ogc/downloads/neighbourhoods.csv?datetime={day}").text
        managers[day] = [row["manager"] for row in csv.DictReader(io.StringIO(text))]
    assert managers == {"2023-06-01": ["Ann", "Ann", "", ""], "2026-06-01": ["Ann", "Ann", "", "Bob"]}
    for query in ("datetime=soon", "f=json", "limit=1", "vacant=true"):
        assert is_problem(toy_client.get(f"/ogc/downloads/neighbourhoods.csv?{query}"), 400)


@pytest.mark.parametrize("ending", MEDIA_TYPES)
def test_a_file_is_the_same_each_time_and_not_written_again_for_who_has_it(
    toy_client: TestClient, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    path = f"/ogc/downloads/neighbourhoods.{ending}"
    first, second = toy_client.get(path), toy_client.get(path)
    assert first.content == second.content
    assert first.headers["etag"] == second.headers["etag"]
    tags = {toy_client.get(f"{path}?datetime={day}").headers["etag"] for day in ("2023-06-01", "2025-06-01")}
    assert len({*tags, first.headers["etag"]}) == 3
    monkeypatch.setattr(downloads, "FORMATS", {})
    known = toy_client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (known.status_code, known.content) == (304, b"")


def test_where_a_file_cannot_be_written_nothing_of_it_is_sent_and_nothing_is_left(
    toy_client: TestClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(pyogrio.raw, "write_arrow", full)
    response = toy_client.get("/ogc/downloads/districts.gpkg")
    assert is_problem(response, 500)
    assert "content-disposition" not in response.headers
    assert list(tmp_path.iterdir()) == []
