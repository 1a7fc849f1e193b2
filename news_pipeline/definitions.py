"""The Dagster code location: ``defs = build_defs()``.

Belongs here: putting the parts together. Does not belong here: any asset, sensor or job of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dagster as dg

from news_pipeline.defs.assets.days import DAY_ASSETS
from news_pipeline.defs.assets.dumps import (
    find_entities_assets,
    landing_folder,
    parse_articles_assets,
    read_pages_assets,
)
from news_pipeline.defs.assets.whole import WHOLE_ASSETS
from news_pipeline.defs.jobs import JOBS
from news_pipeline.defs.resources import PipelineResource
from news_pipeline.defs.schedules import nightly_catalog, nightly_days
from news_pipeline.defs.sensors import landing_folder_sensor, stale_tables_sensor
from news_pipeline.settings import Settings


def build_defs(*, resource_overrides: Mapping[str, Any] | None = None) -> dg.Definitions:
    """The definitions of a deployment.

    Args:
        resource_overrides: resources to use instead of those made from the environment, for tests and the command line.
    """
    resources: dict[str, Any] = dict(resource_overrides or {})
    if "pipeline" not in resources:
        resources["pipeline"] = PipelineResource.from_settings(Settings.from_environment())
    return dg.Definitions(
        assets=[
            landing_folder,
            read_pages_assets,
            parse_articles_assets,
            find_entities_assets,
            *DAY_ASSETS,
            *WHOLE_ASSETS,
        ],
        jobs=JOBS,
        sensors=[landing_folder_sensor, stale_tables_sensor],
        schedules=[nightly_days, nightly_catalog],
        resources=resources,
    )


defs = build_defs()
