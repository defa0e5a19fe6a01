"""Suggestions while typing, each with a label that the search understands as that very address."""

from __future__ import annotations

from datetime import date

import numpy as np

from geo_lookup.address_answers import place_addresses
from geo_lookup.addresses.houses import Precision
from geo_lookup.addresses.matching import Candidate as MatchedAddress
from geo_lookup.addresses.records import Address, Street
from geo_lookup.addresses.suggesting import Completion, complete
from geo_lookup.answer import Suggestion
from geo_lookup.coordinates import locate
from geo_lookup.coordinates_text import read_coordinates
from geo_lookup.edition import Edition
from geo_lookup.errors import RequestError
from geo_lookup.lookup import places

HOUSE_ACCURACY_M = 1
"""How exact the point of a house is: no better than the tie between Lambert and WGS 84."""


def suggest(edition: Edition, text: str, most: int, language: str, on: date) -> list[Suggestion]:
    """At most so many suggestions for a text that is being typed; none for coordinates, nor for an empty text."""
    if edition.addresses is None:
        raise RequestError(f"the edition {edition.manifest.id} holds no addresses; ask by lon and lat.")
    if read_coordinates(text, edition.territory) is not None:
        return []
    completions = complete(edition.addresses, text, most)
    return [_suggestion(edition, one, language, on) for one in completions]


def numbers_of_street(edition: Edition, street_id: str, language: str, on: date) -> list[Suggestion] | None:
    """Every address of a street, ordered by number, letter and box; None where there is no such street."""
    if edition.addresses is None:
        raise RequestError(f"the edition {edition.manifest.id} holds no addresses; ask by lon and lat.")
    book = edition.addresses.book
    street = book.street_by_id(street_id)
    if street is None:
        return None
    found = [Completion(street, address, 1.0, "exact") for address in book.in_street(street.number)]
    return [_suggestion(edition, one, language, on) for one in found]


def _suggestion(edition: Edition, completion: Completion, language: str, on: date) -> Suggestion:
    street, address = completion.street, completion.address
    located = address or street
    crs = edition.addresses.book.crs if edition.addresses else 0
    point = locate(np.array([located.x]), np.array([located.y]), crs, edition.territory)
    label = located.label(language)
    if street.homonym:
        label = f"{label} ({_area_name(edition, address, street, on)})"
    return Suggestion(
        type="house" if address else "street",
        label=label,
        street=street.names.within(language),
        street_id=street.id,
        housenumber=address.house_number if address else None,
        box=(address.box or None) if address else None,
        postcode=(address.postal if address else street.postal).postcode or None,
        city=street.municipality.names.within(language) or None,
        address_id=address.id if address else None,
        lon=round(float(point.lon[0]), 9),
        lat=round(float(point.lat[0]), 9),
        accuracy_m=HOUSE_ACCURACY_M if address else max(HOUSE_ACCURACY_M, round(street.radius_m)),
        match=completion.match,
        score=round(completion.score, 4),
    )


def _area_name(edition: Edition, address: Address | None, street: Street, on: date) -> str:
    """The neighbourhood that tells a street from another one of the same name."""
    if address is not None:
        matched = MatchedAddress(address, Precision.EXACT, 1.0)
        decision = place_addresses(edition, [matched], on)[0].decision
        return decision.neighbourhood.name if decision.neighbourhood else edition.manifest.city
    crs = edition.addresses.book.crs if edition.addresses else 0
    point = locate(np.array([street.x]), np.array([street.y]), crs, edition.territory)
    where = places(edition, point.x, point.y)[0]
    known = where.neighbourhood >= 0
    return edition.neighbourhoods.areas[where.neighbourhood].name if known else edition.manifest.city
