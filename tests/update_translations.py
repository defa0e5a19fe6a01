"""Bring every catalogue up to what the code says: `make translations`."""

from __future__ import annotations

from io import BytesIO

from babel.messages.pofile import write_po

from geo_lookup.languages import LANGUAGES, SOURCE
from tests.test_languages import SPEAKERS, path_of, said_in, said_in_code


def main() -> None:
    """Add what is new, empty; drop what nobody says any more; order by the English."""
    for speaker in SPEAKERS:
        for language in LANGUAGES:
            if language != SOURCE:
                catalogue = said_in(speaker, language)
                catalogue.update(said_in_code(speaker), no_fuzzy_matching=True)
                path = path_of(speaker, language)
                header = path.read_text(encoding="utf-8").partition("\n\n")[0]
                body = BytesIO()
                write_po(body, catalogue, 0, omit_header=True, no_location=True, ignore_obsolete=True, sort_output=True)
                path.write_text(f"{header}\n\n{body.getvalue().decode().strip()}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
