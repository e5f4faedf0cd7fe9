"""The building blocks of the networks."""

import torch
from torch import Tensor, nn
from torch.nn import functional


class ConvUnit(nn.Module):
    """Convolution, batch normalisation and ReLU."""

    def __init__(self, inputs: int, outputs: int, kernel: int = 3, stride: int = 1, active: bool = True) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False)
        # A short momentum: CPU profiles train for few steps.
        self.norm = nn.BatchNorm2d(outputs, eps=1e-3, momentum=0.05)
        self.active = active

    def forward(self, value: Tensor) -> Tensor:
        value = self.norm(self.conv(value))
        return functional.relu(value, inplace=True) if self.active else value


class Residual(nn.Module):
    """Two 3x3 convolutions through half the channels, added to the input."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.reduce = ConvUnit(channels, channels // 2)
        self.expand = ConvUnit(channels // 2, channels, active=False)
        # Each block begins as the identity, so that deep networks train from nothing.
        nn.init.zeros_(self.expand.norm.weight)

    def forward(self, value: Tensor) -> Tensor:
        return functional.relu(value + self.expand(self.reduce(value)))


class StripContext(nn.Module):
    """Adds to each cell what its row and its column contain: a wall is as long as the plan, and a few pixels thick."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        half = channels // 2
        self.reduce = ConvUnit(channels, half, 1)
        self.rows = nn.Conv2d(half, half, (3, 1), padding=(1, 0), bias=False)
        self.columns = nn.Conv2d(half, half, (1, 3), padding=(0, 1), bias=False)
        self.norm = nn.BatchNorm2d(half, eps=1e-3, momentum=0.05)
        self.expand = ConvUnit(half, channels, 1, active=False)

    def forward(self, value: Tensor) -> Tensor:
        reduced = self.reduce(value)
        rows = self.rows(reduced.mean(dim=3, keepdim=True))
        columns = self.columns(reduced.mean(dim=2, keepdim=True))
        context = functional.relu(self.norm(reduced + rows + columns))
        return functional.relu(value + self.expand(context))


def enlarge(value: Tensor) -> Tensor:
    """Double the height and width."""
    return functional.interpolate(value, scale_factor=2.0, mode="nearest")


def run_all(modules: nn.ModuleList, values: list[Tensor]) -> list[Tensor]:
    """Apply each module to the value at its position."""
    return [module(value) for module, value in zip(modules, values, strict=True)]


def flatten_levels(levels: list[Tensor], fields: int) -> Tensor:
    """Join maps of [batch, anchors * fields, height, width] to [batch, all cells * anchors, fields]."""
    rows: list[Tensor] = []
    for level in levels:
        batch, channels, height, width = level.shape
        by_anchor = level.reshape(batch, channels // fields, fields, height, width)
        rows.append(by_anchor.permute(0, 3, 4, 1, 2).flatten(1, 3))
    return torch.cat(rows, dim=1)
