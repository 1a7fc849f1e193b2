"""Rows of the contract's tables for tests of topics, with texts of a small made-up world."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
from hypothesis import strategies as st

from news_pipeline import contract

FIRST = date(2024, 2, 20)
WORDS = [
    "ميناء",
    "سفينة",
    "قبطان",
    "عاصفة",
    "مرفأ",
    "شحنة",
    "حبوب",
    "قمح",
    "سوق",
    "تاجر",
    "سعر",
    "خبز",
    "مخبز",
    "طحين",
    "جسر",
    "نهر",
    "قارب",
    "صياد",
    "سمكة",
    "شبكة",
]


def article(article_id: str, day: date, **values: object) -> dict[str, object]:
    """A row of ``articles``; everything not given has a plain value."""
    return {
        "article_id": article_id,
        "text_id": article_id,
        "copy_of": None,
        "copy_role": "copy" if values.get("copy_of") else "original",
        "story_id": f"story-{article_id}",
        "page_count": 1,
        "title": f"عنوان {article_id}",
        "body": "نص قصير",
        "source_name": "مصدر",
        "published_at": datetime(day.year, day.month, day.day, 9, tzinfo=UTC),
        "published_date": day,
        "language": "ar",
        "tags": [],
        "subjects": [],
        "word_count": 2,
        **values,
    }


def link(article_id: str, day: date, entity_id: str, **values: object) -> dict[str, object]:
    """A row of ``article_entities``."""
    return {
        "article_id": article_id,
        "published_date": day,
        "entity_id": entity_id,
        "type": "PER",
        "label": f"اسم {entity_id}",
        "mention_count": 1,
        "in_title": False,
        **values,
    }


def articles(*rows: dict[str, object]) -> pa.Table:
    """Table ``articles`` of rows."""
    return contract.from_rows("articles", list(rows))


def links(*rows: dict[str, object]) -> pa.Table:
    """Table ``article_entities`` of rows."""
    return contract.from_rows("article_entities", list(rows))


@st.composite
def worlds(draw: st.DrawFn, days: int = 40) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """Articles and their entities over some weeks, with copies, shared stories, tags and subjects."""
    article_rows: list[dict[str, object]] = []
    link_rows: list[dict[str, object]] = []
    for number in range(draw(st.integers(1, 25))):
        day = FIRST + timedelta(draw(st.integers(0, days - 1)))
        article_id = f"{number:03}"
        earlier = [str(row["article_id"]) for row in article_rows if row["published_date"] <= day]  # type: ignore[operator]
        words = draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=8))
        article_rows.append(
            article(
                article_id,
                day,
                copy_of=draw(st.sampled_from([None, None, *earlier])),
                story_id=f"story-{draw(st.integers(0, 6))}",
                title=draw(st.sampled_from([None, "", " ".join(words[:3])])),
                body=" و".join(words),
                source_name=draw(st.sampled_from(["أ", "ب", None])),
                published_at=draw(st.sampled_from([None, datetime(day.year, day.month, day.day, 5, tzinfo=UTC)])),
                tags=draw(st.sampled_from([None, ["قمح"], ["القمح", "قَمْح", "#سوق"]])),
                subjects=draw(
                    st.sampled_from([None, [{"topic_id": "medtop:04000000", "score": 0.5, "evidence": ["سوق"]}]])
                ),
            )
        )
        mentions = draw(st.dictionaries(st.sampled_from(["Q1", "Q2", "local:a"]), st.integers(1, 3)))
        link_rows += [link(article_id, day, entity_id, mention_count=count) for entity_id, count in mentions.items()]
    return article_rows, link_rows
