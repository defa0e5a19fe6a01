"""An answer as a card of HTML, which notebooks show: whom to turn to first, then where it is, then every doubt.

The card stands on its own: its style is in it, it asks for nothing from elsewhere, and whatever comes from the
edition or from the question is escaped.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # which is imported when a card is drawn: not whoever only imports geo_lookup waits for it
    from jinja2 import Template

REASONS = {
    "manager": "in charge here",
    "cover": "stands in",
    "service": "the city's service",
}
"""What the reason of a contact means."""

OUTCOMES = {
    "assigned": "",
    "vacant": "The post is vacant.",
    "ambiguous": "More than one address may be meant, and they differ.",
    "outside": "This lies outside the city.",
    "uncovered": "This lies in the city, but in no neighbourhood of its layer.",
    "unknown_address": "No such address is known.",
}
"""What an outcome means, where it is not the usual one."""

TELEPHONE_KEEPS = frozenset("+0123456789")


def answer_card(told: Mapping[str, Any]) -> str:
    """Draw the card of an answer that is given as plain JSON values, as `Answer.to_dict` tells them."""
    card: str = _template().render(a=told, reasons=REASONS, outcomes=OUTCOMES)
    return card


def _dialled(number: str) -> str:
    """A telephone number as a link dials it."""
    return "".join(character for character in number if character in TELEPHONE_KEEPS)


def _metres(distance: float) -> str:
    """A distance as people say it."""
    return f"{distance:.0f} m" if distance < 1000 else f"{distance / 1000:.1f} km"


@lru_cache(maxsize=1)
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    source = Path(__file__).with_suffix(".html").read_text(encoding="utf-8")
    drawing = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    drawing.filters |= {"dialled": _dialled, "metres": _metres}
    return drawing.from_string(source)
