"""Decides which anchors of an anchor-based detector learn which true box: those of its shape around its centre."""

import math

import torch
from torch import Tensor

from .assign import Assignment, keep_cheapest
from .grid import Grid
from .network import ANCHORS
from .targets import Targets

# An anchor fits a box up to this ratio of their widths and of their heights. The most similar anchor always fits.
_RATIO = math.log(3.0)
# The four cells nearest to the centre.
_REACH = 1.0


@torch.no_grad()
def assign_anchors(grid: Grid, anchors: Tensor, targets: Targets) -> Assignment:
    """`anchors`: widths and heights, [levels, ANCHORS, 2]."""
    sizes = targets.boxes[:, 2:] - targets.boxes[:, :2]
    shapes = anchors.reshape(-1, 2)
    mismatch = (sizes.clamp(min=1).log()[:, None] - shapes.log()[None]).abs().amax(dim=-1)
    fits = mismatch < _RATIO
    fits.scatter_(1, mismatch.argmin(dim=1, keepdim=True), True)
    found = [_pairs_of(grid, at, anchor, fits, mismatch, targets) for at, anchor in _every_anchor(grid)]
    rows, index, cost = (torch.cat(parts) for parts in zip(*found, strict=True))
    return keep_cheapest(rows, index, cost)


def _every_anchor(grid: Grid) -> list[tuple[int, int]]:
    return [(level, anchor) for level in range(len(grid.levels)) for anchor in range(ANCHORS)]


def _pairs_of(
    grid: Grid, level_index: int, anchor: int, fits: Tensor, mismatch: Tensor, targets: Targets
) -> tuple[Tensor, Tensor, Tensor]:
    """Rows, targets and costs of one anchor."""
    level = grid.levels[level_index]
    number = level_index * ANCHORS + anchor
    index = fits[:, number].nonzero()[:, 0]
    boxes = targets.boxes[index]
    centre = (boxes[:, :2] + boxes[:, 2:]) / (2 * level.stride)
    corner = (centre - 0.5).floor().long()
    steps = torch.tensor([[0, 0], [1, 0], [0, 1], [1, 1]], device=boxes.device)
    at = corner[:, None] + steps
    limits = torch.tensor([level.width, level.height], device=boxes.device)
    apart = (at + 0.5 - centre[:, None]).abs()
    allowed = ((at >= 0) & (at < limits)).all(dim=-1) & (apart <= _REACH).all(dim=-1)
    cells = level.start + at[..., 1] * level.width + at[..., 0]
    rows = (targets.images[index, None] * grid.cells + cells) * ANCHORS + anchor
    cost = mismatch[index, number, None] + apart.square().sum(dim=-1)
    index = index[:, None].expand_as(rows)
    return rows[allowed], index[allowed], cost[allowed]
