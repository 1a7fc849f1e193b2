"""The dump side: one dump read into pages, pages parsed into articles, articles searched for entities and quotes.

Belongs here: which chunks a stage runs over and which tables it fills. Does not belong here: reading formats
(``dumps``), parsing (``pages``), recognising (``entities``), or how chunks reach the workers (``storage``).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from concurrent.futures import Executor
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

import pyarrow as pa

from news_pipeline.dumps.decode import decode_records
from news_pipeline.dumps.find import LOOSE_PREFIX, Dump
from news_pipeline.dumps.read import RecordChunk, read_chunks
from news_pipeline.entities.lexicon import load_lexicon
from news_pipeline.entities.lexicon_lookup import use_lexicon
from news_pipeline.entities.lexicon_store import lexicon_fingerprint
from news_pipeline.entities.recognise import recognise_articles
from news_pipeline.entities.transformer_names import model_version, transformer_names
from news_pipeline.freshness import articles_input, entities_input, pages_input
from news_pipeline.pages.parse import parse_pages
from news_pipeline.pages.recurring import recurring_lines
from news_pipeline.progress import Counter
from news_pipeline.storage import (
    BUILD,
    Build,
    digest,
    iter_partition,
    list_partitions,
    partition_dir,
    read_build,
    remove_partition,
    replace_file,
    run_stage,
)

_ROWS_PER_CHUNK = 256

PAGE_TABLES = ("raw_pages",)
ARTICLE_TABLES = ("page_blocks", "parsed_articles", "rejected_pages")
ENTITY_TABLES = ("entity_mentions", "quotes")


@dataclass(frozen=True)
class Workers:
    """Where chunks are worked on: ``count`` processes of the executor that ``pool`` gives when it is needed."""

    count: int
    pool: Callable[[], Executor]


def read_pages(data: Path, raw: Path, dump: Dump, workers: Workers) -> dict[str, Build]:
    """Reads every page of a dump into ``raw_pages``.

    Where a file could not be read though its permissions let it, the build records say so: the dump is read again at the
    next look, since a failing disk or network may have come back.
    """
    counter = Counter("raw_pages", dump.name, dump.size, "bytes")
    failed: set[str] = set()

    def on_chunk(chunk: RecordChunk) -> None:
        counter.advance(chunk.bytes_read)
        failed.update(record.file for record in chunk.records if record.error == "unreadable")

    builds = run_stage(
        data,
        dump.name,
        read_chunks(raw, dump),
        partial(_decode, dump.name),
        PAGE_TABLES,
        input_fingerprint=pages_input(dump),
        pool=workers.pool,
        workers=workers.count,
        on_chunk=on_chunk,
    )
    transient = sorted(failed.intersection(file.path for file in dump.files if file.is_readable))
    if transient:
        stale = digest(pages_input(dump), "could not be read", *transient)
        builds = {table: replace(build, input=stale) for table, build in builds.items()}
        for table, build in builds.items():
            record = json.dumps(asdict(build), sort_keys=True).encode()
            replace_file(partition_dir(data, table, dump.name) / BUILD, record)
    return builds


def parse_articles(data: Path, dump: str, time_zone: str, workers: Workers) -> dict[str, Build]:
    """Parses the pages of a dump into ``page_blocks``, ``parsed_articles`` and ``rejected_pages``."""
    recurring = recurring_lines(sorted(partition_dir(data, "raw_pages", dump).glob("part-*.parquet")))
    return _map_partition(
        data,
        "raw_pages",
        dump,
        partial(parse_pages, time_zone=time_zone, recurring=recurring),
        ARTICLE_TABLES,
        articles_input(data, dump, time_zone),
        Counter("parsed_articles", dump, _rows(data, "raw_pages", dump), "pages"),
        workers,
        dated="parsed_articles",
    )


def find_entities(data: Path, dump: str, workers: Workers, names_model: Path | None = None) -> dict[str, Build]:
    """Finds the entities and quotations of a dump's articles: ``entity_mentions`` and ``quotes``.

    ``names_model`` is the folder of a model that finds the names in Arabic in place of the packaged tagger.
    """
    # Before names and model are read: what is imported or replaced from now on makes the tables stale.
    input_fingerprint = entities_input(data, dump, names_model)
    model = (names_model, model_version(names_model)) if names_model else None
    lexicon = lexicon_fingerprint(data)
    use_lexicon(data, lexicon)
    load_lexicon()  # makes the index of imported names, where need be, before the workers ask for it
    return _map_partition(
        data,
        "parsed_articles",
        dump,
        partial(_recognise, data, lexicon, model),
        ENTITY_TABLES,
        input_fingerprint,
        Counter("entity_mentions", dump, _rows(data, "parsed_articles", dump), "articles"),
        workers,
    )


def _map_partition(
    data: Path,
    source: str,
    dump: str,
    stage: Callable[[pa.Table], dict[str, pa.Table]],
    tables: tuple[str, ...],
    input_fingerprint: str,
    counter: Counter,
    workers: Workers,
    dated: str | None = None,
) -> dict[str, Build]:
    return run_stage(
        data,
        dump,
        iter_partition(data, source, dump, _ROWS_PER_CHUNK),
        stage,
        tables,
        input_fingerprint=input_fingerprint,
        pool=workers.pool,
        workers=workers.count,
        on_chunk=lambda chunk: counter.advance(chunk.num_rows),
        dated=dated,
    )


def _recognise(
    data: Path, lexicon: str, names_model: tuple[Path, str] | None, articles: pa.Table
) -> dict[str, pa.Table]:
    use_lexicon(data, lexicon)
    return recognise_articles(articles, transformer_names(*names_model) if names_model else None)


def _decode(dump: str, chunk: RecordChunk) -> dict[str, pa.Table]:
    return {"raw_pages": decode_records(dump, chunk.records)}


def remove_superseded(data: Path, landed: Collection[str]) -> list[str]:
    """Removes the tables of loose dumps that no longer lie in the landing folder; returns their names.

    A loose page that was edited moves to the loose dump of its new day: its old one would show it twice. Other dumps
    that are gone keep their tables until a person says otherwise.
    """
    gone = [dump for dump in list_partitions(data, "raw_pages") if dump.startswith(LOOSE_PREFIX) and dump not in landed]
    for dump in gone:
        for table in reversed(PAGE_TABLES + ARTICLE_TABLES + ENTITY_TABLES):
            remove_partition(data, table, dump)
    return gone


def _rows(data: Path, table: str, dump: str) -> int:
    build = read_build(data, table, dump)
    return build.rows if build else 0
