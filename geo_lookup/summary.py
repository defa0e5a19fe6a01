"""An answer in one sentence, to be read aloud."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from geo_lookup.answer import AddressReference, Candidate, Contact, Outcome, Reference
from geo_lookup.borders import Doubt
from geo_lookup.languages import to_translate, translations
from geo_lookup.lookup import Decision
from geo_lookup.manifest import Manifest

PHRASES = {
    "role": to_translate("neighbourhood manager"),
    "at": to_translate("{label} lies in {place}"),
    "street": to_translate("The whole street {label} lies in {place}"),
    "address outside": to_translate("{label} lies outside {city}"),
    "address uncovered": to_translate("{label} lies in {city}, but in no neighbourhood"),
    "box_dropped": to_translate("this box is not known"),
    "letter_relaxed": to_translate("note that the letter of this house number is not exactly the one asked for"),
    "range_first": to_translate("this house number is part of a range"),
    "elsewhere": to_translate("This address lies in {place}, outside {city}"),
    "unknown": to_translate("This address is not known in {city}"),
    "unknown_number": to_translate("This house number is not known in {street}; the numbers beside it are {numbers}"),
    "unknown_place": to_translate("The name of the place is not known; do you mean {label}?"),
    "which number": to_translate("{street} runs through more than one area; which house number is it? {choices}"),
    "which address": to_translate("More than one address is called so; which one do you mean? {choices}"),
    "choice": to_translate("{label} ({place})"),
    "all": to_translate("the contact is the same everywhere: {name}"),
    "or": to_translate("or"),
    "here": to_translate("This is {place}"),
    "neighbourhood": to_translate("the neighbourhood {name}"),
    "district": to_translate("district {name}"),
    "manager": to_translate("your {role} is {name}"),
    "vacant": to_translate("the post of {role} is vacant"),
    "cover": to_translate("{name} stands in"),
    "service": to_translate("please turn to {name}"),
    "phone": to_translate("phone {phone}"),
    "email": to_translate("e-mail {email}"),
    "same": to_translate("the border with {name} is within {distance}, but the contact there is the same"),
    "other": to_translate("note that the border with {name} is within {distance} and the contact there is another"),
    "special": to_translate("note that the border of {name}, which has a contact of its own, is within {distance}"),
    "leaving": to_translate("note that {name} ends within {distance} and the contact beyond is another"),
    "city": to_translate("note that the border of the city of {name} is within {distance}"),
    "outside": to_translate("This point lies outside {city}"),
    "uncovered": to_translate("This point lies in {city}, but in no neighbourhood"),
}
"""What is said. Each sentence is put together from these parts."""

LOCALE = Path(__file__).parent / "locale"

MOST_CHOICES = 6
"""How many choices are read aloud."""

REMARKS = frozenset(["box_dropped", "letter_relaxed", "range_first"])
"""The precisions of an address about which there is something to say."""

USUAL_ROLE = "wijkmanager"
"""The role that the languages have a word for."""


@cache
def _spoken(language: str) -> dict[str, str]:
    """The phrases in a language."""
    catalogue = translations(LOCALE, language)
    return {name: catalogue.gettext(phrase) for name, phrase in PHRASES.items()}


def summarise(
    decision: Decision,
    doubts: Sequence[Doubt],
    manifest: Manifest,
    language: str,
    address: AddressReference | None = None,
) -> str:
    """Say a decision and its doubts in one sentence, the nearest doubt first; of an address, how it was understood."""
    phrases = _spoken(language)
    if address is not None:
        said = _said(decision, manifest, phrases, address)
    elif (said := decision.said.get(language, "")) == "":
        said = decision.said[language] = _said(decision, manifest, phrases, None)
    for doubt in doubts:
        said += f"; {_warned(doubt, phrases, language)}"
    return f"{said}."


def summarise_elsewhere(place: str, manifest: Manifest, language: str) -> str:
    """Say that an address lies in another municipality."""
    return _spoken(language)["elsewhere"].format(place=place, city=manifest.city) + "."


def summarise_unknown(
    kind: str, street: str, candidates: Sequence[Candidate], manifest: Manifest, language: str
) -> str:
    """Say that an address is not known, and what may have been meant; `kind` is that of the match."""
    phrases = _spoken(language)
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
    phrases = _spoken(language)
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


def _said(decision: Decision, manifest: Manifest, phrases: dict[str, str], address: AddressReference | None) -> str:
    """A decision as a sentence without an end."""
    clauses = [_where(decision, manifest, phrases, address)]
    if address is not None and address.precision in REMARKS:
        clauses.append(phrases[address.precision])
    if decision.outcome is Outcome.VACANT:
        clauses.append(phrases["vacant"].format(role=_role(manifest, phrases)))
    clauses.extend(_whom(decision, manifest, phrases))
    return "; ".join(clauses)


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


def _warned(doubt: Doubt, phrases: dict[str, str], language: str) -> str:
    """What a doubt is about, and the whole metres within which its border lies."""
    metres = math.floor(doubt.distance_m) + 1
    distance = translations(LOCALE, language).ngettext("{metres} metre", "{metres} metres", metres)
    return phrases[doubt.kind].format(name=doubt.name, distance=distance.format(metres=metres))
