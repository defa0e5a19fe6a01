"""Which district a neighbourhood belongs to: as a field says, or as a table says; districts drawn or dissolved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from geo_lookup.loading.features import Feature, union
from geo_lookup.loading.tables import Table
from geo_lookup.manifest import LayerSource
from geo_lookup.model import Finding
from geo_lookup.spelling import loosely


@dataclass(frozen=True, slots=True, kw_only=True)
class DistrictMember:
    """A row of the table that names the district of each neighbourhood, by the latter's id or name."""

    district_id: str
    district_name: str | None = field(default=None, metadata={"alternative": True})
    neighbourhood_id: str | None = field(default=None, metadata={"alternative": True})
    neighbourhood_name: str | None = field(default=None, metadata={"alternative": True})


def with_districts(
    neighbourhoods: list[Feature], table: Table[DistrictMember], file: str, findings: list[Finding]
) -> list[Feature]:
    """Neighbourhoods with the district that a table names for them: each neighbourhood once, all of them."""

    def fault(rule: str, message: str, row: int | None = None) -> None:
        findings.append(Finding("error", rule, file, message, row))

    known = {one.name: one for one in neighbourhoods} | {one.id: one for one in neighbourhoods}
    placed: dict[str, Feature] = {}
    for number, member in table.rows:
        named = member.neighbourhood_id or member.neighbourhood_name
        found = known.get(named or "")
        if found is None:
            alike = next((one.name for one in neighbourhoods if named and loosely(one.name) == loosely(named)), None)
            if alike:
                fault("spelling", f"the neighbourhood '{named}' is spelt '{alike}' in the layer.", number)
            else:
                message = f"there is no neighbourhood '{named}'." if named else "no neighbourhood is named."
                fault("unknown-area", message, number)
        elif found.id in placed:
            fault("duplicate-id", f"the neighbourhood '{named}' is given a district twice.", number)
        else:
            placed[found.id] = found._replace(
                parent_id=member.district_id, parent_name=member.district_name, parent_place=(file, number, None)
            )
    for one in neighbourhoods:
        if one.id not in placed:
            fault("unknown-parent", f"the neighbourhood '{one.name}' ({one.id}) is given no district.")
    return [placed.get(one.id, one) for one in neighbourhoods]


def check_parents(
    source: LayerSource, neighbourhoods: Iterable[Feature], districts: list[Feature], findings: list[Finding]
) -> None:
    """Note every neighbourhood whose district is not among the districts that were drawn, where that was said."""
    known = {district.id for district in districts}
    stated = [one for one in neighbourhoods if one.parent_id is not None]
    if not stated and source.parent is None:
        message = "no neighbourhood's district is stated; name the field in `parent`, or give a table `districts`."
        findings.append(Finding("error", "unknown-parent", source.path, message, field="parent"))
    for one in stated:
        if one.parent_id not in known:
            file, row, field = one.parent_place or (source.path, one.row, source.parent)
            message = f"the district '{one.parent_id}' of '{one.name}' is not in the layer of districts."
            findings.append(Finding("error", "unknown-parent", file, message, row, field))


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
