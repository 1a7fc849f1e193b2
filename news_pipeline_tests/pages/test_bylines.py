"""Authors' names in short lines: told from outlets, places, sections and from ordinary words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news_pipeline.arabic.keys import word_key
from news_pipeline.pages.bylines import clean_name, is_byline, name_before_role, name_in_line, reads_as_person
from news_pipeline_tests.pages.pages import parse, raw_page


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("محمد الزين", "محمد الزين"),
        ("عمان - محمد الزين", "محمد الزين"),
        ("محمد الزين | جريدة الضفاف", "محمد الزين"),
        ("محمد الزين - القاهرة", "محمد الزين"),
        ("Nora Whitfield", "Nora Whitfield"),
        ("Nora Whitfield in Alder Bridge", "Nora Whitfield"),
        ("Nora Whitfield, Rural affairs correspondent", "Nora Whitfield"),
        ("Hélène Vasseur à Saint-Malvin", "Hélène Vasseur"),
        ("Nora Whitfield and Sam Ellery", "Nora Whitfield and Sam Ellery"),
        ("Nora Whitfield and agencies", "Nora Whitfield"),
        ("J. R. Okoro", "J. R. Okoro"),
        ("Anne de la Tour", "Anne de la Tour"),
        ("محمد رضا احمدی", "محمد رضا احمدی"),
    ],
)
def test_names_of_persons(line: str, name: str) -> None:
    assert name_in_line(line) == name


@pytest.mark.parametrize(
    "line",
    [
        "",
        "—",
        "جريدة الضفاف",
        "قناة الأفق",
        "القاهرة - رويترز",
        "رياضة محلية",
        "Harbour Daily News",
        "Read More",
        "the council voted",
        "Nora",
        "12 March 2021",
        "Short URL",
        "افتتاح جسر المشاة الجديد",
        "پرندگان مهاجر به تالاب بازگشتند",
    ],
)
def test_lines_that_name_no_person(line: str) -> None:
    assert name_in_line(line) is None


def test_a_rare_name_is_believed_beside_the_date_only() -> None:
    assert name_in_line("كنزة آيت واعراب") is None
    assert name_in_line("كنزة آيت واعراب", beside_date=True) == "كنزة آيت واعراب"


@pytest.mark.parametrize("line", ["وكالات", "قناة الأفق", "أخبار محلية", "Live updates", "5 دقائق قراءة", "قال إن"])
def test_not_every_short_line_beside_the_date_is_a_name(line: str) -> None:
    assert name_in_line(line, beside_date=True) is None


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Mona Field North of England correspondent", "Mona Field"),
        ("Mona FieldNorth of England correspondent", "Mona Field"),
        ("Mona Field Harbour reporter", "Mona Field"),
        ("Ian McLeod Islands correspondent", "Ian McLeod"),
        ("Ian McLeodIslands correspondent", "Ian McLeod"),
        ("Hélène Vasseur Journaliste", "Hélène Vasseur"),
    ],
)
def test_names_before_a_role(line: str, name: str) -> None:
    assert name_before_role(line) == name
    assert is_byline(line)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Mona Field",
        "our correspondent",
        "Ferry keeps its winter hours",
        "the council heard an editor",
        "A ferry waits for a word of the editor",
        "Mona Field is said to have been the first North of England correspondent",
    ],
)
def test_lines_with_no_name_before_a_role(line: str) -> None:
    assert name_before_role(line) is None


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("صيدا – رويترز – كريم حداد", "كريم حداد"),
        ("صيدا ـ كريم حداد", "كريم حداد"),
        ("غزة – وكالات – ليلى حداد", "ليلى حداد"),
    ],
)
def test_given_names_that_are_words_too_are_believed_in_their_place_only(line: str, name: str) -> None:
    assert name_in_line(line) is None
    assert name_in_line(line, beside_date=True) == name


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("  Nora Whitfield, ", "Nora Whitfield"),
        ("ـ محمد الزين ـ", "محمد الزين"),
        ("*Nora Whitfield*", "Nora Whitfield"),
        ("محمد الزين ووكالات", "محمد الزين ووكالات"),
        ("محمد الزين - ", "محمد الزين"),
        ("«محمد الزين»", "محمد الزين"),
        ("Hélène Vasseur avec agences", "Hélène Vasseur"),
        ("", ""),
    ],
)
def test_names_are_cleaned(written: str, name: str) -> None:
    assert clean_name(written) == name


@pytest.mark.parametrize(
    "name", ["محمد", "Nora", "محمد الزين 2023", "nora whitfield", "The Council Of The Old Town Of Alder"]
)
def test_what_does_not_read_as_a_person(name: str) -> None:
    assert not reads_as_person(name)


@pytest.mark.parametrize("line", ["★ ★ ★", "♥ ♥ | تقييم", "★ ★ ★ | Rating", "\x80\r\x08"])
def test_signs_are_no_name(line: str) -> None:
    assert name_in_line(line) is None
    for page in (ENGLISH, ARABIC):
        tables = parse(raw_page(page.format(byline=line)))
        assert tables["rejected_pages"] == []


@given(st.text(max_size=60), st.booleans())
def test_a_name_stands_in_its_line(line: str, beside_date: bool) -> None:
    name = name_in_line(line, beside_date)
    assert name is None or (name in line and name == name.strip() and len(word_key(name).split()) >= 2)


ENGLISH = """The mill on Long Lane turns again
{byline}
12 March 2021
The mill on Long Lane turned again on Friday for the first time since its wheel was lost in the flood of 1987.
About two hundred people watched as the miller opened the sluice, and some of them took home the first flour.
"It sounds as it did when I was a boy," said a man who grew up next door.
"""
ARABIC = """طاحونة القرية تعود إلى الدوران
{byline}
12 مارس 2021
عادت طاحونة القرية إلى الدوران يوم الجمعة لأول مرة منذ أن جرف السيل عجلتها قبل ثلاثين عاما.
وشاهد نحو مئتي شخص صاحب الطاحونة وهو يفتح مجرى الماء، وحمل بعضهم الطحين الأول إلى بيته.
وقال رجل نشأ بجوار الطاحونة إن صوتها لم يتغير.
"""


@pytest.mark.parametrize(
    ("page", "byline", "name"),
    [
        (ENGLISH, "By Nora Whitfield", "Nora Whitfield"),
        (ENGLISH, "Nora Whitfield", "Nora Whitfield"),
        (ENGLISH, "By Nora Whitfield, Rural affairs correspondent", "Nora Whitfield"),
        (ENGLISH, "By Nora Whitfield | Harbour Daily News", "Nora Whitfield"),
        (ENGLISH, "Nora Whitfield Rural affairs correspondent", "Nora Whitfield"),
        (ENGLISH, "Nora WhitfieldRural affairs correspondent", "Nora Whitfield"),
        (ENGLISH, "Words by Nora Whitfield and Sam Ellery", "Nora Whitfield and Sam Ellery"),
        (ENGLISH, "Harbour Daily News", None),
        (ARABIC, "بقلم: محمد الزين", "محمد الزين"),
        (ARABIC, "كتب / محمد الزين", "محمد الزين"),
        (ARABIC, "محمد الزين", "محمد الزين"),
        (ARABIC, "كنزة آيت واعراب", "كنزة آيت واعراب"),
        (ARABIC, "القاهرة - محمد الزين", "محمد الزين"),
        (ARABIC, "جريدة الضفاف - محمد الزين", "محمد الزين"),
        (ARABIC, "صيدا – رويترز – ليلى حداد", "ليلى حداد"),
        (ARABIC, "جريدة الضفاف", None),
        (ARABIC, "5 دقائق قراءة", None),
    ],
)
def test_bylines_of_pages(page: str, byline: str, name: str | None) -> None:
    (main,) = parse(raw_page(page.format(byline=byline)))["parsed_articles"]
    assert main["byline"] == name
    assert len(main["body"].split("\n")) == 3
