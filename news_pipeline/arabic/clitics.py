"""Proclitics: the particles Arabic writes joined to the front of a word.

Stripping is only ever a proposal: it holds where the remainder is a known word or name (the caller knows), so that
``والي`` (governor) is not read as ``و`` + ``الي``. Segments follow the ATB scheme (conjunction, preposition, article).
"""

from __future__ import annotations

from collections.abc import Iterator

_CONJUNCTIONS = ("", "و", "ف")
_PREPOSITIONS = ("", "ب", "ل", "ك")
_MIN_REMAINDER = 3


def proclitic_splits(key: str) -> Iterator[tuple[int, str]]:
    """Yields ``(letters stripped, remainder)`` for each way to strip proclitics off a word's key, shortest first.

    The definite article stays with the remainder, and ``لل`` gives it back: ``للكويت`` → ``(1, الكويت)``, where the
    count of letters stripped is that of the written word. As ``لل`` may also be ``ل`` before a word of initial ``ل``,
    with the article or without, those follow: ``للبنان`` → ``(1, لبنان)``, ``للغة`` → ``(1, اللغة)``. Remainders keep at
    least three letters.
    """
    seen = set()
    for conjunction in _CONJUNCTIONS:
        for preposition in _PREPOSITIONS:
            prefix = conjunction + preposition
            if not prefix or not key.startswith(prefix):
                continue
            rest = key[len(prefix) :]
            remainders = ("ا" + rest, rest, "ال" + rest) if preposition == "ل" and rest.startswith("ل") else (rest,)
            for remainder in remainders:
                if len(remainder) >= _MIN_REMAINDER and (len(prefix), remainder) not in seen:
                    seen.add((len(prefix), remainder))
                    yield len(prefix), remainder


def strip_article(key: str) -> str:
    """The word without its definite article ``ال`` where at least three letters remain."""
    return key[2:] if key.startswith("ال") and len(key) >= 5 else key
