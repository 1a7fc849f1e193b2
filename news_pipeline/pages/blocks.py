"""What each line of a page is for: typed by its label, its shape and its place among the others.

A page is read as a person reads it. Some lines say what they are (``labels``). The first running paragraph separates
the head from the body; the title is the headline-like line of the head with most evidence. After it the body runs until
a source line, tags, a list of other stories, comments or a footer ends it; what follows may hold further articles.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime
from typing import NamedTuple

from news_pipeline.arabic.keys import word_key
from news_pipeline.pages.dates import find_date, find_relative, is_date_line, parse_stamp
from news_pipeline.pages.headlines import (
    LONGEST_HEADLINE,
    content_words,
    continues_text,
    inserted_headlines,
    is_headline_like,
    overlap,
)
from news_pipeline.pages.labels import NETWORKS, Label, is_promo, is_share_bar, looks_like_outlet, match_label
from news_pipeline.pages.lines import Line

_CRUMB = re.compile(r"\s[>»›→/|\\]\s|[>»›]")
_HASHTAGS = re.compile(r"(?:[\s,،]*#[^\s#,،]+){2,}\s*")
_COUNTER = re.compile(
    r"(?:\d[\d.,]*\s*[kKألفم]{0,3}\s*(?:مشاهد\w*|قراء\w*|زيار\w*|تعليق\w*|دقيق\w*|دقائق\w*|views?|reads?|comments?|shares?|"
    r"min(?:utes?)?(?: read)?|vues?|lectures?|commentaires?|بازدید|نظر))(?:\s+\w+)?",
    re.IGNORECASE,
)
_RIGHTS = ("الحقوق محفوظه", "all rights reserved", "tous droits réservés", "حقوق محفوظ است")
_ANY_TIME = datetime(2020, 1, 2, tzinfo=UTC)
_AGENCY_DATELINE = re.compile(r"[^.!؟]{2,40}\s[-–—|/]\s[^.!؟]{2,40}|[^.!؟]{2,40}\s?\([^)]{2,30}\)\s*[-–—]?")
_SOFT = frozenset(("read_more_value", "related_value", "byline", "caption", "attribution"))
"""Labels that headlines begin with too ("Watch: …"), so that a line's place decides."""
_HEAD_KINDS = frozenset(
    ("title", "publish_date", "byline", "share_bar", "crawl_stamp", "source_line", "dateline", "breadcrumb", "other")
)


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


class _Reading:
    """The lines of one page while they are being typed."""

    def __init__(self, lines: list[Line]) -> None:
        self.lines = lines
        self.labels: list[Label | None] = [match_label(line.text, line.key) for line in lines]
        self.hints = [_own_kind(line, label) for line, label in zip(lines, self.labels, strict=True)]
        self.dated = [line.words <= 16 and is_date_line(line.text) for line in lines]
        self.kinds: list[str | None] = [None] * len(lines)
        self.articles: list[int | None] = [None] * len(lines)

    def put(self, position: int, kind: str, article: int | None = None) -> None:
        self.kinds[position] = kind
        self.articles[position] = article

    def is_open(self, position: int) -> bool:
        return 0 <= position < len(self.lines) and self.hints[position] is None

    def announced(self, position: int) -> str:
        label = self.labels[position]
        return self.lines[position].text[label.value_start :] if label else self.lines[position].text


def _own_kind(line: Line, label: Label | None) -> str | None:
    """What a line says it is, by its label or shape alone; ``None`` for a line that may be text."""
    if line.words > 90:
        return None
    words = line.key.split()
    if not words:
        return "other"
    if line.text[0].isdigit() and parse_stamp(line.text) is not None:
        return "crawl_stamp" if "@" in line.text else "stamp"
    if line.words <= 30:
        if is_share_bar(words) or (len(words) <= 2 and words[0] in NETWORKS and words[-1] in NETWORKS):
            return "share"
        if "©" in line.text or any(phrase in line.key for phrase in _RIGHTS):
            return "footer"
        if is_promo(words) and (line.words <= 12 or (line.words <= 25 and not line.has_inner_stop)):
            return "promo"
    if "#" in line.text and _HASHTAGS.fullmatch(line.text):
        return "tags"
    if line.words <= 6 and _COUNTER.fullmatch(line.text):
        return "views"
    if label is None:
        return None
    value = line.text[label.value_start :]
    value_words = len(words) - len(word_key(line.text[: label.value_start]).split())
    kind = label.kind
    if kind == "attribution":
        if not label.marked:
            return kind if value_words <= 4 and not line.ends_sentence else None
        return kind if value_words <= 10 and not (value_words > 6 and line.stops) else None
    if kind == "byline":
        if not label.marked:
            return kind if value_words <= 6 and _reads_as_names(value) else None
        return kind if value_words <= 7 and (":" in line.text[: label.value_start] or not line.stops) else None
    if kind in ("published", "updated", "crawled"):
        if not value:
            return kind
        dated = find_date(value) or find_relative(value, _ANY_TIME)
        return kind if dated and line.words <= 30 and (label.marked or dated.start <= 12) else None
    if kind == "tags":
        return kind if value_words <= 80 and not (value_words > 12 and line.stops and "،" not in value) else None
    if kind == "comments":
        return kind if line.words <= 8 else None
    if kind == "share":
        return kind if line.words <= (14 if label.marked else 7) and not line.stops else None
    if kind == "promo":
        return kind if line.words <= 25 else None
    if kind == "footer":
        return kind if line.words <= 40 and not line.has_inner_stop else None
    if kind == "related":
        return kind if value_words <= 4 else ("related_value" if value_words <= LONGEST_HEADLINE else None)
    if kind == "read_more":
        return kind if not value else ("read_more_value" if value_words <= LONGEST_HEADLINE else None)
    if kind == "home":
        return "breadcrumb" if line.words <= 40 and (len(_CRUMB.findall(line.text)) > 0 or not line.stops) else None
    if kind in ("views", "caption"):
        return kind if value_words <= (4 if kind == "views" else 25) and ":" in line.text[: label.value_start] else None
    return None


def _reads_as_names(text: str) -> bool:
    """Whether a text could be names of persons: capitals where the script has them, no sentence."""
    latin = [word for word in re.findall(r"[^\W\d_]+", text) if word.lower() not in ("and", "et", "in", "à", "de")]
    if not latin or any(c.isdigit() for c in text):
        return False
    if text.isascii() or "A" <= latin[0][0].upper() <= "\u024f":
        return all(word[0].isupper() for word in latin) and not re.search(r"\w{3,}[.!?;:]\s*$", text)
    return not re.search(r"[.!؟:؛،]\s*$", text) and len(latin) <= 4


def type_lines(lines: list[Line], title_hint: str | None = None, body_only: bool = False) -> list[TypedLine]:
    """Types the lines of a page.

    Args:
        lines: the page's lines (``split_lines``).
        title_hint: title that the container or the markup states.
        body_only: the text is the body of a record whose title stands elsewhere, so that it has no head.

    Returns:
        One ``TypedLine`` per line, in order. Kinds ``body`` and ``title`` are missing where no article was found.
    """
    page = _Reading(lines)
    if not lines:
        return []
    start = _type_head(page, title_hint, body_only)
    if start is None:
        for position, hint in enumerate(page.hints):
            if page.kinds[position] is None:
                page.put(position, _furniture(hint))
    else:
        _type_rest(page, start, body_only)
        if body_only and "body" not in page.kinds:
            for position in range(len(lines)):
                page.put(position, "body", 0)
                page.hints[position] = None
        _mark_inserted_headlines(page)
    return [
        TypedLine(
            line,
            kind or "other",
            article,
            label.value_start if label and hint is not None else 0,
            hint or "",
        )
        for line, kind, article, label, hint in zip(
            lines, page.kinds, page.articles, page.labels, page.hints, strict=True
        )
    ]


def _furniture(hint: str | None) -> str:
    """The block kind of a line outside of articles."""
    return {
        "crawl_stamp": "crawl_stamp",
        "crawled": "crawl_stamp",
        "breadcrumb": "breadcrumb",
        "share": "share_bar",
        "promo": "promo",
        "footer": "footer",
        "comments": "comments",
        "related": "related_header",
        "read_more": "related_header",
        "related_value": "related_headline",
        "read_more_value": "related_headline",
    }.get(hint or "", "other")


def _type_head(page: _Reading, title_hint: str | None, body_only: bool) -> int | None:
    """Types everything before the body; returns where the body starts, or ``None`` where the page has no article."""
    lines, hints = page.lines, page.hints
    prose = next((i for i in range(len(lines)) if hints[i] is None and _opens_body(lines[i])), None)
    title = _find_title(page, prose if prose is not None else len(lines), title_hint, body_only)
    if body_only and title is None:
        return 0
    if prose is None:
        prose = _short_body(page, title)
        if prose is None:
            return 0 if body_only else None
    if title is not None:
        hints[title] = None
        title_key = lines[title].key
        for i in range(prose):
            if lines[i].key == title_key:
                hints[i] = None
                page.put(i, "title", 0)
    for i in range(prose):
        if page.kinds[i] is None and (hints[i] is not None or page.dated[i]):
            _put_head_line(page, i)
    if title is None and prose > 0 and body_only:
        return 0
    body_start = prose
    last_head = max((i for i in range(prose) if page.kinds[i] in _HEAD_KINDS), default=-1)
    for i in range(prose - 1, (title if title is not None else last_head), -1):
        if page.kinds[i] is not None:
            continue
        if i > last_head and (lines[i].words >= 5 or lines[i].ends_sentence):
            body_start = i
        elif i < last_head and (lines[i].words >= 15 or lines[i].stops) and lines[i].words >= 6:
            page.put(i, "body", 0)
        else:
            _put_short_head_line(page, i)
    attributed = {word_key(page.announced(i)) for i, hint in enumerate(hints) if hint == "attribution"}
    for i in range(title if title is not None else body_start):
        if page.kinds[i] is None:
            line = lines[i]
            named = line.text.endswith(":") or looks_like_outlet(line.key.split()) or line.key in attributed
            first = i == 0 and line.words <= 5 and title is not None and title <= 3
            is_source = line.words <= 6 and (named or first)
            page.put(i, "source_line" if is_source else "other", 0 if is_source else None)
    for i in range(body_start):
        if hints[i] == "stamp" and i > 0 and page.kinds[i - 1] == "source_line":
            page.put(i, "crawl_stamp")
    return body_start


def _opens_body(line: Line) -> bool:
    """Whether a line is running text rather than a headline."""
    if is_headline_like(line):
        return False
    return line.is_prose or (line.words >= 6 and line.stops)


def _short_body(page: _Reading, title: int | None) -> int | None:
    """Where the body starts on a page without a full sentence: its first longer line after the title."""
    if title is None:
        return None
    for i in range(title + 1, len(page.lines)):
        line = page.lines[i]
        if page.hints[i] in ("related", "comments", "footer", "tags", "read_more"):
            return None
        if page.hints[i] is None and line.words >= 12 and line.key != page.lines[title].key:
            return i
    return None


def _find_title(page: _Reading, prose: int, title_hint: str | None, body_only: bool) -> int | None:
    """The line of the head that is the article's headline, by the evidence for each candidate."""
    lines, hints = page.lines, page.hints
    hint_key = word_key(title_hint) if title_hint else ""
    if hint_key:
        for i in range(min(len(lines), prose + 1)):
            key = lines[i].key
            if key == hint_key or (
                lines[i].words >= 3 and (hint_key.startswith(key + " ") or f" {key} " in f" {hint_key} ")
            ):
                return i
    if body_only:
        return None
    seen = Counter(line.key for line in lines[:prose])
    crumbs = [_last_crumb(lines[i].text) for i in range(prose) if hints[i] == "breadcrumb"]
    candidates = [
        i
        for i in range(prose)
        if is_headline_like(lines[i])
        and not page.dated[i]
        and (hints[i] is None or (hints[i] in _SOFT and (lines[i].words >= 5 or seen[lines[i].key] > 1)))
    ]
    attributed = {word_key(page.announced(i)) for i, hint in enumerate(hints) if hint == "attribution"}
    candidates = [
        i
        for i in candidates
        if lines[i].key not in attributed
        and not (lines[i].words <= 5 and looks_like_outlet(lines[i].key.split()) and i == 0)
    ]
    if not candidates:
        return None
    body_words: set[str] = set()
    for line in lines[prose : prose + 3]:
        body_words |= content_words(line.key)

    def evidence(i: int) -> tuple[float, int]:
        line = lines[i]
        score = min(line.words, 5) - 3.0 if line.words < 5 else 2.0
        score -= 1.0 if line.words > 20 else 0.0
        score += 4.0 if seen[line.key] > 1 else 0.0
        score += 4.0 if any(len(crumb) >= 8 and line.key.startswith(crumb) for crumb in crumbs) else 0.0
        following = [hints[j] or ("published" if page.dated[j] else None) for j in range(i + 1, min(i + 4, prose))]
        head_marks = ("published", "updated", "byline", "share", "stamp")
        score += (
            2.0
            if following[:1] and following[0] in head_marks
            else 1.0
            if any(h in head_marks for h in following)
            else 0.0
        )
        score += 1.0 if i > 0 and hints[i - 1] in ("crawl_stamp", "breadcrumb", "stamp") else 0.0
        words = content_words(line.key)
        score += 3.0 * len(words & body_words) / len(words) if words else 0.0
        score -= 1.5 if line.bullet else 0.0
        score -= 1.0 if hints[i] is not None else 0.0
        return score, -i

    best = max(candidates, key=evidence)
    return best if evidence(best)[0] >= 1.0 else None


def _last_crumb(text: str) -> str:
    return word_key(_CRUMB.split(text)[-1])


def _put_head_line(page: _Reading, i: int) -> None:
    hint = page.hints[i]
    if hint in ("published", "stamp") or hint is None:
        page.put(i, "publish_date", 0)
    elif hint == "byline":
        page.put(i, "byline", 0)
    elif hint in ("attribution", "tags"):
        page.put(i, hint, 0)
    else:
        page.put(i, _furniture(hint))


def _put_short_head_line(page: _Reading, i: int) -> None:
    """A short line between title and body: place and agency, a name, a section."""
    line = page.lines[i]
    if looks_like_outlet(line.key.split()) or (line.words <= 8 and _AGENCY_DATELINE.fullmatch(line.text)):
        page.put(i, "dateline", 0)
    else:
        page.put(i, "other")


def _type_rest(page: _Reading, start: int, body_only: bool) -> None:
    """Types everything from the first line of the body on."""
    lines, hints = page.lines, page.hints
    count = len(lines)
    state, article, ended = "body", 0, False
    closers = [i for i in range(start, count) if hints[i] in ("attribution", "tags")]
    last_closer = closers[-1] if closers else -1
    last_prose = max((i for i in range(start, count) if hints[i] is None and lines[i].is_prose), default=start)
    title_key = next((lines[i].key for i in range(start) if page.kinds[i] == "title"), "")
    next_article = 1
    i = start
    while i < count:
        hint, line = hints[i], lines[i]
        if page.kinds[i] is not None:
            i += 1
            continue
        if hint in ("attribution", "tags"):
            owner = article if state in ("body", "embedded") else 0
            page.put(i, hint, owner)
            i += 1
            if hints[i - 1] is not None and not page.announced(i - 1):
                while page.is_open(i) and lines[i].words <= (5 if hint == "tags" else 6) and not lines[i].ends_sentence:
                    page.put(i, hint, owner)
                    i += 1
                    if hint == "attribution":
                        break
            if state == "body":
                state, ended = "after", True
            continue
        if hint in ("published", "byline", "stamp"):
            if hint == "published" or (hint == "byline" and (i > last_prose or i <= start + 1 or state == "embedded")):
                page.put(
                    i,
                    "publish_date" if hint == "published" else "byline",
                    article if state in ("body", "embedded") else 0,
                )
            elif state == "body" and hint == "byline":
                page.put(i, "body", 0)
            else:
                page.put(i, "other")
            i += 1
            continue
        if hint == "related":
            page.put(i, "related_header")
            i, resumed = _type_related(page, i + 1, state, ended, last_closer)
            if not resumed:
                state, ended = "related", True
            continue
        if hint == "read_more":
            i, state, next_article = _type_read_more(page, i, state, last_closer, title_key, next_article)
            article = next_article - 1 if state == "embedded" else article
            ended = ended or state in ("embedded", "related")
            continue
        if hint in ("read_more_value", "related_value"):
            inside = state in ("body", "embedded") and any(
                hints[j] is None and (lines[j].words >= 8 or lines[j].stops)
                for j in range(i + 1, _end_of_text(page, i + 1))
            )
            page.put(i, "inline_headline" if inside else "related_headline", article if inside else 0)
            i += 1
            continue
        if hint == "comments":
            page.put(i, "comments")
            if i > last_prose or i > last_closer:
                state, ended = "comments", True
            i += 1
            continue
        if hint == "footer":
            page.put(i, "footer")
            if i > last_prose or ended:
                state, ended = "footer", True
            i += 1
            continue
        if hint == "breadcrumb":
            page.put(i, "other")
            i += 1
            continue
        if hint is not None:
            page.put(i, _furniture(hint))
            i += 1
            continue
        if state == "body":
            page.put(i, "body", 0)
        elif state == "embedded":
            if page.dated[i]:
                page.put(i, "publish_date", article)
            else:
                page.put(i, "embedded_body", article)
        elif state == "comments":
            page.put(i, "comments")
        elif state == "footer":
            page.put(i, "footer")
        elif state == "related":
            is_item = is_headline_like(line) and (line.words >= 4 or line.bullet) and not page.dated[i]
            page.put(i, "related_headline" if is_item else "other", 0 if is_item else None)
        elif is_headline_like(line) and line.words >= 3 and _prose_follows(page, i + 1):
            article, next_article, state = next_article, next_article + 1, "embedded"
            page.put(i, "embedded_title", article)
        elif line.is_prose and i <= max(last_closer, last_prose) and _only_attribution_so_far(page, start, i):
            page.put(i, "body", 0)
            state = "body"
        else:
            page.put(i, "other")
        i += 1
    if not ended and not body_only:
        _trim_tail(page, start)


def _end_of_text(page: _Reading, start: int) -> int:
    """Where the text that runs from ``start`` meets a line that ends it."""
    closing = ("attribution", "tags", "related", "comments", "footer", "read_more")
    return next((j for j in range(start, len(page.lines)) if page.hints[j] in closing), len(page.lines))


def _prose_follows(page: _Reading, start: int) -> bool:
    """Whether the next line that may be text is a paragraph."""
    for j in range(start, min(start + 5, len(page.lines))):
        if page.hints[j] in ("promo", "published", "byline", "share", "updated", "views", "caption"):
            continue
        if page.hints[j] is None and page.dated[j]:
            continue
        return page.hints[j] is None and (page.lines[j].is_prose or _opens_body(page.lines[j]))
    return False


def _only_attribution_so_far(page: _Reading, start: int, position: int) -> bool:
    return not any(page.kinds[j] == "tags" or page.hints[j] == "related" for j in range(start, position))


def _type_related(page: _Reading, start: int, state: str, ended: bool, last_closer: int) -> tuple[int, bool]:
    """Types a list of other headlines; says where it ends and whether the body goes on after it."""
    lines = page.lines
    j = start
    while j < len(lines):
        line = lines[j]
        in_list = line.bullet or (page.hints[j] == "read_more_value" and j > start)
        if page.hints[j] in _SOFT and in_list:
            page.hints[j] = None
        if page.hints[j] is not None or (line.is_prose and not is_headline_like(line)):
            break
        if page.dated[j] or (line.words <= 5 and find_relative(line.text, _ANY_TIME) is not None):
            page.put(j, "other")
        elif line.bullet or (is_headline_like(line) and line.words >= 3):
            page.put(j, "related_headline", 0)
        else:
            page.put(j, "other")
        j += 1
    if state != "body" or ended or not page.is_open(j):
        return j, False
    paragraphs = 0
    while page.is_open(j + paragraphs) and lines[j + paragraphs].is_prose:
        paragraphs += 1
    return j, last_closer > j or paragraphs >= 2


def _type_read_more(
    page: _Reading, position: int, state: str, last_closer: int, title_key: str, next_article: int
) -> tuple[int, str, int]:
    """Types a bare "read also" line and what it announces: headlines within the body, a list, or a whole article."""
    lines = page.lines
    page.put(position, "related_header")
    j = position + 1
    while j < len(lines) and page.hints[j] in ("promo", "share", "views"):
        page.put(j, _furniture(page.hints[j]))
        j += 1
    headlines = []
    while page.is_open(j) and is_headline_like(lines[j]) and not page.dated[j]:
        headlines.append(j)
        j += 1
        if _prose_follows(page, j):
            break
        if page.is_open(j) and lines[j].words >= 16 and overlap(lines[j - 1].key, lines[j].key) >= 0.3:
            break
    if not headlines:
        return j, state, next_article
    if not (_prose_follows(page, j) or (page.is_open(j) and lines[j].words >= 16)):
        inside = state == "body" and last_closer > j
        for headline in headlines:
            page.put(headline, "inline_headline" if inside else "related_headline", 0)
        return j, state if inside else ("related" if state != "body" else "after"), next_article
    title = headlines[-1]
    paragraph = next(k for k in range(j, len(lines)) if page.is_open(k) and not page.dated[k])
    starts_anew = state != "body"
    if not starts_anew and last_closer < position:
        own, others = overlap(lines[title].key, lines[paragraph].key), overlap(title_key, lines[paragraph].key)
        starts_anew = own >= 0.3 and own > others and not continues_text(lines[paragraph])
    if not starts_anew:
        for headline in headlines:
            page.put(headline, "inline_headline", 0)
        return j, "body", next_article
    for headline in headlines[:-1]:
        page.put(headline, "related_headline", 0)
    page.put(title, "embedded_title", next_article)
    return j, "embedded", next_article + 1


def _trim_tail(page: _Reading, start: int) -> None:
    """Takes menus and the like off the end of a body that nothing closes: three or more short lines without a stop."""
    tail: list[int] = []
    for i in range(len(page.lines) - 1, start, -1):
        if page.kinds[i] != "body":
            continue
        line = page.lines[i]
        if line.ends_sentence or line.words > 8:
            break
        tail.append(i)
    if len(tail) >= 3:
        for i in tail:
            page.put(i, "other")


def _mark_inserted_headlines(page: _Reading) -> None:
    """Re-types headlines of other stories among the paragraphs of each article."""
    others = [page.lines[i].key for i, kind in enumerate(page.kinds) if kind in ("related_headline", "embedded_title")]
    titles = [page.lines[i].key for i, kind in enumerate(page.kinds) if kind == "title"]
    owners = sorted({article for article in page.articles if article is not None})
    for article in owners:
        kind = "body" if article == 0 else "embedded_body"
        positions = [i for i, k in enumerate(page.kinds) if k == kind and page.articles[i] == article]
        for found in sorted(inserted_headlines([page.lines[i] for i in positions], others + titles)):
            repeated = page.lines[positions[found]].key in titles and article == 0
            page.put(positions[found], "title" if repeated else "inline_headline", article)
