"""A page as lines with offsets: the ground that blocks are laid on.

Belongs here: cutting a text into lines without losing a character, and what can be said of a line by itself. Does not
belong here: what a line is for, which takes its neighbours (``blocks``).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from news_pipeline.arabic.keys import word_key

_BLANK = " \t\r\n\u00a0\ufeff\u200b\u200e\u200f\u2028\u2029\x0b\x0c\x1c\x1d\x1e\x85"
_BULLET = re.compile(r"[•●▪◾■◆►▶‣⁃∙·*–—\-»›]+\s+|\d{1,2}[.)]\s+|\d{1,2}\s?[-–]\s?(?=[^\W\d])")
_SENTENCE_END = re.compile(r"[.!؟?。…:؛;]['\"”“»’)\]\s]*$")
_FULL_STOP = re.compile(r"[.!؟?。…]['\"”“»’)\]\s]*$|[.]?['\"”»]$")
_INNER_STOP = re.compile(r"(?<![.\d])[.؟](?=\s+\S)")
_WORD = re.compile(r"\w+")
_LETTER_BETWEEN = "\U00010900"
"""A letter of a script no news is written in: parts lines so that their keys are made in one go."""


class Line(NamedTuple):
    """A line that holds something, with the blank lines after it.

    Attributes:
        start: first code point in the page, blank lines before the first line included.
        end: code point after the last one: the start of the next line.
        written_start: first code point of the line as written, surrounding space left out.
        text_start: first code point of the text, a bullet left out too.
        text: the line without surrounding space and bullet.
        key: matching key of the text (``word_key``).
        words: number of words.
        bullet: whether a bullet or number leads the line.
        stops: whether it ends as a sentence does (a closing quotation mark counts).
    """

    start: int
    end: int
    written_start: int
    text_start: int
    text: str
    key: str
    words: int
    bullet: bool
    stops: bool

    @property
    def text_end(self) -> int:
        """Code point after the last one of the text."""
        return self.text_start + len(self.text)

    @property
    def ends_sentence(self) -> bool:
        """Whether the line ends with a mark that ends or opens a sentence, a colon included."""
        return _SENTENCE_END.search(self.text[-6:]) is not None

    @property
    def has_inner_stop(self) -> bool:
        """Whether a sentence ends within the line."""
        return _INNER_STOP.search(self.text) is not None

    @property
    def is_prose(self) -> bool:
        """Whether the line reads as a paragraph by itself: long, or a full sentence of some length."""
        return self.words >= 25 or (self.words >= 12 and (self.stops or self.has_inner_stop))


def split_lines(text: str) -> list[Line]:
    """Cuts a text into its non-blank lines; their spans tile it. A blank text has no lines."""
    starts: list[int] = []
    written_starts: list[int] = []
    texts: list[str] = []
    offset = 0
    for raw in text.splitlines(keepends=True):
        stripped = raw.strip(_BLANK)
        if stripped:
            starts.append(offset)
            written_starts.append(offset + raw.index(stripped))
            texts.append(stripped)
        offset += len(raw)
    if not texts:
        return []
    starts[0] = 0
    ends = [*starts[1:], len(text)]
    bullets = [_BULLET.match(stripped) for stripped in texts]
    leads = [bullet.end() if bullet and bullet.end() < len(t) else 0 for bullet, t in zip(bullets, texts, strict=True)]
    bare = [stripped[lead:] for stripped, lead in zip(texts, leads, strict=True)]
    return [
        Line(
            start=start,
            end=end,
            written_start=written_start,
            text_start=written_start + lead,
            text=line_text,
            key=key,
            words=len(_WORD.findall(line_text)),
            bullet=lead > 0,
            stops=_FULL_STOP.search(line_text[-6:]) is not None,
        )
        for start, end, written_start, lead, line_text, key in zip(
            starts, ends, written_starts, leads, bare, _keys(bare), strict=True
        )
    ]


def _keys(texts: list[str]) -> list[str]:
    """The key of each text, made in one go, which is several times as fast as one by one."""
    if any(_LETTER_BETWEEN in text for text in texts):
        return [word_key(text) for text in texts]
    return [key.strip() for key in word_key(f" {_LETTER_BETWEEN} ".join(texts)).split(_LETTER_BETWEEN)]
