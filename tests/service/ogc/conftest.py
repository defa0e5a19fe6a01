"""Clients and real services for the tests of /ogc."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from service.app import create_app
from service.settings import Settings
from tests.serving import serving_apart
from tests.toy_city import write_toy_city


@pytest.fixture(scope="session")
def toy_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client of the service with the city of four squares."""
    with TestClient(create_app(Settings(edition=write_toy_city(tmp_path_factory.mktemp("toy"))))) as client:
        yield client


@pytest.fixture
def client_of() -> Iterator[Callable[[Path], TestClient]]:
    """Makes clients of services with other editions."""
    with ExitStack() as clients:
        yield lambda folder: clients.enter_context(TestClient(create_app(Settings(edition=folder))))


@pytest.fixture(scope="session")
def demo_url() -> Iterator[str]:
    """Where the demo is really served."""
    with serving_apart(None) as url:
        yield f"{url}/ogc"
