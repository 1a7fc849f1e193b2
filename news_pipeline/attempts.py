"""What a sensor remembers of what it asked for, so that work that keeps failing is not asked for at every look.

A sensor compares states and would ask for the same failing run each tick. Each state is tried three times, ten minutes
and then a hundred minutes apart; a new state of the same thing starts afresh.
"""

from __future__ import annotations

import json
from typing import NamedTuple

_MOST_TRIES = 3
_FIRST_PAUSE_SECONDS = 600
_PAUSE_GROWTH = 10


class Attempt(NamedTuple):
    """The state something was asked to be brought to, how often, and when last (unix seconds)."""

    key: str
    tries: int
    at: float


Attempts = dict[str, Attempt]


def may_try(attempts: Attempts, name: str, key: str, now: float) -> bool:
    """Whether ``name`` may be asked for at state ``key`` now."""
    known = attempts.get(name)
    if known is None or known.key != key or known.tries == 0:
        return True
    pause = _FIRST_PAUSE_SECONDS * _PAUSE_GROWTH ** (known.tries - 1)
    return known.tries < _MOST_TRIES and now - known.at >= pause


def tried(attempts: Attempts, name: str, key: str, now: float) -> Attempt:
    """The attempt to remember after asking for ``name`` at state ``key``."""
    known = attempts.get(name)
    return Attempt(key, known.tries + 1 if known and known.key == key else 1, now)


def read_attempts(text: str | None) -> Attempts:
    """Reads a sensor's cursor; one that cannot be read counts as empty."""
    try:
        content = json.loads(text or "{}")
        return {str(name): Attempt(str(key), int(tries), float(at)) for name, (key, tries, at) in content.items()}
    except (ValueError, TypeError, AttributeError):
        return {}


def write_attempts(attempts: Attempts) -> str:
    """The attempts as a sensor's cursor."""
    return json.dumps(attempts, ensure_ascii=False, sort_keys=True)
