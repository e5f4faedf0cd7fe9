"""A feature pyramid: context flows from coarse maps to fine ones, then detail flows back."""

from torch import Tensor, nn

from .layers import ConvUnit, enlarge
from .spec import Spec


class Neck(nn.Module):
    """Maps are added, not concatenated: half the work of the next convolution."""

    def __init__(self, spec: Spec) -> None:
        super().__init__()
        width, steps = spec.neck, len(spec.widths) - 1
        self.lateral = nn.ModuleList(ConvUnit(inputs, width, 1, active=False) for inputs in spec.widths)
        self.down = nn.ModuleList(ConvUnit(width, width) for _ in range(steps))
        self.up = nn.ModuleList(ConvUnit(width, width, stride=2, active=False) for _ in range(steps))

    def forward(self, levels: list[Tensor]) -> list[Tensor]:
        merged = [lateral(level) for lateral, level in zip(self.lateral, levels, strict=True)]
        merged[-1] = merged[-1].relu()
        for fine in range(len(merged) - 2, -1, -1):
            merged[fine] = self.down[fine](merged[fine] + enlarge(merged[fine + 1]))
        for coarse in range(1, len(merged)):
            merged[coarse] = (merged[coarse] + self.up[coarse - 1](merged[coarse - 1])).relu()
        return merged
