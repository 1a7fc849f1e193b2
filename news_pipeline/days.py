"""Building the day-side tables: which rows to read for which days, and each day's partition replaced where it is stale.

Belongs here: reading the inputs of a span of days, handing them to the pure functions of ``stories``, ``entities`` and
``topics``, and writing each day. Does not belong here: how stories, counts or trends are computed.

Days are built in ascending order, in batches whose memory is bounded by their article count. A day whose inputs are
those of its last build keeps its file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from news_pipeline.contract import TABLES, empty
from news_pipeline.entities.article_entities import count_entities
from news_pipeline.freshness import DayInputs, DayState, day_ranges
from news_pipeline.storage import Build, part_path, read_partition, remove_partition, write_partition
from news_pipeline.stories.group import LOOKBACK_COLUMNS, group_day
from news_pipeline.stories.group import LOOKBACK_DAYS as STORY_LOOKBACK_DAYS
from news_pipeline.topics.rollup import TERMS_LOOKBACK_DAYS, roll_up
from news_pipeline.topics.subjects import SUBJECT_VERSION, assign_subjects
from news_pipeline.topics.trends import LOOKBACK_DAYS as TREND_LOOKBACK_DAYS
from news_pipeline.topics.trends import measure_trends

_BATCH_DAYS = 92
_BATCH_ARTICLES = 4000

OnDay = Callable[[date], None]
Builder = Callable[[Path, DayState, Sequence[date], OnDay], dict[date, Build | None]]
_Compute = Callable[[Path, DayState, date, date], pa.Table]


def build_articles(data: Path, state: DayState, days: Sequence[date], on_day: OnDay) -> dict[date, Build | None]:
    """Builds ``articles`` of the stale ones among ``days``, each day reading the days before it as just built.

    Returns:
        The build record of each day that was stale; None for one whose last article is gone, whose partition is then
        removed.
    """
    inputs = DayInputs(state)
    recent: dict[date, pa.Table] = {}
    results: dict[date, Build | None] = {}
    for batch in _batches(days, state):
        pages: dict[date, pa.Table] | None = None
        for day in batch:
            fingerprint = inputs.input_of("articles", day)
            if not _is_fresh(state, "articles", day, fingerprint):
                if pages is None:
                    pages = split_by_day(_read_dumps(data, "parsed_articles", state, day, batch[-1]))
                lookback = _lookback(data, day, recent)
                rows = group_day(day, pages.get(day, empty("parsed_articles")), lookback)
                rows = _set_column(rows, "subjects", assign_subjects(rows))
                rows = _set_column(rows, "subject_version", pa.repeat(SUBJECT_VERSION, rows.num_rows))
                recent[day] = rows.select(LOOKBACK_COLUMNS)
                results[day] = _replace(data, "articles", day, rows, fingerprint)
                inputs.record("articles", day, results[day])
            on_day(day)
    return results


def build_article_entities(
    data: Path, state: DayState, days: Sequence[date], on_day: OnDay
) -> dict[date, Build | None]:
    """Builds ``article_entities`` of the stale ones among ``days``; returns as ``build_articles`` does."""
    return _build_spans(data, state, days, on_day, "article_entities", _article_entities)


def build_daily_topics(data: Path, state: DayState, days: Sequence[date], on_day: OnDay) -> dict[date, Build | None]:
    """Builds ``daily_topics`` of the stale ones among ``days``; returns as ``build_articles`` does."""
    return _build_spans(data, state, days, on_day, "daily_topics", _daily_topics)


def build_topic_trends(data: Path, state: DayState, days: Sequence[date], on_day: OnDay) -> dict[date, Build | None]:
    """Builds ``topic_trends`` of the stale ones among ``days``; returns as ``build_articles`` does."""
    return _build_spans(data, state, days, on_day, "topic_trends", _topic_trends)


BUILDERS: Mapping[str, Builder] = {
    "articles": build_articles,
    "article_entities": build_article_entities,
    "daily_topics": build_daily_topics,
    "topic_trends": build_topic_trends,
}
"""The builder of each day table, in the order in which they must run."""


def _build_spans(
    data: Path, state: DayState, days: Sequence[date], on_day: OnDay, table: str, compute: _Compute
) -> dict[date, Build | None]:
    inputs = DayInputs(state)
    results: dict[date, Build | None] = {}
    for batch in _batches(days, state):
        fingerprints = {day: inputs.input_of(table, day) for day in batch}
        stale = [day for day in batch if not _is_fresh(state, table, day, fingerprints[day])]
        for first, last in day_ranges(stale):
            rows_of = split_by_day(compute(data, state, first, last))
            for day in (day for day in stale if first <= day <= last):
                results[day] = _replace(data, table, day, rows_of.get(day, empty(table)), fingerprints[day])
        for day in batch:
            on_day(day)
    return results


def _article_entities(data: Path, state: DayState, first: date, last: date) -> pa.Table:
    columns = ("article_id", "published_date", "page_id", "article_index")
    with duckdb.connect() as connection:
        connection.register("day_articles", read_days(data, "articles", first, last, columns))
        connection.register("day_mentions", _read_dumps(data, "entity_mentions", state, first, last))
        return count_entities(connection)


def _daily_topics(data: Path, state: DayState, first: date, last: date) -> pa.Table:
    articles = read_days(data, "articles", first - timedelta(days=TERMS_LOOKBACK_DAYS), last)
    return roll_up(articles, read_days(data, "article_entities", first, last), first, last)


def _topic_trends(data: Path, state: DayState, first: date, last: date) -> pa.Table:
    since = first - timedelta(days=TREND_LOOKBACK_DAYS)
    topics = read_days(
        data, "daily_topics", since, last, ("published_date", "topic_id", "topic_kind", "article_count", "text_count")
    )
    volumes = _volumes(read_days(data, "articles", since, last, ("published_date", "source_name", "text_id")))
    return measure_trends(topics, volumes, first, last, state.newest() or last)


def _volumes(articles: pa.Table) -> pa.Table:
    """Distinct texts per day and outlet: columns published_date, source_name, text_count."""
    counts = articles.group_by(["published_date", "source_name"]).aggregate([("text_id", "count_distinct")])
    return counts.rename_columns(
        ["text_count" if name == "text_id_count_distinct" else name for name in counts.column_names]
    ).select(["published_date", "source_name", "text_count"])


def read_days(data: Path, table: str, first: date, last: date, columns: Sequence[str] | None = None) -> pa.Table:
    """Reads a day table over first..last as far as it stands on disk, in order of days."""
    days = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
    parts = [read_partition(data, table, day, columns) for day in days if part_path(data, table, day).exists()]
    return pa.concat_tables(parts) if parts else empty(table).select(list(columns or TABLES[table].schema.names))


def split_by_day(rows: pa.Table) -> dict[date, pa.Table]:
    """Splits rows ordered by ``published_date`` into one slice a day, without copying."""
    if not rows.num_rows:
        return {}
    ordinals = rows["published_date"].combine_chunks().cast(pa.int32()).to_numpy()
    if (np.diff(ordinals) < 0).any():
        raise ValueError("rows are not ordered by published_date")
    starts = np.flatnonzero(np.diff(ordinals, prepend=ordinals[0] - 1))
    ends = np.append(starts[1:], len(ordinals))
    epoch = date(1970, 1, 1)
    return {
        epoch + timedelta(days=int(ordinals[start])): rows.slice(start, end - start)
        for start, end in zip(starts, ends, strict=True)
    }


def _read_dumps(data: Path, table: str, state: DayState, first: date, last: date) -> pa.Table:
    """Reads the rows of a dump table dated first..last, from the dumps that have any, ordered by day.

    Rows of the same day keep no particular order: what reads them must not depend on it.
    """
    days = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
    readable = state.mentions if table == "entity_mentions" else state.parsed
    files = [str(part_path(data, table, dump)) for dump in state.dumps_of(days) if dump in readable]
    names = [name for name in TABLES[table].schema.names if name != "dump"]
    if not files:
        return empty(table).select(names)
    with duckdb.connect() as connection:
        return connection.sql(
            f"SELECT {', '.join(names)} FROM read_parquet(?, hive_partitioning = false) "
            "WHERE published_date BETWEEN ? AND ? ORDER BY published_date",
            params=[files, first, last],
        ).to_arrow_table()


def _set_column(rows: pa.Table, name: str, values: pa.Array | pa.ChunkedArray) -> pa.Table:
    index = rows.schema.get_field_index(name)
    return rows.set_column(index, rows.schema.field(index), values)


def _lookback(data: Path, day: date, recent: dict[date, pa.Table]) -> pa.Table:
    """The ``articles`` rows of the days before ``day``; ``recent`` holds days already in memory and forgets old ones."""
    for old in [known for known in recent if known < day - timedelta(days=STORY_LOOKBACK_DAYS)]:
        del recent[old]
    window = [day - timedelta(days=back) for back in range(STORY_LOOKBACK_DAYS, 0, -1)]
    for earlier in window:
        if earlier not in recent and part_path(data, "articles", earlier).exists():
            recent[earlier] = read_partition(data, "articles", earlier, LOOKBACK_COLUMNS)
    parts = [recent[earlier] for earlier in window if earlier in recent]
    return pa.concat_tables(parts) if parts else empty("articles").select(LOOKBACK_COLUMNS)


def _is_fresh(state: DayState, table: str, day: date, fingerprint: str) -> bool:
    build = state.built[table].get(day.isoformat())
    return build is not None and build.input == fingerprint


def _replace(data: Path, table: str, day: date, rows: pa.Table, fingerprint: str) -> Build | None:
    """Replaces a day's partition; a day without articles has none, one without entities an empty one."""
    has_articles = rows.num_rows > 0 if table == "articles" else part_path(data, "articles", day).exists()
    if not has_articles:
        remove_partition(data, table, day)
        return None
    return write_partition(data, table, day, rows, fingerprint)


def _batches(days: Sequence[date], state: DayState) -> Iterator[list[date]]:
    """Groups days into batches of at most 92 days and about 4,000 articles, as many as their dumps hold on average."""
    sizes: dict[str, float] = {}
    for build in state.parsed.values():
        for iso in build.days:
            sizes[iso] = sizes.get(iso, 0) + build.rows / len(build.days)
    batch: list[date] = []
    articles = 0.0
    for day in sorted(days):
        size = sizes.get(day.isoformat(), 0)
        if batch and (articles + size > _BATCH_ARTICLES or (day - batch[0]).days >= _BATCH_DAYS):
            yield batch
            batch, articles = [], 0.0
        batch.append(day)
        articles += size
    if batch:
        yield batch
