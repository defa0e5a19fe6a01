"""The shortest true account of a comparison: a few sentences to read before one edition takes the other's place."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from geo_lookup.comparison.addresses import total
from geo_lookup.comparison.comparison import Comparison
from geo_lookup.comparison.layers import Fate, LayerComparison
from geo_lookup.model import AreaKind

PLURALS = {
    AreaKind.NEIGHBOURHOOD: "neighbourhoods",
    AreaKind.DISTRICT: "districts",
    AreaKind.SPECIAL_AREA: "special areas",
}

FATE_WORDS: tuple[tuple[Fate, str], ...] = (
    ("split", "{} split"),
    ("merged", "{} made of several"),
    ("vanished", "{} gone"),
    ("appeared", "{} new"),
)
M2_PER_HA = 10_000


def headlines(c: Comparison) -> tuple[str, ...]:
    """What changes, and what does not, a sentence each."""
    if not c.differs:
        return ("Nothing changes.", *_addresses(c))
    sentences = (
        (sentence for layer in c.layers for sentence in _layer(layer)),
        _in_charge(c),
        _people(c),
        _offers(c),
        _addresses(c),
    )
    return tuple(chain.from_iterable(sentences))


def hectares(ha: float) -> str:
    """An area as people read it: hectares, or square metres where those would be none."""
    return f"{ha:,.1f} ha" if ha >= 0.1 else f"{ha * M2_PER_HA:,.0f} m²"


def percent(share: float | None) -> str:
    """A share from 0 to 1 in percent, with a decimal where it says something; '' where there is none."""
    if share is None:
        return ""
    return f"{share:.0%}".replace("%", " %") if share > 0.995 else f"{share * 100:.1f} %"


def counted(number: int, one: str, many: str | None = None) -> str:
    """A number of things: '1 office', '2 offices'."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(parts: list[str]) -> str:
    """Parts of a sentence, one after the other, without those that are empty."""
    told = [part for part in parts if part]
    return ", ".join(told[:-1]) + (" and " if len(told) > 1 else "") + "".join(told[-1:])


def _layer(layer: LayerComparison) -> Iterator[str]:
    kept = [one for one in layer.changes if one.fate == "kept"]
    name = PLURALS[layer.kind].capitalize()
    if not layer.changes:
        return
    if not layer.differs:
        yield f"{name}: {len(kept)} kept as they are."
        return
    fates = {fate: sum(one.fate == fate for one in layer.changes) for fate, _ in FATE_WORDS}
    how = [words.format(fates[fate]) for fate, words in FATE_WORDS if fates[fate]]
    names = [one.name_change for one in kept]
    small = {
        "renamed": names.count("renamed"),
        "only spelt otherwise": names.count("respelt"),
        "with another id": sum(one.recoded for one in kept),
        "in another district": sum(one.new_parent for one in kept),
        "with another border": sum(one.new_border for one in kept),
    }
    of_them = ", ".join(f"{count} {words}" for words, count in small.items() if count)
    how.append(f"{len(kept)} kept" + (f" ({of_them})" if of_them else ""))
    yield f"{name}: {listed(how)}."
    yield from _ground(layer)
    if layer.reused_ids:
        yield f"Beware: {counted(len(layer.reused_ids), 'id')} of {PLURALS[layer.kind]} now mean other ground."


def _ground(layer: LayerComparison) -> Iterator[str]:
    apart = any(one.fate in ("split", "merged") for one in layer.changes)
    if layer.moved:
        besides = ", besides what is split or merged" if apart else ""
        yield (
            f"{hectares(layer.moved)} ({percent(layer.moved_share)}) of their ground goes from one to another{besides}."
        )
    if layer.gained:
        yield f"{hectares(layer.gained)} lie in one of them that lay in none."
    if layer.lost:
        yield f"{hectares(layer.lost)} lie in none of them any more."


def _in_charge(c: Comparison) -> Iterator[str]:
    main = [one for one in c.handovers if one.role == c.main_role]
    others = [one for one in main if one.before != one.after]
    if not others:
        yield f"On {c.on} the same people are in charge everywhere."
    else:
        ground = hectares(sum(one.hectares for one in others))
        areas = {one.area_after for one in others if one.area_after}
        yield f"On {c.on} somebody else is in charge of {ground}, in {counted(len(areas), 'area')}."
    for begin_or_end, vacant in (("begin", c.vacancies_begun), ("end", c.vacancies_ended)):
        if vacant:
            yield f"Vacancies {begin_or_end} in {few([one.name for one in vacant])}."
    if len(main) > len(others):
        yield f"Where the post stays vacant, {counted(len(main) - len(others), 'area')} get another contact."
    roles = sorted({one.role for one in c.handovers} - {c.main_role})
    if roles:
        yield f"Other roles change hands: {few(roles)}."


def few(names: list[str], most: int = 6) -> str:
    """Names one after the other, and how many more there are."""
    more = len(names) - most
    return listed([*names[:most], f"{more} more"] if more > 0 else names)


def _people(c: Comparison) -> Iterator[str]:
    people = c.people
    managers = [
        f"{len(people.came)} new" if people.came else "",
        f"{len(people.went)} gone" if people.went else "",
        f"{len(people.changed)} with other details" if people.changed else "",
    ]
    if any(managers):
        yield f"Managers: {listed(managers)}."
    offices = [
        f"{len(people.offices_opened)} opened" if people.offices_opened else "",
        f"{len(people.offices_closed)} closed" if people.offices_closed else "",
        f"{len(people.offices_changed)} changed" if people.offices_changed else "",
    ]
    if any(offices):
        yield f"Offices: {listed(offices)}."


def _offers(c: Comparison) -> Iterator[str]:
    people = c.people
    for what, begun, ended in (
        ("Services", people.services_begun, people.services_ended),
        ("Projects", people.projects_begun, people.projects_ended),
    ):
        if begun or ended:
            yield f"{what}: {len(begun)} begin and {len(ended)} end in an area."
    if people.contact:
        yield "The service itself can be reached otherwise."


def _addresses(c: Comparison) -> Iterator[str]:
    compared = c.addresses
    if compared is None:
        yield "No addresses were compared: neither edition has any."
        return
    of_all = f"Of {counted(compared.count, 'address', 'addresses')} ({compared.source})"
    yield (
        f"{of_all} {total(compared.neighbourhoods):,} change neighbourhood, "
        f"{total(compared.districts):,} district and {total(compared.managers):,} manager."
    )
    if follow := total(compared.neighbourhoods, follows=True):
        yield f"Another {follow:,} lie in a neighbourhood that is split or merged."
    if compared.unread:
        yield f"{counted(compared.unread, 'row')} of the table could not be read."
