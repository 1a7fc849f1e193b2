"""What the tagger sees of a word: its place in the model's vocabulary, its letters, and what the lexicon says of it.

Everything here is a pure function of distinct words, so it is worked out once for each. Used alike when the model is
trained (``benchmarks/train_names.py``) and when it is applied (``tagger.py``): a change here needs a new training.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from news_pipeline.entities import triggers
from news_pipeline.entities.lexicon import Pattern, every_pattern, load_lexicon
from news_pipeline.entities.words import Tokens, Word, vocabulary

BUCKETS = 1 << 14
"""Hash buckets of letter n-grams."""
NGRAMS = 20
PADDING, UNKNOWN = 0, 1
"""Places in the vocabulary before the first word."""
TYPES = ("PER", "LOC", "ORG", "MISC")
LEXICON_TAGS = 1 + 4 * len(TYPES)
"""Kinds of ``lexicon_tag`` and its successor."""

_LETTERS = 16  # letters of a word that are looked at
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # Fibonacci hashing (Knuth, TAOCP 3, 6.4)

_LEXICON_BITS = [
    "given",
    "weak",
    "common",
    "nisba",
    "title",
    "role",
    "modifier",
    "org_head",
    "definite_org_head",
    "place_noun",
    "speech",
    "link",
    "not_after_given",
    "PER",
    "PER_first",
    "PER_last",
    "LOC",
    "LOC_in",
    "ORG",
    "ORG_in",
    "MISC",
    "MISC_in",
    "homograph",
]
_BIT = {name: 1 << place for place, name in enumerate(_LEXICON_BITS)}
_SHAPE_BITS = 11
FLAGS = 2 * len(_LEXICON_BITS) + _SHAPE_BITS
"""Yes-or-no features of a word."""


class WordFeatures(NamedTuple):
    """Features of ``n`` words.

    ``keys`` and ``stems`` (n) are places in the vocabulary of the word and of what is left of it behind a proclitic
    (where that is the commoner word); ``ngrams`` (n, NGRAMS) hash buckets of its letters, 0 for none; ``flags``
    (n, FLAGS) zeros and ones.
    """

    keys: NDArray[np.int32]
    stems: NDArray[np.int32]
    ngrams: NDArray[np.int32]
    flags: NDArray[np.float32]


def word_features(words: Sequence[Word], places: Mapping[str, int]) -> WordFeatures:
    """The features of words; ``places`` leads from a key to its place in the model's vocabulary, commonest first."""
    known = _known_words()
    keys, stems = [], []
    bits = np.zeros((len(words), 3), np.int64)
    for i, word in enumerate(words):
        key = vocabulary_key(word.key)
        place = places.get(key, UNKNOWN)
        stem, stem_bits = UNKNOWN, 0
        for _, rest in word.rests:
            stem_bits |= known.get(rest, 0)
            at = places.get(rest, UNKNOWN)
            if at != UNKNOWN and (stem == UNKNOWN or at < stem) and (place == UNKNOWN or at < place):
                stem = at
        keys.append(place)
        stems.append(stem)
        bits[i] = known.get(word.key, 0), stem_bits, _shape(word)
    flags = [(bits[:, column, None] >> np.arange(count)) & 1 for column, count in enumerate(_BIT_COUNTS)]
    return WordFeatures(
        np.array(keys, np.int32),
        np.array(stems, np.int32),
        letter_ngrams([word.key for word in words]),
        np.concatenate(flags, axis=1).astype(np.float32),
    )


_BIT_COUNTS = (len(_LEXICON_BITS), len(_LEXICON_BITS), _SHAPE_BITS)


def vocabulary_key(key: str) -> str:
    """The key under which a word stands in the vocabulary: numbers by their length alone."""
    return "0" * min(len(key), 5) if key.isdigit() else key


def letter_ngrams(keys: Sequence[str]) -> NDArray[np.int32]:
    """Hash buckets of each key's first 2 to 5 letters, last 1 to 4, and all threes with its edges; 0 where there is none."""
    count = len(keys)
    letters = np.zeros((count, _LETTERS + 2), np.uint64)
    for i, key in enumerate(keys):
        cut = key[:_LETTERS]
        letters[i, 1 : 1 + len(cut)] = np.frombuffer(cut.encode("utf-32-le", "surrogatepass"), np.uint32)
    lengths = np.array([min(len(key), _LETTERS) for key in keys], np.int64)
    rows = np.arange(count)
    letters[:, 0] = 2
    letters[rows, lengths + 1] = 3
    columns = [np.where(lengths >= n, _bucket([letters[:, j] for j in range(1, n + 1)], n), 0) for n in (2, 3, 4, 5)]
    columns += [
        np.where(
            lengths >= n,
            _bucket([letters[rows, np.maximum(lengths + 1 - n + j, 0)] for j in range(n)], 10 + n),
            0,
        )
        for n in (1, 2, 3, 4)
    ]
    columns += [
        np.where(lengths + 1 >= at + 2, _bucket([letters[:, at + j] for j in range(3)], 20), 0)
        for at in range(NGRAMS - len(columns))
    ]
    return np.stack(columns, 1).astype(np.int32)


def _bucket(letters: Sequence[NDArray[np.uint64]], salt: int) -> NDArray[np.int64]:
    value = np.full(len(letters[0]), salt, np.uint64)
    for letter in letters:
        value = (value * np.uint64(1_000_003)) ^ letter  # wraps around
    return ((value * _MULTIPLIER) >> np.uint64(64 - 14)).astype(np.int64)


def _shape(word: Word) -> int:
    surface, key = word.surface, word.key
    signs = (
        key.isdigit(),
        key[:1].isdigit(),
        surface.isascii(),
        surface[:1].isupper(),
        not word.is_word,
        surface.endswith("ى"),
        surface.endswith(("ا", "اً")),
        surface.endswith("ة"),
        key.startswith("ال"),
        len(key) <= 2,
        len(key) >= 8,
    )
    return sum(1 << place for place, sign in enumerate(signs) if sign)


@cache
def _known_words() -> dict[str, int]:
    """Key → what the lexicon and the word lists say of the word, as bits."""
    lexicon = load_lexicon()
    known: dict[str, int] = {}

    def add(key: str, name: str) -> None:
        known[key] = known.get(key, 0) | _BIT[name]

    for key, weak in lexicon.given_names.items():
        add(key, "given")
        if weak:
            add(key, "weak")
    for keys, name in (
        (lexicon.common_words, "common"),
        (lexicon.nisbas, "nisba"),
        (triggers.TITLES, "title"),
        (triggers.ROLES, "role"),
        (triggers.ROLE_MODIFIERS, "modifier"),
        (triggers.ORG_HEADS, "org_head"),
        (triggers.DEFINITE_ORG_HEADS, "definite_org_head"),
        (triggers.PLACE_NOUNS, "place_noun"),
        (triggers.SPEECH_VERBS, "speech"),
        (triggers.NAME_LINKS, "link"),
        (triggers.NOT_AFTER_GIVEN, "not_after_given"),
    ):
        for key in keys:
            add(key, name)
    for pattern in every_pattern(lexicon):
        kind = pattern.entities[0].type
        if len(pattern.keys) == 1:
            add(pattern.keys[0], kind)
            if pattern.homograph:
                add(pattern.keys[0], "homograph")
        elif kind == "PER":
            add(pattern.keys[0], "PER_first")
            add(pattern.keys[-1], "PER_last")
        else:
            for key in pattern.keys:
                add(key, f"{kind}_in")
    return known


def lexicon_names(tokens: Tokens) -> list[tuple[int, int, Pattern, int]]:
    """The longest names of the lexicon among the tokens, from left to right; none runs over the end of a sentence.

    Returns:
        ``(first token, token behind the last, pattern, letters stripped off the first)`` each.
    """
    known = vocabulary()
    words = known.at(tokens.words)
    places = np.flatnonzero(known.begin_names(tokens.words))
    ends = np.append(tokens.breaks, len(words))[np.searchsorted(tokens.breaks, places, "right")]
    found = []
    behind = 0
    for at, end in zip(places.tolist(), ends.tolist(), strict=True):
        if at >= behind and (match := _longest_name(words, at, end)):
            behind = match[0]
            found.append((at, *match))
    return found


def _longest_name(words: Sequence[Word], at: int, end: int) -> tuple[int, Pattern, int] | None:
    """The longest name of the lexicon that begins at a token of a sentence that ends at another.

    Returns:
        The token behind the name, the name, and the letters stripped off its first.
    """
    second = words[at + 1].key if at + 1 < end else None
    third = words[at + 2].key if at + 2 < end else None
    for stripped, names in words[at].starts:
        for pattern in names.get(second, ()) if second else ():
            keys = pattern.keys
            behind = at + len(keys)
            if len(keys) == 2 or (
                keys[2] == third and behind <= end and all(words[at + i].key == keys[i] for i in range(3, len(keys)))
            ):
                return behind, pattern, stripped
        alone = names.get("")
        if alone:
            return at + 1, alone[0], stripped
    return None


def lexicon_tags(count: int, names: Iterable[tuple[int, int, int]]) -> NDArray[np.int32]:
    """What the lexicon says of each of ``count`` tokens: 0, or the tag of the name it stands in.

    Args:
        count: How many tokens there are.
        names: ``(first token, token behind the last, lexicon_tag)`` of the lexicon's names among them.
    """
    tags = np.zeros(count, np.int32)
    for first, behind, tag in names:
        tags[first] = tag
        tags[first + 1 : behind] = tag + 1
    return tags


def lexicon_tag(pattern: Pattern) -> int:
    """The tag of the first token of a name of the lexicon; the others have the next one."""
    return 1 + 2 * TYPES.index(pattern.entities[0].type) + (2 * len(TYPES) if pattern.homograph else 0)
