"""Random brightness, contrast, saturation and tint."""

import numpy as np

from .scene import Pixels, Scene

# Shares at strength 1.
_BRIGHTNESS = 0.5
_CONTRAST = 0.5
_SATURATION = 0.8
_TINT = 0.2


def vary_colour(scene: Scene, strength: float, chance: np.random.Generator) -> Scene:
    """One table for each channel changes brightness, contrast and tint; saturation mixes with grey."""
    brightness = 1 + strength * _BRIGHTNESS * chance.uniform(-1, 1)
    contrast = 1 + strength * _CONTRAST * chance.uniform(-1, 1)
    saturation = 1 + strength * _SATURATION * chance.uniform(-1, 1)
    tint = 1 + strength * _TINT * chance.uniform(-1, 1, size=3)
    levels = np.arange(256, dtype=np.float32)[:, None]
    table = ((levels * brightness * tint - 128) * contrast + 128).clip(0, 255).astype(np.uint8)
    pixels = table[scene.pixels, np.arange(3)]
    return Scene(_saturate(pixels, saturation), scene.boxes, scene.classes)


def _saturate(pixels: Pixels, factor: float) -> Pixels:
    # Fixed-point arithmetic: floats would need four times the memory and time.
    wide = pixels.astype(np.int32)
    grey = (wide[..., :1] * 77 + wide[..., 1:2] * 150 + wide[..., 2:] * 29) >> 8
    mixed = (grey * 256 + (wide - grey) * round(factor * 256)) >> 8
    return np.asarray(mixed.clip(0, 255), dtype=np.uint8)
