"""Text as it is typed, pasted or dictated, brought into one form: folded letters, then tokens.

Full-width digits, accents in one piece or two, Turkish dotless letters, typographic apostrophes and control
characters all come in from phones and spreadsheets, and none of them says anything about a place.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from geo_lookup.errors import RequestError

LONGEST_TEXT = 300
"""How many characters a text may hold; an address has far fewer."""

_LETTERS = str.maketrans({"ı": "i", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ĳ": "ij"})
_MARKS = str.maketrans(dict.fromkeys("’‘ʼ`´′", "'") | dict.fromkeys("‐‑‒–—−_", "-"))
_TOKEN = re.compile(r"(?P<number>\d+)|(?P<word>[^\W\d_]+)|(?P<mark>[,;()/\n.:+-])|(?P<other>\S)")


def fold(text: str) -> str:
    """Bring text into lower case, without accents, in plain digits, apostrophes and dashes.

    Control and format characters become spaces. What is not Latin stays as it is.
    """
    if _is_plain(text):  # most are
        return text.translate(_MARKS).lower()
    text = unicodedata.normalize("NFKC", text).translate(_MARKS)
    return "".join(map(_folded, unicodedata.normalize("NFD", text.casefold().translate(_LETTERS))))


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable()


def _folded(character: str) -> str:
    if _is_plain(character):
        return character
    category = unicodedata.category(character)
    if category == "Mn":
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(character))
    return "\n" if character == "\n" else " " if category[0] in "CZ" else character


class Token(NamedTuple):
    """A run of letters (`word`), of digits (`number`), or a mark.

    `glued` says that no space stands before it, `dotted` that a dot comes right after it.
    """

    text: str
    kind: str
    glued: bool = False
    dotted: bool = False


def tokenise(text: str) -> list[Token]:
    """Cut folded text into tokens. Dots, apostrophes and signs without a meaning in addresses part words and vanish.

    Single letters with dots between them come together: 'o.l.v.' is one word.
    """
    tokens: list[Token] = []
    end = -1
    for match in _TOKEN.finditer(text):
        kind, found = match.lastgroup or "", match.group()
        start = match.start()
        glued, end = start == end, start + len(found)
        if found == "." and tokens and glued:
            tokens[-1] = tokens[-1]._replace(dotted=True)
        elif kind == "word" and len(found) == 1 and glued and tokens and _is_initials(tokens[-1]):
            tokens[-1] = tokens[-1]._replace(text=tokens[-1].text + found, dotted=False)
        elif kind != "other" and found not in (".", ":"):
            tokens.append(Token(found, kind, glued))
    return tokens


def _is_initials(token: Token) -> bool:
    return token.kind == "word" and token.dotted and len(token.text) <= 3


def check_length(text: str) -> str:
    """Return the text if it can be an address at all; raises `RequestError` where it is empty or too long."""
    if not fold(text).strip():
        raise RequestError("the address is empty; give a street and a house number.")
    if len(text) > LONGEST_TEXT:
        raise RequestError(f"an address has at most {LONGEST_TEXT} characters.")
    return text
