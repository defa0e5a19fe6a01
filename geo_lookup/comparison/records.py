"""Records of two editions side by side: which came, which went, and which fields of the others changed.

Records are the same where their ids are; of those that are left, where their names are, so that new codes are no new
people.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from geo_lookup.answer import Reference
from geo_lookup.comparison.matching import spelt_alike


class Named(Protocol):
    """Something with an id and a name."""

    @property
    def id(self) -> str:
        """Its id, unique in an edition."""

    @property
    def name(self) -> str:
        """Its name, as people read it."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """What a field said, and what it says now; None where it is empty."""

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class RecordChange:
    """Something that is in both editions, with what changed. `record` is as it is called now."""

    record: Reference
    fields: tuple[FieldChange, ...]


Record = TypeVar("Record", bound=Named)


def pair_up(before: Iterable[Record], after: Iterable[Record]) -> list[tuple[Record | None, Record | None]]:
    """Pairs of a record as it was and as it is, ordered by id; None where there is no other."""
    left, new = {one.id: one for one in before}, {one.id: one for one in after}
    pairs: list[tuple[Record | None, Record | None]] = [(left.pop(key), new.pop(key)) for key in left.keys() & new]
    for one in list(left.values()):
        alike = [other for other in new.values() if spelt_alike(one.name, other.name)]
        rivals = [other for other in left.values() if spelt_alike(one.name, other.name)]
        if len(alike) == len(rivals) == 1:
            pairs.append((left.pop(one.id), new.pop(alike[0].id)))
    pairs += [(one, None) for one in left.values()] + [(None, one) for one in new.values()]
    return sorted(pairs, key=lambda pair: [(one.id if one else "") for one in reversed(pair)])


def reference(record: Named) -> Reference:
    """A record by its id and its name."""
    return Reference(record.id, record.name)


def changed_fields(before: object, after: object, names: Sequence[str]) -> tuple[FieldChange, ...]:
    """The fields that say something else than before."""
    values = [(name, getattr(before, name), getattr(after, name)) for name in names]
    return tuple(
        FieldChange(name, _text(old), _text(new)) for name, old, new in values if _comparable(old) != _comparable(new)
    )


def identities(pairs: Iterable[tuple[Named | None, Named | None]]) -> Mapping[str, str]:
    """By the id of before, the id that the same record has now; its own where it went."""
    return {old.id: new.id if new else old.id for old, new in pairs if old is not None}


def _comparable(value: Any) -> Any:
    return tuple(sorted(value)) if isinstance(value, tuple) else value


def _text(value: Any) -> str | None:
    return "; ".join(value) or None if isinstance(value, tuple) else None if value is None else str(value)
