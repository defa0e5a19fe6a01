"""The demo edition: it is what its script draws, and it shows everything the service can say."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path

import pytest
import shapely

from boundaries.draw_genk_demo import write_demo
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
