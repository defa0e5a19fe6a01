"""The tables that benches write into the README, each between two marks that hold its name, and goals in them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

README = Path(__file__).parents[2] / "README.md"


def write_table(name: str, lines: Iterable[str]) -> None:
    """Put a table in the place of the one that stands there."""
    begin, end = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
    before, found, rest = README.read_text("utf-8").partition(begin)
    if not found:
        raise RuntimeError(f"the README has no {begin}.")
    README.write_text("\n".join([before + begin, *lines, end + rest.partition(end)[2]]), "utf-8")


def at_most(measured: float, goal: float, unit: str = "") -> str:
    """A goal, and that it is missed where it is."""
    return f"goal ≤ {goal:,g}{unit}{'' if measured <= goal else ', missed'}"


def at_least(measured: float, goal: float, unit: str = "") -> str:
    """The same for a goal that is to be reached from below."""
    return f"goal ≥ {goal:,g}{unit}{'' if measured >= goal else ', missed'}"
