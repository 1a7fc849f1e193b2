from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news_pipeline.arabic.clitics import proclitic_splits, strip_article

ALPHABET = "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيپچڤگ"


@pytest.mark.parametrize(
    ("key", "wanted"),
    [
        ("وروسيا", (1, "روسيا")),
        ("بجمهوريه", (1, "جمهوريه")),
        ("وبالكويت", (2, "الكويت")),
        ("للكويت", (1, "الكويت")),
        ("وللكويت", (2, "الكويت")),
        ("للبنان", (1, "لبنان")),
        ("لليبيا", (1, "ليبيا")),
        ("للغه", (1, "اللغه")),
        ("فمصر", (1, "مصر")),
    ],
)
def test_the_word_behind_its_particles_is_proposed(key: str, wanted: tuple[int, str]) -> None:
    assert wanted in list(proclitic_splits(key))


@pytest.mark.parametrize("key", ["", "و", "وال", "بيت", "مصر", "الكويت"])
def test_words_without_particles_or_too_short_have_no_split(key: str) -> None:
    assert list(proclitic_splits(key)) == []


@given(st.text("وفبلكاسمر", max_size=8))
def test_splits_are_distinct_long_enough_and_ends_of_the_word(key: str) -> None:
    splits = list(proclitic_splits(key))
    assert len(set(splits)) == len(splits)
    assert [stripped for stripped, _ in splits] == sorted(stripped for stripped, _ in splits)
    for stripped, rest in splits:
        assert 1 <= stripped <= 2
        assert len(rest) >= 3
        assert rest.endswith(key[stripped:])
        assert rest[: len(rest) - len(key) + stripped] in ("", "ا", "ال")


@pytest.mark.parametrize(("key", "bare"), [("الكويت", "كويت"), ("الي", "الي"), ("البر", "البر"), ("كويت", "كويت")])
def test_the_article_is_stripped_where_three_letters_remain(key: str, bare: str) -> None:
    assert strip_article(key) == bare
