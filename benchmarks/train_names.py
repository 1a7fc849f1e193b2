"""Trains the name tagger and writes its model: one command, fixed seeds.

Usage::

    pip install jax optax scikit-learn
    python benchmarks/train_names.py ANERCORP_TRAIN.conll ARTICLES.jsonl.gz [MORE_TEXT.jsonl.gz ...]

``ANERCORP_TRAIN.conll`` is the train half of the CAMeL-Lab split of ANERcorp (a token and its BIO tag a line). The articles are
ANT (Chouigui et al.; fields ``id``, ``title``, ``text``), read twice: as unlabelled text for the word vectors, and under the
names that this project has marked in 3,000 of them (``benchmarks/data/names_ant.tsv``: offsets and types alone). Further
texts only serve the word vectors. The last sixth of ANERcorp and a fifteenth of the marked articles stay apart and are
scored; only the last training, when nothing is left to choose, takes them in. The whole takes some twenty minutes on two cores.

Steps, all on the CPU:

1. Word vectors: positive pointwise mutual information of words with their neighbours at two places on either side, reduced
   by a truncated singular value decomposition (Levy & Goldberg 2014; Levy, Goldberg & Dagan 2015).
2. The network (see ``news_pipeline/entities/tagger.py``), trained with the likelihood of a linear-chain CRF (Lafferty et al. 2001;
   over window and convolution features, Collobert et al. 2011); ANERcorp counts threefold, being the smaller and older
   collection. Scored, then trained once more with what was kept apart.
3. Weights rounded to whole numbers (see ``tagger.py`` for why) and packed.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
import scipy.sparse as sparse
from conll import read_conll
from sklearn.utils.extmath import randomized_svd

from news_pipeline.arabic.keys import norm_ar
from news_pipeline.entities.features import (
    BUCKETS,
    FLAGS,
    LEXICON_TAGS,
    WordFeatures,
    lexicon_names,
    lexicon_tag,
    lexicon_tags,
    vocabulary_key,
    word_features,
)
from news_pipeline.entities.tagger import (
    ALLOWED,
    HIGHEST,
    OPENS,
    TAGS,
    Model,
    Tagger,
    best_tags,
    quantise,
    save_model,
)
from news_pipeline.entities.words import tokenize_texts, vocabulary

ANNOTATION = Path(__file__).parent / "data" / "names_ant.tsv"
VOCABULARY = 45_000
CONTEXT_WORDS = 8_000
LEAST_COUNT = 4
DIMENSIONS = 64
NGRAM_DIMENSIONS = 48
WORD_WIDTH, WIDTH = 96, 64
LONGEST = (16, 32, 64, 112)
BATCH_TOKENS = 2048
DROPOUT, WORD_DROPOUT, FLAG_DROPOUT, LEXICON_DROPOUT = 0.3, 0.15, 0.1, 0.05
ANERCORP, OURS = 0, 1
ANERCORP_SHARE = 0.25
"""The schemes of annotation differ (armies and ministries are no names in ANERcorp): the tagger stands between them, where it
marks as many names as the sentences kept apart of either have."""
EPOCHS, RATE, ANERCORP_TIMES = 6, 2e-3, 3
_OWN_TYPES = {"P": "PER", "L": "LOC", "O": "ORG", "G": "ORG", "M": "MISC", "C": "MISC"}
_CONLL_TYPES = {"PERS": "PER", "PER": "PER", "LOC": "LOC", "ORG": "ORG", "MISC": "MISC"}
# Bodies that are marked in our articles and are no names in ANERcorp's eyes; a team named by its country is the country.
_NO_NAMES = {norm_ar(word) for word in ("الحكومة", "حكومة", "الشرطة", "شرطة", "المنتخب", "السلطات")}
_TEAM = norm_ar("منتخب")

Params = dict[str, Any]


@dataclass
class Sentence:
    """One sentence: places of its words in the vocabulary, lexicon tags, gold tags, its scheme."""

    words: np.ndarray
    lexicon: np.ndarray
    tags: np.ndarray
    scheme: int


# Reading.


def anercorp_sentences(path: Path) -> list[Sentence]:
    """The sentences of a CoNLL file; a token that falls into several of ours gives its tag to all."""
    sentences = []
    for rows in read_conll(path):
        text = " ".join(token for token, _ in rows)
        spans, at = [], 0
        for token, tag in rows:
            kind = _CONLL_TYPES.get(tag[2:], "")
            if kind and (tag[0] == "B" or not spans or spans[-1][1] != at - 1 or spans[-1][2] != kind):
                spans.append([at, at + len(token), kind])
            elif kind:
                spans[-1][1] = at + len(token)
            at += len(token) + 1
        sentences += _sentences(text, [(a, b, k) for a, b, k in spans], ANERCORP, whole=True)
    return sentences


def own_sentences(articles: Path) -> tuple[list[Sentence], list[Sentence]]:
    """The marked sentences of ANT, and a fifteenth of the articles apart."""
    texts = {row["id"]: row for row in read_jsonl(articles)}
    kept: list[Sentence] = []
    apart: list[Sentence] = []
    for number, line in enumerate(ANNOTATION.read_text(encoding="utf-8").splitlines()[1:]):
        article_id, title_names, end, text_names = line.split("\t")
        row = texts[article_id]
        found = _sentences(row["title"] or "", _own_spans(row["title"] or "", title_names), OURS)
        text = (row["text"] or "")[: int(end)]
        found += _sentences(text, _own_spans(text, text_names), OURS)
        (apart if number % 15 == 0 else kept).extend(found)
    return kept, apart


def _own_spans(text: str, names: str) -> list[tuple[int, int, str]]:
    spans = []
    for name in names.split():
        place, _, kind = name.partition(":")
        start, end = map(int, place.split("-"))
        if kind == "G":
            head, _, rest = text[start:end].partition(" ")
            if norm_ar(head) == _TEAM and rest:
                spans.append((end - len(rest), end, "LOC"))
                continue
            if norm_ar(head) in _NO_NAMES:
                continue
        spans.append((start, end, _OWN_TYPES[kind]))
    return spans


def _sentences(text: str, spans: Sequence[tuple[int, int, str]], scheme: int, *, whole: bool = False) -> list[Sentence]:
    """Splits a text into sentences and tags its tokens; ``whole`` takes the text as one sentence."""
    tokens = tokenize_texts([text])
    count = len(tokens.words)
    if not count:
        return []
    tags = np.zeros(count, np.int32)
    for start, end, kind in spans:
        inside = np.flatnonzero((tokens.ends > start) & (tokens.starts < end))
        if len(inside):
            tags[inside] = TAGS.index("I-" + kind)
            tags[inside[0]] = TAGS.index("B-" + kind)
    if whole:
        tokens = tokens._replace(breaks=tokens.breaks[:1])
    names = [(first, behind, lexicon_tag(pattern)) for first, behind, pattern, _ in lexicon_names(tokens)]
    lexicon = lexicon_tags(count, names)
    result = []
    for first, behind in zip(tokens.breaks.tolist(), [*tokens.breaks[1:].tolist(), count], strict=True):
        for cut in range(first, behind, LONGEST[-1]):
            part = slice(cut, min(cut + LONGEST[-1], behind))
            result.append(Sentence(tokens.words[part], lexicon[part], tags[part], scheme))
    return result


def read_jsonl(path: Path) -> Iterator[dict[str, Any]]:
    """Rows of a JSON-lines file, gzipped or not."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def unlabelled_texts(paths: Sequence[Path], conll: Path) -> Iterator[str]:
    """Titles and paragraphs of the articles, each article once, and ANERcorp's sentences."""
    for path in paths:
        seen = set()
        for row in read_jsonl(path):
            text = row["text"] or ""
            if text[:200] not in seen:
                seen.add(text[:200])
                yield row.get("title") or ""
                yield from text.split("\n")
    for rows in read_conll(conll):
        yield " ".join(token for token, _ in rows)


# Word vectors.


def word_vectors(texts: Iterator[str]) -> tuple[list[str], np.ndarray]:
    """The commonest keys of the texts and their vectors."""
    counts: Counter[str] = Counter()
    documents = []
    known = vocabulary()
    batch: list[str] = []

    def take() -> None:
        tokens = tokenize_texts(batch)
        keys = [vocabulary_key(known.words[place].key) for place in tokens.words.tolist()]
        counts.update(keys)
        for first, behind in zip(tokens.bounds[:-1], tokens.bounds[1:], strict=True):
            documents.append(keys[first:behind])
        batch.clear()

    for text in texts:
        batch.append(text)
        if len(batch) == 2000:
            take()
    take()
    ordered = [
        key for key, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])) if count >= LEAST_COUNT
    ]
    places = {key: place for place, key in enumerate(ordered)}
    stream = np.concatenate([np.array([*(places.get(k, -1) for k in d), -2, -2], np.int32) for d in documents])
    parts = []
    for offset in (-2, -1, 1, 2):
        context = stream[max(0, offset) : len(stream) + min(0, offset)]
        target = stream[max(0, -offset) : len(stream) - max(0, offset)]
        good = (target >= 0) & (context >= 0) & (context < CONTEXT_WORDS)
        ones = np.ones(int(good.sum()), np.float32)
        parts.append(
            sparse.coo_matrix((ones, (target[good], context[good])), shape=(len(ordered), CONTEXT_WORDS)).tocsr()
        )
    pairs = sparse.hstack(parts).tocoo()
    rows = np.asarray(pairs.sum(1)).ravel() + 1e-9
    columns = np.asarray(pairs.sum(0)).ravel() + 1e-9
    pmi = np.log(pairs.data * pairs.sum() / (rows[pairs.row] * columns[pairs.col]))
    good = pmi > 0
    ppmi = sparse.csr_matrix((pmi[good], (pairs.row[good], pairs.col[good])), shape=pairs.shape, dtype=np.float32)
    left, values, _ = randomized_svd(ppmi, 100, n_iter=3, random_state=0)
    vectors = (left * np.sqrt(values)).astype(np.float32)
    vectors *= 0.5 / vectors.std()
    return ordered[:VOCABULARY], vectors[:VOCABULARY, :DIMENSIONS]


# The network, as tagger.py applies it but in floating point.


def start_params(seed: int, vectors: np.ndarray) -> Params:
    """Random weights around the given word vectors."""
    rng = np.random.default_rng(seed)

    def normal(*shape: int, scale: float = 1.0) -> np.ndarray:
        return (rng.standard_normal(shape) * scale * np.sqrt(2 / np.prod(shape[:-1]))).astype(np.float32)

    embedding = np.concatenate([np.zeros((2, DIMENSIONS), np.float32), vectors])
    return {
        "embedding": jnp.asarray(embedding),
        "ngrams": jnp.asarray(rng.standard_normal((BUCKETS, NGRAM_DIMENSIONS)).astype(np.float32) * 0.1),
        "from_key": normal(DIMENSIONS, WORD_WIDTH),
        "from_stem": normal(DIMENSIONS, WORD_WIDTH, scale=0.5),
        "from_ngrams": normal(NGRAM_DIMENSIONS, WORD_WIDTH),
        "from_flags": normal(FLAGS, WORD_WIDTH),
        "word_bias": np.zeros(WORD_WIDTH, np.float32),
        "window": normal(5, WORD_WIDTH, WIDTH),
        "lexicon": (rng.standard_normal((3, LEXICON_TAGS, WIDTH)) * 0.1).astype(np.float32),
        "scheme": (rng.standard_normal((2, WIDTH)) * 0.1).astype(np.float32),
        "window_bias": np.zeros(WIDTH, np.float32),
        "conv1": normal(3, WIDTH, WIDTH, scale=0.7),
        "conv1_bias": np.zeros(WIDTH, np.float32),
        "conv2": normal(3, WIDTH, WIDTH, scale=0.7),
        "conv2_bias": np.zeros(WIDTH, np.float32),
        "out": normal(WIDTH, len(TAGS), scale=0.5),
        "out_bias": np.zeros(len(TAGS), np.float32),
        "out_scheme": np.zeros((2, len(TAGS)), np.float32),
        "transitions": np.zeros((len(TAGS), len(TAGS)), np.float32),
    }


def _drop(key: Any, x: Any, rate: float) -> Any:
    if key is None:
        return x
    return jnp.where(jax.random.bernoulli(key, 1 - rate, x.shape), x / (1 - rate), 0)


def _spread(x: Any, weights: Any, step: int) -> Any:
    """A convolution along a batch of padded sentences."""
    length, reach = x.shape[1], weights.shape[0] // 2 * step
    padded = jnp.pad(x, ((0, 0), (reach, reach), (0, 0)))
    return sum(padded[:, i * step : i * step + length] @ weights[i] for i in range(weights.shape[0]))


def emissions(p: Params, batch: Any, key: Any) -> Any:
    """Scores of every tag for every token, (batch, length, tags); ``key`` turns dropout on."""
    keys, stems, ngrams, flags, lexicon, mask, scheme = batch
    k = [None] * 7 if key is None else jax.random.split(key, 7)
    if key is not None:
        unknown = jax.random.bernoulli(k[0], WORD_DROPOUT, keys.shape)
        keys, stems = jnp.where(unknown, 1, keys), jnp.where(unknown, 1, stems)
        flags = flags * jax.random.bernoulli(k[1], 1 - FLAG_DROPOUT, flags.shape)
        lexicon = lexicon * jax.random.bernoulli(k[2], 1 - LEXICON_DROPOUT, (lexicon.shape[0], 1))
    present = ngrams > 0
    letters = (p["ngrams"][ngrams] * present[..., None]).sum(-2)
    letters = letters / jnp.sqrt(jnp.maximum(present.sum(-1), 1))[..., None]
    x = (
        p["embedding"][keys] @ p["from_key"]
        + p["embedding"][stems] @ p["from_stem"]
        + letters @ p["from_ngrams"]
        + flags @ p["from_flags"]
        + p["word_bias"]
    )
    x = _drop(k[3], jnp.clip(x, -1, 1) * mask[..., None], DROPOUT)
    around = jnp.pad(lexicon, ((0, 0), (1, 1)))
    length = lexicon.shape[1]
    h = _spread(x, p["window"], 1) + p["window_bias"] + p["scheme"][scheme][:, None]
    h = h + sum(p["lexicon"][i][around[:, i : i + length]] for i in range(3))
    h = _drop(k[4], jnp.clip(h, 0, HIGHEST) * mask[..., None], DROPOUT)
    h = jnp.clip(h + jax.nn.relu(_spread(h, p["conv1"], 1) + p["conv1_bias"]), 0, HIGHEST) * mask[..., None]
    h = _drop(k[5], h, DROPOUT)
    h = jnp.clip(h + jax.nn.relu(_spread(h, p["conv2"], 2) + p["conv2_bias"]), 0, HIGHEST) * mask[..., None]
    return h @ p["out"] + p["out_bias"] + p["out_scheme"][scheme][:, None]


_PENALTY = np.where(ALLOWED, 0.0, -1e4).astype(np.float32)
_START = np.where(OPENS, 0.0, -1e4).astype(np.float32)


def crf_loss(scores: Any, tags: Any, mask: Any, transitions: Any) -> Any:
    """Negative log likelihood of the gold tags, summed."""
    moves = transitions + _PENALTY

    def step(alpha: Any, x: Any) -> tuple[Any, None]:
        score, here = x
        new = jax.nn.logsumexp(alpha[:, :, None] + moves[None], 1) + score
        return jnp.where(here[:, None] > 0, new, alpha), None

    alpha, _ = jax.lax.scan(step, scores[:, 0] + _START, (scores[:, 1:].swapaxes(0, 1), mask[:, 1:].T))
    gold = (jnp.take_along_axis(scores, tags[..., None], 2)[..., 0] * mask).sum(1)
    gold = gold + (moves[tags[:, :-1], tags[:, 1:]] * mask[:, 1:]).sum(1)
    return (jax.nn.logsumexp(alpha, 1) - gold).sum()


# Batches.


def batches(sentences: Sequence[Sentence], rng: np.random.Generator | None) -> list[tuple[int, list[int]]]:
    """Sentences of like length together: ``(padded length, their places)``."""
    order = np.arange(len(sentences)) if rng is None else rng.permutation(len(sentences))
    by_length: dict[int, list[int]] = {}
    for i in order.tolist():
        length = next(cap for cap in LONGEST if len(sentences[i].words) <= cap)
        by_length.setdefault(length, []).append(i)
    cut = [
        (length, places[at : at + BATCH_TOKENS // length])
        for length, places in sorted(by_length.items())
        for at in range(0, len(places), BATCH_TOKENS // length)
    ]
    if rng is not None:
        rng.shuffle(cut)
    return cut


def pack(sentences: Sequence[Sentence], length: int, places: Sequence[int], features: WordFeatures) -> tuple[Any, ...]:
    """Arrays of a batch: the network's input, gold tags and mask."""
    rows = BATCH_TOKENS // length
    words = np.zeros((rows, length), np.int32)
    lexicon = np.zeros((rows, length), np.int32)
    tags = np.zeros((rows, length), np.int32)
    mask = np.zeros((rows, length), np.float32)
    scheme = np.zeros(rows, np.int32)
    for row, place in enumerate(places):
        sentence = sentences[place]
        n = len(sentence.words)
        words[row, :n], lexicon[row, :n], tags[row, :n] = sentence.words, sentence.lexicon, sentence.tags
        mask[row, :n], scheme[row] = 1, sentence.scheme
    inputs = (features.keys[words], features.stems[words], features.ngrams[words], features.flags[words])
    return (*inputs, lexicon, mask, scheme), tags, mask


def train(p: Params, sentences: Sequence[Sentence], features: WordFeatures, *, seed: int) -> Params:
    """Fits the weights with AdamW under a cosine schedule."""
    rng = np.random.default_rng(seed)
    steps = len(batches(sentences, None)) * EPOCHS
    optimiser = optax.chain(
        optax.clip_by_global_norm(1.0),
        optax.adamw(optax.cosine_decay_schedule(RATE, steps, 0.02), weight_decay=1e-4),
    )
    state = optimiser.init(p)

    def loss(p: Params, key: Any, batch: Any, tags: Any, mask: Any) -> Any:
        return crf_loss(emissions(p, batch, key), tags, mask, p["transitions"]) / mask.sum()

    @jax.jit
    def step(p: Params, state: Any, key: Any, batch: Any, tags: Any, mask: Any) -> Any:
        value, gradient = jax.value_and_grad(loss)(p, key, batch, tags, mask)
        updates, state = optimiser.update(gradient, state, p)
        return optax.apply_updates(p, updates), state, value

    key = jax.random.PRNGKey(seed)
    for epoch in range(EPOCHS):
        started, total, count = time.time(), 0.0, 0
        for length, places in batches(sentences, rng):
            key, own = jax.random.split(key)
            p, state, value = step(p, state, own, *pack(sentences, length, places, features))
            total, count = total + value, count + 1
        print(
            f"  epoch {epoch + 1}: loss {float(total) / count:.4f}, {time.time() - started:.0f} s",
            flush=True,
        )
    return p


# Scores.


def spans(tags: np.ndarray) -> set[tuple[int, int, str]]:
    """``(first, behind, type)`` of the names of a sentence."""
    found, start, kind = set(), None, ""
    for i, tag in enumerate([*(TAGS[t] for t in tags), "O"]):
        if start is not None and tag[0] != "I":
            found.add((start, i, kind))
            start = None
        if tag[0] == "B":
            start, kind = i, tag[2:]
    return found


def score(sentences: Sequence[Sentence], model: Model) -> str:
    """F1 of exact spans by type and overall, of the model as it will be applied."""
    gold, said, right = Counter[str](), Counter[str](), Counter[str]()
    tagger = Tagger(model)
    opens = np.zeros(1, np.int64)
    for sentence in sentences:
        scores = tagger.scores(sentence.words, sentence.lexicon, opens)
        tags = best_tags(scores, np.arange(len(scores)) == 0, model.transitions)
        wanted, given = spans(sentence.tags), spans(tags)
        gold.update(kind for *_, kind in wanted)
        said.update(kind for *_, kind in given)
        right.update(kind for *_, kind in wanted & given)
    lines = []
    for kind in ("PER", "LOC", "ORG", "MISC", "all"):
        r, s, g = (sum(c.values()) if kind == "all" else c[kind] for c in (right, said, gold))
        lines.append(f"{kind} {200 * r / max(s + g, 1):.1f}")
    return f"P {100 * sum(right.values()) / max(sum(said.values()), 1):.1f} " + " ".join(lines)


# Packing.


def packed(p: Params, places: dict[str, int]) -> Model:
    """The weights as ``tagger.py`` applies them."""
    w = {name: np.asarray(value) for name, value in p.items()}
    mix = np.array([ANERCORP_SHARE, 1 - ANERCORP_SHARE], np.float32)
    embedding, ngrams = quantise(w["embedding"]), quantise(w["ngrams"] @ w["from_ngrams"])
    ngrams.steps[0] = 0  # no letters there
    return Model(
        places=places,
        embedding=embedding.steps.astype(np.int8),
        embedding_size=embedding.size,
        ngrams=ngrams.steps.astype(np.int8),
        ngrams_size=ngrams.size,
        from_key=quantise(w["from_key"]),
        from_stem=quantise(w["from_stem"]),
        from_flags=quantise(w["from_flags"]),
        word_bias=w["word_bias"],
        window=quantise(np.concatenate(list(w["window"]), axis=1)),
        # The tagger adds only what the names of the lexicon add: what a word outside them adds goes into the bias.
        lexicon=w["lexicon"] - w["lexicon"][:, :1],
        window_bias=w["window_bias"] + mix @ w["scheme"] + w["lexicon"][:, 0].sum(0),
        convolutions=tuple((quantise(w[f"conv{i}"]), w[f"conv{i}_bias"], i) for i in (1, 2)),
        out=quantise(w["out"]),
        out_bias=w["out_bias"] + mix @ w["out_scheme"],
        transitions=w["transitions"],
    )


def main() -> None:
    """Reads the command line and trains."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("anercorp", type=Path)
    parser.add_argument("articles", type=Path)
    parser.add_argument("more", type=Path, nargs="*")
    parser.add_argument("--out", type=Path, default=Path("news_pipeline/entities/data/names_model.npz"))
    options = parser.parse_args()

    started = time.time()

    def say(what: str) -> None:
        print(f"[{time.time() - started:.0f} s] {what}", flush=True)

    keys, vectors = word_vectors(unlabelled_texts([options.articles, *options.more], options.anercorp))
    places = {key: place + 2 for place, key in enumerate(keys)}
    say(f"{len(keys)} word vectors")
    anercorp = anercorp_sentences(options.anercorp)
    own, own_apart = own_sentences(options.articles)
    cut = len(anercorp) * 5 // 6
    features = word_features(vocabulary().words, places)
    say(f"{cut} sentences of ANERcorp and {len(own)} of ours to learn from")

    def trained(anercorp: Sequence[Sentence], own: Sequence[Sentence]) -> Params:
        return train(start_params(1, vectors), [*own, *(ANERCORP_TIMES * list(anercorp))], features, seed=1)

    model = packed(trained(anercorp[:cut], own), places)
    for name, apart in (("ANERcorp", anercorp[cut:]), ("ours", own_apart)):
        say(f"{name}, {len(apart)} sentences apart: {score(apart, model)}")
    save_model(options.out, packed(trained(anercorp, [*own, *own_apart]), places))
    say(f"{options.out}: {options.out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
