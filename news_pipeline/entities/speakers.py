"""Finds who speaks: the subject of a verb of speech, wherever the sentence has it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter

from news_pipeline.arabic.keys import norm_ar
from news_pipeline.entities import speech, triggers
from news_pipeline.entities.lexicon import load_lexicon
from news_pipeline.entities.link import Mention
from news_pipeline.entities.marks import QUOTATION_MARKS
from news_pipeline.entities.passage import (
    Passage,
    gap_before,
    marks_around,
    mention_ends,
    mention_from,
    mentions_in,
    next_marks,
    sentence_around,
    word_at,
)
from news_pipeline.entities.referents import (
    Speaker,
    Voices,
    body_called,
    entity_of,
    is_described,
    is_named_beside,
    issuer,
    keys_of,
    person_of,
    with_role,
)
from news_pipeline.entities.words import DEFINITE_ORG_HEAD, ORG_HEAD, ROLE, SPEECH, TITLE

_LONGEST_SPEAKER = 14  # words
_LONGEST_TOPIC = 6  # words of a noun phrase without a name, before its verb
_LONGEST_MARKED_NAME = 40  # code points
_LONGEST_ROLE = 8  # words before a name
_SPACES = " \u00a0"
_DATELINE = re.compile(r"[^\n(.]{2,60}\([^)\n]{2,30}\)\s*[-–—]")  # دبي، الإمارات (وكالة) --
_OPENING = frozenset('"«“„')
_CLOSING = '"»”'
_REACH = 30  # words of a sentence among which its main verb may stand
_NAMED = ("PER", "ORG", "LOC")
_JOINED = "لبوفك"
"""Particles that join a word to what stands before it."""
_PARTS = frozenset(norm_ar("من مع بعد قبل عقب بسبب ضد خلال أثناء").split())
"""Behind these, what stands before is a phrase of its own: ``الممثلة من فلان``."""
_HAD = frozenset({"كان", "كانت", "وكان", "وكانت"})
_OPENS_CLAUSE = speech.CONNECTORS | _HAD | {"ان"}
_BEFORE_SUBJECT = speech.NEGATION | speech.ASIDE | speech.IMPERSONAL | speech.COMPLEMENTIZER | {"وكان", "وكانت"}


def speaker_of(p: Passage, voices: Voices, i: int, until: int, *, heard: bool = True) -> Speaker:
    """Who speaks in the clause of the verb at word ``i``.

    Args:
        p: The body.
        voices: Who has spoken before; the speaker found is added.
        i: The verb.
        until: The word at which what is said begins; the subject stands before it.
        heard: Whether to remember the speaker for sentences that leave it out.
    """
    if voices.unheard:
        hangs = speech.is_participle(speech.verb_key(p.words[i].key)[0])
        before, end = (voices.unheard_outside if hangs else None) or voices.unheard
        voices.unheard = voices.unheard_outside = None
        if before < i and sentence_around(p, p.starts[before]) == sentence_around(p, p.starts[i]):
            speaker_of(p, voices, before, end)
    if i and p.words[i - 1].key in speech.WHO and not gap_before(p, i).strip(_SPACES):
        return Speaker(None, None)  # ``ردا على من يقول إن``: nobody in particular
    key, offset = speech.verb_key(p.words[i].key)
    kind = triggers.REPORTING_VERBS.get(key, "noun")
    gender = speech.gender(key)
    if kind == "noun":
        found = _source_before(p, voices, i) or _hung_on(p, voices, i, "") or _implied(p, voices, i, "")
    elif speech.is_participle(key):
        beside = _unnamed_beside(p, voices, i, gender)
        if beside:
            return beside  # who throws in a word: the text goes on with whom it was about
        found = _hung_on(p, voices, i, gender) or _implied(p, voices, i, gender)
    elif key in speech.STANDS_IN:
        if p.words[i + 1].key == "في":
            found = _noun_phrase(p, voices, i + 2, until) or Speaker(None, None)
        else:  # ``في بيان جاء فيه``: whoever the sentence is about
            subject = _main_subject(p, voices, sentence_around(p, p.starts[i])[0], p.starts[i])
            found = Speaker(None, subject.entity_id if subject else None)
    elif key in speech.PASSING_ON:
        found = _source_before(p, voices, until) or Speaker(None, None)
    else:
        found = (
            _antecedent(p, voices, i)
            or _subject_after(p, voices, i, until)
            or _subject_inside(p, voices, i, until)
            or _unnamed_antecedent(p, voices, i)
            or (None if offset else _subject_before(p, voices, i))
            or _implied(p, voices, i, gender)
        )
    if heard and (found.entity_id or found.span):
        voices.heard.append((found, gender, p.starts[i]))
    return found


# Where the subject stands.


def _subject_after(p: Passage, voices: Voices, i: int, until: int) -> Speaker | None:
    """The noun phrase right behind the verb."""
    if i + 1 >= len(p.words):
        return None
    gap = gap_before(p, i + 1).strip(_SPACES + "#")
    if gap and gap in QUOTATION_MARKS:
        return _marked_subject(p, i, until)  # ``قالت "سانا" إن``
    return None if gap else _noun_phrase(p, voices, i + 1, min(until, i + 1 + _LONGEST_SPEAKER), verb=i)


def _marked_subject(p: Passage, i: int, until: int) -> Speaker | None:
    """A name in marks that stands between the verb and what is said."""
    k = marks_around(p, p.starts[i + 1])
    if k is None or until >= len(p.words) or p.marked[k][1] > p.starts[until]:
        return None
    start, end = p.marked[k]
    named = [m for m in p.mentions if m.start <= start and m.end >= end] or mentions_in(p, start, end)
    return Speaker((start, end), named[0].entity_id if named else None)


def _noun_phrase(p: Passage, voices: Voices, first: int, until: int, verb: int | None = None) -> Speaker | None:
    """The noun phrase that begins at a word: up to its person's name, else up to a particle, an adverb or a mark."""
    last = min(until, len(p.words))
    k = first
    if k >= last:
        return None
    word = p.words[k]
    named = mention_from(p, k)
    if word.key in speech.ENDS_SUBJECT and word.key not in speech.DOCUMENTS and not (named and named.type == "PER"):
        return None  # but آلان is a name
    if word.key in speech.COMPLEMENTIZER or _tells_when(p, k):
        return None
    if speech.is_manner_of_speech(word.key):
        return None
    if verb is not None and k == verb + 1 and _is_own_act(p, k):
        return None  # ``أعلن مسؤوليته``: what is announced, of whoever announces it
    if len(word.key) == 1 or (word.key.startswith(("لل", "بال")) and not _at_mention(p, k)):
        return None  # a particle governs it
    if word.key in speech.STANCE:
        return None
    if word.flags & DEFINITE_ORG_HEAD or word.key in speech.BODIES:
        last = _end_of_title(p, k, last)  # ``علقت الشركة عمل المصنع``, ``قالت الحكومة الأسبوع الماضي``
    base = "" if verb is None else speech.verb_key(p.words[verb].key)[0]
    if base in speech.WITH_BI and word.key.startswith("ب") and not _at_mention(p, k):
        return None
    addressing = base in speech.ADDRESSING
    if addressing and speech.is_definite(word.key) and not word.flags & (ROLE | TITLE):
        feminine = word.key.endswith("ه")
        if feminine != (speech.gender(speech.verb_key(p.words[verb or 0].key)[0]) == "f"):
            return None  # ``وصف الخطوة بأنها``: it does not agree with the verb, so it is the object
    if word.flags & SPEECH and not word.flags & (ROLE | TITLE) and not _at_mention(p, k):
        return None
    if named and named.type != "PER":  # a name may hold what would end a phrase (النيابة العامة في طهران)
        k = max(k, min(word_at(p, named.end), last) - 1)
    start, end = p.starts[first], p.ends[k]
    stop = p.starts[last] if last < len(p.words) else len(p.body)
    person = person_of(p, first, mentions_in(p, start, stop))
    body_speaks = bool(named and named.type != "PER") or bool(word.flags & (ORG_HEAD | DEFINITE_ORG_HEAD))
    body_speaks = body_speaks or (named is None and speech.takes_name(word.key))  # موقع النهر
    if person and body_speaks and (named or addressing):
        person = None  # ``اتهم حزب العمال سمير``: whom it speaks of or to
    name_start = _name_start(p, person) if person else 0
    named_at_last = person is not None and is_named_beside(p, first, word_at(p, name_start))
    while k + 1 < last:
        gap = p.body[p.ends[k] : p.starts[k + 1]]
        following = p.words[k + 1]
        if following.key in speech.COMPLEMENTIZER or "\n" in gap or speech.is_manner_of_speech(following.key):
            break
        if _tells_when(p, k + 1):
            break
        if person and p.starts[k + 1] <= person.start:
            if gap != "." and gap.strip(_SPACES + QUOTATION_MARKS + "-#_()") not in ("", "،", ","):
                break
            comma = "،" in gap or "," in gap
            named_there = p.starts[k + 1] == name_start or following.key in speech.NAMED_AS
            if comma and not named_there and not following.flags & (ROLE | TITLE):
                break
            if (
                not named_at_last
                and following.key in speech.ENDS_SUBJECT
                and (following.key in _PARTS or word_at(p, person.start) - k > _LONGEST_ROLE)
            ):
                break
        elif gap.strip(_SPACES) in _OPENING and gap != " " and speech.takes_name(p.words[k].key):
            inside = marks_around(p, p.starts[k + 1])  # موقع "…": what is in marks is its name
            if inside is None:
                break
            k = min(max(k, word_at(p, p.marked[inside][1]) - 2), last - 2)
        elif gap.strip(" \u00a0()#_") or following.key in speech.ENDS_SUBJECT or (person and p.ends[k] >= person.end):
            break
        if following.flags & SPEECH and not following.flags & (ROLE | TITLE) and not _at_mention(p, k + 1):
            break
        k += 1
        end = p.ends[k]
    found = entity_of(p, voices, first, end)
    if (
        addressing
        and not found
        and speech.is_definite(word.key)
        and not word.flags & (ROLE | TITLE | DEFINITE_ORG_HEAD)
    ):
        return None  # ``ثمن الجهود``
    if (
        addressing
        and not word.flags & (ROLE | TITLE)
        and not speech.is_definite(word.key)
        and not _at_mention(p, first)
    ):
        found = found if body_speaks else None  # an unknown name before the one spoken of
    return Speaker((start, end), found)


def _is_own_act(p: Passage, k: int) -> bool:
    """Whether a word is a verbal or abstract noun with its doer's pronoun: ``دعمه``, ``التزامها``, ``مسؤوليته``."""
    word = p.words[k]
    if word.flags & (ROLE | TITLE) or word.key in speech.KIN | speech.RELATIONS or _at_mention(p, k):
        return False
    if not word.key.endswith(speech.POSSESSIVES) or word.key.startswith("ال"):
        return False
    return word.key.endswith(("يته", "يتها", "يتهم")) or speech.names_act(p.body[p.starts[k] : p.ends[k]])


def _tells_when(p: Passage, k: int) -> bool:
    """Whether a date of two words begins at a word: ``العام الماضي``; ``الأمين العام`` has none."""
    return k + 1 < len(p.words) and p.words[k].key in speech.PERIODS and p.words[k + 1].key in speech.PAST_OR_NEXT


def _name_start(p: Passage, person: Mention) -> int:
    """Where the name begins that a mention ends, if hyphens join words to it that the recogniser left out."""
    k = word_at(p, person.start)
    while 0 < k < len(p.words) and gap_before(p, k).strip(_SPACES) in ("-", "–"):
        k -= 1
    return p.starts[k] if k < len(p.words) else person.start


def _at_mention(p: Passage, k: int) -> bool:
    m = bisect_right(p.mention_starts, p.starts[k]) - 1
    return m >= 0 and p.mentions[m].end > p.starts[k]


def _subject_inside(p: Passage, voices: Voices, i: int, until: int) -> Speaker | None:
    """A subject behind an adverbial: ``قال لرويترز المتحدث باسم …``, ``قال في مؤتمر صحفي وزير الخارجية …``.

    It begins with a title or a name that no preposition, particle or noun before it governs.
    """
    last = min(until, len(p.words), i + _LONGEST_SPEAKER + _LONGEST_ROLE)
    addressee = p.words[i + 1] if i + 1 < last else None
    if last - i < 4 or addressee is None or addressee.flags & (ROLE | TITLE):
        return None  # ``قال لمدير المصنع سمير``: the name is that of who is told
    named = mentions_in(p, p.ends[i + 1], p.ends[last - 1])
    if not named:
        return None
    people = {m.start for m in named if m.type == "PER"}
    marks = next_marks(p, p.starts[i])
    for k in range(i + 2, last):
        word = p.words[k]
        if p.starts[k] >= marks:
            return None
        begins = p.starts[k] in people
        if not begins and not word.flags & (ROLE | TITLE):
            continue
        before = p.words[k - 1]
        free = mention_ends(p, k - 1) or is_described(before) or "،" in gap_before(p, k) or k == i + 2
        if before.key in speech.PREPOSITIONS or before.flags & (ROLE | TITLE) or not free:
            if begins:
                return None
            continue
        found = _noun_phrase(p, voices, k, until)
        if found and found.span and mentions_in(p, *found.span):
            return found
    return None


def _subject_before(p: Passage, voices: Voices, i: int) -> Speaker | None:
    """``سمير قال إن``, ``وكان سمير قد قال إن``: what stands before the verb in its sentence."""
    sentence_start, _ = sentence_around(p, p.starts[i])
    first = word_at(p, sentence_start)
    k = i - 1
    while k > first and p.words[k].key in speech.ASIDE:
        k -= 1
    if k < first:
        return None
    named = [m for m in mentions_in(p, sentence_start, p.ends[k]) if m.type in _NAMED]
    marked = marks_around(p, p.starts[k])
    if marked is not None and not gap_before(p, k + 1).strip(_SPACES + '"»”'):  # ``"النهر" أعلنت``
        alike = _named_alike(p, marked)
        if alike:
            return Speaker(p.marked[marked], alike)
    if named and named[-1].end == p.ends[k] and not gap_before(p, k + 1).strip(_SPACES + "و"):
        person = named[-1]
        start = with_role(p, person, sentence_start)
        if not _is_governed(p, start):
            return Speaker((start, person.end), person.entity_id)
    if p.words[first].key in _HAD and first + 1 < i:
        return _noun_phrase(p, voices, first + 1, i)
    in_clause = _topic_of_clause(p, voices, first, k)
    if in_clause:
        return in_clause
    if p.words[i - 1].key in speech.CONNECTORS or gap_before(p, i).strip(_SPACES + _CLOSING) not in ("", "،", ","):
        return None
    return _topic_of_sentence(p, voices, i)


def _is_governed(p: Passage, start: int) -> bool:
    """Whether a preposition stands before a name, which then is no subject: ``تغريدة على موقع النهر قال فيها``."""
    k = bisect_right(p.starts, start) - 1
    if p.body[p.starts[k] : start] in ("ب", "ل", "وب", "ول"):
        return True
    if k and speech.takes_name(p.words[k - 1].key):
        k -= 1
        if p.words[k].key[0] in "بل" and speech.takes_name(p.words[k].key[1:]):
            return True
    return not gap_before(p, k).strip(_SPACES) and k > 0 and p.words[k - 1].key in speech.PREPOSITIONS - {"من"}


def _topic_of_clause(p: Passage, voices: Voices, first: int, last: int) -> Speaker | None:
    """The noun phrase that fills a clause up to a verb: ``لكن مساعد المدير قال``, ``وكانت الحكومة قالت``, ``مصدر آخر أكد``.

    Args:
        p: The body.
        voices: Who has spoken before.
        first: The word the sentence begins with.
        last: The last word before the verb.
    """
    for k in range(last, max(first, last - _LONGEST_TOPIC) - 1, -1):
        opened = k > first and p.words[k - 1].key in _OPENS_CLAUSE
        if not opened and k > first:
            if gap_before(p, k).strip(_SPACES):
                return None
            continue
        word = p.words[k]
        subject = speech.is_definite(word.key) or word.flags & (ROLE | TITLE | ORG_HEAD) or word.key in speech.RELATIONS
        if not (opened and subject) and word.key not in speech.ANONYMOUS:
            return None
        found = _noun_phrase(p, voices, k, last + 1)
        if not found or not found.span:
            return None
        behind = word_at(p, found.span[1])  # ``لكن المدير السابق في المصنع قال``
        return found if behind > last or p.words[behind].key in ("في", "من") else None
    return None


def _named_alike(p: Passage, k: int) -> str | None:
    """The entity that a name in marks is, there or elsewhere in the article."""
    start, end = p.marked[k]
    if end - start > _LONGEST_MARKED_NAME:
        return None
    keys = keys_of(p.body[start:end])
    return next((m.entity_id for m in p.mentions if keys_of(p.body[m.start : m.end]) == keys), None)


def _topic_of_sentence(p: Passage, voices: Voices, i: int) -> Speaker | None:
    """The noun phrase a sentence begins with, where a name stands in it: ``الوزير سمير، الذي زار المصنع، قال إن``."""
    sentence_start, _ = sentence_around(p, p.starts[i])
    first = word_at(p, sentence_start)
    while first < i and p.words[first].key in ("اما", "لكن", "ولكن"):
        first += 1
    if p.words[first].key.removeprefix("و") in speech.IMPERSONAL:  # ``ويذكر أن المصنع أعلن``
        that = next((k for k in range(first + 1, min(first + 4, i)) if p.words[k].key in speech.COMPLEMENTIZER), first)
        first = that + 1
    if first >= i:
        return None
    word = p.words[first]
    named = any(m.start == p.starts[first] and m.type != "LOC" for m in mentions_in(p, p.starts[first], p.starts[i]))
    body = bool(word.flags & ORG_HEAD)
    if not named and not body and not (word.flags & (ROLE | TITLE) and speech.is_definite(word.key)):
        return None
    found = _noun_phrase(p, voices, first, i)
    if body and found and found.span and found.span[1] == p.ends[i - 1]:
        return found  # ``مجلة النهر كشفت``, also where the recogniser does not know it
    return found if found and found.entity_id else None


def _antecedent(p: Passage, voices: Voices, i: int) -> Speaker | None:
    """What a relative clause belongs to: ``ترامب، الذي أكد أن``."""
    k = i - 1
    while k > 0 and p.words[k].key in speech.ASIDE:
        k -= 1
    if k < 1 or p.words[k].key not in speech.RELATIVES or i - k > 3:
        return None
    gender = speech.gender(speech.verb_key(p.words[i].key)[0])
    if gender != "p" and (gender == "f") != p.words[k].key.endswith("التي"):
        return None  # ``كلمته التي قال فيها``: the relative is no subject
    sentence_start, _ = sentence_around(p, p.starts[i])
    before = [m for m in mentions_in(p, sentence_start, p.starts[k]) if m.type in ("PER", "ORG")]
    if before and not p.body[before[-1].end : p.starts[k]].strip(_SPACES + '،,()»"'):
        mention = before[-1]
        return Speaker((with_role(p, mention, sentence_start), mention.end), mention.entity_id)
    noun = p.words[k - 1].key
    noun = f"ال{noun[2:]}" if noun.startswith("لل") else noun
    body = issuer(p, noun[2:], p.starts[k]) if noun in speech.DOCUMENTS else body_called(p, noun, p.starts[k])
    if body:
        return Speaker((p.starts[k - 1], p.ends[k - 1]), body)
    for back in range(k - 1, max(-1, k - 1 - _LONGEST_ROLE), -1):
        if p.starts[back] < sentence_start:
            break
        word = p.words[back]
        if word.flags & (ROLE | TITLE) and speech.is_definite(word.key):
            return Speaker((p.starts[back], p.ends[k - 1]), entity_of(p, voices, back, p.ends[k - 1]))
    return None


def _subject_of_last_clause(p: Passage, voices: Voices, sentence_start: int, i: int, gender: str) -> Speaker | None:
    """Who a clause is about that a participle ends: ``لكن الحكومة قررت ذلك موضحة``, ``أن المهاجم صرخ قائلا``.

    Behind أن only where the verb stands right before the participle, for what is reported may end anywhere before it.
    """
    first = word_at(p, sentence_start)
    if gap_before(p, i).strip(_SPACES) or gap_before(p, i - 1).strip(_SPACES):
        return None
    for k in range(i - 2, max(first, i - _LONGEST_SPEAKER), -1):
        opens = p.words[k - 1].key
        if "،" in gap_before(p, k) or p.words[k].flags & SPEECH or marks_around(p, p.starts[k]) is not None:
            return None
        shouts = opens in speech.COMPLEMENTIZER and k == i - 2 and speech.verb_key(p.words[i].key)[0] in speech.SAYING
        if not (shouts or opens in ("لكن", "ولكن")):
            continue
        word = p.words[k]
        if not speech.is_definite(word.key) or (gender == "f") != word.key.endswith("ه"):
            return None
        found = _noun_phrase(p, voices, k, _end_of_title(p, k, i))
        if not found or not found.span or found.span[1] >= p.ends[i - 1]:
            return None
        if shouts and found.entity_id == voices.last.entity_id:
            return Speaker(found.span, None)  # who reports it is somebody else
        return found
    return None


def _unnamed_antecedent(p: Passage, voices: Voices, i: int) -> Speaker | None:
    """The definite noun that a relative clause without a subject of its own belongs to: ``التقارير التي أشارت إلى أن``."""
    if i < 2 or p.words[i - 1].key not in speech.RELATIVES or p.words[i - 1].key.startswith("و"):
        return None
    following = p.words[i + 1].key if i + 1 < len(p.words) else ""
    if (speech.gender(p.words[i].key) == "f") != p.words[i - 1].key.endswith("التي"):
        return None
    last = i - 2
    if following in speech.RESUMING or _at_mention(p, last) or not speech.is_definite(p.words[last].key):
        return None
    if any(gap_before(p, k).strip(_SPACES) for k in (i, i - 1)):
        return None
    first = last
    while first and speech.is_definite(p.words[first - 1].key) and not gap_before(p, first).strip(_SPACES):
        first -= 1
    if first and p.words[first - 1].flags & (ROLE | TITLE | ORG_HEAD):
        return None
    return Speaker((p.starts[first], p.ends[last]), entity_of(p, voices, first, p.ends[last]))


def _hung_on(p: Passage, voices: Voices, i: int, gender: str) -> Speaker | None:
    """The subject of the verb a participle hangs on: who spoke in the sentence, else the subject of its main verb."""
    sentence_start, _ = sentence_around(p, p.starts[i])
    nearest = _subject_of_last_clause(p, voices, sentence_start, i, gender) if gender in ("f", "m") else None
    if nearest:
        return nearest
    for speaker, spoken, at in reversed(voices.heard):
        if at < sentence_start:
            break
        if gender == "p" and spoken != "p" and _is_one_person(p, speaker):
            continue  # ``وكتب سمير …، وبدأ ناشطون حملة قائلين إن``
        if gender not in ("f", "m") or spoken == gender or (speaker.span and spoken == "p"):
            return speaker
    inner = _speaker_inside(p, sentence_start, i, gender)
    if inner:
        return inner
    if gender == "p" or (voices.heard and voices.heard[-1][2] >= sentence_start and gender == "f"):
        return None
    return _main_subject(p, voices, sentence_start, p.starts[i])


def _is_one_person(p: Passage, speaker: Speaker) -> bool:
    """Whether a speaker is a person and nobody is named with him (``سمير وهاني``)."""
    if not speaker.entity_id or not any(m.type == "PER" and m.entity_id == speaker.entity_id for m in p.mentions):
        return False
    return speaker.span is None or not p.body.startswith(" و", speaker.span[1])


def _unnamed_beside(p: Passage, voices: Voices, i: int, gender: str) -> Speaker | None:
    """Somebody unnamed right before a participle: ``فسأله أحد العمال قائلا``."""
    for k in range(i - 1, max(0, i - _LONGEST_TOPIC), -1):
        if gap_before(p, k + 1).strip(_SPACES):
            return None
        before = p.words[k - 1]
        if p.words[k].key in speech.ANONYMOUS:
            if gender == "f" and not p.words[k].key.endswith("ه"):
                return None
            governed = (
                before.key in speech.PREPOSITIONS or before.flags & (ROLE | TITLE) or gap_before(p, k).strip(_SPACES)
            )
            found = None if governed else _noun_phrase(p, voices, k, i)
            return found if found and found.span and found.span[1] == p.ends[i - 1] else None
    return None


def _speaker_inside(p: Passage, sentence_start: int, i: int, gender: str) -> Speaker | None:
    """The person before the verb of speech nearest to a participle, inside what somebody else reports."""
    for k in range(i - 1, word_at(p, sentence_start), -1):
        if p.words[k].flags & SPEECH and speech.gender(speech.verb_key(p.words[k].key)[0]) == gender:
            m = bisect_right(p.mention_starts, p.starts[k - 1]) - 1
            if m >= 0 and p.mentions[m].end == p.ends[k - 1] and p.mentions[m].type == "PER":
                return Speaker((p.mentions[m].start, p.mentions[m].end), p.mentions[m].entity_id)
    return None


def _main_subject(p: Passage, voices: Voices, sentence_start: int, end: int) -> Speaker | None:
    """The subject of a sentence's first verb: the name it begins with or that follows its verb, or an office there."""
    dateline = _DATELINE.match(p.body, sentence_start)
    first = word_at(p, dateline.end() if dateline else sentence_start)
    last = word_at(p, end)
    found = _subject_from(p, voices, first, sentence_start, end)
    if found or first >= last:
        return found
    for k in range(first + 1, min(last - 1, first + _REACH)):  # ``مع بداية الموسم، استقبل سمير …``
        if "،" in gap_before(p, k) and marks_around(p, p.starts[k]) is None:
            named = mentions_in(p, p.starts[k + 1], end)[:1]
            if named and named[0].type in ("PER", "ORG"):
                start = with_role(p, named[0], sentence_start)
                before = p.words[k].key
                if start == p.starts[k + 1] and before not in speech.PREPOSITIONS | speech.RELATIVES | speech.RELATIONS:
                    return Speaker((start, named[0].end), named[0].entity_id)
    return None


def _subject_from(p: Passage, voices: Voices, first: int, sentence_start: int, end: int) -> Speaker | None:
    """The subject of the clause that begins at a word."""
    last = word_at(p, end)
    if first + 1 < last and p.words[first].key in ("من", "ومن") and p.words[first + 1].key in speech.BY_TURN:
        first += 2
    while first < last and p.words[first].key in _BEFORE_SUBJECT:
        first += 1
    if first < last and p.words[first].key.removeprefix("و") in speech.ADVERBIAL:
        while first + 1 < last and "،" not in gap_before(p, first + 1):
            first += 1  # ``وخلال لقائها مع …، أكدت``: a name there is no subject
        first += 1
    if first >= last:
        return None
    for k in (first, first + 1):  # ``رفضت الحكومة …``, ``الحكومة رفضت …``
        if k < last and p.words[k].key in speech.BODIES and not _at_mention(p, k):
            return _noun_phrase(p, voices, k, _end_of_title(p, k, last))
    for mention in mentions_in(p, p.starts[first], end):
        begins = first if first and p.words[first - 1].key in _HAD else first + 1  # كانت الصين، هاجمت الصين
        if mention.type == "LOC" and begins < last and mention.start == p.starts[begins]:
            known = load_lexicon().entities.get(mention.entity_id)
            if known and known.country:
                return Speaker((mention.start, mention.end), mention.entity_id)  # ``هاجمت الصين …``
        if mention.type not in ("PER", "ORG") or marks_around(p, mention.start) is not None:
            continue
        start = with_role(p, mention, sentence_start)
        k = word_at(p, start)
        if k - first > (_LONGEST_ROLE if mention.type == "PER" else 2):
            break
        back = k - 1
        while back > first and is_described(p.words[back]):
            back -= 1
        free = (
            k - first <= 1 or "،" in gap_before(p, k) or (back < k - 1 and p.words[back].key not in speech.PREPOSITIONS)
        )
        if free and p.starts[k] == start and p.words[k - 1].key not in speech.PREPOSITIONS | speech.RELATIONS:
            return Speaker((start, mention.end), mention.entity_id)
    at = first + 1
    if at >= last or not p.words[at].flags & (ROLE | TITLE):
        return None
    if speech.is_definite(p.words[at].key):
        return _noun_phrase(p, voices, at, _end_of_title(p, at, last))  # ``واستبعد المدرب …``
    found = _noun_phrase(p, voices, at, last)  # ``استقبل رئيس الاتحاد (النهر) سمير …``
    named = mentions_in(p, *found.span) if found and found.span else []
    return found if found and any(m.type == "PER" and m.entity_id == found.entity_id for m in named) else None


def _end_of_title(p: Passage, at: int, last: int) -> int:
    """The word a definite title or body ends before: a bare noun behind it is the object (``رفض القاضي مزاعم سمير``)."""
    for k in range(at + 1, last):
        word = p.words[k]
        if _at_mention(p, k) or word.key in speech.PREPOSITIONS or p.words[k - 1].key in speech.PREPOSITIONS:
            break
        fits = is_described(word) or word.flags & (ROLE | TITLE) or word.key in triggers.ROLE_MODIFIERS
        if not fits and word.key[0] not in _JOINED:
            return k
    return last


def _source_before(p: Passage, voices: Voices, i: int) -> Speaker | None:
    """``نقلت الصحيفة عن سمير قوله إن``: what is named between عن and the verbal noun."""
    i = min(i, len(p.words) - 1)
    sentence_start, _ = sentence_around(p, p.starts[i])
    for back in range(i - 1, max(-1, i - 1 - _LONGEST_SPEAKER), -1):
        if p.starts[back] < sentence_start:
            break
        if p.words[back].key in ("عن", "لسان") and back + 1 < i:
            return _noun_phrase(p, voices, back + 1, i)
    return None


def source_at(p: Passage, voices: Voices, at: int) -> Speaker:
    """Whom a quotation is given to behind ``بحسب`` or ``وفقا ل``, at a word."""
    found = _noun_phrase(p, voices, at, at + _LONGEST_SPEAKER)
    if found and found.entity_id:
        return found
    m = bisect_right(p.mention_starts, p.ends[at] - 1) - 1
    if m >= 0 and p.mentions[m].start >= p.starts[at]:  # behind a joined ل
        return Speaker((p.mentions[m].start, p.mentions[m].end), p.mentions[m].entity_id)
    document = p.words[at].key.removeprefix("ل")
    if document in speech.DOCUMENTS:
        return Speaker((p.starts[at], p.ends[at]), issuer(p, document.removeprefix("ال"), p.starts[at]))
    return found or Speaker((p.starts[at], p.ends[at]), None)


def _implied(p: Passage, voices: Voices, i: int, gender: str) -> Speaker:
    """Whoever a verb without a subject means: who spoke last in its gender, else whom the article is about so far."""
    here = sentence_around(p, p.starts[i])[0]
    if p.starts[i] > here + 1 and not (voices.heard and voices.heard[-1][2] >= here) and gender != "p":
        subject = _named_before_relative(p, i, here) or _main_subject(p, voices, here, p.starts[i])
        if subject and (gender != "m" or not _begins_feminine(p, here)):
            return Speaker(None, subject.entity_id)
        unnamed = _unnamed_subject(p, voices, here, gender)
        if unnamed:
            return unnamed
    before = _subject_of_sentence_before(p, voices, here, gender)
    if before:
        return Speaker(None, before)
    for speaker, spoken, _ in reversed(voices.heard):
        if not gender or spoken == gender:
            return Speaker(None, speaker.entity_id)
    if gender == "p":
        several = _main_subject(p, voices, here, p.starts[i])
        if several and several.span and p.body.startswith(" و", several.span[1]):
            return Speaker(None, several.entity_id)  # ``زار سمير وهاني المصنع، وأكدا``
        return Speaker(None, None)  # several, whom nothing names together
    others = {speaker.entity_id for speaker, _, _ in voices.heard}
    if gender == "f":
        body = _feminine_body(p, here - 200, p.starts[i])
        if body:
            return Speaker(None, body)
    named = Counter(
        m.entity_id
        for m in p.mentions
        if m.type == "PER" and m.start < here and m.entity_id not in others and marks_around(p, m.start) is None
    )
    if named:
        return Speaker(None, named.most_common(1)[0][0])
    return Speaker(None, voices.last.entity_id)


def _begins_feminine(p: Passage, sentence_start: int) -> bool:
    """Whether a sentence begins with a verb of the third person feminine (``اطلعت``), which no ``قال`` goes on with."""
    k = word_at(p, sentence_start)
    return k + 1 < len(p.words) and p.words[k].key.endswith("ت") and len(p.words[k].key) > 3 and not p.words[k].flags


def _unnamed_subject(p: Passage, voices: Voices, sentence_start: int, gender: str) -> Speaker | None:
    """Who a sentence is about that begins with a verb, though no name stands there: ``تمكنت الشرطة … وقالت``."""
    first = word_at(p, sentence_start)
    if first + 1 < len(p.words) and "،" in gap_before(p, first + 1):
        first += 1  # ``بالمقابل، رفضت فتاة …``
    if first + 1 >= len(p.words) or gap_before(p, first + 1).strip(_SPACES):
        return None
    verb, noun = p.words[first].key, p.words[first + 1]
    if gender == "f":
        agrees = verb.endswith("ت") and len(verb) > 3
        speaks = noun.key in speech.RELATIONS | speech.ANONYMOUS or (
            speech.is_definite(noun.key) and noun.key.endswith("ه")
        )
    else:
        governs = p.words[first].flags & (ROLE | TITLE | ORG_HEAD) or verb in speech.ADVERBIAL | speech.RELATIVES
        agrees = not governs and not verb.endswith(("ت", "ه")) and not verb.startswith(("ال", "وال"))
        speaks = noun.key in speech.ANONYMOUS or bool(noun.flags & DEFINITE_ORG_HEAD and not noun.key.endswith("ه"))
    if not agrees or not speaks:
        return None
    last = min(len(p.words), first + 1 + _LONGEST_SPEAKER)
    subject = _noun_phrase(p, voices, first + 1, _end_of_title(p, first + 1, last))
    return Speaker(None, subject.entity_id) if subject else None


def _subject_of_sentence_before(p: Passage, voices: Voices, here: int, gender: str) -> str | None:
    """The person whom the sentence before is about, where nobody has spoken since it began (``كتبت سعاد … وقالت``)."""
    if not here or gender not in ("f", "m"):
        return None
    start, _ = sentence_around(p, max(0, here - 2))
    first = word_at(p, start)
    if (voices.heard and voices.heard[-1][2] >= start) or start >= here - 2 or first >= len(p.words):
        return None
    if p.words[first].key.endswith("ت") != (gender == "f"):
        return None
    subject = _main_subject(p, voices, start, here)
    people = {m.entity_id for m in p.mentions if m.type == "PER"}
    return subject.entity_id if subject and subject.entity_id in people else None


def _named_before_relative(p: Passage, i: int, sentence_start: int) -> Speaker | None:
    """``كلمة الرئيس سمير التي قال فيها``: the relative goes with the speech, the verb with the person who gave it."""
    if i < 2 or p.words[i - 1].key not in speech.RELATIVES:
        return None
    people = [m for m in mentions_in(p, sentence_start, p.starts[i]) if m.type == "PER"]
    return Speaker((people[-1].start, people[-1].end), people[-1].entity_id) if people else None


def _feminine_body(p: Passage, start: int, end: int) -> str | None:
    """The body named last whose noun is feminine (``وزارة``, ``شركة``)."""
    for mention in reversed(mentions_in(p, start, end)):
        k = bisect_right(p.starts, mention.start) - 1
        if mention.type == "ORG" and p.words[k].key.endswith("ه") and marks_around(p, mention.start) is None:
            return mention.entity_id
    return None
