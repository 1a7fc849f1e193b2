"""The tagger: a small convolutional network over words that says which of them are names, in NumPy.

Each word has a vector (its embedding, that of its stem, its letter n-grams, what the lexicon says of it). A window of five words, two
convolutions of three with steps of one and two, and a linear layer score the tags of each word; the best allowed sequence
is decoded by Viterbi. The architecture follows Collobert et al. (2011, "Natural Language Processing (Almost) from
Scratch") and Strubell et al. (2017, iterated dilated convolutions). ``benchmarks/train_names.py`` trains it; its card is
``data/names_model.md``.

**Whole numbers.** Weights and activations are whole numbers of at most seven bits and a sign, so that every sum of products
stays below 2^24 and float32 holds it exactly: the order in which a matrix product adds up cannot matter, and an article gets
the same names whatever stands beside it in its chunk, on every machine.

**Speed.** What a word adds to each of the five places around it is multiplied out once per distinct word of a chunk and
gathered; only words that might be part of a name are decoded.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from news_pipeline.entities.features import NGRAMS, TYPES, word_features
from news_pipeline.entities.words import Tokens, Vocabulary, vocabulary

TAGS = ("O", *(f"{place}-{kind}" for kind in TYPES for place in "BI"))
"""BIO tags."""
_TYPE_OF = np.array([-1, *(k for k in range(len(TYPES)) for _ in "BI")])
_OPENING = np.array([tag.startswith("B-") for tag in TAGS])
OPENS = np.array([not tag.startswith("I-") for tag in TAGS])
"""Tags that may open a sentence."""
ALLOWED = np.array([[b[0] != "I" or (a != "O" and a[2:] == b[2:]) for b in TAGS] for a in TAGS])
"""Which tag may follow which."""
HIGHEST = 6.0
"""Upper bound of the activations."""
_STEPS = 127
_REACH = 2  # words to either side that a layer sees; as many empty rows part two sentences
_BLOCK = 4096  # words scored at a time, so that a layer stays in the cache
_MARGIN = 9.0  # a word whose best tag is that far behind "no name" is no part of one

Floats = NDArray[np.float32]


class Quantised(NamedTuple):
    """A matrix of whole numbers and the size of one step."""

    steps: Floats
    size: float


class Model(NamedTuple):
    """Weights; shapes with V words, B buckets, F flags, W wide, T tags."""

    places: dict[str, int]
    embedding: NDArray[np.int8]  # (V, D)
    embedding_size: float
    ngrams: NDArray[np.int8]  # (B, W), multiplied out with the layer behind it
    ngrams_size: float
    from_key: Quantised  # (D, W)
    from_stem: Quantised  # (D, W)
    from_flags: Quantised  # (F, W)
    word_bias: Floats
    window: Quantised  # (W, 5 W)
    lexicon: Floats  # (3, LEXICON_TAGS, W)
    window_bias: Floats
    convolutions: tuple[tuple[Quantised, Floats, int], ...]  # ((3, W, W), (W), step)
    out: Quantised  # (W, T)
    out_bias: Floats
    transitions: Floats  # (T, T)


class Name(NamedTuple):
    """A name in a stream of tokens: its tokens ``[first, behind)``, type, and the tagger's certainty in 0 to 1."""

    first: int
    behind: int
    type: str
    certainty: float


class Tagger:
    """Applies a model; remembers the vectors of the words it has seen. ``names.NameFinder`` says how it is used."""

    method = "tagger"
    version = ""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._known: Vocabulary | None = None
        self._vectors = np.zeros((0, len(model.word_bias)), np.int8)
        self._count = 0

    def names(self, tokens: Tokens, lexicon: Sequence[tuple[int, int, int]]) -> list[Name]:
        """The names among the tokens.

        Args:
            tokens: The tokens of a chunk of texts.
            lexicon: ``(first token, token behind the last, tag of the first)`` of the lexicon's names in them, in order.
        """
        count = len(tokens.words)
        if not count:
            return []
        self._take_new_words()
        tags = np.zeros(count, np.int32)
        for first, behind, tag in lexicon:
            tags[first] = tag
            tags[first + 1 : behind] = tag + 1
        scores = np.empty((count, len(TAGS)), np.float32)
        opens = np.unique(np.concatenate([tokens.breaks, np.arange(0, count, _BLOCK)]))
        edges = [0]
        for at in opens.tolist():
            if at - edges[-1] >= _BLOCK:
                edges.append(at)
        for first, behind in zip(edges, [*edges[1:], count], strict=True):
            breaks = opens[(opens >= first) & (opens < behind)] - first
            scores[first:behind] = self.scores(tokens.words[first:behind], tags[first:behind], breaks)
        is_open = np.zeros(count, bool)
        is_open[tokens.breaks] = True
        return _spans(scores, _decode(scores, is_open, self.model.transitions))

    def scores(self, words: NDArray[np.int32], lexicon: NDArray[np.int32], breaks: NDArray[np.int64]) -> Floats:
        """Scores of every tag for a run of words, (words, tags); sentences open at ``breaks``."""
        model = self.model
        width = len(model.word_bias)
        distinct, inverse = np.unique(words, return_inverse=True)
        parts = np.zeros((len(distinct) + 1, 5 * width), np.float32)  # the last row is the empty word's
        np.matmul(self._vectors[distinct].astype(np.float32), model.window.steps, out=parts[:-1])
        gaps = np.zeros(len(words), np.int64)
        gaps[breaks] = _REACH
        rows = np.arange(len(words)) + np.cumsum(gaps)
        length = int(rows[-1]) + 1 + _REACH
        ids = np.full(length + 2 * _REACH, len(distinct), np.intp)
        ids[rows + _REACH] = inverse
        h = parts[ids[:length], :width]
        for place in range(1, 5):
            h += parts[ids[place : place + length], place * width : (place + 1) * width]
        h *= np.float32(model.window.size / _STEPS)
        h += model.window_bias
        named = np.flatnonzero(lexicon)
        for place in range(3):
            h[rows[named] + 1 - place] += model.lexicon[place][lexicon[named]]
        empty = np.ones(length, bool)
        empty[rows] = False
        h = _activated(h, empty)
        for weights, bias, step in model.convolutions:
            change = _spread(h, weights.steps, step)
            change *= np.float32(weights.size * HIGHEST / _STEPS)
            change += bias
            np.maximum(change, 0, out=change)
            h *= np.float32(HIGHEST / _STEPS)
            change += h
            h = _activated(change, empty)
        scores: Floats = h[rows] @ model.out.steps
        scores *= np.float32(model.out.size * HIGHEST / _STEPS)
        scores += model.out_bias
        return scores

    def _take_new_words(self) -> None:
        """Works out the vectors of words the vocabulary has learned since."""
        known = vocabulary()
        if self._known is not known:
            self._known, self._count = known, 0
        new = known.words[self._count :]
        if not new:
            return
        vectors = self.word_vectors(word_features(new, self.model.places))
        if len(known.words) > len(self._vectors):
            grown = np.zeros((max(2 * len(known.words), 1 << 15), vectors.shape[1]), np.int8)
            grown[: self._count] = self._vectors[: self._count]
            self._vectors = grown
        self._vectors[self._count : len(known.words)] = vectors
        self._count = len(known.words)

    def word_vectors(self, features: Any) -> NDArray[np.int8]:
        """Vectors of words in steps of 1/127, (n, W)."""
        model = self.model
        x = _dequantised(model.embedding[features.keys], model.embedding_size, model.from_key)
        x += _dequantised(model.embedding[features.stems], model.embedding_size, model.from_stem)
        x += _dequantised(features.flags, 1.0, model.from_flags)
        letters = model.ngrams[features.ngrams[:, 0]].astype(np.float32)
        for place in range(1, NGRAMS):
            letters += model.ngrams[features.ngrams[:, place]]
        counts = np.maximum((features.ngrams > 0).sum(1), 1)
        letters *= (model.ngrams_size / np.sqrt(counts.astype(np.float32)))[:, None]
        x += letters
        x += model.word_bias
        vectors: NDArray[np.int8] = np.rint(np.clip(x, -1, 1) * _STEPS).astype(np.int8)
        return vectors


def _dequantised(left: NDArray[Any], size: float, weights: Quantised) -> Floats:
    product: Floats = left.astype(np.float32) @ weights.steps
    product *= np.float32(size * weights.size)
    return product


def _activated(h: Floats, empty: NDArray[np.bool_]) -> Floats:
    """Bounds a layer and rounds it to steps; empty rows stay empty."""
    np.clip(h, 0, HIGHEST, out=h)
    h *= np.float32(_STEPS / HIGHEST)
    np.rint(h, out=h)
    h[empty] = 0
    return h


def _spread(h: Floats, weights: Floats, step: int) -> Floats:
    """A convolution of three rows ``step`` apart."""
    out: Floats = h @ weights[1]
    out[step:] += h[:-step] @ weights[0]
    out[:-step] += h[step:] @ weights[2]
    return out


def _decode(scores: Floats, is_open: NDArray[np.bool_], transitions: Floats) -> NDArray[np.int64]:
    """The best allowed tags.

    Words far from being part of a name are settled at once; Viterbi runs over the stretches between them, all stretches of one
    length together.
    """
    count = len(scores)
    moves = np.where(ALLOWED, transitions, -np.inf).astype(np.float32)
    live = scores[:, 1:].max(1) > scores[:, 0] - _MARGIN
    tags = np.zeros(count, np.int64)
    begins = live & (is_open | ~np.concatenate([[False], live[:-1]]))
    ends = live & ~np.concatenate([live[1:] & ~is_open[1:], [False]])
    first, last = np.flatnonzero(begins), np.flatnonzero(ends)
    lengths = last - first + 1
    for length in np.unique(lengths).tolist():
        rows = first[lengths == length]
        best = scores[rows] + moves[0]
        came = []
        for step in range(1, length):
            paths = best[:, :, None] + moves
            came.append(paths.argmax(1))
            best = paths.max(1) + scores[rows + step]
        best += moves[:, 0]
        tag = best.argmax(1)
        tags[rows + length - 1] = tag
        for step in range(length - 1, 0, -1):
            tag = came[step - 1][np.arange(len(rows)), tag]
            tags[rows + step - 1] = tag
    return tags


def _spans(scores: Floats, tags: NDArray[np.int64]) -> list[Name]:
    firsts = np.flatnonzero(_OPENING[tags])
    kinds = _TYPE_OF[tags]
    inside = np.append((tags > 0) & ~_OPENING[tags], False)
    names = []
    for first in firsts.tolist():
        behind = first + 1
        while inside[behind]:
            behind += 1
        surest = scores[first:behind]
        own = surest[range(behind - first), tags[first:behind]]
        rival = np.where(np.arange(len(TAGS)) == tags[first:behind, None], -np.inf, surest).max(1)
        margin = float((own - rival).min())
        names.append(Name(first, behind, TYPES[kinds[first]], 1 / (1 + math.exp(-max(min(margin, 20.0), -20.0)))))
    return names


def quantise(matrix: NDArray[Any]) -> Quantised:
    """A matrix in steps of a 127th of its largest value (its 99.99th percentile, beyond which values are cut)."""
    largest = float(np.quantile(np.abs(matrix), 0.9999)) or 1.0
    return Quantised(
        np.clip(np.rint(matrix * (_STEPS / largest)), -_STEPS, _STEPS).astype(np.float32), largest / _STEPS
    )


def save_model(path: Path, model: Model) -> None:
    """Writes a model as one compressed ``.npz`` of arrays."""
    arrays: dict[str, NDArray[Any]] = {
        "vocabulary": np.frombuffer("\n".join(model.places).encode(), np.uint8),
        "steps": np.array([step for *_, step in model.convolutions], np.int8),
    }
    for name, value in model._asdict().items():
        if isinstance(value, Quantised):
            arrays[name], arrays[f"{name}_size"] = value.steps.astype(np.int8), np.array(value.size)
        elif isinstance(value, float | np.ndarray):
            arrays[name] = np.asarray(value)
    for i, (weights, bias, _) in enumerate(model.convolutions):
        arrays[f"convolution{i}"], arrays[f"convolution{i}_size"] = (
            weights.steps.astype(np.int8),
            np.array(weights.size),
        )
        arrays[f"convolution{i}_bias"] = bias
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]


def read_model(file: Any) -> Model:
    """Reads what ``save_model`` wrote."""
    with np.load(file, allow_pickle=False) as arrays:
        got = dict(arrays)

    def matrix(name: str) -> Quantised:
        return Quantised(got[name].astype(np.float32), float(got[f"{name}_size"]))

    words = got["vocabulary"].tobytes().decode().split("\n")
    return Model(
        places={word: place + 2 for place, word in enumerate(words)},
        embedding=got["embedding"],
        embedding_size=float(got["embedding_size"]),
        ngrams=got["ngrams"],
        ngrams_size=float(got["ngrams_size"]),
        from_key=matrix("from_key"),
        from_stem=matrix("from_stem"),
        from_flags=matrix("from_flags"),
        word_bias=got["word_bias"],
        window=matrix("window"),
        lexicon=got["lexicon"],
        window_bias=got["window_bias"],
        convolutions=tuple(
            (matrix(f"convolution{i}"), got[f"convolution{i}_bias"], int(step)) for i, step in enumerate(got["steps"])
        ),
        out=matrix("out"),
        out_bias=got["out_bias"],
        transitions=got["transitions"],
    )


@cache
def tagger() -> Tagger:
    """The process's tagger with the packaged model."""
    with resources.files("news_pipeline.entities").joinpath("data/names_model.npz").open("rb") as file:
        return Tagger(read_model(file))
