"""The committed sample shows what the README promises of it: every table, copy role, trend state and rejection."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import dagster as dg
import pytest

import news_pipeline
from news_pipeline.contract import TABLES, TRENDS
from news_pipeline_tests.helpers import Deployment

SAMPLE = Path(news_pipeline.__file__).parent.parent / "data" / "raw"


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    folder = tmp_path_factory.mktemp("sample")
    (folder / "home").mkdir()
    shutil.copytree(SAMPLE, folder / "data" / "raw")
    with dg.DagsterInstance.local_temp(str(folder / "home"), overrides={"telemetry": {"enabled": False}}) as instance:
        deployment = Deployment(data=folder / "data", raw=folder / "data" / "raw", instance=instance)
        deployment.run()
    return deployment


def _values(sample: Deployment, sql: str) -> list[object]:
    return [next(iter(row.values())) for row in sample.rows(sql)]


@pytest.mark.parametrize("table", TABLES)
def test_every_table_has_rows(sample: Deployment, table: str) -> None:
    assert _values(sample, f"SELECT count(*) > 0 FROM {table}") == [True]


def test_every_trend_state_occurs(sample: Deployment) -> None:
    assert set(_values(sample, "SELECT DISTINCT trend FROM topic_trends")) == set(TRENDS)


def test_a_wire_story_is_found_in_the_outlets_that_copied_it(sample: Deployment) -> None:
    outlets = _values(
        sample,
        "SELECT c.source_name FROM articles c JOIN articles o ON c.copy_of = o.article_id "
        "WHERE o.published_date = '2024-09-24' AND c.source_name <> o.source_name ORDER BY 1",
    )
    assert len(outlets) == 2
    shares = _values(sample, "SELECT DISTINCT article_count > text_count FROM daily_topics WHERE topic_kind = 'story'")
    assert set(shares) == {True, False}


def test_what_cannot_be_read_is_rejected_with_its_reason(sample: Deployment) -> None:
    reasons = _values(sample, "SELECT reason FROM rejected_pages ORDER BY reason")
    assert reasons == ["broken_json", "empty_file", "http_status", "no_article", "no_text"]


def test_a_page_without_a_date_stays_undated(sample: Deployment) -> None:
    files = _values(
        sample, "SELECT file FROM undated_articles JOIN raw_pages USING (page_id) WHERE role = 'main' ORDER BY file"
    )
    assert files == ["kerkennah-boats.txt"]


def test_an_embedded_article_is_a_record_of_its_own_without_a_date(sample: Deployment) -> None:
    rows = sample.rows("SELECT published_date, parent_article_id FROM parsed_articles WHERE role = 'embedded'")
    assert len(rows) > 10
    assert all(row["published_date"] is None and row["parent_article_id"] for row in rows)


def test_a_weekday_that_contradicts_its_date_is_warned_of(sample: Deployment) -> None:
    key = dg.AssetCheckKey(dg.AssetKey("parsed_articles"), "weekdays_agree")
    records = sample.instance.event_log_storage.get_asset_check_execution_history(key, limit=100)
    failed = [record for record in records if record.status.value == "FAILED"]
    assert len(failed) == 1


def test_windows_1256_and_a_byte_order_mark_are_read(sample: Deployment) -> None:
    encodings = set(_values(sample, "SELECT DISTINCT encoding FROM raw_pages WHERE dump = 'portal-almina'"))
    assert {str(encoding).replace("cp1256", "windows-1256") for encoding in encodings} >= {"windows-1256", "utf-8"}


def test_the_strike_is_covered_by_several_outlets_on_its_peak(sample: Deployment) -> None:
    rows = sample.rows(
        "SELECT published_date, source_count FROM daily_topics JOIN topics USING (topic_id, topic_kind) "
        "WHERE label_ar = 'صفاقس' AND topic_kind = 'entity' ORDER BY source_count DESC, published_date LIMIT 1"
    )
    assert rows[0]["published_date"] == date(2024, 10, 10)
