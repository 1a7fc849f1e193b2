"""DuckDB macros: the questions analysts ask of the tables, each as one call.

Belongs here: the SQL of each macro and what it says. Does not belong here: views, or creating anything in a database.
``norm_ar`` and what builds on it are generated from the tables of ``arabic.keys``, so that SQL and Python agree.

In table macros a column that would bear the name of a parameter (``day``, ``topic``, ``entity``, ``query``) must not
exist: DuckDB would read the parameter in its place. A choice is written as CASE: DuckDB 2 would keep ``if`` in the
catalog as a function that DuckDB 1 does not have.
"""

from __future__ import annotations

import sys
import unicodedata
from dataclasses import dataclass
from functools import cache

from news_pipeline.arabic.keys import DROPPED, FOLDS, norm_ar

SEARCH_WORDS = 8
"""Distinct words of a search query that count; further ones are left out."""

_SEPARATOR = "\ue000"  # a private-use character, which no character decomposes to
_TITLE_WEIGHT = 3
# BM25's usual constants (Robertson & Zaragoza 2009): saturation of repeated words, weight of the article's length.
_K1, _B = 1.2, 0.75
_SNIPPET_BEFORE, _SNIPPET_CHARS = 80, 240


@dataclass(frozen=True)
class Macro:
    """A macro: its call, what it says, and the expression or SELECT behind it."""

    name: str
    parameters: tuple[str, ...]
    description: str
    body: str
    is_table: bool = False

    @property
    def sql(self) -> str:
        """The CREATE statement."""
        kind = "TABLE " if self.is_table else ""
        return f"CREATE OR REPLACE MACRO {self.name}({', '.join(self.parameters)}) AS {kind}{self.body}"


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _ranges(characters: str) -> str:
    """The inside of an RE2 class of these characters, by their numbers, neighbours joined."""
    spans: list[list[int]] = []
    for code in sorted(map(ord, set(characters))):
        if spans and spans[-1][1] == code - 1:
            spans[-1][1] = code
        else:
            spans.append([code, code])
    return "".join(f"\\x{{{first:X}}}-\\x{{{last:X}}}" for first, last in spans)


@cache
def _compatibility_forms() -> dict[str, str]:
    """The characters that NFKC writes otherwise and NFC does not, each with what NFKD writes.

    Presentation forms and ligatures of Arabic, wide and styled letters, ``…``, fractions and the like; NFC puts
    together again what NFKD took apart beyond that.
    """
    forms = {}
    for code in range(0x80, sys.maxunicode + 1):
        character = chr(code)
        plain = unicodedata.normalize("NFKD", character)
        if plain != character and plain != unicodedata.normalize("NFD", character):
            forms[character] = plain
    return forms


@cache
def _spellings() -> dict[str, str]:
    """For each character a key can hold, the characters written for it (itself among them), where there are several."""
    written: dict[str, list[str]] = {}
    letters = (chr(code) for code in range(0x10000) if chr(code).isalnum())
    for character in letters:
        key = norm_ar(character)
        if len(key) == 1 and key.isalnum():
            written.setdefault(key, []).append(character)
    return {key: "".join(characters) for key, characters in written.items() if characters != [key]}


def _norm_ar_body() -> str:
    forms = _compatibility_forms()
    met = f"list_distinct(regexp_extract_all(text, '[{_ranges(''.join(forms))}]'))"
    # Two long literals bind ten times faster than a MAP written out.
    table = (
        f"map(string_split({_text(''.join(forms))}, ''), "
        f"string_split({_text(_SEPARATOR.join(forms.values()))}, {_text(_SEPARATOR)}))"
    )
    composed = f"nfc_normalize(list_reduce({met}, lambda written, form: replace(written, form, {table}[form]), text))"
    # What is dropped has no partner in the second list of translate(), which then leaves it out.
    folded = f"translate({composed}, {_text(''.join(FOLDS) + DROPPED)}, {_text(''.join(FOLDS.values()))})"
    lowered = f"nfc_normalize(lower(replace({folded}, 'İ', 'i\u0307')))"
    spaces = "".join(chr(code) for code in range(sys.maxunicode + 1) if chr(code).isspace())
    return f"trim(regexp_replace({lowered}, '[{_ranges(spaces)}]+', ' ', 'g'))"


def _search_words_body() -> str:
    words = (
        "list_transform(string_split(word_key(query), ' '), "
        "lambda written: regexp_replace(written, '^(?:[وف]?[بلك]?ال|[وف]?لل)([^ ]{3,})$', '\\1'))"
    )
    return f"list_filter({words}, lambda word, place: word <> '' AND list_position({words}, word) = place)[:{SEARCH_WORDS}]"


def _letter(key: str) -> str:
    """RE2 for one letter of a key in all its spellings, with any marks after it."""
    return f"[{_spellings().get(key, key)}][{_ranges(DROPPED)}]*"


def _search_pattern_body() -> str:
    spellings = _spellings()
    table = (
        f"map(string_split({_text(''.join(spellings))}, ''), "
        f"string_split({_text(_SEPARATOR.join(spellings.values()))}, {_text(_SEPARATOR)}))"
    )
    letters = (
        f"list_aggregate(list_transform(string_split(word, ''), "
        f"lambda letter: '[' || coalesce({table}[letter], letter) || '][{_ranges(DROPPED)}]*'), 'string_agg', '')"
    )
    conjunction = f"(?:{_letter('و')}|{_letter('ف')})?"
    preposition = f"(?:{_letter('ب')}|{_letter('ل')}|{_letter('ك')})?"
    article = f"(?:{_letter('ا')}{_letter('ل')})?"
    long_front = f"{conjunction}(?:{preposition}{article}|{_letter('ل')}{_letter('ل')})"
    short_front = f"{conjunction}{article}"
    edge = r"[^\p{L}\p{N}\p{M}]"
    return f"'(?:^|{edge})' || CASE WHEN length(word) >= 3 THEN {_text(long_front)} ELSE {_text(short_front)} END || {letters} || '(?:$|{edge})'"


def _search_articles_body() -> str:
    slots = range(1, SEARCH_WORDS + 1)
    # Each pattern is written once, for a macro is expanded where it stands: the title counts by being repeated.
    weighted = f"concat_ws(' . ', {'title, ' * _TITLE_WEIGHT}body)"
    counts = ", ".join(
        f"len(regexp_extract_all(weighted_text, search_pattern(search_words(query)[{slot}])))" for slot in slots
    )
    document_counts = ", ".join(f"count(*) FILTER (counts[{slot}] > 0)" for slot in slots)
    score = " + ".join(
        f"coalesce(ln(1 + (article_total - found_in[{slot}] + 0.5) / (found_in[{slot}] + 0.5)) * counts[{slot}] * {_K1 + 1}"
        f" / (counts[{slot}] + {_K1} * ({1 - _B} + {_B} * word_total / mean_words)), 0)"
        for slot in slots
    )
    # Runs of white space become one space, and so do the halves of words at the ends that were cut.
    is_cut = f"snippet_start + {_SNIPPET_CHARS} <= length(body)"
    cut = (
        r"CASE WHEN snippet_start > 1 THEN '^\S*\s+|' ELSE '' END"
        rf" || CASE WHEN {is_cut} THEN '\s+\S*$|' ELSE '' END || '\s+'"
    )
    any_word = (
        "list_aggregate(list_transform(search_words(query), lambda word: search_pattern(word)), 'string_agg', '|')"
    )
    return f"""
        WITH counted AS (
            SELECT published_date, article_id, greatest(word_count, 1) AS word_total, [{counts}] AS counts
            FROM (SELECT published_date, article_id, word_count, {weighted} AS weighted_text FROM articles)
        ), totals AS (
            SELECT count(*) AS article_total, avg(word_total) AS mean_words, [{document_counts}] AS found_in
            FROM counted
        ), scored AS (
            SELECT published_date, article_id, round({score}, 4) AS score
            FROM counted CROSS JOIN totals
            WHERE list_min(counts) > 0
        ), located AS (
            SELECT article_id, published_date, source_name, title, score, copy_of, body,
                greatest(1, strpos(body, regexp_extract(body, {any_word})) - {_SNIPPET_BEFORE}) AS snippet_start
            FROM scored JOIN articles USING (published_date, article_id)
        )
        SELECT article_id, published_date, source_name, title, score,
            CASE WHEN snippet_start > 1 THEN '…' ELSE '' END
                || trim(regexp_replace(substring(body, snippet_start, {_SNIPPET_CHARS}), {cut}, ' ', 'g'))
                || CASE WHEN {is_cut} THEN '…' ELSE '' END AS snippet,
            copy_of
        FROM located
        ORDER BY score DESC, published_date DESC, article_id
    """


SCALAR_MACROS: tuple[Macro, ...] = (
    Macro(
        "norm_ar",
        ("text",),
        "The matching key of a text: NFKC, folded Arabic letters, no diacritics, lower case, single spaces. "
        "For comparing, never for showing.",
        _norm_ar_body(),
    ),
    Macro(
        "word_key",
        ("text",),
        "The matching key of a phrase by its words alone: norm_ar with punctuation as spaces.",
        r"trim(regexp_replace(norm_ar(text), '[^\p{L}\p{N}%]+', ' ', 'g'))",
    ),
    Macro(
        "search_words",
        ("query",),
        f"The words search_articles looks for: the first {SEARCH_WORDS} distinct keys of the query, without the "
        "article ال and the particles before it.",
        _search_words_body(),
    ),
    Macro(
        "search_pattern",
        ("word",),
        "The regular expression of a word (a key of at least one letter) in a text as written: any spelling, with "
        "diacritics or without, with the particles و ف ب ل ك and the article ال joined to its front.",
        _search_pattern_body(),
    ),
)
"""Macros that give one value, each after those it calls; they need no table."""

TABLE_MACROS: tuple[Macro, ...] = (
    Macro(
        "search_articles",
        ("query",),
        "Articles whose title or body holds every word of the query, in any spelling and with joined particles or ال; "
        "best first by BM25, a word of the title counting three times. Columns: article_id, published_date, "
        "source_name, title, score, snippet (the text as written, around the first match), copy_of.",
        _search_articles_body(),
        is_table=True,
    ),
    Macro(
        "trending",
        ("day",),
        "The topics of a day (DATE or 'YYYY-MM-DD'), strongest burst first, with label, counts, expectation, trend and "
        "headlines; topics of the preceding weeks that the day does not cover stand there with 0 articles.",
        """
        SELECT trends.published_date, trends.topic_id, coalesce(t.label_ar, t.label_en, trends.topic_id) AS label,
            t.label_en, trends.topic_kind, trends.article_count, trends.text_count,
            coalesce(covered.story_count, 0) AS story_count, coalesce(covered.source_count, 0) AS source_count,
            coalesce(covered.share, 0) AS share, trends.expected_count, trends.expected_low, trends.expected_high,
            trends.burst_score, trends.trend, trends.first_seen, trends.peak_date, trends.is_provisional,
            covered.headlines, covered.top_entities, covered.top_terms
        FROM topic_trends AS trends
        LEFT JOIN (SELECT * FROM daily_topics WHERE published_date = day::DATE) AS covered
            USING (published_date, topic_id, topic_kind)
        LEFT JOIN topics AS t ON t.topic_id = trends.topic_id AND t.topic_kind = trends.topic_kind
        WHERE trends.published_date = day::DATE
        ORDER BY trends.burst_score DESC NULLS LAST, trends.article_count DESC, trends.topic_id
        """,
        is_table=True,
    ),
    Macro(
        "topic_timeline",
        ("topic",),
        "A topic (its id, or its label in any spelling) day by day: counts, share, expectation, burst, trend and "
        "headlines. Days without a row neither cover the topic nor follow such a day within four weeks.",
        """
        WITH wanted AS (
            SELECT topic::VARCHAR AS topic_id
            UNION
            SELECT topic_id FROM topics WHERE norm_ar(topic) IN (norm_ar(label_ar), norm_ar(label_en))
        )
        SELECT published_date, topic_id, coalesce(t.label_ar, t.label_en, topic_id) AS label, topic_kind,
            coalesce(covered.article_count, trends.article_count) AS article_count,
            coalesce(covered.text_count, trends.text_count) AS text_count,
            coalesce(covered.story_count, 0) AS story_count, coalesce(covered.source_count, 0) AS source_count,
            coalesce(covered.share, 0) AS share, trends.expected_count, trends.expected_low, trends.expected_high,
            trends.burst_score, trends.trend, covered.headlines
        FROM (SELECT * FROM daily_topics SEMI JOIN wanted USING (topic_id)) AS covered
        FULL JOIN (SELECT * FROM topic_trends SEMI JOIN wanted USING (topic_id)) AS trends
            USING (published_date, topic_id, topic_kind)
        LEFT JOIN topics AS t USING (topic_id, topic_kind)
        ORDER BY topic_id, published_date
        """,
        is_table=True,
    ),
    Macro(
        "entity_timeline",
        ("entity",),
        "An entity (its id, or a label or alias in any spelling) day by day: articles, distinct texts, outlets, "
        "mentions, articles with it in the title, and its share of the day's articles. Of several entities with one "
        "name each has its rows.",
        """
        WITH wanted AS (
            SELECT entity::VARCHAR AS entity_id
            UNION
            SELECT entity_id FROM entities
            WHERE norm_ar(entity) IN (norm_ar(label_ar), norm_ar(label_en))
                OR norm_ar(entity) IN (SELECT norm_ar(alias) FROM (SELECT unnest(aliases) AS alias))
        ), day_sizes AS (
            SELECT published_date, count(*) AS day_articles FROM articles GROUP BY published_date
        )
        SELECT published_date, entity_id, coalesce(e.label_ar, e.label_en, max_by(a.label, length(a.label))) AS label,
            count(*) AS article_count, count(DISTINCT coalesce(s.copy_of, s.article_id)) AS text_count,
            count(DISTINCT s.source_name) AS source_count, sum(a.mention_count)::BIGINT AS mention_count,
            count(*) FILTER (a.in_title) AS title_count, round(count(*) / any_value(day_articles), 6) AS share
        FROM article_entities AS a SEMI JOIN wanted USING (entity_id)
        JOIN articles AS s USING (published_date, article_id)
        JOIN day_sizes USING (published_date)
        LEFT JOIN entities AS e USING (entity_id)
        GROUP BY published_date, entity_id, e.label_ar, e.label_en
        ORDER BY entity_id, published_date
        """,
        is_table=True,
    ),
    Macro(
        "explain_topic",
        ("day", "topic"),
        "Why a topic counts what it counts on a day: each of its articles with each page it was read from (file, "
        "member, byte range, sha256 of the bytes), and as evidence the mentions of the entity with their spans, the "
        "terms that speak for the subject, the tag as written, or the headline of the story's article.",
        """
        WITH of_day AS (
            SELECT * FROM articles WHERE published_date = day::DATE
        ), named AS (
            SELECT a.article_id, m.field, m.char_start, m.char_end, m.text
            FROM entity_mentions m JOIN of_day a USING (page_id, article_index) WHERE m.entity_id = topic
        ), mentions AS (
            SELECT article_id, list({kind: 'mention', field: field, char_start: char_start, char_end: char_end,
                text: text} ORDER BY field DESC, char_start, char_end) AS evidence
            FROM named GROUP BY article_id
        ), reasons AS (
            SELECT article_id, 'entity' AS topic_kind, coalesce(evidence, []) AS evidence
            FROM (SELECT * FROM article_entities WHERE published_date = day::DATE AND entity_id = topic)
            LEFT JOIN mentions USING (article_id)
            UNION ALL
            SELECT article_id, 'subject', list_transform(subject.evidence, lambda term: {kind: 'term',
                field: NULL::VARCHAR, char_start: NULL::BIGINT, char_end: NULL::BIGINT, text: term})
            FROM (SELECT article_id, unnest(subjects) AS subject FROM of_day) WHERE subject.topic_id = topic
            UNION ALL
            SELECT article_id, 'tag', list({kind: 'tag', field: 'tags', char_start: NULL::BIGINT,
                char_end: NULL::BIGINT, text: tag})
            FROM (SELECT article_id, unnest(tags) AS tag FROM of_day WHERE topic LIKE 'tag:%')
            WHERE 'tag:' || replace(word_key(tag), ' ', '_') = topic GROUP BY article_id
            UNION ALL
            SELECT article_id, 'story', [{kind: 'story', field: 'title', char_start: 0,
                char_end: length(title), text: title}]
            FROM of_day WHERE story_id = topic
        ), pages AS (
            SELECT DISTINCT article_id, page_id FROM parsed_articles
            WHERE published_date = day::DATE AND article_id IN (SELECT article_id FROM reasons)
        )
        SELECT a.published_date, r.topic_kind, a.article_id, a.title, a.source_name, a.copy_of, p.page_id, p.dump,
            p.file, p.member, p.byte_start, p.byte_end, p.sha256, p.encoding, r.evidence
        FROM reasons AS r
        JOIN of_day AS a USING (article_id)
        LEFT JOIN pages AS on_page ON on_page.article_id = r.article_id
        LEFT JOIN raw_pages AS p ON p.page_id = on_page.page_id
        ORDER BY r.topic_kind, a.copy_of IS NOT NULL, a.published_at NULLS LAST, a.article_id, p.page_id
        """,
        is_table=True,
    ),
)
"""Macros that give a table; they read the views."""
