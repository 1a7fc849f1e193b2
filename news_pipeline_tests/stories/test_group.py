from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from news_pipeline import contract
from news_pipeline.stories import fingerprints
from news_pipeline.stories.fingerprints import features_of
from news_pipeline.stories.group import LOOKBACK_DAYS, group_day

DAY = date(2024, 3, 14)

BRIDGE = """أعلنت بلدية المدينة الساحلية صباح الخميس إغلاق الجسر القديم أمام الشاحنات بعد اكتشاف تشققات واسعة في ثلاث دعامات.
وقال كبير المهندسين نبيل الراوي إن فريقه رصد التصدعات خلال فحص دوري بالموجات فوق الصوتية وأوصى بوقف الحركة الثقيلة فورا.
ويربط الجسر حي الميناء بالمنطقة الصناعية وتعبره نحو أربعة آلاف مركبة كل نهار بحسب أرقام إدارة المرور.
وتوقع المقاول أن تستغرق أعمال التدعيم ستة أسابيع على أن تحول الشاحنات إلى الطريق الدائري الشرقي مجانا.
واحتج أصحاب المخازن على القرار قائلين إن الالتفاف يضيف ساعة كاملة إلى رحلات التوزيع ويرفع كلفة الوقود."""

CHESS = """أحرزت اللاعبة الشابة سلمى الدباغ لقب بطولة الشطرنج المفتوحة بعد فوزها في الجولة الأخيرة على حاملة اللقب.
واعتمدت سلمى الدفاع الصقلي وضحت بالرخ في النقلة الثلاثين قبل أن تعلن منافستها الاستسلام وسط تصفيق الجمهور.
وتدربت البطلة خمس سنوات في نادي الحي على يد معلم رياضيات متقاعد علمها قراءة الرقعة كما تقرأ القصائد."""

FOREST = """التهمت النيران مساحات من غابة الصنوبر في المرتفعات الشمالية وأجلت فرق الإطفاء سكان قريتين إلى مدرسة مجاورة.
وشاركت مروحيتان في إخماد الحريق الذي أججته رياح جافة فيما رجح الدفاع المدني أن تكون شرارة من خط كهرباء سببا له."""


def page(source: str, title: str, body: str, **values: Any) -> dict[str, Any]:
    key = f"{source}|{title}|{body}|{values.pop('salt', '')}"
    article_id = blake2b(key.encode(), digest_size=16).hexdigest()
    return {
        "article_id": article_id,
        "page_id": values.pop("page_id", article_id[::-1]),
        "article_index": 0,
        "dump": "a",
        "role": "main",
        "title": title,
        "body": body,
        "source_name": source,
        "published_date": DAY,
        "date_precision": "day",
        "date_status": "stated",
        "word_count": len(body.split()),
        "parser_version": "1",
    } | values


def at(hour: int, day: date = DAY) -> dict[str, Any]:
    return {"published_at": datetime(day.year, day.month, day.day, hour, tzinfo=UTC), "published_date": day}


def group(pages: list[dict[str, Any]], lookback: pa.Table | None = None, day: date = DAY) -> pa.Table:
    before = contract.empty("articles") if lookback is None else lookback
    return group_day(day, contract.from_rows("parsed_articles", pages), before)


def by_title(table: pa.Table) -> dict[str, dict[str, Any]]:
    return {row["title"]: row for row in table.to_pylist()}


def test_empty_day_has_the_schema() -> None:
    result = group([])
    assert result.num_rows == 0
    assert result.schema == contract.TABLES["articles"].schema


def test_one_row_per_article_from_its_best_page() -> None:
    early, late = datetime(2024, 3, 14, 9, tzinfo=UTC), datetime(2024, 3, 15, 9, tzinfo=UTC)
    pages = [
        page("الأفق", "الجسر", BRIDGE, page_id="c", role="embedded", crawled_at=early, tags=["مضمن"]),
        page("الأفق", "الجسر", BRIDGE, page_id="b", crawled_at=late, tags=["متأخر"]),
        page("الأفق", "الجسر", BRIDGE, page_id="a", crawled_at=late, tags=["جسور"], dump="z"),
        page("الأفق", "الجسر", BRIDGE, page_id="a", article_index=1, role="embedded", crawled_at=late),
    ]
    result = group(pages)
    assert result.schema == contract.TABLES["articles"].schema
    (row,) = result.to_pylist()
    assert row["page_count"] == 3
    assert row["tags"] == ["جسور"]
    assert row["crawled_at"] == early
    assert row["copy_role"] == "original"
    assert row["copy_of"] is None
    assert row["subjects"] is None
    assert row["text_id"] == features_of([("", BRIDGE)])[0].text_id


def test_articles_forgotten_are_fingerprinted_alike_again(monkeypatch: pytest.MonkeyPatch) -> None:
    articles = [("خبر", CHESS + f" {number}") for number in range(5)]
    before = [article.shingles.tolist() for article in features_of(articles)]
    monkeypatch.setattr(fingerprints, "CACHED_ARTICLES", 2)
    features_of([("خبر آخر", BRIDGE)])
    assert len(fingerprints._articles) == 2
    assert [article.shingles.tolist() for article in features_of(articles)] == before


def test_rows_are_ordered_by_article_id() -> None:
    ids = group([page("أ", str(n), CHESS + f" {n}") for n in range(9)])["article_id"].to_pylist()
    assert ids == sorted(ids)


def test_text_id_ignores_spelling_variants_and_punctuation() -> None:
    bodies = ["أُعلن في القاهرة، أمس.", "اعلن في القاهره امس", "أعلن في بغداد"]
    written, bare, other = (article.text_id for article in features_of([("", body) for body in bodies]))
    assert written == bare != other


@pytest.mark.parametrize(
    "edited",
    [
        BRIDGE,
        BRIDGE.replace("،", "").replace("إ", "ا"),
        "\n".join(BRIDGE.split("\n")[:3]),
        "\n".join(BRIDGE.split("\n")[::-1]),
        "المدينة (وكالة أنباء الساحل) - " + BRIDGE,
        BRIDGE + "\nوتعود آخر أعمال صيانة للجسر إلى ما قبل عشرين عاما حين استبدلت عوارضه الحديدية.",
    ],
    ids=["same", "respelled", "shortened", "paragraphs moved", "agency line", "extended"],
)
def test_another_outlets_edited_text_is_a_copy_of_the_earlier(edited: str) -> None:
    rows = by_title(
        group(
            [
                page("المدى", "إغلاق الجسر", edited, **at(15)),
                page("الأفق", "تشققات", BRIDGE, **at(9)),
                page("الندى", "شطرنج", CHESS, **at(7)),
            ]
        )
    )
    assert rows["تشققات"]["copy_role"] == "original"
    assert rows["إغلاق الجسر"]["copy_role"] == "copy"
    assert rows["إغلاق الجسر"]["copy_of"] == rows["تشققات"]["article_id"]
    assert rows["إغلاق الجسر"]["story_id"] == rows["تشققات"]["story_id"]
    assert rows["شطرنج"]["copy_of"] is None
    assert rows["شطرنج"]["story_id"] != rows["تشققات"]["story_id"]


def test_the_same_outlets_later_version_is_a_revision() -> None:
    rows = by_title(
        group([page("الأفق", "أولي", BRIDGE, **at(9)), page("الأَفق", "محدث", BRIDGE + "\nوسيعاد فتحه ليلا.", **at(11))])
    )
    assert rows["محدث"]["copy_role"] == "revision"
    assert rows["محدث"]["copy_of"] == rows["أولي"]["article_id"]


def test_copies_of_copies_point_to_the_original() -> None:
    paragraphs = BRIDGE.split("\n")
    pages = [
        page("الأفق", "0", BRIDGE, **at(1)),
        page("المدى", "1", "\n".join(paragraphs[:4]), **at(2)),
        page("الندى", "2", "\n".join(paragraphs[:3]), **at(3)),
    ]
    rows = by_title(group(pages))
    assert {rows["1"]["copy_of"], rows["2"]["copy_of"]} == {rows["0"]["article_id"]}


def test_a_copy_on_a_later_day_finds_the_original_through_the_copies_before() -> None:
    built: list[pa.Table] = []
    for offset in range(0, 10, 2):
        day = DAY + timedelta(days=offset)
        pages = [page(f"صحيفة {offset}", "الجسر", BRIDGE, **at(8, day))]
        built.append(group(pages, pa.concat_tables([contract.empty("articles"), *built]), day))
    rows = [table.to_pylist()[0] for table in built]
    assert [row["copy_role"] for row in rows] == ["original"] + ["copy"] * 4
    assert {row["copy_of"] for row in rows[1:]} == {rows[0]["article_id"]}
    assert len({row["story_id"] for row in rows}) == 1


def test_an_article_met_again_under_a_later_day_is_a_revision_of_itself() -> None:
    first = group([page("الأفق", "الجسر", BRIDGE)])
    again = group(
        [page("الأفق", "الجسر", BRIDGE, published_date=DAY + timedelta(days=1))], first, DAY + timedelta(days=1)
    )
    (row,) = again.to_pylist()
    assert (row["copy_role"], row["copy_of"]) == ("revision", row["article_id"])


WEATHER = (
    "توقعت هيئة الأرصاد أن يكون الطقس {} والرياح شمالية غربية بسرعة {} كيلومترا في الساعة وأن تبلغ الحرارة العظمى في "
    "العاصمة {} درجة والصغرى {} درجة وفي الساحل {} درجة وأن تصل الرطوبة إلى {} في المئة وارتفاع الموج إلى {} أقدام"
)
RATES = (
    "بلغ سعر الدولار في البنوك اليوم {} جنيها للشراء و{} للبيع وسجل اليورو {} جنيها للشراء و{} للبيع ووصل الريال "
    "إلى {} للشراء و{} للبيع بينما استقر الدينار عند {} جنيها وفق النشرة الرسمية للبنك المركزي"
)


@pytest.mark.parametrize("template", [WEATHER, RATES])
@pytest.mark.parametrize("source", ["الأفق", "المدى"])
def test_templates_with_other_numbers_are_no_copies(template: str, source: str) -> None:
    monday = template.format(*("صحوا", 20, 31, 18, 27, 55, 3) if template is WEATHER else range(40, 47))
    tuesday = template.format(*("صحوا", 35, 28, 14, 24, 70, 6) if template is WEATHER else range(51, 58))
    yesterday = DAY - timedelta(days=1)
    before = group([page("الأفق", "نشرة الأحد", monday, **at(6, yesterday))], day=yesterday)
    (row,) = group([page(source, "نشرة الاثنين", tuesday, **at(6))], before).to_pylist()
    assert row["copy_of"] is None


def test_a_corrected_number_is_still_a_revision() -> None:
    rows = by_title(
        group(
            [
                page("الأفق", "أ", BRIDGE + " وأصيب 3 عمال", **at(1)),
                page("الأفق", "ب", BRIDGE + " وأصيب 4 عمال", **at(2)),
            ]
        )
    )
    assert rows["ب"]["copy_role"] == "revision"


@pytest.mark.parametrize("body", ["", "شاهد الفيديو", "للاطلاع على المزيد من الصور اضغط هنا"])
def test_bodies_that_say_nothing_make_no_copies(body: str) -> None:
    pages = [page("الأفق", "أمطار غزيرة تغرق شوارع الضاحية", body), page("المدى", "افتتاح معرض الكتاب في القلعة", body)]
    result = group(pages)
    assert result["copy_of"].null_count == 2
    assert len(set(result["story_id"].to_pylist())) == 2


def test_an_outlets_furniture_makes_no_copies() -> None:
    teasers = " ".join(
        f"اقرأ في موقعنا تقريرا مطولا عن موضوع الأسبوع رقم {word}" for word in ("ألف", "باء", "جيم", "دال", "هاء")
    )
    bodies = [
        BRIDGE,
        CHESS,
        FOREST,
        "\n".join(BRIDGE.split()[::3]),
        "\n".join(CHESS.split()[::2]),
        " ".join(FOREST.split()[::-1]),
    ]
    pages = [page("الأفق", f"عنوان {n}", f"{body}\n{teasers}") for n, body in enumerate(bodies)]
    assert group(pages)["copy_of"].null_count == len(bodies)


def test_articles_on_one_event_share_a_story_across_outlets_and_days() -> None:
    first = group(
        [
            page("الأفق", "إغلاق الجسر القديم أمام الشاحنات بعد تشققات", BRIDGE, **at(9)),
            page("الندى", "سلمى الدباغ بطلة الشطرنج", CHESS, **at(9)),
        ]
    )
    report = (
        "تسبب إغلاق الجسر القديم بازدحام خانق عند مداخل حي الميناء بينما واصلت فرق البلدية تدعيم الدعامات المتشققة.\n"
        "وانتظرت الشاحنات ساعات على الطريق الدائري وطالب سائقون بجسر مؤقت يخفف عنهم."
    )
    day = DAY + timedelta(days=1)
    rows = by_title(
        group([page("المدى", "ازدحام خانق بعد إغلاق الجسر القديم وتشققات الدعامات", report, **at(10, day))], first, day)
    )
    (row,) = rows.values()
    assert row["copy_role"] == "original"
    assert row["story_id"] == by_title(first)["إغلاق الجسر القديم أمام الشاحنات بعد تشققات"]["story_id"]
    assert len(row["story_id"]) == 32


def test_lookback_beyond_the_window_is_left_out() -> None:
    old = DAY - timedelta(days=LOOKBACK_DAYS + 1)
    before = group([page("الأفق", "الجسر", BRIDGE, published_date=old)], day=old)
    pages = [page("المدى", "الجسر", BRIDGE)]
    assert group(pages, before) == group(pages)


def test_unusable_tables_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match="other days"):
        group([page("الأفق", "الجسر", BRIDGE, published_date=DAY + timedelta(days=1))])
    with pytest.raises(ValueError, match="parsed_articles: columns body"):
        group_day(DAY, contract.empty("parsed_articles").drop_columns(["body"]), contract.empty("articles"))


SENTENCES = [*BRIDGE.split("\n"), *CHESS.split("\n"), *FOREST.split("\n")]
BODIES = st.lists(st.sampled_from(SENTENCES), max_size=5).map("\n".join)
ARTICLES = st.builds(
    lambda source, title, body, hour, known: page(
        source, title, body, page_id=f"{known}{hour}", **(at(hour) if known else {})
    ),
    st.sampled_from(["الأفق", "المدى", ""]),
    st.sampled_from([None, "الجسر", "شطرنج", "حريق الغابة"]),
    BODIES,
    st.integers(0, 23),
    st.booleans(),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(ARTICLES, max_size=8), st.lists(ARTICLES, max_size=6), st.randoms(use_true_random=False))
def test_order_of_rows_does_not_matter_and_copies_point_to_originals(
    today: list[dict[str, Any]], before: list[dict[str, Any]], random_: random.Random
) -> None:
    yesterday = DAY - timedelta(days=1)
    for row in before:
        row["published_date"] = yesterday
    built = group(before, day=yesterday)
    result = group(today, built)

    shuffled = random_.sample(today, len(today))
    order = random_.sample(range(built.num_rows), built.num_rows)
    assert group(shuffled, built.take(pa.array(order, pa.int64()))) == result

    assert set(result["article_id"].to_pylist()) == {row["article_id"] for row in today}
    rows = [*built.to_pylist(), *result.to_pylist()]
    originals = {row["article_id"] for row in rows if row["copy_role"] == "original"}
    story = {(row["published_date"], row["article_id"]): row["story_id"] for row in rows}
    for row in rows:
        assert (row["copy_of"] is None) == (row["copy_role"] == "original")
        if row["copy_of"]:
            assert row["copy_of"] in originals
            assert row["story_id"] in {story.get((day, row["copy_of"])) for day in (yesterday, DAY)}
