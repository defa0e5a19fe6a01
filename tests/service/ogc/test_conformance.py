"""CONFORMANCE.md names a test for each abstract test of the classes that are claimed, and each is there."""

from __future__ import annotations

import re
from pathlib import Path

from service import ogc
from service.ogc.documents import CONFORMANCE

HERE = Path(__file__).parent
ROWS = re.findall(
    r"^\| `(/\S+)` \| [^|]+ \| (.+) \|$", (Path(ogc.__file__).parent / "CONFORMANCE.md").read_text(), re.MULTILINE
)

RULES = {
    "core": """
        http crs84 root-op root-success api-definition-op api-definition-success conformance-op conformance-success
        query-param-unknown query-param-invalid fc-md-op fc-md-success fc-md-links fc-md-items fc-md-items-links
        fc-md-extent fc-md-extent-multi sfc-md-op sfc-md-success fc-op fc-bbox-definition fc-bbox-response
        fc-limit-definition fc-limit-response fc-time-definition fc-time-response fc-response fc-links fc-timeStamp
        fc-numberMatched fc-numberReturned f-op f-success f-links
    """,
    "geojson": "definition content",
    "html": "definition content",
    "oas30": "completeness definition-1 definition-2 exception-codes oas-impl security",
    "crs": """
        crs-uri default-crs storageCrs crs-parameter crs-parameter-default crs-parameter-invalid
        crs-parameter-transform bbox-crs-parameter bbox-crs-parameter-default bbox-crs-parameter-invalid
    """,
    "queryables": "get-queryables-op get-queryables-response queryables-link",
    "queryables-query-parameters": "parameters",
}
"""The abstract tests of each class; the requirements where a class has none."""


def test_each_abstract_test_of_each_class_that_is_claimed_has_its_row() -> None:
    assert [one.rpartition("/")[2] for one in CONFORMANCE] == list(RULES)
    kind = {name: "req" if name.startswith("queryables") else "conf" for name in RULES}
    wanted = [f"/{kind[name]}/{name}/{rule}" for name, rules in RULES.items() for rule in rules.split()]
    assert sorted(name for name, _ in ROWS) == sorted(wanted)


def test_every_test_that_is_named_is_there() -> None:
    named = [re.findall(r"`(\w+\.py)::(\w+)`", tests) for _, tests in ROWS]
    assert all(named)
    for file, name in {one for tests in named for one in tests}:
        assert re.search(rf"^def {name}\(", (HERE / file).read_text(), re.MULTILINE), f"{file}::{name}"
