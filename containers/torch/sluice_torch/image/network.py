"""Small residual networks for images of about 100 pixels. They train from nothing, and run fast on a CPU."""

from dataclasses import dataclass
from typing import Any, Self

from torch import Tensor, nn


@dataclass(frozen=True)
class Shape:
    # Channels of the four stages; each halves the resolution of the one before.
    widths: tuple[int, int, int, int]
    # Residual blocks of each stage.
    depths: tuple[int, int, int, int]


SHAPES = {
    "n": Shape((16, 32, 64, 96), (1, 1, 1, 1)),
    "s": Shape((24, 48, 96, 160), (1, 1, 2, 1)),
    "m": Shape((40, 80, 160, 256), (1, 2, 3, 2)),
}


class ConvNorm(nn.Sequential):
    def __init__(self, channels: int, out: int, kernel: int = 3, stride: int = 1) -> None:
        conv = nn.Conv2d(channels, out, kernel, stride, kernel // 2, bias=False)
        super().__init__(conv, nn.BatchNorm2d(out))


class Residual(nn.Module):
    def __init__(self, channels: int, out: int, stride: int) -> None:
        super().__init__()
        self.first = ConvNorm(channels, out, stride=stride)
        self.second = ConvNorm(out, out)
        # A block starts as its shortcut, which makes deep networks trainable from the first step.
        norm = self.second[1]
        assert isinstance(norm, nn.BatchNorm2d)
        nn.init.zeros_(norm.weight)
        same = channels == out and stride == 1
        self.shortcut = nn.Identity() if same else ConvNorm(channels, out, 1, stride)
        self.activation = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        inner = self.second(self.activation(self.first(x)))
        return self.activation(inner + self.shortcut(x))


class ImageNetwork(nn.Module):
    def __init__(self, size: str, classes: int, dropout: float) -> None:
        super().__init__()
        self.size = size
        self.frozen = False
        shape = SHAPES[size]
        self.stem = nn.Sequential(ConvNorm(3, shape.widths[0], stride=2), nn.ReLU())
        blocks: list[nn.Module] = []
        channels = shape.widths[0]
        for stage, (width, depth) in enumerate(zip(shape.widths, shape.depths, strict=True)):
            for block in range(depth):
                blocks.append(Residual(channels, width, 2 if stage > 0 and block == 0 else 1))
                channels = width
        self.stages = nn.Sequential(*blocks)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.head = nn.Sequential(nn.Dropout(dropout), nn.Linear(channels, classes))
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, pixels: Tensor) -> Tensor:
        return self.head(self.pool(self.stages(self.stem(pixels))).flatten(1))

    def freeze_backbone(self) -> None:
        """Only the head learns."""
        self.frozen = True
        for part in (self.stem, self.stages):
            part.requires_grad_(False)

    def train(self, mode: bool = True) -> Self:
        """Frozen normalisations also keep their statistics."""
        super().train(mode)
        if self.frozen:
            self.stem.eval()
            self.stages.eval()
        return self

    @property
    def architecture(self) -> dict[str, Any]:
        return {"network": "residual", "size": self.size}
