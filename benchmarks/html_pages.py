"""Measures the HTML reader against trafilatura in the same run: pages a second of processor time, memory, body F1.

Usage: python benchmarks/html_pages.py [FOLDER] [--pages 200] [--rounds 3]

Without FOLDER, pages are made up that have the size of a news portal's (about 75 KB, 1,000 elements). FOLDER holds
pages/*.html and, for the F1, gold.jsonl with one JSON object a line: page (a file name) and body (its paragraphs). Our
reader gives text, metadata and the ranges of the markup; its body is the lines marked ``main``. trafilatura 2.3
(``pip install trafilatura``) is asked for the body alone, and, in a row of its own, for the metadata too.
F1 is over 4-gram shingles of words, the metric of the article-extraction-benchmark.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from statistics import mean, median

from news_pipeline.dumps import html_pages
from news_pipeline.pages.markup import line_marks

_TEXT = (
    "البحر الميناء المدينة أعلنت الوزارة اليوم مشروع جديد السكان قال المدير خلال مؤتمر صحفي إن الأعمال ستبدأ في الربيع "
    "المقبل بعد موافقة المجلس على الميزانية التي بلغت نحو عشرين مليونا وأضاف أن الطريق الساحلي سيبقى مفتوحا أمام الحركة"
)
_WORDS = _TEXT.split()


def ours(markup: str) -> str:
    """The body as our reader marks it."""
    page = html_pages.read(markup)
    evidence = page.metadata.get("markup")
    spans = [match.span() for match in re.finditer(r"[^\n]+", page.text)]
    marks = line_marks(spans, evidence if isinstance(evidence, dict) else None)
    return "\n".join(page.text[start:end] for (start, end), mark in zip(spans, marks, strict=True) if mark == "main")


def theirs(markup: str) -> str:
    """The body as trafilatura gives it."""
    import trafilatura

    return str(trafilatura.extract(markup, include_comments=False) or "")


def theirs_with_metadata(markup: str) -> str:
    """The same, with title, date, author and tags found too, as ours are."""
    import trafilatura

    document = trafilatura.bare_extraction(markup, include_comments=False, with_metadata=True)
    return str(getattr(document, "text", None) or "")


READERS: dict[str, Callable[[str], str]] = {
    "ours": ours,
    "trafilatura": theirs,
    "with metadata": theirs_with_metadata,
}


def made_up_page(seed: int) -> str:
    """A page with a menu, scripts, an article with boxes in it, and a hundred other headlines."""
    chance = random.Random(seed)

    def sentence(words: int) -> str:
        return " ".join(chance.choice(_WORDS) for _ in range(words)) + "."

    menu = "".join(f'<li class="m-{n}"><a href="/s/{n}">{sentence(1)}</a></li>' for n in range(80))
    cards = "".join(
        f'<div class="card"><a href="/n/{n}"><img src="/{n}.jpg" alt=""><h3 class="t">{sentence(9)}</h3></a>'
        f'<span class="d">{n}</span></div>'
        for n in range(120)
    )
    body = "".join(f'<p dir="rtl">{sentence(chance.randint(15, 60))}</p>' for _ in range(chance.randint(5, 15)))
    title = sentence(8)
    data = json.dumps({"@type": "NewsArticle", "headline": title, "datePublished": "2024-03-05"})
    return (
        f'<!doctype html><html lang="ar"><head><meta charset="utf-8"><title>{title}</title>'
        f'<script type="application/ld+json">{data}</script><script>{"var a=1;" * 4000}</script>'
        f"<style>{'.a{b:c}' * 2000}</style></head><body><nav><ul>{menu}</ul></nav><article><h1>{title}</h1>{body}</article>"
        f"<aside>{cards}</aside><footer>{sentence(5)}</footer></body></html>"
    )


def read_pages(folder: Path | None, count: int) -> dict[str, str]:
    """Pages by file name."""
    if folder is None:
        return {f"{seed}.html": made_up_page(seed) for seed in range(count)}
    paths = sorted((folder / "pages").glob("*.html"))[:count]
    return {path.name: path.read_text("utf-8", "replace") for path in paths}


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """The 4-grams of words of a text."""
    words = re.findall(r"[^\W_]+", text)
    return Counter(tuple(words[i : i + 4]) for i in range(max(1, len(words) - 3)))


def f1(gold: str, found: str) -> float:
    """F1 over shingles."""
    wanted, got = shingles(gold), shingles(found)
    return 2 * (wanted & got).total() / (wanted.total() + got.total())


def measure(reader: str, pages: dict[str, str], gold: dict[str, str]) -> dict[str, float]:
    """Pages a second of processor time, peak memory of the process in MB, and the mean F1 of the pages with gold."""
    read = READERS[reader]
    read(next(iter(pages.values())))  # imports and tables, once
    start = time.process_time()
    bodies = {name: read(markup) for name, markup in pages.items()}
    seconds = time.process_time() - start
    scores = [f1(text, bodies[name]) for name, text in gold.items() if name in bodies]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"speed": len(pages) / seconds, "memory": peak, "f1": mean(scores) if scores else float("nan")}


def main() -> None:
    """Runs each reader in processes of its own, by turns, and prints the figures."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=Path, nargs="?")
    arguments.add_argument("--pages", type=int, default=200)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--reader", choices=READERS, help=argparse.SUPPRESS)
    options = arguments.parse_args()
    if options.reader:
        pages = read_pages(options.folder, options.pages)
        path = options.folder / "gold.jsonl" if options.folder else None
        lines = path.read_text("utf-8").splitlines() if path and path.is_file() else []
        gold = {row["page"]: "\n".join(row["body"]) for row in map(json.loads, lines)}
        print(json.dumps(measure(options.reader, pages, gold)))
        return
    runs: dict[str, list[dict[str, float]]] = {reader: [] for reader in READERS}
    for _ in range(options.rounds):
        for reader, done in runs.items():
            command = [sys.executable, __file__, *sys.argv[1:], "--reader", reader]
            answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
            done.append(json.loads(answer.stdout.splitlines()[-1]))
    print(f"{'':14}{'pages/s':>10}{'peak MB':>10}{'body F1':>10}")
    for reader, done in runs.items():
        speed, memory = median(run["speed"] for run in done), median(run["memory"] for run in done)
        print(f"{reader:14}{speed:10.1f}{memory:10.0f}{done[0]['f1']:10.4f}")
    for reader in ("trafilatura", "with metadata"):
        ratios = [ours["speed"] / peer["speed"] for ours, peer in zip(runs["ours"], runs[reader], strict=True)]
        print(f"ours / {reader}: {median(ratios):.1f} × (rounds: {', '.join(f'{ratio:.1f}' for ratio in ratios)})")


if __name__ == "__main__":
    main()
