"""A small archive on disk for the warehouse tests: two dumps, two days, one undated article."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import quote

import pyarrow as pa
import pyarrow.parquet as pq

from news_pipeline.contract import TABLES, from_rows

DAY = date(2023, 9, 20)
NEXT_DAY = date(2023, 9, 21)
DUMPS = ("001", "2023-09-20", "نشرة 50%=a/b'c[x]")

PAGES = {
    "p1": "الكويت توقع اتفاقاً مع مصر\nوقعت الكويت اتفاقا للتجارة.",
    "p2": "وزير الخارجية يزور الكويت\nوصل الوزير إلى الكويت أمس.",
    "p3": "خبر بلا تاريخ\nنص الخبر.",
}


def write(data: Path, table: str, rows: Iterable[dict[str, object]], without: tuple[str, ...] = ()) -> None:
    """Writes rows into their partitions, leaving out the columns ``without`` as an older version would have."""
    spec = TABLES[table]
    partitions: dict[object, list[dict[str, object]]] = {}
    for row in rows:
        partitions.setdefault(row[spec.partitioned_by] if spec.partitioned_by else None, []).append(row)
    for value, members in partitions.items():
        folder = data / "tables" / table
        if spec.partitioned_by:
            folder = folder / f"{spec.partitioned_by}={quote(str(value), safe='')}"
        folder.mkdir(parents=True, exist_ok=True)
        names = [name for name in spec.file_schema.names if name not in without]
        pq.write_table(filled(table, members).select(names), folder / "part-0.parquet")


def filled(table: str, rows: list[dict[str, object]]) -> pa.Table:
    """Rows of a table, with something in every required column that they leave out."""
    blank = {
        column.name: column.values[0] if column.values else {pa.string(): "", pa.bool_(): False}.get(column.type, 0)
        for column in TABLES[table].columns
        if not column.nullable
    }
    return from_rows(table, [blank | row for row in rows])


def page(page_id: str, dump: str) -> dict[str, object]:
    content = PAGES[page_id].encode()
    return {
        "page_id": page_id,
        "dump": dump,
        "file": f"{page_id}.txt",
        "byte_start": 0,
        "byte_end": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "text": PAGES[page_id],
    }


def build(data: Path, raw: Path | None = None) -> Path:
    """Writes the archive into ``data`` and, where asked, its pages into ``raw``."""
    if raw:
        raw.mkdir(parents=True, exist_ok=True)
        for page_id, text in PAGES.items():
            (raw / f"{page_id}.txt").write_bytes(text.encode())
    write(data, "raw_pages", [page("p1", DUMPS[0]), page("p2", DUMPS[1]), page("p3", DUMPS[1])])
    write(
        data,
        "rejected_pages",
        [{"page_id": "p9", "dump": DUMPS[2], "file": "p9.txt", "reason": "empty_file"}],
    )
    parsed = [
        {"article_id": "a1", "page_id": "p1", "dump": DUMPS[0], "published_date": DAY, "date_status": "stated"},
        {"article_id": "a2", "page_id": "p2", "dump": DUMPS[1], "published_date": DAY, "date_status": "stated"},
        {"article_id": "a3", "page_id": "p3", "dump": DUMPS[1], "date_status": "unknown", "title": "خبر بلا تاريخ"},
    ]
    write(data, "parsed_articles", [row | {"parser_version": "1"} for row in parsed])
    articles = [
        {
            "article_id": "a1",
            "page_id": "p1",
            "story_id": "s1",
            "text_id": "t1",
            "title": "الكويت توقع اتفاقاً مع مصر",
            "body": "وقعت الكويت اتفاقا للتجارة.",
            "published_date": DAY,
            "published_at": datetime(2023, 9, 20, 8, tzinfo=UTC),
            "source_name": "وكالة",
            "tags": ["اتفاق التجارة", "الكويت"],
            "subjects": [{"topic_id": "medtop:04000000", "score": 0.9, "evidence": ["اتفاقا", "للتجارة"]}],
            "word_count": 4,
        },
        {
            "article_id": "a2",
            "page_id": "p2",
            "story_id": "s2",
            "text_id": "t2",
            "title": "وزير الخارجية في زيارة",
            "body": "وصل الوزير إلى الكُوَيْت أمس وبحث التعاون مع المسؤولين هناك.",
            "published_date": DAY,
            "source_name": "صحيفة",
            "tags": [],
            "subjects": [],
            "word_count": 10,
        },
        {
            "article_id": "a4",
            "story_id": "s1",
            "text_id": "t4",
            "title": "رد على الاتفاق",
            "body": "أثار الاتفاق ردوداً في كتاب وصحف.",
            "published_date": NEXT_DAY,
            "source_name": "صحيفة",
            "word_count": 6,
        },
    ]
    write(data, "articles", articles)
    write(
        data,
        "article_entities",
        [
            {
                "article_id": "a1",
                "page_id": "p1",
                "published_date": DAY,
                "entity_id": "Q817",
                "type": "LOC",
                "label": "الكويت",
                "mention_count": 2,
                "in_title": True,
            },
            {
                "article_id": "a2",
                "page_id": "p2",
                "published_date": DAY,
                "entity_id": "Q817",
                "type": "LOC",
                "label": "الكويت",
                "mention_count": 1,
                "in_title": False,
            },
        ],
    )
    mention = {"published_date": DAY, "entity_id": "Q817", "type": "LOC"}
    write(
        data,
        "entity_mentions",
        [
            mention
            | {
                "mention_id": "m1",
                "article_id": "a1",
                "page_id": "p1",
                "dump": DUMPS[0],
                "field": "title",
                "char_start": 0,
                "char_end": 6,
                "text": "الكويت",
            },
            mention
            | {
                "mention_id": "m2",
                "article_id": "a1",
                "page_id": "p1",
                "dump": DUMPS[0],
                "field": "body",
                "char_start": 5,
                "char_end": 11,
                "text": "الكويت",
            },
            mention
            | {
                "mention_id": "m3",
                "article_id": "a2",
                "page_id": "p2",
                "dump": DUMPS[1],
                "field": "body",
                "char_start": 15,
                "char_end": 24,
                "text": "الكُوَيْت",
            },
        ],
    )
    write(
        data,
        "entities",
        [
            {
                "entity_id": "Q817",
                "type": "LOC",
                "label_ar": "الكويت",
                "label_en": "Kuwait",
                "aliases": ["دولة الكويت"],
                "article_count": 2,
            }
        ],
    )
    write(
        data,
        "topics",
        [
            {"topic_id": "Q817", "topic_kind": "entity", "label_ar": "الكويت", "label_en": "Kuwait"},
            {"topic_id": "s1", "topic_kind": "story", "label_ar": "الكويت توقع اتفاقاً مع مصر"},
        ],
    )
    headline = {"article_id": "a1", "page_id": "p1", "title": "الكويت توقع اتفاقاً مع مصر", "source_name": "وكالة"}
    write(
        data,
        "daily_topics",
        [
            {
                "published_date": DAY,
                "topic_id": "Q817",
                "topic_kind": "entity",
                "article_count": 2,
                "text_count": 2,
                "story_count": 2,
                "source_count": 2,
                "share": 1.0,
                "headlines": [headline],
            },
            {
                "published_date": DAY,
                "topic_id": "s1",
                "topic_kind": "story",
                "article_count": 1,
                "text_count": 1,
                "story_count": 1,
                "source_count": 1,
                "share": 0.5,
                "headlines": [headline],
            },
        ],
    )
    trend = {"published_date": DAY, "first_seen": DAY, "peak_date": DAY, "baseline_days": 9, "is_provisional": False}
    write(
        data,
        "topic_trends",
        [
            trend
            | {
                "topic_id": "Q817",
                "topic_kind": "entity",
                "article_count": 2,
                "text_count": 2,
                "burst_score": 1.5,
                "trend": "growing",
            },
            trend
            | {
                "topic_id": "s1",
                "topic_kind": "story",
                "article_count": 1,
                "text_count": 1,
                "burst_score": 2.5,
                "trend": "new",
            },
            trend
            | {
                "topic_id": "s0",
                "topic_kind": "story",
                "article_count": 0,
                "text_count": 0,
                "burst_score": -1.0,
                "trend": "quiet",
            },
            trend
            | {
                "published_date": NEXT_DAY,
                "topic_id": "Q817",
                "topic_kind": "entity",
                "article_count": 0,
                "text_count": 0,
                "burst_score": -2.0,
                "trend": "fading",
            },
        ],
    )
    return data
