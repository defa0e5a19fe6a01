"""Walks at every door: Python, frames, the command line, HTTP."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import geo_lookup
from geo_lookup import CoordinateError, Finder, FrameError, RequestError
from geo_lookup.bulk.columns import COLUMNS
from geo_lookup.bulk.walking_columns import WALKING_COLUMNS
from geo_lookup.cli import app
from geo_lookup.crs import transform
from geo_lookup.walking.answer import all_minutes, minutes
from service.app import create_app
from service.settings import Settings
from tests.conftest import DAY
from tests.places import PLACES, TEXTS
from tests.walking.paths_of_toy import X, Y, write_walkable_city

Door = Callable[[dict[str, Any]], Any]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_walkable_city(tmp_path_factory.mktemp("walkable"))


@pytest.fixture(scope="module")
def walkable(city: Path) -> Finder:
    return geo_lookup.load(city, on=DAY)


@pytest.mark.parametrize(
    ("rule", "place", "outcome", "offices", "path_m"),
    [
        ("between two offices", (650, 1000), "reached", [("o1", 360, 5), ("o2", 870, 11)], 0),
        ("beside the street", (1400, 950), "reached", [("o2", 170, 3), ("o1", 1160, 14)], 50),
        ("200 m away", (1000, 1200), "reached", [("o2", 720, 9), ("o1", 910, 11)], 200),
        ("farther than 200 m", (1000, 1200.01), "no_path", [], None),
        ("on the bridge, which leads to no office", (700, 1400), "no_route", [], 0),
        ("under the bridge, by the first line", (700, 1000), "reached", [("o1", 410, 5), ("o2", 820, 10)], 0),
        ("at the lonely path", (1920, 310), "no_route", [], 10),
        ("outside the city", (-150, 1000), "no_path", [], None),
    ],
)  # fmt: skip
def test_a_point_has_walks_or_says_why_not(
    walkable: Finder,
    rule: str,
    place: tuple[float, float],
    outcome: str,
    offices: list[tuple[str, float, int]],
    path_m: float | None,
) -> None:
    walks = walkable.walks(x=X + place[0], y=Y + place[1], crs=31370)
    assert (walks.outcome, walks.path_distance_m) == (outcome, path_m), rule
    assert [(one.id, one.walking_minutes) for one in walks.offices] == [(name, took) for name, _, took in offices], rule
    assert [one.walking_distance_m for one in walks.offices] == pytest.approx([m for _, m, _ in offices], abs=0.01), (
        rule
    )


def test_a_walk_is_never_shorter_than_the_straight_line(demo: Finder) -> None:
    addresses = pd.read_csv(
        Path(__file__).parents[2] / "boundaries/genk-demo/2026-11/addresses.csv",
        usecols=["EPSG:31370_x", "EPSG:31370_y"],
    )
    assigned = demo.assign(addresses, x="EPSG:31370_x", y="EPSG:31370_y", crs=31370, walking=True)
    assert set(assigned["walking"]) == {"reached"}
    # A metre of Lambert 72 is 1 part in 10,000 off.
    assert (assigned["walking_distance_m"] * 1.0002 + 0.01 >= assigned["office_distance_m"]).all()
    assert assigned["walking_distance_m"].median() < 1.5 * assigned["office_distance_m"].median()


@pytest.mark.parametrize(
    ("metres", "whole"), [(0.0, 0), (0.01, 1), (83.33, 1), (83.34, 2), (250.0, 3), (250.01, 4), (5000.0, 60)]
)
def test_minutes_are_rounded_up_at_5_km_an_hour(metres: float, whole: int) -> None:
    assert minutes(metres) == whole
    assert all_minutes(np.array([metres, np.nan])).tolist()[:1] == [whole]


@given(st.floats(-300, 2300), st.floats(-300, 2300))
def test_every_row_of_a_frame_has_the_walk_of_its_point_in_whatever_crs(x: float, y: float) -> None:
    finder = CITY[0]
    by_crs = []
    for crs in (31370, 4326, 3812):
        place = transform(X + x, Y + y, 31370, crs)
        frame = pd.DataFrame({"x": [place[0]], "y": [place[1]]})
        names: dict[str, Any] = {"lon": "x", "lat": "y"} if crs == 4326 else {"x": "x", "y": "y", "crs": crs}
        row = finder.assign(frame, walking=True, **names).iloc[0]
        asked: dict[str, Any] = dict(zip(("lon", "lat") if crs == 4326 else ("x", "y"), place, strict=True))
        asked |= {} if crs == 4326 else {"crs": crs}
        walks = finder.walks(offices=1, **asked)
        first = walks.offices[0] if walks.offices else None
        told = tuple(None if value != value else value for value in row[list(WALKING_COLUMNS)])
        expected = (first.id, first.name, first.walking_distance_m, first.walking_minutes) if first else (None,) * 4
        assert told == (*expected, walks.outcome)
        by_crs.append(walks)
    metres = [[one.walking_distance_m for one in walks.offices] for walks in by_crs]
    if len({walks.outcome for walks in by_crs}) > 1:  # the transformations themselves decide who is within 200 m
        assert {walks.path_distance_m for walks in by_crs} == {None, pytest.approx(200, abs=0.01)}
    else:
        assert all(one == pytest.approx(metres[0], abs=0.02) for one in metres)


CITY: list[Finder] = []
"""The city for hypothesis, which takes no fixtures of a function."""


@pytest.fixture(scope="module", autouse=True)
def _city(walkable: Finder) -> Iterator[None]:
    CITY[:] = [walkable]
    yield
    CITY.clear()


def test_the_columns_follow_those_that_are_always_there(walkable: Finder) -> None:
    frame = pd.DataFrame({"x": [X + 650.0, np.nan, X + 1000.0], "y": [Y + 1000.0, Y, Y + 400.0]}, index=["a", "b", "c"])
    plain, walking = (walkable.assign(frame, crs=31370, walking=asked) for asked in (False, True))
    assert list(plain.columns) == ["x", "y", *COLUMNS]
    assert list(walking.columns) == ["x", "y", *COLUMNS, *WALKING_COLUMNS]
    pd.testing.assert_frame_equal(walking[list(plain.columns)], plain)
    assert walking["walking"].tolist()[::2] == ["reached", "no_path"]
    assert walking.loc["b", list(WALKING_COLUMNS)].isna().all()
    table = walkable.assign(pa.Table.from_pandas(frame, preserve_index=False), crs=31370, walking=True)
    assert table.column_names == list(walking.columns)
    geometries = geopandas.GeoDataFrame(geometry=geopandas.points_from_xy(frame["x"], frame["y"]), crs=31370)
    again = walkable.assign(geometries[:1], walking=True)
    assert again["walking_distance_m"].tolist() == walking["walking_distance_m"].tolist()[:1]
    with pytest.raises(FrameError, match="walking_office_id"):
        walkable.assign(walking[["x", "y", "walking_office_id"]], crs=31370, walking=True)
    assert len(walkable.assign(frame[:0], crs=31370, walking=True)) == 0


def test_many_threads_and_one_give_the_same(demo: Finder) -> None:
    random = np.random.default_rng(4)
    west, south, east, north = demo.edition.territory.box
    points = pa.table({"lon": random.uniform(west, east, 300_000), "lat": random.uniform(south, north, 300_000)})
    one, two = (demo.assign(points, walking=True, threads=threads) for threads in (1, 2))
    assert one.equals(two)
    assert set(one["walking"].unique().to_pylist()) == {"reached", "no_path", "no_route"}


@pytest.mark.parametrize(
    ("text", "outcome", "candidates"),
    [
        ("Stadsplein 1", "reached", 0),
        ("112 noordln, B-3600 Genk", "reached", 0),
        ("Stadsplein 3", "reached", 0),
        ("50.965, 5.5", "reached", 0),
        ("Europalaan", "ambiguous", 2),
        ("Stadsplein", "ambiguous", 1),
        ("Kerkstraat 2", "ambiguous", 2),
        ("Noordlaan 9998", "unknown_address", None),
        ("nergens 1", "unknown_address", 0),
        ("Noordlaan 112, Hasselt", "outside", 0),
    ],
)
def test_a_text_has_walks_where_it_means_one_place(
    demo: Finder, text: str, outcome: str, candidates: int | None
) -> None:
    walks = demo.walks(text)
    assert walks.outcome == outcome
    assert bool(walks.offices) == (outcome == "reached") == (walks.point is not None)
    assert candidates is None or len(walks.candidates) == candidates


def test_an_address_by_its_id_is_walked_from_or_unknown(demo: Finder) -> None:
    by_text = demo.walks("Stadsplein 1")
    assert by_text.address is not None
    assert demo.walks(address_id=by_text.address.id) == by_text
    assert demo.walks(address_id="none").outcome == "unknown_address"


def test_paths_that_lie_apart_in_the_demo_have_no_route(demo: Finder) -> None:
    assert demo.walks(x=223290, y=184121, crs=31370).outcome == "no_route"
    assert demo.walks(x=230330, y=180331, crs=31370).outcome == "no_route"


@pytest.mark.parametrize("asked", [{"lon": 5.505, "lat": 50.975}, {"text": "Stadsplein 1"}, {"address_id": "x"}])
def test_an_edition_without_paths_says_which_layer_is_missing(toy: Finder, asked: dict[str, Any]) -> None:
    with pytest.raises(RequestError, match=r"layers\.paths"):
        toy.walks(**asked)
    with pytest.raises(RequestError, match=r"layers\.paths"):
        toy.assign(pd.DataFrame({"lon": [5.5], "lat": [50.95]}), walking=True)


def test_bad_requests_are_those_of_find(demo: Finder) -> None:
    bad: list[tuple[dict[str, Any], type[RequestError]]] = [
        ({}, RequestError),
        ({"text": "Stadsplein 1", "lon": 5.5, "lat": 50.9}, RequestError),
        ({"lon": 50.975, "lat": 5.505}, CoordinateError),
        ({"lon": math.nan, "lat": 50.9}, CoordinateError),
        ({"text": "Stadsplein 1", "offices": 11}, RequestError),
        ({"text": " "}, RequestError),
    ]
    for asked, kind in bad:
        with pytest.raises(kind) as walked:
            demo.walks(**asked)
        with pytest.raises(kind) as found:
            demo.find(**asked)
        assert str(walked.value) == str(found.value)


@pytest.fixture
def by_command() -> Door:
    def ask(asked: dict[str, Any]) -> Any:
        options = [text for name, value in asked.items() if name != "q" for text in (f"--{name}", str(value))]
        result = CliRunner().invoke(app, ["walk", *options, "--json", "--", *([asked["q"]] if "q" in asked else [])])
        assert result.exit_code == 0, result.stderr
        return json.loads(result.stdout)

    return ask


@pytest.fixture
def by_get(client: TestClient) -> Door:
    return lambda asked: client.get("/v1/walk", params=asked).json()


@pytest.fixture
def by_post(client: TestClient) -> Door:
    return lambda asked: client.post("/v1/walk", content=json.dumps(asked)).json()


@pytest.mark.parametrize("name", ["by_command", "by_get", "by_post"])
def test_every_door_gives_the_same_walks(demo: Finder, request: pytest.FixtureRequest, name: str) -> None:
    door: Door = request.getfixturevalue(name)
    places: list[dict[str, Any]] = [{"lon": place.lon, "lat": place.lat} for place in list(PLACES.values())[::5]]
    for asked in [*places, *({"q": text} for text in TEXTS[::2])]:
        asked |= {"on": DAY, "offices": 2, "lang": "fr"}
        expected = demo.walks(asked.get("q"), **{name: value for name, value in asked.items() if name != "q"})
        assert door(asked) == expected.to_dict()


def test_over_http_bad_requests_are_422_and_echo_nothing(client: TestClient) -> None:
    for params, word in (
        ({"q": "Geheimstraat 9", "lon": "5.5"}, "exactly one place"),
        ({"q": "Geheimstraat 9", "office": "2"}, "not known here"),
        ({"lon": "Geheim", "lat": "50"}, "decimal point"),
    ):
        answer = client.get("/v1/walk", params=params)
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
        assert word in answer.json()["detail"]
        assert "Geheim" not in answer.text
    assert client.post("/v1/walk", content="[1]").status_code == 422
    assert client.get("/v1/walk", params=[("q", "a"), ("q", "b")]).status_code == 422


def test_a_service_whose_edition_has_no_paths_answers_422(tmp_path: Path) -> None:
    from tests.toy_city import write_toy_city

    with TestClient(create_app(Settings(edition=write_toy_city(tmp_path)))) as client:
        answer = client.get("/v1/walk", params={"x": X + 10, "y": Y + 10, "crs": 31370})
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:geo-lookup:problem:request")
    assert "layers.paths" in answer.json()["detail"]


def test_the_command_shows_a_table_and_ends_with_2_for_a_bad_request(city: Path) -> None:
    place = ["--x", str(X + 650), "--y", str(Y + 1000), "--crs", "31370", "--edition", str(city)]
    shown = CliRunner().invoke(app, ["walk", *place])
    assert shown.exit_code == 0
    assert "360 m" in shown.stdout
    assert "5 min" in shown.stdout
    wrong = CliRunner().invoke(app, ["walk", "--lon", "50.9", "--lat", "5.5"])
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert "swapped" in wrong.stderr
