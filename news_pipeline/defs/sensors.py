"""The two sensors that keep everything fresh: dumps that arrive, and tables that turn stale.

Both compare what stands on disk with what should stand there, so a tick that was missed costs nothing but time. They
run by default: a fresh deployment is meant to keep itself up to date.
"""

import json
import time
from collections.abc import Iterator, Sequence
from datetime import date

import dagster as dg

from news_pipeline.defs.jobs import process_dump, refresh_catalog, refresh_days
from news_pipeline.defs.partitions import DUMPS, last_day
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
    read_day_state,
)
from news_pipeline.storage import digest

QUIET_SECONDS = 10
"""A dump whose newest file is younger than this is still being written."""

DUMPS_PER_TICK = 20
RANGES_PER_TICK = 20
_IN_FLIGHT = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
]


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
    arrivals = plan_arrivals(
        dumps,
        key_of=lambda dump: dump_key(dump, pipeline.time_zone),
        is_stale=lambda dump: dump_is_stale(data, dump, pipeline.time_zone),
        requested=read_cursor(context.cursor),
        in_flight=frozenset(_partitions_in_flight(context.instance)),
        now=time.time(),
        quiet_seconds=QUIET_SECONDS,
        cap=DUMPS_PER_TICK,
    )
    cursor = json.dumps(arrivals.requested, ensure_ascii=False, sort_keys=True)
    if not arrivals.ready:
        context.update_cursor(cursor)
        settling = f", {len(arrivals.settling)} still being written" if arrivals.settling else ""
        return dg.SkipReason(f"{len(dumps)} dumps in {pipeline.raw}, none new{settling}")
    if arrivals.waiting:
        context.log.info(f"{len(arrivals.waiting)} more dumps wait for the next tick")
    return dg.SensorResult(
        run_requests=[
            dg.RunRequest(
                run_key=f"{dump.name}:{dump_key(dump, pipeline.time_zone)}",
                partition_key=dump.name,
                tags={"news_pipeline/bytes": str(dump.size)},
            )
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
    busy = next((job.name for job in (refresh_days, refresh_catalog) if _in_flight(context.instance, job.name)), None)
    if busy:
        return dg.SkipReason(f"{busy} is running; what is stale after it will be requested then")
    state = read_day_state(pipeline.data_dir, last_day())
    ranges = day_ranges(days_to_refresh(state))
    if ranges:
        return dg.SensorResult(run_requests=list(range_requests(state, ranges[:RANGES_PER_TICK])))
    if state.days() and not catalog_is_fresh(pipeline.data_dir):
        inputs = digest(*(dimension_input(pipeline.data_dir, table) for table in DIMENSIONS))
        return dg.SensorResult(run_requests=[dg.RunRequest(run_key=f"catalog:{inputs}", job_name=refresh_catalog.name)])
    return dg.SkipReason(f"All {len(state.days())} publication days and the catalog are up to date")


def range_requests(state: DayState, ranges: Sequence[tuple[date, date]]) -> Iterator[dg.RunRequest]:
    """One run request a range; its key names the state the range is to be brought to, so the same is asked for once."""
    inputs = DayInputs(state)
    for first, last in ranges:
        days = [day for day in state.days() if first <= day <= last]
        target = digest(*(inputs.input_of(table, day) for day in days for table in DAY_TABLES))
        yield dg.RunRequest(
            run_key=f"{first}..{last}:{target}", job_name=refresh_days.name, tags=range_tags(first, last)
        )


def range_tags(first: date, last: date) -> dict[str, str]:
    """The tags that make one run of a range of days."""
    return {
        "dagster/asset_partition_range_start": first.isoformat(),
        "dagster/asset_partition_range_end": last.isoformat(),
    }


def read_cursor(cursor: str | None) -> dict[str, str]:
    """The keys remembered at the last tick; a cursor that cannot be read counts as none, and run keys still hold."""
    try:
        content = json.loads(cursor or "{}")
    except ValueError:
        return {}
    return {str(name): str(key) for name, key in content.items()} if isinstance(content, dict) else {}


def _in_flight(instance: dg.DagsterInstance, job: str) -> bool:
    return bool(instance.get_runs(dg.RunsFilter(job_name=job, statuses=_IN_FLIGHT), limit=1))


def _partitions_in_flight(instance: dg.DagsterInstance) -> Iterator[str]:
    for run in instance.get_runs(dg.RunsFilter(job_name=process_dump.name, statuses=_IN_FLIGHT)):
        if partition := run.tags.get("dagster/partition"):
            yield partition
