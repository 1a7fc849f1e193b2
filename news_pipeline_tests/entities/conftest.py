"""Imported names are in use for one test alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from news_pipeline.entities.lexicon_lookup import use_lexicon


@pytest.fixture(autouse=True)
def _back_to_the_tables() -> Iterator[None]:
    yield
    use_lexicon(Path(), "")
