"""The code of SageMaker's PyTorch layout answers like the engine."""

import importlib
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import onnx
import pytest
from engine import REPOSITORY, needs_engine, predict, predict_each
from job import Job, draw
from onnx import TensorProto, helper, numpy_helper
from scripts import texts

pytestmark = needs_engine
LAYOUT = REPOSITORY / "packages/cli/src/version/layout"
MODULES = ["inference", "images", "texts", "boxes"]


@pytest.fixture
def layout(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """As in the container, the modules of the folder are importable by their bare names."""
    monkeypatch.syspath_prepend(LAYOUT)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    yield importlib.import_module("inference")
    for name in MODULES:
        del sys.modules[name]


def ask(layout: ModuleType, package: Path, body: bytes, content_type: str) -> dict[str, Any]:
    model = layout.model_fn(str(package))
    text, accepted = layout.output_fn(layout.predict_fn(layout.input_fn(body, content_type), model), "*/*")
    assert accepted == "application/json"
    return json.loads(text)


def write_model(
    folder: Path, node: list[Any], weights: dict[str, np.ndarray], shape: list[Any], **manifest: Any
) -> Path:
    """A package of a few ONNX nodes."""
    graph = helper.make_graph(
        node,
        "model",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(value, name) for name, value in weights.items()],
    )
    folder.mkdir(exist_ok=True)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    onnx.save(model, folder / "model.onnx")
    (folder / "sluice.json").write_text(json.dumps({"format": 1, "model": "m", "version": "v", **manifest}))
    return folder


def assert_equal(answer: dict[str, Any], expected: dict[str, Any], tolerance: float) -> None:
    # Only the engine measures its inputs for monitoring.
    assert set(answer) == set(expected) - {"descriptors"}
    assert [each["class"] for each in answer.get("predictions", [])] == [
        each["class"] for each in expected.get("predictions", [])
    ]
    for kind, value in (("predictions", "probability"), ("detections", "confidence")):
        for one, other in zip(answer.get(kind, []), expected.get(kind, []), strict=True):
            assert one["class"] == other["class"]
            assert one[value] == pytest.approx(other[value], abs=1e-4)
            if "box" in one:
                assert one["box"] == pytest.approx(other["box"], abs=tolerance)


HEADS = ["yolov5", "yolov8", "nms"]
RESIZES = ["stretch", "letterbox", "crop"]


def write_detector(folder: Path, head: str, resize: str) -> Path:
    chance = np.random.default_rng(3)
    count, classes = 60, ["wall", "door"]
    centre, size = chance.uniform(0, 64, (count, 2)), chance.uniform(2, 30, (count, 2))
    scores = chance.uniform(0, 1, (count, 3))
    rows = {
        "yolov5": np.concatenate([centre, size, scores], 1),
        "yolov8": np.concatenate([centre, size, scores[:, 1:]], 1).T,
        "nms": np.concatenate([centre, centre + size, scores[:, :1], chance.integers(0, 3, (count, 1))], 1),
    }[head]
    # The boxes do not depend on the image, but ONNX Runtime must not drop the input.
    nodes = [
        helper.make_node("ReduceMean", ["input"], ["mean"], keepdims=0),
        helper.make_node("Mul", ["mean", "zero"], ["nothing"]),
        helper.make_node("Add", ["rows", "nothing"], ["output"]),
    ]
    return write_model(
        folder,
        nodes,
        {"rows": rows[None].astype(np.float32), "zero": np.float32(0)},
        [1, 3, 64, 64],
        task="object-detection",
        classes=classes,
        input={"kind": "image", "width": 64, "height": 64, "resize": resize},
        output={"head": head},
        thresholds={"confidence": 0.3, "iou": 0.4, "maxDetections": 12},
    )


@dataclass(frozen=True)
class Detectors:
    file: Path
    packages: dict[tuple[str, str], Path]
    # The engine's, by head and resize.
    answers: dict[tuple[str, str], dict[str, Any]]


@pytest.fixture(scope="module")
def detectors(tmp_path_factory: pytest.TempPathFactory) -> Detectors:
    folder = tmp_path_factory.mktemp("detectors")
    file = folder / "image.png"
    draw("red", 1, 90).crop((0, 0, 90, 50)).save(file)
    kinds = [(head, resize) for head in HEADS for resize in RESIZES]
    packages = {kind: write_detector(folder / "-".join(kind), *kind) for kind in kinds}
    answers = predict_each([(package, file) for package in packages.values()], folder)
    return Detectors(file, packages, dict(zip(kinds, answers, strict=True)))


@pytest.mark.parametrize("resize", RESIZES)
@pytest.mark.parametrize("head", HEADS)
def test_a_detector_returns_the_boxes_of_the_engine(
    layout: ModuleType, detectors: Detectors, head: str, resize: str
) -> None:
    answer = ask(layout, detectors.packages[head, resize], detectors.file.read_bytes(), "image/png")
    assert answer["detections"]
    assert_equal(answer, detectors.answers[head, resize], 1e-3)


def test_a_classifier_returns_the_probabilities_of_the_engine(layout: ModuleType, tmp_path: Path) -> None:
    chance = np.random.default_rng(4)
    nodes = [
        helper.make_node("GlobalAveragePool", ["input"], ["pooled"]),
        helper.make_node("Flatten", ["pooled"], ["flat"]),
        helper.make_node("MatMul", ["flat", "weights"], ["output"]),
    ]
    package = write_model(
        tmp_path / "package",
        nodes,
        {"weights": chance.normal(0, 3, (3, 4)).astype(np.float32)},
        ["batch", 3, 32, 32],
        task="image-classification",
        classes=["a", "b", "c", "d"],
        input={
            "kind": "image",
            "width": 32,
            "height": 32,
            "channels": "BGR",
            "normalise": {"mean": [0.1, 0.2, 0.3], "std": [0.5, 0.6, 0.7]},
        },
        output={"head": "logits"},
    )
    file = tmp_path / "image.png"
    draw("green", 1, 32).save(file)
    (expected,) = predict(package, [file], tmp_path)
    assert_equal(ask(layout, package, file.read_bytes(), "image/png"), expected, 0)
    with pytest.raises(ValueError, match="This model reads an image, not text/plain"):
        ask(layout, package, b"words", "text/plain")


def test_hashed_texts_return_the_probabilities_of_the_engine(layout: ModuleType, tmp_path: Path) -> None:
    chance = np.random.default_rng(5)
    package = write_model(
        tmp_path / "package",
        [helper.make_node("MatMul", ["input", "weights"], ["output"])],
        {"weights": chance.normal(0, 3, (512, 3)).astype(np.float32)},
        ["batch", 512],
        task="text-classification",
        classes=["a", "b", "c"],
        input={"kind": "text", "tokenizer": {"kind": "hash", "buckets": 512, "words": [1, 2], "characters": [4]}},
        output={"head": "logits"},
    )
    check_texts(layout, package, tmp_path)


def test_tokenized_texts_return_the_probabilities_of_the_engine(layout: ModuleType, job: Job, tmp_path: Path) -> None:
    job.write_texts("train", 0, 16)
    job.write_texts("validation", 16, 8)
    assert job.run(epochs=1, maxLength=16, workers=0).code == 0
    check_texts(layout, job.root / "model", tmp_path)
    with pytest.raises(ValueError, match="The text is empty"):
        ask(layout, job.root / "model", b"  ", "text/plain")


def check_texts(layout: ModuleType, package: Path, folder: Path) -> None:
    files = []
    for index, text in enumerate([*texts(40, 3), "Fire in the hall, all is well!"]):
        files.append(folder / f"{index}.txt")
        files[-1].write_bytes(text.encode())
    for file, expected in zip(files, predict(package, files, folder), strict=True):
        assert_equal(ask(layout, package, file.read_bytes(), "text/plain; charset=utf-8"), expected, 0)
