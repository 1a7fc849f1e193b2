"""What stands between, before and behind the numbers of a date: months, weekdays, eras and small words.

Every function reads one short stretch of text as a whole and remembers what it said: such stretches recur from page to
page, and each is read once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from news_pipeline.arabic.keys import DROPPED
from news_pipeline.pages.calendars import Calendar, month_names, name_key, weekday_names

REACH = 32
"""How far before and behind a number its month or weekday is looked for, in code points."""

_MARKS = re.escape(DROPPED) + "\u0300-\u036f"  # accents of decomposed Latin letters too
_WORD = re.compile(rf"[^\W\d_](?:[^\W\d_]|[{_MARKS}])*")
_FILLERS_BEFORE = frozenset(("of", "de", "del", "d", "من", "شهر", "ماه", "the", "day"))
_FILLERS_AFTER = frozenset(
    (*("of", "de", "del", "in", "ماه", "شهر", "عام", "لعام", "العام", "سنه", "لسنه", "السنه", "سال", "من", "year"),)
)
_ORDINALS = frozenset(("st", "nd", "rd", "th", "er", "e", "eme", "ere", "º", "o", "a", "ام", "م", "مين"))
_BETWEEN_DAY_AND_YEAR = re.compile(rf"[\w\s,،.\-/–—()'’|º{_MARKS}]*")
_LOOSE = re.compile(rf"[\s,،.:\-–—|/(•·{_MARKS}]*")
_TIGHT = re.compile(rf"[\s.,،/\-–({_MARKS}]*")
_SLASHED = re.compile(rf"[\s/(\-{_MARKS}]*")
_TO_YEAR = re.compile(rf"[\s,،.'’/\-{_MARKS}]+")
JOINTS = re.compile(rf"[\s,،\-–—|@•·:;/()\[\].{_MARKS}]*")
_BLANK = re.compile(rf"[\s{_MARKS}]+")
_DASHES = str.maketrans("‐‑–−⁄", "----/")
_ERAS: dict[str, Calendar] = {
    **dict.fromkeys(("م", "ميلادي", "ميلاديه", "ء", "ad", "ce", "عيسوي"), "gregorian"),
    **dict.fromkeys(("ه", "هجري", "هجريه", "قمري", "ق", "ah"), "hijri"),
    **dict.fromkeys(("ش", "شمسي", "خورشيدي"), "jalali"),
}
_CLOCK_LEADS = frozenset(("الساعه", "والساعه", "بالساعه", "ساعت", "ساعه", "at", "a", "las", "um", "saat", "t"))
_LEADS = _CLOCK_LEADS | {"علي", "في", "تمام", "عند", "بتوقيت", "بوقت", "وقت", "uhr", "kl"}
_HALVES = frozenset(("am", "pm"))
LEADS_TO_DATE = frozenset(("le", "في", "الموافق", "بتاريخ", "the", "on", "el", "den", "am", "مورخ", "لليوم"))


class After(NamedTuple):
    """What stands between a date and the next number.

    Attributes:
        calendar: calendar the era names.
        weekday: weekday named behind the date, Monday is 0.
        length: where the words of era and weekday end.
        era_length: where those of the era alone end.
        to_clock: whether nothing but these, marks and small words stands there, so that the number may be an hour.
        announced: whether a word such as ``at`` says that it is one.
        half: ``am`` or ``pm`` where it stands before the hour.
    """

    calendar: Calendar | None
    weekday: int | None
    length: int
    era_length: int
    to_clock: bool
    announced: bool
    half: str


@lru_cache(maxsize=1024)
def separator(between: str) -> str:
    """The mark between two numbers of a date, else nothing."""
    bare = _BLANK.sub("", between).translate(_DASHES)
    return bare if bare in ("/", "-", ".") else ""


class Word(NamedTuple):
    """A word by its key, with its span in the stretch of text."""

    key: str
    start: int
    end: int


def split_words(text: str) -> list[Word]:
    """The words of a text by their keys; a half-space parts two."""
    words = []
    for match in _WORD.finditer(text):
        key = name_key(match.group())
        if key:
            words.append(Word(key, match.start(), match.end()))
    return words


@lru_cache(maxsize=4096)
def month_between(gap: str) -> tuple[Calendar, int] | None:
    """Calendar and number of the month, where a text says nothing but the month that parts a day from a year."""
    if not _BETWEEN_DAY_AND_YEAR.fullmatch(gap):
        return None
    keys = [word.key for word in split_words(gap)]
    first = 0
    while first < len(keys) and (keys[first] in _FILLERS_BEFORE or (first == 0 and keys[first] in _ORDINALS)):
        first += 1
    last = len(keys)
    while last > first and keys[last - 1] in _FILLERS_AFTER:
        last -= 1
    keys = keys[first:last]
    if not 1 <= len(keys) <= 6:
        return None
    months = month_names()
    whole = months.get(" ".join(keys))
    if whole:
        return whole
    for cut in range(1, len(keys)):
        one, other = months.get(" ".join(keys[:cut])), months.get(" ".join(keys[cut:]))
        if one and one == other:
            return one
    return None


@lru_cache(maxsize=4096)
def month_tail(before: str) -> tuple[Calendar, int, int] | None:
    """The month a text ends with: calendar, number, and where its name begins."""
    words = split_words(before)
    if len(before) == REACH and words and words[0].start == 0:
        del words[0]  # it may be cut off
    while words and words[-1].key in _FILLERS_AFTER | {"the"}:
        del words[-1]
    found = _month_ending(words)
    if found is None:
        return None
    if not (_TIGHT.fullmatch(before, words[-1].end) or _only_fillers(before, words[-1].end)):
        return None
    calendar, month, count = found
    first = len(words) - count
    double = _month_ending(words[:first])
    if (
        double
        and double[:2] == (calendar, month)
        and _SLASHED.fullmatch(before, words[first - 1].end, words[first].start)
    ):
        first -= double[2]
    return calendar, month, words[first].start


def _only_fillers(before: str, position: int) -> bool:
    for word in split_words(before[position:]):
        if word.key not in _FILLERS_AFTER and word.key != "the":
            return False
    return not re.search(r"[:;!?؟|•·]", before[position:])


def _month_ending(words: Sequence[Word]) -> tuple[Calendar, int, int] | None:
    months = month_names()
    for count in (3, 2, 1):
        if len(words) >= count:
            found = months.get(" ".join(word.key for word in words[-count:]))
            if found:
                return *found, count
    return None


@lru_cache(maxsize=1024)
def leads_to_year(gap: str) -> bool:
    """Whether nothing but marks, an ordinal's ending or ``of`` stands between a day and a year."""
    words = split_words(gap)
    if words and words[0].start == 0 and words[0].key in _ORDINALS:
        gap = gap[words[0].end :]
        words = words[1:]
    if not words:
        return _TO_YEAR.fullmatch(gap) is not None
    return all(word.key in _FILLERS_AFTER for word in words)


@lru_cache(maxsize=4096)
def weekday_tail(before: str) -> tuple[int, int] | None:
    """The weekday a text ends with, and where its name begins."""
    words = split_words(before)
    if len(before) == REACH and words and words[0].start == 0:
        del words[0]
    skipped = 0
    while words and words[-1].key in LEADS_TO_DATE and skipped < 2:
        del words[-1]
        skipped += 1
    if not words or not (skipped or _LOOSE.fullmatch(before, words[-1].end)):
        return None
    days = weekday_names()
    for count in (2, 1):
        if len(words) >= count:
            day = days.get(" ".join(word.key for word in words[-count:]))
            if day is not None:
                return day, words[-count].start
    return None


@lru_cache(maxsize=4096)
def read_after(gap: str) -> After:
    """What stands between a date and the next number."""
    words = split_words(gap)
    days = weekday_names()
    calendar: Calendar | None = None
    weekday: int | None = None
    length = era_length = position = index = 0
    announced, half = False, ""
    while index < len(words):
        word = words[index]
        if not JOINTS.fullmatch(gap, position, word.start):
            break
        count = 1
        key = word.key
        if key in _ERAS and weekday is None and not announced and "\n" not in gap[position : word.start]:
            calendar = "jalali" if key == "ق" and calendar == "jalali" else _ERAS[key]
            length = era_length = word.end
        elif weekday is None and not announced and (day := _weekday_at(words, index, days)) is not None:
            weekday, count = day
            length = words[index + count - 1].end
        elif key in _LEADS:
            announced = announced or key in _CLOCK_LEADS
        elif key in _HALVES:
            half = key
        else:
            break
        index += count
        position = words[index - 1].end
    to_clock = index == len(words) and JOINTS.fullmatch(gap, position) is not None
    if length and gap[length : length + 1] == ")" and "(" in gap[:length]:
        length += 1
    return After(calendar, weekday, length, era_length, to_clock, announced, half)


def _weekday_at(words: Sequence[Word], index: int, days: dict[str, int]) -> tuple[int, int] | None:
    for count in (2, 1):
        day = days.get(" ".join(word.key for word in words[index : index + count]))
        if day is not None and index + count <= len(words):
            return day, count
    return None


@lru_cache(maxsize=4096)
def month_head(after: str) -> tuple[Calendar, int, int] | None:
    """The month a text begins with, behind a day: calendar, number, and where its name ends."""
    words = split_words(after)
    first = 0
    while first < min(2, len(words)) and words[first].key in _FILLERS_BEFORE | _ORDINALS:
        first += 1
    if first >= len(words) or not (first or _TIGHT.fullmatch(after, 0, words[0].start)):
        return None
    months = month_names()
    for count in (3, 2, 1):
        if first + count > len(words):
            continue
        last = first + count
        found = months.get(" ".join(word.key for word in words[first:last]))
        if found:
            for more in (2, 1):
                again = months.get(" ".join(word.key for word in words[last : last + more]))
                fits = last + more <= len(words)
                if fits and again == found and _SLASHED.fullmatch(after, words[last - 1].end, words[last].start):
                    last += more
                    break
            return *found, words[last - 1].end
    return None
