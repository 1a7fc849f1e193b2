"""What the fields of a row mean: names, dates of crawls, wrapped objects, and the sidecar that says it."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from news_pipeline.dumps import json_pages
from news_pipeline.dumps.find import list_dumps
from news_pipeline.dumps.read import read_chunks
from news_pipeline.dumps.sidecar import SidecarError
from news_pipeline_tests.dumps.landing import PAGE, all_rows, errors, texts

CRAWLED = "2024-10-05T12:34:56Z"
CRAWLED_AT = datetime(2024, 10, 5, 12, 34, 56, tzinfo=UTC)


def _row(raw: Path, fields: dict[str, Any]) -> dict[str, Any]:
    (raw / "d.jsonl").write_text(json.dumps({"text": PAGE} | fields))
    (row,) = all_rows(raw)
    return row | json.loads(row["metadata"] or "{}")


@pytest.mark.parametrize(
    "beside",
    [
        {
            "dump": "CC-MAIN-2024-42",
            "file_path": "s3://bucket/crawl-data/x.warc.gz",
            "language_score": 0.9,
            "token_count": 9,
        },
        {"id": "<urn:uuid:0d8a309d-25c5-405d-a08a-c11239f0d717>"},
        {"language_score": 0.98, "token_count": 512},
        {"language_score": 0.98},
        {"dump": "CC-NEWS-2024-10"},
        {"warc_path": "crawl/news/2024/10/part-0001.gz"},
        {"metadata": {"dump": "CC-MAIN-2024-42", "file_path": "x.warc.gz"}},
        {"crawl_date": CRAWLED},
    ],
)
def test_the_date_of_a_row_cut_out_of_a_web_crawl_is_the_crawls(tmp_path: Path, beside: dict[str, Any]) -> None:
    row = _row(tmp_path, {"date": CRAWLED, "url": "https://a.example/1"} | beside)
    assert "published" not in row
    assert row["fetched_at"] == CRAWLED_AT


@pytest.mark.parametrize(
    "fields",
    [
        {"date": CRAWLED, "source": "جريدة المرفأ", "title": "عنوان"},
        {"date": "2024-10-05", "language_score": 0.98},
        {"date": CRAWLED, "crawl_date": "2024-10-07", "dump": "CC-NEWS-2024-10"},
        {"published_date": CRAWLED, "date": "2024-10-06T00:00:01Z", "warc_path": "x"},
    ],
)
def test_a_date_that_nothing_shows_to_be_the_crawls_is_the_publications(tmp_path: Path, fields: dict[str, Any]) -> None:
    assert _row(tmp_path, fields)["published"].startswith("2024-10-05")


def test_a_timestamp_is_used_only_where_it_is_known_to_be_the_crawls(tmp_path: Path) -> None:
    row = _row(tmp_path, {"timestamp": CRAWLED, "url": "https://a.example/1"})
    assert row["fetched_at"] == CRAWLED_AT
    row = _row(tmp_path, {"timestamp": CRAWLED, "title": "عنوان"})
    assert row["fetched_at"] is None
    assert "published" not in row


@pytest.mark.parametrize(
    ("stated", "published"),
    [
        ("20240305", "2024-03-05"),
        (20240305, "2024-03-05"),
        ("20240305T101500Z", "2024-03-05T10:15:00Z"),
        ("20240305101500", "2024-03-05T10:15:00"),
        (1709633700, "2024-03-05T10:15:00Z"),
        ("1709633700", "2024-03-05T10:15:00Z"),
        ("1709633700000", "2024-03-05T10:15:00Z"),
        ("الثلاثاء 5 مارس 2024", "الثلاثاء 5 مارس 2024"),
    ],
)
def test_dates_in_digits_alone_are_spelled_out(tmp_path: Path, stated: object, published: str) -> None:
    assert _row(tmp_path, {"publishedAt": stated})["published"] == published


def test_names_are_known_however_they_are_written(tmp_path: Path) -> None:
    row = _row(tmp_path, {"Headline": "عنوان", "Date-Published": "2024-03-05", "الكاتب": "سلمى", "Mots-clés": "a, b"})
    assert (row["title"], row["published"], row["author"], row["tags"]) == ("عنوان", "2024-03-05", "سلمى", ["a", "b"])


WRAPPED = {
    "news api": {
        "status": "ok",
        "totalResults": 2,
        "articles": [
            {
                "source": {"id": None, "name": "المرفأ"},
                "title": "أ",
                "publishedAt": "2024-03-05T10:00:00Z",
                "content": PAGE,
            },
            {"source": {"id": None, "name": "المرفأ"}, "title": "ب", "description": "x", "content": "ثان"},
        ],
    },
    "search engine": {
        "took": 3,
        "_shards": {"total": 1, "list": [{"text_of": "no"}]},
        "hits": {
            "total": {"value": 2},
            "hits": [
                {"_index": "n", "_id": "1", "_source": {"title": "أ", "body": PAGE}},
                {"_index": "n", "_id": "2", "_source": {"title": "ب", "body": "ثان"}, "sort": [1]},
            ],
        },
        "aggregations": {},
    },
    "data": {
        "meta": {"page": 1},
        "data": [{"id": "1", "attributes": {"title": "أ", "content": PAGE}}, {"text": "ثان"}],
    },
    "lists by day": {"2024-03-05": [{"text": PAGE}], "2024-03-06": [{"text": "ثان"}], "empty": []},
}


@pytest.mark.parametrize("kind", WRAPPED)
@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("limit", [16 << 20, 700])
def test_articles_wrapped_in_an_object_are_pages_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, indent: int | None, limit: int
) -> None:
    monkeypatch.setattr(json_pages, "MAX_PAGE_BYTES", limit)  # of longer documents only a part is ever held
    text = json.dumps(WRAPPED[kind], ensure_ascii=False, indent=indent)
    (tmp_path / "d.json").write_text(text)
    if indent is None:
        (tmp_path / "lines.jsonl").write_text(f"{text}\n{text}\n")
    rows = all_rows(tmp_path)
    assert texts(rows) == [PAGE, "ثان"] * (3 if indent is None else 1)
    assert errors(rows) == [None] * len(rows)


def test_an_article_with_lists_in_it_is_one_page(tmp_path: Path) -> None:
    article = {
        "images": [{"url": "https://a.example/i.jpg", "title": "صورة"}],
        "comments": [{"text": "تعليق"}, {"text": "آخر"}],
        "text": PAGE,
    }
    (tmp_path / "d.json").write_text(json.dumps(article))
    (tmp_path / "e.jsonl").write_text(json.dumps(article))
    assert texts(all_rows(tmp_path)) == [PAGE, PAGE]


def test_headlines_without_texts_are_refused_one_by_one(tmp_path: Path) -> None:
    listed = [{"url": f"https://a.example/{n}", "title": "عنوان", "seendate": "20240305T101500Z"} for n in range(3)]
    (tmp_path / "d.json").write_text(json.dumps({"articles": listed}))
    assert errors(all_rows(tmp_path)) == ["no_text"] * 3


def test_json_that_is_not_utf8_is_read_where_its_encoding_is_certain(tmp_path: Path) -> None:
    line = json.dumps({"title": "سوق", "text": PAGE * 3}, ensure_ascii=False)
    (tmp_path / "a.jsonl").write_bytes(f"{line}\n{line}".encode("cp1256"))
    (tmp_path / "b.jsonl").write_bytes(f"{line}\r\n{line}\r\n".encode("utf-16"))
    (tmp_path / "c.json").write_bytes(f"[{line}]".encode("utf-16-be"))
    rows = all_rows(tmp_path)
    assert texts(rows) == [PAGE * 3] * 5
    assert [row["encoding"] for row in rows] == ["cp1256", "cp1256", "utf-8", "utf-8", "utf-8"]


def _with_sidecar(raw: Path, sidecar: str, fields: dict[str, Any]) -> dict[str, Any]:
    (raw / "d.jsonl.toml").write_text(sidecar)
    return _row(raw, fields)


def test_a_sidecar_names_the_fields_and_states_what_holds_for_all(tmp_path: Path) -> None:
    row = _with_sidecar(
        tmp_path,
        """
        time_zone = "Asia/Riyadh"
        source = "وكالة الشمال"
        language = "ar"
        [fields]
        title = "t"
        text = ["doc.clean", "doc.raw"]
        published = "when"
        fetched = "seen"
        author = []
        """,
        {
            "t": "عنوان",
            "title": "slug",
            "doc": {"raw": "نص"},
            "when": "2024-03-05 10:00",
            "seen": "2024-03-05T13:00:00",
            "source": "mC4",
            "author": "bot",
        },
    )
    assert row["text"] == "نص"
    assert json.loads(row["metadata"]) == {
        "title": "عنوان",
        "published": "2024-03-05T10:00:00+03:00",
        "source": "وكالة الشمال",
        "language": "ar",
    }
    assert row["fetched_at"] == datetime(2024, 3, 5, 10, tzinfo=UTC)


@pytest.mark.parametrize(("meaning", "is_published"), [("crawl", False), ("published", True)])
def test_a_sidecar_says_what_a_date_is(tmp_path: Path, meaning: str, is_published: bool) -> None:
    for beside in ({}, {"dump": "CC-NEWS-2024-10"}):
        row = _with_sidecar(tmp_path, f'date = "{meaning}"', {"date": CRAWLED} | beside)
        assert ("published" in row) is is_published
        assert (row["fetched_at"] is None) is is_published


def test_a_sidecar_speaks_for_folders_of_pages_too(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "a.txt").write_bytes("خبر".encode("cp1256"))
    (tmp_path / "d.toml").write_text('encoding = "windows-1256"\npublisher = "المرفأ"')
    (row,) = all_rows(tmp_path)
    assert row["text"] == "خبر"
    assert json.loads(row["metadata"]) == {"publisher": "المرفأ"}


def test_a_sidecar_is_no_dump_and_changing_it_changes_the_dump(tmp_path: Path) -> None:
    (tmp_path / "d.jsonl").write_text('{"text": "a"}')
    (tmp_path / "lonely.toml").write_text('language = "ar"')
    without = list_dumps(tmp_path)["d.jsonl"]
    (tmp_path / "d.jsonl.toml").write_text('language = "ar"')
    os.utime(tmp_path / "d.jsonl.toml", (2e9, 2e9))
    with_one = list_dumps(tmp_path)["d.jsonl"]
    os.utime(tmp_path / "d.jsonl.toml", (2e9 + 1, 2e9 + 1))
    changed = list_dumps(tmp_path)["d.jsonl"]
    assert list(list_dumps(tmp_path)) == ["d.jsonl"]
    assert len({without.fingerprint, with_one.fingerprint, changed.fingerprint}) == 3
    assert without.size == with_one.size
    assert changed.modified_at == 2e9 + 1


@pytest.mark.parametrize(
    ("sidecar", "message"),
    [
        ('\nlanguage = "ar', r"d\.jsonl\.toml: .*line 2"),
        ('source = "a"\nzone = "UTC"', r"d\.jsonl\.toml, line 2: 'zone' is not known; known are encoding, time_zone"),
        ('\n\ntime_zone = "Riyadh"', r"line 3: 'Riyadh' is no time zone such as Asia/Riyadh"),
        ('encoding = "cp9"', r"line 1: 'cp9' is no character encoding"),
        ('date = "modified"', r'line 1: date must be "crawl" or "published"'),
        ("source = 7", r"line 1: source must be a text in quotes"),
        ('[fields]\ntitle = "t"\nbody = "b"', r"line 3: 'body' is nothing a field can mean; known are title, text"),
        ("[fields]\ntitle = 3", r"line 2: title must be the name of a field in quotes, or a list"),
        ('fields = "x"', r"line 1: fields must be a table"),
        ('source = "\udcff"', r"line 1: not UTF-8"),
        ("a = " + "[" * 5000, r"d\.jsonl\.toml"),
    ],
)
def test_a_sidecar_that_cannot_be_followed_names_its_file_and_line(tmp_path: Path, sidecar: str, message: str) -> None:
    (tmp_path / "d.jsonl").write_text('{"text": "a"}')
    (tmp_path / "d.jsonl.toml").write_bytes(sidecar.encode("utf-8", "surrogateescape"))
    with pytest.raises(SidecarError, match=message):
        list(read_chunks(tmp_path, list_dumps(tmp_path)["d.jsonl"]))
