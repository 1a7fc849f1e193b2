"""Text that was once decoded with the wrong encoding and saved so: put right where nothing else explains it.

Two accidents are undone, as often as they happened: UTF-8 read as a code page (Windows-1252, Latin-1 or Windows-1256),
and the Arabic Windows-1256 read as Windows-1252 or Latin-1. Certainty comes from the bytes: characters that are chance
would not line up as UTF-8 sequences without exception, nor would letters with accents stand for Arabic words letter by
letter. A line with a single exception stays as it was written.
"""

from __future__ import annotations

import re

from news_pipeline.dumps.charsets import reads_as_arabic

FEWEST_SEQUENCES = 3
"""Sequences of UTF-8 that are no chance."""

_FEWEST_LETTERS = 16
_MOST_TIMES = 3
_SHORT = 200


def _table(encoding: str) -> dict[str, int]:
    """Character → byte of a code page from 0x80 on; bytes it leaves open are the control characters of that number."""
    table: dict[str, int] = {}
    for byte in range(0x80, 0x100):
        try:
            table[bytes((byte,)).decode(encoding)] = byte
        except UnicodeDecodeError:
            table[chr(byte)] = byte
    return table


def _sequences(table: dict[str, int]) -> re.Pattern[str]:
    """Finds what the sequences of UTF-8 beyond ASCII look like in a code page."""

    def chars(first: int, last: int) -> str:
        return "[" + re.escape("".join(char for char, byte in table.items() if first <= byte <= last)) + "]"

    trail = chars(0x80, 0xBF)
    return re.compile(f"{chars(0xC2, 0xDF)}{trail}|{chars(0xE0, 0xEF)}{trail}{{2}}|{chars(0xF0, 0xF4)}{trail}{{3}}")


# Of Latin-1 the bytes 0x80 to 0x9F are control characters; both ways to read them occur in one text.
_WESTERN = {chr(byte): byte for byte in range(0x80, 0x100)} | _table("cp1252")
_PAGES = {"cp1252": (_WESTERN, _sequences(_WESTERN)), "cp1256": (_table("cp1256"), _sequences(_table("cp1256")))}
# Letters with accents take 0xC3 as their first byte in UTF-8, so all that was read as Windows-1252 holds it. Of what was
# read as Windows-1256: alef, lam, e with accents, and the quotes.
_FREQUENT = (*(sign.encode().decode("cp1256") for sign in ("ا", "ل", "é", "è")), "â€")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_ACCENTED_RUN = re.compile(r"[\u00c0-\u00ff]{3}")
_ASCII_LETTER = re.compile("[A-Za-z]")


def repaired(text: str, fewest: int = FEWEST_SEQUENCES) -> tuple[str, str] | None:
    """The text with its mojibake undone, and as what it had been read (``cp1252``, ``cp1256``); None where it has none.

    Args:
        text: as decoded.
        fewest: sequences that make it certain; one does in a title whose page is mojibake.
    """
    if text.isascii() or (len(text) > _SHORT and not _may_be_mojibake(text)):
        return None
    found: str | None = None
    for _ in range(_MOST_TIMES):
        once = _once(text, fewest)
        if once is None:
            break
        text, encoding = once
        found = found or encoding
    return (text, found) if found else None


def _may_be_mojibake(text: str) -> bool:
    """A quick look at a text long enough to hold the most frequent letters of Arabic, Persian, French and English."""
    return b"\xc3" in text.encode() or any(sequence in text for sequence in _FREQUENT)


def _once(text: str, fewest: int) -> tuple[str, str] | None:
    for encoding, (table, sequence) in _PAGES.items():
        if sequence.search(text) and (better := _as_utf8(text, table, sequence, fewest)) is not None:
            return better, encoding
    if _ACCENTED_RUN.search(text) and (better := _as_arabic(text)) is not None:
        return better, "cp1252"
    return None


def _as_utf8(text: str, table: dict[str, int], sequence: re.Pattern[str], fewest: int) -> str | None:
    """UTF-8 read as a code page, line by line: a line counts only if all it has beyond ASCII are such sequences."""
    lines = text.split("\n")
    broken = [number for number, line in enumerate(lines) if _is_all_sequences(line, sequence)]
    if sum(len(sequence.findall(lines[number])) for number in broken) < fewest:
        return None
    changed = False
    for number in broken:
        better = _decoded(lines[number], table, "utf-8")
        if better is not None:
            lines[number], changed = better, True
    return "\n".join(lines) if changed else None


def _is_all_sequences(line: str, sequence: re.Pattern[str]) -> bool:
    rest, count = sequence.subn("", line)
    return count > 0 and not _BEYOND_ASCII.search(rest)


def _as_arabic(text: str) -> str | None:
    """Windows-1256 read as Windows-1252: Latin letters, nearly all with accents, that are Arabic letter by letter."""
    better = _decoded(text, _WESTERN, "cp1256")
    if better is None:
        return None
    accented = len(_BEYOND_ASCII.findall(text))
    is_foreign = accented >= _FEWEST_LETTERS and accented > 2 * len(_ASCII_LETTER.findall(text))
    return better if is_foreign and reads_as_arabic(better) else None


def _decoded(text: str, table: dict[str, int], encoding: str) -> str | None:
    try:
        return bytes(ord(char) if char < "\x80" else table[char] for char in text).decode(encoding)
    except (KeyError, UnicodeDecodeError):
        return None
