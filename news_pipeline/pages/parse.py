"""Pages in, blocks and articles and refusals out: the stage function of the package."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from itertools import chain
from typing import Any

import pyarrow as pa

from news_pipeline import contract
from news_pipeline.arabic.keys import word_key
from news_pipeline.pages.assemble import Metadata, assemble, read_metadata
from news_pipeline.pages.blocks import type_lines
from news_pipeline.pages.lines import split_lines
from news_pipeline.pages.markup import line_marks
from news_pipeline.pages.reading import TypedLine

PARSER_VERSION = "3"
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
Block = tuple[str, int | None, int, int]
"""Kind, index of the article, first code point and the one after the last."""


def parse_pages(
    raw_pages: pa.Table, time_zone: str = "UTC", recurring: Collection[str] = frozenset()
) -> dict[str, pa.Table]:
    """Parses a chunk of pages.

    Args:
        raw_pages: rows of ``raw_pages``.
        time_zone: zone whose calendar day an instant with a zone falls on.
        recurring: keys of lines that recur on pages of other articles of the dump (``recurring.recurring_lines``).

    Returns:
        Tables ``page_blocks``, ``parsed_articles`` and ``rejected_pages``. Each page is in one of the last two, never
        in both; each page with text has blocks that tile it. A time stated without a zone is read as UTC.
    """
    blocks: list[list[Block]] = []
    articles: list[Row] = []
    rejected: list[Row] = []
    pages = raw_pages.to_pylist()
    for page in pages:
        try:
            page_blocks, page_articles, refusal = _parse_page(page, time_zone, recurring)
        except Exception as error:  # one page must not take the chunk with it; it is refused with what went wrong
            page_blocks, page_articles = _one_block(page), []
            refusal = ("parser_error", f"{type(error).__name__}: {error}"[:500])
        blocks.append(page_blocks)
        articles.extend(page_articles)
        if refusal is not None:
            rejected.append(
                {name: page.get(name) for name in ("page_id", "dump", "file", "member", "byte_start", "byte_end")}
                | {"reason": refusal[0], "detail": refusal[1]}
            )
    return {
        "page_blocks": _block_table(pages, blocks),
        "parsed_articles": contract.from_rows("parsed_articles", articles),
        "rejected_pages": contract.from_rows("rejected_pages", rejected),
    }


def _parse_page(
    page: Row, time_zone: str, recurring: Collection[str]
) -> tuple[list[Block], list[Row], tuple[str, str | None] | None]:
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
    typed = type_lines(lines, metadata.title or None, body_only, marks, () if body_only else recurring)
    fetched_at: datetime | None = page.get("fetched_at")
    rows = assemble(text, typed, metadata, fetched_at, time_zone)
    refusal = _why_no_article(typed, rows, metadata)
    if refusal is not None:
        rows = []
        typed = [t._replace(kind="other" if t.article is not None else t.kind, article=None) for t in typed]
    for row in rows:
        row |= {"page_id": page["page_id"], "dump": page["dump"], "parser_version": PARSER_VERSION}
        row["url"] = page.get("url") if row["role"] == "main" else None
    return [(t.kind, t.article, t.line.start, t.line.end) for t in typed], rows, refusal


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


def _one_block(page: Row) -> list[Block]:
    """The whole text as one block, where nothing more can be said of it."""
    text: str = page.get("text") or ""
    return [("other", None, 0, len(text))] if text else []


def _block_table(pages: list[Row], blocks: list[list[Block]]) -> pa.Table:
    """The table ``page_blocks``, made column by column: of all tables it has most rows by far."""
    kinds, articles, starts, ends = zip(*chain.from_iterable(blocks), strict=True) if any(blocks) else ((), (), (), ())
    columns = {
        "page_id": [page["page_id"] for page, own in zip(pages, blocks, strict=True) for _ in own],
        "dump": [page["dump"] for page, own in zip(pages, blocks, strict=True) for _ in own],
        "block_index": [index for own in blocks for index in range(len(own))],
        "kind": kinds,
        "article_index": articles,
        "char_start": starts,
        "char_end": ends,
    }
    return pa.Table.from_pydict(columns, schema=contract.TABLES["page_blocks"].schema)
