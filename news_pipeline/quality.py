"""What must hold of the tables, and what should: findings over the partitions just built.

Belongs here: one pure function a check, each a question to DuckDB over Parquet. The laws and the contract are errors
(they stop what follows); shares and oddities are warnings for a person. Does not belong here: anything of Dagster.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

from news_pipeline.contract import TABLES
from news_pipeline.freshness import DayInputs, read_day_state
from news_pipeline.pages.dates import weekday_agrees
from news_pipeline.settings import first_day
from news_pipeline.storage import Partition, part_path, read_build

_EXAMPLES = 5
_MAX_REJECTED_SHARE = 0.1
_MAX_UNKNOWN_DATE_SHARE = 0.2
_MAX_NAMELESS_SHARE = 0.5


@dataclass(frozen=True)
class Finding:
    """What a check found.

    Attributes:
        passed: whether it holds.
        numbers: what was counted.
        examples: up to five cases that fail, as rows.
    """

    passed: bool
    numbers: dict[str, int | float] = field(default_factory=dict)
    examples: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Check:
    """One check of one table: its name, its question in plain words, and whether a failure stops what follows."""

    table: str
    name: str
    description: str
    blocking: bool
    find: Callable[[Path, Sequence[Partition]], Finding]


def fits_contract(data: Path, table: str, partitions: Sequence[Partition]) -> Finding:
    """Whether each file has exactly the contract's columns and types, and each value is one the contract allows."""
    expected = TABLES[table].file_schema
    wrong = [
        {"partition": str(partition), "schema": str(schema)}
        for partition in partitions
        if not (schema := pq.read_schema(part_path(data, table, partition)).remove_metadata()).equals(expected)
    ]
    return (
        Finding(False, {"wrong_files": len(wrong)}, wrong[:_EXAMPLES])
        if wrong
        else _values_allowed(data, table, partitions)
    )


def keys_unique(data: Path, table: str, partitions: Sequence[Partition]) -> Finding:
    """Whether no two rows of a partition share the table's key."""
    columns = ", ".join(name for name in TABLES[table].key)
    return _no_rows(
        f"SELECT filename AS file, {columns}, count(*) AS row_count FROM {_files(data, table, partitions)} "
        f"GROUP BY ALL HAVING count(*) > 1 ORDER BY ALL",
    )


def blocks_tile_text(data: Path, partitions: Sequence[Partition]) -> Finding:
    """Whether the blocks of each page, joined in order, are its text: no gap, no overlap, nothing missing."""
    return _no_rows(
        f"""
        WITH blocks AS (
            SELECT page_id, char_start, char_end,
                   lag(char_end, 1, 0::BIGINT) OVER (PARTITION BY page_id ORDER BY block_index) AS previous_end
            FROM {_files(data, "page_blocks", partitions)}
        ), tiled AS (
            SELECT page_id, bool_and(char_start = previous_end AND char_end > char_start) AS gapless, max(char_end) AS reach
            FROM blocks GROUP BY page_id
        )
        SELECT page_id, file, length(text) AS text_length, reach
        FROM {_files(data, "raw_pages", partitions)} FULL JOIN tiled USING (page_id)
        WHERE coalesce(length(text), 0) <> coalesce(reach, 0) OR NOT coalesce(gapless, true)
        ORDER BY ALL
        """
    )


def pages_conserved(data: Path, partitions: Sequence[Partition]) -> Finding:
    """Whether, in each file, every page found ends as articles or as one rejected row, and never as both."""
    return _no_rows(
        f"""
        WITH ends AS (
            SELECT DISTINCT page_id FROM {_files(data, "parsed_articles", partitions)}
            UNION ALL
            SELECT page_id FROM {_files(data, "rejected_pages", partitions)}
        ), counted AS (SELECT page_id, count(*) AS ends FROM ends GROUP BY page_id)
        SELECT file, count(*) AS pages_found, coalesce(sum(ends), 0)::BIGINT AS pages_accounted_for
        FROM {_files(data, "raw_pages", partitions)} FULL JOIN counted USING (page_id)
        GROUP BY file HAVING count(*) FILTER (WHERE ends IS DISTINCT FROM 1 OR sha256 IS NULL) > 0 ORDER BY ALL
        """
    )


def rejected_share(data: Path, partitions: Sequence[Partition]) -> Finding:
    """Whether at most a tenth of the pages was rejected."""
    (pages, rejected), reasons = _share(
        f"""
        SELECT (SELECT count(*) FROM {_files(data, "raw_pages", partitions)}),
               (SELECT count(*) FROM {_files(data, "rejected_pages", partitions)})
        """,
        f"""
        SELECT reason, count(*) AS pages FROM {_files(data, "rejected_pages", partitions)}
        GROUP BY reason ORDER BY pages DESC, reason
        """,
    )
    return Finding(rejected <= _MAX_REJECTED_SHARE * pages, {"pages": pages, "rejected": rejected}, reasons)


def dates_known(data: Path, partitions: Sequence[Partition]) -> Finding:
    """Whether at most a fifth of the main articles states no publication date."""
    parsed = _files(data, "parsed_articles", partitions)
    (articles, unknown), examples = _share(
        f"SELECT count(*), count(*) FILTER (WHERE date_status = 'unknown') FROM {parsed} WHERE role = 'main'",
        f"""
        SELECT source_name, count(*) AS undated, any_value(title ORDER BY title) AS title FROM {parsed}
        WHERE role = 'main' AND date_status = 'unknown' GROUP BY source_name ORDER BY undated DESC, source_name
        """,
    )
    return Finding(unknown <= _MAX_UNKNOWN_DATE_SHARE * articles, {"articles": articles, "unknown": unknown}, examples)


def dates_not_in_future(data: Path, partitions: Sequence[Partition], last_day: date) -> Finding:
    """Whether no article is dated after its crawl or outside the calendar of days, which ends with ``last_day``."""
    return _no_rows(
        f"""
        SELECT published_date, crawled_at, title, page_id FROM {_files(data, "parsed_articles", partitions)}
        WHERE published_date > (crawled_at AT TIME ZONE 'UTC')::DATE + 1 OR published_date > DATE '{last_day}'
           OR published_date < DATE '{first_day()}'
        ORDER BY ALL
        """
    )


def weekdays_agree(data: Path, partitions: Sequence[Partition]) -> Finding:
    """Whether the weekday that a date's evidence names is that of the date."""
    rows = _rows(
        f"""
        SELECT DISTINCT published_date, date_evidence FROM {_files(data, "parsed_articles", partitions)}
        WHERE published_date IS NOT NULL AND date_evidence IS NOT NULL AND date_precision <> 'month' ORDER BY ALL
        """
    )
    verdicts = [(row, weekday_agrees(row["date_evidence"])) for row in rows]
    wrong = [row for row, agrees in verdicts if agrees is False]
    checked = sum(agrees is not None for _, agrees in verdicts)
    return Finding(not wrong, {"dates_with_weekday": checked, "disagreeing": len(wrong)}, wrong[:_EXAMPLES])


def mentions_reslice(data: Path, partitions: Sequence[Partition]) -> Finding:
    """Whether every mention's offsets cut its surface form out of the article's field."""
    return _reslices(
        data,
        partitions,
        "entity_mentions",
        "CASE field WHEN 'title' THEN title WHEN 'body' THEN body ELSE array_to_string(tags, chr(10)) END",
    )


def quotes_reslice(data: Path, partitions: Sequence[Partition]) -> Finding:
    """Whether every quotation's offsets cut its words out of the article's body."""
    return _reslices(data, partitions, "quotes", "body")


def articles_named(data: Path, partitions: Sequence[Partition]) -> Finding:
    """Whether at least half of the articles of some length mention an entity."""
    (articles, nameless), examples = _share(
        f"""
        SELECT count(*), count(*) FILTER (WHERE m.article_id IS NULL) FROM (
            SELECT DISTINCT article_id FROM {_files(data, "parsed_articles", partitions)} WHERE word_count >= 30
        ) LEFT JOIN (SELECT DISTINCT article_id FROM {_files(data, "entity_mentions", partitions)}) m USING (article_id)
        """,
        f"""
        SELECT title, language, word_count FROM {_files(data, "parsed_articles", partitions)}
        WHERE word_count >= 30 AND article_id NOT IN (
            SELECT article_id FROM {_files(data, "entity_mentions", partitions)}
        ) ORDER BY ALL LIMIT {_EXAMPLES}
        """,
    )
    return Finding(nameless <= _MAX_NAMELESS_SHARE * articles, {"articles": articles, "nameless": nameless}, examples)


def days_complete(data: Path, days: Sequence[Partition]) -> Finding:
    """Whether each day holds every article that a dump dates to it, once.

    Days whose dumps changed since they were built are left out: they are stale, and will be built and checked again.
    """
    state = read_day_state(data, date.max)
    inputs = DayInputs(state)
    built = {day: read_build(data, "articles", day) for day in map(str, days)}
    settled = [
        day
        for day, build in built.items()
        if build is not None and build.input == inputs.input_of("articles", date.fromisoformat(day))
    ]
    if not settled:
        return Finding(True, {"days": 0})
    listed = ", ".join(f"DATE '{day}'" for day in settled)
    dumps = state.dumps_of(map(date.fromisoformat, settled))
    return _no_rows(
        f"""
        WITH parsed AS (
            SELECT DISTINCT published_date, article_id FROM {_files(data, "parsed_articles", dumps)}
            WHERE published_date IN ({listed})
        ), built AS (SELECT published_date, article_id FROM {_files(data, "articles", settled)})
        SELECT published_date, count(*) AS articles_off
        FROM (SELECT *, true AS in_parsed FROM parsed) FULL JOIN (SELECT *, true AS in_built FROM built)
             USING (published_date, article_id)
        WHERE in_parsed IS NULL OR in_built IS NULL GROUP BY published_date ORDER BY ALL
        """
    )


def counts_reconcile(data: Path, days: Sequence[Partition]) -> Finding:
    """Whether the stories of each day add up to its articles, and no count exceeds the one that contains it."""
    return _no_rows(
        f"""
        WITH articles AS (
            SELECT published_date, count(*) AS articles FROM {_files(data, "articles", days)} GROUP BY published_date
        )
        SELECT published_date, articles, sum(article_count) FILTER (WHERE topic_kind = 'story') AS in_stories
        FROM articles LEFT JOIN {_files(data, "daily_topics", days)} USING (published_date)
        GROUP BY published_date, articles
        HAVING in_stories IS DISTINCT FROM articles OR bool_or(
            text_count > article_count OR story_count > text_count OR article_count > articles
            OR abs(share - article_count / articles) > 1e-5
        )
        ORDER BY ALL
        """
    )


def expectations_ordered(data: Path, days: Sequence[Partition]) -> Finding:
    """Whether each expectation lies within its interval and completeness within 0 to 1."""
    return _no_rows(
        f"""
        SELECT published_date, topic_id, expected_low, expected_count, expected_high, completeness
        FROM {_files(data, "topic_trends", days)}
        WHERE NOT (coalesce(expected_low <= expected_count AND expected_count <= expected_high, true)
                   AND coalesce(completeness BETWEEN 0 AND 1, true))
        ORDER BY ALL
        """
    )


def _on(
    table: str, find: Callable[[Path, str, Sequence[Partition]], Finding]
) -> Callable[[Path, Sequence[Partition]], Finding]:
    return lambda data, partitions: find(data, table, partitions)


def contract_checks(table: str) -> list[Check]:
    """The checks that follow from the contract alone."""
    key = ", ".join(TABLES[table].key)
    return [
        Check(
            table,
            "fits_contract",
            "Columns and types are the contract's; required columns are filled, enumerated ones hold only listed values.",
            True,
            _on(table, fits_contract),
        ),
        Check(table, "keys_unique", f"No two rows share {key}.", True, _on(table, keys_unique)),
    ]


def checks(last_day: Callable[[], date]) -> dict[str, list[Check]]:
    """All checks by table; ``last_day`` gives the last day of the calendar when a check runs."""
    own = [
        Check("page_blocks", "blocks_tile_text", "The blocks of a page, joined in order, are its text.", True, blocks_tile_text),
        Check(
            "rejected_pages",
            "pages_conserved",
            "Every page found in a file ends as articles or as one rejected row.",
            True,
            pages_conserved,
        ),
        Check("rejected_pages", "rejected_share", "At most 10 % of the pages were rejected.", False, rejected_share),
        Check("parsed_articles", "dates_known", "At most 20 % of the main articles state no date.", False, dates_known),
        Check(
            "parsed_articles",
            "dates_not_in_future",
            "No article is dated after its crawl or outside the calendar (too old, or later than tomorrow).",
            False,
            lambda data, partitions: dates_not_in_future(data, partitions, last_day()),
        ),
        Check("parsed_articles", "weekdays_agree", "A weekday named beside a date is that of the date.", False, weekdays_agree),
        Check("entity_mentions", "mentions_reslice", "Offsets cut the surface form out of the text.", True, mentions_reslice),
        Check("entity_mentions", "articles_named", "At least half of the articles mention an entity.", False, articles_named),
        Check("quotes", "quotes_reslice", "Offsets cut the quoted words out of the body.", True, quotes_reslice),
        Check("articles", "days_complete", "Each day holds every article dated to it, once.", True, days_complete),
        Check("daily_topics", "counts_reconcile", "Stories add up to articles; no part exceeds its whole.", True, counts_reconcile),
        Check("topic_trends", "expectations_ordered", "Expectations lie within their intervals.", True, expectations_ordered),
    ]  # fmt: skip
    return {table: contract_checks(table) + [check for check in own if check.table == table] for table in TABLES}


def _values_allowed(data: Path, table: str, partitions: Sequence[Partition]) -> Finding:
    """Whether required columns are filled and enumerated ones hold only the values listed."""
    columns = [column for column in TABLES[table].columns if column.name != TABLES[table].partitioned_by]
    conditions = [f"{column.name} IS NULL" for column in columns if not column.nullable]
    conditions += [
        f"{column.name} NOT IN ({', '.join(_literal(value) for value in column.values)})"
        for column in columns
        if column.values
    ]
    key = ", ".join(TABLES[table].key)
    return _no_rows(f"SELECT {key} FROM {_files(data, table, partitions)} WHERE {' OR '.join(conditions)} ORDER BY ALL")


def _files(data: Path, table: str, partitions: Sequence[Partition]) -> str:
    """SQL that reads exactly these partitions of a table; raises ValueError when there are none."""
    if not partitions:
        raise ValueError(f"no partitions of {table} to read")
    files = ", ".join(_literal(str(part_path(data, table, partition))) for partition in partitions)
    column = TABLES[table].partitioned_by
    types = f", hive_types = {{'{column}': {'DATE' if column == 'published_date' else 'VARCHAR'}}}" if column else ""
    return f"read_parquet([{files}], hive_partitioning = {bool(column)}{types}, filename = true)"


def _reslices(data: Path, partitions: Sequence[Partition], table: str, field_sql: str) -> Finding:
    texts = f"SELECT page_id, article_index, title, body, tags FROM {_files(data, 'parsed_articles', partitions)}"
    return _no_rows(
        f"""
        SELECT page_id, article_index, span.text, char_start, char_end
        FROM {_files(data, table, partitions)} span LEFT JOIN ({texts}) USING (page_id, article_index)
        WHERE substring({field_sql}, char_start + 1, char_end - char_start) IS DISTINCT FROM span.text
        ORDER BY ALL
        """
    )


def _no_rows(sql: str) -> Finding:
    rows = _rows(sql)
    return Finding(not rows, {"failing": len(rows)}, rows[:_EXAMPLES])


def _share(count_sql: str, example_sql: str) -> tuple[tuple[int, int], list[dict[str, Any]]]:
    counts = list(_rows(count_sql)[0].values())
    return (int(counts[0]), int(counts[1])), _rows(example_sql)[:_EXAMPLES]


def _rows(sql: str) -> list[dict[str, Any]]:
    with duckdb.connect() as connection:
        rows: list[dict[str, Any]] = connection.sql(sql).to_arrow_table().to_pylist()
    return rows


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
