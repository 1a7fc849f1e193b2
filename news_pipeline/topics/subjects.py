"""Subjects: which of the 17 IPTC Media Topics an article is about, by a weighted lexicon of words.

Belongs here: assigning subjects to articles, and the labels of the topics. Does not belong here: counting subjects per
day (``rollup``).

Topics, ids and labels are those of IPTC Media Topics (IPTC NewsCodes, CC BY 4.0, https://iptc.org/standards/media-topics/);
the terms in ``data/subject_terms.tsv`` are this project's own, with weights from 1 (a hint) to 4 (decisive).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple

import pyarrow as pa

from news_pipeline import contract
from news_pipeline.arabic.clitics import proclitic_splits, strip_article
from news_pipeline.arabic.keys import word_key
from news_pipeline.arabic.tokens import words

SUBJECT_VERSION = "1"

_BODY_CHARS = 1500
_TITLE_FACTOR = 3.0
_TAG_FACTOR = 2.0
_HALF_EVIDENCE = 12.0
_HALF_WORDS = 150.0
_MIN_SCORE = 0.35
_MIN_OF_BEST = 0.6
_MAX_SUBJECTS = 3
_MAX_EVIDENCE = 8
_SUFFIXES = ("ها", "هم", "هما", "ات", "ان", "ين", "ون", "يه", "ه", "ي", "ا")
_MIN_STEM = 4


Phrase = tuple[str, ...]


class _Lexicon(NamedTuple):
    """Terms of Arabic and one Latin language: topics and weights of each, and the longer ones by their first form."""

    topics: dict[Phrase, list[tuple[str, int]]]
    longer: dict[str, list[Phrase]]
    forms: frozenset[str]


@cache
def top_concepts() -> tuple[tuple[str, str, str], ...]:
    """The 17 top concepts of IPTC Media Topics as ``(topic_id, label_ar, label_en)``, by id."""
    return tuple((topic_id, ar, en) for topic_id, ar, en in _rows("iptc_media_topics.tsv"))


def assign_subjects(articles: pa.Table) -> pa.Array:
    """Assigns IPTC top concepts to articles.

    Args:
        articles: Columns title, body, tags (list of strings) and language (ISO 639-1; null counts as Arabic or English
            by the script of each word).

    Returns:
        One list per article of the type of column ``subjects`` of contract table ``articles``: up to three topics,
        best first, each with a score from 0 to 1 and the words that speak for it as written; empty where the evidence
        is too thin.

    A topic's evidence is the sum over its matched terms of weight times ``1 + ln(uses)``, a use in the title counting
    three times and in a tag twice, divided by the square root of the text's length; the score saturates with it.
    """
    columns = zip(
        articles["title"].to_pylist(),
        articles["body"].to_pylist(),
        articles["tags"].to_pylist(),
        articles["language"].to_pylist(),
        strict=True,
    )
    found = [_subjects(title or "", body or "", tags or (), language or "") for title, body, tags, language in columns]
    return pa.array(found, contract.TABLES["articles"].schema.field("subjects").type)


def _subjects(title: str, body: str, tags: Sequence[str], language: str) -> list[dict[str, object]]:
    latin = "fr" if language == "fr" else "en"
    uses: dict[Phrase, float] = {}
    surfaces: dict[Phrase, str] = {}
    topics: dict[Phrase, list[tuple[str, int]]] = {}
    length = 0
    for text, factor in (
        (title, _TITLE_FACTOR),
        (body[:_BODY_CHARS], 1.0),
        *((tag or "", _TAG_FACTOR) for tag in tags),
    ):
        written = words(text)
        length += len(written)
        for start, phrase, of_phrase in _matches(written, latin):
            uses[phrase] = uses.get(phrase, 0.0) + factor
            if phrase not in topics:
                topics[phrase] = of_phrase
                surfaces[phrase] = " ".join(written[start : start + len(phrase)])

    sums: dict[str, float] = {}
    speaking: dict[str, list[tuple[float, str]]] = {}
    for phrase, count in uses.items():
        for topic_id, weight in topics[phrase]:
            evidence = weight * (1.0 + math.log(count))
            sums[topic_id] = sums.get(topic_id, 0.0) + evidence
            speaking.setdefault(topic_id, []).append((-round(evidence, 6), surfaces[phrase]))
    needed = _HALF_EVIDENCE * math.sqrt(1.0 + length / _HALF_WORDS)
    scores = {topic_id: round(total / (total + needed), 6) for topic_id, total in sums.items()}
    floor = round(_MIN_OF_BEST * max(sums.values(), default=0.0), 6)
    chosen = sorted(
        (-score, topic_id)
        for topic_id, score in scores.items()
        if score >= _MIN_SCORE and round(sums[topic_id], 6) >= floor
    )[:_MAX_SUBJECTS]
    return [
        {
            "topic_id": topic_id,
            "score": -score,
            "evidence": list(dict.fromkeys(surface for _, surface in sorted(speaking[topic_id])))[:_MAX_EVIDENCE],
        }
        for score, topic_id in chosen
    ]


def _matches(written: list[str], latin: str) -> Iterator[tuple[int, Phrase, list[tuple[str, int]]]]:
    """The terms of a text from left to right, the longest first and none within another."""
    topics, longer, _ = _lexicon(latin)
    forms = [_form(word, latin) for word in written]
    free = 0
    for position, form in enumerate(forms):
        if form is None or position < free:
            continue
        single = (form,)
        for phrase in longer.get(form, ()):
            if tuple(forms[position : position + len(phrase)]) == phrase:
                yield position, phrase, topics[phrase]
                free = position + len(phrase)
                break
        else:
            if single in topics:
                yield position, single, topics[single]


@lru_cache(maxsize=200_000)
def _form(word: str, latin: str) -> str | None:
    """The form under which the lexicon knows a word; None for a word it does not know."""
    key = word_key(word)
    is_arabic = any("\u0600" <= char <= "\u06ff" for char in key)
    forms = _lexicon(latin).forms
    return next((form for form in (_arabic_forms(key) if is_arabic else _latin_forms(key)) if form in forms), None)


def _arabic_forms(key: str) -> Iterator[str]:
    """Readings of an Arabic word, the least stripped first: proclitics and article off, then light suffixes."""
    fronts = [key, strip_article(key)]
    for _, rest in proclitic_splits(key):
        bare = strip_article(rest)
        # Without an article behind it, a lone letter is more often part of a short word than a particle.
        if bare != rest or len(rest) >= _MIN_STEM:
            fronts.append(bare)
    yield from fronts
    for front in fronts:
        for suffix in _SUFFIXES:
            stem = front.removesuffix(suffix)
            if stem != front and len(stem) >= _MIN_STEM:
                yield stem
                if stem.endswith("ت"):
                    yield stem[:-1] + "ه"


def _latin_forms(key: str) -> Iterator[str]:
    yield key
    if key.endswith("ies"):
        yield key[:-3] + "y"
    if key.endswith(("s", "x")) and len(key) > _MIN_STEM:
        yield key[:-1]


@cache
def _lexicon(latin: str) -> _Lexicon:
    topics: dict[Phrase, list[tuple[str, int]]] = {}
    for topic_id, language, term, weight in _rows("subject_terms.tsv"):
        if language in ("ar", latin):
            phrase = tuple(strip_article(word) for word in word_key(term).split())
            topics.setdefault(phrase, []).append((topic_id, int(weight)))
    longer: dict[str, list[Phrase]] = {}
    for phrase in sorted(topics, key=lambda phrase: (-len(phrase), phrase)):
        if len(phrase) > 1:
            longer.setdefault(phrase[0], []).append(phrase)
    return _Lexicon(topics, longer, frozenset(form for phrase in topics for form in phrase))


def _rows(name: str) -> list[list[str]]:
    text = (resources.files("news_pipeline.topics") / "data" / name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines()[1:]]
