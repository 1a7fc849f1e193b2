"""The names an operator brings along: imported into the data folder, looked up beside the lexicon's own tables.

Each imported file becomes ``data/lexicon/<source>.parquet``, whole or absent, one row an entity, names as written. From all
of them and the built-in tables an index is made, ``data/lexicon/.index-<fingerprint>/``, sorted Arrow files that every worker maps
into memory and shares: it holds nothing that is not made again from the Parquet when it is gone or old.

What a name may mean is decided when the index is made, by rules that do not ask in which order files came:

- A name that the built-in tables have stays theirs.
- An imported entity is the built-in one where both carry the same Wikidata id; and where the built-in one has none, type
  and Arabic label of two words or more are the same, and neither side has a second entity of that type with that name. It
  then takes the imported id. A wrong id would be worse than none.
- An entity without a Wikidata id (JRC-Names) is one with such an id, or a built-in one, under the same condition.
- Of several entities that share a name those are meant whose label it is; where more than one is left, the name is
  known as a name, but of nobody in particular: it gets the ``local:`` id that an unknown name has.
- One word alone never names a person. It names a place or body only as a homograph, behind a word such as مدينة
  (``lexicon.py``), and only if it has four letters and is no first or last word of a known person's name, or a given name.
  Let stand alone, three in four matches of 29,208 imported names of places (GeoNames) were no places (ANERcorp).
- ``عبد`` may be written joined or apart, whichever way the file has it.
- Places of several everyday words (المدينة القديمة) are homographs too.
"""

from __future__ import annotations

import re
import shutil
import uuid
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from news_pipeline.arabic.clitics import strip_article
from news_pipeline.arabic.keys import word_key, word_keys
from news_pipeline.dumps.streams import CountedFile, Source
from news_pipeline.entities import variants
from news_pipeline.entities.lexicon import (
    FOREIGN_LETTERS,
    Entity,
    Lexicon,
    Pattern,
    local_id,
    look_beside,
)
from news_pipeline.entities.lexicon_files import (
    ARABIC,
    RESOLVED,
    SOURCES,
    Name,
    has_arabic,
    open_names,
    read_names,
    recognise_format,
)
from news_pipeline.entities.words import vocabulary
from news_pipeline.locks import held
from news_pipeline.storage import digest, file_digest, remove_leftovers

LOCAL_LEXICON_VERSION = "1"
"""Version of the rules above; stands in the fingerprint of whatever is made with an imported lexicon."""

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

_LOCK = "lexicon"
_BATCH = 100_000
_LONGEST_NAME = 12
_SHORTEST_ALONE = 4
_ARABIC_LANGUAGES = frozenset(
    {"ar", "arz", "ary", "arq", "aeb", "apc", "ajp", "acm", "afb", "ars", "acx", "ayl", "apd", "acw"}
)
_OTHER_SCRIPT = re.compile(rf"(?!{ARABIC})[^\W\d_]")
_NOT_ARABIC_LETTER = re.compile(r"(?![ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيـ])[^\W\d_]")
_ABD_JOINED = re.compile(r"(?<!\S)عبدال")
_FOREIGN_LETTERS = frozenset(map(chr, FOREIGN_LETTERS))
_ROWS = pa.schema(
    [
        ("entity_id", pa.string()),
        ("type", pa.string()),
        ("text", pa.string()),
        ("key", pa.string()),  # null for an English label
        ("place", pa.int64()),  # lower is better: labels before aliases, Arabic before other languages, then as read
    ]
)
_NAMES = pa.schema([("key", pa.string()), ("entity_id", pa.string()), ("homograph", pa.bool_())])
_NOBODIES = pa.schema([("entity_id", pa.string()), ("type", pa.string()), ("key", pa.string())])
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


def list_lexicons(data: Path) -> list[Imported]:
    """What is imported, by source."""
    return [_summary(path) for path in _files(data)]


def lexicon_fingerprint(data: Path) -> str:
    """Fingerprint of the content of all imported lexicons; empty where there is none."""
    contents = [
        f"{path.stem}={_content(path, stat.st_size, stat.st_mtime_ns)}"
        for path in _files(data)
        for stat in (path.stat(),)
    ]
    return digest(LOCAL_LEXICON_VERSION, *contents) if contents else ""


def remove_lexicon(data: Path, source: str) -> bool:
    """Removes an imported lexicon; returns whether there was one."""
    with held(data, _LOCK):
        path = lexicon_path(data, source)
        found = path in _files(data)
        if found:
            path.unlink()
            _remove_indexes(data, keep=None)
    return found


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
        NotImportedError: the format is not recognised, nothing is left to keep, or the file breaks off.
        Damaged: as ``read_names`` does. What was imported before stays.
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
        refused: dict[str, int] = {}
        with held(data, _LOCK):
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
            _remove_indexes(data, keep=None)
    return _summary(lexicon_path(data, source)), refused


def _batches(names: Iterable[object], refused: dict[str, int]) -> Iterator[pa.Table]:
    """The names to keep, in batches of rows; counts what is refused."""
    rows: list[tuple[str, str, str, str | None, int]] = []
    for at, name in enumerate(names):
        row = _row(name, at) if isinstance(name, Name) else getattr(name, "reason", "bad_line")
        if isinstance(row, str):
            refused[row] = refused.get(row, 0) + 1
        else:
            rows.append(row)
        if len(rows) >= _BATCH:
            yield _table(rows)
            rows = []
    yield _table(rows)


def _table(rows: list[tuple[str, str, str, str | None, int]]) -> pa.Table:
    columns = zip(*rows, strict=True) if rows else [[]] * len(_ROWS)
    return pa.table([pa.array(column, field.type) for column, field in zip(columns, _ROWS, strict=True)], schema=_ROWS)


def _row(name: Name, at: int) -> tuple[str, str, str, str | None, int] | str:
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
    key = _key(text)
    if not key or key.count(" ") >= _LONGEST_NAME:
        return "too_long" if key else "no_word"
    return entity_id, name.type, text, key, place


def _key(text: str) -> str:
    return _apart(word_key(text).translate(FOREIGN_LETTERS))


_ONE_TYPE = (
    "CASE string_agg(DISTINCT type, '-' ORDER BY type) "
    + " ".join(f"WHEN '{several}' THEN '{one}'" for several, one in RESOLVED.items())
    + " ELSE min(type) END"
)
_GROUP = f"""
WITH entities AS (
    SELECT entity_id, {_ONE_TYPE} AS type, arg_min(text, place) FILTER (key IS NULL) AS label_en
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
    with _connect(target) as connection, pq.ParquetWriter(target, ENTITIES, compression="zstd") as writer:
        connection.sql(f"CREATE VIEW names AS FROM read_parquet('{_quoted(rows)}')")
        # Batches of a size of our own: the bytes must not depend on how many threads DuckDB has.
        for batch in connection.sql(_GROUP).to_arrow_reader(_BATCH):
            writer.write_table(pa.Table.from_batches([batch]).cast(ENTITIES))
            entities += batch.num_rows
    return entities


def _connect(beside: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("SET memory_limit = '1GB'")
    connection.execute(f"SET temp_directory = '{_quoted(beside.parent / '.spill')}'")
    return connection


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _summary(path: Path) -> Imported:
    file = pq.ParquetFile(path)
    types: dict[str, int] = {}
    names = 0
    for batch in file.iter_batches(batch_size=_BATCH, columns=["type", "names"]):
        for count in pc.value_counts(batch.column("type")).to_pylist():
            types[count["values"]] = types.get(count["values"], 0) + count["counts"]
        names += pc.sum(pc.list_value_length(batch.column("names"))).as_py() or 0
    return Imported(path.stem, dict(sorted(types.items())), names, path.stat().st_size)


def _files(data: Path) -> list[Path]:
    return sorted(path for path in lexicon_dir(data).glob("*.parquet") if not path.name.startswith("."))


@lru_cache(maxsize=64)
def _content(path: Path, size: int, modified: int) -> str:
    """The hash of a file's bytes, read again only when the file is another."""
    return file_digest(path)


def use_lexicon(data: Path, fingerprint: str) -> None:
    """Makes this process look up the imported names of a data folder beside the tables.

    Args:
        data: the data folder.
        fingerprint: of its imported lexicons, as ``lexicon_fingerprint`` gives it.
    """
    if look_beside(data, fingerprint):
        vocabulary.cache_clear()
        variants.forget()


def open_index(data: Path, built_in: Lexicon) -> Index | None:
    """The index over all imported lexicons, made first where it is not there; None where nothing is imported."""
    fingerprint = lexicon_fingerprint(data)
    if not fingerprint:
        return None
    folder = lexicon_dir(data) / f".index-{digest(fingerprint, _digest_of(built_in))}"
    if not folder.is_dir():
        with held(data, _LOCK):
            if not folder.is_dir():
                _remove_indexes(data, keep=folder)
                building = folder.with_name(f"{folder.name}.{uuid.uuid4().hex}")
                building.mkdir()
                for name, table in _index_tables(data, built_in).items():
                    with (
                        pa.OSFile(str(building / f"{name}.arrow"), "wb") as file,
                        pa.ipc.new_file(file, table.schema) as out,
                    ):
                        out.write_table(table.combine_chunks())
                building.rename(folder)
    return Index(folder)


def _remove_indexes(data: Path, keep: Path | None) -> None:
    """Removes indexes of other states; a worker that has one mapped goes on reading it."""
    for folder in lexicon_dir(data).glob(".index-*"):
        if folder != keep:
            shutil.rmtree(folder, ignore_errors=True)


def _digest_of(built_in: Lexicon) -> str:
    """Hash of the tables as far as the index depends on them."""
    names = sorted((*pattern.keys, *(e.entity_id for e in pattern.entities)) for pattern in _patterns(built_in))
    words = (sorted(built_in.given_names), sorted(built_in.common_words))
    return digest(sorted(built_in.entities.items()), names, *words)


def _patterns(lexicon: Lexicon) -> Iterator[Pattern]:
    for by_second in lexicon.patterns.values():
        for patterns in by_second.values():
            yield from patterns


# Which entity of which source is which; `named` (entity_id, type, key, is_label), `imported` (entity_id, type, label_ar,
# label_key, label_en, source), `built_in` (entity_id, type, wikidata_id, label_key), `built_in_names` (entity_id, type, key).
_RESOLVE = """
CREATE TABLE candidates AS
    SELECT type, key, count(DISTINCT entity_id) AS n, min(entity_id) AS entity_id
    FROM named WHERE entity_id LIKE 'Q%' GROUP BY type, key;
CREATE TABLE built_in_candidates AS
    SELECT type, key, count(DISTINCT entity_id) AS n, min(entity_id) AS entity_id FROM built_in_names GROUP BY type, key;
CREATE TABLE adopted AS
    SELECT wikidata_id AS entity_id, entity_id AS built_in FROM built_in
    WHERE wikidata_id IN (SELECT entity_id FROM imported)
    UNION ALL
    SELECT imported.entity_id, built_in.entity_id
    FROM imported
    JOIN candidates ON candidates.n = 1 AND candidates.entity_id = imported.entity_id
        AND candidates.type = imported.type AND candidates.key = imported.label_key
    JOIN built_in_candidates ON built_in_candidates.n = 1
        AND built_in_candidates.type = imported.type AND built_in_candidates.key = imported.label_key
    JOIN built_in ON built_in.entity_id = built_in_candidates.entity_id AND built_in.label_key = imported.label_key
    WHERE contains(imported.label_key, ' ') AND built_in.wikidata_id IS NULL
        AND imported.entity_id NOT IN (SELECT wikidata_id FROM built_in WHERE wikidata_id IS NOT NULL);
CREATE TABLE known AS
    SELECT type, key, entity_id FROM named WHERE entity_id LIKE 'Q%'
    UNION
    SELECT b.type, b.key, coalesce(adopted.entity_id, b.entity_id)
    FROM built_in_names b LEFT JOIN adopted ON adopted.built_in = b.entity_id;
CREATE TABLE same AS
    WITH lone AS (
        SELECT type, label_key, min(entity_id) AS entity_id FROM imported
        WHERE entity_id LIKE 'local:%' AND contains(label_key, ' ')
        GROUP BY ALL HAVING count(DISTINCT entity_id) = 1
    )
    SELECT lone.entity_id, min(known.entity_id) AS final_id
    FROM lone JOIN known ON known.type = lone.type AND known.key = lone.label_key
    GROUP BY lone.entity_id HAVING count(DISTINCT known.entity_id) = 1;
CREATE TABLE meant AS
    WITH final AS (
        SELECT key, coalesce(final_id, entity_id) AS entity_id, min(type) AS type, bool_or(is_label) AS is_label
        FROM named LEFT JOIN same USING (entity_id)
        WHERE key NOT IN (SELECT key FROM built_in_names)
        GROUP BY ALL
    ),
    best AS (SELECT *, max(is_label) OVER (PARTITION BY key) AS any_label FROM final)
    SELECT key, count(*) AS n, min(entity_id) AS entity_id,
        CASE WHEN count(*) = 1 THEN min(type) ELSE mode(type ORDER BY type DESC) END AS type
    FROM best WHERE is_label = any_label GROUP BY key;
CREATE TABLE words_of_people AS
    SELECT DISTINCT unnest([split_part(key, ' ', 1), split_part(key, ' ', -1)]) AS word
    FROM (SELECT type, key FROM named UNION ALL SELECT type, key FROM built_in_names)
    WHERE type = 'PER' AND contains(key, ' ');
"""


def _index_tables(data: Path, built_in: Lexicon) -> dict[str, pa.Table]:
    """Makes the index.

    Returns:
        ``names`` ordered by key (key, entity_id, homograph), ``firsts`` (the first words of names, and the row where the
        names with that word begin), and ``entities`` ordered by id (entity_id, type, label_ar, label_en, built_in: the id
        of the built-in entity it is).
    """
    with _connect(lexicon_dir(data) / "index") as connection:
        _read_sources(data, connection)
        connection.register("built_in", _built_in_entities(built_in))
        connection.register("built_in_names", _built_in_names(built_in))
        # An entity of several sources is one, of one type; the label is that of the first source by name.
        connection.execute(
            f"""
            CREATE TABLE imported AS
            SELECT entity_id, {_ONE_TYPE} AS type, arg_min(label_ar, source) AS label_ar,
                arg_min(label_key, source) AS label_key,
                arg_min(label_en, source) FILTER (label_en IS NOT NULL) AS label_en
            FROM all_imported GROUP BY entity_id;
            CREATE TABLE named AS
            SELECT DISTINCT entity_id, imported.type, key, key = label_key AS is_label
            FROM all_named JOIN imported USING (entity_id)
            """
        )
        connection.execute(_RESOLVE)
        names, nobodies = _final_names(connection, built_in)
        connection.register("names", names)
        connection.register("nobodies", nobodies)
        entities = connection.sql(
            """
            SELECT entity_id, type, label_ar, coalesce(label_en, '') AS label_en, built_in
            FROM imported LEFT JOIN adopted USING (entity_id)
            WHERE entity_id IN (SELECT entity_id FROM names) OR built_in IS NOT NULL
            UNION ALL
            SELECT n.entity_id, n.type, min(all_named.text), '', NULL
            FROM nobodies n JOIN all_named USING (key)
            GROUP BY n.entity_id, n.type
            ORDER BY entity_id
            """
        ).to_arrow_table()
    return {"names": names, "firsts": _first_words(names), "entities": entities}


def _final_names(connection: duckdb.DuckDBPyConnection, built_in: Lexicon) -> tuple[pa.Table, pa.Table]:
    """The names of the index, and those of them that are nobody's in particular (entity_id, type, key)."""
    common = built_in.common_words

    def is_homograph(key: str, type_: str) -> bool:
        words = key.split(" ")
        # Bodies are named in everyday words (البنك الدولي), and mean themselves.
        return len(words) == 1 or (type_ == "LOC" and all(strip_article(word) in common for word in words))

    rows = connection.sql(
        f"""
        WITH written AS (
            SELECT *, regexp_replace(key, '(^| )عبد ال', '\\1عبدال', 'g') AS joined FROM meant
        ),
        kept AS (
            SELECT * FROM written
            WHERE contains(joined, ' ')
                OR (type <> 'PER' AND length(key) >= {_SHORTEST_ALONE}
                    AND (key NOT IN (SELECT word FROM words_of_people) OR key IN (SELECT unnest(?))))
        )
        SELECT key, n, entity_id, type, key AS spelling FROM kept
        UNION ALL
        SELECT key, n, entity_id, type, joined FROM kept WHERE joined <> key
        ORDER BY spelling
        """,
        params=[sorted(built_in.given_names)],
    )
    names, nobodies = [_NAMES.empty_table()], [_NOBODIES.empty_table()]
    for batch in rows.to_arrow_reader(_BATCH):
        keys, counts, ids, types, spellings = (column.to_pylist() for column in batch.columns)
        alone = [at for at, n in enumerate(counts) if n > 1]
        for at in alone:
            ids[at] = local_id(types[at], keys[at])
        names.append(pa.table([spellings, ids, pa.array(map(is_homograph, keys, types), pa.bool_())], schema=_NAMES))
        nobodies.append(pa.table([[column[at] for at in alone] for column in (ids, types, keys)], schema=_NOBODIES))
    return pa.concat_tables(names), pa.concat_tables(nobodies)


def _first_words(names: pa.Table) -> pa.Table:
    words: list[str] = []
    rows: list[int] = []
    row = 0
    for chunk in names.column("key").chunks:
        for key in chunk.to_pylist():
            word = key.partition(" ")[0]
            if not words or word != words[-1]:
                words.append(word)
                rows.append(row)
            row += 1
    return pa.table({"word": pa.array(words, pa.string()), "row": pa.array(rows, pa.int32())})


def _read_sources(data: Path, connection: duckdb.DuckDBPyConnection) -> None:
    """Puts the imported entities and their names into tables, with the keys of both, a batch at a time."""
    connection.execute(
        """
        CREATE TABLE all_imported (
            entity_id VARCHAR, type VARCHAR, label_ar VARCHAR, label_key VARCHAR, label_en VARCHAR, source VARCHAR
        );
        CREATE TABLE all_named (entity_id VARCHAR, text VARCHAR, key VARCHAR)
        """
    )
    for path in _files(data):
        for batch in pq.ParquetFile(path).iter_batches(batch_size=_BATCH):
            ids, types, labels, english, spelt = batch.columns
            texts = pc.list_flatten(spelt)
            sources = pa.repeat(path.stem, batch.num_rows)
            named = [ids.take(pc.list_parent_indices(spelt)), texts, _keys(texts)]
            entities = [ids, types, labels, _keys(labels), english, sources]
            for table, columns in (("all_imported", entities), ("all_named", named)):
                connection.register("batch", pa.table(columns, names=[f"column{at}" for at in range(len(columns))]))
                connection.execute(f"INSERT INTO {table} FROM batch")
                connection.unregister("batch")


def _keys(texts: pa.Array) -> pa.Array:
    keys = word_keys(texts.to_pylist())
    folded = (k if _FOREIGN_LETTERS.isdisjoint(k) else k.translate(FOREIGN_LETTERS) for k in keys)
    return pa.array([_apart(key) for key in folded], pa.string())


def _apart(key: str) -> str:
    """The key with عبد written apart (``عبدالله`` → ``عبد الله``), as names are compared."""
    return _ABD_JOINED.sub("عبد ال", key) if "عبدال" in key else key


def _built_in_entities(built_in: Lexicon) -> pa.Table:
    entities = built_in.entities.values()
    rows = [(e.entity_id, e.type, e.wikidata_id, _key(e.label_ar)) for e in entities]
    columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
    return pa.table(columns, names=["entity_id", "type", "wikidata_id", "label_key"])


def _built_in_names(built_in: Lexicon) -> pa.Table:
    rows = [(e.entity_id, e.type, _apart(" ".join(p.keys))) for p in _patterns(built_in) for e in p.entities]
    columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
    return pa.table(columns, names=["entity_id", "type", "key"])


class Index:
    """The imported names and entities, mapped from disk: nothing but the first words is held in memory."""

    def __init__(self, folder: Path) -> None:
        names, entities, firsts = (
            pa.ipc.open_file(pa.memory_map(str(folder / f"{name}.arrow"))).read_all()
            for name in ("names", "entities", "firsts")
        )
        self._keys, self._ids, self._homographs = (_one(column) for column in names.columns)
        self._entities = [_one(column) for column in entities.columns]
        begins = firsts.column("row").to_pylist()
        bounds = pairwise([*begins, len(self._keys)])
        self.firsts = dict(zip(firsts.column("word").to_pylist(), bounds, strict=True))
        """First word of a name → the rows ``[first, last)`` of the names that begin with it."""

    def adopted(self) -> dict[str, str]:
        """Built-in id → the id it has by the import."""
        ids, built_in = self._entities[0], self._entities[4]
        merged = pc.is_valid(built_in)
        return dict(zip(built_in.filter(merged).to_pylist(), ids.filter(merged).to_pylist(), strict=True))

    def names(self, first: str, second: str) -> Iterator[tuple[str, str, bool]]:
        """The names that begin with two words (the second empty: are the first): key, entity id, homograph."""
        low, high = self.firsts.get(first, (0, 0))
        begin = f"{first} {second}" if second else first
        row = low + bisect_left(range(low, high), begin, key=lambda at: self._keys[at].as_py())
        while row < high:
            key = self._keys[row].as_py()
            if key != begin and not (second and key.startswith(f"{begin} ")):
                return
            yield key, self._ids[row].as_py(), self._homographs[row].as_py()
            row += 1

    def entity(self, entity_id: str) -> Entity | None:
        """An imported entity by its id."""
        ids = self._entities[0]
        row = bisect_left(range(len(ids)), entity_id, key=lambda at: ids[at].as_py())
        if row == len(ids) or ids[row].as_py() != entity_id:
            return None
        _, type_, label_ar, label_en, _ = (column[row].as_py() for column in self._entities)
        wikidata_id = entity_id if entity_id.startswith("Q") else None
        return Entity(entity_id, type_, label_ar, label_en, wikidata_id, None, None)


def _one(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks else pa.array([], column.type)


def with_index(built_in: Lexicon, index: Index) -> Lexicon:
    """The built-in lexicon with the imported names beside it; of those only what texts ask for is read."""
    built_in = _with_adopted(built_in, index.adopted())
    entities = _Entities(built_in.entities, index)
    return replace(built_in, entities=entities, patterns=_Patterns(built_in.patterns, index, entities))


def _with_adopted(built_in: Lexicon, adopted: dict[str, str]) -> Lexicon:
    """The built-in lexicon whose entities have the Wikidata ids that the import gives them."""
    changed = {
        known: built_in.entities[known]._replace(entity_id=wikidata_id, wikidata_id=wikidata_id)
        for known, wikidata_id in adopted.items()
        if known != wikidata_id
    }
    if not changed:
        return built_in

    def changed_in(patterns: tuple[Pattern, ...]) -> tuple[Pattern, ...]:
        if changed.keys().isdisjoint(entity.entity_id for pattern in patterns for entity in pattern.entities):
            return patterns
        return tuple(p._replace(entities=tuple(changed.get(e.entity_id, e) for e in p.entities)) for p in patterns)

    entities = (changed.get(known, entity) for known, entity in built_in.entities.items())
    return replace(
        built_in,
        entities={entity.entity_id: entity for entity in entities},
        patterns={
            first: {second: changed_in(patterns) for second, patterns in by_second.items()}
            for first, by_second in built_in.patterns.items()
        },
    )


class _Entities(dict[str, Entity]):
    """Entities by id: the built-in ones, and on demand the imported ones. Iteration gives the built-in ones alone."""

    def __init__(self, built_in: dict[str, Entity], index: Index) -> None:
        super().__init__(built_in)
        self._imported = lru_cache(maxsize=1 << 16)(index.entity)

    def __missing__(self, entity_id: str) -> Entity:
        found = self._imported(entity_id)
        if found is None:
            raise KeyError(entity_id)
        return found

    def __contains__(self, entity_id: object) -> bool:
        return super().__contains__(entity_id) or self._imported(str(entity_id)) is not None

    def get(self, entity_id: str, default: Entity | None = None) -> Entity | None:  # type: ignore[override]
        return super().get(entity_id) or self._imported(entity_id) or default


class _Patterns(dict[str, dict[str, tuple[Pattern, ...]]]):
    """First key → second key → names: the built-in ones and the imported. Iteration gives the built-in ones alone."""

    def __init__(self, built_in: dict[str, dict[str, tuple[Pattern, ...]]], index: Index, entities: _Entities) -> None:
        super().__init__({first: _Seconds(first, names, self) for first, names in built_in.items()})
        self._index = index
        self._known = entities
        self.imported = lru_cache(maxsize=1 << 16)(self._imported)

    def __missing__(self, first: str) -> dict[str, tuple[Pattern, ...]]:
        if first not in self._index.firsts:
            raise KeyError(first)
        return self.setdefault(first, _Seconds(first, {}, self))

    def __contains__(self, first: object) -> bool:
        return super().__contains__(first) or first in self._index.firsts

    def get(  # type: ignore[override]
        self, first: str, default: dict[str, tuple[Pattern, ...]] | None = None
    ) -> dict[str, tuple[Pattern, ...]] | None:
        try:
            return self[first]
        except KeyError:
            return default

    def _imported(self, first: str, second: str) -> tuple[Pattern, ...]:
        names = self._index.names(first, second)
        patterns = [
            Pattern(tuple(key.split(" ")), (self._known[entity_id],), homograph, latin=False)
            for key, entity_id, homograph in names
        ]
        return tuple(sorted(patterns, key=lambda p: (-len(p.keys), p.keys)))


class _Seconds(dict[str, tuple[Pattern, ...]]):
    """Second key → the names with this first key, longest first."""

    def __init__(self, first: str, built_in: dict[str, tuple[Pattern, ...]], patterns: _Patterns) -> None:
        super().__init__(built_in)
        self._first = first
        self._patterns = patterns

    def __getitem__(self, second: str) -> tuple[Pattern, ...]:
        found = self.get(second)
        if not found:
            raise KeyError(second)
        return found

    def __contains__(self, second: object) -> bool:
        return super().__contains__(second) or bool(self._patterns.imported(self._first, str(second)))

    def get(  # type: ignore[override]
        self, second: str, default: tuple[Pattern, ...] | None = None
    ) -> tuple[Pattern, ...] | None:
        built_in = super().get(second)
        imported = self._patterns.imported(self._first, second)
        if built_in and imported:
            return tuple(sorted(built_in + imported, key=lambda p: (-len(p.keys), p.keys)))
        return built_in or imported or default
