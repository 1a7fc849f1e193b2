"""Pages out of JSON: one object per line, an array of objects, or objects one after the other."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from news_pipeline.dumps import metadata
from news_pipeline.dumps.records import Damaged, Held, Place, Record, Span, error_record
from news_pipeline.dumps.streams import BLOCK, Source

_SPACE = b" \t\r\n"
_SPACES = re.compile(rb"[ \t\r\n]*")
_TOKEN = re.compile(rb'["\[\]{},]')
_STRING_REST = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)


def read_lines(source: Source, place: Place) -> Iterator[Record]:
    """One record per line that is not blank; its range is the line without its line feed."""
    for span in _lines(source):
        record = _record(span, place)
        if record is not None:
            yield record


def read_document(source: Source, place: Place) -> Iterator[Record]:
    """One record per object of an array, or per object where several stand one after the other."""
    for span in _values(source):
        record = _record(span, place)
        if record is not None:
            yield record


def _lines(source: Source) -> Iterator[Span]:
    held = Held(0)
    try:
        while piece := source.read(BLOCK):
            at = 0
            while (end := piece.find(b"\n", at)) >= 0:
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


def _values(source: Source) -> Iterator[Span]:
    """Cuts a document at the commas of its outermost array, or behind each outermost object, whatever lies in it."""
    if source.peek(3) == b"\xef\xbb\xbf":
        source.skip(3)
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


def _record(span: Span, place: Place) -> Record | None:
    if span.damage is not None:
        return error_record(place, span, span.damage.reason, span.damage.detail)
    if span.data is None:
        return error_record(place, span, "too_large", f"{span.end - span.start} bytes")
    data = span.data.removeprefix(b"\xef\xbb\xbf") if span.start == 0 else span.data
    if not data.strip():
        return None
    try:
        fields = json.loads(data)
    except (ValueError, RecursionError) as error:
        return error_record(place, span, "broken_json", str(error))
    if not isinstance(fields, dict):
        return error_record(place, span, "not_an_object", f"the value is a {type(fields).__name__}")
    found = metadata.page_text(fields)
    if found is None:
        return error_record(
            place,
            span,
            "no_text",
            "no field holds a text; the object has " + ", ".join(sorted(metadata.valid(name) for name in fields))[:300],
        )
    text, media_type = found
    return Record(
        place.file,
        place.member,
        span.start,
        span.end,
        span.sha256,
        data=text.encode(),
        media_type=media_type,
        encoding="utf-8",
        url=metadata.url(fields),
        fetched_at=metadata.fetched_at(fields),
        metadata=metadata.from_fields(fields),
    )
