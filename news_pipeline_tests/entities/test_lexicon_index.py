"""What imported names mean, beside the tables and beside each other, and that articles are linked by them."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path

import pytest

from news_pipeline.entities.lexicon import Entity, Pattern, built_in_lexicon, load_lexicon, name_key
from news_pipeline.entities.lexicon_index import make_index
from news_pipeline.entities.lexicon_lookup import use_lexicon
from news_pipeline.entities.lexicon_store import lexicon_dir, lexicon_fingerprint, remove_lexicon
from news_pipeline.entities.recognise import recognise
from news_pipeline_tests.entities.name_files import JRC, PARANAMES, TEXTS, entity, import_names


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


def test_an_imported_name_is_found_with_its_id(tmp_path: Path) -> None:
    data = tmp_path / "data"
    text = "وقال دوغلاس آدمز في لقاء مع مؤسسة ويكيميديا إن الكتاب قريب."
    assert ("ORG", "Q180") not in _found(text).values()
    import_names(data, PARANAMES)
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
    import_names(tmp_path / "data", PARANAMES)
    _use(tmp_path / "data")
    assert _meant("فولتير") is None
    assert _meant("آدا لوفلايس") is not None
    assert _meant("آدا") is None


def test_one_word_places_are_homographs_or_left_out(tmp_path: Path) -> None:
    lines = {"قصبرون": "Q1", "كتابة": "Q2", "سالم": "Q3", "لدن": "Q4", "آدمز": "Q5", "المدينة القديمة": "Q6"}
    rows = [f"{ref}\tx\t{name}\tar\tLOC\n" for name, ref in lines.items()]
    import_names(tmp_path / "data", PARANAMES + "".join(rows))
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
    import_names(tmp_path / "data", PARANAMES)
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
    import_names(tmp_path / "data", PARANAMES + second + "\n")
    _use(tmp_path / "data")
    assert _meant("ألبرت أينشتاين") == built_in


def test_a_built_in_entity_is_of_its_type_alone(tmp_path: Path) -> None:
    built_in = _meant("ألبرت أينشتاين")
    import_names(tmp_path / "data", PARANAMES.replace("ألبرت أينشتاين\tar\tPER", "ألبرت أينشتاين\tar\tORG"))
    _use(tmp_path / "data")
    assert _meant("ألبرت أينشتاين") == built_in


def test_names_of_an_entity_the_tables_know_by_its_id_are_added(tmp_path: Path) -> None:
    rotterdam = _meant("روتردام")
    assert rotterdam is not None and rotterdam.entity_id == "Q34370"
    import_names(tmp_path / "data", PARANAMES + "Q34370\tRotterdam\tروتردام الهولندية\tar\tLOC\n")
    _use(tmp_path / "data")
    assert _meant("روتردام الهولندية") == rotterdam == _meant("روتردام")


def test_namesakes_are_known_as_names_and_as_nobody_in_particular(tmp_path: Path) -> None:
    rows = "Q1\tx\tسامر البلقاني\tar\tPER\nQ2\tx\tسامر البلقاني\tar\tPER\nQ3\tx\tسمير\tar\tPER\n"
    import_names(tmp_path / "data", PARANAMES + rows)
    _use(tmp_path / "data")
    meant = _meant("سامر البلقاني")
    assert meant is not None
    assert meant.wikidata_id is None and meant.entity_id.startswith("local:") and meant.type == "PER"
    assert _found("وقال سامر البلقاني إن ذلك صحيح.") == {"سامر البلقاني": ("PER", meant.entity_id)}


def test_abd_is_found_joined_and_apart_and_never_alone(tmp_path: Path) -> None:
    rows = "Q1\tx\tسامر عبدالله البلقاني\tar\tPER\nQ2\tx\tعبد الرحيم القصبري\tar\tPER\nQ3\tx\tعبدالرحيم\tar\tPER\n"
    import_names(tmp_path / "data", PARANAMES + rows)
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
        entity("Q1", "جسر الحدادين", "a", "Q12280"),
        entity("Q2", "معبر النهر", "b", "Q12280", "جسر الحدادين"),
    ]
    import_names(tmp_path / "data", "\n".join(map(json.dumps, entities)))
    _use(tmp_path / "data")
    meant = _meant("جسر الحدادين")
    assert meant is not None and meant.entity_id == "Q1"


def test_spellings_without_ids_belong_to_the_entity_that_has_one(tmp_path: Path) -> None:
    import_names(tmp_path / "data", PARANAMES)
    import_names(tmp_path / "data", JRC)
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
        "wikidata": TEXTS["wikidata-json dump"] + json.dumps(entity("Q1", "سامر أحمد البلقاني", "x", "Q515")),
    }
    parquet, indexes = set(), set()
    orders = list(permutations(files))
    for at, order in enumerate(orders):
        data = tmp_path / str(at) / "data"
        data.mkdir(parents=True)
        for source in order:
            import_names(data, files[source])
        parquet.add((lexicon_fingerprint(data), _contents(lexicon_dir(data))))
        if order in (orders[0], orders[-1]):  # it is made from the Parquet, so one order and its reverse will do
            folder = make_index(data, built_in_lexicon())
            assert folder is not None
            indexes.add((folder.name, _contents(folder)))
    assert len(parquet) == len(indexes) == 1


def _contents(folder: Path) -> tuple[tuple[str, bytes], ...]:
    return tuple((path.name, path.read_bytes()) for path in sorted(folder.iterdir()))
