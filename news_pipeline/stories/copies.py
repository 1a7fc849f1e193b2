"""Which article repeats which: exact and edited copies among the texts of a few days.

Texts are compared by an exact inverted index over word 3-grams rather than by MinHash: the window of a day is small
enough, and MinHash estimates resemblance, which misses a short text inside a long one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from news_pipeline.stories.fingerprints import Features, Hashes, flatten

Ints = NDArray[np.int64]

COPY_CONTAINMENT = 0.6
"""Share of the shorter text's 3-grams that the longer one holds, from which two outlets have one text. Set by eye on
some 45 pairs of outlets' articles, five a step of 0.1, from the 1,258 of the ANT corpus that share 10 % and more; not
measured against a gold set."""

REWRITE_CONTAINMENT = 0.45
"""From here to ``COPY_CONTAINMENT`` two outlets tell one report in other words; below, they quote the same person."""

REVISION_CONTAINMENT = 0.8
"""An outlet repeats its own background paragraphs in new articles, so that its later version must hold more."""

REVISION_RESEMBLANCE = 0.5
"""Shared 3-grams among all of both texts, from which an outlet's later text is a version of the earlier."""

MIN_RESEMBLANCE = 0.1
"""A text less than about a tenth of the other is a quotation or a digest's item, not its copy."""

REWRITE_RESEMBLANCE = 0.2
"""The same for rewrites, which share less."""

MIN_SHINGLES = 12
"""Shorter texts meet by chance."""

NUMBER_CONFLICT = 0.5
"""Share of the number contexts two texts have in common in which their numbers differ, from which they may be one
template filled twice; an updated toll changes few of many. Chosen, not measured; see ``benchmarks/score_stories.py``
for what it lets through."""

NUMBER_SHARE = 0.1
"""Number contexts in common as a share of the shorter text's 3-grams, from which the numbers are what a text says."""

INDEXED_TEXTS = 64
"""A text is compared with the earliest so many that hold the same 3-gram: bounds the work where one text is everywhere."""


class Match(NamedTuple):
    """The earlier article that an article repeats: its position in the window, and whether in other words."""

    earlier: int
    is_rewrite: bool


def find_matches(articles: Sequence[Features], outlets: Ints, first_new: int) -> dict[int, Match]:
    """Finds for each new article the earlier one whose text it repeats most fully.

    Args:
        articles: the window's articles in order of evidence, earliest first.
        outlets: a number for each article's outlet.
        first_new: position of the first article to be held against those before it.

    Returns:
        A match for each position that has one: the first article with the very same text, else the one with the
        highest containment (then resemblance, then the earliest).
    """
    matches: dict[int, Match] = {}
    first_with: dict[str, int] = {}
    for position, article in enumerate(articles):
        if article.same_text:
            first = first_with.setdefault(article.same_text, position)
            if first != position >= first_new:
                matches[position] = Match(first, False)
    best: dict[int, tuple[float, float]] = {}
    for later, earlier, containment, resemblance in _pairs(articles, first_new):
        is_exact = later in matches and later not in best
        if is_exact or (containment, resemblance) <= best.get(later, (0.0, 0.0)):
            continue
        same_outlet = bool(outlets[later] == outlets[earlier])
        if is_copy(containment, resemblance, same_outlet) and not is_template(articles[later], articles[earlier]):
            best[later] = containment, resemblance
            matches[later] = Match(earlier, containment < COPY_CONTAINMENT)
    return matches


def is_copy(containment: float, resemblance: float, same_outlet: bool) -> bool:
    """Whether so much shared text makes the later article a copy, rewrite or revision of the earlier."""
    if same_outlet:
        return containment >= REVISION_CONTAINMENT or resemblance >= REVISION_RESEMBLANCE
    return containment >= COPY_CONTAINMENT or resemblance >= REWRITE_RESEMBLANCE


def is_template(one: Features, other: Features) -> bool:
    """Whether two texts are one template filled with other numbers (weather, rates, results), not one text."""
    common = np.isin(one.contexts, other.contexts)
    count = int(common.sum())
    agreeing = int(np.isin(one.filled[common], other.filled).sum())
    return count - agreeing > NUMBER_CONFLICT * count and count >= NUMBER_SHARE * min(
        len(one.shingles), len(other.shingles)
    )


def role_of(same_outlet: bool, is_rewrite: bool) -> str:
    """What an article is to its original: ``revision``, ``rewrite`` or ``copy``."""
    return "revision" if same_outlet else "rewrite" if is_rewrite else "copy"


def _pairs(articles: Sequence[Features], first_new: int) -> Iterator[tuple[int, int, float, float]]:
    """Later, earlier, containment and resemblance of the pairs that share much text, sorted by later, then earlier."""
    shingles, owners = flatten([article.shingles for article in articles])
    sizes = np.bincount(owners, minlength=len(articles))
    later, earlier, shared = _overlaps(shingles, owners, len(articles), first_new)
    shorter = np.minimum(sizes[later], sizes[earlier])
    containment = shared / np.maximum(shorter, 1)
    resemblance = shared / (sizes[later] + sizes[earlier] - shared)
    kept = (containment >= REWRITE_CONTAINMENT) & (resemblance >= MIN_RESEMBLANCE) & (shorter >= MIN_SHINGLES)
    columns = (later[kept], earlier[kept], containment[kept], resemblance[kept])
    return zip(*(column.tolist() for column in columns), strict=True)


def _overlaps(shingles: Hashes, owners: Ints, articles: int, first_new: int) -> tuple[Ints, Ints, Ints]:
    """Counts the 3-grams shared by each new article and each one before it."""
    order = np.argsort(shingles, kind="stable")  # stable: the owners of one 3-gram stay in order of evidence
    keys, owners = shingles[order], owners[order]
    starts = np.searchsorted(keys, keys, side="left")
    positions = np.arange(len(keys))
    before = np.minimum(positions - starts, INDEXED_TEXTS)
    before[owners < first_new] = 0
    total = int(before.sum())
    offsets = np.arange(total) - np.repeat(np.cumsum(before) - before, before)
    later = np.repeat(owners, before)
    earlier = owners[np.repeat(starts, before) + offsets]
    pairs, shared = np.unique(later * articles + earlier, return_counts=True)
    return pairs // max(articles, 1), pairs % max(articles, 1), shared
