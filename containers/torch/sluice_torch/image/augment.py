"""Rotates, zooms, flips and colours an image; the result has the same size."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image


@dataclass(frozen=True)
class Augmentation:
    flip_horizontal: bool
    flip_vertical: bool
    # A share of a full turn, to either side: 0.1 is 36 degrees.
    rotation: float
    # A share of the size, to either side.
    zoom: float
    # The strength of changes of brightness, contrast and colour.
    colour: float


def augment(pixels: NDArray[np.uint8], how: Augmentation, chance: np.random.Generator) -> NDArray[np.uint8]:
    turned = warp(pixels, how, chance) if how.rotation or how.zoom else pixels
    if how.flip_horizontal and chance.random() < 0.5:
        turned = turned[:, ::-1]
    if how.flip_vertical and chance.random() < 0.5:
        turned = turned[::-1]
    if how.colour:
        turned = change_colour(turned, how.colour, chance)
    return np.ascontiguousarray(turned)


def warp(pixels: NDArray[np.uint8], how: Augmentation, chance: np.random.Generator) -> NDArray[np.uint8]:
    height, width = pixels.shape[:2]
    angle = chance.uniform(-how.rotation, how.rotation) * 2 * math.pi
    zoom = 1 + chance.uniform(-how.zoom, how.zoom)
    cos, sin = math.cos(angle) / zoom, math.sin(angle) / zoom
    # The furthest source pixel that a corner of the result needs, beyond the image.
    reach = (abs(cos) + abs(sin)) / 2
    pad = min(max(2, math.ceil(max(height, width) * (reach - 0.5)) + 2), height - 1, width - 1)
    # Mirrored, because the model must not learn black corners.
    padded = np.pad(pixels, ((pad, pad), (pad, pad), (0, 0)), "reflect")
    # Pillow counts from the corner of the first pixel, not from its middle.
    x, y = width / 2, height / 2
    matrix = (cos, -sin, x - cos * x + sin * y + pad, sin, cos, y - sin * x - cos * y + pad)
    image = Image.fromarray(padded).transform(
        (width, height), Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR
    )
    return np.asarray(image)


def change_colour(pixels: NDArray[np.uint8], strength: float, chance: np.random.Generator) -> NDArray[np.uint8]:
    """Brightness and contrast of the image, and the share of each colour."""
    gain = chance.uniform(1 - strength, 1 + strength) * chance.uniform(1 - strength / 2, 1 + strength / 2, 3)
    offset = chance.uniform(-strength, strength) * 64
    steps = np.arange(256, dtype=np.float32)[:, None]
    table = np.clip((steps - 128) * gain.astype(np.float32) + 128 + offset, 0, 255).astype(np.uint8)
    return np.stack([table[:, channel][pixels[:, :, channel]] for channel in range(3)], axis=2)
