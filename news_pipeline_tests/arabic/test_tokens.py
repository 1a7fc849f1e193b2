from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from news_pipeline.arabic.keys import norm_ar
from news_pipeline.arabic.tokens import tokenize, words
from news_pipeline_tests.arabic.test_keys import TEXTS


def test_words_with_their_marks_and_places() -> None:
    text = "قالَ د. مُحَمَّد: «٢٥٪ من NATO»"
    assert [(text[t.start : t.end], t.key) for t in tokenize(text)] == [
        ("قالَ", "قال"),
        ("د", "د"),
        ("مُحَمَّد", "محمد"),
        ("٢٥", "25"),
        ("من", "من"),
        ("NATO", "nato"),
    ]


@given(TEXTS)
@example("ـــ")
@example("ﹰ")
def test_tokens_lie_in_order_in_the_text_and_each_has_a_key(text: str) -> None:
    tokens = tokenize(text)
    ends = [0, *(token.end for token in tokens)]
    for previous, token in zip(ends, tokens, strict=False):
        assert previous <= token.start < token.end <= len(text)
        assert token.key == norm_ar(text[token.start : token.end]) != ""
    assert words(text) == [text[token.start : token.end] for token in tokens]


@given(TEXTS)
def test_no_letter_that_a_key_keeps_is_lost(text: str) -> None:
    inside = {place for token in tokenize(text) for place in range(token.start, token.end)}
    for place, letter in enumerate(text):
        if letter.isalnum() and norm_ar(letter):
            assert place in inside


@given(TEXTS, TEXTS)
def test_texts_side_by_side_have_the_tokens_of_both(left: str, right: str) -> None:
    shift = len(left) + 1
    both = tokenize(left) + [
        token._replace(start=token.start + shift, end=token.end + shift) for token in tokenize(right)
    ]
    assert tokenize(f"{left}\n{right}") == both


@pytest.mark.parametrize("text", ["", " ", "،؛؟ …", "ـ ـــ", "\u064e", "\u200f\u200c"])
def test_what_holds_no_word_has_no_token(text: str) -> None:
    assert tokenize(text) == []


@pytest.mark.parametrize("word", ["cafés", "القُرْآن", "ٱلۡحَمۡدُ", "رَحۡمَٰن"])
def test_a_word_stays_whole_however_its_marks_are_encoded(word: str) -> None:
    for form in ("NFC", "NFD"):
        assert len(words(unicodedata.normalize(form, word))) == 1


@given(st.lists(st.text("ابتثجح", min_size=1)))
def test_words_of_plain_text_are_its_parts(parts: list[str]) -> None:
    assert words(" ".join(parts)) == parts
