"""The tagger: exact whole numbers, so that a text is read alike wherever it stands, and the best tags of all."""

from __future__ import annotations

import itertools
import zipfile
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from news_pipeline.entities.features import NGRAMS
from news_pipeline.entities.tagger import (
    _BLOCK,
    _REMEMBERED,
    _STEPS,
    ALLOWED,
    OPENS,
    TAGS,
    best_tags,
    read_model,
    save_model,
    tagger,
)
from news_pipeline.entities.words import tokenize_texts, vocabulary

TEXTS = [
    "قال الرئيس الفرنسي إيمانويل ماكرون في باريس اليوم إن بلاده مستعدة. وصل الوزير إلى عمان.",
    "أعلنت وزارة الخارجية الأردنية أن الوفد يزور بغداد غدا",
    "",
    "... !! «»",
    "\ud800 \ue000 \u200b\u200d زيارة \u202eكلمة",
    "ا" * 3000,
    "ارتفعت الأسعار في الأسواق المحلية هذا الأسبوع\nوذكر سمير الخوري ذلك",
]
LIMIT = 2**24
"""Up to here float32 holds every whole number."""


def read(texts: list[str]) -> list[list[tuple[int, int, str, float]]]:
    """The names of each text, by place in its own tokens."""
    tokens = tokenize_texts(texts)
    names = tagger().names(tokens, [])
    bounds = tokens.bounds.tolist()
    return [
        [(n.first - a, n.behind - a, n.type, n.certainty) for n in names if a <= n.first < b]
        for a, b in itertools.pairwise(bounds)
    ]


ALONE = {text: read([text])[0] for text in TEXTS}


@settings(deadline=None, max_examples=40)
@given(st.lists(st.sampled_from(TEXTS), max_size=8), st.booleans())
def test_a_text_is_read_alike_whatever_stands_beside_it(texts: list[str], forgetful: bool) -> None:
    if forgetful:
        vocabulary.cache_clear()
    assert read(texts) == [ALONE[text] for text in texts]


def test_a_text_is_read_alike_wherever_a_block_of_scores_ends() -> None:
    for ahead in (_BLOCK - 6, _BLOCK - 1, _BLOCK):
        assert read(["كتاب " * ahead, TEXTS[0]])[1] == ALONE[TEXTS[0]]


def test_words_beyond_those_remembered_are_read_as_others_are() -> None:
    rare = [f"كلمة{number}" for number in range(_REMEMBERED + 2 * _BLOCK)]
    sentences = [" ".join(rare[at : at + _BLOCK - 1]) for at in range(0, len(rare), _BLOCK - 1)]
    vocabulary.cache_clear()
    assert read([*sentences, TEXTS[0]])[-1] == ALONE[TEXTS[0]]
    again = read([TEXTS[0], sentences[-2]])
    vocabulary.cache_clear()
    assert read([sentences[-2], TEXTS[0]]) == again[::-1]


def test_a_sentence_longer_than_a_block_is_read_alike_behind_another_text() -> None:
    long = "زار محمد السوداني بغداد مع وفد كبير " * 900
    assert read([TEXTS[0], long])[1] == read([long])[0] != []


@given(st.integers(0, 2**32), st.integers(1, 25))
def test_decoding_finds_the_best_tags_of_all(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    scores = rng.integers(-3, 4, (count, len(TAGS))).astype(np.float32) + rng.random((count, 1), np.float32)
    scores += rng.random(scores.shape, np.float32)
    settled = rng.random(count) < 0.2  # so far from a name that no path through one can win
    scores[settled, 0] += 1000
    transitions = rng.normal(size=(len(TAGS), len(TAGS))).astype(np.float32)
    is_open = rng.random(count) < 0.2
    is_open[0] = True
    edges = [*np.flatnonzero(is_open).tolist(), count]
    expected = [
        tag for a, b in itertools.pairwise(edges) for tag in plain_viterbi(scores[a:b].astype(float), transitions)
    ]
    assert best_tags(scores, is_open, transitions).tolist() == expected


def plain_viterbi(scores: np.ndarray, transitions: np.ndarray) -> list[int]:
    """The best tags of a sentence."""
    moves = np.where(ALLOWED, transitions.astype(float), -np.inf)
    best, came = np.where(OPENS, scores[0], -np.inf), []
    for row in scores[1:]:
        paths = best[:, None] + moves
        came.append(paths.argmax(0))
        best = paths.max(0) + row
    tags = [int(best.argmax())]
    for back in reversed(came):
        tags.append(int(back[tags[-1]]))
    return tags[::-1]


def test_sums_of_products_stay_exact_in_float32() -> None:
    model = tagger().model

    def worst(weights: np.ndarray) -> int:
        """The largest a sum can get whose inputs are at most 127: over the rows, for each column."""
        whole = weights.astype(np.int64)
        assert (whole == weights).all()
        return int(np.abs(whole).sum(0).max()) * _STEPS

    width = len(model.window_bias)
    assert np.abs(model.embedding.astype(np.int64)).max() <= _STEPS
    assert worst(model.from_key.steps) < LIMIT
    assert worst(model.from_stem.steps) < LIMIT
    assert worst(model.from_flags.steps) < LIMIT
    window = model.window.steps.reshape(len(model.word_bias), 5, width)
    assert worst(np.concatenate([window[:, place] for place in range(5)])) < LIMIT
    for weights, _, _ in model.convolutions:
        assert worst(np.concatenate(list(weights.steps))) < LIMIT
    assert worst(model.out.steps) < LIMIT
    assert int(np.abs(model.ngrams.astype(np.int64)).max()) * NGRAMS < LIMIT


def test_a_model_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    first, second = tmp_path / "first.npz", tmp_path / "second.npz"
    save_model(first, tagger().model)
    save_model(second, read_model(first))
    with zipfile.ZipFile(first) as one, zipfile.ZipFile(second) as two:
        assert one.namelist() == two.namelist()
        assert all(one.read(name) == two.read(name) for name in one.namelist())
        for name in one.namelist():
            with one.open(name) as file:
                version = np.lib.format.read_magic(file)
                assert version == (1, 0)
                assert not np.lib.format.read_array_header_1_0(file)[2].hasobject  # an object would be a pickle
