"""Flips, quarter turns and zoom."""

import math

import numpy as np

from ...data.decode import fit
from .scene import Scene, crop, pad, resize


def flip_horizontal(scene: Scene) -> Scene:
    width = scene.size[0]
    boxes = scene.boxes[:, [2, 1, 0, 3]] * np.array([-1, 1, -1, 1], np.float32)
    boxes = boxes + np.array([width, 0, width, 0], np.float32)
    return Scene(scene.pixels[:, ::-1], boxes, scene.classes)


def flip_vertical(scene: Scene) -> Scene:
    height = scene.size[1]
    boxes = scene.boxes[:, [0, 3, 2, 1]] * np.array([1, -1, 1, -1], np.float32)
    boxes = boxes + np.array([0, height, 0, height], np.float32)
    return Scene(scene.pixels[::-1], boxes, scene.classes)


def transpose(scene: Scene) -> Scene:
    """Exchange x and y. With flips, this makes all quarter turns."""
    return Scene(scene.pixels.transpose(1, 0, 2), scene.boxes[:, [1, 0, 3, 2]], scene.classes)


def zoom(scene: Scene, target: tuple[int, int], factor: float, chance: np.random.Generator) -> Scene:
    """Letterbox with the scene `factor` times as large, at a random place: cropped or padded where it does not fit."""
    base = fit(scene.size, target, "letterbox")
    width, height = max(1, round(base.width * factor)), max(1, round(base.height * factor))
    inner = resize(contiguous(scene), width, height)
    visible = (min(width, target[0]), min(height, target[1]))
    if visible != (width, height):
        left = int(chance.integers(0, width - visible[0] + 1))
        top = int(chance.integers(0, height - visible[1] + 1))
        inner = crop(inner, left, top, *visible)
    left = int(chance.integers(0, target[0] - visible[0] + 1))
    top = int(chance.integers(0, target[1] - visible[1] + 1))
    return pad(inner, target, left, top)


def random_factor(share: float, chance: np.random.Generator) -> float:
    """Between 1 - share and 1 + share, as likely smaller as larger."""
    return math.exp(chance.uniform(math.log(1 - share), math.log(1 + share)))


def contiguous(scene: Scene) -> Scene:
    return Scene(np.ascontiguousarray(scene.pixels), scene.boxes, scene.classes)
