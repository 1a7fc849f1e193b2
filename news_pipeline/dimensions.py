"""What is built of the whole archive: the tables ``entities`` and ``topics`` and the catalog, and when they are stale.

Belongs here: reading the archive through one DuckDB connection, replacing what is stale. Does not belong here: what the
tables hold (``entities``, ``topics``) and what the catalog shows (``warehouse``).
"""

from __future__ import annotations

from pathlib import Path

from news_pipeline.contract import TABLES
from news_pipeline.entities.dimension import build_entities
from news_pipeline.entities.lexicon_lookup import use_lexicon
from news_pipeline.entities.lexicon_store import lexicon_fingerprint
from news_pipeline.entities.recognise import ENTITY_VERSION
from news_pipeline.storage import (
    Build,
    digest,
    list_partitions,
    part_path,
    read_build,
    read_builds,
    replace_file,
    write_partition,
)
from news_pipeline.topics.dimension import build_topics
from news_pipeline.topics.subjects import SUBJECT_VERSION
from news_pipeline.warehouse.catalog import CATALOG_NAME, CATALOG_VERSION, build_catalog
from news_pipeline.warehouse.views import connect

DIMENSIONS = ("entities", "topics")
_BUILDERS = {"entities": build_entities, "topics": build_topics}
_VERSIONS = {"entities": ENTITY_VERSION, "topics": SUBJECT_VERSION}


def dimension_input(data: Path, table: str) -> str:
    """Fingerprint of everything a dimension is computed from."""
    outputs = []
    for upstream in TABLES[table].upstream:
        if TABLES[upstream].partitioned_by is None:
            build = read_build(data, upstream, None)
            outputs.append(f"{upstream}={build.output if build else ''}")
        else:
            outputs += [
                f"{upstream}/{key}={build.output}" for key, build in sorted(read_builds(data, upstream).items())
            ]
    lexicon = lexicon_fingerprint(data) if table == "entities" else ""
    return digest(table, _VERSIONS[table], *outputs, *([lexicon] if lexicon else []))


def dimension_is_stale(data: Path, table: str) -> bool:
    """Whether a dimension is missing or was built from other partitions than stand there now."""
    build = read_build(data, table, None)
    return build is None or build.input != dimension_input(data, table)


def catalog_is_fresh(data: Path) -> bool:
    """Whether both dimensions are fresh and the catalog is the one that belongs to them."""
    record = _catalog_record(data)
    stands = (data / CATALOG_NAME).exists() and record.exists() and record.read_text() == _catalog_input(data)
    return stands and not any(dimension_is_stale(data, table) for table in DIMENSIONS)


def refresh_catalog(data: Path) -> Path:
    """Builds data/news.duckdb and records what it was built from; returns its path."""
    fingerprint = _catalog_input(data)
    path = build_catalog(data)
    replace_file(_catalog_record(data), fingerprint.encode())
    return path


def _catalog_record(data: Path) -> Path:
    return data / f".{CATALOG_NAME}.built"


def _catalog_input(data: Path) -> str:
    """Fingerprint of what the views depend on: their rules, the contract, the folder, and which tables have files."""
    shapes = [f"{name}({table.schema})" for name, table in TABLES.items()]
    filled = [name for name in TABLES if list_partitions(data, name) or part_path(data, name, None).exists()]
    return digest(CATALOG_VERSION, data, *shapes, *filled)


def build_dimension(data: Path, table: str) -> Build:
    """Builds one dimension from the archive; a fresh one keeps its file."""
    fingerprint = dimension_input(data, table)
    build = read_build(data, table, None)
    if build is not None and build.input == fingerprint:
        return build
    use_lexicon(data, lexicon_fingerprint(data))
    with connect(data, TABLES[table].upstream) as connection:
        return write_partition(data, table, None, _BUILDERS[table](connection), fingerprint)
