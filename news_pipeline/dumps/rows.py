"""A row of named fields to a page: what JSON objects, lines of CSV and rows of Parquet have in common."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, tzinfo

from news_pipeline.dumps import metadata
from news_pipeline.dumps.records import Place, Record, Span, error_record
from news_pipeline.dumps.sidecar import Reading

_INNER = ("metadata", "meta", "warcheaders")  # objects beside the text that hold what is stated about it

# What only rows cut out of a web crawl have beside their text (FineWeb, RefinedWeb, OSCAR, CC-NEWS and their like).
_CRAWL_FIELDS = frozenset(
    map(
        metadata.field_key,
        [
            "dump",
            "file_path",
            "language_score",
            "token_count",
            "segment",
            "language_script",
            "top_langs",
            "minhash_cluster_size",
            "crawl_id",
            "crawl",
            "digest",
            "perplexity",
            "quality_score",
        ],
    )
)
_CRAWL_VALUE = re.compile(r"<urn:uuid:|\.warc\b|\.wet\b|crawl-data|CC-(?:MAIN|NEWS)|CRAWL-NEWS", re.IGNORECASE)
_CRAWL_VALUE_FIELDS = ("id", "dump", "filepath", "file", "filename", "source", "segment", "recordid")
_WARC_DATE = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:?00)")
_WEB_TEXT_FIELDS = frozenset(("text", "content", "timestamp", "url", "source", "id"))  # C4 and what was made from it


def row_record(fields: Mapping[str, object], place: Place, span: Span, reading: Reading, encoding: str) -> Record:
    """The page in a row, or the reason why there is none.

    Args:
        fields: values by field name, of the types that JSON has.
        place: the stream the row lies in.
        span: the row's bytes.
        reading: which names mean what.
        encoding: character encoding the row was read with.
    """
    row = unwrapped(fields, reading.names)
    found = metadata.page_text(row, reading.names)
    if found is None:
        named = ", ".join(sorted(metadata.valid(name) for name in fields))[:300]
        return error_record(place, span, "no_text", f"no field holds a text; the row has {named}")
    text, media_type = found
    zone = reading.time_zone or UTC
    fetched_at, dated = _dates(row, reading, zone)
    told = metadata.stated(dated, reading.names)
    if reading.time_zone is not None:
        for key in ("published", "modified"):
            if isinstance(stated := told.get(key), str):
                told[key] = _zoned(stated, reading.time_zone)
    return Record(
        place.file,
        place.member,
        span.start,
        span.end,
        span.sha256,
        data=text.encode(),
        media_type=media_type,
        read_as=encoding,
        url=metadata.first_text(row, reading.names["url"]),
        fetched_at=fetched_at,
        metadata=told,
    )


def names_text(columns: Iterable[str], reading: Reading) -> bool:
    """Whether a column is called as texts are, or as an object that a sidecar says to hold one."""
    wanted = {name.split(".")[0] for meaning in ("text", "html") for name in reading.names[meaning]}
    return not wanted.isdisjoint(map(metadata.field_key, columns))


def unwrapped(fields: Mapping[str, object], names: metadata.Names) -> dict[str, object]:
    """A row's fields by ``field_key``, those of objects in it that belong to the page included.

    These are an object of metadata beside the text and, where the row has no text of its own, the one object that has:
    ``_source`` of a search engine's hit, ``doc`` of a database's row, ``attributes`` of an API's.
    """
    row = metadata.keyed(fields)
    if names is not metadata.USUAL_NAMES:
        for name in (name for listed in names.values() for name in listed if "." in name):
            value: object = row
            for part in name.split("."):
                value = metadata.keyed(value).get(part) if isinstance(value, dict) else None
            row.setdefault(name, value)
    if not metadata.page_text(row, names):
        inner = [value for value in row.values() if isinstance(value, dict)]
        pages = [found for value in inner if metadata.page_text(found := metadata.keyed(value), names)]
        if len(pages) == 1:
            row |= pages[0]
    for name in _INNER:
        if isinstance(inside := row.get(name), dict):
            row = metadata.keyed(inside) | row
    return row


def _dates(row: dict[str, object], reading: Reading, zone: tzinfo) -> tuple[datetime | None, dict[str, object]]:
    """The instant of the crawl, and the row without what turned out to be it."""
    fetched_at = metadata.first_instant(row, reading.names["fetched"], zone)
    for name in ("date", "timestamp"):
        value = row.get(name)
        if value is None or (reading.names is not metadata.USUAL_NAMES and _is_named(name, reading.names)):
            continue
        is_crawl = reading.date_is_crawl if name == "date" else None
        if is_crawl is None:
            is_crawl = _is_crawl_date(name, row, fetched_at)
        if is_crawl:
            fetched_at = fetched_at or metadata.instant(value, zone)
            row = {key: other for key, other in row.items() if key != name}
    return fetched_at, row


def _is_named(name: str, names: metadata.Names) -> bool:
    """Whether a sidecar says what the field means."""
    return any(name in listed and listed != metadata.USUAL_NAMES[meaning] for meaning, listed in names.items())


def _is_crawl_date(name: str, row: Mapping[str, object], fetched_at: datetime | None) -> bool:
    """Whether ``date`` or ``timestamp`` is the crawl's, judged by the fields beside it and by how it is written.

    Where another field states the crawl, it is only if both are the same instant. Else one value that names an archive
    of a crawl or two fields of a crawl's bookkeeping decide; one such field does where the date is written as crawlers
    write it, to the second and in UTC.
    """
    value = row[name]
    if fetched_at is not None:
        return ":" in str(value) and metadata.instant(value) == fetched_at
    if any(key.startswith("warc") for key in row):
        return True
    if any(isinstance(text := row.get(key), str) and _CRAWL_VALUE.search(text[:500]) for key in _CRAWL_VALUE_FIELDS):
        return True
    evidence = len(_CRAWL_FIELDS.intersection(row)) + bool(_WARC_DATE.fullmatch(str(value).strip()))
    if name == "timestamp" and row.keys() <= _WEB_TEXT_FIELDS:
        evidence += 1
    return evidence >= 2


def _zoned(text: str, zone: tzinfo) -> str:
    """An ISO date and time that names no zone, with that of ``zone``; any other text as it is."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    return text if at.tzinfo is not None or ":" not in text else at.replace(tzinfo=zone).isoformat()
