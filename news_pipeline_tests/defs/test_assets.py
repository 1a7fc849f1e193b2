"""Materializing through a real instance: what is recorded, what is left alone, and what a failed check stops."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, date, datetime

import dagster as dg
import pyarrow as pa
import pytest

from news_pipeline import days, stages
from news_pipeline.freshness import last_day, read_day_state
from news_pipeline.storage import part_path
from news_pipeline_tests.helpers import Deployment, page


def _materializations(deployment: Deployment, table: str) -> dict[str | None, dg.AssetMaterialization]:
    records = deployment.instance.fetch_materializations(dg.AssetKey(table), limit=1000).records
    return {record.partition_key: record.asset_materialization for record in reversed(records)}  # type: ignore[misc]


def test_a_dump_becomes_a_partition_with_row_counts_sample_and_plot(deployment: Deployment) -> None:
    deployment.land("mina/1.txt", page("افتتاح رصيف جديد في الميناء", date(2024, 9, 20)))
    deployment.land("mina/2.txt", "")
    assert deployment.process_dump("mina").success
    metadata = _materializations(deployment, "raw_pages")["mina"].metadata
    assert metadata["dagster/partition_row_count"].value == 2
    assert "افتتاح" in str(metadata["sample"].value)
    assert str(metadata["plot"].value).startswith("![")
    rejected = _materializations(deployment, "rejected_pages")["mina"].metadata
    assert rejected["dagster/partition_row_count"].value == 1
    assert "empty_file" in str(rejected["sample"].value)


def test_a_range_of_days_is_one_run_with_counts_of_its_own_for_each_day(deployment: Deployment) -> None:
    for number, day in enumerate((20, 20, 22)):
        deployment.land(
            f"mina/{number}.txt", page(f"خبر رقم {number} عن الميناء", date(2024, 9, day), topic=f"الرصيف {number}")
        )
    deployment.process_dump("mina")
    assert deployment.refresh_days(date(2024, 9, 20), date(2024, 9, 22)).success
    counts = {
        day: record.metadata["dagster/partition_row_count"].value
        for day, record in _materializations(deployment, "articles").items()
        if "dagster/partition_row_count" in record.metadata
    }
    assert counts == {"2024-09-20": 2, "2024-09-22": 1}


def test_a_failed_law_stops_what_follows(deployment: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    """A parser that loses a page must not reach the entity tables or the rollup."""
    real = stages.parse_pages

    def losing(raw_pages: pa.Table, time_zone: str, recurring: frozenset[str]) -> dict[str, pa.Table]:
        return real(raw_pages.slice(1), time_zone, recurring)

    deployment.land("mina/1.txt", page("خبر أول عن الميناء", date(2024, 9, 20)))
    deployment.land("mina/2.txt", page("خبر ثان عن المطار", date(2024, 9, 21)))
    monkeypatch.setattr(stages, "parse_pages", losing)
    result = deployment.process_dump("mina")
    assert not result.success
    failed = [evaluation.check_name for evaluation in result.get_asset_check_evaluations() if not evaluation.passed]
    assert "pages_conserved" in failed
    assert not part_path(deployment.data, "entity_mentions", "mina").exists()
    assert read_day_state(deployment.data, last_day()).days() == []


def test_a_failed_law_is_not_forgotten_by_running_again(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployment.land("mina/1.txt", page("خبر أول عن الميناء", date(2024, 9, 20)))
    deployment.process_dump("mina")
    real = days.group_day
    monkeypatch.setattr(days, "group_day", lambda day, pages, lookback: real(day, pages.slice(1), lookback))
    deployment.land("mina/2.txt", page("خبر ثان عن المطار", date(2024, 9, 20), topic="المطار"))
    deployment.process_dump("mina")
    for _ in range(2):
        result = deployment.refresh_days(date(2024, 9, 20), date(2024, 9, 20))
        assert not result.success
        assert not part_path(deployment.data, "daily_topics", date(2024, 9, 20)).exists()


def test_a_warning_is_shown_and_stops_nothing(deployment: Deployment) -> None:
    deployment.land("mina/1.txt", page("خبر بلا تاريخ عن الميناء", None))
    result = deployment.process_dump("mina")
    assert result.success
    warned = {e.check_name: e for e in result.get_asset_check_evaluations() if not e.passed}
    assert warned["dates_known"].severity == dg.AssetCheckSeverity.WARN


def test_a_dump_that_is_gone_keeps_its_tables_and_lets_others_be_built(deployment: Deployment) -> None:
    deployment.land("mina/1.txt", page("خبر أول عن الميناء", date(2024, 9, 20)))
    deployment.process_dump("mina")
    shutil.rmtree(deployment.raw / "mina")
    assert deployment.process_dump("mina").success
    assert len(deployment.rows("FROM parsed_articles")) == 1
    assert not deployment.process_dump("never-there").success


def test_an_edited_loose_page_replaces_its_former_self(deployment: Deployment) -> None:
    for title, day in (("خبر أول عن الميناء", 20), ("خبر مصحح عن الميناء", 21)):
        deployment.land("loose.txt", page(title, date(2024, 9, 20)))
        seen = datetime(2025, 1, day, 12, tzinfo=UTC).timestamp()
        os.utime(deployment.raw / "loose.txt", (seen, seen))
        assert deployment.process_dump(f"loose-2025-01-{day}").success
        deployment.refresh_stale_days()
    assert [row["title"] for row in deployment.rows("FROM articles")] == ["خبر مصحح عن الميناء"]
