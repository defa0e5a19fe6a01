"""`assign` by an address: each row gets what `find` answers for its text, and a bad one is marked in its place."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from geo_lookup import Finder, FrameError
from geo_lookup.bulk.columns import COLUMNS
from geo_lookup.bulk.rows import ERROR, MATCHED
from geo_lookup.bulk.walking_columns import WALKING_COLUMNS

TEXTS = {
    "exact": "Noordlaan 112, 3600 Genk",
    "misspelt": "112 noordln Gnek",
    "ambiguous": "Europalaan",
    "elsewhere": "Noordlaan 112, Hasselt",
    "unknown": "Nergensstraat 1",
    "empty": "  ",
    "missing": None,
}


def answered(finder: Finder, text: str) -> dict[str, Any]:
    answer = finder.find(text, offices=1)
    address, point = answer.address, answer.point
    return {
        "outcome": answer.outcome.value,
        "neighbourhood": answer.neighbourhood.name if answer.neighbourhood else None,
        "matched_address": address.label if address else None,
        "precision": address.precision if address else None,
        "matched_lon": point.lon if point else None,
        "matched_lat": point.lat if point else None,
    }


def rows(table: pa.Table) -> list[dict[str, Any]]:
    names = ["outcome", "neighbourhood", "matched_address", "precision", "matched_lon", "matched_lat"]
    return [
        {name: None if pd.isna(value) else value for name, value in row.items()}
        for row in table.select(names).to_pylist()
    ]


def test_each_address_gets_what_find_answers(demo: Finder) -> None:
    frame = pd.DataFrame({"adres": TEXTS})
    assigned = demo.assign(frame, address="adres")
    assert list(assigned.columns) == ["adres", *COLUMNS, *MATCHED, ERROR]
    assert list(assigned.index) == list(TEXTS)
    sound = [name for name in TEXTS if name not in ("empty", "missing")]
    assert rows(pa.Table.from_pandas(assigned.loc[sound])) == [answered(demo, str(TEXTS[name])) for name in sound]


def test_a_row_without_an_address_says_so_and_the_others_are_answered(demo: Finder) -> None:
    assigned = demo.assign(pd.DataFrame({"adres": TEXTS}), address="adres")
    faults = assigned[ERROR].dropna()
    assert list(faults.index) == ["empty", "missing"]
    assert faults.str.startswith("the address is empty").all()
    assert assigned.loc[faults.index, "outcome"].isna().all()


@pytest.mark.parametrize(
    "numbers",
    [[112, 47], [112.0, 47.0], ["112", "47"], [112, None], pd.array([112, None]), [112, "47"], [Decimal(112), 47]],
)
def test_an_address_may_stand_in_several_columns(demo: Finder, numbers: Any) -> None:
    frame = pd.DataFrame({"straat": ["Noordlaan", "Europalaan"], "nr": numbers, "stad": "Genk"})
    assigned = demo.assign(frame, address=["straat", "nr", "stad"])
    second = "Europalaan" if pd.isna(frame["nr"].iloc[1]) else "Europalaan 47"
    assert assigned["matched_address"].tolist() == ["Noordlaan 112, 3600 Genk", f"{second}, 3600 Genk"]


def test_a_decimal_of_arrow_is_a_house_number_without_its_zeros(demo: Finder) -> None:
    numbers = pa.array([112, None], type=pa.decimal128(10, 2))
    assigned = demo.assign(pa.table({"street": ["Noordlaan"] * 2, "number": numbers}), address=["street", "number"])
    assert assigned["matched_address"].to_pylist() == ["Noordlaan 112, 3600 Genk", "Noordlaan, 3600 Genk"]


def test_frames_of_arrow_are_answered_alike(demo: Finder) -> None:
    table = pa.table({"q": list(TEXTS.values())})
    by_pandas = demo.assign(pd.DataFrame({"q": list(TEXTS.values())}), address="q")
    batch = table.to_batches()[0]
    for given in (table, batch):
        assigned = demo.assign(given, address="q")
        assert isinstance(assigned, type(given))
        assert rows(pa.table(assigned)) == rows(pa.Table.from_pandas(by_pandas))
    empty = demo.assign(batch.slice(0, 0), address="q")
    assert isinstance(empty, pa.RecordBatch)
    assert empty.schema == assigned.schema


def test_half_of_a_character_is_a_row_like_others(demo: Finder) -> None:
    texts = pd.Series(["Noordlaan 112", "\ud800"], dtype=object)
    assigned = demo.assign(pd.DataFrame({"q": texts}), address="q")
    assert assigned["outcome"].tolist()[0] == "assigned"


def test_columns_may_be_called_alike_or_listed_in_any_way(demo: Finder) -> None:
    frame = pd.DataFrame([["Noordlaan", 112]], columns=[1, "1"])
    ways: list[Any] = [[1, "1"], (1, "1"), pd.Index([1, "1"], dtype=object)]
    for listed in ways:
        assert demo.assign(frame, address=listed)["matched_address"].tolist() == ["Noordlaan 112, 3600 Genk"]


def test_an_address_is_walked_from_where_it_lies(demo: Finder) -> None:
    frame = pd.DataFrame({"q": list(TEXTS.values())})
    walked = demo.assign(frame, address="q", walking=True)
    assert list(walked.columns[-5:]) == list(WALKING_COLUMNS)
    outcomes = ["reached", "reached", "ambiguous", "outside", "unknown_address", None, None]
    assert [None if pd.isna(one) else one for one in walked["walking"]] == outcomes
    assert walked["walking_distance_m"].notna().tolist() == [one == "reached" for one in outcomes]


def test_every_address_has_the_walk_that_walks_finds(demo: Finder) -> None:
    some = demo.addresses().sample(60, random_state=1)
    texts = [f"{one.street} {one.house_number}, {one.postcode} {one.municipality}" for one in some.itertuples()]
    walked = demo.assign(pd.DataFrame({"q": texts}), address="q", walking=True)
    alone = [demo.walks(text, offices=1) for text in texts]
    assert walked["walking"].tolist() == [one.outcome.value for one in alone]
    assert walked["walking_distance_m"].tolist() == [one.offices[0].walking_distance_m for one in alone]
    assert walked["walking_minutes"].tolist() == [one.offices[0].walking_minutes for one in alone]


@pytest.mark.parametrize(
    ("frame", "asked", "says"),
    [
        (pd.DataFrame({"q": ["Noordlaan 112"]}), {"address": "adres"}, "no column adres"),
        (pd.DataFrame({"q": ["Noordlaan 112"], "precision": 1}), {"address": "q"}, "precision"),
        (pd.DataFrame({"q": [b"Noordlaan 112"]}), {"address": "q"}, "no text"),
        (pd.DataFrame({"q": [1j]}), {"address": "q"}, "no text"),
        (pd.DataFrame({"q": [True]}), {"address": "q"}, "no text"),
        (pa.table({"q": [True]}), {"address": "q"}, "no text"),
        (pa.table({"q": [date(1970, 1, 1)]}), {"address": "q"}, "no text"),
        (pd.DataFrame({"q": ["Noordlaan 112"]}), {"address": []}, "no column that is named"),
        (pd.DataFrame({"q": ["a"], "x": 1.0}), {"address": "q", "x": "x", "y": "x", "crs": 31370}, "not by both"),
    ],
)  # fmt: skip
def test_a_frame_that_cannot_be_asked_is_refused(
    demo: Finder, frame: pd.DataFrame | pa.Table, asked: dict[str, Any], says: str
) -> None:
    with pytest.raises(FrameError, match=says):
        demo.assign(frame, **asked)
