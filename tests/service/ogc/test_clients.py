"""Real clients read every feature: GDAL of Debian, GDAL of pyogrio, OWSLib."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas
import pyogrio
import pytest
import shapely
from owslib.ogcapi.features import Features

from geo_lookup import Finder
from tests.real_editions import ROOT, real_edition
from tests.service.ogc.reading import CRS84, IDS, ids, linked
from tests.service.ogc.test_features import NORTH_FIRST, code, served_shape, shapes_in
from tests.serving import serving_apart


@pytest.fixture(scope="session")
def genk_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the real Genk of 2025 is served."""
    folder = real_edition("genk/2025", "genk", tmp_path_factory.mktemp("genk"))
    with serving_apart(folder) as url:
        yield f"{url}/ogc"


@pytest.fixture(params=["demo", "genk"])
def city(request: pytest.FixtureRequest) -> tuple[str, Finder]:
    """Where a city is served, and a finder of the same."""
    return request.getfixturevalue(f"{request.param}_url"), request.getfixturevalue(request.param)


def check(shapes: dict[str, Any], finder: Finder, collection_id: str, crs: int) -> None:
    """Every feature is there, in its order, and within a millimetre of where it is."""
    expected = shapes_in(finder, collection_id, crs)
    assert list(shapes) == list(expected)
    near = 1e-8 if crs == code(CRS84) else 0.001
    for one, shape in expected.items():
        assert shapely.hausdorff_distance(shapes[one], shape) < near
        assert shapely.area(shapely.symmetric_difference(shapes[one], shape)) <= near * max(shape.length, near)


@pytest.mark.parametrize("options", [{}, {"PAGE_SIZE": "7"}], ids=["default paging", "pages of seven"])
@pytest.mark.parametrize("crs", [4326, 31370, 3812, None])
def test_gdal_of_pyogrio_reads_every_feature_in_each_crs(
    city: tuple[str, Finder], crs: int | None, options: dict[str, str]
) -> None:
    url, finder = city
    assert [name for name, _ in pyogrio.list_layers(f"OAPIF:{url}")] == list(IDS)
    for collection_id in IDS:
        asked = options if crs is None else options | {"CRS": f"EPSG:{crs}"}
        frame = geopandas.read_file(f"OAPIF:{url}", layer=collection_id, engine="pyogrio", **asked)
        if not len(frame):  # a layer without features says nothing
            assert not shapes_in(finder, collection_id, 4326)
            continue
        stored = 4326 if collection_id == "offices" else finder.edition.manifest.metric_crs
        read_in = stored if crs is None else crs
        assert frame.crs.to_epsg() == read_in or (read_in == 4326 and frame.crs.to_authority() == ("OGC", "CRS84"))
        check(dict(zip(frame["id"], frame.geometry, strict=True)), finder, collection_id, read_in)


@pytest.mark.parametrize("tool", ["ogrinfo", "ogr2ogr"])
def test_gdal_of_debian_reads_every_feature_with_default_paging(
    city: tuple[str, Finder], tool: str, tmp_path: Path
) -> None:
    url, finder = city
    if shutil.which(tool) is None:
        pytest.skip(f"there is no {tool}: apt-get install gdal-bin")
    for collection_id in IDS:
        expected = shapes_in(finder, collection_id, code(CRS84))
        if tool == "ogrinfo":
            told = run("ogrinfo", "-al", "-geom=NO", f"OAPIF:{url}", collection_id)
            assert [line.split(" = ")[1] for line in told.splitlines() if line.startswith("  id (")] == list(expected)
            continue
        target = tmp_path / f"{collection_id}.geojson"
        run("ogr2ogr", "-lco", "COORDINATE_PRECISION=9", str(target), f"OAPIF:{url}", collection_id)
        features = json.loads(target.read_text())["features"]
        shapes = {one["properties"]["id"]: shapely.geometry.shape(one["geometry"]) for one in features}
        check(shapes, finder, collection_id, code(CRS84))


def test_gdal_asks_for_what_is_filtered_and_gets_it(demo_url: str) -> None:
    source = f"OAPIF:{demo_url}"
    vacant = geopandas.read_file(source, layer="neighbourhoods", engine="pyogrio", where="district = 'Genk-Midden'")
    assert set(vacant["vacant"]) == {True}
    assert set(vacant["contact_reason"]) == {"cover"}
    around = geopandas.read_file(source, layer="offices", engine="pyogrio", bbox=(5.49, 50.96, 5.50, 50.97))
    assert around["id"].tolist() == ["wijkbureau-genk-centrum"]


@pytest.mark.parametrize("crs", NORTH_FIRST)
def test_owslib_reads_every_feature_in_each_crs_by_following_pages(city: tuple[str, Finder], crs: str) -> None:
    url, finder = city
    service = Features(url)
    assert service.feature_collections() == list(IDS)
    for collection_id in IDS:
        assert crs in service.collection(collection_id)["crs"]
        page = service.collection_items(collection_id, crs=crs)
        features = page["features"]
        while following := linked(page, "next"):
            query = dict(part.split("=") for part in following[0].partition("?")[2].split("&"))
            page = service.collection_items(collection_id, crs=crs, offset=query["offset"], limit=query["limit"])
            features += page["features"]
        check({one["id"]: served_shape(one, crs) for one in features}, finder, collection_id, code(crs))


def test_owslib_finds_its_way(demo_url: str) -> None:
    service = Features(demo_url)
    assert service.api()["openapi"] == "3.0.3"
    assert len(service.conformance()["conformsTo"]) == 7
    properties = service.collection_queryables("districts")["properties"]
    assert {"id", "name", "manager", "vacant", "geometry"} <= set(properties)
    box = service.collection_items("neighbourhoods", bbox=[5.4, 50.9, 5.6, 51.1], limit=50, datetime_="2026-11-23")
    assert box["numberReturned"] == 30
    one = service.collection_item("neighbourhoods", "wijk-bokrijk")
    assert ids({"features": [one]}) == ["wijk-bokrijk"]


def test_the_examples_of_the_readme_run(demo_url: str, tmp_path: Path) -> None:
    section = re.split(r"^## ", (ROOT / "README.md").read_text(), flags=re.MULTILINE)
    (text,) = (one for one in section if one.startswith("In QGIS"))
    text = text.replace("http://127.0.0.1:8000/ogc", demo_url)
    commands = [line for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) for line in block.splitlines()]
    assert len(commands) == 2
    for command in commands:
        program, *arguments = shlex.split(command)
        if shutil.which(program) is None:
            pytest.skip(f"there is no {program}: apt-get install gdal-bin")
        run(program, *(str(tmp_path / one) if one == "vacant.gpkg" else one for one in arguments))
    assert geopandas.read_file(tmp_path / "vacant.gpkg")["name"].tolist() == ["Genk-Midden"]
    (example,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    names: dict[str, Any] = {}
    exec(example, names)  # noqa: S102 - the README's own example
    assert names["districts"].crs.to_epsg() == 3812
    assert len(names["districts"]) == 8
    assert names["offices"]["numberReturned"] >= 1


def run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert "ERROR" not in done.stderr
    return done.stdout
