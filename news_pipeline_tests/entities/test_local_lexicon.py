"""Imported names: every format as it is published, what is refused, what a name then means, and what becomes stale."""

from __future__ import annotations

import bz2
import gzip
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from itertools import permutations
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from news_pipeline.cli import app
from news_pipeline.dimensions import dimension_is_stale
from news_pipeline.dumps.find import list_dumps
from news_pipeline.dumps.records import Damaged
from news_pipeline.dumps.streams import Source
from news_pipeline.entities import lexicon_files
from news_pipeline.entities.lexicon import Entity, Pattern, load_lexicon, name_key
from news_pipeline.entities.lexicon_files import FORMATS, recognise_format
from news_pipeline.entities.lexicon_lookup import use_lexicon
from news_pipeline.entities.lexicon_store import (
    ENTITIES,
    NotImportedError,
    import_lexicon,
    lexicon_dir,
    lexicon_fingerprint,
    lexicon_path,
    list_lexicons,
    remove_lexicon,
)
from news_pipeline.entities.recognise import recognise
from news_pipeline.freshness import dump_is_stale, last_day, read_day_state, stale_days
from news_pipeline.stages import ENTITY_TABLES, find_entities
from news_pipeline.storage import part_path
from news_pipeline_tests.helpers import Deployment, page

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PARANAMES = """wikidata_id\teng\tlabel\tlanguage\ttype
Q42\tDouglas Adams\tDouglas Adams\ten\tPER
Q42\tDouglas Adams\tدوغلاس آدمز\tar\tPER
Q42\tDouglas Adams\tداگلاس آدامز\tfa\tPER
Q42\tDouglas Adams\tДуглас Адамс\tru\tPER
Q7259\tAda Lovelace\tآدا لوفلايس\tar\tPER
Q180\tWikimedia Foundation\tمؤسسة ويكيميديا\tar\tORG
Q937\tAlbert Einstein\tألبرت أينشتاين\tar\tPER
Q9068\tVoltaire\tفولتير\tar\tPER
"""
JRC = """1510\tP\tu\tBarack+Obama
1510\tP\tar\tباراك+أوباما
1510\tP\tar\tباراك+حسين+أوباما
77\tP\tar\tدوغلاس+آدمز
77\tP\tar\tدوغلاس+ادامز
78\tO\tar\tمنتدى+البحيرة+للصحافة
79\tT\tar\tتلة+الصنوبر+الغربية
80\tU\tar\tشيء+غير+معروف
"""
SPARQL_CSV = """item,itemLabel,label_en,aliases,type
http://www.wikidata.org/entity/Q42,دوغلاس آدمز,Douglas Adams,دوغلاس نويل آدمز|دي إن إيه,Q5
http://www.wikidata.org/entity/Q180,مؤسسة ويكيميديا,Wikimedia Foundation,,organization
"""
SPARQL_TSV = """?item\t?itemLabel\t?itemAltLabel\t?type
<http://www.wikidata.org/entity/Q42>\t"دوغلاس آدمز"@ar\t"دوغلاس نويل آدمز, دي إن إيه"@ar\t<http://www.wikidata.org/entity/Q5>
<http://www.wikidata.org/entity/Q42>\t"Douglas Adams"@en\t\t<http://www.wikidata.org/entity/Q5>
<http://www.wikidata.org/entity/Q180>\t"مؤسسة ويكيميديا"@ar\t\t<http://www.wikidata.org/entity/Q43229>
"""
SPARQL_JSON = {
    "head": {"vars": ["item", "itemLabel", "type"]},
    "results": {
        "bindings": [
            {
                "item": {"type": "uri", "value": "http://www.wikidata.org/entity/Q42"},
                "itemLabel": {"type": "literal", "xml:lang": "ar", "value": "دوغلاس آدمز"},
                "type": {"type": "uri", "value": "http://www.wikidata.org/entity/Q5"},
            },
            {
                "item": {"type": "uri", "value": "http://www.wikidata.org/entity/Q180"},
                "itemLabel": {"type": "literal", "xml:lang": "ar", "value": "مؤسسة ويكيميديا"},
                "type": {"type": "literal", "value": "ORG"},
            },
        ]
    },
}
PLAIN_JSON = [
    {"item": "http://www.wikidata.org/entity/Q42", "itemLabel": "دوغلاس آدمز", "type": "PER"},
    {"item": "http://www.wikidata.org/entity/Q180", "itemLabel": "مؤسسة ويكيميديا", "type": "ORG"},
]


def _claim(class_id: str) -> dict[str, object]:
    value = {"entity-type": "item", "numeric-id": int(class_id[1:]), "id": class_id}
    snak = {"snaktype": "value", "property": "P31", "datavalue": {"value": value, "type": "wikibase-entityid"}}
    return {"mainsnak": snak, "type": "statement", "rank": "normal"}


def _entity(ref: str, ar: str, en: str, class_id: str, *aliases: str) -> dict[str, object]:
    return {
        "type": "item",
        "id": ref,
        "labels": {"en": {"language": "en", "value": en}, "ar": {"language": "ar", "value": ar}},
        "aliases": {"ar": [{"language": "ar", "value": alias} for alias in aliases]},
        "claims": {"P31": [_claim(class_id)]},
    }


DUMP = [
    _entity("Q42", "دوغلاس آدمز", "Douglas Adams", "Q5", "دوغلاس نويل آدمز"),
    _entity("Q180", "مؤسسة ويكيميديا", "Wikimedia Foundation", "Q163740"),
]
SIMPLE = [
    {
        "id": "Q42",
        "labels": {"ar": "دوغلاس آدمز"},
        "aliases": {"ar": ["دوغلاس نويل آدمز"]},
        "claims": {"P31": ["Q5"]},
    },
    {"id": "Q180", "labels": {"ar": "مؤسسة ويكيميديا"}, "claims": {"P31": ["Q43229"]}},
]
TEXTS = {
    "paranames": PARANAMES,
    "jrc-names": JRC,
    "sparql csv": SPARQL_CSV,
    "sparql tsv": SPARQL_TSV,
    "sparql json": json.dumps(SPARQL_JSON, ensure_ascii=False, indent=1),
    "sparql plain": json.dumps(PLAIN_JSON),
    "wikidata-json dump": "[\n" + ",\n".join(json.dumps(entity) for entity in DUMP) + "\n]\n",
    "wikidata-json simple": "\n".join(json.dumps(entity, ensure_ascii=False) for entity in SIMPLE),
}


@pytest.fixture(autouse=True)
def _back_to_the_tables() -> Iterator[None]:
    yield
    use_lexicon(Path(), "")


def _import(data: Path, text: str | bytes, *, name: str = "file", **options: str) -> dict[str, int]:
    path = data.parent / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return import_lexicon(data, path, **options)[1]


def _imported(data: Path, source: str) -> dict[str, dict[str, object]]:
    rows = pq.read_table(lexicon_path(data, source)).to_pylist()
    return {str(row["label_ar"]): row for row in rows}


def _use(data: Path) -> None:
    use_lexicon(data, lexicon_fingerprint(data))


def _pattern(name: str) -> Pattern | None:
    keys = tuple(name_key(name).split())
    names = load_lexicon().patterns.get(keys[0], {}).get(keys[1] if len(keys) > 1 else "", ())
    return next((pattern for pattern in names if pattern.keys == keys), None)


def _meant(name: str) -> Entity | None:
    pattern = _pattern(name)
    return pattern.entities[0] if pattern else None


def _found(body: str) -> dict[str, tuple[str, str]]:
    mentions = recognise([{"title": "", "body": body, "tags": ""}], ["ar"])[0][1]
    return {body[m.start : m.end]: (m.type, m.entity_id) for m in mentions}


@pytest.mark.parametrize("kind", TEXTS)
def test_a_format_is_recognised_and_its_names_are_kept(tmp_path: Path, kind: str) -> None:
    _import(tmp_path / "data", TEXTS[kind])
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
    _import(tmp_path / "plain" / "data", TEXTS[kind])
    _import(tmp_path / "data", pack(TEXTS[kind].encode()))  # type: ignore[operator]
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
    refused = _import(tmp_path / "data", "\n".join(lines).encode() + b"\nQ7\tx\t\xff\xfe\tar\tPER\n")
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
    _import(tmp_path / "data", "wikidata_id\teng\tlabel\tlanguage\ttype\n" + "\n".join(lines))
    assert {row["entity_id"] for row in _imported(tmp_path / "data", "paranames").values()} == {"Q2", "Q3"}


def test_a_label_is_the_arabic_one_whatever_line_it_stands_on(tmp_path: Path) -> None:
    head = "wikidata_id\teng\tlabel\tlanguage\ttype\n"
    lines = [
        "Q1\tAda\tادا لفلس\tfa\tPER\n",
        "Q1\tAda\tآدا لوفلايس (عالمة)\tar\tPER\n",
        "Q1\tAda\tادا لافليس\tarz\tPER\n",
    ]
    for order in permutations(lines[::2]):
        _import(tmp_path / "data", head + order[0] + lines[1] + order[1])
        assert set(_imported(tmp_path / "data", "paranames")) == {"آدا لوفلايس"} or order[0] == lines[2]


def test_an_entity_of_two_types_is_of_one(tmp_path: Path) -> None:
    head = "wikidata_id\teng\tlabel\tlanguage\ttype\n"
    rows = [f"Q1\tx\tجامعة التلال\tar\t{type_}\n" for type_ in ("ORG", "LOC")]
    _import(tmp_path / "data", head + "".join(rows))
    assert _imported(tmp_path / "data", "paranames")["جامعة التلال"]["type"] == "LOC"


def test_broken_json_and_unknown_classes_are_refused(tmp_path: Path) -> None:
    good = json.dumps(DUMP[0])
    film = json.dumps(_entity("Q9", "فيلم الميناء", "Film", "Q11424"))
    lines = [good, "{broken", film, '{"id": "P31", "labels": {"ar": {"value": "x"}}}', "[1, 2]", '{"labels": {}}']
    refused = _import(tmp_path / "data", "\n".join(lines))
    assert refused == {"bad_line": 3, "other_type": 2}
    bindings = json.dumps(SPARQL_JSON, ensure_ascii=False)
    assert _import(tmp_path / "data", bindings[: bindings.rindex("Q180")]) == {"bad_line": 1}
    assert _import(tmp_path / "data", SPARQL_CSV + "Q1,one cell\nQ2,نهر الصنوبر,,,Q4022\nQ3,لا نوع له,,,\n") == {
        "bad_line": 1,
        "no_type": 1,
    }


def test_a_line_too_long_to_be_held_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexicon_files, "_LONGEST_LINE", 4096)
    monkeypatch.setattr(lexicon_files, "BLOCK", 512)
    long = "Q1\tx\t" + "ا" * 20_000 + "\tar\tPER\n"
    assert _import(tmp_path / "data", PARANAMES + long + "Q2\tx\tسد البحيرة\tar\tLOC\n")["line_too_long"] == 1
    assert "سد البحيرة" in _imported(tmp_path / "data", "paranames")


def test_a_file_that_breaks_off_or_holds_nothing_changes_nothing(tmp_path: Path) -> None:
    data = tmp_path / "data"
    _import(data, PARANAMES)
    before = lexicon_path(data, "paranames").read_bytes()
    noise = "".join(f"Q{i}\tx\tاسم {i} {i * 7919}\tar\tPER\n" for i in range(1, 5000))
    packed = gzip.compress((PARANAMES + noise).encode())
    with pytest.raises(Damaged):
        _import(data, packed[: len(packed) // 2])
    with pytest.raises(NotImportedError):
        _import(data, "wikidata_id\teng\tlabel\tlanguage\ttype\nQ1\tx\tx\ten\tPER\n")
    with pytest.raises(NotImportedError):
        _import(data, PARANAMES, source="../elsewhere")
    assert lexicon_path(data, "paranames").read_bytes() == before
    assert [path.name for path in lexicon_dir(data).iterdir()] == ["paranames.parquet"]


def test_the_file_has_the_columns_it_says_and_the_same_bytes_each_time(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        _import(tmp_path / name / "data", PARANAMES)
    paths = [lexicon_path(tmp_path / name / "data", "paranames") for name in ("one", "other")]
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert pq.read_schema(paths[0]).equals(ENTITIES)


def test_an_imported_name_is_found_with_its_id(tmp_path: Path) -> None:
    data = tmp_path / "data"
    text = "وقال دوغلاس آدمز في لقاء مع مؤسسة ويكيميديا إن الكتاب قريب."
    assert ("ORG", "Q180") not in _found(text).values()
    _import(data, PARANAMES)
    _use(data)
    assert set(_found(text).values()) == {("PER", "Q42"), ("ORG", "Q180")}
    known = load_lexicon().entities
    assert "Q42" in known
    assert known["Q42"] == Entity("Q42", "PER", "دوغلاس آدمز", "Douglas Adams", "Q42", None, None)
    assert known.get("Q999999999") is None
    remove_lexicon(data, "paranames")
    _use(data)
    assert "Q42" not in load_lexicon().entities
    assert ("ORG", "Q180") not in _found(text).values()


def test_one_word_names_nobody(tmp_path: Path) -> None:
    _import(tmp_path / "data", PARANAMES)
    _use(tmp_path / "data")
    assert _meant("فولتير") is None
    assert _meant("آدا لوفلايس") is not None
    assert _meant("آدا") is None


def test_one_word_places_are_homographs_or_left_out(tmp_path: Path) -> None:
    lines = {"قصبرون": "Q1", "كتابة": "Q2", "سالم": "Q3", "لدن": "Q4", "آدمز": "Q5", "المدينة القديمة": "Q6"}
    rows = [f"{ref}\tx\t{name}\tar\tLOC\n" for name, ref in lines.items()]
    _import(tmp_path / "data", PARANAMES + "".join(rows))
    _use(tmp_path / "data")
    patterns = {name: _pattern(name) for name in lines}
    assert {name: pattern and pattern.homograph for name, pattern in patterns.items()} == {
        "قصبرون": True,
        "كتابة": True,
        "سالم": True,  # a given name
        "لدن": None,  # too short
        "آدمز": None,  # the end of a person's name
        "المدينة القديمة": True,  # everyday words
    }
    assert _found("وصلت القافلة إلى مدينة قصبرون مساء.") == {"قصبرون": ("LOC", "Q1")}


def test_a_built_in_entity_takes_the_id_of_the_one_that_has_its_label(tmp_path: Path) -> None:
    built_in = _meant("ألبرت أينشتاين")
    assert built_in is not None and built_in.wikidata_id is None
    _import(tmp_path / "data", PARANAMES)
    _use(tmp_path / "data")
    merged = _meant("ألبرت أينشتاين")
    assert merged == built_in._replace(entity_id="Q937", wikidata_id="Q937")
    assert load_lexicon().entities["Q937"] == merged
    assert built_in.entity_id not in load_lexicon().entities
    assert list(_found("وقال ألبرت أينشتاين إن ذلك صحيح.").values()) == [("PER", "Q937")]


@pytest.mark.parametrize(
    "second",
    [
        "Q5001\tx\tألبرت أينشتاين\tar\tPER",  # a namesake
        "Q5001\tx\tألبرت أينشتاين\tfa\tPER",
    ],
)
def test_a_built_in_entity_keeps_its_id_where_two_have_its_label(tmp_path: Path, second: str) -> None:
    built_in = _meant("ألبرت أينشتاين")
    _import(tmp_path / "data", PARANAMES + second + "\n")
    _use(tmp_path / "data")
    assert _meant("ألبرت أينشتاين") == built_in


def test_a_built_in_entity_is_of_its_type_alone(tmp_path: Path) -> None:
    built_in = _meant("ألبرت أينشتاين")
    _import(tmp_path / "data", PARANAMES.replace("ألبرت أينشتاين\tar\tPER", "ألبرت أينشتاين\tar\tORG"))
    _use(tmp_path / "data")
    assert _meant("ألبرت أينشتاين") == built_in


def test_names_of_an_entity_the_tables_know_by_its_id_are_added(tmp_path: Path) -> None:
    rotterdam = _meant("روتردام")
    assert rotterdam is not None and rotterdam.entity_id == "Q34370"
    _import(tmp_path / "data", PARANAMES + "Q34370\tRotterdam\tروتردام الهولندية\tar\tLOC\n")
    _use(tmp_path / "data")
    assert _meant("روتردام الهولندية") == rotterdam == _meant("روتردام")


def test_namesakes_are_known_as_names_and_as_nobody_in_particular(tmp_path: Path) -> None:
    rows = "Q1\tx\tسامر البلقاني\tar\tPER\nQ2\tx\tسامر البلقاني\tar\tPER\nQ3\tx\tسمير\tar\tPER\n"
    _import(tmp_path / "data", PARANAMES + rows)
    _use(tmp_path / "data")
    meant = _meant("سامر البلقاني")
    assert meant is not None
    assert meant.wikidata_id is None and meant.entity_id.startswith("local:") and meant.type == "PER"
    assert _found("وقال سامر البلقاني إن ذلك صحيح.") == {"سامر البلقاني": ("PER", meant.entity_id)}


def test_abd_is_found_joined_and_apart_and_never_alone(tmp_path: Path) -> None:
    rows = "Q1\tx\tسامر عبدالله البلقاني\tar\tPER\nQ2\tx\tعبد الرحيم القصبري\tar\tPER\nQ3\tx\tعبدالرحيم\tar\tPER\n"
    _import(tmp_path / "data", PARANAMES + rows)
    _use(tmp_path / "data")
    for name, ref in (
        ("سامر عبد الله البلقاني", "Q1"),
        ("سامر عبدالله البلقاني", "Q1"),
        ("عبد الرحيم القصبري", "Q2"),
        ("عبدالرحيم القصبري", "Q2"),
    ):
        meant = _meant(name)
        assert meant is not None and meant.entity_id == ref, name
    assert _meant("عبد الرحيم") is None and _meant("عبدالرحيم") is None


def test_a_label_goes_before_an_alias(tmp_path: Path) -> None:
    entities = [
        _entity("Q1", "جسر الحدادين", "a", "Q12280"),
        _entity("Q2", "معبر النهر", "b", "Q12280", "جسر الحدادين"),
    ]
    _import(tmp_path / "data", "\n".join(map(json.dumps, entities)))
    _use(tmp_path / "data")
    meant = _meant("جسر الحدادين")
    assert meant is not None and meant.entity_id == "Q1"


def test_spellings_without_ids_belong_to_the_entity_that_has_one(tmp_path: Path) -> None:
    _import(tmp_path / "data", PARANAMES)
    _import(tmp_path / "data", JRC)
    _use(tmp_path / "data")
    adams, obama = _meant("دوغلاس ادامز"), _meant("باراك حسين أوباما")
    assert adams is not None and adams.entity_id == "Q42"
    assert obama is not None and obama == _meant("باراك أوباما")
    forum = _meant("منتدى البحيرة للصحافة")
    assert forum is not None and forum.entity_id.startswith("local:")


def test_the_order_of_imports_does_not_matter(tmp_path: Path) -> None:
    files = {
        "paranames": PARANAMES + "Q1\tx\tسامر البلقاني\tar\tPER\n",
        "jrc-names": JRC + "90\tP\tar\tسامر+البلقاني\n91\tP\tar\tسامر+البلقاني\n",
        "wikidata": TEXTS["wikidata-json dump"] + json.dumps(_entity("Q1", "سامر أحمد البلقاني", "x", "Q515")),
    }
    seen = set()
    for at, order in enumerate(permutations(files)):
        data = tmp_path / str(at) / "data"
        data.mkdir(parents=True)
        for source in order:
            _import(data, files[source])
        _use(data)
        load_lexicon()
        (index,) = lexicon_dir(data).glob(".index-*")
        contents = tuple((path.name, path.read_bytes()) for path in sorted(index.iterdir()))
        seen.add((index.name, lexicon_fingerprint(data), contents))
    assert len(seen) == 1


def test_two_extracts_stand_beside_each_other_and_a_second_import_replaces_the_first(tmp_path: Path) -> None:
    data = tmp_path / "data"
    _import(data, SPARQL_CSV, source="people")
    _import(data, SPARQL_TSV, source="clubs")
    assert [imported.source for imported in list_lexicons(data)] == ["clubs", "people"]
    first = lexicon_fingerprint(data)
    _import(data, SPARQL_CSV + "Q2,نهر الصنوبر,,,Q4022\n", source="people")
    assert len(list_lexicons(data)) == 2
    assert lexicon_fingerprint(data) != first
    assert remove_lexicon(data, "people") and not remove_lexicon(data, "people")
    assert [imported.source for imported in list_lexicons(data)] == ["clubs"]


def test_an_import_makes_stale_what_names_are_found_for_and_nothing_else(deployment: Deployment) -> None:
    def built() -> dict[str, bytes]:
        return {table: part_path(deployment.data, table, "mina").read_bytes() for table in ENTITY_TABLES}

    text = page("لقاء في الميناء", date(2024, 9, 20)).replace("سامر الخطيب", "دوغلاس آدمز")
    deployment.land("mina/1.txt", text)
    deployment.run()
    without = built()
    (dump,) = list_dumps(deployment.raw).values()
    workers = deployment.resource().stage_workers()

    def stale() -> tuple[bool, list[date], bool]:
        state = read_day_state(deployment.data, last_day())
        return (
            dump_is_stale(deployment.data, dump, "UTC"),
            stale_days(state),
            dimension_is_stale(deployment.data, "entities"),
        )

    assert stale() == (False, [], False)
    parsed = part_path(deployment.data, "parsed_articles", "mina").stat().st_mtime_ns
    _import(deployment.data, PARANAMES)
    assert stale() == (True, [date(2024, 9, 20)], True)
    deployment.run()
    assert stale() == (False, [], False)
    assert part_path(deployment.data, "parsed_articles", "mina").stat().st_mtime_ns == parsed
    (adams,) = deployment.rows("SELECT label_en, wikidata_id, article_count FROM entities WHERE entity_id = 'Q42'")
    assert adams == {"label_en": "Douglas Adams", "wikidata_id": "Q42", "article_count": 1}
    with_names = built()
    assert with_names != without
    _import(deployment.data, PARANAMES)
    assert stale() == (False, [], False)  # the same names again
    find_entities(deployment.data, "mina", workers)
    assert built() == with_names
    remove_lexicon(deployment.data, "paranames")
    assert stale() == (True, [date(2024, 9, 20)], True)
    find_entities(deployment.data, "mina", workers)
    assert built() == without


def _command(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("NEWS_PIPELINE_", "DAGSTER_"))
    }
    return subprocess.run(
        [sys.executable, "-m", "news_pipeline.cli", *arguments, "--data", str(data)],
        capture_output=True,
        text=True,
        env=environment | {"COLUMNS": "200", "PYTHONIOENCODING": "utf-8"},
        timeout=300,
        check=False,
    )


def test_the_command_imports_names_that_the_next_run_links(tmp_path: Path) -> None:
    data, dump = tmp_path / "data", tmp_path / "data" / "raw" / "mina"
    dump.mkdir(parents=True)
    text = page("لقاء في الميناء", date(2024, 9, 20)).replace("سامر الخطيب", "دوغلاس آدمز")
    (dump / "1.txt").write_text(text, encoding="utf-8")
    (tmp_path / "names.tsv.gz").write_bytes(gzip.compress(PARANAMES.encode()))
    imported = _command(data, "lexicon", "import", str(tmp_path / "names.tsv.gz"))
    assert imported.returncode == 0, imported.stderr
    assert re.search(r"paranames\s+5\s+4\s+0\s+1\s+5", imported.stdout), imported.stdout
    assert re.search(r"letters_of_another_language\s+1", imported.stdout)
    run = _command(data, "run")
    assert run.returncode == 0, run.stderr
    linked = "SELECT DISTINCT text FROM entity_mentions WHERE entity_id = 'Q42' ORDER BY 1"
    assert "دوغلاس آدمز" in _command(data, "sql", "--csv", linked).stdout


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
