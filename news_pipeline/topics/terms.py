"""Words of articles as counted by the rollup: readable surface forms under keys that join their spellings.

Belongs here: which words count as terms, and c-TF-IDF weights over Arrow and NumPy arrays. Does not belong here: topics,
SQL.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt

from news_pipeline.arabic.keys import norm_ar
from news_pipeline.arabic.tokens import words

Ints = npt.NDArray[np.int64]

BODY_CHARS = 1500
"""Characters of the body whose words are counted: the lead of a news text says what it is about."""

MICRO = 1_000_000
"""Scores are held as whole millionths, so that sums and ties are exact."""

_ARTICLES = ("وبال", "وكال", "فبال", "وال", "بال", "كال", "فال", "ولل", "ال", "لل")
_PROCLITICS = ("", "و", "ف", "ب", "ل", "ك", "وب", "ول", "فب", "فل")
_MIN_LETTERS = 3
_TITLE_WEIGHT = 2
_BODY_WEIGHT = 1


@dataclass(frozen=True)
class TermTable:
    """The distinct terms of a set of documents.

    ``doc``, ``key`` and ``weight`` are parallel, sorted by ``(doc, key)``: document number, number of the term's key,
    and 2 for a place in the title plus 1 for one in the body's lead. ``surface_doc`` and ``surface`` are parallel too,
    for written forms.
    Keys and surfaces are numbered in code point order, so that ties broken by number do not depend on the set.
    """

    doc: Ints
    key: Ints
    weight: Ints
    surface_doc: Ints
    surface: Ints
    keys: list[str]
    surfaces: list[str]
    key_of_surface: Ints


@cache
def function_words() -> frozenset[str]:
    """Keys of the words that say nothing of a topic: particles, pronouns, auxiliaries, verbs of speech, dates."""
    lines = (resources.files("news_pipeline.topics") / "data/function_words.tsv").read_text(encoding="utf-8")
    return frozenset(norm_ar(line.split("\t")[1]) for line in lines.splitlines()[1:])


def term_key(surface: str) -> str | None:
    """The key under which a written word is counted; None for function words, numbers and one- or two-letter words.

    The definite article is dropped together with what is written before it (``وبالحكومة`` → ``حكومه``); a lone و or ب
    stays, for without the article it cannot be told from a first letter.
    """
    key = norm_ar(surface)
    if len(key) < _MIN_LETTERS or not key.isalpha():
        return None
    stops = function_words()
    for proclitic in _PROCLITICS:
        if key.startswith(proclitic) and key[len(proclitic) :] in stops:
            return None
    for article in _ARTICLES:
        if key.startswith(article) and len(key) - len(article) >= _MIN_LETTERS:
            rest = key[len(article) :]
            return None if rest in stops else rest
    return key


def count_terms(documents: Iterable[tuple[str | None, str | None]]) -> TermTable:
    """Finds the distinct terms of documents given as ``(title, body)``, numbered from 0 in the order given."""
    numbers: dict[str, int] = {}
    surfaces: list[str] = []
    surface_keys: list[str] = []
    docs, found_surfaces, weights = array("i"), array("i"), array("b")

    def number(surface: str) -> int:
        known = numbers.get(surface)
        if known is None:
            key = term_key(surface)
            known = -1 if key is None else len(surfaces)
            numbers[surface] = known
            if key is not None:
                surfaces.append(surface)
                surface_keys.append(key)
        return known

    for doc, (title, body) in enumerate(documents):
        in_title = {number(word) for word in set(words(title or ""))} - {-1}
        in_body = {number(word) for word in set(words((body or "")[:BODY_CHARS]))} - {-1}
        for held, place_weight in ((in_title, _TITLE_WEIGHT), (in_body, _BODY_WEIGHT)):
            found_surfaces.extend(held)
            weights.extend([place_weight] * len(held))
            docs.extend([doc] * len(held))

    surface_rank, sorted_surfaces = _ranks(surfaces)
    key_rank, sorted_keys = _ranks(surface_keys)
    key_of_surface = np.empty(len(surfaces), np.int64)
    key_of_surface[surface_rank] = key_rank
    doc_all = np.frombuffer(docs, np.int32).astype(np.int64)
    surface = surface_rank[np.frombuffer(found_surfaces, np.int32)]
    key_count, surface_count = max(len(sorted_keys), 1), max(len(sorted_surfaces), 1)

    doc_surface = np.unique(doc_all * surface_count + surface)
    # Title and body count once each per key: the lowest bit tells them apart.
    is_title = np.frombuffer(weights, np.int8) == _TITLE_WEIGHT
    place = np.unique((doc_all * key_count + key_of_surface[surface]) * 2 + is_title)
    doc_key, start = np.unique(place // 2, return_index=True)
    of_place: Ints = np.where(place % 2 == 1, _TITLE_WEIGHT, _BODY_WEIGHT)
    weight: Ints = np.add.reduceat(of_place, start) if len(start) else of_place
    return TermTable(
        doc_key // key_count,
        doc_key % key_count,
        weight,
        doc_surface // surface_count,
        doc_surface % surface_count,
        sorted_keys,
        sorted_surfaces,
        key_of_surface,
    )


def day_counts(item: Ints, day: Ints, lookback: int) -> tuple[Ints, Ints, Ints]:
    """Counts items per day together with the days before.

    Args:
        item: Number of the item of each occurrence.
        day: Day number of each occurrence.
        lookback: Days before the day that count too.

    Returns:
        ``(item, day, count)`` for each item and day that occur, sorted; ``count`` is the number of occurrences on the
        day and the ``lookback`` days before it.
    """
    if not len(item):
        return item, day, item
    base, span = int(day.min()), int(day.max() - day.min()) + lookback + 2
    codes, counts = np.unique(item * span + (day - base) + lookback, return_counts=True)
    total = np.concatenate(([0], np.cumsum(counts)))
    start = np.searchsorted(codes, codes - lookback)
    return codes // span, codes % span - lookback + base, total[1:] - total[start]


def inverse_frequency(found_in: Ints, of: Ints) -> Ints:
    """Class-based inverse frequency ``ln(1 + A / f)`` in millionths (Grootendorst 2022, BERTopic, eq. 2).

    ``of`` is A, here the number of documents of the day and its look-back, ``found_in`` is f, how many hold the term.
    """
    inverse: Ints = np.rint(np.log1p(of / np.maximum(found_in, 1)) * MICRO).astype(np.int64)
    return inverse


def _ranks(values: list[str]) -> tuple[Ints, list[str]]:
    distinct = sorted(set(values))
    rank: dict[str, Any] = {value: index for index, value in enumerate(distinct)}
    return np.array([rank[value] for value in values], np.int64), distinct
