"""The demo edition: it is what its script draws, and it shows everything the service can say."""

from __future__ import annotations

import tomllib
import unicodedata
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely

from boundaries import demo_addresses
from boundaries.draw_genk_demo import OVERRIDES, write_demo
from geo_lookup import Finder
from geo_lookup.model import AreaKind

DEMO = Path(__file__).parent.parent / "boundaries" / "genk-demo"


def test_the_files_are_what_the_script_draws(tmp_path: Path) -> None:
    write_demo(tmp_path)
    drawn = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    kept = {path.relative_to(DEMO): path.read_bytes() for path in DEMO.rglob("*") if path.is_file()}
    assert drawn == kept


def test_every_neighbourhood_is_found_at_its_centre(demo: Finder) -> None:
    from boundaries.draw_genk_demo import NEIGHBOURHOODS

    for district, neighbourhoods in NEIGHBOURHOODS.items():
        for name, lon, lat in neighbourhoods:
            answer = demo.find(lon=lon, lat=lat)
            assert answer.neighbourhood is not None
            assert answer.district is not None
            assert (answer.neighbourhood.name, answer.district.name) == (name, district)


def test_there_are_30_neighbourhoods_in_8_districts_without_gap_or_overlap(demo: Finder) -> None:
    neighbourhoods, districts = demo.areas("neighbourhood"), demo.areas("district")
    assert (len(neighbourhoods), len(districts)) == (30, 8)
    assert shapely.coverage_is_valid(neighbourhoods.geometry.to_numpy())
    city = neighbourhoods.union_all()
    assert city.geom_type == "Polygon"
    assert len(city.interiors) == 0
    assert neighbourhoods.area.sum() == pytest.approx(city.area)


def test_borders_are_jagged_and_their_edges_short(demo: Finder) -> None:
    for area in demo.edition.areas_of(AreaKind.NEIGHBOURHOOD):
        ring = shapely.get_coordinates(area.geometry)
        edges = ((ring[1:] - ring[:-1]) ** 2).sum(axis=1) ** 0.5
        assert edges.max() < 100
        assert len(ring) > 30


def test_seven_managers_one_of_two_districts_and_one_vacancy_with_a_cover(demo: Finder) -> None:
    posts, on = demo.edition.posts, demo.find(lon=5.505, lat=50.975).on
    current = [one for row in posts.assignments.values() for one in row if one.holds(on) and one.role == "wijkmanager"]
    held = Counter(one.manager_id for one in current if one.manager_id)
    assert len(held) == 7
    assert sorted(held.values()) == [1, 1, 1, 1, 1, 1, 2]
    assert [(one.area_id, bool(one.cover_id)) for one in current if not one.manager_id] == [
        ("stadsdeel-genk-midden", True)
    ]


def test_no_real_person_is_put_in_a_post(demo: Finder) -> None:
    for manager in demo.edition.posts.managers.values():
        assert manager.name.startswith(("Wijkmanager ", "Coördinator "))
        assert manager.email is not None
        assert manager.email.endswith("@example.org")
        assert manager.phone is not None
        assert manager.phone.startswith("+32 89 00 00 ")


def test_an_office_lies_outside_the_district_it_serves(demo: Finder) -> None:
    elsewhere = [
        office.name
        for office in demo.edition.offices.offices
        if (district := demo.find(lon=office.lon, lat=office.lat).district) and district.id not in office.district_ids
    ]
    assert elsewhere == ["Wijkbureau Boxbergheide-Bokrijk"]


def test_each_district_has_an_office_and_the_basic_services(demo: Finder) -> None:
    districts = demo.edition.areas_of(AreaKind.DISTRICT)
    assert len(demo.edition.offices.offices) >= 8
    basic = set.intersection(*(set(demo.edition.services[district.id]) for district in districts))
    assert len(basic) >= 4
    for district in districts:
        assert demo.edition.serving_offices[district.id][0].kind == "wijkbureau"
    extra = {service for district in districts for service in demo.edition.services[district.id]} - basic
    assert extra == {"buurtopbouwwerk", "straathoekwerk", "gemeenschapswachten"}
    assert any(demo.edition.projects.get(district.id) for district in districts)


def test_it_says_that_it_is_a_demo() -> None:
    manifest = tomllib.loads((DEMO / "2026-11" / "manifest.toml").read_text())
    assert manifest["demo"] is True


@pytest.fixture(scope="module")
def addresses(demo: Finder) -> pd.DataFrame:
    """The demo's addresses as they stand in their file, with x and y as numbers and the columns of `assign`."""
    written = pd.read_csv(DEMO / "2026-11" / "addresses.csv", dtype=str, keep_default_na=False)
    written[["x", "y"]] = written[["EPSG:31370_x", "EPSG:31370_y"]].astype(float)
    return demo.assign(written, crs=31370)


def street(addresses: pd.DataFrame, name: str) -> pd.DataFrame:
    return addresses[addresses["streetname_nl"] == name]


def one_house(addresses: pd.DataFrame, name: str, house: str) -> pd.Series:
    """The first row of a house: the one without a box, where there is such a one."""
    return addresses[(addresses["streetname_nl"] == name) & (addresses["house_number"] == house)].iloc[0]


def test_there_are_some_6000_addresses_in_320_streets(addresses: pd.DataFrame) -> None:
    assert 5500 < len(addresses) < 6500
    assert addresses["street_id"].nunique() == 320
    assert list(addresses["address_id"]) == [f"demo-{number:05}" for number in range(1, len(addresses) + 1)]
    assert not addresses.duplicated(["street_id", "house_number", "box_number"]).any()
    houses = addresses.groupby("streetname_nl")["house_number"].nunique()
    assert houses.min() >= 6
    assert set(houses[houses > 60].index) == {"Noordlaan", "Europalaan"}


def test_every_address_lies_in_the_city_by_its_metres_and_by_its_degrees(demo: Finder, addresses: pd.DataFrame) -> None:
    by_metres = demo.locate(addresses["x"], addresses["y"], crs=31370)
    by_degrees = demo.locate(addresses["EPSG:4326_lon"].astype(float), addresses["EPSG:4326_lat"].astype(float))
    assert by_metres.min() >= 0
    assert np.array_equal(by_metres, by_degrees)


def test_houses_on_one_side_stand_8_to_20_m_apart_and_those_of_other_streets_farther(addresses: pd.DataFrame) -> None:
    houses = addresses.drop_duplicates(["street_id", "house_number"])
    sides = houses["house_number"].str.extract(r"^(\d+)")[0].astype(int) % 2
    for _, side in houses.groupby([houses["street_id"], sides]):
        gaps = np.hypot(*np.diff(side[["x", "y"]].to_numpy(), axis=0).T)
        assert ((gaps >= 8) & (gaps <= 20)).all()
    points = shapely.points(houses[["x", "y"]])
    one, other = shapely.STRtree(points).query(points, predicate="dwithin", distance=20)
    ids = houses["street_id"].to_numpy()
    assert (ids[one] == ids[other]).all()


def test_offices_are_at_their_addresses(demo: Finder, addresses: pd.DataFrame) -> None:
    for office in demo.edition.offices.offices:
        assert office.address is not None
        name, house = office.address.split(",")[0].rsplit(" ", 1)
        there = one_house(addresses, name, house)
        nearest = demo.find(x=there.x, y=there.y, crs=31370, offices=1).offices.nearest[0]
        assert nearest.name == office.name
        assert nearest.distance_m < 60


def test_the_town_square_has_numbers_1_to_9_in_the_centre(addresses: pd.DataFrame) -> None:
    square = street(addresses, "Stadsplein")
    assert {str(number) for number in range(1, 10)} <= set(square["house_number"])
    first = one_house(addresses, "Stadsplein", "1")
    assert first["neighbourhood"] == "Genk-Centrum"
    assert (float(first["EPSG:4326_lon"]), float(first["EPSG:4326_lat"])) == pytest.approx((5.4988, 50.9656), abs=1e-4)


def test_the_streets_that_cross_a_border_are_those_that_are_said_to(addresses: pd.DataFrame) -> None:
    places = addresses.groupby("street_id").agg(
        name=("streetname_nl", "first"), neighbourhoods=("neighbourhood", "nunique"), districts=("district", "nunique")
    )
    assert set(places.loc[places["districts"] > 1, "name"]) == {
        "Europalaan", "Weg naar As", "Weg naar Zwartberg", "Maaslandsteenweg", "Horensberg",
    }  # fmt: skip
    one_district = places[(places["neighbourhoods"] > 1) & (places["districts"] == 1)]
    assert set(one_district["name"]) == {"Koningin Astridlaan", "Evence Coppéelaan"}
    assert set(street(addresses, "Maaslandsteenweg")["manager_id"]) == {"manager-genk-zuid"}
    assert street(addresses, "Weg naar As")["manager_id"].nunique() == 2
    assert set(street(addresses, "Europalaan")["outcome"]) == {"assigned", "vacant"}
    assert street(addresses, "Europalaan")["house_number"].nunique() > 60


def test_only_streets_at_a_border_have_addresses_within_the_margin_of_doubt(addresses: pd.DataFrame) -> None:
    doubtful = addresses[addresses["border_distance_m"] <= 15]
    crossing = {name for name, *_ in demo_addresses.CROSSING}
    beside = {house.rsplit(" ", 1)[0] for house, *_ in demo_addresses.AT_BORDER}
    assert set(doubtful["streetname_nl"]) == crossing | beside


def test_the_whole_of_noordlaan_lies_in_one_neighbourhood(addresses: pd.DataFrame) -> None:
    houses = street(addresses, "Noordlaan")
    assert set(houses["neighbourhood"]) == {"Winterslag 2 en 4"}
    assert {"112", "150"} <= set(houses["house_number"])


def test_the_addresses_of_the_special_area_are_on_both_sides_of_the_border_through_it(addresses: pd.DataFrame) -> None:
    inside = addresses[addresses["special_area_id"] == "terrein-horensberg"]
    assert list(inside["house_number"]) == [str(number) for number in range(1, 25)]
    assert set(inside["streetname_nl"]) == {"Horensberg"}
    assert set(inside["district"]) == {"Genk-Noord", "Genk-West"}
    assert set(inside["manager_id"]) == {"manager-horensberg"}


def test_addresses_with_an_override_come_first_and_lie_near_the_area_it_names(
    demo: Finder, addresses: pd.DataFrame
) -> None:
    for (identifier, area, *_), (_, row) in zip(OVERRIDES, addresses.iterrows(), strict=False):
        border = demo.find(x=row.x, y=row.y, crs=31370).border
        assert row["address_id"] == identifier
        assert row["border_distance_m"] < 8
        assert border is not None
        assert area in [near.neighbourhood.id for near in border.neighbours]
        assert border.same_manager == (area == "wijk-winterslag-1")


def test_an_address_lies_within_3_m_of_a_border_inside_a_district(demo: Finder, addresses: pd.DataFrame) -> None:
    house = one_house(addresses, "Haagscheiding", "1")
    border = demo.find(x=house.x, y=house.y, crs=31370).border
    assert house["border_distance_m"] < 3
    assert border is not None
    assert border.same_manager


def test_one_name_stands_for_two_streets_with_some_numbers_in_both(addresses: pd.DataFrame) -> None:
    names = addresses.groupby("streetname_nl")["street_id"].nunique()
    assert list(names[names > 1].index) == ["Kerkstraat"]
    one, other = (set(houses["house_number"]) for _, houses in street(addresses, "Kerkstraat").groupby("street_id"))
    assert one & other
    assert one - other
    assert other - one
    assert set(street(addresses, "Kerkstraat")["neighbourhood"]) == {"Oud-Winterslag", "Zwartberg-Zuid"}


def test_no_two_names_are_a_slip_of_the_pen_apart_but_mie_and_mee(addresses: pd.DataFrame) -> None:
    folded = {
        "".join(letter for letter in unicodedata.normalize("NFKD", name).lower() if "a" <= letter <= "z")
        for name in addresses["streetname_nl"].unique()
    }
    # Names that are one letter apart, or have two neighbouring ones swapped, are the same without some letter.
    shortened: dict[str, list[str]] = {}
    for name in sorted(folded):
        for form in {name, *(name[:at] + name[at + 1 :] for at in range(len(name)))}:
            shortened.setdefault(form, []).append(name)
    assert len(folded) == 319
    assert {pair for names in shortened.values() for pair in pairwise(names)} == {("mee", "mie")}


def test_the_houses_that_are_said_to_be_there_are_there(addresses: pd.DataFrame) -> None:
    houses = set(addresses["streetname_nl"] + " " + addresses["house_number"])
    stated = {*demo_addresses.HOUSES, *demo_addresses.RETIRED, *demo_addresses.APARTMENTS}
    assert stated <= houses
    assert not houses & set(demo_addresses.ABSENT)
    assert {"Hasseltweg 66A", "Maaseikerbaan 66A", "Thor Park 8300", "C-Mine 100", "Stadsplein 11-13"} <= houses
    assert not {"Stadsplein 11", "Stadsplein 13"} & houses


def test_some_houses_with_boxes_have_an_address_of_their_own_and_some_have_not(addresses: pd.DataFrame) -> None:
    boxes = addresses.groupby(["streetname_nl", "house_number"])["box_number"].agg(set)
    boxes = boxes[boxes != {""}]
    assert len(boxes) == 25
    assert sum("" in one for one in boxes) == 13
    assert {"1", "0101", "A", "gelijkvloers"} <= set.union(*boxes)


def test_a_few_addresses_are_proposed_and_a_few_are_of_houses_that_are_gone(addresses: pd.DataFrame) -> None:
    assert addresses["status"].value_counts().drop("current").to_dict() == {"proposed": 20, "retired": 5}
    rows = addresses.groupby(["street_id", "house_number"])["status"].agg(list)
    assert [one for one in rows if "retired" in one] == [["retired"]] * 5
