"""Which lines of a page its markup shows to be the article, and which to be something else.

Belongs here: the evidence of elements: where the running text stands, what its headline is, captions, dates, names, tags,
boxes of other stories, furniture. Does not belong here: the words of a line, which are judged with this evidence at hand
(``pages.blocks``). The marks and their meaning are described in ``pages.markup``, which reads them.

The running text is found by its weight, as in Readability and jusText: paragraphs are long, end as sentences do, and
hold few links. From the whole page down, the part is followed that holds most of them, for as long as it does not tear
apart paragraphs that are made alike.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from news_pipeline.dumps.html_text import Layout, Line, Node, Part

Range = list[int | str]
"""Start, end, and for a time its value."""

_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_PARAGRAPHS = frozenset(("p", "li", "blockquote", "dd", "dt", "pre", *_HEADINGS))
_CELLS = frozenset(("td", "th"))
_MENUS = frozenset(("nav", "footer", "header"))
_REFUSED = frozenset(("furniture", "comments"))
_SMALL = frozenset(("byline", "time", "updated", "tags"))
_STOP = re.compile(r"[.!؟?。…۔:;؛]['\"”“»’)\]\s]*$")
_NO_LETTERS = re.compile(r"[\W_]+")
_DIGIT = re.compile(r"\d")
_LINKED = 0.6
"""Share of a line that stands in links from which on it is a link rather than a text with links."""
_LINES_AROUND = 15
"""Lines before and after the article among which its date, names and tags are looked for."""
_LINES_OVER_TITLE = 4
"""Lines over the headline that may hold its date; further up stands the date of the visit."""
_WORDS_OF_A_HEADLINE = 4
_MOST_WORDS_OF_A_DETAIL = 12
_MOST_TITLES = 6


class Evidence(NamedTuple):
    """What the markup shows.

    Attributes:
        markup: ranges by mark, as described in ``pages.markup``.
        published: the date that the article's own ``<time>`` gives, or "".
        author: names that the markup marks as the author's, or "".
        tags: tags that the page shows and the markup marks, in order.
    """

    markup: dict[str, list[Range]]
    published: str
    author: str
    tags: list[str]


class _Page(NamedTuple):
    """A page while it is read.

    Attributes:
        layout: the page laid out.
        last: for each node the last node inside it, itself where it holds none.
        roles: for each node the role in force, which it may have from a node around it.
        own: for each line the role of the inline element that covers most of it, or "".
        weights: for each line how much of a paragraph it is.
        title: the line of the headline.
    """

    layout: Layout
    last: list[int]
    roles: list[str]
    own: list[str]
    weights: list[int]
    title: int | None

    def role(self, position: int) -> str:
        """What the elements around a line say it is for."""
        role = self.roles[self.layout.lines[position].node]
        own = self.own[position]
        return own if own and role not in _REFUSED else role

    def words(self, position: int) -> int:
        line = self.layout.lines[position]
        return self.layout.text.count(" ", line.start, line.end) + 1

    def node(self, position: int) -> Node:
        return self.layout.nodes[self.layout.lines[position].node]

    def written(self, position: int) -> str:
        line = self.layout.lines[position]
        return self.layout.text[line.start : line.end]


def find_evidence(layout: Layout, titles: list[str]) -> Evidence:
    """Finds what the markup shows of each line.

    Args:
        layout: the page laid out.
        titles: headlines that the head of the page states, that of ``<title>``, which may hold more than it, included.
    """
    if not layout.lines:
        return Evidence({}, "", "", [])
    weights = [_weight(layout.text, line) for line in layout.lines]
    last = _last_inside(layout.nodes)
    title = _title(layout, titles)
    roles = _roles_in_force(layout, weights, last, title)
    page = _Page(layout, last, roles, _own_roles(layout), weights, title)
    scope = _scope(page)
    marks = _marks(page, scope)
    return _evidence(page, marks)


def _weight(text: str, line: Line) -> int:
    """Code points of a line that reads as a paragraph, else 0."""
    length = line.end - line.start
    plain = length - line.linked
    if plain < 30 or line.linked * 5 > length * 2:
        return 0
    return plain if plain >= 80 or _STOP.search(text, max(line.start, line.end - 6), line.end) else 0


def _last_inside(nodes: list[Node]) -> list[int]:
    last = list(range(len(nodes)))
    for index in range(len(nodes) - 1, 0, -1):
        parent = nodes[index].parent
        last[parent] = max(last[parent], last[index])
    return last


def _sums(layout: Layout, values: list[int]) -> list[int]:
    """For each node the sum of a value over the lines in it."""
    sums = [0] * len(layout.nodes)
    for line, value in zip(layout.lines, values, strict=True):
        sums[line.node] += value
    for index in range(len(sums) - 1, 0, -1):
        sums[layout.nodes[index].parent] += sums[index]
    return sums


def _own_roles(layout: Layout) -> list[str]:
    """For each line the role of an inline element that covers most of it."""
    own = [""] * len(layout.lines)
    starts = [line.start for line in layout.lines]
    for part in layout.parts:
        if part.role in ("link", "bold", "article", "body"):
            continue
        position = bisect_right(starts, part.start) - 1
        while position < len(starts) and starts[position] < part.end:
            line = layout.lines[position]
            inside = min(part.end, line.end) - max(part.start, line.start)
            if not own[position] and inside > _LINKED * (line.end - line.start):
                own[position] = part.role
            position += 1
    return own


def _key(text: str) -> str:
    return _NO_LETTERS.sub("", text).casefold()


def _title(layout: Layout, titles: list[str]) -> int | None:
    """The line of the headline: a first heading, or the line that the head of the page states as one."""
    stated = list(dict.fromkeys(key for title in titles[:_MOST_TITLES] if (key := _key(title[:1000]))))
    whole = "\n".join(titles[:_MOST_TITLES])
    longest = 2 * max(map(len, stated), default=0)  # the line has spaces, the keys have none
    refused = [False] * len(layout.nodes)
    for index, node in enumerate(layout.nodes):
        refused[index] = refused[node.parent] or (node.role in _REFUSED and node.tag != "form")
    best, best_score = None, 3  # less is no headline
    for position, line in enumerate(layout.lines):
        tag = layout.nodes[line.node].tag
        length = line.end - line.start
        if length > 400 or (tag not in _HEADINGS and not stated):
            continue
        score = {"h1": 4, "h2": 1, "h3": 1}.get(tag, 0)
        # Of lines that are no headings only those are compared that begin with letters of a title.
        if length <= longest and (score or layout.text[line.start : line.start + 3] in whole):
            key = _key(layout.text[line.start : line.end])
            if key in stated or (len(key) >= 15 and any(key in title for title in stated)):
                score += 4
        if not score:
            continue
        score -= 3 * refused[line.node] + (line.linked > _LINKED * length)
        if score > best_score:
            best, best_score = position, score
    return best


def _roles_in_force(layout: Layout, weights: list[int], last: list[int], title: int | None) -> list[str]:
    """For each node what it is for, by itself or by a node around it.

    A role is not believed of what holds the headline, and one read off classes not of what holds half of all paragraphs:
    whole pages are named after the sidebar that stands beside them, and older ones are one form.
    """
    nodes = layout.nodes
    held = _sums(layout, weights)
    title_node = layout.lines[title].node if title is not None else -1
    roles = [""] * len(nodes)
    for index, node in enumerate(nodes):
        around = roles[node.parent] if index else ""
        role = node.role
        if role and role not in ("article", "body"):
            firm = role == "comments" or (node.sure and node.tag != "form")
            if index <= title_node <= last[index] or (not firm and held[index] * 2 >= held[0] > 0):
                role = ""
        if around in _REFUSED or role in ("", "article", "body"):
            roles[index] = around
        else:
            roles[index] = "furniture" if role == "header" else role
    return roles


def _scope(page: _Page) -> list[int]:
    """The nodes that hold the running text."""
    layout, last = page.layout, page.last
    nodes = layout.nodes
    clean = [
        weight if weight and page.role(position) in ("", "summary") else 0
        for position, weight in enumerate(page.weights)
    ]
    held = _sums(layout, clean)
    if not held[0]:
        return []
    children: list[list[int]] = [[] for _ in nodes]
    for index in range(1, len(nodes)):
        if held[index]:
            children[nodes[index].parent].append(index)
    title_node = layout.lines[page.title].node if page.title is not None else -1
    found = _heaviest(nodes, children, held, last, title_node)
    bodies = [i for i, node in enumerate(nodes) if node.role == "body" and held[i] and page.roles[i] not in _REFUSED]
    inside = [index for index in bodies if found <= index <= last[found]]
    if inside:
        heaviest = max(inside, key=lambda index: held[index])
        if held[heaviest] * 2 >= held[found]:
            best = max(i for i in inside if heaviest <= i <= last[heaviest] and held[i] * 5 >= held[heaviest] * 4)
            return [i for i in inside if nodes[i].parent == nodes[best].parent and nodes[i].name == nodes[best].name]
    around = [index for index in bodies if index < found <= last[index] and held[found] * 2 >= held[index]]
    if around or not bodies:
        return [max(around, default=found)]
    # The heaviest part may be what readers write: one that is named as the text is it, where nothing else is so named.
    heaviest = max(bodies, key=lambda index: held[index])
    alone = sum(nodes[index].name == nodes[heaviest].name for index in bodies) == 1
    return [heaviest if alone and held[heaviest] * 5 >= held[found] else found]


def _heaviest(nodes: list[Node], children: list[list[int]], held: list[int], last: list[int], title_node: int) -> int:
    """The smallest node that holds the paragraphs of one article."""
    found = 0
    while children[found]:
        inner = children[found]
        best = max(inner, key=lambda index: held[index])
        titled = next((index for index in inner if index <= title_node <= last[index]), None)
        if titled not in (None, best) and titled and held[titled] * 3 >= held[found]:
            best = titled  # of several articles the one with the page's headline
        elif (
            held[best] * 2 < held[found]
            or (best != titled and any(i != best and nodes[i].name == nodes[best].name for i in inner))
            or sum(held[i] for i in inner if nodes[i].tag in _PARAGRAPHS) * 10 >= held[found]
            or (held[found] - sum(held[i] for i in inner)) * 10 >= held[found]
        ):
            break
        if nodes[best].tag in _PARAGRAPHS:
            break
        found = best
    return found


def _marks(page: _Page, scope: list[int]) -> list[str]:
    """The mark of each line, or ""; details (dates, names, tags) only where they fill it."""
    layout = page.layout
    lines, nodes = layout.lines, layout.nodes
    menu = [False] * len(nodes)
    for index, node in enumerate(nodes):
        menu[index] = menu[node.parent] or (node.tag in _MENUS and page.roles[index] == "furniture")
    tops = set(scope)
    inside = [False] * len(nodes)
    for index, node in enumerate(nodes):
        inside[index] = index in tops or inside[node.parent]
    in_scope = [inside[line.node] for line in lines]
    after_image = set(layout.images)
    common = _common_names(page, in_scope)
    title_key = _key(page.written(page.title)) if page.title is not None else None
    marks = [""] * len(lines)
    for position, line in enumerate(lines):
        role = page.role(position)
        if position == page.title:
            marks[position] = "title"
        elif role in _REFUSED:
            marks[position] = _link_mark(page, position, menu) or "furniture"
        elif role == "caption" or (
            role in _SMALL and not page.weights[position] and page.words(position) <= _MOST_WORDS_OF_A_DETAIL
        ):
            marks[position] = role
        elif mark := _link_mark(page, position, menu):
            marks[position] = mark
        elif in_scope[position] and not (title_key and _key(page.written(position)) == title_key):
            marks[position] = _scope_mark(page, position, position in after_image, common, line.node in tops)
    _settle_headings(page, marks)
    _trim(page, marks)
    _refuse_teasers(page, marks)
    _refuse_pull_quotes(page, marks)
    _add_standfirst(page, marks, after_image)
    return marks


def _common_names(page: _Page, in_scope: list[bool]) -> set[str]:
    """Tag and classes of the elements that most paragraphs of the text stand in."""
    weights: Counter[str] = Counter()
    for position, inside in enumerate(in_scope):
        if inside and page.role(position) in ("", "summary"):
            weights[page.node(position).name] += page.weights[position]
    return {name for name, weight in weights.items() if weight * 5 >= weights.total()}


def _link_mark(page: _Page, position: int, menu: list[bool]) -> str:
    line = page.layout.lines[position]
    if line.linked <= _LINKED * (line.end - line.start):
        return ""
    return "related" if page.words(position) >= _WORDS_OF_A_HEADLINE and not menu[line.node] else "furniture"


def _scope_mark(page: _Page, position: int, after_image: bool, common: set[str], is_top: bool) -> str:
    """The mark of a line that stands where the running text does; ``heading`` has yet to be settled."""
    line, node = page.layout.lines[position], page.node(position)
    stops = _STOP.search(page.layout.text, max(line.start, line.end - 6), line.end) is not None
    words = page.words(position)
    is_short = page.role(position) == "summary" and not page.weights[position]
    if node.tag in _HEADINGS or is_short or line.bold > 0.9 * (line.end - line.start):
        return "heading"
    if after_image and words <= 40 and (not stops or node.name not in common) and not is_top:
        return "caption"
    if page.weights[position]:
        return "main"
    if node.tag in _CELLS and not is_top:
        return ""
    if stops:
        return "main"
    if node.tag in _PARAGRAPHS or node.name in common:
        return "main" if words >= 3 else ""
    return ""


def _settle_headings(page: _Page, marks: list[str]) -> None:
    """A heading belongs to the text where text follows it, and to the box where a list of links does.

    Passed over are boxes that are marked as such, which have a heading of their own, and single links with a label.
    """
    following = ""
    links = 0
    for position in range(len(marks) - 1, -1, -1):
        mark, line = marks[position], page.layout.lines[position]
        if mark == "heading":
            is_text = following == "main" and not links
            marks[position] = "main" if is_text else "furniture" if links else ""
        elif mark == "related" and page.role(position) not in _REFUSED:
            links += line.linked > 0.95 * (line.end - line.start) or links > 0
        elif mark != "caption" and page.role(position) not in _REFUSED:
            following, links = mark, 0


def _trim(page: _Page, marks: list[str]) -> None:
    """Takes short lines without a full stop off both ends of the text."""
    main = [position for position, mark in enumerate(marks) if mark == "main"]
    for run in (main, main[::-1]):
        for position in run:
            line = page.layout.lines[position]
            if page.weights[position] or _STOP.search(page.layout.text, max(line.start, line.end - 6), line.end):
                break
            marks[position] = ""


def _refuse_teasers(page: _Page, marks: list[str]) -> None:
    """A paragraph alone in a box with a link over it is a teaser; where most are, the page has no text of its own."""
    full = [position for position, mark in enumerate(marks) if mark == "main" and page.weights[position]]
    if len(full) < 3:
        return
    under_links = [position for position in full if position and marks[position - 1] == "related"]
    values = [int(mark == "main" and weight > 0) for mark, weight in zip(marks, page.weights, strict=True)]
    held = _sums(page.layout, values) if under_links else []
    teasers = [position for position in under_links if held[_common_node(page, position - 1, position)] == 1]
    for position in teasers:
        marks[position] = "furniture"
    if len(under_links) >= 4 and len(under_links) * 3 >= len(full) * 2:
        marks[:] = ["" if mark == "main" else mark for mark in marks]


def _refuse_pull_quotes(page: _Page, marks: list[str]) -> None:
    """A quotation set apart that the text holds too is an ornament."""
    nodes = page.layout.nodes
    quoted = [False] * len(nodes)
    for index, node in enumerate(nodes):
        quoted[index] = quoted[node.parent] or node.tag == "blockquote"
    positions = [p for p, mark in enumerate(marks) if mark == "main" and quoted[page.layout.lines[p].node]]
    if not positions or len(positions) > 50:
        return
    text = "\n".join(
        _key(page.written(p))
        for p, mark in enumerate(marks)
        if mark == "main" and not quoted[page.layout.lines[p].node]
    )
    for position in positions:
        if _key(page.written(position)) in text:
            marks[position] = "furniture"


def _add_standfirst(page: _Page, marks: list[str], after_image: set[int]) -> None:
    """Adds what stands between the headline and the text and reads as its introduction."""
    first = next((position for position, mark in enumerate(marks) if mark == "main"), None)
    if page.title is None or first is None or not page.title < first <= page.title + _LINES_AROUND:
        return
    for position in range(page.title + 1, first):
        role, words = page.role(position), page.words(position)
        introduces = role == "summary" and words >= 3
        if marks[position] or role not in ("", "summary") or (position in after_image and not introduces):
            continue
        headed = page.node(position).tag in ("h2", "h3", "h4", "p") and words >= 7
        if introduces or page.weights[position] or (headed and not _DIGIT.search(page.written(position))):
            marks[position] = "main"


def _evidence(page: _Page, marks: list[str]) -> Evidence:
    article = [position for position, mark in enumerate(marks) if mark in ("main", "title")]
    details = _details(page, marks, article) if article else []
    cuts = sorted((detail.start, detail.end) for detail in details)
    ranges: dict[str, list[Range]] = {}
    previous = ""
    for line, mark in zip(page.layout.lines, marks, strict=True):
        if not mark or mark in _SMALL:
            previous = ""
            continue
        kept = _without(page.layout.text, line.start, line.end, cuts)
        own = ranges.setdefault(mark, [])
        for start, end in kept:
            if mark == previous and start == line.start and mark not in ("title", "related"):
                own[-1][1] = end
            else:
                own.append([start, end])
        previous = mark if kept and kept[-1][1] == line.end else ""
    for detail in details:
        own = ranges.setdefault(detail.role, [])
        own.append([detail.start, detail.end, detail.value] if detail.role == "time" else [detail.start, detail.end])
    tags = [page.layout.text[d.start : d.end].strip("# ") for d in details if d.role == "tags"]
    return Evidence(
        {mark: own for mark, own in ranges.items() if own},
        _published(page, marks, article),
        _author(page, marks, article),
        [tag for tag in dict.fromkeys(tags) if tag],
    )


class _Detail(NamedTuple):
    """A date, a name or a tag of the article."""

    role: str
    start: int
    end: int
    value: str


def _details(page: _Page, marks: list[str], article: list[int]) -> list[_Detail]:
    """Dates, names and tags around the article, sorted and disjoint."""
    text = page.layout.text
    text_start = next((position for position in article if marks[position] == "main"), article[-1])
    found: list[_Detail] = []
    around = list(_parts_around(page, marks, article))
    tagged = [part for part, _ in around if part.role == "tags"]
    tag_ends = dict(_merged(tagged))
    tag_starts = sorted(tag_ends)
    for part, position in around:
        line = page.layout.lines[position]
        end = min(part.end, line.end)
        is_short = text.count(" ", part.start, end) < _MOST_WORDS_OF_A_DETAIL
        if part.role == "byline" and is_short:
            found.append(_Detail("byline", part.start, end, ""))
        elif part.role == "time" and is_short and (part.value or _DIGIT.search(text, part.start, end)):
            found.append(_Detail("time", part.start, end, part.value))
        elif part.role == "tags" and part.sure and marks[position] != "main":
            found.append(_Detail("tags", part.start, end, ""))
        elif part.role == "link" and position > text_start and marks[position] != "main":
            place = bisect_right(tag_starts, part.start) - 1
            inside = place >= 0 and part.end <= tag_ends[tag_starts[place]]
            if inside or page.role(position) == "tags" or page.layout.nodes[line.node].role == "tags":
                found.append(_Detail("tags", part.start, end, ""))
    chosen: list[_Detail] = []
    for role in ("time", "tags", "byline"):
        _add_details(page, chosen, _joined([detail for detail in found if detail.role == role]))
    rest = range(max(0, article[0] - _LINES_AROUND), min(len(marks), article[-1] + _LINES_AROUND))
    lines = [(marks[position], page.layout.lines[position]) for position in rest]
    whole = [_Detail(mark, line.start, line.end, "") for mark, line in lines if mark in ("byline", "time")]
    _add_details(page, chosen, whole)
    return sorted(chosen, key=lambda detail: detail.start)


def _add_details(page: _Page, chosen: list[_Detail], details: list[_Detail]) -> None:
    """Adds what those already chosen leave of details, where it still says something."""
    taken = sorted((detail.start, detail.end) for detail in chosen)
    for detail in details:
        for start, end in _without(page.layout.text, detail.start, detail.end, taken):
            left = page.layout.text[start:end]
            if _DIGIT.search(left) if detail.role == "time" else any(map(str.isalpha, left)) or detail.role == "tags":
                chosen.append(detail._replace(start=start, end=end))


def _parts_around(page: _Page, marks: list[str], article: list[int]) -> Iterator[tuple[Part, int]]:
    """The marked parts in and around the article, each with its line.

    Of what stands in furniture only that counts which lies between headline and text, and the tags and surely marked
    names in a box at the end of the article itself.
    """
    layout = page.layout
    if not article:
        return
    starts = [line.start for line in layout.lines]
    text = [position for position in article if marks[position] == "main"]
    inner = _common_node(page, article[0], text[0]) if text and page.title is not None else 0
    for part in layout.parts:
        position = bisect_right(starts, part.start) - 1
        if not article[0] - _LINES_AROUND <= position < article[-1] + _LINES_AROUND:
            continue
        node = layout.lines[position].node
        is_head = article[0] <= position < (text[1] if len(text) > 1 else article[-1])
        is_foot = (
            position > article[-1]
            and inner > 0
            and page.roles[node] == "furniture"
            and inner < node <= page.last[inner]
            and (part.role in ("tags", "link") or (part.role == "byline" and part.sure))
        )
        if page.roles[node] not in _REFUSED or is_head or is_foot:
            yield part, position


def _common_node(page: _Page, first: int, second: int) -> int:
    """The innermost node around two lines; 0 where it is the whole page."""
    target = page.layout.lines[second].node
    node = page.layout.lines[first].node
    while node and not node <= target <= page.last[node]:
        node = page.layout.nodes[node].parent
    return 0 if page.layout.nodes[node].tag in ("html", "body") else node


def _merged(parts: list[Part]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(part[:2] for part in parts):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _joined(details: list[_Detail]) -> list[_Detail]:
    """Details of one kind, those that overlap as one."""
    joined: list[_Detail] = []
    for detail in sorted(details, key=lambda detail: (detail.start, -detail.end)):
        if joined and detail.start < joined[-1].end:
            joined[-1] = joined[-1]._replace(
                end=max(joined[-1].end, detail.end), value=joined[-1].value or detail.value
            )
        else:
            joined.append(detail)
    return joined


def _without(text: str, start: int, end: int, cuts: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """What sorted, disjoint cuts leave of a range of the text, without white space around it."""
    if not cuts and not text[start].isspace() and not text[end - 1].isspace():
        return [(start, end)]
    left: list[tuple[int, int]] = []
    place = max(0, bisect_right(cuts, (start, start)) - 1)
    while place < len(cuts) and cuts[place][0] < end:
        left.append((start, cuts[place][0]))
        start = max(start, cuts[place][1])
        place += 1
    left.append((start, end))
    kept: list[tuple[int, int]] = []
    for first, last in left:
        if piece := text[first:last].strip():
            first = text.index(piece, first)
            kept.append((first, first + len(piece)))
    return kept


def _published(page: _Page, marks: list[str], article: list[int]) -> str:
    """The date of the article's own ``<time>``: above its text, or the only one below it."""
    text = [position for position in article if marks[position] == "main"]
    if not text:
        return ""
    dated = [(p, part.value) for part, p in _parts_around(page, marks, article) if part.role == "time" and part.value]
    head = page.title if page.title is not None else text[0] - _LINES_OVER_TITLE
    under_title = [value for position, value in dated if head <= position < text[0]]
    over_title = [value for position, value in dated if article[0] - _LINES_OVER_TITLE <= position < article[0]]
    below = [value for position, value in dated if position > text[-1]]
    if len({value[:10] for value in below}) > 1:
        below = []
    # An article is changed after its publication: of several dates of its own the earliest is that.
    return min(under_title or over_title or below, default="")


def _author(page: _Page, marks: list[str], article: list[int]) -> str:
    """The names marked as the author's: by microdata or link type, else by class."""
    named = [
        part
        for part, position in _parts_around(page, marks, article)
        if part.role == "byline" and marks[position] != "main"
    ]
    chosen = [part for part in named if part.sure][:20] or named[:3]
    inner = [
        part
        for part in chosen
        if not any(part.start <= o.start and o.end <= part.end and o[:2] != part[:2] for o in chosen)
    ]
    names = [page.layout.text[part.start : part.end] for part in inner]
    good = [name for name in names if name.count(" ") < 6 and not re.search(r"[\d:\n]", name)]
    return ", ".join(dict.fromkeys(good[:5]))
