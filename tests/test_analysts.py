"""What the README says that analysts can do is held, each row by a test that is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TABLE = (ROOT / "README.md").read_text().split("<!-- analysts:begin -->")[1].split("<!-- analysts:end -->")[0]
ROWS = re.findall(r"^\| ([^|]+) \| ([^|]+) \| `([^`]+)` \|$", TABLE, re.MULTILINE)


def test_every_row_is_read() -> None:
    assert len(ROWS) == len([line for line in TABLE.splitlines() if line.startswith("|")]) - 2
    tools = {tool.split()[0] for tool, _, _ in ROWS}
    assert tools == {"pandas", "GeoPandas", "Jupyter", "pyarrow", "QGIS", "GDAL", "OWSLib"}


@pytest.mark.parametrize(("tool", "what", "test"), ROWS)
def test_a_row_is_held_by_a_test(tool: str, what: str, test: str) -> None:
    file, name = test.split("::")
    names = [one.name for one in ast.parse((ROOT / file).read_text()).body if isinstance(one, ast.FunctionDef)]
    assert name in names, f"{tool}: {what}"
