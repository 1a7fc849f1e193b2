"""Pages out of JSON: one object per line, an array of objects, objects one after the other, or lists within an object."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator

from news_pipeline.dumps import metadata
from news_pipeline.dumps.charsets import decode
from news_pipeline.dumps.records import MAX_PAGE_BYTES, Damaged, Held, Place, Record, Span, error_record
from news_pipeline.dumps.rows import row_record, unwrapped
from news_pipeline.dumps.sidecar import Reading
from news_pipeline.dumps.streams import BLOCK, Source

_SPACE = b" \t\r\n"
_SPACES = re.compile(rb"[ \t\r\n]*")
_LINE_ENDS = re.compile(rb"[\r\n]+")
_TOKEN = re.compile(rb'["\[\]{},]')
_STRING_REST = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)
_NAME = re.compile(rb'[ \t\r\n,{}]*+"[^"\\]*+(?:\\.[^"\\]*+)*+"[ \t\r\n]*:[ \t\r\n]*', re.DOTALL)
_SCALAR = re.compile(rb"[^,\[\]{}]*+")
_NESTING = re.compile(rb'["\[\]{}]')
_ELEMENTS_LOOKED_AT = 3


def read_lines(source: Source, place: Place, reading: Reading) -> Iterator[Record]:
    """One record per line that is not blank; its range is the line without its line feed.

    A line whose object has no text but a list of objects that have, as the reply of a search engine or a news API, gives
    one record per object of the list.
    """
    for span in lines(source):
        yield from _records(span, place, reading)


def read_document(source: Source, place: Place, reading: Reading) -> Iterator[Record]:
    """One record per object of an array, or per object where several stand one after the other.

    An object that has no text but lists of objects that have gives one record per object of the lists.
    """
    if source.peek(3) == b"\xef\xbb\xbf":
        source.skip(3)
    head = source.peek(64).lstrip()
    is_long = head.startswith(b"{") and len(source.peek(MAX_PAGE_BYTES + 1)) > MAX_PAGE_BYTES
    if is_long and _page_list(source.peek(MAX_PAGE_BYTES), reading) is not None:
        yield from _listed(source, place, reading)
        return
    for span in _values(source):
        yield from _records(span, place, reading)


def lines(source: Source) -> Iterator[Span]:
    """The lines of a stream that are not empty, without their line feeds."""
    held = Held(0)
    try:
        while piece := source.read(BLOCK):
            at = 0
            while (end := piece.find(b"\n", at)) >= 0:
                if not held.size and (blank := _LINE_ENDS.match(piece, at)):
                    held = Held(held.start + blank.end() - at)
                    at = blank.end()
                    continue
                held.add(piece[at:end])
                yield held.span()
                held = Held(held.start + held.size + 1)
                at = end + 1
            if at < len(piece):
                held.add(piece[at:])
    except Damaged as damage:
        yield held.span(damage)
        return
    if held.size:
        yield held.span()


def _values(source: Source, *, one_array: bool = False) -> Iterator[Span]:
    """Cuts a document at the commas of its outermost array, or behind each outermost object, whatever lies in it.

    With ``one_array`` the source is left standing behind the array that it begins with.
    """
    outermost = depth = 0
    in_string = escaped = False
    held: Held | None = None
    opened = False
    base = source.position
    try:
        while piece := source.read(BLOCK):
            at = taken = 0
            while at < len(piece):
                if escaped:
                    escaped = False
                    at += 1
                    continue
                if in_string:
                    match = _STRING_REST.match(piece, at)
                    at = match.end() if match else at
                    if at < len(piece):
                        in_string = piece[at : at + 1] != b'"'
                        escaped = in_string
                        at += 1
                    continue
                if held is None:
                    match = _SPACES.match(piece, at)
                    at = taken = match.end() if match else at
                    if at == len(piece):
                        break
                    if not opened:
                        opened = True
                        if piece[at : at + 1] == b"[":
                            outermost = depth = 1
                            at += 1
                            continue
                    if not (outermost and depth == 1 and piece[at : at + 1] in b",]"):
                        held = Held(base + at)
                token = _TOKEN.search(piece, at)
                if token is None:
                    at = len(piece)
                    break
                char = token.group()
                end = at = token.end()
                if char == b'"':
                    in_string = True
                    continue
                if char in b"[{":
                    depth += 1
                    continue
                if char in b"]}":
                    depth -= 1
                    if depth < outermost:  # the array is closed; what follows stands outside it
                        outermost = depth = 0
                        end -= 1
                        if one_array:
                            if held is not None:
                                held.add(piece[taken:end])
                                yield _trimmed(held.span())
                            source.unread(piece[at:])
                            return
                    elif outermost or depth > 0:
                        continue
                    depth = max(depth, 0)
                elif depth != outermost or not outermost:
                    continue
                else:
                    end -= 1
                if held is not None:
                    held.add(piece[taken:end])
                    yield _trimmed(held.span())
                    held = None
                taken = at
            if held is not None:
                held.add(piece[taken:])
            base += len(piece)
    except Damaged as damage:
        yield (held or Held(base)).span(damage)
        return
    if held is not None:
        yield _trimmed(held.span())
    if outermost and (held is None or (depth == outermost and not in_string)):  # else the broken last value tells it
        unclosed = Damaged("broken_json", "the array is not closed: the file ends too early")
        yield Held(source.position).span(unclosed)


def _trimmed(span: Span) -> Span:
    if span.data is None or not span.data.endswith((b" ", b"\t", b"\r", b"\n")):
        return span
    held = Held(span.start)
    held.add(span.data.rstrip(_SPACE))
    return held.span()


def _records(span: Span, place: Place, reading: Reading) -> Iterator[Record]:
    if span.damage is not None:
        yield error_record(place, span, span.damage.reason, span.damage.detail)
        return
    if span.data is None:
        yield error_record(place, span, "too_large", f"{span.end - span.start} bytes")
        return
    data = span.data.removeprefix(b"\xef\xbb\xbf") if span.start == 0 else span.data
    if not data or data.isspace():
        return
    try:
        fields, encoding = _loaded(data, reading.encoding)
    except (ValueError, RecursionError) as error:
        yield error_record(place, span, "broken_json", str(error))
        return
    if not isinstance(fields, dict):
        yield error_record(place, span, "not_an_object", f"the value is a {type(fields).__name__}")
        return
    record = row_record(fields, place, span, reading, encoding)
    if record.error is not None and _page_list(data, reading) is not None:
        inner = Source(io.BytesIO(data))
        inner.position = span.end - len(data)
        yield from _listed(inner, place, reading)
    else:
        yield record


def _loaded(data: bytes, declared: str | None) -> tuple[object, str]:
    """The value, and the encoding it was read with: UTF-8 but for dumps that break the rule."""
    try:
        return json.loads(data), "utf-8"
    except UnicodeDecodeError:
        found = decode(data, declared, is_html=False)
        if found is None:
            raise
        return json.loads(found[0]), found[1]


def _listed(source: Source, place: Place, reading: Reading) -> Iterator[Record]:
    """The pages in the lists of a document, of those lists that hold pages."""
    while (at := _page_list(source.peek(MAX_PAGE_BYTES), reading)) is not None:
        source.skip(at)
        for span in _values(source, one_array=True):
            yield from _records(span, place, reading)
    if source.skip(MAX_PAGE_BYTES) == MAX_PAGE_BYTES and source.peek(1):
        yield error_record(place, source.rest(), "unsupported_format", "no list of pages follows in this document")


def _page_list(data: bytes, reading: Reading) -> int | None:
    """Where the first list of pages begins in a document that is an object, or in what is left of one.

    It lies in the object or in objects within it, and one of its first objects has a text or a title with an address.
    Where the document's own text comes before it, or none is found, the answer is None.
    """
    at = 0
    while found := _NAME.match(data, at):
        name, start, at = found.group(), at, found.end()
        opening = data[at : at + 1]
        if opening == b"{":
            continue
        if opening == b"[":
            if _holds_pages(data, at + 1, reading):
                return at
        elif opening == b'"' and data[at : at + 2] != b'""' and _is_text_name(name, reading, is_first=start == 0):
            return None
        end = _value_end(data, at)
        if end is None:
            return None
        at = end
    return None


def _is_text_name(member: bytes, reading: Reading, *, is_first: bool) -> bool:
    """Whether a name with the signs before it means the text of the outermost object: it follows no brace, or the first."""
    before, _, name = member.partition(b'"')
    is_outermost = not before.strip(_SPACE + b",") or is_first
    return is_outermost and metadata.field_key(name.decode("utf-8", "replace")) in reading.names["text"]


def _holds_pages(data: bytes, at: int, reading: Reading) -> bool:
    for _ in range(_ELEMENTS_LOOKED_AT):
        match = _SPACES.match(data, at)
        at = match.end() if match else at
        end = _value_end(data, at) if data[at : at + 1] == b"{" else None
        if end is None:
            return False
        try:
            element = json.loads(data[at:end])
        except (ValueError, RecursionError):
            return False
        row = unwrapped(element, reading.names)
        named = (metadata.first_text(row, reading.names[name]) for name in ("title", "url"))
        if metadata.page_text(row, reading.names) or all(named):
            return True
        comma = re.compile(rb"[ \t\r\n]*,").match(data, end)
        if comma is None:
            return False
        at = comma.end()
    return False


def _value_end(data: bytes, at: int) -> int | None:
    """The end of the JSON value that begins at ``at``; None where it breaks off."""
    opening = data[at : at + 1]
    if opening not in (b'"', b"{", b"["):
        match = _SCALAR.match(data, at)
        return match.end() if match and match.end() > at else None
    depth = 0
    while found := _NESTING.search(data, at):
        char, at = found.group(), found.end()
        if char == b'"':
            rest = _STRING_REST.match(data, at)
            at = (rest.end() if rest else at) + 1
            if at > len(data):
                return None
        else:
            depth += 1 if char in b"[{" else -1
        if depth == 0:
            return at
    return None
