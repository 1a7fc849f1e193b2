"""The index of imported names: what each name of all sources means, as sorted Arrow files that workers map and share.

It lies in ``data/lexicon/.index-<fingerprint>/`` and holds nothing that is not made again from the imported Parquet
(``lexicon_store.py``) and the built-in tables (``lexicon.py``) when it is gone or old. The rules do not ask in which order files came:

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

import uuid
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from news_pipeline.arabic.clitics import strip_article
from news_pipeline.arabic.keys import word_keys
from news_pipeline.entities.lexicon import FOREIGN_LETTERS, Lexicon, every_pattern, local_id
from news_pipeline.entities.lexicon_store import (
    BATCH,
    LOCK,
    ONE_TYPE,
    abd_apart,
    connect,
    lexicon_dir,
    lexicon_fingerprint,
    lexicon_paths,
    remove_indexes,
)
from news_pipeline.locks import held
from news_pipeline.storage import digest

_SHORTEST_ALONE = 4
_FOREIGN_LETTERS = frozenset(map(chr, FOREIGN_LETTERS))
_NAMES = pa.schema([("key", pa.string()), ("entity_id", pa.string()), ("homograph", pa.bool_())])
_NOBODIES = pa.schema([("entity_id", pa.string()), ("type", pa.string()), ("key", pa.string())])


def make_index(data: Path, built_in: Lexicon) -> Path | None:
    """The folder of the index over all imported lexicons, made where it is not there; None where nothing is imported."""
    fingerprint = lexicon_fingerprint(data)
    if not fingerprint:
        return None
    folder = lexicon_dir(data) / f".index-{digest(fingerprint, _digest_of(built_in))}"
    if not folder.is_dir():
        with held(data, LOCK):
            if not folder.is_dir():
                remove_indexes(data, keep=folder)
                building = folder.with_name(f"{folder.name}.{uuid.uuid4().hex}")
                building.mkdir()
                for name, table in _index_tables(data, built_in).items():
                    with (
                        pa.OSFile(str(building / f"{name}.arrow"), "wb") as file,
                        pa.ipc.new_file(file, table.schema) as out,
                    ):
                        out.write_table(table.combine_chunks())
                building.rename(folder)
    return folder


def _digest_of(built_in: Lexicon) -> str:
    """Hash of the tables as far as the index depends on them."""
    names = sorted((*pattern.keys, *(e.entity_id for e in pattern.entities)) for pattern in every_pattern(built_in))
    words = (sorted(built_in.given_names), sorted(built_in.common_words))
    return digest(sorted(built_in.entities.items()), names, *words)


# Which entity of which source is which, from `named` (entity_id, type, key, is_label), `imported` (entity_id, type, label_ar,
# label_key, label_en), `built_in` (entity_id, type, wikidata_id, label_key) and `built_in_names` (entity_id, type, key).
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
    with connect(lexicon_dir(data)) as connection:
        _read_sources(data, connection)
        connection.register("built_in", _built_in_entities(built_in))
        connection.register("built_in_names", _built_in_names(built_in))
        # An entity of several sources is one, of one type; the label is that of the first source by name.
        connection.execute(
            f"""
            CREATE TABLE imported AS
            SELECT entity_id, {ONE_TYPE} AS type, arg_min(label_ar, source) AS label_ar,
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
    for batch in rows.to_arrow_reader(BATCH):
        keys, counts, ids, types, spellings = (column.to_pylist() for column in batch.columns)
        alone = [at for at, n in enumerate(counts) if n > 1]
        for at in alone:
            ids[at] = local_id(types[at], keys[at])
        names.append(pa.table([spellings, ids, pa.array(map(is_homograph, keys, types), pa.bool_())], schema=_NAMES))
        nobodies.append(pa.table([[column[at] for at in alone] for column in (ids, types, keys)], schema=_NOBODIES))
    return pa.concat_tables(names), pa.concat_tables(nobodies)


def _first_words(names: pa.Table) -> pa.Table:
    """The first words of names ordered by key, and the row where the names with each begin."""
    firsts: dict[str, int] = {}
    keys = chain.from_iterable(chunk.to_pylist() for chunk in names.column("key").chunks)
    for row, key in enumerate(keys):
        firsts.setdefault(key.partition(" ")[0], row)
    return pa.table({"word": pa.array(firsts, pa.string()), "row": pa.array(firsts.values(), pa.int32())})


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
    for path in lexicon_paths(data):
        for batch in pq.ParquetFile(path).iter_batches(batch_size=BATCH):
            ids, types, labels, english, spelt = batch.columns
            texts = pc.list_flatten(spelt)
            sources = pa.repeat(path.stem, batch.num_rows)
            named = [ids.take(pc.list_parent_indices(spelt)), texts, _keys(texts.to_pylist())]
            entities = [ids, types, labels, _keys(labels.to_pylist()), english, sources]
            for table, columns in (("all_imported", entities), ("all_named", named)):
                connection.register("batch", pa.table(columns, names=[f"column{at}" for at in range(len(columns))]))
                connection.execute(f"INSERT INTO {table} FROM batch")
                connection.unregister("batch")


def _keys(texts: Sequence[str]) -> pa.Array:
    """The ``compared_key`` of each text, several times as fast as one by one."""
    keys = word_keys(texts)
    folded = (k if _FOREIGN_LETTERS.isdisjoint(k) else k.translate(FOREIGN_LETTERS) for k in keys)
    return pa.array(map(abd_apart, folded), pa.string())


def _built_in_entities(built_in: Lexicon) -> pa.Table:
    entities = built_in.entities.values()
    columns = [
        pa.array(column, pa.string())
        for column in zip(*((e.entity_id, e.type, e.wikidata_id) for e in entities), strict=True)
    ]
    label_keys = _keys([entity.label_ar for entity in entities])
    return pa.table([*columns, label_keys], names=["entity_id", "type", "wikidata_id", "label_key"])


def _built_in_names(built_in: Lexicon) -> pa.Table:
    rows = ((e.entity_id, e.type, abd_apart(" ".join(p.keys))) for p in every_pattern(built_in) for e in p.entities)
    columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
    return pa.table(columns, names=["entity_id", "type", "key"])
