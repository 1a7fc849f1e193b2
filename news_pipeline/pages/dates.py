"""Publication dates as pages write them: found, with the words that state them, and turned into days and instants.

Every function is pure: text in, dates with the span of their words out. A date is read from the runs of digits of a text
and from what stands between them, so that a line without such runs costs next to nothing and no name is searched for
anywhere but where a date would have it: ``مارس`` and ``may`` are months between a day and a year and words elsewhere.
What stands between two runs of digits recurs from page to page; what it means is remembered.

How doubt is settled:

* Day or month first (``03/04/2018``): a number above 12, else the crawl (no date lies after it), else the weekday, else
  an American zone behind the clock, else the caller's hint, else day first.
* A weekday, or the same day in another calendar beside the date, is a cross-check (``StatedDate.agrees``): what is
  written stays as it is, but ``find_date`` prefers a date that nothing contradicts. Hijri months begin when the moon is
  seen, a day sooner or later by country: there a weekday decides between the three days it may be.
* Of a Hijri and a Gregorian date, the Gregorian one is the date and the other its cross-check.
* A date without a year, or relative to now, is none by itself: ``find_yearless`` and ``find_relative`` infer it from a
  known crawl.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Literal, NamedTuple

from news_pipeline.pages.calendars import FIRST_YEAR, LAST_YEAR, Calendar, to_gregorian
from news_pipeline.pages.clock import Clock, fold, read_clock, zone_of
from news_pipeline.pages.date_words import (
    JOINTS,
    LEADS_TO_DATE,
    REACH,
    After,
    leads_to_year,
    month_between,
    month_head,
    month_tail,
    read_after,
    separator,
    split_words,
    weekday_tail,
)

Precision = Literal["second", "minute", "day", "month"]


class StatedDate(NamedTuple):
    """A date a text states, and where.

    Attributes:
        day: the Gregorian day as stated (the first of the month, in its calendar, where only a month is stated).
        instant: the instant in UTC where a time of day is stated (without a zone it is read as UTC), else None.
        has_zone: whether a zone is stated, so that ``instant`` is certain.
        precision: ``second``, ``minute``, ``day`` or ``month``.
        calendar: calendar the words use.
        start: first code point of the words in the text.
        end: code point after the last one.
        agrees: whether the weekday beside it, else the same day in another calendar, is that of the date; None where
            neither stands there.
    """

    day: date
    instant: datetime | None
    has_zone: bool
    precision: Precision
    calendar: Calendar
    start: int
    end: int
    agrees: bool | None = None

    def day_in(self, zone: tzinfo) -> date:
        """The day of publication: the stated day, or of an instant with a zone its day in ``zone``."""
        return self.instant.astimezone(zone).date() if self.instant and self.has_zone else self.day


_RUN = re.compile(r"[0-9٠-٩۰-۹]+")
# Every date with a year holds one of these: four digits of a year, three numbers joined by marks, or a short year.
_HINT = re.compile(
    r"[0-9٠-٩۰-۹](?:(?<=[12١٢۱۲])\d{3}|[^\w\s]{1,4}\d\d?[^\w\s]{1,4}\d\d|[-/][^\W\d]{3,9}[-/]\d\d"
    r"|[a-z]{0,2},?\s?[A-Za-z]{0,9}\.?,?\s?['’]\d\d)"
)
_LONGEST_GAP = 44
_LONGEST_LINE = 200
_FEW_LETTERS = 25
_BARE_ZONE = re.compile(r"[\s(]*(?:gmt|utc|غرينتش|جرينتش|بتوقيت غرينتش)(?!\w)\)?", re.IGNORECASE)


class _Numbers(NamedTuple):
    """The parts of a date as written: ``calendar`` is None where it is written in digits alone.

    ``either`` says that day and month may be the other way round, ``last`` is the last run of digits.
    """

    calendar: Calendar | None
    year: int
    month: int
    day: int
    either: bool
    start: int
    end: int
    last: int
    precision: Precision = "day"
    clock: Clock | None = None


def find_dates(text: str, not_after: date | None = None, *, month_first: bool = False) -> list[StatedDate]:
    """The dates a text states, in order.

    Args:
        text: a line or a few lines of a page.
        not_after: latest possible day (that of the crawl, with a day's grace for time zones); later ones are left out.
        month_first: whether ``03/04/2018`` is the 4th of March where nothing beside it decides, as on American pages.

    Returns:
        One ``StatedDate`` per date, with offsets into ``text``.
    """
    if not _HINT.search(text):
        return []
    read = _read_line if len(text) <= _LONGEST_LINE else _read_line.__wrapped__
    return list(read(text, not_after, month_first))


@lru_cache(maxsize=1024)  # a line is asked about several times on its way through the parser
def _read_line(text: str, not_after: date | None, month_first: bool) -> tuple[StatedDate, ...]:
    runs = _runs(text)
    found: list[StatedDate] = []
    index = first_free = taken = 0
    while index < len(runs):
        numbers = _numbers_at(text, runs, index)
        if numbers is None:
            index += 1
            continue
        stated, index = _settle(text, runs, index, first_free, taken, numbers, not_after, month_first)
        first_free = index
        taken = stated.end if stated else taken
        if stated is not None and (not_after is None or stated.day <= not_after):
            found.append(stated)
    return tuple(_cross_checked(found))


def _runs(text: str) -> list[tuple[int, int]]:
    """Spans of the runs of digits; a year that lost the space behind it (``202314:05``, ``201825 Apr``) ends there."""
    runs = [match.span() for match in _RUN.finditer(text)]
    glued = [n for n, (start, end) in enumerate(runs) if end - start in (5, 6) and text[start] in "12١٢۱۲"]
    for n in reversed(glued):
        start, end = runs[n]
        clock = text[end : end + 1] == ":"
        again = text[end : end + 1] in ("/", "-")  # the whole date stands twice
        if not (clock or again or text[end : end + 2].strip().isalpha()):
            continue
        in_digits = n > 0 and text[start - 1] in "/-" and (clock or again)
        named = n > 0 and month_tail(text[max(0, start - REACH) : start]) is not None
        if in_digits or named or _named_before(text, runs, n):
            runs[n : n + 1] = [(start, start + 4), (start + 4, end)]
    return runs


def _named_before(text: str, runs: Sequence[tuple[int, int]], n: int) -> bool:
    """Whether a month's name and a day stand before a run of digits, as in ``May 25, 2022``."""
    if n == 0 or runs[n - 1][1] - runs[n - 1][0] > 2 or text[runs[n - 1][1] : runs[n][0]].strip(" ,،"):
        return False
    day = runs[n - 1][0]
    return month_tail(text[max(0, day - REACH) : day]) is not None


def find_date(text: str, not_after: date | None = None, *, month_first: bool = False) -> StatedDate | None:
    """The date a text states; ``None`` where it states none.

    Of several, days come before months, Gregorian dates before others, those nothing contradicts before others, and then
    the first.
    """
    dates = find_dates(text, not_after, month_first=month_first)
    if len(dates) < 2:
        return dates[0] if dates else None
    return min(dates, key=lambda d: (d.precision == "month", d.calendar != "gregorian", d.agrees is False))


def weekday_agrees(text: str) -> bool | None:
    """Whether the weekday that a date's words name is that of the date; ``None`` where they name none."""
    stated = find_date(text)
    return stated.agrees if stated is not None and stated.calendar == "gregorian" else None


def is_date_line(text: str) -> bool:
    """Whether a line says nothing but when: dates with at most a few letters around them, or a month by itself."""
    dates = find_dates(text)
    if not dates:
        return False
    if dates[0].precision != "month" and len(text) - (dates[0].end - dates[0].start) <= _FEW_LETTERS:
        return True
    letters = position = 0
    for stated in dates:
        letters += sum(map(str.isalpha, text[position : stated.start]))
        position = max(position, stated.end)
    letters += sum(map(str.isalpha, text[position:]))
    return letters <= (0 if all(stated.precision == "month" for stated in dates) else _FEW_LETTERS)


def _numbers_at(text: str, runs: Sequence[tuple[int, int]], i: int) -> _Numbers | None:
    """The parts of the date that begins with a run of digits (before it stands its month, where the month leads)."""
    if i >= len(runs):
        return None
    start, end = runs[i]
    length = end - start
    if length <= 2:
        return _digits_at(text, runs, i) or _day_month_year(text, runs, i) or _month_day_year(text, runs, i)
    if length == 4:
        return _digits_at(text, runs, i) or _year_month_day(text, runs, i) or _month_year(text, runs, i)
    if length == 8:
        return _compact(text, start, end, i)
    return None


def _digits_at(text: str, runs: Sequence[tuple[int, int]], i: int) -> _Numbers | None:
    """A date in digits alone: ``2023-09-20``, ``20/9/2023``, ``20.09.23``."""
    if i + 2 >= len(runs):
        return None
    (start, end1), (start2, end2), (start3, end) = runs[i : i + 3]
    if start2 - end1 > 6 or start3 - end2 > 6 or end2 - start2 > 2 or end - start3 > 4:
        return None
    mark = separator(text[end1:start2])
    if not mark or separator(text[end2:start3]) != mark or not _opens(text, start):
        return None
    lengths = end1 - start, end2 - start2, end - start3
    first, second, third = int(text[start:end1]), int(text[start2:end2]), int(text[start3:end])
    if lengths[0] == 4 and lengths[2] <= 2:
        if second > 12 and mark == "/":
            second, third = third, second
        return _Numbers(None, first, second, third, False, start, end, i + 2)
    if lengths[0] > 2:
        return None
    if lengths[2] == 4:
        return _Numbers(None, third, second, first, mark != ".", start, end, i + 2)
    if lengths[2] == 2 and (mark == "/" or lengths == (2, 2, 2)) and " " not in text[start:end]:
        return _Numbers("gregorian", _full_year(third), second, first, mark != ".", start, end, i + 2)
    return None


def _day_month_year(text: str, runs: Sequence[tuple[int, int]], i: int) -> _Numbers | None:
    """``20 سبتمبر 2023``, ``20th of September, 2023``, ``20-Sep-23``."""
    if i + 1 >= len(runs):
        return None
    (start, day_end), (year_start, end) = runs[i], runs[i + 1]
    if year_start - day_end > _LONGEST_GAP or end - year_start not in (2, 4) or year_start == day_end + 1:
        return None
    gap = text[day_end:year_start]
    month = month_between(gap)
    if month is None or (start > 0 and (text[start - 1] == "_" or _continues_number(text, start))):
        return None
    year = int(text[year_start:end])
    if end - year_start == 2:
        if gap[-1] not in "'’" and not (gap[0] == gap[-1] and gap[0] in "-/"):
            return None
        year = _full_year(year)
    return _Numbers(month[0], year, month[1], int(text[start:day_end]), False, start, end, i + 1)


def _month_day_year(text: str, runs: Sequence[tuple[int, int]], i: int) -> _Numbers | None:
    """``September 20th, 2023``, ``سبتمبر 20، 2023``, ``Sep 20 14:05:00 2023``."""
    if i + 1 >= len(runs):
        return None
    start, day_end = runs[i]
    before = text[max(0, start - REACH, runs[i - 1][1] if i else 0) : start]
    if len(before) < 3:
        return None
    last, clock = i + 1, None
    if text[day_end : runs[last][0]].isspace() and runs[last][1] - runs[last][0] == 2:
        clock = read_clock(text, runs, last, len(text), announced=True)
        if clock is None or clock.next_run >= len(runs):
            return None
        last, day_end = clock.next_run, clock.end
    year_start, end = runs[last]
    if year_start - day_end > 12 or not leads_to_year(text[day_end:year_start]):
        return None
    year = int(text[year_start:end])
    if end - year_start == 2 and text[year_start - 1] in "'’":
        year = _full_year(year)
    elif end - year_start != 4:
        return None
    month = month_tail(before)
    if month is None:
        return None
    month_start = start - len(before) + month[2]
    return _Numbers(month[0], year, month[1], int(text[start : runs[i][1]]), False, month_start, end, last, clock=clock)


def _year_month_day(text: str, runs: Sequence[tuple[int, int]], i: int) -> _Numbers | None:
    """``2023 سبتمبر 20``, ``2023-Sep-20``."""
    if i + 1 >= len(runs):
        return None
    (start, year_end), (day_start, end) = runs[i], runs[i + 1]
    if not 0 < day_start - year_end <= _LONGEST_GAP or end - day_start > 2:
        return None
    if i + 2 < len(runs) and runs[i + 2][1] - runs[i + 2][0] == 4 and runs[i + 2][0] - end <= 12:
        following = text[end : runs[i + 2][0]]
        if leads_to_year(following) or month_between(following):
            return None
    month = month_between(text[year_end:day_start])
    if month is None or not _opens(text, start):
        return None
    return _Numbers(month[0], int(text[start:year_end]), month[1], int(text[day_start:end]), False, start, end, i + 1)


def _month_year(text: str, runs: Sequence[tuple[int, int]], i: int) -> _Numbers | None:
    """``سبتمبر 2023``, where no day stands before it."""
    start, end = runs[i]
    floor = runs[i - 1][1] if i else 0
    before = text[max(0, start - REACH, floor) : start]
    if len(before) < 3:
        return None
    month = month_tail(before)
    if month is None:
        return None
    if i and runs[i - 1][1] - runs[i - 1][0] <= 2 and month_between(text[floor:start]):
        return None  # a day of that month which does not exist
    month_start = start - len(before) + month[2]
    return _Numbers(month[0], int(text[start:end]), month[1], 1, False, month_start, end, i, "month")


def _compact(text: str, start: int, end: int, i: int) -> _Numbers | None:
    """``20230920`` by itself or behind a colon; elsewhere eight digits are some other number."""
    before, behind = text[max(0, start - 8) : start].rstrip(), text[end : end + 8].lstrip()
    if (before and before[-1] not in ":：") or (behind and behind[0] not in "Tt") or not _opens(text, start):
        return None
    year, month, day = int(text[start : start + 4]), int(text[start + 4 : start + 6]), int(text[start + 6 : start + 8])
    if not 1990 <= year < LAST_YEAR or not 1 <= month <= 12:
        return None
    return _Numbers("gregorian", year, month, day, False, start, end, i)


def _opens(text: str, start: int) -> bool:
    """Whether a date in digits may begin here: not inside a Latin word or a longer number."""
    if start == 0:
        return True
    before = text[start - 1]
    return not (before.isascii() and (before.isalpha() or before == "_")) and not _continues_number(text, start)


def _continues_number(text: str, start: int) -> bool:
    return start > 1 and text[start - 1] in ".,:/" and text[start - 2].isdigit()


def _full_year(year: int) -> int:
    """The year two digits stand for, by the rule of POSIX: 69 to 99 are of the last century."""
    return year + (1900 if year >= 69 else 2000)


def _settle(
    text: str,
    runs: Sequence[tuple[int, int]],
    i: int,
    first_free: int,
    taken: int,
    numbers: _Numbers,
    not_after: date | None,
    month_first: bool,
) -> tuple[StatedDate | None, int]:
    """The date its parts make together with what stands around them, and the first run of digits behind it.

    Runs before ``first_free`` and the text before ``taken`` belong to the date before it.
    """
    start, end, following, precision = numbers.start, numbers.end, numbers.last + 1, numbers.precision
    next_start = runs[following][0] if following < len(runs) else len(text)
    after = read_after(text[end : min(next_start, end + _LONGEST_GAP)])
    if after.weekday is not None and after.to_clock and _numbers_at(text, runs, following):
        after = after._replace(weekday=None, length=after.era_length)  # it is the weekday of the date behind it
    floor = max(taken, runs[i - 1][1] if i else 0)
    if precision == "month":
        named, clock = None, None
    else:
        named = weekday_tail(text[max(floor, start - REACH) : start]) if start - floor > 2 else None
        start = max(floor, start - REACH) + named[1] if named else start
        clock = numbers.clock or _clock_beside(text, runs, i, first_free, start, numbers, after)
    weekday = named[0] if named else after.weekday
    is_behind = clock is not None and clock.start >= end
    if not is_behind and _goes_on(text, numbers):
        return None, i + 1
    day = _day(numbers, after.calendar, weekday, not_after, month_first or (clock is not None and clock.american))
    if day is None:
        return None, (i + 1 if numbers.calendar is None else following)
    calendar, found = day
    agrees = None
    if weekday is not None and precision == "day":
        if calendar == "hijri":
            found = next((near for near in _near(found) if near.weekday() == weekday), found)
        agrees = found.weekday() in (weekday, after.weekday)
    end += after.length
    if clock is None:
        zone = _BARE_ZONE.match(text, end) if precision == "day" else None
        end = zone.end() if zone else end
        return StatedDate(found, None, False, precision, calendar, start, end, agrees), following
    if is_behind:
        end, following = clock.end, clock.next_run
    start = min(start, clock.start)
    instant = datetime.combine(found, clock.time, clock.zone or UTC).astimezone(UTC)
    precision = "second" if clock.has_seconds else "minute"
    return StatedDate(found, instant, clock.zone is not None, precision, calendar, start, end, agrees), following


def _clock_beside(
    text: str,
    runs: Sequence[tuple[int, int]],
    i: int,
    first_free: int,
    start: int,
    numbers: _Numbers,
    after: After,
) -> Clock | None:
    """The clock behind a date, else the one before it; before it, where the one behind belongs to a date behind it."""
    following = numbers.last + 1
    clock = None
    if after.to_clock and following < len(runs) and runs[following][0] - numbers.end <= _LONGEST_GAP:
        clock = read_clock(text, runs, following, len(text), after.announced)
        if clock and after.half == "pm" and clock.time.hour < 12:
            clock = clock._replace(time=clock.time.replace(hour=clock.time.hour + 12))
    if i > first_free and (clock is None or _numbers_at(text, runs, clock.next_run)):
        clock = _clock_before(text, runs, i, first_free, start) or clock
    return clock


def _near(day: date) -> tuple[date, date, date]:
    return day, day - timedelta(days=1), day + timedelta(days=1)


def _goes_on(text: str, numbers: _Numbers) -> bool:
    """Whether a date in digits goes on with more digits, so that it is something else, such as a version."""
    end = numbers.end
    if end + 1 >= len(text) or text[end] not in ".,/-" or not text[end + 1].isdigit():
        return False
    written = text[numbers.start : end]
    return (text[end] != "-" or "-" in written) and not any(map(str.isalpha, written))


def _clock_before(text: str, runs: Sequence[tuple[int, int]], i: int, first_free: int, date_start: int) -> Clock | None:
    """The clock that stands before a date, with nothing but marks and small words between them."""
    for first in range(max(first_free, i - 4), i):
        if date_start - runs[first][0] > 60:
            continue
        clock = read_clock(text, runs, first, date_start, announced=False)
        if clock and (clock.next_run == i or runs[clock.next_run][0] >= date_start):
            between = text[clock.end : date_start]
            rest = split_words(between)
            if all(word.key in LEADS_TO_DATE or word.key == "يوم" for word in rest) and (
                rest or JOINTS.fullmatch(between)
            ):
                return clock
    return None


def _day(
    numbers: _Numbers, era: Calendar | None, weekday: int | None, not_after: date | None, month_first: bool
) -> tuple[Calendar, date] | None:
    """Calendar and Gregorian day of the parts of a date; ``None`` where there is no such day."""
    year, month, day = numbers.year, numbers.month, numbers.day
    calendars: tuple[Calendar, ...]
    if numbers.calendar == "gregorian" or year >= FIRST_YEAR:
        calendars = ("gregorian",)
    elif not 1278 <= year <= 1500:
        return None
    elif numbers.calendar is not None:
        calendars = (numbers.calendar,)
    elif era in ("hijri", "jalali"):
        calendars = (era,)
    else:
        # Unmarked: the calendar in whose present the year lies; a weekday or the crawl may tell otherwise.
        calendars = ("hijri", "jalali") if year > 1420 else ("jalali", "hijri")
    if numbers.calendar not in (None, calendars[0]):
        return None
    orders = [(month, day), (day, month)] if numbers.either and calendars == ("gregorian",) else [(month, day)]
    if month_first:
        orders.reverse()
    found = [
        (calendar, at)
        for calendar in calendars
        for order_month, order_day in orders
        if (at := to_gregorian(calendar, year, order_month, order_day)) is not None
    ]
    possible = [(calendar, at) for calendar, at in found if not_after is None or at <= not_after] or found
    if len(possible) > 1 and weekday is not None:
        return next(((calendar, at) for calendar, at in possible if at.weekday() == weekday), possible[0])
    return possible[0] if possible else None


def _cross_checked(dates: list[StatedDate]) -> list[StatedDate]:
    """The dates, with what neighbours in another calendar say of each other where no weekday does.

    Of two that name the same day, the clock behind or before one is that of the other too.
    """
    checked = list(dates)
    for n in range(len(dates) - 1):
        one, other = checked[n], checked[n + 1]
        if one.calendar == other.calendar or other.start - one.end > 24 or "month" in (one.precision, other.precision):
            continue
        agrees = abs((one.day - other.day).days) <= (1 if "hijri" in (one.calendar, other.calendar) else 0)
        if agrees:
            one, other = _with_clock_of(one, other), _with_clock_of(other, one)
        checked[n] = one._replace(agrees=agrees) if one.agrees is None else one
        checked[n + 1] = other._replace(agrees=agrees) if other.agrees is None else other
    return checked


def _with_clock_of(one: StatedDate, other: StatedDate) -> StatedDate:
    if one.instant is not None or other.instant is None:
        return one
    return one._replace(
        instant=other.instant + (one.day - other.day),
        has_zone=other.has_zone,
        precision=other.precision,
        start=min(one.start, other.start),
        end=max(one.end, other.end),
    )


_WHEN = re.compile(
    "منذ|قبل|مضت|اليوم|أمس|امس|الآن|الان|ago|AGO|oday|TODAY|esterday|YESTERDAY|now|Now|il y a|Il y a|hier|Hier|ujourd"
    "|پیش|پيش|امروز|دیروز|ديروز|پہلے"
)
"""What every relative date holds."""
_UNITS: tuple[tuple[str, timedelta], ...] = (
    (r"ثاني(?:ه|تين)|ثواني?|لحظات|لحظه|seconds?|secs?|secondes?", timedelta(seconds=1)),
    (r"دقيق(?:ه|تين)|دقايق|minutes?|mins?|m|منٹ", timedelta(minutes=1)),
    (r"ساع(?:ه|ات|تين)|hours?|hrs?|heures?|h|ساعت|گهنٹي", timedelta(hours=1)),
    (r"يوما?|ايام|يومين|days?|jours?|[dj]|روز|دن", timedelta(days=1)),
    (r"اسبوعا?|اسابيع|اسبوعين|weeks?|semaines?|هفته", timedelta(weeks=1)),
    (r"شهرا?|اشهر|شهور|شهرين|months?|mois|ماه", timedelta(days=30)),
)
_UNIT = "|".join(f"(?:{words})" for words, _ in _UNITS)
_COUNT = r"\d{1,3}|an?|une?|واحد|واحده|يك|بضع|عده|few|a few|quelques"
_AGO = re.compile(
    rf"(?<!\w)(?:(?:منذ|قبل|il y a|مضت)\s+(?:حوالي\s+|نحو\s+|environ\s+)?(?:(?P<n1>{_COUNT})\s*)?(?P<u1>{_UNIT})(?!\w)"
    r"(?:\s+واحده?)?(?!\s+(?:من|علي|عن)\b)"
    rf"|(?P<n2>{_COUNT})\s*(?P<u2>{_UNIT})\s+(?:ago|پيش|قبل|پهلي)(?!\w)(?!\s+از\b))"
)
_DAY_WORD = re.compile(
    r"(?<!\w)(?:(?P<today>اليوم|today|aujourd['’]hui|امروز|الان|just now)|(?P<yesterday>امس|yesterday|hier|ديروز))(?!\w)"
)
_ONLY_A_LABEL = re.compile(r"(?:.{0,30}:)?[\s,،\-–—|•·]*|(?:[^\W\d]+\s){0,2}")


def find_relative(text: str, crawled_at: datetime) -> StatedDate | None:
    """The day a text states relative to its crawl («منذ ساعتين», "3 days ago"); ``None`` where it states none.

    Such a day is inferred: the caller must not call it stated. It has day precision (month precision from months on) and
    no instant; only ``today`` and ``yesterday`` may have the instant of a clock beside them, if it is not after the crawl.
    These words alone count only where the line says nothing else, or a clock or a label with a colon stands beside them:
    «المصري اليوم» is a newspaper.
    """
    if not _WHEN.search(text):
        return None
    cased, offsets = fold(text)
    folded = cased.lower()
    match = _AGO.search(folded)
    if match:
        unit, number = match["u1"] or match["u2"], match["n1"] or match["n2"] or ""
        step = next(step for words, step in _UNITS if re.fullmatch(words, unit))
        count = int(number) if number.isdigit() else 2 if unit.endswith("ين") else 1
        precision: Precision = "month" if step.days == 30 else "day"
        try:
            day = _months_before(crawled_at, count) if precision == "month" else (crawled_at - count * step).date()
        except (OverflowError, ValueError):
            return None
        start, end = match.span()
        return StatedDate(day, None, False, precision, "gregorian", offsets[start], offsets[end - 1] + 1)
    match = _DAY_WORD.search(folded)
    return _day_word(text, folded, offsets, match, crawled_at) if match else None


def _months_before(moment: datetime, count: int) -> date:
    months = moment.year * 12 + moment.month - 1 - count
    return date(months // 12, months % 12 + 1, 1)


def _day_word(
    text: str, folded: str, offsets: Sequence[int], match: re.Match[str], crawled_at: datetime
) -> StatedDate | None:
    """The day of ``today`` or ``yesterday``, where they say when and are no part of a sentence or a name."""
    start, end = offsets[match.start()], offsets[match.end() - 1] + 1
    runs = [found.span() for found in _RUN.finditer(text, end)]
    after = read_after(text[end : min(runs[0][0] if runs else len(text), end + _LONGEST_GAP)])
    clock = read_clock(text, runs, 0, len(text), after.announced) if runs and after.to_clock else None
    is_label = ":" in folded[: match.start()] and _ONLY_A_LABEL.fullmatch(folded, 0, match.start())
    alone = not split_words(text[:start]) or is_label
    if clock is None and not (alone and JOINTS.fullmatch(text, end)):
        return None
    if clock is not None and not _ONLY_A_LABEL.fullmatch(folded, 0, match.start()):
        return None
    day = (crawled_at - timedelta(days=1 if match["yesterday"] else 0)).date()
    if clock is None:
        return StatedDate(day, None, False, "day", "gregorian", start, end)
    instant = datetime.combine(day, clock.time, clock.zone or UTC).astimezone(UTC)
    if instant > crawled_at:
        return StatedDate(day, None, False, "day", "gregorian", start, clock.end)
    precision: Precision = "second" if clock.has_seconds else "minute"
    return StatedDate(day, instant, clock.zone is not None, precision, "gregorian", start, clock.end)


_EASTMOST = timedelta(hours=14)
"""How far the clocks of the easternmost zone are ahead of UTC."""
_OLDEST = 6
"""A date without a year is of the last six years: a weekday comes back to it within them, as a rule."""


def find_yearless(text: str, crawled_at: datetime) -> StatedDate | None:
    """The day a text states without its year («الأربعاء 20 سبتمبر», "Sep 20"); ``None`` where it states none.

    It is the last such day that is not after the crawl wherever the page is from, and where a weekday is named, the
    last of these six years that fell on it. Such a day is inferred: the caller must not call it stated, and should ask
    only where a line says when, for «ثورة 25 يناير» is no date of a page.
    """
    runs = [match.span() for match in _RUN.finditer(text)]
    for i, (start, end) in enumerate(runs):
        if end - start > 2 or _continues_number(text, start):
            continue
        floor = runs[i - 1][1] if i else 0
        limit = runs[i + 1][0] if i + 1 < len(runs) else len(text)
        named = month_head(text[end : min(limit, end + REACH)])
        if named:
            calendar, month, length = named
            numbers = _Numbers(calendar, 0, month, int(text[start:end]), False, start, end + length, i)
        else:
            tail = month_tail(text[max(floor, start - REACH) : start])
            if tail is None:
                continue
            numbers = _Numbers(
                tail[0], 0, tail[1], int(text[start:end]), False, max(floor, start - REACH) + tail[2], end, i
            )
        years = _years_before(text, runs, i, numbers, crawled_at)
        if years:
            return years[0]
    return None


def _years_before(
    text: str, runs: Sequence[tuple[int, int]], i: int, numbers: _Numbers, crawled_at: datetime
) -> list[StatedDate]:
    """The day of a date without a year in the years up to the crawl, the likeliest first."""
    latest = (crawled_at + _EASTMOST).date()
    latest_year = latest.year - {"gregorian": 0, "hijri": 578, "jalali": 621}[numbers.calendar or "gregorian"]
    found = []
    for year in range(latest_year, latest_year - _OLDEST - 2, -1):
        stated, _ = _settle(text, runs, i, 0, 0, numbers._replace(year=year), latest, False)
        if stated is not None and stated.day <= latest and (stated.instant is None or stated.instant <= crawled_at):
            found.append(stated)
    return sorted(found[:_OLDEST], key=lambda stated: stated.agrees is False)


_ISO = re.compile(r"\d{4}-?\d{2}-?\d{2}[Tt ]\d{2}:?\d{2}", re.ASCII)
_DIGITS = re.compile(r"(\d{8})(\d{4}(?:\d{2})?)", re.ASCII)
_COMPACT_SECONDS = re.compile(r"\d{8}T?\d{6}", re.ASCII)
_EPOCH = re.compile(
    r"(?P<seconds>\d{9,10})(?:\.\d+)?|(?P<millis>\d{12,13})|/Date\((?P<dotnet>\d{12,13})(?:[+-]\d{4})?\)/"
)
_ISO_MONTH = re.compile(r"(\d{4})-(\d{2})")
_LONGEST_VALUE = 200


def parse_metadata_date(value: str, *, month_first: bool = False) -> StatedDate | None:
    """Reads a date of metadata: ISO 8601, RFC 2822, seconds or milliseconds since 1970, or any form ``find_date`` knows.

    ``None`` for anything else.
    """
    value = value.strip()[:_LONGEST_VALUE]
    digits = _DIGITS.fullmatch(value)
    iso = f"{digits[1]}T{digits[2]}" if digits else value if _ISO.match(value) else ""
    if iso:
        try:
            parsed = datetime.fromisoformat(iso)
        except (ValueError, OverflowError):
            parsed = None
        if parsed is not None and FIRST_YEAR < parsed.year < LAST_YEAR:
            return _machine_date(parsed, value)
    epoch = _EPOCH.fullmatch(value)
    if epoch:
        moment = int(epoch["seconds"] or 0) or int(epoch["millis"] or epoch["dotnet"] or 0) // 1000
        instant = datetime.fromtimestamp(moment, UTC)
        if 1990 <= instant.year < LAST_YEAR:
            return StatedDate(instant.date(), instant, True, "second", "gregorian", 0, len(value))
    month = _ISO_MONTH.fullmatch(value)
    if month:
        first = to_gregorian("gregorian", int(month[1]), int(month[2]), 1)
        return StatedDate(first, None, False, "month", "gregorian", 0, len(value)) if first else None
    return find_date(value, month_first=month_first)


def _machine_date(parsed: datetime, value: str) -> StatedDate:
    has_zone = parsed.tzinfo is not None
    instant = (parsed if has_zone else parsed.replace(tzinfo=UTC)).astimezone(UTC)
    has_seconds = parsed.second or value.count(":", 0, 19) > 1 or _COMPACT_SECONDS.match(value)
    precision: Precision = "second" if has_seconds else "minute"
    return StatedDate(parsed.date(), instant, has_zone, precision, "gregorian", 0, len(value))


_CRAWL_STAMP = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?P<joint>[@T ])(\d{2}:\d{2}:\d{2})(?:\.\d+)?\s*(?P<zone>GMT|UTC|Z|[+-]\d{2}:?\d{2})?",
    re.ASCII,
)


def parse_stamp(text: str) -> tuple[datetime, bool] | None:
    """Reads a line that is nothing but a machine's time stamp such as ``2023-09-20@10:00:00 GMT``.

    Returns:
        The instant in UTC, and whether the stamp is of the kind only crawlers write (joined with ``@``); else ``None``.
    """
    match = _CRAWL_STAMP.fullmatch(text.strip().strip("\ufeff"))
    if not match:
        return None
    written = match["zone"]
    zone = zone_of(f"{written[:3]}:{written[-2:]}") if written and written[0] in "+-" else UTC
    try:
        naive = datetime.fromisoformat(f"{match[1]}T{match[3]}")
        return naive.replace(tzinfo=zone or UTC).astimezone(UTC), match["joint"] == "@"
    except (ValueError, OverflowError):
        return None
