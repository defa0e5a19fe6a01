"""The real editions of 2024 and 2025, with the figures that were counted elsewhere."""

from __future__ import annotations

from collections import Counter

import geopandas
import pandas as pd
import pytest

from geo_lookup import Finder
from geo_lookup.comparison.addresses import total
from geo_lookup.comparison.comparison import Comparison, compare
from geo_lookup.edition import Edition, open_edition
from geo_lookup.reports.comparison_report import comparison_html, comparison_text
from tests.real_editions import maaseik_addresses, real_data, real_genk_2024


@pytest.fixture(scope="module")
def genk_2024(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    return open_edition(real_genk_2024(tmp_path_factory.mktemp("genk")))


@pytest.fixture(scope="module")
def in_genk(genk_2024: Edition, genk: Finder) -> Comparison:
    return compare(genk_2024, genk.edition)


def test_one_neighbourhood_is_split_and_one_is_spelt_otherwise(in_genk: Comparison) -> None:
    apart = [one for one in in_genk.neighbourhoods.changes if one.fate != "kept"]
    assert [(one.fate, [area.name for area in one.before], [area.name for area in one.after]) for one in apart] == [
        ("split", ["Kattevenne-Molenblook"], ["Kattevenne", "Molenblook"])
    ]
    named = [one for one in in_genk.neighbourhoods.changes if one.name_change]
    assert [(one.name_change, one.before[0].name, one.after[0].name) for one in named] == [
        ("respelt", "Nieuwe-Kempen", "Nieuwe Kempen")
    ]
    assert sum(one.recoded for one in in_genk.neighbourhoods.changes) == 29
    assert not in_genk.neighbourhoods.reused_ids


def test_279_hectares_lie_in_another_neighbourhood_besides(in_genk: Comparison) -> None:
    """What geopandas' own overlay says: all ground but what lies in the largest part of each area of 2025."""
    layer = in_genk.neighbourhoods
    old, new = (
        geopandas.read_file(real_data(f"genk/wijken_{year}.gpkg"))[["geoitem", "geometry"]] for year in (2024, 2025)
    )
    pieces = geopandas.overlay(old, new, how="intersection")
    hectares = pieces.area / 10_000
    elsewhere = hectares.sum() - hectares.groupby(pieces["geoitem_2"]).max().sum()
    assert layer.moved + layer.slivers == pytest.approx(elsewhere, abs=0.002)  # slivers at the outline are in it too
    assert layer.moved == pytest.approx(279.39, abs=0.01)
    assert layer.shared == pytest.approx(8752.33, abs=0.01)
    assert layer.moved_share == pytest.approx(0.0319, abs=1e-4)


def test_the_report_says_so(in_genk: Comparison) -> None:
    text = comparison_text(in_genk)
    assert "Neighbourhoods: 1 split and 29 kept (1 only spelt otherwise, 29 with another id" in text
    assert "279.4 ha (3.2 %) of their ground goes from one to another, besides what is split or merged." in text
    assert "Nieuwe-Kempen is now spelt Nieuwe Kempen" in text
    assert "(560.9 ha) is split into Kattevenne (488.8 ha) and Molenblook (72.3 ha)" in text
    assert "Molenblook" in comparison_html(in_genk)


def test_districts_stay_the_same_eight(in_genk: Comparison) -> None:
    assert [one.fate for one in in_genk.districts.changes] == ["kept"] * 8
    assert in_genk.districts.moved == pytest.approx(222.04, abs=0.01)


@pytest.fixture(scope="module")
def in_flanders(flanders_2024: Finder, flanders: Finder, tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """All Flanders, with the address points of the arrondissement of Maaseik."""
    table = maaseik_addresses(tmp_path_factory.mktemp("addresses"))
    return compare(flanders_2024.edition, flanders.edition, addresses=table)


def test_all_flanders_is_compared(in_flanders: Comparison) -> None:
    layer = in_flanders.neighbourhoods
    assert sum(len(one.before) for one in layer.changes) == 2730
    assert sum(len(one.after) for one in layer.changes) == 2767
    genk = [
        one
        for one in layer.moves
        if one.reason == "moved" and one.before and one.after
        and one.before.id.startswith("71016") and one.after.id.startswith("71016")
    ]  # fmt: skip
    assert sum(one.hectares for one in genk) == pytest.approx(279.4, abs=0.1)


def test_addresses_are_counted_as_a_join_counts_them(in_flanders: Comparison) -> None:
    """Beside it geopandas' own join of the points with the layers; a point on a border may lie in either."""
    found = in_flanders.addresses
    assert found is not None
    assert (found.count, found.unread) == (103_323, 0)
    rows = pd.read_csv(real_data("addresses/best_2023_arrondissement_maaseik.csv"), sep=";")
    points = geopandas.GeoDataFrame(geometry=geopandas.points_from_xy(rows["x_31370"], rows["y_31370"]), crs=31370)
    ids = {}
    for year in (2024, 2025):
        layer = geopandas.read_file(real_data(f"flanders/wijken_{year}.shp"))[["geoitem", "geometry"]]
        layer = layer.set_crs(31370, allow_override=True)
        ids[year] = points.sjoin(layer, how="left").groupby(level=0)["geoitem"].first()
    kept = {(one.before[0].id, one.after[0].id) for one in in_flanders.neighbourhoods.changes if one.fate == "kept"}
    pairs = Counter(zip(*(ids[year].astype(object).where(ids[year].notna(), None) for year in ids), strict=True))
    counted = Counter({pair: count for pair, count in pairs.items() if pair not in kept and pair != (None, None)})
    told = Counter(
        {(one.before and one.before.id, one.after and one.after.id): one.addresses for one in found.neighbourhoods}
    )
    off = sum(((told - counted) + (counted - told)).values())
    assert sum(counted.values()) > 1000
    assert off <= 10
    assert total(found.neighbourhoods) + total(found.neighbourhoods, follows=True) == sum(told.values())
