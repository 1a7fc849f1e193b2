from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from news_pipeline.arabic.keys import DROPPED, FOLDS, norm_ar, word_key
from news_pipeline.warehouse.macros import SCALAR_MACROS
from news_pipeline.warehouse.views import connect
from news_pipeline_tests.warehouse import archive

ARABIC = (
    [
        chr(code)
        for first, last in ((0x600, 0x6FF), (0x750, 0x77F), (0xFB50, 0xFDFF), (0xFE70, 0xFEFF))
        for code in range(first, last + 1)
    ]
    + list(DROPPED)
    + list(FOLDS)
    + list(" \t\n\u00a0\u2003\u2028.,،؛؟…-_%'\"\\abzAZÉéİ0٣۳½\u0301\u200c\u200d")
)


@pytest.fixture(scope="module")
def scalar() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        for macro in SCALAR_MACROS:
            connection.execute(macro.sql)
        yield connection


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    with connect(archive.build(tmp_path_factory.mktemp("data"))) as connection:
        yield connection


def rows(connection: duckdb.DuckDBPyConnection, sql: str, *parameters: object) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = connection.sql(sql, params=list(parameters)).to_arrow_table().to_pylist()
    return found


def in_sql(connection: duckdb.DuckDBPyConnection, macro: str, texts: list[str]) -> list[str]:
    connection.register("texts", pa.table({"written": texts}))
    return [key for (key,) in connection.execute(f"SELECT {macro}(written) FROM texts").fetchall()]


def test_norm_ar_equals_pythons_for_every_letter(scalar: duckdb.DuckDBPyConnection) -> None:
    # Alone and between others, without what the two Unicode versions may not yet share.
    letters = [
        chr(code)
        for code in range(1, 0x1F000)
        if not 0xD800 <= code < 0xE000 and unicodedata.category(chr(code)) != "Cn"
    ]
    texts = [f"ا{letter}b" for letter in letters]
    keys = in_sql(scalar, "norm_ar", texts)
    assert [(t, k) for t, k in zip(texts, keys, strict=True) if k != norm_ar(t)] == []


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.sampled_from(ARABIC), max_size=20), min_size=1, max_size=50))
def test_norm_ar_and_word_key_equal_pythons(scalar: duckdb.DuckDBPyConnection, texts: list[str]) -> None:
    assert in_sql(scalar, "norm_ar", texts) == [norm_ar(text) for text in texts]
    assert in_sql(scalar, "word_key", texts) == [word_key(text) for text in texts]


def test_norm_ar_of_nothing(scalar: duckdb.DuckDBPyConnection) -> None:
    assert scalar.execute("SELECT norm_ar(NULL), norm_ar(''), norm_ar('ﻻ ﷲ')").fetchone() == (None, "", "لا الله")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("الكويت", ["كويت"]),
        ("للكويت وبالكويت والكويت", ["كويت"]),
        ("بوتين والي الله", ["بوتين", "والي", "الله"]),
        ("  ", []),
        ("a b c d e f g h i j", list("abcdefgh")),
    ],
)
def test_search_words(scalar: duckdb.DuckDBPyConnection, query: str, words: list[str]) -> None:
    assert scalar.execute("SELECT search_words(?)", [query]).fetchone() == (words,)


@pytest.mark.parametrize(
    ("word", "text", "is_met"),
    [
        ("كويت", "زار الكويت", True),
        ("كويت", "وَلِلكُوَيْـت،", True),
        ("كويت", "(بالكويت)", True),
        ("كويت", "الكويتي", False),
        ("كويت", "سكويت", False),
        ("كتاب", "كتاب", True),
        ("كتاب", "والكتاب", True),
        ("قره", "قرة باغ", True),
        ("علي", "على", True),
        ("دم", "بدم", False),
        ("دم", "الدم", True),
        ("nato", "NATO", True),
        ("ناتو", "ﻧﺎﺗﻮ", True),
        ("50", "٥٠", True),
    ],
)
def test_a_word_is_met_in_any_spelling(scalar: duckdb.DuckDBPyConnection, word: str, text: str, is_met: bool) -> None:
    assert scalar.execute("SELECT regexp_matches(?, search_pattern(?))", [text, word]).fetchone() == (is_met,)


def test_search_finds_titles_first_and_shows_the_text_as_written(warehouse: duckdb.DuckDBPyConnection) -> None:
    found = rows(warehouse, "FROM search_articles('كويت')")
    assert [row["article_id"] for row in found] == ["a1", "a2"]
    assert found[0]["score"] > found[1]["score"] > 0
    assert "الكُوَيْت" in found[1]["snippet"]
    assert list(found[0]) == ["article_id", "published_date", "source_name", "title", "score", "snippet", "copy_of"]


def test_search_wants_every_word(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert [row["article_id"] for row in rows(warehouse, "FROM search_articles(?)", "وزير الكويت")] == ["a2"]
    assert rows(warehouse, "FROM search_articles('الكويت طوكيو')") == []


@pytest.mark.parametrize("query", ["", "؟!", "a' OR 1=1 --", "[x (?:\\"])
def test_search_takes_any_query(warehouse: duckdb.DuckDBPyConnection, query: str) -> None:
    assert rows(warehouse, "FROM search_articles(?)", query) == []


def test_a_snippet_is_cut_at_words(tmp_path: Path) -> None:
    body = " ".join(["كلمة"] * 100 + ["الهدف"] + ["تتمة"] * 100)
    archive.write(
        tmp_path, "articles", [{"article_id": "a", "published_date": archive.DAY, "body": body, "word_count": 201}]
    )
    with connect(tmp_path) as connection:
        (row,) = rows(connection, "FROM search_articles('الهدف')")
    assert row["snippet"].startswith("…كلمة ")
    assert row["snippet"].endswith(" تتمة…")
    assert " الهدف " in row["snippet"]


@pytest.mark.parametrize("day", ["'2023-09-20'", "DATE '2023-09-20'", "TIMESTAMP '2023-09-20 10:00:00'"])
def test_trending_orders_by_burst(warehouse: duckdb.DuckDBPyConnection, day: str) -> None:
    found = rows(warehouse, f"FROM trending({day})")
    assert [(row["topic_id"], row["trend"], row["article_count"]) for row in found] == [
        ("s1", "new", 1),
        ("Q817", "growing", 2),
        ("s0", "quiet", 0),
    ]
    assert [row["label"] for row in found] == ["الكويت توقع اتفاقاً مع مصر", "الكويت", "s0"]
    assert found[1]["headlines"][0]["article_id"] == "a1"
    assert found[2]["headlines"] is None


@pytest.mark.parametrize("topic", ["Q817", "الكويت", "الكُويت", "kuwait"])
def test_topic_timeline_takes_an_id_or_a_label(warehouse: duckdb.DuckDBPyConnection, topic: str) -> None:
    found = rows(warehouse, "FROM topic_timeline(?)", topic)
    assert [(row["published_date"], row["article_count"], row["trend"]) for row in found] == [
        (archive.DAY, 2, "growing"),
        (archive.NEXT_DAY, 0, "fading"),
    ]


@pytest.mark.parametrize("entity", ["Q817", "الكويت", "Kuwait", "دولة الكويت"])
def test_entity_timeline_takes_an_id_a_label_or_an_alias(warehouse: duckdb.DuckDBPyConnection, entity: str) -> None:
    assert rows(warehouse, "FROM entity_timeline(?)", entity) == [
        {
            "published_date": archive.DAY,
            "entity_id": "Q817",
            "label": "الكويت",
            "article_count": 2,
            "text_count": 2,
            "source_count": 2,
            "mention_count": 3,
            "title_count": 1,
            "share": 1.0,
        }
    ]


def test_timelines_of_the_unknown_are_empty(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert rows(warehouse, "FROM entity_timeline('أطلنطس')") == []
    assert rows(warehouse, "FROM topic_timeline('أطلنطس')") == []


def test_explain_opens_an_entity_down_to_its_mentions(warehouse: duckdb.DuckDBPyConnection) -> None:
    found = rows(warehouse, "FROM explain_topic('2023-09-20', 'Q817')")
    assert [(row["article_id"], row["page_id"], row["file"], row["topic_kind"]) for row in found] == [
        ("a1", "p1", "p1.txt", "entity"),
        ("a2", "p2", "p2.txt", "entity"),
    ]
    spans = [(item["field"], item["char_start"], item["char_end"], item["text"]) for item in found[0]["evidence"]]
    assert spans == [("title", 0, 6, "الكويت"), ("body", 5, 11, "الكويت")]


@pytest.mark.parametrize(
    ("topic", "kind", "texts"),
    [
        ("medtop:04000000", "subject", ["اتفاقا", "للتجارة"]),
        ("tag:اتفاق_التجاره", "tag", ["اتفاق التجارة"]),
        ("s1", "story", ["الكويت توقع اتفاقاً مع مصر"]),
    ],
)
def test_explain_opens_every_kind_of_topic(
    warehouse: duckdb.DuckDBPyConnection, topic: str, kind: str, texts: list[str]
) -> None:
    (row,) = rows(warehouse, "FROM explain_topic(?, ?)", archive.DAY, topic)
    assert (row["article_id"], row["topic_kind"]) == ("a1", kind)
    assert [item["text"] for item in row["evidence"]] == texts
