"""Back from a row to the very bytes in the dump."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from news_pipeline.dumps.archives import tar_members, zip_members
from news_pipeline.dumps.find import file_on_disk
from news_pipeline.dumps.formats import HEAD, format_of, inflated
from news_pipeline.dumps.parquet_pages import row_line, split_member
from news_pipeline.dumps.records import Damaged
from news_pipeline.dumps.streams import CountedFile, Source


def read_bytes(raw: Path, file: str, member: str | None, byte_start: int, byte_end: int) -> bytes:
    """The bytes of a page as ``raw_pages`` locates it: in the file or, after decompression, in its member or stream.

    Raises:
        LookupError: the file, the member or some of the bytes are no longer there, with what is missing.
    """
    if byte_start == byte_end:
        return b""
    try:
        with _opened(raw, file, member) as source:
            source.skip(byte_start)
            data = bytearray()
            while len(data) < byte_end - byte_start and (piece := source.read(byte_end - byte_start - len(data))):
                data += piece
    except (OSError, ValueError) as error:
        raise LookupError(f"{file} cannot be read: {error}") from error
    except Damaged as damage:
        raise LookupError(f"{file}: bytes {byte_start} to {byte_end} cannot be read: {damage.detail}") from damage
    if len(data) < byte_end - byte_start:
        raise LookupError(f"{file} has no bytes {byte_start} to {byte_end}: it is shorter now than when it was read")
    return bytes(data)


@contextmanager
def _opened(raw: Path, file: str, member: str | None) -> Iterator[Source]:
    with file_on_disk(raw, file).open("rb", buffering=0) as handle:
        counted = CountedFile(handle)
        source, name = inflated(Source(counted), file)
        kind = format_of(name, source.peek(HEAD))
        row = split_member(member) if member is not None else None
        if kind == "parquet" and row is not None:
            handle.seek(0)
            yield _row(counted if name == file else source, row[1])
            return
        if kind == "zip" and name == file:
            if member is None:
                handle.seek(0)
                yield Source(counted)
                return
            members = zip_members(counted)
        else:
            if member is None:
                yield source
                return
            members = tar_members(source)
        for found in members:
            if found.name == member:
                if found.source is not None:
                    yield inflated(found.source, member)[0]
                    return
                raise LookupError(f"{file}: member {member!r} cannot be read: {found.detail}")
            if row is not None and found.name == row[0] and found.source is not None:
                yield _row(inflated(found.source, found.name)[0], row[1])
                return
        raise LookupError(f"{file} has no member {member!r}")


def _row(file: CountedFile | Source, number: int) -> Source:
    return Source(io.BytesIO(row_line(file, number)))
