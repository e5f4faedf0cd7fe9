"""Combines windows of four scenes into one image: more objects in each step, at the size they have in whole images."""

from collections.abc import Sequence

import numpy as np

from ...data.decode import PAD, fit
from .geometry import contiguous, random_factor
from .scene import Scene, crop, pad, resize

# The point where the four windows meet, as shares of the image.
_MEETING = (0.35, 0.65)
# An object that is larger than its window is shrunk to this share of it.
_FILLED = 0.9


def mosaic(scenes: Sequence[Scene], target: tuple[int, int], share: float, chance: np.random.Generator) -> Scene:
    """`scenes`: four, for the quarters from left to right and from top to bottom. `share` varies their sizes."""
    width, height = target
    x = round(width * chance.uniform(*_MEETING))
    y = round(height * chance.uniform(*_MEETING))
    quarters = [(0, 0, x, y), (x, 0, width, y), (0, y, x, height), (x, y, width, height)]
    pixels = np.full((height, width, 3), PAD, dtype=np.uint8)
    boxes: list[np.ndarray] = []
    classes: list[np.ndarray] = []
    for scene, (left, top, right, bottom) in zip(scenes, quarters, strict=True):
        scale = fit(scene.size, target, "letterbox").scale_x * random_factor(share, chance)
        part = _window(scene, (right - left, bottom - top), scale, chance)
        pixels[top:bottom, left:right] = part.pixels
        boxes.append(part.boxes + np.array([left, top, left, top], np.float32))
        classes.append(part.classes)
    return Scene(pixels, np.concatenate(boxes), np.concatenate(classes))


def _window(scene: Scene, size: tuple[int, int], scale: float, chance: np.random.Generator) -> Scene:
    """A part of the scene that contains a random one of its objects, `scale` times as large."""
    box = scene.boxes[chance.integers(len(scene.boxes))] if len(scene.boxes) else None
    if box is not None:
        extents = box[2:] - box[:2]
        scale = min(scale, *(_FILLED * side / max(1.0, extent) for side, extent in zip(size, extents, strict=True)))
    cut = [min(whole, max(1, round(side / scale))) for side, whole in zip(size, scene.size, strict=True)]
    at = [_start(scene.size[axis], cut[axis], box, axis, chance) for axis in (0, 1)]
    shown = [min(side, max(1, round(part * scale))) for side, part in zip(size, cut, strict=True)]
    inner = resize(contiguous(crop(scene, at[0], at[1], cut[0], cut[1])), shown[0], shown[1])
    left, top = (int(chance.integers(0, side - part + 1)) for side, part in zip(size, shown, strict=True))
    return pad(inner, size, left, top)


def _start(whole: int, part: int, box: np.ndarray | None, axis: int, chance: np.random.Generator) -> int:
    """Where a window of `part` pixels begins on an axis of `whole` pixels, with the box in it if there is one."""
    first, last = 0, whole - part
    if box is not None:
        first = min(max(first, int(np.ceil(box[axis + 2])) - part), last)
        last = max(first, min(last, int(box[axis])))
    return int(chance.integers(first, last + 1))
