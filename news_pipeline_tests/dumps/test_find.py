from __future__ import annotations

import os
from pathlib import Path

import pytest

from news_pipeline.dumps.find import file_on_disk, list_dumps
from news_pipeline_tests.dumps.landing import PAGE, all_rows


def test_a_dump_is_a_top_level_file_or_folder_and_loose_pages_go_by_day(tmp_path: Path) -> None:
    (tmp_path / "b" / "deep").mkdir(parents=True)
    (tmp_path / "b" / "deep" / "2.txt").write_text(PAGE)
    (tmp_path / "b" / "1.txt").write_text(PAGE)
    (tmp_path / "a.jsonl").write_text("{}")
    for name, day in (("x.txt", 86_399), ("y.html", 86_400), ("z.htm", 86_401)):
        (tmp_path / name).write_text(PAGE)
        os.utime(tmp_path / name, (day, day))
    dumps = list_dumps(tmp_path)
    assert list(dumps) == ["a.jsonl", "b", "loose-1970-01-01", "loose-1970-01-02"]
    assert [file.path for file in dumps["b"].files] == ["b/1.txt", "b/deep/2.txt"]
    assert [file.path for file in dumps["loose-1970-01-02"].files] == ["y.html", "z.htm"]
    assert dumps["loose-1970-01-02"].modified_at == 86_401
    assert dumps["b"].size == 2 * len(PAGE.encode())


def test_hidden_and_unfinished_files_are_left_out(tmp_path: Path) -> None:
    for name in (
        ".git/x.txt",
        "_staging/x.txt",
        "d/.DS_Store",
        "d/a.txt.part",
        "d/b.tmp",
        "d/c.html~",
        "d/e.crdownload",
        "d/_index.html",
        "empty/.keep",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(PAGE)
    assert {name: [file.path for file in dump.files] for name, dump in list_dumps(tmp_path).items()} == {
        "d": ["d/_index.html"]
    }


def test_the_fingerprint_changes_with_any_file(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "1.txt").write_text(PAGE)
    before = list_dumps(tmp_path)["d"].fingerprint
    assert list_dumps(tmp_path)["d"].fingerprint == before
    os.utime(tmp_path / "d" / "1.txt", (1, 1))
    touched = list_dumps(tmp_path)["d"].fingerprint
    (tmp_path / "d" / "2.txt").write_text(PAGE)
    assert len({before, touched, list_dumps(tmp_path)["d"].fingerprint}) == 3


def test_links_that_lead_out_are_not_followed(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    (raw / "d").mkdir(parents=True)
    (tmp_path / "secret.txt").write_text("x")
    (raw / "d" / "page.txt").write_text(PAGE)
    (raw / "d" / "out.txt").symlink_to(tmp_path / "secret.txt")
    (raw / "d" / "round").symlink_to(raw / "d")
    (raw / "d" / "gone.txt").symlink_to(raw / "nothing")
    (raw / "outside").symlink_to(tmp_path)
    assert [file.path for dump in list_dumps(raw).values() for file in dump.files] == ["d/page.txt"]
    with pytest.raises(ValueError, match="landing folder"):
        file_on_disk(raw, "../secret.txt")


def test_a_folder_that_cannot_be_listed_never_looks_empty(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="gone"):
        list_dumps(tmp_path / "gone")


def test_names_that_are_not_utf8_are_found_shown_and_read(tmp_path: Path) -> None:
    name = os.fsdecode("خبر".encode("cp1256") + b"-\xff.txt")
    try:
        (tmp_path / name).write_text(PAGE)
    except OSError:
        pytest.skip("this file system takes only UTF-8 names")
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / r"as\xff.txt").write_text(PAGE)
    rows = all_rows(tmp_path)
    assert [row["text"] for row in rows] == [PAGE, PAGE]
    assert rows[1]["file"].endswith(r"-\xff.txt")


def test_a_folder_that_cannot_be_listed_costs_only_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("d/1.txt", "d/locked/2.txt", "e/3.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(PAGE)
    before = list_dumps(tmp_path)
    scandir = os.scandir

    def refusing(path: str | Path) -> object:
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    dumps = list_dumps(tmp_path)
    assert [file.path for file in dumps["d"].files] == ["d/1.txt", "d/locked"]
    assert dumps["d"].fingerprint != before["d"].fingerprint
    assert dumps["e"] == before["e"]
    assert [(row["file"], row["error"]) for row in all_rows(tmp_path)] == [
        ("d/1.txt", None),
        ("d/locked", "unreadable"),
        ("e/3.txt", None),
    ]
    monkeypatch.undo()
    assert list_dumps(tmp_path) == before


def test_a_file_that_may_be_read_again_changes_its_dump(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "1.txt").write_text(PAGE)
    readable = list_dumps(tmp_path)["d"]
    monkeypatch.setattr(os, "access", lambda *_, **__: False)
    unreadable = list_dumps(tmp_path)["d"]
    assert [file.is_readable for file in unreadable.files] == [False]
    assert unreadable.fingerprint != readable.fingerprint


def test_links_in_a_circle_are_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "1.txt").write_text(PAGE)
    (tmp_path / "d" / "2.txt").symlink_to(tmp_path / "d" / "2.txt")
    assert [row["error"] for row in all_rows(tmp_path)] == [None, "unreadable"]
