"""Dump-side assets: pages, their articles, and the entities and quotations in them, one partition a dump."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import dagster as dg
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from news_pipeline.contract import empty
from news_pipeline.defs.assets.specs import OWNERS, SINGLE_RUN, table_spec
from news_pipeline.defs.checks import blocks, check_specs, run_checks
from news_pipeline.defs.metadata import SAMPLE_ROWS, bar_plot, sample
from news_pipeline.defs.resources import PipelineResource
from news_pipeline.dumps.decode import DECODER_VERSION
from news_pipeline.dumps.find import list_dumps
from news_pipeline.entities.recognise import ENTITY_VERSION
from news_pipeline.freshness import articles_input, entities_input, pages_input
from news_pipeline.locks import dump_lock, held
from news_pipeline.pages.parse import PARSER_VERSION
from news_pipeline.stages import (
    ARTICLE_TABLES,
    ENTITY_TABLES,
    PAGE_TABLES,
    find_entities,
    parse_articles,
    read_pages,
    remove_superseded,
)
from news_pipeline.storage import Build, forget_build, iter_partition, part_path, read_build, read_partition

landing_folder = dg.AssetSpec(
    "landing_folder",
    description="Where dumps arrive: each top-level file or folder of data/raw is one dump.",
    group_name="pages",
    kinds={"file"},
    owners=OWNERS,
)

_SAMPLES = {
    "raw_pages": ("file", "member", "media_type", "encoding", "text", "error"),
    "page_blocks": ("page_id", "block_index", "kind", "char_start", "char_end"),
    "parsed_articles": ("published_date", "source_name", "title", "role", "language"),
    "rejected_pages": ("file", "member", "reason", "detail"),
    "entity_mentions": ("text", "type", "canonical", "entity_id", "method"),
    "quotes": ("speaker_text", "verb", "text", "directness"),
}
_PLOTS = {
    "raw_pages": "media_type",
    "page_blocks": "kind",
    "parsed_articles": "source_name",
    "rejected_pages": "reason",
    "entity_mentions": "canonical",
    "quotes": "verb",
}


class DumpConfig(dg.Config):
    """How to materialize dump-side tables."""

    force: bool = Field(
        default=False, description="Build a dump again even where files and rules are those of its last build."
    )


@dg.multi_asset(
    name="read_pages",
    specs=[table_spec("raw_pages", DECODER_VERSION, extra_deps=("landing_folder",))],
    check_specs=check_specs(*PAGE_TABLES),
    backfill_policy=SINGLE_RUN,
)
def read_pages_assets(
    context: dg.AssetExecutionContext, config: DumpConfig, pipeline: PipelineResource
) -> Iterator[dg.MaterializeResult[None]]:
    """Reads the dump's files into pages."""
    data, raw = pipeline.data_dir, pipeline.raw_dir
    landed = list_dumps(raw)
    for superseded in remove_superseded(data, landed):
        context.log.info(f"{superseded}: its pages lie in other dumps of loose pages now; its tables are removed")
    yield from _materialize(
        context,
        data,
        PAGE_TABLES,
        lambda dump: pages_input(landed[dump]) if dump in landed else None,
        lambda dump: read_pages(data, raw, landed[dump], pipeline.stage_workers()),
        force=config.force,
    )


@dg.multi_asset(
    name="parse_articles",
    specs=[table_spec(table, PARSER_VERSION) for table in ARTICLE_TABLES],
    check_specs=check_specs(*ARTICLE_TABLES),
    backfill_policy=SINGLE_RUN,
)
def parse_articles_assets(
    context: dg.AssetExecutionContext, config: DumpConfig, pipeline: PipelineResource
) -> Iterator[dg.MaterializeResult[None]]:
    """Parses the dump's pages into blocks and articles."""
    data = pipeline.data_dir
    yield from _materialize(
        context,
        data,
        ARTICLE_TABLES,
        lambda dump: articles_input(data, dump, pipeline.time_zone),
        lambda dump: parse_articles(data, dump, pipeline.time_zone, pipeline.stage_workers()),
        force=config.force,
    )


@dg.multi_asset(
    name="find_entities",
    specs=[table_spec(table, ENTITY_VERSION) for table in ENTITY_TABLES],
    check_specs=check_specs(*ENTITY_TABLES),
    backfill_policy=SINGLE_RUN,
)
def find_entities_assets(
    context: dg.AssetExecutionContext, config: DumpConfig, pipeline: PipelineResource
) -> Iterator[dg.MaterializeResult[None]]:
    """Finds the entities and quotations in the dump's articles."""
    data = pipeline.data_dir
    yield from _materialize(
        context,
        data,
        ENTITY_TABLES,
        lambda dump: entities_input(data, dump, pipeline.names_model_dir),
        lambda dump: find_entities(data, dump, pipeline.stage_workers(), pipeline.names_model_dir),
        force=config.force,
    )


def _materialize(
    context: dg.AssetExecutionContext,
    data: Path,
    tables: Sequence[str],
    fingerprint: Callable[[str], str | None],
    build: Callable[[str], Mapping[str, Build]],
    *,
    force: bool,
) -> Iterator[dg.MaterializeResult[None]]:
    """Builds each dump of the run that is not fresh, then reports every table with its metadata and checks.

    A dump that fails a blocking check loses its build records: it counts as not built, so that nothing of it reaches the
    publication days, which are built by other runs.
    """
    standing: list[str] = []
    for dump in context.partition_keys:
        with held(data, dump_lock(dump)):
            builds = {table: read_build(data, table, dump) for table in tables}
            expected = fingerprint(dump)
            if expected is None and all(builds.values()):
                context.log.warning(f"{dump}: no longer in the landing folder, its tables are kept as they are")
            elif expected is None:
                context.log.error(f"{dump}: not in the landing folder, and it was never read")
                continue
            elif not force and all(known is not None and known.input == expected for known in builds.values()):
                context.log.info(f"{dump}: nothing changed since its last build")
            else:
                builds = dict(build(dump))
        standing.append(dump)
        for table, record in builds.items():
            if record is not None:
                metadata = _partition_metadata(data, table, dump, record)
                context.add_asset_metadata(metadata, asset_key=dg.AssetKey(table), partition_key=dump)
    if not standing:
        raise dg.Failure("None of the dumps asked for is in the landing folder: put them back, or leave them.")
    results = {table: run_checks(data, table, standing) for table in tables}
    if any(not result.passed and blocks(result) for checked in results.values() for result in checked):
        for table in tables:
            for dump in standing:
                forget_build(data, table, dump)
    for table, checked in results.items():
        yield dg.MaterializeResult(asset_key=table, check_results=checked)


def _partition_metadata(data: Path, table: str, dump: str, build: Build) -> dict[str, dg.MetadataValue]:
    first_rows = next(iter_partition(data, table, dump, SAMPLE_ROWS), empty(table))
    counted = read_partition(data, table, dump, (_PLOTS[table],))
    return {
        "dagster/partition_row_count": dg.MetadataValue.int(build.rows),
        "bytes": dg.MetadataValue.int(build.bytes),
        "path": dg.MetadataValue.path(part_path(data, table, dump)),
        "sample": sample(first_rows, _SAMPLES[table]),
        "plot": bar_plot(_top_counts(counted, _PLOTS[table]), f"rows by {_PLOTS[table]}"),
    }


def _top_counts(rows: pa.Table, column: str) -> dict[str, int]:
    counts = pc.value_counts(pc.fill_null(rows[column].cast(pa.string()), "(none)")).to_pylist()
    ranked = sorted(counts, key=lambda item: (-item["counts"], item["values"]))
    return {item["values"]: item["counts"] for item in ranked[:12]}
