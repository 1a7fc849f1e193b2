from __future__ import annotations

import math
import random
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from hypothesis import given, settings
from hypothesis import strategies as st

from news_pipeline import contract
from news_pipeline.topics.trends import LOOKBACK_DAYS, _interval, measure_trends

TODAY = date(2024, 5, 15)
Counts = dict[tuple[str, int], int]


def topics(counts: Counts, kind: str = "tag") -> pa.Table:
    """Topic days from ``(topic, days before today)`` to texts."""
    rows = [
        {
            "published_date": TODAY - timedelta(back),
            "topic_id": topic_id,
            "topic_kind": kind,
            "article_count": texts + 1,
            "text_count": texts,
            "story_count": 1,
            "source_count": 1,
            "share": 0.1,
            "rollup_version": "test",
        }
        for (topic_id, back), texts in counts.items()
    ]
    return contract.from_rows("daily_topics", rows)


def volumes(counts: Counts) -> pa.Table:
    """Volumes from ``(outlet, days before today)`` to texts."""
    return pa.table(
        {
            "published_date": pa.array([TODAY - timedelta(back) for _, back in counts], pa.date32()),
            "source_name": pa.array([name or None for name, _ in counts], pa.string()),
            "text_count": pa.array(list(counts.values()), pa.int64()),
        }
    )


def steady(texts: int = 100, days: int = 29) -> Counts:
    return {("وكالة", back): texts for back in range(days)}


def today(counts: Counts, volume: Counts | None = None, kind: str = "tag") -> dict[str, dict[str, Any]]:
    table = measure_trends(topics(counts, kind), volumes(volume or steady()), TODAY, TODAY, TODAY)
    assert table.schema == contract.TABLES["topic_trends"].schema
    return {row["topic_id"]: row for row in table.to_pylist()}


def test_states() -> None:
    usual = {(name, back): 10 for name in ("نمو", "ثبات", "خفوت", "صمت") for back in range(1, 29)}
    rows = today(usual | {("نمو", 0): 40, ("ثبات", 0): 11, ("خفوت", 0): 1, ("جديد", 0): 2})
    assert {name: row["trend"] for name, row in rows.items()} == {
        "نمو": "growing",
        "ثبات": "steady",
        "خفوت": "fading",
        "صمت": "quiet",
        "جديد": "new",
    }
    assert rows["نمو"]["burst_score"] > 3 > abs(rows["ثبات"]["burst_score"])
    assert rows["خفوت"]["burst_score"] < -2
    assert (rows["صمت"]["article_count"], rows["صمت"]["text_count"]) == (0, 0)
    assert rows["ثبات"]["expected_low"] <= 10 <= rows["ثبات"]["expected_high"]


def test_more_news_of_everything_is_no_trend() -> None:
    usual = {("ت", back): 10 for back in range(1, 29)}
    doubled = steady() | {("وكالة", 0): 200}
    assert today(usual | {("ت", 0): 20}, doubled)["ت"]["trend"] == "steady"
    assert today(usual | {("ت", 0): 20}, doubled)["ت"]["expected_count"] > 18


def test_days_without_coverage_are_no_baseline() -> None:
    covered = [0, *range(5, 10)]
    row = today({("ت", back): 4 for back in covered}, {("و", back): 50 for back in covered})["ت"]
    assert row["baseline_days"] == 5
    assert 3.5 < row["expected_count"] < 4.6


def test_short_history_gives_wide_intervals() -> None:
    short = today({("ت", 1): 4, ("ت", 0): 4}, steady(days=2))["ت"]
    long = today({("ت", back): 4 for back in range(29)})["ت"]
    assert short["expected_high"] - short["expected_low"] > long["expected_high"] - long["expected_low"]


def test_first_day_of_an_archive_has_no_expectation() -> None:
    row = today({("ت", 0): 4}, {("و", 0): 9})["ت"]
    assert row["trend"] == "new"
    assert [row[name] for name in ("expected_count", "expected_low", "burst_score", "completeness")] == [None] * 4
    assert (row["baseline_days"], row["first_seen"], row["peak_date"]) == (0, TODAY, TODAY)


def test_weekday_rhythm_is_expected() -> None:
    counts = {("ت", back): 20 if back % 7 == 0 else 2 for back in range(29)}
    assert today(counts)["ت"]["trend"] == "steady"
    assert today(counts)["ت"]["expected_count"] > 10


def test_first_seen_and_peak_lie_in_the_look_back() -> None:
    row = today({("ت", 28): 2, ("ت", 9): 7, ("ت", 3): 7, ("ت", 0): 1})["ت"]
    assert row["first_seen"] == TODAY - timedelta(28)
    assert row["peak_date"] == TODAY - timedelta(9)


def test_only_topics_of_some_weight_are_reported_when_absent() -> None:
    rows = today({("عابر", 3): 9, ("نادر", 3): 1, ("نادر", 5): 1, ("غائب", 3): 1, ("غائب", 27): 2})
    assert rows.keys() == {"غائب"}
    assert rows["غائب"]["trend"] == "quiet"


def test_stories_are_not_missed_after_a_week() -> None:
    counts = {("قديمة", 9): 5, ("قديمة", 8): 5, ("حديثة", 8): 5, ("حديثة", 7): 5}
    assert today(counts, kind="story").keys() == {"حديثة"}


def test_completeness_is_what_usual_outlets_have_brought() -> None:
    half = (
        {("أ", back): 10 for back in range(1, 29)}
        | {("ب", back): 10 for back in range(29)}
        | {("ج", 4): 500, ("ج", 0): 7}
    )
    row = today({("ت", 0): 1}, half)["ت"]
    assert row["completeness"] == 0.5
    assert row["is_provisional"]
    assert today({("ت", 0): 1}, steady() | {("وكالة", 0): 300})["ت"]["completeness"] == 1.0


def test_texts_without_an_outlet_count_too() -> None:
    assert today({("ت", 0): 1}, {("", back): 10 for back in range(1, 29)} | {("", 0): 5})["ت"]["completeness"] == 0.5


def test_days_before_the_newest_are_final() -> None:
    table = measure_trends(topics({("ت", 0): 1, ("ت", 1): 1}), volumes(steady()), TODAY - timedelta(1), TODAY, TODAY)
    assert table["is_provisional"].to_pylist() == [False, True]


def test_nothing_gives_nothing() -> None:
    assert measure_trends(contract.empty("daily_topics"), volumes({}), TODAY, TODAY, TODAY).num_rows == 0
    assert measure_trends(contract.empty("daily_topics"), volumes(steady()), TODAY, TODAY, TODAY).num_rows == 0


def test_interval_holds_95_percent_of_the_negative_binomial() -> None:
    rng = np.random.default_rng(7)
    mean, spread = np.array([0.2, 3.0, 40.0, 2000.0]), np.array([1.2, 2.0, 1.5, 8.0])
    lower, upper = _interval(mean, spread)
    for at in range(len(mean)):
        size = mean[at] / (spread[at] - 1)
        drawn = rng.negative_binomial(size, 1 / spread[at], 40_000)
        assert (drawn < lower[at]).mean() < 0.03
        assert (drawn > upper[at]).mean() < 0.03
        assert (drawn <= lower[at]).mean() > 0.02
        assert (drawn >= upper[at]).mean() > 0.02


def test_few_alarms_where_nothing_happens() -> None:
    rng = np.random.default_rng(3)
    counts = {
        (f"ت{topic}", back): int(texts)
        for topic in range(300)
        for back, texts in enumerate(rng.poisson(0.2 + topic / 30, 29))
        if texts
    }
    rows = today(counts).values()
    alarms = [row for row in rows if row["trend"] in ("growing", "fading")]
    assert len(alarms) < 0.05 * len(rows)
    assert math.fabs(np.mean([row["burst_score"] for row in rows])) < 0.2


@st.composite
def histories(draw: st.DrawFn) -> tuple[Counts, Counts]:
    count = st.dictionaries(
        st.tuples(st.sampled_from("ابج"), st.integers(0, 45)), st.integers(1, 9), min_size=1, max_size=40
    )
    counts = draw(count)
    # Whatever day has a topic has a volume of at least that many texts.
    covered = {("و", back): sum(n for (_, b), n in counts.items() if b == back) for _, back in counts}
    return counts, covered | {("ي", back): n for (_, back), n in draw(count).items()}


@settings(max_examples=40, deadline=None)
@given(histories(), st.integers(0, 15), st.randoms(use_true_random=False))
def test_a_day_is_the_same_in_whatever_range_and_order_it_is_measured(
    history: Any, back: int, shuffle: random.Random
) -> None:
    counts, volume = history
    items = list(counts.items())
    shuffle.shuffle(items)

    def measured(table: pa.Table, first: date, last: date) -> pa.Table:
        def cut(rows: pa.Table) -> pa.Table:
            day = rows["published_date"]
            low = pa.scalar(first - timedelta(LOOKBACK_DAYS))
            return rows.filter(pc.and_(pc.greater_equal(day, low), pc.less_equal(day, pa.scalar(last))))

        return measure_trends(cut(table), cut(volumes(volume)), first, last, TODAY)

    first, last = TODAY - timedelta(back), TODAY
    whole = measured(topics(counts), first, last)
    days = [first + timedelta(n) for n in range(back + 1)]
    single = pa.concat_tables(measured(topics(dict(items)), day, day) for day in days)
    assert whole.combine_chunks().equals(single.combine_chunks())
    assert whole.equals(whole.sort_by([("published_date", "ascending"), ("topic_id", "ascending")]))
