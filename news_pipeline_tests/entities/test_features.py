"""Features of a word: its own alone, whichever words are worked out beside it."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from news_pipeline.entities.features import BUCKETS, FLAGS, NGRAMS, letter_ngrams, vocabulary_key, word_features
from news_pipeline.entities.words import vocabulary

SURFACES = ["وبيروت", "محمد", ".", "2024", "NATO", "\ud800", "\ue000", "ا" * 500, "ً", "للوزارة"]


@settings(deadline=None, max_examples=30)
@given(st.lists(st.sampled_from(SURFACES), min_size=1, max_size=8))
def test_features_are_the_words_own(surfaces: list[str]) -> None:
    known = vocabulary()
    words = [known.words[known[surface]] for surface in surfaces]
    places = {"محمد": 2, "بيروت": 3}
    together = word_features(words, places)
    assert together.flags.shape == (len(words), FLAGS)
    assert set(np.unique(together.flags)) <= {0, 1}
    for i, word in enumerate(words):
        for whole, alone in zip(together, word_features([word], places), strict=True):
            assert (whole[i] == alone[0]).all()


def test_a_joined_particle_leaves_the_stem() -> None:
    known = vocabulary()
    features = word_features([known.words[known["وبيروت"]]], {"بيروت": 2})
    assert (features.keys[0], features.stems[0]) == (1, 2)


@given(st.lists(st.text(max_size=40), min_size=1, max_size=5))
def test_letters_fall_in_buckets(keys: list[str]) -> None:
    buckets = letter_ngrams(keys)
    assert buckets.shape == (len(keys), NGRAMS)
    assert 0 <= buckets.min() <= buckets.max() < BUCKETS


def test_numbers_count_by_length() -> None:
    assert vocabulary_key("2024") == vocabulary_key("1999") == "0000"
    assert vocabulary_key("1234567") == "00000"
