"""Pages out of tables in text: CSV, and values separated by tabs, semicolons or bars, with the columns named at the top."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from typing import NamedTuple

from news_pipeline.dumps.charsets import decode
from news_pipeline.dumps.metadata import valid
from news_pipeline.dumps.records import MAX_PAGE_BYTES, Damaged, Held, Place, Record, Span, error_record
from news_pipeline.dumps.rows import names_text, row_record
from news_pipeline.dumps.sidecar import Reading
from news_pipeline.dumps.streams import BLOCK, Source

_SAMPLE = 1 << 17
_DELIMITERS = (",", "\t", ";", "|")
_NOTHING = frozenset(("", "nan", "null", "none", "nat", "n/a", "#n/a", r"\n"))  # what exporters write for no value
_MAX_LIST = 1 << 16
_FREE_RESCANS = 32 << 20
_SEPARATOR_LINE = re.compile(rb"sep=([,;\t|])\r?\n", re.IGNORECASE)  # for a spreadsheet program, above the header
_LINE_ENDS = re.compile(rb"[\r\n]+")
_ESCAPED = re.compile(rb'\\"(?![,;\t|\r\n])')
_DOUBLED = re.compile(rb'[^,;\t|\r\n]""(?![,;\t|\r\n])')


class _Dialect(NamedTuple):
    """How a table is written.

    Attributes:
        delimiter: what stands between values.
        stop: finds the end of a value that is not quoted.
        quote: finds what may close a quoted value.
        value: finds the values of a row that ends in a delimiter: quoted, what follows the quotes, not quoted.
        escapes: whether a backslash, rather than a second quote, keeps a quote from closing.
        encoding: of the text.
    """

    delimiter: str
    stop: re.Pattern[bytes]
    quote: re.Pattern[bytes]
    value: re.Pattern[str]
    escapes: bool
    encoding: str


def read_table(source: Source, place: Place, reading: Reading) -> Iterator[Record]:
    """One record per row below the header; its range is the row, line feeds inside quotes included, without its last.

    A row that has not as many values as the header names, or whose quotes do not close, is refused as ``broken_csv``: its
    values would stand under wrong names. A header that names no column of text costs the whole file (``no_text``).
    """
    if source.peek(3) == b"\xef\xbb\xbf":
        source.skip(3)
    if separator := _SEPARATOR_LINE.match(source.peek(8)):
        source.skip(separator.end())
    dialect = _dialect(source.peek(_SAMPLE), separator.group(1).decode() if separator else None, reading)
    if dialect is None:
        yield error_record(place, source.rest(), "undecodable", "no character encoding explains the bytes")
        return
    rows = _Rows(source, dialect)
    header: list[str] | None = None
    while span := rows.next():
        if span.damage is not None:
            yield error_record(place, span, span.damage.reason, span.damage.detail)
            continue
        if span.data is None:
            yield error_record(place, span, "too_large", f"a row of {span.end - span.start} bytes")
            continue
        if not span.data or span.data.isspace():
            continue
        found = _decoded(span.data, dialect.encoding, reading)
        if found is None:
            yield error_record(place, span, "undecodable", "no character encoding explains the bytes")
            continue
        text, encoding = found
        values = _values(text.removesuffix("\r"), dialect)
        if header is None:
            header = [value.strip() for value in values]
            if not names_text(header, reading):
                detail = f"no column is known to hold a text; the first row is {valid(', '.join(header))[:300]}"
                yield error_record(place, rows.rest(), "no_text", detail)
                return
            continue
        while len(values) > len(header) and not values[-1]:
            values.pop()
        if len(values) != len(header):
            detail = f"{len(values)} values where the header names {len(header)} columns"
            yield error_record(place, rows.only_first_line() or span, "broken_csv", detail)
            continue
        fields = dict(zip(header, map(_cell, values), strict=True))
        yield row_record(fields, place, span, reading, encoding)


def _dialect(sample: bytes, delimiter: str | None, reading: Reading) -> _Dialect | None:
    found = decode(sample[: sample.rfind(b"\n") + 1] or sample, reading.encoding, is_html=False)
    if found is None:
        return None
    if delimiter is None:
        first_line = re.sub(r'"[^"]*"', "", found[0].lstrip().partition("\n")[0])
        delimiter = max(_DELIMITERS, key=first_line.count)
    escapes = len(_ESCAPED.findall(sample)) > len(_DOUBLED.findall(sample))
    quoted = r'"((?:[^"\\]++|\\.)*+)"' if escapes else r'"((?:[^"]++|"")*+)"'
    apart = re.escape(delimiter)
    return _Dialect(
        delimiter,
        re.compile(rf"[{apart}\n]".encode()),
        re.compile(rb'["\\]' if escapes else b'"'),
        re.compile(rf"(?:{quoted})?+([^{apart}]*+){apart}", re.DOTALL),
        escapes,
        found[1],
    )


_START, _PLAIN, _QUOTED, _CLOSING, _ESCAPING = range(5)


class _Rows:
    """Cuts a stream at the line feeds that stand outside quotes, as ``csv`` of the standard library does.

    A quote that opens by mistake may swallow the rows behind it up to the next one: ``only_first_line`` goes back to
    the second line of such a row, as long as all going back costs no more than a few readings of the file.
    """

    def __init__(self, source: Source, dialect: _Dialect) -> None:
        self._source = source
        self._dialect = dialect
        self._buffer = b""
        self._offset = source.position  # of the buffer's first byte in the stream
        self._row = self._next = 0  # where in the buffer the last row given begins, and the one to come
        self._scanned_again = 0
        self._damage: Damaged | None = None
        self._is_over = False

    def next(self) -> Span | None:
        """The next row without the line feed that ends it, with the damage that broke it off; None at the end."""
        blank = _LINE_ENDS.match(self._buffer, self._next)
        self._row = at = blank.end() if blank else self._next
        state = _START
        while True:
            end, at, state = _row_end(self._buffer, at, state, self._dialect)
            if end >= 0:
                return self._taken(end, end + 1)
            if len(self._buffer) - self._row > MAX_PAGE_BYTES:
                return self.only_first_line("a quote is not closed") or self._oversized(state)
            had = self._row
            if not self._more():
                break
            at -= had - self._row
        size = len(self._buffer)
        if state in (_QUOTED, _ESCAPING) and not self._damage:
            detail = "a quote is not closed"
            return self.only_first_line(detail) or self._taken(size, size, Damaged("broken_csv", detail))
        damage, self._damage = self._damage, None
        return self._taken(size, size, damage) if size > self._row or damage else None

    def only_first_line(self, unclosed: str | None = None) -> Span | None:
        """Goes back to the second line of the row looked at and gives its first; None where that is not possible.

        Args:
            unclosed: what is wrong with a row whose end was not found; None for the row given last.
        """
        limit = self._next if unclosed is None else len(self._buffer)
        end = self._buffer.find(b"\n", self._row, limit - 1)
        if end < 0 or self._scanned_again + limit - end > _FREE_RESCANS + 4 * (self._offset + end):
            return None
        self._scanned_again += limit - end
        return self._taken(end, end + 1, Damaged("broken_csv", unclosed) if unclosed else None)

    def rest(self) -> Span:
        """The last row given and everything behind it, hashed but not held."""
        return self._source.rest(self._buffer[self._row :])

    def _taken(self, end: int, following: int, damage: Damaged | None = None) -> Span:
        self._next = following
        held = Held(self._offset + self._row)
        held.add(self._buffer[self._row : end])
        return held.span(damage)

    def _more(self) -> bool:
        """Reads on behind the row that is being looked at, letting go of what lies before it."""
        if self._is_over:
            return False
        try:
            piece = self._source.read(BLOCK)
        except Damaged as damage:
            self._damage, self._is_over = damage, True
            return False
        self._buffer = self._buffer[self._row :] + piece
        self._offset += self._row
        self._row = 0
        return bool(piece)

    def _oversized(self, state: int) -> Span:
        """The rest of a row too large to be held."""
        held = Held(self._offset + self._row, limit=0)
        held.add(self._buffer[self._row :])
        self._offset += len(self._buffer)
        self._buffer, self._row, self._next = b"", 0, 0
        try:
            while piece := self._source.read(BLOCK):
                end, _, state = _row_end(piece, 0, state, self._dialect)
                if end >= 0:
                    held.add(piece[:end])
                    self._buffer, self._next = piece, end + 1
                    break
                held.add(piece)
                self._offset += len(piece)
        except Damaged as damage:
            self._is_over = True
            return held.span(damage)
        return held.span()


def _row_end(data: bytes, at: int, state: int, dialect: _Dialect) -> tuple[int, int, int]:
    """Looks for the line feed that ends a row: where it stands or -1, how far was looked, and in which state."""
    size = len(data)
    if state == _START:
        end = data.find(b"\n", at)
        if end >= 0 and data.find(b'"', at, end) < 0:
            return end, end, state
    delimiter = ord(dialect.delimiter)
    while at < size:
        if state == _PLAIN:
            stop = dialect.stop.search(data, at)
            if stop is None:
                return -1, size, state
            at = stop.end()
            if data[at - 1] == 0x0A:
                return at - 1, at, state
            state = _START
        elif state == _QUOTED:
            quote = dialect.quote.search(data, at)
            if quote is None:
                return -1, size, state
            at = quote.end()
            state = _CLOSING if data[at - 1] == 0x22 else _ESCAPING
        elif state == _ESCAPING or (data[at] == 0x22 and (state == _START or not dialect.escapes)):
            at, state = at + 1, _QUOTED
        elif state == _CLOSING and data[at] == delimiter:
            at, state = at + 1, _START
        else:
            state = _PLAIN
    return -1, size, state


def _decoded(data: bytes, encoding: str, reading: Reading) -> tuple[str, str] | None:
    """A row in the encoding of its table, or in one of its own where that does not explain it."""
    try:
        return data.decode(encoding), encoding
    except UnicodeDecodeError:
        return decode(data, reading.encoding, is_html=False)


def _values(row: str, dialect: _Dialect) -> list[str]:
    if '"' not in row:
        return row.split(dialect.delimiter)
    return [_unescaped(quoted, dialect) + plain for quoted, plain in dialect.value.findall(row + dialect.delimiter)]


def _unescaped(quoted: str, dialect: _Dialect) -> str:
    if dialect.escapes:
        if quoted == r"\N":  # no value
            return ""
        return re.sub(
            r"\\(.)", lambda found: "\n" if found.group(1) == "n" else found.group(1), quoted, flags=re.DOTALL
        )
    return quoted.replace('""', '"')


def _cell(value: str) -> object:
    """A value, or None where it says that there is none; a list that was written as Python or JSON writes lists is one."""
    if len(value) < 8 and value.strip().casefold() in _NOTHING:
        return None
    if value[:1] == "[" and value[-1:] == "]" and len(value) < _MAX_LIST:
        for read in (json.loads, ast.literal_eval):
            try:
                found = read(value)
            except (ValueError, SyntaxError, RecursionError, MemoryError):
                continue
            if isinstance(found, list) and all(isinstance(item, str) for item in found):
                return found
    return value
