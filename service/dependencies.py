"""What the routes share: the finder of the live edition, or the reason why there is none.

They do not wait for anything, and are asynchronous all the same: what is not is handed to a thread, which takes longer
than an answer.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Request

from geo_lookup import Finder, RequestError


def finder_of(request: Request) -> Finder:
    """The finder of the live edition; raises the `EditionError` that kept it from loading."""
    finder: Finder = request.app.state.live.finder
    return finder


async def live_finder(request: Request) -> Finder:
    """The same as a dependency."""
    return finder_of(request)


async def each_once(request: Request) -> None:
    """Refuse a parameter that is given twice: which one was meant is not for us to guess."""
    if len(request.query_params.multi_items()) > len(request.query_params):
        raise RequestError("a parameter is given more than once; give each once.")


def accept(*parameters: str) -> Any:
    """A dependency that refuses every parameter but these: one that is misspelt would be ignored in silence."""

    async def only_known(request: Request) -> None:
        if not set(request.query_params) <= set(parameters):
            known = f"those that are: {', '.join(parameters)}" if parameters else "there are none"
            raise RequestError(f"a parameter is not known here; {known}.")

    return Depends(only_known)


LiveFinder = Annotated[Finder, Depends(live_finder)]
