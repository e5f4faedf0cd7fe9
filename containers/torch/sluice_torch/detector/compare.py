"""Compares the output of an exported model with PyTorch's."""

from collections.abc import Callable

import numpy as np

from .name import Head
from .read import split_output
from .suppress import Floats

MAX_PIXELS = 1.0
MAX_SCORE = 0.01
# Boxes below it are never shown.
LEAST_CONFIDENCE = 0.05


def comparison(head: Head) -> Callable[[Floats, Floats], str | None]:
    """The result compares outputs for a batch of one, row by row. It returns the difference, or None."""

    def compare(expected: Floats, actual: Floats) -> str | None:
        if expected.shape != actual.shape:
            return f"the shape is {actual.shape} instead of {expected.shape}"
        (boxes, scores), (other_boxes, other_scores) = (split_output(each[0], head) for each in (expected, actual))
        difference = float(np.abs(scores - other_scores).max())
        if not difference <= MAX_SCORE:
            return f"a score differs by {difference:.4f}"
        apart = np.abs(boxes - other_boxes)[scores.max(axis=1) > LEAST_CONFIDENCE]
        # Of each edge: the difference of the centre plus half that of the size.
        pixels = float((apart[:, :2] + apart[:, 2:] / 2).max(initial=0.0))
        return None if pixels <= MAX_PIXELS else f"a box differs by {pixels:.2f} pixels"

    return compare
