"""Compares a quantized model with the original: score, time and size. It is kept only if it is worth it."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from ..export.onnx import open_model
from ..training.task import Export, Feeds, Run

TIMED_ITEMS = 40
ROUNDS = 5


@dataclass(frozen=True)
class Comparison:
    fp32: dict[str, float]
    int8: dict[str, float]
    kept: bool
    reason: str

    def to_json(self) -> dict[str, Any]:
        return {"fp32": self.fp32, "int8": self.int8, "kept": self.kept, "reason": self.reason}


def compare(
    export: Export, original: Path, quantized: Path, max_loss: float, clock: Callable[[], float] = time.perf_counter
) -> Comparison:
    """`max_loss` is in points of a hundred."""
    runs = {"fp32": open_model(original, threads=1), "int8": open_model(quantized, threads=1)}
    scores = {name: export.measure(run) for name, run in runs.items()}
    seconds = measure_seconds(list(islice(export.held_out(), TIMED_ITEMS)), runs, clock)
    bytes_ = {"fp32": original.stat().st_size, "int8": quantized.stat().st_size}
    rows = {
        name: {"score": scores[name], "itemsPerSecond": 1 / seconds[name], "bytes": float(bytes_[name])}
        for name in runs
    }
    lost = (scores["fp32"] - scores["int8"]) * 100
    gain = seconds["fp32"] / seconds["int8"]
    reason = f"int8 loses {lost:.2f} points (at most {max_loss:g}) and is {gain:.2f} times as fast."
    # A difference of floats is never exactly the limit.
    kept = lost <= max_loss + 1e-9 and gain > 1
    return Comparison(rows["fp32"], rows["int8"], kept, reason)


def measure_seconds(items: list[Feeds], runs: dict[str, Run], clock: Callable[[], float]) -> dict[str, float]:
    """Seconds for an item. The models take turns, so that a busy machine slows both."""
    rounds: dict[str, list[float]] = {name: [] for name in runs}
    for run in runs.values():
        run(items[0])
    for _ in range(ROUNDS):
        for name, run in runs.items():
            started = clock()
            for feeds in items:
                run(feeds)
            rounds[name].append((clock() - started) / len(items))
    return {name: statistics.median(values) for name, values in rounds.items()}
