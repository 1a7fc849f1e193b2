"""Matching keys: one spelling for all the ways a word is written.

A key is for comparing, never for showing: text and offsets stay as written. The folds are those of the CAMeL tools'
``normalize_alef_ar``, ``normalize_alef_maksura_ar``, ``normalize_teh_marbuta_ar`` and ``dediac_ar``, with hamza seats,
Persian letters, ZWNJ and digits added. ``FOLDS`` and ``DROPPED`` are data so that the DuckDB macro ``norm_ar`` is
generated from the same tables.
"""

from __future__ import annotations

import re
import unicodedata

DROPPED = "".join(
    chr(c)
    for first, last in (
        (0x0610, 0x061A),  # Quranic marks
        (0x061C, 0x061C),  # Arabic letter mark
        (0x0640, 0x0640),  # tatweel
        (0x064B, 0x065F),  # tashkeel, combining madda and hamza, rarer vowel signs
        (0x0670, 0x0670),  # superscript alef
        (0x06D6, 0x06DC),  # Quranic marks
        (0x06DF, 0x06E4),
        (0x06E7, 0x06E8),
        (0x06EA, 0x06ED),
        (0x200B, 0x200B),  # zero width space
        (0x200D, 0x200F),  # joiner, direction marks
        (0x202A, 0x202E),  # direction embeddings
        (0x2066, 0x2069),  # direction isolates
        (0xFEFF, 0xFEFF),  # byte order mark
    )
    for c in range(first, last + 1)
)
"""Characters a key leaves out: diacritics, tatweel and invisible controls."""

FOLDS: dict[str, str] = {
    **dict.fromkeys("أإآٱ", "ا"),
    **dict.fromkeys("ىیے", "ي"),
    **dict.fromkeys("کڪ", "ك"),
    **dict.fromkeys("ةہھۀە", "ه"),
    "ؤ": "و",
    "ئ": "ي",
    "\u200c": " ",  # ZWNJ
    "\u00a0": " ",
    **{chr(0x0660 + digit): str(digit) for digit in range(10)},
    **{chr(0x06F0 + digit): str(digit) for digit in range(10)},
}
"""Characters a key replaces, one for one."""

_TABLE = str.maketrans(FOLDS | dict.fromkeys(DROPPED, ""))
_SPACES = re.compile(r"\s+")
_NOT_WORD = re.compile(r"(?:[^\w%]|_)+")


def norm_ar(text: str) -> str:
    """The matching key of a text: folded letters, no diacritics, lower case, single spaces; punctuation is kept."""
    folded = unicodedata.normalize("NFKC", text).translate(_TABLE).lower()
    # What was dropped or lowered may have kept a letter and its accent apart: a key's key must be the key itself.
    return _SPACES.sub(" ", unicodedata.normalize("NFC", folded)).strip()


def word_key(text: str) -> str:
    """The matching key of a phrase by its words alone: ``norm_ar`` with punctuation as spaces."""
    return _NOT_WORD.sub(" ", norm_ar(text)).strip()
