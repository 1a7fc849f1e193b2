"""Spellings of one foreign name: which keys differ only as transliterations do.

Arabic writes a foreign name by ear: with or without its vowels (``بوتين``, ``بوتن``), a g as غ, ج, ق or ك, a v as ف, a th as ث or
ت. A *skeleton* leaves out what varies. Names that Arabic itself has (given names, names with the article) are left as they
are: there a vowel tells two people apart (``سالم``, ``سليم``).
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from rapidfuzz import fuzz

from news_pipeline.entities.lexicon import Entity, every_pattern, load_lexicon

_FOLDS = str.maketrans({"غ": "ج", "ق": "ك", "ث": "ت", "ذ": "ز", "ظ": "ز", "ض": "د", "ص": "س", "ط": "ت", "ح": "ه"})
_VOWELS = re.compile("(?<=.)[اويهعء]")
_LATIN_FOLDS = str.maketrans({"c": "k", "q": "k", "z": "s", "v": "f", "w": "f", "y": "i", "j": "i"})
_LATIN_VOWELS = re.compile("(?<=.)[aeiouh]")
_DOUBLED = re.compile(r"(.)\1+")
_SHORTEST = 4
_ALIKE = 75.0
"""Least similarity (rapidfuzz's ratio, 0 to 100) of two spellings with one skeleton: set by judgement."""


@lru_cache(maxsize=1 << 16)
def skeleton(key: str) -> str:
    """What the spellings of a foreign name share; an Arabic name's own key."""
    if key.isascii():
        return _DOUBLED.sub(r"\1", _LATIN_VOWELS.sub("", key.translate(_LATIN_FOLDS)))
    if len(key) < _SHORTEST or key.startswith("ال") or key in load_lexicon().given_names:
        return key
    folded = _DOUBLED.sub(r"\1", _VOWELS.sub("", key.translate(_FOLDS)))
    return folded if len(folded) > 1 else key


@cache
def _people() -> dict[tuple[str, ...], dict[tuple[str, ...], Entity | None]]:
    """Skeletons of the lexicon's full personal names → the names themselves and their bearer, None for several."""
    people: dict[tuple[str, ...], dict[tuple[str, ...], Entity | None]] = {}
    for pattern in every_pattern(load_lexicon()):
        bearers = [entity for entity in pattern.entities if entity.type == "PER"]
        if bearers and len(pattern.keys) > 1:
            own = people.setdefault(tuple(map(skeleton, pattern.keys)), {})
            own[pattern.keys] = bearers[0] if len(bearers) == 1 else None
    return people


@lru_cache(maxsize=1 << 14)
def known_variant(keys: tuple[str, ...]) -> Entity | None:
    """The one person of the lexicon whose full name these keys spell in another way."""
    if len(keys) < 2:
        return None
    found = _people().get(tuple(map(skeleton, keys)), {})
    bearers = {
        bearer.entity_id if bearer else "": bearer
        for name, bearer in found.items()
        if fuzz.ratio(" ".join(name), " ".join(keys)) >= _ALIKE
    }
    return next(iter(bearers.values())) if len(bearers) == 1 else None


def forget() -> None:
    """Drops what was worked out from a lexicon that is no longer in use."""
    for remembered in (skeleton, _people, known_variant):
        remembered.cache_clear()
