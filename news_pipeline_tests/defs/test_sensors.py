"""The sensors on a real instance: what they ask for, once, and what they never take for an empty folder."""

from __future__ import annotations

import os
import shutil
import time
from datetime import date

import dagster as dg
import pytest

from news_pipeline.attempts import Attempts, read_attempts
from news_pipeline.defs.sensors import DUMPS_PER_TICK, landing_folder_sensor, stale_tables_sensor
from news_pipeline.dumps.arrivals import Arrivals, plan_arrivals
from news_pipeline.dumps.find import Dump, DumpFile
from news_pipeline.locks import DAYS, held
from news_pipeline_tests.helpers import Deployment, page


def _tick(
    deployment: Deployment, sensor: dg.SensorDefinition, cursor: str | None = None
) -> dg.SensorResult | dg.SkipReason:
    resources = {"pipeline": deployment.resource()}
    with dg.build_sensor_context(instance=deployment.instance, cursor=cursor, resources=resources) as context:
        result = sensor(context)
    assert isinstance(result, dg.SensorResult | dg.SkipReason)
    return result


def _cursor_after(deployment: Deployment, sensor: dg.SensorDefinition, cursor: str | None) -> str | None:
    """The cursor a tick leaves behind, also one that skips."""
    resources = {"pipeline": deployment.resource()}
    with dg.build_sensor_context(instance=deployment.instance, cursor=cursor, resources=resources) as context:
        result = sensor(context)
        return result.cursor if isinstance(result, dg.SensorResult) else context.cursor


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


def test_a_dump_put_back_as_it_was_is_read_again(deployment: Deployment) -> None:
    """Run keys are remembered for ever: by them, content A, then B, then A again would never run a second A."""
    cursor = None
    for text in ("خبر أول", "خبر أول مصحح", "خبر أول"):
        deployment.land("mina/1.txt", page(text, date(2024, 9, 20)))
        os.utime(deployment.raw / "mina" / "1.txt", (1e9 + len(text), 1e9 + len(text)))
        result = _tick(deployment, landing_folder_sensor, cursor)
        assert _requested(result) == ["mina"]
        assert isinstance(result, dg.SensorResult)
        cursor = result.cursor
        deployment.process_dump("mina")
        _tick(deployment, landing_folder_sensor, cursor)


def test_tables_that_were_deleted_are_built_again(deployment: Deployment) -> None:
    deployment.land("mina/1.txt", page("خبر أول", date(2024, 9, 20)))
    _settle(deployment)
    requested = _tick(deployment, landing_folder_sensor)
    assert isinstance(requested, dg.SensorResult)
    deployment.process_dump("mina")
    cursor = _cursor_after(deployment, landing_folder_sensor, requested.cursor)
    shutil.rmtree(deployment.data / "tables")
    assert _requested(_tick(deployment, landing_folder_sensor, cursor)) == ["mina"]


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


@pytest.mark.parametrize("cursor", [None, "", "{", "[1]", "null", '"x"', '{"d": "key"}', '{"d": [1]}'])
def test_a_cursor_that_cannot_be_read_counts_as_none(cursor: str | None) -> None:
    assert read_attempts(cursor) == {}


def _plan(attempts: Attempts, now: float = 2e9, mtime: float = 1e9, **changes: object) -> Arrivals:
    dump = Dump("d", (DumpFile("d/1.txt", 1, int(mtime * 1e9)),))
    arguments: dict[str, object] = {
        "key_of": lambda _: "key",
        "is_stale": lambda _: True,
        "is_in_flight": lambda _: False,
        "quiet_seconds": 10,
        "cap": 5,
    }
    return plan_arrivals({"d": dump}, attempts=attempts, now=now, **(arguments | changes))  # type: ignore[arg-type]


def test_a_failing_dump_is_tried_three_times_ever_later() -> None:
    """Comparing states without memory would start the same failing run on every tick."""
    attempts: Attempts = {}
    asked = []
    for now in range(0, 200_000, 300):
        arrivals = _plan(attempts, now=2e9 + now)
        attempts = arrivals.attempts
        asked += [now] * len(arrivals.ready)
    assert asked == [0, 600, 6600]
    assert [dump.name for dump in _plan(attempts, key_of=lambda _: "corrected").ready] == ["d"]


def test_a_dump_a_run_works_on_is_not_asked_for() -> None:
    assert _plan({}, is_in_flight=lambda _: True).ready == []


def test_a_file_from_the_future_is_settled_once_it_was_seen_twice() -> None:
    """Its age can never reach the quiet period."""
    first = _plan({}, mtime=3e9)
    assert first.settling == ["d"] and not first.ready
    assert [dump.name for dump in _plan(first.attempts, mtime=3e9).ready] == ["d"]


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


def test_days_are_not_requested_while_some_are_built(deployment: Deployment) -> None:
    deployment.land("mina/1.txt", page("خبر أول", date(2024, 9, 20)))
    deployment.process_dump("mina")
    with held(deployment.data, DAYS):
        result = _tick(deployment, stale_tables_sensor)
    assert isinstance(result, dg.SkipReason)
    assert "are being built" in str(result.skip_message)


def test_days_are_not_requested_while_a_run_for_some_starts(deployment: Deployment) -> None:
    deployment.land("mina/1.txt", page("خبر أول", date(2024, 9, 20)))
    deployment.process_dump("mina")
    deployment.instance.create_run_for_job(
        deployment.definitions().resolve_job_def("refresh_days"), status=dg.DagsterRunStatus.STARTING
    )
    result = _tick(deployment, stale_tables_sensor)
    assert isinstance(result, dg.SkipReason)
    assert "about to start" in str(result.skip_message)


def test_a_run_that_was_killed_does_not_stand_in_the_way(deployment: Deployment) -> None:
    """Its status stays STARTED for ever; its locks are gone with it."""
    deployment.land("mina/1.txt", page("خبر أول", date(2024, 9, 20)))
    deployment.process_dump("mina")
    deployment.instance.create_run_for_job(
        deployment.definitions().resolve_job_def("refresh_days"), status=dg.DagsterRunStatus.STARTED
    )
    assert isinstance(_tick(deployment, stale_tables_sensor), dg.SensorResult)


def test_a_range_that_fails_is_not_asked_for_at_every_tick(deployment: Deployment) -> None:
    deployment.land("mina/1.txt", page("خبر أول", date(2024, 9, 20)))
    deployment.process_dump("mina")
    first = _tick(deployment, stale_tables_sensor)
    assert isinstance(first, dg.SensorResult)
    second = _tick(deployment, stale_tables_sensor, first.cursor)
    assert isinstance(second, dg.SkipReason)
    assert "keep failing" in str(second.skip_message)
