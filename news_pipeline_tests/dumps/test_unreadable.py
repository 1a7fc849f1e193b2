"""A file that could not be read for a moment is read again; one that may not be read waits until it may."""

from __future__ import annotations

from concurrent.futures import Executor
from pathlib import Path

import pytest

from news_pipeline.dumps import read
from news_pipeline.dumps.find import list_dumps
from news_pipeline.freshness import pages_input
from news_pipeline.stages import Workers, read_pages
from news_pipeline.storage import read_build, read_partition
from news_pipeline_tests.dumps.landing import PAGE


def _no_pool() -> Executor:
    raise AssertionError("a dump of two files needs no workers")


@pytest.mark.parametrize("may_be_read", [True, False])
def test_a_dump_with_a_file_that_failed_is_stale_until_it_was_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, may_be_read: bool
) -> None:
    raw, data = tmp_path / "raw", tmp_path / "data"
    (raw / "d").mkdir(parents=True)
    for name in ("a.txt", "b.txt"):
        (raw / "d" / name).write_text(PAGE)
    where = read.file_on_disk

    def failing(folder: Path, path: str) -> Path:
        if path.endswith("b.txt"):
            raise OSError(5, "Input/output error")
        return where(folder, path)

    dump = list_dumps(raw)["d"]
    if not may_be_read:
        dump = dump._replace(files=tuple(file._replace(is_readable=False) for file in dump.files))
    workers = Workers(1, _no_pool)
    monkeypatch.setattr(read, "file_on_disk", failing)
    builds = read_pages(data, raw, dump, workers)
    assert read_partition(data, "raw_pages", "d")["error"].to_pylist() == [None, "unreadable"]
    assert read_build(data, "raw_pages", "d") == builds["raw_pages"]
    assert (builds["raw_pages"].input == pages_input(dump)) is not may_be_read
    monkeypatch.undo()
    dump = list_dumps(raw)["d"]
    assert builds["raw_pages"].input != pages_input(dump)
    builds = read_pages(data, raw, dump, workers)
    assert read_partition(data, "raw_pages", "d")["text"].to_pylist() == [PAGE, PAGE]
    assert builds["raw_pages"].input == pages_input(dump)
