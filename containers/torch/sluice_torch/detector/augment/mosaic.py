"""Combines four scenes into one image: more objects, at more places and sizes, in each step."""

from collections.abc import Sequence

import numpy as np

from ...data.decode import PAD
from .geometry import zoom
from .scene import Scene

# The point where the four scenes meet, as shares of the image.
_MEETING = (0.35, 0.65)
# The size of each scene relative to fitting its quarter. Objects must stay as large as those of whole images.
_SCALE = (1.0, 1.6)


def mosaic(scenes: Sequence[Scene], target: tuple[int, int], chance: np.random.Generator) -> Scene:
    """`scenes`: four, for the quarters from left to right and from top to bottom."""
    width, height = target
    x = round(width * chance.uniform(*_MEETING))
    y = round(height * chance.uniform(*_MEETING))
    quarters = [(0, 0, x, y), (x, 0, width, y), (0, y, x, height), (x, y, width, height)]
    pixels = np.full((height, width, 3), PAD, dtype=np.uint8)
    boxes: list[np.ndarray] = []
    classes: list[np.ndarray] = []
    for scene, (left, top, right, bottom) in zip(scenes, quarters, strict=True):
        part = zoom(scene, (right - left, bottom - top), chance.uniform(*_SCALE), chance)
        pixels[top:bottom, left:right] = part.pixels
        boxes.append(part.boxes + np.array([left, top, left, top], np.float32))
        classes.append(part.classes)
    return Scene(pixels, np.concatenate(boxes), np.concatenate(classes))
