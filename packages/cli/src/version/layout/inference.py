"""Serves the package's model.onnx in SageMaker's stock PyTorch container, with the same JSON as containers/serve.

The container calls model_fn once and the other three for every request. It classifies images. A detector or a text
model needs containers/serve.
"""

import io
import json
import os
import time

import numpy as np
import onnxruntime
from PIL import Image, ImageOps

KERNELS = {
    "nearest": Image.Resampling.NEAREST,
    "linear": Image.Resampling.BILINEAR,
    "cubic": Image.Resampling.BICUBIC,
    "lanczos3": Image.Resampling.LANCZOS,
}


def model_fn(model_dir):
    with open(os.path.join(model_dir, "sluice.json"), encoding="utf-8") as file:
        manifest = json.load(file)
    if manifest["task"] != "image-classification":
        raise ValueError(f"This layout serves image-classification, not {manifest['task']}.")
    session = onnxruntime.InferenceSession(
        os.path.join(model_dir, "model.onnx"), providers=["CPUExecutionProvider"]
    )
    return manifest, session


def input_fn(body, content_type):
    if not (content_type.startswith("image/") or content_type == "application/octet-stream"):
        raise ValueError(f"Send an image, not {content_type}.")
    started = time.perf_counter()
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(body))).convert("RGB")
    return image, (time.perf_counter() - started) * 1000


def predict_fn(request, model):
    (image, decode_ms), (manifest, session) = request, model
    started = time.perf_counter()
    tensor = prepare(image, manifest["input"])
    prepared = time.perf_counter()
    wanted = manifest["output"].get("name") or session.get_outputs()[0].name
    (scores,) = session.run([wanted], {session.get_inputs()[0].name: tensor})
    answered = time.perf_counter()
    scores = scores.reshape(-1).astype(np.float64)
    if manifest["output"]["head"] == "logits":
        powers = np.exp(scores - scores.max())
        scores = powers / powers.sum()
    order = np.argsort(-scores, kind="stable")
    ended = time.perf_counter()
    return {
        "model": manifest["model"],
        "version": os.environ.get("SLUICE_VERSION") or manifest["version"],
        "task": manifest["task"],
        "predictions": [
            {"class": manifest["classes"][index], "probability": float(scores[index])} for index in order
        ],
        "image": {"width": image.width, "height": image.height},
        "timing": {
            "decodeMs": decode_ms,
            "preprocessMs": (prepared - started) * 1000,
            "inferenceMs": (answered - prepared) * 1000,
            "postprocessMs": (ended - answered) * 1000,
            "totalMs": decode_ms + (ended - started) * 1000,
        },
    }


def output_fn(answer, accept):
    return json.dumps(answer), "application/json"


def prepare(image, wanted):
    width, height = wanted["width"], wanted["height"]
    kernel = KERNELS[wanted.get("kernel", "linear")]
    resize = wanted.get("resize", "stretch")
    if resize == "stretch":
        fitted = image.resize((width, height), kernel)
    elif resize == "crop":
        fitted = ImageOps.fit(image, (width, height), kernel)
    else:
        grey = (wanted.get("pad", 114),) * 3
        fitted = ImageOps.pad(image, (width, height), kernel, color=grey)
    pixels = np.asarray(fitted, dtype=np.float32)
    if wanted.get("channels", "RGB") == "BGR":
        pixels = pixels[:, :, ::-1]
    normalise = wanted.get("normalise", {})
    scale = normalise.get("scale", 1 / 255)
    mean = np.asarray(normalise.get("mean", [0, 0, 0]), dtype=np.float32)
    std = np.asarray(normalise.get("std", [1, 1, 1]), dtype=np.float32)
    values = (pixels * np.float32(scale) - mean) / std
    if wanted.get("layout", "NCHW") == "NCHW":
        values = values.transpose(2, 0, 1)
    return np.ascontiguousarray(values[np.newaxis], dtype=np.float32)
