"""Well-formed files of each format, as the tests of this package make them."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.parquet as pq

from news_pipeline_tests.dumps.landing import PAGE

HTML = f"<html><body><p>{PAGE.strip()}</p></body></html>".encode()


def json_line(number: int) -> bytes:
    return json.dumps({"title": f"خبر {number}", "text": PAGE + str(number)}, ensure_ascii=False).encode()


def zipped(members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return held.getvalue()


def tarred(members: Mapping[str, bytes], form: int = tarfile.PAX_FORMAT) -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w", format=form) as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return held.getvalue()


def warc_record(
    kind: str,
    block: bytes,
    content_type: str = "application/http; msgtype=response",
    url: str = "https://nahar.example/1",
    more: str = "",
) -> bytes:
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2024-03-05T19:26:57Z\r\n"
        f"Content-Type: {content_type}\r\n{more}Content-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def response(body: bytes, headers: str = "Content-Type: text/html; charset=utf-8", status: str = "200 OK") -> bytes:
    return warc_record("response", f"HTTP/1.1 {status}\r\n{headers}\r\n\r\n".encode() + body)


def parquet(rows: Sequence[Mapping[str, object]], rows_per_group: int = 1000, compression: str = "zstd") -> bytes:
    held = io.BytesIO()
    table = pa.Table.from_pylist([dict(row) for row in rows])
    pq.write_table(table, held, row_group_size=rows_per_group, compression=compression)
    return held.getvalue()


def mhtml(body: bytes = HTML, charset: str = "utf-8") -> bytes:
    head = (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://sur.example/saved\r\n"
        "Subject: =?utf-8?Q?page?=\r\nDate: Tue, 5 Mar 2024 19:26:57 -0000\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="----x"\r\n\r\n\r\n------x\r\n'
        f"Content-Type: text/html; charset={charset}\r\nContent-Transfer-Encoding: 8bit\r\n"
        "Content-Location: https://sur.example/saved\r\n\r\n"
    )
    tail = "\r\n------x\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n------x--\r\n"
    return head.encode() + body + tail.encode()
