"""The dimension of topics: every topic of the archive once, with labels.

Belongs here: naming topics. Does not belong here: counting them, reading or writing files.
"""

from __future__ import annotations

import duckdb
import pyarrow as pa

from news_pipeline import contract
from news_pipeline.topics.rollup import tag_topic_id
from news_pipeline.topics.subjects import top_concepts

_ARABIC = "[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff]"

# Labels by script: what holds an Arabic letter is an Arabic label, whatever the language of its page.
_TOPICS_SQL = """
WITH met AS (
    SELECT DISTINCT topic_id, topic_kind FROM daily_topics WHERE topic_kind <> 'subject'
),
tag_labels AS (
    SELECT
        topic_id,
        arg_min(label, (-uses, label)) FILTER (regexp_matches(label, $arabic)) AS label_ar,
        arg_min(label, (-uses, label)) FILTER (NOT regexp_matches(label, $arabic)) AS label_en
    FROM (
        SELECT topic_id, trim(tag) AS label, sum(uses)::BIGINT AS uses
        FROM topic_tag_uses
        GROUP BY topic_id, trim(tag)
    )
    GROUP BY topic_id
),
story_labels AS (
    SELECT
        topic_id,
        if(regexp_matches(label, $arabic), label, NULL) AS label_ar,
        if(regexp_matches(label, $arabic), NULL, label) AS label_en
    FROM (
        SELECT story_id AS topic_id, title AS label
        FROM articles
        WHERE trim(title) <> ''
        QUALIFY row_number() OVER (
            PARTITION BY story_id ORDER BY published_date, published_at NULLS LAST, article_id
        ) = 1
    )
),
labels AS (
    SELECT entity_id AS topic_id, 'entity' AS topic_kind, label_ar, label_en FROM entities
    UNION ALL
    SELECT topic_id, 'tag', label_ar, label_en FROM tag_labels
    UNION ALL
    SELECT topic_id, 'story', label_ar, label_en FROM story_labels
)
SELECT topic_id, 'subject' AS topic_kind, label_ar, label_en, NULL::VARCHAR AS parent_id FROM top_concepts
UNION ALL
SELECT topic_id, topic_kind, label_ar, label_en, NULL FROM met LEFT JOIN labels USING (topic_id, topic_kind)
ORDER BY topic_id, topic_kind
"""


def build_topics(con: duckdb.DuckDBPyConnection) -> pa.Table:
    """Names every topic of the archive.

    Args:
        con: Connection with views or tables ``daily_topics``, ``articles`` and ``entities`` as the contract has them.

    Returns:
        Rows of contract table ``topics`` by id: all subjects, met or not, and the entities, tags and stories of
        ``daily_topics``. A tag is labelled by its most frequent written form, a story by the title of its earliest
        titled article; what is unknown stays null.
    """
    uses = con.execute(
        "SELECT tag, count(*) FROM (SELECT unnest(tags) AS tag FROM articles) WHERE tag IS NOT NULL "
        "GROUP BY tag ORDER BY tag"
    ).fetchall()
    rows = [(topic_id, tag, count) for tag, count in uses if (topic_id := tag_topic_id(tag))]
    con.register(
        "topic_tag_uses",
        pa.table(
            {
                "topic_id": pa.array([row[0] for row in rows], pa.string()),
                "tag": pa.array([row[1] for row in rows], pa.string()),
                "uses": pa.array([row[2] for row in rows], pa.int64()),
            }
        ),
    )
    names = ("topic_id", "label_ar", "label_en")
    con.register("top_concepts", pa.table(dict(zip(names, zip(*top_concepts(), strict=True), strict=True))))
    try:
        table = con.sql(_TOPICS_SQL, params={"arabic": _ARABIC}).to_arrow_table()
    finally:
        con.unregister("topic_tag_uses")
        con.unregister("top_concepts")
    return table.cast(contract.TABLES["topics"].schema)
