"""What a page dump becomes: articles, blocks, refusals."""

from __future__ import annotations

import datetime as dt
import json
import pickle
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from news_pipeline import contract
from news_pipeline.arabic.tokens import words
from news_pipeline.pages import parse as parse_module
from news_pipeline.pages.parse import parse_pages
from news_pipeline_tests.pages.pages import ENGLISH, FRENCH, PERSIAN, PORTAL, SEED_LIKE, kinds, parse, raw_page

UTC = dt.UTC


@pytest.fixture(scope="module")
def seed() -> list[dict[str, Any]]:
    return parse(raw_page(SEED_LIKE))["parsed_articles"]


def test_seed_layout_main_article(seed: list[dict[str, Any]]) -> None:
    main = seed[0]
    assert main["role"] == "main"
    assert main["title"] == "بلدية الميناء: لا نية لإغلاق سوق السمك القديم"
    assert main["source_name"] == "صدى المدينة"
    assert main["published_date"] == dt.date(2022, 11, 3)
    assert (main["date_status"], main["date_precision"], main["published_at"]) == ("stated", "day", None)
    assert (
        SEED_LIKE[main["date_char_start"] : main["date_char_end"]] == main["date_evidence"] == "3rd, November 2022 GMT"
    )
    assert main["crawled_at"] == dt.datetime(2024, 2, 9, 8, 15, 30, tzinfo=UTC)
    assert main["language"] == "ar"


def test_inserted_headline_leaves_the_body_and_short_paragraphs_stay(seed: list[dict[str, Any]]) -> None:
    main = seed[0]
    assert main["inline_headlines"] == ["اتحاد المزارعين: موسم الزيتون هذا العام هو الأفضل منذ عقد"]
    paragraphs = main["body"].split("\n")
    assert len(paragraphs) == 4
    assert paragraphs[2] == 'ولهذا نعقد اجتماعا أسبوعيا مع الباعة".'


def test_unseparated_tags_are_split_and_foreign_ones_flagged(seed: list[dict[str, Any]]) -> None:
    main = seed[0]
    assert main["tags"] == ["فيضانات", "سوق السمك القديم", "نديم الحلو", "رامي قسطنديان", "أعمال الترميم"]
    assert main["unsupported_tags"] == ["فيضانات", "رامي قسطنديان"]


def test_embedded_article_is_its_own_row_without_a_date(seed: list[dict[str, Any]]) -> None:
    main, embedded = seed
    assert embedded["role"] == "embedded"
    assert embedded["parent_article_id"] == main["article_id"]
    assert embedded["title"] == "مصنع الزجاج يعيد فتح أبوابه بعد عامين"
    assert len(embedded["body"].split("\n")) == 2
    assert "تطبيق" not in embedded["body"]
    assert (embedded["published_date"], embedded["date_status"], embedded["date_precision"]) == (
        None,
        "unknown",
        "none",
    )


def test_related_headlines_keep_their_first_words(seed: list[dict[str, Any]]) -> None:
    assert seed[0]["related_headlines"] == [
        "شاهد.. قارب صيد يعود بعد أسبوع من الضياع",
        "تقرير: أسعار السمك ترتفع في الشتاء",
        "افتتاح مدرسة بحرية للفتيات",
    ]


def test_block_kinds_of_the_seed_layout() -> None:
    found = [kind for kind, _ in kinds(SEED_LIKE)]
    assert found[:6] == ["source_line", "crawl_stamp", "title", "publish_date", "title", "body"]
    for kind in (
        "inline_headline",
        "attribution",
        "tags",
        "related_header",
        "embedded_title",
        "promo",
        "embedded_body",
    ):
        assert kind in found


def test_portal_layout() -> None:
    (main,) = parse(raw_page(PORTAL))["parsed_articles"]
    assert main["title"] == "حديقة الحيوان تستقبل زرافتين من كينيا"
    assert main["byline"] == "هند الزين"
    assert main["source_name"] == "أخبار الواحة"
    assert main["published_at"] == dt.datetime(2022, 6, 14, 9, 45, tzinfo=UTC)
    assert main["date_precision"] == "minute"
    assert main["tags"] == ["حديقة الحيوان", "كينيا", "الزراف"]
    assert main["inline_headlines"] == ["ولادة فيل نادر في محمية الشمال"]
    assert main["related_headlines"] == ["ولادة فيل نادر في محمية الشمال", "مسابقة لرسم الحيوانات في المدارس"]
    assert "تفاصيل الرحلة" in main["body"].split("\n"), "a sub-heading is text"
    assert len(main["body"].split("\n")) == 4


def test_english_portal() -> None:
    (main,) = parse(raw_page(ENGLISH))["parsed_articles"]
    assert main["title"] == "Old lighthouse to open as a museum"
    assert main["byline"] == "Laila Aston and Omar B"
    assert main["source_name"] == "Coast Courier"
    assert main["published_at"] == dt.datetime(2021, 3, 12, 14, 5, tzinfo=UTC)
    assert main["language"] == "en"
    assert len(main["body"].split("\n")) == 3
    assert main["related_headlines"] == ["Harbour wall repaired after the storm", "A night among the ferries"]
    blocks = dict(kinds(ENGLISH))
    assert {"breadcrumb", "share_bar", "comments", "footer"} <= set(blocks)


def test_french_page() -> None:
    (main,) = parse(raw_page(FRENCH))["parsed_articles"]
    assert main["title"] == "La médina retrouve ses lanternes"
    assert main["published_at"] == dt.datetime(2022, 2, 3, 9, 30, tzinfo=UTC)
    assert main["source_name"] == "La Gazette du Sud"
    assert main["tags"] == ["médina", "patrimoine"]
    assert main["inline_headlines"] == ["Le théâtre municipal cherche un toit"]
    assert main["language"] == "fr"
    assert len(main["body"].split("\n")) == 2


def test_persian_page_with_a_solar_date() -> None:
    (main,) = parse(raw_page(PERSIAN))["parsed_articles"]
    assert main["title"] == "کتابخانه قدیمی شهر دوباره باز شد"
    assert main["published_date"] == dt.date(2023, 9, 20)
    assert main["date_evidence"] == "۲۹ شهریور ۱۴۰۲ - ۱۲:۳۰"
    assert main["tags"] == ["کتابخانه", "کودکان"]
    assert main["language"] == "fa"


def test_title_may_begin_with_the_word_of_a_label() -> None:
    text = SEED_LIKE.replace("بلدية الميناء: لا نية", "شاهد.. لا نية")
    assert parse(raw_page(text))["parsed_articles"][0]["title"] == "شاهد.. لا نية لإغلاق سوق السمك القديم"


def test_body_of_a_record_whose_metadata_states_the_rest() -> None:
    metadata = {
        "title": "سفينة أبحاث ترسو في الميناء | موقع الشاطئ نيوز",
        "published": "2020-05-01T23:30:00-02:00",
        "modified": "2020-06-09T10:00:00Z",
        "source": "الشاطئ نيوز",
        "author": "رنا سعد",
        "tags": ["البحر", "العلوم"],
    }
    text = "رست سفينة أبحاث في الميناء صباح اليوم\nوعلى متنها ثلاثون عالما\nللمزيد: رحلة إلى قاع البحر\nوتبقى السفينة في الميناء حتى نهاية الشهر."
    page = raw_page(text, media_type="application/json", metadata=json.dumps(metadata), url="https://example.org/1")
    (main,) = parse(page)["parsed_articles"]
    assert main["title"] == "سفينة أبحاث ترسو في الميناء"
    assert main["body"].split("\n")[0] == "رست سفينة أبحاث في الميناء صباح اليوم"
    assert main["inline_headlines"] == ["رحلة إلى قاع البحر"]
    assert (main["source_name"], main["byline"], main["url"]) == ("الشاطئ نيوز", "رنا سعد", "https://example.org/1")
    assert main["published_at"] == dt.datetime(2020, 5, 2, 1, 30, tzinfo=UTC)
    assert main["date_evidence"] == metadata["published"]
    assert main["date_char_start"] is None
    assert main["published_date"] == dt.date(2020, 5, 2)
    assert parse(page, time_zone="America/New_York")["parsed_articles"][0]["published_date"] == dt.date(2020, 5, 1)


@pytest.mark.parametrize("metadata", ["", "[]", "{", '{"title": 5, "tags": "a"}', '{"published": "soon"}'])
def test_malformed_metadata_counts_as_unstated(metadata: str) -> None:
    main = parse(raw_page(PORTAL, metadata=metadata))["parsed_articles"][0]
    assert main["published_date"] == dt.date(2022, 6, 14)


def test_the_crawl_stamp_is_never_the_publication_date() -> None:
    text = SEED_LIKE.replace("تاريخ النشر: 3rd, November 2022 GMT\n", "")
    main = parse(raw_page(text))["parsed_articles"][0]
    assert (main["published_date"], main["date_status"]) == (None, "unknown")
    assert main["crawled_at"] is not None


def test_a_date_after_the_crawl_is_not_believed() -> None:
    text = SEED_LIKE.replace("November 2022", "November 2030")
    assert parse(raw_page(text))["parsed_articles"][0]["date_status"] == "unknown"


def test_a_relative_date_needs_a_known_crawl_and_is_inferred() -> None:
    text = PORTAL.replace("الثلاثاء 14 يونيو 2022 - 09:45", "تاريخ النشر: منذ 3 أيام")
    assert parse(raw_page(text))["parsed_articles"][0]["date_status"] == "unknown"
    main = parse(raw_page(text, fetched_at=dt.datetime(2022, 6, 17, 5, tzinfo=UTC)))["parsed_articles"][0]
    assert (main["published_date"], main["date_status"]) == (dt.date(2022, 6, 14), "inferred")


def test_the_same_article_has_the_same_id_however_it_is_spelt() -> None:
    other = SEED_LIKE.replace("مؤكدا", "مؤكداً").replace("\n", "\r\n")
    assert (
        parse(raw_page(SEED_LIKE))["parsed_articles"][0]["article_id"]
        == parse(raw_page(other))["parsed_articles"][0]["article_id"]
    )


@pytest.mark.parametrize(
    ("text", "word"),
    [("", "text"), ("\n \n", "text"), ("404\nPage not found\nThe page you want does not exist here.", "error")],
)
def test_pages_without_an_article_say_why(text: str, word: str) -> None:
    tables = parse(raw_page(text))
    assert tables["parsed_articles"] == []
    (refusal,) = tables["rejected_pages"]
    assert refusal["reason"] == "no_article"
    assert word in refusal["detail"]


def test_a_list_of_headlines_is_no_article() -> None:
    assert parse(raw_page("سوق السمك يفتح أبوابه\nزرافتان من كينيا\nموسم الزيتون"))["parsed_articles"] == []


def test_a_page_that_could_not_be_read_keeps_its_reason() -> None:
    tables = parse(raw_page(None, error="empty_file", error_detail="0 bytes"))
    assert [(row["reason"], row["detail"]) for row in tables["rejected_pages"]] == [("empty_file", "0 bytes")]
    assert tables["page_blocks"] == tables["parsed_articles"] == []


def test_a_page_that_breaks_the_parser_does_not_take_the_others_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    real = parse_module.split_lines

    def breaks(text: str) -> Any:
        if text == "breaks":
            raise RuntimeError("no way")
        return real(text)

    monkeypatch.setattr(parse_module, "split_lines", breaks)
    tables = parse(raw_page("breaks", "a"), raw_page(PORTAL, "b"))
    assert [(row["page_id"], row["reason"], row["detail"]) for row in tables["rejected_pages"]] == [
        ("a", "parser_error", "RuntimeError: no way")
    ]
    assert [row["page_id"] for row in tables["parsed_articles"]] == ["b"]


def test_tables_have_the_schema_of_the_contract_even_when_empty() -> None:
    for pages in ([], [raw_page(SEED_LIKE)]):
        tables = parse_pages(contract.from_rows("raw_pages", pages))
        for name, table in tables.items():
            assert table.schema == contract.TABLES[name].schema


def test_the_stage_function_can_be_sent_to_another_process() -> None:
    assert pickle.loads(pickle.dumps(parse_pages)) is parse_pages  # noqa: S301 our own bytes


_SCRAPS = st.sampled_from([line for page in (SEED_LIKE, PORTAL, ENGLISH, FRENCH, PERSIAN) for line in page.split("\n")])
_PAGES = st.one_of(
    st.text(max_size=200),
    st.lists(st.one_of(_SCRAPS, st.text(max_size=40)), max_size=25).map("\n".join),
    st.lists(_SCRAPS, max_size=25).map("\r\n".join),
)


@settings(max_examples=150, deadline=None)
@given(_PAGES)
def test_laws_of_every_page(text: str) -> None:
    tables = parse(raw_page(text))
    blocks, articles, rejected = (tables[name] for name in ("page_blocks", "parsed_articles", "rejected_pages"))
    assert "".join(text[block["char_start"] : block["char_end"]] for block in blocks) == text
    assert [block["block_index"] for block in blocks] == list(range(len(blocks)))
    assert all(block["kind"] in contract.PAGE_BLOCK_KINDS for block in blocks)
    assert bool(articles) != bool(rejected)
    assert len(rejected) <= 1
    assert not any(row["reason"] == "parser_error" for row in rejected)
    assert [article["article_index"] for article in articles] == list(range(len(articles)))
    assert [article["role"] for article in articles[:1]] == ["main"] * bool(articles)
    for article in articles:
        assert article["date_precision"] in contract.DATE_PRECISIONS
        assert (article["published_date"] is None) == (article["date_status"] == "unknown")
        if article["date_char_start"] is not None:
            assert text[article["date_char_start"] : article["date_char_end"]] == article["date_evidence"]
        written = " ".join(words(text))
        assert all(" ".join(words(paragraph)) in written for paragraph in article["body"].split("\n"))
        indexes = {block["article_index"] for block in blocks}
        assert article["article_index"] in indexes
