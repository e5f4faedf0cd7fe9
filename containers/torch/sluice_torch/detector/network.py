"""The networks of both families."""

from dataclasses import dataclass
from typing import Self

import torch
from torch import Tensor, nn

from .backbone import Backbone
from .boxes import to_centred
from .coding import decode_anchors, decode_sides
from .grid import Grid, create_grid
from .head import Head, prior_bias
from .name import Family, Size
from .neck import Neck
from .spec import SPECS, STRIDES

# Boxes in a cell of an anchor-based detector.
ANCHORS = 3
# asinh(2): a first box is four cells wide and high.
_FIRST_SIDE = 1.44


@dataclass(frozen=True)
class Predictions:
    """One row for each cell, or for each anchor of a cell. All numbers are float32."""

    grid: Grid
    # Corners in input pixels, [batch, rows, 4].
    boxes: Tensor
    # [batch, rows, classes].
    logits: Tensor
    # [batch, rows]; None for an anchor-free detector.
    objectness: Tensor | None = None


class Detector(nn.Module):
    """`forward` returns what the serving engine reads."""

    family: Family

    def __init__(self, size: Size, classes: int) -> None:
        super().__init__()
        self.size: Size = size
        self.spec = SPECS[size]
        self.frozen = False
        self.backbone = Backbone(self.spec)
        self.neck = Neck(self.spec)

    def predict(self, images: Tensor) -> Predictions:
        """`images`: [batch, 3, height, width] from 0 to 1; sides are multiples of 32."""
        raise NotImplementedError

    def serve(self, found: Predictions) -> Tensor:
        raise NotImplementedError

    def forward(self, images: Tensor) -> Tensor:
        return self.serve(self.predict(images))

    def freeze_backbone(self) -> None:
        self.backbone.requires_grad_(False)
        self.frozen = True

    def train(self, mode: bool = True) -> Self:
        super().train(mode)
        if self.frozen:
            # Its normalisations keep their means too.
            self.backbone.eval()
        return self

    def features(self, images: Tensor) -> tuple[list[Tensor], Grid]:
        levels = self.neck(self.backbone(images))
        sizes = [(level.shape[2], level.shape[3]) for level in levels]
        return levels, create_grid(sizes, images.device)


class AnchorFree(Detector):
    family = "anchor-free"

    def __init__(self, size: Size, classes: int) -> None:
        super().__init__(size, classes)
        self.head = Head(self.spec, 1, 4, classes)
        self.head.initialise([_FIRST_SIDE], prior_bias())

    def predict(self, images: Tensor) -> Predictions:
        levels, grid = self.features(images)
        sides, logits = self.head(levels)
        return Predictions(grid, decode_sides(sides, grid.points, grid.strides), logits)

    def serve(self, found: Predictions) -> Tensor:
        """[batch, 4 + classes, rows]: centre, size and class scores."""
        return torch.cat((to_centred(found.boxes), found.logits.sigmoid()), dim=-1).transpose(1, 2)


class AnchorBased(Detector):
    family = "anchor-based"
    anchors: Tensor

    def __init__(self, size: Size, classes: int, anchors: Tensor) -> None:
        """`anchors`: widths and heights in input pixels, [levels, ANCHORS, 2]."""
        super().__init__(size, classes)
        self.register_buffer("anchors", anchors.reshape(len(STRIDES), ANCHORS, 2).float())
        self.head = Head(self.spec, ANCHORS, 5, classes)
        self.head.initialise([0.0, 0.0, 0.0, 0.0, prior_bias()], prior_bias(1 / max(2, classes)))

    def predict(self, images: Tensor) -> Predictions:
        levels, grid = self.features(images)
        fields, logits = self.head(levels)
        points = grid.points.repeat_interleave(ANCHORS, dim=0)
        strides = grid.strides.repeat_interleave(ANCHORS, dim=0)
        boxes = decode_anchors(fields[..., :4], points, strides, self._anchor_rows(grid))
        return Predictions(grid, boxes, logits, fields[..., 4])

    def _anchor_rows(self, grid: Grid) -> Tensor:
        rows = [self.anchors[at].repeat(one.height * one.width, 1) for at, one in enumerate(grid.levels)]
        return torch.cat(rows)

    def serve(self, found: Predictions) -> Tensor:
        """[batch, rows, 5 + classes]: centre, size, objectness and class scores."""
        assert found.objectness is not None
        objectness = found.objectness.sigmoid()[..., None]
        return torch.cat((to_centred(found.boxes), objectness, found.logits.sigmoid()), dim=-1)


def create_detector(family: Family, size: Size, classes: int, anchors: Tensor | None = None) -> Detector:
    if family == "anchor-free":
        return AnchorFree(size, classes)
    assert anchors is not None, "an anchor-based detector needs anchors"
    return AnchorBased(size, classes, anchors)
