"""Whoever types along with the guide gets the files, the answers and the service that it shows."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.settings import Settings
from tests.documents import Block, fenced
from tests.service.test_live import until

ROOT = Path(__file__).parent.parent
GUIDE = ROOT / "boundaries" / "guide"
PAGES = re.findall(r"^ +- .*: (city/[\w-]+\.md)$", (ROOT / "mkdocs.yml").read_text(), re.MULTILINE)
"""The pages of the guide, in the order of the site."""

SHOWN_PORT = "8000"
SETUP = "make setup\n. .venv/bin/activate\nmkdir ~/maasbeek && cd ~/maasbeek\n"
"""What is not typed again, since tests run in what it sets up, in a folder of their own."""

CONFIGURATION = ("ini", "nginx")
"""Files of an administrator: nothing that is typed."""


class Reader:
    """Types along in a folder, with the commands of this checkout, and keeps at most one service running."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = str(free.getsockname()[1])
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GEO_LOOKUP_")}
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        self.environment = kept | {
            "PATH": path, "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8", "COLUMNS": "100", "NO_PROXY": "127.0.0.1"
        }  # fmt: skip
        self.service: subprocess.Popen[bytes] | None = None

    def save(self, title: str, text: str) -> None:
        """Save a file, or put more below what is in it."""
        name, _, more = title.partition(", ")
        assert more in ("", "added")
        with (self.folder / name).open("a" if more else "x", encoding="utf-8") as file:
            file.write(f"\n{text}" if more else text)

    def type(self, commands: str) -> str:
        """What commands say, on both channels."""
        run = subprocess.run(["bash", "-euo", "pipefail", "-c", self._here(commands)], cwd=self.folder,
                             env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)  # fmt: skip
        said = run.stdout.decode()
        assert run.returncode == 0, said
        return said

    def start(self, command: str) -> None:
        """Start the service, and wait until it is ready."""
        assert self.service is None
        self.service = subprocess.Popen(["bash", "-c", self._here(command)], cwd=self.folder, env=self.environment,
                                        start_new_session=True)  # fmt: skip
        until(self._is_ready, 60)

    def stop(self) -> None:
        """Stop the service, if it runs."""
        if self.service is not None:
            with contextlib.suppress(ProcessLookupError):  # it ended by itself, which was said
                os.killpg(self.service.pid, signal.SIGTERM)
            self.service.wait()

    def ask_python(self, session: str) -> None:
        """Type a session of Python, and compare what is said with what is shown."""
        (self.folder / "session.txt").write_text(session, encoding="utf-8")
        self.type("python -m doctest session.txt")

    def _here(self, commands: str) -> str:
        return commands.replace(f"127.0.0.1:{SHOWN_PORT}", f"127.0.0.1:{self.port}").replace(
            f"--port {SHOWN_PORT}", f"--port {self.port}"
        )

    def _is_ready(self) -> bool:
        assert self.service is not None
        assert self.service.poll() is None, "the service ended"
        connection = http.client.HTTPConnection("127.0.0.1", int(self.port))
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    missing = [name for name in ("bash", "curl", "iconv", "sed") if shutil.which(name) is None]
    if missing:
        pytest.skip(f"the guide is typed along where there is {' and '.join(missing)}")
    reader = Reader(tmp_path)
    yield reader
    reader.stop()


def blocks_of(page: str) -> list[Block]:
    return fenced((GUIDE / page).read_text(encoding="utf-8"))


def comparable(text: str) -> list[str]:
    """What is seen of lines, without what depends on the hour: whether an office is open."""
    seen = text.replace("\ufeff", "").strip()  # Excel's mark of UTF-8 shows on no terminal
    return [re.sub(r"· (open|closed) now$", "· open or closed now", line.rstrip()) for line in seen.splitlines()]


def type_along(reader: Reader, page: str) -> None:
    """Do what the blocks of a page say, one after the other."""
    found = blocks_of(page)
    for block, following in zip(found, [*found[1:], None], strict=True):
        if block.title and block.language not in CONFIGURATION:
            reader.save(block.title, block.text)
        elif block.language == "pycon":
            reader.ask_python(block.text)
        elif block.language == "sh" and " uvicorn " in block.text:
            reader.start(block.text)
        elif block.language == "sh" and block.text != SETUP:
            shown = following.text if following and following.language == "text" else None
            said = what_is_said(reader, block.text, shown)
            assert shown is None or said == comparable(shown), f"{page}, line {block.line}"


def what_is_said(reader: Reader, commands: str, shown: str | None) -> list[str]:
    """What commands say; those that only ask, ask again for a while: a service follows what is published in seconds."""
    said = comparable(reader.type(commands))
    if shown is not None and all(line.startswith("curl ") for line in commands.splitlines()):
        end = time.monotonic() + 20
        while said != comparable(shown) and time.monotonic() < end:
            said = comparable(reader.type(commands))
    return said


def test_whoever_types_along_sees_what_the_guide_shows(reader: Reader) -> None:
    for page in PAGES:
        type_along(reader, page)


def test_the_guide_begins_with_what_sets_everything_up() -> None:
    first = next(block for block in blocks_of(PAGES[0]) if block.language == "sh")
    assert first.text == SETUP
    assert re.search(r"^setup:", (ROOT / "Makefile").read_text(), re.MULTILINE)


@pytest.mark.parametrize("page", PAGES)
def test_every_block_of_the_guide_is_typed_saved_or_compared(page: str) -> None:
    text = (GUIDE / page).read_text(encoding="utf-8")
    found = blocks_of(page)
    assert text.count("```") == 2 * len(found), "a block is not read"
    for before, block in zip([None, *found[:-1]], found, strict=True):
        assert block.language in {"sh", "text", "pycon", "python", "toml", *CONFIGURATION}
        assert (block.title is None) == (block.language in {"sh", "text", "pycon"})
        if block.language == "text":
            assert before is not None
            assert before.language == "sh"


def test_the_unit_starts_what_the_guide_has_started() -> None:
    (unit,) = (block.text for block in blocks_of("city/for-keeps.md") if block.language == "ini")
    every = [block for page in PAGES for block in blocks_of(page)]
    (typed,) = (block.text for block in every if " uvicorn " in block.text and not block.title)
    (started,) = re.findall(r"^ExecStart=/opt/geo-lookup/\.venv/bin/(.*)$", unit, re.MULTILINE)
    assert shlex.split(started) == shlex.split(typed)[1:]
    names = re.findall(r"^Environment=GEO_LOOKUP_(\w+)=", unit, re.MULTILINE)
    assert names
    assert {name.lower() for name in names} <= set(Settings.model_fields)


def test_the_proxy_logs_nothing_of_what_is_asked() -> None:
    (proxy,) = (block.text for block in blocks_of("city/for-keeps.md") if block.language == "nginx")
    (logged,) = re.findall(r"^log_format without_queries '(.*)';$", proxy, re.MULTILINE)
    assert set(re.findall(r"\$\w+", logged)).isdisjoint(
        {"$args", "$http_referer", "$query_string", "$request", "$request_uri"}
    )
    assert re.findall(r"(?:access|error)_log +\S+ (\w+);", proxy) == ["without_queries", "crit"]
    assert f"proxy_pass http://127.0.0.1:{SHOWN_PORT};" in proxy


def test_every_notebook_is_described() -> None:
    described = set(re.findall(r"^\| `(\w+\.ipynb)` \|", (GUIDE / "notebooks.md").read_text(), re.MULTILINE))
    assert {path.name for path in (ROOT / "notebooks").glob("*.ipynb")} <= described
