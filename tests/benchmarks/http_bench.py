"""What answers over HTTP cost the server: one at a time over a socket, and many in one body."""

from __future__ import annotations

import asyncio
import io
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import orjson
import pyarrow as pa
from pyarrow import csv, ipc

from geo_lookup import Finder
from service.app import create_app
from tests.benchmarks.either_way import by_numba, by_numpy
from tests.benchmarks.in_turns import Taken
from tests.benchmarks.readme_table import at_most

REQUESTS = 3_000
POINTS = 100_000
ROUNDS = 7
ARROW = "application/vnd.apache.arrow.stream"

Cells = tuple[str, str, str]

Bare = Callable[[bytes, bytes], Callable[[], object]]
"""Gets the body and what was answered, and gives the work of parsing the one and serialising the other."""


def single_row() -> Cells:
    """Processor time of the server for `/v1/find`, beside that for a route that says the same every time."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = ["-m", "uvicorn", "service.app:create_app", "--factory", "--no-access-log", "--port", str(port)]
    server = subprocess.Popen([sys.executable, *command, "--log-level", "warning"])
    try:
        _wait_for(port)
        found, trivial = [], []
        for _ in range(ROUNDS):
            found.append(_processor_time(server.pid, port, "/v1/find?lon=5.505&lat=50.975"))
            trivial.append(_processor_time(server.pid, port, "/healthz"))
    finally:
        server.terminate()
        server.wait()
    ratio = Taken(found).beside(Taken(trivial))
    return (
        "`/v1/find` by coordinates, server's processor time",
        f"{statistics.median(found) * 1e6:.0f} µs",
        f"{ratio:.2f} times that of `/healthz` ({at_most(ratio, 2)})",
    )


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            return _ask(port, "/readyz", 1)
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the service did not start.")


def _processor_time(process: int, port: int, path: str) -> float:
    before = _used(process)
    _ask(port, path, REQUESTS)
    return (_used(process) - before) / REQUESTS


def _used(process: int) -> float:
    """User and system time of a process in seconds, as Linux tells it (proc(5), fields 14 and 15)."""
    with open(f"/proc/{process}/stat") as file:  # noqa: PTH123
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _ask(port: int, path: str, times: int) -> None:
    """Ask over one connection, so that little but the answer is measured."""
    with socket.create_connection(("127.0.0.1", port)) as connection, connection.makefile("rb") as file:
        for _ in range(times):
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: bench\r\n\r\n".encode())
            status, length = file.readline(), 0
            while (header := file.readline()) != b"\r\n":
                name, _, value = header.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
            file.read(length)
            if b" 200 " not in status:
                raise SystemExit(f"{path} answered {status!r}.")


def bulk_rows(finder: Finder) -> list[Cells]:
    """The time of one body of points through the app, beside parsing it and serialising the same answer."""
    from tests.benchmarks.bulk_bench import everywhere

    lons, lats = everywhere(finder, POINTS)
    points = pa.table({"lon": lons, "lat": lats})
    text = "lon,lat\n" + "".join(f"{lon!r},{lat!r}\n" for lon, lat in zip(lons.tolist(), lats.tolist(), strict=True))
    bodies = {
        "Arrow": (ARROW, _stream_of(points), _bare_arrow),
        "CSV": ("text/csv", text.encode(), _bare_csv),
        "JSON columns": ("application/json", orjson.dumps({"lon": lons.tolist(), "lat": lats.tolist()}), _bare_json),
    }
    rows = []
    for name, (media_type, body, bare) in bodies.items():
        by_way = [way(partial(_answered, media_type, body, bare))() for way in (by_numpy, by_numba)]
        (answered, alone), (compiled, alone_again) = by_way
        ratio, by_loops = answered.beside(alone), compiled.beside(alone_again)
        rows.append(
            (
                f"`/v1/find/bulk`, {POINTS:,} points, {name}",
                f"{answered.median * 1e3:.0f} ms; with numba {compiled.median * 1e3:.0f} ms",
                f"{ratio:.2f} times parsing and serialising alone, {alone.median * 1e3:.1f} ms ({at_most(ratio, 3)}); "
                f"with numba {by_loops:.2f} times ({at_most(by_loops, 3)})",
            )
        )
    return rows


def _answered(media_type: str, body: bytes, bare: Bare) -> tuple[Taken, Taken]:
    return asyncio.run(_measure(media_type, body, bare))


async def _measure(media_type: str, body: bytes, bare: Bare) -> tuple[Taken, Taken]:
    app = create_app()
    async with app.router.lifespan_context(app):
        answer = await _post(app, media_type, body)
        answered, alone = [], []
        for _ in range(ROUNDS):
            start = time.perf_counter()
            await _post(app, media_type, body)
            answered.append(time.perf_counter() - start)
            alone.append(_seconds(bare, body, answer))
    return Taken(answered), Taken(alone)


async def _post(app: Any, media_type: str, body: bytes) -> bytes:
    sent: list[bytes] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start" and message["status"] != 200:
            raise SystemExit(f"the body was answered {message['status']}.")
        sent.append(message.get("body", b""))

    scope = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.4"}, "http_version": "1.1", "method": "POST",
        "path": "/v1/find/bulk", "raw_path": b"/v1/find/bulk", "root_path": "", "scheme": "http", "query_string": b"",
        "headers": [(b"content-type", media_type.encode())], "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
    }  # fmt: skip
    await app(scope, receive, send)
    return b"".join(sent)


def _seconds(bare: Bare, body: bytes, answer: bytes) -> float:
    work = bare(body, answer)
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _stream_of(table: pa.Table) -> bytes:
    written = io.BytesIO()
    with ipc.new_stream(written, table.schema) as writer:
        writer.write_table(table)
    return written.getvalue()


def _bare_arrow(body: bytes, answer: bytes) -> Callable[[], object]:
    whole = ipc.open_stream(answer).read_all()
    return lambda: (ipc.open_stream(body).read_all(), _stream_of(whole))


def _bare_csv(body: bytes, answer: bytes) -> Callable[[], object]:
    whole = csv.read_csv(io.BytesIO(answer))
    return lambda: (csv.read_csv(io.BytesIO(body)), csv.write_csv(whole, io.BytesIO()))


def _bare_json(body: bytes, answer: bytes) -> Callable[[], object]:
    whole = orjson.loads(answer)
    return lambda: (orjson.loads(body), orjson.dumps(whole))
