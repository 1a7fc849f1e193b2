"""Which format a file or member is in: by what its first bytes say, else by its suffix, else by how its text begins."""

from __future__ import annotations

import json
import re
from typing import Literal

from news_pipeline.dumps.charsets import wide_encoding
from news_pipeline.dumps.streams import Inflated, Source, Transcoded

Format = Literal[
    "text", "html", "json", "jsonl", "csv", "parquet", "warc", "mhtml", "zip", "tar", "gzip", "bz2", "xz", "zstd"
]

HEAD = 4096
"""Bytes of a stream that its format is judged by."""

COMPRESSED: dict[str, str] = {
    **dict.fromkeys((".gz", ".bz2", ".xz", ".zst"), ""),
    **dict.fromkeys((".tgz", ".tbz2", ".txz", ".tzst"), ".tar"),
}
"""Suffixes of compressed streams, and the suffix of what they hold."""

_SUFFIXES: dict[str, Format] = {
    ".txt": "text",
    ".text": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".mht": "mhtml",
    ".mhtml": "mhtml",
    ".warc": "warc",
    ".wet": "warc",
    ".zip": "zip",
    ".tar": "tar",
}
_COMPRESSED_FORMATS: dict[str, Format] = {
    ".gz": "gzip",
    ".tgz": "gzip",
    ".bz2": "bz2",
    ".tbz2": "bz2",
    ".xz": "xz",
    ".txz": "xz",
    ".zst": "zstd",
    ".tzst": "zstd",
}

PACKED = ("gzip", "bz2", "xz", "zstd")
"""Formats that are one compressed stream."""

# Formats with known names that are not pages, though their first bytes may look like text or like an archive.
_OTHER_SUFFIXES = (
    ".7z .atom .avi .bmp .cdx .css .db .doc .docx .duckdb .eml .epub .exe .feather .gif .ico .ini .jar .jpeg .jpg .js "
    ".lz4 .map .mov .mp3 .mp4 .odp .ods .odt .ogg .otf .pdf .png .ppt .pptx .ps .py .rar .rss .rtf "
    ".sh .sql .sqlite .svg .tif .tiff .toml .ttf .wacz .wav .webm .webp .woff .woff2 .xls .xlsx .xml .yaml .yml"
)
_NOT_PAGES = frozenset(_OTHER_SUFFIXES.split())
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_HTML = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|meta|title|link|script|style|div|p|article|main|section|table|h[1-6]|span|a)\b|<!--",
    re.IGNORECASE,
)
_HTML_PAGE = re.compile(rb"<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_CONTROLS = bytes(range(0x20)).translate(None, b"\t\n\v\f\r\x1b") + b"\x7f"


def suffix(name: str) -> str:
    """The last suffix of a name in lower case, with its dot."""
    base = name.rsplit("/", 1)[-1]
    dot = base.rfind(".")
    return base[dot:].lower() if dot > 0 else ""


def stem(name: str) -> str:
    """The name of what a compressed stream holds."""
    last = suffix(name)
    return name[: len(name) - len(last)] + COMPRESSED[last] if last in COMPRESSED else name


def format_of(name: str, head: bytes) -> Format | None:
    """The format of a stream by its name and first bytes (``HEAD`` of them); None where it holds no page we can read."""
    last = suffix(name)
    if last in _NOT_PAGES:
        return None
    if magic := _magic(head):
        return magic
    if last in _COMPRESSED_FORMATS:  # not compressed after all: crawlers and browsers often undo it and keep the name
        return format_of(stem(name), head) if looks_like_text(head) else _COMPRESSED_FORMATS[last]
    known = _SUFFIXES.get(last)
    if known in ("json", "jsonl"):
        return _json_kind(head, known)
    if known == "csv" and not looks_like_text(head):
        return None
    if known == "text" and _HTML_PAGE.match(_opening(head)):
        return "html"
    return known or _by_opening(head)


def inflated(source: Source, name: str) -> tuple[Source, str]:
    """Undoes up to two layers of compression, and UTF-16 of rows; gives the stream inside and its name."""
    for _ in range(2):
        kind = format_of(name, source.peek(HEAD))
        if kind not in PACKED:
            break
        source, name = Source(Inflated(source, kind)), stem(name)
    if _SUFFIXES.get(suffix(name)) in ("json", "jsonl", "csv") and (wide := wide_encoding(source.peek(HEAD))):
        source = Source(Transcoded(source, wide))
    return source, name


def looks_like_text(head: bytes) -> bool:
    """Whether bytes are text in some encoding: hardly any control characters, or a byte order mark."""
    return head.startswith(_BOMS) or count_controls(head) * 100 <= len(head)


def count_controls(data: bytes) -> int:
    """Control characters that no text needs, NUL among them."""
    return len(data) - len(data.translate(None, _CONTROLS))


def _magic(head: bytes) -> Format | None:
    if head.startswith(b"\x1f\x8b"):
        return "gzip"
    if re.match(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)", head):
        return "bz2"
    if head.startswith(b"\xfd7zXZ\0"):
        return "xz"
    if head.startswith((b"\x28\xb5\x2f\xfd", b"\x5d\x2a\x4d\x18")):  # the latter a dictionary before the frames
        return "zstd"
    if head.startswith(b"PAR1\x15"):
        return "parquet"
    if head.startswith((b"PK\3\4", b"PK\5\6", b"PK\7\10")):
        return "zip"
    if head[257:262] == b"ustar":
        return "tar"
    if head.startswith(b"WARC/"):
        return "warc"
    return None


def _opening(head: bytes) -> bytes:
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()


def _json_kind(head: bytes, named: Format) -> Format:
    """Files named .json often hold JSON lines, and files named .jsonl an array."""
    opening = _opening(head)
    if opening.startswith(b"["):
        return "json"
    if opening.startswith(b"{") and named == "json":
        line, newline, rest = opening.partition(b"\n")
        if newline and rest.strip():
            try:
                json.loads(line)
            except (ValueError, RecursionError):
                return "json"
            return "jsonl"
    return named


def _by_opening(head: bytes) -> Format | None:
    opening = _opening(head)
    if not looks_like_text(head):
        return None
    if opening.startswith(b"<"):
        return "html" if _HTML.match(opening) or _HTML_PAGE.search(head) else None
    if opening.startswith(b"{"):
        return _json_kind(head, "json")
    if opening.startswith(b"[{"):
        return "json"
    return "text"
