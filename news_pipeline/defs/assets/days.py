"""Day-side assets: distinct articles, their entities, the rollup and its trends, one partition a publication day."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import dagster as dg

from news_pipeline.days import BUILDERS
from news_pipeline.defs.assets.specs import SINGLE_RUN, table_spec
from news_pipeline.defs.checks import check_specs, run_checks
from news_pipeline.defs.metadata import bar_plot, sample
from news_pipeline.defs.resources import PipelineResource
from news_pipeline.entities.recognise import ENTITY_VERSION
from news_pipeline.freshness import last_day, read_day_state
from news_pipeline.locks import DAYS, held
from news_pipeline.progress import Counter
from news_pipeline.storage import Build, part_path, read_build, read_partition
from news_pipeline.stories.group import LOOKBACK_DAYS as STORY_LOOKBACK_DAYS
from news_pipeline.stories.group import STORY_VERSION
from news_pipeline.topics.rollup import ROLLUP_VERSION, TERMS_LOOKBACK_DAYS
from news_pipeline.topics.subjects import SUBJECT_VERSION
from news_pipeline.topics.trends import LOOKBACK_DAYS as TREND_LOOKBACK_DAYS
from news_pipeline.topics.trends import TREND_VERSION

_MOST_SAMPLES = 31
"""In a range of more days than this, days show their counts and no sample rows: reading each file would take a while."""

_SORTED_BY = {
    "articles": "page_count",
    "article_entities": "mention_count",
    "daily_topics": "article_count",
    "topic_trends": "burst_score",
}
_SAMPLES = {
    "articles": ("title", "source_name", "copy_role", "story_id", "page_count"),
    "article_entities": ("label", "type", "entity_id", "mention_count", "in_title"),
    "daily_topics": ("topic_kind", "topic_id", "article_count", "text_count", "share"),
    "topic_trends": ("topic_id", "trend", "text_count", "expected_count", "burst_score"),
}


def _day_asset(table: str, code_version: str, lookback_days: Mapping[str, int] | None = None) -> dg.AssetsDefinition:
    """The asset of one day table; a range of days is built in one run, in order."""

    @dg.multi_asset(
        name=table,
        specs=[table_spec(table, code_version, lookback_days=lookback_days)],
        check_specs=check_specs(table),
        backfill_policy=SINGLE_RUN,
    )
    def build_days(
        context: dg.AssetExecutionContext, pipeline: PipelineResource
    ) -> Iterator[dg.MaterializeResult[None]]:
        data = pipeline.data_dir
        asked = {date.fromisoformat(key) for key in context.partition_keys}
        with held(data, DAYS):
            state = read_day_state(data, last_day(), pipeline.names_model_dir)
            days = [day for day in state.days() if day in asked]
            counter = Counter(table, f"{min(asked)}..{max(asked)}", len(days), "days")
            results = BUILDERS[table](data, state, days, lambda _: counter.advance(1))
        built = {day: build for day, build in results.items() if build is not None}
        removed = sorted(day for day, build in results.items() if build is None)
        context.log.info(f"{table}: {len(built)} of {len(days)} days built, {len(removed)} removed, the rest unchanged")
        standing = {day: build for day in days if (build := built.get(day) or read_build(data, table, day))}
        for day in days:
            metadata = _day_metadata(data, table, day, standing.get(day), with_sample=len(days) <= _MOST_SAMPLES)
            context.add_asset_metadata(metadata, asset_key=dg.AssetKey(table), partition_key=day.isoformat())
        yield dg.MaterializeResult(
            asset_key=table,
            metadata=_run_metadata(built, len(days), len(removed)),
            # Also of days that kept their file: a failure is not forgotten by running again.
            check_results=run_checks(data, table, sorted(standing)),
        )

    return build_days


def _day_metadata(
    data: Path, table: str, day: date, build: Build | None, *, with_sample: bool
) -> dict[str, dg.MetadataValue]:
    if build is None:
        return {"dagster/partition_row_count": dg.MetadataValue.int(0)}
    metadata: dict[str, dg.MetadataValue] = {
        "dagster/partition_row_count": dg.MetadataValue.int(build.rows),
        "bytes": dg.MetadataValue.int(build.bytes),
        "path": dg.MetadataValue.path(part_path(data, table, day)),
    }
    if with_sample:
        rows = read_partition(data, table, day, _SAMPLES[table]).sort_by([(_SORTED_BY[table], "descending")])
        metadata["sample"] = sample(rows, _SAMPLES[table])
    return metadata


def _run_metadata(built: Mapping[date, Build], days: int, removed: int) -> dict[str, dg.MetadataValue]:
    counts = {day.isoformat(): build.rows for day, build in sorted(built.items(), reverse=True)}
    return {
        "days_of_run": dg.MetadataValue.int(days),
        "days_built": dg.MetadataValue.int(len(built)),
        "days_removed": dg.MetadataValue.int(removed),
        "plot": bar_plot(counts, "rows of the days built, newest first"),
    }


articles = _day_asset("articles", f"{STORY_VERSION}+{SUBJECT_VERSION}", {"articles": STORY_LOOKBACK_DAYS})
article_entities = _day_asset("article_entities", ENTITY_VERSION)
daily_topics = _day_asset("daily_topics", ROLLUP_VERSION, {"articles": TERMS_LOOKBACK_DAYS})
topic_trends = _day_asset(
    "topic_trends", TREND_VERSION, {"daily_topics": TREND_LOOKBACK_DAYS, "articles": TREND_LOOKBACK_DAYS}
)
DAY_ASSETS = (articles, article_entities, daily_topics, topic_trends)
