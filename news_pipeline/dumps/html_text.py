"""The visible text of an HTML tree, and where in it its elements stand.

Belongs here: which elements are visible, where lines begin and end, white space. Does not belong here: what an element
is for (``html_roles``) and which lines are the article (``html_markup``).
"""

from __future__ import annotations

import html
import re
from collections import deque
from typing import NamedTuple

from lxml import etree

from news_pipeline.dumps.html_roles import role_of

_SKIPPED_TAGS = "applet audio canvas datalist dialog embed iframe link math meta noscript object script select style svg template title video"
_SKIPPED = frozenset(_SKIPPED_TAGS.split())
_BLOCK_TAGS = (
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure footer "
    "form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre search section summary table tbody td "
    "tfoot th thead tr ul"
)
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_BUTTONS = frozenset(("a", "button"))
_IMAGES = frozenset(("img", "amp-img", "picture"))
_OWN_PARTS = {"a": "link", "b": "bold", "strong": "bold"}
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SPACE = " \t\n\r\f"
_SPACES = re.compile(r"[ \t\n\r\f]+")
_BREAK, _BLOCK = "\x01", "\x00"  # no page holds them: control characters are taken out before parsing
_BREAKS = re.compile(r" ?\x01(?: ?\x01)+")
_BLANK = re.compile(r"[ \t\n\r\f\x01]+")
_UNREAD = re.compile(r"<(?:script\b|style\b|template\b|noscript\b|!--)", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_MOST_OPEN = 6
"""Inline elements within each other that are kept track of; unclosed tags can open thousands."""


class Node(NamedTuple):
    """A block element.

    Attributes:
        parent: index of the block element around it; the first node is its own parent.
        tag: its tag.
        name: its tag and classes, which paragraphs of one text have in common.
        role: what it says it is for (``html_roles``), or "".
        sure: whether more than its classes and id say so.
    """

    parent: int
    tag: str
    name: str
    role: str
    sure: bool


class Line(NamedTuple):
    """A written line of the text.

    Attributes:
        start: its first code point in the text.
        end: code point after its last one.
        node: index of the innermost block element around it.
        linked: how many of its code points stand in links.
        bold: how many of them are bold by ``<b>`` or ``<strong>``.
    """

    start: int
    end: int
    node: int
    linked: int
    bold: int


class Part(NamedTuple):
    """A part of the text that an inline element marks.

    Attributes:
        start: its first code point in the text.
        end: code point after its last one.
        node: index of the innermost block element around it.
        role: ``link``, ``bold``, or what the element says it is for (``html_roles``).
        value: instant or day that the element gives in its attributes, or "".
        sure: whether more than its classes and id say so.
    """

    start: int
    end: int
    node: int
    role: str
    value: str
    sure: bool


class Layout(NamedTuple):
    """A page laid out.

    Attributes:
        text: its visible text.
        nodes: its block elements in document order; the first stands for the whole page.
        lines: its written lines in order.
        parts: what inline elements mark, block by block.
        images: the lines that follow a picture.
    """

    text: str
    nodes: list[Node]
    lines: list[Line]
    parts: list[Part]
    images: list[int]


class _Open(NamedTuple):
    """An inline element that is open: how deep it lies and which piece of its block's text is its first."""

    depth: int
    first: int
    role: str
    value: str
    sure: bool


_Mark = tuple[int, int, str, str, bool]
"""First piece, piece after the last, role, value and sureness of a marked part of a block."""


def lay_out(root: etree._Element) -> Layout:
    """Lays out the visible text of a tree in reading order.

    Every block element (paragraph, heading, list item, table cell …) is a line of its own with a blank line between
    any two; ``<br>`` is a line feed, several of them a blank line; white space is collapsed as browsers do. Left out
    are scripts, styles, templates, forms' choices, embedded media, and what is marked hidden. Navigation and footers
    are visible, so they are kept.
    """
    page = Layout("", [Node(0, "", "", "", False)], [], [], [])
    nodes = page.nodes
    texts: list[str] = []
    offset = 0
    blocks = [0]
    opened: list[_Open] = []
    pieces: list[str] = []
    marked: list[_Mark] = []
    depth = pre_depth = 0

    def end_block() -> None:
        nonlocal offset
        for position, part in enumerate(opened):  # they go on in the next block
            marked.append((part.first, len(pieces), part.role, part.value, part.sure))
            opened[position] = _Open(part.depth, 0, part.role, part.value, part.sure)
        if text := _add_block(page, pieces, marked, blocks[-1], offset):
            texts.append(text)
            offset += len(text) + 2
        pieces.clear()
        marked.clear()

    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        if event == "start":
            tag = element.tag
            depth += 1
            attributes = element.items()
            if tag in _SKIPPED or _is_hidden(attributes):
                walk.skip_subtree()
                pre_depth += tag == "pre"
                if tag in _BLOCKS:
                    blocks.append(blocks[-1])
                continue
            if tag == "br":
                pieces.append(_BREAK)
            elif tag in _IMAGES:
                page.images.append(len(page.lines) + any(piece.strip(_SPACE + _BREAK) for piece in pieces[-3:]))
            elif tag in _BLOCKS:
                if pieces:
                    end_block()
                nodes.append(Node(blocks[-1], tag, *role_of(tag, attributes)))
                blocks.append(len(nodes) - 1)
                pre_depth += tag == "pre"
            elif len(opened) < _MOST_OPEN:
                if own := _OWN_PARTS.get(tag):
                    opened.append(_Open(depth, len(pieces), own, "", True))
                if attributes or tag == "time":
                    _, role, sure = role_of(tag, attributes)
                    if role:
                        opened.append(_Open(depth, len(pieces), role, _date(attributes), sure))
            if (text := element.text) and (pieces or text.strip(_SPACE)):
                pieces.append(text.replace("\n", _BREAK) if pre_depth else text)
            continue
        if event == "end":
            tag = element.tag
            if tag in _BLOCKS:
                if pieces:
                    end_block()
                blocks.pop()
                pre_depth -= tag == "pre"
            else:
                while opened and opened[-1].depth == depth:
                    part = opened.pop()
                    if part.first < len(pieces):
                        marked.append((part.first, len(pieces), part.role, part.value, part.sure))
                if tag in _BUTTONS and not element.tail and _tag(element.getnext()) in _BUTTONS:
                    pieces.append(" ")  # menus set their links apart by style sheets alone
            depth -= 1
        if (tail := element.tail) and (pieces or tail.strip(_SPACE)):
            pieces.append(tail.replace("\n", _BREAK) if pre_depth else tail)
    if pieces:
        end_block()
    return page._replace(text="\n\n".join(texts))


def without_tags(markup: str) -> str:
    """The text of markup without its tags, for markup that makes no tree: every tag ends a block."""
    kept: list[str] = []
    unclosed: set[str] = set()
    reached = 0
    for opening in _UNREAD.finditer(markup):
        kind = opening[0][1:].lower()
        if opening.start() < reached or kind in unclosed:
            continue
        closing = _closing(kind).search(markup, opening.end())
        if closing is None:
            unclosed.add(kind)  # sought once, so that many of them do not take time by their square
            continue
        kept.append(markup[reached : opening.start()])
        reached = closing.end()
    kept.append(markup[reached:])
    return _laid_out(html.unescape(_TAG.sub(_BLOCK, " ".join(kept))))


def _closing(kind: str) -> re.Pattern[str]:
    return re.compile("-->" if kind == "!--" else rf"</{kind}\s*>", re.IGNORECASE)


def _add_block(page: Layout, pieces: list[str], marked: list[_Mark], node: int, offset: int) -> str:
    """Lays out the text of one block, adds its lines and parts to the page, and gives its text."""
    if len(pieces) == 1 and _BREAK not in pieces[0]:
        text = _SPACES.sub(" ", pieces[0]).strip(" ")
        if not text:
            return ""
        end = offset + len(text)
        linked = bold = 0
        for first, last, role, value, sure in marked:
            if first < last:
                page.parts.append(Part(offset, end, node, role, value, sure))
                linked = len(text) if role == "link" else linked
                bold = len(text) if role == "bold" else bold
        page.lines.append(Line(offset, end, node, linked, bold))
        return text
    text = _laid_out("".join(pieces))
    if not text:
        return ""
    spans = _spans(text, pieces, marked) if marked else []
    links = deque(span for span in spans if span[2] == "link")
    bolds = deque(span for span in spans if span[2] == "bold")
    start = 0
    for written in text.split("\n"):
        end = start + len(written)
        if written:
            linked = _covered(links, start, end) if links else 0
            bold = _covered(bolds, start, end) if bolds else 0
            page.lines.append(Line(offset + start, offset + end, node, linked, bold))
        start = end + 1
    page.parts.extend(
        Part(offset + first, offset + last, node, role, value, sure) for first, last, role, value, sure in spans
    )
    return text


def _laid_out(text: str) -> str:
    text = _SPACES.sub(" ", text)
    if _BREAK not in text and _BLOCK not in text:
        return text.strip(" ")
    blocks = (
        "\n".join(line for part in block.split(_BREAK) if (line := part.strip(" ")))
        for block in _BREAKS.sub(_BLOCK, text).split(_BLOCK)
    )
    return "\n\n".join(block for block in blocks if block)


def _spans(text: str, pieces: list[str], marked: list[_Mark]) -> list[_Mark]:
    """Where the marked pieces stand in the text of their block: laying out moves nothing but white space."""
    spans: list[_Mark] = []
    counts: list[int] = []
    places: list[int] = []
    for first, last, role, value, sure in sorted(marked):
        if first == 0 and last == len(pieces):
            spans.append((0, len(text), role, value, sure))
            continue
        if not counts:
            counts = [0]
            for piece in pieces:
                counts.append(counts[-1] + len(_BLANK.sub("", piece)))
            places = [place for place, character in enumerate(text) if character not in " \n"]
        if counts[first] < counts[last]:
            spans.append((places[counts[first]], places[counts[last] - 1] + 1, role, value, sure))
    return spans


def _covered(spans: deque[_Mark], start: int, end: int) -> int:
    """How many code points of a line the spans cover; spans that end before the line are dropped."""
    while spans and spans[0][1] <= start:
        spans.popleft()
    covered = reached = 0
    for first, last, *_ in spans:
        if first >= end:
            break
        covered += max(0, min(last, end) - max(first, start, reached))
        reached = max(reached, last)
    return covered


def _tag(element: etree._Element | None) -> object:
    return None if element is None else element.tag


def _is_hidden(attributes: list[tuple[str, str]]) -> bool:
    for name, value in attributes:
        if name == "hidden":
            if value != "until-found":
                return True
        elif name == "style" and _HIDING.search(value):
            return True
    return False


def _date(attributes: list[tuple[str, str]]) -> str:
    """The instant or day that a ``<time>``, or an element with microdata, gives."""
    stated = dict(attributes)
    value = (
        stated.get("datetime") or (stated.get("content") or stated.get("title") if "itemprop" in stated else "") or ""
    )
    return value.strip()[:60]
