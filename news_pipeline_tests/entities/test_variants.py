"""Spellings of a foreign name meet; Arabic names that a vowel tells apart do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news_pipeline.entities.variants import skeleton


@pytest.mark.parametrize(
    "spellings",
    ["زيلينسكي زيلنسكي", "غوتيريش جوتيريش غوتيرش", "بلينكن بلينكين", "نتنياهو نتانياهو", "macron makron"],
)
def test_spellings_of_a_foreign_name_meet(spellings: str) -> None:
    assert len({skeleton(key) for key in spellings.split()}) == 1


@pytest.mark.parametrize("names", ["سالم سليم", "حسن حسين", "كامل كمال"])
def test_arabic_names_that_a_vowel_tells_apart_stay_apart(names: str) -> None:
    one, other = names.split()
    assert skeleton(one) != skeleton(other)


@given(st.text(st.sampled_from("ابتثجحخدذرزسشصضطظعغفقكلمنهويء"), max_size=12) | st.text("abcqzvwyjh", max_size=9))
def test_a_skeleton_is_its_own(key: str) -> None:
    assert skeleton(skeleton(key)) == skeleton(key)
