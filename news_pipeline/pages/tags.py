"""Tags as a page lists them: cut at their separators, or, where a line has none, where the words' use says so.

A line without separators is cut by the best of all its segmentations. What speaks for joining two words: they stand side
by side in the article, they are parts of a name of the lexicon, or the article knows neither of them. What speaks against:
the article has both, and never side by side. Each piece of evidence has a weight, the weights of a segmentation add up, and
no tag stands in it twice.

The weights are those of a semi-Markov conditional random field (Sarawagi and Cohen 2004), fitted once to lines made of the
names, recurring phrases and title words of Arabic articles, and rounded; ``benchmarks/score_tags.py`` measures them. That for
upper and lower case was set by judgement.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import NamedTuple

from news_pipeline.arabic.clitics import proclitic_splits, strip_article
from news_pipeline.arabic.keys import phrase_key, word_key, word_keys
from news_pipeline.entities.triggers import NAME_LINKS, ORG_HEADS
from news_pipeline.pages.labels import match_label

LONGEST_TAG = 5
"""Words a tag of a line without separators may have."""
_LONGEST_LINE = 60  # words of a line that are weighed together
_LONGEST_LISTED = 6  # words of a line that can be one tag where each has its line
_READ = 20_000_000  # letters of tags times letters of the article that are read, so that time has a bound
_MOST_REPEATED = 8  # tags that would stand twice, and places of one, that are weighed
_WRAPPED = 60  # letters from which a line may have been wrapped within a tag

# Two neighbouring words in one tag …
_BESIDE = 4.4  # the article has them side by side
_BESIDE_SELDOM = 1.8  # less than half the times that it has the rarer of them
_BESIDE_IN_TITLE = 2.4  # its title has: the words of a title are neighbours on a line by chance more often than others
_APART = -4.5  # it has both, never side by side
_ONE_UNKNOWN = -2.1  # it has one of them
_BOTH_UNKNOWN = 2.5  # it has neither: words of one name
# … and what is added to it.
_NAMED = 3.5  # parts of a known name
_NAMED_BESIDE = 1.2  # and side by side in the article, which says most of it
_WHOLE_NAME = -2.2  # the article has neither, and one is a name of one word
_DEFINITE_FIRST = -1.3  # not side by side, and a definite word before an indefinite one makes no phrase
_CASE_CHANGES = -3.0  # not side by side, and the next word is of another case: lower, capitalised, all capitals
# Three words in one tag, beside what speaks for their pairs.
_THREE = -2.5
_THREE_AGAIN = 0.5  # all three stand in the article more than once
_THREE_BROKEN = -1.9  # both pairs stand in the article, all three do not
_THREE_LINKED = 1.0  # a particle, or a link of names such as بن, is among the first two
_THREE_NAMED = 1.9  # both pairs are parts of known names
_THREE_GIVEN = 1.3  # a given name leads
_THREE_HEADED = 2.0  # a noun that wants a complement leads, such as وزارة, and the next two are often together
# A word that is a tag alone.
_PARTICLE_ALONE = -1.7
_HEAD_ALONE = -1.5
_HOPELESS = -4.0  # what a pair lacks that nothing else makes up for
_BARRED = -1000.0

_LINK = re.compile(r"(!?)\[([^\[\]\n]*)\]\([^()\s]*(?:\s+\"[^\"\n]*\")?\)")
_ITEM = re.compile(r"\s*(?:(?:[-*+–—»›]|\d{1,2}[.)])\s+|[•●▪■◆►‣⁃∙·]\s*)+")
_NUMBER = re.compile(r"(?:^|\s)\d{1,2}[.)]\s")
_SEPARATOR = re.compile(r"[|¦•●▪■◆►·∙\t؛;،,、]|#(?=\w)|\s[/\\–—*-]\s")
_MARK = re.compile(r"[|¦•●▪■◆►·∙\t؛;،,、#/\\–—*_.)+»›‣⁃-]|\s\s")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_STRENGTH = {
    mark: strength
    for strength, marks in enumerate(("-–—*", "/\\", "،,、", "؛;", "|¦•●▪■◆►·∙\t", "#"))
    for mark in marks
}
"""How firmly a mark separates tags: a stronger one may part tags that have a weaker one within."""
_WIDE = re.compile(r"(?<=\S)\s{2,}(?=\S)")
_SLASH = re.compile(r"(?<=[^\W\d])/(?=[^\W\d])")
_COUNT = re.compile(r"[(\[]\d+[)\]]$")
_PICTURES = "[\u2190-\u21ff\u2300-\u23ff\u25a0-\u27bf\u2b00-\u2bff\ufe0f\U0001f000-\U0001faff]"
_PICTURE = re.compile(_PICTURES)
_ODD = re.compile(rf"{_PICTURES}|[_()\[\]]")
_LETTER = re.compile(r"[^\W_]")
_LATIN = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿ]")
_LIST_MARKS = "،,;؛|#•·-*"
_EDGE = " \t\r\n\u00a0\u200e\u200f\ufeff.…:،,;؛|/\\\"'`“”„«»‹›*_=~<>-–—"

_PARTICLE_KINDS = (
    "preposition",
    "conjunction",
    "particle",
    "pronoun",
    "relative",
    "demonstrative",
    "joined preposition",
)
_OTHER_PARTICLES = (
    "of in the and for on to with by de du des la le les et en au aux sur dans pour par à در از به و با برای"
)
_NAME_JOINTS = NAME_LINKS.union(word_key("ذو ذي سان سانت bin ibn abu al el van der von della di dos mac san").split())
"""Words within a name that take the next word with them."""
_HEADS = ORG_HEADS.union(
    word_key(
        "وزير رئيس دولة مدينة محافظة جمهورية مملكة كأس دوري قطاع الأمم كوريا جنوب شمال شرق غرب حقوق أسعار سعر حرب"
    ).split()
)
"""Words that want a complement."""
_PROCLITICS = frozenset(
    ("", "و", "ف", "ب", "ل", "ك", "وب", "ول", "فب", "فل", "وك", "ال", "وال", "بال", "فال", "كال", "لل", "ولل", "فلل")
)
_SHORTEST_STEM = 3


class _Words(NamedTuple):
    """What the lexicon's tables say of words: neighbours within a name, names of one word, given names, particles.

    ``links`` are particles and the joints of names: words that are no tag alone.
    """

    neighbours: frozenset[tuple[str, str]]
    names: frozenset[str]
    given: frozenset[str]
    particles: frozenset[str]
    links: frozenset[str]


def split_tags(text: str, article: str, title: str = "") -> list[str]:
    """The tags a page lists, in order, as written, each once.

    Args:
        text: what follows the label of the tags; several lines where the page has several.
        article: key (``word_key``) of the title, the body and the other headlines, evidence for lines without separators.
        title: key of the title.
    """
    article = article[: _READ // (1 + len(text))]
    tags: list[str] = []
    for part, bare in _parts(text):
        tags += map(_clean, _segment(part, article, title) if bare else [part])
    if len(tags) > 1 and _leads_on(tags[-1], article):
        del tags[-1]
    once: dict[str, str] = {}
    for tag in tags:
        once.setdefault(phrase_key(tag), tag)
    once.pop("", None)
    return list(once.values())


def unsupported_tags(tags: list[str], page: str) -> list[str]:
    """The tags with a word that nothing else on the page has, particles aside.

    Args:
        tags: the tags as written.
        page: key (``word_key``) of the page's text but for the tags.
    """
    padded = f" {page[: _READ // (1 + sum(map(len, tags)))]} "
    particles = _words().particles
    return [
        tag
        for tag in tags
        if not all(word in particles or _mentioned(word, padded) for word in phrase_key(tag).split())
    ]


def _parts(text: str) -> list[tuple[str, bool]]:
    """The pieces between separators and line ends, and of each whether it is a run of words still to be segmented."""
    linked = 0
    if "](" in text:
        text, linked = _LINK.subn(lambda match: "" if match[1] else f"\n{match[2]}\n", text)
    lines = _unwrapped(text.split("\n")) if "\n" in text else [text]
    cut = [parts for parts in map(_cut, lines) if parts]
    listed = linked > 0 or len(cut) > 1
    pieces = []
    for parts in cut:
        separated = len(parts) > 1 or parts[0].startswith("#")
        longest = _LONGEST_LISTED if listed else 1
        pieces += [(part, not separated and len(part.split()) > longest) for part in parts]
    if len(pieces) > 1 and all(_COUNT.search(part) for part, _ in pieces):
        pieces = [(_COUNT.sub("", part), bare) for part, bare in pieces]
    return pieces


def _unwrapped(lines: list[str]) -> list[str]:
    """Lines that hold something; a long line of tags that was wrapped within one is joined to the next."""
    filled = [line.strip() for line in lines if line.strip()]
    whole = filled[:1]
    for line, following in pairwise(filled):
        wrapped = len(line) >= _WRAPPED and line[-1] not in _LIST_MARKS and following[0] not in _LIST_MARKS
        if wrapped and len(_cut(line)) > 1 and len(_cut(following)) > 1:
            whole[-1] += f" {following}"
        else:
            whole.append(following)
    return whole


def _cut(line: str) -> list[str]:
    """A line cut at the separator it uses most and at stronger ones; pieces without a letter or digit are left out."""
    if not _MARK.search(line):
        return [line] if _LETTER.search(line) else []
    numbers = _NUMBER.findall(line)
    if len(numbers) > 1 and line.startswith(numbers[0]):
        parts = _NUMBER.split(line)
    else:
        item = _ITEM.match(line)
        parts = _cut_at_separators(line[item.end() :] if item else line)
    return [part.strip() for part in parts if _LETTER.search(part)]


def _cut_at_separators(line: str) -> list[str]:
    masked = _BRACKETS.sub(lambda match: "." * len(match[0]), line) if "(" in line or "[" in line else line
    spans = [mark.span() for mark in _SEPARATOR.finditer(masked)]
    if spans:
        strengths = [_STRENGTH[line[begin:end].strip() or "\t"] for begin, end in spans]
        main = max(set(strengths), key=lambda strength: (strengths.count(strength), strength))
        used = [span for span, strength in zip(spans, strengths, strict=True) if strength >= main]
        starts = [0, *(begin if line[begin] == "#" else end for begin, end in used)]
        return [line[start:end] for start, end in zip(starts, [*(begin for begin, _ in used), len(line)], strict=True)]
    if line.count("/") > 1 and len(_SLASH.findall(line)) > 1:
        return _SLASH.split(line)
    if len(columns := _WIDE.split(line)) > 2:
        return columns
    return line.split() if "_" in line else [line]  # an underscore holds the words of a tag together


def _clean(tag: str) -> str:
    """A tag without the marks and brackets around it; underscores as spaces."""
    clean = tag.strip(_EDGE)
    if clean[:1] == "#":
        clean = clean.lstrip("#").strip(_EDGE)
    if _ODD.search(clean):
        clean = _PICTURE.sub(" ", clean).replace("_", " ").strip(_EDGE)
        for opening, closing in ("()", "[]"):
            if clean[:1] == opening and clean.find(closing) == len(clean) - 1:
                clean = clean[1:-1].strip(_EDGE)
            elif clean.count(opening) != clean.count(closing):
                clean = clean.strip(opening + closing + _EDGE)
    if "." in clean and f"{clean}." in tag:  # the stop of an abbreviation
        clean += "."
    return clean


def _leads_on(tag: str, article: str) -> bool:
    """Whether the last of several tags is a link such as ``المزيد``."""
    label = match_label(tag, phrase_key(tag))
    return (
        label is not None
        and label.kind == "read_more"
        and label.value_start >= len(tag)
        and phrase_key(tag) not in article
    )


def _segment(line: str, article: str, title: str) -> list[str]:
    """The best segmentation of a line of words into tags."""
    tokens = line.split()
    keyed = [(token, key) for token in tokens if (key := phrase_key(token))]
    article, title = f" {article} ", f" {title} "
    tags = []
    for first in range(0, len(keyed), _LONGEST_LINE):
        run = keyed[first : first + _LONGEST_LINE]
        words = [token for token, _ in run]
        cuts = _best_cuts(words, [key for _, key in run], article, title)
        tags += [" ".join(words[begin:end]) for begin, end in pairwise(cuts)]
    return tags


def _best_cuts(tokens: list[str], keys: list[str], article: str, title: str) -> list[int]:
    """Where the tags of the best segmentation begin, and the number of words at the end."""
    beside = [_stands(f"{one} {other}", article) for one, other in pairwise(keys)]
    gaps = _pair_scores(tokens, keys, beside, article, title)
    threes = _three_scores(keys, beside, gaps, article)
    alone = [_score_alone(key) for key in keys]
    cuts = _search(alone, gaps, threes, frozenset())[1]
    barred: frozenset[tuple[int, int]] = frozenset()
    # A tag that would stand twice is kept where the rest fares best.
    for _ in range(_MOST_REPEATED if len(set(keys)) < len(keys) else 0):
        twice = _first_repeated(keys, cuts)
        bars = [barred.union(span for span in twice if span != kept) for kept in twice[:_MOST_REPEATED]]
        found = [_search(alone, gaps, threes, each) for each in bars]
        if not found or max(found)[0] <= _BARRED / 2:
            break
        cuts = max(found)[1]
        barred = bars[found.index(max(found))]
    return cuts


def _first_repeated(keys: list[str], cuts: list[int]) -> list[tuple[int, int]]:
    """The spans of the first tag that stands more than once in a segmentation."""
    spans: dict[tuple[str, ...], list[tuple[int, int]]] = {}
    for begin, end in pairwise(cuts):
        spans.setdefault(tuple(keys[begin:end]), []).append((begin, end))
    return next((same for same in spans.values() if len(same) > 1), [])


def _search(
    alone: list[float], gaps: list[float], threes: list[float], barred: frozenset[tuple[int, int]]
) -> tuple[float, list[int]]:
    """The segmentation of the highest score that uses no barred span, by dynamic programming, and its score."""
    best = [0.0]
    begins = [0]
    for end in range(1, len(alone) + 1):
        top, top_begin = best[end - 1] + alone[end - 1], end - 1
        if barred and (end - 1, end) in barred:
            top += _BARRED
        joined = 0.0
        for begin in range(end - 2, max(-1, end - 1 - LONGEST_TAG), -1):
            if gaps[begin] <= _HOPELESS:
                break
            joined += gaps[begin] + (threes[begin] if end - begin > 2 else 0.0)
            score = best[begin] + joined
            if barred and (begin, end) in barred:
                score += _BARRED
            if score > top:
                top, top_begin = score, begin
        best.append(top)
        begins.append(top_begin)
    cuts = [len(alone)]
    while cuts[-1]:
        cuts.append(begins[cuts[-1]])
    return best[-1], cuts[::-1]


def _pair_scores(tokens: list[str], keys: list[str], beside: list[bool], article: str, title: str) -> list[float]:
    """How well each word and the next go into one tag."""
    words = _words()
    known: dict[str, bool] = {}
    scores = []
    for i, (one, other) in enumerate(pairwise(keys)):
        named = (one, other) in words.neighbours
        if beside[i]:
            scores.append(_beside_score(one, other, article, title) + (_NAMED_BESIDE if named else 0.0))
            continue
        for key in (one, other):
            if key not in known:
                known[key] = _mentioned(key, article)
        if known[one] or known[other]:
            score = _APART if known[one] and known[other] else _ONE_UNKNOWN
        else:
            score = _BOTH_UNKNOWN
            if not named and (one in words.names or other in words.names):
                score += _WHOLE_NAME
        if named:
            score += _NAMED
        elif _case(tokens[i]) != _case(tokens[i + 1]) and not (one in words.particles or other in words.particles):
            score += _CASE_CHANGES
        if one.startswith("ال") and not other.startswith("ال"):
            score += _DEFINITE_FIRST
        scores.append(score)
    return scores


def _beside_score(one: str, other: str, article: str, title: str) -> float:
    if f" {one} {other} " in title:
        return _BESIDE_IN_TITLE
    least = min(article.count(f" {one} "), article.count(f" {other} "))
    return _BESIDE_SELDOM if least > 2 and article.count(f" {one} {other} ") * 2 < least else _BESIDE


def _three_scores(keys: list[str], beside: list[bool], gaps: list[float], article: str) -> list[float]:
    """What each three words gain or lose in one tag beyond what their pairs do."""
    words = _words()
    scores = []
    for i, (first, second, third) in enumerate(zip(keys, keys[1:], keys[2:], strict=False)):
        score = _THREE
        if beside[i] and beside[i + 1]:
            three = f"{first} {second} {third}"
            score += (
                _THREE_AGAIN if article.count(f" {three} ") > 1 else 0.0 if _stands(three, article) else _THREE_BROKEN
            )
        if first in words.links or second in words.links:
            score += _THREE_LINKED
        if (first, second) in words.neighbours and (second, third) in words.neighbours:
            score += _THREE_NAMED
        if first in words.given:
            score += _THREE_GIVEN
        if first in _HEADS and gaps[i + 1] > _BESIDE_SELDOM:
            score += _THREE_HEADED
        scores.append(score)
    return scores


def _score_alone(key: str) -> float:
    if key in _words().links or len(key) < _SHORTEST_STEM:
        return _PARTICLE_ALONE
    return _HEAD_ALONE if key in _HEADS else 0.0


def _case(token: str) -> str:
    """How a word is capitalised; one case for all words of scripts that know none."""
    if not _LATIN.match(token):
        return ""
    if token.isupper() and len(token) > 1:
        return "capitals"
    return "title" if token[0].isupper() else "lower"


def _mentioned(word: str, padded: str) -> bool:
    """Whether a text has a word, proclitics of either put aside."""
    return _stands(word, padded) or any(f" {rest} " in padded for _, rest in proclitic_splits(word))


def _stands(phrase: str, padded: str) -> bool:
    """Whether a text, spaces around it, has the words of a phrase side by side, proclitics before the first aside."""
    if f" {phrase} " in padded:
        return True
    stem = strip_article(phrase)
    if len(stem) < _SHORTEST_STEM:
        return False
    at = padded.find(f"{stem} ")
    while at > 0:
        if padded[padded.rfind(" ", 0, at) + 1 : at] in _PROCLITICS:
            return True
        at = padded.find(f"{stem} ", at + 1)
    return False


@cache
def _words() -> _Words:
    """Reads the lexicon's tables, once per process."""
    rows = [row for table in ("persons", "places", "organisations", "countries") for row in _rows(table)]
    cells = [row.get(column, "") for row in rows for column in ("label_ar", "label_en", "aliases_ar", "alone")]
    names = frozenset(word_keys([name for cell in cells for name in cell.split("|") if name]))
    hand = {row["word_key"] for row in _rows("common_words_hand") if row["kind"] in _PARTICLE_KINDS}
    particles = hand.union(word_key(_OTHER_PARTICLES).split())
    return _Words(
        neighbours=frozenset(pair for name in names for pair in pairwise(name.split())),
        names=frozenset(name for name in names if " " not in name),
        given=frozenset(row["name_key"] for row in _rows("given_names")),
        particles=frozenset(particles),
        links=_NAME_JOINTS.union(particles),
    )


def _rows(table: str) -> Iterator[dict[str, str]]:
    text = resources.files("news_pipeline.entities").joinpath(f"data/{table}.tsv").read_text(encoding="utf-8")
    return csv.DictReader(text.split("\n"), delimiter="\t", quoting=csv.QUOTE_NONE)
