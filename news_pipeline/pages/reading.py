"""The lines of one page while they are being typed: what each says it is, and what it has been found to be."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from typing import NamedTuple

from news_pipeline.pages.bylines import is_byline
from news_pipeline.pages.headlines import content_words, is_headline_like
from news_pipeline.pages.hints import label_of_row, own_kind, says_when
from news_pipeline.pages.labels import Label, match_label
from news_pipeline.pages.lines import Line, plain_line

_LONGEST_DATE_LINE = 16
_SHORT = 60
_LONG, _LONGEST_CREDIT, _SHORTEST_CAPTION = 20, 4, 5
_SHORTEST_ALT_TEXT = 2
"""Words of a picture's own text that say enough to know its caption by."""
_LONGEST_FURNITURE = 1500
"""Characters: what is longer is text, however few words it has."""
_DATE_LABELS = frozenset(("published", "updated", "crawled"))
_FURNITURE = {
    "crawl_stamp": "crawl_stamp",
    "crawled": "crawl_stamp",
    "breadcrumb": "breadcrumb",
    "menu": "breadcrumb",
    "share": "share_bar",
    "promo": "promo",
    "consent": "promo",
    "footer": "footer",
    "comments": "comments",
    "reply": "comments",
    "related": "related_header",
    "read_more": "related_header",
    "ticker": "related_headline",
    "related_value": "related_headline",
    "read_more_value": "related_headline",
}


class TypedLine(NamedTuple):
    """A line and what it is for.

    Attributes:
        line: the line.
        kind: one of ``contract.PAGE_BLOCK_KINDS``.
        article: index of the article it belongs to, ``None`` for furniture.
        value_start: offset in ``line.text`` of what a label announces, 0 where no label counts.
        role: for lines of one kind with several uses: ``updated``, ``tags``, ``published`` … or "".
    """

    line: Line
    kind: str
    article: int | None
    value_start: int = 0
    role: str = ""


def opens_text(line: Line) -> bool:
    """Whether a line that is no headline is running text."""
    if line.link or line.level or line.form:
        return False
    return line.is_prose or (line.words >= 6 and line.stops)


def _read(line: Line) -> tuple[Label | None, str | None]:
    """The label a line starts with, and what it says it is."""
    if len(line.text) > _LONGEST_FURNITURE:
        return None, None
    label = match_label(line.text, line.key)
    hint = own_kind(line, label)
    if label is None and hint is None and ":" in line.text and (row := label_of_row(line)):
        return row, "row_of_phrases"
    return label, hint


@lru_cache(maxsize=8192)  # labels, menus and notices come again on every page of a site
def _read_short(text: str, key: str) -> tuple[Label | None, str | None]:
    """``_read`` of a short line that is nothing but text."""
    return _read(plain_line(text, key))


class Reading:
    """The lines of one page, their labels and hints, and the kinds they have got so far.

    Attributes:
        lines: the lines.
        labels: the label each starts with.
        hints: what each says it is (``hints.own_kind``); set to ``None`` where its place shows that it does not count.
        dated: whether a line is nothing but a date.
        opens_text: whether a line is running text by its build rather than a headline.
        headline_like: whether a line could be a headline by its build (``headlines.is_headline_like``).
        recurring: keys of lines that recur on pages of other articles.
        kinds: block kind of each, ``None`` while it is open.
        articles: index of the article each belongs to.
    """

    def __init__(self, lines: list[Line], recurring: Collection[str] = ()) -> None:
        """Reads what each line says by itself.

        Args:
            lines: the page's lines.
            recurring: keys of lines that recur on pages of other articles (``recurring.recurring_lines``).
        """
        self.lines = lines
        self.recurring = recurring
        said = [
            _read_short(line.text, line.key)
            if len(line.text) <= _SHORT and not (line.lead or line.link or line.form)
            else _read(line)
            for line in lines
        ]
        self.labels: list[Label | None] = [label for label, _ in said]
        self.hints: list[str | None] = [hint for _, hint in said]
        if recurring:
            for i, line in enumerate(lines):
                if self.hints[i] is None and line.key in recurring:
                    self.hints[i] = "recurring"
        self.dated = [
            hint is None
            and line.words <= _LONGEST_DATE_LINE
            and len(line.text) <= _LONGEST_FURNITURE
            and says_when(line)
            for line, hint in zip(lines, self.hints, strict=True)
        ]
        for i in range(len(lines) - 1):
            # a label alone on its line announces the date below it
            if self.hints[i] in _DATE_LABELS and self.dated[i + 1] and not self.announced(i):
                self.hints[i + 1], self.dated[i + 1] = self.hints[i], False
            elif self.hints[i] == "byline" and not self.announced(i) and is_byline(lines[i + 1].text):
                self.hints[i + 1] = self.hints[i + 1] or "byline"
        self._hint_captions()
        self.headline_like = [is_headline_like(line) for line in lines]
        self.opens_text = [not like and opens_text(line) for line, like in zip(lines, self.headline_like, strict=True)]
        self.kinds: list[str | None] = [None] * len(lines)
        self.articles: list[int | None] = [None] * len(lines)
        self._content: dict[int, set[str]] = {}

    def _hint_captions(self) -> None:
        """Marks captions by the line beside them: the picture's own text above, or an agency's name alone below."""
        lines, hints = self.lines, self.hints
        for i in range(1, len(lines)):
            if hints[i - 1] == "image" and lines[i].words and hints[i] is None:
                shown, told = lines[i].key, lines[i - 1].key
                if told.endswith(shown) or (lines[i - 1].words >= _SHORTEST_ALT_TEXT and shown.startswith(told)):
                    hints[i] = "credit"
        first_text = next((i for i, line in enumerate(lines) if line.words >= _LONG and hints[i] is None), 0)
        for i in range(first_text - 1):
            credited = hints[i + 1] in ("credit", "caption") and lines[i + 1].words <= _LONGEST_CREDIT
            if not credited or hints[i] is not None or self.dated[i]:
                continue
            below_headline = i > 0 and hints[i - 1] is None and lines[i - 1].words >= _SHORTEST_CAPTION - 1
            if _SHORTEST_CAPTION <= lines[i].words < _LONG and (lines[i].text.endswith(".") or below_headline):
                hints[i] = "credit"

    def is_prose(self, position: int) -> bool:
        """Whether a line is running text, and nothing in it says otherwise."""
        return self.opens_text[position] and self.hints[position] is None and not self.dated[position]

    def put(self, position: int, kind: str, article: int | None = None) -> None:
        """Types a line."""
        self.kinds[position] = kind
        self.articles[position] = article

    def put_furniture(self, position: int) -> None:
        """Types a line outside of articles by its hint."""
        kind = _FURNITURE.get(self.hints[position] or "", "other")
        self.put(position, kind, 0 if kind == "related_headline" else None)

    def is_open(self, position: int) -> bool:
        """Whether there is such a line and nothing in it says that it is not text."""
        if not 0 <= position < len(self.lines):
            return False
        hint = self.hints[position]
        return hint is None or (hint == "recurring" and self.headline_like[position])

    def announced(self, position: int) -> str:
        """What a line says beside its label."""
        label = self.labels[position]
        return self.lines[position].text[label.value_start :] if label else self.lines[position].text

    def content(self, position: int) -> set[str]:
        """The content words of a line."""
        found = self._content.get(position)
        if found is None:
            found = self._content[position] = content_words(self.lines[position].word_keys)
        return found

    def typed(self) -> list[TypedLine]:
        """The lines with what they have been found to be."""
        return [
            TypedLine(
                line, kind or "other", article, label.value_start if label and hint is not None else 0, hint or ""
            )
            for line, kind, article, label, hint in zip(
                self.lines, self.kinds, self.articles, self.labels, self.hints, strict=True
            )
        ]
