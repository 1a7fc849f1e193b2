"""What each line of a page is for: typed by its label, its shape, its words and its place among the others.

A page is read as a person reads it. Some lines say what they are (``hints``). The headline and the first paragraph
after it part the head (``head``) from the body and what follows it (``body``).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from news_pipeline.pages.body import type_body
from news_pipeline.pages.head import type_head
from news_pipeline.pages.lines import Line
from news_pipeline.pages.marked import type_marked
from news_pipeline.pages.reading import Reading, TypedLine

MOST_LINES = 3000
"""Lines of a page that are typed, which bounds the time for it; what follows is kept as ``other``. News pages have some
hundred, live reports with all their comments seldom more than a thousand."""


def type_lines(
    lines: list[Line],
    stated_title: str | None = None,
    body_only: bool = False,
    marks: Sequence[str | None] = (),
    recurring: Collection[str] = (),
) -> list[TypedLine]:
    """Types the lines of a page.

    Args:
        lines: the page's lines (``split_lines``).
        stated_title: title that the container or the markup states.
        body_only: the text is the body of a record whose title stands elsewhere, so that it has no head.
        recurring: keys of lines that recur on pages of other articles.
        marks: what the markup says of each line (``markup.line_marks``); empty for a page without markup.

    Returns:
        One ``TypedLine`` per line, in order. Kinds ``body`` and ``title`` are missing where no article was found.
    """
    if not lines:
        return []
    if len(lines) > MOST_LINES:
        rest = [TypedLine(line, "other", None) for line in lines[MOST_LINES:]]
        return type_lines(lines[:MOST_LINES], stated_title, body_only, marks[:MOST_LINES], recurring) + rest
    page = Reading(lines, recurring)
    if marks and type_marked(page, marks, stated_title):
        return page.typed()
    start = type_head(page, stated_title, body_only)
    if start is None:
        for position, kind in enumerate(page.kinds):
            if kind is None:
                page.put_furniture(position)
    else:
        type_body(page, start, body_only)
    return page.typed()
