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
    "tags": [],
    "body": [],
    "inline_headlines": [],
    "related_headlines": [],
    "embedded": [],
}
"""What is expected of a field that a page's ``.json`` leaves out."""
OF_EMBEDDED: dict[str, Any] = {"title": None, "published_date": None, "body": []}


def read_layout(name: str) -> tuple[str, dict[str, Any]]:
    """The text of a page and what its ``.json`` states."""
    text = (FOLDER / f"{name}.txt").read_text("utf-8")
    return text, json.loads((FOLDER / f"{name}.json").read_text("utf-8"))


def complete(stated: dict[str, Any]) -> dict[str, Any]:
    """All fields that are compared: those stated, and nothing for the others."""
    fields = {**NOTHING, **stated}
    del fields["about"]
    fields["embedded"] = [{**OF_EMBEDDED, **article} for article in fields["embedded"]]
    return fields


@cache
def found(text: str) -> dict[str, Any]:
    """The same fields as the parser finds them."""
    articles = [_plain(row) for row in parse(raw_page(text))["parsed_articles"]]
    if not articles:
        return {}
    return {**articles[0], "embedded": [{key: row[key] for key in OF_EMBEDDED} for row in articles[1:]]}


def _plain(article: dict[str, Any]) -> dict[str, Any]:
    """A row with its paragraphs as a list and its dates as ISO strings."""
    dates = {key: article[key].isoformat() if article[key] else None for key in ("published_date", "published_at", "crawled_at")}
    return {**article, **dates, "body": article["body"].split("\n")}
