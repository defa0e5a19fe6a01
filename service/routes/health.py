"""Is the process alive, and is it ready to answer?"""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter

from service.dependencies import LiveFinder
from service.problems import documented

router = APIRouter(tags=["health"])


@router.get("/healthz", summary="Is the process alive?")
async def healthz() -> dict[str, str]:
    """Answer as long as the process runs, with or without an edition."""
    return {"status": "ok"}


@router.get("/readyz", summary="Is an edition loaded?", responses=documented(HTTPStatus.SERVICE_UNAVAILABLE))
async def readyz(finder: LiveFinder) -> dict[str, str]:
    """Name the live edition; 503 with every reason where there is none."""
    return {"status": "ready", "edition": finder.edition.manifest.id, "fingerprint": finder.edition.fingerprint}
