"""Proclitics: the particles Arabic writes joined to the front of a word.

Stripping is only ever a proposal: it holds where the remainder is a known word or name (the caller knows), so that
``والي`` (governor) is not read as ``و`` + ``الي``. Segments follow the ATB scheme (conjunction, preposition, article).
"""

from __future__ import annotations

_MIN_REMAINDER = 3
_PREFIXES = {
    "و": ("و", "وب", "ول", "وك"),
    "ف": ("ف", "فب", "فل", "فك"),
    "ب": ("ب",),
    "ل": ("ل",),
    "ك": ("ك",),
}
"""First letter → proclitics that begin with it, shortest first."""


def proclitic_splits(key: str) -> list[tuple[int, str]]:
    """The ways to strip proclitics off a word's key, as ``(letters stripped, remainder)``, shortest first.

    The definite article stays with the remainder, and ``لل`` gives it back: ``للكويت`` → ``(1, الكويت)``, where the
    count of letters stripped is that of the written word. As ``لل`` may also be ``ل`` before a word of initial ``ل``,
    with the article or without, those follow: ``للبنان`` → ``(1, لبنان)``, ``للغة`` → ``(1, اللغة)``. Remainders keep at
    least three letters.
    """
    splits: list[tuple[int, str]] = []
    for prefix in _PREFIXES.get(key[:1], ()):
        if not key.startswith(prefix):
            continue
        stripped = len(prefix)
        rest = key[stripped:]
        if prefix[-1] == "ل" and rest[:1] == "ل":
            splits += [(stripped, whole) for whole in ("ا" + rest, rest, "ال" + rest) if len(whole) >= _MIN_REMAINDER]
        elif len(rest) >= _MIN_REMAINDER:
            splits.append((stripped, rest))
    return splits


def strip_article(key: str) -> str:
    """The word without its definite article ``ال`` where at least three letters remain."""
    return key[2:] if key.startswith("ال") and len(key) >= 5 else key
