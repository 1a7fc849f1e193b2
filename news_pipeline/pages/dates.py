"""Publication dates as pages write them: month names by country, three calendars, clock times and zones.

Every function is pure: text in, dates with the span of the words that state them out. Month and day names are CLDR's
(through Babel), compared on matching keys, with the spellings that newspapers use beside them. Solar Hijri (Jalali) days
are converted with the 33-year break table of K. M. Borkowski, "The Persian calendar for 3000 years", Earth, Moon, and
Planets 74 (1996); lunar Hijri days with the Umm al-Qura tables of the ``hijridate`` package.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale
from hijridate import Hijri

from news_pipeline.arabic.keys import DROPPED, FOLDS, norm_ar

Calendar = Literal["gregorian", "hijri", "jalali"]
Precision = Literal["second", "minute", "day", "month"]

FIRST_YEAR, LAST_YEAR = 1900, 2100
"""Years outside this range are not dates of news."""

_GREGORIAN_LOCALES = ("ar", "ar_EG", "ar_SY", "ar_IQ", "ar_LB", "ar_DZ", "ar_TN", "ar_MA", "ar_MR", "en", "fr", "fa")
_USUAL_VARIANTS: dict[Calendar, dict[int, tuple[str, ...]]] = {
    "gregorian": {
        1: ("كانون ثاني", "ك2"),
        2: ("فبرائر", "شباط"),
        3: ("اذار",),
        4: ("ابريل", "أفريل", "نيسان", "آوریل"),
        5: ("ماي", "نوار", "مه", "مي"),
        6: ("جوان", "يونيه", "يونية"),
        7: ("يوليه", "يولية", "جويلية", "جولای", "يوليوز", "ژوئیه"),
        8: ("اوت", "غشت", "اغسطس", "آگوست", "اب"),
        9: ("شتنبر", "ايلول", "سبتنبر", "sept"),
        10: ("اكتوبر", "تشرين اول", "أكتوبير"),
        11: ("نونبر", "نوفنبر", "تشرين ثاني"),
        12: ("دجنبر", "ديسنبر", "كانون اول"),
    },
    "hijri": {
        1: ("محرم", "المحرم", "محرم الحرام"),
        2: ("صفر", "صفر الخير"),
        3: ("ربيع الأول", "ربيع اول"),
        4: ("ربيع الآخر", "ربيع الثاني", "ربيع ثاني"),
        5: ("جمادى الأولى", "جمادى الاول", "جماد الأول", "جماد أول"),
        6: ("جمادى الآخرة", "جمادى الثانية", "جمادى الآخر", "جماد الثاني", "جماد ثاني"),
        7: ("رجب",),
        8: ("شعبان",),
        9: ("رمضان",),
        10: ("شوال",),
        11: ("ذو القعدة", "ذي القعدة", "ذوالقعدة", "ذی‌القعده"),
        12: ("ذو الحجة", "ذي الحجة", "ذوالحجة", "ذی‌الحجه"),
    },
    "jalali": {
        month: (name,)
        for month, name in enumerate(
            ("فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"),
            start=1,
        )
    },
}
_WEEKDAY_VARIANTS = {
    0: ("الاثنين", "الإثنين", "اثنين", "دوشنبه"),
    1: ("الثلاثاء", "الثلثاء", "ثلاثاء", "سه شنبه", "سه‌شنبه"),
    2: ("الأربعاء", "الاربعاء", "أربعاء", "چهارشنبه", "چهار شنبه"),
    3: ("الخميس", "خميس", "پنجشنبه", "پنج شنبه", "پنج‌شنبه"),
    4: ("الجمعة", "جمعة", "جمعه", "آدینه"),
    5: ("السبت", "سبت", "شنبه"),
    6: ("الأحد", "أحد", "یکشنبه", "یک شنبه"),
}
_ZONES: dict[str, str] = {
    "gmt": "UTC",
    "utc": "UTC",
    "z": "UTC",
    "tu": "UTC",
    "غرينتش": "UTC",
    "غرينيتش": "UTC",
    "جرينتش": "UTC",
    "جرينيتش": "UTC",
    "گرینویچ": "UTC",
    "القاهرة": "Africa/Cairo",
    "مصر": "Africa/Cairo",
    "مكة": "Asia/Riyadh",
    "مكة المكرمة": "Asia/Riyadh",
    "السعودية": "Asia/Riyadh",
    "الرياض": "Asia/Riyadh",
    "الإمارات": "Asia/Dubai",
    "أبوظبي": "Asia/Dubai",
    "أبو ظبي": "Asia/Dubai",
    "دبي": "Asia/Dubai",
    "الدوحة": "Asia/Qatar",
    "قطر": "Asia/Qatar",
    "الكويت": "Asia/Kuwait",
    "المنامة": "Asia/Bahrain",
    "مسقط": "Asia/Muscat",
    "صنعاء": "Asia/Aden",
    "عدن": "Asia/Aden",
    "بغداد": "Asia/Baghdad",
    "دمشق": "Asia/Damascus",
    "بيروت": "Asia/Beirut",
    "عمان": "Asia/Amman",
    "القدس": "Asia/Jerusalem",
    "فلسطين": "Asia/Hebron",
    "غزة": "Asia/Gaza",
    "الخرطوم": "Africa/Khartoum",
    "طرابلس": "Africa/Tripoli",
    "تونس": "Africa/Tunis",
    "الجزائر": "Africa/Algiers",
    "الرباط": "Africa/Casablanca",
    "المغرب": "Africa/Casablanca",
    "نواكشوط": "Africa/Nouakchott",
    "موسكو": "Europe/Moscow",
    "باريس": "Europe/Paris",
    "لندن": "Europe/London",
    "برلين": "Europe/Berlin",
    "إسطنبول": "Europe/Istanbul",
    "أنقرة": "Europe/Istanbul",
    "واشنطن": "America/New_York",
    "نيويورك": "America/New_York",
    "تهران": "Asia/Tehran",
    "طهران": "Asia/Tehran",
    "کابل": "Asia/Kabul",
    "heure de paris": "Europe/Paris",
    "cet": "+01:00",
    "cest": "+02:00",
    "bst": "+01:00",
    "eet": "+02:00",
    "eest": "+03:00",
    "msk": "+03:00",
    "est": "-05:00",
    "edt": "-04:00",
    "et": "America/New_York",
    "pst": "-08:00",
    "pdt": "-07:00",
}
_PM = ("م", "مساء", "ظهرا", "عصرا", "pm", "p m", "p.m.", "p.m", "بعد از ظهر", "ب.ظ")
_AM = ("ص", "صباحا", "فجرا", "am", "a m", "a.m.", "a.m", "قبل از ظهر", "ق.ظ")


class StatedDate(NamedTuple):
    """A date a text states, and where.

    Attributes:
        day: the Gregorian day as stated (the first of the month where only a month is stated).
        instant: the instant in UTC where a time of day is stated (without a zone it is read as UTC), else None.
        has_zone: whether a zone is stated, so that ``instant`` is certain.
        precision: ``second``, ``minute``, ``day`` or ``month``.
        calendar: calendar the words use.
        start: first code point of the words in the text.
        end: code point after the last one.
    """

    day: date
    instant: datetime | None
    has_zone: bool
    precision: Precision
    calendar: Calendar
    start: int
    end: int

    def day_in(self, zone: tzinfo) -> date:
        """The day of publication: the stated day, or of an instant with a zone its day in ``zone``."""
        return self.instant.astimezone(zone).date() if self.instant and self.has_zone else self.day


_DIGIT = re.compile(r"\d")
_ONE_TO_ONE = str.maketrans(FOLDS)
_HAS_DROPPED = re.compile(f"[{re.escape(DROPPED)}]")


def _folded(text: str) -> tuple[str, list[int] | None]:
    """The text in matching letters, and for each of them its offset in ``text`` (None: the same offset)."""
    if not _HAS_DROPPED.search(text):
        folded = text.translate(_ONE_TO_ONE).lower()
        if len(folded) == len(text):
            return folded, None
    letters: list[str] = []
    offsets: list[int] = []
    for offset, letter in enumerate(text):
        if letter not in DROPPED:
            fold = unicodedata.normalize("NFKC", letter).translate(_ONE_TO_ONE).lower()
            letters.append(fold)
            offsets.extend([offset] * len(fold))
    offsets.append(len(text))
    return "".join(letters), offsets


def _alternatives(names: list[str]) -> str:
    ordered = sorted(set(names), key=lambda name: (-len(name), name))
    return "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in ordered)


def _without_accents(name: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))


@cache
def _months() -> dict[str, tuple[Calendar, int]]:
    months: dict[str, tuple[Calendar, int]] = {}
    for code in _GREGORIAN_LOCALES:
        names = Locale.parse(code).months["format"]
        for width in ("wide", "abbreviated"):
            for month in range(1, 13):
                name = norm_ar(str(names[width][month])).rstrip(".")
                for spelling in (name, _without_accents(name) if code == "fr" else name):
                    if len(spelling) > 1:
                        months.setdefault(spelling, ("gregorian", month))
    for calendar, by_month in _USUAL_VARIANTS.items():
        for month, variants in by_month.items():
            for name in variants:
                months.setdefault(norm_ar(name), (calendar, month))
    return months


@cache
def _weekdays() -> dict[str, int]:
    days = {norm_ar(name): day for day, names in _WEEKDAY_VARIANTS.items() for name in names}
    for code in ("en", "fr"):
        for width in ("wide", "abbreviated"):
            for day, name in Locale.parse(code).days["format"][width].items():
                days.setdefault(norm_ar(str(name)).rstrip("."), int(day))
    return days


class _Patterns(NamedTuple):
    dates: re.Pattern[str]
    time_after: re.Pattern[str]
    time_before: re.Pattern[str]
    weekday_before: re.Pattern[str]
    zone_after: re.Pattern[str]
    month: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    month = _alternatives(list(_months()))
    months = rf"(?:{month})\.?(?:\s*[/(\-]\s*(?:{month})\.?\)?)?"
    gap = r"[\s,،.\-/]*"
    year = r"(?:عام|لعام|سنه|لسنه|de|of)?\s*"
    ordinal = r"(?:st|nd|rd|th|er|e)?"
    dates = rf"""(?<![\w:])(?<!\d[.,/])(?:
        (?P<d1>\d{{1,2}}){ordinal}{gap}(?:من|of|de|شهر|ماه)?\s*(?P<m1>{months})(?:\s*ماه)?{gap}{year}(?P<y1>\d{{4}})
      | (?P<m2>{months})\s*(?P<d2>\d{{1,2}}){ordinal}[\s,،]+{year}(?P<y2>\d{{4}})
      | (?P<y3>\d{{4}})[\s,،\-/]+(?P<m3>{months})[\s,،\-/]+(?P<d3>\d{{1,2}})
      | (?P<y4>\d{{4}})(?P<s4>\s?[-/.]\s?)(?P<m4>\d{{1,2}})(?P=s4)(?P<d4>\d{{1,2}})
      | (?P<a5>\d{{1,2}})(?P<s5>\s?[-/.]\s?)(?P<b5>\d{{1,2}})(?P=s5)(?P<y5>\d{{4}})
      | (?P<a6>\d{{1,2}})/(?P<b6>\d{{1,2}})/(?P<y6>\d{{2}})
      | (?P<m7>{months})[\s,،]+{year}(?P<y7>\d{{4}})
    )(?!\d)(?![.,/]\d)(?P<era>\s*(?:هـ?|ه\.\s?ش|ه|ش|ميلاديه|ميلادي|م)(?!\w))?"""
    zone_names = _alternatives([norm_ar(name) for name in _ZONES])
    zone = (
        rf"(?:بتوقيت\s+|به\s+وقت\s+|توقيت\s+|\(\s*)?(?P<zone>(?:gmt|utc)\s*[+-]\s*\d{{1,2}}(?::?\d{{2}})?"
        rf"|[+-]\d{{2}}:?\d{{2}}|{zone_names})(?!\w)(?:\s*\))?"
    )
    half = _alternatives([norm_ar(name) for name in _AM + _PM])
    clock = (
        r"(?<![\d:.])(?P<hour>\d{1,2})(?:[:h٫]\s?|\.)(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?(?![\d:])"
        rf"(?:\s*(?P<half>{half})(?!\w))?(?:[\s,،(]*{zone})?"
    )
    lead = r"(?:الساعه|علي الساعه|في الساعه|في تمام الساعه|تمام الساعه|ساعت|at|à|a)"
    joint = r"[\s,،\-–—|@t•·:]"
    weekday = _alternatives(list(_weekdays()))
    flags = re.VERBOSE
    return _Patterns(
        dates=re.compile(dates, flags),
        time_after=re.compile(rf"{joint}*(?:{lead}[\s:]*)?{clock}"),
        time_before=re.compile(rf"{clock}{joint}*(?:(?:يوم\s+)?(?:{weekday})[.]?[\s,،]*)?\Z"),
        weekday_before=re.compile(rf"(?<!\w)(?P<weekday>{weekday})\.?[\s,،:\-–]*(?:le\s+|في\s+)?\Z"),
        zone_after=re.compile(rf"[\s,،]*{zone}"),
        month=re.compile(month),
    )


def _jalali_to_gregorian(year: int, month: int, day: int) -> date:
    """The Gregorian day of a Solar Hijri day, by Borkowski's break table; ValueError if there is no such day."""
    breaks = (-61, 9, 38, 199, 426, 686, 756, 818, 1111, 1181, 1210, 1635, 2060)
    if not 1 <= month <= 12 or not 1 <= day <= (31 if month <= 6 else 30):
        raise ValueError("no such day")
    leaps, previous, jump = -14, breaks[0], 0
    for current in breaks[1:]:
        jump = current - previous
        if year < current:
            break
        leaps += jump // 33 * 8 + jump % 33 // 4
        previous = current
    offset = year - previous
    leaps += offset // 33 * 8 + (offset % 33 + 3) // 4
    if jump % 33 == 4 and jump - offset == 4:
        leaps += 1
    gregorian_year = year + 621
    gregorian_leaps = gregorian_year // 4 - (gregorian_year // 100 + 1) * 3 // 4 - 150
    new_year = date(gregorian_year, 3, 20 + leaps - gregorian_leaps)
    return new_year + timedelta(days=(month - 1) * 31 - month // 7 * (month - 7) + day - 1)


def _to_gregorian(calendar: Calendar, year: int, month: int, day: int) -> date | None:
    try:
        if calendar == "jalali":
            found = _jalali_to_gregorian(year, month, day)
        elif calendar == "hijri":
            found = date(*Hijri(year, month, day).to_gregorian().datetuple())
        else:
            found = date(year, month, day)
    except (ValueError, OverflowError):
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


def _calendar_of(year: int, era: str | None) -> Calendar:
    """The calendar of a date in digits: by its mark, else by which calendar's present years it fits."""
    mark = (era or "").strip()
    if mark.startswith("ه") and "ش" not in mark:
        return "hijri"
    if "ش" in mark:
        return "jalali"
    if 1421 <= year <= 1500:
        return "hijri"
    return "jalali" if 1300 <= year <= 1420 else "gregorian"


def _zone(name: str | None) -> tzinfo | None:
    if not name:
        return None
    key = " ".join(name.split())
    known = next((target for spelling, target in _ZONES.items() if norm_ar(spelling) == key), key)
    offset = re.fullmatch(r"(?:gmt|utc)?\s*([+-])\s*(\d{1,2}):?(\d{2})?", known)
    if offset:
        minutes = int(offset[2]) * 60 + int(offset[3] or 0)
        return timezone(timedelta(minutes=minutes if offset[1] == "+" else -minutes)) if minutes < 24 * 60 else None
    try:
        return UTC if known == "UTC" else ZoneInfo(known)
    except (ZoneInfoNotFoundError, ValueError):
        return None


def _instant(day: date, clock: re.Match[str]) -> tuple[datetime, bool, Precision] | None:
    hour, minute, second = int(clock["hour"]), int(clock["minute"]), int(clock["second"] or 0)
    half = " ".join((clock["half"] or "").split())
    if half in {norm_ar(name) for name in _PM} and hour < 12:
        hour += 12
    elif half in {norm_ar(name) for name in _AM} and hour == 12:
        hour = 0
    if hour > 23 or minute > 59 or second > 59:
        return None
    naive = datetime(day.year, day.month, day.day, hour, minute, second)  # noqa: DTZ001 the zone follows
    zone = _zone(clock["zone"])
    precision: Precision = "second" if clock["second"] else "minute"
    return naive.replace(tzinfo=zone or UTC).astimezone(UTC), zone is not None, precision


def _day_or_month_first(
    first: int, second: int, year: int, weekday: int | None, not_after: date | None
) -> tuple[int, int]:
    """Day and month of ``first/second/year``: day first, unless a number, the weekday or the crawl says otherwise."""
    day_first, month_first = (first, second), (second, first)
    candidates = [
        (order, found)
        for order in (day_first, month_first)
        if (found := _to_gregorian("gregorian", year, order[1], order[0])) is not None
    ]
    for order, found in candidates:
        if weekday is not None and found.weekday() == weekday:
            return order
    for order, found in candidates:
        if not_after is None or found <= not_after:
            return order
    return day_first


def find_dates(text: str, not_after: date | None = None) -> list[StatedDate]:
    """The dates a text states, in order.

    Args:
        text: a line or a few lines of a page.
        not_after: latest possible day (that of the crawl, with a day's grace for time zones); later ones are left out.

    Returns:
        One ``StatedDate`` per date, with offsets into ``text``.
    """
    if not _DIGIT.search(text):
        return []
    folded, offsets = _folded(text)
    found = []
    for match in _patterns().dates.finditer(folded):
        stated = _read(folded, match, not_after)
        if stated is None or (not_after is not None and stated.day > not_after):
            continue
        if offsets is not None:
            stated = stated._replace(start=offsets[stated.start], end=offsets[stated.end - 1] + 1)
        found.append(stated)
    return found


def find_date(text: str, not_after: date | None = None) -> StatedDate | None:
    """The date a text states: its first Gregorian one, else its first; ``None`` where it states none."""
    dates = find_dates(text, not_after)
    return next((stated for stated in dates if stated.calendar == "gregorian"), dates[0] if dates else None)


def weekday_agrees(text: str) -> bool | None:
    """Whether the weekday that a date's words name is that of the date; ``None`` where they name none."""
    stated = find_date(text)
    named = re.search(rf"(?<!\w)(?:{_alternatives(list(_weekdays()))})(?!\w)", _folded(text)[0])
    if stated is None or named is None or stated.calendar != "gregorian":
        return None
    return stated.day.weekday() == _weekdays()[" ".join(named.group().split())]


def _read(folded: str, match: re.Match[str], not_after: date | None) -> StatedDate | None:
    patterns = _patterns()
    start, end = match.span()
    before = patterns.weekday_before.search(folded, max(0, start - 24), start)
    weekday = _weekdays().get(" ".join(before["weekday"].split())) if before else None
    year_digits = next(match[f"y{n}"] for n in range(1, 8) if match[f"y{n}"])
    year = int(year_digits) + (2000 if len(year_digits) == 2 else 0)
    calendar: Calendar = "gregorian"
    precision: Precision = "day"
    name = match["m1"] or match["m2"] or match["m3"] or match["m7"]
    if name:
        first_name = patterns.month.match(name)
        if first_name is None:
            return None
        calendar, month = _months()[" ".join(first_name.group().split())]
        if calendar == "jalali" and year >= FIRST_YEAR:
            return None
        if match["m7"]:
            day, precision = 1, "month"
        else:
            day = int(match["d1"] or match["d2"] or match["d3"])
    elif match["y4"]:
        calendar, month, day = _calendar_of(year, match["era"]), int(match["m4"]), int(match["d4"])
    else:
        first, second = int(match["a5"] or match["a6"]), int(match["b5"] or match["b6"])
        calendar = _calendar_of(year, match["era"])
        day, month = (first, second)
        if calendar == "gregorian":
            day, month = _day_or_month_first(first, second, year, weekday, not_after)
    stated = _to_gregorian(calendar, year, month, day)
    if stated is None:
        return None
    instant, has_zone = None, False
    if precision == "day":
        clock = patterns.time_after.match(folded, end)
        timed = _instant(stated, clock) if clock else None
        if clock and timed:
            end = clock.end()
        else:
            clock = patterns.time_before.search(folded, max(0, start - 60), start)
            timed = _instant(stated, clock) if clock else None
            if clock and timed:
                start = clock.start()
        if timed:
            instant, has_zone, precision = timed
        else:
            zone = patterns.zone_after.match(folded, end)
            end = zone.end() if zone else end
    if before and start > before.start():
        start = before.start()
    return StatedDate(stated, instant, has_zone, precision, calendar, start, end)


_UNITS: tuple[tuple[timedelta, str], ...] = (
    (timedelta(minutes=1), r"دقيق\w*|دقائ?ق|دقايق|minutes?|mins?|دقیقه"),
    (timedelta(hours=1), r"ساع(?:ه|ات|تين)|hours?|hrs?|heures?|ساعت"),
    (timedelta(days=1), r"يوم|ايام|يومين|days?|jours?|روز"),
    (timedelta(weeks=1), r"اسبوع|اسابيع|اسبوعين|weeks?|semaines?|هفته"),
)
_UNIT = "|".join(words for _, words in _UNITS)
_RELATIVE = re.compile(
    rf"(?<!\w)(?:(?:منذ|قبل|il y a)\s+(?:حوالي\s+)?(?P<n1>\d{{1,3}}|an?|une?)?\s*(?P<u1>{_UNIT})(?!\w)"
    rf"|(?P<n2>\d{{1,3}}|an?)\s+(?P<u2>{_UNIT})\s+(?:ago|پيش|قبل)(?!\w)"
    r"|(?P<today>اليوم|today|aujourd'hui|امروز)(?!\w)|(?P<yesterday>امس|yesterday|hier|ديروز)(?!\w))"
)


def find_relative(text: str, crawled_at: datetime) -> StatedDate | None:
    """The day a text states relative to its crawl («منذ ساعتين», "3 days ago"); ``None`` where it states none.

    Such a day is inferred: the caller must not call it stated. It has day precision and no instant.
    """
    folded, offsets = _folded(text)
    match = _RELATIVE.search(folded)
    if not match:
        return None
    if match["today"] or match["yesterday"]:
        moment = crawled_at - timedelta(days=1 if match["yesterday"] else 0)
    else:
        unit = match["u1"] or match["u2"]
        number = match["n1"] or match["n2"]
        count = int(number) if number and number.isdigit() else 2 if unit.endswith("ين") else 1
        step = next(step for step, words in _UNITS if re.fullmatch(words, unit))
        moment = crawled_at - count * step
    start, end = match.span()
    if offsets is not None:
        start, end = offsets[start], offsets[end - 1] + 1
    return StatedDate(moment.date(), None, False, "day", "gregorian", start, end)


def is_date_line(text: str) -> bool:
    """Whether a line says nothing but when: a date with at most a few letters around it."""
    stated = find_date(text)
    if stated is None:
        return False
    rest = text[: stated.start] + " " + text[stated.end :]
    return sum(c.isalpha() for c in rest) <= 25


def parse_metadata_date(value: str) -> StatedDate | None:
    """Reads a date of metadata: ISO 8601, RFC 822, or any form ``find_date`` knows; ``None`` for anything else."""
    value = value.strip()
    parsed: datetime | None = None
    if re.match(r"\d{4}-\d{2}-\d{2}([T ]|$)", value):
        try:
            parsed = datetime.fromisoformat(value)
        except ValueError:
            parsed = None
        if parsed is not None and len(value) == 10:
            if not FIRST_YEAR <= parsed.year <= LAST_YEAR:
                return None
            return StatedDate(parsed.date(), None, False, "day", "gregorian", 0, len(value))
    if parsed is None and re.search(r"\d:\d", value) and re.search("[A-Za-z]", value):
        try:
            parsed = parsedate_to_datetime(value)
        except (ValueError, TypeError, IndexError):
            parsed = None
    if parsed is None:
        return find_date(value)
    if not FIRST_YEAR < parsed.year < LAST_YEAR:
        return None
    has_zone = parsed.tzinfo is not None
    instant = (parsed if has_zone else parsed.replace(tzinfo=UTC)).astimezone(UTC)
    precision: Precision = "second" if parsed.second or value.count(":") > 1 else "minute"
    return StatedDate(parsed.date(), instant, has_zone, precision, "gregorian", 0, len(value))


_CRAWL_STAMP = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})(?P<joint>[@T ])(\d{2}):(\d{2}):(\d{2})(?:\.\d+)?\s*(?P<zone>GMT|UTC|Z|[+-]\d{2}:?\d{2})?"
)


def parse_stamp(text: str) -> tuple[datetime, bool] | None:
    """Reads a line that is nothing but a machine's time stamp such as ``2023-09-20@10:00:00 GMT``.

    Returns:
        The instant in UTC, and whether the stamp is of the kind only crawlers write (joined with ``@``); else ``None``.
    """
    match = _CRAWL_STAMP.fullmatch(text.strip().strip("\ufeff"))
    if not match:
        return None
    numbers = [int(match[n]) for n in (1, 2, 3, 5, 6, 7)]
    try:
        naive = datetime(*numbers)  # type: ignore[arg-type]  # noqa: DTZ001 the zone follows
        zone = _zone((match["zone"] or "").lower()) or UTC
        return naive.replace(tzinfo=zone).astimezone(UTC), match["joint"] == "@"
    except (ValueError, OverflowError):
        return None
