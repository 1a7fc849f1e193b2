"""What a container states about a page, under canonical keys.

The keys are title, published, modified, author, source, publisher, section, tags (list of strings), abstract and
language; all other values are strings as written. Only fields that mean publication become ``published``: never the
crawl, the modification or the creation of a database row.
"""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

TEXT_FIELDS = ("text", "body", "content", "article", "articleBody", "full_text", "maintext")
HTML_FIELDS = ("html", "raw_html", "page")
URL_FIELDS = ("url", "link", "canonical")
FETCHED_FIELDS = ("crawled_at", "crawl_date", "fetched_at", "date_download", "scraped_at", "download_date")

_FIELDS: dict[str, tuple[str, ...]] = {
    "title": ("title", "headline"),
    "published": (
        "published",
        "published_at",
        "publishedAt",
        "date",
        "datePublished",
        "date_published",
        "pub_date",
        "pubDate",
        "pubdate",
        "date_publish",
        "publish_date",
        "publishDate",
        "publication_date",
    ),
    "modified": ("modified", "modified_at", "dateModified", "date_modify", "date_modified", "updated_at"),
    "author": ("author", "authors", "byline", "creator"),
    "source": ("source", "source_name", "outlet", "site"),
    "publisher": ("publisher",),
    "section": ("section", "category", "articleSection"),
    "tags": ("tags", "keywords"),
    "abstract": ("abstract", "description", "summary"),
    "language": ("language", "lang", "inLanguage"),
}
_TAG_SEPARATOR = re.compile(r"\s*[,،;؛|\n]\s*")
_MARKUP = re.compile(
    r"</(?:p|div|span|a|h[1-6]|li|ul|strong|b|em|article|section|body|html|figure|table)\s*>|<br\s*/?>|<p[ >]",
    re.IGNORECASE,
)


def from_fields(fields: dict[str, object]) -> dict[str, object]:
    """Canonical metadata of a JSON object's known fields, the first stated one of each kind."""
    found: dict[str, object] = {}
    for key, names in _FIELDS.items():
        for name in names:
            value = tag_list(fields.get(name)) if key == "tags" else _stated(key, fields.get(name))
            if value:
                found[key] = value
                break
    return found


def page_text(fields: dict[str, object]) -> tuple[str, str] | None:
    """The text of a JSON object and its media type: the first field that holds any, else markup, else None."""
    for name in TEXT_FIELDS:
        if text := _long_text(fields.get(name)):
            return text, "text/html" if _MARKUP.search(text) else "text/plain"
    for name in HTML_FIELDS:
        if text := _long_text(fields.get(name)):
            return text, "text/html"
    return None


def url(fields: dict[str, object]) -> str | None:
    """The address a JSON object states."""
    return next((text for name in URL_FIELDS if (text := as_text(fields.get(name)))), None)


def fetched_at(fields: dict[str, object]) -> datetime | None:
    """The instant of the crawl a JSON object states, in UTC."""
    return next((at for name in FETCHED_FIELDS if (at := instant(fields.get(name)))), None)


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


def instant(value: object) -> datetime | None:
    """A stated instant in UTC: ISO 8601, RFC 2822 or seconds (milliseconds) since 1970; without a zone it is UTC."""
    try:
        if isinstance(value, dict):
            value = value.get("$date")
        if isinstance(value, bool) or value is None:
            return None
        if isinstance(value, int | float):
            return datetime.fromtimestamp(value / 1000 if value > 1e11 else value, UTC)
        if not isinstance(value, str) or len(value) > 100:
            return None
        text = value.strip()
        if not text:
            return None
        try:
            at = datetime.fromisoformat(text.removesuffix(" UTC").removesuffix(" GMT"))
        except ValueError:
            at = parsedate_to_datetime(text)
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError, OSError, TypeError, IndexError):
        return None


def valid(text: str) -> str:
    """The text as valid Unicode: surrogate pairs written one by one are joined, lone ones become U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _stated(key: str, value: object) -> str | None:
    if key in ("published", "modified"):
        if isinstance(value, dict):
            value = value.get("$date")
        if isinstance(value, int | float):
            at = instant(value) if value > 1e8 else None  # smaller numbers are no seconds since 1970
            return at.isoformat().replace("+00:00", "Z") if at else None
    return as_text(value)


def _long_text(value: object) -> str | None:
    """A text as written; a list of paragraphs is joined by newlines."""
    if isinstance(value, dict):
        value = value.get("rendered")
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        value = "\n".join(value)
    return valid(value) if isinstance(value, str) and value.strip() else None
