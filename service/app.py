"""The application: settings in, an ASGI app out.

Start it with ``uvicorn service.app:create_app --factory --no-access-log``: an access log would hold the
addresses and coordinates that people ask for.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio import CapacityLimiter
from fastapi import FastAPI
from fastapi_offline import FastAPIOffline

from service.live import LiveEdition
from service.metrics import Measured, Metrics
from service.middleware import BodyLimit, Head, LastResort
from service.ogc import routes as ogc
from service.problems import add_problem_handlers
from service.routes import addresses, bulk, data, find, health, pages, walk
from service.settings import Settings
from service.web.headers import Assets, PageHeaders, WidgetSharing
from service.web.rendering import WEB

SWITCH_SECONDS = 0.001
"""How long a bulk look-up may keep a single one waiting for the interpreter; Python's own 5 ms would be felt."""


def _is_no_handshake(record: logging.LogRecord) -> bool:
    """Keep WebSocket handshakes out of uvicorn's log: it writes their whole URL, even without an access log."""
    return "WebSocket" not in str(record.msg)


def create_app(settings: Settings | None = None) -> FastAPI:
    """Make the application.

    The edition is opened when it starts, and another one that is published later takes its place. One that is wrong
    is refused: where there was none before every look-up is a 503, and /readyz says why.
    """
    settings = settings or Settings()
    logging.getLogger("uvicorn.error").addFilter(_is_no_handshake)
    live = LiveEdition(settings.edition)
    metrics = Metrics(live)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.bulk_work, app.state.downloads = CapacityLimiter(1), CapacityLimiter(1)
        sys.setswitchinterval(SWITCH_SECONDS)
        await live.reload()
        async with live.followed(settings.follow_seconds):
            yield

    app = FastAPIOffline(
        title="geo-lookup",
        summary="An address or a point goes in; district, the person in charge and the nearest office come out.",
        lifespan=lifespan,
        docs_url=None,  # a page of ours, without a script inside
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.settings, app.state.live, app.state.metrics = settings, live, metrics
    app.mount("/static/leaflet", Assets(directory=WEB / "node_modules" / "leaflet" / "dist", check_dir=False))
    app.mount("/static", Assets(directory=WEB / "static"))
    app.add_middleware(BodyLimit, limit=settings.body_limit, others={bulk.PATH: settings.bulk_limit})
    app.add_middleware(Head)
    app.add_middleware(WidgetSharing)
    app.add_middleware(PageHeaders, tiles=settings.tiles().host)
    app.add_middleware(LastResort)
    app.add_middleware(Measured, metrics=metrics)
    add_problem_handlers(app)
    for routes in (find, walk, bulk, addresses, data, health, pages):
        app.include_router(routes.router)
    app.include_router(ogc.router)

    return app
