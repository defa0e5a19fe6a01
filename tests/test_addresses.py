"""Answers to addresses: the demo's streets, and the toy city with a register of its own.

Every candidate's answer is compared with that for its point: an address is answered as its coordinates are.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import geo_lookup
from geo_lookup import Answer, CoordinateError, EditionError, Finder, Outcome, RequestError
from geo_lookup.addresses.importing import import_addresses
from geo_lookup.crs import transform
from geo_lookup.model import AreaKind
from tests.addresses.register import rows, write_register
from tests.conftest import DAY
from tests.toy_city import MANIFEST, MIDDLE, TABLES, geojson, square, write_toy_city

ADDRESSES = '\n[tables.addresses]\npath = "addresses.csv"\n'


@pytest.fixture
def city(tmp_path: Path) -> Callable[..., Finder]:
    """The city of four squares with addresses at the points that are given, by house number in streets."""

    def make(points: dict[str, tuple[float, float]], more: str = "", **files: Any) -> Finder:
        made = []
        for number, (address, (x, y)) in enumerate(points.items(), 1):
            street, _, house_number = address.rpartition(" ")
            house_number, _, box = house_number.partition("/")
            (row,) = rows({street: house_number}, address_id=f"{number:03}", street_id=street, box_number=box)
            made.append(row | {"EPSG:31370_x": f"{x:.5f}", "EPSG:31370_y": f"{y:.5f}"})
        folder = write_toy_city(tmp_path / "city", manifest=MANIFEST + ADDRESSES + more, **files)
        write_register(folder / "addresses.csv", made)
        return geo_lookup.load(folder, on=DAY)

    return make


A1, A2, B1, B2 = (228500.0, 183500.0), (228500.0, 182500.0), (229500.0, 183500.0), (229500.0, 182500.0)
SITE = (MIDDLE[0] + 50, MIDDLE[1] + 50)


def people(answer: Answer) -> list[str]:
    return [manager.name for manager in answer.managers]


def test_an_address_is_answered_as_its_point_is(demo: Finder) -> None:
    for text in ("Stadsplein 1", "Noordlaan 112", "Horensberg 3", "Thor Park 8300", "Europalaan 47"):
        by_text = demo.find(text)
        assert by_text.address is not None
        by_id = demo.find(address_id=by_text.address.id)
        assert by_text.point is not None
        by_point = demo.find(lon=by_text.point.lon, lat=by_text.point.lat)
        told = [{**one.to_dict(), "address": None, "summary": None} for one in (by_text, by_id, by_point)]
        assert told[0] == told[1]
        del told[1]["border"], told[2]["border"]  # degrees that were rounded to 9 decimals may move it by 0.1 mm
        del told[1]["offices"], told[2]["offices"]
        assert told[1] == told[2]


def test_the_summary_begins_with_the_address_that_was_understood(demo: Finder) -> None:
    assert demo.find("stadsplein nr 1").summary.startswith("Stadsplein 1, 3600 Genk ligt in de wijk Genk-Centrum")
    assert demo.find("stadsplein 1", lang="en").summary.startswith("Stadsplein 1, 3600 Genk lies in ")
    assert demo.find("stadsplein 1", lang="fr").summary.startswith("Stadsplein 1, 3600 Genk se trouve dans ")


def test_a_street_in_one_neighbourhood_is_answered_as_a_whole(demo: Finder) -> None:
    answer = demo.find("Noordlaan")
    assert answer.outcome is Outcome.ASSIGNED
    assert answer.address is not None
    assert (answer.address.id, answer.address.label) == (None, "Noordlaan, 3600 Genk")
    assert answer.address.precision == "street"
    assert answer.neighbourhood is not None
    assert answer.neighbourhood.name == "Winterslag 2 en 4"
    assert "De hele straat Noordlaan" in answer.summary


def test_a_street_across_two_districts_asks_for_the_number(demo: Finder) -> None:
    answer = demo.find("Europalaan")
    assert answer.outcome is Outcome.AMBIGUOUS
    assert (answer.point, answer.neighbourhood, answer.district, answer.border) == (None, None, None, None)
    names = {
        (one.neighbourhood.name, one.district.name) for one in answer.candidates if one.neighbourhood and one.district
    }
    assert names == {("Nieuw-Termien", "Genk-Midden"), ("Genk-Centrum", "Genk-Centrum")}
    assert {one.outcome for one in answer.candidates} == {Outcome.VACANT, Outcome.ASSIGNED}
    assert "welk huisnummer is het?" in answer.summary
    for one in answer.candidates:
        assert one.numbers
        number = one.numbers.split("-")[0]
        found = demo.find(f"Europalaan {number}")
        assert found.address is not None
        assert found.address.id == one.address.id
        assert found.neighbourhood == one.neighbourhood


def test_a_neighbourhood_that_is_named_does_not_cut_a_street_short(demo: Finder) -> None:
    assert demo.find("Europalaan Termien").outcome is Outcome.AMBIGUOUS
    assert demo.find("Europalaan Termien").candidates == demo.find("Europalaan").candidates


def test_a_street_in_two_neighbourhoods_of_one_manager_names_the_manager(demo: Finder) -> None:
    answer = demo.find("Maaslandsteenweg")
    assert answer.outcome is Outcome.AMBIGUOUS, "the neighbourhoods differ"
    assert answer.contact is not None
    assert answer.contact.name == "Wijkmanager Genk-Zuid"
    assert people(answer)[0] == "Wijkmanager Genk-Zuid"
    assert "overal geldt hetzelfde aanspreekpunt: Wijkmanager Genk-Zuid" in answer.summary


def test_the_parts_of_a_street_are_all_of_it_and_agree_with_each_number(demo: Finder) -> None:
    for name in ("Europalaan", "Weg naar As", "Koningin Astridlaan", "Horensberg", "Evence Coppéelaan"):
        answer = demo.find(name)
        (street_id,) = {one.street_id for one in demo.suggest(name, 1)}
        for house in demo.numbers(street_id) or ():
            number = int("".join(filter(str.isdigit, (house.housenumber or "").split("-")[0])))
            own = demo.find(address_id=house.address_id)
            parts = [one for one in answer.candidates if number in _numbers(one.numbers or "")]
            assert own.neighbourhood in [one.neighbourhood for one in parts]


def _numbers(ranges: str) -> set[int]:
    found: set[int] = set()
    for part in ranges.split(", "):
        first, _, last = part.partition("-")
        found.update(range(int(first), int(last or first) + 1, 2))
    return found


def test_the_trailer_site_has_its_own_manager_on_both_sides_of_the_border(demo: Finder) -> None:
    answers = [demo.find(f"Horensberg {number}") for number in (1, 2)]
    assert {one.special_area.name for one in answers if one.special_area} == {"Horensberg"}
    assert {people(one)[0] for one in answers} == {"Wijkmanager Horensberg"}
    street = demo.find("Horensberg")
    assert street.special_area is not None
    assert street.contact is not None
    assert street.contact.name == "Wijkmanager Horensberg"


def test_a_street_name_that_is_there_twice_is_told_apart(demo: Finder) -> None:
    streets = [one.street_id for one in demo.suggest("kerkstraat", 2)]
    first, second = ({one.housenumber or "" for one in demo.numbers(street) or ()} for street in streets)
    number = min(first & second, key=int)
    both = demo.find(f"Kerkstraat {number}")
    assert both.outcome is Outcome.AMBIGUOUS
    neighbourhoods = {one.neighbourhood.name for one in both.candidates if one.neighbourhood}
    assert neighbourhoods == {"Oud-Winterslag", "Zwartberg-Zuid"}
    for place, neighbourhood in (("Winterslag", "Oud-Winterslag"), ("Zwartberg", "Zwartberg-Zuid")):
        answer = demo.find(f"Kerkstraat {number} {place}")
        assert answer.neighbourhood is not None
        assert (answer.outcome, answer.neighbourhood.name) == (Outcome.ASSIGNED, neighbourhood)
    labels = {one.label for one in demo.suggest(f"kerkstraat {number}", 2)}
    assert labels == {f"Kerkstraat {number}, 3600 Genk ({name})" for name in neighbourhoods}


@pytest.mark.parametrize(("on", "neighbourhood", "district"), [
    ("2026-11-23", "Kolderbos", "Kolderbos-Langerlo"),
    ("2025-12-31", "Vlakveld", "Genk-Centrum"),
    ("2027-01-01", "Vlakveld", "Genk-Centrum"),
])  # fmt: skip
def test_an_override_holds_for_its_days(demo: Finder, on: str, neighbourhood: str, district: str) -> None:
    for answer in (demo.find(address_id="demo-00002", on=on), demo.find("Grenspaalweg 2", on=on)):
        assert answer.neighbourhood is not None
        assert answer.district is not None
        assert (answer.neighbourhood.name, answer.district.name) == (neighbourhood, district)
        assert answer.border is not None
        assert answer.border.distance_m is not None
        assert answer.border.distance_m < 8
        assert answer.border.uncertain is (on != "2026-11-23"), "somebody decided, so there is no doubt"


@pytest.mark.parametrize(
    ("area", "kind", "people_there", "district"),
    [
        ("b2", AreaKind.NEIGHBOURHOOD, ["Bob", "Cit"], "B"),
        ("B", AreaKind.DISTRICT, ["Cit"], "B"),
        ("s", AreaKind.SPECIAL_AREA, ["Sue", "Bob", "Cit"], "A"),
        ("a2", AreaKind.NEIGHBOURHOOD, ["Ann", "Bob", "Cit"], "A"),
    ],
)
def test_an_override_goes_before_every_area_of_the_place(
    city: Callable[..., Finder], area: str, kind: AreaKind, people_there: list[str], district: str
) -> None:
    overrides = f"address_id,area_id,valid_from,valid_to,reason\n001,{area},2020-01-01,,moved\n"
    finder = city({"Noordlaan 1": A1, "Noordlaan 2": A1}, overrides=overrides)
    answer = finder.find("Noordlaan 1")
    assert finder.edition.areas[area].kind is kind
    assert people(answer) == people_there
    assert answer.district is not None
    assert answer.district.id == district
    assert people(finder.find("Noordlaan 2")) == ["Ann", "Bob", "Cit"], "its neighbour is not moved"


def test_an_override_goes_before_a_special_area(city: Callable[..., Finder]) -> None:
    overrides = "address_id,area_id,valid_from,valid_to,reason\n001,a1,2020-01-01,,moved\n"
    finder = city({"Noordlaan 1": SITE, "Noordlaan 3": SITE}, overrides=overrides)
    assert people(finder.find("Noordlaan 1"))[0] == "Ann"
    assert finder.find("Noordlaan 1").special_area is None
    assert people(finder.find("Noordlaan 3"))[0] == "Sue"


def test_an_override_of_an_address_that_is_not_there_is_a_warning(city: Callable[..., Finder]) -> None:
    (warning,) = city({"Noordlaan 1": A1}).edition.warnings
    assert (warning.rule, warning.row, warning.level) == ("unknown-address", 2, "warning")
    assert "007" in warning.message


def test_an_address_in_a_gap_of_the_layer_is_uncovered(city: Callable[..., Finder], tmp_path: Path) -> None:
    others = {
        "a1": ("A-North", "A", square(0, 1)),
        "a2": ("A-South", "A", square(0, 0)),
        "b2": ("B", "B", square(1, 0)),
    }
    outline = geojson({"city": ("Toy", "", square(0, 0).union(square(1, 0)).union(square(0, 1)).union(square(1, 1)))})
    more = '\n[layers.city]\npath = "city.geojson"\ncrs = 31370\n'
    (tmp_path / "city").mkdir()
    (tmp_path / "city" / "city.geojson").write_text(outline)
    finder = city({"Noordlaan 1": (229700.0, 183700.0)}, more, neighbourhoods=geojson(others))
    answer = finder.find("Noordlaan 1")
    assert answer.outcome is Outcome.UNCOVERED
    assert answer.address is not None
    assert answer.address.precision == "exact"
    assert answer.contact is not None
    assert answer.contact.reason == "service"
    assert "maar in geen enkele wijk" in answer.summary


def test_an_address_of_the_register_outside_the_city_is_outside(city: Callable[..., Finder]) -> None:
    answer = city({"Noordlaan 1": (231000.0, 190000.0)}).find("Noordlaan 1")
    assert answer.outcome is Outcome.OUTSIDE
    assert answer.address is not None
    assert answer.contact is None


def test_boxes_at_one_point_agree_and_boxes_across_a_border_are_told_apart(city: Callable[..., Finder]) -> None:
    finder = city({"Noordlaan 1/1": A1, "Noordlaan 1/2": A1, "Noordlaan 3/1": A1, "Noordlaan 3/2": B1})
    together = finder.find("Noordlaan 1")
    assert together.outcome is Outcome.ASSIGNED
    assert together.address is not None
    assert (together.address.label, together.address.precision) == ("Noordlaan 1, 3600 Genk", "exact")
    apart = finder.find("Noordlaan 3")
    assert apart.outcome is Outcome.AMBIGUOUS
    assert [one.address.label for one in apart.candidates] == [
        "Noordlaan 3 bus 1, 3600 Genk",
        "Noordlaan 3 bus 2, 3600 Genk",
    ]


@pytest.mark.parametrize(
    ("text", "municipality"),
    [("Noordlaan 112, Hasselt", "Hasselt"), ("Noordlaan 112, 2000", "Antwerpen"), ("Diepenbeek", "Diepenbeek")],
)
def test_an_address_elsewhere_names_its_municipality(demo: Finder, text: str, municipality: str) -> None:
    answer = demo.find(text)
    assert answer.outcome is Outcome.OUTSIDE
    assert answer.summary == f"Dit adres ligt in {municipality}, buiten Genk."
    assert answer.address is not None
    assert (answer.address.id, answer.address.label, answer.address.precision) == (None, municipality, None)
    assert (answer.point, answer.managers, answer.contact, answer.candidates) == (None, (), None, ())


def test_a_number_that_is_not_known_offers_those_beside_it(demo: Finder) -> None:
    answer = demo.find("Noordlaan 9998")
    assert answer.outcome is Outcome.UNKNOWN_ADDRESS
    assert answer.address is not None
    assert answer.address.precision == "nearest_number"
    assert [one.numbers for one in answer.candidates] == ["150", "148"]
    assert all(one.neighbourhood for one in answer.candidates)
    assert answer.summary == "Dit huisnummer is niet gekend in Noordlaan; de nummers ernaast zijn 150 of 148."
    assert (answer.managers, answer.point) == ((), None)


@pytest.mark.parametrize(
    ("text", "candidates"), [("Qwertyuiopstraat 5", 0), ("Noordlaan 112, Maastricht", 1), ("zzz", 0), ("1", 0)]
)
def test_an_address_that_is_not_known_says_so(demo: Finder, text: str, candidates: int) -> None:
    answer = demo.find(text)
    assert answer.outcome is Outcome.UNKNOWN_ADDRESS
    assert len(answer.candidates) == candidates
    assert (answer.managers, answer.point, answer.neighbourhood) == ((), None, None)


def test_an_address_id_that_is_not_known_says_so(demo: Finder) -> None:
    assert demo.find(address_id="nothing").outcome is Outcome.UNKNOWN_ADDRESS


@pytest.mark.parametrize(
    "text",
    [
        "50.975, 5.505", "5.505, 50.975", "50,975 5,505", "50,975; 5,505", "(50.975, 5.505)", "50.975 5.505",
        "lat 50.975 lon 5.505", "lon: 5.505, lat: 50.975", "N 50.975 E 5.505", "50.975°N 5.505°E", "5.505 E, 50.975 N",
        "50°58'30\"N 5°30'18\"E", "5° 30' 18\" E, 50° 58' 30\" N", "50\u00b058\u203230\u2033N 5\u00b030\u203218\u2033E",
        "229799.54, 185583.34", "229799,54 185583,34", "X: 229799.54 Y: 185583.34", "y=185583.34, x=229799.54",
        "\uff15\uff10.975, \uff15.505",
    ],
)  # fmt: skip
def test_a_text_that_is_coordinates_is_understood_as_such(demo: Finder, text: str) -> None:
    answer, same = demo.find(text), demo.find(lon=5.505, lat=50.975)
    assert answer.neighbourhood == same.neighbourhood
    assert answer.address is None
    assert answer.point is not None
    assert same.point is not None
    assert answer.point.lon == pytest.approx(same.point.lon, abs=1e-7)
    assert answer.point.lat == pytest.approx(same.point.lat, abs=1e-7)


def test_lambert_2008_in_a_text_is_told_from_lambert_72(demo: Finder) -> None:
    x, y = (round(float(value), 2) for value in transform(5.505, 50.975, 4326, 3812))
    answer, same = demo.find(f"{x} {y}"), demo.find(x=x, y=y, crs=3812)
    assert answer.point == same.point
    assert answer.outcome is Outcome.ASSIGNED


@pytest.mark.parametrize("text", ["12 3", "3600 12", "50, 5", "50.9", "1.2.3 4.5", "Noordlaan 50.9, 5.5"])
def test_numbers_that_are_no_coordinates_are_read_as_an_address(demo: Finder, text: str) -> None:
    assert demo.find(text).point is None or demo.find(text).address is not None


def test_coordinates_in_a_text_that_are_no_point_are_the_same_error(demo: Finder) -> None:
    with pytest.raises(CoordinateError, match="outside the area where EPSG:31370 is used"):
        demo.find("9999999, 9999999")


@pytest.mark.parametrize("text", [1, b"Noordlaan 1", ["Noordlaan 1"], True])
def test_an_address_must_be_text(demo: Finder, text: object) -> None:
    for asked in ({"text": text}, {"address_id": text}):
        with pytest.raises(RequestError, match="must be text"):
            demo.find(**asked)  # type: ignore[arg-type]


def test_an_edition_whose_addresses_cannot_be_read_is_refused_with_the_place(tmp_path: Path) -> None:
    folder = write_toy_city(tmp_path, manifest=MANIFEST + ADDRESSES)
    (folder / "addresses.csv").write_text("straat,nr\nNoordlaan,1\n")
    with pytest.raises(EditionError) as error:
        geo_lookup.load(folder)
    (finding,) = error.value.findings
    assert (finding.rule, finding.file, finding.row) == ("addresses", "addresses.csv", 1)
    assert "there is no column house_number" in finding.message


def test_rows_that_are_left_out_unforeseen_are_a_warning(tmp_path: Path) -> None:
    folder = write_toy_city(tmp_path, manifest=MANIFEST + ADDRESSES, overrides=TABLES["overrides.csv"].split("\n")[0])
    made = rows({"Noordlaan": "1 2 3"})
    made[0]["EPSG:31370_x"] = "0.00000"
    made[1]["status"] = "retired"
    write_register(folder / "addresses.csv", made)
    (warning,) = geo_lookup.load(folder).edition.warnings
    assert str(warning) == "addresses.csv: 1 rows are left out: no coordinates."


def test_an_address_book_that_was_made_before_gives_the_same_answers(
    city: Callable[..., Finder], tmp_path: Path
) -> None:
    texts = ["Noordlaan 1", "noordln 2", "Zuidlaan 5", "Noordlaan", "Noordlaan 3"]
    finder = city({"Noordlaan 1": A1, "Noordlaan 2": B2, "Zuidlaan 5/1": SITE})
    told = [finder.find(text).to_dict() | {"edition": None} for text in texts]
    folder = tmp_path / "city"
    import_addresses(folder / "addresses.csv", folder / "addresses.sqlite")
    manifest = (folder / "manifest.toml").read_text()
    (folder / "manifest.toml").write_text(manifest.replace("addresses.csv", "addresses.sqlite"))
    made_before = geo_lookup.load(folder, on=DAY)
    assert [made_before.find(text).to_dict() | {"edition": None} for text in texts] == told


def test_the_book_that_an_edition_makes_for_itself_leaves_nothing_behind(
    city: Callable[..., Finder], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    finder = city({"Noordlaan 1": A1})
    assert list(temporary.iterdir()) == []
    again: Finder = pickle.loads(pickle.dumps(finder))  # noqa: S301 - our own
    assert again.find("Noordlaan 1").to_dict() == finder.find("Noordlaan 1").to_dict()
