"""Which district a neighbourhood belongs to: as a field says, or as a table says; districts drawn or dissolved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from geo_lookup.loading.features import Feature, union
from geo_lookup.loading.tables import read_table
from geo_lookup.manifest import LayerSource, TableSource
from geo_lookup.model import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class DistrictMember:
    """A row of the table that names the district of each neighbourhood, by the latter's id or name."""

    district_id: str
    district_name: str | None = None
    neighbourhood_id: str | None = None
    neighbourhood_name: str | None = None


def with_districts(
    neighbourhoods: list[Feature], source: TableSource, folder: Path, findings: list[Finding]
) -> list[Feature]:
    """Neighbourhoods with the district that a table names for them: each neighbourhood once, all of them."""

    def fault(rule: str, message: str, row: int | None = None) -> None:
        findings.append(Finding("error", rule, source.path, message, row))

    table = read_table(source, folder, DistrictMember, findings)
    if not neighbourhoods or not table.readable:
        return neighbourhoods
    known = {one.name: one for one in neighbourhoods} | {one.id: one for one in neighbourhoods}
    members: dict[str, DistrictMember] = {}
    for number, member in table.rows:
        named = member.neighbourhood_id or member.neighbourhood_name
        found = known.get(named or "")
        if found is None:
            fault(
                "unknown-area",
                f"there is no neighbourhood '{named}'." if named else "no neighbourhood is named.",
                number,
            )
        elif found.id in members:
            fault("duplicate-id", f"the neighbourhood '{named}' is given a district twice.", number)
        else:
            members[found.id] = member
    placed = []
    for one in neighbourhoods:
        if one.id in members:
            member = members[one.id]
            placed.append(one._replace(parent_id=member.district_id, parent_name=member.district_name))
        else:
            fault("unknown-parent", f"the neighbourhood '{one.name}' ({one.id}) is given no district.")
            placed.append(one)
    return placed


def check_parents(
    source: LayerSource, neighbourhoods: Iterable[Feature], districts: list[Feature], findings: list[Finding]
) -> None:
    """Note every neighbourhood whose district is not among the districts that were drawn."""
    known = {district.id for district in districts}
    for one in neighbourhoods if known else ():
        if one.parent_id is None:
            message = "its district is not stated; name the field in `parent`, or give a table `districts`."
        elif one.parent_id not in known:
            message = f"there is no district '{one.parent_id}'."
        else:
            continue
        findings.append(Finding("error", "unknown-parent", source.path, message, one.row, source.parent))


def dissolved(source: LayerSource, neighbourhoods: Iterable[Feature], findings: list[Finding]) -> list[Feature]:
    """Districts made of the neighbourhoods that name them; named by their id where no name is given."""
    members: dict[str, list[Feature]] = {}
    for one in neighbourhoods:
        if one.parent_id:
            members.setdefault(one.parent_id, []).append(one)
    districts = []
    for district_id, parts in members.items():
        names = sorted({part.parent_name or district_id for part in parts})
        if len(names) > 1:
            message = f"the district '{district_id}' goes by several names: {', '.join(names)}."
            findings.append(Finding("error", "district-name", source.path, message, field=source.parent_name))
        districts.append(
            Feature(parts[0].row, district_id, names[0], None, None, union(part.geometry for part in parts))
        )
    return districts
