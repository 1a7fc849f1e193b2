"""The catalog ``news.duckdb``: views, macros and comments over the Parquet tables, for any DuckDB client.

Belongs here: building the file beside its place and swapping it in. Does not belong here: the SQL of views and macros.
The catalog holds no data, so it can be deleted at any time and built again.
"""

from __future__ import annotations

import fcntl
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

from news_pipeline.contract import TABLES
from news_pipeline.warehouse.macros import SCALAR_MACROS, TABLE_MACROS
from news_pipeline.warehouse.views import DERIVED_VIEWS, quote_name, quote_text, view_sql

CATALOG_NAME = "news.duckdb"
CATALOG_VERSION = "catalog-1"
"""Version of views and macros; a new one says that catalogs built before are out of date."""


class CatalogError(Exception):
    """Some tables could not be shown; ``failures`` says for each why. The catalog is then left as it was."""

    def __init__(self, failures: dict[str, str]) -> None:
        self.failures = failures
        super().__init__("; ".join(f"{name}: {reason}" for name, reason in failures.items()))


def catalog_path(data: Path) -> Path:
    """Where the catalog lies."""
    return data / CATALOG_NAME


def build_catalog(data: Path) -> Path:
    """Builds the catalog over the tables as they are and puts it in the old one's place.

    A connection that has the old catalog open goes on reading it; new ones get the new. Builds wait for each other.
    The file is renamed into place when it is complete, so a build that dies leaves the old catalog, and the next build
    removes what it left. Needs a POSIX file system.

    Args:
        data: the data folder; its absolute path is written into the views.

    Returns:
        The path of the catalog.

    Raises:
        CatalogError: a table's files are unreadable; all such tables are named.
    """
    data.mkdir(parents=True, exist_ok=True)
    target = catalog_path(data)
    with _only_builder(data):
        for leftover in data.glob(f".{CATALOG_NAME}.*.tmp*"):
            leftover.unlink(missing_ok=True)
        temporary = data / f".{CATALOG_NAME}.{uuid.uuid4().hex}.tmp"
        try:
            # A file in the oldest format that a reader of any DuckDB since 1.0 can open.
            with duckdb.connect() as connection:
                connection.execute(f"ATTACH {quote_text(str(temporary))} AS catalog (STORAGE_VERSION 'v1.0.0')")
                connection.execute("USE catalog")
                failures = _fill(connection, data)
                connection.execute("USE memory")
                connection.execute("DETACH catalog")
            if failures:
                raise CatalogError(failures)
            # The log of a writer of the old file must not be replayed into the new one.
            target.with_name(f"{CATALOG_NAME}.wal").unlink(missing_ok=True)
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
    return target


@contextmanager
def _only_builder(data: Path) -> Iterator[None]:
    """Holds the folder's build lock; the system lets go of it when a process dies."""
    with (data / f".{CATALOG_NAME}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _fill(connection: duckdb.DuckDBPyConnection, data: Path) -> dict[str, str]:
    """Creates views, macros and comments; returns the reason for each that could not be created.

    What is built on a table that failed is not tried, so that the reasons name causes alone.
    """
    failures: dict[str, str] = {}
    for macro in SCALAR_MACROS:
        connection.execute(macro.sql)
    for name in TABLES:
        try:
            connection.execute(f"CREATE VIEW {quote_name(name)} AS {view_sql(name, data)}")
        except (OSError, pa.ArrowException, duckdb.Error) as error:
            failures[name] = str(error)
    if failures:
        return failures
    for view in DERIVED_VIEWS:
        connection.execute(f"CREATE VIEW {quote_name(view.name)} AS {view.sql}")
    for macro in TABLE_MACROS:
        connection.execute(macro.sql)
    for statement in _comments():
        connection.execute(statement)
    return failures


def _comments() -> Iterator[str]:
    """A COMMENT statement for every view, column and macro."""
    described = {name: (t.description, {c.name: c.description for c in t.columns}) for name, t in TABLES.items()}
    described |= {view.name: (view.description, view.columns) for view in DERIVED_VIEWS}
    for name, (description, columns) in described.items():
        yield f"COMMENT ON VIEW {quote_name(name)} IS {quote_text(description)}"
        for column, text in columns.items():
            yield f"COMMENT ON COLUMN {quote_name(name)}.{quote_name(column)} IS {quote_text(text)}"
    for macro in (*SCALAR_MACROS, *TABLE_MACROS):
        kind = "MACRO TABLE" if macro.is_table else "MACRO"
        yield f"COMMENT ON {kind} {quote_name(macro.name)} IS {quote_text(macro.description)}"
