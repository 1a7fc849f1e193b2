"""Calendars of news pages: names of months and weekdays by language and country, and days of three calendars.

Month and weekday names are CLDR's (through Babel), compared on keys, with the names and spellings CLDR lacks beside them.
Babel is loaded with the first date that is read, not with this module. Solar Hijri (Jalali) days are converted with the
33-year break table of K. M. Borkowski, "The Persian calendar for 3000 years", Earth, Moon, and Planets 74 (1996); lunar
Hijri days with the Umm al-Qura tables of the ``hijridate`` package, which cover 1343 to 1500 AH (1924 to 2077).
"""

from __future__ import annotations

import unicodedata
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Literal

from news_pipeline.arabic.keys import norm_ar

Calendar = Literal["gregorian", "hijri", "jalali"]

FIRST_YEAR, LAST_YEAR = 1900, 2100
"""Gregorian years outside this range are not dates of news."""

_LOCALES = (
    *("ar", "ar_EG", "ar_SY", "ar_IQ", "ar_LB", "ar_DZ", "ar_TN", "ar_MA", "ar_MR"),
    *("en", "fr", "fr_CA", "fa", "fa_AF", "ur", "tr", "es", "de"),
)
_ABBREVIATED_DAYS = ("ar", "en", "fr", "es")
"""Languages whose shortened weekdays are no words of another language."""

_MORE_MONTHS: dict[Calendar, tuple[tuple[str, ...], ...]] = {
    "gregorian": (
        ("كانون ثاني",),
        ("فيبراير",),
        (),
        ("ابرايل",),
        ("نوار", "مايس"),
        ("يونيه",),
        ("يوليه",),
        ("آگوست", "اوغسطس"),
        ("سبتنبر", "سيبتمبر"),
        ("اوكتوبر", "أكتوبير", "تشرين اول"),
        ("نوفنبر", "تشرين ثاني"),
        ("ديسنبر", "ديسيمبر", "كانون اول"),
    ),
    "hijri": (
        ("محرم", "المحرم", "محرم الحرام", "شهر الله المحرم"),
        ("صفر", "صفر الخير", "صفر المظفر"),
        ("ربيع الأول", "ربيع اول", "ربيع الأنور"),
        ("ربيع الآخر", "ربيع الثاني", "ربيع ثاني", "ربيع ثان"),
        ("جمادى الأولى", "جمادى الأول", "جماد الأول", "جماد أول"),
        ("جمادى الآخرة", "جمادى الثانية", "جمادى الآخر", "جمادى الثاني", "جماد الثاني", "جماد الآخر", "جماد ثاني"),
        ("رجب", "رجب المرجب", "رجب الفرد"),
        ("شعبان", "شعبان المعظم"),
        ("رمضان", "رمضان المبارك"),
        ("شوال", "شوال المكرم"),
        ("ذو القعدة", "ذي القعدة", "ذوالقعدة", "ذيقعدة", "ذي القعدة الحرام"),
        ("ذو الحجة", "ذي الحجة", "ذوالحجة", "ذیحجه", "ذي الحجة الحرام"),
    ),
    "jalali": (
        ("فروردین", "حمل"),
        ("اردیبهشت", "اردی بهشت", "ثور"),
        ("خرداد", "جوزا"),
        ("تیر", "سرطان"),
        ("مرداد", "امرداد", "اسد"),
        ("شهریور", "سنبله"),
        ("مهر", "میزان"),
        ("آبان", "عقرب"),
        ("آذر", "قوس"),
        ("دی", "جدی"),
        ("بهمن", "دلو"),
        ("اسفند", "حوت"),
    ),
}
_MORE_WEEKDAYS = (
    ("الاتنين", "دو شنبه", "سوموار"),
    ("الثلثاء", "الثلاثا", "tues"),
    ("الأربعا", "چهار شنبه", "weds"),
    ("پنج شنبه", "thur", "thurs"),
    ("آدینه",),
    (),
    ("یک شنبه",),
)
LATIN = {
    code: base
    for code in range(0xC0, 0x180)
    if (base := unicodedata.normalize("NFD", chr(code))[0]).isascii() and base.isalpha()
} | {ord("ı"): "i"}
"""Latin letters without their accents: headline capitals and keyboards leave them out."""


@lru_cache(maxsize=4096)
def name_key(name: str) -> str:
    """What two spellings of a month, day or zone share: ``norm_ar`` without Latin accents and full stops."""
    return norm_ar(name.translate(LATIN)).translate(LATIN).replace(".", "").strip()


@cache
def month_names() -> dict[str, tuple[Calendar, int]]:
    """Calendar and number (1 to 12) of each month name, by its key."""
    from babel import Locale

    months: dict[str, tuple[Calendar, int]] = {}
    for code in _LOCALES:
        names = Locale.parse(code).months["format"]
        for width in ("wide", "abbreviated"):
            for month in range(1, 13):
                spelling = name_key(str(names[width][month]))
                if len(spelling) > 1:
                    months.setdefault(spelling, ("gregorian", month))
    for calendar, by_month in _MORE_MONTHS.items():
        for month, spellings in enumerate(by_month, start=1):
            for spelling in spellings:
                months.setdefault(name_key(spelling), (calendar, month))
    return months


@cache
def weekday_names() -> dict[str, int]:
    """Number of each weekday name (Monday is 0), by its key."""
    from babel import Locale

    days: dict[str, int] = {}
    for code in _LOCALES:
        names = Locale.parse(code).days["format"]
        widths = [
            "wide",
            *(("abbreviated", "short") if code == "ar" else ("abbreviated",) * (code in _ABBREVIATED_DAYS)),
        ]
        for width in widths:
            for day, name in names[width].items():
                days.setdefault(name_key(str(name)), int(day))
    for day, spellings in enumerate(_MORE_WEEKDAYS):
        for spelling in spellings:
            days.setdefault(name_key(spelling), day)
    return days


def to_gregorian(calendar: Calendar, year: int, month: int, day: int) -> date | None:
    """The Gregorian day of a day of any of the calendars; ``None`` where there is none from 1900 to 2100."""
    try:
        if calendar == "jalali":
            found = _jalali_to_gregorian(year, month, day)
        elif calendar == "hijri":
            from hijridate import Hijri

            found = date(*Hijri(year, month, day).to_gregorian().datetuple())
        else:
            found = date(year, month, day)
    except (ValueError, OverflowError):
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


def _jalali_to_gregorian(year: int, month: int, day: int) -> date:
    """The Gregorian day of a Solar Hijri day, by Borkowski's break table; ValueError if there is no such day."""
    if not 1 <= month <= 12 or not 1 <= day <= (31 if month <= 6 else 30):
        raise ValueError("no such day")
    first = _nowruz(year) + timedelta(days=(month - 1) * 31 - max(0, month - 7))
    found = first + timedelta(days=day - 1)
    if month == 12 and day == 30 and found == _nowruz(year + 1):
        raise ValueError("no such day: the year is no leap year")
    return found


@cache
def _nowruz(year: int) -> date:
    """First day of a Solar Hijri year."""
    breaks = (-61, 9, 38, 199, 426, 686, 756, 818, 1111, 1181, 1210, 1635, 2060)
    if not 1200 <= year < 1600:
        raise ValueError("year out of range")
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
    return date(gregorian_year, 3, 20 + leaps - gregorian_leaps)
