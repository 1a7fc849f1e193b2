"""Dagster's SQLite event log with its connections kept open.

Dagster opens, compiles for and closes a connection for every event, about 10 ms each. A range of a thousand days over
four tables writes some ten thousand events: most of the time of the run. Kept open, an event takes about 2 ms. It is
configured in dagster.yaml like any storage of a deployment's own; the databases and their schema are Dagster's.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dagster._core.storage.event_log.sqlite.sqlite_event_log import INDEX_SHARD_NAME, SqliteEventLogStorage
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import StaticPool

_BUSY_SECONDS = 30
_OPEN_SHARDS = 4  # the index, and the runs this process is writing


class PooledSqliteEventLogStorage(SqliteEventLogStorage):
    """``SqliteEventLogStorage`` that keeps one connection a database open, for the few databases used last."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines: dict[str, Engine] = {}
        super().__init__(base_dir, inst_data)

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Any
    ) -> PooledSqliteEventLogStorage:
        """Keeps the databases where Dagster's own storage would: ``history/runs`` below the home."""
        return cls(str(Path(config_value["base_dir"]) / "history" / "runs"), inst_data)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            engine = self._engine(shard)
            if shard not in self._initialized_dbs:
                self._initdb(engine, for_index_shard=shard == INDEX_SHARD_NAME)
                self._initialized_dbs.add(shard)
            with engine.connect() as connection, connection.begin():
                yield connection

    def _engine(self, shard: str) -> Engine:
        engine = self._engines.pop(shard, None)
        if engine is None or not Path(self.path_for_shard(shard)).exists():
            engine = create_engine(
                self.conn_string_for_shard(shard),
                poolclass=StaticPool,
                connect_args={"timeout": _BUSY_SECONDS, "check_same_thread": False},
            )
            event.listen(engine, "connect", _relax)
        self._engines[shard] = engine
        while len(self._engines) > _OPEN_SHARDS:
            self._engines.pop(next(iter(self._engines))).dispose()
        return engine

    def dispose(self) -> None:
        """Closes the connections."""
        super().dispose()
        while self._engines:
            self._engines.popitem()[1].dispose()


def _relax(connection: Any, _record: Any) -> None:
    """Skips the disk flush after each event: in WAL mode only a power cut can cost the last moments of a history."""
    connection.execute("PRAGMA synchronous=NORMAL")
