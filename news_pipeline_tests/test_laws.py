"""The laws over the whole road: order does not matter, a rerun changes nothing, only what is touched is redone."""

from __future__ import annotations

import hashlib
import shutil
from datetime import date
from pathlib import Path

import dagster as dg
import pytest

from news_pipeline.dimensions import catalog_is_fresh, refresh_catalog
from news_pipeline.freshness import last_day, read_day_state, stale_days
from news_pipeline.storage import part_path, tables_dir
from news_pipeline.warehouse.query import run_sql
from news_pipeline_tests.helpers import Deployment, page

_TOPICS = ("ميناء المدينة القديم", "مطار الشمال", "سكة الحديد بين العاصمة والساحل", "جسر النهر", "محطة المياه")


def _land_dumps(deployment: Deployment) -> None:
    for dump in range(3):
        for number, topic in enumerate(_TOPICS):
            day = date(2024, 9, 10 + (dump * 3 + number * 2) % 9)
            title = f"توسعة {topic} تدخل مرحلة جديدة"
            deployment.land(f"dump-{dump}/{number}.txt", page(title, day, source=f"صحيفة {dump}", topic=topic))
    deployment.land("dump-1/undated.txt", page("تقرير بلا تاريخ عن الطرق", None))
    deployment.land("dump-2/empty.txt", "")


def _hashes(data: Path) -> dict[str, str]:
    return {
        str(path.relative_to(data)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(tables_dir(data).rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which three dumps were processed once, for tests to copy."""
    folder = tmp_path_factory.mktemp("archive")
    (folder / "home").mkdir()
    with dg.DagsterInstance.local_temp(str(folder / "home"), overrides={"telemetry": {"enabled": False}}) as instance:
        built = Deployment(data=folder / "data", raw=folder / "data" / "raw", instance=instance)
        _land_dumps(built)
        built.run()
    return built.data


@pytest.fixture
def processed(deployment: Deployment, archive: Path) -> Deployment:
    """The processed archive in a folder of the test's own."""
    shutil.copytree(archive, deployment.data, dirs_exist_ok=True)
    return deployment


def test_everything_is_fresh_after_one_pass(processed: Deployment) -> None:
    assert stale_days(read_day_state(processed.data, last_day())) == []


def test_a_rebuild_gives_the_same_bytes(processed: Deployment) -> None:
    before = _hashes(processed.data)
    shutil.rmtree(tables_dir(processed.data))
    processed.run()
    assert _hashes(processed.data) == before


def test_arrival_order_does_not_matter(processed: Deployment, tmp_path: Path) -> None:
    """Day by day refreshes after each dump, in reverse order, end in the tables of one pass."""
    home = tmp_path / "other-home"
    home.mkdir()
    with dg.DagsterInstance.local_temp(str(home), overrides={"telemetry": {"enabled": False}}) as instance:
        other = Deployment(data=tmp_path / "other", raw=processed.raw, instance=instance)
        for dump in ("dump-2", "dump-0", "dump-1"):
            assert other.process_dump(dump).success
            other.refresh_stale_days()
        other.refresh_catalog()
        assert other.all_tables() == processed.all_tables()


def test_a_late_page_redoes_its_day_and_leaves_the_days_before_alone(processed: Deployment) -> None:
    before = _hashes(processed.data)
    processed.land("late/1.txt", page("افتتاح مستشفى جديد في الجنوب", date(2024, 9, 15), topic="مستشفى الجنوب"))
    assert processed.process_dump("late").success
    assert processed.refresh_stale_days()
    after = _hashes(processed.data)
    changed = {path for path, value in after.items() if before.get(path) != value and "published_date=" in path}
    assert any("articles/published_date=2024-09-15" in path for path in changed)
    assert not any(f"published_date=2024-09-{day}" in path for path in changed for day in (10, 11, 12, 13, 14))


def test_a_corrected_dump_leaves_the_day_it_no_longer_touches(processed: Deployment) -> None:
    processed.land("late/1.txt", page("افتتاح مستشفى جديد في الجنوب", date(2024, 10, 15)))
    processed.process_dump("late")
    processed.refresh_stale_days()
    processed.land("late/1.txt", page("افتتاح مستشفى جديد في الجنوب", date(2024, 10, 25)))
    processed.process_dump("late")
    processed.refresh_stale_days()
    days = {row["published_date"] for row in processed.rows("SELECT DISTINCT published_date FROM articles")}
    assert date(2024, 10, 25) in days and date(2024, 10, 15) not in days
    assert stale_days(read_day_state(processed.data, last_day())) == []


def test_every_page_is_accounted_for_and_every_span_cuts_its_text(processed: Deployment) -> None:
    pages = processed.rows("SELECT count(*) AS n FROM raw_pages")[0]["n"]
    ends = processed.rows(
        "SELECT (SELECT count(DISTINCT page_id) FROM parsed_articles) + (SELECT count(*) FROM rejected_pages) AS n"
    )[0]["n"]
    assert pages == ends == 17
    evidence = processed.rows(
        "SELECT count(*) AS n FROM parsed_articles JOIN raw_pages USING (page_id) "
        "WHERE substring(text, date_char_start + 1, date_char_end - date_char_start) = date_evidence"
    )
    assert evidence[0]["n"] == 15


def test_the_crawl_date_is_never_the_publication_date(processed: Deployment) -> None:
    undated = processed.rows("FROM undated_articles")
    assert [row["title"] for row in undated] == ["تقرير بلا تاريخ عن الطرق"]
    assert undated[0]["date_status"] == "unknown" and undated[0]["crawled_at"] is not None


def test_a_day_without_a_record_that_no_dump_names_is_removed(processed: Deployment) -> None:
    """A kill inside a removal, or lost records, must not leave rows that every view still shows."""
    orphan = part_path(processed.data, "topic_trends", date(2024, 12, 24))
    orphan.parent.mkdir(parents=True)
    shutil.copy(part_path(processed.data, "topic_trends", date(2024, 9, 12)), orphan)
    assert processed.refresh_stale_days()
    assert not orphan.exists()
    assert stale_days(read_day_state(processed.data, last_day())) == []


def test_a_catalog_of_empty_tables_is_replaced_once_they_have_rows(processed: Deployment) -> None:
    aside = processed.data / "aside"
    tables_dir(processed.data).rename(aside)
    refresh_catalog(processed.data)
    aside.rename(tables_dir(processed.data))
    assert not catalog_is_fresh(processed.data)
    refresh_catalog(processed.data)
    assert catalog_is_fresh(processed.data)
    assert run_sql(processed.data, "SELECT count(*) > 0 AS filled FROM articles")["filled"].to_pylist() == [True]
