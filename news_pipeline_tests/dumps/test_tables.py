"""CSV and Parquet: rows of named columns."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import tracemalloc
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from news_pipeline.dumps import csv_pages, records
from news_pipeline.dumps.find import list_dumps
from news_pipeline.dumps.locate import read_bytes
from news_pipeline.dumps.read import read_chunks
from news_pipeline_tests.dumps.landing import PAGE, all_rows, errors, texts
from news_pipeline_tests.dumps.samples import parquet, tarred, zipped

ROWS = [
    {
        "Title": "سوق السمك",
        "Article Body": 'قال: "نعم"،\nثم سكت.',
        "Published At": "2024-03-05",
        "URL": "https://a.example/1",
    },
    {"Title": "a, b; c", "Article Body": "سطر\r\nآخر", "Published At": "", "URL": "nan"},
]


def _csv(rows: list[dict[str, str]], **dialect: object) -> str:
    held = io.StringIO()
    writer = csv.DictWriter(held, list(rows[0]), **dialect)  # type: ignore[arg-type]
    writer.writeheader()
    writer.writerows(rows)
    return held.getvalue()


def test_a_csv_row_is_located_by_its_bytes_and_its_columns_are_found_by_their_names(tmp_path: Path) -> None:
    content = _csv(ROWS).encode()
    (tmp_path / "d.csv").write_bytes(content)
    first, second = all_rows(tmp_path)
    assert first["text"] == 'قال: "نعم"،\nثم سكت.'
    assert first["url"] == "https://a.example/1"
    assert json.loads(first["metadata"]) == {"title": "سوق السمك", "published": "2024-03-05"}
    assert (second["text"], second["url"]) == ("سطر\nآخر", None)
    assert json.loads(second["metadata"]) == {"title": "a, b; c"}
    row = read_bytes(tmp_path, "d.csv", None, first["byte_start"], first["byte_end"])
    assert row.decode().startswith("سوق السمك,")
    assert content[first["byte_end"] : second["byte_start"]] == b"\n"


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1256"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_tables_are_read_however_spreadsheets_write_them(
    tmp_path: Path, delimiter: str, encoding: str, line_end: str
) -> None:
    rows = [{"id": "1", "عنوان الخبر": "سوق السمك في الميناء القديم", "النص": PAGE, "المصدر": "جريدة المرفأ"}] * 3
    text = _csv(rows, delimiter=delimiter, lineterminator=line_end)
    (tmp_path / "d.csv").write_bytes(text.encode(encoding))
    found = all_rows(tmp_path)
    assert texts(found) == [PAGE] * 3
    assert json.loads(found[0]["metadata"]) == {"title": "سوق السمك في الميناء القديم", "source": "جريدة المرفأ"}
    if encoding == "cp1256":
        assert found[0]["encoding"] == "cp1256"


def test_a_separator_line_backslashes_and_lists_as_exporters_write_them(tmp_path: Path) -> None:
    (tmp_path / "excel.csv").write_bytes(b'sep=;\r\ntitle;text\r\na;"b ""c"""\r\n')
    (tmp_path / "mysql.csv").write_bytes(rb'"title","text","author"' b"\n" rb'"a","b \"c\", d","\N"' b"\n")
    (tmp_path / "pandas.csv").write_text('text,tags,authors\nb,"[\'سفن\', \'ميناء\']","[""سلمى"", ""كريم""]"\n')
    rows = {row["file"]: row for row in all_rows(tmp_path)}
    assert rows["excel.csv"]["text"] == 'b "c"'
    assert rows["mysql.csv"]["text"] == 'b "c", d'
    assert json.loads(rows["mysql.csv"]["metadata"]) == {"title": "a"}
    assert json.loads(rows["pandas.csv"]["metadata"]) == {"tags": ["سفن", "ميناء"], "author": "سلمى, كريم"}


def test_a_row_of_another_width_costs_only_itself(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text('title,text\na,b\nc,"d\ne\nx,y,z\n\n"f, open\ng,h\ni,"j"\nk,l,\n')
    rows = all_rows(tmp_path)
    assert texts(rows) == ["b", "h", "j", "l"]
    assert set(errors(rows)) == {None, "broken_csv"}
    assert all(row["error_detail"] for row in rows if row["error"])


def test_a_quote_that_never_closes_does_not_swallow_the_file(tmp_path: Path) -> None:
    good = "".join(f"t{n},text {n}\n" for n in range(50_000))
    (tmp_path / "d.csv").write_text('title,text\n"open,x\n' + good)
    chunks = read_chunks(tmp_path, list_dumps(tmp_path)["d.csv"])
    assert [record.error for chunk in chunks for record in chunk.records] == ["broken_csv"] + [None] * 50_000


def test_a_table_that_names_no_text_says_so_once(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("id,score\n" + "1,2\n" * 1000)
    (tmp_path / "empty.csv").write_text("title,text\n")
    (tmp_path / "noise.csv").write_bytes(bytes(range(256)) * 40)
    (tmp_path / "d.parquet").write_bytes(parquet([{"id": 1, "score": 2.0}] * 10))
    (tmp_path / "empty.parquet").write_bytes(parquet([{"text": "a"}])[:0] + _empty_parquet())
    rows = {row["file"]: row for row in all_rows(tmp_path)}
    assert {name: row["error"] for name, row in rows.items()} == {
        "d.csv": "no_text",
        "d.parquet": "no_text",
        "empty.csv": "no_pages",
        "empty.parquet": "no_pages",
        "noise.csv": "unsupported_format",
    }
    assert "id, score" in rows["d.csv"]["error_detail"]


def _empty_parquet() -> bytes:
    held = io.BytesIO()
    pq.write_table(pa.table({"text": pa.array([], pa.string())}), held)
    return held.getvalue()


def test_a_line_without_end_is_refused_unheld(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (csv_pages, records):
        monkeypatch.setattr(module, "MAX_PAGE_BYTES", 1 << 20)
    monkeypatch.setattr(records.Held.__init__, "__defaults__", (1 << 20,))
    with (tmp_path / "d.csv").open("wb") as file:
        file.write(b"title,text\na,b\n")
        for _ in range(200):
            file.write(b"x" * (1 << 18))
        file.write(b"\nc,d\n")
    dump = list_dumps(tmp_path)["d.csv"]
    tracemalloc.start()
    found = [record.error for chunk in read_chunks(tmp_path, dump) for record in chunk.records]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found == [None, "too_large", None]
    assert peak < 8 << 20
    assert errors(all_rows(tmp_path)) == found


def test_parquet_rows_are_numbered_typed_and_found_again(tmp_path: Path) -> None:
    rows = [
        {
            "title": f"خبر {n}",
            "body": PAGE,
            "date": date(2024, 3, 5),
            "scraped_at": datetime(2024, 3, 6, 10, tzinfo=UTC),
            "tags": ["سفن", "ميناء"],
            "embedding": [0.5, 0.25],
            "score": float("nan"),
            "meta": {"url": f"https://a.example/{n}"},
        }
        for n in range(150)
    ]
    (tmp_path / "d.parquet").write_bytes(parquet(rows, rows_per_group=70))
    found = all_rows(tmp_path)
    assert [row["member"] for row in found] == [f"row {n}" for n in range(150)]
    assert found[99]["url"] == "https://a.example/99"
    assert found[99]["fetched_at"] == datetime(2024, 3, 6, 10, tzinfo=UTC)
    assert json.loads(found[99]["metadata"]) == {
        "title": "خبر 99",
        "published": "2024-03-05",
        "tags": ["سفن", "ميناء"],
    }
    line = json.loads(read_bytes(tmp_path, "d.parquet", "row 99", 0, found[99]["byte_end"]))
    assert line["title"] == "خبر 99"
    assert "embedding" not in line
    with pytest.raises(LookupError):
        read_bytes(tmp_path, "d.parquet", "row 150", 0, 10)


def test_a_day_kept_as_midnight_is_a_day(tmp_path: Path) -> None:
    times = pa.array([datetime(2024, 3, 5), datetime(2024, 3, 5, 7, 30)], pa.timestamp("ns"))  # noqa: DTZ001
    pq.write_table(pa.table({"text": ["a", "b"], "date": times}), tmp_path / "d.parquet")
    stated = [json.loads(row["metadata"])["published"] for row in all_rows(tmp_path)]
    assert stated == ["2024-03-05", "2024-03-05T07:30:00"]


def test_tables_within_archives_and_compression(tmp_path: Path) -> None:
    packed = parquet([{"text": PAGE}, {"text": "b"}])
    table = _csv([{"title": "a", "text": PAGE}]).encode()
    members = {"x/d.parquet": packed, "d.csv": table, "d.csv.gz": gzip.compress(table)}
    (tmp_path / "z.zip").write_bytes(zipped(members))
    (tmp_path / "t.tar.gz").write_bytes(gzip.compress(tarred(members)))
    (tmp_path / "d.parquet.gz").write_bytes(gzip.compress(packed))
    (tmp_path / "d.tsv.gz").write_bytes(gzip.compress(table.replace(b",", b"\t")))
    rows = all_rows(tmp_path)
    assert set(errors(rows)) == {None}
    assert [(row["file"], row["member"]) for row in rows if row["file"] in ("z.zip", "d.parquet.gz")] == [
        ("d.parquet.gz", "row 0"),
        ("d.parquet.gz", "row 1"),
        ("z.zip", "x/d.parquet/row 0"),
        ("z.zip", "x/d.parquet/row 1"),
        ("z.zip", "d.csv"),
        ("z.zip", "d.csv.gz"),
    ]


def test_a_table_that_breaks_off_keeps_the_rows_before(tmp_path: Path) -> None:
    table = ("title,text\n" + "".join(f'{n},"{os.urandom(40).hex()}"\n' for n in range(500))).encode()
    packed = gzip.compress(table)
    (tmp_path / "cut.csv.gz").write_bytes(packed[: len(packed) // 2])
    (tmp_path / "open.csv.gz").write_bytes(gzip.compress(b'title,text\na,b\nc,"d')[:-9])
    rows = all_rows(tmp_path)
    found = {name: errors([row for row in rows if row["file"] == name]) for name in ("cut.csv.gz", "open.csv.gz")}
    assert found["cut.csv.gz"].count(None) > 200
    assert found["cut.csv.gz"][-1] == "truncated_archive"
    assert found["open.csv.gz"] == [None, "truncated_archive"]


def test_damaged_parquet_costs_what_is_damaged(tmp_path: Path) -> None:
    whole = parquet([{"text": PAGE * 20 + str(n)} for n in range(100)], rows_per_group=25, compression="gzip")
    group = pq.ParquetFile(io.BytesIO(whole)).metadata.row_group(1).column(0)
    broken = bytearray(whole)
    at = (group.dictionary_page_offset or group.data_page_offset) + 40
    broken[at : at + 200] = bytes(200)
    (tmp_path / "broken.parquet").write_bytes(broken)
    (tmp_path / "cut.parquet").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "text.parquet").write_text(PAGE)
    rows = all_rows(tmp_path)
    found = {name: errors([row for row in rows if row["file"] == name]) for name in ("cut.parquet", "text.parquet")}
    assert found == {"cut.parquet": ["corrupt_archive"], "text.parquet": ["corrupt_archive"]}
    broken_rows = [row for row in rows if row["file"] == "broken.parquet"]
    assert errors(broken_rows).count(None) == 75
    assert [row["error_detail"][:13] for row in broken_rows if row["error"]] == ["rows 25 to 49"]


VALUES = st.text(st.sampled_from('ab"\n\r,;\\خ \t'), max_size=12)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=6), st.sampled_from(["\n", "\r\n"]))
def test_what_the_standard_library_writes_is_read_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[str, str]], line_end: str
) -> None:
    raw = tmp_path_factory.mktemp("raw")
    rows = [{"title": title, "text": f"x{text}x"} for title, text in pairs]
    written = _csv(rows, lineterminator=line_end, quoting=csv.QUOTE_ALL)
    (raw / "d.csv").write_bytes(b"text,title\n" * 0 + written.encode())
    if '\\"' in written:  # may be taken for another dialect
        return
    found = all_rows(raw)
    assert texts(found) == [row["text"].replace("\r\n", "\n").replace("\r", "\n") for row in rows]
