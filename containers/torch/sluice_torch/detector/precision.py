"""Mean average precision of detections, as COCO defines it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .suppress import Detections, Floats, Integers, overlaps

OVERLAPS = np.linspace(0.5, 0.95, 10)
RECALLS = np.linspace(0, 1, 101)


@dataclass(frozen=True)
class ClassPrecision:
    """None for a class without true boxes."""

    name: str
    at50: float | None
    at50to95: float | None
    boxes: int


@dataclass(frozen=True)
class MeanPrecision:
    at50: float
    at50to95: float
    classes: list[ClassPrecision]


class PrecisionCounts:
    """Collects the detections of images. It stores a score and ten bits for each detection."""

    def __init__(self, classes: Sequence[str], limit: int = 300) -> None:
        """`limit`: detections of one class that count in one image."""
        self._names = list(classes)
        self._limit = limit
        self._scores: list[list[Floats]] = [[] for _ in classes]
        self._hits: list[list[NDArray[np.bool_]]] = [[] for _ in classes]
        self._support = [0 for _ in classes]

    def add(self, detections: Detections, boxes: Floats, classes: Integers) -> None:
        """Add one image; `boxes` and `classes` are the true ones."""
        for index in range(len(self._names)):
            truths = boxes[classes == index]
            self._support[index] += len(truths)
            found = np.flatnonzero(detections.classes == index)
            if len(found) == 0:
                continue
            order = found[np.argsort(-detections.scores[found], kind="stable")][: self._limit]
            self._scores[index].append(detections.scores[order])
            self._hits[index].append(find_hits(overlaps(detections.boxes[order], truths)))

    def finish(self) -> MeanPrecision:
        classes = [self._precision_of(index) for index in range(len(self._names))]
        present = [one for one in classes if one.boxes > 0]
        if not present:
            return MeanPrecision(0.0, 0.0, classes)
        return MeanPrecision(
            float(np.mean([one.at50 for one in present])),
            float(np.mean([one.at50to95 for one in present])),
            classes,
        )

    def _precision_of(self, index: int) -> ClassPrecision:
        name, support = self._names[index], self._support[index]
        if support == 0:
            return ClassPrecision(name, None, None, 0)
        if not self._scores[index]:
            return ClassPrecision(name, 0.0, 0.0, support)
        order = np.argsort(-np.concatenate(self._scores[index]), kind="stable")
        hits = np.concatenate(self._hits[index], axis=1)[:, order]
        by_overlap = [average_precision(row, support) for row in hits]
        return ClassPrecision(name, by_overlap[0], float(np.mean(by_overlap)), support)


def find_hits(table: Floats) -> NDArray[np.bool_]:
    """For each overlap of OVERLAPS (rows), whether a detection (columns) matches a true box.

    COCO's rule: each detection, highest score first, matches the free true box that it overlaps most.
    """
    found, truths = table.shape
    hits = np.zeros((len(OVERLAPS), found), dtype=bool)
    if truths == 0:
        return hits
    free = np.ones((len(OVERLAPS), truths), dtype=bool)
    rows = np.arange(len(OVERLAPS))
    for index in np.flatnonzero(table.max(axis=1) >= OVERLAPS[0]):
        open_overlaps = np.where(free, table[index][None, :], -1.0)
        # Of equal overlaps the last one matches, as in COCO's own program.
        best = truths - 1 - np.argmax(open_overlaps[:, ::-1], axis=1)
        matched = open_overlaps[rows, best] >= OVERLAPS
        hits[matched, index] = True
        free[rows[matched], best[matched]] = False
    return hits


def average_precision(hits: NDArray[np.bool_], support: int) -> float:
    """The mean, over 101 recalls, of the best precision at that recall or above."""
    correct = np.cumsum(hits)
    precision = correct / np.arange(1, len(hits) + 1)
    envelope = np.maximum.accumulate(precision[::-1])[::-1]
    at = np.searchsorted(correct / support, RECALLS, side="left")
    return float(np.append(envelope, 0.0)[np.minimum(at, len(envelope))].mean())
