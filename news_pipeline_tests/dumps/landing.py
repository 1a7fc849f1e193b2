"""What the tests of this package share: run a landing folder through find, read and decode."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pyarrow as pa

from news_pipeline import contract
from news_pipeline.dumps.decode import decode_records
from news_pipeline.dumps.find import list_dumps
from news_pipeline.dumps.locate import read_bytes
from news_pipeline.dumps.read import read_chunks

PAGE = "ميناء صور يستقبل أول سفينة ركاب منذ عشر سنوات\n\nقالت إدارة الميناء إن السفينة وصلت صباح الأحد.\n"


def all_rows(raw: Path, **limits: int) -> list[dict[str, Any]]:
    """Every row of every dump; on the way the laws that hold for all of them are asserted."""
    rows: list[dict[str, Any]] = []
    for name, dump in list_dumps(raw).items():
        chunks = list(read_chunks(raw, dump, **limits))
        tables = [decode_records(name, chunk.records) for chunk in chunks]
        assert all(table.schema == contract.TABLES["raw_pages"].schema for table in tables)
        assert all(chunk.records for chunk in chunks)
        assert sum(chunk.bytes_read for chunk in chunks) == dump.size
        assert all(chunk.bytes_read >= 0 for chunk in chunks)
        found = pa.concat_tables(tables).to_pylist()
        assert {row["file"] for row in found} == {file.path for file in dump.files}
        rows.extend(found)
    assert len({row["page_id"] for row in rows}) == len(rows)
    for row in rows:
        assert (row["text"] is None) == (row["error"] is not None)
        if row["error"] != "unreadable":
            data = read_bytes(raw, row["file"], row["member"], row["byte_start"], row["byte_end"])
            assert hashlib.sha256(data).hexdigest() == row["sha256"]
    return rows


def errors(rows: list[dict[str, Any]]) -> list[str | None]:
    return [row["error"] for row in rows]


def texts(rows: list[dict[str, Any]]) -> list[str]:
    return [row["text"] for row in rows if row["text"] is not None]
