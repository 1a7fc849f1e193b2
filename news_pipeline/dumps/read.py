"""Reads the pages of a dump, chunk by chunk: the one place that knows which reader takes which format."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from news_pipeline.dumps import csv_pages, mhtml_pages, parquet_pages
from news_pipeline.dumps.archives import Member, tar_members, zip_members
from news_pipeline.dumps.find import Dump, file_on_disk
from news_pipeline.dumps.formats import HEAD, PACKED, format_of, inflated
from news_pipeline.dumps.json_pages import read_document, read_lines
from news_pipeline.dumps.records import MAX_PAGE_BYTES, Damaged, Held, Place, Record, Span, error_record
from news_pipeline.dumps.sidecar import USUAL, Reading, read_sidecar
from news_pipeline.dumps.streams import CountedFile, Source
from news_pipeline.dumps.warc import read_records

__all__ = ["MAX_PAGE_BYTES", "Record", "RecordChunk", "read_chunks"]

_MEDIA_TYPES = {"text": "text/plain", "html": "text/html"}


class RecordChunk(NamedTuple):
    """Some records of a dump, and the bytes of its files read since the chunk before; these sum to ``dump.size``."""

    records: list[Record]
    bytes_read: int


def read_chunks(raw: Path, dump: Dump, *, max_pages: int = 256, max_bytes: int = 4 << 20) -> Iterator[RecordChunk]:
    """Reads a dump's pages in order of file and place, in chunks of at most ``max_pages`` records.

    A chunk's pages hold at most ``max_bytes`` bytes together, or are a single page. Every file gives at least one
    record; whatever cannot be read is a record with an ``error``: unreadable, empty_file, unsupported_format,
    no_pages, truncated_archive, corrupt_archive, encrypted, too_large, broken_json, broken_csv, not_an_object,
    undecodable, no_text or http_status. Nothing in a file's content raises.

    Raises:
        SidecarError: the file beside the dump that says how to read it cannot be followed.
    """
    reading = read_sidecar(file_on_disk(raw, dump.sidecar.path)) if dump.sidecar else USUAL
    records: list[Record] = []
    held = reported = finished = 0
    for file in dump.files:
        counter = _Counter()
        for record in _file_records(raw, file.path, reading, counter):
            if records and (len(records) >= max_pages or held + len(record.data) > max_bytes):
                reached = finished + min(counter.count, file.size)
                yield RecordChunk(records, reached - reported)
                records, held, reported = [], 0, reached
            records.append(record)
            held += len(record.data)
        finished += file.size
    if records:
        yield RecordChunk(records, finished - reported)


class _Counter:
    """Bytes read of the file that is open."""

    def __init__(self) -> None:
        self.file: CountedFile | None = None

    @property
    def count(self) -> int:
        return self.file.count if self.file else 0


def _file_records(raw: Path, path: str, reading: Reading, counter: _Counter) -> Iterator[Record]:
    place = Place(path)
    nothing = Held(0).span()
    try:
        with file_on_disk(raw, path).open("rb", buffering=0) as handle:
            counter.file = CountedFile(handle)
            found = False
            for record in _top_level_records(counter.file, place, reading):
                found = True
                yield _as_told(record, reading)
            if not found:
                counter.file.seek(0)
                source, _ = inflated(Source(counter.file), path)
                yield error_record(place, source.rest(), "no_pages", "the file holds no page")
    except (OSError, ValueError) as error:
        yield error_record(place, nothing, "unreadable", str(error))


def _as_told(record: Record, reading: Reading) -> Record:
    """The record with what a sidecar says of every page."""
    if record.error is not None or not (reading.stated or reading.encoding):
        return record
    return record._replace(metadata={**record.metadata, **reading.stated}, encoding=record.encoding or reading.encoding)


def _top_level_records(file: CountedFile, place: Place, reading: Reading) -> Iterator[Record]:
    source, name = inflated(Source(file), place.file)
    kind = format_of(name, source.peek(HEAD))
    if kind == "zip" and name == place.file:
        yield from _zip_records(file, place, reading)
    elif kind == "tar":
        yield from _tar_records(source, place, reading)
    elif kind == "parquet" and name == place.file:
        file.seek(0)
        yield from parquet_pages.read_table(file, place, reading)
    else:
        yield from _page_records(source, name, place, reading)


def _zip_records(file: CountedFile, place: Place, reading: Reading) -> Iterator[Record]:
    try:
        for member in zip_members(file):
            yield from _member_records(member, place, reading)
    except Damaged as damage:
        rest = Source(file)
        rest.position = file.tell()
        yield error_record(place, rest.rest(), damage.reason, damage.detail)


def _tar_records(source: Source, place: Place, reading: Reading) -> Iterator[Record]:
    last: Record | None = None
    try:
        for member in tar_members(source):
            for last in _member_records(member, place, reading):
                yield last
    except Damaged as damage:
        rest = source.rest(damage.pending)
        if rest.end > rest.start or last is None or last.error != damage.reason:  # else the last member has told it
            yield error_record(place, rest, damage.reason, damage.detail)


def _member_records(member: Member, archive: Place, reading: Reading) -> Iterator[Record]:
    place = Place(archive.file, member.name)
    if member.source is None:
        yield error_record(place, Held(0).span(), member.reason, member.detail)
        return
    source, name = inflated(member.source, member.name)
    found = False
    for record in _page_records(source, name, place, reading):
        found = True
        yield record
    if not found:
        yield error_record(place, Held(0).span(), "no_pages", "the member holds no page")


def _page_records(source: Source, name: str, place: Place, reading: Reading) -> Iterator[Record]:
    """The pages of a stream that is no archive."""
    head = source.peek(HEAD)
    kind = format_of(name, head)
    if not head:
        span = source.rest()
        reason, detail = (span.damage.reason, span.damage.detail) if span.damage else ("empty_file", "no bytes")
        yield error_record(place, span, reason, detail)
    elif kind == "jsonl":
        yield from read_lines(source, place, reading)
    elif kind == "json":
        yield from read_document(source, place, reading)
    elif kind == "csv":
        yield from csv_pages.read_table(source, place, reading)
    elif kind == "parquet":
        yield from parquet_pages.read_table(source, place, reading)
    elif kind == "mhtml":
        yield mhtml_pages.read_page(source, place)
    elif kind == "warc":
        yield from read_records(source, place)
    elif kind in _MEDIA_TYPES:
        yield _whole_page(source.rest(limit=MAX_PAGE_BYTES), place, _MEDIA_TYPES[kind])
    elif kind in PACKED:
        yield error_record(
            place, source.rest(), "corrupt_archive", f"no {kind} stream, or one within another within another"
        )
    else:
        detail = (
            "an archive within an archive or a compressed file"
            if kind in ("zip", "tar")
            else "no known format of pages"
        )
        yield error_record(place, source.rest(), "unsupported_format", detail)


def _whole_page(span: Span, place: Place, media_type: str) -> Record:
    if span.damage is not None:
        return error_record(place, span, span.damage.reason, span.damage.detail)
    if span.data is None:
        return error_record(place, span, "too_large", f"{span.end - span.start} bytes")
    return Record(place.file, place.member, span.start, span.end, span.sha256, data=span.data, media_type=media_type)
