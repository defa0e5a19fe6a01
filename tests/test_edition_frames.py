"""What an edition holds, as frames: dtypes, CRS and rows are those a user of GeoPandas expects."""

from __future__ import annotations

from pathlib import Path

import geopandas
import pandas as pd
import pytest
from pandas.api.types import is_bool_dtype, is_datetime64_any_dtype

import geo_lookup
from geo_lookup import DateError, Finder, RequestError
from tests.toy_city import write_toy_city

TEXT = pd.StringDtype(na_value=float("nan"))


def texts_of(frame: pd.DataFrame) -> set[str]:
    return {name for name in frame.columns if frame[name].dtype == TEXT}


@pytest.mark.parametrize("kind", ["neighbourhood", "district", "special_area", "city"])
def test_areas_are_a_layer_in_the_metric_crs(demo: Finder, kind: str) -> None:
    areas = demo.areas(kind)
    assert list(areas.columns) == ["id", "name", "parent_id", "geometry"]
    assert texts_of(areas) == {"id", "name", "parent_id"}
    assert (areas.crs.to_epsg(), areas["id"].is_monotonic_increasing, areas.is_valid.all()) == (31370, True, True)


def test_offices_lie_where_their_table_says(demo: Finder) -> None:
    offices = demo.offices()
    columns = ["id", "name", "kind", "address", "opening_hours", "phone", "email", "district_ids"]
    assert list(offices.columns) == [*columns, "geometry"]
    assert texts_of(offices) == set(columns)
    assert offices.crs.to_epsg() == 31370
    table = demo.edition.offices.offices
    degrees = offices.to_crs(4326)
    assert offices["id"].tolist() == [office.id for office in table]
    assert degrees.geometry.x.tolist() == pytest.approx([office.lon for office in table], abs=1e-8)
    assert degrees.geometry.y.tolist() == pytest.approx([office.lat for office in table], abs=1e-8)
    by_id = offices.set_index("id")
    assert by_id.loc["wijkbureau-genk-centrum", "district_ids"] == "stadsdeel-genk-centrum;stadsdeel-genk-midden"
    assert pd.isna(by_id.loc["buurthuis-termien", "opening_hours"])


def test_offices_join_with_areas(demo: Finder) -> None:
    joined = demo.offices().sjoin(demo.areas("district"))
    assert len(joined) == len(demo.offices())


def test_managers_are_the_posts_of_the_day(demo: Finder) -> None:
    posts = demo.managers()
    assert texts_of(posts) == set(posts.columns) - {"vacant", "valid_from", "valid_to"}
    assert is_bool_dtype(posts["vacant"])
    assert is_datetime64_any_dtype(posts["valid_from"])
    assert is_datetime64_any_dtype(posts["valid_to"])
    vacant = posts[posts["vacant"]]
    assert vacant["area"].tolist() == ["Genk-Midden"]
    assert vacant["manager"].isna().all()
    assert vacant["cover"].tolist() == ["Wijkmanager Genk-Centrum"]
    assert set(posts["kind"]) == {"city", "district", "special_area"}


@pytest.mark.parametrize(
    ("on", "manager"), [("2027-12-31", "Wijkmanager Boxbergheide-Bokrijk"), ("2028-01-01", "Wijkmanager Genk-West")]
)
def test_another_day_has_other_managers(demo: Finder, on: str, manager: str) -> None:
    posts = demo.managers(on).set_index("area_id")
    assert posts.loc["stadsdeel-boxbergheide-bokrijk", "manager"] == manager


def test_every_district_with_one_post_is_answered_by_it(demo: Finder) -> None:
    posts = demo.managers().query("role == 'wijkmanager'").set_index("area_id")["manager"]
    inside = demo.areas("district").set_index("id").representative_point()
    answered = demo.assign(geopandas.GeoDataFrame(geometry=inside))
    plain = answered[answered["special_area_id"].isna()]
    assert len(plain) > 0
    assert plain["manager"].astype(TEXT).equals(posts.reindex(plain.index))


def test_a_day_of_pandas_is_a_day(demo: Finder) -> None:
    posts = demo.managers()
    assert demo.managers(pd.Timestamp("2026-11-23")).equals(posts)
    with pytest.raises(DateError, match="year-month-day"):
        demo.managers(pd.NaT)  # type: ignore[arg-type]
    with pytest.raises(DateError, match="year-month-day"):
        demo.managers(pd.Timestamp("2026-11-23", tz="UTC"))


def test_a_day_before_the_first_edition_has_no_managers(demo: Finder) -> None:
    with pytest.raises(DateError, match="the first edition"):
        demo.managers("1999-01-01")


def test_addresses_are_those_that_find_knows(demo: Finder) -> None:
    addresses = demo.addresses()
    book = demo.edition.addresses
    assert book is not None
    assert (len(addresses), addresses["id"].is_unique, addresses.crs.to_epsg()) == (book.book.addresses, True, 31370)
    assert texts_of(addresses) == set(addresses.columns) - {"geometry"}
    for row in addresses.sample(20, random_state=5).itertuples():
        found = demo.find(address_id=str(row.id))
        assert found.address is not None
        assert found.address.label.startswith(f"{row.street} {row.house_number}")


def test_an_edition_without_addresses_says_so(tmp_path: Path) -> None:
    toy = geo_lookup.load(write_toy_city(tmp_path))
    with pytest.raises(RequestError, match="no addresses"):
        toy.addresses()


def test_a_city_without_offices_has_the_same_columns(tmp_path: Path, demo: Finder) -> None:
    offices = geo_lookup.load(write_toy_city(tmp_path)).offices()
    assert list(offices.columns) == list(demo.offices().columns)
    assert offices.dtypes.equals(demo.offices().dtypes)
