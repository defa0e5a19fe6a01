"""`assign` and `locate`: whole frames, with the answers of `find`."""

from __future__ import annotations

from typing import Any

import geopandas
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo_lookup import CoordinateError, Finder, FrameError, RequestError
from geo_lookup.bulk.columns import COLUMNS
from tests.places import PLACES


def points(count: int = 300) -> geopandas.GeoSeries:
    """Points over the demo's city and a little around it."""
    random = np.random.default_rng(7)
    lons, lats = random.uniform(5.37, 5.61, count), random.uniform(50.9, 51.03, count)
    return geopandas.GeoSeries(shapely.points(lons, lats), crs=4326)


def row_of(finder: Finder, x: float, y: float, crs: int = 4326) -> dict[str, Any]:
    """The columns of `assign`, drawn from the answer of `find`."""
    answer = finder.find(x=x, y=y, crs=crs, offices=1)
    manager = next((one for one in answer.managers if one.role == "wijkmanager"), None)
    office = answer.offices.nearest[0]
    return {
        "neighbourhood_id": answer.neighbourhood.id if answer.neighbourhood else None,
        "neighbourhood": answer.neighbourhood.name if answer.neighbourhood else None,
        "district_id": answer.district.id if answer.district else None,
        "district": answer.district.name if answer.district else None,
        "special_area_id": answer.special_area.id if answer.special_area else None,
        "manager_id": manager.id if manager else None,
        "manager": manager.name if manager else None,
        "office_id": office.id,
        "office": office.name,
        "office_distance_m": office.distance_m,
        "border_distance_m": answer.border.distance_m if answer.border else None,
        "outcome": answer.outcome.value,
    }


def values(column: pd.Series[Any]) -> list[Any]:
    """The values of a column, None where one is missing."""
    return [None if missing else value for value, missing in zip(column, column.isna(), strict=True)]


def plain(frame: pd.DataFrame) -> list[dict[str, Any]]:
    columns = [values(frame[name]) for name in COLUMNS]
    return [dict(zip(COLUMNS, row, strict=True)) for row in zip(*columns, strict=True)]


def test_each_row_gets_what_find_answers(demo: Finder) -> None:
    places = points()
    assert plain(demo.assign(places)) == [row_of(demo, point.x, point.y) for point in places]


def test_the_named_places_get_their_answers(demo: Finder) -> None:
    frame = pd.DataFrame({"lon": [one.lon for one in PLACES.values()], "lat": [one.lat for one in PLACES.values()]})
    assigned = demo.assign(frame)
    assert values(assigned["outcome"]) == [one.outcome for one in PLACES.values()]
    assert values(assigned["neighbourhood"]) == [one.neighbourhood for one in PLACES.values()]
    assert values(assigned["manager"]) == [one.manager for one in PLACES.values()]


@pytest.mark.parametrize("crs", [4326, 31370, 3812, 3857, "OGC:CRS84"])
@pytest.mark.parametrize("kind", ["series", "frame"])
def test_a_geometry_column_in_any_crs_is_a_row_for_a_row(demo: Finder, crs: int | str, kind: str) -> None:
    series = points().to_crs(crs)
    expected = demo.assign(points())[["neighbourhood_id", "outcome"]]
    given = series if kind == "series" else geopandas.GeoDataFrame({"n": range(len(series))}, geometry=series)
    assert demo.assign(given)[["neighbourhood_id", "outcome"]].equals(expected)


def test_columns_can_be_named(demo: Finder) -> None:
    places = points()
    lambert = places.to_crs(31370)
    expected = demo.assign(places)["neighbourhood_id"].tolist()
    frame = pd.DataFrame({"l": places.x, "b": places.y, "x": lambert.x, "y": lambert.y, "e": lambert.x, "n": lambert.y})
    assert demo.assign(frame, lon="l", lat="b")["neighbourhood_id"].tolist() == expected
    assert demo.assign(frame, crs=31370)["neighbourhood_id"].tolist() == expected
    assert demo.assign(frame, x="e", y="n", crs=31370)["neighbourhood_id"].tolist() == expected


@given(st.lists(st.sampled_from([(5.505, 50.975), (5.41, 50.961), None, (5.34, 50.93)]), max_size=8), st.data())
def test_one_row_out_for_each_row_in_with_index_and_order_kept(
    demo: Finder, places: list[tuple[float, float] | None], data: st.DataObject
) -> None:
    labels = data.draw(st.lists(st.integers(0, 3) | st.sampled_from("ab"), min_size=len(places), max_size=len(places)))
    series = geopandas.GeoSeries([place and shapely.Point(place) for place in places], crs=4326, index=labels)
    frame = geopandas.GeoDataFrame({"n": np.arange(len(places))}, geometry=series.to_numpy(), crs=4326, index=labels)
    assigned = demo.assign(frame)
    assert assigned.index.equals(frame.index)
    assert assigned["n"].tolist() == list(range(len(places)))
    assert list(assigned.columns) == [*frame.columns, *COLUMNS]
    assert isinstance(assigned, geopandas.GeoDataFrame)
    assert assigned["outcome"].isna().tolist() == [place is None for place in places]
    assert "outcome" not in frame.columns, "the frame that was given stays as it was"


def test_a_missing_point_gets_empty_columns(demo: Finder) -> None:
    empty = geopandas.GeoSeries([None, shapely.Point(), shapely.Point(5.505, 50.975)], crs=4326)
    assert plain(demo.assign(empty))[:2] == [dict.fromkeys(COLUMNS)] * 2
    half = pd.DataFrame({"lon": [5.505, np.nan, None], "lat": [None, 50.975, 50.975]})
    assert plain(demo.assign(half)) == [dict.fromkeys(COLUMNS)] * 3
    nothing = pd.DataFrame({"lon": [None, None], "lat": [None, None]})
    assert plain(demo.assign(nothing)) == [dict.fromkeys(COLUMNS)] * 2


@pytest.mark.parametrize("count", [3, 40_000])
def test_what_is_answered_can_be_written_over(demo: Finder, count: int) -> None:
    answered = demo.assign(pd.DataFrame({"lon": [5.505] * count, "lat": [50.975] * count}))
    for name in ("office_distance_m", "border_distance_m"):
        answered.loc[0, name] = 1.0
        assert answered[name].iloc[0] == 1


def test_an_empty_frame_comes_back_empty_with_the_columns(demo: Finder) -> None:
    assigned = demo.assign(pd.DataFrame({"lon": pd.Series(dtype=float), "lat": pd.Series(dtype=float)}))
    assert len(assigned) == 0
    assert list(assigned.columns) == ["lon", "lat", *COLUMNS]
    assert assigned.dtypes.to_dict() == demo.assign(pd.DataFrame({"lon": [5.505], "lat": [50.975]})).dtypes.to_dict()


def test_nullable_and_integer_columns_are_numbers_too(demo: Finder) -> None:
    frame = pd.DataFrame({"x": pd.array([229465, None], dtype="Int64"), "y": [184466, 184466]})
    assert values(demo.assign(frame, crs=31370)["outcome"]) == ["assigned", None]


def test_a_frame_without_a_crs_may_be_told_one(demo: Finder) -> None:
    bare = geopandas.GeoSeries([shapely.Point(229465, 184466)])
    assert demo.assign(bare, crs=31370)["outcome"].tolist() == ["assigned"]


def test_columns_may_be_called_by_numbers(demo: Finder) -> None:
    assert demo.assign(pd.DataFrame([[5.505, 50.975]]), lon=0, lat=1)["outcome"].tolist() == ["assigned"]


def test_columns_may_be_called_on_several_levels(demo: Finder) -> None:
    names = pd.MultiIndex.from_tuples([("place", "lon"), ("place", "lat"), ("ours", "outcome")])
    frame = pd.DataFrame([[5.505, 50.975, "mine"]], columns=names)
    where: dict[str, Any] = {"lon": ("place", "lon"), "lat": ("place", "lat")}
    assigned = demo.assign(frame, **where)
    assert list(assigned.columns) == [*names, *((name, "") for name in COLUMNS)]
    assert assigned["district"].tolist() == ["Genk-Centrum"]
    for lost in (assigned, frame.rename(columns={"ours": "outcome"})):
        with pytest.raises(FrameError, match="columns already"):
            demo.assign(lost, **where)


def test_a_geodataframe_without_a_geometry_is_a_frame_of_columns(demo: Finder) -> None:
    frame = geopandas.GeoDataFrame({"lon": [5.505], "lat": [50.975]})
    assert demo.assign(frame)["outcome"].tolist() == ["assigned"]


def test_the_day_decides_who_is_assigned(demo: Finder) -> None:
    frame = pd.DataFrame({"lon": [5.472], "lat": [50.952]})
    assert demo.assign(frame)["outcome"].tolist() == ["vacant"]
    assert demo.assign(frame, on="2020-06-01")["manager"].tolist() == ["Wijkmanager Genk-West"]


def test_a_frame_of_another_country_is_outside_and_no_error(demo: Finder) -> None:
    assert (
        demo.assign(pd.DataFrame({"lon": [2.35, 2.36], "lat": [48.85, 48.86]}))["outcome"].tolist() == ["outside"] * 2
    )


FRAMES: dict[str, tuple[Any, dict[str, Any], type[RequestError], str]] = {
    "no CRS": (geopandas.GeoSeries([shapely.Point(5.5, 50.9)]), {}, FrameError, "state no CRS"),
    "a CRS without a code, of Arrow": (
        pa.table(geopandas.GeoDataFrame(geometry=[shapely.Point(5, 50)], crs="+proj=longlat +R=6371000").to_arrow()),
        {}, FrameError, "no CRS with an EPSG code"),
    "polygons": (geopandas.GeoSeries([shapely.box(5, 50, 6, 51)], crs=4326), {}, FrameError, "representative_point"),
    "no such columns": (pd.DataFrame({"lng": [5.5], "lat": [50.9]}), {}, FrameError, "no column lon"),
    "x and y without a CRS": (
        pd.DataFrame({"x": [1.0], "y": [1.0]}), {"x": "x", "y": "y"}, FrameError, "x and y with crs"),
    "two ways at once": (
        pd.DataFrame({"x": [229465], "y": [184466], "l": [5.5], "b": [50.9]}),
        {"lon": "l", "lat": "b", "crs": 31370}, FrameError, "lon and lat, or x and y with crs"),
    "text": (pd.DataFrame({"lon": ["5,5"], "lat": ["50,9"]}), {}, FrameError, "holds no numbers"),
    "truths": (pd.DataFrame({"lon": [True], "lat": [50.9]}), {}, FrameError, "holds no numbers"),
    "no frame at all": ([(5.5, 50.9)], {}, FrameError, "takes a GeoDataFrame"),
    "a plain column": (pd.Series([5.5]), {}, FrameError, "takes a GeoDataFrame"),
    "two columns of one name": (
        pd.DataFrame([[5.5, 5.6, 50.9]], columns=["lon", "lon", "lat"]), {}, FrameError, "more than one column lon"),
    "complex numbers": (pd.DataFrame({"lon": [5.5 + 1j], "lat": [50.9]}), {}, FrameError, "holds no numbers"),
    "a CRS that contradicts the frame": (
        geopandas.GeoSeries([shapely.Point(5.5, 50.9)], crs=4326), {"crs": 31370}, FrameError, "in EPSG:4326 already"),
    "some rows swapped": (
        pd.DataFrame({"lon": [50.9, 5.5, 5.5], "lat": [5.5, 50.95, 50.96]}), {},
        CoordinateError, "1 of 3 points, the first in row 0 counted from 0: as sent"),
    "a column that would be lost": (
        pd.DataFrame({"lon": [5.5], "lat": [50.9], "district": ["mine"]}), {}, FrameError, "already: district"),
    "swapped": (pd.DataFrame({"lon": [50.9, 50.95], "lat": [5.5, 5.45]}), {}, CoordinateError, "look swapped"),
    "swapped, half of them": (
        pd.DataFrame({"lon": [50.95, 50.93, 48.85, 48.86], "lat": [5.45, 5.5, 2.35, 2.36]}), {},
        CoordinateError, "look swapped"),
    "Lambert 72 as degrees": (
        pd.DataFrame({"lon": [229465.0], "lat": [184466.0]}), {}, CoordinateError, "Lambert 72 (EPSG:31370)"),
    "infinite": (pd.DataFrame({"lon": [np.inf], "lat": [50.9]}), {}, CoordinateError, "must be finite"),
    "no thread": (pd.DataFrame({"lon": [5.5], "lat": [50.9]}), {"threads": 0}, RequestError, "threads must be"),
    "half a thread": (pd.DataFrame({"lon": [5.5], "lat": [50.9]}), {"threads": 1.5}, RequestError, "threads must be"),
    "one absurd row": (
        pd.DataFrame({"lon": [np.nan, 5.5, 229465.0], "lat": [50.9, 50.95, 184466.0]}), {},
        CoordinateError, "1 of 2 points, the first in row 2 counted from 0"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FRAMES)
def test_a_frame_that_cannot_be_read_is_refused_whole(demo: Finder, fault: str) -> None:
    frame, options, error, message = FRAMES[fault]
    with pytest.raises(error) as refused:
        demo.assign(frame, **options)
    assert message in str(refused.value)


def test_locate_gives_positions_in_the_areas(demo: Finder) -> None:
    places = points()
    areas = demo.areas("neighbourhood")
    located = demo.locate(places.x, places.y)
    ids = [areas["id"].iloc[position] if position >= 0 else None for position in located]
    assert ids == values(demo.assign(places)["neighbourhood_id"])
    lambert = places.to_crs(31370)
    assert (demo.locate(lambert.x.tolist(), lambert.y.tolist(), crs=31370) == located).all()
    assert demo.locate([np.nan, 5.505], [50.9, 50.975])[0] == -1
    assert demo.locate([], []).tolist() == []
    masked = np.ma.MaskedArray([5.505, 5.505], mask=[True, False])
    assert demo.locate(masked, [50.975, 50.975]).tolist() == [-1, int(demo.locate([5.505], [50.975])[0])]
    days = np.array(["2026-11-23"], dtype="M8[D]")
    nones: list[Any] = [["a"], ["5.5"], pd.Series(["5.5"]), [True], days]
    for none in nones:
        with pytest.raises(RequestError, match="arrays of numbers"):
            demo.locate(none, [50.9])
    with pytest.raises(RequestError, match="same length"):
        demo.locate([5.5], [50.9, 50.8])


@pytest.mark.parametrize(
    ("kind", "count"), [("neighbourhood", 30), ("district", 8), ("special_area", 1), ("city", 1)]
)  # fmt: skip
def test_areas_are_a_frame_in_the_metric_crs_ready_to_plot(demo: Finder, kind: str, count: int) -> None:
    areas = demo.areas(kind)
    assert areas.crs == 31370
    assert list(areas.columns) == ["id", "name", "parent_id", "geometry"]
    assert len(areas) == count
    assert areas["id"].is_monotonic_increasing
    with pytest.raises(RequestError, match="kind must be one of"):
        demo.areas("street")
