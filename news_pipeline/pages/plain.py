"""Undoes what text tools put around the words of a page: Markdown, reference numbers, table bars, hard wraps.

Belongs here: recognising the marks of html2text, Jina, lynx, w3m and the like, and the words without them. Does not
belong here: what a line is for (``hints``, ``blocks``).
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

Form = Literal["", "image", "table", "rule"]
Target = Literal["", "author", "home", "tag"]

_LINE_MARK = re.compile(r"#{1,6} \S|\|.*\|$|> |_\S.*_$")
_REFERENCES = re.compile(r"\[\d{1,3}\](?=\S)")
_IMAGE = re.compile(r"!\[([^\[\]]*)\]\((?:[^()\s]|\([^()]*\))*(?:\s+\"[^\"]*\")?\)")
_LINK = re.compile(
    r"\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\(\s*<?(?:[^()\s]|\([^()]*\)|(?<=\S) (?=[^()\"]{0,300}\)))*>?(?:\s+\"[^\"]*\")?\s*\)"
)
_IMAGE_COUNT = re.compile(r"Image \d+:?\s*")
"""What readers that count pictures put before the picture's own text."""
_LINKED_IMAGE = re.compile(r"^\[\s*(!\[[^\[\]]*\]\([^()\s]*(?:\s+\"[^\"]*\")?\))\s*\]\([^()]*\)$")
_AUTHORS_PAGE = re.compile(
    r"\]\([^()]*/(?:authors?|auteurs?|writers?|profiles?|journalists?|editors?|contributors?)/[^/()]"
)
_FIRST_PAGE = re.compile(r"\]\(\s*(?:https?://[^/()\s]+)?/?\s*\)$")
_TOPICS_PAGE = re.compile(r"\]\([^()]*/(?:tags?|tagged|topics?|keywords?|hashtags?|themes?|sujets?|mots?-cles?)/[^/()]")
_ANGLE_LINK = re.compile(r"\s*(?:<(?:https?://|www\.|mailto:|/)[^<>\s]*>|(?<=\s)\[(?:https?://|/)[^\[\]\s]*\])")
_REFERENCE_LINK = re.compile(r"\[([^\[\]]+)\]\[[^\[\]]*\]")
_HEADING = re.compile(r"(#{1,6})\s+(.*)$")
_QUOTE = re.compile(r"(?:>\s*)+")
_STRONG = re.compile(r"(\*\*\*|\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_BESIDE_LINK = re.compile(r"(\]\([^()\s]*\))\s+(?=\[[^\]]*\]\()")
_BESIDE_REFERENCE = re.compile(r"\s{2,}\[\d{1,3}\](?=\S)")
_GLUED_LINK = re.compile(r"(?<=\w)(\*{1,3}|_{1,2})\[")
_EMPHASIS = re.compile(r"(?<![\w*\\])([*_])(?=[^\s*_])([^*_\n]+?)(?<=[^\s*_])\1(?![\w*])")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|>])")
_RULE = re.compile(r"[\s|:\-–—_=*~+.·•#]*")
_CELLS = re.compile(r"\s*(?<!\\)\|\s*")
_LIST_ITEM = re.compile(r"(?:[*+-]|\d{1,3}[.)])\s+")
_AFTER_LATIN = "\u0250"
_BEHIND_WORDS = frozenset(",.;،؛)")
_CLOSING = frozenset(".:;!?؟…|*#")
_FEWEST_SPACES = 4
_MOST_STRONG = 100
_MOST_LINK_LINES = 4
_LONGEST_FIELD_NAME = 25
_NARROWEST_WRAP, WIDEST_WRAP = 60, 140
"""Columns; text tools wrap at 72 to 132, and unwrapped news pages have paragraphs of several hundred characters."""


class Plain(NamedTuple):
    """A line without the marks of a text tool.

    Attributes:
        text: the words.
        level: 1 to 6 for a heading of that level, else 0.
        link: whether the whole line is one link or several.
        form: ``image``, ``table`` (a row of cells) or ``rule`` (no words at all) where it is one.
        target: whose page the addresses of the line's links are, where they say so: an author's, a topic's, or the site's
            first page.
    """

    text: str
    level: int = 0
    link: bool = False
    form: Form = ""
    target: Target = ""


def is_marked_up(text: str, lines: list[str]) -> bool:
    """Whether a page shows marks of a text tool: Markdown, table bars or numbered references.

    Args:
        text: the page.
        lines: its lines, without the space around them.
    """
    if "](" in text or "**" in text or "![" in text or "<http" in text or " [http" in text:
        return True
    if text.count("[") >= 3 and len(_REFERENCES.findall(text, 0, 20_000)) >= 3:
        return True
    return any(line.startswith(("#", "|", ">", "_")) and _LINE_MARK.match(line) for line in lines)


def plain(line: str) -> Plain:
    """Takes the marks off a line of a marked-up page."""
    form: Form = ""
    level = 0
    item = _LIST_ITEM.match(line)
    lead, rest = (line[: item.end()], line[item.end() :]) if item else ("", line)
    if quote := _QUOTE.match(rest):
        lead, rest = lead or "> ", rest[quote.end() :]
    if heading := _HEADING.match(rest):
        level, rest = len(heading[1]), heading[2].rstrip("#").rstrip()
    if rest.startswith("|") and rest.rstrip().endswith("|"):
        form = "table"
        cells = [_words(cell) for cell in _CELLS.split(rest.strip().strip("|")) if not _RULE.fullmatch(cell)]
        cells = [cell for cell in cells if cell]
        if not cells:
            return Plain("", 0, False, "rule")
        return Plain(" | ".join(cells), level, False, form if len(cells) > 1 else "")
    image_target: Target = ""
    if "![" in rest:
        image_target = "home" if rest.startswith("[") and _FIRST_PAGE.search(rest) else ""
        rest = _LINKED_IMAGE.sub(r"\1", rest)
    if "![" in rest and not _RULE.sub("", _IMAGE.sub("", rest)).strip("[]()"):
        told = [_IMAGE_COUNT.sub("", match[1].strip()) for match in _IMAGE.finditer(rest)]
        return Plain(" ".join(told), level, False, "image", image_target)
    angled = _ANGLE_LINK.sub(" ", rest).strip() if "<" in rest or " [" in rest else rest
    if angled != rest:
        links = _ANGLE_LINK.findall(rest)
        whole = rest.rstrip().endswith((">", "]")) and not _RULE.fullmatch(angled) and len(links) == 1
        target = _target(f"]({links[0].strip()[1:-1]})") if whole else ""
        return Plain(lead + _words(angled) if angled else "", level, whole, "" if angled else "rule", target)
    if rest.startswith("#[") and _REFERENCES.match(rest, 1):
        rest = rest[1:]  # lynx marks the links of the page's head so
    rest = _BESIDE_LINK.sub(r"\1 | ", rest)
    bare = rest.strip("*_ ")
    unlinked = _REFERENCE_LINK.sub("", _LINK.sub("", _IMAGE.sub("", bare)))
    link = unlinked != bare and not unlinked.strip(" *_•·|،,/-–—#>»")
    if not link and _REFERENCES.match(bare):
        link = True
        pieces = [piece.strip() for piece in _REFERENCES.split(bare) if piece.strip()]
        if len(pieces) > 1:
            return Plain(lead + " | ".join(_words(piece) for piece in pieces), level, True, "")
    linked = _LINK.findall(bare) if link else []
    words = " | ".join(filter(None, map(_words, linked))) if len(linked) > 1 else _words(rest)
    target = _target(bare) if link and "](" in bare else ""
    return Plain(lead + words if words else "", level, link, "" if words else "rule", target)


def _target(links: str) -> Target:
    if _AUTHORS_PAGE.search(links):
        return "author"
    if links.count("](") == 1 and _FIRST_PAGE.search(links):
        return "home"
    return "tag" if _TOPICS_PAGE.search(links) else ""


def _words(text: str) -> str:
    text = _GLUED_LINK.sub(r"\1 [", text)
    if "![" in text:
        text = _IMAGE.sub(" ", text)
    if "](" in text:
        text = _LINK.sub(lambda match: f" {match[1].strip()} " if match[1][:1].isspace() else match[1], text)
    text = _REFERENCE_LINK.sub(r"\1", text)
    text = _REFERENCES.sub("", _BESIDE_REFERENCE.sub(" | ", text))
    if "*" in text or "_" in text:
        if text.count("**") + text.count("__") > _MOST_STRONG:  # pairing them takes time by the square of their number
            text = text.replace("*", "").replace("__", "")
        text = _EMPHASIS.sub(r"\2", _STRONG.sub(r"\2", text))
    if "\\" in text:
        text = _ESCAPE.sub(r"\1", text)
    return " ".join(text.split()) if "  " in text else text.strip()


def wrap_joints(raw: list[str], rows: list[int]) -> list[bool]:
    """Which lines of a hard-wrapped page go on with the next one.

    A tool wraps where the next word would not fit, so a line that is followed without a blank line by one whose first
    word would have fitted was not wrapped there. A page counts as wrapped where that explains most of its full lines.

    Args:
        raw: the non-blank lines as they stand, indent included.
        rows: number of each in the page, so that blank lines between them show.

    Returns:
        For each line whether it goes on.
    """
    none = [False] * len(raw)
    raw = [line.rstrip() for line in raw]
    widths = [len(line) for line in raw]
    wordy = [width for width, line in zip(widths, raw, strict=True) if line.count(" ") >= 6 and "](" not in line]
    if len(wordy) < 5:
        return none
    width = max(wordy)
    if not _NARROWEST_WRAP <= width <= WIDEST_WRAP:
        return none
    found = none.copy()
    full = 0
    indents = [len(line) - len(line.lstrip()) for line in raw]
    usual = max(set(indents), key=indents.count)
    for i in range(len(raw) - 1):
        centred = usual < indents[i] <= indents[i + 1] and rows[i + 1] == rows[i] + 1 and widths[i] >= width * 0.7
        if centred and not any(_LIST_ITEM.match(line.lstrip()) or "[" in line for line in raw[i : i + 2]):
            found[i] = True
            continue
        few = raw[i].count(" ") < 6 and "](" not in raw[i]
        if rows[i + 1] != rows[i] + 1 or widths[i] < width * 0.7 or few:
            continue
        line, following = raw[i].lstrip(), raw[i + 1].lstrip()
        if _LIST_ITEM.match(following):
            continue
        full += 1
        indent, next_indent = len(raw[i]) - len(line), len(raw[i + 1]) - len(following)
        item = _LIST_ITEM.match(line)
        found[i] = widths[i] + 1 + len(following.split(None, 1)[0]) > width and (
            next_indent == indent or (item is not None and next_indent == indent + item.end())
        )
    return found if sum(found) >= 4 and sum(found) * 3 >= full * 2 else none


def link_joints(texts: list[str], rows: list[int]) -> list[bool]:
    """Which lines of a Markdown page go on with the next one because a tool wrapped them within a link's words.

    Args:
        texts: the non-blank lines.
        rows: number of each in the page: lines with a blank one between do not go on.

    Returns:
        For each line whether it goes on.
    """
    found = [False] * len(texts)
    for i in range(len(texts) - 1):
        if texts[i].rfind("[") <= texts[i].rfind("]"):
            continue
        for j in range(i + 1, min(i + _MOST_LINK_LINES, len(texts))):
            if rows[j] != rows[j - 1] + 1:
                break
            if "]" in texts[j] or "[" in texts[j]:
                closed = texts[j].find("](")
                if closed >= 0 and "[" not in texts[j][:closed]:
                    found[i:j] = [True] * (j - i)
                break
    return found


def broken_joints(texts: list[str], rows: list[int]) -> list[bool]:
    """Which lines go on with the next one because a tool broke the line at a link or a name.

    The next line shows it: it begins with a small letter, or with a mark that belongs behind a word.

    Args:
        texts: the non-blank lines.
        rows: number of each in the page: lines with a blank one between do not go on.

    Returns:
        For each line whether it goes on; empty where none does.
    """
    found = [
        i + 1 < len(texts)
        and rows[i + 1] == rows[i] + 1
        and ((texts[i + 1][0].islower() and texts[i][-1] < _AFTER_LATIN) or texts[i + 1][0] in _BEHIND_WORDS)
        and texts[i][-1] not in _CLOSING
        and ":" not in texts[i + 1][:_LONGEST_FIELD_NAME]
        for i in range(len(texts))
    ]
    if not any(found):
        return []
    sentence = False
    for i, goes_on in enumerate(found):
        # a few small words below each other are a list, not a sentence
        sentence = goes_on and (sentence or texts[i].count(" ") >= _FEWEST_SPACES)
        found[i] = sentence
    return found
