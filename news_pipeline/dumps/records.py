"""What every format reader gives: a page, or the reason why there is none, with its place in the dump."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import NamedTuple

MAX_PAGE_BYTES = 16 << 20
"""A page larger than this is refused as ``too_large``: the longest news pages are some hundred kilobytes."""


class Place(NamedTuple):
    """Where a stream of pages lies: a file of the landing folder, or a member of an archive in it."""

    file: str
    member: str | None = None


class Record(NamedTuple):
    """One page as found in a dump, or, with an error, the place where one could not be read.

    Attributes:
        file: path relative to the landing folder.
        member: name inside an archive, else None; the second of two like-named members ends in ``#2``.
        byte_start: first byte of the page in the file, or after decompression in the member or stream.
        byte_end: byte after the last one.
        sha256: of the bytes at that place (of a JSON line the line, of a WARC record the record with its headers).
        data: bytes of the page itself (of JSON the text as UTF-8, of WARC the payload); empty with an error.
        media_type: ``text/plain``, ``text/html``; None where unknown.
        encoding: character encoding the container declares, or None.
        read_as: character encoding the container was read with, where ``data`` is its text, as UTF-8; else None.
        url: address the container states.
        fetched_at: instant of the crawl the container states, in UTC.
        metadata: what the container states under canonical keys (see ``dumps.metadata``).
        error: reason why there is no page, or None.
        error_detail: what exactly went wrong, for a person.
    """

    file: str
    member: str | None
    byte_start: int
    byte_end: int
    sha256: str
    data: bytes = b""
    media_type: str | None = None
    encoding: str | None = None
    read_as: str | None = None
    url: str | None = None
    fetched_at: datetime | None = None
    metadata: dict[str, object] = {}  # noqa: RUF012 - never written to
    error: str | None = None
    error_detail: str | None = None


class Damaged(Exception):  # noqa: N818 - a state of the data rather than a mistake
    """A stream cannot be read any further.

    Attributes:
        reason: rejection reason, such as ``truncated_archive``.
        detail: what exactly was met.
        pending: bytes already taken from the stream that belong to the damaged part.
    """

    def __init__(self, reason: str, detail: str, pending: bytes = b"") -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
        self.pending = pending


class Span(NamedTuple):
    """A stretch of a stream: ``data`` is None where it is over the size limit, ``damage`` set where it broke off."""

    start: int
    end: int
    data: bytes | None
    sha256: str
    damage: Damaged | None = None


class Held:
    """Collects the bytes of one stretch, holding at most ``limit`` of them; beyond that only their hash."""

    def __init__(self, start: int, limit: int = MAX_PAGE_BYTES) -> None:
        self.start = start
        self.size = 0
        self._limit = limit
        self._pieces: list[bytes] = []
        self._digest = None if limit else hashlib.sha256()

    def add(self, piece: bytes) -> None:
        """Appends bytes."""
        self.size += len(piece)
        if self._digest is None and self.size > self._limit:
            self._digest = hashlib.sha256(b"".join(self._pieces))
            self._pieces.clear()
        if self._digest is None:
            self._pieces.append(piece)
        else:
            self._digest.update(piece)

    def span(self, damage: Damaged | None = None) -> Span:
        """What was collected."""
        if self._digest is not None:
            return Span(self.start, self.start + self.size, None, self._digest.hexdigest(), damage)
        data = self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)
        return Span(self.start, self.start + self.size, data, hashlib.sha256(data).hexdigest(), damage)


def error_record(place: Place, span: Span, reason: str, detail: str | None = None) -> Record:
    """The record of a stretch that holds no readable page."""
    return Record(place.file, place.member, span.start, span.end, span.sha256, error=reason, error_detail=detail)
