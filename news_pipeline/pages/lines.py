"""A page as lines with offsets: the ground that blocks are laid on.

Belongs here: cutting a text into lines without losing a character, and what can be said of a line by itself. Does not
belong here: what a line is for, which takes its neighbours (``blocks``).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from operator import or_

from news_pipeline.arabic.keys import key_words
from news_pipeline.pages.dates import find_relative, is_date_line
from news_pipeline.pages.labels import match_label
from news_pipeline.pages.plain import (
    WIDEST_WRAP,
    Form,
    Target,
    broken_joints,
    is_marked_up,
    link_joints,
    plain,
    wrap_joints,
)

_BLANK = (
    " \t\r\n\u00a0\ufeff\u200b\u200e\u200f\u2028\u2029\x0b\x0c\x1c\x1d\x1e\x1f\x85\u1680\u202f\u205f\u3000"
    "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
)
"""All that ``str.isspace`` calls so, and marks that show nothing: no line begins or ends with one."""
_MOST_CHARACTERS, _MOST_LINES = 1_000_000, 20_000
"""What is read of a page as lines, so that its time and memory have a bound: several times the longest news page."""
_LONGEST_RUN, _SHORTENED = 96, 16
_STEP = 16
"""From here on only pictures, ideographs and tags."""
_BULLET = re.compile(
    r"[•●▪◾■◆►▶‣⁃∙·*–—\-»›>+○◦❖✔✓➤→]+\s+|(?:\d{1,2}|[٠-٩۰-۹]{1,2})(?:[.)ـ]\s+|\t\s*|\s?[-–|]\s?(?=[^\W\d])|\s*\|\s*)"
)
_COUNT = re.compile(r"(\d{1,2})\s*(?=[\"“«'(]?[^\W\d])")
_TOLD_OF_LINK = re.compile(r"[,(]?\s*opens (?:in )?(?:a )?new (?:tab|window)\)?$")
"""What screen readers are told behind a link."""
_COUNTED_ITEM = re.compile(r"(?:list|item|slide) \d+ of \d+\s*", re.IGNORECASE)
"""What screen readers are told before an item of a list."""
_SIGNS = re.compile(r"(?:[←↓↑⇐⬅①-⓿☀-➿⬀-⯿\U0001F000-\U0001FAFF]\ufe0f?\s*)+")
_BULLET_STARTS = frozenset(">•●▪◾■◆►▶‣⁃∙·*–—-»›+○◦❖✔✓➤→0123456789٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹")
_SENTENCE_END = re.compile(r"[.!؟?。…:؛;]['\"”“»’)\]\s]*$")
_FULL_STOP = re.compile(r"[.!؟?。…]['\"”“»’)\]\s]*$|[.]?['\"”»]$")
_INNER_STOP = re.compile(r"[.؟?!](?<![.\d].)(?=\s+\S)")
_STOPS = frozenset(".!؟?。…")
_LONGEST_DATE = 50
_ANY_TIME = datetime(2020, 1, 2, tzinfo=UTC)
_ARROWS = frozenset("←⇐⬅①②③④⑤⑥⑦⑧⑨⑩🔹🔸🔴🔵")
_INNER_FULL_STOP = re.compile(r"[.](?<![.\d].)(?=\s+\S)")
_LETTER = "abcdefghijklmnopqrstuvwxyz"
_LETTERS = frozenset("ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءأإآؤئپچژگکی" + _LETTER + _LETTER.upper())
_PLAIN_STARTS = _LETTERS - frozenset("lisLIS")
_PLAIN_ENDS = _LETTERS | frozenset("0123456789")


@dataclass(slots=True)
class Line:
    """A line that holds something, with the blank lines after it.

    Attributes:
        start: first code point in the page, blank lines before the first line included.
        end: code point after the last one: the start of the next line.
        written_start: first code point of the line as written, surrounding space left out.
        written_end: code point after its last one.
        lead: bullet or number that leads the line, as shown; empty where there is none.
        text: its words: without surrounding space and lead, and without the marks of a text tool such as Markdown.
        key: matching key of the text (``word_key``).
        word_keys: the key's words.
        words: number of words.
        stops: whether it ends as a sentence does (a closing quotation mark counts).
        level: 1 to 6 for a Markdown heading, else 0.
        link: whether the whole line is a link of a marked-up page.
        form: ``image``, ``table`` or ``rule`` for those of a marked-up page.
        target: ``author``, ``tag`` or ``home`` where the addresses of its links say so.
    """

    start: int
    end: int
    written_start: int
    written_end: int
    lead: str
    text: str
    key: str
    word_keys: list[str]
    words: int
    stops: bool
    level: int = 0
    link: bool = False
    form: Form = ""
    target: Target = ""

    @property
    def bullet(self) -> bool:
        """Whether a bullet or number leads the line."""
        first = self.lead[:1]
        return first in _BULLET_STARTS or first in _ARROWS or first.isalpha() if first else False

    @property
    def ends_sentence(self) -> bool:
        """Whether the line ends with a mark that ends or opens a sentence, a colon included."""
        return _SENTENCE_END.search(self.text[-6:]) is not None

    @property
    def has_inner_stop(self) -> bool:
        """Whether a sentence ends within the line."""
        return _INNER_STOP.search(self.text) is not None

    @property
    def has_inner_full_stop(self) -> bool:
        """Whether a statement ends within the line; a headline may ask and answer."""
        return "." in self.text and _INNER_FULL_STOP.search(self.text) is not None

    @property
    def is_prose(self) -> bool:
        """Whether the line reads as a paragraph by itself: long, or a full sentence of some length."""
        return self.words >= 25 or (self.words >= 12 and (self.stops or self.has_inner_stop))


def split_lines(text: str) -> list[Line]:
    """Cuts a text into its non-blank lines; their spans tile it. A blank text has no lines.

    Lines that a text tool has wrapped hard are one line again. Of a text that is too long for a page (a million
    characters, 20,000 lines) the rest is one last line without words. Blanks or combining marks that follow each other
    by the hundred are fewer in ``Line.text``: patterns and normal forms take time by the square of such runs.
    """
    rows: list[int] = []
    line_starts: list[int] = []
    starts: list[int] = []
    ends: list[int] = []
    texts: list[str] = []
    raw_lines: list[str] = []
    offset = 0
    for row, raw in enumerate(text[: _end_of_reading(text)].splitlines(keepends=True)):
        stripped = raw.strip(_BLANK)
        if stripped:
            if len(texts) == _MOST_LINES:
                break
            start = offset + raw.index(stripped)
            rows.append(row)
            line_starts.append(offset)
            starts.append(start)
            ends.append(start + len(stripped))
            texts.append(stripped)
            raw_lines.append(raw)
        offset += len(raw)
    rest = text[offset:].strip(_BLANK) if offset < len(text) else ""
    if not texts:
        return [_unread(0, text)] if rest else []
    if _has_long_run(text):
        texts = [_long_run().sub(lambda run: run[0][:_SHORTENED], line) for line in texts]
    if " opens " in text:
        texts = [_TOLD_OF_LINK.sub("", line) for line in texts]
    marked_up = is_marked_up(text, texts)
    wide = sum(len(line) > WIDEST_WRAP and "](" not in line for line in texts)
    joints = [] if wide * 5 > len(texts) else wrap_joints(raw_lines, rows)
    joints = joints if any(joints) else _broken(texts, rows)
    if "](" in text:
        linked = link_joints(texts, rows)
        joints = list(map(or_, joints, linked)) if joints else linked
    if any(joints):
        line_starts, starts, ends, texts = _unwrapped(line_starts, starts, ends, texts, joints)
    forms = [plain(line) for line in texts] if marked_up else None
    if forms is not None:
        texts = [form.text for form in forms]
    leads = _numbered([_lead(t) if t[:1] not in _PLAIN_STARTS else "" for t in texts], texts)
    bare = [t[len(lead) :] if lead else t for t, lead in zip(texts, leads, strict=True)] if any(leads) else texts
    words = key_words(bare)
    lines = list(
        map(
            Line,
            (0, *line_starts[1:]),
            (*line_starts[1:], offset if rest else len(text)),
            starts,
            ends,
            leads,
            bare,
            map(" ".join, words),
            words,
            map(len, words),
            map(_stops, bare),
            *(zip(*((form.level, form.link, form.form, form.target) for form in forms), strict=True) if forms else ()),
        )
    )
    return [*lines, _unread(offset, text)] if rest else lines


def _end_of_reading(text: str) -> int:
    """Where reading a text ends: behind the last line of its first million characters."""
    if len(text) <= _MOST_CHARACTERS:
        return len(text)
    return text.rfind("\n", _MOST_CHARACTERS // 2, _MOST_CHARACTERS) + 1 or _MOST_CHARACTERS


def _unread(start: int, text: str) -> Line:
    return Line(start, len(text), start, len(text), "", "", "", [], 0, False, 0, False, "rule")


def _has_long_run(text: str) -> bool:
    """Whether blanks or marks may follow each other in great number, by every sixteenth character: a quick look."""
    return _SAMPLED_RUN.search(text[::_STEP]) is not None


_SAMPLED_RUN = re.compile(rf"\W{{{_LONGEST_RUN // _STEP}}}")


@cache
def _long_run() -> re.Pattern[str]:
    return re.compile(rf"\s{{{_LONGEST_RUN},}}|[{_combining_marks()}]{{{_LONGEST_RUN},}}")


@cache
def _combining_marks() -> str:
    # Of the first plane alone: a class of these is one table lookup a letter.
    return "".join(chr(code) for code in range(0x300, 0x10000) if unicodedata.combining(chr(code)))


def _stops(line_text: str) -> bool:
    """Whether a line ends as a sentence does."""
    last = line_text[-1:]
    return last in _STOPS or (last not in _PLAIN_ENDS and _FULL_STOP.search(line_text[-6:]) is not None)


def plain_line(text: str, key: str) -> Line:
    """A line by itself, as if it were the whole page.

    Args:
        text: its words, without a lead.
        key: their key.
    """
    words = key.split()
    return Line(0, len(text), 0, len(text), "", text, key, words, len(words), _stops(text))


def _lead(text: str) -> str:
    """The bullet, number or picture sign that leads a line, where words follow it."""
    first = text[:1]
    match = (_BULLET if first in _BULLET_STARTS else _SIGNS).match(text)
    if counted := _COUNTED_ITEM.match(text, match.end() if match else 0):
        return text[: counted.end()] if counted.end() < len(text) else ""
    if match is None or match.end() == len(text):
        return ""
    if first.isdigit() and len(text) <= _LONGEST_DATE and is_date_line(text):
        return ""  # "10 - March - 2023" is no tenth item
    return match.group()


def _numbered(leads: list[str], texts: list[str]) -> list[str]:
    """The leads with those numbers that count lines up without a mark behind them, as in lists of the most read."""
    counted = [
        (i, match) for i, t in enumerate(texts) if not leads[i] and t[:1].isdigit() and (match := _COUNT.match(t))
    ]
    if not any(match.group() == "1" for _, match in counted):  # "3D" and "4K" are no items of a list
        counted = [(i, match) for i, match in counted if match.end() > match.end(1)]
    for position, (i, match) in enumerate(counted):
        others = [(j, int(other[1])) for j, other in counted[max(position - 1, 0) : position + 2] if j != i]
        if any(abs(j - i) <= 4 and number - int(match[1]) == (1 if j > i else -1) for j, number in others):
            leads[i] = match.group()
    return leads


def _broken(texts: list[str], rows: list[int]) -> list[bool]:
    """Which lines go on with the next one, those left out that say something of their own, such as a date."""
    joints = broken_joints(texts, rows)
    return [
        goes_on
        and match_label(following) is None
        and not is_date_line(following)
        and find_relative(following, _ANY_TIME) is None
        and _COUNTED_ITEM.match(following) is None
        for goes_on, following in zip(joints, [*texts[1:], ""], strict=False)
    ]


def _unwrapped(
    line_starts: list[int], starts: list[int], ends: list[int], texts: list[str], joints: list[bool]
) -> tuple[list[int], list[int], list[int], list[str]]:
    """The lines with those joined to the next one that go on there."""
    firsts = [0, *(i for i in range(1, len(texts)) if not joints[i - 1])]
    groups = [range(first, last) for first, last in zip(firsts, [*firsts[1:], len(texts)], strict=True)]
    return (
        [line_starts[group[0]] for group in groups],
        [starts[group[0]] for group in groups],
        [ends[group[-1]] for group in groups],
        [" ".join(texts[i] for i in group) for group in groups],
    )
