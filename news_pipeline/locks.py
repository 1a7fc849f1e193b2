"""Locks between processes of one machine: the kernel frees them when their holder dies, however it dies.

Who builds a partition holds its lock; the command line, sensors and the Dagster UI meet here, whatever Dagster remembers of
runs that were killed.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from news_pipeline.storage import partition_name

DAYS = "days"
WHOLE = "whole"


def dump_lock(dump: str) -> str:
    """The name of the lock of one dump's tables."""
    return f"dump={partition_name(dump)}"


@contextmanager
def held(data: Path, name: str) -> Iterator[None]:
    """Waits for a lock and holds it for the block."""
    with _path(data, name).open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            os.utime(file.fileno())


def is_held(data: Path, name: str) -> bool:
    """Whether some process holds a lock now."""
    path = _path(data, name)
    if not path.exists():
        return False
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def was_held(data: Path, name: str, seconds: float) -> bool:
    """Whether a lock is held now or was released within the last ``seconds``: between two stages of a run it is free."""
    path = _path(data, name)
    return is_held(data, name) or (path.exists() and time.time() - path.stat().st_mtime < seconds)


def _path(data: Path, name: str) -> Path:
    folder = data / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}.lock"
