"""Names in Latin letters: capitals behind a title, or around a word for a body."""

from __future__ import annotations

from news_pipeline.entities.latin_names import latin_names
from news_pipeline.entities.words import read_words


def found(text: str) -> list[tuple[str, str]]:
    words = read_words(text)
    return [(text[words.starts[a] : words.ends[b - 1]], kind) for a, b, kind, _ in latin_names(words)]


def test_capitals_behind_a_title_are_a_person() -> None:
    assert found("yesterday President Tomas Arlen spoke") == [("Tomas Arlen", "PER")]
    assert found("we met president Tomas Arlen there") == [("Tomas Arlen", "PER")]


def test_capitals_with_a_word_for_a_body_are_one() -> None:
    assert found("at Northvale University today") == [("Northvale University", "ORG")]


def test_capitals_alone_and_runs_across_a_comma_are_no_name() -> None:
    assert found("The Long Road ends") == []
    assert found("with Minister, Arlen said") == []
