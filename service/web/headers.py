"""What a browser is told of every response: what may run, who may frame it, who may read it from elsewhere."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

WIDGET = "/widget"
"""The only page that others may frame."""

OPEN = ("/widget", "/widget.js", "/static/", "/v1/find", "/v1/addresses", "/v1/areas", "/v1/offices", "/ogc", "/ogc/")
"""What others read in a browser, as the widget and maps do: the paths, and those that begin with one with a slash."""

NOTHING = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"


class PageHeaders:
    """Adds the headers of security to every response; `tiles` is the host of the base map, if there is one."""

    def __init__(self, app: ASGIApp, tiles: str | None) -> None:
        self.app = app
        images = f"'self' data: {tiles}" if tiles else "'self' data:"
        self.policy = (
            f"default-src 'none'; script-src 'self'; style-src 'self'; img-src {images}; connect-src 'self'; "
            "form-action 'self'; base-uri 'none'; frame-ancestors "
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102 - as ASGI says
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        framed = scope["path"].removeprefix(scope.get("root_path", "")) == WIDGET

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                page = headers.get("content-type", "").startswith("text/html")
                policy = f"{self.policy}{'*' if framed else chr(39) + 'none' + chr(39)}" if page else NOTHING
                headers["Content-Security-Policy"] = policy
                headers["X-Content-Type-Options"] = "nosniff"
                if page:
                    headers["Referrer-Policy"] = "no-referrer"
                    headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
                    headers["Cross-Origin-Opener-Policy"] = "same-origin"
            await send(message)

        await self.app(scope, receive, send_with_headers)


class WidgetSharing:
    """Lets pages of other hosts read what the widget and maps need, and nothing else."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.shared = CORSMiddleware(
            app,
            allow_origins=["*"],
            allow_methods=["GET", "POST"],
            allow_headers=["Content-Type"],
            expose_headers=["Content-Crs"],
            max_age=86_400,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102 - as ASGI says
        path = scope.get("path", "").removeprefix(scope.get("root_path", ""))
        shared = path in OPEN or any(one.endswith("/") and path.startswith(one) for one in OPEN)
        await (self.shared if shared and scope["type"] == "http" else self.app)(scope, receive, send)


class Assets(StaticFiles):
    """Files of the pages, which are asked for again each time and sent only where they have changed."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, with the word for caches."""
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        return response
