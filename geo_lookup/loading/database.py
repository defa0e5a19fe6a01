"""Layers and tables out of PostGIS, through geopandas. What is named is a table or a view, never SQL.

Where the database is stands in the environment alone, so that no manifest holds a password; needs the extra
[postgis]. Rows come in the order of the first column, which is the id in every table of ours that has one.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from geo_lookup.errors import SourceError

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame
    from sqlalchemy import Connection

ADDRESS = "GEO_LOOKUP_DATABASE"
"""The variable of the environment that holds the database's address, such as postgresql:///gis."""

TABLE = re.compile(r"(?:(?P<schema>[^\W\d]\w*)\.)?(?P<table>[^\W\d]\w*)")


def read_layer_of_database(name: str) -> GeoDataFrame:
    """Read a table with its one geometry column; raises `SourceError` where it has none, or several."""
    import geopandas

    with _connected() as connection:
        columns = _geometry_columns(connection, name)
        if len(columns) != 1:
            raise SourceError(f"it has {len(columns)} columns of geometries; one view must have one.")
        return geopandas.read_postgis(_select(connection, name), connection, geom_col=columns[0])


def read_table_of_database(name: str) -> DataFrame:
    """Read a table; a geometry column stays what PostGIS sends."""
    import pandas as pd

    with _connected() as connection:
        return pd.read_sql_query(_select(connection, name), connection)


def is_layer(name: str) -> bool:
    """Whether a table of the database has a geometry."""
    with _connected() as connection:
        return bool(_geometry_columns(connection, name))


def hash_table(name: str) -> str:
    """A hash of everything that a table holds, made by the database, so that its rows need not be sent."""
    from sqlalchemy import text

    with _connected() as connection:
        rows = f"SELECT md5(one::text) AS hashed FROM {_quoted(connection, name)} AS one"  # noqa: S608 - quoted
        every = text(f"SELECT md5(string_agg(hashed, '' ORDER BY hashed)) FROM ({rows}) AS every")  # noqa: S608
        return str(connection.execute(every).scalar())


@contextmanager
def _connected() -> Iterator[Connection]:
    try:
        import sqlalchemy
    except ImportError:
        raise SourceError("a database is read with the extra [postgis]: pip install 'geo-lookup[postgis]'.") from None
    address = os.environ.get(ADDRESS)
    if not address:
        raise SourceError(f"set {ADDRESS} to the database's address, such as postgresql:///gis.")
    try:
        engine = sqlalchemy.create_engine(
            re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", address), poolclass=sqlalchemy.NullPool
        )
        with engine.connect() as connection:
            yield connection
    except (sqlalchemy.exc.SQLAlchemyError, ImportError) as error:  # whose messages hold the address, or the query
        raise SourceError(f"the database cannot be read ({type(error).__name__}); see {ADDRESS}.") from None


def _select(connection: Connection, name: str) -> Any:
    from sqlalchemy import text

    return text(f"SELECT * FROM {_quoted(connection, name)} ORDER BY 1")  # noqa: S608 - a quoted name


def _geometry_columns(connection: Connection, name: str) -> list[str]:
    from sqlalchemy import text

    columns = text(
        "SELECT attname FROM pg_attribute JOIN pg_type ON pg_type.oid = atttypid "
        "WHERE attrelid = to_regclass(:name) AND typname = 'geometry' AND NOT attisdropped ORDER BY attnum"
    )
    return [str(row[0]) for row in connection.execute(columns, {"name": _quoted(connection, name)})]


def _quoted(connection: Connection, name: str) -> str:
    from sqlalchemy import text

    match = TABLE.fullmatch(name)
    if match is None:
        raise SourceError("`path` must be the name of a table or view, such as public.wijken.")
    quote = connection.dialect.identifier_preparer.quote_identifier
    quoted = ".".join(quote(part) for part in match.groups() if part)
    if connection.execute(text("SELECT to_regclass(:name)"), {"name": quoted}).scalar() is None:
        raise SourceError("there is no such table in the database.")
    return quoted
