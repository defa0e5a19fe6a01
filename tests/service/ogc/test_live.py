"""What is published while the service runs is what GIS programs read next."""

from __future__ import annotations

from pathlib import Path

from fastapi.testclient import TestClient

from service.app import create_app
from service.settings import Settings
from tests.service.ogc.reading import get, items
from tests.service.test_live import City, until


def test_another_edition_that_is_published_is_served_whole(tmp_path: Path) -> None:
    city = City(tmp_path)
    with TestClient(create_app(Settings(edition=city.published, follow_seconds=0.02))) as client:
        path = "/ogc/collections/neighbourhoods/items?datetime=2026-11-23"
        download = "/ogc/downloads/neighbourhoods.gpkg?datetime=2026-11-23"
        before, file_before = client.get(path), client.get(download)
        assert {one["properties"]["edition"] for one in before.json()["features"]} == {"toy-1"}
        edition_id = city.named("Bea")
        until(lambda: get(client, "/api")["info"]["version"] == edition_id)
        page = items(client, "neighbourhoods", datetime="2026-11-23")
        assert [one["properties"]["manager"] for one in page["features"]] == ["Ann", "Ann", None, "Bea"]
        assert {one["properties"]["edition"] for one in page["features"]} == {edition_id}
        for url, old in ((path, before), (download, file_before)):
            new = client.get(url, headers={"If-None-Match": old.headers["etag"]})
            assert new.status_code == 200
            assert new.headers["etag"] != old.headers["etag"]
        assert edition_id in client.get(download).headers["content-disposition"]
