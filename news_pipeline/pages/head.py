"""The head of a page: everything before the body, and which line of it is the headline.

A page is read as a person reads it: menus, notices and tickers come first, then a headline, around it dates, names and
a picture, then running text. The headline is the line with most evidence: its heading level, its repetition, the date
and byline beside it, and above all a running text after it that takes up its words.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from itertools import pairwise

from news_pipeline.arabic.keys import phrase_key, word_key
from news_pipeline.pages.bylines import is_byline, name_before_role, name_in_line, reads_as_person
from news_pipeline.pages.dates import find_date
from news_pipeline.pages.headlines import continues_text
from news_pipeline.pages.hints import SOFT
from news_pipeline.pages.labels import Label, has_word_of, is_menu_word, known_outlets, looks_like_outlet, names_origin
from news_pipeline.pages.lines import Line
from news_pipeline.pages.reading import Reading

_CRUMB = re.compile(r"\s[>»›→/|\\]\s|[>»›]")
_PARTS = re.compile(r"\s[-–—|/]\s")
_AGENCY_DATELINE = re.compile(r"[^.!؟]{2,40}\s[-–—|/]\s[^.!؟]{2,40}|[^.!؟]{2,40}\s?\([^)]{2,30}\)\s*[-–—]?")
_HEAD_MARKS = frozenset(("published", "updated", "byline", "share", "stamp", "dated"))
_ENDS_TEXT = frozenset(("attribution", "tags", "comments", "footer"))
_OPENS_LIST = frozenset(("related", "read_more"))
_HEAD_KINDS = frozenset(
    ("title", "publish_date", "byline", "share_bar", "crawl_stamp", "source_line", "dateline", "breadcrumb", "other")
)
_NO_HEAD_MARKS = _OPENS_LIST | _ENDS_TEXT | {"title_field", "text_field", "another", "section"}
_LEAST_EVIDENCE = 1.0
_FARTHEST_DATE = 3
_LONGEST_HEAD_LINE = 300
_LONGEST_BYLINE = 9
_LONGEST_ORIGIN = 8
_SHORTEST_POINT = 4
_FIRST_LINES = 4
_SHORTEST_LAST_STEP = 4
_LONGEST_SUFFIX = 6
"""Words that a page's title may add to the headline: the outlet, a section."""


def type_head(page: Reading, stated_title: str | None, body_only: bool) -> int | None:
    """Types everything before the body.

    Args:
        page: the lines; kinds of the head are put in.
        stated_title: title that the container or the markup states.
        body_only: the text is the body of a record whose title stands elsewhere, so that it has no head.

    Returns:
        Where the body starts; ``None`` where the page has no article.
    """
    lines, hints = page.lines, page.hints
    prose = [i for i in range(len(lines)) if page.is_prose(i)]
    stated_key = word_key(stated_title) if stated_title else _field_key(page)
    title = _stated(page, stated_key, prose[0] if prose else len(lines)) if stated_key else None
    if title is None and not body_only:
        title = _best_title(page, prose)
    if body_only and title is None:
        return 0
    start = _start_of_text(page, title, prose)
    if start is None:
        return 0 if body_only else None
    if title is not None:
        _put_title(page, title, start)
    for i in range(start):
        if page.kinds[i] is None and (hints[i] is not None or page.dated[i]):
            _put_head_line(page, i)
    if title is not None:
        _put_summaries(page, title, start)
        _put_lists(page, start)
    if title is None and start > 0 and body_only:
        return 0
    start = _take_in_short_opening(page, title, start)
    if title is not None and not body_only:
        start = _pass_standfirst(page, title, start, prose)
    _put_source_line(page, title, start)
    return start


def _field_key(page: Reading) -> str:
    """Key of the title that a labelled line of the head states; "" where none does."""
    for i in range(min(len(page.lines), 12)):
        if page.hints[i] == "title_field" and (value := page.announced(i)):
            return word_key(value)
    return ""


def _stated(page: Reading, key: str, end: int) -> int | None:
    """The line that shows a stated title: all of it, or a part that is long enough."""
    found: dict[str, int] = {}
    for i in range(min(len(page.lines), end + 1)):
        line = page.lines[i]
        is_field = page.hints[i] == "title_field"
        own = word_key(page.announced(i)) if is_field else line.key
        if own == key:
            found.setdefault("field" if is_field else "same", i)
        elif line.words >= 3 and key.startswith(own + " "):
            found.setdefault("opening", i)
        elif line.words >= 3 and f" {own} " in f" {key} ":
            found.setdefault("part", i)
    return next((found[how] for how in ("same", "opening", "field", "part") if how in found), None)


def _best_title(page: Reading, prose: list[int]) -> int | None:
    """The headline by the evidence for each line that could be one."""
    lines, hints = page.lines, page.hints
    end = _end_of_head(page, prose)
    seen = Counter(line.key for line in lines[:end])
    page_titles = _page_titles(page, end, seen)
    attributed = {phrase_key(page.announced(i)) for i, hint in enumerate(hints[:end]) if hint == "attribution"}
    crumbs = [last for i in range(end) if hints[i] == "breadcrumb" and len(last := _last_crumb(lines[i].text)) >= 8]
    candidates = [i for i in range(end) if _may_be_title(page, i, seen, attributed) and lines[i].key not in page_titles]
    best, most = None, _LEAST_EVIDENCE
    for i in candidates:
        evidence = _evidence(page, i, prose, end)
        evidence += 4.0 if seen[lines[i].key] > 1 or lines[i].key in page_titles.values() else 0.0
        evidence += 4.0 if any(lines[i].key.startswith(crumb) for crumb in crumbs) else 0.0
        if evidence > most:
            best, most = i, evidence
    return best if best is not None else _title_in_path(page, end)


def _title_in_path(page: Reading, end: int) -> int | None:
    """The path whose last step is the headline, on pages that show it nowhere else."""
    for i in range(end):
        line = page.lines[i]
        if page.hints[i] != "breadcrumb" or not page.headline_like[i]:
            continue
        last = list(_CRUMB.finditer(line.text))[-1:]
        if last and len(line.text[last[0].end() :].split()) >= _SHORTEST_LAST_STEP:
            page.hints[i] = "title_field"
            page.labels[i] = Label("title_field", last[0].end(), True, 0)
            return i
    return None


def _end_of_head(page: Reading, prose: list[int]) -> int:
    """The line by which the headline must have stood: where the first text of some length is under way."""
    if not prose:
        return len(page.lines)
    hints = page.hints
    closed = next((i for i in range(prose[0] + 1, len(hints)) if hints[i] in _ENDS_TEXT), len(hints))
    for position, i in enumerate(prose):
        if i >= closed:
            break
        last = prose[position + 2] if position + 2 < len(prose) else len(hints)
        if last <= i + 8 and not any(page.dated[j] or hints[j] in _HEAD_MARKS for j in range(i, last)):
            return i
    return min(prose[-1] + 1, closed)


def _page_titles(page: Reading, end: int, seen: Counter[str]) -> dict[str, str]:
    """Lines that are another line of the head with a few words more, such as ``Headline - Outlet``, with that line."""
    found = {}
    for i in range(min(end, 4)):
        key = page.lines[i].key
        if page.lines[i].words < 4:
            continue
        for other in seen:
            if (
                key.startswith(other + " ")
                and other.count(" ") >= 2
                and key.count(" ") - other.count(" ") <= _LONGEST_SUFFIX
            ):
                found[key] = other
    return found


def _may_be_title(page: Reading, i: int, seen: Counter[str], attributed: set[str]) -> bool:
    line, hint = page.lines[i], page.hints[i]
    if page.dated[i] or line.form or line.key in attributed:
        return False
    if not page.headline_like[i] and not (line.level == 1 and 2 <= line.words <= 40):
        return False
    is_soft = hint in SOFT and ((line.words >= 5 and hint != "byline") or seen[line.key] > 1)
    if hint is not None and hint != "recurring" and not is_soft:
        return False
    parts = _PARTS.split(line.text)
    if len(parts) > 1 and line.words <= 8 and any(looks_like_outlet(phrase_key(part).split()) for part in parts):
        return line.level == 1 or seen[line.key] > 1
    if line.words <= _LONGEST_ORIGIN and names_origin(line.text, line.word_keys):
        return False
    if line.key in known_outlets():
        return line.level == 1
    if i == 0 and line.words <= 5 and looks_like_outlet(line.word_keys):
        return line.level == 1 or seen[line.key] > 1
    return True


def _evidence(page: Reading, i: int, prose: list[int], end: int) -> float:
    """How much speaks for a line being the headline, its repetition aside."""
    lines, hints, line = page.lines, page.hints, page.lines[i]
    score = line.words - 4.0 if line.words < 4 else 1.0 if line.words == 4 else 2.0
    score -= 1.0 if line.words > 20 else 0.0
    score += (0.0, 4.0, 1.0, 0.0, -0.5, -1.0, -1.0)[line.level]
    score -= (3.0 if any(lines[j].bullet for j in (i - 1, i + 1) if 0 <= j < end) else 1.5) if line.bullet else 0.0
    score -= 2.0 if line.link else 0.0
    score -= 1.0 if hints[i] is not None else 0.0
    score -= 2.5 if _is_byline(line) else 0.0
    score -= 1.5 if continues_text(line) else 0.0
    following = [_mark(page, j) for j in range(i + 1, min(i + 5, len(lines)))]
    score += (
        2.0 if following[:1] and following[0] in _HEAD_MARKS else 1.0 if _HEAD_MARKS.intersection(following) else 0.0
    )
    below = i + 1 < end and page.is_open(i + 1) and page.headline_like[i + 1] and lines[i + 1].words >= 5
    score += 2.3 if below and len(following) > 1 and following[1] in _HEAD_MARKS and not line.bullet else 0.0
    score += 1.0 if i > 0 and hints[i - 1] in ("crawl_stamp", "breadcrumb", "stamp") else 0.0
    before = next((hints[j] for j in range(i - 1, max(i - 6, -1), -1) if hints[j] in _OPENS_LIST), None)
    score -= 2.0 if before and not _HEAD_MARKS.intersection(following[:3]) else 0.5 if before else 0.0
    score -= 1.0 if _in_row(page, i) else 0.0
    first = bisect_right(prose, i)
    near = [j for j in prose[first : first + 3] if j <= max(i + 14, end)]
    if not near:
        return score - 3.0
    words = page.content(i)
    taken_up = set().union(*(page.content(j) for j in near))
    score += 3.0 * len(words & taken_up) / len(words) if words else 0.0
    stands_beside = following[:1] and following[0] in _HEAD_MARKS
    score -= 1.0 if len(words) >= 3 and not words & taken_up and not stands_beside else 0.0
    score += 0.5 if near[0] <= i + 8 else 0.0
    return score


def _mark(page: Reading, i: int) -> str | None:
    """What a line near the headline says it is, names of authors without a label included."""
    if page.dated[i]:
        return "dated"
    return "byline" if page.hints[i] is None and _is_byline(page.lines[i]) else page.hints[i]


def _is_byline(line: Line) -> bool:
    """Whether a line of the head is nothing but an author's name."""
    return 2 <= line.words <= _LONGEST_BYLINE and not line.stops and not line.level and is_byline(line.text)


def _in_row(page: Reading, i: int) -> bool:
    """Whether a line stands among others that look like headlines too, as in lists."""
    around = (i - 2, i - 1, i + 1, i + 2)
    return sum(page.is_open(j) and page.lines[j].words >= 4 and page.headline_like[j] for j in around) >= 3


def _last_crumb(text: str) -> str:
    return phrase_key(_CRUMB.split(text)[-1])


def _start_of_text(page: Reading, title: int | None, prose: list[int]) -> int | None:
    """The first paragraph after the headline, teasers of other stories passed over."""
    after = prose[bisect_right(prose, title) :] if title is not None else prose
    if not after:
        return _short_body(page, title)
    for position, i in enumerate(after[:6]):
        if title is None or position == len(after) - 1 or not _is_teaser(page, title, i):
            return i
    return after[0]


def _is_teaser(page: Reading, title: int, i: int) -> bool:
    """Whether a paragraph of the head belongs to another headline, which a list of such has brought in."""
    opened = any(page.hints[j] in _OPENS_LIST for j in range(title + 1, i))
    above = i - 1
    if not opened or above <= title or not page.is_open(above) or not page.headline_like[above]:
        return False
    words = page.content(i)
    return len(words & page.content(above)) > len(words & page.content(title))


def _short_body(page: Reading, title: int | None) -> int | None:
    """Where the body starts on a page without a full sentence: its first longer line after the title."""
    if title is None:
        return None
    for i in range(title + 1, len(page.lines)):
        line = page.lines[i]
        if page.hints[i] in ("related", "comments", "footer", "tags", "read_more"):
            return None
        if page.hints[i] == "text_field" and page.announced(i):
            return i
        if page.hints[i] is None and line.words >= 12 and line.key != page.lines[title].key:
            return i
    return None


def _put_title(page: Reading, title: int, start: int) -> None:
    if page.hints[title] != "title_field":
        page.hints[title] = None
        page.labels[title] = None
    page.put(title, "title", 0)
    key = page.lines[title].key
    for i in range(start):
        if page.lines[i].key == key and i != title:
            page.hints[i] = None
            page.put(i, "title", 0)


def _put_summaries(page: Reading, title: int, start: int) -> None:
    """Types the points below a header such as "Key points" that sum the story up above its text."""
    for header in range(title + 1, start):
        if page.hints[header] != "summary":
            continue
        for i in range(header + 1, start):
            line = page.lines[i]
            if page.kinds[i] is not None or page.hints[i] is not None or line.link or line.words < _SHORTEST_POINT:
                break
            page.put(i, "body", 0)


def _put_lists(page: Reading, start: int) -> None:
    """Types the headlines of other stories that stand above the text, under a header that says so."""
    listing = False
    for i in range(start):
        line = page.lines[i]
        if page.kinds[i] is None and listing and line.words >= 4 and page.headline_like[i]:
            page.put(i, "related_headline", 0)
        elif page.hints[i] in ("related", "related_value"):
            listing = True
        elif page.hints[i] is not None and page.hints[i] not in ("number", "junk"):
            listing = False


def _put_head_line(page: Reading, i: int) -> None:
    hint = page.hints[i]
    if hint in ("published", "stamp") or hint is None:
        page.put(i, "publish_date", 0)
    elif hint == "byline":
        page.put(i, "byline", 0)
    elif hint == "attribution" and not page.announced(i) and (page.lines[i].bullet or page.lines[i].link):
        page.hints[i] = None  # a section of a menu
        page.put(i, "other")
    elif hint in ("attribution", "tags"):
        page.put(i, hint, 0)
        if hint == "tags" and not page.announced(i):
            _put_tags_below(page, i)
    elif hint == "row_of_phrases":
        page.hints[i] = "tags"
        page.put(i, "tags", 0)
    else:
        page.put_furniture(i)


def _put_tags_below(page: Reading, label: int) -> None:
    """Types the short lines below a label that stands alone."""
    for i in range(label + 1, len(page.lines)):
        line = page.lines[i]
        if page.kinds[i] is not None or not page.is_open(i) or page.dated[i] or line.words > 4 or line.stops:
            return
        page.put(i, "tags", 0)


def _take_in_short_opening(page: Reading, title: int | None, start: int) -> int:
    """Types the open lines between headline and text: standfirst, dateline, bare names, captions."""
    lines = page.lines
    last_head = max((i for i in range(start) if page.kinds[i] in _HEAD_KINDS), default=-1)
    opening = start
    for i in range(start - 1, (title if title is not None else last_head), -1):
        line = lines[i]
        if page.kinds[i] is not None:
            continue
        if line.link or line.form:
            is_author = line.target == "author" or (line.link and reads_as_person(line.text, in_place=True))
            page.put(i, "byline" if is_author else "other", 0 if is_author else None)
        elif line.words <= _LONGEST_ORIGIN and names_origin(line.text, line.word_keys):
            page.put(i, "dateline", 0)
        elif line.bullet and line.words >= _SHORTEST_POINT and _is_summary_point(page, title, i, start):
            page.put(i, "body", 0)
        elif line.words <= 6 and line.text.endswith(":") and _AGENCY_DATELINE.fullmatch(line.text.rstrip(": ")):
            page.put(i, "dateline", 0)
        elif (
            i > last_head
            and i == opening - 1
            and (line.words >= 8 or line.ends_sentence or (line.words >= 5 and _takes_up(page, title, i, start)))
        ):
            opening = i
        elif (i == (title or 0) + 1 and title is not None and _is_standfirst(page, title, i, start)) or (
            i < last_head and (line.words >= 15 or line.stops) and line.words >= 6
        ):
            page.put(i, "body", 0)
        else:
            _put_short_head_line(page, i)
    return opening


def _pass_standfirst(page: Reading, title: int, start: int, prose: list[int]) -> int:
    """Where the text starts after a standfirst: its first paragraphs, if date, names and buttons stand below them."""
    following = [i for i in prose if start <= i <= start + 12]
    for standfirst, text in pairwise(following[:4]):
        between = range(standfirst + 1, text)
        marks = ["dated" if page.dated[j] else page.hints[j] for j in between]
        if not _NO_HEAD_MARKS.isdisjoint(marks):
            break
        if not any(mark in ("published", "dated", "stamp", "byline", "updated") for mark in marks):
            continue
        for j in range(start, standfirst + 1):
            if page.kinds[j] is None and page.hints[j] is None and not page.dated[j]:
                page.put(j, "body", 0)
        for j in between:
            if page.hints[j] is not None or page.dated[j]:
                _put_head_line(page, j)
        return _take_in_short_opening(page, standfirst, text)
    return start


def _is_summary_point(page: Reading, title: int | None, i: int, start: int) -> bool:
    """Whether a line is one of several points that sum the story up above its text."""
    points = [i]
    for step in (-1, 1):
        j = i + step
        while 0 <= j < start and page.lines[j].bullet and not page.lines[j].link and page.hints[j] is None:
            points.append(j)
            j += step
    taken_up = sum(_takes_up(page, title, j, start) for j in points if page.lines[j].words >= _SHORTEST_POINT)
    return len(points) >= 2 and taken_up * 2 >= len(points)


def _is_standfirst(page: Reading, title: int, i: int, start: int) -> bool:
    """Whether the line under the headline goes on about its story."""
    line = page.lines[i]
    if line.words < 8:
        return False
    return line.words >= 15 or _takes_up(page, title, i, start)


def _takes_up(page: Reading, title: int | None, i: int, start: int) -> bool:
    """Whether a line shares words with the headline and the first paragraphs."""
    words = page.content(i)
    near = set(page.content(title)) if title is not None else set()
    for j in range(start, min(start + _FIRST_LINES, len(page.lines))):
        near |= page.content(j) if page.is_prose(j) else set()
    return len(words & near) * 4 >= max(len(words), 1)


def _put_short_head_line(page: Reading, i: int) -> None:
    """A short line between title and body: place and agency, a name, a section."""
    line = page.lines[i]
    words = line.word_keys
    if len(line.text) > _LONGEST_HEAD_LINE:
        page.put(i, "other")
    elif line.words <= 16 and "@" not in line.text and find_date(line.text) is not None:
        page.put(i, "publish_date", 0)
    elif (
        (line.words <= 6 and has_word_of("agency", words) and not line.stops)
        or looks_like_outlet(words)
        or (line.words <= 8 and (_AGENCY_DATELINE.fullmatch(line.text) or names_origin(line.text, line.word_keys)))
    ):
        page.put(i, "dateline", 0)
    elif "byline" not in page.kinds[:i] and (
        (line.words <= 7 and name_in_line(line.text, _beside_date(page, i)) is not None)
        or name_before_role(line.text) is not None
    ):
        page.put(i, "byline", 0)
    else:
        page.put(i, "other")


def _beside_date(page: Reading, i: int) -> bool:
    """Whether a line stands next to the date, an outlet's name or another byline."""
    beside = ("publish_date", "byline", "dateline")
    return page.kinds[i - 1] in beside or (i + 1 < len(page.lines) and page.kinds[i + 1] in beside)


def _put_source_line(page: Reading, title: int | None, start: int) -> None:
    """Finds the outlet's name among the short lines above the headline."""
    lines, hints = page.lines, page.hints
    attributed = {phrase_key(page.announced(i)) for i, hint in enumerate(hints) if hint == "attribution"}
    for i in range(title if title is not None else start):
        if page.kinds[i] is None:
            line = lines[i]
            stamped = i + 1 < len(lines) and page.kinds[i + 1] == "crawl_stamp"
            named = line.text.endswith((":", ":")) or line.key in attributed or (stamped and line.words <= 5)
            is_source = line.words <= 6 and not line.link and named and not is_menu_word(line.key)
            page.put(i, "source_line" if is_source else "other", 0 if is_source else None)
    if title is not None:
        _put_stamps(page, title, start)


def _put_stamps(page: Reading, title: int, start: int) -> None:
    """Tells the crawl's date from the publication's where neither is labelled.

    Aggregators print the crawl above the headline, feeds the publication below it. A machine's stamp is the publication
    only below the headline of a page that says elsewhere when it was crawled and has no other date; a date far above the
    headline is the day of the visit.
    """
    dated = any(page.dated[i] or page.hints[i] == "published" for i in range(start))
    crawled = any(hint in ("crawled", "crawl_stamp") for hint in page.hints)
    for i in range(start):
        if page.hints[i] == "stamp" and (i < title or dated or not crawled):
            page.put(i, "crawl_stamp")
        elif page.dated[i] and page.hints[i] is None and i < title and page.kinds[i] == "publish_date":
            between = sum(page.hints[j] in (None, "menu", "promo") and not page.dated[j] for j in range(i + 1, title))
            if between > _FARTHEST_DATE:
                page.put(i, "other")
