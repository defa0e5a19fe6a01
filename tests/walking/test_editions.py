"""Paths as a layer of an edition: read, refused, checked and published like any other."""

from __future__ import annotations

from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely

import geo_lookup
from geo_lookup.crs import LONLAT, transform
from geo_lookup.errors import EditionError
from geo_lookup.publishing.publishing import publish
from geo_lookup.quality.inspection import inspect
from tests.toy_city import MANIFEST
from tests.walking.paths_of_toy import (
    BRIDGE,
    LAYER,
    LONELY,
    OFFICES,
    STREET,
    X,
    Y,
    features,
    offices,
    write_walkable_city,
)


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        (None, "paths.geojson, row 2: the geometry is missing or empty."),
        (shapely.LineString(), "paths.geojson, row 2: the geometry is missing or empty."),
        (shapely.Point(X, Y), "paths.geojson, row 2: the geometry is a Point; it must be a line."),
        (shapely.box(X, Y, X + 9, Y + 9), "paths.geojson, row 2: the geometry is a Polygon; it must be a line."),
        (shapely.LineString([(5e6, 5e6), (5e6, 6e6)]), "paths.geojson, row 2: the feature lies outside the area"),
    ],
)
def test_a_line_that_cannot_be_used_refuses_the_edition(
    tmp_path: Path, shape: shapely.Geometry | None, message: str
) -> None:
    write_walkable_city(tmp_path, STREET, shape)
    with pytest.raises(EditionError) as error:
        geo_lookup.load(tmp_path)
    assert message in str(error.value)


def test_a_layer_that_is_empty_elsewhere_or_missing_refuses_the_edition(tmp_path: Path) -> None:
    write_walkable_city(tmp_path)
    for content, message in (
        ('{"type": "FeatureCollection", "features": []}', "layer"),
        (features(shapely.LineString([(5e6, 5e6), (5e6, 6e6)])), "every feature lies outside the area"),
        (None, "there is no such file"),
    ):
        path = tmp_path / "paths.geojson"
        path.write_text(content) if content else path.unlink()
        with pytest.raises(EditionError) as error:
            geo_lookup.load(tmp_path)
        assert message in str(error.value)


@pytest.mark.parametrize(("name", "crs"), [("p.gpkg", 31370), ("p.gpkg", 3812), ("p.shp", 4326), ("p.parquet", 31370)])
def test_a_layer_of_any_format_and_crs_gives_the_same_walks(tmp_path: Path, name: str, crs: int) -> None:
    source = LAYER.replace("paths.geojson", name).replace("crs = 31370\n", "")
    write_walkable_city(tmp_path, manifest=MANIFEST + source)
    shapes = [shapely.MultiLineString([STREET, LONELY]), shapely.force_3d(BRIDGE)]
    layer = geopandas.GeoDataFrame({"straat": ["a", "b"]}, geometry=shapes, crs=31370).to_crs(crs)
    layer.to_parquet(tmp_path / name) if name.endswith("parquet") else layer.to_file(tmp_path / name)
    walks = geo_lookup.load(tmp_path).walks(x=X + 650.0, y=Y + 1000.0, crs=31370)
    assert [one.id for one in walks.offices] == ["o1", "o2"]
    assert [one.walking_distance_m for one in walks.offices] == pytest.approx([360, 870], abs=0.02)


def test_a_published_edition_gives_the_same_walks_and_is_sealed(tmp_path: Path) -> None:
    source = write_walkable_city(tmp_path / "source")
    published = publish(source, tmp_path / "published", accept_warnings=True)
    made = tmp_path / "published" / published.edition_id
    assert "paths.gpkg" in (made / "SHA256SUMS").read_text()
    before, after = geo_lookup.load(source), geo_lookup.load(tmp_path / "published")
    for x in range(0, 2000, 130):
        one, other = (finder.walks(x=X + x, y=Y + 990.0, crs=31370).to_dict() for finder in (before, after))
        assert one.pop("edition")["id"] == "toy-1"
        assert other.pop("edition")["id"] == published.edition_id
        assert one == other
    assert geopandas.read_file(made / "paths.gpkg")["name"].tolist() == ["path 1", "path 2", "path 3"]
    with (made / "paths.gpkg").open("ab") as file:
        file.write(b" ")
    with pytest.raises(EditionError, match="it is not what it was when it was published"):
        geo_lookup.load(tmp_path / "published")


def test_other_paths_are_another_edition_and_the_same_ones_are_not(tmp_path: Path) -> None:
    source, target = write_walkable_city(tmp_path / "source"), tmp_path / "published"
    first = publish(source, target, accept_warnings=True)
    assert publish(source, target, accept_warnings=True).unchanged
    write_walkable_city(source, STREET)
    second = publish(source, target, accept_warnings=True)
    assert (second.unchanged, second.edition_id) == (False, f"{first.edition_id}-r2")
    assert "areas" in second.taken_over
    assert geo_lookup.load(target).walks(x=X + 700, y=Y + 1400, crs=31370).outcome == "no_path"


@pytest.mark.parametrize(
    ("shapes", "places", "rules"),
    [
        ((STREET,), {}, []),
        ((STREET, LONELY), {}, []),
        ((STREET, BRIDGE), {}, ["paths-apart"]),
        ((STREET, shapely.LineString([(X + 700, Y + 1000), (X + 700, Y + 1020)])), {}, ["paths-unjoined"]),
        ((STREET, shapely.LineString([(X + 200, Y + 1000), (X + 700, Y + 1020)])), {}, []),
        ((STREET,), {"o2": (X + 1500, Y + 1300)}, ["office-without-path"]),
        ((STREET, LONELY), {"o2": (X + 1910, Y + 310)}, ["office-apart"]),
        ((shapely.LineString([(X, Y), (X, Y)]),), {}, ["office-without-path", "office-without-path"]),
    ],
)
def test_check_says_what_is_wrong_with_paths(
    tmp_path: Path,
    shapes: tuple[shapely.LineString, ...],
    places: dict[str, tuple[float, float]],
    rules: list[str],
) -> None:
    write_walkable_city(tmp_path, *shapes, offices=offices(OFFICES | places))
    ours = {"paths-apart", "paths-unjoined", "office-without-path", "office-apart"}
    found = [one for one in inspect(tmp_path).findings if one.rule in ours]
    assert [one.rule for one in found] == rules
    assert {one.level for one in found} <= {"warning"}
    assert all(one.shape is not None and one.remedy for one in found)


def test_paths_that_all_lie_elsewhere_are_one_error_for_a_crs_is_wrong(tmp_path: Path) -> None:
    degrees = shapely.transform(STREET, lambda xy: np.column_stack(transform(xy[:, 0], xy[:, 1], 31370, LONLAT)))
    write_walkable_city(tmp_path, degrees)
    found = [(one.level, one.rule) for one in inspect(tmp_path).findings if "path" in one.rule]
    assert found == [("error", "paths-elsewhere")]
