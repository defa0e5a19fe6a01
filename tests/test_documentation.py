"""Every example, command, setting and field of the documentation is real."""

from __future__ import annotations

import doctest
import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import geopandas
import pytest
from fastapi.testclient import TestClient
from pydantic import BaseModel

import geo_lookup
from geo_lookup import errors, finder
from geo_lookup.loading.districts import DistrictMember
from geo_lookup.manifest import AddressSource, Layers, LayerSource, Manifest, Tables, TableSource
from geo_lookup.model import Assignment, ClosingDay, Manager, Office, Override, Project, Service, StreetAlias
from service.settings import Settings
from tests.documents import blocks
from tests.toy_city import NEIGHBOURHOODS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
EDITIONS = (ROOT / "boundaries" / "README.md").read_text()


def test_the_python_examples_of_the_readme_say_what_they_say() -> None:
    assert doctest.testfile(str(ROOT / "README.md"), module_relative=False).failed == 0


@pytest.mark.parametrize("module", [geo_lookup, finder])
def test_the_examples_in_docstrings_say_what_they_say(module: Any) -> None:
    result = doctest.testmod(module, extraglobs={"load": geo_lookup.load})
    assert result.attempted > 0
    assert result.failed == 0


def test_the_json_of_the_readme_is_what_its_command_answers(client: TestClient) -> None:
    (command,) = (
        line for block in blocks(README, "sh") for line in block.splitlines() if line.startswith("curl 'http")
    )
    url = urlsplit(shlex.split(command)[1])
    shown, answered = json.loads(blocks(README, "json")[0]), client.get(f"{url.path}?{url.query}").json()
    for answer in (shown, answered):
        for office in answer["offices"]["nearest"]:
            del office["open_now"], office["next_change"]
    assert shown == answered


def test_the_bulk_requests_of_the_readme_are_answered(client: TestClient) -> None:
    block = next(block for block in blocks(README, "sh") if "/v1/find/bulk" in block)
    printed = re.findall(r"printf '(.*)'.*\n.*-H 'Content-Type: (.*?)' '(.*?)'", block)
    asked = [(text.replace(r"\n", "\n"), media_type, url) for text, media_type, url in printed]
    asked += [(text, "application/json", url) for text, url in re.findall(r"curl --json '(.*?)' (\S+)", block)]
    assert len(asked) == 3
    for text, media_type, url in asked:
        answer = client.post(urlsplit(url)._replace(scheme="", netloc="").geturl(), content=text,
                             headers={"Content-Type": media_type})  # fmt: skip
        assert answer.status_code == 200
        assert answer.text.count("assigned") + answer.text.count("vacant") + answer.text.count("swapped") == 2


def test_the_commands_of_the_readme_run(tmp_path: Path) -> None:
    (tmp_path / "visits.csv").write_text("lon,lat,X,Y\n5.505,50.975,229801,185580\n")
    (tmp_path / "clients.csv").write_text("straat;nummer;gemeente\nNoordlaan;112;Genk\n")
    lines = [line for block in blocks(README, "sh") for line in block.splitlines()]
    commands = [line for line in lines if line.startswith(".venv/bin/geo-lookup")]
    assert commands
    for command in commands:
        command = re.sub(r" (?:/tmp/)?(\w+\.(?:csv|gpkg|sqlite|html))\b", rf" {tmp_path}/\1", command)
        program, *arguments = shlex.split(command)
        subprocess.run([Path(sys.executable).with_name(Path(program).name), *arguments], cwd=ROOT, check=True)


def test_every_setting_is_explained() -> None:
    names = {f"GEO_LOOKUP_{name.upper()}" for name in Settings.model_fields}
    table = README.split("| setting | meaning |\n")[1].split("\n\n")[0]
    assert sorted(names) == sorted(re.findall(r"^\| `(GEO_LOOKUP_\w+)` \|", table, re.MULTILINE))


def test_the_make_targets_of_the_readme_are_there() -> None:
    makefile = (ROOT / "Makefile").read_text()
    for target in re.findall(r"^make (\w+)", README, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_the_example_manifest_makes_an_edition(tmp_path: Path) -> None:
    rows = [(area_id, name, parent, f"Deel {parent}") for area_id, (name, parent, _) in NEIGHBOURHOODS.items()]
    shapes = [shape for _, _, shape in NEIGHBOURHOODS.values()]
    layer = geopandas.GeoDataFrame(rows, columns=["code", "naam", "deel", "deelnaam"], geometry=shapes, crs=31370)
    layer.to_file(tmp_path / "wijken.gpkg", driver="GPKG")
    (tmp_path / "manifest.toml").write_text(blocks(EDITIONS, "toml")[0])
    (tmp_path / "managers.csv").write_text("id,name\nann,Ann\n")
    (tmp_path / "toewijzingen.csv").write_bytes(
        "gebied;rol;wie\nA;wijkmanager;ann\nB;coördinator;ann\n".encode("cp1252")
    )
    answer = geo_lookup.load(tmp_path).find(x=228500, y=183500, crs=31370)
    assert answer.district is not None
    assert (answer.outcome, answer.district.name) == ("assigned", "Deel A")


@pytest.mark.parametrize("part", [Manifest, Layers, LayerSource, Tables, TableSource, AddressSource])
def test_every_field_of_a_manifest_is_explained(part: type[BaseModel]) -> None:
    first_column = " ".join(re.findall(r"^\| ([^|]*) \|", EDITIONS, re.MULTILINE))
    assert {name for name in part.model_fields if f"`{name}`" not in first_column} == set()


@pytest.mark.parametrize(
    ("table", "record"),
    [
        ("managers", Manager), ("assignments", Assignment), ("offices", Office), ("closing_days", ClosingDay),
        ("services", Service), ("projects", Project), ("overrides", Override), ("districts", DistrictMember),
        ("street_aliases", StreetAlias),
    ],
)  # fmt: skip
def test_every_column_of_a_table_is_explained(table: str, record: Any) -> None:
    (row,) = re.findall(rf"^\| `{table}` \| (.*`.*) \|$", EDITIONS, re.MULTILINE)[-1:]
    assert set(record.__dataclass_fields__) <= set(re.findall(r"`(\w+)`", row))


def test_the_tree_of_errors_is_the_one_in_the_docstring() -> None:
    tree = re.findall(r"(\w+Error)", (errors.__doc__ or "").split("Messages")[0])
    classes = [name for name, one in vars(errors).items() if isinstance(one, type) and issubclass(one, Exception)]
    assert sorted(tree) == sorted(classes)


def test_the_public_list_is_complete_and_each_name_is_documented() -> None:
    assert geo_lookup.__all__ == sorted(geo_lookup.__all__)
    raised = {name for name, one in vars(errors).items() if isinstance(one, type) and issubclass(one, Exception)}
    assert set(geo_lookup.__all__) == raised | {"Answer", "Finder", "Outcome", "load"}
    for name in geo_lookup.__all__:
        assert getattr(geo_lookup, name).__doc__
    with pytest.raises(AttributeError):
        geo_lookup.nothing  # noqa: B018
