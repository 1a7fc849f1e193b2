"""Reading the warehouse: the catalog opened read-only, and one SQL statement answered as an Arrow table.

Belongs here: connections for readers. Does not belong here: the SQL of views and macros, or writing anything.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa

from news_pipeline.warehouse.catalog import catalog_path
from news_pipeline.warehouse.views import connect


def open_catalog(data: Path) -> duckdb.DuckDBPyConnection:
    """The catalog, read-only, with instants shown in UTC.

    Raises:
        FileNotFoundError: no catalog has been built in ``data`` yet.
    """
    path = catalog_path(data)
    if not path.is_file():
        raise FileNotFoundError(f"{path}: no catalog yet; it is built by the pipeline's warehouse step")
    connection = duckdb.connect(str(path), read_only=True)
    connection.execute("SET TimeZone = 'UTC'")
    return connection


def run_sql(data: Path, sql: str) -> pa.Table:
    """Answers one SQL statement over views and macros.

    Args:
        data: the data folder. Without a catalog the tables are read as they are.
        sql: the statement.

    Returns:
        Its rows; of several statements those of the last.

    Raises:
        duckdb.Error: the statement cannot be answered or has no rows to give; the message says why.
    """
    with open_catalog(data) if catalog_path(data).is_file() else connect(data) as connection:
        relation = connection.sql(sql)
        if relation is None:
            raise duckdb.InvalidInputException("The statement gives no rows; a query such as SELECT … or FROM … does")
        return relation.to_arrow_table()
