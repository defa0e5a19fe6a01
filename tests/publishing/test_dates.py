"""Each day is answered with the boundaries and the people of that day, future ones too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from fastapi.testclient import TestClient

import geo_lookup
from geo_lookup import DateError, Finder
from geo_lookup.answer import Reference
from geo_lookup.publishing.published_folder import roll_back
from geo_lookup.publishing.publishing import publish
from service.app import create_app
from service.settings import Settings
from tests.toy_city import MANIFEST, NEIGHBOURHOODS, TABLES, geojson, square, write_toy_city

HERE: dict[str, Any] = {"x": 228500, "y": 183500, "crs": 31370}
"""In a1, in each of the editions."""


def edition(folder: Path, edition_id: str, valid_from: str, name: str) -> Path:
    """The toy city with another name for a1, from a day on."""
    manifest = MANIFEST.replace('"toy-1"', f'"{edition_id}"').replace("2020-01-01", valid_from)
    areas = {**NEIGHBOURHOODS, "a1": (name, "A", square(0, 1))}
    return write_toy_city(folder / edition_id, manifest=manifest, neighbourhoods=geojson(areas))


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """Editions from 2020, 2025 and 2035 on, published in another order, that of 2025 twice."""
    for edition_id, valid_from, name in (
        ("old", "2020-01-01", "Old"), ("new", "2035-01-01", "New"), ("now", "2025-01-01", "Now"),
    ):  # fmt: skip
        publish(edition(tmp_path, edition_id, valid_from, name), tmp_path / "published", accept_warnings=True)
    (tmp_path / "now" / "managers.csv").write_text(TABLES["managers.csv"].replace("Ann", "Anna"))
    publish(tmp_path / "now", tmp_path / "published", accept_warnings=True)
    return tmp_path / "published"


@pytest.mark.parametrize(
    ("on", "edition_id", "name", "manager"),
    [
        ("2020-01-01", "old", "Old", "Ann"), ("2024-12-31", "old", "Old", "Ann"),
        ("2025-01-01", "now-r2", "Now", "Anna"), ("2034-12-31", "now-r2", "Now", "Anna"),
        ("2035-01-01", "new", "New", "Ann"), ("2999-12-31", "new", "New", "Ann"),
    ],
)  # fmt: skip
def test_a_day_is_answered_with_its_edition_at_every_door(
    published: Path, on: str, edition_id: str, name: str, manager: str
) -> None:
    finder = geo_lookup.load(published)
    answer = finder.find(**HERE, on=on)
    assert (answer.edition.id, answer.neighbourhood) == (edition_id, Reference("a1", name))
    assert answer.contact is not None
    assert answer.contact.name == manager
    frame = pd.DataFrame({"x": [HERE["x"]], "y": [HERE["y"]]})
    assert finder.assign(frame, crs=31370, on=on)["neighbourhood"].tolist() == [name]
    assert geo_lookup.load(published, on=on).edition.manifest.id == edition_id
    with TestClient(create_app(Settings(edition=published))) as client:
        over_http = client.get("/v1/find", params={**HERE, "on": on})
        assert over_http.json()["edition"]["id"] == edition_id
        bulk = client.post("/v1/find/bulk", params={"on": on, "crs": 31370}, json={"x": [HERE["x"]], "y": [HERE["y"]]})
        assert bulk.json()["neighbourhood"] == [name]
        assert name in client.get("/overview", params={"on": on}).text


def test_a_day_before_the_first_edition_says_so(published: Path) -> None:
    finder = geo_lookup.load(published)
    with pytest.raises(DateError, match="the first edition, old, holds from 2020-01-01 on"):
        finder.find(**HERE, on="2019-12-31")
    with TestClient(create_app(Settings(edition=published))) as client:
        refused = client.get("/v1/find", params={**HERE, "on": "2019-12-31"})
        assert refused.status_code == 422
        assert "holds from 2020-01-01 on" in refused.json()["detail"]
        assert client.get("/overview?on=2019-12-31").status_code == 200


def test_the_editions_are_listed_and_the_one_of_today_is_live(published: Path) -> None:
    with TestClient(create_app(Settings(edition=published))) as client:
        listed = client.get("/v1/editions").json()["editions"]
    assert [(one["id"], one["live"]) for one in listed] == [("old", False), ("now-r2", True), ("new", False)]


def test_what_was_rolled_back_answers_no_day(published: Path) -> None:
    assert roll_back(published) == "now"
    assert names(geo_lookup.load(published)) == ["old", "now", "new"]
    roll_back(published)
    assert names(geo_lookup.load(published)) == ["old", "new"]


def names(finder: Finder) -> list[str]:
    return [one.manifest.id for one in finder.editions]
