"""Processor time and memory, as the speed benchmarks measure them."""

from __future__ import annotations

import gc
import resource
import time
from collections.abc import Callable


def seconds(work: Callable[[], object]) -> float:
    """Processor time of one call."""
    gc.collect()
    start = time.process_time()
    work()
    return time.process_time() - start


def peak() -> float:
    """Most memory the process has held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
