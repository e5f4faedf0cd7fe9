"""Extracts feature maps at the strides 8, 16 and 32."""

from torch import Tensor, nn
from torch.nn import functional

from .layers import ConvUnit, Residual, StripContext
from .spec import Spec

# Each 4 x 4 block of pixels becomes one cell with 48 channels: thin lines keep every pixel, and no large map is stored.
_BLOCK = 4


class Backbone(nn.Module):
    def __init__(self, spec: Spec) -> None:
        super().__init__()
        self.stem = ConvUnit(3 * _BLOCK * _BLOCK, spec.stem)
        inputs = (spec.stem, *spec.widths[:-1])
        self.stages = nn.ModuleList(
            nn.Sequential(
                ConvUnit(before, width, stride=2),
                *(Residual(width) for _ in range(depth)),
            )
            for before, width, depth in zip(inputs, spec.widths, spec.depths, strict=True)
        )
        self.context = StripContext(spec.widths[-1])

    def forward(self, images: Tensor) -> list[Tensor]:
        value = self.stem(functional.pixel_unshuffle(images, _BLOCK))
        levels: list[Tensor] = []
        for stage in self.stages:
            value = stage(value)
            levels.append(value)
        levels[-1] = self.context(levels[-1])
        return levels
