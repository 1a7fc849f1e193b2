"""Finds names in one text: from the lexicon, from titles and roles, from heads of organisations.

Each finder proposes spans over words; where proposals overlap the longest stands, then the better method. What a span
refers to across the whole article is the linker's business (``link.py``).
"""

from __future__ import annotations

from typing import NamedTuple

from news_pipeline.arabic.clitics import proclitic_splits
from news_pipeline.entities import triggers
from news_pipeline.entities.lexicon import Entity, Pattern, load_lexicon
from news_pipeline.entities.words import (
    DEFINITE,
    DEFINITE_ORG_HEAD,
    GIVEN,
    LATIN_CAPITAL,
    NAME,
    NISBA,
    ORG_HEAD,
    ROLE,
    RULES,
    SPEECH,
    TITLE,
    WEAK_GIVEN,
    Word,
    Words,
    stripped_length,
)

_JOINED = frozenset({" ", "\u00a0", "\u200c", "  "})
_JOINED_OR_HYPHEN = _JOINED | {"-", "–", "ـ"}
_COMMA = frozenset({"، ", " ، ", "،", ", ", " , ", ' "', ": ", " - ", " – "})
_OPENING_QUOTE = frozenset({' "', " «", " “", " ”"})
_LONGEST_NAME = 7
_LONGEST_ORG = 6
_REACH = 9  # words between a role and the name it announces

CONFIDENCE = {"lexicon": 0.95, "homograph": 0.75, "title": 0.8, "given": 0.75, "org_rule": 0.7, "latin": 0.6}
"""Confidence by way of finding: set by judgement, not calibrated."""


class Span(NamedTuple):
    """A proposed mention: words ``[first, last)``, code points ``[start, end)``, type, keys and how it was found.

    ``entities`` are the lexicon's candidates, best first, empty for a name it does not know.
    """

    first: int
    last: int
    start: int
    end: int
    type: str
    keys: tuple[str, ...]
    entities: tuple[Entity, ...]
    method: str
    confidence: float


def find_names(words: Words, countries: set[str], *, latin: bool = False) -> list[Span]:
    """All names of a text, in order and without overlap.

    Args:
        words: The text, split.
        countries: ISO codes of the countries the article speaks of; decides homographs (see ``countries_in``).
        latin: Whether the text is written in Latin letters.
    """
    spans: list[Span] = []
    skip_lexicon_to = 0
    for i, word in enumerate(words.words):
        if word.starts and i >= skip_lexicon_to:
            found = _lexicon_span(words, i, countries)
            if found:
                spans.append(found)
                skip_lexicon_to = found.last
        flags = word.flags
        if flags & RULES or word.stripped_given >= 0:
            _rule_spans(words, i, spans)
    if latin:
        spans += _latin_spans(words)
    return _without_overlap(spans)


def countries_in(texts: list[Words]) -> set[str]:
    """ISO codes of the countries an article names beyond doubt, by place names that are no homographs or by nisbas."""
    found: set[str] = set()
    for words in texts:
        for i, word in enumerate(words.words):
            if word.country:
                found.add(word.country)
            if word.starts:
                for stripped, names in word.starts:
                    for pattern in _candidates(words, i, names):
                        entity = pattern.entities[0]
                        if (
                            entity.country
                            and not pattern.homograph
                            and entity.type != "PER"
                            and _fits(words, i, pattern)
                        ):
                            found.add(entity.country)
                    if stripped == 0:
                        break
    return found


def _candidates(words: Words, i: int, names: dict[str, tuple[Pattern, ...]]) -> tuple[Pattern, ...]:
    """The names that begin with word ``i`` and, where longer, go on with the next one; longest first."""
    alone = names.get("", ())
    if i + 1 < len(words.words):
        longer = names.get(words.words[i + 1].key)
        if longer:
            return longer + alone
    return alone


def _fits(words: Words, i: int, pattern: Pattern) -> bool:
    """Whether the words from ``i`` on are the pattern's (its first key is known to match)."""
    n = len(pattern.keys)
    if n == 1:
        return True
    if i + n > len(words.words):
        return False
    for offset in range(1, n):
        at = i + offset
        if words.words[at].key != pattern.keys[offset]:
            return False
        if words.text[words.ends[at - 1] : words.starts[at]] not in _JOINED_OR_HYPHEN:
            return False
    return True


def _lexicon_span(words: Words, i: int, countries: set[str]) -> Span | None:
    for stripped, names in words.words[i].starts:
        for pattern in _candidates(words, i, names):
            if not _fits(words, i, pattern):
                continue
            entities = pattern.entities
            confidence = CONFIDENCE["lexicon"]
            if pattern.latin and len(pattern.keys) == 1 and len(pattern.keys[0]) < 2:
                continue
            if pattern.homograph:
                if not _homograph_is_name(words, i, stripped, pattern, countries):
                    continue
                confidence = CONFIDENCE["homograph"]
            if len(entities) > 1:
                near = [e for e in entities if e.country in countries]
                entities = tuple(near + [e for e in entities if e not in near])
            if _is_adjectival(words, i, pattern):
                continue
            first, keys = i, pattern.keys
            while len(keys) > 1 and (
                keys[0] in triggers.TITLES or keys[0] in triggers.DROPPED_HEADS
            ):  # titles are no part of names
                first, stripped, keys = first + 1, 0, keys[1:]
            last = i + len(pattern.keys)
            return _span(words, first, last, stripped, entities[0].type, keys, entities, "lexicon", confidence)
    return None


def _is_adjectival(words: Words, i: int, pattern: Pattern) -> bool:
    """``السياسة الخارجية الروسية`` is foreign policy: a short ministry name directly behind a definite feminine noun."""
    if pattern.keys[0] not in ("الخارجيه", "الداخليه") or i == 0:
        return False
    before = words.words[i - 1].key
    joined = words.text[words.ends[i - 1] : words.starts[i]] in _JOINED
    return joined and before.startswith("ال") and before.endswith(("ه", "ات", "ون", "ين"))


def _homograph_is_name(words: Words, i: int, stripped: int, pattern: Pattern, countries: set[str]) -> bool:
    before = words.words[i - 1].key if i and words.text[words.ends[i - 1] : words.starts[i]] in _JOINED else ""
    if before in triggers.PLACE_NOUNS:
        return True
    if any(entity.country in countries for entity in pattern.entities):
        return stripped > 0 or before in triggers.PLACE_PREPOSITIONS or pattern.entities[0].iso_code is not None
    return False


def _span(
    words: Words,
    first: int,
    last: int,
    stripped: int,
    type_: str,
    keys: tuple[str, ...],
    entities: tuple[Entity, ...],
    method: str,
    confidence: float,
) -> Span:
    start = words.starts[first]
    if stripped:
        start += stripped_length(words.text[start : words.ends[first]], stripped)
    return Span(first, last, start, words.ends[last - 1], type_, keys, entities, method, confidence)


def _rule_spans(words: Words, i: int, spans: list[Span]) -> None:
    word = words.words[i]
    flags = word.flags
    if flags & (GIVEN) or word.stripped_given >= 0:
        stripped = max(word.stripped_given, 0)
        last = _person_end(words, i)
        if last - i >= 2 and not (flags & WEAK_GIVEN and not _backs_weak(words, i, last)):
            spans.append(_person(words, i, last, stripped, "given"))
    if flags & (TITLE | ROLE):
        _announced_person(words, i, spans)
    if flags & SPEECH and i + 1 < len(words.words) and _gap(words, i) in _JOINED:
        last = _person_end(words, i + 1)
        if last - i >= 3 and words.words[i + 1].flags & (NAME | GIVEN):
            spans.append(_person(words, i + 1, last, 0, "title"))
    if flags & (ORG_HEAD | DEFINITE_ORG_HEAD):
        _organisation(words, i, spans)


def _person(words: Words, first: int, last: int, stripped: int, method: str) -> Span:
    keys = [word.key for word in words.words[first:last]]
    if stripped:
        keys[0] = keys[0][stripped:]
    return _span(words, first, last, stripped, "PER", tuple(keys), (), "rule", CONFIDENCE[method])


def _gap(words: Words, i: int) -> str:
    """What stands between word ``i`` and the next."""
    return words.text[words.ends[i] : words.starts[i + 1]]


def _backs_weak(words: Words, i: int, last: int) -> bool:
    """A given name that is also an everyday word needs a surer word behind it."""
    following = words.words[i + 1]
    if following.flags & GIVEN and not following.flags & WEAK_GIVEN:
        return True
    return bool(following.flags & NAME) or following.key in triggers.NAME_LINKS


def _person_end(words: Words, first: int) -> int:
    """Where the name that begins at ``first`` ends (exclusive); ``first`` itself if no name begins there."""
    word = words.words[first]
    if not (word.flags & (GIVEN | NAME) or word.stripped_given >= 0 or word.key in triggers.NAME_LINKS):
        return first
    n = len(words.words)
    last = first + 1
    linked = word.key in triggers.NAME_LINKS
    if linked and not word.flags & (GIVEN | NAME) and (last >= n or _gap(words, first) not in _JOINED):
        return first
    while last < n and last - first < _LONGEST_NAME and _gap(words, last - 1) in _JOINED_OR_HYPHEN:
        word, before = words.words[last], words.words[last - 1]
        flags, key = word.flags, word.key
        if linked:
            linked = key in triggers.NAME_LINKS
        elif key in triggers.NAME_LINKS:
            if last + 1 >= n or _gap(words, last) not in _JOINED:
                break
            linked = True
        elif flags & (TITLE | ROLE | SPEECH | NISBA) or key in triggers.NOT_AFTER_GIVEN:
            break
        elif flags & DEFINITE:
            # A family name with the article may be an everyday word (الصيد) only right behind a given name.
            if not flags & (NAME | GIVEN) and not (before.flags & GIVEN and last - first <= 2):
                break
            last += 1
            break
        elif (flags & WEAK_GIVEN and not before.flags & (GIVEN | NAME)) or not flags & (GIVEN | NAME):
            break
        last += 1
    if linked:
        last -= 1
    return last


def _announced_person(words: Words, i: int, spans: list[Span]) -> None:
    """The person a title or role at ``i`` announces, if one follows."""
    n = len(words.words)
    is_title = bool(words.words[i].flags & TITLE)
    at = i + 1
    commas = 0
    while at < n and at - i <= _REACH:
        gap = _gap(words, at - 1)
        if gap not in _JOINED:
            if gap not in _COMMA or commas:
                return
            commas += 1
        word = words.words[at]
        if word.flags & (GIVEN | NAME) or word.key in triggers.NAME_LINKS:
            last = _person_end(words, at)
            weak = word.flags & WEAK_GIVEN and last - at < 2
            if last > at and not weak and (last - at >= 2 or is_title or at - i > 1 or word.flags & GIVEN):
                known = any(span.first <= at < span.last and span.type != "PER" for span in spans[-3:])
                if not known:
                    spans.append(_person(words, at, last, 0, "title"))
            return
        if word.flags & SPEECH or not (
            word.flags & (NISBA | TITLE | ROLE | ORG_HEAD | DEFINITE_ORG_HEAD)
            or word.key in triggers.ROLE_MODIFIERS
            or word.country
            or word.starts
        ):
            return
        if any(
            p.entities[0].type == "PER" for stripped, names in word.starts if not stripped for p in names.get("", ())
        ):
            return
        at += 1


def _organisation(words: Words, i: int, spans: list[Span]) -> None:
    """The organisation whose head stands at ``i``."""
    n = len(words.words)
    head = words.words[i]
    if i + 1 >= n:
        return
    definite_head = bool(head.flags & DEFINITE_ORG_HEAD) and not head.flags & ORG_HEAD
    stripped, key = _head(head.key, triggers.DEFINITE_ORG_HEADS if definite_head else triggers.ORG_HEADS)
    gap = _gap(words, i)
    if gap in _OPENING_QUOTE and not definite_head:
        last = _quoted_end(words, i + 1)
        if last:
            spans.append(_org(words, i, last, stripped, key, quoted=True))
        return
    if gap not in _JOINED:
        return
    last = i + 1
    proper = False
    while last < n and last - i < _LONGEST_ORG and _gap(words, last - 1) in _JOINED:
        word = words.words[last]
        flags = word.flags
        if definite_head:
            if not flags & DEFINITE or flags & (TITLE | ROLE | SPEECH) or not word.key.endswith(("ي", "يه")):
                if last > i + 1 and proper and word.key.startswith("لل") and len(word.key) > 4:
                    last += 1
                break
            proper = proper or bool(flags & NISBA)
            last += 1
            continue
        if flags & DEFINITE and not flags & (TITLE | ROLE | SPEECH) and word.key not in triggers.NOT_AFTER_GIVEN:
            proper = proper or bool(flags & (NAME | NISBA))
            last += 1
            if flags & NISBA and last - i >= 3:
                break
        elif last == i + 1 and (flags & (NAME | GIVEN) or _is_place(word)):
            proper = True
            last += 1
            while last < n and last - i < 4 and words.words[last].flags & NAME and _gap(words, last - 1) in _JOINED:
                last += 1
            break
        elif (
            last > i + 1
            and word.key.startswith("وال")
            and len(word.key) > 5
            and not flags & (SPEECH | ROLE | TITLE | ORG_HEAD)
        ):
            if not words.words[last - 1].flags & DEFINITE:
                break
            last += 1
        else:
            break
    if last - i < 2:
        return
    if proper or (not definite_head and key in triggers.STRONG_ORG_HEADS):
        spans.append(_org(words, i, last, stripped, key))


def _head(key: str, heads: frozenset[str]) -> tuple[int, str]:
    """How many letters to strip off an organisation's head, and the head itself."""
    if key in heads:
        return 0, key
    return next(((length, rest) for length, rest in proclitic_splits(key) if rest in heads), (0, key))


def _is_place(word: Word) -> bool:
    return any(
        p.entities[0].type == "LOC" for stripped, names in word.starts if not stripped for p in names.get("", ())
    )


def _quoted_end(words: Words, first: int) -> int | None:
    """The word after a quoted name of at most five words that opens before ``first``; None if it does not close."""
    for last in range(first + 1, min(first + 6, len(words.words) + 1)):
        gap = (
            words.text[words.ends[last - 1] : words.starts[last]]
            if last < len(words.words)
            else words.text[words.ends[last - 1] :]
        )
        if gap[:1] in '"»”':
            return last if gap else None
        if gap not in _JOINED:
            return None
    return None


def _org(words: Words, first: int, last: int, stripped: int, head: str, *, quoted: bool = False) -> Span:
    """An organisation; where what follows its head is itself a known one (``شركة غوغل``), that one is meant."""
    spellings = load_lexicon().nisba_spellings
    keys = (head, *(spellings.get(word.key, word.key) for word in words.words[first + 1 : last]))
    span = _span(words, first, last, stripped, "ORG", keys, (), "rule", CONFIDENCE["org_rule"])
    if quoted:
        span = span._replace(end=span.end + 1)  # the closing mark
    for letters, names in words.words[first + 1].starts:
        for pattern in _candidates(words, first + 1, names) if letters == 0 else ():
            if pattern.keys == keys[1:] and pattern.entities[0].type == "ORG" and _fits(words, first + 1, pattern):
                return span._replace(entities=pattern.entities)
    return span


def find_people_in_tags(tags: Words, body: Words) -> list[Span]:
    """People whom a tag names in full and no other rule knows: a tag of name words whose last one speaks in the body."""
    speakers = {
        body.words[i + 1].key
        for i, word in enumerate(body.words[:-1])
        if word.flags & SPEECH and _gap(body, i) in _JOINED
    }
    spans = []
    first = 0
    for i in range(len(tags.words)):
        if i + 1 < len(tags.words) and "\n" not in _gap(tags, i):
            continue
        last = i + 1
        if 2 <= last - first <= 4 and tags.words[i].key in speakers and _person_end(tags, first) == last:
            spans.append(_person(tags, first, last, 0, "given"))
        first = last
    return spans


_LATIN_TITLES = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "dr",
        "president",
        "minister",
        "chancellor",
        "senator",
        "general",
        "king",
        "queen",
        "prince",
        "princess",
        "sir",
        "judge",
        "professor",
        "secretary",
        "spokesman",
        "spokeswoman",
        "spokesperson",
        "m",
        "mme",
        "président",
        "ministre",
    ]
)
_LATIN_ORG_WORDS = frozenset(
    [
        "ministry",
        "university",
        "party",
        "inc",
        "corp",
        "ltd",
        "bank",
        "agency",
        "council",
        "commission",
        "committee",
        "association",
        "union",
        "institute",
        "ministère",
        "université",
        "parti",
        "banque",
        "agence",
        "conseil",
    ]
)


def _latin_spans(words: Words) -> list[Span]:
    """Runs of capitalised words behind a title (people) or holding the word for a body (organisations)."""
    spans = []
    i, n = 0, len(words.words)
    while i < n:
        if not words.words[i].flags & LATIN_CAPITAL:
            i += 1
            continue
        last = i + 1
        while (
            last < n and words.words[last].flags & LATIN_CAPITAL and _gap(words, last - 1) in (" ", "-", ". ", "\u00a0")
        ):
            last += 1
        keys = tuple(word.key for word in words.words[i:last])
        if _LATIN_ORG_WORDS.intersection(keys) and len(keys) >= 2:
            spans.append(_span(words, i, last, 0, "ORG", keys, (), "rule", CONFIDENCE["latin"]))
        elif len(keys) >= 2:
            first = i
            while first < last and words.words[first].key in _LATIN_TITLES:
                first += 1
            announced = first > i or (i > 0 and words.words[i - 1].key in _LATIN_TITLES)
            if announced and last - first >= 1:
                spans.append(_span(words, first, last, 0, "PER", keys[first - i :], (), "rule", CONFIDENCE["latin"]))
        i = last
    return spans


def _without_overlap(spans: list[Span]) -> list[Span]:
    """Keeps the longest of overlapping spans, then the surest, then the first."""
    if len(spans) < 2:
        return spans
    taken: list[Span] = []
    used: set[int] = set()
    for span in sorted(spans, key=lambda s: (-(s.last - s.first), -s.confidence, s.first, s.type)):
        places = range(span.first, span.last)
        if used.isdisjoint(places):
            used.update(places)
            taken.append(span)
    return sorted(taken, key=lambda s: s.start)
