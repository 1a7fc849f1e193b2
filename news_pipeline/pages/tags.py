"""Tags as a page lists them: cut at their separators, or, where a line has none, where the words' use says so.

A tag line without separators is read by dynamic search over its segmentations: words that stand side by side in the
article belong together; a page does not list one tag twice; words of one name that the article does not mention come in
pairs, given name first.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import pairwise

from news_pipeline.arabic.clitics import proclitic_splits
from news_pipeline.arabic.keys import word_key

_SEPARATORS = re.compile(r"\s*[،,;؛|•·\n\t]\s*|\s+[/–—-]\s+|\s*(?=#)")
_WORD = re.compile(r"\S+")
_EDGE = " \t\r\n.:#\"'“”«»()[]\u200e\u200f"
LONGEST_TAG = 4
"""Words a tag of an unseparated line may have."""
_BEAM = 12

_PROCLITICS = ("و", "ف", "ب", "ل", "ك", "ال", "وال", "بال", "فال", "كال", "لل", "ول", "وب", "ولل")
_SMALL_WORDS = frozenset(
    word_key(word)
    for word in (
        *(
            "في",
            "فی",
            "من",
            "على",
            "إلى",
            "عن",
            "مع",
            "بعد",
            "قبل",
            "بين",
            "ضد",
            "حول",
            "خلال",
            "عبر",
            "غير",
            "ذات",
            "بدون",
        ),
        *("of", "in", "the", "and", "for", "de", "du", "des", "la", "le", "les", "et", "در", "از", "به", "و"),
    )
)
"""Words a tag does not end with, and that do not stand as a tag alone."""
_JOINS_NEXT = frozenset(
    word_key(word)
    for word in (
        "عبد",
        "أبو",
        "أبي",
        "ابن",
        "بن",
        "بنت",
        "آل",
        "أم",
        "ذو",
        "سان",
        "سانت",
        "bin",
        "al",
        "el",
        "van",
        "von",
    )
)
"""Words that never end a name."""
_HEADS = frozenset(
    word_key(word)
    for word in (
        *(
            "وزارة",
            "وزير",
            "رئيس",
            "مجلس",
            "اتحاد",
            "منظمة",
            "جامعة",
            "دولة",
            "مدينة",
            "محافظة",
            "حزب",
            "حركة",
            "قوات",
            "هيئة",
        ),
        *(
            "لجنة",
            "محكمة",
            "شركة",
            "بنك",
            "نادي",
            "جمهورية",
            "مملكة",
            "كأس",
            "دوري",
            "قطاع",
            "جبهة",
            "الأمم",
            "كوريا",
            "جنوب",
        ),
        *("شمال", "شرق", "غرب", "مجلة", "وكالة", "قناة", "حقوق", "أسعار", "سعر", "حرب"),
    )
)
"""Words that want a complement."""
_SURNAME_END = re.compile(r"(?:ييف|يوف|وف|يف|وفا|يفا|يان|سكي|سكايا|فيتش|وفيتش|شفيلي|زاده|اوغلو|وغلو|نكو|سون|مان|برغ)$")
_GIVEN_NAMES = frozenset(
    word_key(name)
    for name in (
        *(
            "محمد",
            "أحمد",
            "محمود",
            "علي",
            "حسن",
            "حسين",
            "عمر",
            "خالد",
            "إبراهيم",
            "يوسف",
            "مصطفى",
            "سعد",
            "سعيد",
            "صلاح",
        ),
        *(
            "ناصر",
            "فيصل",
            "سلمان",
            "طارق",
            "هشام",
            "كريم",
            "ياسر",
            "بشار",
            "إلهام",
            "مريم",
            "فاطمة",
            "سارة",
            "ليلى",
            "نور",
        ),
        *("جو", "دونالد", "جون", "جورج", "ديفيد", "مايكل", "باراك", "هيلاري", "فلاديمير", "سيرغي", "سيرجي", "ديمتري"),
        *(
            "دميتري",
            "إيمانويل",
            "إيمانويل",
            "أنجيلا",
            "بوريس",
            "بنيامين",
            "نيكول",
            "نيكولا",
            "ليونيل",
            "كريستيانو",
            "كيم",
        ),
        *(
            "رجب",
            "إيلون",
            "مارك",
            "بيل",
            "جاستن",
            "أنطونيو",
            "كاظم",
            "سامي",
            "وليد",
            "هيثم",
            "زين",
            "أمير",
            "رضا",
            "حيدر",
        ),
    )
)


def split_tags(text: str, article: str, known: Collection[str] = ()) -> list[str]:
    """The tags a line lists, in order, as written, each once.

    Args:
        text: what follows the label of the tag line.
        article: key (``word_key``) of the title, the body and the other headlines, evidence for lines without separators.
        known: keys of names of more than one word.
    """
    parts = [part.strip(_EDGE) for part in _SEPARATORS.split(text)]
    parts = [part.replace("_", " ") if f"#{part}" in text else part for part in parts if part]
    if len(parts) == 1 and len(parts[0].split()) > 1:
        parts = _segment(parts[0], article, frozenset(known))
    seen: set[str] = set()
    tags = []
    for part in parts:
        key = word_key(part)
        if key and key not in seen:
            seen.add(key)
            tags.append(part)
    return tags


def _segment(text: str, article: str, known: frozenset[str]) -> list[str]:
    """The best segmentation of a line of words into tags, by beam search."""
    spans = [(match.start(), match.end()) for match in _WORD.finditer(text)]
    keys = [word_key(text[start:end]) for start, end in spans]
    padded = f" {article} "
    known_words = frozenset(article.split())
    foreign = [not _mentioned(key, known_words) for key in keys]
    beams: dict[int, list[tuple[float, tuple[int, ...]]]] = {0: [(0.0, (0,))]}
    repeats = len(set(keys)) < len(keys)
    for begin in range(len(keys)):
        phrases = {end: " ".join(keys[begin:end]) for end in range(begin + 1, min(begin + LONGEST_TAG, len(keys)) + 1)}
        gains = {
            end: _tag_score(keys[begin:end], foreign[begin:end], phrase, padded, known)
            for end, phrase in phrases.items()
        }
        for score, cuts in sorted(beams.get(begin, []), key=lambda entry: (-entry[0], entry[1]))[:_BEAM]:
            used = {" ".join(keys[a:b]) for a, b in pairwise(cuts)} if repeats else set()
            for end, phrase in phrases.items():
                gain = gains[end] - (3.0 if phrase in used else 0.0)
                beams.setdefault(end, []).append((score + gain, (*cuts, end)))
    cuts = min(beams[len(keys)], key=lambda entry: (-entry[0], entry[1]))[1]
    return [text[spans[a][0] : spans[b - 1][1]] for a, b in pairwise(cuts)]


def _tag_score(words: list[str], foreign: list[bool], phrase: str, article: str, known: frozenset[str]) -> float:
    """How well words make one tag: 0 for a single word of the article; joining must earn its keep."""
    count = len(words)
    score = 0.0
    if words[-1] in _SMALL_WORDS or words[-1] in _JOINS_NEXT:
        score -= 2.0
    if count == 1:
        if words[0] in _HEADS:
            score -= 0.4
        return score
    if phrase in known:
        return score + 1.2 * (count - 1) + 0.6
    if len(set(words)) < count:
        return score - 3.0
    uses = article.count(f" {phrase} ")
    if uses and (count == 2 or uses > 1):
        return score + 1.1 * (count - 1)
    if uses and count == 3:
        return score + 0.9
    led = words[0] in _SMALL_WORDS or words[0] in _JOINS_NEXT
    if led and count > 1:
        rest = " ".join(words[1:])
        return score + 0.4 + (1.1 * (count - 2) if f" {rest} " in article else -1.5 * (count - 2))
    if count == 2:
        if words[0] in _GIVEN_NAMES and words[1] not in _HEADS:
            return score + (0.9 if all(foreign) else 0.2 if foreign[1] else -0.6)
        if _SURNAME_END.search(words[1]) and not _SURNAME_END.search(words[0]) and foreign[0]:
            return score + (0.8 if foreign[1] else 0.2)
        if words[0] in _HEADS and words[1] not in _HEADS:
            return score + 0.5
        if all(foreign):
            return score + (0.3 if not words[1].startswith("ال") or words[0].startswith("ال") else 0.2)
        return score - 1.2
    return score - 1.0 * (count - 1)


def _mentioned(word: str, words: frozenset[str]) -> bool:
    """Whether a word is among the words of an article, a proclitic on either side put aside."""
    if word in words:
        return True
    bare = word[2:] if word.startswith("ال") and len(word) > 4 else word
    if any(proclitic + bare in words for proclitic in ("", *_PROCLITICS)):
        return True
    return any(remainder in words for _, remainder in proclitic_splits(word))


def unsupported_tags(tags: list[str], page: str) -> list[str]:
    """The tags whose words nothing else on the page has.

    Args:
        tags: the tags as written.
        page: key (``word_key``) of the page's text but for the tags.
    """
    words = frozenset(page.split())
    return [
        tag for tag in tags if not all(_mentioned(w, words) for w in word_key(tag).split() if w not in _SMALL_WORDS)
    ]
