"""Scores how tag lines without separators are split, and the speed of it.

Usage:
    python benchmarks/score_tags.py [--gold GOLD.jsonl] [--articles ARTICLES.jsonl[.gz]] [--ner NAMES.conll] [--limit N] [--show N]

Each kind of line is made by joining tags with spaces:

- *gold*: the tags of gold pages (objects with ``title``, ``body``, ``related`` and ``tags``) with separators taken away;
- *title*: words of four letters and more and pairs of neighbouring words of an article's title, three to six, shuffled;
- *topics*: names that the recogniser finds in an article, phrases and words that it repeats, and, one in five, a topic
  of another article, four to nine, shuffled;
- *names*: annotated names of a corpus in CoNLL format, cut into articles of fifteen sentences, with nouns they repeat and,
  one in five, a name from elsewhere in the corpus, four to nine, shuffled.

Of the articles, only every second is used (by a hash of its address); the weights of ``tags.py`` were fitted to the others.
Printed per kind: mean F1 of the sets of tags, F1 of lines whose words all stand in the article and of the others, the
share of tags found among those of the article and the others, and microseconds a line.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import random
import re
import time
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from news_pipeline.arabic.keys import word_key
from news_pipeline.entities.lexicon import load_lexicon
from news_pipeline.entities.recognise import recognise
from news_pipeline.pages.tags import split_tags, unsupported_tags

_WORD = re.compile(r"\w+")
_PARTICLES = frozenset(
    word_key(
        "في من على إلى عن مع بعد قبل بين ضد حول خلال عبر غير أن إن التي الذي الذين هذا هذه ذلك كان كانت قال قالت وقال وقالت كما "
        "أو ما لا لم لن قد وقد كل بعض منذ عند أي هو هي أنه أنها ولا عليه عليها له لها فيها فيه منها منه إلا حتى أكثر لدى أمام"
    ).split()
)


class Line(NamedTuple):
    """Tags to be joined, and the keys of the article they stand under and of its title."""

    tags: list[str]
    article: str
    title: str


def gold_lines(path: Path) -> Iterator[Line]:
    """The tags of gold pages."""
    for row in _rows(path):
        if row["tags"]:
            article = word_key("\n".join([row["title"], *row["body"], *(row["related"] or [])]))
            yield Line(row["tags"], article, word_key(row["title"]))


def title_lines(articles: list[dict[str, str]]) -> Iterator[Line]:
    """Words and pairs of words of titles."""
    for row in articles:
        draw = random.Random(row["url"])
        words = _WORD.findall(row["title"])
        single = [word for word in words if len(word) > 3]
        pairs = [f"{one} {two}" for one, two in pairwise(words) if len(one) > 2 and len(two) > 2]
        pool = list(dict.fromkeys(single + pairs))
        if len(pool) >= 6:
            yield Line(
                draw.sample(pool, draw.randint(3, 6)), word_key(f"{row['title']} {row['text']}"), word_key(row["title"])
            )


def topic_lines(articles: list[dict[str, str]]) -> Iterator[Line]:
    """Names and repeated phrases of articles, with topics of the article before."""
    others: list[str] = []
    for row in articles:
        draw = random.Random(row["url"])
        key = word_key(f"{row['title']} {row['text']}")
        pool = _topics(row)
        if len(pool) >= 6:
            yield Line(_with_foreign(draw, pool, others), key, word_key(row["title"]))
        others = pool


def name_lines(path: Path) -> Iterator[Line]:
    """Annotated names of a corpus, with names of the article thirty before."""
    articles = list(_annotated(path))
    for at, (words, names) in enumerate(articles):
        draw = random.Random(at)
        key = word_key(" ".join(words))
        nouns = [w for w, times in Counter(words).items() if times > 2 and len(w) > 4 and w.startswith("ال")]
        pool = _distinct([*names, *nouns])
        if len(pool) >= 6:
            yield Line(_with_foreign(draw, pool, articles[at - 30][1]), key, "")


def _with_foreign(draw: random.Random, pool: list[str], others: list[str]) -> list[str]:
    tags = draw.sample(pool, min(len(pool), draw.randint(4, 9)))
    foreign = [tag for tag in draw.sample(others, min(len(others), len(tags) // 5 + draw.randint(0, 1))) if others]
    tags = _distinct([*tags, *foreign])
    draw.shuffle(tags)
    return tags


def _topics(row: dict[str, str]) -> list[str]:
    """What an editor might choose as tags: names, phrases of the title and the text that recur, frequent nouns."""
    fields = {"title": row["title"], "body": row["text"], "tags": ""}
    names = [
        fields[m.field][m.start : m.end]
        for m in recognise([fields], ["ar"])[0][1]
        if m.type in ("PER", "LOC", "ORG", "MISC")
    ]
    words = _WORD.findall(f"{row['title']} {row['text']}")
    counts, common = Counter(words), load_lexicon().given_names
    plain = {
        w for w in counts if len(w) > 2 and word_key(w) not in _PARTICLES and not re.match("[0-9وفبلك]|[يت].{3}", w)
    }
    pairs = Counter(p for p in pairwise(words) if p[0] in plain and p[1] in plain)
    phrases = [
        f"{a} {b}"
        for (a, b), times in pairs.items()
        if times > 1
        and times * 2 > min(counts[a], counts[b])
        and word_key(a) not in common
        and (b.startswith("ال") or not a.startswith("ال"))
    ]
    nouns = [w for w in plain if counts[w] > 2 and w.startswith("ال") and len(w) > 4]
    return _distinct([n for n in names if len(n.split()) <= 4] + phrases + sorted(nouns))


def _distinct(tags: list[str]) -> list[str]:
    return list({word_key(tag): " ".join(_WORD.findall(tag)) for tag in tags}.values())


def _annotated(path: Path) -> Iterator[tuple[list[str], list[str]]]:
    """Words and names of each run of fifteen sentences."""
    words: list[str] = []
    spans: list[list[str]] = []
    sentences = 0
    for raw in path.read_text(encoding="utf-8").splitlines():
        word, _, mark = raw.rpartition(" ")
        if mark.startswith("I-") and spans and spans[-1][-1] == words[-1]:
            spans[-1].append(word)
        elif mark.startswith("B-"):
            spans.append([word])
        if word:
            words.append(word)
        sentences += word == "."
        if sentences == 15:
            yield words, _distinct([" ".join(span) for span in spans if len(span) <= 4])
            words, spans, sentences = [], [], 0


def _rows(path: Path) -> list[dict]:  # type: ignore[type-arg]
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [json.loads(line) for line in data.decode("utf-8").split("\n") if line]


def held_out(path: Path, limit: int) -> list[dict[str, str]]:
    """Articles of the half that nothing is learned from, spread evenly over the file."""
    rows = [
        row
        for row in _rows(path)
        if int(hashlib.sha1(row["url"].encode(), usedforsecurity=False).hexdigest(), 16) % 2
        and len(row["text"] or "") > 600
        and row["title"]
    ]
    return rows[:: max(1, len(rows) // limit)][:limit]


def score(name: str, lines: list[Line], show: int) -> None:
    """Prints the figures of one kind of line."""
    split_tags("قره باغ", "")
    start = time.perf_counter()
    found = [split_tags(" ".join(line.tags), line.article, line.title) for line in lines]
    took = time.perf_counter() - start
    start = time.perf_counter()
    for line, tags in zip(lines, found, strict=True):
        unsupported_tags(tags, line.article)
    flagged = time.perf_counter() - start
    scores: dict[bool, list[float]] = {True: [], False: []}
    recall: dict[bool, list[bool]] = {True: [], False: []}
    shown = 0
    for line, tags in zip(lines, found, strict=True):
        gold, got = {word_key(tag) for tag in line.tags}, {word_key(tag) for tag in tags}
        inside = {tag for tag in gold if f" {tag} " in f" {line.article} "}
        f1 = 2 * len(gold & got) / (len(gold) + len(got))
        scores[inside == gold].append(f1)
        for tag in gold:
            recall[tag in inside].append(tag in got)
        if f1 < 1 and shown < show:
            shown += 1
            print("   ", f"{f1:.2f}", " | ".join(line.tags), " => ", " | ".join(tags))
    both = scores[True] + scores[False]

    def mean(values: list[float] | list[bool]) -> str:
        return f"{sum(values) / len(values):.4f}" if values else "-"

    print(
        f"{name:7} {len(both):5} lines  F1 {mean(both)}  in article {mean(scores[True])}  others {mean(scores[False])}  "
        f"tags found: in article {mean(recall[True])}  others {mean(recall[False])}  "
        f"{took / len(lines) * 1e6:.0f} us split, {flagged / len(lines) * 1e6:.0f} us flagging"
    )


def main() -> None:
    """Reads the command line and scores each kind of line there is material for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path)
    parser.add_argument("--articles", type=Path)
    parser.add_argument("--ner", type=Path)
    parser.add_argument("--limit", type=int, default=400)
    parser.add_argument("--show", type=int, default=0, help="print so many lines with errors of each kind")
    options = parser.parse_args()
    if options.gold:
        score("gold", list(gold_lines(options.gold)), options.show)
    if options.articles:
        articles = held_out(options.articles, options.limit)
        score("title", list(title_lines(articles)), options.show)
        score("topics", list(topic_lines(articles)), options.show)
    if options.ner:
        score("names", list(name_lines(options.ner))[: options.limit], options.show)


if __name__ == "__main__":
    main()
