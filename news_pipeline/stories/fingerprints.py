"""What of an article is compared: its text id, its word shingles, the numbers in their contexts, its weighted terms.

Everything is a function of title and body alone and is kept per process for the articles last seen, because the same
article is compared on each of the days that look back on it.
"""

from __future__ import annotations

import re
import zlib
from array import array
from collections.abc import Sequence
from hashlib import blake2b
from itertools import chain, islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from news_pipeline.arabic.keys import key_words
from news_pipeline.stories.terms import term_of

Hashes = NDArray[np.uint64]

SHINGLE_WORDS = 3
"""Words per shingle. NEWS-COPY (Silcock et al., arXiv 2210.04261) measured news reprints on 3-grams, of which true pairs
share about 30 %; longer ones lose edited copies, shorter ones meet by chance."""

SHORT_BODY_WORDS = 20
"""Bodies with fewer words (a caption, "watch the video") say too little to stand for an article, so that the title is
compared with them."""

MIN_WORDS = 6
"""Fewer words in title and body together identify no text."""

TITLE_WEIGHT = 3.0
"""Times a word of the title counts against the first word of the body."""

LEAD_WORDS = 50
"""Word of the body that counts half of the first: news tell the event first and its background last. On 110 pairs of
similar articles judged by their titles this raised the area under the ROC curve from .83 to .86, more than any way to weight
rare terms did."""

FURNITURE_TEXTS = 4
"""A 3-gram that more texts of one outlet hold than this is the outlet's furniture. Chosen, not measured, as are the
shares below."""

MIN_FURNITURE = 0.1
"""Share of an article's 3-grams below which repeated ones are but the outlet's turns of phrase."""

MAX_FURNITURE = 0.5
"""Share above which they are the article: the outlet's versions of one text, or its series."""

CACHED_ARTICLES = 1 << 14
"""Articles whose features are kept: a day of 2,000 with its seven days of look-back, about 100 MB."""

_MIX = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(29)
_NUMBER = re.compile(r"\d")
_BLANK = 1 << 32  # no CRC-32 has this value
_BATCH = 256  # articles whose words are cut in one go
_MOST_WORDS = 500_000  # distinct words remembered; beyond, the memory starts anew
_NO_HASHES = np.zeros(0, np.uint64)


class Features(NamedTuple):
    """What is compared of one article; all hashes are 64-bit and the same in every process.

    Attributes:
        text_id: hash of the normalised body.
        same_text: articles with equal values have one text; empty where there is too little text to tell.
        sequence: hash of the word 3-gram from each word compared on, in order.
        shingles: the distinct ones of ``sequence``, ascending.
        contexts: for each distinct 3-gram that holds a number, the hash of it with its numbers left blank.
        filled: the hash of the same 3-gram with its numbers, aligned with ``contexts``.
        title_terms: hash of the term of each word of the title, 0 for a word that stands for none.
        body_terms: the same of each word compared, in order.
        terms: the distinct terms, ascending.
        counts: how often each of ``terms`` stands in the article: in the title ``TITLE_WEIGHT`` times, in the body less
            the later (``LEAD_WORDS``).
    """

    text_id: str
    same_text: str
    sequence: Hashes
    shingles: Hashes
    contexts: Hashes
    filled: Hashes
    title_terms: Hashes
    body_terms: Hashes
    terms: Hashes
    counts: NDArray[np.float64]


class _WordHashes(dict[str, int]):
    """Every distinct word met: word → place in the columns of its hashes."""

    def __init__(self) -> None:
        super().__init__()
        self._columns = array("Q"), array("Q"), array("Q")

    def __missing__(self, word: str) -> int:
        """Works a new word's hashes out."""
        full = zlib.crc32(word.encode(errors="surrogatepass"))
        term = term_of(word)
        term_hash = blake2b(term.encode(errors="surrogatepass"), digest_size=8).digest() if term else b""
        blank = _BLANK if _NUMBER.search(word) else full
        for column, value in zip(self._columns, (full, blank, int.from_bytes(term_hash, "little")), strict=True):
            column.append(value)
        self[word] = place = len(self)
        return place

    def of(self, words: Sequence[str]) -> list[Hashes]:
        """Of each word its hash, the one it has where numbers are left blank, and that of its term (0 where it has none)."""
        if len(self) > _MOST_WORDS:
            self.clear()
            self._columns = array("Q"), array("Q"), array("Q")
        places = np.fromiter(map(self.__getitem__, words), np.int64, len(words))
        return [np.frombuffer(column, np.uint64)[places] if len(column) else _NO_HASHES for column in self._columns]


_words = _WordHashes()
_articles: dict[tuple[str, str], Features] = {}
"""Features of the articles last seen, by title and body, oldest first."""


def features_of(articles: Sequence[tuple[str, str]]) -> list[Features]:
    """The features of articles, each given by its title and body as written."""
    new = [article for article in dict.fromkeys(articles) if article not in _articles]
    for at in range(0, len(new), _BATCH):
        batch = new[at : at + _BATCH]
        _articles.update(zip(batch, _worked_out(batch), strict=True))
    result = [_articles[article] for article in articles]
    for oldest in list(islice(_articles, max(len(_articles) - CACHED_ARTICLES, 0))):
        del _articles[oldest]
    return result


def _worked_out(articles: Sequence[tuple[str, str]]) -> list[Features]:
    keys = key_words([part for article in articles for part in article])
    titles, bodies = keys[0::2], keys[1::2]
    compared = [
        body if len(body) >= SHORT_BODY_WORDS else title + body for title, body in zip(titles, bodies, strict=True)
    ]
    texts = [words for pair in zip(titles, compared, strict=True) for words in pair]
    edges = np.cumsum([len(words) for words in texts])[:-1]
    full, blank, terms = (np.split(hashes, edges) for hashes in _words.of(list(chain.from_iterable(texts))))
    return [
        _features(" ".join(bodies[i]), compared[i], full[2 * i + 1], blank[2 * i + 1], terms[2 * i], terms[2 * i + 1])
        for i in range(len(articles))
    ]


def _features(
    body_key: str, compared: list[str], full: Hashes, blank: Hashes, title_terms: Hashes, body_terms: Hashes
) -> Features:
    filled, without_numbers = _shingle(full), _shingle(blank)
    has_number = filled != without_numbers
    with_numbers, first = np.unique(filled[has_number], return_index=True)
    terms, counts = _count_terms(title_terms, body_terms, np.arange(len(body_terms)))
    return Features(
        text_id=_hex(body_key),
        same_text=_hex(" ".join(compared)) if len(compared) >= MIN_WORDS else "",
        sequence=filled,
        shingles=np.unique(filled),
        contexts=without_numbers[has_number][first],
        filled=with_numbers,
        title_terms=title_terms,
        body_terms=body_terms,
        terms=terms,
        counts=counts,
    )


def strip_furniture(articles: Sequence[Features], outlets: NDArray[np.int64]) -> list[Features]:
    """Leaves out of each article what its outlet repeats from text to text: teasers, standing notes, background.

    Articles that consist of such text for the most part stay as they are: they may be versions of each other.

    Args:
        articles: the features of all articles compared with each other.
        outlets: a number for each article's outlet.

    Returns:
        The features to compare the articles by; ``text_id`` and ``same_text`` are still those of the whole text.
    """
    shingles, owners = flatten([article.shingles for article in articles])
    # The outlet goes into the hash, so that one sort finds what an outlet repeats.
    by_outlet = (shingles ^ outlets[owners].astype(np.uint64)) * _MIX
    _, inverse, texts = np.unique(by_outlet, return_inverse=True, return_counts=True)
    repeated = texts[inverse] > FURNITURE_TEXTS
    furniture = np.bincount(owners, repeated, len(articles))
    bounds = np.searchsorted(owners, np.arange(len(articles) + 1))
    result = list(articles)
    share = furniture / np.maximum(np.diff(bounds), 1)
    for position in np.flatnonzero((share >= MIN_FURNITURE) & (share <= MAX_FURNITURE)).tolist():
        own = slice(bounds[position], bounds[position + 1])
        result[position] = _without(articles[position], shingles[own][repeated[own]])
    return result


def flatten(arrays: Sequence[Hashes]) -> tuple[Hashes, NDArray[np.int64]]:
    """All hashes in one array, and the position of the array each comes from."""
    owners = np.repeat(np.arange(len(arrays)), [len(array) for array in arrays])
    return np.concatenate([np.empty(0, np.uint64), *arrays]), owners


def _without(article: Features, furniture: Hashes) -> Features:
    is_furniture = np.isin(article.sequence, furniture)
    starts = np.flatnonzero(is_furniture)
    covered = np.zeros(len(article.body_terms), np.bool_)
    for offset in range(SHINGLE_WORDS):
        covered[np.minimum(starts + offset, len(covered) - 1)] = True
    kept = np.flatnonzero(~covered)
    terms, counts = _count_terms(article.title_terms, article.body_terms[kept], kept)
    numbers = np.isin(article.filled, furniture, invert=True)
    return article._replace(
        shingles=np.unique(article.sequence[~is_furniture]),
        contexts=article.contexts[numbers],
        filled=article.filled[numbers],
        terms=terms,
        counts=counts,
    )


def _hex(key: str) -> str:
    return blake2b(key.encode(errors="surrogatepass"), digest_size=16).hexdigest()


def _count_terms(title: Hashes, body: Hashes, positions: NDArray[np.int64]) -> tuple[Hashes, NDArray[np.float64]]:
    weights = np.concatenate([np.full(len(title), TITLE_WEIGHT), 1 / (1 + positions / LEAD_WORDS)])
    terms, inverse = np.unique(np.concatenate([title, body]), return_inverse=True)
    counts = np.bincount(inverse, weights, minlength=len(terms))
    return terms[terms != 0], counts[terms != 0]


def _shingle(words: Hashes) -> Hashes:
    """Hash of each run of ``SHINGLE_WORDS`` words in order; a shorter text is one shingle."""
    size = min(SHINGLE_WORDS, len(words))
    if not size:
        return words
    result = np.zeros(len(words) - size + 1, np.uint64)
    for offset in range(size):
        # Multiply and fold (as in splitmix64), so that the order of the words counts.
        result = (result ^ words[offset : offset + len(result)]) * _MIX
        result ^= result >> _SHIFT
    return result
