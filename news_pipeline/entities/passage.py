"""A body made ready for looking up what stands where: words, mentions, quotation marks, sentences."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import NamedTuple

from news_pipeline.entities.link import Mention
from news_pipeline.entities.marks import quoted_spans
from news_pipeline.entities.words import Word, Words

# A stop ends a sentence where a space or a closing mark follows, unless it is one of several or behind a single letter
# (د. سمير); so does a line break, unless a colon stands before it.
_SENTENCE_END = re.compile(r"""[.؟?!](?=[\s"»”)]|\Z)(?<!\.\.)(?<!\s[^\W\d]\.)|\n(?<!:\n)(?<!:\s\n)""")


class Passage(NamedTuple):
    """One body; ``marked`` are the spans between quotation marks, ``sentence_ends`` exclusive and in order."""

    body: str
    words: list[Word]
    starts: list[int]
    ends: list[int]
    mentions: list[Mention]
    mention_starts: list[int]
    marked: list[tuple[int, int]]
    marked_starts: list[int]
    sentence_ends: list[int]


def read_passage(body: str, words: Words, mentions: list[Mention]) -> Passage:
    """Collects what a body has; sentences do not end inside marks."""
    marked = quoted_spans(body)
    starts = [start for start, _ in marked]
    ends = [match.end() for match in _SENTENCE_END.finditer(body)]
    if marked:
        ends = [end for end in ends if not _within(marked, starts, end - 1)]
    return Passage(
        body,
        words.words,
        words.starts,
        words.ends,
        mentions,
        [mention.start for mention in mentions],
        marked,
        starts,
        [*ends, len(body)],
    )


def _within(marked: list[tuple[int, int]], starts: list[int], at: int) -> bool:
    k = bisect_right(starts, at) - 1
    return k >= 0 and at < marked[k][1]


def marks_around(p: Passage, at: int) -> int | None:
    """Index of the quotation that holds a code point."""
    k = bisect_right(p.marked_starts, at) - 1
    return k if k >= 0 and at < p.marked[k][1] else None


def sentence_around(p: Passage, at: int) -> tuple[int, int]:
    """Start and end of the sentence that holds a code point."""
    k = min(bisect_right(p.sentence_ends, at), len(p.sentence_ends) - 1)
    return (p.sentence_ends[k - 1] if k else 0), p.sentence_ends[k]


def next_marks(p: Passage, at: int) -> int:
    """Where the first quotation begins that does not end before a code point."""
    k = bisect_right(p.marked_starts, at)
    if k and at < p.marked[k - 1][1]:
        return p.marked_starts[k - 1]
    return p.marked_starts[k] if k < len(p.marked_starts) else len(p.body) + 1


def mentions_in(p: Passage, start: int, end: int) -> list[Mention]:
    """Mentions that lie between two code points."""
    first, last = bisect_left(p.mention_starts, start), bisect_left(p.mention_starts, end)
    return [m for m in p.mentions[first:last] if m.end <= end]


def word_at(p: Passage, at: int) -> int:
    """Index of the first word that begins at a code point or behind it."""
    return bisect_left(p.starts, at)


def mention_from(p: Passage, k: int) -> Mention | None:
    """The mention that begins with a word."""
    m = bisect_left(p.mention_starts, p.starts[k])
    return p.mentions[m] if m < len(p.mentions) and p.mentions[m].start == p.starts[k] else None


def mention_ends(p: Passage, k: int) -> bool:
    """Whether a mention ends with a word."""
    m = bisect_right(p.mention_starts, p.starts[k]) - 1
    return m >= 0 and p.mentions[m].end == p.ends[k]


def gap_before(p: Passage, k: int) -> str:
    """What stands between a word and the one before it."""
    return p.body[p.ends[k - 1] : p.starts[k]] if k else ""
