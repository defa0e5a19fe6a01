"""An answer in one sentence, to be read aloud."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from geo_lookup.answer import AddressReference, Candidate, Contact, Outcome, Reference
from geo_lookup.borders import Doubt
from geo_lookup.errors import RequestError
from geo_lookup.lookup import Decision
from geo_lookup.manifest import Manifest

PHRASES = {
    "nl": {
        "role": "wijkmanager",
        "at": "{label} ligt in {place}",
        "street": "De hele straat {label} ligt in {place}",
        "address outside": "{label} ligt buiten {city}",
        "address uncovered": "{label} ligt in {city}, maar in geen enkele wijk",
        "box_dropped": "dit busnummer is niet gekend",
        "letter_relaxed": "let op, de letter bij dit huisnummer is niet precies de gevraagde",
        "range_first": "dit huisnummer hoort bij een reeks",
        "elsewhere": "Dit adres ligt in {place}, buiten {city}",
        "unknown": "Dit adres is niet gekend in {city}",
        "unknown_number": "Dit huisnummer is niet gekend in {street}; de nummers ernaast zijn {numbers}",
        "unknown_place": "De plaatsnaam is niet gekend; bedoelt u {label}?",
        "which number": "{street} loopt door meer dan één gebied; welk huisnummer is het? {choices}",
        "which address": "Er is meer dan één adres dat zo heet; welk bedoelt u? {choices}",
        "choice": "{label} ({place})",
        "all": "overal geldt hetzelfde aanspreekpunt: {name}",
        "or": "of",
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
        "at": "{label} se trouve dans {place}",
        "street": "Toute la rue {label} se trouve dans {place}",
        "address outside": "{label} se trouve en dehors de {city}",
        "address uncovered": "{label} se trouve à {city}, mais dans aucun quartier",
        "box_dropped": "ce numéro de boîte n'est pas connu",
        "letter_relaxed": "attention, la lettre de ce numéro n'est pas exactement celle qui est demandée",
        "range_first": "ce numéro fait partie d'une série",
        "elsewhere": "Cette adresse se trouve à {place}, en dehors de {city}",
        "unknown": "Cette adresse n'est pas connue à {city}",
        "unknown_number": "Ce numéro n'est pas connu dans {street} ; les numéros voisins sont {numbers}",
        "unknown_place": "Le nom de la localité n'est pas connu ; voulez-vous dire {label} ?",
        "which number": "{street} traverse plus d'un secteur ; quel est le numéro ? {choices}",
        "which address": "Plus d'une adresse porte ce nom ; laquelle voulez-vous dire ? {choices}",
        "choice": "{label} ({place})",
        "all": "l'interlocuteur est partout le même : {name}",
        "or": "ou",
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
        "at": "{label} lies in {place}",
        "street": "The whole street {label} lies in {place}",
        "address outside": "{label} lies outside {city}",
        "address uncovered": "{label} lies in {city}, but in no neighbourhood",
        "box_dropped": "this box is not known",
        "letter_relaxed": "note that the letter of this house number is not exactly the one asked for",
        "range_first": "this house number is part of a range",
        "elsewhere": "This address lies in {place}, outside {city}",
        "unknown": "This address is not known in {city}",
        "unknown_number": "This house number is not known in {street}; the numbers beside it are {numbers}",
        "unknown_place": "The name of the place is not known; do you mean {label}?",
        "which number": "{street} runs through more than one area; which house number is it? {choices}",
        "which address": "More than one address is called so; which one do you mean? {choices}",
        "choice": "{label} ({place})",
        "all": "the contact is the same everywhere: {name}",
        "or": "or",
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


MOST_CHOICES = 6
"""How many choices are read aloud."""

REMARKS = frozenset(["box_dropped", "letter_relaxed", "range_first"])
"""The precisions of an address about which there is something to say."""

USUAL_ROLE = "wijkmanager"
"""The role that the languages have a word for."""


def check_language(language: object) -> str:
    """Return the language if sentences are spoken in it; raises `RequestError`."""
    if not isinstance(language, str) or language not in PHRASES:
        raise RequestError(f"lang must be one of {', '.join(PHRASES)}.")
    return language


def summarise(
    decision: Decision,
    doubts: Sequence[Doubt],
    manifest: Manifest,
    language: str,
    address: AddressReference | None = None,
) -> str:
    """Say a decision and its doubts in one sentence, the nearest doubt first; of an address, how it was understood."""
    phrases = PHRASES[language]
    clauses = [_where(decision, manifest, phrases, address)]
    if address is not None and address.precision in REMARKS:
        clauses.append(phrases[address.precision])
    if decision.outcome is Outcome.VACANT:
        clauses.append(phrases["vacant"].format(role=_role(manifest, phrases)))
    clauses.extend(_whom(decision, manifest, phrases))
    clauses.extend(phrases[doubt.kind].format(name=doubt.name, distance=_distance(doubt, phrases)) for doubt in doubts)
    return "; ".join(clauses) + "."


def summarise_elsewhere(place: str, manifest: Manifest, language: str) -> str:
    """Say that an address lies in another municipality."""
    return PHRASES[language]["elsewhere"].format(place=place, city=manifest.city) + "."


def summarise_unknown(
    kind: str, street: str, candidates: Sequence[Candidate], manifest: Manifest, language: str
) -> str:
    """Say that an address is not known, and what may have been meant; `kind` is that of the match."""
    phrases = PHRASES[language]
    if kind == "unknown_number" and candidates:
        areas = {one.neighbourhood for one in candidates}
        numbers = [_number(one, phrases, with_area=len(areas) > 1) for one in candidates[:MOST_CHOICES]]
        return phrases[kind].format(street=street, numbers=_listed(numbers, phrases)) + "."
    if kind == "unknown_place" and candidates:
        return phrases[kind].format(label=candidates[0].address.label)
    return phrases["unknown"].format(city=manifest.city) + "."


def summarise_choice(
    street: str | None, candidates: Sequence[Candidate], contact: Contact | None, language: str
) -> str:
    """Ask which address is meant, naming what differs; of a street, which number. `contact` is the one they share."""
    phrases = PHRASES[language]
    telling = _telling(candidates)
    choices = []
    for one in candidates[:MOST_CHOICES]:
        label = one.numbers if street and one.numbers else one.address.label
        area = telling(one)
        person = one.contact.name if one.contact and contact is None else None
        place = ", ".join(filter(None, (area.name if area else None, person)))
        choices.append(phrases["choice"].format(label=label, place=place) if place else label)
    choices.extend(["…"] if len(candidates) > MOST_CHOICES else [])
    question = phrases["which number" if street else "which address"]
    said = question.format(street=street, choices="; ".join(choices))
    return f"{said}; {phrases['all'].format(name=contact.name)}." if contact else f"{said}."


def _where(decision: Decision, manifest: Manifest, phrases: dict[str, str], address: AddressReference | None) -> str:
    names = [decision.special_area.name] if decision.special_area else []
    names += [phrases["neighbourhood"].format(name=decision.neighbourhood.name)] if decision.neighbourhood else []
    names += [phrases["district"].format(name=decision.district.name)] if decision.district else []
    place = ", ".join(names)
    if address is None:
        return (
            phrases["here"].format(place=place) if names else phrases[decision.outcome.value].format(city=manifest.city)
        )
    if not names:
        return phrases[f"address {decision.outcome.value}"].format(label=address.label, city=manifest.city)
    return phrases["street" if address.precision == "street" else "at"].format(label=address.label, place=place)


def _telling(candidates: Sequence[Candidate]) -> Callable[[Candidate], Reference | None]:
    """The level of area that tells candidates apart: the neighbourhood if it can."""
    levels: tuple[Callable[[Candidate], Reference | None], ...] = (
        lambda one: one.neighbourhood,
        lambda one: one.special_area,
        lambda one: one.district,
    )
    return next((level for level in levels if len({level(one) for one in candidates}) > 1), levels[0])


def _number(candidate: Candidate, phrases: dict[str, str], *, with_area: bool) -> str:
    area = candidate.neighbourhood or candidate.district
    if not with_area or area is None:
        return candidate.numbers or ""
    return phrases["choice"].format(label=candidate.numbers, place=area.name)


def _listed(items: Sequence[str], phrases: dict[str, str]) -> str:
    """Items with commas, and 'or' before the last."""
    return f" {phrases['or']} ".join(filter(None, (", ".join(items[:-1]), items[-1])))


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
