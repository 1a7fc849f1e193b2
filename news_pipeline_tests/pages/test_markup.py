from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news_pipeline.pages.markup import MARKS, line_marks

SPANS = [(0, 10), (12, 30), (32, 40), (41, 50)]


def test_a_line_has_the_mark_of_the_range_that_covers_it() -> None:
    markup = {"title": [[0, 10]], "main": [[12, 40]], "furniture": [[41, 50]]}
    assert line_marks(SPANS, markup) == ["title", "main", "main", "furniture"]


def test_a_line_is_marked_by_what_covers_most_of_it_and_at_least_half() -> None:
    markup = {"time": [[0, 4, "2024-03-05"], [12, 15, "2024-03-05"]], "byline": [[5, 10]], "main": [[36, 60]]}
    assert line_marks(SPANS, markup) == ["byline", None, "main", "main"]


@pytest.mark.parametrize(
    "markup",
    [
        None,
        {},
        {"main": None},
        {"main": "0-10"},
        {"main": [[0], ["0", "10"], [True, 10], [5, 5], [9, 2], {"a": 1}]},
        {"main": {"0": 10}},
        {"new mark": [[0, 50]]},
        [[0, 50]],
        "main",
    ],
)
def test_what_is_not_as_described_says_nothing(markup: object) -> None:
    assert line_marks(SPANS, markup) == [None] * 4  # type: ignore[arg-type]


def test_no_lines_no_marks() -> None:
    assert line_marks([], {"main": [[0, 5]]}) == []


_RANGES = st.lists(st.lists(st.integers(-5, 60), min_size=0, max_size=3), max_size=8)


@given(st.dictionaries(st.sampled_from(MARKS), _RANGES), st.lists(st.integers(0, 8), max_size=12))
def test_any_ranges_give_one_mark_a_line(markup: dict[str, list[list[int]]], lengths: list[int]) -> None:
    spans = []
    start = 0
    for length in lengths:
        spans.append((start, start + length))
        start += length + 1
    marks = line_marks(spans, markup)
    assert len(marks) == len(spans)
    assert all(mark is None or mark in markup for mark in marks)
