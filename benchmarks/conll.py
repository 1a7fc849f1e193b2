"""Reads CoNLL files: a token and its BIO tag a line, an empty line between sentences."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path


def read_conll(path: Path) -> Iterator[list[tuple[str, str]]]:
    """Sentences of ``(token, tag)``."""
    sentence: list[tuple[str, str]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        parts = line.split()
        if len(parts) >= 2:
            sentence.append((parts[0], parts[-1]))
        elif sentence:
            yield sentence
            sentence = []
    if sentence:
        yield sentence
