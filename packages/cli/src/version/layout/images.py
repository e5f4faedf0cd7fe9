"""Decodes and prepares images like the engine of containers/serve."""

import io
import math

import numpy as np
from PIL import Image, ImageOps

KERNELS = {
    "nearest": Image.Resampling.NEAREST,
    "linear": Image.Resampling.BILINEAR,
    "cubic": Image.Resampling.BICUBIC,
    "lanczos3": Image.Resampling.LANCZOS,
}


def decode(body):
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(body)))
    if image.has_transparency_data:
        white = Image.new("RGBA", image.size, "white")
        white.alpha_composite(image.convert("RGBA"))
        image = white
    return image.convert("RGB")


def fit(source, target, resize):
    """The size of the resized image, and its offset in the input; a crop has negative offsets."""
    if resize == "stretch":
        return target, (0, 0)
    ratios = [side / own for side, own in zip(target, source)]
    scale = min(ratios) if resize == "letterbox" else max(ratios)
    size = tuple(max(1, math.floor(side * scale + 0.5)) for side in source)
    if resize == "letterbox":
        return size, tuple((side - own) // 2 for side, own in zip(target, size))
    return size, tuple(-((own - side) // 2) for side, own in zip(target, size))


def prepare(image, wanted):
    """The tensor, and where the image is in it."""
    target = (wanted["width"], wanted["height"])
    size, offset = fit(image.size, target, wanted.get("resize", "stretch"))
    resized = image.resize(size, KERNELS[wanted.get("kernel", "linear")])
    canvas = Image.new("RGB", target, (wanted.get("pad", 114),) * 3)
    canvas.paste(resized, offset)
    pixels = np.asarray(canvas, dtype=np.float32)
    if wanted.get("channels", "RGB") == "BGR":
        pixels = pixels[:, :, ::-1]
    normalise = wanted.get("normalise", {})
    scale = normalise.get("scale", 1 / 255)
    mean = np.asarray(normalise.get("mean", [0, 0, 0]), dtype=np.float32)
    std = np.asarray(normalise.get("std", [1, 1, 1]), dtype=np.float32)
    values = (pixels * np.float32(scale) - mean) / std
    if wanted.get("layout", "NCHW") == "NCHW":
        values = values.transpose(2, 0, 1)
    return np.ascontiguousarray(values[np.newaxis], dtype=np.float32), (size, offset)


def classify(output, classes, head):
    """All classes, most probable first."""
    scores = output.reshape(-1).astype(np.float64)
    if head == "logits":
        powers = np.exp(scores - scores.max())
        scores = powers / powers.sum()
    order = np.argsort(-scores, kind="stable")
    return [{"class": classes[index], "probability": float(scores[index])} for index in order]
