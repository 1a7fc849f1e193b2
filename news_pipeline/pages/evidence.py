"""What the lines around a line say of it: whether it goes on with the article, heads a list, tells more of a headline.

Belongs here: evidence from words and neighbours that needs only the page and what the article has said so far. Does not
belong here: where on the page one is (``body``), and what a line says by itself (``hints``).
"""

from __future__ import annotations

from news_pipeline.pages.dates import find_date
from news_pipeline.pages.headlines import continues_text
from news_pipeline.pages.hints import row_pieces
from news_pipeline.pages.labels import has_word_of, speaks_to_reader
from news_pipeline.pages.reading import Reading

COHESIVE = 0.12
"""Share of a paragraph's content words that the article has had before. Of the fifth paragraphs of Arabic news 82 %
reach it with the three before them and the headline, of paragraphs of other stories 13 %."""
FOREIGN = 0.07
"""Share of the content words of several paragraphs below which they are of another story: of runs of two to four
paragraphs of Arabic news 3 % have less in common with the three before them, of those of other stories 85 %."""
LONG_PARAGRAPH = 45
"""Words of a paragraph that counts as much as two."""
_OPENS_LIST = frozenset(("related", "read_more", "tags", "comments", "footer", "another"))
_PASSED_OVER = frozenset(
    (
        *("promo", "published", "byline", "share", "updated", "views", "caption", "credit", "image", "number", "stamp"),
        *("consent", "attribution", "field", "text_field", "junk"),
    )
)
_LONGEST_OFFER = 10
_LONGEST_HEAD = 12


class Evidence:
    """The lines of a page beside what an article has said so far."""

    def __init__(self, page: Reading) -> None:
        """Begins with nothing said."""
        self.page = page
        self._words: set[str] = set()
        self._unread: list[int] = []

    def add(self, i: int) -> None:
        """Takes a line into what the article has said."""
        self._unread.append(i)

    def begin(self, title: int) -> None:
        """Begins another article with its headline."""
        self._words, self._unread = set(), [title]

    @property
    def vocabulary(self) -> set[str]:
        """Content words of the article's headline and of its paragraphs so far."""
        for i in self._unread:
            self._words |= self.page.content(i)
        self._unread.clear()
        return self._words

    def is_caption(self, i: int) -> bool:
        """Whether a line stands under a picture and is short enough to describe it."""
        page, line = self.page, self.page.lines[i]
        above = page.hints[i - 1] if i else None
        if above == "image":
            if page.lines[i - 1].key.endswith(line.key):
                return True
            told = self.vocabulary | (
                page.content(i + 1) if i + 1 < len(page.lines) and page.is_prose(i + 1) else set()
            )
            tells = line.words >= 12 and line.stops and bool(page.content(i) & told)
            return line.words <= 25 and not line.level and not tells
        return above == "caption" and not page.announced(i - 1) and line.words <= 25 and not line.stops

    def lists(self, i: int) -> bool:
        """Whether a list of other headlines without a header starts here: each has a bullet, a date or a clock time."""
        page, found = self.page, 0
        if not page.headline_like[i]:
            return False
        for j in range(i, min(i + 7, len(page.lines))):
            is_headline = page.is_open(j) and not page.dated[j] and page.headline_like[j]
            if is_headline and page.lines[j].words >= 4:
                beside = [k for k in (j - 1, j + 1) if 0 <= k < len(page.lines)]
                listed = page.lines[j].bullet or page.lines[j].link
                found += listed or any(
                    page.dated[k] or page.hints[k] in ("published", "number", "stamp") for k in beside
                )
            elif self.page.is_prose(j):
                break
        return found >= 2 and not self.goes_on(i)

    def is_row_of_tags(self, i: int) -> bool:
        """Whether a line without a label is a row of short phrases that the article has had."""
        line = self.page.lines[i]
        if line.words > 30 or line.stops:
            return False
        pieces = row_pieces(line.text)
        if len(pieces) < 3 or any(len(piece.split()) > 4 for piece in pieces):
            return False
        words = self.page.content(i)
        return len(words & self.vocabulary) * 2 >= len(words)

    def heads_list(self, i: int) -> bool:
        """Whether a line of a few words stands above a list of headlines that have nothing of the article."""
        page, line = self.page, self.page.lines[i]
        if line.words > 6 or line.link or (line.stops and not line.text.endswith(":")):
            return False
        if page.is_open(i + 1) and page.lines[i + 1].words <= 3 and not page.dated[i + 1]:
            return False
        items = []
        for j in range(i + 1, min(i + 9, len(page.lines))):
            if page.hints[j] in _OPENS_LIST:
                break  # the list has a header of its own
            if page.hints[j] is not None or page.dated[j] or page.lines[j].words <= 2:
                continue
            if not page.headline_like[j] or page.lines[j].words > 20:
                break
            items.append(j)
        if len(items) < 3:
            return False
        words = set().union(*(page.content(j) for j in items))
        return len(words & self.vocabulary) < len(words) * FOREIGN * 2

    def turns_to_reader(self, i: int) -> bool:
        """Whether a line has nothing of the article and speaks to the reader, as notices and offers do."""
        line = self.page.lines[i]
        if self.page.hints[i] != "consent" and (line.words > 30 or line.text[:1] in "\"“«'‘"):
            return False
        if self.page.hints[i] != "consent" and not speaks_to_reader(line.word_keys):
            return False
        return not continues_text(line) and not self.goes_on(i)

    def goes_on_with_offer(self, i: int) -> bool:
        """Whether a line below an offer of the outlet calls to take it."""
        return (
            i > 0 and self.page.hints[i - 1] == "promo" and has_word_of("promo_verb", self.page.lines[i].word_keys[:1])
        )

    def names(self, i: int) -> bool:
        """Whether a byline's label is followed by a mark and names alone."""
        label = self.page.labels[i]
        lead = self.page.lines[i].text[: label.value_start] if label else ""
        return ":" in lead and not self.page.lines[i].stops and 1 <= len(self.page.announced(i).split()) <= 5

    def has_button(self, i: int) -> bool:
        """Whether a line is another story's headline with a button such as "Read more" below it, and then the text goes on."""
        page, line = self.page, self.page.lines[i]
        if not 4 <= line.words <= 20 or not page.headline_like[i] or i + 2 >= len(page.lines):
            return False
        button = page.hints[i + 1] == "read_more" and not page.announced(i + 1).strip()
        return button and (page.is_prose(i + 2) or page.hints[i + 2] == "number" or bool(line.link))

    def end_of_offer(self, i: int) -> int:
        """The end of an offer that says where it ends, such as "after newsletter promotion"; 0 for any other."""
        ends = (
            j + 1
            for j in range(i + 1, min(i + _LONGEST_OFFER, len(self.page.lines)))
            if self.page.hints[j] == "skip_end"
        )
        return next(ends, 0)

    def is_subheading_below_list(self, i: int, items: list[int]) -> bool:
        """Whether a plain line below items that are all links or have bullets heads a paragraph of the article."""
        page, line = self.page, self.page.lines[i]
        if not items or line.link or line.bullet or page.hints[i] is not None or not page.headline_like[i]:
            return False
        listed = all(page.lines[j].link or page.lines[j].bullet for j in items)
        return listed and page.is_prose(i + 1) and self.belongs(i + 1) if i + 1 < len(page.lines) else False

    def is_summary(self, i: int, item: int | None) -> bool:
        """Whether a line without a full stop tells more of the headline right above it."""
        line = self.page.lines[i]
        if item is None or item != i - 1 or line.lead or line.link or self.page.is_prose(i) or self.goes_on(i):
            return False
        return self.page.lines[item].link or line.words >= 16

    def topics(self, i: int) -> int:
        """Number of lines that list topics and not headlines: a run of lines of a word or two after a header."""
        page = self.page
        j = i
        while page.is_open(j) and page.kinds[j] is None and not page.dated[j] and page.lines[j].words <= 3:
            if page.lines[j].stops or (page.lines[j].level and not page.lines[j].link):
                break
            j += 1
        speaks_of_topics = i > 0 and has_word_of("topic", page.lines[i - 1].word_keys)
        return j - i if j - i >= (1 if speaks_of_topics else 3) else 0

    def belongs(self, i: int) -> bool:
        """Whether the paragraphs from a line on, taken together, take up the article's words."""
        words = set().union(self.page.content(i), *(self.page.content(j) for j in self.run(i)))
        return len(words & self.vocabulary) >= max(3, len(words) * COHESIVE * 0.75)

    def run(self, i: int) -> list[int]:
        """The paragraphs from a line on that follow each other with nothing but furniture between, at most four."""
        page, found = self.page, []
        for j in range(i, min(i + 10, len(page.lines))):
            if self.page.is_prose(j):
                found.append(j)
            elif page.hints[j] in _PASSED_OVER or page.dated[j]:
                continue
            elif page.hints[j] is not None or page.lines[j].link or page.lines[j].bullet or page.lines[j].words > 5:
                break
        return found[:4]

    def is_teaser(self, i: int, item: int | None) -> bool:
        """Whether a paragraph of a list says more of the headline above it."""
        page = self.page
        if page.lines[i].text.endswith(("...", "…")):
            return True
        if item is None or item < i - 4:
            return False
        words = page.content(i)
        own, others = len(words & page.content(item)), len(words & self.vocabulary)
        if own > others:
            return True
        return others < len(words) * COHESIVE * 2 and (self.alternates(i) or self.next_has_teaser(i))

    def next_has_teaser(self, i: int) -> bool:
        """Whether another headline with a teaser of its own follows a paragraph."""
        page = self.page
        nxt = i + 1
        if not (page.is_open(nxt) and page.lines[nxt].words >= 4 and page.headline_like[nxt]) or nxt + 1 >= len(
            page.lines
        ):
            return False
        words = page.content(nxt + 1)
        return page.is_prose(nxt + 1) and len(words & page.content(nxt)) > len(words & self.vocabulary)

    def alternates(self, i: int) -> bool:
        """Whether single paragraphs and headlines take turns from a paragraph on, as in lists with teasers."""
        page = self.page
        for _ in range(2):
            i += 1
            while i < len(page.lines) and (page.dated[i] or page.hints[i] in _PASSED_OVER):
                i += 1
            if not (page.is_open(i) and page.lines[i].words >= 4 and page.headline_like[i]):
                return False
            i += 1
            while i < len(page.lines) and (page.dated[i] or page.hints[i] in _PASSED_OVER):
                i += 1
            if i >= len(page.lines) or not self.page.is_prose(i):
                return False
        return not (i + 1 < len(page.lines) and self.page.is_prose(i + 1))

    def title_below_rule(self, i: int) -> int:
        """Where another article's headline stands below a rule, with or without a line on its origin above it; else 0."""
        page = self.page
        if page.lines[i].words or i + 2 >= len(page.lines):
            return 0
        title = i + 2 if self.says_origin(i + 1) else i + 1
        if not page.is_open(title) or page.dated[title] or not page.headline_like[title] or page.lines[title].words < 3:
            return 0
        run = self.run(self.below_points(title + 1))
        if not run or continues_text(page.lines[run[0]]):
            return 0
        said = title > i + 1 or any(self.says_origin(j) for j in range(title + 1, run[0]))
        return title if said or (len(run) >= 2 and not self.belongs(run[0])) else 0

    def below_points(self, i: int) -> int:
        """The first line from one on that is neither a point that sums a story up nor a short line between such."""
        page = self.page
        for j in range(i, min(i + _LONGEST_HEAD, len(page.lines))):
            line = page.lines[j]
            is_point = line.bullet and not line.link and page.hints[j] is None
            if not is_point and (page.is_prose(j) or (line.words > 5 and page.hints[j] not in _PASSED_OVER)):
                return j
        return i

    def says_origin(self, i: int) -> bool:
        """Whether a line under a headline says when or where the story appeared."""
        page, line = self.page, self.page.lines[i]
        if page.dated[i] or page.hints[i] in ("published", "stamp", "attribution"):
            return True
        return line.words <= 10 and page.hints[i] is None and find_date(line.text) is not None

    def is_listed(self, i: int) -> bool:
        """Whether a line is one of a list's: a headline, or a date between such."""
        page = self.page
        return page.dated[i] or (page.is_open(i) and page.lines[i].words >= 4 and page.headline_like[i])

    def prose_follows(self, start: int) -> bool:
        """Whether the next line that may be text is a paragraph."""
        page = self.page
        for j in range(start, min(start + 6, len(page.lines))):
            if page.hints[j] in _PASSED_OVER or page.dated[j]:
                continue
            return self.page.is_prose(j)
        return False

    def runs_on(self, start: int, least: int = 2) -> bool:
        """Whether a text of some length starts here: two paragraphs with nothing but furniture between, or a long one."""
        page = self.page
        found = words = 0
        for j in range(start, min(start + 14, len(page.lines))):
            if page.hints[j] in _PASSED_OVER or page.dated[j]:
                continue
            if self.page.is_prose(j):
                found += 1
                words += page.lines[j].words
            elif page.hints[j] is not None or page.lines[j].link or found:
                break
        ends = page.lines[start].text.endswith(("...", "…")) if start < len(page.lines) else False
        return (found >= least or words >= LONG_PARAGRAPH) and not ends

    def goes_on(self, i: int) -> bool:
        """Whether a line takes up the article's words, or opens as only a running text does."""
        words = self.page.content(i)
        shared = len(words & self.vocabulary)
        return shared >= max(2, len(words) * COHESIVE) or (shared >= 1 and continues_text(self.page.lines[i]))
