"""Is the process alive, and is it ready to answer?"""

from __future__ import annotations

from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST

from service.dependencies import LiveFinder
from service.problems import documented

router = APIRouter(tags=["health"])


@router.get("/healthz", summary="Is the process alive?")
async def healthz() -> dict[str, str]:
    """Answer as long as the process runs, with or without an edition."""
    return {"status": "ok"}


@router.get("/readyz", summary="Is an edition loaded?", responses=documented(HTTPStatus.SERVICE_UNAVAILABLE))
async def readyz(request: Request, finder: LiveFinder) -> dict[str, Any]:
    """Name the live edition, and a newer one that was refused with every reason; 503 where there is none at all."""
    edition, refused = finder.edition, request.app.state.live.refused
    return {
        "status": "ready",
        "edition": edition.manifest.id,
        "fingerprint": edition.fingerprint,
        "refused": asdict(refused) if refused else None,
    }


@router.get("/metrics", summary="Counters for Prometheus", response_class=PlainTextResponse)
async def metrics(request: Request) -> Response:
    """Requests by route and status, how long they took, and which edition is live."""
    return Response(request.app.state.metrics.text(), media_type=CONTENT_TYPE_LATEST)
