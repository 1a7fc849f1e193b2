"""The language of an article: by script, then by the little words of each language.

Judged on a whole article, never on a name or a tag: a Persian yeh in one word of an Arabic text says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from news_pipeline.arabic.keys import norm_ar

SAMPLE = 100
"""Words that are looked at."""

_SMALL_WORDS: dict[str, dict[str, frozenset[str]]] = {
    "arabic": {
        language: frozenset(norm_ar(word) for word in words.split())
        for language, words in {
            "ar": "في من على إلى أن عن التي الذي هذا هذه بعد قبل مع كان قال وقال كما بين ما لا لم قد إن خلال وفي ومن",
            "fa": "که از است را با برای شده های می در بود کرد خود یک شد گفت شود کند",
            "ur": "کے کی میں ہے کا اور سے نے کو پر ہیں تھا گیا بھی لیے ایک",
            "ckb": "لە بۆ ئەم کە بە ئەو لەگەڵ دەکات بوو هەر ئێمە",
            "ps": "په د کې چې ته دی شوي سره",
        }.items()
    },
    "latin": {
        language: frozenset(words.split())
        for language, words in {
            "en": "the of and to in that is was for on with as by at from it his has have said are",
            "fr": "le la les des et en du une est dans que pour qui sur par au plus avec ce il a été",
            "es": "el la los de y en que del las por con para una es se su al lo como más",
            "de": "der die und das den von zu mit ist des im für nicht ein eine auf sich dem auch",
            "it": "il di che la e in un per del è con della una le si da nel sono non",
            "tr": "ve bir bu için ile olarak da de çok daha olan gibi kadar sonra ise",
            "pt": "o de que e do da em um para é com não uma os no se na por mais as",
        }.items()
    },
}
_ARABIC = re.compile("[\u0600-\u06ff]+")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]+")
_NOT_ARABIC = re.compile("[A-Za-z\u00c0-\u024f\u0400-\u04ff\u0590-\u05ff\u3040-\u30ff\u4e00-\u9fff]")
_OTHER_SCRIPTS = {
    "ru": re.compile("[\u0400-\u04ff]+"),
    "he": re.compile("[\u0590-\u05ff]+"),
    "ja": re.compile("[\u3040-\u30ff]+"),
    "zh": re.compile("[\u4e00-\u9fff]+"),
}


def detect_language(words: Sequence[str]) -> str | None:
    """The ISO 639-1 code of a text's language (Sorani Kurdish: ``ckb``); ``None`` without letters to judge by.

    Args:
        words: words of an article's title and body, by their keys (``key_words``).
    """
    words = words[:SAMPLE]
    sample = " ".join(words)
    script = _script(sample, len(words))
    if script not in _SMALL_WORDS:
        return script
    counts = dict.fromkeys(_SMALL_WORDS[script], 0)
    for languages in filter(None, map(_languages_of_words()[script].get, words)):
        for code in languages:
            counts[code] += 1
    best = max(counts, key=lambda code: counts[code])
    if counts[best] == 0:
        return "ar" if script == "arabic" else None
    return best


def _script(sample: str, words: int) -> str | None:
    """``arabic``, ``latin`` or the code of a language with a script of its own; ``None`` for a text without letters."""
    if _ARABIC.search(sample) and not _NOT_ARABIC.search(sample):
        return "arabic"
    arabic, latin = len(_ARABIC.findall(sample)), len(_LATIN.findall(sample))
    if arabic + latin < words // 2:
        others = {code: len(script.findall(sample)) for code, script in _OTHER_SCRIPTS.items()}
        best = max(others, key=lambda code: others[code])
        if others[best] > max(arabic, latin):
            return best
    if arabic + latin == 0:
        return None
    return "arabic" if arabic >= latin else "latin"


@cache
def _languages_of_words() -> dict[str, dict[str, tuple[str, ...]]]:
    """By script: each small word with the languages that have it."""
    return {
        script: {
            word: tuple(code for code, words in by_language.items() if word in words)
            for word in sorted(frozenset().union(*by_language.values()))
        }
        for script, by_language in _SMALL_WORDS.items()
    }
