"""Lines, labels, headlines and languages by themselves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news_pipeline.arabic.keys import word_key
from news_pipeline.pages.headlines import content_words, inserted_headlines, is_headline_like
from news_pipeline.pages.labels import match_label
from news_pipeline.pages.language import detect_language
from news_pipeline.pages.lines import split_lines


@given(st.text())
def test_lines_tile_the_text(text: str) -> None:
    lines = split_lines(text)
    if lines:
        assert "".join(text[line.start : line.end] for line in lines) == text
    for line in lines:
        assert line.start <= line.written_start < line.written_end <= line.end
        assert line.key == word_key(line.text)


def test_a_bullet_is_not_part_of_the_text() -> None:
    first, second = split_lines("  • قارب صيد\n2. مدرسة بحرية\n")
    assert (first.text, first.bullet, second.text) == ("قارب صيد", True, "مدرسة بحرية")


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("المصدر: وكالة الشاطئ", "attribution", "وكالة الشاطئ"),
        ("إقرأ أيضاً:", "read_more", ""),
        ("اقرا ايضا .. خبر", "read_more", "خبر"),
        ("نُشر في: 28/02/2018", "published", "28/02/2018"),
        ("Mots-clés : Oran", "tags", "Oran"),
        ("برچسب‌ها: ایران", "tags", "ایران"),
        ("By Laila Aston", "byline", "Laila Aston"),
    ],
)
def test_labels(text: str, kind: str, value: str) -> None:
    label = match_label(text)
    assert label is not None
    assert (label.kind, text[label.value_start :]) == (kind, value)


@pytest.mark.parametrize("text", ["المصدر قال إن الأمر انتهى", "صورة قديمة من الميناء", "Read the sky before you sail"])
def test_words_of_running_text_are_no_labels(text: str) -> None:
    assert match_label(text) is None


def test_headline_shapes() -> None:
    headline, sentence = split_lines("بلدية الميناء ترمم السوق القديم\nوقال إن العمل يبدأ في الربيع.")
    assert is_headline_like(headline)
    assert not is_headline_like(sentence)


def test_sub_headings_and_quotations_are_not_inserted_headlines() -> None:
    body = split_lines(
        "قالت البلدية إن أعمال الترميم في السوق القديم ستبدأ في الربيع المقبل بعد موافقة المجلس.\n"
        "أعمال الترميم\n"
        "وتشمل أعمال الترميم سقف السوق وأرضيته وواجهته المطلة على البحر وتستمر ستة أشهر.\n"
        '"لن يترك أحد منا مكانه في السوق"\n'
        "هكذا رد أحد الباعة على سؤال عن خطط البلدية وهو يرتب صناديق السمك أمام دكانه.\n"
    )
    assert inserted_headlines(body, lambda i: content_words(body[i].word_keys), []) == set()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("قال الوزير في كلمة له إن المشروع سيبدأ بعد شهر من الآن على أن ينتهي في الربيع", "ar"),
        ("قال الوزیر فی کلمة له إن المشروع سیبدأ بعد شهر علی أن ینتهی فی الربیع", "ar"),
        ("وزیر در سخنان خود گفت که این طرح از ماه آینده آغاز می‌شود و برای همه است", "fa"),
        ("The minister said that the works in the harbour would begin on Monday", "en"),
        ("Le ministre a dit que les travaux du port et de la gare seront finis dans un an", "fr"),
        ("Министр сообщил, что работы начнутся в понедельник", "ru"),
        ("12345", None),
    ],
)
def test_languages(text: str, language: str | None) -> None:
    assert detect_language(word_key(text).split()) == language
