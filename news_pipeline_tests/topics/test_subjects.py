from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from news_pipeline import contract
from news_pipeline.topics.subjects import assign_subjects, top_concepts


def subjects_of(
    title: str | None, body: str | None, tags: list[str] | None = None, language: str | None = "ar"
) -> list[dict[str, object]]:
    articles = pa.table(
        {
            "title": pa.array([title], pa.string()),
            "body": pa.array([body], pa.string()),
            "tags": pa.array([tags], pa.list_(pa.string())),
            "language": pa.array([language], pa.string()),
        }
    )
    found = assign_subjects(articles)
    assert found.type == contract.TABLES["articles"].schema.field("subjects").type
    return found.to_pylist()[0]


def test_the_17_top_concepts_have_labels_in_both_languages() -> None:
    concepts = top_concepts()
    assert len({topic_id for topic_id, _, _ in concepts}) == 17
    assert all(ar and en for _, ar, en in concepts)


@pytest.mark.parametrize(
    ("title", "body", "language", "topic_id"),
    [
        ("المنتخب يفوز في مباراة الافتتاح", "سجل المهاجم هدفين قبل نهاية الشوط الأول.", "ar", "medtop:15000000"),
        ("والبنك المركزي يرفع أسعار الفائدة", "تراجعت الأسهم في البورصة بعد القرار.", "ar", "medtop:04000000"),
        ("زلزال يضرب الساحل", "قالت فرق الإنقاذ إن حرائق اندلعت بعد الزلزال.", "ar", "medtop:03000000"),
        ("Hospital opens a new cancer clinic", "Doctors say patients wait less.", "en", "medtop:07000000"),
        ("Les élèves retrouvent l'école", "Les enseignants attendent la rentrée scolaire.", "fr", "medtop:05000000"),
    ],
)
def test_clear_articles_get_their_subject(title: str, body: str, language: str, topic_id: str) -> None:
    best = subjects_of(title, body, language=language)[0]
    assert best["topic_id"] == topic_id
    assert 0 < float(str(best["score"])) <= 1


def test_evidence_is_quoted_as_written() -> None:
    title, body = "الـمَحكمةُ تؤجل محاكمة المتهمين", "وقال القاضي إن الجلسة المقبلة بعد شهر."
    best = subjects_of(title, body)[0]
    evidence = best["evidence"]
    assert isinstance(evidence, list)
    assert evidence
    assert all(term in f"{title} {body}" for term in evidence)


def test_an_article_can_have_two_subjects() -> None:
    found = subjects_of(
        "إضراب عام في المدارس والجامعات",
        "أعلنت نقابة المعلمين الإضراب، وطالب العمال بزيادة الأجور، وبقي الطلاب والتلاميذ بلا دروس.",
    )
    assert {"medtop:05000000", "medtop:09000000"} <= {subject["topic_id"] for subject in found}


def test_without_evidence_it_abstains() -> None:
    assert subjects_of("كلمة", "لا شيء هنا يقال.") == []
    assert subjects_of(None, None, None, None) == []
    assert subjects_of("", "", []) == []


@given(st.text(max_size=200), st.text(max_size=400), st.lists(st.text(max_size=20), max_size=3))
def test_any_text_is_answered_within_bounds(title: str, body: str, tags: list[str]) -> None:
    found = subjects_of(title, body, tags, None)
    scores = [float(str(subject["score"])) for subject in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert len(found) <= 3
