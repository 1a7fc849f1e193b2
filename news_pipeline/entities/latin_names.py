"""Names in Latin letters that no lexicon knows: capitalised words behind a title, or with a word for a body among them."""

from __future__ import annotations

from news_pipeline.entities.words import CAPITAL, Words

_CONFIDENCE = 0.6  # set by judgement
_TITLES = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "dr",
        "president",
        "minister",
        "chancellor",
        "senator",
        "general",
        "king",
        "queen",
        "prince",
        "princess",
        "sir",
        "judge",
        "professor",
        "secretary",
        "spokesman",
        "spokeswoman",
        "spokesperson",
        "m",
        "mme",
        "président",
        "ministre",
    ]
)
_BODIES = frozenset(
    [
        "ministry",
        "university",
        "party",
        "inc",
        "corp",
        "ltd",
        "bank",
        "agency",
        "council",
        "commission",
        "committee",
        "association",
        "union",
        "institute",
        "ministère",
        "université",
        "parti",
        "banque",
        "agence",
        "conseil",
    ]
)
_JOINTS = frozenset({" ", "-", ". ", "\u00a0"})


def latin_names(words: Words) -> list[tuple[int, int, str, float]]:
    """Runs of capitalised words that are a person or a body: ``(first word, word behind, type, confidence)``."""
    found = []
    i, count = 0, len(words.words)
    while i < count:
        if not words.words[i].flags & CAPITAL:
            i += 1
            continue
        last = i + 1
        while last < count and words.words[last].flags & CAPITAL and _gap(words, last - 1) in _JOINTS:
            last += 1
        keys = [word.key for word in words.words[i:last]]
        if len(keys) >= 2 and not _BODIES.isdisjoint(keys):
            found.append((i, last, "ORG", _CONFIDENCE))
        elif len(keys) >= 2:
            first = i
            while first < last and words.words[first].key in _TITLES:
                first += 1
            announced = first > i or (i > 0 and words.words[i - 1].key in _TITLES)
            if announced and first < last:
                found.append((first, last, "PER", _CONFIDENCE))
        i = last
    return found


def _gap(words: Words, i: int) -> str:
    """What stands between word ``i`` and the next."""
    return words.text[words.ends[i] : words.starts[i + 1]]
