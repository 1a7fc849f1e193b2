"""Arabic letters in Latin: Buckwalter's one-to-one scheme, in its URL-safe variant."""

from __future__ import annotations

_SAFE_BUCKWALTER = str.maketrans(
    "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيپچڤگ",
    "CMOWIQAbptvjHxdVrzscSDTZEgfqklmnhwYyPJBG",
)


def to_safe_buckwalter(text: str) -> str:
    """Transliterates Arabic letters by the safe Buckwalter scheme (Habash 2010); other characters stay."""
    return text.translate(_SAFE_BUCKWALTER)
