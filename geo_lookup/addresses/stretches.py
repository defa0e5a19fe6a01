"""Stretches of words: which of them may be a street, and which words beside it name a place or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from geo_lookup.addresses.places import Named
from geo_lookup.addresses.readings import Run
from geo_lookup.addresses.vocabulary import BOX_WORDS, BUILDINGS, FLOOR_WORDS, GROUND_FLOOR, NOISE

LONGEST_RUN = 12
"""Of a longer run only so many words are cut into stretches."""

MOST_LIKELY = 6
"""For how many stretches misspelt streets are sought."""

Spans = Mapping[tuple[int, int], Named]
"""The places in a run, by their first word and the one after their last."""

_SAYS_NOTHING = NOISE | BUILDINGS | FLOOR_WORDS | GROUND_FLOOR | BOX_WORDS


class Stretch(NamedTuple):
    """Words of one run, from `start` up to, but without, `stop`."""

    run: int
    start: int
    stop: int


def says_nothing(word: str) -> bool:
    """Whether a word says nothing about where an address is."""
    return word in _SAYS_NOTHING or (len(word) == 1 and word.isalpha())


def possible_streets(runs: Sequence[Run], spans: Sequence[Spans]) -> Iterator[Stretch]:
    """Stretches that may be a street, the likeliest first.

    These are the runs without the places at their ends, then whole runs, then every part of them, the longest first.
    """
    parts = [
        Stretch(position, start, stop)
        for position, run in enumerate(runs)
        for start in range(min(len(run.words), LONGEST_RUN))
        for stop in range(start + 1, min(len(run.words), LONGEST_RUN) + 1)
    ]
    parts.sort(key=lambda part: part.start - part.stop)
    for stretch in dict.fromkeys([*cores(runs, spans), *parts]):
        words = runs[stretch.run].words[stretch.start : stretch.stop]
        if not all(says_nothing(word) or word.isdecimal() for word in words):
            yield stretch


def cores(runs: Sequence[Run], spans: Sequence[Spans]) -> list[Stretch]:
    """Each run without the places at its ends, then each whole; without those that are empty."""
    inner = [_core(position, run, spans[position]) for position, run in enumerate(runs)]
    whole = [Stretch(position, 0, len(run.words)) for position, run in enumerate(runs)]
    return [one for one in dict.fromkeys([*inner, *whole]) if one.start < one.stop]


def _core(position: int, run: Run, spans: Spans) -> Stretch:
    start, stop = 0, len(run.words)
    changed = True
    while changed and start < stop:
        changed = False
        for first, last in sorted(spans, key=lambda span: span[0] - span[1]):
            if first == start and last <= stop:
                start, changed = last, True
            elif last == stop and first >= start:
                stop, changed = first, True
    return Stretch(position, start, stop)


def likely_streets(runs: Sequence[Run], spans: Sequence[Spans]) -> list[Stretch]:
    """The stretches for which misspelt streets are sought: cores and whole runs, and these without a word at an end.

    What stands after the house number is tried only where nothing stands before it.
    """
    before = any(not run.after_number for run in runs)
    chosen = [one for one in cores(runs, spans) if not (before and runs[one.run].after_number)]
    shorter = [
        one
        for stretch in chosen
        if stretch.stop - stretch.start > 1
        for one in (stretch._replace(stop=stretch.stop - 1), stretch._replace(start=stretch.start + 1))
    ]
    return list(dict.fromkeys([*chosen, *shorter]))[:MOST_LIKELY]


def covered(words: Sequence[str], first: int, last: int, spans: Spans) -> tuple[list[Named], list[str]]:
    """The places named by words from `first` to `last`, the longest names first, and the other words."""
    named: list[Named] = []
    others: list[str] = []
    position = first
    while position < last:
        stops = [stop for start, stop in spans if start == position and stop <= last]
        if stops:
            named.append(spans[position, max(stops)])
            position = max(stops)
        else:
            others.append(words[position])
            position += 1
    return named, others
