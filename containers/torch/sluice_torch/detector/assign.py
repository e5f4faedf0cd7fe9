"""Decides which cells of an anchor-free detector learn which true box.

Candidates are the cells around a box's centre, on all levels. Of these, each box takes those that already predict it
best, and more of them the better they are (the dynamic assignment of SimOTA and TOOD). Only the pairs of a box with
its own candidates are compared: the cost of a step does not grow with boxes times cells.
"""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from .boxes import overlap
from .grid import Grid, Level
from .network import Predictions
from .targets import Targets

# Cells to each side of the cell that contains the centre.
_WINDOW = 2
# In cells. Thin boxes contain no cell's centre; cells within this distance of their middle count as inside.
_LEAST_RADIUS = 0.75
# Boxes take as many cells as their best candidates overlap them in sum.
_COUNTED = 10
_OVERLAP_POWER = 3.0
# The weight of the squared distance from the centre, in cells: it decides while no prediction fits.
_DISTANCE_WEIGHT = 0.1
_LEAST_OVERLAP = 1e-4
# Above all costs.
_FIRST_CHOICE = 1000.0


@dataclass(frozen=True)
class Assignment:
    """Pairs of a row (image * rows + row) and a target. Each row is in one pair at most."""

    rows: Tensor
    targets: Tensor


@torch.no_grad()
def assign_cells(predictions: Predictions, targets: Targets) -> Assignment:
    grid = predictions.grid
    cells, allowed, distance = _candidates(grid, targets.boxes)
    rows = cells + targets.images[:, None] * grid.cells
    boxes = predictions.boxes.reshape(-1, 4)[rows]
    logits = predictions.logits.reshape(-1, predictions.logits.shape[-1])
    scores = logits[rows, targets.classes[:, None].expand_as(rows)]
    overlaps = overlap(boxes, targets.boxes[:, None]) * allowed
    cost = (
        functional.softplus(-scores)
        - _OVERLAP_POWER * torch.log(overlaps + _LEAST_OVERLAP)
        + _DISTANCE_WEIGHT * distance
    ).masked_fill(~allowed, torch.inf)
    best = overlaps.topk(min(_COUNTED, overlaps.shape[1]), dim=1).values
    wanted = best.sum(dim=1).round().clamp(min=1)
    order = cost.argsort(dim=1, stable=True)
    ranks = torch.empty_like(order).scatter_(
        1, order, torch.arange(order.shape[1], device=order.device).expand_as(order)
    )
    chosen = (ranks < wanted[:, None]) & allowed
    index = torch.arange(len(targets), device=rows.device)[:, None].expand_as(rows)
    # The best cell of one box is more than a further cell of another, or boxes of similar places get none.
    priority = cost - _FIRST_CHOICE * (ranks == 0)
    return keep_cheapest(rows[chosen], index[chosen], priority[chosen])


def keep_cheapest(rows: Tensor, targets: Tensor, cost: Tensor) -> Assignment:
    """Keep one target for each row: that of the lowest cost."""
    order = cost.argsort(stable=True)
    order = order[rows[order].argsort(stable=True)]
    rows, targets = rows[order], targets[order]
    first = torch.ones_like(rows, dtype=torch.bool)
    first[1:] = rows[1:] != rows[:-1]
    return Assignment(rows[first], targets[first])


def _candidates(grid: Grid, boxes: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """For each box: indices of cells, which of them are allowed, and their squared distance in cells."""
    found = [_candidates_of(level, boxes) for level in grid.levels]
    cells, allowed, distance = (torch.cat(parts, dim=1) for parts in zip(*found, strict=True))
    return cells, allowed, distance


def _candidates_of(level: Level, boxes: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    steps = torch.arange(-_WINDOW, _WINDOW + 1, device=boxes.device)
    window = torch.stack(torch.meshgrid(steps, steps, indexing="xy"), dim=-1).reshape(-1, 2)
    # In cells: whole numbers are the edges of cells.
    centre = (boxes[:, :2] + boxes[:, 2:]) / (2 * level.stride)
    half = (boxes[:, 2:] - boxes[:, :2]) / (2 * level.stride)
    limits = torch.tensor([level.width, level.height], device=boxes.device)
    at = centre.floor().long()[:, None] + window
    inside_grid = ((at >= 0) & (at < limits)).all(dim=-1)
    at = at.clamp(min=torch.zeros_like(limits), max=limits - 1)
    apart = at + 0.5 - centre[:, None]
    inside_box = (apart.abs() <= half.clamp(min=_LEAST_RADIUS)[:, None]).all(dim=-1)
    cells = level.start + at[..., 1] * level.width + at[..., 0]
    return cells, inside_grid & inside_box, apart.square().sum(dim=-1)
