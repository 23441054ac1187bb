"""Percentiles of what was measured, and what else the machine was doing meanwhile."""

import math
import os
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

MILLISECONDS = 1_000


def percentile(values: Sequence[float], share: float) -> float:
    """The value that ``share`` (0 to 1) of them do not exceed: one of them, never one in between."""
    return sorted(values)[max(math.ceil(share * len(values)), 1) - 1]


def spread(seconds: Sequence[float]) -> dict[str, float]:
    """Milliseconds: p50, p95, p99, max; ``n`` is how many."""
    found = {name: percentile(seconds, share) for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))}
    found["max"] = max(seconds)
    return {"n": len(seconds), **{name: value * MILLISECONDS for name, value in found.items()}}


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """(Seconds, result)."""
    began = time.perf_counter()
    result = work()
    return time.perf_counter() - began, result


def medians(rounds: Sequence[Sequence[float]]) -> list[float]:
    """For each place the median over the rounds."""
    return [statistics.median(values) for values in zip(*rounds, strict=True)]


def load_average() -> float:
    """Of the last minute: how many wanted to run, the measuring itself included."""
    return round(os.getloadavg()[0], 2)
