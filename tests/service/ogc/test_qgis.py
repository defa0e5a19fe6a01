"""QGIS itself, without a screen, reads every layer of /ogc page by page."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import shapely

from geo_lookup import Finder
from tests.service.ogc.reading import IDS, KINDS

PYTHON = "/usr/bin/python3"
"""The Python that Debian's QGIS is made for."""

SCRIPT = Path(__file__).with_name("read_with_qgis.py")


@pytest.fixture(scope="module")
def layers(demo_url: str, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What QGIS read."""
    if subprocess.run([PYTHON, "-c", "import qgis.core"], capture_output=True, check=False).returncode:
        pytest.skip("there is no QGIS: apt-get install python3-qgis")
    home = str(tmp_path_factory.mktemp("home"))
    shown_nowhere = {"QT_QPA_PLATFORM": "offscreen", "HOME": home, "XDG_RUNTIME_DIR": home}
    command = [PYTHON, str(SCRIPT), demo_url, *IDS]
    environment = {name: value for name, value in os.environ.items() if name == "PATH"} | shown_nowhere
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=100, check=True)
    return json.loads(done.stdout)


@pytest.mark.parametrize("collection_id", IDS)
def test_qgis_reads_every_feature_where_it_lies(layers: Any, demo: Finder, collection_id: str) -> None:
    frame = demo.offices() if collection_id == "offices" else demo.areas(KINDS[collection_id])
    expected = dict(zip(frame["id"], frame.to_crs(4326).geometry, strict=True))
    read = {attributes["id"]: shapely.from_wkt(shape) for attributes, shape in layers[collection_id]["features"]}
    assert sorted(read) == sorted(expected)
    for one, shape in expected.items():
        assert shapely.hausdorff_distance(read[one], shape) < 1e-8


def test_qgis_knows_who_is_in_charge(layers: Any) -> None:
    features = layers["neighbourhoods"]["features"]
    by_name = {attributes["name"]: attributes for attributes, _ in features}
    assert by_name["Bret"]["manager"] == "Wijkmanager Genk-Oost"
    assert by_name["Oud-Termien"]["manager"] is None
    assert by_name["Oud-Termien"]["contact"] == "Wijkmanager Genk-Centrum"
