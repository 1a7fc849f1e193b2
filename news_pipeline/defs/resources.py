"""The one resource: where the pipeline's data lies and the workers that dump-side stages run on."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import dagster as dg
from pydantic import Field, PrivateAttr

from news_pipeline.settings import Settings
from news_pipeline.stages import Workers


class PipelineResource(dg.ConfigurableResource):  # type: ignore[type-arg]
    """Folders, time zone and worker processes of the pipeline."""

    data: str = Field(description="Folder of tables and catalog.")
    raw: str = Field(description="Landing folder of dumps.")
    time_zone: str = Field(default="UTC", description="Zone whose calendar day an instant falls on.")
    workers: int = Field(default=1, ge=1, description="Processes for reading, parsing and entity recognition.")
    names_model: str = Field(
        default="", description="Folder of a model that finds the names in Arabic; empty: the packaged tagger does."
    )
    _pool: ProcessPoolExecutor | None = PrivateAttr(default=None)

    @classmethod
    def from_settings(cls, settings: Settings) -> PipelineResource:
        """The resource of a deployment's settings."""
        return cls(
            data=str(settings.data),
            raw=str(settings.raw),
            time_zone=settings.time_zone,
            workers=settings.workers,
            names_model=str(settings.names_model or ""),
        )

    @property
    def data_dir(self) -> Path:
        """Folder of tables and catalog."""
        return Path(self.data)

    @property
    def raw_dir(self) -> Path:
        """Landing folder of dumps."""
        return Path(self.raw)

    @property
    def names_model_dir(self) -> Path | None:
        """Folder of the model that finds the names in Arabic; None: the packaged tagger does."""
        return Path(self.names_model) if self.names_model else None

    def stage_workers(self) -> Workers:
        """The workers a stage runs its chunks on; processes start when a dump is large enough to need them."""
        return Workers(count=self.workers, pool=self._executor)

    def _executor(self) -> ProcessPoolExecutor:
        if self._pool is None:
            # spawn: forking a process that holds Dagster's threads and DuckDB's can deadlock.
            self._pool = ProcessPoolExecutor(self.workers, mp_context=get_context("spawn"))
        return self._pool

    def teardown_after_execution(self, context: dg.InitResourceContext) -> None:
        """Ends the worker processes with the run."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None
