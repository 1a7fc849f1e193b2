"""How dates are read from the words of a page."""

from __future__ import annotations

import datetime as dt

import pytest
from babel import Locale
from babel.dates import format_date, format_datetime
from hijridate import Hijri
from hypothesis import given
from hypothesis import strategies as st

from news_pipeline.pages import calendars
from news_pipeline.pages.dates import (
    StatedDate,
    find_date,
    find_dates,
    find_relative,
    find_yearless,
    is_date_line,
    parse_metadata_date,
    parse_stamp,
    weekday_agrees,
)
from news_pipeline_tests.pages.written_dates import DAYS, INSTANTS, NO_DATES, OTHER_CALENDARS

UTC = dt.UTC
CRAWLED_AT = dt.datetime(2024, 3, 1, 13, 30, tzinfo=UTC)
"""A Friday of a leap year."""


def _said(stated: StatedDate) -> str:
    """What a date says, in ISO 8601 (``has_zone`` as an offset of 0)."""
    if stated.precision == "month":
        return f"month from {stated.day}"
    if stated.instant is None:
        return f"{stated.day}"
    instant = stated.instant if stated.has_zone else stated.instant.replace(tzinfo=None)
    return f"{stated.day} {instant.isoformat(timespec='seconds' if stated.precision == 'second' else 'minutes')}"


def _expected(iso: str) -> str:
    if iso.startswith("month"):
        return iso
    if len(iso) == 7:
        return f"month from {iso}-01"
    if len(iso) == 10:
        return iso
    local = dt.datetime.fromisoformat(iso)
    precision = "seconds" if len(iso) in (19, 25) else "minutes"
    return f"{local.date()} {(local.astimezone(UTC) if local.tzinfo else local).isoformat(timespec=precision)}"


@pytest.mark.parametrize(("text", "iso"), DAYS)
def test_days_and_months(text: str, iso: str) -> None:
    stated = find_date(text)
    assert stated is not None
    assert (_said(stated), stated.calendar) == (_expected(iso), "gregorian")
    assert stated.agrees is not False


@pytest.mark.parametrize(("text", "iso", "calendar"), INSTANTS)
def test_instants(text: str, iso: str, calendar: str) -> None:
    stated = find_date(text)
    assert stated is not None
    assert (_said(stated), stated.calendar) == (_expected(iso), calendar)


@pytest.mark.parametrize(("text", "iso", "calendar"), OTHER_CALENDARS)
def test_hijri_and_solar_hijri(text: str, iso: str, calendar: str) -> None:
    stated = find_date(text)
    assert stated is not None
    assert (_said(stated), stated.calendar) == (_expected(iso), calendar)
    assert stated.agrees is not False


@pytest.mark.parametrize("text", NO_DATES)
def test_what_is_no_date(text: str) -> None:
    assert find_dates(text) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("نُشِرَ \u200fفي: \u200f٢٠\u200f/٠٩/\u200f٢٠٢٣ صباحا", "٢٠\u200f/٠٩/\u200f٢٠٢٣"),
        ("كتب خالد يوم الأربعاء 20 سبتمبر 2023 م في القاهرة", "الأربعاء 20 سبتمبر 2023 م"),
        ("آخر تحديث: 14:05 بتوقيت غرينتش، الأربعاء 20 سبتمبر 2023", "14:05 بتوقيت غرينتش، الأربعاء 20 سبتمبر 2023"),
        ("By Ann Sept. 3, 2023 at 4:05 p.m. ET for us", "Sept. 3, 2023 at 4:05 p.m. ET"),
        ("تاريخ النشر: 20th, September 2023 GMT", "20th, September 2023 GMT"),
        ("في 20 أيلول / سبتمبر 2023، قال", "20 أيلول / سبتمبر 2023"),
        ("20 سبتمبر 2023 آخر تحديث 14:05", "20 سبتمبر 2023"),
        ("الوقت 2023-09-20T10:11:12.123+03:00.", "2023-09-20T10:11:12.123+03:00"),
        ("(20/09/2023)", "20/09/2023"),
    ],
)
def test_the_evidence_is_the_words_that_say_it(text: str, words: str) -> None:
    stated = find_date(text)
    assert stated is not None
    assert text[stated.start : stated.end] == words


def test_each_date_of_a_line_keeps_its_own_clock() -> None:
    def said(text: str) -> list[str]:
        return [_said(stated) for stated in find_dates(text)]

    assert said("نشر: 20/9/2023 14:05 - تحديث: 21/9/2023 15:00") == [
        "2023-09-20 2023-09-20T14:05",
        "2023-09-21 2023-09-21T15:00",
    ]
    assert said("14:05 20 Sep 2023, 15:00 21 Sep 2023") == [
        "2023-09-20 2023-09-20T14:05",
        "2023-09-21 2023-09-21T15:00",
    ]
    assert said("Publié le : 20/09/2023 - 14:05Modifié le : 21/09/2023 - 15:10") == [
        "2023-09-20 2023-09-20T14:05",
        "2023-09-21 2023-09-21T15:10",
    ]
    assert said("20/9/2023|آخر تحديث: 21/9/202301:15 (مكة المكرمة)") == [
        "2023-09-20",
        "2023-09-21 2023-09-20T22:15+00:00",
    ]
    assert said("20/09/2023-21/09/2023") == ["2023-09-20", "2023-09-21"]


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("30/7/202130/7/2021", "30/7/2021"),
        ("نشر في 30-07-202130-07-2021", "30-07-2021"),
        ("٣٠/٧/٢٠٢١٣٠/٧/٢٠٢١", "٣٠/٧/٢٠٢١"),
    ],
)
def test_a_date_printed_twice_without_a_space_is_read(text: str, evidence: str) -> None:
    assert [_said(stated) for stated in find_dates(text)] == ["2021-07-30"] * 2
    assert {text[stated.start : stated.end] for stated in find_dates(text)} == {evidence}
    assert is_date_line(text)


@pytest.mark.parametrize("text", ["30/7/20213077", "1/2/20213", "7/2021/7/2021"])
def test_other_long_numbers_behind_a_slash_are_no_year(text: str) -> None:
    assert find_dates(text) == []


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("03/04/2018", (2018, 4, 3)),
        ("الأحد 03/04/2018", (2018, 3, 4)),
        ("03/04/2018 (Sunday)", (2018, 3, 4)),
        ("03/04/2018 02:30 AM EST", (2018, 3, 4)),
        ("2:30 p.m. ET, 3/4/2018", (2018, 3, 4)),
        ("03/04/2018 02:30 AM", (2018, 4, 3)),
        ("03.04.2018 02:30 AM EST", (2018, 4, 3)),
        ("13/04/2018 02:30 AM EST", (2018, 4, 13)),
    ],
)
def test_evidence_decides_the_order_of_day_and_month(text: str, day: tuple[int, int, int]) -> None:
    stated = find_date(text)
    assert stated is not None and stated.day == dt.date(*day)


def test_the_crawl_and_a_hint_decide_it_where_nothing_else_does() -> None:
    before_crawl = find_date("03/11/2018", not_after=dt.date(2018, 3, 20))
    assert before_crawl is not None and before_crawl.day == dt.date(2018, 3, 11)
    hinted = find_date("03/04/2018", month_first=True)
    assert hinted is not None and hinted.day == dt.date(2018, 3, 4)
    in_metadata = parse_metadata_date("3/4/2018 2:30 PM", month_first=True)
    assert in_metadata is not None and in_metadata.day == dt.date(2018, 3, 4)


def test_a_wrong_weekday_is_told_and_changes_nothing() -> None:
    wrong = find_date("الخميس 20 سبتمبر 2023")
    assert wrong is not None
    assert (wrong.day, wrong.precision, wrong.agrees) == (dt.date(2023, 9, 20), "day", False)
    assert weekday_agrees("الخميس 20 سبتمبر 2023") is False
    assert weekday_agrees("20 سبتمبر 2023 الأربعاء") is True
    assert weekday_agrees("20 سبتمبر 2023") is None
    trusted = find_date("الخميس 20 سبتمبر 2023 | الخميس 21 سبتمبر 2023")
    assert trusted is not None and trusted.day == dt.date(2023, 9, 21)


@pytest.mark.parametrize(
    "text",
    [
        "20 سبتمبر 2023، الخميس 21 سبتمبر 2023",
        "الأربعاء 20 سبتمبر 2023 | الخميس 21 سبتمبر 2023",
        "20 Eylül 2023 Çarşamba - 21 Eylül 2023 Perşembe",
        "20/09/2023 (الأربعاء) - 21/09/2023 (الخميس)",
    ],
)
def test_a_weekday_between_two_dates_speaks_for_one_of_them(text: str) -> None:
    assert [stated.agrees for stated in find_dates(text)][-1] is True
    assert all(stated.agrees is not False for stated in find_dates(text))


def test_two_calendars_check_each_other() -> None:
    agreeing = find_dates("5 ربيع الأول 1445 هـ - 20 سبتمبر 2023 م - 14:05")
    assert [(stated.day, stated.agrees) for stated in agreeing] == [(dt.date(2023, 9, 20), True)] * 2
    assert agreeing[0].instant == agreeing[1].instant == dt.datetime(2023, 9, 20, 14, 5, tzinfo=UTC)
    contradicting = find_date("5 رجب 1445 هـ - 20 سبتمبر 2023 م")
    assert contradicting is not None
    assert (contradicting.day, contradicting.agrees) == (dt.date(2023, 9, 20), False)


def test_a_hijri_day_follows_the_weekday_where_the_moon_was_seen_a_day_apart() -> None:
    for weekday, day in (("الثلاثاء", 19), ("الأربعاء", 20), ("الخميس", 21)):
        stated = find_date(f"{weekday} 5 ربيع الأول 1445 هـ")
        assert stated is not None and stated.day == dt.date(2023, 9, day) and stated.agrees is True
    far_off = find_date("السبت 5 ربيع الأول 1445 هـ")
    assert far_off is not None and far_off.day == dt.date(2023, 9, 20) and far_off.agrees is False


def test_a_day_later_than_the_crawl_is_left_out() -> None:
    assert find_dates("3 مايو 2020 و4 مايو 2030", not_after=dt.date(2021, 1, 1))[0].day == dt.date(2020, 5, 3)
    assert find_date("4 مايو 2030", not_after=dt.date(2021, 1, 1)) is None


def test_a_day_is_preferred_to_a_month_and_a_gregorian_day_to_others() -> None:
    stated = find_date("عدد سبتمبر 2023 - نشر في 20 سبتمبر 2023")
    assert stated is not None and stated.precision == "day"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        *(("منذ ساعتين", "2024-03-01"), ("منذ 11 ساعة", "2024-03-01"), ("منذ 20 ساعة", "2024-02-29")),
        *(("قبل 3 أيام", "2024-02-27"), ("منذ يوم واحد", "2024-02-29"), ("منذ يومين", "2024-02-28")),
        *(("منذ أسبوع", "2024-02-23"), ("منذ 3 أسابيع", "2024-02-09"), ("منذ شهر", "month from 2024-02-01")),
        *(("نشر منذ 5 دقائق", "2024-03-01"), ("منذ ٥ دقائق", "2024-03-01"), ("الآن", "2024-03-01")),
        *(("2 hours ago", "2024-03-01"), ("a day ago", "2024-02-29"), ("20h ago", "2024-02-29")),
        *(("Posted 2 days ago by Ann", "2024-02-28"), ("3 months ago", "month from 2023-12-01")),
        *(("il y a 3 heures", "2024-03-01"), ("il y a une semaine", "2024-02-23"), ("Il y a 2 h", "2024-03-01")),
        *(("۲ ساعت پیش", "2024-03-01"), ("۳ روز قبل", "2024-02-27"), ("2 گھنٹے پہلے", "2024-03-01")),
        *(("أمس", "2024-02-29"), ("دیروز", "2024-02-29"), ("hier", "2024-02-29"), ("Yesterday", "2024-02-29")),
        *(("نشر: اليوم", "2024-03-01"), ("اليوم 10:05", "2024-03-01 2024-03-01T10:05")),
        *(("آخر تحديث: أمس 10:30 م", "2024-02-29 2024-02-29T22:30"), ("hier à 14h05", "2024-02-29 2024-02-29T14:05")),
        *(
            ("Updated yesterday at 4:05 PM", "2024-02-29 2024-02-29T16:05"),
            ("امروز ۱۰:۳۰", "2024-03-01 2024-03-01T10:30"),
        ),
        ("أمس 10:30 بتوقيت مكة", "2024-02-29 2024-02-29T07:30+00:00"),
        ("اليوم 17:00", "2024-03-01"),
    ],
)
def test_days_relative_to_the_crawl(text: str, said: str) -> None:
    stated = find_relative(text, CRAWLED_AT)
    assert stated is not None
    assert _said(stated) == said
    assert find_date(text) is None


@pytest.mark.parametrize(
    "text",
    [
        *("لا شيء", "المصري اليوم", "اليوم السابع", "الأهلي يواجه الزمالك اليوم", "قال اليوم إن", "صحيفة اليوم: خبر"),
        *("قبل 3 أيام من الانتخابات", "۳ روز پیش از انتخابات", "منذ سنة", "Chicago", "le premier jour", "مقابل 3"),
    ],
)
def test_what_is_no_relative_day(text: str) -> None:
    assert find_relative(text, CRAWLED_AT) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        *(
            ("الأربعاء 20 سبتمبر", "2023-09-20"),
            ("الثلاثاء 20 سبتمبر", "2022-09-20"),
            ("20 أيلول / سبتمبر", "2023-09-20"),
        ),
        *(
            ("Sep 20", "2023-09-20"),
            ("Wed, Sep 20th", "2023-09-20"),
            ("29 فبراير", "2024-02-29"),
            ("3 مارس", "2023-03-03"),
        ),
        *(("20 سبتمبر - 14:05", "2023-09-20 2023-09-20T14:05"), ("14:05 - 20 سبتمبر", "2023-09-20 2023-09-20T14:05")),
        *(("mercredi 20 septembre à 14h05", "2023-09-20 2023-09-20T14:05"), ("29 شهریور", "2023-09-20")),
        *(("چهارشنبه ۲۹ شهریور", "2023-09-20"), ("5 ربيع الأول", "2023-09-20")),
    ],
)
def test_a_day_without_a_year_is_the_last_one_before_the_crawl(text: str, said: str) -> None:
    stated = find_yearless(text, CRAWLED_AT)
    assert stated is not None
    assert _said(stated) == said
    assert find_dates(text) == []


@pytest.mark.parametrize("text", ["", "قتل 20 شخصا", "31 فبراير", "may be 20", "20", "14:05"])
def test_what_is_no_day_without_a_year(text: str) -> None:
    assert find_yearless(text, CRAWLED_AT) is None


def test_date_lines() -> None:
    assert is_date_line("الثلاثاء 14 يونيو 2022 - 09:45")
    assert is_date_line("تاريخ النشر: 20 سبتمبر 2023 | آخر تحديث: 21 سبتمبر 2023")
    assert is_date_line("سبتمبر 2023")
    assert not is_date_line("قمة نوفمبر 2022")
    assert not is_date_line("وكانت المحكمة قد قررت في 14 يونيو 2022 تأجيل النظر في القضية")
    assert not is_date_line("قتل 25 شخصا")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("2016-12-10T23:18:00+01:00", "2016-12-10 2016-12-10T22:18:00+00:00"),
        ("2023-09-20T10:11:12.123Z", "2023-09-20 2023-09-20T10:11:12+00:00"),
        ("2023-09-20T10:11:12.1234567Z", "2023-09-20 2023-09-20T10:11:12+00:00"),
        ("2023-09-20T10:11+0300", "2023-09-20 2023-09-20T07:11+00:00"),
        ("2023-09-20 10:11:12", "2023-09-20 2023-09-20T10:11:12"),
        ("2023-09-20 10:11:12 UTC", "2023-09-20 2023-09-20T10:11:12+00:00"),
        ("2023-09-20 10:11:12 +0300", "2023-09-20 2023-09-20T07:11:12+00:00"),
        ("20230920T101112Z", "2023-09-20 2023-09-20T10:11:12+00:00"),
        ("20230920101112", "2023-09-20 2023-09-20T10:11:12"),
        ("Wed, 20 Sep 2023 10:00:00 +0300", "2023-09-20 2023-09-20T07:00:00+00:00"),
        ("20 Sep 2023 10:30 PM", "2023-09-20 2023-09-20T22:30"),
        ("1695204672", "2023-09-20 2023-09-20T10:11:12+00:00"),
        ("1695204672.5", "2023-09-20 2023-09-20T10:11:12+00:00"),
        ("1695204672123", "2023-09-20 2023-09-20T10:11:12+00:00"),
        ("/Date(1695204672123)/", "2023-09-20 2023-09-20T10:11:12+00:00"),
        ("20230920", "2023-09-20"),
        ("2023-09-20", "2023-09-20"),
        ("2023-09", "month from 2023-09-01"),
        ("02/05/2016", "2016-05-02"),
        ("۱۴۰۲/۰۶/۲۹", "2023-09-20"),
    ],
)
def test_metadata_dates(value: str, said: str) -> None:
    stated = parse_metadata_date(value)
    assert stated is not None
    assert _said(stated) == said


@pytest.mark.parametrize(
    "value",
    [
        "",
        "soon",
        "0001-01-01T00:00:00",
        "2023-99-99T00:00",
        "1:2a",
        "0",
        "123456789",
        "99999999999999",
        "2023-13",
        "2023",
    ],
)
def test_metadata_that_states_no_date(value: str) -> None:
    assert parse_metadata_date(value) is None


def test_crawl_stamps() -> None:
    assert parse_stamp("2025-03-05@19:26:57 GMT") == (dt.datetime(2025, 3, 5, 19, 26, 57, tzinfo=UTC), True)
    assert parse_stamp("2025-03-05 19:26:57+03:00") == (dt.datetime(2025, 3, 5, 16, 26, 57, tzinfo=UTC), False)
    assert parse_stamp("2025-03-05@29:26:57 GMT") is None
    assert parse_stamp("5 مارس 2025") is None


def test_solar_years_begin_on_nowruz() -> None:
    known = {1358: "1979-03-21", 1375: "1996-03-20", 1395: "2016-03-20", 1396: "2017-03-21", 1399: "2020-03-20"}
    known |= {1400: "2021-03-21", 1402: "2023-03-21", 1403: "2024-03-20", 1404: "2025-03-21", 1408: "2029-03-20"}
    for year, day in known.items():
        assert calendars.to_gregorian("jalali", year, 1, 1) == dt.date.fromisoformat(day)


def test_solar_days_follow_one_another_without_a_gap() -> None:
    day = calendars.to_gregorian("jalali", 1300, 1, 1)
    assert day is not None
    for year in range(1300, 1450):
        for month in range(1, 13):
            for number in range(1, 32):
                found = calendars.to_gregorian("jalali", year, month, number)
                if found is not None:
                    assert found == day
                    day += dt.timedelta(days=1)


@given(st.integers(1344, 1499), st.integers(1, 12), st.integers(1, 29))
def test_hijri_days_are_those_of_umm_al_qura(year: int, month: int, number: int) -> None:
    name = calendars._MORE_MONTHS["hijri"][month - 1][0]
    stated = find_date(f"{number} {name} {year} هـ")
    assert stated is not None
    assert stated.calendar == "hijri"
    assert stated.day == dt.date(*Hijri(year, month, number).to_gregorian().datetuple())


def test_names_written_by_hand_are_those_cldr_lacks() -> None:
    by_cldr = {
        calendars.name_key(str(name))
        for code in calendars._LOCALES
        for width in ("wide", "abbreviated")
        for name in Locale.parse(code).months["format"][width].values()
    }
    by_hand = [calendars.name_key(name) for names in calendars._MORE_MONTHS["gregorian"] for name in names]
    assert by_cldr.isdisjoint(by_hand)
    every = [
        calendars.name_key(name) for months in calendars._MORE_MONTHS.values() for names in months for name in names
    ]
    assert len(every) == len(set(every))


_DIGITS = ("0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹")
_LOCALES = (
    *("ar", "ar_EG", "ar_IQ", "ar_LB", "ar_MA", "ar_DZ", "ar_TN", "ar_MR", "ar_SA"),
    *("fa", "fa_AF", "ur", "en", "en_GB", "fr", "fr_CA", "tr", "es", "de"),
)


@given(
    st.datetimes(dt.datetime(1970, 1, 1), dt.datetime(2068, 12, 31)),  # noqa: DTZ001 as pages write them
    st.sampled_from(_LOCALES),
    st.sampled_from(["full", "long", "medium", "short"]),
    st.sampled_from(_DIGITS),
)
def test_what_cldr_formats_is_read_back(moment: dt.datetime, locale: str, width: str, digits: str) -> None:
    native = str.maketrans("0123456789", digits)
    day = find_date(format_date(moment, width, locale).translate(native), month_first=locale == "en")
    assert day is not None
    assert (day.day, day.precision, day.instant) == (moment.date(), "day", None)
    timed = format_datetime(moment, "medium", locale=locale).translate(native)
    stated = find_date(timed, month_first=locale == "en")
    assert stated is not None
    assert stated.instant == moment.replace(microsecond=0, tzinfo=UTC)


_PIECES = (
    *(
        "20",
        "2023",
        "1445",
        "1402",
        "99",
        "05",
        "14",
        "٢٠",
        "۱۴۰۲",
        "20230920",
        "سبتمبر",
        "شهریور",
        "ربيع الأول",
        "Sep",
    ),
    *("الأربعاء", "الساعة", "بتوقيت", "القاهرة", "GMT", "+3", "Z", "T", "م", "هـ", "at", "ago", "hours", "منذ", "أمس"),
    *("/", "-", ":", ".", ",", "،", "'", "(", ")", " ", "\n", "\u200f", "\u0651", "İ", "ﻻ", "h", "th", "il y a"),
)


@given(st.one_of(st.text(max_size=80), st.lists(st.sampled_from(_PIECES), max_size=14).map("".join)))
def test_any_text_can_be_searched(text: str) -> None:
    latest = dt.date(2030, 1, 1)
    for stated in find_dates(text, latest):
        assert 0 <= stated.start < stated.end <= len(text)
        assert stated.day <= latest
    for inferred in (find_relative(text, CRAWLED_AT), find_yearless(text, CRAWLED_AT)):
        if inferred is not None:
            assert 0 <= inferred.start < inferred.end <= len(text)
            assert inferred.day <= dt.date(2024, 3, 2)
    is_date_line(text)
    parse_metadata_date(text)
    parse_stamp(text)


@pytest.mark.parametrize(
    "piece", ["1", "20/", "20230920 ", "20 سبتمبر ", "2023 ", "سبتمبر ", "'23", "1\u200f", "14:05 ", "منذ "]
)
def test_a_long_line_takes_no_longer_than_its_length(piece: str) -> None:
    text = piece * 20_000
    find_dates(text)
    find_yearless(text, CRAWLED_AT)
    find_relative(text, CRAWLED_AT)
