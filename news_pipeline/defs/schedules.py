"""The nightly look at the recent days and the catalog, whatever the sensors saw."""

from datetime import timedelta

import dagster as dg

from news_pipeline.defs.jobs import refresh_catalog, refresh_days
from news_pipeline.defs.sensors import range_tags
from news_pipeline.freshness import last_day

RECENT_DAYS = 7


@dg.schedule(
    name="nightly_days",
    job=refresh_days,
    cron_schedule="15 2 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Every night at 02:15 UTC: the last week and tomorrow.",
)
def nightly_days(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Asks for the last days as one range."""
    last = last_day()
    return dg.RunRequest(
        run_key=f"nightly:{context.scheduled_execution_time.date()}",
        tags=range_tags(last - timedelta(days=RECENT_DAYS), last),
    )


nightly_catalog = dg.ScheduleDefinition(
    name="nightly_catalog",
    job=refresh_catalog,
    cron_schedule="45 2 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Every night at 02:45 UTC: the dimensions and data/news.duckdb.",
)
