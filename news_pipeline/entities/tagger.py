"""The tagger: a small convolutional network over words that says which of them are names, in NumPy.

Each word has a vector (its embedding, that of its stem, its letter n-grams, what the lexicon says of it). A window of five words, two
convolutions of three with steps of one and two, and a linear layer score the tags of each word; the best allowed sequence
is decoded by Viterbi. The architecture follows Collobert et al. (2011, "Natural Language Processing (Almost) from
Scratch") and Strubell et al. (2017, iterated dilated convolutions). ``benchmarks/train_names.py`` trains it; its card is
``data/names_model.md``.

**Whole numbers.** Weights and activations are whole numbers of at most seven bits and a sign, so that every sum of products
stays below 2^24 and float32 holds it exactly: the order in which a matrix product adds up cannot matter, and an article gets
the same names whatever stands beside it in its chunk, on every machine.

**Speed.** What a word adds to each of the five places around it is multiplied out once per distinct word and
gathered. Blocks are so small that a layer stays in the cache.
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

from news_pipeline.entities.features import NGRAMS, TYPES, lexicon_tags, word_features
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
_REMEMBERED = 1 << 14  # words whose part in the first layer is kept multiplied out
_BLOCK = 1024  # words scored at a time, so that a layer stays in the cache
_MARGIN = 7.0  # a word whose best tag is that far behind "no name" is no part of one

Floats = NDArray[np.float32]


class Quantised(NamedTuple):
    """A matrix of whole numbers and the size of one step."""

    steps: Floats
    size: float


class Model(NamedTuple):
    """Weights; shapes with V words, B buckets, F flags, W numbers a word, C channels of the layers, T tags."""

    places: dict[str, int]
    embedding: NDArray[np.int8]  # (V, D)
    embedding_size: float
    ngrams: NDArray[np.int8]  # (B, W), multiplied out with the layer behind it
    ngrams_size: float
    from_key: Quantised  # (D, W)
    from_stem: Quantised  # (D, W)
    from_flags: Quantised  # (F, W)
    word_bias: Floats
    window: Quantised  # (W, 5 C)
    lexicon: Floats  # (3, LEXICON_TAGS, C)
    window_bias: Floats
    convolutions: tuple[tuple[Quantised, Floats, int], ...]  # ((3, C, C), (C), step)
    out: Quantised  # (C, T)
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
        width = len(model.window_bias)
        # (places of the window, words, C): words remembered, those of a block (which its last sentence may carry over the
        # length of one), the empty word.
        self._parts = np.zeros((model.window.steps.shape[1] // width, _REMEMBERED + 2 * _BLOCK + 1, width), np.float32)
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
        tags = lexicon_tags(count, lexicon)
        scores = np.empty((count, len(TAGS)), np.float32)
        opens = _cut(tokens.breaks, count)
        edges = opens[np.unique(np.searchsorted(opens, np.arange(0, count, _BLOCK)).clip(max=len(opens) - 1))]
        for first, behind in zip(edges.tolist(), [*edges[1:].tolist(), count], strict=True):
            breaks = opens[np.searchsorted(opens, first) : np.searchsorted(opens, behind)] - first
            scores[first:behind] = self.scores(tokens.words[first:behind], tags[first:behind], breaks)
        is_open = np.zeros(count, bool)
        is_open[opens] = True
        return _spans(scores, best_tags(scores, is_open, self.model.transitions))

    def scores(self, words: NDArray[np.int32], lexicon: NDArray[np.int32], breaks: NDArray[np.int64]) -> Floats:
        """Scores of every tag for a run of words, (words, tags); sentences open at ``breaks``."""
        model = self.model
        self._take_new_words()
        gaps = np.zeros(len(words), np.int64)
        gaps[breaks] = _REACH
        rows = np.arange(len(words)) + np.cumsum(gaps)  # empty rows part the sentences, and stand at both ends
        is_gap = np.ones(int(rows[-1]) + 1 + _REACH, bool)
        is_gap[rows] = False
        h = self._first_layer(words, lexicon, rows, is_gap)
        for weights, bias, step in model.convolutions:
            h = _convolved(h, weights, bias, step, is_gap)
        scores: Floats = h[rows] @ model.out.steps
        scores *= np.float32(model.out.size * HIGHEST / _STEPS)
        scores += model.out_bias
        return scores

    def _first_layer(
        self,
        words: NDArray[np.int32],
        lexicon: NDArray[np.int32],
        rows: NDArray[np.int64],
        is_gap: NDArray[np.bool_],
    ) -> Floats:
        """The layer over windows of five words, in steps."""
        model = self.model
        length = len(is_gap)
        ids = np.full(length + 2 * _REACH, self._parts.shape[1] - 1)  # the last row is the empty word's
        ids[rows + _REACH] = self._rows_of(words)
        h: Floats = self._parts[0].take(ids[:length], axis=0)
        more = np.empty_like(h)
        for place in range(1, len(self._parts)):
            h += self._parts[place].take(ids[place : place + length], axis=0, out=more, mode="clip")
        h *= np.float32(model.window.size / _STEPS)
        h += model.window_bias
        named = np.flatnonzero(lexicon)
        for place in range(3):
            h[rows[named] + 1 - place] += model.lexicon[place][lexicon[named]]
        _activate(h)
        h[is_gap] = 0
        return h

    def _rows_of(self, words: NDArray[np.int32]) -> NDArray[np.int64]:
        """Where each word stands in ``_parts``; one too rare to be remembered gets a row for this block."""
        rows = words.astype(np.int64)
        rare = np.flatnonzero(words >= _REMEMBERED)
        if len(rare):
            distinct, inverse = np.unique(words[rare], return_inverse=True)
            self._multiply_out(self._vectors[distinct], _REMEMBERED)
            rows[rare] = _REMEMBERED + inverse
        return rows

    def _multiply_out(self, vectors: NDArray[np.int8], first: int) -> None:
        """Puts down, from a row on, what words of these vectors add to the places of the window around them."""
        product = vectors.astype(np.float32) @ self.model.window.steps
        places, _, width = self._parts.shape
        self._parts[:, first : first + len(vectors)] = product.reshape(-1, places, width).swapaxes(0, 1)

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
        self._multiply_out(vectors[: max(_REMEMBERED - self._count, 0)], self._count)
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


def _cut(breaks: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Where sentences open; one longer than a block is cut, counted from its own start, whatever stands before it."""
    long = np.flatnonzero(np.diff(breaks, append=count) > _BLOCK)
    if not len(long):
        return breaks
    behind = np.append(breaks, count)
    return np.unique(np.concatenate([breaks, *(np.arange(behind[i], behind[i + 1], _BLOCK) for i in long.tolist())]))


def _dequantised(left: NDArray[Any], size: float, weights: Quantised) -> Floats:
    product: Floats = left.astype(np.float32) @ weights.steps
    product *= np.float32(size * weights.size)
    return product


def _convolved(h: Floats, weights: Quantised, bias: Floats, step: int, is_gap: NDArray[np.bool_]) -> Floats:
    """What a convolution makes of a layer, added to it; nothing of the rows that are gaps."""
    inner = len(h) - 2 * _REACH
    change = h[_REACH - step :][:inner] @ weights.steps[0]
    change += h[_REACH:][:inner] @ weights.steps[1]
    change += h[_REACH + step :][:inner] @ weights.steps[2]
    change *= np.float32(weights.size * HIGHEST / _STEPS)
    change += bias
    np.maximum(change, 0, out=change)
    change += h[_REACH:][:inner] * np.float32(HIGHEST / _STEPS)
    _activate(change)
    result = np.zeros_like(h)
    result[_REACH:][:inner] = change
    result[is_gap] = 0
    return result


def _activate(h: Floats) -> None:
    """Bounds a layer and rounds it to steps."""
    np.clip(h, 0, HIGHEST, out=h)
    h *= np.float32(_STEPS / HIGHEST)
    np.rint(h, out=h)


def best_tags(scores: Floats, is_open: NDArray[np.bool_], transitions: Floats) -> NDArray[np.int64]:
    """The best allowed tags.

    Words far from being part of a name are settled at once; Viterbi runs over the stretches between them, all together.
    """
    moves = np.where(ALLOWED, transitions, -np.inf).astype(np.float32)
    moves_in = np.where(OPENS, np.float32(0), np.float32(-np.inf))
    live = scores[:, 1:].max(1) > scores[:, 0] - _MARGIN
    tags = np.zeros(len(scores), np.int64)
    opens = np.append(is_open, True)
    begins = live & (is_open | ~np.concatenate([[False], live[:-1]]))
    ends = live & ~np.concatenate([live[1:] & ~is_open[1:], [False]])
    first, last = np.flatnonzero(begins), np.flatnonzero(ends)
    if not len(first):
        return tags
    longest_first = np.argsort(first - last, kind="stable")
    first, last = first[longest_first], last[longest_first]
    running = np.searchsorted(first - last, -np.arange(last[0] - first[0] + 1), "right")  # stretches that have a word n
    # From and to "no name", unless the sentence begins or ends there. Tags stand before stretches: (tags, stretches).
    best = scores[first].T + np.where(opens[first], moves_in[:, None], moves[0][:, None])
    came = []
    for step, count in enumerate(running[1:].tolist(), 1):
        paths = best[:, None, :count] + moves[:, :, None]
        came.append(paths.argmax(0))
        best[:, :count] = paths.max(0) + scores[first[:count] + step].T
    best += np.where(opens[last + 1], np.float32(0), moves[:, 0][:, None])
    tag = best.argmax(0)
    for step, count in reversed(list(enumerate(running[1:].tolist(), 1))):
        tags[first[:count] + step] = tag[:count]
        tag[:count] = came[step - 1][tag[:count], np.arange(count)]
    tags[first] = tag
    return tags


def _spans(scores: Floats, tags: NDArray[np.int64]) -> list[Name]:
    """The names of a tag sequence; a name is as sure as the least sure of its words is of its tag."""
    named = np.flatnonzero(tags)
    if not len(named):
        return []
    kinds = tags[named]
    opens = np.flatnonzero(_OPENING[kinds])
    own = scores[named, kinds]
    others = scores[named]
    others[np.arange(len(named)), kinds] = -np.inf
    margins = np.minimum.reduceat(own - others.max(1), opens)
    firsts = named[opens]
    behinds = named[np.append(opens[1:], len(named)) - 1] + 1
    types = [TYPES[kind] for kind in _TYPE_OF[kinds[opens]].tolist()]
    return [
        Name(first, behind, kind, 1 / (1 + math.exp(-max(min(margin, 20.0), -20.0))))
        for first, behind, kind, margin in zip(firsts.tolist(), behinds.tolist(), types, margins.tolist(), strict=True)
    ]


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
