from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from hypothesis import given, settings
from hypothesis import strategies as st

from news_pipeline import contract
from news_pipeline.topics.rollup import TERMS_LOOKBACK_DAYS, roll_up, tag_topic_id
from news_pipeline.topics.terms import term_key
from news_pipeline_tests.topics.fixtures import FIRST, article, articles, link, links, worlds

DAY = date(2024, 3, 1)


def between(table: pa.Table, first: date, last: date) -> pa.Table:
    day = table["published_date"]
    return table.filter(pc.and_(pc.greater_equal(day, pa.scalar(first)), pc.less_equal(day, pa.scalar(last))))


def rolled(
    rows: list[dict[str, object]], link_rows: list[dict[str, object]], first: date, last: date, threads: int = 1
) -> pa.Table:
    window = between(articles(*rows), first - timedelta(TERMS_LOOKBACK_DAYS), last)
    return roll_up(window, between(links(*link_rows), first, last), first, last, threads=threads)


def by_topic(table: pa.Table) -> dict[str, dict[str, Any]]:
    return {row["topic_id"]: row for row in table.to_pylist()}


def test_copies_count_as_articles_but_not_as_texts() -> None:
    rows = [
        article("a", DAY, story_id="s", tags=["النفط"]),
        article("b", DAY, story_id="s", tags=["نفط"], copy_of="a", source_name="آخر"),
        article("c", DAY, story_id="s", tags=["النفط"], copy_of="older", source_name="ثالث"),
        article("d", DAY, story_id="t"),
    ]
    topic = by_topic(rolled(rows, [], DAY, DAY))["s"]
    assert (topic["article_count"], topic["text_count"], topic["source_count"], topic["share"]) == (3, 2, 3, 0.75)


def test_every_kind_of_topic_is_counted() -> None:
    subject = {"topic_id": "medtop:15000000", "score": 0.9, "evidence": ["مباراة"]}
    rows = [article("a", DAY, story_id="s", tags=["كأس العالم", "كَأْس العالم"], subjects=[subject])]
    table = rolled(rows, [link("a", DAY, "Q7")], DAY, DAY)
    assert {(row["topic_id"], row["topic_kind"]) for row in table.to_pylist()} == {
        ("medtop:15000000", "subject"),
        ("Q7", "entity"),
        ("tag:كاس_العالم", "tag"),
        ("s", "story"),
    }
    assert set(table["article_count"].to_pylist()) == {1}
    assert table.schema == contract.TABLES["daily_topics"].schema


def test_top_entities_leave_out_the_topic_itself_and_put_the_widest_first() -> None:
    rows = [article(name, DAY, story_id="s") for name in "abc"]
    link_rows = [link(name, DAY, "Q1") for name in "abc"]
    link_rows += [link("a", DAY, "Q2", mention_count=9), link("b", DAY, "Q3"), link("c", DAY, "Q3")]
    topics = by_topic(rolled(rows, link_rows, DAY, DAY))
    assert [entity["entity_id"] for entity in topics["Q1"]["top_entities"]] == ["Q3", "Q2"]
    assert topics["s"]["top_entities"][0] == {"entity_id": "Q1", "label": "اسم Q1", "article_count": 3}


def test_headlines_come_from_distinct_stories_and_outlets() -> None:
    tagged: dict[str, object] = {"tags": ["قمح"]}
    rows = [
        article("a", DAY, story_id="s1", title="نسخة", copy_of="x", source_name="أ", **tagged),
        article("b", DAY, story_id="s1", title="أصل", source_name="أ", **tagged),
        article("c", DAY, story_id="s2", title="ثانية من أ", source_name="أ", **tagged),
        article("d", DAY, story_id="s3", title="من ب", source_name="ب", **tagged),
        article("e", DAY, story_id="s4", title=" ", source_name="ج", **tagged),
    ]
    headlines = by_topic(rolled(rows, [], DAY, DAY))["tag:قمح"]["headlines"]
    assert [headline["title"] for headline in headlines] == ["أصل", "من ب", "ثانية من أ"]


def test_top_terms_are_words_as_written_that_set_the_day_off() -> None:
    before = [
        article(f"old{n}", DAY - timedelta(n + 1), title="أسعار القمح", body="أسعار القمح في السوق") for n in range(9)
    ]
    today = [
        article(
            name,
            DAY,
            story_id="s",
            title="عاصفة تغلق الميناء",
            body="وقال القبطان إن العاصفة أغلقت الميناء 24 ساعة وأثرت في أسعار القمح",
        )
        for name in "abc"
    ]
    terms = [term["term"] for term in by_topic(rolled(before + today, [], DAY, DAY))["s"]["top_terms"]]
    assert "الميناء" in terms[:3]
    assert terms.index("القبطان") < terms.index("القمح")
    assert not {"24", "وقال", "في", "ساعة"} & set(terms)


def test_spellings_of_a_word_share_a_key_and_function_words_have_none() -> None:
    assert term_key("والحكومة") == term_key("الحُكومه") == term_key("حكومة") == term_key("للحكومة") == "حكومه"
    assert [term_key(word) for word in ("ومن", "قال", "2024", "في", "the", "أن")] == [None] * 6


def test_tags_without_a_word_are_no_topic() -> None:
    assert tag_topic_id(" #! ") is None
    assert by_topic(rolled([article("a", DAY, tags=["", "#", None])], [], DAY, DAY)).keys() == {"story-a"}


def test_days_without_articles_give_no_rows() -> None:
    assert roll_up(contract.empty("articles"), contract.empty("article_entities"), DAY, DAY) == contract.empty(
        "daily_topics"
    )
    old = [article("a", DAY - timedelta(3))]
    assert rolled(old, [], DAY, DAY).num_rows == 0


@settings(max_examples=8, deadline=None)
@given(worlds(), st.integers(0, 12))
def test_a_day_is_the_same_in_whatever_range_it_is_rolled_up(world: Any, start: int) -> None:
    rows, link_rows = world
    first = FIRST + timedelta(28 + start - 12)
    last = first + timedelta(5)
    whole = rolled(rows, link_rows, first, last)
    days = [first + timedelta(n) for n in range(6)]
    assert whole.equals(pa.concat_tables(rolled(rows, link_rows, day, day) for day in days).combine_chunks())


@settings(max_examples=10, deadline=None)
@given(worlds(days=5), st.randoms(use_true_random=False))
def test_neither_order_of_rows_nor_threads_matter(world: Any, shuffle: random.Random) -> None:
    rows, link_rows = world
    last = FIRST + timedelta(4)
    once = rolled(rows, link_rows, FIRST, last)
    shuffle.shuffle(rows)
    shuffle.shuffle(link_rows)
    assert once.equals(rolled(rows, link_rows, FIRST, last, threads=2))
