import contextlib
import io

import numpy as np
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from sluice_torch.detector.precision import MeanPrecision, PrecisionCounts
from sluice_torch.detector.suppress import Detections

NAMES = ["wall", "door", "absent", "never found"]
Image = tuple[Detections, np.ndarray, np.ndarray]


def random_image(chance: np.random.Generator) -> Image:
    """Whole pixels and scores with two digits: overlaps and scores are often equal."""
    count = int(chance.integers(0, 12))
    low = chance.integers(0, 80, (count, 2))
    truths = np.concatenate((low, low + chance.integers(4, 30, (count, 2))), axis=1).astype(np.float32)
    classes = chance.choice([0, 0, 1, 3], count)
    copies = np.repeat(np.arange(count), 3)
    found = np.round(truths[copies] + chance.normal(0, 2, (len(copies), 4)))
    found[:, 2:] = np.maximum(found[:, 2:], found[:, :2] + 1)
    labels = np.where(classes[copies] == 3, 0, classes[copies])
    scores = np.round(chance.uniform(0, 1, len(copies)), 2)
    return Detections(found.astype(np.float32), scores, labels), truths, classes


def evaluate(images: list[Image], limit: int = 100) -> MeanPrecision:
    counts = PrecisionCounts(NAMES, limit)
    for image in images:
        counts.add(*image)
    return counts.finish()


def evaluate_with_coco(images: list[Image]) -> tuple[np.ndarray, np.ndarray]:
    """Average precision of each class at an overlap of 0.5, and over all overlaps; -1 for an absent class."""
    annotations: list[dict[str, object]] = []
    results: list[dict[str, object]] = []
    for number, (found, truths, classes) in enumerate(images):
        for box, label in zip(truths, classes, strict=True):
            annotations.append({
                "id": len(annotations) + 1, "image_id": number, "category_id": int(label), "iscrowd": 0,
                "bbox": to_coco(box), "area": float((box[2] - box[0]) * (box[3] - box[1])),
            })  # fmt: skip
        for box, score, label in zip(found.boxes, found.scores, found.classes, strict=True):
            results.append({
                "image_id": number, "category_id": int(label), "bbox": to_coco(box), "score": float(score),
            })  # fmt: skip
    with contextlib.redirect_stdout(io.StringIO()):
        truth = COCO()
        truth.dataset = {
            "images": [{"id": number} for number in range(len(images))],
            "categories": [{"id": at, "name": name} for at, name in enumerate(NAMES)],
            "annotations": annotations,
        }
        truth.createIndex()
        run = COCOeval(truth, truth.loadRes(results), "bbox")
        run.evaluate()
        run.accumulate()
    # Overlaps, recalls, classes, areas (all), limits (100).
    precision = run.eval["precision"][:, :, :, 0, -1]
    return precision[0].mean(axis=0), precision.mean(axis=(0, 1))


def to_coco(box: np.ndarray) -> list[float]:
    return [float(box[0]), float(box[1]), float(box[2] - box[0]), float(box[3] - box[1])]


def test_average_precision_equals_pycocotools() -> None:
    for seed in range(5):
        chance = np.random.default_rng(seed)
        images = [random_image(chance) for _ in range(25)]
        at50, at50to95 = evaluate_with_coco(images)
        found = evaluate(images)
        for index, one in enumerate(found.classes):
            if one.boxes == 0:
                assert at50[index] == -1
                continue
            assert one.at50 is not None and abs(one.at50 - at50[index]) < 1e-4
            assert one.at50to95 is not None and abs(one.at50to95 - at50to95[index]) < 1e-4
        assert abs(found.at50 - at50[at50 >= 0].mean()) < 1e-4
        assert abs(found.at50to95 - at50to95[at50to95 >= 0].mean()) < 1e-4
        assert 0.05 < found.at50to95 < found.at50 < 0.95


def test_perfect_detections_have_a_precision_of_one() -> None:
    truths = np.array([[0, 0, 10, 10], [20, 20, 30, 40]], np.float32)
    classes = np.array([0, 1])
    found = evaluate([(Detections(truths, np.array([0.9, 0.8]), classes), truths, classes)])
    assert found.at50 == found.at50to95 == 1
    assert [one.at50 for one in found.classes] == [1, 1, None, None]


def test_no_truths_and_no_detections_are_zero() -> None:
    nothing = np.zeros((0, 4), np.float32)
    empty = Detections(nothing, np.zeros(0), np.zeros(0, np.int64))
    assert evaluate([(empty, nothing, np.zeros(0, np.int64))]).at50 == 0
    assert evaluate([(empty, np.array([[0, 0, 5, 5]], np.float32), np.array([0]))]).at50 == 0
