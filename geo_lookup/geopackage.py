"""Writes GeoPackages that are the same for the same content, so that their hashes are too."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

OLD = "1970-01-01T00:00:00Z"
"""The time at which each says that it was made."""


@contextmanager
def made_long_ago() -> Iterator[None]:
    """Meanwhile GDAL states `OLD` where it would state the present moment."""
    import pyogrio

    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": OLD})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def write_layer(frame: GeoDataFrame, path: Path, layer: str) -> None:
    """Write a frame as the one layer of a file; geometries keep their kind, and every bit of their coordinates.

    Raises `OSError` where the file cannot be written.
    """
    import pyogrio

    try:
        with made_long_ago():
            frame.to_file(path, driver="GPKG", layer=layer, promote_to_multi=False)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise OSError(errno.EIO, str(error), str(path)) from None
