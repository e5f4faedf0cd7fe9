"""What a task gets: options, data, and where to put scratch files."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .data.channels import Prepared
from .data.items import Items
from .options import Options
from .training import weights


@dataclass
class Context:
    options: Options
    classes: list[str]
    train: Items
    held: Items
    prepared: Prepared | None
    # Class names and box counts; empty without boxes.
    counts: dict[str, int]
    # Deleted when the job ends.
    scratch: Path
    channels: Path
    log: Callable[[str], None]
    stopping: Callable[[], bool]
    unreadable: int = 0

    @property
    def cache_bytes(self) -> int:
        return self.options.cache_megabytes << 20

    def find_weights(self) -> Path | None:
        return weights.find_weights(self.options.weights, self.channels / "weights", self.scratch)

    def dataset_weights(self) -> dict[str, float] | None:
        """The factors of a prepared dataset; None without such a dataset."""
        return self.prepared.weights if self.prepared else None

    def warn_of_missing_classes(self, labels: NDArray[np.int64]) -> None:
        for index, name in enumerate(self.classes):
            if index not in labels:
                self.log(f"warning: the class '{name}' has no training items.")
