"""A comparison as plain text: the shortest account first, then what it rests on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from geo_lookup.answer import Reference
from geo_lookup.comparison.addresses import Change
from geo_lookup.comparison.comparison import Comparison
from geo_lookup.comparison.handovers import Handover
from geo_lookup.comparison.layers import AreaChange, AreaVersion, LayerComparison, Move
from geo_lookup.comparison.people import PeopleComparison
from geo_lookup.comparison.records import FieldChange
from geo_lookup.reports.comparison_headlines import PLURALS, counted, few, headlines, hectares, percent

MOST_LINES = 25
"""How many lines of one kind are told; the JSON holds them all."""

Section = tuple[str, list[str]]


def comparison_text(c: Comparison) -> str:
    """Tell what differs between two editions, to be read in a terminal."""
    lines = [
        f"{c.before.city}: {c.before.id} (from {c.before.valid_from}) -> {c.after.id} (from {c.after.valid_from})",
        "",
        *headlines(c),
    ]
    for heading, told in sections(c):
        lines += ["", heading, *(f"  {line}" for line in told[:MOST_LINES])]
        if len(told) > MOST_LINES:
            lines.append(f"  … and {len(told) - MOST_LINES:,} more; the JSON has them all")
    return "\n".join(lines) + "\n"


def sections(c: Comparison) -> Iterator[Section]:
    """What the account rests on, under headings; a section that has nothing to tell is left out."""
    for layer in c.layers:
        yield from _some(PLURALS[layer.kind].capitalize(), _areas(layer))
        yield from _some(f"Ground that moves between {PLURALS[layer.kind]}", map(move_line, _besides(layer)))
    yield from _some("Who is in charge", _handovers(c.handovers))
    yield from _some("People", _people(c.people))
    yield from _some("Offices", _offices(c.people))
    yield from _some("Services and projects", _offers(c.people))
    if c.addresses is not None:
        for what in ("neighbourhoods", "districts", "managers"):
            yield from _some(f"Addresses by {what[:-1]}", map(_addresses, getattr(c.addresses, what)))


def _some(heading: str, lines: Iterable[str]) -> Iterator[Section]:
    told = list(lines)
    if told:
        yield heading, told


def _besides(layer: LayerComparison) -> list[Move]:
    return [move for move in layer.moves if move.reason not in ("split", "merged")]


def _areas(layer: LayerComparison) -> Iterator[str]:
    for change in layer.changes:
        if change.fate != "kept" or change.name_change or change.new_parent:
            yield change_line(change) + _whereabouts(change, layer)
    recoded = [one for one in layer.changes if one.fate == "kept" and one.recoded]
    if recoded:
        yield "another id: " + few([f"{one.before[0].id} -> {one.after[0].id}" for one in recoded])
    if layer.reused_ids:
        yield f"ids that now mean other ground: {few(list(layer.reused_ids))}"
    if layer.sliver_count:
        yield f"left aside: {counted(layer.sliver_count, 'sliver')} of {hectares(layer.slivers)} together"


def change_line(change: AreaChange) -> str:
    """What becomes of an area, in one line."""
    before, after = (_versions(side) for side in (change.before, change.after))
    if change.fate == "split":
        return f"{before} is split into {after}"
    if change.fate == "merged":
        return f"{before} are now {after}"
    if change.fate in ("vanished", "appeared"):
        return f"{before or after} {'is gone' if before else 'is new'}"
    told = [
        {"renamed": f"is now called {change.after[0].name}", "respelt": f"is now spelt {change.after[0].name}"}.get(
            change.name_change or "", ""
        ),
        "lies in another district" if change.new_parent else "",
    ]
    return f"{change.before[0].name} " + " and ".join(filter(None, told))


def _whereabouts(change: AreaChange, layer: LayerComparison) -> str:
    """Where the ground of an area that is gone went for the most part, or that of a new one came from."""
    if change.fate == "vanished":
        parts = [one for one in layer.moves if one.before and one.before.id == change.before[0].id]
        largest = max(parts, key=lambda one: one.hectares, default=None)
        return f", {percent(largest.share_of_before)} of it to {_where(largest.after)}" if largest else ""
    if change.fate == "appeared":
        parts = [one for one in layer.moves if one.after and one.after.id == change.after[0].id]
        largest = max(parts, key=lambda one: one.hectares, default=None)
        return f", {percent(largest.share_of_after)} of it from {_where(largest.before)}" if largest else ""
    return ""


def _versions(areas: Iterable[AreaVersion]) -> str:
    return few([f"{area.name} ({hectares(area.hectares)})" for area in areas])


def move_line(move: Move) -> str:
    """Which ground goes where, in one line."""
    share = f", {percent(move.share_of_before)} of it" if move.before else ""
    managers = ""
    if move.before and move.after and move.manager_before != move.manager_after:
        managers = f"; {_who(move.manager_before)} -> {_who(move.manager_after)}"
    return f"{hectares(move.hectares)} from {_where(move.before)} to {_where(move.after)}{share}{managers}"


def _where(area: Reference | None) -> str:
    return "outside" if area is None else area.name


def _who(manager: Reference | None) -> str:
    return "nobody" if manager is None else manager.name


def _handovers(handovers: Iterable[Handover]) -> Iterator[str]:
    """The handovers from one person to another together, with the areas."""
    together: defaultdict[tuple[str, str, str], list[Handover]] = defaultdict(list)
    for one in handovers:
        was, is_now = one.contact_before or _who(one.before), one.contact_after or _who(one.after)
        together[one.role if one.contact_before is None else f"{one.role}, vacant", was, is_now].append(one)
    for (role, was, is_now), ones in together.items():
        places = [
            _where(one.area_after or one.area_before)
            if one.whole
            else f"{hectares(one.hectares)} of {_where(one.area_after or one.area_before)}"
            for one in ones
        ]
        yield f"{role}: {was} -> {is_now}: {few(places)}"


def _people(people: PeopleComparison) -> Iterator[str]:
    yield from (f"{one.name} comes" for one in people.came)
    yield from (f"{one.name} goes" for one in people.went)
    yield from (f"{one.record.name}: {_fields(one.fields)}" for one in people.changed)
    if people.contact:
        yield f"the service: {_fields(people.contact)}"


def _offices(people: PeopleComparison) -> Iterator[str]:
    yield from (f"{one.name} opens" for one in people.offices_opened)
    yield from (f"{one.name} closes" for one in people.offices_closed)
    for one in people.offices_changed:
        moved = f"moves {one.moved_m:,.0f} m" if one.moved_m else ""
        yield f"{one.record.name}: {'; '.join(filter(None, (moved, _fields(one.fields))))}"


def _fields(fields: Iterable[FieldChange]) -> str:
    return "; ".join(f"{one.field} {one.before or 'none'} -> {one.after or 'none'}" for one in fields)


def _offers(people: PeopleComparison) -> Iterator[str]:
    yield from (f"{one.what} begins in {one.area.name}" for one in people.services_begun + people.projects_begun)
    yield from (f"{one.what} ends in {one.area.name}" for one in people.services_ended + people.projects_ended)


def _addresses(change: Change) -> str:
    follows = " (it is split or merged)" if change.follows else ""
    names = [one.name if one else "none" for one in (change.before, change.after)]
    return f"{change.addresses:,} from {names[0]} to {names[1]}{follows}"
