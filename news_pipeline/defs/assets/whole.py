"""Assets of the whole archive: the dimensions, and the catalog analysts open."""

from collections.abc import Iterator
from datetime import timedelta

import dagster as dg
import pyarrow as pa

from news_pipeline.contract import TABLES
from news_pipeline.defs.assets.specs import OWNERS, table_spec
from news_pipeline.defs.checks import check_specs, run_checks
from news_pipeline.defs.metadata import bar_plot, markdown_table, sample
from news_pipeline.defs.resources import PipelineResource
from news_pipeline.dimensions import build_dimension, refresh_catalog
from news_pipeline.entities.recognise import ENTITY_VERSION
from news_pipeline.locks import WHOLE, held
from news_pipeline.storage import part_path, read_partition
from news_pipeline.topics.subjects import SUBJECT_VERSION
from news_pipeline.warehouse.catalog import CATALOG_VERSION
from news_pipeline.warehouse.query import run_sql

CATALOG_FRESHNESS = dg.FreshnessPolicy.time_window(warn_window=timedelta(hours=26), fail_window=timedelta(hours=50))
"""The nightly schedule rebuilds the catalog; a missed night warns, two missed nights fail."""

_SAMPLES = {
    "entities": ("entity_id", "type", "label_ar", "label_en", "article_count"),
    "topics": ("topic_id", "topic_kind", "label_ar", "label_en"),
}
_PLOTS = {"entities": "type", "topics": "topic_kind"}


def _dimension_asset(table: str, code_version: str) -> dg.AssetsDefinition:
    @dg.multi_asset(name=table, specs=[table_spec(table, code_version)], check_specs=check_specs(table))
    def build(pipeline: PipelineResource) -> Iterator[dg.MaterializeResult[None]]:
        data = pipeline.data_dir
        with held(data, WHOLE):
            record = build_dimension(data, table)
        rows = read_partition(data, table, None)
        yield dg.MaterializeResult(
            asset_key=table,
            metadata={
                "dagster/row_count": dg.MetadataValue.int(record.rows),
                "bytes": dg.MetadataValue.int(record.bytes),
                "path": dg.MetadataValue.path(part_path(data, table, None)),
                "sample": sample(rows, _SAMPLES[table]),
                "plot": bar_plot(_counts(rows, _PLOTS[table]), f"rows by {_PLOTS[table]}"),
            },
            check_results=run_checks(data, table, [None]),
        )

    return build


def _counts(rows: pa.Table, column: str) -> dict[str, int]:
    counted = rows.group_by(column).aggregate([([], "count_all")]).sort_by(column).to_pylist()
    return {row[column]: row["count_all"] for row in counted}


entities = _dimension_asset("entities", ENTITY_VERSION)
topics = _dimension_asset("topics", SUBJECT_VERSION)


@dg.asset(
    name="news_duckdb",
    deps=list(TABLES),
    description=(
        "data/news.duckdb: a commented view per table and the analysts' macros. It holds no data and is swapped in whole, "
        "so clients that have it open go on."
    ),
    group_name="warehouse",
    kinds={"duckdb"},
    owners=OWNERS,
    tags={"layer": "whole"},
    code_version=CATALOG_VERSION,
    freshness_policy=CATALOG_FRESHNESS,
)
def news_duckdb(pipeline: PipelineResource) -> dg.MaterializeResult[None]:
    """Builds the catalog and says what it now shows."""
    with held(pipeline.data_dir, WHOLE):
        path = refresh_catalog(pipeline.data_dir)
    about = run_sql(pipeline.data_dir, "SELECT * FROM about")
    rows = [{"fact": name, "value": about[name][0].as_py()} for name in about.column_names]
    return dg.MaterializeResult(
        metadata={
            "path": dg.MetadataValue.path(path),
            "about": dg.MetadataValue.md(markdown_table(rows, ("fact", "value"))),
        }
    )


WHOLE_ASSETS = (entities, topics, news_duckdb)
