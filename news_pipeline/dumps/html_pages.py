"""HTML as its reader sees it: the visible text, one line per block, and what the markup states about the page."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from news_pipeline.dumps import metadata

_SKIPPED_TAGS = "applet audio canvas datalist dialog embed iframe link math meta noscript object script select style svg template title video"
_SKIPPED = frozenset(_SKIPPED_TAGS.split())
_BLOCK_TAGS = (
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure footer "
    "form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre search section summary table tbody td "
    "tfoot th thead tr ul"
)
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_BUTTONS = frozenset(("a", "button"))
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\n\r\f]+")
_END_OF_BODY = re.compile(rb"</(?:body|html)\s*>", re.IGNORECASE)
_BREAK, _BLOCK = "\x01", "\x00"
_BREAKS = re.compile(r" ?\x01(?: ?\x01)+")
_CONTROLS = bytes(byte for byte in (*range(0x20), 0x7F) if byte not in b"\t\n\r\f")

_ARTICLE_TYPES = ("Article", "BlogPosting", "Report")
_META_FIELDS: dict[str, tuple[str, ...]] = {
    "title": ("og:title", "twitter:title"),
    "published": (
        "article:published_time",
        "article:published",
        "og:article:published_time",
        "parsely-pub-date",
        "sailthru.date",
        "publishdate",
        "publish-date",
        "publish_date",
        "pubdate",
        "publication_date",
        "dc.date.issued",
        "dcterms.issued",
    ),
    "modified": ("article:modified_time", "og:updated_time", "dcterms.modified"),
    "author": ("author", "article:author", "dc.creator", "parsely-author"),
    "publisher": ("og:site_name", "application-name", "dc.publisher"),
    "section": ("article:section", "parsely-section"),
    "abstract": ("og:description", "description"),
}


class HtmlPage(NamedTuple):
    """What is read off an HTML page."""

    text: str
    metadata: dict[str, object]
    url: str | None


def read(markup: str) -> HtmlPage:
    """Reads the visible text, canonical metadata (see ``dumps.metadata``) and canonical address of an HTML page.

    Malformed markup is read as far as a browser would; markup nested too deep for a tree gives its text without tags.
    """
    root = _tree(markup)
    if root is None:
        return HtmlPage(_without_tags(markup), {}, None)
    stated, url = _stated(root)
    return HtmlPage(visible_text(root), stated, url)


def visible_text(root: etree._Element) -> str:
    """The visible text in reading order.

    Every block element (paragraph, heading, list item, table cell …) is a line of its own with a blank line between
    any two; ``<br>`` is a line feed, several of them a blank line; white space is collapsed as browsers do. Left out
    are scripts, styles, templates, forms' choices, embedded media, and what is marked hidden. Navigation and footers
    are visible, so they are kept.
    """
    pieces: list[str] = []
    add = pieces.append
    pre_depth = 0
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        if event == "start":
            tag = element.tag
            if tag in _SKIPPED or _is_hidden(element):
                walk.skip_subtree()
                pre_depth += tag == "pre"
                continue
            if tag == "br":
                add(_BREAK)
            elif tag in _BLOCKS:
                add(_BLOCK)
                pre_depth += tag == "pre"
            if text := element.text:
                add(text.replace("\n", _BREAK) if pre_depth else text)
            continue
        if event == "end" and element.tag in _BLOCKS:
            add(_BLOCK)
            pre_depth -= element.tag == "pre"
        elif event == "end" and element.tag in _BUTTONS and not element.tail and _tag(element.getnext()) in _BUTTONS:
            add(" ")  # menus set their links apart by style sheets alone
        if tail := element.tail:
            add(tail.replace("\n", _BREAK) if pre_depth else tail)
    return _laid_out("".join(pieces))


def _laid_out(text: str) -> str:
    text = _BREAKS.sub(_BLOCK, _SPACES.sub(" ", text))
    blocks = (
        "\n".join(line for part in block.split(_BREAK) if (line := part.strip(" "))) for block in text.split(_BLOCK)
    )
    return "\n\n".join(block for block in blocks if block)


def _tree(markup: str) -> etree._Element | None:
    # Without its end tags the body goes on to the end of the page, as in browsers; the parser would drop what follows.
    data = _END_OF_BODY.sub(b"", _without_controls(markup))
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_blank_text=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.LxmlError:
        return None
    if root is None or any("depth" in str(entry.message).lower() for entry in parser.error_log):
        return None
    return root


def _without_controls(markup: str) -> bytes:
    return markup.encode("utf-8", "replace").translate(None, _CONTROLS)


def _without_tags(markup: str) -> str:
    text = _without_controls(markup).decode("utf-8")
    bare = re.sub(r"(?is)<(script|style|template|noscript)\b.*?</\1\s*>|<!--.*?-->", " ", text)
    return _laid_out(html.unescape(re.sub(r"<[^<>]*>", _BLOCK, bare)))


def _tag(element: etree._Element | None) -> object:
    return None if element is None else element.tag


def _is_hidden(element: etree._Element) -> bool:
    if not element.attrib:
        return False
    if element.get("hidden") is not None and element.get("hidden") != "until-found":
        return True
    style = element.get("style")
    return style is not None and _HIDING.search(style) is not None


def _stated(root: etree._Element) -> tuple[dict[str, object], str | None]:
    """Canonical metadata and address; structured data before meta tags before the title tag."""
    metas = _meta_tags(root)
    found: dict[str, object] = {}
    for key, names in _META_FIELDS.items():
        for name in names:
            if values := metas.get(name):
                found[key] = ", ".join(dict.fromkeys(values)) if key == "author" else values[0]
                break
    if "published" not in found and (date := _marked_date(root, "datePublished")):
        found["published"] = date
    if tags := metas.get("article:tag") or [
        tag for part in metas.get("keywords", []) for tag in metadata.tag_list(part)
    ]:
        found["tags"] = list(dict.fromkeys(tags))
    if "title" not in found:
        title = next(root.iter("title"), None)
        if title is not None and (text := _SPACES.sub(" ", "".join(title.itertext())).strip()):
            found["title"] = text
    if language := root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or root.get("xml:lang"):
        found["language"] = language.strip()
    article = _json_ld_article(root)
    stated = metadata.from_fields({key: value for key, value in article.items() if key in _JSON_LD_FIELDS})
    found |= {key: html.unescape(value) if isinstance(value, str) else value for key, value in stated.items()}
    return found, _address(root, metas, article)


_JSON_LD_NAMES = (
    "headline datePublished dateModified author creator publisher articleSection keywords inLanguage description"
)
_JSON_LD_FIELDS = frozenset(_JSON_LD_NAMES.split())


def _meta_tags(root: etree._Element) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in root.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = (element.get("content") or "").strip()
        if name and content:
            found.setdefault(name.strip().lower(), []).append(content)
    return found


def _marked_date(root: etree._Element, prop: str) -> str | None:
    """The one date the page marks with ``itemprop``; where it marks several, they belong to several articles."""
    dates = {
        (element.get("datetime") or element.get("content") or "").strip()
        for element in root.iterfind(f".//*[@itemprop='{prop}']")
    }
    return dates.pop() or None if len(dates) == 1 else None


def _address(root: etree._Element, metas: dict[str, list[str]], article: dict[str, object]) -> str | None:
    for element in root.iter("link"):
        if (element.get("rel") or "").lower() == "canonical" and (address := (element.get("href") or "").strip()):
            return address
    if addresses := metas.get("og:url"):
        return addresses[0]
    return metadata.as_text(article.get("url"))


def _json_ld_article(root: etree._Element) -> dict[str, object]:
    """The page's own article in its JSON-LD; empty where there is none, or several as on a list page."""
    articles: list[dict[str, object]] = []
    for element in root.iter("script"):
        if (element.get("type") or "").strip().lower() != "application/ld+json":
            continue
        try:
            value = json.loads((element.text or "").strip().removeprefix("<!--").removesuffix("-->"), strict=False)
        except (ValueError, RecursionError):
            continue
        articles.extend(node for node in _nodes(value) if _is_article(node))
    headlines = {str(article.get("headline")) for article in articles}
    return articles[0] if len(headlines) == 1 else {}


def _nodes(value: object) -> Iterator[dict[str, object]]:
    """The objects a JSON-LD document is about: those at its top and in its graph, not those nested in them."""
    for item in value if isinstance(value, list) else [value]:
        if not isinstance(item, dict):
            continue
        yield item
        graph = item.get("@graph")
        for node in graph if isinstance(graph, list) else [item.get("mainEntity")]:
            if isinstance(node, dict):
                yield node


def _is_article(node: dict[str, object]) -> bool:
    kinds = node.get("@type")
    return any(
        isinstance(kind, str) and kind.endswith(_ARTICLE_TYPES)
        for kind in (kinds if isinstance(kinds, list) else [kinds])
    )
