"""What is told of the areas of one kind: what becomes of each, and which ground goes from which to which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from shapely.geometry.base import BaseGeometry

from geo_lookup.answer import Reference
from geo_lookup.model import AreaKind

Fate = Literal["kept", "split", "merged", "appeared", "vanished"]
NameChange = Literal["renamed", "respelt"]
Reason = Literal["moved", "split", "merged", "gained", "lost"]

FATES: tuple[Fate, ...] = ("split", "merged", "vanished", "appeared", "kept")
REASONS: tuple[Reason, ...] = ("split", "merged", "moved", "gained", "lost")
"""Fates and reasons in the order in which a reader wants to hear of them."""


@dataclass(frozen=True, slots=True)
class AreaVersion:
    """An area as it is in one of the editions."""

    id: str
    name: str
    parent_id: str | None
    hectares: float


@dataclass(frozen=True, slots=True)
class AreaChange:
    """What becomes of an area, or of several that are split or merged.

    Of one that is kept, `name_change` says whether it is renamed or only spelt otherwise, `recoded` whether it has
    another id, `new_parent` whether it lies in a district that is not the one it lay in, and `new_border` whether
    ground moved to it or from it. `shared` is the ground that stays, in hectares.
    """

    fate: Fate
    before: tuple[AreaVersion, ...]
    after: tuple[AreaVersion, ...]
    shared: float
    name_change: NameChange | None = None
    recoded: bool = False
    new_parent: bool = False
    new_border: bool = False

    @property
    def changes(self) -> bool:
        """Whether anything is not as it was."""
        told = self.name_change, self.recoded, self.new_parent, self.new_border
        return self.fate != "kept" or any(told)


@dataclass(frozen=True, slots=True)
class Move:
    """Ground that lies in another area than before, and why: it moved, or its area was split or merged.

    Ground is `gained` that was in no area, and `lost` where it is in none any more. Shares are of the whole areas,
    from 0 to 1. `geometry` is a multipolygon in the metric CRS, without slivers, and `hectares` is its size. The
    managers are those in the main role of the areas as such, None for a vacancy.
    """

    reason: Reason
    before: Reference | None
    after: Reference | None
    hectares: float
    share_of_before: float | None
    share_of_after: float | None
    geometry: BaseGeometry
    manager_before: Reference | None = None
    manager_after: Reference | None = None


@dataclass(frozen=True, slots=True)
class LayerComparison:
    """The areas of one kind compared.

    `shared` is the ground in hectares that lies in areas of both editions, `moved` what of it lies in another area
    than before, besides what follows a split or a merger, and `moved_share` that as a share of it. `gained` and `lost`
    is ground that lies in an area of one edition alone. All of them without slivers, whose sum and number are apart.
    `reused_ids` are ids that now mean other ground. `moves` are ordered by reason, and from the largest on.
    `successors` are by the id of each area of before the ids of those in which it goes on.
    """

    kind: AreaKind
    changes: tuple[AreaChange, ...]
    moves: tuple[Move, ...]
    reused_ids: tuple[str, ...]
    shared: float
    moved: float
    moved_share: float
    gained: float
    lost: float
    slivers: float
    sliver_count: int
    successors: dict[str, tuple[str, ...]]

    @property
    def differs(self) -> bool:
        """Whether anything is not as it was."""
        return any(change.changes for change in self.changes) or bool(self.moves)
