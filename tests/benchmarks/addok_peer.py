"""addok, the peer of the address bench: the same addresses and queries, in an environment of its own.

addok (https://addok.readthedocs.io) keeps its index in Redis; a server of Debian's redis-server is started for it on
the loopback interface. It is set up as its manual says, with the Dutch short forms as synonyms and house numbers
recognised wherever they stand; its map of neighbouring keys is that of an AZERTY keyboard, which Belgium types on.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from geo_lookup.addresses.book import AddressBook
from geo_lookup.addresses.vocabulary import SUFFIX_TYPES, TITLES

VERSION = "1.3.2"
CONFIGURATION = """
SYNONYMS_PATHS = [{synonyms!r}]
PROCESSORS_PYPATHS = [
    "addok.helpers.text.tokenize",
    "addok.helpers.text.normalize",
    "addok_numbers.flag_house_number",
    "addok.helpers.text.synonymize",
]
BATCH_WORKERS = 2
LOG_DIR = {folder!r}
"""


class PeerAnswer(NamedTuple):
    """What addok answered, and how long it took; no street where it answered nothing."""

    milliseconds: float
    street_id: str = ""
    house_number: str = ""
    score: float = 0.0


class Addok:
    """addok with the addresses of one book."""

    def __init__(self, folder: Path, environment: Path, port: int, server: subprocess.Popen[bytes]) -> None:
        self.folder = folder
        self.server = server
        self.bin = environment / "bin"
        self.environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("PYTHON")},
            "REDIS_HOST": "127.0.0.1",
            "REDIS_PORT": str(port),
            "ADDOK_CONFIG_MODULE": str(folder / "addok_configuration.py"),
            "ADDOK_LOG_DIR": str(folder),
            "PYTHONPATH": str(Path(__file__).parent),
        }

    def load(self, book: AddressBook) -> float:
        """Index the addresses of a book; returns how many seconds addok took."""
        documents = self.folder / "streets.jsonl"
        with documents.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(document) + "\n" for document in _documents(book))
        start = time.perf_counter()
        self._run([self.bin / "addok", "batch", documents])
        self._run([self.bin / "addok", "ngrams"])
        return time.perf_counter() - start

    def answers(self, texts: Sequence[str], *, typing: bool = False) -> list[PeerAnswer]:
        """The best result of each text; `typing` asks for suggestions."""
        asked = self.folder / "queries.jsonl"
        asked.write_text("".join(json.dumps({"text": text, "typing": typing}) + "\n" for text in texts), "utf-8")
        lines = self._run([self.bin / "python", Path(__file__).with_name("addok_worker.py"), asked]).splitlines()
        found = [json.loads(line) for line in lines if line.startswith("[")]
        return [
            PeerAnswer(took, *([str(best[0]), str(best[1] or ""), best[2]] if best else [])) for took, best in found
        ]

    def memory_mb(self) -> float:
        """The resident memory of the Redis server."""
        status = Path(f"/proc/{self.server.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1000

    def _run(self, command: Sequence[Any]) -> str:
        done = subprocess.run(
            list(map(str, command)), env=self.environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"addok failed: {done.stderr[-2000:]}")
        return done.stdout


@contextmanager
def addok(folder: Path, environment: Path) -> Iterator[Addok]:
    """addok, installed in `environment` if it is not yet there, with a Redis server that ends with the block."""
    if shutil.which("redis-server") is None:
        raise RuntimeError("redis-server is missing; install Debian's package of that name, or leave addok out.")
    folder.mkdir(parents=True, exist_ok=True)
    if not (environment / "bin" / "addok").exists():
        subprocess.run([sys.executable, "-m", "venv", environment], check=True)
        subprocess.run([environment / "bin" / "pip", "install", "--quiet", f"addok=={VERSION}"], check=True)
    synonyms = folder / "synonyms.txt"
    synonyms.write_text("".join(_synonyms()), "utf-8")
    configuration = CONFIGURATION.format(synonyms=str(synonyms), folder=str(folder))
    (folder / "addok_configuration.py").write_text(configuration, "utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield Addok(folder, environment, port, server)
    finally:
        server.terminate()
        server.wait()


def _wait_for(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the Redis server does not start.")


def _documents(book: AddressBook) -> Iterator[dict[str, Any]]:
    """The streets of a book with their house numbers, as addok's manual lays them out."""
    for number in range(len(book.street_sizes)):
        street = book.street(number)
        houses = {one.house_number: {"lat": one.y / 1e5, "lon": one.x / 1e5} for one in book.in_street(number)}
        yield {
            "_id": street.id, "id": street.id, "type": "street", "name": street.names.nl,
            "city": street.municipality.names.nl, "postcode": street.postal.postcode,
            "lat": street.y / 1e5, "lon": street.x / 1e5, "importance": 0.1, "housenumbers": houses,
        }  # fmt: skip


def _synonyms() -> Iterator[str]:
    """Short forms of titles and types, which addok reads as 'short => long'."""
    for short, meant in TITLES.items():
        if len(short) > 1:
            yield f"{short} => {meant[0]}\n"
    for kind, shorts in SUFFIX_TYPES.items():
        for short in shorts:
            yield f"{short} => {kind}\n"
