"""Counts the entities of each article: the table ``article_entities`` of a publication day, in SQL."""

from __future__ import annotations

import duckdb
import pyarrow as pa

from news_pipeline import contract

_COUNT = """
SELECT article_id, published_date, entity_id,
    arg_min(type, (field = 'tags', char_start)) AS type,
    arg_min(coalesce(canonical, text), (-length(coalesce(canonical, text)), coalesce(canonical, text))) AS label,
    count(*) FILTER (field <> 'tags') AS mention_count,
    bool_or(field = 'title') AS in_title,
    min(char_start) FILTER (field = 'body') AS first_char
FROM (SELECT * EXCLUDE (article_id, published_date) FROM day_mentions)
    JOIN day_articles USING (page_id, article_index)
GROUP BY article_id, published_date, entity_id
ORDER BY published_date, article_id, entity_id
"""


def count_entities(con: duckdb.DuckDBPyConnection) -> pa.Table:
    """Counts the entities per article.

    Args:
        con: A connection with ``day_articles`` (article_id, published_date, page_id, article_index) and ``day_mentions``
            (rows of ``entity_mentions``). An article that stands on several pages counts by the one its row names.

    Returns:
        ``article_entities`` ordered by published_date, article_id, entity_id. An entity that only the tags name has
        ``mention_count`` 0.
    """
    return (
        con.sql(_COUNT)
        .to_arrow_table()
        .select(contract.TABLES["article_entities"].schema.names)
        .cast(contract.TABLES["article_entities"].schema)
    )
