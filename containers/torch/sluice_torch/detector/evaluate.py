"""Evaluates a detector on held-out items."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import torch

from ..training.runtime import Runtime
from ..training.task import Evaluation
from .loss import detector_losses
from .name import HEADS
from .network import Detector
from .precision import MeanPrecision, PrecisionCounts
from .read import Thresholds, read_detections
from .samples import Batch, targets_of

# Boxes below this confidence hardly change average precision.
THRESHOLDS = Thresholds(confidence=0.005, overlap=0.6, limit=300)


@torch.no_grad()
def evaluate_detector(
    detector: Detector,
    batches: Iterable[Batch],
    prepare: Callable[[torch.Tensor], torch.Tensor],
    classes: Sequence[str],
    runtime: Runtime,
) -> Evaluation:
    counts = PrecisionCounts(classes)
    head = HEADS[detector.family]
    losses: list[float] = []
    for batch in runtime.each(batches):
        with runtime.autocast():
            found = detector.predict(prepare(batch[0]))
        targets = targets_of(batch)
        losses.append(float(detector_losses(detector, found, targets).total))
        outputs = detector.serve(found).cpu().numpy()
        for at, output in enumerate(outputs):
            own = targets.images == at
            boxes, labels = targets.boxes[own].cpu().numpy(), targets.classes[own].cpu().numpy()
            counts.add(read_detections(output, head, THRESHOLDS), boxes, labels)
    found_precision = counts.finish()
    loss = sum(losses) / max(1, len(losses))
    metrics = {"loss": loss, "mAP50": found_precision.at50, "mAP50to95": found_precision.at50to95}
    rank = (found_precision.at50 + found_precision.at50to95, -loss)
    return Evaluation(metrics, found_precision.at50, rank, {"perClass": class_reports(found_precision)})


def class_reports(found: MeanPrecision) -> list[dict[str, Any]]:
    return [
        {"class": one.name, "at50": one.at50, "at50to95": one.at50to95, "support": one.boxes} for one in found.classes
    ]
