"""How dates are read from the words of a page."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news_pipeline.pages.dates import (
    find_date,
    find_dates,
    find_relative,
    is_date_line,
    parse_metadata_date,
    parse_stamp,
)

UTC = dt.UTC


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("20th, September 2023 GMT", (2023, 9, 20)),
        ("الأربعاء 20 أيلول 2023", (2023, 9, 20)),
        ("٢٠ أيلول/سبتمبر ٢٠٢٣", (2023, 9, 20)),
        ("2 كانون الثاني / يناير 2021", (2021, 1, 2)),
        ("1 تشرين الثاني 2020", (2020, 11, 1)),
        ("3 جويلية 2022", (2022, 7, 3)),
        ("15 غشت 2021", (2021, 8, 15)),
        ("7 أوت 2019", (2019, 8, 7)),
        ("20 شتنبر 2023", (2023, 9, 20)),
        ("في 8 إبريل عام 1995", (1995, 4, 8)),
        ("سبتمبر 20, 2023", (2023, 9, 20)),
        ("Sept. 5, 2023", (2023, 9, 5)),
        ("1er août 2022", (2022, 8, 1)),
        ("12 fevrier 2020", (2020, 2, 12)),
        ("2023-09-20", (2023, 9, 20)),
        ("28/02/2018", (2018, 2, 28)),
        ("02/05/2016", (2016, 5, 2)),
        ("09/13/2023", (2023, 9, 13)),
        ("12.5.2020", (2020, 5, 12)),
        ("5 ربيع الأول 1445 هـ", (2023, 9, 20)),
        ("1445/03/05 هـ", (2023, 9, 20)),
        ("1445/03/05 هـ الموافق 20/9/2023", (2023, 9, 20)),
        ("۲۹ شهریور ۱۴۰۲", (2023, 9, 20)),
        ("۱۴۰۲/۰۶/۲۹", (2023, 9, 20)),
        ("30 اسفند 1399", (2021, 3, 20)),
    ],
)
def test_days(text: str, day: tuple[int, int, int]) -> None:
    stated = find_date(text)
    assert stated is not None
    assert stated.day == dt.date(*day)


@pytest.mark.parametrize(
    "text",
    ["", "لا تاريخ هنا", "2023-13-45", "31/02/2020", "3 مايو 1789", "5 مايو 2450", "1402-13-45", "10.30.15", "7-2"],
)
def test_what_is_no_date(text: str) -> None:
    assert find_date(text) is None


@pytest.mark.parametrize(
    ("text", "instant", "has_zone"),
    [
        ("7 مايو 2018 - 15:57", "2018-05-07T15:57", False),
        ("20 سبتمبر 2023 الساعة 10:30 م بتوقيت القاهرة", "2023-09-20T19:30", True),
        ("20 سبتمبر 2023، 10:30 بتوقيت مكة المكرمة", "2023-09-20T07:30", True),
        ("Sept. 5, 2023 at 10:30 AM EDT", "2023-09-05T14:30", True),
        ("5 May 2018, 13:20 GMT+3", "2018-05-05T10:20", True),
        ("3 février 2022 à 09h30", "2022-02-03T09:30", False),
        ("2023-09-20T10:00:00+03:00", "2023-09-20T07:00", True),
        ("10:15 - الأحد 3 جويلية 2022", "2022-07-03T10:15", False),
    ],
)
def test_instants(text: str, instant: str, has_zone: bool) -> None:
    stated = find_date(text)
    assert stated is not None
    assert stated.instant == dt.datetime.fromisoformat(instant).replace(tzinfo=UTC)
    assert stated.has_zone is has_zone
    assert text[stated.start : stated.end] == text


def test_evidence_decides_the_order_of_day_and_month() -> None:
    sunday_month_first = find_date("الأحد 03/04/2018")
    assert sunday_month_first is not None and sunday_month_first.day == dt.date(2018, 3, 4)
    before_crawl = find_date("03/11/2018", not_after=dt.date(2018, 3, 20))
    assert before_crawl is not None and before_crawl.day == dt.date(2018, 3, 11)


def test_a_day_later_than_the_crawl_is_left_out() -> None:
    assert find_dates("3 مايو 2020 و4 مايو 2030", not_after=dt.date(2021, 1, 1))[0].day == dt.date(2020, 5, 3)
    assert find_date("4 مايو 2030", not_after=dt.date(2021, 1, 1)) is None


def test_a_month_alone_has_month_precision() -> None:
    stated = find_date("سبتمبر 2023")
    assert stated is not None
    assert (stated.precision, stated.day) == ("month", dt.date(2023, 9, 1))


def test_spans_hold_through_diacritics_and_direction_marks() -> None:
    text = "نُشِرَ \u200fفي: \u200f٢٠\u200f/٠٩/\u200f٢٠٢٣ صباحا"
    stated = find_date(text)
    assert stated is not None
    assert stated.day == dt.date(2023, 9, 20)
    assert text[stated.start : stated.end] == "٢٠\u200f/٠٩/\u200f٢٠٢٣"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("منذ ساعتين", (2024, 2, 29)),
        ("قبل 3 أيام", (2024, 2, 27)),
        ("3 hours ago", (2024, 2, 29)),
        ("il y a 2 jours", (2024, 2, 28)),
        ("أمس", (2024, 2, 29)),
        ("اليوم 10:30", (2024, 3, 1)),
    ],
)
def test_relative_days(text: str, day: tuple[int, int, int]) -> None:
    stated = find_relative(text, dt.datetime(2024, 3, 1, 1, tzinfo=UTC))
    assert stated is not None
    assert stated.day == dt.date(*day)
    assert find_relative("لا شيء", dt.datetime(2024, 3, 1, 1, tzinfo=UTC)) is None


def test_date_lines() -> None:
    assert is_date_line("الثلاثاء 14 يونيو 2022 - 09:45")
    assert not is_date_line("وكانت المحكمة قد قررت في 14 يونيو 2022 تأجيل النظر في القضية")


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2016-12-10T23:18:00+01:00", (2016, 12, 10)),
        ("Wed, 20 Sep 2023 10:00:00 +0300", (2023, 9, 20)),
        ("2023-09-20", (2023, 9, 20)),
        ("02/05/2016", (2016, 5, 2)),
    ],
)
def test_metadata_dates(value: str, day: tuple[int, int, int]) -> None:
    stated = parse_metadata_date(value)
    assert stated is not None
    assert stated.day == dt.date(*day)


@pytest.mark.parametrize("value", ["", "soon", "0001-01-01T00:00:00", "2023-99-99T00:00", "1:2a"])
def test_metadata_that_states_no_date(value: str) -> None:
    assert parse_metadata_date(value) is None


def test_crawl_stamps() -> None:
    assert parse_stamp("2025-03-05@19:26:57 GMT") == (dt.datetime(2025, 3, 5, 19, 26, 57, tzinfo=UTC), True)
    assert parse_stamp("2025-03-05@29:26:57 GMT") is None
    assert parse_stamp("5 مارس 2025") is None


@given(st.text(max_size=80))
def test_any_text_can_be_searched(text: str) -> None:
    for stated in find_dates(text):
        assert 0 <= stated.start < stated.end <= len(text)
    parse_metadata_date(text)


@given(st.dates(dt.date(1901, 1, 1), dt.date(2099, 12, 31)))
def test_iso_days_are_read_back(day: dt.date) -> None:
    stated = find_date(f"نشر في {day.isoformat()}")
    assert stated is not None and stated.day == day
