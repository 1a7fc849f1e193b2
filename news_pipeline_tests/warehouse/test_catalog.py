from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from datetime import date
from pathlib import Path

import duckdb
import pytest

from news_pipeline.contract import TABLES
from news_pipeline.warehouse.catalog import CatalogError, build_catalog
from news_pipeline.warehouse.macros import SCALAR_MACROS, TABLE_MACROS
from news_pipeline.warehouse.query import open_catalog, run_sql
from news_pipeline.warehouse.views import DERIVED_VIEWS
from news_pipeline_tests.warehouse import archive

READER = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1], read_only=True)
for line in sys.stdin:
    print(connection.execute(line).fetchone()[0], flush=True)
"""


def ask(reader: subprocess.Popen[str], sql: str) -> str:
    assert reader.stdin and reader.stdout
    reader.stdin.write(sql + "\n")
    reader.stdin.flush()
    return reader.stdout.readline().strip()


def reader_of(path: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", READER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def temporaries(data: Path) -> list[str]:
    return [path.name for path in data.iterdir() if ".tmp" in path.name]


def test_everything_in_the_catalog_is_described(tmp_path: Path) -> None:
    build_catalog(archive.build(tmp_path))
    with open_catalog(tmp_path) as connection:
        views = dict(
            connection.execute(
                "SELECT view_name, comment FROM duckdb_views() WHERE database_name = 'news' AND NOT internal"
            ).fetchall()
        )
        columns = {
            (table, column): comment
            for table, column, comment in connection.execute(
                "SELECT table_name, column_name, comment FROM duckdb_columns() WHERE database_name = 'news' AND NOT internal"
            ).fetchall()
        }
        found = connection.execute(
            "SELECT function_name, comment FROM duckdb_functions() WHERE database_name = 'news' AND NOT internal"
        ).fetchall()
    assert views == {name: table.description for name, table in TABLES.items()} | {
        view.name: view.description for view in DERIVED_VIEWS
    }
    assert all(columns[name, c.name] == c.description for name, table in TABLES.items() for c in table.columns)
    assert [key for key, comment in columns.items() if not comment] == []
    assert dict(found) == {macro.name: macro.description for macro in (*SCALAR_MACROS, *TABLE_MACROS)}


def test_the_catalog_holds_no_data_and_answers_over_the_tables(tmp_path: Path) -> None:
    path = build_catalog(archive.build(tmp_path))
    assert path == tmp_path / "news.duckdb"
    assert run_sql(tmp_path, "SELECT count(*) AS n FROM articles").to_pylist() == [{"n": 3}]
    assert run_sql(tmp_path, "FROM trending('2023-09-20')").num_rows == 3
    with open_catalog(tmp_path) as connection:
        assert connection.execute("SELECT count(*) FROM duckdb_tables()").fetchone() == (0,)


def test_a_day_written_later_is_seen_without_a_new_catalog(tmp_path: Path) -> None:
    build_catalog(archive.build(tmp_path))
    archive.write(tmp_path, "articles", [{"article_id": "a9", "published_date": date(2024, 1, 1), "body": "ن"}])
    assert run_sql(tmp_path, "SELECT count(*) AS n FROM articles").to_pylist() == [{"n": 4}]


def test_an_open_reader_goes_on_while_the_catalog_is_swapped(tmp_path: Path) -> None:
    archive.write(tmp_path, "topics", [{"topic_id": "a"}])
    path = build_catalog(tmp_path)
    count = "SELECT count(*) FROM articles"
    with reader_of(path) as old:
        assert ask(old, count) == "0"
        archive.build(tmp_path)
        build_catalog(tmp_path)
        assert ask(old, "SELECT count(*) FROM topics") == "2"
        assert ask(old, count) == "0"  # the old catalog knew of no articles
        with reader_of(path) as new:
            assert ask(new, count) == "3"
    assert temporaries(tmp_path) == []


def test_a_connection_of_this_process_does_not_hinder_a_build(tmp_path: Path) -> None:
    build_catalog(archive.build(tmp_path))
    with open_catalog(tmp_path) as connection:
        build_catalog(tmp_path)
        assert connection.execute("SELECT count(*) FROM articles").fetchone() == (3,)


def test_a_failing_build_keeps_the_old_catalog_and_names_every_broken_table(tmp_path: Path) -> None:
    path = build_catalog(archive.build(tmp_path))
    before = path.read_bytes()
    for table in ("topics", "entities"):
        (tmp_path / "tables" / table / "part-0.parquet").write_bytes(b"broken")
    with pytest.raises(CatalogError) as raised:
        build_catalog(tmp_path)
    assert list(raised.value.failures) == ["entities", "topics"]
    assert path.read_bytes() == before
    assert temporaries(tmp_path) == []


KILLED = """
import os, signal, sys
from pathlib import Path
from news_pipeline.warehouse import catalog
def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)
catalog._comments = die
catalog.build_catalog(Path(sys.argv[1]))
"""


def test_a_killed_build_leaves_the_old_catalog_and_the_next_one_cleans_up(tmp_path: Path) -> None:
    path = build_catalog(archive.build(tmp_path))
    before = path.read_bytes()
    killed = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert path.read_bytes() == before
    assert temporaries(tmp_path)
    build_catalog(tmp_path)
    assert temporaries(tmp_path) == []
    assert run_sql(tmp_path, "SELECT count(*) AS n FROM articles").to_pylist() == [{"n": 3}]


def test_builds_at_once_all_succeed(tmp_path: Path) -> None:
    archive.build(tmp_path)
    failures: list[BaseException] = []

    def build() -> None:
        try:
            build_catalog(tmp_path)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=build) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert temporaries(tmp_path) == []
    assert run_sql(tmp_path, "FROM about").num_rows == 1


def test_the_log_of_a_writer_of_the_old_catalog_is_not_replayed(tmp_path: Path) -> None:
    path = build_catalog(archive.build(tmp_path))
    crashed = "import duckdb, os, sys; c = duckdb.connect(sys.argv[1]); c.execute('CREATE TABLE mine AS SELECT 1'); os._exit(1)"
    subprocess.run([sys.executable, "-c", crashed, str(path)], check=False)
    assert path.with_name("news.duckdb.wal").exists()
    build_catalog(tmp_path)
    assert run_sql(tmp_path, "SELECT count(*) AS n FROM articles").to_pylist() == [{"n": 3}]


def test_the_catalog_is_built_in_an_empty_folder(tmp_path: Path) -> None:
    start = time.perf_counter()
    build_catalog(tmp_path / "new")
    assert time.perf_counter() - start < 5
    assert run_sql(tmp_path / "new", "SELECT count(*) AS n FROM articles").to_pylist() == [{"n": 0}]
    assert run_sql(tmp_path / "new", "FROM trending('2023-01-01')").num_rows == 0


def test_reading_without_a_catalog(tmp_path: Path) -> None:
    archive.build(tmp_path)
    with pytest.raises(FileNotFoundError, match=r"news\.duckdb: no catalog yet"):
        open_catalog(tmp_path)
    assert run_sql(tmp_path, "SELECT count(*) AS n FROM articles").to_pylist() == [{"n": 3}]


@pytest.mark.parametrize("sql", ["", "SELEC 1", "SELECT * FROM nothing", "CREATE TABLE x AS SELECT 1"])
def test_statements_that_cannot_be_answered_are_refused(tmp_path: Path, sql: str) -> None:
    build_catalog(archive.build(tmp_path))
    with pytest.raises(duckdb.Error):
        run_sql(tmp_path, sql)
