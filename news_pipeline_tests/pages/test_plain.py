"""Pages as text tools save them: what stays of a line when the tool's own marks are off, and which lines are one."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from news_pipeline.arabic.keys import word_key
from news_pipeline.pages.lines import Line, plain_line, split_lines
from news_pipeline.pages.plain import is_marked_up, plain, wrap_joints

PARAGRAPHS = (
    "The council agreed on Tuesday to keep the old swimming pool open until a new one has been built on the other side "
    "of the railway, although heating it costs more every winter and the roof needs a second repair.",
    "About forty swimmers had waited outside the town hall for the vote, some of them still in their bathing caps.",
    "« Nous nageons ici depuis trente ans et nous nagerons ici dimanche », a dit la doyenne du club, qui distribuait du "
    "thé à la menthe aux plus frileux pendant que le conseil délibérait au premier étage.",
    "وقال مدير المسبح إن عدد الرواد تضاعف منذ أن مددت البلدية ساعات العمل في المساء، وإن دروس السباحة للأطفال محجوزة "
    "بالكامل حتى نهاية الصيف المقبل.",
)
MARKDOWN = "A line of **Markdown** with a [link](https://example.org) makes the page one.\n\n"


def lines_of(text: str, marked_up: bool = True) -> list[Line]:
    """The lines of a text on a page of Markdown."""
    return split_lines((MARKDOWN if marked_up else "") + text)[1 if marked_up else 0 :]


@pytest.mark.parametrize(
    "text",
    [
        "# Pool stays open",
        "see [the vote](https://example.org/vote)",
        "**Pool** stays open",
        "![swimmers](a.jpg)",
        "| Pool | Opens |",
        "Vote <https://example.org/vote>",
        "[1]News [2]Sport [3]Weather",
        "> Nobody objected.",
    ],
)
def test_marks_of_text_tools_are_seen(text: str) -> None:
    assert is_marked_up(f"Pool stays open\n{text}\n", ["Pool stays open", *text.split("\n")])


@pytest.mark.parametrize(
    "text",
    [
        "Pool #1 stays open for 5 * 4 weeks",
        "The vote [sic] was close, and [a laugh] followed.",
        "قال إن النسبة [تقريبا] هي 3 > 2",
        "snake_case and a_b_c are no emphasis",
        "- the pool\n- the roof\n",
    ],
)
def test_ordinary_signs_are_no_marks_of_text_tools(text: str) -> None:
    assert not is_marked_up(text, [line.strip() for line in text.splitlines() if line.strip()])


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("The **old pool** stays *open*", "The old pool stays open"),
        ("The [old pool](https://example.org/pool) stays open", "The old pool stays open"),
        ('The [old pool](/pool "The pool") stays open', "The old pool stays open"),
        ("[حوض السباحة](https://example.org/(قديم)) يبقى مفتوحا", "حوض السباحة يبقى مفتوحا"),
        ("The [8]old pool stays[9] open", "The old pool stays[9] open"),
        ("The old pool ![](/pool.gif) stays open", "The old pool stays open"),
        (r"It costs 5\* a head \(tea included\)", "It costs 5* a head (tea included)"),
        ("The pool <https://example.org/pool> stays open", "The pool stays open"),
        ("The [old pool][3] stays open", "The old pool stays open"),
        ("a snake_case_name and 2 * 3 * 4", "a snake_case_name and 2 * 3 * 4"),
    ],
)
def test_marks_are_taken_off_and_words_stay(line: str, text: str) -> None:
    assert plain(line).text == text


@pytest.mark.parametrize(
    "text",
    [
        "The [old pool\nstays open](/pool) in winter.",
        "The [old\npool stays\nopen](/pool) in winter.",
        "* [The old pool\n  stays open in winter.](/pool)",
    ],
)
def test_a_link_that_is_wrapped_within_its_words_is_one_line(text: str) -> None:
    assert [line.text for line in lines_of(text)] == ["The old pool stays open in winter."]


@pytest.mark.parametrize(
    "text",
    [
        "The clerk wrote [sic\nbelow the vote] and left.",
        "The [old pool\n\nstays open](/pool) in winter.",
        "The [old pool\n[stays](/vote) open in winter.",
        "The vote [of\nthe year\nbefore last\nwas\nheld](/vote) here.",
    ],
)
def test_an_open_bracket_alone_joins_no_lines(text: str) -> None:
    assert len(lines_of(text)) == len(text.replace("\n\n", "\n").split("\n"))


@pytest.mark.parametrize(("line", "level"), [("# Pool", 1), ("### Pool ###", 3), ("#Pool", 0), ("####### Pool", 0)])
def test_headings_have_a_level(line: str, level: int) -> None:
    assert plain(line).level == level


@pytest.mark.parametrize(
    ("line", "link"),
    [
        ("[Pool stays open](/pool)", True),
        ("* [Pool stays open](/pool)", True),
        ("**[Pool stays open](/pool)**", True),
        ("[News](/news) | [Sport](/sport)", True),
        ("[4]Pool stays open", True),
        ("Read: [Pool stays open](/pool)", False),
        ("Pool stays open [1]", False),
    ],
)
def test_a_line_that_is_nothing_but_links_is_one(line: str, link: bool) -> None:
    assert plain(line).link is link


@pytest.mark.parametrize(
    ("line", "target"),
    [
        ("[Mona Field](https://example.org/authors/mona-field)", "author"),
        ("By-line: [Mona Field](https://example.org/authors/mona-field)", ""),
        ("* [Hélène Vasseur](/auteur/helene)", "author"),
        ("[Swimming](https://example.org/tag/swimming)", "tag"),
        ("[Bains](/sujet/bains) | [Thé](/sujet/the)", "tag"),
        ("[All topics](/tags/)", ""),
        ("[Tag day at the pool](/news/tag-day)", ""),
    ],
)
def test_addresses_tell_whose_page_a_link_is_to(line: str, target: str) -> None:
    (found,) = lines_of(line)
    assert found.target == target


def test_links_of_a_row_stay_apart() -> None:
    assert plain("[News](/news) [Sport](/sport)").text == "News | Sport"
    assert plain("[3]Home [4]News [5]Jobs").text == "Home | News | Jobs"


@pytest.mark.parametrize(
    ("line", "form", "text"),
    [
        ("![Swimmers at dawn](/1.jpg)", "image", "Swimmers at dawn"),
        ("[![Swimmers at dawn](/1.jpg)](/pool)", "image", "Swimmers at dawn"),
        ("![Image 3: Swimmers at dawn](/1.jpg)", "image", "Swimmers at dawn"),
        ("|---|:---:|", "rule", ""),
        ("| | |", "rule", ""),
        ("| Monday | 7-21 | **4 €** |", "table", "Monday | 7-21 | 4 €"),
    ],
)
def test_images_rules_and_rows_are_told(line: str, form: str, text: str) -> None:
    shown = lines_of(line)
    assert [(found.form, found.text) for found in shown] == [(form, text)]


@pytest.mark.parametrize("line", ["* * *", "---", "----------", "•••", "| --- |", "** **"])
def test_a_line_of_marks_has_no_words(line: str) -> None:
    assert [found.words for found in lines_of(line)] == [0]


def test_list_items_keep_their_words_beside_their_lead() -> None:
    text = "Three things are missing:\n\n* a roof\n* a boiler\n\n1. first the roof\n2. then the boiler\n"
    lines = lines_of(text)[1:]
    assert [(line.lead.strip(), line.text, line.bullet) for line in lines] == [
        ("*", "a roof", True),
        ("*", "a boiler", True),
        ("1.", "first the roof", True),
        ("2.", "then the boiler", True),
    ]


def test_a_quoted_line_is_its_words() -> None:
    (line,) = lines_of("> The water is fine.")
    assert line.text == "The water is fine."


@pytest.mark.parametrize("lead", ["•", "▪", "-", "–", "*", "←", "🔴", "1-", "٢.", "۳)"])
def test_leads_are_not_part_of_the_words(lead: str) -> None:
    (line,) = split_lines(f"{lead} المسبح القديم يبقى مفتوحا")
    assert (line.lead.strip(), line.text) == (lead, "المسبح القديم يبقى مفتوحا")


@pytest.mark.parametrize(
    "text",
    ["10 - March - 2023", "1. FC Bergdorf", "24.5.2023", "-5 degrees at dawn", "3D film opens", "50 swimmers came"],
)
def test_numbers_that_belong_to_the_words_stay(text: str) -> None:
    first, _ = split_lines(f"{text}\nThe pool stays open")
    assert word_key(first.lead + first.text) == word_key(text)
    assert first.text == text or first.lead == "1. "


def test_numbers_that_count_up_without_a_mark_are_leads() -> None:
    lines = split_lines("Most read\n1 Pool stays open\n2 Roof to be repaired\n3 Tea for swimmers\n")
    assert [line.text for line in lines[1:]] == ["Pool stays open", "Roof to be repaired", "Tea for swimmers"]


def test_numbers_glued_to_headlines_that_count_up_are_leads() -> None:
    lines = split_lines("Most read\n1Pool stays open\n2Roof to be repaired\n3Tea for swimmers\n")
    assert [line.text for line in lines[1:]] == ["Pool stays open", "Roof to be repaired", "Tea for swimmers"]
    lines = split_lines("الأكثر قراءة\n1المسبح يبقى مفتوحا\n2السقف ينتظر الإصلاح\n")
    assert [line.text for line in lines[1:]] == ["المسبح يبقى مفتوحا", "السقف ينتظر الإصلاح"]


@pytest.mark.parametrize("lead", ["list 1 of 3", "list 1 of 3 ", "* list 1 of 3", "Item 2 of 12 ", "slide 2 of 9\t"])
def test_what_screen_readers_are_told_of_a_list_leads_its_item(lead: str) -> None:
    (line,) = split_lines(f"{lead}Pool stays open")
    assert (line.lead, line.text, line.bullet) == (lead, "Pool stays open", True)


@pytest.mark.parametrize("text", ["list 1 of 3", "listen to the swimmers", "list of the swimmers", "List 4 swimmers"])
def test_other_words_of_lists_stay(text: str) -> None:
    (line,) = split_lines(text)
    assert (line.lead, line.text) == ("", text)


def test_numbers_that_do_not_count_up_are_words() -> None:
    lines = split_lines("12 swimmers came at dawn\n40 swimmers came at noon\n")
    assert [line.text for line in lines] == ["12 swimmers came at dawn", "40 swimmers came at noon"]


@pytest.mark.parametrize("indent", ["", "   "])
@pytest.mark.parametrize("width", [66, 72, 80, 100, 132])
def test_hard_wrapped_paragraphs_are_whole_again(width: int, indent: str) -> None:
    wrapped = [
        textwrap.fill(paragraph, width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)
        for paragraph in PARAGRAPHS * 2
    ]
    lines = split_lines(f"{indent}Pool stays open\n\n" + "\n\n".join(wrapped) + "\n")
    assert [line.text for line in lines] == ["Pool stays open", *PARAGRAPHS * 2]


@pytest.mark.parametrize("indent", ["", "  "])
def test_list_items_wrapped_with_a_hanging_indent_are_whole_again(indent: str) -> None:
    wrapped = [
        textwrap.fill(
            f"* {paragraph}", 76, initial_indent=indent, subsequent_indent=f"{indent}  ", break_on_hyphens=False
        )
        for paragraph in PARAGRAPHS * 2
    ]
    lines = split_lines("\n".join(wrapped) + "\n")
    assert [(line.lead, line.text) for line in lines] == [("* ", paragraph) for paragraph in PARAGRAPHS * 2]


def test_a_list_of_many_items_does_not_hide_that_the_text_is_wrapped() -> None:
    numbers = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    items = [f"* Lane {number} stays closed to all but those who swim there daily" for number in numbers]
    text = "\n\n".join(textwrap.fill(paragraph, 72, break_on_hyphens=False) for paragraph in PARAGRAPHS)
    lines = split_lines("\n".join(items) + f"\n\n{text}\n")
    assert [line.lead + line.text for line in lines] == [*items, *PARAGRAPHS]


def test_long_addresses_do_not_hide_that_the_text_is_wrapped() -> None:
    text = "\n\n".join(textwrap.fill(paragraph, 72, break_on_hyphens=False) for paragraph in PARAGRAPHS)
    links = [f"[Opening hours of the old pool in week {n} of the year](/pool/{'x' * 200}/{n})" for n in range(9)]
    lines = split_lines(f"{text}\n\n" + "\n\n".join(links) + "\n")
    assert [line.text for line in lines][: len(PARAGRAPHS)] == list(PARAGRAPHS)


def test_short_lines_below_each_other_are_no_wrapped_text() -> None:
    names = [f"Swimmer number {word} of the evening group" for word in ("one", "two", "three", "four", "five", "six")]
    assert [line.text for line in split_lines("\n".join(names))] == names


def test_paragraphs_without_blank_lines_between_are_not_joined() -> None:
    assert [line.text for line in split_lines("\n".join(PARAGRAPHS))] == list(PARAGRAPHS)


def test_a_list_item_does_not_go_on_with_the_next_one() -> None:
    items = [f"  * {paragraph[:70].rsplit(' ', 1)[0]}" for paragraph in PARAGRAPHS]
    rows = list(range(len(items)))
    assert not any(wrap_joints(items, rows))


@pytest.mark.parametrize(
    "following",
    [
        "mercredi 8 juin 2022",
        "par Nadia Ferhat",
        "publié le 8 juin 2022 à 9h30",
        "mis à jour le 9 juin 2022",
        "lire aussi : Le tramway de nuit trouve son public",
        "il y a 3 heures",
    ],
)
def test_a_line_that_says_something_of_its_own_is_not_joined_to_the_one_above(following: str) -> None:
    headline = "Sécheresse : les oliveraies passent au goutte-à-goutte"
    assert [line.text for line in split_lines(f"{headline}\n{following}\n{PARAGRAPHS[2]}")][:2] == [headline, following]


def test_a_line_by_itself_is_as_on_a_page() -> None:
    text = "المسبح القديم يبقى مفتوحا."
    (line,) = split_lines(text)
    assert plain_line(text, word_key(text)) == line


_MARKS = st.sampled_from(
    [
        *"*_[]()#>|!<\\",
        "**",
        "](",
        "![",
        "[1]",
        "https://a.b/c",
        "# ",
        "> ",
        "* ",
        "1. ",
        " | ",
        "word",
        "كلمة",
        " ",
        "x",
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(_MARKS, max_size=30).map("".join))
@example("[![a](b)](c) [x][y] <https://z>")
def test_no_letter_is_added_or_moved(line: str) -> None:
    shown = iter(line)
    assert all(letter in shown for letter in plain(line).text if letter.isalnum())


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(_MARKS, max_size=12).map("".join), max_size=12))
def test_lines_of_marked_up_pages_tile_them(rows: list[str]) -> None:
    text = "\n".join(rows)
    lines = split_lines(text)
    assert "".join(text[line.start : line.end] for line in lines) == (text if lines else "")


@pytest.mark.parametrize("line", ["[" * 5000, "![](" * 2000, "*" * 5001, "[a](" + "(" * 5000, "|" * 5000, "<" * 5000])
def test_pathological_lines_are_read_in_time(line: str) -> None:
    assert len(plain(line).text) <= len(line)
