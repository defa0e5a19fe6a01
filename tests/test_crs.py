from __future__ import annotations

import numpy as np
import pytest
from pyproj import Transformer

from geo_lookup import CoordinateError
from geo_lookup.crs import reference_system, transform

STADSPLEIN = (5.5, 50.965)


@pytest.mark.parametrize("epsg", [31370, 3812, 3857, 25831, 4258])
def test_the_pinned_operation_is_what_pyproj_takes_without_grids(epsg: int) -> None:
    expected = Transformer.from_crs(4326, epsg, always_xy=True).transform(*STADSPLEIN)
    assert reference_system(epsg).from_lonlat(*STADSPLEIN) == pytest.approx(expected, abs=1e-6)


def test_the_operation_and_its_accuracy_are_recorded() -> None:
    lambert_72 = reference_system(31370)
    assert "BD72 to WGS 84 (3)" in lambert_72.operation
    assert lambert_72.accuracy_m == 1.0
    assert reference_system(4326).accuracy_m == 0.0


@pytest.mark.parametrize("epsg", [4326, 31370, 3812])
def test_there_and_back_is_off_by_less_than_half_a_millimetre(epsg: int) -> None:
    lon, lat = transform(*transform(*STADSPLEIN, 4326, epsg), epsg, 4326)
    metres = np.array(reference_system(31370).from_lonlat(lon, lat)) - reference_system(31370).from_lonlat(*STADSPLEIN)
    assert np.hypot(*metres) < 0.00043, "BD72 is tied by a shift in space, whose height is lost on the way"


def test_x_is_east_and_y_is_north_whatever_the_axis_order_of_the_crs() -> None:
    x, y = reference_system(31370).from_lonlat(*STADSPLEIN)
    east, _ = reference_system(31370).from_lonlat(5.6, 50.965)
    _, north = reference_system(31370).from_lonlat(5.5, 51.0)
    assert east > x
    assert north > y


@pytest.mark.parametrize("epsg", [0, 1, 99999, 5773, 4978, 4979, 21500, 4215])
def test_a_code_that_is_no_horizontal_crs_is_refused(epsg: int) -> None:
    with pytest.raises(CoordinateError, match=r"crs must be an EPSG code|not a horizontal|guesses only"):
        reference_system(epsg)
