"""What a line says by itself: its label, its shape, its words; and that words of labels within prose are prose."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news_pipeline.arabic.keys import word_key
from news_pipeline.pages.hints import is_enumeration, own_kind, row_pieces, says_when
from news_pipeline.pages.labels import (
    is_menu,
    is_promo,
    is_share_bar,
    looks_like_outlet,
    match_label,
    names_origin,
    speaks_to_reader,
)
from news_pipeline.pages.lines import Line, plain_line, split_lines
from news_pipeline_tests.pages.pages import parse, raw_page


def line_of(text: str) -> Line:
    (line,) = split_lines(text)
    return line


def kind_of(text: str) -> str | None:
    line = line_of(text)
    return own_kind(line, match_label(line.text, line.key))


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        ("attribution", ["المصدر: شبكة الميدان", "المصدر : وكالات", "Source: Coast Courier", "منبع: روزنامه بامداد"]),
        (
            "byline",
            ["بقلم: منى القيسي", "كتبت/ هند الزين", "By Nora Whitfield", "Par Hélène Vasseur", "نویسنده: نگار فرهادی"],
        ),
        (
            "published",
            [
                "تاريخ النشر: 3rd, November 2022 GMT",
                "نُشر في 12/05/2024",
                "Published: Sept. 3, 2023 4:05 p.m. ET",
                "Publié le 3 septembre 2023 à 14h05",
                "تاریخ انتشار: ۲۴ آبان ۱۴۰۲ - ۱۰:۴۲",
            ],
        ),
        ("updated", ["آخر تحديث: 4 سبتمبر 2023", "Updated 15 March 2021", "Mis à jour le 4 février 2022"]),
        ("crawl_stamp", ["2024-02-09@08:15:30 GMT", "snapshot 20240711224956"]),
        ("crawled", ["تم جلب الصفحة 2021-08-19 22:10:05 +0000", "Page capturée le 2024-07-11 22:49:56 UTC"]),
        (
            "tags",
            [
                *(
                    "الوسوم: الزيتون، المعاصر",
                    "#الأحساء #النخيل",
                    "Mots-clés : vélo, voirie",
                    "برچسب‌ها: تالاب، پرندگان",
                ),
                *("وسوم متعلقة", "وسوم ذات صلة: الزيتون، المعاصر"),
            ],
        ),
        ("read_more", ["اقرأ أيضا:", "إقرأ أيضاً", "Read also", "À lire aussi :", "بیشتر بخوانید:"]),
        (
            "read_more_value",
            [
                *(
                    "اقرأ أيضا: قروض جديدة لمربي الأغنام",
                    "Lire aussi : Le tramway de nuit",
                    "See also: Ferry service cut",
                ),
                *("À lire aussiLe tramway de nuit", "Read moreFerry service cut to one boat"),
            ],
        ),
        (
            "related",
            ["مقالات ذات صلة", "أخبار متعلقة", "Related stories", "Les plus lus", "مطالب مرتبط", "More on this"],
        ),
        ("another", ["خبر آخر", "Another story"]),
        (
            "share",
            ["شارك الخبر", "فيسبوك تويتر واتساب", "Partager sur Facebook Twitter WhatsApp", "Share this article"],
        ),
        (
            "comments",
            [
                *("التعليقات (0)", "أضف تعليقك", "Comments (2)", "3 commentaires", "ارسال نظر"),
                *("Comments 12", "التعليقات 12", "Commentaires 7", "نظرات ۱۲"),
            ],
        ),
        ("reply", ["Reply", "أعجبني", "Répondre", "پاسخ"]),
        ("promo", ["تابع أحدث الأخبار عبر تطبيق", "Sign up to our morning briefing", "اشترك في نشرتنا اليومية"]),
        ("consent", ["يستخدم هذا الموقع ملفات تعريف الارتباط", "Nous utilisons des cookies pour mesurer l'audience."]),
        (
            "footer",
            ["جميع الحقوق محفوظة © 2024", "© 2021 Coast Courier. All rights reserved.", "من نحن", "Mentions légales"],
        ),
        ("views", ["عدد المشاهدات: 120", "1,204 مشاهدة", "3 min read", "کد خبر: ۸۵۲۹۱۷۴"]),
        (
            "breadcrumb",
            ["الرئيسية > أخبار المدينة > الجسر القديم", "Home > Harbour > Old bridge", "خانه » استان‌ها » گیلان"],
        ),
        ("caption", ["صورة: أرشيف", "Image caption: The lighthouse before the works", "منبع تصویر، رادیو کرانه"]),
        (
            "credit",
            [
                *(
                    "بحارة عند الفجر (رويترز)",
                    "The lighthouse in May (Photo: Ann Birch)",
                    "Le phare en mai © Yann Abgrall",
                ),
                *("Le phare à marée basse. LUCIE ABGRALL", "Le phare en mai. YANN ROY POUR « LA GAZETTE »"),
                "The lighthouse in May (Reuters) Read More",
            ],
        ),
        ("number", ["16:40", "12", "10h30"]),
        (
            "menu",
            ["سياسة | اقتصاد | رياضة | ثقافة", "HomeNewsSportWeatherTravel", "AccueilPolitiqueSociétéSportCulture"],
        ),
        ("image", ["[The lighthouse at low tide]", "[حوض السباحة قبل الترميم]"]),
        (
            "junk",
            [
                *("* * *", "-----", "window.pier = window.pier || []; pier.push(function() { open('quay'); });"),
                *("var pier = open('quay'); pier.show();", "lamp.on('click', () => { light(); });"),
            ],
        ),
        ("title_field", ["العنوان: قطار الضواحي يعود إلى العمل", "Title: Ferry service cut"]),
        ("text_field", ["النص:", "Markdown Content:"]),
        ("end", ["انتهى", "انتهای پیام"]),
    ],
)
def test_lines_that_say_what_they_are(kind: str, texts: list[str]) -> None:
    assert {text: kind_of(text) for text in texts} == dict.fromkeys(texts, kind)


@pytest.mark.parametrize(
    "text",
    [
        "وقال المصدر: إن المرحلة الثانية تشمل ممرا للدراجات على الضفة الغربية.",
        "وأضاف المصدر: لا توجد شاحنات محملة بمواد سريعة التلف على الجانب الآخر من المعبر.",
        "وقال المصدر:",
        "المصدر ذاته أوضح أن الأعمال ستنتهي قبل نهاية العام.",
        "مصدر في إدارة المعبر قال إن الحركة ستعود إلى طبيعتها.",
        "نشر فريق البحث نتائجه في مجلة علمية وقال إن التجارب مستمرة.",
        "صورة قديمة علقت على الجدار دلت الشرطة على المكان.",
        "شارك مئات السكان في حملة لتنظيف الشاطئ يوم الجمعة.",
        "اقرأ كثيرا واكتب قليلا، هكذا كان يقول لطلابه.",
        "تابعنا العمل حتى الفجر ثم عدنا إلى بيوتنا، قال أحد العمال.",
        "كتب على الجدار أن المدرسة بنيت قبل مئة عام.",
        "The source of the river was found by two students last spring.",
        "By noon the harbour was full of boats from the other side.",
        "Read it to me again, she asked the clerk, and he did.",
        "Share prices of the two shipyards fell after the announcement.",
        "Par ailleurs, les travaux coûteront 80 000 euros de plus.",
        "Selon la source : aucun emploi ne sera supprimé.",
        "نظر کارشناسان این است که باران امسال کافی نبوده است.",
        "منبع آگاه گفت که مذاکرات تا فردا ادامه دارد.",
    ],
)
def test_words_of_labels_within_prose_are_prose(text: str) -> None:
    assert kind_of(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "افتتاح جسر المشاة الجديد فوق ترعة النخيل",
        "Farmers on the River Alder rebuild their own flood bank",
        "Sécheresse : les oliveraies du Sahel passent au goutte-à-goutte",
        "پرندگان مهاجر به تالاب بازگشتند",
        "«لم نر مطرا كهذا منذ عشرين عاما»",
        "Un sentier à déplacer",
        "The council [of the old town] has its say",
        "The harbour (which is old; very old) stays open",
        "La commune attend la réponse de la SNCF",
        "Ian McLeod rows YouTube's first ferry",
        "Comments 12 of them made were kind",
        "ماذا بعد الساعة؟",
    ],
)
def test_headlines_quotations_and_sub_headings_say_nothing_of_themselves(text: str) -> None:
    assert kind_of(text) is None


ARTICLE = (
    "أعلنت البلدية بدء أعمال ترميم الجسر القديم فوق النهر، على أن تستمر ستة أشهر وتتوقف خلالها حركة السيارات.",
    "وسيبقى الجسر مفتوحا أمام المشاة طوال مدة الترميم، بحسب بيان البلدية.",
    "ويعبر الجسر كل يوم نحو أربعة آلاف شخص من سكان الضفتين.",
)


@pytest.mark.parametrize(
    "paragraph",
    [
        "وقال المصدر:",
        "وأضاف المصدر: إن الجسر آمن تماما وإن الترميم يشمل الأرصفة والإنارة فقط.",
        "وختم المتحدث باسم البلدية بالقول إن المصدر: الوحيد للخبر هو بيانها الرسمي عن الجسر.",
        "«الجسر جزء من ذاكرة المدينة».",
        "ترميم الجسر على مرحلتين",
        "ولا جديد عن الكلفة.",
    ],
)
def test_short_lines_of_the_text_stay_in_it(paragraph: str) -> None:
    title = "البلدية تبدأ ترميم الجسر القديم"
    text = "\n\n".join((title, "نشر في: 12/05/2024", ARTICLE[0], paragraph, *ARTICLE[1:], "المصدر: جريدة النهرين"))
    (main,) = parse(raw_page(text))["parsed_articles"]
    assert main["body"].split("\n") == [ARTICLE[0], paragraph, *ARTICLE[1:]]
    assert main["source_name"] == "جريدة النهرين"


@pytest.mark.parametrize("text", ["الوسوم", "وسوم:", "الوسـوم :", "اَلْوُسوم"])
def test_spelling_of_a_label_does_not_matter(text: str) -> None:
    label = match_label(text)
    assert label is not None
    assert (label.kind, label.value_start) == ("tags", len(text))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("المصدر : شبكة الميدان", "شبكة الميدان"),
        ("المصدر - شبكة الميدان", "شبكة الميدان"),
        ("المصدر/ شبكة الميدان", "شبكة الميدان"),
        ("الكاتب/ة: منى القيسي", "منى القيسي"),
        ("(Source : La Gazette)", "La Gazette)"),
        ("اقرأ أيضا.. قروض جديدة", "قروض جديدة"),
        ("اقرأ أيضا 👇 قروض جديدة", "قروض جديدة"),
    ],
)
def test_what_a_label_announces(text: str, value: str) -> None:
    label = match_label(text)
    assert label is not None
    assert label.marked
    assert text[label.value_start :] == value


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("À lire aussiLe phare rallumé", "read_more", "Le phare rallumé"),
        ("Lire aussiLe phare rallumé", "read_more", "Le phare rallumé"),
        ("Related storiesLighthouse to open", "related", "Lighthouse to open"),
    ],
)
def test_a_label_glued_to_what_it_announces(text: str, kind: str, value: str) -> None:
    label = match_label(text)
    assert label is not None
    assert (label.kind, label.marked, text[label.value_start :]) == (kind, True, value)


@pytest.mark.parametrize("text", ["YouTube opens a studio", "McDonald opens the pier", "ReadMore is a name"])
def test_capitals_within_a_word_glue_no_label(text: str) -> None:
    assert match_label(text) is None


def test_the_longest_label_counts() -> None:
    label = match_label("اقرأ أيضا: قروض جديدة")
    assert label is not None
    assert label.words == 2


@given(st.text(max_size=80))
def test_a_label_stands_within_its_line(text: str) -> None:
    label = match_label(text)
    assert label is None or 0 < label.value_start <= len(text)


@given(st.text(max_size=80))
def test_every_line_has_one_kind_or_none(text: str) -> None:
    for line in split_lines(text):
        kind = own_kind(line, match_label(line.text, line.key))
        assert kind is None or kind.replace("_", "").isalpha()
        alone = plain_line(line.text, line.key)
        if not (line.lead or line.link or line.form):
            assert kind == own_kind(alone, match_label(alone.text, alone.key))


@pytest.mark.parametrize(
    ("text", "dated"),
    [
        ("الأربعاء 14 صفر 1445هـ - 30 أغسطس 2023م", True),
        ("11 مارس/آذار 2024", True),
        ("il y a 3 heures", True),
        ("منذ ساعتين", True),
        ("۲۸ اسفند ۱۳۹۹ - ۱۸ مارس ۲۰۲۱", True),
        ("موسم 2023 هو الأفضل", False),
        ("May the best swimmer win", False),
    ],
)
def test_lines_that_are_nothing_but_a_date(text: str, dated: bool) -> None:
    assert says_when(line_of(text)) is dated


def test_rows_of_words() -> None:
    assert is_enumeration("سفر، نقل، جسور")
    assert not is_enumeration("سفر، نقل")
    assert not is_enumeration("قال الوزير إن الأعمال ستبدأ، وإنها ستنتهي قبل نهاية العام، وإن الكلفة معروفة")
    assert row_pieces("القطارات | طرابلس، التراث - المدن") == ["القطارات", "طرابلس", "التراث", "المدن"]


def words(text: str) -> list[str]:
    return word_key(text).split()


def test_words_give_lines_away() -> None:
    assert is_share_bar(words("فيسبوك تويتر واتساب"))
    assert is_share_bar(words("Facebook"))
    assert not is_share_bar(words("قالت شركة فيسبوك إنها ستغلق مكاتبها في المدينة"))
    assert is_menu(words("سياسة اقتصاد رياضة ثقافة"))
    assert not is_menu(words("سياسة الوزارة تغيرت في عام"))
    assert is_promo(words("Download our app"))
    assert not is_promo(words("The harbour council voted for the pool"))


@pytest.mark.parametrize(
    "line",
    [
        "Paris: «Le Figaro»",
        "صيدا: «الشرق الأوسط»",
        "Le Figaro avec AFP",
        "الشرق الأوسط مع رويترز",
        "Reuters and AP",
        "AFP",
    ],
)
def test_lines_that_say_where_a_report_is_from(line: str) -> None:
    assert names_origin(line, words(line))


@pytest.mark.parametrize(
    "line",
    ["Le Figaro", "Le bac avec AFP", 'The mayor: "The pier is ours"', "صيدا: «لا عبارة غدا»", "Mona Field", ""],
)
def test_lines_that_do_not(line: str) -> None:
    assert not names_origin(line, words(line))


def test_who_says_we_does_not_speak_to_the_reader() -> None:
    assert speaks_to_reader(words("Send your letters to our editors"))
    assert not speaks_to_reader(words("They left us on the pier and we rowed home in my boat"))


@pytest.mark.parametrize("name", ["قناة الأفق", "صحيفة الضفاف", "Coast Courier News", "خبرگزاری آوا", "Radio Kasbah"])
def test_names_of_outlets(name: str) -> None:
    assert looks_like_outlet(words(name))


@pytest.mark.parametrize("name", ["منى القيسي", "Nora Whitfield", "", "وقال رئيس البلدية إن الجسر آمن تماما"])
def test_what_is_no_name_of_an_outlet(name: str) -> None:
    assert not looks_like_outlet(words(name))


def test_a_long_run_of_capitals_takes_no_longer_than_any_other_line() -> None:
    line = plain_line("Le bac. " + "A" * 20_000 + "a", "le bac a")
    assert own_kind(line, None) is None
