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
import re
import shutil
import uuid
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
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
Output = TypeVar("Output")
Partition = str | date | None
Stage = Callable[[Chunk], Mapping[str, pa.Table]]

PART = "part-0.parquet"
BUILD = "_build.json"
_INLINE_CHUNKS = 2  # a dump of so few chunks is done before a worker process has started
_IN_FLIGHT_PER_WORKER = 2


@dataclass(frozen=True)
class Build:
    """What a partition was built from and what came out; holds no clock, so equal builds have equal records.

    Attributes:
        input: fingerprint of everything the partition was computed from, rule versions included.
        output: hash of the Parquet file's bytes.
        rows: rows in the file.
        bytes: size of the file.
        days: of parsed_articles, per publication day a hash of that day's rows (ISO day → hash).
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
    return root / f"{column}={partition_name(partition)}"


def partition_name(partition: Partition) -> str:
    """A partition as it stands in a path: percent-encoded where a file system or a glob would misread it.

    Letters of other scripts stay: encoded they would take six bytes each, and names end at 255.
    """
    return re.sub(r"[%/\\=*?\[\]#&+'\"\x00-\x20\x7f]", lambda match: quote(match.group(), safe=""), str(partition))


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
    """Removes temporary files that killed writers left; whoever writes holds the partition's lock (``locks.py``)."""
    for path in folder.glob(".*.tmp"):
        path.unlink(missing_ok=True)


def write_partition(data: Path, table: str, partition: Partition, rows: pa.Table, input_fingerprint: str) -> Build:
    """Replaces one partition by ``rows``."""
    with PartitionWriter(data, table, partition) as writer:
        writer.write(rows)
        return writer.commit(input_fingerprint)


def remove_partition(data: Path, table: str, partition: Partition) -> None:
    """Removes a partition from disk: out of the readers' sight first, so that it is whole or gone."""
    folder = partition_dir(data, table, partition)
    if folder.exists():
        grave = folder.parent / f".{uuid.uuid4().hex}.tmp"
        folder.rename(grave)
        shutil.rmtree(grave, ignore_errors=True)


def forget_build(data: Path, table: str, partition: Partition) -> None:
    """Removes a partition's build record: the partition counts as not built, its rows stay readable."""
    (partition_dir(data, table, partition) / BUILD).unlink(missing_ok=True)


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
    stage: Callable[[Chunk], Output],
    pool: Callable[[], Executor],
    workers: int,
) -> Iterator[tuple[Chunk, Output]]:
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
    in_flight: deque[tuple[Chunk, Future[Output]]] = deque()
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


def row_digests(rows: pa.Table) -> dict[str, list[str]]:
    """Per publication day of the rows (undated ones left out), a hash of each row."""
    result: dict[str, list[str]] = {}
    for row in rows.filter(pc.is_valid(rows["published_date"])).to_pylist():
        result.setdefault(row["published_date"].isoformat(), []).append(digest(*row.items()))
    return result


@dataclass(frozen=True)
class _Digested:
    """A stage whose result carries the row hashes of ``table``, where asked; picklable, to run in workers."""

    stage: Stage[Any]
    table: str | None

    def __call__(self, chunk: Any) -> _Result:
        tables = self.stage(chunk)
        return _Result(tables, row_digests(tables[self.table]) if self.table else {})


@dataclass(frozen=True)
class _Result:
    tables: Mapping[str, pa.Table]
    rows_of_days: dict[str, list[str]]


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
    dated: str | None = None,
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
        dated: the table whose build record is to hold a hash per publication day.

    Returns:
        The build record of each table.
    """
    days: dict[str, list[str]] = {}
    with ExitStack() as stack:
        writers = {table: stack.enter_context(PartitionWriter(data, table, dump)) for table in tables}
        for chunk, result in map_chunks(chunks, _Digested(stage, dated), pool, workers):
            for table, rows in result.tables.items():
                writers[table].write(rows)
            for day, digests in result.rows_of_days.items():
                days.setdefault(day, []).extend(digests)
            on_chunk(chunk)
        # Sorted: where a row stands in the dump does not change its day.
        by_day = {day: digest(*sorted(digests)) for day, digests in sorted(days.items())}
        return {
            table: writer.commit(input_fingerprint, by_day if table == dated else None)
            for table, writer in writers.items()
        }
