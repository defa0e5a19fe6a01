"""A real service on a port of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2 as httpx
import uvicorn

from service.app import create_app
from service.settings import Settings

ROOT = Path(__file__).parent.parent


@contextmanager
def serving(settings: Settings) -> Iterator[str]:
    """Serve in a thread; yields where."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        server = uvicorn.Server(uvicorn.Config(create_app(settings), access_log=False, log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def serving_apart(edition: Path | None) -> Iterator[str]:
    """Serve in a process of its own, for clients that keep the interpreter to themselves while they wait, as GDAL does.

    Started as README.md says, with nothing configured but the edition. Yields where.
    """
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "service.app:create_app", "--factory", "--no-access-log",
               "--log-level", "error", "--port", str(port)]  # fmt: skip
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GEO_LOOKUP_")}
    if edition is not None:
        environment["GEO_LOOKUP_EDITION"] = str(edition)
    with subprocess.Popen(command, cwd=ROOT, env=environment) as process:
        url, end = f"http://127.0.0.1:{port}", time.monotonic() + 60
        try:
            while not _answers(url):
                assert process.poll() is None
                assert time.monotonic() < end, "it never answered"
                time.sleep(0.05)
            yield url
        finally:
            process.terminate()
            process.wait()


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz").status_code == 200
    except httpx.TransportError:
        return False
