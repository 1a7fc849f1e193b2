"""DuckDB views over the Parquet tables: one per table of the contract, and a few that answer standing questions.

Belongs here: the SELECT behind each view, and the in-memory connection that holds them. Does not belong here: macros,
the catalog file, or any data.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from news_pipeline.contract import TABLES
from news_pipeline.warehouse import macros

_SCALARS: dict[pa.DataType, str] = {
    pa.string(): "VARCHAR",
    pa.bool_(): "BOOLEAN",
    pa.int32(): "INTEGER",
    pa.int64(): "BIGINT",
    pa.float64(): "DOUBLE",
    pa.date32(): "DATE",
    pa.timestamp("us", tz="UTC"): "TIMESTAMP WITH TIME ZONE",
}


@dataclass(frozen=True)
class DerivedView:
    """A view computed from the tables: its SELECT, what it says, and what each of its columns says."""

    name: str
    description: str
    sql: str
    columns: dict[str, str]


DERIVED_VIEWS: tuple[DerivedView, ...] = (
    DerivedView(
        "undated_articles",
        "Articles whose page states no publication date: kept, shown here, and in no day of the rollup.",
        "SELECT * FROM parsed_articles WHERE published_date IS NULL",
        {column.name: column.description for column in TABLES["parsed_articles"].columns},
    ),
    DerivedView(
        "dumps",
        "One row per dump: what was found in it and what became of it.",
        """
        WITH page_counts AS (
            SELECT dump, count(*) AS page_count, count(error) AS unreadable_count FROM raw_pages GROUP BY dump
        ), article_counts AS (
            SELECT dump, count(*) AS article_count, count(*) FILTER (published_date IS NULL) AS undated_count,
                min(published_date) AS first_date, max(published_date) AS last_date
            FROM parsed_articles GROUP BY dump
        ), rejected_counts AS (
            SELECT dump, count(*) AS rejected_count FROM rejected_pages GROUP BY dump
        )
        SELECT dump, coalesce(page_count, 0) AS page_count, coalesce(unreadable_count, 0) AS unreadable_count,
            coalesce(article_count, 0) AS article_count, coalesce(rejected_count, 0) AS rejected_count,
            coalesce(undated_count, 0) AS undated_count, first_date, last_date
        FROM page_counts FULL JOIN article_counts USING (dump) FULL JOIN rejected_counts USING (dump)
        ORDER BY dump
        """,
        {
            "dump": "Top-level file or folder in the landing folder.",
            "page_count": "Pages found in the dump.",
            "unreadable_count": "Pages among them that could not be read.",
            "article_count": "Articles parsed from the pages, main and embedded, repeated ones counted.",
            "rejected_count": "Pages that yielded no article; rejected_pages gives the reasons.",
            "undated_count": "Articles whose page states no publication date.",
            "first_date": "Earliest publication day among the articles.",
            "last_date": "Latest publication day among the articles.",
        },
    ),
    DerivedView(
        "about",
        "The archive in one row: how much it holds, from when to when, and by which versions of the rules.",
        """
        SELECT
            (SELECT count(*) FROM dumps) AS dump_count,
            (SELECT coalesce(sum(page_count), 0)::BIGINT FROM dumps) AS page_count,
            (SELECT coalesce(sum(rejected_count), 0)::BIGINT FROM dumps) AS rejected_count,
            (SELECT coalesce(sum(article_count), 0)::BIGINT FROM dumps) AS parsed_article_count,
            (SELECT coalesce(sum(undated_count), 0)::BIGINT FROM dumps) AS undated_count,
            a.article_count, a.text_count, a.story_count,
            (SELECT count(*) FROM entities) AS entity_count,
            (SELECT count(*) FROM topics) AS topic_count,
            a.day_count, a.first_date, a.last_date,
            (SELECT coalesce(list(DISTINCT parser_version ORDER BY parser_version), []) FROM parsed_articles) AS parser_versions,
            (SELECT coalesce(list(DISTINCT entity_version ORDER BY entity_version), []) FROM entity_mentions) AS entity_versions,
            (SELECT coalesce(list(DISTINCT rollup_version ORDER BY rollup_version), []) FROM daily_topics) AS rollup_versions
        FROM (
            SELECT count(*) AS article_count, count(DISTINCT text_id) AS text_count,
                count(DISTINCT story_id) AS story_count, count(DISTINCT published_date) AS day_count,
                min(published_date) AS first_date, max(published_date) AS last_date
            FROM articles
        ) AS a
        """,
        {
            "dump_count": "Dumps read.",
            "page_count": "Pages found in them.",
            "rejected_count": "Pages that yielded no article.",
            "parsed_article_count": "Articles parsed from pages, repeated ones counted.",
            "undated_count": "Parsed articles whose page states no publication date.",
            "article_count": "Distinct articles with a publication day.",
            "text_count": "Distinct texts among them.",
            "story_count": "Distinct stories among them.",
            "entity_count": "Persons, organisations, places and other things named.",
            "topic_count": "Topics of all kinds.",
            "day_count": "Publication days with articles.",
            "first_date": "First publication day.",
            "last_date": "Last publication day.",
            "parser_versions": "Versions of the parsing rules the articles were read with; more than one while a rebuild is under way.",
            "entity_versions": "Versions of lexicon and rules the mentions were found with.",
            "rollup_versions": "Versions of the rollup's rules.",
        },
    ),
)
"""Views beside the tables, each after those it reads."""


def duckdb_type(type_: pa.DataType) -> str:
    """The DuckDB type of an Arrow type of the contract; raises TypeError for one that no column uses yet."""
    if type_ in _SCALARS:
        return _SCALARS[type_]
    if pa.types.is_list(type_):
        return f"{duckdb_type(type_.value_type)}[]"
    if pa.types.is_struct(type_):
        return f"STRUCT({', '.join(f'{quote_name(field.name)} {duckdb_type(field.type)}' for field in type_)})"
    raise TypeError(f"no DuckDB type is set down for the Arrow type {type_}")


def quote_name(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def quote_text(text: str) -> str:
    """A text as an SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def view_sql(table: str, data: Path) -> str:
    """The SELECT over a table's Parquet files, with columns in the contract's order and types.

    The partition column is read from the path as the contract types it (DuckDB undoes the percent-encoding), so that
    a dump named ``001`` or ``2023-09-20`` stays text. Files written before a column was added show it as null. While
    the table has no file the SELECT is empty but typed.

    Args:
        table: name of a table of the contract.
        data: the data folder, which holds ``tables/<table>/…``.

    Raises:
        KeyError: the contract has no such table.
        OSError, pyarrow.ArrowInvalid: a file of the table is unreadable or no Parquet file; the message names it.
    """
    contract = TABLES[table]
    folder = (data / "tables" / table).absolute()
    pattern = "part-*.parquet" if contract.partitioned_by is None else f"{contract.partitioned_by}=*/part-*.parquet"
    layouts = {names for file in folder.glob(pattern) if (names := _column_names(file))}
    types = {column.name: duckdb_type(column.type) for column in contract.columns}
    if not layouts:
        return (
            f"SELECT {', '.join(f'NULL::{type_} AS {quote_name(name)}' for name, type_ in types.items())} WHERE false"
        )

    present = {name for layout in layouts for name in layout} | {contract.partitioned_by}
    columns = ", ".join(
        f"{quote_name(name) if name in present else 'NULL'}::{type_} AS {quote_name(name)}"
        for name, type_ in types.items()
    )
    options = ""
    if contract.partitioned_by is not None:
        partition = contract.partitioned_by
        options = f", hive_partitioning = true, hive_types = {{{quote_text(partition)}: {types[partition]}}}"
    # Matching by name across files reads every footer again at each query, so it is asked for only where files differ.
    by_name = ", union_by_name = true" if len(layouts) > 1 else ""
    return f"SELECT {columns} FROM read_parquet({quote_text(f'{_escape_glob(folder)}/{pattern}')}{options}{by_name})"


def create_views(connection: duckdb.DuckDBPyConnection, data: Path, tables: Iterable[str] = TABLES) -> None:
    """Creates one view per table named, in the connection's current schema."""
    for table in tables:
        connection.execute(f"CREATE OR REPLACE VIEW {quote_name(table)} AS {view_sql(table, data)}")


def connect(data: Path, tables: Iterable[str] | None = None) -> duckdb.DuckDBPyConnection:
    """An in-memory connection with the views and macros over the tables as they are now; nothing is written.

    Args:
        data: the data folder; it may be empty or absent.
        tables: the tables to show. Left out: all of them, with the derived views and the macros that read them.
            Named: those tables and the scalar macros alone, which spares a step that reads one table the footers of
            the others.
    """
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    for macro in macros.SCALAR_MACROS:
        connection.execute(macro.sql)
    create_views(connection, data, TABLES if tables is None else tables)
    if tables is None:
        for view in DERIVED_VIEWS:
            connection.execute(f"CREATE VIEW {quote_name(view.name)} AS {view.sql}")
        for macro in macros.TABLE_MACROS:
            connection.execute(macro.sql)
    return connection


def _column_names(file: Path) -> tuple[str, ...]:
    """The top-level columns of a Parquet file, from its footer; none for a file removed since it was listed."""
    try:
        return tuple(pq.read_schema(file, memory_map=True).names)
    except FileNotFoundError:
        return ()
    except pa.ArrowInvalid as error:
        raise pa.ArrowInvalid(f"{file}: {error}") from error


def _escape_glob(path: Path) -> str:
    """A path in which DuckDB's glob reads every character as itself."""
    return "".join(f"[{character}]" if character in "[*?" else character for character in path.as_posix())
