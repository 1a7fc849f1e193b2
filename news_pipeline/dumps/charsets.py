"""Bytes to text: which character encoding a page is in.

The order is the one in which evidence is strong: a byte order mark; bytes that are valid UTF-8 (no other encoding's
Arabic or accented text is by chance); UTF-8 with a few broken characters; the declared encoding, unless an Arabic code
page reads the bytes as Arabic and the declared one does not; the Arabic code pages; any other encoding that
charset-normalizer finds. What none of them explains is refused rather than shown as garbage.
"""

from __future__ import annotations

import codecs
import math
import re
import warnings

from charset_normalizer import from_bytes

ARABIC_CODE_PAGES = ("cp1256", "iso8859-6", "mac_arabic", "cp720")

# Letters of Arabic news text per 10,000, rounded: enough to tell one code page's reading from another's.
_FREQUENCY = {
    **{"ا": 1520, "ل": 1160, "ي": 750, "م": 640, "و": 530, "ن": 510, "ت": 480, "ر": 470, "ب": 370, "ة": 370, "ع": 320},
    **{"د": 310, "س": 260, "ف": 250, "ه": 220, "ق": 220, "أ": 190, "ح": 190, "ك": 190, "ج": 150, "ص": 110, "ش": 100},
    **{"ط": 90, "إ": 90, "ى": 90, "خ": 80, "ض": 70, "ز": 60, "ذ": 50, "ث": 50, "ئ": 40, "غ": 40, "ء": 40, "ظ": 20},
    **{"ؤ": 10, "آ": 10},
    **{"ی": 600, "ک": 200, "گ": 80, "پ": 60, "چ": 30, "ژ": 5},  # Persian
}
_LOG = {letter: math.log(count / 10_000) for letter, count in _FREQUENCY.items()}
_UNLIKELY = math.log(1 / 10_000)
_PLAUSIBLE = -3.6  # mean log frequency: Arabic text lies near -2.9, the same bytes in a wrong code page below -4
_SAMPLE = 1 << 16
_MIN_COHERENCE = 0.2  # of charset-normalizer: how far letters are as frequent as in some language; below it is a guess
_WESTERN = frozenset("àâäáãçéèêëíîïñóôöõúùûüœæßÀÂÄÁÃÇÉÈÊËÍÎÏÑÓÔÖÕÚÙÛÜŒÆ«»‘’“”„–—…•°€£§©®·¡¿ªº²³½×\xa0\xad")
_HIGH = re.compile(rb"[\x80-\xff]")
_NOT_IN_WORDS = re.compile("[A-Za-z](?=[\u0621-\u064a])|[\u0621-\u064a](?=[A-Za-z])")
_LETTER = "[\u0621-\u063a\u0641-\u064a\u067e\u0686\u0698\u06a9\u06af\u06cc]"
_BROKEN_WORD = re.compile(  # a sign within a word, a tanween before a letter other than alef
    rf"{_LETTER}[^\w\s\u0640\u064b-\u0655\u200c.,:/()-](?={_LETTER})|[\u064b-\u064d](?!\u0627)(?={_LETTER})"
)
_META = re.compile(rb"""<meta[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_XML = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{2,40})""", re.IGNORECASE)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def decode(data: bytes, declared: str | None, *, is_html: bool) -> tuple[str, str] | None:
    """The text of a page and the name of its encoding, or None where no encoding explains the bytes.

    Args:
        data: bytes of the page.
        declared: encoding the container states, if any.
        is_html: whether to look for a declaration in the markup.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark) and (text := _strictly(data[len(mark) :], encoding)) is not None:
            return text, encoding
    if (wide := wide_encoding(data)) and (text := _strictly(data, wide)) is not None:
        return text, wide
    if (text := _strictly(data, "utf-8")) is not None:
        return text, "utf-8"
    if (text := _nearly_utf8(data)) is not None:
        return text, "utf-8"
    names = [declared, _in_markup(data) if is_html else None]
    encodings = [known for name in names if name and (known := _known(name))]
    arabic = _best_arabic(data)
    for encoding in encodings:
        text = _strictly(data, encoding)
        if text is None or _has_c1_controls(text):
            continue
        if arabic and encoding != arabic and _arabic_score(text[:_SAMPLE]) < _PLAUSIBLE:
            break
        return text, encoding
    if arabic and (text := _strictly(data, arabic)) is not None:
        return text, arabic
    if (text := _western(data)) is not None:
        return text, "cp1252"
    return _detected(data)


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeError, LookupError):
        return None


def _known(name: str) -> str | None:
    """Python's name of a text encoding; ISO-8859-1 is read as Windows-1252, as browsers do."""
    try:
        info = codecs.lookup(name.strip())
    except (LookupError, ValueError):
        return None
    if not getattr(info, "_is_text_encoding", True) or info.name in (
        "idna",
        "punycode",
        "unicode_escape",
        "raw_unicode_escape",
        "undefined",
        "mbcs",
        "oem",
    ):
        return None
    return "cp1252" if info.name in ("iso8859-1", "ascii") else info.name


def _in_markup(data: bytes) -> str | None:
    head = data[:4096]
    found = _META.search(head) or _XML.search(head)
    return found.group(1).decode("ascii", "replace") if found else None


def wide_encoding(data: bytes) -> str | None:
    """Which UTF-16 the bytes are, by their mark or, without one, by their high bytes; None where they are something else.

    Arabic letters have 06 as their high byte, spaces and Latin letters 00.
    """
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return None
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16-le" if data.startswith(codecs.BOM_UTF16_LE) else "utf-16-be"
    sample = data[: _SAMPLE & ~1]
    if len(data) < 4 or len(data) % 2 or not sample.count(b"\0"):
        return None
    for encoding, high in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        if (high.count(0) + high.count(6)) * 10 > len(high) * 9:
            return encoding
    return None


def _nearly_utf8(data: bytes) -> str | None:
    """UTF-8 with broken characters, as cut strings leave them, shown as U+FFFD: at most one in fifty."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
    return text if broken * 50 <= beyond_ascii else None


def _best_arabic(data: bytes) -> str | None:
    """The Arabic code page that reads the bytes as Arabic, if one does."""
    sample = data[:_SAMPLE]
    if len(_HIGH.findall(sample)) < 4:
        return None
    best, best_score = None, _PLAUSIBLE
    for encoding in ARABIC_CODE_PAGES:
        text = _strictly(sample, encoding)
        if text is None or _has_c1_controls(text):
            continue
        score = _arabic_score(text)
        if score > best_score:
            best, best_score = encoding, score
    return best


def _arabic_score(text: str) -> float:
    """Mean log frequency of the characters beyond ASCII as Arabic letters; signs within a word count as unlikely ones."""
    letters = [char for char in text if char > "\x7f" and char.isalpha()]
    broken = len(_BROKEN_WORD.findall(text))
    if not letters or len(_NOT_IN_WORDS.findall(text)) * 10 > len(letters):
        return -math.inf
    return (sum(_LOG.get(char, _UNLIKELY) for char in letters) + broken * _UNLIKELY) / (len(letters) + broken)


def reads_as_arabic(text: str) -> bool:
    """Whether the characters beyond ASCII are as frequent as in Arabic or Persian text."""
    return _arabic_score(text[:_SAMPLE]) > _PLAUSIBLE


def _has_c1_controls(text: str) -> bool:
    return any("\x80" <= char <= "\x9f" and char != "\x85" for char in set(text))


def _western(data: bytes) -> str | None:
    """Windows-1252 of a Western European language: ASCII letters, and here and there one with an accent they use.

    In other Latin code pages some of these bytes are letters too, but those languages use others beside.
    """
    text = _strictly(data, "cp1252")
    if text is None:
        return None
    beyond = [char for char in text if char > "\x7f"]
    accents = sum(map(str.isalpha, beyond))
    is_western = _WESTERN.issuperset(beyond) and accents * 4 <= sum(map(str.isalpha, text))
    return text if is_western and accents else None


def _detected(data: bytes) -> tuple[str, str] | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        best = from_bytes(data[:_SAMPLE]).best()
    if best is None or best.coherence < _MIN_COHERENCE:
        return None
    text = _strictly(data, best.encoding)
    return None if text is None or _has_c1_controls(text) else (text, best.encoding)
