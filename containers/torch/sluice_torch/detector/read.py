"""Reads detections from predictions, as the serving engine does."""

import torch

from .network import Predictions
from .suppress import Detections, suppress


@torch.no_grad()
def read_detections(
    predictions: Predictions, image: int, confidence: float, overlap: float, limit: int
) -> Detections:
    """Detections of one image of the batch: the best class of each row above `confidence`, then suppression by class."""
    scores, classes = predictions.logits[image].sigmoid().max(dim=-1)
    if predictions.objectness is not None:
        scores = scores * predictions.objectness[image].sigmoid()
    rows = scores > confidence
    candidates = Detections(
        predictions.boxes[image][rows].cpu().numpy(), scores[rows].cpu().numpy(), classes[rows].cpu().numpy()
    )
    return suppress(candidates, overlap, limit)
