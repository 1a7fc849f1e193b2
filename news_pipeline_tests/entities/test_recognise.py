"""What a reader of the tables relies on: names found where they stand, linked to one entity, offsets exact."""

from __future__ import annotations

import datetime as dt
import pickle

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from news_pipeline import contract
from news_pipeline.entities.lexicon import lexicon_entities, load_lexicon
from news_pipeline.entities.link import Mention
from news_pipeline.entities.recognise import recognise, recognise_articles

DAY = dt.date(2024, 3, 5)


def article(body: str, title: str = "", tags: list[str] | None = None, **changes: object) -> dict[str, object]:
    row: dict[str, object] = {
        "article_id": "a1",
        "page_id": "p1",
        "article_index": 0,
        "dump": "d1",
        "published_date": DAY,
        "title": title,
        "body": body,
        "tags": tags or [],
        "language": "ar",
    }
    return row | changes


def names(body: str, title: str = "", tags: str = "") -> dict[str, tuple[str, str]]:
    """Surface form → (type, entity_id)."""
    fields = {"title": title, "body": body, "tags": tags}
    return {fields[m.field][m.start : m.end]: (m.type, m.entity_id) for m in recognise([fields], ["ar"])[0][1]}


def mentions(body: str, title: str = "", tags: str = "") -> list[tuple[str, Mention]]:
    fields = {"title": title, "body": body, "tags": tags}
    return [(fields[m.field][m.start : m.end], m) for m in recognise([fields], ["ar"])[0][1]]


def test_tables_have_the_contracts_schema() -> None:
    tables = recognise_articles(pa.Table.from_pylist([article("زار الوزير مدينة باكو.")]))
    assert set(tables) == {"entity_mentions", "quotes"}
    for name, table in tables.items():
        assert table.schema == contract.TABLES[name].schema
    empty = recognise_articles(pa.Table.from_pylist([article("")]))
    assert empty["entity_mentions"].num_rows == 0


def test_function_can_be_sent_to_a_worker() -> None:
    assert pickle.loads(pickle.dumps(recognise_articles)) is recognise_articles  # noqa: S301


def test_mentions_name_the_page_whose_text_they_cut() -> None:
    """The same article met again may differ in a mark or a space: offsets hold for the page they were found on."""
    rows = [article("وصل الوفد إلى موسكو."), article("وصل الوفد،  إلى موسكو.", page_id="p2")]
    table = recognise_articles(pa.Table.from_pylist(rows))["entity_mentions"]
    spans = zip(table["page_id"].to_pylist(), table["char_start"].to_pylist(), strict=True)
    assert list(spans) == [("p1", 14), ("p2", 16)]


def test_countries_and_capitals_carry_wikidata_ids() -> None:
    found = names("أعلنت أذربيجان وروسيا بدء محادثات في موسكو.")
    assert found["أذربيجان"] == ("LOC", "Q227")
    assert found["روسيا"] == ("LOC", "Q159")
    assert found["موسكو"] == ("LOC", "Q649")


def test_particle_joined_to_a_name_stays_outside() -> None:
    found = names("سافر من لندن إلى القاهرة وباريس وبطهران مر، وعاد للكويت.")
    assert {"لندن", "القاهرة", "باريس", "طهران"} <= set(found)
    assert found["لكويت"][1] == "Q817"


def test_spellings_of_one_place_are_one_entity() -> None:
    found = names("قره باغ إقليم، ويكتب أيضا قرة باغ وناغورني قره باغ.")
    assert len({entity for _, entity in found.values()}) == 1


def test_ministry_is_one_organisation_without_a_place_inside() -> None:
    found = names("ذكرت وزارة الدفاع الروسية ذلك. ثم عادت الدفاع الروسية ونفته.")
    assert found["وزارة الدفاع الروسية"][0] == "ORG"
    assert found["وزارة الدفاع الروسية"] == found["الدفاع الروسية"]
    assert len(found) == 2


def test_nisba_is_no_place() -> None:
    assert names("وصل الوفد الفرنسي والخبراء اليابانيون صباحا.") == {}


def test_foreign_policy_is_no_ministry() -> None:
    assert "الخارجية الأمريكية" not in names("تغيرت السياسة الخارجية الأمريكية كثيرا.")
    assert "الخارجية الأمريكية" in names("قالت الخارجية الأمريكية إن الوفد عاد.")


@pytest.mark.parametrize(
    ("text", "name", "is_place"),
    [
        ("يبلغ قطر الدائرة مترين.", "قطر", False),
        ("قال وزير الخارجية القطري إن قطر مستعدة.", "قطر", True),
        ("التقط المصور صور الحفل.", "صور", False),
        ("قصف الطيران مدينة صور في جنوب لبنان.", "صور", True),
        ("قدم البنك دعم مالي كبير.", "مالي", False),
        ("تولى مقاليد الحكم في دولة مالي.", "مالي", True),
    ],
)
def test_homographs_are_decided_by_context(text: str, name: str, is_place: bool) -> None:
    assert (names(text).get(name, ("", ""))[0] == "LOC") is is_place


def test_full_name_carries_to_short_forms_before_and_after() -> None:
    found = mentions(
        "قال دميتري بيسكوف كلمته. ورد بيسكوف لاحقا، ووجه لبيسكوف سؤال.", title="بيسكوف: لا تعليق", tags="بيسكوف\nموسكو"
    )
    spoken = [(text, m.field, m.entity_id) for text, m in found if m.type == "PER"]
    assert [field for _, field, _ in spoken] == ["title", "body", "body", "body", "tags"]
    assert len({entity for *_, entity in spoken}) == 1
    assert {m.method for text, m in found if text == "بيسكوف"} == {"propagated"}
    assert {m.canonical for text, m in found if text == "بيسكوف"} == {"دميتري بيسكوف"}


@pytest.mark.parametrize(
    "text",
    [
        "قال وزير الزراعة المغربي، سمير البلقاني، اليوم.",
        "وأكد المتحدث باسم الشرطة سمير البلقاني ذلك.",
        "التقى سمير البلقاني وفدا.",
        "وصل الدكتور سمير البلقاني أمس.",
    ],
)
def test_unknown_person_is_found_and_has_one_id_everywhere(text: str) -> None:
    assert names(text)["سمير البلقاني"] == names("حضر الشيخ سمير البلقاني.")["سمير البلقاني"]


def test_id_of_an_unknown_name_does_not_depend_on_the_other_articles() -> None:
    first = article("حضر الشيخ سمير البلقاني.", article_id="a1")
    second = article("حضر اللواء فؤاد المرزبان.", article_id="a2")
    forth = recognise_articles(pa.Table.from_pylist([first, second]))["entity_mentions"].to_pylist()
    back = recognise_articles(pa.Table.from_pylist([second, first]))["entity_mentions"].to_pylist()
    assert sorted(forth, key=str) == sorted(back, key=str)


def test_preposition_ala_is_not_the_name_ali() -> None:
    assert names("اتفق الجانبان على الخطة وعلى موعدها.") == {}


def test_organisation_name_ends_where_the_clause_goes_on() -> None:
    found = names("أصدرت جامعة القيروان بيانا في المساء.")
    assert [name for name, (kind, _) in found.items() if kind == "ORG"] == ["جامعة القيروان"]


def test_known_organisation_behind_its_head_or_in_marks_is_the_same() -> None:
    found = mentions('أعلنت شركة "غوغل" ذلك، ثم قالت غوغل وشركة غوغل غيره.')
    assert len(found) == 3
    assert len({mention.entity_id for _, mention in found}) == 1


def test_spelling_of_a_nisba_does_not_change_the_organisation() -> None:
    found = names("أعلنت وزارة الدفاع الأمريكية ذلك، ثم عادت وزارة الدفاع الأميركية ونفته.")
    assert len(found) == 2
    assert len(set(found.values())) == 1


def test_bare_ministry_is_the_one_the_article_names() -> None:
    found = names("نفت وزارة الصناعة التونسية ذلك. وقالت وزارة الصناعة إنها تتابع الأمر.")
    assert found["وزارة الصناعة"] == found["وزارة الصناعة التونسية"]


def test_namesakes_go_to_the_one_named_last() -> None:
    body = "حضر الشيخ سمير البلقاني. وتكلم البلقاني. ثم حضر الشيخ فؤاد البلقاني. وتكلم البلقاني."
    ids = [m.entity_id for _, m in mentions(body)]
    assert ids[0] == ids[1] != ids[2] == ids[3]


def test_latin_text_uses_english_labels_and_titles() -> None:
    fields = {"title": "", "body": "President John Smithson met officials of the United Nations in Moscow.", "tags": ""}
    found = {fields["body"][m.start : m.end]: m.type for m in recognise([fields], ["en"])[0][1]}
    assert found == {"John Smithson": "PER", "United Nations": "ORG", "Moscow": "LOC"}


def test_lexicon_ids_are_unique_and_wikidata_ids_are_their_own() -> None:
    rows = lexicon_entities(load_lexicon().entities)
    ids = [row["entity_id"] for row in rows]
    assert ids == sorted(set(ids))  # type: ignore[type-var]
    for row in rows:
        assert row["entity_id"] == row["wikidata_id"] or str(row["entity_id"]).startswith("local:")
    assert all(entity_id == entity.entity_id for entity_id, entity in load_lexicon().entities.items())


pieces = st.sampled_from(
    [
        "قال",
        "وقال",
        "أكد",
        "الرئيس",
        "وزير",
        "الخارجية",
        "المصري",
        "محمد",
        "بن",
        "عبد",
        "الله",
        "سمير",
        "البلقاني",
        "وبيروت",
        "للكويت",
        "قره",
        "باغ",
        "وزارة",
        "الدفاع",
        "الروسية",
        "شركة",
        "جامعة",
        "حزب",
        "قطر",
        "عمان",
        "أن",
        "بأن",
        "،",
        ".",
        ":",
        '"',
        "«",
        "»",
        "“",
        "”",
        "\n",
        "-",
        "مُحَمَّد",
        "غـــزة",
        "(على)",
        "RT",
        "20",
        "١٢",
        "\u200f",
        "\xa0",
        "ﷺ",
        "ﻻ",
    ]
)
texts = st.one_of(st.text(max_size=60), st.lists(pieces, max_size=40).map(" ".join))


@settings(max_examples=150, deadline=None)
@given(texts, texts, st.lists(texts, max_size=3), st.sampled_from([None, "ar", "en", "xx"]))
def test_spans_reslice_and_do_not_overlap(title: str, body: str, tags: list[str], language: str | None) -> None:
    row = article(body, title, tags, language=language)
    tables = recognise_articles(pa.Table.from_pylist([row]))
    fields = {"title": title, "body": body, "tags": "\n".join(tags)}
    ends: dict[str, int] = {}
    for mention in tables["entity_mentions"].to_pylist():
        field = mention["field"]
        assert fields[field][mention["char_start"] : mention["char_end"]] == mention["text"] != ""
        assert mention["char_start"] >= ends.get(field, 0)
        assert 0 <= mention["confidence"] <= 1
        ends[field] = mention["char_end"]
    for quote in tables["quotes"].to_pylist():
        assert body[quote["char_start"] : quote["char_end"]] == quote["text"] != ""
        if quote["speaker_text"] is not None:
            assert body[quote["speaker_char_start"] : quote["speaker_char_end"]] == quote["speaker_text"]
    ids = [quote["quote_id"] for quote in tables["quotes"].to_pylist()]
    assert len(ids) == len(set(ids))
    assert recognise_articles(pa.Table.from_pylist([row])) == tables


def test_missing_fields_do_no_harm() -> None:
    row = article("وصل إلى باريس.", title=None, tags=None, language=None, published_date=None)  # type: ignore[arg-type]
    table = recognise_articles(
        pa.Table.from_pylist(
            [row],
            schema=pa.schema(
                [
                    ("article_id", pa.string()),
                    ("dump", pa.string()),
                    ("published_date", pa.date32()),
                    ("title", pa.string()),
                    ("body", pa.string()),
                    ("tags", pa.list_(pa.string())),
                    ("language", pa.string()),
                ]
            ),
        )
    )["entity_mentions"]
    assert table.column("text").to_pylist() == ["باريس"]
