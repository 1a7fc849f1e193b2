"""Words of a text with everything that is asked of them, worked out once per distinct word.

A text of a million words has some fifty thousand distinct ones, so what is known of a word (its key, the names it may
begin, its part in the rules, its features for the tagger) is computed on first sight and looked up afterwards.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from news_pipeline.arabic.clitics import proclitic_splits
from news_pipeline.arabic.keys import DROPPED, norm_ar
from news_pipeline.entities import speech, triggers
from news_pipeline.entities.lexicon import FOREIGN_LETTERS, Pattern, load_lexicon

_SPACE, _MARK, _LETTER, _JOINED = range(4)
"""Kinds of characters; a joined one (a diacritic, an invisible control) belongs to the word whose letters it follows."""
_DROPPED = frozenset(DROPPED)
_MOST_WORDS = 300_000
"""Distinct words remembered; beyond, the memory starts anew."""

# What a word is to the rules.
GIVEN = 1  # a given name
WEAK_GIVEN = 2  # a given name that is also an everyday word
TITLE = 4
ROLE = 8
ORG_HEAD = 16
DEFINITE_ORG_HEAD = 32
NISBA = 64
SPEECH = 128
CAPITAL = 256  # begins with a Latin capital
LEADS = 512  # may lead from a verb of speech to what it introduces
ENDS = 1024  # may end a reported clause


@dataclass(slots=True, frozen=True, eq=False)
class Word:
    """A distinct word, one object each: key, flags, and what may be left of it behind a joined particle.

    ``starts`` holds ``(letters stripped, second key → patterns)`` for the names it may begin; ``rests`` holds
    ``(letters stripped, remainder)``; ``country`` is the ISO code a nisba belongs to. ``is_word`` is false for punctuation.
    """

    surface: str
    key: str
    flags: int
    starts: tuple[tuple[int, dict[str, tuple[Pattern, ...]]], ...]
    rests: tuple[tuple[int, str], ...]
    country: str | None
    is_word: bool


class Words(NamedTuple):
    """The words of one text, punctuation left out: where each starts and ends, and what it is."""

    text: str
    starts: list[int]
    ends: list[int]
    words: list[Word]


class Tokens(NamedTuple):
    """The tokens (words and marks) of a list of texts, one text after the other.

    ``words`` are places in ``Vocabulary.words``; ``starts`` and ``ends`` code points in their own text; text ``k`` owns the
    tokens ``[bounds[k], bounds[k + 1])``. ``breaks`` are the tokens before which a sentence or a text ends.
    """

    words: NDArray[np.int32]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    bounds: NDArray[np.int64]
    breaks: NDArray[np.int64]


class Vocabulary(dict[str, int]):
    """Every distinct word met so far: surface → place in ``words``, and beside it two of its properties."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[Word] = []
        self._is_word = bytearray()
        self._begins_name = bytearray()

    def __missing__(self, surface: str) -> int:
        """Looks a new word up."""
        word = _look_up(surface)
        self.words.append(word)
        self._is_word.append(word.is_word)
        self._begins_name.append(bool(word.starts))
        self[surface] = place = len(self.words) - 1
        return place

    def at(self, places: NDArray[np.int32]) -> list[Word]:
        """The words at these places."""
        return list(map(self.words.__getitem__, places.tolist()))

    def are_words(self, places: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Which are words, no punctuation."""
        return np.frombuffer(bytes(self._is_word), np.bool_)[places]

    def begin_names(self, places: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Which may begin a name of the lexicon."""
        return np.frombuffer(bytes(self._begins_name), np.bool_)[places]


@cache
def vocabulary() -> Vocabulary:
    """The process's vocabulary."""
    return Vocabulary()


def has_room() -> bool:
    """Whether the vocabulary may go on growing; else ``forget`` it between two chunks."""
    return len(vocabulary()) < _MOST_WORDS


_SENTENCE_ENDS = np.array([ord(mark) for mark in ".؟!?"], np.uint32)


@cache
def _kinds() -> NDArray[np.uint8]:
    """The kind of every code point."""
    characters = "".join(map(chr, range(sys.maxunicode + 1)))
    kinds = np.full(len(characters), _MARK, np.uint8)
    kinds[[ord(character) for character in DROPPED]] = _JOINED
    for pattern, kind in ((r"[^\W_]+", _LETTER), (r"\s+", _SPACE)):
        for run in re.finditer(pattern, characters):
            kinds[run.start() : run.end()] = kind
    return kinds


def tokenize_texts(texts: Sequence[str]) -> Tokens:
    """Splits texts into tokens: words, and marks of one character; every character but spaces lies in one."""
    codes = np.frombuffer("\n".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    kinds = _kinds()[codes]
    in_word = _in_word(kinds)
    is_mark = (kinds != _SPACE) & ~in_word
    starts = np.flatnonzero(is_mark | (in_word & ~np.append(False, in_word[:-1]))).astype(np.int32)
    ends = np.flatnonzero(is_mark | (in_word & ~np.append(in_word[1:], False))).astype(np.int32) + 1
    words = _places(codes[kinds != _SPACE], ends - starts)
    offsets = np.zeros(len(texts) + 1, np.int64)
    np.cumsum([len(text) + 1 for text in texts], out=offsets[1:])
    bounds = np.searchsorted(starts, offsets)
    own = np.repeat(offsets[:-1], np.diff(bounds)).astype(np.int32)
    return Tokens(words, starts - own, ends - own, bounds, _breaks(codes, starts, ends))


def _in_word(kinds: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Which characters are part of a word: its letters, and what is joined to them."""
    is_letter = kinds == _LETTER
    is_inside = is_letter | (kinds == _JOINED)
    places = np.arange(len(kinds), dtype=np.int32)
    last_letter = np.maximum.accumulate(np.where(is_letter, places, -1))
    last_outside = np.maximum.accumulate(np.where(is_inside, -1, places))
    in_word: NDArray[np.bool_] = is_inside & (last_letter > last_outside)
    return in_word


def _places(codes: NDArray[np.uint32], lengths: NDArray[np.int32]) -> NDArray[np.int32]:
    """The places in the vocabulary of tokens written one behind the other; only distinct ones become strings."""
    known = vocabulary()
    edges = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=edges[1:])
    buffers = [None, pa.py_buffer(edges * codes.itemsize), pa.py_buffer(codes)]
    encoded = pa.Array.from_buffers(pa.large_binary(), len(lengths), buffers).dictionary_encode()
    distinct = encoded.dictionary
    if not len(distinct):
        return np.zeros(0, np.int32)
    _, cuts, letters = distinct.buffers()
    ends = (np.frombuffer(cuts, np.int64, len(distinct) + 1) // codes.itemsize).tolist()
    text = letters.to_pybytes()[: ends[-1] * codes.itemsize].decode("utf-32-le", "surrogatepass")
    places = [known[text[start:end]] for start, end in pairwise(ends)]
    found: NDArray[np.int32] = np.array(places, np.int32)[encoded.indices.to_numpy()]
    return found


def _breaks(codes: NDArray[np.uint32], starts: NDArray[np.int32], ends: NDArray[np.int32]) -> NDArray[np.int64]:
    """Tokens that open a sentence: behind a line end, or behind a full stop and a space."""
    if not len(starts):
        return np.zeros(0, np.int64)
    is_break = np.zeros(len(starts) + 1, bool)
    is_break[np.searchsorted(starts, np.flatnonzero(codes == ord("\n")))] = True
    is_break[1:-1] |= np.isin(codes[starts[:-1]], _SENTENCE_ENDS) & (starts[1:] > ends[:-1])
    is_break[0] = True
    return np.flatnonzero(is_break[:-1])


def words_of(texts: Sequence[str], tokens: Tokens) -> list[Words]:
    """The words of each of the tokenised texts, punctuation left out."""
    known = vocabulary()
    is_word = known.are_words(tokens.words)
    words = known.at(tokens.words[is_word])
    starts, ends = tokens.starts[is_word].tolist(), tokens.ends[is_word].tolist()
    edges = np.concatenate([[0], np.cumsum(is_word)])[tokens.bounds].tolist()
    return [
        Words(text, starts[first:last], ends[first:last], words[first:last])
        for text, first, last in zip(texts, edges, edges[1:], strict=False)
    ]


def read_words(text: str) -> Words:
    """Splits one text into words and looks each up."""
    return words_of([text], tokenize_texts([text]))[0]


def _look_up(surface: str) -> Word:
    lexicon = load_lexicon()
    key = norm_ar(surface).translate(FOREIGN_LETTERS)
    is_word = surface[0].isalnum()
    if not is_word or not key:
        return Word(surface, key or surface, 0, (), (), None, is_word)
    if key == "علي" and surface.endswith("ى"):  # the preposition, which only the fold makes the name Ali
        return Word(surface, "على", _rule_flags().get("على", 0), (), (), None, True)
    here = lexicon.patterns.get(key)
    if key.isascii():
        starts = () if here is None or surface.islower() else ((0, here),)
        return Word(surface, key, CAPITAL if surface[0].isupper() else 0, starts, (), None, True)
    rests = tuple(proclitic_splits(key))
    found = [(0, here)] if here is not None else []
    given = lexicon.given_names.get(key)
    if given is None:
        found += [(stripped, lexicon.patterns[rest]) for stripped, rest in rests if rest in lexicon.patterns]
        flags = 0
    else:
        flags = GIVEN | (WEAK_GIVEN if given or key == "علي" else 0)
    flags |= _rule_flags().get(key, 0)
    for _, rest in rests:
        flags |= _rule_flags().get(rest, 0)
    country = lexicon.nisbas.get(key)
    if country:
        flags |= NISBA
    elif given is None:
        country = next((lexicon.nisbas[rest] for _, rest in rests if rest in lexicon.nisbas), None)
    return Word(surface, key, flags, tuple(found), rests, country, True)


@cache
def _rule_flags() -> dict[str, int]:
    """Key → what the word is to the rules."""
    flags: dict[str, int] = {}
    for words, flag in (
        (triggers.TITLES, TITLE),
        (triggers.ROLES, ROLE),
        (triggers.ORG_HEADS, ORG_HEAD),
        (triggers.DEFINITE_ORG_HEADS, DEFINITE_ORG_HEAD),
        (triggers.REPORTING_VERBS, SPEECH),
        (speech.MAY_LEAD, LEADS),
        (speech.MAY_END_CLAUSE, ENDS),
    ):
        for word in words:
            flags[word] = flags.get(word, 0) | flag
    return flags


def stripped_length(surface: str, letters: int) -> int:
    """Code points at the front of a written word that make up that many letters of its key."""
    taken = 0
    for position, character in enumerate(surface):
        if character not in _DROPPED:
            if taken == letters:
                return position
            taken += 1
    return len(surface)
