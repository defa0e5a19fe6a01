"""The real boundaries and real address points of ../shared/data."""

from __future__ import annotations

import shutil
import textwrap
from pathlib import Path

import pandas as pd
import shapely

import geo_lookup
from geo_lookup import Finder
from tests.real_editions import real_data


def test_the_real_genk_loads_by_its_manifest(genk: Finder) -> None:
    assert len(genk.areas()) == 31
    assert len(genk.areas("district")) == 8
    answer = genk.find(x=229465, y=184466, crs=31370)
    assert answer.neighbourhood is not None
    assert answer.district is not None
    assert (answer.neighbourhood.name, answer.district.name) == ("Genk-Centrum", "Genk-Centrum")
    assert answer.outcome == "vacant", "no managers are stated, so the service answers"
    assert answer.contact is not None
    assert answer.contact.phone == "089 65 43 21"


def test_the_real_districts_are_their_neighbourhoods_together(genk: Finder) -> None:
    together = shapely.union_all(genk.areas("district").geometry)
    assert together.symmetric_difference(genk.areas("city").geometry.iloc[0]).area < 1


def test_all_of_flanders_loads_by_its_manifest(flanders: Finder) -> None:
    assert len(flanders.areas()) == 2767
    neighbourhood = flanders.find(x=229465, y=184466, crs=31370).neighbourhood
    assert neighbourhood is not None
    assert neighbourhood.name == "Genk-Centrum (Genk)"


def test_real_addresses_get_the_neighbourhood_of_their_official_sector(flanders_2024: Finder) -> None:
    addresses = pd.read_csv(
        real_data("addresses/best_2023_arrondissement_maaseik.csv"), sep=";", dtype={"cd_sector": str}
    )
    sectors = pd.read_csv(real_data("flanders/sector_wijk_2024.csv"), dtype=str).set_index("sector")["wijk"]
    assert len(addresses) == 103_323
    assert len(flanders_2024.areas()) == 2730
    assigned = flanders_2024.assign(addresses, x="x_31370", y="y_31370", crs=31370)
    official = assigned["cd_sector"].map(sectors)
    differing = assigned[assigned["neighbourhood_id"] != official]
    assert 1 - len(differing) / len(assigned) >= 0.999
    for x, y in zip(differing["x_31370"], differing["y_31370"], strict=True):
        border = flanders_2024.find(x=x, y=y, crs=31370).border
        assert border is not None
        assert border.uncertain, "whoever differs lies near a border, and the answer says so"


def test_a_city_whose_layer_has_gaps_says_uncovered_and_not_outside(tmp_path: Path) -> None:
    for name in ("kernen_with_gaps.geojson", "gemeente_2025.geojson"):
        shutil.copy(real_data(f"genk/{name}"), tmp_path)
    manifest = """
        id = "kernen"
        city = "Genk"
        title = "Kernen"
        licence = "-"
        attribution = "-"
        valid_from = 2025-01-01
        contact = { name = "Stad" }
        layers.neighbourhoods = { path = "kernen_with_gaps.geojson", id = "kern", name = "naam" }
        layers.city = { path = "gemeente_2025.geojson" }
    """
    (tmp_path / "manifest.toml").write_text(textwrap.dedent(manifest))
    finder = geo_lookup.load(tmp_path)
    points = finder.areas("city").sample_points(2000, rng=1).explode(ignore_index=True)
    outcomes = finder.assign(points)["outcome"]
    covered = points.within(finder.areas().union_all())
    assert set(outcomes) == {"vacant", "uncovered"}
    assert ((outcomes == "vacant") == covered).all()
    assert finder.find(lon=5.34, lat=50.93).outcome == "outside"
