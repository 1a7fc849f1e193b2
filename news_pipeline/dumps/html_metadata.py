"""What the head and the structured data of an HTML page state about it.

Belongs here: JSON-LD, OpenGraph and other meta tags, microdata, the title. Does not belong here: what the visible page
shows (``html_markup``).
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from news_pipeline.dumps import metadata

_SPACES = re.compile(r"[ \t\n\r\f]+")
_ARTICLE_TYPES = ("Article", "BlogPosting", "Report")
_META_FIELDS: dict[str, tuple[str, ...]] = {
    "title": ("og:title", "twitter:title"),
    "published": (
        "article:published_time",
        "article:published",
        "og:article:published_time",
        "og:published_time",
        "datepublished",
        "rnews:datepublished",
        "parsely-pub-date",
        "cxenseparse:recs:publishtime",
        "sailthru.date",
        "publishdate",
        "publish-date",
        "publish_date",
        "pubdate",
        "publication_date",
        "publication-date",
        "dc.date.issued",
        "dcterms.issued",
    ),
    "modified": ("article:modified_time", "og:updated_time", "dcterms.modified", "datemodified"),
    "author": ("author", "article:author", "dc.creator", "parsely-author", "sailthru.author"),
    "publisher": ("og:site_name", "application-name", "dc.publisher"),
    "section": ("article:section", "parsely-section"),
    "abstract": ("og:description", "description"),
}
_TAG_METAS = ("article:tag", "keywords", "news_keywords", "parsely-tags")
_JSON_LD_NAMES = (
    "headline datePublished dateModified author creator publisher articleSection keywords inLanguage description"
)
_JSON_LD_FIELDS = frozenset(_JSON_LD_NAMES.split())
_LOOSE_COMMA = re.compile(r",(?=\s*[}\]])")
_AROUND_JSON = re.compile(r"\s*(?:<!--|-->|//\s*<!\[CDATA\[|<!\[CDATA\[|(?://\s*)?\]\]>|/\*.*?\*/|;)\s*|\s+", re.DOTALL)
_ADDRESS = re.compile(r"(?:https?:)?//|www\.|@", re.IGNORECASE)
_MOST_OBJECTS = 1000
"""Objects of structured data that are looked at; pages hold dozens."""

Fields = dict[str, object]


class Stated(NamedTuple):
    """What a page states.

    Attributes:
        metadata: canonical metadata (see ``dumps.metadata``).
        url: its canonical address.
        titles: every headline stated for it, that of ``<title>`` last, which may hold more than the headline.
    """

    metadata: Fields
    url: str | None
    titles: list[str]


def stated(root: etree._Element) -> Stated:
    """Reads what a page states: structured data before meta tags before microdata before the title tag.

    A date is one of publication, never one of change. Where structured data describe several articles, that one counts
    whose headline or address is the page's own; none on a list page.
    """
    metas = _meta_tags(root)
    found: Fields = {}
    for key, names in _META_FIELDS.items():
        for name in names:
            values = metas.get(name, [])
            if key == "author":  # some state the address of the author's page
                values = [", ".join(dict.fromkeys(value for value in values if not _ADDRESS.match(value)))]
            if values and values[0]:
                found[key] = values[0]
                break
    if "published" not in found and (date := _marked_date(root)):
        found["published"] = date
    for name in _TAG_METAS:
        values = metas.get(name, [])
        tags = (
            values if name == "article:tag" and len(values) > 1 else [t for v in values for t in metadata.tag_list(v)]
        )
        if tags:
            found["tags"] = list(dict.fromkeys(tags))
            break
    if language := root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or root.get("xml:lang"):
        found["language"] = language.strip()
    page_title = next(root.iter("title"), None)
    title = "" if page_title is None else _SPACES.sub(" ", "".join(page_title.itertext())).strip()
    titles = [value for name in _META_FIELDS["title"] for value in metas.get(name, ())]
    address = _address(root, metas)
    article = _json_ld_article(root, [*titles, title], address)
    fields = metadata.from_fields({key: value for key, value in article.items() if key in _JSON_LD_FIELDS})
    fields = {key: html.unescape(value) if isinstance(value, str) else value for key, value in fields.items()}
    headline = fields.get("title")
    if isinstance(headline, str):
        whole = next(
            (t for t in titles if t.startswith(headline.rstrip(" .…")) and headline.endswith(("…", "..."))), None
        )
        fields["title"] = whole or headline
        titles.insert(0, headline)
    if _ADDRESS.match(str(fields.get("author", ""))):
        del fields["author"]
    found |= fields
    if "title" not in found and title:
        found["title"] = title
    return Stated(found, address or metadata.as_text(article.get("url")), [t for t in (*titles, title) if t])


def _meta_tags(root: etree._Element) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in root.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = (element.get("content") or "").strip()
        if name and content:
            found.setdefault(name.strip().lower(), []).append(content)
    return found


def _marked_date(root: etree._Element) -> str | None:
    """The one date the page marks with ``itemprop``; where it marks several, they belong to several articles."""
    dates = {
        (element.get("datetime") or element.get("content") or element.get("title") or "").strip()
        for element in root.iterfind(".//*[@itemprop='datePublished']")
        if not _is_of_a_comment(element)
    }
    return dates.pop() or None if len(dates) == 1 else None


def _is_of_a_comment(element: etree._Element) -> bool:
    scope = next((e for e in element.iterancestors() if e.get("itemscope") is not None), None)
    return scope is not None and (scope.get("itemtype") or "").rstrip("/").endswith(("Comment", "UserComments"))


def _address(root: etree._Element, metas: dict[str, list[str]]) -> str | None:
    for element in root.iter("link"):
        if (element.get("rel") or "").lower() == "canonical" and (address := (element.get("href") or "").strip()):
            return address
    return next(iter(metas.get("og:url", ())), None)


def _json_ld_article(root: etree._Element, titles: list[str], address: str | None) -> Fields:
    """The page's own article in its JSON-LD; empty where there is none, or several of which none is the page's."""
    objects: list[Fields] = []
    for element in root.iter("script"):
        if (element.get("type") or "").partition(";")[0].strip().lower() == "application/ld+json":
            for value in _json_values(element.text or ""):
                objects.extend(node for node, _ in zip(_nodes(value), range(_MOST_OBJECTS), strict=False))
    articles = [node for node in objects if _is_article(node)]
    headlines = {metadata.as_text(article.get("headline")) for article in articles}
    if len(headlines) > 1:
        articles = [article for article in articles if _is_of_the_page(article, titles, address)]
        if len({metadata.as_text(article.get("headline")) for article in articles}) > 1:
            return {}
    if not articles:
        return {}
    named = {node["@id"]: node for node in objects if isinstance(node.get("@id"), str)}
    article = {key: value for found in reversed(articles) for key, value in found.items() if value}
    for key in ("author", "creator", "publisher"):
        if key in article:
            article[key] = _resolved(article[key], named)
    return article


def _is_of_the_page(article: Fields, titles: list[str], address: str | None) -> bool:
    headline = html.unescape(metadata.as_text(article.get("headline")) or "")
    if len(headline) >= 10 and any(headline in title for title in titles):
        return True
    page = article.get("mainEntityOfPage")
    places = (article.get("url"), article.get("@id"), page.get("@id") if isinstance(page, dict) else page)
    return address is not None and any(isinstance(place, str) and place.strip() == address for place in places)


def _resolved(value: object, named: dict[object, Fields]) -> object:
    """A reference to another object, or a list of them, as these objects; addresses in place of names are dropped."""
    if isinstance(value, list):
        return [_resolved(item, named) for item in value[:100] if not isinstance(item, list)]
    if isinstance(value, dict) and not metadata.as_text(value):
        reference = value.get("@id")
        return named.get(reference, value) if isinstance(reference, str) else value
    return None if isinstance(value, str) and _ADDRESS.match(value.strip()) else value


def _json_values(text: str) -> Iterator[object]:
    """The values of a JSON-LD script: one as a rule; comments and commas that JSON does not know are passed over."""
    decoder = json.JSONDecoder(strict=False)
    position = 0
    for _ in range(_MOST_OBJECTS):
        while around := _AROUND_JSON.match(text, position):
            position = around.end()
        if position >= len(text):
            return
        try:
            value, position = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            break
        yield value
    else:
        return
    try:
        yield decoder.raw_decode(_LOOSE_COMMA.sub("", text[position:]))[0]
    except (ValueError, RecursionError):
        return


def _nodes(value: object) -> Iterator[Fields]:
    """The objects a JSON-LD document is about: those at its top and in its graph, not those nested in them."""
    for item in value if isinstance(value, list) else [value]:
        for node in item if isinstance(item, list) else [item]:
            if not isinstance(node, dict):
                continue
            yield node
            for key in ("@graph", "mainEntity"):
                inner = node.get(key)
                for part in inner if isinstance(inner, list) else [inner]:
                    if isinstance(part, dict):
                        yield part


def _is_article(node: Fields) -> bool:
    kinds = node.get("@type")
    return any(
        isinstance(kind, str) and kind.endswith(_ARTICLE_TYPES)
        for kind in (kinds if isinstance(kinds, list) else [kinds])
    )
