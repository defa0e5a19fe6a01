"""Loops over points as machine code, where numba is installed (the extra `compiled`).

What numpy does in many passes over columns, a compiled loop does in one, in a fourth to two thirds of the time and
without holding other threads up. The answers are the same to the bit: the sums are those that numpy does, in their
order.
"""

from __future__ import annotations

import warnings
import zlib
from collections.abc import Callable
from functools import cache
from pickle import UnpicklingError
from threading import Lock
from types import FunctionType
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

COMPILE_FROM: float = 2_000_000
"""So many points a loop is asked about before it is compiled, or read from disk, which takes a second or more."""

BLOCK = 2048
"""How many points a loop works on at a time, so that what is in between stays in the cache."""

CHUNK = 65_536
"""How many points numpy works on at a time: so few that what is in between stays in the cache, and so many that threads
seldom wait for one another between its steps."""


class Loop:
    """A loop over points in plain Python, compiled once it has been asked about so many points that it pays."""

    def __init__(self, function: Callable[..., Any], *steps: Callable[..., Any]) -> None:
        """`steps` are the functions that the loop calls, those first that others call."""
        self._function = cast(FunctionType, function)
        self._steps = [cast(FunctionType, step) for step in steps]
        self._asked = 0
        self._making = Lock()
        self._compiled: Callable[..., Any] | None = None

    def machine_code(self, points: int) -> Callable[..., Any] | None:
        """The loop as machine code, to be called for so many points; None where numpy is to do it.

        What it reads has to be as `read_only` makes it, and what it writes contiguous.
        """
        self._asked += points  # of two threads one may be forgotten
        return self._run if self._asked >= COMPILE_FROM and is_installed() else None

    def _run(self, *arrays: Any) -> None:
        with self._making:
            run = self._compiled = self._compiled or self._compile(kept=True)
        try:
            run(*arrays)
        except (OSError, EOFError, UnpicklingError):  # what was kept on disk is damaged
            run = self._compiled = self._compile(kept=False)
            run(*arrays)

    def _compile(self, *, kept: bool) -> Callable[..., Any]:
        steps: dict[str, Any] = {}
        for step in self._steps:
            steps[step.__name__] = _compile(step, {**step.__globals__, **steps})
        keep_as = f"{self._function.__qualname__}_{_digest([*self._steps, self._function])}" if kept else ""
        return _compile(self._function, {**self._function.__globals__, **steps}, keep_as)


@cache
def is_installed() -> bool:
    """Whether numba is there and compiles; warns where it is there and cannot be imported."""
    try:
        import numba
    except ModuleNotFoundError:
        return False
    except (ImportError, OSError) as error:
        warnings.warn(f"numba cannot be imported ({error}); numpy does it all.", RuntimeWarning, stacklevel=2)
        return False
    return not numba.config.DISABLE_JIT  # type: ignore[attr-defined]  # set while numba is imported


def read_only(values: NDArray[Any]) -> NDArray[Any]:
    """A column as compiled loops read it: contiguous and not to be written, so that each is compiled only once."""
    view = np.ascontiguousarray(values)[:]
    view.flags.writeable = False
    return view


def _compile(function: FunctionType, names: dict[str, Any], keep_as: str = "") -> Callable[..., Any]:
    """A function as machine code; that of a loop is kept on disk, under a name that changes with its steps."""
    import numba

    own = FunctionType(function.__code__, names, function.__name__, function.__defaults__)
    own.__qualname__ = keep_as or function.__qualname__
    try:
        compiled: Callable[..., Any] = numba.njit(own, nogil=True, error_model="numpy", cache=bool(keep_as))
    except RuntimeError:  # there is nowhere to keep it
        compiled = numba.njit(own, nogil=True, error_model="numpy")
    return compiled


def _digest(functions: list[FunctionType]) -> str:
    """A name for functions as they are written: numba looks for changes in the file of the loop alone."""
    written = []
    for function in functions:
        code = function.__code__
        values = [(name, function.__globals__.get(name)) for name in code.co_names]
        numbers = [(name, value) for name, value in values if isinstance(value, int | float)]
        written.append((code.co_code, code.co_consts, code.co_names, numbers))
    return f"{zlib.crc32(repr(written).encode()):08x}"
