"""The sensors on a real instance: what they ask for, once, and what they never take for an empty folder."""

from __future__ import annotations

import json
import os
import time
from datetime import date
from pathlib import Path

import dagster as dg
import pytest

from news_pipeline.defs.sensors import DUMPS_PER_TICK, landing_folder_sensor, read_cursor, stale_tables_sensor
from news_pipeline.dumps.arrivals import plan_arrivals
from news_pipeline.dumps.find import Dump, DumpFile
from news_pipeline_tests.helpers import Deployment, page


def _tick(
    deployment: Deployment, sensor: dg.SensorDefinition, cursor: str | None = None
) -> dg.SensorResult | dg.SkipReason:
    resources = {"pipeline": deployment.resource()}
    with dg.build_sensor_context(instance=deployment.instance, cursor=cursor, resources=resources) as context:
        result = sensor(context)
    assert isinstance(result, dg.SensorResult | dg.SkipReason)
    return result


def _settle(deployment: Deployment) -> None:
    """Lets every file look as if it had been left alone for a minute."""
    for path in deployment.raw.rglob("*"):
        os.utime(path, (time.time() - 60, time.time() - 60))


def _requested(result: dg.SensorResult | dg.SkipReason) -> list[str | None]:
    assert isinstance(result, dg.SensorResult), result
    return [request.partition_key for request in result.run_requests or []]


def test_a_new_dump_is_registered_and_requested(deployment: Deployment) -> None:
    deployment.land("mina/1.txt", page("خبر أول", date(2024, 9, 20)))
    _settle(deployment)
    result = _tick(deployment, landing_folder_sensor)
    assert _requested(result) == ["mina"]
    assert isinstance(result, dg.SensorResult)
    assert result.dynamic_partitions_requests and result.dynamic_partitions_requests[0].partition_keys == ["mina"]


def test_a_dump_still_being_written_waits(deployment: Deployment) -> None:
    deployment.land("mina/1.txt", page("خبر أول", date(2024, 9, 20)))
    result = _tick(deployment, landing_folder_sensor)
    assert isinstance(result, dg.SkipReason)
    assert "still being written" in str(result.skip_message)


def test_a_processed_dump_is_left_alone_until_it_changes(deployment: Deployment) -> None:
    deployment.land("mina/1.txt", page("خبر أول", date(2024, 9, 20)))
    _settle(deployment)
    deployment.process_dump("mina")
    assert isinstance(_tick(deployment, landing_folder_sensor), dg.SkipReason)
    deployment.land("mina/1.txt", page("خبر أول مصحح", date(2024, 9, 20)))
    os.utime(deployment.raw / "mina" / "1.txt", (time.time() - 30, time.time() - 30))
    assert _requested(_tick(deployment, landing_folder_sensor)) == ["mina"]


def test_a_corrected_dump_gets_a_run_key_of_its_own(deployment: Deployment) -> None:
    """A run key is remembered for ever: the bare dump name would never run a correction."""
    deployment.land("mina/1.txt", page("خبر أول", date(2024, 9, 20)))
    _settle(deployment)
    first = _tick(deployment, landing_folder_sensor)
    deployment.land("mina/1.txt", page("خبر أول مصحح", date(2024, 9, 20)))
    _settle(deployment)
    second = _tick(deployment, landing_folder_sensor)
    assert isinstance(first, dg.SensorResult) and isinstance(second, dg.SensorResult)
    assert first.run_requests and second.run_requests
    assert first.run_requests[0].run_key != second.run_requests[0].run_key


def test_a_tick_is_capped_and_the_next_goes_on(deployment: Deployment) -> None:
    names = [f"dump-{number:03}" for number in range(DUMPS_PER_TICK + 5)]
    for name in names:
        deployment.land(f"{name}/1.txt", "نص")
    _settle(deployment)
    first = _tick(deployment, landing_folder_sensor)
    assert isinstance(first, dg.SensorResult)
    second = _tick(deployment, landing_folder_sensor, first.cursor)
    assert _requested(first) + _requested(second) == names


def test_a_folder_that_cannot_be_listed_is_a_skip_with_its_reason(deployment: Deployment) -> None:
    """A failed listing is not an empty folder."""
    deployment.raw.rmdir()
    result = _tick(deployment, landing_folder_sensor)
    assert isinstance(result, dg.SkipReason)
    assert "could not be listed" in str(result.skip_message)


@pytest.mark.parametrize("cursor", [None, "", "{", "[1]", "null", '"x"'])
def test_a_cursor_that_cannot_be_read_counts_as_none(cursor: str | None) -> None:
    assert read_cursor(cursor) == {}


def test_a_failed_dump_is_not_asked_for_again_until_it_changes() -> None:
    """Level-triggered without memory would start the same failing run on every tick."""
    dump = Dump("d", (DumpFile("d/1.txt", 1, 1),))
    plan = {"key_of": lambda _: "key", "is_stale": lambda _: True, "in_flight": frozenset(), "now": 1e9}
    first = plan_arrivals({"d": dump}, requested={}, quiet_seconds=1, cap=5, **plan)  # type: ignore[arg-type]
    again = plan_arrivals({"d": dump}, requested=first.requested, quiet_seconds=1, cap=5, **plan)  # type: ignore[arg-type]
    assert [dump.name for dump in first.ready] == ["d"]
    assert again.ready == [] and again.requested == first.requested


def test_stale_days_are_requested_as_one_range_then_the_catalog_then_nothing(deployment: Deployment) -> None:
    for number, day in enumerate((18, 20, 21)):
        deployment.land(f"mina/{number}.txt", page(f"خبر رقم {number}", date(2024, 9, day)))
    deployment.process_dump("mina")
    result = _tick(deployment, stale_tables_sensor)
    assert isinstance(result, dg.SensorResult) and result.run_requests
    tags = result.run_requests[0].tags
    assert (tags["dagster/asset_partition_range_start"], tags["dagster/asset_partition_range_end"]) == (
        "2024-09-18",
        "2024-09-21",
    )
    deployment.refresh_stale_days()
    catalog = _tick(deployment, stale_tables_sensor)
    assert isinstance(catalog, dg.SensorResult) and catalog.run_requests
    assert [request.job_name for request in catalog.run_requests] == ["refresh_catalog"]
    deployment.refresh_catalog()
    assert isinstance(_tick(deployment, stale_tables_sensor), dg.SkipReason)


def test_days_are_not_requested_while_a_run_refreshes_some(deployment: Deployment) -> None:
    deployment.land("mina/1.txt", page("خبر أول", date(2024, 9, 20)))
    deployment.process_dump("mina")
    deployment.instance.create_run_for_job(
        deployment.definitions().resolve_job_def("refresh_days"), status=dg.DagsterRunStatus.STARTED
    )
    result = _tick(deployment, stale_tables_sensor)
    assert isinstance(result, dg.SkipReason)
    assert "refresh_days is running" in str(result.skip_message)


def test_a_cursor_remembers_only_what_was_asked_for(deployment: Deployment, tmp_path: Path) -> None:
    deployment.land("mina/1.txt", page("خبر أول", date(2024, 9, 20)))
    _settle(deployment)
    first = _tick(deployment, landing_folder_sensor)
    assert isinstance(first, dg.SensorResult)
    assert list(json.loads(first.cursor or "{}")) == ["mina"]
