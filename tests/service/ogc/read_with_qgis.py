"""Read layers as a user of QGIS does: run by the Python that Debian's QGIS is made for, with nothing on a screen.

    python3 read_with_qgis.py URL LAYER...

Writes JSON: for each layer the id of its CRS, and its features as [attributes, well-known text].
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from qgis.core import QgsApplication, QgsVectorLayer


def read(url: str, name: str) -> dict[str, Any]:
    """One layer whole, by pages of seven features."""
    layer = QgsVectorLayer(f"url='{url}' typename='{name}' pagingEnabled='enabled' pageSize='7'", name, "OAPIF")
    if not layer.isValid():
        return {"error": layer.error().message()}
    fields = [field.name() for field in layer.fields()]
    features = [
        [{field: _plain(one[field]) for field in fields}, one.geometry().asWkt(10)] for one in layer.getFeatures()
    ]
    return {"crs": layer.crs().authid(), "features": features}


def _plain(value: Any) -> Any:
    """A value as JSON has it: what QGIS calls NULL is none."""
    return value if isinstance(value, str | int | float) else None


application = QgsApplication([], False)
application.initQgis()
text = json.dumps({name: read(sys.argv[1], name) for name in sys.argv[2:]})
sys.stdout.write(text)
sys.stdout.flush()
os._exit(0)  # QGIS 3.22 may crash while it ends
