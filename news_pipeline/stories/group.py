"""The articles of a day: one row each, copies tied to their original, stories numbered."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from news_pipeline import contract
from news_pipeline.arabic.keys import word_key
from news_pipeline.stories.copies import find_matches, is_template, role_of
from news_pipeline.stories.fingerprints import Features, features_of, strip_furniture
from news_pipeline.stories.stories import STORY_SIMILARITY, best_story, neighbours

STORY_VERSION = "1"
"""Version of the rules for copies and stories."""

LOOKBACK_DAYS = 7
"""Days before a day whose articles its stories may continue: the window of the Europe Media Monitor."""

COPY_DAYS = 3
"""Days before a day among whose articles the originals of its copies are sought."""

LOOKBACK_COLUMNS = (
    "article_id",
    "copy_of",
    "copy_role",
    "story_id",
    "title",
    "body",
    "source_name",
    "published_at",
    "published_date",
)
"""Columns of ``articles`` that later days read."""

_PAGE_COLUMNS = (
    "article_id",
    "page_id",
    "article_index",
    "role",
    "title",
    "body",
    "source_name",
    "publisher",
    "language",
    "published_at",
    "published_date",
    "crawled_at",
    "tags",
    "word_count",
)

_Row = dict[str, Any]


def group_day(day: date, pages: pa.Table, lookback: pa.Table) -> pa.Table:
    """Builds the ``articles`` of a publication day.

    The result depends on what the rows say and not on their order: articles are placed in order of evidence (see
    ``_evidence``), each against those before it.

    Args:
        day: the publication day.
        pages: rows of ``parsed_articles`` whose published_date is the day, from any dumps; an article may recur.
        lookback: rows of ``articles`` of the ``LOOKBACK_DAYS`` days before; rows of other days are left out.

    Returns:
        ``articles`` rows ordered by article_id, one per article, ``subjects`` null. ``copy_of`` always names an
        original; an article met again under a later day is a revision of itself.

    Raises:
        ValueError: if a column is missing or a page is of another day.
    """
    pages = _columns(pages, "parsed_articles", _PAGE_COLUMNS)
    lookback = _columns(lookback, "articles", LOOKBACK_COLUMNS)
    if set(pc.unique(pages["published_date"]).to_pylist()) - {day}:
        raise ValueError(f"pages of other days among those of {day}")
    since = day - timedelta(days=LOOKBACK_DAYS)
    lookback = lookback.filter((pc.field("published_date") >= since) & (pc.field("published_date") < day))

    articles = _distinct(pages)
    window = lookback.to_pylist() + articles.select([*set(_PAGE_COLUMNS) & set(LOOKBACK_COLUMNS)]).to_pylist()
    window.sort(key=_evidence)
    _place(window, lookback.num_rows)
    placed = {row["article_id"]: row for row in window[lookback.num_rows :]}
    rows = [placed[article_id] for article_id in articles["article_id"].to_pylist()]
    for column in ("text_id", "copy_of", "copy_role", "story_id"):
        articles = articles.append_column(column, pa.array([row[column] for row in rows], pa.string()))
    schema = contract.TABLES["articles"].schema
    for column in ("subjects", "subject_version"):
        articles = articles.append_column(column, pa.nulls(len(rows), schema.field(column).type))
    articles = articles.append_column("story_version", pa.repeat(STORY_VERSION, len(rows)))
    return articles.select(schema.names).cast(schema)


def _columns(table: pa.Table, name: str, columns: tuple[str, ...]) -> pa.Table:
    """The columns needed, with the contract's types; raises ValueError for those missing."""
    if missing := [column for column in columns if column not in table.column_names]:
        raise ValueError(f"{name}: columns {', '.join(missing)} are missing")
    schema = contract.TABLES[name].schema
    return table.select(columns).cast(pa.schema([schema.field(column) for column in columns]))


def _distinct(pages: pa.Table) -> pa.Table:
    """One row per article_id, ordered by it: the best page's row, the number of pages, the earliest crawl.

    The best page shows the article as its main one, was crawled first, has the smallest page_id.
    """
    embedded = pc.not_equal(pages["role"], "main")
    keys = ("article_id", "embedded", "crawled_at", "page_id", "article_index")
    pages = pages.append_column("embedded", embedded)
    pages = pages.take(pc.sort_indices(pages, [(key, "ascending") for key in keys]))
    ids = pages["article_id"].to_numpy(zero_copy_only=False)
    first = np.flatnonzero(np.append(True, ids[1:] != ids[:-1])[: len(ids)])
    counted = pages.group_by("article_id", use_threads=False).aggregate(
        [("page_id", "count_distinct"), ("crawled_at", "min")]
    )
    counted = counted.sort_by("article_id")
    return (
        pages.take(pa.array(first, pa.int64()))
        .drop_columns(["crawled_at", "role", "embedded"])
        .append_column("page_count", counted["page_id_count_distinct"])
        .append_column("crawled_at", counted["crawled_at_min"])
    )


def _evidence(row: _Row) -> tuple[date, bool, datetime, int, str]:
    """Order in which articles came out, as far as the pages say: a total order.

    By day; then those with a stated instant, by it, before those without; then the longer text, since what is
    shortened comes after; then the article_id.
    """
    at = row["published_at"]
    return (
        row["published_date"],
        at is None,
        at or datetime.min.replace(tzinfo=UTC),
        -len(row["body"]),
        row["article_id"],
    )


def _place(window: list[_Row], first_new: int) -> None:
    """Writes text_id, copy_of, copy_role and story_id into the rows of the day.

    Args:
        window: articles in order of evidence; those before ``first_new`` are placed already.
        first_new: position of the first article of the day.
    """
    if first_new == len(window):
        return
    numbers: dict[str, int] = {}
    outlets = [numbers.setdefault(word_key(row["source_name"] or ""), len(numbers)) for row in window]
    articles = strip_furniture(features_of([(row["title"] or "", row["body"]) for row in window]), np.array(outlets))
    originals = _place_copies(window, articles, outlets, first_new)
    _place_stories(window, articles, outlets, first_new)
    for index, original in originals.items():
        window[index]["story_id"] = window[original]["story_id"]


def _place_copies(window: list[_Row], articles: list[Features], outlets: list[int], first_new: int) -> dict[int, int]:
    """Writes text_id, copy_of and copy_role; returns for each copy the position of the article it repeats."""
    day = window[-1]["published_date"]
    start = next(i for i, row in enumerate(window) if row["published_date"] >= day - timedelta(days=COPY_DAYS))
    matches = find_matches(articles[start:], np.array(outlets[start:]), first_new - start)
    outlet_of = {row["article_id"]: outlet for row, outlet in zip(window, outlets, strict=True)}
    met: dict[str, int] = {}
    for index, row in enumerate(window[:first_new]):
        met.setdefault(row["article_id"], index)
        met.setdefault(row["copy_of"] or row["article_id"], index)
    repeated = {}
    for index in range(first_new, len(window)):
        row, match = window[index], matches.get(index - start)
        row |= {"text_id": articles[index].text_id, "copy_of": None, "copy_role": "original", "story_id": None}
        position = met.get(row["article_id"], start + match.earlier if match else None)
        if position is None:
            continue
        earlier = window[position]
        row["copy_of"] = earlier["copy_of"] or earlier["article_id"]
        # The outlet of an original before the window shows in the role of the article that repeats it.
        before = outlets[position] if earlier["copy_role"] == "revision" else -1
        is_rewrite = earlier["copy_role"] == "rewrite" or (match is not None and match.is_rewrite)
        row["copy_role"] = role_of(outlet_of.get(row["copy_of"], before) == outlets[index], is_rewrite)
        repeated[index] = position
    return repeated


def _place_stories(window: list[_Row], articles: list[Features], outlets: list[int], first_new: int) -> None:
    """Writes the story_id of the day's originals. Copies take no part, so that a story is not drawn by its reprints."""
    seen: set[str] = set()
    told = []
    for index, row in enumerate(window):
        original = row["copy_of"] or row["article_id"]
        if original not in seen and (index < first_new or row["copy_of"] is None):
            seen.add(original)
            told.append(index)
    first = sum(index < first_new for index in told)
    days = np.array([window[index]["published_date"].toordinal() for index in told])
    numbers: dict[str, int] = {}
    stories = [numbers.setdefault(window[index]["story_id"], len(numbers)) for index in told[:first]]
    sizes = [0] * len(numbers)
    for story in stories:
        sizes[story] += 1
    names = list(numbers)
    for position, near, similarity in neighbours([articles[index] for index in told], days, first):
        index = told[position]
        for at in np.flatnonzero(similarity >= STORY_SIMILARITY):
            other = told[near[at]]
            is_series = outlets[index] == outlets[other] and days[position] != days[near[at]]
            if is_series and is_template(articles[index], articles[other]):
                similarity[at] = 0.0
        told_by = best_story(near, similarity, stories, sizes)
        if told_by is None:
            told_by = len(names)
            names.append(blake2b(window[index]["article_id"].encode(), digest_size=16).hexdigest())
            sizes.append(0)
        stories.append(told_by)
        sizes[told_by] += 1
        window[index]["story_id"] = names[told_by]
