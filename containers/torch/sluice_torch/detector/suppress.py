"""Non-maximum suppression by class, as the serving engine does it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Of each class only the highest scores are compared: the work grows with the square.
MAX_COMPARED = 1000

Floats = NDArray[np.floating]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Detections:
    """Of one image, highest score first. `boxes` are corners in pixels."""

    boxes: Floats
    scores: Floats
    classes: Integers

    def __len__(self) -> int:
        return len(self.scores)


def overlaps(one: Floats, other: Floats) -> Floats:
    """Intersection over union of each box of `one` (rows) with each of `other` (columns)."""
    # In float64: an overlap of exactly 0.65 must reach the threshold 0.65.
    one, other = one.astype(np.float64), other.astype(np.float64)
    low = np.maximum(one[:, None, :2], other[None, :, :2])
    high = np.minimum(one[:, None, 2:], other[None, :, 2:])
    size = np.maximum(high - low, 0)
    shared = size[..., 0] * size[..., 1]
    union = _areas(one)[:, None] + _areas(other)[None, :] - shared
    return np.asarray(shared / np.maximum(union, 1e-9))


def suppress(candidates: Detections, overlap: float, limit: int) -> Detections:
    """Keep the highest scores, and no box that overlaps a kept box of its class by more than `overlap`."""
    boxes, scores, classes = candidates.boxes, candidates.scores, candidates.classes
    usable = np.isfinite(boxes).all(axis=1) & (boxes[:, 2:] > boxes[:, :2]).all(axis=1)
    kept = [
        _suppress_class(boxes, scores, np.flatnonzero(usable & (classes == index)), overlap)
        for index in np.unique(classes[usable])
    ]
    if not kept:
        return Detections(boxes[:0], scores[:0], classes[:0])
    order = np.concatenate(kept)
    order = order[np.argsort(-scores[order], kind="stable")][:limit]
    return Detections(boxes[order], scores[order], classes[order])


def _suppress_class(boxes: Floats, scores: Floats, rows: Integers, overlap: float) -> Integers:
    rows = rows[np.argsort(-scores[rows], kind="stable")][:MAX_COMPARED]
    conflicts = overlaps(boxes[rows], boxes[rows]) > overlap
    dropped = np.zeros(len(rows), dtype=bool)
    for index in range(len(rows)):
        if not dropped[index]:
            # A box is no conflict of itself, nor of those before it.
            dropped[index + 1 :] |= conflicts[index, index + 1 :]
    return rows[~dropped]


def _areas(boxes: Floats) -> Floats:
    size = np.maximum(boxes[:, 2:] - boxes[:, :2], 0)
    return np.asarray(size[:, 0] * size[:, 1])
