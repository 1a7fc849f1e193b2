"""Finds who said what: quotations in marks and reported clauses, with verb and speaker.

A quotation needs someone to whom the text gives it: a verb of speech in its sentence, a source (``بحسب``) beside it, or
a name and a colon before it. Reported clauses run from behind أن/إن to the end of the clause; verbs that announce an act
take a verbal noun instead (``أعلن مقتل …``). Words inside a reported statement are not searched for further reported
statements, only for quoted words.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import NamedTuple

from news_pipeline.entities import speech, triggers
from news_pipeline.entities.link import Mention
from news_pipeline.entities.marks import QUOTATION_MARKS
from news_pipeline.entities.passage import (
    Passage,
    gap_before,
    marks_around,
    mention_ends,
    mentions_in,
    next_marks,
    read_passage,
    sentence_around,
    word_at,
)
from news_pipeline.entities.referents import Speaker, Voices, entity_of
from news_pipeline.entities.speakers import source_at, speaker_of
from news_pipeline.entities.words import ENDS, LEADS, NISBA, ORG_HEAD, ROLE, SPEECH, TITLE, Words

_REACH = 30  # words between a verb and what it introduces
_LONGEST_LEAD = 16  # words between a verb inside a reported clause and what it quotes there
_SHORT = 4  # quoted words up to which they may be a name or an ironic expression
_BEGINS_NAME = triggers.NAME_LINKS - {"لا", "لو"}  # which begin a sentence more often than a foreign name
_EDGES = " \n\u00a0،.؛:,-–"
_SOURCE_CLAUSE = re.compile(r"ف[إا]ن(?<=[\s،,]ف[إا]ن)")
_ATTRIBUTED = re.compile(
    r"[\s،,]*(?:بحسب|حسب|وفقا?ً?|طبقا|نقلا عن|كما|على حد|على ما|حسبما|وفقما)\s+(?:ما\s+)?(?:(?:جاء|ورد)\s+في\s+)?"
)


class Quote(NamedTuple):
    """A quotation: code points of its words, how it is given, and who said it with which verb."""

    start: int
    end: int
    directness: str
    verb: str | None
    speaker: tuple[int, int] | None
    speaker_entity_id: str | None


@dataclass
class _Reading:
    """A body read from left to right: what is found so far, and who has spoken."""

    p: Passage
    voices: Voices = field(default_factory=Voices)
    quotes: list[Quote] = field(default_factory=list)
    used: set[int] = field(default_factory=set)
    statements: dict[int, bool] = field(default_factory=dict)

    def add(self, start: int, end: int, directness: str, verb: str | None, speaker: Speaker) -> None:
        """Notes a quotation."""
        self.quotes.append(Quote(start, end, directness, verb, speaker.span, speaker.entity_id))

    def add_marked(self, k: int, verb: str | None, speaker: Speaker) -> None:
        """Notes what stands between a pair of marks."""
        self.add(*self.p.marked[k], "direct", verb, speaker)
        self.used.add(k)


def find_quotes(body: str, words: Words, mentions: list[Mention]) -> list[Quote]:
    """The quotations of a body in order.

    Args:
        body: The text.
        words: The text, split.
        mentions: Linked mentions of the text in order; speakers are linked through them.

    Returns:
        Quotations, direct ones without their marks. A reported clause and the quoted words inside it overlap.
    """
    verbs = [i for i, word in enumerate(words.words) if word.flags & SPEECH]
    if not verbs and not any(mark in body for mark in QUOTATION_MARKS) and not _SOURCE_CLAUSE.search(body):
        return []
    p = read_passage(body, words, mentions)
    r = _Reading(p)
    sources = _source_clauses(p)
    done = 0  # code point up to which reported statements reach
    for i in verbs:
        start = p.starts[i]
        while sources and sources[0][0] < start:
            done = max(done, _read_source(r, sources.pop(0), done))
        if start >= done and marks_around(p, start) is None:
            done = max(done, _read_verb(r, i))
    for source in sources:
        done = max(done, _read_source(r, source, done))
    _read_left_over(r)
    return sorted(set(r.quotes), key=lambda q: (q.start, q.end, q.directness))


# One verb and what it introduces.


def _read_verb(r: _Reading, i: int) -> int:
    """Reads what the verb at a word introduces; returns the code point up to which that goes, 0 for nothing."""
    p = r.p
    verb, offset = speech.verb_key(p.words[i].key)
    kind = triggers.REPORTING_VERBS.get(verb)
    if kind is None or not _is_verb(p, i, verb, offset):
        return 0
    if i and p.words[i - 1].key in speech.NEGATION:
        r.voices.unheard = (i, i + _REACH)  # says nothing, yet is whom ``بل أشار`` goes on with
        return 0
    _, sentence_end = sentence_around(p, p.starts[i])
    nominal = speech.NOMINAL.get(verb)
    if verb in speech.PASSING_ON and not any(w.key in ("عن", "لسان") for w in p.words[i + 1 : i + 8]):
        return 0
    limit = min(len(p.words), i + 1 + _REACH, word_at(p, sentence_end))
    at = i + 1
    marks = next_marks(p, p.starts[i])
    words, starts = p.words, p.starts
    while at < limit:
        word = words[at]
        if not (nominal or word.flags & (SPEECH | LEADS) or starts[at] >= marks):
            at += 1  # most words: nothing to ask
            continue
        inside = marks_around(p, starts[at]) if starts[at] >= marks else None
        if nominal and _begins_act(p, i, at, nominal) and not _clause_ahead(p, verb, at, limit):
            if _is_evidence(p, i, at):
                return 0
            return _reported(r, i, offset, at, sentence_end, speaker_until=at)
        if inside is not None:
            if _is_complement(r, i, verb, kind, inside, at, limit):
                return _direct(r, i, offset, inside, at, sentence_end)
            at = _after_marks(p, inside, at)
            continue
        if word.key in speech.RELATIVES and kind == "says":
            at = _behind_relative(p, verb, at, limit)
            continue
        if word.key in speech.COMPLEMENTIZER and kind != "quotes" and not _abbreviates(p, at):
            if (kind == "noun" and at > i + 1) or (verb in speech.IMPERSONAL and at - i <= 2):
                return 0
            if at == i + 1 or speech.leads_to_that(verb, p.words[at - 2].key, p.words[at - 1].key):
                if _mark_before(p, at) and marks_around(p, p.starts[at - 1]) is None:
                    return _left_open(r, i, offset, at, sentence_end)
                return 0 if _is_evidence(p, i, at) else _reported(r, i, offset, at + 1, sentence_end, speaker_until=at)
        elif word.flags & SPEECH and at > i + 1 and (_opens_speech(p, at) or verb in speech.PASSING_ON):
            break
        at += 1
    if kind != "noun" and not speech.is_participle(verb):
        outside = r.voices.unheard if i and words[i - 1].key in speech.RELATIVES else None
        here = outside is not None and sentence_around(p, starts[outside[0]])[1] == sentence_end
        r.voices.unheard_outside = outside if here else None
        r.voices.unheard = (i, min(at, limit))  # whom a participle behind it hangs on
    return 0


def _mark_before(p: Passage, k: int) -> bool:
    """Whether a quotation mark stands right before a word."""
    gap = gap_before(p, k)
    return gap != " " and any(mark in gap for mark in QUOTATION_MARKS)


def _behind_relative(p: Passage, verb: str, at: int, limit: int) -> int:
    """The word to go on with at a relative pronoun: the أن that a comma sets off from the relative clause, if any.

    ``قال الوزير، الذي أكد أمس أن الموسم جيد، إن …``: what is said within the clause is not what the verb introduces. An إن
    needs no comma: no verb but قال takes it.
    """
    says = verb in speech.TAKES_INNA
    for k in range(at + 1, limit):
        word = p.words[k]
        if word.key not in speech.COMPLEMENTIZER or marks_around(p, p.starts[k]) is not None:
            continue
        own = says and word.surface.startswith("إن") and p.words[k - 1].key not in speech.TAKES_INNA
        if own or "،" in gap_before(p, k):
            return k
    return at + 1


def _abbreviates(p: Passage, at: int) -> bool:
    """Whether an إن is a letter's name: ``إن.بي.سي``."""
    end = p.ends[at]
    return p.body[end : end + 1] == "." and p.body[end + 1 : end + 2].isalpha()


def _is_verb(p: Passage, i: int, verb: str, offset: int) -> bool:
    """Whether a form of a verb of speech is one here and no noun spelt alike (``من رد فعله``)."""
    following = p.words[i + 1].key if i + 1 < len(p.words) else ""
    if verb == "بين":  # the verb, not the preposition, where أن follows or the doubling is written
        begins = bool(offset) and (not i or any(mark in gap_before(p, i) for mark in ".\n"))
        return begins or following in speech.COMPLEMENTIZER or "ّ" in p.words[i].surface
    if verb in speech.OF_DOCUMENTS:
        if verb not in speech.STANDS_IN:
            return speech.is_document(following)
        return _document_before(p, i) if following in ("فيه", "فيها") else _document_behind(p, i, following)
    if verb in ("كتب", "كتبت") and following in ("على", "عليه", "عليها", "عليهما"):
        return False  # written on something, by nobody who is named
    if verb == "عقب":  # the verb has a person behind it; else it is the preposition (عقب الاجتماع)
        names = any(m.type == "PER" and m.start == p.starts[i + 1] for m in mentions_in(p, p.ends[i], p.ends[i] + 60))
        return names or speech.is_participle(following) or following in ("علي", "على", "بالقول")
    if verb == "عبر":  # the verb goes with عن; else it is the preposition (عبر موقعه)
        return any(word.key in ("عن", "عنها", "عنه") for word in p.words[i + 1 : i + 10])
    if not i or offset or verb not in speech.NOUN_ALIKE or gap_before(p, i).strip(" \u00a0"):
        return True
    return p.words[i - 1].key not in speech.BEFORE_NOUN and not (verb == "رد" and following.startswith("فعل"))


def _document_behind(p: Passage, i: int, following: str) -> bool:
    """``جاء في البيان``."""
    return following == "في" and i + 2 < len(p.words) and speech.is_document(p.words[i + 2].key)


def _document_before(p: Passage, i: int) -> bool:
    """``أصدر المصنع بيانا جاء فيه``, ``في رسالته الأخيرة التي جاء فيها``."""
    return any(speech.is_document(word.key) or word.key in speech.SAID_IN for word in p.words[max(0, i - 4) : i])


def _opens_speech(p: Passage, at: int) -> bool:
    """Whether a word is a verb of speech, with a statement of its own."""
    verb, offset = speech.verb_key(p.words[at].key)
    return triggers.REPORTING_VERBS.get(verb, "noun") != "noun" and _is_verb(p, at, verb, offset)


def _is_evidence(p: Passage, i: int, at: int) -> bool:
    """Whether a finding, not a person, is what shows something: ``كشف تحقيق أن``, ``شهادة تؤكد أن``."""
    if p.words[i].key in ("تشير", "وتشير", "اشارت", "واشارت") and at > i + 1:
        return any(word.key in speech.FIGURES for word in (*p.words[max(0, i - 2) : i], *p.words[i + 1 : i + 3]))
    if speech.verb_key(p.words[i].key)[0] in ("كشف", "كشفت", "اكد", "اكدت", "بينت") and at > i + 1:
        return p.words[i + 1].key in speech.EVIDENCE
    return i > 0 and at == i + 1 and any(p.words[k].key in speech.EVIDENCE for k in range(max(0, i - 2), i))


def _is_complement(r: _Reading, i: int, verb: str, kind: str, k: int, at: int, limit: int) -> bool:
    """Whether what is in marks is what the verb gives, rather than a name or a word on the way there."""
    p = r.p
    if not _is_statement(r, k) or _names_subject(p, k, at, limit):
        return False
    if verb in speech.PASSING_ON and not any(w.key in ("عن", "لسان") for w in p.words[i + 1 : at]):
        return False  # ``نقلت "النهر" عن …``: who passes on
    if kind == "quotes" or verb in speech.PARTIAL:
        return True
    before = p.words[at - 1]
    opening = p.body[p.ends[at - 1] : p.starts[at]]
    if kind == "noun" and at > i + 1 and _length(p, k) <= _SHORT and ":" not in opening:
        return False
    if ":" in opening or at == i + 1 or _length(p, k) > _SHORT:
        return True
    # A few words in marks: right behind the subject they are what it says; behind a preposition they are part of a phrase.
    if before.key in speech.PREPOSITIONS or opening[:1] not in " \u00a0،,":
        return speech.own_preposition(verb, before.key)
    return at == i + 2 or speech.is_definite(before.key) or bool(before.flags & NISBA) or mention_ends(p, at - 1)


def _direct(r: _Reading, i: int, offset: int, inside: int, at: int, sentence_end: int) -> int:
    """A quotation right behind the verb and its subject, and those that follow it in the sentence."""
    p = r.p
    speaker = speaker_of(p, r.voices, i, at)
    verb = _verb_text(p, i, offset)
    end = 0
    for k in range(inside, len(p.marked)):
        start, stop = p.marked[k]
        if start >= sentence_end or (k > inside and _speech_between(p, end, start)):
            break
        if k > inside and not _is_statement(r, k):
            continue
        if k in r.used:
            continue
        r.add_marked(k, verb, speaker)
        end = stop
    return end


def _reported(r: _Reading, i: int, offset: int, first: int, sentence_end: int, *, speaker_until: int) -> int:
    """The clause that begins at word ``first``."""
    p = r.p
    if first >= len(p.words) or p.starts[first] >= sentence_end:
        return 0
    speaker = speaker_of(p, r.voices, i, speaker_until)
    return _clause(r, _verb_text(p, i, offset), speaker, first, sentence_end)


def _left_open(r: _Reading, i: int, offset: int, at: int, sentence_end: int) -> int:
    """A quotation whose closing mark was forgotten: to the end of the sentence (``وقال " إن …``)."""
    p = r.p
    end = sentence_end
    while end > p.starts[at] and p.body[end - 1] in _EDGES:
        end -= 1
    r.add(p.starts[at], end, "direct", _verb_text(p, i, offset), speaker_of(p, r.voices, i, at))
    return sentence_end


def _clause(r: _Reading, verb: str | None, speaker: Speaker, first: int, sentence_end: int) -> int:
    """Adds the reported clause that begins at a word and what is quoted in it; returns its end."""
    p = r.p
    gap = gap_before(p, first)
    start = p.starts[first]
    if marks_around(p, start) is not None or gap.endswith(("(", "#", "@", *QUOTATION_MARKS)):
        start = p.ends[first - 1] + len(gap) - len(gap.lstrip(" \u00a0:،"))
    end = _clause_end(p, first, sentence_end)
    body_end = end
    while end > start and p.body[end - 1] in _EDGES:
        end -= 1
    if p.body[end - 1] == '"' and p.body.count('"', start, end) % 2:  # closed, but never opened
        while end > start and p.body[end - 1] in _EDGES + '"':
            end -= 1
    if end <= start:
        return 0
    whole = None
    for k in range(bisect_left(p.marked_starts, start), len(p.marked)):
        quote_start, quote_end = p.marked[k]
        if quote_start >= body_end:
            break
        if not p.body[start:quote_start].strip(' "«“”„:') and not p.body[quote_end:end].strip(' "»”“.،'):
            whole = k
        elif (
            not p.body[start:quote_start].strip(' "«“”„:')
            and _length(p, k) > _SHORT
            and _reporter_goes_on(p, word_at(p, quote_end), end)
        ):
            whole, body_end = k, quote_end + 1
        if (k not in r.used and _length(p, k) >= 2) if whole == k else _is_statement(r, k):
            inner = None if whole == k else _verb_inside(p, first, quote_start)
            if inner is None:
                r.add_marked(k, verb, speaker)
            else:
                own = speaker_of(p, r.voices, inner, word_at(p, quote_start), heard=False)
                r.add_marked(k, _verb_text(p, inner, speech.verb_key(p.words[inner].key)[1]), own)
    if whole is None and " " in p.body[start:end]:
        r.add(start, end, "indirect", verb, speaker)
    return body_end


def _reporter_goes_on(p: Passage, k: int, end: int) -> bool:
    """Whether the reporter's own words begin behind a comma: the quotation before them was all that was said."""
    if k >= len(p.words) or p.starts[k] >= end:
        return False
    return "،" in gap_before(p, k) and p.words[k].key in speech.CONNECTORS | speech.ENDS_CLAUSE


def _verb_inside(p: Passage, first: int, quote_start: int) -> int | None:
    """The verb of speech within a reported clause that words quoted there belong to, if one stands close before them."""
    at = word_at(p, quote_start)
    for k in range(at - 1, max(first, at - (6 if _is_short(p, quote_start) else _LONGEST_LEAD)) - 1, -1):
        if marks_around(p, p.starts[k]) is not None or p.words[k].key in speech.COMPLEMENTIZER:
            return None
        if p.words[k].flags & SPEECH and _opens_speech(p, k):
            says = triggers.REPORTING_VERBS[speech.verb_key(p.words[k].key)[0]] == "says"
            return k if says else None
    return None


def _clause_end(p: Passage, first: int, sentence_end: int) -> int:
    """Where a clause ends: at the next verb of speech, at what the reporter adds, or with the sentence."""
    k = first
    last = word_at(p, sentence_end)
    marks = next_marks(p, p.starts[first])
    words, starts = p.words, p.starts
    while k < last:
        if starts[k] >= marks:
            inside = marks_around(p, p.starts[k])
            if inside is not None:
                k = _after_marks(p, inside, k)
            marks = next_marks(p, p.starts[k]) if k < last else sentence_end
            if inside is not None:
                continue
        word = words[k]
        if word.flags & (SPEECH | ENDS) and k > first and _ends_clause(p, k):
            return p.starts[k]
        k += 1
    return sentence_end


def _ends_clause(p: Passage, k: int) -> bool:
    word = p.words[k]
    key = word.key
    following = p.words[k + 1].key if k + 1 < len(p.words) else ""
    gap = gap_before(p, k)
    comma = gap != " " and ("،" in gap or "," in gap or _mark_before(p, k))
    if word.flags & SPEECH:
        verb, offset = speech.verb_key(key)
        kind = triggers.REPORTING_VERBS.get(verb)
        if speech.is_participle(verb):
            return _is_verb(p, k, verb, offset)
        if kind in ("says", "quotes") and offset and key[0] in "وف" and (comma or kind == "says") and verb[0] != "ي":
            return (comma or verb not in speech.NOUN_ALIKE) and _is_verb(p, k, verb, offset)
    if key in speech.STANCE:
        return comma or following in speech.COMPLEMENTIZER or following in speech.PREPOSITIONS
    if key == "على" and following == "حد":
        return True
    if key == "في" and following == "حين" and k + 2 < len(p.words) and p.words[k + 2].flags & SPEECH:
        return True
    if not comma:
        return False
    if key in speech.ENDS_CLAUSE:
        return True
    if key in ("في", "خلال"):
        return following in ("حين", "الوقت", "اشاره", "تكرار") or following in speech.SAID_IN
    if key == "وذلك":
        return following in speech.CIRCUMSTANCE
    if key in ("وهو", "وهي", "الامر"):
        further = p.words[k + 2].key if k + 2 < len(p.words) else ""
        return following in ("ما", "الذي", "امر") or (following[:2] == "ال" and further in speech.RELATIVES)
    if key in speech.CONNECTORS:
        return any(
            p.words[j].flags & SPEECH and _opens_speech(p, j) and marks_around(p, p.starts[j]) is None
            for j in range(k + 1, min(k + 3, len(p.words)))
        )
    return False


# Verbal nouns.


def _begins_act(p: Passage, i: int, at: int, prepositions: frozenset[str]) -> bool:
    """Whether the verbal noun that the verb announces begins at a word."""
    word = p.words[at]
    if word.flags & (SPEECH | NISBA) or not speech.names_act(p.body[p.starts[at] : p.ends[at]]):
        return False
    m = bisect_right(p.mention_starts, p.starts[at]) - 1
    if m >= 0 and p.mentions[m].end > p.starts[at]:
        return False
    if p.words[at - 1].key in prepositions and at > i + 1:
        # ``على هامش إشرافه على …``: the preposition is that of another verbal noun
        return at == i + 2 or not speech.names_act(p.body[p.starts[at - 2] : p.ends[at - 2]])
    if "" not in prepositions or word.flags & (ROLE | TITLE | ORG_HEAD):
        return False
    if at == i + 1:
        return True  # no act speaks
    before = p.words[at - 1]
    closed = (
        mention_ends(p, at - 1)
        or before.flags & NISBA
        or speech.is_definite(before.key)
        or before.key in speech.CLOSES_SUBJECT
    )
    return bool(closed) or any(mark in gap_before(p, at) for mark in "،,)")


def _clause_ahead(p: Passage, verb: str, at: int, limit: int) -> bool:
    """Whether an أن of the verb itself still follows soon: the noun before it was part of an adverbial."""
    for k in range(at + 1, min(limit, at + 8)):
        if marks_around(p, p.starts[k]) is not None:
            return False
        if p.words[k].key in speech.COMPLEMENTIZER:
            return "،" in gap_before(p, k) and speech.leads_to_that(verb, p.words[k - 2].key, p.words[k - 1].key)
    return False


# What stands in marks.


def _after_marks(p: Passage, inside: int, at: int) -> int:
    """The first word behind a quotation."""
    return max(at + 1, bisect_left(p.starts, p.marked[inside][1], at))


def _is_short(p: Passage, at: int) -> bool:
    """Whether what is in marks at a code point may be a name or an expression."""
    k = marks_around(p, at)
    return k is None or _length(p, k) <= _SHORT


def _length(p: Passage, k: int) -> int:
    start, end = p.marked[k]
    return p.body.count(" ", start, end) + p.body.count("\n", start, end) + 1


def _names_subject(p: Passage, k: int, at: int, limit: int) -> bool:
    """Whether a short quotation is part of the subject: the verb's أن/إن comes only behind it."""
    start, _ = p.marked[k]
    if _length(p, k) > _SHORT or ":" in p.body[p.ends[at - 1] : start]:
        return False
    for j in range(_after_marks(p, k, at), min(limit, at + 14)):
        word = p.words[j]
        if marks_around(p, p.starts[j]) is not None or (word.flags & SPEECH and _opens_speech(p, j)):
            return False
        if word.key in speech.COMPLEMENTIZER:
            return p.words[j - 1].key not in speech.OWN_THAT
    return False


def _is_statement(r: _Reading, k: int) -> bool:
    """Whether a quotation says something rather than names something."""
    if k in r.used:
        return False
    known = r.statements.get(k)
    if known is None:
        known = r.statements[k] = _length(r.p, k) >= 2 and not _is_name(r.p, k)
    return known


def _is_name(p: Passage, k: int) -> bool:
    """Whether a quotation is a name: of a film, a paper, a body, or one the recogniser knows.

    What is in marks right behind a noun that takes names (``على القناة "…"``) is its name; but a definite noun right
    behind a verb of speech is who speaks, and the marks hold what it says (``قالت الصحيفة "…"``).
    """
    start, end = p.marked[k]
    first, last = word_at(p, start), word_at(p, end)
    m = bisect_right(p.mention_starts, start) - 1
    if m >= 0 and p.mentions[m].end >= end:
        return True
    if last - first <= _SHORT:
        inside = p.words[first:last]
        if (
            inside[0].flags & ORG_HEAD
            or inside[0].key in _BEGINS_NAME
            or all(w.key.isascii() or w.key in speech.LETTER_NAMES for w in inside)
        ):
            return True  # حركة …; أبو فلان; Netflix Arabia; the letters of بي بي سي
        if sum(m.end - m.start for m in mentions_in(p, start, end)) > 0.7 * (end - start):
            return True
    before = first - 1
    while before > 0 and len(p.words[before].key) == 1:
        before -= 1  # بـ "…"
    if before < 0 or "\n" in p.body[p.ends[before] : start] or ":" in p.body[p.ends[before] : start]:
        return False
    sentence_start, _ = sentence_around(p, start)
    if last - first <= 12 and any(
        speech.announces_name(p.words[j].key)
        for j in range(max(0, before - 2), before + 1)
        if p.starts[j] >= sentence_start
    ):
        return not any(p.words[j].flags & SPEECH and _opens_speech(p, j) for j in range(max(1, before - 1), before + 1))
    noun = p.words[before].key
    if before and speech.names_by_calling(p.words[before - 1].key, noun):
        return True
    if last - first <= 3 and p.words[before].flags & (ROLE | TITLE):
        return not (before and p.words[before - 1].flags & SPEECH)  # الفنانة "…"
    if not speech.takes_name(noun) or end - start >= 60:
        return False
    if not noun.startswith("ال") or not before:
        return True
    verb = p.words[before - 1]
    return not verb.flags & SPEECH or verb.key in speech.ENDS_SUBJECT  # عبر is a preposition before a place


def _speech_between(p: Passage, start: int, end: int) -> bool:
    return any(
        p.words[k].flags & SPEECH and _opens_speech(p, k) and marks_around(p, p.starts[k]) is None
        for k in range(word_at(p, start), word_at(p, end))
    )


# Quotations no verb before them introduces.


def _source_clauses(p: Passage) -> list[tuple[int, int, int]]:
    """``بحسب المصادر، فإن …``: first word of the source, end of it, and the word behind فإن."""
    found = []
    for match in _SOURCE_CLAUSE.finditer(p.body):
        that = word_at(p, match.end() - 3)
        sentence_start, _ = sentence_around(p, match.start())
        first = word_at(p, sentence_start)
        if that + 1 < len(p.words) and p.words[first].key.removeprefix("و") in speech.ACCORDING and that > first + 1:
            found.append((p.starts[first + 1], p.ends[that - 1], that + 1))
    return found


def _read_source(r: _Reading, source: tuple[int, int, int], done: int) -> int:
    p = r.p
    start, end, first = source
    if start < done or marks_around(p, start) is not None:
        return 0
    speaker = Speaker((start, end), entity_of(p, r.voices, word_at(p, start), end))
    return _clause(r, None, speaker, first, sentence_around(p, p.starts[first])[1])


def _read_left_over(r: _Reading) -> None:
    """Quotations with their verb behind them, after a name and a colon, or going on in a paragraph of their own."""
    p = r.p
    for k, (start, end) in enumerate(p.marked):
        if not _is_statement(r, k):
            continue
        after = word_at(p, end)
        gap = p.body[end : p.starts[after]] if after < len(p.words) else "\n"
        lead = word_at(p, start) - 1
        about = lead >= 0 and "\n" not in gap_before(p, lead + 1) and p.words[lead].key in speech.PREPOSITIONS
        if "\n" not in gap and "." not in gap and "،" in gap and not about and p.words[after].flags & SPEECH:
            verb, offset = speech.verb_key(p.words[after].key)
            if triggers.REPORTING_VERBS.get(verb) == "says" and not offset:
                speaker = speaker_of(p, Voices(r.voices.offices, heard=_heard_before(r, start)), after, after + 15)
                r.add_marked(k, _verb_text(p, after, 0), speaker)
                continue
        source = _ATTRIBUTED.match(p.body, min(end + 1, len(p.body)))
        if source and _read_attribution(r, k, word_at(p, source.end())):
            continue
        opening = p.body[max(0, start - 8) : start].rstrip(' "«“„')
        if opening.endswith(":"):
            sentence_start, _ = sentence_around(p, start)
            named = [m for m in mentions_in(p, sentence_start, start) if m.type in ("PER", "ORG")]
            if named and not p.body[named[-1].end : start].strip(' "«“„:'):
                r.add_marked(k, None, Speaker((named[-1].start, named[-1].end), named[-1].entity_id))
                continue
        before = _quote_before_paragraph(r, start, end)
        if before and _length(p, k) > _SHORT:
            r.add_marked(k, None, Speaker(None, before.speaker_entity_id))


def _read_attribution(r: _Reading, k: int, at: int) -> bool:
    """A quotation with its source behind it: ``حسب قوله``, ``كما قال سمير``, ``بحسب سمير``."""
    p = r.p
    if at >= len(p.words):
        return False
    start, _ = p.marked[k]
    word = p.words[at]
    verb, offset = speech.verb_key(word.key)
    voices = Voices(r.voices.offices, heard=_heard_before(r, start))
    if word.key in speech.HIS_WORDS:
        r.add_marked(k, None, Speaker(None, voices.last.entity_id))
    elif triggers.REPORTING_VERBS.get(verb) == "says":
        r.add_marked(k, _verb_text(p, at, offset), speaker_of(p, voices, at, at + 15))
    elif gap_before(p, at).strip(" \u00a0") == "" and p.words[at - 1].key not in ("كما", "ما"):
        if word.key == "المصدر" and at + 1 < len(p.words) and p.words[at + 1].key in speech.THE_SAME:
            before = max((quote for quote in r.quotes if quote.start < start), default=None)
            r.add_marked(k, None, Speaker((p.starts[at], p.ends[at]), before.speaker_entity_id if before else None))
        else:
            r.add_marked(k, None, source_at(p, voices, at))
    else:
        return False
    return True


def _heard_before(r: _Reading, at: int) -> list[tuple[Speaker, str, int]]:
    return [heard for heard in r.voices.heard if heard[2] < at]


def _quote_before_paragraph(r: _Reading, start: int, end: int) -> Quote | None:
    """The quotation that ends the paragraph before, where one fills a whole paragraph: the same speaker goes on."""
    body = r.p.body
    begin = body.rfind("\n", 0, start) + 1
    stop = body.find("\n", end)
    edges = QUOTATION_MARKS + " .،\u00a0"
    if not begin or body[begin:start].strip(edges) or body[end : stop if stop >= 0 else len(body)].strip(edges):
        return None
    for quote in sorted(r.quotes, reverse=True):
        if quote.end < begin:
            ends_paragraph = quote.directness == "direct" and not body[quote.end : begin].strip(edges + "\n")
            return quote if ends_paragraph else None
    return None


def _verb_text(p: Passage, i: int, offset: int) -> str:
    return p.body[p.starts[i] + offset : p.ends[i]]
