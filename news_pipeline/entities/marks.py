"""Pairs quotation marks: which words of a text stand between marks.

Most Arabic news writes ``"`` on both sides, often with a space on the wrong one, often inside another pair, and now and
then forgets one. What stands around a mark tells whether it opens or closes; only where that leaves something over do
the marks of a paragraph open and close by turns.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from news_pipeline.arabic.keys import norm_ar
from news_pipeline.entities import triggers

_MARKS = re.compile(r'["«»“”„\n]')
_LONGEST = 3000  # code points; a mark without partner must not swallow an article
_BEFORE_OPENING = frozenset(" \n\t\u00a0\u200f\u200e([:–—-/«“„")
_AFTER_CLOSING = frozenset(" \n\t\u00a0\u200f\u200e.,،؛;:!?؟)]»”…")
_JOINED = frozenset("وفبلك")  # particles written onto what is in marks: و"…
_TATWEEL = "ـ"
QUOTATION_MARKS = '"«»“”„'

_OPENS, _CLOSES, _EITHER = "(", ")", "?"


def quoted_spans(text: str) -> list[tuple[int, int]]:
    """Spans between quotation marks, outermost ones only, marks and spaces at their edges left out.

    A mark left open at the end of a paragraph goes on into the next one if that one closes it, or if it opens with a
    mark again, as each paragraph of a long quotation may.
    """
    if not any(mark in text for mark in QUOTATION_MARKS):
        return []
    spans: list[tuple[int, int]] = []
    marks: list[int] = []
    opened: int | None = None
    for match in _MARKS.finditer(text):
        if match.group() != "\n":
            marks.append(match.start())
        elif marks:
            opened = _read_paragraph(text, marks, opened, spans)
            marks = []
    if marks:
        _read_paragraph(text, marks, opened, spans)
    return [_trimmed(text, start, end) for start, end in spans]


def _read_paragraph(text: str, marks: list[int], opened: int | None, spans: list[tuple[int, int]]) -> int | None:
    """Adds the pairs of one paragraph; returns the mark it leaves open. ``opened`` is one left open before it."""
    kinds = [_kind(text, at) for at in marks]
    if opened is not None:
        if marks[-1] - opened > _LONGEST:
            opened = None
        elif kinds[0] == _OPENS:
            begins = marks[0] == 0 or text[marks[0] - 1] == "\n"
            if not begins or text.count("\n", opened, marks[0]) != 1:
                opened = None
            elif len(marks) % 2:
                return opened  # it goes on into yet another paragraph
            else:
                marks, kinds = marks[1:], kinds[1:]
    if opened is not None:
        spans.append((opened + 1, marks[0]))
        marks, kinds = marks[1:], kinds[1:]
    pairs, stray, unclosed = _nested(marks, kinds)
    if (stray or unclosed) and len(marks) % 2 == 0:
        pairs, unclosed = list(zip(marks[::2], marks[1::2], strict=True)), []
    spans += [(start + 1, end) for start, end in pairs if end > start + 1]
    # Left open is only what nothing behind it in the paragraph closes.
    return unclosed[-1] if unclosed and unclosed[-1] >= max((end for _, end in pairs), default=0) else None


def _nested(marks: Sequence[int], kinds: Sequence[str]) -> tuple[list[tuple[int, int]], list[int], list[int]]:
    """Outermost pairs, marks that close nothing, and marks that nothing closes."""
    stack: list[int] = []
    pairs: list[tuple[int, int]] = []
    stray: list[int] = []
    for at, kind in zip(marks, kinds, strict=True):
        if kind == _OPENS or (kind == _EITHER and not stack):
            stack.append(at)
        elif stack:
            start = stack.pop()
            while pairs and pairs[-1][0] > start:
                pairs.pop()
            pairs.append((start, at))
        else:
            stray.append(at)
    return pairs, stray, stack


def _kind(text: str, at: int) -> str:
    """Whether a mark opens or closes, by its own form and what stands on its two sides."""
    mark = text[at]
    if mark in "«„":
        return _OPENS
    if mark == "»":
        return _CLOSES
    before = text[at - 1] if at else "\n"
    after = text[at + 1] if at + 1 < len(text) else "\n"
    free_before = before in _BEFORE_OPENING or before == _TATWEEL
    if before in _JOINED and (at < 2 or text[at - 2] in _BEFORE_OPENING):
        free_before = True
    free_after = after in _AFTER_CLOSING
    if free_before and free_after and not after.isspace():
        return _CLOSES  # no quotation begins with a full stop or a comma
    if free_before != free_after:
        return _OPENS if free_before else _CLOSES
    if free_before and _introduced(text, at):
        return _OPENS
    return _EITHER


def _introduced(text: str, at: int) -> bool:
    """Whether a colon, a verb of speech or nothing at all stands before a mark."""
    before = text[max(0, at - 20) : at].rstrip(" \u00a0")
    if before[-1:] in (":", "\n", ""):
        return True
    key = norm_ar(before.rsplit(None, 1)[-1])
    return key in triggers.REPORTING_VERBS or (key[:1] == "و" and key[1:] in triggers.REPORTING_VERBS)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
