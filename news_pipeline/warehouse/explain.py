"""From a rollup cell down to the bytes: topic → article → page → file, member, byte range → the bytes themselves.

Belongs here: following that chain and checking it. Does not belong here: how dumps are read (``dumps.locate``).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from news_pipeline.dumps.locate import read_bytes
from news_pipeline.warehouse.catalog import catalog_path
from news_pipeline.warehouse.query import open_catalog
from news_pipeline.warehouse.views import connect

_EVIDENCE_SHOWN = 10
_BYTES_SHOWN = 200
_COLUMNS = (
    "article_id",
    "title",
    "source_name",
    "page_id",
    "file",
    "member",
    "byte_start",
    "byte_end",
    "sha256",
    "encoding",
    "evidence",
)


@dataclass(frozen=True)
class Evidence:
    """What ties an article to a topic: a mention, a term, a tag or the headline; offsets in code points, half-open."""

    kind: str
    field: str | None
    char_start: int | None
    char_end: int | None
    text: str | None

    def to_text(self) -> str:
        """The words, and where they stand."""
        place = "" if self.char_start is None else f" {self.char_start}-{self.char_end}"
        return f"{self.text} ({self.field}{place})" if self.field else str(self.text)


@dataclass(frozen=True)
class Explanation:
    """One page behind a topic's count: the article, where its bytes lie, and the bytes.

    ``content`` is None where the bytes could not be read or are no longer those of ``sha256``; ``error`` then says why.
    """

    published_date: date
    topic_id: str
    article_id: str
    title: str | None
    source_name: str | None
    evidence: tuple[Evidence, ...]
    page_id: str | None
    file: str | None
    member: str | None
    byte_start: int | None
    byte_end: int | None
    sha256: str | None
    encoding: str | None
    content: bytes | None
    error: str | None

    def to_text(self) -> str:
        """The chain in a few lines, for a terminal."""
        lines = [
            self.title or "(no headline)",
            f"  article  {self.article_id}, {self.source_name or 'source unknown'}, {self.published_date}",
        ]
        if self.evidence:
            lines.append(f"  {self.topic_id}  {'; '.join(item.to_text() for item in self.evidence[:_EVIDENCE_SHOWN])}")
        if self.file is not None:
            member = f" in {self.member}" if self.member else ""
            lines.append(
                f"  page     {self.page_id}: bytes {self.byte_start} to {self.byte_end} of {self.file}{member}"
            )
        if self.content is None:
            lines.append(f"  bytes    {self.error}")
        else:
            head = self.content[:_BYTES_SHOWN].decode(self.encoding or "utf-8", errors="replace").rstrip("\ufffd")
            lines += [f"  sha256   {self.sha256}, as recorded", f"  bytes    {' '.join(head.split())} …"]
        return "\n".join(lines)


def explain(data: Path, raw: Path, day: date, topic: str, limit: int = 5) -> list[Explanation]:
    """Opens the count of a topic on a day down to the bytes of the pages it came from.

    Args:
        data: the data folder.
        raw: the landing folder of dumps.
        day: the publication day.
        topic: a topic_id, or a label in any spelling where the day has no such id.
        limit: most articles to open per topic.

    Returns:
        One row per page of each article, originals before copies, earliest first; empty when the day does not cover
        the topic. Where several topics bear the label, the rows of each.
    """
    with open_catalog(data) if catalog_path(data).is_file() else connect(data) as connection:
        rows = _rows(connection, day, topic, limit)
        if not rows:
            labelled = connection.execute(
                "SELECT topic_id FROM topics WHERE norm_ar($1) IN (norm_ar(label_ar), norm_ar(label_en)) ORDER BY 1",
                [topic],
            ).fetchall()
            rows = [row for (topic_id,) in labelled for row in _rows(connection, day, topic_id, limit)]
    return [_explanation(raw, day, row) for row in rows]


def _rows(connection: duckdb.DuckDBPyConnection, day: date, topic_id: str, limit: int) -> list[dict[str, Any]]:
    """The rows of explain_topic for its first ``limit`` articles."""
    found = connection.execute(f"SELECT {', '.join(_COLUMNS)} FROM explain_topic(?, ?)", [day, topic_id])
    rows: list[dict[str, Any]] = []
    articles: set[str] = set()
    while (values := found.fetchone()) is not None:
        articles.add(values[0])
        if len(articles) > limit:
            break
        rows.append(dict(zip(_COLUMNS, values, strict=True), topic_id=topic_id))
    return rows


def _explanation(raw: Path, day: date, row: dict[str, Any]) -> Explanation:
    evidence = tuple(Evidence(**item) for item in row.pop("evidence") or ())
    content, error = _verified_bytes(raw, row)
    return Explanation(published_date=day, evidence=evidence, content=content, error=error, **row)


def _verified_bytes(raw: Path, row: dict[str, Any]) -> tuple[bytes | None, str | None]:
    """The page's bytes, or None and why they are not to be had."""
    if row["file"] is None:
        return None, "no page of this article is on record"
    try:
        content = read_bytes(raw, row["file"], row["member"], row["byte_start"], row["byte_end"])
    except LookupError as error:
        return None, f"{row['file']}: {error}"
    if hashlib.sha256(content).hexdigest() != row["sha256"]:
        return None, f"{row['file']}: the bytes have changed since the page was read"
    return content, None
