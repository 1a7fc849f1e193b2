"""What sites put around and into their articles, and how tools that save pages glue it together: whole pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest

from news_pipeline_tests.pages.pages import kinds, parse, raw_page

TITLE = "Ferry to Sandholm keeps its winter hours"
DATE = "12 March 2021"
TEXT = (
    "The ferry to Sandholm will keep its winter hours until May, the harbour office said on Friday, because the new pier "
    "is not ready.",
    "Islanders had asked for a second boat in the morning so that the children of Sandholm reach their school before nine.",
    "The harbour office says it has no crew for a second boat, and that the ferry is never more than half full in winter.",
)
LAST = "The new pier of Sandholm was to open in January, but its planks were too short."
OTHERS = ("Tea room on the quay gets a stove", "Miller finds a bell in the sluice")
BELL = (
    "A miller has found a bronze bell in the sluice of his mill, and a museum wants to know who cast the bell and when.",
    "The bell weighs as much as a calf, the miller said, and took four neighbours and a horse to lift out of the mud.",
    '"It rang once, under water," he told the museum, "and then I knew it was no stone."',
)

ARABIC_TITLE = "مدرسة الجزيرة تفتح أبوابها بعد العاصفة"
ARABIC_DATE = "14 مارس 2021"
ARABIC_TEXT = (
    "فتحت مدرسة الجزيرة أبوابها صباح الأحد بعد أسبوعين من العاصفة التي اقتلعت سقفها وأغرقت صفوفها السفلى.",
    "وقالت مديرة المدرسة إن سبعين تلميذا حضروا في اليوم الأول، وإن العبارة نقلت الكتب الجديدة إلى الجزيرة.",
    "وتنتظر المدرسة سقفا جديدا وعدت به البلدية قبل نهاية الربيع.",
)

FRENCH_TITLE = "Le bac de Saint-Malvin reprend la mer"
FRENCH_DATE = "Publié le 3 mars 2021"
FRENCH_TEXT = (
    "Le bac de Saint-Malvin a repris la mer mardi matin après deux mois de travaux, avec une trentaine de passagers à "
    "son bord.",
    "Les habitants de l'île demandent depuis l'automne un second bac le matin, pour que les enfants arrivent à l'heure à "
    "l'école.",
    "La commune répond qu'elle n'a pas d'équipage, et que le bac n'est jamais plein avant le printemps.",
)

PERSIAN_TITLE = "مدرسه جزیره پس از توفان باز شد"
PERSIAN_DATE = "۲۴ اسفند ۱۳۹۹"
PERSIAN_TEXT = (
    "مدرسه جزیره صبح یکشنبه پس از دو هفته باز شد و هفتاد دانش‌آموز به کلاس‌های آن بازگشتند.",
    "مدیر مدرسه گفت که قایق کتاب‌های تازه را به جزیره آورده و سقف مدرسه تا بهار ساخته می‌شود.",
    "شهرداری گفته است که مدرسه جزیره پیش از توفان هم به سقف تازه نیاز داشت.",
)

LANGUAGES = {
    "en": (TITLE, DATE, TEXT),
    "ar": (ARABIC_TITLE, ARABIC_DATE, ARABIC_TEXT),
    "fr": (FRENCH_TITLE, FRENCH_DATE, FRENCH_TEXT),
    "fa": (PERSIAN_TITLE, PERSIAN_DATE, PERSIAN_TEXT),
}


def page(*parts: Sequence[str]) -> str:
    """A page of some lines, each below the other."""
    return "\n".join(line for part in parts for line in ([part] if isinstance(part, str) else part)) + "\n"


def marked_up(*parts: Sequence[str]) -> str:
    """A page of Markdown: a heading of the first line, and blank lines between all."""
    return "# " + "\n\n".join(page(*parts).splitlines()) + "\n"


def articles(text: str) -> list[dict[str, Any]]:
    return parse(raw_page(text))["parsed_articles"]


def article(text: str) -> dict[str, Any]:
    """The article of a page that has one alone."""
    (main,) = articles(text)
    return main


def paragraphs(text: str) -> tuple[str, ...]:
    return tuple(article(text)["body"].split("\n"))


def kind_of(line: str, text: str) -> str:
    """Kind of the block that a line of a page is or opens."""
    return next(kind for kind, shown in kinds(text) if shown.startswith(line))


# Lines as tools save them


def test_a_headline_that_a_tool_wrapped_within_its_link_is_one() -> None:
    listed = "* [Tea room on the\nquay gets a stove](/tea)\n* [Miller finds\na bell in the\nsluice](/bell)\n"
    text = f"{marked_up(TITLE, DATE, TEXT)}\nRelated articles\n\n{listed}"
    assert article(text)["related_headlines"] == list(OTHERS)


def test_numbers_glued_to_listed_headlines_are_not_part_of_them() -> None:
    text = page(TITLE, DATE, TEXT, "Most read", [f"{n}{headline}" for n, headline in enumerate(OTHERS, 1)])
    assert article(text)["related_headlines"] == list(OTHERS)


def test_what_screen_readers_are_told_of_a_list_is_no_part_of_its_headlines() -> None:
    listed = [f"* list {n} of 2{headline}" for n, headline in enumerate(OTHERS, 1)]
    assert article(page(TITLE, DATE, TEXT, "Related articles", listed))["related_headlines"] == list(OTHERS)


def test_a_date_printed_twice_without_a_space_dates_the_page() -> None:
    main = article(page(ARABIC_TITLE, "30/7/202130/7/2021", ARABIC_TEXT))
    assert (main["published_date"], main["date_status"]) == (dt.date(2021, 7, 30), "stated")
    assert main["body"].split("\n") == list(ARABIC_TEXT)


def test_glued_menus_and_script_name_no_outlet_and_are_no_text() -> None:
    menu = "HomeNewsSportWeatherTravel"
    script = "document.querySelector('#pier').addEventListener('click', () => { go(); });"
    text = page(menu, TITLE, DATE, TEXT[:2], script, TEXT[2:], menu)
    main = article(text)
    assert (main["title"], main["source_name"]) == (TITLE, None)
    assert main["body"].split("\n") == list(TEXT)
    assert kind_of(menu, text) == "breadcrumb"


@pytest.mark.parametrize(
    ("language", "line", "headline"),
    [
        ("fr", "À lire aussiUne cloche de bronze dans le bief", "Une cloche de bronze dans le bief"),
        ("fr", "Lire aussiLe salon de thé reçoit son poêle", "Le salon de thé reçoit son poêle"),
        ("en", "Read moreTea room on the quay gets a stove", "Tea room on the quay gets a stove"),
    ],
)
def test_a_label_glued_to_a_headline_is_no_part_of_it(language: str, line: str, headline: str) -> None:
    title, date, text = LANGUAGES[language]
    main = article(page(title, date, text[:2], line, text[2:]))
    assert main["inline_headlines"] == [headline]
    assert main["body"].split("\n") == list(text)


# Pictures


def test_a_pictures_own_text_and_the_caption_that_repeats_it_are_no_headline() -> None:
    own = "Islanders queue at the pier of Sandholm at dawn, some with school bags"
    main = article(page(TITLE, DATE, f"[{own}]", f"{own} [Ann Birch/Reuters]", TEXT))
    assert (main["title"], main["body"].split("\n")) == (TITLE, list(TEXT))


def test_a_long_caption_that_goes_on_from_the_pictures_own_text_is_no_paragraph() -> None:
    own = "Children of Sandholm wait for the ferry"
    caption = f"{own} on Thursday morning; the harbour office wants them to stay near the school in winter. [Ann Birch]"
    assert paragraphs(page(TITLE, DATE, TEXT[:2], f"[{own}]", caption, TEXT[2:])) == TEXT


@pytest.mark.parametrize(
    ("language", "caption"),
    [
        ("fr", "Le bac à l'embarcadère de Saint-Malvin, mardi. LUCIE ABGRALL"),
        ("fr", "Le bac à l'embarcadère de Saint-Malvin, mardi. LUCIE ABGRALL POUR « LE FIGARO »"),
        ("en", "Islanders queue at the pier of Sandholm at dawn (Reuters) Read More"),
    ],
)
def test_a_caption_with_its_credit_is_no_paragraph_and_no_source(language: str, caption: str) -> None:
    title, date, text = LANGUAGES[language]
    main = article(page(title, date, caption, text))
    assert (main["body"].split("\n"), main["source_name"]) == (list(text), None)


# Authors and origins


@pytest.mark.parametrize(
    ("line", "name", "source"),
    [
        ("الأحد 14 مارس 2021 | كتب: سامر البحري |", "سامر البحري", None),
        ("الأحد 14 مارس 2021 | كتب: سامر البحري | صحيفة المرفأ", "سامر البحري", "صحيفة المرفأ"),
        ("14 مارس 2021 - 09:45 | بقلم: كنزة آيت واعراب |", "كنزة آيت واعراب", None),
    ],
)
def test_the_author_behind_the_date_is_the_author_and_not_the_source(line: str, name: str, source: str | None) -> None:
    main = article(page(ARABIC_TITLE, line, ARABIC_TEXT))
    assert (main["byline"], main["source_name"]) == (name, source)
    assert main["published_date"] == dt.date(2021, 3, 14)


@pytest.mark.parametrize("folder", ["author", "authors", "writers", "profile"])
def test_a_link_to_an_authors_page_names_the_author(folder: str) -> None:
    link = f"[كنزة آيت واعراب](https://marfa.example/{folder}/kenza)"
    assert article(marked_up(ARABIC_TITLE, link, ARABIC_DATE, ARABIC_TEXT))["byline"] == "كنزة آيت واعراب"


def test_a_link_to_another_page_names_no_author() -> None:
    link = "[كنزة آيت واعراب](https://marfa.example/islands/kenza)"
    assert article(marked_up(ARABIC_TITLE, link, ARABIC_DATE, ARABIC_TEXT))["byline"] is None


@pytest.mark.parametrize("place", ["صيدا – رويترز – كريم حداد", "صيدا ـ رويترز ـ كريم حداد"])
def test_the_author_behind_place_and_agency(place: str) -> None:
    main = article(page(ARABIC_TITLE, ARABIC_DATE, place, ARABIC_TEXT))
    assert (main["byline"], main["body"].split("\n")) == ("كريم حداد", list(ARABIC_TEXT))


def test_a_labelled_author_is_believed_before_a_name_beside_the_date() -> None:
    lines = ("لجين آيت واعراب", ARABIC_DATE, "كتبت: رنا البحري")
    assert article(page(ARABIC_TITLE, lines, ARABIC_TEXT))["byline"] == "رنا البحري"


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Mona Field and Sam Ellery", "Mona Field and Sam Ellery"),
        ("Mona Field North of England correspondent", "Mona Field"),
        ("Mona FieldNorth of England correspondent", "Mona Field"),
    ],
)
def test_the_author_above_the_date_is_not_the_headline(line: str, name: str) -> None:
    text = tuple(paragraph.replace("Sandholm", "the outer islands") for paragraph in TEXT)
    main = article(page("Sandholm waits for spring", line, DATE, text))
    assert (main["title"], main["byline"], main["source_name"]) == ("Sandholm waits for spring", name, None)


@pytest.mark.parametrize(
    ("title", "origin", "source", "language"),
    [
        ("Sans pont ni marée", "Nantes Nord: «Le Figaro»", "Le Figaro", "fr"),
        ("Sans pont ni marée", "Le Figaro avec AFP", "Le Figaro", "fr"),
        ("لا مقاعد ولا كتب", "جزيرة الرمل: «الشرق الأوسط»", "الشرق الأوسط", "ar"),
    ],
)
def test_where_a_report_is_from_is_not_the_headline(title: str, origin: str, source: str, language: str) -> None:
    _, date, text = LANGUAGES[language]
    page_text = page(title, origin, date, text)
    main = article(page_text)
    assert (main["title"], main["source_name"], main["body"].split("\n")) == (title, source, list(text))
    assert kind_of(origin, page_text) == "dateline"


def test_where_a_report_is_from_ends_no_text_as_its_last_paragraph() -> None:
    assert paragraphs(page(ARABIC_TITLE, ARABIC_DATE, ARABIC_TEXT, "جزيرة الرمل: «الشرق الأوسط»")) == ARABIC_TEXT


# Tags


def test_phrases_with_bullets_right_below_the_text_are_tags_and_what_follows_is_not() -> None:
    text = page(TITLE, DATE, TEXT, "• Sandholm", "• Harbour office", "Our islands in pictures", "Sandholm at low tide")
    assert article(text)["tags"] == ["Sandholm", "Harbour office"]


def test_an_article_below_a_tag_with_a_bullet_is_still_found() -> None:
    main, other = articles(page(TITLE, DATE, TEXT, "• Winter hours", OTHERS[1], BELL))
    assert (main["tags"], main["body"].split("\n")) == (["Winter hours"], list(TEXT))
    assert (other["title"], other["body"].split("\n")) == (OTHERS[1], list(BELL))


def test_points_with_bullets_within_the_text_are_no_tags() -> None:
    points = ("• a winter timetable", "• a school boat")
    main = article(page(TITLE, DATE, TEXT[:2], "The islanders also want:", points, TEXT[2:]))
    assert main["tags"] == []
    assert main["body"].split("\n")[3:5] == ["• a winter timetable", "• a school boat"]


@pytest.mark.parametrize("folder", ["tag", "tags", "topics"])
def test_a_link_to_a_topics_page_below_the_text_is_a_tag(folder: str) -> None:
    text = marked_up(TITLE, DATE, TEXT, f"[Seamanship](https://coast.example/{folder}/seamanship)")
    assert article(text)["tags"] == ["Seamanship"]
    text = marked_up(TITLE, DATE, TEXT, "[Seamanship](https://coast.example/seamanship)")
    assert article(text)["tags"] == []


def test_a_phrase_of_the_headline_alone_below_the_text_is_a_tag() -> None:
    main = article(page(TITLE, DATE, TEXT, "Winter hours", "Related articles", OTHERS))
    assert (main["tags"], main["body"].split("\n")) == (["Winter hours"], list(TEXT))
    assert main["related_headlines"] == list(OTHERS)


def test_another_phrase_alone_below_the_text_is_no_tag() -> None:
    assert article(page(TITLE, DATE, TEXT, "Tea room", "Related articles", OTHERS))["tags"] == []


@pytest.mark.parametrize(
    ("language", "label", "tags", "button"),
    [
        ("ar", "الوسوم", ["مدرسة الجزيرة", "العاصفة"], "مشاركة"),
        ("en", "Tags", ["Sandholm", "Winter hours"], "Share"),
        ("fr", "Mots-clés", ["Saint-Malvin", "École"], "Partager"),
    ],
)
def test_a_share_button_ends_the_tags(language: str, label: str, tags: list[str], button: str) -> None:
    title, date, text = LANGUAGES[language]
    assert article(page(title, date, text, label, tags, button, "Pigeon"))["tags"] == tags


def test_the_name_of_an_outlet_among_tags_is_none() -> None:
    main = article(page(ARABIC_TITLE, ARABIC_DATE, ARABIC_TEXT, "الشرق الأوسط", "مدرسة الجزيرة", "العاصفة"))
    assert (main["tags"], main["source_name"]) == (["مدرسة الجزيرة", "العاصفة"], "الشرق الأوسط")


def test_related_tags_are_announced_too() -> None:
    text = page(ARABIC_TITLE, ARABIC_DATE, ARABIC_TEXT, "وسوم متعلقة", "مدرسة الجزيرة", "العاصفة")
    assert article(text)["tags"] == ["مدرسة الجزيرة", "العاصفة"]


# Comments


@pytest.mark.parametrize(
    ("language", "header", "comment"),
    [
        ("en", "Comments 12", "My children sleep at the school because the ferry to Sandholm is late every winter."),
        ("ar", "التعليقات 2", "تعلمت في مدرسة الجزيرة وأرجو أن تبني البلدية سقفها قبل الشتاء."),
        ("fr", "Commentaires 7", "Le bac de Saint-Malvin était déjà en retard quand j'allais à l'école."),
        ("fa", "نظرات ۱۲", "من در مدرسه جزیره درس خواندم و سقف آن همیشه چکه می‌کرد."),
    ],
)
def test_a_header_that_counts_the_comments_ends_the_text(language: str, header: str, comment: str) -> None:
    title, date, text = LANGUAGES[language]
    assert paragraphs(page(title, date, text, header, "Ole", comment)) == text


# Boxes


def test_an_article_below_a_related_box_with_picture_caption_place_and_date() -> None:
    picture = ("[A bronze bell in the grass]", "A bronze bell in the grass (Reuters)", "Longmill", "4 March 2021")
    text = page(TITLE, DATE, TEXT, "Related articles", OTHERS, picture, BELL)
    main, other = articles(text)
    assert (main["body"].split("\n"), main["related_headlines"]) == (list(TEXT), [OTHERS[0]])
    assert (other["role"], other["title"], other["body"].split("\n")) == ("embedded", OTHERS[1], list(BELL))


@pytest.mark.parametrize(("language", "header"), [("en", "Related articles"), ("ar", "أخبار ذات صلة")])
def test_a_list_of_other_stories_between_headline_and_text(language: str, header: str) -> None:
    title, date, text = LANGUAGES[language]
    others = OTHERS if language == "en" else ("طحان يعثر على ناقوس في مجرى الماء", "مقهى الرصيف يحصل على مدفأة")
    main = article(page(title, date, header, others, text))
    assert (main["title"], main["related_headlines"]) == (title, list(others))
    assert main["body"].split("\n") == list(text)


def test_the_text_goes_on_below_more_on_this() -> None:
    main = article(page(TITLE, DATE, TEXT[:2], "More on this", OTHERS, TEXT[2:], LAST))
    assert main["body"].split("\n") == [*TEXT, LAST]
    assert (main["inline_headlines"], main["tags"]) == (list(OTHERS), [])


@pytest.mark.parametrize(
    ("language", "headline", "button"),
    [
        ("en", "Harbour office of Sandholm buys its first winter boat", "Read more"),
        ("fr", "Le bac de Saint-Malvin cherche un équipage pour le printemps", "Lire la suite"),
    ],
)
def test_a_headline_with_a_button_below_it_is_another_storys(language: str, headline: str, button: str) -> None:
    title, date, text = LANGUAGES[language]
    main = article(page(title, date, text[:2], headline, button, text[2:]))
    assert main["inline_headlines"] == [headline]
    assert main["body"].split("\n") == list(text)


def test_an_offer_that_says_where_it_ends_is_one_wholly() -> None:
    offer = (
        "Sign up to Morning Tide",
        "A letter from the coast with tides, ferries and what the islanders talk about at breakfast.",
        "Enter your email address",
        "after newsletter promotion",
    )
    text = page(TITLE, DATE, TEXT[:2], offer, TEXT[2:], LAST)
    assert paragraphs(text) == (*TEXT, LAST)
    assert [kind for kind, line in kinds(text) if line in offer] == ["promo"] * 4


BOX = ("Skip most read", "Most read", "1 Tea room on the quay gets a stove", "2 Miller finds a bell in the sluice")


def test_headlines_of_a_box_within_the_text_are_inline_headlines() -> None:
    main = article(page(TITLE, DATE, TEXT[:2], BOX, "End of most read", TEXT[2:], LAST))
    assert (main["inline_headlines"], main["related_headlines"]) == (list(OTHERS), [])
    assert main["body"].split("\n") == [*TEXT, LAST]


def test_headlines_of_a_box_below_the_text_are_related_headlines() -> None:
    main = article(page(TITLE, DATE, TEXT, BOX, "End of most read"))
    assert (main["inline_headlines"], main["related_headlines"]) == ([], list(OTHERS))


def test_a_box_of_other_stories_in_persian() -> None:
    others = ("چایخانه اسکله بخاری تازه‌ای گرفت", "آسیابان ناقوسی در آب پیدا کرد")
    box = ("از مطالب پیشنهادی رد شوید", *(f"• {other}" for other in others), "پایان مطالب")
    main = article(page(PERSIAN_TITLE, PERSIAN_DATE, PERSIAN_TEXT[:2], box, PERSIAN_TEXT[2:]))
    assert (main["inline_headlines"], main["related_headlines"]) == (list(others), [])
    assert main["body"].split("\n") == list(PERSIAN_TEXT)


@pytest.mark.parametrize(
    ("language", "header", "others", "own", "below"),
    [
        (
            "fr",
            "Sur le même sujet",
            ("Une cloche de bronze dans le bief du moulin", "Le salon de thé du quai reçoit son poêle"),
            "Le Progrès en version numérique dès six heures",
            ("Abonnez-vous à notre newsletter", "© 2021 Le Progrès"),
        ),
        (
            "en",
            "Related articles",
            (OTHERS[0], "The Guardian of the sluice finds a bell"),
            "Behind the scenes of The Guardian on paper",
            ("Sign up to our newsletter", "© 2021 The Guardian"),
        ),
    ],
)
def test_what_an_outlet_says_of_itself_beside_its_offers_is_no_related_story(
    language: str, header: str, others: tuple[str, ...], own: str, below: tuple[str, ...]
) -> None:
    title, date, text = LANGUAGES[language]
    page_text = page(title, date, text, header, others, own, below)
    assert article(page_text)["related_headlines"] == list(others)
    assert kind_of(own, page_text) == "promo"


# Tables, points, speech


def test_a_table_of_figures_within_the_text_is_part_of_it() -> None:
    table = "| Boat | Leaves | Passengers |\n|---|---|---|\n| First ferry | 9:10 | 41 |\n| Second ferry | 14:30 | 17 |"
    rows = ("Boat | Leaves | Passengers", "First ferry | 9:10 | 41", "Second ferry | 14:30 | 17")
    assert paragraphs(marked_up(TITLE, DATE, TEXT[:2]) + f"\n{table}\n\n{TEXT[2]}\n") == (*TEXT[:2], *rows, TEXT[2])


def test_a_table_that_lays_out_the_page_is_no_part_of_the_text() -> None:
    table = "| News | Sport | Weather |\n|---|---|---|\n| Coast | Boats | Tides |\n| Games | Opinion | Jobs |"
    assert paragraphs(marked_up(TITLE, DATE, TEXT[:2]) + f"\n{table}\n\n{TEXT[2]}\n") == TEXT


@pytest.mark.parametrize(
    ("language", "points"),
    [
        ("en", ("• New pier of Sandholm still not ready", "• Islanders want a second morning boat")),
        ("ar", ("• سبعون تلميذا حضروا في اليوم الأول", "• البلدية وعدت بسقف جديد للمدرسة")),
    ],
)
def test_points_that_sum_the_story_up_above_the_text_are_part_of_it(language: str, points: tuple[str, ...]) -> None:
    title, date, text = LANGUAGES[language]
    assert paragraphs(page(title, points, date, text)) == (*points, *text)


def test_other_stories_with_bullets_above_the_text_are_no_part_of_it() -> None:
    assert paragraphs(page(TITLE, [f"• {other}" for other in OTHERS], DATE, TEXT)) == TEXT


@pytest.mark.parametrize(
    ("language", "speech"),
    [
        ("en", '"Nobody asked our grandmothers either," she laughed, "and you see where that got us."'),
        ("fr", "« Venez donc chez nous en février », sourit-il, « et vous verrez. »"),
    ],
)
def test_a_speaker_who_says_we_and_you_has_the_last_word(language: str, speech: str) -> None:
    title, date, text = LANGUAGES[language]
    assert paragraphs(page(title, date, text, speech)) == (*text, speech)


def test_an_outlet_that_says_we_and_you_has_not() -> None:
    assert paragraphs(page(TITLE, DATE, TEXT, "Tell our editors what you think about your island.")) == TEXT


@pytest.mark.parametrize(
    "title",
    [
        'Island mayor of Sandholm: "Hard times ahead"',
        "Le maire de Saint-Malvin: «Une presse libre»",
        "رئيس بلدية الجزيرة: «لا عبارة اليوم»",
    ],
)
def test_a_quoted_headline_with_a_word_of_outlets_is_a_headline(title: str) -> None:
    assert article(page((title, DATE), TEXT))["title"] == title


def test_points_right_above_the_text_are_part_of_it() -> None:
    points = ("• Ferry keeps its winter hours until May", "• Islanders had asked for a second boat")
    assert paragraphs(page((TITLE, DATE), points, TEXT)) == (*points, *TEXT)


@pytest.mark.parametrize("origin", ["Saint-Malvin et Paris: «Le Figaro»", "Paris: «Le Figaro»"])
def test_where_a_report_is_from_is_no_standfirst(origin: str) -> None:
    assert paragraphs(page((FRENCH_TITLE, origin, FRENCH_DATE), FRENCH_TEXT)) == FRENCH_TEXT


def test_an_outlet_quoted_above_the_headline_is_the_source() -> None:
    assert (
        article(page(("صيدا: «الشرق الأوسط»", ARABIC_TITLE, ARABIC_DATE), ARABIC_TEXT))["source_name"] == "الشرق الأوسط"
    )


def test_a_link_to_a_topic_of_two_words_is_one_tag() -> None:
    assert article(marked_up((TITLE, DATE), TEXT, ("[Rural life](https://example.org/tag/rural-life)",)))["tags"] == [
        "Rural life"
    ]


def test_numbers_that_begin_a_word_are_no_items_of_a_list() -> None:
    headlines = ("3D film opens in the old school", "4K screens come to the island hall")
    assert article(page((TITLE, DATE), TEXT, ("Read also", *headlines)))["related_headlines"] == list(headlines)


def test_questions_of_an_interview_are_part_of_it() -> None:
    talk = (
        "Why does the ferry keep its winter hours until May?",
        "Because the pier of Sandholm is not ready, the harbour master said, and the boat cannot land at low water.",
        "Who has asked for a second boat in the morning?",
        "The school has, and so has the baker, who sends his bread over before nine and sells it to the islanders.",
        "When will the planks for the new pier arrive?",
        "They should be here in April, unless the sawmill on the mainland stands still again as it did last autumn.",
    )
    main = article(page((TITLE, DATE), TEXT, talk))
    assert (main["body"].split("\n")[len(TEXT) :], main["inline_headlines"]) == ([*talk], [])


def test_a_sub_heading_in_capitals_below_a_box_is_part_of_the_text() -> None:
    main = article(page((TITLE, DATE), TEXT, ("Read more:", OTHERS[0], "NO BOATMEN TO BE FOUND", LAST)))
    assert main["inline_headlines"] == [OTHERS[0]]
    assert main["body"].split("\n")[len(TEXT) :] == ["NO BOATMEN TO BE FOUND", LAST]


@pytest.mark.parametrize(
    ("language", "header"), [("en", "Key points"), ("ar", "نقاط رئيسية"), ("fr", "Points clés"), ("fa", "نکات مهم")]
)
def test_points_below_a_header_that_says_so_are_part_of_the_text(language: str, header: str) -> None:
    points = {
        "en": ("The pier is not ready", "Children come late to school"),
        "ar": ("العاصفة اقتلعت سقف المدرسة", "العبارة نقلت الكتب الجديدة"),
        "fr": ("Deux mois de travaux au port", "Un second bac reste à trouver"),
        "fa": ("سقف مدرسه در توفان فروریخت", "قایق کتاب‌های تازه را آورد"),
    }[language]
    title, date, text = LANGUAGES[language]
    found = paragraphs(page((title, date), (header, *(f"• {point}" for point in points)), text))
    assert found == (*(f"• {point}" for point in points), *text)


def test_a_headline_set_in_the_middle_over_two_lines_is_one() -> None:
    wrapped = (
        "   The ferry to Sandholm will keep its winter hours until May, the\n"
        "   harbour office said on Friday, because the new pier is not yet ready\n"
        "   and the boat from the mainland cannot land there when the water is\n"
        "   low, as it has been on most mornings since the middle of November.\n"
        "\n"
        "   Islanders had asked for a second boat in the morning so that all the\n"
        "   children of Sandholm reach their school on the mainland before nine.\n"
    )
    text = f"         Ferry to Sandholm keeps its winter hours until late\n         in May\n\n   {DATE}\n\n{wrapped}"
    assert article(text)["title"].split() == [
        "Ferry",
        "to",
        "Sandholm",
        "keeps",
        "its",
        "winter",
        "hours",
        "until",
        "late",
        "in",
        "May",
    ]


def test_an_author_below_a_label_that_stands_alone() -> None:
    assert article(page((TITLE, "By", "Mona Field", DATE), TEXT))["byline"] == "Mona Field"


@pytest.mark.parametrize("line", ["Par Karim Lemaire et AFP", "Par Karim Lemaire avec Reuters"])
def test_an_author_beside_an_agency(line: str) -> None:
    assert article(page((FRENCH_TITLE, line, FRENCH_DATE), FRENCH_TEXT))["byline"] == "Karim Lemaire"


def test_a_page_that_says_only_when_it_was_updated_is_dated_by_inference() -> None:
    main = article(page((TITLE, "Updated 12 March 2021"), TEXT))
    assert (main["published_date"], main["date_status"]) == (dt.date(2021, 3, 12), "inferred")
    both = article(page((TITLE, "Published 10 March 2021", "Updated 12 March 2021"), TEXT))
    assert (both["published_date"], both["date_status"]) == (dt.date(2021, 3, 10), "stated")


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("ar", "هذه المادة متاحة للمشتركين فقط، اشترك لمتابعة القراءة"),
        ("ar", "مادة اعلانية"),
        ("en", "Google Play App Store"),
        ("en", "No media source currently available"),
        ("fr", "Il vous reste 60 % de cet article à lire"),
        ("fa", "در تلگرام ما عضو شوید"),
    ],
)
def test_notices_between_paragraphs_are_no_text(language: str, line: str) -> None:
    title, date, text = LANGUAGES[language]
    main = article(page((title, date), text[:2], (line,), text[2:]))
    assert (tuple(main["body"].split("\n")), main["inline_headlines"]) == (text, [])


def test_what_is_said_of_a_link_to_screen_readers_is_no_part_of_a_headline() -> None:
    text = page((TITLE, DATE), TEXT, ("Related stories", *(f"{other}, opens new tab" for other in OTHERS)))
    assert article(text)["related_headlines"] == list(OTHERS)


def test_a_caption_with_an_agency_alone_below_it_is_no_text() -> None:
    caption = ("The ferry waits at the old quay of Sandholm.", "AFP/Getty Images")
    assert paragraphs(page((TITLE, DATE), caption, TEXT)) == TEXT


def test_addresses_in_brackets_behind_links_are_left_out() -> None:
    text = page(
        ("The Daily Harbour [https://example.org/]", "News [https://example.org/news/]"),
        (TITLE, "by Mona Field [https://example.org/author/mona-field/]", DATE),
        TEXT,
        ("Related stories", *(f"{other} [https://example.org/a/]" for other in OTHERS)),
    )
    main = article(text)
    assert (main["title"], main["byline"], main["source_name"]) == (TITLE, "Mona Field", "The Daily Harbour")
    assert main["related_headlines"] == list(OTHERS)


@pytest.mark.parametrize("credit", ["Copyright Reuters", "Photo: Reuters"])
def test_a_caption_between_headline_and_its_credit_is_not_the_headline(credit: str) -> None:
    text = page((TITLE, "Boats wait in the ice of Sandholm", credit, "By Mona Field", DATE), TEXT)
    assert article(text)["title"] == TITLE


def test_a_photo_agency_credited_in_the_text_is_not_the_source() -> None:
    text = page(("The Daily Harbour", TITLE, DATE), TEXT, ("Credit: Getty Images", "© 2021 The Daily Harbour"))
    assert article(text)["source_name"] == "The Daily Harbour"


def test_a_role_behind_an_arabic_name_is_no_part_of_it() -> None:
    assert article(page((ARABIC_TITLE, "سلمى الودغيري كاتبة", ARABIC_DATE), ARABIC_TEXT))["byline"] == "سلمى الودغيري"
