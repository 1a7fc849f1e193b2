"""Builds the table ``entities``: one row per entity the archive names, with labels, aliases and outside ids."""

from __future__ import annotations

import duckdb
import pyarrow as pa

from news_pipeline import contract
from news_pipeline.entities.lexicon import lexicon_entities

_BUILD = """
WITH surfaces AS (
    -- After a joined ل the article's ا is not written (للقوات): the name gets it back.
    SELECT entity_id, if(text LIKE 'ل%' AND canonical LIKE 'ا' || text || '%', 'ا' || text, text) AS text,
        count(DISTINCT mention_id) AS n
    FROM entity_mentions GROUP BY ALL
),
forms AS (
    -- The name to show for an entity no table knows: the fullest form most articles use.
    SELECT entity_id, coalesce(canonical, text) AS form, count(DISTINCT article_id) AS n
    FROM entity_mentions GROUP BY entity_id, form
),
fullest AS (SELECT entity_id, arg_min(form, (-n, -length(form), form)) AS label FROM forms GROUP BY entity_id),
kinds AS (
    SELECT entity_id, arg_min(type, (-n, type)) AS type
    FROM (SELECT entity_id, type, count(DISTINCT mention_id) AS n FROM entity_mentions GROUP BY entity_id, type)
    GROUP BY entity_id
),
aliases AS (SELECT entity_id, list(text ORDER BY n DESC, text) AS aliases FROM surfaces GROUP BY entity_id),
seen AS (
    SELECT entity_id, min(published_date) AS first_seen, max(published_date) AS last_seen,
        count(DISTINCT article_id) AS article_count
    FROM article_entities GROUP BY entity_id
)
SELECT kinds.entity_id, coalesce(known.type, kinds.type) AS type,
    coalesce(known.label_ar, CASE WHEN regexp_matches(fullest.label, '[ء-ي]') THEN fullest.label END) AS label_ar,
    coalesce(known.label_en, CASE WHEN NOT regexp_matches(fullest.label, '[ء-ي]') THEN fullest.label END) AS label_en,
    aliases.aliases, known.wikidata_id, known.geonames_id, known.iso_code,
    seen.first_seen, seen.last_seen, coalesce(seen.article_count, 0) AS article_count
FROM kinds
JOIN fullest USING (entity_id)
JOIN aliases USING (entity_id)
LEFT JOIN seen USING (entity_id)
LEFT JOIN known_entities AS known USING (entity_id)
ORDER BY kinds.entity_id
"""


def build_entities(con: duckdb.DuckDBPyConnection) -> pa.Table:
    """Builds the dimension.

    Args:
        con: A connection with ``entity_mentions`` and ``article_entities``, columns as in the contract.

    Returns:
        ``entities``, one row per entity_id in ``entity_mentions``, ordered by it. ``label_ar`` is the lexicon's, else
        the fullest form most articles use; aliases are surface forms by frequency, ties by text.
    """
    schema = contract.TABLES["entities"].schema
    con.register("known_entities", _known(con))
    try:
        return con.sql(_BUILD).to_arrow_table().select(schema.names).cast(schema)
    finally:
        con.unregister("known_entities")


def _known(con: duckdb.DuckDBPyConnection) -> pa.Table:
    """What the lexicon knows of the entities mentioned: with imported names it may know millions more."""
    names = ("entity_id", "type", "label_ar", "label_en", "wikidata_id", "geonames_id", "iso_code")
    mentioned = [entity_id for (entity_id,) in con.sql("SELECT DISTINCT entity_id FROM entity_mentions").fetchall()]
    rows = lexicon_entities(mentioned)
    return pa.table({name: pa.array([row[name] for row in rows], pa.string()) for name in names})
