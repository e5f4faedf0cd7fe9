"""Serves the package's model.onnx in SageMaker's stock PyTorch container, with the same JSON as containers/serve.

The container calls model_fn once and the other three functions for every request.
"""

import json
import os
import time

import boxes
import images
import onnxruntime
import texts


class Model:
    def __init__(self, folder):
        with open(os.path.join(folder, "sluice.json"), encoding="utf-8") as file:
            self.manifest = json.load(file)
        self.session = onnxruntime.InferenceSession(
            os.path.join(folder, "model.onnx"), providers=["CPUExecutionProvider"]
        )
        self.output = self.manifest["output"].get("name") or self.session.get_outputs()[0].name
        text = self.manifest["input"]["kind"] == "text"
        inputs = self.session.get_inputs()
        self.read_text = texts.create_reader(folder, self.manifest["input"], inputs) if text else None

    def run(self, feeds):
        return self.session.run([self.output], feeds)[0]


def model_fn(model_dir):
    return Model(model_dir)


def input_fn(body, content_type):
    """The bytes and their type: which of them the model accepts is known only in predict_fn."""
    return body.encode() if isinstance(body, str) else bytes(body), content_type


def predict_fn(request, model):
    body, content_type = request
    started = time.perf_counter()
    expected = ("text/", "application/octet-stream") if model.read_text else ("image/", "application/octet-stream")
    if not content_type.startswith(expected):
        kind = "a text" if model.read_text else "an image"
        raise ValueError(f"This model reads {kind}, not {content_type}. Send one of: {', '.join(expected)}.")
    image = None if model.read_text else images.decode(body)
    text = texts.decode(body) if model.read_text else None
    decoded = time.perf_counter()
    feeds, place = prepare(model, image, text)
    prepared = time.perf_counter()
    output = model.run(feeds)
    answered = time.perf_counter()
    result = postprocess(model, output, image, place)
    ended = time.perf_counter()
    manifest = model.manifest
    return {
        "model": manifest["model"],
        "version": os.environ.get("SLUICE_VERSION") or manifest["version"],
        "task": manifest["task"],
        **result,
        **({"image": {"width": image.width, "height": image.height}} if image else {}),
        "timing": {
            "decodeMs": (decoded - started) * 1000,
            "preprocessMs": (prepared - decoded) * 1000,
            "inferenceMs": (answered - prepared) * 1000,
            "postprocessMs": (ended - answered) * 1000,
            "totalMs": (ended - started) * 1000,
        },
    }


def output_fn(answer, accept):
    return json.dumps(answer), "application/json"


def prepare(model, image, text):
    """The inputs of the model, and where the image is in them."""
    if text is not None:
        return model.read_text(text), None
    tensor, place = images.prepare(image, model.manifest["input"])
    return {model.session.get_inputs()[0].name: tensor}, place


def postprocess(model, output, image, place):
    manifest = model.manifest
    classes = manifest["classes"]
    head = manifest["output"]["head"]
    if head in ("softmax", "logits"):
        return {"predictions": images.classify(output, classes, head)}
    return {"detections": boxes.detect(output, manifest, place, (image.width, image.height))}
