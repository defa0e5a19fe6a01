"""`/v1/find` as HTTP: strict parameters, ETags, and nothing that gives people away."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

ASKED = {"lon": "5.505", "lat": "50.975"}


def is_problem(response: Any, status: int) -> bool:
    return bool(
        response.status_code == status
        and response.headers["content-type"] == "application/problem+json"
        and response.headers["cache-control"] == "no-store"
        and set(response.json()) == {"type", "title", "status", "detail"}
        and response.json()["status"] == status
    )


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("", "exactly one place"),
        ("lon=5.5", "exactly one place"),
        ("lon=5.5&lat=50.9&x=1&y=2&crs=31370", "exactly one place"),
        ("lon=nan&lat=50.9", "lon and lat must be finite numbers"),
        ("lon=5.5&lat=-Infinity", "lon and lat must be finite numbers"),
        ("lon=5_5&lat=50.9", "lon: a coordinate must be a number"),
        ("lon=true&lat=50.9", "lon: a coordinate must be a number"),
        ("lon=5,5&lat=50,9", "lat: a coordinate must be a number"),
        ("lon=&lat=50.9", "lon: a coordinate must be a number"),
        ("lon=0x10&lat=50.9", "lon: a coordinate must be a number"),
        ("lon=%D9%A5&lat=50.9", "lon: a coordinate must be a number"),
        ("lon=5.5&lon=5.6&lat=50.9", "given more than once"),
        ("lng=5.5&lat=50.9", "A field is not known here"),
        ("x=229465&y=184466&crs=lambert", "crs: this must be a whole number"),
        ("x=229465&y=184466&crs=-1", "crs: this must be a whole number"),
        ("lon=5.5&lat=50.9&offices=0", "offices must be a whole number from 1 to 10"),
        ("lon=5.5&lat=50.9&offices=3.5", "offices: this must be a whole number"),
        ("lon=5.5&lat=50.9&on=yesterday", "a date must be written as"),
        ("lon=5.5&lat=50.9&lang=xx", "lang must be one of"),
        ("q=", "the address is empty"),
        ("q=%20%00", "the address is empty"),
        (f"q={'x' * 301}", "an address has at most 300 characters"),
        ("q=Stadsplein+1&address_id=1", "exactly one place"),
        ("q=50.96+5.5&lon=5.5&lat=50.96", "exactly one place"),
    ],
)
def test_a_bad_request_is_a_422_that_says_what_is_wrong(client: TestClient, query: str, detail: str) -> None:
    response = client.get(f"/v1/find?{query}")
    assert is_problem(response, 422)
    assert detail in response.json()["detail"]


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"null", b"1", b"{", b'{"lon":NaN,"lat":50.9}', b'{"lon":Infinity,"lat":50.9}',
        b'{"lon":5.5,"lon":5.6,"lat":50.9}', b'{"lon":true,"lat":50.9}', b'{"lon":1e999,"lat":50.9}',
        b'{"lon":1' + b"0" * 400 + b',"lat":50.9}', b'{"lon":[5.5],"lat":50.9}', b'{"lon":5.5,"lat":50.9,"z":1}',
        b"[" * 60_000, b"\xff\xfe", b'{"lon":"5_5","lat":"50.9"}', b'{"lon":5.5,"lat":50.9,"on":20261123}',
        b'{"lon":5.5,"lat":50.9,"crs":true}', b'{"lon":5.5,"lat":50.9,"offices":2.5}', b'{"q":"\\u0000"}',
        b'{"lon":5.5,"lat":50.9,"\\ud800":1}',
    ],
)  # fmt: skip
def test_a_bad_body_is_a_422(client: TestClient, body: bytes) -> None:
    assert is_problem(client.post("/v1/find", content=body), 422)


@given(st.binary(max_size=60) | st.text(max_size=30).map(lambda text: json.dumps({"lon": text, "lat": text}).encode()))
def test_no_body_is_ever_a_500(client: TestClient, body: bytes) -> None:
    assert client.post("/v1/find", content=body).status_code in (200, 422)


@given(
    st.dictionaries(st.sampled_from(["lon", "lat", "x", "y", "crs", "on", "lang", "offices", "q"]), st.text(max_size=9))
)
def test_no_query_is_ever_a_500(client: TestClient, query: dict[str, str]) -> None:
    assert client.get("/v1/find", params=query).status_code in (200, 422)


@pytest.mark.parametrize("query", ["lon=7.123456&lat=71.654321x", "secretname=1", "q=Geheimstraat+7", "on=geheim"])
def test_an_error_never_repeats_what_was_asked(client: TestClient, query: str) -> None:
    text = client.get(f"/v1/find?{query}").text.lower()
    assert not any(secret in text for secret in ("7.123456", "71.654321", "secretname", "geheim"))


def test_a_body_over_the_limit_is_a_413_before_it_is_read(client: TestClient) -> None:
    assert is_problem(client.post("/v1/find", content=b" " * 70_000), 413)
    assert is_problem(client.post("/v1/find", content=(b" " * 1000 for _ in range(70))), 413)
    assert is_problem(client.post("/v1/find", content=b"", headers={"content-length": "99999999999"}), 413)


def test_an_answer_carries_an_etag_of_the_edition_and_may_be_asked_again_with_it(client: TestClient) -> None:
    first = client.get("/v1/find", params=ASKED)
    assert first.headers["cache-control"] == "private, no-cache"
    assert first.headers["content-language"] == "nl"
    fingerprint = client.get("/v1/editions").json()["editions"][0]["fingerprint"]
    tag = first.headers["etag"]
    assert tag.startswith(f'"{fingerprint[:16]}')
    for condition in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = client.get("/v1/find", params=ASKED, headers={"if-none-match": condition})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert client.get("/v1/find", params=ASKED, headers={"if-none-match": '"other"'}).status_code == 200
    posted = client.post("/v1/find", content=json.dumps({"lon": 5.505, "lat": 50.975}), headers={"if-none-match": "*"})
    assert posted.status_code == 200, "only GET and HEAD are conditional"
    elsewhere = client.get("/v1/find", params={"lon": "5.41", "lat": "50.961"}, headers={"if-none-match": tag})
    assert elsewhere.status_code == 200


def test_a_question_is_asked_in_the_body_or_in_the_url(client: TestClient) -> None:
    assert is_problem(client.post("/v1/find?lon=5.4", content=json.dumps({"lon": 5.5, "lat": 50.97})), 422)


def test_text_and_numbers_are_both_read_from_a_body(client: TestClient) -> None:
    as_numbers = client.post("/v1/find", content=json.dumps({"x": 229465, "y": 184466, "crs": 31370}))
    as_text = client.post("/v1/find", content=json.dumps({"x": "229465", "y": "184466", "crs": "31370"}))
    assert as_numbers.json()["neighbourhood"] == as_text.json()["neighbourhood"] is not None


def test_half_a_character_is_no_id(client: TestClient) -> None:
    body = json.dumps({"address_id": "\ud800"})
    assert is_problem(client.post("/v1/find", content=body), 422)
    assert client.post("/v1/find", content=body, headers={"Accept": "text/html"}).status_code == 422
