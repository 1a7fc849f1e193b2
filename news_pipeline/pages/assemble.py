"""Articles from typed lines: title, body, source, byline, date, tags and other headlines of each article of a page."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import chain, islice
from typing import NamedTuple
from zoneinfo import ZoneInfo

from news_pipeline.arabic.keys import phrase_key, word_key
from news_pipeline.pages.bylines import clean_name, name_before_role, name_in_line, reads_as_person
from news_pipeline.pages.dates import (
    StatedDate,
    find_date,
    find_dates,
    find_relative,
    find_yearless,
    parse_metadata_date,
    parse_stamp,
)
from news_pipeline.pages.hints import COMPACT_STAMP, TICKER
from news_pipeline.pages.labels import (
    has_word_of,
    known_outlets,
    looks_like_outlet,
    match_label,
    quoted_outlet,
    without_trailing_label,
)
from news_pipeline.pages.language import SAMPLE, detect_language
from news_pipeline.pages.lines import Line
from news_pipeline.pages.outlets import name_outlet
from news_pipeline.pages.reading import TypedLine
from news_pipeline.pages.tags import split_tags, unsupported_tags

_TITLE_SEPARATOR = re.compile(r"\s+[|–—:-]\s+|\s*[|]\s*")
_SEGMENT = re.compile(r"\s+[|•·–—]\s+|\s*\|\s*|\s{2,}")
_BODY_DATELINE = re.compile(r"^[^.!؟:]{2,60}?[(\[]\s*([^()\[\]]{2,30}?)\s*[)\]]\s*[-–—:ـ]")
_LONGEST_NAME = 200
_NUMBERED_TAIL = re.compile(r"\s*[|(،,–-]\s*[^|(،,]*\d{2}[^|]*$")
_DATELINE_PIECES = re.compile(r"\s[-–—]\s|\s?[-–—:/]\s|[()]")
_SLASHED_DATELINE = re.compile(r"^[^.!؟:/]{2,30}/\s*([^/.]{2,30}?)\s*/\s")
_PERSIAN_REPORT = re.compile(r"به گزارش[^.،:]{0,40}?(خبرگزاری\s+\w+)")
_DATED = frozenset(("publish_date", "byline", "dateline", "attribution"))
_PARTS = re.compile(r"[|•·–—,،(-]\s*|\s{2,}")
_LANGUAGE_CODE = re.compile(r"[A-Za-z]{2,3}(?![A-Za-z])")
_NAME_END = " \t\r\n.:،,;-–—/|•\ufeff\u200e\u200f*[]"
_SHORTEST_HEADLINE = 3
_LONGEST_TAG = 4
_JOINS_TAGS = re.compile(r"[,،;؛|#•·/\t]")
_LAST_WORD = re.compile(r"(?:\s|(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ]))((?:(?![a-zà-ÿ][A-ZÀ-Þ])[^\W\d_])+):?$")
"""The last word, a text tool's missing space before it allowed for."""
_PARTS_DATE = "-–—|•·:,،(/"
_GRACE = timedelta(days=1)


class Metadata(NamedTuple):
    """What the container or the markup states about a page; empty strings where it states nothing."""

    title: str
    published: str
    author: str
    source: str
    publisher: str
    language: str
    tags: list[str]
    markup: Mapping[str, object]


def read_metadata(value: str | None) -> Metadata:
    """Reads the JSON object of ``raw_pages.metadata``; anything malformed counts as unstated."""
    if not value:
        return Metadata("", "", "", "", "", "", [], {})
    try:
        stated = json.loads(value)
    except (ValueError, RecursionError):
        stated = {}
    if not isinstance(stated, Mapping):
        stated = {}

    def text(name: str) -> str:
        found = stated.get(name)
        if isinstance(found, list):
            found = "، ".join(item for item in found if isinstance(item, str)) if name == "author" else None
        return _whole(found).strip() if isinstance(found, str) else ""

    tags = stated.get("tags")
    if isinstance(tags, str):
        tags = split_tags(tags, "") if re.search("[،,;|#]", tags) else [tags]
    listed = (
        [_whole(tag).strip() for tag in tags if isinstance(tag, str) and tag.strip()] if isinstance(tags, list) else []
    )
    return Metadata(
        title=text("title"),
        published=text("published"),
        author=text("author"),
        source=text("source"),
        publisher=text("publisher"),
        language=text("language"),
        tags=list(dict.fromkeys(listed)),
        markup=markup if isinstance(markup := stated.get("markup"), Mapping) else {},
    )


def _whole(written: str) -> str:
    """A text whose letters are whole: halves are put together, or replaced where the other half is missing."""
    return written.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def assemble(
    text: str, typed: list[TypedLine], metadata: Metadata, fetched_at: datetime | None, time_zone: str
) -> list[dict[str, object]]:
    """Builds the rows of a page's articles, without the columns that say which page it is.

    Args:
        text: the page.
        typed: its lines, typed.
        metadata: what container or markup state.
        fetched_at: instant of the crawl, where the container states it.
        time_zone: zone whose calendar day an instant with a zone falls on.

    Returns:
        Rows of ``parsed_articles``, the main article first; empty where the lines hold no article.
    """
    crawled_at = _crawl_instant(typed) or fetched_at
    related = [t for t in typed if t.kind == "related_headline"]
    main = _article(text, typed, 0, metadata, crawled_at, ZoneInfo(time_zone), related)
    if main is None:
        return []
    rows = [main]
    nothing = read_metadata(None)
    embedded = sorted({t.article for t in typed if t.kind == "embedded_title" and t.article is not None})
    for index in embedded:
        row = _article(text, typed, index, nothing, crawled_at, ZoneInfo(time_zone), [])
        if row is not None:
            rows.append(row | {"parent_article_id": main["article_id"]})
    return [row | {"article_index": index} for index, row in enumerate(rows)]


def _article(
    text: str,
    typed: list[TypedLine],
    index: int,
    metadata: Metadata,
    crawled_at: datetime | None,
    zone: ZoneInfo,
    related: list[TypedLine],
) -> dict[str, object] | None:
    own: dict[str, list[TypedLine]] = {}
    for t in typed:
        if t.article == index:
            own.setdefault(t.kind, []).append(t)
    is_main = index == 0
    paragraphs_typed = own.get("body" if is_main else "embedded_body", [])
    body_lines = [t.line for t in paragraphs_typed]
    paragraphs = [
        _shown_lead(t.line) + (_announced(t) if t.role == "text_field" else t.line.text) for t in paragraphs_typed
    ]
    body = "\n".join(paragraphs)
    if not body:
        return None
    named = own.get("attribution", [])
    labelled = [t for t in named if ":" in t.line.text or "：" in t.line.text or t.value_start == 0]
    header = next((quoted_outlet(t.line.text) or _clean_name(t.line.text) for t in own.get("source_line", ())), None)
    names = [_clean_name(_announced(t)) for t in (labelled if labelled or header else named)]
    names = [name for name in names if not has_word_of("photo", phrase_key(name).split())]
    if not names:
        names = _credited(own.get("byline", []))
    titles = own.get("title" if is_main else "embedded_title", ())
    visible = next((_announced(t) if t.role == "title_field" else t.line.text for t in titles), "")
    source, publisher = _source([name for name in names if name], header, metadata)
    if source is None and is_main and not names:
        source = name_outlet(typed, visible or metadata.title)
    if source is None:
        dateline = next((quoted_outlet(t.line.text) or _agency(t.line.text) for t in own.get("dateline", ())), None)
        source = dateline or _body_agency(paragraphs[0])
    title = _title(visible, metadata.title, [name for name in (source, publisher, header) if name])
    title_key = titles[0].line.key if titles and title == titles[0].line.text else word_key(title)
    body_key = " ".join([line.key for line in body_lines])
    tags = _tags(own.get("tags", []), metadata, [title_key, body_key, *(t.line.key for t in related)])
    dated = [t for t in typed if t.article == index and t.kind in _DATED]
    updates = (
        [t for t in typed if t.role == "updated" and t.line.start < paragraphs_typed[0].line.start] if is_main else []
    )
    stated, status, evidence, start = _published(text, dated, updates, metadata, crawled_at)
    content = "\x1f".join((phrase_key(source or ""), title_key, body_key))
    return {
        "article_id": hashlib.blake2b(content.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest(),
        "role": "main" if is_main else "embedded",
        "title": title or None,
        "body": body,
        "source_name": source,
        "publisher": publisher,
        "byline": _byline(own, metadata),
        "language": _language(
            list(islice(chain(title_key.split(), *(line.word_keys for line in body_lines)), SAMPLE)), metadata.language
        ),
        "published_at": stated.instant if stated else None,
        "published_date": stated.day_in(zone) if stated else None,
        "date_precision": stated.precision if stated else "none",
        "date_status": status,
        "date_evidence": evidence,
        "date_char_start": start,
        "date_char_end": start + len(evidence) if start is not None and evidence is not None else None,
        "crawled_at": crawled_at,
        "tags": tags,
        "unsupported_tags": unsupported_tags(
            tags, " ".join([title_key, *(t.line.key for t in typed if t.kind != "tags")]) if tags else ""
        ),
        "related_headlines": [headline for t in related for headline in _headlines(t)],
        "inline_headlines": [headline for t in own.get("inline_headline", ()) for headline in _headlines(t)],
        "word_count": sum(line.words for line in body_lines),
    }


def _credited(bylines: Sequence[TypedLine]) -> list[str]:
    """Outlets and agencies that stand where an author's name would."""
    written = [clean_name(_SEGMENT.split(_announced(t))[0]) for t in bylines if t.role == "byline"]
    return [name for name in written if name and phrase_key(name) in known_outlets()]


def _announced(typed: TypedLine) -> str:
    """What a line says beside its label, without brackets around the whole of it."""
    value = typed.line.text[typed.value_start :].strip()
    if value[-1:] in ")]" and typed.line.text[:1] in "([" and value.count("(") < value.count(")") + value.count("]"):
        value = value[:-1].strip()
    return value


def _shown_lead(line: Line) -> str:
    """The bullet or number of a line as shown: signs of Markdown alone are none."""
    return "" if line.lead.strip() in ("*", "+", ">") else line.lead


def _headlines(typed: TypedLine) -> list[str]:
    """The headlines of a line: several where it strings them together in cells, links or a ticker."""
    value = _without_date(without_trailing_label(_announced(typed), typed.line.key))
    if not (typed.line.form == "table" or typed.line.link or typed.role == "ticker"):
        return [value]
    pieces = [piece.strip() for piece in TICKER.split(value)]
    return [piece for piece in pieces if len(piece.split()) >= _SHORTEST_HEADLINE] or [value]


def _without_date(headline: str) -> str:
    """A headline of a list without the date behind it, where a label or a mark parts the two."""
    dates = find_dates(headline)
    if not dates or dates[-1].end < len(headline) or dates[-1].precision == "month":
        return headline
    front = headline[: dates[-1].start].rstrip()
    label = _LAST_WORD.search(front)
    announced = match_label(label[1]) if label else None
    if label and announced and announced.kind in ("published", "updated"):
        front = front[: label.start()].rstrip()
    elif front[-1:] not in _PARTS_DATE:
        return headline
    front = front.rstrip(_PARTS_DATE + " ")
    return front if len(front.split()) >= _SHORTEST_HEADLINE else headline


def _crawl_instant(typed: list[TypedLine]) -> datetime | None:
    for t in typed:
        if t.kind == "crawl_stamp":
            stamp = parse_stamp(t.line.text) or parse_stamp(_announced(t))
            if stamp:
                return stamp[0]
            if (compact := COMPACT_STAMP.search(t.line.text)) and (instant := _compact_instant(compact.group())):
                return instant
            stated = find_date(_announced(t)) or find_date(t.line.text)
            if stated and stated.instant:
                return stated.instant
    return None


@lru_cache(maxsize=4096)  # a dump has few sources
def _compact_instant(written: str) -> datetime | None:
    """The instant of a web archive's stamp; ``None`` for digits that are none, such as a 50th day."""
    digits = "".join(filter(str.isdigit, written))
    try:
        return datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def _clean_name(name: str) -> str:
    label = match_label(name)
    if label and label.kind == "attribution" and label.marked and name[label.value_start :].strip(_NAME_END):
        name = name[label.value_start :]
    name = _NUMBERED_TAIL.sub("", name[:_LONGEST_NAME])
    name = name.strip(_NAME_END)
    return name[1:-1] if len(name) > 2 and name[0] in '"«“' and name[-1] in '"»”' else name


def _agency(dateline: str) -> str | None:
    """The outlet a dateline such as ``القاهرة - رويترز`` names: the part that looks like one."""
    parts = [part.strip(_NAME_END + "()") for part in re.split(r"\s[-–—|/]\s|[()]", dateline)]
    return next((part for part in reversed(parts) if part and looks_like_outlet(phrase_key(part).split())), None)


def _body_agency(paragraph: str) -> str | None:
    """The agency in a dateline that opens a paragraph, such as ``باريس (أ ف ب) -``."""
    head = paragraph[:120]
    if report := _PERSIAN_REPORT.search(head):
        return report[1]
    match = _BODY_DATELINE.match(head) or _SLASHED_DATELINE.match(head)
    if match and len(match[1].split()) <= 4:
        return match[1].strip()
    pieces = _DATELINE_PIECES.split(head[:80])[:-1]
    return next((piece.strip() for piece in pieces[:3] if phrase_key(piece) in known_outlets()), None)


def _source(names: list[str], header: str | None, metadata: Metadata) -> tuple[str | None, str | None]:
    """Source and publisher: the fullest of the names that go together; what differs from it published the page."""
    publisher = metadata.publisher or None
    if metadata.source:
        return metadata.source, publisher
    if header:
        agreeing = [name for name in names if _same_outlet(name, header)]
        if agreeing:
            return max([*agreeing, header], key=lambda name: len(phrase_key(name))), publisher
        if names:
            return max(names, key=lambda name: len(phrase_key(name))), publisher or header
        return header, publisher
    if names:
        fullest = max(names, key=lambda name: len(phrase_key(name)))
        return (fullest if _same_outlet(names[-1], fullest) else names[-1]), publisher
    return publisher, publisher


def _same_outlet(one: str, other: str) -> bool:
    words, others = phrase_key(one).split(), phrase_key(other).split()
    return bool(words and others) and (set(words) <= set(others) or set(others) <= set(words))


def _title(visible: str, stated: str, outlets: list[str]) -> str:
    """The headline: as shown on the page, else as the container states it, without the outlet's name behind it."""
    title = visible or stated
    parts = list(_TITLE_SEPARATOR.finditer(title))
    if not parts:
        return title
    front, suffix = title[: parts[-1].start()].strip(), title[parts[-1].end() :].strip()
    suffix_key = phrase_key(suffix)
    names_outlet = any(_same_outlet(suffix, outlet) for outlet in outlets) and len(suffix_key.split()) <= 6
    bar = "|" in parts[-1].group()
    if front and suffix_key and (names_outlet or (looks_like_outlet(suffix_key.split()) and bar)):
        return front
    return title


def _byline(own: Mapping[str, list[TypedLine]], metadata: Metadata) -> str | None:
    """The author's name: behind a label, else in a line that holds nothing else, beside the date, or in a dateline."""
    for t in sorted(own.get("byline", ()), key=lambda t: t.role != "byline"):
        written = _SEGMENT.split(_announced(t))[0]
        dates = find_dates(written)
        if dates:
            written = written[: dates[0].start]
        written = name_before_role(written) or clean_name(_after_comma(written))
        if any(map(str.isalpha, written)) and not looks_like_outlet(phrase_key(written).split()):
            return written if t.role == "byline" else name_before_role(t.line.text) or name_in_line(t.line.text, True)
    for t in own.get("publish_date", ()):
        segments = _SEGMENT.split(t.line.text)
        for segment in segments if len(segments) > 1 else ():
            label = match_label(segment)
            if label and label.kind == "byline" and (name := clean_name(segment[label.value_start :])):
                return name
            if reads_as_person(clean_name(segment)):
                return clean_name(segment)
    for t in own.get("dateline", ()):
        if author := name_in_line(t.line.text, True):
            return author
    return metadata.author or None


def _after_comma(names: str) -> str:
    """Names without the outlet or the role that a comma or bracket puts behind them."""
    first, _, rest = names.partition("(")
    head, comma, tail = first.partition(",")
    if comma and not reads_as_person(clean_name(tail)):
        return head
    return first or rest


def _language(words: Sequence[str], stated: str) -> str | None:
    code = _LANGUAGE_CODE.match(stated)
    return detect_language(words) or (code.group().lower() if code else None)


def _tags(typed: list[TypedLine], metadata: Metadata, keys: list[str]) -> list[str]:
    """The tags of the lines that list them, by the keys of title, body and other headlines; else those of metadata."""
    lines = [_announced(t) if t.role == "tags" else _listed_tag(t) for t in typed]
    listed = [line for line in lines if line]
    if not listed:
        return metadata.tags
    return split_tags("\n".join(listed), " ".join(keys), keys[0])


def _listed_tag(typed: TypedLine) -> str:
    """A line of tags; marked as one tag where a bullet or a link says that it is one."""
    alone = (typed.line.bullet or typed.line.link) and typed.line.words <= _LONGEST_TAG
    return f"#{typed.line.text}" if alone and not _JOINS_TAGS.search(typed.line.text) else typed.line.text


def _place(text: str, line: Line, evidence: str) -> int | None:
    """Where the evidence of a line stands in the page; ``None`` where marks of a text tool run through it."""
    place = text.find(evidence, line.written_start, line.written_end)
    return place if place >= 0 else None


def _published(
    text: str, dated: list[TypedLine], updates: list[TypedLine], metadata: Metadata, crawled_at: datetime | None
) -> tuple[StatedDate | None, str, str | None, int | None]:
    """The publication date with status, evidence and its offset in the page.

    Metadata is believed first, then a labelled date, then a line of the head that is nothing but a date, then a date
    behind the byline or in the dateline. Of a page that says only when it was updated, that day is inferred, then one
    relative to the crawl. No date later than the crawl is believed.
    """
    latest: date | None = (crawled_at + _GRACE).date() if crawled_at else None
    if metadata.published:
        stated = parse_metadata_date(metadata.published)
        if stated and (latest is None or stated.day <= latest):
            return stated, "stated", metadata.published, None
    ranked = sorted(dated, key=lambda t: (t.role != "published", t.kind != "publish_date", t.kind == "attribution"))
    for t in ranked:
        words = t.line.text[: _update_start(t.line.text)]
        found = find_dates(words[t.value_start :] if t.role == "published" else words, latest)
        for stated in sorted(found, key=lambda d: (d.precision == "month", d.calendar != "gregorian")):
            offset = t.value_start if t.role == "published" else 0
            evidence = t.line.text[offset + stated.start : offset + stated.end]
            return stated, "stated", evidence, _place(text, t.line, evidence)
    for t in updates:
        for stated in find_dates(t.line.text, latest)[:1]:
            evidence = t.line.text[stated.start : stated.end]
            return stated, "inferred", evidence, _place(text, t.line, evidence)
    if crawled_at:
        for t in ranked:
            now = crawled_at.astimezone(UTC)
            relative = find_relative(t.line.text, now)
            if relative is None and not find_dates(t.line.text):
                relative = find_yearless(t.line.text, now)
            if relative:
                evidence = t.line.text[relative.start : relative.end]
                return relative, "inferred", evidence, _place(text, t.line, evidence)
    return None, "unknown", None, None


def _update_start(line: str) -> int:
    """Where a line goes on to say when the page was updated; the line's end where it does not."""
    for match in _PARTS.finditer(line):
        rest = line[match.end() :]
        label = match_label(rest) if not rest[:1].isdigit() else None
        if label and label.kind == "updated":
            return match.start()
    return len(line)
