"""Losses of both families."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from .anchor_match import assign_anchors
from .assign import Assignment, assign_cells
from .boxes import generalised_overlap, overlap
from .network import AnchorBased, Detector, Predictions
from .targets import Targets

# Background counts by its own score squared: cells that are right already no longer matter (varifocal loss).
_BACKGROUND_WEIGHT = 0.75
# A thin box overlaps little at first; with this least target its cells still learn its class.
_LEAST_QUALITY = 0.1


@dataclass(frozen=True)
class LossWeights:
    scores: float = 1.0
    overlap: float = 2.0
    edges: float = 1.0


WEIGHTS = LossWeights()


@dataclass(frozen=True)
class Losses:
    total: Tensor
    scores: Tensor
    overlap: Tensor
    edges: Tensor


def detector_losses(
    detector: Detector,
    predictions: Predictions,
    targets: Targets,
    class_weights: Tensor | None = None,
    weights: LossWeights = WEIGHTS,
) -> Losses:
    """`class_weights`: one factor for each class."""
    if isinstance(detector, AnchorBased):
        assignment = assign_anchors(predictions.grid, detector.anchors, targets)
    else:
        assignment = assign_cells(predictions, targets)
    boxes = predictions.boxes.reshape(-1, 4)[assignment.rows]
    truths = targets.boxes[assignment.targets]
    classes = targets.classes[assignment.targets]
    factors = torch.ones_like(boxes[:, 0]) if class_weights is None else class_weights[classes]
    quality = overlap(boxes.detach(), truths).clamp(min=_LEAST_QUALITY)
    scores = _score_loss(predictions, assignment, classes, quality, factors)
    count = factors.sum().clamp(min=1.0)
    overlaps = ((1 - generalised_overlap(boxes, truths)) * factors).sum() / count
    edges = (edge_loss(boxes, truths) * factors).sum() / count
    total = weights.scores * scores + weights.overlap * overlaps + weights.edges * edges
    return Losses(total, scores.detach(), overlaps.detach(), edges.detach())


def edge_loss(boxes: Tensor, truths: Tensor) -> Tensor:
    """The error of each edge as a share of the box's size in that direction, [boxes].

    One pixel is a fifth of a thin wall's thickness, and nothing of its length. The overlap alone hardly sees which.
    """
    size = (truths[:, 2:] - truths[:, :2]).clamp(min=1.0).repeat(1, 2)
    share = (boxes - truths) / size
    return (
        functional.smooth_l1_loss(share, torch.zeros_like(share), beta=0.1, reduction="none").clamp(max=2.0).mean(dim=1)
    )


def quality_loss(logits: Tensor, quality: Tensor) -> Tensor:
    """Varifocal loss: objects by their quality, background by its own score squared."""
    background = _BACKGROUND_WEIGHT * logits.detach().sigmoid().square()
    weight = torch.where(quality > 0, quality, background)
    return functional.binary_cross_entropy_with_logits(logits, quality, weight, reduction="none")


def _score_loss(
    predictions: Predictions, assignment: Assignment, classes: Tensor, quality: Tensor, factors: Tensor
) -> Tensor:
    logits = predictions.logits.reshape(-1, predictions.logits.shape[-1])
    count = (quality * factors).sum().clamp(min=1.0)
    if predictions.objectness is not None:
        objectness = predictions.objectness.reshape(-1)
        wanted = torch.zeros_like(objectness).index_put((assignment.rows,), quality)
        present = (quality_loss(objectness, wanted) * _spread(wanted, assignment.rows, factors)).sum() / count
        right = functional.one_hot(classes, logits.shape[-1]).to(logits.dtype)
        kind = functional.binary_cross_entropy_with_logits(logits[assignment.rows], right, reduction="none")
        return present + (kind.sum(dim=1) * factors).sum() / factors.sum().clamp(min=1.0)
    wanted = torch.zeros_like(logits).index_put((assignment.rows, classes), quality)
    losses = quality_loss(logits, wanted)
    scale = torch.ones_like(logits).index_put((assignment.rows, classes), factors)
    return (losses * scale).sum() / count


def _spread(like: Tensor, rows: Tensor, factors: Tensor) -> Tensor:
    return torch.ones_like(like).index_put((rows,), factors)
