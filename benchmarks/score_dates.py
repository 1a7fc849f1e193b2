"""Scores how dates are read from the words of news pages, beside dateparser and htmldate where they are installed.

Usage::

    python benchmarks/score_dates.py [--repeat 50]

The writings are those of the tests (``news_pipeline_tests/pages/written_dates.py``): days and months, days with a time,
days of the Hijri and Solar Hijri calendars, and lines that state no date. A day is right if it is the very day (of a month,
the month); an instant if it is the very instant, a time without a zone being read as UTC. Invented are dates read from
lines that state none. Each reader is given one writing at a time: dateparser the languages to expect and
``search_dates``, because the writings stand among other words; htmldate a page that holds nothing else. Times are the
mean of all writings, loading left out.
"""

from __future__ import annotations

import argparse
import importlib
import logging
import sys
import time
import warnings
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from news_pipeline.pages import dates

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from news_pipeline_tests.pages.written_dates import DAYS, INSTANTS, NO_DATES, OTHER_CALENDARS

Reading = tuple[date, datetime | None] | None
Reader = Callable[[str], Reading]

_LANGUAGES = ["ar", "fa", "en", "fr", "ur", "tr", "es", "de"]


def _ours(text: str) -> Reading:
    stated = dates.find_date(text)
    return (stated.day, stated.instant) if stated else None


def _dateparser() -> Reader:
    search = importlib.import_module("dateparser.search").search_dates

    def read(text: str) -> Reading:
        found = search(text, languages=_LANGUAGES, settings={"REQUIRE_PARTS": ["month", "year"], "DATE_ORDER": "DMY"})
        if not found:
            return None
        moment: datetime = found[0][1]
        return moment.date(), moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)

    return read


def _htmldate() -> Reader:
    find = importlib.import_module("htmldate").find_date

    def read(text: str) -> Reading:
        found = find(f"<html><body><p>{text}</p></body></html>", original_date=True)
        return (date.fromisoformat(found), None) if found else None

    return read


def _is_day(reading: Reading, iso: str) -> bool:
    if reading is None:
        return False
    day = reading[0].isoformat()
    return day[:7] == iso if len(iso) == 7 else day[:10] == iso.removeprefix("month from ")[:10]


def _is_instant(reading: Reading, iso: str) -> bool:
    stated = datetime.fromisoformat(iso)
    return reading is not None and reading[1] == stated.replace(tzinfo=stated.tzinfo or UTC)


def _score(read: Reader, repeat: int) -> tuple[list[str], float]:
    written = [*DAYS, *((text, iso) for text, iso, _ in INSTANTS), *((text, iso) for text, iso, _ in OTHER_CALENDARS)]
    readings = {text: read(text) for text, _ in written}
    days = sum(_is_day(readings[text], iso) for text, iso in DAYS)
    timed = sum(_is_day(readings[text], iso) for text, iso, _ in INSTANTS)
    instants = sum(_is_instant(readings[text], iso) for text, iso, _ in INSTANTS)
    others = sum(_is_day(readings[text], iso) for text, iso, _ in OTHER_CALENDARS)
    invented = sum(read(text) is not None for text in NO_DATES)
    started = time.perf_counter()
    for _ in range(repeat):
        dates._read_line.cache_clear()  # each line is to be read anew
        for text, _iso in written:
            read(text)
    microseconds = (time.perf_counter() - started) / repeat / len(written) * 1e6
    counts = ((days, DAYS), (timed, INSTANTS), (instants, INSTANTS), (others, OTHER_CALENDARS), (invented, NO_DATES))
    return [f"{count}/{len(among)}" for count, among in counts], microseconds


def main() -> None:
    """Prints one line a reader."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=50, help="rounds of the timing; the peers take one")
    repeat = parser.parse_args().repeat
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    print(f"{'':14}{'days':>9}{'timed days':>12}{'instants':>10}{'hijri, solar':>14}{'invented':>10}{'µs each':>10}")
    for name, load in (("news_pipeline", lambda: _ours), ("dateparser", _dateparser), ("htmldate", _htmldate)):
        try:
            read = load()
        except ImportError:
            print(f"{name:14} is not installed")
            continue
        counts, microseconds = _score(read, repeat if name == "news_pipeline" else 1)
        print(
            f"{name:14}{counts[0]:>9}{counts[1]:>12}{counts[2]:>10}{counts[3]:>14}{counts[4]:>10}{microseconds:>10.1f}"
        )


if __name__ == "__main__":
    main()
