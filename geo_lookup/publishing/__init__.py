"""From a city's files to an edition that can be trusted: checked, written whole, sealed, switched to in one step."""

KEEP = 5
"""How many editions stay, if nothing else is said."""
