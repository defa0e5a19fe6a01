"""Reads the fenced blocks of Markdown: what documentation shows, so that tests can do it."""

from __future__ import annotations

import re
from typing import NamedTuple


class Block(NamedTuple):
    """A fenced block: its language, its title (the name of a file) if it has one, its text, the line it begins on."""

    language: str
    title: str | None
    text: str
    line: int


FENCE = re.compile(r'^```(\w+)(?: title="([^"\n]*)")?\n(.*?)^```$', re.MULTILINE | re.DOTALL)


def fenced(markdown: str) -> list[Block]:
    """Every fenced block, in order."""
    found = FENCE.finditer(markdown)
    return [Block(one[1], one[2], one[3], markdown.count("\n", 0, one.start()) + 1) for one in found]


def blocks(markdown: str, language: str) -> list[str]:
    """The texts of the blocks in a language, in order."""
    return [one.text for one in fenced(markdown) if one.language == language]
