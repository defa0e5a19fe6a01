"""Editions of the real data in ../shared/data, by the manifests that stand in boundaries/."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
REAL_DATA = ROOT.parent / "shared" / "data"


def real_data(name: str) -> Path:
    """A file or folder of the real data; skips the test where it is not there."""
    path = REAL_DATA / name
    if not path.exists():
        pytest.skip(f"the real data ({name}) is not on this machine")
    return path


def real_edition(manifest: str, data: str, folder: Path) -> Path:
    """Put a manifest of boundaries/ and the files of a folder of real data together in `folder`."""
    for file in real_data(data).iterdir():
        shutil.copy(file, folder)
    shutil.copy(ROOT / "boundaries" / manifest / "manifest.toml", folder)
    return folder


def real_genk_2024(folder: Path) -> Path:
    """Make the real Genk of 2024: the manifest of 2025 with another file in it, and its own names in the districts."""
    real_edition("genk/2025", "genk", folder)
    manifest, districts = folder / "manifest.toml", folder / "stadsdelen_assumed.csv"
    manifest.write_text(manifest.read_text().replace("2025", "2024"))
    names = {"Molenblook,Genk-Centrum\n": "", "Kattevenne,": "Kattevenne-Molenblook,", "Nieuwe Kempen": "Nieuwe-Kempen"}
    text = districts.read_text()
    for name, other in names.items():
        text = text.replace(name, other)
    districts.unlink()  # it may be read-only, as the real data is
    districts.write_text(text)
    return folder


def real_flanders_2024(folder: Path) -> Path:
    """Make all Flanders of 2024: the manifest of 2025 with another file in it."""
    real_edition("flanders/2025", "flanders", folder)
    manifest = folder / "manifest.toml"
    manifest.write_text(manifest.read_text().replace("wijken_2025", "wijken_2024"))
    return folder


def maaseik_addresses(folder: Path) -> Path:
    """Write the address points of the arrondissement of Maaseik as a table whose coordinates are named as BeSt does."""
    text = real_data("addresses/best_2023_arrondissement_maaseik.csv").read_text()
    table = folder / "addresses.csv"
    table.write_text(text.replace("x_31370", "EPSG:31370_x").replace("y_31370", "EPSG:31370_y"))
    return table
