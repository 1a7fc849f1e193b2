"""What a line says it is, by its label or its shape alone, before its place on the page is looked at.

Belongs here: evidence within one line. Does not belong here: what takes its neighbours (``blocks``), and the words
themselves (``labels`` and its data).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache

from news_pipeline.arabic.keys import word_key
from news_pipeline.pages.dates import StatedDate, find_date, find_relative, find_yearless, is_date_line, parse_stamp
from news_pipeline.pages.headlines import LONGEST_HEADLINE
from news_pipeline.pages.labels import (
    GLUE,
    Label,
    has_word_of,
    is_labelled_agency,
    is_menu,
    is_promo,
    is_share_bar,
    last_words_of_buttons,
    reply_words,
    speaks_to_reader,
    without_trailing_label,
    word_sets,
)
from news_pipeline.pages.lines import Line

COMPACT_STAMP = re.compile(
    r"(?<!\d)20\d{2}[01]\d[0-3]\d[0-2]\d[0-5]\d[0-5]\d(?!\d)|(?<!\d)20\d{6}T[0-2]\d[0-5]\d[0-5]\dZ?"
)
"""An instant as web archives name their copies: ``20240711224956``, in UTC."""
SOFT = frozenset(("read_more_value", "related_value", "byline", "attribution", "row_of_phrases"))
"""Hints of lines that headlines look like too ("Watch: …"), so that a line's place decides."""

_LONGEST_FURNITURE = 60
_LONGEST_NOTICE = 30
_DIGIT = re.compile(r"\d")
_PARTING_MARK = re.compile(r"[>»›/\\|\t•·]")
_SECTION_ENDS = frozenset("-=*_~—–•#◆■")
_ANY_TIME = datetime(2020, 1, 2, tzinfo=UTC)
_CRUMB = re.compile(r"\s[>»›→/|\\]\s|[>»›]")
_CRUMBS = re.compile(r"(?:[^>»›/|\\]{2,40}\s*[>»›/\\]\s*){1,6}\S.*")
_CELLS = re.compile(r"\s*[|\t•·]\s*")
_PIECES = re.compile(r"\s*[,،;؛|•·]\s*|\s+[-–—/]\s+")
TICKER = re.compile(r"\s{3,}|\t+|\s+(?:[•|●■◆*]|\+{2,}|/{2,}|\*{2,})\s+")
_TICKER_SIGN = re.compile(r"[\t•|●■◆*]|\s{3}|\+\+|//")
_SECTION = re.compile(r"[-=*_~—–•#◆■]+\s*[^-=*_~—–•#◆■]{2,60}?\s*[-=*_~—–•#◆■]+")
_HASHTAGS = re.compile(r"(?:[\s,،|]*#[^\s#,،|]+){2,}\s*|[^#]{2,40}(?:\s#\s?[^#\s][^#]{1,40}){2,}")
_BRACKETED_IMAGE = re.compile(r"\[\s*(?:IMG|IMAGE|INLINE|PHOTO|صورة|الصورة|عکس|تصویر)\b[^\[\]]*\]", re.IGNORECASE)
_ANY_LABEL = re.compile(r"([^\s:,،;؛|/][^:,،;؛|/]{1,30}?)\s?:\s+(?=\S)")
_HEADERS = frozenset(("related", "read_more", "comments", "tags"))
_LONGEST_ROW = 45
_TAG_CELLS = re.compile(r"#[^|#]+(?:\s\|\s#[^|#]+)+")
_NUMBER = re.compile(r"[\d٠-٩۰-۹\s.,:/+%()\[\]-]+")
_ALT_TEXT = re.compile(r"\[[^\[\]]*\]")
_LONGEST_ALT_TEXT = 25
_MOST_GLUED = 3
_SCRIPT = re.compile(r"\bfunction\s?\(|\b(?:window|document|googletag)\.\w|=>\s?\{|\bvar \w+\s?=|[;{}]\s*\}\s*\)?;?$")
_BUTTON = re.compile(
    r"(?i:(?:list|item|slide|image|photo|page)) \d+ (?i:of|/) \d+|(?i:list of \d+ items)|\((?:BUTTON|BOUTON)\)|\[ ?[xX]? ?\]|_{4,}"
)
_COUNTER = re.compile(
    r"(?:\d[\d.,]*\s*[kKألفم]{0,3}\s*(?:مشاهد\w*|قراء\w*|زيار\w*|تعليق\w*|دقيق\w*|دقائق\w*|مشارك\w*|views?|reads?|comments?|"
    r"shares?|likes?|min(?:utes?)?(?: read)?|vues?|lectures?|commentaires?|partages?|بازدید|نظر|دیدگاه|دقیقه))(?:\s+\w+)?",
    re.IGNORECASE,
)
_COMMENTS = re.compile(
    r"\(?\d+\)?\s*(?:comments?|commentaires?|réactions?|contributions?|تعليقات|تعليق|تعليقا|نظرات|نظر|دیدگاه)\b(?:\W.*)?",
    re.IGNORECASE,
)
CLOCK = re.compile(r"[\d٠-٩۰-۹]{1,2}[:h.٫][\d٠-٩۰-۹]{2}(?!\d)")
_SECONDS = re.compile(r"[\d٠-٩۰-۹]{1,2}[:٫][\d٠-٩۰-۹]{2}:[\d٠-٩۰-۹]{2}(?!\d)")
_URL = re.compile(r"https?://|www\.")
_YEAR = re.compile(r"(?:19|20)\d{2}|[٢][٠][٠-٩]{2}|[۱۲][۰-۹]{3}")
_RIGHTS = re.compile("الحقوق محفوظه|حقوق النشر محفوظه|all rights reserved|tous droits réservés|حقوق محفوظ است")
_CREDIT_IN_BRACKETS = re.compile(r"[(\[]\s*([^()\[\]]{2,60})\s*[)\]]\s*[.]?$")
_CREDIT_BEHIND_DASH = re.compile(r"(?:\s[-–—/|©]|[.])\s?([^-–—/|.]{2,40})$")
_CREDIT_LABEL = re.compile(
    r"(?:^|[.!?؟…]\s+)(?:Photo|Photograph|Photographie|Image|Picture|Crédits?|صورة|تصوير|عدسة|عکس)\s?:\s?[^.:]{2,50}$",
    re.IGNORECASE,
)
_LONGEST_CREDIT_LABEL = 20
_SENTENCE_END = re.compile(r"[.!?…]\s+")
_FEWEST_CAPITALS = 2
_CREDITED_AGENCY = re.compile(
    r"\b(?:via|par) (?:AP|AFP|Reuters|Getty)\b|\b(?:Reuters|AFP|EPA|AP Photo)/[^\W\d]|/\s?(?:AP|AFP|Reuters|Getty|رويترز|أ ?ف ?ب)\b|Getty Images",
    re.IGNORECASE,
)
_PICTURE_CREDIT = re.compile(
    r"[(\[][^()\[\]]*(?:photo|image|picture|صورة|عکس|file|handout|[^\W\d]/[^\W\d])[^()\[\]]*[)\]]\s*[.]?$",
    re.IGNORECASE,
)
_STOP_BEFORE_CREDIT = re.compile(r"[.!؟?…][\"'”»]?\s*[(\[][^()\[\]]*[)\]]\s*[.]?$")


def own_kind(line: Line, label: Label | None) -> str | None:
    """What a line says it is; ``None`` for a line that may be text, a headline or a name.

    Args:
        line: the line.
        label: the label it starts with (``labels.match_label``).
    """
    if line.form == "table" and _TAG_CELLS.fullmatch(line.text):
        return "tags"
    if line.form:
        return {"image": "image", "rule": "junk"}.get(line.form) or _labelled(line, label) or _row(line)
    if line.words == 0:
        return "junk"
    if line.words > _LONGEST_FURNITURE:
        return None
    words = line.word_keys
    if label is None and line.words > _LONGEST_NOTICE and line.stops and _telling_words().isdisjoint(words):
        return None
    if label is not None and label.kind == "another" and line.words <= label.words + 3 and not line.stops:
        return "another"
    if label is not None and label.marked and label.kind in _HEADERS and line.words == label.words:
        return label.kind
    return (
        (_by_digits(line, label, words) if _DIGIT.search(line.key) else None)
        or (None if _telling_words().isdisjoint(words) else _by_words(line, words))
        or _by_marks(line, words)
        or _labelled(line, label)
        or (_by_shape(line, words) if label is None else None)
    )


def _by_digits(line: Line, label: Label | None, words: list[str]) -> str | None:
    """Stamps, clock times, counts and counters."""
    text = line.text
    if "".join(words).isdigit() and not is_date_line(text):
        return "number"
    if "@" in text and text[0].isdigit() and parse_stamp(text) is not None:
        return "crawl_stamp"
    if line.words <= 12 and COMPACT_STAMP.search(text):
        return "crawl_stamp"
    if line.words <= 24:
        if _SECONDS.search(text) and (label is None or label.kind not in ("published", "updated")):
            return _machine_stamp(line, words)
        if has_word_of("crawl", words) and find_date(text):
            return "crawled"
    if line.words <= 6:
        if text[0].isdigit() and (_NUMBER.fullmatch(text) or CLOCK.match(text)) and not is_date_line(text):
            return "number"
        if _COMMENTS.fullmatch(text):
            return "comments"
        if _COUNTER.fullmatch(text) or _BUTTON.match(text):
            return "views"
    return None


def _by_marks(line: Line, words: list[str]) -> str | None:
    """Lines that a sign or an address gives away: buttons, rights, hashtags, images."""
    text = line.text
    if line.words <= 8 and reply_words().issuperset(words) and len(words) >= 2:
        return "reply"
    if (
        line.words <= 40
        and ("://" in text or "www." in text)
        and (has_word_of("promo_verb", words[:1]) or _URL.match(text))
    ):
        return "promo"
    key = line.key
    named = "محفوظ" in key or "reserved" in key or "réservés" in key
    has_rights = named and _RIGHTS.search(key) is not None
    if has_rights or "©" in text:
        is_footer = has_rights or text.startswith("©") or _YEAR.search(text)
        return "footer" if line.words <= 40 and is_footer else "credit"
    if "#" in text and _HASHTAGS.fullmatch(text):
        return "tags"
    if text[0] == "[" and text[-1] == "]":
        is_alt = 2 <= line.words <= _LONGEST_ALT_TEXT and not line.lead and _ALT_TEXT.fullmatch(text)
        if is_alt or _BRACKETED_IMAGE.fullmatch(text):
            return "image"
    if "(" in text and ";" in text and _SCRIPT.search(text):
        return "junk"
    if line.words <= 3 and _BUTTON.match(text):
        return "views"
    return None


def _by_shape(line: Line, words: list[str]) -> str | None:
    """Lines without a label that their build gives away: sections, tickers, credits, paths, rows of a menu."""
    text = line.text
    if text[-1] in _SECTION_ENDS and line.words <= 8 and _SECTION.fullmatch(line.lead + text):
        return "section"
    if line.words >= 10 and not line.stops and _is_ticker(text):
        return "ticker"
    if line.words > 40:
        return None
    if not line.stops and text[0] < "\u0250" and len(GLUE.findall(text)) > _MOST_GLUED:
        return "menu"
    if _is_credit(line, words):
        return "credit"
    if line.words < 2 or _PARTING_MARK.search(text) is None:
        return None
    if ":" not in text and _CRUMBS.fullmatch(text) and _is_crumbs(text):
        return None if is_date_line(text) else "breadcrumb"
    if line.words >= 3 and _is_row_of_words(text):
        return None if is_date_line(text) else "menu"
    return None


def _machine_stamp(line: Line, words: list[str]) -> str | None:
    """What a line with a time to the second is: tools write such, so it tells of the crawl unless it stands alone."""
    if find_date(line.text) is None:
        return None
    return "crawled" if has_word_of("crawl", words) or "@" in line.text or line.words > 12 else "stamp"


def says_when(line: Line) -> bool:
    """Whether a line is nothing but a date, or nothing but how long ago."""
    if is_date_line(line.text):
        return True
    return line.words <= 5 and find_relative(line.text, _ANY_TIME) is not None


def label_of_row(line: Line) -> Label | None:
    """The label before a row of short phrases, whatever its words: ``Axes: one; two; three``."""
    match = _ANY_LABEL.match(line.text) if line.words <= _LONGEST_ROW else None
    if match is None or line.stops:
        return None
    words = len(match[1].split())
    if words > 3 or not is_enumeration(line.text[match.end() :]):
        return None
    return Label("tags", match.end(), True, words)


def announced_words(line: Line, label: Label | None) -> int:
    """Number of words of a line beside its label."""
    return line.words - (label.words if label else 0)


@cache
def _telling_words() -> frozenset[str]:
    sets = word_sets()
    return sets["network"] | sets["cookie"] | sets["promo_good"] | sets["section"]


def _by_words(line: Line, words: list[str]) -> str | None:
    """Furniture that its words give away: share bars, promotions, consent boxes, menus."""
    if line.words <= 30 and is_share_bar(words):
        return "share"
    if is_promo(words) and (line.words <= 12 or (line.words <= 30 and not line.has_inner_stop)):
        return "promo"
    if (
        has_word_of("cookie", words)
        or "تعريف الارتباط" in line.key
        or (speaks_to_reader(words) and has_word_of("promo_good", words))
    ):
        return "consent"
    return "menu" if is_menu(words) else None


def _labelled(line: Line, label: Label | None) -> str | None:
    """What the label of a line makes it."""
    if label is None:
        return None
    kind, value = label.kind, line.text[label.value_start :]
    value_words = announced_words(line, label)
    if kind == "attribution":
        if not label.marked:
            return kind if value_words <= 4 and not line.ends_sentence else None
        return kind if value_words <= 10 and not (value_words > 6 and line.stops) else None
    if kind == "byline" and line.words <= 30 and not line.stops and find_date(value):
        return kind
    if kind == "byline":
        if not label.marked:
            return kind if value_words <= 8 and _reads_as_names(re.split(r"[,،|]", value)[0]) else None
        if value_words > 5 and not re.search(r"[,،|]|\sو|\b(?:and|et)\b", value):
            return None
        return kind if value_words <= 10 and (":" in line.text[: label.value_start] or not line.stops) else None
    if kind in ("published", "updated", "crawled"):
        if not value or (kind == "updated" and CLOCK.match(value) and value_words <= 5):
            return kind
        dated = find_date(value) or find_relative(value, _ANY_TIME) or _yearless(value)
        short = line.words <= 14 and not line.stops
        return kind if dated and line.words <= 30 and dated.start <= (40 if label.marked or short else 12) else None
    if kind == "tags":
        if not label.marked and (label.words == 1 or line.stops):
            return "bare_tags" if value_words <= 20 and not line.ends_sentence else None
        return kind if value_words <= 40 and not (value_words > 12 and line.stops) else None
    if kind == "share":
        is_bar = is_share_bar(word_key(value).split())
        return kind if not value or is_bar or (value_words <= 4 and label.words > 1) else None
    if kind == "promo":
        return kind if not value or (label.words > 1 and line.words <= 30) else None
    if kind == "footer" and 0 < value_words <= 3 and has_word_of("agency", line.word_keys[label.words :]):
        return "credit"  # a picture's
    if kind in ("footer", "about"):
        return kind if not value or (label.words > 1 and line.words <= 40 and not line.has_inner_stop) else None
    if kind == "another":
        return kind if value_words <= 3 and not line.stops else None
    if kind == "summary":
        return None if value else kind
    if kind in ("end", "skip_end"):
        return kind if value_words <= 2 else None
    if kind in ("comments", "reply", "skip"):
        return kind if value_words <= (4 if kind != "skip" else 6) and not line.stops else None
    if kind in ("related", "read_more") and value_words >= 2 and is_enumeration(value):
        return "tags"
    if kind == "related" and not label.marked:
        return kind if value_words <= 3 and not line.ends_sentence else None
    if kind == "related":
        short = value_words <= (4 if value[:1].isdigit() else 2)  # "Most read 24 hours 7 days"
        return kind if short else ("related_value" if value_words <= LONGEST_HEADLINE else None)
    if kind == "read_more":
        if not label.marked and (line.stops or label.words < 2):
            return None
        return kind if not value else ("read_more_value" if value_words <= LONGEST_HEADLINE else None)
    if kind == "home":
        return "breadcrumb" if line.words <= 40 and (_CRUMB.search(line.text) or not line.stops) else None
    if kind == "views":
        return kind if value_words <= 4 and (not value or ":" in line.text[: label.value_start]) else None
    if kind == "caption":
        lead = line.text[: label.value_start]
        return kind if (value_words <= 30 and any(mark in lead for mark in ":،,/|")) or not value else None
    if kind == "field" and is_enumeration(value):
        return "tags"
    if kind in ("title_field", "text_field", "field"):
        return kind if ":" in line.text[: label.value_start] else None
    return None


def is_enumeration(text: str) -> bool:
    """Whether commas or bars part a text into three or more short pieces, as in a row of tags."""
    pieces = row_pieces(text)
    return len(pieces) >= 3 and all(len(piece.split()) <= 4 for piece in pieces)


def _yearless(value: str) -> StatedDate | None:
    """The date without a year that a value is, and nothing but it."""
    found = find_yearless(value, _ANY_TIME)
    return found if found is not None and found.start <= 3 and found.end >= len(value) - 2 else None


def _reads_as_names(text: str) -> bool:
    """Whether a text could be names of persons: capitals where the script has them, no sentence."""
    latin = [
        word
        for word in re.findall(r"[^\W\d_]+", text)
        if word.lower() not in ("and", "et", "in", "à", "de", "with", "avec")
    ]
    if not latin or latin[0] == "و" or any(c.isdigit() for c in text):
        return False
    if text.isascii() or "A" <= latin[0][0].upper() <= "\u024f":
        return all(word[0].isupper() for word in latin) and not re.search(r"\w{3,}[.!?;:]\s*$", text)
    return not re.search(r"[.!؟:؛،]\s*$", text) and len(latin) <= 4


def _is_credit(line: Line, words: list[str]) -> bool:
    """Whether a line ends with the credit of a picture: an agency in brackets or behind a dash, a copyright mark."""
    text = line.text if words[-1] not in last_words_of_buttons() else without_trailing_label(line.text, line.key)
    tail = text[-64:]
    last = text[-1] if text[-1] not in " ." else tail.rstrip(" .")[-1:]
    if last == ")" or last == "]":
        if _PICTURE_CREDIT.search(tail):
            return True
        match = None if _STOP_BEFORE_CREDIT.search(tail) else _CREDIT_IN_BRACKETS.search(tail)
        return match is not None and _names_agency(match[1])
    if line.words <= 30 and not line.stops and has_word_of("agency", words[-4:]):
        match = _CREDIT_BEHIND_DASH.search(tail)
        if match is not None and _names_agency(match[1]):
            return True
    if line.words < 2:
        return False
    if is_labelled_agency(words):
        return True
    if text[0] < "\u0250" and _ends_in_capitals(tail):
        return True
    if "©" in tail or (("/" in tail or "via" in tail or "etty" in tail) and _CREDITED_AGENCY.search(tail)):
        return True
    colon = tail.rfind(":")
    return colon >= 0 and _CREDIT_LABEL.search(tail, max(0, colon - _LONGEST_CREDIT_LABEL)) is not None


def _ends_in_capitals(tail: str) -> bool:
    """Whether a photographer's name in capitals stands behind a sentence, as French newspapers print it."""
    ends = list(_SENTENCE_END.finditer(tail))
    name = tail[ends[-1].end() :] if ends else ""
    words = [word for word in name.split() if any(map(str.isalpha, word))]
    return len(words) >= _FEWEST_CAPITALS and name.isupper() and all(len(word) > 1 for word in words)


def _names_agency(name: str) -> bool:
    """Whether a credit names an agency, by its word or as letters set apart (``أ ف ب``)."""
    words = word_key(name).split()
    if not 0 < len(words) <= 6:
        return False
    return has_word_of("agency", words) or (len(words) in (2, 3, 4) and all(len(word) == 1 for word in words))


def _is_crumbs(text: str) -> bool:
    """Whether separators part a line into the short steps of a path; the last one may be a title."""
    steps = [step.strip() for step in re.split(r"\s*[>»›\\]\s*|\s+/\s+", text)]
    return (
        len(steps) >= 2 and all(0 < len(step.split()) <= 4 for step in steps[:-1]) and not text.rstrip().endswith(".")
    )


def _is_ticker(text: str) -> bool:
    """Whether a line strings several headlines together."""
    if _TICKER_SIGN.search(text) is None:
        return False
    pieces = [piece for piece in TICKER.split(text) if piece]
    return len(pieces) >= 2 and all(4 <= len(piece.split()) <= 16 and not piece.endswith(".") for piece in pieces)


def _is_row_of_words(text: str) -> bool:
    """Whether bars or tabs part a line into many short pieces, as in menus."""
    cells = [cell for cell in _CELLS.split(text) if cell]
    return len(cells) >= 4 and all(len(cell.split()) <= 4 for cell in cells)


def row_pieces(text: str) -> list[str]:
    """The pieces of a line that commas, bars, slashes, dots or free dashes part."""
    return [piece for piece in _PIECES.split(text) if piece]


def _row(line: Line) -> str | None:
    """A table row that is no running text: cells of a few words."""
    cells = line.text.split(" | ")
    return "row" if max(len(cell.split()) for cell in cells) <= 8 and len(cells) > 1 else None
