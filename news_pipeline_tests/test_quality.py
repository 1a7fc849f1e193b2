"""Each check fails on what it is there for: crafted faults in real tables."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from news_pipeline import quality
from news_pipeline.contract import empty, from_rows
from news_pipeline.quality import Finding
from news_pipeline.storage import write_partition

DAY = date(2024, 9, 20)
TEXT = "عنوان الصفحة\nنص الخبر كما كتب."


def _page(**changes: object) -> dict[str, object]:
    row: dict[str, object] = {"page_id": "p1", "dump": "d", "file": "d/1.txt", "byte_start": 0, "byte_end": 9}
    return row | {"sha256": "00", "text": TEXT} | changes


def _block(index: int, start: int, end: int, page_id: str = "p1") -> dict[str, object]:
    span = {"block_index": index, "char_start": start, "char_end": end}
    return {"page_id": page_id, "dump": "d", "kind": "body", **span}


def _article(**changes: object) -> dict[str, object]:
    row: dict[str, object] = {
        "article_id": "a1",
        "page_id": "p1",
        "article_index": 0,
        "dump": "d",
        "role": "main",
        "title": "عنوان الصفحة",
        "body": "نص الخبر كما كتب.",
        "published_date": DAY,
        "date_precision": "day",
        "date_status": "stated",
        "word_count": 4,
        "parser_version": "1",
    }
    return row | changes


def _mention(**changes: object) -> dict[str, object]:
    row: dict[str, object] = {
        "mention_id": "m1",
        "article_id": "a1",
        "page_id": "p1",
        "article_index": 0,
        "dump": "d",
        "field": "title",
        "char_start": 0,
        "char_end": 5,
        "text": "عنوان",
        "type": "MISC",
        "entity_id": "local:1",
        "confidence": 1.0,
        "method": "rule",
        "entity_version": "1",
    }
    return row | changes


def _rejected(**changes: object) -> dict[str, object]:
    return {name: _page()[name] for name in ("page_id", "dump", "file", "byte_start", "byte_end")} | {
        "reason": "no_article",
        **changes,
    }


Rows = dict[str, list[dict[str, object]]]
GOOD: Rows = {
    "raw_pages": [_page()],
    "page_blocks": [_block(0, 0, 13), _block(1, 13, len(TEXT))],
    "parsed_articles": [_article()],
    "rejected_pages": [],
    "entity_mentions": [_mention()],
}
FAULTS: list[tuple[Callable[..., Finding], Rows]] = [
    (quality.blocks_tile_text, {"page_blocks": [_block(0, 0, 12), _block(1, 13, len(TEXT))]}),
    (quality.blocks_tile_text, {"page_blocks": [_block(0, 0, 14), _block(1, 13, len(TEXT))]}),
    (quality.blocks_tile_text, {"page_blocks": [_block(0, 0, 13)]}),
    (quality.blocks_tile_text, {"page_blocks": []}),
    (quality.blocks_tile_text, {"page_blocks": [*GOOD["page_blocks"], _block(0, 0, 5, page_id="unknown")]}),
    (quality.pages_conserved, {"parsed_articles": []}),
    (quality.pages_conserved, {"rejected_pages": [_rejected()]}),
    (quality.pages_conserved, {"rejected_pages": [_rejected(page_id="unknown")]}),
    (quality.rejected_share, {"rejected_pages": [_rejected()]}),
    (quality.dates_known, {"parsed_articles": [_article(date_status="unknown", published_date=None)]}),
    (quality.weekdays_agree, {"parsed_articles": [_article(date_evidence="الثلاثاء 20 سبتمبر 2024")]}),
    (quality.mentions_reslice, {"entity_mentions": [_mention(char_start=1, char_end=6)]}),
    (quality.mentions_reslice, {"entity_mentions": [_mention(page_id="unknown")]}),
    (quality.articles_named, {"parsed_articles": [_article(word_count=50)], "entity_mentions": []}),
]


def _write(data: Path, rows: Rows) -> None:
    for table, content in rows.items():
        write_partition(data, table, "d", from_rows(table, content), "input")


def _checks() -> list[Callable[..., Finding]]:
    return list(dict.fromkeys(check for check, _ in FAULTS))


@pytest.mark.parametrize("check", _checks(), ids=lambda check: check.__name__)
def test_a_good_dump_passes(tmp_path: Path, check: Callable[..., Finding]) -> None:
    _write(tmp_path, GOOD)
    assert check(tmp_path, ["d"]).passed


@pytest.mark.parametrize(("check", "fault"), FAULTS)
def test_a_fault_is_found(tmp_path: Path, check: Callable[..., Finding], fault: Rows) -> None:
    _write(tmp_path, GOOD | fault)
    assert not check(tmp_path, ["d"]).passed


@pytest.mark.parametrize("check", _checks(), ids=lambda check: check.__name__)
def test_an_empty_dump_passes(tmp_path: Path, check: Callable[..., Finding]) -> None:
    _write(tmp_path, {table: [] for table in GOOD})
    assert check(tmp_path, ["d"]).passed


def test_dates_in_the_future_are_found(tmp_path: Path) -> None:
    _write(tmp_path, GOOD)
    assert quality.dates_not_in_future(tmp_path, ["d"], DAY).passed
    assert not quality.dates_not_in_future(tmp_path, ["d"], date(2024, 9, 19)).passed


def test_a_key_met_twice_and_a_value_not_listed_are_found(tmp_path: Path) -> None:
    _write(tmp_path, {"page_blocks": [_block(0, 0, 5), _block(0, 5, 9)]})
    assert not quality.keys_unique(tmp_path, "page_blocks", ["d"]).passed
    _write(tmp_path, {"page_blocks": [_block(0, 0, 5) | {"kind": "poem"}]})
    assert not quality.fits_contract(tmp_path, "page_blocks", ["d"]).passed


def _topic(**changes: object) -> dict[str, object]:
    row: dict[str, object] = {"published_date": DAY, "topic_id": "s1", "topic_kind": "story", "article_count": 1}
    row |= {"text_count": 1, "story_count": 1, "source_count": 1, "share": 1.0, "rollup_version": "1"}
    return row | changes


@pytest.mark.parametrize(
    "topics",
    [
        empty("daily_topics"),
        from_rows("daily_topics", [_topic(topic_kind="tag")]),
        from_rows("daily_topics", [_topic(article_count=2, share=2.0)]),
        from_rows("daily_topics", [_topic(text_count=2)]),
        from_rows("daily_topics", [_topic(share=0.5)]),
    ],
)
def test_counts_that_do_not_add_up_are_found(tmp_path: Path, topics: pa.Table) -> None:
    article = _article(text_id="t1", copy_role="original", story_id="s1", page_count=1)
    write_partition(tmp_path, "articles", DAY, from_rows("articles", [article]), "input")
    write_partition(tmp_path, "daily_topics", DAY, from_rows("daily_topics", [_topic()]), "input")
    assert quality.counts_reconcile(tmp_path, [DAY]).passed
    write_partition(tmp_path, "daily_topics", DAY, topics, "input")
    assert not quality.counts_reconcile(tmp_path, [DAY]).passed
