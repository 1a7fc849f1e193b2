"""Shared fixtures: a pipeline on folders of its own, with a real Dagster instance."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from news_pipeline_tests.helpers import Deployment


@pytest.fixture
def deployment(tmp_path: Path) -> Iterator[Deployment]:
    """A data folder, a landing folder and an instance of their own; Dagster is loaded only by tests that ask for it."""
    import dagster as dg

    from news_pipeline_tests.helpers import Deployment

    (tmp_path / "home").mkdir()
    (tmp_path / "data" / "raw").mkdir(parents=True)
    with dg.DagsterInstance.local_temp(str(tmp_path / "home"), overrides={"telemetry": {"enabled": False}}) as instance:
        yield Deployment(data=tmp_path / "data", raw=tmp_path / "data" / "raw", instance=instance)
