"""Predicts boxes and classes for each cell of each map."""

import math

import torch
from torch import Tensor, nn

from .layers import ConvUnit, flatten_levels
from .spec import STRIDES, Spec

# The score of each cell before training: nearly all cells are background.
_PRIOR = 0.01


class Head(nn.Module):
    """`box_fields` and `classes` are for each of `anchors` boxes in a cell."""

    def __init__(self, spec: Spec, anchors: int, box_fields: int, classes: int) -> None:
        super().__init__()
        self.box_fields, self.classes = box_fields, classes
        self.box_towers = nn.ModuleList(_tower(spec) for _ in STRIDES)
        self.class_towers = nn.ModuleList(_tower(spec) for _ in STRIDES)
        self.boxes = nn.ModuleList(nn.Conv2d(spec.neck, anchors * box_fields, 1) for _ in STRIDES)
        self.scores = nn.ModuleList(nn.Conv2d(spec.neck, anchors * classes, 1) for _ in STRIDES)

    def forward(self, levels: list[Tensor]) -> tuple[Tensor, Tensor]:
        """Return [batch, rows, box_fields] and the logits [batch, rows, classes]."""
        boxes: list[Tensor] = []
        scores: list[Tensor] = []
        for at, level in enumerate(levels):
            boxes.append(self.boxes[at](self.box_towers[at](level)))
            scores.append(self.scores[at](self.class_towers[at](level)))
        return flatten_levels(boxes, self.box_fields).float(), flatten_levels(scores, self.classes).float()

    @torch.no_grad()
    def initialise(self, box_bias: list[float], class_bias: float) -> None:
        for layer in self.boxes:
            _set_bias(layer, box_bias)
        for layer in self.scores:
            _set_bias(layer, [class_bias])


def prior_bias(probability: float = _PRIOR) -> float:
    return -math.log((1 - probability) / probability)


def _set_bias(layer: nn.Module, values: list[float]) -> None:
    assert isinstance(layer, nn.Conv2d) and layer.bias is not None
    nn.init.normal_(layer.weight, std=0.01)
    layer.bias.copy_(torch.tensor(values).repeat(len(layer.bias) // len(values)))


def _tower(spec: Spec) -> nn.Sequential:
    return nn.Sequential(*(ConvUnit(spec.neck, spec.neck) for _ in range(spec.tower)))
