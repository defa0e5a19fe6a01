"""An edition out of a real PostGIS, on a socket of its own, answers as the same edition out of files does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import shapely

import geo_lookup
from geo_lookup import EditionError
from geo_lookup.publishing.publishing import publish
from tests.benchmarks.postgis_peer import Postgis, PostgisMissingError, postgis
from tests.conftest import DAY
from tests.toy_city import MANIFEST, NEIGHBOURHOODS, SPECIAL_AREAS, TABLES, write_toy_city


@pytest.fixture(scope="module")
def database() -> Iterator[Postgis]:
    """A cluster with the toy city in it: its layers, and its tables as text."""
    with pytest.MonkeyPatch.context() as patched, _cluster() as cluster:
        cluster.run("CREATE SCHEMA city")
        for name, areas in (("wijken", NEIGHBOURHOODS), ("sites", SPECIAL_AREAS)):
            cluster.run(f"CREATE TABLE city.{name} (id text, name text, district text, geom geometry(Polygon, 31370))")
            for area_id, (area, district, shape) in areas.items():
                values = f"'{area_id}', '{area}', '{district}', 'SRID=31370;{shapely.to_wkt(shape)}'"
                cluster.run(f"INSERT INTO city.{name} VALUES ({values})")  # noqa: S608 - our own values
        for file, text in TABLES.items():
            (cluster.folder / file).write_text(text)
            columns = ", ".join(f"{column} {_kind(column)}" for column in text.splitlines()[0].split(","))
            cluster.run(f"CREATE TABLE city.{Path(file).stem} ({columns})")
            cluster.run(f"\\copy city.{Path(file).stem} FROM '{cluster.folder / file}' CSV HEADER")
        patched.setenv("GEO_LOOKUP_DATABASE", f"postgresql:///postgres?host={cluster.folder}&user=postgres")
        yield cluster


def _kind(column: str) -> str:
    dates = column in ("valid_from", "valid_to", "date")
    return "date" if dates else "float8" if column in ("lon", "lat") else "text"


@contextmanager
def _cluster() -> Iterator[Postgis]:
    with ExitStack() as stack:
        try:
            cluster = stack.enter_context(postgis(Path("/tmp")))  # noqa: S108 - a socket's path must be short
        except PostgisMissingError as missing:
            pytest.skip(f"{missing}: apt-get install postgresql postgis")
        yield cluster


def manifest_of_database() -> str:
    """The toy city's manifest, with every path the name of a table."""
    manifest = MANIFEST.replace('"neighbourhoods.geojson"\ncrs = 31370', '"city.wijken"\nformat = "PostGIS"')
    manifest = manifest.replace('"special_areas.geojson"\ncrs = 31370', '"city.sites"\nformat = "PostGIS"')
    return re.sub(r'path = "(\w+)\.csv"', r'path = "city.\1"\nformat = "PostGIS"', manifest)


@pytest.fixture
def source(tmp_path: Path, database: Postgis) -> Path:
    assert database
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "manifest.toml").write_text(manifest_of_database())
    return folder


def test_what_is_published_from_postgis_answers_as_files_do(source: Path, tmp_path: Path) -> None:
    publish(source, tmp_path / "published", accept_warnings=True)
    ours = geo_lookup.load(tmp_path / "published", on=DAY)
    theirs = geo_lookup.load(write_toy_city(tmp_path / "files"), on=DAY)
    for x in range(227950, 230100, 50):
        for y in range(181950, 184100, 50):
            answers = [finder.find(x=x, y=y, crs=31370).to_dict() for finder in (ours, theirs)]
            assert answers[0] == answers[1]


def test_what_changes_in_the_database_is_published_and_what_does_not_is_not_read_again(
    source: Path, tmp_path: Path, database: Postgis
) -> None:
    target = tmp_path / "published"
    publish(source, target, accept_warnings=True)
    assert publish(source, target, accept_warnings=True).unchanged
    database.run("UPDATE city.managers SET name = 'Bea' WHERE id = 'bob'")
    published = publish(source, target, accept_warnings=True)
    database.run("UPDATE city.managers SET name = 'Bob' WHERE id = 'bob'")
    assert "areas" in published.taken_over
    answer = geo_lookup.load(target, on=DAY).find(x=229500, y=182500, crs=31370)
    assert answer.contact is not None
    assert answer.contact.name == "Bea"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("city.wijken", "city.nothing", "there is no such table"),
        ("city.wijken", "city.wijken; DROP TABLE city.wijken", "must be the name of a table"),
        ("city.wijken", "city.managers", "0 columns of geometries"),
        ("city.managers", "city.wijken", "the geometry is no point"),
    ],
)
def test_a_table_that_is_not_as_it_should_be_is_a_finding(source: Path, old: str, new: str, words: str) -> None:
    manifest = source / "manifest.toml"
    manifest.write_text(manifest.read_text().replace(f'"{old}"', f'"{new}"'))
    with pytest.raises(EditionError) as refused:
        geo_lookup.load(source)
    assert any(re.search(words, finding.message) for finding in refused.value.findings)


@pytest.mark.parametrize(
    ("address", "words"),
    [(None, "set GEO_LOOKUP_DATABASE"), ("postgresql://secret:word@/x?host=/nowhere", "the database cannot be read")],
)
def test_a_database_that_cannot_be_read_is_a_finding_without_its_address(
    source: Path, monkeypatch: pytest.MonkeyPatch, address: str | None, words: str
) -> None:
    monkeypatch.setenv("GEO_LOOKUP_DATABASE", address or "")
    with pytest.raises(EditionError) as refused:
        geo_lookup.load(source)
    assert words in str(refused.value)
    assert "secret" not in str(refused.value)
