"""Links the names of one article: short forms to full ones, every name to an entity.

A name known to the lexicon takes its entity; of several bearers of the name the one of a country the article speaks of. A
person's name that differs from one of the lexicon only as spellings of foreign names do (``variants.py``) takes that one's. Any
other name gets an id from its fullest form in the article, so that the same name has the same id in every article. Within
an article a full name carries to its short forms before and after it, in title and tags too (``دميتري بيسكوف`` → every
``بيسكوف``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from news_pipeline.entities import triggers
from news_pipeline.entities.lexicon import Entity, is_common, load_lexicon, local_id
from news_pipeline.entities.names import Found, Span
from news_pipeline.entities.variants import known_variant, skeleton
from news_pipeline.entities.words import Words, stripped_length

_NEVER_ALONE = frozenset({"الله", "الدين", "الرحمن", "العزيز", "الاسلام", *triggers.ORDINALS})
_PROPAGATED = 0.85
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


def link_names(fields: Mapping[str, Found]) -> list[Mention]:
    """Links the names found in each field (``title``, ``body``, ``tags``) and adds the short forms of full names.

    Returns:
        Mentions in order of field (as given) and place; spans do not overlap within a field.
    """
    if not any(found.spans for found in fields.values()):
        return []
    spans = _one_sense(fields)
    full = _full_names(fields, spans)
    by_keys = {(name.type, name.keys): name for name in full}
    shorts = _short_forms(full)
    firsts: dict[str, list[tuple[str, ...]]] = {}
    for short in sorted(shorts, key=lambda s: (-len(s), s)):
        firsts.setdefault(short[0], []).append(short)
    forms: dict[str, _Name] = {}
    for name in full:
        best = forms.get(name.entity_id)
        if best is None or (len(name.keys), len(name.form), name.form) > (len(best.keys), len(best.form), best.form):
            forms[name.entity_id] = name
    mentions: list[Mention] = []
    for field, own in spans.items():
        words = fields[field].words
        bearers = {span: shorts[span.keys] for span in own if span.type == "PER" and len(shorts.get(span.keys, ())) > 1}
        linked = [_linked(field, span, by_keys, shorts, forms) for span in own if span not in bearers]
        full_names = list(linked)
        for span, namesakes in bearers.items():
            meant = _nearest(namesakes, full_names, span.start)
            linked.append(_short(field, span.start, span.end, meant, forms))
        if shorts:
            taken = {i for span in own for i in range(span.first, span.last)}
            linked += _propagated(field, words, taken, shorts, firsts, forms, full_names)
        mentions += sorted(linked, key=lambda m: m.start)
    return mentions


def _one_sense(fields: Mapping[str, Found]) -> dict[str, list[Span]]:
    """Gives a name unknown to the lexicon one type throughout the article: the commonest, surest one (Gale et al. 1992)."""
    votes: dict[tuple[str, ...], dict[str, float]] = {}
    for found in fields.values():
        for span in found.spans:
            if not span.entities:
                own = votes.setdefault(span.keys, {})
                own[span.type] = own.get(span.type, 0.0) + span.confidence
    senses = {
        keys: max(own.items(), key=lambda vote: (vote[1], vote[0]))[0] for keys, own in votes.items() if len(own) > 1
    }
    return {
        field: [
            span if span.entities or span.keys not in senses else span._replace(type=senses[span.keys])
            for span in found.spans
        ]
        if senses
        else found.spans
        for field, found in fields.items()
    }


def _full_names(fields: Mapping[str, Found], spans: Mapping[str, list[Span]]) -> list[_Name]:
    """Every distinct name of the article with its entity, longest first."""
    names: dict[tuple[str, tuple[str, ...]], _Name] = {}
    countries: set[str] | None = None
    for field, own in spans.items():
        text = fields[field].words.text
        for span in own:
            at = (span.type, span.keys)
            if at in names:
                continue
            entities = span.entities
            if len(entities) > 1:
                countries = _countries(fields) if countries is None else countries
                entities = tuple(e for e in entities if e.country in countries) or entities
            form = " ".join(text[span.start : span.end].split())
            if form.startswith("ل") and span.keys[0].startswith("ال"):
                form = f"ا{form}"  # للقوات writes ل and the ل of ال: the name itself is القوات
            names[at] = _Name(span.keys, span.type, entities[0].entity_id if entities else "", form)
    ordered = sorted(names.values(), key=lambda n: (-len(n.keys), n.keys, n.type))
    result: list[_Name] = []
    for name in ordered:
        if not name.entity_id:
            name = name._replace(entity_id=_entity_of(name, result))
        result.append(name)
    return result


def _entity_of(name: _Name, longer: list[_Name]) -> str:
    """The entity of a name the lexicon does not have: of a longer name here, of a spelling of it, or one of its own."""
    known = known_variant(name.keys) if name.type == "PER" else None
    if known:
        return known.entity_id
    full = _only_longer(name, longer)
    if full:
        return full.entity_id
    keys = [skeleton(key) for key in name.keys] if name.type == "PER" and len(name.keys) > 1 else name.keys
    return local_id(name.type, " ".join(keys))


def _countries(fields: Mapping[str, Found]) -> set[str]:
    """Countries the article speaks of: of the names with one bearer only, and by nisbas."""
    found = {word.country for own in fields.values() for word in own.words.words}
    sure: list[Entity] = [span.entities[0] for own in fields.values() for span in own.spans if len(span.entities) == 1]
    return {country for country in (*found, *(entity.country for entity in sure)) if country}


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
    own = tuple(skeleton(key) for key in name.keys)
    fitting = []
    for other in longer:
        if other.type == "PER" and len(other.keys) > n:
            keys = tuple(skeleton(key) for key in other.keys)
            if keys[-n:] == own or (n >= 2 and (keys[:n] == own or _within(own, keys))):
                fitting.append(other)
    return fitting[0] if len({other.entity_id for other in fitting}) == 1 else None


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
    firsts: dict[str, list[tuple[str, ...]]],
    forms: dict[str, _Name],
    bearers: list[Mention],
) -> list[Mention]:
    """Mentions of short forms among the words that no span covers.

    ``firsts`` are the short forms by their first words, longest first; ``bearers`` the field's linked full names.
    """
    mentions = []
    behind = 0
    hits = {
        word
        for word in set(words.words)
        if word.key in firsts or (word.rests and any(rest in firsts for _, rest in word.rests))
    }
    for at in [i for i, word in enumerate(words.words) if word in hits] if hits else ():
        if at < behind or at in taken:
            continue
        word = words.words[at]
        hit = None
        for stripped, key in ((0, word.key), *word.rests):
            if key in firsts:
                hit = _short_at(words, at, stripped, firsts[key], taken)
                break
        if hit is None:
            continue
        short, stripped = hit
        names = shorts[short]
        start = words.starts[at]
        if stripped:
            start += stripped_length(words.text[start : words.ends[at]], stripped)
        last = at + len(short)
        # Of several bearers the one named last before this place is meant, else the first named after it.
        name = names[0] if len(names) == 1 else _nearest(names, bearers, start)
        mentions.append(_short(field, start, words.ends[last - 1], name, forms))
        behind = last
    return mentions


def _short(field: str, start: int, end: int, name: _Name, forms: dict[str, _Name]) -> Mention:
    """A mention by a short form of a name."""
    form = forms[name.entity_id].form
    return Mention(field, start, end, name.type, name.entity_id, form, _PROPAGATED, "propagated")


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
