"""`/v1/addresses`, `/v1/streets/{id}/numbers`, and `/v1/find` by text: the shapes and what is never repeated."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from geo_lookup import Finder
from service.app import create_app
from service.settings import Settings
from tests.conftest import DAY
from tests.service.test_find import is_problem
from tests.toy_city import write_toy_city


def suggested(client: TestClient, **asked: Any) -> list[dict[str, Any]]:
    response = client.get("/v1/addresses", params=asked)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/geo+json"
    assert response.headers["cache-control"] == "private, no-cache"
    features: list[dict[str, Any]] = response.json()["features"]
    return features


def test_a_suggestion_has_the_shape_of_geocodejson(client: TestClient) -> None:
    (feature,) = suggested(client, q="stadspl 1", limit=1)
    assert feature["type"] == "Feature"
    lon, lat = feature["geometry"]["coordinates"]
    assert (round(lon, 3), round(lat, 3)) == (5.499, 50.966)
    geocoding = feature["properties"].pop("geocoding")
    assert geocoding == {
        "type": "house",
        "label": "Stadsplein 1, 3600 Genk",
        "name": None,
        "housenumber": "1",
        "street": "Stadsplein",
        "postcode": "3600",
        "city": "Genk",
        "accuracy": 1,
    }
    assert feature["properties"].keys() == {"address_id", "street_id", "box", "match", "score"}
    assert feature["properties"]["address_id"].startswith("demo-")


def test_the_collection_tells_where_it_comes_from_and_not_what_was_asked(client: TestClient) -> None:
    collection = client.get("/v1/addresses", params={"q": "geheimstr"}).json()
    assert collection["type"] == "FeatureCollection"
    assert collection["geocoding"].keys() == {"version", "licence", "attribution"}
    assert "geheim" not in json.dumps(collection)


def test_streets_come_first_and_then_numbers(client: TestClient) -> None:
    kinds = [one["properties"]["geocoding"]["type"] for one in suggested(client, q="noordlaan", limit=5)]
    assert kinds == ["street", "house", "house", "house", "house"]


def test_suggestions_are_those_of_the_library(client: TestClient, demo: Finder) -> None:
    for text in ("n", "europal", "noordlaan 11", "kerkstraat", "50.9, 5.5", "Hasselt, Kerkstraat 1"):
        labels = [one["properties"]["geocoding"]["label"] for one in suggested(client, q=text, on=DAY)]
        assert labels == [one.label for one in demo.suggest(text)]


def test_the_numbers_of_a_street_are_listed_in_order(client: TestClient) -> None:
    street = suggested(client, q="noordlaan", limit=1)[0]["properties"]["street_id"]
    features = client.get(f"/v1/streets/{street}/numbers").json()["features"]
    numbers = [one["properties"]["geocoding"]["housenumber"] for one in features]
    assert len(features) > 60
    assert {one["properties"]["street_id"] for one in features} == {street}
    leading = [int("".join(filter(str.isdigit, number.split("-")[0]))) for number in numbers]
    assert leading == sorted(leading)


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("", "q: Field required"),
        ("q=n&limit=0", "limit must be a whole number from 1 to 50"),
        ("q=n&limit=x", "limit: this must be a whole number"),
        ("q=n&limit=51", "limit must be a whole number from 1 to 50"),
        ("q=n&q=o", "given more than once"),
        ("q=n&lang=xx", "lang must be one of"),
        ("q=n&on=yesterday", "a date must be written as"),
        ("q=n&size=3", "A field is not known here"),
    ],
)
def test_a_bad_request_for_suggestions_is_a_422(client: TestClient, query: str, detail: str) -> None:
    response = client.get(f"/v1/addresses?{query}")
    assert is_problem(response, 422)
    assert detail in response.json()["detail"]


@pytest.mark.parametrize("text", ["", " ", "x" * 301, "%00"])
def test_a_text_that_can_be_no_address_yet_has_no_suggestions(client: TestClient, text: str) -> None:
    assert suggested(client, q=text) == []


def test_a_street_that_is_not_there_is_a_404(client: TestClient) -> None:
    assert is_problem(client.get("/v1/streets/nothing/numbers"), 404)
    assert is_problem(client.get("/v1/streets/nothing/numbers?size=1"), 422)


def test_an_edition_without_addresses_says_so(tmp_path: Any) -> None:
    with TestClient(create_app(Settings(edition=write_toy_city(tmp_path)))) as client:
        for path in ("/v1/addresses?q=n", "/v1/streets/1/numbers", "/v1/find?q=n", "/v1/find?address_id=1"):
            response = client.get(path)
            assert is_problem(response, 422)
            assert "holds no addresses" in response.json()["detail"]


@given(st.text(max_size=60))
def test_no_text_is_ever_a_500(client: TestClient, text: str) -> None:
    assert client.get("/v1/addresses", params={"q": text}).status_code == 200
    assert client.post("/v1/find", content=json.dumps({"q": text})).status_code in (200, 422)


def test_an_answer_to_a_text_never_repeats_words_that_it_did_not_know(client: TestClient) -> None:
    for text in ("Geheimstraat 7", "Jan Geheim, Noordlaan 112, Genk", "Noordlaan 112 Geheimdorp"):
        assert "eheim" not in client.post("/v1/find", content=json.dumps({"q": text})).text
