"""An answer in one sentence, to be read aloud."""

from __future__ import annotations

import math
from collections.abc import Sequence

from geo_lookup.answer import Outcome
from geo_lookup.borders import Doubt
from geo_lookup.errors import RequestError
from geo_lookup.lookup import Decision
from geo_lookup.manifest import Manifest

PHRASES = {
    "nl": {
        "role": "wijkmanager",
        "here": "Hier bent u in {place}",
        "neighbourhood": "de wijk {name}",
        "district": "stadsdeel {name}",
        "manager": "uw {role} is {name}",
        "vacant": "de post van {role} is vacant",
        "cover": "{name} neemt waar",
        "service": "neem contact op met {name}",
        "phone": "telefoon {phone}",
        "email": "e-mail {email}",
        "same": "de grens met {name} ligt binnen {distance}, maar daar geldt hetzelfde aanspreekpunt",
        "other": "let op, de grens met {name} ligt binnen {distance} en daar geldt een ander aanspreekpunt",
        "special": "let op, de grens van {name}, met een eigen aanspreekpunt, ligt binnen {distance}",
        "city": "let op, de grens van de stad {name} ligt binnen {distance}",
        "outside": "Dit punt ligt buiten {city}",
        "uncovered": "Dit punt ligt in {city}, maar in geen enkele wijk",
        "1 metre": "1 meter",
        "metres": "{metres} meter",
    },
    "fr": {
        "role": "gestionnaire de quartier",
        "here": "Vous êtes ici dans {place}",
        "neighbourhood": "le quartier {name}",
        "district": "district {name}",
        "manager": "votre {role} est {name}",
        "vacant": "le poste de {role} est vacant",
        "cover": "{name} assure l'intérim",
        "service": "adressez-vous à {name}",
        "phone": "téléphone {phone}",
        "email": "courriel {email}",
        "same": "la limite avec {name} est à moins de {distance}, mais l'interlocuteur y est le même",
        "other": "attention, la limite avec {name} est à moins de {distance} et l'interlocuteur y est un autre",
        "special": "attention, la limite de {name}, qui a son propre interlocuteur, est à moins de {distance}",
        "city": "attention, la limite de la ville de {name} est à moins de {distance}",
        "outside": "Ce point se trouve en dehors de {city}",
        "uncovered": "Ce point se trouve à {city}, mais dans aucun quartier",
        "1 metre": "1 mètre",
        "metres": "{metres} mètres",
    },
    "en": {
        "role": "neighbourhood manager",
        "here": "This is {place}",
        "neighbourhood": "the neighbourhood {name}",
        "district": "district {name}",
        "manager": "your {role} is {name}",
        "vacant": "the post of {role} is vacant",
        "cover": "{name} stands in",
        "service": "please turn to {name}",
        "phone": "phone {phone}",
        "email": "e-mail {email}",
        "same": "the border with {name} is within {distance}, but the contact there is the same",
        "other": "note that the border with {name} is within {distance} and the contact there is another",
        "special": "note that the border of {name}, which has a contact of its own, is within {distance}",
        "city": "note that the border of the city of {name} is within {distance}",
        "outside": "This point lies outside {city}",
        "uncovered": "This point lies in {city}, but in no neighbourhood",
        "1 metre": "1 metre",
        "metres": "{metres} metres",
    },
}
"""What is said, by language. Each sentence is put together from these parts."""


USUAL_ROLE = "wijkmanager"
"""The role that the languages have a word for."""


def check_language(language: object) -> str:
    """Return the language if sentences are spoken in it; raises `RequestError`."""
    if not isinstance(language, str) or language not in PHRASES:
        raise RequestError(f"lang must be one of {', '.join(PHRASES)}.")
    return language


def summarise(decision: Decision, doubts: Sequence[Doubt], manifest: Manifest, language: str) -> str:
    """Say a decision and its doubts in one sentence, the nearest doubt first."""
    phrases = PHRASES[language]
    clauses = [_where(decision, manifest, phrases)]
    if decision.outcome is Outcome.VACANT:
        clauses.append(phrases["vacant"].format(role=_role(manifest, phrases)))
    clauses.extend(_whom(decision, manifest, phrases))
    clauses.extend(phrases[doubt.kind].format(name=doubt.name, distance=_distance(doubt, phrases)) for doubt in doubts)
    return "; ".join(clauses) + "."


def _where(decision: Decision, manifest: Manifest, phrases: dict[str, str]) -> str:
    names = [decision.special_area.name] if decision.special_area else []
    names += [phrases["neighbourhood"].format(name=decision.neighbourhood.name)] if decision.neighbourhood else []
    names += [phrases["district"].format(name=decision.district.name)] if decision.district else []
    if names:
        return phrases["here"].format(place=", ".join(names))
    return phrases[decision.outcome.value].format(city=manifest.city)


def _role(manifest: Manifest, phrases: dict[str, str]) -> str:
    """The word for the role that residents ask for: translated where it is the usual one, else the city's own."""
    return phrases["role"] if manifest.manager_role == USUAL_ROLE else manifest.manager_role


def _whom(decision: Decision, manifest: Manifest, phrases: dict[str, str]) -> list[str]:
    contact = decision.contact
    if contact is None:
        return []
    said = phrases[contact.reason].format(name=contact.name, role=_role(manifest, phrases))
    if contact.phone:
        return [f"{said}, {phrases['phone'].format(phone=contact.phone)}"]
    return [f"{said}, {phrases['email'].format(email=contact.email)}" if contact.email else said]


def _distance(doubt: Doubt, phrases: dict[str, str]) -> str:
    """The whole metres within which a border lies."""
    metres = math.floor(doubt.distance_m) + 1
    return phrases["1 metre"] if metres == 1 else phrases["metres"].format(metres=metres)
