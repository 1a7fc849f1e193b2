"""Pages whose markup says what their lines are: the marks are believed, and labels still read beside them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from news_pipeline.pages.markup import MARKS
from news_pipeline_tests.pages.pages import parse, raw_page

Row = tuple[str | None, str]
"""A line with its mark."""
FIRST = "The lock keeper closed the gates at noon, and by two o'clock eleven barges were waiting above the weir."
SECOND = "Nobody was hurt, said the lock keeper, who has worked on the canal since he was sixteen years old."
LAST = "The gates will open again on Sunday."


def page_of(rows: list[Row], **metadata: Any) -> dict[str, Any]:
    """An HTML page of some lines with the metadata that its reader would have left."""
    markup: dict[str, list[list[Any]]] = {}
    text = ""
    for mark, line in rows:
        if mark is not None:
            markup.setdefault(mark, []).append([len(text), len(text) + len(line)])
        text += line + "\n"
    return raw_page(text, media_type="text/html", metadata=json.dumps({"markup": markup, **metadata}))


def article_of(rows: list[Row], **metadata: Any) -> dict[str, Any]:
    """The main article of such a page."""
    found: dict[str, Any] = parse(page_of(rows, **metadata))["parsed_articles"][0]
    return found


def kinds_of(rows: list[Row], **metadata: Any) -> dict[str, str]:
    """Kind of each line by its words."""
    page = page_of(rows, **metadata)
    blocks = parse(page)["page_blocks"]
    return {page["text"][block["char_start"] : block["char_end"]].strip(): block["kind"] for block in blocks}


PAGE: list[Row] = [
    ("furniture", "Canal Times"),
    ("furniture", "News"),
    ("furniture", "Boats"),
    ("title", "Eleven barges wait as the lock is closed"),
    ("byline", "By Nora Whitfield"),
    ("time", "12 May 2024"),
    ("caption", "The lock at noon. Photo: Ann Birch"),
    ("main", FIRST),
    ("related", "Ferry service cut as estuary silts up"),
    ("main", SECOND),
    ("main", "What happens next"),
    ("main", LAST),
    ("tags", "Canals"),
    ("tags", "Locks"),
    ("furniture", "Most read"),
    ("related", "The baker who delivers by kayak"),
    ("related", "Council tax to rise by four per cent"),
    ("furniture", "© 2024 Canal Times"),
]


def test_a_page_is_what_its_marks_say() -> None:
    main = article_of(PAGE, source="Canal Times")
    assert main["title"] == "Eleven barges wait as the lock is closed"
    assert main["byline"] == "Nora Whitfield"
    assert main["published_date"].isoformat() == "2024-05-12"
    assert main["source_name"] == "Canal Times"
    assert main["body"].split("\n") == [FIRST, SECOND, "What happens next", LAST]
    assert main["inline_headlines"] == ["Ferry service cut as estuary silts up"]
    assert main["related_headlines"] == ["The baker who delivers by kayak", "Council tax to rise by four per cent"]
    assert main["tags"] == ["Canals", "Locks"]


def test_marked_furniture_is_no_text_however_long() -> None:
    notice = "We use small files on your device to remember that you were here and to count how many people read us."
    kinds = kinds_of([("furniture", notice), *PAGE])
    assert kinds[notice] != "body"
    assert kinds[FIRST] == "body"


def test_marked_text_stays_however_short() -> None:
    rows: list[Row] = [
        ("title", "Lock closed"),
        ("main", FIRST),
        ("main", "Silence."),
        ("main", "« Enfin ! »"),
        ("main", LAST),
    ]
    assert article_of(rows)["body"].split("\n") == [FIRST, "Silence.", "« Enfin ! »", LAST]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Source: Canal Times", "attribution"),
        ("Tags: canals, locks, barges", "tags"),
        ("Read more: Ferry service cut as estuary silts up", "inline_headline"),
        ("Share this article", "share_bar"),
        ("اقرأ أيضا: قروض جديدة لأصحاب القوارب", "inline_headline"),
    ],
)
def test_labels_are_read_within_marked_text(line: str, kind: str) -> None:
    rows: list[Row] = [
        ("title", "Lock closed at noon"),
        ("main", FIRST),
        ("main", line),
        ("main", SECOND),
        ("main", LAST),
    ]
    kinds = kinds_of(rows)
    assert kinds[line] == kind
    assert [kinds[text] for text in (FIRST, SECOND, LAST)] == ["body"] * 3


@pytest.mark.parametrize(
    "line",
    [
        "وقال المصدر: إن البوابة ستفتح يوم الأحد وإن القوارب المنتظرة ستعبر مجانا.",
        "The source of the leak: a rusted hinge that nobody had looked at since the war.",
        "Share prices of the two barge owners fell by a tenth after the news.",
    ],
)
def test_words_of_labels_in_marked_prose_are_prose(line: str) -> None:
    rows: list[Row] = [("title", "Lock closed at noon"), ("main", FIRST), ("main", line), ("main", LAST)]
    assert article_of(rows)["body"].split("\n") == [FIRST, line, LAST]


def test_a_title_that_is_only_stated_is_found_on_the_page() -> None:
    rows: list[Row] = [(None, "Eleven barges wait as the lock is closed"), (None, "12 May 2024"), *PAGE[7:]]
    main = article_of(rows, title="Eleven barges wait as the lock is closed | Canal Times", published="2024-05-12")
    assert main["title"] == "Eleven barges wait as the lock is closed"
    assert main["published_date"].isoformat() == "2024-05-12"


def test_date_and_byline_beside_the_title_need_no_mark() -> None:
    rows: list[Row] = [
        ("title", "Eleven barges wait as the lock is closed"),
        (None, "By Nora Whitfield"),
        (None, "Published 12 May 2024"),
        *PAGE[7:12],
    ]
    main = article_of(rows)
    assert (main["byline"], main["published_date"].isoformat()) == ("Nora Whitfield", "2024-05-12")


def test_what_follows_the_marked_text_is_still_read() -> None:
    rows: list[Row] = [*PAGE[:12], (None, "Tags: canals, locks"), (None, "Source: Canal Times"), *PAGE[14:]]
    main = article_of(rows)
    assert main["tags"] == ["canals", "locks"]
    assert main["source_name"] == "Canal Times"
    assert main["related_headlines"] == ["The baker who delivers by kayak", "Council tax to rise by four per cent"]


def test_comments_below_the_marked_text_are_no_text() -> None:
    comment = "I have passed this lock every summer for forty years and I have never seen it closed at noon before."
    rows: list[Row] = [*PAGE[:12], (None, "Comments (1)"), (None, "Old Ferryman"), (None, comment)]
    assert article_of(rows)["body"].split("\n")[-1] == LAST
    assert kinds_of(rows)[comment] == "comments"


def test_without_marks_of_the_text_the_page_is_read_by_its_words() -> None:
    rows: list[Row] = [(None if mark == "main" else mark, line) for mark, line in PAGE]
    rows = [(mark if mark != "furniture" else None, line) for mark, line in rows]
    body = article_of(rows)["body"].split("\n")
    assert {FIRST, SECOND, LAST} <= set(body)


_ROWS = st.lists(
    st.tuples(
        st.sampled_from([None, *MARKS]), st.one_of(st.sampled_from([line for _, line in PAGE]), st.text(max_size=30))
    ),
    max_size=14,
)


@settings(max_examples=100, deadline=None)
@given(_ROWS, st.booleans())
def test_laws_of_marked_pages(rows: list[Row], titled: bool) -> None:
    page = page_of(rows, **({"title": "Eleven barges wait as the lock is closed"} if titled else {}))
    tables = parse(page)
    blocks = tables["page_blocks"]
    assert "".join(page["text"][block["char_start"] : block["char_end"]] for block in blocks) == page["text"]
    assert bool(tables["parsed_articles"]) != bool(tables["rejected_pages"])
    assert not any(row["reason"] == "parser_error" for row in tables["rejected_pages"])
