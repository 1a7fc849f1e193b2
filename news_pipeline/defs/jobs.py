"""The jobs, named for what a person wants done.

They run in one process: a stage spreads its chunks over worker processes by itself, and a step process of its own for
each asset would cost seconds of start-up.
"""

from __future__ import annotations

import dagster as dg

from news_pipeline.contract import TABLES
from news_pipeline.freshness import DAY_TABLES

DUMP_TABLES = tuple(name for name, table in TABLES.items() if table.partitioned_by == "dump")
WHOLE_ASSET_KEYS = (*(name for name, table in TABLES.items() if table.partitioned_by is None), "news_duckdb")

process_dump = dg.define_asset_job(
    "process_dump",
    selection=dg.AssetSelection.assets(*DUMP_TABLES),
    description="Read a dump into pages, articles, entities and quotations. What is fresh already is left alone.",
    executor_def=dg.in_process_executor,
)

refresh_days = dg.define_asset_job(
    "refresh_days",
    selection=dg.AssetSelection.assets(*DAY_TABLES),
    description=(
        "Bring publication days up to date: copies, stories, entities, rollup, trends. Within the range asked for, "
        "days whose inputs did not change keep their files."
    ),
    executor_def=dg.in_process_executor,
)

refresh_catalog = dg.define_asset_job(
    "refresh_catalog",
    selection=dg.AssetSelection.assets(*WHOLE_ASSET_KEYS),
    description="Rebuild the dimensions and data/news.duckdb from the tables as they stand.",
    executor_def=dg.in_process_executor,
)

JOBS = (process_dump, refresh_days, refresh_catalog)
