"""The daily rollup: what each publication day covered, one row per topic.

Belongs here: the measures of a day that need only the day itself and, for its terms, the 28 days before. Does not
belong here: comparing days (``trends``), assigning subjects (``subjects``), reading or writing files.

Whatever range is asked for, the rows of a day are the same: every measure is a function of the day's own rows and of
the 28 days before, all counts are integers, and every order ends in an id.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from tempfile import TemporaryDirectory

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from news_pipeline import contract
from news_pipeline.arabic.keys import word_key
from news_pipeline.topics import terms
from news_pipeline.topics.terms import MICRO, Ints

ROLLUP_VERSION = "1"
TERMS_LOOKBACK_DAYS = 28

_TOP_ENTITIES = 5
_HEADLINES = 3
_TEXTS_AT_ONCE = 8_000
_ROWS_AT_ONCE = 1_000
_TERM_BITS = 32  # so that a term's rank, see _SINGLE_TERMS_SQL, holds its number below its score

_ARTICLE_COLUMNS = (
    "article_id",
    "copy_of",
    "story_id",
    "title",
    "source_name",
    "published_at",
    "published_date",
    "tags",
    "subjects",
)
_ENTITY_COLUMNS = ("article_id", "published_date", "entity_id", "label", "mention_count")


@lru_cache(maxsize=100_000)
def tag_topic_id(tag: str) -> str | None:
    """The topic id of a tag, ``tag:`` and its matching key with ``_`` for spaces; None for a tag without a word."""
    key = word_key(tag)
    return f"tag:{key.replace(' ', '_')}" if key else None


def roll_up(
    articles: pa.Table,
    article_entities: pa.Table,
    first: date,
    last: date,
    *,
    threads: int = 1,
    memory_limit: str = "400MB",
) -> pa.Table:
    """Rolls the articles of a range of days up into topics.

    Args:
        articles: Rows of contract table ``articles`` for ``[first - TERMS_LOOKBACK_DAYS, last]``; days before
            ``first`` serve only as background of ``top_terms``.
        article_entities: Rows of contract table ``article_entities`` for ``[first, last]``.
        first: First day to roll up.
        last: Last day to roll up, included.
        threads: Threads of DuckDB.
        memory_limit: Memory limit of DuckDB, such as ``"400MB"``; beyond it DuckDB spills to disk.

    Returns:
        Rows of contract table ``daily_topics``, ordered by ``published_date, topic_id``.

    Copies of one text (same ``copy_of`` or that article itself) on a day are one text. An entity is not listed among
    its own top entities. Terms are ranked by class-based TF-IDF (Grootendorst 2022): the mean weight of a word in the
    topic's texts (2 in a title, 1 in the body's lead) times ``ln(1 + A / f)`` over the texts of the day and its
    look-back; of three or more texts at least two must hold the word.
    """
    if not articles.num_rows:
        return contract.empty("daily_topics")
    config: dict[str, str | bool | int | float | list[str]] = {"threads": threads, "memory_limit": memory_limit}
    with TemporaryDirectory() as spill, duckdb.connect(":memory:", config=config | {"temp_directory": spill}) as con:
        con.execute("SET TimeZone = 'UTC'")
        rows = pa.array(np.arange(articles.num_rows))
        con.register("articles", articles.select(_ARTICLE_COLUMNS).append_column("row_index", rows))
        con.register("article_entities", article_entities.select(_ENTITY_COLUMNS))
        con.register("tag_topics", _tag_topics(con))
        since = first - timedelta(TERMS_LOOKBACK_DAYS)
        con.execute(
            "CREATE TABLE days AS SELECT ?::DATE AS since_date, ?::DATE AS first_date, ?::DATE AS last_date",
            [since, first, last],
        )
        con.execute(_MEMBERS_SQL)
        top_terms = _top_terms(con, articles)
        con.register("top_terms", top_terms)
        table = con.sql(
            _ROLLUP_SQL, params={"version": ROLLUP_VERSION, "top_entities": _TOP_ENTITIES, "headlines": _HEADLINES}
        ).to_arrow_table()
    return table.cast(contract.TABLES["daily_topics"].schema)


def _tag_topics(con: duckdb.DuckDBPyConnection) -> pa.Table:
    tags = [tag for (tag,) in con.execute("SELECT DISTINCT unnest(tags) FROM articles ORDER BY 1").fetchall() if tag]
    pairs = [(tag, topic_id) for tag in tags if (topic_id := tag_topic_id(tag))]
    return pa.table(
        {"tag": pa.array([p[0] for p in pairs], pa.string()), "topic_id": pa.array([p[1] for p in pairs], pa.string())}
    )


# numbered: every distinct article of the window; families: one text of a day, under the article that stands for it;
# members: which article belongs to which topic of which day; topic_days: the rows of the answer, numbered in its order.
_MEMBERS_SQL = """
CREATE TABLE numbered AS
SELECT
    row_number() OVER (ORDER BY published_date, article_id) AS article_no,
    *,
    coalesce(copy_of, article_id) AS family
FROM articles, days
WHERE published_date BETWEEN since_date AND last_date;

CREATE TABLE families AS
SELECT
    row_number() OVER (ORDER BY published_date, family) - 1 AS family_no,
    published_date,
    family,
    arg_min(row_index, (copy_of IS NOT NULL, article_id)) AS row_index,
    published_date >= any_value(first_date) AS is_asked
FROM numbered
GROUP BY published_date, family;

CREATE TABLE todays AS
SELECT numbered.* EXCLUDE (tags, subjects, row_index), family_no, tags, subjects
FROM numbered JOIN families USING (published_date, family)
WHERE numbered.published_date >= first_date;

CREATE TABLE links AS
SELECT article_no, published_date, family_no, subject.topic_id AS topic_id, 'subject' AS topic_kind
FROM (SELECT *, unnest(subjects) AS subject FROM todays)
UNION
SELECT article_no, published_date, family_no, entity_id, 'entity'
FROM todays JOIN article_entities USING (published_date, article_id)
UNION
SELECT article_no, published_date, family_no, tag_topics.topic_id, 'tag'
FROM (SELECT *, unnest(tags) AS tag FROM todays) JOIN tag_topics USING (tag)
UNION
SELECT article_no, published_date, family_no, story_id, 'story' FROM todays;

CREATE TABLE topic_days AS
SELECT
    row_number() OVER (ORDER BY published_date, topic_id, topic_kind) - 1 AS topic_no,
    published_date,
    topic_id,
    topic_kind,
    count(*) AS article_count,
    count(DISTINCT family_no) AS text_count
FROM links
GROUP BY published_date, topic_id, topic_kind;

CREATE TABLE members AS
SELECT topic_no, article_no, family_no
FROM links JOIN topic_days USING (published_date, topic_id, topic_kind);
"""

_ROLLUP_SQL = """
WITH day_sizes AS (
    SELECT published_date, count(*) AS article_count FROM todays GROUP BY ALL
),
spread AS (
    SELECT topic_no, count(DISTINCT story_id) AS story_count, count(DISTINCT source_name) AS source_count
    FROM members JOIN todays USING (article_no)
    GROUP BY ALL
),
entity_labels AS (
    SELECT published_date, entity_id, label
    FROM article_entities
    GROUP BY published_date, entity_id, label
    QUALIFY row_number() OVER (
        PARTITION BY published_date, entity_id ORDER BY count(*) DESC, length(label) DESC, label
    ) = 1
),
entity_ranks AS (
    SELECT
        topic_no,
        entity_id,
        published_date,
        count(*) AS article_count,
        row_number() OVER (
            PARTITION BY topic_no ORDER BY count(*) DESC, sum(mention_count) DESC, entity_id
        ) AS place
    FROM members
    JOIN todays USING (article_no)
    JOIN article_entities USING (published_date, article_id)
    JOIN topic_days USING (topic_no, published_date)
    WHERE entity_id <> topic_id
    GROUP BY topic_no, published_date, entity_id
    QUALIFY place <= $top_entities
),
top_entities AS (
    SELECT
        topic_no,
        list(
            struct_pack(entity_id := entity_id, label := label, article_count := article_count) ORDER BY place
        ) AS top_entities
    FROM entity_ranks JOIN entity_labels USING (published_date, entity_id)
    GROUP BY ALL
),
story_heads AS (
    SELECT
        topic_no,
        article_id,
        title,
        source_name,
        published_at,
        count(*) OVER (PARTITION BY topic_no, story_id) AS story_size
    FROM members JOIN todays USING (article_no)
    WHERE trim(title) <> ''
    QUALIFY row_number() OVER (
        PARTITION BY topic_no, story_id ORDER BY copy_of IS NOT NULL, published_at NULLS LAST, article_id
    ) = 1
),
heads_by_source AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY topic_no, source_name ORDER BY story_size DESC, published_at NULLS LAST, article_id
        ) AS turn
    FROM story_heads
),
headlines AS (
    SELECT
        topic_no,
        list(
            struct_pack(article_id := article_id, title := title, source_name := source_name) ORDER BY place
        ) AS headlines
    FROM (
        SELECT
            *,
            row_number() OVER (
                PARTITION BY topic_no ORDER BY turn, story_size DESC, published_at NULLS LAST, article_id
            ) AS place
        FROM heads_by_source
        QUALIFY place <= $headlines
    )
    GROUP BY ALL
)
SELECT
    topic_days.published_date,
    topic_id,
    topic_kind,
    topic_days.article_count,
    text_count,
    story_count,
    source_count,
    round(topic_days.article_count / day_sizes.article_count, 6) AS share,
    coalesce(top_entities, []) AS top_entities,
    coalesce(top_terms, []) AS top_terms,
    coalesce(headlines, []) AS headlines,
    $version AS rollup_version
FROM topic_days
JOIN day_sizes USING (published_date)
JOIN spread USING (topic_no)
LEFT JOIN top_entities USING (topic_no)
LEFT JOIN top_terms USING (topic_no)
LEFT JOIN headlines USING (topic_no)
ORDER BY topic_no
"""


def _top_terms(con: duckdb.DuckDBPyConnection, articles: pa.Table) -> pa.Table:
    """The top terms per topic day: columns topic_no, top_terms list<struct<term, score>>."""
    families = con.sql(
        "SELECT row_index, is_asked, published_date - DATE '1970-01-01' AS day FROM families ORDER BY family_no"
    ).to_arrow_table()
    found = terms.count_terms(_texts(articles, families["row_index"].combine_chunks()))
    day = families["day"].to_numpy().astype(np.int64)
    return _ranked_terms(con, found, day, families["is_asked"].to_numpy(zero_copy_only=False))


def _texts(articles: pa.Table, row_index: pa.Array) -> Iterator[tuple[str | None, str | None]]:
    """Title and body of the article that stands for each family, in the order of the families."""
    texts = articles.select(["title", "body"])
    for start in range(0, len(row_index), _ROWS_AT_ONCE):
        rows = texts.take(row_index.slice(start, _ROWS_AT_ONCE))
        yield from zip(rows["title"].to_pylist(), rows["body"].to_pylist(), strict=True)


def _ranked_terms(
    con: duckdb.DuckDBPyConnection, found: terms.TermTable, day: Ints, asked: npt.NDArray[np.bool_]
) -> pa.Table:
    con.register("doc_terms_found", _weighted_terms(found, day, asked))
    con.execute("CREATE TABLE doc_terms AS SELECT * FROM doc_terms_found")
    con.unregister("doc_terms_found")
    ranked = pa.concat_tables(con.sql(sql, params=bounds).to_arrow_table() for sql, bounds in _term_queries(con))
    return _named_terms(ranked.combine_chunks(), found, day[found.surface_doc])


def _weighted_terms(found: terms.TermTable, day: Ints, asked: npt.NDArray[np.bool_]) -> pa.Table:
    """The terms of the families asked for, each with its weight there and its inverse frequency on that day."""
    texts_day, texts_seen = _texts_seen(day)
    key, key_day, key_seen = terms.day_counts(found.key, day[found.doc], TERMS_LOOKBACK_DAYS)
    idf = terms.inverse_frequency(key_seen, texts_seen[np.searchsorted(texts_day, key_day)])
    span = int(day.max(initial=0)) + 1
    here = asked[found.doc]
    doc, term = found.doc[here], found.key[here]
    at = np.searchsorted(key * span + key_day, term * span + day[doc])
    columns = {"family_no": doc, "key": term, "weight": found.weight[here], "idf": idf[at]}
    return pa.table({name: values.astype(np.int32) for name, values in columns.items()})


def _texts_seen(day: Ints) -> tuple[Ints, Ints]:
    """The days with texts, and the number of texts on each day and its look-back."""
    _, days, seen = terms.day_counts(np.zeros_like(day), day, TERMS_LOOKBACK_DAYS)
    return days, seen


# A term's rank is one integer, its score above its inverted number: exact, and ties fall to the first in code points.
_SINGLE_TERMS_SQL = """
WITH family_terms AS (
    SELECT family_no, max(weight::BIGINT * idf * 4294967296 + (4294967295 - key), 8) AS ranks FROM doc_terms GROUP BY ALL
)
SELECT topic_no, published_date - DATE '1970-01-01' AS day, ranks
FROM (SELECT DISTINCT topic_no, family_no FROM members)
JOIN topic_days USING (topic_no)
JOIN family_terms USING (family_no)
WHERE text_count = 1
ORDER BY topic_no
"""

_SHARED_TERMS_SQL = """
WITH topic_terms AS (
    SELECT
        topic_no,
        any_value(published_date) - DATE '1970-01-01' AS day,
        (sum(weight)::BIGINT * any_value(idf)) // any_value(text_count) * 4294967296 + (4294967295 - key) AS term_rank
    FROM (SELECT DISTINCT topic_no, family_no FROM members WHERE topic_no >= ? AND topic_no < ?)
    JOIN topic_days USING (topic_no)
    JOIN doc_terms USING (family_no)
    WHERE text_count > 1
    GROUP BY topic_no, key
    HAVING any_value(text_count) < 3 OR count(*) > 1
)
SELECT topic_no, any_value(day) AS day, max(term_rank, 8) AS ranks
FROM topic_terms
GROUP BY topic_no
ORDER BY topic_no
"""


def _term_queries(con: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, list[int]]]:
    """Queries that rank the terms of all topic days, cut so that each holds a bounded number of texts in memory."""
    yield _SINGLE_TERMS_SQL, []
    sizes = con.sql("SELECT if(text_count > 1, text_count, 0) AS size FROM topic_days ORDER BY topic_no")
    ends = np.cumsum(sizes.to_arrow_table()["size"].to_numpy())
    start = 0
    while start < len(ends):
        reached = ends[start - 1] if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, reached + _TEXTS_AT_ONCE, side="right")))
        yield _SHARED_TERMS_SQL, [start, stop]
        start = stop


def _named_terms(ranked: pa.Table, found: terms.TermTable, surface_day: Ints) -> pa.Table:
    """Turns ranks into terms as written, each in the form met most often on the day and in its look-back."""
    lists = ranked["ranks"].combine_chunks()
    rank = lists.flatten().to_numpy().astype(np.int64)
    key = (1 << _TERM_BITS) - 1 - (rank & ((1 << _TERM_BITS) - 1))
    day = np.repeat(ranked["day"].to_numpy().astype(np.int64), lists.value_lengths().to_numpy())

    surface, form_day, count = terms.day_counts(found.surface, surface_day, TERMS_LOOKBACK_DAYS)
    form_key = found.key_of_surface[surface]
    length = np.array([len(text) for text in found.surfaces], np.int64)[surface]
    order = np.lexsort((surface, length, -count, form_day, form_key))
    span = int(surface_day.max(initial=0)) + 1
    codes, first = np.unique((form_key * span + form_day)[order], return_index=True)
    chosen = surface[order][first][np.searchsorted(codes, key * span + day)]

    term = pa.array(found.surfaces, pa.string()).take(pa.array(chosen))
    score = pa.array(np.round((rank >> _TERM_BITS) / MICRO, 6))
    structs = pa.StructArray.from_arrays([term, score], ["term", "score"])
    offsets = pa.array(np.concatenate(([0], np.cumsum(lists.value_lengths().to_numpy()))).astype(np.int32))
    return pa.table({"topic_no": ranked["topic_no"], "top_terms": pa.ListArray.from_arrays(offsets, structs)})
