"""Scores subject assignment against labelled texts, and its speed.

Usage:
    python benchmarks/score_subjects.py LABELLED.jsonl[.gz] … [--limit N]

Each line is an object with ``text``, optionally ``title``, ``tags`` and ``language``, and as gold either ``top`` (list of
IPTC ids, most central first) or ``medtop`` (one id). Printed per file: coverage (texts that get a subject), accuracy of
the first subject (a hit anywhere in the gold; abstentions count as misses), the same among answered texts, micro
precision and recall of all subjects, accuracy per first gold id, and texts per second on one core.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections import Counter
from pathlib import Path

import pyarrow as pa

from news_pipeline.topics.subjects import assign_subjects


def read(path: Path, limit: int | None) -> list[dict[str, object]]:
    """The objects of a JSON Lines file; of a larger one than ``limit``, lines spread evenly over it."""
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    rows = [json.loads(line) for line in data.decode("utf-8").splitlines()]
    step = max(1, len(rows) // limit) if limit else 1
    return rows[::step]


def score(path: Path, limit: int | None) -> None:
    """Prints the figures of one file."""
    rows = read(path, limit)
    articles = pa.table(
        {
            "title": pa.array([row.get("title") for row in rows], pa.string()),
            "body": pa.array([row["text"] for row in rows], pa.string()),
            "tags": pa.array([row.get("tags") for row in rows], pa.list_(pa.string())),
            "language": pa.array([row.get("language") for row in rows], pa.string()),
        }
    )
    gold = [row["top"] if "top" in row else [row["medtop"]] for row in rows]
    assign_subjects(articles.slice(0, 1))
    start = time.process_time()
    found = [[subject["topic_id"] for subject in subjects] for subjects in assign_subjects(articles).to_pylist()]
    seconds = time.process_time() - start

    hits = [bool(ids) and ids[0] in top for ids, top in zip(found, gold, strict=True)]
    answered = sum(map(bool, found))
    shared = sum(len(set(ids) & set(top)) for ids, top in zip(found, gold, strict=True))
    print(f"{path.name}: {len(rows)} texts, {len(rows) / seconds:.0f} texts/s")
    print(f"  coverage {answered / len(rows):.3f}, accuracy {sum(hits) / len(rows):.3f}", end=", ")
    print(f"of answered {sum(hits) / max(answered, 1):.3f}", end=", ")
    print(f"micro P {shared / sum(map(len, found)):.3f} R {shared / sum(map(len, gold)):.3f}")
    totals = Counter(top[0] for top in gold)
    right = Counter(top[0] for top, hit in zip(gold, hits, strict=True) if hit)
    taken = Counter((top[0], ids[0]) for top, ids, hit in zip(gold, found, hits, strict=True) if ids and not hit)
    for topic_id, total in sorted(totals.items()):
        errors = sorted(((n, b) for (a, b), n in taken.items() if a == topic_id), reverse=True)[:3]
        wrong = " ".join(f"{b.removeprefix('medtop:')[:2]}:{n}" for n, b in errors)
        print(f"  {topic_id} {right[topic_id]:5d}/{total:<5d} {wrong}")


def main() -> None:
    """Reads the paths from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--limit", type=int)
    arguments = parser.parse_args()
    for path in arguments.paths:
        score(path, arguments.limit)


if __name__ == "__main__":
    main()
