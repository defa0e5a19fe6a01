"""An answer in one sentence, to be read aloud."""

from __future__ import annotations

from collections.abc import Sequence

from geo_lookup.answer import Border, Outcome
from geo_lookup.errors import RequestError
from geo_lookup.lookup import Decision
from geo_lookup.manifest import Manifest

PHRASES = {
    "nl": {
        "here": "Hier bent u in {place}",
        "neighbourhood": "de wijk {name}",
        "district": "stadsdeel {name}",
        "in charge": "uw wijkmanager is {name}",
        "vacant": "de post van wijkmanager is vacant",
        "cover": "{name} neemt waar",
        "service": "neem contact op met {name}",
        "phone": "telefoon {phone}",
        "email": "e-mail {email}",
        "near, same": "de grens met {names} ligt op {metres} meter, maar daar geldt hetzelfde aanspreekpunt",
        "near, other": "let op, de grens met {names} ligt op {metres} meter en daar geldt een ander aanspreekpunt",
        "near, city": "let op, de grens van de stad {city} ligt op {metres} meter",
        "near, special": "let op, de grens van {names}, met een eigen aanspreekpunt, ligt vlakbij",
        "outside": "Dit punt ligt buiten {city}",
        "uncovered": "Dit punt ligt in {city}, maar in geen enkele wijk",
        "and": "en",
    },
    "fr": {
        "here": "Vous êtes ici dans {place}",
        "neighbourhood": "le quartier {name}",
        "district": "district {name}",
        "in charge": "votre gestionnaire de quartier est {name}",
        "vacant": "le poste de gestionnaire de quartier est vacant",
        "cover": "{name} assure l'intérim",
        "service": "adressez-vous à {name}",
        "phone": "téléphone {phone}",
        "email": "courriel {email}",
        "near, same": "la limite avec {names} est à {metres} mètres, mais l'interlocuteur y est le même",
        "near, other": "attention, la limite avec {names} est à {metres} mètres et l'interlocuteur y est un autre",
        "near, city": "attention, la limite de la ville de {city} est à {metres} mètres",
        "near, special": "attention, la limite de {names}, qui a son propre interlocuteur, est toute proche",
        "outside": "Ce point se trouve en dehors de {city}",
        "uncovered": "Ce point se trouve à {city}, mais dans aucun quartier",
        "and": "et",
    },
    "en": {
        "here": "This is {place}",
        "neighbourhood": "the neighbourhood {name}",
        "district": "district {name}",
        "in charge": "your neighbourhood manager is {name}",
        "vacant": "the post of neighbourhood manager is vacant",
        "cover": "{name} stands in",
        "service": "please turn to {name}",
        "phone": "phone {phone}",
        "email": "e-mail {email}",
        "near, same": "the border with {names} is {metres} metres away, but the contact there is the same",
        "near, other": "note that the border with {names} is {metres} metres away and the contact there is another",
        "near, city": "note that the border of the city of {city} is {metres} metres away",
        "near, special": "note that the border of {names}, which has a contact of its own, is close by",
        "outside": "This point lies outside {city}",
        "uncovered": "This point lies in {city}, but in no neighbourhood",
        "and": "and",
    },
}
"""What is said, by language. Each sentence is put together from these parts."""


def check_language(language: str) -> str:
    """Return the language if sentences are spoken in it; raises `RequestError`."""
    if language not in PHRASES:
        raise RequestError(f"lang must be one of {', '.join(PHRASES)}.")
    return language


def summarise(
    decision: Decision, border: Border, special_areas: tuple[str, ...], manifest: Manifest, language: str
) -> str:
    """Say a decision and its doubts in one sentence; `special_areas` are those whose border is near."""
    phrases = PHRASES[language]
    clauses = [_where(decision, manifest, phrases)]
    if decision.outcome is Outcome.VACANT:
        clauses.append(phrases["vacant"])
    clauses.extend(_whom(decision, phrases))
    clauses.extend(_doubt(border, manifest, phrases))
    if special_areas:
        clauses.append(phrases["near, special"].format(names=_listed(special_areas, phrases)))
    return "; ".join(clauses) + "."


def _where(decision: Decision, manifest: Manifest, phrases: dict[str, str]) -> str:
    names = [decision.special_area.name] if decision.special_area else []
    names += [phrases["neighbourhood"].format(name=decision.neighbourhood.name)] if decision.neighbourhood else []
    names += [phrases["district"].format(name=decision.district.name)] if decision.district else []
    if names:
        return phrases["here"].format(place=", ".join(names))
    return phrases[decision.outcome.value].format(city=manifest.city)


def _whom(decision: Decision, phrases: dict[str, str]) -> list[str]:
    contact = decision.contact
    if contact is None:
        return []
    key = {"manager": "in charge", "cover": "cover", "service": "service"}[contact.reason]
    said = [phrases[key].format(name=contact.name)]
    if contact.phone:
        said.append(phrases["phone"].format(phone=contact.phone))
    elif contact.email:
        said.append(phrases["email"].format(email=contact.email))
    return [", ".join(said)]


def _doubt(border: Border, manifest: Manifest, phrases: dict[str, str]) -> list[str]:
    if not border.uncertain or border.distance_m is None:
        return []
    names = _listed([one.neighbourhood.name for one in border.neighbours], phrases)
    key = {None: "near, city", True: "near, same", False: "near, other"}[border.same_manager]
    return [phrases[key].format(names=names, city=manifest.city, metres=round(border.distance_m))]


def _listed(names: Sequence[str], phrases: dict[str, str]) -> str:
    """Names as one says them: 'a, b and c'."""
    return f" {phrases['and']} ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)
