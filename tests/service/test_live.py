"""The service follows what is published: no wrong answer, no failed one, and never to a damaged edition."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread
from typing import Any

import httpx2 as httpx
import pytest
from fastapi.testclient import TestClient

from geo_lookup import EditionError
from geo_lookup.publishing.published_folder import roll_back, switch
from geo_lookup.publishing.publishing import publish
from service.app import create_app
from service.live import LiveEdition
from service.settings import Settings
from tests.real_editions import ROOT
from tests.toy_city import TABLES, write_toy_city

HERE = {"x": "229500", "y": "182500", "crs": "31370", "on": "2026-11-23"}


class City:
    """A published city whose manager Bob goes by another name in each edition."""

    def __init__(self, folder: Path) -> None:
        self.source = write_toy_city(folder / "source")
        self.published = folder / "published"
        self.named("Bob")

    def named(self, name: str) -> str:
        (self.source / "managers.csv").write_text(TABLES["managers.csv"].replace("Bob", name))
        return publish(self.source, self.published, accept_warnings=True).edition_id


@pytest.fixture
def city(tmp_path: Path) -> City:
    return City(tmp_path)


@pytest.fixture
def client(city: City) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(edition=city.published, follow_seconds=0.02))) as client:
        yield client


def until(holds: Callable[[], object], seconds: float = 20.0) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came to hold"
        time.sleep(0.01)


def manager(client: TestClient) -> str:
    return str(client.get("/v1/find", params=HERE).json()["contact"]["name"])


def ready(client: TestClient) -> dict[str, Any]:
    answer: dict[str, Any] = client.get("/readyz").json()
    return answer


def test_another_edition_takes_over_and_its_etags_with_it(city: City, client: TestClient) -> None:
    before = client.get("/v1/find", params={**HERE, "x": "228500"})
    assert manager(client) == "Bob"
    edition_id = city.named("Bea")
    until(lambda: manager(client) == "Bea")
    assert ready(client)["edition"] == edition_id
    after = client.get("/v1/find", params={**HERE, "x": "228500"})
    assert after.headers["etag"] != before.headers["etag"]
    again = client.get("/v1/find", params={**HERE, "x": "228500"}, headers={"If-None-Match": before.headers["etag"]})
    assert again.status_code == 200


def test_a_rollback_is_followed_too(city: City, client: TestClient) -> None:
    city.named("Bea")
    until(lambda: manager(client) == "Bea")
    roll_back(city.published)
    until(lambda: manager(client) == "Bob")


def test_a_damaged_edition_replaces_nothing_and_is_told(city: City) -> None:
    damaged = city.named("Bea")
    roll_back(city.published)
    (city.published / damaged / "managers.csv").write_text("id,name\nbob,Mallory\n")
    with TestClient(create_app(Settings(edition=city.published, follow_seconds=0.02))) as client:
        assert ready(client)["refused"] is None
        switch(city.published, damaged)
        until(lambda: ready(client)["refused"])
        told = ready(client)["refused"]
        assert told["edition"] == damaged
        assert "managers.csv: it is not what it was when it was published" in told["reasons"][0]
        assert manager(client) == "Bob"


def test_of_several_editions_in_force_the_one_that_is_damaged_is_named(city: City) -> None:
    manifest = city.source / "manifest.toml"
    manifest.write_text(manifest.read_text().replace("2020-01-01", "2026-01-01").replace('"toy-1"', '"toy-2"'))
    assert city.named("Bea") == "toy-2"
    (city.published / "toy-1" / "managers.csv").write_text("id,name\nbob,Mallory\n")
    live = LiveEdition(city.published)
    asyncio.run(live.reload())
    assert live.refused is not None
    assert live.refused.edition == "toy-1"


def test_an_edition_that_cannot_be_loaded_is_told_and_the_next_good_one_taken(city: City, client: TestClient) -> None:
    (city.published / "nothing").mkdir()
    (city.published / "current").write_text("nothing\n")
    until(lambda: ready(client)["refused"])
    assert ready(client)["refused"]["edition"] == "nothing"
    assert manager(client) == "Bob"
    text = client.get("/metrics").text
    assert "geo_lookup_edition_refused 1.0" in text
    (city.published / "current").write_text("toy-1\n")
    city.named("Bea")
    until(lambda: manager(client) == "Bea")
    assert ready(client)["refused"] is None


def test_a_service_that_began_without_an_edition_takes_the_first_good_one(tmp_path: Path) -> None:
    published = tmp_path / "published"
    published.mkdir()
    with TestClient(create_app(Settings(edition=published, follow_seconds=0.02))) as client:
        assert client.get("/readyz").status_code == 503
        publish(write_toy_city(tmp_path / "source"), published, accept_warnings=True)
        until(lambda: client.get("/readyz").status_code == 200)
        assert manager(client) == "Bob"


def test_without_an_edition_nothing_is_kept_of_the_requests_that_are_refused(tmp_path: Path) -> None:
    live = LiveEdition(tmp_path)
    asyncio.run(live.reload())
    frames = []
    for _ in range(3):
        with pytest.raises(EditionError) as refused:
            _ = live.finder
        frames.append(len(traceback.extract_tb(refused.value.__traceback__)))
    assert len(set(frames)) == 1, "an error raised again holds the frames of every time, and what was asked in them"


def test_the_metrics_tell_routes_and_editions_and_nothing_of_what_was_asked(client: TestClient) -> None:
    client.get("/v1/find", params=HERE)
    client.get("/v1/find", params={"q": "Geheimstraat 7"})
    client.get("/overview/geheim")
    client.get("/nothing/geheim")
    text = client.get("/metrics").text
    assert 'geo_lookup_requests_total{method="GET",route="/v1/find",status="200"} 1.0' in text
    assert 'geo_lookup_requests_total{method="GET",route="/v1/find",status="422"} 1.0' in text
    assert 'route="/overview/{district_id:path}"' in text
    assert 'geo_lookup_edition_info{edition="toy-1"' in text
    assert "geo_lookup_edition_loads_total 1.0" in text
    assert "eheim" not in text
    assert "229500" not in text


@pytest.fixture
def server(city: City) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """The service as a process of its own, which looks by itself once a day."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "GEO_LOOKUP_EDITION": str(city.published), "GEO_LOOKUP_FOLLOW_SECONDS": "86400"}
    uvicorn = str(Path(sys.executable).with_name("uvicorn"))
    options = ["--factory", "--no-access-log", "--log-level", "error", "--port", str(port)]
    command = [uvicorn, "service.app:create_app", *options]
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    url = f"http://127.0.0.1:{port}"
    try:
        until(lambda: _answers(url), 60)
        yield process, url
    finally:
        process.terminate()
        process.wait()


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz").status_code == 200
    except httpx.TransportError:
        return False


def test_sighup_makes_it_look_at_once(city: City, server: tuple[subprocess.Popen[bytes], str]) -> None:
    process, url = server
    edition_id = city.named("Bea")
    assert httpx.get(f"{url}/readyz").json()["edition"] == "toy-1"
    process.send_signal(signal.SIGHUP)
    until(lambda: httpx.get(f"{url}/readyz").json()["edition"] == edition_id)


def test_under_load_no_request_fails_and_each_answer_is_of_one_edition(
    city: City, server: tuple[subprocess.Popen[bytes], str]
) -> None:
    process, url = server
    names = {"toy-1": "Bob"}
    seen: list[tuple[str, str]] = []
    failed: list[object] = []
    over = Event()

    def ask() -> None:
        with httpx.Client() as client:
            while not over.is_set():
                answer = client.get(f"{url}/v1/find", params=HERE)
                if answer.status_code != 200:
                    failed.append(answer.status_code)
                    continue
                told = answer.json()
                people = {told["contact"]["name"], told["managers"][0]["name"], re.split(r"is |,", told["summary"])[2]}
                seen.append((told["edition"]["id"], *people) if len(people) == 1 else ("mixed", str(people)))

    threads = [Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(15):
        edition_id = city.named(f"Bob{number}")
        names[edition_id] = f"Bob{number}"
        process.send_signal(signal.SIGHUP)
        until(lambda wanted=edition_id: httpx.get(f"{url}/readyz").json()["edition"] == wanted)  # type: ignore[misc]
    over.set()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len({edition for edition, _ in seen}) > 10
    assert {(edition, name) for edition, name in seen if names.get(edition) != name} == set()
