"""Recognises entities and quotations in parsed articles: a chunk of articles in, mentions and quotes out."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from news_pipeline import contract
from news_pipeline.entities.link import Mention, link_names
from news_pipeline.entities.names import NameFinder, Reading, find_names
from news_pipeline.entities.quotes import find_quotes
from news_pipeline.entities.words import Words, has_room, vocabulary

ENTITY_VERSION = "3"
"""Version of lexicon, rules and model; stands in every row of ``entity_mentions``."""

_COLUMNS = ("article_id", "page_id", "article_index", "dump", "published_date", "title", "body", "tags", "language")
_FIELDS = ("title", "body", "tags")
_ARABIC_SCRIPT = frozenset({"fa", "ur", "ckb", "ku", "ug", "ps"})
_SAMPLE = 400  # code points that tell the script of a text of unknown language


def recognise_articles(articles: pa.Table, finder: NameFinder | None = None) -> dict[str, pa.Table]:
    """Finds the entities and quotations of a chunk of articles.

    Args:
        articles: Rows of ``parsed_articles`` (article_id, page_id, article_index, dump, published_date, title, body, tags
            and language are read).
        finder: What finds the names in Arabic; by default the packaged tagger.

    Returns:
        ``entity_mentions`` and ``quotes`` with the contract's columns. Offsets are code points in the title, the body,
        or the tags joined by newlines.
    """
    if not has_room():
        vocabulary.cache_clear()
    present = [column for column in _COLUMNS if column in articles.column_names]
    rows = articles.select(present).to_pylist()
    fields = [
        {
            "title": row.get("title") or "",
            "body": row.get("body") or "",
            "tags": "\n".join(t or "" for t in row.get("tags") or []),
        }
        for row in rows
    ]
    mention_rows: list[dict[str, object]] = []
    quote_rows: list[dict[str, object]] = []
    recognised = recognise(fields, [row.get("language") for row in rows], finder)
    version = f"{ENTITY_VERSION}+{finder.version}" if finder and finder.version else ENTITY_VERSION
    for row, own, (words, mentions) in zip(rows, fields, recognised, strict=True):
        shared = {name: row.get(name) for name in ("article_id", "page_id", "article_index", "dump", "published_date")}
        mention_rows += [_mention_row(shared, own, mention, version) for mention in mentions]
        quote_rows += _quote_rows(shared, own["body"], words, mentions)
    return {
        "entity_mentions": contract.from_rows("entity_mentions", mention_rows),
        "quotes": contract.from_rows("quotes", quote_rows),
    }


def recognise(
    articles: Sequence[dict[str, str]], languages: Sequence[str | None], finder: NameFinder | None = None
) -> list[tuple[Words, list[Mention]]]:
    """Finds the linked mentions of articles, each given by its fields ``title``, ``body`` and ``tags``.

    ``finder`` finds the names in Arabic; by default the packaged tagger.

    Returns:
        For each article the words of its body, and its mentions in order of field and place.
    """
    texts = [article[field] for article in articles for field in _FIELDS]
    readings = [
        reading
        for article, language in zip(articles, languages, strict=True)
        for reading in [_reading(article, language)] * len(_FIELDS)
    ]
    found = find_names(texts, readings, finder)
    result = []
    for number in range(len(articles)):
        own = dict(zip(_FIELDS, found[number * len(_FIELDS) : (number + 1) * len(_FIELDS)], strict=True))
        result.append((own["body"].words, link_names(own)))
    return result


def _reading(article: dict[str, str], language: str | None) -> Reading:
    """How an article is read, by its language or, where unknown, by the letters it begins with."""
    if language == "ar":
        return Reading.ARABIC
    if language in _ARABIC_SCRIPT:
        return Reading.OTHER
    if language:
        return Reading.LATIN
    letters = [c for c in "".join(article.values())[:_SAMPLE] if c.isalpha()]
    return Reading.LATIN if sum(map(str.isascii, letters)) > len(letters) / 2 else Reading.ARABIC


def _mention_row(shared: dict[str, Any], fields: dict[str, str], mention: Mention, version: str) -> dict[str, object]:
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
        "entity_version": version,
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
