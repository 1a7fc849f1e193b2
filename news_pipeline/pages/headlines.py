"""Which short lines are headlines: of the page's own article, or of another story put into the body.

Belongs here: evidence from the words of a line and its neighbours. Does not belong here: labels and page order
(``labels``, ``blocks``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from news_pipeline.pages.labels import word_sets
from news_pipeline.pages.lines import Line

LONGEST_HEADLINE = 24
"""Words; of 21,000 Arabic news headlines none has more than 19."""

_CLOSED = re.compile(r"[.。،,؛;:]['\"”»’)\]\s]*$")
_HEADLINE_MARKS = re.compile(r"\S\s?[::]\s|\.\.|…|\s[-–—]\s|[\"“«»]")
_QUESTION = re.compile(r"[؟?]$")
_QUOTATION = re.compile(r'["“«][^"”»“«]*["”»]')
_INTERVIEW = 3
"""Questions of a line each from which a body reads as an interview."""
_INSERTED = 2.75
"""Evidence from which a line of a body counts as another story's headline; set on pages whose headlines are known."""


def is_headline_like(line: Line) -> bool:
    """Whether a line could be a headline: a few words, one clause, no full stop, comma or colon at its end."""
    if not 2 <= line.words <= LONGEST_HEADLINE or line.has_inner_full_stop:
        return False
    return not _CLOSED.search(line.text[-6:]) or line.text.endswith(("..", "…"))


def content_words(word_keys: Iterable[str]) -> set[str]:
    """Those of a line's words that tell what a text is about: no function words, no article and joined و, ب or ل, no plural s."""
    if len(_CONTENT_WORDS) > _MOST_REMEMBERED:
        _CONTENT_WORDS.clear()
    found = set(map(_CONTENT_WORDS.__getitem__, word_keys))
    found.discard("")
    return found


class _ContentWords(dict[str, str]):
    """``_content_word`` of every word met, as a table: words are looked up by the million."""

    def __missing__(self, word: str) -> str:
        found = self[word] = _content_word(word)
        return found


_CONTENT_WORDS = _ContentWords()
_MOST_REMEMBERED = 200_000


def _content_word(word: str) -> str:
    """A word of a key without what is joined to it; "" for one that tells nothing."""
    if len(word) <= 2 or word in word_sets()["stop"]:
        return ""
    if word[0] < "\u0250":
        return word[:-1] if word[-1] == "s" and len(word) > 4 else word
    if len(word) > 4 and word[0] in "وبل":
        word = word[1:]
    if len(word) > 4 and word.startswith(("ال", "لل")):
        word = word[2:]
    return word if len(word) > 2 else ""


def continues_text(line: Line) -> bool:
    """Whether a line opens with a word that carries on a running text, such as وقال or "however"."""
    sets = word_sets()
    first = line.word_keys[0] if line.word_keys else ""
    return first in sets["continues"] or (len(first) >= 3 and first[0] == "و" and first not in sets["radical_waw"])


def inserted_headlines(body: Sequence[Line], content: Callable[[int], set[str]], others: Sequence[str]) -> set[int]:
    """Finds the headlines of other stories that stand unlabelled among the paragraphs of a body.

    A line is taken for one only on several kinds of evidence together: length and shape of a headline, no full stop
    where the body's paragraphs have theirs, paragraphs on both sides, and words foreign to its surroundings. Quoted
    sentences, list items and sub-headings (short, or taken up by the next paragraph) stay.

    Args:
        body: the lines of the body in order.
        content: gives the content words of the line at a position.
        others: keys of the other headlines on the page.

    Returns:
        Positions in ``body``.
    """
    known = set(others)
    found = {i for i, line in enumerate(body) if 3 <= line.words <= LONGEST_HEADLINE and line.key in known}
    candidates = [i for i in range(1, len(body)) if i not in found and _may_be_inserted(body[i], body[i - 1])]
    if sum(_QUESTION.search(line.text) is not None and line.words <= LONGEST_HEADLINE for line in body) >= _INTERVIEW:
        candidates = [i for i in candidates if not _QUESTION.search(body[i].text)]
    if not candidates:
        return found
    paragraphs = [line for line in body if line.words >= 12]
    stopped = sum(line.ends_sentence for line in paragraphs) / len(paragraphs) if paragraphs else 0.0
    words = [content(i) for i in range(len(body))]
    scores = {i: _foreignness(body, i, stopped, words) for i in candidates}
    subheadings = sum(score < _INSERTED for score in scores.values())
    return found | {i for i, score in scores.items() if score - (1.0 if subheadings >= 3 else 0.0) >= _INSERTED}


def _may_be_inserted(line: Line, before: Line) -> bool:
    """Whether a line of a body has the shape of an inserted headline, and nothing before it announces it."""
    if not 3 <= line.words <= 20 or line.bullet or not is_headline_like(line) or continues_text(line):
        return False
    return not before.text.endswith((":", "،", ",")) and not _QUOTATION.fullmatch(line.text)


def _foreignness(body: Sequence[Line], position: int, stopped: float, words: Sequence[set[str]]) -> float:
    """How much speaks for a line being another story's headline.

    Args:
        body: the lines of the body.
        position: which of them is judged.
        stopped: share of the body's paragraphs that end with a full stop.
        words: content words of each line.
    """
    line, before = body[position], body[position - 1]
    after = body[position + 1] if position + 1 < len(body) else None
    own = words[position]
    elsewhere = set().union(*(line_words for i, line_words in enumerate(words) if i != position))
    shared = len(own & elsewhere) / len(own) if own else 0.0
    taken_up = len(own & words[position + 1]) / len(own) if own and after else 0.3
    score = 1.0 if line.words >= 7 else 0.5 if line.words >= 5 else -0.5 if line.words == 4 else -1.0
    score += 0.5 if _HEADLINE_MARKS.search(line.text) else 0.0
    score += 1.0 if stopped >= 0.75 else 0.5 if stopped >= 0.5 else 0.0
    score += 0.5 if before.ends_sentence else -0.5 if before.words < 12 else 0.0
    score -= 0.0 if after and (after.words >= 12 or after.ends_sentence) else 1.0
    score += 0.5 if taken_up <= 0.2 else -1.0 if taken_up > 0.5 else 0.0
    score += 1.5 if shared <= 0.25 else 1.0 if shared <= 0.5 else 0.25 if shared <= 0.75 else 0.0
    score -= 1.0 if _QUESTION.search(line.text) and shared > 0.3 else 0.0
    score -= 1.5 if line.text.isupper() else 0.0  # sub-headings in capitals
    score -= 1.0 if line.text.endswith("!") and "،" in line.text else 0.0
    return score
