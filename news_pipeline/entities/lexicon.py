"""The lexicon: known places, people, organisations and words, and the index that finds their names in text.

The tables lie in ``data/*.tsv``, one paragraph on each in ``data/README.md``; all are this project's own work. Kept by
hand: ``countries``, ``places``, ``persons``, ``organisations``, ``common_words_hand`` (words of closed classes: pronouns,
particles, numerals, months …) and the names in ``given_names``. Learned: ``common_words``, everyday words that are no
names, and the mark ``learned`` in the column ``weak`` of ``given_names``, given names that are everyday words too (the
mark ``hand`` is kept by hand). Both come from word counts over half of the ANT corpus of Arabic news (Chouigui et al.;
20,991 articles of 2016 to 2018), hold single words and nothing of the texts, and are written anew, byte for byte, by::

    python benchmarks/learn_common_words.py ARTICLES.jsonl.gz

whose docstring gives the rule. Country and territory names come from the Unicode CLDR (through Babel) by ISO code, with
further usual names beside them. Bodies every state has (ministries, army, parliament …) are spelt out from a list of
bodies and the countries' nisbas (``وزارة الدفاع`` + ``روسي`` → ``وزارة الدفاع الروسية``).

A Wikidata id stands only where an outside gazetteer lists it under the same name; every other entity gets a ``local:`` id, the hash
of its type and key, which is also what the linker gives to a name it does not know. Names that an operator imports stand
beside the tables (``lexicon_lookup.py``) and may bring the id of an entity that has none here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import NamedTuple

from babel import Locale

from news_pipeline.arabic.keys import key_words, word_key
from news_pipeline.entities.triggers import DROPPED_HEADS

FOREIGN_LETTERS = str.maketrans({"پ": "ب", "ڤ": "ف", "گ": "غ", "چ": "ج", "ژ": "ج", "ڨ": "ق"})
"""Letters of other languages as Arabic names usually write them."""
_CONJUNCTIONS = frozenset("وف")
_PREFIXES = (
    "و",
    "ف",
    "ب",
    "ل",
    "ك",
    "وب",
    "ول",
    "فب",
    "فل",
    "ال",
    "وال",
    "بال",
    "كال",
    "فال",
    "لل",
    "ولل",
    "س",
    "ي",
    "ت",
    "ن",
)
_SUFFIXES = ("ها", "هم", "ه", "هما", "نا", "ات", "ين", "ون", "ان", "يه", "ا", "وا", "ي", "تها", "ته", "تهم", "ت")


# Bodies of a state: head as written, English, whether the adjective is feminine, further heads for the same body.
_STATE_BODIES = (
    ("وزارة الدفاع", "Ministry of Defence", True, ("الدفاع",)),
    ("وزارة الخارجية", "Ministry of Foreign Affairs", True, ("الخارجية", "وزارة الشؤون الخارجية")),
    ("وزارة الداخلية", "Ministry of the Interior", True, ("الداخلية",)),
    ("وزارة المالية", "Ministry of Finance", True, ()),
    ("وزارة الصحة", "Ministry of Health", True, ()),
    ("وزارة العدل", "Ministry of Justice", True, ()),
    ("وزارة الاقتصاد", "Ministry of Economy", True, ()),
    ("وزارة التجارة", "Ministry of Trade", True, ()),
    ("وزارة الطاقة", "Ministry of Energy", True, ()),
    ("وزارة النفط", "Ministry of Oil", True, ("وزارة البترول",)),
    ("وزارة النقل", "Ministry of Transport", True, ()),
    ("وزارة التعليم", "Ministry of Education", True, ("وزارة التربية والتعليم", "وزارة التربية")),
    ("وزارة التعليم العالي", "Ministry of Higher Education", True, ()),
    ("وزارة الثقافة", "Ministry of Culture", True, ()),
    ("وزارة الإعلام", "Ministry of Information", True, ()),
    ("وزارة الزراعة", "Ministry of Agriculture", True, ("وزارة الفلاحة",)),
    ("وزارة السياحة", "Ministry of Tourism", True, ()),
    ("وزارة العمل", "Ministry of Labour", True, ()),
    ("وزارة البيئة", "Ministry of the Environment", True, ()),
    ("وزارة الطوارئ", "Ministry of Emergency Situations", True, ()),
    ("وزارة الرياضة", "Ministry of Sports", True, ("وزارة الشباب والرياضة",)),
    ("وزارة الاتصالات", "Ministry of Communications", True, ()),
    ("وزارة الهجرة", "Ministry of Migration", True, ()),
    ("وزارة الأوقاف", "Ministry of Religious Endowments", True, ("وزارة الشؤون الدينية",)),
    ("الحكومة", "Government", True, ()),
    ("الرئاسة", "Presidency", True, ()),
    ("الجيش", "Armed Forces", False, ("القوات المسلحة",)),
    ("سلاح الجو", "Air Force", False, ("القوات الجوية",)),
    ("البحرية", "Navy", True, ("القوات البحرية",)),
    ("الشرطة", "Police", True, ()),
    ("البرلمان", "Parliament", False, ()),
    ("مجلس النواب", "House of Representatives", False, ()),
    ("مجلس الشيوخ", "Senate", False, ()),
    ("مجلس الوزراء", "Council of Ministers", False, ()),
    ("مجلس الشورى", "Shura Council", False, ()),
    ("البنك المركزي", "Central Bank", False, ("المصرف المركزي",)),
    ("المنتخب", "national football team", False, ()),
    ("الاتحاد", "Football Association", False, ()),
    ("المحكمة العليا", "Supreme Court", True, ()),
    ("المحكمة الدستورية", "Constitutional Court", True, ()),
    ("النيابة العامة", "Public Prosecution", True, ()),
    ("الاستخبارات", "Intelligence Service", True, ("المخابرات",)),
)
# Further heads whose adjective is feminine although that of the body's own name is masculine.
_FEMININE_HEADS = frozenset({"القوات المسلحة", "القوات الجوية"})
# Heads too common by themselves to name the body without further words (``الاتحاد التونسي`` is many things).
_NEEDS_TAIL = {"الاتحاد": "لكرة القدم"}


class Entity(NamedTuple):
    """One known entity; ``country`` is the ISO code of the country it belongs to, ``iso_code`` its own."""

    entity_id: str
    type: str
    label_ar: str
    label_en: str
    wikidata_id: str | None
    iso_code: str | None
    country: str | None


class Pattern(NamedTuple):
    """One name in the index: its keys, the entities it may mean (best first), and how far it can be trusted."""

    keys: tuple[str, ...]
    entities: tuple[Entity, ...]
    homograph: bool
    latin: bool


@dataclass(frozen=True)
class Lexicon:
    """Everything the recogniser looks up; keys are those of ``norm_ar``, word by word.

    ``patterns`` leads from the first key of a name to the second (empty for names of one word) to the names, longest
    first.
    """

    entities: dict[str, Entity]
    patterns: dict[str, dict[str, tuple[Pattern, ...]]] = field(repr=False)
    nisbas: dict[str, str] = field(repr=False)
    nisba_spellings: dict[str, str] = field(repr=False)
    given_names: dict[str, bool] = field(repr=False)
    common_words: frozenset[str] = field(repr=False)


def name_key(text: str) -> str:
    """The matching key of a name: words alone, foreign letters folded to the usual Arabic ones."""
    return word_key(text).translate(FOREIGN_LETTERS)


def local_id(type_: str, key: str) -> str:
    """The id of an entity without an outside id: ``local:`` and a hash of its type and canonical key."""
    return "local:" + hashlib.blake2b(f"{type_}|{key}".encode(), digest_size=10).hexdigest()


def is_common(word: str, common_words: frozenset[str]) -> bool:
    """Whether a key is an everyday word, as listed or with the usual particles and endings around a listed one."""
    if word in common_words or (word[:1] in _CONJUNCTIONS and word[1:] in common_words):
        return True
    bases = [word, *(word[len(p) :] for p in _PREFIXES if word.startswith(p) and len(word) - len(p) >= 3)]
    for base in bases:
        if base != word and base in common_words:
            return True
        for suffix in _SUFFIXES:
            if base.endswith(suffix) and len(base) - len(suffix) >= 3:
                root = base[: -len(suffix)]
                if root in common_words or root + "ه" in common_words:
                    return True
    return False


def longest_first(patterns: Iterable[Pattern]) -> tuple[Pattern, ...]:
    """Names in the order in which they are tried."""
    return tuple(sorted(patterns, key=lambda pattern: (-len(pattern.keys), pattern.keys)))


def every_pattern(lexicon: Lexicon) -> Iterator[Pattern]:
    """The names of the tables; imported ones are only ever asked for."""
    for by_second in lexicon.patterns.values():
        for patterns in by_second.values():
            yield from patterns


@cache
def built_in_lexicon() -> Lexicon:
    """The tables alone, indexed."""
    builder = _Builder()
    nisbas, nisba_spellings = _add_countries(builder)
    for row in _rows("places"):
        names = [row["label_ar"], *_split(row["aliases_ar"])]
        entity = builder.entity("LOC", row["label_ar"], row["label_en"], row["wikidata_id"], country=row["country"])
        builder.names(entity, names, homograph=bool(row["homograph"]))
        builder.names(entity, [row["label_en"]])
    for row in _rows("persons"):
        entity = builder.entity("PER", row["label_ar"], row["label_en"], country=row["country"])
        builder.names(entity, [row["label_ar"], *_split(row["aliases_ar"]), *_split(row["alone"]), row["label_en"]])
    for row in _rows("organisations"):
        known = builder.entities.get(local_id(row["type"], name_key(row["label_ar"])))
        entity = known or builder.entity(row["type"], row["label_ar"], row["label_en"], country=row["country"])
        builder.names(entity, [row["label_ar"], *_split(row["aliases_ar"]), row["label_en"]])
    return Lexicon(
        entities={entity.entity_id: entity for entity in builder.entities.values()},
        patterns=builder.index(),
        nisbas=nisbas,
        nisba_spellings=nisba_spellings,
        given_names={row["name_key"]: bool(row["weak"]) for row in _rows("given_names")},
        common_words=frozenset(
            row["word_key"] for name in ("common_words", "common_words_hand") for row in _rows(name)
        ),
    )


_read_in_use: Callable[[], Lexicon] = built_in_lexicon


@cache
def load_lexicon() -> Lexicon:
    """The lexicon in use: the tables, and beside them the imported names where there are any; read once per process and use."""
    return _read_in_use()


def replace_lexicon(read: Callable[[], Lexicon]) -> None:
    """Says what ``load_lexicon`` gives from now on (``lexicon_lookup.py``)."""
    global _read_in_use
    _read_in_use = read
    load_lexicon.cache_clear()


def lexicon_entities(entity_ids: Iterable[str]) -> list[dict[str, str | None]]:
    """The known ones of some entities as rows: entity_id, type, label_ar, label_en, wikidata_id, geonames_id, iso_code, country."""
    known = load_lexicon().entities
    found = (known.get(entity_id) for entity_id in sorted(set(entity_ids)))
    return [
        {**entity._asdict(), "label_en": entity.label_en or None, "geonames_id": None} for entity in found if entity
    ]


class _Builder:
    """Collects entities and names while the tables are read."""

    def __init__(self) -> None:
        self.entities: dict[str, Entity] = {}
        self._names: list[tuple[str, Entity, bool]] = []

    def entity(
        self,
        type_: str,
        label_ar: str,
        label_en: str,
        wikidata_id: str = "",
        iso_code: str = "",
        country: str = "",
    ) -> Entity:
        entity_id = wikidata_id or local_id(type_, name_key(label_ar))
        if entity_id in self.entities:  # a namesake: told apart by its English label
            entity_id = local_id(type_, f"{name_key(label_ar)}|{label_en}")
        entity = Entity(
            wikidata_id or entity_id,
            type_,
            label_ar,
            label_en,
            wikidata_id or None,
            iso_code or None,
            country or iso_code or None,
        )
        self.entities[entity_id] = entity
        return entity

    def names(self, entity: Entity, names: Iterable[str], *, homograph: bool = False) -> None:
        self._names += [(name, entity, homograph) for name in names]

    def index(self) -> dict[str, dict[str, tuple[Pattern, ...]]]:
        known: dict[tuple[str, ...], list[tuple[Entity, bool]]] = {}
        # All names are keyed in one go, which is several times as fast as one by one.
        words = key_words([name.translate(FOREIGN_LETTERS) for name, _, _ in self._names])
        for (_, entity, homograph), keys in zip(self._names, words, strict=True):
            for spelling in _spellings(tuple(keys), foreign=entity.type != "ORG" and "g" in entity.label_en.lower()):
                bearers = known.setdefault(spelling, [])
                if all(entity is not other for other, _ in bearers):
                    bearers.append((entity, homograph and spelling[0] not in DROPPED_HEADS))
        by_keys: dict[str, dict[str, list[Pattern]]] = {}
        for keys_, bearers in known.items():
            latin = keys_[0].isascii()
            is_homograph = not latin and any(homograph for _, homograph in bearers)
            pattern = Pattern(keys_, tuple(entity for entity, _ in bearers), is_homograph, latin)
            second = keys_[1] if len(keys_) > 1 else ""
            by_keys.setdefault(keys_[0], {}).setdefault(second, []).append(pattern)
        return {
            first: {second: longest_first(patterns) for second, patterns in by_second.items()}
            for first, by_second in by_keys.items()
        }


def _add_countries(builder: _Builder) -> tuple[dict[str, str], dict[str, str]]:
    """Adds countries, territories and the bodies of their states.

    Returns:
        Nisba key → ISO code, and the key of a nisba's other spelling → that of its first (``اميركي`` → ``امريكي``).
    """
    arabic = Locale("ar").territories
    nisbas: dict[str, str] = {}
    spellings: dict[str, str] = {}
    for row in _rows("countries"):
        iso = row["iso_code"]
        aliases = _split(row["aliases_ar"])
        label = arabic.get(iso) or (aliases[0] if aliases else row["label_en"])
        entity = builder.entity("LOC", label, row["label_en"], row["wikidata_id"], iso_code=iso)
        names = [label, *aliases]
        builder.names(entity, names, homograph=bool(row["homograph"]))
        builder.names(entity, [row["label_en"]])
        forms = _split(row["nisbas"])
        for form in forms:
            for inflected in _nisba_forms(form):
                nisbas.setdefault(name_key(inflected), iso)
            for inflected, first in zip(_nisba_forms(form), _nisba_forms(forms[0]), strict=False):
                spellings.setdefault(name_key(inflected), name_key(first))
        if forms:
            _add_state_bodies(builder, row["label_en"], iso, forms)
    return nisbas, spellings


def _add_state_bodies(builder: _Builder, country_en: str, iso: str, nisbas: list[str]) -> None:
    for head, english, feminine, heads in _STATE_BODIES:
        tail = _NEEDS_TAIL.get(head, "")
        label = f"{head} {_definite(nisbas[0], feminine)} {tail}".strip()
        entity = builder.entity("ORG", label, f"{english} of {country_en}", country=iso)
        names = [
            f"{h} {_definite(nisba, feminine or h in _FEMININE_HEADS)} {tail}".strip()
            for h in (head, *heads)
            for nisba in nisbas
        ]
        builder.names(entity, [*names, entity.label_en])


def _definite(nisba: str, feminine: bool) -> str:
    """The definite adjective, each word of it: ``كوري شمالي`` → ``الكورية الشمالية``."""
    return " ".join("ال" + word + ("ة" if feminine else "") for word in nisba.split())


def _nisba_forms(nisba: str) -> Iterator[str]:
    """Singular and plural forms of a one-word nisba, with and without the article."""
    if " " in nisba:
        return
    for ending in ("", "ة", "ين", "ون", "ات", "ا", "تين", "ان"):
        yield nisba + ending
        yield "ال" + nisba + ending


def _spellings(keys: tuple[str, ...], *, foreign: bool) -> Iterator[tuple[str, ...]]:
    """The ways a name is written, as keys: ``عبد`` joined or apart, a foreign g as غ or ج."""
    if not keys:
        return
    variants = [keys]
    if "عبد" in keys[:-1]:
        at = keys.index("عبد")
        variants.append((*keys[:at], keys[at] + keys[at + 1], *keys[at + 2 :]))
    if foreign:
        variants += [tuple(key.replace("غ", "ج") for key in v) for v in variants if any("غ" in key for key in v)]
    yield from variants


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = resources.files("news_pipeline.entities").joinpath(f"data/{name}.tsv").read_text(encoding="utf-8")
    header, *lines = text.split("\n")
    columns = header.split("\t")
    for line in lines:
        if line:
            yield dict(zip(columns, line.split("\t"), strict=True))


def _split(cell: str) -> list[str]:
    return cell.split("|") if cell else []
