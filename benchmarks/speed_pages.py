"""Times parsing pages of plain text against trafilatura in the same run: pages a second of one core, peak memory.

Usage: python benchmarks/speed_pages.py FOLDER [--rounds 5]

FOLDER holds pages as text files. Ours is ``parse_pages``: blocks, articles and refusals as Arrow tables. trafilatura 2.3
(``pip install trafilatura``), which reads HTML alone, is given each page as a document with a paragraph per line and
asked for the body. The two take turns within one process; of the rounds, each counts with its best, in processor time.
As ours remembers words and short lines, a row of its own gives its speed on the first half of the pages when they are
seen for the first time, after the other half. The peak memory of ours is taken before trafilatura is imported; that of
the other row is the peak of both.
"""

from __future__ import annotations

import argparse
import html
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
from measure import peak, seconds

from news_pipeline import contract
from news_pipeline.pages.parse import parse_pages


def read_pages(folder: Path) -> dict[str, str]:
    """Texts of the pages by file name."""
    return {path.name: path.read_text("utf-8", "replace") for path in sorted(folder.iterdir()) if path.is_file()}


def raw_pages(texts: dict[str, str]) -> pa.Table:
    """The pages as rows of ``raw_pages``, as the step before the parser leaves them."""
    rows: list[dict[str, object]] = [
        {
            "page_id": f"{number:032x}",
            "dump": "benchmark",
            "file": name,
            "byte_start": 0,
            "byte_end": len(text.encode()),
            "sha256": f"{number:064x}",
            "text": text,
            "media_type": "text/plain",
        }
        for number, (name, text) in enumerate(texts.items())
    ]
    return contract.from_rows("raw_pages", rows)


def as_html(text: str) -> str:
    """A document with the page's lines as paragraphs."""
    paragraphs = "\n".join(f"<p>{html.escape(line)}</p>" for line in text.splitlines() if line.strip())
    return f'<!doctype html><html><head><meta charset="utf-8"></head><body>\n{paragraphs}\n</body></html>'


def main() -> None:
    """Runs the rounds and prints the figures."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--rounds", type=int, default=5)
    options = arguments.parse_args()
    texts = read_pages(options.folder)
    pages = raw_pages(texts)
    half = len(texts) // 2
    parse_pages(pages.slice(half))  # imports and tables, once
    unseen = seconds(lambda: parse_pages(pages.slice(0, half)))
    our_peak = peak()
    ours: list[float] = []
    extract = _trafilatura()
    peer: list[float] = []
    documents = [as_html(text) for text in texts.values()]
    for _ in range(options.rounds):
        ours.append(seconds(lambda: parse_pages(pages)))
        if extract is not None:
            peer.append(seconds(lambda: [extract(document) for document in documents]))
    print(f"{len(texts)} pages, {sum(map(len, texts.values())) / len(texts):,.0f} characters each")
    print(f"{'':14}{'pages/s':>10}{'peak MB':>10}")
    print(f"{'ours, unseen':14}{half / unseen:10.0f}")
    print(f"{'ours':14}{len(texts) / min(ours):10.0f}{our_peak:10.0f}")
    if not peer:
        print("trafilatura is not installed: pip install trafilatura")
        return
    print(f"{'trafilatura':14}{len(texts) / min(peer):10.0f}{peak():10.0f}")
    print(f"ours / trafilatura: {min(peer) / min(ours):.1f} ×")


def _trafilatura() -> Callable[[str], object] | None:
    """How trafilatura finds the body of a page; ``None`` where it is not installed."""
    try:
        from trafilatura import extract
    except ImportError:
        return None
    return lambda document: extract(document, include_comments=False)


if __name__ == "__main__":
    main()
