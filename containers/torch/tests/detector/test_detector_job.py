"""Object detection as a whole job, on small scenes."""

import json
import re
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from engine import needs_engine, predict
from job import Ending, Job
from PIL import Image

from sluice_torch.detector.augment.scene import Scene
from sluice_torch.detector.name import FAMILIES, Family

from .scenes import random_scene

NAMES = ("wall", "green", "blue")
SIDE = 64
QUICK: dict[str, object] = {
    "classes": json.dumps(NAMES),
    "imageSize": SIDE,
    "batchSize": 4,
    "workers": 0,
    "epochs": 3,
    "zoom": 0.1,
    "colour": 0.1,
    "keepWeights": "true",
}


def write_scenes(job: Job, part: str, count: int, first: int = 0, width: int = SIDE, height: int = SIDE) -> list[Path]:
    """A channel in the layout of YOLO trainers."""
    folder = job.channel(part)
    for name in ("images", "labels"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "data.yaml").write_text("names: [wall, green, blue]\n")
    files = []
    for index in range(first, first + count):
        scene = random_scene(np.random.default_rng([7, index]), width, height)
        file = folder / f"images/{index:03}.png"
        Image.fromarray(scene.pixels).save(file)
        (folder / f"labels/{index:03}.txt").write_text(yolo_labels(scene))
        files.append(file)
    return files


def yolo_labels(scene: Scene) -> str:
    width, height = scene.size
    lines = []
    for (left, top, right, bottom), label in zip(scene.boxes, scene.classes, strict=True):
        centre = ((left + right) / 2 / width, (top + bottom) / 2 / height)
        lines.append(f"{label} {centre[0]} {centre[1]} {(right - left) / width} {(bottom - top) / height}")
    return "\n".join(lines)


@dataclass(frozen=True)
class Trained:
    family: Family
    job: Job
    ended: Ending


@pytest.fixture(scope="module", params=FAMILIES)
def trained(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """One training of each family for all tests that only read its package."""
    job = Job(tmp_path_factory.mktemp(request.param))
    write_scenes(job, "train", 24)
    write_scenes(job, "validation", 8, 100)
    (job.channel("train") / "images/broken.png").write_bytes(b"not a picture")
    more = {"epochs": 30, "learningRate": 0.004, "detector": request.param, "classWeights": "balanced"}
    ended = job.run(**{**QUICK, **more})
    assert ended.code == 0, ended.log
    return Trained(request.param, job, ended)


def test_a_job_writes_a_package_with_the_head_of_its_family(trained: Trained) -> None:
    job, log = trained.job, trained.ended.log
    assert f"profile=cpu; detector={trained.family}; size=n; input={SIDE}x{SIDE}; epochs=30; batchSize=4;" in log
    assert re.search(r"epoch=1; train:loss=\d.*validation:loss=\d.*validation:mAP50=\d", log)
    assert "skipped images/broken.png: The image cannot be read" in log
    assert "export: equal to PyTorch on 8 held-out items" in log
    manifest = job.read("model/sluice.json")
    assert manifest["task"] == "object-detection"
    assert manifest["output"] == {"head": {"anchor-free": "yolov8", "anchor-based": "yolov5"}[trained.family]}
    assert manifest["input"] == {"kind": "image", "width": SIDE, "height": SIDE, "resize": "letterbox"}
    metrics = job.read("output/data/metrics.json")
    assert [one["class"] for one in metrics["perClass"]] == list(NAMES)
    assert sum(one["support"] for one in metrics["perClass"]) == 16


@needs_engine
def test_a_trained_detector_finds_unseen_boxes_in_the_serving_engine(trained: Trained, tmp_path: Path) -> None:
    job = trained.job
    # At the input's size no resampling differs.
    files = write_scenes(job, "unseen", 12, 200)
    expected = [read_with_pytorch(job, file) for file in files]
    answers = predict(job.root / "model", files, tmp_path)
    for answer, boxes in zip(answers, expected, strict=True):
        assert len(boxes) == len(answer["detections"])
        # Boxes of nearly equal confidence may have another order.
        left = list(boxes)
        for detection in answer["detections"]:
            left.pop(next(at for at, box in enumerate(left) if equal(detection, box)))
    assert job.read("output/data/metrics.json")["mAP50"] > 0.6
    assert sum(map(len, expected)) >= 12


def equal(detection: dict[str, Any], expected: tuple[str, float, list[float]]) -> bool:
    label, score, corners = expected
    box = detection["box"]
    found = [box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]]
    return (
        detection["class"] == label
        and abs(detection["confidence"] - score) <= 0.01
        and bool(np.allclose(found, np.clip(corners, 0, SIDE), atol=1))
    )


def read_with_pytorch(job: Job, file: Path) -> list[tuple[str, float, list[float]]]:
    import torch

    from sluice_torch.detector.choice import rebuild
    from sluice_torch.detector.name import HEADS
    from sluice_torch.detector.read import Thresholds, read_detections
    from sluice_torch.detector.task import feed
    from sluice_torch.training.weights import read_weights

    weights = read_weights(job.root / "model/weights.safetensors", "object-detection")
    detector = rebuild(weights, len(NAMES)).eval()
    thresholds = job.read("model/sluice.json")["thresholds"]
    with torch.no_grad():
        output = detector(torch.from_numpy(feed(np.asarray(Image.open(file))))).numpy()[0]
    limits = Thresholds(thresholds["confidence"], thresholds["iou"], thresholds["maxDetections"])
    found = read_detections(output, HEADS[detector.family], limits)
    return [
        (NAMES[label], float(score), box.tolist())
        for box, score, label in zip(found.boxes, found.scores, found.classes, strict=True)
    ]


def test_wide_images_get_a_wide_input_and_names_of_other_programs_select_family_and_size(job: Job) -> None:
    write_scenes(job, "train", 6, width=160, height=90)
    write_scenes(job, "validation", 2, 100, width=160, height=90)
    ended = job.run(**{**QUICK, "epochs": 1, "imageSize": 128}, weights="yolov5n", multiScale="true", mosaic=1)
    assert ended.code == 0, ended.log
    assert "weights=yolov5n selects this project's own detector anchor-based, size n" in ended.log
    assert "detector=anchor-based; size=n; input=128x64;" in ended.log
    assert job.read("model/sluice.json")["input"]["height"] == 64


def test_an_earlier_version_is_fine_tuned_with_another_class(trained: Trained, job: Job) -> None:
    write_scenes(job, "train", 8)
    write_scenes(job, "validation", 4, 100)
    job.channel("weights").mkdir()
    with tarfile.open(job.channel("weights") / "model.tar.gz", "w:gz") as archive:
        archive.add(trained.job.root / "model", ".")
    more = {"classes": json.dumps([*NAMES, "red"]), "trainOnlyTopLayer": "true", "epochs": 1}
    ended = job.run(**{**QUICK, **more})
    assert ended.code == 0, ended.log
    assert f"detector={trained.family};" in ended.log
    # Weights and biases of the class scores at three strides.
    assert "6 of the head start new" in ended.log
    assert "warning: the class 'red' has no training boxes." in ended.log


@pytest.mark.parametrize(
    ("hyperparameters", "reason"),
    [
        ({"detector": "other"}, "OPTION_INVALID: The hyperparameter 'detector' is 'other'"),
        ({"weights": "yolo11x"}, "OPTION_INVALID: The hyperparameter 'weights' is 'yolo11x': the sizes are n, s and m"),
        ({"trainOnlyTopLayer": "true"}, "OPTION_INVALID: trainOnlyTopLayer=true needs weights"),
        ({"classes": "wall,green"}, "LABEL_UNKNOWN: The label 'blue' is not one of"),
    ],
)
def test_a_wrong_option_fails_with_its_reason(job: Job, hyperparameters: dict[str, object], reason: str) -> None:
    write_scenes(job, "train", 4)
    write_scenes(job, "validation", 2, 100)
    ended = job.run(**{**QUICK, **hyperparameters})
    assert ended.code == 1
    assert ended.failure
    assert ended.failure.startswith(reason), ended.failure


def test_images_without_boxes_are_an_error(job: Job) -> None:
    for part in ("train", "validation"):
        for file in write_scenes(job, part, 2):
            (file.parent.parent / f"labels/{file.stem}.txt").write_text("")
    ended = job.run(**QUICK)
    assert ended.failure
    assert ended.failure.startswith("DATA_MISSING: The training items have no boxes.")


def test_equal_seeds_result_in_equal_packages(job: Job) -> None:
    write_scenes(job, "train", 8)
    write_scenes(job, "validation", 4, 100)
    versions = []
    for seed in (5, 5, 6):
        assert job.run(**{**QUICK, "epochs": 1, "mosaic": 0.5}, seed=seed).code == 0
        versions.append(job.read("model/sluice.json")["version"])
        (job.root / "checkpoints/torch.safetensors").unlink()
    assert versions[0] == versions[1] != versions[2]
