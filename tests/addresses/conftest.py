"""The small register as a matcher, once for all tests of addresses."""

from __future__ import annotations

import pytest

from geo_lookup.addresses.book import AddressBook
from geo_lookup.addresses.importing import import_addresses
from geo_lookup.addresses.matching import Matcher
from tests.addresses.register import write_register

AREAS = {"w1": "Oud-Winterslag", "w2": "Winterslag 2 en 4", "w3": "Zwartberg-Noord", "d1": "Kolderbos-Langerlo"}


@pytest.fixture(scope="session")
def book(tmp_path_factory: pytest.TempPathFactory) -> AddressBook:
    folder = tmp_path_factory.mktemp("register")
    import_addresses(write_register(folder / "best.csv"), folder / "addresses.sqlite")
    return AddressBook(folder / "addresses.sqlite")


@pytest.fixture(scope="session")
def matcher(book: AddressBook) -> Matcher:
    return Matcher(book, AREAS)
