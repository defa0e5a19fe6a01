"""What the routes share: the finder of the live edition, or the reason why there is none."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from geo_lookup import EditionError, Finder


def live_finder(request: Request) -> Finder:
    """The finder of the live edition; raises the `EditionError` that kept it from loading."""
    live: Finder | EditionError = request.app.state.live
    if isinstance(live, EditionError):
        raise live
    return live


LiveFinder = Annotated[Finder, Depends(live_finder)]
