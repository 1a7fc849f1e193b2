"""Words with offsets into the text as written."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from news_pipeline.arabic.keys import DROPPED, norm_ar

# Letters by their category that are marks by their key: tatweel and the presentation forms of diacritics.
_MARKS = "".join(c for c in map(chr, (0x0640, *range(0xFB50, 0xFF00))) if c.isalnum() and not norm_ar(c))
# A word opens with a letter or digit that its key keeps; the accents of other scripts, written apart, stay within it.
_WORD = re.compile(rf"[^\W_{_MARKS}](?:[^\W_]|[{re.escape(DROPPED)}\u0300-\u036f])*")


class Token(NamedTuple):
    """A word: its span in code points (half-open) and its matching key."""

    start: int
    end: int
    key: str


def tokenize(text: str) -> list[Token]:
    """Splits a text into words (letters and digits with their diacritics); ``text[t.start:t.end]`` is the word."""
    return [Token(match.start(), match.end(), _key(match.group())) for match in _WORD.finditer(text)]


_key = lru_cache(maxsize=1 << 16)(norm_ar)  # the same words come again in every text


def words(text: str) -> list[str]:
    """The words of a text as written."""
    return [match.group() for match in _WORD.finditer(text)]
