"""Coverage-guided fuzzing of the dump readers: whatever lies in a file becomes rows, each a page or a refusal.

Needs ``atheris`` (``pip install atheris``; it is no dependency of the package). Run from the root of the repository::

    python -m benchmarks.fuzz_readers CORPUS [-max_total_time=600] [-timeout=20] [-rss_limit_mb=2048]

CORPUS is a folder that keeps interesting inputs between runs; it is seeded with a well-formed file of each format. The
first byte of an input chooses the file's name. An exception, a row of neither or of both kinds, a page without its bytes
in the dump, an input over its time or memory bound ends the run with the input saved.
"""

from __future__ import annotations

import bz2
import gzip
import hashlib
import lzma
import shutil
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["news_pipeline.dumps"]):
    from news_pipeline.dumps.decode import decode_records
    from news_pipeline.dumps.find import list_dumps
    from news_pipeline.dumps.locate import read_bytes
    from news_pipeline.dumps.read import read_chunks

from news_pipeline_tests.dumps import samples
from news_pipeline_tests.dumps.landing import PAGE

NAMES = (
    *("a.txt", "a.html", "a.json", "a.jsonl", "a.csv", "a.tsv", "a.parquet", "a.warc", "a.mhtml", "a.zip", "a.tar"),
    *("a.jsonl.gz", "a.warc.gz", "a.tar.gz", "a.csv.bz2", "a.csv.xz", "a.jsonl.zst", "a.parquet.gz", "a.wet", "a"),
)
_PAGES = [{"title": "a", "text": PAGE, "date": "2024-03-05"}, {"title": "b", "text": "c", "date": None}]
_LINES = samples.json_line(1) + b"\n" + samples.json_line(2)
_CSV = b'title,text,date\na,"b ""c"",\nd",2024-03-05\ne,f,g\n'
_WARC = samples.response(samples.HTML) + samples.warc_record("conversion", PAGE.encode(), "text/plain")
SEEDS: dict[str, bytes] = {
    "a.txt": PAGE.encode(),
    "a.html": samples.HTML,
    "a.json": b'{"articles": ['
    + samples.json_line(1)
    + b","
    + samples.json_line(2)
    + b'], "n": {"b": [{"text": "a"}]}}',
    "a.jsonl": _LINES,
    "a.csv": _CSV,
    "a.tsv": _CSV.replace(b",", b"\t").decode().encode("utf-16"),
    "a.parquet": samples.parquet(_PAGES, compression="none"),
    "a.warc": _WARC,
    "a.mhtml": samples.mhtml(),
    "a.zip": samples.zipped({"a.txt": PAGE.encode(), "b.jsonl": _LINES, "c.csv": _CSV}),
    "a.tar": samples.tarred({"a.txt": PAGE.encode(), "b" * 120: _LINES}),
    "a.jsonl.gz": gzip.compress(_LINES),
    "a.warc.gz": gzip.compress(_WARC) * 2,
    "a.tar.gz": gzip.compress(samples.tarred({"a.txt": PAGE.encode()})),
    "a.csv.bz2": bz2.compress(_CSV),
    "a.csv.xz": lzma.compress(_CSV),
    "a.parquet.gz": gzip.compress(samples.parquet(_PAGES)),
    "a": PAGE.encode("cp1256"),
}


def _require(law: bool) -> None:
    if not law:
        raise ValueError("a law of the readers does not hold")


def check(raw: Path, name: str, data: bytes) -> None:
    """Reads one file as a dump; raises ValueError where a law that holds for all does not."""
    path = raw / "d" / name
    path.write_bytes(data)
    try:
        dump = list_dumps(raw)["d"]
        chunks = list(read_chunks(raw, dump))
        _require(sum(chunk.bytes_read for chunk in chunks) == dump.size)
        rows = [row for chunk in chunks for row in decode_records("d", chunk.records).to_pylist()]
        _require(bool(rows))
        _require(len({row["page_id"] for row in rows}) == len(rows))
        for row in rows[:20]:
            _require((row["text"] is None) == (row["error"] is not None))
            found = read_bytes(raw, row["file"], row["member"], row["byte_start"], row["byte_end"])
            _require(hashlib.sha256(found).hexdigest() == row["sha256"])
    finally:
        path.unlink()


def main() -> None:
    """Fuzzes until told to stop."""
    corpus = Path(sys.argv[1])
    corpus.mkdir(parents=True, exist_ok=True)
    for name, data in SEEDS.items():
        (corpus / f"seed-{name}").write_bytes(bytes((NAMES.index(name),)) + data)
    raw = Path(tempfile.mkdtemp(dir="/dev/shm" if Path("/dev/shm").is_dir() else None))  # noqa: S108 - memory, not a shared place
    (raw / "d").mkdir()

    def one_input(data: bytes) -> None:
        if data:
            check(raw, NAMES[data[0] % len(NAMES)], data[1:])

    try:
        atheris.Setup(sys.argv, one_input)
        atheris.Fuzz()
    finally:
        shutil.rmtree(raw, ignore_errors=True)


if __name__ == "__main__":
    main()
