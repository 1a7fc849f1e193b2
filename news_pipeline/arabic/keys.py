"""Matching keys: one spelling for all the ways a word is written.

A key is for comparing, never for showing: text and offsets stay as written. The folds are those of the CAMeL tools'
``normalize_alef_ar``, ``normalize_alef_maksura_ar``, ``normalize_teh_marbuta_ar`` and ``dediac_ar``, with hamza seats,
Persian letters, ZWNJ and digits added. ``FOLDS`` and ``DROPPED`` are data so that the DuckDB macro ``norm_ar`` is
generated from the same tables.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

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


phrase_key = lru_cache(maxsize=1 << 15)(word_key)
"""``word_key``, remembered: for names, tags and labels, which come again on page after page."""

_BETWEEN = "\ue000"
"""Stands between texts that are keyed in one go: a private character, so that none of its own meets it."""
_GONE, _SPACE, _SCALAR = 0, 32, 1
_LAST_IN_TABLE = 0xFFFF
_BEYOND_TABLE = re.compile("[\U00010000-\U0010ffff]")


def word_keys(texts: Sequence[str]) -> list[str]:
    """``word_key`` of each text; one table lookup for all of them, several times as fast as one by one."""
    return [" ".join(words) for words in key_words(texts)]


def key_words(texts: Sequence[str]) -> list[list[str]]:
    """The words of the ``word_key`` of each text."""
    joined = _BETWEEN.join(texts).replace("\u00a0", " ").replace("\u2026", " ")  # the usual ones that NFKC would change
    if not unicodedata.is_normalized("NFKC", joined):
        joined = unicodedata.normalize("NFKC", joined)
    encoded = joined.encode("utf-16-le", "surrogatepass")
    if len(encoded) > 2 * len(joined):
        if any(map(str.isalnum, _BEYOND_TABLE.findall(joined))):
            return [word_key(text).split() for text in texts]
        encoded = _BEYOND_TABLE.sub(" ", joined).encode("utf-16-le", "surrogatepass")
    folded = _folding_table()[np.frombuffer(encoded, np.uint16)]
    if np.minimum.reduce(folded, initial=_SPACE) == _GONE:
        folded = folded[folded != _GONE]
    if np.minimum.reduce(folded, initial=_SPACE) == _SCALAR:
        return [word_key(text).split() for text in texts]
    keys = folded.tobytes().decode("utf-16-le").split(_BETWEEN)
    if len(keys) != len(texts):  # a text has the private character itself
        return [word_key(text).split() for text in texts]
    return list(map(str.split, keys))


@cache
def _folding_table() -> NDArray[np.uint16]:
    """Letter → letter of the key, for the first plane: 0 dropped, 32 a space, 1 one that needs its neighbours."""
    table = np.full(_LAST_IN_TABLE + 1, _SPACE, np.uint16)
    for code in range(_LAST_IN_TABLE + 1):
        letter = chr(code)
        folded = letter.translate(_TABLE)
        lowered = folded.lower()
        if not folded:
            table[code] = _GONE
        elif (
            len(lowered) != 1 or unicodedata.combining(lowered) or letter == "\u03a3"
        ):  # a final sigma has its own form
            table[code] = _SCALAR
        elif lowered.isalnum() or lowered in ("%", _BETWEEN):
            table[code] = ord(lowered)
    return table
