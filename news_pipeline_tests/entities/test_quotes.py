"""Who said what: quotations in marks, reported clauses, and their speakers."""

from __future__ import annotations

import pytest

from news_pipeline.entities.marks import quoted_spans
from news_pipeline.entities.quotes import find_quotes
from news_pipeline.entities.recognise import recognise


def said(body: str) -> list[tuple[str, str, str | None, str | None, str | None]]:
    """(directness, words, verb, speaker as written, fullest name of the speaker)."""
    words, mentions = recognise([{"title": "", "body": body, "tags": ""}], ["ar"])[0]
    full = {m.entity_id: m.canonical for m in mentions}
    return [
        (
            quote.directness,
            body[quote.start : quote.end],
            quote.verb,
            None if quote.speaker is None else body[slice(*quote.speaker)],
            full.get(quote.speaker_entity_id or ""),
        )
        for quote in find_quotes(body, words, mentions)
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


# Marks.


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ('قال «إن كتاب "النهر" جميل جدا» أمس.', ['إن كتاب "النهر" جميل جدا']),
        ('وصفه بـ"القرار الصعب" ثم غادر.', ["القرار الصعب"]),
        ('قال: " نحن هنا ". ثم قال " لن نرحل ".', ["نحن هنا", "لن نرحل"]),
        ('في هذا النشاط ". وأضاف "نحن هنا الآن".', ["نحن هنا الآن"]),
        ("„نحن هنا“ و“هم هناك”", ["نحن هنا", "هم هناك"]),
        ("”نحن هنا“ قالوا.", ["نحن هنا"]),
        ('قال "إنها تدعى "نجمة البحر" وهي جميلة" أمس.', ['إنها تدعى "نجمة البحر" وهي جميلة']),
        ("قال \"أسموه 'النهر الكبير' هنا\".", ["أسموه 'النهر الكبير' هنا"]),
        ('قال: "الجملة الأولى.\n"الجملة الثانية".', ['الجملة الأولى.\n"الجملة الثانية']),
    ],
)
def test_marks_pair_by_what_stands_around_them(text: str, spans: list[str]) -> None:
    assert [text[a:b] for a, b in quoted_spans(text)] == spans


def test_quotation_whose_closing_mark_was_forgotten_ends_with_the_sentence() -> None:
    body = 'وقال سمير البلقاني " إن المصنع سيفتح قريبا. وسكت الجميع.'
    assert [quote[:3] for quote in said(body)] == [("direct", "إن المصنع سيفتح قريبا", "قال")]


def test_paragraph_in_marks_goes_on_with_the_quotation_before_it() -> None:
    body = 'وقال سمير البلقاني: "سنعود إلى العمل غدا."\n"ولن ننتظر أحدا في هذه المدينة."'
    assert [(quote[2], quote[4]) for quote in said(body)] == [("قال", "سمير البلقاني"), (None, "سمير البلقاني")]


def test_verb_behind_the_quotation() -> None:
    body = '"سنعود إلى العمل غدا"، قال سمير البلقاني.'
    assert [quote[:3] for quote in said(body)] == [("direct", "سنعود إلى العمل غدا", "قال")]


def test_quotation_given_to_a_source_behind_it() -> None:
    body = 'زار سمير البلقاني المصنع وقال إنه جميل. المكان "لا يشبه أي مكان آخر"، بحسب قوله.'
    assert said(body)[-1][:2] == ("direct", "لا يشبه أي مكان آخر")


@pytest.mark.parametrize(
    "body",
    [
        'قال سمير البلقاني إن ما يسمى "خطة النهر" فشل.',
        'قال سمير البلقاني إن جائزة أطلق عليها "نجمة البحر" فشلت.',
        'قال سمير البلقاني إن الفنانة "نجمة الصباح" حضرت.',
        'قال سمير البلقاني إن المدعو "أبو النهر" حضر.',
        'قال سمير البلقاني إن قناة بعيدة هي "بي بي سي" حضرت.',
    ],
)
def test_names_in_marks_inside_a_reported_clause_are_no_quotations(body: str) -> None:
    assert [quote[0] for quote in said(body)] == ["indirect"]


def test_words_on_a_banner_are_said_by_nobody() -> None:
    assert said('رفعوا لافتات كتب عليها "نريد ماء نظيفا للجميع".') == []


# Where clauses begin and end.


@pytest.mark.parametrize(
    "tail",
    [
        "، متمنيا أن يعود",
        " متوقعا أن يعود",
        "، في حين غادر الآخرون",
        "، فيما غادر الآخرون",
        "، وذلك خلال لقاء في المدينة",
        "، وهو ما رفضه العمال",
        "، علما أن المصنع قديم",
        "، على حد قوله",
        "، في بيان نشره أمس",
        "، لكنه شدد على أن العمل صعب",
        "، وفق ما نقلته صحيفة محلية",
    ],
)
def test_clause_ends_with_the_words_of_the_reporter(tail: str) -> None:
    assert said(f"قال سمير البلقاني إن المصنع سيفتح قريبا{tail}.")[0][1] == "المصنع سيفتح قريبا"


@pytest.mark.parametrize("middle", ["، لكن العمال غائبون", " بينما كان المطر ينزل", "، غير أن الطريق مغلق"])
def test_clause_goes_on_over_a_contrast(middle: str) -> None:
    assert said(f"قال سمير البلقاني إن المصنع سيفتح قريبا{middle}.")[0][1].endswith(middle[-6:])


@pytest.mark.parametrize(
    "body",
    [
        "أعلن سمير البلقاني الخبر قبل أن يغادر المدينة.",
        "قال سمير البلقاني كلمته بعد أن غادر الجميع.",
        "أظهر التحقيق أن المصنع قديم.",
        "كشف تحقيق طويل أن المصنع قديم.",
        "فوجئ الجميع من رد فعل أن المصنع قديم.",
    ],
)
def test_that_which_belongs_to_another_word_opens_no_clause(body: str) -> None:
    assert [quote for quote in said(body) if "غادر" in quote[1] or "قديم" in quote[1]] == []


def test_what_is_said_inside_a_relative_clause_is_passed_over() -> None:
    body = "قال الوزير سمير البلقاني، الذي يخشى أن يتأخر الموسم، إن المطر قريب."
    assert said(body) == [("indirect", "المطر قريب", "قال", "الوزير سمير البلقاني", "سمير البلقاني")]


def test_clause_with_its_source_before_it() -> None:
    body = "وبحسب وزارة الصحة المصرية، فإن الوضع مستقر في المدينة."
    assert said(body) == [
        ("indirect", "الوضع مستقر في المدينة", None, "وزارة الصحة المصرية", "وزارة الصحة المصرية"),
    ]


@pytest.mark.parametrize(
    ("body", "act"),
    [
        ("أعلنت وزارة الصحة المصرية مقتل 18 شخصا في حادث.", "مقتل 18 شخصا في حادث"),
        ("شدد سمير البلقاني على ضرورة فتح المصنع.", "ضرورة فتح المصنع"),
        ("أكد سمير البلقاني التزامه بالاتفاق.", "التزامه بالاتفاق"),
        ("أشار سمير البلقاني إلى إمكانية فتح المصنع.", "إمكانية فتح المصنع"),
        ("وصل سمير البلقاني أمس مؤكدا دعم العمال.", "دعم العمال"),
        ("أعلنت الشركة عن إطلاق خدمة جديدة.", "إطلاق خدمة جديدة"),
    ],
)
def test_announced_acts_are_reported(body: str, act: str) -> None:
    assert [quote[:2] for quote in said(body)] == [("indirect", act)]


@pytest.mark.parametrize(
    "body", ["أعلنت الشركة عن خطة جديدة.", "أعلنت الشركة أسماء الفائزين.", "أشار سمير البلقاني إلى الباب."]
)
def test_things_announced_are_not_reported(body: str) -> None:
    assert said(body) == []


def test_verbal_noun_of_speech_carries_a_clause() -> None:
    body = "رحل سمير البلقاني بسبب إعلانه أن المصنع سيغلق."
    assert said(body)[0][:3] == ("indirect", "المصنع سيغلق", "إعلانه")


# Who speaks.


def speakers(body: str) -> list[str | None]:
    """The fullest names of the speakers of a body's quotations."""
    return [quote[4] for quote in said(body)]


@pytest.mark.parametrize(
    "sentence",
    [
        "وكان سمير البلقاني قد قال إن المطر قريب.",
        "سمير البلقاني، الذي زار المدينة أمس، قال إن المطر قريب.",
        "زار المدينة سمير البلقاني، الذي أكد أن المطر قريب.",
        "وزار سمير البلقاني المدينة مؤكدا أن المطر قريب.",
        "ونقلت صحيفة محلية عن سمير البلقاني قوله إن المطر قريب.",
        "وقال للصحفيين المدير سمير البلقاني إن المطر قريب.",
        "ولم يذكر سمير البلقاني السبب، لكنه قال إن المطر قريب.",
    ],
)
def test_speaker_of_every_order_of_words(sentence: str) -> None:
    assert speakers(sentence) == ["سمير البلقاني"]


def test_short_name_is_the_person_whose_name_it_ends() -> None:
    assert speakers("وصل سمير البلقاني أمس.\nوقال البلقاني إن المطر قريب.") == ["سمير البلقاني"]


@pytest.mark.parametrize("office", ["المدير", "مدير المصنع", "المدير الجديد"])
def test_office_behind_a_name_is_remembered(office: str) -> None:
    body = f"حضر سمير البلقاني، مدير المصنع، الحفل.\nوقال هاني الطرزي إن الحفل جميل.\nوقال {office} إن المطر قريب."
    assert speakers(body)[-1] == "سمير البلقاني"


def test_verb_without_subject_looks_for_a_speaker_of_its_gender() -> None:
    body = "قالت سعاد الطرزي إن الحفل جميل.\nوقال سمير البلقاني إن المطر قريب.\nوأضافت أن الموسم جيد."
    assert speakers(body)[-1] == "سعاد الطرزي"


def test_body_by_its_noun_and_by_its_statement() -> None:
    body = (
        "أعلنت وزارة الصحة المصرية في بيان أن الوضع مستقر.\nوقالت الوزارة إن المطر قريب.\nوأضاف البيان أن الموسم جيد."
    )
    assert speakers(body) == ["وزارة الصحة المصرية"] * 3


def test_unnamed_spokesman_stands_for_the_body() -> None:
    assert speakers("قال متحدث باسم وزارة الصحة المصرية إن الوضع مستقر.") == ["وزارة الصحة المصرية"]


def test_one_spoken_of_does_not_speak() -> None:
    body = "اتهمت وزارة الصحة المصرية سمير البلقاني بأنه تأخر كثيرا."
    assert speakers(body) == ["وزارة الصحة المصرية"]


@pytest.mark.parametrize(
    "who",
    ["مصدر في وزارة الصحة المصرية", "مصادر قريبة من سمير البلقاني", "محامي سمير البلقاني", "القاضي"],
)
def test_unnamed_speakers_stay_unnamed(who: str) -> None:
    assert speakers(f"حضر سمير البلقاني.\nوقال {who} إن المطر قريب.") == [None]


def test_words_of_another_speaker_quoted_inside_a_clause_are_his() -> None:
    body = 'أكد هاني الطرزي أن سمير البلقاني قال "سنعود إلى العمل غدا" أمس.'
    assert {(quote[0], quote[4]) for quote in said(body)} == {("indirect", "هاني الطرزي"), ("direct", "سمير البلقاني")}


@pytest.mark.parametrize("source", ["كما قال سمير البلقاني", "بحسب سمير البلقاني", "حسب سمير البلقاني"])
def test_source_named_behind_the_quotation(source: str) -> None:
    assert speakers(f'المكان "لا يشبه أي مكان آخر"، {source}.') == ["سمير البلقاني"]


def test_what_is_passed_on_is_said_by_its_source() -> None:
    body = 'نقلت وكالة الأنباء المصرية عن سمير البلقاني "سنعود إلى العمل غدا".'
    assert speakers(body) == ["سمير البلقاني"]


def test_one_the_sentence_before_is_about_speaks_on() -> None:
    body = "قالت مصادر محلية إن الطريق مغلق.\nوكتبت سعاد الطرزي مقدمة الكتاب.\nوقالت إن الموسم جيد."
    assert speakers(body) == [None, "سعاد الطرزي"]


def test_subject_behind_the_place_and_agency_of_a_report() -> None:
    body = "المدينة (وكالة محلية) -- استقبل سمير البلقاني وفدا وأكد أن الموسم جيد."
    assert speakers(body) == ["سمير البلقاني"]


def test_name_behind_a_preposition_is_no_part_of_the_office_before_it() -> None:
    body = "حضرت الممثلة سعاد الطرزي.\nوتزوجت الممثلة من سمير البلقاني.\nوقالت إن الحفل جميل."
    assert speakers(body) == ["سعاد الطرزي"]


def test_spokesman_of_a_body_by_its_noun_and_alone() -> None:
    body = "أعلنت وزارة الصحة المصرية أن الوضع مستقر.\nوذكرت متحدثة باسم الوزارة أن المطر قريب.\nوقالت المتحدثة إن الموسم جيد."
    assert speakers(body) == ["وزارة الصحة المصرية"] * 3


def test_document_speaks_for_the_person_who_issued_it() -> None:
    body = "تغير الوضع وفقا لبيان أصدره الوزير سمير البلقاني.\nوأضاف البيان أن المطر قريب."
    assert speakers(body) == ["سمير البلقاني"]


def test_what_stands_in_a_statement_is_reported() -> None:
    body = "وجاء في بيان وزارة الصحة المصرية أن الوضع مستقر."
    assert [(quote[2], quote[4]) for quote in said(body)] == [("جاء", "وزارة الصحة المصرية")]


def test_the_same_source_is_who_spoke_last() -> None:
    assert speakers("قال سمير البلقاني إن المطر قريب.\nوأكد المصدر نفسه أن الموسم جيد.")[-1] == "سمير البلقاني"


def test_who_asks_in_general_is_nobody() -> None:
    assert speakers("حضر سمير البلقاني ردا على من يقول إن المصنع قديم.") == [None]


def test_source_in_the_manner_of_agencies() -> None:
    assert speakers('المكان "لا يشبه أي مكان آخر"، على ما أفاد سمير البلقاني.') == ["سمير البلقاني"]


def test_clause_with_its_source_before_it_needs_no_comma() -> None:
    assert [quote[0] for quote in said("وبحسب وزارة الصحة المصرية فإن الوضع مستقر في المدينة.")] == ["indirect"]


def test_that_of_the_verb_behind_a_relative_clause_without_comma() -> None:
    body = "وقال سمير البلقاني الذي زار المدينة أمس إن المطر قريب."
    assert [quote[1] for quote in said(body)] == ["المطر قريب"]


@pytest.mark.parametrize("body", ["تشير تقديرات إلى أن المطر قريب.", "كشف استطلاع جديد أن المطر قريب."])
def test_figures_are_said_by_nobody(body: str) -> None:
    assert said(body) == []


@pytest.mark.parametrize(
    "office",
    [
        "مدير العمليات في شركة (النهر) للنقل، سمير البلقاني،",
        'خبير في شركة "النهر"، سمير البلقاني،',
        "رجل من المدينة، يدعى سمير البلقاني،",
    ],
)
def test_name_beside_an_office_is_who_holds_it(office: str) -> None:
    assert speakers(f"وقال {office} إن المطر قريب.") == ["سمير البلقاني"]


def test_name_in_a_tag_belongs_to_the_phrase_before_it() -> None:
    assert said("قالت شركة #فيسبوك في بيان إن المطر قريب.")[0][3] == "شركة #فيسبوك"


def test_medium_that_mentions_something_speaks() -> None:
    assert speakers('ذكر موقع "فيسبوك" أن المطر قريب.') == ["فيسبوك"]


def test_first_letter_of_a_name_is_no_particle_where_the_article_has_the_whole_name() -> None:
    body = "وقال سمير باسيل إن الموسم جيد.\nوأكد باسيل أن المطر قريب."
    assert speakers(body) == ["سمير باسيل"] * 2


def test_report_that_nobody_is_known_to_have_issued_is_nobody_else_later() -> None:
    body = "رحبت وزارة الصحة المصرية بالخطة.\nوقال تقرير النهر السنوي إن المطر قريب.\nوأضاف التقرير أن الموسم جيد."
    assert speakers(body) == [None, None]


def test_memorandum_is_no_verb() -> None:
    assert [quote[2] for quote in said("وأوضح سمير البلقاني في مذكرة إلى العمال أن المطر قريب.")] == ["أوضح"]


@pytest.mark.parametrize(
    ("clause", "who"),
    [
        ("مصدر آخر أكد", "مصدر آخر"),
        ("ولم يحضر أحد، لكن الشرطة المحلية قالت", "الشرطة المحلية"),
        ("وغادر الجميع، وكانت الحكومة الجديدة قالت", "الحكومة الجديدة"),
        ("ولم يحضر أحد، لكن مساعد الطيار قال", "مساعد الطيار"),
    ],
)
def test_clause_may_begin_with_a_subject_without_name(clause: str, who: str) -> None:
    body = f"قال سمير البلقاني إن الحفل جميل.\n{clause} إن المطر قريب."
    assert said(body)[-1][3:] == (who, None)


def test_subject_behind_an_impersonal_opening() -> None:
    body = "قال سمير البلقاني إن الحفل جميل.\nويذكر أن وزارة الصحة المصرية، التي تأسست قديما، قالت إن المطر قريب."
    assert speakers(body)[-1] == "وزارة الصحة المصرية"


def test_participle_of_several_does_not_hang_on_one_person() -> None:
    body = "وكان سمير البلقاني قد قال إن الحفل جميل، وبدأ شبان حملة قائلين إن المطر قريب."
    assert speakers(body) == ["سمير البلقاني", None]


def test_participle_of_several_hangs_on_a_person_named_with_another() -> None:
    body = "قال سمير البلقاني وهاني الطرزي إن الحفل جميل، مؤكدين أن المطر قريب."
    assert speakers(body) == ["سمير البلقاني"] * 2


def test_participle_in_ta_is_of_one_person() -> None:
    body = "قال سمير البلقاني إن الحفل جميل، لافتا إلى أن المطر قريب."
    assert speakers(body) == ["سمير البلقاني"] * 2


def test_somebody_unnamed_who_throws_in_a_word() -> None:
    body = (
        'وتابع سمير البلقاني: "سنعود إلى العمل غدا"، فمازحه أحد العمال قائلا "لا نحب هذا العمل".\nوأضاف أن المطر قريب.'
    )
    assert [(quote[3], quote[4]) for quote in said(body)] == [
        ("سمير البلقاني", "سمير البلقاني"),
        ("أحد العمال", None),
        (None, "سمير البلقاني"),
    ]


def test_office_with_a_body_in_brackets_is_subject_of_a_sentence() -> None:
    body = "قال هاني الطرزي إن الحفل جميل.\nوحيا رئيس الاتحاد المحلي (فيسبوك) سمير البلقاني أمس، وقال إن المطر قريب."
    assert speakers(body)[-1] == "سمير البلقاني"


def test_object_of_a_title_is_not_its_name() -> None:
    body = "قالت سعاد الطرزي إن الحفل جميل.\nورفض القاضي مزاعم سعاد الطرزي، وقال إن المطر قريب."
    assert speakers(body) == ["سعاد الطرزي", None]


@pytest.mark.parametrize(
    "sentence",
    [
        "بالمقابل، رفضت فتاة من المدينة الرأي، قائلة إن المطر قريب.",
        "وينكر الجيش المحلي ذلك، ويقول إن المطر قريب.",
        "وعلقت الشركة عمل المصنع وأعلنت أن المطر قريب.",
    ],
)
def test_sentence_about_somebody_unnamed_is_not_said_by_who_spoke_before(sentence: str) -> None:
    assert speakers(f"قال سمير البلقاني إن الحفل جميل.\n{sentence}")[-1] is None


def test_two_named_together_speak_together() -> None:
    body = "وكانت الصين وروسيا اتفقتا على الخطة، وأكدتا أن المطر قريب."
    assert speakers(body) == ["الصين"]


def test_what_is_announced_is_not_who_announces_it() -> None:
    body = "ويذكر أن حزب النهر المصري أعلن مسؤوليته عن الحادث، قائلا إن المطر قريب."
    assert [quote[3] for quote in said(body)] != ["مسؤوليته عن الحادث"]


def test_body_by_a_noun_its_name_does_not_have() -> None:
    body = "قالت فيسبوك إن المطر قريب.\nوأكدت الشركة أن الموسم جيد."
    assert speakers(body) == ["فيسبوك"] * 2


def test_body_by_its_noun_is_the_one_the_article_has_spoken_of() -> None:
    body = "قالت فيسبوك إن المطر قريب.\nورفضت هيئة محلية ذلك.\nوأكدت الهيئة أن الموسم جيد."
    assert speakers(body) == ["فيسبوك", None]


def test_body_ends_before_the_object() -> None:
    body = "كشفت الشرطة المحلية هوية الرجل قائلة إن المطر قريب."
    assert [quote[3] for quote in said(body)] == ["الشرطة المحلية"]


def test_short_quotation_may_begin_with_a_negation() -> None:
    assert [quote[:2] for quote in said('وقال سمير البلقاني "لا نحب المطر".')] == [("direct", "لا نحب المطر")]


def test_subject_may_be_a_tag() -> None:
    assert said("أعلنت #فيسبوك أمس أن المطر قريب.")[0][3:] == ("فيسبوك", "فيسبوك")


@pytest.mark.parametrize("date", ["العام الماضي", "الأسبوع المقبل"])
def test_date_behind_a_verb_is_no_subject(date: str) -> None:
    body = f"قالت الحكومة {date} إن المطر قريب.\nوكان سمير البلقاني قد قال {date} إن الموسم جيد."
    assert [quote[3] for quote in said(body)] == ["الحكومة", "سمير البلقاني"]


def test_preposition_before_an_event_is_no_verb() -> None:
    assert said("وقال سمير البلقاني عقب المباراة إن المطر قريب.")[0][2:] == ("قال", "سمير البلقاني", "سمير البلقاني")


def test_name_behind_a_comma_belongs_to_the_office_nearest_to_it() -> None:
    assert speakers("وقال ضابط متقاعد من البحرية، سمير البلقاني، إن المطر قريب.") == ["سمير البلقاني"]
    assert speakers("وقال مصدر قريب من الوزير الجديد، سمير البلقاني، إن المطر قريب.") == [None]


def test_participle_hangs_on_the_main_verb_over_a_relative_clause() -> None:
    body = (
        "قال سمير البلقاني إن الحفل جميل.\n"
        "وأعلن حزب النهر المصري مسؤوليته في بيان نشرته الصحيفة التي تعتبر ذراعه، قائلا إن المطر قريب."
    )
    assert said(body)[-1][3] != "سمير البلقاني"
    assert speakers(body)[-1] != "سمير البلقاني"


def test_official_of_a_country_is_the_one_person_who_has_spoken() -> None:
    body = "قال سمير البلقاني إن الحفل جميل.\nوأضاف المسؤول المغربي أن المطر قريب."
    assert speakers(body) == ["سمير البلقاني"] * 2
    assert speakers(f"أكدت سعاد الطرزي أن الموسم جيد.\n{body}")[-1] is None


@pytest.mark.parametrize("place", ["بتويتر", "على تويتر", "على موقع تويتر"])
def test_name_behind_a_preposition_is_no_subject(place: str) -> None:
    body = f'ونشر سمير البلقاني تغريدة {place} قال فيها: "المطر قريب جدا".'
    assert speakers(body) == ["سمير البلقاني"]


def test_relative_clause_speaks_of_the_noun_before_it() -> None:
    body = "قال سمير البلقاني إن الحفل جميل، مؤكدا التقارير التي أشارت إلى أن المطر قريب."
    assert said(body)[-1][3:] == ("التقارير", None)
    body = "قال سمير البلقاني إن الحفل جميل.\nوهذه هي الرسائل التي قالت الشرطة إنها قديمة جدا."
    assert said(body)[-1][3] == "الشرطة"


def test_participle_hangs_on_what_a_body_did() -> None:
    body = "قالت فيسبوك إن المطر قريب.\nوتفضل الحكومة تأجيل الحفل، مؤكدة أن الموسم جيد."
    assert said(body)[-1][3:] == ("الحكومة", None)


def test_who_a_masculine_verb_means_is_not_what_a_feminine_one_is_about() -> None:
    body = "قال سمير البلقاني إن الحفل جميل.\nواطلعت فيسبوك على التقرير الجديد وقال إن المطر قريب."
    assert speakers(body)[-1] != "فيسبوك"


def test_words_of_a_document_by_whoever_the_sentence_is_about() -> None:
    body = 'وأصدر حزب النهر المصري بيانا جاء فيه: "نشكر العمال على كل شيء".'
    assert speakers(body) == ["حزب النهر المصري"]
    assert said('وصل الوزير و"جاء فيه المطر".') == []


def test_two_papers_in_marks_speak() -> None:
    body = 'قالت رويترز إن الحفل جميل.\nوكتبت صحيفتا "رويترز" و"النهر" أن المطر قريب.'
    assert speakers(body)[-1] == "رويترز"


def test_body_of_a_place_is_not_the_place() -> None:
    body = "قالت شرطة لندن إن المطر قريب.\nوأضافت الشرطة أن الموسم جيد."
    assert [quote[3:] for quote in said(body)] == [("شرطة لندن", None), ("الشرطة", None)]


def test_somebody_unnamed_is_not_the_one_named_with_him() -> None:
    assert speakers("وقال مسؤولون بعهد سمير البلقاني إن المطر قريب.") == [None]
    assert speakers("وقال أحد مساعدي سمير البلقاني إن المطر قريب.") == [None]
    assert speakers("وأعلن مكتب رئيس الوزراء سمير البلقاني أن المطر قريب.") == [None]


def test_subject_of_a_clause_may_have_a_place_behind_it() -> None:
    body = "لكن مسؤول الصيانة في القاهرة قال إن المطر قريب."
    assert said(body)[0][3:] == ("مسؤول الصيانة", None)


def test_survey_shows_and_does_not_speak() -> None:
    assert said("وكشف استطلاع للرأي نشرته الصحيفة أن المطر قريب.") == []


def test_document_does_not_belong_to_whom_it_speaks_of() -> None:
    body = 'وجاء في بيان سمير البلقاني: "تشكر وزارة الصحة المصرية العمال".\nوأضاف البيان أن المطر قريب.'
    assert speakers(body)[-1] == "سمير البلقاني"


def test_participle_ends_the_clause_nearest_to_it() -> None:
    body = "قالت فيسبوك إن المطر قريب.\nوكان الحفل مقررا أصلا غدا لكن الحكومة قررت التأجيل موضحة أن الموسم جيد."
    assert said(body)[-1][3:] == ("الحكومة", None)
    body = 'كشف المدير سمير البلقاني أن المهاجم صرخ قائلا "المطر قريب جدا".'
    assert said(body)[-1][3:] == ("المهاجم", None)


def test_reporter_without_a_name_is_not_the_medium() -> None:
    assert speakers("وأفادت مراسلة رويترز أن المطر قريب.") == [None]
    assert speakers("وأفادت مراسلة رويترز سعاد الطرزي أن المطر قريب.") == ["سعاد الطرزي"]


def test_reason_set_off_by_the_reporter_ends_a_clause() -> None:
    assert said("أكد سمير البلقاني أن الموسم جيد، وذلك رغم المطر.")[0][1] == "الموسم جيد"


def test_person_by_the_words_that_stand_behind_his_name() -> None:
    body = "وصل أمس سمير البلقاني منسق مجمع العمال.\nوأكد منسق مجمع العمال أن المطر قريب."
    assert speakers(body) == ["سمير البلقاني"]
    assert speakers(f"{body}\nووصل هاني الطرزي منسق مجمع النهر.")[0] != "سمير البلقاني"
