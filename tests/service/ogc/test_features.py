"""Which features a page holds, in which order, and where they lie."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from geo_lookup import Finder
from geo_lookup.crs import LONLAT, reference_system, transform
from geo_lookup.publishing.publishing import publish
from service.ogc.collections import COLLECTIONS
from service.ogc.layers import layer_of
from tests.publishing.test_dates import edition as dated_edition
from tests.service.ogc.reading import CRS84, EPSG, IDS, KINDS, ON, get, ids, items, linked
from tests.service.test_find import is_problem
from tests.toy_city import TABLES, write_toy_city

NORTH_FIRST = {CRS84: False, f"{EPSG}4326": True, f"{EPSG}31370": False, f"{EPSG}3812": False}
"""The CRSs of the demo, and whether they write north before east."""


def code(crs: str) -> int:
    return LONLAT if crs == CRS84 else int(crs.removeprefix(EPSG))


@cache
def shapes_in(finder: Finder, collection_id: str, crs: int) -> dict[str, Any]:
    """The shapes of a collection by their ids, x east and y north, each turned corner by corner."""
    if collection_id == "offices":
        offices = finder.edition.offices.offices
        return {one.id: shapely.Point(transform(one.lon, one.lat, LONLAT, crs)) for one in offices}
    areas = finder.areas(KINDS[collection_id])
    metric = finder.edition.manifest.metric_crs

    def turn(xy: Any) -> Any:
        return np.array([transform(float(x), float(y), metric, crs) for x, y in xy])

    return {area_id: shapely.transform(shape, turn) for area_id, shape in zip(areas["id"], areas.geometry, strict=True)}


def served_shape(feature: Any, crs: str) -> Any:
    """A feature's shape, x east and y north."""
    shape = shapely.geometry.shape(feature["geometry"])
    return shapely.transform(shape, lambda xy: xy[:, ::-1]) if NORTH_FIRST[crs] else shape


@pytest.mark.parametrize("crs", NORTH_FIRST)
@pytest.mark.parametrize("collection_id", IDS)
def test_every_feature_lies_where_it_is_in_each_crs_with_the_axes_of_the_crs(
    client: TestClient, demo: Finder, collection_id: str, crs: str
) -> None:
    response = client.get(f"/ogc/collections/{collection_id}/items", params={"crs": crs, "limit": 1000})
    assert response.headers["content-crs"] == f"<{crs}>"
    expected = shapes_in(demo, collection_id, code(crs))
    assert ids(response.json()) == list(expected)
    millimetre = 1e-8 if reference_system(code(crs)).geographic else 0.001
    for feature in response.json()["features"]:
        served = served_shape(feature, crs)
        assert shapely.hausdorff_distance(served, expected[feature["id"]]) < millimetre
        assert served.geom_type == ("Point" if collection_id == "offices" else "MultiPolygon")
        assert all(part.exterior.is_ccw for part in shapely.get_parts(served) if part.geom_type == "Polygon")


def test_crs84_is_what_comes_where_no_crs_is_asked_for(client: TestClient) -> None:
    usual = client.get("/ogc/collections/offices/items?limit=1000")
    assert usual.headers["content-crs"] == f"<{CRS84}>"
    assert usual.json()["features"] == items(client, "offices", crs=CRS84)["features"]


@pytest.mark.parametrize("collection_id", IDS)
def test_one_feature_is_the_one_of_the_page(client: TestClient, collection_id: str) -> None:
    for feature in items(client, collection_id, crs=f"{EPSG}31370")["features"]:
        path = f"/ogc/collections/{collection_id}/items/{feature['id']}"
        response = client.get(path, params={"crs": f"{EPSG}31370"})
        assert response.headers["content-crs"] == f"<{EPSG}31370>"
        assert {name: value for name, value in response.json().items() if name != "links"} == feature
        own, of = linked(response.json(), "self"), linked(response.json(), "collection")
        assert own == [f"http://testserver{path}?crs=http%3A%2F%2Fwww.opengis.net%2Fdef%2Fcrs%2FEPSG%2F0%2F31370"]
        assert all(f"/ogc/collections/{collection_id}?" in href for href in of)


def test_an_id_may_hold_whatever_a_text_may(tmp_path: Path, client_of: Callable[[Path], TestClient]) -> None:
    offices = TABLES["offices.csv"].replace("o1,", "o/1 é?#&=%,")
    client = client_of(write_toy_city(tmp_path, offices=offices))
    found = ids(items(client, "offices"))
    assert found[0] == "o/1 é?#&=%"
    item = get(client, "/collections/offices/items/o%2F1%20%C3%A9%3F%23%26%3D%25")
    assert item["id"] == found[0]
    assert get(client, linked(item, "self")[0]) == item


@given(limit=st.integers(1, 40), collection_id=st.sampled_from(IDS))
def test_pages_of_any_size_give_each_feature_once_and_in_order(
    client: TestClient, limit: int, collection_id: str
) -> None:
    whole = items(client, collection_id)
    page = items(client, collection_id, limit=limit)
    found, first = ids(page), page
    while following := linked(page, "next"):
        assert len(page["features"]) == page["numberReturned"] == limit
        assert page["numberMatched"] == whole["numberMatched"]
        before = page
        page = get(client, following[0])
        assert ids(get(client, linked(page, "prev")[0])) == ids(before)
        found += ids(page)
    assert found == ids(whole)
    assert "prev" not in [one["rel"] for one in first["links"]]


@pytest.mark.parametrize(
    ("parameters", "returned", "has_next"),
    [
        ({}, 10, True), ({"limit": "1"}, 1, True), ({"limit": "30"}, 30, False), ({"limit": "29"}, 29, True),
        ({"limit": "1001"}, 30, False), ({"limit": "9" * 5000}, 30, False), ({"limit": "007"}, 7, True),
        ({"offset": "29"}, 1, False), ({"offset": "30"}, 0, False), ({"offset": "9" * 5000}, 0, False),
        ({"offset": "0", "limit": "30"}, 30, False),
    ],
)  # fmt: skip
def test_a_page_holds_ten_or_as_many_as_asked_for(
    client: TestClient, parameters: dict[str, str], returned: int, has_next: bool
) -> None:
    page = get(client, "/collections/neighbourhoods/items", **parameters)
    assert len(page["features"]) == page["numberReturned"] == returned
    assert page["numberMatched"] == 30
    assert bool(linked(page, "next")) == has_next


def test_more_than_the_greatest_page_is_the_greatest(tmp_path: Path, client_of: Callable[[Path], TestClient]) -> None:
    rows = [f'p{n},P{n},kind,"",5.49,50.95,,,,A' for n in range(1200)]
    header = "id,name,kind,address,lon,lat,opening_hours,phone,email,district_ids"
    client = client_of(write_toy_city(tmp_path, offices="\n".join([header, *rows])))
    page = items(client, "offices", limit=5000)
    assert page["numberReturned"] == 1000
    rest = get(client, linked(page, "next")[0])
    assert ids(page) + ids(rest) == [f"p{n}" for n in range(1200)]


@st.composite
def boxes(draw: st.DrawFn) -> tuple[float, float, float, float]:
    """A box in or around Genk in degrees, perhaps a line or a point."""
    lons = sorted((draw(st.floats(5.35, 5.65)), draw(st.floats(5.35, 5.65))))
    lats = sorted((draw(st.floats(50.88, 51.05)), draw(st.floats(50.88, 51.05))))
    flat = draw(st.sampled_from(["", "lon", "lat", "both"]))
    east = lons[0] if flat in ("lon", "both") else lons[1]
    north = lats[0] if flat in ("lat", "both") else lats[1]
    return lons[0], lats[0], east, north


@given(box=boxes(), crs=st.sampled_from(list(NORTH_FIRST)), collection_id=st.sampled_from(IDS))
def test_a_box_gives_what_a_loop_over_all_shapes_gives(
    client: TestClient, demo: Finder, box: tuple[float, float, float, float], crs: str, collection_id: str
) -> None:
    west, south = transform(box[0], box[1], LONLAT, code(crs))
    east, north = transform(box[2], box[3], LONLAT, code(crs))
    if west > east or south > north:
        return  # a narrow one in degrees may be none in another CRS
    sides = (south, west, north, east) if NORTH_FIRST[crs] else (west, south, east, north)
    page = items(client, collection_id, bbox=",".join(map(repr, sides)), bbox_crs=crs)
    corners = shapely.MultiPoint([(west, south), (west, north), (east, south), (east, north)]).convex_hull
    expected = [one for one, shape in shapes_in(demo, collection_id, code(crs)).items() if shape.intersects(corners)]
    assert ids(page) == expected
    assert page["numberMatched"] == len(expected)


@pytest.mark.parametrize(
    ("box", "found"),
    [
        ("5,50,6,52", 11), ("5,50,-10,6,52,1000", 11), ("-180,-90,180,90", 11), ("5.4952,50.9642,5.4952,50.9642", 1),
        ("0,0,1,1", 0), ("170,50,-170,52", 0), ("5,50,-170,52", 11), ("170,50,6,52", 11), ("5.5,50,5.4,52", 6),
        ("1e0,5.0e1,6,52", 11), ("-1e300,-1e300,1e300,1e300", 11), (" 5 , 50 , 6 , 52 ", 11),
    ],
)  # fmt: skip
def test_a_box_has_four_numbers_or_six_and_may_cross_the_antimeridian(client: TestClient, box: str, found: int) -> None:
    assert items(client, "offices", bbox=box)["numberMatched"] == found


def test_a_box_beyond_everything_holds_everything_in_silence(client: TestClient) -> None:
    page = items(client, "neighbourhoods", bbox="-1e308,-1e308,1e308,1e308", bbox_crs=f"{EPSG}31370")
    assert page["numberMatched"] == 30


def test_a_box_that_only_touches_a_shape_meets_it(toy_client: TestClient) -> None:
    there = {"bbox_crs": f"{EPSG}31370"}
    assert ids(items(toy_client, "neighbourhoods", bbox="229500,183500,229600,183600", **there)) == ["b1"]
    assert ids(items(toy_client, "neighbourhoods", bbox="227000,183000,228000,183000", **there)) == ["a1", "a2"]


def is_in(value: object, name: str, held: object) -> bool:
    several = name in ("district_ids", "districts") and isinstance(held, str)
    return held == value or (several and value in str(held).split(";"))


@pytest.mark.parametrize("collection_id", IDS)
def test_a_property_selects_the_features_that_have_its_value(client: TestClient, collection_id: str) -> None:
    features = items(client, collection_id)["features"]
    for name in features[0]["properties"]:
        for value in {feature["properties"][name] for feature in features}:
            expected = [one["id"] for one in features if is_in(value, name, one["properties"][name])]
            if isinstance(value, bool):
                for written in (str(value).lower(), str(int(value))):
                    assert ids(items(client, collection_id, **{name: written})) == expected
            elif value is not None:
                assert ids(items(client, collection_id, **{name: value})) == expected


def test_several_properties_and_a_box_all_hold(client: TestClient) -> None:
    wanted = {"district_id": "stadsdeel-genk-midden", "vacant": "true"}
    page = items(client, "neighbourhoods", **wanted)
    assert {one["properties"]["district"] for one in page["features"]} == {"Genk-Midden"}
    assert items(client, "neighbourhoods", **wanted, bbox="0,0,1,1")["features"] == []
    assert items(client, "neighbourhoods", **wanted | {"vacant": "false"})["numberMatched"] == 0
    assert items(client, "neighbourhoods", district_id="Stadsdeel-Genk-Midden")["numberMatched"] == 0, "exactly"
    assert items(client, "neighbourhoods", name="")["numberMatched"] == 0


def test_a_list_matches_by_each_of_its_texts(client: TestClient) -> None:
    by_one = ids(items(client, "offices", district_ids="stadsdeel-genk-midden"))
    assert "wijkbureau-genk-centrum" in by_one
    assert ids(items(client, "offices", district_ids="stadsdeel-genk-centrum;stadsdeel-genk-midden")) == [
        "wijkbureau-genk-centrum"
    ]
    assert ids(items(client, "offices", districts="Genk-Midden")) == by_one
    assert items(client, "offices", district_ids="stadsdeel-genk")["numberMatched"] == 0


@pytest.fixture
def dated(tmp_path: Path, client_of: Callable[[Path], TestClient]) -> TestClient:
    """A service with an edition from 2020 and one from 2035 on."""
    for edition_id, valid_from, name in (("old", "2020-01-01", "Old"), ("new", "2035-01-01", "New")):
        publish(dated_edition(tmp_path, edition_id, valid_from, name), tmp_path / "published", accept_warnings=True)
    return client_of(tmp_path / "published")


@pytest.mark.parametrize(
    ("datetime", "name", "bob"),
    [
        ("2026-11-23", "Old", True), ("2026-11-23T09:00:00Z", "Old", True), ("2023-12-31", "Old", False),
        ("2024-01-01", "Old", True), ("2023-12-31T23:30:00Z", "Old", True), ("2023-12-31T23:30:00+01:00", "Old", False),
        ("2024-01-01t00:00:00.5z", "Old", True), ("2016-12-31T23:59:60Z", None, None),
        ("2034-12-31", "Old", False), ("2035-01-01", "New", False), ("2999-01-01", "New", False),
        ("2019-12-31", None, None), ("2019-12-31T23:30:00Z", "Old", False), ("0001-01-01T00:00:00Z", None, None),
        ("9999-12-31T23:59:59Z", "New", False),
        ("2036-01-01/..", "New", False), ("2036-01-01/", "New", False), ("2036-01-01/2040-01-01", "New", False),
        ("../2019-01-01", None, None), ("/2019-01-01", None, None), ("../2023-06-01T12:00:00Z", "Old", False),
        ("2021-01-01/2023-06-01", "Old", False), ("2026-01-01/2026-01-01", "Old", True),
        ("2019-01-01T00:00:00Z/2023-06-01", "Old", False),
    ],
)  # fmt: skip
def test_a_day_gets_the_edition_and_the_people_of_that_day(
    dated: TestClient, datetime: str, name: str | None, bob: bool | None
) -> None:
    page = items(dated, "neighbourhoods", datetime=datetime)
    names = {one["id"]: one["properties"]["name"] for one in page["features"]}
    managers = {one["id"]: one["properties"]["manager"] for one in page["features"]}
    assert page["numberMatched"] == (0 if name is None else 4)
    assert names.get("a1") == name
    assert (managers.get("b2") == "Bob") == bool(bob)
    for feature in page["features"]:
        path = f"/collections/neighbourhoods/items/{feature['id']}"
        assert get(dated, path, datetime=datetime)["properties"] == feature["properties"]


@pytest.mark.parametrize("datetime", ["../..", "/", "../", "/..", "2020-01-01/2999-01-01"])
def test_an_interval_that_holds_today_is_answered_for_today(dated: TestClient, datetime: str) -> None:
    assert items(dated, "neighbourhoods", datetime=datetime)["features"] == items(dated, "neighbourhoods")["features"]


def test_before_the_first_edition_there_is_nothing(dated: TestClient) -> None:
    for collection_id in IDS:
        page = items(dated, collection_id, datetime="1999-01-01", bbox="0,0,90,90", crs=f"{EPSG}3812")
        assert (page["features"], page["numberMatched"], page["numberReturned"]) == ([], 0, 0)
    assert is_problem(dated.get("/ogc/collections/neighbourhoods/items/a1?datetime=1999-01-01"), 404)
    assert is_problem(dated.get("/ogc/downloads/neighbourhoods.csv?datetime=1999-01-01"), 404)


ASKED = "Noordlaan 112"
BAD = [
    "limit=0", "limit=-1", "limit=ten", "limit=1.5", "limit=", "limit=%2B5", "limit=1_0", "limit=000", "limit=٣",
    "limit=0000000000",
    "offset=-1", "offset=x", "offset=",
    "bbox=1,2,3", "bbox=1,2,3,4,5", "bbox=1,2,3,x", "bbox=nan,2,3,4", "bbox=1,2,inf,4", "bbox=", "bbox=5,52,6,50",
    "bbox=5_0,2,60,4", "bbox=1 2 3 4", "bbox=1e999,2,3,4",
    f"bbox=2,1,1,2&bbox-crs={EPSG}31370", f"bbox=5,50,6,52&bbox-crs={EPSG}28992", "bbox-crs=EPSG:31370",
    f"bbox=50,6,52,5,0&bbox-crs={EPSG}4326", f"bbox=52,5,50,6&bbox-crs={EPSG}4326",
    "crs=EPSG:31370", "crs=31370", f"crs={EPSG}28992", "crs=", f"crs={EPSG}4326/", f"crs={ASKED}",
    "datetime=", "datetime=yesterday", "datetime=2026-02-30", "datetime=2026-11-23/2026-11-22", "datetime=2026",
    "datetime=2026-11-23T09:00:00", "datetime=2026-11-23T25:00:00Z", "datetime=2026-11-23T09:00:00+25:00",
    "datetime=2026-11-23/2026-11-24/2026-11-25", "datetime=..", "datetime=20261123", f"datetime={ASKED}",
    "vacant=yes", "vacant=True", "vacant=2", "vacant=",
    f"q={ASKED}", f"{ASKED}=1", "Limit=5", "filter=name='x'", "limit=5&limit=6", "f=json&f=json", "f=xml", "f=",
    "name=a&name=b",
]  # fmt: skip


@pytest.mark.parametrize("query", BAD)
def test_a_parameter_that_is_unknown_or_makes_no_sense_is_a_400_that_repeats_nothing(
    client: TestClient, query: str
) -> None:
    response = client.get(f"/ogc/collections/neighbourhoods/items?{query}")
    assert is_problem(response, 400)
    assert ASKED not in response.text
    assert "yesterday" not in response.text


@pytest.mark.parametrize(
    "path",
    [
        "", "/", "/conformance", "/api", "/collections", "/collections/offices", "/collections/offices/queryables",
        "/collections/offices/items/wijkbureau-genk-centrum", "/downloads/offices.csv",
    ],
)  # fmt: skip
@pytest.mark.parametrize("query", ["limit=5", f"q={ASKED}", "lang=nl", "f=json&f=html"])
def test_parameters_are_known_to_the_resources_that_have_them(client: TestClient, path: str, query: str) -> None:
    response = client.get(f"/ogc{path}?{query}")
    assert is_problem(response, 400)
    assert ASKED not in response.text


@given(query=st.dictionaries(st.sampled_from(["limit", "offset", "bbox", "datetime", "crs", "name"]), st.text()))
def test_no_text_whatever_breaks_a_page(client: TestClient, query: dict[str, str]) -> None:
    assert client.get("/ogc/collections/offices/items", params=query).status_code in (200, 400)


def test_the_answer_says_when_it_was_made_and_is_sent_once(client: TestClient) -> None:
    path = "/ogc/collections/neighbourhoods/items?limit=3"
    first = client.get(path)
    assert first.json()["timeStamp"].endswith("Z")
    again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["content-crs"] == first.headers["content-crs"]
    assert "Accept" in first.headers["vary"]
    other = client.get(f"{path}&datetime={ON}&offset=1")
    assert other.headers["etag"] != first.headers["etag"]


def test_a_layer_is_kept_as_long_as_its_edition(toy: Finder) -> None:
    one, on = COLLECTIONS["neighbourhoods"], toy.day()
    kept = layer_of(toy.edition, one, on)
    assert layer_of(toy.edition, one, on) is kept
    assert layer_of(toy.edition, one, toy.day("2020-01-01")) is not kept
    edition = replace(toy.edition)
    gone = weakref.ref(edition)
    layer_of(edition, one, on)
    del edition
    gc.collect()
    assert gone() is None
