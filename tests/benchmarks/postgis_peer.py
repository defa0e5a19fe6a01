"""PostGIS, a peer of the area bench: a cluster of its own that ends with the bench and listens on a Unix socket alone.

Debian's packages postgresql and postgresql-15-postgis-3, or their like, have to be installed.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SETTINGS = {
    "listen_addresses": "",
    "max_parallel_workers_per_gather": "0",
    "shared_buffers": "1GB",
    "work_mem": "256MB",
    "fsync": "off",
}
LOAD = """
CREATE TABLE areas (id int, shape geometry);
CREATE TABLE raw (n int, x float8, y float8);
\\copy areas FROM '{folder}/polygons.csv' CSV
\\copy raw FROM '{folder}/points.csv' CSV
CREATE TABLE points AS SELECT n, ST_MakePoint(x, y) AS shape FROM raw;
CREATE INDEX ON areas USING gist (shape);
CREATE INDEX ON points USING gist (shape);
VACUUM ANALYZE areas;
VACUUM ANALYZE points;
"""
JOIN = """
DROP TABLE IF EXISTS pairs;
CREATE UNLOGGED TABLE pairs AS
SELECT p.n, a.id FROM points p JOIN areas a ON ST_Within(p.shape, a.shape);
"""


class PostgisMissingError(RuntimeError):
    """PostgreSQL or PostGIS is not installed."""


class Postgis:
    """A running cluster."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self.folder = folder
        self._psql = [programs / "psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-h", folder, "-U", "postgres", "postgres"]
        self._is_ready = [programs / "pg_isready", "--quiet", "-h", folder, "-U", "postgres"]

    def accepts_connections(self) -> bool:
        """Whether it has started; its socket is there a moment earlier, and refuses."""
        return subprocess.run(list(map(str, self._is_ready)), env=_environment(), check=False).returncode == 0

    def run(self, script: str) -> str:
        """Run a script of psql; returns what it prints."""
        done = subprocess.run(
            list(map(str, self._psql)), input=script, env=_environment(), capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"PostGIS failed: {done.stderr[-2000:]}")
        return done.stdout.strip()

    def load(self, folder: Path) -> None:
        """Read polygons.csv (id, WKB in hexadecimal digits) and points.csv (n, x, y), and index both."""
        self.run(LOAD.format(folder=folder))

    def join(self) -> float:
        """Join points to areas; returns the seconds it took."""
        start = time.perf_counter()
        self.run(JOIN)
        return time.perf_counter() - start

    def write_pairs(self, path: Path) -> None:
        """Write the pairs that the last join found as CSV."""
        self.run(f"\\copy pairs TO '{path}' CSV HEADER")


@contextmanager
def postgis(folder: Path) -> Iterator[Postgis]:
    """A new cluster in a folder, which is gone when the block ends."""
    programs = _programs()
    with tempfile.TemporaryDirectory(prefix="postgis-", dir=folder, ignore_cleanup_errors=True) as made:
        place, data = Path(made), Path(made) / "data"
        if os.geteuid() == 0:
            shutil.chown(place, "postgres", "postgres")
        _finish([programs / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C"])
        settings = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
        with (place / "log").open("w") as log:
            server = _start([programs / "postgres", "-D", data, "-k", place, *settings], stdout=log, stderr=log)
        try:
            yield _ready(Postgis(programs, place), server, data)
        finally:
            server.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown
            server.wait()


def _ready(database: Postgis, server: subprocess.Popen[str], data: Path) -> Postgis:
    """Wait for the cluster, make sure that it is the one that was started, and give it PostGIS."""
    for _ in range(1200):  # a minute, on a busy machine
        if server.poll() is not None:
            raise RuntimeError(f"PostgreSQL does not start: {(database.folder / 'log').read_text()[-2000:]}")
        if database.accepts_connections():
            break
        time.sleep(0.05)
    answering = database.run("SHOW data_directory")
    if answering != str(data):
        raise RuntimeError(f"another cluster answers, that of {answering}; nothing was done to it.")
    if database.run("SELECT count(*) FROM pg_available_extensions WHERE name = 'postgis'") == "0":
        raise PostgisMissingError("PostGIS is not installed")
    database.run("CREATE EXTENSION postgis")
    return database


def _programs() -> Path:
    """The folder of PostgreSQL's programs, which Debian does not put on the path."""
    found = shutil.which("initdb")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if found is None and not debian:
        raise PostgisMissingError("PostgreSQL is not installed")
    return Path(found).resolve().parent if found else debian[-1].parent


def _start(command: Sequence[Any], **streams: Any) -> subprocess.Popen[str]:
    """Start a program of the server, which refuses to run as root, as Debian's user for it."""
    user, groups = ("postgres", list[str]()) if os.geteuid() == 0 else (None, None)
    return subprocess.Popen(
        list(map(str, command)), env=_environment(), cwd="/", text=True, user=user, group=user, extra_groups=groups,
        **streams,
    )  # fmt: skip


def _finish(command: Sequence[Any]) -> None:
    program = _start(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    _, errors = program.communicate()
    if program.returncode:
        raise RuntimeError(f"PostgreSQL failed: {errors[-2000:]}")


def _environment() -> dict[str, str]:
    """Without settings that would lead to another cluster."""
    return {key: value for key, value in os.environ.items() if not key.startswith("PG")}
