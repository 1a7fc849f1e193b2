from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from news_pipeline.contract import TABLES
from news_pipeline.warehouse.views import DERIVED_VIEWS, connect, create_views, duckdb_type, view_sql
from news_pipeline_tests.warehouse import archive


def shape(connection: duckdb.DuckDBPyConnection, view: str) -> list[tuple[str, str]]:
    return [(row[0], row[1]) for row in connection.execute(f"DESCRIBE {view}").fetchall()]


@pytest.mark.parametrize("table", TABLES)
def test_a_view_has_the_contracts_columns_and_types_with_files_and_without(tmp_path: Path, table: str) -> None:
    expected = [(column.name, duckdb_type(column.type)) for column in TABLES[table].columns]
    empty, full = tmp_path / "empty", tmp_path / "full"
    row: dict[str, object] = (
        {"dump": "d"} if TABLES[table].partitioned_by == "dump" else {"published_date": archive.DAY}
    )
    archive.write(full, table, [row if TABLES[table].partitioned_by else {}])
    for data, rows in ((empty, 0), (full, 1)):
        connection = duckdb.connect()
        create_views(connection, data, [table])
        described = shape(connection, table)
        assert [name for name, _ in described] == [name for name, _ in expected]
        assert [kind.replace('"', "") for _, kind in described] == [kind.replace('"', "") for _, kind in expected]
        assert connection.execute(f"SELECT count(*) FROM {table}").fetchall() == [(rows,)]


def test_names_of_dumps_are_shown_as_they_are(tmp_path: Path) -> None:
    dumps = [*archive.DUMPS, "a+b c", "50%25", "1e3", "NULL", "true"]
    archive.write(tmp_path, "raw_pages", [{"page_id": name, "dump": name} for name in dumps])
    with connect(tmp_path, ["raw_pages"]) as connection:
        rows = connection.execute("SELECT page_id, dump FROM raw_pages").fetchall()
        assert sorted(rows) == sorted((name, name) for name in dumps)
        assert connection.execute("SELECT count(*) FROM raw_pages WHERE dump = '001'").fetchone() == (1,)


@pytest.mark.parametrize("folder", ["o'clock", "a[1]b", "what?*", "جديد", "with space", "x=1"])
def test_the_data_folder_may_have_any_name(tmp_path: Path, folder: str) -> None:
    archive.build(tmp_path / folder)
    with connect(tmp_path / folder) as connection:
        assert connection.execute("SELECT count(*) FROM articles").fetchone() == (3,)


def test_a_relative_data_folder_is_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive.build(tmp_path)
    monkeypatch.chdir(tmp_path)
    sql = view_sql("topics", Path())
    monkeypatch.chdir("/")
    assert duckdb.execute(sql).fetchall()


def test_files_from_before_a_column_was_added_show_it_as_null(tmp_path: Path) -> None:
    old, new = {"dump": "a", "page_id": "1", "url": "u"}, {"dump": "b", "page_id": "2", "url": "u"}
    archive.write(tmp_path, "raw_pages", [old], without=("url", "metadata"))
    with connect(tmp_path, ["raw_pages"]) as connection:
        assert connection.execute("SELECT page_id, url FROM raw_pages").fetchall() == [("1", None)]
    archive.write(tmp_path, "raw_pages", [new])
    with connect(tmp_path, ["raw_pages"]) as connection:
        assert connection.execute("SELECT page_id, url FROM raw_pages ORDER BY 1").fetchall() == [
            ("1", None),
            ("2", "u"),
        ]


def test_unfinished_files_are_not_read(tmp_path: Path) -> None:
    archive.build(tmp_path)
    folder = tmp_path / "tables/articles/published_date=2023-09-20"
    (folder / ".part-0.parquet.123.tmp").write_bytes(b"PAR1 half")
    (folder / "_build.json").write_text("{}")
    with connect(tmp_path) as connection:
        assert connection.execute("SELECT count(*) FROM articles").fetchone() == (3,)


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    archive.build(tmp_path)
    broken = tmp_path / "tables/topics/part-0.parquet"
    broken.write_bytes(b"no parquet")
    with pytest.raises(pa.ArrowInvalid, match=str(broken)):
        connect(tmp_path)


def test_an_arrow_type_without_a_duckdb_type_is_refused() -> None:
    assert duckdb_type(pa.list_(pa.struct([("a", pa.int64())]))) == 'STRUCT("a" BIGINT)[]'
    with pytest.raises(TypeError, match="decimal"):
        duckdb_type(pa.decimal128(5, 2))


def test_undated_articles_are_shown(tmp_path: Path) -> None:
    with connect(archive.build(tmp_path)) as connection:
        rows = connection.execute("SELECT article_id, title, date_status FROM undated_articles").fetchall()
    assert rows == [("a3", "خبر بلا تاريخ", "unknown")]


def test_dumps_balance(tmp_path: Path) -> None:
    with connect(archive.build(tmp_path)) as connection:
        rows = connection.execute("FROM dumps").fetchall()
    assert rows == [
        ("001", 1, 0, 1, 0, 0, archive.DAY, archive.DAY),
        ("2023-09-20", 2, 0, 2, 0, 1, archive.DAY, archive.DAY),
        (archive.DUMPS[2], 0, 0, 0, 1, 0, None, None),
    ]


def test_about_sums_the_archive_up(tmp_path: Path) -> None:
    with connect(archive.build(tmp_path)) as connection:
        row = connection.sql("FROM about").to_arrow_table().to_pylist()
    assert len(row) == 1
    assert row[0] | {"dump_count": 3, "page_count": 3, "article_count": 3, "undated_count": 1} == row[0]
    assert row[0] | {"first_date": date(2023, 9, 20), "last_date": date(2023, 9, 21), "entity_count": 1} == row[0]
    assert row[0]["parser_versions"] == ["1"]


@pytest.mark.parametrize("view", DERIVED_VIEWS, ids=lambda view: view.name)
def test_derived_views_stand_on_an_empty_archive_and_describe_each_column(tmp_path: Path, view: object) -> None:
    with connect(tmp_path / "nowhere") as connection:
        columns = [name for name, _ in shape(connection, view.name)]  # type: ignore[attr-defined]
    assert columns == list(view.columns)  # type: ignore[attr-defined]
    assert not (tmp_path / "nowhere").exists()


def test_structs_arrive_whole(tmp_path: Path) -> None:
    with connect(archive.build(tmp_path)) as connection:
        (row,) = connection.execute("SELECT headlines FROM daily_topics WHERE topic_id = 'Q817'").fetchall()
    assert json.loads(json.dumps(row[0][0], ensure_ascii=False))["title"] == "الكويت توقع اتفاقاً مع مصر"
