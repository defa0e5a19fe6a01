"""A real village out of OpenStreetMap, with the addresses of its houses, beside brute force and networkx."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas
import pandas as pd
import pytest
import shapely

import geo_lookup
from geo_lookup import Finder
from geo_lookup.crs import transform
from geo_lookup.walking.importing import NetworkReport, import_network
from tests.real_editions import real_data
from tests.walking import oracle

MANIFEST = """
id = "wechel"
city = "Wechelderzande"
title = "A village"
licence = "-"
attribution = "© OpenStreetMap contributors"
valid_from = 2020-01-01
contact = { name = "Town hall" }
layers.neighbourhoods = { path = "village.geojson" }
layers.paths = { path = "paths.gpkg", layer = "paths" }
tables.offices = { path = "offices.csv" }
"""


@pytest.fixture(scope="module")
def addresses() -> pd.DataFrame:
    return pd.read_csv(real_data("osm/wechel_adressen.csv"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("wechel")


@pytest.fixture(scope="module")
def report(folder: Path) -> NetworkReport:
    return import_network(real_data("osm/wechel.osm.pbf"), folder / "paths.gpkg", 31370)


@pytest.fixture(scope="module")
def offices(addresses: pd.DataFrame) -> pd.DataFrame:
    """Five offices at addresses across the village."""
    return addresses.iloc[[0, 300, 700, 1100, 1500]]


@pytest.fixture(scope="module")
def village(folder: Path, report: NetworkReport, addresses: pd.DataFrame, offices: pd.DataFrame) -> Finder:
    assert report.stretches
    low, high = addresses[["lon", "lat"]].min() - 0.01, addresses[["lon", "lat"]].max() + 0.01
    around = shapely.box(*low, *high)
    feature = {
        "type": "Feature",
        "properties": {"id": "w", "name": "Wechel"},
        "geometry": json.loads(shapely.to_geojson(around)),
    }
    (folder / "village.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    rows = [
        f"o{n},Office {n},bureau,,{lon!r},{lat!r},,,,"
        for n, (lon, lat) in enumerate(zip(offices["lon"], offices["lat"], strict=True))
    ]
    header = "id,name,kind,address,lon,lat,opening_hours,phone,email,district_ids"
    (folder / "offices.csv").write_text("\n".join([header, *rows, ""]))
    (folder / "manifest.toml").write_text(MANIFEST)
    return geo_lookup.load(folder)


def test_the_file_that_gdal_fails_on_becomes_a_network(report: NetworkReport, folder: Path) -> None:
    assert (report.ways, sum(count for _, count in report.left_out)) == (259, 5)
    assert len(report.component_m) == 2
    assert report.component_m[0] / sum(report.component_m) > 0.99
    lines = geopandas.read_file(folder / "paths.gpkg").geometry
    corners = {corner for line in lines for corner in line.coords}
    assert sum(len(line.coords) - 1 for line in lines) == pytest.approx(1256, abs=20)
    assert len(corners) == pytest.approx(1152, abs=20)


def test_every_address_walks_as_far_as_brute_force_says(
    village: Finder, folder: Path, addresses: pd.DataFrame, offices: pd.DataFrame
) -> None:
    assert len(addresses) == 1543
    lines = list(geopandas.read_file(folder / "paths.gpkg").geometry)
    places, points = (
        list(zip(*map(list, transform(frame["lon"].to_numpy(), frame["lat"].to_numpy(), 4326, 31370)), strict=True))
        for frame in (offices, addresses)
    )
    expected = oracle.walks(lines, places, points)
    assigned = village.assign(addresses, walking=True)
    reached = 0
    told = zip(*(assigned[name] for name in ("walking", "walking_office_id", "walking_distance_m")), strict=True)
    for (outcome, office, metres), walks in zip(told, expected, strict=True):
        if not walks:
            assert outcome == ("no_path" if walks is None else "no_route")
            continue
        reached += 1
        assert metres == pytest.approx(min(walks.values()), abs=0.006)
        assert walks[int(office[1:])] - min(walks.values()) < 1e-4
    assert reached > 1400


def test_one_by_one_all_offices_are_as_far_as_brute_force_says(
    village: Finder, folder: Path, addresses: pd.DataFrame, offices: pd.DataFrame
) -> None:
    lines = list(geopandas.read_file(folder / "paths.gpkg").geometry)
    some = addresses.iloc[::31]
    places, points = (
        list(zip(*map(list, transform(frame["lon"].to_numpy(), frame["lat"].to_numpy(), 4326, 31370)), strict=True))
        for frame in (offices, some)
    )
    for (_, row), expected in zip(some.iterrows(), oracle.walks(lines, places, points), strict=True):
        walks = village.walks(lon=row["lon"], lat=row["lat"], offices=10)
        found = {int(one.id[1:]): one.walking_distance_m for one in walks.offices}
        assert found == pytest.approx(expected or {}, abs=0.006)
        assert all(one.distance_m <= one.walking_distance_m * 1.0002 + 0.01 for one in walks.offices)
