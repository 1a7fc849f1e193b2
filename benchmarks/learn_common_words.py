"""Learns from a corpus which words are everyday words, and which given names are everyday words too.

Usage::

    python benchmarks/learn_common_words.py ARTICLES.jsonl[.gz] [--data FOLDER]

Reads rows with ``title`` and ``text`` and writes two things into ``news_pipeline/entities/data`` (or FOLDER):
``common_words.tsv``, and the column ``weak`` of ``given_names.tsv`` (rows marked ``hand`` keep their mark). What is
listed in ``common_words_hand.tsv`` or as a given name is left out of ``common_words.tsv``. The same texts and the same
lists give the same bytes, in whatever order the articles come; a paragraph that stands twice counts once.

A word is taken for an everyday word on evidence of its grammar, as names take none of it:

- *article*: it stands both with and without ال, often enough each way; or
- *forms*: at least two further kinds of form of it are seen (the article; pronouns, plural and feminine endings, each
  a kind; the other persons of a verb), and it stands at least once behind a frame word; or
- *frame*: it stands often behind words that names hardly ever follow (negations, كل, بعض, هذا, الذي …),

and against the evidence of names: it must not stand mostly behind given names, titles and parts of names, with the
article or without. A given name is weak if it passes the same test of grammar and is too seldom seen beside further parts
of a name. The thresholds were set once by judgement and by the scores of names on ANERcorp's training half and AQMAR (see
``score_entities.py``), on a corpus of 4.3 million words. They are counts, not rates: a quarter of that corpus gives half as
many words, and a much larger one would let more accidents pass.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from news_pipeline.arabic.keys import norm_ar
from news_pipeline.entities import triggers
from news_pipeline.entities.lexicon import FOREIGN_LETTERS, is_common

DATA = Path(__file__).parents[1] / "news_pipeline" / "entities" / "data"

_LEAST_SEEN = 6  # times, with the article or without
_LEAST_EACH_WAY = 3  # times with ال and times without
_LEAST_PER_FORM = 2  # times, for a form to count as seen: once may be a slip of the pen
_LEAST_FORMS = 2  # kinds of form
_LEAST_FRAMED = 3  # times behind a frame word
_LEAST_SHARE = 0.03  # of the evidence in all uses: a frequent name has a few accidental look-alikes
_MOST_AS_NAME = 0.3  # share of uses behind a given name, a title or a part of a name
_SURELY_NAME = 0.8  # share of uses beside further parts of a name, from which a given name is not weak

_WORD = re.compile(r"[ء-ي]{2,}")
_STOPS = re.compile(r"[^\w\s]+")
_ARTICLES = ("ال", "وال", "بال", "فال", "كال", "لل", "ولل")
_ENDINGS = ("ه", "ها", "هم", "هما", "نا", "ات", "ين", "ون", "ان", "تين", "تان", "وا", "ت", "يا")
_INSTEAD_OF_TEH = frozenset({"ات", "ين", "ون", "ان", "تين", "تان"})  # endings that take the place of a teh marbuta
_PERSONS = "يتن"
_CONJUNCTIONS = "وف"
_FRAMES = frozenset(
    norm_ar(
        "لم لن قد سوف لا ليس ليست هناك كل أي بعض غير عدم عدة أكثر أقل شديد جدا هذا هذه ذلك تلك التي الذي الذين"
    ).split()
)


class Counts(NamedTuple):
    """How often words, and pairs of words next to each other, stand in a corpus, by matching key."""

    words: Counter[str]
    pairs: Counter[tuple[str, str]]


def count_words(articles: Iterator[dict[str, str | None]]) -> Counts:
    """Counts the words of titles and texts; pairs do not reach over punctuation, a paragraph met again is left out."""
    words: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    seen: set[str] = set()
    for article in articles:
        for paragraph in f"{article.get('title') or ''}\n{article.get('text') or ''}".split("\n"):
            key = norm_ar(paragraph).translate(FOREIGN_LETTERS)
            if key in seen:
                continue
            seen.add(key)
            for run in _STOPS.split(key):
                keys = run.split()
                words.update(keys)
                pairs.update(pairwise(keys))
    return Counts(words, pairs)


def learn_common_words(counts: Counts, given_names: frozenset[str], hand: frozenset[str]) -> list[str]:
    """The everyday words of a corpus, sorted.

    Args:
        counts: The corpus.
        given_names: Keys of given names; they bear witness for names and are not listed themselves.
        hand: Keys kept by hand, not listed again.
    """
    framed = _framed(counts)
    after_name = _behind(counts, given_names | triggers.NAME_LINKS | triggers.TITLES)

    def is_name(word: str) -> bool:
        bare, definite = counts.words[word], _definite_count(counts, word)
        return after_name[word] > _MOST_AS_NAME * bare or after_name["ال" + word] > _MOST_AS_NAME * definite

    # Definite words are left to their bare form, as the recogniser takes the article off.
    learned = {
        word
        for word in counts.words
        if _WORD.fullmatch(word)
        and not (word.startswith("ال") and len(word) > 4)
        and word not in given_names
        and word not in hand
        and _has_grammar(counts, framed, word)
        and not is_name(word)
    }
    known = learned | hand
    return sorted(word for word in learned if not (word[0] in _CONJUNCTIONS and word[1:] in known))


def learn_weak_names(counts: Counts, given_names: frozenset[str], common_words: frozenset[str]) -> frozenset[str]:
    """The given names that are everyday words too.

    Args:
        counts: The corpus.
        given_names: Keys of given names.
        common_words: Keys of everyday words, learned and by hand.
    """
    framed = _framed(counts)
    beside = _beside_names(counts, given_names, lambda word: is_common(word, common_words))

    def is_weak(name: str) -> bool:
        if beside[name] >= _SURELY_NAME * counts.words[name]:
            return False
        bare = name[2:] if name.startswith("ال") and len(name) > 4 else name
        return any(_has_grammar(counts, framed, word) for word in (name, bare))

    return frozenset(name for name in given_names if is_weak(name))


def _has_grammar(counts: Counts, framed: Counter[str], word: str) -> bool:
    """Whether a word behaves as an everyday word: by the article, by its forms or by what stands before it."""
    bare, definite = counts.words[word], _definite_count(counts, word)
    if bare + definite < _LEAST_SEEN:
        return False
    if min(bare, definite) >= _LEAST_EACH_WAY and definite >= _LEAST_SHARE * bare:
        return True
    if framed[word] >= max(_LEAST_FRAMED, _LEAST_SHARE * bare):
        return True
    kinds = [seen for form in _forms(word) if (seen := counts.words[form]) >= _LEAST_PER_FORM]
    if definite >= _LEAST_PER_FORM:
        kinds.append(definite)
    return len(kinds) >= _LEAST_FORMS and sum(kinds) >= _LEAST_SHARE * (bare + sum(kinds)) and framed[word] >= 1


def _forms(word: str) -> Iterator[str]:
    """Further forms of a word, the article apart: with pronouns and endings, and the other persons of a verb."""
    stem = {"ه": word[:-1] + "ت", "ي": word[:-1] + "ا"}.get(word[-1], word)
    for ending in _ENDINGS:
        yield (word[:-1] if word[-1] == "ه" and ending in _INSTEAD_OF_TEH else stem) + ending
        if word[-1] == "ي":  # a yeh, or an alef maqsura, which the key writes alike
            yield word + ending
    if word[0] in _PERSONS:
        yield from (person + word[1:] for person in _PERSONS if person != word[0])
        yield "س" + word
    elif word[0] != "ا":
        yield from (person + word for person in _PERSONS)
    elif len(word) > 3:
        yield from (person + word[1:] for person in _PERSONS if person != "ن")


def _definite_count(counts: Counts, word: str) -> int:
    return sum(counts.words[article + word] for article in _ARTICLES)


def _framed(counts: Counts) -> Counter[str]:
    return _behind(counts, _FRAMES)


def _behind(counts: Counts, before: frozenset[str]) -> Counter[str]:
    """How often each word stands right behind one of those."""
    found: Counter[str] = Counter()
    for (first, second), times in counts.pairs.items():
        if first in before:
            found[second] += times
    return found


def _beside_names(counts: Counts, given_names: frozenset[str], common: Callable[[str], bool]) -> Counter[str]:
    """How often a given name stands behind a name or title, or before a word that may be the next part of a name."""
    announcing = given_names | triggers.NAME_LINKS | triggers.TITLES | triggers.ROLES
    continuing = given_names | triggers.NAME_LINKS
    found: Counter[str] = Counter()
    for (first, second), times in counts.pairs.items():
        if first in given_names and (second in continuing or not common(second)):
            found[first] += times
        if second in given_names and first in announcing:
            found[second] += times
    return found


def read_articles(path: Path) -> Iterator[dict[str, str | None]]:
    """The rows of a JSON-lines file, packed with gzip or not."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def _read_column(path: Path) -> list[list[str]]:
    _, *lines = path.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line]


def _write(path: Path, header: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    path.write_text("".join("\t".join(row) + "\n" for row in [header, *rows]), encoding="utf-8", newline="\n")


def main() -> None:
    """Reads the command line, learns, and writes the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the tables to read and write")
    options = parser.parse_args()

    hand = frozenset(row[0] for row in _read_column(options.data / "common_words_hand.tsv"))
    names = {row[0]: row[1] for row in _read_column(options.data / "given_names.tsv")}
    counts = count_words(read_articles(options.articles))
    learned = learn_common_words(counts, frozenset(names), hand)
    weak = learn_weak_names(counts, frozenset(names), hand.union(learned))
    marks = {name: "hand" if mark == "hand" else "learned" if name in weak else "" for name, mark in names.items()}
    _write(options.data / "common_words.tsv", ("word_key",), [(word,) for word in learned])
    _write(options.data / "given_names.tsv", ("name_key", "weak"), sorted(marks.items()))
    print(f"{counts.words.total()} words read, {len(learned)} everyday words, {len(weak)} weak given names")


if __name__ == "__main__":
    main()
