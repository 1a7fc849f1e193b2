"""The kinds of lines whose markup says what they are, as in HTML.

Belongs here: laying the marks of ``markup`` over the lines, with labels still read where a mark covers more than one
kind. Does not belong here: pages without markup, and what the markup says nothing about (``head``, ``body``).
"""

from __future__ import annotations

from collections.abc import Sequence

from news_pipeline.arabic.keys import word_key
from news_pipeline.pages.body import type_after
from news_pipeline.pages.reading import Reading

_LABELLED = frozenset(("attribution", "tags"))
_ANNOUNCED = frozenset(("read_more_value", "related_value"))
_FURNITURE = frozenset(("share", "promo", "views", "skip", "image", "menu", "related", "read_more", "footer"))
_BESIDE_TITLE = 5


def type_marked(page: Reading, marks: Sequence[str | None], stated_title: str | None) -> bool:
    """Types the lines of a page whose markup tells its running text.

    Args:
        page: the lines; kinds are put in.
        marks: mark of each line (``markup.line_marks``).
        stated_title: title that the markup states.

    Returns:
        Whether the markup told a text; if not, nothing is typed.
    """
    main = [i for i, mark in enumerate(marks) if mark == "main"]
    if not main:
        return False
    first, last = main[0], main[-1]
    title = _title(page, marks, stated_title)
    for i, mark in enumerate(marks):
        if i == title or (title is not None and page.lines[i].key == page.lines[title].key and i < first):
            page.hints[i] = None
            page.put(i, "title", 0)
        elif mark == "main":
            _put_text(page, i)
        elif mark == "related":
            page.hints[i] = None
            page.put(i, "inline_headline" if first < i < last else "related_headline", 0)
        elif mark in ("byline", "tags"):
            page.hints[i] = page.hints[i] if page.hints[i] == mark else None
            page.put(i, mark, 0)
        elif mark == "time":
            page.put(i, "publish_date", 0)
        elif mark is not None:
            page.put_furniture(i)
        elif i <= last:
            _put_unmarked(page, i, title)
    type_after(page, last + 1)
    return True


def _title(page: Reading, marks: Sequence[str | None], stated: str | None) -> int | None:
    """The line of the headline: the one marked so, else the one that says what the markup states."""
    marked = next((i for i, mark in enumerate(marks) if mark == "title"), None)
    if marked is not None or not stated:
        return marked
    key = word_key(stated)
    return next(
        (
            i
            for i, line in enumerate(page.lines)
            if line.words >= 3 and (line.key == key or key.startswith(line.key + " "))
        ),
        None,
    )


def _put_text(page: Reading, i: int) -> None:
    """Types a line of the running text, where its label says that it is something else."""
    hint = page.hints[i]
    if hint in _LABELLED and page.lines[i].words <= 30:
        page.put(i, hint, 0)
    elif hint in _ANNOUNCED:
        page.put(i, "inline_headline", 0)
    elif hint in _FURNITURE and page.lines[i].words <= 20:
        page.put_furniture(i)
    else:
        page.hints[i] = None
        page.put(i, "body", 0)


def _put_unmarked(page: Reading, i: int, title: int | None) -> None:
    """Types a line above or between the text that the markup says nothing about."""
    hint = page.hints[i]
    beside = title is not None and abs(i - title) <= _BESIDE_TITLE
    if hint in ("published", "byline") and beside:
        page.put(i, "publish_date" if hint == "published" else "byline", 0)
    elif page.dated[i] and beside:
        page.put(i, "publish_date", 0)
    elif hint in _LABELLED:
        page.put(i, hint, 0)
    else:
        page.put_furniture(i)
