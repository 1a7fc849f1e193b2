"""Hostile and odd pages: whatever a page holds, it is parsed in bounded time, nothing of it is lost, no other page suffers."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from news_pipeline.pages.assemble import assemble, read_metadata
from news_pipeline.pages.blocks import type_lines
from news_pipeline.pages.lines import split_lines
from news_pipeline_tests.pages.pages import parse, raw_page

TITLE = "مجلس البلدة يؤجل ترميم الجسر الخشبي"
PROSE = (
    "أعلن مجلس البلدة مساء الأحد تأجيل ترميم الجسر الخشبي إلى الخريف بعد أن ارتفع منسوب النهر أكثر مما توقع المهندسون."
)
MORE = (
    "وقال رئيس المجلس إن الجسر سيبقى مغلقا أمام السيارات، وإن العبارة ستنقل السكان مجانا حتى نهاية الأعمال في الخريف."
)
ARTICLE = f"{TITLE}\n12 مارس 2021\n{PROSE}\n{MORE}\n"

SCRAPS = (
    *(TITLE, PROSE, MORE, "12 مارس 2021 - 10:45", "صوت البلدة:", "2024-02-09@08:15:30 GMT", "المصدر: صوت البلدة"),
    *(
        "الوسوم: الجسر الخشبي، النهر",
        "كلمات دلالية: الجسر النهر مجلس البلدة",
        "اقرأ أيضا",
        "اقرأ أيضا: عودة العبارة إلى النهر",
    ),
    *(
        "أخبار ذات صلة",
        "• عودة العبارة إلى النهر بعد عام",
        "1 افتتاح مدرسة الصيادين",
        "2 سباق القوارب يبدأ غدا",
        "التعليقات (3)",
    ),
    *(
        "جميع الحقوق محفوظة © 2024 صوت البلدة",
        "الرئيسية > محليات > الجسر",
        "كتب: وليد السالم",
        "منذ ساعتين",
        "شارك",
        "* * *",
    ),
    *(
        "--- في الصورة ---",
        "الأربعاء ١٤ رجب ١٤٤٢ هـ",
        "القاهرة (أ ف ب) - وصلت السفينة إلى الميناء صباح اليوم.",
        "\u200f\u202bالنهر\u202c",
    ),
    *(
        "Bridge repairs put off until autumn",
        "By Mona Field and Jon R. Hill",
        "Published 12 March 2021, 14:05 GMT",
        "Read more:",
    ),
    *(
        "The town council said on Sunday that repairs of the wooden bridge would wait until autumn.",
        "Updated 13 March 2021",
    ),
    *(
        "Home | News | Sport | Weather",
        "Share\tTweet\tMail",
        "Photo: a boat on the river (Reuters/Ann Lee)",
        "Related stories",
    ),
    *(
        "[Bridge repairs put off](https://town.example/a_(1))",
        "![boat](b.png)",
        "# Bridge repairs put off until autumn",
        "> quoted",
    ),
    *(
        "| a | b | c |",
        "|---|---|---|",
        "**Ferry** runs _free_ of charge [1] until the [2] works end.",
        "[3]Ferry[4]Bridge",
        "\\*not\\*",
    ),
    *(
        "Le conseil a reporté les travaux du pont à l'automne, a dit dimanche le maire.",
        "Publié le 12 mars 2021 à 14h05",
        "À lire aussi",
    ),
    *(
        "شورای شهر بازسازی پل چوبی را تا پاییز به تعویق انداخت.",
        "تاریخ انتشار: ۲۲ اسفند ۱۳۹۹ - ۱۰:۴۵",
        "برچسب‌ها: پل، رودخانه",
        "۲۲/۱۲/۱۳۹۹",
    ),
    *(
        "20241350101010",
        "20241350T101010Z",
        "1/2/" + "3" * 5000,
        "99/99/9999",
        "٣١/٠٢/٢٠٢١",
        "Feb 30, 2021 25:61",
        "[" * 50,
        "](" * 50,
        "*_" * 50,
    ),
    *(
        " - " * 60,
        "| " * 60,
        "#" * 60,
        "a" * 3000,
        "\ufdfa" * 20,
        "a\u0301\u0316" * 40,
        "\ue000",
        "الوسوم: النهر –\u00a0الجسر",
        "\0",
        "\ufeff",
        "\u3000",
        "\u00a0",
        "©",
    ),
    *(
        "The river rose faster than the engineers of the town had thought in",
        "spring, and the ferry will carry people and goods free of charge",
    ),
)
"""Lines as pages have them, and some that no page should have."""
ENDS = ("\n", "\n\n", "\r\n", "\r", "\u2028", "\u2029", "\x0b", "\x85", "\n \t\n", " ", "", "\ufeff\n", "\n    ")

PAGES = st.lists(
    st.tuples(st.one_of(st.sampled_from(SCRAPS), st.text(max_size=40)), st.sampled_from(ENDS)), max_size=40
).map(lambda parts: "".join(line + end for line, end in parts))


def letters(text: str) -> str:
    """What of a text must not be lost or put elsewhere."""
    return "".join(filter(str.isalnum, text))


def is_part_in_order(part: str, whole: str) -> bool:
    """Whether the letters of a text stand in another in that order, others between them."""
    rest = iter(whole)
    return all(letter in rest for letter in part)


def check_page(text: str, tables: dict[str, list[dict[str, Any]]]) -> None:
    """The laws of every page; AssertionError where one does not hold."""
    blocks, articles, rejected = (tables[name] for name in ("page_blocks", "parsed_articles", "rejected_pages"))
    assert [row["detail"] for row in rejected if row["reason"] == "parser_error"] == []
    assert bool(articles) != bool(rejected)
    if text:
        assert (blocks[0]["char_start"], blocks[-1]["char_end"]) == (0, len(text))
    assert all(one["char_end"] == other["char_start"] for one, other in pairwise(blocks))
    assert all(block["char_start"] < block["char_end"] for block in blocks)
    assert len({row["article_index"] for row in articles}) == len(articles)
    for row in articles:
        assert is_part_in_order(letters(row["body"]), letters(text))
        if row["date_char_start"] is not None:
            assert text[row["date_char_start"] : row["date_char_end"]] == row["date_evidence"]
        if row["published_date"] is not None:
            assert row["date_status"] != "unknown"


@settings(deadline=None, max_examples=200)
@given(PAGES)
def test_any_page_is_parsed_and_nothing_of_it_is_lost(text: str) -> None:
    check_page(text, parse(raw_page(text)))


@settings(deadline=None, max_examples=40)
@given(st.lists(PAGES, min_size=2, max_size=5))
def test_a_page_is_read_the_same_whatever_stands_beside_it(texts: list[str]) -> None:
    pages = [raw_page(text, page_id=str(number)) for number, text in enumerate(texts)]
    forth, back = parse(*pages), parse(*reversed(pages))
    for name, rows in forth.items():
        for page in pages:
            own = [[row for row in table if row["page_id"] == page["page_id"]] for table in (rows, back[name])]
            assert own[0] == own[1]


@settings(deadline=None, max_examples=100)
@given(st.text(st.characters(), max_size=60), PAGES)
def test_halves_of_letters_do_no_harm(odd: str, text: str) -> None:
    text = f"{odd}\ud800{text}\udfff"
    lines = split_lines(text)
    typed = type_lines(lines)
    assemble(text, typed, read_metadata(None), None, "UTC")
    assert (lines[0].start, lines[-1].end) == (0, len(text))


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), st.sampled_from(SCRAPS)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=8,
)
NAMES = ("title", "published", "author", "source", "publisher", "language", "tags", "markup")


@settings(deadline=None, max_examples=100)
@given(st.dictionaries(st.sampled_from(NAMES), JSON), PAGES, st.sampled_from(("text/plain", "text/html")))
def test_any_metadata_is_read(metadata: dict[str, Any], text: str, media_type: str) -> None:
    tables = parse(raw_page(text, metadata=json.dumps(metadata), media_type=media_type))
    assert [row["detail"] for row in tables["rejected_pages"] if row["reason"] == "parser_error"] == []


@pytest.mark.parametrize(
    "metadata",
    [
        *(
            '{"title": "\\ud800 x"}',
            '{"author": "\\ud800"}',
            '{"tags": ["\\udc00"]}',
            '{"published": "\\ud8002024-01-02"}',
        ),
        *("[" * 100_000, '{"a":' * 5000, "9" * 5000, '{"markup": {"main": [[-5, 1e400], [0, 99999999999999999999]]}}'),
        *('{"published": "9999-12-31T23:59:59-12:00"}', '{"published": "0001-01-01T00:00:00+14:00"}'),
    ],
    ids=lambda metadata: metadata[:40],
)
def test_metadata_that_breaks_the_rules_costs_no_page(metadata: str) -> None:
    tables = parse(raw_page(ARTICLE, "odd", metadata=metadata), raw_page(ARTICLE, "sound"))
    assert "sound" in {row["page_id"] for row in tables["parsed_articles"]}
    assert [row["detail"] for row in tables["rejected_pages"] if row["reason"] == "parser_error"] == []


@pytest.mark.parametrize("line", ["1/2/" + "3" * 5000, "20241350T101010Z", "20249950101010 x", "٢٠٢٤١٣٥٠", "2" * 5000])
def test_numbers_that_are_no_dates_cost_no_page(line: str) -> None:
    assert parse(raw_page(f"{line}\n{ARTICLE}{line}\n"))["parsed_articles"]


@pytest.mark.parametrize("blank", "\u00a0\u2003\u3000")
def test_any_blank_beside_a_dash_parts_tags(blank: str) -> None:
    (main,) = parse(raw_page(f"{ARTICLE}الوسوم: النهر –{blank}الجسر الخشبي{blank}- العبارة\n"))["parsed_articles"]
    assert main["tags"] == ["النهر", "الجسر الخشبي", "العبارة"]


def test_a_line_of_wide_spaces_is_blank() -> None:
    wrapped = "The river rose faster than the engineers of the town had thought in\n" * 8
    check_page(f"{wrapped}\u3000\n{wrapped}", parse(raw_page(f"{wrapped}\u3000\n{wrapped}")))
    assert split_lines("\u3000\n\u2003 \u200f\n") == []


def test_runs_of_blanks_and_marks_are_shortened_and_offsets_stay() -> None:
    for run in (" " * 500, " \t\u00a0" * 200, "\u0651\u064e" * 300):
        text = f"ab{run}cd\n"
        (line,) = split_lines(text)
        assert (line.start, line.end, line.written_start, line.written_end) == (0, len(text), 0, len(text) - 1)
        assert len(line.text) < 40
        assert letters(line.text) == "abcd"


@pytest.mark.parametrize(
    "text", ["a\n" * 3_000_000, "x" * 6_000_000, "\n" * 6_000_000 + "x", "a b. " * 1_200_000, "\r" * 6_000_000]
)
def test_of_a_page_that_is_too_long_the_rest_is_one_line(text: str) -> None:
    lines = split_lines(text)
    assert len(lines) <= 20_001
    assert sum(len(line.text) for line in lines) <= 1_000_000
    if lines:
        assert (lines[0].start, lines[-1].end) == (0, len(text))
        assert all(one.end == other.start for one, other in pairwise(lines))


def test_the_article_of_a_page_that_is_too_long_is_kept() -> None:
    text = ARTICLE + "التعليقات\n" + "رأي\n" * 100_000
    tables = parse(raw_page(text))
    check_page(text, tables)
    assert tables["parsed_articles"][0]["body"].split("\n") == [PROSE, MORE]


REPEATED: dict[str, Callable[[int], str]] = {
    "blanks": lambda n: " " * n,
    "mixed blanks": lambda n: " \t\u00a0\u2003" * (n // 4),
    "no-break spaces in a footer": lambda n: "\nجميع الحقوق محفوظة ©" + "\u00a0" * n + "x\n",
    "count": lambda n: "\n12" + " " * n + "x\n",
    "path": lambda n: "\nالرئيسية" + " " * n + "> محليات\n",
    "marks on a letter": lambda n: "a" + "\u0316\u0301" * (n // 2),
    "dashes": lambda n: " - " * (n // 3),
    "dashes and digits": lambda n: "\nالمصدر: x" + "-" * (n // 2) + "1" * (n // 2) + "|\n",
    "capitals": lambda n: "\nBy " + "A" * n + " B\n",
    "bars behind a date": lambda n: "\n12 مارس 2021 " + "|" * n + "\n",
    "bold": lambda n: "**a " * (n // 4),
    "bolder": lambda n: "***a b** " * (n // 9),
    "number signs": lambda n: "\n# " + "#" * n + "x\n",
    "link with blanks": lambda n: "\n[a](b" + " c" * (n // 2) + " )\n",
    "brackets": lambda n: "[" * (n // 2) + "](" * (n // 4),
    "table of blanks": lambda n: "\n|" + " " * n + "a |\n**\n",
    "short lines": lambda n: "\nرأي" * (n // 4),
    "line ends": lambda n: "\r" * (n // 2) + "a\u2028" * (n // 4),
    "prose": lambda n: f"\n{PROSE}" * (n // 120),
    "dates": lambda n: "".join(f"\n{day % 28 + 1}/{day % 12 + 1}/{1990 + day % 30} 10:30" for day in range(n // 16)),
    "labels": lambda n: "\nاقرأ أيضا" * (n // 10),
    "titles": lambda n: f"\n{TITLE}" * (n // 36),
    "links": lambda n: "\n[أعمال الجسر تبدأ في الخريف المقبل](http://a.b/c)" * (n // 50),
    "bylines": lambda n: "".join(f"\nبقلم: سامي {'ابجدهوز'[i % 7]}{i}" for i in range(n // 18)),
    "names in footers": lambda n: "".join(f"\nجميع الحقوق محفوظة © 2024 بوابة {i}" for i in range(n // 42)),
    "names beside stamps": lambda n: "".join(f"\n2024-02-09@08:15:30 GMT | بوابة {i}" for i in range(n // 36)),
    "articles": lambda n: f"\n* * *\n{TITLE} اليوم\n{PROSE}\n{MORE}" * (n // 280),
    "numbers": lambda n: "".join(f"\n{i} 12 {i} 12 x" for i in range(n // 16)),
    "tags": lambda n: "\nالوسوم: " + "، ".join(f"جسر {i}" for i in range(n // 8)),
}


@pytest.mark.parametrize("where", ["above", "below"])
@pytest.mark.parametrize("name", REPEATED)
def test_time_for_a_page_is_bounded(name: str, where: str) -> None:
    """Patterns and loops whose time grows by the square make seconds to hours of these; all take well below one."""
    odd = REPEATED[name](100_000)
    text = odd + "\n" + ARTICLE if where == "above" else ARTICLE + odd
    began = time.process_time()
    tables = parse(raw_page(text))
    assert time.process_time() - began < 3
    assert [row["detail"] for row in tables["rejected_pages"] if row["reason"] == "parser_error"] == []
    blocks = tables["page_blocks"]
    assert (blocks[0]["char_start"], blocks[-1]["char_end"]) == (0, len(text))
