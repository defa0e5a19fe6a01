"""What the service says of itself, in which form, and where its links lead."""

from __future__ import annotations

import re
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from fastapi.openapi.models import OpenAPI
from fastapi.testclient import TestClient

from geo_lookup import Finder
from geo_lookup.attributes import area_attributes, office_attributes
from geo_lookup.model import AreaKind
from service.app import create_app
from service.ogc.collections import COLLECTIONS
from service.ogc.documents import CONFORMANCE
from service.settings import Settings
from tests.service.ogc.reading import CRS84, EPSG, IDS, get, items, linked
from tests.service.test_find import is_problem
from tests.toy_city import MANIFEST, write_toy_city

GEOJSON, JSON, HTML = "application/geo+json", "application/json", "text/html"
SCHEMA, OPENAPI = "application/schema+json", "application/vnd.oai.openapi+json;version=3.0"

RESOURCES = {
    "": JSON, "/": JSON, "/conformance": JSON, "/api": OPENAPI, "/collections": JSON,
    **{f"/collections/{one}": JSON for one in IDS},
    **{f"/collections/{one}/queryables": SCHEMA for one in IDS},
    **{f"/collections/{one}/items": GEOJSON for one in IDS},
    "/collections/neighbourhoods/items/wijk-bokrijk": GEOJSON,
    "/collections/special-areas/items/terrein-horensberg": GEOJSON,
    "/collections/offices/items/wijkbureau-genk-oost": GEOJSON,
}  # fmt: skip
"""Every resource with two forms, and the media type of the other one."""


@pytest.fixture(scope="module")
def api(client: TestClient) -> Any:
    """The OpenAPI document."""
    return get(client, "/api")


def all_links(document: Any) -> list[dict[str, str]]:
    """The links of a document and of what it holds."""
    if isinstance(document, dict):
        own = document.get("links", []) if isinstance(document.get("links"), list) else []
        return [*own, *(link for name, part in document.items() if name != "links" for link in all_links(part))]
    return [link for part in document for link in all_links(part)] if isinstance(document, list) else []


@pytest.mark.parametrize("path", RESOURCES)
def test_a_resource_is_json_or_a_page_as_f_or_accept_says(client: TestClient, path: str) -> None:
    media_type = RESOURCES[path]
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"
    for accept, form, sent in [
        ("*/*", None, media_type), ("", None, media_type), (browser, None, HTML), ("text/html", None, HTML),
        (media_type, None, media_type), (JSON, None, media_type), (f"{media_type}, text/html", None, media_type),
        ("text/html, */*", None, HTML), ("text/html;q=0.1, application/json", None, media_type),
        ("application/*", None, media_type), ("text/*", None, HTML), ("TEXT/HTML", None, HTML),
        ("application/json;q=0, */*", None, HTML if media_type == JSON else media_type),
        (browser, "json", media_type), ("application/json", "html", HTML), ("image/png", "json", media_type),
    ]:  # fmt: skip
        response = client.get(f"/ogc{path}", headers={"Accept": accept}, params={"f": form} if form else None)
        assert response.status_code == 200, accept
        assert response.headers["content-type"].startswith(sent), accept
        assert "Accept" in response.headers["vary"]
    assert is_problem(client.get(f"/ogc{path}", headers={"Accept": "image/png, application/xml"}), 406)
    assert is_problem(client.get(f"/ogc{path}", params={"f": "xml"}), 400)


@pytest.mark.parametrize("path", RESOURCES)
def test_a_resource_links_to_itself_and_to_its_other_form(client: TestClient, path: str) -> None:
    document = get(client, path)
    if RESOURCES[path] in (OPENAPI, SCHEMA):
        return  # their formats have no links
    (own,), (page,) = linked(document, "self", RESOURCES[path]), linked(document, "alternate", HTML)
    assert own == f"http://testserver/ogc{path.rstrip('/')}"
    assert client.get(page).headers["content-type"].startswith(HTML)


def test_every_link_of_every_document_is_whole_and_leads_to_what_it_says(client: TestClient) -> None:
    seen: dict[str, str] = {}
    for path in RESOURCES:
        for link in all_links(get(client, path)):
            assert link["rel"]
            assert link["type"]
            assert link["href"].startswith("http://testserver/ogc")
            seen[link["href"]] = link["type"]
    assert len(seen) > 60
    for href, media_type in seen.items():
        response = client.get(href, headers={"Accept": media_type})
        assert response.status_code == 200, href
        assert response.headers["content-type"].replace(" ", "").startswith(media_type.replace(" ", "")), href


def test_the_landing_page_leads_everywhere(client: TestClient, demo: Finder) -> None:
    document = get(client, "")
    for rel, media_type in [
        ("self", JSON), ("alternate", HTML), ("service-desc", OPENAPI), ("service-doc", HTML),
        ("conformance", JSON), ("data", JSON), ("license", HTML),
    ]:  # fmt: skip
        assert linked(document, rel, media_type), rel
    assert document["attribution"] == demo.edition.manifest.attribution
    assert "Demo" in document["description"]
    licences = [one["title"] for one in document["links"] if one["rel"] == "license"]
    assert licences == [demo.edition.manifest.licence]


def test_a_licence_that_is_an_address_is_linked(tmp_path: Path, client_of: Callable[[Path], TestClient]) -> None:
    address = "https://creativecommons.org/licenses/by/4.0/"
    client = client_of(write_toy_city(tmp_path, manifest=MANIFEST.replace("CC0-1.0", address)))
    assert linked(get(client, ""), "license") == [address]
    assert "Demo" not in get(client, "")["description"]


def test_conformance_names_the_classes(client: TestClient) -> None:
    assert get(client, "/conformance")["conformsTo"] == list(CONFORMANCE)
    assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in CONFORMANCE
    assert "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs" in CONFORMANCE


def test_the_collections_are_four_and_each_is_what_its_own_resource_says(client: TestClient) -> None:
    document = get(client, "/collections")
    assert [one["id"] for one in document["collections"]] == list(IDS)
    assert linked(document, "self") == ["http://testserver/ogc/collections"]
    for one in document["collections"]:
        assert one == get(client, f"/collections/{one['id']}")
        for media_type in (GEOJSON, HTML):
            assert len(linked(one, "items", media_type)) == 1
        assert len(linked(one, "enclosure")) == 4
        assert one["attribution"] == document["attribution"]
        assert one["itemType"] == "feature"


@pytest.mark.parametrize("collection_id", IDS)
def test_the_extent_holds_every_feature_and_says_since_when(client: TestClient, collection_id: str) -> None:
    extent = get(client, f"/collections/{collection_id}")["extent"]
    ((west, south, east, north),) = extent["spatial"]["bbox"]
    assert extent["spatial"]["crs"] == CRS84
    whole = items(client, collection_id)["numberMatched"]
    assert items(client, collection_id, bbox=f"{west},{south},{east},{north}")["numberMatched"] == whole
    for outside in ("4,{south},{west},{north}", "{east},{south},7,{north}", "4,40,7,{south}", "4,{north},7,60"):
        box = outside.format(west=west - 1e-7, south=south - 1e-7, east=east + 1e-7, north=north + 1e-7)
        assert items(client, collection_id, bbox=box)["numberMatched"] == 0
    assert extent["temporal"]["interval"] == [["2014-12-31T23:00:00Z", None]]


def test_a_collection_without_features_extends_over_the_city(client_of: Any, tmp_path: Path) -> None:
    areas = '{"type": "FeatureCollection", "features": []}'
    manifest = re.sub(r"\[layers.special_areas\]\npath.*\ncrs.*\n", "", MANIFEST)
    no_s = {"assignments": "area_id,role,manager_id,cover_id,valid_from,valid_to\nA,wijkmanager,ann,,,\n"}
    offices = "id,name,kind,address,lon,lat,opening_hours,phone,email,district_ids\n"
    client = client_of(write_toy_city(tmp_path, manifest=manifest, special_areas=areas, offices=offices, **no_s))
    for collection_id in ("special-areas", "offices"):
        ((west, south, east, north),) = get(client, f"/collections/{collection_id}")["extent"]["spatial"]["bbox"]
        assert west < 5.48 < 5.5 < east
        assert south < 50.943 < 50.958 < north
        assert items(client, collection_id)["features"] == []


def test_each_crs_is_named_by_its_uri_the_usual_one_first(client: TestClient, tmp_path: Path, client_of: Any) -> None:
    usual = [CRS84, f"{EPSG}4326", f"{EPSG}31370", f"{EPSG}3812"]
    document = get(client, "/collections")
    assert document["crs"] == usual
    for one in document["collections"]:
        assert one["crs"] == usual
        assert one["storageCrs"] == (CRS84 if one["id"] == "offices" else f"{EPSG}31370")
    other = client_of(
        write_toy_city(tmp_path, manifest=MANIFEST.replace("valid_from", "metric_crs = 25831\nvalid_from", 1))
    )
    assert get(other, "/collections/districts")["crs"] == [*usual, f"{EPSG}25831"]
    assert get(other, "/collections/districts")["storageCrs"] == f"{EPSG}25831"
    assert items(other, "districts", crs=f"{EPSG}25831")["numberReturned"] == 2


def test_a_collection_has_the_properties_that_its_features_have(client: TestClient) -> None:
    for one in COLLECTIONS.values():
        names = [each.name for each in one.properties]
        features = items(client, one.id)["features"]
        assert all(list(feature["properties"]) == names for feature in features)
        document = get(client, f"/collections/{one.id}/queryables")
        assert set(document["properties"]) == {*names, "geometry"}
        assert document["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert document["$id"] == f"http://testserver/ogc/collections/{one.id}/queryables"
        assert document["type"] == "object"
        types = {"string": str, "boolean": bool}
        for feature in features:
            for name, value in feature["properties"].items():
                assert value is None or isinstance(value, types[document["properties"][name]["type"]])


def test_nothing_but_the_public_contact_of_a_manager_is_told(demo: Finder) -> None:
    told = {name for one in COLLECTIONS.values() for name in (each.name for each in one.properties)}
    assert {name for name in told if name.startswith("manager")} == {
        "manager_id", "manager", "manager_email", "manager_phone",
    }  # fmt: skip
    (_, area), *_ = area_attributes(demo.edition, AreaKind.NEIGHBOURHOOD, demo.day())
    office = office_attributes(demo.edition, demo.edition.offices.offices[0])
    assert told == {*area, *office}


# The OpenAPI document


def test_the_document_has_the_structure_of_openapi_and_each_reference_leads_somewhere(api: Any) -> None:
    OpenAPI.model_validate(api)
    assert re.fullmatch(r"3\.0\.\d", api["openapi"])
    operations = [one["get"] for one in api["paths"].values()]
    assert len({one["operationId"] for one in operations}) == len(operations)
    references = re.findall(r"'\$ref': '#/(.*?)'", str(api))
    assert references
    for reference in references:
        part = api
        for step in reference.split("/"):
            part = part[step]
    for path, one in api["paths"].items():
        assert set(one) == {"get"}
        given = [parameter(api, each) for each in one["get"]["parameters"]]
        assert {each["name"] for each in given if each["in"] == "path"} == set(re.findall(r"{(.*?)}", path))
        assert len({(each["name"], each["in"]) for each in given}) == len(given)
        assert all(each["required"] for each in given if each["in"] == "path")
        assert all(each["style"] == "form" and not each["explode"] for each in given if each["in"] == "query")
        assert all(said["description"] for said in (response(api, each) for each in one["get"]["responses"].values()))


def parameter(api: Any, one: Any) -> Any:
    return api["components"]["parameters"][one["$ref"].rpartition("/")[2]] if "$ref" in one else one


def response(api: Any, one: Any) -> Any:
    return api["components"]["responses"][one["$ref"].rpartition("/")[2]] if "$ref" in one else one


def test_each_path_of_the_document_answers_as_it_says(client: TestClient, api: Any) -> None:
    (server,) = api["servers"]
    assert server["url"] == "http://testserver/ogc"
    for path, one in api["paths"].items():
        collection_id = path.split("/")[2] if path.startswith("/collections/") else "offices"
        first = items(client, collection_id, limit=1)["features"][0]["id"]
        url = f"{server['url']}{path.rstrip('/')}".replace("{featureId}", first)
        for media_type in one["get"]["responses"]["200"]["content"]:
            answer = client.get(url, headers={"Accept": media_type})
            assert answer.status_code == HTTPStatus.OK
            assert answer.headers["content-type"].startswith(media_type)
        assert is_problem(client.get(url, params={"unheard": "of"}), 400)
        for each in (parameter(api, each) for each in one["get"]["parameters"]):
            if each["in"] == "query":  # known, though not with this value
                refused = client.get(url, params={each["name"]: "\0"})
                assert "not known" not in refused.text, each["name"]
        if "406" in one["get"]["responses"]:
            assert is_problem(client.get(url, headers={"Accept": "image/png"}), 406)


@pytest.mark.parametrize("collection_id", IDS)
def test_the_parameters_of_a_page_are_described_as_the_standard_wants(api: Any, collection_id: str) -> None:
    given = {each["name"]: each for each in (
        parameter(api, one) for one in api["paths"][f"/collections/{collection_id}/items"]["get"]["parameters"]
    )}  # fmt: skip
    assert given["limit"]["schema"] == {"type": "integer", "minimum": 1, "maximum": 1000, "default": 10}
    assert given["bbox"]["schema"]["type"] == "array"
    assert given["bbox"]["schema"]["items"] == {"type": "number"}
    assert [(one["minItems"], one["maxItems"]) for one in given["bbox"]["schema"]["oneOf"]] == [(4, 4), (6, 6)]
    assert given["datetime"]["schema"] == {"type": "string"}
    assert given["crs"]["schema"]["enum"][0] == given["crs"]["schema"]["default"] == CRS84
    assert given["bbox-crs"]["schema"] == given["crs"]["schema"]
    assert {each.name for each in COLLECTIONS[collection_id].properties} < set(given)
    assert not any(each["required"] for each in given.values())


# Where links lead


def test_links_are_of_the_configured_address_where_there_is_one() -> None:
    public = "https://kaart.example.org/genk"
    with TestClient(create_app(Settings(public_url=public))) as client:
        links = all_links(get(client, "/collections")) + all_links(get(client, "/collections/offices/items"))
        assert links
        assert all(link["href"].startswith(f"{public}/ogc/") or f"{public}/ogc?" in link["href"] for link in links)
        assert get(client, "/api")["servers"] == [{"url": f"{public}/ogc"}]


@pytest.mark.parametrize("name", ["Host", "X-Forwarded-Host", "Forwarded", "X-Original-URL"])
def test_no_header_makes_links_lead_elsewhere(client: TestClient, name: str) -> None:
    value = "host=evil.example" if name == "Forwarded" else "evil.example"
    for path in ("", "/collections", "/collections/offices/items"):
        for accept in (JSON, HTML):
            answer = client.get(f"/ogc{path}", headers={name: value, "Accept": accept})
            assert "evil.example" not in answer.text


@pytest.mark.parametrize(
    ("server", "scheme", "shown"),
    [
        (("127.0.0.1", 8000), "http", "http://127.0.0.1:8000"), (("::1", 8000), "http", "http://[::1]:8000"),
        (("10.0.0.7", 443), "https", "https://10.0.0.7"), (("10.0.0.7", 443), "http", "http://10.0.0.7:443"),
        (("/run/geo.sock", None), "http", ""), (None, "http", ""),
    ],
)  # fmt: skip
def test_else_links_are_of_the_socket_that_took_the_request(server: Any, scheme: str, shown: str) -> None:
    app = create_app(Settings())

    async def reached(scope: Any, receive: Any, send: Any) -> None:
        await app({**scope, "server": server, "scheme": scheme} if scope["type"] == "http" else scope, receive, send)

    with TestClient(reached) as client:
        assert linked(get(client, "/conformance"), "self") == [f"{shown}/ogc/conformance"]


def test_a_service_below_a_path_says_so() -> None:
    with TestClient(create_app(Settings()), root_path="/genk") as client:
        page = client.get("/genk/ogc/collections/offices/items?f=json").json()
        assert linked(page, "next")[0].startswith("http://testserver/genk/ogc/collections/offices/items?")
        html = client.get("/genk/ogc/collections?f=html").text
        own = [href for href in re.findall(r'href="([^"#]*)"', html) if "ogcapi.ogc.org" not in href]
        assert own
        assert all(href.startswith("/genk/") for href in own)


# What holds for all of it


@pytest.mark.parametrize(
    "path",
    [
        "/nothing", "/collections/nothing", "/collections/nothing/items", "/collections/neighbourhood",
        "/collections/offices/items/nothing", "/collections/neighbourhoods/items/wijkbureau-genk-oost",
        "/collections/offices/", "/collections/", "/downloads/nothing.gpkg", "/downloads/offices.shp",
        "/downloads/offices", "/collections/offices/items/", "/collections/nothing/queryables",
    ],
)  # fmt: skip
def test_what_is_not_there_is_a_404_that_repeats_nothing(client: TestClient, path: str) -> None:
    answer = client.get(f"/ogc{path}")
    assert is_problem(answer, 404)
    assert "nothing." not in answer.json()["detail"].replace("There is nothing here", "")


@pytest.mark.parametrize("path", [*RESOURCES, "/downloads/districts.fgb"])
def test_head_is_get_without_the_body_and_nothing_can_be_changed(client: TestClient, path: str) -> None:
    get_, head = client.get(f"/ogc{path}"), client.head(f"/ogc{path}")
    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-type", "content-length", "content-crs", "etag"):
        assert head.headers.get(name) == get_.headers.get(name)
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        refused = client.request(method, f"/ogc{path}")
        assert is_problem(refused, 405)
        assert refused.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize("path", ["", "/collections/offices/items", "/downloads/offices.geojson"])
def test_a_map_on_a_page_of_another_host_may_read_it(client: TestClient, path: str) -> None:
    answer = client.get(f"/ogc{path}", headers={"Origin": "https://map.example"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "content-crs" in answer.headers["access-control-expose-headers"].lower()
    asked = {"Origin": "https://map.example", "Access-Control-Request-Method": "GET"}
    assert client.options(f"/ogc{path}", headers=asked).status_code == 200


def test_without_an_edition_everything_is_a_503(tmp_path: Path, client_of: Callable[[Path], TestClient]) -> None:
    client = client_of(tmp_path)
    for path in (*RESOURCES, "/downloads/offices.csv"):
        assert is_problem(client.get(f"/ogc{path}", headers={"Accept": "text/html"}), 503)


def test_what_was_asked_is_counted_by_route_alone(toy_client: TestClient) -> None:
    toy_client.get("/ogc/collections/neighbourhoods/items?name=Stadsplein")
    toy_client.get("/ogc/collections/Stadsplein/items/Stadsplein")
    told = toy_client.get("/metrics").text
    assert 'route="/ogc/collections/{collection_id}/items"' in told
    assert "Stadsplein" not in told


def test_the_other_document_of_the_service_is_as_it_was(client: TestClient) -> None:
    assert not any(path.startswith("/ogc") for path in client.get("/openapi.json").json()["paths"])
