"""A thousand switches of edition under load: failed requests, answers of two editions at once, memory, time.

The city is the small one of the tests, so that switching is most of the work; making the tables of a real one takes
a second a switch.

`python -m tests.benchmarks.switch_bench [--switches N]`. The service runs as one process, asked by three clients.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import httpx2 as httpx

from geo_lookup.publishing.published_folder import alone, lineage, switch
from geo_lookup.publishing.publishing import publish
from tests.benchmarks.readme_table import write_table
from tests.toy_city import TABLES, write_toy_city

ROOT = Path(__file__).parents[2]
HERE = {"x": "229500", "y": "182500", "crs": "31370", "on": "2026-11-23"}
NAMES = ("Ada", "Ben", "Cas")

PAUSE_SECONDS = 0.01
"""Between the requests of a client, so that what loads an edition gets its turn on few processors."""


@contextmanager
def serving(published: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """The service as a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "GEO_LOOKUP_EDITION": str(published), "GEO_LOOKUP_FOLLOW_SECONDS": "86400"}
    uvicorn = str(Path(sys.executable).with_name("uvicorn"))
    options = ["--factory", "--no-access-log", "--log-level", "error", "--port", str(port)]
    process = subprocess.Popen([uvicorn, "service.app:create_app", *options], cwd=ROOT, env=environment)
    url = f"http://127.0.0.1:{port}"
    try:
        while True:
            try:
                if httpx.get(f"{url}/readyz").status_code == 200:
                    break
            except httpx.TransportError:
                time.sleep(0.1)
        yield process, url
    finally:
        process.terminate()
        process.wait()


def resident_mb(process: subprocess.Popen[bytes]) -> float:
    """The resident memory of a process."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024


def publish_three(folder: Path) -> dict[str, str]:
    """Publish a small city three times, with another name for its manager; the name by the edition's id."""
    source = write_toy_city(folder / "source")
    names = {}
    for name in NAMES:
        (source / "managers.csv").write_text(TABLES["managers.csv"].replace("Bob", name))
        names[publish(source, folder / "published", accept_warnings=True).edition_id] = name
    return names


def main() -> None:
    """Switch, and print what became of it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--switches", type=int, default=1000)
    parser.add_argument("--write-readme", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        names = publish_three(folder)
        with serving(folder / "published") as (process, url):
            rows = measure(process, url, folder / "published", names, arguments.switches)
    for row in rows:
        print(" | ".join(row))
    if arguments.write_readme:
        lines = ["| | measured |", "|---|---|", *(f"| {' | '.join(row)} |" for row in rows)]
        write_table("bench-switch", lines)


def measure(
    process: subprocess.Popen[bytes], url: str, published: Path, names: dict[str, str], switches: int
) -> list[list[str]]:
    """Ask from three clients while editions take turns."""
    answers, failed, wrong, over = [0], [0], [0], Event()

    def ask() -> None:
        with httpx.Client() as client:
            while not over.is_set():
                answer = client.get(f"{url}/v1/find", params=HERE)
                told = answer.json()
                answers[0] += 1
                failed[0] += answer.status_code != 200
                name = names[told["edition"]["id"]]
                said = {told["contact"]["name"], told["managers"][0]["name"]}
                wrong[0] += said != {name} or name not in told["summary"]
                time.sleep(PAUSE_SECONDS)

    threads = [Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    editions = lineage(published)
    memory, watch, began = [], httpx.Client(), time.monotonic()
    for number in range(switches):
        wanted = editions[number % len(editions)]
        with alone(published):
            switch(published, wanted)
        process.send_signal(signal.SIGHUP)
        while watch.get(f"{url}/readyz").json()["edition"] != wanted:
            time.sleep(0.01)
        if number % max(1, switches // 20) == 0:
            memory.append(resident_mb(process))
    seconds = time.monotonic() - began
    over.set()
    watch.close()
    for thread in threads:
        thread.join()
    settled = memory[len(memory) // 4 :]
    return [
        ["switches of edition under load", f"{switches:,} in {seconds:,.0f} s"],
        ["requests answered meanwhile", f"{answers[0]:,}"],
        ["of these failed", str(failed[0])],
        ["of these not of one edition", str(wrong[0])],
        ["resident memory after a quarter of them", f"{settled[0]:.0f} MB"],
        ["the same at the end, and at most", f"{memory[-1]:.0f} MB, {max(memory):.0f} MB"],
    ]


if __name__ == "__main__":
    main()
