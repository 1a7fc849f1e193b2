"""Progress of a running stage, told to whoever listens: the command line draws bars, a Dagster run tells nobody."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol


class Listener(Protocol):
    """Someone who is told how far a stage is."""

    def __call__(self, stage: str, partition: str, done: int, total: int, unit: str) -> None:
        """``done`` of ``total`` units (bytes, pages, articles, days) of a stage are finished."""


def _nobody(stage: str, partition: str, done: int, total: int, unit: str) -> None:
    """Hears nothing."""


_listener: ContextVar[Listener] = ContextVar("progress_listener", default=_nobody)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Sends the progress of the stages run inside the block to ``listener``."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


class Counter:
    """Counts the finished units of one stage over one partition or span and reports each step."""

    def __init__(self, stage: str, partition: str, total: int, unit: str) -> None:
        self._stage, self._partition, self._total, self._unit = stage, partition, total, unit
        self._done = 0
        self.advance(0)

    def advance(self, units: int) -> None:
        """Reports ``units`` more as finished."""
        self._done += units
        _listener.get()(self._stage, self._partition, self._done, self._total, self._unit)
