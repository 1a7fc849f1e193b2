from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import os
import sys
import tarfile
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

from news_pipeline.dumps import records
from news_pipeline.dumps.find import Dump, DumpFile, list_dumps
from news_pipeline.dumps.locate import read_bytes
from news_pipeline.dumps.read import read_chunks
from news_pipeline_tests.dumps.landing import PAGE, all_rows, errors, texts
from news_pipeline_tests.dumps.samples import HTML, json_line, mhtml, parquet, response, tarred, warc_record, zipped


def test_a_json_line_is_located_by_its_bytes_and_its_fields_are_mapped(tmp_path: Path) -> None:
    first = json.dumps(
        {
            "headline": "عنوان",
            "body": "نص الخبر",
            "date": "2024-03-05",
            "date_download": "2024-03-06 10:00:00",
            "authors": ["سلمى", "كريم"],
            "source": {"id": None, "name": "النهار"},
            "keywords": "ميناء، صور, سفن",
            "link": "https://nahar.example/1",
            "created_at": "2030-01-01",
        }
    ).encode()
    (tmp_path / "d.jsonl").write_bytes(first + b"\r\n\n" + json_line(2))
    one, two = all_rows(tmp_path)
    assert (one["byte_start"], one["byte_end"]) == (0, len(first) + 1)
    assert (two["byte_start"], two["byte_end"]) == (len(first) + 3, len(first) + 3 + len(json_line(2)))
    assert one["text"] == "نص الخبر"
    assert one["url"] == "https://nahar.example/1"
    assert one["fetched_at"] == datetime(2024, 3, 6, 10, tzinfo=UTC)
    assert json.loads(one["metadata"]) == {
        "title": "عنوان",
        "published": "2024-03-05",
        "author": "سلمى, كريم",
        "source": "النهار",
        "tags": ["ميناء", "صور", "سفن"],
    }


def test_the_crawl_and_the_database_row_never_date_the_publication(tmp_path: Path) -> None:
    (tmp_path / "d.jsonl").write_text(
        '{"text": "x", "crawl_date": "2024-01-01", "created_at": "2024-01-01", "dateModified": "2024-01-02"}'
    )
    (row,) = all_rows(tmp_path)
    assert json.loads(row["metadata"]) == {"modified": "2024-01-02"}


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (b'{"text": "cut', "broken_json"),
        (b'{"text": "\xff"}', "broken_json"),
        (b"[1, 2]", "not_an_object"),
        (b'"text"', "not_an_object"),
        (b'{"title": "no more"}', "no_text"),
        (b'{"text": "  "}', "no_text"),
        (b"[" * 100_000, "broken_json"),
    ],
)
def test_a_bad_line_costs_only_itself(tmp_path: Path, line: bytes, error: str) -> None:
    (tmp_path / "d.ndjson").write_bytes(json_line(1) + b"\n" + line + b"\n" + json_line(2) + b"\n")
    rows = all_rows(tmp_path)
    assert errors(rows) == [None, error, None]
    assert read_bytes(tmp_path, "d.ndjson", None, rows[1]["byte_start"], rows[1]["byte_end"]) == line
    assert rows[1]["error_detail"]


def test_lone_surrogates_and_markup_in_json(tmp_path: Path) -> None:
    (tmp_path / "d.jsonl").write_text(
        '{"text": "a\\ud800b \\ud83d\\ude00", "title": "\\udfff"}\n{"content": {"rendered": "<p>a</p><p>b</p>"}}'
    )
    first, second = all_rows(tmp_path)
    assert first["text"] == "a\ufffdb 😀"
    assert (second["text"], second["media_type"]) == ("a\n\nb", "text/html")


@pytest.mark.parametrize("layout", ["[%s]", "[\n %s \n]\n", "\ufeff[%s ]"])
def test_an_array_gives_each_object_its_own_range(tmp_path: Path, layout: str) -> None:
    items = [json.dumps({"text": f'"{n}" [{{}}], \\', "x": [{"y": "]"}]}, indent=n) for n in range(4)]
    (tmp_path / "d.json").write_text(layout % " , ".join(items))
    rows = all_rows(tmp_path)
    assert texts(rows) == [f'"{n}" [{{}}], \\' for n in range(4)]
    assert [read_bytes(tmp_path, "d.json", None, row["byte_start"], row["byte_end"]).decode() for row in rows] == items


def test_json_files_in_other_shapes(tmp_path: Path) -> None:
    (tmp_path / "one.json").write_bytes(json_line(1))
    (tmp_path / "lines.json").write_bytes(json_line(1) + b"\n{broken\n" + json_line(2))
    (tmp_path / "pretty.json").write_text(
        json.dumps({"text": "a"}, indent=2) + "\n" + json.dumps({"text": "b"}, indent=2)
    )
    (tmp_path / "cut.json").write_text('[{"text": "a"}, {"text": "b"')
    (tmp_path / "unclosed.json").write_text('[{"text": "a"}')
    (tmp_path / "none.json").write_text("[]")
    (tmp_path / "array.jsonl").write_text('[{"text": "a"}, 7, {"text": "b"}]')
    rows = all_rows(tmp_path)
    found = {
        name: [row["error"] for row in rows if row["file"] == name] for name in sorted({row["file"] for row in rows})
    }
    assert found == {
        "array.jsonl": [None, "not_an_object", None],
        "cut.json": [None, "broken_json"],
        "lines.json": [None, "broken_json", None],
        "none.json": ["no_pages"],
        "one.json": [None],
        "pretty.json": [None, None],
        "unclosed.json": [None, "broken_json"],
    }


@pytest.mark.parametrize(
    ("suffix", "pack"),
    [("gz", gzip.compress), ("bz2", bz2.compress), ("xz", lzma.compress), ("zst", zstd.compress)],
)
def test_compressed_streams_are_ranged_as_decompressed(tmp_path: Path, suffix: str, pack: type[bytes]) -> None:
    (tmp_path / f"d.jsonl.{suffix}").write_bytes(pack(json_line(1) + b"\n") + pack(json_line(2)))  # two streams joined
    (tmp_path / f"page.txt.{suffix}").write_bytes(pack(PAGE.encode()))
    (tmp_path / f"page.{suffix}").write_bytes(pack(HTML))
    rows = all_rows(tmp_path)
    assert errors(rows) == [None] * 4
    assert rows[1]["byte_start"] == len(json_line(1)) + 1
    assert {row["media_type"] for row in rows} == {"text/plain", "text/html"}


def test_a_cut_gzip_keeps_the_pages_before_the_cut(tmp_path: Path) -> None:
    lines = b"\n".join(json.dumps({"text": os.urandom(40).hex()}).encode() for _ in range(200))
    packed = gzip.compress(lines)
    (tmp_path / "cut.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    rows = all_rows(tmp_path)
    assert errors(rows)[-1] == "truncated_archive"
    assert 80 < errors(rows).count(None) < 120


@pytest.mark.parametrize(("suffix", "pack"), [("bz2", bz2.compress), ("xz", lzma.compress), ("zst", zstd.compress)])
def test_a_cut_stream_of_any_compression_keeps_the_pages_before_the_cut(
    tmp_path: Path, suffix: str, pack: Callable[[bytes], bytes]
) -> None:
    lines = b"\n".join(json.dumps({"text": os.urandom(400).hex()}).encode() for _ in range(2500))
    packed = pack(lines)
    (tmp_path / f"cut.jsonl.{suffix}").write_bytes(packed[: len(packed) // 2])
    dump = list_dumps(tmp_path)[f"cut.jsonl.{suffix}"]
    found = [record.error for chunk in read_chunks(tmp_path, dump) for record in chunk.records]
    assert found[-1] == "truncated_archive"
    assert found.count(None) > 800


def test_a_web_archive_packed_with_a_dictionary_of_its_own(tmp_path: Path) -> None:
    records_ = [response(f"<p>{PAGE}{n}</p>".encode()) for n in range(200)]
    dictionary = zstd.train_dict(records_, 4096)
    frames = b"".join(zstd.compress(record, zstd_dict=dictionary) for record in records_)
    for name, content in (("plain", dictionary.dict_content), ("packed", zstd.compress(dictionary.dict_content))):
        head = b"\x5d\x2a\x4d\x18" + len(content).to_bytes(4, "little")
        (tmp_path / f"{name}.warc.zst").write_bytes(head + content + frames)
    (tmp_path / "cut.warc.zst").write_bytes(head + content[:10])
    rows = all_rows(tmp_path)
    assert errors(rows) == ["truncated_archive"] + [None] * 400


def test_empty_lines_are_passed_over_at_once(tmp_path: Path) -> None:
    lines = b"\n" * (20 << 20)
    (tmp_path / "d.jsonl").write_bytes(lines + json_line(1) + b"\r\n\r\n" + json_line(2))
    (tmp_path / "d.csv").write_bytes(b"title,text\n" + lines + b"a,b\r\n\r\nc,d\n")
    assert errors(all_rows(tmp_path)) == [None] * 4


def test_streams_within_streams_end_soon(tmp_path: Path) -> None:
    packed = PAGE.encode()
    for _ in range(10_000):
        packed = gzip.compress(packed, 0)
    (tmp_path / "deep.txt.gz").write_bytes(packed)
    archive = zipped({"a.txt": b"a"})
    for _ in range(200):
        archive = zipped({"inner.zip": archive}, zipfile.ZIP_STORED)
    (tmp_path / "deep.zip").write_bytes(archive)
    (tmp_path / "bomb.jsonl.zst").write_bytes(zstd.compress(b" " * (80 << 20)))
    assert errors(all_rows(tmp_path)) == ["too_large", "corrupt_archive", "unsupported_format"]


def test_a_page_saved_by_a_browser(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "a.mhtml").write_bytes(mhtml())
    (tmp_path / "d" / "b.mht").write_bytes(mhtml("<p>خبر عن البحر</p>".encode("cp1256"), "windows-1256"))
    (tmp_path / "d" / "c.mht").write_bytes(b"no headers at all")
    first, second, third = all_rows(tmp_path)
    assert first["text"] == PAGE.strip().replace("\n\n", " ")
    assert (first["url"], first["media_type"]) == ("https://sur.example/saved", "text/html")
    assert first["fetched_at"] == datetime(2024, 3, 5, 19, 26, 57, tzinfo=UTC)
    assert (second["text"], second["encoding"]) == ("خبر عن البحر", "cp1256")
    assert third["error"] == "no_pages"


def test_text_extracted_by_a_crawler_states_its_language(tmp_path: Path) -> None:
    more = "WARC-Identified-Content-Language: ara,eng\r\n"
    parts = [
        warc_record("warcinfo", b"software: x", "application/warc-fields"),
        warc_record("conversion", PAGE.encode(), "text/plain", more=more),
    ]
    (tmp_path / "a.warc.wet.gz").write_bytes(b"".join(map(gzip.compress, parts)))
    (row,) = all_rows(tmp_path)
    assert (row["text"], row["media_type"]) == (PAGE, "text/plain")
    assert json.loads(row["metadata"]) == {"language": "ar"}
    assert row["fetched_at"] == datetime(2024, 3, 5, 19, 26, 57, tzinfo=UTC)


def test_a_damaged_gzip_keeps_the_pages_before_the_damage(tmp_path: Path) -> None:
    lines = b"\n".join(json.dumps({"text": os.urandom(40).hex()}).encode() for _ in range(200))
    members = gzip.compress(lines[: len(lines) // 2]), bytearray(gzip.compress(lines[len(lines) // 2 :]))
    members[1][2] = 99  # an unknown method of compression
    (tmp_path / "bad.jsonl.gz").write_bytes(members[0] + members[1])
    (tmp_path / "wrong_sum.txt.gz").write_bytes(gzip.compress(b"a")[:-8] + bytes(8))
    rows = all_rows(tmp_path)
    assert errors(rows)[-2:] == ["corrupt_archive", "corrupt_archive"]
    assert errors(rows).count(None) >= 99


def test_warc_gives_pages_and_skips_what_is_no_page(tmp_path: Path) -> None:
    packed = gzip.compress(HTML)
    chunked = b"%x\r\n" % len(packed) + packed + b"\r\n0\r\n\r\n"
    parts = [
        warc_record("warcinfo", b"software: x", "application/warc-fields"),
        warc_record("request", b"GET / HTTP/1.1\r\n\r\n"),
        response(HTML),
        response(b"\x89PNG", "Content-Type: image/png"),
        response(chunked, "Content-Type: text/html\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked"),
        response(
            HTML, "Content-Type: text/html\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked"
        ),  # already undone
        response(b"<p>gone</p>", status="404 Not Found"),
        warc_record("conversion", PAGE.encode(), "text/plain"),
        response("<p>خبر عن البحر والميناء</p>".encode("cp1256"), "Content-Type: text/html; charset=windows-1256"),
    ]
    (tmp_path / "a.warc").write_bytes(b"".join(parts))
    (tmp_path / "b.warc.gz").write_bytes(b"".join(map(gzip.compress, parts)))
    (tmp_path / "c.warc.gz").write_bytes(gzip.compress(b"".join(parts)))
    rows = all_rows(tmp_path)
    for name in ("a.warc", "b.warc.gz", "c.warc.gz"):
        found = [row for row in rows if row["file"] == name]
        assert errors(found) == [None, None, None, "http_status", None, None]
        assert texts(found) == [texts(found)[0]] * 3 + [PAGE, "خبر عن البحر والميناء"]
        assert found[-1]["encoding"] == "cp1256"
        assert found[0]["url"] == "https://nahar.example/1"
        assert found[0]["fetched_at"] == datetime(2024, 3, 5, 19, 26, 57, tzinfo=UTC)
        assert "published" not in json.loads(found[0]["metadata"] or "{}")
        record = read_bytes(tmp_path, name, None, found[0]["byte_start"], found[0]["byte_end"])
        assert record + b"\r\n\r\n" == parts[2]


@pytest.mark.parametrize(
    ("tail", "error"),
    [
        (response(HTML)[:-30], "truncated_archive"),
        (response(HTML)[:60], "truncated_archive"),
        (b"nonsense\r\n\r\n" + response(HTML), "corrupt_archive"),
        (response(HTML).replace(b"Content-Length: ", b"Content-Length: x"), "corrupt_archive"),
        (response(HTML).replace(b"Content-Length: ", b"Content-Length: 999999999999999"), "truncated_archive"),
    ],
)
def test_a_damaged_warc_keeps_what_came_before(tmp_path: Path, tail: bytes, error: str) -> None:
    (tmp_path / "a.warc").write_bytes(response(HTML) + tail)
    rows = all_rows(tmp_path)
    assert errors(rows) == [None, error]
    assert rows[1]["byte_end"] == (tmp_path / "a.warc").stat().st_size


def test_archives_hold_pages_of_every_format_and_names_are_only_names(tmp_path: Path) -> None:
    members = {
        "../../etc/passwd.txt": PAGE.encode(),
        "/abs/page.html": HTML,
        "صفحات/خبر.txt": PAGE.encode(),
        "lines.jsonl.gz": gzip.compress(json_line(1) + b"\n" + json_line(2)),
        "crawl.warc": response(HTML),
        "x" * 300 + ".txt": PAGE.encode(),
        "empty.txt": b"",
        "inner.zip": zipped({"a.txt": b"a"}),
        "photo.jpg": b"\xff\xd8\xff",
        "__MACOSX/._a.txt": b"\0\0",
    }
    (tmp_path / "z.zip").write_bytes(zipped(members))
    (tmp_path / "stored.zip").write_bytes(zipped(members, zipfile.ZIP_STORED))
    (tmp_path / "t.tar").write_bytes(tarred(members))
    (tmp_path / "g.tar.gz").write_bytes(gzip.compress(tarred(members, tarfile.GNU_FORMAT)))
    (tmp_path / "g.tgz").write_bytes(gzip.compress(tarred(members)))
    rows = all_rows(tmp_path)
    for name in ("z.zip", "stored.zip", "t.tar", "g.tar.gz", "g.tgz"):
        found = [row for row in rows if row["file"] == name]
        assert errors(found) == [None] * 7 + ["empty_file", "unsupported_format", "unsupported_format"]
        assert {row["member"] for row in found} == set(members) - {"__MACOSX/._a.txt"}
    assert [path.name for path in tmp_path.iterdir()].count("passwd.txt") == 0


def test_like_named_members_are_told_apart(tmp_path: Path) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("a.txt", "one")
        archive.writestr("a.txt", "two")
    (tmp_path / "d.zip").write_bytes(held.getvalue())
    assert [(row["member"], row["text"]) for row in all_rows(tmp_path)] == [("a.txt", "one"), ("a.txt#2", "two")]


def test_cut_and_damaged_archives_keep_what_came_before(tmp_path: Path) -> None:
    members = {f"{n}.txt": os.urandom(300).hex().encode() for n in range(10)}
    packed = zipped(members)
    (tmp_path / "cut.zip").write_bytes(packed[: len(packed) // 2])
    broken = bytearray(packed)
    broken[200] ^= 255
    (tmp_path / "broken.zip").write_bytes(broken)
    (tmp_path / "cut.tar").write_bytes(tarred(members)[:5000])
    (tmp_path / "noise.tar").write_bytes(tarred(members)[:4608] + os.urandom(2048))
    (tmp_path / "nothing.zip").write_bytes(b"PK\3\4")
    rows = all_rows(tmp_path)
    found = {
        name: errors([row for row in rows if row["file"] == name]) for name in sorted({row["file"] for row in rows})
    }
    assert found["broken.zip"] == ["corrupt_archive"] + [None] * 9
    assert found["cut.tar"] == [None] * 3 + ["truncated_archive"]
    assert found["cut.zip"][:3] == [None] * 3
    assert found["cut.zip"][-1] == "truncated_archive"
    assert found["noise.tar"] == [None] * 3 + ["corrupt_archive"]
    assert found["nothing.zip"] == ["corrupt_archive"]


def test_a_member_without_a_name_is_a_member(tmp_path: Path) -> None:
    packed = zipped({"a": b"one", "b.txt": b"two"}, zipfile.ZIP_STORED)
    nameless = packed.replace(b"a" + b"one", b"\0" + b"one").replace(b"\0aPK", b"\0\0PK")  # zipfile ends names at a NUL
    at = nameless.rindex(b"PK\1\2", 0, nameless.rindex(b"PK\1\2"))
    nameless = nameless[: at + 46] + b"\0" + nameless[at + 47 :]
    (tmp_path / "d.zip").write_bytes(nameless)
    assert [(row["member"], row["text"]) for row in all_rows(tmp_path)] == [("", "one"), ("b.txt", "two")]


def test_encrypted_members_are_named(tmp_path: Path) -> None:
    packed = bytearray(zipped({"a.txt": b"secret"}))
    packed[6] |= 1
    packed[packed.index(b"PK\1\2") + 8] |= 1
    (tmp_path / "d.zip").write_bytes(packed)
    assert errors(all_rows(tmp_path)) == ["encrypted"]


def test_oversized_pages_and_bombs_are_refused_unheld(tmp_path: Path) -> None:
    endless = b"x" * (records.MAX_PAGE_BYTES + 1)
    (tmp_path / "line.jsonl").write_bytes(json_line(1) + b"\n" + endless + b"\n" + json_line(2))
    (tmp_path / "page.txt").write_bytes(endless)
    (tmp_path / "bomb.zip").write_bytes(zipped({"a.txt": bytes(100 << 20), "b.txt": b"b"}))
    (tmp_path / "bomb.jsonl.gz").write_bytes(gzip.compress(b" " * (80 << 20), 1))
    (tmp_path / "crawl.warc").write_bytes(response(endless) + response(HTML))
    rows = all_rows(tmp_path)
    found = {
        name: errors([row for row in rows if row["file"] == name]) for name in sorted({row["file"] for row in rows})
    }
    assert found == {
        "bomb.jsonl.gz": ["too_large"],
        "bomb.zip": ["too_large", None],
        "crawl.warc": ["too_large", None],
        "line.jsonl": [None, "too_large", None],
        "page.txt": ["too_large"],
    }


def test_files_without_pages_have_a_row_that_says_so(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "empty.txt").write_bytes(b"")
    (tmp_path / "d" / "empty.gz").write_bytes(gzip.compress(b""))
    (tmp_path / "d" / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    (tmp_path / "d" / "noise").write_bytes(bytes(range(256)))
    (tmp_path / "d" / "report.docx").write_bytes(zipped({"a.xml": b"<a/>"}))
    (tmp_path / "d" / "nothing.warc").write_bytes(warc_record("warcinfo", b"x"))
    (tmp_path / "d" / "nothing.warc.gz").write_bytes(gzip.compress(warc_record("warcinfo", b"x")))
    (tmp_path / "d" / "header.tsv").write_text("title\ttext", encoding="utf-16")
    (tmp_path / "d" / "bare.zip").write_bytes(zipped({}))
    (tmp_path / "d" / "page").write_bytes(HTML)
    (tmp_path / "d" / "saved.html.gz").write_bytes(HTML)
    (tmp_path / "d" / "really.txt").write_bytes(b"<!DOCTYPE html>" + HTML)
    rows = {row["file"].removeprefix("d/"): row for row in all_rows(tmp_path)}
    assert {name: row["error"] for name, row in rows.items()} == {
        "bare.zip": "no_pages",
        "empty.gz": "empty_file",
        "empty.txt": "empty_file",
        "noise": "unsupported_format",
        "nothing.warc": "no_pages",
        "nothing.warc.gz": "no_pages",
        "header.tsv": "no_pages",
        "page": None,
        "photo.jpg": "unsupported_format",
        "really.txt": None,
        "report.docx": "unsupported_format",
        "saved.html.gz": None,
    }
    assert {rows[name]["media_type"] for name in ("page", "really.txt", "saved.html.gz")} == {"text/html"}


def test_a_file_that_vanished_or_shrank_is_told(tmp_path: Path) -> None:
    dump = Dump("d", (DumpFile("d/gone.txt", 10, 0),))
    (chunk,) = read_chunks(tmp_path, dump)
    assert [record.error for record in chunk.records] == ["unreadable"]
    assert chunk.bytes_read == 10
    with pytest.raises(LookupError, match="gone"):
        read_bytes(tmp_path, "d/gone.txt", None, 0, 10)
    (tmp_path / "short.txt").write_text("abc")
    (tmp_path / "z.zip").write_bytes(zipped({"a.txt": b"a"}))
    with pytest.raises(LookupError, match="shorter"):
        read_bytes(tmp_path, "short.txt", None, 0, 10)
    with pytest.raises(LookupError, match="no member"):
        read_bytes(tmp_path, "z.zip", "b.txt", 0, 1)


def test_chunks_are_bounded_and_progress_moves_within_one_gzip(tmp_path: Path) -> None:
    lines = b"\n".join(json.dumps({"text": os.urandom(2000).hex()}).encode() for _ in range(400))
    (tmp_path / "d.jsonl.gz").write_bytes(gzip.compress(lines))
    dump = list_dumps(tmp_path)["d.jsonl.gz"]
    chunks = list(read_chunks(tmp_path, dump, max_pages=100, max_bytes=200_000))
    assert all(
        len(chunk.records) <= 100 and sum(len(record.data) for record in chunk.records) <= 200_000 for chunk in chunks
    )
    assert sum(chunk.bytes_read > 0 for chunk in chunks) >= 4
    assert [record for chunk in chunks for record in chunk.records] == [
        record for chunk in read_chunks(tmp_path, dump) for record in chunk.records
    ]


NAMES = st.sampled_from(
    [
        "a.txt",
        "a.html",
        "a.json",
        "a.jsonl",
        "a.jsonl.gz",
        "a.warc",
        "a.warc.gz",
        "a.zip",
        "a.tar",
        "a.tar.gz",
        "a.gz",
        "a.bz2",
        "a.xz",
        "a.zst",
        "a.csv",
        "a.tsv.gz",
        "a.parquet",
        "a.parquet.gz",
        "a.mhtml",
        "a",
        "a.jpg",
    ]
)
GOOD = st.sampled_from(
    [
        b"",
        HTML,
        json_line(1) + b"\n" + json_line(2),
        b"[" + json_line(1) + b"," + json_line(2) + b"]",
        response(HTML) * 2,
        gzip.compress(response(HTML)) * 2,
        zipped({"a.txt": PAGE.encode(), "b.jsonl": json_line(1)}),
        tarred({"a.txt": PAGE.encode(), "b.jsonl": json_line(1), "c" * 200: HTML}),
        gzip.compress(tarred({"a.txt": PAGE.encode()})),
        bz2.compress(PAGE.encode()),
        lzma.compress(PAGE.encode()),
        zstd.compress(PAGE.encode()),
        b'title,text\na,"b ""c"",\nd"\n',
        parquet([{"title": "a", "text": PAGE}, {"title": "b", "text": "c"}]),
        zipped({"a.parquet": parquet([{"text": PAGE}]), "a.csv": b"text\na\n"}),
        b'{"articles": [' + json_line(1) + b"," + json_line(2) + b'], "more": [{"text": "a"}]}',
        mhtml(),
        PAGE.encode("utf-16"),
        PAGE.encode("cp1256"),
    ]
)


@st.composite
def _damaged(draw: st.DrawFn) -> bytes:
    data = bytearray(draw(GOOD))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(data)))
        data[at : at + draw(st.integers(0, 40))] = draw(st.binary(max_size=40))
    return bytes(data[: draw(st.integers(0, len(data)))] if draw(st.booleans()) else data)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(name=NAMES, data=st.one_of(st.binary(max_size=600), _damaged()))
def test_whatever_lies_in_a_file_becomes_rows(tmp_path_factory: pytest.TempPathFactory, name: str, data: bytes) -> None:
    raw = tmp_path_factory.mktemp("raw")
    (raw / "d").mkdir()
    (raw / "d" / name).write_bytes(data)
    assert all_rows(raw)
