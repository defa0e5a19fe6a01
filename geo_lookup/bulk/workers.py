"""Threads that work on parts of columns, kept from one call to the next.

A new thread makes its transformations of coordinates anew, as pyproj keeps them by thread: that takes as long as
answering ten thousand points.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

_pools: dict[int, ThreadPoolExecutor] = {}


def workers(count: int) -> ThreadPoolExecutor:
    """So many threads, the same for all who ask for as many. What they do must not wait for them."""
    pool = _pools.get(count)
    return pool or _pools.setdefault(count, ThreadPoolExecutor(count, "geo-lookup"))


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_pools.clear)  # the threads stay behind in the parent
