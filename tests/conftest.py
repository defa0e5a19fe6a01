"""Fixtures, and the rule that nothing is skipped where everything should be there."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, settings

import geo_lookup
from geo_lookup import Finder
from service.app import create_app
from service.settings import Settings
from tests.real_editions import real_edition, real_flanders_2024
from tests.toy_city import write_toy_city

settings.register_profile("rules", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("rules")

DAY = "2026-11-23"
"""The day that tests ask for where the day does not matter."""


@pytest.fixture(scope="session")
def demo() -> Finder:
    return geo_lookup.load(on=DAY)


@pytest.fixture(scope="session")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Finder:
    """The city of four squares."""
    return geo_lookup.load(write_toy_city(tmp_path_factory.mktemp("toy")), on=DAY)


@pytest.fixture(scope="session")
def genk(tmp_path_factory: pytest.TempPathFactory) -> Finder:
    """The real Genk of 2025, by the manifest in boundaries/."""
    return geo_lookup.load(real_edition("genk/2025", "genk", tmp_path_factory.mktemp("genk")), on=DAY)


@pytest.fixture(scope="session")
def flanders(tmp_path_factory: pytest.TempPathFactory) -> Finder:
    """All neighbourhoods of Flanders of 2025, by the manifest in boundaries/."""
    return geo_lookup.load(real_edition("flanders/2025", "flanders", tmp_path_factory.mktemp("flanders")), on=DAY)


@pytest.fixture(scope="session")
def flanders_2024(tmp_path_factory: pytest.TempPathFactory) -> Finder:
    """All neighbourhoods of Flanders of 2024: the manifest of 2025 with another file in it."""
    return geo_lookup.load(real_flanders_2024(tmp_path_factory.mktemp("flanders")), on=DAY)


@pytest.fixture(scope="session")
def client() -> Iterator[TestClient]:
    """A client of the service with the demo edition."""
    with TestClient(create_app(Settings(edition=None)), follow_redirects=False) as client:
        yield client


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """In CI everything is there, so a skipped test is a failure."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter is not None and reporter.stats.get("skipped") and exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
