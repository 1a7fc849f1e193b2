"""Counts the entities of each article: the table ``article_entities`` of a publication day, in SQL."""

from __future__ import annotations

import duckdb
import pyarrow as pa

from news_pipeline import contract

_COUNT = """
WITH mentions AS (
    -- One mention may come from several dumps that hold the same article: it counts once.
    SELECT mention_id, any_value(article_id ORDER BY article_id) AS article_id,
        any_value(field ORDER BY article_id) AS field, any_value(char_start ORDER BY article_id) AS char_start,
        any_value(entity_id ORDER BY article_id) AS entity_id, any_value(type ORDER BY article_id) AS type,
        any_value(coalesce(canonical, text) ORDER BY article_id) AS form
    FROM day_mentions
    GROUP BY mention_id
)
SELECT article_id, published_date, entity_id,
    arg_min(type, (field = 'tags', char_start)) AS type,
    arg_min(form, (-length(form), form)) AS label,
    count(*) FILTER (field <> 'tags') AS mention_count,
    bool_or(field = 'title') AS in_title,
    min(char_start) FILTER (field = 'body') AS first_char
FROM mentions JOIN (SELECT DISTINCT article_id, published_date FROM day_articles) USING (article_id)
GROUP BY article_id, published_date, entity_id
ORDER BY published_date, article_id, entity_id
"""


def count_entities(con: duckdb.DuckDBPyConnection) -> pa.Table:
    """Counts the entities per article.

    Args:
        con: A connection with ``day_articles`` (article_id, published_date) and ``day_mentions`` (rows of
            ``entity_mentions`` of these articles; one mention may stand there several times, from several dumps).

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
