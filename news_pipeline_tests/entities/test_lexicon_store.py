"""Names imported: every format as it is published, what is kept and refused, and what becomes stale."""

from __future__ import annotations

import bz2
import gzip
import json
import sys
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from itertools import permutations
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from news_pipeline.cli import app
from news_pipeline.days import BUILDERS
from news_pipeline.dimensions import build_dimension, dimension_is_stale
from news_pipeline.dumps.find import list_dumps
from news_pipeline.dumps.records import Damaged
from news_pipeline.dumps.streams import Source
from news_pipeline.entities import lexicon_files
from news_pipeline.entities.lexicon_files import FORMATS, recognise_format
from news_pipeline.entities.lexicon_store import (
    ENTITIES,
    NotImportedError,
    lexicon_dir,
    lexicon_fingerprint,
    lexicon_path,
    list_lexicons,
    remove_lexicon,
)
from news_pipeline.freshness import articles_input, dump_is_stale, last_day, read_day_state, stale_days
from news_pipeline.stages import ENTITY_TABLES, Workers, find_entities, parse_articles, read_pages
from news_pipeline.storage import part_path, read_build
from news_pipeline.warehouse.views import connect
from news_pipeline_tests.entities.name_files import (
    DUMP,
    PARANAMES,
    SPARQL_CSV,
    SPARQL_JSON,
    SPARQL_TSV,
    TEXTS,
    entity,
    import_names,
)
from news_pipeline_tests.helpers import page

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


def _imported(data: Path, source: str) -> dict[str, dict[str, object]]:
    rows = pq.read_table(lexicon_path(data, source)).to_pylist()
    return {str(row["label_ar"]): row for row in rows}


@pytest.mark.parametrize("kind", TEXTS)
def test_a_format_is_recognised_and_its_names_are_kept(tmp_path: Path, kind: str) -> None:
    import_names(tmp_path / "data", TEXTS[kind])
    (imported,) = list_lexicons(tmp_path / "data")
    rows = _imported(tmp_path / "data", imported.source)
    adams = rows["دوغلاس آدمز"]
    assert adams["type"] == "PER"
    if kind == "jrc-names":
        assert imported.source == "jrc-names"
        assert str(adams["entity_id"]).startswith("local:")
        assert {row["type"] for row in rows.values()} == {"PER", "ORG", "LOC"}
        assert rows["باراك أوباما"]["label_en"] == "Barack Obama"
        assert len(rows["باراك أوباما"]["names"]) == 2  # type: ignore[arg-type]
    else:
        assert imported.source == ("paranames" if kind == "paranames" else "wikidata")
        assert adams["entity_id"] == "Q42"
        assert (rows["مؤسسة ويكيميديا"]["entity_id"], rows["مؤسسة ويكيميديا"]["type"]) == ("Q180", "ORG")
    if kind in ("sparql csv", "sparql tsv", "wikidata-json dump"):
        assert adams["label_en"] == "Douglas Adams"
        assert "دوغلاس نويل آدمز" in adams["names"]  # type: ignore[operator]


@pytest.mark.parametrize("kind", TEXTS)
@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, zstd.compress], ids=["gzip", "bz2", "zstd"])
def test_a_compressed_file_is_read_too(tmp_path: Path, kind: str, pack: object) -> None:
    (tmp_path / "plain").mkdir()
    import_names(tmp_path / "plain" / "data", TEXTS[kind])
    import_names(tmp_path / "data", pack(TEXTS[kind].encode()))  # type: ignore[operator]
    (one,), (other,) = list_lexicons(tmp_path / "plain" / "data"), list_lexicons(tmp_path / "data")
    assert one == other


def test_what_is_no_file_of_names_is_not_recognised() -> None:
    for text in (b"", b"just a line of text\n", b"a,b\n1,2\n", b"\x00\x01\x02", "خبر عن الميناء\n".encode()):
        assert recognise_format(Source(_Bytes(text))) is None
    assert set(FORMATS) == {"paranames", "jrc-names", "sparql", "wikidata-json"}


class _Bytes:
    def __init__(self, content: bytes) -> None:
        self._content = content

    def read(self, size: int, /) -> bytes:
        piece, self._content = self._content[:size], self._content[size:]
        return piece


def test_lines_that_are_no_names_are_refused_with_a_reason(tmp_path: Path) -> None:
    lines = [
        PARANAMES.rstrip("\n"),
        "Q1\tسطر ناقص",
        "L5\tx\tاسم ما\tar\tPER",
        "Q2\tA film\tفيلم قديم\tar\tMISC",
        "Q3\tMixed\tشركة Acme الكبرى\tar\tORG",
        "Q4\tParis\tباريس، تكساس\tar\tLOC",
        "Q5\tMarks\t؟؟؟ ــ\tar\tPER",
        "Q6\tLong\t" + "كلمة " * 20 + "\tar\tORG",
    ]
    refused = import_names(tmp_path / "data", "\n".join(lines).encode() + b"\nQ7\tx\t\xff\xfe\tar\tPER\n")
    assert refused == {
        "other_script": 2,
        "letters_of_another_language": 1,
        "bad_line": 2,
        "other_type": 1,
        "mixed_script": 1,
        "holds_a_comma": 1,
        "no_word": 1,
        "too_long": 1,
        "not_utf8": 1,
    }


def test_names_of_other_languages_are_kept_where_their_letters_are_arabic_ones(tmp_path: Path) -> None:
    lines = [
        "Q1\tReza Karimi\tرضا کریمی\tfa\tPER",
        "Q2\tAhmad Hosseini\tاحمد حسن\tur\tPER",
        "Q3\tX\tجوجل بارك\tckb\tORG",
    ]
    import_names(tmp_path / "data", "wikidata_id\teng\tlabel\tlanguage\ttype\n" + "\n".join(lines))
    assert {row["entity_id"] for row in _imported(tmp_path / "data", "paranames").values()} == {"Q2", "Q3"}


def test_a_label_is_the_arabic_one_whatever_line_it_stands_on(tmp_path: Path) -> None:
    head = "wikidata_id\teng\tlabel\tlanguage\ttype\n"
    lines = [
        "Q1\tAda\tادا لفلس\tfa\tPER\n",
        "Q1\tAda\tآدا لوفلايس (عالمة)\tar\tPER\n",
        "Q1\tAda\tادا لافليس\tarz\tPER\n",
    ]
    for order in permutations(lines[::2]):
        import_names(tmp_path / "data", head + order[0] + lines[1] + order[1])
        assert set(_imported(tmp_path / "data", "paranames")) == {"آدا لوفلايس"} or order[0] == lines[2]


def test_an_entity_of_two_types_is_of_one(tmp_path: Path) -> None:
    head = "wikidata_id\teng\tlabel\tlanguage\ttype\n"
    rows = [f"Q1\tx\tجامعة التلال\tar\t{type_}\n" for type_ in ("ORG", "LOC")]
    import_names(tmp_path / "data", head + "".join(rows))
    assert _imported(tmp_path / "data", "paranames")["جامعة التلال"]["type"] == "LOC"


def test_broken_json_and_unknown_classes_are_refused(tmp_path: Path) -> None:
    good = json.dumps(DUMP[0])
    film = json.dumps(entity("Q9", "فيلم الميناء", "Film", "Q11424"))
    lines = [good, "{broken", film, '{"id": "P31", "labels": {"ar": {"value": "x"}}}', "[1, 2]", '{"labels": {}}']
    refused = import_names(tmp_path / "data", "\n".join(lines))
    assert refused == {"bad_line": 3, "other_type": 2}
    bindings = json.dumps(SPARQL_JSON, ensure_ascii=False)
    assert import_names(tmp_path / "data", bindings[: bindings.rindex("Q180")]) == {"bad_line": 1}
    assert import_names(tmp_path / "data", SPARQL_CSV + "Q1,one cell\nQ2,نهر الصنوبر,,,Q4022\nQ3,لا نوع له,,,\n") == {
        "bad_line": 1,
        "no_type": 1,
    }


def test_a_line_too_long_to_be_held_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexicon_files, "_LONGEST_LINE", 4096)
    monkeypatch.setattr(lexicon_files, "BLOCK", 512)
    long = "Q1\tx\t" + "ا" * 20_000 + "\tar\tPER\n"
    assert import_names(tmp_path / "data", PARANAMES + long + "Q2\tx\tسد البحيرة\tar\tLOC\n")["line_too_long"] == 1
    assert "سد البحيرة" in _imported(tmp_path / "data", "paranames")


def test_a_file_that_breaks_off_or_holds_nothing_changes_nothing(tmp_path: Path) -> None:
    data = tmp_path / "data"
    import_names(data, PARANAMES)
    before = lexicon_path(data, "paranames").read_bytes()
    noise = "".join(f"Q{i}\tx\tاسم {i} {i * 7919}\tar\tPER\n" for i in range(1, 5000))
    packed = gzip.compress((PARANAMES + noise).encode())
    with pytest.raises(Damaged):
        import_names(data, packed[: len(packed) // 2])
    with pytest.raises(NotImportedError):
        import_names(data, "wikidata_id\teng\tlabel\tlanguage\ttype\nQ1\tx\tx\ten\tPER\n")
    with pytest.raises(NotImportedError):
        import_names(data, PARANAMES, source="../elsewhere")
    assert lexicon_path(data, "paranames").read_bytes() == before
    assert [path.name for path in lexicon_dir(data).iterdir()] == ["paranames.parquet"]


def test_the_file_has_the_columns_it_says_and_the_same_bytes_each_time(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        import_names(tmp_path / name / "data", PARANAMES)
    paths = [lexicon_path(tmp_path / name / "data", "paranames") for name in ("one", "other")]
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert pq.read_schema(paths[0]).equals(ENTITIES)


def test_two_extracts_stand_beside_each_other_and_a_second_import_replaces_the_first(tmp_path: Path) -> None:
    data = tmp_path / "data"
    import_names(data, SPARQL_CSV, source="people")
    import_names(data, SPARQL_TSV, source="clubs")
    assert [imported.source for imported in list_lexicons(data)] == ["clubs", "people"]
    first = lexicon_fingerprint(data)
    import_names(data, SPARQL_CSV + "Q2,نهر الصنوبر,,,Q4022\n", source="people")
    assert len(list_lexicons(data)) == 2
    assert lexicon_fingerprint(data) != first
    assert remove_lexicon(data, "people") and not remove_lexicon(data, "people")
    assert [imported.source for imported in list_lexicons(data)] == ["clubs"]


def test_an_import_makes_stale_what_names_are_found_for_and_nothing_else(tmp_path: Path) -> None:
    data, raw = tmp_path / "data", tmp_path / "raw"
    day = date(2024, 9, 20)
    (raw / "mina").mkdir(parents=True)
    text = page("لقاء في الميناء", day).replace("سامر الخطيب", "دوغلاس آدمز")
    (raw / "mina" / "1.txt").write_text(text, encoding="utf-8")
    (dump,) = list_dumps(raw).values()
    workers = Workers(1, ProcessPoolExecutor)

    def stale() -> tuple[bool, list[date], bool]:
        state = read_day_state(data, last_day())
        return dump_is_stale(data, dump, "UTC"), stale_days(state), dimension_is_stale(data, "entities")

    def refresh() -> dict[str, bytes]:
        find_entities(data, dump.name, workers)
        for build in BUILDERS.values():
            build(data, read_day_state(data, last_day()), [day], lambda _: None)
        build_dimension(data, "entities")
        assert stale() == (False, [], False)
        return {table: part_path(data, table, dump.name).read_bytes() for table in ENTITY_TABLES}

    read_pages(data, raw, dump, workers)
    parse_articles(data, dump.name, "UTC", workers)
    without = refresh()
    import_names(data, PARANAMES)
    assert stale() == (True, [day], True)
    parsed = read_build(data, "parsed_articles", dump.name)
    assert parsed is not None and parsed.input == articles_input(data, dump.name, "UTC")
    with_names = refresh()
    assert with_names != without
    with connect(data) as connection:
        found = connection.sql("SELECT label_en, wikidata_id, article_count FROM entities WHERE entity_id = 'Q42'")
        assert found.fetchall() == [("Douglas Adams", "Q42", 1)]
    import_names(data, PARANAMES)
    assert stale() == (False, [], False)  # the same names again
    assert refresh() == with_names
    remove_lexicon(data, "paranames")
    assert stale() == (True, [day], True)
    assert refresh() == without


def test_the_command_says_what_is_wrong(tmp_path: Path) -> None:
    whole, broken, other = (tmp_path / name for name in ("whole.tsv.gz", "broken.tsv.gz", "other.txt"))
    whole.write_bytes(gzip.compress(PARANAMES.encode()))
    broken.write_bytes(whole.read_bytes()[:-20])
    other.write_text("خبر عن الميناء", encoding="utf-8")

    def run(*arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(app, ["lexicon", *arguments, "--data", str(tmp_path / "data")])
        return result.exit_code, " ".join(result.output.split())

    assert run("list") == (0, "No names are imported: news-pipeline lexicon import FILE")
    assert run("import", str(whole))[0] == 0
    assert "paranames" in run("list")[1]
    for arguments in (
        ("import", str(broken)),
        ("import", str(other)),
        ("import", str(whole), "--format", "tea"),
        ("import", str(whole), "--source", "a/b"),
        ("remove", "tea"),
    ):
        assert run(*arguments)[0] == 1, arguments
    assert run("remove", "paranames")[0] == 0
    assert run("list")[1].startswith("No names")
