"""An HTML page as its reader sees it, what it states about itself, and what its markup shows of each line.

The visible text is whole, menus and footers included: which of it is the article is for ``pages`` to say, with the
evidence of the markup at hand (``html_markup``).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from lxml import etree

from news_pipeline.dumps.html_markup import find_evidence
from news_pipeline.dumps.html_metadata import stated
from news_pipeline.dumps.html_text import lay_out, without_tags

_END_OF_BODY = re.compile(rb"</(?:body|html)\s*>", re.IGNORECASE)
_LONG_TAG = re.compile(rb"<([a-zA-Z][^\s<>/]*)[^<>]{20000,}>")
_MOST_ATTRIBUTES = 2000
"""Words of a tag; the parser compares each attribute with all before it, which takes minutes for a hundred thousand."""
_CONTROLS = bytes(byte for byte in (*range(0x20), 0x7F) if byte not in b"\t\n\r\f")


class HtmlPage(NamedTuple):
    """What is read off an HTML page.

    Attributes:
        text: the whole visible text (see ``html_text.lay_out``).
        metadata: canonical metadata (see ``dumps.metadata``), and under ``markup`` ranges of the text
            (see ``pages.markup``).
        url: the canonical address that the page states.
    """

    text: str
    metadata: dict[str, object]
    url: str | None


def read(markup: str) -> HtmlPage:
    """Reads an HTML page.

    Malformed markup is read as far as a browser would; markup nested too deep for a tree gives its text without tags.
    """
    data = _without_controls(markup)
    root = _tree(data)
    if root is None:
        return HtmlPage(without_tags(data.decode()), {}, None)
    found, url, titles = stated(root)
    layout = lay_out(root)
    evidence = find_evidence(layout, titles)
    seen = {"published": evidence.published, "author": evidence.author, "tags": evidence.tags}
    found = {key: value for key, value in seen.items() if value} | found
    if evidence.markup:
        found["markup"] = evidence.markup
    return HtmlPage(layout.text, found, url)


def _tree(data: bytes) -> etree._Element | None:
    # Without its end tags the body goes on to the end of the page, as in browsers; the parser would drop what follows.
    data = _LONG_TAG.sub(_few_attributes, _END_OF_BODY.sub(b"", data))
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_blank_text=False, collect_ids=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.LxmlError:
        return None
    if root is None or any("depth" in str(entry.message).lower() for entry in parser.error_log):
        return None
    return root


def _few_attributes(tag: re.Match[bytes]) -> bytes:
    return tag[0] if len(tag[0].split()) <= _MOST_ATTRIBUTES else b"<%s>" % tag[1]


def _without_controls(markup: str) -> bytes:
    return markup.encode("utf-8", "replace").translate(None, _CONTROLS)
