"""Pages out of Parquet files. A row has no bytes of its own there: it is shown, hashed and found again as a line of JSON."""

from __future__ import annotations

import io
import json
import math
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import IO

import pyarrow as pa
import pyarrow.parquet as pq

from news_pipeline.dumps.records import MAX_PAGE_BYTES, Damaged, Held, Place, Record, error_record
from news_pipeline.dumps.rows import names_text, row_record
from news_pipeline.dumps.sidecar import Reading
from news_pipeline.dumps.streams import BLOCK, CountedFile, Source

_MEMBER = re.compile(r"(?:(?P<outer>.*)/)?row (?P<number>0|[1-9]\d{0,17})", re.DOTALL)
_ROWS_AT_ONCE = 32
_PAGE_BUFFER = 1 << 20
_MAX_RATIO = 200
_RATIO_FREE = 64 << 20
_HELD_IN_MEMORY = 32 << 20


def read_table(file: CountedFile | Source, place: Place, reading: Reading) -> Iterator[Record]:
    """One record per row: member ``row N`` counted from 0, and its line of JSON from the first byte to the last.

    Columns of numbers in lists (embeddings) are left out. Rows that cannot be read are one record up to the end of their
    row group; the groups behind it are read.

    Args:
        file: an open file; a stream, as out of an archive, goes through a temporary file that has no name.
        place: where it lies.
        reading: which names mean what.
    """
    try:
        with _seekable(file) as handle:
            yield from _records(handle, place, reading)
    except Damaged as damage:
        yield error_record(place, Held(0).span(), damage.reason, damage.detail)


def row_line(file: CountedFile | Source, number: int) -> bytes:
    """The line of JSON that row ``number`` is shown as.

    Raises:
        Damaged: the row is not there or cannot be read.
    """
    with _seekable(file) as handle:
        for first, rows in _batches(handle, _opened(handle), number):
            if isinstance(rows, Damaged):
                raise rows
            if first <= number < first + rows.num_rows:
                try:
                    return _line(_fields(rows, number - first))
                except _UNREADABLE as error:
                    raise Damaged("corrupt_archive", str(error)) from error
    raise Damaged("truncated_archive", f"there is no row {number}")


def split_member(member: str) -> tuple[str | None, int] | None:
    """The member of an archive and the number of the row that a row's member names; None for any other member."""
    found = _MEMBER.fullmatch(member)
    return (found["outer"], int(found["number"])) if found else None


_UNREADABLE = (ValueError, TypeError, OverflowError, RecursionError, pa.ArrowException)


def _records(handle: IO[bytes], place: Place, reading: Reading) -> Iterator[Record]:
    file = _opened(handle)
    schema = file.schema_arrow
    if not any(pa.types.is_nested(column.type) for column in schema) and not names_text(schema.names, reading):
        detail = f"no column is known to hold a text; the columns are {', '.join(schema.names)[:300]}"
        yield error_record(place, Held(0).span(), "no_text", detail)
        return
    for first, rows in _batches(handle, file, 0):
        if isinstance(rows, Damaged):
            yield error_record(_row_place(place, first), Held(0).span(), rows.reason, rows.detail)
            continue
        for number in range(rows.num_rows):
            at = _row_place(place, first + number)
            try:
                fields = _fields(rows, number)
                line = _line(fields)
            except _UNREADABLE as error:
                yield error_record(at, Held(0).span(), "corrupt_archive", f"a value cannot be read: {error}"[:300])
                continue
            held = Held(0)
            held.add(line)
            span = held.span()
            if span.data is None:
                yield error_record(at, span, "too_large", f"a row of {len(line)} bytes")
            else:
                yield row_record(fields, at, span, reading, "utf-8")


def _row_place(place: Place, number: int) -> Place:
    return Place(place.file, f"row {number}" if place.member is None else f"{place.member}/row {number}")


@contextmanager
def _seekable(file: CountedFile | Source) -> Iterator[IO[bytes]]:
    if isinstance(file, CountedFile):
        yield file  # type: ignore[misc]  # as much of a file as Arrow needs
        return
    with tempfile.SpooledTemporaryFile(max_size=_HELD_IN_MEMORY) as held:
        while piece := file.read(BLOCK):
            held.write(piece)
        held.seek(0)
        yield held


def _opened(handle: IO[bytes]) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(handle, buffer_size=_PAGE_BUFFER, pre_buffer=False)
    except Damaged:
        raise
    except Exception as error:  # Arrow passes on whatever its readers raise
        raise Damaged("corrupt_archive", f"parquet: {error}"[:300]) from error


def _batches(handle: IO[bytes], file: pq.ParquetFile, start: int) -> Iterator[tuple[int, pa.RecordBatch | Damaged]]:
    """The rows from the row group of row ``start`` on, a few at a time, each with the number of its first one."""
    columns = [field.name for field in file.schema_arrow if _is_told(field.type)]
    size = handle.seek(0, io.SEEK_END)
    first = 0
    for group in range(file.num_row_groups):
        # Nothing is asked about its columns: on a damaged footer Arrow would end the process there.
        stated = file.metadata.row_group(group)
        at, end = first, first + max(stated.num_rows, 0)
        first = end
        if end <= start:
            continue
        if stated.total_byte_size > max(_RATIO_FREE, _MAX_RATIO * size):
            detail = f"rows {at} to {end - 1} inflate a file of {size} bytes to {stated.total_byte_size}"
            yield at, Damaged("too_large", detail)
            continue
        try:
            for batch in file.iter_batches(_ROWS_AT_ONCE, row_groups=[group], columns=columns, use_threads=False):
                yield at, batch
                at += batch.num_rows
            if at < end:
                yield at, Damaged("truncated_archive", f"rows {at} to {end - 1} are missing")
        except Damaged as damage:
            yield at, damage
        except Exception as error:  # as above
            yield at, Damaged("corrupt_archive", f"rows {at} to {end - 1} cannot be read: {error}"[:300])


def _is_told(kind: pa.DataType) -> bool:
    """Whether a column may say something about a page: no numbers in lists."""
    is_list = pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)
    return not (is_list and (pa.types.is_floating(kind.value_type) or pa.types.is_integer(kind.value_type)))


def _fields(rows: pa.RecordBatch, number: int) -> dict[str, object]:
    return {
        name: _json_value(_scalar(column, number)) for name, column in zip(rows.schema.names, rows.columns, strict=True)
    }


def _scalar(column: pa.Array, number: int) -> object:
    if pa.types.is_timestamp(column.type) and column.type.unit == "ns":
        column = column.slice(number, 1).cast(pa.timestamp("us", column.type.tz), safe=False)
        number = 0
    return column[number].as_py()


def _line(fields: dict[str, object]) -> bytes:
    return json.dumps(fields, ensure_ascii=False).encode("utf-8", "backslashreplace")


def _json_value(value: object) -> object:
    """A value as JSON has it. A day kept as an instant without a zone, at midnight, is a day."""
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, datetime):
        return str(value.date()) if value.tzinfo is None and value.time() == time() else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode() if len(value) <= MAX_PAGE_BYTES and _is_utf8(value) else f"{len(value)} bytes"
    if isinstance(value, dict):
        return {str(name): _json_value(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_json_value(inner) for inner in value]
    return str(value)


def _is_utf8(value: bytes) -> bool:
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True
