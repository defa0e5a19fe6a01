"""The resources as pages: for eyes, ears and keyboards, without a script, and safe whatever the data says."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from service.ogc.collections import COLLECTIONS
from tests.service.ogc.reading import IDS, get
from tests.service.test_pages import HTML, Outline
from tests.toy_city import MANIFEST, NEIGHBOURHOODS, TABLES, geojson, write_toy_city

PAGES = (
    "", "/conformance", "/api", "/collections",
    *(f"/collections/{one}{rest}" for one in IDS for rest in ("", "/queryables", "/items", "/items?limit=3&offset=3")),
    "/collections/neighbourhoods/items/wijk-bokrijk", "/collections/offices/items/wijkbureau-genk-oost",
    "/collections/neighbourhoods/items?bbox=0,0,1,1",
)  # fmt: skip
HOSTILE = "<img src=x onerror=document.title='run'>\"'"


def page(client: TestClient, path: str) -> Outline:
    response = client.get(f"/ogc{path}", headers=HTML)
    assert response.status_code == 200
    assert response.headers["content-language"] == "en" or path == "/api"
    return Outline(response.text)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_keeps_to_the_policy(client: TestClient, path: str) -> None:
    policy = client.get(f"/ogc{path}", headers=HTML).headers["content-security-policy"]
    assert "unsafe" not in policy
    for tag, attributes in page(client, path).tags:
        assert "style" not in attributes, tag
        assert not any(name.startswith("on") for name in attributes), tag
        assert tag != "script" or (attributes.get("src") or "").startswith("/"), "no script inside"
        assert tag != "link" or (attributes.get("href") or "").startswith("/"), "nothing comes from elsewhere"


@pytest.mark.parametrize("path", [path for path in PAGES if path != "/api"])
def test_a_page_has_the_structure_that_ears_need(client: TestClient, path: str) -> None:
    tags = page(client, path).tags
    names = [tag for tag, _ in tags]
    assert ("html", {"lang": "en"}) in tags
    assert names.count("h1") == names.count("main") == names.count("title") == 1
    levels = [int(tag[1]) for tag in names if re.fullmatch(r"h[1-6]", tag)]
    assert all(deeper <= level + 1 for level, deeper in pairwise(levels))
    assert all(attributes.get("scope") in ("col", "row") for tag, attributes in tags if tag == "th")
    assert all(
        attributes.get("aria-label") for tag, attributes in tags if tag == "nav" or attributes.get("role") == "region"
    )
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(set(ids)) == len(ids)


def test_every_page_can_be_reached_from_the_first_and_no_link_is_dead(client: TestClient) -> None:
    waiting, seen = ["/ogc"], set[str]()
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        response = client.get(path, headers=HTML)
        assert response.status_code == 200, path
        if not response.headers["content-type"].startswith("text/html") or not path.startswith("/ogc"):
            continue
        for tag, attributes in Outline(response.text).tags:
            href = (attributes.get("href") or "").partition("#")[0]
            if tag == "a" and href and "ogcapi.ogc.org" not in href and not href.startswith(("mailto:", "tel:")):
                assert href.startswith("/"), "links of pages are paths, so that they lead to where the page came from"
                waiting.append(href)
    bare = {path.partition("?")[0] for path in seen}
    for one in IDS:
        assert {f"/ogc/collections/{one}", f"/ogc/collections/{one}/items", f"/ogc/downloads/{one}.gpkg"} <= bare
    assert {"/ogc/api", "/ogc/conformance", "/ogc/collections/neighbourhoods/items/wijk-bokrijk"} <= bare
    assert any("offset=20" in path for path in seen)


@pytest.mark.parametrize("collection_id", IDS)
def test_a_page_tells_what_the_json_tells(client: TestClient, collection_id: str) -> None:
    path = f"/collections/{collection_id}/items"
    outline, document = page(client, path), get(client, path)
    assert f"of {document['numberMatched']}" in outline.text
    for feature in document["features"]:
        single = page(client, f"{path}/{feature['id']}")
        for name, value in feature["properties"].items():
            assert name in outline.text
            if isinstance(value, str):
                assert value in outline.text
                assert value in single.text
    rows = sum(tag == "tr" for tag, _ in outline.tags)
    assert rows == 1 + document["numberReturned"]
    assert sum(tag == "th" for tag, _ in outline.tags) == len(COLLECTIONS[collection_id].properties) + rows - 1


@pytest.mark.parametrize("path", [path for path in PAGES if path != "/api"])
def test_every_page_says_whose_it_is_and_that_it_is_a_demo(client: TestClient, path: str) -> None:
    text = page(client, path).text
    assert "geen echte personen of bureaus" in text
    assert "call nobody" in text


def test_the_licence_is_told(client: TestClient) -> None:
    for path in ("", "/collections", "/collections/offices", "/collections/offices/items"):
        assert "CC0-1.0" in page(client, path).text
    assert 'id="licence"' in client.get("/ogc", headers=HTML).text


def test_the_day_is_told_and_kept_by_the_links(client: TestClient) -> None:
    path = "/ogc/collections/neighbourhoods/items?datetime=2020-06-01&limit=2"
    response = client.get(path, headers=HTML)
    assert "Monday, 1 June 2020" in response.text
    hrefs = [attributes.get("href") or "" for tag, attributes in Outline(response.text).tags if tag == "a"]
    for leading in ("/ogc/collections/neighbourhoods/items/", "/ogc/collections/neighbourhoods/items?"):
        kept = [href for href in hrefs if href.startswith(leading)]
        assert kept
        assert all("datetime=2020-06-01" in href for href in kept)


def test_a_map_is_drawn_of_the_features_of_the_page(client: TestClient) -> None:
    tags = page(client, "/collections/offices/items?limit=2&crs=http://www.opengis.net/def/crs/EPSG/0/31370").tags
    (source,) = [attributes["data-features"] for _, attributes in tags if "data-features" in attributes]
    assert source == "/ogc/collections/offices/items?limit=2&f=json"
    assert len(client.get(source).json()["features"]) == 2
    assert [attributes.get("src") for tag, attributes in tags if tag == "script"] == ["/static/features.js"]
    assert client.get("/static/features.js").status_code == 200


def test_the_page_of_the_api_reads_the_document_of_ogc(client: TestClient) -> None:
    (place,) = [attributes for tag, attributes in page(client, "/api").tags if tag == "main"]
    assert place["data-openapi"] == "/ogc/api?f=json"
    assert 'data-openapi="/openapi.json"' in client.get("/docs").text


def test_whatever_the_data_says_is_shown_and_does_not_run(
    tmp_path: Path, client_of: Callable[[Path], TestClient]
) -> None:
    quoted = HOSTILE.replace('"', '""')
    manifest = MANIFEST
    for said in ("A city of four squares", "nobody", "CC0-1.0"):
        manifest = manifest.replace(f'"{said}"', f"'''{HOSTILE} {said}'''")
    areas = {key: (f"{name}{HOSTILE}", parent, shape) for key, (name, parent, shape) in NEIGHBOURHOODS.items()}
    tables = {
        "managers": TABLES["managers.csv"].replace("Ann,", f'"{quoted}",'),
        "offices": TABLES["offices.csv"].replace("Office A", f'"{quoted}"').replace("o1,", f'"{quoted}",'),
    }
    client = client_of(write_toy_city(tmp_path, manifest=manifest, neighbourhoods=geojson(areas), **tables))
    office = get(client, "/collections/offices/items")["features"][0]
    assert office["id"] == office["properties"]["name"] == HOSTILE
    for path in (
        "",
        "/conformance",
        "/collections",
        *(f"/collections/{one}{rest}" for one in IDS for rest in ("", "/items")),
    ):
        response = client.get(f"/ogc{path}", headers=HTML)
        assert "<img" not in response.text
        assert not [tag for tag, attributes in Outline(response.text).tags if "onerror" in attributes]
    link = re.findall(
        r'href="(/ogc/collections/offices/items/%3Cimg[^"]*)"',
        client.get("/ogc/collections/offices/items", headers=HTML).text,
    )[0]
    assert "<img" not in client.get(link, headers=HTML).text
