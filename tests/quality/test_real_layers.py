"""What is found in the real layers of ../shared/data, and that it takes no longer than it may."""

from __future__ import annotations

import json
import shutil
import textwrap
from pathlib import Path

import pandas as pd
import pytest
import shapely

from geo_lookup.quality.inspection import Inspection, inspect
from tests.quality.sound_city import ON
from tests.real_editions import real_data, real_edition

HEAD = """
    id = "real"
    city = "City"
    title = "Real layers"
    licence = "-"
    attribution = "-"
    valid_from = 2025-01-01
    contact = { name = "Stad" }
"""
CORES = 'layers.neighbourhoods = { path = "kernen_with_gaps.geojson", id = "kern", name = "naam" }\n'
OUTLINE = 'layers.city = { path = "gemeente_2025.geojson" }\n'


def inspected(folder: Path, manifest: str, *files: str) -> Inspection:
    for name in files:
        shutil.copy(real_data(name), folder)
    (folder / "manifest.toml").write_text(textwrap.dedent(HEAD) + manifest)
    return inspect(folder, on=ON)


@pytest.mark.parametrize("outline", [False, True])
def test_genk_of_2025_is_clean(tmp_path: Path, outline: bool) -> None:
    folder = real_edition("genk/2025", "genk", tmp_path)
    manifest = folder / "manifest.toml"
    if outline:  # written with 7 decimals, so that it differs from the neighbourhoods by millimetres
        manifest.write_text(manifest.read_text() + '\n[layers.city]\npath = "gemeente_2025.geojson"\n')
    found = inspect(folder, on=ON)
    assert found.findings == ()
    assert len(found.areas) == 31


def test_cores_have_gaps_between_them(tmp_path: Path) -> None:
    found = inspected(tmp_path, CORES, "genk/kernen_with_gaps.geojson")
    assert [(one.level, one.rule) for one in found.findings] == [("warning", "gap")] * 2
    assert "1,853,513 m²" in found.findings[0].message
    assert "319,043 m²" in found.findings[1].message


def test_cores_leave_most_of_the_city_uncovered(tmp_path: Path) -> None:
    found = inspected(tmp_path, CORES + OUTLINE, "genk/kernen_with_gaps.geojson", "genk/gemeente_2025.geojson")
    gaps = [one.shape for one in found.findings if one.rule == "gap"]
    uncovered = sum(gap.area for gap in gaps if gap is not None)
    cores = shapely.union_all([shape for _, shape in found.areas]).area
    assert len(gaps) == 3
    assert uncovered == pytest.approx(87_520_000 - cores, rel=0.001)
    assert {one.rule for one in found.findings} == {"gap", "sliver-gap"}


def test_the_neighbourhood_of_antwerp_that_overlaps_several_districts_is_named(tmp_path: Path) -> None:
    layers = (
        'layers.neighbourhoods = { path = "wijken_2025.geojson", id = "geoitem", name = "naam" }\n'
        'layers.districts = { path = "districten_2025.geojson", id = "geoitem", name = "naam" }\n'
    )
    files = ("antwerpen/wijken_2025.geojson", "antwerpen/districten_2025.geojson")
    found = inspected(tmp_path, layers, *files)
    assert [one.rule for one in found.findings] == ["unknown-parent", "across-districts"]
    assert "'Schelde (Antwerpen)' (11002W01)" in found.findings[1].message
    assert "742,344 m² in 'Hoboken (Antwerpen)' (11002V)" in found.findings[1].message

    table = 'tables.districts = { path = "districts.csv" }\n'
    features = json.loads((tmp_path / "wijken_2025.geojson").read_text())["features"]
    codes = [one["properties"]["geoitem"] for one in features]
    rows = [f"{code},{'11002Y' if code == '11002W01' else code[:6]}" for code in codes]
    (tmp_path / "districts.csv").write_text("\n".join(["neighbourhood_id,district_id", *rows, ""]))
    (across,) = inspected(tmp_path, layers + table, *files).findings
    assert (across.level, across.rule) == ("warning", "across-districts")
    assert "by 7,806,333 m²" in across.message


def test_real_addresses_are_in_areas_and_few_houses_stand_apart(tmp_path: Path) -> None:
    folder = real_edition("flanders/2025", "flanders", tmp_path)
    manifest = (folder / "manifest.toml").read_text().replace("wijken_2025", "wijken_2024")
    (folder / "manifest.toml").write_text(manifest + '\n[tables.addresses]\npath = "addresses.csv"\n')
    register = pd.read_csv(real_data("addresses/best_2023_arrondissement_maaseik.csv"), sep=";", dtype=str)
    streets = register["street_id_phaco"]
    addresses = {
        "EPSG:31370_x": register["x_31370"],
        "EPSG:31370_y": register["y_31370"],
        "address_id": register.index.astype(str),
        "box_number": "",
        "house_number": register["house_number_sans_lettre"],
        "municipality_id": "72021",
        "municipality_name_nl": "Maaseik",
        "postcode": "3680",
        "street_id": streets,
        "streetname_nl": "Straat " + streets,
        "status": "current",
    }
    pd.DataFrame(addresses).to_csv(folder / "addresses.csv", index=False)
    told = {one.rule: one.message for one in inspect(folder, on=ON).findings if one.file == "addresses.csv"}
    assert told["address-outside-city"].startswith("1 of 102,594 addresses (under 0.01%) lies outside Vlaanderen")
    assert told["street-split"].startswith("23 houses in 18 streets lie in another area")
    assert told.keys() == {"addresses", "address-outside-city", "street-split"}


def test_all_of_flanders_has_few_findings(tmp_path: Path) -> None:
    folder = real_edition("flanders/2025", "flanders", tmp_path)
    found = inspect(folder, on=ON)
    assert len(found.areas) == 2767
    rules = [one.rule for one in found.findings]
    assert found.errors == 0
    assert rules == ["gap"] * 6 + ["far-part"] * 2 + ["spelling"], "Dutch enclaves in Baarle; Baarle and Voeren; Vossem"
    assert "Voeren" in found.findings[7].message
