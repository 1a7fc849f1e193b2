"""The whole-archive tables ``entities`` and ``topics``, built from every partition, and what decides their staleness.

Belongs here: reading the archive through one DuckDB connection and replacing the two files.
"""

from __future__ import annotations

from pathlib import Path

from news_pipeline.contract import TABLES
from news_pipeline.entities.dimension import build_entities
from news_pipeline.entities.recognise import ENTITY_VERSION
from news_pipeline.storage import Build, digest, read_build, read_builds, write_partition
from news_pipeline.topics.dimension import build_topics
from news_pipeline.topics.subjects import SUBJECT_VERSION
from news_pipeline.warehouse.catalog import CATALOG_NAME
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
    return digest(table, _VERSIONS[table], *outputs)


def dimension_is_stale(data: Path, table: str) -> bool:
    """Whether a dimension is missing or was built from other partitions than stand there now."""
    build = read_build(data, table, None)
    return build is None or build.input != dimension_input(data, table)


def catalog_is_fresh(data: Path) -> bool:
    """Whether both dimensions are fresh and the catalog stands."""
    return (data / CATALOG_NAME).exists() and not any(dimension_is_stale(data, table) for table in DIMENSIONS)


def build_dimension(data: Path, table: str) -> Build:
    """Builds one dimension from the archive; a fresh one keeps its file."""
    fingerprint = dimension_input(data, table)
    build = read_build(data, table, None)
    if build is not None and build.input == fingerprint:
        return build
    with connect(data, TABLES[table].upstream) as connection:
        return write_partition(data, table, None, _BUILDERS[table](connection), fingerprint)
