"""From files of addresses to an address book: formats, statuses, coordinates, what is left out; never half a book."""

from __future__ import annotations

import pickle
import sqlite3
import threading
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas
import pandas as pd
import pytest
import shapely

from geo_lookup import EditionError, SourceError
from geo_lookup.addresses import importing
from geo_lookup.addresses.book import AddressBook
from geo_lookup.addresses.importing import SQLITE, ImportReport, import_addresses
from geo_lookup.addresses.matching import Matcher
from geo_lookup.addresses.records import Municipality, Names
from geo_lookup.crs import transform
from geo_lookup.manifest import AddressSource
from tests.addresses.register import HEADER, rows, write_register
from tests.real_editions import real_data

STREET = {"Noordlaan": "1 2 3"}


OLD_BOOK = SQLITE + b"the old one"


@pytest.fixture
def imported(tmp_path: Path) -> Callable[..., tuple[AddressBook, ImportReport]]:
    """Import rows of BeSt, with what a manifest would say of them."""

    def make(made: Any = None, **source: Any) -> tuple[AddressBook, ImportReport]:
        path = write_register(tmp_path / "best.csv", made)
        target = tmp_path / "addresses.sqlite"
        report = import_addresses(AddressSource(path=str(path), **source), target)
        return AddressBook(target), report

    return make


def labels(book: AddressBook) -> list[str]:
    return [address.label() for street in range(len(book.street_sizes)) for address in book.in_street(street)]


def test_every_row_of_best_becomes_an_address(imported: Any) -> None:
    book, report = imported(rows())
    assert report.rows == report.addresses == book.addresses == len(rows())
    assert (report.streets, report.municipalities, report.crs) == (len(book.street_sizes), 1, 31370)
    assert not report.left_out
    for row in rows():
        address = book.by_id(row["address_id"])
        assert address is not None
        assert (address.x, address.y) == (float(row["EPSG:31370_x"]), float(row["EPSG:31370_y"]))
        assert (address.house_number, address.box) == (row["house_number"], row["box_number"])
        assert address.street.names.nl == row["streetname_nl"]
        assert address.postal.postcode == "3600"


def test_statuses_in_use_or_planned_are_taken_and_others_counted(imported: Any) -> None:
    made = rows({"Noordlaan": "1 2 3 4 5 6"})
    for row, status in zip(made, ["current", "proposed", "reserved", "retired", "rejected", "lost"], strict=True):
        row["status"] = status
    book, report = imported(made)
    assert labels(book) == [f"Noordlaan {number}, 3600 Genk" for number in (1, 2, 3)]
    assert report.left_out == {"status retired": 1, "status rejected": 1, "status lost": 1}


def test_of_two_rows_for_one_address_the_one_in_use_comes_first(imported: Any) -> None:
    proposed, current = rows({"Noordlaan": "1 1"})
    book, _ = imported([proposed | {"status": "proposed"}, current])
    assert [address.id for address in book.in_house(0, 1)] == [current["address_id"], proposed["address_id"]]


def test_the_same_row_twice_is_one_address(imported: Any) -> None:
    made = rows(STREET)
    book, report = imported([*made, made[0]])
    assert book.addresses == 3
    assert report.left_out == {"the same address a second time": 1}


@pytest.mark.parametrize(
    ("x", "reason"),
    [
        ("0.00000", "no coordinates"),
        ("", "no coordinates"),
        ("nan", "no coordinates"),
        ("east", "no coordinates"),
        ("5.5", "coordinates outside the area where EPSG:31370 is used"),
        ("9e9", "coordinates outside the area where EPSG:31370 is used"),
    ],
)
def test_a_row_without_a_point_is_counted(imported: Any, x: str, reason: str) -> None:
    made = rows(STREET)
    made[1]["EPSG:31370_x"] = x
    book, report = imported(made)
    assert book.addresses == 2
    assert report.left_out == {reason: 1}
    assert any(reason in line for line in report.lines())


def test_degrees_are_the_last_resort(imported: Any) -> None:
    made = rows(STREET)
    x, y = float(made[1]["EPSG:31370_x"]), float(made[1]["EPSG:31370_y"])
    lon, lat = transform(x, y, 31370, 4326)
    made[1] |= {"EPSG:31370_x": "0.00000", "EPSG:31370_y": "0.00000"}
    made[1] |= {"EPSG:4326_lon": f"{lon:.5f}", "EPSG:4326_lat": f"{lat:.5f}"}
    made[0] |= {"EPSG:4326_lon": "4.35", "EPSG:4326_lat": "50.85"}  # wrong, and not looked at
    book, report = imported(made)
    assert report.from_degrees == 1
    first, second, _ = book.in_street(0)
    assert first.x == float(made[0]["EPSG:31370_x"])
    assert (second.x, second.y) == (pytest.approx(x, abs=0.8), pytest.approx(y, abs=0.8))


def test_lambert_2008_is_told_by_the_names_of_the_columns(tmp_path: Path) -> None:
    made = []
    for row in rows(STREET):
        x, y = transform(float(row.pop("EPSG:31370_x")), float(row.pop("EPSG:31370_y")), 31370, 3812)
        made.append({"EPSG:3812_x": f"{x:.3f}", "EPSG:3812_y": f"{y:.3f}"} | row)
    pd.DataFrame(made).to_csv(tmp_path / "best.csv", index=False)
    report = import_addresses(tmp_path / "best.csv", tmp_path / "book.sqlite")
    assert report.crs == AddressBook(tmp_path / "book.sqlite").crs == 3812


@pytest.mark.parametrize("wanted", ["71016", "Genk", "GENK"])
def test_one_municipality_can_be_taken_alone(imported: Any, wanted: str) -> None:
    elsewhere = rows(
        {"Markt": "1 2"}, municipality_id="71022", municipality_name_nl="Hasselt", municipality_name_fr="Hasselt"
    )
    book, report = imported([*rows(STREET), *elsewhere], municipalities=(wanted,))
    assert report.left_out == {"another municipality": 2}
    assert {label.split(", ")[1] for label in labels(book)} == {"3600 Genk"}


def test_names_come_in_the_languages_of_the_register(imported: Any) -> None:
    names = {"streetname_nl": "Wetstraat", "streetname_fr": "Rue de la Loi", "postcode": "1000"}
    names |= {"municipality_name_nl": "Brussel", "municipality_name_fr": "Bruxelles", "municipality_id": "21004"}
    book, _ = imported([rows({"Wetstraat": "16"})[0] | names])
    matcher = Matcher(book, {})
    for text in ("Wetstraat 16", "rue de la Loi 16, 1000 Bruxelles", "16, r. de la Loi"):
        (candidate,) = matcher.match(text).candidates
        assert candidate.address.label("fr") == "Rue de la Loi 16, 1000 Bruxelles"
        assert candidate.address.label("nl") == "Wetstraat 16, 1000 Brussel"
        assert candidate.address.label("tr") == "Wetstraat 16, 1000 Brussel"


def test_the_name_of_a_postal_area_is_a_place_of_ours(imported: Any) -> None:
    book, _ = imported(rows(STREET, postname_nl="Waterschei"))
    assert Matcher(book, {}).match("Noordlaan 1 Waterschei").kind == "address"


def test_an_old_name_of_a_street_is_an_alias(tmp_path: Path) -> None:
    source = write_register(tmp_path / "best.csv", rows({"Noordlaan": "1 2", "Zuidlaan": "1"}))
    aliases = [("Noordlaan", "Ernest Dubuissonlaan"), ("s1", "Kanaalweg")]
    import_addresses(source, tmp_path / "book.sqlite", aliases=aliases)
    book = AddressBook(tmp_path / "book.sqlite")
    matcher = Matcher(book, {})
    for text, label in (("E. Dubuissonlaan 2", "Noordlaan 2, 3600 Genk"), ("kanaal weg 1", "Zuidlaan 1, 3600 Genk")):
        assert [one.address.label() for one in matcher.match(text).candidates] == [label]
    with pytest.raises(SourceError, match="no street 'Westlaan'"):
        import_addresses(source, tmp_path / "other.sqlite", aliases=[("Westlaan", "Oude Baan")])


def test_two_streets_of_one_name_are_two_and_said_to_be(imported: Any) -> None:
    first, second = rows({"Kerkstraat": "1 2"}), rows({"Kerkstraat": "2 3"}, street_id="other")
    second = [row | {"address_id": f"b{number}"} for number, row in enumerate(second)]
    book, report = imported([*first, *second, *rows({"Noordlaan": "9"}, street_id="n", address_id="n9")])
    assert report.streets == 3
    assert [book.street(number).homonym for number in range(3)] == [True, True, False]
    matcher = Matcher(book, {})
    assert len(matcher.match("Kerkstraat 2").candidates) == 2
    assert [one.address.id for one in matcher.match("Kerkstraat 3").candidates] == ["b1"]


def test_a_zip_is_read_as_it_is(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "openaddress-bevlg.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(write_register(tmp_path / "best.csv"), "openaddress-bevlg.csv")
        archive.writestr("readme.txt", "hello")
    report = import_addresses(tmp_path / "openaddress-bevlg.zip", tmp_path / "book.sqlite")
    assert report.addresses == len(rows())


def test_any_csv_is_read_by_the_columns_that_the_manifest_maps(tmp_path: Path) -> None:
    (tmp_path / "adressen.csv").write_bytes(
        "straat;nr;bus;oost;noord\nCoppéelaan;005;A;228300,5;183100\nCoppéelaan;6;;228310;183100\n".encode("cp1252")
    )
    columns = {"streetname_nl": "straat", "house_number": "nr", "box_number": "bus", "x": "oost", "y": "noord"}
    source = AddressSource(path="adressen.csv", delimiter=";", encoding="cp1252", crs=31370, columns=columns)
    home = Municipality("71016", Names("Genk"))
    report = import_addresses(source, tmp_path / "book.sqlite", folder=tmp_path, home=home)
    assert (report.addresses, report.streets) == (2, 1)
    book = AddressBook(tmp_path / "book.sqlite")
    assert labels(book) == ["Coppéelaan 005 bus A, Genk", "Coppéelaan 6, Genk"]
    (candidate,) = Matcher(book, {}).match("coppeelaan 5 bus a").candidates
    assert (candidate.address.x, candidate.address.house_number) == (228300.5, "005")


def test_streets_of_one_name_in_two_villages_are_told_of_where_nothing_tells_them_apart(tmp_path: Path) -> None:
    rows = ["Kerkstraat,20,3600,228500,183500", "Kerkstraat,20,3600,228500,183500", "Kerkstraat,20,3665,229500,182500"]
    (tmp_path / "adressen.csv").write_text("\n".join(["straat,nr,postcode,x,y", *rows, ""]))
    columns = {"streetname_nl": "straat", "house_number": "nr", "x": "x", "y": "y"}
    source = AddressSource(path="adressen.csv", crs=31370, columns=columns)
    report = import_addresses(source, tmp_path / "book.sqlite", folder=tmp_path)
    again, other = sorted(report.left_out, key=len)
    assert again == "the same address a second time"
    assert "under another postcode; map `address_id`" in other
    assert list(report.left_out.values()) == [1, 1]


def test_the_mark_and_the_empty_rows_that_a_spreadsheet_writes_are_no_address(tmp_path: Path) -> None:
    text = "straat;nr;oost;noord\r\nNoordlaan;1;228300;183100\r\n;;;\r\n;;;\r\n"
    (tmp_path / "adressen.csv").write_text(text, encoding="utf-8-sig", newline="")
    columns = {"streetname_nl": "straat", "house_number": "nr", "x": "oost", "y": "noord"}
    source = AddressSource(path="adressen.csv", delimiter=";", encoding="UTF-8", crs=31370, columns=columns)
    report = import_addresses(source, tmp_path / "book.sqlite", folder=tmp_path)
    assert (report.addresses, report.left_out) == (1, {})


def test_geoparquet_is_read_by_its_geometry(tmp_path: Path) -> None:
    frame = geopandas.GeoDataFrame(
        {"straat": ["Noordlaan", "Noordlaan", None], "nr": [1.0, 2.0, 3.0]},
        geometry=[shapely.Point(228300, 183100), None, shapely.Point(228320, 183100)],
        crs=31370,
    )
    frame.to_parquet(tmp_path / "adressen.parquet")
    columns = {"streetname_nl": "straat", "house_number": "nr"}
    source = AddressSource(path="adressen.parquet", crs=31370, columns=columns)
    report = import_addresses(source, tmp_path / "book.sqlite", folder=tmp_path)
    assert report.left_out == {"no coordinates": 1, "no street name": 1}
    assert labels(AddressBook(tmp_path / "book.sqlite")) == ["Noordlaan 1"]


@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        (b"", {}, "there is no column house_number"),
        (b"a,b\n1,2\n", {}, "with delimiter ',' it has a, b"),
        (",".join(HEADER).encode() + b"\n", {}, "no address is left of it: 0 rows read"),
        (b"\xff\xfe\x00", {}, "this is not utf-8"),
        (b"house_number,streetname_nl,x,y\n1,A,1,1\n", {}, "in which CRS x and y are"),
        (b"house_number,streetname_nl\n1,A\n", {}, "there is no column of coordinates"),
        (b"house_number,streetname_nl,lon,lat\n1,A,5.5\n", {}, "the row has 3 cells and the header 4"),
        (
            b"house_number,streetname_nl,lon,lat\n1,A,5.5,50.9\n",
            {"columns": {"nothing": "A"}},
            "'nothing' is no column",
        ),
        (b"house_number,streetname_nl,lon,lat\n1,A,5.5,50.9\n", {"columns": {"street_id": "sid"}}, "no column sid"),
        (b"PAR1", {"format": "Parquet"}, "it cannot be read as Parquet"),
        (b"PK\x03\x04", {}, "there is no column house_number|it cannot be read"),
    ],
)
def test_a_file_that_is_no_register_says_why_and_leaves_the_old_book(
    tmp_path: Path, content: bytes, options: dict[str, Any], message: str
) -> None:
    target = tmp_path / "book.sqlite"
    target.write_bytes(OLD_BOOK)
    (tmp_path / "bad.csv").write_bytes(content)
    with pytest.raises(SourceError, match=message):
        import_addresses(AddressSource(path="bad.csv", **options), target, folder=tmp_path)
    assert target.read_bytes() == OLD_BOOK
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.csv", "book.sqlite"]


def test_another_file_than_an_address_book_is_never_replaced(tmp_path: Path) -> None:
    target = tmp_path / "letters.docx"
    target.write_bytes(b"a year of work")
    with pytest.raises(SourceError, match="is there already, and no address book"):
        import_addresses(write_register(tmp_path / "best.csv"), target)
    assert target.read_bytes() == b"a year of work"


def test_a_target_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match="directory"):
        import_addresses(write_register(tmp_path / "best.csv"), tmp_path / "folder")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["best.csv", "folder"]


def test_a_zip_that_is_damaged_or_encrypted_is_said(tmp_path: Path) -> None:
    path = tmp_path / "openaddress-bevlg.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("openaddress-bevlg.csv", "house_number,streetname_nl\n")
    whole = path.read_bytes()
    encrypted = whole.replace(b"PK\x03\x04\x14\x00\x00", b"PK\x03\x04\x14\x00\x01")
    encrypted = encrypted.replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01")
    for content, message in ((whole[:40], "no zip file, or a damaged one"), (encrypted, "encrypted")):
        path.write_bytes(content)
        with pytest.raises(SourceError, match=message):
            import_addresses(path, tmp_path / "book.sqlite")


def test_an_import_that_is_interrupted_leaves_the_old_book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, target = write_register(tmp_path / "best.csv"), tmp_path / "book.sqlite"
    target.write_bytes(OLD_BOOK)

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(importing, "build_street_index", interrupted)
    with pytest.raises(KeyboardInterrupt):
        import_addresses(source, target)
    assert target.read_bytes() == OLD_BOOK
    assert sorted(path.name for path in tmp_path.iterdir()) == ["best.csv", "book.sqlite"]


def test_progress_is_told_up_to_the_end(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    source = write_register(tmp_path / "best.csv")
    import_addresses(source, tmp_path / "book.sqlite", progress=lambda done, size: told.append((done, size)))
    assert told[-1] == (source.stat().st_size, source.stat().st_size)


@pytest.mark.parametrize("content", [b"", b"not a database at all", b"SQLite format 3\x00" + b"\x00" * 100])
def test_a_file_that_is_no_address_book_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "book.sqlite"
    path.write_bytes(content)
    with pytest.raises(SourceError, match="no address book"):
        AddressBook(path)


def test_a_book_that_is_damaged_says_so_whenever_that_shows(imported: Any) -> None:
    book, _ = imported(rows())
    book.close()
    sound = book.path.read_bytes()
    told = Counter(_what_is_told(book.path, sound, page) for page in range(0, len(sound), 4096))
    assert {"it is no address book, or a damaged one", "the address book is damaged"} <= told.keys()


def _what_is_told(path: Path, sound: bytes, page: int) -> str:
    """What is told of a book of which a page is spoilt; '' where that does not show."""
    path.write_bytes(sound[:page] + b"\xff" * 4096 + sound[page + 4096 :])
    try:
        book = AddressBook(path)
        Matcher(book, {}).match("Noordlaan 112")
        book.points()
    except SourceError as error:
        return error.message.partition(";")[0]
    except EditionError as error:
        return error.findings[0].message.partition(";")[0]
    return ""


def test_a_book_of_another_version_is_refused(imported: Any) -> None:
    book, _ = imported(rows(STREET))
    book.close()
    database = sqlite3.connect(book.path)
    with database:
        database.execute("UPDATE meta SET value = 'geo-lookup addresses 0' WHERE key = 'format'")
    database.close()
    with pytest.raises(SourceError, match="another version"):
        AddressBook(book.path)


def test_a_book_is_shared_by_threads_and_is_pickled_by_its_path(imported: Any) -> None:
    book, _ = imported(rows())
    matcher = Matcher(book, {})
    expected = matcher.match("Noordlaan 112/2").candidates
    found: list[Any] = []
    threads = [
        threading.Thread(target=lambda: found.extend(matcher.match("noordln 112 b2").candidates for _ in range(50)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 400
    again: AddressBook = pickle.loads(pickle.dumps(book))  # noqa: S301 - our own
    assert labels(again) == labels(book)


def test_the_file_of_a_book_is_never_written(imported: Any) -> None:
    book, _ = imported(rows())
    before = book.path.read_bytes()
    Matcher(book, {}).match("Noordlaan 112")
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        book._connection.execute("DELETE FROM address")
    assert book.path.read_bytes() == before
    assert not list(book.path.parent.glob("*-journal")) + list(book.path.parent.glob("*-wal"))


def test_a_real_village_is_found_by_a_mapped_table(tmp_path: Path) -> None:
    path = real_data("osm/wechel_adressen.csv")
    columns = {"streetname_nl": "straat", "house_number": "huisnr"}
    home = Municipality("", Names("Malle"))
    report = import_addresses(AddressSource(path=str(path), columns=columns), tmp_path / "book.sqlite", home=home)
    assert report.rows == 1543
    assert report.addresses + sum(report.left_out.values()) == report.rows
    book = AddressBook(tmp_path / "book.sqlite")
    matcher = Matcher(book, {})
    table = pd.read_csv(path, dtype=str).drop_duplicates(["straat", "huisnr"]).sample(200, random_state=1)
    for street, number in zip(table["straat"], table["huisnr"], strict=True):
        found = matcher.match(f"{street} {number}, Malle")
        assert {one.address.street.names.nl for one in found.candidates} == {street}
        assert found.candidates[0].address.house_number == number
