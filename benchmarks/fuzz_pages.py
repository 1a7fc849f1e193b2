"""Coverage-guided fuzzing of the page parser: whatever stands on a page, it is parsed, tiled and bounded in time.

Needs ``atheris`` (``pip install atheris``; it is no dependency of the package). Run from the root of the repository::

    python -m benchmarks.fuzz_pages CORPUS [-max_total_time=600] [-timeout=10] [-rss_limit_mb=2048]

CORPUS is a folder that keeps interesting inputs between runs; it is seeded with the layouts of the tests. An input is a
page in UTF-8 in which a byte of the private kind (0xF8 to 0xFF, never part of UTF-8) stands with the next byte for a
line of ``SCRAPS``, so that whole labels, dates and paragraphs are moved about. A byte 0xF7 parts metadata (JSON) from the
page. A law of ``check_page`` that does not hold, or an input over its time or memory bound, ends the run with the input
saved.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["news_pipeline.pages"]):
    from news_pipeline.pages.parse import parse_pages

from news_pipeline import contract
from news_pipeline_tests.pages import pages
from news_pipeline_tests.pages.pages import raw_page
from news_pipeline_tests.pages.test_hostile import SCRAPS, check_page

_FIRST_PRIVATE, _PARTS_METADATA = 0xF8, 0xF7
SEEDS = (pages.SEED_LIKE, pages.PORTAL, pages.ENGLISH, pages.FRENCH, pages.PERSIAN)


def page_of(data: bytes) -> tuple[str, str | None]:
    """The page an input stands for, and its metadata."""
    metadata, parted, body = data.partition(bytes((_PARTS_METADATA,)))
    if not parted:
        metadata, body = b"", data
    written = bytearray()
    position = 0
    while position < len(body):
        if body[position] >= _FIRST_PRIVATE and position + 1 < len(body):
            written += b"\n" + SCRAPS[body[position + 1] % len(SCRAPS)].encode() + b"\n"
            position += 1
        else:
            written.append(body[position])
        position += 1
    return written.decode("utf-8", "ignore"), metadata.decode("utf-8", "ignore") or None


def one_input(data: bytes) -> None:
    """Parses one page; raises AssertionError where a law that holds for all does not."""
    text, metadata = page_of(data)
    row = raw_page(text, metadata=metadata, media_type="text/html" if len(data) % 2 else "text/plain")
    tables = {name: table.to_pylist() for name, table in parse_pages(contract.from_rows("raw_pages", [row])).items()}
    check_page(text, tables)


def main() -> None:
    """Fuzzes until told to stop."""
    corpus = Path(sys.argv[1])
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(SEEDS):
        (corpus / f"seed-{number}").write_bytes(seed.encode())
    for number in range(len(SCRAPS)):
        (corpus / f"scrap-{number}").write_bytes(bytes((_FIRST_PRIVATE, number)))
    (corpus / "all").write_bytes(b"".join(bytes((_FIRST_PRIVATE, number)) for number in range(len(SCRAPS))))
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
