"""Measures copies and stories on a file of articles: F1 of copies against edited texts, time per day, groups to look at.

Usage: python benchmarks/score_stories.py articles.jsonl.gz [--groups 40]

The file holds one JSON object a line with the fields id, source, title, url, text and published (ISO date or instant).
Pairs of ANT's articles of two outlets, at most seven days apart, that were read and judged stand in ``data/story_pairs.tsv``:
how alike they are as news (1 to 4 as in SemEval-2022 task 8; 3 and 4 are one event), and whether they are one text. One
reader, a language model, judged each pair once, without seeing what this program makes of it; hard pairs were preferred.
Copies are made from its articles (shortened by half, sentences moved, an agency line added, every fifteenth word
replaced, only retitled), and so are texts that are none (every number changed, in texts full of numbers).
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pyarrow as pa

from news_pipeline import contract
from news_pipeline.arabic.keys import word_key
from news_pipeline.stories.group import LOOKBACK_DAYS, group_day

Row = dict[str, Any]
JUDGED = Path(__file__).parent / "data" / "story_pairs.tsv"
EDITED_ARTICLES = 400
BUSY_DAY = 2_000


def read_days(path: Path) -> tuple[dict[date, list[Row]], dict[str, str]]:
    """The articles of the file as ``parsed_articles`` rows, by day; and the article_id of each of the file's ids."""
    days: dict[date, list[Row]] = defaultdict(list)
    ids: dict[str, str] = {}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            if not article["published"]:
                continue
            at = datetime.fromisoformat(article["published"]) if len(article["published"]) > 10 else None
            day = at.astimezone(UTC).date() if at else date.fromisoformat(article["published"])
            days[day].append(
                row_of(article["source"], article["title"] or "", article["text"] or "", day, at, article["url"])
            )
            ids[article["id"]] = days[day][-1]["article_id"]
    return dict(sorted(days.items())), ids


def row_of(source: str, title: str, body: str, day: date, at: datetime | None, url: str | None = None) -> Row:
    """A row of ``parsed_articles``."""
    key = "\x1f".join(word_key(part) for part in (source, title, body))
    article_id = blake2b(key.encode(), digest_size=16).hexdigest()
    return {
        "article_id": article_id,
        "page_id": blake2b(f"{key}{url}{at}".encode(), digest_size=16).hexdigest(),
        "article_index": 0,
        "dump": "benchmark",
        "role": "main",
        "title": title,
        "body": body,
        "source_name": source,
        "url": url,
        "published_at": at,
        "published_date": day,
        "date_precision": "second" if at else "day",
        "date_status": "stated",
        "word_count": len(body.split()),
        "parser_version": "benchmark",
    }


def build(days: dict[date, list[Row]]) -> tuple[dict[date, pa.Table], list[float]]:
    """Groups the days in order; returns their tables and the seconds each took."""
    built: dict[date, pa.Table] = {}
    seconds = []
    for day, rows in days.items():
        before = [built[day - timedelta(n)] for n in range(1, LOOKBACK_DAYS + 1) if day - timedelta(n) in built]
        lookback = pa.concat_tables([contract.empty("articles"), *before])
        pages = contract.from_rows("parsed_articles", rows)
        start = time.perf_counter()
        built[day] = group_day(day, pages, lookback)
        seconds.append(time.perf_counter() - start)
    return built, seconds


def halved(body: str) -> str:
    """The first half of the words."""
    words = body.split()
    return " ".join(words[: len(words) // 2])


def moved(body: str) -> str:
    """Sentences rotated by half."""
    sentences = re.split(r"(?<=[.!؟\n])\s+", body)
    return " ".join(sentences[len(sentences) // 2 :] + sentences[: len(sentences) // 2])


def with_agency_line(body: str) -> str:
    """An agency's name and place before, a closing line after."""
    return f"العاصمة (وكالة الأنباء) - {body}\nوأضافت الوكالة في ختام تقريرها أن المتابعة مستمرة."


def reworded(body: str) -> str:
    """Every fifteenth word replaced."""
    return " ".join("بديل" if n % 15 == 7 else word for n, word in enumerate(body.split()))


def renumbered(body: str) -> str:
    """Every number replaced by another, in each text differently."""
    return re.sub(r"\d+", lambda match: str(int(match.group()) * 3 + len(body)), body)


EDITS: tuple[Callable[[str], str], ...] = (halved, moved, with_agency_line, reworded, str)


def score_copies(days: dict[date, list[Row]]) -> None:
    """Prints recall per edit, false positives on renumbered texts, and F1 over both."""
    chooser = random.Random(7)
    long_enough = [(day, row) for day, rows in days.items() for row in rows if row["word_count"] >= 60]
    chosen = chooser.sample(long_enough, EDITED_ARTICLES)
    numeric = [
        (day, row)
        for day, rows in days.items()
        for row in rows
        if len(re.findall(r"\d+", row["body"])) >= max(5, row["word_count"] / 12)
    ][:EDITED_ARTICLES]
    changed = {day: list(rows) for day, rows in days.items()}
    made: dict[str, tuple[str, str]] = {}
    for kind, edits, rows in (("copy", EDITS, chosen), ("template", (renumbered,), numeric)):
        for number, (day, row) in enumerate(rows):
            edit = edits[number % len(edits)]
            copy = row_of(f"outlet {number}", f"عنوان آخر {number}", edit(row["body"]), day, None)
            changed[day].append(copy)
            made[copy["article_id"]] = (f"{kind}: {edit.__name__}", row["article_id"])
    built, _ = build(changed)
    rows_by_id = {row["article_id"]: row for table in built.values() for row in table.to_pylist()}

    outcomes: dict[str, Counter[str]] = defaultdict(Counter)
    for copy_id, (kind, source_id) in made.items():
        original, expected = (rows_by_id[i]["copy_of"] or i for i in (copy_id, source_id))
        is_alone = original == copy_id and original != expected
        outcomes[kind]["right" if original == expected else "none" if is_alone else "other"] += 1
    for kind, counts in outcomes.items():
        print(f"  {kind}: {dict(counts)}")
    hits = sum(counts["right"] for kind, counts in outcomes.items() if kind.startswith("copy"))
    wrong = sum(counts["other"] for kind, counts in outcomes.items() if kind.startswith("copy"))
    false = sum(counts["right"] + counts["other"] for kind, counts in outcomes.items() if kind.startswith("template"))
    missed = len(chosen) - hits
    print(f"  copies F1 {2 * hits / (2 * hits + wrong + false + missed):.3f}")


def score_judged(rows: Iterable[Row], ids: dict[str, str]) -> None:
    """Prints how often judged pairs are told rightly to be one story, and one text."""
    by_id = {row["article_id"]: row for row in rows}
    stories: Counter[tuple[bool, bool]] = Counter()
    texts: Counter[tuple[bool, bool]] = Counter()
    for line in JUDGED.read_text(encoding="utf-8").splitlines()[1:]:
        *names, similarity, unsure, text = line.split("\t")
        if any(ids.get(name) not in by_id for name in names):
            continue
        one, other = (by_id[ids[name]] for name in names)
        if similarity and not unsure:
            stories[int(similarity) >= 3, one["story_id"] == other["story_id"]] += 1
        if text and not text.startswith("?"):
            originals = {row["copy_of"] or row["article_id"] for row in (one, other)}
            texts[text == "copy", len(originals) == 1] += 1
    for what, counts in (("one story", stories), ("one text", texts)):
        precision = counts[True, True] / max(counts[True, True] + counts[False, True], 1)
        recall = counts[True, True] / max(counts[True, True] + counts[True, False], 1)
        kept_apart = counts[False, False] / max(counts[False, False] + counts[False, True], 1)
        print(
            f"judged pairs, {what}: {sum(counts.values())} pairs, precision {precision:.3f}, recall {recall:.3f}, "
            f"area under the ROC curve of yes and no {(recall + kept_apart) / 2:.3f}"
        )


def print_groups(rows: Iterable[Row], count: int) -> None:
    """Prints stories of several articles, drawn with a fixed seed, for a person to judge."""
    stories: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        stories[row["story_id"]].append(row)
    several = [story for story in stories.values() if len(story) > 1]
    for number, story in enumerate(random.Random(11).sample(several, min(count, len(several)))):
        print(f"## {number}")
        for row in story:
            print(f"  {row['published_date']} {row['source_name']} [{row['copy_role']}] {row['title']}")


def main() -> None:
    """Runs all measures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--groups", type=int, default=0, help="how many stories to print")
    options = parser.parse_args()
    days, ids = read_days(options.articles)

    built, seconds = build(days)
    rows = [row for table in built.values() for row in table.to_pylist()]
    sizes = Counter(row["story_id"] for row in rows)
    print(
        f"{len(rows)} articles, {len(days)} days: {1e3 * sum(seconds) / len(days):.1f} ms a day, slowest {max(seconds):.2f} s"
    )
    print(f"roles {dict(Counter(row['copy_role'] for row in rows))}")
    print(
        f"stories {len(sizes)}, of several articles {sum(n > 1 for n in sizes.values())}, largest {max(sizes.values())}"
    )
    score_judged(rows, ids)
    print_groups(rows, options.groups)

    print("edited copies and renumbered templates:")
    score_copies(days)

    flat = [row for day_rows in days.values() for row in day_rows]
    busy = {}
    for number in range(min(LOOKBACK_DAYS + 1, len(flat) // BUSY_DAY)):
        day = date(2030, 1, 1) + timedelta(number)
        drawn = flat[number * BUSY_DAY : (number + 1) * BUSY_DAY]
        busy[day] = [row | {"published_date": day, "published_at": None} for row in drawn]
    _, seconds = build(busy)
    print(f"{BUSY_DAY} articles a day: {', '.join(f'{s:.1f}' for s in seconds)} s")


if __name__ == "__main__":
    main()
