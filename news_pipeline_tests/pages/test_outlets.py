"""Whose page it is where no label says so: page title, copyright line, logo, dateline, and their vote."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from news_pipeline.pages.blocks import type_lines
from news_pipeline.pages.lines import split_lines
from news_pipeline.pages.outlets import is_date_word, name_outlet

TITLE = "البلدية تبدأ ترميم الجسر القديم"
BODY = """12 مايو 2024
أعلنت البلدية بدء أعمال ترميم الجسر القديم فوق النهر، على أن تستمر ستة أشهر وتتوقف خلالها حركة السيارات.
وسيبقى الجسر مفتوحا أمام المشاة طوال مدة الترميم، بحسب بيان البلدية.
ويعبر الجسر كل يوم نحو أربعة آلاف شخص من سكان الضفتين.
"""
ENGLISH_TITLE = "Council starts repairs of the old bridge"
ENGLISH_BODY = """12 May 2024
The council has started to repair the old bridge over the river, and cars will be kept off it for six months.
People on foot may cross the bridge all the time, according to a statement of the council.
About four thousand people from both banks cross the bridge every day.
"""


def outlet(above: str = "", below: str = "", title: str = TITLE, body: str = BODY) -> str | None:
    text = "\n".join(filter(None, (above, title, body.rstrip(), below)))
    return name_outlet(type_lines(split_lines(text)), title)


def english(above: str = "", below: str = "") -> str | None:
    return outlet(above, below, ENGLISH_TITLE, ENGLISH_BODY)


@pytest.mark.parametrize("separator", [" - ", " | ", " – ", " » "])
def test_the_end_of_the_pages_title_names_it(separator: str) -> None:
    assert outlet(f"{TITLE}{separator}نبض الشرق") == "نبض الشرق"
    assert english(f"{ENGLISH_TITLE}{separator}Riverbank Echo") == "Riverbank Echo"


@pytest.mark.parametrize(
    "footer",
    [
        "جميع الحقوق محفوظة © 2024 نبض الشرق",
        "جميع الحقوق محفوظة لدى نبض الشرق 2024",
        "© نبض الشرق 2024",
        "حقوق النشر © 2020-2024 نبض الشرق. كل الحقوق محفوظة",
        "كل الحقوق محفوظة | نبض الشرق | ١٤٤٥هـ",
    ],
)
def test_the_copyright_line_names_it(footer: str) -> None:
    assert outlet(below=footer) == "نبض الشرق"


@pytest.mark.parametrize(
    "footer",
    [
        "© 2024 Riverbank Echo Ltd. All rights reserved.",
        "Copyright 2024 Riverbank Echo",
        "(c) 2024 Riverbank Echo",
        "Riverbank Echo © 2019-2024",
        "© Riverbank Echo 2024 – Tous droits réservés",
        "تمامی حقوق متعلق به Riverbank Echo است",
    ],
)
def test_the_copyright_line_names_it_in_other_languages(footer: str) -> None:
    assert english(below=footer) == "Riverbank Echo"


@pytest.mark.parametrize(
    "footer", ["جميع الحقوق محفوظة © 1445هـ", "© 2024", "All rights reserved.", "جميع الحقوق محفوظة"]
)
def test_a_copyright_line_without_a_name_names_none(footer: str) -> None:
    assert outlet(below=footer) is None
    assert english(below=footer) is None


def test_a_logo_above_the_headline_names_it() -> None:
    assert outlet("نبض الشرق") == "نبض الشرق"
    assert english("Riverbank Echo") == "Riverbank Echo"


@pytest.mark.parametrize("menu", ["الرئيسية\nسياسة\nاقتصاد\nرياضة", "سياسة\nجهات\nاقتصاد\nجهات", "أخبار\nمباشر"])
def test_sections_of_a_menu_are_no_names(menu: str) -> None:
    assert outlet(menu) is None
    assert outlet(f"نبض الشرق\n{menu}", "© 2024 نبض الشرق") == "نبض الشرق"


def test_a_kicker_is_no_name() -> None:
    assert english("Riverbank Echo\nTransport") == "Riverbank Echo"


def test_a_name_confirmed_elsewhere_beats_one_that_is_not() -> None:
    assert english("Daily Picks\nRiverbank Echo", "© 2024 Riverbank Echo") == "Riverbank Echo"


def test_an_author_in_the_date_line_is_no_name() -> None:
    assert outlet(body=BODY.replace("2024", "2024 | كتب: سامر البحري |")) is None
    assert outlet(body=BODY.replace("2024", "2024 | كتب: سامر البحري | صحيفة المرفأ")) == "صحيفة المرفأ"


def test_glued_sections_of_a_menu_are_no_name() -> None:
    assert english("HomeNewsSportWeatherTravel") is None
    assert english("Riverbank Echo\nAccueilPolitiqueSociétéSportCulture", "© 2024 Riverbank Echo") == "Riverbank Echo"


def test_nothing_names_the_outlet() -> None:
    assert outlet() is None
    assert english() is None


def test_names_within_the_text_do_not_count() -> None:
    body = ENGLISH_BODY.replace("a statement of the council", "the Riverbank Echo")
    assert outlet(title=ENGLISH_TITLE, body=body) is None


@pytest.mark.parametrize("part", ["الأربعاء", "صباحا", "GMT", "بتوقيت", "at", "مايو"])
def test_words_beside_a_date_that_belong_to_it(part: str) -> None:
    assert is_date_word(part)


@pytest.mark.parametrize("part", ["نبض الشرق", "Riverbank Echo", "رويترز"])
def test_words_beside_a_date_that_do_not(part: str) -> None:
    assert not is_date_word(part)


_LINES = st.lists(
    st.one_of(
        st.text(max_size=30),
        st.sampled_from([TITLE, "© 2024 نبض الشرق", "نبض الشرق", "2024-05-14 03:22:10", *BODY.splitlines()]),
    ),
    max_size=12,
)


@settings(max_examples=100, deadline=None)
@given(_LINES)
def test_a_name_stands_on_its_page(rows: list[str]) -> None:
    text = "\n".join(rows)
    name = name_outlet(type_lines(split_lines(text)), TITLE)
    assert name is None or (name in text and 1 <= len(name.split()) <= 6)
