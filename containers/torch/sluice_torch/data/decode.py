"""Decodes images to RGB pixels of the model's size, like the engine that serves the model."""

import io
import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

Resize = Literal["stretch", "letterbox", "crop"]
MAX_PIXELS = 64_000_000
# The engine's grey around a letterboxed image.
PAD = 114
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "TIFF")

# The size is checked before pixels are decoded.
Image.MAX_IMAGE_PIXELS = None


class UnreadableImage(Exception):
    """The reason is one sentence."""


@dataclass(frozen=True)
class Fit:
    """Where the source image is in the model's input."""

    scale_x: float
    scale_y: float
    left: int
    top: int
    width: int
    height: int


def fit(source: tuple[int, int], target: tuple[int, int], resize: Resize) -> Fit:
    """Sizes are (width, height). The same arithmetic as the engine's `geometry.ts`."""
    width, height = target
    if resize == "stretch":
        return Fit(width / source[0], height / source[1], 0, 0, width, height)
    ratios = (width / source[0], height / source[1])
    scale = min(ratios) if resize == "letterbox" else max(ratios)
    wide, high = (max(1, math.floor(side * scale + 0.5)) for side in source)
    # A crop has negative offsets: the image extends beyond the input.
    left, top = ((width - wide) // 2, (height - high) // 2)
    if resize == "crop":
        left, top = -((wide - width) // 2), -((high - height) // 2)
    return Fit(wide / source[0], high / source[1], left, top, wide, high)


@dataclass(frozen=True)
class Decoded:
    # Height, width, channel.
    pixels: NDArray[np.uint8]
    # Width and height of the source image.
    source: tuple[int, int]


def decode(data: bytes, target: tuple[int, int], resize: Resize = "stretch") -> Decoded:
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                size = f"{opened.width} x {opened.height}"
                raise UnreadableImage(f"The image is {size}; the limit is {MAX_PIXELS} pixels.")
            # JPEG decodes at a smaller scale where that still has twice the pixels that are needed.
            side = 2 * max(target)
            source = oriented_size(opened)
            opened.draft("RGB", (side, side))
            image = to_rgb(ImageOps.exif_transpose(opened))
            place = fit(source, target, resize)
            resized = image.resize((place.width, place.height), Image.Resampling.BILINEAR)
    except UnreadableImage:
        raise
    except UnidentifiedImageError as error:
        raise UnreadableImage("The image cannot be read: it is no JPEG, PNG, WebP, GIF or TIFF.") from error
    # Damaged files raise errors of many kinds, from zlib to struct.
    except Exception as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise UnreadableImage(f"The image cannot be read: {reason}.") from error
    return Decoded(place_pixels(np.asarray(resized), place, target), source)


def oriented_size(image: Image.Image) -> tuple[int, int]:
    turned = image.getexif().get(0x0112, 1) in (5, 6, 7, 8)
    return (image.height, image.width) if turned else image.size


def to_rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I;16") or image.mode == "I":
        image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    if image.has_transparency_data:
        white = Image.new("RGBA", image.size, "white")
        white.alpha_composite(image.convert("RGBA"))
        image = white
    return image.convert("RGB")


def place_pixels(pixels: NDArray[np.uint8], place: Fit, target: tuple[int, int]) -> NDArray[np.uint8]:
    width, height = target
    if (place.width, place.height) == target:
        return np.ascontiguousarray(pixels)
    canvas = np.full((height, width, 3), PAD, np.uint8)
    cut_left, cut_top = max(0, -place.left), max(0, -place.top)
    shown = pixels[cut_top : cut_top + height, cut_left : cut_left + width]
    top, left = max(0, place.top), max(0, place.left)
    canvas[top : top + shown.shape[0], left : left + shown.shape[1]] = shown
    return canvas
