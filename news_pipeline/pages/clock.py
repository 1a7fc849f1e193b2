"""Times of day as news pages write them, with their zones.

A clock is read from the runs of digits of a text and from what stands between them, so that nothing is searched for:
``14:05``, ``14h05``, ``14.05``, ``4:05 p.m. ET``, ``10:30 مساء بتوقيت القاهرة``, ``10:11:12.123+03:00``. Names of
cities and countries are CLDR's (through Babel), loaded with the first zone that is named by one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, time, timedelta, timezone, tzinfo
from functools import cache, lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from news_pipeline.arabic.keys import DROPPED, FOLDS
from news_pipeline.pages.calendars import LATIN, name_key

REACH = 48
"""How far behind a clock its half of the day and its zone are looked for, in code points."""

_ABBREVIATIONS: dict[str, str] = {
    **dict.fromkeys(("gmt", "utc", "tu", "غرينتش", "غرينيتش", "جرينتش", "جرينيتش", "غرنتش", "گرينويچ"), "UTC"),
    **dict.fromkeys(("مكه", "مكه المكرمه", "ksa"), "Asia/Riyadh"),
    **{"et": "America/New_York", "e t": "America/New_York", "ct": "America/Chicago"},
    **{"mt": "America/Denver", "pt": "America/Los_Angeles"},
    **{"est": "-05:00", "edt": "-04:00", "cst": "-06:00", "cdt": "-05:00"},
    **{"mst": "-07:00", "mdt": "-06:00", "pst": "-08:00", "pdt": "-07:00"},
    **{"wet": "+00:00", "west": "+01:00", "cet": "+01:00", "cest": "+02:00", "eet": "+02:00", "eest": "+03:00"},
    **{
        "bst": "+01:00",
        "msk": "+03:00",
        "trt": "+03:00",
        "gst": "+04:00",
        "pkt": "+05:00",
        "jst": "+09:00",
        "sast": "+02:00",
    },
}
"""Zones named behind a clock without a word that says so. IST, AST and others that name several zones are left out."""

_AMERICAN_ZONES = {
    **{"eastern": "America/New_York", "central": "America/Chicago"},
    **{"mountain": "America/Denver", "pacific": "America/Los_Angeles"},
}
_AMERICAN = frozenset(
    (*("et", "e t", "ct", "mt", "pt", "est", "edt", "cst", "cdt", "mst", "mdt", "pst", "pdt"), *_AMERICAN_ZONES)
)
_MORE_PLACES: dict[str, str] = {
    **dict.fromkeys(("السعودية", "المملكة", "مكة", "مكة المكرمة", "saudi"), "Asia/Riyadh"),
    **dict.fromkeys(("الإمارات", "أبوظبي", "أبو ظبي", "uae", "abu dhabi"), "Asia/Dubai"),
    **dict.fromkeys(("الدوحة", "doha"), "Asia/Qatar"),
    **dict.fromkeys(("المنامة", "manama"), "Asia/Bahrain"),
    **dict.fromkeys(("سلطنة عمان", "oman"), "Asia/Muscat"),
    **dict.fromkeys(("صنعاء", "sanaa"), "Asia/Aden"),
    **dict.fromkeys(("القدس المحتلة",), "Asia/Jerusalem"),
    **dict.fromkeys(("فلسطين", "رام الله"), "Asia/Gaza"),
    **dict.fromkeys(("الرباط", "rabat"), "Africa/Casablanca"),
    **dict.fromkeys(("الجزائر العاصمة",), "Africa/Algiers"),
    **dict.fromkeys(("أنقرة", "ankara"), "Europe/Istanbul"),
    **dict.fromkeys(("francaise",), "Europe/Paris"),
    **dict.fromkeys(("بريطانيا", "britain", "uk"), "Europe/London"),
    **dict.fromkeys(("واشنطن", "شرق الولايات المتحدة", "شرق أميركا", "شرق أمريكا", "washington"), "America/New_York"),
}
"""Cities and countries as pages call them, where CLDR has no zone of that city or another name of the country."""

_PLACE_LANGUAGES = ("ar", "fa", "en", "fr")

_GREENWICH = "(?:gmt|utc|tu|غري?ني?تش|جري?ني?تش|گرينويچ)"
_HALF = re.compile(
    r"[\s,،(]*(?:(?P<am>a\s?\.?\s?m\b\.?|ص(?:باحا?)?|صبح|فجرا|قبل (?:ال)?ظهر|قبل از ظهر|ق\.?ظ)"
    r"|(?P<pm>p\s?\.?\s?m\b\.?|م(?:ساء)?|عصرا?|بعد (?:ال)?ظهرا?|بعد ?از ?ظهر|ب\.?ظ|شام)"
    r"|(?P<noon>ظ(?:هرا?)?)|(?P<night>ليلا?|شب))(?!\w)",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"[\s,،(\[|]*(?:ب?ال?توقيت|ب?توقيت|حسب توقيت|به وقت|بوقت|heures? (?:de |d'|du )?|hora de )\s*",
    re.IGNORECASE,
)
_OFFSET = re.compile(
    rf"\s?[(\[]?(?:(?P<sign>[+-])(?P<hours>\d{{2}}):?(?P<minutes>\d{{2}})(?:\s?{_GREENWICH})?"
    rf"|(?P<near>[+-]\d{{1,2}})\s?{_GREENWICH})(?![\w/\-]|\.\d)[)\]]?",
    re.IGNORECASE,
)
_GLUED = re.compile(r"(?P<zulu>[zZ])(?!\w)|(?P<hours>[+-]\d{2})(?![\w/\-:]|\.\d)")
_SHIFT = re.compile(r"\s?(?P<sign>[+-])\s?(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?(?![\d/\-:]|\.\d)")
_WORDS = re.compile(r"[\s,،(\[|]*(?P<words>[^\W\d_]+(?:[ .][^\W\d_]+){0,3})")
_BEHIND = re.compile(r"\.?\s?[)\]]")
_OF_TIME = ("time", "saati", "saatiyle", "المحلي")
_BLANK = re.compile(rf"[{re.escape(DROPPED)}\s]+")
_HAS_DROPPED = re.compile(f"[{re.escape(DROPPED)}]")
_FOLDS = str.maketrans(FOLDS) | LATIN


_BEFORE_SECONDS = {":": ":", ".": ".", "h": "min"}
_UNITS = re.compile(r"\s?(?:min|mn|s)(?!\w)")
_FRENCH_HOUR = re.compile(r"\s?h(?!\w)", re.IGNORECASE)
_OVER = re.compile(r"(?:\s|uhr)*(?:[)\]|•·\n–—-]|$)", re.IGNORECASE)


class Clock(NamedTuple):
    """A time of day in a text.

    Attributes:
        time: the time as stated.
        has_seconds: whether seconds are stated.
        zone: its zone, ``None`` where none is stated.
        american: whether the zone is one of the United States, whose pages write the month before the day.
        start: first code point of the words.
        end: code point after the last one.
        next_run: the first run of digits behind it.
    """

    time: time
    has_seconds: bool
    zone: tzinfo | None
    american: bool
    start: int
    end: int
    next_run: int


class _Tail(NamedTuple):
    half: str
    zone: tzinfo | None
    american: bool
    length: int


_NO_TAIL = _Tail("", None, False, 0)


def read_clock(text: str, runs: Sequence[tuple[int, int]], first: int, end: int, announced: bool) -> Clock | None:
    """Reads the clock whose hour is a given run of digits; ``None`` where there is none.

    Args:
        text: the text.
        runs: spans of all runs of digits in it.
        first: index of the run that may be an hour.
        end: where the clock must have ended.
        announced: whether a word such as ``at`` stands before it, which makes ``14.05`` and ``5 pm`` sure.
    """
    start, hour_end = runs[first]
    if hour_end - start > 2 or hour_end > end:
        return None
    hour, minute, second = int(text[start:hour_end]), 0, None
    position, following = hour_end, first + 1
    mark, digits = _next_part(text, runs, following, hour_end, end)
    if mark in _BEFORE_SECONDS:
        minute, position, following = int(digits), runs[following][1], following + 1
        mark_of_seconds, digits = _next_part(text, runs, following, position, end)
        if mark_of_seconds == _BEFORE_SECONDS[mark]:
            second, position, following = int(digits), runs[following][1], following + 1
            if following < len(runs) and runs[following][0] == position + 1 and text[position] in ".,":
                position, following = runs[following][1], following + 1
    else:
        mark = ""
    if hour > 23 or minute > 59 or (second or 0) > 59:
        return None
    units = _UNITS.match(text, position, end) if mark == "h" else None
    position = units.end() if units else position
    tail = _read_tail(text[position : min(position + REACH, end)]) if position < end else _NO_TAIL
    if not mark:
        french = announced and _FRENCH_HOUR.match(text, position, end)
        if not tail.half and not french:
            return None
        position = french.end() if french else position
    elif mark == "." and not (announced or tail.half or tail.zone or _is_over(text, position, end)):
        return None
    hour = _in_day(hour, tail.half)
    position += tail.length
    while following < len(runs) and runs[following][0] < position:
        following += 1
    return Clock(
        time(hour, minute, second or 0), second is not None, tail.zone, tail.american, start, position, following
    )


def _next_part(text: str, runs: Sequence[tuple[int, int]], index: int, position: int, end: int) -> tuple[str, str]:
    """The mark that parts the next number of a clock from the last one, and its two digits; both empty if none."""
    if index >= len(runs):
        return "", ""
    start, stop = runs[index]
    if stop - start != 2 or stop > end or start - position > 6:
        return "", ""
    return _clock_mark(text[position:start]), text[start:stop]


def _is_over(text: str, position: int, end: int) -> bool:
    return _OVER.match(text[position : min(position + 8, end)]) is not None


@lru_cache(maxsize=256)
def _clock_mark(between: str) -> str:
    """What parts hours from minutes (``:``, ``h`` or ``.``) or minutes from seconds (also ``min``), else nothing."""
    bare = _BLANK.sub("", between).lower()
    if bare in (":", "：", "∶"):
        return ":"
    if bare in ("h", "min"):
        return bare
    return "." if between in (".", "٫") else ""


def _in_day(hour: int, half: str) -> int:
    """The hour from 0 to 23 of an hour in a half of the day."""
    if not half or hour > 12:
        return hour
    if half == "am" or (half == "night" and not 6 <= hour <= 11):
        return hour % 12
    if half == "noon" and 10 <= hour <= 12:
        return hour
    return hour % 12 + 12


@lru_cache(maxsize=4096)
def _read_tail(tail: str) -> _Tail:
    """The half of the day and the zone at the start of a text."""
    if tail[0] == "\n" or tail.isspace():
        return _NO_TAIL
    tail = tail.split("\n", 1)[0]
    folded, offsets = fold(tail)
    half = _HALF.match(folded)
    position = half.end() if half else 0
    zone, american, zone_end = _read_zone(folded, position, half is None)
    length = zone_end if zone else position
    return _Tail(half.lastgroup or "" if half else "", zone, american, offsets[length - 1] + 1 if length else 0)


def _read_zone(folded: str, start: int, glued: bool) -> tuple[tzinfo | None, bool, int]:
    """The zone a folded text names at ``start``, whether it is American, and where its words end."""
    match = _GLUED.match(folded, start) if glued else None
    if match:
        return (UTC if match["zulu"] else _shifted(match["hours"][0], match["hours"][1:], "")), False, match.end()
    match = _OFFSET.match(folded, start)
    if match:
        near = match["near"]
        zone = _shifted(near[0], near[1:], "") if near else _shifted(match["sign"], match["hours"], match["minutes"])
        return zone, False, match.end()
    said = _SAID.match(folded, start)
    words = _WORDS.match(folded, said.end() if said else start)
    if words is None:
        return None, False, start
    names = re.split("[ .]", words["words"])
    for count in range(len(names), 0, -1):
        written = " ".join(names[:count])
        name = written.lower()
        is_said = said is not None or (count < len(names) and names[count].lower() in _OF_TIME)
        target = _ABBREVIATIONS.get(name)
        if target and written.isascii() and written != written.upper() and name not in ("gmt", "utc"):
            target = None  # "et", "est" and "cet" are words
        target = target or (_places().get(name) if is_said else None)
        if target is None:
            continue
        end = words.start("words") + len(name)
        shift = _SHIFT.match(folded, end) if target == "UTC" else None
        if shift:
            zone, end = _shifted(shift["sign"], shift["hours"], shift["minutes"] or ""), shift.end()
        else:
            zone = zone_of(target)
        if count < len(names) and names[count].lower() in _OF_TIME:
            end += 1 + len(names[count])
        behind = _BEHIND.match(folded, end)
        if behind and "(" in folded[start:end]:
            end = behind.end()
        return zone, name in _AMERICAN, end
    return None, False, start


def _shifted(sign: str, hours: str, minutes: str) -> tzinfo | None:
    """The zone at an offset from UTC, which lies between -12:00 and +14:00."""
    total = int(hours) * 60 + int(minutes or 0)
    if int(minutes or 0) > 59 or total > (14 if sign == "+" else 12) * 60:
        return None
    return timezone(timedelta(minutes=total if sign == "+" else -total)) if total else UTC


@cache
def zone_of(name: str) -> tzinfo | None:
    """The zone of an IANA name or of an offset such as ``+03:00``; ``None`` where the system does not know it."""
    if name == "UTC":
        return UTC
    if name[0] in "+-":
        return _shifted(name[0], name[1:3], name[4:6])
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return None


@cache
def _places() -> dict[str, str]:
    """IANA zone of each city and of each country of one zone, by its key."""
    from babel import Locale
    from babel.core import get_global

    places = {name_key(name): zone for name, zone in (_MORE_PLACES | _AMERICAN_ZONES).items()}
    locales = [Locale.parse(language) for language in _PLACE_LANGUAGES]
    cities = sorted({str(zone) for locale in locales for zone in locale.time_zones} - {"Etc/UTC", "Etc/Unknown"})
    zones_of = get_global("territory_zones")
    countries = sorted((code, zones[0]) for code, zones in zones_of.items() if len(zones) == 1)
    for locale in locales:
        for zone in cities:
            city = locale.time_zones.get(zone, {}).get("city") or zone.rsplit("/", 1)[-1].replace("_", " ")
            places.setdefault(name_key(str(city)), zone)
        for code, zone in countries:
            if code in locale.territories:
                places.setdefault(name_key(locale.territories[code]), zone)
    return places


def fold(text: str) -> tuple[str, Sequence[int]]:
    """A text in matching letters, case kept, and for each of them its offset in ``text``."""
    folded = text.translate(_FOLDS)
    if unicodedata.is_normalized("NFKC", folded) and not _HAS_DROPPED.search(folded):
        return folded, range(len(text) + 1)
    letters: list[str] = []
    offsets: list[int] = []
    for offset, letter in enumerate(text):
        if letter not in DROPPED and not unicodedata.combining(letter):
            key = unicodedata.normalize("NFKC", letter).translate(_FOLDS)
            letters.append(key)
            offsets.extend([offset] * len(key))
    offsets.append(len(text))
    return "".join(letters), offsets
