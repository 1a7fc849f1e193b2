"""Scores the recogniser against gold: names (CoNLL) and quotations (JSON lines).

Usage::

    python benchmarks/score_entities.py names GOLD.conll [--window 25]
    python benchmarks/score_entities.py articles GOLD.jsonl
    python benchmarks/score_entities.py quotes GOLD.jsonl

``names`` reads one token and its BIO tag per line and counts exact spans of whole tokens by type, as conlleval does;
windows of sentences stand for articles. A gold token may hold a joined particle, which the pipeline leaves out, so
predictions are widened to whole tokens. ``quotes`` reads rows ``{"text", "quotes": [{directness, spans, verb,
speaker_resolved}]}``; a quotation counts as found if one of the same directness covers at least 80 % of it and lies to
80 % within it (lenient) or has its very span (strict). Speakers are compared where the gold resolves them.
``speed_entities.py`` tells how fast it is.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from conll import read_conll

from news_pipeline.arabic.keys import norm_ar
from news_pipeline.entities.link import Mention
from news_pipeline.entities.quotes import find_quotes
from news_pipeline.entities.recognise import recognise

_ENOUGH = 0.8  # of each of the two spans
_TYPES = {"PERS": "PER", "PER": "PER", "LOC": "LOC", "GPE": "LOC", "ORG": "ORG"}


def score_names(path: Path, window: int, show: int) -> None:
    """Prints precision, recall and F1 of exact spans per type."""
    sentences = list(read_conll(path))
    tally = _Tally()
    texts, golds, owners, all_tokens = [], [], [], []
    for at in range(0, len(sentences), window):
        text, kind = "", ""
        owner: list[int] = []
        gold: set[tuple[int, int, str]] = set()
        tokens: list[str] = []
        for sentence in sentences[at : at + window]:
            start: int | None = None
            for k, (token, tag) in enumerate([*sentence, ("", "O")]):
                if start is not None and not tag.startswith("I-"):
                    gold.add((start, len(tokens), kind))
                    start = None
                if tag.startswith("B-"):
                    start, kind = len(tokens), _TYPES.get(tag[2:], "MISC")
                if k < len(sentence):
                    owner += [len(tokens)] * (len(token) + 1)
                    tokens.append(token)
                    text += token + " "
            text = text[:-1] + "\n"
        texts.append({"title": "", "body": text, "tags": ""})
        golds.append(gold)
        owners.append(owner)
        all_tokens.append(tokens)
    recognised = recognise(texts, ["ar"] * len(texts))
    for (_, mentions), gold, owner, tokens in zip(recognised, golds, owners, all_tokens, strict=True):
        predicted = {(owner[m.start], owner[m.end - 1] + 1, m.type) for m in mentions}
        tally.add(gold, predicted, lambda first, last, tokens=tokens: " ".join(tokens[first:last]))
    tally.report(show)


def score_articles(path: Path, show: int) -> None:
    """Prints the scores of exact spans in articles, and how well ids keep entities together and apart.

    Rows are ``{"title", "text", "names": [{field, start, end, type, entity}]}``. A span may differ by a joined proclitic.
    Purity: share of found mentions whose entity_id means mostly the entity they name. Unity: share whose entity mostly
    has the id they got.
    """
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    fields = [{"title": row["title"] or "", "body": row["text"] or "", "tags": ""} for row in rows]
    tally = _Tally()
    pairs: list[tuple[str, str]] = []
    for row, own, (_, mentions) in zip(rows, fields, recognise(fields, ["ar"] * len(rows)), strict=True):
        gold = {(n["field"], _word_start(own[n["field"]], n["start"]), n["end"], n["type"]): n for n in row["names"]}
        said = {(m.field, _word_start(own[m.field], m.start), m.end, m.type): m for m in mentions}
        tally.add(set(gold), set(said), lambda field, start, end, own=own: own[field][start:end])
        pairs += [(said[at].entity_id, gold[at]["entity"]) for at in gold.keys() & said.keys()]
    tally.report(show)
    for name, order in (("purity", 1), ("unity", -1)):
        groups: dict[str, Counter[str]] = defaultdict(Counter)
        for pair in pairs:
            key, value = pair[::order]
            groups[key][value] += 1
        mostly = sum(max(group.values()) for group in groups.values())
        print(f"{name} {100 * mostly / max(len(pairs), 1):.1f} ({len(pairs)} mentions)")
        if show:
            print([(key, dict(group)) for key, group in groups.items() if len(group) > 1][:show])


class _Tally:
    """Counts gold, found and right spans by type, and keeps the errors."""

    def __init__(self) -> None:
        self.gold: Counter[str] = Counter()
        self.found: Counter[str] = Counter()
        self.right: Counter[str] = Counter()
        self.errors: dict[str, Counter[str]] = defaultdict(Counter)

    def add(self, gold: set[Any], predicted: set[Any], cut: Callable[..., str]) -> None:
        for name, spans in (("missed", gold - predicted), ("invented", predicted - gold)):
            for *place, kind in spans:
                self.errors[f"{name} {kind}"][cut(*place)] += 1
        self.found.update(kind for *_, kind in predicted)
        self.gold.update(kind for *_, kind in gold)
        self.right.update(kind for *_, kind in predicted & gold)

    def report(self, show: int) -> None:
        for kind in ("LOC", "PER", "ORG", "MISC"):
            print(kind, _prf(self.right[kind], self.found[kind], self.gold[kind]))
        print("all", _prf(self.right.total(), self.found.total(), self.gold.total()))
        if show:
            for name in sorted(self.errors):
                print(name, self.errors[name].most_common(show))


def _word_start(text: str, at: int) -> int:
    """Where the word begins that holds a code point: a proclitic counts as part of it."""
    while at and text[at - 1].isalnum():
        at -= 1
    return at


def score_quotes(path: Path, show: int) -> None:
    """Prints lenient and strict F1 of quotations per directness, and how often verb and speaker are right."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        words, mentions = recognise([{"title": row.get("title") or "", "body": row["text"], "tags": ""}], ["ar"])[0]
        body_mentions = [m for m in mentions if m.field == "body"]
        predicted = find_quotes(row["text"], words, body_mentions)
        forms = _forms(mentions)
        left = list(predicted)
        for quote in predicted:
            counts[quote.directness]["found"] += 1
        for gold in row["quotes"]:
            kind = gold["directness"]
            start, end = gold["spans"][0][0], gold["spans"][-1][1]
            counts[kind]["gold"] += 1
            best = max(
                (q for q in left if q.directness == kind),
                key=lambda q: _overlap(q.start, q.end, start, end),
                default=None,
            )
            if best is None or _overlap(best.start, best.end, start, end) < _ENOUGH:
                if show:
                    print("missed", kind, gold.get("form"), gold["verb"], "|", row["text"][start:end][:90])
                continue
            left.remove(best)
            counts[kind]["lenient"] += 1
            counts[kind]["strict"] += (best.start, best.end) == (start, end)
            counts[kind]["verb"] += norm_ar(best.verb or "") == norm_ar(gold["verb"] or "")
            said_by = gold["speaker_resolved"]
            if said_by:
                counts[kind]["speakers"] += 1
                form = forms.get(best.speaker_entity_id or "", "")
                same = _names_one_of(form, said_by)
                counts[kind]["speaker"] += same
                written = row["text"][slice(*best.speaker)] if best.speaker and not form else ""
                counts[kind]["as written"] += same or _names_one_of(written, said_by)
                if show and not same:
                    print("speaker", said_by, "!=", form, "|", best.verb, "|", row["text"][start:end][:50])
        if show:
            for quote in left:
                print("invented", quote.directness, quote.verb, "|", row["text"][quote.start : quote.end][:90])
    for kind, c in sorted(counts.items()):
        print(kind, "lenient", _prf(c["lenient"], c["found"], c["gold"]))
        print(kind, "strict", _prf(c["strict"], c["found"], c["gold"]))
        print(kind, f"verb {c['verb']}/{c['lenient']}, speaker {c['speaker']}/{c['speakers']}", end=", ")
        print(f"or right as written, where no entity is known, {c['as written']}/{c['speakers']}")
    total = [sum(c[k] for c in counts.values()) for k in ("lenient", "found", "gold")]
    print("all lenient", _prf(*total))


def _names_one_of(form: str, speakers: str) -> bool:
    """Whether a name is that of one of the speakers (joined with ``؛``): whole words of one stand in the other in order."""
    own = _plain(form)
    return bool(own) and any(
        f" {own} " in f" {said} " or f" {said} " in f" {own} " for said in map(_plain, speakers.split("؛"))
    )


def _plain(name: str) -> str:
    """A name as it compares: normalised, without quotation marks, the marks of tags, and hyphens."""
    return " ".join(norm_ar(name.translate(dict.fromkeys(map(ord, '"«»“”#_-'), " "))).split())


def _forms(mentions: list[Mention]) -> dict[str, str]:
    return {mention.entity_id: mention.canonical for mention in mentions}


def _overlap(a: int, b: int, c: int, d: int) -> float:
    """The share that two spans have in common, of the longer one: both cover each other at least that far."""
    common = min(b, d) - max(a, c)
    return max(common, 0) / max(b - a, d - c, 1)


def _prf(right: int, found: int, gold: int) -> str:
    precision = right / found if found else 0.0
    recall = right / gold if gold else 0.0
    f1 = 2 * precision * recall / (precision + recall) if right else 0.0
    return f"P {100 * precision:.1f} R {100 * recall:.1f} F1 {100 * f1:.1f} ({right}/{found}/{gold})"


def main() -> None:
    """Reads the command line and runs one measurement."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("names", "articles", "quotes"))
    parser.add_argument("path", type=Path)
    parser.add_argument("--window", type=int, default=25, help="sentences that stand for one article")
    parser.add_argument("--show", type=int, default=0, help="print that many of the commonest errors per kind")
    options = parser.parse_args()
    if options.what == "names":
        score_names(options.path, options.window, options.show)
    elif options.what == "articles":
        score_articles(options.path, options.show)
    else:
        score_quotes(options.path, options.show)


if __name__ == "__main__":
    main()
