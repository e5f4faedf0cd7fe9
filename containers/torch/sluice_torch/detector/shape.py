"""Chooses the width and height of the input from the shapes of the images."""

import numpy as np
from PIL import Image

from ..data.decode import oriented_size
from ..data.items import Items
from .plan import STEP

_SAMPLES = 300
# This share of the images fits without being smaller than in a square.
_FITTING = 0.75


def choose_shape(items: Items, side: int, square: bool) -> tuple[int, int]:
    """Images that are all wide need no square: padding costs as much time as pixels do."""
    side = max(STEP, -(-side // STEP) * STEP)
    sizes = [] if square else read_sizes(items)
    if not sizes:
        return side, side
    ratios = np.array([height / width for width, height in sizes])
    ratio = float(np.quantile(ratios, _FITTING))
    if ratio < 1:
        return side, _round(side * ratio)
    inverse = float(np.quantile(1 / ratios, _FITTING))
    return (_round(side * inverse), side) if inverse < 1 else (side, side)


def read_sizes(items: Items) -> list[tuple[int, int]]:
    """Width and height of some images, from their headers."""
    chosen = np.linspace(0, len(items) - 1, min(_SAMPLES, len(items))).astype(int)
    sizes = [read_size(items[int(index)].file or "") for index in chosen]
    return [size for size in sizes if size]


def read_size(file: str) -> tuple[int, int] | None:
    try:
        with Image.open(file) as image:
            return oriented_size(image)
    # Unreadable images are counted and named when all are read.
    except Exception:
        return None


def _round(value: float) -> int:
    return max(STEP, round(value / STEP) * STEP)
