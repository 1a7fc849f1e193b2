from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq

from news_pipeline import contract
from news_pipeline.arabic.keys import word_key
from news_pipeline.pages.parse import parse_pages
from news_pipeline.pages.recurring import recurring_lines
from news_pipeline_tests.pages.pages import raw_page

NOTICE = "تحتفظ الصحيفة بحق حذف ما ترى أنه يخالف قواعد النقاش في صفحاتها."
PLACES = ("الميناء", "السوق", "المدرسة", "الجسر", "المسرح", "المتحف", "الحديقة")


def _page(place: str, notice: str) -> str:
    return "\n".join(
        (
            f"بلدية المدينة تعيد فتح {place} بعد الترميم",
            f"أعلنت بلدية المدينة صباح الأحد أن {place} سيفتح أبوابه أمام الزوار قبل نهاية العام الجاري.",
            notice,
            f"وقال رئيس البلدية إن ترميم {place} استغرق ثلاث سنوات وكلف أقل مما كان مقررا في البداية.",
        )
    )


def _stored(folder: Path, texts: list[str]) -> list[Path]:
    rows = [raw_page(text) | {"page_id": f"{number:032x}"} for number, text in enumerate(texts)]
    file = folder / "part-0.parquet"
    pq.write_table(contract.from_rows("raw_pages", rows), file)
    return [file]


def test_a_notice_on_pages_of_many_articles_is_no_text(tmp_path: Path) -> None:
    texts = [_page(place, NOTICE) for place in PLACES]
    recurring = recurring_lines(_stored(tmp_path, texts))
    assert recurring == {word_key(NOTICE)}
    page = contract.from_rows("raw_pages", [raw_page(texts[0])])
    (article,) = parse_pages(page, recurring=recurring)["parsed_articles"].to_pylist()
    assert NOTICE not in article["body"]
    assert len(article["body"].split("\n")) == 2


def test_an_article_on_many_pages_is_no_notice(tmp_path: Path) -> None:
    copied = _page("الملعب", "ولم يصب أحد بأذى خلال أعمال الترميم التي جرت ليلا في معظمها.")
    texts = [f"{_page(place, 'وشكر الحاضرون العمال.')}\n{copied}" for place in PLACES]
    found = recurring_lines(_stored(tmp_path, texts))
    assert not found & {word_key(line) for line in copied.split("\n")}


def test_a_dump_of_a_few_pages_teaches_nothing(tmp_path: Path) -> None:
    assert recurring_lines(_stored(tmp_path, [_page(place, NOTICE) for place in PLACES[:4]])) == frozenset()
    assert recurring_lines([]) == frozenset()
