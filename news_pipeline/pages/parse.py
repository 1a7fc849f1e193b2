"""Pages in, blocks and articles and refusals out: the stage function of the package."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pyarrow as pa

from news_pipeline import contract
from news_pipeline.arabic.keys import word_key
from news_pipeline.pages.assemble import Metadata, assemble, read_metadata
from news_pipeline.pages.blocks import type_lines
from news_pipeline.pages.lines import split_lines
from news_pipeline.pages.markup import line_marks
from news_pipeline.pages.reading import TypedLine

PARSER_VERSION = "2"
"""Version of the parsing rules; to be raised with every change of what they yield."""

FEWEST_WORDS = 6
"""A body of fewer words is no article."""
_ERROR_PAGES = tuple(
    word_key(phrase)
    for phrase in (
        *(
            "page not found",
            "not found",
            "404",
            "403 forbidden",
            "access denied",
            "الصفحة غير موجودة",
            "الصفحة المطلوبة",
        ),
        *("page introuvable", "صفحه مورد نظر یافت نشد", "just a moment", "are you a robot", "enable javascript"),
    )
)

Row = dict[str, Any]


def parse_pages(raw_pages: pa.Table, time_zone: str = "UTC") -> dict[str, pa.Table]:
    """Parses a chunk of pages.

    Args:
        raw_pages: rows of ``raw_pages``.
        time_zone: zone whose calendar day an instant with a zone falls on.

    Returns:
        Tables ``page_blocks``, ``parsed_articles`` and ``rejected_pages``. Each page is in one of the last two, never
        in both; each page with text has blocks that tile it. A time stated without a zone is read as UTC.
    """
    blocks: list[Row] = []
    articles: list[Row] = []
    rejected: list[Row] = []
    for page in raw_pages.to_pylist():
        try:
            page_blocks, page_articles, refusal = _parse_page(page, time_zone)
        except Exception as error:  # one page must not take the chunk with it; it is refused with what went wrong
            page_blocks, page_articles = _one_block(page), []
            refusal = ("parser_error", f"{type(error).__name__}: {error}"[:500])
        blocks.extend(page_blocks)
        articles.extend(page_articles)
        if refusal is not None:
            rejected.append(
                {name: page.get(name) for name in ("page_id", "dump", "file", "member", "byte_start", "byte_end")}
                | {"reason": refusal[0], "detail": refusal[1]}
            )
    return {
        "page_blocks": contract.from_rows("page_blocks", blocks),
        "parsed_articles": contract.from_rows("parsed_articles", articles),
        "rejected_pages": contract.from_rows("rejected_pages", rejected),
    }


def _parse_page(page: Row, time_zone: str) -> tuple[list[Row], list[Row], tuple[str, str | None] | None]:
    """Blocks, articles, and reason and detail of the refusal where there is no article."""
    text: str = page.get("text") or ""
    if page.get("error"):
        return _one_block(page), [], (page["error"], page.get("error_detail"))
    lines = split_lines(text)
    if not lines:
        return _one_block(page), [], ("no_article", "The page holds no text.")
    metadata = read_metadata(page.get("metadata"))
    media_type = page.get("media_type") or ""
    body_only = bool(metadata.title) and "html" not in media_type
    marks = (
        line_marks([(line.written_start, line.written_end) for line in lines], metadata.markup)
        if metadata.markup
        else ()
    )
    typed = type_lines(lines, metadata.title or None, body_only, marks)
    fetched_at: datetime | None = page.get("fetched_at")
    rows = assemble(text, typed, metadata, fetched_at, time_zone)
    refusal = _why_no_article(typed, rows, metadata)
    if refusal is not None:
        rows = []
        typed = [t._replace(kind="other" if t.article is not None else t.kind, article=None) for t in typed]
    for row in rows:
        row |= {"page_id": page["page_id"], "dump": page["dump"], "parser_version": PARSER_VERSION}
        row["url"] = page.get("url") if row["role"] == "main" else None
    blocks = [
        {
            "page_id": page["page_id"],
            "dump": page["dump"],
            "block_index": index,
            "kind": t.kind,
            "article_index": t.article,
            "char_start": t.line.start,
            "char_end": t.line.end,
        }
        for index, t in enumerate(typed)
    ]
    return blocks, rows, refusal


def _why_no_article(typed: list[TypedLine], rows: list[Row], metadata: Metadata) -> tuple[str, str | None] | None:
    if not rows:
        if any(_is_error(t.line.key) for t in typed[:5]):
            return "no_article", f"The page is an error message: {typed[0].line.text[:200]}"
        return "no_article", f"None of {len(typed)} lines opens a running text."
    main = rows[0]
    if main["word_count"] < FEWEST_WORDS and not metadata.title:
        return "no_article", f"The body has only {main['word_count']} words."
    if main["word_count"] < 80 and _is_error(word_key(main["title"] or "")):
        return "no_article", f"The page is an error message: {main['title']}"
    return None


def _is_error(key: str) -> bool:
    """Whether a headline is the message of a server that did not give the page."""
    return any(f" {phrase} " in f" {key} " for phrase in _ERROR_PAGES)


def _one_block(page: Row) -> list[Row]:
    """The whole text as one block, where nothing more can be said of it."""
    text: str = page.get("text") or ""
    if not text:
        return []
    return [
        {
            "page_id": page["page_id"],
            "dump": page["dump"],
            "block_index": 0,
            "kind": "other",
            "article_index": None,
            "char_start": 0,
            "char_end": len(text),
        }
    ]
