"""The words by which pages label their parts: Arabic with its regional variants, English, French, Persian.

The words are data: ``data/labels.tsv`` holds the labels by kind and language, ``data/words.tsv`` sets of words that give
a line away by what it is made of (networks to share on, sections of a menu, agencies …). Both are compared on
``word_key``, so hamza seats, diacritics, Persian letters, case and punctuation do not matter. Belongs there: phrases
that stand for a function on any outlet's page. Does not belong there: sentences of one page.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from news_pipeline.arabic.keys import word_key, word_keys
from news_pipeline.arabic.tokens import tokenize

_ONE_WORD_UNMARKED = frozenset(("published", "updated", "crawled", "byline"))
_STANDS_UNMARKED = _ONE_WORD_UNMARKED | {
    "tags",
    "footer",
    "promo",
    "share",
    "attribution",
    "about",
    "skip",
    "read_more",
    "related",
    "another",
}
"""Kinds whose labels of two words or more (of some kinds: any) also count where running text follows at once.

All other labels are words of running text too, and count only before a mark such as a colon, or alone on a line.
"""
_BEFORE_COMMA = frozenset(("read_more", "caption", "byline", "field"))
_MARK = re.compile(r"[\s)\]]*(?:[::؛|/•»>]|\.{2,}|…|[-–—]+\s|[-–—]+$|⬇|👇|\]|\(\s?\d+\s?\)|\d{1,5}$|$)")
_COLON = re.compile(r"[::]")
_FEMININE = re.compile(r"(?:\s?[/(]\s?(?:ة|ي|ين|ون|s|e|ها)\)?(?!\w))?")
"""What a label adds for the other gender or number: ``الكاتب/ة``."""
_COMMA = re.compile(r"\s*[،,]\s")
_VALUE_LEAD = re.compile(r"[\s::;؛|/•»>.…⬇👇–—-]*")
_LONGEST_LABEL = 70
GLUE = re.compile(r"[a-zà-ÿ](?=[A-ZÀ-Þ])")
"""Where a text tool left out the space between two items."""
_LONGEST_BUTTON, _SHORTEST_HEADLINE = 4, 3
_BUTTONS = frozenset(("read_more", "promo", "share"))
_LONGEST_OUTLET, _LONGEST_LABELLED_AGENCY = 6, 4
_QUOTED_ORIGIN = re.compile(r"[^.!؟?:«\"]{2,40}\s?:\s?[«\"]([^»\"]{2,40})[»\"]")
_WITH = frozenset(("with", "and", "avec", "et", "مع", "و", "by", "par"))


class Label(NamedTuple):
    """A label at the start of a line.

    Attributes:
        kind: what the label announces: a kind of ``data/labels.tsv``.
        value_start: offset in the line where what it announces begins; the line's length where nothing follows.
        marked: whether a colon, dash or the like, or the end of the line, follows the label.
        words: number of words of the label.
    """

    kind: str
    value_start: int
    marked: bool
    words: int


def match_label(text: str, key: str | None = None) -> Label | None:
    """The label a line starts with, longest first; ``None`` for a line that starts with none.

    A label that is also a word of running text counts only where a mark or the line's end follows it.

    Args:
        text: the line.
        key: its key, where the caller has it.
    """
    by_key, lengths_by_first_word = _labels()
    if text[:1] < "\u0250" and (glue := GLUE.search(text, 0, _LONGEST_LABEL)):
        # a text tool has left out the space behind the label
        head = match_label(text[: glue.start() + 1])
        if head is not None and head.words > 1 and head.value_start > glue.start():
            return head._replace(marked=True)
    if key is None:
        key = word_key(text[:_LONGEST_LABEL])
    lengths = lengths_by_first_word.get(key.partition(" ")[0])
    if lengths is None:
        return None
    words = key.split(" ", lengths[0])
    lengths = [n for n in lengths if n <= len(words) and " ".join(words[:n]) in by_key]
    if not lengths:
        return None
    parts: list[tuple[str, int]] = []
    for token in tokenize(text[: 2 * len(" ".join(words[: lengths[0]])) + 8]):
        parts.extend((part, token.end) for part in token.key.split())
    for count in lengths:
        kind = by_key.get(" ".join([part for part, _ in parts[:count]])) if count <= len(parts) else None
        if kind is None or (count > 1 and _COLON.search(text, 0, parts[count - 2][1] + 2)):
            continue  # a label ends with its colon
        end = _FEMININE.match(text, parts[count - 1][1]).end()  # type: ignore[union-attr]
        mark = _MARK.match(text, end) or (_COMMA.match(text, end) if kind in _BEFORE_COMMA else None)
        if mark is not None:
            return Label(kind, _VALUE_LEAD.match(text, mark.end()).end(), True, count)  # type: ignore[union-attr]
        one_word = kind in _ONE_WORD_UNMARKED or (kind == "tags" and parts[0][0] in word_sets()["bare_tag"])
        if kind in _STANDS_UNMARKED and (count > 1 or one_word):
            return Label(kind, _VALUE_LEAD.match(text, end).end(), False, count)  # type: ignore[union-attr]
    return None


def has_word_of(name: str, words: list[str]) -> bool:
    """Whether one of a line's words (keys) is in a set of ``data/words.tsv``."""
    return not word_sets()[name].isdisjoint(words)


def without_trailing_label(text: str, key: str) -> str:
    """A headline without the button behind it, such as "Read more".

    Args:
        text: the headline.
        key: key of the line that it ends.
    """
    if key.rsplit(" ", 1)[-1] not in last_words_of_buttons():
        return text
    by_key, _ = _labels()
    words = text.split()
    for count in range(min(_LONGEST_BUTTON, len(words) - _SHORTEST_HEADLINE), 1, -1):
        if by_key.get(word_key(" ".join(words[-count:]))) in _BUTTONS:
            return " ".join(words[:-count])
    return text


@cache
def last_words_of_buttons() -> frozenset[str]:
    """Last words (keys) of the labels of buttons."""
    return frozenset(key.rsplit(" ", 1)[-1] for key, kind in _labels()[0].items() if kind in _BUTTONS)


@cache
def reply_words() -> frozenset[str]:
    """Words of the buttons under a reader's comment, and the numbers that count them."""
    by_key, _ = _labels()
    buttons = {key for key, kind in by_key.items() if kind in ("reply", "share") and " " not in key}
    return frozenset(buttons | {str(number) for number in range(1000)})


def is_share_bar(words: list[str]) -> bool:
    """Whether a line is a row of networks to share on, by its words' keys."""
    networks = word_sets()["network"]
    if networks.isdisjoint(words):
        return False
    named = sum(map(networks.__contains__, words))
    return named * 2 >= len(words) and (named >= 2 or len(words) == 1)


def is_menu(words: list[str]) -> bool:
    """Whether a line is a row of a site's sections, by its words' keys."""
    sections = word_sets()["section"]
    return (
        len(words) >= 3
        and not sections.isdisjoint(words)
        and sum(map(sections.__contains__, words)) * 3 >= len(words) * 2
    )


def is_menu_word(key: str) -> bool:
    """Whether a short line is nothing but a site's section, by its key."""
    return all(word in word_sets()["section"] for word in key.split())


def is_promo(words: list[str]) -> bool:
    """Whether a line asks to follow, install or subscribe, by its words' keys."""
    sets = word_sets()
    return not sets["promo_good"].isdisjoint(words) and not sets["promo_verb"].isdisjoint((*words[:3], *words[-2:]))


def speaks_to_reader(words: list[str]) -> bool:
    """Whether a line turns to the reader or speaks of the outlet in the first person, by its words' keys."""
    return not word_sets()["address"].isdisjoint(words)


def looks_like_outlet(words: list[str]) -> bool:
    """Whether a phrase is or looks like the name of an outlet, by its words' keys."""
    if not 0 < len(words) <= _LONGEST_OUTLET:
        return False
    return " ".join(words) in known_outlets() or (len(words) <= 5 and not word_sets()["outlet"].isdisjoint(words))


def is_labelled_agency(words: list[str]) -> bool:
    """Whether a line is a label of pictures or rights with an agency behind it, such as ``Copyright Reuters``."""
    if not 2 <= len(words) <= _LONGEST_LABELLED_AGENCY or word_sets()["agency"].isdisjoint(words[1:]):
        return False
    by_key, _ = _labels()
    return any(by_key.get(" ".join(words[:count])) in ("caption", "footer") for count in (1, 2))


def quoted_outlet(text: str) -> str | None:
    """The known outlet that a line names in quotation marks behind a place, as in ``Paris: "Outlet"``."""
    quoted = _QUOTED_ORIGIN.fullmatch(text) if ":" in text else None
    return quoted[1].strip() if quoted and word_key(quoted[1]) in known_outlets() else None


def names_origin(text: str, words: list[str]) -> bool:
    """Whether a line is nothing but where a report is from: ``Paris: "Outlet"``, ``Outlet with AFP``."""
    if quoted_outlet(text):
        return True
    agencies = word_sets()["agency"]
    if agencies.isdisjoint(words):
        return False
    rest = [word for word in words if word not in _WITH and word not in agencies and word[1:] not in agencies]
    return not rest or (len(rest) < len(words) - 1 and " ".join(rest) in known_outlets())


@cache
def known_outlets() -> frozenset[str]:
    """Keys of the names that outlets print as their own (``data/outlets.tsv``)."""
    names = [name for row in _rows("outlets.tsv") for name in (row[0], *row[1].split(" | ")) if name]
    return frozenset(word_keys(names))


@cache
def word_sets() -> dict[str, frozenset[str]]:
    """The sets of ``data/words.tsv`` as keys, all languages together."""
    found: dict[str, set[str]] = {}
    for name, _, words in _rows("words.tsv"):
        found.setdefault(name, set()).update(part for word in words.split() for part in word_key(word).split())
    return {name: frozenset(words) for name, words in found.items()}


@cache
def _labels() -> tuple[dict[str, str], dict[str, list[int]]]:
    """Kind by the label's key; of each word that a label begins with, the numbers of words of such labels, most first."""
    by_key: dict[str, str] = {}
    for kind, _, phrases in _rows("labels.tsv"):
        for phrase in phrases.split(" | "):
            by_key.setdefault(word_key(phrase), kind)
    lengths: dict[str, set[int]] = {}
    for key in by_key:
        lengths.setdefault(key.partition(" ")[0], set()).add(key.count(" ") + 1)
    return by_key, {first: sorted(counts, reverse=True) for first, counts in lengths.items()}


def _rows(name: str) -> list[list[str]]:
    text = files("news_pipeline.pages").joinpath("data", name).read_text("utf-8")
    return [line.split("\t") for line in text.splitlines()[1:]]
