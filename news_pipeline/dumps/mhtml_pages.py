"""A page saved by a browser with all that belongs to it (MHTML, RFC 2557): the page itself, without the rest."""

from __future__ import annotations

from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message

from news_pipeline.dumps import metadata
from news_pipeline.dumps.records import MAX_PAGE_BYTES, Place, Record, error_record
from news_pipeline.dumps.streams import Source

_PAGES = ("text/html", "application/xhtml+xml", "text/plain")


def read_page(source: Source, place: Place) -> Record:
    """The page of a saved file: its first part that is HTML or text; its range is the whole file.

    The date of the message is the moment of saving, so that it is the crawl's instant; its address is the page's.
    """
    span = source.rest(limit=MAX_PAGE_BYTES)
    if span.damage is not None:
        return error_record(place, span, span.damage.reason, span.damage.detail)
    if span.data is None:
        return error_record(place, span, "too_large", f"{span.end - span.start} bytes")
    try:
        message = message_from_bytes(span.data)
        part = next((part for part in message.walk() if part.get_content_type() in _PAGES), None)
        data = part.get_payload(decode=True) if part is not None and "content-type" in message else None
        charset = part.get_content_charset() if part is not None else None
        url = _header(message, "snapshot-content-location") or (part and _header(part, "content-location"))
        saved = _header(message, "date")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, MessageError) as error:
        return error_record(place, span, "corrupt_archive", f"MHTML: {error}"[:300])
    if part is None or not isinstance(data, bytes) or not data:
        return error_record(place, span, "no_pages", "the saved file holds no HTML and no text")
    return Record(
        place.file,
        place.member,
        span.start,
        span.end,
        span.sha256,
        data=data,
        media_type="text/plain" if part.get_content_type() == "text/plain" else "text/html",
        encoding=charset,
        url=url or None,
        fetched_at=metadata.instant(saved),
    )


def _header(message: Message, name: str) -> str | None:
    value = message.get(name)
    return metadata.valid(str(make_header(decode_header(str(value))))).strip() if value is not None else None
