"""Asset specs of the tables, derived from the contract: one place for descriptions, groups, kinds, owners and columns."""

from __future__ import annotations

import warnings
from collections.abc import Mapping

import dagster as dg

from news_pipeline.contract import TABLES
from news_pipeline.defs.metadata import table_metadata
from news_pipeline.defs.partitions import DAYS, DUMPS

OWNERS = ["team:news-data"]
SINGLE_RUN = dg.BackfillPolicy.single_run()
_PARTITIONS: Mapping[str | None, dg.PartitionsDefinition[str] | None] = {
    "dump": DUMPS,
    "published_date": DAYS,
    None: None,
}


def table_spec(
    table: str,
    code_version: str,
    *,
    lookback_days: Mapping[str, int] | None = None,
    extra_deps: tuple[str, ...] = (),
    group: str | None = None,
) -> dg.AssetSpec:
    """The spec of one table's asset.

    Args:
        table: name of the table, which is the asset's key.
        code_version: version of the rules that fill it.
        lookback_days: upstream day tables of which earlier days are read too, with how many.
        extra_deps: upstream assets that are no tables.
        group: group of the asset where it is not the table's stage.
    """
    spec = TABLES[table]
    upstream = dict.fromkeys((*spec.upstream, *(lookback_days or {})))
    return dg.AssetSpec(
        table,
        description=spec.description,
        group_name=group or spec.stage,
        kinds={"python", "parquet"},
        owners=OWNERS,
        tags={"layer": "dump" if spec.partitioned_by == "dump" else "day" if spec.partitioned_by else "whole"},
        code_version=code_version,
        metadata=table_metadata(table),
        partitions_def=_PARTITIONS[spec.partitioned_by],
        deps=[*(_dep(table, name, (lookback_days or {}).get(name, 0)) for name in upstream), *extra_deps],
    )


def _dep(table: str, upstream: str, lookback_days: int) -> dg.AssetDep:
    kinds = (TABLES[upstream].partitioned_by, TABLES[table].partitioned_by)
    if kinds == ("dump", "published_date"):
        # Which dumps hold a day's articles is known only from the parsed pages.
        return dg.AssetDep(upstream, partition_mapping=dg.AllPartitionMapping())
    if kinds == ("published_date", "published_date") and lookback_days:
        last = -1 if upstream == table else 0
        with warnings.catch_warnings():
            # Beta in Dagster: the windows of the calendar's first days reach before it.
            warnings.simplefilter("ignore", dg.BetaWarning)
            mapping = dg.TimeWindowPartitionMapping(
                start_offset=-lookback_days, end_offset=last, allow_nonexistent_upstream_partitions=True
            )
        return dg.AssetDep(upstream, partition_mapping=mapping)
    return dg.AssetDep(upstream)
