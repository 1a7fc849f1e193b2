"""Tag lines with and without separators."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news_pipeline.arabic.keys import word_key
from news_pipeline.pages.tags import split_tags, unsupported_tags

TITLE = word_key("وزير النقل يفتتح جسر الوادي الكبير")
ARTICLE = word_key(
    "وزير النقل يفتتح جسر الوادي الكبير. افتتح وزير النقل جسر الوادي الكبير في مدينة الزهراء. "
    "وقال وزير النقل إن جسر الوادي الكبير آمن للمشاة، وحضرت الحفل رئيسة البلدية سهام الرافعي."
)
ENGLISH = word_key(
    "Harbour Council votes on Mill Street. Mayor Ada Quill told the Harbour Council that NATO has no say in Mill Street."
)


@pytest.mark.parametrize(
    "text",
    [
        "سفر، جسر الوادي، نقل",
        "سفر , جسر الوادي ,نقل,",
        "سفر | جسر الوادي | نقل",
        "سفر|جسر الوادي|نقل",
        "سفر; جسر الوادي; نقل",
        "سفر؛ جسر الوادي؛ نقل",
        "سفر • جسر الوادي • نقل",
        "سفر · جسر الوادي · نقل",
        "سفر / جسر الوادي / نقل",
        "سفر - جسر الوادي - نقل",
        "سفر\tجسر الوادي\tنقل",
        "سفر   جسر الوادي   نقل",
        "سفر\nجسر الوادي\nنقل",
        "#سفر #جسر_الوادي #نقل",
        "#سفر، #جسر_الوادي، #نقل",
        "#سفر#جسر_الوادي#نقل",
        "سفر جسر_الوادي نقل",
        "• سفر\n• جسر الوادي\n• نقل",
        "- سفر\n- جسر الوادي\n- نقل",
        "1. سفر\n2. جسر الوادي\n3. نقل",
        "1) سفر 2) جسر الوادي 3) نقل",
        "[سفر](https://news.example/tag/1) [جسر الوادي](https://news.example/tag/2) [نقل](/tag/3)",
        "* [سفر](/tag/1)\n* [جسر الوادي](/tag/2 'x')\n* [نقل](/tag/3)".replace("'x'", '"جسر"'),
        "[سفر](/tag/1), [جسر الوادي](/tag/2), [نقل](/tag/3)",
        "🏷 سفر، **جسر الوادي**، «نقل»",
        "سفر (12)، جسر الوادي (3)، نقل (1)",
        "سفر، جسر الوادي، نقل، سفر",
        "سفر، جسر الوادي، نقل | المزيد",
    ],
)
def test_every_usual_separator_parts_the_tags(text: str) -> None:
    assert split_tags(text, ARTICLE, TITLE) == ["سفر", "جسر الوادي", "نقل"]


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("الاتحاد (الشرق، الغرب)، النقل", ["الاتحاد (الشرق، الغرب)", "النقل"]),
        ("Lisbon, Portugal | Lyon, France | Riga", ["Lisbon, Portugal", "Lyon, France", "Riga"]),
        ("Quill - Rafi talks, Covid-19, oil", ["Quill - Rafi talks", "Covid-19", "oil"]),
        ("U.S., 24/7, 50%, C#", ["U.S.", "24/7", "50%", "C#"]),
        ("سياسة/اقتصاد/رياضة", ["سياسة", "اقتصاد", "رياضة"]),
        ("كأس الأمم 2023\nجسر الوادي الكبير\nنقل", ["كأس الأمم 2023", "جسر الوادي الكبير", "نقل"]),
        ("[جسر الوادي مدينة الزهراء](/tag/1)", ["جسر الوادي مدينة الزهراء"]),
        ("#جسر_الوادي_الكبير", ["جسر الوادي الكبير"]),
        ("بحران آب، تحریم‌ها، سازمان ملل", ["بحران آب", "تحریم‌ها", "سازمان ملل"]),
        ("Climat ; Assemblée nationale ; Île-de-France", ["Climat", "Assemblée nationale", "Île-de-France"]),
    ],
)
def test_marks_within_a_tag_do_not_part_it(text: str, tags: list[str]) -> None:
    assert split_tags(text, "") == tags


def test_a_list_wrapped_within_a_tag_is_one_list() -> None:
    text = "جسر الوادي، محطة القطار الجديدة، ضفة النهر الشرقية، مهرجان سوق\nالخضار، نقل"
    assert split_tags(text, "")[-2:] == ["مهرجان سوق الخضار", "نقل"]


def test_nothing_is_no_tag() -> None:
    assert split_tags("", ARTICLE) == split_tags(" ، | # \n - ", ARTICLE) == []
    assert unsupported_tags([], ARTICLE) == []


@pytest.mark.parametrize("last", ["المزيد", "read more"])
def test_a_link_to_more_is_no_tag(last: str) -> None:
    assert split_tags(f"سفر، نقل، {last}", ARTICLE) == ["سفر", "نقل"]
    assert split_tags(f"سفر، نقل، {last}", word_key(f"سفر {last}")) == ["سفر", "نقل", last]


def test_words_side_by_side_in_the_article_belong_together() -> None:
    text = "مدينة الزهراء وزير النقل جسر الوادي الكبير"
    assert split_tags(text, ARTICLE, TITLE) == ["مدينة الزهراء", "وزير النقل", "جسر الوادي الكبير"]


def test_words_the_article_has_apart_are_tags_of_their_own() -> None:
    assert split_tags("الزهراء النقل البلدية المشاة", ARTICLE) == ["الزهراء", "النقل", "البلدية", "المشاة"]


def test_names_the_article_does_not_mention_stay_together() -> None:
    assert split_tags("وزير النقل سامي مردوخيان المشاة", ARTICLE) == ["وزير النقل", "سامي مردوخيان", "المشاة"]
    assert split_tags("الزهراء كمال بن رستم البلدية", ARTICLE) == ["الزهراء", "كمال بن رستم", "البلدية"]


def test_names_of_the_lexicon_stay_whole_beside_others_of_one_word() -> None:
    article = word_key("عقدت المدينة سوقا")
    assert split_tags("موسكو إلهام علييف كورونا قره باغ", article) == ["موسكو", "إلهام علييف", "كورونا", "قره باغ"]


def test_no_tag_stands_twice() -> None:
    text = "جسر النقل جسر الوادي"
    assert split_tags(text, ARTICLE) == ["جسر", "النقل", "جسر الوادي"]
    assert split_tags("النقل وزير النقل وزير", ARTICLE) == ["النقل", "وزير النقل", "وزير"]


def test_latin_letters_show_names_by_their_case() -> None:
    assert split_tags("Ada Quill NATO Mill Street", ENGLISH) == ["Ada Quill", "NATO", "Mill Street"]
    assert split_tags("Ada Quill NATO harbour", "") == ["Ada Quill", "NATO", "harbour"]
    assert split_tags("Donald Trump NATO Middle East", "") == ["Donald Trump", "NATO", "Middle East"]


def test_unsupported_tags_are_those_the_article_does_not_mention() -> None:
    assert unsupported_tags(["النقل", "للمشاة", "زلزال", "بالزهراء", "جسر في الوادي"], ARTICLE) == ["زلزال"]
    assert unsupported_tags(["حفل", "الحفل", "زهراء", "مشاة الجسر"], ARTICLE) == []
    assert unsupported_tags(["Mill Street", "council", "Parliament"], ENGLISH) == ["Parliament"]


WORDS = st.lists(
    st.text(alphabet="ابتثجحد", min_size=3, max_size=5).map(lambda word: word + "ق"),
    min_size=1,
    max_size=12,
    unique=True,
)


@given(WORDS, WORDS)
def test_a_line_without_separators_keeps_its_words_in_order(words: list[str], article: list[str]) -> None:
    tags = split_tags(" ".join(words), " ".join([*words[::2], *article]), " ".join(article))
    assert " ".join(tags) == " ".join(words)


@given(
    st.lists(WORDS.map(lambda words: " ".join(words[:3])), min_size=2, max_size=8, unique=True),
    st.sampled_from("،,|;؛•\n"),
)
def test_what_was_joined_with_separators_comes_back(tags: list[str], separator: str) -> None:
    assert split_tags(f"{separator} ".join(tags), ARTICLE) == tags


@given(st.text(alphabet="ابتثج د،#_-|/()[].1\n", max_size=60) | st.text(max_size=60), st.text(max_size=30))
def test_no_letter_is_invented_and_no_tag_twice(text: str, article: str) -> None:
    tags = split_tags(text, word_key(article))
    keys = [word_key(tag) for tag in tags]
    assert len(set(keys)) == len(keys)
    assert all(keys)
    assert set("".join(keys).replace(" ", "")) <= set(word_key(text).replace(" ", ""))
    assert set(unsupported_tags(tags, word_key(article))) <= set(tags)


@pytest.mark.parametrize(
    "unit",
    [
        "جسر ",
        "جسر الوادي ",
        "(،",
        "[a](b) ",
        "•",
        " ",
        "1. ",
        "جسر، \n",
        "a b c d e f g\n",
        "_",
        "((",
        "قره باغ ",
        "/a",
    ],
)
def test_absurd_lines_take_bounded_time(unit: str) -> None:
    start = time.process_time()
    unsupported_tags(split_tags(unit * 10_000, ARTICLE * 500), ARTICLE * 500)
    assert time.process_time() - start < 3


def test_an_absurd_line_of_different_words_takes_bounded_time() -> None:
    words = " ".join(f"كلمة{i}" for i in range(20_000))
    start = time.process_time()
    unsupported_tags(split_tags(words, ARTICLE * 500), ARTICLE * 500)
    assert time.process_time() - start < 3
