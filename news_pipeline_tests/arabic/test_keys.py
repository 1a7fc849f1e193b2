from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from news_pipeline.arabic.keys import DROPPED, FOLDS, norm_ar, word_key, word_keys

LETTERS = "".join(map(chr, (*range(0x20, 0x7F), *range(0x600, 0x700), *range(0xFB50, 0xFE00), *range(0xFE70, 0xFF00))))
TEXTS = st.text() | st.text(st.sampled_from(LETTERS + "\u200c\u200d\u200f\u00a0\u0301"))


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("أَحْمَد", "احمد"),
        ("إلى آخر القُرى", "الي اخر القري"),
        ("مـــصر", "مصر"),
        ("ﻣﺼﺮ ﻻ ﷲ", "مصر لا الله"),
        ("قره باغ", "قره باغ"),
        ("قرة باغ", "قره باغ"),
        ("مسؤول شؤون", "مسوول شوون"),
        ("کی", "كي"),
        ("٢٠٢٣ ۱۴۰۲", "2023 1402"),
        ("می\u200cرود", "مي رود"),
        ("\u200fمرحبا\u202c", "مرحبا"),
        ("  NATO\u00a0\n الناتو ", "nato الناتو"),
        ("", ""),
    ],
)
def test_one_spelling_for_all_ways_of_writing(written: str, key: str) -> None:
    assert norm_ar(written) == key


@given(TEXTS)
@example("e\u0640\u0301")
@example("J\u030c")
@example("\u0130")
@example("ا\u064e\u0654")
def test_the_key_of_a_key_is_the_key(text: str) -> None:
    assert norm_ar(norm_ar(text)) == norm_ar(text)
    assert word_key(word_key(text)) == word_key(text)


@given(TEXTS)
def test_a_key_holds_nothing_that_is_dropped_or_folded(text: str) -> None:
    key = norm_ar(text)
    assert not set(key) & set(DROPPED)
    assert not set(key) & set(FOLDS)
    assert key == " ".join(key.split())


@given(
    st.lists(st.sampled_from("ابتكليهوم"), min_size=1),
    st.lists(st.sampled_from("\u064e\u0650\u0651\u0640\u0670\u200f")),
)
def test_diacritics_never_change_a_key(letters: list[str], marks: list[str]) -> None:
    vowelled = "".join(letter + "".join(marks) for letter in letters)
    assert norm_ar(vowelled) == norm_ar("".join(letters))


def test_a_fold_is_one_letter_for_one_and_settled() -> None:
    assert all(len(written) == len(key) == 1 for written, key in FOLDS.items())
    assert not set(FOLDS.values()) & (set(FOLDS) | set(DROPPED))
    assert not set(FOLDS) & set(DROPPED)


def test_word_key_is_blind_to_punctuation() -> None:
    assert word_key("«الأمم المتّحدة»، (نيويورك)_1") == "الامم المتحده نيويورك 1"
    assert word_key("؟!") == ""


@given(st.lists(TEXTS))
@example(["\u03a3\u03a3", "a"])
@example(["\U0001f600 خبر", "\U0001d400"])
@example(["\ue000", "x\ue000y"])
@example(["\ud800"])
@example(["\u0301", "e\u0301"])
@example([])
def test_texts_have_the_same_keys_together_as_alone(texts: list[str]) -> None:
    assert word_keys(texts) == [word_key(text) for text in texts]
