"""Whole pages as real sites print them and text tools save them, against what a careful reader finds in each.

``layouts/`` holds one ``.txt`` per page and beside it a ``.json`` with what a reader expects; a field that a page does
not have is left out there. All texts are written for these tests.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from news_pipeline_tests.pages.pages import parse, raw_page

FOLDER = Path(__file__).with_name("layouts")
LAYOUTS = sorted(path.stem for path in FOLDER.glob("*.txt"))
NOTHING: dict[str, Any] = {
    "title": None,
    "source_name": None,
    "byline": None,
    "published_date": None,
    "crawled_at": None,
    "language": None,
    "tags": [],
    "body": [],
    "inline_headlines": [],
    "related_headlines": [],
    "embedded": [],
}
"""What is expected of a field that a page's ``.json`` leaves out."""
HARD_WRAPPED = frozenset(("en_lynx_references",))
OF_EMBEDDED: dict[str, Any] = {"title": None, "published_date": None, "body": []}
NOT_YET: dict[tuple[str, str], str] = {
    ("ar_innertext_boxes", "byline"): "the outlet's own name below the headline is taken for an author",
    ("ar_innertext_boxes", "body"): "a caption credited to the page's own outlet is taken for text",
    ("en_boxes_in_body", "body"): "the paragraph after the last teaser of a box is taken for a teaser",
    ("en_boxes_in_body", "inline_headlines"): "a pull quote is taken for a headline, as its paragraph is not seen",
    ("en_lynx_references", "source_name"): "the names of feeds are not parted from the outlet's",
    (
        "fr_markdown_links",
        "body",
    ): "a bold standfirst below an image is taken for its caption; so is a question for a headline",
    ("fr_markdown_links", "inline_headlines"): "a sub-heading that asks a question is taken for another headline",
}
"""Fields of pages that the parser is known to read otherwise, with what goes wrong."""


def read_layout(name: str) -> tuple[str, dict[str, Any]]:
    """The text of a page and what its ``.json`` states."""
    text = (FOLDER / f"{name}.txt").read_bytes().decode("utf-8")
    return text, json.loads((FOLDER / f"{name}.json").read_text("utf-8"))


def complete(stated: dict[str, Any]) -> dict[str, Any]:
    """All fields that are compared: those stated, and nothing for the others."""
    fields = {**NOTHING, **stated}
    del fields["about"]
    fields["embedded"] = [{**OF_EMBEDDED, **article} for article in fields["embedded"]]
    return fields


@cache
def found(text: str) -> dict[str, Any]:
    """The same fields as the parser finds them; empty where it finds no article."""
    articles = [_plain(row) for row in parse(raw_page(text))["parsed_articles"]]
    if not articles:
        return {}
    return {**articles[0], "embedded": [{key: row[key] for key in OF_EMBEDDED} for row in articles[1:]]}


def _plain(article: dict[str, Any]) -> dict[str, Any]:
    """A row with its paragraphs as a list and its dates as ISO strings."""
    stated = {key: article[key] for key in ("published_date", "published_at", "crawled_at")}
    dates = {key: value.isoformat() if value else None for key, value in stated.items()}
    return {**article, **dates, "body": article["body"].split("\n")}


def _cases() -> list[Any]:
    """One case per page and field."""
    cases = []
    for name in LAYOUTS:
        for field in complete(read_layout(name)[1]):
            reason = NOT_YET.get((name, field))
            marks = [pytest.mark.xfail(strict=True, reason=reason)] if reason else []
            cases.append(pytest.param(name, field, marks=marks, id=f"{name}-{field}"))
    return cases


@pytest.mark.parametrize(("name", "field"), _cases())
def test_a_reader_finds(name: str, field: str) -> None:
    text, stated = read_layout(name)
    assert found(text).get(field) == complete(stated)[field]


@pytest.mark.parametrize("name", LAYOUTS)
def test_blocks_tile_the_page(name: str) -> None:
    text, _ = read_layout(name)
    for written in (text, text.replace("\n", "\r\n"), f"\ufeff{text}\n\n\u00a0\n"):
        blocks = parse(raw_page(written))["page_blocks"]
        assert "".join(written[block["char_start"] : block["char_end"]] for block in blocks) == written


def _rewritten(text: str, name: str) -> dict[str, str]:
    """A page as other tools would have saved it: other line ends, spaces and blank lines around the same lines."""
    lines = [line for line in text.split("\n") if line.strip()]
    others = {
        "carriage returns": text.replace("\n", "\r\n"),
        "byte order mark": f"\ufeff{text}",
        "trailing spaces": text.replace("\n", "  \n"),
    }
    if name in HARD_WRAPPED:
        return others  # blank lines part its paragraphs
    return others | {
        "no blank lines": "\n".join(lines),
        "a blank line each": "\n\n".join(lines),
        "bidi marks": "\n".join(f"\u200f{line}" for line in text.split("\n")),
    }


@pytest.mark.parametrize("name", LAYOUTS)
def test_space_around_the_lines_does_not_matter(name: str) -> None:
    text, _ = read_layout(name)
    here = {key: found(text).get(key) for key in NOTHING}
    for how, other in _rewritten(text, name).items():
        assert {key: found(other).get(key) for key in NOTHING} == here, how


def test_every_field_that_is_not_read_yet_is_one_of_a_page() -> None:
    for name, field in NOT_YET:
        assert field in complete(read_layout(name)[1])
