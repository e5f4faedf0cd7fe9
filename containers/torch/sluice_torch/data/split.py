"""Splits, requirements and class weights."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..error import TrainingError
from .items import Items

# A class with fewer items does not generalise.
MIN_ITEMS = 2


def split(items: Items, share: float, seed: int) -> tuple[Items, Items]:
    """Holds out a share of each class; at least one item of each class stays in training."""
    chance = np.random.default_rng([seed, 1])
    labels = items.labels
    train: list[NDArray[np.int64]] = []
    held: list[NDArray[np.int64]] = []
    for label in np.unique(labels):
        rows = chance.permutation(np.flatnonzero(labels == label))
        count = min(round(len(rows) * share), len(rows) - 1)
        held.append(rows[:count])
        train.append(rows[count:])
    return items.select(join(train)), items.select(join(held))


def join(parts: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    return np.sort(np.concatenate(parts)) if parts else np.zeros(0, np.int64)


def require_enough_items(train: Items, held: Items, classes: Sequence[str]) -> None:
    """Checks the items that remain without unreadable files."""
    seen = len(np.unique(train.labels))
    if len(train) == 0:
        message = "The job has no labelled items. Put class folders or a .jsonl list in the 'train' channel."
        raise TrainingError("DATA_MISSING", message)
    if seen < 2:
        message = f"Only {seen} class has training data. Label at least two classes, then train again."
        raise TrainingError("ONE_CLASS", message)
    if len(train) < MIN_ITEMS * seen:
        message = f"{len(train)} items are too few for {seen} classes. Label at least {MIN_ITEMS} items of each of: "
        raise TrainingError("TOO_FEW_ITEMS", message + f"{', '.join(classes)}.")
    require_validation(held)


def require_validation(held: Items) -> None:
    if len(held) == 0:
        message = "The dataset has no validation items. Label at least three items of each class."
        raise TrainingError("TOO_FEW_ITEMS", message)


def class_weights(
    labels: NDArray[np.int64], classes: Sequence[str], mode: str | None, prepared: dict[str, float] | None
) -> NDArray[np.float32]:
    """The job's setting, else the dataset's weights, else balanced."""
    if mode == "balanced" or (mode is None and prepared is None):
        counts = np.bincount(labels, minlength=len(classes)).astype(np.float64)
        present = max(1, np.count_nonzero(counts))
        weights = np.where(counts > 0, len(labels) / (present * np.maximum(counts, 1)), 1.0)
        return weights.astype(np.float32)
    given = {} if mode == "none" else prepared or {}
    return np.array([given.get(name, 1.0) for name in classes], np.float32)
