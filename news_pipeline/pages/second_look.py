"""What a second look at a page shows, once each line has a kind: strangers at the end of the text, tags without a label.

Belongs here: corrections that take the whole text at once. Does not belong here: typing line by line (``body``).
"""

from __future__ import annotations

import re

from news_pipeline.pages.evidence import COHESIVE
from news_pipeline.pages.headlines import continues_text, inserted_headlines
from news_pipeline.pages.hints import row_pieces
from news_pipeline.pages.labels import has_word_of, is_menu_word, known_outlets, speaks_to_reader
from news_pipeline.pages.reading import Reading

_FARTHEST_TAGS = 16
_QUOTATION_MARK = re.compile('["“”«»]')
_OWN_WORDS = frozenset(("promo", "consent", "footer", "share"))
_LONGEST_NAMING_LINE = 12
_LONGEST_OWN_NAME = 4


def trim_strangers(page: Reading) -> None:
    """Takes lines off the end of the text that have nothing of it: author's notes, notices, names and buttons."""
    body = [i for i, kind in enumerate(page.kinds) if kind == "body"]
    for last in range(len(body) - 1, 2, -1):
        i = body[last]
        line = page.lines[i]
        keys = line.word_keys
        addresses = speaks_to_reader(keys) and not _QUOTATION_MARK.search(line.text)
        if line.stops and line.words >= 4 and not (has_word_of("author", keys) or addresses):
            return
        words = page.content(i)
        others = set().union(*(page.content(j) for j in body[:last]))
        if len(words & others) >= max(2, len(words) * COHESIVE) or continues_text(line):
            return
        page.put(i, "other")


def find_bare_tags(page: Reading) -> None:
    """Types a row of short phrases right below the text, which no label announces, as tags."""
    body = [i for i, kind in enumerate(page.kinds) if kind == "body"]
    while body and page.lines[body[-1]].words <= 4 and not page.lines[body[-1]].stops:
        del body[-1]
    if len(body) < 2:
        return
    vocabulary = set().union(*(page.content(i) for i in body))
    run: list[int] = []
    for i in range(body[-1] + 1, min(body[-1] + _FARTHEST_TAGS, len(page.lines))):
        line = page.lines[i]
        is_phrase = (
            0 < line.words <= 4
            and page.hints[i] in (None, "menu")
            and page.kinds[i] in ("other", "related_headline", "body")
        )
        names_outlet = line.key in known_outlets() or has_word_of("agency", line.word_keys)
        if is_phrase and not (line.stops or page.dated[i] or line.level or names_outlet or is_menu_word(line.key)):
            run.append(i)
        elif run or page.hints[i] in ("related", "read_more", "comments", "footer", "about"):
            break
    known = sum(bool(page.content(i) & vocabulary) for i in run)
    if len(run) == 1 and (
        len(row_pieces(page.lines[run[0]].text)) >= 3
        or page.lines[run[0]].target == "tag"
        or _is_said_often(page, run[0], body)
    ):
        page.put(run[0], "tags", 0)
    alike = all(page.lines[i].link or page.lines[i].bullet for i in run)
    if len(run) >= 2 and (known * 2 >= len(run) or alike or len(run) >= 3):
        for i in run:
            page.put(i, "tags", 0)


def _is_said_often(page: Reading, i: int, body: list[int]) -> bool:
    """Whether the headline or several paragraphs have every content word of a line."""
    words = page.content(i)
    titles = [page.content(j) for j, kind in enumerate(page.kinds) if kind == "title"]
    return bool(words) and (any(words <= title for title in titles) or sum(words <= page.content(j) for j in body) > 1)


def drop_own_offers(page: Reading) -> None:
    """Takes out of the lists what the outlet says of itself: lines that name it beside its offers and notices."""
    offers = []
    for i, kind in enumerate(page.kinds):
        if kind == "related_headline":
            beside = page.hints[max(i - 1, 0) : i + 2]
            words = page.lines[i].word_keys
            if not _OWN_WORDS.isdisjoint(beside) or speaks_to_reader(words) or page.lines[i].key in page.recurring:
                offers.append(i)
    own = _own_names(page) if offers else set()
    for i in offers:
        if any(f" {name} " in f" {page.lines[i].key} " for name in own):
            page.put(i, "promo")


def _own_names(page: Reading) -> set[str]:
    """Keys of known outlets that the page names in short lines of its own, as in its head and its rights."""
    found = set()
    for i, line in enumerate(page.lines):
        if line.words > _LONGEST_NAMING_LINE or page.kinds[i] not in ("other", "footer", "source_line", "dateline"):
            continue
        for first in range(line.words):
            for last in range(first + 1, min(first + _LONGEST_OWN_NAME, line.words) + 1):
                name = " ".join(line.word_keys[first:last])
                if name in known_outlets():
                    found.add(name)
    return found


def trim_tail(page: Reading, start: int) -> None:
    """Takes menus and lists off the end of a body that nothing closes: three or more short lines without a stop."""
    tail: list[int] = []
    for i in range(len(page.lines) - 1, start, -1):
        if page.kinds[i] != "body":
            continue
        line = page.lines[i]
        if line.ends_sentence or line.words > 14:
            break
        tail.append(i)
    if len(tail) >= 3:
        for i in tail:
            is_item = page.lines[i].words >= 4 and page.headline_like[i]
            page.put(i, "related_headline" if is_item else "other", 0 if is_item else None)


def mark_inserted_headlines(page: Reading) -> None:
    """Re-types headlines of other stories among the paragraphs of each article."""
    others = [page.lines[i].key for i, kind in enumerate(page.kinds) if kind in ("related_headline", "embedded_title")]
    titles = [page.lines[i].key for i, kind in enumerate(page.kinds) if kind == "title"]
    owners = sorted({article for article in page.articles if article is not None})
    for article in owners:
        kind = "body" if article == 0 else "embedded_body"
        positions = [i for i, k in enumerate(page.kinds) if k == kind and page.articles[i] == article]
        positions = [i for i in positions if not page.lines[i].level]

        def content(place: int, at: list[int] = positions) -> set[str]:
            return page.content(at[place])

        for found in sorted(inserted_headlines([page.lines[i] for i in positions], content, others + titles)):
            repeated = page.lines[positions[found]].key in titles and article == 0
            page.put(positions[found], "title" if repeated else "inline_headline", article)
