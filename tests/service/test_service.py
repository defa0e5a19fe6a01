"""The rest of the service: data, health, documentation, methods, and what is kept of a request: nothing."""

from __future__ import annotations

import contextlib
import json
import logging
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request as PostRequest
from urllib.request import urlopen

import pytest
import shapely
from fastapi import Request
from fastapi.testclient import TestClient

from geo_lookup import Finder
from service.app import create_app
from service.settings import Settings
from tests.service.test_find import ASKED, is_problem
from tests.toy_city import TABLES, geojson, square, write_toy_city

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize("kind", ["neighbourhood", "district", "special_area", "city"])
def test_areas_are_geojson_as_the_rfc_says(client: TestClient, demo: Finder, kind: str) -> None:
    response = client.get("/v1/areas", params={"kind": kind})
    assert response.headers["content-type"] == "application/geo+json"
    collection = response.json()
    assert collection["type"] == "FeatureCollection"
    assert "crs" not in collection
    expected = demo.areas(kind)
    assert [feature["id"] for feature in collection["features"]] == expected["id"].tolist()
    for feature, drawn in zip(collection["features"], expected.to_crs(4326).geometry, strict=True):
        assert feature["type"] == "Feature"
        assert feature["properties"]["kind"] == kind
        polygon = shapely.geometry.shape(feature["geometry"])
        assert all(part.exterior.is_ccw for part in shapely.get_parts(polygon))
        assert polygon.bounds == pytest.approx(drawn.bounds, abs=1e-6)
        assert feature["bbox"] == pytest.approx(polygon.bounds)


def test_all_kinds_of_area_come_where_none_is_asked_for(client: TestClient) -> None:
    assert len(client.get("/v1/areas").json()["features"]) == 30 + 8 + 1 + 1


def test_one_area_can_be_asked_for(client: TestClient) -> None:
    feature = client.get("/v1/areas/wijk-bokrijk").json()
    assert feature["properties"] == {
        "id": "wijk-bokrijk",
        "name": "Bokrijk",
        "kind": "neighbourhood",
        "parent_id": "stadsdeel-boxbergheide-bokrijk",
    }


def test_offices_are_points_with_their_fields(client: TestClient) -> None:
    features = client.get("/v1/offices").json()["features"]
    assert len(features) >= 8
    first = features[0]
    assert first["geometry"]["coordinates"] == [first["properties"]["lon"], first["properties"]["lat"]]
    assert first["properties"]["phone"].startswith("+32")
    assert first["properties"]["district_ids"] == ["stadsdeel-genk-centrum", "stadsdeel-genk-midden"]


def test_editions_name_the_live_one(client: TestClient, demo: Finder) -> None:
    (edition,) = client.get("/v1/editions").json()["editions"]
    assert edition["id"] == demo.edition.manifest.id
    assert edition["demo"] is True
    assert edition["live"] is True
    assert edition["attribution"]


GETS = ["/v1/find?lon=5.505&lat=50.975", "/v1/areas?kind=district", "/v1/areas/genk", "/v1/offices", "/v1/editions",
        "/healthz", "/readyz", "/docs", "/openapi.json", "/"]  # fmt: skip


@pytest.mark.parametrize("path", GETS)
def test_head_is_get_without_the_body(client: TestClient, path: str) -> None:
    get, head = client.get(path), client.head(path)
    assert head.status_code == get.status_code < 400
    assert head.content == b""
    for name in ("content-type", "content-length"):
        assert head.headers.get(name) == get.headers.get(name)


@pytest.mark.parametrize(
    "path", ["/nothing", "/v1/areas/nothing", "/v1/find/", "/v1", "/docs/", "/static-offline-docs/x"]
)
def test_what_is_not_there_is_a_404_problem(client: TestClient, path: str) -> None:
    assert is_problem(client.get(path), 404)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/v1/find", "GET, HEAD, POST"),
        ("OPTIONS", "/v1/find", "GET, HEAD, POST"),
        ("POST", "/v1/areas", "GET, HEAD"),
        ("PUT", "/healthz", "GET, HEAD"),
    ],
)
def test_a_method_that_is_not_allowed_is_a_405_problem(
    client: TestClient, method: str, path: str, allowed: str
) -> None:
    response = client.request(method, path)
    assert is_problem(response, 405)
    assert response.headers["allow"] == allowed


def test_a_parameter_given_twice_is_a_422_problem(client: TestClient) -> None:
    assert is_problem(client.get("/v1/areas?kind=city&kind=district"), 422)


def test_an_area_is_found_by_any_id(tmp_path: Path) -> None:
    text = geojson({"a/1 é": ("A", "A", square(0, 0)), "b2": ("B", "B", square(1, 0))})
    with TestClient(
        create_app(Settings(edition=write_toy_city(tmp_path, neighbourhoods=text, services="area_id,service\n")))
    ) as client:
        assert client.get("/v1/areas/a%2F1%20%C3%A9").json()["id"] == "a/1 é"


def test_a_failure_at_the_start_is_not_swallowed(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: object) -> None:
        raise LookupError("unforeseen")

    monkeypatch.setattr("service.live.load", fails)
    with pytest.raises(LookupError, match="unforeseen"), TestClient(create_app(Settings())):
        pass


@pytest.mark.parametrize(
    "path", ["/v1/areas?king=district", "/v1/areas/genk?x=1", "/v1/offices?x=1", "/v1/editions?x=1"]
)
def test_a_parameter_that_is_not_known_is_a_422_problem(client: TestClient, path: str) -> None:
    assert is_problem(client.get(path), 422)


def test_a_handshake_that_uvicorn_would_log_is_kept_out_of_its_log(caplog: pytest.LogCaptureFixture) -> None:
    create_app(Settings())
    with caplog.at_level(logging.INFO, "uvicorn.error"):
        logging.getLogger("uvicorn.error").info('%s - "WebSocket %s" 403', "127.0.0.1", "/v1/find?q=Geheimstraat")
        logging.getLogger("uvicorn.error").info("Started")
    assert [record.getMessage() for record in caplog.records] == ["Started"]


def test_an_unknown_kind_of_area_is_a_422_problem(client: TestClient) -> None:
    assert is_problem(client.get("/v1/areas?kind=street"), 422)


def test_without_an_edition_the_process_lives_and_says_why_it_is_not_ready(tmp_path: Path) -> None:
    write_toy_city(tmp_path, assignments=TABLES["assignments.csv"] + "Z,wijkmanager,ann,,,\n")
    with TestClient(create_app(Settings(edition=tmp_path))) as client:
        assert client.get("/healthz").json() == {"status": "ok"}
        for path in ("/readyz", "/v1/find?lon=5.5&lat=50.9", "/v1/areas", "/v1/offices", "/v1/editions"):
            response = client.get(path)
            assert is_problem(response, 503)
            assert "there is no area 'Z'" in response.json()["detail"]


def test_the_documentation_loads_nothing_from_elsewhere(client: TestClient) -> None:
    page = client.get("/docs").text
    links = re.findall(r"""(?:src|href)=["']([^"']+)""", page)
    assert links
    for link in links:
        assert link.startswith("/")
        assert client.get(link).status_code == 200
    assert not re.search(r"https?://", page)
    script = client.get("/static/docs.js").text
    assert "validatorUrl: null" in script, "Swagger UI would ask a checker on another host"


def test_the_openapi_document_describes_every_parameter(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    parameters = {one["name"]: one for one in paths["/v1/find"]["get"]["parameters"]}
    assert set(parameters) == {"q", "lon", "lat", "x", "y", "crs", "address_id", "on", "offices", "lang"}
    assert all(one["description"] for one in parameters.values())
    assert paths["/v1/find"]["post"]["requestBody"]
    for path, operations in paths.items():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                kinds = set(response.get("content", {}))
                if status != "200":
                    assert kinds == {"application/problem+json"}
                elif path == "/metrics":
                    assert kinds == {"text/plain"}
                elif path == "/v1/find/bulk":
                    assert kinds == {"text/csv", "application/json", "application/vnd.apache.arrow.stream"}
                else:
                    assert kinds in ({"application/json"}, {"application/geo+json"})


def test_the_openapi_document_describes_the_answer(client: TestClient) -> None:
    schemas = client.get("/openapi.json").json()["components"]["schemas"]
    assert set(schemas["Answer"]["properties"]) == set(client.get("/v1/find", params=ASKED).json())


def test_an_unforeseen_error_is_a_500_problem_and_its_message_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    app = create_app(Settings())

    @app.get("/fails")
    async def fails(request: Request) -> None:
        raise LookupError(f"secret {request.query_params['q']}")

    with TestClient(app) as client, caplog.at_level(logging.DEBUG):
        assert is_problem(client.get("/fails?q=Geheimstraat"), 500)
    ours = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("httpx"))
    assert "LookupError in" in ours
    assert "Geheimstraat" not in ours


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The service as `make run` starts it, as a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        "service.app:create_app",
        "--factory",
        "--no-access-log",
        f"--port={port}",
    ]
    process = subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}", process
    finally:
        process.terminate()
        process.wait(timeout=20)


def test_the_server_answers_and_logs_no_coordinates(server: tuple[str, subprocess.Popen[str]]) -> None:
    url, process = server
    for body in (b'{"lon": 5.501234, "lat": 50.975}', b'{"q": "Geheimstraat 7"}', b'{"lon": 50.975, "lat": 5.501234}'):
        with contextlib.suppress(HTTPError):
            urlopen(PostRequest(f"{url}/v1/find", data=body)).close()  # noqa: S310 - our own server
    with urlopen(f"{url}/v1/find?lon={ASKED['lon']}&lat={ASKED['lat']}") as response:  # noqa: S310 - our own server
        assert json.load(response)["outcome"] == "assigned"
    with socket.create_connection(("127.0.0.1", int(url.rsplit(":", 1)[1]))) as upgrade:
        upgrade.sendall(
            b"GET /v1/find?q=Geheimstraat+7 HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )
        assert b"200" in upgrade.recv(4096)
    process.terminate()
    output, _ = process.communicate(timeout=20)
    assert "Geheimstraat" not in output
    assert "Uvicorn running" in output
    assert not re.search(r"5\.50|Geheim", output)
    assert "/v1/find" not in output
