"""Which dumps are ready to be processed: the pure core of the landing-folder sensor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from news_pipeline.dumps.find import Dump


@dataclass(frozen=True)
class Arrivals:
    """What the landing folder asks for now.

    Attributes:
        ready: dumps to request, at most the cap, by name.
        settling: dumps that are still being written to.
        waiting: dumps beyond the cap, left for the next look.
        requested: the keys to remember: of the dumps that are stale and were asked for, now or before.
    """

    ready: list[Dump]
    settling: list[str]
    waiting: list[str]
    requested: dict[str, str]


def plan_arrivals(
    dumps: Mapping[str, Dump],
    key_of: Callable[[Dump], str],
    is_stale: Callable[[Dump], bool],
    requested: Mapping[str, str],
    in_flight: frozenset[str],
    now: float,
    quiet_seconds: float,
    cap: int,
) -> Arrivals:
    """Decides which dumps to request.

    A dump is due when its tables are not those of its present content and rules, and nothing was asked for at this very
    state before: a dump that failed is not asked for again until its files or the rules change. One whose newest file
    changed within ``quiet_seconds`` is still being written, whatever else is in the folder.

    Args:
        dumps: the landing folder's dumps by name.
        key_of: fingerprint of a dump's content and rules.
        is_stale: whether a dump's tables are of another state.
        requested: name → key of what was asked for before.
        in_flight: names of dumps that a run is working on.
        now: unix time.
        quiet_seconds: how long a dump's files must have been left alone.
        cap: most dumps to request at once.
    """
    due, settling, remembered = [], [], {}
    for name, dump in sorted(dumps.items()):
        key = key_of(dump)
        if requested.get(name) == key:
            remembered[name] = key
        elif name in in_flight or not is_stale(dump):
            continue
        elif now - dump.modified_at < quiet_seconds:
            settling.append(name)
        else:
            due.append(dump)
    ready = due[:cap]
    return Arrivals(
        ready=ready,
        settling=settling,
        waiting=[dump.name for dump in due[cap:]],
        requested=remembered | {dump.name: key_of(dump) for dump in ready},
    )
