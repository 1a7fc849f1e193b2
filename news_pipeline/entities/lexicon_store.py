"""The names an operator imports, as they are kept: one Parquet file a source, ``data/lexicon/<source>.parquet``.

A file is whole or absent and its bytes are a function of the imported one; one row an entity, names as written. What cannot be
a name in a text is refused here, with a reason. What the names of all sources mean is decided in ``lexicon_index.py``.
"""

from __future__ import annotations

import re
import shutil
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from news_pipeline.dumps.streams import CountedFile, Source
from news_pipeline.entities.lexicon import local_id, name_key
from news_pipeline.entities.lexicon_files import (
    ARABIC,
    RESOLVED,
    SOURCES,
    Name,
    Refused,
    has_arabic,
    open_names,
    read_names,
    recognise_format,
)
from news_pipeline.locks import held
from news_pipeline.storage import digest, file_digest, remove_leftovers

IMPORT_VERSION = "1"
"""Version of the rules here and in ``lexicon_index.py``; stands in the fingerprint of whatever is made with imported names."""

ENTITIES = pa.schema(
    [
        pa.field("entity_id", pa.string(), nullable=False, metadata={"description": "Wikidata's Q…, else local:<hash>."}),
        pa.field("type", pa.string(), nullable=False, metadata={"description": "PER, LOC or ORG."}),
        pa.field("label_ar", pa.string(), nullable=False, metadata={"description": "The Arabic label, as written."}),
        pa.field("label_en", pa.string(), metadata={"description": "The English label; null where none is known."}),
        pa.field("names", pa.list_(pa.string()), nullable=False, metadata={"description": "Every Arabic name, label included."}),
    ]
)  # fmt: skip
"""The columns of an imported lexicon, ``data/lexicon/<source>.parquet``; ordered by entity_id, names by their key."""

LOCK = "lexicon"
"""The lock (``locks.py``) of whoever changes ``data/lexicon/``."""
BATCH = 100_000
"""Rows held in memory at a time."""

_LONGEST_NAME = 12
_ARABIC_LANGUAGES = frozenset(
    {"ar", "arz", "ary", "arq", "aeb", "apc", "ajp", "acm", "afb", "ars", "acx", "ayl", "apd", "acw"}
)
_OTHER_SCRIPT = re.compile(rf"(?!{ARABIC})[^\W\d_]")
_NOT_ARABIC_LETTER = re.compile(r"(?![ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيـ])[^\W\d_]")
_ABD_JOINED = re.compile(r"(?<!\S)عبدال")
_ROWS = pa.schema(
    [
        ("entity_id", pa.string()),
        ("type", pa.string()),
        ("text", pa.string()),
        ("key", pa.string()),  # null for an English label
        ("place", pa.int64()),  # lower is better: labels before aliases, Arabic before other languages, then as read
    ]
)
_ALIAS, _OTHER_LANGUAGE = 1 << 62, 1 << 61


@dataclass(frozen=True)
class Imported:
    """What stands in an imported lexicon: entities by type, and how many names they have."""

    source: str
    types: dict[str, int]
    names: int
    bytes: int


class NotImportedError(ValueError):
    """A file that cannot be imported, and why."""


def lexicon_dir(data: Path) -> Path:
    """The folder of imported lexicons."""
    return data / "lexicon"


def lexicon_path(data: Path, source: str) -> Path:
    """The Parquet file of one imported lexicon."""
    return lexicon_dir(data) / f"{source}.parquet"


def lexicon_paths(data: Path) -> list[Path]:
    """The Parquet files of all imported lexicons, by source."""
    return sorted(path for path in lexicon_dir(data).glob("*.parquet") if not path.name.startswith("."))


def list_lexicons(data: Path) -> list[Imported]:
    """What is imported, by source."""
    return [_summary(path) for path in lexicon_paths(data)]


def lexicon_fingerprint(data: Path) -> str:
    """Fingerprint of the content of all imported lexicons; empty where there is none."""
    contents = [
        f"{path.stem}={_content(path, stat.st_size, stat.st_mtime_ns)}"
        for path in lexicon_paths(data)
        for stat in (path.stat(),)
    ]
    return digest(IMPORT_VERSION, *contents) if contents else ""


@lru_cache(maxsize=64)
def _content(path: Path, size: int, modified: int) -> str:
    """The hash of a file's bytes, read again only when the file is another."""
    return file_digest(path)


def remove_lexicon(data: Path, source: str) -> bool:
    """Removes an imported lexicon; returns whether there was one."""
    with held(data, LOCK):
        path = lexicon_path(data, source)
        found = path in lexicon_paths(data)
        if found:
            path.unlink()
            remove_indexes(data, keep=None)
    return found


def remove_indexes(data: Path, keep: Path | None) -> None:
    """Removes the indexes (``lexicon_index.py``) but one; a worker that has one mapped goes on reading it."""
    for folder in lexicon_dir(data).glob(".index-*"):
        if folder != keep:
            shutil.rmtree(folder, ignore_errors=True)


def import_lexicon(
    data: Path,
    path: Path,
    format_: str | None = None,
    source: str | None = None,
    on_bytes: Callable[[int], None] = lambda _: None,
) -> tuple[Imported, dict[str, int]]:
    """Imports a file of names, replacing what was imported under the same source.

    Args:
        data: the data folder.
        path: the file, compressed or not.
        format_: its format; recognised from its content where left out.
        source: what to call it; the format's usual name where left out.
        on_bytes: told how many bytes of the file are read so far.

    Returns:
        What is kept, and the number of lines or names refused, by reason.

    Raises:
        NotImportedError: the format is not recognised, the source cannot be called so, or nothing is left to keep.
        Damaged: as ``read_names`` does. In any case what was imported before stays.
    """
    with path.open("rb") as handle:
        counted = CountedFile(handle)
        stream = open_names(Source(counted))
        found = format_ or recognise_format(stream)
        if found is None:
            raise NotImportedError(f"{path}: its format is not recognised; say it with --format ({', '.join(SOURCES)})")
        source = source or SOURCES[found]
        if source.startswith(".") or not source.replace("-", "").replace("_", "").replace(".", "").isalnum():
            raise NotImportedError(f"{source!r} is no name for a source: letters, digits, - and _ only")
        refused: Counter[str] = Counter()
        with held(data, LOCK):
            folder = lexicon_dir(data)
            folder.mkdir(parents=True, exist_ok=True)
            remove_leftovers(folder)
            rows, kept = (folder / f".{source}.{uuid.uuid4().hex}.{part}.tmp" for part in ("rows", "kept"))
            try:
                with pq.ParquetWriter(rows, _ROWS) as writer:
                    for batch in _batches(read_names(stream, found), refused):
                        writer.write_table(batch)
                        on_bytes(counted.count)
                if not _write_entities(rows, kept):
                    reasons = ", ".join(f"{reason}: {count:,}" for reason, count in sorted(refused.items()))
                    raise NotImportedError(
                        f"{path}: no Arabic name of a person, place or body in it ({reasons or 'empty'})"
                    )
                kept.replace(lexicon_path(data, source))
            finally:
                rows.unlink(missing_ok=True)
                kept.unlink(missing_ok=True)
            remove_indexes(data, keep=None)
    return _summary(lexicon_path(data, source)), refused


_Row = tuple[str, str, str, str | None, int]


def _batches(names: Iterable[Name | Refused], refused: Counter[str]) -> Iterator[pa.Table]:
    """The names to keep, in batches of rows; counts what is refused."""
    rows: list[_Row] = []
    for at, name in enumerate(names):
        row = name.reason if isinstance(name, Refused) else _row(name, at)
        if isinstance(row, str):
            refused[row] += 1
        else:
            rows.append(row)
        if len(rows) >= BATCH:
            yield _table(rows)
            rows = []
    yield _table(rows)


def _table(rows: list[_Row]) -> pa.Table:
    columns = zip(*rows, strict=True) if rows else [[]] * len(_ROWS)
    return pa.table([pa.array(column, field.type) for column, field in zip(columns, _ROWS, strict=True)], schema=_ROWS)


def _row(name: Name, at: int) -> _Row | str:
    """The row of a name to keep, or the reason to refuse it."""
    text = " ".join(name.text.split())
    if text.endswith((")", "）")):  # what tells namesakes apart is no part of the name
        text = text.rpartition("(")[0].rstrip() or text
    entity_id = name.ref if name.ref.startswith("Q") else local_id(name.type, name.ref)
    place = at + (_ALIAS if name.is_alias else 0)
    if not has_arabic(text):
        if name.language not in ("en", "u") or not text:
            return "other_script"
        return entity_id, name.type, text, None, place + (_OTHER_LANGUAGE if name.language == "u" else 0)
    if _OTHER_SCRIPT.search(text):
        return "mixed_script"
    if name.language not in _ARABIC_LANGUAGES:
        if _NOT_ARABIC_LETTER.search(text):
            return "letters_of_another_language"
        place += _OTHER_LANGUAGE
    if "،" in text or "," in text:  # a page's title (باريس، تكساس), not how the name stands in text
        return "holds_a_comma"
    key = compared_key(text)
    if not key or key.count(" ") >= _LONGEST_NAME:
        return "too_long" if key else "no_word"
    return entity_id, name.type, text, key, place


def compared_key(text: str) -> str:
    """The key by which imported names are compared: ``name_key`` with عبد apart."""
    return abd_apart(name_key(text))


def abd_apart(key: str) -> str:
    """A key with عبد written apart (``عبدالله`` → ``عبد الله``)."""
    return _ABD_JOINED.sub("عبد ال", key) if "عبدال" in key else key


ONE_TYPE = (
    "CASE string_agg(DISTINCT type, '-' ORDER BY type) "
    + " ".join(f"WHEN '{several}' THEN '{one}'" for several, one in RESOLVED.items())
    + " ELSE min(type) END"
)
"""SQL: the one type of an entity that its rows give several (``lexicon_files.RESOLVED``)."""
_GROUP = f"""
WITH entities AS (
    SELECT entity_id, {ONE_TYPE} AS type, arg_min(text, place) FILTER (key IS NULL) AS label_en
    FROM names GROUP BY entity_id
),
spelt AS (
    SELECT entity_id, key, arg_min(text, place) AS text, min(place) AS place
    FROM names WHERE key IS NOT NULL GROUP BY entity_id, key
),
named AS (
    SELECT entity_id, arg_min(text, place) AS label_ar, list(text ORDER BY key) AS names FROM spelt GROUP BY entity_id
)
SELECT entity_id, type, label_ar, label_en, names FROM entities JOIN named USING (entity_id) ORDER BY entity_id
"""


def _write_entities(rows: Path, target: Path) -> int:
    """Groups rows of names into entities, on disk where memory does not hold them; returns how many there are."""
    entities = 0
    with connect(target.parent) as connection, pq.ParquetWriter(target, ENTITIES, compression="zstd") as writer:
        connection.sql(f"CREATE VIEW names AS FROM read_parquet('{_quoted(rows)}')")
        # Batches of a size of our own: the bytes must not depend on how many threads DuckDB has.
        for batch in connection.sql(_GROUP).to_arrow_reader(BATCH):
            writer.write_table(pa.Table.from_batches([batch]).cast(ENTITIES))
            entities += batch.num_rows
    return entities


def connect(folder: Path) -> duckdb.DuckDBPyConnection:
    """A DuckDB of bounded memory, which spills into a folder what it cannot hold."""
    connection = duckdb.connect()
    connection.execute("SET memory_limit = '1GB'")
    connection.execute(f"SET temp_directory = '{_quoted(folder / '.spill')}'")
    return connection


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _summary(path: Path) -> Imported:
    file = pq.ParquetFile(path)
    types: Counter[str] = Counter()
    names = 0
    for batch in file.iter_batches(batch_size=BATCH, columns=["type", "names"]):
        for count in pc.value_counts(batch.column("type")).to_pylist():
            types[count["values"]] += count["counts"]
        names += pc.sum(pc.list_value_length(batch.column("names"))).as_py() or 0
    return Imported(path.stem, dict(sorted(types.items())), names, path.stat().st_size)
