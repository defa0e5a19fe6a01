"""The same work done with numpy alone, as it is by default, and with what numba compiles."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numpy as np

from geo_lookup import compiled

Result = TypeVar("Result")
Work = Callable[[], Result]


def by_numpy(work: Work[Result]) -> Work[Result]:
    """Work with numpy alone."""
    return lambda: _compiling_from(np.inf, work)


def by_numba(work: Work[Result]) -> Work[Result]:
    """The same with compiled loops; once beforehand, so that nothing has to be compiled any more."""
    _compiling_from(0, work)
    return lambda: _compiling_from(0, work)


def _compiling_from(points: float, work: Work[Result]) -> Result:
    before, compiled.COMPILE_FROM = compiled.COMPILE_FROM, points
    try:
        return work()
    finally:
        compiled.COMPILE_FROM = before
