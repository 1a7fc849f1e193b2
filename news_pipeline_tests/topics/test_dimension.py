from __future__ import annotations

from datetime import date
from typing import Any

import duckdb
import pytest

from news_pipeline import contract
from news_pipeline.topics.dimension import build_topics
from news_pipeline.topics.rollup import roll_up
from news_pipeline_tests.topics.fixtures import article, articles, link, links

DAY = date(2024, 3, 1)


@pytest.fixture
def dimension() -> dict[str, dict[str, Any]]:
    table = articles(
        article("b", DAY, story_id="s", title="العنوان اللاحق", tags=["القمح", "Wheat!"]),
        article("a", DAY, story_id="s", title="العنوان الأول", tags=["قمح", "القمح"]),
        article("c", DAY, story_id="t", title="Late trains", tags=["wheat", "wheat!"]),
    )
    rolled = roll_up(table, links(link("a", DAY, "Q1"), link("a", DAY, "Q2")), DAY, DAY)
    entity = {"entity_id": "Q1", "type": "PER", "label_ar": "اسم", "label_en": "Name", "article_count": 1}
    with duckdb.connect() as con:
        con.register("daily_topics", rolled)
        con.register("articles", table)
        con.register("entities", contract.from_rows("entities", [entity]))
        found = build_topics(con)
    assert found.schema == contract.TABLES["topics"].schema
    ids = found["topic_id"].to_pylist()
    assert ids == sorted(ids, key=lambda text: text.encode())
    return {row["topic_id"]: row for row in found.to_pylist()}


def test_all_subjects_are_there_met_or_not(dimension: dict[str, dict[str, Any]]) -> None:
    assert sum(row["topic_kind"] == "subject" for row in dimension.values()) == 17
    assert dimension["medtop:15000000"]["label_en"] == "sport"


def test_entities_carry_the_labels_known_of_them(dimension: dict[str, dict[str, Any]]) -> None:
    assert (dimension["Q1"]["label_ar"], dimension["Q1"]["label_en"]) == ("اسم", "Name")
    assert (dimension["Q2"]["label_ar"], dimension["Q2"]["topic_kind"]) == (None, "entity")


def test_tags_are_labelled_by_their_most_frequent_form(dimension: dict[str, dict[str, Any]]) -> None:
    assert dimension["tag:القمح"]["label_ar"] == "القمح"
    assert dimension["tag:wheat"] == {
        "topic_id": "tag:wheat",
        "topic_kind": "tag",
        "label_ar": None,
        "label_en": "Wheat!",
        "parent_id": None,
    }


def test_a_story_is_labelled_by_its_founding_headline(dimension: dict[str, dict[str, Any]]) -> None:
    assert dimension["s"]["label_ar"] == "العنوان الأول"
    assert (dimension["t"]["label_ar"], dimension["t"]["label_en"]) == (None, "Late trains")
