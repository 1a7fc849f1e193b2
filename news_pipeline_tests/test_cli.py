"""The command as its user runs it: a process of its own, real folders, what it prints and how it exits."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import duckdb
import pytest

from news_pipeline_tests.entities.name_files import PARANAMES
from news_pipeline_tests.helpers import page

_ENVIRONMENT = {
    name: value for name, value in os.environ.items() if not name.startswith(("NEWS_PIPELINE_", "DAGSTER_"))
}


def _command(data: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "news_pipeline.cli", *arguments, "--data", str(data)],
        capture_output=True,
        text=True,
        env=_ENVIRONMENT | {"COLUMNS": "200", "PYTHONIOENCODING": "utf-8"} | environment,
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder on which the command ran once, with names imported before; what it printed is kept beside it."""
    folder = tmp_path_factory.mktemp("data")
    dump = folder / "raw" / "mina"
    dump.mkdir(parents=True)
    text = page("افتتاح رصيف جديد في الميناء", date(2024, 9, 20)).replace("سامر الخطيب", "دوغلاس آدمز")
    (dump / "1.txt").write_text(text, encoding="utf-8")
    (dump / "2.txt").write_text(page("تأجيل افتتاح المطار", date(2024, 9, 21), topic="المطار"), encoding="utf-8")
    (dump / "empty.txt").write_bytes(b"")
    (folder / "names.tsv.gz").write_bytes(gzip.compress(PARANAMES.encode()))
    for name, arguments in (("import", ("lexicon", "import", str(folder / "names.tsv.gz"))), ("first-run", ("run",))):
        result = _command(folder, *arguments)
        assert result.returncode == 0, result.stderr
        (folder / f"{name}.txt").write_text(result.stdout, encoding="utf-8")
    return folder


def test_a_run_shows_its_stages_a_summary_and_a_first_query(data: Path) -> None:
    printed = (data / "first-run.txt").read_text(encoding="utf-8")
    for stage in ("raw_pages", "parsed_articles", "entity_mentions", "articles", "daily_topics", "topic_trends"):
        assert re.search(rf"^{stage}\s.*100%", printed, re.MULTILINE), stage
    assert "empty_file" in printed
    assert "FROM trending(" in printed


def test_an_import_says_what_it_took_and_the_next_run_links_it(data: Path) -> None:
    printed = (data / "import.txt").read_text(encoding="utf-8")
    assert re.search(r"paranames\s+5\s+4\s+0\s+1\s+5", printed), printed
    assert re.search(r"letters_of_another_language\s+1", printed)
    with duckdb.connect(str(data / "news.duckdb"), read_only=True) as connection:
        linked = connection.execute("SELECT DISTINCT text FROM entity_mentions WHERE entity_id = 'Q42'").fetchall()
    assert ("دوغلاس آدمز",) in linked


def test_a_second_run_finds_nothing_new(data: Path) -> None:
    result = _command(data, "run")
    assert result.returncode == 0
    assert "Nothing new: 1 dumps, 2 publication days up to date." in result.stdout


def test_the_run_is_in_dagsters_history_inside_the_data_folder(data: Path) -> None:
    import dagster as dg

    home = data / "dagster_home"
    assert "enabled: false" in (home / "dagster.yaml").read_text(encoding="utf-8")
    os.environ["DAGSTER_HOME"] = str(home)
    try:
        with dg.DagsterInstance.from_config(str(home)) as instance:
            jobs = {run.job_name for run in instance.get_runs(dg.RunsFilter(statuses=[dg.DagsterRunStatus.SUCCESS]))}
            days = instance.fetch_materializations(dg.AssetKey("daily_topics"), limit=10).records
    finally:
        del os.environ["DAGSTER_HOME"]
    assert jobs == {"process_dump", "refresh_days", "refresh_catalog"}
    assert {record.partition_key for record in days} == {"2024-09-20", "2024-09-21"}


def test_status_names_each_dump_and_what_came_of_it(data: Path) -> None:
    result = _command(data, "status")
    assert re.search(r"mina\s+up to date\s+3\s+0\.0\s+3\s+2\s+1\s+2", result.stdout)


def test_sql_answers_as_a_table_and_as_csv(data: Path) -> None:
    query = "SELECT title FROM articles ORDER BY published_date"
    assert "افتتاح رصيف جديد في الميناء" in _command(data, "sql", query).stdout
    lines = _command(data, "sql", "--csv", query).stdout.split("\n")
    assert [line.strip() for line in lines[:2]] == ["title", "افتتاح رصيف جديد في الميناء"]


def test_a_query_that_fails_says_why_and_exits_with_an_error(data: Path) -> None:
    result = _command(data, "sql", "SELECT nothing FROM nowhere")
    assert result.returncode == 1
    assert "nowhere" in result.stderr
    assert "Traceback" not in result.stderr


def test_explain_opens_a_topic_down_to_its_bytes(data: Path) -> None:
    with duckdb.connect(str(data / "news.duckdb"), read_only=True) as connection:
        rows = connection.execute("SELECT label_ar FROM topics WHERE topic_kind = 'tag' ORDER BY 1").fetchall()
    result = _command(data, "explain", "2024-09-20", rows[0][0])
    assert result.returncode == 0, result.stderr
    assert "mina/1.txt" in result.stdout
    assert "2025-06-01@08:30:00 GMT" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "environment", "message"),
    [
        (("run", "--dump", "no-such"), {}, "There is no dump 'no-such'"),
        (("run", "--raw", "/no/such/folder"), {}, "cannot be listed"),
        (("run",), {"NEWS_PIPELINE_TIME_ZONE": "Mars/Base"}, "NEWS_PIPELINE_TIME_ZONE"),
        (("run",), {"NEWS_PIPELINE_WORKERS": "many"}, "NEWS_PIPELINE_WORKERS"),
        (("run",), {"NEWS_PIPELINE_FIRST_DAY": "soon"}, "NEWS_PIPELINE_FIRST_DAY"),
    ],
)
def test_what_cannot_be_done_is_one_clear_sentence(
    data: Path, arguments: tuple[str, ...], environment: dict[str, str], message: str
) -> None:
    result = _command(data, *arguments, **environment)
    assert result.returncode == 1
    assert message in result.stderr
    assert "Traceback" not in result.stderr


def test_a_rebuild_gives_the_tables_that_stood(data: Path) -> None:
    before = {path: path.read_bytes() for path in data.glob("tables/**/*.parquet")}
    result = _command(data, "rebuild", "--yes")
    assert result.returncode == 0, result.stderr
    assert {path: path.read_bytes() for path in data.glob("tables/**/*.parquet")} == before


def test_a_killed_run_does_not_stand_in_the_way_of_the_next(tmp_path: Path) -> None:
    """Dagster remembers a killed run as started for ever; a claim it held must not outlive it."""
    dump = tmp_path / "raw" / "mina"
    dump.mkdir(parents=True)
    for number in range(3):
        text = page(f"خبر رقم {number} عن الميناء", date(2024, 9, 20 + number), topic=f"الرصيف {number}")
        (dump / f"{number}.txt").write_text(text, encoding="utf-8")
    arguments = [sys.executable, "-m", "news_pipeline.cli", "run", "--data", str(tmp_path)]
    with subprocess.Popen(arguments, env=_ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 120
        while not list(tmp_path.glob("tables/articles/*/part-0.parquet")) and time.monotonic() < deadline:
            time.sleep(0.01)
        process.kill()
    result = _command(tmp_path, "run")
    assert result.returncode == 0, result.stderr
    assert "Nothing new" in _command(tmp_path, "run").stdout


def test_a_rebuild_keeps_dumps_that_are_no_longer_there(tmp_path: Path) -> None:
    for name, day in (("أخبار الميناء", 20), ("rest", 21)):
        (tmp_path / "raw" / name).mkdir(parents=True)
        text = page(f"خبر من {name}", date(2024, 9, day), topic=name)
        (tmp_path / "raw" / name / "1.txt").write_text(text, encoding="utf-8")
    assert _command(tmp_path, "run").returncode == 0
    shutil.rmtree(tmp_path / "raw" / "أخبار الميناء")
    assert "Kept as they are" in _command(tmp_path, "rebuild", "--yes").stdout
    titles = _command(tmp_path, "sql", "--csv", "SELECT title FROM articles ORDER BY published_date").stdout
    assert "خبر من أخبار الميناء" in titles
