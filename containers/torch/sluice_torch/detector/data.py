"""What a detector needs of its data: enough boxes, and factors of classes."""

import numpy as np
from numpy.typing import NDArray

from ..context import Context
from ..data.items import Items
from ..data.split import require_validation
from ..error import TrainingError


def require_boxes(context: Context, train: Items, held: Items) -> None:
    """One class is enough: the background is the other."""
    if len(train) == 0 or not any(context.counts.values()):
        message = "The training items have no boxes. Label objects with boxes, then train again."
        raise TrainingError("DATA_MISSING", message)
    require_validation(held)
    for name in context.classes:
        if not context.counts.get(name):
            context.log(f"warning: the class '{name}' has no training boxes.")


def box_weights(context: Context) -> NDArray[np.float32] | None:
    """One factor for each class, or None for equal ones: the job's setting, else the dataset's weights."""
    mode = context.options.class_weights
    given = context.dataset_weights() or {}
    if mode == "balanced":
        counts = np.array([context.counts.get(name, 0) for name in context.classes], np.float64)
        present = counts > 0
        # Square roots: a hundred times more walls than stairs need no hundredfold loss.
        factors = np.where(present, np.sqrt(counts[present].mean() / np.maximum(counts, 1)), 1.0)
        return factors.astype(np.float32)
    if mode == "none" or not given:
        return None
    return np.array([given.get(name, 1.0) for name in context.classes], np.float32)
