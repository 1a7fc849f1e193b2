"""Finds who said what: quotations in marks and reported clauses, with verb and speaker.

A quotation needs someone to whom the text gives it: a verb of speech in its sentence, or a name and a colon before it.
Reported clauses run from behind أن/إن to the end of the clause. Words inside a reported statement are not searched for
further reported statements, only for quoted words.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import NamedTuple

from news_pipeline.arabic.clitics import proclitic_splits, strip_article
from news_pipeline.arabic.keys import norm_ar
from news_pipeline.entities import triggers
from news_pipeline.entities.lexicon import load_lexicon
from news_pipeline.entities.link import Mention
from news_pipeline.entities.words import DEFINITE_ORG_HEAD, NISBA, ROLE, SPEECH, TITLE, Words

_MARKS = re.compile(r'["«»“”„\n]')
_SENTENCE_END = re.compile(r"(?:(?<!\.)\.|[؟?!])(?=[\s\"»”)]|$)|\n")
_LONGEST_QUOTE = 3000  # code points; a mark without partner must not swallow an article
_REACH = 30  # words between a verb and what it introduces
_LONGEST_SPEAKER = 14  # words

_COMPLEMENTIZER = frozenset(
    norm_ar(
        "أن إن أنه إنه أنها إنها أنهم إنهم أنهما إنهما أنني إنني أننا إننا أنك إنك بأن بأنه بأنها بأنهم بأننا بأنني بأنهما أني إني أنهن"
    ).split()
)
_NEGATION = frozenset(norm_ar("لم لا لن ما ولم ولا").split())
_ENDS_CLAUSE = frozenset(norm_ar("بحسب حسب وفق وفقا فيما بينما وفيما وبينما لكن غير بيد وكان وكانت").split())
_ENDS_SUBJECT = frozenset(
    norm_ar(
        "في على إلى الى عن من خلال عبر أمام بعد قبل اليوم أمس مساء صباح ظهر الأحد الاثنين الإثنين الثلاثاء الأربعاء الخميس الجمعة "
        "السبت حول عقب أثناء ضمن لدى مع أيضا كذلك للصحفيين للصحافيين بشأن تعليقا ردا كما عند أنذاك حينها بدوره بدورها ل قد "
        "للجزيرة لوكالة لصحيفة لقناة مجددا سابقا لاحقا فيه فيها له لها لهم به بها هنا هناك الآن ذلك هذا ضرورة عدم أنباء بيان "
        "متحدثا خلاله خلالها لرويترز لفرانس لبي لشبكة لراديو لإذاعة للتلفزيون على"
    ).split()
) | {"على"}
_IMPERSONAL = frozenset(norm_ar("يذكر يشار تجدر").split())
_TITLED_NOUNS = frozenset(
    norm_ar(
        "فيلم فيلمه فيلمها كتاب كتابه كتابها رواية روايته روايتها صحيفة صحيفتي جريدة جريدتي مجلة مجلتي قناة قناتي إذاعة تلفزيون "
        "فضائية برنامج برنامجه برنامجها مسلسل مسلسله أغنية أغنيته أغنيتها ألبوم ألبومه ألبومها مسرحية موقع بوابة منصة شركة حركة "
        "تنظيم عملية حملة اسم يدعى تدعى معروف معروفة مسمى مسماة هاشتاغ وسم وكالة وكالتي شبكة شبكتي راديو جماعة جبهة منظمة مؤسسة "
        "جمعية مجموعة حزب نادي مهرجان جائزة تطبيق لقب ملقب ملقبة عنوان مشروع مبادرة معرض سفينة فندق مطعم"
    ).split()
)
_SPEECH_NOUNS = frozenset(
    norm_ar(
        "إشارة قول تأكيد تذكير تشديد إعلان تحذير إعراب تعبير تنويه كشف إفادة إيضاح توضيح اعتراف إقرار زعم ادعاء نفي تصريح إضافة "
        "تعليق رد دعوة مطالبة شكر ترحيب إعادة لفت تلويح تهديد وصف حديث سؤال تساؤل تعهد وعد"
    ).split()
)
_PRONOUNS = ("ها", "هم", "هما", "ه")
_PARTICLES = ("و", "ف")


class Quote(NamedTuple):
    """A quotation: code points of its words, how it is given, and who said it with which verb."""

    start: int
    end: int
    directness: str
    verb: str | None
    speaker: tuple[int, int] | None
    speaker_entity_id: str | None


class _Speaker(NamedTuple):
    span: tuple[int, int] | None
    entity_id: str | None


def find_quotes(body: str, words: Words, mentions: list[Mention]) -> list[Quote]:
    """The quotations of a body in order.

    Args:
        body: The text.
        words: The text, split.
        mentions: Linked mentions of the text in order; speakers are linked through them.

    Returns:
        Quotations, direct ones without their marks. A reported clause and the quoted words inside it overlap.
    """
    speech = [i for i, word in enumerate(words.words) if word.flags & SPEECH]
    marked = quoted_spans(body)
    if not speech and not marked:
        return []
    return _Reader(body, words, mentions, marked, speech).read()


def quoted_spans(text: str) -> list[tuple[int, int]]:
    """Spans between quotation marks, the marks left out; ``"`` opens and closes by turns within a paragraph.

    A mark left open at the end of a paragraph goes on into the next one only if that one closes it.
    """
    spans = []
    opened: int | None = None
    broken = False
    for match in _MARKS.finditer(text):
        mark, at = match.group(), match.start()
        if mark == "\n":
            broken = opened is not None
            continue
        if opened is not None and (at - opened > _LONGEST_QUOTE or (broken and _opens(text, at, mark))):
            opened = None
        if opened is None:
            if mark not in "»":
                opened, broken = match.end(), False
        elif mark in '"»”“':
            if at > opened:
                spans.append((opened, at))
            opened = None
        else:
            opened, broken = match.end(), False
    return [_trimmed(text, start, end) for start, end in spans]


def _opens(text: str, at: int, mark: str) -> bool:
    if mark in "«„":
        return True
    if mark == "»":
        return False
    before = text[at - 1 : at]
    after = text[at + 1 : at + 2]
    return (not before or before in " \n\u00a0(:وبلـ") and not (not after or after in " \n،.؛:)")


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


class _Reader:
    """Reads one body from left to right; keeps who spoke last, for sentences that leave the speaker out."""

    def __init__(
        self, body: str, words: Words, mentions: list[Mention], marked: list[tuple[int, int]], speech: list[int]
    ) -> None:
        self.body = body
        self.words = words
        self.mentions = mentions
        self.mention_starts = [mention.start for mention in mentions]
        self.marked = marked
        self.marked_starts = [start for start, _ in marked]
        self.speech = speech
        self.bounds = self._sentence_bounds()
        self.quotes: list[Quote] = []
        self.used: set[int] = set()
        self.last = _Speaker(None, None)
        self.roles = self._roles()

    def read(self) -> list[Quote]:
        done = 0  # code point up to which reported statements reach
        for i in self.speech:
            start = self.words.starts[i]
            if start < done or self._inside_marks(start) is not None:
                continue
            done = max(done, self._read_verb(i))
        self._read_left_over()
        return sorted(set(self.quotes), key=lambda q: (q.start, q.end, q.directness))

    # Where things are.

    def _sentence_bounds(self) -> list[int]:
        """Ends of sentences (exclusive), marks of sentences inside quotations left out."""
        bounds = [
            m.end()
            for m in _SENTENCE_END.finditer(self.body)
            if self._inside_marks(m.start()) is None or m.group() == "\n"
        ]
        return [b for b in bounds if self._inside_marks(b - 1) is None] + [len(self.body)]

    def _inside_marks(self, at: int) -> int | None:
        """Index of the quotation that holds a code point."""
        k = bisect_right(self.marked_starts, at) - 1
        return k if k >= 0 and at < self.marked[k][1] else None

    def _sentence(self, at: int) -> tuple[int, int]:
        k = bisect_right(self.bounds, at)
        return (self.bounds[k - 1] if k else 0), self.bounds[min(k, len(self.bounds) - 1)]

    def _mentions_in(self, start: int, end: int) -> list[Mention]:
        return [
            m
            for m in self.mentions[bisect_left(self.mention_starts, start) : bisect_left(self.mention_starts, end)]
            if m.end <= end
        ]

    # One verb and what it introduces.

    def _read_verb(self, i: int) -> int:
        key, offset = _verb_key(self.words.words[i].key)
        kind = triggers.SPEECH_VERBS.get(key)
        if kind is None or (i and self.words.words[i - 1].key in _NEGATION):
            return 0
        start = self.words.starts[i]
        _, sentence_end = self._sentence(start)
        n = len(self.words.words)
        at = i + 1
        while at < n and at - i <= _REACH and self.words.starts[at] < sentence_end:
            inside = self._inside_marks(self.words.starts[at])
            if inside is not None:
                if (
                    self._is_statement(inside)
                    and not self._names_subject(inside, at, sentence_end)
                    and (kind != "quotes" or self._long_enough(inside))
                ):
                    return self._direct(i, offset, inside, at, sentence_end)
                at = self._after_marks(inside, at)
                continue
            word = self.words.words[at]
            if word.key in _COMPLEMENTIZER and kind != "quotes":
                if key in _IMPERSONAL and at - i <= 2:
                    return 0
                return self._reported(i, offset, at, sentence_end)
            if word.flags & SPEECH and _verb_key(word.key)[0] in triggers.SPEECH_VERBS and at > i + 1:
                return 0
            at += 1
        return 0

    def _direct(self, i: int, offset: int, inside: int, at: int, sentence_end: int) -> int:
        """A quotation right behind the verb and its subject, and those that follow it in the sentence."""
        speaker = self._speaker(i, at)
        verb = self._verb_text(i, offset)
        end = 0
        for k in range(inside, len(self.marked)):
            start, stop = self.marked[k]
            if start >= sentence_end:
                break
            if k > inside and self._speech_between(end, start):
                break
            if k in self.used or not self._long_enough(k) or (k > inside and self._is_title(k)):
                continue
            self._add(start, stop, "direct", verb, speaker)
            self.used.add(k)
            end = stop
        return end

    def _reported(self, i: int, offset: int, at: int, sentence_end: int) -> int:
        """The clause behind أن/إن at word ``at``."""
        if at + 1 >= len(self.words.words):
            return 0
        start = self.words.ends[at]
        while start < sentence_end and self.body[start].isspace():
            start += 1
        end = self._clause_end(at + 1, sentence_end)
        while end > start and self.body[end - 1] in " \n\u00a0،.؛:,-–":
            end -= 1
        if end <= start:
            return 0
        speaker = self._speaker(i, at)
        verb = self._verb_text(i, offset)
        whole = None
        for k in range(bisect_left(self.marked_starts, start), len(self.marked)):
            quote_start, quote_end = self.marked[k]
            if quote_start >= end:
                break
            if self.body[start:quote_start].strip(' "«“”') == "" and self.body[quote_end:end].strip(' "»”“.،') == "":
                whole = k
            if self._long_enough(k) and not self._is_title(k) and k not in self.used:
                self._add(quote_start, quote_end, "direct", verb, speaker)
                self.used.add(k)
        if whole is None and len(self.body[start:end].split()) >= 2:
            self._add(start, end, "indirect", verb, speaker)
        return end

    def _clause_end(self, at: int, sentence_end: int) -> int:
        """Where the clause that begins at word ``at`` ends: at a new verb of speech, a comment, or the sentence's end."""
        n = len(self.words.words)
        k = at
        while k < n and self.words.starts[k] < sentence_end:
            inside = self._inside_marks(self.words.starts[k])
            if inside is not None:
                k = self._after_marks(inside, k)
                continue
            word = self.words.words[k]
            gap = self.body[self.words.ends[k - 1] : self.words.starts[k]]
            comma = "،" in gap or "," in gap or '"' in gap or "»" in gap
            if word.flags & SPEECH and k > at:
                key, offset = _verb_key(word.key)
                kind = triggers.SPEECH_VERBS.get(key)
                if kind == "participle" or (offset and (comma or kind == "says") and key[0] != "ي"):
                    return self.words.starts[k]
            if comma and word.key in _ENDS_CLAUSE:
                return self.words.starts[k]
            if word.key in ("على", "علي") and k + 1 < n and self.words.words[k + 1].key == "حد":
                return self.words.starts[k]
            if comma and word.key == "في" and k + 1 < n and self.words.words[k + 1].key in ("حين", "الوقت", "وقت"):
                return self.words.starts[k]
            k += 1
        return sentence_end

    def _after_marks(self, inside: int, at: int) -> int:
        """The first word behind a quotation."""
        end = self.marked[inside][1]
        return max(at + 1, bisect_left(self.words.starts, end, at))

    def _names_subject(self, k: int, at: int, sentence_end: int) -> bool:
        """Whether a short quotation is part of the subject: the verb's أن/إن comes only behind it."""
        start, end = self.marked[k]
        if len(self.body[start:end].split()) > 4 or self.body[:start].rstrip(' "«“„').endswith(":"):
            return False
        for j in range(self._after_marks(k, at), min(len(self.words.words), at + 14)):
            word = self.words.words[j]
            if self.words.starts[j] >= sentence_end or self._inside_marks(self.words.starts[j]) is not None:
                return False
            if word.key in _COMPLEMENTIZER:
                return True
            if word.flags & SPEECH:
                return False
        return False

    def _is_statement(self, k: int) -> bool:
        """Whether a quotation says something rather than names something."""
        return k not in self.used and self._long_enough(k) and not self._is_title(k)

    def _long_enough(self, k: int) -> bool:
        return len(self.body[slice(*self.marked[k])].split()) >= 2

    def _is_title(self, k: int) -> bool:
        """Whether a quotation is a name: of a film, a paper, a body, or one the recogniser knows.

        What is in marks right behind a noun that takes names (``على القناة "…"``) is its name; but a definite noun right
        behind a verb of speech is who speaks, and the marks hold what it says (``قالت الصحيفة "…"``).
        """
        start, end = self.marked[k]
        nearest = bisect_right(self.mention_starts, start) - 1
        if nearest >= 0 and self.mentions[nearest].end >= end:
            return True
        before = bisect_left(self.words.starts, start) - 1
        if before < 0 or self.body[self.words.ends[before] : start].strip(' "«“„') != "":
            return False
        noun = self.words.words[before].key
        if end - start >= 60 or not _takes_name(noun):
            return False
        if not noun.startswith("ال") or not before:
            return True
        verb = self.words.words[before - 1]
        return not verb.flags & SPEECH or verb.key in _ENDS_SUBJECT  # عبر is a preposition before a place

    def _speech_between(self, start: int, end: int) -> bool:
        first = bisect_left(self.words.starts, start)
        last = bisect_left(self.words.starts, end)
        return any(
            self.words.words[k].flags & SPEECH and self._inside_marks(self.words.starts[k]) is None
            for k in range(first, last)
        )

    # Quotations no verb before them introduces.

    def _read_left_over(self) -> None:
        for k, (start, end) in enumerate(self.marked):
            if not self._is_statement(k):
                continue
            after = bisect_left(self.words.starts, end)
            gap = self.body[end : self.words.starts[after]] if after < len(self.words.words) else "\n"
            if "\n" not in gap and "." not in gap and "،" in gap and self.words.words[after].flags & SPEECH:
                key, offset = _verb_key(self.words.words[after].key)
                if triggers.SPEECH_VERBS.get(key) == "says" and not offset:
                    self._add(
                        start,
                        end,
                        "direct",
                        self._verb_text(after, offset),
                        self._speaker(after, after + _LONGEST_SPEAKER),
                    )
                    continue
            opening = self.body[:start].rstrip(' "«“„')
            if opening.endswith(":"):
                sentence_start, _ = self._sentence(start)
                named = [m for m in self._mentions_in(sentence_start, start) if m.type in ("PER", "ORG")]
                if named and named[-1].end == len(opening) - 1:
                    span = (named[-1].start, named[-1].end)
                    self._add(start, end, "direct", None, _Speaker(span, named[-1].entity_id))

    # The speaker.

    def _speaker(self, i: int, until: int) -> _Speaker:
        """Who speaks in the clause of the verb at word ``i``, whose complement begins at word ``until``."""
        key, _ = _verb_key(self.words.words[i].key)
        if triggers.SPEECH_VERBS.get(key) == "participle":
            found = self._subject_before(i) or self.last
        else:
            found = (
                self._subject_after(i, until) or self._subject_directly_before(i) or _Speaker(None, self.last.entity_id)
            )
        if found.entity_id or found.span:
            self.last = found
        return found

    def _subject_after(self, i: int, until: int) -> _Speaker | None:
        """The noun phrase between the verb and its complement."""
        words = self.words
        last = min(until, len(words.words), i + 1 + _LONGEST_SPEAKER)
        k = i + 1
        if k >= last or words.words[k].key in _ENDS_SUBJECT or words.words[k].key in _COMPLEMENTIZER:
            return None
        if _is_manner_of_speech(words.words[k].key):
            return None
        if words.words[k].flags & SPEECH and not words.words[k].flags & (ROLE | TITLE):
            return None
        start = words.starts[k]
        end = words.ends[k]
        if self.body[words.ends[i] : start].strip(" \u00a0") != "":
            return None
        stop = words.starts[last] if last < len(words.words) else len(self.body)
        person = next((m for m in self._mentions_in(start, stop) if m.type == "PER"), None)
        while k + 1 < last:
            gap = self.body[words.ends[k] : words.starts[k + 1]]
            following = words.words[k + 1]
            if _is_manner_of_speech(following.key):
                break
            if (
                person
                and words.starts[k + 1] <= person.start
                and gap.strip(" \u00a0") in ("", "،", ",")
                and "\n" not in gap
            ):
                ahead = self.body[words.starts[k + 1] : person.start]
                if gap.strip() and words.starts[k + 1] != person.start:
                    break
                if following.key in _ENDS_SUBJECT and len(ahead.split()) > 8:
                    break
            elif (
                gap.strip(" \u00a0()") != ""
                or following.key in _ENDS_SUBJECT
                or (person and words.starts[k + 1] >= person.end and words.ends[k] >= person.end)
            ):
                break
            if following.key in _COMPLEMENTIZER or (following.flags & SPEECH and not following.flags & (ROLE | TITLE)):
                break
            k += 1
            end = words.ends[k]
        inside = self._mentions_in(start, end)
        return _Speaker((start, end), self._entity_of(inside, i, end))

    def _entity_of(self, inside: list[Mention], i: int, end: int) -> str | None:
        """The entity a noun phrase stands for: its person, else its body or place; a bare role is who spoke last."""
        person = next((m for m in inside if m.type == "PER"), None)
        if person:
            return person.entity_id
        first = self.words.words[i + 1]
        if first.flags & (ROLE | TITLE):
            # Someone named by the office alone: whoever the article names with it, else who spoke last.
            head, countries = self._office(i + 1, end)
            for known_head, known_countries, entity_id in self.roles:
                if head == known_head and (countries & known_countries or not (countries and known_countries)):
                    return entity_id
            return self.last.entity_id if first.key.startswith("ال") else None
        body = next((m for m in inside if m.type in ("ORG", "LOC")), None)
        if body:
            return body.entity_id
        if first.flags & DEFINITE_ORG_HEAD and first.key.startswith("ال"):
            head = first.key[2:]
            named = [
                m for m in self.mentions if m.type == "ORG" and norm_ar(self.body[m.start : m.end]).split()[0] == head
            ]
            if len({m.entity_id for m in named}) == 1:
                return named[0].entity_id
        return self.last.entity_id if first.key == "البيان" else None

    def _roles(self) -> list[tuple[str, frozenset[str], str]]:
        """Offices the article names people by: head word, countries, person."""
        roles = []
        for mention in self.mentions:
            if mention.type == "PER":
                start = self._with_role(mention, 0)
                if start < mention.start:
                    first = bisect_left(self.words.starts, start)
                    roles.append((*self._office(first, mention.start), mention.entity_id))
        return roles

    def _office(self, first: int, end: int) -> tuple[str, frozenset[str]]:
        """Head and countries of an office (``وزير الخارجية اليمني`` → ``وزير الخارجيه``, ``YE``)."""
        last = bisect_left(self.words.starts, end, first)
        words = self.words.words[first:last]
        countries = {word.country for word in words if word.country}
        for mention in self._mentions_in(self.words.starts[first], end):
            known = load_lexicon().entities.get(mention.entity_id)
            if known and known.country:
                countries.add(known.country)
        keys = [strip_article(word.key) for word in words[:2] if not word.country]
        return " ".join(keys), frozenset(countries)

    def _subject_directly_before(self, i: int) -> _Speaker | None:
        """``لاري كادلو قال إن``: a name that ends right before the verb, with the role before it."""
        sentence_start, _ = self._sentence(self.words.starts[i])
        named = [m for m in self._mentions_in(sentence_start, self.words.starts[i]) if m.type in ("PER", "ORG", "LOC")]
        if not named or self.body[named[-1].end : self.words.starts[i]].strip(" \u00a0و") != "":
            return None
        return _Speaker((self._with_role(named[-1], sentence_start), named[-1].end), named[-1].entity_id)

    def _subject_before(self, i: int) -> _Speaker | None:
        """The subject of the verb a participle hangs on: who spoke in the sentence, else the first person named in it."""
        sentence_start, _ = self._sentence(self.words.starts[i])
        if self.last.span and self.last.span[0] >= sentence_start:
            return self.last
        before = self._mentions_in(sentence_start, self.words.starts[i])
        for types in (("PER",), ("ORG",)):
            for mention in before:
                if mention.type in types and self._inside_marks(mention.start) is None:
                    return _Speaker((self._with_role(mention, sentence_start), mention.end), mention.entity_id)
        return None

    def _with_role(self, mention: Mention, sentence_start: int) -> int:
        """Where the title before a person begins."""
        if mention.type != "PER":
            return mention.start
        k = bisect_right(self.words.starts, mention.start) - 1
        start = mention.start
        for back in range(k - 1, max(-1, k - 9), -1):
            if self.words.starts[back] < sentence_start:
                break
            word = self.words.words[back]
            if self.body[self.words.ends[back] : self.words.starts[back + 1]].strip(" \u00a0") not in ("", "،"):
                break
            if word.flags & (ROLE | TITLE):
                start = self.words.starts[back]
            elif not (word.flags & NISBA or word.key in triggers.ROLE_MODIFIERS or word.country):
                break
        return start

    # Rows.

    def _verb_text(self, i: int, offset: int) -> str:
        return self.body[self.words.starts[i] + offset : self.words.ends[i]]

    def _add(self, start: int, end: int, directness: str, verb: str | None, speaker: _Speaker) -> None:
        self.quotes.append(Quote(start, end, directness, verb, speaker.span, speaker.entity_id))


def _verb_key(key: str) -> tuple[str, int]:
    """The verb behind a joined و or ف, and how many letters those take."""
    if key not in triggers.SPEECH_VERBS and key[:1] in _PARTICLES and key[1:] in triggers.SPEECH_VERBS:
        return key[1:], 1
    return key, 0


def _takes_name(key: str) -> bool:
    """Whether a word, bare or with particles and article, is a noun that a name follows: ``بالقناة``, ``ولصحيفة``."""
    rests = [key, *(rest for _, rest in proclitic_splits(key))]
    return any(strip_article(rest) in _TITLED_NOUNS for rest in rests)


def _is_manner_of_speech(key: str) -> bool:
    """Whether a word is ب with a verbal noun of speech, which ends the subject: ``بالإشارة``, ``بالقول``, ``بقوله``."""
    if key[:1] in _PARTICLES:
        key = key[1:]
    if not key.startswith("ب"):
        return False
    noun = key[3:] if key.startswith("بال") else key[1:]
    if noun in _SPEECH_NOUNS:
        return True
    return any(
        noun.endswith(pronoun) and {stem := noun.removesuffix(pronoun), stem.removesuffix("ت") + "ه"} & _SPEECH_NOUNS
        for pronoun in _PRONOUNS
    )
