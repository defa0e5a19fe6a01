"""Threads are kept from one call to the next, also where a process is forked or many ask at once."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest

from geo_lookup import Finder
from geo_lookup.bulk.columns import FEWEST_ROWS
from geo_lookup.bulk.workers import workers

FORKED = """
import os, numpy, pandas, geo_lookup
finder = geo_lookup.load(on="2026-11-23")
frame = pandas.DataFrame({"lon": numpy.resize([5.505, 5.472], 40_000), "lat": numpy.resize([50.975, 50.952], 40_000)})
expected = finder.assign(frame, threads=2)
child = os.fork()
if not child:
    os._exit(0 if finder.assign(frame, threads=2).equals(expected) else 1)
assert os.waitpid(child, 0)[1] == 0
"""


def test_who_asks_for_as_many_threads_gets_the_same_ones() -> None:
    assert workers(2) is workers(2)
    assert workers(2) is not workers(3)


def test_there_are_no_more_threads_than_are_wanted_whatever_the_number_of_points(
    demo: Finder, monkeypatch: pytest.MonkeyPatch
) -> None:
    pools: dict[int, ThreadPoolExecutor] = {}
    monkeypatch.setattr("geo_lookup.bulk.workers._pools", pools)
    for parts in (2, 3, 4):
        count = parts * FEWEST_ROWS
        demo.assign(pd.DataFrame({"lon": np.full(count, 5.505), "lat": np.full(count, 50.975)}), threads=4)
    assert list(pools) == [4]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not forked here")
def test_a_forked_process_has_threads_of_its_own() -> None:
    subprocess.run([sys.executable, "-W", "ignore", "-c", FORKED], check=True, timeout=60)


def test_many_may_ask_at_once(demo: Finder) -> None:
    count = 2 * FEWEST_ROWS
    frame = pd.DataFrame(
        {"lon": np.resize([5.505, 5.472, 5.34], count), "lat": np.resize([50.975, 50.952, 50.93], count)}
    )
    expected = demo.assign(frame, threads=1)
    with ThreadPoolExecutor(4) as asking:
        for answered in asking.map(lambda _: demo.assign(frame, threads=2), range(8)):
            pd.testing.assert_frame_equal(answered, expected)
