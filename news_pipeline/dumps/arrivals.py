"""Which dumps are ready to be processed: the pure core of the landing-folder sensor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from news_pipeline.attempts import Attempt, Attempts, may_try, tried
from news_pipeline.dumps.find import Dump


@dataclass(frozen=True)
class Arrivals:
    """What the landing folder asks for now.

    Attributes:
        ready: dumps to request, at most the cap, by name.
        settling: dumps that are still being written to.
        waiting: how many more are due, left for the next look.
        attempts: what to remember of the dumps that are stale.
    """

    ready: list[Dump]
    settling: list[str]
    waiting: int
    attempts: Attempts


def plan_arrivals(
    dumps: Mapping[str, Dump],
    key_of: Callable[[Dump], str],
    is_stale: Callable[[Dump], bool],
    is_in_flight: Callable[[str], bool],
    attempts: Attempts,
    now: float,
    quiet_seconds: float,
    cap: int,
) -> Arrivals:
    """Decides which dumps to request.

    A dump is due when its tables are not those of its present content and rules, no run works on it, and its files have
    been left alone: its newest one for ``quiet_seconds``, or, where that one bears a time in the future, since the last
    look. One that was asked for at this very state before and failed is asked for again a few times, ever later.

    Args:
        dumps: the landing folder's dumps by name.
        key_of: fingerprint of a dump's content and rules.
        is_stale: whether a dump's tables are of another state.
        is_in_flight: whether a run works on a dump.
        attempts: what was remembered at the last look.
        now: unix time.
        quiet_seconds: how long a dump's files must have been left alone.
        cap: most dumps to request at once.
    """
    due: list[tuple[Dump, str]] = []
    settling: list[str] = []
    remembered: Attempts = {}
    for name, dump in sorted(dumps.items()):
        if not is_stale(dump):
            continue
        key, known = key_of(dump), attempts.get(name)
        seen = known is not None and known.key == key
        if known is not None and seen:
            remembered[name] = known
        if is_in_flight(name) or not may_try(attempts, name, key, now):
            continue
        is_future = dump.modified_at > now
        if (is_future and not seen) or 0 <= now - dump.modified_at < quiet_seconds:
            settling.append(name)
            remembered[name] = Attempt(key, 0, now)
        else:
            due.append((dump, key))
    for dump, key in due[:cap]:
        remembered[dump.name] = tried(attempts, dump.name, key, now)
    return Arrivals([dump for dump, _ in due[:cap]], settling, len(due[cap:]), remembered)
