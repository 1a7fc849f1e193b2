"""Files of names in the formats they are published in, and their import."""

from __future__ import annotations

import json
from pathlib import Path

from news_pipeline.entities.lexicon_store import import_lexicon

PARANAMES = """wikidata_id\teng\tlabel\tlanguage\ttype
Q42\tDouglas Adams\tDouglas Adams\ten\tPER
Q42\tDouglas Adams\tدوغلاس آدمز\tar\tPER
Q42\tDouglas Adams\tداگلاس آدامز\tfa\tPER
Q42\tDouglas Adams\tДуглас Адамс\tru\tPER
Q7259\tAda Lovelace\tآدا لوفلايس\tar\tPER
Q180\tWikimedia Foundation\tمؤسسة ويكيميديا\tar\tORG
Q937\tAlbert Einstein\tألبرت أينشتاين\tar\tPER
Q9068\tVoltaire\tفولتير\tar\tPER
"""
JRC = """1510\tP\tu\tBarack+Obama
1510\tP\tar\tباراك+أوباما
1510\tP\tar\tباراك+حسين+أوباما
77\tP\tar\tدوغلاس+آدمز
77\tP\tar\tدوغلاس+ادامز
78\tO\tar\tمنتدى+البحيرة+للصحافة
79\tT\tar\tتلة+الصنوبر+الغربية
80\tU\tar\tشيء+غير+معروف
"""
SPARQL_CSV = """item,itemLabel,label_en,aliases,type
http://www.wikidata.org/entity/Q42,دوغلاس آدمز,Douglas Adams,دوغلاس نويل آدمز|دي إن إيه,Q5
http://www.wikidata.org/entity/Q180,مؤسسة ويكيميديا,Wikimedia Foundation,,organization
"""
SPARQL_TSV = """?item\t?itemLabel\t?itemAltLabel\t?type
<http://www.wikidata.org/entity/Q42>\t"دوغلاس آدمز"@ar\t"دوغلاس نويل آدمز, دي إن إيه"@ar\t<http://www.wikidata.org/entity/Q5>
<http://www.wikidata.org/entity/Q42>\t"Douglas Adams"@en\t\t<http://www.wikidata.org/entity/Q5>
<http://www.wikidata.org/entity/Q180>\t"مؤسسة ويكيميديا"@ar\t\t<http://www.wikidata.org/entity/Q43229>
"""
SPARQL_JSON = {
    "head": {"vars": ["item", "itemLabel", "type"]},
    "results": {
        "bindings": [
            {
                "item": {"type": "uri", "value": "http://www.wikidata.org/entity/Q42"},
                "itemLabel": {"type": "literal", "xml:lang": "ar", "value": "دوغلاس آدمز"},
                "type": {"type": "uri", "value": "http://www.wikidata.org/entity/Q5"},
            },
            {
                "item": {"type": "uri", "value": "http://www.wikidata.org/entity/Q180"},
                "itemLabel": {"type": "literal", "xml:lang": "ar", "value": "مؤسسة ويكيميديا"},
                "type": {"type": "literal", "value": "ORG"},
            },
        ]
    },
}
PLAIN_JSON = [
    {"item": "http://www.wikidata.org/entity/Q42", "itemLabel": "دوغلاس آدمز", "type": "PER"},
    {"item": "http://www.wikidata.org/entity/Q180", "itemLabel": "مؤسسة ويكيميديا", "type": "ORG"},
]


def _claim(class_id: str) -> dict[str, object]:
    value = {"entity-type": "item", "numeric-id": int(class_id[1:]), "id": class_id}
    snak = {"snaktype": "value", "property": "P31", "datavalue": {"value": value, "type": "wikibase-entityid"}}
    return {"mainsnak": snak, "type": "statement", "rank": "normal"}


def entity(ref: str, ar: str, en: str, class_id: str, *aliases: str) -> dict[str, object]:
    """An entity as it stands in a dump of Wikidata."""
    return {
        "type": "item",
        "id": ref,
        "labels": {"en": {"language": "en", "value": en}, "ar": {"language": "ar", "value": ar}},
        "aliases": {"ar": [{"language": "ar", "value": alias} for alias in aliases]},
        "claims": {"P31": [_claim(class_id)]},
    }


DUMP = [
    entity("Q42", "دوغلاس آدمز", "Douglas Adams", "Q5", "دوغلاس نويل آدمز"),
    entity("Q180", "مؤسسة ويكيميديا", "Wikimedia Foundation", "Q163740"),
]
SIMPLE = [
    {
        "id": "Q42",
        "labels": {"ar": "دوغلاس آدمز"},
        "aliases": {"ar": ["دوغلاس نويل آدمز"]},
        "claims": {"P31": ["Q5"]},
    },
    {"id": "Q180", "labels": {"ar": "مؤسسة ويكيميديا"}, "claims": {"P31": ["Q43229"]}},
]
TEXTS = {
    "paranames": PARANAMES,
    "jrc-names": JRC,
    "sparql csv": SPARQL_CSV,
    "sparql tsv": SPARQL_TSV,
    "sparql json": json.dumps(SPARQL_JSON, ensure_ascii=False, indent=1),
    "sparql plain": json.dumps(PLAIN_JSON),
    "wikidata-json dump": "[\n" + ",\n".join(json.dumps(entity) for entity in DUMP) + "\n]\n",
    "wikidata-json simple": "\n".join(json.dumps(entity, ensure_ascii=False) for entity in SIMPLE),
}


def import_names(data: Path, text: str | bytes, *, source: str | None = None) -> dict[str, int]:
    """Imports a file that holds a text; returns what was refused."""
    path = data.parent / "file"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return import_lexicon(data, path, source=source)[1]
