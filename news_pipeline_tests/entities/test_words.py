"""Tokens: every character that is no space lies in one, in order, at its own place."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from news_pipeline.arabic.keys import DROPPED
from news_pipeline.entities.words import read_words, stripped_length, tokenize_texts, vocabulary

LETTERS = st.text(st.sampled_from("ابتثجحولكمني ًـ.؟!،\n\t_aB9٣-«\u200b\u200d\ud800\ue000\U0001f600"), max_size=60)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.one_of(LETTERS, st.text(max_size=20)), max_size=6))
def test_tokens_cover_each_text_but_for_its_spaces(texts: list[str]) -> None:
    tokens = tokenize_texts(texts)
    assert tokens.bounds[0] == 0
    assert tokens.bounds[-1] == len(tokens.words)
    assert len(tokens.bounds) == len(texts) + 1
    known = vocabulary().words
    for number, text in enumerate(texts):
        first, behind = tokens.bounds[number : number + 2]
        at = 0
        for i in range(first, behind):
            start, end = int(tokens.starts[i]), int(tokens.ends[i])
            assert not text[at:start].strip()
            assert text[start:end] == known[tokens.words[i]].surface != ""
            at = end
        assert not text[at:].strip()


WORD_OR_MARK = re.compile(rf"[^\W_](?:[^\W_]|[{re.escape(DROPPED)}])*|[^\w\s]|_")


@settings(deadline=None, max_examples=100)
@given(st.one_of(LETTERS, st.text(max_size=40)))
def test_a_token_is_a_word_with_its_marks_or_one_mark(text: str) -> None:
    tokens = tokenize_texts([text])
    found = list(zip(tokens.starts.tolist(), tokens.ends.tolist(), strict=True))
    assert found == [match.span() for match in WORD_OR_MARK.finditer(text)]


def opened(*texts: str) -> list[str]:
    tokens = tokenize_texts(texts)
    return [vocabulary().words[place].surface for place in tokens.words[tokens.breaks].tolist()]


def test_sentences_end_at_stops_lines_and_texts() -> None:
    assert opened("وصل الوفد. غادر الوزير؟ نعم! بدأ\nانتهى", "عاد") == [*["وصل", "غادر", "نعم", "بدأ", "انتهى", "عاد"]]


def test_a_stop_within_a_word_or_number_ends_no_sentence() -> None:
    assert opened("بلغ 3.5 في المئة عبر example.com اليوم") == ["بلغ"]


def test_words_leave_out_punctuation_and_keep_places() -> None:
    words = read_words("قال: «لا»!")
    assert [words.text[a:b] for a, b in zip(words.starts, words.ends, strict=True)] == ["قال", "لا"]


def test_letters_stripped_are_counted_without_marks() -> None:
    assert stripped_length("وَبيروت", 1) == 2
    assert stripped_length("وبيروت", 1) == 1
