"""Finds whom a phrase stands for in the article: by name, by office, by the noun of a body, by a document it issued."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from news_pipeline.arabic.clitics import proclitic_splits, strip_article
from news_pipeline.arabic.keys import norm_ar
from news_pipeline.entities import speech, triggers
from news_pipeline.entities.lexicon import load_lexicon
from news_pipeline.entities.link import Mention
from news_pipeline.entities.passage import (
    Passage,
    gap_before,
    marks_around,
    mentions_in,
    word_at,
)
from news_pipeline.entities.words import DEFINITE_ORG_HEAD, NISBA, ROLE, SPEECH, TITLE, Word

_LONGEST_ROLE = 8  # words before a name
_SPACES = " \u00a0"
_OUR_SOURCE = frozenset(norm_ar("مصدرنا محدثنا").split())
_VAGUE = frozenset(
    norm_ar("السابق السابقة الأسبق الحالي الجديد الجديدة العام الأول الشاب الراحل المنتخب باسم السيد").split()
)


class Speaker(NamedTuple):
    """Who speaks, as written (none where the verb alone implies it), and the entity it stands for."""

    span: tuple[int, int] | None
    entity_id: str | None


class Office(NamedTuple):
    """An office the article gives a person: its words without nationalities, the countries, who holds it, and where."""

    keys: tuple[str, ...]
    countries: frozenset[str]
    entity_id: str
    at: int


@dataclass
class Voices:
    """What the reader has heard so far: speakers in order with the gender of their verbs; offices of the article.

    ``unheard`` is the last verb that introduced nothing, and the word its subject ends before: who it is matters only
    where something hangs on it. ``unheard_outside`` is the one before a relative clause that holds it: a participle behind
    the clause hangs on that one.
    """

    offices: list[Office] | None = None
    unheard: tuple[int, int] | None = None
    unheard_outside: tuple[int, int] | None = None
    heard: list[tuple[Speaker, str, int]] = field(default_factory=list)

    @property
    def last(self) -> Speaker:
        """Who spoke last."""
        return self.heard[-1][0] if self.heard else Speaker(None, None)


def person_of(p: Passage, first: int, named: list[Mention]) -> Mention | None:
    """The person a noun phrase names: the first one, unless a noun of kinship or service before it makes it another."""
    people = [m for m in named if m.type == "PER"]
    if people and p.words[first].key in speech.RELATIONS | speech.SPOKESPEOPLE:
        before = word_at(p, people[0].start)
        between = p.words[first + 1 : before]
        if between and between[0].key in ("باسم", "بلسان"):
            governed = len(between) > 1 and bool(between[1].flags & (ROLE | TITLE))  # باسم الرئيس فلان
        else:
            governed = all(word.flags & (ROLE | TITLE | NISBA) for word in between)
            governed = governed and p.words[first].key in speech.RELATIONS
            if p.words[first].key in speech.KIN and between and between[0].flags & (ROLE | TITLE):
                governed = True  # ابنة مؤسس الحزب فلان
        if governed:
            behind = [m for m in people[1:] if p.body[people[0].end : m.start].strip(_SPACES) in ("", "،")]
            return behind[0] if behind else None
    return people[0] if people else None


def entity_of(p: Passage, voices: Voices, first: int, end: int) -> str | None:
    """The entity of the noun phrase from word ``first`` on: its person, else whom the office means, else its body."""
    start = p.starts[first]
    inside = mentions_in(p, start, end)
    word = p.words[first]
    key = word.key
    body = next((m for m in inside if m.type in ("ORG", "LOC")), None)
    if body and body.start == start:
        return body.entity_id
    person = person_of(p, first, inside)
    if person and start < person.start < p.ends[first]:  # a name whose first letter was taken for a particle
        called = _person_called(p, first, end)
        if called:
            return called
    if person and key in speech.ANONYMOUS:  # مصادر قريبة من فلان
        named = word_at(p, person.start)
        between = p.words[first + 1 : named]
        governed = any(word.key in speech.PREPOSITIONS or word.key[:1] in "بل" for word in between)
        governed = governed or (key in speech.ONE_OF and len(between) == 1)  # أحد مساعدي فلان
        person = None if governed and not is_named_beside(p, first, named) else person
    if person:
        return _fuller(p, person)
    if _is_same_source(p, first, end):
        return voices.last.entity_id
    called = None if inside else _person_called(p, first, end)
    if called:
        return called
    if key in speech.ANONYMOUS | speech.REPORTERS:
        return None
    if word.flags & (ROLE | TITLE):
        held = _holder(p, voices, first, end) or (None if body else _spoken_as(p, voices, first, end))
        if held:
            return held
        if key in speech.SPOKESPEOPLE:
            if any(m.type == "PER" for m in inside):
                return None
            if body:
                return body.entity_id
            for k in range(first + 1, word_at(p, end)):
                if p.words[k - 1].key in ("باسم", "بلسان"):
                    return body_called(p, p.words[k].key, start)
            return voices.last.entity_id if key.startswith("ال") else None
        if key in speech.UNNAMED_OFFICES:
            return None
        if body and not key.startswith("ال"):
            return None
        return _last_person(p, voices) if key.startswith("ال") else None
    if key in speech.RELATIONS:
        return None
    described = _described_as(p, first, end)
    if described:
        return described
    spoken = None if body else _spoken_as(p, voices, first, end)
    if spoken:
        return spoken
    if key in speech.DOCUMENTS:
        issued_by = issuer(p, key.removeprefix("ال"), start)
        if key in speech.STUDIES:  # تقرير المؤسسة
            return issued_by or (body_called(p, p.words[first + 1].key, start) if p.ends[first] < end else None)
        if issued_by or _spoke_before(p, voices, key):
            return issued_by
        return _last_body(p, voices, start)
    if body:
        return None if body.type == "LOC" else body.entity_id  # شرطة of a town is not the town
    called_body = body_called(p, key, start)
    if called_body:
        return called_body
    if p.ends[first] != end:
        return _only_speaker(p, voices, first, end)
    return _body_spoken(p, voices, first)


def _only_speaker(p: Passage, voices: Voices, first: int, end: int) -> str | None:
    """The one person who has spoken so far, where he is called an official of a country: ``المسؤول المغربي``."""
    last = word_at(p, end) - 1
    if p.words[first].key not in speech.OFFICIALS or last != first + 1 or not p.words[last].flags & NISBA:
        return None
    spoken = {speaker.entity_id for speaker, _, _ in voices.heard}
    return _last_person(p, voices) if len(spoken) == 1 else None


def _body_spoken(p: Passage, voices: Voices, first: int) -> str | None:
    """The body that spoke last, where only a definite noun for bodies means it (``قال مصنع النهر …. وأضافت الشركة``).

    Not so where the article has spoken of such a body before: then the noun takes that one up (``هيئة الرقابة … الهيئة``).
    """
    word = p.words[first]
    if not word.flags & DEFINITE_ORG_HEAD and word.key not in speech.MEDIA:
        return None
    noun = word.key.removeprefix("ال")
    for other, behind in zip(p.words[:first], p.words[1:], strict=False):
        if noun in other.key and (other.key != word.key or is_described(behind)):
            return None
    bodies = {m.entity_id for m in p.mentions if m.type == "ORG"}
    for speaker, _, _ in reversed(voices.heard):
        if speaker.entity_id in bodies:
            return speaker.entity_id
    return None


def is_named_beside(p: Passage, first: int, name: int) -> bool:
    """Whether a comma or a verb of naming gives a name to whom a phrase began with: ``ضابط من المدينة، سمير``.

    Not so where it stands beside another office there: ``مصدر قريب من الوزير، سمير``.
    """
    if name <= first or ("،" not in gap_before(p, name) and p.words[name - 1].key not in speech.NAMED_AS):
        return False
    governed = False
    for word in p.words[first:name]:
        governed = governed or word.key in speech.PREPOSITIONS
        if governed and word.flags & (ROLE | TITLE):
            return False
    return True


def _is_same_source(p: Passage, first: int, end: int) -> bool:
    """``المصدر نفسه``, ``ذات المصدر``, ``محدثنا``: who has just spoken."""
    keys = [word.key for word in p.words[first : word_at(p, end)]]
    if keys[0] == "المصدر":
        return any(key in speech.THE_SAME for key in keys)
    return keys[0] in _OUR_SOURCE or (keys[0] in ("ذات", "نفس") and "المصدر" in keys[1:2])


def _issued_by(p: Passage, noun: int, k: int, kind: str) -> bool:
    """Whether a document belongs to the name that begins at word ``k``, soon behind it."""
    between = p.words[noun + 1 : k]
    gaps = p.body[p.ends[noun] : p.starts[k]]
    if any(mark in gaps for mark in ".:\n") or any(
        word.key in speech.COMPLEMENTIZER or word.flags & SPEECH for word in between
    ):
        return False
    return kind == "ORG" or not between or between[0].key in speech.ISSUING or strip_article(between[0].key) == "صادر"


def _fuller(p: Passage, person: Mention) -> str:
    """The person of the article whose name begins with a single name, where that is all this one is called by."""
    keys = keys_of(person.canonical)
    if len(keys) > 1 or person.entity_id in load_lexicon().entities:
        return person.entity_id
    longer = {m.entity_id for m in p.mentions if m.type == "PER" and keys_of(m.canonical)[:1] == keys}
    longer.discard(person.entity_id)
    return longer.pop() if len(longer) == 1 else person.entity_id


def _person_called(p: Passage, first: int, end: int) -> str | None:
    """The one person of the article whose name begins or ends with just these words: who speaks is a person."""
    keys = tuple(word.key for word in p.words[first : word_at(p, end)])
    while len(keys) > 1 and p.words[first].flags & (ROLE | TITLE):
        keys, first = keys[1:], first + 1
    n = len(keys)
    fitting = set()
    for mention in p.mentions:
        if mention.type == "PER":
            name = keys_of(mention.canonical)
            if len(name) > n and (name[-n:] == keys or name[:n] == keys):
                fitting.add(mention.entity_id)
    return fitting.pop() if len(fitting) == 1 else None


def _described_as(p: Passage, first: int, end: int) -> str | None:
    """The one person whose name stands before the two words a phrase begins with: ``سمير البلقاني منسق مجمع العمال``."""
    if p.ends[first] >= end or speech.is_definite(p.words[first].key):  # ``انتقد سمير الحكومة المحلية``
        return None
    phrase = (p.words[first].key, p.words[first + 1].key)
    fitting = set()
    for mention in p.mentions:
        k = word_at(p, mention.end)
        behind = tuple(word.key for word in p.words[k : k + 2])
        if mention.type == "PER" and behind == phrase and not gap_before(p, k).strip(_SPACES + "،"):
            fitting.add(mention.entity_id)
    return fitting.pop() if len(fitting) == 1 else None


@lru_cache(maxsize=50_000)
def keys_of(name: str) -> tuple[str, ...]:
    """The keys of a name's words."""
    return tuple(norm_ar(name).split())


def _holder(p: Passage, voices: Voices, first: int, end: int) -> str | None:
    """Whom the article names with an office: the nearest one before it, else the first behind it."""
    if voices.offices is None:
        voices.offices = _offices(p)
    keys, countries = _office(p, first, end)
    if not keys:
        return None
    fitting = [
        office
        for office in voices.offices
        if office.keys[0] == keys[0]
        and (len(keys) < 2 or len(office.keys) < 2 or office.keys[1] == keys[1])
        and (countries & office.countries or not (countries and office.countries))
    ]
    before = [office for office in fitting if office.at <= p.starts[first]]
    if before:
        return before[-1].entity_id
    return fitting[0].entity_id if fitting else None


def _offices(p: Passage) -> list[Office]:
    """Offices the article names people by, before the name or behind it."""
    offices = []
    for mention in p.mentions:
        if mention.type != "PER":
            continue
        start = with_role(p, mention, 0)
        if start < mention.start:
            keys, countries = _office(p, word_at(p, start), mention.start)
            if keys:
                offices.append(Office(keys, countries, mention.entity_id, mention.start))
        k = word_at(p, mention.end)
        if k < len(p.words) and p.words[k].flags & ROLE and _stands_beside(p, k):
            keys, countries = _office(p, k, p.ends[min(k + 3, len(p.words) - 1)])
            if keys:
                offices.append(Office(keys, countries, mention.entity_id, mention.start))
    return offices


def _stands_beside(p: Passage, k: int) -> bool:
    """Whether an office follows the name before it: behind a mark, or with the article (``سمير البلقاني المتحدث باسم …``)."""
    gap = gap_before(p, k).strip()
    return gap in ("،", ",", "(", "-", "–") or (not gap and speech.is_definite(p.words[k].key))


def _office(p: Passage, first: int, end: int) -> tuple[tuple[str, ...], frozenset[str]]:
    """Words and countries of an office (``وزير الخارجية اليمني`` → ``وزير، خارجيه``, ``YE``)."""
    last = word_at(p, end)
    countries = {country for word in p.words[first:last] if (country := _country(word.key))}
    for mention in mentions_in(p, p.starts[first], end):
        known = load_lexicon().entities.get(mention.entity_id)
        if known and known.country:
            countries.add(known.country)
    keys = [strip_article(word.key) for word in p.words[first : min(last, first + 2)] if not _country(word.key)]
    if len(keys) == 2 and (p.words[first + 1].flags & NISBA or p.words[first + 1].key in _VAGUE):
        keys.pop()
    return tuple(keys), frozenset(countries)


@lru_cache(maxsize=50_000)
def _country(key: str) -> str | None:
    """The country of an adjective of nationality, also behind a joined particle."""
    nisbas = load_lexicon().nisbas
    return nisbas.get(key) or next((nisbas[rest] for _, rest in proclitic_splits(key) if rest in nisbas), None)


def is_described(word: Word) -> bool:
    """Whether a word is the definite noun or adjective that a name may follow in apposition."""
    return speech.is_definite(word.key) or bool(word.flags & NISBA)


def _last_person(p: Passage, voices: Voices) -> str | None:
    """Who spoke last, if that is a person."""
    last = voices.last.entity_id
    return last if any(m.type == "PER" and m.entity_id == last for m in p.mentions) else None


def _spoke_before(p: Passage, voices: Voices, key: str) -> bool:
    """Whether a document nobody is known to have issued has spoken under a fuller name (``تقرير النهر الاقتصادي``)."""
    noun = strip_article(key)
    for speaker, _, _ in voices.heard:
        if speaker.span and speaker.entity_id is None:
            k = word_at(p, speaker.span[0])
            if p.words[k].key == noun and speaker.span[1] > p.ends[k]:
                return True
    return False


def _last_body(p: Passage, voices: Voices, before: int) -> str | None:
    """The body that spoke or was named last."""
    bodies = {m.entity_id for m in p.mentions if m.type == "ORG"}
    for speaker, _, _ in reversed(voices.heard):
        if speaker.entity_id in bodies:
            return speaker.entity_id
    named = [m for m in p.mentions if m.type == "ORG" and m.end <= before and marks_around(p, m.start) is None]
    return named[-1].entity_id if named else voices.last.entity_id


def issuer(p: Passage, document: str, at: int) -> str | None:
    """The body a document comes from, nearest first: ``بيان لوزارة …``, ``تقرير صادر عن …``, ``قالت الوزارة في بيان``."""
    here = word_at(p, at)
    for word in p.words[here + 1 : here + 4]:
        if word.key.startswith("لل") and (body := body_called(p, f"ال{word.key[2:]}", at)):
            return body  # بيان رسمي للوزارة
    for mention in reversed([m for m in p.mentions if m.type in ("ORG", "PER") and m.start < at + 60]):
        k = bisect_right(p.starts, with_role(p, mention, 0)) - 1
        nouns = [
            j for j in range(max(0, k - 4), k) if strip_article(p.words[j].key).removeprefix("ل").startswith(document)
        ]
        if nouns and nouns[-1] <= here and _issued_by(p, nouns[-1], k, mention.type):
            return mention.entity_id
        if mention.start >= at:
            continue
        if any(word.key in speech.ISSUING for word in p.words[max(0, k - 2) : k]) and any(
            word.key.startswith(document) for word in p.words[k + 1 : k + 13]
        ):
            return mention.entity_id
        if any(
            p.words[j].key == document and p.words[j - 1].key == "في" for j in range(k + 1, min(len(p.words), k + 8))
        ):
            return mention.entity_id
    return None


def _spoken_as(p: Passage, voices: Voices, first: int, end: int) -> str | None:
    """Whoever has spoken under a longer form of a definite noun phrase: ``الوكيل العام`` of a court, named before."""
    keys = tuple(strip_article(word.key) for word in p.words[first : word_at(p, end)])
    definite = speech.is_definite(p.words[first].key)
    if p.words[first].key in speech.DOCUMENTS or not (
        definite or (len(keys) > 1 and speech.is_definite(p.words[first + 1].key))
    ):
        return None
    for speaker, _, _ in reversed(voices.heard):
        if speaker.span and speaker.entity_id:
            begun = p.words[word_at(p, speaker.span[0]) :][: len(keys)]
            if len(begun) == len(keys) and tuple(strip_article(word.key) for word in begun) == keys:
                return speaker.entity_id
    return None


def body_called(p: Passage, key: str, at: int) -> str | None:
    """The body or place a definite noun means: the nearest one named by that noun (``الوزارة`` → ``وزارة الصحة``)."""
    if not key.startswith("ال") or len(key) < 5:
        return None
    noun = key[2:]
    best = None
    for mention in p.mentions:
        if mention.type not in ("ORG", "LOC"):
            continue
        if best and mention.start > at:
            break
        keys = keys_of(p.body[mention.start : mention.end])
        called = bool(keys) and (strip_article(keys[0]) == noun or (mention.type == "ORG" and key in keys))
        if not called and (mention.type == "ORG" or key not in speech.BODIES):
            k = bisect_right(p.starts, mention.start) - 1
            called = k > 0 and p.words[k - 1].key == noun and p.starts[k] == mention.start
        if called:  # الوزارة and الخارجية → وزارة الخارجية
            best = mention.entity_id
    return best


def with_role(p: Passage, mention: Mention, sentence_start: int) -> int:
    """Where the title before a person begins; for others, where the name does."""
    if mention.type != "PER":
        return mention.start
    k = bisect_right(p.starts, mention.start) - 1
    start = mention.start
    for back in range(k - 1, max(-1, k - 1 - _LONGEST_ROLE), -1):
        if p.starts[back] < sentence_start:
            break
        word = p.words[back]
        if p.body[p.ends[back] : p.starts[back + 1]].strip(_SPACES) not in ("", "،"):
            break
        if word.key in speech.RELATIONS and back == k - 1:
            break  # محامي سمير is another one
        if word.flags & (ROLE | TITLE):
            start = p.starts[back]
        elif word.key in ("باسم", "بلسان") and p.words[back + 1].flags & (ROLE | TITLE):
            break  # المتحدث باسم الرئيس is another one
        elif (
            start == mention.start
            and back
            and p.words[back - 1].flags & ROLE
            and gap_before(p, back) == " "
            and word.key not in speech.PREPOSITIONS
        ):
            continue  # what the office is of: مدير المصنع سمير
        elif not (word.flags & NISBA or word.key in triggers.ROLE_MODIFIERS or _country(word.key)):
            break
    return start
