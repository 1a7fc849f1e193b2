"""Who said what: quotations in marks, reported clauses, and their speakers."""

from __future__ import annotations

import pytest

from news_pipeline.entities.marks import quoted_spans
from news_pipeline.entities.quotes import find_quotes
from news_pipeline.entities.recognise import recognise


def said(body: str) -> list[tuple[str, str, str | None, str | None, str | None]]:
    """(directness, words, verb, speaker as written, fullest name of the speaker)."""
    words, mentions = recognise({"title": "", "body": body, "tags": ""}, "ar")
    full = {m.entity_id: m.canonical for m in mentions}
    return [
        (
            quote.directness,
            body[quote.start : quote.end],
            quote.verb,
            None if quote.speaker is None else body[slice(*quote.speaker)],
            full.get(quote.speaker_entity_id or ""),
        )
        for quote in find_quotes(body, words["body"], mentions)
    ]


@pytest.mark.parametrize(("left", "right"), ['""', "«»", "“”"])
def test_words_in_marks_with_verb_and_speaker(left: str, right: str) -> None:
    body = f"وقال سمير البلقاني: {left}سنعود إلى العمل غدا. لن نتأخر{right}."
    name = "سمير البلقاني"
    assert said(body) == [("direct", "سنعود إلى العمل غدا. لن نتأخر", "قال", name, name)]


def test_reported_clause_ends_before_the_next_verb_of_speech() -> None:
    body = "أكد الوزير سمير البلقاني أن المصنع سيفتح قريبا، مضيفا أن العمال جاهزون."
    first, second = said(body)
    assert first == ("indirect", "المصنع سيفتح قريبا", "أكد", "الوزير سمير البلقاني", "سمير البلقاني")
    assert second[:3] == ("indirect", "العمال جاهزون", "مضيفا")
    assert second[4] == "سمير البلقاني"


def test_sentence_without_subject_belongs_to_who_spoke_last() -> None:
    body = "قال سمير البلقاني إن المصنع سيفتح قريبا.\nوأضاف أن العمال جاهزون."
    assert [(quote[3], quote[4]) for quote in said(body)] == [
        ("سمير البلقاني", "سمير البلقاني"),
        (None, "سمير البلقاني"),
    ]


def test_quoted_words_inside_a_reported_clause_stand_beside_it() -> None:
    body = "أعلن سمير البلقاني أن الخطة «ستنقذ المدينة كلها» قبل الشتاء."
    assert [quote[:2] for quote in said(body)] == [
        ("indirect", "الخطة «ستنقذ المدينة كلها» قبل الشتاء"),
        ("direct", "ستنقذ المدينة كلها"),
    ]


def test_speaker_before_the_verb() -> None:
    body = "المدير سمير البلقاني قال إن المصنع سيفتح قريبا."
    assert said(body)[0][3:] == ("المدير سمير البلقاني", "سمير البلقاني")


def test_office_without_name_is_who_the_article_names_with_it() -> None:
    body = "استقبل وزير الزراعة المغربي سمير البلقاني وفدا.\nوقال هاني الطرزي إن الزيارة مهمة.\nوأكد وزير الزراعة المغربي أن الموسم جيد."
    assert said(body)[-1][4] == "سمير البلقاني"


def test_ministry_speaks() -> None:
    assert said("قالت وزارة الصحة المصرية إن الوضع مستقر.")[0][3:] == ("وزارة الصحة المصرية", "وزارة الصحة المصرية")


@pytest.mark.parametrize(
    "body",
    [
        'شاهد الجمهور فيلم "ليالي المدينة البعيدة" أمس.',
        'وصلت السفينة "نجمة البحر" إلى الميناء.',
        "لم يقل أحد إن المصنع سيغلق.",
        "يذكر أن المصنع افتتح قبل عام.",
        "الطقس جميل اليوم.",
    ],
)
def test_what_nobody_says_is_no_quotation(body: str) -> None:
    assert said(body) == []


def test_mark_without_partner_swallows_nothing() -> None:
    text = 'هذه علامة " وحيدة.\nوهذه "جملة كاملة" هنا.'
    assert [text[a:b] for a, b in quoted_spans(text)] == ["جملة كاملة"]


def test_quotation_may_run_over_a_paragraph() -> None:
    text = "قال: «الجملة الأولى.\nالجملة الثانية»."
    assert [text[a:b] for a, b in quoted_spans(text)] == ["الجملة الأولى.\nالجملة الثانية"]


@pytest.mark.parametrize(
    "place",
    ["على القناة", "في الصحيفة", "على موقع", "لوكالة", "وبالقناة", "للقناة", "ولصحيفة"],
)
def test_name_in_marks_behind_a_noun_that_takes_names_is_no_quotation(place: str) -> None:
    body = f'وصرح سمير البلقاني {place} "الشمالية الثانية" إن المصنع سيفتح قريبا.'
    assert [quote[:2] for quote in said(body)] == [("indirect", "المصنع سيفتح قريبا")]


def test_name_in_marks_is_passed_over_for_the_quotation_behind_it() -> None:
    body = 'قال سمير البلقاني في مقابلة على القناة "الشمالية الثانية": "سنعود إلى العمل غدا".'
    assert [quote[:3] for quote in said(body)] == [("direct", "سنعود إلى العمل غدا", "قال")]


def test_name_in_marks_before_a_verb_is_no_quotation() -> None:
    body = 'على القناة "الشمالية الثانية"، قال سمير البلقاني إن المصنع سيفتح قريبا.'
    assert [quote[0] for quote in said(body)] == ["indirect"]


def test_preposition_spelt_like_a_verb_introduces_no_quotation() -> None:
    assert said('نشر المصنع صوره عبر الموقع "الشمالية الثانية" أمس.') == []


def test_body_that_speaks_right_behind_the_verb_is_quoted() -> None:
    assert [quote[:2] for quote in said('وقالت الشركة "سنفتح المصنع غدا".')] == [("direct", "سنفتح المصنع غدا")]


@pytest.mark.parametrize("manner", ["بالإشارة إلى", "بالقول", "بالتأكيد على", "بإشارته إلى", "بتأكيدها على"])
def test_speaker_ends_before_the_manner_of_speech(manner: str) -> None:
    body = f"واختتم سمير البلقاني {manner} أن المصنع سيفتح قريبا."
    assert [quote[3] for quote in said(body)] == ["سمير البلقاني"]


def test_body_as_speaker_ends_before_the_manner_of_speech() -> None:
    assert [quote[3] for quote in said("واختتم الكرملين بالإشارة إلى أن الزيارة مهمة.")] == ["الكرملين"]
