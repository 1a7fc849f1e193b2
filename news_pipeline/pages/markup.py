"""What the markup says of each line of a page: ranges of the text, as the HTML reader left them, laid over its lines.

Belongs here: reading the ``markup`` object of ``raw_pages.metadata``. Does not belong here: finding the ranges, which
takes the markup itself (``dumps.html_markup``), and deciding what a line is for, which also takes its words (``blocks``).

The object ``markup`` stands in the metadata of HTML pages only. Each key is a mark, and each mark is optional::

    {
        "title": [[s, e]],                  headline of the article, where the page shows it first
        "main": [[s, e], …],                running text: standfirst, paragraphs, sub-headings, quotations, list items
        "caption": [[s, e], …],             captions and credits of pictures, tables and videos
        "byline": [[s, e], …],              who wrote it
        "time": [[s, e, "2024-03-05"], …],  a visible date of the article itself, with the value the markup gives it
        "tags": [[s, e], …],                each visible tag of the article
        "related": [[s, e], …],             headlines of other stories: lines that are links, inside or outside the text
        "furniture": [[s, e], …]            menus, asides, share bars, newsletter boxes, comments, footers, headers of boxes
    }

``s`` and ``e`` are code points of ``raw_pages.text``, half-open, from the first to the last visible character of the
first and the last line they cover, so that a range may run over several lines. Ranges are sorted and disjoint, those of
different marks too. What no range covers, the markup says nothing about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

MARKS = ("title", "main", "caption", "byline", "time", "tags", "related", "furniture")
"""Every mark, in the order that decides between two that cover a line equally."""


def line_marks(text_lines_spans: Sequence[tuple[int, int]], markup: Mapping[str, Any] | None) -> list[str | None]:
    """The mark of each line: the one that covers most of it, and at least half.

    Args:
        text_lines_spans: start and end of each line as written, in code points of the page, sorted and disjoint.
        markup: the object described above; None, and anything in it that is not as described, says nothing.

    Returns:
        One of ``MARKS`` or None for each line.
    """
    ranges = _ranges(markup)
    marks: list[str | None] = []
    first = 0
    for start, end in text_lines_spans:
        while first < len(ranges) and ranges[first][1] <= start:
            first += 1
        covered = dict.fromkeys(MARKS, 0)
        position = first
        while position < len(ranges) and ranges[position][0] < end:
            range_start, range_end, mark = ranges[position]
            covered[mark] += max(0, min(end, range_end) - max(start, range_start))
            position += 1
        best = max(MARKS, key=covered.__getitem__)
        marks.append(best if covered[best] * 2 >= max(1, end - start) else None)
    return marks


def _ranges(markup: Mapping[str, Any] | None) -> list[tuple[int, int, str]]:
    """All ranges of all marks, sorted; of two that overlap the one that begins first keeps its place."""
    found: list[tuple[int, int, str]] = []
    for mark in MARKS:
        stated = markup.get(mark) if isinstance(markup, Mapping) else None
        found.extend(
            (item[0], item[1], mark)
            for item in (stated if isinstance(stated, list) else [])
            if isinstance(item, list) and len(item) >= 2 and type(item[0]) is int and type(item[1]) is int
        )
    found.sort(key=lambda item: item[:2])
    disjoint: list[tuple[int, int, str]] = []
    reached = 0
    for start, end, mark in found:
        if max(start, reached) < end:
            disjoint.append((max(start, reached), end, mark))
            reached = end
    return disjoint
