"""Words of a text with everything the rules ask of them, worked out once per distinct word.

A text of a million words has some fifty thousand distinct ones, so what is known of a word (its key, its names in the
lexicon, its part in the rules) is computed on first sight and looked up afterwards.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from news_pipeline.arabic.clitics import proclitic_splits
from news_pipeline.arabic.keys import DROPPED, norm_ar
from news_pipeline.entities import triggers
from news_pipeline.entities.lexicon import FOREIGN_LETTERS, Pattern, is_common, load_lexicon

_WORD = re.compile(rf"[^\W_](?:[^\W_]|[{re.escape(DROPPED)}])*")
_DROPPED = frozenset(DROPPED)
_ARABIC_WORD = re.compile(r"[ء-ي]{2,}")
_SHORTEST_NAME = 3
_JOINED_ARTICLES = ("لل", "بال", "وال", "فال", "كال")

# What a word is to the rules.
GIVEN = 1  # a given name
NAME = 2  # could be part of a name: no everyday word, no number, nothing else known
DEFINITE = 4  # has the article
TITLE = 8
ROLE = 16
ORG_HEAD = 32
DEFINITE_ORG_HEAD = 64
NISBA = 128
SPEECH = 256
WEAK_GIVEN = 512  # a given name that is also an everyday word
LATIN_CAPITAL = 1024
RULES = GIVEN | TITLE | ROLE | ORG_HEAD | DEFINITE_ORG_HEAD | SPEECH


class Word(NamedTuple):
    """A distinct word: key, flags, names it may begin, and its given name behind a joined particle.

    ``starts`` holds ``(letters stripped, second key → patterns)``; ``stripped_given`` the letters to strip, -1 for none.
    """

    key: str
    flags: int
    starts: tuple[tuple[int, dict[str, tuple[Pattern, ...]]], ...]
    stripped_given: int
    country: str | None


class Words(NamedTuple):
    """The words of one text: where each starts and ends, and what it is."""

    text: str
    starts: list[int]
    ends: list[int]
    words: list[Word]


def read_words(text: str) -> Words:
    """Splits a text into words and looks each up."""
    spans = [match.span() for match in _WORD.finditer(text)]
    return Words(text, [s for s, _ in spans], [e for _, e in spans], [look_up(text[s:e]) for s, e in spans])


@lru_cache(maxsize=200_000)
def look_up(surface: str) -> Word:
    """What is known of a word as written."""
    lexicon = load_lexicon()
    key = norm_ar(surface).translate(FOREIGN_LETTERS)
    latin = key.isascii()
    starts: list[tuple[int, dict[str, tuple[Pattern, ...]]]] = []
    if key in lexicon.patterns and (not latin or not surface.islower()):
        starts.append((0, lexicon.patterns[key]))
    if key == "علي" and surface.endswith("ى"):  # the preposition, which only the fold makes the name Ali
        return Word("على", 0, (), -1, None)
    common = is_common(key, lexicon.common_words)
    country = lexicon.nisbas.get(key)
    stripped_given = -1
    flags = 0
    if latin:
        if surface[:1].isupper() and surface[:1].isalpha():
            flags |= LATIN_CAPITAL
        return Word(key, flags, tuple(starts), -1, None)
    given = key in lexicon.given_names
    if not given:
        for stripped, rest in proclitic_splits(key):
            if rest in lexicon.patterns:
                starts.append((stripped, lexicon.patterns[rest]))
            if stripped_given < 0 and rest in lexicon.given_names and not lexicon.given_names[rest] and not common:
                stripped_given = stripped
            country = country or lexicon.nisbas.get(rest)
    else:
        flags |= GIVEN | (WEAK_GIVEN if lexicon.given_names[key] or key == "علي" else 0)
    if key.startswith("ال") and len(key) >= 5:
        flags |= DEFINITE
    if key in triggers.TITLES:
        flags |= TITLE
    if _matches(key, triggers.ROLES):
        flags |= ROLE
    if _matches(key, triggers.ORG_HEADS):
        flags |= ORG_HEAD
    if _matches(key, triggers.DEFINITE_ORG_HEADS):
        flags |= DEFINITE_ORG_HEAD
    if key in lexicon.nisbas:
        flags |= NISBA
    if _matches(key, triggers.SPEECH_VERBS):
        flags |= SPEECH
    known = any(s or p.entities[0].type != "PER" for s, names in starts for p in names.get("", ()))
    if (
        not (
            common
            or known
            or country
            or flags & ~(DEFINITE | GIVEN | WEAK_GIVEN)
            or key.startswith(_JOINED_ARTICLES)
            or key in triggers.ROLE_MODIFIERS
            or key[1:] in triggers.NAME_LINKS
        )
        and len(key) >= _SHORTEST_NAME
        and _ARABIC_WORD.fullmatch(key)
    ):
        flags |= NAME
    return Word(key, flags, tuple(starts), stripped_given, country)


def _matches(key: str, words: frozenset[str] | dict[str, str]) -> bool:
    """Whether the key, or what is left of it behind a joined particle, is one of the words."""
    if key in words:
        return True
    return any(rest in words for _, rest in proclitic_splits(key))


def stripped_length(surface: str, letters: int) -> int:
    """Code points at the front of a written word that make up that many letters of its key."""
    taken = 0
    for position, character in enumerate(surface):
        if character not in _DROPPED:
            if taken == letters:
                return position
            taken += 1
    return len(surface)
