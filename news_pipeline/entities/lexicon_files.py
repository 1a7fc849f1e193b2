"""Reads files of names in the formats they are published in: a stream of bytes in, names and refusals out.

- ``paranames``: ParaNames (Sälevä and Lignos), tab-separated ``wikidata_id, eng, label, language, type``.
- ``jrc-names``: the ``entities`` file of JRC-Names, tab-separated number, type (P, O, T; U unknown), language (``u``: any),
  name with ``+`` for spaces.
- ``sparql``: results of a Wikidata query as CSV, TSV or JSON: a column with the item, columns of labels and aliases, one
  of the type or class.
- ``wikidata-json``: entities of a Wikidata dump, one a line, as dumped or simplified (``labels``, ``aliases``, claim
  ``P31``). The classes that are read as PER, LOC or ORG stand in ``data/wikidata_classes.tsv``.

Compressed files (gzip, zstd, bzip2, xz) are inflated on the way. Memory is bounded by the longest line or JSON object.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

from news_pipeline.dumps.streams import BLOCK, Inflated, Source

FORMATS = ("paranames", "jrc-names", "sparql", "wikidata-json")
SOURCES = {"paranames": "paranames", "jrc-names": "jrc-names", "sparql": "wikidata", "wikidata-json": "wikidata"}
"""What an imported file is called unless its owner says otherwise."""

_PEEKED = 1 << 16
_LONGEST_LINE = 16 << 20  # the largest entities of Wikidata take some megabytes
_MAGIC = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd", b"BZh": "bz2", b"\xfd7zXZ\0": "xz"}
_ITEM = re.compile(r"(?:<?https?://www\.wikidata\.org/(?:entity|wiki)/|wd:)?(Q[1-9]\d*)>?")
_TYPE_COLUMNS = frozenset({"type", "typelabel", "class", "classlabel", "instance", "instancelabel", "kind", "p31"})
_ALIASES = re.compile(r"alias|altlabel|alternative|also_known")
_NAMES = re.compile(r"label|name|alias|alternative|also_known|^(?:ar|arz|ary|en|eng|english|arabic)$")
_LANGUAGE = re.compile(
    r"(?:_|-|^)(ar|arz|ary|en|eng|fa|ur|ckb|ku|ps|arabic|english)$|(?:label|name|alias|aliases)(ar|en)$"
)
ARABIC = r"[\u0620-\u064a\u066e-\u06d3\u06d5\u06ee-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]"
"""A letter of the Arabic script."""
_ARABIC = re.compile(ARABIC)
_LITERAL = re.compile(r'"(.*)"(?:@([\w-]+)|\^\^\S+)?', re.DOTALL)
_TYPES = {
    **dict.fromkeys(("PER", "PERSON", "HUMAN", "P"), "PER"),
    **dict.fromkeys(("LOC", "LOCATION", "PLACE", "GPE", "T"), "LOC"),
    **dict.fromkeys(("ORG", "ORGANIZATION", "ORGANISATION", "O"), "ORG"),
}
RESOLVED = {"LOC-ORG": "LOC", "LOC-PER": "PER", "ORG-PER": "ORG", "LOC-ORG-PER": "ORG"}
"""The one type of an entity that a source gives several; the rules are those of ParaNames."""


class Name(NamedTuple):
    """A name of an entity: its id in the source, type, name as written, language code, and whether it is an alias."""

    ref: str
    type: str
    text: str
    language: str
    is_alias: bool = False


class Refused(NamedTuple):
    """A line or name that is not taken, and why."""

    reason: str


Read = Iterator[Name | Refused]


def has_arabic(text: str) -> bool:
    """Whether a text has a letter of the Arabic script."""
    return _ARABIC.search(text) is not None


def open_names(source: Source) -> Source:
    """The bytes of a file of names, inflated where it is compressed."""
    head = source.peek(6)
    kind = next((kind for magic, kind in _MAGIC.items() if head.startswith(magic)), None)
    return Source(Inflated(source, kind)) if kind else source


def recognise_format(source: Source) -> str | None:
    """The format of a file of names by its first lines; None where it is none of those known."""
    head = source.peek(_PEEKED).decode("utf-8", "replace").removeprefix("\ufeff").lstrip()
    line = head.split("\n", 1)[0].rstrip("\r")
    cells = line.split("\t")
    if head.startswith(("{", "[")):
        return "wikidata-json" if '"bindings"' not in head and '"labels"' in head else "sparql"
    if _is_paranames_header(cells) or (len(cells) == 5 and _item(cells[0]) and cells[4] in ("PER", "LOC", "ORG")):
        return "paranames"
    if len(cells) == 4 and cells[0].isdigit() and cells[1] in ("P", "O", "T", "U"):
        return "jrc-names"
    columns = _columns(line)
    if len(columns) > 1 and any(_NAMES.search(column) for column in columns):
        return "sparql"
    return None


def read_names(source: Source, format_: str) -> Read:
    """Every name of a file, in order, and what is refused before it is looked at as a name.

    Raises:
        Damaged: the file breaks off or cannot be inflated.
    """
    if format_ == "paranames":
        return _read_paranames(_lines(source))
    if format_ == "jrc-names":
        return _read_jrc(_lines(source))
    if format_ == "wikidata-json":
        return _read_entities(_lines(source))
    if source.peek(_PEEKED).removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"["):
        return _read_bindings(source)
    return _read_table(_lines(source))


def _lines(source: Source) -> Iterator[str | Refused]:
    """The lines of a stream that hold anything; one too long to be held is passed over."""
    parts: list[bytes] = []
    held = 0
    while block := source.read(BLOCK):
        *ended, rest = block.split(b"\n")
        for end in ended:
            yield from _line(parts, end, held + len(end))
            parts, held = [], 0
        held += len(rest)
        if held <= _LONGEST_LINE:
            parts.append(rest)
    yield from _line(parts, b"", held)


def _line(parts: list[bytes], end: bytes, size: int) -> Iterator[str | Refused]:
    if size > _LONGEST_LINE:
        yield Refused("line_too_long")
        return
    try:
        line = b"".join([*parts, end]).decode("utf-8").removeprefix("\ufeff").rstrip("\r")
    except UnicodeDecodeError:
        yield Refused("not_utf8")
        return
    if line.strip():
        yield line


def _read_paranames(lines: Iterable[str | Refused]) -> Read:
    for line in lines:
        if isinstance(line, Refused):
            yield line
            continue
        if not has_arabic(line):  # nearly all of its 140 million lines
            if not _is_paranames_header(line.split("\t")):
                yield Refused("other_script")
            continue
        cells = [_unquoted(cell) for cell in line.split("\t")]
        ref = _item(cells[0])
        if len(cells) != 5 or ref is None:
            yield Refused("bad_line")
            continue
        type_ = _TYPES.get(cells[4])
        if type_ is None:
            yield Refused("other_type")
            continue
        yield Name(ref, type_, cells[2], cells[3])
        if cells[1] and has_arabic(cells[2]):
            yield Name(ref, type_, cells[1], "en")


def _is_paranames_header(cells: list[str]) -> bool:
    return cells[:5] == ["wikidata_id", "eng", "label", "language", "type"]


def _read_jrc(lines: Iterable[str | Refused]) -> Read:
    for line in lines:
        if isinstance(line, Refused):
            yield line
            continue
        cells = line.split("\t")
        if len(cells) != 4 or not cells[0].isdigit():
            yield Refused("bad_line")
        elif cells[1] not in ("P", "O", "T"):
            yield Refused("other_type")
        else:
            yield Name(f"jrc-names:{int(cells[0])}", _TYPES[cells[1]], cells[3].replace("+", " "), cells[2])


def _read_entities(lines: Iterable[str | Refused]) -> Read:
    for line in lines:
        if isinstance(line, Refused):
            yield line
            continue
        text = line.strip().rstrip(",")
        if text in ("[", "]"):
            continue
        try:
            yield from _entity(json.loads(text))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            yield Refused("bad_line")


def _entity(entity: dict[str, Any]) -> Read:
    ref = _item(entity["id"])
    if ref is None:  # a property or a lexeme
        yield Refused("other_type")
        return
    classes = [_class_id(claim) for claim in entity.get("claims", {}).get("P31", ())]
    types = sorted({_classes()[c] for c in classes if c in _classes()})
    if not types:
        yield Refused("other_type")
        return
    type_ = RESOLVED.get("-".join(types), types[0])
    names = [
        Name(ref, type_, value["value"] if isinstance(value, dict) else value, language, is_alias)
        for is_alias, named in ((False, entity.get("labels") or {}), (True, entity.get("aliases") or {}))
        for language, values in named.items()
        for value in (values if isinstance(values, list) else [values])
    ]
    if any(has_arabic(name.text) for name in names):
        yield from (name for name in names if has_arabic(name.text) or name.language == "en")
    else:
        yield Refused("no_arabic_name")


def _class_id(claim: Any) -> str | None:
    if isinstance(claim, str):
        return claim
    value = claim.get("mainsnak", {}).get("datavalue", {}).get("value", {})
    return value.get("id") or f"Q{value.get('numeric-id')}"


def _read_table(lines: Iterator[str | Refused]) -> Read:
    header = next(lines, "")
    if isinstance(header, Refused):
        yield header
        return
    columns = _columns(header)
    tab = "\t" in header
    for line in lines:
        if isinstance(line, Refused):
            yield line
            continue
        cells = line.split("\t") if tab else _csv_cells(line)
        if len(cells) != len(columns):
            yield Refused("bad_line")
            continue
        yield from _row([(column, *_literal(cell)) for column, cell in zip(columns, cells, strict=True)])


def _columns(header: str) -> list[str]:
    cells = header.split("\t") if "\t" in header else _csv_cells(header)
    return [_unquoted(cell).strip().lstrip("?").lower() for cell in cells]


def _csv_cells(line: str) -> list[str]:
    try:
        return next(csv.reader([line], strict=True), [])
    except csv.Error:
        return []


def _read_bindings(source: Source) -> Read:
    """Results as JSON: the bindings of the standard, or the plain rows that the query page offers for download."""
    for found in _json_rows(source):
        if isinstance(found, Refused):
            yield found
            continue
        cells: list[tuple[str, str, str]] = []
        for column, value in found.items():
            if isinstance(value, dict):
                cells.append((column.lower(), str(value.get("value", "")), str(value.get("xml:lang", ""))))
            else:
                cells.append((column.lower(), str(value), ""))
        yield from _row(cells)


def _json_rows(source: Source) -> Iterator[dict[str, Any] | Refused]:
    """The objects of the array of results, one at a time, however the text is laid out."""
    decoder = json.JSONDecoder()
    text = ""
    begun = False
    at_end = False
    while True:
        block = b"" if at_end else source.read(BLOCK)
        at_end = not block
        # A character cut by the block's end is completed from what follows.
        while block and (block[-1] & 0xC0 == 0x80 or block[-1] >= 0xC0) and (more := source.read(1)):
            block += more
        text += block.decode("utf-8", "replace")
        if not begun:
            text = text.removeprefix("\ufeff").lstrip()
            opened = re.search(r'"bindings"\s*:\s*\[', text) if text.startswith("{") else re.match(r"\[", text)
            if opened is None:
                if at_end or len(text) > _LONGEST_LINE:
                    yield Refused("bad_line")
                    return
                continue
            begun, text = True, text[opened.end() :]
        while (rest := text.lstrip().removeprefix(",").lstrip()).startswith("{"):
            try:
                row, end = decoder.raw_decode(rest)
            except (ValueError, RecursionError):
                break
            yield row
            text = rest[end:]
        if rest.startswith("]"):
            return
        if at_end or len(rest) > _LONGEST_LINE:  # broken JSON: where the next row begins cannot be told
            yield Refused("bad_line")
            return
        text = rest


def _row(cells: list[tuple[str, str, str]]) -> Read:
    """The names of one result: cells as (column, value, language)."""
    named = [(column, value, language) for column, value, language in cells if value]
    ref = next((item for column, value, _ in named if column not in _TYPE_COLUMNS and (item := _item(value))), None)
    if ref is None:
        yield Refused("bad_line")
        return
    given = [value for column, value, _ in named if column in _TYPE_COLUMNS]
    types = sorted({type_ for value in given if (type_ := _type_of(value))})
    if not types:
        yield Refused("other_type" if given else "no_type")
        return
    type_ = RESOLVED.get("-".join(types), types[0])
    names = []
    for column, value, language in named:
        if column in _TYPE_COLUMNS or "description" in column or not _NAMES.search(column) or _item(value):
            continue
        is_alias = bool(_ALIASES.search(column))
        # Where aliases share a cell: | is usual, and Wikidata's label service parts them by a comma.
        values = re.split(r"\s*\|\s*" if "|" in value else r",\s+", value) if is_alias else [value]
        names += [Name(ref, type_, text, language or _language_of(column, text), is_alias) for text in values]
    yield from names


def _language_of(column: str, text: str) -> str:
    """The language that a column's name tells, else the usual one of the script."""
    told = _LANGUAGE.search(column)
    code = next(group for group in told.groups() if group) if told else ("en" if text.isascii() else "ar")
    return {"eng": "en", "english": "en", "arabic": "ar"}.get(code, code)


def _type_of(value: str) -> str | None:
    item = _item(value)
    return _classes().get(item or value.lower()) or _TYPES.get(value.upper())


def _item(value: str) -> str | None:
    match = _ITEM.fullmatch(value)
    return match[1] if match else None


def _literal(cell: str) -> tuple[str, str]:
    """A cell of SPARQL's TSV (``"باريس"@ar``) as its text and language; a plain one as it is."""
    match = _LITERAL.fullmatch(cell) if cell.startswith('"') else None
    if match is None:
        return cell.strip(), ""
    return match[1].replace('""', '"').replace('\\"', '"').strip(), match[2] or ""


def _unquoted(cell: str) -> str:
    return _literal(cell)[0]


@cache
def _classes() -> dict[str, str]:
    """Type by a class's id and by its English label."""
    path = resources.files("news_pipeline.entities").joinpath("data/wikidata_classes.tsv")
    _, *lines = path.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines]
    return {name: type_ for class_id, type_, label in rows for name in (class_id, label)}
