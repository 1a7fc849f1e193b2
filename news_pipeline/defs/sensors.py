"""The two sensors that keep everything fresh: dumps that arrive, and tables that turn stale.

Both compare what stands on disk with what should stand there, so a tick that was missed costs nothing but time. They
run by default: a fresh deployment is meant to keep itself up to date.
"""

import time
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

import dagster as dg

from news_pipeline.attempts import may_try, read_attempts, tried, write_attempts
from news_pipeline.defs.jobs import process_dump, refresh_catalog, refresh_days
from news_pipeline.defs.partitions import DUMPS
from news_pipeline.defs.resources import PipelineResource
from news_pipeline.dimensions import DIMENSIONS, catalog_is_fresh, dimension_input
from news_pipeline.dumps.arrivals import plan_arrivals
from news_pipeline.dumps.find import list_dumps
from news_pipeline.freshness import (
    DAY_TABLES,
    DayInputs,
    DayState,
    day_ranges,
    days_to_refresh,
    dump_is_stale,
    dump_key,
    last_day,
    read_day_state,
)
from news_pipeline.locks import DAYS, WHOLE, dump_lock, was_held
from news_pipeline.storage import digest

QUIET_SECONDS = 10
"""A dump whose newest file is younger than this is still being written."""

DUMPS_PER_TICK = 20
RANGES_PER_TICK = 20
WAITING_MINUTES = 10
BETWEEN_STAGES_SECONDS = 60
"""Longer than a run is busy between two stages, with events of a thousand days."""

_STARTED = [dg.DagsterRunStatus.STARTED]
_WAITING = [dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTING]


@dg.sensor(
    name="landing_folder_sensor",
    job=process_dump,
    minimum_interval_seconds=15,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Requests a run for each dump in the landing folder that is new, changed, or read by older rules.",
)
def landing_folder_sensor(
    context: dg.SensorEvaluationContext, pipeline: PipelineResource
) -> dg.SensorResult | dg.SkipReason:
    """Looks at the landing folder; a folder that cannot be listed is a skip with its reason, never "no files"."""
    try:
        dumps = list_dumps(pipeline.raw_dir)
    except OSError as error:
        return dg.SkipReason(f"The landing folder {pipeline.raw} could not be listed: {error}")
    data = pipeline.data_dir
    waiting, started = (
        {run.tags.get("dagster/partition") for run in _runs(context.instance, process_dump.name, statuses)}
        for statuses in (_WAITING, _STARTED)
    )

    def is_in_flight(name: str) -> bool:
        return name in waiting or was_held(data, dump_lock(name), BETWEEN_STAGES_SECONDS if name in started else 0)

    arrivals = plan_arrivals(
        dumps,
        key_of=lambda dump: dump_key(data, dump, pipeline.time_zone, pipeline.names_model_dir),
        is_stale=lambda dump: dump_is_stale(data, dump, pipeline.time_zone, pipeline.names_model_dir),
        is_in_flight=is_in_flight,
        attempts=read_attempts(context.cursor),
        now=time.time(),
        quiet_seconds=QUIET_SECONDS,
        cap=DUMPS_PER_TICK,
    )
    cursor = write_attempts(arrivals.attempts)
    if not arrivals.ready:
        context.update_cursor(cursor)
        settling = f", {len(arrivals.settling)} still being written" if arrivals.settling else ""
        return dg.SkipReason(f"{len(dumps)} dumps in {pipeline.raw}, none to request{settling}")
    if arrivals.waiting:
        context.log.info(f"{arrivals.waiting} more dumps wait for the next tick")
    return dg.SensorResult(
        run_requests=[
            dg.RunRequest(partition_key=dump.name, tags={"news_pipeline/bytes": str(dump.size)})
            for dump in arrivals.ready
        ],
        dynamic_partitions_requests=[DUMPS.build_add_request([dump.name for dump in arrivals.ready])],
        cursor=cursor,
    )


@dg.sensor(
    name="stale_tables_sensor",
    jobs=[refresh_days, refresh_catalog],
    minimum_interval_seconds=15,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description=(
        "Requests ranges of the publication days whose inputs are not those of their last build and, when no day is "
        "stale, the dimensions and the catalog."
    ),
)
def stale_tables_sensor(
    context: dg.SensorEvaluationContext, pipeline: PipelineResource
) -> dg.SensorResult | dg.SkipReason:
    """Compares the input fingerprint of each day, then of each dimension, with the one recorded at its last build."""
    data = pipeline.data_dir
    for job, lock in ((refresh_days.name, DAYS), (refresh_catalog.name, WHOLE)):
        if _runs(context.instance, job, _WAITING):
            return dg.SkipReason(f"A run of {job} is about to start; what is stale after it will be requested then")
        grace = BETWEEN_STAGES_SECONDS if _runs(context.instance, job, _STARTED) else 0
        if was_held(data, lock, grace):
            return dg.SkipReason(f"The tables of {job} are being built; what is stale then will be requested then")
    state = read_day_state(data, last_day(), pipeline.names_model_dir)
    targets = list(targets_of(state))
    if state.parsed and not targets and not catalog_is_fresh(data):
        inputs = digest(*(dimension_input(data, table) for table in DIMENSIONS))
        targets = [("catalog", inputs, dg.RunRequest(job_name=refresh_catalog.name))]
    now, attempts = time.time(), read_attempts(context.cursor)
    due = [target for target in targets if may_try(attempts, target[0], target[1], now)][:RANGES_PER_TICK]
    remembered = {name: attempts[name] for name, _, _ in targets if name in attempts}
    remembered |= {name: tried(attempts, name, key, now) for name, key, _ in due}
    if not due:
        context.update_cursor(write_attempts(remembered))
        if targets:
            return dg.SkipReason(
                f"{len(targets)} ranges keep failing, see their runs: {', '.join(t[0] for t in targets)}"
            )
        return dg.SkipReason(f"All {len(state.days())} publication days and the catalog are up to date")
    return dg.SensorResult(run_requests=[request for _, _, request in due], cursor=write_attempts(remembered))


def targets_of(state: DayState) -> Iterator[tuple[str, str, dg.RunRequest]]:
    """For each range of days to refresh: its name, the state it is to be brought to, and the run that does it."""
    inputs = DayInputs(state)
    days = days_to_refresh(state)
    for first, last in day_ranges(days):
        key = digest(*(inputs.input_of(table, day) for day in days if first <= day <= last for table in DAY_TABLES))
        yield f"{first}..{last}", key, dg.RunRequest(job_name=refresh_days.name, tags=range_tags(first, last))


def range_tags(first: date, last: date) -> dict[str, str]:
    """The tags that make one run of a range of days."""
    return {
        "dagster/asset_partition_range_start": first.isoformat(),
        "dagster/asset_partition_range_end": last.isoformat(),
    }


def _runs(instance: dg.DagsterInstance, job: str, statuses: list[dg.DagsterRunStatus]) -> Sequence[dg.DagsterRun]:
    """The runs of a job with one of the statuses; those that wait only as far as they were asked for lately.

    A run that was killed keeps its status for ever: a waiting one is not waited for longer than some minutes, a started
    one only as long as its lock was held of late.
    """
    since = datetime.now(UTC) - timedelta(minutes=WAITING_MINUTES) if statuses is _WAITING else None
    return instance.get_runs(dg.RunsFilter(job_name=job, statuses=statuses, created_after=since))
