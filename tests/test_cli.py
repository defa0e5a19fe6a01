from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from geo_lookup.cli import app
from tests.toy_city import TABLES, write_toy_city

COORDINATES = ["--lon", "5.505", "--lat", "50.975"]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_find_tells_people_what_they_want_to_know() -> None:
    result = run("find", *COORDINATES, "--on", "2026-11-23")
    assert result.exit_code == 0
    for words in (
        "Genk-Centrum-Noord",
        "Wijkmanager Genk-Centrum",
        "+32 89 00 00 01",
        "Wijkbureau Genk-Centrum",
        "demo",
    ):
        assert words in result.stdout
    assert result.stderr == ""


def test_find_takes_another_edition_and_another_language(tmp_path: Path) -> None:
    edition = str(write_toy_city(tmp_path))
    result = run("find", "--x", "228500", "--y", "183500", "--crs", "31370", "--edition", edition, "--lang", "en")
    assert "This is the neighbourhood A-North" in result.stdout


def test_a_name_with_markup_is_shown_as_it_is(tmp_path: Path) -> None:
    edition = str(write_toy_city(tmp_path, managers=TABLES["managers.csv"].replace(",Ann,", ",[bold]<img onerror=1>,")))
    result = run("find", "--x", "228500", "--y", "183500", "--crs", "31370", "--edition", edition)
    assert "[bold]<img onerror=1>" in result.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["--lon", "5_5", "--lat", "50.9"],
        ["--lon", "5,5", "--lat", "50,9"],
        ["--lon", "nan", "--lat", "50.9"],
        ["--lon", "inf", "--lat", "50.9"],
        ["--lon", "5.5"],
        [],
        ["--x", "1", "--y", "2", "--crs", "EPSG:31370"],
        [*COORDINATES, "--on", "tomorrow"],
        [*COORDINATES, "--offices", "99"],
        [*COORDINATES, "--lang", "xx"],
        [""],
        ["Stadsplein 1", *COORDINATES],
        [*COORDINATES, "--nonsense"],
    ],
)
def test_wrong_use_is_told_on_stderr_with_exit_code_2(arguments: list[str]) -> None:
    result = run("find", *arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr
    assert "Traceback" not in result.stderr


def test_a_wrong_edition_is_told_on_stderr_with_exit_code_1(tmp_path: Path) -> None:
    result = run("find", *COORDINATES, "--edition", str(tmp_path))
    assert result.exit_code == 1
    assert "manifest.toml" in result.stderr


def test_check_passes_a_sound_edition(tmp_path: Path) -> None:
    offices = TABLES["offices.csv"].replace(",,,,B;s", ",Mo 09:00-12:00,,,B;s")
    result = run("check", str(write_toy_city(tmp_path, offices=offices)))
    assert (result.exit_code, result.stdout) == (0, "")
    assert "errors 0, warnings 0" in result.stderr


def test_check_tells_warnings_with_their_remedy_and_writes_a_report(tmp_path: Path) -> None:
    result = run("check", str(write_toy_city(tmp_path / "toy")), "--html", str(tmp_path / "report.html"))
    assert result.exit_code == 0
    assert "'Office B' (o2) states no opening hours. Write them" in result.stdout
    assert "Office B" in (tmp_path / "report.html").read_text()


def test_what_would_command_a_terminal_is_not_printed(tmp_path: Path) -> None:
    offices = TABLES["offices.csv"].replace("Office B", "Off\x1b]0;pwn\x07ice B")
    result = run("check", str(write_toy_city(tmp_path, offices=offices)))
    assert "Off\N{REPLACEMENT CHARACTER}]0;pwn" in result.stdout
    assert "\x1b" not in result.stdout


def test_a_report_needs_the_name_of_a_file(tmp_path: Path) -> None:
    assert run("check", str(write_toy_city(tmp_path)), "--html", str(tmp_path)).exit_code == 2


def test_publish_rollback_and_compare(tmp_path: Path) -> None:
    source, published = write_toy_city(tmp_path / "toy"), str(tmp_path / "published")
    refused = run("publish", str(source), "--to", published)
    assert refused.exit_code == 1
    assert "Publish with --accept-warnings" in refused.stderr
    assert run("publish", str(source), "--to", published, "--accept-warnings").stdout == "toy-1\n"
    (source / "managers.csv").write_text(TABLES["managers.csv"].replace("Bob", "Bea"))
    again = run("publish", str(source), "--to", published, "--accept-warnings")
    assert (again.exit_code, again.stdout) == (0, "toy-1-r2\n")
    assert "Taken over unread: areas" in again.stderr
    compared = run("compare", f"{published}/toy-1", f"{published}/toy-1-r2", "--on", "2026-11-23")
    assert compared.exit_code == 0
    assert "Bob" in compared.stdout
    assert "Bea" in compared.stdout
    as_json = run("compare", f"{published}/toy-1", published, "--json", "--moved", str(tmp_path / "moved.gpkg"))
    assert json.loads(as_json.stdout)["after"]["id"] == "toy-1-r2"
    assert run("rollback", published).stdout == "toy-1\n"
    assert run("rollback", published).exit_code == 1
    assert run("compare", published, str(tmp_path)).exit_code == 1
    assert run("compare", published, published, "--on", "yesterday").exit_code == 2
    unwritable = str(source / "managers.csv" / "moved.gpkg")
    assert run("compare", published, published, "--moved", unwritable).stderr == f"{unwritable}: File exists.\n"


def test_check_lists_every_fault_with_exit_code_1(tmp_path: Path) -> None:
    edition = str(write_toy_city(tmp_path, assignments=TABLES["assignments.csv"] + "Z,wijkmanager,zoe,,,\n"))
    result = run("check", edition)
    assert result.exit_code == 1
    assert result.stdout.splitlines()[:2] == [
        "error: assignments.csv, row 8, area_id: there is no area 'Z'.",
        "error: assignments.csv, row 8, manager_id: there is no manager 'zoe'.",
    ]
    as_json = run("check", edition, "--json")
    assert as_json.exit_code == 1
    findings = json.loads(as_json.stdout)["findings"]
    assert [(one["level"], one["rule"], one["row"]) for one in findings if one["level"] == "error"] == [
        ("error", "unknown-area", 8),
        ("error", "unknown-manager", 8),
    ]


def test_json_is_the_only_thing_on_stdout() -> None:
    assert json.loads(run("find", *COORDINATES, "--json").stdout)["outcome"] == "assigned"
