"""Times name recognition against python-crfsuite in the same run: tokens a second of one core, peak memory.

Usage: python benchmarks/speed_entities.py ARTICLES.jsonl[.gz] CORPUS.conll [--articles 3000] [--rounds 5]

Articles are rows with ``title`` and ``text``, read in chunks of 256 as the stage gets them. Ours is ``recognise`` (tokens,
lexicon, tagger, links); a row of its own gives the whole stage, ``recognise_articles``, with quotations and Arrow tables,
and another quotations alone.
python-crfsuite (``pip install python-crfsuite``), the usual way to a fast tagger in Python, gets our tokens and our lexicon,
and of each word and of the two to either side the surface, key, stem, prefixes and suffixes of one to four letters, and
what the lexicon says; its strings are made once per distinct word, too. It is trained here on CORPUS, a token and its BIO
tag a line, for a few iterations only: what it finds is not looked at, and a longer training does not change its speed.
It links nothing, which ours does.

All take turns within one process of one thread; of the rounds each counts with its best, in processor time. Ours remembers
words: a row of its own gives its speed when it reads the articles for the first time, one chunk of others excepted. The
peak memory of ours is taken before python-crfsuite is imported; that of the other row is the peak of both.
"""

from __future__ import annotations

import os

os.environ |= dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")  # before NumPy

import argparse
import gzip
import json
import tempfile
from collections.abc import Sequence
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from conll import read_conll
from measure import peak, seconds

from news_pipeline.entities.features import lexicon_names, lexicon_tag, lexicon_tags, word_features
from news_pipeline.entities.quotes import find_quotes
from news_pipeline.entities.recognise import recognise, recognise_articles
from news_pipeline.entities.tagger import tagger
from news_pipeline.entities.words import Tokens, Word, tokenize_texts, vocabulary

_CHUNK = 256
_REACH = 2
_AFFIXES = range(1, 5)

Fields = dict[str, str]
Chunks = list[list[Fields]]


def read_articles(path: Path, limit: int) -> list[Fields]:
    """The first articles of a file."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in islice(lines, limit)]
    return [{"title": row.get("title") or "", "body": row.get("text") or "", "tags": ""} for row in rows]


def table(articles: Sequence[Fields]) -> pa.Table:
    """The articles as the stage gets them."""
    return pa.Table.from_pylist(
        [
            {"article_id": str(i), "dump": "d", "language": "ar", "title": own["title"], "body": own["body"]}
            for i, own in enumerate(articles)
        ]
    )


def names_of(chunks: Chunks) -> int:
    """Recognises and links the names; returns how many."""
    return sum(len(mentions) for chunk in chunks for _, mentions in recognise(chunk, ["ar"] * len(chunk)))


def quotes_time(chunks: Chunks) -> float:
    """Processor time of quotations alone, the names being known."""
    took = 0.0
    for chunk in chunks:
        read = recognise(chunk, ["ar"] * len(chunk))
        bodies = [[m for m in mentions if m.field == "body"] for _, mentions in read]
        took += seconds(
            lambda chunk=chunk, read=read, bodies=bodies: [  # type: ignore[misc]
                find_quotes(own["body"], words, in_body)
                for own, (words, _), in_body in zip(chunk, read, bodies, strict=True)
            ]
        )
    return took


@cache
def _strings(surface: str) -> tuple[list[str], ...]:
    """A word's features as python-crfsuite takes them, once for each place of the window it may stand at."""
    known = vocabulary()
    word = known.words[known[surface]]
    rest = word.rests[0][1] if word.rests else ""
    flags = word_features([word], tagger().model.places).flags[0].nonzero()[0]
    own = [f"w={surface}", f"k={word.key}", f"s={rest}", *(f"f{i}" for i in flags)]
    own += [f"{side}{n}={cut}" for n in _AFFIXES for side, cut in (("p", word.key[:n]), ("x", word.key[-n:]))]
    return tuple([f"{place}:{feature}" for feature in own] for place in range(-_REACH, _REACH + 1))


def crf_items(words: Sequence[Word], tags: Sequence[int]) -> list[list[str]]:
    """The features of a sentence's words."""
    strings = [_strings(word.surface) for word in words]
    count = len(words)
    items = []
    for i in range(count):
        item = []
        for place in range(max(i - _REACH, 0), min(i + _REACH + 1, count)):
            item += strings[place][place - i + _REACH]
            if tags[place]:
                item.append(f"{place - i}:lexicon={tags[place]}")
        items.append(item)
    return items


def with_lexicon(tokens: Tokens) -> list[int]:
    """What the lexicon says of each token."""
    names = [(first, behind, lexicon_tag(pattern)) for first, behind, pattern, _ in lexicon_names(tokens)]
    tags: list[int] = lexicon_tags(len(tokens.words), names).tolist()
    return tags


def trained_crf(corpus: Path, iterations: int) -> Any | None:
    """A tagger of python-crfsuite; ``None`` where it is not installed."""
    try:
        import pycrfsuite
    except ImportError:
        return None
    known = vocabulary()
    trainer = pycrfsuite.Trainer(verbose=False)
    for sentence in read_conll(corpus):
        places = np.array([known[surface] for surface, _ in sentence], np.int32)
        start = np.zeros(1, np.int64)
        tokens = Tokens(places, places, places, start, start)  # the lexicon looks at words and breaks alone
        trainer.append(crf_items(known.at(places), with_lexicon(tokens)), [tag for _, tag in sentence])
    trainer.set_params({"max_iterations": iterations, "c1": 0.1, "c2": 0.1, "feature.minfreq": 2})
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "model.crfsuite")
        trainer.train(path)
        crf = pycrfsuite.Tagger()
        crf.open(path)
    return crf


def crf_tag(crf: Any, chunks: Chunks) -> None:
    """Tags the articles with python-crfsuite."""
    known = vocabulary()
    for chunk in chunks:
        tokens = tokenize_texts([text for own in chunk for text in own.values()])
        stream = known.at(tokens.words)
        tags = with_lexicon(tokens)
        breaks = tokens.breaks.tolist()
        for first, behind in zip(breaks, [*breaks[1:], len(stream)], strict=True):
            crf.tag(crf_items(stream[first:behind], tags[first:behind]))


def main() -> None:
    """Runs the rounds and prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles_file", type=Path, metavar="ARTICLES")
    parser.add_argument("corpus", type=Path, metavar="CORPUS")
    parser.add_argument("--articles", type=int, default=3000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--iterations", type=int, default=20, help="of python-crfsuite's training")
    options = parser.parse_args()
    articles = read_articles(options.articles_file, options.articles + _CHUNK)
    warm, articles = articles[-_CHUNK:], articles[:-_CHUNK]
    if not articles:
        parser.error(f"more than {_CHUNK} articles are needed: as many serve to warm up")
    chunks = [articles[at : at + _CHUNK] for at in range(0, len(articles), _CHUNK)]
    tables = [table(chunk) for chunk in chunks]
    loading = seconds(lambda: recognise_articles(table(warm)))
    first = seconds(lambda: names_of(chunks))
    names_peak = peak()
    recognise_articles(tables[0])
    tokens = sum(len(tokenize_texts([text for own in chunk for text in own.values()]).words) for chunk in chunks)
    times: dict[str, list[float]] = {name: [] for name in ("names", "stage", "quotations", "crf")}
    for _ in range(options.rounds):
        times["names"].append(seconds(lambda: names_of(chunks)))
        times["stage"].append(seconds(lambda: [recognise_articles(own) for own in tables]))
        times["quotations"].append(quotes_time(chunks))
    stage_peak = peak()
    crf = trained_crf(options.corpus, options.iterations)
    if crf is not None:
        crf_tag(crf, chunks)
        for _ in range(options.rounds):
            times["crf"].append(seconds(lambda: crf_tag(crf, chunks)))
            times["names"].append(seconds(lambda: names_of(chunks)))
    print(f"{len(articles)} articles, {tokens:,} tokens; lexicon, model and first {len(warm)} articles {loading:.1f} s")
    print(f"{'':26}{'tokens/s':>10}{'peak MB':>10}")
    for label, took, memory in (
        ("names, unseen words", first, names_peak),
        ("names", min(times["names"]), names_peak),
        ("quotations alone", min(times["quotations"]), stage_peak),
        ("whole stage", min(times["stage"]), stage_peak),
    ):
        print(f"{label:26}{tokens / took:10,.0f}{memory:10.0f}")
    if crf is None:
        print("python-crfsuite is not installed: pip install python-crfsuite")
        return
    print(f"{'python-crfsuite':26}{tokens / min(times['crf']):10,.0f}{peak():10.0f}")
    print(f"names / python-crfsuite: {min(times['crf']) / min(times['names']):.1f} ×")


if __name__ == "__main__":
    main()
