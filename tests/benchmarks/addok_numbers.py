"""House numbers for addok, which leaves their recognition to its user: up to three digits, with a letter or not.

Run by the Python of addok's own environment.
"""

import re

from addok.helpers import yielder


@yielder
def flag_house_number(token):  # type: ignore[no-untyped-def]
    if re.fullmatch(r"\d{1,3}[a-z]?", str(token)):
        token.kind = "housenumber"
    return token
