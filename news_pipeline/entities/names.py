"""Finds names in a list of texts: which words are a name, of which type, and which entries of the lexicon it may be.

Arabic is read by the tagger, with the lexicon's names as evidence, or by another finder in its place; other languages by
the lexicon and, in Latin letters, by capitals behind titles. What a name refers to across an article is the linker's
business (``link.py``).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from enum import Enum
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple, Protocol, TypeVar

import numpy as np

from news_pipeline.entities import triggers
from news_pipeline.entities.features import lexicon_names, lexicon_tag
from news_pipeline.entities.latin_names import latin_names
from news_pipeline.entities.lexicon import Entity, Pattern, is_common, load_lexicon
from news_pipeline.entities.tagger import Name, tagger
from news_pipeline.entities.words import (
    NISBA,
    ROLE,
    TITLE,
    Tokens,
    Word,
    Words,
    stripped_length,
    tokenize_texts,
    vocabulary,
    words_of,
)

_LEXICON_CERTAINTY = 0.9
"""Confidence of a name that only the lexicon vouches for: set by judgement."""


_Placed = TypeVar("_Placed", bound=tuple[Any, ...])


class NameFinder(Protocol):
    """What finds the names in Arabic: the packaged tagger, or a model that stands in for it.

    Attributes:
        method: what ``entity_mentions.method`` says of its names.
        version: which model it is, as ``entity_version`` is to say it; empty for the packaged one.
    """

    method: str
    version: str

    def names(self, tokens: Tokens, lexicon: Sequence[tuple[int, int, int]]) -> list[Name]:
        """The names among the tokens, in order and without overlap; none runs over a break.

        Args:
            tokens: The tokens of a chunk of texts; the vocabulary holds their letters.
            lexicon: ``(first token, token behind the last, tag of the first)`` of the lexicon's names in them, in order.
        """


class Reading(Enum):
    """How a text is read: Arabic by the finder of names, Latin letters by capitals, anything else by the lexicon alone."""

    ARABIC = "arabic"
    LATIN = "latin"
    OTHER = "other"


class Span(NamedTuple):
    """A name in a text: words ``[first, last)``, code points ``[start, end)``, type, keys and how it was found.

    ``entities`` are the lexicon's candidates, best first, empty for a name it does not know. ``method`` that of the
    finder of names, ``lexicon`` or ``rule``.
    """

    first: int
    last: int
    start: int
    end: int
    type: str
    keys: tuple[str, ...]
    entities: tuple[Entity, ...]
    method: str
    confidence: float


class Found(NamedTuple):
    """A text's words and the names among them, in order and without overlap."""

    words: Words
    spans: list[Span]


def find_names(texts: Sequence[str], readings: Sequence[Reading], finder: NameFinder | None = None) -> list[Found]:
    """The names of each text, read as ``readings`` says, Arabic by ``finder``, by default the packaged tagger."""
    finder = finder or tagger()
    tokens = tokenize_texts(texts)
    matches = lexicon_names(tokens)
    names: list[Name] = []
    if Reading.ARABIC in readings:
        names = finder.names(tokens, [(first, behind, lexicon_tag(pattern)) for first, behind, pattern, _ in matches])
    before = [0, *np.cumsum(vocabulary().are_words(tokens.words)).tolist()]  # words before each token
    edges = tokens.bounds.tolist()
    found: list[Found] = []
    for text, reading, own_names, own_matches in zip(
        words_of(texts, tokens), readings, _shared_out(names, edges), _shared_out(matches, edges), strict=True
    ):
        base = before[edges[len(found)]]
        if reading is Reading.ARABIC:
            tagged = [
                _tagged(text, before[name.first] - base, before[name.behind] - base, name, finder.method)
                for name in own_names
            ]
            announced = [
                _known(text, before[first] - base, before[behind] - base, pattern, stripped)
                for first, behind, pattern, stripped in own_matches
                if _is_announced(text, before[first] - base, pattern)
            ]
            spans = _without_overlap([span for span in tagged if span], announced)
        else:
            spans = [
                _known(text, before[first] - base, before[behind] - base, pattern, stripped)
                for first, behind, pattern, stripped in own_matches
                if not pattern.homograph and (reading is Reading.LATIN or not pattern.latin)
            ]
            if reading is Reading.LATIN:
                spans = _with_latin_names(text, spans)
        found.append(Found(text, spans))
    return found


def _shared_out(items: list[_Placed], edges: Sequence[int]) -> list[list[_Placed]]:
    """What of a list in order of its first tokens falls to each text."""
    firsts = [item[0] for item in items]
    cuts = [bisect_left(firsts, edge) for edge in edges]
    return [items[start:end] for start, end in pairwise(cuts)]


def _tagged(words: Words, first: int, last: int, name: Name, method: str) -> Span | None:
    """The span of a name the finder found, with its proclitic cut off and its entries in the lexicon."""
    if last <= first or (
        last - first == 1 and name.type == "LOC" and _is_everyday_noun(words, first)
    ):  # punctuation alone; قطر الدائرة
        return None
    titles, stripped, type_, keys, entities = _read_name(tuple(words.words[first:last]), name.type)
    certainty = round(name.certainty, 2)
    return _span(words, first + titles, last, stripped, type_, keys, entities, method, certainty)


@lru_cache(maxsize=1 << 15)
def _read_name(run: tuple[Word, ...], type_: str) -> tuple[int, int, str, tuple[str, ...], tuple[Entity, ...]]:
    """Reads a name's words: titles to leave out, letters of a proclitic to strip, type, keys, candidates.

    Names recur, so this is remembered; never beyond its time, as a new lexicon makes new words.
    """
    titles = 0
    while len(run) - titles > 1 and run[titles].key in triggers.TITLES:
        titles += 1
    stripped, keys, entities = resolve(run[titles:], type_)
    return titles, stripped, entities[0].type if entities else type_, keys, entities


def _is_everyday_noun(words: Words, at: int) -> bool:
    """Whether a place's homograph is the everyday noun: an everyday word with the article depends on it (``قطر الدائرة``)."""
    word = words.words[at]
    if not word.starts or at + 1 >= len(words.words) or words.text[words.ends[at] : words.starts[at + 1]] != " ":
        return False
    alone = word.starts[0][1].get("", ())
    if not alone or not alone[0].homograph:
        return False
    before, following = words.words[at - 1].key if at else "", words.words[at + 1]
    return (
        before not in triggers.PLACE_NOUNS
        and before not in triggers.PLACE_PREPOSITIONS
        and following.key.startswith("ال")
        and not following.flags & (NISBA | ROLE | TITLE)
        and is_common(following.key, load_lexicon().common_words)
    )


def resolve(run: Sequence[Word], type_: str) -> tuple[int, tuple[str, ...], tuple[Entity, ...]]:
    """Reads a name's words: letters of a proclitic to strip, keys, and the lexicon's candidates of a fitting type.

    The proclitic goes where the lexicon knows the name without it, or else where the rest is a word of its own that the
    whole is not: a given name, or a word the tagger's vocabulary has.
    """
    lexicon = load_lexicon()
    spellings = lexicon.nisba_spellings
    tail = tuple(word.key for word in run[1:])
    head = run[0]
    forms = [(0, head.key), *head.rests]
    for stripped, key in forms:
        entities = candidates((key, *tail), type_)
        if entities:
            return stripped, (key, *tail), entities
    if type_ == "ORG" and tail:
        tail = tuple(spellings.get(key, key) for key in tail)
        for stripped, key in forms:  # شركة غوغل is غوغل
            if key in triggers.ORG_HEADS and (entities := candidates(tail, type_)):
                return stripped, (key, *tail), entities
    stripped, key = _without_proclitic(head)
    return stripped, (key, *tail), ()


def _without_proclitic(head: Word) -> tuple[int, str]:
    given = load_lexicon().given_names
    if head.key in given or not head.rests:
        return 0, head.key
    places = tagger().model.places
    own = places.get(head.key, len(places) + 2)
    for stripped, rest in head.rests:
        if rest in given or places.get(rest, len(places) + 2) < own:
            return stripped, rest
    return 0, head.key


def candidates(keys: tuple[str, ...], type_: str) -> tuple[Entity, ...]:
    """The lexicon's entities of that very name: those of the type, else a country, which may act as anything."""
    by_second = load_lexicon().patterns.get(keys[0])
    if by_second is None:
        return ()
    for pattern in by_second.get(keys[1] if len(keys) > 1 else "", ()):
        if pattern.keys == keys:
            fitting = tuple(entity for entity in pattern.entities if entity.type == type_)
            return fitting or tuple(
                entity for entity in pattern.entities if entity.iso_code or (len(keys) > 1 and not pattern.homograph)
            )
    return ()


def _known(words: Words, first: int, last: int, pattern: Pattern, stripped: int) -> Span:
    keys = pattern.keys
    while len(keys) > 1 and (keys[0] in triggers.TITLES or keys[0] in triggers.DROPPED_HEADS):  # no part of the name
        first, stripped, keys = first + 1, 0, keys[1:]
    type_ = pattern.entities[0].type
    return _span(words, first, last, stripped, type_, keys, pattern.entities, "lexicon", _LEXICON_CERTAINTY)


def _is_announced(words: Words, at: int, pattern: Pattern) -> bool:
    """Whether a noun such as مدينة vouches for a place of the lexicon, whatever the tagger thinks of the word."""
    if pattern.entities[0].type != "LOC":
        return False
    return pattern.keys[0] in triggers.DROPPED_HEADS or (at > 0 and words.words[at - 1].key in triggers.PLACE_NOUNS)


def _without_overlap(spans: list[Span], more: list[Span]) -> list[Span]:
    """The spans, and those of ``more`` that share no word with them, in order."""
    if not more:
        return spans
    taken = {word for span in spans for word in range(span.first, span.last)}
    kept = [span for span in more if taken.isdisjoint(range(span.first, span.last))]
    return sorted([*spans, *kept], key=lambda span: span.first)


def _with_latin_names(words: Words, spans: list[Span]) -> list[Span]:
    """Adds the names capitals show; a longer one takes the place of a known name inside it."""
    extra = [
        _span(words, first, last, 0, type_, tuple(w.key for w in words.words[first:last]), (), "rule", confidence)
        for first, last, type_, confidence in latin_names(words)
    ]
    taken: list[Span] = []
    used: set[int] = set()
    for span in sorted([*spans, *extra], key=lambda s: (-(s.last - s.first), -s.confidence, s.first)):
        if used.isdisjoint(range(span.first, span.last)):
            used.update(range(span.first, span.last))
            taken.append(span)
    return sorted(taken, key=lambda span: span.start)


def _span(
    words: Words,
    first: int,
    last: int,
    stripped: int,
    type_: str,
    keys: tuple[str, ...],
    entities: tuple[Entity, ...],
    method: str,
    confidence: float,
) -> Span:
    start = words.starts[first]
    if stripped:
        start += stripped_length(words.text[start : words.ends[first]], stripped)
    return Span(first, last, start, words.ends[last - 1], type_, keys, entities, method, confidence)
