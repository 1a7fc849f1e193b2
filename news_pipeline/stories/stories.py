"""Which articles tell one story: similarity of their weighted terms within a window of days.

Each article joins the story it is most similar to, or founds one, in order of evidence: single-pass clustering as in
Miranda et al. 2018 ("Multilingual Clustering of Streaming News", D18-1483), with a story represented by its nearest
articles and not by a centroid, so that a story may move on without swallowing its neighbours.

Words and days are all the evidence. Shared entities, places and numbers were tried beside them: on 450 judged pairs
(``benchmarks/data/story_pairs.tsv``) a logistic regression gets an area under the ROC curve of .959 from words and days and .961
with all the others, since their words are among the words already.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from news_pipeline.stories.fingerprints import Features, flatten

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

PAIR_SIMILARITY = 0.27
"""Cosine with a story's only article from which another tells it: about the best F1 (0.84) on 110 pairs of similar
articles of the ANT corpus, which one reader judged by their titles."""

STORY_SIMILARITY = 0.22
"""Mean cosine with a story's two nearest articles from which an article tells it: two agreeing need less each. With
0.27, three nearest articles and ``MAX_SHARE`` 0.1, 25 articles on the Singapore summit of 2018 fell into 20 stories;
with the values here, into 7. The price is that some stories drift: see ``benchmarks/score_stories.py --groups``."""

FADING_PER_DAY = 0.06
"""Share of the similarity lost with each day between two articles: the same words days later are likelier a new event."""

NEAREST_ARTICLES = 2
"""Articles of a story an article is held against: with one, stories chain; with all, long ones break up."""

MAX_SHARE = 0.25
"""Terms in a larger share of a window's articles tell none of them from another."""

_PRIOR_ARTICLES = 50.0
"""Articles counted in addition to the window's, so that rare means rare on days with few articles too."""

_FAINT = 0.1
"""Cosines below this count as none."""

_CELLS_AT_ONCE = 1 << 20


def neighbours(features: Sequence[Features], days: Ints, first_new: int) -> Iterator[tuple[int, Ints, Floats]]:
    """Finds for each new article the earlier ones with similar words.

    Args:
        features: the window's articles in order of evidence.
        days: the day of each, as a running number.
        first_new: position of the first new article.

    Yields:
        Position of the new article, positions of its neighbours before it, ascending, and their similarities, faded
        with the days between.
    """
    count = len(features)
    hashes, owners = flatten([article.terms for article in features])
    _, terms, documents = np.unique(hashes, return_inverse=True, return_counts=True)
    counts = np.concatenate([np.empty(0), *(article.counts for article in features)])
    rarity = np.log((count + _PRIOR_ARTICLES) / (documents + 1))
    weights = np.log1p(counts) * rarity[terms]
    lengths = np.sqrt(np.bincount(owners, weights**2, count))
    weights /= np.maximum(lengths, 1e-9)[owners]
    telling = (documents > 1) & (documents <= max(MAX_SHARE * (count + _PRIOR_ARTICLES), 2))
    kept = telling[terms]
    terms, owners, weights = terms[kept], owners[kept], weights[kept]

    order = np.argsort(terms, kind="stable")
    posted, posted_weights = owners[order], weights[order]
    starts = np.searchsorted(terms[order], np.arange(len(documents) + 1))
    bounds = np.searchsorted(owners, np.arange(count + 1))
    rows = max(1, _CELLS_AT_ONCE // max(count, 1))
    for first in range(first_new, count, rows):
        last = min(first + rows, count)
        entries = slice(bounds[first], bounds[last])
        begins = starts[terms[entries]]
        lists = starts[terms[entries] + 1] - begins
        where = _ranges(begins, lists)
        cells = np.repeat(owners[entries] - first, lists) * count + posted[where]
        block = np.bincount(cells, np.repeat(weights[entries], lists) * posted_weights[where], (last - first) * count)
        for row, cosines in enumerate(block.reshape(last - first, count), start=first):
            near = np.flatnonzero(cosines[:row] >= _FAINT)
            yield row, near, cosines[near] * (1 - FADING_PER_DAY * (days[row] - days[near]))


def best_story(near: Ints, similarities: Floats, stories: Sequence[int], sizes: Sequence[int]) -> int | None:
    """The story an article tells, None where it tells a new one.

    Args:
        near: positions of its neighbours.
        similarities: how similar each is.
        stories: the story of each article of the window.
        sizes: articles of each story in the window so far.

    Returns:
        The story with the highest mean similarity over its ``NEAREST_ARTICLES`` nearest articles, the one founded
        first among equals, if that is at least ``STORY_SIMILARITY`` (``PAIR_SIMILARITY`` where it has one article).
    """
    found: dict[int, list[float]] = {}
    for position, similarity in zip(near.tolist(), similarities.tolist(), strict=True):
        found.setdefault(stories[position], []).append(similarity)
    best, best_score = None, 0.0
    for story in sorted(found):
        nearest = sorted(found[story], reverse=True)[:NEAREST_ARTICLES]
        score = sum(nearest) / min(NEAREST_ARTICLES, sizes[story])
        needed = PAIR_SIMILARITY if sizes[story] == 1 else STORY_SIMILARITY
        if score >= needed and score > best_score:
            best, best_score = story, score
    return best


def _ranges(starts: Ints, lengths: Ints) -> Ints:
    """The numbers start, start + 1 … of each length, one range after the other."""
    ends = np.cumsum(lengths)
    count = int(ends[-1]) if len(ends) else 0
    result: Ints = np.arange(count) + np.repeat(starts - (ends - lengths), lengths)
    return result
