"""The two partitionings: dumps as they arrive, and publication days."""

from __future__ import annotations

import dagster as dg

from news_pipeline.settings import first_day

DUMPS = dg.DynamicPartitionsDefinition(name="dump")
"""One partition a dump. Sensors and the command line add keys; nothing removes them by itself."""

DAYS = dg.DailyPartitionsDefinition(start_date=first_day().isoformat(), end_offset=2)
"""One partition a publication day, up to ``freshness.last_day()``: a day is built while it is still being published."""
