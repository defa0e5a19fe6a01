"""Names as people hear them: without accents, capitals, spaces and hyphens."""

from __future__ import annotations

import unicodedata


def loosely(name: str) -> str:
    """What is left of a name when only its letters and digits count, so that 'Nieuwe-Kempen' is 'Nieuwe Kempen'."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKD", name).casefold()))
