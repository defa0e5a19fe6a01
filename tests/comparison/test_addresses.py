"""Which addresses change, of a table and of an edition's own address book."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import shapely

from geo_lookup.comparison.addresses import AddressComparison, Change, total
from geo_lookup.comparison.comparison import compare
from geo_lookup.edition import Edition
from geo_lookup.errors import FrameError, SourceError
from tests.comparison.side_by_side import neighbourhoods, toy_edition
from tests.toy_city import CORNER, MANIFEST, square

ON = date(2026, 11, 23)
X, Y = CORNER

ADDRESSES_IN_MANIFEST = '\n[tables.addresses]\npath = "addresses.csv"\ncrs = 31370\n'
BOOK = "address_id,EPSG:31370_x,EPSG:31370_y,house_number,box_number,street_id,streetname_nl,municipality_id,municipality_name_nl,postcode,status\n"  # noqa: E501


@pytest.fixture
def before(tmp_path: Path) -> Edition:
    return toy_edition(tmp_path / "before")


def halves(east_of: float) -> str:
    """The toy city with the border between a1 and b1 so many metres from the west."""
    moved = square(1, 1).intersection(_strip(east_of))
    return neighbourhoods(
        {"a1": ("A-North", "A", square(0, 1).union(moved)), "b1": ("B-North", "B", square(1, 1).difference(moved))}
    )


def _strip(east_of: float) -> shapely.Polygon:
    return shapely.box(X, Y, X + east_of, Y + 2000)


def table(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def pairs(changes: tuple[Change, ...]) -> dict[tuple[str | None, str | None], int]:
    return {(one.before and one.before.id, one.after and one.after.id): one.addresses for one in changes}  # type: ignore[misc]


def compared(before: Edition, after: Edition, addresses: Path | None = None) -> AddressComparison:
    found = compare(before, after, on=ON, addresses=addresses).addresses
    assert found is not None
    return found


def test_addresses_of_a_table_are_counted_by_where_they_go(tmp_path: Path, before: Edition) -> None:
    after = toy_edition(tmp_path / "after", neighbourhoods=halves(1500))
    rows = [(X + x, Y + 1500) for x in (100, 1200, 1300, 1400, 1600)] + [(X + 1200, Y + 300), (X - 5000, Y)]
    path = table(
        tmp_path / "points.csv", "EPSG:31370_x,EPSG:31370_y,outcome\n" + "".join(f"{x},{y},?\n" for x, y in rows)
    )
    found = compared(before, after, path)
    assert (found.source, found.count, found.unread) == ("points.csv", 7, 0)
    assert pairs(found.neighbourhoods) == {("b1", "a1"): 3}
    assert pairs(found.districts) == {("B", "A"): 3}
    assert pairs(found.managers) == {(None, "ann"): 3}


def test_rows_without_a_point_are_counted_apart(tmp_path: Path, before: Edition) -> None:
    path = table(tmp_path / "points.csv", "lon,lat\n5.4837,50.9535\n,\nx,50.9\n50.9535,5.4837\n")
    found = compared(before, before, path)
    assert (found.count, found.unread) == (1, 3)
    assert not found.differs


def test_a_table_without_coordinates_is_refused(tmp_path: Path, before: Edition) -> None:
    with pytest.raises(FrameError, match="coordinates"):
        compare(before, before, addresses=table(tmp_path / "a.csv", "address\nSquare 1\n"))
    with pytest.raises(SourceError, match="no such file"):
        compare(before, before, addresses=tmp_path / "none.csv")


def test_addresses_of_a_neighbourhood_that_is_split_follow_it(tmp_path: Path, before: Edition) -> None:
    west, east = (square(0, 1).intersection(shapely.box(X + x, Y, X + x + 500, Y + 2000)) for x in (0, 500))
    after = toy_edition(
        tmp_path / "after",
        neighbourhoods=neighbourhoods({"a1": ("West", "A", west), "a3": ("East", "A", east)}),
    )
    path = table(
        tmp_path / "p.csv", "EPSG:31370_x,EPSG:31370_y\n" + "".join(f"{X + x},{Y + 1500}\n" for x in (1, 2, 900))
    )
    found = compared(before, after, path)
    assert pairs(found.neighbourhoods) == {("a1", "a1"): 2, ("a1", "a3"): 1}
    assert (total(found.neighbourhoods), total(found.neighbourhoods, follows=True)) == (0, 3)
    assert not found.managers


def test_addresses_of_neighbourhoods_that_are_merged_follow_them(tmp_path: Path, before: Edition) -> None:
    both = square(0, 0).union(square(0, 1))
    after = toy_edition(
        tmp_path / "after",
        neighbourhoods=neighbourhoods({"a1": None, "a2": ("A", "A", both)}),
        services="area_id,service\n",
    )
    path = table(tmp_path / "p.csv", f"EPSG:31370_x,EPSG:31370_y\n{X + 10},{Y + 1500}\n{X + 10},{Y + 500}\n")
    found = compared(before, after, path)
    assert pairs(found.neighbourhoods) == {("a1", "a2"): 1, ("a2", "a2"): 1}
    assert all(one.follows for one in found.neighbourhoods)


def test_addresses_of_an_area_with_another_id_do_not_change(tmp_path: Path, before: Edition) -> None:
    after = toy_edition(
        tmp_path / "after",
        neighbourhoods=neighbourhoods({"a1": None, "z": ("A-North", "A", square(0, 1))}),
        services="area_id,service\n",
    )
    path = table(tmp_path / "p.csv", f"EPSG:31370_x,EPSG:31370_y\n{X + 10},{Y + 1500}\n")
    assert not compared(before, after, path).differs


def test_an_editions_own_addresses_answer_by_their_overrides(tmp_path: Path) -> None:
    book = BOOK + "".join(
        f"{number},{X + 100 + number},{Y + 1500},{number},,s1,Kerkstraat,71016,Toy,3600,current\n"
        for number in (1, 2, 3)
    )
    files = {"manifest": MANIFEST + ADDRESSES_IN_MANIFEST, "addresses": book}
    none = "address_id,area_id,valid_from,valid_to,reason\n"
    before = edition_with(tmp_path / "before", **files, overrides=none)
    after = edition_with(tmp_path / "after", **files, overrides=none + "2,b2,2020-01-01,,moved\n")
    found = compared(before, after)
    assert (found.source, found.count) == ("the address book", 3)
    assert pairs(found.neighbourhoods) == {("a1", "b2"): 1}
    assert pairs(found.managers) == {("ann", "bob"): 1}


def edition_with(folder: Path, addresses: str, **files: str) -> Edition:
    folder.mkdir()
    (folder / "addresses.csv").write_text(addresses)
    return toy_edition(folder, **files)


def test_editions_without_addresses_say_so(before: Edition) -> None:
    assert compare(before, before).addresses is None
