"""Lighthouse on the search page and an answer."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import CHROMIUM

WEB = Path(__file__).parents[2] / "service" / "web"
LIGHTHOUSE = WEB / "node_modules" / "lighthouse" / "cli" / "index.js"
NODE = Path(__file__).parents[2] / ".venv" / "bin" / "node"
GOALS = {"accessibility": 100, "best-practices": 100, "seo": 100, "performance": 95}


@pytest.mark.parametrize("path", ["/", "/?lon=5.505&lat=50.975"])
def test_lighthouse_gives_what_the_goals_are(service: str, path: str, tmp_path: Path) -> None:
    if CHROMIUM is None or not LIGHTHOUSE.is_file() or not NODE.is_file():
        pytest.skip("Lighthouse or chromium is not installed: make test-browser")
    scores: dict[str, int] = {}
    for _ in range(3):  # its performance is a simulation over what it measures: a busy machine is no fault of the page
        scores = measured(f"{service}{path}", tmp_path / "report.json")
        if scores["performance"] >= GOALS["performance"]:
            break
    assert {name: score for name, score in scores.items() if score < GOALS[name]} == {}


def measured(url: str, report: Path) -> dict[str, int]:
    flags = "--headless=new --no-sandbox --disable-gpu"
    command: list[Any] = [NODE, LIGHTHOUSE, url, "--quiet", "--output=json", f"--output-path={report}",
                          f"--chrome-flags={flags}", f"--only-categories={','.join(GOALS)}"]  # fmt: skip
    environment = {"CHROME_PATH": str(CHROMIUM), "PATH": "/usr/bin:/bin", "HOME": str(report.parent)}
    subprocess.run(command, check=True, env=environment, timeout=240, capture_output=True)
    categories = json.loads(report.read_text())["categories"]
    return {name: round(100 * category["score"]) for name, category in categories.items()}
