"""Tag lines with and without separators."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news_pipeline.arabic.keys import word_key
from news_pipeline.pages.tags import split_tags, unsupported_tags

ARTICLE = word_key(
    "افتتح وزير النقل جسر الوادي الكبير في مدينة الزهراء. وقال وزير النقل إن جسر الوادي الكبير آمن للمشاة"
)


@pytest.mark.parametrize(
    "text",
    [
        "سفر، جسر الوادي، نقل",
        "سفر | جسر الوادي | نقل",
        "#سفر #جسر_الوادي #نقل",
        "سفر\nجسر الوادي\nنقل",
        "سفر; جسر الوادي; نقل",
    ],
)
def test_separators(text: str) -> None:
    assert split_tags(text, ARTICLE) == ["سفر", "جسر الوادي", "نقل"]


def test_words_side_by_side_in_the_article_belong_together() -> None:
    text = "مدينة الزهراء وزير النقل جسر الوادي الكبير"
    assert split_tags(text, ARTICLE) == ["مدينة الزهراء", "وزير النقل", "جسر الوادي الكبير"]


def test_names_the_article_does_not_mention_come_in_pairs() -> None:
    assert split_tags("وزير النقل سامي مردوخيان المشاة", ARTICLE) == ["وزير النقل", "سامي مردوخيان", "المشاة"]


def test_known_names_stay_whole() -> None:
    assert split_tags("النقل لجنة أطباء البحر المشاة", ARTICLE, {word_key("لجنة أطباء البحر")}) == [
        "النقل",
        "لجنة أطباء البحر",
        "المشاة",
    ]


def test_unsupported_tags_are_those_the_article_does_not_mention() -> None:
    assert unsupported_tags(["النقل", "للمشاة", "زلزال", "بالزهراء"], ARTICLE) == ["زلزال"]


@given(st.text(alphabet="ابتثج د،#_- \n", max_size=40))
def test_no_letter_is_invented_and_no_tag_twice(text: str) -> None:
    tags = split_tags(text, ARTICLE)
    keys = [word_key(tag) for tag in tags]
    assert len(set(keys)) == len(keys)
    assert all(keys)
    assert set("".join(keys).replace(" ", "")) <= set(word_key(text).replace(" ", ""))
