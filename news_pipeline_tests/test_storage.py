"""Partitions are whole or absent, and a dump's stage gives the same bytes however it is run."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from news_pipeline.contract import from_rows
from news_pipeline.storage import (
    PartitionWriter,
    iter_partition,
    list_partitions,
    map_chunks,
    part_path,
    read_build,
    read_partition,
    remove_partition,
    row_digests,
    run_stage,
    write_partition,
)


def _topics(*ids: str) -> pa.Table:
    return from_rows("topics", [{"topic_id": id_, "topic_kind": "tag"} for id_ in ids])


def _pages(*ids: str) -> pa.Table:
    fixed = {"dump": "d", "file": "d/a.txt", "byte_start": 0, "byte_end": 1, "sha256": "00"}
    return from_rows("raw_pages", [{"page_id": id_, **fixed} for id_ in ids])


def _double(chunk: list[str]) -> dict[str, pa.Table]:
    return {"raw_pages": _pages(*(f"{item}-{copy}" for item in chunk for copy in range(2)))}


def _never() -> Executor:
    raise AssertionError("a small dump needs no pool")


def test_a_partition_is_invisible_until_committed(tmp_path: Path) -> None:
    with PartitionWriter(tmp_path, "topics", None) as writer:
        writer.write(_topics("tag:a"))
        assert not part_path(tmp_path, "topics", None).exists()
        writer.commit("input")
    assert read_partition(tmp_path, "topics", None)["topic_id"].to_pylist() == ["tag:a"]
    assert not list(tmp_path.glob("**/*.tmp"))


def test_a_failed_write_keeps_the_old_partition_and_its_record(tmp_path: Path) -> None:
    first = write_partition(tmp_path, "topics", None, _topics("tag:a"), "one")
    with pytest.raises(RuntimeError), PartitionWriter(tmp_path, "topics", None) as writer:
        writer.write(_topics("tag:b"))
        raise RuntimeError("the stage failed")
    assert read_build(tmp_path, "topics", None) == first
    assert read_partition(tmp_path, "topics", None)["topic_id"].to_pylist() == ["tag:a"]


def _write_then_die(data: Path) -> None:
    with PartitionWriter(data, "topics", None) as writer:
        writer.write(_topics("tag:b"))
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_kill_between_write_and_rename_leaves_no_half_file(tmp_path: Path) -> None:
    write_partition(tmp_path, "topics", None, _topics("tag:a"), "one")
    process = multiprocessing.get_context("spawn").Process(target=_write_then_die, args=(tmp_path,))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert read_partition(tmp_path, "topics", None)["topic_id"].to_pylist() == ["tag:a"]
    assert [path.name for path in part_path(tmp_path, "topics", None).parent.glob("*.parquet")] == ["part-0.parquet"]


def test_the_next_writer_clears_what_a_killed_one_left(tmp_path: Path) -> None:
    write_partition(tmp_path, "topics", None, _topics("tag:a"), "one")
    dead = part_path(tmp_path, "topics", None).parent / ".part-0.parquet.dead.tmp"
    dead.write_bytes(b"half")
    write_partition(tmp_path, "topics", None, _topics("tag:b"), "two")
    assert not dead.exists()


def test_a_file_that_would_be_replaced_by_the_same_bytes_stays(tmp_path: Path) -> None:
    write_partition(tmp_path, "topics", None, _topics("tag:a"), "one")
    before = part_path(tmp_path, "topics", None).stat()
    build = write_partition(tmp_path, "topics", None, _topics("tag:a"), "two")
    assert part_path(tmp_path, "topics", None).stat().st_ino == before.st_ino
    assert read_build(tmp_path, "topics", None) == build


def test_a_removed_partition_is_gone_with_its_record(tmp_path: Path) -> None:
    write_partition(tmp_path, "raw_pages", "d", _pages("p").drop("dump"), "one")
    remove_partition(tmp_path, "raw_pages", "d")
    assert list_partitions(tmp_path, "raw_pages") == []
    assert list(tmp_path.rglob("*.parquet")) == []


def test_a_record_that_does_not_fit_its_file_counts_as_absent(tmp_path: Path) -> None:
    write_partition(tmp_path, "topics", None, _topics("tag:a"), "one")
    with part_path(tmp_path, "topics", None).open("ab") as file:
        file.write(b"more")
    assert read_build(tmp_path, "topics", None) is None


@pytest.mark.parametrize(
    "dump",
    [
        "2024-01-01",
        "001",
        "a b=c%.gz",
        "صفحات الميناء",
        "أرشيف صحيفة المرصد اليومية لشهر سبتمبر الجزء الأول والثاني",
        "x" * 240,
    ],
)
def test_dump_names_survive_the_path(tmp_path: Path, dump: str) -> None:
    write_partition(tmp_path, "raw_pages", dump, _pages("p").drop("dump"), "one")
    assert list_partitions(tmp_path, "raw_pages") == [dump]
    assert read_partition(tmp_path, "raw_pages", dump)["dump"].to_pylist() == [dump]
    assert next(iter_partition(tmp_path, "raw_pages", dump, 10))["dump"].to_pylist() == [dump]


def test_a_stage_gives_the_same_bytes_in_one_process_and_in_several(tmp_path: Path) -> None:
    chunks = [[f"{number}"] for number in range(9)]
    inline = run_stage(
        tmp_path / "one", "d", chunks, _double, ["raw_pages"], input_fingerprint="i", pool=_never, workers=1
    )
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        spread = run_stage(
            tmp_path / "two", "d", chunks, _double, ["raw_pages"], input_fingerprint="i", pool=lambda: pool, workers=2
        )
    assert inline == spread
    assert inline["raw_pages"].rows == 18


def test_a_small_dump_is_done_in_this_process() -> None:
    results = [
        result["raw_pages"].num_rows for _, result in map_chunks([["a"], ["b", "c"]], _double, _never, workers=8)
    ]
    assert results == [2, 4]


def test_chunks_are_read_no_faster_than_they_are_worked_on() -> None:
    read: list[int] = []

    def endless() -> Iterator[list[str]]:
        for number in range(1000):
            read.append(number)
            yield [str(number)]

    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        results = map_chunks(endless(), _double, lambda: pool, workers=2)
        next(results)
        results.close()  # type: ignore[attr-defined]
    assert len(read) < 10


def _die(chunk: list[str]) -> dict[str, pa.Table]:
    os._exit(1)


def test_a_worker_that_dies_is_named_and_costs_the_old_partition_nothing(tmp_path: Path) -> None:
    write_partition(tmp_path, "raw_pages", "d", _pages("old"), "one")
    with (
        ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool,
        pytest.raises(RuntimeError, match="worker process died"),
    ):
        run_stage(tmp_path, "d", [["a"]] * 5, _die, ["raw_pages"], input_fingerprint="i", pool=lambda: pool, workers=2)
    assert read_partition(tmp_path, "raw_pages", "d")["page_id"].to_pylist() == ["old"]


def _dated(*rows: tuple[str, date | None]) -> pa.Table:
    fixed = {"page_id": "p", "article_index": 0, "dump": "d", "role": "main", "date_precision": "day"}
    fixed |= {"date_status": "stated", "word_count": 1, "parser_version": "1"}
    return from_rows(
        "parsed_articles", [{"article_id": body, "body": body, "published_date": day, **fixed} for body, day in rows]
    )


def test_a_change_is_seen_in_its_own_day_only() -> None:
    first, second = date(2024, 1, 1), date(2024, 1, 2)
    before = row_digests(_dated(("one", first), ("two", second), ("undated", None)))
    after = row_digests(_dated(("one", first), ("changed", second), ("undated", None)))
    assert before.keys() == {"2024-01-01", "2024-01-02"}
    assert before["2024-01-01"] == after["2024-01-01"]
    assert before["2024-01-02"] != after["2024-01-02"]


def _articles(chunk: list[str]) -> dict[str, pa.Table]:
    return {"parsed_articles": _dated(*((item, date(2024, 1, 1 + len(item) % 3)) for item in chunk))}


def test_a_page_in_front_moves_the_chunks_and_no_other_day(tmp_path: Path) -> None:
    items = ["a" * length for length in range(3, 30)]
    days = []
    for name, listed in (("one", items), ("two", ["b", *items])):
        chunks = [listed[start : start + 4] for start in range(0, len(listed), 4)]
        builds = run_stage(
            tmp_path / name, "d", chunks, _articles, ["parsed_articles"],
            input_fingerprint="i", pool=_never, workers=1, dated="parsed_articles",
        )  # fmt: skip
        days.append(builds["parsed_articles"].days)
    assert {day for day in days[0] if days[0][day] != days[1][day]} == {"2024-01-02"}
