"""Links the names of one article: short forms to full ones, every name to an entity.

A name known to the lexicon takes its entity. A name unknown to it gets an id from its fullest form in the article, so
that the same name has the same id in every article. Within an article a full name carries to its short forms before
and after it, in title and tags too (``دميتري بيسكوف`` → every ``بيسكوف``).
"""

from __future__ import annotations

from typing import NamedTuple

from news_pipeline.arabic.clitics import proclitic_splits
from news_pipeline.entities import triggers
from news_pipeline.entities.lexicon import is_common, load_lexicon, local_id
from news_pipeline.entities.names import Span
from news_pipeline.entities.words import Words, stripped_length

_NEVER_ALONE = frozenset({"الله", "الدين", "الرحمن", "العزيز", "الاسلام", *triggers.ORDINALS})
_PROPAGATED = 0.85
_PROCLITICS = frozenset("وفبلك")
_JOINED = frozenset({" ", "\u00a0", "\u200c", "  ", "-"})


class Mention(NamedTuple):
    """A linked mention in a field: code points, type, entity, and the fullest form of the name in the article."""

    field: str
    start: int
    end: int
    type: str
    entity_id: str
    canonical: str
    confidence: float
    method: str


class _Name(NamedTuple):
    """A name of the article to which short forms may link."""

    keys: tuple[str, ...]
    type: str
    entity_id: str
    form: str


def link_names(fields: dict[str, Words], found: dict[str, list[Span]]) -> list[Mention]:
    """Links the spans found in each field and adds the short forms of full names.

    Args:
        fields: The split text of each field (``title``, ``body``, ``tags``).
        found: The spans of each field, in order.

    Returns:
        Mentions in order of field (as given) and place; spans do not overlap within a field.
    """
    full = _full_names(fields, found)
    by_keys = {(name.type, name.keys): name for name in full}
    shorts = _short_forms(full)
    forms: dict[str, _Name] = {}
    for name in full:
        best = forms.get(name.entity_id)
        if best is None or (len(name.keys), len(name.form), name.form) > (len(best.keys), len(best.form), best.form):
            forms[name.entity_id] = name
    mentions: list[Mention] = []
    for field, spans in found.items():
        words = fields[field]
        linked = [_linked(field, span, by_keys, shorts, forms) for span in spans]
        if shorts:
            taken = {i for span in spans for i in range(span.first, span.last)}
            linked += _propagated(field, words, taken, shorts, forms, linked)
        mentions += sorted(linked, key=lambda m: m.start)
    return mentions


def _full_names(fields: dict[str, Words], found: dict[str, list[Span]]) -> list[_Name]:
    """Every distinct name of the article with its entity, longest first."""
    names: dict[tuple[str, tuple[str, ...]], _Name] = {}
    for field, spans in found.items():
        text = fields[field].text
        for span in spans:
            at = (span.type, span.keys)
            if at in names:
                continue
            entity_id = span.entities[0].entity_id if span.entities else ""
            form = " ".join(text[span.start : span.end].split())
            if form.startswith("ل") and span.keys[0].startswith("ال"):
                form = f"ا{form}"  # للقوات writes ل and the ل of ال: the name itself is القوات
            names[at] = _Name(span.keys, span.type, entity_id, form)
    ordered = sorted(names.values(), key=lambda n: (-len(n.keys), n.keys, n.type))
    result: list[_Name] = []
    for name in ordered:
        if not name.entity_id:
            longer = _only_longer(name, result)
            entity_id = longer.entity_id if longer else local_id(name.type, " ".join(name.keys))
            name = name._replace(entity_id=entity_id)
        result.append(name)
    return result


def _only_longer(name: _Name, longer: list[_Name]) -> _Name | None:
    """The one longer name of the article that this one is short for, if there is just one.

    A person's ends in it or contains it; an organisation's begins with it (``وزارة الدفاع`` → ``وزارة الدفاع الروسية``).
    """
    n = len(name.keys)
    if name.type == "ORG" and n >= 2:
        begun = [
            other for other in longer if other.type == "ORG" and other.keys[:n] == name.keys and len(other.keys) > n
        ]
        return begun[0] if len({other.entity_id for other in begun}) == 1 else None
    if name.type != "PER":
        return None
    fitting = [
        other
        for other in longer
        if other.type == "PER"
        and len(other.keys) > n
        and (
            other.keys[-n:] == name.keys or (n >= 2 and (other.keys[:n] == name.keys or _within(name.keys, other.keys)))
        )
    ]
    ids = {other.entity_id for other in fitting}
    return fitting[0] if len(ids) == 1 else None


def _within(inner: tuple[str, ...], outer: tuple[str, ...]) -> bool:
    """Whether the words of one name stand in the other in the same order (``محمد البرادعي`` in ``محمد مصطفى البرادعي``)."""
    rest = iter(outer)
    return all(key in rest for key in inner)


def _short_forms(full: list[_Name]) -> dict[tuple[str, ...], list[_Name]]:
    """The short forms of the article's full personal names: endings of the name that can stand alone."""
    common = load_lexicon().common_words
    given = load_lexicon().given_names
    entities = load_lexicon().entities
    shorts: dict[tuple[str, ...], list[_Name]] = {}
    for name in full:
        if name.type != "PER" or len(name.keys) < 2 or (name.keys[0].isascii() and len(name.keys) < 2):
            continue
        for length in range(1, len(name.keys) + 1):
            short = name.keys[-length:]
            if length == 1:
                key = short[0]
                if key in _NEVER_ALONE or len(key) < 3 or name.keys[-2] in triggers.NAME_LINKS:
                    continue
                surname = key.startswith("ال") and name.entity_id in entities  # الأسد, known to be a name
                if not surname and key not in given and is_common(key, common):
                    continue
            elif short[0] not in triggers.NAME_LINKS and 2 < length < len(name.keys):
                continue
            known = shorts.setdefault(short, [])
            if all(other.entity_id != name.entity_id for other in known):
                known.append(name)
    return shorts


def _linked(
    field: str,
    span: Span,
    by_keys: dict[tuple[str, tuple[str, ...]], _Name],
    shorts: dict[tuple[str, ...], list[_Name]],
    forms: dict[str, _Name],
) -> Mention:
    name = by_keys[span.type, span.keys]
    entity_id, method, confidence = name.entity_id, span.method, span.confidence
    others = shorts.get(span.keys, []) if span.type == "PER" else []
    if others and all(other.entity_id != entity_id for other in others) and len(others) == 1:
        # A name known alone (بوش) in an article that names another bearer in full.
        entity_id, method, confidence = others[0].entity_id, "propagated", _PROPAGATED
    elif others and len(span.keys) == 1 and not span.entities:
        method, confidence = "propagated", _PROPAGATED
    return Mention(field, span.start, span.end, span.type, entity_id, forms[entity_id].form, confidence, method)


def _propagated(
    field: str,
    words: Words,
    taken: set[int],
    shorts: dict[tuple[str, ...], list[_Name]],
    forms: dict[str, _Name],
    bearers: list[Mention],
) -> list[Mention]:
    """Mentions of short forms among the words that no span covers; ``bearers`` are the field's linked full names."""
    firsts: dict[str, list[tuple[str, ...]]] = {}
    for short in shorts:
        firsts.setdefault(short[0], []).append(short)
    for options in firsts.values():
        options.sort(key=lambda s: (-len(s), s))
    mentions = []
    at = 0
    n = len(words.words)
    while at < n:
        hit = None
        if at not in taken:
            key = words.words[at].key
            if key in firsts:
                hit = _short_at(words, at, 0, firsts[key], taken)
            elif key[:1] in _PROCLITICS:
                for stripped, rest in proclitic_splits(key):
                    if rest in firsts:
                        hit = _short_at(words, at, stripped, firsts[rest], taken)
                        break
        if hit is None:
            at += 1
            continue
        short, stripped = hit
        names = shorts[short]
        start = words.starts[at]
        if stripped:
            start += stripped_length(words.text[start : words.ends[at]], stripped)
        last = at + len(short)
        # Of several bearers the one named last before this place is meant, else the first named after it.
        name = names[0] if len(names) == 1 else _nearest(names, bearers, start)
        mentions.append(
            Mention(
                field,
                start,
                words.ends[last - 1],
                "PER",
                name.entity_id,
                forms[name.entity_id].form,
                _PROPAGATED,
                "propagated",
            )
        )
        at = last
    return mentions


def _nearest(names: list[_Name], bearers: list[Mention], start: int) -> _Name:
    by_id = {name.entity_id: name for name in names}
    placed = [mention for mention in bearers if mention.entity_id in by_id]
    before = [mention for mention in placed if mention.start < start]
    if before:
        return by_id[max(before, key=lambda m: m.start).entity_id]
    return by_id[min(placed, key=lambda m: m.start).entity_id] if placed else names[0]


def _short_at(
    words: Words, at: int, stripped: int, options: list[tuple[str, ...]], taken: set[int]
) -> tuple[tuple[str, ...], int] | None:
    for short in options:
        last = at + len(short)
        if last > len(words.words) or any(i in taken for i in range(at, last)):
            continue
        if all(
            words.words[at + k].key == short[k] and words.text[words.ends[at + k - 1] : words.starts[at + k]] in _JOINED
            for k in range(1, len(short))
        ):
            return short, stripped
    return None
