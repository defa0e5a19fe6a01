"""`POST /v1/find/bulk`: the same rows in the same order in the same format, with the answers of every other door."""

from __future__ import annotations

import csv
import gzip
import io
import json
import logging
import struct
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from fastapi.testclient import TestClient
from pyarrow import ipc

from geo_lookup import Finder
from geo_lookup.bulk.columns import COLUMNS
from geo_lookup.bulk.rows import MATCHED
from service.app import create_app
from service.bulk_formats import MOST_TEXTS, OBJECTS, ROWS
from service.settings import Settings
from tests.bulk.test_assign import plain, points
from tests.conftest import DAY
from tests.places import PLACES, TEXTS

PATH = f"/v1/find/bulk?on={DAY}"
ARROW = "application/vnd.apache.arrow.stream"
LONS, LATS = points().x.tolist(), points().y.tolist()


def stream_of(table: pa.Table, compression: str | None = None) -> bytes:
    written = io.BytesIO()
    options = ipc.IpcWriteOptions(compression=compression)
    with ipc.new_stream(written, table.schema, options=options) as writer:
        writer.write_table(table)
    return written.getvalue()


def many_nulls() -> bytes:
    """A stream of a few bytes that says it holds a billion rows of nothing."""
    few = stream_of(pa.table({"lon": pa.nulls(123_457), "lat": pa.nulls(123_457)}))
    return few.replace(struct.pack("<q", 123_457), struct.pack("<q", 10**9))


def geo_table(column: pa.Array, kind: str) -> pa.Table:
    """A table of one column of geometries in longitude and latitude."""
    stated = {"ARROW:extension:name": kind, "ARROW:extension:metadata": '{"crs":"EPSG:4326"}'}
    return pa.table([column], schema=pa.schema([pa.field("geometry", column.type, metadata=stated)]))


def post(client: TestClient, content: bytes | str, media_type: str, path: str = PATH) -> Any:
    answer = client.post(path, content=content, headers={"Content-Type": media_type})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert answer.headers["cache-control"] == "private, no-store"
    if media_type == "application/json":
        return answer.json()
    return (
        pd.read_csv(io.BytesIO(answer.content))
        if media_type == "text/csv"
        else ipc.open_stream(answer.content).read_all()
    )


def test_all_formats_give_what_assign_gives(demo: Finder, client: TestClient) -> None:
    expected = plain(demo.assign(points()))
    table = pa.table({"n": range(300), "lon": LONS, "lat": LATS})
    text = "n,lon,lat\n" + "".join(
        f"{n},{lon!r},{lat!r}\n" for n, (lon, lat) in enumerate(zip(LONS, LATS, strict=True))
    )
    assert plain(post(client, text, "text/csv")) == expected
    arrow = post(client, stream_of(table), ARROW)
    assert arrow.column_names == ["n", "lon", "lat", *COLUMNS, "error"]
    assert plain(arrow.to_pandas()) == expected
    columns = post(client, json.dumps({"n": list(range(300)), "lon": LONS, "lat": LATS}), "application/json")
    assert list(columns) == ["n", "lon", "lat", *COLUMNS, "error"]
    assert plain(pd.DataFrame(columns)) == expected
    rows = post(client, json.dumps([{"n": n, "lon": LONS[n], "lat": LATS[n]} for n in range(300)]), "application/json")
    assert [row["n"] for row in rows] == list(range(300))
    assert [{name: row[name] for name in COLUMNS} for row in rows] == expected


def test_rows_in_json_may_each_be_asked_in_their_own_way(demo: Finder, client: TestClient) -> None:
    known = demo.find("Stadsplein 1").address
    assert known is not None
    rows: list[Any] = [
        {"lon": 5.505, "lat": 50.975, "mine": [1]},
        {"x": 229801, "y": 185580, "crs": 31370},
        *({"q": text} for text in TEXTS),
        {"address_id": known.id},
        {"lon": 50.975, "lat": 5.505},
        {"lon": True, "lat": 50.9},
        {"lon": 5.5},
        {"q": None},
        {"q": 5},
        "text",
    ]
    answers = post(client, json.dumps(rows), "application/json")
    for row, answer in zip(rows[2 : 2 + len(TEXTS)], answers[2:], strict=False):
        found = demo.find(row["q"])
        assert (answer["q"], answer["outcome"]) == (row["q"], found.outcome)
        assert answer["precision"] == (found.address and found.address.precision)
        assert set(answer) >= {*COLUMNS, *MATCHED, "error"}
    assert [answer["neighbourhood"] for answer in answers[:2]] == ["Genk-Centrum-Noord"] * 2
    assert answers[0]["mine"] == [1]
    assert answers[-7]["matched_address"] == known.label
    for answer, fault in zip(
        answers[-6:],
        ("swapped", "must be a number", "ask each row", "is null", "must be text", "ask each row"),
        strict=True,
    ):
        assert fault in answer["error"]
        assert answer["outcome"] is None


def test_the_named_places_get_their_answers_as_columns(client: TestClient) -> None:
    places = PLACES.values()
    asked = {"lon": [one.lon for one in places], "lat": [one.lat for one in places]}
    answer = post(client, json.dumps(asked), "application/json")
    assert answer["outcome"] == [one.outcome for one in places]
    assert answer["manager"] == [one.manager for one in places]


BAD = {
    "text": (
        '{"lon":["5.505","x",null,5.505,50.975,5,1e300],"lat":[50.975,50,50,null,5.505,true,50]}',
        "application/json",
    ),
    "CSV": ("lon,lat\n5.505,50.975\nx,50\n,50\n5.505,\n50.975,5.505\n5,true\n1e300,50\n", "text/csv"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_row_is_marked_in_its_place(client: TestClient, kind: str) -> None:
    answer = post(client, *BAD[kind])
    errors = [error if isinstance(error, str) else None for error in answer["error"]]
    number, none = "a coordinate must be a number, such as 5.505 or 5,505.", "the row has no coordinates."
    swapped = "as sent, this lies far from Genk; latitude and longitude look swapped."
    range_ = "longitude must lie between -180 and 180 and latitude between -90 and 90."
    assert errors == [None, number, none, none, swapped, number, range_]
    assert answer["outcome"][0] == "assigned"


def test_columns_of_another_crs(client: TestClient) -> None:
    for content, path in (
        ({"x": [229801], "y": [185580]}, PATH + "&crs=31370"),
        ({"x": [229801], "y": [185580], "crs": 31370}, PATH),
    ):
        assert post(client, json.dumps(content), "application/json", path)["district"] == ["Genk-Centrum"]


def test_csv_keeps_its_dialect_and_runs_nothing(client: TestClient) -> None:
    content = '\ufeffadres;naam\nNoordlaan 112;=1+1\n"Noordlaan 112, Hasselt";b\n'
    answer = client.post(PATH, content=content.encode(), headers={"Content-Type": "text/csv; charset=utf-8"})
    assert answer.content.startswith(b"\xef\xbb\xbfadres;naam;")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert [(row["naam"], row["outcome"]) for row in rows] == [("'=1+1", "assigned"), ("b", "outside")]


def test_more_rows_than_are_answered_at_a_time_keep_their_order(client: TestClient) -> None:
    count = 2 * ROWS + 3
    lons = [5.505, 5.472, 5.34] * (count // 3 + 1)
    lats = [50.975, 50.952, 50.93] * (count // 3 + 1)
    asked = {"lon": lons[:count], "lat": lats[:count]}
    expected = (["assigned", "vacant", "outside"] * count)[:count]
    assert post(client, json.dumps(asked), "application/json")["outcome"] == expected
    assert post(client, stream_of(pa.table(asked)), ARROW)["outcome"].to_pylist() == expected
    text = "lon,lat\n" + "".join(f"{lon},{lat}\n" for lon, lat in zip(asked["lon"], asked["lat"], strict=True))
    assert post(client, text, "text/csv")["outcome"].tolist() == expected
    rows = [{"lon": lon, "lat": lat} for lon, lat in zip(asked["lon"], asked["lat"], strict=True)][: OBJECTS + 3]
    assert [row["outcome"] for row in post(client, json.dumps(rows), "application/json")] == expected[: OBJECTS + 3]


def test_a_row_gets_the_same_answer_in_whatever_company(client: TestClient) -> None:
    rows = [
        {"lon": "5.505", "lat": "50,975"},
        {"lon": None, "lat": 50.9},
        {"x": 229801, "y": 185580, "crs": 31370},
        {"x": 229801, "y": 185580, "crs": 3812.0},
        {"x": 229801, "y": 185580, "crs": "31370"},
        {"x": 229801, "y": 185580, "crs": None},
    ]
    together = post(client, json.dumps([*rows, {"q": "Noordlaan 112"}]), "application/json")
    for row, answer in zip(rows, together, strict=False):
        (alone,) = post(client, json.dumps([row]), "application/json")
        assert {name: answer[name] for name in alone} == alone
    assert [answer["outcome"] for answer in together[:6]] == ["assigned", None, "assigned", None, None, None]
    assert [answer["outcome"] for answer in post(client, json.dumps(rows[2:]), "application/json")][1:] == [None] * 3


def test_collections_in_collections_are_no_points_and_not_looked_into(client: TestClient) -> None:
    nested = struct.pack("<BII", 1, 7, 1) * 100_000 + struct.pack("<BIdd", 1, 1, 5.505, 50.975)
    point = struct.pack("<BIdd", 1, 1, 5.505, 50.975)
    column = pa.array([nested, point, b"\1", b"", None, struct.pack("<BIIdd", 1, 0x20000001, 4326, 5.505, 50.975)])
    answer = post(client, stream_of(geo_table(column, "geoarrow.wkb")), ARROW)
    assert answer["outcome"].to_pylist() == [None, "assigned", None, None, None, "assigned"]
    assert answer["error"][0].as_py() == "the geometry is no point."


def test_whole_numbers_beyond_a_float_are_out_of_range_and_no_fault_of_ours(client: TestClient) -> None:
    answer = post(client, stream_of(pa.table({"lon": [2**60 + 1], "lat": [50]})), ARROW)
    assert "longitude must lie between" in answer["error"][0].as_py()


@pytest.mark.parametrize("content", ["[]", '{"lon":[],"lat":[]}'])
def test_nothing_asked_nothing_answered(client: TestClient, content: str) -> None:
    answer = post(client, content, "application/json")
    assert answer == [] if content == "[]" else answer["outcome"] == []


REFUSED: dict[str, tuple[str | bytes, str, int, str]] = {
    "no type": ("lon,lat\n", "", 415, "must be text/csv"),
    "XML": ("<a/>", "application/xml", 415, "must be text/csv"),
    "no JSON": ("{secret", "application/json", 422, "not JSON"),
    "a number": ("5", "application/json", 422, "a list of rows, or an object of columns"),
    "columns of numbers": ('{"lon":5.5,"lat":50.9}', "application/json", 422, "must be a list"),
    "columns of two lengths": ('{"lon":[5.5],"lat":[]}', "application/json", 422, "same length"),
    "no columns": ("{}", "application/json", 422, "must be a list"),
    "no coordinates": ("secret\n5\n", "text/csv", 422, "no columns lon and lat"),
    "half of them": ("lon,secret\n5,5\n", "text/csv", 422, "no column lat"),
    "a column of ours": ("lon,lat,outcome\n5,5,secret\n", "text/csv", 422, "already: outcome"),
    "an empty body": ("", "text/csv", 422, "it is empty"),
    "no Arrow": ("secret", ARROW, 422, "no stream of Arrow"),
    "a torn stream": (stream_of(pa.table({"lon": LONS, "lat": LATS}))[:900], ARROW, 422, "no stream of Arrow"),
    "too many addresses": ("q\n" + "a\n" * (MOST_TEXTS + 1), "text/csv", 422, f"at most {MOST_TEXTS} rows"),
    "columns of ours in rows": (
        '[{"lon":5.5,"lat":50.9,"office":"secret"}]', "application/json", 422, "already: office"),
    "too deep a value": (
        '[{"lon":5.5,"lat":50.9,"a":' + "[" * 300 + "]" * 300 + "}]", "application/json", 422, "too deep"),
    "too deep a column": (
        '{"lon":[5.5],"lat":[50.9],"a":[' + "[" * 300 + "]" * 300 + "]}", "application/json", 422, "too deep"),
    "too many in a list": ("[" + "{}," * 100_000 + "{}]", "application/json", 422, "at most 100000 rows in a list"),
    "too many columns": ("lon,lat" + ",a" * 2_000 + "\n", "text/csv", 422, "at most 1000 columns"),
    "too many keys": (json.dumps({str(n): [] for n in range(1_001)}), "application/json", 422, "at most 1000 columns"),
    "a quotation mark": ('lon,lat,a\n5,50,"secret\n5,50,b\n', "text/csv", 422, "never closed"),
    "a long header": ("a" * 20_000_000, "text/csv", 422, "first row cannot be read"),
    "a long cell": ("lon,lat,a\n5,50," + "a" * 20_000_000 + "\n5,50\n", "text/csv", 422, "a row cannot be read"),
    "a compressed stream": (
        stream_of(pa.table({"lon": LONS, "lat": LATS}), compression="zstd"), ARROW, 422, "compressed"),
    "too many rows": ("lon,lat\n" + ",\n" * 2_000_001, "text/csv", 422, "at most 2000000 rows"),
    "a stream of nothing, much of it": (many_nulls(), ARROW, 422, "at most 2000000 rows"),
    "metadata that says nothing": (
        stream_of(pa.table({"lon": LONS}).replace_schema_metadata({b"geo": b"{"})), ARROW, 422, "about its geometries"),
    "points of text": (
        stream_of(geo_table(pa.array([{"x": "secret", "y": "b"}]), "geoarrow.point")), ARROW, 422, "no numbers"),
    "lists of longitudes": (
        stream_of(pa.table({"lon": [[5.5]], "lat": [50.9]})), ARROW, 422, "neither numbers nor text"),
    "addresses of bytes": (stream_of(pa.table({"address": [b"\xff"]})), ARROW, 422, "holds no text"),
    "too many rows of all kinds": (json.dumps([{"q": "a"}] * (MOST_TEXTS + 1)), "application/json", 422, "at most"),
}  # fmt: skip


@pytest.mark.parametrize("fault", REFUSED)
def test_a_body_that_cannot_be_answered_is_a_problem_that_echoes_nothing(client: TestClient, fault: str) -> None:
    content, media_type, status, detail = REFUSED[fault]
    answer = client.post(PATH, content=content, headers={"Content-Type": media_type} if media_type else {})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert detail in answer.json()["detail"]
    assert "secret" not in answer.text


def test_a_body_with_a_content_encoding_is_refused_as_what_it_is(client: TestClient) -> None:
    headers = {"Content-Type": "text/csv", "Content-Encoding": "gzip"}
    answer = client.post(PATH, content=gzip.compress(b"lon,lat\n5.505,50.975\n"), headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (415, "application/problem+json")
    assert "without a Content-Encoding" in answer.json()["detail"]


@pytest.mark.parametrize("query", ["?on=tomorrow", "?crs=x", "?lon=5", "?crs=1", "?crs=31370&crs=4326"])
def test_a_bad_parameter_is_a_problem(client: TestClient, query: str) -> None:
    answer = client.post(f"/v1/find/bulk{query}", json={"x": [229801], "y": [185580]})
    assert answer.status_code == 422


def test_a_body_above_the_limit_is_refused_and_other_routes_keep_theirs() -> None:
    with TestClient(create_app(Settings(edition=None, bulk_limit=200_000))) as client:
        text = "lon,lat\n" + "5.505,50.975\n" * 10_000
        assert client.post("/v1/find/bulk", content=text, headers={"Content-Type": "text/csv"}).status_code == 200
        text *= 2
        assert client.post("/v1/find/bulk", content=text, headers={"Content-Type": "text/csv"}).status_code == 413
        assert client.post("/v1/find", content=text).status_code == 413


def test_nothing_of_a_body_is_logged(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        post(client, '{"q":["Noordlaan 112","Geheimstraat 7"]}', "application/json")
        client.post(PATH, content="Geheimstraat", headers={"Content-Type": ARROW})
    assert "laan" not in caplog.text
    assert "Geheim" not in caplog.text
