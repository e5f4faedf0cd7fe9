"""Reads detections from the output of a network or of its exported model, as the serving engine does."""

from dataclasses import dataclass

import numpy as np

from .name import Head
from .suppress import Detections, Floats, suppress


@dataclass(frozen=True)
class Thresholds:
    confidence: float
    # Boxes of one class that overlap a better one more than this are dropped.
    overlap: float
    limit: int


def read_detections(output: Floats, head: Head, thresholds: Thresholds) -> Detections:
    """`output` is of one image. Boxes are corners in input pixels."""
    centred, scores = split_output(output, head)
    classes = scores.argmax(axis=1)
    best = scores[np.arange(len(scores)), classes]
    kept = best > thresholds.confidence
    centre, size = centred[kept, :2], centred[kept, 2:]
    corners = np.concatenate((centre - size / 2, centre + size / 2), axis=1)
    candidates = Detections(corners, best[kept], classes[kept].astype(np.int64))
    return suppress(candidates, thresholds.overlap, thresholds.limit)


def split_output(output: Floats, head: Head) -> tuple[Floats, Floats]:
    """Boxes as centre and size, and the scores of all classes; one row each."""
    if head == "yolov5":
        return output[:, :4], output[:, 4:5] * output[:, 5:]
    return output.T[:, :4], output.T[:, 4:]
