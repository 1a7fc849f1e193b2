"""What a container states about a page, under canonical keys: which field of a row means what, and values as text.

The keys are title, published, modified, author, source, publisher, section, tags (list of strings), abstract and
language; all other values are strings as written. Only fields that mean publication become ``published``: never the
crawl, the modification or the creation of a database row.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, tzinfo
from email.utils import parsedate_to_datetime
from functools import lru_cache

Names = Mapping[str, tuple[str, ...]]
"""What a field can mean → the field names that mean it, as ``field_key`` writes them, the first stated one wins."""

# Dumps exported by newsrooms name their columns in their own language.
_USUAL: dict[str, tuple[str, ...]] = {
    "title": ("title", "headline", "العنوان", "عنوان", "عنوان الخبر", "عنوان المقال", "تیتر", "titre"),
    "text": (
        *("text", "body", "content", "article", "articleBody", "full_text", "maintext", "article_text", "plain_text"),
        *("body_text", "raw_content", "news_text", "story", "النص", "نص الخبر", "نص المقال", "نص", "المحتوى", "محتوى"),
        *("متن", "متن خبر", "texte", "contenu"),
    ),
    "html": ("html", "raw_html", "html_content", "content_html", "body_html", "page"),
    "url": (
        *("url", "link", "canonical", "permalink", "canonical_url", "article_url", "page_url", "requested_url"),
        *("warc-target-uri", "الرابط", "رابط", "رابط الخبر", "لینک", "lien"),
    ),
    "fetched": (
        *("crawled_at", "crawl_date", "crawl_time", "crawl_timestamp", "fetched_at", "fetch_date", "fetch_time"),
        *("date_download", "download_date", "downloaded_at", "scraped_at", "scraped_date", "scrape_date"),
        *("retrieved_at", "date_retrieved", "collected_at", "accessed_at", "archived_at", "seendate", "warc_date"),
    ),
    "published": (
        *("published", "published_at", "date", "date_published", "pub_date", "date_publish", "publish_date"),
        *("published_on", "published_date", "publication_date", "publish_time", "published_time", "first_published"),
        *("first_published_at", "post_date", "article_date", "news_date", "تاريخ النشر", "التاريخ", "تاريخ"),
        *("تاریخ انتشار", "تاریخ", "date de publication"),
    ),
    "modified": (
        *("modified", "modified_at", "date_modified", "date_modify", "updated_at", "updated", "last_modified"),
        *("last_updated", "تاريخ التحديث", "آخر تحديث"),
    ),
    "author": ("author", "authors", "byline", "creator", "الكاتب", "كاتب", "المؤلف", "نویسنده", "auteur"),
    "source": ("source", "source_name", "outlet", "site", "المصدر", "مصدر", "منبع"),
    "publisher": ("publisher", "site_name", "source_domain", "domain", "الناشر", "ناشر"),
    "section": ("section", "category", "article_section", "categories", "القسم", "التصنيف", "rubrique"),
    "tags": ("tags", "keywords", "الوسوم", "وسوم", "كلمات مفتاحية", "الكلمات المفتاحية", "برچسب", "mots-clés"),
    "abstract": ("abstract", "description", "summary", "excerpt", "الملخص", "خلاصه", "résumé"),
    "language": ("language", "lang", "in_language", "اللغة"),
}
_CANONICAL = (
    "title",
    "published",
    "modified",
    "author",
    "source",
    "publisher",
    "section",
    "tags",
    "abstract",
    "language",
)
_TAG_SEPARATOR = re.compile(r"\s*[,،;؛|\n]\s*")
_MARKUP = re.compile(
    r"</(?:p|div|span|a|h[1-6]|li|ul|strong|b|em|article|section|body|html|figure|table)\s*>|<br\s*/?>|<p[ >]",
    re.IGNORECASE,
)
_COMPACT = re.compile(
    r"((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?:T?([01]\d|2[0-3])([0-5]\d)([0-5]\d)(Z?))?"
)
_UNIX = re.compile(r"\d{10}(?:\.\d+)?|\d{13}")


def valid(text: str) -> str:
    """The text as valid Unicode: surrogate pairs written one by one are joined, lone ones become U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


@lru_cache(maxsize=4096)
def field_key(name: str) -> str:
    """A field name as it is compared: ``publishedAt``, ``published_at`` and ``Published At`` are one name."""
    bare = unicodedata.normalize("NFKD", valid(name)).casefold()
    return "".join(char for char in bare if char.isalnum())


USUAL_NAMES: Names = {meaning: tuple(dict.fromkeys(map(field_key, names))) for meaning, names in _USUAL.items()}
"""The field names that are found by themselves."""


def keyed(fields: Mapping[str, object]) -> dict[str, object]:
    """The fields by ``field_key``, in order; of two that are one name the first counts."""
    found: dict[str, object] = {}
    for name, value in fields.items():
        found.setdefault(field_key(name), value)
    return found


def from_fields(fields: Mapping[str, object]) -> dict[str, object]:
    """Canonical metadata of an object's known fields, the first stated one of each kind."""
    return stated(keyed(fields), USUAL_NAMES)


def stated(fields: Mapping[str, object], names: Names) -> dict[str, object]:
    """Canonical metadata of fields by ``field_key``, the first stated one of each kind."""
    found: dict[str, object] = {}
    for key in _CANONICAL:
        for name in names[key]:
            if (given := fields.get(name)) is None:
                continue
            if value := tag_list(given) if key == "tags" else _stated(key, given):
                found[key] = value
                break
    return found


def page_text(fields: Mapping[str, object], names: Names = USUAL_NAMES) -> tuple[str, str] | None:
    """The text of fields by ``field_key`` and its media type: the first that holds any, else markup, else None."""
    for name in names["text"]:
        if text := _long_text(fields.get(name)):
            return text, "text/html" if "<" in text and _MARKUP.search(text) else "text/plain"
    for name in names["html"]:
        if (text := _long_text(fields.get(name))) and "<" in text:
            return text, "text/html"
    return None


def first_text(fields: Mapping[str, object], names: Iterable[str]) -> str | None:
    """The first of the named fields that states anything."""
    return next((text for name in names if (text := as_text(fields.get(name)))), None)


def first_instant(fields: Mapping[str, object], names: Iterable[str], zone: tzinfo = UTC) -> datetime | None:
    """The first of the named fields that states an instant, in UTC."""
    return next((at for name in names if (at := instant(fields.get(name), zone))), None)


def as_text(value: object) -> str | None:
    """A stated value as one string: names out of objects, lists joined by commas; None where nothing is stated."""
    if isinstance(value, str):
        return valid(value).strip() or None
    if isinstance(value, dict):
        return next(
            (
                text
                for key in ("name", "rendered", "$date", "@value", "title")
                if isinstance(value.get(key), str) and (text := as_text(value[key]))
            ),
            None,
        )
    if isinstance(value, list):
        return (
            ", ".join(
                dict.fromkeys(text for item in value[:100] if not isinstance(item, list) and (text := as_text(item)))
            )
            or None
        )
    return None


def tag_list(value: object) -> list[str]:
    """Tags out of a list or of one string with separators, in order, each once."""
    if isinstance(value, str):
        parts = _TAG_SEPARATOR.split(value)
    elif isinstance(value, list):
        parts = [as_text(item) or "" for item in value if not isinstance(item, list)]
    else:
        return []
    return list(dict.fromkeys(text for part in parts if (text := html.unescape(valid(part)).strip())))


def instant(value: object, zone: tzinfo = UTC) -> datetime | None:
    """A stated instant in UTC: ISO 8601, RFC 2822 or seconds (milliseconds) since 1970; without a zone it is in ``zone``."""
    try:
        if isinstance(value, dict):
            value = value.get("$date")
        if isinstance(value, bool) or value is None:
            return None
        if isinstance(value, str) and _UNIX.fullmatch(value.strip()):
            value = float(value)
        if isinstance(value, int | float):
            return datetime.fromtimestamp(value / 1000 if value > 1e11 else value, UTC)
        if not isinstance(value, str) or len(value) > 100:
            return None
        text = _spelled_out(value.strip())
        if not text:
            return None
        try:
            at = datetime.fromisoformat(text.removesuffix(" UTC").removesuffix(" GMT"))
        except ValueError:
            at = parsedate_to_datetime(text)
        if at.tzinfo is None:
            at = at.replace(tzinfo=UTC if text.endswith((" UTC", " GMT")) else zone)
        return at.astimezone(UTC)
    except (ValueError, OverflowError, OSError, TypeError, IndexError):
        return None


def _stated(key: str, value: object) -> str | None:
    if key in ("published", "modified"):
        if isinstance(value, dict):
            value = value.get("$date")
        if isinstance(value, str) and _UNIX.fullmatch(value.strip()):
            value = float(value)
        if isinstance(value, int) and _COMPACT.fullmatch(str(value)):
            value = str(value)
        if isinstance(value, int | float):
            at = instant(value) if value > 1e8 else None  # smaller numbers are no seconds since 1970
            return at.isoformat().replace("+00:00", "Z") if at else None
        text = as_text(value)
        return text and _spelled_out(text)
    return as_text(value)


def _spelled_out(text: str) -> str:
    """A date in digits alone, such as 20240305 or 20240305T101500Z, as ISO 8601 spells it; any other as it is."""
    found = _COMPACT.fullmatch(text)
    if found is None:
        return text
    year, month, day, hour, minute, second, zone = found.groups()
    return f"{year}-{month}-{day}" + (f"T{hour}:{minute}:{second}{zone}" if hour else "")


def _long_text(value: object) -> str | None:
    """A text as written; a list of paragraphs is joined by newlines."""
    if isinstance(value, dict):
        value = value.get("rendered")
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        value = "\n".join(value)
    return valid(value) if isinstance(value, str) and not value.isspace() and value else None
