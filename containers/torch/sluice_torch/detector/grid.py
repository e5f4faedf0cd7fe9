"""The cells of the feature maps, in the order of the network's rows."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from .spec import STRIDES


@dataclass(frozen=True)
class Level:
    height: int
    width: int
    stride: int
    # The index of its first cell.
    start: int


@dataclass(frozen=True)
class Grid:
    levels: tuple[Level, ...]
    # Centres of the cells in input pixels, [cells, 2].
    points: Tensor
    # [cells, 1].
    strides: Tensor

    @property
    def cells(self) -> int:
        last = self.levels[-1]
        return last.start + last.height * last.width


def create_grid(sizes: Sequence[tuple[int, int]], device: torch.device) -> Grid:
    """`sizes`: height and width of each map."""
    levels: list[Level] = []
    points: list[Tensor] = []
    strides: list[Tensor] = []
    start = 0
    for (height, width), stride in zip(sizes, STRIDES, strict=True):
        levels.append(Level(height, width, stride, start))
        start += height * width
        y = (torch.arange(height, device=device, dtype=torch.float32) + 0.5) * stride
        x = (torch.arange(width, device=device, dtype=torch.float32) + 0.5) * stride
        rows, columns = torch.meshgrid(y, x, indexing="ij")
        points.append(torch.stack((columns, rows), dim=-1).reshape(-1, 2))
        strides.append(torch.full((height * width, 1), float(stride), device=device))
    return Grid(tuple(levels), torch.cat(points), torch.cat(strides))
