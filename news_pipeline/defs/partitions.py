"""The two partitionings: dumps as they arrive, and publication days."""

from __future__ import annotations

from datetime import date

import dagster as dg

from news_pipeline.settings import FIRST_DAY

DUMPS = dg.DynamicPartitionsDefinition(name="dump")
"""One partition a dump. Sensors and the command line add keys; nothing removes them by itself."""

DAYS = dg.DailyPartitionsDefinition(start_date=FIRST_DAY.isoformat(), end_offset=2)
"""One partition a publication day, today and tomorrow included: a day is built while it is still being published."""


def last_day() -> date:
    """The last day of the calendar as of now: tomorrow (UTC), since east of Greenwich it has begun."""
    key = DAYS.get_last_partition_key()
    if key is None:
        raise RuntimeError("the day calendar is empty: the system clock stands before its first day")
    return date.fromisoformat(key)
