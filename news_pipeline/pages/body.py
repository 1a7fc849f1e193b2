"""From the first paragraph to the end of the page: the text, what is put into it, and what follows it.

The text runs until a source line, tags, a list of other stories, comments or a footer ends it; what follows may hold
further articles. Where a line does not say what it is, its words decide: a paragraph of the article takes up words of
the headline and of the paragraphs before it, the teaser of another story hardly does.
"""

from __future__ import annotations

from collections import Counter
from typing import Literal

from news_pipeline.arabic.keys import word_key
from news_pipeline.pages.evidence import COHESIVE, FOREIGN, LONG_PARAGRAPH, Evidence
from news_pipeline.pages.headlines import continues_text
from news_pipeline.pages.labels import has_word_of, is_menu_word, names_origin
from news_pipeline.pages.reading import Reading
from news_pipeline.pages.second_look import (
    drop_own_offers,
    find_bare_tags,
    mark_inserted_headlines,
    trim_strangers,
    trim_tail,
)

State = Literal["body", "after", "related", "embedded", "comments", "about", "footer"]

_CLOSING = frozenset(("attribution", "tags"))
_ENDS_LIST = frozenset(("attribution", "tags", "comments", "footer", "related", "read_more", "about", "skip"))
_ENDS_TEXT = frozenset(("attribution", "tags", "related", "comments", "footer", "read_more", "about"))
_LISTED = frozenset(("read_more_value", "related_value", "byline", "caption", "attribution", "credit", "published"))
_PLAIN_PARAGRAPH = 46
"""Words from which a full sentence within a text is no caption, headline, pull quote or notice."""
_BEFORE_HEADLINE = frozenset(
    ("promo", "share", "views", "image", "number", "junk", "attribution", "published", "field")
)
_FIELDS = frozenset(("attribution", "published", "text_field", "byline", "field", "crawled"))
_FEWEST_PARAGRAPHS = 3
"""Paragraphs of a text before another article is looked for among them: fewer say too little of what it is about."""
_LONGEST_SKIP = 25
_LONGEST_LISTED_TAG = 4
_LONGEST_SECTION = 3
_FEWEST_ROWS = 3
_LONGEST_ORIGIN = 6
_FARTHEST_TEXT = 6
"""Lines from a headline to its text, with picture, caption, place and date between."""


def type_body(page: Reading, start: int, body_only: bool) -> None:
    """Types everything from the first line of the body on."""
    _Walk(page, start).run()
    if body_only and "body" not in page.kinds:
        for position in range(len(page.lines)):
            page.put(position, "body", 0)
            page.hints[position] = None
    elif not body_only and not any(page.hints[i] in _ENDS_TEXT for i in range(start, len(page.lines))):
        trim_tail(page, start)
    if not body_only:
        trim_strangers(page)
        if "tags" not in page.kinds:
            find_bare_tags(page)
        drop_own_offers(page)
    mark_inserted_headlines(page)


def type_after(page: Reading, start: int) -> None:
    """Types what follows a text that is known already: other articles, lists, comments, footers."""
    walk = _Walk(page, start)
    walk.state, walk.closed, walk.over = "after", True, True
    walk.run()


class _Walk:
    """One pass over the lines after the head, with what has been seen so far."""

    def __init__(self, page: Reading, start: int) -> None:
        self.page = page
        self.start = start
        self.state: State = "body"
        self.article = 0
        self.next_article = 1
        self.paragraphs = 0
        self.closed = False
        self.over = False
        hints, lines = page.hints, page.lines
        self.title_key = next((lines[i].key for i in range(start) if page.kinds[i] == "title"), "")
        self.authors = {
            word_key(page.announced(i)) for i in range(start) if page.kinds[i] == "byline" and page.announced(i).strip()
        }
        self.evidence = Evidence(page)
        for i in range(start):
            if page.kinds[i] in ("title", "body"):
                self.evidence.add(i)
        closers = [i for i in range(start, len(lines)) if hints[i] in _CLOSING]
        self.last_closer = closers[-1] if closers else -1
        self.last_prose = next((i for i in range(len(lines) - 1, start, -1) if page.is_prose(i)), start)
        keys = [line.key for line, hint in zip(lines, hints, strict=True) if hint is None and line.words >= 6]
        self.paragraph_keys = f" {' | '.join(keys)} "
        self.paragraphs_of_key = Counter(keys)

    def run(self) -> None:
        page = self.page
        i = self.start
        while i < len(page.lines):
            i = i + 1 if page.kinds[i] is not None else self._step(i)

    def _step(self, i: int) -> int:
        """Types the line, and those that it speaks for; returns the next one."""
        page, hint = self.page, self.page.hints[i]
        if hint in (None, "menu") and self.state == "body" and self.paragraphs >= 2 and self.evidence.is_row_of_tags(i):
            page.hints[i] = hint = "bare_tags"
            page.labels[i] = None
        if (
            hint in (None, "menu")
            and self.state == "body"
            and self.paragraphs >= 2
            and (end := self._end_of_tag_list(i))
        ):
            for j in range(i, end):
                page.hints[j] = None
                page.put(j, "tags", 0)
            self.state, self.closed = "after", True
            return end
        if hint == "row_of_phrases":
            ruled = i + 1 < len(page.lines) and page.hints[i + 1] == "junk"
            is_text = (
                self.state in ("body", "embedded") and (self.paragraphs < 2 or self._text_follows(i + 1)) and not ruled
            )
            page.hints[i] = hint = None if is_text else "tags"
        if hint in (None, "recurring") and self.state == "body" and self.evidence.has_button(i):
            page.put(i, "inline_headline", 0)
            page.put(i + 1, "other")
            return i + 2
        if hint == "promo" and self.state == "body" and (end := self.evidence.end_of_offer(i)):
            for j in range(i, end):
                page.put(j, "promo")
            return end
        if hint is None or (hint == "consent" and self.state == "body"):
            return self._open_line(i)
        if hint == "bare_tags" and self.paragraphs < 2 and self.state == "body":
            page.hints[i] = None
            return self._open_line(i)
        if hint in _CLOSING or hint == "bare_tags":
            page.hints[i] = hint = "tags" if hint == "bare_tags" else hint
            return self._closing_line(i)
        if hint in ("published", "byline", "stamp"):
            return self._head_line(i)
        if hint == "related":
            page.put(i, "related_header")
            return self._list(i + 1)
        if hint == "another":
            return self._another(i)
        if hint == "read_more":
            return self._read_more(i)
        if hint in ("read_more_value", "related_value"):
            follows = self._text_follows(i + 1) or (not self.closed and self.evidence.prose_follows(i + 1))
            inside = self.state in ("body", "embedded") and follows
            page.put(i, "inline_headline" if inside else "related_headline", self.article if inside else 0)
            return i + 1
        if (hint == "comments" and (self.state != "body" or self.paragraphs >= 2 or i > self.last_prose)) or (
            hint == "reply" and self.state == "after"
        ):
            self.state = "comments"
        elif hint == "about" and (self.paragraphs >= 2 or self.state != "body"):
            self.state = "about"
        elif hint == "footer" and (self.state != "body" or i > self.last_prose or not self._text_follows(i + 1)):
            self.state = "footer"
        elif hint == "skip":
            return self._skip(i)
        elif hint == "end" and self.state == "body":
            self.state = "after"
        elif hint == "title_field" and self._opens_record(i):
            self._open_article(i)
            return i + 1
        elif hint == "section":
            return self._section(i)
        elif hint == "text_field" and self.state != "body":
            page.put(
                i, "embedded_body" if page.announced(i) and self.state == "embedded" else "other", self.article or None
            )
            return i + 1
        elif hint == "field" and len(page.announced(i).split()) <= 12 and not page.lines[i].stops:
            page.put(i, "other")
            return i + 1
        elif hint in ("text_field", "field", "title_field") and self.state == "body":
            page.hints[i] = "text_field" if hint == "text_field" and i == self.start else None
            page.put(i, "body", 0)
            return i + 1
        elif (
            hint == "junk"
            and self.state in ("body", "after", "embedded")
            and (title := self.evidence.title_below_rule(i))
        ):
            page.put(i, "other")
            if title > i + 1:
                page.put(i + 1, "publish_date", self.next_article)
            self._open_article(title)
            return title + 1
        elif hint == "row" and self.state == "body" and (end := self._end_of_data(i)):
            for j in range(i, end):
                is_row = page.lines[j].form == "table"
                page.put(j, "body" if is_row else "other", 0 if is_row else None)
            return end
        elif hint == "summary" and self.state == "body":
            return self._summary(i)
        elif hint == "credit" and self._ends_text_with_credit(i):
            page.hints[i] = None
            return self._open_line(i)
        page.put_furniture(i)
        return i + 1

    def _open_line(self, i: int) -> int:
        """Types a line that says nothing of itself."""
        page, line = self.page, self.page.lines[i]
        if self.state == "body":
            self._line_of_text(i)
        elif self.state == "embedded":
            self._line_of_embedded(i)
        elif self.state in ("comments", "footer"):
            page.put(i, self.state)
        elif self.state == "about":
            page.put(i, "other")
        elif self.state == "related":
            return self._list(i)
        elif (
            page.headline_like[i]
            and line.words >= 3
            and not page.dated[i]
            and not names_origin(line.text, line.word_keys)
        ):
            return self._headline_after(i)
        elif (
            not self.over
            and self.page.is_prose(i)
            and not self._names_article(i)
            and (self.evidence.belongs(i) if self.closed else self._resumes(i, None))
        ):
            self.state = "body"
            self._line_of_text(i)
        else:
            page.put(i, "other")
        return i + 1

    def _line_of_text(self, i: int) -> None:
        """Types an open line within the article's text."""
        page, line = self.page, self.page.lines[i]
        if line.words >= _PLAIN_PARAGRAPH and line.stops and page.hints[i] is None and not line.link and not line.lead:
            page.put(i, "body", 0)
            self.evidence.add(i)
            self.paragraphs += 1
        elif page.dated[i]:
            early = self.paragraphs <= 1 and "publish_date" not in page.kinds[:i]
            page.put(i, "publish_date" if early else "other", 0 if early else None)
        elif line.key == self.title_key:
            page.put(i, "title", 0)
        elif (
            self._names_article(i)
            or (line.words <= _LONGEST_ORIGIN and names_origin(line.text, line.word_keys))
            or (0 < line.words <= _LONGEST_SECTION and not line.stops and is_menu_word(line.key))
        ):
            page.put(i, "other")
        elif line.link and line.words >= 3 and not line.stops:
            inside = self._text_follows(i + 1)
            page.put(i, "inline_headline" if inside else "related_headline", 0)
        elif self.evidence.lists(i):
            self.state = "related"
            page.put(i, "related_headline", 0)
        elif self.evidence.heads_list(i):
            self.state = "related"
            page.put(i, "related_header")
        elif self._opens_another(i):
            self._open_article(i)
        elif line.lead and self._stands_alone(i) and not self.evidence.goes_on(i):
            page.put(i, "inline_headline", 0)
        elif (
            line.link
            or self.evidence.is_caption(i)
            or self._is_pull_quote(i)
            or self.evidence.turns_to_reader(i)
            or self.evidence.goes_on_with_offer(i)
        ):
            page.put(i, "other")
        else:
            page.put(i, "body", 0)
            self.evidence.add(i)
            self.paragraphs += line.words >= 12

    def _line_of_embedded(self, i: int) -> None:
        """Types an open line within an article that the page has besides its own."""
        page = self.page
        if page.dated[i]:
            page.put(i, "publish_date", self.article)
        elif self.evidence.lists(i) or self.evidence.heads_list(i):
            self.state, self.closed = "related", True
            is_header = self.evidence.heads_list(i)
            page.put(i, "related_header" if is_header else "related_headline", None if is_header else 0)
        elif self._opens_another(i):
            self._open_article(i)
        elif (
            page.kinds[i - 1] in ("embedded_title", "publish_date")
            and page.lines[i].words <= 5
            and not page.lines[i].stops
        ):
            page.put(i, "dateline", self.article)
        else:
            page.put(i, "embedded_body", self.article)
            self.evidence.add(i)

    def _opens_another(self, i: int) -> bool:
        """Whether a line is the headline of another article: the paragraphs after it are about its words alone."""
        page, line = self.page, self.page.lines[i]
        if not 4 <= line.words <= 20 or line.link or line.bullet or not page.headline_like[i]:
            return False
        if self.state == "body" and self.paragraphs < _FEWEST_PARAGRAPHS:
            return False
        if i and (page.hints[i - 1] == "number" or page.dated[i - 1]):
            return False  # an entry of a live report
        if continues_text(line):
            return False
        run = self.evidence.run(i + 1)
        if not run or continues_text(page.lines[run[0]]):
            return False
        if (len(run) < 2 and sum(page.lines[j].words for j in run) < LONG_PARAGRAPH) or self.evidence.goes_on(i):
            return False
        words = set().union(*(page.content(j) for j in run))
        return bool(words & page.content(i)) and len(words & self.evidence.vocabulary) < len(words) * FOREIGN

    def _is_pull_quote(self, i: int) -> bool:
        """Whether a line repeats a sentence of a paragraph."""
        line = self.page.lines[i]
        if not 5 <= line.words <= 45:
            return False
        return self.paragraph_keys.count(f" {line.key} ") > self.paragraphs_of_key[line.key]

    def _stands_alone(self, i: int) -> bool:
        """Whether a headline led by a sign stands alone between paragraphs and not in a list."""
        page, line = self.page, self.page.lines[i]
        if not 4 <= line.words <= 20 or not page.headline_like[i]:
            return False
        beside = [page.lines[j] for j in (i - 1, i + 1) if 0 <= j < len(page.lines)]
        return all(other.lead[:1] != line.lead[:1] for other in beside) and self._text_follows(i + 1)

    def _end_of_tag_list(self, i: int) -> int:
        """The end of a list of short phrases right below the text, one a line with a bullet or a link; 0 for no such list."""
        page = self.page
        j = i
        while j < len(page.lines) and page.hints[j] in (None, "menu") and page.kinds[j] is None:
            line = page.lines[j]
            if not (line.bullet or line.link) or line.words > _LONGEST_LISTED_TAG or line.stops or page.dated[j]:
                break
            j += 1
        if j == i or self._text_follows(j):
            return 0
        known = sum(bool(page.content(k) & self.evidence.vocabulary) for k in range(i, j))
        topics = any(page.lines[k].target == "tag" for k in range(i, j))
        return j if topics or (known * 2 >= j - i and not page.lines[i].level) else 0

    def _summary(self, i: int) -> int:
        """Types a header such as "Key points" and the points below it."""
        page = self.page
        page.put(i, "other")
        i += 1
        while page.is_open(i) and page.lines[i].bullet and not page.lines[i].link:
            page.put(i, "body", 0)
            i += 1
        return i

    def _end_of_data(self, i: int) -> int:
        """The end of a table of figures within the text; 0 for a table that lays out the page."""
        page = self.page
        j = i
        while j < len(page.lines) and page.lines[j].form in ("table", "rule") and page.kinds[j] is None:
            j += 1
        rows = [page.lines[k] for k in range(i, j) if page.lines[k].form == "table"]
        figures = sum(any(map(str.isdigit, row.key)) for row in rows)
        return j if len(rows) >= _FEWEST_ROWS and figures * 2 >= len(rows) and self._text_follows(j) else 0

    def _names_article(self, i: int) -> bool:
        """Whether a line says the headline or the author again, with a few words of the outlet's own."""
        line = self.page.lines[i]
        if line.key in self.authors:
            return True
        if any(name.count(" ") and line.key.startswith(f"{name} ") for name in self.authors):
            return True
        if any(line.key.startswith(f"{name.split()[-1]} ") for name in self.authors):
            return has_word_of("author", line.word_keys) and not self.evidence.goes_on(i)
        title = self.title_key
        return title.count(" ") >= 3 and title in line.key and line.words <= title.count(" ") + 11

    def _closing_line(self, i: int) -> int:
        """Types a source or tag line with the lines that go on with it."""
        page, hint = self.page, self.page.hints[i] or ""
        owner = self.article if self.state in ("body", "embedded") else 0
        page.put(i, hint, owner)
        bare = not page.announced(i)
        i += 1
        longest = 5 if hint == "tags" else 6
        while bare and i < len(page.lines) and page.kinds[i] is None:
            line = page.lines[i]
            named = page.hints[i] in ("menu", "tags") or (page.hints[i] == "share" and page.labels[i] is None)
            goes_on = page.hints[i] is None or (hint == "tags" and named)
            is_row = hint == "tags" and (page.hints[i] in ("menu", "tags") or (line.link and " | " in line.text))
            if not goes_on or page.dated[i] or (line.words > longest and not is_row) or line.ends_sentence:
                break
            page.hints[i] = None
            page.put(i, hint, owner)
            i += 1
            if hint == "attribution":
                break
        goes_on = (
            i < len(page.lines) and page.is_prose(i) and (self.evidence.goes_on(i) or continues_text(page.lines[i]))
        )
        goes_on = goes_on or (self.paragraphs < _FEWEST_PARAGRAPHS and self._text_follows(i))
        if self.state == "body" and (hint == "tags" or not goes_on):
            self.state, self.closed = "after", True
        return i

    def _head_line(self, i: int) -> int:
        """Types a date or byline that stands within or after the text."""
        page, hint = self.page, self.page.hints[i]
        owner = self.article if self.state in ("body", "embedded") else 0
        if hint == "stamp" and page.kinds[i - 1] == "embedded_title":
            page.put(i, "publish_date", self.article)
        elif hint == "stamp":
            apart = self.state != "related" or page.lines[i].words > 8 or i >= len(page.lines) - 3
            page.put(i, "crawl_stamp" if apart else "other")
        elif self.state in ("related", "comments", "footer"):
            page.put(i, "comments" if self.state == "comments" else "other")
        elif hint == "published":
            page.put(i, "publish_date", owner)
        elif hint == "byline" and (
            i > self.last_prose or self.paragraphs <= 1 or self.state == "embedded" or self.evidence.names(i)
        ):
            page.put(i, "byline", owner)
        elif self.state == "body" and hint == "byline":
            page.put(i, "body", 0)
        else:
            page.put(i, "other")
        return i + 1

    def _skip(self, i: int) -> int:
        """Types a box that says where it ends."""
        page = self.page
        end = next((j for j in range(i + 1, min(i + _LONGEST_SKIP, len(page.lines))) if page.hints[j] == "skip_end"), i)
        inside = self.state == "body" and self._text_follows(end + 1)
        for j in range(i, end + 1):
            line = page.lines[j]
            listed = i < j < end and line.words >= 4 and line.bullet and page.headline_like[j]
            kind = "inline_headline" if inside else "related_headline"
            page.put(j, kind if listed else "promo", 0 if listed else None)
        return end + 1

    def _list(self, i: int) -> int:
        """Types a list of other headlines with their dates, sections and teasers, up to where the text goes on."""
        page, lines = self.page, self.page.lines
        inside = self.state == "body" or (self.state == "related" and not self.closed)
        topics = self.evidence.topics(i)
        if topics:
            for j in range(i, i + topics):
                page.put(j, "tags", 0)
            if inside:
                self.state, self.closed = "after", True
            return i + topics
        item: int | None = None
        items: list[int] = []
        header_level = lines[i - 1].level if i else 0
        while i < len(lines) and page.kinds[i] is None:
            line, hint = lines[i], page.hints[i]
            if hint == "recurring" and page.headline_like[i]:
                page.hints[i] = hint = None  # headlines that many pages list
            if item is not None and item not in items:
                items.append(item)
            ranks_above = (
                inside and 0 < line.level < header_level and not line.link and self.evidence.prose_follows(i + 1)
            )
            if ranks_above or (inside and self.evidence.is_subheading_below_list(i, items)):
                self.state = "body"  # the text goes on
                for headline in items:
                    page.put(headline, "inline_headline", 0)
                return i
            if hint in _LISTED and (line.bullet or line.link or hint in ("read_more_value", "related_value")):
                if line.bullet:
                    page.hints[i] = None  # "Watch: …" within a list is how the headline begins
                page.put(i, "related_headline", 0)
                item = i
            elif hint in _ENDS_LIST:
                text = next((j for j in range(i, min(i + 4, len(lines))) if page.is_prose(j)), None)
                if item == i - 1 and hint == "attribution" and text is not None and self._is_article(item, text):
                    self._open_article(item)
                break
            elif hint == "row" and any(len(cell.split()) >= 4 for cell in line.text.split(" | ")):
                page.put(i, "related_headline", 0)
                item = i
            elif hint == "stamp" and i >= len(lines) - 3:
                page.put(i, "crawl_stamp")
            elif hint is not None:
                page.put_furniture(i)
            elif (
                page.dated[i] or line.words < (3 if line.lead or line.link else 4) or self.evidence.is_summary(i, item)
            ):
                page.put(i, "other")
            elif self.page.is_prose(i) or (line.words >= 14 and not line.link and not line.bullet):
                if inside and self._resumes(i, item):
                    self.state = "body"
                    for headline in items:
                        page.put(headline, "inline_headline", 0)
                    return i
                if item is not None and self._is_article(item, i):
                    self._open_article(item)
                    return i
                if page.headline_like[i]:
                    page.put(i, "related_headline", 0)
                    item = i
                else:
                    page.put(i, "other")
                    item = None
            elif page.headline_like[i] or line.link:
                page.put(i, "related_headline", 0)
                item = i
            else:
                page.put(i, "other")
            i += 1
        if inside and not (i < len(lines) and page.hints[i] in _CLOSING):
            self.state = "related"
        return i

    def _is_article(self, item: int, i: int) -> bool:
        """Whether the text after a headline of a list is a whole article and not its teaser."""
        page = self.page
        run = self.evidence.run(i)
        early = not self.closed and self.paragraphs < _FEWEST_PARAGRAPHS
        if early or len(run) < 2 or i - item > _FARTHEST_TEXT or page.lines[item].link or continues_text(page.lines[i]):
            return False
        said = any(self.evidence.says_origin(j) for j in range(item + 1, i))
        first = page.content(run[0])
        if said or (
            len(run) >= 3 and (self.closed or len(first & page.content(item)) > len(first & self.evidence.vocabulary))
        ):
            return True
        words = set().union(*(page.content(j) for j in run))
        return bool(words & page.content(item)) and len(words & self.evidence.vocabulary) < len(words) * FOREIGN

    def _resumes(self, i: int, item: int | None) -> bool:
        """Whether the article's text goes on with a line that stands after or among other headlines."""
        if self.evidence.is_teaser(i, item):
            return False
        if self.evidence.goes_on(i):
            return True
        run = self.evidence.run(i)
        if len(run) < 2:
            return False
        words = set().union(*(self.page.content(j) for j in run))
        told = len(words & self.page.content(item)) if item is not None else 0
        return len(words & self.evidence.vocabulary) > told or (told == 0 and len(run) >= 3)

    def _opens_record(self, i: int) -> bool:
        """Whether a labelled headline within or after the text opens a record of its own."""
        page = self.page
        fields = any(page.hints[j] in _FIELDS for j in range(i + 1, min(i + 4, len(page.lines))))
        if not self.evidence.prose_follows(i + 1):
            return False
        return fields or self.state != "body" or not self.evidence.belongs(i + 1)

    def _another(self, i: int) -> int:
        """Types a line that announces another article, and its headline."""
        page = self.page
        page.put(i, "related_header")
        j = i + 1
        while j < len(page.lines) and (page.hints[j] in _BEFORE_HEADLINE or page.dated[j]):
            page.put_furniture(j)
            j += 1
        if page.is_open(j) and page.headline_like[j] and self.evidence.prose_follows(j + 1):
            self._open_article(j)
            return j + 1
        return j

    def _section(self, i: int) -> int:
        """Types a line set off by rules or stars: it heads another article, a list, or a part of the text."""
        page = self.page
        j = i + 1
        if page.is_open(j) and page.headline_like[j] and not page.dated[j]:
            if self.evidence.prose_follows(j + 1) and self.evidence.runs_on(j + 1) and not self.evidence.belongs(j + 1):
                return self._another(i)
            if page.is_open(j + 1) and page.headline_like[j + 1] and not self.evidence.goes_on(j):
                page.put(i, "related_header")
                return self._list(j)
        page.put(i, "body" if self.state == "body" else "other", 0 if self.state == "body" else None)
        return j

    def _read_more(self, i: int) -> int:
        """Types a bare "read also" line and what it announces: headlines within the body, a list, a whole article."""
        page, lines = self.page, self.page.lines
        page.put(i, "related_header")
        j = i + 1
        while j < len(lines) and page.hints[j] in ("promo", "share", "views", "image", "number"):
            page.put_furniture(j)
            j += 1
        headlines: list[int] = []
        while page.is_open(j) and not page.dated[j]:
            if 0 < lines[j].words <= _LONGEST_SECTION and is_menu_word(lines[j].key):
                page.put(j, "other")
                j += 1
                continue
            if not page.headline_like[j]:
                break
            if headlines and lines[j].words >= 12 and self.evidence.goes_on(j):
                break
            if headlines and lines[j].text.isupper() != lines[headlines[0]].text.isupper():
                break  # a sub-heading in capitals
            headlines.append(j)
            j += 1
            if self.evidence.prose_follows(j):
                break
        if not headlines:
            return j
        paragraph = next((k for k in range(j, min(j + 6, len(lines))) if self.page.is_prose(k)), None)
        inside = self.state == "body" and not self.closed and paragraph is not None
        inside = inside and not self.evidence.is_teaser(paragraph or 0, headlines[-1])
        if inside and not self._opens_article(headlines[-1], j):
            for headline in headlines:
                page.put(headline, "inline_headline", 0)
            return j
        if paragraph is None or not self.evidence.runs_on(j) or lines[headlines[-1]].link:
            for headline in headlines:
                page.put(headline, "related_headline", 0)
            self.state = "related"
            return j
        for headline in headlines[:-1]:
            page.put(headline, "related_headline", 0)
        self._open_article(headlines[-1])
        return j

    def _headline_after(self, i: int) -> int:
        """Types a headline that stands after the text: of a whole article, or of a list without a header."""
        page = self.page
        line = page.lines[i]
        if (
            not line.link
            and self.evidence.prose_follows(i + 1)
            and self.evidence.runs_on(i + 1, 3 if line.bullet else 2)
        ):
            self._open_article(i)
        elif (
            line.link or line.bullet or (line.words >= 5 and i + 1 < len(page.lines) and self.evidence.is_listed(i + 1))
        ):
            page.put(i, "related_headline", 0)
        else:
            page.put(i, "other")
        return i + 1

    def _open_article(self, title: int) -> None:
        self.article, self.state = self.next_article, "embedded"
        self.next_article += 1
        self.evidence.begin(title)
        self.page.put(title, "embedded_title", self.article)

    def _opens_article(self, title: int, i: int) -> bool:
        """Whether the paragraphs after a headline within the text are its own and not the page's."""
        page = self.page
        if self.paragraphs < _FEWEST_PARAGRAPHS:
            return False
        paragraph = next(k for k in range(i, len(page.lines)) if self.page.is_prose(k))
        words = page.content(paragraph)
        own, others = len(words & page.content(title)), len(words & self.evidence.vocabulary)
        foreign = own > others or (own > 0 and others < len(words) * COHESIVE / 2)
        return (
            foreign
            and self.last_closer < title
            and not continues_text(page.lines[paragraph])
            and self.evidence.runs_on(i)
        )

    def _text_follows(self, start: int) -> bool:
        """Whether the text goes on after a line: a paragraph of it comes before anything that ends a text."""
        page = self.page
        for j in range(start, min(start + 12, len(page.lines))):
            if page.kinds[j] is not None or page.hints[j] in _ENDS_TEXT:
                return False
            if page.hints[j] is None and not page.dated[j] and not page.lines[j].link:
                line = page.lines[j]
                if line.stops and line.words >= 4 and not self.closed and self.state == "body":
                    return True
                if page.opens_text[j] or line.words >= 8:
                    return self.evidence.goes_on(j) or continues_text(line)
        return False

    def _ends_text_with_credit(self, i: int) -> bool:
        """Whether a line that ends with an agency's name is a paragraph and not the caption of a picture."""
        line = self.page.lines[i]
        return self.state in ("body", "embedded") and line.words >= 12 and (line.words > 30 or continues_text(line))
