"""Recognises entities and quotations in parsed articles: a chunk of articles in, mentions and quotes out."""

from __future__ import annotations

import hashlib
from typing import Any

import pyarrow as pa

from news_pipeline import contract
from news_pipeline.entities.link import Mention, link_names
from news_pipeline.entities.names import countries_in, find_names, find_people_in_tags
from news_pipeline.entities.quotes import find_quotes
from news_pipeline.entities.words import Words, read_words

ENTITY_VERSION = "1"
"""Version of lexicon and rules; stands in every row of ``entity_mentions``."""

_COLUMNS = ("article_id", "page_id", "article_index", "dump", "published_date", "title", "body", "tags", "language")
_ARABIC_SCRIPT = frozenset({"ar", "fa", "ur", "ckb", "ku", "ug", "ps"})


def recognise_articles(articles: pa.Table) -> dict[str, pa.Table]:
    """Finds the entities and quotations of a chunk of articles.

    Args:
        articles: Rows of ``parsed_articles`` (article_id, page_id, article_index, dump, published_date, title, body, tags
            and language are read).

    Returns:
        ``entity_mentions`` and ``quotes`` with the contract's columns. Offsets are code points in the title, the body,
        or the tags joined by newlines.
    """
    mention_rows: list[dict[str, object]] = []
    quote_rows: list[dict[str, object]] = []
    present = [column for column in _COLUMNS if column in articles.column_names]
    for row in articles.select(present).to_pylist():
        fields = {
            "title": row.get("title") or "",
            "body": row.get("body") or "",
            "tags": "\n".join(t or "" for t in row.get("tags") or []),
        }
        words, mentions = recognise(fields, row.get("language"))
        shared = {name: row.get(name) for name in ("article_id", "page_id", "article_index", "dump", "published_date")}
        mention_rows += [_mention_row(shared, fields, mention) for mention in mentions]
        quote_rows += _quote_rows(shared, fields["body"], words["body"], mentions)
    return {
        "entity_mentions": contract.from_rows("entity_mentions", mention_rows),
        "quotes": contract.from_rows("quotes", quote_rows),
    }


def recognise(fields: dict[str, str], language: str | None = None) -> tuple[dict[str, Words], list[Mention]]:
    """Splits the fields of one article (``title``, ``body``, ``tags``) into words and finds its linked mentions."""
    words = {field: read_words(text) for field, text in fields.items()}
    countries = countries_in(list(words.values()))
    latin = _is_latin(words, language)
    found = {field: find_names(split, countries, latin=latin) for field, split in words.items()}
    taken = {i for span in found["tags"] for i in range(span.first, span.last)}
    tagged = find_people_in_tags(words["tags"], words["body"])
    found["tags"] += [span for span in tagged if taken.isdisjoint(range(span.first, span.last))]
    found["tags"].sort(key=lambda span: span.start)
    return words, link_names(words, found)


def _is_latin(words: dict[str, Words], language: str | None) -> bool:
    """Whether the article is written in Latin letters, by its language or, where unknown, by most of its first words."""
    if language:
        return language not in _ARABIC_SCRIPT
    sample = [word.key for split in words.values() for word in split.words[:50]]
    return sum(key.isascii() for key in sample) > len(sample) / 2


def _mention_row(shared: dict[str, Any], fields: dict[str, str], mention: Mention) -> dict[str, object]:
    return {
        **shared,
        "mention_id": _digest(shared["article_id"], mention.field, mention.start, mention.end),
        "field": mention.field,
        "char_start": mention.start,
        "char_end": mention.end,
        "text": fields[mention.field][mention.start : mention.end],
        "type": mention.type,
        "entity_id": mention.entity_id,
        "canonical": mention.canonical,
        "confidence": mention.confidence,
        "method": mention.method,
        "entity_version": ENTITY_VERSION,
    }


def _quote_rows(shared: dict[str, Any], body: str, words: Words, mentions: list[Mention]) -> list[dict[str, object]]:
    in_body = [mention for mention in mentions if mention.field == "body"]
    return [
        {
            **shared,
            "quote_id": _digest(shared["article_id"], quote.directness, quote.start, quote.end),
            "char_start": quote.start,
            "char_end": quote.end,
            "text": body[quote.start : quote.end],
            "directness": quote.directness,
            "verb": quote.verb,
            "speaker_text": None if quote.speaker is None else body[slice(*quote.speaker)],
            "speaker_char_start": None if quote.speaker is None else quote.speaker[0],
            "speaker_char_end": None if quote.speaker is None else quote.speaker[1],
            "speaker_entity_id": quote.speaker_entity_id,
        }
        for quote in find_quotes(body, words, in_body)
    ]


def _digest(*parts: object) -> str:
    return hashlib.blake2b("\x1f".join(map(str, parts)).encode(), digest_size=12).hexdigest()
