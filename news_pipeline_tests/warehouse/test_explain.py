from __future__ import annotations

from pathlib import Path

import pytest

from news_pipeline.warehouse.catalog import build_catalog
from news_pipeline.warehouse.explain import explain
from news_pipeline_tests.warehouse import archive


@pytest.mark.parametrize("with_catalog", [True, False])
def test_a_count_opens_down_to_the_very_bytes(tmp_path: Path, with_catalog: bool) -> None:
    data, raw = tmp_path / "data", tmp_path / "raw"
    archive.build(data, raw)
    if with_catalog:
        build_catalog(data)
    first, second = explain(data, raw, archive.DAY, "Q817")
    assert first.content == archive.PAGES["p1"].encode()
    assert (first.article_id, first.file, first.member, first.error) == ("a1", "p1.txt", None, None)
    assert second.content is not None
    assert second.content[second.byte_start or 0 : second.byte_end].decode() == archive.PAGES["p2"]
    assert [(item.field, item.text) for item in first.evidence] == [("title", "الكويت"), ("body", "الكويت")]


def test_the_limit_holds(tmp_path: Path) -> None:
    archive.build(tmp_path / "data", tmp_path / "raw")
    assert [row.article_id for row in explain(tmp_path / "data", tmp_path / "raw", archive.DAY, "Q817", limit=1)] == [
        "a1"
    ]
    assert explain(tmp_path / "data", tmp_path / "raw", archive.NEXT_DAY, "Q817") == []


def test_bytes_that_changed_or_went_are_never_shown_as_the_page(tmp_path: Path) -> None:
    data, raw = tmp_path / "data", tmp_path / "raw"
    archive.build(data, raw)
    page = raw / "p1.txt"
    page.write_bytes(page.read_bytes()[::-1])
    (raw / "p2.txt").unlink()
    changed, gone = explain(data, raw, archive.DAY, "Q817")
    assert (changed.content, gone.content) == (None, None)
    assert "changed since" in str(changed.error)
    assert "p2.txt" in str(gone.error)


def test_an_article_whose_page_is_not_on_record_is_still_listed(tmp_path: Path) -> None:
    archive.build(tmp_path)
    (row,) = explain(tmp_path, tmp_path / "raw", archive.NEXT_DAY, "s1")
    assert (row.article_id, row.page_id, row.content) == ("a4", None, None)
    assert "no page" in str(row.error)


@pytest.mark.parametrize("topic", ["Kuwait", "الكُويت"])
def test_a_label_will_do(tmp_path: Path, topic: str) -> None:
    archive.build(tmp_path / "data", tmp_path / "raw")
    found = explain(tmp_path / "data", tmp_path / "raw", archive.DAY, topic)
    assert [(row.topic_id, row.article_id) for row in found] == [("Q817", "a1"), ("Q817", "a2")]
    assert explain(tmp_path / "data", tmp_path / "raw", archive.DAY, "أطلنطس") == []


def test_the_chain_reads_as_text(tmp_path: Path) -> None:
    archive.build(tmp_path / "data", tmp_path / "raw")
    (tmp_path / "raw" / "p2.txt").unlink()
    found, lost = (row.to_text() for row in explain(tmp_path / "data", tmp_path / "raw", archive.DAY, "Q817"))
    assert found.startswith("الكويت توقع اتفاقاً مع مصر\n")
    for part in ("a1", "وكالة", "الكويت (title 0-6)", "of p1.txt", "as recorded", "وقعت الكويت"):
        assert part in found
    assert "p2.txt" in lost
    assert "as recorded" not in lost
