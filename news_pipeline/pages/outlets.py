"""Whose page it is: the outlet's name from the places where pages print it without a label.

Those places are the end of the page's own title (``Headline - Outlet``), the copyright line, the logo or first line, a
dateline that names an outlet, and the page's notices. No place is trusted alone where several agree on another name.
Belongs here: the vote among them. Does not belong here: labelled sources (``assemble``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from news_pipeline.arabic.keys import phrase_key, word_key
from news_pipeline.pages.date_words import month_tail, weekday_tail
from news_pipeline.pages.dates import find_date
from news_pipeline.pages.hints import COMPACT_STAMP
from news_pipeline.pages.labels import (
    has_word_of,
    is_menu_word,
    known_outlets,
    looks_like_outlet,
    match_label,
    quoted_outlet,
)
from news_pipeline.pages.reading import TypedLine

_SEPARATORS = re.compile(r"\s+[-–—|»•:·]+\s+|\s*[|»]\s*")
_YEARS = re.compile(
    r"1[34]\d{2}\s?هـ?|(?:(?:19|20)\d{2}|[١٢][٠-٩]{3}|[۱۲][۰-۹]{3})(?:\s?[-–]\s?(?:(?:19|20)?\d{2}|[٠-٩]{4}))?"
)
_RIGHTS_MARK = re.compile(
    r"©|\(c\)\s|copyright|all rights? reserved|tous droits|حقوق\s+(?:النشر|الطبع|الملكية|البث)|الحقوق\s+محفوظ|حقوق\s+محفوظ|"
    r"(?:تمام|تمامی|کلیه|همه)\s*ی?\s*حقوق",
    re.IGNORECASE,
)
_RIGHTS_WORDS = re.compile(
    r"©|\(c\)|®|™|copyright|all rights? reserved|tous droits (?:de reproduction et de diffusion )?réservés|"
    r"(?:جميع|كافة|كل)?\s*\b(?:الحقوق|حقوق)\b(?:\s+(?:النشر|الطبع|الملكية|البث|والنشر|الفكرية|مادی|و|معنوی|این|سایت|پایگاه))*|"
    r"\b(?:محفوظة|محفوظه|محفوظ|لدى|متعلق|به|برای|است|تمام|تمامی|کلیه|همه)\b",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(
    r"[.;؛]\s|\s[-–—|•/]\s|[|]|\s(?:or its|and subject|and its|et ses|و استفاده|و هرگونه|و نقل|لا يجوز|is not|ليست|n['’]est|مسئول)\b|\n"
)
_COMPANY = re.compile(r"(?:[,،]?\s+(?:Ltd|Limited|Inc|LLC|Co|Corp|Group|SA|plc|GmbH|ش\.?م\.?ل)\.?)+$", re.IGNORECASE)
_KINDS = ("شبكة", "صحيفة", "جريدة", "موقع", "قناة", "وكالة", "مؤسسة", "بوابة", "شركة", "هيئة", "مجموعة", "خبرگزاری")
_KIND_KEYS = frozenset(word_key(kind) for kind in _KINDS)
_JOINED_LAM = re.compile(rf"^(?:لـ\s*|ل(?=(?:{'|'.join(_KINDS)})\b)|لدى\s+)")
_DATE_WORDS = re.compile(r"^(?:يوم|في|الساعة|بتوقيت|توقيت|[صم]|صباحا|مساء|gmt|utc|am|pm|at|à|le|ساعت)$")
_STAMP_PARTS = re.compile(r"\s[-–—•]\s|[@|:\[\]()]")
_EDGE = " \t\r\n.,›‹>،:;؛-–—|/•«»\"“”'()[]*_#\u200e\u200f\ufeff"
_LONGEST_NAME = 6
_LONGEST_LINE = 600
_FIRST_LINES, _FEWEST_CELLS = 4, 3
_LOGO = re.compile(r"\b(?:logo|شعار|لوغو|لوجو|لوگوی?)\b", re.IGNORECASE)
_ENOUGH, _ENOUGH_UNKNOWN = 2.0, 2.5


def name_outlet(typed: Sequence[TypedLine], title: str) -> str | None:
    """The name that the unlabelled places of a page agree on; ``None`` where none says enough.

    Args:
        typed: the lines of the page.
        title: the article's headline.
    """
    typed = [t for t in typed if len(t.line.text) <= _LONGEST_LINE]
    found = [
        *((name, 3.0) for name in _title_suffixes(typed, title)),
        *((name, 2.5) for name in _rights_holders(typed)),
        *((name, 2.0) for name in _beside_stamps(typed)),
        *_first_names(typed),
        *_links_home(typed),
        *_datelines(typed),
        *((name, 2.0) for name in _known_names(typed)),
        *((name, 1.0) for name in _leading_names(typed)),
    ]
    attested = {phrase_key(name) for name, _ in found}
    on_top = {phrase_key(name) for name, _ in _first_names(typed)}
    found.extend((variant, weight * 0.4) for name, weight in found.copy() for variant in _variants(name))
    keyed = [(name, phrase_key(name), weight) for name, weight in found]
    keyed = [(name, key, weight) for name, key, weight in keyed if _may_be_name(name, key)]
    if not keyed:
        return None
    page = f" {' | '.join(t.line.key for t in typed if t.kind not in ('body', 'embedded_body'))} "
    names: dict[str, str] = {}
    votes: dict[str, float] = {}
    for name, key, weight in keyed:
        names.setdefault(key, name)
        votes[key] = votes.get(key, 0.0) + weight
    held: dict[str, float] = {}  # what longer names that hold a name give it
    for _, other, weight in keyed:
        for run in _runs(other) & votes.keys() - {other}:
            held[run] = held.get(run, 0.0) + weight * 0.3
    for key in votes:
        votes[key] += min(page.count(f" {key} ") - 1, 3) * 0.5 + (1.0 if key in known_outlets() else 0.0)
        votes[key] += 0.5 if _is_latin(key) == _is_latin(title) else 0.0
        votes[key] += held.get(key, 0.0)
    best = max(votes, key=lambda key: (votes[key], -len(key), key))
    fuller = [
        key
        for key in votes
        if key != best and key in attested and f" {best} " in f" {key} " and votes[key] >= votes[best] * 0.4
    ]
    fuller = [
        key
        for key in fuller
        if len(key.split()) - len(best.split()) <= 2
        and (key in on_top or not (best in attested or best in known_outlets()) or key.split()[0] not in _KIND_KEYS)
        and not has_word_of("agency", key.split())
    ]
    if fuller:
        best = max(fuller, key=lambda key: (votes[key], key))
    enough = _ENOUGH if looks_like_outlet(best.split()) else _ENOUGH_UNKNOWN
    return names[best] if votes[best] >= enough else None


def _runs(key: str) -> set[str]:
    """Every run of words of a name, itself included."""
    words = key.split()
    return {" ".join(words[first:last]) for first in range(len(words)) for last in range(first + 1, len(words) + 1)}


def _is_latin(text: str) -> bool:
    return any("a" <= letter <= "\u024f" for letter in text.lower()[:12])


def is_date_word(part: str) -> bool:
    """Whether a piece beside a date belongs to it: a weekday, a clock's half, a zone."""
    if weekday_tail(part) is not None or month_tail(part) is not None:
        return True
    return all(_DATE_WORDS.match(word) for word in word_key(part).split())


def _may_be_name(name: str, key: str) -> bool:
    words = key.split()
    return (
        0 < len(words) <= _LONGEST_NAME
        and any(letter.isalpha() for letter in name)
        and not is_menu_word(key)
        and not has_word_of("photo", words)
        and match_label(name, key) is None
    )


def _title_suffixes(typed: Sequence[TypedLine], title: str) -> list[str]:
    """What the page's own title has beside the headline."""
    key = word_key(title)
    found = []
    for t in typed[:12]:
        if not key or t.line.words <= key.count(" ") + 1 or t.kind == "body" or key not in t.line.key:
            continue
        parts = [part.strip(_EDGE) for part in _SEPARATORS.split(t.line.text)]
        rest = [part for part in parts if part and word_key(part) not in key and key not in word_key(part)]
        found.extend(rest[-1:])
    if not found and title:
        parts = _SEPARATORS.split(title)
        if len(parts) > 1 and looks_like_outlet(phrase_key(parts[-1]).split()):
            found.append(parts[-1].strip(_EDGE))
    return found


def _rights_holders(typed: Sequence[TypedLine]) -> list[str]:
    """Names in copyright lines."""
    found = []
    for t in typed:
        if t.kind in ("body", "embedded_body", "title") or t.line.words > 60:
            continue
        text = t.line.text
        if _RIGHTS_MARK.search(text) is None:
            continue
        bare = _YEARS.sub(" \n ", _RIGHTS_WORDS.sub(" \n ", text))
        pieces = [piece.strip(_EDGE) for piece in bare.split("\n")]
        for piece in pieces:
            name = _CLAUSE_END.split(piece)[0].strip(_EDGE)
            name = _COMPANY.sub("", _JOINED_LAM.sub("", name)).strip(_EDGE)
            if len(name) > 1 and len(name.split()) <= _LONGEST_NAME:
                # companies call themselves by their kind there: "(c) the agency X"
                found.append(next((v for v in _variants(name) if " " in v and phrase_key(v) in known_outlets()), name))
                break
    return found


def _first_names(typed: Sequence[TypedLine]) -> list[tuple[str, float]]:
    """Short lines at the very top of the page, such as a logo's text, with their weight."""
    found: list[tuple[str, float]] = []
    title = next((i for i, t in enumerate(typed) if t.kind == "title"), len(typed))
    for i, t in enumerate(typed[: min(title, 6)]):
        name = t.line.text.strip(_EDGE)
        if t.role not in ("", "image", "credit") or t.kind not in ("other", "source_line", "dateline"):
            continue
        if quoted := quoted_outlet(t.line.text):
            found.append((quoted, 2.5))
            continue
        parts = [part.strip(_EDGE) for part in _SEPARATORS.split(t.line.text)]
        if len(parts) > 1 and t.line.words <= 12:
            found.extend((part, 1.5 if t.line.words <= 6 else 1.0) for part in (parts[0], parts[-1]))
        elif t.line.words <= 4 and not is_menu_word(t.line.key) and (i == 0 or t.line.words > 1):
            found.append((name, 2.5 if i == 0 else 1.5))
    return found[:4]


def _links_home(typed: Sequence[TypedLine]) -> list[tuple[str, float]]:
    """What links to the site's first page, and the first cell of a menu that is no section, with their weight."""
    found: list[tuple[str, float]] = []
    for t in typed:
        if t.line.target == "home" and t.kind != "body" and t.line.words <= _LONGEST_NAME:
            name = _LOGO.sub("", t.line.text).strip(_EDGE)
            found.append((name, 1.5 if t.line.form == "image" else 2.5))
    for t in typed[:_FIRST_LINES]:
        if t.kind == "breadcrumb" or t.role == "row":
            cells = [cell.strip(_EDGE) for cell in _SEPARATORS.split(t.line.text)]
            if len(cells) >= _FEWEST_CELLS and any(is_menu_word(word_key(cell)) for cell in cells[1:]):
                found.append((cells[0], 2.5))
    return [(name, weight) for name, weight in found if name]


def _beside_stamps(typed: Sequence[TypedLine]) -> list[str]:
    """What stands beside the crawl's date on its line."""
    found = []
    for t in typed:
        if t.kind != "crawl_stamp":
            continue
        date = find_date(t.line.text)
        bare = f"{t.line.text[: date.start]}|{t.line.text[date.end :]}" if date else COMPACT_STAMP.sub("|", t.line.text)
        for part in _STAMP_PARTS.split(bare):
            words = phrase_key(part).split()
            told = (
                any(letter.isdigit() for letter in part) or all(len(word) == 1 for word in words) or is_date_word(part)
            )
            told = told or match_label(part.strip(_EDGE)) is not None
            if 0 < len(words) <= 5 and not told and not has_word_of("crawl", words):
                found.append(part.strip(_EDGE))
    return found


def _datelines(typed: Sequence[TypedLine]) -> list[tuple[str, float]]:
    """Parts of datelines and of the lines beside the date that look like an outlet, with their weight."""
    found = []
    for t in typed:
        if t.kind not in ("dateline", "publish_date", "byline") or t.article not in (0, None):
            continue
        date = find_date(t.line.text)
        last = t.line.text[date.end if date else 0 :].split()[-2:]
        for name in (" ".join(last), last[-1] if last else ""):
            if date and phrase_key(name) in known_outlets():
                found.append((name.strip(_EDGE), 2.5))  # "Riyadh, 13 August 2021 SPA"
                break
        bare = t.line.text[t.value_start : date.start] if t.role == "published" and date else t.line.text
        bare = "|".join(segment for segment in bare.split("|") if not _names_author(segment))
        for part in re.split(r"\s[-–—|/]\s|[,،:()|]|\sيوم\s|\sبتاريخ\s", bare):
            words = phrase_key(part).split()
            if (
                not 0 < len(words) <= 4
                or any(letter.isdigit() for letter in part)
                or match_label(part.strip())
                or "/" in part
            ):
                continue
            if (
                looks_like_outlet(words)
                or has_word_of("agency", words)
                or (t.kind == "publish_date" and t.role in ("", "published") and not is_date_word(part))
            ):
                found.append((part.strip(_EDGE), 2.0))
    return found


def _names_author(segment: str) -> bool:
    label = match_label(segment.strip())
    return label is not None and label.kind == "byline"


def _known_names(typed: Sequence[TypedLine]) -> list[str]:
    """Names of known outlets that stand alone on a line, or on a part of one, in the head or right below the text."""
    bodies = [i for i, t in enumerate(typed) if t.kind == "body"]
    if not bodies:
        return []
    found: dict[str, str] = {}
    for t in (*typed[: bodies[0]], *typed[bodies[-1] + 1 : bodies[-1] + 5]):
        if t.line.words > 10 or t.kind in ("title", "related_headline", "tags", "embedded_title"):
            continue
        for part in (quoted_outlet(t.line.text) or t.line.text, *_SEPARATORS.split(t.line.text)):
            key = phrase_key(part)
            if key in known_outlets():
                found.setdefault(key, part.strip(_EDGE))
    return list(found.values())


def _leading_names(typed: Sequence[TypedLine]) -> list[str]:
    """Names of known outlets, of two words or more, that notices and footers begin with."""
    found: dict[str, str] = {}
    for t in typed:
        if (
            t.kind in ("body", "embedded_body", "title", "related_headline", "inline_headline", "tags")
            or t.line.words > 40
        ):
            continue
        words = t.line.text.split()
        for count in (4, 3, 2):
            name = " ".join(words[:count]).strip(_EDGE)
            if len(words) > count and word_key(name) in known_outlets():
                found.setdefault(word_key(name), name)
                break
    return list(found.values())


def _variants(name: str) -> list[str]:
    """A name without the word for its kind, and the short form in brackets behind it."""
    found = []
    first, _, rest = name.partition(" ")
    if first in _KINDS and rest:
        found.append(rest)
    if match := re.search(r"\(([^()]{2,20})\)?$", name):
        found.append(match[1])
    return found
