"""Which partitions are stale: each one's input fingerprint now against the one recorded at its last build.

Belongs here: fingerprints of inputs, and the comparison. It is level-triggered: it looks at what stands on disk, never
at remembered events, so a lost event, a kill or a changed rule heals at the next look. Does not belong here: building.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from news_pipeline.contract import TABLES
from news_pipeline.dumps.decode import DECODER_VERSION
from news_pipeline.dumps.find import Dump
from news_pipeline.entities.lexicon_store import lexicon_fingerprint
from news_pipeline.entities.recognise import ENTITY_VERSION
from news_pipeline.entities.transformer_names import model_version
from news_pipeline.pages.parse import PARSER_VERSION
from news_pipeline.settings import first_day
from news_pipeline.storage import Build, digest, list_partitions, read_build, read_builds
from news_pipeline.stories.group import LOOKBACK_DAYS as STORY_LOOKBACK_DAYS
from news_pipeline.stories.group import STORY_VERSION
from news_pipeline.topics.rollup import ROLLUP_VERSION, TERMS_LOOKBACK_DAYS
from news_pipeline.topics.subjects import SUBJECT_VERSION
from news_pipeline.topics.trends import LOOKBACK_DAYS as TREND_LOOKBACK_DAYS
from news_pipeline.topics.trends import TREND_VERSION

DAY_TABLES = ("articles", "article_entities", "daily_topics", "topic_trends")
_RANGE_GAP_DAYS = 28
_NO_BUILD = Build(input="", output="", rows=0, bytes=0)


def last_day() -> date:
    """The last day of the calendar as of now: tomorrow (UTC), since east of Greenwich it has begun."""
    return datetime.now(UTC).date() + timedelta(days=1)


def pages_input(dump: Dump) -> str:
    """Fingerprint of what raw_pages of a dump is read from."""
    return digest(_shape("raw_pages"), DECODER_VERSION, dump.fingerprint)


def articles_input(data: Path, dump: str, time_zone: str) -> str:
    """Fingerprint of what the parsed tables of a dump are made from."""
    pages = read_build(data, "raw_pages", dump) or _NO_BUILD
    shapes = (_shape(table) for table in ("page_blocks", "parsed_articles", "rejected_pages"))
    return digest(*shapes, PARSER_VERSION, time_zone, pages.output)


def entities_input(data: Path, dump: str, names_model: Path | None = None) -> str:
    """Fingerprint of what the entity tables of a dump are made from."""
    return _entities_input(read_build(data, "parsed_articles", dump) or _NO_BUILD, _entity_rules(data, names_model))


def _entities_input(parsed: Build, entity_rules: str) -> str:
    shapes = (_shape("entity_mentions"), _shape("quotes"))
    return digest(*shapes, entity_rules, parsed.output)


def _entity_rules(data: Path, names_model: Path | None) -> str:
    """The rules that entities are found by, the imported names and the model they are found with."""
    model = model_version(names_model) if names_model else ""
    return "+".join(part for part in (ENTITY_VERSION, lexicon_fingerprint(data), model) if part)


def _shape(table: str) -> str:
    """Name, columns and types of a table: a change of the contract makes what was written before stale."""
    return f"{table}({TABLES[table].file_schema})"


def dump_is_stale(data: Path, dump: Dump, time_zone: str, names_model: Path | None = None) -> bool:
    """Whether any dump-side table of a dump is missing or was built from something else than stands there now."""
    expected = {
        "raw_pages": pages_input(dump),
        "page_blocks": articles_input(data, dump.name, time_zone),
        "parsed_articles": articles_input(data, dump.name, time_zone),
        "rejected_pages": articles_input(data, dump.name, time_zone),
        "entity_mentions": entities_input(data, dump.name, names_model),
        "quotes": entities_input(data, dump.name, names_model),
    }
    return any((read_build(data, table, dump.name) or _NO_BUILD).input != value for table, value in expected.items())


def dump_key(data: Path, dump: Dump, time_zone: str, names_model: Path | None = None) -> str:
    """Fingerprint of a dump as it lies there and of the rules it is to be read by: what a run for it is about."""
    return digest(pages_input(dump), PARSER_VERSION, _entity_rules(data, names_model), time_zone)


@dataclass(frozen=True)
class DayState:
    """What stands on disk for the day side: build records of its inputs and of its own tables.

    Attributes:
        parsed: build records of parsed_articles by dump.
        mentions: build records of entity_mentions by dump.
        built: per day table, build records by ISO day.
        standing: ISO days of which any day table has a partition on disk, built or not.
        last_day: last day of the calendar; later days are in the future and not built.
        entity_rules: the rules that entities are found by, the imported names and the model they are found with.
    """

    parsed: Mapping[str, Build]
    mentions: Mapping[str, Build]
    built: Mapping[str, Mapping[str, Build]]
    standing: frozenset[str]
    last_day: date
    entity_rules: str

    def dumps_of(self, days: Iterable[date]) -> list[str]:
        """The dumps that hold articles of any of the days."""
        wanted = {day.isoformat() for day in days}
        return sorted(dump for dump, build in self.parsed.items() if not wanted.isdisjoint(build.days))

    def days(self) -> list[date]:
        """The calendar days that have articles in some dump or a partition on disk, in order."""
        named = self.standing | {day for build in self.parsed.values() for day in build.days}
        return [day for day in sorted(map(date.fromisoformat, named)) if first_day() <= day <= self.last_day]

    def newest(self) -> date | None:
        """The newest publication day of the archive within the calendar."""
        dated = {date.fromisoformat(day) for build in self.parsed.values() for day in build.days}
        return max((day for day in dated if day <= self.last_day), default=None)

    def outside(self) -> list[date]:
        """Publication days that articles state and the calendar does not hold: before its first day, or in the future."""
        dated = {date.fromisoformat(day) for build in self.parsed.values() for day in build.days}
        return sorted(day for day in dated if not first_day() <= day <= self.last_day)


def read_day_state(data: Path, last_day: date, names_model: Path | None = None) -> DayState:
    """Reads the build records that decide which days are stale."""
    return DayState(
        parsed=read_builds(data, "parsed_articles"),
        mentions=read_builds(data, "entity_mentions"),
        built={table: read_builds(data, table) for table in DAY_TABLES},
        standing=frozenset(day for table in DAY_TABLES for day in list_partitions(data, table)),
        last_day=last_day,
        entity_rules=_entity_rules(data, names_model),
    )


class DayInputs:
    """Input fingerprints of the day side, as the records stand; ``record`` tells it of a table just built."""

    def __init__(self, state: DayState) -> None:
        self._outputs = {
            table: {day: build.output for day, build in builds.items()} for table, builds in state.built.items()
        }
        self._parsed = _by_day(state.parsed, lambda dump: "")
        # The mentions of a day follow from its articles and the rules; what matters is whether they are there.
        fresh = {
            dump
            for dump, build in state.mentions.items()
            if dump in state.parsed and build.input == _entities_input(state.parsed[dump], state.entity_rules)
        }
        self._mentions = _by_day(state.parsed, lambda dump: state.entity_rules if dump in fresh else "missing")
        self._newest = state.newest()

    def record(self, table: str, day: date, build: Build | None) -> None:
        """Notes what building ``table`` of ``day`` gave; None: the partition is gone."""
        self._outputs[table].pop(day.isoformat(), None)
        if build is not None:
            self._outputs[table][day.isoformat()] = build.output

    def input_of(self, table: str, day: date) -> str:
        """Fingerprint of everything ``table`` of ``day`` is computed from."""
        iso = day.isoformat()
        if table == "articles":
            lookback = self._window("articles", day - timedelta(days=1), STORY_LOOKBACK_DAYS)
            return digest(_shape(table), STORY_VERSION, SUBJECT_VERSION, *self._parsed.get(iso, ()), *lookback)
        if table == "article_entities":
            return digest(_shape(table), *self._mentions.get(iso, ()), *self._window("articles", day, 1))
        if table == "daily_topics":
            entities = self._window("article_entities", day, 1)
            return digest(
                _shape(table), ROLLUP_VERSION, *self._window("articles", day, TERMS_LOOKBACK_DAYS + 1), *entities
            )
        topics = self._window("daily_topics", day, TREND_LOOKBACK_DAYS + 1)
        volumes = self._window("articles", day, TREND_LOOKBACK_DAYS + 1)
        return digest(_shape(table), TREND_VERSION, day >= (self._newest or day), *topics, *volumes)

    def _window(self, table: str, last: date, days: int) -> list[str]:
        outputs = self._outputs[table]
        window = ((last - timedelta(days=back)).isoformat() for back in range(days))
        return [f"{day}={outputs[day]}" for day in window if day in outputs]


def _by_day(builds: Mapping[str, Build], mark: Callable[[str], str]) -> dict[str, list[str]]:
    """Per day the hashes of its rows in each dump, sorted, each with a mark of the dump."""
    days: dict[str, list[str]] = {}
    for dump, build in builds.items():
        for day, value in build.days.items():
            days.setdefault(day, []).append(value + mark(dump))
    return {day: sorted(values) for day, values in days.items()}


def stale_days(state: DayState) -> list[date]:
    """The days of which some table is missing or was built from something else, as far as can be known now."""
    inputs = DayInputs(state)
    return [
        day
        for day in state.days()
        if any(
            state.built[table].get(day.isoformat(), _NO_BUILD).input != inputs.input_of(table, day)
            for table in DAY_TABLES
        )
    ]


def days_to_refresh(state: DayState) -> list[date]:
    """The stale days and those whose windows read them, in order.

    Whether a day after a stale one is stale too is known only once that one is built; building skips it where its
    inputs turn out unchanged. A story that runs on for weeks may carry a change further than one window: the next look
    finds the rest.
    """
    stale = stale_days(state)
    reach = timedelta(days=max(STORY_LOOKBACK_DAYS, TERMS_LOOKBACK_DAYS, TREND_LOOKBACK_DAYS))
    days = state.days()
    chosen: set[date] = set()
    position = 0
    for day in days:
        while position < len(stale) and stale[position] + reach < day:
            position += 1
        if position < len(stale) and stale[position] <= day:
            chosen.add(day)
    return sorted(chosen)


def day_ranges(days: Iterable[date]) -> list[tuple[date, date]]:
    """Groups days into ranges first..last; a gap of more than four weeks without articles starts a new range."""
    ranges: list[tuple[date, date]] = []
    for day in sorted(days):
        if ranges and (day - ranges[-1][1]).days <= _RANGE_GAP_DAYS:
            ranges[-1] = (ranges[-1][0], day)
        else:
            ranges.append((day, day))
    return ranges
