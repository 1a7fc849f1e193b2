"""The tables built from mentions: counts per article, and the dimension of entities."""

from __future__ import annotations

import datetime as dt

import duckdb
import pyarrow as pa
import pytest

from news_pipeline import contract
from news_pipeline.entities.article_entities import count_entities
from news_pipeline.entities.dimension import build_entities
from news_pipeline.entities.recognise import recognise_articles

FIRST, LAST = dt.date(2024, 3, 5), dt.date(2024, 3, 9)


def _article(article_id: str, day: dt.date, title: str, body: str, tags: list[str]) -> dict[str, object]:
    return {
        "article_id": article_id,
        "page_id": f"page of {article_id}",
        "article_index": 0,
        "dump": "d1",
        "published_date": day,
        "title": title,
        "body": body,
        "tags": tags,
        "language": "ar",
    }


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    articles = pa.Table.from_pylist(
        [
            _article("a", FIRST, "روسيا تنفي", "زار سمير البلقاني روسيا. وعاد البلقاني من روسيا.", ["باكو"]),
            _article("b", LAST, "خبر", "حضر الشيخ سمير البلقاني إلى باكو.", []),
        ]
    )
    mentions = recognise_articles(articles)["entity_mentions"]
    connection = duckdb.connect()
    day_articles = articles.select(["article_id", "published_date", "page_id", "article_index"])
    again = mentions.set_column(
        mentions.schema.get_field_index("page_id"),
        mentions.schema.field("page_id"),
        pa.repeat("another", len(mentions)),
    )
    connection.register("day_articles", day_articles)
    connection.register("day_mentions", pa.concat_tables([again, mentions]))
    connection.register("entity_mentions", mentions)
    return connection


def test_counts_an_article_once_on_however_many_pages_it_stands(con: duckdb.DuckDBPyConnection) -> None:
    table = count_entities(con)
    assert table.schema == contract.TABLES["article_entities"].schema
    rows = {(row["article_id"], row["label"]): row for row in table.to_pylist()}
    russia = rows["a", "روسيا"]
    assert (russia["entity_id"], russia["mention_count"], russia["in_title"], russia["first_char"]) == (
        "Q159",
        3,
        True,
        18,
    )
    person = rows["a", "سمير البلقاني"]
    assert (person["type"], person["mention_count"], person["in_title"]) == ("PER", 2, False)
    tagged = rows["a", "باكو"]
    assert (tagged["mention_count"], tagged["first_char"], tagged["in_title"]) == (0, None, False)
    order = [(row["published_date"], row["article_id"], row["entity_id"]) for row in table.to_pylist()]
    assert order == sorted(order)


def test_dimension_has_one_row_per_entity_with_labels_and_dates(con: duckdb.DuckDBPyConnection) -> None:
    con.register("article_entities", count_entities(con))
    table = build_entities(con)
    assert table.schema == contract.TABLES["entities"].schema
    rows = {row["label_ar"]: row for row in table.to_pylist()}
    assert set(rows) == {"روسيا", "باكو", "سمير البلقاني"}
    russia = rows["روسيا"]
    assert (russia["wikidata_id"], russia["iso_code"], russia["label_en"]) == ("Q159", "RU", "Russia")
    person = rows["سمير البلقاني"]
    assert person["aliases"] == ["سمير البلقاني", "البلقاني"]
    assert (person["first_seen"], person["last_seen"], person["article_count"]) == (FIRST, LAST, 2)
    assert person["entity_id"].startswith("local:")
    assert build_entities(con) == table


def test_nothing_found_gives_empty_tables() -> None:
    con = duckdb.connect()
    columns = ["article_id", "published_date", "page_id", "article_index"]
    con.register("day_articles", contract.empty("articles").select(columns))
    con.register("day_mentions", contract.empty("entity_mentions"))
    con.register("entity_mentions", contract.empty("entity_mentions"))
    con.register("article_entities", count_entities(con))
    assert build_entities(con).num_rows == 0
