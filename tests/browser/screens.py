"""The pictures of the README: `make screens`."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from service.settings import Settings
from tests.serving import serving

FOLDER = Path(__file__).parents[2] / "service" / "web" / "screens"
SCREENS: dict[str, tuple[str, int, int, Any]] = {
    "answer-phone": ("/?q=Europalaan+45", 390, 1180, "light"),
    "answer-desktop": ("/?q=Noordlaan+112", 1200, 900, "light"),
    "overview-desktop": ("/overview", 1200, 900, "light"),
    "desk-desktop": ("/desk", 1200, 900, "dark"),
}


def main() -> None:
    """Take each picture anew."""
    FOLDER.mkdir(exist_ok=True)
    with serving(Settings(edition=None)) as url, sync_playwright() as started:
        browser = started.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, (path, width, height, scheme) in SCREENS.items():
            page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
            page.goto(f"{url}{path}")
            _show(page, path)
            page.wait_for_load_state("networkidle")
            page.screenshot(path=FOLDER / f"{name}.png")
        browser.close()


def _show(page: Any, path: str) -> None:
    """What a person would do on the page."""
    if path == "/overview":
        page.locator("details[data-map] > summary").click()
        page.locator("path.area").nth(29).wait_for(state="attached")
    if path == "/desk":
        for address in ("Noordlaan 112", "Europalaan 45"):
            page.keyboard.press("F4")
            page.keyboard.type(address)
            page.keyboard.press("Enter")
            page.get_by_text(f"{address}, 3600 Genk ligt in").last.wait_for()


if __name__ == "__main__":
    main()
