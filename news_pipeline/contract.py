"""The table registry: every table, column, type, key and description of the pipeline, once.

Belongs here: facts about tables. Arrow schemas, Dagster column metadata and checks, DuckDB views and comments, and the
data dictionary are all derived from ``TABLES``. Does not belong here: reading, writing or computing anything.

Columns may be added freely, each with a description. Renaming or retyping one is a breaking change.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

Stage = Literal["pages", "articles", "entities", "days", "whole"]
PartitionColumn = Literal["dump", "published_date"]

TIMESTAMP = pa.timestamp("us", tz="UTC")
STRINGS = pa.list_(pa.string())

PAGE_BLOCK_KINDS = (
    "source_line",
    "crawl_stamp",
    "breadcrumb",
    "title",
    "byline",
    "dateline",
    "publish_date",
    "body",
    "inline_headline",
    "attribution",
    "tags",
    "related_header",
    "related_headline",
    "embedded_title",
    "embedded_body",
    "promo",
    "share_bar",
    "comments",
    "footer",
    "other",
)
ENTITY_TYPES = ("PER", "ORG", "LOC", "MISC")
DATE_PRECISIONS = ("second", "minute", "day", "month", "none")
DATE_STATUSES = ("stated", "inferred", "unknown")
COPY_ROLES = ("original", "copy", "rewrite", "revision")
TOPIC_KINDS = ("subject", "entity", "tag", "story")
TRENDS = ("new", "growing", "steady", "fading", "quiet")


@dataclass(frozen=True)
class Column:
    """One column: its Arrow type, what it says, which values it may take, and where its values come from.

    ``sources`` names columns of upstream tables as ``table.column``. A column without them that an upstream table has
    too is that column, carried along.
    """

    name: str
    type: pa.DataType
    description: str
    nullable: bool = True
    values: tuple[str, ...] | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """One table: its columns, its key, the tables it is computed from, and the column that partitions it on disk.

    ``partitioned_by`` is None for a table that is one whole file.
    """

    name: str
    stage: Stage
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    upstream: tuple[str, ...]
    partitioned_by: PartitionColumn | None

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema of all columns, the partition column included."""
        return pa.schema([pa.field(c.name, c.type, c.nullable) for c in self.columns])

    @property
    def file_schema(self) -> pa.Schema:
        """The Arrow schema of a Parquet file: without the partition column, which stands in the path."""
        return pa.schema([field for field in self.schema if field.name != self.partitioned_by])


def _column(
    name: str,
    type_: pa.DataType,
    description: str,
    *,
    required: bool = False,
    values: tuple[str, ...] | None = None,
    sources: tuple[str, ...] = (),
) -> Column:
    return Column(name, type_, description, nullable=not required, values=values, sources=sources)


_text = pa.string()
_int = pa.int64()
_score = pa.float64()

_TABLES = (
    Table(
        "raw_pages",
        "pages",
        "One row per page found in a dump, as it was dumped: located to the byte and decoded. A page that could not "
        "be read has a row too, with its error and no text, so that nothing is lost.",
        (
            _column("page_id", _text, "Hash of dump, file, member, byte range and content.", required=True),
            _column("dump", _text, "Top-level file or folder in the landing folder.", required=True),
            _column("file", _text, "Path within data/raw.", required=True),
            _column(
                "member", _text, "Name inside an archive (zip, tar), or row of a Parquet file (``row 17``), else null."
            ),
            _column(
                "byte_start",
                _int,
                "First byte of the page in the file or, after decompression, in the member or stream.",
                required=True,
            ),
            _column("byte_end", _int, "Byte after the last one of the page.", required=True),
            _column("sha256", _text, "SHA-256 of the page's bytes.", required=True),
            _column("media_type", _text, "Media type the page was read as, such as text/plain or text/html."),
            _column(
                "encoding",
                _text,
                "Character encoding the bytes were decoded with; ``utf-8 after cp1252`` for text that had been decoded wrongly once before.",
            ),
            _column("url", _text, "Address of the page, where the container or the markup states it."),
            _column("fetched_at", TIMESTAMP, "Instant of the crawl, where the container states it."),
            _column(
                "metadata",
                _text,
                "JSON object: what the container or the markup itself states (title, date, author …), and under ``markup`` what the markup says of ranges of the text.",
            ),
            _column("text", _text, "The page's text as decoded; of HTML the whole visible text in reading order."),
            _column("error", _text, "Why the page could not be read (a rejection reason), null when it was."),
            _column("error_detail", _text, "What exactly went wrong, for a person."),
        ),
        ("page_id",),
        (),
        "dump",
    ),
    Table(
        "page_blocks",
        "articles",
        "The anatomy of each page: typed spans that tile its text without gap or overlap.",
        (
            _column("page_id", _text, "Page the block belongs to.", required=True),
            _column("dump", _text, "Dump of the page.", required=True),
            _column("block_index", pa.int32(), "Position of the block in the page, from 0.", required=True),
            _column(
                "kind", _text, "What the block is.", required=True, values=PAGE_BLOCK_KINDS, sources=("raw_pages.text",)
            ),
            _column("article_index", pa.int32(), "Article of the page the block belongs to, null for furniture."),
            _column(
                "char_start",
                _int,
                "First code point of the block in raw_pages.text.",
                required=True,
                sources=("raw_pages.text",),
            ),
            _column(
                "char_end",
                _int,
                "Code point after the last one of the block.",
                required=True,
                sources=("raw_pages.text",),
            ),
        ),
        ("page_id", "block_index"),
        ("raw_pages",),
        "dump",
    ),
    Table(
        "parsed_articles",
        "articles",
        "The articles found in each page: the main one and those embedded in it.",
        (
            _column(
                "article_id",
                _text,
                "Hash of source, title and body keys: the same article met again has the same id.",
                required=True,
                sources=("raw_pages.text", "raw_pages.metadata"),
            ),
            _column("page_id", _text, "Page the article was read from.", required=True),
            _column(
                "article_index", pa.int32(), "Position of the article in its page, 0 for the main one.", required=True
            ),
            _column("dump", _text, "Dump of the page.", required=True),
            _column(
                "role",
                _text,
                "main, or embedded in another article's page.",
                required=True,
                values=("main", "embedded"),
            ),
            _column("parent_article_id", _text, "For an embedded article, the main article of its page."),
            _column("title", _text, "Headline as written.", sources=("raw_pages.text", "raw_pages.metadata")),
            _column(
                "body",
                _text,
                "Paragraphs of the body joined by newlines, without inserted headlines.",
                required=True,
                sources=("raw_pages.text",),
            ),
            _column(
                "source_name",
                _text,
                "Outlet the page names as its source.",
                sources=("raw_pages.text", "raw_pages.metadata"),
            ),
            _column(
                "publisher",
                _text,
                "Outlet that published the page, where it differs from the source or the container states it.",
            ),
            _column("byline", _text, "Author line as written."),
            _column("url", _text, "Address of the article."),
            _column("language", _text, "ISO 639-1 code of the article's language."),
            _column(
                "published_at",
                TIMESTAMP,
                "Instant of publication, where the page states a time.",
                sources=("raw_pages.text", "raw_pages.metadata"),
            ),
            _column(
                "published_date",
                pa.date32(),
                "Day of publication the page states; null when it states none.",
                sources=("raw_pages.text", "raw_pages.metadata"),
            ),
            _column(
                "date_precision",
                _text,
                "How precisely the page states its date.",
                required=True,
                values=DATE_PRECISIONS,
            ),
            _column(
                "date_status",
                _text,
                "stated, inferred (from a known crawl time, or from the day of an update alone), or unknown.",
                required=True,
                values=DATE_STATUSES,
            ),
            _column(
                "date_evidence",
                _text,
                "The words that state the date.",
                sources=("raw_pages.text", "raw_pages.metadata"),
            ),
            _column(
                "date_char_start",
                _int,
                "First code point of the evidence in raw_pages.text; null where metadata states it or a text tool's marks run through it.",
            ),
            _column("date_char_end", _int, "Code point after the last one of the evidence."),
            _column(
                "crawled_at",
                TIMESTAMP,
                "Instant of the crawl, never used as publication date.",
                sources=("raw_pages.text", "raw_pages.fetched_at"),
            ),
            _column(
                "tags", STRINGS, "Tags the page lists, in order.", sources=("raw_pages.text", "raw_pages.metadata")
            ),
            _column("unsupported_tags", STRINGS, "Tags that nothing else on the page mentions."),
            _column("related_headlines", STRINGS, "Headlines of other stories listed beside the article."),
            _column("inline_headlines", STRINGS, "Headlines of other stories inserted into the body."),
            _column("word_count", pa.int32(), "Words of the body.", required=True),
            _column("parser_version", _text, "Version of the parsing rules.", required=True),
        ),
        ("page_id", "article_index"),
        ("raw_pages",),
        "dump",
    ),
    Table(
        "rejected_pages",
        "articles",
        "Pages that yielded no article, each with its reason.",
        (
            _column("page_id", _text, "Page that was refused.", required=True),
            _column("dump", _text, "Dump of the page.", required=True),
            _column("file", _text, "Path within data/raw.", required=True),
            _column("member", _text, "Name inside an archive, else null."),
            _column("byte_start", _int, "First byte of the page.", required=True),
            _column("byte_end", _int, "Byte after the last one of the page.", required=True),
            _column(
                "reason",
                _text,
                "Short code of the reason, such as empty_file or no_article.",
                required=True,
                sources=("raw_pages.error", "raw_pages.text"),
            ),
            _column(
                "detail",
                _text,
                "What exactly was wrong, for a person.",
                sources=("raw_pages.error_detail", "raw_pages.text"),
            ),
        ),
        ("page_id",),
        ("raw_pages",),
        "dump",
    ),
    Table(
        "entity_mentions",
        "entities",
        "Every place where an article names a person, organisation, place or other named thing.",
        (
            _column("mention_id", _text, "Hash of article, field and span.", required=True),
            _column("article_id", _text, "Article that holds the mention.", required=True),
            _column("page_id", _text, "Page whose text of the article the offsets count in.", required=True),
            _column("article_index", pa.int32(), "Position of the article in its page.", required=True),
            _column("dump", _text, "Dump of the article.", required=True),
            _column("published_date", pa.date32(), "Publication day of the article, null when unknown."),
            _column(
                "field",
                _text,
                "Part of the article: title, body, or tags (joined by newlines).",
                required=True,
                values=("title", "body", "tags"),
            ),
            _column("char_start", _int, "First code point of the mention in the field.", required=True),
            _column("char_end", _int, "Code point after the last one of the mention.", required=True),
            _column(
                "text",
                _text,
                "Surface form as written.",
                required=True,
                sources=("parsed_articles.title", "parsed_articles.body", "parsed_articles.tags"),
            ),
            _column(
                "type",
                _text,
                "Kind of the named thing.",
                required=True,
                values=ENTITY_TYPES,
                sources=("parsed_articles.title", "parsed_articles.body", "parsed_articles.tags"),
            ),
            _column(
                "entity_id",
                _text,
                "Entity the mention is linked to.",
                required=True,
                sources=("parsed_articles.title", "parsed_articles.body", "parsed_articles.tags"),
            ),
            _column("canonical", _text, "Fullest form of the name within the article."),
            _column("confidence", _score, "Confidence of type and link, 0 to 1.", required=True),
            _column(
                "method",
                _text,
                "How the mention was found: tagger, lexicon, rule (Latin letters), propagated (short form of a full name), transformer.",
                required=True,
            ),
            _column(
                "entity_version",
                _text,
                "Version of lexicon, rules and model; with +transformer-<hash> where a model of one's own found the names.",
                required=True,
            ),
        ),
        ("page_id", "article_index", "mention_id"),
        ("parsed_articles",),
        "dump",
    ),
    Table(
        "quotes",
        "entities",
        "Who said what: quotations in article bodies with verb and speaker.",
        (
            _column("quote_id", _text, "Hash of article and span.", required=True),
            _column("article_id", _text, "Article that holds the quotation.", required=True),
            _column("page_id", _text, "Page whose text of the article the offsets count in.", required=True),
            _column("article_index", pa.int32(), "Position of the article in its page.", required=True),
            _column("dump", _text, "Dump of the article.", required=True),
            _column("published_date", pa.date32(), "Publication day of the article, null when unknown."),
            _column("char_start", _int, "First code point of the quotation in the body.", required=True),
            _column("char_end", _int, "Code point after the last one.", required=True),
            _column(
                "text",
                _text,
                "Quoted words as written, without the marks.",
                required=True,
                sources=("parsed_articles.body",),
            ),
            _column(
                "directness",
                _text,
                "direct (in marks) or indirect (a reported clause).",
                required=True,
                values=("direct", "indirect"),
            ),
            _column("verb", _text, "Verb of speech as written, without a joined و or ف."),
            _column("speaker_text", _text, "Subject of the verb as written.", sources=("parsed_articles.body",)),
            _column("speaker_char_start", _int, "First code point of the speaker in the body."),
            _column("speaker_char_end", _int, "Code point after the last one."),
            _column("speaker_entity_id", _text, "Entity of the speaker.", sources=("parsed_articles.body",)),
        ),
        ("page_id", "article_index", "quote_id"),
        ("parsed_articles",),
        "dump",
    ),
    Table(
        "articles",
        "days",
        "Distinct articles of a publication day: copies grouped, stories numbered, subjects assigned.",
        (
            _column("article_id", _text, "Id of the article, unique within the day.", required=True),
            _column(
                "text_id",
                _text,
                "Hash of the normalised body: same text, same id.",
                required=True,
                sources=("parsed_articles.body",),
            ),
            _column(
                "copy_of",
                _text,
                "article_id of the earliest article with this text, null for an original. It may be of an earlier day; the same article published again on a later day names itself.",
                sources=("parsed_articles.body", "parsed_articles.title", "parsed_articles.published_at"),
            ),
            _column(
                "copy_role",
                _text,
                "original; copy (other outlet), rewrite (other words), revision (same outlet, later).",
                required=True,
                values=COPY_ROLES,
            ),
            _column(
                "story_id",
                _text,
                "Story the article tells: hash of the story's founding article.",
                required=True,
                sources=("parsed_articles.title", "parsed_articles.body"),
            ),
            _column(
                "page_id", _text, "Page the row's text is taken from: joins entity_mentions and quotes.", required=True
            ),
            _column("article_index", pa.int32(), "Position of the article in that page.", required=True),
            _column(
                "page_count",
                _int,
                "Pages the article was found on.",
                required=True,
                sources=("parsed_articles.page_id",),
            ),
            _column("title", _text, "Headline as written."),
            _column("body", _text, "Paragraphs of the body joined by newlines.", required=True),
            _column("source_name", _text, "Outlet the page names as its source."),
            _column("publisher", _text, "Outlet that published the page."),
            _column("published_at", TIMESTAMP, "Instant of publication, where stated."),
            _column("published_date", pa.date32(), "Day of publication.", required=True),
            _column("crawled_at", TIMESTAMP, "Earliest crawl of the article."),
            _column("language", _text, "ISO 639-1 code."),
            _column("tags", STRINGS, "Tags of the article."),
            _column(
                "subjects",
                pa.list_(pa.struct([("topic_id", pa.string()), ("score", pa.float64()), ("evidence", STRINGS)])),
                "IPTC Media Topics of the article with score and the terms that speak for them.",
                sources=("parsed_articles.title", "parsed_articles.body", "parsed_articles.tags"),
            ),
            _column("word_count", pa.int32(), "Words of the body.", required=True),
            _column("story_version", _text, "Version of the rules for copies and stories."),
            _column("subject_version", _text, "Version of the subject lexicon and its rules."),
        ),
        ("article_id",),
        ("parsed_articles",),
        "published_date",
    ),
    Table(
        "article_entities",
        "days",
        "Entities per article of a day, counted.",
        (
            _column("article_id", _text, "Article of the day.", required=True),
            _column("published_date", pa.date32(), "Day of publication.", required=True),
            _column("entity_id", _text, "Entity the article mentions.", required=True),
            _column("type", _text, "Kind of the entity.", required=True, values=ENTITY_TYPES),
            _column(
                "label",
                _text,
                "Fullest surface form of the entity in the article.",
                required=True,
                sources=("entity_mentions.canonical",),
            ),
            _column(
                "mention_count",
                _int,
                "Mentions in title and body.",
                required=True,
                sources=("entity_mentions.mention_id",),
            ),
            _column(
                "in_title",
                pa.bool_(),
                "Whether the title mentions it.",
                required=True,
                sources=("entity_mentions.field",),
            ),
            _column(
                "first_char",
                _int,
                "First code point of the first mention in the body, null when only title or tags mention it.",
                sources=("entity_mentions.char_start",),
            ),
        ),
        ("article_id", "entity_id"),
        ("articles", "entity_mentions"),
        "published_date",
    ),
    Table(
        "daily_topics",
        "days",
        "The rollup: what a publication day covered, one row per topic, with its measures.",
        (
            _column("published_date", pa.date32(), "Day of publication.", required=True),
            _column(
                "topic_id",
                _text,
                "Topic: a subject, an entity, a tag or a story.",
                required=True,
                sources=("articles.subjects", "articles.tags", "articles.story_id", "article_entities.entity_id"),
            ),
            _column("topic_kind", _text, "Kind of the topic.", required=True, values=TOPIC_KINDS),
            _column(
                "article_count",
                _int,
                "Articles of the day on the topic, copies counted.",
                required=True,
                sources=("articles.article_id",),
            ),
            _column(
                "text_count",
                _int,
                "Distinct texts among them: copies of one text count once.",
                required=True,
                sources=("articles.text_id", "articles.copy_of"),
            ),
            _column("story_count", _int, "Distinct stories among them.", required=True, sources=("articles.story_id",)),
            _column(
                "source_count", _int, "Distinct outlets among them.", required=True, sources=("articles.source_name",)
            ),
            _column(
                "share",
                _score,
                "article_count as a share of all articles of the day, 0 to 1.",
                required=True,
                sources=("articles.article_id",),
            ),
            _column(
                "top_entities",
                pa.list_(
                    pa.struct([("entity_id", pa.string()), ("label", pa.string()), ("article_count", pa.int64())])
                ),
                "Up to five entities most articles of the topic mention.",
                sources=("article_entities.entity_id", "article_entities.label"),
            ),
            _column(
                "top_terms",
                pa.list_(pa.struct([("term", pa.string()), ("score", pa.float64())])),
                "Up to eight words that set the topic off from the preceding weeks.",
                sources=("articles.title", "articles.body"),
            ),
            _column(
                "headlines",
                pa.list_(
                    pa.struct([("article_id", pa.string()), ("title", pa.string()), ("source_name", pa.string())])
                ),
                "Up to three headlines of distinct stories.",
                sources=("articles.title", "articles.source_name"),
            ),
            _column("rollup_version", _text, "Version of the rollup's rules.", required=True),
        ),
        ("topic_id",),
        ("articles", "article_entities"),
        "published_date",
    ),
    Table(
        "topic_trends",
        "days",
        "Each topic of a day against its own last 28 days: expected, burst, state.",
        (
            _column("published_date", pa.date32(), "Day of publication.", required=True),
            _column(
                "topic_id",
                _text,
                "Topic of the day, or one of the preceding weeks that the day does not cover.",
                required=True,
            ),
            _column("topic_kind", _text, "Kind of the topic.", required=True, values=TOPIC_KINDS),
            _column("article_count", _int, "Articles of the day on the topic, copies counted.", required=True),
            _column(
                "text_count",
                _int,
                "Distinct texts of the day on the topic: what expectation and burst are about.",
                required=True,
            ),
            _column(
                "baseline_days",
                pa.int32(),
                "Days with coverage among the 28 before, on which the expectation rests.",
                required=True,
            ),
            _column(
                "expected_count",
                _score,
                "Distinct texts expected from the topic's own history and the day's volume.",
                sources=("daily_topics.text_count", "articles.text_id"),
            ),
            _column("expected_low", _score, "Lower end of the 95 % interval of the expectation."),
            _column("expected_high", _score, "Upper end of the 95 % interval."),
            _column(
                "burst_score",
                _score,
                "How far the day stands above expectation, in standard deviations on a variance-stabilised scale.",
                sources=("daily_topics.text_count",),
            ),
            _column(
                "trend",
                _text,
                "new, growing, steady, fading or quiet.",
                required=True,
                values=TRENDS,
                sources=("daily_topics.text_count",),
            ),
            _column(
                "first_seen", pa.date32(), "First day of the topic within the look-back of 28 days.", required=True
            ),
            _column("peak_date", pa.date32(), "Day with most texts within the look-back.", required=True),
            _column(
                "completeness",
                _score,
                "Share of the articles expected of the day that have arrived, at most 1; null without history.",
                sources=("articles.text_id", "articles.source_name"),
            ),
            _column(
                "is_provisional",
                pa.bool_(),
                "Whether the archive holds no later day yet, so that more may arrive.",
                required=True,
            ),
            _column("trend_version", _text, "Version of the trend model.", required=True),
        ),
        ("topic_id",),
        ("daily_topics", "articles"),
        "published_date",
    ),
    Table(
        "entities",
        "whole",
        "Everyone and everything named in the archive, with labels and outside ids.",
        (
            _column(
                "entity_id",
                _text,
                "Q… where Wikidata's id is known, from the tables or imported names; else local:<hash of type and key>.",
                required=True,
            ),
            _column("type", _text, "Kind of the entity.", required=True, values=ENTITY_TYPES),
            _column("label_ar", _text, "Arabic label.", sources=("entity_mentions.canonical",)),
            _column("label_en", _text, "English label."),
            _column(
                "aliases",
                STRINGS,
                "Surface forms met in the archive, most frequent first.",
                sources=("entity_mentions.text",),
            ),
            _column("wikidata_id", _text, "Wikidata id."),
            _column("geonames_id", _text, "GeoNames id of a place."),
            _column("iso_code", _text, "ISO 3166-1 alpha-2 code of a country or territory."),
            _column(
                "first_seen",
                pa.date32(),
                "First publication day with a mention.",
                sources=("article_entities.published_date",),
            ),
            _column(
                "last_seen",
                pa.date32(),
                "Last publication day with a mention.",
                sources=("article_entities.published_date",),
            ),
            _column(
                "article_count",
                _int,
                "Dated articles that mention it.",
                required=True,
                sources=("article_entities.article_id",),
            ),
        ),
        ("entity_id",),
        ("entity_mentions", "article_entities"),
        None,
    ),
    Table(
        "topics",
        "whole",
        "Every topic of the archive: subjects, entities, tags and stories, with labels.",
        (
            _column("topic_id", _text, "medtop:… , an entity_id, tag:<key>, or a story_id.", required=True),
            _column("topic_kind", _text, "Kind of the topic.", required=True, values=TOPIC_KINDS),
            _column(
                "label_ar",
                _text,
                "Arabic label; of a story its founding headline.",
                sources=("articles.title", "articles.tags", "entities.label_ar"),
            ),
            _column(
                "label_en", _text, "English label.", sources=("articles.title", "articles.tags", "entities.label_en")
            ),
            _column("parent_id", _text, "Broader topic, where there is one."),
        ),
        ("topic_id",),
        ("daily_topics", "articles", "entities"),
        None,
    ),
)

TABLES: dict[str, Table] = {table.name: table for table in _TABLES}


def empty(table: str) -> pa.Table:
    """A table of zero rows with the full schema of ``table``."""
    return TABLES[table].schema.empty_table()


def from_rows(table: str, rows: list[dict[str, object]]) -> pa.Table:
    """Turns row dicts into an Arrow table with the contract's schema; absent columns become null."""
    schema = TABLES[table].schema
    return pa.Table.from_pydict({field.name: [row.get(field.name) for row in rows] for field in schema}, schema=schema)


def column_sources(table: str) -> dict[str, tuple[tuple[str, str], ...]]:
    """Where each column of ``table`` comes from: column → ``(upstream table, column)`` pairs, for column lineage."""
    spec = TABLES[table]
    carried = {
        column.name: tuple((name, column.name) for name in spec.upstream if column.name in TABLES[name].schema.names)
        for column in spec.columns
    }
    named = {column.name: tuple(_split_source(source) for source in column.sources) for column in spec.columns}
    return {name: named[name] or carried[name] for name in carried}


def _split_source(source: str) -> tuple[str, str]:
    table, column = source.split(".")
    return table, column
