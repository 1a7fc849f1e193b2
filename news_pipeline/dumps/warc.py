"""Pages out of web archives (WARC, ISO 28500): responses, resources and conversions that hold HTML or plain text.

Records are framed here rather than by fastwarc, so that the byte range of each is known, damage is reported instead of
skipped, and memory stays bounded; fastwarc undoes the content encodings that the standard library has not.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from babel.core import get_global
from fastwarc.stream_io import BrotliReader, ZstdReader

from news_pipeline.dumps import metadata
from news_pipeline.dumps.formats import HEAD, format_of
from news_pipeline.dumps.records import MAX_PAGE_BYTES, Damaged, Held, Place, Record, Span, error_record
from news_pipeline.dumps.streams import BLOCK, Source

_MAX_HEADER = 1 << 16
_MAX_RECORD = MAX_PAGE_BYTES + _MAX_HEADER
_HEADER_END = re.compile(rb"\r?\n\r?\n")
_MEDIA_TYPES = frozenset(("text/html", "application/xhtml+xml", "text/plain"))
_CHARSET = re.compile(r"""charset\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE)
_STATUS = re.compile(rb"HTTP/[\d.]+[ \t]+(\d{3})")


class _Payload(NamedTuple):
    """What a record delivers: its media type, declared charset, HTTP status (0 without HTTP) and bytes as sent."""

    media_type: str
    charset: str | None
    status: int
    encodings: list[str]
    data: bytes


def read_records(source: Source, place: Place) -> Iterator[Record]:
    """One record per page; the range is that of the WARC record, its header included, in the uncompressed stream."""
    while True:
        try:
            while (gap := source.peek(1)) and gap in b"\r\n":
                source.skip(1)
            header = _read_header(source)
            if not header:
                return
            length = _content_length(header)
        except Damaged as damage:
            yield error_record(place, source.rest(damage.pending), damage.reason, damage.detail)
            return
        fields = _fields(header)
        is_candidate = fields.get("warc-type", "").lower() in ("response", "resource", "conversion")
        payload = _payload(fields, source.peek(min(length, _MAX_HEADER))) if is_candidate else None
        is_page = payload is not None and payload.media_type in _MEDIA_TYPES
        record = _read_record(source, header, length, _MAX_RECORD if is_page else 0)
        missing = len(header) + length - (record.end - record.start)
        if record.damage or missing:
            broken = record.damage or Damaged("truncated_archive", f"{missing} bytes of the last record are missing")
            yield error_record(place, record, broken.reason, broken.detail)
            return
        if is_page:
            yield _page(place, record, fields, header)


def _read_header(source: Source) -> bytes:
    """The header of the next record with its blank line; none at the end of the stream."""
    for size in (2048, 16384, _MAX_HEADER):
        head = source.peek(size)
        if not head:
            source.read(1)  # raises the damage that ended the stream, if one did
            return b""
        if end := _HEADER_END.search(head):
            source.skip(end.end())
            if not head.startswith(b"WARC/"):
                raise Damaged("corrupt_archive", "a record does not begin with WARC/", head[: end.end()])
            return head[: end.end()]
        if len(head) < size:
            break
    source.skip(len(head))
    if len(head) < _MAX_HEADER and head.startswith(b"WARC/"[: len(head)]):
        try:
            source.read(1)
        except Damaged as damage:
            raise Damaged(damage.reason, damage.detail, head) from damage
        raise Damaged("truncated_archive", "the header of the last record breaks off", head)
    raise Damaged("corrupt_archive", "a record does not begin with WARC/", head)


def _content_length(header: bytes) -> int:
    length = _fields(header).get("content-length", "")
    if not re.fullmatch(r"[0-9]{1,18}", length):
        raise Damaged("corrupt_archive", f"Content-Length is {length[:50]!r}", header)
    return int(length)


def _read_record(source: Source, header: bytes, length: int, limit: int) -> Span:
    held = Held(source.position - len(header), limit)
    held.add(header)
    left = length
    try:
        while left and (piece := source.read(min(left, BLOCK))):
            held.add(piece)
            left -= len(piece)
    except Damaged as damage:
        return held.span(damage)
    return held.span()


def _fields(head: bytes) -> dict[str, str]:
    """Header fields by lower-case name, the first of each; folded lines are joined."""
    found: dict[str, str] = {}
    name = ""
    for line in head.splitlines()[1:]:
        text = line.decode("utf-8", "replace")
        if text[:1] in (" ", "\t") and name:
            found[name] += " " + text.strip()
            continue
        name, colon, value = text.partition(":")
        name = name.strip().lower()
        if not colon or name in found:
            name = ""
            continue
        found[name] = value.strip()
    return found


def _payload(fields: dict[str, str], block: bytes) -> _Payload:
    content_type, status, encodings, data = fields.get("content-type", ""), 0, list[str](), block
    if content_type.lower().startswith("application/http") or block.startswith(b"HTTP/"):
        end = _HEADER_END.search(block, 0, _MAX_HEADER)
        http = _fields(block[: end.start()]) if end else {}
        data = block[end.end() :] if end else b""
        found = _STATUS.match(block)
        status = int(found.group(1)) if found else 0
        content_type = http.get("content-type", "")
        transfer = [part.strip().lower() for part in http.get("transfer-encoding", "").split(",")]
        content = [part.strip().lower() for part in http.get("content-encoding", "").split(",")]
        encodings = [part for part in (*content, *transfer) if part not in ("", "identity")]
    media_type = content_type.split(";")[0].strip().lower()
    charset = _CHARSET.search(content_type)
    if not media_type:
        media_type = {"html": "text/html", "text": "text/plain"}.get(format_of("", data[:HEAD]) or "", "")
    return _Payload(media_type, charset.group(1) if charset else None, status, encodings, data)


def _page(place: Place, record: Span, fields: dict[str, str], header: bytes) -> Record:
    if record.data is None:
        return error_record(place, record, "too_large", f"a record of {record.end - record.start} bytes")
    payload = _payload(fields, record.data[len(header) :])
    if payload.status and not 200 <= payload.status < 300:
        return error_record(place, record, "http_status", f"the server answered {payload.status}")
    try:
        data = payload.data
        for encoding in reversed(payload.encodings):
            data = _decoded(data, encoding)
    except Damaged as damage:
        return error_record(place, record, damage.reason, damage.detail)
    if len(data) > MAX_PAGE_BYTES:
        return error_record(place, record, "too_large", f"a page of {len(data)} bytes")
    return Record(
        place.file,
        place.member,
        record.start,
        record.end,
        record.sha256,
        data=data,
        media_type="text/plain" if payload.media_type == "text/plain" else "text/html",
        encoding=payload.charset,
        url=metadata.valid(fields.get("warc-target-uri", "").strip("<>")) or None,
        fetched_at=metadata.instant(fields.get("warc-date")),
        metadata=_language(fields.get("warc-identified-content-language", "")),
    )


def _language(stated: str) -> dict[str, object]:
    """The language that the crawler identified, by its ISO 639-1 code; of several the first, which has most text."""
    code = stated.split(",")[0].strip().lower()
    return {"language": get_global("language_aliases").get(code, code)} if code.isascii() and code.isalpha() else {}


def _decoded(data: bytes, encoding: str) -> bytes:
    """Undoes one HTTP encoding. Many archives hold the decoded page under the server's header: then nothing is undone."""
    if encoding == "chunked":
        return _unchunked(data)
    try:
        if encoding in ("gzip", "x-gzip"):
            return _bounded(zlib.decompressobj(31), data) if data.startswith(b"\x1f\x8b") else data
        if encoding == "deflate":
            return _bounded(zlib.decompressobj(15 if data[:1] == b"\x78" else -15), data)
        if encoding in ("br", "zstd"):
            reader = (BrotliReader if encoding == "br" else ZstdReader)(io.BytesIO(data))
            decoded = bytearray()
            while len(decoded) <= MAX_PAGE_BYTES and (piece := reader.read(1 << 16)):
                decoded += piece
            return bytes(decoded)
    except (OSError, ValueError, zlib.error) as error:
        if format_of("", data[:HEAD]) in ("html", "text"):
            return data
        raise Damaged("corrupt_archive", f"the payload is not {encoding}: {error}") from error
    raise Damaged("unsupported_format", f"content encoding {encoding[:50]!r}")


def _bounded(decompressor: zlib._Decompress, data: bytes) -> bytes:
    decoded = decompressor.decompress(data, MAX_PAGE_BYTES + 1)
    if not decompressor.eof and len(decoded) <= MAX_PAGE_BYTES:
        raise ValueError("it breaks off")
    return decoded


def _unchunked(data: bytes) -> bytes:
    pieces: list[bytes] = []
    at = 0
    while size := re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n").match(data, at):
        length = int(size.group(1), 16)
        if not length:
            return b"".join(pieces)
        piece = data[size.end() : size.end() + length]
        if len(piece) < length:
            raise Damaged("corrupt_archive", "the chunked payload breaks off")
        pieces.append(piece)
        at = size.end() + length
        at += 2 if data[at : at + 2] == b"\r\n" else 1
    if pieces:
        raise Damaged("corrupt_archive", "the chunked payload is broken")
    return data
