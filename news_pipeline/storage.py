"""Datasets on disk: where a partition lies, how it is written whole, and the chunk-by-chunk map of every dump stage.

Belongs here: paths, atomic writes, reads, build records, and the one driver that runs a stage over chunks. Does not
belong here: what a stage computes, which partitions are stale (``freshness.py``), or anything of Dagster.

A partition is one folder with one Parquet file and, written after it, a build record ``_build.json`` that says from
which inputs the file was built. Both are written beside their place under a name no reader's glob matches and then
renamed, so each is whole or absent; a record that does not fit its file counts as absent.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote, unquote

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from news_pipeline.contract import TABLES

Chunk = TypeVar("Chunk")
Partition = str | date | None
Stage = Callable[[Chunk], Mapping[str, pa.Table]]

PART = "part-0.parquet"
BUILD = "_build.json"
_INLINE_CHUNKS = 2  # a dump of so few chunks is done before a worker process has started
_IN_FLIGHT_PER_WORKER = 2
_LEFTOVER_SECONDS = 3600


@dataclass(frozen=True)
class Build:
    """What a partition was built from and what came out; holds no clock, so equal builds have equal records.

    Attributes:
        input: fingerprint of everything the partition was computed from, rule versions included.
        output: hash of the Parquet file's bytes.
        rows: rows in the file.
        bytes: size of the file.
        days: of a dump-side partition, per publication day a hash of that day's rows (ISO day → hash).
    """

    input: str
    output: str
    rows: int
    bytes: int
    days: dict[str, str] = field(default_factory=dict)


def digest(*parts: object) -> str:
    """A stable hash of the parts in order, as 32 hex digits."""
    hasher = hashlib.blake2b(digest_size=16)
    for part in parts:
        encoded = str(part).encode()
        hasher.update(len(encoded).to_bytes(8, "little"))
        hasher.update(encoded)
    return hasher.hexdigest()


def tables_dir(data: Path) -> Path:
    """The folder of all tables."""
    return data / "tables"


def partition_dir(data: Path, table: str, partition: Partition) -> Path:
    """The folder of one partition of ``table``; ``partition`` is None for a table that has none."""
    column = TABLES[table].partitioned_by
    root = tables_dir(data) / table
    if column is None:
        return root
    return root / f"{column}={quote(str(partition), safe='')}"


def part_path(data: Path, table: str, partition: Partition) -> Path:
    """The Parquet file of one partition."""
    return partition_dir(data, table, partition) / PART


def list_partitions(data: Path, table: str) -> list[str]:
    """The partitions of a table that stand on disk, as their column's text, sorted."""
    root = tables_dir(data) / table
    prefix = f"{TABLES[table].partitioned_by}="
    if not root.is_dir():
        return []
    return sorted(unquote(e.name.removeprefix(prefix)) for e in os.scandir(root) if e.name.startswith(prefix))


def read_build(data: Path, table: str, partition: Partition) -> Build | None:
    """The build record of a partition, or None when there is none that fits its Parquet file."""
    folder = partition_dir(data, table, partition)
    try:
        record = Build(**json.loads((folder / BUILD).read_bytes()))
        return record if (folder / PART).stat().st_size == record.bytes else None
    except (FileNotFoundError, ValueError, TypeError):
        return None


def read_builds(data: Path, table: str) -> dict[str, Build]:
    """The build records of all partitions of a table."""
    builds = ((partition, read_build(data, table, partition)) for partition in list_partitions(data, table))
    return {partition: build for partition, build in builds if build is not None}


def replace_file(path: Path, content: bytes) -> None:
    """Writes a file so that readers see the old content or the new, never a part of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.parent / f".{path.name}.{uuid.uuid4().hex}.tmp"
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


class PartitionWriter:
    """Writes one partition row group by row group; nothing is visible until ``commit``.

    Used as a context manager: leaving it without ``commit`` removes what was written and keeps the old partition.
    """

    def __init__(self, data: Path, table: str, partition: Partition) -> None:
        self._folder = partition_dir(data, table, partition)
        self._schema = TABLES[table].file_schema
        self._folder.mkdir(parents=True, exist_ok=True)
        remove_leftovers(self._folder)
        self._temporary = self._folder / f".{PART}.{uuid.uuid4().hex}.tmp"
        self._writer = pq.ParquetWriter(self._temporary, self._schema, compression="zstd")
        self.rows = 0

    def __enter__(self) -> PartitionWriter:
        """Starts writing."""
        return self

    def __exit__(self, *_: object) -> None:
        """Removes the temporary file where ``commit`` was not reached."""
        self._writer.close()
        self._temporary.unlink(missing_ok=True)

    def write(self, table: pa.Table) -> None:
        """Appends rows; columns are picked and ordered by the contract."""
        if table.num_rows:
            self._writer.write_table(table.select(self._schema.names).cast(self._schema))
            self.rows += table.num_rows

    def commit(self, input_fingerprint: str, days: dict[str, str] | None = None) -> Build:
        """Puts the file in its place, then its build record; between the two the partition counts as not built.

        A file that would be replaced by the same bytes stays, so that what did not change keeps its file.
        """
        self._writer.close()
        build = Build(
            input=input_fingerprint,
            output=file_digest(self._temporary),
            rows=self.rows,
            bytes=self._temporary.stat().st_size,
            days=days or {},
        )
        record, part = self._folder / BUILD, self._folder / PART
        if not (part.exists() and part.stat().st_size == build.bytes and file_digest(part) == build.output):
            record.unlink(missing_ok=True)
            self._temporary.replace(part)
        replace_file(record, json.dumps(asdict(build), sort_keys=True).encode())
        return build


def file_digest(path: Path) -> str:
    """A hash of a file's bytes, as 32 hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def remove_leftovers(folder: Path) -> None:
    """Removes temporary files that killed writers left in a folder: those nobody has written to for an hour."""
    for path in folder.glob(".*.tmp"):
        with suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > _LEFTOVER_SECONDS:
                path.unlink()


def write_partition(data: Path, table: str, partition: Partition, rows: pa.Table, input_fingerprint: str) -> Build:
    """Replaces one partition by ``rows``."""
    with PartitionWriter(data, table, partition) as writer:
        writer.write(rows)
        return writer.commit(input_fingerprint)


def remove_partition(data: Path, table: str, partition: Partition) -> None:
    """Removes a partition from disk: its record first, so that a half-removed one counts as not built."""
    folder = partition_dir(data, table, partition)
    (folder / BUILD).unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)


def read_partition(data: Path, table: str, partition: Partition, columns: Sequence[str] | None = None) -> pa.Table:
    """Reads one partition with the contract's columns, the partition column included."""
    spec = TABLES[table]
    names = list(columns or spec.schema.names)
    in_file = [name for name in names if name != spec.partitioned_by]
    rows = pq.ParquetFile(part_path(data, table, partition)).read(columns=in_file)
    if spec.partitioned_by in names:
        value = date.fromisoformat(str(partition)) if spec.partitioned_by == "published_date" else str(partition)
        column = pa.repeat(pa.scalar(value, spec.schema.field(spec.partitioned_by).type), rows.num_rows)
        rows = rows.append_column(spec.schema.field(spec.partitioned_by), column)
    return rows.select(names).cast(pa.schema([spec.schema.field(name) for name in names]))


def iter_partition(data: Path, table: str, partition: Partition, rows_per_chunk: int) -> Iterator[pa.Table]:
    """Reads one partition in chunks, so that memory is bounded by the chunk."""
    column = TABLES[table].partitioned_by
    file = pq.ParquetFile(part_path(data, table, partition))
    for batch in file.iter_batches(batch_size=rows_per_chunk):
        rows = pa.Table.from_batches([batch])
        if column is not None:
            rows = rows.append_column(TABLES[table].schema.field(column), pa.repeat(str(partition), rows.num_rows))
        yield rows


def map_chunks(
    chunks: Iterable[Chunk],
    stage: Stage[Chunk],
    pool: Callable[[], Executor],
    workers: int,
) -> Iterator[tuple[Chunk, Mapping[str, pa.Table]]]:
    """Runs a stage over chunks and yields each chunk with its result, in order, few in flight at a time.

    A dump of a few chunks is done in this process; ``pool`` is asked for an executor only for more. Any
    ``concurrent.futures``-compatible executor will do.

    Raises:
        RuntimeError: a worker process died, with what to try.
    """
    remaining = iter(chunks)
    head = list(islice(remaining, _INLINE_CHUNKS + 1))
    if workers == 1 or len(head) <= _INLINE_CHUNKS:
        for chunk in _chain(head, remaining):
            yield chunk, stage(chunk)
        return
    executor = pool()
    in_flight: deque[tuple[Chunk, Future[Mapping[str, pa.Table]]]] = deque()
    try:
        for chunk in _chain(head, remaining):
            in_flight.append((chunk, executor.submit(stage, chunk)))
            if len(in_flight) >= workers * _IN_FLIGHT_PER_WORKER:
                done, future = in_flight.popleft()
                yield done, future.result()
        while in_flight:
            done, future = in_flight.popleft()
            yield done, future.result()
    except BrokenProcessPool as error:
        raise RuntimeError(
            "A worker process died, most likely for want of memory: run again, with fewer --workers."
        ) from error
    finally:
        for _, future in in_flight:
            future.cancel()


def _chain(head: list[Chunk], tail: Iterator[Chunk]) -> Iterator[Chunk]:
    yield from head
    yield from tail


def day_digests(rows: pa.Table) -> dict[str, str]:
    """Per publication day of a chunk's rows (null: undated, left out), a hash of those rows."""
    days = rows["published_date"]
    result = {}
    for day in sorted(value for value in pc.unique(days).to_pylist() if value is not None):
        batch = rows.filter(pc.equal(days, day)).combine_chunks()
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, batch.schema) as stream:
            stream.write_table(batch)
        result[day.isoformat()] = hashlib.blake2b(sink.getvalue(), digest_size=16).hexdigest()
    return result


@dataclass(frozen=True)
class _Digested:
    """A stage whose results carry the day hashes of each dated table; picklable, to run in workers."""

    stage: Stage[Any]

    def __call__(self, chunk: Any) -> dict[str, Any]:
        tables = self.stage(chunk)
        dated = {name: day_digests(rows) for name, rows in tables.items() if "published_date" in rows.column_names}
        return {"tables": tables, "days": dated}


def run_stage(
    data: Path,
    dump: str,
    chunks: Iterable[Chunk],
    stage: Stage[Chunk],
    tables: Sequence[str],
    *,
    input_fingerprint: str,
    pool: Callable[[], Executor],
    workers: int,
    on_chunk: Callable[[Chunk], None] = lambda _: None,
) -> dict[str, Build]:
    """Runs a dump-side stage over the chunks of one dump and replaces the dump's partition of each table.

    Args:
        data: the data folder.
        dump: the partition.
        chunks: what the stage takes, one at a time.
        stage: pure function, chunk in → ``{table: rows}`` out; picklable.
        tables: the tables the stage fills, committed in this order once all chunks are done.
        input_fingerprint: fingerprint of the stage's input, kept in the build records.
        pool: gives the executor for dumps of more than a few chunks.
        workers: processes of that executor; 1 runs everything in this process.
        on_chunk: told of each finished chunk, for progress.

    Returns:
        The build record of each table.
    """
    writers = {table: PartitionWriter(data, table, dump) for table in tables}
    days: dict[str, dict[str, list[str]]] = {table: {} for table in tables}
    try:
        for chunk, result in map_chunks(chunks, _Digested(stage), pool, workers):
            for table, rows in result["tables"].items():
                writers[table].write(rows)
            for table, digests in result["days"].items():
                for day, value in digests.items():
                    days[table].setdefault(day, []).append(value)
            on_chunk(chunk)
        return {
            table: writers[table].commit(input_fingerprint, {day: digest(*v) for day, v in sorted(days[table].items())})
            for table in tables
        }
    finally:
        for writer in writers.values():
            writer.__exit__()
