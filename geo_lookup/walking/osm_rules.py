"""Which ways of OpenStreetMap people may walk, and which nodes stop them; by tags alone.

What a tag means stands in the OSM wiki: Key:highway, Key:access (its hierarchy: `foot` goes before `access`), Key:foot,
Key:barrier, Key:sidewalk, Key:motorroad, Key:locked, and OSM tags for routing/Access restrictions, Belgium, for what
holds where nothing is tagged. Belgian pedestrians may use a cycleway where there is no pavement, but not a bridleway.

| tags | walked |
|---|---|
| `highway` of `WALKED`; `railway` or `public_transport=platform`, `man_made=pier` | yes |
| `highway` of `ONLY_IF_SAID` (fast roads, bridleways, busways) | if `foot` or a pavement says so |
| any other `highway`: motorways, `construction`, `proposed`, … | no, whatever `foot` says |
| `motorroad=yes` | if `foot` says so |
| `foot` of `FORBIDDEN`, `use_sidepath` (its pavement is a way of its own) | no |
| `access` of `FORBIDDEN` | if `foot` says so |
| `area=yes` | yes, along its edge |
| steps, corridors, platforms, lifts, fords, `oneway` | as if nothing were said of them: yes, in both directions |
| `route=ferry` | no: it has no `highway` |

What holds at some hours only (`foot:conditional`, `opening_hours`) is not looked at. The few ways that are one-way for
walkers too (`oneway:foot`) are taken both ways, and counted.
"""

from __future__ import annotations

from collections.abc import Mapping

WALKED = frozenset(
    ["corridor", "crossing", "cycleway", "elevator", "footway", "living_street", "path", "pedestrian",
     "platform", "primary", "primary_link", "residential", "road", "secondary", "secondary_link", "service", "steps",
     "tertiary", "tertiary_link", "track", "unclassified"]
)  # fmt: skip
"""The classes of `highway` that are walked where nothing else is said."""

ONLY_IF_SAID = frozenset(["bridleway", "bus_guideway", "busway", "ladder", "trunk", "trunk_link", "via_ferrata"])
"""Those that are walked where `foot` allows it, or a pavement is there."""

ALLOWED = frozenset(["designated", "destination", "official", "permissive", "yes", "customers"])
"""Values of `foot` that let people walk."""

FORBIDDEN = frozenset(
    ["agricultural", "delivery", "emergency", "forestry", "military", "no", "permit", "private", "residents"]
)
"""Values of `access`, and of `foot`, that keep the public out; where it is `discouraged` it may still walk."""

PAVEMENTS = ("sidewalk", "sidewalk:both", "sidewalk:left", "sidewalk:right")
WITH_PAVEMENT = frozenset(["both", "left", "right", "yes"])

CLOSED = frozenset(["city_wall", "ditch", "fence", "hedge", "retaining_wall", "wall"])
"""Values of `barrier` that stop people where nothing else is said; gates, bollards, stiles and their like do not."""

NOT_TAGGED = "no highway"

Tags = Mapping[str, str]


def why_not_walked(tags: Tags) -> str | None:
    """Why people may not walk along a way, in a word or two; None where they may, `NOT_TAGGED` where it is no path."""
    highway = tags.get("highway")
    if highway is None and not _walked_without_highway(tags):
        return NOT_TAGGED
    if highway is not None and highway not in WALKED and highway not in ONLY_IF_SAID:
        return f"highway={highway}"
    foot, access = tags.get("foot"), tags.get("access")
    if foot in FORBIDDEN or foot == "use_sidepath":
        return f"foot={foot}"
    if foot in ALLOWED:
        return None
    if access in FORBIDDEN:
        return f"access={access}"
    if tags.get("motorroad") == "yes":
        return "motorroad=yes"
    if highway in ONLY_IF_SAID and not _has_pavement(tags):
        return f"highway={highway}"
    return None


def stops_walkers(tags: Tags) -> bool:
    """Whether people cannot pass a node: a barrier that is closed to them, or of a kind that nobody passes."""
    barrier, foot, access = tags.get("barrier"), tags.get("foot"), tags.get("access")
    if barrier is None or foot in ALLOWED:
        return False
    return foot in FORBIDDEN or access in FORBIDDEN or tags.get("locked") == "yes" or barrier in CLOSED


def one_way_for_walkers(tags: Tags) -> bool:
    """Whether a way says that people, too, may walk it in one direction alone."""
    directions = (tags.get("foot:forward"), tags.get("foot:backward"))
    return tags.get("oneway:foot") in ("yes", "1", "-1") or "no" in directions


def _walked_without_highway(tags: Tags) -> bool:
    return "platform" in (tags.get("railway"), tags.get("public_transport")) or tags.get("man_made") == "pier"


def _has_pavement(tags: Tags) -> bool:
    return any(tags.get(key) in WITH_PAVEMENT for key in PAVEMENTS)
