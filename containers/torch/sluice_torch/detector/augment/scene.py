"""An image with its boxes, and how it becomes the network's input."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ...data.decode import PAD, fit
from ..suppress import Floats, Integers

Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Scene:
    # [height, width, 3].
    pixels: Pixels
    # Corners in pixels, [boxes, 4].
    boxes: Floats
    classes: Integers

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.pixels.shape[1], self.pixels.shape[0]


def resize(scene: Scene, width: int, height: int) -> Scene:
    """Resize to exactly this size. Shrinking averages pixels, so that thin lines stay visible."""
    if scene.size == (width, height):
        return scene
    image = Image.fromarray(scene.pixels).resize((width, height), Image.Resampling.BILINEAR)
    factor = np.array([width / scene.size[0], height / scene.size[1]] * 2, dtype=np.float32)
    return Scene(np.asarray(image), scene.boxes * factor, scene.classes)


def letterbox(scene: Scene, target: tuple[int, int]) -> Scene:
    at = fit(scene.size, target, "letterbox")
    inner = resize(scene, at.width, at.height)
    return pad(inner, target, at.left, at.top)


def pad(scene: Scene, target: tuple[int, int], left: int, top: int) -> Scene:
    width, height = scene.size
    pixels = np.full((target[1], target[0], 3), PAD, dtype=np.uint8)
    pixels[top : top + height, left : left + width] = scene.pixels
    shift = np.array([left, top, left, top], dtype=np.float32)
    return Scene(pixels, scene.boxes + shift, scene.classes)


def crop(scene: Scene, left: int, top: int, width: int, height: int, least_visible: float = 0.3) -> Scene:
    """Cut out a rectangle inside the image. Boxes are clipped; those that are mostly outside are dropped."""
    pixels = scene.pixels[top : top + height, left : left + width]
    boxes = scene.boxes - np.array([left, top, left, top], dtype=np.float32)
    clipped = boxes.copy()
    clipped[:, 0::2] = boxes[:, 0::2].clip(0, width)
    clipped[:, 1::2] = boxes[:, 1::2].clip(0, height)
    before = boxes[:, 2:] - boxes[:, :2]
    after = clipped[:, 2:] - clipped[:, :2]
    share = after.prod(axis=1) / np.maximum(before.prod(axis=1), 1e-6)
    visible = (share >= least_visible) & (after >= 1).all(axis=1)
    return Scene(pixels, clipped[visible], scene.classes[visible])
