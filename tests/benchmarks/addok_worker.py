"""Answers queries with addok. Run by the Python of addok's own environment; it knows nothing of geo-lookup.

Reads lines of JSON from a file, {"text": …, "typing": …}, and prints one line for each: the milliseconds it took and
the best result as [street, house number, score], or null.
"""

import json
import sys
import time

from addok.config import config

config.load()

from addok.core import search  # noqa: E402 - it reads the configuration


def main() -> None:
    for line in open(sys.argv[1], encoding="utf-8"):  # noqa: PTH123, SIM115 - read to its end
        asked = json.loads(line)
        start = time.perf_counter()
        results = search(asked["text"], limit=8 if asked["typing"] else 1, autocomplete=asked["typing"])
        took = (time.perf_counter() - start) * 1000
        best = [results[0]._id, results[0].housenumber, float(results[0].score)] if results else None
        print(json.dumps([took, best]), flush=True)


main()
