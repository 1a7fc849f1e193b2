"""Names of authors in the lines around the headline, where no label announces them.

Belongs here: telling a person's name from an outlet, a place or a section in a short line. Does not belong here: names
in running text (``entities``).
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from news_pipeline.arabic.keys import phrase_key
from news_pipeline.pages.labels import has_word_of, looks_like_outlet

_PIECES = re.compile(r"\s+[-–—|/•]+\s+|\s*[|:،,;(]\s*|\s+ـ\s+")
_PLACE_AFTER = re.compile(r"\s+(?:in|à|aux|en|at|from|من|في|از|در)\s+\S.*$")
_AND_OTHERS = re.compile(r"\s+(?:and|with|et|avec|و|مع)\s+(?:agencies|agences|wires|وكالات|الوكالات)$", re.IGNORECASE)
_AND_LAST = re.compile(r"\s+(?:and|with|et|avec|و|مع)\s+(\S+)$", re.IGNORECASE)
_INITIAL = re.compile(r"[^\W\d_]\s?\.\s?[^\W\d_]{3,}")
_EDGE = ' \t.,،:؛;-–—ـ|/•*_[]()"“”«»'
_LATIN_NAME = re.compile(r"[A-ZÀ-Þ](?:[\w'’.-]*[^\W\d_]|\.)")
_GLUE = re.compile(r"(?<=[a-zà-ÿ])(?<!\bMc)(?<!\bMac)(?=[A-ZÀ-Þ])")
"""Where a text tool left out the space between a name and what stands behind it."""
_LONGEST_JOINED = 5
_OF_PLACE, _ARTICLES = frozenset(("of", "and", "for", "the", "in")), frozenset(("the", "a", "an", "le", "la", "les"))
_SHORTEST_WITH_ROLE, _LONGEST_WITH_ROLE = 3, 9
_NO_NAMES = frozenset(
    ("url", "short", "link", "info", "information", "article", "read", "more", "full", "live", "share")
)
_JOINS = frozenset(("and", "et", "de", "la", "von", "van", "al", "el", "bin", "ben", "و", "بن", "ابن", "ال", "ابو"))


def name_in_line(text: str, beside_date: bool = False) -> str | None:
    """The person's name that a short line holds, with joint authors as written; ``None`` where it holds none.

    Args:
        text: the line.
        beside_date: whether the line stands beside the date, where names that no list has are believed.
    """
    for piece in _PIECES.split(text):
        name = clean_name(piece)
        if reads_as_person(name, in_place=beside_date):
            return name
        if beside_date and name == text.strip().strip(_EDGE) and _may_be_person(name):
            return name
    pieces = [clean_name(piece) for piece in _PIECES.split(text)]
    behind_outlet = beside_date and len(pieces) > 1 and looks_like_outlet(phrase_key(pieces[0]).split())
    return pieces[-1] if behind_outlet and _may_be_person(pieces[-1]) else None


def name_before_role(text: str) -> str | None:
    """The name in a line such as ``Mona Field North of England correspondent``; ``None`` for any other line."""
    words = _GLUE.sub(" ", text.strip().strip(_EDGE)).split()
    if not _SHORTEST_WITH_ROLE <= len(words) <= _LONGEST_WITH_ROLE or not has_word_of(
        "author", [phrase_key(words[-1])]
    ):
        return None
    if text.strip()[0] >= "\u0250":
        name = " ".join(words[:-1])
        return name if reads_as_person(name, in_place=True) or _may_be_person(name) else None
    name = " ".join(words[:2])
    plain = sum(word.islower() and word not in _OF_PLACE for word in words[2:-1])
    if plain > 1 or words[0].lower() in _ARTICLES:
        return None
    return name if name[0] < "\u0250" and reads_as_person(name) else None


def is_byline(text: str) -> bool:
    """Whether a line is nothing but who wrote, place, agencies or role behind the name aside."""
    if text[:1] >= "\u0250" and text.count(" ") > _LONGEST_JOINED:
        return False
    return reads_as_person(clean_name(text)) or name_before_role(text) is not None


def _may_be_person(name: str) -> bool:
    keys = phrase_key(name).split()
    told = (
        not _NO_NAMES.isdisjoint(keys)
        or looks_like_outlet(keys)
        or has_word_of("section", keys)
        or has_word_of("agency", keys)
        or has_word_of("stop", keys)
    )
    return 2 <= len(keys) <= 3 and not told and all(len(key) >= 2 and key.isalpha() for key in keys)


def clean_name(text: str) -> str:
    """A name without what bylines put behind it: place, agencies, role, marks."""
    name = _AND_OTHERS.sub("", text.strip().strip(_EDGE))
    joined = _AND_LAST.search(name)
    if joined and has_word_of("agency", [phrase_key(joined[1])]):
        name = name[: joined.start()]
    if name[:1].isascii() or "À" <= name[:1] <= "ɏ":
        name = _PLACE_AFTER.sub("", name)
    return name.strip(_EDGE).strip()


def reads_as_person(name: str, *, in_place: bool = False) -> bool:
    """Whether a piece of a line reads as the name of one person or of several joined.

    Args:
        name: the piece.
        in_place: whether it stands where authors are named, so that given names that are ordinary words too count.
    """
    words = name.split()
    if not 2 <= len(words) <= 7 or any(letter.isdigit() for letter in name) or not phrase_key(name):
        return False
    keys = phrase_key(name).split()
    if looks_like_outlet(keys) or has_word_of("section", keys) or has_word_of("agency", keys):
        return False
    if _INITIAL.fullmatch(name):
        return True
    if name[0].isascii() or "À" <= name[0] <= "ɏ":
        told = [word for word in words if word.lower() not in _JOINS]
        return len(told) >= 2 and _NO_NAMES.isdisjoint(keys) and all(_LATIN_NAME.fullmatch(word) for word in told)
    return len(words) <= 4 and keys[0] in _given_names(in_place)


@cache
def _given_names(weak: bool) -> frozenset[str]:
    """Keys of given names (``entities/data/given_names.tsv``), with or without those that are ordinary words too."""
    text = files("news_pipeline.entities").joinpath("data", "given_names.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in text.splitlines()[1:])
    return frozenset(row[0] for row in rows if weak or not (len(row) > 1 and row[1]))
