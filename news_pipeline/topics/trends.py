"""Trends: each topic of a day against its own last 28 days.

Belongs here: expectation, interval, burst and state of topic days, completeness of days. Does not belong here: counting
articles (``rollup``), reading or writing files.

The expectation follows the outbreak detection of Farrington et al. (1996, JRSS A 159:547) with the negative binomial
limits of Noufaily et al. (2013, Statistics in Medicine 32:1206), here with the day's volume as offset and a gamma prior:

- the topic's rate is its share of the volume of the baseline days, the covered days among the 28 before, under the
  Jeffreys prior Gamma(1/2, 0), so that the posterior is Gamma(1/2 + texts, volume);
- with three weeks and three covered days of the same weekday, the expectation is multiplied by the weekday's own ratio,
  shrunk towards 1 by four texts;
- the variance around the rate is ``phi`` times that of a Poisson law, ``phi`` being Pearson's dispersion of the
  baseline days, at least 1 and shrunk towards 1.5 by seven days (news comes in bouts, and short histories cannot show it);
- the predictive law is the negative binomial with the mean and variance that follow; its 2.5 % and 97.5 % quantiles
  are the interval;
- the burst score is the difference on the Freeman-Tukey (1950) scale, ``sqrt(y) + sqrt(y + 1) - sqrt(4 mu + 1)``, over
  the root of the predictive variance-to-mean ratio: about standard normal where nothing happens.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from news_pipeline import contract

TREND_VERSION = "1"
LOOKBACK_DAYS = 28

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

_PRIOR_TEXTS = 0.5
_WEEKDAY_MIN_DAYS = 21
_WEEKDAY_MIN_SAME = 3
_WEEKDAY_PRIOR_TEXTS = 4.0
_PRIOR_DISPERSION = 1.5
_PRIOR_DISPERSION_DAYS = 7
_TAIL = 0.025
_QUIET_MIN_TEXTS = 3
_QUIET_MIN_DAYS = 2
_STORY_DAYS = 7
_MICRO = 1_000_000
_EPOCH = date(1970, 1, 1)


def measure_trends(daily_topics: pa.Table, volumes: pa.Table, first: date, last: date, newest: date) -> pa.Table:
    """Sets the topics of a range of days against their own look-back.

    Args:
        daily_topics: Rows of ``[first - LOOKBACK_DAYS, last]`` with columns published_date, topic_id, topic_kind,
            article_count, text_count.
        volumes: Distinct texts per day and outlet over the same days: published_date, source_name, text_count.
        first: First day to measure.
        last: Last day to measure, included.
        newest: Newest publication day of the archive; from that day on figures are provisional.

    Returns:
        Rows of contract table ``topic_trends``, ordered by ``published_date, topic_id``: every topic of a day, and of
        the topics the day does not cover those with at least three texts on at least two days of the look-back
        (stories only if met within the last seven days). Days without any coverage have no rows and are no baseline.
        A topic on a day without baseline is ``new`` and has no expectation.
    """
    low, high = (first - _EPOCH).days, (last - _EPOCH).days
    days = _covered_days(volumes)
    seen = _sightings(daily_topics, low - LOOKBACK_DAYS, high)
    topic, day = _topic_days(seen, days, low, high)
    if not len(day):
        return contract.empty("topic_trends")

    start, stop = seen.find(topic, day - LOOKBACK_DAYS), seen.find(topic, day)
    is_covered_today = seen.holds(stop, topic, day)
    at = np.minimum(stop, len(seen.day) - 1)
    texts = np.where(is_covered_today, seen.texts[at], 0)
    articles = np.where(is_covered_today, seen.articles[at], 0)

    past_texts = seen.total(seen.texts, start, stop)
    past_days = days.count(day - LOOKBACK_DAYS, day)
    past_volume = days.total(day - LOOKBACK_DAYS, day)
    has_past = past_volume > 0
    rate = (_PRIOR_TEXTS + past_texts) / np.where(has_past, past_volume, 1)
    expected = rate * days.volume_of(day) * _weekday_ratio(seen, days, topic, day, rate, past_days)

    squares = seen.total(_scaled_squares(seen, days), start, stop) / _MICRO
    mean_ratio = np.where(has_past, past_volume, 1) / np.maximum(past_texts, 1)
    pearson = np.where(past_texts > 0, mean_ratio * squares - past_texts, 0.0)
    dispersion = (_PRIOR_DISPERSION_DAYS * _PRIOR_DISPERSION + pearson) / (
        _PRIOR_DISPERSION_DAYS + np.maximum(past_days - 1, 0)
    )
    # Variance over mean of the predictive law: the day's own, and the doubt about the rate after so many texts.
    spread = np.round(np.maximum(dispersion, 1.0) + expected / (_PRIOR_TEXTS + past_texts), 9)
    expected = np.round(expected, 9)
    lower, upper = _interval(expected, np.maximum(spread, 1.0 + 1e-9))
    # Of a rare topic most days bring none, so that the quantiles are 0 and 0: one text is no burst yet.
    lower, upper = np.minimum(lower, np.floor(expected)), np.maximum(upper, np.ceil(expected))
    burst = (np.sqrt(texts) + np.sqrt(texts + 1) - np.sqrt(4 * expected + 1)) / np.sqrt(spread)

    is_new = past_texts == 0
    trend = np.select(
        [is_new, ~is_covered_today, has_past & (texts > upper), has_past & (texts < lower)],
        ["new", "quiet", "growing", "fading"],
        "steady",
    )
    end = stop + is_covered_today
    known = ~has_past
    table = {
        "published_date": _dates(day),
        "topic_id": seen.topic_ids.take(pa.array(topic)),
        "topic_kind": seen.topic_kinds.take(pa.array(topic)),
        "article_count": pa.array(articles),
        "text_count": pa.array(texts),
        "baseline_days": pa.array(past_days.astype(np.int32)),
        "expected_count": pa.array(np.round(expected, 6), mask=known),
        "expected_low": pa.array(lower, mask=known),
        "expected_high": pa.array(upper, mask=known),
        "burst_score": pa.array(np.round(burst, 6) + 0.0, mask=known),
        "trend": pa.array(trend, pa.string()),
        "first_seen": _dates(np.where(start < stop, seen.day[np.minimum(start, len(seen.day) - 1)], day)),
        "peak_date": _dates(_peaks(seen, start, end)),
        "completeness": _completeness(volumes, days, day),
        "is_provisional": pa.array(day >= (newest - _EPOCH).days),
        "trend_version": pa.repeat(TREND_VERSION, len(day)),
    }
    order = np.lexsort((topic, day))
    return pa.table(table, schema=contract.TABLES["topic_trends"].schema).take(pa.array(order))


@dataclass(frozen=True)
class _Days:
    """The covered days in order, each with its volume; ``before`` holds the volume of all days before each."""

    day: Ints
    volume: Ints
    before: Ints

    def count(self, start: Ints, stop: Ints) -> Ints:
        """Covered days in ``[start, stop)``."""
        return np.searchsorted(self.day, stop) - np.searchsorted(self.day, start)

    def total(self, start: Ints, stop: Ints) -> Ints:
        """Volume of the days in ``[start, stop)``."""
        return self.before[np.searchsorted(self.day, stop)] - self.before[np.searchsorted(self.day, start)]

    def volume_of(self, day: Ints) -> Ints:
        """Volume of each day, 0 where nothing was published."""
        return self.total(day, day + 1)


@dataclass(frozen=True)
class _Sightings:
    """The days on which topics were covered, ordered by topic and day; topics are numbered in the order of their ids.

    ``code`` is one sortable integer of topic and day: ``topic * span + day - base``.
    """

    topic_ids: pa.Array
    topic_kinds: pa.Array
    topic: Ints
    day: Ints
    texts: Ints
    articles: Ints
    code: Ints
    span: int
    base: int

    def find(self, topic: Ints, day: Ints) -> Ints:
        """Position of the first sighting of each topic on or after a day."""
        return np.searchsorted(self.code, topic * self.span + (day - self.base))

    def holds(self, position: Ints, topic: Ints, day: Ints) -> Bools:
        """Whether a position found for topic and day is a sighting on that very day."""
        at = np.minimum(position, len(self.code) - 1)
        found: Bools = self.code[at] == topic * self.span + (day - self.base)
        return found

    def total(self, values: Ints, start: Ints, stop: Ints) -> Ints:
        """Sums of values over the sightings from start to stop."""
        before = np.concatenate(([0], np.cumsum(values)))
        return before[stop] - before[start]


def _covered_days(volumes: pa.Table) -> _Days:
    by_day = volumes.group_by("published_date").aggregate([("text_count", "sum")])
    by_day = by_day.filter(pc.greater(by_day["text_count_sum"], 0)).sort_by("published_date")
    volume = by_day["text_count_sum"].to_numpy().astype(np.int64)
    return _Days(_day_numbers(by_day["published_date"]), volume, np.concatenate(([0], np.cumsum(volume))))


def _sightings(daily_topics: pa.Table, low: int, high: int) -> _Sightings:
    kinds = daily_topics.group_by("topic_id").aggregate([("topic_kind", "min")]).sort_by("topic_id")
    topic_ids = kinds["topic_id"].combine_chunks()
    topic = pc.index_in(daily_topics["topic_id"], value_set=topic_ids).to_numpy().astype(np.int64)
    day = _day_numbers(daily_topics["published_date"])
    # The base leaves room for look-backs and look-aheads beyond the days given, so that codes of topics never overlap.
    base = low - 2 * LOOKBACK_DAYS
    span = high - base + 2 * LOOKBACK_DAYS
    code = topic * span + (day - base)
    order = np.argsort(code, kind="stable")
    order = order[(day[order] >= low) & (day[order] <= high)]
    return _Sightings(
        topic_ids,
        kinds["topic_kind_min"].combine_chunks(),
        topic[order],
        day[order],
        daily_topics["text_count"].to_numpy().astype(np.int64)[order],
        daily_topics["article_count"].to_numpy().astype(np.int64)[order],
        code[order],
        span,
        base,
    )


def _topic_days(seen: _Sightings, days: _Days, low: int, high: int) -> tuple[Ints, Ints]:
    """The rows to report: topics of the asked days, then those that covered days of the weeks after miss."""
    stop = np.arange(1, len(seen.day) + 1)
    start = seen.find(seen.topic, seen.day - LOOKBACK_DAYS + 1)
    worth = (seen.total(seen.texts, start, stop) >= _QUIET_MIN_TEXTS) & (stop - start >= _QUIET_MIN_DAYS)
    is_story = pc.equal(seen.topic_kinds, "story").to_numpy(zero_copy_only=False)[seen.topic]
    until = seen.day + np.where(is_story, _STORY_DAYS, LOOKBACK_DAYS) + 1
    is_followed = np.append(seen.topic[1:] == seen.topic[:-1], False)[: len(seen.day)]
    until = np.where(is_followed, np.minimum(until, np.append(seen.day[1:], 0)[: len(seen.day)]), until)
    from_day = np.searchsorted(days.day, np.maximum(seen.day + 1, low))
    to_day = np.searchsorted(days.day, np.minimum(until, high + 1))
    gap = np.where(worth, np.maximum(to_day - from_day, 0), 0)
    sighting = np.repeat(np.arange(len(gap)), gap)
    step = np.arange(gap.sum()) - np.repeat(np.cumsum(gap) - gap, gap)
    quiet_topic, quiet_day = seen.topic[sighting], days.day[from_day[sighting] + step]
    # Sightings leave the look-back as the gap grows, so the rule is asked again for the very day.
    start, stop = seen.find(quiet_topic, quiet_day - LOOKBACK_DAYS), seen.find(quiet_topic, quiet_day)
    worth = (seen.total(seen.texts, start, stop) >= _QUIET_MIN_TEXTS) & (stop - start >= _QUIET_MIN_DAYS)
    asked = seen.day >= low
    return (
        np.concatenate((seen.topic[asked], quiet_topic[worth])),
        np.concatenate((seen.day[asked], quiet_day[worth])),
    )


def _weekday_ratio(seen: _Sightings, days: _Days, topic: Ints, day: Ints, rate: Floats, past_days: Ints) -> Floats:
    texts = np.zeros(len(day), np.int64)
    volume = np.zeros(len(day), np.int64)
    covered = np.zeros(len(day), np.int64)
    for back in range(7, LOOKBACK_DAYS + 1, 7):
        position = seen.find(topic, day - back)
        here = seen.holds(position, topic, day - back)
        texts += np.where(here, seen.texts[np.minimum(position, len(seen.texts) - 1)], 0)
        volume += days.volume_of(day - back)
        covered += days.count(day - back, day - back + 1)
    ratio = (_WEEKDAY_PRIOR_TEXTS + texts) / (_WEEKDAY_PRIOR_TEXTS + rate * volume)
    return np.where((past_days >= _WEEKDAY_MIN_DAYS) & (covered >= _WEEKDAY_MIN_SAME), ratio, 1.0)


def _scaled_squares(seen: _Sightings, days: _Days) -> Ints:
    """Square of each sighting's texts over the day's volume, in millionths: whole, so that sums do not depend on order."""
    return (seen.texts * seen.texts * _MICRO) // np.maximum(days.volume_of(seen.day), 1)


def _interval(mean: Floats, spread: Floats) -> tuple[Floats, Floats]:
    """The 2.5 % and 97.5 % quantiles of negative binomial laws given by mean and variance-to-mean ratio above 1."""
    laws, law_of = np.unique(np.column_stack((mean, spread)), axis=0, return_inverse=True)
    size = laws[:, 0] / (laws[:, 1] - 1.0)
    log_odds = np.log1p(-1.0 / laws[:, 1])
    log_mass = -size * np.log(laws[:, 1])
    mass = np.exp(log_mass)
    lower = np.zeros(len(laws))
    upper = np.zeros(len(laws))
    open_ = np.arange(len(laws))
    count = 0
    while len(open_):
        lower[open_[mass[open_] < _TAIL]] = count + 1
        open_ = open_[mass[open_] < 1.0 - _TAIL]
        log_mass[open_] += np.log((size[open_] + count) / (count + 1)) + log_odds[open_]
        mass[open_] += np.exp(log_mass[open_])
        count += 1
        upper[open_] = count
    return lower[law_of], upper[law_of]


def _peaks(seen: _Sightings, start: Ints, end: Ints) -> Ints:
    """The day with most texts among the sightings from start to end, the earliest of equals."""
    rank = seen.texts * seen.span + (seen.span - 1 - (seen.day - seen.base))
    best: Ints = np.maximum.reduceat(np.append(rank, 0), np.column_stack((start, end)).ravel())[::2]
    peak: Ints = seen.span - 1 - best % seen.span + seen.base
    return peak


def _completeness(volumes: pa.Table, days: _Days, day: Ints) -> pa.Array:
    """Share of the volume expected of each day that has arrived from its usual outlets.

    Usual are the outlets of at least half the baseline days; each is expected to bring its mean of the baseline days,
    or of those of the same weekday where there are three.
    """
    outlets = pc.unique(volumes["source_name"])
    grid = np.zeros((len(days.day), len(outlets)), np.int64)
    row = np.searchsorted(days.day, _day_numbers(volumes["published_date"]))
    text_count = volumes["text_count"].to_numpy().astype(np.int64)
    kept = text_count > 0
    column = pc.index_in(volumes["source_name"], value_set=outlets).to_numpy()
    np.add.at(grid, (row[kept], column[kept]), text_count[kept])
    asked, asked_of = np.unique(day, return_inverse=True)
    shares = np.full(len(asked), np.nan)
    for index, today in enumerate(asked):
        now = np.searchsorted(days.day, today)
        past = np.arange(np.searchsorted(days.day, today - LOOKBACK_DAYS), now)
        same = past[(today - days.day[past]) % 7 == 0]
        usual = 2 * (grid[past] > 0).sum(axis=0) >= max(len(past), 1)
        model = same if len(same) >= _WEEKDAY_MIN_SAME else past
        expected = int(grid[model][:, usual].sum())
        if expected:
            shares[index] = round(min(1.0, int(grid[now, usual].sum()) * len(model) / expected), 6)
    return pa.array(shares[asked_of], mask=np.isnan(shares[asked_of]))


def _day_numbers(dates: pa.ChunkedArray) -> Ints:
    numbers: Ints = dates.cast(pa.date32()).cast(pa.int32()).to_numpy().astype(np.int64)
    return numbers


def _dates(day: Ints) -> pa.Array:
    return pa.array(day.astype(np.int32)).cast(pa.date32())
