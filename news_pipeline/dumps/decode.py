"""Records to rows of ``raw_pages``: bytes to text, markup to visible text, what is stated to one JSON object."""

from __future__ import annotations

import hashlib
import json

import pyarrow as pa

from news_pipeline import contract
from news_pipeline.dumps import html_pages
from news_pipeline.dumps.charsets import decode
from news_pipeline.dumps.formats import count_controls
from news_pipeline.dumps.metadata import valid
from news_pipeline.dumps.mojibake import FEWEST_SEQUENCES, repaired
from news_pipeline.dumps.records import Record

DECODER_VERSION = "2"
"""Version of how dumps are read and decoded; a change makes every dump stale."""


def decode_records(dump: str, records: list[Record]) -> pa.Table:
    r"""Decodes records into rows of ``raw_pages``, one per record and in their order.

    The text is as it was written but for three things: a byte order mark at its beginning is left out, line ends are
    ``\n``, and text that had been decoded wrongly before it was saved is put right where that is certain (see
    ``mojibake``; ``encoding`` says so, as in ``utf-8 after cp1252``). Of HTML it is the visible text (see ``html_pages.visible_text``). Pages that cannot be decoded keep
    their row, with error ``binary`` (not text at all), ``undecodable`` (no encoding explains the bytes) or ``no_text``.

    Args:
        dump: name of the dump.
        records: what ``read_chunks`` gave.
    """
    return contract.from_rows("raw_pages", [_row(dump, record) for record in records])


def page_id(dump: str, file: str, member: str | None, byte_start: int, byte_end: int, sha256: str) -> str:
    """The id of a page: hash of its place and content."""
    place = json.dumps([dump, file, member, byte_start, byte_end, sha256], ensure_ascii=False)
    return hashlib.blake2b(place.encode(), digest_size=16).hexdigest()


def _row(dump: str, record: Record) -> dict[str, object]:
    row: dict[str, object] = {
        "page_id": page_id(dump, record.file, record.member, record.byte_start, record.byte_end, record.sha256),
        "dump": dump,
        "file": record.file,
        "member": record.member,
        "byte_start": record.byte_start,
        "byte_end": record.byte_end,
        "sha256": record.sha256,
        "media_type": record.media_type,
        "url": record.url,
        "fetched_at": record.fetched_at,
        "metadata": _as_json(record.metadata),
    }
    if record.error is not None:
        return row | {"error": record.error, "error_detail": record.error_detail and valid(record.error_detail)}
    try:
        return row | _decoded(record)
    except Exception as error:  # one page that breaks a parser must not cost the chunk its other pages
        return row | {"error": "undecodable", "error_detail": valid(f"{type(error).__name__}: {error}")[:500]}


def _decoded(record: Record) -> dict[str, object]:
    is_html = record.media_type == "text/html"
    found = (
        (record.data.decode(), record.read_as)
        if record.read_as
        else decode(record.data, record.encoding, is_html=is_html)
    )
    if found is None:
        return {"error": "undecodable", "error_detail": "no character encoding explains the bytes"}
    text, encoding = found
    if controls := _too_many_controls(text):
        return {"error": "binary", "error_detail": f"{controls} control characters in {len(text)}"}
    better = repaired(text)
    if better:
        text, encoding = better[0], f"{encoding} after {better[1]}"
    metadata, url = _repaired_values(record.metadata, 1 if better else FEWEST_SEQUENCES), record.url
    if is_html:
        page = html_pages.read(text)
        text = page.text
        metadata = page.metadata | metadata
        url = url or page.url
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    stated: dict[str, object] = {"encoding": encoding, "url": url, "metadata": _as_json(metadata)}
    if not text.strip():
        return stated | {
            "error": "no_text",
            "error_detail": "the page has no visible text" if is_html else "the page is blank",
        }
    return stated | {"text": text}


def _repaired_values(metadata: dict[str, object], fewest: int) -> dict[str, object]:
    """Metadata without mojibake."""

    def better(text: str) -> str:
        found = repaired(text, fewest)
        return found[0] if found else text

    return {
        key: better(value) if isinstance(value, str) else [better(item) for item in value if isinstance(item, str)]
        for key, value in metadata.items()
        if isinstance(value, str | list)
    }


def _too_many_controls(text: str) -> int:
    """How many control characters there are where they are more than one in a hundred, else 0."""
    controls = count_controls(text.encode("ascii", "ignore"))
    return controls if controls * 100 > len(text) else 0


def _as_json(metadata: dict[str, object]) -> str | None:
    return json.dumps(metadata, ensure_ascii=False, sort_keys=True) if metadata else None
