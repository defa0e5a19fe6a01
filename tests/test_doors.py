"""The same answers and the same errors at every door: Python, the command line, HTTP GET and POST."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from geo_lookup import Finder, RequestError
from geo_lookup.cli import app
from tests.conftest import DAY
from tests.places import PLACES, TEXTS
from tests.test_coordinates import MISREADINGS

Door = Callable[[dict[str, Any]], Any]


@pytest.fixture
def by_command() -> Door:
    def ask(asked: dict[str, Any]) -> Any:
        options = [text for name, value in asked.items() if name != "q" for text in (f"--{name}", str(value))]
        result = CliRunner().invoke(app, ["find", *options, "--json", "--", *([asked["q"]] if "q" in asked else [])])
        return json.loads(result.stdout) if result.exit_code == 0 else (result.exit_code, result.stderr.strip())

    return ask


@pytest.fixture
def by_get(client: TestClient) -> Door:
    return lambda asked: client.get("/v1/find", params=asked).json()


@pytest.fixture
def by_post(client: TestClient) -> Door:
    return lambda asked: client.post("/v1/find", content=json.dumps(asked)).json()


@pytest.fixture(params=["by_command", "by_get", "by_post"])
def door(request: pytest.FixtureRequest) -> Door:
    chosen: Door = request.getfixturevalue(request.param)
    return chosen


def still(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer without what changes from one minute to the next."""
    for office in answer["offices"]["nearest"]:
        del office["open_now"], office["next_change"]
    return answer


@pytest.mark.parametrize("name", PLACES)
def test_a_named_place_gets_the_same_answer(demo: Finder, door: Door, name: str) -> None:
    asked: dict[str, Any] = {"lon": PLACES[name].lon, "lat": PLACES[name].lat, "on": DAY, "offices": 2, "lang": "fr"}
    assert still(door(asked)) == still(demo.find(**asked).to_dict())


@pytest.mark.parametrize("text", TEXTS)
def test_an_address_gets_the_same_answer(demo: Finder, door: Door, text: str) -> None:
    asked: dict[str, Any] = {"q": text, "on": DAY, "offices": 2, "lang": "en"}
    assert still(door(asked)) == still(demo.find(text, on=DAY, offices=2, lang="en").to_dict())


@pytest.mark.parametrize(("asked", "message"), MISREADINGS)
def test_a_misread_coordinate_gets_the_same_error(
    demo: Finder, by_command: Door, by_get: Door, by_post: Door, asked: dict[str, Any], message: str
) -> None:
    with pytest.raises(RequestError) as error:
        demo.find(**asked)
    assert message in str(error.value)
    assert by_command(asked) == (2, str(error.value))
    finite = all(math.isfinite(value) for value in asked.values())
    for ask in (by_get, by_post) if finite else (by_get,):  # JSON has no NaN and no infinity
        problem = ask(asked)
        assert problem["type"] == "urn:geo-lookup:problem:coordinates"
        assert (problem["status"], problem["detail"]) == (422, str(error.value))


def test_the_command_runs_as_an_installed_program() -> None:
    program = os.path.join(os.path.dirname(sys.executable), "geo-lookup")  # noqa: PTH118, PTH120
    run = subprocess.run(
        [program, "find", "--lon", "5.505", "--lat", "50.975"], capture_output=True, text=True, check=True
    )
    assert "Genk-Centrum-Noord" in run.stdout
    assert run.stderr == ""
