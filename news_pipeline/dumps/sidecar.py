"""How a dump is to be read where its own fields do not say it: ``<dump>.toml`` beside the dump in the landing folder.

All of it is optional::

    encoding = "windows-1256"    # of pages and rows that are not UTF-8 and declare none
    time_zone = "Asia/Riyadh"    # of the dates and times in its fields that name no zone
    date = "crawl"               # what a field called "date" means: "crawl" or "published"
    source = "وكالة الشمال"       # said of every page, whatever its fields say: source, publisher, language
    language = "ar"

    [fields]                     # what the dump calls them; a dot leads into an object; several: the first stated
    title = "t"
    text = ["body_clean", "doc.body"]
    published = "pub_ts"

``[fields]`` knows title, text, html, url, fetched, published, modified, author, source, publisher, section, tags,
abstract and language; what it does not name is found as without it, and ``[]`` says that no field means it.
"""

from __future__ import annotations

import codecs
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from news_pipeline.dumps.metadata import USUAL_NAMES, Names, field_key

SUFFIX = ".toml"
"""What follows the dump's name in the name of its sidecar."""

_MAX_BYTES = 1 << 20
_STATED = ("source", "publisher", "language")


class Reading(NamedTuple):
    """How the pages of a dump are to be read.

    Attributes:
        names: which field names mean what.
        date_is_crawl: whether a field called ``date`` is the crawl's; None: judged by the fields beside it.
        encoding: character encoding where pages and rows declare none and are not UTF-8.
        time_zone: zone of instants in fields that name none; None: left as written.
        stated: metadata that hold for every page, under canonical keys.
    """

    names: Names = USUAL_NAMES
    date_is_crawl: bool | None = None
    encoding: str | None = None
    time_zone: ZoneInfo | None = None
    stated: Mapping[str, str] = {}


USUAL = Reading()
"""How a dump without a sidecar is read."""


class SidecarError(ValueError):
    """A sidecar that cannot be followed: the message names its file, the line, and what is expected there."""


def read_sidecar(path: Path) -> Reading:
    """Reads a sidecar.

    Raises:
        SidecarError: the file cannot be read, is no TOML, or says what means nothing.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise SidecarError(f"{path.name} cannot be read: {error}") from error
    if len(content) > _MAX_BYTES:
        raise SidecarError(f"{path.name} has more than {_MAX_BYTES} bytes")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SidecarError(f"{path.name}, line {line}: not UTF-8") from error
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        where = str(error).replace("at end of document", f"at line {text.count(chr(10)) + 1}, the end of the file")
        raise SidecarError(f"{path.name}: {where}") from error
    except RecursionError as error:
        raise SidecarError(f"{path.name}: nested too deep") from error
    return _reading(told, path.name, text)


def _reading(told: dict[str, object], name: str, text: str) -> Reading:
    def fail(key: str, expected: str) -> SidecarError:
        return SidecarError(f"{name}, line {_line_of(text, key)}: {expected}")

    known = ("encoding", "time_zone", "date", *_STATED, "fields")
    for key, value in told.items():
        if key not in known:
            raise fail(key, f"{key!r} is not known; known are {', '.join(known)}")
        if key != "fields" and not (isinstance(value, str) and value.strip()):
            raise fail(key, f"{key} must be a text in quotes")
    date = told.get("date")
    if date not in (None, "crawl", "published"):
        raise fail("date", f'date must be "crawl" or "published", not {date!r}')
    encoding = told.get("encoding")
    if isinstance(encoding, str) and not _is_encoding(encoding):
        raise fail("encoding", f"{encoding!r} is no character encoding such as windows-1256")
    zone: ZoneInfo | None = None
    if "time_zone" in told:
        try:
            zone = ZoneInfo(str(told["time_zone"]))
        except (KeyError, ValueError, OSError) as error:
            raise fail("time_zone", f"{told['time_zone']!r} is no time zone such as Asia/Riyadh") from error
    fields = told.get("fields", {})
    if not isinstance(fields, dict):
        raise fail("fields", "fields must be a table: [fields]")
    names = dict(USUAL_NAMES)
    for meaning, given in fields.items():
        if meaning not in USUAL_NAMES:
            raise fail(meaning, f"{meaning!r} is nothing a field can mean; known are {', '.join(USUAL_NAMES)}")
        listed = [given] if isinstance(given, str) else given
        if not isinstance(listed, list) or not all(isinstance(item, str) and field_key(item) for item in listed):
            raise fail(meaning, f"{meaning} must be the name of a field in quotes, or a list of names")
        names[meaning] = tuple(".".join(map(field_key, item.split("."))) for item in listed)
    return Reading(
        names,
        None if date is None else date == "crawl",
        encoding if isinstance(encoding, str) else None,
        zone,
        {key: str(told[key]).strip() for key in _STATED if key in told},
    )


def _line_of(text: str, key: str) -> int:
    found = re.search(rf"""^[ \t]*\[?[ \t]*["']?{re.escape(key)}["']?[ \t]*[\].=]""", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else 1


def _is_encoding(name: str) -> bool:
    try:
        return bool(getattr(codecs.lookup(name.strip()), "_is_text_encoding", True))
    except (LookupError, ValueError):
        return False
