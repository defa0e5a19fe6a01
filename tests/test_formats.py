"""The same areas, whatever the format, the CRS, the order of rows or the encoding of their file."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import geopandas
import pandas as pd
import pytest
import shapely

import geo_lookup
from geo_lookup import EditionError, Finder
from tests.toy_city import MANIFEST, NEIGHBOURHOODS, geojson, write_toy_city

FILES = {
    "GPKG": "layer.gpkg",
    "GeoJSON": "layer.geojson",
    "ESRI Shapefile": "layer.shp",
    "Parquet": "layer.parquet",
    "FlatGeobuf": "layer.fgb",
}


def frame(crs: int | None = 31370) -> geopandas.GeoDataFrame:
    """The four squares under other field names, with an accent, in reversed order."""
    rows = [(area_id, f"{name} é", parent, shape) for area_id, (name, parent, shape) in NEIGHBOURHOODS.items()][::-1]
    code, naam, deel, shapes = zip(*rows, strict=True)
    drawn = geopandas.GeoDataFrame({"code": code, "naam": naam, "deel": deel}, geometry=list(shapes), crs=31370)
    return drawn.to_crs(crs) if crs else drawn.set_crs(None, allow_override=True)


def write(frame: geopandas.GeoDataFrame, path: Path, driver: str, **options: object) -> None:
    if driver == "Parquet":
        frame.to_parquet(path)
    else:
        frame.to_file(path, driver=driver, engine="pyogrio", **options)


def manifest(path: str, *lines: str) -> str:
    """The toy city's manifest with another layer of neighbourhoods."""
    layer = [f'path = "{path}"', 'id = "code"', 'name = "naam"', 'parent = "deel"', *lines]
    return re.sub(r'path = "neighbourhoods.geojson"\ncrs = 31370\nparent = "district"', "\n".join(layer), MANIFEST)


def load_layer(folder: Path, path: str, *lines: str) -> Finder:
    return geo_lookup.load(write_toy_city(folder, manifest=manifest(path, *lines)), on="2026-11-23")


def refusal(folder: Path, path: str, *lines: str) -> str:
    with pytest.raises(EditionError) as refused:
        load_layer(folder, path, *lines)
    return str(refused.value)


@pytest.mark.parametrize("epsg", [4326, 31370, 3812, 3857])
@pytest.mark.parametrize("driver", FILES)
def test_every_format_in_every_crs_gives_the_same_areas(tmp_path: Path, driver: str, epsg: int) -> None:
    if driver == "GeoJSON" and epsg != 4326:
        write(frame(epsg), tmp_path / FILES[driver], driver, RFC7946=False)
    else:
        write(frame(epsg), tmp_path / FILES[driver], driver)
    areas = load_layer(tmp_path, FILES[driver]).areas()
    assert areas.crs == 31370
    assert areas["id"].tolist() == ["a1", "a2", "b1", "b2"]
    assert areas["name"].tolist() == ["A-North é", "A-South é", "B-North é", "B-South é"]
    assert areas["parent_id"].tolist() == ["A", "A", "B", "B"]
    for drawn, (_, _, expected) in zip(areas.geometry, NEIGHBOURHOODS.values(), strict=True):
        assert shapely.hausdorff_distance(drawn, expected) < 0.02, "GeoJSON keeps 7 decimals of a degree"


@pytest.mark.parametrize("driver", ["GPKG", "ESRI Shapefile", "Parquet", "FlatGeobuf"])
def test_a_file_without_a_crs_is_refused_unless_the_manifest_states_it(tmp_path: Path, driver: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # geopandas warns that it writes no CRS, which is what is wanted here
        write(frame(None), tmp_path / FILES[driver], driver)
    assert "it states no CRS; state `crs`" in refusal(tmp_path, FILES[driver])
    assert load_layer(tmp_path, FILES[driver], "crs = 31370").find(x=228500, y=183500, crs=31370).neighbourhood


def test_a_crs_that_contradicts_the_file_is_refused(tmp_path: Path) -> None:
    write(frame(), tmp_path / "layer.gpkg", "GPKG")
    assert "it is in EPSG:31370, but the manifest states 3812" in refusal(tmp_path, "layer.gpkg", "crs = 3812")


@pytest.mark.parametrize("driver", FILES)
def test_a_file_that_is_something_else_never_reaches_gdal(tmp_path: Path, driver: str) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("code,naam,deel\nstolen,stolen,A\n")
    (tmp_path / FILES[driver]).write_text(
        f'<OGRVRTDataSource><OGRVRTLayer name="secret"><SrcDataSource>{secret}</SrcDataSource>'
        "</OGRVRTLayer></OGRVRTDataSource>"
    )
    message = refusal(tmp_path, FILES[driver])
    assert f"this is no {driver} file" in message
    assert "stolen" not in message


@pytest.mark.parametrize("path", ["/vsicurl/http://127.0.0.1:9/layer.geojson", "layer.txt", "missing.gpkg", "."])
def test_a_path_that_is_no_file_of_a_known_format_is_refused(tmp_path: Path, path: str) -> None:
    assert re.search("there is no such file|the format is not known", refusal(tmp_path, path))


@pytest.mark.parametrize("driver", FILES)
def test_a_file_that_is_cut_off_is_refused(tmp_path: Path, driver: str) -> None:
    write(frame(), tmp_path / FILES[driver], driver)
    path = tmp_path / FILES[driver]
    path.write_bytes(path.read_bytes()[:90])
    assert FILES[driver] in refusal(tmp_path, FILES[driver])


def test_a_file_must_be_named_as_its_format_is_so_that_no_other_driver_takes_it(tmp_path: Path) -> None:
    write(frame(), tmp_path / "layer.fgb", "FlatGeobuf")
    (tmp_path / "layer.fgb").rename(tmp_path / "layer.csv")
    assert "a FlatGeobuf file must be named *.fgb" in refusal(tmp_path, "layer.csv", 'format = "FlatGeobuf"')


def test_of_several_layers_one_must_be_named(tmp_path: Path) -> None:
    write(frame(), tmp_path / "layer.gpkg", "GPKG", layer="wijken")
    write(frame(), tmp_path / "layer.gpkg", "GPKG", layer="oud")
    assert "state which layer to read; it holds 'wijken', 'oud'" in refusal(tmp_path, "layer.gpkg")
    assert "there is no layer 'nieuw'" in refusal(tmp_path, "layer.gpkg", 'layer = "nieuw"')
    assert len(load_layer(tmp_path, "layer.gpkg", 'layer = "oud"').areas()) == 4


def test_a_shapefile_is_read_in_the_encoding_that_is_stated(tmp_path: Path) -> None:
    write(frame(), tmp_path / "layer.shp", "ESRI Shapefile", encoding="cp1252")
    (tmp_path / "layer.cpg").unlink()
    finder = load_layer(tmp_path, "layer.shp", 'encoding = "cp1252"')
    assert finder.areas()["name"].tolist()[0] == "A-North é"


def test_the_format_can_be_stated_where_the_name_does_not_tell(tmp_path: Path) -> None:
    write(frame(4326), tmp_path / "layer.geojson", "GeoJSON")
    (tmp_path / "layer.geojson").rename(tmp_path / "layer.json")
    assert len(load_layer(tmp_path, "layer.json", 'format = "GeoJSON"').areas()) == 4


@pytest.mark.parametrize(("driver", "crs"), [("GeoJSON", 4326), ("GPKG", 31370), ("GPKG", 6190)])
def test_heights_are_left_aside(tmp_path: Path, driver: str, crs: int) -> None:
    layer = frame()
    layer = layer.set_geometry(shapely.force_3d(layer.geometry, 60.0)).set_crs(
        crs if crs == 6190 else 31370, allow_override=True
    )
    write(layer.to_crs(4326) if driver == "GeoJSON" else layer, tmp_path / FILES[driver], driver)
    assert not load_layer(tmp_path, FILES[driver]).areas().has_z.any()


def test_text_that_looks_like_a_date_stays_text(tmp_path: Path) -> None:
    write(frame(4326), tmp_path / "layer.geojson", "GeoJSON")
    path = tmp_path / "layer.geojson"
    path.write_text(
        path.read_text().replace("é", "").replace('"A-North "', '"2024-01-01"').replace('"A-South "', '"11:30"')
    )
    assert load_layer(tmp_path, "layer.geojson").areas()["name"].tolist()[:2] == ["2024-01-01", "11:30"]


@pytest.mark.parametrize("driver", FILES)
def test_a_folder_may_have_any_name(tmp_path: Path, driver: str) -> None:
    folder = tmp_path / "genk: 2025 'é'"
    folder.mkdir()
    write(frame(4326), folder / FILES[driver], driver)
    assert len(load_layer(folder, FILES[driver]).areas()) == 4


def test_numbers_serve_as_ids(tmp_path: Path) -> None:
    layer = frame()
    layer["code"] = [4.0, 3.0, 2.0, 1.0]
    write(layer, tmp_path / "layer.gpkg", "GPKG")
    text = manifest("layer.gpkg").replace('[tables.assignments]\npath = "assignments.csv"\n', "")
    for table in ("services", "overrides"):
        text = text.replace(f'[tables.{table}]\npath = "{table}.csv"\n', "")
    finder = geo_lookup.load(write_toy_city(tmp_path, manifest=text))
    assert finder.areas()["id"].tolist() == ["1", "2", "3", "4"]


def test_what_pandas_notes_in_a_parquet_file_is_left_aside(tmp_path: Path) -> None:
    layer = frame()
    layer["deel"] = pd.array([1, 2, 3, None], dtype="Int64")  # a type that states nothing by a value of its own
    layer.set_index("code").to_parquet(tmp_path / "layer.parquet")
    assert "layer.parquet, row 4, deel: this field must not be empty." in refusal(tmp_path, "layer.parquet")


def test_districts_can_be_a_layer_of_their_own(tmp_path: Path) -> None:
    districts = frame().dissolve("deel").reset_index()[["deel", "geometry"]].assign(naam=["Anders", "Bis"])
    write(districts, tmp_path / "districts.gpkg", "GPKG")
    write(frame(), tmp_path / "layer.gpkg", "GPKG")
    layer = '[layers.districts]\npath = "districts.gpkg"\nid = "deel"\nname = "naam"\n[layers.special_areas]'
    text = manifest("layer.gpkg").replace("[layers.special_areas]", layer)
    finder = geo_lookup.load(write_toy_city(tmp_path, manifest=text))
    assert finder.areas("district")["name"].tolist() == ["Anders", "Bis"]
    district = finder.find(x=228500, y=183500, crs=31370).district
    assert district is not None
    assert district.name == "Anders"
    districts.iloc[:1].to_file(tmp_path / "districts.gpkg", driver="GPKG")
    with pytest.raises(EditionError, match="the district 'B' of 'B-South é' is not in the layer of districts"):
        geo_lookup.load(tmp_path)


def test_offices_can_be_a_layer_of_points(tmp_path: Path) -> None:
    points = geopandas.GeoDataFrame(
        {"id": ["o1"], "name": ["Point"], "kind": ["wijkbureau"], "phone": ["089000100"], "district_ids": ["A;B"]},
        geometry=[shapely.Point(228500, 183500)],
        crs=31370,
    )
    points.to_file(tmp_path / "offices.gpkg", driver="GPKG")
    text = MANIFEST.replace('path = "offices.csv"', 'path = "offices.gpkg"')
    answer = geo_lookup.load(write_toy_city(tmp_path, manifest=text, closing_days="date,office_id,reason\n")).find(
        x=228500, y=183600, crs=31370
    )
    assert answer.offices.nearest[0].distance_m == pytest.approx(100, abs=0.1)
    assert answer.offices.assigned is not None
    assert answer.offices.assigned.name == "Point"
    (warning,) = geo_lookup.load(tmp_path).edition.warnings
    assert "there is no column address, opening_hours, email;" in warning.message


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        (shapely.MultiPoint([(228500, 183500)]), "no point, but a MultiPoint; QGIS parts them"),
        (shapely.box(228500, 183500, 228510, 183510), "no point, but a Polygon."),
        (None, "missing or empty"),
    ],
)
def test_an_office_that_is_no_point_is_refused_by_what_it_is(
    tmp_path: Path, shape: shapely.Geometry | None, said: str
) -> None:
    office = geopandas.GeoDataFrame({"id": ["o1"], "name": ["O"], "kind": ["x"]}, geometry=[shape], crs=31370)
    office.to_file(tmp_path / "offices.gpkg", driver="GPKG")
    text = MANIFEST.replace('path = "offices.csv"', 'path = "offices.gpkg"')
    with pytest.raises(EditionError, match=said):
        geo_lookup.load(write_toy_city(tmp_path, manifest=text))


def test_a_gap_inside_the_city_is_uncovered_and_beyond_it_is_outside(tmp_path: Path) -> None:
    city = geopandas.GeoDataFrame(geometry=[shapely.box(227000, 181000, 231000, 185000)], crs=31370)
    city.to_file(tmp_path / "city.gpkg", driver="GPKG")
    text = MANIFEST.replace("[layers.special_areas]", '[layers.city]\npath = "city.gpkg"\n[layers.special_areas]')
    finder = geo_lookup.load(write_toy_city(tmp_path, manifest=text))
    uncovered = finder.find(x=227500, y=183500, crs=31370)
    assert uncovered.outcome == "uncovered"
    assert uncovered.contact is not None
    assert uncovered.contact.reason == "service"
    assert [one.role for one in uncovered.managers] == ["burgerbudget"], "the city's own roles answer in a gap too"
    assert finder.find(x=226500, y=183500, crs=31370).outcome == "outside"


def test_a_gap_that_neighbourhoods_enclose_lies_in_the_city(tmp_path: Path) -> None:
    ring = shapely.box(228000, 182000, 231000, 185000) - shapely.box(229000, 183000, 230000, 184000)
    text = geojson({"a1": ("Ring", "A", ring), "b2": ("Island", "B", shapely.box(229400, 183400, 229600, 183600))})
    finder = geo_lookup.load(write_toy_city(tmp_path, neighbourhoods=text, services="area_id,service\n"))
    assert finder.find(x=229200, y=183200, crs=31370).outcome == "uncovered"
    assert finder.find(x=231200, y=183200, crs=31370).outcome == "outside"
