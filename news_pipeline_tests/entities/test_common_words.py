"""Everyday words: the tables that ship, and the command that learns them from a corpus."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import resources
from pathlib import Path

import pytest

from news_pipeline.entities.lexicon import is_common, load_lexicon

ROOT = Path(__file__).parents[2]
SENTENCES = [
    "زرع الفلاح شجرة في حديقة البيت",
    "الشجرة كبيرة وكل شجرة جميلة",
    "لم يقل سمير بلقاني شيئا عن الحديقة",
    "سقى الفلاح حديقة أخرى",
    "قال سمير بلقاني نعم",
]


def rows(name: str) -> list[list[str]]:
    text = resources.files("news_pipeline.entities").joinpath(f"data/{name}.tsv").read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines()[1:]]


def learn(folder: Path, articles: list[dict[str, str]]) -> dict[str, bytes]:
    """What the command writes for these articles, by file name."""
    folder.mkdir()
    (folder / "common_words_hand.tsv").write_text("word_key\tkind\nفي\tpreposition\n", encoding="utf-8")
    (folder / "given_names.tsv").write_text("name_key\tweak\nجميله\thand\nسمير\t\nسعيد\tlearned\n", encoding="utf-8")
    corpus = folder / "articles.jsonl"
    corpus.write_text("".join(json.dumps(row) + "\n" for row in articles), encoding="utf-8")
    command = [sys.executable, str(ROOT / "benchmarks" / "learn_common_words.py"), str(corpus), "--data", str(folder)]
    subprocess.run(command, check=True, cwd=ROOT, env={"PYTHONPATH": str(ROOT), "PATH": ""})
    return {path.name: path.read_bytes() for path in folder.glob("*.tsv")}


def test_learns_what_takes_the_article_and_not_what_follows_given_names(tmp_path: Path) -> None:
    # The same five sentences, told apart by a number, as a paragraph that stands twice counts once.
    articles = [{"title": f"خبر {n}", "text": "\n".join(f"{s} {n}" for s in SENTENCES)} for n in range(8)]
    first = learn(tmp_path / "first", articles)
    words = first["common_words.tsv"].decode().splitlines()
    assert words[0] == "word_key"
    assert words[1:] == sorted(set(words[1:]))
    assert {"شجره", "حديقه"} <= set(words)
    assert not {"بلقاني", "سمير", "في", "الشجره"} & set(words)
    assert first["given_names.tsv"].decode() == "name_key\tweak\nجميله\thand\nسعيد\t\nسمير\t\n"
    assert learn(tmp_path / "second", [*reversed(articles), articles[0]]) == first


@pytest.mark.parametrize("name", ["common_words", "common_words_hand", "given_names"])
def test_tables_hold_single_words_sorted(name: str) -> None:
    keys = [row[0] for row in rows(name)]
    assert keys == sorted(set(keys))
    assert all(key.isalpha() for key in keys)


def test_learned_words_repeat_nothing_kept_by_hand() -> None:
    learned = {row[0] for row in rows("common_words")}
    assert learned.isdisjoint(row[0] for row in rows("common_words_hand"))
    assert learned.isdisjoint(row[0] for row in rows("given_names"))
    assert {row[1] for row in rows("given_names")} == {"", "learned", "hand"}


@pytest.mark.parametrize("word", ["هذا", "شجره", "مدرسه", "يكتب", "وكتابها", "سبتمبر"])
def test_everyday_words_are_known(word: str) -> None:
    assert is_common(word, load_lexicon().common_words)
